/**
 * `vitrine heap FILE [--json | --html OUT] [--rows N]`: what a saved heap image holds. Prints the report, or JSON, or
 * writes a page that shows the heap in a browser.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { ImageError, openImage } from "../inspect/image.ts";
import { surveyJson } from "../inspect/json.ts";
import { page } from "../inspect/page.ts";
import { DamageError } from "../inspect/reader.ts";
import { report } from "../inspect/report.ts";
import { survey } from "../inspect/survey.ts";

const usage = "usage: vitrine heap FILE [--json | --html OUT] [--rows N]";

const help = `${usage}

Reads a heap image that "vitrine --heap-image FILE PROGRAM" has saved, and says what is in it: pages, arenas, pools,
blocks and the objects in them; which arenas are nearly empty, and which objects keep them from being returned.

  --json       everything as JSON, for programs
  --html OUT   a page with the heap's map, to open in a browser; "-" writes it to standard output
  --rows N     how many rows the lists and the map have at most (default 20 and 40)
`;

const FAILED = 2;

/** Runs the command. Returns the exit status: 0, or 2 for wrong usage and for images that cannot be read. */
export function run(argv: readonly string[]): number {
  let file: string | undefined;
  let html: string | undefined;
  let json = false;
  let rows: number | undefined;
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    if (argument === "--help" || argument === "-h") {
      process.stdout.write(help);
      return 0;
    }
    if (argument === "--json") json = true;
    else if (argument === "--html" && i + 1 < argv.length) html = argv[++i];
    else if (argument === "--rows" && /^[1-9]\d{0,8}$/.test(argv[i + 1] ?? "")) rows = Number(argv[++i]);
    else if (!argument.startsWith("-") && file === undefined) file = argument;
    else return complain(usage, FAILED);
  }
  if (file === undefined || (json && html !== undefined)) return complain(usage, FAILED);
  try {
    const { header, source } = openImage(readFileSync(file));
    const found = survey(source, header.roots);
    if (json) {
      process.stdout.write(`${JSON.stringify(surveyJson(found, header.program), null, 1)}\n`);
    } else if (html !== undefined) {
      const text = page(found, header.program);
      if (html === "-") process.stdout.write(text);
      else writeFileSync(html, text);
    } else {
      const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
      process.stdout.write(report(found, { color, rows }));
    }
    return 0;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof ImageError) return complain(`vitrine heap: ${file}: ${message}`, FAILED);
    // What the reader did not expect says nothing to people.
    const why = error instanceof DamageError ? `: ${message}` : "";
    if (error instanceof DamageError || code === undefined)
      return complain(`vitrine heap: ${file}: the heap in it is damaged${why}`, FAILED);
    return complain(`vitrine heap: ${message}`, FAILED);
  }
}

function complain(text: string, status: number): number {
  process.stderr.write(`${text}\n`);
  return status;
}
