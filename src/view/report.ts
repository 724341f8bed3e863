/**
 * What was found in a process, for the terminal: the answer first, in sentences; then what each resident byte is for,
 * the figures of each layer, and a map with an arena a row.
 */
import type { Pinned } from "../inspect/answer.ts";
import type { Findings } from "../inspect/findings.ts";
import { type Arena, type Pool, type SizeClass, sizeClasses } from "../inspect/heap/arenas.ts";
import type { Ledger } from "../inspect/heap/ledger.ts";
import type { Statistics } from "../inspect/look.ts";
import type { Total } from "../inspect/survey.ts";
import { siteKey, sites } from "../inspect/traces.ts";
import { counted, number, ofKind, percent, short, shortWay, size, table, WIDTH, wrapped } from "./text.ts";
import { threadSection } from "./threads.ts";

export interface ReportOptions {
  /** ANSI colours. */
  color?: boolean;
  /** How many rows a list or the map has at most. */
  rows?: number;
}

/** A label and, beside it, the items in as many lines as they need. */
function listed(label: string, items: string[]): string[] {
  const lines: string[] = [];
  let line = `  ${label.padEnd(8)}  `;
  items.forEach((item, i) => {
    const text = i + 1 < items.length ? `${item}, ` : item;
    if (line.trim() && line.length + text.trimEnd().length > WIDTH) {
      lines.push(line.trimEnd());
      line = " ".repeat(12);
    }
    line += text;
  });
  return items.length ? [...lines, line.trimEnd()] : [];
}

/** The whole report. */
export function report(findings: Findings, options: ReportOptions = {}): string {
  const rows = options.rows;
  const keeping = answerSection(findings, rows ?? 8);
  const retaining = retainedSection(findings, rows ?? 8);
  const sections = [
    titleSection(findings),
    ...(isMostlyInUse(findings) ? [retaining, keeping] : [keeping, retaining]),
    garbageSection(findings),
    threadSection(findings.threads, rows ?? 20),
    ledgerSection(findings),
    machineSection(findings),
    arenaSection(findings),
    poolSection(findings),
    libcSection(findings),
    siteSection(findings, rows ?? 12),
    totalSection(findings, rows ?? 20),
    mapSection(findings, options),
  ];
  return `${sections
    .filter((lines) => lines.length)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** The report on a process's figures alone. */
export function statisticsReport({ about, ledger, pymalloc }: Statistics): string {
  const { arenas, arenaSize, freePools, classes } = pymalloc;
  const sections = [
    titleSection({ about, ledger }),
    ledgerLines(ledger, true),
    [`${counted(arenas, "arena")} of ${size(arenaSize)}, ${counted(freePools, "free pool")} in them`],
    classLines(classes),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function titleSection({ about, ledger }: Pick<Findings, "about" | "ledger">): string[] {
  const lines: string[] = [];
  if (about.kind === "cpython") {
    const who = `Python ${about.version}, ${about.pid ? `process ${about.pid}, ` : ""}${counted(about.interpreters, "interpreter")}, ${counted(about.threads, "thread")}`;
    lines.push(
      ...wrapped(who),
      ...(about.program.length ? [short(`  ${about.program.join(" ").replace(/\s+/g, " ")}`, WIDTH)] : []),
    );
    if (about.stopped !== undefined)
      lines.push(`  stopped for ${about.stopped.toFixed(2)} s to be read; nothing in it was changed`);
  }
  for (const note of about.notes) lines.push(...wrapped(`Note: ${note}.`, "  ", "    "));
  const sum = ledger.parts.reduce((total, part) => total + part.bytes, 0);
  const adds = sum === ledger.total ? "every one of them accounted for" : `of which ${number(sum)} are accounted for`;
  lines.push(
    ...wrapped(
      `${ledger.mapped ? "Mapped" : "Resident"}: ${number(ledger.total)} bytes (${size(ledger.total)}), ${adds} below.`,
    ),
  );
  return lines;
}

/** The bytes of arenas that Python would use again. */
export const freeInArenas = ({ parts }: Ledger): number =>
  parts
    .filter((p) => p.name === "pymalloc: free pools" || p.name === "pymalloc: free blocks in used pools")
    .reduce((sum, p) => sum + p.bytes, 0);

const LITTLE = 0.05;

/** Whether so little waits to be used again that it is what objects retain that makes the process large: that comes first. */
export const isMostlyInUse = ({ ledger, answer }: Findings): boolean =>
  freeInArenas(ledger) < ledger.total * LITTLE && answer.retained.length > 0;

/** Why memory that is free is not returned. */
function answerSection({ answer, survey, ledger }: Findings, rows: number): string[] {
  const { heap } = survey;
  const free = freeInArenas(ledger);
  if (heap.arenas.length === 0) return [];
  const pinned = answer.pinned;
  const all = pinned.reduce((sum, p) => sum + p.arenas.length, 0);
  const lines = wrapped(
    `Python would use ${size(free)} of its arenas again (${percent(free, ledger.total)}), but does not give them back: an arena is returned when no block in it is in use.`,
  );
  if (all === 0) return [...lines, ...wrapped("No arena is mostly free: there is nothing to be returned.", "  ")];
  lines.push(
    `  ${number(all)} of ${counted(heap.arenas.length, "arena")} ${all === 1 ? "is" : "are"} mostly free, held by`,
  );
  for (const held of pinned.slice(0, rows)) {
    const what = held.single ? `, ${held.what}` : ` (${held.what})`;
    lines.push(...wrapped(`${held.single ? shortWay(held.name, 60) : held.name}${what}`, "  • ", "    "));
    const kinds = held.kinds.slice(0, 4).map(ofKind);
    lines.push(
      ...wrapped(
        `keeps ${counted(held.arenas.length, "arena")} (${size(held.bytes)}) with ${counted(held.objects, "block")} of ${size(held.used)}: ${kinds.join(", ")}`,
        "      ",
      ),
    );
    if (held.single) {
      if (held.way !== held.name) lines.push(`      reached as ${shortWay(held.way, WIDTH - 17)}`);
      lines.push(
        ...wrapped(
          `If it went, ${counted(held.arenas.length, "arena")} would be empty and ${size(held.bytes)} would be returned${keeps(held, survey)}.`,
          "      ",
        ),
      );
    }
  }
  if (pinned.length > rows) lines.push(`    ${number(pinned.length - rows)} more`);
  return lines;
}

const freeListed = new Set(["dict", "list", "tuple", "float", "frame", "set", "slice", "context"]);

/** What Python may keep all the same, were a holder let go. */
export function keeps({ kinds }: Pinned, { layout, heap }: Findings["survey"]): string {
  if (layout.kind !== "cpython" || heap.tables.length === 0) return "";
  return kinds.some((k) => freeListed.has(k.name))
    ? ", once a gc.collect() has emptied the free lists (Python may keep one arena)"
    : " (Python may keep one arena)";
}

const RETAINED_MIN = 3;

/** What holds most, the most first. */
function retainedSection({ answer, ledger }: Findings, rows: number): string[] {
  // What retains next to nothing is told only where there is not more.
  const shown = answer.retained.filter((r, i) => i < RETAINED_MIN || r.bytes >= ledger.total / 100).slice(0, rows);
  if (shown.length === 0) return [];
  const lines = ["What retains most: if it went, all that would go"];
  for (const held of shown) {
    const share = percent(held.bytes, ledger.total);
    lines.push(
      ...wrapped(
        `${shortWay(held.name, 60)}, ${held.what}, retains ${size(held.bytes)} (${share}) in ${counted(held.objects, "object")}`,
        "  • ",
        "    ",
      ),
    );
    const kinds = held.kinds.slice(0, 4).map(ofKind);
    if (held.bytes < ledger.total / 20) continue;
    lines.push(...wrapped(kinds.join(", "), "      "));
    if (held.returns > 0)
      lines.push(
        ...wrapped(
          `${held.arenas ? `${counted(held.arenas, "arena")} hold nothing else; ` : ""}${size(held.returns)} would be returned`,
          "      ",
        ),
      );
  }
  return lines;
}

function garbageSection({ answer, survey }: Findings): string[] {
  if (!survey.hasObjects) return [];
  if (answer.garbage.length === 0) return ["No garbage in cycles: a gc.collect() would free nothing now."];
  const kinds = answer.garbage.slice(0, 5).map((t) => `${number(t.count)} ${t.name}`);
  const more = answer.garbage.length > 5 ? ", …" : "";
  return wrapped(
    `A gc.collect() would free ${size(answer.garbageBytes)} of garbage in cycles: ${kinds.join(", ")}${more}.`,
  );
}

const ledgerSection = ({ ledger, survey }: Findings) => ledgerLines(ledger, survey.layout.kind === "cpython");

function ledgerLines(ledger: Ledger, hasTrim: boolean): string[] {
  const rows = ledger.parts.map(({ name, bytes }) => [name, number(bytes), percent(bytes, ledger.total)]);
  rows.push(["sum", number(ledger.parts.reduce((sum, p) => sum + p.bytes, 0)), ""]);
  const lines = [
    ledger.mapped ? "What the mapped bytes are for" : "What the resident bytes are for",
    ...table(["", "bytes", ""], rows, "lrr"),
  ];
  if (hasTrim && !ledger.mapped) {
    lines.push(
      ...wrapped(`malloc_trim(0) would return ${number(ledger.trimmable)} bytes of what is free in malloc.`, "  "),
    );
  }
  return lines;
}

function machineSection({ survey: { machine } }: Findings): string[] {
  if (!machine) return [];
  const byKind = new Map<string, [number, number]>();
  for (const m of machine.mappings) {
    const [count, bytes] = byKind.get(m.kind) ?? [0, 0];
    byKind.set(m.kind, [count + 1, bytes + m.end - m.start]);
  }
  const names = { heap: "libc's heap", arena: "arenas", block: "large blocks", segment: "segments", other: "other" };
  const parts = [...byKind].map(([kind, [, bytes]]) => `${names[kind as keyof typeof names]} ${size(bytes)}`);
  const calls = Object.entries(machine.systemCalls).map(([name, count]) => `${name} ${number(count)}`);
  return [
    "The operating system's view",
    `  mapped    ${size(machine.mapped)} (${counted(machine.mapped / 4096, "page")}), at most ${size(machine.mappedPeak)}${
      machine.memoryLimit ? `, limit ${size(machine.memoryLimit)}` : ""
    }`,
    `  resident  ${size(machine.resident)} (${counted(machine.resident / 4096, "page")}), at most ${size(machine.residentPeak)}; ${counted(machine.pageFaults, "page fault")}`,
    ...listed("for", parts),
    ...listed("calls", calls),
  ];
}

function arenaSection({ survey: { heap, generations } }: Findings): string[] {
  const used = heap.arenas.reduce((sum, a) => sum + a.usedBytes, 0);
  const blocks = heap.arenas.reduce((sum, a) => sum + a.usedBlocks, 0);
  const free = heap.arenas.reduce((sum, a) => sum + a.freePools, 0);
  const total = heap.arenas.length * heap.arenaSize;
  if (heap.arenas.length === 0) return [];
  const taken =
    heap.arenasTaken === undefined
      ? ""
      : `, ${number(heap.arenasTaken)} ever, ${number(heap.arenasTaken - heap.arenas.length)} returned, at most ${number(heap.arenasHighwater!)}`;
  return [
    `The private heap (${heap.geometry}: arenas of ${size(heap.arenaSize)}, pools of ${size(heap.poolSize)})`,
    `  arenas    ${number(heap.arenas.length)} mapped${taken}`,
    `  pools     ${number(heap.arenas.reduce((sum, a) => sum + a.pools.length, 0) - free)} in use, ${number(free)} free`,
    `  blocks    ${number(blocks)} in use: ${size(used)}, ${percent(used, total)} of the arenas`,
    `  objects   ${generations.map((n, i) => `${number(n)} in generation ${i}`).join(", ")}`,
  ];
}

const poolSection = ({ survey: { heap } }: Findings) => classLines(sizeClasses(heap));

function classLines(classes: readonly SizeClass[]): string[] {
  const rows = classes.map((c) => [
    String(c.size),
    number(c.pools),
    number(c.full),
    number(c.used),
    number(c.free),
    percent(c.used, c.used + c.free),
  ]);
  if (rows.length === 0) return [];
  return ["Pools by size class", ...table(["size", "pools", "full", "blocks", "free", "filled"], rows, "rrrrrr")];
}

function libcSection({ survey: { libc } }: Findings): string[] {
  if (!libc) return [];
  return [
    "libc's heap",
    `  blocks    ${number(libc.chunks.length)} in use: ${size(libc.usedBytes)}; ${number(libc.chunks.mapped)} of them mappings of their own`,
    `  free      ${counted(libc.freeChunks, "chunk")}: ${size(libc.freeBytes)}; ${size(libc.topBytes)} at the end`,
  ];
}

/** Where blocks were allocated, if tracemalloc was on. */
/** The blocks and bytes of all these, for a row of a table. */
const sums = (rest: readonly { count: number; bytes: number }[]) => [
  number(rest.reduce((sum, r) => sum + r.count, 0)),
  size(rest.reduce((sum, r) => sum + r.bytes, 0)),
];

function siteSection({ survey: { traces, blocks } }: Findings, rows: number): string[] {
  if (!traces) return [];
  const found = sites(traces, blocks);
  const lines = found.slice(0, rows).map((s) => [shortWay(siteKey(s.frames), 50), number(s.count), size(s.bytes)]);
  if (found.length > rows) {
    const rest = found.slice(rows);
    lines.push([`${number(rest.length)} more lines`, ...sums(rest)]);
  }
  return [
    "Where blocks in use were allocated, since tracemalloc was on",
    ...table(["", "blocks", "memory"], lines, "lrr"),
  ];
}

function totalSection({ survey }: Findings, rows: number): string[] {
  const { totals } = survey;
  const what = (t: Total) => short(t.kind === "unknown" ? `(${t.name})` : t.name, 44);
  const lines = totals.slice(0, rows).map((t) => [what(t), t.kind, number(t.count), size(t.bytes)]);
  if (totals.length > rows) {
    const rest = totals.slice(rows);
    lines.push([`${rest.length} more`, "", ...sums(rest)]);
  }
  if (lines.length === 0) return [];
  return ["What the blocks hold", ...table(["", "", "blocks", "memory"], lines, "llrr")];
}

const FILL = ["░", "▒", "▓", "█"];
const COLORS = ["34", "36", "32", "33"];

/** One pool in the map. */
function cell(pool: Pool, color: boolean): string {
  if (pool.state === "uncarved") return "·";
  if (pool.state === "empty") return "○";
  const quarter = Math.min(3, Math.floor((pool.used / pool.capacity) * 4));
  return color ? `\x1b[${COLORS[quarter]}m${FILL[quarter]}\x1b[0m` : FILL[quarter]!;
}

function mapRow(arena: Arena, color: boolean): string {
  const filled = `${Math.floor((arena.usedBytes / arena.size) * 100)}`.padStart(3);
  return `  ${String(arena.index).padStart(4)} ${filled} %  ${arena.pools.map((p) => cell(p, color)).join("")}`;
}

/** The map: an arena a row, a pool a character. */
function mapSection({ survey: { heap } }: Findings, { color = false, rows = 40 }: ReportOptions): string[] {
  if (heap.arenas.length === 0) return [];
  const order = [...heap.arenas].sort((a, b) => a.address - b.address);
  const shown = order.slice(0, Math.max(rows, 1)).map((arena) => mapRow(arena, color));
  if (order.length > shown.length) shown.push(`  ${number(order.length - shown.length)} more arenas`);
  return [
    "Map: an arena a row in the order of their addresses, a pool a character",
    "  ░ ▒ ▓ █ filled to a quarter, half, three quarters, more",
    "  ○ free again   · never used",
    ...shown,
  ];
}
