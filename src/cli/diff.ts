/** `vitrine diff A B`: what grew between two saved states of a process, or differs between two processes. */

import { writeFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { diff, diffText } from "../view/diff.ts";
import { diffPage } from "../view/diff-page.ts";
import { flameOfGrowth } from "../view/flame.ts";
import { imageProblem, readImage } from "./heap.ts";
import { given, writePage } from "./show.ts";

const usage = "usage: vitrine diff BEFORE AFTER [--json | --html OUT | --flame OUT] [--rows N]";

const help = `${usage}

Compares two heap images (of "vitrine --heap-image" or "vitrine look --save"), or cores:
what grew, by holder, by type, by where it was allocated (if tracemalloc was on), and by
what each byte is for.

  --json      as JSON, for programs
  --html OUT  a page: what grew, and the two side by side; "-" writes it to standard output
  --flame OUT what grew as a flame graph, for speedscope
  --rows N    how many rows a list has at most (default 12)
`;

const FAILED = 2;
const ROWS = 12;

/** Runs the command. Returns the exit status: 0, or 2 for wrong usage and for what cannot be read. */
export function run(argv: readonly string[]): number {
  const files: string[] = [];
  let json = false;
  let flame: string | undefined;
  let html: string | undefined;
  let rows = ROWS;
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    if (argument === "--help" || argument === "-h") {
      process.stdout.write(help);
      return 0;
    }
    if (argument === "--json") json = true;
    else if (argument === "--flame" && i + 1 < argv.length) flame = argv[++i];
    else if (argument === "--html" && i + 1 < argv.length) html = argv[++i];
    else if (argument === "--rows" && /^[1-9]\d{0,8}$/.test(argv[i + 1] ?? "")) rows = Number(argv[++i]);
    else if (!argument.startsWith("-") && files.length < 2) files.push(argument);
    else return complain(usage);
  }
  if (files.length !== 2 || given(json, html, flame) > 1) return complain(usage);
  let current = files[0]!;
  try {
    const before = readImage(current);
    current = files[1]!;
    const after = readImage(current);
    if (html !== undefined) {
      const made = diffPage(before, after, [files[0]!, files[1]!], deflateRawSync);
      current = html;
      writePage(html, made);
      return 0;
    }
    if (flame !== undefined) {
      current = flame;
      writeFileSync(flame, flameOfGrowth(before, after));
      return 0;
    }
    const found = diff(before, after);
    process.stdout.write(json ? `${JSON.stringify(found, null, 1)}\n` : diffText(found, rows));
    return 0;
  } catch (error) {
    return complain(`vitrine diff: ${imageProblem(current, error)}`);
  }
}

function complain(text: string): number {
  process.stderr.write(`${text}\n`);
  return FAILED;
}
