// The recorded programs of threads (test/python/threads, made by tools/fuzz/threads.ts) in the debug runtime, which gives the
// lock of the interpreter away after every tenth instruction: they print what CPython prints, the heap is whole at the end,
// and nothing is left over.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = `${root}test/python/threads`;
const programs = readdirSync(folder).filter((name) => name.endsWith(".py"));
assert.ok(programs.length >= 16);

for (const program of programs) {
  test(`${program}, a hand-over at every tenth instruction`, () => {
    const run = spawnSync(process.execPath, [`${root}tools/run/run.mjs`, "--stress", "10", program], {
      cwd: folder,
      encoding: "utf8",
      timeout: 120_000,
      env: { ...process.env, PYTHONHASHSEED: "0" },
    });
    assert.equal(run.stdout, readFileSync(`${folder}/${program.replace(".py", ".out")}`, "utf8"));
    // A daemonic thread that is still at work keeps what it uses, in CPython too.
    const hasDaemon = readFileSync(`${folder}/${program}`, "utf8").includes("daemon=True");
    assert.equal(run.status, hasDaemon ? 3 : 0, run.stderr.slice(0, 2000));
  });
}
