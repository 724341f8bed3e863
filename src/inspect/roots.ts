/**
 * Where a process keeps what the reader starts from: the arena table, the static types, the collector's lists.
 *
 * For a process of ours these are at fixed addresses and read from its memory. An image brings them along, so that it
 * can also be one of another process with the same structures: a real CPython's.
 */
import { addresses, roots, staticTypes, structs } from "../generated/memory.ts";
import type { Reader } from "./reader.ts";
import { traceParts } from "./tracing.ts";

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
  /** Blocks without an object, kept for the next of their kind. */
  kept?: [number, string][];
  /** There is a simulated machine below, with its page table and libc's heap. */
  machine: boolean;
}

/** How much scratch memory a thread has, as assembly/thread/current.ts has it. */
export const SCRATCH_BYTES = 48 * 1024 * 8;
// No chain is longer, unless it is damaged.
const CHAIN_MAX = 100_000;

const DEBUG_HOOKS = 2;
const SERIAL_NUMBERS = 4;

/** The roots of a process of ours, from its memory. */
export function readRoots(reader: Reader): ProcessRoots {
  const m = roots.memory;
  const flags = reader.root(m.flags);
  const parts: [number, string][] = [[reader.root(m.arenas), "arena table"], ...traceParts(reader)];
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
    parts: [...parts, ...threadParts(reader)].filter(([address]) => address !== 0),
    kept: [
      ...chain(reader, reader.root(roots.freelists.dict_keys), 0, "dict keys"),
      ...chain(reader, reader.root(roots.freelists.floats), structs.PyObject.ob_type[0], "float"),
    ],
    machine: true,
  };
}

/** The blocks of the main thread: the chunks that its frames lie in, and its scratch memory. */
function threadParts(reader: Reader): [number, string][] {
  const T = structs.PyThreadState;
  const thread = roots.vm.main_thread[0];
  const scratch = reader.get(thread, T.scratch_limit);
  return [
    [scratch && scratch - SCRATCH_BYTES, "scratch memory"],
    ...chain(reader, reader.get(thread, T.datastack_chunk), structs._PyStackChunk.previous[0], "frames"),
  ];
}

/** The blocks from `first` on, each of which has the address of the next at `link`. */
function chain(reader: Reader, first: number, link: number, name: string): [number, string][] {
  const blocks: [number, string][] = [];
  for (let at = first; at > 0 && at < reader.source.end && blocks.length < CHAIN_MAX; at = reader.pointer(at + link)) {
    blocks.push([at, name]);
  }
  return blocks;
}
