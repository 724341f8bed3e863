// The workloads of bench/: each gives the answer that CPython gave, in its small size, by the script that times them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { recorded, workloadFile, workloads } from "../../bench/warm.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

test("workloads give the answers of CPython", () => {
  assert.ok(workloads.length > 30);
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["dist/cli.js", "bench/warm.py", ...workloads.map(workloadFile)],
    { cwd: root, encoding: "utf8", input: workloads.map((name) => `${name} SMALL\n`).join("") },
  );
  assert.deepEqual({ stderr, status }, { stderr: "", status: 0 });
  const answers = stdout.split("\n").map((line) => line.slice(line.indexOf(" ") + 1));
  assert.deepEqual(
    Object.fromEntries(workloads.map((name, i) => [name, answers[i]])),
    Object.fromEntries(workloads.map((name) => [name, recorded(name)[0]])),
  );
});
