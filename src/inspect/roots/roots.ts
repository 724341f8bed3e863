/**
 * What the reader starts from, for any process: where the arenas are, where types are, what holds objects from outside
 * the heap. `vitrine.ts` has it at fixed addresses, `cpython.ts` finds it.
 */
import type { HeapRoots } from "../heap/arenas.ts";
import type { TypeRoots } from "../objects/types.ts";

/** Words that may be addresses of objects. */
export interface Region {
  from: number;
  to: number;
  /** What they are: "static data", "a C stack". */
  text: string;
}

/** A block in libc's heap. */
export interface Chunk {
  /** Where the program's bytes begin. */
  address: number;
  /** How many of them there are. */
  size: number;
  /** A mapping of its own. */
  mapped: boolean;
}

export interface Roots extends TypeRoots {
  heap: HeapRoots;
  /** The heads of the collector's generations, the youngest first, and the permanent one last. */
  generations: number[];
  /** Whether a collection was at work: then its lists are not whole. */
  collecting: boolean;
  /** The dict of sys.modules, of each interpreter. */
  modules: number[];
  /** Other dicts and objects that the interpreter holds, and what they are called. */
  named: [number, string][];
  /** Thread states. */
  threads: number[];
  /** What may hold objects, the likelier first. */
  regions: Region[];
  /** Dicts of interned strings, which hold nothing. */
  interned: number[];
  /** Blocks that the runtime itself holds, and what is kept without an object for the next of its kind. */
  parts: [number, string][];
  kept: [number, string][];
}
