/**
 * How fast programs run: ours against CPython's and Pyodide's, where those are found, in one run. Each program's output
 * is checked before its time counts. The runs are interleaved, the medians and their ratios printed.
 *
 *   npm run bench [-- --runs N] [NAME...]
 *
 * Programs: test/programs, those of ../shared/programs/work where that exists, and the small ones of bench/programs.
 * Times are of the whole process less that of an empty program.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
// @ts-expect-error: a script without declarations
import { findOracle } from "../tools/oracle.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
const folders = ["bench/programs", "test/programs", "../shared/programs/work"].map((f) => join(root, f));

interface Engine {
  name: string;
  command: string[];
}

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
    cwd: program.length === 1 ? dirname(program[0]!) : root,
    encoding: "utf8",
    env: { ...process.env, PYTHONHASHSEED: "0", PYTHONWARNINGS: "ignore" },
    maxBuffer: 1 << 28,
  });
  const wall = performance.now() - started;
  if (child.status !== 0) return null;
  const usage = /CPU ([0-9.]+) ([0-9.]+)\s*$/.exec(child.stderr);
  return { out: child.stdout, time: usage ? (Number(usage[1]) + Number(usage[2])) * 1000 : wall };
}

const median = (times: number[]) => [...times].sort((a, b) => a - b)[times.length >> 1]!;
const milliseconds = (t: number | undefined) => (t === undefined ? "-" : t.toFixed(0)).padStart(9);
const ratio = (a: number | undefined, b: number | undefined) =>
  (a === undefined || b === undefined ? "-" : `${(a / Math.max(b, 1)).toFixed(2)}x`).padStart(9);

const oracle: string | null = findOracle();
const engines: Engine[] = [{ name: "vitrine", command: [process.execPath, join(root, "dist/cli.js")] }];
if (oracle) engines.push({ name: "cpython", command: [oracle] });
if (existsSync(join(root, "node_modules/pyodide"))) {
  engines.push({
    name: "pyodide",
    command: [process.execPath, join(root, "bench/pyodide.mjs")],
  });
}

const empty = engines.map((engine) => {
  const times = Array.from({ length: 3 }, () => run(engine, ["-c", "pass"])?.time ?? 0);
  return median(times);
});
console.log(
  `an empty program: ${engines.map((e, i) => `${e.name} ${empty[i]!.toFixed(0)} ms`).join(", ")} of CPU time\n`,
);
const heads = engines.map((e) => e.name.padStart(9)).join("");
console.log(
  `${"milliseconds".padEnd(16)}${heads}${engines
    .slice(1)
    .map((e) => `/${e.name}`.padStart(9))
    .join("")}`,
);
for (const program of programs()) {
  const times: number[][] = engines.map(() => []);
  const wrong = new Set<string>();
  const expected = program.expected ?? (oracle ? run(engines[1]!, [program.file])?.out : undefined);
  for (let i = 0; i < runs; i++) {
    engines.forEach((engine, e) => {
      if (wrong.has(engine.name)) return;
      const result = run(engine, [program.file]);
      if (!result || (expected !== undefined && result.out !== expected)) wrong.add(engine.name);
      else times[e]!.push(Math.max(result.time - empty[e]!, 0));
    });
  }
  const medians = times.map((t) => (t.length ? median(t) : undefined));
  const ratios = medians.slice(1).map((m) => ratio(medians[0], m));
  const notes = wrong.size ? `   wrong output: ${[...wrong].join(", ")}` : "";
  console.log(`${program.name.padEnd(16)}${medians.map(milliseconds).join("")}${ratios.join("")}${notes}`);
}
