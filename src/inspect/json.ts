/** The survey for programs: everything that the report says, and more of it, as one JSON value. */
import { examples, holders, nearlyEmpty, type Survey } from "./survey.ts";

// How many of an arena's objects are named one by one.
const OBJECTS_MAX = 100;

/** A value that JSON can write. */
export function surveyJson(survey: Survey, program: readonly string[] = []) {
  const { machine, heap, libc, totals } = survey;
  const low = nearlyEmpty(heap);
  const shown = new Map(low.map((arena) => [arena, examples(survey, arena, OBJECTS_MAX)]));
  const ways = survey.waysTo([...shown.values()].flat());
  return {
    program,
    machine,
    heap: {
      geometry: heap.geometry,
      arenaSize: heap.arenaSize,
      poolSize: heap.poolSize,
      arenasTaken: heap.arenasTaken,
      arenasHighwater: heap.arenasHighwater,
      rawBlocks: heap.rawBlocks,
      arenas: heap.arenas.map((arena) => ({
        index: arena.index,
        address: arena.address,
        freePools: arena.freePools,
        usedBlocks: arena.usedBlocks,
        usedBytes: arena.usedBytes,
        pools: arena.pools.map(({ address, state, size, capacity, used }) => ({
          address,
          state,
          size,
          capacity,
          used,
        })),
      })),
    },
    libc: libc && {
      blocks: libc.chunks.length,
      mapped: libc.chunks.filter((c) => c.mapped).length,
      usedBytes: libc.usedBytes,
      freeChunks: libc.freeChunks,
      freeBytes: libc.freeBytes,
      topBytes: libc.topBytes,
    },
    holds: totals,
    generations: survey.generations,
    nearlyEmpty: low.map((arena) => ({
      index: arena.index,
      address: arena.address,
      usedBlocks: arena.usedBlocks,
      usedBytes: arena.usedBytes,
      holders: holders(survey, arena),
      objects: shown.get(arena)!.map((block) => ({
        address: block.object!.address,
        type: block.name,
        value: survey.describe(block),
        block: block.address,
        size: block.size,
        refcount: block.object!.refcount,
        generation: block.generation ?? null,
        heldBy: ways.get(block),
      })),
    })),
  };
}
