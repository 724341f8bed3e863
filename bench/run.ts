/**
 * How fast programs run: ours against CPython's and Pyodide's, where those are found, in one run. Each program's output
 * is checked before its time counts. The runs are interleaved, the medians and their ratios printed.
 *
 *   npm run bench [-- --runs N] [NAME...]
 *
 * Programs: those of ../shared/programs/work where that exists, and the small ones of bench/programs. Two tables: "once"
 * is the processor time of a process that runs the program, less that of an empty program, so it includes compiling and
 * what V8 spends on code that runs for the first time; "again" is the time of one run in a process that has run the
 * program for half a second, compiled before (bench/again.py). A third, "warm", is of the workloads in bench/workloads, in
 * processes that stay (bench/warm.ts).
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Engine, findEngines, median, milliseconds, ratio } from "./engines.ts";
import { warmTable, workloads } from "./warm.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const folders = ["bench/programs", "../shared/programs/work"].map((f) => join(root, f));

interface Program {
  name: string;
  file: string;
  expected: string | undefined;
}

const args = process.argv.slice(2);
const at = args.indexOf("--runs");
const runs = at < 0 ? 5 : Number(args.splice(at, 2)[1]);

function programs(): Program[] {
  const found: Program[] = [];
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder).sort()) {
      if (!file.endsWith(".py")) continue;
      const name = basename(file, ".py");
      if ((args.length && !args.includes(name)) || found.some((p) => p.name === name)) continue;
      const out = join(folder, `${name}.out`);
      found.push({ name, file: join(folder, file), expected: existsSync(out) ? readFileSync(out, "utf8") : undefined });
    }
  }
  return found;
}

// The shell's own clock of its children knows their processor time to the millisecond.
const TIMED = 'TIMEFORMAT="CPU %3U %3S"; time "$@"';

/** One run: what it printed, and its milliseconds of processor time (of the wall without bash); null where it failed. */
function run(engine: Engine, program: string[]): { out: string; time: number } | null {
  const started = performance.now();
  const child = spawnSync("bash", ["-c", TIMED, "bash", ...engine.command, ...program], {
    cwd: program[0] === "-c" ? root : dirname(program.at(-1)!),
    encoding: "utf8",
    env: { ...process.env, PYTHONHASHSEED: "0", PYTHONWARNINGS: "ignore" },
    maxBuffer: 1 << 28,
  });
  const wall = performance.now() - started;
  if (child.status !== 0) return null;
  const usage = /CPU ([0-9.]+) ([0-9.]+)\s*$/.exec(child.stderr);
  return { out: child.stdout, time: usage ? (Number(usage[1]) + Number(usage[2])) * 1000 : wall };
}

const engines = findEngines();
const oracle = engines.find((e) => e.name === "cpython");

/** What an empty program takes of each engine. */
let empty: number[] = [];

function measureEmpty(): void {
  empty = engines.map((engine) => median(Array.from({ length: 3 }, () => run(engine, ["-c", "pass"])?.time ?? 0)));
  const times = engines.map((e, i) => `${e.name} ${empty[i]!.toFixed(0)} ms`);
  console.log(`an empty program: ${times.join(", ")} of CPU time\n`);
}

const AGAIN = join(root, "bench/again.py");

type Measure = (engine: Engine, index: number, program: Program) => { out: string; time: number } | null;

const once: Measure = (engine, index, program) => {
  const result = run(engine, [program.file]);
  return result && { out: result.out, time: Math.max(result.time - empty[index]!, 0) };
};

const again: Measure = (engine, _, program) => {
  const result = run(engine, [AGAIN, program.file]);
  if (!result) return null;
  const lines = result.out.trimEnd().split("\n");
  const time = Number(lines.pop());
  return { out: lines.map((line) => `${line}\n`).join(""), time };
};

function table(title: string, measure: Measure, runs: number): void {
  const heads = engines.map((e) => e.name.padStart(9)).join("");
  const ratioHeads = engines.slice(1).map((e) => `/${e.name}`.padStart(9));
  console.log(`${`${title}, ms`.padEnd(16)}${heads}${ratioHeads.join("")}`);
  for (const program of programs()) {
    const times: number[][] = engines.map(() => []);
    const wrong = new Set<string>();
    const expected = program.expected ?? (oracle ? run(oracle, [program.file])?.out : undefined);
    for (let i = 0; i < runs; i++) {
      engines.forEach((engine, e) => {
        if (wrong.has(engine.name)) return;
        const result = measure(engine, e, program);
        if (!result || (expected !== undefined && result.out !== expected)) wrong.add(engine.name);
        else times[e]!.push(result.time);
      });
    }
    const medians = times.map((t) => (t.length ? median(t) : undefined));
    const ratios = medians.slice(1).map((m) => ratio(medians[0], m));
    const notes = wrong.size ? `   wrong output: ${[...wrong].join(", ")}` : "";
    console.log(`${program.name.padEnd(16)}${medians.map(milliseconds).join("")}${ratios.join("")}${notes}`);
  }
  console.log();
}

if (programs().length) {
  measureEmpty();
  table("once", once, runs);
  table("again", again, Math.ceil(runs / 2));
}
const wanted = workloads.filter((name) => !args.length || args.includes(name));
if (wanted.length) await warmTable(engines, wanted, runs);
