/**
 * Where blocks were allocated, as far as tracemalloc was on: of a process of ours, whose tables stand where
 * assembly/memory/trace puts them, and of a CPython, whose table is found by what it looks like.
 *
 *   CPython's table, since 3.9   entries 8 │ buckets 8 │ first bucket 8 │ …      up to 3.8 the first two are swapped
 *   its entry                    next 8 │ hash 8 │ address 8 │ trace 8           up to 3.8 the trace lies in the entry
 *   trace                        size 8 │ traceback 8
 *   traceback                    hash 8 │ frames 2 (4 up to 3.8) │ … │ at 12: file name 8 │ line 4 │ file name …
 */
import { roots as fixed, structs } from "../generated/memory.ts";
import type { Layout } from "../layouts/layout.ts";
import type { Blocks } from "./blocks.ts";
import { textOf } from "./objects/describe.ts";
import type { Types } from "./objects/types.ts";
import type { Region } from "./roots/roots.ts";
import type { Memory } from "./source/memory.ts";

/** A line of a program: the file, the number. */
export type Frame = readonly [file: string, line: number];

const FRAMES_MAX = 1000;
const FRAMES_FREE = 64;
const FRAME = 12;
const FRAMES = 12;
const BUCKETS_MIN = 16;
const BUCKETS_MAX = 2 ** 31;
const CHAIN_MAX = 1000;
const SAMPLES = 200;
/**
 * In so many buckets, one here and one there, a table has so many entries: a tenth of its size at least. Entries of
 * neighbouring blocks are in neighbouring buckets.
 */
const SAMPLED_BUCKETS = 100 * SAMPLES;
const SCATTER = 0x9e3779b1;
const TRIED_MAX = 10_000;
const FILE_MAX = 4096;
const UNKNOWN = "<unknown>";

export class Traces {
  /** For each block the number of its traceback, 0 where there is none. */
  readonly of: Int32Array;
  /** The tracebacks by number, the innermost frame first; the first stands for none. */
  readonly tracebacks: Frame[][] = [[]];
  private readonly numbers = new Map<number, number>();

  constructor(count: number) {
    this.of = new Int32Array(count);
  }

  /** Notes the traceback at `address` for block `n`; `read` gives its frames. */
  add(n: number, address: number, read: (address: number) => Frame[]): void {
    let number = this.numbers.get(address);
    if (number === undefined) {
      number = this.tracebacks.length;
      this.tracebacks.push(read(address));
      this.numbers.set(address, number);
    }
    this.of[n] = number;
  }
}

/** Where the blocks of a process of ours were allocated; undefined where it was not traced. */
export function ourTraces(memory: Memory, types: Types, blocks: Blocks): Traces | undefined {
  const regions = memory.root(fixed.memory.trace_regions);
  if (regions === 0) return undefined;
  const { traceback_t: T, frame_t: F, block_trace: B } = structs;
  const traces = new Traces(blocks.count);
  const read = (address: number): Frame[] =>
    Array.from(
      { length: framesIn(blocks, address, T.frames[0], F.SIZE[0], memory.get(address, T.nframe)) },
      (_, i): Frame => {
        const frame = address + T.frames[0] + i * F.SIZE[0];
        return [textOf(memory, types, memory.get(frame, F.filename), FILE_MAX) || UNKNOWN, memory.get(frame, F.lineno)];
      },
    );
  for (let n = 0; n < blocks.count; n++) {
    const address = blocks.address(n);
    const table = memory.u32(regions + (address >>> 16) * 4);
    if (table === 0) continue;
    const traceback = memory.get(table + ((address >>> 4) & 0xfff) * B.SIZE[0], B.traceback);
    if (traceback !== 0) traces.add(n, traceback, read);
  }
  return traces;
}

/** `length`, or how many frames fit into the block of a traceback; where no block is known, it may have a few. */
function framesIn(blocks: Blocks, traceback: number, first: number, size: number, length: number): number {
  const n = blocks.around(traceback);
  const room = n < 0 ? FRAMES_FREE * size : blocks.address(n) + blocks.room[n]! - traceback - first;
  return Math.max(0, Math.min(length, FRAMES_MAX, Math.floor(room / size)));
}

/** A table of CPython's. */
interface Table {
  buckets: number;
  count: number;
  entries: number;
}

/** Where the blocks of a CPython were allocated; undefined where it was not traced. Its tables become parts. */
export function cpythonTraces(
  memory: Memory,
  layout: Layout,
  types: Types,
  blocks: Blocks,
  regions: readonly Region[],
): Traces | undefined {
  const reader = new Reader(memory, layout, types, blocks);
  const tried = new Set<number>();
  for (const { from, to } of regions) {
    let found: Table | undefined;
    memory.eachAddress(from, to, (word) => {
      const table = found || tried.size === TRIED_MAX || tried.has(word) ? undefined : reader.tableAt(word);
      if (!table) return;
      tried.add(word);
      if (reader.isOfTraces(table)) found = table;
    });
    if (found) return reader.read(found);
  }
  return undefined;
}

class Reader {
  private readonly old: boolean;
  /** Names are few, and asked for again and again. */
  private readonly names = new Map<number, string>();

  constructor(
    private readonly memory: Memory,
    layout: Layout,
    private readonly types: Types,
    private readonly blocks: Blocks,
  ) {
    this.old = !layout.since(9);
  }

  tableAt(address: number): Table | undefined {
    const { memory } = this;
    if ((address & 15) !== 0 || address < 65536 || !memory.has(address)) return undefined;
    const count = memory.u64(this.old ? address : address + 8);
    if (count < BUCKETS_MIN || count > BUCKETS_MAX) return undefined;
    const entries = memory.u64(this.old ? address + 8 : address);
    const buckets = memory.u64(address + 16);
    if (entries < 1 || (count & (count - 1)) !== 0) return undefined;
    if (entries > count || !this.hasRoom(buckets, count * 8)) return undefined;
    if (this.old && (memory.u64(address + 24) !== 8 || memory.u64(address + 32) !== 16)) return undefined;
    return { buckets, count, entries };
  }

  /** Whether there are so many bytes: in the block that `address` is in, where one is known. */
  private hasRoom(address: number, bytes: number): boolean {
    const n = this.blocks.around(address);
    if (n < 0) return this.memory.bytesFrom(address, bytes) === bytes;
    return address + bytes <= this.blocks.address(n) + this.blocks.room[n]!;
  }

  /** Calls `found` with the entries, until it returns false; or with those of some buckets all over the table. */
  private each({ buckets, count }: Table, found: (entry: number) => boolean, some = count): void {
    const { memory } = this;
    for (let i = 0; i < Math.min(count, some); i++) {
      // The size is a power of two: an odd factor leads to each bucket once.
      const bucket = some < count ? Math.imul(i, SCATTER) & (count - 1) : i;
      let entry = memory.u64(buckets + 8 * bucket);
      for (let n = 0; entry !== 0 && memory.has(entry) && n < CHAIN_MAX; n++) {
        if (!found(entry)) return;
        entry = memory.u64(entry);
      }
    }
  }

  private traceback(entry: number): number {
    return this.memory.u64((this.old ? entry + 24 : this.memory.u64(entry + 24)) + 8);
  }

  private length(traceback: number): number {
    const { memory } = this;
    return this.old ? memory.u32(traceback + 8) : memory.u16(traceback + 8);
  }

  /** Whether the first entries are traces: of blocks, with tracebacks whose frames have names of files. */
  isOfTraces(table: Table): boolean {
    let [seen, right] = [0, 0];
    const sample = (entry: number) => {
      seen++;
      const traceback = this.traceback(entry);
      const length = this.memory.has(traceback) ? this.length(traceback) : 0;
      if (length > 0 && length < 65536 && this.name(this.memory.u64(traceback + FRAMES)) !== "") right++;
      return seen < SAMPLES;
    };
    this.each(table, sample, SAMPLED_BUCKETS);
    return right > 0 && right >= seen * 0.9;
  }

  private name(address: number): string {
    let name = this.names.get(address);
    if (name === undefined) this.names.set(address, (name = textOf(this.memory, this.types, address, FILE_MAX)));
    return name;
  }

  read(table: Table): Traces {
    const { memory, blocks } = this;
    const traces = new Traces(blocks.count);
    const part = blocks.named("part", "tracemalloc traces").index;
    const mark = (address: number) => {
      const n = blocks.at(address);
      if (n >= 0 && blocks.what[n] === blocks.unknown) blocks.what[n] = part;
    };
    const frames = (traceback: number): Frame[] => {
      mark(traceback);
      const length = framesIn(blocks, traceback, FRAMES, FRAME, this.length(traceback));
      return Array.from({ length }, (_, i): Frame => {
        const frame = traceback + FRAMES + i * FRAME;
        return [this.name(memory.u64(frame)) || UNKNOWN, memory.u32(frame + 8)];
      });
    };
    mark(table.buckets);
    let left = table.entries;
    this.each(table, (entry) => {
      mark(entry);
      if (!this.old) mark(memory.u64(entry + 24));
      const n = blocks.at(memory.u64(entry + 16));
      const traceback = this.traceback(entry);
      if (n >= 0 && memory.has(traceback)) traces.add(n, traceback, frames);
      return --left > 0;
    });
    return traces;
  }
}

/** What was allocated at a place, a line or a whole traceback. */
export interface Site {
  frames: readonly Frame[];
  bytes: number;
  count: number;
}

/** What blocks were allocated where, the most bytes first: by the innermost line, or by the whole traceback. */
export function sites(traces: Traces | undefined, blocks: Blocks, whole = false): Site[] {
  if (!traces) return [];
  const { of, tracebacks } = traces;
  const found = new Map<string, Site>();
  const byNumber = tracebacks.map((frames, i): Site | undefined => {
    if (i === 0) return undefined;
    const kept = whole ? frames : frames.slice(0, 1);
    const key = siteKey(kept);
    let site = found.get(key);
    if (!site) found.set(key, (site = { frames: kept, bytes: 0, count: 0 }));
    return site;
  });
  for (let n = 0; n < blocks.count; n++) {
    const site = byNumber[of[n]!];
    if (!site) continue;
    site.bytes += blocks.room[n]!;
    site.count++;
  }
  return [...found.values()].filter((s) => s.count > 0).sort((a, b) => b.bytes - a.bytes);
}

/** Places that are equal have equal keys. */
export const siteKey = (frames: readonly Frame[]): string => frames.map(([file, line]) => `${file}:${line}`).join("\n");
