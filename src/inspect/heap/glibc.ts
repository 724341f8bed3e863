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
const LIST_MAX = 100_000;

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
  for (const { from, to } of regions) {
    for (let at = from; at + STATE_SIZE <= to; at += 16) {
      const top = memory.u64(at + TOP);
      if (top === 0 || top % 16 !== 0 || !memory.has(memory.u64(at + NEXT))) continue;
      let empty = 0;
      let whole = true;
      for (let i = 0; i < BIN_COUNT && whole; i++) {
        const bin = isBin(memory, at + BINS + 16 * i - 16);
        if (bin === "empty") empty++;
        whole = bin !== undefined;
      }
      if (whole && empty >= EMPTY_BINS_MIN) return at;
    }
  }
  return 0;
}

/** Reads every chunk. `taken`: whether an address is in an arena of Python's. */
export function readGlibc(
  memory: Memory,
  mappings: readonly Mapping[],
  mainArena: number,
  taken: (address: number) => number,
): GlibcHeap {
  const heap: GlibcHeap = { chunks: [], free: [], cached: [], tops: [], heaps: [], mainArena };
  if (mainArena !== 0) {
    readMain(memory, mappings, mainArena, heap);
    let arena = memory.u64(mainArena + NEXT);
    for (let i = 0; arena !== mainArena && memory.has(arena) && i < ARENAS_MAX; i++) {
      readThreadArena(memory, mappings, arena, heap);
      arena = memory.u64(arena + NEXT);
    }
    takeCached(memory, heap, mainArena);
  }
  readMapped(memory, mappings, heap, taken);
  heap.chunks.sort((a, b) => a.address - b.address);
  return heap;
}

function readMain(memory: Memory, mappings: readonly Mapping[], arena: number, heap: GlibcHeap): void {
  const top = memory.u64(arena + TOP);
  const mapping = mappings.find((m) => m.path === "[heap]") ?? mappingOf(mappings, top);
  if (!mapping) return;
  const end = top >= mapping.start && top < mapping.end ? top + (memory.u64(top + 8) & ~7) : mapping.end;
  heap.heaps.push({ from: mapping.start, to: Math.min(end, mapping.end), main: true });
  readChunks(memory, mapping.start, Math.min(end, mapping.end), top, heap);
}

function readThreadArena(memory: Memory, mappings: readonly Mapping[], arena: number, heap: GlibcHeap): void {
  const top = memory.u64(arena + TOP);
  const firstHeap = arena - (arena % HEAP_MAX);
  const header = arena - firstHeap;
  let at = top - (top % HEAP_MAX);
  for (let i = 0; at !== 0 && memory.has(at) && i < HEAPS_MAX; i++) {
    const size = memory.u64(at + 16);
    const mapping = mappingOf(mappings, at);
    if (!mapping || size > HEAP_MAX || memory.u64(at) !== arena) return;
    const first = Math.ceil((at === firstHeap ? arena + STATE_SIZE : at + header) / 16) * 16;
    heap.heaps.push({ from: at, to: at + size, main: false });
    readChunks(memory, first, at + size, top, heap);
    at = memory.u64(at + 8);
  }
}

function readChunks(memory: Memory, start: number, end: number, top: number, heap: GlibcHeap): void {
  for (let chunk = start; chunk + CHUNK_MIN <= end; ) {
    const size = memory.u64(chunk + 8);
    const bytes = size - (size % 8);
    if (chunk === top) {
      heap.tops.push({ from: chunk, to: Math.min(chunk + bytes, end) });
      return;
    }
    if (bytes < CHUNK_MIN || bytes % 16 !== 0 || chunk + bytes > end) return;
    if (memory.u32(chunk + bytes + 8) & 1) heap.chunks.push({ address: chunk + 16, size: bytes - 8, mapped: false });
    else heap.free.push({ from: chunk, to: chunk + bytes });
    chunk += bytes;
  }
}

/** Takes what fastbins and the threads' caches hold from what is in use. */
function takeCached(memory: Memory, heap: GlibcHeap, mainArena: number): void {
  const held = new Set<number>();
  const starts = new Set(heap.chunks.map((c) => c.address));
  /** The next of a list; its link may be mangled. */
  const next = (at: number) => {
    const link = memory.u64(at);
    if (link === 0 || starts.has(link)) return link;
    const key = at / PAGE;
    const [low, high] = [memory.u32(at) ^ (key >>> 0), memory.u32(at + 4) ^ Math.floor(key / 2 ** 32)];
    const plain = (low >>> 0) + (high >>> 0) * 2 ** 32;
    return starts.has(plain) || plain === 0 ? plain : -1;
  };
  const list = (first: number) => {
    for (let at = first, n = 0; starts.has(at) && !held.has(at) && n < LIST_MAX; n++) {
      held.add(at);
      at = next(at);
    }
  };
  let arena = mainArena;
  for (let i = 0; i < ARENAS_MAX; i++) {
    for (let bin = 0; bin < FASTBIN_COUNT; bin++) {
      const first = memory.u64(arena + FASTBINS + 8 * bin);
      if (first !== 0) fastbin(memory, first, starts, held);
    }
    arena = memory.u64(arena + NEXT);
    if (arena === mainArena || !memory.has(arena)) break;
  }
  for (const { address, size } of heap.chunks) {
    if (!TCACHE_SIZES.includes(size + 8)) continue;
    const wide = size + 8 === TCACHE_SIZES[0];
    const entries = address + TCACHE_BINS * (wide ? 2 : 1);
    const count = (i: number) => (wide ? memory.u16(address + 2 * i) : memory.u8(address + i));
    let whole = true;
    let any = false;
    for (let i = 0; i < TCACHE_BINS && whole; i++) {
      const first = memory.u64(entries + 8 * i);
      any ||= first !== 0;
      whole = (count(i) === 0) === (first === 0) && (first === 0 || starts.has(first)) && count(i) < 1000;
    }
    if (whole && any) for (let i = 0; i < TCACHE_BINS; i++) list(memory.u64(entries + 8 * i));
  }
  if (held.size === 0) return;
  heap.chunks = heap.chunks.filter(({ address, size }) => {
    if (!held.has(address)) return true;
    heap.cached.push({ from: address - 16, to: address - 8 + size });
    return false;
  });
}

/** A fastbin's list leads from chunk to chunk; links are mangled with where they are. */
function fastbin(memory: Memory, first: number, starts: Set<number>, held: Set<number>): void {
  for (let chunk = first, n = 0; starts.has(chunk + 16) && !held.has(chunk + 16) && n < LIST_MAX; n++) {
    held.add(chunk + 16);
    const link = memory.u64(chunk + 16);
    if (link === 0 || starts.has(link + 16)) {
      chunk = link;
      continue;
    }
    const key = (chunk + 16) / PAGE;
    const low = (memory.u32(chunk + 16) ^ (key >>> 0)) >>> 0;
    chunk = low + ((memory.u32(chunk + 20) ^ Math.floor(key / 2 ** 32)) >>> 0) * 2 ** 32;
  }
}

/** Blocks that are mappings of their own: they begin a page, and say how many they have. */
function readMapped(
  memory: Memory,
  mappings: readonly Mapping[],
  heap: GlibcHeap,
  taken: (address: number) => number,
): void {
  for (const { start, end, access, path } of mappings) {
    if (path !== "" || access !== "rw-p") continue;
    for (let at = start; at < end; ) {
      const past = taken(at);
      if (past > at) {
        at = past;
        continue;
      }
      const size = memory.u64(at + 8);
      const before = memory.u64(at);
      const bytes = size - (size % 8);
      if (size % 8 === 2 && bytes >= PAGE && bytes % PAGE === 0 && before < PAGE && at + bytes <= end) {
        heap.chunks.push({ address: at + before + 16, size: bytes - 16 - before, mapped: true });
        at += bytes;
      } else at += PAGE;
    }
  }
}
