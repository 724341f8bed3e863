/**
 * A process's memory in a file.
 *
 *   ┌────────────┬──────────────────┬───────────┬─────────────────────┬─────────────────────────────
 *   │ "VITRHEAP" │ header's length 4│ format 4  │ header: JSON, UTF-8 │ the bytes of each run in turn
 *   └────────────┴──────────────────┴───────────┴─────────────────────┴─────────────────────────────
 *
 * The header says how long the memory is, which runs of pages of it follow (all others are zero), where the roots are,
 * and with which tables of structures it was written: a reader with other tables refuses it. An image of a real CPython
 * has "cpython" there, since its structures are what the tables describe.
 */
import { fingerprint } from "../generated/memory.ts";
import { memorySource, Reader, type Source } from "./reader.ts";
import { type ProcessRoots, readRoots } from "./roots.ts";

const MAGIC = "VITRHEAP";
const FORMAT = 1;
const PREFIX = 16;
const PAGE = 4096;

export interface ImageHeader {
  fingerprint: string;
  /** One past the last address. */
  end: number;
  /** Address and length of each run, ascending. */
  runs: [number, number][];
  /** Where the reader starts. */
  roots: ProcessRoots;
  /** The command line of the program. */
  program: string[];
}

/** Why bytes are not an image that can be read. */
export class ImageError extends Error {}

/** The memory as the bytes of an image. `program`: its command line, for people. */
export function saveImage(memory: ArrayBufferLike, program: readonly string[] = []): Uint8Array {
  const runs = usedRuns(memory);
  const reader = new Reader(memorySource(memory));
  const header: ImageHeader = {
    fingerprint,
    end: memory.byteLength,
    runs,
    roots: readRoots(reader),
    program: [...program],
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const total = runs.reduce((sum, [, length]) => sum + length, PREFIX + json.length);
  const image = new Uint8Array(total);
  const prefix = new DataView(image.buffer);
  image.set(new TextEncoder().encode(MAGIC));
  prefix.setUint32(8, json.length, true);
  prefix.setUint32(12, FORMAT, true);
  image.set(json, PREFIX);
  let at = PREFIX + json.length;
  for (const [address, length] of runs) {
    image.set(new Uint8Array(memory, address, length), at);
    at += length;
  }
  return image;
}

/** The runs of pages from `start` on that hold anything but zeros: address and length of each. */
export function usedRuns(memory: ArrayBufferLike, start = 0): [number, number][] {
  const words = new BigUint64Array(memory);
  const runs: [number, number][] = [];
  for (let page = start; page < memory.byteLength; page += PAGE) {
    let used = false;
    for (let i = page / 8, end = i + PAGE / 8; i < end; i++) {
      if (words[i] !== 0n) {
        used = true;
        break;
      }
    }
    if (!used) continue;
    const last = runs.at(-1);
    if (last && last[0] + last[1] === page) last[1] += PAGE;
    else runs.push([page, PAGE]);
  }
  return runs;
}

/** Opens an image. Throws ImageError where the bytes are not one that these tables can read. */
export function openImage(image: Uint8Array): { header: ImageHeader; source: Source } {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  if (image.length < PREFIX || new TextDecoder().decode(image.subarray(0, 8)) !== MAGIC) {
    throw new ImageError("not a heap image");
  }
  const format = view.getUint32(12, true);
  if (format !== FORMAT) throw new ImageError(`a heap image of format ${format}; this version reads format ${FORMAT}`);
  const headerEnd = PREFIX + view.getUint32(8, true);
  if (headerEnd > image.length) throw new ImageError("it ends too early");
  const header = parseHeader(image.subarray(PREFIX, headerEnd));
  if (header.fingerprint !== fingerprint && header.fingerprint !== "cpython") {
    throw new ImageError("written by a version with other structures; this one cannot read it");
  }
  const total = header.runs.reduce((sum, [, length]) => sum + length, headerEnd);
  if (total > image.length) throw new ImageError("it ends too early");
  return { header, source: runSource(header, image.subarray(headerEnd)) };
}

const isCount = (n: unknown) => Number.isSafeInteger(n) && Number(n) >= 0;
const isList = (list: unknown, ...kinds: ((item: unknown) => boolean)[]) =>
  Array.isArray(list) &&
  list.every((entry) => Array.isArray(entry) && entry.length === kinds.length && kinds.every((is, i) => is(entry[i])));
const isText = (text: unknown) => typeof text === "string";

/** Reads the header; throws ImageError where it has not the fields that a header has, or not their kinds. */
function parseHeader(bytes: Uint8Array): ImageHeader {
  let header: Partial<ImageHeader>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new ImageError("its header is damaged");
  }
  const roots: Partial<ProcessRoots> = header?.roots ?? {};
  const { arenaSize, poolSize, arenas, arenaObjects, arenasTaken, arenasHighwater, rawBlocks } = roots;
  const whole =
    isText(header?.fingerprint) &&
    isCount(header.end) &&
    isList(header.runs, isCount, isCount) &&
    header.runs!.every(([start, length], i) => {
      const [previous, before] = header.runs![i - 1] ?? [0, 0];
      return start >= previous + before && start + length <= header.end!;
    }) &&
    Array.isArray(header.program) &&
    header.program.every(isText) &&
    [arenaSize, poolSize, arenas, arenaObjects, arenasTaken, arenasHighwater, rawBlocks].every(isCount) &&
    Array.isArray(roots.generations) &&
    roots.generations.every(isCount) &&
    typeof roots.types === "object" &&
    roots.types !== null &&
    Object.values(roots.types).every(isCount) &&
    isList(roots.statics, isCount, isCount) &&
    isList(roots.parts, isCount, isText) &&
    (roots.kept === undefined || isList(roots.kept, isCount, isText));
  if (!whole) throw new ImageError("its header is damaged");
  return header as ImageHeader;
}

/** A memory of which there are only some runs. */
function runSource({ end, runs }: ImageHeader, bytes: Uint8Array): Source {
  const starts: number[] = [];
  let sum = 0;
  for (const [, length] of runs) {
    starts.push(sum);
    sum += length;
  }
  /** The last run that begins at `address` or before, -1 if none does. */
  const runAt = (address: number) => {
    let [low, high] = [0, runs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (runs[middle]![0] <= address) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  return {
    end,
    view(address, length) {
      let i = runAt(address);
      if (i >= 0 && address + length <= runs[i]![0] + runs[i]![1]) {
        return new DataView(bytes.buffer, bytes.byteOffset + starts[i]! + address - runs[i]![0], length);
      }
      const pieces = new Uint8Array(length);
      for (i = Math.max(i, 0); i < runs.length && runs[i]![0] < address + length; i++) {
        const [start, size] = runs[i]!;
        const from = Math.max(start, address);
        const to = Math.min(start + size, address + length);
        const at = starts[i]! - start;
        if (from < to) pieces.set(bytes.subarray(at + from, at + to), from - address);
      }
      return new DataView(pieces.buffer);
    },
  };
}
