/**
 * Source text to syntax tree: the front end's interface. A valid program is read by the fast parser
 * (`parser/statements.ts`); whatever that does not take goes through the grammar itself (`parser/`), which does what
 * CPython 3.13 does, step for step, to say what is wrong. Both make the same tree.
 */

import type { Expression, FunctionType, Interactive, Module, mod } from "../../generated/ast.ts";
import { CodeFlag, CompileFlag } from "../../generated/constants.ts";
import { evalRule, fileRule, func_typeRule, interactiveRule } from "../../generated/grammar.ts";
import type { WarningSink } from "../errors/errors.ts";
import { charge, charged, releaseTo } from "../errors/limits.ts";
import { checkFile, readSource, rejectSurrogates, type Source } from "../tokenizer/source.ts";
import { TokenArray } from "../tokenizer/token-array.ts";
import { BAIL } from "./cursor.ts";
import type { ProgramText } from "./errors.ts";
import { literalMessage } from "./literals.ts";
import { PegParser, stackOverflow } from "./peg.ts";
import { FastParser } from "./statements.ts";
import { treeSize } from "./tree-size.ts";

export { fileLines } from "../tokenizer/source.ts";
export { type TokenInfo, tokenize } from "../tokenizer/tokenize.ts";

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
  /** Syntax that came after 3.N is an error. Left out: none is. */
  featureVersion?: number;
}

const startRules = { exec: fileRule, eval: evalRule, single: interactiveRule, func_type: func_typeRule };

/** Throws PySyntaxError or PyCompileError. */
export function parse(
  input: string | Uint8Array,
  options: ParseOptions,
): Module | Interactive | Expression | FunctionType {
  const flags = options.flags ?? 0;
  if (typeof input === "string") rejectSurrogates(input);
  else if (flags & CompileFlag.FROM_FILE) checkFile(input, options.filename);
  // The bytes with a terminator, the same as text, and the one that was given.
  charge(3 * input.length);
  const source = readSource(input, {
    filename: options.filename,
    appendNewline: options.mode === "exec",
    ignoreCookie: (flags & CompileFlag.IGNORE_COOKIE) !== 0,
  });
  const usual =
    !(flags & (CodeFlag.FUTURE_BARRY_AS_BDFL | CompileFlag.TYPE_COMMENTS)) && options.featureVersion === undefined;
  const fast = usual ? parseFast(source, options) : null;
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
    barryAsBdfl: (flags & CodeFlag.FUTURE_BARRY_AS_BDFL) !== 0,
    dontImplyDedent: (flags & CompileFlag.DONT_IMPLY_DEDENT) !== 0,
    typeComments: (flags & CompileFlag.TYPE_COMMENTS) !== 0,
    featureVersion: options.featureVersion,
    allowIncompleteInput: (flags & CompileFlag.ALLOW_INCOMPLETE_INPUT) !== 0,
  });
  try {
    return parser.parse(startRules[options.mode]);
  } catch (e) {
    // The parser does not recurse: JavaScript's stack was full when it was called.
    if (e instanceof RangeError) throw stackOverflow();
    throw e;
  }
}
