/**
 * A heap image's form (image.ts), and images of processes of ours. Works without Node.
 */
import { fingerprint } from "../../generated/memory.ts";
import { type Capture, type Mapping, PAGE } from "./capture.ts";

export const MAGIC = "VITRHEAP";
export const FORMAT = 2;
export const PREFIX = 16;

/** A run of memory: its address, its bytes, and how many those are in the file where they are compressed. */
export type Run = [address: number, length: number, compressed?: number];

export interface ImageHeader {
  kind: "vitrine" | "cpython";
  fingerprint: string;
  /** One past the last address. */
  end: number;
  /** Ascending by address. */
  runs: Run[];
  /** The command line of the program. */
  program: string[];
  /** Of a CPython what was known beside its bytes; each mapping's pages as base64. */
  capture?: Omit<Capture, "memory" | "mappings" | "program"> & {
    mappings: (Omit<Mapping, "present"> & { pages?: string })[];
  };
}

/** The memory of a process of ours as the bytes of an image. `program`: its command line, for people. */
export function saveImage(memory: ArrayBufferLike, program: readonly string[] = []): Uint8Array {
  const runs = usedRuns(memory);
  const bytes = runs.map(([address, length]) => new Uint8Array(memory, address, length));
  return encode({ kind: "vitrine", fingerprint, end: memory.byteLength, runs, program: [...program] }, bytes);
}

/** The bytes of an image. */
export function encode(header: ImageHeader, pieces: readonly Uint8Array[]): Uint8Array {
  let json = new TextEncoder().encode(JSON.stringify(header));
  const pad = (8 - ((PREFIX + json.length) % 8)) % 8;
  json = new TextEncoder().encode(`${JSON.stringify(header)}${" ".repeat(pad)}`);
  const total = pieces.reduce((sum, { length }) => sum + length, PREFIX + json.length);
  const image = new Uint8Array(total);
  const prefix = new DataView(image.buffer);
  image.set(new TextEncoder().encode(MAGIC));
  prefix.setUint32(8, json.length, true);
  prefix.setUint32(12, FORMAT, true);
  image.set(json, PREFIX);
  let at = PREFIX + json.length;
  for (const piece of pieces) {
    image.set(piece, at);
    at += piece.length;
  }
  return image;
}

/** Whether the page whose words begin at an index holds zeros: several words are looked at together, which is faster. */
function isZero(words: Uint32Array, from: number): boolean {
  for (let i = from; i < from + PAGE / 4; i += 8) {
    const first = words[i]! | words[i + 1]! | words[i + 2]! | words[i + 3]!;
    if ((first | words[i + 4]! | words[i + 5]! | words[i + 6]! | words[i + 7]!) !== 0) return false;
  }
  return true;
}

/**
 * The runs of pages from `start` on that hold anything but zeros: address and length of each. `wanted`: of which pages there
 * is a need to know; the others are left out.
 */
export function usedRuns(
  memory: ArrayBufferLike,
  start = 0,
  wanted: (page: number) => boolean = () => true,
): [number, number][] {
  const words = new Uint32Array(memory);
  const runs: [number, number][] = [];
  for (let page = start; page < memory.byteLength; page += PAGE) {
    if (!wanted(page)) continue;
    if (isZero(words, page / 4)) continue;
    const last = runs.at(-1);
    if (last && last[0] + last[1] === page) last[1] += PAGE;
    else runs.push([page, PAGE]);
  }
  return runs;
}
