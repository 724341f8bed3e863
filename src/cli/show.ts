/**
 * What `vitrine heap` and `vitrine look` share: the options that say what is to be shown of a process, and showing it.
 */
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import type { Findings } from "../inspect/findings.ts";
import { find, why } from "../inspect/queries.ts";
import type { Capture } from "../inspect/source/capture.ts";
import { saveCapture } from "../inspect/source/image.ts";
import { flame } from "../view/flame.ts";
import { heapSnapshot } from "../view/heapsnapshot.ts";
import { findingsJson } from "../view/json.ts";
import { arenaText, garbageText, typeText, whyText } from "../view/objects.ts";
import { page } from "../view/page.ts";
import { objectAt } from "../view/page-objects.ts";
import { report } from "../view/report.ts";
import { openPage } from "./open.ts";

export const showUsage =
  "[--json | --html OUT | --open | --flame OUT | --heapsnapshot OUT] [--why WHAT | --type NAME | --arena N | --garbage] [--rows N]";

export const showHelp = `  --json         everything as JSON, for programs
  --html OUT     a page, to open in a browser; "-" writes it to standard output
  --open         the same page, opened in the browser; Ctrl-C ends it
  --flame OUT    a flame graph for speedscope: what retains what, and what was allocated
                 where, if tracemalloc was on
  --heapsnapshot OUT  the graph of objects, for the memory panel of Chrome's DevTools
  --why WHAT     what keeps an object: its address, its name (app.cache["users"]), or
                 those of a type that retain most
  --type NAME    the instances of a type: how many, how big, who holds them
  --arena N      what is in use in an arena
  --garbage      what a collection would free
  --rows N       how many rows lists and the map have at most
`;

export interface ShowOptions {
  json: boolean;
  html?: string;
  snapshot?: string;
  flame?: string;
  open?: boolean;
  why?: string;
  type?: string;
  arena?: number;
  garbage: boolean;
  save?: string;
  rows?: number;
  /** The part of the page about the course of the run. */
  run?: string;
}

/** Takes an option that is about showing from `argv` at `i`: the index of its last word, or -1 if it is none. */
export function takeShowOption(argv: readonly string[], i: number, options: ShowOptions): number {
  const value = argv[i + 1];
  switch (argv[i]) {
    case "--json":
      options.json = true;
      return i;
    case "--garbage":
      options.garbage = true;
      return i;
    case "--open":
      options.open = true;
      return i;
    case "--flame":
      options.flame = value;
      break;
    case "--html":
      options.html = value;
      break;
    case "--heapsnapshot":
      options.snapshot = value;
      break;
    case "--why":
      options.why = value;
      break;
    case "--type":
      options.type = value;
      break;
    case "--arena":
      if (!/^\d{1,9}$/.test(value ?? "")) return -1;
      options.arena = Number(value);
      break;
    case "--rows":
      if (!/^[1-9]\d{0,8}$/.test(value ?? "")) return -1;
      options.rows = Number(value);
      break;
    default:
      return -1;
  }
  return value === undefined ? -1 : i + 1;
}

/** How many of the options are given. */
export const given = (...options: unknown[]) => options.filter((o) => o !== undefined && o !== false).length;
const forms = ({ html, open, flame, snapshot }: ShowOptions) => given(html, open, flame, snapshot);
const questions = ({ why: whom, type, arena, garbage }: ShowOptions) => given(whom, type, arena, garbage);

/** Whether the options go together. */
export const isShowable = (options: ShowOptions): boolean =>
  questions(options) <= 1 &&
  forms(options) + given(options.json) <= 1 &&
  (questions(options) === 0 || forms(options) === 0);

/** Whether the options ask for a report or for JSON, and nothing else. */
export const isPlain = (options: ShowOptions): boolean =>
  forms(options) + questions(options) + given(options.save) === 0;

/** Writes a page to a file, "-" being standard output. */
export function writePage(file: string, text: string): void {
  if (file === "-") process.stdout.write(text);
  else writeFileSync(file, text);
}

/** Writes what the options ask for. Returns what went wrong, undefined if nothing did. */
export function show(findings: Findings, options: ShowOptions, capture?: Capture): string | undefined {
  const write = (text: string) => void process.stdout.write(text);
  const rows = options.rows;
  if (options.save !== undefined && capture) writeFileSync(options.save, saveCapture(capture));
  if (options.why !== undefined) {
    const found = find(findings.survey, options.why, rows ?? 3).map((n) => why(findings.survey, n));
    if (found.length === 0) return `nothing in it is at, or is called, ${options.why}`;
    write(options.json ? `${JSON.stringify(found, null, 1)}\n` : found.map(whyText).join("\n"));
  } else if (options.type !== undefined) {
    if (options.json) {
      const found = find(findings.survey, options.type, rows ?? 1000).map((n) => why(findings.survey, n));
      write(`${JSON.stringify(found, null, 1)}\n`);
    } else {
      const text = typeText(findings, options.type, rows ?? 20);
      if (text === undefined) return `there are no instances of a type ${options.type}`;
      write(text);
    }
  } else if (options.arena !== undefined) {
    const arena = findings.survey.heap.arenas.find((a) => a.index === options.arena);
    if (!arena) return `there is no arena ${options.arena}`;
    write(arenaText(findings, arena, rows ?? 20));
  } else if (options.garbage) {
    write(options.json ? `${JSON.stringify(findings.answer.garbage, null, 1)}\n` : garbageText(findings, rows ?? 20));
  } else if (options.json) {
    write(`${JSON.stringify(findingsJson(findings), null, 1)}\n`);
  } else if (options.snapshot !== undefined) {
    const file = openSync(options.snapshot, "w");
    try {
      heapSnapshot(findings.survey, (piece) => void writeSync(file, piece));
    } finally {
      closeSync(file);
    }
  } else if (options.flame !== undefined) {
    writeFileSync(options.flame, flame(findings));
  } else if (options.open) {
    const served = page(findings, { run: options.run, isServed: true });
    openPage(
      served,
      (address) => objectAt(findings, address),
      (text) => void process.stderr.write(text),
    );
  } else if (options.html !== undefined) {
    writePage(options.html, page(findings, { run: options.run, deflate: deflateRawSync }));
  } else {
    const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
    write(report(findings, { color, rows }));
  }
  return undefined;
}
