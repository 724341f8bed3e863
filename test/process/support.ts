// Processes for these tests: the runtime with captured output and no services but the compiler.
import { readFileSync } from "node:fs";
import { memorySource } from "../../src/inspect/source/memory.ts";
import { survey } from "../../src/inspect/survey.ts";
import { compileService, tokenizeService } from "../../src/kernel/frontend.ts";
import type { Clock, Files, HeapLogService, Library } from "../../src/kernel/services.ts";
import type { AllocatorChoice } from "../../src/process/allocator.ts";
import { Process } from "../../src/process/process.ts";
import { compileRuntime, readerOf } from "../../src/snapshot/startimage.ts";

// Safe on a default stack in every build.
const NATIVE_DEPTH = 60;
const modules = new Map<string, WebAssembly.Module>();

export function runtimeModule(name: string, shared = false): WebAssembly.Module {
  let module = modules.get(`${name} ${shared}`);
  if (!module) {
    const bytes = readFileSync(new URL(`../../build/${name}.wasm`, import.meta.url));
    module = compileRuntime(readerOf(bytes), shared);
    modules.set(`${name} ${shared}`, module);
  }
  return module;
}

export interface Output {
  text: string;
  errors: string;
}

/** A process of its own; with `memory`, another instance in the process that lives there. */
export function startProcess(
  name: string,
  output: Output,
  more: {
    shared?: boolean;
    memory?: WebAssembly.Memory;
    hashSeed?: [bigint, bigint];
    traceFrames?: number;
    allocator?: AllocatorChoice;
    library?: Library;
    files?: Files;
    clock?: Clock;
    heapLog?: HeapLogService;
  } = {},
) {
  const decoder = new TextDecoder();
  return new Process(runtimeModule(name, more.shared ?? more.memory !== undefined), {
    allocator: { geometry: 0, flags: 0, statistics: false },
    memoryLimit: 0,
    hashSeed: [0n, 0n],
    nativeDepth: NATIVE_DEPTH,
    services: {
      streams: {
        output(fd, bytes) {
          const text = decoder.decode(bytes.slice());
          if (fd === 1) output.text += text;
          else output.errors += text;
          return bytes.length;
        },
        input: () => 0,
        isTerminal: () => false,
      },
      compile: compileService,
      library: more.library,
      files: more.files,
      heapLog: more.heapLog,
      clock: more.clock,
      tokenize: tokenizeService,
    },
    ...more,
  });
}

/** What a finalised process left: blocks, arenas, and the blocks by name. */
export function leftovers(process: Process): { blocks: number; arenas: number; names: string[] } {
  const { inPools, heap } = survey(memorySource(process.memory.buffer));
  const names = inPools.map((block) => block.name);
  return {
    blocks: process.runtime.getallocatedblocks(),
    arenas: heap.arenas.filter((a) => a.address !== 0).length,
    names,
  };
}
