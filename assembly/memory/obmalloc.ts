// pymalloc: blocks of up to 512 bytes out of arenas and pools.
//
// A request of n bytes is served by size class (n - 1) / 16 from the first used pool of that class: one load finds the
// pool, one its free block. Only when a free list runs out, or a pool turns from full to used or from used to empty,
// is anything else touched (pool.ts, arena.ts).
//
// Mirrors pymalloc_alloc, pymalloc_free and pymalloc_realloc in Objects/obmalloc.c of CPython 3.13: the same requests
// land in the same places. Deliberate difference: whether an address is pymalloc's is read from the arena map.

import { ALIGNMENT_SHIFT, SMALL_REQUEST_THRESHOLD } from "../generated/constants";
import { pool_header } from "../generated/layouts";
import { memoryRoots } from "../generated/runtime";
import { arenaMap } from "./arena";
import { INDEX2SIZE } from "./geometry";
import {
  allocate_from_new_pool,
  insert_to_freepool,
  insert_to_usedpool,
  pymalloc_pool_extend,
  usedPools,
} from "./pool";

/** pymalloc's fast paths, certain to be inlined. */
export class pymalloc {
  /** Whether a request of `n` bytes is pymalloc's to serve. */
  @inline static serves(n: usize): bool {
    return n - 1 < SMALL_REQUEST_THRESHOLD;
  }

  /** Whether `p` lies in an arena. */
  @inline static holds(p: usize): bool {
    return arenaMap.holds(p);
  }

  /** A block of `n` bytes, 1 to 512; 0 when no arena can be had. */
  @inline static alloc(n: usize): usize {
    const sizeClass = (n - 1) >> ALIGNMENT_SHIFT;
    const head = usedPools.head(sizeClass);
    const p = pool_header.at(head).nextpool;
    if (p === head) return allocate_from_new_pool(sizeClass);
    const pool = pool_header.at(p);
    const block = pool.freeblock;
    const next: usize = load<u32>(block);
    pool.ref += 1;
    pool.freeblock = next;
    if (next === 0) pymalloc_pool_extend(p);
    return block;
  }

  /** Frees `block`, which lies in an arena. */
  @inline static free(block: usize): void {
    const p = block & memoryRoots.pool_mask;
    const pool = pool_header.at(p);
    const last = pool.freeblock;
    const ref = pool.ref - 1;
    store<u64>(block, last);
    pool.freeblock = block;
    pool.ref = ref;
    if (last === 0) insert_to_usedpool(p);
    else if (ref === 0) insert_to_freepool(p);
  }

  /** The size of the block at `p`, which lies in an arena. */
  @inline static blockSize(p: usize): usize {
    return INDEX2SIZE(pool_header.at(p & memoryRoots.pool_mask).szidx);
  }
}

/** Whether a block of `size` bytes may stay where it is when `n` bytes of it are wanted: it wastes less than 25 %. */
export function staysInPlace(size: usize, n: usize): bool {
  return n <= size && n * 4 > size * 3;
}
