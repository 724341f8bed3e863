/**
 * The worker's side of an interpreter that was started with Interpreter.start(): it does what it is asked for, one thing
 * after the other.
 */
import { InterpreterError } from "../process/errors.ts";
import { Core, EncodedValue } from "./core.ts";
import { PythonObject } from "./object.ts";
import { checkOptions, type InterpreterOptions } from "./options.ts";
import {
  decodeAnswer,
  type Encoded,
  type FromWorker,
  type FunctionMark,
  markError,
  type ObjectMark,
  Receiver,
  type Request,
} from "./protocol.ts";
import { decodeSnapshot, encodeSnapshot } from "./snapshot.ts";

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
  /** The memory, where it is shared. */
  memory: WebAssembly.Memory | undefined;
  /** The functions of the host that the snapshot has: number, uses, name. */
  functions: [number, number, string][];
}

export class Served {
  private core!: Core;
  private receiver: Receiver | undefined;
  private readonly stubs = new Map<number, (...args: unknown[]) => unknown>();
  /** Objects that are held outside. */
  private readonly objects = new Map<number, PythonObject[]>();
  private marks = false;

  constructor(private readonly post: (message: FromWorker) => void) {}

  handle({ id, operation, args }: Request): void {
    if (operation === "release") {
      this.release(args[0] as number);
      return;
    }
    if (operation === "takeOutput") {
      this.core.output.forget();
      return;
    }
    this.post({ begun: id });
    this.marks = false;
    try {
      const value = operation === "start" ? this.start(args[0] as Start) : this.mark(this.operate(operation, args));
      this.post({ id, value, marks: this.marks });
    } catch (error) {
      this.post({ id, error: markError(error) });
    }
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
    const emit = (output: 1 | 2) => (text: string) => {
      this.receiver?.throttle(text.length);
      this.post({ output, text, bytes: text.length });
    };
    // What nobody takes is collected outside as well, so that it comes in order.
    const settings = checkOptions({ ...options, stdout: emit(1), stderr: emit(2) });
    if (options.outputLimit === undefined && streams.stdout && streams.stderr)
      settings.outputLimit = Number.POSITIVE_INFINITY;
    else if (options.outputLimit === undefined) settings.outputLimit = checkOptions({}).outputLimit;
    const state = snapshot && decodeSnapshot(snapshot, settings.debug ?? false);
    for (const [number, , name] of state?.functions ?? []) this.stub(number, name);
    this.core = new Core(
      { ...settings, mark: (number: number): FunctionMark => ({ function: number }) },
      state,
      Object.fromEntries((state?.functions ?? []).map(([number, , name]) => [name, this.stubs.get(number)!])),
    );
    this.core.onDrop = (number) => this.post({ dropped: number });
    return { memory: settings.shared ? this.core.process.memory : undefined, functions: state?.functions ?? [] };
  }

  private stub(number: number, name: string): (...args: unknown[]) => unknown {
    let stub = this.stubs.get(number);
    if (stub === undefined) {
      stub = (...args) => this.callOutside(number, args);
      Object.defineProperty(stub, "name", { value: name });
      this.stubs.set(number, stub);
    }
    return stub;
  }

  private callOutside(number: number, args: unknown[]): EncodedValue {
    if (this.receiver === undefined)
      throw new InterpreterError("functions of the host need memory that can be shared (a cross-origin isolated page)");
    const { marks } = this;
    this.marks = false;
    const marked = args.map((arg) => this.mark(arg));
    this.receiver.prepare();
    this.post({ call: number, args: marked, marks: this.marks });
    this.marks = marks;
    const answer = this.receiver.receive(() => this.post({ more: true }));
    return this.value(decodeAnswer(answer));
  }

  /** A value that has come. */
  private value({ bytes, functions }: Encoded): EncodedValue {
    for (const [number, name] of functions) this.core.adopt(number, this.stub(number, name), name);
    return new EncodedValue(bytes);
  }

  /** A value that is to go: its objects are kept, and marked. */
  private mark(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    const seen = new Map<object, object>();
    const unfilled: (() => void)[] = [];
    const mark = (v: unknown): unknown => {
      if (typeof v !== "object" || v === null) return v;
      if (v instanceof PythonObject) {
        this.marks = true;
        const list = this.objects.get(v.address);
        if (list) list.push(v);
        else this.objects.set(v.address, [v]);
        const { address, typeName } = v;
        return { object: address, typeName, awaitable: "then" in v } satisfies ObjectMark;
      }
      if (!Array.isArray(v) && !(v instanceof Map)) {
        if ("function" in v) this.marks = true;
        else if ("value" in v && Object.keys(v).length === 1) return { value: mark(v.value) };
        return v;
      }
      const known = seen.get(v);
      if (known) return known;
      if (Array.isArray(v)) {
        const out: unknown[] = [];
        seen.set(v, out);
        unfilled.push(() => {
          for (const item of v) out.push(mark(item));
        });
        return out;
      }
      const out = new Map<unknown, unknown>();
      seen.set(v, out);
      unfilled.push(() => {
        for (const [key, item] of v) out.set(mark(key), mark(item));
      });
      return out;
    };
    const result = mark(value);
    for (let fill = unfilled.pop(); fill; fill = unfilled.pop()) fill();
    return result;
  }

  private release(address: number): void {
    const list = this.objects.get(address);
    list?.pop()?.release();
    if (list?.length === 0) this.objects.delete(address);
  }
}
