// Traces of an allocator's placements: read, replayed, compared.
//
// A trace is text, gzipped or plain, a line an event: `A k` and `R k`, arena k was mapped or returned; `m SLOT N WHERE`,
// `r SLOT N WHERE`, `f SLOT`, a malloc, realloc or free for a slot; WHERE is `ARENA:OFFSET`, or `L` for libc's.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { heap as sizes } from "../../src/generated/constants.ts";
import type { Heap } from "./heap-module.ts";

const { CLASSIC_ARENA_SIZE, CLASSIC_POOL_SIZE, POOL_OVERHEAD, RADIX_POOL_SIZE } = sizes;

/** Why a file is not a trace. */
export class TraceError extends Error {}

/** The text of the trace in `file`. Throws TraceError where that is not one, and what reading the file throws. */
export function readTrace(file: string): string {
  const bytes = readFileSync(file);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("latin1");
  return checkTrace(text.replaceAll("\r\n", "\n"));
}

const EVENT = /^(?:[AR] \d{1,9}|f \d{1,9}|[mr] \d{1,9} (\d{1,10}) (?:\d{1,9}:\d{1,9}|L))$/;
// The longest request that an address of the machine can express.
const SIZE_MAX = 0xffffffff;

/** Returns `trace` if each of its lines is an event that can follow those before; throws TraceError if not. */
export function checkTrace(trace: string): string {
  const live = new Set<string>();
  let number = 0;
  let events = 0;
  for (const line of trace.split("\n")) {
    number++;
    if (line === "") continue;
    const event = EVENT.exec(line);
    if (!event) throw new TraceError(`line ${number} is not an event: ${JSON.stringify(line.slice(0, 40))}`);
    if (Number(event[1] ?? 0) > SIZE_MAX) throw new TraceError(`line ${number} asks for too much`);
    const [what, slot] = line.split(" ", 2) as [string, string];
    if (what === "m" && live.has(slot)) throw new TraceError(`line ${number}: slot ${slot} holds a block already`);
    if ((what === "f" || what === "r") && !live.has(slot))
      throw new TraceError(`line ${number}: slot ${slot} holds no block`);
    if (what === "m") live.add(slot);
    if (what === "f") live.delete(slot);
    events++;
  }
  if (events === 0) throw new TraceError("it holds no events");
  return trace;
}

/**
 * The geometry of the heap that `trace` was recorded on: "radix" where an offset lies beyond a classic arena, a block
 * where a classic pool has its header or its end, or the first arena's second pool is not a classic one's.
 */
export function inferGeometry(trace: string): "classic" | "radix" {
  let next = Number.POSITIVE_INFINITY;
  for (const [, n, arena, at] of trace.matchAll(/^[mr] \d+ (\d+) (\d+):(\d+)$/gm)) {
    const [size, offset] = [(Number(n) + 15) & ~15, Number(at)];
    const inPool = offset % CLASSIC_POOL_SIZE;
    if (offset >= CLASSIC_ARENA_SIZE || inPool < POOL_OVERHEAD || inPool + size > CLASSIC_POOL_SIZE) return "radix";
    if (arena === "0" && offset > CLASSIC_POOL_SIZE) next = Math.min(next, offset);
  }
  return next !== Number.POSITIVE_INFINITY && next > RADIX_POOL_SIZE ? "radix" : "classic";
}

/**
 * Replays `trace` on `heap` (of tools/heap/heap-module.ts). Returns the trace as that heap makes it, in the same format.
 */
export function replayTrace(trace: string, heap: Heap): string[] {
  const out: string[] = [];
  const slots = new Map<string, number>();
  const size = heap.arenaSize!();
  // Arenas are numbered in the order in which they were mapped.
  let numbers = new Map<number, number>();
  let taken = 0;
  const addresses = () => {
    const now = new Set<number>();
    for (let i = 0; i < heap.arenaObjects!(); i++) if (heap.arenaAddress!(i)) now.add(heap.arenaAddress!(i) >>> 0);
    return now;
  };
  const arenas = () => {
    if (heap.arenasTaken!() === taken && heap.arenasMapped!() === numbers.size) return;
    const now = addresses();
    const kept = new Map<number, number>();
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
  const where = (p: number) => {
    const base = (p & -size) >>> 0;
    if (p === 0) return "no memory";
    return numbers.has(base) ? `${numbers.get(base)}:${p - base}` : "L";
  };
  for (const line of trace.split("\n")) {
    const [what, slot, n] = line.split(" ") as [string, string, string];
    if (what === "m" || what === "r") {
      const p = (what === "m" ? heap.PyObject_Malloc!(+n) : heap.PyObject_Realloc!(slots.get(slot)!, +n)) >>> 0;
      slots.set(slot, p);
      arenas();
      out.push(`${what} ${slot} ${n} ${where(p)}`);
    } else if (what === "f") {
      // A trace has the line of a free before what the free brings about.
      out.push(line);
      heap.PyObject_Free!(slots.get(slot)!);
      slots.delete(slot);
      arenas();
    }
  }
  return out;
}

/** The requests of `trace` as bytes for the module's `replay`, 12 an event, and the number of slots that they use. */
export function eventsOf(trace: string): { bytes: Uint8Array; slots: number } {
  const words: number[] = [];
  let slots = 0;
  for (const [, what, slot, n] of trace.matchAll(/^([mrf]) (\d+)(?: (\d+))?/gm)) {
    words.push("mrf".indexOf(what!), Number(slot), Number(n ?? 0));
    slots = Math.max(slots, Number(slot) + 1);
  }
  return { bytes: new Uint8Array(Uint32Array.from(words).buffer), slots };
}
