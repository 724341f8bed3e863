/**
 * The log of the heap, read from its lines: the course of a run in so many steps of equal length, whatever its length was,
 * and the log in the trace-event format, which Perfetto and Chrome open.
 */

/** A line of the log, as src/kernel/heaplog.ts writes it. */
export interface LogEvent {
  event: "start" | "arena taken" | "arena returned" | "collection" | "end";
  /** Seconds since the log began. */
  time: number;
  mapped: number;
  resident: number;
  arenas: number;
  chunks: number;
  large: number;
  pools?: number;
  blocks?: number;
  bytesReturned: number;
  arenaSize?: number;
  reason?: "threshold" | "explicit" | "shutdown";
  generation?: number;
  duration?: number;
  examined?: number;
  unreachable?: number;
  freed?: number;
  resurrected?: number;
  uncollectable?: number;
  moved?: number;
  arenasTaken?: number;
  arenasReturned?: number;
}

/** A log that is none. */
export class LogDamage extends Error {}

/** The event of a line; undefined for an empty one. Throws LogDamage. */
export function parseEvent(line: string, number: number): LogEvent | undefined {
  if (line.trim() === "") return undefined;
  let event: LogEvent | undefined;
  try {
    event = JSON.parse(line) as LogEvent;
  } catch {}
  const numbers = [event?.time, event?.mapped, event?.resident, event?.arenas, event?.chunks, event?.large];
  if (typeof event?.event !== "string" || !numbers.every((n) => typeof n === "number" && n >= 0)) {
    throw new LogDamage(`line ${number} is no event of a log`);
  }
  return event;
}

/** What happened within a step of the run, and the most of each figure that was seen in it. */
export interface Step {
  mapped: number;
  resident: number;
  arenas: number;
  chunks: number;
  large: number;
  pools: number;
  blocks: number;
  /** Collections of each generation. */
  collections: [number, number, number];
  /** Seconds that they took, and the longest of them. */
  collecting: number;
  longest: number;
  freed: number;
  arenasTaken: number;
  arenasReturned: number;
}

const LEVELS = ["mapped", "resident", "arenas", "chunks", "large", "pools", "blocks"] as const;
const SUMS = ["collecting", "freed", "arenasTaken", "arenasReturned"] as const;

const emptyStep = (): Step => ({
  ...{ mapped: -1, resident: -1, arenas: -1, chunks: -1, large: -1, pools: -1, blocks: -1 },
  ...{ collections: [0, 0, 0], collecting: 0, longest: 0, freed: 0, arenasTaken: 0, arenasReturned: 0 },
});

/** Adds the second step to the first. */
function join(a: Step, b: Step): Step {
  for (const name of LEVELS) a[name] = Math.max(a[name], b[name]);
  for (const name of SUMS) a[name] += b[name];
  a.longest = Math.max(a.longest, b.longest);
  for (let g = 0; g < 3; g++) a.collections[g]! += b.collections[g]!;
  return a;
}

/** The course of a run, from its events one after the other, in no more than `most` steps. */
export class Course {
  steps: Step[] = [];
  /** Seconds of a step: it doubles when there are too many. */
  width = 1e-3;
  end = 0;
  arenaSize = 0;
  readonly totals: Step = emptyStep();

  constructor(private readonly most: number) {}

  add(e: LogEvent): void {
    this.arenaSize = e.arenaSize ?? this.arenaSize;
    const time = e.time + (e.duration ?? 0);
    this.end = Math.max(this.end, time);
    let at = Math.floor(time / this.width);
    while (at >= this.most) {
      const half: Step[] = [];
      for (let i = 0; i < this.steps.length; i += 2) {
        const next = this.steps[i + 1];
        half.push(next === undefined ? this.steps[i]! : join(this.steps[i]!, next));
      }
      this.steps = half;
      this.width *= 2;
      at = Math.floor(time / this.width);
    }
    while (this.steps.length <= at) this.steps.push(emptyStep());
    const step = emptyStep();
    for (const name of LEVELS) step[name] = e[name] ?? -1;
    if (e.event === "collection") {
      step.collections[Math.min(Math.max(e.generation ?? 0, 0), 2)] = 1;
      step.collecting = step.longest = e.duration ?? 0;
      step.freed = e.freed ?? 0;
    }
    if (e.event === "arena taken") step.arenasTaken = 1;
    if (e.event === "arena returned") step.arenasReturned = 1;
    join(this.steps[at]!, step);
    join(this.totals, step);
  }

  /** The steps, those in which nothing was seen with the figures of the one before. */
  filled(): Step[] {
    let before: Step | undefined;
    return this.steps.map((step) => {
      const filled = { ...step };
      for (const name of LEVELS) if (filled[name] < 0) filled[name] = before?.[name] ?? 0;
      before = filled;
      return filled;
    });
  }
}

/** The trace events of an event of the log, each a line of a JSON array that `traceHead` opens and `traceEnd` closes. */
export function traceEvents(e: LogEvent): string {
  const at = Math.round(e.time * 1e6);
  const common = { pid: 1, tid: 1 };
  const out: object[] = [];
  if (e.event === "collection") {
    const { generation, reason, examined, unreachable, freed, resurrected, uncollectable, moved, bytesReturned } = e;
    const args = { reason, examined, unreachable, freed, resurrected, uncollectable, moved, bytesReturned };
    const name = `generation ${generation}`;
    out.push({ name, cat: "gc", ph: "X", ts: at, dur: Math.round((e.duration ?? 0) * 1e6), ...common, args });
  } else {
    out.push({ name: e.event, cat: "heap", ph: "i", s: "p", ts: at, ...common, args: { arenas: e.arenas } });
  }
  const ts = at + Math.round((e.duration ?? 0) * 1e6);
  out.push({ name: "memory", ph: "C", ts, ...common, args: { mapped: e.mapped, resident: e.resident } });
  const layers: Record<string, number> = { "libc's heap": e.chunks, "large blocks": e.large };
  if (e.pools !== undefined) layers["blocks of pools"] = e.blocks ?? 0;
  out.push({ name: "in use", ph: "C", ts, ...common, args: layers });
  out.push({ name: "arenas", ph: "C", ts, ...common, args: { arenas: e.arenas } });
  return out.map((event) => `,\n${JSON.stringify(event)}`).join("");
}

const named = (name: string, text: string) => JSON.stringify({ name, ph: "M", pid: 1, tid: 1, args: { name: text } });
export const traceHead = `{"displayTimeUnit":"ms","traceEvents":[\n${named("process_name", "vitrine")},\n${named("thread_name", "collector")}`;
export const traceEnd = "\n]}\n";
