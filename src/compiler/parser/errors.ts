/**
 * Where an error of the parser is, and which line of the source it quotes: CPython 3.13's `Parser/pegen_errors.c`.
 * Columns come in as 1-based UTF-8 offsets and leave as 1-based characters of the quoted text, which is not always the
 * line that `lineno` names: while the tokenizer is on that line or before it, it is all that the tokenizer has buffered.
 *
 * CPython reads the quoted line of a module from the file that is named, if there is one. What is such a file here, the
 * caller says (`ProgramText`).
 */

import { PySyntaxError, type SyntaxErrorType } from "../errors/errors.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { codePointLength, decodeUtf8Replace, encodeUtf8 } from "../tokenizer/utf8.ts";

/** The end of an error that reaches to where the tokenizer is. */
export const CURRENT_POS = -5;

/** A line of the file that is compiled, with its end, counted from 1; null where there is no such line or file. */
export type ProgramText = (lineno: number) => string | null;

export interface Span {
  lineno: number;
  col: number;
  endLineno: number;
  endCol: number;
}

export function makeSyntaxError(
  tokenizer: Tokenizer,
  filename: string,
  type: SyntaxErrorType,
  message: string,
  span: Span,
  programText: ProgramText | undefined,
): PySyntaxError {
  const endLineno = span.endLineno === CURRENT_POS ? tokenizer.lineno : span.endLineno;
  const endCol = span.endCol === CURRENT_POS ? tokenizer.cur - tokenizer.lineStart : span.endCol;
  const fileLine = programText && span.lineno > 0 ? programText(span.lineno) : null;
  const line = fileLine ?? quotedText(tokenizer, span.lineno);
  return new PySyntaxError(
    type,
    message,
    filename,
    span.lineno,
    characterOffset(line, span.col),
    endLineno,
    endCol > 0 ? characterOffset(line, endCol) : endCol,
    line,
  );
}

function quotedText(tokenizer: Tokenizer, lineno: number): string {
  const { bytes, source } = tokenizer;
  if (tokenizer.lineno <= lineno && tokenizer.inp > tokenizer.buf) {
    return decodeUtf8Replace(bytes.subarray(tokenizer.buf, tokenizer.inp));
  }
  const { quoted } = source;
  let start = 0;
  for (let i = 1; i < lineno; i++) {
    const newline = quoted.indexOf(10, start);
    if (newline < 0) break;
    start = newline + 1;
  }
  const newline = quoted.indexOf(10, start);
  return decodeUtf8Replace(quoted.subarray(start, newline < 0 ? quoted.length : newline));
}

/** How many characters the first `offset` bytes of the line are; a part of a character counts as one. */
function characterOffset(line: string, offset: number): number {
  const bytes = encodeUtf8(line);
  if (offset > bytes.length) return codePointLength(line) + 1;
  return codePointLength(decodeUtf8Replace(bytes.subarray(0, Math.max(offset, 0))));
}
