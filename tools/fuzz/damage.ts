// Memory that was changed at random, and all that the reader shows of it: an error of ours, or a report.

import { type Findings, inspect } from "../../src/inspect/findings.ts";
import { lookAt, statisticsOf } from "../../src/inspect/look.ts";
import { why } from "../../src/inspect/queries.ts";
import type { Capture } from "../../src/inspect/source/capture.ts";
import { ImageError } from "../../src/inspect/source/image.ts";
import { DamageError, type Memory } from "../../src/inspect/source/memory.ts";
import { PagedMemory, type PageReader } from "../../src/inspect/source/paged.ts";
import { isWanted, LookError } from "../../src/inspect/source/process.ts";
import type { Run } from "../../src/inspect/source/saved.ts";
import { diff } from "../../src/view/diff.ts";
import { flame } from "../../src/view/flame.ts";
import { heapSnapshot } from "../../src/view/heapsnapshot.ts";
import { findingsJson } from "../../src/view/json.ts";
import { arenaText, garbageText, typeText, whyText } from "../../src/view/objects.ts";
import { page } from "../../src/view/page.ts";
import { report, statisticsReport } from "../../src/view/report.ts";
import type { Part } from "./core.ts";
import type { Random } from "./random.ts";

/** What may be read: a CPython's memory, or that of a process of ours. */
export type Read = { capture: Capture } | { memory: Memory };

/** Shows everything of what `make` gives. Returns the error that says what is wrong with it; others are thrown. */
export function showAll(make: () => Read, random: Random): Error | undefined {
  try {
    const read = make();
    const found: Findings = "capture" in read ? lookAt(read.capture) : inspect(read.memory);
    // What is said besides the answer is asked for now and then: with all of it a case would take three times as long.
    if ("capture" in read && random.below(8) === 0) figuresOf(read.capture);
    report(found);
    JSON.stringify(findingsJson(found));
    if (random.below(8) === 0) page(found, { objectsMax: random.below(200) });
    if (random.below(8) === 0) flame(found);
    garbageText(found, 5);
    if (random.below(8) === 0) heapSnapshot(found.survey, () => {});
    if (random.below(8) === 0) diff(found, found);
    const { blocks, heap } = found.survey;
    for (let i = 0; i < 2 && blocks.count > 0; i++) whyText(why(found.survey, random.below(blocks.count)));
    if (heap.arenas.length > 0) arenaText(found, heap.arenas[random.below(heap.arenas.length)]!, 20);
    typeText(found, "dict", 5);
    return undefined;
  } catch (error) {
    if (error instanceof DamageError || error instanceof LookError || error instanceof ImageError) return error;
    throw error;
  }
}

/** The figures alone, read a piece at a time as of a live process. */
function figuresOf(capture: Capture): void {
  const { memory, mappings } = capture;
  const reader: PageReader = {
    mappings,
    eachRun: (_mapping, start, end, run) => run(start, end, 0),
    read: (_from, _mapping, bytes, address) => bytes.set(memory.bytes(address, bytes.length)),
  };
  const { about, pymalloc, ledger } = statisticsOf({ ...capture, memory: new PagedMemory(reader, isWanted) });
  statisticsReport({ about, pymalloc, ledger });
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

/** Words that were changed: of structures, or anywhere. */
export interface Damage {
  what: string;
  /** Puts them back. */
  undo(): void;
}

/** Changes a few words in the memory. `places`: of its structures, by what they are. */
export function damage(memory: Memory, places: ReturnType<typeof structuresOf>, random: Random): Damage {
  const kinds = Object.keys(places);
  const kind = random.below(6) === 0 ? undefined : random.pick(kinds);
  const hits = 10 ** random.below(4);
  const before: [words: Uint32Array, at: number, word: number][] = [];
  const change = (words: Uint32Array, at: number, word: number) => {
    if (at >= words.length) return;
    before.push([words, at, words[at]!]);
    words[at] = word;
  };
  for (let i = 0; i < hits; i++) {
    const anywhere = random.below(memory.size);
    let number = anywhere;
    let at = random.below(memory.words(anywhere).length);
    if (kind !== undefined) {
      const { at: all, size } = places[kind]!;
      const address = random.pick(all) + 4 * random.below(size / 4);
      number = memory.chunkOf(address);
      if (number < 0) continue;
      at = Math.floor((address - memory.base(number)) / 4);
    }
    const words = memory.words(number);
    if (at >= words.length) continue;
    const way = random.below(6);
    if (way === 0) change(words, at, random.below(2 ** 32));
    else if (way === 1) change(words, at, random.below(64));
    else if (way === 2) change(words, at, words[at]! ^ (1 << random.below(32)));
    else if (way === 3) change(words, at, random.pick(EXTREMES));
    else {
      // An address of the same memory is the meanest lie: of any place, or of the same kind of structure.
      const target =
        way === 4 || kind === undefined
          ? memory.base(anywhere) + random.below(2 ** 16) * 16
          : random.pick(places[kind]!.at);
      at -= at % 2;
      change(words, at, target % 2 ** 32);
      change(words, at + 1, Math.floor(target / 2 ** 32));
    }
  }
  return {
    what: `${hits} words of ${kind ?? "anything"}`,
    undo() {
      for (const [words, at, word] of before.reverse()) words[at] = word;
    },
  };
}

const EXTREMES = [0xffffffff, 0x7fffffff, 0x80000000];
const DIGIT_0 = 48;
const isDigit = (byte: number) => byte >= DIGIT_0 && byte < DIGIT_0 + 10;

/** The structures of an image: its beginning, its header, and each run as it is packed. */
export function partsOfImage(image: Uint8Array): Part[] {
  const end = 16 + new DataView(image.buffer, image.byteOffset).getUint32(8, true);
  const { runs } = JSON.parse(new TextDecoder().decode(image.subarray(16, end))) as { runs: Run[] };
  const parts: Part[] = [
    { name: "the beginning", from: 0, to: 16 },
    { name: "the header", from: 16, to: end },
  ];
  let at = end;
  for (const [, length, packed] of runs) {
    parts.push({ name: "a run", from: at, to: at + (packed ?? length) });
    at += packed ?? length;
  }
  return parts;
}

/** A copy of the file that is cut off, or in which bytes of a structure were changed; and what was done. */
export function damageFile(
  file: Uint8Array,
  parts: readonly Part[],
  random: Random,
): { bytes: Uint8Array; what: string } {
  // What is said of all comes first, and is asked first.
  const part = random.pick(random.chance(50) ? parts.slice(0, 3) : parts);
  const place = () => part.from + random.below(part.to - part.from);
  if (random.below(8) === 0) {
    const end = random.chance(50) ? place() : random.below(file.length);
    return { bytes: file.slice(0, end), what: `cut off at ${end}` };
  }
  const bytes = file.slice();
  const hits = 10 ** random.below(3);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < hits; i++) {
    const at = place();
    const way = random.below(6);
    // Of text a digit stays one: what is said is wrong, not how.
    if (isDigit(bytes[at]!) && way < 4) bytes[at] = DIGIT_0 + random.below(10);
    else if (way === 0) bytes[at] = random.below(256);
    else if (way === 1) bytes[at] = bytes[at]! ^ (1 << random.below(8));
    else if (way === 2) bytes.copyWithin(at, place(), Math.min(part.to, place() + 8));
    else {
      const field = at - (at % 4);
      if (field + 8 > bytes.length) continue;
      view.setUint32(field, way === 3 ? random.below(256) : random.pick([0, ...EXTREMES]), true);
      if (way === 5) view.setUint32(field + 4, random.pick([0, 0xffffffff, 0x7fff]), true);
    }
  }
  return { bytes, what: `${hits} changes of ${part.name}` };
}
