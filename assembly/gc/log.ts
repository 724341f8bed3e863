// A collection in the log of the heap: what was there when it began, and what it has found.

import { COLLECTION_REASON_THRESHOLD } from "../generated/constants";
import { host } from "../generated/host";
import { heapevent } from "../generated/layouts";
import { gcRoots, memoryRoots, osRoots } from "../generated/runtime";
import { beginCollection, finishEvent } from "../memory/heaplog";

/** A collection begins. */
export function noteBegin(): void {
  gcRoots.began = host.logClock();
  gcRoots.taken_before = memoryRoots.ntimes_arena_allocated;
  gcRoots.arenas_before = memoryRoots.narenas_currently_allocated;
  gcRoots.returned_before = osRoots.returned;
}

/**
 * A collection of generation `g` has ended. What the collector leaves in its roots says what it found. `oldest`: whether no
 * generation is older.
 */
export function noteEnd(g: i32, reason: u32, oldest: bool): void {
  // Arenas that came or went meanwhile have told of some of it already: since then is `returned`, all of it is the sum.
  const e = heapevent.at(beginCollection(oldest && reason != COLLECTION_REASON_THRESHOLD));
  const end = e.time;
  e.time = gcRoots.began - memoryRoots.log_began;
  e.duration = end - e.time;
  e.reason = reason;
  e.generation = g;
  const taken = memoryRoots.ntimes_arena_allocated - gcRoots.taken_before;
  e.arenas_taken = taken;
  e.arenas_returned = gcRoots.arenas_before + taken - memoryRoots.narenas_currently_allocated;
  e.returned_during = osRoots.returned - gcRoots.returned_before;
  e.examined = <u32>gcRoots.examined;
  e.unreachable = <u32>gcRoots.unreachable;
  e.freed = <u32>gcRoots.last_collected;
  e.resurrected = <u32>gcRoots.resurrected;
  e.uncollectable = <u32>gcRoots.last_uncollectable;
  e.moved = oldest ? 0 : <u32>(gcRoots.examined - gcRoots.unreachable + gcRoots.resurrected);
  finishEvent();
}
