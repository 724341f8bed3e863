#!/usr/bin/env node
// Replays a trace of CPython's pymalloc on ours and compares every placement, and every arena's coming and going.
// usage: node tools/replay-trace.js FILE... [--geometry classic|radix]
import { parseArgs } from "node:util";
import { loadHeap } from "./heap-module.mjs";
import { inferGeometry, readTrace, replayTrace } from "./trace.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { geometry: { type: "string" }, help: { type: "boolean", short: "h" } },
});
const wanted = values.geometry;
if (values.help || positionals.length === 0 || (wanted && wanted !== "classic" && wanted !== "radix")) {
  console.error("usage: node tools/replay-trace.js FILE... [--geometry classic|radix]");
  process.exit(values.help ? 0 : 2);
}

for (const file of positionals) {
  let trace;
  try {
    trace = readTrace(file);
  } catch (error) {
    console.error(`replay-trace: cannot read ${file}: ${error.message}`);
    process.exit(2);
  }
  const geometry = wanted ?? inferGeometry(trace);
  const theirs = trace.split("\n").filter((line) => line);
  const ours = replayTrace(trace, loadHeap({ geometry }));
  let equal = 0;
  let shown = 0;
  for (let i = 0; i < Math.max(theirs.length, ours.length); i++) {
    if (theirs[i] === ours[i]) equal++;
    else if (shown++ < 5)
      console.error(`${file}: event ${i + 1}: ${theirs[i] ?? "(none)"}, here ${ours[i] ?? "(none)"}`);
  }
  const total = Math.max(theirs.length, ours.length);
  console.log(`${equal} of ${total} placements equal`);
  if (equal !== total || total === 0) process.exitCode = 1;
}
