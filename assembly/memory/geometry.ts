// The words and numbers of the private heap, and its two geometries.
//
// A *block* is what a request gets; a *pool* holds blocks of one size class, after a header of 48 bytes; an *arena* is
// a range of the machine's address space cut into pools. Mirrors Include/internal/pycore_obmalloc.h of CPython.
//
//   geometry   arena     pool     pools an arena   in CPython
//   classic    256 KiB   4 KiB    64               2.5 to 3.9
//   radix      1 MiB     16 KiB   64               3.10 and later
//
// Deliberate difference: arenas are aligned to their own size in both geometries, so no pool is lost to alignment.

import { memoryRoots } from "../generated/runtime";

export const ALIGNMENT: usize = 16;
export const ALIGNMENT_SHIFT: usize = 4;
export const SMALL_REQUEST_THRESHOLD: usize = 512;
export const NB_SMALL_SIZE_CLASSES: usize = 32;
export const POOL_OVERHEAD: usize = 48;
export const MAX_POOLS_IN_ARENA: u32 = 64;

export const GEOMETRY_CLASSIC: u32 = 0;
export const GEOMETRY_RADIX: u32 = 1;

/** The block size of size class `index`, in bytes. */
export function INDEX2SIZE(index: usize): usize {
  return (index + 1) << ALIGNMENT_SHIFT;
}

/** How many blocks of size class `index` a pool holds. */
export function NUMBLOCKS(index: usize): usize {
  return (memoryRoots.pool_size - POOL_OVERHEAD) / INDEX2SIZE(index);
}

/** Sets the geometry, before the first request. */
export function setGeometry(geometry: u32): void {
  const radix = geometry === GEOMETRY_RADIX;
  memoryRoots.geometry = geometry;
  memoryRoots.pool_size = radix ? 16384 : 4096;
  memoryRoots.arena_size = radix ? 1 << 20 : 1 << 18;
  memoryRoots.pool_mask = ~(memoryRoots.pool_size - 1);
}
