/**
 * The survey for the terminal: figures of each layer, and a map with an arena a row.
 */
import type { Arena, Pool } from "./arenas.ts";
import { examples, holders, nearlyEmpty, type Survey, type Total } from "./survey.ts";

export interface ReportOptions {
  /** ANSI colours. */
  color?: boolean;
  /** How many rows a list or the map has at most. */
  rows?: number;
}

const number = (n: number) => n.toLocaleString("en-US");
const percent = (part: number, whole: number) => (whole === 0 ? "0 %" : `${((part / whole) * 100).toFixed(1)} %`);
const hex = (n: number) => `0x${n.toString(16)}`;

/** Bytes as people read them. */
function size(bytes: number): string {
  if (bytes < 10_000) return `${number(bytes)} B`;
  const kib = bytes / 1024;
  return kib < 10_000 ? `${number(Math.round(kib))} KiB` : `${number(Math.round(kib / 1024))} MiB`;
}

const WIDTH = 80;

/** The text, or its first `width` characters. */
const short = (text: string, width: number) => (text.length > width ? `${text.slice(0, width - 1)}…` : text);

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

const counted = (n: number, noun: string) => `${number(n)} ${noun}${n === 1 ? "" : "s"}`;

/** Rows as columns; those whose alignment is "r" are set to the right. */
function table(head: string[], rows: string[][], align: string): string[] {
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => (align[i] === "r" ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [line(head), line(widths.map((w) => "─".repeat(w))), ...rows.map(line)].map((l) => `  ${l}`);
}

/** The whole report. */
export function report(survey: Survey, options: ReportOptions = {}): string {
  const sections = [
    machineSection(survey),
    arenaSection(survey),
    poolSection(survey),
    libcSection(survey),
    totalSection(survey, options.rows ?? 20),
    holderSection(survey, options.rows ?? 8),
    mapSection(survey, options),
  ];
  return `${sections
    .filter((lines) => lines.length)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function machineSection({ machine }: Survey): string[] {
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

function arenaSection({ heap, generations }: Survey): string[] {
  const used = heap.arenas.reduce((sum, a) => sum + a.usedBytes, 0);
  const blocks = heap.arenas.reduce((sum, a) => sum + a.usedBlocks, 0);
  const free = heap.arenas.reduce((sum, a) => sum + a.freePools, 0);
  const total = heap.arenas.length * heap.arenaSize;
  return [
    `The private heap (${heap.geometry}: arenas of ${size(heap.arenaSize)}, pools of ${size(heap.poolSize)})`,
    `  arenas    ${number(heap.arenas.length)} mapped, ${number(heap.arenasTaken)} ever, ${number(heap.arenasTaken - heap.arenas.length)} returned, at most ${number(heap.arenasHighwater)}`,
    `  pools     ${number(heap.arenas.reduce((sum, a) => sum + a.pools.length, 0) - free)} in use, ${number(free)} free`,
    `  blocks    ${number(blocks)} in use: ${size(used)}, ${percent(used, total)} of the arenas`,
    `  objects   ${generations.map((n, i) => `${number(n)} in generation ${i}`).join(", ")}`,
  ];
}

function poolSection({ heap }: Survey): string[] {
  const classes = new Map<number, { pools: number; full: number; used: number; free: number }>();
  for (const pool of heap.arenas.flatMap((a) => a.pools)) {
    if (pool.used === 0) continue;
    const c = classes.get(pool.size) ?? { pools: 0, full: 0, used: 0, free: 0 };
    c.pools++;
    if (pool.state === "full") c.full++;
    c.used += pool.used;
    c.free += pool.capacity - pool.used;
    classes.set(pool.size, c);
  }
  const rows = [...classes]
    .sort(([a], [b]) => a - b)
    .map(([bytes, c]) => [
      String(bytes),
      number(c.pools),
      number(c.full),
      number(c.used),
      number(c.free),
      percent(c.used, c.used + c.free),
    ]);
  if (rows.length === 0) return [];
  return ["Pools by size class", ...table(["size", "pools", "full", "blocks", "free", "filled"], rows, "rrrrrr")];
}

function libcSection({ libc }: Survey): string[] {
  if (!libc) return [];
  const large = libc.chunks.filter((c) => c.mapped);
  return [
    "libc's heap",
    `  blocks    ${number(libc.chunks.length)} in use: ${size(libc.usedBytes)}; ${number(large.length)} of them mappings of their own`,
    `  free      ${counted(libc.freeChunks, "chunk")}: ${size(libc.freeBytes)}; ${size(libc.topBytes)} at the end`,
  ];
}

function totalSection({ totals }: Survey, rows: number): string[] {
  const what = (t: Total) => (t.kind === "unknown" ? `(${t.name})` : t.name);
  const lines = totals.slice(0, rows).map((t) => [what(t), t.kind, number(t.count), size(t.bytes)]);
  if (totals.length > rows) {
    const rest = totals.slice(rows);
    const count = rest.reduce((sum, t) => sum + t.count, 0);
    lines.push([`${rest.length} more`, "", number(count), size(rest.reduce((sum, t) => sum + t.bytes, 0))]);
  }
  if (lines.length === 0) return [];
  return ["What the blocks hold", ...table(["", "", "blocks", "memory"], lines, "llrr")];
}

// How many objects are named for each nearly empty arena.
const EXAMPLES = 4;

function holderSection(survey: Survey, rows: number): string[] {
  const arenas = nearlyEmpty(survey.heap);
  if (arenas.length === 0) return [];
  const shown = arenas.slice(0, rows).map((arena) => ({ arena, objects: examples(survey, arena, EXAMPLES) }));
  const ways = survey.waysTo(shown.flatMap(({ objects }) => objects));
  const lines = shown.flatMap(({ arena, objects }) => {
    const by = holders(survey, arena);
    const named = by.slice(0, 3).map((t) => `${number(t.count)} × ${t.name}`);
    const more = by.length > 3 ? `, ${by.length - 3} more kinds` : "";
    const head = `  arena ${arena.index} at ${hex(arena.address)}: ${percent(arena.usedBytes, arena.size)} in use, held by`;
    return [
      short(`${head} ${named.join(", ")}${more}`, WIDTH),
      ...objects.flatMap((block) => {
        const value = survey.describe(block);
        const age = block.generation === undefined ? "" : `, generation ${block.generation}`;
        const what = short(value ? `${block.name} ${value}` : block.name, 34).padEnd(34);
        const way = ways.get(block)!.join(" ← ");
        return [
          `    ${hex(block.object!.address)}  ${what}  ${block.size} B${age}`,
          ...(way ? [short(`      ← ${way}`, WIDTH)] : []),
        ];
      }),
    ];
  });
  if (arenas.length > rows) lines.push(`  ${arenas.length - rows} more`);
  return ["Nearly empty arenas, and what keeps them from being returned", ...lines];
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
function mapSection({ heap }: Survey, { color = false, rows = 40 }: ReportOptions): string[] {
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
