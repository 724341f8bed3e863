/** The section of a report on a process's threads. */
import type { Thread, Threads } from "../inspect/threads.ts";
import { counted, number, shortWay, size, wrapped } from "./text.ts";

const FRAMES_SHOWN = 4;

/** Each thread: what it does, where it is, and what it has of its own. `rows`: how many at most. */
export function threadSection(found: Threads | undefined, rows: number): string[] {
  if (found === undefined) return [];
  const { threads, lock } = found;
  const switches = lock.switches === 0 ? "never" : lock.switches === 1 ? "once" : `${number(lock.switches)} times`;
  const lines = [
    "Threads",
    ...wrapped(
      `The lock of the interpreter is ${lock.held ? "held" : "free"}, ${lock.wanted === 0 ? "nobody wants" : `${counted(lock.wanted, "thread")} ${lock.wanted === 1 ? "wants" : "want"}`} it; from one thread to another it went ${switches}.`,
      "  ",
    ),
  ];
  for (const thread of threads.slice(0, rows)) lines.push(...threadLines(thread));
  if (threads.length > rows) lines.push(`    ${counted(threads.length - rows, "more thread")}`);
  return lines;
}

function threadLines({ number: id, does, waitsFor, frames, frameBytes, scratchBytes }: Thread): string[] {
  const what = waitsFor === undefined ? does : `${does}: the ${waitsFor.type} at 0x${waitsFor.address.toString(16)}`;
  const lines = wrapped(
    `${id === 1 ? "main thread" : `thread ${id}`} ${what}; ${counted(frames.length, "frame")} in ${size(frameBytes)}, ${size(scratchBytes)} of scratch memory`,
    "  • ",
    "    ",
  );
  const shown = frames
    .slice(0, FRAMES_SHOWN)
    .map(({ name, file }) => shortWay(`${name} (${file.slice(file.lastIndexOf("/") + 1)})`, 60));
  if (frames.length > FRAMES_SHOWN) shown.push(`${number(frames.length - FRAMES_SHOWN)} more`);
  return shown.length === 0 ? lines : [...lines, ...wrapped(`in ${shown.join(" ← ")}`, "      ")];
}
