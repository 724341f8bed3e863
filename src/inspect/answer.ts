/**
 * The answers to the two questions that people come with: which objects keep arenas that are mostly free, and what holds
 * most of the memory.
 *
 * An object's *holder* is the outermost thing that dominates it below what merely names things: modules, classes, the
 * variables of running functions. `Session.log` is one, the class Session and its module are not. If a holder went, all
 * that it dominates would go; an arena in which nothing else is in use would be returned.
 */
import type { Blocks } from "./blocks.ts";
import { type Dominators, UNIT } from "./graph/dominators.ts";
import type { Arena } from "./heap/arenas.ts";
import { lengthOf } from "./objects/describe.ts";
import { Family } from "./objects/types.ts";
import { Place } from "./objects/walk.ts";
import type { Survey, Total } from "./survey.ts";

/** Something that holds memory. */
export interface Held {
  /** Short: `Session.log`. */
  name: string;
  /** The whole way from a root: `__main__.Session.log`. */
  way: string;
  /** What it is: "a list of 70". */
  what: string;
  /** The block that it is in, -1 where it is no one object. */
  block: number;
  /** Its address, 0. */
  address: number;
}

/** Arenas that are mostly free, and have the same holder. */
export interface Pinned extends Held {
  arenas: number[];
  /** What would be returned if the holder went: the arenas' resident bytes. */
  bytes: number;
  /** Blocks in use in them, their bytes, and what they hold, the most first. */
  objects: number;
  used: number;
  kinds: Total[];
  /** Whether it is one thing that a program can let go. */
  single: boolean;
}

/** What a holder retains. It bears the name of the part of it that has nearly all of that. */
export interface Retained extends Held {
  /** The way to the whole of it. */
  whole: string;
  bytes: number;
  objects: number;
  /** Arenas in which nothing else is in use, and what would be returned with them and with mappings of its own. */
  arenas: number;
  returns: number;
  /** What it retains, the most bytes first. */
  kinds: Total[];
}

export interface Answer {
  pinned: Pinned[];
  retained: Retained[];
  /** What a collection would free now, by type. */
  garbage: Total[];
  garbageBytes: number;
}

interface AnswerOptions {
  /** Of the bytes from one address to another, those that are resident. */
  resident(from: number, to: number): number;
  /** An arena is mostly free when less than this share of it is in use. */
  share?: number;
  /** How many of what retains memory. */
  retainedMax?: number;
}

/** A holder is the part of it that has this share of what it retains. */
const DESCEND = 0.8;
/** What is so far down is a link of a chain: each has nearly all of what the one before it has. */
const CHAIN = 16;
const SHARE = 0.5;
const RETAINED_MAX = 100;
/** What retains less than 1 KiB is not worth a line anywhere. */
const RETAINED_UNITS = 64;
const KINDS_MAX = 6;

// What holds blocks that no holder does.
const MODULES = -1;
const GARBAGE = -2;
const KEPT = -3;
const MEMORY = -4;
const SEVERAL = -5;
const UNREACHED = -6;

const groups: Record<number, [name: string, what: string]> = {
  [MODULES]: ["modules and classes", "what the interpreter and imported modules hold"],
  [GARBAGE]: ["garbage", "objects in cycles that gc.collect() would free"],
  [KEPT]: ["free lists", "blocks that the interpreter keeps for new objects; gc.collect() empties most"],
  [MEMORY]: ["C code", "memory without Python objects"],
  [UNREACHED]: ["nothing that is known", "objects that no root leads to; C code may hold them"],
  [SEVERAL]: ["several holders", "no one thing: each of these arenas has blocks of more than one holder"],
};

/** Finds who holds what. */
export function answer(survey: Survey, options: AnswerOptions): Answer {
  return new Holders(survey, options).answer();
}

class Holders {
  private readonly blocks: Blocks;
  private readonly tree: Dominators;
  /** By depth-first number: retained units of 16 bytes, retained objects, the child that retains most, the holder. */
  private readonly units: Uint32Array;
  private readonly objects: Int32Array;
  private readonly largest: Int32Array;
  private readonly top: Int32Array;
  private readonly namespaces: Uint8Array;

  constructor(
    private readonly survey: Survey,
    private readonly options: AnswerOptions,
  ) {
    this.blocks = survey.blocks;
    this.tree = survey.dominators;
    this.namespaces = this.findNamespaces();
    const { count, dominator } = this.tree;
    ({ units: this.units, objects: this.objects, largest: this.largest } = survey.retained);
    this.top = new Int32Array(count);
    for (let v = 1; v < count; v++) {
      const d = dominator[v]!;
      this.top[v] = d === 0 || this.isNamespace(d) ? v : this.top[d]!;
    }
  }

  private isNamespace(v: number): boolean {
    return this.namespaces[this.tree.node[v]!] === 1;
  }

  /** Marks what merely names things: modules, classes, frames, and the dicts of names that these have. */
  private findNamespaces(): Uint8Array {
    const { blocks, survey } = this;
    const marks = new Uint8Array(blocks.count);
    const mark = (address: number) => {
      const n = address === 0 ? -1 : blocks.find(address);
      if (n >= 0) marks[n] = 1;
    };
    for (let n = 0; n < blocks.count; n++) {
      const type = blocks.type(n);
      if (!type) continue;
      if (type.family !== Family.Module && type.family !== Family.Type) continue;
      marks[n] = 1;
      survey.walk.refs(blocks.object(n), type, (target, place) => {
        if (place === Place.Dict) mark(target);
      });
    }
    for (const address of survey.roots.modules) mark(address);
    for (const [address] of survey.roots.named) mark(address);
    for (const [n, text] of survey.graph.seedTexts) {
      if (text.startsWith("the frame of") && blocks.type(n)?.family === Family.Frame) marks[n] = 1;
    }
    return marks;
  }

  /** The holder of block `n`: a depth-first number, or one of the groups. */
  private holderOf(n: number): number {
    const { blocks, tree, survey } = this;
    const owner = blocks.ownerOf(n);
    const v = tree.number[owner]!;
    if (v === 0) {
      if (survey.garbage?.[owner]) return GARBAGE;
      const { kind } = blocks.whats[blocks.what[owner]!]!;
      return kind === "kept" ? KEPT : kind === "object" ? UNREACHED : MEMORY;
    }
    const top = this.top[v]!;
    if (this.isNamespace(top)) return MODULES;
    return blocks.type(tree.node[top]!) ? top : MEMORY;
  }

  answer(): Answer {
    const { survey } = this;
    const { pinned, sole } = this.findPinned();
    const retained = this.findRetained(sole);
    const garbage: Total[] = [];
    let garbageBytes = 0;
    const marks = survey.garbage;
    if (marks) {
      const counts = new Map<string, Total>();
      for (let n = 0; n < this.blocks.count; n++) {
        const owner = this.blocks.ownerOf(n);
        if (!marks[owner]) continue;
        const name = this.blocks.whats[this.blocks.what[owner]!]!.name;
        const total = counts.get(name) ?? { name, kind: "object" as const, count: 0, bytes: 0 };
        if (owner === n) total.count++;
        total.bytes += this.blocks.room[n]!;
        garbageBytes += this.blocks.room[n]!;
        counts.set(name, total);
      }
      garbage.push(...[...counts.values()].sort((a, b) => b.bytes - a.bytes));
    }
    return { pinned, retained, garbage, garbageBytes };
  }

  /** The arenas that are mostly free, by holder; and for each holder the arenas that have no other. */
  private findPinned() {
    const { survey, options } = this;
    const sole = new Map<number, Arena[]>();
    const found = new Map<number, Arena[]>();
    for (const arena of survey.heap.arenas) {
      if (arena.usedBlocks === 0) continue;
      const holder = this.holderOfArena(arena);
      if (holder > 0) {
        const its = sole.get(holder);
        if (its) its.push(arena);
        else sole.set(holder, [arena]);
      }
      if (arena.usedBytes >= arena.size * (options.share ?? SHARE)) continue;
      const same = found.get(holder);
      if (same) same.push(arena);
      else found.set(holder, [arena]);
    }
    survey.ways.prepare([...found.keys()].filter((h) => h > 0).map((h) => this.tree.node[this.descend(h)]!));
    const pinned = [...found].map(([holder, arenas]): Pinned => {
      const kinds = this.kindsIn(arenas);
      return {
        ...this.nameOf(holder),
        arenas: arenas.map((a) => a.index),
        bytes: arenas.reduce((sum, a) => sum + options.resident(a.address, a.address + a.size), 0),
        objects: arenas.reduce((sum, a) => sum + a.usedBlocks, 0),
        used: arenas.reduce((sum, a) => sum + a.usedBytes, 0),
        kinds: kinds.slice(0, KINDS_MAX),
        single: holder > 0,
      };
    });
    pinned.sort((a, b) => Number(b.single) - Number(a.single) || b.bytes - a.bytes);
    return { pinned, sole };
  }

  /** The one holder of all blocks in use in an arena; SEVERAL where there are more. */
  private holderOfArena(arena: Arena): number {
    let holder = 0;
    for (const pool of arena.pools) {
      for (let n = pool.first; n < pool.first + pool.used; n++) {
        const its = this.holderOf(n);
        if (its === holder) continue;
        if (holder !== 0) return SEVERAL;
        holder = its;
      }
    }
    return holder;
  }

  /** What blocks in arenas hold, parts counted with their owners. */
  private kindsIn(arenas: readonly Arena[]): Total[] {
    const totals = new Map<number, Total>();
    for (const arena of arenas) {
      for (const pool of arena.pools) {
        for (let n = pool.first; n < pool.first + pool.used; n++) this.count(totals, n);
      }
    }
    return [...totals.values()].sort((a, b) => b.count - a.count || b.bytes - a.bytes);
  }

  private count(totals: Map<number, Total>, n: number): void {
    const { blocks } = this;
    const what = blocks.whats[blocks.what[blocks.ownerOf(n)]!]!;
    let total = totals.get(what.index);
    if (!total) totals.set(what.index, (total = { name: what.name, kind: what.kind, count: 0, bytes: 0 }));
    if (blocks.owner[n]! < 0) total.count++;
    total.bytes += blocks.room[n]!;
  }

  private findRetained(sole: ReadonlyMap<number, Arena[]>): Retained[] {
    const { tree, units, options } = this;
    const tops: number[] = [];
    for (let v = 1; v < tree.count; v++) {
      if (this.top[v] === v && !this.isNamespace(v) && units[v]! >= RETAINED_UNITS && this.blocks.type(tree.node[v]!))
        tops.push(v);
    }
    tops.sort((a, b) => units[b]! - units[a]!);
    const mapped = this.mappedBytes();
    const shown = tops.slice(0, options.retainedMax ?? RETAINED_MAX);
    const kinds = this.kindsOf(new Set(shown));
    // Those that have many of them are read once.
    const { ways } = this.survey;
    ways.prepare(shown.flatMap((v) => [tree.node[v]!, tree.node[this.descend(v)]!]));
    return shown.map((v): Retained => {
      const arenas = sole.get(v) ?? [];
      return {
        ...this.nameOf(v),
        whole: ways.to(tree.node[v]!) ?? "",
        bytes: units[v]! * UNIT,
        objects: this.objects[v]!,
        arenas: arenas.length,
        returns: arenas.reduce((sum, a) => sum + options.resident(a.address, a.address + a.size), mapped.get(v) ?? 0),
        kinds: kinds.get(v)!.slice(0, KINDS_MAX),
      };
    });
  }

  /** What each of these holders retains, by type. */
  private kindsOf(holders: ReadonlySet<number>): Map<number, Total[]> {
    const { blocks, tree } = this;
    const totals = new Map<number, Map<number, Total>>([...holders].map((v) => [v, new Map()]));
    for (let n = 0; n < blocks.count; n++) {
      const v = tree.number[blocks.ownerOf(n)]!;
      if (v === 0) continue;
      const its = totals.get(this.top[v]!);
      if (its) this.count(its, n);
    }
    return new Map([...totals].map(([v, its]) => [v, [...its.values()].sort((a, b) => b.bytes - a.bytes)]));
  }

  /** The resident bytes of mappings that libc made for blocks, by holder. */
  private mappedBytes(): Map<number, number> {
    const bytes = new Map<number, number>();
    for (const { address, size, mapped } of this.survey.libc?.chunks ?? []) {
      if (!mapped) continue;
      const n = this.survey.inChunk(address);
      if (n < 0) continue;
      const holder = this.holderOf(n);
      const resident = this.options.resident(address - (address % 4096), address + size);
      bytes.set(holder, (bytes.get(holder) ?? 0) + resident);
    }
    return bytes;
  }

  /** The part of a holder that has nearly all of what it retains; of a chain of its like, where that begins. */
  private descend(v: number): number {
    const { tree, units, largest, blocks } = this;
    const type = (number: number) => blocks.type(tree.node[number]!);
    const path = [v];
    for (;;) {
      const next = largest[v]!;
      if (next === 0 || units[next]! < units[v]! * DESCEND || !type(next)) break;
      v = next;
      if (path.push(v) < CHAIN) continue;
      v = path.find((number) => type(number) === type(v))!;
      break;
    }
    // The dict of an instance is not what people know: the instance is.
    const d = tree.dominator[v]!;
    if (
      d !== 0 &&
      blocks.type(tree.node[v]!)?.family === Family.Dict &&
      !this.isNamespace(d) &&
      this.survey.ways.where(tree.node[d]!, tree.node[v]!).place === Place.Dict
    )
      return d;
    return v;
  }

  private nameOf(holder: number): Held {
    if (holder <= 0) {
      const [name, what] = groups[holder] ?? groups[MEMORY]!;
      return { name, way: "", what, block: -1, address: 0 };
    }
    return held(this.survey, this.tree.node[this.descend(holder)]!);
  }
}

/** An object, with its way and what it is. */
export function held(survey: Survey, node: number): Held {
  const { blocks, ways } = survey;
  const way = ways.to(node) ?? "";
  if (survey.walk.isInterned(blocks.object(node)) && blocks.type(node)?.family === Family.Dict) {
    const name = "the table of interned strings";
    return { name, way, what: whatIs(survey, node), block: node, address: blocks.object(node) };
  }
  return { name: shortName(way), way, what: whatIs(survey, node), block: node, address: blocks.object(node) };
}

/** What a way is called: that from the program's own module without its name. */
export const shortName = (way: string): string => way.replace(/^__main__\.(?=.)/, "");

/** What leads to number `v` of the dominators from what dominates it: a step where that refers to it, otherwise its way. */
export function stepTo({ dominators: tree, graph, ways }: Survey, v: number): string {
  const above = tree.dominator[v]!;
  const [n, d] = [tree.node[v]!, tree.node[above]!];
  return above !== 0 && graph.parent[n] === d ? ways.steps([d, n], 1) : (ways.to(n) ?? "");
}

/** "a list of 70", "a Session". */
export function whatIs(survey: Survey, node: number): string {
  const { blocks, memory } = survey;
  const type = blocks.type(node);
  const { name } = blocks.whats[blocks.what[node]!]!;
  const article = /^[aeiouAEIOU]/.test(name) ? "an" : "a";
  const length = type && lengthOf(memory, blocks.object(node), type);
  return length === undefined ? `${article} ${name}` : `${article} ${name} of ${length.toLocaleString("en-US")}`;
}
