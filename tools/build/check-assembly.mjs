#!/usr/bin/env node
// Type-checks all of assembly/ with tsc, reachable or not. Diagnostics about what only AssemblyScript allows are left
// out: decorators on functions (1206) and on both accessors of a property (1207), and the `Number` of its library (2316).
import { spawnSync } from "node:child_process";

const allowed = /error TS(1206|1207|2316):/;
const run = spawnSync("npx", ["tsc", "--noEmit", "--pretty", "false", "-p", "assembly"], { encoding: "utf8" });
const diagnostics = run.stdout.split("\n").filter((l) => l.includes("error TS") && !allowed.test(l));
for (const line of diagnostics) console.error(line);
if (diagnostics.length) process.exit(1);
if (run.error || (run.status !== 0 && !run.stdout.includes("error TS"))) {
  console.error(run.error ?? run.stderr);
  process.exit(1);
}
