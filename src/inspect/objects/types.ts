/**
 * Which addresses are type objects, and what they say of their instances.
 *
 * An address is taken for a type when its own type leads to `type` itself in a few steps, it has been made ready, and
 * its name is text. What its instances are made of is its *family*, that of the nearest base that C code defines: such a
 * type is static, or has a dotted name (`collections.deque`), which a class of Python code never has.
 */
import type { Layout } from "../../layouts/layout.ts";
import type { Memory } from "../source/memory.ts";

/** How the references and parts of an instance are found. */
export enum Family {
  /** The words of its fixed part. */
  Generic,
  /** It refers to nothing. */
  Leaf,
  Int,
  Float,
  Str,
  Bytes,
  ByteArray,
  List,
  Tuple,
  Dict,
  OrderedDict,
  Set,
  Type,
  Module,
  Generator,
  Frame,
  Deque,
  Weakref,
}

export interface TypeInfo {
  address: number;
  name: string;
  /** The name of the nearest base that C code defines; its own, where that is it. */
  core: string;
  /** The size of an instance of that base, beyond which lie the slots of subclasses. */
  coreSize: number;
  family: Family;
  flags: number;
  basicSize: number;
  itemSize: number;
  base: TypeInfo | undefined;
  /** Bytes before the object: the collector's links, and the pointers to dict and weak references. */
  preHeader: number;
  /** Offsets of the instance's dict and weak references; 0 where there are none there. */
  dictOffset: number;
  weakOffset: number;
  isHeap: boolean;
}

/** What the reader of types starts from. */
export interface TypeRoots {
  /** The address of `type`. */
  typeType: number;
  /** Whether a static type can be at the address. */
  isStatic(address: number): boolean;
  /** Whether what is read was made by a whole interpreter: then each type stands first in its own mro. */
  hasMro: boolean;
  /** The name of a type whose own cannot be read, from where a program finds it. */
  nameOf?(address: number, isHeap: boolean): string | undefined;
}

/** The offset of tp_flags. */
const FLAGS = 168;
const INLINE_VALUES = 1 << 2;
const MANAGED_WEAKREF = 1 << 3;
const MANAGED_DICT = 1 << 4;
const HEAPTYPE = 1 << 9;
const READY = 1 << 12;
const HAVE_GC = 1 << 14;
const SUBCLASS = { int: 1 << 24, list: 1 << 25, tuple: 1 << 26, bytes: 1 << 27, str: 1 << 28, dict: 1 << 29 };
const TYPE_SUBCLASS = 2 ** 31;
const SIZE_MAX = 1 << 20;
/** No class has so many bases one above the other. */
const DEPTH_MAX = 1000;
const RECENT = 1024;

const families: Record<string, Family> = {
  int: Family.Int,
  str: Family.Str,
  bytes: Family.Bytes,
  list: Family.List,
  tuple: Family.Tuple,
  dict: Family.Dict,
  type: Family.Type,
  float: Family.Float,
  complex: Family.Leaf,
  NoneType: Family.Leaf,
  ellipsis: Family.Leaf,
  NotImplementedType: Family.Leaf,
  bytearray: Family.ByteArray,
  set: Family.Set,
  frozenset: Family.Set,
  module: Family.Module,
  generator: Family.Generator,
  coroutine: Family.Generator,
  async_generator: Family.Generator,
  frame: Family.Frame,
  "collections.deque": Family.Deque,
  "collections.OrderedDict": Family.OrderedDict,
  weakref: Family.Weakref,
  weakproxy: Family.Weakref,
  weakcallableproxy: Family.Weakref,
  "weakref.ReferenceType": Family.Weakref,
  "weakref.ProxyType": Family.Weakref,
  "weakref.CallableProxyType": Family.Weakref,
};

export class Types {
  private readonly known = new Map<number, TypeInfo | undefined>();
  /** Those that were asked about last, by their addresses: most objects are of a few types. */
  private readonly recent: (TypeInfo | undefined)[] = new Array(RECENT).fill(undefined);
  private depth = 0;
  private readonly weakrefFlag: number;
  private readonly dictFlag: number;
  private readonly size: number;

  constructor(
    private readonly memory: Memory,
    readonly layout: Layout,
    private readonly roots: TypeRoots,
  ) {
    this.size = layout.at("PyTypeObject.SIZE");
    // Before 3.11 nothing lies before the collector's links; 3.11 has only the dict there.
    this.weakrefFlag = layout.since(12) ? MANAGED_WEAKREF : 0;
    this.dictFlag = layout.since(11) ? MANAGED_DICT : 0;
  }

  /** The type at `address`, undefined if there is none. */
  at(address: number): TypeInfo | undefined {
    if ((address & 7) !== 0) return undefined;
    const place = (address >>> 4) % RECENT;
    const recent = this.recent[place];
    if (recent !== undefined && recent.address === address) return recent;
    // Most words that are asked about are no types: of those nothing is kept.
    if (!this.isInstanceOfType(address)) return undefined;
    const known = this.known.get(address);
    if (known !== undefined) this.recent[place] = known;
    if (known !== undefined || this.known.has(address)) return known;
    // An answer for the case that a chain of bases leads back here.
    this.known.set(address, undefined);
    const type = this.read(address);
    if (type) this.known.set(address, type);
    return type;
  }

  /** The type of the object at `address`. */
  of(address: number): TypeInfo | undefined {
    return this.at(this.memory.u64(address + 8));
  }

  /** The types that have been found so far. */
  *found(): Iterable<TypeInfo> {
    for (const type of this.known.values()) if (type) yield type;
  }

  /** Whether instances of `type` keep their dict before them. */
  hasManagedDict(type: TypeInfo): boolean {
    return (type.flags & this.dictFlag) !== 0;
  }

  /** Whether instances of `type` have room for attributes in themselves. */
  hasInlineValues(type: TypeInfo): boolean {
    return this.layout.since(13) && (type.flags & INLINE_VALUES) !== 0;
  }

  private read(address: number): TypeInfo | undefined {
    const { memory, roots } = this;
    if (!memory.has(address + this.size - 8)) return undefined;
    const flags = memory.u64(address + FLAGS);
    if (!(flags & READY)) return undefined;
    const isHeap = (flags & HEAPTYPE) !== 0;
    if (!isHeap && !roots.isStatic(address)) return undefined;
    // Names that C code gives lie in a module's file, which a core has not, and which need not be there.
    const name = memory.text(memory.u64(address + 24)) || roots.nameOf?.(address, isHeap) || "";
    const basicSize = memory.i64(address + 32);
    const itemSize = memory.i64(address + 40);
    if (basicSize < 0 || basicSize > SIZE_MAX || itemSize < 0 || itemSize > SIZE_MAX) return undefined;
    if (roots.hasMro) {
      const mro = memory.u64(address + 344);
      if (memory.u64(mro + 24) !== address) return undefined;
    } else if (name === "") return undefined;
    const baseAddress = memory.u64(address + 256);
    this.depth++;
    const base = baseAddress && this.depth < DEPTH_MAX ? this.at(baseAddress) : undefined;
    this.depth--;
    const isCore = !isHeap || name.includes(".") || base === undefined;
    const core = isCore ? name || "?" : base.core;
    const low = flags % 2 ** 32;
    return {
      address,
      name: name || "?",
      core,
      coreSize: isCore ? basicSize : base.coreSize,
      family: familyOf(low, core, base),
      flags,
      basicSize,
      itemSize,
      base,
      preHeader: (flags & HAVE_GC ? 16 : 0) + (flags & (this.dictFlag | this.weakrefFlag) ? 16 : 0),
      dictOffset: memory.i64(address + 288),
      weakOffset: memory.i64(address + 208),
      isHeap,
    };
  }

  /** Whether the type of what is at `address` is `type`, or a class that says that its instances are types. */
  private isInstanceOfType(address: number): boolean {
    const { memory } = this;
    let type = memory.u64(address + 8);
    for (let steps = 0; steps < 4; steps++) {
      if (type === this.roots.typeType) return true;
      // Every object's type leads to `type` in the end.
      if ((type & 7) !== 0 || memory.u32(type + FLAGS) < TYPE_SUBCLASS) return false;
      type = memory.u64(type + 8);
    }
    return false;
  }
}

function familyOf(flags: number, core: string, base: TypeInfo | undefined): Family {
  if (flags >= TYPE_SUBCLASS) return Family.Type;
  if (flags & SUBCLASS.int) return Family.Int;
  if (flags & SUBCLASS.list) return Family.List;
  if (flags & SUBCLASS.tuple) return Family.Tuple;
  if (flags & SUBCLASS.bytes) return Family.Bytes;
  if (flags & SUBCLASS.str) return Family.Str;
  if (flags & SUBCLASS.dict) return families[core] === Family.OrderedDict ? Family.OrderedDict : Family.Dict;
  return families[core] ?? (base && base.core === core ? base.family : Family.Generic);
}

/** Whether the collector tracks instances of `type`. */
export const hasGc = (type: TypeInfo): boolean => (type.flags & HAVE_GC) !== 0;
