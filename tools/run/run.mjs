#!/usr/bin/env node
// Runs one Python file in the debug runtime, with debug hooks, and afterwards checks the heap's invariants, takes the
// process down and lists what is left over: each block by the type of its object and by the request that made it.
//
//   node tools/run/run.mjs FILE.py [ARGUMENT...]    [--release FILE.py ...: the release runtime, without hooks]
//
// The exit status is the program's; 3 where blocks are left over, 4 where the heap is damaged.
import { readFileSync } from "node:fs";
import { register } from "tsx/esm/api";

register();
const { allocator, exitStatus } = await import("../../src/generated/constants.ts");
const { memorySource, survey } = await import("../../src/inspect/index.ts");
const { nodeClock, nodeEntropy, nodeEnvironment, nodeProcess, nodeStreams } = await import(
  "../../src/platform/node.ts"
);
const { nodeFiles } = await import("../../src/platform/nodefiles.ts");
const { hashSeed } = await import("../../src/process/hashseed.ts");
const { compileService, loadLibrary, loadModule } = await import("../../src/process/load.ts");
const { Process } = await import("../../src/process/process.ts");

const args = process.argv.slice(2);
const release = args[0] === "--release";
if (release) args.shift();
const [file] = args;
if (file === undefined) {
  console.error("usage: node tools/run/run.mjs [--release] FILE.py [ARGUMENT...]");
  process.exit(2);
}
const run = new Process(loadModule({ debug: !release }), {
  allocator: { flags: release ? 0 : allocator.DEBUG_HOOKS, geometry: 0, statistics: false },
  memoryLimit: 0,
  hashSeed: hashSeed(process.env.PYTHONHASHSEED ?? "0", nodeEntropy),
  services: {
    streams: nodeStreams,
    files: nodeFiles,
    clock: nodeClock,
    entropy: nodeEntropy,
    process: nodeProcess,
    environment: nodeEnvironment(),
    compile: compileService,
    library: loadLibrary(),
  },
});
run.setArguments(args, ".");
run.setMainFile(file);
let status = run.runMain(readFileSync(file), file, false);
const { runtime } = run;
if (runtime.checkHeap() || runtime.checkMalloc() || runtime.checkPages()) {
  console.error("the heap is damaged");
  status = 4;
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
