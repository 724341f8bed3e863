/**
 * An interpreter in a worker of its own, from outside. Calls are made one after the other, in the order in which they are
 * asked for. What does not end in time is interrupted, and where that does not help the worker is terminated, which always
 * does, and gives back all that the interpreter had.
 */
import { hostRequest } from "../generated/constants.ts";
import { takeHostFiles } from "../kernel/descriptors.ts";
import { encodeValue, type Others } from "../process/build.ts";
import { InterpreterError, LimitError, PythonError } from "../process/errors.ts";
import type { Value } from "../process/values.ts";
import { isAwaitable, Promises, WRAPPER } from "./awaitable.ts";
import { describe, GRACE, request, takeBack } from "./core.ts";
import { Functions, missing, Thrown } from "./functions.ts";
import { type HostWorker, theHost } from "./host.ts";
import { checkOptions, type HostFunction, type InterpreterOptions, type RunOptions, runOptions } from "./options.ts";
import { isPromise } from "./output.ts";
import {
  type Answer,
  type Encoded,
  type ErrorMark,
  encodeAnswer,
  type FromWorker,
  type FunctionMark,
  newChannel,
  type ObjectMark,
  type OutputMessage,
  type Request,
  Sender,
} from "./protocol.ts";
import type { Start, Started } from "./served.ts";
import { Calls, type Common, type ThreadStart } from "./threads.ts";

/** How long a program whose time is over may take to come to a place where it can be ended, in milliseconds. */
const GRACE_WORKER = 400;

export type RemoteValue = Value<RemoteObject>;

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  timeLimit: number | undefined;
}

/** What callbacks for output have come to since the last answer: what the first has thrown, and when all are done. */
interface Said {
  thrown?: { error: unknown };
  done?: Promise<unknown>;
}

/** A Python object in a worker. Its methods do what those of PythonObject do. */
export class RemoteObject {
  readonly #owner: RemoteInterpreter;
  #released = false;

  /** @internal */
  constructor(
    owner: RemoteInterpreter,
    readonly address: number,
    readonly typeName: string,
  ) {
    this.#owner = owner;
  }

  /** @internal */
  addressIn(owner: RemoteInterpreter): number {
    if (this.#released) throw new InterpreterError(`the ${this.typeName} object was released`);
    if (owner !== this.#owner) throw new InterpreterError(`the ${this.typeName} object is another interpreter's`);
    return this.address;
  }

  protected ask(operation: string, ...args: unknown[]): Promise<unknown> {
    this.addressIn(this.#owner);
    return this.#owner.ask(operation, this.address, ...args);
  }

  private encode(value: unknown): Encoded {
    return this.#owner.encode(value);
  }

  get(name: string): Promise<RemoteValue> {
    return this.ask("getAttribute", name) as Promise<RemoteValue>;
  }

  async set(name: string, value: unknown): Promise<void> {
    await this.ask("setAttribute", name, this.encode(value));
  }

  item(key: unknown): Promise<RemoteValue> {
    return this.ask("getItem", this.encode(key)) as Promise<RemoteValue>;
  }

  async setItem(key: unknown, value: unknown): Promise<void> {
    await this.ask("setItem", this.encode(key), this.encode(value));
  }

  size(): Promise<number> {
    return this.ask("size") as Promise<number>;
  }

  call(...args: readonly unknown[]): Promise<RemoteValue> {
    return this.ask("call", this.encode(args)) as Promise<RemoteValue>;
  }

  callMethod(name: string, ...args: readonly unknown[]): Promise<RemoteValue> {
    return this.ask("callMethod", name, this.encode(args)) as Promise<RemoteValue>;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RemoteValue, void, undefined> {
    const iterator = (await this.ask("iterate")) as RemoteObject;
    try {
      for (;;) {
        const next = (await iterator.ask("next")) as { value: RemoteValue } | undefined;
        if (next === undefined) return;
        yield next.value;
      }
    } finally {
      iterator.release();
    }
  }

  /** What repr() says of it. */
  repr(): Promise<string> {
    return this.ask("repr") as Promise<string>;
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#owner.release(this.address, this);
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

/** A coroutine, or what else can be awaited. */
export class RemoteAwaitable extends RemoteObject {
  // biome-ignore lint/suspicious/noThenProperty: that is what awaiting needs
  then<A = RemoteValue, B = never>(
    fulfilled?: ((value: RemoteValue) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return (this.ask("awaited") as Promise<RemoteValue>).then(fulfilled, rejected);
  }
}

export interface StartOptions extends InterpreterOptions {
  /** What the interpreter goes on from: see Interpreter.snapshot(). */
  snapshot?: Uint8Array;
}

/** Services of the embedder's own are objects, which no worker can have. */
function checkRemote(options: InterpreterOptions): void {
  for (const name of ["files", "clock"] as const) {
    if (typeof options[name] === "object")
      throw new TypeError(`${name} can be true or false where the interpreter is in a worker`);
  }
}

export class RemoteInterpreter {
  #worker: HostWorker;
  /** What every worker is told of the host. */
  #given: unknown;
  /** The workers of threads. */
  #threads: HostWorker[] = [];
  /** What the program's threads share, the memory among it, where that can be shared. */
  #common: Common | undefined;
  #calls: Calls | undefined;
  /** The number of the piece of output that comes next, and those that have come too early. */
  #said = 0;
  #early = new Map<number, () => void>();
  /** What the interpreter's worker has said that has to wait for output. */
  #waiting: FromWorker[] = [];
  #pending = new Map<number, Pending>();
  #next = 1;
  #ended: Error | undefined;
  #sender: Sender | undefined;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #running: number | undefined;
  /** Lets the program go on without the answer of the function that it waits for, which is what is thrown instead. */
  #abandon: ((error: PythonError) => void) | undefined;
  /** Whether the program that runs has been told to end, and waits for nobody. */
  #over = false;
  #collected: string[] = [];
  #options: InterpreterOptions;
  #functions = new Functions();
  #errors = new Thrown();
  #come: Said = {};
  #finalized = new FinalizationRegistry<number>((address) => this.release(address));

  private constructor(worker: HostWorker, given: unknown, options: InterpreterOptions) {
    this.#worker = worker;
    this.#given = given;
    this.#options = options;
    worker.onMessage((message) => this.#receive(message as FromWorker));
    worker.onError((error) => this.#end(new InterpreterError(`the worker has failed: ${error.message}`)));
  }

  /** @internal */
  static async start({ snapshot, ...options }: StartOptions): Promise<RemoteInterpreter> {
    checkOptions(options);
    checkRemote(options);
    const host = theHost();
    const given = await host.forWorker();
    const shares = host.shares();
    const { stdout, stderr, functions = {}, ...rest } = options;
    const remote = new RemoteInterpreter(host.startWorker(), given, options);
    const channel = shares ? newChannel() : undefined;
    if (channel) remote.#sender = new Sender(channel);
    remote.#worker.post({ host: given });
    const start: Start = {
      options: { ...rest, shared: shares },
      snapshot,
      channel,
      streams: { stdout: stdout !== undefined, stderr: stderr !== undefined },
    };
    try {
      const started = (await remote.ask("start", start)) as Started;
      remote.#common = started.common;
      remote.#calls = started.common && new Calls(started.common.state);
      await remote.#provide(functions, started.functions);
    } catch (error) {
      remote.#end(new InterpreterError("the interpreter has not started"));
      throw error;
    }
    return remote;
  }

  /** Gives the program its functions: those of a snapshot anew, by their names, and what it does not have yet. */
  async #provide(functions: Record<string, HostFunction>, known: Started["functions"]): Promise<void> {
    const begun = Object.entries(functions).filter(([, fn]) => isAwaitable(fn));
    const promises = new Promises();
    const all = new Map<string, HostFunction>(Object.entries(functions));
    for (const [name, fn] of begun) all.set(`${name}.begin`, promises.beginning(fn));
    for (const [name, fn] of Object.entries(promises.functions)) all.set(name, fn);
    this.#functions.restore(known, (_, name) => all.get(name) ?? missing(name));
    const names = new Set(known.map(([, , name]) => name));
    let wrap: RemoteObject | undefined;
    for (const [name, fn] of Object.entries(functions)) {
      if (!isAwaitable(fn)) {
        if (!names.has(name)) await this.set(name, fn);
        continue;
      }
      if (names.has(`${name}.begin`)) continue;
      if (wrap === undefined) {
        const wrapper = (await this.evaluate(WRAPPER)) as RemoteObject;
        wrap = (await wrapper.call(...Object.values(promises.functions))) as RemoteObject;
        wrapper.release();
      }
      const made = (await wrap.call(all.get(`${name}.begin`), name)) as RemoteObject;
      await this.set(name, made);
      made.release();
    }
    wrap?.release();
  }

  /** What the program printed where no callback took it. */
  get output(): string {
    return this.#collected.join("");
  }

  /** The same, which is forgotten; it does not count towards the limit any more. */
  takeOutput(): string {
    const { output } = this;
    this.#collected = [];
    this.#tell("takeOutput");
    return output;
  }

  /** @internal Whether it was ended, so that nothing can be asked of it. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** Runs statements in __main__. */
  async run(source: string, options?: RunOptions | string): Promise<void> {
    const { filename = "<string>", timeLimit } = runOptions(options);
    await this.#ask("run", timeLimit, source, filename, timeLimit);
  }

  /** Evaluates an expression in __main__. */
  evaluate(source: string, options?: RunOptions | string): Promise<RemoteValue> {
    const { filename = "<string>", timeLimit } = runOptions(options);
    return this.#ask("evaluate", timeLimit, source, filename, timeLimit) as Promise<RemoteValue>;
  }

  async set(name: string, value: unknown): Promise<void> {
    await this.ask("set", name, this.encode(value, name));
  }

  get(name: string): Promise<RemoteValue> {
    return this.ask("get", name) as Promise<RemoteValue>;
  }

  /** Calls an object of the program, or what __main__ has under a name. */
  call(callable: RemoteObject | string, ...args: readonly unknown[]): Promise<RemoteValue> {
    if (callable instanceof RemoteObject) return callable.call(...args);
    return this.ask("callName", callable, this.encode(args)) as Promise<RemoteValue>;
  }

  /** Raises KeyboardInterrupt in the program that runs. Without memory that can be shared this is stop(). */
  interrupt(): void {
    if (this.#running === undefined) return;
    if (!this.#common) this.stop();
    else if (this.#abandon) this.#abandon(new PythonError("KeyboardInterrupt"));
    else request(this.#common.memory.buffer, hostRequest.HOST_REQUEST_INTERRUPT);
  }

  /** Ends the interpreter at once, whatever it is at. What was asked for fails. */
  stop(): void {
    this.#end(new InterpreterError("the interpreter was stopped"));
  }

  /** The whole process as bytes: see Interpreter.snapshot(). */
  snapshot(): Promise<Uint8Array> {
    return this.ask("snapshot") as Promise<Uint8Array>;
  }

  /** What keeps memory, as a page that stands by itself: HTML. */
  page(): Promise<string> {
    return this.ask("page") as Promise<string>;
  }

  /** Ends the interpreter when it has done what it was asked for. How many blocks were left over, which should be none. */
  async dispose(): Promise<number> {
    if (this.#ended) return 0;
    try {
      return (await this.ask("dispose")) as number;
    } finally {
      this.#end(new InterpreterError("the interpreter was disposed of"));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  /** @internal */
  ask(operation: string, ...args: unknown[]): Promise<unknown> {
    return this.#ask(operation, undefined, ...args);
  }

  #ask(operation: string, timeLimit: number | undefined, ...args: unknown[]): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, timeLimit: timeLimit ?? this.#options.timeLimit });
      this.#worker.hold(true);
      this.#worker.post({ id, operation, args } satisfies Request);
    });
  }

  /** @internal */
  release(address: number, object?: RemoteObject): void {
    if (object) this.#finalized.unregister(object);
    this.#tell("release", address);
  }

  /** Says something to which there is no answer. */
  #tell(operation: string, ...args: unknown[]): void {
    if (!this.#ended) this.#worker.post({ id: 0, operation, args } satisfies Request);
  }

  /** @internal */
  encode(value: unknown, name?: string): Encoded {
    const functions: [number, string][] = [];
    const others: Others = {
      address: (v) => (v instanceof RemoteObject ? v.addressIn(this) : undefined),
      number: (fn, called) => {
        const number = this.#functions.use(fn, called);
        functions.push([number, called]);
        return number;
      },
    };
    return { bytes: encodeValue(value, others, name), functions };
  }

  /** Something comes from the interpreter's worker: what was printed before is dealt with before. */
  #receive(message: FromWorker): void {
    if (this.#ended) return;
    if ("output" in message) this.#inOrder(message, this.#sender);
    else {
      this.#waiting.push(message);
      this.#goOn();
    }
  }

  #goOn(): void {
    for (let message = this.#waiting[0]; message && !this.#ended; message = this.#waiting[0]) {
      if ("said" in message && message.said !== this.#said) return;
      this.#waiting.shift();
      if ("begun" in message) this.#begun(message.begun);
      else if ("id" in message) this.#settle(message);
      else this.#serve(message, this.#sender, false);
    }
  }

  /** Serves what any worker asks for. */
  #serve(message: FromWorker, sender: Sender | undefined, isThread: boolean): void {
    if ("call" in message) void this.#call(message, sender!, isThread);
    else if ("more" in message) sender?.more();
    else if ("dropped" in message) this.#functions.drop(message.dropped);
    else if ("thread" in message) this.#startThread(message.thread);
    else if ("failed" in message)
      this.#end(new InterpreterError(`the interpreter has failed in a thread: ${message.failed}`));
  }

  /** Starts the worker of a thread. */
  #startThread(place: number): void {
    const { stdout, stderr, functions, stdin, ...options } = this.#options;
    const channel = newChannel();
    const sender = new Sender(channel);
    const worker = theHost().startWorker();
    this.#threads.push(worker);
    worker.onMessage((message) => {
      if (this.#ended) return;
      if ("output" in (message as FromWorker)) this.#inOrder(message as OutputMessage, sender);
      else this.#serve(message as FromWorker, sender, true);
    });
    worker.onError((error) => this.#end(new InterpreterError(`the worker of a thread has failed: ${error.message}`)));
    const thread: ThreadStart = { options: { ...options, shared: true }, common: this.#common!, place, channel };
    worker.post({ host: this.#given, thread });
  }

  #begun(id: number): void {
    this.#running = id;
    const limit = this.#pending.get(id)?.timeLimit;
    if (limit === undefined) return;
    const at = (time: number, act: () => void) => this.#timers.push(setTimeout(act, time));
    const common = this.#common;
    if (common) {
      // The worker looks at its clock itself, but not where it waits for a thread.
      const calls = this.#calls!;
      const tell = (what: number) => request(common.memory.buffer, what);
      at(limit, () => {
        if (!calls.tell(id)) return;
        if (this.#abandon) this.#abandon(new PythonError("TimeoutError"));
        else tell(hostRequest.HOST_REQUEST_TIMEOUT);
      });
      at(limit + GRACE, () => {
        if (!calls.wasTold(id)) return;
        this.#over = true;
        tell(hostRequest.HOST_REQUEST_STOP);
        this.#abandon?.(new PythonError("TimeoutError"));
      });
    }
    at(limit + GRACE + GRACE_WORKER, () => {
      const message = `the program has run for more than ${limit} ms, and the worker was terminated`;
      this.#end(new LimitError("time", "TimeoutError", message));
    });
  }

  #clearTimers(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
    this.#over = false;
  }

  #settle(message: Answer): void {
    this.#clearTimers();
    this.#running = undefined;
    const said = this.#come;
    this.#come = {};
    if (said.done) void said.done.then(() => this.#answer(message, said));
    else this.#answer(message, said);
  }

  #answer(message: Answer, { thrown }: Said): void {
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (this.#pending.size === 0) this.#worker.hold(false);
    if (thrown) pending?.reject(thrown.error);
    else if ("error" in message) pending?.reject(this.#error(message.error));
    else pending?.resolve(this.#revive(message.value, message.marks));
  }

  #error({ kind, type, message, traceback, limit, cause }: ErrorMark): Error {
    if (kind === "limit") return new LimitError(limit!, type, message, traceback);
    if (kind === "python")
      return new PythonError(type, message, traceback, cause === undefined ? {} : { cause: this.#errors.get(cause) });
    if (type === "TypeError") return new TypeError(message);
    if (type === "RangeError") return new RangeError(message);
    return new InterpreterError(message);
  }

  /** Deals with a piece of output when all that was printed before has come. */
  #inOrder(message: OutputMessage, sender: Sender | undefined): void {
    const { number } = message;
    if (number === undefined) {
      this.#output(message, sender);
      return;
    }
    this.#early.set(number, () => this.#output(message, sender));
    for (let next = this.#early.get(this.#said); next; next = this.#early.get(this.#said)) {
      this.#early.delete(this.#said);
      this.#said = (this.#said + 1) | 0;
      next();
    }
    this.#goOn();
  }

  #output({ output, text, bytes }: OutputMessage, sender: Sender | undefined): void {
    const callback = output === 1 ? this.#options.stdout : this.#options.stderr;
    const said = this.#come;
    const taken = () => sender?.taken(bytes);
    const failed = (error: unknown) => {
      said.thrown ??= { error };
    };
    try {
      const written = callback ? callback(text) : this.#collected.push(text);
      if (isPromise(written)) {
        said.done = Promise.all([said.done, written.then(undefined, failed).then(taken)]);
        return;
      }
    } catch (error) {
      failed(error);
    }
    taken();
  }

  async #call(
    { call, args, marks }: { call: number; args: unknown[]; marks: boolean },
    sender: Sender,
    isThread: boolean,
  ): Promise<void> {
    try {
      const fn = this.#functions.get(call) as ((...args: unknown[]) => unknown) | undefined;
      if (fn === undefined) throw new PythonError("RuntimeError", "the host does not have the function any more");
      const answer = fn(...args.map((arg) => this.#revive(arg, marks, isThread)));
      const result = isThread || !isPromise(answer) ? await answer : await this.#unlessAbandoned(answer);
      sender.send(encodeAnswer(this.encode(result)));
    } catch (error) {
      sender.send(encodeAnswer({ error: [...describe(error), this.#errors.keep(error)] }));
    }
  }

  /** Waits for a promise as long as the program may, whose main thread waits for it. */
  async #unlessAbandoned(answer: PromiseLike<unknown>): Promise<unknown> {
    const abandoned = new Promise<never>((_, reject) => {
      this.#abandon = reject;
    });
    try {
      // What was wanted while the call was on its way.
      const memory = this.#common!.memory.buffer;
      if (takeBack(memory, hostRequest.HOST_REQUEST_INTERRUPT)) this.#abandon!(new PythonError("KeyboardInterrupt"));
      else if (this.#over || takeBack(memory, hostRequest.HOST_REQUEST_TIMEOUT))
        this.#abandon!(new PythonError("TimeoutError"));
      return await Promise.race([answer, abandoned]);
    } finally {
      this.#abandon = undefined;
    }
  }

  /**
   * A value that has come, with objects in the place of what stands for them. `isThread`: from a thread; the interpreter's worker
   * has the references from now on.
   */
  #revive(value: unknown, marks: boolean, isThread = false): unknown {
    if (!marks || typeof value !== "object" || value === null) return value;
    const seen = new Set<unknown>();
    const todo: unknown[] = [];
    const revive = (v: unknown): unknown => {
      if (typeof v !== "object" || v === null || v instanceof Uint8Array) return v;
      if ("object" in v) {
        const { object, typeName, awaitable } = v as ObjectMark;
        const made = new (awaitable ? RemoteAwaitable : RemoteObject)(this, object, typeName);
        this.#finalized.register(made, object, made);
        if (isThread) this.#tell("adopt", object, typeName, awaitable);
        return made;
      }
      if ("function" in v) return this.#functions.get((v as FunctionMark).function);
      if (!seen.has(v)) {
        seen.add(v);
        todo.push(v);
      }
      return v;
    };
    const result = revive(value);
    for (let v = todo.pop(); v !== undefined; v = todo.pop()) {
      if (Array.isArray(v)) for (let i = 0; i < v.length; i++) v[i] = revive(v[i]);
      else if (v instanceof Map) {
        const entries = [...v];
        v.clear();
        for (const [key, item] of entries) v.set(revive(key), revive(item));
      } else (v as { value: unknown }).value = revive((v as { value: unknown }).value);
    }
    return result;
  }

  #end(reason: Error): void {
    if (this.#ended) return;
    this.#clearTimers();
    this.#ended =
      reason instanceof LimitError ? new InterpreterError("the interpreter was stopped: its time was over") : reason;
    this.#running = undefined;
    const workers = [this.#worker, ...this.#threads.splice(0)].map((worker) => worker.terminate());
    const table = this.#common?.table;
    if (table) void Promise.all(workers).then(() => theHost().closeFiles?.(takeHostFiles(table)));
    // V8 does not count memory that is shared, and would collect late what nobody has any more: it counts this, as large and
    // dropped at once, which is never touched.
    if (this.#common) new ArrayBuffer(this.#common.memory.buffer.byteLength);
    this.#common = undefined;
    this.#waiting = [];
    this.#early.clear();
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
    this.#functions = new Functions();
  }
}
