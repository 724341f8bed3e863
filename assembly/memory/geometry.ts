// The words of the private heap, and its two geometries. Their numbers stand in spec/constants.txt.
//
// A *block* is what a request gets; a *pool* holds blocks of one size class, after a header of 48 bytes; an *arena* is
// a range of the machine's address space cut into pools. Mirrors Include/internal/pycore_obmalloc.h of CPython.
//
//   geometry   arena     pool     pools an arena   in CPython
//   classic    256 KiB   4 KiB    64               2.5 to 3.9
//   radix      1 MiB     16 KiB   64               3.10 and later
//
// Deliberate difference: arenas are aligned to their own size in both geometries, so no pool is lost to alignment.

import {
  ALIGNMENT_SHIFT,
  CLASSIC_ARENA_SIZE,
  CLASSIC_POOL_SIZE,
  GEOMETRY_RADIX,
  POOL_OVERHEAD,
  RADIX_ARENA_SIZE,
  RADIX_POOL_SIZE,
} from "../generated/constants";
import { memoryRoots } from "../generated/runtime";

/** The block size of size class `index`, in bytes. */
export function INDEX2SIZE(index: usize): usize {
  return (index + 1) << ALIGNMENT_SHIFT;
}

/** How many blocks of size class `index` a pool holds. */
export function NUMBLOCKS(index: usize): usize {
  return (memoryRoots.pool_size - POOL_OVERHEAD) / INDEX2SIZE(index);
}

/** How many pools an arena has, MAX_POOLS_IN_ARENA at most. */
export function poolsInArena(): u32 {
  return <u32>(memoryRoots.arena_size / memoryRoots.pool_size);
}

/** Sets the geometry, before the first request. */
export function setGeometry(geometry: u32): void {
  const radix = geometry === GEOMETRY_RADIX;
  memoryRoots.geometry = geometry;
  memoryRoots.pool_size = radix ? RADIX_POOL_SIZE : CLASSIC_POOL_SIZE;
  memoryRoots.arena_size = radix ? RADIX_ARENA_SIZE : CLASSIC_ARENA_SIZE;
  memoryRoots.pool_mask = ~(memoryRoots.pool_size - 1);
}
