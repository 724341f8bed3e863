#!/usr/bin/env node
// Runs a Python program in the debug runtime, with debug hooks, as the command `vitrine` runs it in the other: any options
// of python3, FILE, -c or -m. Afterwards checks the heap's invariants, takes the process down and lists what is left
// over: each block by the type of its object and by the request that made it.
//
//   node tools/run/run.mjs [OPTION...] [FILE.py | -c CODE | -m MODULE | -] [ARGUMENT...]
//   node tools/run/run.mjs --release ...    the release runtime, without hooks
//   node tools/run/run.mjs --stress N ...   asks for the lock of the interpreter after every N instructions
//   node tools/run/run.mjs --gc-stress ...  collects whenever an object has been allocated that the collector knows, at the
//                                           next place where collections happen
//   node tools/run/run.mjs --each FILE...   runs them one after the other in one process, each in a namespace of its own, and
//                                           checks the heap after each
//
// The exit status is the program's; 3 where blocks are left over, 4 where the heap is damaged.
import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";

register();
const { exitStatus } = await import("../../src/generated/constants.ts");
const { roots } = await import("../../src/generated/memory.ts");
const { parseArguments, UsageError } = await import("../../src/cli/options.ts");
const { startProgram } = await import("../../src/cli/run.ts");
const { memorySource, survey } = await import("../../src/inspect/index.ts");
const { ConfigError } = await import("../../src/process/config.ts");
const { loadModule } = await import("../../src/process/load.ts");
const { StartError } = await import("../../src/process/errors.ts");
const { collectAlways } = await import("./collecting.ts");

const args = process.argv.slice(2);
const release = args[0] === "--release";
if (release) args.shift();
const stress = args[0] === "--stress" ? Number(args.splice(0, 2)[1]) : 0;
const gcStress = args[0] === "--gc-stress" && args.shift() !== undefined;
const files = args[0] === "--each" ? args.splice(0).slice(1) : [];
if (files.length > 0) args.push(fileURLToPath(new URL("../fuzz/each.py", import.meta.url)));
const environment = { PYTHONHASHSEED: "0", ...process.env };
if (!release) environment.PYTHONMALLOC ??= "debug";
let run;
try {
  const options = parseArguments(args);
  if (!("program" in options)) throw new UsageError("that is an option of the command `vitrine`\n");
  run = startProgram(loadModule({ shared: true, debug: !release }), options, {
    executable: process.argv[1],
    args,
    environment,
  }).started;
} catch (error) {
  if (![UsageError, ConfigError, StartError].some((type) => error instanceof type)) throw error;
  process.stderr.write(error.message);
  process.exit(error instanceof UsageError ? 2 : 1);
}
if (stress) new Uint32Array(run.memory.buffer)[roots.vm.stress_interval[0] >> 2] = stress;
if (gcStress) collectAlways(run.memory);
let status = run.main();
const { runtime } = run;
/** Checks the heap after `what`, all of it. */
function check(what) {
  if (!runtime.checkHeap() && !runtime.checkMalloc() && !runtime.checkPages()) return;
  console.error(`the heap is damaged after ${what}`);
  status = 4;
}
check("the program");
for (const file of files) {
  const result = run.runSource(new TextEncoder().encode(`run_file(${JSON.stringify(file)})`), file, "eval", true);
  if (result === 0) throw new Error(`${file} could not be run`);
  runtime.release(result);
  check(file);
}
runtime.finalize();
const left = runtime.getallocatedblocks();
if (left !== 0) {
  const found = survey(memorySource(run.memory.buffer));
  console.error(`${left} blocks are left over:`);
  for (const block of found.inPools.slice(0, 60)) {
    const what = block.object ? found.describe(block.number) : "";
    console.error(`  0x${block.address.toString(16)} ${block.size} bytes, ${block.kind} ${block.name} ${what}`);
  }
  status = 3;
}
process.exitCode = status === exitStatus.EXIT_INTERRUPTED ? 130 : status;
