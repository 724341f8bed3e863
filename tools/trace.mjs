// Traces of an allocator's placements: read, replayed, compared.
//
// A trace is text, gzipped or plain, a line an event: `A k` and `R k`, arena k was mapped or returned; `m SLOT N WHERE`,
// `r SLOT N WHERE`, `f SLOT`, a malloc, realloc or free for a slot; WHERE is `ARENA:OFFSET`, or `L` for libc's.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** The text of the trace in `file`. */
export function readTrace(file) {
  const bytes = readFileSync(file);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("latin1");
}

/** "radix" where an offset lies beyond a classic arena, or blocks lie where a classic pool has its header. */
export function inferGeometry(trace) {
  for (const [, offset] of trace.matchAll(/^[mr] \d+ \d+ \d+:(\d+)$/gm)) {
    if (Number(offset) >= 1 << 18 || Number(offset) % 4096 < 48) return "radix";
  }
  return "classic";
}

/**
 * Replays `trace` on `heap` (of tools/heap-module.mjs). Returns the trace as that heap makes it, in the same format.
 */
export function replayTrace(trace, heap) {
  const out = [];
  const slots = new Map();
  const size = heap.arenaSize();
  // Arenas are numbered in the order in which they were mapped.
  let numbers = new Map();
  let taken = 0;
  const addresses = () => {
    const now = new Set();
    for (let i = 0; i < heap.arenaObjects(); i++) if (heap.arenaAddress(i)) now.add(heap.arenaAddress(i) >>> 0);
    return now;
  };
  const arenas = () => {
    if (heap.arenasTaken() === taken && heap.arenasMapped() === numbers.size) return;
    const now = addresses();
    const kept = new Map();
    for (const [address, k] of numbers) {
      if (now.has(address)) kept.set(address, k);
      else out.push(`R ${k}`);
    }
    for (const address of now) {
      if (kept.has(address)) continue;
      kept.set(address, taken);
      out.push(`A ${taken++}`);
    }
    numbers = kept;
  };
  const where = (p) => {
    const base = (p & -size) >>> 0;
    return numbers.has(base) ? `${numbers.get(base)}:${p - base}` : "L";
  };
  for (const line of trace.split("\n")) {
    const [what, slot, n] = line.split(" ");
    if (what === "m" || what === "r") {
      const p = (what === "m" ? heap.PyObject_Malloc(+n) : heap.PyObject_Realloc(slots.get(slot), +n)) >>> 0;
      slots.set(slot, p);
      arenas();
      out.push(`${what} ${slot} ${n} ${where(p)}`);
    } else if (what === "f") {
      // A trace has the line of a free before what the free brings about.
      out.push(line);
      heap.PyObject_Free(slots.get(slot));
      slots.delete(slot);
      arenas();
    }
  }
  return out;
}

/** The requests of `trace` as bytes for the module's `replay`, 12 an event, and the number of slots that they use. */
export function eventsOf(trace) {
  const words = [];
  let slots = 0;
  for (const [, what, slot, n] of trace.matchAll(/^([mrf]) (\d+)(?: (\d+))?/gm)) {
    words.push("mrf".indexOf(what), Number(slot), Number(n ?? 0));
    slots = Math.max(slots, Number(slot) + 1);
  }
  return { bytes: new Uint8Array(Uint32Array.from(words).buffer), slots };
}
