/**
 * JavaScript's values as words that the runtime builds Python's from (assembly/api/values.ts; group build of
 * spec/constants.txt):
 *
 *   null, undefined → None     number → int where it is whole and safe, otherwise float     string        → str
 *   boolean → bool             bigint → int                                                 Uint8Array    → bytes
 *   array   → list             Map, plain object → dict       Set → set                     function      → callable
 *
 * What occurs again is written once, and cycles stay cycles. Nothing nests natively.
 */
import { build } from "../generated/constants.ts";

/** What else may be passed, by who knows it. */
export interface Others {
  /** The address of the Python object that it stands for; undefined where it stands for none. */
  address(value: object): number | undefined;
  /** The number of a function from now on, by which the program calls it. */
  number(fn: (...args: never[]) => unknown, name: string): number;
}

const INT_MAX = 2 ** 31;
/** A digit of Python's int has 30 bits: six digits of base 32. */
const BIG_DIGITS = 6;
const FIRST_BYTES = 1024;
/** What a writer that is not in use keeps at most. */
const KEPT_BYTES = 1 << 16;
/** No block of the runtime is as large. */
const BYTES_MAX = 2 ** 31 - 65536;

/** A value that Python cannot have. */
function impossible(what: string): never {
  throw new TypeError(`${what} cannot be passed to Python`);
}

/** A name that may have been set to anything. */
const textOf = (name: unknown) => (typeof name === "string" ? name : "");

function classOf(value: object): string {
  const name = textOf((value.constructor as { name?: unknown } | undefined)?.name);
  return name === "" ? "such an object" : `an object of class ${name}`;
}

/** The value of a digit of base 32, by its character: 0 to 9, a to v. */
const digitOf = (code: number) => (code < 58 ? code - 48 : code - 87);

class Writer {
  private bytes = new Uint8Array(FIRST_BYTES);
  private words = new Int32Array(this.bytes.buffer);
  private at = 0;
  private readonly pair = new Float64Array(1);
  private readonly halves = new Int32Array(this.pair.buffer);
  private readonly long = new BigInt64Array(this.pair.buffer);

  /** Makes room for words. Throws RangeError where there is no such room. */
  room(words: number): void {
    const wanted = (this.at + words) * 4;
    if (wanted <= this.bytes.length) return;
    if (wanted > BYTES_MAX) throw new RangeError("the value is too large to be passed to Python");
    const grown = new Uint8Array(Math.min(Math.max(wanted, this.bytes.length * 2), BYTES_MAX));
    grown.set(this.bytes.subarray(0, this.at * 4));
    this.bytes = grown;
    this.words = new Int32Array(grown.buffer);
  }

  word(a: number): void {
    this.room(1);
    this.words[this.at++] = a;
  }

  two(a: number, b: number): void {
    this.room(2);
    this.words[this.at++] = a;
    this.words[this.at++] = b;
  }

  float(v: number): void {
    this.pair[0] = v;
    this.word(build.BUILD_FLOAT);
    this.two(this.halves[0]!, this.halves[1]!);
  }

  int64(v: number): void {
    this.long[0] = BigInt(v);
    this.word(build.BUILD_LONG);
    this.two(this.halves[0]!, this.halves[1]!);
  }

  big(v: bigint): void {
    const text = (v < 0n ? -v : v).toString(32);
    const n = Math.ceil(text.length / BIG_DIGITS);
    this.two(build.BUILD_BIG, v < 0n ? -1 : 1);
    this.room(n + 1);
    this.words[this.at++] = n;
    for (let end = text.length; end > 0; end -= BIG_DIGITS) {
      let digit = 0;
      for (let i = Math.max(0, end - BIG_DIGITS); i < end; i++) digit = digit * 32 + digitOf(text.charCodeAt(i));
      this.words[this.at++] = digit;
    }
  }

  /** The length of a text, and its code units. */
  text(text: string): void {
    const n = text.length;
    this.room(1 + ((n + 1) >> 1));
    this.words[this.at++] = n;
    const units = new Uint16Array(this.bytes.buffer, this.at * 4, n);
    for (let i = 0; i < n; i++) units[i] = text.charCodeAt(i);
    this.at += (n + 1) >> 1;
  }

  blob(bytes: Uint8Array): void {
    this.two(build.BUILD_BYTES, bytes.length);
    this.room((bytes.length + 3) >> 2);
    this.bytes.set(bytes, this.at * 4);
    this.at += (bytes.length + 3) >> 2;
  }

  /** What was written, in the writer's own buffer. */
  finish(): Uint8Array {
    return this.bytes.subarray(0, this.at * 4);
  }

  /** From the beginning again, where the buffer is not too large to be kept. */
  again(): boolean {
    this.at = 0;
    return this.bytes.length <= KEPT_BYTES;
  }
}

/** What is left of the items of a container. */
class Items {
  private at = 0;
  private readonly end: number;

  constructor(private readonly items: readonly unknown[]) {
    this.end = items.length;
  }

  left(): boolean {
    return this.at < this.end;
  }

  next(): unknown {
    return this.items[this.at++];
  }
}

/** The writer that is not in use. */
let idle: Writer | undefined;

const isPlain = (value: object) => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
};

/** The words of a value; `name`: of a function. Throws TypeError for what Python cannot have. */
export function encodeValue(value: unknown, others: Others, name?: string): Uint8Array {
  return withValue(value, others, name, (bytes) => bytes.slice());
}

/** Uses the words of a value, which are others' afterwards. Throws TypeError for what Python cannot have. */
export function withValue<T>(
  value: unknown,
  others: Others,
  name: string | undefined,
  use: (bytes: Uint8Array) => T,
): T {
  // Reading a value may run code of the embedder's, which passes values as well.
  const out = idle ?? new Writer();
  idle = undefined;
  try {
    writeValue(out, value, others, name);
    return use(out.finish());
  } finally {
    if (out.again()) idle = out;
  }
}

function writeValue(out: Writer, value: unknown, others: Others, name: string | undefined): void {
  /** Numbers of what may occur again. */
  const known = new Map<unknown, number>();
  /** Containers that are being written: what they still hold, the innermost last. */
  const open: Items[] = [];

  const remember = (what: unknown) => known.set(what, known.size);

  const write = (v: unknown) => {
    switch (typeof v) {
      case "undefined":
        return out.word(build.BUILD_NONE);
      case "boolean":
        return out.word(v ? build.BUILD_TRUE : build.BUILD_FALSE);
      case "number":
        if (!Number.isSafeInteger(v) || Object.is(v, -0)) return out.float(v);
        if (v >= -INT_MAX && v < INT_MAX) return out.two(build.BUILD_INT, v);
        return out.int64(v);
      case "symbol":
        return impossible("a symbol");
    }
    if (v === null) return out.word(build.BUILD_NONE);
    const again = known.get(v);
    if (again !== undefined) return out.two(build.BUILD_AGAIN, again);
    switch (typeof v) {
      case "bigint":
        remember(v);
        return out.big(v);
      case "string":
        if (v.length >= build.BUILD_KEPT_UNITS) remember(v);
        out.word(build.BUILD_TEXT);
        return out.text(v);
      case "function": {
        const object = others.address(v);
        if (object !== undefined) return out.two(build.BUILD_OBJECT, object);
        const called = (v === value && name) || textOf(v.name) || "<function>";
        out.two(build.BUILD_FUNCTION, others.number(v as () => unknown, called));
        return out.text(called);
      }
    }
    writeObject(v as object);
  };

  const writeObject = (v: object) => {
    const object = others.address(v);
    if (object !== undefined) return out.two(build.BUILD_OBJECT, object);
    if (ArrayBuffer.isView(v) || v instanceof ArrayBuffer) {
      remember(v);
      if (v instanceof Uint8Array) return out.blob(v);
      if (v instanceof ArrayBuffer) return out.blob(new Uint8Array(v));
      return impossible(classOf(v));
    }
    // A container may change while what it holds is read: it is written with as many items as it had at first.
    const container = (kind: number, count: number, items: readonly unknown[]) => {
      remember(v);
      out.room(2 + items.length);
      out.two(kind, count);
      open.push(new Items(items));
    };
    if (Array.isArray(v)) container(build.BUILD_LIST, v.length, v);
    else if (v instanceof Map) {
      const flat: unknown[] = [];
      for (const [key, item] of v) flat.push(key, item);
      container(build.BUILD_DICT, flat.length / 2, flat);
    } else if (v instanceof Set) {
      const items = [...v];
      container(build.BUILD_SET, items.length, items);
    } else if (isPlain(v)) {
      const pairs = Object.entries(v);
      container(build.BUILD_DICT, pairs.length, pairs.flat(1));
    } else impossible(classOf(v));
  };

  write(value);
  while (open.length > 0) {
    const items = open.at(-1)!;
    if (items.left()) write(items.next());
    else open.pop();
  }
}
