/**
 * Vitrine from TypeScript: an interpreter with a heap of its own, whose memory and time are limited, whose services are
 * granted one by one, and whose heap can be looked at.
 *
 *     const python = new Interpreter({ memoryLimit: "64M", timeLimit: 1000 });
 *     python.run("squares = [n * n for n in range(10)]");
 *     python.evaluate("sum(squares)");            // 285
 *     python.survey().totals;                     // what is in the heap, by type
 *     python.dispose();
 */
import { memorySource } from "../inspect/source/memory.ts";
import { saveImage } from "../inspect/source/saved.ts";
import { type Survey, survey } from "../inspect/survey.ts";
import { heapReport } from "../view/index.ts";
import { isAwaitable } from "./awaitable.ts";
import { Core } from "./core.ts";
import { PythonObject, type PythonValue } from "./object.ts";
import { checkOptions, type InterpreterOptions, type RunOptions, runOptions, type Settings } from "./options.ts";
import { InterpreterPool, type PoolOptions } from "./pool.ts";
import { RemoteInterpreter, type StartOptions } from "./remote.ts";
import { decodeSnapshot, encodeSnapshot } from "./snapshot.ts";

/** The options, for an interpreter in this thread, which would wait for a promise for ever. */
function checkHere(options: InterpreterOptions): Settings {
  const settings = checkOptions(options);
  if (options.threads !== undefined) throw new TypeError("threads can be given to Interpreter.start() only");
  for (const [name, fn] of Object.entries(options.functions ?? {}))
    if (isAwaitable(fn)) throw new TypeError(`functions.${name} can be awaitable in Interpreter.start() only`);
  return settings;
}

export class Interpreter {
  readonly #core: Core;

  constructor(options?: InterpreterOptions);
  /** @internal */
  constructor(options: InterpreterOptions, core: Core);
  constructor(options: InterpreterOptions = {}, core?: Core) {
    this.#core = core ?? new Core(checkHere(options));
    if (core) return;
    for (const [name, fn] of Object.entries(options.functions ?? {})) this.set(name, fn);
  }

  /**
   * An interpreter in a worker of its own: what takes long does not block, a call can be stopped at any moment, and functions
   * of the host may be asynchronous. `snapshot`: what it goes on from.
   */
  static start(options: StartOptions = {}): Promise<RemoteInterpreter> {
    return RemoteInterpreter.start(options);
  }

  /** Interpreters in workers of their own, among which calls are shared out: as many as there are processors, mostly. */
  static pool(options: PoolOptions): Promise<InterpreterPool> {
    return InterpreterPool.start(options);
  }

  /**
   * An interpreter that goes on where another stood when its snapshot was taken. `functions` replace the other's by their names; new ones are set in __main__.
   * Throws SnapshotError where this build is not the one that has taken it.
   */
  static restore(snapshot: Uint8Array, options: InterpreterOptions = {}): Interpreter {
    const settings = checkHere(options);
    const state = decodeSnapshot(snapshot, settings.debug ?? false);
    const python = new Interpreter({}, new Core(settings, state, settings.functions));
    for (const [name, fn] of Object.entries(settings.functions ?? {})) {
      if (!state.functions.some((known) => known[2] === name)) python.set(name, fn);
    }
    return python;
  }

  /** What the program printed where no callback took it. */
  get output(): string {
    return this.#core.output.text;
  }

  /** The same, which is forgotten; it does not count towards the limit any more. */
  takeOutput(): string {
    return this.#core.output.take();
  }

  /** The memory of the process. Throws where that was disposed of, and nobody has looked before. */
  get memory(): { readonly buffer: ArrayBufferLike } {
    return this.#core.memory();
  }

  /** Runs statements in __main__. Throws PythonError. */
  run(source: string, options?: RunOptions | string): void {
    const { filename = "<string>", timeLimit } = runOptions(options);
    this.#core.run(source, filename, "exec", { timeLimit });
  }

  /** Evaluates an expression in __main__. Throws PythonError. */
  evaluate(source: string, options?: RunOptions | string): PythonValue {
    const { filename = "<string>", timeLimit } = runOptions(options);
    return this.#core.run(source, filename, "eval", { timeLimit });
  }

  /** Sets a name of __main__. */
  set(name: string, value: unknown): void {
    this.#core.setGlobal(name, value);
  }

  /** The value of a name of __main__. Throws PythonError, a KeyError, where there is none. */
  get(name: string): PythonValue {
    return this.#core.getGlobal(name);
  }

  /** Calls an object of the program, or what an expression is in __main__: a name, mostly. Throws PythonError. */
  call(callable: PythonObject | string, ...args: readonly unknown[]): PythonValue {
    if (callable instanceof PythonObject) return this.#core.call(callable, args);
    return this.#core.callName(callable, args);
  }

  /**
   * Raises KeyboardInterrupt in the program that runs: from a function that it has called. From other threads: the package's
   * interrupt().
   */
  interrupt(): void {
    this.#core.interrupt();
  }

  /** What is in the heap: pages, arenas, pools, blocks, objects. */
  survey(): Survey {
    this.#core.alive();
    return survey(memorySource(this.memory.buffer));
  }

  /** The survey as text with a map, as `vitrine --heap` prints it. */
  report(options: { color?: boolean; rows?: number } = {}): string {
    this.#core.alive();
    return heapReport(this.memory.buffer, [], options);
  }

  /** What keeps memory, as a page that stands by itself: HTML. */
  page(): string {
    this.#core.alive();
    return this.#core.page();
  }

  /** The memory as an image that `vitrine heap` reads. */
  image(): Uint8Array {
    this.#core.alive();
    return saveImage(this.memory.buffer, ["<interpreter>"]);
  }

  /** The whole process as bytes, from which restore() goes on. It must not be running. Files that are open stay behind. */
  snapshot(): Uint8Array {
    return encodeSnapshot(this.#core.state(), this.#core.settings.debug ?? false);
  }

  /** A second interpreter of the same state, with the same options and functions. */
  fork(): Interpreter {
    return new Interpreter({}, this.#core.copy());
  }

  /** Ends the process: finalizers run, everything is freed. How many blocks were left over, which should be none. */
  dispose(): number {
    return this.#core.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
