/**
 * The threads of a process, and the kernel beside it. The main thread is the one that this runs in: the program blocks it,
 * but for the kernel, a worker, which is started when it is first needed. Other threads are workers of the kernel's, each with
 * an instance of the module over the same memory; one whose thread has ended waits for another.
 */
import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { roots } from "../generated/memory.ts";
import { TABLE_BYTES } from "../kernel/descriptors.ts";
import type { Services, StandardStreams } from "../kernel/services.ts";
import type { LogFile } from "../platform/heaplog.ts";
import { forwardClock, inheritedDescriptors, isPipe, nodeStreams } from "../platform/node.ts";
import { inheritedFile } from "../platform/nodefiles.ts";
import { type Connection, Outside } from "../platform/outside/client.ts";
import type { KernelData } from "../platform/outside/kernel.ts";
import { newReply } from "../platform/outside/protocol.ts";
import { giveThread } from "../process/places.ts";
import { LEVELS_MAX } from "../process/stack.ts";

/** Threads that there may be besides the main thread. */
const PLACES = 1024;
/** Enough for all native levels. */
const STACK_MB = 6;

/** What a worker that runs threads is started with, besides its place and its reply. */
export interface ThreadData {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  pool: SharedArrayBuffer;
  table: SharedArrayBuffer;
  /** How many levels native code may recurse. */
  levels: number;
  /** The environment, as the program found it. */
  environment: readonly Uint8Array[];
  /** Where the log of the heap goes. */
  heapLog?: LogFile;
  /** The descriptor of the log of the interpreter's lock. */
  gilLog?: number;
}

/** Gives a thread to a worker that is idle, or has the kernel start one. */
export function startThread(pool: Int32Array, outside: Outside, thread: number): void {
  giveThread(pool, thread, (place) => outside.startWorker(place));
}

/** What a thread has of the streams besides reading and writing them. */
export const outsideStreams = (outside: Outside): Pick<StandardStreams, "terminal" | "inherit"> => ({
  terminal: () => outside.terminal(),
  // The file of a descriptor that the process has found open.
  inherit: (fd) => (isPipe(fd) ? outside.inherit(fd) : inheritedFile(fd)),
});

export class Threads {
  /** What the process is granted. */
  readonly services: Pick<Services, "outside" | "signals" | "startThread" | "table">;
  readonly outside: Outside;
  /** What there is of the streams besides reading and writing them. */
  readonly streams: Pick<StandardStreams, "terminal" | "inherited" | "inherit" | "output">;
  /** The memory of the process, which is set before the program runs. */
  memory!: WebAssembly.Memory;
  private connection: Connection | undefined;
  private kernel: Worker | undefined;
  private readonly pool = new SharedArrayBuffer(PLACES * 4);
  private readonly table = new SharedArrayBuffer(TABLE_BYTES);

  /** `scripts`: the folder in which those of the workers are. */
  constructor(
    private readonly module: WebAssembly.Module,
    private readonly scripts: string,
    private readonly environment: readonly Uint8Array[],
    private readonly heapLog?: LogFile,
    private readonly gilLog?: number,
  ) {
    const began = forwardClock();
    this.outside = new Outside(
      () => (this.connection ??= this.start()),
      () => this.connection !== undefined,
      () => forwardClock() - began,
    );
    this.outside.thread = roots.vm.main_thread[0];
    const places = new Int32Array(this.pool);
    this.streams = {
      ...outsideStreams(this.outside),
      inherited: inheritedDescriptors(),
      output: (fd, bytes) => {
        if (!this.runs) this.outside.says();
        return nodeStreams.output!(fd, bytes);
      },
    };
    this.services = {
      outside: this.outside,
      signals: this.outside,
      startThread: (thread) => startThread(places, this.outside, thread),
      table: this.table,
    };
  }

  private start(): Connection {
    const reply = newReply();
    const { module, memory, pool, table, environment } = this;
    const threadData: ThreadData = {
      module,
      memory,
      pool,
      table,
      levels: LEVELS_MAX,
      environment,
      ...(this.heapLog === undefined ? {} : { heapLog: this.heapLog }),
      ...(this.gilLog === undefined ? {} : { gilLog: this.gilLog }),
    };
    const data: KernelData = {
      memory,
      reply,
      threadScript: `${this.scripts}/thread.js`,
      threadData,
      stackSizeMb: STACK_MB,
      command: process.argv[1] ?? "",
    };
    if (!existsSync(data.threadScript)) throw new Error(`${data.threadScript} is missing: npm run build makes it`);
    const kernel = new Worker(`${this.scripts}/kernel.js`, {
      workerData: data,
      // Node would make streams of ours for what it writes to its own, and with them pipes that do not block.
      stdout: true,
      stderr: true,
      trackUnmanagedFds: false,
      execArgv: [],
    });
    kernel.unref();
    this.kernel = kernel;
    return { reply, post: (request) => kernel.postMessage(request) };
  }

  /** Whether the kernel runs. */
  get runs(): boolean {
    return this.kernel !== undefined;
  }
}
