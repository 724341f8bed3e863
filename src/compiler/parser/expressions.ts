/**
 * The fast parser's expressions: precedence climbing over the token array, one function a level of the grammar where
 * nodes differ and one loop for the binary operators. Mirrors the expression rules of CPython 3.13's
 * `Grammar/python.gram`; a node starts at its first token and ends at the last one consumed, as there.
 */

import {
  Await,
  BinOp,
  BoolOp,
  Compare,
  type cmpop,
  type expr,
  IfExp,
  Kind,
  Lambda,
  NamedExpr,
  type operator,
  Starred,
  UnaryOp,
  Yield,
  YieldFrom,
} from "../../generated/ast.ts";
import { T } from "../tokenizer/tokens.ts";
import { BAIL } from "./cursor.ts";
import { PrimaryParser, startsExpression } from "./primaries.ts";

/** Binding strength of the binary operators by token type; 0 for the others. */
const precedence = new Uint8Array(128);
const binaryOperators: operator[] = [];
for (const [type, level, op] of [
  [T.VBAR, 1, Kind.BitOr],
  [T.CIRCUMFLEX, 2, Kind.BitXor],
  [T.AMPER, 3, Kind.BitAnd],
  [T.LEFTSHIFT, 4, Kind.LShift],
  [T.RIGHTSHIFT, 4, Kind.RShift],
  [T.PLUS, 5, Kind.Add],
  [T.MINUS, 5, Kind.Sub],
  [T.STAR, 6, Kind.Mult],
  [T.SLASH, 6, Kind.Div],
  [T.DOUBLESLASH, 6, Kind.FloorDiv],
  [T.PERCENT, 6, Kind.Mod],
  [T.AT, 6, Kind.MatMult],
] as [T, number, operator][]) {
  precedence[type] = level;
  binaryOperators[type] = op;
}

export abstract class ExpressionParser extends PrimaryParser {
  // ---- lists of expressions

  /** star_expressions */
  protected starExpressions(): expr {
    const s = this.pos;
    const first = this.starExpression();
    if (!this.at(T.COMMA)) return first;
    const elts = [first];
    while (this.accept(T.COMMA)) {
      if (!this.atExpression()) break;
      elts.push(this.starExpression());
    }
    return this.tuple(elts, s);
  }

  /** expressions: without stars */
  protected expressions(): expr {
    const s = this.pos;
    const first = this.expression();
    if (!this.at(T.COMMA)) return first;
    const elts = [first];
    while (this.accept(T.COMMA)) {
      if (!startsExpression[this.type]) break;
      elts.push(this.expression());
    }
    return this.tuple(elts, s);
  }

  protected starExpression(): expr {
    return this.at(T.STAR) ? this.starred() : this.expression();
  }

  /** `*` bitwise_or */
  private starred(): Starred {
    const s = this.pos;
    this.advance();
    const value = this.binary(1);
    const e = this.pos - 1;
    return new Starred(value, Kind.Load, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  protected starNamedExpression(): expr {
    return this.at(T.STAR) ? this.starred() : this.namedExpression();
  }

  /** yield_expr or star_expressions */
  protected annotatedRhs(): expr {
    return this.at(T.YIELD) ? this.yieldExpression() : this.starExpressions();
  }

  protected yieldExpression(): expr {
    const s = this.pos;
    this.advance();
    if (this.accept(T.FROM)) {
      const value = this.expression();
      const e = this.pos - 1;
      return new YieldFrom(value, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
    }
    const value = this.atExpression() ? this.starExpressions() : null;
    const e = this.pos - 1;
    return new Yield(value, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  // ---- operators, loosest first

  protected namedExpression(): expr {
    if (this.at(T.NAME) && this.types[this.pos + 1] === T.COLONEQUAL) {
      const s = this.pos;
      const target = this.name();
      target.ctx = Kind.Store;
      this.advance();
      const value = this.expression();
      const e = this.pos - 1;
      return new NamedExpr(target, value, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
    }
    return this.expression();
  }

  protected expression(): expr {
    if (this.at(T.LAMBDA)) return this.lambda();
    const s = this.pos;
    const body = this.disjunction();
    if (!this.at(T.IF)) return body;
    this.advance();
    const test = this.disjunction();
    this.expect(T.ELSE);
    this.enter();
    const orelse = this.expression();
    this.leave();
    const e = this.pos - 1;
    return new IfExp(test, body, orelse, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private lambda(): Lambda {
    const s = this.pos;
    this.enter();
    this.advance();
    const args = this.parameters(T.COLON, false);
    this.expect(T.COLON);
    const body = this.expression();
    this.leave();
    const e = this.pos - 1;
    return new Lambda(args, body, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  protected disjunction(): expr {
    const s = this.pos;
    const first = this.conjunction();
    if (!this.at(T.OR)) return first;
    const values = [first];
    while (this.accept(T.OR)) values.push(this.conjunction());
    const e = this.pos - 1;
    return new BoolOp(Kind.Or, values, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private conjunction(): expr {
    const s = this.pos;
    const first = this.inversion();
    if (!this.at(T.AND)) return first;
    const values = [first];
    while (this.accept(T.AND)) values.push(this.inversion());
    const e = this.pos - 1;
    return new BoolOp(Kind.And, values, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private inversion(): expr {
    if (!this.at(T.NOT)) return this.comparison();
    const s = this.pos;
    this.enter();
    this.advance();
    const operand = this.inversion();
    this.leave();
    const e = this.pos - 1;
    return new UnaryOp(Kind.Not, operand, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private comparison(): expr {
    const s = this.pos;
    const left = this.binary(1);
    let op = this.comparisonOperator();
    if (op < 0) return left;
    const ops: cmpop[] = [];
    const comparators: expr[] = [];
    do {
      ops.push(op as cmpop);
      comparators.push(this.binary(1));
      op = this.comparisonOperator();
    } while (op >= 0);
    const e = this.pos - 1;
    return new Compare(left, ops, comparators, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  /** Consumes a comparison operator; -1 where there is none. */
  private comparisonOperator(): number {
    let op: cmpop;
    switch (this.type) {
      case T.EQEQUAL:
        op = Kind.Eq;
        break;
      case T.NOTEQUAL:
        if (this.tokens.source.bytes[this.tokens.starts[this.pos]] !== 33) throw BAIL; // <>
        op = Kind.NotEq;
        break;
      case T.LESSEQUAL:
        op = Kind.LtE;
        break;
      case T.LESS:
        op = Kind.Lt;
        break;
      case T.GREATEREQUAL:
        op = Kind.GtE;
        break;
      case T.GREATER:
        op = Kind.Gt;
        break;
      case T.NOT:
        if (this.types[this.pos + 1] !== T.IN) return -1;
        this.advance();
        op = Kind.NotIn;
        break;
      case T.IN:
        op = Kind.In;
        break;
      case T.IS:
        op = Kind.Is;
        if (this.types[this.pos + 1] === T.NOT) {
          this.advance();
          op = Kind.IsNot;
        }
        break;
      default:
        return -1;
    }
    this.advance();
    return op;
  }

  /** Operators that bind at least as strongly as `level`; 1 is bitwise_or. */
  protected binary(level: number): expr {
    const s = this.pos;
    let left = this.factor();
    for (;;) {
      const strength = precedence[this.type];
      if (strength < level || strength === 0) return left;
      const op = binaryOperators[this.type];
      this.advance();
      const right = this.binary(strength + 1);
      const e = this.pos - 1;
      left = new BinOp(left, op, right, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
    }
  }

  private factor(): expr {
    let op: Kind.UAdd | Kind.USub | Kind.Invert;
    switch (this.type) {
      case T.PLUS:
        op = Kind.UAdd;
        break;
      case T.MINUS:
        op = Kind.USub;
        break;
      case T.TILDE:
        op = Kind.Invert;
        break;
      default:
        return this.power();
    }
    const s = this.pos;
    this.enter();
    this.advance();
    const operand = this.factor();
    this.leave();
    const e = this.pos - 1;
    return new UnaryOp(op, operand, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private power(): expr {
    const s = this.pos;
    let left: expr;
    if (this.at(T.AWAIT)) {
      this.advance();
      const value = this.primary();
      const e = this.pos - 1;
      left = new Await(value, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
    } else {
      left = this.primary();
    }
    if (!this.at(T.DOUBLESTAR)) return left;
    this.enter();
    this.advance();
    const right = this.factor();
    this.leave();
    const e = this.pos - 1;
    return new BinOp(left, Kind.Pow, right, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }
}
