// Random programs that build and break graphs of objects, against what CPython printed (hashed; `npm run fuzz:gc -- --record`
// writes graphs.txt again).
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { answersByCase, graphProgram, prelude } from "../../tools/fuzz/graphs.ts";

const command = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const recorded = readFileSync(new URL("graphs.txt", import.meta.url), "utf8")
  .trim()
  .split("\n");
const expected = new Map(recorded.map((line) => line.split(" ")).map(([seed, hash]) => [Number(seed), hash!]));

function differing(seeds: readonly number[]): number[] {
  const folder = mkdtempSync(join(tmpdir(), "graphs-"));
  const file = join(folder, "program.py");
  writeFileSync(file, prelude + seeds.map((seed) => graphProgram(seed, seed, 200)).join(""));
  const { stdout } = spawnSync(process.execPath, ["--stack-size=3900", command, "-S", "-W", "ignore", file], {
    encoding: "utf8",
    env: { ...process.env, PYTHONHASHSEED: "0" },
    maxBuffer: 1 << 28,
  });
  rmSync(folder, { recursive: true });
  const cases = answersByCase(stdout);
  const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 12);
  return seeds.filter((seed) => !cases.has(seed) || hash(cases.get(seed)!) !== expected.get(seed));
}

const seeds = [...expected.keys()];
// As many in a process as when they were recorded: what ran before is not without effect.
for (let at = 0; at < seeds.length; at += 50) {
  const some = seeds.slice(at, at + 50);
  test(`programs ${some[0]} to ${some.at(-1)}`, () => assert.deepEqual(differing(some), []));
}
