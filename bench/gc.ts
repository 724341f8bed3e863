// The collector, timed: nanoseconds an object of a full collection, live objects and dead ones, of Vitrine and of CPython
// 3.13 in turns in the same run. What was collected must be the same. Figures are the least of so many rounds.
//
//   npm run bench:gc -- [ROUNDS]
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findOracle } from "../tools/oracle/oracle.ts";

const ROUNDS = Number(process.argv[2] ?? 3);
const program = fileURLToPath(new URL("gc.py", import.meta.url));
const command = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

type Rows = Map<string, { time: number; found: string }>;

function measure(executable: string, args: readonly string[]): Rows {
  const { stdout, stderr, status } = spawnSync(executable, [...args, "-S", program], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${executable}: ${stderr}`);
  return new Map(
    stdout
      .trim()
      .split("\n")
      .map((line) => {
        const [name, time, found] = line.split("|");
        return [name!, { time: Number(time), found: found! }];
      }),
  );
}

const oracle = findOracle();
const best = new Map<string, { ours: number; theirs: number }>();
for (let round = 0; round < ROUNDS; round++) {
  const ours = measure(process.execPath, ["--stack-size=3900", command]);
  const theirs = oracle === null ? undefined : measure(oracle, []);
  for (const [name, { time, found }] of ours) {
    const other = theirs?.get(name);
    if (other !== undefined && other.found !== found) {
      throw new Error(`${name}: collected ${found}, CPython ${other.found}`);
    }
    const before = best.get(name) ?? { ours: Infinity, theirs: Infinity };
    best.set(name, { ours: Math.min(before.ours, time), theirs: Math.min(before.theirs, other?.time ?? Infinity) });
  }
}
console.log(
  `${"nanoseconds an object".padEnd(26)}${"Vitrine".padStart(10)}${"CPython".padStart(10)}${"ratio".padStart(8)}`,
);
for (const [name, { ours, theirs }] of best) {
  const other = theirs === Infinity ? ["-", "-"] : [theirs.toFixed(1), (ours / theirs).toFixed(2)];
  console.log(`${name.padEnd(26)}${ours.toFixed(1).padStart(10)}${other[0]!.padStart(10)}${other[1]!.padStart(8)}`);
}
