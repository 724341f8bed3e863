/**
 * What --gc-log costs: programs that allocate heavily, with it and without, in pairs, the order changing from pair to pair.
 * Times are milliseconds of the processor in user mode, of the whole process; below "nothing", an empty program, less what
 * that takes in the same mode: with the log every process is taken down at its end. The ratio is the median of the pairs'.
 * Where the machine's noise is above what the log costs, the last columns tell more: how many records the log has, and
 * which part of the program's time they are, by what one costs where there is little else (many collections of nothing).
 *
 *   npm run bench:gclog [-- --pairs N] [FILE...]
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("../", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { pairs: { type: "string", default: "15" } },
});
const pairs = Number(values.pairs);
const files = positionals.length
  ? positionals
  : [
      join(root, "bench/programs/allocation.py"),
      ...readdirSync(join(root, "bench/tracing")).map((name) => join(root, "bench/tracing", name)),
    ];
const folder = mkdtempSync(join(tmpdir(), "gclog-"));

/** One run: what it printed, and its milliseconds. */
function run(file: string, options: readonly string[]): { out: string; time: number } {
  const command = [process.execPath, "--stack-size=3900", join(root, "dist/cli.js"), ...options, file];
  const child = spawnSync("bash", ["-c", 'TIMEFORMAT="CPU %3U"; time "$@"', "bash", ...command], {
    encoding: "utf8",
    env: { ...process.env, PYTHONHASHSEED: "0" },
  });
  const usage = /CPU ([0-9.]+)\s*$/.exec(child.stderr ?? "");
  if (child.status !== 0 || !usage) throw new Error(`${file}: ${child.stderr || child.error}`);
  return { out: child.stdout, time: Number(usage[1]) * 1000 };
}

const at = (sorted: readonly number[], part: number) => sorted[Math.floor((sorted.length - 1) * part)]!;

/** Milliseconds of a record: the least that collections take with the log, less the least without. */
function record(): number {
  const collections = 100_000;
  const many = join(folder, "many.py");
  writeFileSync(many, `import gc\nfor _ in range(${collections}): gc.collect(0)\n`);
  const least = (options: readonly string[]) => Math.min(...Array.from({ length: 5 }, () => run(many, options).time));
  return (least(["--gc-log", join(folder, "log")]) - least([])) / collections;
}

const perRecord = record();
console.log(`a record: ${(perRecord * 1000).toFixed(1)} µs`);
console.log(
  `${"ms".padEnd(16)}${["without", "with", "ratio", "quartiles", "records", "part"].map((x) => x.padStart(12)).join("")}`,
);
const nothing = join(folder, "nothing.py");
writeFileSync(nothing, "");
const start: [number, number] = [0, 0];
for (const file of [nothing, ...files]) {
  const times: [number, number][] = [];
  for (let i = 0; i < pairs; i++) {
    const log = ["--gc-log", join(folder, "log")];
    const first = run(file, i % 2 ? log : []);
    const second = run(file, i % 2 ? [] : log);
    if (first.out !== second.out) throw new Error(`${file}: the log changes what is printed`);
    const [without, with_] = i % 2 ? [second.time, first.time] : [first.time, second.time];
    times.push([without - start[0], with_ - start[1]]);
  }
  const sorted = (of: (pair: [number, number]) => number) => times.map(of).sort((a, b) => a - b);
  const medians: [number, number] = [
    at(
      sorted((t) => t[0]),
      0.5,
    ),
    at(
      sorted((t) => t[1]),
      0.5,
    ),
  ];
  const ratios = sorted(([without, with_]) => with_ / without);
  const records = readFileSync(join(folder, "log"), "latin1").split("\n").length;
  const cells = [
    ...medians.map((ms) => ms.toFixed(0)),
    at(ratios, 0.5).toFixed(3),
    `${at(ratios, 0.25).toFixed(2)}-${at(ratios, 0.75).toFixed(2)}`,
    String(records),
    `${((100 * records * perRecord) / medians[0]).toFixed(2)} %`,
  ];
  console.log(`${basename(file, ".py").padEnd(16)}${cells.map((x) => x.padStart(12)).join("")}`);
  if (file === nothing) start.splice(0, 2, ...medians);
}
rmSync(folder, { recursive: true });
