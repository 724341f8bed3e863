/**
 * Where a process keeps what the reader starts from: the arena table, the static types, the collector's lists.
 *
 * For a process of ours these are at fixed addresses and read from its memory. An image brings them along, so that it
 * can also be one of another process with the same structures: a real CPython's.
 */
import { addresses, roots, staticTypes } from "../generated/memory.ts";
import type { Reader } from "./reader.ts";

export type StaticType = keyof typeof staticTypes;

export interface ProcessRoots {
  arenaSize: number;
  poolSize: number;
  /** The table of arena objects, and how many it has. */
  arenas: number;
  arenaObjects: number;
  arenasTaken: number;
  arenasHighwater: number;
  /** Blocks of the mem and object domains that pymalloc passed on to libc. */
  rawBlocks: number;
  debugHooks: boolean;
  serialNumbers: boolean;
  /** The heads of the collector's generations, the youngest first. */
  generations: number[];
  /** Static types by symbol. */
  types: Partial<Record<StaticType, number>>;
  /** Where else static types may lie: from, to. */
  statics: [number, number][];
  /** Blocks that the runtime itself holds. */
  parts: [number, string][];
  /** There is a simulated machine below, with its page table and libc's heap. */
  machine: boolean;
}

const DEBUG_HOOKS = 2;
const SERIAL_NUMBERS = 4;

// assembly/memory/traceblocks.ts: an address of a table for every 64 KiB of the address space, 0 where there is none.
const TRACE_REGIONS = 1 << 15;

function traceTables(reader: Reader): [number, string][] {
  const regions = reader.root(roots.memory.trace_regions);
  if (regions === 0) return [];
  const bytes = reader.bytes(regions, TRACE_REGIONS * 4);
  return [...new Uint32Array(bytes.buffer)].filter((a) => a !== 0).map((a) => [a, "tracemalloc traces"]);
}

/** The roots of a process of ours, from its memory. */
export function readRoots(reader: Reader): ProcessRoots {
  const m = roots.memory;
  const flags = reader.root(m.flags);
  const parts: [number, string][] = [
    [reader.root(m.arenas), "arena table"],
    [reader.root(m.traces), "tracemalloc traces"],
    [reader.root(m.trace_regions), "tracemalloc regions"],
    ...traceTables(reader),
    [reader.root(m.tracebacks), "tracemalloc tracebacks"],
    [reader.root(m.traceback_frames), "tracemalloc frames"],
    [reader.root(roots.objects.trace_lines), "tracemalloc lines"],
    [reader.root(roots.objects.trace_files), "tracemalloc file names"],
    [reader.root(roots.objects.trace_memo), "tracemalloc frames"],
  ];
  return {
    arenaSize: reader.root(m.arena_size),
    poolSize: reader.root(m.pool_size),
    arenas: reader.root(m.arenas),
    arenaObjects: reader.root(m.maxarenas),
    arenasTaken: reader.root(m.ntimes_arena_allocated),
    arenasHighwater: reader.root(m.narenas_highwater),
    rawBlocks: reader.root(m.raw_allocated_blocks),
    debugHooks: (flags & DEBUG_HOOKS) !== 0,
    serialNumbers: (flags & SERIAL_NUMBERS) !== 0,
    generations: [roots.gc.generation0[0], roots.gc.generation1[0], roots.gc.generation2[0]],
    types: staticTypes,
    statics: [[addresses.STATIC_TYPES, addresses.STATIC_OBJECTS_END]],
    parts: parts.filter(([address]) => address !== 0),
    machine: true,
  };
}
