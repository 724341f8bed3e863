/**
 * What threads cost, ours and CPython's where one is found: the figures of bench/threads.py, runs interleaved, medians; and
 * how much more a pool of two interpreters does than a pool of one.
 *
 *   npm run bench:threads [-- --runs N]
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Interpreter, type InterpreterPool } from "../src/index.ts";
import { findOracle } from "../tools/oracle/oracle.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const program = join(root, "bench/threads.py");
const at = process.argv.indexOf("--runs");
const runs = at < 0 ? 3 : Number(process.argv[at + 1]);

const engines = [{ name: "vitrine", command: [process.execPath, join(root, "dist/cli.js")] }];
const oracle = findOracle();
if (oracle) engines.push({ name: "cpython", command: [oracle, "-I", "-S"] });
else console.log("CPython's side is left out: no python3.13 found (set PYTHON_ORACLE)\n");

/** For each engine and each figure, what its runs printed. */
const figures = engines.map(() => new Map<string, number[]>());
for (let i = 0; i < runs; i++) {
  for (const [e, { name, command }] of engines.entries()) {
    const [executable, ...args] = command;
    const child = spawnSync(executable!, [...args, program], { encoding: "utf8" });
    if (child.status !== 0) throw new Error(`${name} failed: ${child.stderr}`);
    for (const [figure, value] of Object.entries(JSON.parse(child.stdout) as Record<string, number>)) {
      const known = figures[e]!.get(figure);
      if (known) known.push(value);
      else figures[e]!.set(figure, [value]);
    }
  }
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const text = (value: number) => (value < 100 ? value.toFixed(2) : value.toFixed(0)).padStart(12);
console.log(`${"".padEnd(42)}${engines.map(({ name }) => name.padStart(12)).join("")}`);
for (const figure of figures[0]!.keys()) {
  console.log(`${figure.padEnd(42)}${figures.map((of) => text(median(of.get(figure)!))).join("")}`);
}

const WORK = `
def work(n):
    total = 0
    for i in range(n):
        total += i * i % 7
    return total
`;
const JOBS = 8;
const STEPS = 500_000;
/** A machine's speed changes from second to second: each pair of neighbours gives a ratio, and the median of all is told. */
const PAIRS = 8;

/** What CPython does with two cores, which is what the machine gives: the same work by processes. */
const PROCESSES = `${WORK}
import multiprocessing, time
if __name__ == "__main__":
    fork = multiprocessing.get_context("fork")
    def seconds(pool):
        before = time.perf_counter()
        pool.map(work, [${STEPS}] * ${JOBS}, 1)
        return time.perf_counter() - before
    with fork.Pool(1) as one, fork.Pool(2) as two:
        seconds(one), seconds(two)
        print([seconds(one) / seconds(two) for _ in range(${PAIRS})])
`;

/** Milliseconds that a pool takes for all jobs. */
async function jobsTime(pool: InterpreterPool): Promise<number> {
  const before = performance.now();
  await Promise.all(Array.from({ length: JOBS }, () => pool.evaluate(`work(${STEPS})`)));
  return performance.now() - before;
}

async function startPool(size: number): Promise<InterpreterPool> {
  const pool = await Interpreter.pool({ size });
  // All at once, so that each gets one.
  let ready = 0;
  const all = () => ready === size;
  await Promise.all(
    Array.from({ length: size }, () =>
      pool.use(async (python) => {
        await python.run(`${WORK}\nwork(${STEPS})`);
        ready++;
        while (!all()) await new Promise((go) => setTimeout(go, 1));
      }),
    ),
  );
  return pool;
}

const [one, two] = [await startPool(1), await startPool(2)];
const [ours, theirs]: [number[], number[]] = [[], []];
for (let i = 0; i < runs; i++) {
  for (let n = 0; n < PAIRS; n++) ours.push((await jobsTime(one)) / (await jobsTime(two)));
  if (!oracle) continue;
  const child = spawnSync(oracle, ["-I", "-c", PROCESSES], { encoding: "utf8" });
  if (child.status !== 0) throw new Error(`cpython failed: ${child.stderr}`);
  theirs.push(...(JSON.parse(child.stdout) as number[]));
}
await one.dispose();
await two.dispose();
const factors = oracle ? [ours, theirs] : [ours];
console.log(
  `${"a pool of two against one, work a second".padEnd(42)}${factors.map((of) => text(median(of))).join("")}`,
);
