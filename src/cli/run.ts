/**
 * `vitrine FILE`: runs a program as python3 does. Its exit status is the program's.
 */
import { writeFileSync } from "node:fs";
import { exitStatus } from "../generated/constants.ts";
import { GilLog, openGilLog } from "../platform/gillog.ts";
import { LogError, openHeapLog } from "../platform/heaplog.ts";
import { nodeClock, nodeEntropy, nodeEnvironment, nodeProcess, nodeStreams } from "../platform/node.ts";
import { nodeFiles } from "../platform/nodefiles.ts";
import { chooseAllocator } from "../process/allocator.ts";
import { ConfigError } from "../process/config.ts";
import { StartError } from "../process/errors.ts";
import { hashSeed } from "../process/hashseed.ts";
import { compileService, loadLibrary, packageRoot, tokenizeService } from "../process/load.ts";
import { Process } from "../process/process.ts";
import { traceFrames } from "../process/tracing.ts";
import { Threads } from "../threads/threads.ts";
import { heapReport, saveImage } from "../view/index.ts";
import { configuration } from "./configuration.ts";
import type { Options } from "./options.ts";

const CANNOT_RUN = 2;
const SIGINT = 2;
/** As a shell reports SIGABRT. */
const ABORTED = 134;

interface Command {
  /** What sys.executable is. */
  executable: string;
  /** All arguments, as they were given. */
  args: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
}

/**
 * A process that is about to run the program, and whether it is to report its arenas. Throws ConfigError or StartError.
 */
export function startProgram(
  module: WebAssembly.Module,
  options: Options,
  { executable, args, environment }: Command,
): { started: Process; threads: Threads; reportArenas: boolean } {
  const config = configuration(options, environment, executable, args);
  const { variables, cpuCount } = config;
  const allocator = chooseAllocator(
    config.flags.devMode ? { PYTHONMALLOC: "debug", ...variables } : variables,
    options.geometry,
  );
  const seed = options.randomHashes ? "random" : variables.PYTHONHASHSEED;
  const variablesAsFound = nodeEnvironment();
  const log = options.gcLog === undefined ? undefined : openHeapLog(options.gcLog);
  const gilFile = options.gilLog === undefined ? undefined : openGilLog(options.gilLog);
  const gilLog = gilFile === undefined ? undefined : new GilLog(gilFile);
  const threads = new Threads(module, `${packageRoot()}/dist`, variablesAsFound, log?.file, gilFile);
  const started = new Process(module, {
    threads,
    allocator,
    memoryLimit: options.memoryLimit,
    traceFrames: traceFrames(variables, options.xoptions),
    hashSeed: hashSeed(seed, nodeEntropy),
    config,
    services: {
      streams: { ...nodeStreams, ...threads.streams },
      files: nodeFiles,
      clock: nodeClock,
      entropy: nodeEntropy,
      process: cpuCount < 0 ? nodeProcess : { ...nodeProcess, cpus: () => cpuCount },
      environment: variablesAsFound,
      compile: compileService,
      tokenize: tokenizeService,
      library: loadLibrary(),
      ...(log === undefined ? {} : { heapLog: log }),
      ...(gilLog === undefined ? {} : { gilLog }),
    },
  });
  if (gilLog !== undefined) {
    started.runtime.startGilLog();
    process.on("exit", () => gilLog.end());
  }
  if (log !== undefined) {
    started.runtime.startHeapLog();
    // Also where the program ends the process itself.
    process.on("exit", () => started.runtime.endHeapLog());
  }
  return { started, threads, reportArenas: allocator.statistics };
}

/** Runs the program; the exit status of the command. */
export function run(module: () => WebAssembly.Module, options: Options, command: Command): number {
  let started: Process | undefined;
  try {
    const program = startProgram(module(), options, command);
    started = program.started;
    const status = started.main();
    const shown = inspect(started, options);
    if (program.reportArenas) started.runtime.reportArenas();
    // Finalizers of what the program still holds run now.
    started.runtime.endProgram();
    started.runtime.endHeapLog();
    // The status may be told by the signal itself.
    if (status === exitStatus.EXIT_INTERRUPTED && program.threads.runs) program.threads.outside.action(SIGINT, 0);
    return shown === 0 ? status : shown;
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(error.message);
      return 1;
    }
    if (error instanceof LogError) {
      process.stderr.write(`vitrine: cannot write the log: ${error.message}\n`);
      return CANNOT_RUN;
    }
    if (error instanceof StartError) {
      if (error.message !== "") process.stderr.write(`vitrine: ${error.message}\n`);
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

/** The heap after the run, as the options ask for it: 0, or a status where it cannot be written. */
function inspect(started: Process, options: Options): number {
  const { heap, image } = options;
  const memory = started.memory.buffer;
  try {
    if (image !== undefined) writeFileSync(image, saveImage(memory, options.argv));
    if (heap !== undefined && heap !== "") writeFileSync(heap, heapReport(memory, options.argv, {}));
  } catch (error) {
    process.stderr.write(`vitrine: cannot save the heap: ${(error as Error).message}\n`);
    return CANNOT_RUN;
  }
  if (heap === "") {
    const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
    writeAll(`\n${heapReport(memory, options.argv, { color })}`);
  }
  return 0;
}

/** Writes to standard output before the command ends; quietly less where nobody reads it. */
function writeAll(text: string): void {
  const bytes = Buffer.from(text);
  try {
    for (let at = 0; at < bytes.length; ) at += nodeStreams.output?.(1, bytes.subarray(at)) ?? bytes.length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
  }
}
