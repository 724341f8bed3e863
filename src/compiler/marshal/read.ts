/**
 * Bytes to code objects: what CPython's or our own compiler wrote into a `.pyc` file.
 *
 * Mirrors `r_object` (`Python/marshal.c`) for the types that constants and code objects have. Throws MarshalError for
 * anything else, and for data that ends early.
 */
import { type CodeConstant, CodeObject } from "../code/code.ts";
import { Complex, type ConstantValue, ELLIPSIS, FrozenSet, Tuple } from "../code/constant.ts";
import { decodeText, type Text } from "../text/text.ts";
import { FLAG_REF, Type } from "./types.ts";

export class MarshalError extends Error {}

export function unmarshal(data: Uint8Array, start = 0): CodeConstant {
  return new Reader(data, start).value();
}

class Reader {
  private readonly view: DataView;
  private readonly refs: CodeConstant[] = [];

  constructor(
    private readonly data: Uint8Array,
    private pos: number,
  ) {
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  private advance(n: number): number {
    const at = this.pos;
    if (n < 0 || at + n > this.data.length) throw new MarshalError("marshal data too short");
    this.pos += n;
    return at;
  }

  private u8(): number {
    return this.data[this.advance(1)];
  }

  private i32(): number {
    return this.view.getInt32(this.advance(4), true);
  }

  private float(): number {
    return this.view.getFloat64(this.advance(8), true);
  }

  private slice(n: number): Uint8Array {
    const at = this.advance(n);
    return this.data.slice(at, at + n);
  }

  private long(): bigint {
    const n = this.i32();
    // Five octal digits for each of 15 bits, which V8 reads in linear time.
    const octal: string[] = [];
    for (let i = 0; i < Math.abs(n); i++) {
      octal.push((this.view.getUint16(this.advance(2), true) & 0x7fff).toString(8).padStart(5, "0"));
    }
    const v = BigInt(`0o0${octal.reverse().join("")}`);
    return n < 0 ? -v : v;
  }

  value(): CodeConstant {
    const byte = this.u8();
    const type = byte & ~FLAG_REF;
    const index = byte & FLAG_REF ? this.refs.push(null) - 1 : -1;
    const v = this.content(type);
    if (index >= 0) this.refs[index] = v;
    return v;
  }

  private content(type: number): CodeConstant {
    switch (type) {
      case Type.NONE:
        return null;
      case Type.FALSE:
        return false;
      case Type.TRUE:
        return true;
      case Type.ELLIPSIS:
        return ELLIPSIS;
      case Type.INT:
        return BigInt(this.i32());
      case Type.LONG:
        return this.long();
      case Type.BINARY_FLOAT:
        return this.float();
      case Type.BINARY_COMPLEX:
        return new Complex(this.float(), this.float());
      case Type.STRING:
        return this.slice(this.i32());
      case Type.SHORT_ASCII:
      case Type.SHORT_ASCII_INTERNED:
        return decodeText(this.slice(this.u8()));
      case Type.ASCII:
      case Type.ASCII_INTERNED:
      case Type.UNICODE:
      case Type.INTERNED:
        return decodeText(this.slice(this.i32()));
      case Type.REF: {
        const ref = this.i32();
        if (ref < 0 || ref >= this.refs.length) throw new MarshalError("bad marshal data (invalid reference)");
        return this.refs[ref];
      }
      case Type.SMALL_TUPLE:
        return new Tuple(this.items(this.u8()));
      case Type.TUPLE:
        return new Tuple(this.items(this.i32()));
      case Type.FROZENSET:
        return new FrozenSet(this.items(this.i32()));
      case Type.CODE:
        return this.code();
      default:
        throw new MarshalError(`bad marshal data (unknown type code ${type})`);
    }
  }

  /** Code objects stand only in the tuple of constants, which is read as one of constants. */
  private items(n: number): ConstantValue[] {
    const items: ConstantValue[] = [];
    for (let i = 0; i < n; i++) items.push(this.value() as ConstantValue);
    return items;
  }

  private tuple(): readonly CodeConstant[] {
    const v = this.value();
    if (v instanceof Tuple) return v.items;
    throw new MarshalError("bad marshal data (tuple expected)");
  }

  private bytes(): Uint8Array {
    const v = this.value();
    if (v instanceof Uint8Array) return v;
    throw new MarshalError("bad marshal data (bytes expected)");
  }

  private string(): string {
    const v = this.value() as Text;
    if (typeof v === "string") return v;
    throw new MarshalError("bad marshal data (str expected)");
  }

  private code(): CodeObject {
    return new CodeObject({
      co_argcount: this.i32(),
      co_posonlyargcount: this.i32(),
      co_kwonlyargcount: this.i32(),
      co_stacksize: this.i32(),
      co_flags: this.i32(),
      co_code: this.bytes(),
      co_consts: this.tuple(),
      co_names: this.tuple() as string[],
      localsplusnames: this.tuple() as string[],
      localspluskinds: this.bytes(),
      co_filename: this.string(),
      co_name: this.string(),
      co_qualname: this.string(),
      co_firstlineno: this.i32(),
      co_linetable: this.bytes(),
      co_exceptiontable: this.bytes(),
    });
  }
}
