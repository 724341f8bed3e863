#!/usr/bin/env node
// Runs the tests: all of test/, or those files and folders that are named.
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

function testsBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => {
      const inner = join(path, name);
      if (statSync(inner).isDirectory()) return testsBelow(inner);
      return name.endsWith(".test.ts") ? [inner] : [];
    });
}

const wanted = process.argv.slice(2);
const files = (wanted.length ? wanted : [join(root, "test")]).flatMap(testsBelow);
const run = spawnSync(process.execPath, ["--import", "tsx", "--test", "--test-reporter=spec", ...files], {
  cwd: root,
  stdio: "inherit",
});
process.exit(run.status ?? 1);
