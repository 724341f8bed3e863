/**
 * What the tokenizer remembers of one open f-string (PEP 701): `tokenizer_mode` of CPython 3.13's lexer. `literal` says
 * which of its two languages is being read, the text or an expression.
 */

import type { Source } from "./source.ts";

export class FStringMode {
  literal = true;
  inFormatSpec = false;
  /** An `=` was seen in the current expression, which may make it a `{expr=}`. */
  debug = false;
  /** Open brackets since the f-string began. */
  depth = 0;
  /** The value of `depth` at which the innermost replacement field began; -1 outside. */
  exprStartDepth = -1;
  private exprStart = 0;
  private exprEnd = -1;

  constructor(
    readonly quote: number,
    readonly quoteSize: number,
    readonly raw: boolean,
    readonly start: number,
    readonly lineStart: number,
    readonly lineno: number,
  ) {}

  expressionOpens(at: number): void {
    this.exprStart = at;
    this.exprEnd = -1;
  }

  expressionEnds(at: number): void {
    if (this.exprEnd < 0) this.exprEnd = at;
  }

  /** The source of the expression. Where it has a `#`, what follows one is left out up to the end of its line. */
  expressionText(source: Source): string {
    return source.decode(this.exprStart, this.exprEnd).replace(/#[^\n]*/g, "");
  }
}
