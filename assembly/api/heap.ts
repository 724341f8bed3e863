// The allocator by itself, as a module for tests, benchmarks and the replay of traces: no objects, no interpreter.

import { replay_event, SIZEOF_replay_event } from "../generated/layouts";
import { memoryRoots, osRoots } from "../generated/runtime";
import { PyObject_Free, PyObject_Malloc, PyObject_Realloc } from "../memory/pymem";
import { arenaAt } from "../memory/statistics";
import { tracebackOfFrames } from "../memory/trace/origins";
import { libc_free, libc_malloc, libc_realloc } from "../os/malloc";

export { setDumpStatistics } from "../memory/arena";
export { forEachLibcBlock, forEachPoolBlock } from "../memory/blocks";
export { checkHeap } from "../memory/check";
export { allocationSerial, setSerialStop } from "../memory/debughooks";
export { allocationsToFailure, setAllocationFailure, setAllocationFailureMode } from "../memory/failure";
export {
  PyMem_Calloc,
  PyMem_Free,
  PyMem_Malloc,
  PyMem_RawCalloc,
  PyMem_RawFree,
  PyMem_RawMalloc,
  PyMem_RawRealloc,
  PyMem_Realloc,
  PyObject_Calloc,
  PyObject_Free,
  PyObject_Malloc,
  PyObject_Realloc,
  pymemInit,
  setAllocationTracking,
} from "../memory/pymem";
export { debugMallocStats, getallocatedblocks } from "../memory/statistics";
export { textFlush } from "../memory/text";
export { tracebackFile, tracebackLength, tracebackLine, tracebackTotal } from "../memory/trace/origins";
export {
  traceClear,
  traceIsOn,
  traceNewReference,
  traceOverhead,
  traceResetPeak,
  traceSnapshot,
  traceStart,
  traceStop,
  traceTraceback,
  traceTrack,
  traceUntrack,
} from "../memory/trace/trace";
export { checkMalloc, checkPages } from "../os/check";
export { machineInit, mmap, mmapAligned, mremap, munmap, sbrk, setMemoryLimit, systemCallCount } from "../os/machine";
export { libc_calloc, libc_free, libc_malloc, libc_malloc_usable_size, libc_realloc } from "../os/malloc";
export { touch } from "../os/pages";
export { checkAll, fuzz, fuzzEnd, fuzzTable } from "./fuzz";

/** Where text goes in this module: the embedder. */
declare function write(p: usize, length: usize): void;

function sink(p: usize, length: usize): void {
  write(p, length);
}

/** The table index of the function that hands text to the embedder. */
export function writeSink(): u32 {
  const f: (p: usize, length: usize) => void = sink;
  return f.index;
}

/** How many arenas have been mapped since the start. */
export function arenasTaken(): u32 {
  return memoryRoots.ntimes_arena_allocated;
}

/** How many arenas are mapped. */
export function arenasMapped(): u32 {
  return memoryRoots.narenas_currently_allocated;
}

/** How many arena objects there are, with and without an arena. */
export function arenaObjects(): u32 {
  return memoryRoots.maxarenas;
}

/** The address of the arena of arena object `i`, 0 if it has none. */
export function arenaAddress(i: u32): usize {
  return arenaAt(i).address;
}

/** The size of an arena in bytes. */
export function arenaSize(): usize {
  return memoryRoots.arena_size;
}

/**
 * Replays `count` events at `events`, each a replay_event, through the
 * object domain. `slots` is a table of addresses, 4 bytes each, all 0 at first. Returns the number of failed requests.
 */
export function replay(events: usize, count: i32, slots: usize): i32 {
  let failed = 0;
  for (const end = events + <usize>count * SIZEOF_replay_event; events < end; events += SIZEOF_replay_event) {
    const event = replay_event.at(events);
    const slot = slots + (event.slot << 2);
    const what = event.what;
    if (what === 2) {
      PyObject_Free(load<u32>(slot));
      store<u32>(slot, 0);
      continue;
    }
    const n: usize = event.size;
    const p = what === 0 ? PyObject_Malloc(n) : PyObject_Realloc(load<u32>(slot), n);
    if (p) store<u32>(slot, <u32>p);
    else failed++;
  }
  return failed;
}

/** Allocates and frees a block of `n` bytes `count` times, beside another in use, so that the pool stays used. */
export function churn(n: usize, count: i32): void {
  const other = PyObject_Malloc(n);
  for (let i = 0; i < count; i++) PyObject_Free(PyObject_Malloc(n));
  PyObject_Free(other);
}

/** Replays events as `replay` does, through libc's malloc. */
export function replayRaw(events: usize, count: i32, slots: usize): i32 {
  let failed = 0;
  for (const end = events + <usize>count * SIZEOF_replay_event; events < end; events += SIZEOF_replay_event) {
    const event = replay_event.at(events);
    const slot = slots + (event.slot << 2);
    const what = event.what;
    if (what === 2) {
      libc_free(load<u32>(slot));
      store<u32>(slot, 0);
      continue;
    }
    const n: usize = event.size;
    const p = what === 0 ? libc_malloc(n) : libc_realloc(load<u32>(slot), n);
    if (p) store<u32>(slot, <u32>p);
    else failed++;
  }
  return failed;
}

/** Allocates and frees a block of `n` bytes `count` times through libc's malloc. */
export function churnRaw(n: usize, count: i32): void {
  for (let i = 0; i < count; i++) libc_free(libc_malloc(n));
}

/** Figures of the machine, by number: see MACHINE_FIGURES in tools/heap/heap-module.ts. */
export function machineFigure(which: i32): u32 {
  if (which === 0) return <u32>osRoots.mapped;
  if (which === 1) return <u32>osRoots.mapped_peak;
  if (which === 2) return <u32>osRoots.resident;
  if (which === 3) return <u32>osRoots.resident_peak;
  if (which === 4) return osRoots.page_faults;
  if (which === 5) return osRoots.chunks_used;
  if (which === 6) return <u32>osRoots.chunk_bytes_used;
  if (which === 7) return osRoots.mmapped_chunks;
  if (which === 8) return <u32>osRoots.mmapped_bytes;
  return <u32>osRoots.brk;
}

/** Figures of tracing: 0 traced bytes, 1 their peak, 2 the number of traces. */
export function traceFigure(which: i32): u32 {
  if (which === 0) return <u32>memoryRoots.trace_memory;
  return which === 1 ? <u32>memoryRoots.trace_peak : memoryRoots.trace_count;
}

/** Where the program is, as far as this module knows: its frames, given by the embedder. */
declare function frames(buffer: usize, limit: u32): u32;

function askFrames(): usize {
  return tracebackOfFrames(frames(memoryRoots.traceback_frames, memoryRoots.trace_limit));
}

/** Lets tracing ask the embedder for frames. */
export function useFrames(): void {
  const f: () => usize = askFrames;
  memoryRoots.trace_current = f.index;
}

/** Sends what is written to standard error to the embedder. */
export function useErrorWrite(): void {
  osRoots.error_write = writeSink();
}
