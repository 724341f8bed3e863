/**
 * A whole process, surveyed: the machine, the private heap, libc's heap, and what every block in use holds.
 *
 * Every block is accounted for: as an object, as a part of an object or of the runtime, or with the reason why its
 * contents cannot be named.
 */
import { type Arena, type PrivateHeap, readPrivateHeap, usedBlocks } from "./arenas.ts";
import { type Machine, readMachine } from "./machine.ts";
import { type LibcHeap, readLibcHeap } from "./malloc.ts";
import { describe, type ObjectInfo, objectIn, partsOf, partsOfType, readGenerations } from "./objects.ts";
import { Reader, type Source } from "./reader.ts";
import { waysTo } from "./referrers.ts";
import { type ProcessRoots, readRoots } from "./roots.ts";
import { Types } from "./types.ts";

export interface Block {
  /** Where the program's bytes begin. */
  address: number;
  /** How many there are. */
  size: number;
  /** How many bytes the block takes where it lies. */
  footprint: number;
  /** What it holds: an object, a part of something, what is kept for reuse, or nothing that can be told. */
  kind: "object" | "part" | "kept" | "unknown";
  /** The type's name, the part's, that of what was there, or the reason. */
  name: string;
  object?: ObjectInfo;
  /** Whose part it is, where that lies in a block too. */
  owner?: Block;
  /** The collector's generation that the object is in, where it tracks it. */
  generation?: 0 | 1 | 2;
  /** Which request made it, where the debug hooks count them. */
  serial?: number;
}

export interface Total {
  name: string;
  kind: Block["kind"];
  count: number;
  bytes: number;
}

export interface Survey {
  /** The simulated machine and libc's heap, where the process has them. */
  machine: Machine | undefined;
  heap: PrivateHeap;
  libc: LibcHeap | undefined;
  /** By the address of the pool; blocks ascending. */
  pools: Map<number, Block[]>;
  /** The blocks in libc's heap. */
  chunks: Block[];
  /** By type, part and reason: the most bytes first. */
  totals: Total[];
  /** How many objects are in each of the collector's generations, the youngest first. */
  generations: [number, number, number];
  /** What the object in a block says of itself. */
  describe(block: Block): string;
  /** Who holds the objects in the blocks, the nearest first (see referrers.ts). */
  waysTo(blocks: readonly Block[]): Map<Block, string[]>;
}

const DEBUG_HEAD = 16;
const NO_TYPE = "no type in its place";

/** Surveys the process in `source`: one of ours, or the one with these roots. Throws where its structures are damaged. */
export function survey(source: Source, processRoots?: ProcessRoots): Survey {
  const reader = new Reader(source);
  const roots = processRoots ?? readRoots(reader);
  const types = new Types(reader, roots);
  const heap = readPrivateHeap(reader, roots);
  const machine = roots.machine ? readMachine(reader) : undefined;
  const libc = machine && readLibcHeap(reader, machine.mappings);
  const generations = readGenerations(reader, roots.generations);
  const all = new Map<number, Block>();

  const identify = (address: number, size: number, footprint: number): Block => {
    const block = heap.debugHooks ? padded(reader, roots, address, footprint) : undefined;
    const data = block?.address ?? address;
    const result: Block = { address: data, size: block?.size ?? size, footprint, kind: "unknown", name: NO_TYPE };
    if (block?.serial !== undefined) result.serial = block.serial;
    const found = block && block.name !== "o" ? undefined : objectIn(reader, types, data, result.size);
    if (block && block.name !== "o") result.name = `memory of the ${block.name === "m" ? "mem" : "raw"} domain`;
    if (found && "kept" in found) {
      result.kind = "kept";
      result.name = found.kept;
    } else if (found) {
      result.kind = "object";
      result.name = found.type.name;
      result.object = found;
      const generation = generations.get(found.address);
      if (generation !== undefined) result.generation = generation;
    }
    all.set(data, result);
    return result;
  };

  const pools = new Map<number, Block[]>();
  for (const arena of heap.arenas) {
    for (const pool of arena.pools) {
      if (pool.used === 0) continue;
      pools.set(
        pool.address,
        usedBlocks(reader, pool).map((b) => identify(b, pool.size, pool.size)),
      );
    }
  }
  const chunks = (libc?.chunks ?? []).map((c) => identify(c.address, c.size, c.mapped ? c.size + 16 : c.size + 8));

  claim(reader, roots, types, all);
  const blocks = [...all.values()];
  return {
    machine,
    heap,
    libc,
    pools,
    chunks,
    totals: addUp(blocks),
    generations: [0, 1, 2].map((g) => blocks.filter((b) => b.generation === g).length) as [number, number, number],
    describe: (block) => (block.object ? describe(reader, block.object, types) : ""),
    waysTo: (targets) => waysTo(targets, all.values(), reader, types, roots),
  };
}

/** What the debug hooks have written around the block at `address`: data, its size, the domain's letter, the serial. */
function padded(reader: Reader, roots: ProcessRoots, address: number, footprint: number) {
  const read = (at: number) => {
    const bytes = reader.bytes(at, 8);
    return Number(new DataView(bytes.buffer).getBigUint64(0));
  };
  let data = address + DEBUG_HEAD;
  let size = read(address);
  let name = String.fromCharCode(reader.u8(address + 8));
  if (size > footprint || !"rmo".includes(name)) return undefined;
  // What pymalloc passed on has the raw domain's padding around its own.
  const inner = read(data);
  const innerName = String.fromCharCode(reader.u8(data + 8));
  if (name === "r" && inner + 2 * DEBUG_HEAD <= size + DEBUG_HEAD && (innerName === "o" || innerName === "m")) {
    if (reader.u8(data + 9) === 0xfd && reader.u8(data + 15) === 0xfd) {
      data += DEBUG_HEAD;
      size = inner;
      name = innerName;
    }
  }
  return { address: data, size, name, serial: roots.serialNumbers ? read(data + size + 8) : undefined };
}

/** Names the blocks that are parts of objects, or of the runtime. */
function claim(reader: Reader, roots: ProcessRoots, types: Types, all: Map<number, Block>): void {
  const mark = (address: number, name: string, kind: "part" | "kept" = "part", owner?: Block) => {
    const block = all.get(address);
    if (block?.kind !== "unknown") return;
    block.kind = kind;
    block.name = name;
    if (owner) block.owner = owner;
  };
  for (const [address, name] of roots.parts) mark(address, name);
  for (const [address, name] of roots.kept ?? []) mark(address, name, "kept");
  for (const block of all.values()) {
    if (block.object) for (const [address, name] of partsOf(reader, block.object)) mark(address, name, "part", block);
  }
  // A type need not lie in a block that was surveyed.
  for (const type of types.found())
    for (const [address, name] of partsOfType(reader, type.address)) mark(address, name);
}

function addUp(blocks: Iterable<Block>): Total[] {
  const totals = new Map<string, Total>();
  for (const block of blocks) {
    const key = `${block.kind} ${block.name}`;
    const total = totals.get(key) ?? { name: block.name, kind: block.kind, count: 0, bytes: 0 };
    total.count++;
    total.bytes += block.footprint;
    totals.set(key, total);
  }
  return [...totals.values()].sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}

/** The blocks in use in `arena`, by what they hold: the most first. */
export function holders(survey: Survey, arena: Arena): Total[] {
  return addUp(arena.pools.flatMap((pool) => survey.pools.get(pool.address) ?? []));
}

/** Of the blocks in use in `arena` those that tell most of what holds it: objects of each type in turn, `limit` at most. */
export function examples(survey: Survey, arena: Arena, limit: number): Block[] {
  const byName = new Map<string, Block[]>();
  for (const pool of arena.pools) {
    for (const block of survey.pools.get(pool.address) ?? []) {
      if (!block.object) continue;
      const same = byName.get(block.name);
      if (same) same.push(block);
      else byName.set(block.name, [block]);
    }
  }
  const groups = [...byName.values()].sort((a, b) => b.length - a.length);
  const shown: Block[] = [];
  for (let turn = 0; shown.length < limit && groups.some((group) => turn < group.length); turn++) {
    for (const group of groups) if (turn < group.length && shown.length < limit) shown.push(group[turn]!);
  }
  return shown;
}

/** Arenas with less than `share` of their bytes in use, the emptiest first: what keeps memory from being returned. */
export function nearlyEmpty(heap: PrivateHeap, share = 0.25): Arena[] {
  return heap.arenas
    .filter((arena) => arena.usedBlocks > 0 && arena.usedBytes < arena.size * share)
    .sort((a, b) => a.usedBytes - b.usedBytes);
}
