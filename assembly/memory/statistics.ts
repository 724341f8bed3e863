// The private heap in figures: how many blocks are in use, and the report that CPython prints of its arenas.
//
// Mirrors _PyInterpreterState_GetAllocatedBlocks and pymalloc_print_stats in Objects/obmalloc.c of CPython 3.13; the
// report is its text, line for line. Deliberate difference: the classic geometry has no radix tree, so its report ends
// without the figures of the arena map, as that of CPython 3.9 does.

import {
  GEOMETRY_RADIX,
  NB_SMALL_SIZE_CLASSES,
  POOL_OVERHEAD,
  SMALL_REQUEST_THRESHOLD,
  USE_LIBC,
} from "../generated/constants";
import {
  arena_object,
  class_figures,
  pool_header,
  SIZEOF_arena_object,
  SIZEOF_class_figures,
} from "../generated/layouts";
import { memoryRoots } from "../generated/runtime";
import { INDEX2SIZE, NUMBLOCKS } from "./geometry";
import { text, textByte, textFigure, textNumber, textTo } from "./text";

// CPython's radix tree of arenas on a 64-bit machine: root and middle node have 2^15 pointers, a bottom node 2^14 pairs.
const ARENA_MAP_NODE: u64 = 262144;
const ARENA_MAP_BOTTOM: u64 = 131072;

/** The arena object with index `i`. */
export function arenaAt(i: u32): arena_object {
  return arena_object.at(memoryRoots.arenas + <usize>i * SIZEOF_arena_object);
}

function figuresOf(sizeClass: usize): class_figures {
  return class_figures.at(memoryRoots.class_figures + sizeClass * SIZEOF_class_figures);
}

/** How many pools have blocks of `sizeClass`, as of the last countBlocks. */
function poolsOfClass(sizeClass: usize): u32 {
  return figuresOf(sizeClass).pools;
}

/** How many blocks of `sizeClass` are in use, as of the last countBlocks. */
function usedOfClass(sizeClass: usize): u32 {
  return figuresOf(sizeClass).used;
}

/** How many blocks of `sizeClass` its pools have to give, as of the last countBlocks. */
function freeOfClass(sizeClass: usize): u32 {
  return figuresOf(sizeClass).free;
}

/** Walks every pool and counts pools and blocks by size class. Returns the number of blocks in use. */
function countBlocks(): u32 {
  memory.fill(memoryRoots.class_figures, 0, NB_SMALL_SIZE_CLASSES * SIZEOF_class_figures);
  let used: u32 = 0;
  for (let i: u32 = 0; i < memoryRoots.maxarenas; i++) {
    const arena = arenaAt(i);
    if (arena.address === 0) continue;
    for (let p = arena.address; p < arena.pool_address; p += memoryRoots.pool_size) {
      const pool = pool_header.at(p);
      if (pool.ref === 0) continue;
      const figures = figuresOf(pool.szidx);
      figures.pools += 1;
      figures.used += pool.ref;
      figures.free += <u32>NUMBLOCKS(pool.szidx) - pool.ref;
      used += pool.ref;
    }
  }
  return used;
}

/** `sys.getallocatedblocks()`: blocks in use in pools, and blocks that pymalloc passed on to libc. */
export function getallocatedblocks(): isize {
  return <isize>countBlocks() + memoryRoots.raw_allocated_blocks;
}

/** How many pools are free or not yet carved, in all arenas. */
function countFreePools(): u32 {
  let free: u32 = 0;
  for (let i: u32 = 0; i < memoryRoots.maxarenas; i++) if (arenaAt(i).address) free += arenaAt(i).nfreepools;
  return free;
}

/**
 * Writes pymalloc's report through the function with table index `sink`, `(address, length)` for each line. False, and
 * nothing written, where pymalloc is not in use.
 */
export function debugMallocStats(sink: u32): bool {
  if (memoryRoots.flags & USE_LIBC) return false;
  textTo(sink);
  countBlocks();
  text("Small block threshold = ");
  textNumber(SMALL_REQUEST_THRESHOLD, 0);
  text(", in ");
  textNumber(NB_SMALL_SIZE_CLASSES, 0);
  text(" size classes.\n\nclass   size   num pools   blocks in use  avail blocks\n");
  text("-----   ----   ---------   -------------  ------------\n");
  for (let i: usize = 0; i < NB_SMALL_SIZE_CLASSES; i++) classLine(i);
  textByte(10);
  arenaLines();
  textByte(10);
  byteLines();
  if (memoryRoots.geometry === GEOMETRY_RADIX) mapLines();
  return true;
}

function classLine(i: usize): void {
  if (poolsOfClass(i) === 0) return;
  textNumber(i, 5);
  textNumber(INDEX2SIZE(i), 7);
  textNumber(poolsOfClass(i), 12);
  textNumber(usedOfClass(i), 16);
  textNumber(freeOfClass(i), 14);
  textByte(10);
}

function arenaLines(): void {
  const narenas = memoryRoots.narenas_currently_allocated;
  text("# arenas allocated total");
  textFigure(memoryRoots.ntimes_arena_allocated);
  text("# arenas reclaimed");
  textFigure(memoryRoots.ntimes_arena_allocated - narenas);
  text("# arenas highwater mark");
  textFigure(memoryRoots.narenas_highwater);
  text("# arenas allocated current");
  textFigure(narenas);
  textNumber(narenas, 0);
  text(" arenas * ");
  textNumber(memoryRoots.arena_size, 0);
  text(" bytes/arena");
  textFigure(<u64>narenas * memoryRoots.arena_size);
}

function byteLines(): void {
  let used: u64 = 0;
  let free: u64 = 0;
  let headers: u64 = 0;
  let quantization: u64 = 0;
  for (let i: usize = 0; i < NB_SMALL_SIZE_CLASSES; i++) {
    const size = INDEX2SIZE(i);
    used += <u64>usedOfClass(i) * size;
    free += <u64>freeOfClass(i) * size;
    headers += <u64>poolsOfClass(i) * POOL_OVERHEAD;
    quantization += <u64>poolsOfClass(i) * ((<usize>memoryRoots.pool_size - POOL_OVERHEAD) % size);
  }
  text("# bytes in allocated blocks");
  let total = textFigure(used);
  text("# bytes in available blocks");
  total += textFigure(free);
  const freePools = countFreePools();
  textNumber(freePools, 0);
  text(" unused pools * ");
  textNumber(memoryRoots.pool_size, 0);
  text(" bytes");
  total += textFigure(<u64>freePools * memoryRoots.pool_size);
  text("# bytes lost to pool headers");
  total += textFigure(headers);
  text("# bytes lost to quantization");
  total += textFigure(quantization);
  text("# bytes lost to arena alignment");
  total += textFigure(0);
  text("Total");
  textFigure(total);
}

function mapLines(): void {
  // Our address space lies within one bottom node's 16 GiB.
  const nodes: u64 = memoryRoots.ntimes_arena_allocated ? 1 : 0;
  text("\narena map counts\n# arena map mid nodes");
  textFigure(nodes);
  text("# arena map bot nodes");
  textFigure(nodes);
  text("\n# bytes lost to arena map root");
  let total = textFigure(ARENA_MAP_NODE);
  text("# bytes lost to arena map mid");
  total += textFigure(ARENA_MAP_NODE * nodes);
  text("# bytes lost to arena map bot");
  total += textFigure(ARENA_MAP_BOTTOM * nodes);
  text("Total");
  textFigure(total);
}
