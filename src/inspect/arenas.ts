/**
 * The private heap as its arena table shows it: arenas, their pools, the blocks in use in each.
 *
 * A pool is *used* (blocks in use and blocks to give), *full*, *empty* (it was used before), or *uncarved* (never used).
 * Mirrors what assembly/memory keeps, which is what CPython's obmalloc keeps.
 */
import { structs } from "../generated/memory.ts";
import { DamageError, type Reader } from "./reader.ts";
import type { ProcessRoots } from "./roots.ts";

export type PoolState = "used" | "full" | "empty" | "uncarved";

export interface Pool {
  address: number;
  state: PoolState;
  /** The size of a block in bytes; of those that it held last where it is empty, 0 where it never held any. */
  size: number;
  /** How many blocks it has room for, and how many are in use. */
  capacity: number;
  used: number;
}

export interface Arena {
  /** Its place in the arena table. */
  index: number;
  address: number;
  size: number;
  freePools: number;
  usedBlocks: number;
  usedBytes: number;
  pools: Pool[];
}

export interface PrivateHeap {
  geometry: "classic" | "radix";
  arenaSize: number;
  poolSize: number;
  arenas: Arena[];
  arenasTaken: number;
  arenasHighwater: number;
  /** Blocks of the mem and object domains that pymalloc passed on to libc. */
  rawBlocks: number;
  /** Where the debug hooks keep their padding, blocks begin 16 bytes before their data. */
  debugHooks: boolean;
  serialNumbers: boolean;
}

const hex = (n: number) => `0x${n.toString(16)}`;

const HEADER = structs.pool_header.SIZE[0];

/** Reads every arena and pool. Throws where the roots make no sense. */
export function readPrivateHeap(reader: Reader, roots: ProcessRoots): PrivateHeap {
  const { arenaSize, poolSize } = roots;
  if (!(arenaSize === 1 << 18 && poolSize === 1 << 12) && !(arenaSize === 1 << 20 && poolSize === 1 << 14)) {
    throw new DamageError(`no private heap: arenas of ${arenaSize} bytes, pools of ${poolSize}`);
  }
  const heap: PrivateHeap = {
    geometry: arenaSize === 1 << 18 ? "classic" : "radix",
    arenaSize,
    poolSize,
    arenas: [],
    arenasTaken: roots.arenasTaken,
    arenasHighwater: roots.arenasHighwater,
    rawBlocks: roots.rawBlocks,
    debugHooks: roots.debugHooks,
    serialNumbers: roots.serialNumbers,
  };
  if (roots.arenaObjects * structs.arena_object.SIZE[0] > reader.source.end) {
    throw new DamageError(`no table of arenas has ${roots.arenaObjects} entries`);
  }
  for (let index = 0; index < roots.arenaObjects; index++) {
    const object = roots.arenas + index * structs.arena_object.SIZE[0];
    const address = reader.get(object, structs.arena_object.address);
    if (address) heap.arenas.push(readArena(reader, heap, index, object, address));
  }
  return heap;
}

function readArena(reader: Reader, heap: PrivateHeap, index: number, object: number, address: number): Arena {
  const carved = reader.get(object, structs.arena_object.pool_address);
  const arena: Arena = {
    index,
    address,
    size: heap.arenaSize,
    freePools: reader.get(object, structs.arena_object.nfreepools),
    usedBlocks: 0,
    usedBytes: 0,
    pools: [],
  };
  // An arena that is not aligned loses a pool.
  const first = Math.ceil(address / heap.poolSize) * heap.poolSize;
  const last = first + reader.get(object, structs.arena_object.ntotalpools) * heap.poolSize;
  if (last > address + heap.arenaSize || last > reader.source.end) {
    throw new DamageError(`arena ${index} at ${hex(address)} cannot be: it would end at ${hex(last)}`);
  }
  for (let at = first; at < last; at += heap.poolSize) {
    const pool: Pool =
      at < carved ? readPool(reader, heap, at) : { address: at, state: "uncarved", size: 0, capacity: 0, used: 0 };
    arena.usedBlocks += pool.used;
    arena.usedBytes += pool.used * pool.size;
    arena.pools.push(pool);
  }
  return arena;
}

function readPool(reader: Reader, heap: PrivateHeap, address: number): Pool {
  const size = (reader.get(address, structs.pool_header.szidx) + 1) * 16;
  const capacity = Math.floor((heap.poolSize - HEADER) / size);
  const used = reader.get(address, structs.pool_header.ref);
  if (used > capacity) throw new DamageError(`the pool at ${hex(address)} cannot hold ${used} blocks of ${size} bytes`);
  const state = used === 0 ? "empty" : used === capacity ? "full" : "used";
  return { address, state, size, capacity, used };
}

/** The addresses of the blocks in use in `pool`, ascending. Throws where its free list leads out of it. */
export function usedBlocks(reader: Reader, pool: Pool): number[] {
  if (pool.used === 0) return [];
  const free = new Set<number>();
  const given = reader.get(pool.address, structs.pool_header.nextoffset);
  if (given > HEADER + pool.capacity * pool.size) {
    throw new DamageError(`the pool at ${hex(pool.address)} has more blocks than room for them`);
  }
  for (let b = reader.get(pool.address, structs.pool_header.freeblock); b !== 0; b = reader.pointer(b)) {
    if (b < pool.address + HEADER || b >= pool.address + given || free.has(b)) {
      throw new DamageError(`the free list of the pool at ${hex(pool.address)} leads to ${hex(b)}`);
    }
    free.add(b);
  }
  const blocks: number[] = [];
  for (let offset = HEADER; offset < given; offset += pool.size) {
    if (!free.has(pool.address + offset)) blocks.push(pool.address + offset);
  }
  return blocks;
}
