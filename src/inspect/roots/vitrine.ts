/**
 * Where a process of ours keeps what the reader starts from: all at fixed addresses, read from its memory.
 */
import { addresses, roots, staticTypes, structs } from "../../generated/memory.ts";
import type { Memory } from "../source/memory.ts";
import type { Roots } from "./roots.ts";
import { traceParts } from "./tracing.ts";

// No chain is longer, unless it is damaged.
const CHAIN_MAX = 100_000;

const DEBUG_HOOKS = 2;
const SERIAL_NUMBERS = 4;

/** The roots of a process of ours, from its memory. */
export function readRoots(memory: Memory): Roots {
  const m = roots.memory;
  const flags = memory.root(m.flags);
  const parts: [number, string][] = [
    [memory.root(m.arenas), "arena table"],
    [memory.root(roots.unicodedata.database), "character database"],
    [memory.root(roots.ast.classes), "classes of syntax trees"],
    ...traceParts(memory),
  ];
  return {
    heap: {
      arenaSize: memory.root(m.arena_size),
      poolSize: memory.root(m.pool_size),
      tables: [{ address: memory.root(m.arenas), entries: memory.root(m.maxarenas) }],
      arenasTaken: memory.root(m.ntimes_arena_allocated),
      arenasHighwater: memory.root(m.narenas_highwater),
      rawBlocks: memory.root(m.raw_allocated_blocks),
      debugHooks: (flags & DEBUG_HOOKS) !== 0,
      serialNumbers: (flags & SERIAL_NUMBERS) !== 0,
      strict: true,
    },
    typeType: staticTypes.PyType_Type,
    isStatic: (address) => address >= addresses.STATIC_TYPES && address < addresses.STATIC_OBJECTS_END,
    hasMro: false,
    generations: [roots.gc.generation0[0], roots.gc.generation1[0], roots.gc.generation2[0], roots.gc.permanent[0]],
    collecting: memory.root(roots.gc.collecting) !== 0,
    modules: [memory.root(roots.vm.modules)],
    named: [
      [memory.root(roots.vm.main_module), "__main__"],
      [memory.root(roots.vm.sysdict), "sys"],
      [memory.root(roots.vm.builtins), "builtins"],
    ],
    threads: threadStates(memory),
    regions: [
      { from: addresses.STATIC_TYPES, to: addresses.STATIC_OBJECTS_END, text: "a static object" },
      { from: addresses.RUNTIME, to: addresses.ARENA_MAP, text: "the runtime" },
    ],
    interned: [memory.root(roots.objects.interned)],
    parts: [...parts, ...threadParts(memory)].filter(([address]) => address !== 0),
    kept: [
      ...chain(memory, memory.root(roots.freelists.dict_keys), 0, "dict keys"),
      ...chain(memory, memory.root(roots.freelists.floats), structs.PyObject.ob_type[0], "float"),
    ],
  };
}

/** The states of all threads, the main thread's first. */
export function threadStates(memory: Memory): number[] {
  const newest = chain(memory, memory.root(roots.threads.newest), structs.PyThreadState.next[0], "");
  const states = newest.map(([address]) => address).reverse();
  return states.length > 0 ? states : [roots.vm.main_thread[0]];
}

/** The chunks in which a thread's frames lie. */
export function frameChunks(memory: Memory, thread: number): number[] {
  const first = memory.get(thread, structs.PyThreadState.datastack_chunk);
  return chain(memory, first, structs._PyStackChunk.previous[0], "").map(([address]) => address);
}

/** The blocks of the threads: the chunks that their frames lie in, and their scratch memory. */
function threadParts(memory: Memory): [number, string][] {
  return threadStates(memory).flatMap((thread): [number, string][] => [
    [memory.get(thread, structs.PyThreadState.scratch_base), "scratch memory"],
    ...frameChunks(memory, thread).map((chunk): [number, string] => [chunk, "frames"]),
  ]);
}

/** The blocks from `first` on, each of which has the address of the next at `link`. */
function chain(memory: Memory, first: number, link: number, name: string): [number, string][] {
  const blocks: [number, string][] = [];
  for (let at = first; at > 0 && at < memory.end && blocks.length < CHAIN_MAX; at = memory.u64(at + link)) {
    blocks.push([at, name]);
  }
  return blocks;
}
