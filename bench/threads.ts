/**
 * What threads cost, ours and CPython's where one is found: the figures of bench/threads.py, runs interleaved, medians.
 *
 *   npm run bench:threads [-- --runs N]
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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
