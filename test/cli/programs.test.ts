// The Python programs of test/python, run by the command: each prints what CPython printed, as its .out file records.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));

const programs = readdirSync(`${root}test/python`, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".out"))
  .map((path) => `test/python/${path.slice(0, -".out".length)}`)
  .sort();
assert.ok(programs.length > 0);

for (const program of programs) {
  test(`${program}.py prints what CPython prints`, () => {
    const run = spawnSync(process.execPath, [command, `${program}.py`], {
      cwd: root,
      encoding: "utf8",
      timeout: 120_000,
      env: { ...process.env, PYTHONHASHSEED: "0" },
    });
    assert.equal(run.stdout + run.stderr, readFileSync(`${root}${program}.out`, "utf8"));
  });
}
