// What tracemalloc is built on: which blocks are in use that were allocated since tracing began, how large they are,
// and where in the program each was allocated.
//
// One table holds a trace for each block, found by address and domain through open addressing: a trace lies at its
// home, computed from both, or in the next free place behind it, and removing one moves those behind it forward, so no
// place is ever marked as deleted. At most half of the places are taken.
//
//   trace ┌─────────┬──────┬───────────┬────────┐
//         │address 4│size 4│traceback 4│domain 4│     address 0: a free place
//         └─────────┴──────┴───────────┴────────┘
//
// The invariant: `trace_memory` is the sum of the sizes in the table. Mirrors Python/tracemalloc.c of CPython 3.13.
// Deliberate differences: one table for all domains; and room for a trace is made before a block is resized, so a
// resize never has to end the process for want of it.

import { memoryRoots } from "../generated/runtime";
import { libc_calloc, libc_free, libc_malloc } from "../os/malloc";
import { HOOK_TRACE } from "./flags";
import { clearTracebacks, currentTraceback, endTracebacks, initTracebacks, tracebackMemory } from "./traceback";

/** The domain of the blocks that the three allocators hand out. */
export const DEFAULT_DOMAIN: u32 = 0;

export const SIZEOF_trace: usize = 16;
const PLACES_FIRST: u32 = 1024;

/** One place of the table, or one trace of a snapshot. */
export class trace {
  @inline static address(t: usize): usize {
    return load<u32>(t);
  }
  @inline static size(t: usize): usize {
    return load<u32>(t, 4);
  }
  @inline static traceback(t: usize): usize {
    return load<u32>(t, 8);
  }
  @inline static domain(t: usize): u32 {
    return load<u32>(t, 12);
  }
}

/** Whether allocations are being traced. */
export function traceIsOn(): bool {
  return (memoryRoots.flags & HOOK_TRACE) !== 0;
}

/** Starts tracing, keeping up to `limit` (1 to 65535) frames of each traceback. False when there is no memory for it. */
export function traceStart(limit: u32): bool {
  if (traceIsOn()) return true;
  memoryRoots.trace_limit = limit;
  if (!initTracebacks(limit)) return false;
  const places = libc_calloc(PLACES_FIRST, SIZEOF_trace);
  if (places === 0) {
    endTracebacks();
    return false;
  }
  memoryRoots.traces = places;
  memoryRoots.trace_places = PLACES_FIRST;
  memoryRoots.trace_count = 0;
  memoryRoots.trace_memory = 0;
  memoryRoots.trace_peak = 0;
  memoryRoots.trace_paused = 0;
  memoryRoots.flags |= HOOK_TRACE;
  return true;
}

/** Stops tracing and forgets all traces. */
export function traceStop(): void {
  if (!traceIsOn()) return;
  memoryRoots.flags &= ~HOOK_TRACE;
  libc_free(memoryRoots.traces);
  memoryRoots.traces = 0;
  memoryRoots.trace_places = 0;
  memoryRoots.trace_count = 0;
  memoryRoots.trace_memory = 0;
  memoryRoots.trace_peak = 0;
  clearTracebacks();
  endTracebacks();
}

/** Forgets all traces, and goes on tracing. */
export function traceClear(): void {
  if (!traceIsOn()) return;
  memory.fill(memoryRoots.traces, 0, <usize>memoryRoots.trace_places * SIZEOF_trace);
  memoryRoots.trace_count = 0;
  memoryRoots.trace_memory = 0;
  memoryRoots.trace_peak = 0;
  clearTracebacks();
}

/**
 * While it is paused, blocks are handed out without a trace, and those that are freed lose theirs: for making the
 * objects that tell of the traces (tracemalloc's own are never traced).
 */
export function tracePause(paused: bool): void {
  memoryRoots.trace_paused = paused ? 1 : 0;
}

/** Sets the peak to what is traced now. */
export function traceResetPeak(): void {
  memoryRoots.trace_peak = memoryRoots.trace_memory;
}

/** The bytes that the tables of traces and tracebacks take. */
export function traceOverhead(): usize {
  return traceIsOn() ? <usize>memoryRoots.trace_places * SIZEOF_trace + tracebackMemory() : 0;
}

function homeOf(address: usize, domain: u32): u32 {
  const mixed = (<u32>(address >> 4) ^ (domain * 0x85ebca6b)) * 0x9e3779b1;
  return mixed >> clz<u32>(memoryRoots.trace_places - 1);
}

function placeAt(i: u32): usize {
  return memoryRoots.traces + <usize>i * SIZEOF_trace;
}

/** The place of the trace of `address`, or the free place where it would go. */
function find(address: usize, domain: u32): usize {
  const mask = memoryRoots.trace_places - 1;
  let i = homeOf(address, domain);
  while (true) {
    const place = placeAt(i);
    const there = trace.address(place);
    if (there === 0 || (there === address && trace.domain(place) === domain)) return place;
    i = (i + 1) & mask;
  }
}

/** Makes sure that one more trace has room. False when there is no memory for a larger table. */
export function traceReserve(): bool {
  const old = memoryRoots.trace_places;
  if ((memoryRoots.trace_count + 1) << 1 <= old) return true;
  const places = libc_calloc(old << 1, SIZEOF_trace);
  if (places === 0) return memoryRoots.trace_count + 1 < old;
  const from = memoryRoots.traces;
  memoryRoots.traces = places;
  memoryRoots.trace_places = old << 1;
  for (let i: u32 = 0; i < old; i++) {
    const t = from + <usize>i * SIZEOF_trace;
    if (trace.address(t)) memory.copy(find(trace.address(t), trace.domain(t)), t, SIZEOF_trace);
  }
  libc_free(from);
  return true;
}

/**
 * Records the block at `address`, now of `size` bytes, with the program's current traceback. False where there is no
 * memory for it, or nothing is being traced.
 */
export function traceTrack(domain: u32, address: usize, size: usize): bool {
  if (!traceIsOn()) return false;
  if (!traceReserve()) return false;
  const traceback = currentTraceback();
  if (traceback === 0) return false;
  const place = find(address, domain);
  if (trace.address(place)) memoryRoots.trace_memory -= trace.size(place);
  else memoryRoots.trace_count += 1;
  store<u32>(place, <u32>address);
  store<u32>(place, <u32>size, 4);
  store<u32>(place, <u32>traceback, 8);
  store<u32>(place, domain, 12);
  const now = memoryRoots.trace_memory + size;
  memoryRoots.trace_memory = now;
  if (now > memoryRoots.trace_peak) memoryRoots.trace_peak = now;
  return true;
}

/** Forgets the block at `address`; nothing happens if it has no trace. */
export function traceUntrack(domain: u32, address: usize): void {
  if (!traceIsOn()) return;
  let place = find(address, domain);
  if (trace.address(place) === 0) return;
  memoryRoots.trace_memory -= trace.size(place);
  memoryRoots.trace_count -= 1;
  // Every trace behind it that may live here or before moves forward, until a free place ends the row.
  const mask = memoryRoots.trace_places - 1;
  let hole = <u32>((place - memoryRoots.traces) / SIZEOF_trace);
  for (let i = (hole + 1) & mask; ; i = (i + 1) & mask) {
    const next = placeAt(i);
    if (trace.address(next) === 0) break;
    const home = homeOf(trace.address(next), trace.domain(next));
    if (((i - home) & mask) < ((i - hole) & mask)) continue;
    memory.copy(place, next, SIZEOF_trace);
    place = next;
    hole = i;
  }
  store<u32>(place, 0);
}

/** A block that was traced is given out again without an allocator: from a free list. Its traceback becomes current. */
export function traceNewReference(address: usize): void {
  if (!traceIsOn()) return;
  const place = find(address, DEFAULT_DOMAIN);
  if (trace.address(place) === 0) return;
  const traceback = currentTraceback();
  if (traceback) store<u32>(place, <u32>traceback, 8);
}

/** The traceback of the block at `address`, 0 if it has no trace. Valid until traces are cleared. */
export function traceTraceback(domain: u32, address: usize): usize {
  if (!traceIsOn()) return 0;
  const place = find(address, domain);
  return trace.address(place) ? trace.traceback(place) : 0;
}

/**
 * A copy of all traces, `trace_count` of them, SIZEOF_trace bytes each, for reading with the class `trace` while the
 * program goes on. Returns a libc block for the caller to free, or 0 on failure.
 */
export function traceSnapshot(): usize {
  const copy = libc_malloc(<usize>memoryRoots.trace_count * SIZEOF_trace);
  if (copy === 0) return 0;
  let at = copy;
  for (let i: u32 = 0; i < memoryRoots.trace_places; i++) {
    const place = placeAt(i);
    if (trace.address(place) === 0) continue;
    memory.copy(at, place, SIZEOF_trace);
    at += SIZEOF_trace;
  }
  return copy;
}
