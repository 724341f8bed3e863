/**
 * The events of the log of the heap (spec/layouts/heaplog.txt), as lines of JSON and as rows of a table.
 */
import { CollectionReason, HeapEvent } from "../generated/constants.ts";
import * as structs from "../generated/structs.ts";

const E = structs.heapevent;
const SIZE = E.SIZE[0];
const UNKNOWN = 0xffffffff;

/** An event, by what its fields are called in the layout. */
export class Event {
  at = 0;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u32(field: readonly [number, string]): number {
    return this.view.getUint32(this.at + field[0], true);
  }

  f64(field: readonly [number, string]): number {
    return this.view.getFloat64(this.at + field[0], true);
  }

  u64(field: readonly [number, string]): number {
    return this.view.getUint32(this.at + field[0], true) + this.view.getUint32(this.at + field[0] + 4, true) * 2 ** 32;
  }
}

/** Calls `use` with each event in turn; it is the same object. */
export function forEachEvent(bytes: Uint8Array, use: (event: Event) => void): void {
  const event = new Event(bytes);
  for (; event.at + SIZE <= bytes.length; event.at += SIZE) use(event);
}

const KINDS = {
  [HeapEvent.START]: "start",
  [HeapEvent.ARENA_TAKEN]: "arena taken",
  [HeapEvent.ARENA_RETURNED]: "arena returned",
  [HeapEvent.COLLECTION]: "collection",
  [HeapEvent.END]: "end",
};
const REASONS = {
  [CollectionReason.THRESHOLD]: "threshold",
  [CollectionReason.EXPLICIT]: "explicit",
  [CollectionReason.SHUTDOWN]: "shutdown",
};

/** Microseconds are as fine as the clock. */
const seconds = (t: number) => Math.round(t * 1e6) / 1e6;

/** The event as a line of JSON. */
export function eventLine(e: Event): string {
  const kind = e.u32(E.kind) as HeapEvent;
  let line = `{"event":"${KINDS[kind]}","time":${seconds(e.f64(E.time))}`;
  if (kind === HeapEvent.COLLECTION) {
    line +=
      `,"reason":"${REASONS[e.u32(E.reason) as CollectionReason]}","generation":${e.u32(E.generation)}` +
      `,"duration":${seconds(e.f64(E.duration))},"examined":${e.u32(E.examined)},"unreachable":${e.u32(E.unreachable)}` +
      `,"freed":${e.u32(E.freed)},"resurrected":${e.u32(E.resurrected)},"uncollectable":${e.u32(E.uncollectable)}` +
      `,"moved":${e.u32(E.moved)},"arenasTaken":${e.u32(E.arenas_taken)},"arenasReturned":${e.u32(E.arenas_returned)}` +
      `,"bytesReturnedDuring":${e.u64(E.returned_during)}`;
  } else if (kind === HeapEvent.START) {
    line += `,"arenaSize":${e.u32(E.address)},"arenasTaken":${e.u32(E.arenas_taken)},"arenasReturned":${e.u32(E.arenas_returned)}`;
  } else if (kind !== HeapEvent.END) {
    line += `,"address":${e.u32(E.address)},"collecting":${e.u32(E.collecting) !== 0}`;
  }
  line +=
    `,"bytesReturned":${e.u64(E.returned)},"mapped":${e.u32(E.mapped)},"resident":${e.u32(E.resident)}` +
    `,"arenas":${e.u32(E.arenas)},"chunks":${e.u32(E.chunks)},"large":${e.u32(E.large)}`;
  if (e.u32(E.pools) !== UNKNOWN) line += `,"pools":${e.u32(E.pools)},"blocks":${e.u32(E.blocks)}`;
  return `${line}}\n`;
}

const COLUMNS = [12, 16, 4, 10, 10, 12, 9, 9, 9, 8, 10, 10];
const row = (cells: readonly (string | number)[]) =>
  `${cells.map((cell, i) => String(cell).padStart(COLUMNS[i]!)).join("")}\n`;

/** What stands above the rows. */
export const tableHead = row([
  "seconds",
  "event",
  "gen",
  "reason",
  "examined",
  "unreachable",
  "freed",
  "back",
  "moved",
  "ms",
  "mapped K",
  "arenas",
]);

/** The event as a row of the table. */
export function eventRow(e: Event): string {
  const kind = e.u32(E.kind) as HeapEvent;
  const collection = kind === HeapEvent.COLLECTION;
  const cells = collection
    ? [
        e.u32(E.generation),
        REASONS[e.u32(E.reason) as CollectionReason],
        ...[E.examined, E.unreachable, E.freed, E.resurrected, E.moved].map((field) => e.u32(field)),
        (e.f64(E.duration) * 1000).toFixed(2),
      ]
    : ["", "", "", "", "", "", "", ""];
  return row([e.f64(E.time).toFixed(6), KINDS[kind], ...cells, e.u32(E.mapped) >> 10, e.u32(E.arenas)]);
}
