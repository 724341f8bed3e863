/** The fast parser's patterns of `match` statements (PEP 634). */

import {
  Attribute,
  BinOp,
  Constant,
  type expr,
  Kind,
  MatchAs,
  MatchClass,
  MatchMapping,
  MatchOr,
  MatchSequence,
  MatchSingleton,
  MatchStar,
  MatchValue,
  type pattern,
  UnaryOp,
} from "../../generated/ast.ts";
import { Complex } from "../code/constant.ts";
import { T } from "../tokenizer/tokens.ts";
import { BAIL } from "./cursor.ts";
import { ExpressionParser } from "./expressions.ts";

export abstract class PatternParser extends ExpressionParser {
  /** patterns: what follows `case`, a sequence without brackets included */
  protected patterns(): pattern {
    const s = this.pos;
    const first = this.maybeStarPattern();
    if (!this.at(T.COMMA)) {
      if (first.node === Kind.MatchStar) throw BAIL;
      return first;
    }
    const elements = [first];
    this.restOfSequence(elements, T.COLON);
    const e = this.pos - 1;
    return new MatchSequence(elements, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  /** After the first element, up to `close` (or a guard's `if`). */
  private restOfSequence(elements: pattern[], close: T): void {
    while (this.accept(T.COMMA)) {
      if (this.at(close) || this.at(T.IF)) break;
      elements.push(this.maybeStarPattern());
    }
  }

  private maybeStarPattern(): pattern {
    if (!this.at(T.STAR)) return this.pattern();
    const s = this.pos;
    this.advance();
    const name = this.captureName();
    const e = this.pos - 1;
    return new MatchStar(name, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  /** A name to capture, or null for `_`. */
  private captureName(): string | null {
    const name = this.identifier();
    if (this.at(T.DOT) || this.at(T.LPAR) || this.at(T.EQUAL)) throw BAIL;
    return name === "_" ? null : name;
  }

  private pattern(): pattern {
    const s = this.pos;
    this.enter();
    const inner = this.orPattern();
    this.leave();
    if (!this.accept(T.AS)) return inner;
    const name = this.captureName();
    if (name === null) throw BAIL;
    const e = this.pos - 1;
    return new MatchAs(inner, name, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private orPattern(): pattern {
    const s = this.pos;
    const first = this.closedPattern();
    if (!this.at(T.VBAR)) return first;
    const alternatives = [first];
    while (this.accept(T.VBAR)) alternatives.push(this.closedPattern());
    const e = this.pos - 1;
    return new MatchOr(alternatives, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private closedPattern(): pattern {
    const s = this.pos;
    switch (this.type) {
      case T.NUMBER:
      case T.MINUS:
      case T.STRING:
      case T.FSTRING_START: {
        const value = this.literal();
        const e = this.pos - 1;
        return new MatchValue(value, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
      }
      case T.NONE:
      case T.TRUE:
      case T.FALSE: {
        const value = this.at(T.NONE) ? null : this.at(T.TRUE);
        this.advance();
        return new MatchSingleton(value, this.lines[s], this.cols[s], this.endLines[s], this.endCols[s]);
      }
      case T.NAME:
        return this.namePattern();
      case T.LPAR:
        return this.groupOrSequence();
      case T.LSQB: {
        this.advance();
        const elements: pattern[] = [];
        if (!this.at(T.RSQB)) {
          elements.push(this.maybeStarPattern());
          this.restOfSequence(elements, T.RSQB);
        }
        this.expect(T.RSQB);
        const e = this.pos - 1;
        return new MatchSequence(elements, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
      }
      case T.LBRACE:
        return this.mappingPattern();
    }
    throw BAIL;
  }

  private groupOrSequence(): pattern {
    const s = this.pos;
    this.advance();
    const elements: pattern[] = [];
    if (!this.at(T.RPAR)) {
      const first = this.maybeStarPattern();
      if (!this.at(T.COMMA)) {
        if (first.node === Kind.MatchStar) throw BAIL;
        this.expect(T.RPAR);
        return first;
      }
      elements.push(first);
      this.restOfSequence(elements, T.RPAR);
    }
    this.expect(T.RPAR);
    const e = this.pos - 1;
    return new MatchSequence(elements, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  /** A capture, the wildcard, a dotted value or a class. */
  private namePattern(): pattern {
    const s = this.pos;
    const next = this.types[s + 1];
    if (next !== T.DOT && next !== T.LPAR) {
      const name = this.captureName();
      return new MatchAs(null, name, this.lines[s], this.cols[s], this.endLines[s], this.endCols[s]);
    }
    const value = this.dotted();
    if (this.at(T.LPAR)) return this.classPattern(value, s);
    if (this.at(T.EQUAL)) throw BAIL;
    const e = this.pos - 1;
    return new MatchValue(value, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private dotted(): expr {
    const s = this.pos;
    let value: expr = this.name();
    while (this.accept(T.DOT)) {
      const name = this.identifier();
      const e = this.pos - 1;
      value = new Attribute(value, name, Kind.Load, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
    }
    return value;
  }

  private classPattern(cls: expr, s: number): MatchClass {
    this.advance();
    const positional: pattern[] = [];
    const names: string[] = [];
    const keywordPatterns: pattern[] = [];
    while (!this.at(T.RPAR)) {
      if (this.at(T.NAME) && this.types[this.pos + 1] === T.EQUAL) {
        names.push(this.identifier());
        this.advance();
        keywordPatterns.push(this.pattern());
      } else {
        if (names.length) throw BAIL;
        positional.push(this.pattern());
      }
      if (this.at(T.COMMA)) this.advance();
      else if (!this.at(T.RPAR)) throw BAIL;
    }
    this.advance();
    const e = this.pos - 1;
    return new MatchClass(
      cls,
      positional,
      names,
      keywordPatterns,
      this.lines[s],
      this.cols[s],
      this.endLines[e],
      this.endCols[e],
    );
  }

  private mappingPattern(): MatchMapping {
    const s = this.pos;
    this.advance();
    const keys: expr[] = [];
    const values: pattern[] = [];
    let rest: string | null = null;
    while (!this.at(T.RBRACE)) {
      if (rest !== null) throw BAIL;
      if (this.accept(T.DOUBLESTAR)) {
        rest = this.captureName();
        if (rest === null) throw BAIL;
      } else {
        keys.push(this.mappingKey());
        this.expect(T.COLON);
        values.push(this.pattern());
      }
      if (this.at(T.COMMA)) this.advance();
      else if (!this.at(T.RBRACE)) throw BAIL;
    }
    this.advance();
    const e = this.pos - 1;
    return new MatchMapping(keys, values, rest, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private mappingKey(): expr {
    const s = this.pos;
    switch (this.type) {
      case T.NAME: {
        const key = this.dotted();
        if (key.node !== Kind.Attribute) throw BAIL;
        return key;
      }
      case T.NONE:
      case T.TRUE:
      case T.FALSE: {
        const value = this.at(T.NONE) ? null : this.at(T.TRUE);
        this.advance();
        return new Constant(value, null, this.lines[s], this.cols[s], this.endLines[s], this.endCols[s]);
      }
    }
    return this.literal();
  }

  /** A string, or a number with a sign or an imaginary part. */
  private literal(): expr {
    if (this.at(T.STRING) || this.at(T.FSTRING_START)) return this.strings();
    const s = this.pos;
    const real = this.signedNumber();
    if (!this.at(T.PLUS) && !this.at(T.MINUS)) return real;
    const number = real.node === Kind.UnaryOp ? real.operand : real;
    if ((number as Constant).value instanceof Complex) throw BAIL;
    const op = this.at(T.PLUS) ? Kind.Add : Kind.Sub;
    this.advance();
    if (!this.at(T.NUMBER)) throw BAIL;
    const imaginary = this.number();
    if (!(imaginary.value instanceof Complex)) throw BAIL;
    const e = this.pos - 1;
    return new BinOp(real, op, imaginary, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private signedNumber(): expr {
    const s = this.pos;
    const negative = this.accept(T.MINUS);
    if (!this.at(T.NUMBER)) throw BAIL;
    const value = this.number();
    if (!negative) return value;
    const e = this.pos - 1;
    return new UnaryOp(Kind.USub, value, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }
}
