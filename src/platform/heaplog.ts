/**
 * The log of the heap in a file, lines of JSON, or as a table on standard error. Any thread may write: what it writes stands
 * in the events alone.
 */
import { openSync, writeSync } from "node:fs";
import { eventLine, eventRow, forEachEvent, tableHead } from "../kernel/heaplog.ts";
import type { HeapLogService } from "../kernel/services.ts";

/** A log that cannot be written. */
export class LogError extends Error {}

export interface LogFile {
  descriptor: number;
  table: boolean;
}

/** Opens the log of this name, "-" for the table. Throws LogError. */
export function openHeapLog(name: string): HeapLogService & { file: LogFile } {
  try {
    const file = name === "-" ? { descriptor: 2, table: true } : { descriptor: openSync(name, "w"), table: false };
    if (file.table) writeAll(2, tableHead);
    return { file, ...heapLog(file) };
  } catch (error) {
    throw new LogError((error as Error).message);
  }
}

/** The log in a file that is open. A log that can no longer be written ends, and the program goes on. */
export function heapLog({ descriptor, table }: LogFile): HeapLogService {
  let broken = false;
  return {
    clock: () => (performance.timeOrigin + performance.now()) / 1000,
    write(events) {
      if (broken) return;
      let text = "";
      forEachEvent(events, (event) => {
        text += table ? eventRow(event) : eventLine(event);
      });
      try {
        writeAll(descriptor, text);
      } catch {
        broken = true;
      }
    },
  };
}

/** Writes a text to its end. */
export function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
