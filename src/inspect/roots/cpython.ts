/**
 * Finds a CPython in the memory of a process, without symbols, by what its structures look like; each find is checked
 * against others before it is believed.
 *
 *   interpreter   a word in static memory that leads to one: its modules, sys and builtins are dicts, and its first
 *                 thread state leads back to it. Which version: sys.hexversion says.
 *   usedpools     32 pairs of links, each to itself or to a pool of its own size class that links back
 *   arenas        up to 3.11 the word in static memory that leads to a table in which all those pools lie in the arenas
 *                 that they name; since 3.12 beside usedpools
 *
 * glibc's empty bins look as empty usedpools do: eight pools at least must be real.
 */
import { cpythonLayout, cpythonVersions } from "../../layouts/cpython.ts";
import type { Layout } from "../../layouts/layout.ts";
import type { ArenaTable } from "../heap/arenas.ts";
import { Tables } from "../objects/tables.ts";
import { type Capture, type Mapping, mappingOf } from "../source/capture.ts";
import type { Memory } from "../source/memory.ts";
import { LookError } from "../source/process.ts";
import type { Region, Roots } from "./roots.ts";
import { staticMappings } from "./statics.ts";

export interface CPython {
  layout: Layout;
  roots: Roots;
  /** "3.12.1". */
  version: string;
  interpreters: number[];
  threads: number[];
  /** Static memory of the program's modules. */
  statics: Mapping[];
}

const CLASSES = 32;
const POOLS_MIN = 8;
const ENTRY = 48;
const COOKIE = [0x62656478, 0x79706775];
const INTERPRETERS_MAX = 1000;
const THREADS_MAX = 10_000;
const TUPLE_SUBCLASS = 1 << 26;
const DICT_SUBCLASS = 1 << 29;
const STATE_ARENAS = 512;
const STATE_ENTRIES = 520;
const NAMES_MAX = 100_000;
const MAIN_STACK = "[stack]";
const ELF_MAGIC = 0x464c457f;
const ELF_64 = 2;

/** Finds the interpreter. Throws LookError where there is none, or one that is not known. */
export function findCPython(capture: Capture): CPython {
  const { memory, mappings } = capture;
  const statics = staticMappings(memory, mappings);
  const found = findInterpreter(memory, statics);
  if (!found) throw new LookError(isWide(memory, mappings) ? whyNone(memory, statics) : NARROW);
  const { layout, interpreters, runtime, version } = found;
  const threads = interpreters.flatMap((interpreter) => threadsOf(memory, layout, interpreter));
  const at = (field: string) => layout.at(field);
  const states = findStates(memory, layout, statics, interpreters);
  const dict = memory.u64(interpreters.at(-1)! + at("PyInterpreterState.modules"));
  const dictType = memory.u64(dict + 8);
  const gcs = layout.since(9)
    ? interpreters.map((i) => i + at("PyInterpreterState.gc"))
    : [runtime + at("_PyRuntimeState.gc")];
  const collecting = layout.since(9)
    ? interpreters.some((i) => memory.i32(i + at("PyInterpreterState.gc_collecting")) !== 0)
    : memory.i32(runtime + at("_PyRuntimeState.gc_collecting")) !== 0;
  const poolSize = states.poolSize ?? (layout.since(10) ? 1 << 14 : 1 << 12);
  const named: [number, string][] = interpreters.flatMap((i): [number, string][] => [
    [memory.u64(i + at("PyInterpreterState.sysdict")), "sys"],
    [memory.u64(i + at("PyInterpreterState.builtins")), "builtins"],
  ]);
  for (const thread of threads) {
    named.push([memory.u64(thread + at("PyThreadState.dict")), "a thread's dict"]);
    named.push([memory.u64(thread + at("PyThreadState.context")), "a thread's context"]);
  }
  const roots: Roots = {
    heap: {
      arenaSize: poolSize === 1 << 14 ? 1 << 20 : 1 << 18,
      poolSize,
      tables: states.tables,
      debugHooks: states.debugHooks,
      serialNumbers: false,
      strict: false,
    },
    typeType: memory.u64(dictType + 8),
    isStatic: (address) => statics.some((m) => address >= m.start && address < m.end),
    hasMro: true,
    nameOf: typeNames(memory, layout, memory.u64(dictType + 8), interpreters),
    generations: gcs.flatMap((gc) => [gc + 24, gc + 48, gc + 72, gc + 104]),
    collecting,
    modules: interpreters.map((i) => memory.u64(i + at("PyInterpreterState.modules"))),
    named,
    threads,
    regions: regionsOf(capture, layout, interpreters, threads, statics),
    interned: [],
    parts: states.tables.map(({ address }) => [address, "arena table"]),
    kept: [],
  };
  return { layout, roots, version, interpreters, threads, statics };
}

const NARROW = "it is a program of 32 bits: only CPython for 64 bits, x86-64, is known";

/** Whether the program's modules are of 64 bits, as far as the heads of their files tell. */
function isWide(memory: Memory, mappings: readonly Mapping[]): boolean {
  const module = mappings.find((m) => m.offset === 0 && m.path !== "" && memory.u32(m.start) === ELF_MAGIC);
  return module === undefined || memory.u8(module.start + 4) === ELF_64;
}

/** Why no interpreter was found. */
function whyNone(memory: Memory, statics: readonly Mapping[]): string {
  let why: string | undefined;
  const consider = (at: number) => {
    if (why !== undefined || memory.u32(at) !== COOKIE[0] || memory.u32(at + 4) !== COOKIE[1]) return;
    const version = memory.u64(at + 8);
    const name = versionText(version);
    const minor = Math.floor(version / 2 ** 16) & 255;
    if (memory.u64(at + 16) !== 0)
      why = `CPython ${name} without the GIL (free-threaded): its heap is mimalloc's, which is not supported`;
    else if (!cpythonVersions.includes(minor))
      why = `CPython ${name} is not known: versions 3.${cpythonVersions[0]} to 3.${cpythonVersions.at(-1)} are`;
  };
  for (const { start, end } of statics) {
    memory.eachPiece(start, end, (from, to) => {
      for (let at = from; at < to; at += 8) consider(at);
    });
  }
  if (why !== undefined) return why;
  const range = `3.${cpythonVersions[0]} to 3.${cpythonVersions.at(-1)}`;
  return `no CPython of version ${range} is in it (64 bits, x86-64, as the usual builds are)`;
}

/** A hexversion as text: 3.12.1. */
const versionText = (hex: number) =>
  `${Math.floor(hex / 2 ** 24)}.${Math.floor(hex / 2 ** 16) & 255}.${Math.floor(hex / 2 ** 8) & 255}`;

interface Found {
  layout: Layout;
  /** The newest first. */
  interpreters: number[];
  /** The address of _PyRuntime. */
  runtime: number;
  version: string;
}

/** Each version's layout, and the fields by which an interpreter is known: looked up once, asked for each word. */
const candidates = cpythonVersions.map((minor) => {
  const layout = cpythonLayout(minor)!;
  const interpreter = (field: string) => layout.at(`PyInterpreterState.${field}`);
  return {
    layout,
    threads: interpreter("threads"),
    dicts: ["modules", "sysdict", "builtins"].map(interpreter),
    interp: layout.at("PyThreadState.interp"),
  };
});

function findInterpreter(memory: Memory, statics: readonly Mapping[]): Found | undefined {
  let best: Found | undefined;
  // The head of the list of interpreters, and the main one, which is the last of it. Others need not have a thread.
  const consider = (at: number, main: number) => {
    let [offset, thread] = [-1, 0];
    for (const candidate of candidates) {
      // Versions that follow each other have it at the same place.
      if (candidate.threads !== offset) thread = memory.u64(main + (offset = candidate.threads));
      if (thread === 0 || (thread & 7) !== 0 || memory.u64(thread + candidate.interp) !== main) continue;
      if (!candidate.dicts.every((field) => isDict(memory, memory.u64(main + field)))) continue;
      const { layout } = candidate;
      const version = hexversion(memory, layout, main);
      if (version === 0) continue;
      const interpreters = chain(memory, layout, memory.u64(at));
      const runtime = at - layout.at("_PyRuntimeState.interpreters_head");
      if (interpreters.at(-1) !== main || !isRuntime(memory, layout, runtime)) continue;
      if (!best || interpreters.length > best.interpreters.length) {
        best = { layout, interpreters, runtime, version: versionText(version) };
      }
    }
  };
  for (const { start, end } of statics) {
    let last = -1;
    memory.eachAddress(start, end, (word, at) => {
      if (last === at - 8) consider(last, word);
      last = at;
    });
  }
  return best;
}

function isDict(memory: Memory, object: number): boolean {
  if ((object & 7) !== 0 || !memory.has(object)) return false;
  const type = memory.u64(object + 8);
  return (type & 7) === 0 && memory.has(type) && (memory.u32(type + 168) & DICT_SUBCLASS) !== 0;
}

/** Whether what 3.8 keeps of the collector in the runtime is there. */
function isRuntime(memory: Memory, layout: Layout, runtime: number): boolean {
  if (layout.since(9)) return true;
  const head = runtime + layout.at("_PyRuntimeState.gc") + 72;
  return memory.u64(memory.u64(head) + 8) - (memory.u64(memory.u64(head) + 8) % 4) === head;
}

/** sys.hexversion, 0 where that is not of the layout's version. */
function hexversion(memory: Memory, layout: Layout, interpreter: number): number {
  const sys = memory.u64(interpreter + layout.at("PyInterpreterState.sysdict"));
  const value = new Tables(memory, layout).get(sys, "hexversion");
  if (!value) return 0;
  const hex = memory.u32(value + 24);
  return hex >>> 24 === layout.version[0] && ((hex >>> 16) & 255) === layout.version[1] ? hex : 0;
}

/** What types are called in the module `types`, and what their own names are. */
const typesNames: Record<string, string> = {
  SimpleNamespace: "types.SimpleNamespace",
  UnionType: "types.UnionType",
  GenericAlias: "types.GenericAlias",
  NoneType: "NoneType",
  EllipsisType: "ellipsis",
  NotImplementedType: "NotImplementedType",
  CapsuleType: "PyCapsule",
  FunctionType: "function",
  CodeType: "code",
  GeneratorType: "generator",
  CoroutineType: "coroutine",
  AsyncGeneratorType: "async_generator",
  MethodType: "method",
  BuiltinFunctionType: "builtin_function_or_method",
  ModuleType: "module",
  FrameType: "frame",
  CellType: "cell",
  MappingProxyType: "mappingproxy",
  TracebackType: "traceback",
  GetSetDescriptorType: "getset_descriptor",
  MemberDescriptorType: "member_descriptor",
  MethodDescriptorType: "method_descriptor",
  WrapperDescriptorType: "wrapper_descriptor",
  ClassMethodDescriptorType: "classmethod_descriptor",
  MethodWrapperType: "method-wrapper",
};

/** The same of the module `_thread`. */
const threadNames: Record<string, string> = { LockType: "_thread.lock", lock: "_thread.lock" };

/** The same of the module `_weakref`, whose names are others up to 3.9. */
const weakrefNames: Record<string, [own: string, before: string]> = {
  ReferenceType: ["weakref.ReferenceType", "weakref"],
  ProxyType: ["weakref.ProxyType", "weakproxy"],
  CallableProxyType: ["weakref.CallableProxyType", "weakcallableproxy"],
};

/** Modules whose types have not the underscore of the module in their names. */
const publicModules = new Set(["_collections", "_functools", "_operator", "_datetime", "_decimal"]);

/**
 * The names of types whose own lie where nothing can be read, in a core without its program, or with an extension that
 * is not there any more: those under which modules have them; of types that C code has made at run time their own, and
 * their module's.
 */
function typeNames(
  memory: Memory,
  layout: Layout,
  typeType: number,
  interpreters: readonly number[],
): (type: number, isHeap: boolean) => string | undefined {
  const tables = new Tables(memory, layout);
  const data = layout.at("PyASCIIObject.SIZE");
  let names: Map<number, string> | undefined;
  const text = (str: number) => (str === 0 ? undefined : memory.text(str + data));
  return (type, isHeap) => {
    if (!isHeap) return (names ??= staticNames(memory, layout, tables, typeType, interpreters)).get(type);
    const name = text(memory.u64(type + layout.at("PyHeapTypeObject.ht_name")));
    const dict = memory.u64(type + layout.at("PyTypeObject.tp_dict"));
    const module = name && isDict(memory, dict) ? text(tables.get(dict, "__module__")) : undefined;
    return module ? `${module}.${name}` : name;
  };
}

function staticNames(
  memory: Memory,
  layout: Layout,
  tables: Tables,
  typeType: number,
  interpreters: readonly number[],
): Map<number, string> {
  const names = new Map<number, string>();
  const each = (dict: number, found: (name: string, value: number) => void) => {
    if (isDict(memory, dict)) tables.eachName(dict, NAMES_MAX, found);
  };
  const interpreter = interpreters.at(-1)!;
  // Types that no module has: those of its values, such as sys.flags.
  const ofValues: [type: number, name: string][] = [];
  each(memory.u64(interpreter + layout.at("PyInterpreterState.modules")), (module, object) => {
    if (module === "builtins") names.set(memory.u64(object + 8), "module");
    each(memory.u64(object + layout.at("PyModuleObject.md_dict")), (name, value) => {
      const type = memory.u64(value + 8);
      if (type !== typeType) {
        if ((memory.u32(type + 168) & TUPLE_SUBCLASS) !== 0) ofValues.push([type, `${module}.${name}`]);
        return;
      }
      const known =
        module === "builtins"
          ? name
          : module === "types"
            ? typesNames[name]
            : module === "_weakref"
              ? weakrefNames[name]?.[layout.since(10) ? 0 : 1]
              : module === "_thread"
                ? threadNames[name]
                : undefined;
      const bare = publicModules.has(module) && !name.startsWith("_") ? module.slice(1) : module;
      if (known) names.set(value, known);
      else {
        // Of two names that a module has for one, as ArrayType and array, the other is its own.
        const other = names.get(value);
        const isAlias = other?.startsWith(`${bare}.`) && other.endsWith("Type") && !name.endsWith("Type");
        if (other === undefined || isAlias) names.set(value, `${bare}.${name}`);
      }
    });
  });
  for (const [type, name] of ofValues) if (!names.has(type)) names.set(type, name);
  return names;
}

function chain(memory: Memory, layout: Layout, first: number): number[] {
  const found: number[] = [];
  for (let at = first; at !== 0 && memory.has(at) && found.length < INTERPRETERS_MAX; ) {
    if (found.includes(at)) break;
    found.push(at);
    at = memory.u64(at + layout.at("PyInterpreterState.next"));
  }
  return found;
}

function threadsOf(memory: Memory, layout: Layout, interpreter: number): number[] {
  const found: number[] = [];
  let at = memory.u64(interpreter + layout.at("PyInterpreterState.threads"));
  while (at !== 0 && memory.u64(at + layout.at("PyThreadState.interp")) === interpreter && found.length < THREADS_MAX) {
    if (found.includes(at)) break;
    found.push(at);
    at = memory.u64(at + layout.at("PyThreadState.next"));
  }
  return found;
}

interface Pools {
  poolSize: number;
  /** Some pools in use, and the highest index of an arena that one of them names. */
  pools: number[];
}

/** The pools that usedpools at `at` leads to; undefined where that is not usedpools. */
function usedPools(memory: Memory, at: number): Pools | undefined {
  const pools: number[] = [];
  let poolSize = 0;
  for (let i = 0; i < CLASSES; i++) {
    const self = at + 16 * i - 16;
    const first = memory.u64(at + 16 * i);
    const last = memory.u64(at + 16 * i + 8);
    if (first === self && last === self) continue;
    if (first === self || first % 4096 !== 0 || last % 4096 !== 0) return undefined;
    if (!isPool(memory, first, i) || memory.u64(first + 24) !== self) return undefined;
    if (!isPool(memory, last, i) || memory.u64(last + 16) !== self) return undefined;
    const size = memory.u32(first + 44) + (i + 1) * 16;
    if (poolSize === 0) poolSize = size;
    if (size !== poolSize || (size !== 1 << 12 && size !== 1 << 14)) return undefined;
    pools.push(first);
    if (last !== first) pools.push(last);
  }
  return pools.length >= POOLS_MIN ? { poolSize, pools } : undefined;
}

const isPool = (memory: Memory, at: number, sizeClass: number) =>
  memory.has(at) && memory.u32(at + 36) === sizeClass && memory.u32(at) > 0 && memory.u32(at) < 1024;

/** Where in the range a table of used pools is, each with what it leads to. */
function scanUsedPools(memory: Memory, from: number, to: number): { at: number; pools: Pools }[] {
  const found: { at: number; pools: Pools }[] = [];
  let past = from;
  memory.eachAddress(from, to, (first, at) => {
    if (at < past || at + 16 * CLASSES > to || (first !== at - 16 && (first & 4095) !== 0)) return;
    const second = memory.u64(at + 16);
    if (second === 0 || (second !== at && (second & 4095) !== 0)) return;
    const pools = usedPools(memory, at);
    if (!pools) return;
    found.push({ at, pools });
    past = at + 16 * CLASSES;
  });
  return found;
}

interface States {
  tables: ArenaTable[];
  poolSize: number | undefined;
  debugHooks: boolean;
}

/** The allocator's states: one, or since 3.12 one for each interpreter that has its own. */
function findStates(
  memory: Memory,
  layout: Layout,
  statics: readonly Mapping[],
  interpreters: readonly number[],
): States {
  const found = new Map<number, Pools>();
  for (const { start, end } of statics) {
    for (const { at, pools } of scanUsedPools(memory, start, end)) found.set(at, pools);
  }
  if (layout.since(12)) {
    for (const interpreter of interpreters) {
      const size = layout.at("PyInterpreterState.SIZE");
      if (layout.since(13)) {
        // A pointer, which another release of the version may have elsewhere.
        memory.eachAddress(interpreter, interpreter + size, (state) => {
          const first = memory.u64(state);
          if ((first !== state - 16 && (first & 4095) !== 0) || found.has(state)) return;
          const pools = usedPools(memory, state);
          if (pools && isTable(memory, tableOf(memory, state), pools)) found.set(state, pools);
        });
      } else for (const { at, pools } of scanUsedPools(memory, interpreter, interpreter + size)) found.set(at, pools);
    }
  }
  const tables: ArenaTable[] = [];
  let poolSize: number | undefined;
  const samples: number[] = [];
  for (const [at, pools] of found) {
    const table = layout.since(12) ? tableOf(memory, at) : findTable(memory, statics, pools);
    if (!table || !isTable(memory, table, pools)) continue;
    poolSize ??= pools.poolSize;
    if (pools.poolSize !== poolSize || tables.some((t) => t.address === table.address)) continue;
    tables.push(table);
    samples.push(...pools.pools);
  }
  return { tables, poolSize, debugHooks: hasDebugHooks(memory, samples) };
}

const tableOf = (memory: Memory, state: number): ArenaTable => ({
  address: memory.u64(state + STATE_ARENAS),
  entries: memory.u32(state + STATE_ENTRIES),
});

/** Whether each of the pools lies in the arena that it names, and each entry of the table can be one. */
function isTable(memory: Memory, { address, entries }: ArenaTable, { pools, poolSize }: Pools): boolean {
  const arenaSize = poolSize === 1 << 14 ? 1 << 20 : 1 << 18;
  if (!isEntries(entries) || !memory.has(address) || !memory.has(address + entries * ENTRY - 8)) return false;
  for (const pool of pools) {
    const index = memory.u32(pool + 32);
    const arena = memory.u64(address + index * ENTRY);
    if (index >= entries || pool < arena || pool >= arena + arenaSize) return false;
  }
  return isAllEntries(memory, address, entries, arenaSize);
}

/** 16, doubled. */
const isEntries = (n: number) => n >= 16 && n <= 2 ** 24 && (n & (n - 1)) === 0;

function isAllEntries(memory: Memory, address: number, entries: number, arenaSize: number): boolean {
  for (let i = 0; i < entries; i++) {
    const at = address + i * ENTRY;
    const arena = memory.u64(at);
    if (arena === 0) continue;
    const pool = memory.u64(at + 8);
    const [free, total] = [memory.u32(at + 16), memory.u32(at + 20)];
    if (arena % 4096 !== 0 || pool < arena || pool > arena + arenaSize || free > total || total < 63 || total > 64)
      return false;
  }
  return true;
}

/** The arena table up to 3.11: the only word in static memory that leads to one in which all pools are right. */
function findTable(memory: Memory, statics: readonly Mapping[], pools: Pools): ArenaTable | undefined {
  const arenaSize = pools.poolSize === 1 << 14 ? 1 << 20 : 1 << 18;
  const indices = pools.pools.map((pool) => memory.u32(pool + 32));
  const highest = Math.max(...indices);
  const first = pools.pools[0]!;
  let found: ArenaTable | undefined;
  for (const { start, end } of statics) {
    memory.eachAddress(start, end, (address, at) => {
      if (found || address < 65536) return;
      const arena = memory.u64(address + indices[0]! * ENTRY);
      if (arena === 0 || first < arena || first >= arena + arenaSize) return;
      const right = pools.pools.every((pool, i) => {
        const its = memory.u64(address + indices[i]! * ENTRY);
        return pool >= its && pool < its + arenaSize;
      });
      if (!right) return;
      // How many entries it has is a word nearby; the block of memory that it is in has room for them.
      const size = memory.u64(address - 8);
      const room = (size - (size % 8) - 8) / ENTRY;
      let fitting: number | undefined;
      for (const offset of nearby) {
        const entries = memory.u32(at + offset);
        if (!isEntries(entries) || entries <= highest || !memory.has(address + entries * ENTRY - 8)) continue;
        if (!isAllEntries(memory, address, entries, arenaSize)) continue;
        if (entries <= room && entries * 2 > room) {
          found = { address, entries };
          return;
        }
        fitting ??= entries;
      }
      if (fitting !== undefined) found = { address, entries: fitting };
    });
    if (found) break;
  }
  return found;
}

const nearby = Array.from({ length: 64 }, (_, i) => (i + 1) * 4).flatMap((n) => [-n, n]);

/** Whether most blocks of the pools have the debug hooks' padding before their data; freed ones are full of 0xdd. */
function hasDebugHooks(memory: Memory, pools: readonly number[]): boolean {
  let [padded, all] = [0, 0];
  for (const pool of pools) {
    const size = (memory.u32(pool + 36) + 1) * 16;
    for (let at = pool + 48; at < pool + memory.u32(pool + 40) && all < 1000; at += size, all++) {
      if (memory.u8(at + 9) === 0xdd && memory.u8(at + 15) === 0xdd) all--;
      else if (memory.u8(at + 9) === 0xfd && memory.u8(at + 12) === 0xfd && memory.u8(at + 15) === 0xfd) padded++;
    }
  }
  return padded > all / 2;
}

/** What may hold objects: the interpreter's and the threads' own words, static data, stacks. */
function regionsOf(
  { memory, mappings, stackPointers }: Capture,
  layout: Layout,
  interpreters: readonly number[],
  threads: readonly number[],
  statics: readonly Mapping[],
): Region[] {
  const regions: Region[] = [];
  for (const from of interpreters) {
    regions.push({ from, to: from + layout.at("PyInterpreterState.SIZE"), text: "the interpreter" });
  }
  for (const from of threads)
    regions.push({ from, to: from + layout.at("PyThreadState.SIZE"), text: "a thread's state" });
  for (const { start, end, path } of statics) {
    regions.push({ from: start, to: end, text: path ? `static data of ${path.replace(/^.*\//, "")}` : "static data" });
  }
  const stacks = new Set<Mapping>();
  const main = mappings.find((m) => m.path === MAIN_STACK);
  if (main) stacks.add(main);
  for (const thread of threads) {
    const id = memory.u64(thread + layout.at("PyThreadState.thread_id"));
    const mapping = mappingOf(mappings, id);
    if (mapping?.path === "" && !statics.some((s) => id >= s.start && id < s.end)) stacks.add(mapping);
  }
  for (const pointer of stackPointers) {
    const mapping = mappingOf(mappings, pointer);
    if (mapping) stacks.add(mapping);
  }
  for (const { start, end } of stacks) regions.push({ from: start, to: end, text: "a C stack" });
  return regions;
}
