/**
 * A whole process, surveyed: the machine, the private heap, libc's heap, and what every block in use holds; and, when it
 * is asked for, who holds whom.
 *
 * Every block is accounted for: as an object, as a part of an object or of the runtime, or with the reason why its
 * contents cannot be named. What is about blocks is kept in flat arrays by their numbers (blocks.ts); objects of
 * JavaScript are made only for those that are asked for one by one.
 */
import type { Layout } from "../layouts/layout.ts";
import { vitrineLayout } from "../layouts/vitrine.ts";
import { Blocks, type Kind } from "./blocks.ts";
import { type Dominators, dominators, type RetainedSums, retainedSums } from "./graph/dominators.ts";
import { findGarbage } from "./graph/garbage.ts";
import { Graph, UNREACHED } from "./graph/graph.ts";
import { strongTurns, weakTurns } from "./graph/seeds.ts";
import { Ways } from "./graph/ways.ts";
import { type Arena, eachUsedBlock, type Pool, type PrivateHeap, readPrivateHeap } from "./heap/arenas.ts";
import { Chunks } from "./heap/chunks.ts";
import { type Machine, readMachine } from "./heap/machine.ts";
import { type LibcHeap, readLibcHeap } from "./heap/malloc.ts";
import { describe } from "./objects/describe.ts";
import { Family, hasGc, type TypeInfo, Types } from "./objects/types.ts";
import { Walk } from "./objects/walk.ts";
import type { Roots } from "./roots/roots.ts";
import { readRoots } from "./roots/vitrine.ts";
import { DamageError, type Memory } from "./source/memory.ts";
import { cpythonTraces, ourTraces, type Traces } from "./traces.ts";

/** One block, made for those who ask for it. */
export interface Block {
  /** Its number among all blocks. */
  number: number;
  /** Where the program's bytes begin. */
  address: number;
  /** How many there are. */
  size: number;
  /** How many bytes the block takes where it lies. */
  footprint: number;
  /** What it holds: an object, a part of something, what is kept for reuse, or nothing that can be told. */
  kind: Kind;
  /** The type's name, the part's, that of what was there, or the reason. */
  name: string;
  object?: { address: number; type: TypeInfo; refcount: number };
  /** The collector's generation that the object is in, where it tracks it. */
  generation?: 0 | 1 | 2;
  /** Which request made it, where the debug hooks count them. */
  serial?: number;
}

export interface Total {
  name: string;
  kind: Kind;
  count: number;
  bytes: number;
}

/** A process, as the reader is given it. */
interface Subject {
  memory: Memory;
  layout: Layout;
  roots: Roots;
  /** The simulated machine, where there is one. */
  machine?: Machine;
  libc?: LibcHeap;
}

const DEBUG_HEAD = 16;
const NO_TYPE = "not an object";
const REFCOUNT_MAX = 2 ** 33;
const IMMORTAL = 0xffffffff;
const PERMANENT = 4;

/** The process of ours that lives in `memory`. Throws where its structures are damaged. */
function subject(memory: Memory): Subject {
  const roots = readRoots(memory);
  const machine = readMachine(memory);
  return { memory, layout: vitrineLayout, roots, machine, libc: readLibcHeap(memory, machine.mappings) };
}

/** Surveys the process of ours in `memory`, or another. Throws where its structures are damaged. */
export function survey(process: Memory | Subject): Survey {
  return new Survey("roots" in process ? process : subject(process));
}

export class Survey {
  readonly memory: Memory;
  readonly layout: Layout;
  readonly roots: Roots;
  readonly heap: PrivateHeap;
  readonly machine: Machine | undefined;
  readonly libc: LibcHeap | undefined;
  readonly types: Types;
  readonly blocks: Blocks;
  readonly walk: Walk;
  /** Where blocks were allocated, if tracemalloc was on. */
  readonly traces: Traces | undefined;
  /** For each block: 1, 2, 3 for an object in the collector's generation 0, 1, 2, 4 in the permanent one, 0 for others. */
  readonly ages: Uint8Array;
  /** How many objects are in each of the collector's generations, the youngest first. */
  readonly generations: [number, number, number];
  private found: { graph: Graph; garbage: Uint8Array | null } | undefined;
  private dominance: Dominators | undefined;
  private sums: RetainedSums | undefined;
  private waysTo: Ways | undefined;

  constructor({ memory, layout, roots, machine, libc }: Subject) {
    this.memory = memory;
    this.layout = layout;
    this.roots = roots;
    this.machine = machine;
    this.libc = libc;
    this.types = new Types(memory, layout, roots);
    this.heap = readPrivateHeap(memory, roots.heap);
    this.blocks = this.readBlocks(libc?.chunks ?? new Chunks());
    this.walk = new Walk(memory, layout, this.types, this.blocks, new Set(roots.interned));
    // Before anything is taken for references: tables of traces have the addresses of all that is traced.
    this.traces =
      layout.kind === "vitrine"
        ? ourTraces(memory, this.types, this.blocks)
        : cpythonTraces(
            memory,
            layout,
            this.types,
            this.blocks,
            roots.regions.filter((r) => roots.isStatic(r.from)),
          );
    this.claim();
    this.ages = new Uint8Array(this.blocks.count);
    this.generations = this.readGenerations();
  }

  private readBlocks(chunks: Chunks): Blocks {
    const { heap, memory } = this;
    const pools = heap.arenas.flatMap((arena) => arena.pools.filter((pool) => pool.used > 0));
    const inPools = pools.reduce((sum, pool) => sum + (heap.strict ? pool.used : pool.capacity), 0);
    const blocks = new Blocks(memory, inPools + chunks.length, NO_TYPE);
    const add = (address: number, room: number, size: number) => {
      const data = heap.debugHooks ? this.padded(address, room) : undefined;
      if (data) blocks.add(data.address, room, this.identify(blocks, data.address, data.size, data.name));
      else blocks.add(address, room, this.identify(blocks, address, size, "o"));
    };
    const addChunk = (i: number) => {
      const size = chunks.size(i);
      add(chunks.address(i), chunks.isMapped(i) ? size + 16 : size + 8, size);
    };
    let next = 0;
    for (const pool of pools) {
      for (; next < chunks.length && chunks.address(next) < pool.address; next++) addChunk(next);
      pool.first = blocks.count;
      const count = eachUsedBlock(memory, heap, pool, (address) => add(address, pool.size, pool.size));
      if (count === pool.used) continue;
      if (heap.strict) {
        throw new DamageError(
          `the pool at 0x${pool.address.toString(16)} has ${count} blocks in use, not ${pool.used}`,
        );
      }
      heap.damaged++;
      pool.used = count;
    }
    for (; next < chunks.length; next++) addChunk(next);
    blocks.seal();
    return blocks;
  }

  /** What the block at `address` holds: an index into `whats`. `domain`: of the debug hooks, "o" without them. */
  private identify(blocks: Blocks, address: number, size: number, domain: string): number {
    if (domain !== "o") return blocks.named("unknown", `memory of the ${domain === "m" ? "mem" : "raw"} domain`).index;
    const { memory } = this;
    for (let before = 0; before <= 32 && before + 16 <= size; before += 16) {
      const type = this.types.at(memory.u64(address + before + 8));
      if (!type || type.preHeader !== before || !this.isObject(address, before, size, type)) continue;
      const refcount = memory.u64(address + before);
      return (refcount === 0 ? blocks.named("kept", type.name) : blocks.ofType(type)).index;
    }
    return blocks.unknown;
  }

  /** Whether what lies behind `before` bytes can be an instance of `type`, as which its type shows it. */
  private isObject(block: number, before: number, size: number, type: TypeInfo): boolean {
    if (this.heap.strict) return true;
    const { memory } = this;
    const refcount = memory.u64(block + before);
    if (refcount >= REFCOUNT_MAX) return false;
    // A str is smaller than its type says.
    if (type.family !== Family.Str && type.basicSize > size - before) return false;
    if (!hasGc(type)) return true;
    const links = block + before - 16;
    const next = memory.u64(links);
    if (next === 0) return memory.u64(links + 8) < 8 || this.roots.collecting;
    if (this.roots.collecting) return memory.has(next - (next % 4));
    const back = memory.u64(next - (next % 4) + 8);
    return back - (back % 4) === links;
  }

  /** What the debug hooks have written around the block at `address`: data, its size, the domain's letter, the serial. */
  private padded(address: number, footprint: number) {
    const { memory, heap } = this;
    // Written with the highest byte first.
    const word = (at: number) => swapped(memory.u32(at));
    const read = (at: number) => word(at) * 2 ** 32 + word(at + 4);
    let data = address + DEBUG_HEAD;
    let size = read(address);
    let name = String.fromCharCode(memory.u8(address + 8));
    if (size > footprint || !"rmo".includes(name)) return undefined;
    // What pymalloc passed on has the raw domain's padding around its own.
    const inner = read(data);
    const innerName = String.fromCharCode(memory.u8(data + 8));
    if (name === "r" && inner + 2 * DEBUG_HEAD <= size + DEBUG_HEAD && (innerName === "o" || innerName === "m")) {
      if (memory.u8(data + 9) === 0xfd && memory.u8(data + 15) === 0xfd) {
        data += DEBUG_HEAD;
        size = inner;
        name = innerName;
      }
    }
    return { address: data, size, name, serial: heap.serialNumbers ? read(data + size + 8) : undefined };
  }

  /** Names the blocks that are parts of objects, or of the runtime. */
  private claim(): void {
    const { blocks, walk, types, roots } = this;
    const mark = (address: number, kind: Kind, name: string, owner: number, isSure = false) => {
      const n = address === 0 ? -1 : blocks.at(address);
      if (n < 0 || (!isSure && blocks.whats[blocks.what[n]!]!.kind !== "unknown")) return;
      blocks.what[n] = blocks.named(kind, name).index;
      blocks.owner[n] = owner;
    };
    // What the runtime itself has, as the scratch memory of a thread, may look like an object that it has had in hand.
    for (const [address, name] of roots.parts) mark(address, "part", name, -1, this.heap.strict);
    for (const [address, name] of roots.kept) mark(address, "kept", name, -1);
    // A type's keys are its own, though its instances point to them too; it need not lie in a block itself.
    for (const type of types.found()) {
      const owner = blocks.find(type.address);
      walk.typeParts(type.address, types.of(type.address), (at, name) => mark(at, "part", name, owner));
    }
    let owner = 0;
    const part = (at: number, name: string) => mark(at, "part", name, owner);
    for (; owner < blocks.count; owner++) {
      const type = blocks.type(owner);
      if (type) walk.parts(blocks.object(owner), type, part);
    }
  }

  /** Notes which generation each object is in. A list ends at a link that leads nowhere. */
  private readGenerations(): [number, number, number] {
    const { blocks, ages, memory, roots } = this;
    const counts = [0, 0, 0, 0];
    roots.generations.forEach((head, i) => {
      const generation = roots.generations.length > 4 ? i % PERMANENT : i;
      let at = memory.u64(head);
      let strangers = 0;
      while (at !== head && memory.has(at)) {
        const n = blocks.find(at + 16);
        // Two flags live in the low bits.
        let next = memory.u64(at);
        next -= next % 4;
        if (n >= 0) {
          // The mark of one that was seen: a damaged list could go round for ever.
          if (ages[n] !== 0) break;
          ages[n] = generation + 1;
          counts[generation]!++;
        } else {
          // What is no object that is known is passed, if the list leads on from it.
          const back = memory.u64(next + 8);
          if (back - (back % 4) !== at || ++strangers > blocks.count) break;
        }
        at = next;
      }
    });
    return [counts[0]!, counts[1]!, counts[2]!];
  }

  /** The reference count of the object in block `n`; -1: immortal. */
  refcount(n: number): number {
    const address = this.blocks.object(n);
    if (!this.layout.since(12)) return this.memory.u64(address);
    const count = this.memory.u32(address);
    return count === IMMORTAL ? -1 : count;
  }

  /** Who refers to whom, and what is reached from where. */
  get graph(): Graph {
    return this.search().graph;
  }

  /** Marks the objects that a collection would free now; null where there are none. */
  get garbage(): Uint8Array | null {
    return this.search().garbage;
  }

  get ways(): Ways {
    return (this.waysTo ??= new Ways(this.graph, this.walk));
  }

  get dominators(): Dominators {
    return (this.dominance ??= dominators(this.graph, this.garbage ?? undefined));
  }

  get retained(): RetainedSums {
    return (this.sums ??= retainedSums(this.blocks, this.dominators));
  }

  /** The bytes of the object in block `n` and of its parts. */
  sizeOf(n: number): number {
    const { blocks } = this;
    let bytes = blocks.room[n]!;
    const type = blocks.type(n);
    if (!type) return bytes;
    this.walk.parts(blocks.object(n), type, (at) => {
      const part = at === 0 ? -1 : blocks.at(at);
      if (part >= 0 && blocks.owner[part] === n) bytes += blocks.room[part]!;
    });
    return bytes;
  }

  private search() {
    if (this.found) return this.found;
    const { blocks, walk, roots } = this;
    const graph = new Graph(blocks, walk);
    const certain = strongTurns(blocks, walk, roots);
    // Immortal objects do not count who holds them.
    if (!this.heap.strict)
      graph.forgetStale(certain, (n, known) => {
        const count = blocks.type(n) ? this.refcount(n) : -1;
        return count >= 0 && count <= known;
      });
    for (const turn of certain) graph.reach(turn);
    graph.reachTypes();
    const garbage = findGarbage(graph, {
      isTracked: (n) => this.ages[n] !== 0,
      refcount: (n) => {
        const count = this.refcount(n);
        return count < 0 ? 0x3fffffff : count;
      },
      classOf: (n) => {
        const type = blocks.type(n);
        return type?.isHeap && this.layout.since(9) ? blocks.find(type.address) : -1;
      },
    });
    graph.beginWeak();
    for (const turn of weakTurns(blocks, walk, roots)) graph.reach(turn, garbage ?? undefined);
    graph.reachTypes(garbage ?? undefined);
    graph.finish();
    this.found = { graph, garbage };
    if (!this.heap.strict) this.nameMemory(graph, garbage);
    return this.found;
  }

  /** Names memory without an object after the object from which it was reached. */
  private nameMemory({ parent }: Graph, garbage: Uint8Array | null): void {
    const { blocks } = this;
    const { unknown } = blocks;
    const mine: number[] = [];
    for (let n = 0; n < blocks.count; n++) {
      if (blocks.what[n] !== unknown || garbage?.[n] || parent[n] === UNREACHED) continue;
      let at = parent[n]!;
      for (let steps = 0; at >= 0 && blocks.what[at] === unknown && steps < 100; steps++) at = parent[at]!;
      if (at >= 0 && blocks.type(at)) mine.push(n, at);
    }
    for (let i = 0; i < mine.length; i += 2) {
      blocks.what[mine[i]!] = blocks.named("part", `memory of ${blocks.type(mine[i + 1]!)!.name}`).index;
      blocks.owner[mine[i]!] = mine[i + 1]!;
    }
  }

  /** Whether there is any object: those of an allocator that is not known are not found. */
  get hasObjects(): boolean {
    const { blocks } = this;
    for (let n = 0; n < blocks.count; n++) if (blocks.type(n)) return true;
    return false;
  }

  /** By type, part and reason: the most bytes first. */
  get totals(): Total[] {
    if (!this.heap.strict) this.search();
    return this.addUp(0, this.blocks.count);
  }

  /** What the blocks from `from` up to `to` hold, the most bytes first. */
  addUp(from: number, to: number): Total[] {
    const { blocks } = this;
    const counts = new Float64Array(blocks.whats.length);
    const bytes = new Float64Array(blocks.whats.length);
    for (let n = from; n < to; n++) {
      const what = blocks.what[n]!;
      counts[what]!++;
      bytes[what]! += blocks.room[n]!;
    }
    return this.named(counts, bytes);
  }

  private named(counts: Float64Array, bytes: Float64Array): Total[] {
    const totals = new Map<string, Total>();
    this.blocks.whats.forEach(({ kind, name }, i) => {
      if (counts[i] === 0) return;
      const key = `${kind} ${name}`;
      const total = totals.get(key) ?? { name, kind, count: 0, bytes: 0 };
      total.count += counts[i]!;
      total.bytes += bytes[i]!;
      totals.set(key, total);
    });
    return [...totals.values()].sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  }

  /** Block `n`, as an object of its own. */
  block(n: number): Block {
    const { blocks, heap } = this;
    const address = blocks.address(n);
    const { kind, name, type } = blocks.whats[blocks.what[n]!]!;
    const footprint = blocks.room[n]!;
    const block: Block = { number: n, address, size: footprint, footprint, kind, name };
    if (heap.debugHooks) {
      const data = this.padded(address - DEBUG_HEAD, footprint);
      if (data) {
        block.size = data.address === address ? data.size : footprint;
        if (data.serial !== undefined) block.serial = data.serial;
      }
    }
    if (type) block.object = { address: blocks.object(n), type, refcount: this.refcount(n) };
    const age = this.ages[n]!;
    if (age > 0 && age < PERMANENT) block.generation = (age - 1) as 0 | 1 | 2;
    return block;
  }

  /** The blocks in use in `pool`, ascending. */
  blocksIn(pool: Pool): Block[] {
    return Array.from({ length: pool.used }, (_, i) => this.block(pool.first + i));
  }

  /** All blocks in use in pools. */
  get inPools(): Block[] {
    return this.heap.arenas.flatMap((arena) => arena.pools.flatMap((pool) => this.blocksIn(pool)));
  }

  /** The blocks in libc's heap. */
  get chunks(): Block[] {
    return [...(this.libc?.chunks ?? [])].flatMap(({ address }) => {
      const n = this.inChunk(address);
      return n < 0 ? [] : [this.block(n)];
    });
  }

  /** The block in libc's chunk at `address`, -1: behind the debug hooks' padding, once or twice, begin its data. */
  inChunk(address: number): number {
    return this.blocks.around(address + (this.heap.debugHooks ? 2 * DEBUG_HEAD : 0));
  }

  /** What block `n` says of itself. */
  describe(n: number): string {
    const type = this.blocks.type(n);
    return type ? describe(this.memory, this.types, this.blocks.object(n), type) : "";
  }

  /** The blocks in use in `arena`, by what they hold: the most first. */
  holders(arena: Arena): Total[] {
    const { blocks } = this;
    const counts = new Float64Array(blocks.whats.length);
    const bytes = new Float64Array(blocks.whats.length);
    for (const pool of arena.pools) {
      for (let n = pool.first; n < pool.first + pool.used; n++) {
        counts[blocks.what[n]!]!++;
        bytes[blocks.what[n]!]! += blocks.room[n]!;
      }
    }
    return this.named(counts, bytes);
  }
}

/** The four bytes of a word the other way round. */
const swapped = (word: number) =>
  ((word << 24) | ((word << 8) & 0xff0000) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;

/** Arenas with less than `share` of their bytes in use, the emptiest first: what keeps memory from being returned. */
export function nearlyEmpty(heap: PrivateHeap, share = 0.25): Arena[] {
  return heap.arenas
    .filter((arena) => arena.usedBlocks > 0 && arena.usedBytes < arena.size * share)
    .sort((a, b) => a.usedBytes - b.usedBytes);
}
