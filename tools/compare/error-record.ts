/** A recorded source with what CPython says about it, and what we say about the same source. */

import { PyCompileError, PySyntaxError } from "../../src/compiler/errors/errors.ts";
import { type Mode, parse } from "../../src/compiler/parser/parse.ts";

export interface ErrorRecord {
  mode: Mode;
  stage?: "parser" | "compiler";
  flags?: number;
  source?: string;
  base64?: string;
  /** Null or absent where CPython accepts the source. */
  error?: Record<string, unknown> | null;
}

export function sourceOf(record: ErrorRecord): string | Uint8Array {
  return record.source ?? new Uint8Array(Buffer.from(record.base64!, "base64"));
}

/** Our error in the same form, null where we accept. Any other exception is let through. */
export function ourError(record: ErrorRecord): Record<string, unknown> | null {
  try {
    parse(sourceOf(record), { filename: "<string>", mode: record.mode, flags: record.flags });
    return null;
  } catch (e) {
    if (e instanceof PySyntaxError) {
      const { type, msg, lineno, offset, endLineno, endOffset, text } = e;
      return { type, msg, lineno, offset, end_lineno: endLineno, end_offset: endOffset, text };
    }
    if (e instanceof PyCompileError) return { type: e.type, msg: e.msg };
    throw e;
  }
}

/** The attributes in which two errors differ. */
export function differences(
  ours: Record<string, unknown> | null | undefined,
  theirs: Record<string, unknown> | null | undefined,
): string[] {
  if (!ours || !theirs) return ours || theirs ? ["accepted"] : [];
  return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].filter(
    (key) => (ours[key] ?? null) !== (theirs[key] ?? null),
  );
}
