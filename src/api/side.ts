/**
 * What the workers of an interpreter have in common, that of the interpreter and those of its threads: values come and go, and
 * functions of the host are called.
 */
import { InterpreterError } from "../process/errors.ts";
import { type Core, EncodedValue } from "./core.ts";
import { PythonObject } from "./object.ts";
import { decodeAnswer, type Encoded, type FromWorker, type ObjectMark, type Receiver } from "./protocol.ts";

export abstract class Side {
  protected core!: Core;
  protected receiver: Receiver | undefined;
  /** Whether what was marked last has anything that stands for something else. */
  protected marks = false;
  private readonly stubs = new Map<number, (...args: unknown[]) => unknown>();

  constructor(protected readonly post: (message: FromWorker) => void) {}

  /** An object goes out: somebody there holds it. */
  protected abstract keep(object: PythonObject): void;

  /** What calls a function outside. */
  protected stub(number: number, name = "<function>"): (...args: unknown[]) => unknown {
    let stub = this.stubs.get(number);
    if (stub === undefined) {
      stub = (...args) => this.callOutside(number, args);
      Object.defineProperty(stub, "name", { value: name });
      this.stubs.set(number, stub);
    }
    return stub;
  }

  private callOutside(number: number, args: unknown[]): EncodedValue {
    const { receiver } = this;
    if (receiver === undefined)
      throw new InterpreterError("functions of the host need memory that can be shared (a cross-origin isolated page)");
    const { marks } = this;
    this.marks = false;
    const marked = args.map((arg) => this.mark(arg));
    receiver.prepare();
    this.post({ call: number, args: marked, marks: this.marks });
    this.marks = marks;
    const answer = this.core.unlocked(() => receiver.receive(() => this.post({ more: true })));
    return this.value(decodeAnswer(answer));
  }

  /** A value that has come. */
  protected value({ bytes, functions }: Encoded): EncodedValue {
    for (const [number, name] of functions) this.core.adopt(number, this.stub(number, name), name);
    return new EncodedValue(bytes);
  }

  /** A value that is to go: its objects are kept, and marked. */
  protected mark(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    const seen = new Map<object, object>();
    const unfilled: (() => void)[] = [];
    const mark = (v: unknown): unknown => {
      if (typeof v !== "object" || v === null) return v;
      if (v instanceof PythonObject) {
        this.marks = true;
        const { address, typeName } = v;
        this.keep(v);
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
}
