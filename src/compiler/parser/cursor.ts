/**
 * A place in the token array, and how the fast parser gives up. The fast parser handles valid programs alone: at the
 * first thing that it does not understand it throws BAIL, and the grammar-driven parser starts over to say what is wrong
 * (or to accept it: chains deeper than DEPTH_MAX, say). So nothing in it reports an error.
 */

import type { TokenArray } from "../tokenizer/token-array.ts";
import { T } from "../tokenizer/tokens.ts";

/** Thrown by the fast parser; never leaves `parse`. */
export const BAIL: unique symbol = Symbol("bail");

/**
 * How deep brackets, unary operators, lambdas, conditionals and powers may nest. CPython counts rules, about 30 a
 * bracket, and stops at 6000: what nests less than this it certainly takes, and the rest is for the parser that counts
 * as it does. It also keeps this parser's own stack small.
 */
const DEPTH_MAX = 100;

export class TokenCursor {
  /** The current token and its type. */
  pos = 0;
  type: number;
  protected depth = 0;
  protected readonly types: Uint8Array;
  protected readonly lines: Int32Array;
  protected readonly cols: Int32Array;
  protected readonly endLines: Int32Array;
  protected readonly endCols: Int32Array;

  constructor(
    protected readonly tokens: TokenArray,
    /** Whether a literal that warrants a warning is beyond the fast parser. */
    protected readonly strict: boolean,
  ) {
    this.types = tokens.types;
    this.lines = tokens.lines;
    this.cols = tokens.cols;
    this.endLines = tokens.endLines;
    this.endCols = tokens.endCols;
    this.type = this.types[0];
  }

  protected fail(): never {
    throw BAIL;
  }

  protected at(type: T): boolean {
    return this.type === type;
  }

  protected advance(): void {
    this.type = this.types[++this.pos];
  }

  protected expect(type: T): void {
    if (this.type !== type) throw BAIL;
    this.type = this.types[++this.pos];
  }

  /** Consumes the token if it is of this type. */
  protected accept(type: T): boolean {
    if (this.type !== type) return false;
    this.type = this.types[++this.pos];
    return true;
  }

  protected seek(pos: number): void {
    this.pos = pos;
    this.type = this.types[pos];
  }

  protected enter(): void {
    if (++this.depth > DEPTH_MAX) throw BAIL;
  }

  protected leave(): void {
    this.depth--;
  }

  protected nameAt(pos: number): string {
    return this.tokens.names[this.tokens.nameIds[pos]];
  }

  /** The text of a NAME, consumed. */
  protected identifier(): string {
    if (this.type !== T.NAME) throw BAIL;
    const name = this.tokens.names[this.tokens.nameIds[this.pos]];
    this.type = this.types[++this.pos];
    return name;
  }

  /** The last token before the current one that is not layout: where a compound statement ends. */
  protected lastToken(): number {
    let e = this.pos - 1;
    while (this.types[e] >= T.NEWLINE && this.types[e] <= T.DEDENT) e--;
    return e;
  }
}
