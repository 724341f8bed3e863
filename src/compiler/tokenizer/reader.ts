/**
 * The source as the tokenizer reads it, byte by byte and line by line, the token that it is making and how it fails.
 * Mirrors the buffers of CPython 3.13's `struct tok_state` and `Parser/tokenizer/helpers.c`.
 *
 * Invariant: `buf <= cur <= inp`; `inp` is the end of the line being read, and no byte beyond it is looked at before the
 * line ends. `buf` is the start of the line on which the current token began: errors quote the source from there.
 * After an error `done` says why, `error` holds the exception if there is one, and every token is an ERRORTOKEN.
 */

import { PySyntaxError, type WarningSink } from "../errors/errors.ts";
import type { FStringMode } from "./fstring.ts";
import type { Source } from "./source.ts";
import { T } from "./tokens.ts";
import { codePointLength, decodeUtf8Replace } from "./utf8.ts";

/** Why the tokenizer stopped, named as in CPython's `errcode.h`. */
export const enum Done {
  OK,
  EOF,
  ERROR,
  TABSPACE,
  TOODEEP,
  DEDENT,
  DECODE,
  EOFS,
  EOLS,
  LINECONT,
}

export const EOF = -1;
export const MAXLEVEL = 200;

// What a byte can be part of.
export const START = 1;
export const PART = 2;
const DIGIT = 4;
const XDIGIT = 8;
const SPACE = 16;

export const classes = new Uint8Array(256);
const addClass = (bits: number, first: number, last: number) => {
  for (let c = first; c <= last; c++) classes[c] |= bits;
};
addClass(DIGIT | PART | XDIGIT, 48, 57);
addClass(START | PART, 65, 90);
addClass(START | PART, 95, 95);
addClass(START | PART, 97, 122);
addClass(XDIGIT, 65, 70);
addClass(XDIGIT, 97, 102);
classes.fill(START | PART, 128);
for (const space of [9, 12, 32]) classes[space] = SPACE;
export const isDigit = (c: number) => c >= 48 && c <= 57;
export const isXDigit = (c: number) => c >= 0 && (classes[c] & XDIGIT) !== 0;
export const isPart = (c: number) => c >= 0 && (classes[c] & PART) !== 0;

interface TokenizerOptions {
  filename: string;
  /** Receives warnings at once. Without it they are only remembered in `warned`. */
  warn?: WarningSink;
  /** Emit COMMENT and NL, and be as lenient with brackets and literals as the `tokenize` module. */
  extraTokens?: boolean;
  /** Comments that say a type are tokens. */
  typeComments?: boolean;
  /** The source comes line by line: where each of them ends, and whether there are no more. */
  stream?: { ends: readonly number[]; complete: boolean };
}

/** Thrown where a token needs a line that has not come yet. */
export class LineNeeded extends Error {}

/** What reads a source. */
export abstract class SourceReader {
  readonly bytes: Uint8Array;
  cur = 0;
  inp = 0;
  buf = 0;
  /** The first byte of the current token, or -1 between tokens. */
  start = -1;
  lineStart = 0;
  multiLineStart = 0;
  lineno = 0;
  firstLineno = 0;
  done: Done = Done.OK;
  error: Error | null = null;
  /** Whether a warning was found. */
  warned = false;

  indent = 0;
  pendin = 0;
  level = 0;
  readonly parenstack = new Uint8Array(MAXLEVEL);
  readonly parenlinenostack = new Int32Array(MAXLEVEL);
  readonly parencolstack = new Int32Array(MAXLEVEL);
  /** The f-strings that are open, outermost first. */
  readonly modes: FStringMode[] = [];

  // The token that get() returned last: -1 stands for a position that it does not have.
  tokenLevel = 0;
  tokenLine = 0;
  tokenCol = -1;
  tokenEndLine = 0;
  tokenEndCol = -1;
  tokenStart = -1;
  tokenEnd = -1;
  /** The text of a `{expr=}` that ends with this token, or null. */
  metadata: string | null = null;

  /** At the end of the source, how many bytes CPython still has: those of what is open. */
  kept = 0;
  private linesRead = 0;
  protected startCol = -1;
  protected readonly end: number;
  protected readonly extra: boolean;

  constructor(
    readonly source: Source,
    protected readonly options: TokenizerOptions,
  ) {
    this.bytes = source.bytes;
    this.end = source.length;
    this.extra = options.extraTokens ?? false;
  }

  get filename(): string {
    return this.options.filename;
  }

  // ---- characters

  protected nextc(): number {
    if (this.cur !== this.inp) return this.bytes[this.cur++];
    return this.nextLine();
  }

  protected nextLine(): number {
    if (this.done !== Done.OK) return EOF;
    if (this.inp === this.end) {
      if (this.options.stream?.complete === false) throw new LineNeeded();
      this.done = Done.EOF;
      if (this.modes.length > 0) this.kept = this.inp - this.modes[0].lineStart;
      else if (this.start >= 0) this.kept = this.inp - this.buf;
      else if (this.options.stream !== undefined) this.lineStart = this.cur;
      return EOF;
    }
    if (this.start < 0) this.buf = this.cur;
    this.lineStart = this.cur;
    this.lineno++;
    if (this.options.stream === undefined) {
      const newline = this.bytes.indexOf(10, this.inp);
      this.inp = newline < 0 ? this.end : newline + 1;
    } else {
      this.inp = this.options.stream.ends[this.linesRead++];
      if (this.bytes.subarray(this.lineStart, this.inp).includes(0)) {
        this.syntaxError("source code cannot contain null bytes");
        this.cur = this.inp;
        return EOF;
      }
    }
    return this.bytes[this.cur++];
  }

  protected backup(c: number): void {
    if (c !== EOF) this.cur--;
  }

  // ---- tokens

  protected token(type: T, start: number, end: number): T {
    this.tokenLevel = this.level;
    this.tokenLine = type === T.STRING || type === T.FSTRING_MIDDLE ? this.firstLineno : this.lineno;
    this.tokenEndLine = this.lineno;
    this.tokenStart = start;
    this.tokenEnd = end;
    if (start < 0) {
      this.tokenCol = this.tokenEndCol = -1;
    } else {
      this.tokenCol = this.startCol;
      this.tokenEndCol = this.cur - this.lineStart;
    }
    return type;
  }

  protected bare(type: T): T {
    return this.token(type, -1, -1);
  }

  protected here(type: T): T {
    return this.token(type, this.start, this.cur);
  }

  // ---- errors

  /** A SyntaxError at the current line, from `col` to `endCol` (1-based characters), by default at `cur`. */
  protected syntaxError(message: string, col = -1, endCol = -1): T {
    if (this.done !== Done.ERROR) {
      const line = this.bytes.subarray(this.lineStart, this.cur);
      const offset = col === -1 ? codePointLength(decodeUtf8Replace(line)) : col;
      const newline = this.bytes.indexOf(10, this.lineStart);
      const lineEnd = Math.min(newline < 0 ? this.end : newline, this.bytes.indexOf(0, this.lineStart));
      const text = decodeUtf8Replace(this.bytes.subarray(this.lineStart, lineEnd));
      this.error = new PySyntaxError(
        "SyntaxError",
        message,
        this.options.filename,
        this.lineno,
        offset,
        this.lineno,
        endCol === -1 ? offset : endCol,
        text,
      );
      this.done = Done.ERROR;
    }
    return this.bare(T.ERRORTOKEN);
  }

  protected stop(done: Done): T {
    this.done = done;
    this.cur = this.inp;
    return this.bare(T.ERRORTOKEN);
  }

  /** False where the sink made the warning an error. */
  protected warning(message: string): boolean {
    this.warned = true;
    if (!this.options.warn) return true;
    try {
      this.options.warn({
        category: "SyntaxWarning",
        message,
        filename: this.options.filename,
        lineno: this.lineno,
      });
      return true;
    } catch (e) {
      if (e instanceof PySyntaxError) {
        this.syntaxError(message);
      } else {
        this.error = e as Error;
        this.done = Done.ERROR;
      }
      return false;
    }
  }
}
