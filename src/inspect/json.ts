/** The survey for programs: everything that the report says, and more of it, as one JSON value. */
import { holders, nearlyEmpty, type Survey } from "./survey.ts";

/** A value that JSON can write. */
export function surveyJson(survey: Survey, program: readonly string[] = []) {
  const { machine, heap, libc, totals } = survey;
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
    nearlyEmpty: nearlyEmpty(heap).map((arena) => ({
      index: arena.index,
      address: arena.address,
      usedBlocks: arena.usedBlocks,
      usedBytes: arena.usedBytes,
      holders: holders(survey, arena),
    })),
  };
}
