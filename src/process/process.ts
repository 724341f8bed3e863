/**
 * One process: a machine with a memory of its own (or over one that another instance has started), and the process's
 * services. What the runtime exports is called here and nowhere else in the host.
 */
import { machine, page } from "../generated/constants.ts";
import { addresses, roots } from "../generated/memory.ts";
import { usedRuns } from "../inspect/source/saved.ts";
import { systemCalls } from "../kernel/kernel.ts";
import type { Services } from "../kernel/services.ts";
import { type ImageKind, readStartImage, type StartImage } from "../snapshot/startimage.ts";
import type { AllocatorChoice } from "./allocator.ts";
import { type Config, encodeConfig, isolatedConfig } from "./config.ts";
import { StartError } from "./errors.ts";
import type { RuntimeExports } from "./exports.ts";
import { HeapView } from "./heapview.ts";
import { giveMachine, Machine, takeMachine } from "./machine.ts";
import { enterQuickly, furtherLevels, measured, nativeLevels } from "./stack.ts";

// 4 MiB.
const PAGES_FIRST = 64;
/** What the host may take beyond the limit of memory, in bytes. */
const HOST_ROOM = 1 << 18;
/** The flags of a page that holds what the process has. */
const HELD = page.PAGE_MAPPED | page.PAGE_RESIDENT;
/** Code units of a text that is written one by one. */
const SHORT_TEXT = 128;
const ASCII_END = 128;

const encoder = new TextEncoder();

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= ASCII_END) return false;
  return true;
}

/** What runs the threads of a process. */
interface ThreadsOfProcess {
  services: Partial<Services>;
  /** Left out where there is a kernel beside it; whether the clock of an embedded process is another than its own. */
  hasClock?: boolean;
  /** Set when the process has one, before the program runs. */
  memory: WebAssembly.Memory;
}

interface ProcessOptions {
  allocator: AllocatorChoice;
  /** Bytes that may be mapped, 0 for no limit. */
  memoryLimit: number;
  /** Allocations are traced from the start, with so many frames of each traceback; 0 or left out: they are not. */
  traceFrames?: number;
  /** The keys of string hashes; both 0 as with PYTHONHASHSEED=0. */
  hashSeed: readonly [bigint, bigint];
  /** How many levels native code may recurse, where the stack has as many. Default: as many as there are. */
  nativeDepth?: number;
  services: Services;
  /** Where it differs from the isolated one. */
  config?: Partial<Config>;
  /** A memory to be shared with other instances. */
  shared?: boolean;
  /** What runs threads, and the kernel beside the process: the module is then the one for shared memory. */
  threads?: ThreadsOfProcess;
  /** The memory of a process that has started already, which this instance joins. */
  memory?: WebAssembly.Memory;
  /** What a process was that this one goes on from, of the same module. */
  state?: ProcessState | undefined;
}

/** A process that does not run. */
export interface ProcessState {
  /** How long its memory is. */
  end: number;
  /** Address and bytes of what is not zero: not copied, where they are of a process that lives. */
  runs: [number, Uint8Array][];
  /** Where its library is. */
  library: string | undefined;
}

/** An image with site only where site is wanted, and nobody asks how it came to be imported. */
function imageFor({ flags, frozenModules, importTime, cpuCount }: Config): ImageKind {
  // What os.process_cpu_count() is depends on whether that number is given.
  const asUsual = flags.verbose === 0 && frozenModules && !importTime && cpuCount < 0;
  return flags.noSite === 0 && asUsual ? "site" : "base";
}

/** Where the bytes of a run are, and how many. */
const extent = ([address, bytes]: [number, Uint8Array]): [number, number] => [address, bytes.length];

export class Process {
  readonly memory: WebAssembly.Memory;
  /** What the runtime exports, for within enter(): the native stack is not measured. */
  readonly inner: RuntimeExports;
  readonly view: HeapView;
  /** How many levels native code had when it started. */
  readonly levels: number = 0;
  private readonly machine: Machine;
  /** Whether others may have the machine once this process has ended. */
  private readonly mayLeave: boolean;
  private readonly nativeDepth: number | undefined;
  private outer: RuntimeExports | undefined;
  private readonly library: string | undefined;

  constructor(module: WebAssembly.Module, options: ProcessOptions) {
    // What a module brings along was started with the default allocator.
    const { flags, geometry } = options.allocator;
    const config = { ...isolatedConfig, ...options.config };
    const { state } = options;
    const image =
      options.memory || state || flags !== 0 || geometry !== 0 ? undefined : readStartImage(module, imageFor(config));
    const initial = (image ?? state) ? (image ?? state)!.end / machine.WASM_PAGE_SIZE : PAGES_FIRST;
    const data = readStartImage(module, "data");
    const shared = options.threads !== undefined || (options.shared ?? false);
    this.machine =
      options.memory || shared || data === undefined
        ? new Machine(
            module,
            options.memory ?? new WebAssembly.Memory({ initial, maximum: machine.WASM_PAGES_MAX, shared }),
          )
        : takeMachine(module, initial, [...data.runs, ...(state ? state.runs.map(extent) : (image?.runs ?? []))]);
    this.mayLeave = !options.memory && !shared && data !== undefined;
    this.memory = this.machine.memory;
    if (options.threads) options.threads.memory = this.memory;
    const services: Services = {
      ...options.services,
      ...options.threads?.services,
      moreLevels: (taken) => furtherLevels(this.inner, taken, options.nativeDepth),
    };
    this.library = state ? state.library : services.library?.folder;
    if (services.library && this.library !== undefined)
      services.library = { ...services.library, folder: this.library };
    this.machine.serve(systemCalls(services), (where) => this.abort(where));
    if (!options.memory) data?.fill(new Uint8Array(this.memory.buffer));
    const { exports } = this.machine;
    this.inner = exports;
    this.nativeDepth = options.nativeDepth;
    this.view = new HeapView(this.memory);
    if (options.memory) {
      exports.attach();
      return;
    }
    const depth = nativeLevels(exports, options.nativeDepth);
    this.levels = depth;
    if (state) {
      this.goOn(state, options.memoryLimit, depth);
      this.noteThreads(options.threads);
      return;
    }
    let status = image ? this.resume(image, options, depth) : this.initialize(options, depth);
    this.noteThreads(options.threads);
    exports.connectErrors(options.allocator.statistics ? 1 : 0);
    if (status === 0 && options.traceFrames) status = exports.startTracing(options.traceFrames);
    const hashRandomization = options.hashSeed[0] || options.hashSeed[1] ? 1 : 0;
    const encoded = encodeConfig(
      { ...config, flags: { ...config.flags, hashRandomization } },
      options.services.library?.folder,
    );
    if (status === 0) status = this.withBytes(encoded, (p, n) => exports.configure(p, n)) ?? -1;
    if (status === 0) status = exports.openStreams();
    if (status === 0) status = exports.prepareMain();
    if (status < 0) throw new StartError(status === -2 ? "" : "the memory limit leaves no room to start in");
  }

  /** What the runtime exports; the native stack is measured at every entry. */
  get runtime(): RuntimeExports {
    return (this.outer ??= measured(this.inner, this.nativeDepth));
  }

  /** Tells the runtime whether there can be threads, and who else could end a wait. */
  private noteThreads(threads: ThreadsOfProcess | undefined): void {
    const words = new Uint32Array(this.memory.buffer);
    const embedded = threads?.hasClock !== undefined;
    words[roots.threads.shared[0] >> 2] = threads ? 1 : 0;
    words[roots.threads.embedded[0] >> 2] = embedded ? 1 : 0;
    words[roots.threads.clock_stands[0] >> 2] = embedded && !threads.hasClock ? 1 : 0;
  }

  private initialize({ allocator, memoryLimit, hashSeed }: ProcessOptions, depth: number): number {
    return this.inner.initialize(memoryLimit, allocator.geometry, allocator.flags, ...hashSeed, depth);
  }

  private resume(image: StartImage, { memoryLimit, hashSeed }: ProcessOptions, depth: number): number {
    const memory = new Uint8Array(this.memory.buffer);
    image.fill(memory);
    // In the last page, where zeros are and must be again.
    const objects = image.end - machine.WASM_PAGE_SIZE;
    memory.set(image.objects, objects);
    const count = image.objects.length / 4;
    const status = this.inner.resume(memoryLimit, ...hashSeed, depth, objects, count);
    memory.fill(0, objects, objects + image.objects.length);
    return status;
  }

  /** Goes on from what another process was. */
  private goOn(state: ProcessState, memoryLimit: number, depth: number): void {
    const memory = new Uint8Array(this.memory.buffer);
    for (const [address, bytes] of state.runs) memory.set(bytes, address);
    const view = new DataView(this.memory.buffer);
    const seeds = [roots.objects.hash_seed[0], roots.objects.hash_seed1[0]].map((at) => view.getBigUint64(at, true));
    const status = this.inner.resume(memoryLimit, seeds[0]!, seeds[1]!, depth, 0, 0);
    if (status < 0) throw new StartError("the memory limit is below what the process has");
  }

  /** Leaves its machine to others, if it may: it has ended, and nobody looks at its memory any more. */
  leave(): void {
    if (this.mayLeave) giveMachine(this.machine);
  }

  /** What it is, for another that goes on from here. It must not be running. */
  state(): ProcessState {
    const { buffer } = this.memory;
    const flags = new Uint8Array(buffer, addresses.PAGE_TABLE);
    // What was unmapped is taken for dirty until it is mapped again, and cleared then.
    const runs = usedRuns(
      buffer,
      addresses.RUNTIME,
      (at) => at < addresses.MACHINE || (flags[at >>> machine.PAGE_SHIFT]! & HELD) === HELD,
    );
    return {
      end: buffer.byteLength,
      runs: runs.map(([at, length]) => [at, new Uint8Array(buffer, at, length)]),
      library: this.library,
    };
  }

  /** An assertion of the runtime that does not hold. */
  private abort([message, file, line]: number[]): never {
    const literal = (p: number) => {
      const length = new DataView(this.memory.buffer).getUint32(p - 4, true);
      return String.fromCharCode(...new Uint16Array(this.memory.buffer.slice(p, p + length)));
    };
    const what = message ? literal(message) : "";
    throw new Error(`assertion failed: ${what} at ${file ? literal(file) : "?"}:${line}`);
  }

  /** Calls `use` with the bytes in a block of the runtime's memory; undefined where there is no memory for them. */
  withBytes<T>(bytes: Uint8Array, use: (p: number, n: number) => T): T | undefined {
    const n = bytes.length;
    const p = this.inner.PyMem_RawMalloc(n + 1) || this.beyondLimit(n + 1);
    if (p === 0) return undefined;
    this.view.renew().u8.set(bytes, p);
    try {
      return use(p, n);
    } finally {
      this.inner.PyMem_RawFree(p);
    }
  }

  /** The same with a text, in UTF-8. */
  withText<T>(text: string, use: (p: number, n: number) => T): T | undefined {
    const n = text.length;
    // What encodes any text is slow to begin.
    if (n > SHORT_TEXT || !isAscii(text)) return this.withBytes(encoder.encode(text), use);
    const p = this.inner.PyMem_RawMalloc(n + 1) || this.beyondLimit(n + 1);
    if (p === 0) return undefined;
    const { u8 } = this.view.renew();
    for (let i = 0; i < n; i++) u8[p + i] = text.charCodeAt(i);
    try {
      return use(p, n);
    } finally {
      this.inner.PyMem_RawFree(p);
    }
  }

  /** A small block where the program has left nothing: its host has to be able to say so much. */
  private beyondLimit(size: number): number {
    const words = new Uint32Array(this.memory.buffer);
    const at = roots.os.memory_limit[0] >>> 2;
    const limit = words[at]!;
    if (limit === 0 || size > HOST_ROOM / 2) return 0;
    words[at] = limit + HOST_ROOM;
    const p = this.inner.PyMem_RawMalloc(size);
    // The memory may have grown.
    new Uint32Array(this.memory.buffer)[at] = limit;
    return p;
  }

  /** Enters the runtime, once for all that `act` calls of `inner`. Throws StackError, where `act` was not called. */
  enter<T>(act: () => T): T {
    const { inner } = this;
    const before = enterQuickly(inner, this.nativeDepth);
    try {
      return act();
    } finally {
      inner.leaveLevels(before);
    }
  }

  /** Runs what the configuration says, as python3 does; its exit status. */
  main(): number {
    return this.runtime.main();
  }

  /** Runs a program; its exit status. `text`: the source is UTF-8 whatever it declares. */
  runMain(source: Uint8Array, name: string, text: boolean): number {
    const status = this.withBytes(source, (p, n) =>
      this.withText(name, (q, m) => this.runtime.runMain(p, n, q, m, text ? 1 : 0)),
    );
    if (status === undefined) throw new StartError("the memory limit leaves no room for the program");
    return status;
  }

  /** Runs source: a reference to its value, 0 where an exception is set. */
  runSource(source: Uint8Array, name: string, mode: "exec" | "eval", text: boolean): number {
    const result = this.withBytes(source, (p, n) =>
      this.withText(name, (q, m) => this.runtime.runSource(p, n, q, m, mode === "eval" ? 1 : 0, text ? 1 : 0)),
    );
    if (result === undefined) throw new StartError("the memory limit leaves no room for the program");
    return result;
  }
}
