/**
 * Every block in use, in pools and in libc's heap, by number: ascending by address, all of them in a few flat arrays.
 *
 *   number ──► start  place of its data: chunk of memory × 2^16 + 16-byte unit (see source/memory.ts)
 *              room   bytes that it takes where it lies
 *              what   what it holds: an index into `whats`
 *              owner  for a part, the number of the object that it is part of; -1
 *
 * A block holds an object, a part of something, what is kept of an object for the next of its kind, or nothing that can
 * be told.
 */
import { hasGc, type TypeInfo } from "./objects/types.ts";
import type { Memory } from "./source/memory.ts";

export type Kind = "object" | "part" | "kept" | "unknown";

/** What a block holds. */
export interface What {
  index: number;
  kind: Kind;
  /** The type's name, the part's, that of what was there, or the reason why nothing can be told. */
  name: string;
  type: TypeInfo | undefined;
  /** In units of 16 bytes: how far the object is from the block's start. */
  before: number;
}

const UNIT = 16;
const WHATS_MAX = 0xffff;

export class Blocks {
  readonly start: Uint32Array;
  readonly room: Uint32Array;
  readonly what: Uint16Array;
  readonly owner: Int32Array;
  readonly whats: What[] = [];
  count = 0;
  private readonly byKey = new Map<string | TypeInfo, What>();
  private readonly before: Uint8Array = new Uint8Array(WHATS_MAX + 1);
  /** For each page of memory the number of the first block that begins there or later. */
  private pages = new Int32Array(0);
  /** Of what nothing can be told. */
  readonly unknown: number;

  constructor(
    readonly memory: Memory,
    capacity: number,
    unknown: string,
  ) {
    this.start = new Uint32Array(capacity);
    this.room = new Uint32Array(capacity);
    this.what = new Uint16Array(capacity);
    this.owner = new Int32Array(capacity).fill(-1);
    this.unknown = this.named("unknown", unknown).index;
  }

  /** The entry for blocks of this kind and name. */
  named(kind: Kind, name: string): What {
    return this.entry(`${kind} ${name}`, kind, name, undefined);
  }

  /** The entry for objects of the type. */
  ofType(type: TypeInfo): What {
    return this.entry(type, "object", type.name, type);
  }

  private entry(key: string | TypeInfo, kind: Kind, name: string, type: TypeInfo | undefined): What {
    const known = this.byKey.get(key);
    if (known) return known;
    // No program has so many types.
    if (this.whats.length === WHATS_MAX) return this.whats[0]!;
    const what = { index: this.whats.length, kind, name, type, before: type ? type.preHeader / UNIT : 0 };
    this.whats.push(what);
    this.byKey.set(key, what);
    this.before[what.index] = what.before;
    return what;
  }

  /** Adds a block whose data is at `address`, above those that are there. */
  add(address: number, room: number, what: number): void {
    // More than were counted: a pool of a damaged heap.
    if (this.count === this.start.length) return;
    const n = this.count++;
    this.start[n] = this.place(address);
    this.room[n] = Math.min(room, 0xffffffff);
    this.what[n] = what;
  }

  /** Makes blocks findable, when all have been added. */
  seal(): void {
    const { start, count } = this;
    this.pages = new Int32Array(this.memory.size * 256 + 2);
    for (let n = 0; n < count; n++) {
      const page = (start[n]! >>> 8) + 1;
      this.pages[page]!++;
    }
    for (let page = 1; page < this.pages.length; page++) this.pages[page]! += this.pages[page - 1]!;
  }

  /** The place of an address, in 32 bits. */
  private place(address: number): number {
    const chunk = this.memory.chunkOf(address);
    return chunk * 65536 + ((address & 0xfffff) >>> 4);
  }

  /** The address of block `n`'s data. */
  address(n: number): number {
    const place = this.start[n]!;
    return this.memory.base(place >>> 16) + (place & 0xffff) * UNIT;
  }

  /** The address of the object in block `n`. */
  object(n: number): number {
    return this.address(n) + this.before[this.what[n]!]! * UNIT;
  }

  /** The type of the object in block `n`, undefined if it holds none. */
  type(n: number): TypeInfo | undefined {
    return this.whats[this.what[n]!]!.type;
  }

  /** The last block that begins at `address` or before, -1. `address`: a multiple of 16. */
  private last(place: number): number {
    const page = place >>> 8;
    let low = this.pages[page]!;
    let high = this.pages[page + 1]!;
    const { start } = this;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (start[middle]! <= place) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The block whose data is at `address`, -1. */
  at(address: number): number {
    if (address % UNIT !== 0 || !this.memory.has(address)) return -1;
    const place = this.place(address);
    const n = this.last(place);
    return n >= 0 && this.start[n] === place ? n : -1;
  }

  /** The block that holds the object at `address`, or, if it holds no object, begins there; -1. */
  find(address: number): number {
    if ((address & 15) !== 0) return -1;
    const chunk = this.memory.chunkOf(address);
    if (chunk < 0) return -1;
    const place = chunk * 65536 + ((address & 0xfffff) >>> 4);
    const n = this.last(place);
    return n >= 0 && this.start[n]! + this.before[this.what[n]!]! === place ? n : -1;
  }

  /** The block that `address` lies in, -1. */
  around(address: number): number {
    if (!this.memory.has(address)) return -1;
    const n = this.last(this.place(address));
    return n >= 0 && address < this.address(n) + this.room[n]! ? n : -1;
  }

  /** The object that block `n` is, or is part of; `n` itself where there is none. */
  ownerOf(n: number): number {
    for (let steps = 0; steps < 100 && this.owner[n]! >= 0; steps++) n = this.owner[n]!;
    return n;
  }

  /** Whether the collector can track what is in block `n`. */
  isContainer(n: number): boolean {
    const type = this.type(n);
    return type !== undefined && hasGc(type);
  }
}
