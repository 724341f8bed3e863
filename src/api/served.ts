/**
 * The worker's side of an interpreter that was started with Interpreter.start(): it does what it is asked for, one thing
 * after the other.
 */
import { InterpreterError } from "../process/errors.ts";
import { Core } from "./core.ts";
import { theHost } from "./host.ts";
import type { PythonObject } from "./object.ts";
import { checkOptions, type InterpreterOptions } from "./options.ts";
import { type Answer, type Encoded, type FunctionMark, markError, Receiver, type Request } from "./protocol.ts";
import { Side } from "./side.ts";
import { decodeSnapshot, encodeSnapshot } from "./snapshot.ts";
import { type Common, newBuffers, Threads } from "./threads.ts";

/** What the worker is started with. */
export interface Start {
  options: InterpreterOptions;
  snapshot: Uint8Array | undefined;
  channel: SharedArrayBuffer | undefined;
  /** Which streams have callbacks outside. */
  streams: { stdout: boolean; stderr: boolean };
}

/** What it says when it has started. */
export interface Started {
  /** What its threads share, the memory among it, where that can be shared. */
  common: Common | undefined;
  /** The functions of the host that the snapshot has: number, uses, name. */
  functions: [number, number, string][];
}

export class Served extends Side {
  /** Objects that are held outside. */
  private readonly objects = new Map<number, PythonObject[]>();
  private threads: Threads | undefined;

  handle({ id, operation, args }: Request): void {
    if (operation === "release") {
      this.release(args[0] as number);
      return;
    }
    if (operation === "takeOutput") {
      this.core.output.forget();
      return;
    }
    if (operation === "adopt") {
      const [address, type, awaitable] = args as [number, string, boolean];
      this.keep(this.core.adoptObject(address, type, awaitable));
      return;
    }
    this.threads?.calls.begin(id);
    this.post({ begun: id });
    this.marks = false;
    try {
      const value = operation === "start" ? this.start(args[0] as Start) : this.mark(this.operate(operation, args));
      this.answer({ id, value, marks: this.marks });
    } catch (error) {
      this.answer({ id, error: markError(error) });
    }
  }

  private answer(answer: Answer): void {
    this.threads?.calls.begin(0);
    this.post(this.threads ? { ...answer, said: this.threads.said } : answer);
  }

  private operate(operation: string, args: unknown[]): unknown {
    const { core } = this;
    const object = (): PythonObject => {
      const found = this.objects.get(args[0] as number)?.at(-1);
      if (found === undefined) throw new InterpreterError("the object was released");
      return found;
    };
    const value = (i: number) => this.value(args[i] as Encoded);
    switch (operation) {
      case "run":
      case "evaluate": {
        const [source, filename, timeLimit] = args as [string, string, number | undefined];
        return core.run(source, filename, operation === "run" ? "exec" : "eval", { timeLimit });
      }
      case "set":
        return core.setGlobal(args[0] as string, value(1));
      case "get":
        return core.getGlobal(args[0] as string);
      case "call":
        return core.call(object(), value(1) as unknown as unknown[], { timeLimit: args[2] as number | undefined });
      case "callName":
        return core.callName(args[0] as string, value(1) as unknown as unknown[]);
      case "callMethod":
        return core.callMethod(object(), args[1] as string, value(2) as unknown as unknown[]);
      case "getAttribute":
        return core.getAttribute(object(), args[1] as string);
      case "setAttribute":
        return core.setAttribute(object(), args[1] as string, value(2));
      case "getItem":
        return core.getItem(object(), value(1));
      case "setItem":
        return core.setItem(object(), value(1), value(2));
      case "size":
        return core.size(object());
      case "iterate":
        return core.iterate(object());
      case "next":
        return core.next(object());
      case "awaited":
        return core.awaited(object());
      case "repr":
        return core.repr(object());
      case "snapshot":
        return encodeSnapshot(core.state(), core.settings.debug ?? false);
      case "page":
        return core.page();
      case "dispose":
        return core.dispose();
      default:
        throw new InterpreterError(`there is no operation ${operation}`);
    }
  }

  private start({ options, snapshot, channel, streams }: Start): Started {
    if (channel) this.receiver = new Receiver(channel);
    const { stdin = "", clock = false } = options;
    const input = typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin;
    const buffers = options.shared ? newBuffers(input, options.threads) : undefined;
    const startWorker = (thread: number) => this.post({ thread });
    const threads = buffers && new Threads(buffers, 0, theHost().clock, clock === true, startWorker);
    this.threads = threads;
    const emit = (output: 1 | 2) => (text: string) => {
      this.receiver?.throttle(text.length);
      this.post({ output, text, bytes: text.length, ...(threads ? { number: threads.say() } : {}) });
    };
    // What nobody takes is collected outside as well, so that it comes in order.
    const settings = checkOptions({ ...options, stdout: emit(1), stderr: emit(2) });
    if (options.outputLimit === undefined && streams.stdout && streams.stderr)
      settings.outputLimit = Number.POSITIVE_INFINITY;
    else if (options.outputLimit === undefined) settings.outputLimit = checkOptions({}).outputLimit;
    const state = snapshot && decodeSnapshot(snapshot, settings.debug ?? false);
    this.core = new Core(
      {
        ...settings,
        mark: (number: number): FunctionMark => ({ function: number }),
        ...(threads ? { sharing: threads, find: (number: number) => this.stub(number) } : {}),
      },
      state,
      Object.fromEntries((state?.functions ?? []).map(([number, , name]) => [name, this.stub(number, name)])),
    );
    this.core.onDrop = (number) => this.post({ dropped: number });
    const { memory, levels } = this.core.process;
    return { common: buffers && { ...buffers, memory, levels }, functions: state?.functions ?? [] };
  }

  protected keep(object: PythonObject): void {
    const list = this.objects.get(object.address);
    if (list) list.push(object);
    else this.objects.set(object.address, [object]);
  }

  private release(address: number): void {
    const list = this.objects.get(address);
    list?.pop()?.release();
    if (list?.length === 0) this.objects.delete(address);
  }
}
