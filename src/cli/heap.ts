/** `vitrine heap IMAGE`: what a saved heap image holds, ours or a CPython's. */
import { closeSync, openSync, readSync } from "node:fs";
import { type Findings, inspect } from "../inspect/findings.ts";
import { lookAt } from "../inspect/look.ts";
import type { Capture } from "../inspect/source/capture.ts";
import { captureCore, isElf } from "../inspect/source/core.ts";
import { ImageError, openImageFile } from "../inspect/source/image.ts";
import { DamageError } from "../inspect/source/memory.ts";
import { LookError } from "../inspect/source/process.ts";
import { LogDamage } from "../view/heaplog.ts";
import { runHtml, writeTrace } from "./gclog.ts";
import { isShowable, type ShowOptions, show, showHelp, showUsage, takeShowOption } from "./show.ts";

const usage = `usage: vitrine heap FILE ${showUsage} [--gc-log LOG]
       vitrine heap --gc-log LOG --trace OUT`;

const help = `${usage}

Reads a heap image that "vitrine --heap-image FILE PROGRAM" or "vitrine look PID --save
FILE" has saved, and says what is in it: which objects keep memory from being returned,
and how they are reached; what retains most; what each resident byte is for.

${showHelp}  --gc-log LOG   the log that "vitrine --gc-log LOG PROGRAM" has written: with --html the page
                 draws the run, the heap over time with collections and arenas
  --trace OUT    the log in the trace-event format, for Perfetto and Chrome's tracing
`;

const FAILED = 2;

/** What is found in an image or a core. Throws ImageError, DamageError, LookError, or what the system says. */
export function readImage(file: string): Findings & { capture?: Capture } {
  const head = new Uint8Array(4);
  const opened = openSync(file, "r");
  readSync(opened, head);
  closeSync(opened);
  if (isElf(head)) return lookAt(captureCore(file));
  const { header, memory, capture } = openImageFile(file);
  return capture ? lookAt(capture) : inspect(memory, header.program);
}

/** Runs the command. Returns the exit status: 0, or 2 for wrong usage and for images that cannot be read. */
export function run(argv: readonly string[]): number {
  let file: string | undefined;
  let log: string | undefined;
  let trace: string | undefined;
  const options: ShowOptions = { json: false, garbage: false };
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    if (argument === "--help" || argument === "-h") {
      process.stdout.write(help);
      return 0;
    }
    if (argument === "--gc-log" || argument === "--trace") {
      const value = argv[++i];
      if (value === undefined) return complain(usage, FAILED);
      if (argument === "--trace") trace = value;
      else log = value;
      continue;
    }
    const taken = takeShowOption(argv, i, options);
    if (taken >= 0) i = taken;
    else if (!argument.startsWith("-") && file === undefined) file = argument;
    else return complain(usage, FAILED);
  }
  if (trace !== undefined && log === undefined) return complain(usage, FAILED);
  if ((file === undefined && trace === undefined) || !isShowable(options)) return complain(usage, FAILED);
  try {
    if (log !== undefined && trace !== undefined) writeTrace(log, trace);
  } catch (error) {
    return complain(`vitrine heap: ${logProblem(log!, error)}`, FAILED);
  }
  if (file === undefined) return 0;
  try {
    const findings = readImage(file);
    if (log !== undefined) {
      try {
        options.run = runHtml(log);
      } catch (error) {
        return complain(`vitrine heap: ${logProblem(log, error)}`, FAILED);
      }
    }
    const wrong = show(findings, options);
    return wrong === undefined ? 0 : complain(`vitrine heap: ${wrong}`, FAILED);
  } catch (error) {
    return complain(`vitrine heap: ${imageProblem(file, error)}`, FAILED);
  }
}

/** Why a log cannot be read. */
function logProblem(log: string, error: unknown): string {
  return error instanceof LogDamage ? `${log}: ${error.message}` : (error as Error).message;
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
