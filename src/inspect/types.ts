/**
 * Which addresses are type objects, and what they say of their instances.
 *
 * An address is taken for a type when its own type leads to `type` itself in a few steps, it has been made ready, and
 * its name is text.
 */
import { structs } from "../generated/memory.ts";
import type { Reader } from "./reader.ts";
import type { ProcessRoots, StaticType } from "./roots.ts";

export interface TypeInfo {
  address: number;
  name: string;
  /** The static type that it is, if it is one of those that the roots name. */
  symbol: string | undefined;
  flags: number;
  basicSize: number;
  itemSize: number;
  base: TypeInfo | undefined;
  /** Bytes before the object: the collector's links, and the pointers to dict and weak references. */
  preHeader: number;
}

const T = structs.PyTypeObject;
const MANAGED_WEAKREF = 1 << 3;
const MANAGED_DICT = 1 << 4;
const HEAPTYPE = 1 << 9;
const READY = 1 << 12;
const HAVE_GC = 1 << 14;

export class Types {
  private known = new Map<number, TypeInfo | undefined>();

  private symbols: Map<number, string>;

  constructor(
    private reader: Reader,
    private roots: ProcessRoots,
  ) {
    this.symbols = new Map(Object.entries(roots.types).map(([symbol, address]) => [address, symbol]));
  }

  /** The type at `address`, undefined if there is none. */
  at(address: number): TypeInfo | undefined {
    if (this.known.has(address)) return this.known.get(address);
    // An answer for the case that a chain of bases leads back here.
    this.known.set(address, undefined);
    const type = this.read(address);
    this.known.set(address, type);
    return type;
  }

  /** The types that have been found so far. */
  *found(): Iterable<TypeInfo> {
    for (const type of this.known.values()) if (type) yield type;
  }

  private read(address: number): TypeInfo | undefined {
    if (address % 8 !== 0 || address <= 0 || address + T.SIZE[0] > this.reader.source.end) return undefined;
    if (!this.isInstanceOfType(address)) return undefined;
    const flags = this.reader.get(address, T.tp_flags);
    if (!(flags & READY)) return undefined;
    const isStatic = this.roots.statics.some(([from, to]) => address >= from && address < to);
    if (!isStatic && !(flags & HEAPTYPE)) return undefined;
    const name = this.reader.text(this.reader.get(address, T.tp_name));
    const basicSize = this.reader.get(address, T.tp_basicsize);
    if (!name || basicSize < 0 || basicSize > 1 << 20) return undefined;
    const base = this.reader.get(address, T.tp_base);
    return {
      address,
      name,
      symbol: this.symbols.get(address),
      flags,
      basicSize,
      itemSize: this.reader.get(address, T.tp_itemsize),
      base: base ? this.at(base) : undefined,
      preHeader: (flags & HAVE_GC ? 16 : 0) + (flags & (MANAGED_DICT | MANAGED_WEAKREF) ? 16 : 0),
    };
  }

  /** Whether the type of what is at `address` is `type`, or a class whose type leads there. */
  private isInstanceOfType(address: number): boolean {
    let type = this.reader.get(address, structs.PyObject.ob_type);
    for (let steps = 0; steps < 4; steps++) {
      if (type === this.roots.types.PyType_Type) return true;
      if (type <= 0 || type + T.SIZE[0] > this.reader.source.end || type % 8 !== 0) return false;
      type = this.reader.get(type, structs.PyObject.ob_type);
    }
    return false;
  }
}

/** Whether `type` is, or is derived from, the static type called `symbol` (`PyList_Type`). */
export function derives(type: TypeInfo, symbol: StaticType): boolean {
  for (let t: TypeInfo | undefined = type; t; t = t.base) if (t.symbol === symbol) return true;
  return false;
}
