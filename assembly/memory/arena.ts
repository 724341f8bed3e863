// Arenas: the table of arena objects, and the order in which arenas serve.
//
// An arena is *usable* when it has a pool that is free or not yet carved. `usable_arenas` lists exactly those, fullest
// first, so that nearly empty arenas get the chance to empty; `nfp2lasta[n]` is the last arena in the list with n free
// pools (0 for none), which keeps the list sorted in constant time. When an arena's last pool empties it goes back to
// the machine, unless no other usable arena follows it in the list: one that is wholly free is kept, so that a loop
// around a single block does not map and unmap an arena each time.
//
//   arena_object  ┌───────────┬──────────────┬────────────┬─────────────┬───────────┬───────────┬───────────┐
//     (48 bytes)  │ address 8 │pool_address 8│nfreepools 4│ntotalpools 4│freepools 8│nextarena 8│prevarena 8│
//                 └───────────┴──────────────┴────────────┴─────────────┴───────────┴───────────┴───────────┘
//     address 0: the object has no arena, and nextarena links the `unused_arena_objects`.
//
// Mirrors new_arena and the arena half of insert_to_freepool in Objects/obmalloc.c of CPython 3.13. Deliberate
// differences: one byte for each 2^ARENA_MAP_SHIFT bytes of the address space (`ARENA_MAP_ADDRESS`) says whether pymalloc holds it,
// where CPython walks a radix tree; and the table of arena objects comes from libc directly, not through the raw
// domain's hooks.

import {
  ARENA_MAP_SHIFT,
  HEAP_EVENT_ARENA_RETURNED,
  HEAP_EVENT_ARENA_TAKEN,
  MAPPING_ARENA,
} from "../generated/constants";
import { arena_object, SIZEOF_arena_object } from "../generated/layouts";
import { ARENA_MAP_ADDRESS, memoryRoots, osRoots } from "../generated/runtime";
import { mmapFor, munmap } from "../os/machine";
import { libc_realloc } from "../os/malloc";
import { poolsInArena } from "./geometry";
import { logArena } from "./heaplog";
import { debugMallocStats } from "./statistics";

const INITIAL_ARENA_OBJECTS: u32 = 16;

/** nfp2lasta[n], the last usable arena with n free pools. */
class lastArena {
  @inline static get(nfreepools: u32): usize {
    return load<u32>(memoryRoots.nfp2lasta + ((<usize>nfreepools) << 3));
  }
  @inline static set(nfreepools: u32, arena: usize): void {
    store<u64>(memoryRoots.nfp2lasta + ((<usize>nfreepools) << 3), arena);
  }
}

/** Whether pymalloc holds the memory at `p`. Right for every address. */
export class arenaMap {
  @inline static holds(p: usize): bool {
    return load<u8>(ARENA_MAP_ADDRESS + (p >> ARENA_MAP_SHIFT)) !== 0;
  }
}

/** Records in the map whether the arena at `address` is pymalloc's. */
function mark(address: usize, held: u8): void {
  memory.fill(ARENA_MAP_ADDRESS + (address >> ARENA_MAP_SHIFT), held, memoryRoots.arena_size >> ARENA_MAP_SHIFT);
}

/** Doubles the table of arena objects (16 at first) and links the new ones as unused. False on failure. */
function growArenaTable(): bool {
  const old = memoryRoots.maxarenas;
  const count = old ? old << 1 : INITIAL_ARENA_OBJECTS;
  const table = libc_realloc(memoryRoots.arenas, <usize>count * SIZEOF_arena_object);
  if (table === 0) return false;
  // Only reached when every arena is full and every object is taken: no link points into the old table.
  assert(memoryRoots.usable_arenas === 0 && memoryRoots.unused_arena_objects === 0, "no links into the arena table");
  memory.fill(table + <usize>old * SIZEOF_arena_object, 0, <usize>(count - old) * SIZEOF_arena_object);
  let next: usize = 0;
  for (let i = count; i > old; i--) {
    const unused = table + <usize>(i - 1) * SIZEOF_arena_object;
    arena_object.at(unused).nextarena = next;
    next = unused;
  }
  memoryRoots.arenas = table;
  memoryRoots.maxarenas = count;
  memoryRoots.unused_arena_objects = next;
  return true;
}

/** Lets every mapping of an arena be preceded by the report of statistics on standard error (PYTHONMALLOCSTATS). */
export function setDumpStatistics(on: bool): void {
  memoryRoots.dump_statistics = on ? 1 : 0;
}

/** Maps a new arena and makes it the only usable one (there is none when this is called). False on failure. */
export function new_arena(): bool {
  if (memoryRoots.dump_statistics) debugMallocStats(osRoots.error_write);
  if (memoryRoots.unused_arena_objects === 0 && !growArenaTable()) return false;
  const size = <usize>memoryRoots.arena_size;
  const address = mmapFor(MAPPING_ARENA, size, size);
  if (address === 0) return false;
  mark(address, 1);
  const a = memoryRoots.unused_arena_objects;
  const arena = arena_object.at(a);
  memoryRoots.unused_arena_objects = arena.nextarena;
  arena.address = address;
  arena.pool_address = address;
  const pools = poolsInArena();
  arena.nfreepools = pools;
  arena.ntotalpools = pools;
  arena.freepools = 0;
  arena.nextarena = 0;
  arena.prevarena = 0;
  memoryRoots.usable_arenas = a;
  assert(lastArena.get(pools) === 0, "no other arena is wholly free");
  lastArena.set(pools, a);
  memoryRoots.ntimes_arena_allocated += 1;
  memoryRoots.narenas_currently_allocated += 1;
  if (memoryRoots.narenas_currently_allocated > memoryRoots.narenas_highwater) {
    memoryRoots.narenas_highwater = memoryRoots.narenas_currently_allocated;
  }
  if (memoryRoots.log_on) logArena(HEAP_EVENT_ARENA_TAKEN, address);
  return true;
}

/**
 * Counts one pool less for the first usable arena, from which a pool is being taken. It has the fewest free pools
 * already, so the order stands; an arena without free pools leaves the list.
 */
export function arenaLosesPool(): void {
  const a = memoryRoots.usable_arenas;
  const arena = arena_object.at(a);
  const nfreepools = arena.nfreepools;
  assert(nfreepools > 0, "a usable arena has a free pool");
  if (lastArena.get(nfreepools) === a) lastArena.set(nfreepools, 0);
  arena.nfreepools = nfreepools - 1;
  if (nfreepools > 1) {
    assert(lastArena.get(nfreepools - 1) === 0, "the first usable arena has the fewest free pools");
    lastArena.set(nfreepools - 1, a);
    return;
  }
  const next = arena.nextarena;
  memoryRoots.usable_arenas = next;
  if (next) arena_object.at(next).prevarena = 0;
}

/** Takes `a` out of the list of usable arenas. */
function unlinkArena(a: usize): void {
  const next = arena_object.at(a).nextarena;
  const previous = arena_object.at(a).prevarena;
  if (previous) arena_object.at(previous).nextarena = next;
  else memoryRoots.usable_arenas = next;
  if (next) arena_object.at(next).prevarena = previous;
}

/** Gives the arena of the object `a`, wholly free, back to the machine. */
function returnArena(a: usize): void {
  const arena = arena_object.at(a);
  unlinkArena(a);
  arena.nextarena = memoryRoots.unused_arena_objects;
  memoryRoots.unused_arena_objects = a;
  const address = arena.address;
  mark(address, 0);
  munmap(address, memoryRoots.arena_size);
  arena.address = 0;
  memoryRoots.narenas_currently_allocated -= 1;
  if (memoryRoots.log_on) logArena(HEAP_EVENT_ARENA_RETURNED, address);
}

/** Counts one free pool more for the arena object `a`, and moves it to where it belongs: also out, to the machine. */
export function arenaGainsPool(a: usize): void {
  const arena = arena_object.at(a);
  const nfreepools = arena.nfreepools + 1;
  // Where the arenas with as many free pools as this one had end: it moves behind them if it was not their last.
  const last = lastArena.get(nfreepools - 1);
  if (last === a) {
    const previous = arena.prevarena;
    const alike = previous !== 0 && arena_object.at(previous).nfreepools === nfreepools - 1;
    lastArena.set(nfreepools - 1, alike ? previous : 0);
  }
  arena.nfreepools = nfreepools;
  if (nfreepools === arena.ntotalpools && arena.nextarena !== 0) {
    returnArena(a);
    return;
  }
  if (nfreepools === 1) {
    const first = memoryRoots.usable_arenas;
    arena.nextarena = first;
    arena.prevarena = 0;
    if (first) arena_object.at(first).prevarena = a;
    memoryRoots.usable_arenas = a;
    if (lastArena.get(1) === 0) lastArena.set(1, a);
    return;
  }
  if (lastArena.get(nfreepools) === 0) lastArena.set(nfreepools, a);
  if (last === a) return;
  unlinkArena(a);
  const next = arena_object.at(last).nextarena;
  arena.prevarena = last;
  arena.nextarena = next;
  if (next) arena_object.at(next).prevarena = a;
  arena_object.at(last).nextarena = a;
}

/** Returns every arena without a used pool, the one included that is kept while the program runs. For its end. */
export function returnEmptyArenas(): void {
  let a = memoryRoots.usable_arenas;
  while (a !== 0) {
    const arena = arena_object.at(a);
    const next = arena.nextarena;
    if (arena.nfreepools === arena.ntotalpools) {
      if (lastArena.get(arena.nfreepools) === a) lastArena.set(arena.nfreepools, 0);
      returnArena(a);
    }
    a = next;
  }
}
