// A process cut to what a reading of a few milliseconds needs: some objects of each kind and all of the program's own,
// every table and list of the allocators whole. The others are freed as the allocators and the collector would do it;
// pages that say nothing are forgotten.

import type { Findings } from "../../src/inspect/findings.ts";
import { strongTurns } from "../../src/inspect/graph/seeds.ts";
import { eachUsedBlock } from "../../src/inspect/heap/arenas.ts";
import type { Looked } from "../../src/inspect/look.ts";
import { Place } from "../../src/inspect/objects/walk.ts";
import { type Capture, isPresent, type Mapping, mappingOf, PAGE } from "../../src/inspect/source/capture.ts";
import { CHUNK, Memory } from "../../src/inspect/source/memory.ts";
import type { Survey } from "../../src/inspect/survey.ts";

const OF_A_KIND = 3;
/** What a processor's cache reads at a time: of static memory no less is kept. */
const LINE = 64;
const PREV_INUSE = 1;
/** Of the chunks in which glibc keeps a thread's cache, behind their heads: what they list is not in use. */
const CACHE_SIZES = [0x290 - 8, 0x250 - 8];

/** Writes to the memory of a process that was read; its chunks are there. */
class Writer {
  constructor(private readonly memory: Memory) {}

  u32(address: number, value: number): void {
    const chunk = this.memory.chunkOf(address);
    if (chunk >= 0) this.memory.words(chunk)[(address % CHUNK) / 4] = value;
  }

  u64(address: number, value: number): void {
    this.u32(address, value % 2 ** 32);
    this.u32(address + 4, Math.floor(value / 2 ** 32));
  }
}

/** Marks the blocks that are kept. `regions`: static memory of modules. */
function choose(survey: Survey, regions: readonly { start: number; end: number }[]): Uint8Array {
  const { blocks, walk, roots, graph, dominators: tree, memory } = survey;
  const keep = new Uint8Array(blocks.count);
  const counts = new Uint32Array(blocks.whats.length);
  for (let n = 0; n < blocks.count; n++) if (counts[blocks.what[n]!]!++ < OF_A_KIND) keep[n] = 1;
  for (const { seeds } of strongTurns(blocks, walk, roots)) for (const { node } of seeds) keep[node] = 1;
  // What modules of C keep, such as the tables of tracemalloc.
  for (const { start, end } of regions) {
    for (let at = start; at < end; at += 8) {
      const n = blocks.find(memory.u64(at));
      if (n >= 0 && blocks.whats[blocks.what[n]!]!.kind !== "object") keep[n] = 1;
    }
  }
  // The program's own is what its module, or the dict of that, alone leads to.
  const names = new Set<number>();
  for (const [n, text] of graph.seedTexts) {
    const type = blocks.type(n);
    if (text !== "__main__" || !type) continue;
    names.add(n);
    walk.refs(blocks.object(n), type, (target, place) => {
      if (place === Place.Dict) names.add(blocks.find(target));
    });
  }
  const own = new Uint8Array(tree.count);
  for (let v = 1; v < tree.count; v++) {
    const n = tree.node[v]!;
    if (own[tree.dominator[v]!] || names.has(n)) own[v] = keep[n] = 1;
  }
  for (let n = 0; n < blocks.count; n++) if (survey.garbage?.[n]) keep[n] = 1;
  // Without its name a type is none.
  for (const { address } of survey.types.found()) {
    const name = blocks.at(survey.memory.u64(address + 24));
    if (name >= 0) keep[name] = 1;
  }
  for (let n = 0; n < blocks.count; n++) {
    if (blocks.owner[n]! < 0) continue;
    // An object has all of its parts, and a part its object.
    const owner = blocks.ownerOf(n);
    if (keep[owner]) keep[n] = 1;
    else if (keep[n]) keep[owner] = 1;
  }
  return keep;
}

/** Frees, in the memory itself, what is not kept. Returns marks of what is. */
function free(survey: Survey, regions: readonly { start: number; end: number }[] = []): Uint8Array {
  const { memory, heap, blocks, libc } = survey;
  const keep = choose(survey, regions);
  const writer = new Writer(memory);
  const untrack = (n: number) => {
    if (survey.ages[n] === 0) return;
    const links = blocks.object(n) - 16;
    const [next, previous] = [memory.u64(links), memory.u64(links + 8)];
    const [after, before] = [next - (next % 4), previous - (previous % 4)];
    writer.u64(after + 8, before + (memory.u64(after + 8) % 4));
    writer.u64(before, after + (memory.u64(before) % 4));
  };
  for (let n = 0; n < blocks.count; n++) if (!keep[n]) untrack(n);
  for (const arena of heap.arenas) {
    for (const pool of arena.pools) {
      const addresses: number[] = [];
      eachUsedBlock(memory, heap, pool, (address) => addresses.push(address));
      let left = addresses.length;
      addresses.forEach((address, i) => {
        // A pool with free blocks is in a list, from which it would have to go.
        if (keep[pool.first + i] || (left === 1 && pool.state === "used")) return;
        writer.u64(address, memory.u64(pool.address + 8));
        writer.u64(pool.address + 8, address);
        left--;
      });
      writer.u32(pool.address, left);
      if (left === 0 && addresses.length > 0) writer.u32(arena.entry + 16, memory.u32(arena.entry + 16) + 1);
    }
  }
  for (const { address, size, mapped } of libc?.chunks ?? []) {
    const n = survey.inChunk(address);
    if (mapped || CACHE_SIZES.includes(size) || (n >= 0 && keep[n])) continue;
    writer.u32(address + size, memory.u32(address + size) & ~PREV_INUSE);
  }
  return keep;
}

/** The memory without what is not needed: lines of it are zeros, chunks in which there is nothing are not there. */
function only(memory: Memory, isNeeded: (line: number) => boolean): Memory {
  const small = new Memory();
  for (let i = 0; i < memory.size; i++) {
    const words = memory.words(i).slice();
    let any = false;
    for (let at = 0; at < words.length; at += LINE / 4) {
      const line = words.subarray(at, at + LINE / 4);
      if (line.every((word) => word === 0)) continue;
      if (isNeeded(memory.base(i) + at * 4)) any = true;
      else line.fill(0);
    }
    if (any) small.add(memory.base(i), words);
  }
  small.end = Math.max(small.end, memory.end);
  return small;
}

/** Cuts a process of ours. */
export function cutOurs({ survey }: Findings): Memory {
  free(survey);
  return only(survey.memory, () => true);
}

/**
 * Cuts a CPython. Of static memory only that is left in which the reader finds things, and what leads to blocks that are:
 * all others of its words are zeros, and of its pages those are mappings of their own in which there is anything.
 */
export function cutCPython({ survey, python, glibc, capture }: Looked): Capture {
  const { layout, statics, interpreters, threads } = python;
  const keep = free(survey, statics);
  const { memory } = capture;
  const lines = new Set<number>();
  const pages = new Set<number>();
  const need = (from: number, size: number) => {
    for (let line = Math.floor(from / LINE); line * LINE < from + size; line++) lines.add(line);
  };
  for (const { address } of survey.types.found()) {
    need(memory.u64(address + 24), 64);
    need(address, layout.at("PyTypeObject.SIZE"));
  }
  for (const at of interpreters) need(at, layout.at("PyInterpreterState.SIZE"));
  for (const at of threads) need(at, layout.at("PyThreadState.SIZE"));
  if (glibc.mainArena !== 0) need(glibc.mainArena, 2200);
  // What objects that are left refer to, and what names these references.
  for (let n = 0; n < survey.blocks.count; n++) {
    const type = survey.blocks.type(n);
    if (!type || !keep[n]) continue;
    survey.walk.refs(survey.blocks.object(n), type, (target, _place, number) => {
      need(target, 64);
      need(number, 64);
    });
  }
  const { arenas } = survey.heap;
  const wanted = new Set([...interpreters, ...survey.heap.tables.map((t) => t.address)]);
  for (const { pools } of arenas) for (const { address, state } of pools) if (state === "used") wanted.add(address);
  for (const { start, end } of statics) {
    for (let at = start; at < end; at += 8) {
      const word = memory.u64(at);
      // An empty list of the table of pools leads to itself.
      if (word === at - 16 || wanted.has(word)) need(at - 1024, 2048);
      const n = word === 0 ? -1 : survey.blocks.find(word);
      if (n >= 0 && keep[n]) need(at, 8);
    }
    // The ends, by which what follows is known as a part of the same module.
    pages.add(start / PAGE);
    pages.add(end / PAGE - 1);
    for (let at = start; at < end; at += 8) {
      if (memory.u64(at) !== 0 && lines.has(Math.floor(at / LINE))) pages.add(Math.floor(at / PAGE));
    }
  }
  for (const { start, offset, path } of capture.mappings) if (offset === 0 && path !== "") need(start, 1);
  const mappings = capture.mappings.flatMap((mapping, i): Mapping[] => {
    const own = statics.find((s) => s.start === mapping.start);
    if (!own) return [mapping];
    const pieces: Mapping[] = [];
    for (let at = mapping.start; at < own.end; at += PAGE) {
      if (!pages.has(at / PAGE)) continue;
      const last = pieces.at(-1);
      if (last?.end === at) last.end += PAGE;
      else pieces.push({ ...mapping, start: at, end: at + PAGE });
    }
    // What follows a module's data is told by where it begins: other pieces of it bear its name.
    for (const piece of pieces.slice(1)) piece.path ||= capture.mappings[i - 1]!.path;
    if (own.end < mapping.end) pieces.push({ ...mapping, start: own.end });
    return pieces.map((piece) => partOf(mapping, piece));
  });
  const isStatic = (at: number) => statics.some((m) => at >= m.start && at < m.end);
  const isNeeded = (at: number) =>
    lines.has(at / LINE) || (!isStatic(at) && mappingOf(capture.mappings, at)?.access[1] === "w");
  return { ...capture, mappings, memory: only(memory, isNeeded) };
}

/** The piece of a mapping, with the offset and the pages that it has. */
function partOf(mapping: Mapping, { start, end, path }: Mapping): Mapping {
  const present = new Uint8Array(Math.ceil((end - start) / PAGE / 8));
  for (let page = 0; start + page * PAGE < end; page++) {
    if (isPresent(mapping, start + page * PAGE)) present[page >> 3]! |= 1 << (page & 7);
  }
  return { ...mapping, start, end, path, offset: mapping.offset + start - mapping.start, present };
}
