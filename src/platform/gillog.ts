/**
 * The log of the interpreter's lock in a file, as trace events that Perfetto and Chrome draw, a thread a row: when it held
 * the lock and why it gave it away, and when it waited for it. Each thread writes its own events; the file is an array of
 * JSON objects, a line each.
 */
import { openSync } from "node:fs";
import { gilEvent } from "../generated/constants.ts";
import { WAITS } from "../inspect/waits.ts";
import type { GilLogService } from "../kernel/services.ts";
import { LogError, writeAll } from "./heaplog.ts";
import { forwardClock } from "./node.ts";

/** Characters that are kept back, and microseconds for which they are where the thread waits. */
const KEPT = 32768;
const KEPT_TIME = 100_000;

/** Opens the log of this name; its descriptor, which all threads share. Throws LogError. */
export function openGilLog(name: string): number {
  try {
    const descriptor = openSync(name, "w");
    writeAll(descriptor, `[\n${line({ name: "process_name", ph: "M", args: { name: "vitrine" } })},\n`);
    return descriptor;
  } catch (error) {
    throw new LogError((error as Error).message);
  }
}

const line = (event: object) => JSON.stringify({ ...event, pid: process.pid });
const now = () => forwardClock() * 1e6;

/** What one host thread writes to the log. A log that can no longer be written ends, and the program goes on. */
export class GilLog implements GilLogService {
  private text = "";
  private written = now();
  private broken = false;
  private since = 0;
  private wanted = 0;
  /** The Python thread that this host thread runs. */
  private thread = 0;

  constructor(private readonly descriptor: number) {}

  note(event: number, thread: number, reason: number): void {
    const time = now();
    switch (event) {
      case gilEvent.GIL_WANTED:
        this.wanted = time;
        return;
      case gilEvent.GIL_TAKEN:
        if (this.thread !== thread) {
          this.thread = thread;
          const name = thread === 1 ? "main thread" : `thread ${thread}`;
          this.add({ name: "thread_name", ph: "M", args: { name } });
        }
        if (this.wanted > 0) this.add({ name: "waits for the lock", ...this.span(this.wanted, time) });
        this.wanted = 0;
        this.since = time;
        return;
      default: {
        const given =
          event === gilEvent.GIL_ASKED_FOR
            ? "another thread asked for it"
            : event === gilEvent.GIL_THREAD_ENDS
              ? "the thread ends"
              : WAITS[reason];
        this.add({ name: "holds the lock", ...this.span(this.since, time), args: { "given away": given } });
        this.since = time;
        if (this.text.length > KEPT || event === gilEvent.GIL_THREAD_ENDS || time - this.written > KEPT_TIME)
          this.flush();
      }
    }
  }

  /** Ends the file; for the end of the process. */
  end(): void {
    this.add({ name: "holds the lock", ...this.span(this.since, now()), args: { "given away": "the program ends" } });
    this.text = this.text.replace(/,\n$/, "\n]\n");
    this.flush();
    this.broken = true;
  }

  private span(from: number, to: number): object {
    return { cat: "gil", ph: "X", ts: from, dur: to - from };
  }

  private add(event: object): void {
    this.text += `${line({ ...event, tid: this.thread })},\n`;
  }

  private flush(): void {
    this.written = now();
    try {
      if (!this.broken) writeAll(this.descriptor, this.text);
    } catch {
      this.broken = true;
    }
    this.text = "";
  }
}
