/**
 * Node as the host of interpreters.
 */
import { closeSync, existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { nodeClock, nodeEntropy, nodeProcess } from "../platform/node.ts";
import { nodeFiles } from "../platform/nodefiles.ts";
import { InterpreterError } from "../process/errors.ts";
import {
  adoptFiles,
  adoptModule,
  compileService,
  isBundled,
  loadLibrary,
  loadModule,
  type PackageFiles,
  packageFiles,
  packageRoot,
  tokenizeService,
} from "../process/load.ts";
import type { Host, HostWorker } from "./host.ts";

/** Enough for all native levels. */
const STACK_MB = 6;

/** What a worker gets: the modules need not be compiled again, nor the package's files opened. */
export interface NodeWorkerData {
  module: WebAssembly.Module;
  shared: WebAssembly.Module;
  files: PackageFiles;
}

function module(debug: boolean, shared: boolean): WebAssembly.Module {
  if (debug && !existsSync(`${packageRoot()}/build/debug.wasm`))
    throw new InterpreterError("the debug runtime is not a part of the package");
  return loadModule({ debug, shared });
}

/** This thread takes modules that another has compiled, and files that it has opened. */
export function adopt({ module, shared, files }: NodeWorkerData): void {
  adoptFiles(files);
  adoptModule(false, module);
  adoptModule(true, shared);
}

/** A program that runs the worker from its sources, which need their loader first. */
function fromSources(): string {
  const script = JSON.stringify(new URL("./nodeworker.ts", import.meta.url).href);
  return `import("tsx/esm/api").then((tsx) => tsx.tsImport(${script}, ${script}))`;
}

export const nodeHost: Host = {
  module,
  library: loadLibrary,
  compile: compileService,
  tokenize: tokenizeService,
  entropy: nodeEntropy,
  now: () => performance.now(),
  clock: nodeClock,
  files: nodeFiles,
  closeFiles(numbers) {
    for (const number of numbers) {
      try {
        closeSync(number);
      } catch {
        // Something else has closed it.
      }
    }
  },
  process: nodeProcess,
  shares: () => true,
  load: () => Promise.resolve(),
  forWorker: () =>
    Promise.resolve({
      module: module(false, false),
      shared: module(false, true),
      files: packageFiles(),
    } satisfies NodeWorkerData),
  startWorker(): HostWorker {
    const worker = new Worker(isBundled() ? `${packageRoot()}/dist/worker.mjs` : fromSources(), {
      eval: !isBundled(),
      execArgv: [],
      resourceLimits: { stackSizeMb: STACK_MB },
      trackUnmanagedFds: false,
    });
    worker.unref();
    return {
      post: (message) => worker.postMessage(message),
      onMessage: (handle) => worker.on("message", handle),
      // Also where somebody else has ended it.
      onError: (handle) => worker.on("error", handle).on("exit", () => handle(new Error("it has ended"))),
      hold: (busy) => (busy ? worker.ref() : worker.unref()),
      terminate: () => worker.terminate(),
    };
  },
};
