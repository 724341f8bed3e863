/**
 * The private heap as its arena tables show it: arenas, their pools, the blocks in use in each.
 *
 * A pool is *used* (blocks in use and blocks to give), *full*, *empty* (it was used before), or *uncarved* (never used).
 * Mirrors what assembly/memory keeps, which is what CPython's obmalloc keeps in every version from 3.8 on.
 */
import { DamageError, type Memory } from "../source/memory.ts";

type PoolState = "used" | "full" | "empty" | "uncarved";

export interface Pool {
  address: number;
  state: PoolState;
  /** The size of a block in bytes; of those that it held last where it is empty, 0 where it never held any. */
  size: number;
  /** How many blocks it has room for, and how many are in use. */
  capacity: number;
  used: number;
  /** The number of its first block in use among all blocks (see blocks.ts); they are numbered on from there. */
  first: number;
}

export interface Arena {
  /** Its place in the arena table. */
  index: number;
  /** The address of its entry there. */
  entry: number;
  address: number;
  size: number;
  freePools: number;
  usedBlocks: number;
  usedBytes: number;
  pools: Pool[];
}

/** Where arenas are: a table of arena objects, and how many it has. */
export interface ArenaTable {
  address: number;
  entries: number;
}

/** What the reader of arenas starts from. */
export interface HeapRoots {
  arenaSize: number;
  poolSize: number;
  tables: ArenaTable[];
  /** How many arenas there were ever, and at most; undefined where that is not kept. */
  arenasTaken?: number;
  arenasHighwater?: number;
  /** Blocks of the mem and object domains that pymalloc passed on to libc. */
  rawBlocks?: number;
  /** Where the debug hooks keep their padding, blocks begin 16 bytes before their data. */
  debugHooks: boolean;
  serialNumbers: boolean;
  /** Whether a pool that cannot be is an error; otherwise it is left out, and counted. */
  strict: boolean;
}

export interface PrivateHeap extends HeapRoots {
  geometry: "classic" | "radix";
  /** Ascending by address. */
  arenas: Arena[];
  /** How many pools could not be read. */
  damaged: number;
}

const hex = (n: number) => `0x${n.toString(16)}`;

export const POOL_HEADER = 48;
const REF = 0;
const FREEBLOCK = 8;
const ARENA_INDEX = 32;
const SZIDX = 36;
const NEXT_OFFSET = 40;
const ARENA_OBJECT = 48;
const POOL_ADDRESS = 8;
const NFREEPOOLS = 16;
const NTOTALPOOLS = 20;
const CLASSES = 32;

/** Reads every arena and pool. Throws where the roots make no sense. */
export function readPrivateHeap(memory: Memory, roots: HeapRoots): PrivateHeap {
  const heap = readArenas(memory, roots);
  for (const arena of heap.arenas) {
    arena.pools = poolsOf(memory, heap, arena);
    for (const { used, size } of arena.pools) {
      arena.usedBlocks += used;
      arena.usedBytes += used * size;
    }
  }
  return heap;
}

/** Reads every arena, not their pools. Throws where the roots make no sense. */
export function readArenas(memory: Memory, roots: HeapRoots): PrivateHeap {
  const { arenaSize, poolSize, tables } = roots;
  if (!(arenaSize === 1 << 18 && poolSize === 1 << 12) && !(arenaSize === 1 << 20 && poolSize === 1 << 14)) {
    throw new DamageError(`no private heap: arenas of ${arenaSize} bytes, pools of ${poolSize}`);
  }
  const heap: PrivateHeap = {
    ...roots,
    geometry: arenaSize === 1 << 18 ? "classic" : "radix",
    arenas: [],
    damaged: 0,
  };
  for (const { address, entries } of tables) {
    if (entries * ARENA_OBJECT > memory.size * 2 ** 20) {
      throw new DamageError(`no table of arenas has ${entries} entries`);
    }
    for (let index = 0; index < entries; index++) {
      const object = address + index * ARENA_OBJECT;
      const start = memory.u64(object);
      if (start) heap.arenas.push(readArena(memory, heap, index, object, start));
    }
  }
  heap.arenas.sort((a, b) => a.address - b.address);
  heap.arenas.forEach((arena, i) => {
    const before = heap.arenas[i - 1];
    if (before && before.address + before.size > arena.address) {
      throw new DamageError(`the arenas at ${hex(before.address)} and ${hex(arena.address)} overlap`);
    }
  });
  return heap;
}

function readArena(memory: Memory, heap: PrivateHeap, index: number, object: number, address: number): Arena {
  const arena: Arena = {
    index,
    entry: object,
    address,
    size: heap.arenaSize,
    freePools: memory.u32(object + NFREEPOOLS),
    usedBlocks: 0,
    usedBytes: 0,
    pools: [],
  };
  const { last } = poolRange(memory, heap, arena);
  if (address % 16 !== 0 || last > address + heap.arenaSize || last > memory.end) {
    throw new DamageError(`arena ${index} at ${hex(address)} cannot be: it would end at ${hex(last)}`);
  }
  return arena;
}

/** Where an arena's first pool begins, and its last one ends: one that is not aligned loses a pool. */
function poolRange(memory: Memory, { poolSize }: PrivateHeap, { address, entry }: Arena) {
  const first = Math.ceil(address / poolSize) * poolSize;
  return { first, last: first + memory.u32(entry + NTOTALPOOLS) * poolSize };
}

/** Reads the pools of an arena. */
export function poolsOf(memory: Memory, heap: PrivateHeap, arena: Arena): Pool[] {
  const carved = memory.u64(arena.entry + POOL_ADDRESS);
  const { first, last } = poolRange(memory, heap, arena);
  const pools: Pool[] = [];
  for (let at = first; at < last; at += heap.poolSize) {
    const pool: Pool = { address: at, state: "uncarved", size: 0, capacity: 0, used: 0, first: 0 };
    if (at < carved) readPool(memory, heap, arena.index, pool);
    pools.push(pool);
  }
  return pools;
}

function readPool(memory: Memory, heap: PrivateHeap, arena: number, pool: Pool): void {
  const { address } = pool;
  const used = memory.u32(address + REF);
  const sizeClass = memory.u32(address + SZIDX);
  // What an empty pool says of its size is what it had last, or, where it never had any, nothing.
  if (used === 0 && sizeClass >= CLASSES) {
    pool.state = "empty";
    return;
  }
  pool.size = (sizeClass + 1) * 16;
  pool.capacity = Math.floor((heap.poolSize - POOL_HEADER) / pool.size);
  const possible = sizeClass < CLASSES && used <= pool.capacity;
  if (possible && (heap.strict || used === 0 || memory.u32(address + ARENA_INDEX) === arena)) {
    pool.used = used;
  } else if (heap.strict) {
    throw new DamageError(`the pool at ${hex(address)} cannot hold ${used} blocks of ${pool.size} bytes`);
  } else {
    heap.damaged++;
    pool.size = pool.capacity = 0;
  }
  pool.state = pool.used === 0 ? "empty" : pool.used === pool.capacity ? "full" : "used";
}

const free = new Uint8Array(1024);

/**
 * Calls `found` with the address of each block in use in `pool`, ascending, and returns how many there were. Where its
 * free list leads out of it: throws, or, where the heap is not read strictly, takes what is left for used.
 */
export function eachUsedBlock(memory: Memory, heap: PrivateHeap, pool: Pool, found: (address: number) => void): number {
  if (pool.used === 0) return 0;
  const { address, size } = pool;
  let given = memory.u32(address + NEXT_OFFSET);
  if (given > POOL_HEADER + pool.capacity * size) {
    if (heap.strict) throw new DamageError(`the pool at ${hex(address)} has more blocks than room for them`);
    heap.damaged++;
    given = POOL_HEADER + pool.capacity * size;
  }
  free.fill(0);
  for (let b = memory.u64(address + FREEBLOCK); b !== 0; b = memory.u64(b)) {
    const at = b - address - POOL_HEADER;
    const index = at / size;
    if (at < 0 || b >= address + given || index !== Math.floor(index) || free[index] === 1) {
      if (heap.strict) throw new DamageError(`the free list of the pool at ${hex(address)} leads to ${hex(b)}`);
      heap.damaged++;
      break;
    }
    free[index] = 1;
  }
  let count = 0;
  for (let offset = POOL_HEADER, i = 0; offset < given; offset += size, i++) {
    if (free[i] === 1) continue;
    count++;
    found(address + offset);
  }
  return count;
}

/** What the pools of a size class hold. */
export interface SizeClass {
  size: number;
  pools: number;
  full: number;
  used: number;
  free: number;
}

/** The size classes that have pools in use, the smallest first. */
export function sizeClasses(heap: PrivateHeap): SizeClass[] {
  const sums = new ClassSums();
  for (const arena of heap.arenas) sums.add(arena.pools);
  return sums.classes;
}

/** The figures of the private heap. */
export interface Pymalloc {
  /** Bytes. */
  arenaSize: number;
  poolSize: number;
  arenas: number;
  freePools: number;
  /** The smallest first. */
  classes: SizeClass[];
}

export const pymallocOf = ({ arenaSize, poolSize, arenas }: PrivateHeap, classes: SizeClass[]): Pymalloc => ({
  arenaSize,
  poolSize,
  arenas: arenas.length,
  freePools: arenas.reduce((sum, arena) => sum + arena.freePools, 0),
  classes,
});

/** Adds up what pools hold, by size class. */
export class ClassSums {
  private readonly bySize = new Map<number, SizeClass>();

  add(pools: readonly Pool[]): void {
    for (const pool of pools) {
      if (pool.used === 0) continue;
      let c = this.bySize.get(pool.size);
      if (!c) this.bySize.set(pool.size, (c = { size: pool.size, pools: 0, full: 0, used: 0, free: 0 }));
      c.pools++;
      if (pool.state === "full") c.full++;
      c.used += pool.used;
      c.free += pool.capacity - pool.used;
    }
  }

  /** The smallest first. */
  get classes(): SizeClass[] {
    return [...this.bySize.values()].sort((a, b) => a.size - b.size);
  }
}
