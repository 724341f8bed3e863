// The log of the heap: arenas taken and returned, collections, and what is in use at each of these. Off unless the host has
// asked for it; events wait in the roots, a heapevent each, until there are so many that telling the host is cheap.
//
// Counting the blocks in use means walking all pools: it is done where the event is worth it (the oldest generation was
// collected, the log begins or ends), and otherwise only so often that it takes no more than a five-hundredth of the time.
//
// Own: CPython has no such log.

import { HEAP_EVENT_COLLECTION, HEAP_EVENT_END, HEAP_EVENT_START, HEAP_EVENTS_MAX } from "../generated/constants";
import { host } from "../generated/host";
import { arena_object, heapevent, pool_header, SIZEOF_arena_object, SIZEOF_heapevent } from "../generated/layouts";
import { gcRoots, memoryRoots, osRoots } from "../generated/runtime";
import { INDEX2SIZE } from "./geometry";

/** Seconds after one count of the blocks before another, for each second that it took. */
const REST: f64 = 500;
const UNKNOWN: u32 = 0xffffffff;

/** Begins the log. */
export function startHeapLog(): void {
  memoryRoots.log_began = host.logClock();
  memoryRoots.log_count = 0;
  memoryRoots.log_on = 1;
  const e = heapevent.at(begin(HEAP_EVENT_START));
  e.address = <u32>memoryRoots.arena_size;
  e.arenas_taken = memoryRoots.ntimes_arena_allocated;
  e.arenas_returned = memoryRoots.ntimes_arena_allocated - memoryRoots.narenas_currently_allocated;
  e.returned = osRoots.returned;
  countBlocksInUse(changetype<usize>(e));
  finishEvent();
}

/** Ends it, and tells the host what it has not heard yet. */
export function endHeapLog(): void {
  if (!memoryRoots.log_on) return;
  countBlocksInUse(begin(HEAP_EVENT_END));
  finishEvent();
  memoryRoots.log_on = 0;
  tell();
}

/** An arena was taken or returned. */
export function logArena(kind: u32, address: usize): void {
  const e = begin(kind);
  heapevent.at(e).address = <u32>address;
  if (heapevent.at(e).time >= memoryRoots.log_due) countBlocksInUse(e);
  finishEvent();
}

/**
 * A collection has ended: an event in which figures of the heap stand, to be completed by who collected, who then calls
 * finishEvent. `all`: the oldest generation was collected.
 */
export function beginCollection(all: bool): usize {
  const e = begin(HEAP_EVENT_COLLECTION);
  if (all || heapevent.at(e).time >= memoryRoots.log_due) countBlocksInUse(e);
  return e;
}

/** A new event at the end of the log, with the figures that every event has. */
function begin(kind: u32): usize {
  const p = memoryRoots.log_events + <usize>memoryRoots.log_count * SIZEOF_heapevent;
  memory.fill(p, 0, SIZEOF_heapevent);
  const e = heapevent.at(p);
  e.kind = kind;
  e.collecting = gcRoots.collecting;
  e.time = host.logClock() - memoryRoots.log_began;
  e.mapped = <u32>osRoots.mapped;
  e.resident = <u32>osRoots.resident;
  e.arenas = memoryRoots.narenas_currently_allocated;
  e.chunks = <u32>osRoots.chunk_bytes_used;
  e.large = <u32>osRoots.mmapped_bytes;
  e.pools = UNKNOWN;
  e.returned = osRoots.returned - memoryRoots.log_returned;
  memoryRoots.log_returned = osRoots.returned;
  return p;
}

/** The newest event is complete. */
export function finishEvent(): void {
  memoryRoots.log_count += 1;
  if (memoryRoots.log_count === HEAP_EVENTS_MAX) tell();
}

function tell(): void {
  const count = memoryRoots.log_count;
  memoryRoots.log_count = 0;
  if (count > 0) host.logHeap(memoryRoots.log_events, <usize>count * SIZEOF_heapevent);
}

/** Sets the bytes of pools and of blocks in use. */
function countBlocksInUse(p: usize): void {
  const before = host.logClock();
  let pools: u32 = 0;
  let blocks: u32 = 0;
  const size = <u32>memoryRoots.pool_size;
  for (let i: u32 = 0; i < memoryRoots.maxarenas; i++) {
    const arena = arena_object.at(memoryRoots.arenas + <usize>i * SIZEOF_arena_object);
    if (arena.address === 0) continue;
    for (let at = arena.address; at < arena.pool_address; at += size) {
      const used = pool_header.at(at).ref;
      if (used === 0) continue;
      pools += size;
      blocks += used * <u32>INDEX2SIZE(pool_header.at(at).szidx);
    }
  }
  heapevent.at(p).pools = pools;
  heapevent.at(p).blocks = blocks;
  const now = host.logClock();
  memoryRoots.log_due = now - memoryRoots.log_began + (now - before) * REST;
}
