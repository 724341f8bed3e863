/**
 * `vitrine FILE`: runs a program as python3 does. Its exit status is the program's.
 */
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { errorTexts } from "../generated/constants.ts";
import { errorNumber } from "../kernel/errno.ts";
import { nodeClock, nodeEntropy, nodeEnvironment, nodeProcess, nodeStreams } from "../platform/node.ts";
import { nodeFiles } from "../platform/nodefiles.ts";
import { AllocatorError, chooseAllocator } from "../process/allocator.ts";
import { HashSeedError, hashSeed } from "../process/hashseed.ts";
import { compileService, loadLibrary, loadModule } from "../process/load.ts";
import { Process, StartError } from "../process/process.ts";
import { TraceError, traceFrames } from "../process/tracing.ts";
import { heapReport, saveImage } from "../view/index.ts";
import type { Options } from "./options.ts";

const CANNOT_RUN = 2;
/** As a shell reports SIGABRT. */
const ABORTED = 134;

interface Source {
  bytes: Uint8Array;
  name: string;
  /** UTF-8 whatever it declares: it was not read from a file. */
  text: boolean;
  /** What sys.path begins with. */
  directory: string;
}

/** The program's source; null where it cannot be read, which is reported. */
function readProgram({ program }: Options): Source | null {
  if (program.kind === "code") {
    return { bytes: new TextEncoder().encode(program.code), name: "<string>", text: true, directory: "" };
  }
  if (program.kind === "stdin") return { bytes: readFileSync(0), name: "<stdin>", text: false, directory: "" };
  const path = resolve(program.path);
  try {
    const bytes = readFileSync(path);
    return {
      bytes,
      name: isAbsolute(program.path) ? program.path : `${process.cwd()}/${program.path}`,
      text: false,
      directory: dirname(realpathSync(path)),
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const number = errorNumber(error);
    const why = code === undefined ? String(error) : errorTexts[number];
    if (code === "EISDIR") process.stderr.write(`vitrine: '${path}' is a directory, cannot continue\n`);
    else process.stderr.write(`vitrine: can't open file '${path}': [Errno ${number}] ${why}\n`);
    return null;
  }
}

/** Runs the program; the exit status of the command. */
export function run(options: Options): number {
  const source = readProgram(options);
  if (source === null) return CANNOT_RUN;
  let started: Process | undefined;
  try {
    const allocator = chooseAllocator(process.env, options.geometry);
    started = new Process(loadModule(), {
      allocator,
      memoryLimit: options.memoryLimit,
      traceFrames: traceFrames(process.env, options.xoptions),
      hashSeed: hashSeed(process.env.PYTHONHASHSEED, nodeEntropy),
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
    started.setXOptions(options.xoptions);
    started.setArguments(options.argv, source.directory);
    if (options.program.kind === "file") started.setMainFile(source.name);
    const status = started.runMain(source.bytes, source.name, source.text, options.optimize);
    const shown = inspect(started, options);
    if (allocator.statistics) started.runtime.reportArenas();
    // Finalizers of what the program still holds run now.
    started.runtime.endProgram();
    return shown === 0 ? status : shown;
  } catch (error) {
    if (error instanceof AllocatorError || error instanceof HashSeedError || error instanceof TraceError) {
      process.stderr.write(error.message);
      return 1;
    }
    if (error instanceof StartError) {
      process.stderr.write(`vitrine: ${error.message}\n`);
      return 1;
    }
    // The allocator has said on standard error what is damaged.
    if (error instanceof WebAssembly.RuntimeError && error.message === "unreachable") return ABORTED;
    // A mistake of ours, whatever it is: to the user it is a line. Node's traces are for `node tools/run/run.mjs`.
    process.stderr.write(`Fatal Python error: vitrine: ${(error as Error).message}\n`);
    reportFault(started);
    return ABORTED;
  }
}

/** Lets a program that has enabled faulthandler say where it was. */
function reportFault(started: Process | undefined): void {
  try {
    started?.runtime.reportFault();
  } catch {
    // It is damaged so much that not even that is known.
  }
}

/** The heap after the run, as the options ask for it: 0, or a status where the image cannot be written. */
function inspect(started: Process, options: Options): number {
  if (!options.heap && options.image === undefined) return 0;
  const memory = started.memory.buffer;
  if (options.image !== undefined) {
    try {
      writeFileSync(options.image, saveImage(memory, options.argv));
    } catch (error) {
      process.stderr.write(`vitrine: cannot save the heap image: ${(error as Error).message}\n`);
      return CANNOT_RUN;
    }
  }
  if (options.heap) {
    const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
    writeAll(`\n${heapReport(memory, options.argv, { color })}`);
  }
  return 0;
}

/** Writes to standard output before the command ends. */
function writeAll(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    const n = nodeStreams.output?.(1, bytes.subarray(at)) ?? 0;
    at += n;
  }
}
