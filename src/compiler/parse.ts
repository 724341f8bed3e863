/**
 * Source text to syntax tree: the front end's interface. A valid program is read by the fast parser
 * (`parser/statements.ts`); whatever that does not take goes through the grammar itself (`parser/`), which does what
 * CPython 3.13 does, step for step, to say what is wrong. Both make the same tree.
 */

import type { Expression, FunctionType, Interactive, Module, mod } from "../generated/ast.ts";
import { evalRule, fileRule, func_typeRule, interactiveRule } from "../generated/grammar.ts";
import type { WarningSink } from "./errors.ts";
import { charge, charged, releaseTo } from "./limits.ts";
import { BAIL } from "./parser/cursor.ts";
import type { ProgramText } from "./parser/errors.ts";
import { literalMessage } from "./parser/literals.ts";
import { PegParser, stackOverflow } from "./parser/peg.ts";
import { FastParser } from "./parser/statements.ts";
import { treeSize } from "./parser/tree-size.ts";
import { checkFile, readSource, rejectSurrogates, type Source } from "./tokenizer/source.ts";
import { TokenArray } from "./tokenizer/token-array.ts";

export { fileLines } from "./tokenizer/source.ts";
export { type TokenInfo, tokenize } from "./tokenizer/tokenize.ts";

export type Mode = "exec" | "eval" | "single" | "func_type";

export interface ParseOptions {
  filename: string;
  mode: Mode;
  /** PyCF_* and future bits as `compile()` takes them. */
  flags?: number;
  /** Receives warnings as they are found; throwing a PySyntaxError makes one an error. */
  warn?: WarningSink;
  /** The lines of the file that `filename` names, if there is one: errors in a module quote it, as CPython's do. */
  programText?: ProgramText;
}

const PyCF_DONT_IMPLY_DEDENT = 0x200;
const PyCF_IGNORE_COOKIE = 0x800;
/** Ours: the source is a file that is run, not one in memory. */
const PyCF_FROM_FILE = 0x20000000;
const PyCF_ALLOW_INCOMPLETE_INPUT = 0x4000;
const CO_FUTURE_BARRY_AS_BDFL = 0x400000;

const startRules = { exec: fileRule, eval: evalRule, single: interactiveRule, func_type: func_typeRule };

/** Throws PySyntaxError or PyCompileError. */
export function parse(
  input: string | Uint8Array,
  options: ParseOptions,
): Module | Interactive | Expression | FunctionType {
  const flags = options.flags ?? 0;
  if (typeof input === "string") rejectSurrogates(input);
  else if (flags & PyCF_FROM_FILE) checkFile(input, options.filename);
  // The bytes with a terminator, the same as text, and the one that was given.
  charge(3 * input.length);
  const source = readSource(input, {
    filename: options.filename,
    appendNewline: options.mode === "exec",
    ignoreCookie: (flags & PyCF_IGNORE_COOKIE) !== 0,
  });
  const fast = flags & CO_FUTURE_BARRY_AS_BDFL ? null : parseFast(source, options);
  return fast ?? parseByGrammar(source, options);
}

function parseFast(source: Source, options: ParseOptions): Module | Expression | null {
  if (options.mode !== "exec" && options.mode !== "eval") return null;
  const before = charged();
  const tokens = new TokenArray(source, options.filename);
  try {
    if (!tokens.clean) return null;
    const size = treeSize(tokens);
    charge(size);
    const parser = new FastParser(tokens, options.warn !== undefined);
    const tree = options.mode === "exec" ? parser.module() : parser.expressionInput();
    releaseTo(before);
    charge(size);
    return tree;
  } catch (e) {
    // A RangeError is JavaScript's stack, which may have been deep before we were called.
    if (e === BAIL || e instanceof RangeError || literalMessage(e) !== null) {
      releaseTo(before);
      return null;
    }
    throw e;
  }
}

/** What `parse` does without the fast parser, for what it does not take and to check it. */
export function parseByGrammar(source: Source, options: ParseOptions): mod {
  const flags = options.flags ?? 0;
  const parser = new PegParser(source, {
    filename: options.filename,
    mode: options.mode,
    warn: options.warn,
    programText: options.programText,
    barryAsBdfl: (flags & CO_FUTURE_BARRY_AS_BDFL) !== 0,
    dontImplyDedent: (flags & PyCF_DONT_IMPLY_DEDENT) !== 0,
    allowIncompleteInput: (flags & PyCF_ALLOW_INCOMPLETE_INPUT) !== 0,
  });
  try {
    return parser.parse(startRules[options.mode]);
  } catch (e) {
    // The parser does not recurse: JavaScript's stack was full when it was called.
    if (e instanceof RangeError) throw stackOverflow();
    throw e;
  }
}
