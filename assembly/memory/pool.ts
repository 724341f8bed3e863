// Pools: how blocks of one size class are carved out of one, and which pools serve next.
//
// A pool is *used* when it has both blocks in use and blocks to give: those of a size class hang in a circular list
// around `usedpools`, the pool that most lately stopped being full first. It is *full* when every block is in use, and
// then it is in no list. It is *empty* when no block is, and then it is in its arena's `freepools`. Blocks are carved
// lazily: `nextoffset` is where the part that has never been given out begins.
//
//   pool ─►┌─────────┬───────────┬──────────┬──────────┬────────────┬───────┬────────────┬───────────────┐
//          │ref 4 (8)│freeblock 8│nextpool 8│prevpool 8│arenaindex 4│szidx 4│nextoffset 4│maxnextoffset 4│
//     +48 ─┼─────────┴─┬─────────┴─┬────────┴─┬────────┴────────────┴───────┴────────────┴───────────────┘
//          │ block     │ block     │ …        │ never given out …       (a free block begins with the address of
//          └───────────┴───────────┴──────────┴────────────────         the next free one, 0 in the last)
//
//   usedpools holds 32 pairs of addresses (nextpool, prevpool). The list head of class i is the address 16 bytes before
//   its pair, where a pool header would have to begin for the pair to be its links.
//
// Mirrors allocate_from_new_pool, pymalloc_pool_extend, insert_to_usedpool and insert_to_freepool in
// Objects/obmalloc.c of CPython 3.13. Deliberate difference: none.

import { NB_SMALL_SIZE_CLASSES, POOL_OVERHEAD } from "../generated/constants";
import { arena_object, pool_header, SIZEOF_arena_object } from "../generated/layouts";
import { memoryRoots } from "../generated/runtime";
import { touch } from "../os/pages";
import { arenaGainsPool, arenaLosesPool, new_arena } from "./arena";
import { INDEX2SIZE } from "./geometry";

/** The size class of a pool that was just carved off its arena. */
const DUMMY_SIZE_IDX: u32 = 0xffff;

/** The list head of a size class, as the pool header that it poses as. */
export class usedPools {
  @inline static head(sizeClass: usize): usize {
    return memoryRoots.usedpools - 16 + (sizeClass << 4);
  }
}

/** Makes every list of used pools empty. */
export function initUsedPools(): void {
  for (let i: usize = 0; i < NB_SMALL_SIZE_CLASSES; i++) {
    const head = pool_header.at(usedPools.head(i));
    head.nextpool = usedPools.head(i);
    head.prevpool = usedPools.head(i);
  }
}

/** Puts `p` at the front of the list of used pools of `sizeClass`. */
function insertUsedPool(p: usize, sizeClass: usize): void {
  const head = usedPools.head(sizeClass);
  const first = pool_header.at(head).nextpool;
  pool_header.at(p).nextpool = first;
  pool_header.at(p).prevpool = head;
  pool_header.at(first).prevpool = p;
  pool_header.at(head).nextpool = p;
}

/** Takes `p` out of the list of used pools. */
function unlinkUsedPool(p: usize): void {
  const next = pool_header.at(p).nextpool;
  const previous = pool_header.at(p).prevpool;
  pool_header.at(next).prevpool = previous;
  pool_header.at(previous).nextpool = next;
}

/** Called when the last free block of `p` was taken: carves another, or unlinks the pool, which is full. */
export function pymalloc_pool_extend(p: usize): void {
  const pool = pool_header.at(p);
  const offset = pool.nextoffset;
  if (offset > pool.maxnextoffset) {
    unlinkUsedPool(p);
    return;
  }
  const block = p + offset;
  pool.freeblock = block;
  pool.nextoffset = offset + <u32>INDEX2SIZE(pool.szidx);
  store<u64>(block, 0);
}

/** Takes a free pool from the fullest usable arena, or carves one off it. Returns 0 when no arena can be had. */
function takePool(): usize {
  if (memoryRoots.usable_arenas === 0 && !new_arena()) return 0;
  const a = memoryRoots.usable_arenas;
  const arena = arena_object.at(a);
  let p = arena.freepools;
  if (p) {
    arena.freepools = pool_header.at(p).nextpool;
  } else {
    p = arena.pool_address;
    assert(p + memoryRoots.pool_size <= arena.address + memoryRoots.arena_size, "the arena has a pool to carve");
    arena.pool_address = p + memoryRoots.pool_size;
    touch(p, memoryRoots.pool_size);
    pool_header.at(p).arenaindex = <u32>((a - memoryRoots.arenas) / SIZEOF_arena_object);
    pool_header.at(p).szidx = DUMMY_SIZE_IDX;
  }
  arenaLosesPool();
  return p;
}

/** A block of `sizeClass` from a pool that had been empty. Returns 0 when no arena can be had. */
export function allocate_from_new_pool(sizeClass: usize): usize {
  const p = takePool();
  if (p === 0) return 0;
  const pool = pool_header.at(p);
  insertUsedPool(p, sizeClass);
  pool.ref = 1;
  if (<usize>pool.szidx === sizeClass) {
    // It held this class before: its free list still stands.
    const block = pool.freeblock;
    pool.freeblock = load<u32>(block);
    return block;
  }
  const size = INDEX2SIZE(sizeClass);
  const block = p + POOL_OVERHEAD;
  pool.szidx = <u32>sizeClass;
  pool.nextoffset = <u32>(POOL_OVERHEAD + 2 * size);
  pool.maxnextoffset = <u32>(memoryRoots.pool_size - size);
  pool.freeblock = block + size;
  store<u64>(block + size, 0);
  return block;
}

/** Called when a block of the full pool `p` was freed: the pool serves next. */
export function insert_to_usedpool(p: usize): void {
  insertUsedPool(p, pool_header.at(p).szidx);
}

/** Called when the last block in use of `p` was freed: the pool is its arena's again. */
export function insert_to_freepool(p: usize): void {
  const pool = pool_header.at(p);
  unlinkUsedPool(p);
  const a = memoryRoots.arenas + <usize>pool.arenaindex * SIZEOF_arena_object;
  pool.nextpool = arena_object.at(a).freepools;
  arena_object.at(a).freepools = p;
  arenaGainsPool(a);
}
