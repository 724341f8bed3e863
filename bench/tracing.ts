/**
 * What tracing costs: programs that allocate heavily, with tracing never started, started and stopped again, and on with
 * 1 and with 25 frames of each traceback; ours and CPython's where one is found. Runs are interleaved, outputs checked,
 * medians printed, each with its ratio to "never".
 *
 *   npm run bench:tracing [-- --runs N] [NAME...]
 *
 * Times are milliseconds of processor time of the whole process less that of an empty program in the same mode.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findOracle } from "../tools/oracle/oracle.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = join(root, "bench/tracing");
const args = process.argv.slice(2);
const at = args.indexOf("--runs");
const runs = at < 0 ? 7 : Number(args.splice(at, 2)[1]);

/** By name, what a run in this mode executes before the program. */
const modes: Record<string, string> = {
  never: "",
  stopped: "import _tracemalloc; _tracemalloc.start(); _tracemalloc.stop()\n",
  "1 frame": "import _tracemalloc; _tracemalloc.start(1)\n",
  "25 frames": "import _tracemalloc; _tracemalloc.start(25)\n",
};
const names = Object.keys(modes);

interface Engine {
  name: string;
  command: string[];
}

const oracle: string | null = findOracle();
const engines: Engine[] = [{ name: "vitrine", command: [process.execPath, join(root, "dist/cli.js")] }];
if (oracle) engines.push({ name: "cpython", command: [oracle, "-I", "-S"] });
else console.log("CPython's side is left out: no python3.13 found (set PYTHON_ORACLE)\n");

// The shell's own clock of its children knows their processor time to the millisecond.
const TIMED = 'TIMEFORMAT="CPU %3U %3S"; time "$@"';

/** One run: what it printed, and its milliseconds of processor time. */
function run(engine: Engine, code: string): { out: string; time: number } {
  const child = spawnSync("bash", ["-c", TIMED, "bash", ...engine.command, "-c", code], {
    encoding: "utf8",
    env: { ...process.env, PYTHONHASHSEED: "0" },
  });
  const usage = /CPU ([0-9.]+) ([0-9.]+)\s*$/.exec(child.stderr ?? "");
  if (child.status !== 0 || !usage) throw new Error(`${engine.name} failed: ${child.stderr || child.error}`);
  return { out: child.stdout, time: (Number(usage[1]) + Number(usage[2])) * 1000 };
}

const median = (times: number[]) => [...times].sort((a, b) => a - b)[times.length >> 1]!;

/** The medians of each engine in each mode, of interleaved runs; what they print must be `expected` or all alike. */
function measure(code: string, count: number): number[][] {
  const times = engines.map(() => names.map((): number[] => []));
  let expected: string | undefined;
  for (let i = 0; i < count; i++) {
    for (const [m, mode] of names.entries()) {
      for (const [e, engine] of engines.entries()) {
        const { out, time } = run(engine, modes[mode] + code);
        expected ??= out;
        if (out !== expected) throw new Error(`${engine.name}, ${mode}: printed ${out}, not ${expected}`);
        times[e]![m]!.push(time);
      }
    }
  }
  return times.map((of) => of.map(median));
}

const empty = measure("pass", Math.min(runs, 5));
console.log(`${"ms (ratio)".padEnd(18)}${names.map((n) => n.padStart(16)).join("")}`);
for (const file of readdirSync(folder).filter((f) => f.endsWith(".py"))) {
  const name = basename(file, ".py");
  if (args.length && !args.includes(name)) continue;
  const medians = measure(readFileSync(join(folder, file), "utf8"), runs);
  for (const [e, engine] of engines.entries()) {
    const net = medians[e]!.map((t, m) => Math.max(t - empty[e]![m]!, 1));
    const cells = net.map((t) => `${t.toFixed(0)} (${(t / net[0]!).toFixed(2)})`.padStart(16));
    console.log(`${`${name}, ${engine.name}`.padEnd(18)}${cells.join("")}`);
  }
}
