/**
 * glibc's heap on x86-64, found by what it looks like: the main arena in its static data, the other arenas that threads
 * have, and the blocks that are mappings of their own.
 *
 *   malloc_state   +16 fastbins (10) │ +96 top │ +112 bins (127 pairs) │ +2160 next │ +2184 system_mem
 *   chunk          +0 size of the one before, if that is free │ +8 size, and in its low bits: 1 the one before is in use,
 *                  2 a mapping of its own, 4 of a thread's arena │ +16 the program's bytes
 *
 * Free are chunks that the next one says are, and those that fastbins and the threads' caches hold, whose links are
 * mangled with their own address since 2.32.
 */
import { type Mapping, mappingOf } from "../source/capture.ts";
import type { Memory } from "../source/memory.ts";
import { Chunks } from "./chunks.ts";
import type { HeapSpans, Span } from "./ledger.ts";

export interface GlibcHeap extends HeapSpans {
  mainArena: number;
}

const FASTBINS = 16;
const FASTBIN_COUNT = 10;
const TOP = 96;
const BINS = 112;
const BIN_COUNT = 127;
const NEXT = 2160;
const STATE_SIZE = 2200;
const EMPTY_BINS_MIN = 4;
const HEAP_MAX = 2 ** 26;
const CHUNK_MIN = 32;
const PAGE = 4096;
const ARENAS_MAX = 4096;
const HEAPS_MAX = 4096;
const TCACHE_SIZES = [0x290, 0x250];
const TCACHE_BINS = 64;

/** A bin's list: empty, or linked to and fro. */
function isBin(memory: Memory, bin: number): "empty" | "used" | undefined {
  const next = memory.u64(bin + 16);
  const previous = memory.u64(bin + 24);
  if (next === bin && previous === bin) return "empty";
  if (next === bin || previous === bin || !memory.has(next) || !memory.has(previous)) return undefined;
  return memory.u64(next + 24) === bin && memory.u64(previous + 16) === bin ? "used" : undefined;
}

/** The main arena in one of the regions of static data, 0 if there is none. */
export function findMainArena(memory: Memory, regions: readonly Span[]): number {
  let found = 0;
  for (const region of regions) {
    memory.eachPiece(region.from, region.to, (from, to) => {
      for (let at = from; found === 0 && at < to && at + STATE_SIZE <= region.to; at += 16) {
        if (isMainArena(memory, at)) found = at;
      }
    });
    if (found !== 0) break;
  }
  return found;
}

function isMainArena(memory: Memory, at: number): boolean {
  const top = memory.u64(at + TOP);
  if (top === 0 || (top & 15) !== 0 || !memory.has(memory.u64(at + NEXT))) return false;
  let empty = 0;
  for (let i = 0; i < BIN_COUNT; i++) {
    const bin = isBin(memory, at + BINS + 16 * i - 16);
    if (bin === undefined) return false;
    if (bin === "empty") empty++;
  }
  return empty >= EMPTY_BINS_MIN;
}

/** Reads every chunk. `taken`: whether an address is in an arena of Python's. */
export function readGlibc(
  memory: Memory,
  mappings: readonly Mapping[],
  mainArena: number,
  taken: (address: number) => number,
): GlibcHeap {
  const heap: GlibcHeap = { chunks: new Chunks(), free: [], cached: [], tops: [], heaps: [], mainArena };
  const parts: Part[] = [];
  if (mainArena !== 0) {
    const main = mainPart(memory, mappings, mainArena);
    if (main) parts.push(main);
    let arena = memory.u64(mainArena + NEXT);
    for (let i = 0; arena !== mainArena && memory.has(arena) && i < ARENAS_MAX; i++) {
      threadParts(memory, mappings, arena, parts);
      arena = memory.u64(arena + NEXT);
    }
  }
  // In order of address: what the heaps have, and between them the blocks that are mappings of their own.
  parts.sort((a, b) => a.from - b.from);
  const heaps = parts.filter((part, i) => i === 0 || part.from >= parts[i - 1]!.to);
  let next = 0;
  for (const mapping of mappings) {
    const { start, end } = mapping;
    const isAnonymous = mapping.path === "" && mapping.access === "rw-p";
    let at = start;
    for (; next < heaps.length && heaps[next]!.from < end; next++) {
      const part = heaps[next]!;
      if (isAnonymous) readMapped(memory, at, part.from, heap, taken);
      heap.heaps.push({ from: part.from, to: part.to, main: part.main });
      readChunks(memory, part, heap);
      at = Math.max(at, part.to);
    }
    if (isAnonymous) readMapped(memory, at, end, heap, taken);
  }
  if (mainArena !== 0) takeCached(memory, heap, mainArena);
  return heap;
}

/** A heap: its first chunk, and the arena's top, which may be in another. */
interface Part extends Span {
  main: boolean;
  first: number;
  top: number;
}

function mainPart(memory: Memory, mappings: readonly Mapping[], arena: number): Part | undefined {
  const top = memory.u64(arena + TOP);
  const mapping = mappings.find((m) => m.path === "[heap]") ?? mappingOf(mappings, top);
  if (!mapping) return undefined;
  const size = memory.u64(top + 8);
  const end = top >= mapping.start && top < mapping.end ? top + size - (size % 8) : mapping.end;
  return { from: mapping.start, to: Math.min(end, mapping.end), main: true, first: mapping.start, top };
}

function threadParts(memory: Memory, mappings: readonly Mapping[], arena: number, parts: Part[]): void {
  const top = memory.u64(arena + TOP);
  const firstHeap = arena - (arena % HEAP_MAX);
  const header = arena - firstHeap;
  let at = top - (top % HEAP_MAX);
  while (at !== 0 && memory.has(at) && parts.length < HEAPS_MAX) {
    const size = memory.u64(at + 16);
    const mapping = mappingOf(mappings, at);
    if (!mapping || size > HEAP_MAX || memory.u64(at) !== arena) return;
    const first = Math.ceil((at === firstHeap ? arena + STATE_SIZE : at + header) / 16) * 16;
    parts.push({ from: at, to: at + size, main: false, first, top });
    at = memory.u64(at + 8);
  }
}

function readChunks(memory: Memory, { first, to: end, top }: Part, heap: GlibcHeap): void {
  for (let chunk = first; chunk + CHUNK_MIN <= end; ) {
    const size = memory.u64(chunk + 8);
    const bytes = size - (size % 8);
    if (chunk === top) {
      heap.tops.push({ from: chunk, to: Math.min(chunk + bytes, end) });
      return;
    }
    if (bytes < CHUNK_MIN || bytes % 16 !== 0 || chunk + bytes > end) return;
    if (memory.u32(chunk + bytes + 8) & 1) heap.chunks.push(chunk + 16, bytes - 8, false);
    else heap.free.push({ from: chunk, to: chunk + bytes });
    chunk += bytes;
  }
}

/** Takes what fastbins and the threads' caches hold from what is in use. */
function takeCached(memory: Memory, heap: GlibcHeap, mainArena: number): void {
  const { chunks } = heap;
  const held = new Uint8Array(chunks.length);
  const starts = (address: number) => chunks.indexOf(address) >= 0;
  /** The block to which the one at `at` leads: its link says `ahead` bytes less, and may be mangled with where it is. */
  const next = (at: number, ahead: number) => {
    const link = memory.u64(at);
    if (link === 0 || starts(link + ahead)) return link + ahead;
    const key = at / PAGE;
    const [low, high] = [memory.u32(at) ^ (key >>> 0), memory.u32(at + 4) ^ Math.floor(key / 2 ** 32)];
    return (low >>> 0) + (high >>> 0) * 2 ** 32 + ahead;
  };
  /** Takes a list: of a thread's cache, or with `ahead` 16 of a fastbin, which leads from chunk to chunk. */
  const list = (first: number, ahead = 0) => {
    for (let at = first + ahead; ; ) {
      const i = chunks.indexOf(at);
      // A list that goes round comes to one that is held.
      if (i < 0 || held[i] === 1) return;
      held[i] = 1;
      at = next(at, ahead);
    }
  };
  let arena = mainArena;
  for (let i = 0; i < ARENAS_MAX; i++) {
    for (let bin = 0; bin < FASTBIN_COUNT; bin++) {
      const first = memory.u64(arena + FASTBINS + 8 * bin);
      if (first !== 0) list(first, 16);
    }
    arena = memory.u64(arena + NEXT);
    if (arena === mainArena || !memory.has(arena)) break;
  }
  for (let chunk = 0; chunk < chunks.length; chunk++) {
    const size = chunks.size(chunk);
    if (!TCACHE_SIZES.includes(size + 8)) continue;
    const address = chunks.address(chunk);
    const wide = size + 8 === TCACHE_SIZES[0];
    const entries = address + TCACHE_BINS * (wide ? 2 : 1);
    const count = (i: number) => (wide ? memory.u16(address + 2 * i) : memory.u8(address + i));
    let whole = true;
    let any = false;
    for (let i = 0; i < TCACHE_BINS && whole; i++) {
      const first = memory.u64(entries + 8 * i);
      any ||= first !== 0;
      whole = (count(i) === 0) === (first === 0) && (first === 0 || starts(first)) && count(i) < 1000;
    }
    if (whole && any) for (let i = 0; i < TCACHE_BINS; i++) list(memory.u64(entries + 8 * i));
  }
  chunks.remove(held, (address, size) => heap.cached.push({ from: address - 16, to: address - 8 + size }));
}

/** Blocks that are mappings of their own: they begin a page, and say how many they have. */
function readMapped(
  memory: Memory,
  start: number,
  end: number,
  heap: GlibcHeap,
  taken: (address: number) => number,
): void {
  let at = start;
  memory.eachPiece(start, end, (from, to) => {
    for (at = Math.max(at, from); at < to; ) {
      const past = taken(at);
      if (past > at) {
        at = past;
        continue;
      }
      const size = memory.u64(at + 8);
      const before = memory.u64(at);
      const bytes = size - (size % 8);
      if (size % 8 === 2 && bytes >= PAGE && bytes % PAGE === 0 && before < PAGE && at + bytes <= end) {
        heap.chunks.push(at + before + 16, bytes - 16 - before, true);
        at += bytes;
      } else at += PAGE;
    }
  });
}
