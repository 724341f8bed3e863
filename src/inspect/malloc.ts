/**
 * libc's heap as its chunks show it: those below the break, those in segments, and the large blocks that are mappings
 * of their own. Written by assembly/os/malloc.ts.
 */
import { addresses, roots } from "../generated/memory.ts";
import type { Mapping } from "./machine.ts";
import { DamageError, type Reader } from "./reader.ts";

export interface Chunk {
  /** Where the program's bytes begin. */
  address: number;
  /** How many of them there are. */
  size: number;
  /** A mapping of its own. */
  mapped: boolean;
}

export interface LibcHeap {
  /** In use, ascending by address within each part. */
  chunks: Chunk[];
  usedBytes: number;
  freeChunks: number;
  freeBytes: number;
  /** The free chunk at the end of the heap. */
  topBytes: number;
}

const HEADER = 16;
const PREV_INUSE = 1;

/** Reads every chunk. Throws where one cannot be. */
export function readLibcHeap(reader: Reader, mappings: Mapping[]): LibcHeap {
  const heap: LibcHeap = { chunks: [], usedBytes: 0, freeChunks: 0, freeBytes: 0, topBytes: 0 };
  if (reader.root(roots.os.brk) > addresses.MACHINE) {
    readPart(reader, addresses.MACHINE, reader.root(roots.os.brk), heap);
  }
  for (const mapping of mappings) {
    if (mapping.kind === "segment") readPart(reader, mapping.start, mapping.end, heap);
    if (mapping.kind !== "block") continue;
    const size = mapping.end - mapping.start - HEADER;
    heap.chunks.push({ address: mapping.start + HEADER, size, mapped: true });
    heap.usedBytes += size;
  }
  return heap;
}

function readPart(reader: Reader, start: number, end: number, heap: LibcHeap): void {
  const top = reader.root(roots.os.top);
  const sizeOf = (chunk: number) => (reader.u32(chunk + 8) & ~15) >>> 0;
  for (let chunk = start; chunk < end; ) {
    const size = sizeOf(chunk);
    if (chunk === top) {
      heap.topBytes = size;
      return;
    }
    // The fence that ends a part of the heap.
    if (size === HEADER) return;
    if (size < HEADER || chunk + size > end) throw new DamageError(`no chunk can be at 0x${chunk.toString(16)}`);
    if (reader.u32(chunk + size + 8) & PREV_INUSE) {
      heap.chunks.push({ address: chunk + HEADER, size: size - 8, mapped: false });
      heap.usedBytes += size - 8;
    } else {
      heap.freeChunks++;
      heap.freeBytes += size;
    }
    chunk += size;
  }
}
