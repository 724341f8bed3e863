// Every block in use, visited: in the pools, and in libc's heap.
//
// Which blocks of a pool are in use is nowhere written: those that were given out and are not in its free list. The
// visitor is a function `(block, size, context)` known by its table index; it may neither
// allocate nor free.

import { DEBUG_HOOKS, MAPPING_BLOCK, POOL_OVERHEAD } from "../generated/constants";
import { pool_header } from "../generated/layouts";
import { MACHINE_ADDRESS, memoryRoots, osRoots } from "../generated/runtime";
import { MMAP_BASE } from "../os/machine";
import { chunk, HEADER, PREV_INUSE } from "../os/malloc";
import { mappingEnd, mappingKind, nextMapped } from "../os/pages";
import { DEBUG_HEAD } from "./debughooks";
import { INDEX2SIZE } from "./geometry";
import { arenaAt } from "./statistics";

/** Visits every block in use in the pools: what the program got, which with debug hooks lies 16 bytes into the block. */
export function forEachPoolBlock(visitor: u32, context: usize): void {
  for (let i: u32 = 0; i < memoryRoots.maxarenas; i++) {
    const arena = arenaAt(i);
    if (arena.address === 0) continue;
    const end = arena.pool_address;
    for (let p = arena.address; p < end; p += memoryRoots.pool_size) {
      if (pool_header.at(p).ref !== 0) visitPool(p, visitor, context);
    }
  }
}

function visitPool(p: usize, visitor: u32, context: usize): void {
  const pool = pool_header.at(p);
  const size = INDEX2SIZE(pool.szidx);
  const given = (<usize>pool.nextoffset - POOL_OVERHEAD) / size;
  // One bit a block, set where it is free: at most 1021 blocks.
  const bits = memoryRoots.block_bits;
  memory.fill(bits, 0, 128);
  for (let b = pool.freeblock; b !== 0; b = load<u32>(b)) {
    const i = (b - p - POOL_OVERHEAD) / size;
    store<u8>(bits + (i >> 3), load<u8>(bits + (i >> 3)) | (1 << (<u8>i & 7)));
  }
  const inside = memoryRoots.flags & DEBUG_HOOKS ? DEBUG_HEAD : 0;
  for (let i: usize = 0; i < given; i++) {
    if (load<u8>(bits + (i >> 3)) & (1 << (<u8>i & 7))) continue;
    call_indirect<void>(visitor, p + POOL_OVERHEAD + i * size + inside, size, context);
  }
}

/**
 * Visits every block in use in libc's heap, large ones included. What it is given begins right behind the chunk's
 * header; with debug hooks the program's data lies 16 bytes on for each domain that the request went through.
 */
export function forEachLibcBlock(visitor: u32, context: usize): void {
  if (osRoots.brk > MACHINE_ADDRESS) visitPart(MACHINE_ADDRESS, visitor, context);
  for (let segment = osRoots.segments; segment !== 0; segment = chunk.prevSize(segment)) {
    visitPart(segment, visitor, context);
  }
  const last = osRoots.mmap_end;
  let at = nextMapped(MMAP_BASE, last);
  while (at < last) {
    const end = mappingEnd(at, last);
    if (mappingKind(at) === MAPPING_BLOCK) call_indirect<void>(visitor, at + HEADER, end - at - HEADER, context);
    at = nextMapped(end, last);
  }
}

function visitPart(start: usize, visitor: u32, context: usize): void {
  let c = start;
  while (c !== osRoots.top) {
    const size = chunk.size(c);
    if (size === HEADER) return;
    const next = c + size;
    if (chunk.head(next) & PREV_INUSE) call_indirect<void>(visitor, c + HEADER, size - 8, context);
    c = next;
  }
}
