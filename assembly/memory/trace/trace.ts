// What tracemalloc is built on: which blocks are in use that were allocated since tracing began, how large they are,
// and where in the program each was allocated.
//
// The allocators' own blocks are of domain 0 (traceblocks.ts); others may be announced in domains of their own
// (tracedomains.ts). A traceback is kept once for all blocks that were allocated there (traceback.ts).
//
// The invariant: `trace_memory` is the sum of the sizes of all traces, and `trace_count` their number. Mirrors
// Python/tracemalloc.c of CPython 3.13. Deliberate difference: a block that was resized where there is no memory to
// record it loses its trace; CPython ends the process.

import { HOOK_TRACE } from "../../generated/constants";
import { memoryRoots } from "../../generated/runtime";
import { libc_malloc } from "../../os/malloc";
import {
  blockTrace,
  blockTraceMemory,
  blockTracePlace,
  clearBlockTraces,
  endBlockTraces,
  initBlockTraces,
  makeBlockTracePlace,
  nextTracedBlock,
} from "./blocks";
import {
  clearDomainTraces,
  copyDomainTraces,
  domainTraceMemory,
  findDomainTrace,
  removeDomainTrace,
  SIZEOF_trace,
  takeDomainTrace,
  trace,
} from "./domains";
import { clearTracebacks, currentTraceback, endTracebacks, initTracebacks, tracebackMemory } from "./origins";

/** The domain of the blocks that the three allocators hand out. */
export const DEFAULT_DOMAIN: u32 = 0;

/** Whether allocations are being traced. */
export function traceIsOn(): bool {
  return (memoryRoots.flags & HOOK_TRACE) !== 0;
}

/** Starts tracing, keeping up to `limit` (1 to 65535) frames of each traceback. False when there is no memory for it. */
export function traceStart(limit: u32): bool {
  if (traceIsOn()) return true;
  memoryRoots.trace_limit = limit;
  if (!initTracebacks(limit)) return false;
  if (!initBlockTraces()) {
    endTracebacks();
    return false;
  }
  forgetFigures();
  memoryRoots.trace_paused = 0;
  memoryRoots.flags |= HOOK_TRACE;
  return true;
}

/** Stops tracing and forgets all traces. */
export function traceStop(): void {
  if (!traceIsOn()) return;
  memoryRoots.flags &= ~HOOK_TRACE;
  forget();
  endBlockTraces();
  endTracebacks();
}

/** Forgets all traces, and goes on tracing. */
export function traceClear(): void {
  if (traceIsOn()) forget();
}

function forget(): void {
  clearBlockTraces();
  clearDomainTraces();
  forgetFigures();
  clearTracebacks();
}

function forgetFigures(): void {
  memoryRoots.trace_count = 0;
  memoryRoots.trace_memory = 0;
  memoryRoots.trace_peak = 0;
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
  return traceIsOn() ? blockTraceMemory() + domainTraceMemory() + tracebackMemory() : 0;
}

/** Counts a trace that was of `old` bytes (`isNew`: there was none) and is now of `size`. */
function count(old: usize, size: usize, isNew: bool): void {
  if (isNew) memoryRoots.trace_count += 1;
  const now = memoryRoots.trace_memory - old + size;
  memoryRoots.trace_memory = now;
  if (now > memoryRoots.trace_peak) memoryRoots.trace_peak = now;
}

/**
 * Records one of the allocators' blocks, at `address` and now of `size` bytes, with the program's current traceback.
 * Tracing must be on. False where there is no memory for it.
 */
export function traceBlock(address: usize, size: usize): bool {
  let place = blockTracePlace(address);
  if (place === 0) {
    place = makeBlockTracePlace(address);
    if (place === 0) return false;
  }
  const traceback = currentTraceback();
  if (traceback === 0) return false;
  count(blockTrace.size(place), size, blockTrace.traceback(place) === 0);
  blockTrace.set(place, size, traceback);
  return true;
}

/** Forgets the allocators' block at `address`, if it has a trace. Tracing must be on. */
export function untraceBlock(address: usize): void {
  const place = blockTracePlace(address);
  if (place === 0 || blockTrace.traceback(place) === 0) return;
  memoryRoots.trace_memory -= blockTrace.size(place);
  memoryRoots.trace_count -= 1;
  blockTrace.set(place, 0, 0);
}

/**
 * Records what is at `address`, now of `size` bytes, with the program's current traceback. False where there is no
 * memory for it, or nothing is being traced.
 */
export function traceTrack(domain: u32, address: usize, size: usize): bool {
  if (!traceIsOn()) return false;
  if (domain === DEFAULT_DOMAIN) return traceBlock(address, size);
  const traceback = currentTraceback();
  if (traceback === 0) return false;
  const place = takeDomainTrace(address, domain);
  if (place === 0) return false;
  count(trace.size(place), size, trace.traceback(place) === 0);
  trace.set(place, address, size, traceback, domain);
  return true;
}

/** Forgets what is at `address`; nothing happens if it has no trace. */
export function traceUntrack(domain: u32, address: usize): void {
  if (!traceIsOn()) return;
  if (domain === DEFAULT_DOMAIN) {
    untraceBlock(address);
    return;
  }
  const place = findDomainTrace(address, domain);
  if (place === 0 || trace.traceback(place) === 0) return;
  memoryRoots.trace_memory -= trace.size(place);
  memoryRoots.trace_count -= 1;
  removeDomainTrace(place);
}

/** A block that was traced is given out again without an allocator: from a free list. Its traceback becomes current. */
export function traceNewReference(address: usize): void {
  if (!traceIsOn()) return;
  const place = blockTracePlace(address);
  if (place === 0 || blockTrace.traceback(place) === 0) return;
  const traceback = currentTraceback();
  if (traceback) blockTrace.set(place, blockTrace.size(place), traceback);
}

/** The traceback of what is at `address`, 0 if it has no trace. Valid until traces are cleared. */
export function traceTraceback(domain: u32, address: usize): usize {
  if (!traceIsOn()) return 0;
  if (domain === DEFAULT_DOMAIN) {
    const place = address & 15 ? 0 : blockTracePlace(address);
    return place === 0 ? 0 : blockTrace.traceback(place);
  }
  const place = findDomainTrace(address, domain);
  return place === 0 ? 0 : trace.traceback(place);
}

/**
 * A copy of all traces, `trace_count` of them, SIZEOF_trace bytes each, for reading with the class `trace` while the
 * program goes on: the allocators' blocks first, by address. Returns a libc block for the caller to free, or 0 on
 * failure.
 */
export function traceSnapshot(): usize {
  const copy = libc_malloc(<usize>memoryRoots.trace_count * SIZEOF_trace);
  if (copy === 0) return 0;
  let at = copy;
  for (let address = nextTracedBlock(0); address !== 0; address = nextTracedBlock(address + 16)) {
    const place = blockTracePlace(address);
    trace.set(at, address, blockTrace.size(place), blockTrace.traceback(place), DEFAULT_DOMAIN);
    at += SIZEOF_trace;
  }
  copyDomainTraces(at);
  return copy;
}
