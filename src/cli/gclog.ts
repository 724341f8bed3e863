/** The log of the heap that `vitrine --gc-log FILE` has written, as `vitrine heap` shows it. */
import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { writeAll } from "../platform/heaplog.ts";
import { courseHtml } from "../view/heapcourse.ts";
import { Course, type LogEvent, parseEvent, traceEnd, traceEvents, traceHead } from "../view/heaplog.ts";

const CHUNK = 1 << 20;
/** Steps of the drawing. */
const STEPS = 900;

/** Calls `use` with each event of a log, whatever its size is. Throws LogDamage, or what the system says. */
export function forEachEvent(name: string, use: (event: LogEvent) => void): void {
  const file = openSync(name, "r");
  try {
    const decoder = new StringDecoder("utf8");
    const chunk = Buffer.alloc(CHUNK);
    let rest = "";
    let line = 0;
    const take = (text: string) => {
      const event = parseEvent(text, ++line);
      if (event !== undefined) use(event);
    };
    for (let n = readSync(file, chunk); n > 0; n = readSync(file, chunk)) {
      const lines = (rest + decoder.write(chunk.subarray(0, n))).split("\n");
      rest = lines.pop()!;
      for (const text of lines) take(text);
    }
    take(rest);
  } finally {
    closeSync(file);
  }
}

/** The part of the page about the run. */
export function runHtml(name: string): string {
  const course = new Course(STEPS);
  forEachEvent(name, (event) => course.add(event));
  return courseHtml(course);
}

/** Writes the log in the trace-event format. */
export function writeTrace(name: string, out: string): void {
  const file = openSync(out, "w");
  try {
    let text = traceHead;
    forEachEvent(name, (event) => {
      text += traceEvents(event);
      if (text.length < CHUNK) return;
      writeAll(file, text);
      text = "";
    });
    writeAll(file, text + traceEnd);
  } finally {
    closeSync(file);
  }
}
