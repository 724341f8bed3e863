/**
 * What objects are made of: the blocks that are parts of an object, and the objects that it refers to.
 *
 * Each family of types has its own way. What C code defines and is not known here is read word by word: whatever in its
 * fixed part is the address of an object is a reference, and the address of a block that nothing else explains leads to
 * memory of its own, which is read word by word in turn. Not followed: weak references, what is borrowed (a frame's
 * globals, the list of weak references), and a type's instances.
 *
 * A reference is given with where it is, as a kind of place and a number (see `Place`); ways.ts writes it as Python would.
 */
import { parts as generatedParts } from "../../generated/memory.ts";
import type { Layout } from "../../layouts/layout.ts";
import type { Blocks } from "../blocks.ts";
import type { Memory } from "../source/memory.ts";
import { Tables } from "./tables.ts";
import { Family, type TypeInfo, type Types } from "./types.ts";

/** Where in its holder a reference is; what the number beside it means. */
export enum Place {
  /** A field: its offset. */
  Field,
  /** An item: its index. */
  Item,
  /** An attribute in the instance: the address of its name. */
  Attribute,
  /** A value of a dict: the address of its key. */
  Value,
  /** A key of a dict, a member of a set: its index. */
  Key,
  /** The dict of an instance, a module or a class. */
  Dict,
  /** A local variable: the address of its name, 0 for what is on the stack beyond them. */
  Local,
  /** A word of memory without an object: its offset. */
  Word,
}

/** Receives the address of what is referred to, and where the reference is. */
export type Visit = (target: number, place: Place, number: number) => void;

const FRAME_CLEARED = 4;
const LOCALS_MAX = 100_000;
/** So many words are believed without asking whether memory has room for them. */
const WORDS_FREE = 64;
const OWNED_BY_FRAME_OBJECT = 2;
const INTERNED_MIN = 500;

export class Walk {
  readonly tables: Tables;
  private readonly f: ReturnType<typeof offsets>;
  /** How many words objects were believed to have where no block says it; and how many are left of all there are. */
  private readonly believed = new Map<number, number>();
  private wordsLeft: number;
  /** Whose the blocks are that no object was found to own: the first one's that has its items there. */
  private readonly takers = new Map<number, number>();

  constructor(
    readonly memory: Memory,
    readonly layout: Layout,
    readonly types: Types,
    readonly blocks: Blocks,
    /** Dicts whose keys and values are not counted: those of interned strings. */
    private readonly weakDicts: ReadonlySet<number>,
  ) {
    this.tables = new Tables(memory, layout);
    this.f = offsets(layout);
    this.wordsLeft = memory.size * 2 ** 17;
  }

  /** Calls `part` with the address of each block that is part of the object at `address`, and what it is. */
  parts(address: number, type: TypeInfo, part: (at: number, name: string) => void): void {
    const { memory, f } = this;
    switch (type.family) {
      case Family.List:
        part(memory.u64(address + 24), "list items");
        break;
      case Family.OrderedDict:
      case Family.Dict: {
        part(memory.u64(address + 32), "dict keys");
        const values = memory.u64(address + 40);
        if (values !== 0) this.valuesPart(values, part);
        if (type.family === Family.OrderedDict) this.orderedParts(address, part);
        break;
      }
      case Family.Set: {
        const table = memory.u64(address + 40);
        if (table !== address + 64) part(table, "set table");
        break;
      }
      case Family.Str: {
        const state = memory.u32(address + 32);
        if (!isCompact(state)) part(memory.u64(address + f.strData), "str characters");
        if (!isCompact(state) || !isAscii(state)) part(memory.u64(address + f.strUtf8), "str as UTF-8");
        if (f.strWide) part(memory.u64(address + 40), "str as wide characters");
        break;
      }
      case Family.ByteArray:
        part(memory.u64(address + 32), "bytearray bytes");
        break;
      case Family.Type:
        this.typeParts(address, type, part);
        break;
      case Family.Deque:
        this.dequeBlocks(address, (block) => part(block, "deque block"));
        for (let i = 0, n = f.dequeFree < 0 ? 0 : Math.min(memory.u64(address + f.dequeNumFree), 16); i < n; i++) {
          part(memory.u64(address + f.dequeFree + 8 * i), "deque block");
        }
        break;
      default:
        this.namedParts(address, type.core, part);
    }
    if (this.layout.version[1] === 11 || this.layout.version[1] === 12) {
      const values = this.outerValues(address, type);
      if (values !== 0) this.valuesPart(values, part);
    }
  }

  /** Values of attributes that lie in a block of their own. */
  private valuesPart(values: number, part: (at: number, name: string) => void): void {
    const minor = this.layout.version[1];
    if (minor <= 10) part(values, "dict values");
    else if (minor >= 13) {
      if (!this.memory.u8(values + 2)) part(values, "dict values");
    } else part(values - this.memory.u8(values - 1), "dict values");
  }

  private namedParts(address: number, core: string, part: (at: number, name: string) => void): void {
    const { memory } = this;
    for (const [field, name, inner] of this.f.parts.get(core) ?? []) {
      const at = memory.u64(address + field);
      part(at, name);
      if (this.blocks.at(at) < 0) continue;
      for (const [innerField, innerName] of inner) part(memory.u64(at + innerField), innerName);
    }
  }

  /** The parts of a type; of a static one, nothing. */
  typeParts(address: number, meta: TypeInfo | undefined, part: (at: number, name: string) => void): void {
    const { memory, f } = this;
    const type = this.types.at(address);
    if (!type?.isHeap || !meta) return;
    part(memory.u64(address + 176), "type doc");
    if (f.typeName >= 0) part(memory.u64(address + f.typeName), "type name");
    part(memory.u64(address + 24), "type name");
    part(memory.u64(address + f.cachedKeys), "dict keys");
    part(memory.u64(address + 240), "type members");
  }

  private orderedParts(address: number, part: (at: number, name: string) => void): void {
    part(this.memory.u64(address + 64), "OrderedDict table");
    let limit = this.believe(address, this.memory.u64(address + 16));
    for (let node = this.memory.u64(address + 48); this.blocks.at(node) >= 0 && limit-- > 0; ) {
      part(node, "OrderedDict node");
      node = this.memory.u64(node + 16);
    }
  }

  private dequeBlocks(address: number, found: (block: number) => void): void {
    const { memory } = this;
    const last = memory.u64(address + 32);
    let limit = this.believe(address, memory.u64(address + 16)) / 64 + 2;
    for (let block = memory.u64(address + 24); memory.has(block) && limit-- > 0; block = memory.u64(block + 520)) {
      found(block);
      if (block === last) break;
    }
  }

  /** The attributes of an instance of 3.11 or 3.12, where they lie outside of it; 0 where there are none. */
  private outerValues(address: number, type: TypeInfo): number {
    if (!this.types.hasManagedDict(type)) return 0;
    if (this.layout.version[1] === 11) return this.memory.u64(address - 32);
    const word = this.memory.u64(address - 24);
    return word % 2 === 1 ? word + 1 : 0;
  }

  /** Calls `visit` with each reference of the object at `address`, its type left out. */
  refs(address: number, type: TypeInfo, visit: Visit): void {
    const { memory } = this;
    switch (type.family) {
      case Family.Leaf:
      case Family.Int:
      case Family.Float:
      case Family.Str:
      case Family.Bytes:
      case Family.ByteArray:
        break;
      case Family.List: {
        const items = memory.u64(address + 24);
        const n = this.fitting(address, items, memory.i64(address + 16), 8);
        for (let i = 0; i < n; i++) visit(memory.u64(items + 8 * i), Place.Item, i);
        break;
      }
      case Family.Tuple: {
        const n = this.fitting(address, address + 24, memory.i64(address + 16), 8);
        for (let i = 0; i < n; i++) visit(memory.u64(address + 24 + 8 * i), Place.Item, i);
        break;
      }
      case Family.OrderedDict:
        this.orderedRefs(address, visit);
        this.dictRefs(address, visit);
        break;
      case Family.Dict:
        this.dictRefs(address, visit);
        break;
      case Family.Set: {
        const table = memory.u64(address + 40);
        const n = this.fitting(address, table, memory.u64(address + 32) + 1, 16);
        for (let i = 0; i < n; i++) visit(memory.u64(table + 16 * i), Place.Key, i);
        break;
      }
      case Family.Type:
        this.typeRefs(address, visit);
        break;
      case Family.Module:
        visit(memory.u64(address + 16), Place.Dict, 0);
        visit(memory.u64(address + 48), Place.Field, 48);
        // The module's state, which is memory.
        visit(memory.u64(address + 32), Place.Field, 32);
        break;
      case Family.Generator:
        this.generatorRefs(address, visit);
        break;
      case Family.Frame:
        this.frameRefs(address, visit);
        break;
      case Family.Deque: {
        let [index, at] = [0, memory.u64(address + 40)];
        const n = this.believe(address, memory.u64(address + 16));
        this.dequeBlocks(address, (block) => {
          for (; at < 64 && index < n; at++, index++) visit(memory.u64(block + 8 + 8 * at), Place.Item, index);
          at = 0;
        });
        break;
      }
      case Family.Weakref:
        visit(memory.u64(address + 24), Place.Field, 24);
        break;
      default:
        this.words(address, 16, this.fixedSize(address, type), type, visit);
    }
    if (type.basicSize > type.coreSize && type.family !== Family.Generic && type.itemSize === 0) {
      this.words(address, type.coreSize, type.basicSize, type, visit);
    }
    this.attributes(address, type, visit);
  }

  /**
   * `n`, or how many things of `size` bytes that the object at `object` has at `address` fit between there and the end of
   * the block: none where that is another object's. Where no block is known, memory must have room for them.
   */
  private fitting(object: number, address: number, n: number, size: number): number {
    const { memory, blocks } = this;
    if (n <= 0 || !memory.has(address)) return 0;
    const block = blocks.around(address);
    if (block >= 0) {
      if (!this.isOf(block, object)) return 0;
      return Math.min(n, Math.floor((blocks.address(block) + blocks.room[block]! - address) / size));
    }
    const words = (n * size) / 8;
    if (words <= WORDS_FREE) return n;
    return Math.floor((this.believe(object, memory.bytesFrom(address, n * size) / 8) * 8) / size);
  }

  /** Whether a block is the object's own, or a part of it. */
  private isOf(block: number, object: number): boolean {
    const { blocks } = this;
    const owner = blocks.owner[block]!;
    if (owner >= 0) return blocks.object(owner) === object;
    if (blocks.object(block) === object) return true;
    const taker = this.takers.get(block);
    if (taker === undefined) this.takers.set(block, object);
    return taker === undefined || taker === object;
  }

  /**
   * How many of the words that something at `address` says that it has are believed, the same whenever it is asked: all
   * together have no more than memory has, whatever a damaged one says.
   */
  private believe(address: number, words: number): number {
    if (words <= WORDS_FREE) return Math.max(0, words);
    const known = this.believed.get(address) ?? 0;
    const more = Math.floor(Math.min(words - known, this.wordsLeft));
    if (more <= 0) return Math.min(words, known);
    this.wordsLeft -= more;
    this.believed.set(address, known + more);
    return known + more;
  }

  /** One past the words that an object of a type that is not known here has. */
  private fixedSize(address: number, type: TypeInfo): number {
    if (type.itemSize === 0) return type.basicSize;
    if (type.core === "code") return this.f.codeEnd;
    const items = Math.abs(this.memory.i64(address + 16));
    return Math.min(type.basicSize + items * type.itemSize, this.roomOf(address));
  }

  /** The bytes from `address` to the end of its block; what has none has no items either. */
  private roomOf(address: number): number {
    const n = this.blocks.around(address);
    return n < 0 ? 0 : this.blocks.address(n) + this.blocks.room[n]! - address;
  }

  private words(address: number, from: number, to: number, type: TypeInfo, visit: Visit): void {
    if (to - from > 8 * WORDS_FREE) to = Math.min(to, this.roomOf(address));
    for (let at = from; at + 8 <= to; at += 8) {
      if (at === type.weakOffset || at === type.dictOffset) continue;
      const word = this.memory.u64(address + at);
      if (word !== 0) visit(word, Place.Field, at);
    }
  }

  /** The references of the words of a block without an object. */
  memoryRefs(address: number, size: number, visit: Visit): void {
    this.memory.eachAddress(address, address + size, (word, at) => {
      if ((word & 15) === 0) visit(word, Place.Word, at - address);
    });
  }

  private dictRefs(address: number, visit: Visit): void {
    if (this.weakDicts.has(address) || this.isInterned(address)) return;
    const { memory } = this;
    const values = memory.u64(address + 40);
    const keys = this.tables.keys(memory.u64(address + 32));
    const { entries, step, key, value } = keys;
    if (values !== 0) {
      // Shared keys, whose names the class holds. In 3.13 the values may lie in the instance, which visits them.
      const inInstance = this.layout.since(13) && memory.u8(values + 2) !== 0;
      if (inInstance || !memory.has(values)) return;
      const first = values + this.f.values;
      for (let i = 0, n = this.fitting(address, first, keys.count, 8); i < n; i++) {
        visit(memory.u64(first + 8 * i), Place.Value, memory.u64(entries + i * step + key));
      }
      return;
    }
    for (let i = 0, n = this.fitting(address, entries, keys.count, step); i < n; i++) {
      const entry = entries + i * step;
      const v = memory.u64(entry + value);
      if (v === 0) continue;
      const k = memory.u64(entry + key);
      visit(v, Place.Value, k);
      visit(k, Place.Key, i);
    }
  }

  /** Whether a dict is that of interned strings: many, each the value of itself, each marked as interned. */
  isInterned(address: number): boolean {
    const { memory } = this;
    if (memory.u64(address + 16) < INTERNED_MIN || memory.u64(address + 40) !== 0) return false;
    const { entries, count, step, key, value } = this.tables.keys(memory.u64(address + 32));
    let seen = 0;
    for (let i = 0, n = this.fitting(address, entries, count, step); i < n && seen < INTERNED_MIN; i++) {
      const k = memory.u64(entries + i * step + key);
      if (memory.u64(entries + i * step + value) === 0) continue;
      if (k !== memory.u64(entries + i * step + value)) return false;
      if (this.types.of(k)?.family !== Family.Str || (memory.u32(k + 32) & 3) === 0) return false;
      seen++;
    }
    return seen === INTERNED_MIN;
  }

  private orderedRefs(address: number, visit: Visit): void {
    visit(this.memory.u64(address + 96), Place.Dict, 0);
    let limit = this.believe(address, this.memory.u64(address + 16));
    for (let node = this.memory.u64(address + 48); this.memory.has(node) && limit-- > 0; ) {
      visit(this.memory.u64(node), Place.Key, 0);
      node = this.memory.u64(node + 16);
    }
  }

  private typeRefs(address: number, visit: Visit): void {
    const { memory, f } = this;
    visit(memory.u64(address + 264), Place.Dict, 0);
    for (const at of [256, 336, 344, 352, 360]) visit(memory.u64(address + at), Place.Field, at);
    if (!this.types.at(address)?.isHeap) return;
    for (const at of f.heapType) visit(memory.u64(address + at), Place.Field, at);
    this.keyNames(address, memory.u64(address + f.cachedKeys), visit);
  }

  /** The keys of a table that a class keeps for its instances. */
  private keyNames(type: number, address: number, visit: Visit): void {
    if (!this.memory.has(address)) return;
    const { entries, count, step, key } = this.tables.keys(address);
    for (let i = 0, n = this.fitting(type, entries, count, step); i < n; i++)
      visit(this.memory.u64(entries + i * step + key), Place.Key, i);
  }

  private generatorRefs(address: number, visit: Visit): void {
    const { memory, f } = this;
    for (const at of f.generator) visit(memory.u64(address + at), Place.Field, at);
    if (f.genFrame < 0) return;
    // A signed byte: it is below 0 where the frame has not begun, or is suspended.
    if ((memory.u8(address + f.genState) << 24) >> 24 < FRAME_CLEARED)
      this.interpreterFrame(address + f.genFrame, visit);
  }

  private frameRefs(address: number, visit: Visit): void {
    const { memory, f } = this;
    for (const at of f.frame) visit(memory.u64(address + at), Place.Field, at);
    if (f.frameData >= 0) {
      const frame = memory.u64(address + f.frameFrame);
      const owned = memory.u8(frame + f.iOwner) === OWNED_BY_FRAME_OBJECT;
      if (frame === address + f.frameData && owned) this.interpreterFrame(frame, visit);
      return;
    }
    this.frameLocals(address, visit);
  }

  /** The locals of a frame object up to 3.10, and what is on its stack. */
  frameLocals(address: number, visit: Visit): void {
    const { memory, f } = this;
    const code = memory.u64(address + f.frameCode);
    const stack = memory.u64(address + f.valueStack);
    const n = this.believe(address, Math.min((stack - address - f.frameLocals) / 8, LOCALS_MAX));
    for (let i = 0; i < n; i++) {
      const value = memory.u64(address + f.frameLocals + 8 * i);
      if (value !== 0) visit(value, Place.Local, this.localName(code, i));
    }
    const depth =
      f.stackDepth >= 0 ? memory.i32(address + f.stackDepth) : (memory.u64(address + f.stackTop) - stack) / 8;
    const onStack = this.believe(stack, Math.min(depth, LOCALS_MAX));
    for (let i = 0; i < onStack; i++) visit(memory.u64(stack + 8 * i), Place.Local, 0);
  }

  /** What the words on the stack of a frame object that runs may be, which is not said. */
  frameStack(address: number, visit: (target: number) => void): void {
    const { memory, f } = this;
    const stack = memory.u64(address + f.valueStack);
    const size = memory.i32(memory.u64(address + f.frameCode) + f.stackSize);
    const depth = this.believe(stack, Math.min(size, LOCALS_MAX));
    for (let i = 0; i < depth; i++) visit(memory.u64(stack + 8 * i));
  }

  /** The frame of a Python function since 3.11; of one that runs, `visit` gets its variables, not its stack. */
  interpreterFrame(frame: number, visit: Visit): void {
    const { memory, f } = this;
    for (const at of f.iFields) visit(memory.u64(frame + at), Place.Field, at);
    const code = memory.u64(frame + f.iCode);
    const top = memory.i32(frame + f.iStackTop);
    const variables = this.variablesOf(frame, code);
    const n = top < 0 ? variables : this.believe(frame, Math.min(top, LOCALS_MAX));
    for (let i = 0; i < n; i++) {
      const value = memory.u64(frame + f.iLocals + 8 * i);
      if (value !== 0) visit(value, Place.Local, i < variables ? this.localName(code, i) : 0);
    }
  }

  /** What the words on the stack of a frame that runs may be. */
  interpreterStack(frame: number, visit: (target: number) => void): void {
    const { memory, f } = this;
    if (memory.i32(frame + f.iStackTop) >= 0) return;
    const code = memory.u64(frame + f.iCode);
    const stack = frame + f.iLocals + 8 * this.variablesOf(frame, code);
    const depth = this.believe(stack, Math.min(memory.i32(code + f.stackSize), LOCALS_MAX));
    for (let i = 0; i < depth; i++) visit(memory.u64(stack + 8 * i));
  }

  /** How many variables a frame has. */
  private variablesOf(frame: number, code: number): number {
    return this.believe(frame, Math.min(this.memory.i32(code + this.f.nLocalsPlus), LOCALS_MAX));
  }

  /** The address of the name of a frame's local variable `i`, 0 where it has none. */
  private localName(code: number, i: number): number {
    const { memory, f } = this;
    if (f.localNames >= 0) return memory.u64(memory.u64(code + f.localNames) + 24 + 8 * i);
    for (const field of f.codeNames) {
      const names = memory.u64(code + field);
      const n = memory.i64(names + 16);
      if (i < n) return memory.u64(names + 24 + 8 * i);
      i -= Math.max(0, n);
    }
    return 0;
  }

  /** The code object of a frame of 3.11 or later; its caller's frame. */
  codeOf(frame: number): number {
    return this.memory.u64(frame + this.f.iCode);
  }

  previous(frame: number): number {
    return this.memory.u64(frame + this.f.iPrevious);
  }

  /** The code object of a frame object up to 3.10; its caller's. */
  frameCode(frame: number): number {
    return this.memory.u64(frame + this.f.frameCode);
  }

  frameBack(frame: number): number {
    return this.memory.u64(frame + this.f.frame[0]!);
  }

  /** The attributes of an instance, wherever its version keeps them. */
  private attributes(address: number, type: TypeInfo, visit: Visit): void {
    const { memory, types } = this;
    if (types.hasInlineValues(type)) {
      const values = address + type.basicSize;
      if (memory.u8(values + 3) !== 0) this.values(values + 8, memory.u8(values), type, visit);
    }
    if (types.hasManagedDict(type)) {
      const outer = this.layout.since(13) ? 0 : this.outerValues(address, type);
      if (outer !== 0) this.values(outer, 254, type, visit);
      const dict = memory.u64(address - 24);
      if (dict % 2 === 0 && dict !== 0) visit(dict, Place.Dict, 0);
      return;
    }
    if (type.family === Family.Module || type.family === Family.OrderedDict || type.family === Family.Type) return;
    let at = type.dictOffset;
    if (at === 0) return;
    if (at < 0) {
      if (type.itemSize === 0) return;
      const items = Math.abs(memory.i64(address + 16));
      at += Math.ceil((type.basicSize + items * type.itemSize) / 8) * 8;
      if (at > this.roomOf(address) - 8) return;
    }
    if (at >= 16) visit(memory.u64(address + at), Place.Dict, 0);
  }

  /** Attributes in order of the names that the class keeps. */
  private values(first: number, capacity: number, type: TypeInfo, visit: Visit): void {
    const { memory } = this;
    const keys = memory.u64(type.address + this.f.cachedKeys);
    if (!type.isHeap || !memory.has(keys)) return;
    const { entries, count, step, key } = this.tables.keys(keys);
    for (let i = 0, n = Math.min(count, capacity); i < n; i++) {
      const value = memory.u64(first + 8 * i);
      if (value !== 0) visit(value, Place.Attribute, memory.u64(entries + i * step + key));
    }
  }

  /** The name of a field of a type that C code defines, or of one of its bases, where it has one: `__closure__`. */
  fieldName(type: TypeInfo, offset: number): string | undefined {
    for (let t: TypeInfo | undefined = type; t; t = t.base) {
      const name = this.f.names.get(t.core)?.get(offset);
      if (name !== undefined) return name;
    }
    return undefined;
  }

  /** The name of the slot at `offset` in instances of a class with `__slots__`. */
  slotName(type: TypeInfo, offset: number): string | undefined {
    const { memory } = this;
    for (let t: TypeInfo | undefined = type; t?.isHeap; t = t.base) {
      const meta = this.types.of(t.address);
      const n = Math.min(memory.i64(t.address + 16), 1000);
      if (!meta) continue;
      for (let i = 0, at = t.address + meta.basicSize; i < n; i++, at += 40) {
        if (memory.i64(at + 16) === offset) return memory.text(memory.u64(at));
      }
    }
    return undefined;
  }
}

// PyASCIIObject.state, from the low bits: interned 2, kind 3, compact 1, ascii 1, and one that the versions differ in.
export const isCompact = (state: number): boolean => ((state >> 5) & 1) !== 0;
export const isAscii = (state: number): boolean => ((state >> 6) & 1) !== 0;
export const kindOf = (state: number): number => (state >> 2) & 7;

/** The offsets that differ between versions; -1 where one has no such field. */
function offsets(layout: Layout) {
  const find = (field: string) => layout.find(field);
  const all = (...fields: string[]) => fields.map(find).filter((at) => at >= 0);
  const names = new Map<string, Map<number, string>>();
  for (const [core, fields] of Object.entries(fieldNames)) {
    const map = new Map<number, string>();
    for (const [field, name] of Object.entries(fields)) if (find(field) >= 0) map.set(find(field), name);
    names.set(core, map);
  }
  const parts = new Map<string, [number, string, [number, string][]][]>();
  for (const [core, fields] of Object.entries(partNames)) {
    parts.set(
      core,
      Object.entries(fields)
        .map(([field, name]): [number, string, []] => [find(field), name, []])
        .filter(([at]) => at >= 0),
    );
  }
  if (layout.kind === "vitrine") {
    parts.set("decimal.Decimal", [[find("PyDecObject.dec") + find("mpd_t.data"), "decimal digits", []]]);
    parts.set("_queue.SimpleQueue", [[find("simplequeueobject.buf") + find("ringbuf.items"), "queue items", []]]);
    const blocks = (struct: string) =>
      (ownParts[struct] ?? []).map(([field, name]): [number, string] => [find(`${struct}.${field}`), name]);
    for (const [core, struct] of Object.entries(ownStructures)) {
      parts.set(
        core,
        (ownParts[struct] ?? []).map(([field, name]) => {
          const key = `${struct}.${field}`;
          return [find(key), name, blocks(innerStructures[key] ?? "")];
        }),
      );
    }
    const rule = find("PyZoneInfo_ZoneInfo.tzrule_after");
    parts
      .get("zoneinfo.ZoneInfo")
      ?.push(...blocks("_tzrule").map(([at, name]): [number, string, []] => [rule + at, name, []]));
  }
  return {
    names,
    parts,
    strData: find("PyUnicodeObject.data"),
    strUtf8: find("PyCompactUnicodeObject.utf8"),
    strWide: !layout.since(12),
    values: Math.max(0, find("PyDictValues.values")),
    cachedKeys: find("PyHeapTypeObject.ht_cached_keys"),
    typeName: find("PyHeapTypeObject._ht_tpname"),
    heapType: all(...["ht_name", "ht_slots", "ht_qualname", "ht_module"].map((name) => `PyHeapTypeObject.${name}`)),
    dequeNumFree: find("dequeobject.numfreeblocks"),
    dequeFree: find("dequeobject.freeblocks"),
    codeEnd: layout.since(11) ? find("PyCodeObject.co_code_adaptive") : find("PyCodeObject.SIZE"),
    generator: layout.since(11)
      ? all("PyGenObject.gi_name", "PyGenObject.gi_qualname", "PyGenObject.gi_exc_state")
      : [
          16,
          ...[24, 32, 40, 48, 56, 64, 72, 80].filter(
            (at) => at < find("PyGenObject.gi_name") + 40 && at !== weak(find),
          ),
        ],
    genFrame: find("PyGenObject.gi_iframe"),
    genState: find("PyGenObject.gi_frame_state"),
    frame: all(
      ...["f_back", "f_code", "f_builtins", "f_globals", "f_locals", "f_trace", "f_extra_locals", "f_locals_cache"].map(
        (name) => `PyFrameObject.${name}`,
      ),
    ),
    frameCode: find("PyFrameObject.f_code"),
    frameFrame: find("PyFrameObject.f_frame"),
    frameData: find("PyFrameObject._f_frame_data"),
    frameLocals: find("PyFrameObject.f_localsplus"),
    valueStack: find("PyFrameObject.f_valuestack"),
    stackTop: find("PyFrameObject.f_stacktop"),
    stackDepth: find("PyFrameObject.f_stackdepth"),
    stackSize: find("PyCodeObject.co_stacksize"),
    nLocalsPlus: find("PyCodeObject.co_nlocalsplus"),
    localNames: find("PyCodeObject.co_localsplusnames"),
    codeNames: all("PyCodeObject.co_varnames", "PyCodeObject.co_cellvars", "PyCodeObject.co_freevars"),
    iCode: find("_PyInterpreterFrame.f_executable"),
    iFields: all(
      ...["f_executable", "f_funcobj", "f_locals", "frame_obj"].map((name) => `_PyInterpreterFrame.${name}`),
    ),
    iPrevious: find("_PyInterpreterFrame.previous"),
    iStackTop: find("_PyInterpreterFrame.stacktop"),
    iOwner: find("_PyInterpreterFrame.owner"),
    iLocals: find("_PyInterpreterFrame.localsplus"),
  };
}

/** A generator's list of weak references, up to 3.10 between its code and its name. */
const weak = (find: (field: string) => number) => find("PyGenObject.gi_name") - 8;

/** The blocks of a structure of ours: its fields that are the addresses of such, and their names. */
const ownParts: Readonly<Record<string, readonly (readonly [string, string])[]>> = generatedParts;

/** Blocks that objects of these types keep to themselves. */
const partNames: Record<string, Record<string, string>> = {
  "_io.BufferedReader": { "buffered.buffer": "stream buffer" },
  "_io.BufferedWriter": { "buffered.buffer": "stream buffer" },
  "_io.BufferedRandom": { "buffered.buffer": "stream buffer" },
  "_io.TextIOWrapper": { "textio.pending_bytes": "text stream buffer" },
  "_io.StringIO": { "stringio.buf": "StringIO characters" },
  "_sre.SRE_Scanner": { "ScannerObject.mark": "marks of a match", "ScannerObject.data_stack": "stack of a match" },
  code: {
    "PyCodeObject._co_monitoring": "code monitoring",
    "PyCodeObject._co_cached": "code cache",
    "PyCodeObject.co_extra": "code extra",
  },
};

/** Types of ours whose blocks the layouts name, and their structures. */
const ownStructures: Record<string, string> = {
  code: "PyCodeObject",
  PyCapsule: "PyCapsule",
  "array.array": "arrayobject",
  "_csv.reader": "ReaderObj",
  "_csv.writer": "WriterObj",
  "_struct.Struct": "PyStructObject",
  "_bz2.BZ2Compressor": "BZ2Compressor",
  "_lzma.LZMACompressor": "LZMACompressor",
  "_lzma.LZMADecompressor": "LZMADecompressor",
  "_bz2.BZ2Decompressor": "BZ2Decompressor",
  "_multibytecodec.MultibyteCodec": "MultibyteCodecObject",
  "pyexpat.xmlparser": "xmlparseobject",
  "itertools.product": "productobject",
  "itertools.combinations": "combinationsobject",
  "itertools.combinations_with_replacement": "combinationsobject",
  "itertools.permutations": "permutationsobject",
  "zoneinfo.ZoneInfo": "PyZoneInfo_ZoneInfo",
  "zlib.Compress": "compobject",
  "zlib.Decompress": "compobject",
  "zlib._ZlibDecompressor": "ZlibDecompressor",
  "_pickle.Pickler": "PicklerObject",
  "_pickle.Unpickler": "UnpicklerObject",
  "_pickle.Pdata": "Pdata",
  "_tokenize.TokenizerIter": "tokenizeriterobject",
  "_md5.md5": "MD5object",
  "_sha1.sha1": "SHA1object",
  "_sha2.SHA224Type": "SHA2object",
  "_sha2.SHA256Type": "SHA2object",
  "_sha2.SHA384Type": "SHA2object",
  "_sha2.SHA512Type": "SHA2object",
  "_sha3.sha3_224": "SHA3object",
  "_sha3.sha3_256": "SHA3object",
  "_sha3.sha3_384": "SHA3object",
  "_sha3.sha3_512": "SHA3object",
  "_sha3.shake_128": "SHA3object",
  "_sha3.shake_256": "SHA3object",
  "_hashlib.HASH": "EVPobject",
  "_hashlib.HASHXOF": "EVPobject",
  "_hashlib.HMAC": "HMACobject",
};

/** Blocks that have blocks of their own. */
const innerStructures: Record<string, string> = {
  "PyCodeObject._co_monitoring": "_PyCoMonitoringData",
  "BZ2Decompressor.state": "bz2_decoder",
  "MultibyteCodecObject.codec": "multibytecodec",
  "PicklerObject.memo": "PyMemoTable",
  "xmlparseobject.itself": "xmlparser",
  "tokenizeriterobject.tok": "tok_state",
};

/** What Python calls the fields of these types. */
const fieldNames: Record<string, Record<string, string>> = {
  function: {
    "PyFunctionObject.func_code": "__code__",
    "PyFunctionObject.func_globals": "__globals__",
    "PyFunctionObject.func_builtins": "__builtins__",
    "PyFunctionObject.func_defaults": "__defaults__",
    "PyFunctionObject.func_kwdefaults": "__kwdefaults__",
    "PyFunctionObject.func_closure": "__closure__",
    "PyFunctionObject.func_doc": "__doc__",
    "PyFunctionObject.func_name": "__name__",
    "PyFunctionObject.func_module": "__module__",
    "PyFunctionObject.func_annotations": "__annotations__",
    "PyFunctionObject.func_qualname": "__qualname__",
  },
  cell: { "PyCellObject.ob_ref": "cell_contents" },
  method: { "PyMethodObject.im_func": "__func__", "PyMethodObject.im_self": "__self__" },
  builtin_function_or_method: { "PyCFunctionObject.m_self": "__self__", "PyCFunctionObject.m_module": "__module__" },
  property: {
    "propertyobject.prop_get": "fget",
    "propertyobject.prop_set": "fset",
    "propertyobject.prop_del": "fdel",
  },
  "functools.partial": { "partialobject.fn": "func", "partialobject.args": "args", "partialobject.kw": "keywords" },
  "functools._lru_cache_wrapper": { "lru_cache_object.cache": "cache" },
  generator: { "PyGenObject.gi_frame": "gi_frame" },
  frame: { "PyFrameObject.f_back": "f_back", "PyFrameObject.f_locals": "f_locals" },
  type: {
    "PyTypeObject.tp_bases": "__bases__",
    "PyTypeObject.tp_base": "__base__",
    "PyTypeObject.tp_mro": "__mro__",
    "PyTypeObject.tp_subclasses": "__subclasses__()",
  },
  traceback: { "PyTracebackObject.tb_next": "tb_next", "PyTracebackObject.tb_frame": "tb_frame" },
  BaseException: {
    "PyBaseExceptionObject.args": "args",
    "PyBaseExceptionObject.notes": "__notes__",
    "PyBaseExceptionObject.traceback": "__traceback__",
    "PyBaseExceptionObject.context": "__context__",
    "PyBaseExceptionObject.cause": "__cause__",
  },
  weakref: { "PyWeakReference.wr_callback": "__callback__" },
  code: { "PyCodeObject._co_cached": "cache" },
  module: { "PyModuleObject.md_state": "state" },
};
