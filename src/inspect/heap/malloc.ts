/**
 * libc's heap as its chunks show it: those below the break, those in segments, and the large blocks that are mappings
 * of their own. Written by assembly/os/malloc.ts.
 */
import { addresses, roots } from "../../generated/memory.ts";
import { DamageError, type Memory } from "../source/memory.ts";
import { Chunks } from "./chunks.ts";
import type { HeapSpans } from "./ledger.ts";
import type { Mapping } from "./machine.ts";

export interface LibcHeap extends HeapSpans {
  usedBytes: number;
  freeChunks: number;
  freeBytes: number;
  /** The free chunk at the end of the heap. */
  topBytes: number;
}

const HEADER = 16;
const PREV_INUSE = 1;

/** Reads every chunk. Throws where one cannot be. */
export function readLibcHeap(memory: Memory, mappings: Mapping[]): LibcHeap {
  const heap: LibcHeap = {
    ...{ chunks: new Chunks(), free: [], cached: [], tops: [], heaps: [] },
    ...{ usedBytes: 0, freeChunks: 0, freeBytes: 0, topBytes: 0 },
  };
  if (memory.root(roots.os.brk) > addresses.MACHINE) {
    readPart(memory, addresses.MACHINE, memory.root(roots.os.brk), heap);
  }
  for (const mapping of mappings) {
    if (mapping.kind === "segment") readPart(memory, mapping.start, mapping.end, heap);
    if (mapping.kind !== "block") continue;
    const size = mapping.end - mapping.start - HEADER;
    heap.chunks.push(mapping.start + HEADER, size, true);
    heap.usedBytes += size;
  }
  return heap;
}

function readPart(memory: Memory, start: number, end: number, heap: LibcHeap): void {
  heap.heaps.push({ from: start, to: end, main: true });
  const top = memory.root(roots.os.top);
  const sizeOf = (chunk: number) => (memory.u32(chunk + 8) & ~15) >>> 0;
  for (let chunk = start; chunk < end; ) {
    const size = sizeOf(chunk);
    if (chunk === top) {
      heap.topBytes = size;
      heap.tops.push({ from: chunk, to: chunk + size });
      return;
    }
    // The fence that ends a part of the heap.
    if (size === HEADER) return;
    if (size < HEADER || chunk + size > end) throw new DamageError(`no chunk can be at 0x${chunk.toString(16)}`);
    if (memory.u32(chunk + size + 8) & PREV_INUSE) {
      heap.chunks.push(chunk + HEADER, size - 8, false);
      heap.usedBytes += size - 8;
    } else {
      heap.free.push({ from: chunk, to: chunk + size });
      heap.freeChunks++;
      heap.freeBytes += size;
    }
    chunk += size;
  }
}
