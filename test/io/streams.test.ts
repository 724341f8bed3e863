// Files and streams in the debug runtime: programs print what CPython 3.13.0 prints (the .out beside each, made by
// `python3.13 -W ignore NAME.py < /dev/null > NAME.out`), and leave nothing behind.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const path = (p: string) => fileURLToPath(new URL(p, import.meta.url));
const folder = path("programs/");

for (const name of readdirSync(folder).filter((n) => n.endsWith(".py"))) {
  test(name, () => {
    const cwd = mkdtempSync(join(tmpdir(), "vitrine-"));
    const run = spawnSync(process.execPath, [path("../../tools/run/run.mjs"), join(folder, name)], {
      cwd,
      encoding: "utf8",
      input: "",
      env: { ...process.env, PYTHONHASHSEED: "0" },
    });
    rmSync(cwd, { recursive: true });
    assert.equal(run.stderr, "");
    assert.equal(run.status, 0);
    assert.equal(run.stdout, readFileSync(join(folder, name.replace(/py$/, "out")), "utf8"));
  });
}
