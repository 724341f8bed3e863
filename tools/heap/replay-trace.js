#!/usr/bin/env node
// Replays a trace of CPython's pymalloc on ours and compares every placement, and every arena's coming and going.
// usage: node tools/heap/replay-trace.js FILE... [--geometry classic|radix]
import { parseArgs } from "node:util";
import { register } from "tsx/esm/api";

register();
const { loadHeap } = await import("./heap-module.ts");
const { inferGeometry, readTrace, replayTrace, TraceError } = await import("./trace.ts");

const usage = "usage: node tools/heap/replay-trace.js FILE... [--geometry classic|radix]";

/** Ends the command with status 2. */
function refuse(text) {
  console.error(text);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { geometry: { type: "string" }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    refuse(`replay-trace: ${error.message.split(". ")[0]}\n${usage}`);
  }
}

const { values, positionals } = readArguments();
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const wanted = values.geometry;
if (wanted !== undefined && wanted !== "classic" && wanted !== "radix")
  refuse(`replay-trace: unknown geometry '${wanted}'\n${usage}`);
if (positionals.length === 0) refuse(usage);

for (const file of positionals) {
  let trace;
  try {
    trace = readTrace(file);
  } catch (error) {
    const why = error instanceof TraceError ? "not a trace of pymalloc: " : "";
    console.error(`replay-trace: cannot read ${file}: ${why}${error.message}`);
    process.exitCode = 2;
    continue;
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
  if (equal !== total) process.exitCode ||= 1;
}
