/**
 * What an interpreter does, whoever asks: one process, entered for one thing at a time.
 *
 * Invariant: the process is entered from outside, or from within a function of the host that it has called; never from
 * within a service (a file, a clock, a callback for output), where the program is amid something that others would see half
 * done. `entries` counts entries, `calls` the functions among them: they are the same number exactly where entering is allowed.
 *
 * References that JavaScript holds are in `held`. One that is let go of while the process is at work goes when it is not.
 */
import { breaker, build, hostRequest } from "../generated/constants.ts";
import { roots, staticTypes } from "../generated/memory.ts";
import * as structs from "../generated/structs.ts";
import { TABLE_BYTES, takeHostFiles } from "../kernel/descriptors.ts";
import { compilerMemory } from "../kernel/kernel.ts";
import { chooseAllocator } from "../process/allocator.ts";
import { type Others, withValue } from "../process/build.ts";
import { InterpreterError, LimitError, PythonError } from "../process/errors.ts";
import type { RuntimeExports } from "../process/exports.ts";
import { hashSeed } from "../process/hashseed.ts";
import { Process, type ProcessState } from "../process/process.ts";
import { StackError } from "../process/stack.ts";
import { typeName, ValueReader } from "../process/values.ts";
import { heapPage } from "../view/index.ts";
import { Functions, missing, Thrown } from "./functions.ts";
import { theHost } from "./host.ts";
import { PythonAwaitable, PythonObject, type PythonValue } from "./object.ts";
import type { HostFunction, Settings } from "./options.ts";
import { Output } from "./output.ts";
import type { Threads } from "./threads.ts";

/** How long a program may go on after its time is over, in milliseconds, before it is ended. */
export const GRACE = 100;
/**
 * How many jumps and calls of a program pass at most until the clock is looked at again, and how long that may take, in
 * milliseconds: where they take longer, fewer pass the next time.
 */
const PACE_MOST = 256;
const PACE_FIRST = 16;
const PACE_TIME = 0.5;
/** How long a program may wait at once, in milliseconds: once it has been told that its time is over, and where others can interrupt it. */
const PATIENCE_LEAST = 10;
const PATIENCE_SHARED = 50;
const RECURSION = "maximum recursion depth exceeded";

// Words of the memory, by their numbers.
const HOST_REQUEST = roots.vm.host_request[0] >>> 2;
const HOST_WATCH = roots.vm.host_watch[0] >>> 2;
const STOPPING = roots.vm.stopping[0] >>> 2;
const TICKS = roots.vm.ticks[0] >>> 2;
const CALL_WORDS = roots.vm.call_words[0] >>> 2;
const CALL_WORDS_END = CALL_WORDS + (build.BUILD_CALL_BYTES >>> 2);
const NEWEST_THREAD = roots.threads.newest[0] >>> 2;
const GIL_LOCKED = roots.gil.locked[0] >>> 2;
const GIL_RESTS = roots.gil.rests[0] >>> 2;
const BREAKER = (roots.vm.main_thread[0] + structs.PyThreadState.eval_breaker[0]) >>> 2;
const WAKE = (roots.vm.main_thread[0] + structs.PyThreadState.wake[0]) >>> 2;

/** Writes what is wanted of a program, from any thread that sees its memory. */
export function request(memory: ArrayBufferLike, what: number): void {
  const view = new Int32Array(memory);
  Atomics.store(view, HOST_REQUEST, what);
  Atomics.or(view, BREAKER, breaker._PY_HOST_REQUEST_BIT);
  Atomics.add(view, WAKE, 1);
  Atomics.notify(view, WAKE);
}

/** Takes back what is wanted of a program, where that has not seen it: whether it has not. */
export function takeBack(memory: ArrayBufferLike, what: number): boolean {
  return Atomics.compareExchange(new Int32Array(memory), HOST_REQUEST, what, hostRequest.HOST_REQUEST_NONE) === what;
}

const encoder = new TextEncoder();
/** A float's words. */
const float = new Float64Array(1);
const halves = new Int32Array(float.buffer);

/** A name for a class of Python's, and what is wrong, of something that JavaScript code has thrown. */
export function describe(error: unknown): [type: string, message: string] {
  try {
    if (error instanceof PythonError) return [error.type, error.message];
    if (!(error instanceof Error)) return ["RuntimeError", String(error)];
    if (error instanceof RangeError && /call stack|recursion/i.test(error.message))
      return ["RecursionError", RECURSION];
    if (error instanceof TypeError) return ["TypeError", String(error.message)];
    if (error instanceof RangeError) return ["ValueError", String(error.message)];
    const name = String(error.name);
    return ["RuntimeError", name === "Error" ? String(error.message) : `${name}: ${error.message}`];
  } catch {
    return ["RuntimeError", "an error that cannot be described"];
  }
}

/** A value as it has come from another thread, in words. */
export class EncodedValue {
  constructor(readonly bytes: Uint8Array) {}
}

/** What a process of another interpreter was, for one that goes on from there. */
export interface CoreState {
  process: ProcessState;
  functions: [number, number, string][];
  /** What the other interpreter's JavaScript held. */
  held: number[];
}

/** What else a Core is told by the worker that it is in. */
interface WorkerSettings {
  /** What stands for a function of the host that comes back. */
  mark?: (number: number) => unknown;
  /** What calls a function of which this thread knows the number alone. */
  find?: (number: number) => HostFunction;
  /** What the program's threads share. */
  sharing?: Threads;
  /** Whether this is not the main thread, but another that joins its memory. */
  joins?: boolean;
}

export class Core {
  readonly process: Process;
  readonly output: Output;
  /** Called when an object of the program that was a function is gone. */
  onDrop: ((number: number) => void) | undefined;
  private readonly runtime: RuntimeExports;
  private readonly reader: ValueReader<PythonObject>;
  private readonly functions = new Functions();
  private readonly errors = new Thrown();
  private readonly held = new Map<number, number>();
  private letGo: number[] = [];
  private readonly finalized = new FinalizationRegistry<number>((address) => this.release(address));
  private entries = 0;
  private calls = 0;
  private input: Uint8Array;
  private ended: "disposed" | "broken" | undefined;
  /** The descriptors; where threads share them whoever ends those has them. */
  private readonly table: ArrayBuffer | undefined;
  /** Whether somebody else may look at the memory as long as he likes: its user, or a file of his, which is given pieces of it. */
  private shown: boolean;
  /** When the time of the innermost call with a limit is over, and whether the program has been told. */
  private time = { end: Number.POSITIVE_INFINITY, limit: 0, told: false };
  /** When the clock was looked at, and how many jumps and calls pass until it is again. */
  private asked = 0;
  private pace = PACE_FIRST;
  private readonly others: Others = {
    address: (value) => this.addressOf(value),
    number: (fn, name) => this.functions.use(fn, name),
  };

  constructor(
    readonly settings: Settings & WorkerSettings,
    state?: CoreState,
    given: Readonly<Record<string, HostFunction>> | Functions = {},
  ) {
    const host = theHost();
    const { stdin = "", files, clock, sharing } = settings;
    this.shown = typeof files === "object";
    this.input = typeof stdin === "string" ? encoder.encode(stdin) : stdin;
    this.output = new Output(settings.stdout, settings.stderr, settings.outputLimit, sharing?.counter);
    const needs = <T>(service: T | undefined, name: string): T => {
      if (service === undefined) throw new InterpreterError(`there is no ${name} here that could be granted`);
      return service;
    };
    this.table = sharing ? undefined : new ArrayBuffer(TABLE_BYTES);
    this.process = new Process(host.module(settings.debug ?? false, settings.shared ?? false), {
      allocator: chooseAllocator(settings.debug ? { PYTHONMALLOC: "debug" } : {}, settings.geometry),
      memoryLimit: settings.memoryLimit,
      // Who goes on from elsewhere has the hashes of there.
      hashSeed: state ? [0n, 0n] : hashSeed(settings.hashSeed?.toString(), (into) => host.entropy(into)),
      // Where no files are granted, no current folder can be searched for modules. What is printed goes out at once.
      config: { path: files ? [""] : [], streamsBuffered: false },
      ...(settings.nativeDepth === undefined ? {} : { nativeDepth: settings.nativeDepth }),
      shared: settings.shared ?? false,
      ...(settings.joins ? { memory: sharing!.memory } : sharing ? { threads: sharing } : {}),
      state: state?.process,
      services: {
        streams: { input: (into) => this.read(into), output: (fd, bytes) => this.output.write(fd, bytes) },
        files: files === true ? needs(host.files, "file system") : files || undefined,
        clock: sharing ? sharing.clock : clock === true ? host.clock : clock || undefined,
        entropy: settings.entropy ? (into) => host.entropy(into) : undefined,
        process: settings.process ? needs(host.process, "process") : undefined,
        environment: Object.entries(settings.environment ?? {}).map(([name, value]) =>
          encoder.encode(`${name}=${value}`),
        ),
        compile: host.compile,
        // The tokens of a line are all there at once, and the runtime makes objects of them.
        tokenize: (lines, position, skip, flags) =>
          host.tokenize(lines, position, skip, flags, compilerMemory(settings.memoryLimit) / 2),
        library: host.library(),
        table: this.table,
        ...sharing?.services,
        embedder: {
          wanted: () => this.wanted(),
          patience: () => this.patience(),
          callFunction: (number, argv, count, names) => this.callFunction(number, argv, count, names),
          dropFunction: (number) => {
            this.functions.drop(number);
            this.onDrop?.(number);
            return 0;
          },
        },
      },
    });
    this.runtime = this.process.inner;
    this.reader = new ValueReader(this.process.view, (address, type) => this.hold(address, type), settings.valueLimit);
    if (state === undefined) return;
    this.functions.restore(state.functions, (number, name) =>
      given instanceof Functions ? given.get(number)! : (given[name] ?? missing(name)),
    );
    this.letGo = state.held;
    this.enter({}, () => {});
  }

  /** What is needed to go on from here in another process. */
  state(): CoreState {
    this.alive();
    if (this.entries > 0) throw new InterpreterError("a running interpreter cannot be copied");
    if (this.words()[NEWEST_THREAD] !== roots.vm.main_thread[0])
      throw new InterpreterError("an interpreter whose program has threads cannot be copied");
    const held = [...this.held].flatMap(([address, count]) => new Array<number>(count).fill(address));
    return { process: this.process.state(), functions: this.functions.list(), held: [...held, ...this.letGo] };
  }

  /** Another of the same state. */
  copy(): Core {
    return new Core(this.settings, this.state(), this.functions);
  }

  // Entering.

  alive(): void {
    if (this.ended === "disposed") throw new InterpreterError("the interpreter was disposed of");
    if (this.ended) throw new InterpreterError("the interpreter has failed, and cannot be used any more");
  }

  /**
   * Enters the process for `act`, which calls the runtime. What it throws is thrown; what callbacks of the embedder's have
   * thrown meanwhile goes before.
   */
  private enter<T>({ timeLimit }: { timeLimit?: number | undefined }, act: () => T): T {
    this.alive();
    if (this.entries !== this.calls) {
      throw new InterpreterError(
        "the interpreter is at a service of the host: it can be used again once that has returned",
      );
    }
    const outer = this.time;
    const limit = timeLimit ?? this.settings.timeLimit;
    if (limit !== undefined) {
      const end = theHost().now() + limit;
      if (end < outer.end) this.time = { end, limit, told: false };
    }
    this.watch();
    // What another thread wanted of a program that was over before: who has a worker knows when his runs.
    if (this.entries === 0 && this.settings.shared && !this.settings.sharing) this.forgetRequest(this.words());
    let result: T | undefined;
    let failure: { error: unknown } | undefined;
    try {
      result = this.counted(outer, act);
    } catch (error) {
      failure = { error: this.failed(error) };
    }
    if (this.ended !== "broken") this.unwatch();
    if (this.entries === 0) this.throwOutput(failure?.error);
    if (failure) throw failure.error;
    return result as T;
  }

  /** Throws what the output has met with since the last call, where it has met with anything. */
  private throwOutput(failure: unknown): void {
    const thrown = this.output.takeThrown();
    if (thrown) throw thrown.error;
    if (!this.output.takeExceeded()) return;
    const trace = failure instanceof PythonError ? failure.traceback : undefined;
    throw new LimitError(
      "output",
      "OSError",
      `the program has written more than ${this.settings.outputLimit} bytes`,
      trace,
    );
  }

  /** An entry is counted for as long as it lasts; its end calls nothing, as there may be no stack left to call on. */
  private counted<T>(outer: Core["time"], act: () => T): T {
    if (this.settings.sharing && this.entries === 0) this.rest(false);
    this.entries++;
    try {
      return this.process.enter(() => {
        if (this.letGo.length > 0) this.dropLetGo();
        try {
          return act();
        } finally {
          if (this.entries === 1) this.runtime.flushStreams();
          if (this.letGo.length > 0) this.dropLetGo();
        }
      });
    } finally {
      this.entries--;
      this.time = outer;
      if (this.settings.sharing && this.entries === 0) this.rest(true);
    }
  }

  /** Notes whether anything is done, for threads that want the lock: as long as nothing is, they seldom ask for it. */
  private rest(rests: boolean): void {
    const words = this.words();
    Atomics.store(words, GIL_RESTS, rests ? 1 : 0);
    if (!rests) Atomics.notify(words, GIL_LOCKED);
  }

  /** What an entry throws for what has been thrown in it. */
  private failed(error: unknown): unknown {
    // The caller has used up the stack; nothing has run.
    if (error instanceof StackError) return new PythonError("RecursionError", RECURSION);
    if (error instanceof WebAssembly.RuntimeError) {
      this.ended = "broken";
      return new InterpreterError(`the interpreter has failed: ${error.message}`, { cause: error });
    }
    return error;
  }

  /** The words of the memory as it is now. */
  private words(): Int32Array {
    return this.process.view.renew().i32;
  }

  /** Has the runtime ask what is wanted, as long as there is something that may be. */
  private watch(): void {
    const memory = this.words();
    const limited = this.time.end !== Number.POSITIVE_INFINITY;
    memory[HOST_WATCH] = limited ? 1 : 0;
    if (!limited) return;
    this.asked = theHost().now();
    this.pace = PACE_FIRST;
    memory[TICKS] = PACE_FIRST;
  }

  /** Takes back what was wanted of an entry that is over. */
  private unwatch(): void {
    this.watch();
    const memory = this.words();
    if (this.entries > 0 && !memory[STOPPING]) return;
    memory[STOPPING] = 0;
    this.forgetRequest(memory);
    // The outer entry is told again, if its own time is over.
    this.time.told = false;
  }

  private forgetRequest(memory: Int32Array): void {
    if (memory[HOST_REQUEST] === hostRequest.HOST_REQUEST_NONE && !(memory[BREAKER]! & breaker._PY_HOST_REQUEST_BIT))
      return;
    Atomics.store(memory, HOST_REQUEST, hostRequest.HOST_REQUEST_NONE);
    Atomics.and(memory, BREAKER, ~breaker._PY_HOST_REQUEST_BIT);
  }

  /** How many seconds may pass until somebody may want something of the program. */
  private patience(): number {
    const left = Math.max(this.time.end - theHost().now(), PATIENCE_LEAST);
    return (this.settings.shared ? Math.min(left, PATIENCE_SHARED) : left) / 1000;
  }

  private wanted(): number {
    const now = theHost().now();
    const took = now - this.asked;
    this.asked = now;
    this.pace = took <= PACE_TIME ? Math.min(2 * this.pace, PACE_MOST) : Math.max(1, (this.pace * PACE_TIME) / took);
    this.words()[TICKS] = this.pace;
    const over = now - this.time.end;
    if (over < 0) return hostRequest.HOST_REQUEST_NONE;
    if (over > GRACE) return hostRequest.HOST_REQUEST_STOP;
    if (this.time.told) return hostRequest.HOST_REQUEST_NONE;
    this.time.told = true;
    // Who watches the time from outside may have been the first.
    if (this.settings.sharing?.calls.tell() === false) return hostRequest.HOST_REQUEST_NONE;
    return hostRequest.HOST_REQUEST_TIMEOUT;
  }

  /** Raises KeyboardInterrupt in the program, where it runs. */
  interrupt(): void {
    if (this.entries > 0) request(this.process.memory.buffer, hostRequest.HOST_REQUEST_INTERRUPT);
  }

  private read(into: Uint8Array): number {
    const { sharing } = this.settings;
    if (sharing) return sharing.read(into);
    const n = Math.min(into.length, this.input.length);
    into.set(this.input.subarray(0, n));
    this.input = this.input.subarray(n);
    return n;
  }

  // References.

  /** An object for what has no form in JavaScript; the reference is its own. */
  private hold(address: number, type: number): PythonObject {
    const { view } = this.process;
    if (type === staticTypes.PyHostFunction_Type) {
      // The function itself comes back.
      const number = view.word(address + structs.PyHostFunctionObject.number[0]);
      const fn = this.functionOf(number);
      if (fn) return (this.settings.mark?.(number) ?? fn) as PythonObject;
    }
    this.runtime.retain(address);
    const methods = view.word(type + structs.PyTypeObject.tp_as_async[0]);
    const awaitable = methods !== 0 && view.word(methods + structs.PyAsyncMethods.am_await[0]) !== 0;
    return this.adoptObject(address, typeName(view, type), awaitable);
  }

  private functionOf(number: number): HostFunction | undefined {
    return this.functions.get(number) ?? this.settings.find?.(number);
  }

  /** An object for a reference that another thread has given away. */
  adoptObject(address: number, type: string, awaitable: boolean): PythonObject {
    this.held.set(address, (this.held.get(address) ?? 0) + 1);
    const object = new (awaitable ? PythonAwaitable : PythonObject)(this, address, type);
    this.finalized.register(object, address, object);
    return object;
  }

  /** Leaves the reference of an object to another thread. */
  giveAway(object: PythonObject): void {
    this.finalized.unregister(object);
    this.held.delete(object.address);
  }

  isHeld(address: number): boolean {
    return this.held.has(address);
  }

  /** Gives a reference back, now or when the process is not at work. */
  release(address: number, object?: PythonObject): void {
    if (object) this.finalized.unregister(object);
    const count = this.held.get(address);
    if (count === undefined) return;
    if (count > 1) this.held.set(address, count - 1);
    else this.held.delete(address);
    this.letGo.push(address);
    if (this.ended || this.entries > 0 || this.letGo.length > 1) return;
    // By itself only where nobody else does it soon.
    queueMicrotask(() => {
      if (!this.ended && this.entries === 0 && this.letGo.length > 0) this.enter({}, () => {});
    });
  }

  private dropLetGo(): void {
    for (let address = this.letGo.pop(); address !== undefined; address = this.letGo.pop())
      this.runtime.release(address);
  }

  private addressOf(value: object): number | undefined {
    if (!(value instanceof PythonObject)) return undefined;
    return value.addressIn(this);
  }

  // Values.

  /** A new reference to the value; 0 with an exception of Python's. Throws TypeError. */
  private give(value: unknown, name?: string): number {
    switch (typeof value) {
      case "number":
        return this.runtime.newNumber(value);
      case "boolean":
        return this.runtime.newConstant(value ? build.BUILD_TRUE : build.BUILD_FALSE);
      case "undefined":
        return this.runtime.newConstant(build.BUILD_NONE);
      case "string":
        return this.text(value);
    }
    if (value === null) return this.runtime.newConstant(build.BUILD_NONE);
    const address = this.others.address(value as object);
    if (address !== undefined) {
      this.runtime.retain(address);
      return address;
    }
    const put = (bytes: Uint8Array) => this.withBytes(bytes, (p, n) => this.runtime.buildValue(p, n));
    return value instanceof EncodedValue ? put(value.bytes) : withValue(value, this.others, name, put);
  }

  /** A new reference to a str; 0 with an exception. */
  private text(text: string): number {
    return this.withBytes(utf16(text), (p) => this.runtime.newText(p, text.length));
  }

  /** Throws MemoryError where there is no room. */
  private withText<T>(text: string, use: (p: number, n: number) => T): T {
    const result = this.process.withText(text, use);
    if (result === undefined) throw new PythonError("MemoryError");
    return result;
  }

  /** Throws MemoryError where there is no room. */
  private withBytes<T>(bytes: Uint8Array, use: (p: number, n: number) => T): T {
    const result = this.process.withBytes(bytes, use);
    if (result === undefined) throw new PythonError("MemoryError");
    return result;
  }

  /** The value of a reference, which is given back. Throws what the program has raised where that is 0. */
  private take(reference: number): PythonValue {
    if (reference === 0) throw this.exception();
    try {
      return this.reader.read(reference);
    } finally {
      this.runtime.release(reference);
    }
  }

  /** Uses a reference to a value, and gives it back. */
  private having<T>(value: unknown, use: (reference: number) => T, name?: string): T {
    const reference = this.give(value, name);
    if (reference === 0) throw this.exception();
    try {
      return use(reference);
    } finally {
      this.runtime.release(reference);
    }
  }

  /** The exception that is set, taken. */
  private exception(): PythonError {
    const { time } = this;
    const stopped = this.words()[STOPPING] !== 0;
    const failure = this.runtime.takeException();
    if (failure === 0) return stopped ? overtime(time.limit) : new PythonError("MemoryError");
    const plain = new ValueReader<never>(this.process.view, () => null as never, Number.POSITIVE_INFINITY);
    const [type, message, traceback, thrown] = plain.read(failure) as [string, string, string, number | null];
    this.runtime.release(failure);
    const told = time.told || this.settings.sharing?.calls.wasTold();
    if (stopped || (told && type === "TimeoutError")) return overtime(time.limit, traceback);
    const cause = thrown === null ? {} : { cause: this.errors.get(thrown) };
    return new PythonError(type, message, traceback, cause);
  }

  // What can be asked for.

  run(
    source: string,
    filename: string,
    mode: "exec" | "eval",
    options: { timeLimit?: number | undefined },
  ): PythonValue {
    return this.enter(options, () => this.take(this.runSource(source, filename, mode)));
  }

  /** A new reference; 0 with an exception. */
  private runSource(source: string, filename: string, mode: "exec" | "eval"): number {
    return this.withText(source, (p, n) =>
      this.withText(filename, (q, m) => this.runtime.runSource(p, n, q, m, mode === "eval" ? 1 : 0, 1)),
    );
  }

  setGlobal(name: string, value: unknown): void {
    this.enter({}, () =>
      this.having(name, (key) =>
        this.having(
          value,
          (v) => {
            if (this.runtime.setItem(this.runtime.mainDict(), key, v) < 0) throw this.exception();
          },
          name,
        ),
      ),
    );
  }

  getGlobal(name: string): PythonValue {
    return this.enter({}, () =>
      this.having(name, (key) => this.take(this.runtime.getItem(this.runtime.mainDict(), key))),
    );
  }

  call(object: PythonObject, args: readonly unknown[], options: { timeLimit?: number | undefined } = {}): PythonValue {
    return this.enter(options, () => {
      const callable = object.addressIn(this);
      // What reads other values may let go of the object.
      return this.areSmall(args) ? this.applySmall(callable, args) : this.having(object, (c) => this.applyAny(c, args));
    });
  }

  /** Whether arguments have been written where callWords reads them. Those of a caller in another thread are one list, encoded. */
  private areSmall(args: readonly unknown[]): boolean {
    return Array.isArray(args) && this.writeArguments(args);
  }

  private applySmall(callable: number, args: readonly unknown[]): PythonValue {
    return this.take(this.runtime.callWords(callable, args.length));
  }

  private applyAny(callable: number, args: readonly unknown[]): PythonValue {
    return this.having(args, (list) => this.take(this.runtime.callObject(callable, list)));
  }

  /**
   * Writes arguments where callWords of the runtime reads them, if each is small. Nothing but objects of ours is asked, so that
   * nobody else writes meanwhile.
   */
  private writeArguments(args: readonly unknown[]): boolean {
    const memory = this.words();
    let at = CALL_WORDS;
    for (const value of args) {
      // A number, the largest that has a length of its own, takes three words.
      if (at + 3 > CALL_WORDS_END) return false;
      switch (typeof value) {
        case "number":
          if ((value | 0) === value && !Object.is(value, -0)) {
            memory[at++] = build.BUILD_INT;
            memory[at++] = value;
          } else {
            float[0] = value;
            memory[at++] = build.BUILD_FLOAT;
            memory[at++] = halves[0]!;
            memory[at++] = halves[1]!;
          }
          break;
        case "boolean":
          memory[at++] = value ? build.BUILD_TRUE : build.BUILD_FALSE;
          break;
        case "undefined":
          memory[at++] = build.BUILD_NONE;
          break;
        case "string": {
          const n = value.length;
          if (at + 2 + ((n + 1) >> 1) > CALL_WORDS_END) return false;
          memory[at++] = build.BUILD_TEXT;
          memory[at++] = n;
          for (let i = 0; i < n; i += 2) memory[at++] = value.charCodeAt(i) | (value.charCodeAt(i + 1) << 16);
          break;
        }
        case "object":
          if (value === null) memory[at++] = build.BUILD_NONE;
          else if (value instanceof PythonObject) {
            memory[at++] = build.BUILD_OBJECT;
            memory[at++] = value.addressIn(this);
          } else return false;
          break;
        default:
          return false;
      }
    }
    return true;
  }

  /** What calling a reference gives, which is given back. Throws what the program has raised where that is 0. */
  private applyOnce(callable: number, args: readonly unknown[]): PythonValue {
    if (callable === 0) throw this.exception();
    try {
      return this.areSmall(args) ? this.applySmall(callable, args) : this.applyAny(callable, args);
    } finally {
      this.runtime.release(callable);
    }
  }

  /** Calls what an expression is in __main__, mostly a name. */
  callName(expression: string, args: readonly unknown[]): PythonValue {
    return this.enter({}, () =>
      this.having(expression, (key) => {
        let callable = this.runtime.getItem(this.runtime.mainDict(), key);
        if (callable === 0) {
          const failure = this.runtime.takeException();
          if (failure !== 0) this.runtime.release(failure);
          callable = this.runSource(expression, "<string>", "eval");
        }
        return this.applyOnce(callable, args);
      }),
    );
  }

  /** A function whose number has come from elsewhere. */
  adopt(number: number, fn: HostFunction, name: string): void {
    this.functions.adopt(number, fn, name);
  }

  getAttribute(object: PythonObject, name: string): PythonValue {
    return this.enter({}, () =>
      this.having(object, (o) => this.having(name, (n) => this.take(this.runtime.getAttribute(o, n)))),
    );
  }

  /** Calls a method. */
  callMethod(object: PythonObject, name: string, args: readonly unknown[]): PythonValue {
    return this.enter({}, () =>
      this.having(object, (o) => this.having(name, (n) => this.applyOnce(this.runtime.getAttribute(o, n), args))),
    );
  }

  setAttribute(object: PythonObject, name: string, value: unknown): void {
    this.enter({}, () =>
      this.having(object, (o) =>
        this.having(name, (n) =>
          this.having(value, (v) => {
            if (this.runtime.setAttribute(o, n, v) < 0) throw this.exception();
          }),
        ),
      ),
    );
  }

  getItem(object: PythonObject, key: unknown): PythonValue {
    return this.enter({}, () =>
      this.having(object, (o) => this.having(key, (k) => this.take(this.runtime.getItem(o, k)))),
    );
  }

  setItem(object: PythonObject, key: unknown, value: unknown): void {
    this.enter({}, () =>
      this.having(object, (o) =>
        this.having(key, (k) =>
          this.having(value, (v) => {
            if (this.runtime.setItem(o, k, v) < 0) throw this.exception();
          }),
        ),
      ),
    );
  }

  size(object: PythonObject): number {
    return this.enter({}, () =>
      this.having(object, (o) => {
        const n = this.runtime.sizeOf(o);
        if (n < 0) throw this.exception();
        return n;
      }),
    );
  }

  /** An iterator over the object. */
  iterate(object: PythonObject): PythonObject {
    return this.enter({}, () =>
      this.having(object, (o) => {
        const iterator = this.runtime.iterate(o);
        if (iterator === 0) throw this.exception();
        const type = this.process.view.renew().word(iterator + structs.PyObject.ob_type[0]);
        const held = this.hold(iterator, type);
        this.runtime.release(iterator);
        return held;
      }),
    );
  }

  /** The next item of an iterator; undefined at its end. */
  next(iterator: PythonObject): { value: PythonValue } | undefined {
    return this.enter({}, () =>
      this.having(iterator, (it) => {
        const item = this.runtime.nextItem(it);
        if (item === 0 && this.runtime.hasFailed() === 0) return undefined;
        return { value: this.take(item) };
      }),
    );
  }

  awaited(object: PythonObject): PythonValue {
    return this.enter({}, () => this.having(object, (o) => this.take(this.runtime.awaitObject(o))));
  }

  /** What repr() says. */
  repr(object: PythonObject): string {
    return this.enter({}, () =>
      this.having(object, (o) => {
        const text = this.runtime.reprOf(o);
        return text === 0 ? `<${object.typeName} object at 0x${o.toString(16)}>` : (this.take(text) as string);
      }),
    );
  }

  /** The memory, for somebody who may keep it. */
  memory(): WebAssembly.Memory {
    if (!this.shown) this.alive();
    this.shown = true;
    return this.process.memory;
  }

  /** What keeps memory, as HTML. */
  page(): string {
    return heapPage(this.process.memory.buffer);
  }

  /** Ends the process: how many blocks are left over. */
  dispose(): number {
    if (this.ended) return 0;
    if (this.entries > 0) throw new InterpreterError("the interpreter cannot be disposed of while it runs");
    for (const [address, count] of this.held) for (let i = 0; i < count; i++) this.letGo.push(address);
    this.held.clear();
    try {
      this.enter({}, () => {
        this.dropLetGo();
        this.runtime.flushStreams();
        this.runtime.finalize();
        // There are no streams any more.
        this.entries++;
      });
    } finally {
      this.entries = 0;
      this.ended ??= "disposed";
    }
    const left = this.runtime.getallocatedblocks();
    if (this.table) theHost().closeFiles?.(takeHostFiles(this.table));
    if (this.ended === "disposed" && !this.shown) this.process.leave();
    return left;
  }

  // Threads.

  /** Runs a thread of the program from its start to its end, by the address of its state. */
  runThread(thread: number, levels: number): void {
    this.settings.sharing!.channels.thread = thread;
    this.entries++;
    try {
      this.process.inner.runThread(thread, levels);
    } finally {
      this.entries--;
    }
  }

  /** Waits outside, in a call from the program, while other threads run. */
  unlocked<T>(wait: () => T): T {
    this.runtime.dropGil();
    try {
      return wait();
    } finally {
      this.runtime.retakeGil();
    }
  }

  // Calls from the program.

  /** The call callFunction of spec/syscalls.txt. */
  private callFunction(number: number, argv: number, count: number, names: number): number {
    const { view } = this.process;
    try {
      const fn = this.functionOf(number);
      if (fn === undefined) throw new PythonError("RuntimeError", "the host does not have the function any more");
      view.renew();
      const keywordCount = names === 0 ? 0 : view.word(names + structs.PyVarObject.ob_size[0]);
      const given: number[] = [];
      for (let i = 0; i < count + keywordCount; i++) given.push(view.word(argv + 8 * i));
      const args: unknown[] = this.reader.readAll(given);
      if (names !== 0) {
        const keywords: Record<string, unknown> = {};
        for (const [i, value] of args.splice(count).entries()) {
          const name = this.reader.read(view.word(names + structs.PyTupleObject.ob_item[0] + 8 * i)) as string;
          Object.defineProperty(keywords, name, { value, enumerable: true, configurable: true, writable: true });
        }
        args.push(keywords);
      }
      this.calls++;
      let result: unknown;
      try {
        result = (fn as (...args: unknown[]) => unknown)(...args);
      } finally {
        this.calls--;
      }
      return this.give(result);
    } catch (error) {
      if (this.ended) throw error;
      this.raise(error);
      return 0;
    }
  }

  /** Raises what JavaScript code has thrown. */
  private raise(error: unknown): void {
    const [type, message] = describe(error);
    const number = this.errors.keep(error);
    const known = error instanceof PythonError && type.includes(".") ? `${type}: ${message}` : message;
    this.process.withBytes(utf16(type), (p) =>
      this.process.withBytes(utf16(known), (q) => this.runtime.raiseError(p, type.length, q, known.length, number)),
    );
  }
}

function utf16(text: string): Uint8Array {
  const units = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
  return new Uint8Array(units.buffer);
}

function overtime(limit: number, traceback?: string): LimitError {
  return new LimitError("time", "TimeoutError", `the program has run for more than ${limit} ms`, traceback);
}
