// Tracebacks of allocations: each one that occurs is kept once, however many blocks were allocated there.
//
// The frames come from outside: `memoryRoots.trace_current` is the table index of a function that gives the traceback of
// where the program is. It writes the frames, as pairs of file name (a str, as an address) and line (u32 each), the
// innermost first and as many as `trace_limit`, to `traceback_frames`, and calls tracebackOfFrames; or it returns
// `traceback_last`, where it knows that the program is there still. It keeps the file names alive, and equal names one,
// until `trace_forget` is called: then no traceback mentions them any more. Either may be 0, and neither may allocate
// from a domain.
//
// Mirrors traceback_t and tracemalloc_tracebacks in Python/tracemalloc.c of CPython 3.13. Deliberate difference: a file
// name of 0 stands for "<unknown>". The tables are libc blocks that no trace shows.

import { frame_t, SIZEOF_frame_t, SIZEOF_traceback_t, traceback_t } from "../../generated/layouts";
import { memoryRoots } from "../../generated/runtime";
import { libc_calloc, libc_free, libc_malloc } from "../../os/malloc";

const BINS_FIRST: u32 = 256;
const TOTAL_MAX: u32 = 0xffff;

function frameAt(traceback: usize, i: u32): frame_t {
  return frame_t.at(traceback_t.at(traceback).frames + <usize>i * SIZEOF_frame_t);
}

/** How many frames the traceback has kept, at least 1. */
export function tracebackLength(traceback: usize): u32 {
  return traceback_t.at(traceback).nframe;
}

/** How many frames there were when the block was allocated. */
export function tracebackTotal(traceback: usize): u32 {
  return traceback_t.at(traceback).total_nframe;
}

/** The object that stands for the traceback, 0 while there is none. */
export function tracebackObject(traceback: usize): usize {
  return traceback_t.at(traceback).object;
}

/** Lets an object stand for the traceback; 0 before anything else is done with tracing. */
export function setTracebackObject(traceback: usize, object: usize): void {
  traceback_t.at(traceback).object = <u32>object;
}

/** The file name of frame `i`, the innermost first: a borrowed reference to a str, 0 for "<unknown>". */
export function tracebackFile(traceback: usize, i: u32): usize {
  return frameAt(traceback, i).filename;
}

/** The line of frame `i`, the innermost first. */
export function tracebackLine(traceback: usize, i: u32): u32 {
  return frameAt(traceback, i).lineno;
}

/** Makes the table of tracebacks, for up to `limit` frames each. False on failure. */
export function initTracebacks(limit: u32): bool {
  const bins = libc_calloc(BINS_FIRST, 4);
  const frames = libc_malloc(<usize>limit * SIZEOF_frame_t);
  if (bins === 0 || frames === 0) {
    libc_free(bins);
    libc_free(frames);
    return false;
  }
  memoryRoots.tracebacks = bins;
  memoryRoots.traceback_bins = BINS_FIRST;
  memoryRoots.traceback_count = 0;
  memoryRoots.traceback_bytes = 0;
  memoryRoots.traceback_frames = frames;
  return true;
}

/** Forgets every traceback. No trace may refer to one any more. */
export function clearTracebacks(): void {
  memoryRoots.traceback_last = 0;
  for (let i: u32 = 0; i < memoryRoots.traceback_bins; i++) {
    const bin = memoryRoots.tracebacks + ((<usize>i) << 2);
    for (let t: usize = load<u32>(bin); t !== 0; ) {
      const next: usize = traceback_t.at(t).next;
      libc_free(t);
      t = next;
    }
    store<u32>(bin, 0);
  }
  memoryRoots.traceback_count = 0;
  memoryRoots.traceback_bytes = 0;
  if (memoryRoots.trace_forget) call_indirect<void>(memoryRoots.trace_forget);
}

/** Frees the table, after clearTracebacks. */
export function endTracebacks(): void {
  libc_free(memoryRoots.tracebacks);
  libc_free(memoryRoots.traceback_frames);
  memoryRoots.tracebacks = 0;
  memoryRoots.traceback_frames = 0;
  memoryRoots.traceback_bins = 0;
}

/** The memory that the tracebacks take, in bytes. */
export function tracebackMemory(): usize {
  return memoryRoots.traceback_bytes + ((<usize>memoryRoots.traceback_bins) << 2);
}

/** Whether the kept traceback `t` has the `n` frames in the buffer. */
function isSame(t: usize, n: u32, total: u32): bool {
  if (tracebackTotal(t) !== total) return false;
  const frames = memoryRoots.traceback_frames;
  const end = frames + <usize>n * SIZEOF_frame_t;
  for (let f = frames, kept = traceback_t.at(t).frames; f < end; f += SIZEOF_frame_t, kept += SIZEOF_frame_t) {
    if (load<u64>(f) !== load<u64>(kept)) return false;
  }
  return true;
}

/** Doubles the number of bins. Failing leaves longer chains and nothing worse. */
function growBins(): void {
  const old = memoryRoots.traceback_bins;
  const bins = libc_calloc(old << 1, 4);
  if (bins === 0) return;
  const mask = (old << 1) - 1;
  for (let i: u32 = 0; i < old; i++) {
    for (let t: usize = load<u32>(memoryRoots.tracebacks + ((<usize>i) << 2)); t !== 0; ) {
      const next: usize = traceback_t.at(t).next;
      const bin = bins + ((<usize>(traceback_t.at(t).hash & mask)) << 2);
      traceback_t.at(t).next = load<u32>(bin);
      store<u32>(bin, <u32>t);
      t = next;
    }
  }
  libc_free(memoryRoots.tracebacks);
  memoryRoots.tracebacks = bins;
  memoryRoots.traceback_bins = old << 1;
}

/** The traceback of where the program is now, kept until clearTracebacks; 0 when there is no memory for it. */
export function currentTraceback(): usize {
  const hook = memoryRoots.trace_current;
  return hook ? call_indirect<usize>(hook) : tracebackOfFrames(0);
}

/** The traceback with the frames in the buffer, of `total` frames; 0 when there is no memory for it. */
export function tracebackOfFrames(total: u32): usize {
  const frames = memoryRoots.traceback_frames;
  if (total === 0) {
    store<u64>(frames, 0);
    total = 1;
  }
  const n = min(total, memoryRoots.trace_limit);
  total = min(total, TOTAL_MAX);
  // A loop allocates at one place many times in a row.
  const last = memoryRoots.traceback_last;
  if (last !== 0 && isSame(last, n, total)) return last;
  const t = findKept(n, total);
  memoryRoots.traceback_last = t;
  return t;
}

/** The one traceback with the `n` frames in the buffer, kept already or kept now; 0 when there is no memory for it. */
function findKept(n: u32, total: u32): usize {
  const frames = memoryRoots.traceback_frames;
  let hash = total;
  for (let i: u32 = 0; i < n * 2; i++) {
    hash = rotl<u32>((hash ^ load<u32>(frames + ((<usize>i) << 2))) * 0x9e3779b1, 13);
  }
  const bin = memoryRoots.tracebacks + ((<usize>(hash & (memoryRoots.traceback_bins - 1))) << 2);
  for (let t: usize = load<u32>(bin); t !== 0; t = traceback_t.at(t).next) {
    if (traceback_t.at(t).hash === hash && isSame(t, n, total)) return t;
  }
  return keep(hash, n, total);
}

/** Keeps the `n` frames in the buffer as a new traceback. */
function keep(hash: u32, n: u32, total: u32): usize {
  if (memoryRoots.traceback_count >= memoryRoots.traceback_bins) growBins();
  const size = SIZEOF_traceback_t + <usize>n * SIZEOF_frame_t;
  const t = libc_malloc(size);
  if (t === 0) return 0;
  const bin = memoryRoots.tracebacks + ((<usize>(hash & (memoryRoots.traceback_bins - 1))) << 2);
  const kept = traceback_t.at(t);
  kept.next = load<u32>(bin);
  kept.hash = hash;
  kept.nframe = <u16>n;
  kept.total_nframe = <u16>total;
  kept.object = 0;
  memory.copy(kept.frames, memoryRoots.traceback_frames, <usize>n * SIZEOF_frame_t);
  store<u32>(bin, <u32>t);
  memoryRoots.traceback_count += 1;
  memoryRoots.traceback_bytes += size;
  return t;
}
