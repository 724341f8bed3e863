// Memory that was changed at random, and all that the reader shows of it: an error of ours, or a report.

import { type Findings, inspect } from "../../src/inspect/findings.ts";
import { lookAt } from "../../src/inspect/look.ts";
import { why } from "../../src/inspect/queries.ts";
import type { Capture } from "../../src/inspect/source/capture.ts";
import { ImageError } from "../../src/inspect/source/image.ts";
import { DamageError, Memory } from "../../src/inspect/source/memory.ts";
import { LookError } from "../../src/inspect/source/process.ts";
import { diff } from "../../src/view/diff.ts";
import { flame } from "../../src/view/flame.ts";
import { heapSnapshot } from "../../src/view/heapsnapshot.ts";
import { findingsJson } from "../../src/view/json.ts";
import { arenaText, garbageText, typeText, whyText } from "../../src/view/objects.ts";
import { page } from "../../src/view/page.ts";
import { report } from "../../src/view/report.ts";
import type { Random } from "./random.ts";

/** What may be read: a CPython's memory, or that of a process of ours. */
export type Read = { capture: Capture } | { memory: Memory };

/** Shows everything of what `make` gives. Returns the error that says what is wrong with it; others are thrown. */
export function showAll(make: () => Read, random: Random): Error | undefined {
  try {
    const read = make();
    const found: Findings = "capture" in read ? lookAt(read.capture) : inspect(read.memory);
    report(found);
    JSON.stringify(findingsJson(found));
    page(found);
    garbageText(found, 5);
    flame(found);
    if (random.below(8) === 0) heapSnapshot(found.survey, () => {});
    if (random.below(8) === 0) diff(found, found);
    const { blocks, heap } = found.survey;
    for (let i = 0; i < 5 && blocks.count > 0; i++) whyText(why(found.survey, random.below(blocks.count)));
    if (heap.arenas.length > 0) arenaText(found, heap.arenas[random.below(heap.arenas.length)]!, 20);
    typeText(found, "dict", 5);
    return undefined;
  } catch (error) {
    if (error instanceof DamageError || error instanceof LookError || error instanceof ImageError) return error;
    throw error;
  }
}

/** A copy of the memory, and its chunks, in which may be written. */
export function copyOf(memory: Memory): { memory: Memory; chunks: Uint32Array[] } {
  const copy = new Memory();
  const chunks: Uint32Array[] = [];
  for (let i = 0; i < memory.size; i++) {
    const words = memory.words(i).slice();
    chunks.push(words);
    copy.add(memory.base(i), words);
  }
  copy.end = Math.max(copy.end, memory.end);
  return { memory: copy, chunks };
}

/** Where the structures of a process are, by what they are. */
export function structuresOf(found: Findings): Record<string, { at: number[]; size: number }> {
  const { survey } = found;
  const { blocks, heap, roots, libc } = survey;
  const some = <T>(all: readonly T[], n: number) => all.filter((_, i) => i % Math.ceil(all.length / n) === 0);
  const numbers = Array.from({ length: blocks.count }, (_, n) => n);
  const objects = (core: string) =>
    some(
      numbers.filter((n) => blocks.type(n)?.core === core),
      500,
    ).map((n) => blocks.object(n));
  const parts = (name: string) =>
    some(
      numbers.filter((n) => blocks.whats[blocks.what[n]!]!.name === name),
      500,
    ).map((n) => blocks.address(n));
  const structures: Record<string, { at: number[]; size: number }> = {
    "arena table": { at: heap.arenas.map((a) => a.entry), size: 48 },
    pools: { at: heap.arenas.flatMap((a) => a.pools.map((p) => p.address)), size: 48 },
    types: { at: [...survey.types.found()].map((t) => t.address), size: 416 },
    "the collector's links": {
      at: some(numbers, 2000).flatMap((n) => (survey.ages[n] ? [blocks.object(n) - 16] : [])),
      size: 16,
    },
    heads: { at: [...roots.generations, ...roots.modules, ...roots.named.map(([a]) => a)], size: 48 },
    threads: { at: roots.threads, size: 400 },
    regions: { at: roots.regions.map((r) => r.from), size: 4096 },
    "chunks of libc": { at: some([...(libc?.chunks ?? [])], 2000).map((c) => c.address - 16), size: 16 },
    "free chunks": { at: (libc?.free ?? []).map((f) => f.from), size: 32 },
    blocks: { at: some(numbers, 5000).map((n) => blocks.address(n)), size: 32 },
  };
  for (const name of ["dict", "list", "tuple", "set", "str", "int", "code", "frame", "generator", "module", "function"])
    structures[name] = { at: objects(name), size: 96 };
  for (const name of ["collections.deque", "collections.OrderedDict"])
    structures[name] = { at: objects(name), size: 96 };
  for (const name of ["dict keys", "dict values", "list items", "set table", "deque block", "tracemalloc traces"])
    structures[name] = { at: parts(name), size: 64 };
  return Object.fromEntries(Object.entries(structures).filter(([, { at }]) => at.length > 0));
}

/** Changes a few words: of structures, or anywhere. `places`: of the memory's structures, by what they are. */
export function damage(
  memory: Memory,
  chunks: readonly Uint32Array[],
  places: ReturnType<typeof structuresOf>,
  random: Random,
): string {
  const kinds = Object.keys(places);
  const kind = random.below(6) === 0 ? undefined : kinds[random.below(kinds.length)]!;
  const hits = 10 ** random.below(4);
  for (let i = 0; i < hits; i++) {
    const anywhere = random.below(chunks.length);
    let number = anywhere;
    let at = random.below(chunks[anywhere]!.length);
    if (kind !== undefined) {
      const { at: all, size } = places[kind]!;
      const address = all[random.below(all.length)]! + 4 * random.below(size / 4);
      number = memory.chunkOf(address);
      if (number < 0) continue;
      at = Math.floor((address - memory.base(number)) / 4);
    }
    const words = chunks[number]!;
    if (at >= words.length) continue;
    const way = random.below(6);
    if (way === 0) words[at] = random.below(2 ** 32);
    else if (way === 1) words[at] = random.below(64);
    else if (way === 2) words[at] = words[at]! ^ (1 << random.below(32));
    else if (way === 3) words[at] = [0xffffffff, 0x7fffffff, 0x80000000][random.below(3)]!;
    else {
      // An address of the same memory is the meanest lie: of any place, or of the same kind of structure.
      const target =
        way === 4 || kind === undefined
          ? memory.base(anywhere) + random.below(2 ** 16) * 16
          : places[kind]!.at[random.below(places[kind]!.at.length)]!;
      at -= at % 2;
      words[at] = target % 2 ** 32;
      if (at + 1 < words.length) words[at + 1] = Math.floor(target / 2 ** 32);
    }
  }
  return `${hits} words of ${kind ?? "anything"}`;
}

/** Bytes of a file that were changed, or its end cut off. */
export function damageFile(file: Uint8Array, headerEnd: number, random: Random): Uint8Array {
  const bytes = file.slice(0, random.below(3) === 0 ? random.below(file.length) : file.length);
  const within = Math.max(1, random.below(2) ? Math.min(headerEnd, bytes.length) : bytes.length);
  for (let i = 1 + random.below(20); i > 0 && bytes.length > 0; i--) bytes[random.below(within)] = random.below(256);
  return bytes;
}

/** An ELF core with the mappings of a capture: a segment each, and the names of files in a note. */
export function coreOf({ memory, mappings }: Capture): Uint8Array {
  const kept = mappings.filter((m) => m.access.startsWith("rw") || (m.access[0] === "r" && m.path.startsWith("/")));
  const named = kept.filter((m) => m.path.startsWith("/"));
  const names = new TextEncoder().encode(named.map((m) => `${m.path}\0`).join(""));
  const noteSize = 16 + named.length * 24 + names.length;
  const note = new Uint8Array(20 + Math.ceil(noteSize / 4) * 4);
  const view = new DataView(note.buffer);
  const u64 = (at: DataView, offset: number, n: number) => {
    at.setUint32(offset, n % 2 ** 32, true);
    at.setUint32(offset + 4, Math.floor(n / 2 ** 32), true);
  };
  [5, noteSize, 0x46494c45].forEach((n, i) => view.setUint32(4 * i, n, true));
  note.set(new TextEncoder().encode("CORE"), 12);
  u64(view, 20, named.length);
  u64(view, 28, 4096);
  named.forEach((m, i) => [m.start, m.end, m.offset / 4096].forEach((n, k) => u64(view, 36 + 24 * i + 8 * k, n)));
  note.set(names, 36 + 24 * named.length);
  const heads = 64 + 56 * (kept.length + 1);
  const total = kept.reduce((sum, m) => sum + m.end - m.start, Math.ceil((heads + note.length) / 4096) * 4096);
  const core = new Uint8Array(total);
  const head = new DataView(core.buffer);
  core.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  head.setUint16(16, 4, true);
  head.setUint16(18, 62, true);
  u64(head, 32, 64);
  head.setUint16(54, 56, true);
  head.setUint16(56, kept.length + 1, true);
  const segment = (i: number, kind: number, flags: number, offset: number, start: number, size: number) => {
    const at = 64 + 56 * i;
    head.setUint32(at, kind, true);
    head.setUint32(at + 4, flags, true);
    [offset, start, 0, size, size].forEach((n, k) => u64(head, at + 8 + 8 * k, n));
  };
  segment(0, 4, 0, heads, 0, note.length);
  core.set(note, heads);
  let at = Math.ceil((heads + note.length) / 4096) * 4096;
  kept.forEach((m, i) => {
    segment(i + 1, 1, 4 + (m.access[1] === "w" ? 2 : 0), at, m.start, m.end - m.start);
    core.set(memory.bytes(m.start, m.end - m.start), at);
    at += m.end - m.start;
  });
  return core;
}
