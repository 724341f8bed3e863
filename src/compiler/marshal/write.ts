/**
 * Code objects to bytes: the body of a `.pyc` file.
 *
 * Mirrors version 4 of `Python/marshal.c`. A value is a type byte and its content; with FLAG_REF set it also gets the
 * next number, by which TYPE_REF names it later. Deliberate difference: CPython numbers every object that has more than
 * one reference at the moment; here all strings and tuples of names are numbered, and equal ones are written once, so
 * that a loader shares at least what CPython's files share.
 */
import { ByteWriter } from "../assemble/bytes.ts";
import { type CodeConstant, CodeObject } from "../code/code.ts";
import { CodePoints, Complex, ELLIPSIS, FrozenSet, Tuple } from "../code/constant.ts";
import { PyCompileError } from "../errors/errors.ts";
import { charge, type Limits, setLimits } from "../errors/limits.ts";
import { encodeText } from "../text/text.ts";
import { FLAG_REF, Type } from "./types.ts";

const DEPTH_MAX = 2000;

/** An entry in a table of what was written before. */
const REFERENCE_BYTES = 60;

/**
 * The bytes that `marshal.loads` turns back into the code object, or constant. `setsAsMade`: constant sets have their elements in the
 * order of the source, which decides the order of those that collide; in a .pyc file they are sorted. Throws
 * PyCompileError where that takes more than the limits say.
 */
export function marshalCode(code: CodeConstant, setsAsMade = false, limits: Limits = {}): Uint8Array {
  setLimits(limits);
  try {
    const writer = new Writer(setsAsMade);
    writer.value(code);
    return writer.out.finish();
  } finally {
    setLimits({});
  }
}

const ascii = /^[\0-\x7f]*$/;
const identifierLike = /^[A-Za-z0-9_]*$/;

/** In the order of their own bytes, so that the result does not depend on how the set was made. */
function sorted(items: readonly CodeConstant[]): CodeConstant[] {
  const written = items.map((item): { item: CodeConstant; bytes: Uint8Array } => {
    const alone = new Writer(false);
    alone.value(item);
    return { item, bytes: alone.out.finish() };
  });
  written.sort((a, b) => compareBytes(a.bytes, b.bytes));
  return written.map(({ item }) => item);
}

class Writer {
  constructor(private readonly setsAsMade: boolean) {}

  readonly out = new ByteWriter(512);
  private readonly refs = new Map<string, number>();
  private readonly tupleRefs = new Map<string, number>();
  private readonly codeRefs = new Map<CodeObject, number>();
  private count = 0;
  private depth = 0;

  value(v: CodeConstant): void {
    if (++this.depth > DEPTH_MAX) throw new PyCompileError("ValueError", "object too deeply nested to marshal");
    switch (typeof v) {
      case "string":
        this.string(v, identifierLike.test(v));
        break;
      case "bigint":
        this.int(v);
        break;
      case "number":
        this.out.u8(Type.BINARY_FLOAT);
        this.float(v);
        break;
      case "boolean":
        this.out.u8(v ? Type.TRUE : Type.FALSE);
        break;
      default:
        if (v === null) this.out.u8(Type.NONE);
        else if (v === ELLIPSIS) this.out.u8(Type.ELLIPSIS);
        else if (v instanceof CodeObject) this.code(v);
        else if (v instanceof Uint8Array) this.bytes(v);
        else if (v instanceof Tuple) {
          this.tupleStart(v.items.length, 0);
          for (const item of v.items) this.value(item);
        } else if (v instanceof Complex) {
          this.out.u8(Type.BINARY_COMPLEX);
          this.float(v.real);
          this.float(v.imag);
        } else if (v instanceof CodePoints) {
          this.out.u8(Type.UNICODE);
          this.sized(encodeText(v));
        } else if (v instanceof FrozenSet) this.frozenSet(v);
    }
    this.depth--;
  }

  private reference(index: number): void {
    this.out.u8(Type.REF);
    this.out.u32(index);
  }

  private string(s: string, interned: boolean): void {
    const known = this.refs.get(s);
    if (known !== undefined) {
      this.reference(known);
      return;
    }
    charge(REFERENCE_BYTES + s.length);
    this.refs.set(s, this.count++);
    if (!ascii.test(s)) {
      this.out.u8((interned ? Type.INTERNED : Type.UNICODE) | FLAG_REF);
      this.sized(encodeText(s));
      return;
    }
    const n = s.length;
    if (n < 256) {
      this.out.u8((interned ? Type.SHORT_ASCII_INTERNED : Type.SHORT_ASCII) | FLAG_REF);
      this.out.u8(n);
    } else {
      this.out.u8((interned ? Type.ASCII_INTERNED : Type.ASCII) | FLAG_REF);
      this.out.u32(n);
    }
    for (let i = 0; i < n; i++) this.out.u8(s.charCodeAt(i));
  }

  private int(v: bigint): void {
    if (v >= -0x80000000n && v <= 0x7fffffffn) {
      this.out.u8(Type.INT);
      this.out.u32(Number(v));
      return;
    }
    // Digits of 15 bits, the lowest first; the sign is on their number. Each is five of the octal ones, in which V8
    // writes an int of any size in linear time.
    this.out.u8(Type.LONG);
    const octal = (v < 0n ? -v : v).toString(8);
    const n = Math.ceil(octal.length / 5);
    this.out.u32(v < 0n ? -n : n);
    for (let end = octal.length; end > 0; end -= 5) {
      this.out.u16(Number.parseInt(octal.slice(Math.max(0, end - 5), end), 8));
    }
  }

  private float(v: number): void {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, v, true);
    this.out.bytes(new Uint8Array(view.buffer));
  }

  private sized(bytes: Uint8Array): void {
    this.out.u32(bytes.length);
    this.out.bytes(bytes);
  }

  private bytes(v: Uint8Array): void {
    this.out.u8(Type.STRING);
    this.sized(v);
  }

  private tupleStart(n: number, flag: number): void {
    if (n < 256) {
      this.out.u8(Type.SMALL_TUPLE | flag);
      this.out.u8(n);
    } else {
      this.out.u8(Type.TUPLE | flag);
      this.out.u32(n);
    }
  }

  private names(list: readonly string[]): void {
    // The length, because [] and [""] join alike.
    const key = `${list.length}\0${list.join("\0")}`;
    const known = this.tupleRefs.get(key);
    if (known !== undefined) {
      this.reference(known);
      return;
    }
    charge(REFERENCE_BYTES + key.length);
    this.tupleRefs.set(key, this.count++);
    this.tupleStart(list.length, FLAG_REF);
    for (const name of list) this.string(name, true);
  }

  private frozenSet(v: FrozenSet): void {
    this.out.u8(Type.FROZENSET);
    this.out.u32(v.items.length);
    for (const item of this.setsAsMade ? v.items : sorted(v.items)) this.value(item);
  }

  private code(c: CodeObject): void {
    const known = this.codeRefs.get(c);
    if (known !== undefined) {
      this.reference(known);
      return;
    }
    this.codeRefs.set(c, this.count++);
    const out = this.out;
    out.u8(Type.CODE | FLAG_REF);
    out.u32(c.co_argcount);
    out.u32(c.co_posonlyargcount);
    out.u32(c.co_kwonlyargcount);
    out.u32(c.co_stacksize);
    out.u32(c.co_flags);
    this.bytes(c.co_code);
    this.tupleStart(c.co_consts.length, 0);
    for (const v of c.co_consts) this.value(v);
    this.names(c.co_names);
    this.names(c.localsplusnames);
    this.bytes(c.localspluskinds);
    this.string(c.co_filename, true);
    this.string(c.co_name, true);
    // A rope until now, of which every block in one of a long name has its own.
    charge(c.co_qualname.length);
    this.string(c.co_qualname, true);
    out.u32(c.co_firstlineno);
    this.bytes(c.co_linetable);
    this.bytes(c.co_exceptiontable);
  }
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
