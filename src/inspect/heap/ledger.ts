/**
 * What every resident byte of a process is for: parts that add up to what the kernel says is resident.
 *
 * A mapping is cut into ranges, each for one purpose; what of a range was resident the pages tell. What libc's chunks
 * hold is shared out by bytes, since a page may hold chunks of several kinds.
 */
import type { Kind } from "../blocks.ts";
import type { CPython } from "../roots/cpython.ts";
import { type Capture, type Mapping, mappingOf, PAGE, residentIn } from "../source/capture.ts";
import type { Memory } from "../source/memory.ts";
import type { Survey } from "../survey.ts";
import { type Arena, eachUsedBlock, POOL_HEADER, type Pool, type PrivateHeap } from "./arenas.ts";
import type { Chunks } from "./chunks.ts";
import type { Machine } from "./machine.ts";

/** A range of memory. */
export interface Span {
  from: number;
  to: number;
}

/** libc's heap, ours or glibc's, as far as it matters here. */
export interface HeapSpans {
  chunks: Chunks;
  /** Free chunks, headers included; those that caches and fastbins hold are not among them. */
  free: Span[];
  /** What caches and fastbins hold. */
  cached: Span[];
  /** The unused end of each arena. */
  tops: Span[];
  /** The main heap, and the heaps of threads: from their first chunk to the end of their top. */
  heaps: (Span & { main: boolean })[];
}

export interface Part {
  name: string;
  bytes: number;
}

export interface Ledger {
  /** What the kernel says is resident; what the mappings have, for a core. */
  total: number;
  parts: Part[];
  /** Whether it is mapped bytes that are counted, since what was resident is not known. */
  mapped: boolean;
  /** What malloc_trim(0) would return. */
  trimmable: number;
}

/** The kernel maps its page of zeros wherever memory was read and never written; which pages these are is not known always. */
const ZEROS = "pages of zeros, mapped and not counted as resident";
const CHUNK_HEAD = 48;
const CHUNK_MIN = 32;

/** Adds up ranges of one mapping as they are claimed, and what is left of it. */
class Claims {
  readonly parts = new Map<string, number>();
  private readonly claimed = new Map<Mapping, number>();

  constructor(private readonly mappings: readonly Mapping[]) {}

  add(name: string, bytes: number): void {
    this.parts.set(name, (this.parts.get(name) ?? 0) + bytes);
  }

  /** Claims the resident bytes from `from` to `to`. */
  claim(name: string, from: number, to: number): number {
    const mapping = mappingOf(this.mappings, from);
    if (!mapping || to <= from) return 0;
    const bytes = residentIn(mapping, from, Math.min(to, mapping.end));
    this.claimed.set(mapping, (this.claimed.get(mapping) ?? 0) + bytes);
    this.add(name, bytes);
    return bytes;
  }

  /** The resident bytes from `from` to `to`, which are claimed already. */
  residentBytes(from: number, to: number): number {
    const mapping = mappingOf(this.mappings, from);
    return mapping && to > from ? residentIn(mapping, from, Math.min(to, mapping.end)) : 0;
  }

  claimedOf(mapping: Mapping): number {
    return this.claimed.get(mapping) ?? 0;
  }
}

/** Says what kind of thing libc's chunk at an address holds. */
type Holds = (address: number) => string;

/** What a survey says of libc's chunks. */
export function surveyed(survey: Survey): Holds {
  const { blocks } = survey;
  const names: Record<Kind, string> = {
    object: "objects",
    part: "memory of objects",
    kept: "kept for reuse",
    unknown: "C",
  };
  return (address) => {
    const n = survey.inChunk(address);
    return n < 0 ? "C" : names[blocks.whats[blocks.what[n]!]!.kind];
  };
}

/** The ledger of a CPython. `pools`: gives the pools of an arena, once for each. */
export function processLedger(
  capture: Capture,
  python: CPython,
  heap: PrivateHeap,
  spans: HeapSpans,
  holds: Holds,
  pools: (arena: Arena) => Pool[] = (arena) => arena.pools,
): Ledger {
  const { mappings } = capture;
  const claims = new Claims(mappings);
  for (const arena of heap.arenas) claimArena(claims, capture.memory, heap, arena, pools(arena));
  claimHeaps(claims, spans, holds);
  const seen = new Set<number>();
  for (const thread of python.threads) claimFrames(claims, capture, python, thread, seen);
  const ledger = close(
    claims,
    mappings,
    capture.resident,
    (m, before) => nameOf(capture, python, m, before),
    capture.stopped === undefined ? "came or went while it was read" : ZEROS,
  );
  return { ...ledger, trimmable: trimmable(mappings, spans) };
}

/** The ledger of a process of ours. Our malloc has no malloc_trim. */
export function machineLedger(machine: Machine, survey: Survey, spans: HeapSpans): Ledger {
  const claims = new Claims(machine.pages);
  for (const arena of survey.heap.arenas) claimArena(claims, survey.memory, survey.heap, arena, arena.pools);
  claimHeaps(claims, spans, surveyed(survey));
  return { ...close(claims, machine.pages, machine.resident, () => "other memory"), trimmable: 0 };
}

/** Adds what no one claimed, and brings the parts to the kernel's sum. */
function close(
  claims: Claims,
  mappings: readonly Mapping[],
  resident: number | undefined,
  name: (mapping: Mapping, before: Mapping | undefined) => string,
  rest = ZEROS,
): Omit<Ledger, "trimmable"> {
  let present = 0;
  mappings.forEach((mapping, i) => {
    const bytes = residentIn(mapping, mapping.start, mapping.end);
    present += bytes;
    claims.add(name(mapping, mappings[i - 1]), bytes - claims.claimedOf(mapping));
  });
  const total = resident ?? present;
  const parts = [...claims.parts]
    .filter(([, bytes]) => bytes !== 0)
    .map(([name, bytes]) => ({ name, bytes }))
    .sort((a, b) => b.bytes - a.bytes);
  if (present !== total) parts.push({ name: rest, bytes: total - present });
  return { total, parts, mapped: resident === undefined };
}

function claimArena(claims: Claims, memory: Memory, heap: PrivateHeap, arena: Arena, pools: readonly Pool[]): void {
  let at = arena.address;
  for (const pool of pools) {
    claims.claim("pymalloc: lost to alignment", at, pool.address);
    at = pool.address + heap.poolSize;
    if (pool.used === 0) {
      claims.claim(pool.state === "uncarved" ? "pymalloc: pools never used" : "pymalloc: free pools", pool.address, at);
      continue;
    }
    claimPool(claims, memory, heap, pool);
  }
  claims.claim("pymalloc: lost to alignment", at, arena.address + arena.size);
}

/** Blocks in use, free ones, and what is neither. */
function claimPool(claims: Claims, memory: Memory, heap: PrivateHeap, pool: Pool): void {
  const past = pool.address + heap.poolSize;
  const begin = pool.address + POOL_HEADER;
  const end = begin + pool.capacity * pool.size;
  // Whole pools are resident nearly always: then it is a matter of counting.
  const resident = claims.claim("pymalloc: headers, tails of pools", pool.address, past);
  if (resident === heap.poolSize) {
    const [used, free] = [pool.used * pool.size, (pool.capacity - pool.used) * pool.size];
    claims.add("pymalloc: blocks in use", used);
    claims.add("pymalloc: free blocks in used pools", free);
    claims.add("pymalloc: headers, tails of pools", -used - free);
    return;
  }
  let used = 0;
  eachUsedBlock(memory, heap, pool, (at) => {
    used += claims.residentBytes(at, at + pool.size);
  });
  const all = claims.residentBytes(begin, end);
  claims.add("pymalloc: blocks in use", used);
  claims.add("pymalloc: free blocks in used pools", all - used);
  claims.add("pymalloc: headers, tails of pools", -all);
}

function claimHeaps(claims: Claims, spans: HeapSpans, holds: Holds): void {
  for (const { from, to, main } of spans.heaps) {
    claims.claim(main ? "malloc: headers" : "malloc, threads: headers", from, to);
  }
  const move = (main: boolean, name: string, from: number, to: number) => {
    const bytes = claims.residentBytes(from, to);
    claims.add(main ? `malloc: ${name}` : `malloc, threads: ${name}`, bytes);
    claims.add(main ? "malloc: headers" : "malloc, threads: headers", -bytes);
  };
  // In order of address.
  const { heaps } = spans;
  const heapOf = (address: number) => {
    let [low, high] = [0, heaps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (heaps[middle]!.to <= address) low = middle + 1;
      else high = middle;
    }
    const heap = heaps[low];
    return heap && address >= heap.from ? heap : undefined;
  };
  for (const { address, size, mapped } of spans.chunks) {
    if (mapped) {
      const begin = address - 16 - ((address - 16) % PAGE);
      claims.claim(`malloc, mappings of their own: ${holds(address)}`, begin, address + size);
    } else move(heapOf(address)?.main ?? true, holds(address), address - 16, address - 8 + size);
  }
  for (const { from, to } of spans.free) move(heapOf(from)?.main ?? true, "free", from, to);
  for (const { from, to } of spans.cached) move(heapOf(from)?.main ?? true, "free", from, to);
  for (const { from, to } of spans.tops) move(heapOf(from)?.main ?? true, "unused end", from, to);
}

/** The chunks in which a thread's frames lie, since 3.11. */
function claimFrames(
  claims: Claims,
  { memory, mappings }: Capture,
  { layout }: CPython,
  thread: number,
  seen: Set<number>,
): void {
  const field = layout.find("PyThreadState.datastack_chunk");
  if (field < 0) return;
  for (
    let at = memory.u64(thread + field);
    memory.has(at) && !seen.has(at) && seen.size < 100_000;
    at = memory.u64(at)
  ) {
    seen.add(at);
    const mapping = mappingOf(mappings, at);
    const size = memory.u64(at + 8);
    if (at % PAGE === 0 && mapping && at + size <= mapping.end) claims.claim("frame stacks", at, at + size);
  }
}

/** What the rest of a mapping is. */
function nameOf(
  { memory }: Capture,
  { threads, layout, statics }: CPython,
  mapping: Mapping,
  before: Mapping | undefined,
): string {
  const { path, access, start, end } = mapping;
  if (path.startsWith("/")) {
    const what = /python/.test(path.replace(/^.*\//, ""))
      ? "interpreter"
      : /\.so\b/.test(path)
        ? "libraries"
        : "other files";
    return `${what}: ${access[1] === "w" ? "data" : "file"}`;
  }
  if (path === "[heap]") return "malloc: beyond the heap";
  if (path.startsWith("[stack")) return "stacks";
  if (path !== "") return path;
  if (before && statics.some((s) => s.start === start))
    return /python/.test(before.path.replace(/^.*\//, "")) ? "interpreter: data" : "libraries: data";
  for (const thread of threads) {
    const id = memory.u64(thread + layout.at("PyThreadState.thread_id"));
    if (id >= start && id < end) return "stacks";
  }
  return "other memory";
}

/** What malloc_trim(0) would return: whole pages within free chunks, and of the main heap's end. */
function trimmable(mappings: readonly Mapping[], { free, tops, heaps }: HeapSpans): number {
  let bytes = 0;
  const add = ({ from, to }: Span) => {
    const mapping = mappingOf(mappings, from);
    if (mapping && to > from) bytes += residentIn(mapping, from, Math.min(to, mapping.end));
  };
  for (const { from, to } of free) {
    add({ from: Math.ceil((from + CHUNK_HEAD) / PAGE) * PAGE, to: to - (to % PAGE) });
  }
  for (const { from, to } of tops) {
    if (!heaps.some((h) => h.main && from >= h.from && to <= h.to)) continue;
    const extra = to - from - CHUNK_MIN - 1;
    add({ from: to - (extra - (extra % PAGE)), to });
  }
  return bytes;
}
