// The private heap, walked and verified: every arena, every pool, every free block.
//
// Returns 0 where all holds; otherwise the number of the invariant that does not (`HeapFault`), with the place in
// `memoryRoots.check_address`. It changes nothing and may be called between any two requests.

import {
  ADDRESS_SPACE_END,
  ARENA_MAP_SHIFT,
  MAX_POOLS_IN_ARENA,
  NB_SMALL_SIZE_CLASSES,
  POOL_OVERHEAD,
} from "../generated/constants";
import { arena_object, pool_header } from "../generated/layouts";
import { ARENA_MAP_ADDRESS, memoryRoots } from "../generated/runtime";
import { INDEX2SIZE, NUMBLOCKS } from "./geometry";
import { usedPools } from "./pool";
import { arenaAt } from "./statistics";

/** The invariants. */
const enum HeapFault {
  none,
  /** The number of arenas that are mapped differs from `narenas_currently_allocated`. */
  arenaCount,
  /** An arena is not aligned, or the arena map does not show it, or shows one that is not there. */
  arenaMap,
  /** `unused_arena_objects` does not list exactly the objects without an arena. */
  unusedArenas,
  /** `usable_arenas` does not list exactly the arenas with a free pool. */
  usableArenas,
  /** `usable_arenas` is not in increasing order of free pools. */
  usableOrder,
  /** A link back in `usable_arenas` is wrong. */
  usableLinks,
  /** `nfp2lasta` does not name the last usable arena with so many free pools. */
  lastArena,
  /** An arena that is wholly free was kept, and it is not the last usable one. */
  keptArena,
  /** `nfreepools` is not the number of pools that are free or not yet carved. */
  freePools,
  /** A pool in `freepools` has blocks in use, or belongs to another arena. */
  freePool,
  /** A pool's `arenaindex` or `szidx` or offsets cannot be. */
  poolHeader,
  /** A free block lies outside the part given out so far, or between two blocks. */
  freeBlock,
  /** Blocks in use and free blocks do not add up to the part given out. */
  blockSum,
  /** A used pool has no free block, or a full one has. */
  usedPool,
  /** The lists of used pools do not hold exactly the used pools. */
  usedPoolCount,
  /** A link in a list of used pools is wrong. */
  usedPoolLinks,
}

function fault(kind: HeapFault, at: usize): HeapFault {
  memoryRoots.check_address = at;
  return kind;
}

/** Walks every arena and pool. */
export function checkHeap(): HeapFault {
  let found = checkArenas();
  if (found !== HeapFault.none) return found;
  found = checkUsableArenas();
  if (found !== HeapFault.none) return found;
  memoryRoots.check_pools = 0;
  for (let i: u32 = 0; i < memoryRoots.maxarenas; i++) {
    if (arenaAt(i).address === 0) continue;
    found = checkArenaPools(i);
    if (found !== HeapFault.none) return found;
  }
  return checkUsedPools();
}

function checkArenas(): HeapFault {
  let arenas: u32 = 0;
  let held: usize = 0;
  for (let i: u32 = 0; i < memoryRoots.maxarenas; i++) {
    const address = arenaAt(i).address;
    if (address === 0) continue;
    arenas++;
    if (address & (memoryRoots.arena_size - 1)) return fault(HeapFault.arenaMap, address);
    const entry = ARENA_MAP_ADDRESS + (address >> ARENA_MAP_SHIFT);
    const entries = memoryRoots.arena_size >> ARENA_MAP_SHIFT;
    for (let j: usize = 0; j < entries; j++) if (!load<u8>(entry + j)) return fault(HeapFault.arenaMap, address);
    held += entries;
  }
  if (arenas !== memoryRoots.narenas_currently_allocated) return fault(HeapFault.arenaCount, arenas);
  for (let i: usize = 0; i < ADDRESS_SPACE_END >> ARENA_MAP_SHIFT; i++) held -= load<u8>(ARENA_MAP_ADDRESS + i);
  if (held !== 0) return fault(HeapFault.arenaMap, 0);
  let unused = memoryRoots.maxarenas - arenas;
  for (let a = memoryRoots.unused_arena_objects; a !== 0; a = arena_object.at(a).nextarena) {
    if (unused-- === 0 || arena_object.at(a).address !== 0) return fault(HeapFault.unusedArenas, a);
  }
  return unused === 0 ? HeapFault.none : fault(HeapFault.unusedArenas, 0);
}

function checkUsableArenas(): HeapFault {
  let usable: u32 = 0;
  for (let i: u32 = 0; i < memoryRoots.maxarenas; i++) {
    if (arenaAt(i).address !== 0 && arenaAt(i).nfreepools !== 0) usable++;
  }
  let previous: usize = 0;
  let lasts: u32 = 0;
  for (let a = memoryRoots.usable_arenas; a !== 0; a = arena_object.at(a).nextarena) {
    const arena = arena_object.at(a);
    const nfreepools = arena.nfreepools;
    if (usable-- === 0 || arena.address === 0 || nfreepools === 0) return fault(HeapFault.usableArenas, a);
    if (arena.prevarena !== previous) return fault(HeapFault.usableLinks, a);
    if (previous !== 0 && arena_object.at(previous).nfreepools > nfreepools) return fault(HeapFault.usableOrder, a);
    if (nfreepools === arena.ntotalpools && arena.nextarena !== 0) return fault(HeapFault.keptArena, a);
    const next = arena.nextarena;
    if (next === 0 || arena_object.at(next).nfreepools !== nfreepools) {
      lasts++;
      if (lastWith(nfreepools) !== a) return fault(HeapFault.lastArena, a);
    }
    previous = a;
  }
  if (usable !== 0) return fault(HeapFault.usableArenas, 0);
  for (let n: u32 = 0; n <= MAX_POOLS_IN_ARENA; n++) if (lastWith(n) !== 0) lasts--;
  return lasts === 0 ? HeapFault.none : fault(HeapFault.lastArena, 0);
}

function lastWith(nfreepools: u32): usize {
  return load<u32>(memoryRoots.nfp2lasta + ((<usize>nfreepools) << 3));
}

function checkArenaPools(index: u32): HeapFault {
  const arena = arenaAt(index);
  const end = arena.address + memoryRoots.arena_size;
  let empty: u32 = 0;
  for (let p = arena.address; p < arena.pool_address; p += memoryRoots.pool_size) {
    if (pool_header.at(p).arenaindex !== index) return fault(HeapFault.poolHeader, p);
    const found = checkPool(p);
    if (found !== HeapFault.none) return found;
    if (pool_header.at(p).ref === 0) empty++;
  }
  const uncarved = <u32>((end - arena.pool_address) / memoryRoots.pool_size);
  if (empty + uncarved !== arena.nfreepools) return fault(HeapFault.freePools, arena.address);
  for (let p = arena.freepools; p !== 0; p = pool_header.at(p).nextpool) {
    const inside = p >= arena.address && p < arena.pool_address;
    if (empty-- === 0 || !inside || pool_header.at(p).ref !== 0) return fault(HeapFault.freePool, p);
  }
  return empty === 0 ? HeapFault.none : fault(HeapFault.freePools, arena.address);
}

/** Checks one pool's header and free list, and counts it if it is used. */
function checkPool(p: usize): HeapFault {
  const pool = pool_header.at(p);
  if (<usize>pool.szidx >= NB_SMALL_SIZE_CLASSES) return fault(HeapFault.poolHeader, p);
  const size = INDEX2SIZE(pool.szidx);
  const offset: usize = pool.nextoffset;
  const given = offset - POOL_OVERHEAD;
  if (<usize>pool.maxnextoffset !== memoryRoots.pool_size - size) return fault(HeapFault.poolHeader, p);
  if (given % size !== 0 || given / size > NUMBLOCKS(pool.szidx)) return fault(HeapFault.poolHeader, p);
  let blocks = <u32>(given / size) - pool.ref;
  for (let b = pool.freeblock; b !== 0; b = load<u32>(b)) {
    if (b < p + POOL_OVERHEAD || b >= p + offset || (b - p - POOL_OVERHEAD) % size !== 0) {
      return fault(HeapFault.freeBlock, b);
    }
    if (blocks-- === 0) return fault(HeapFault.blockSum, p);
  }
  if (blocks !== 0) return fault(HeapFault.blockSum, p);
  const full = <usize>pool.ref === NUMBLOCKS(pool.szidx);
  if (full !== (pool.freeblock === 0)) return fault(HeapFault.usedPool, p);
  if (!full && pool.ref !== 0) memoryRoots.check_pools += 1;
  return HeapFault.none;
}

function checkUsedPools(): HeapFault {
  for (let i: usize = 0; i < NB_SMALL_SIZE_CLASSES; i++) {
    const head = usedPools.head(i);
    let previous = head;
    for (let p = pool_header.at(head).nextpool; p !== head; p = pool_header.at(p).nextpool) {
      const pool = pool_header.at(p);
      if (pool.prevpool !== previous) return fault(HeapFault.usedPoolLinks, p);
      const used = pool.ref !== 0 && pool.freeblock !== 0 && <usize>pool.szidx === i;
      if (!used || memoryRoots.check_pools === 0) return fault(HeapFault.usedPoolCount, p);
      memoryRoots.check_pools -= 1;
      previous = p;
    }
    if (pool_header.at(head).prevpool !== previous) return fault(HeapFault.usedPoolLinks, head);
  }
  return memoryRoots.check_pools === 0 ? HeapFault.none : fault(HeapFault.usedPoolCount, 0);
}
