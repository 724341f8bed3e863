/**
 * A worker that runs threads of a process, one after the other: an instance of the module over the process's memory.
 */
import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { roots } from "../generated/memory.ts";
import * as structs from "../generated/structs.ts";
import { SystemError } from "../kernel/errno.ts";
import { hostImports } from "../kernel/generated/dispatch.ts";
import { systemCalls } from "../kernel/kernel.ts";
import type { Services } from "../kernel/services.ts";
import { GilLog } from "../platform/gillog.ts";
import { heapLog } from "../platform/heaplog.ts";
import { nodeClock, nodeEntropy, nodeProcess, nodeStreams } from "../platform/node.ts";
import { nodeFiles } from "../platform/nodefiles.ts";
import { Outside } from "../platform/outside/client.ts";
import type { RuntimeExports } from "../process/exports.ts";
import { compileService, loadLibrary, tokenizeService } from "../process/load.ts";
import { serveThreads } from "../process/places.ts";
import { furtherLevels } from "../process/stack.ts";
import { outsideStreams, startThread, type ThreadData } from "./threads.ts";

const data = workerData as ThreadData & { place: number; reply: SharedArrayBuffer };
const { memory, module, place } = data;
const pool = new Int32Array(data.pool);

const outside = new Outside(
  () => ({ reply: data.reply, post: (request) => parentPort!.postMessage(request) }),
  () => true,
  () => 0,
);

/** Has the main thread end the process; it alone can. */
function leave(status: number): never {
  const words = new Int32Array(memory.buffer);
  Atomics.store(words, roots.threads.exit_status[0] >> 2, status + 1);
  const wake = (roots.vm.main_thread[0] + structs.PyThreadState.wake[0]) >> 2;
  Atomics.or(words, (roots.vm.main_thread[0] + structs.PyThreadState.eval_breaker[0]) >> 2, 128);
  for (;;) {
    Atomics.add(words, wake, 1);
    Atomics.notify(words, wake);
    Atomics.wait(pool, place, pool[place]!, 50);
  }
}

const services: Services = {
  streams: { ...nodeStreams, ...outsideStreams(outside) },
  files: nodeFiles,
  clock: nodeClock,
  entropy: nodeEntropy,
  process: {
    ...nodeProcess,
    exit: leave,
    // The mask is all threads', and Node lets only one set it.
    umask: (mask) => {
      if (mask !== process.umask()) throw new SystemError("EPERM");
      return mask;
    },
  },
  environment: data.environment,
  compile: compileService,
  tokenize: tokenizeService,
  library: loadLibrary(),
  ...(data.heapLog === undefined ? {} : { heapLog: heapLog(data.heapLog) }),
  ...(data.gilLog === undefined ? {} : { gilLog: new GilLog(data.gilLog) }),
  moreLevels: (taken) => furtherLevels(runtime, taken),
  outside,
  signals: outside,
  startThread: (thread) => startThread(pool, outside, thread),
  table: data.table,
};

function abort(message: number, file: number, line: number): never {
  const literal = (p: number) => {
    const length = new DataView(memory.buffer).getUint32(p - 4, true);
    return String.fromCharCode(...new Uint16Array(memory.buffer.slice(p, p + length)));
  };
  throw new Error(`assertion failed: ${message ? literal(message) : ""} at ${file ? literal(file) : "?"}:${line}`);
}

const instance: WebAssembly.Instance = new WebAssembly.Instance(module, {
  env: { memory, abort },
  host: hostImports(memory, { calls: systemCalls(services) }, (n) => runtime.PyMem_RawMalloc(n)),
});
const runtime = instance.exports as unknown as RuntimeExports;

serveThreads(pool, place, (thread) => {
  outside.thread = thread;
  try {
    runtime.runThread(thread, data.levels);
  } catch (error) {
    writeSync(2, `Fatal Python error: vitrine: ${(error as Error).message}\n`);
    leave(134);
  }
});
