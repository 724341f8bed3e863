/** `vitrine heap IMAGE`: what a saved heap image holds, ours or a CPython's. */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { type Findings, inspect } from "../inspect/findings.ts";
import { lookAt } from "../inspect/look.ts";
import type { Capture } from "../inspect/source/capture.ts";
import { captureCore, isElf } from "../inspect/source/core.ts";
import { ImageError, openImage } from "../inspect/source/image.ts";
import { DamageError } from "../inspect/source/memory.ts";
import { LookError } from "../inspect/source/process.ts";
import { isShowable, type ShowOptions, show, showHelp, showUsage, takeShowOption } from "./show.ts";

const usage = `usage: vitrine heap FILE ${showUsage}`;

const help = `${usage}

Reads a heap image that "vitrine --heap-image FILE PROGRAM" or "vitrine look PID --save
FILE" has saved, and says what is in it: which objects keep memory from being returned,
and how they are reached; what retains most; what each resident byte is for.

${showHelp}`;

const FAILED = 2;

/** What is found in an image or a core. Throws ImageError, DamageError, LookError, or what the system says. */
export function readImage(file: string): Findings & { capture?: Capture } {
  const head = new Uint8Array(4);
  const opened = openSync(file, "r");
  readSync(opened, head);
  closeSync(opened);
  if (isElf(head)) return lookAt(captureCore(file));
  const { header, memory, capture } = openImage(readFileSync(file));
  return capture ? lookAt(capture) : inspect(memory, header.program);
}

/** Runs the command. Returns the exit status: 0, or 2 for wrong usage and for images that cannot be read. */
export function run(argv: readonly string[]): number {
  let file: string | undefined;
  const options: ShowOptions = { json: false, garbage: false };
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    if (argument === "--help" || argument === "-h") {
      process.stdout.write(help);
      return 0;
    }
    const taken = takeShowOption(argv, i, options);
    if (taken >= 0) i = taken;
    else if (!argument.startsWith("-") && file === undefined) file = argument;
    else return complain(usage, FAILED);
  }
  if (file === undefined || !isShowable(options)) return complain(usage, FAILED);
  try {
    const wrong = show(readImage(file), options);
    return wrong === undefined ? 0 : complain(`vitrine heap: ${wrong}`, FAILED);
  } catch (error) {
    return complain(`vitrine heap: ${imageProblem(file, error)}`, FAILED);
  }
}

/** Why the image in `file` cannot be shown, in words. */
export function imageProblem(file: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof ImageError || error instanceof LookError) return `${file}: ${message}`;
  // What the reader did not expect says nothing to people.
  const why = error instanceof DamageError ? `: ${message}` : "";
  if (error instanceof DamageError || code === undefined) return `${file}: the heap in it is damaged${why}`;
  return message;
}

function complain(text: string, status: number): number {
  process.stderr.write(`${text}\n`);
  return status;
}
