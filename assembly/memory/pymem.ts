// The three domains through which everything in the process asks for memory: raw, mem and object.
//
// Raw goes to libc. Mem and object go to pymalloc up to 512 bytes and to the raw domain above. Around each domain lie
// the layers that CPython can put there, outermost first: failure injection, tracing, debug hooks. `memoryRoots.flags`
// is 0 when there are none, and then a request of up to 512 bytes takes the path at the end of this file.
//
//   request ─► failure ─► trace ─► debug hooks ─► pymalloc ─► arenas, pools, blocks
//                                             └─► (raw's debug hooks) ─► libc's malloc
//
// A request for 0 bytes gives a block of its own. Every function that allocates returns 0 on failure and sets no
// exception; the caller does. Sizes over PY_SSIZE_T_MAX fail. Mirrors the domain functions and the default allocators
// in Objects/obmalloc.c of CPython 3.13. Deliberate differences: the layers are fixed where CPython's are function
// pointers that an extension can replace; a request that pymalloc passes on to raw is seen once by failure injection;
// and the raw domain, too, is called with the GIL held.

import {
  DEBUG_HOOKS,
  DOMAIN_MEM,
  DOMAIN_OBJ,
  DOMAIN_RAW,
  HOOK_FAILURE,
  HOOK_TRACE,
  SERIAL_NUMBERS,
  USE_LIBC,
} from "../generated/constants";
import { memoryRoots } from "../generated/runtime";
import { libc_calloc, libc_free, libc_malloc, libc_malloc_usable_size, libc_realloc } from "../os/malloc";
import {
  DEBUG_HEAD,
  debugErase,
  debugExtra,
  debugRestore,
  debugSize,
  debugUnwrap,
  debugWrap,
  nextSerial,
} from "./debughooks";
import { requestFails } from "./failure";
import { setGeometry } from "./geometry";
import { pymalloc, staysInPlace } from "./obmalloc";
import { initUsedPools } from "./pool";
import { traceBlock, untraceBlock } from "./trace/trace";

const PY_SSIZE_T_MAX: usize = 0x7fffffff;

/**
 * Makes the allocator ready, after machineInit and before the first request. `geometry`: GEOMETRY_CLASSIC or
 * GEOMETRY_RADIX; `flags`: USE_LIBC and DEBUG_HOOKS as PYTHONMALLOC wants them, SERIAL_NUMBERS with the latter.
 */
export function pymemInit(geometry: u32, flags: u32): void {
  memory.fill(memoryRoots.START, 0, memoryRoots.SIZE);
  setGeometry(geometry);
  memoryRoots.flags = flags;
  initUsedPools();
}

/** Lets the debug hooks number the requests; only before the first request, since it changes the blocks' layout. */
export function setAllocationTracking(on: bool): void {
  assert(memoryRoots.serialno === 0, "tracking is set before the first request");
  if (on) memoryRoots.flags |= SERIAL_NUMBERS;
  else memoryRoots.flags &= ~SERIAL_NUMBERS;
}

// The allocators proper.

function usesLibc(id: u32): bool {
  return id === DOMAIN_RAW || (memoryRoots.flags & USE_LIBC) !== 0;
}

function baseMalloc(id: u32, n: usize): usize {
  if (usesLibc(id)) return libc_malloc(n);
  if (pymalloc.serves(n)) {
    const block = pymalloc.alloc(n);
    if (block) return block;
  }
  const p = hookedMalloc(DOMAIN_RAW, n);
  if (p) memoryRoots.raw_allocated_blocks += 1;
  return p;
}

function baseCalloc(id: u32, n: usize): usize {
  if (usesLibc(id)) return libc_calloc(1, n);
  if (pymalloc.serves(n)) {
    const block = pymalloc.alloc(n);
    if (block) {
      memory.fill(block, 0, n);
      return block;
    }
  }
  const p = hookedCalloc(DOMAIN_RAW, n);
  if (p) memoryRoots.raw_allocated_blocks += 1;
  return p;
}

function baseFree(id: u32, p: usize): void {
  if (usesLibc(id)) {
    libc_free(p);
  } else if (pymalloc.holds(p)) {
    pymalloc.free(p);
  } else {
    hookedFree(DOMAIN_RAW, p);
    memoryRoots.raw_allocated_blocks -= 1;
  }
}

function baseRealloc(id: u32, p: usize, n: usize): usize {
  if (usesLibc(id)) return libc_realloc(p, n);
  // Not pymalloc's: it stays libc's, even where it would now fit a pool.
  if (!pymalloc.holds(p)) return hookedRealloc(DOMAIN_RAW, p, n);
  const size = pymalloc.blockSize(p);
  if (staysInPlace(size, n)) return p;
  const moved = baseMalloc(id, n);
  if (moved === 0) return 0;
  memory.copy(moved, p, min(n, size));
  baseFree(id, p);
  return moved;
}

// The debug hooks.

function hookedMalloc(id: u32, n: usize): usize {
  if (!(memoryRoots.flags & DEBUG_HOOKS)) return baseMalloc(id, n);
  const p = baseMalloc(id, n + debugExtra());
  return p ? debugWrap(p, n, id, true) : 0;
}

function hookedCalloc(id: u32, n: usize): usize {
  if (!(memoryRoots.flags & DEBUG_HOOKS)) return baseCalloc(id, n);
  const p = baseCalloc(id, n + debugExtra());
  return p ? debugWrap(p, n, id, false) : 0;
}

function hookedFree(id: u32, p: usize): void {
  baseFree(id, memoryRoots.flags & DEBUG_HOOKS ? debugUnwrap(p, id) : p);
}

function hookedRealloc(id: u32, p: usize, n: usize): usize {
  if (!(memoryRoots.flags & DEBUG_HOOKS)) return baseRealloc(id, p, n);
  const old = debugSize(p);
  const serial = debugErase(p, id);
  const moved = baseRealloc(id, p - DEBUG_HEAD, n + debugExtra());
  if (moved) return debugRestore(moved, old, n, id, nextSerial());
  debugRestore(p - DEBUG_HEAD, old, old, id, serial);
  return 0;
}

// Tracing.

/** Records the new block `p` of `n` bytes, or frees it and returns 0 where there is no memory to record it. */
function tracked(id: u32, p: usize, n: usize): usize {
  if (p === 0 || !(memoryRoots.flags & HOOK_TRACE) || memoryRoots.trace_paused) return p;
  if (traceBlock(p, n)) return p;
  hookedFree(id, p);
  return 0;
}

function tracedRealloc(id: u32, p: usize, n: usize): usize {
  if (!(memoryRoots.flags & HOOK_TRACE)) return hookedRealloc(id, p, n);
  const moved = hookedRealloc(id, p, n);
  if (moved === 0) return 0;
  if (moved !== p || memoryRoots.trace_paused) untraceBlock(p);
  if (!memoryRoots.trace_paused && !traceBlock(moved, n)) untraceBlock(moved);
  return moved;
}

// The layers outside, and the way in for every request that does not take the fast path.

function slowMalloc(id: u32, n: usize): usize {
  if (n > PY_SSIZE_T_MAX - debugExtra()) return 0;
  if (memoryRoots.flags & HOOK_FAILURE && requestFails()) return 0;
  return tracked(id, hookedMalloc(id, n), n);
}

function slowCalloc(id: u32, count: usize, n: usize): usize {
  const total = <u64>count * n;
  if (total > PY_SSIZE_T_MAX - debugExtra()) return 0;
  if (memoryRoots.flags & HOOK_FAILURE && requestFails()) return 0;
  return tracked(id, hookedCalloc(id, <usize>total), <usize>total);
}

function slowFree(id: u32, p: usize): void {
  if (p === 0) return;
  hookedFree(id, p);
  // Only now: where the debug hooks find damage they say where the block came from.
  if (memoryRoots.flags & HOOK_TRACE) untraceBlock(p);
}

/** Whether the block `p` is too short for `n` bytes. */
function mustGrow(id: u32, p: usize, n: usize): bool {
  if (memoryRoots.flags & DEBUG_HOOKS) return n > debugSize(p);
  if (!usesLibc(id) && pymalloc.holds(p)) return n > pymalloc.blockSize(p);
  return n > libc_malloc_usable_size(p);
}

function slowRealloc(id: u32, p: usize, n: usize): usize {
  if (p === 0) return slowMalloc(id, n);
  if (n > PY_SSIZE_T_MAX - debugExtra()) return 0;
  if (memoryRoots.flags & HOOK_FAILURE && mustGrow(id, p, n) && requestFails()) return 0;
  return tracedRealloc(id, p, n);
}

/** A request to mem or object while nothing but tracing is on; 0 where it must go the whole way. */
function tracedMalloc(n: usize): usize {
  if (memoryRoots.flags !== HOOK_TRACE || memoryRoots.trace_paused || !pymalloc.serves(n)) return 0;
  const block = pymalloc.alloc(n);
  if (block === 0 || traceBlock(block, n)) return block;
  pymalloc.free(block);
  return 0;
}

/** Frees a block of mem or object, 0 included, that does not take the fast path. */
function plainFree(id: u32, p: usize): void {
  if (memoryRoots.flags === HOOK_TRACE && pymalloc.holds(p)) {
    pymalloc.free(p);
    untraceBlock(p);
  } else slowFree(id, p);
}

/** A block of `n` bytes of the raw domain, contents undefined; 0 on failure. */
export function PyMem_RawMalloc(n: usize): usize {
  return slowMalloc(DOMAIN_RAW, n);
}

/** A zeroed block of `count` times `n` bytes of the raw domain; 0 on failure or overflow. */
export function PyMem_RawCalloc(count: usize, n: usize): usize {
  return slowCalloc(DOMAIN_RAW, count, n);
}

/** Resizes a block of the raw domain (0 allocates), perhaps moved; 0 on failure, after which `p` stands. */
export function PyMem_RawRealloc(p: usize, n: usize): usize {
  return slowRealloc(DOMAIN_RAW, p, n);
}

/** Frees a block of the raw domain; 0 is ignored. */
export function PyMem_RawFree(p: usize): void {
  slowFree(DOMAIN_RAW, p);
}

/** A block of `n` bytes of the mem domain, contents undefined; 0 on failure. */
export function PyMem_Malloc(n: usize): usize {
  if (memoryRoots.flags === 0 && pymalloc.serves(n)) {
    const block = pymalloc.alloc(n);
    if (block) return block;
  }
  const traced = tracedMalloc(n);
  return traced ? traced : slowMalloc(DOMAIN_MEM, n);
}

/** A zeroed block of `count` times `n` bytes of the mem domain; 0 on failure or overflow. */
export function PyMem_Calloc(count: usize, n: usize): usize {
  return slowCalloc(DOMAIN_MEM, count, n);
}

/** Resizes a block of the mem domain (0 allocates), perhaps moved; 0 on failure, after which `p` stands. */
export function PyMem_Realloc(p: usize, n: usize): usize {
  return slowRealloc(DOMAIN_MEM, p, n);
}

/** Frees a block of the mem domain; 0 is ignored. */
export function PyMem_Free(p: usize): void {
  if (memoryRoots.flags === 0 && pymalloc.holds(p)) pymalloc.free(p);
  else plainFree(DOMAIN_MEM, p);
}

/** A block of `n` bytes of the object domain, contents undefined; 0 on failure. */
export function PyObject_Malloc(n: usize): usize {
  if (memoryRoots.flags === 0 && pymalloc.serves(n)) {
    const block = pymalloc.alloc(n);
    if (block) return block;
  }
  const traced = tracedMalloc(n);
  return traced ? traced : slowMalloc(DOMAIN_OBJ, n);
}

/** A zeroed block of `count` times `n` bytes of the object domain; 0 on failure or overflow. */
export function PyObject_Calloc(count: usize, n: usize): usize {
  return slowCalloc(DOMAIN_OBJ, count, n);
}

/** Resizes a block of the object domain (0 allocates), perhaps moved; 0 on failure, after which `p` stands. */
export function PyObject_Realloc(p: usize, n: usize): usize {
  return slowRealloc(DOMAIN_OBJ, p, n);
}

/** Frees a block of the object domain; 0 is ignored. */
export function PyObject_Free(p: usize): void {
  if (memoryRoots.flags === 0 && pymalloc.holds(p)) pymalloc.free(p);
  else plainFree(DOMAIN_OBJ, p);
}
