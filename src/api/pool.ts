/**
 * Interpreters in workers of their own that share work: each call goes to one that is free, or waits until one is. They
 * share nothing but what they were started with; values come and go as copies.
 */
import { InterpreterError } from "../process/errors.ts";
import type { RunOptions } from "./options.ts";
import { RemoteInterpreter, RemoteObject, type RemoteValue, type StartOptions } from "./remote.ts";

const SIZE_MOST = 1024;

export interface PoolOptions extends StartOptions {
  /** How many interpreters there are. */
  size: number;
}

interface Waiting {
  resolve(python: RemoteInterpreter): void;
  reject(error: unknown): void;
}

export class InterpreterPool {
  readonly size: number;
  readonly #options: StartOptions;
  readonly #all = new Set<RemoteInterpreter>();
  readonly #free: RemoteInterpreter[] = [];
  readonly #waiting: Waiting[] = [];
  /** How many are about to start. */
  #starting = 0;
  #ended: Error | undefined;

  private constructor(size: number, options: StartOptions) {
    this.size = size;
    this.#options = options;
  }

  /** @internal */
  static async start({ size, ...options }: PoolOptions): Promise<InterpreterPool> {
    if (!Number.isInteger(size) || size < 1 || size > SIZE_MOST)
      throw new RangeError(`size must be a whole number from 1 to ${SIZE_MOST}, not ${String(size)}`);
    const pool = new InterpreterPool(size, options);
    try {
      await Promise.all(Array.from({ length: size }, () => pool.#add()));
    } catch (error) {
      pool.stop();
      throw error;
    }
    return pool;
  }

  /** Starts one, which is free then. */
  async #add(): Promise<void> {
    this.#starting++;
    try {
      const python = await RemoteInterpreter.start(this.#options);
      if (this.#ended) {
        python.stop();
        return;
      }
      this.#all.add(python);
      this.#give(python);
    } finally {
      this.#starting--;
    }
  }

  /** Starts as many as are missing. Where one cannot be started, who waits for it is told; whoever comes next tries again. */
  #fill(): void {
    while (!this.#ended && this.#all.size + this.#starting < this.size) {
      this.#add().catch((error: unknown) => {
        this.#waiting.shift()?.reject(error);
        if (this.#waiting.length > 0) this.#fill();
      });
    }
  }

  #give(python: RemoteInterpreter): void {
    const next = this.#waiting.shift();
    if (next) next.resolve(python);
    else this.#free.push(python);
  }

  #take(): Promise<RemoteInterpreter> {
    if (this.#ended) return Promise.reject(this.#ended);
    for (let python = this.#free.pop(); python; python = this.#free.pop()) {
      if (!python.ended) return Promise.resolve(python);
      this.#all.delete(python);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#fill();
    });
  }

  /**
   * Has one interpreter for as long as `act` takes, for several calls of the same program. Objects of the program can be used
   * until then. One that was ended meanwhile is replaced.
   */
  async use<T>(act: (python: RemoteInterpreter) => T | PromiseLike<T>): Promise<T> {
    const python = await this.#take();
    try {
      return await act(python);
    } finally {
      if (!python.ended) this.#give(python);
      else {
        this.#all.delete(python);
        this.#fill();
      }
    }
  }

  /** Runs statements in the __main__ of one of them. */
  run(source: string, options?: RunOptions | string): Promise<void> {
    return this.use((python) => python.run(source, options));
  }

  /** Evaluates an expression in the __main__ of one of them. The value is one that can be copied. */
  evaluate(source: string, options?: RunOptions | string): Promise<RemoteValue> {
    return this.use(async (python) => copied(await python.evaluate(source, options)));
  }

  /** Calls what an expression is in the __main__ of one of them. The value is one that can be copied. */
  call(callable: string, ...args: readonly unknown[]): Promise<RemoteValue> {
    return this.use(async (python) => copied(await python.call(callable, ...args)));
  }

  /** Ends all at once. What was asked for fails. */
  stop(): void {
    this.#end(new InterpreterError("the pool was stopped"));
    for (const python of this.#all) python.stop();
    this.#all.clear();
  }

  #end(reason: Error): void {
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }

  /** Ends all when they have done what they are at. How many blocks were left over, which should be none. */
  async dispose(): Promise<number> {
    this.#end(new InterpreterError("the pool was disposed of"));
    const left = await Promise.all([...this.#all].map((python) => python.dispose()));
    this.#all.clear();
    return left.reduce((sum, n) => sum + n, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

/** Throws TypeError where a value has an object in it, which belongs to one of the interpreters. */
function copied(value: RemoteValue): RemoteValue {
  const seen = new Set<unknown>();
  const todo: unknown[] = [value];
  let kept: RemoteObject | undefined;
  while (todo.length > 0) {
    const v = todo.pop();
    if (v instanceof RemoteObject) {
      kept = v;
      v.release();
    } else if ((Array.isArray(v) || v instanceof Map) && !seen.has(v)) {
      seen.add(v);
      if (Array.isArray(v)) for (const item of v) todo.push(item);
      else for (const [key, item] of v) todo.push(key, item);
    }
  }
  if (kept) throw new TypeError(`a ${kept.typeName} object cannot be copied out of its interpreter`);
  return value;
}
