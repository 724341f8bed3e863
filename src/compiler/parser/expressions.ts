/**
 * The fast parser's expressions: precedence climbing over the token array, one function a level of the grammar where
 * nodes differ and one loop for the binary operators. Mirrors the expression rules of CPython 3.13's
 * `Grammar/python.gram`; a node starts at its first token and ends at the last one consumed, as there.
 */

import {
  Attribute,
  Await,
  BinOp,
  BoolOp,
  Call,
  Compare,
  Constant,
  Dict,
  DictComp,
  GeneratorExp,
  IfExp,
  Kind,
  Lambda,
  List,
  ListComp,
  Name,
  NamedExpr,
  Set as SetNode,
  SetComp,
  Slice,
  Starred,
  Subscript,
  Tuple,
  UnaryOp,
  Yield,
  YieldFrom,
  type arg,
  arg as Arg,
  arguments_,
  type cmpop,
  comprehension,
  type expr,
  keyword,
  type operator,
} from "../../generated/ast.ts";
import { ELLIPSIS } from "../constant.ts";
import { T } from "../tokenizer/tokens.ts";
import { BAIL } from "./cursor.ts";
import { parseNumber } from "./literals.ts";
import { StringParser } from "./fstrings.ts";

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

/** Whether a token can begin an expression. */
const startsExpression = new Uint8Array(128);
for (const type of [
  T.NAME,
  T.NUMBER,
  T.STRING,
  T.FSTRING_START,
  T.LPAR,
  T.LSQB,
  T.LBRACE,
  T.MINUS,
  T.PLUS,
  T.TILDE,
  T.ELLIPSIS,
  T.NOT,
  T.LAMBDA,
  T.AWAIT,
  T.TRUE,
  T.FALSE,
  T.NONE,
]) {
  startsExpression[type] = 1;
}

export abstract class ExpressionParser extends StringParser {
  /** The current token can begin an expression, or a starred one. */
  protected atExpression(): boolean {
    return startsExpression[this.type] === 1 || this.at(T.STAR);
  }

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

  private tuple(elts: expr[], s: number): Tuple {
    const e = this.pos - 1;
    return new Tuple(elts, Kind.Load, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
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

  // ---- primaries

  protected primary(): expr {
    const s = this.pos;
    let value = this.atom();
    for (;;) {
      switch (this.type) {
        case T.DOT: {
          this.advance();
          const name = this.identifier();
          const e = this.pos - 1;
          value = new Attribute(value, name, Kind.Load, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
          break;
        }
        case T.LPAR:
          value = this.call(value, s);
          break;
        case T.LSQB: {
          this.enter();
          this.advance();
          const slice = this.slices();
          this.expect(T.RSQB);
          this.leave();
          const e = this.pos - 1;
          value = new Subscript(
            value,
            slice,
            Kind.Load,
            this.lines[s],
            this.cols[s],
            this.endLines[e],
            this.endCols[e],
          );
          break;
        }
        default:
          return value;
      }
    }
  }

  private call(func: expr, s: number): Call {
    const open = this.pos;
    this.enter();
    this.advance();
    const args: expr[] = [];
    const keywords: keyword[] = [];
    if (!this.at(T.RPAR) && !this.soleGenerator(args, open)) this.callArguments(args, keywords);
    this.expect(T.RPAR);
    this.leave();
    const e = this.pos - 1;
    return new Call(func, args, keywords, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  /**
   * The first argument, where it is positional, goes to `args`. True where it was a generator expression without
   * parentheses of its own: then the call's are its, and the closing one is left to the caller.
   */
  private soleGenerator(args: expr[], open: number): boolean {
    if (this.at(T.STAR) || this.at(T.DOUBLESTAR)) return false;
    if (this.at(T.NAME) && this.types[this.pos + 1] === T.EQUAL) return false;
    const first = this.namedExpression();
    if (this.at(T.FOR) || this.at(T.ASYNC)) {
      const generators = this.forIfClauses();
      if (!this.at(T.RPAR)) throw BAIL;
      const e = this.pos;
      args.push(
        new GeneratorExp(first, generators, this.lines[open], this.cols[open], this.endLines[e], this.endCols[e]),
      );
      return true;
    }
    args.push(first);
    if (this.at(T.COMMA)) this.advance();
    else if (!this.at(T.RPAR)) throw BAIL;
    return this.at(T.RPAR);
  }

  /** Arguments up to the closing parenthesis. */
  protected callArguments(args: expr[], keywords: keyword[]): void {
    let unpacked = false;
    while (!this.at(T.RPAR)) {
      const s = this.pos;
      if (this.at(T.STAR)) {
        if (unpacked) throw BAIL;
        this.advance();
        const value = this.expression();
        const e = this.pos - 1;
        args.push(new Starred(value, Kind.Load, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]));
      } else if (this.at(T.DOUBLESTAR)) {
        unpacked = true;
        this.advance();
        const value = this.expression();
        const e = this.pos - 1;
        keywords.push(new keyword(null, value, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]));
      } else if (this.at(T.NAME) && this.types[this.pos + 1] === T.EQUAL) {
        const name = this.identifier();
        this.advance();
        const value = this.expression();
        const e = this.pos - 1;
        keywords.push(new keyword(name, value, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]));
      } else {
        if (keywords.length) throw BAIL;
        args.push(this.namedExpression());
      }
      if (this.at(T.COMMA)) this.advance();
      else if (!this.at(T.RPAR)) throw BAIL;
    }
  }

  private slices(): expr {
    const s = this.pos;
    const first = this.slice();
    if (!this.at(T.COMMA)) {
      // A lone `*x` is a tuple of one.
      return this.types[s] === T.STAR ? this.tuple([first], s) : first;
    }
    const elts = [first];
    while (this.accept(T.COMMA)) {
      if (this.at(T.RSQB)) break;
      elts.push(this.slice());
    }
    return this.tuple(elts, s);
  }

  private slice(): expr {
    const s = this.pos;
    if (this.at(T.STAR)) {
      this.advance();
      const value = this.expression();
      const e = this.pos - 1;
      return new Starred(value, Kind.Load, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
    }
    let lower: expr | null = null;
    if (!this.at(T.COLON)) {
      lower = this.namedExpression();
      if (!this.at(T.COLON)) return lower;
      if (lower.node === Kind.NamedExpr && this.types[s] !== T.LPAR) throw BAIL;
    }
    this.advance();
    const upper = startsExpression[this.type] ? this.expression() : null;
    const step = this.accept(T.COLON) && startsExpression[this.type] ? this.expression() : null;
    const e = this.pos - 1;
    return new Slice(lower, upper, step, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  // ---- atoms

  protected name(): Name {
    const s = this.pos;
    const id = this.identifier();
    return new Name(id, Kind.Load, this.lines[s], this.cols[s], this.endLines[s], this.endCols[s]);
  }

  private constant(value: Constant["value"]): Constant {
    const s = this.pos;
    this.advance();
    return new Constant(value, null, this.lines[s], this.cols[s], this.endLines[s], this.endCols[s]);
  }

  protected number(): Constant {
    const { source, starts, ends } = this.tokens;
    return this.constant(parseNumber(source.text.slice(starts[this.pos], ends[this.pos])));
  }

  private atom(): expr {
    switch (this.type) {
      case T.NAME:
        return this.name();
      case T.NUMBER:
        return this.number();
      case T.STRING:
      case T.FSTRING_START:
        return this.strings();
      case T.LPAR:
      case T.LSQB:
      case T.LBRACE:
        return this.bracketed();
      case T.NONE:
        return this.constant(null);
      case T.TRUE:
        return this.constant(true);
      case T.FALSE:
        return this.constant(false);
      case T.ELLIPSIS:
        return this.constant(ELLIPSIS);
    }
    throw BAIL;
  }

  private bracketed(): expr {
    this.enter();
    const node = this.at(T.LPAR) ? this.parenthesized() : this.at(T.LSQB) ? this.list() : this.braces();
    this.leave();
    return node;
  }

  /** A tuple, a group or a generator expression. */
  private parenthesized(): expr {
    const s = this.pos;
    this.advance();
    if (this.accept(T.RPAR)) return this.tuple([], s);
    if (this.at(T.YIELD)) {
      const value = this.yieldExpression();
      this.expect(T.RPAR);
      return value;
    }
    const starred = this.at(T.STAR);
    const first = this.starNamedExpression();
    if (this.at(T.COMMA)) {
      const elts = [first];
      this.restOfElements(elts);
      this.expect(T.RPAR);
      return this.tuple(elts, s);
    }
    if (starred) throw BAIL;
    if (this.at(T.FOR) || this.at(T.ASYNC)) {
      const generators = this.forIfClauses();
      this.expect(T.RPAR);
      const e = this.pos - 1;
      return new GeneratorExp(first, generators, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
    }
    this.expect(T.RPAR);
    return first;
  }

  /** subject_expr of a match statement: a tuple may go without parentheses and hold named expressions. */
  protected subject(): expr {
    const s = this.pos;
    const first = this.starNamedExpression();
    if (!this.at(T.COMMA)) {
      if (this.types[s] === T.STAR) throw BAIL;
      return first;
    }
    const elts = [first];
    this.restOfElements(elts);
    return this.tuple(elts, s);
  }

  /** After the first of star_named_expressions. */
  private restOfElements(elts: expr[]): void {
    while (this.accept(T.COMMA)) {
      if (!this.atExpression()) break;
      elts.push(this.starNamedExpression());
    }
  }

  private list(): expr {
    const s = this.pos;
    this.advance();
    const elts: expr[] = [];
    if (!this.at(T.RSQB)) {
      const starred = this.at(T.STAR);
      elts.push(this.starNamedExpression());
      if (this.at(T.FOR) || this.at(T.ASYNC)) {
        if (starred) throw BAIL;
        const generators = this.forIfClauses();
        this.expect(T.RSQB);
        const e = this.pos - 1;
        return new ListComp(elts[0], generators, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
      }
      this.restOfElements(elts);
    }
    this.expect(T.RSQB);
    const e = this.pos - 1;
    return new List(elts, Kind.Load, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  /** A dict, a set or a comprehension of either. */
  private braces(): expr {
    const s = this.pos;
    this.advance();
    if (this.at(T.RBRACE) || this.at(T.DOUBLESTAR)) return this.dict([], [], s);
    const starred = this.at(T.STAR);
    const first = this.starNamedExpression();
    if (this.at(T.COLON)) {
      if (starred || (first.node === Kind.NamedExpr && this.types[s + 1] !== T.LPAR)) throw BAIL;
      this.advance();
      const value = this.expression();
      if (this.at(T.FOR) || this.at(T.ASYNC)) {
        const generators = this.forIfClauses();
        this.expect(T.RBRACE);
        const e = this.pos - 1;
        return new DictComp(first, value, generators, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
      }
      if (this.at(T.COMMA)) this.advance();
      else if (!this.at(T.RBRACE)) throw BAIL;
      return this.dict([first], [value], s);
    }
    if (this.at(T.FOR) || this.at(T.ASYNC)) {
      if (starred) throw BAIL;
      const generators = this.forIfClauses();
      this.expect(T.RBRACE);
      const e = this.pos - 1;
      return new SetComp(first, generators, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
    }
    const elts = [first];
    this.restOfElements(elts);
    this.expect(T.RBRACE);
    const e = this.pos - 1;
    return new SetNode(elts, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private dict(keys: (expr | null)[], values: expr[], s: number): Dict {
    while (!this.at(T.RBRACE)) {
      if (this.accept(T.DOUBLESTAR)) {
        keys.push(null);
        values.push(this.binary(1));
      } else {
        keys.push(this.expression());
        this.expect(T.COLON);
        values.push(this.expression());
      }
      if (this.at(T.COMMA)) this.advance();
      else if (!this.at(T.RBRACE)) throw BAIL;
    }
    this.advance();
    const e = this.pos - 1;
    return new Dict(keys, values, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private forIfClauses(): comprehension[] {
    const clauses: comprehension[] = [];
    do {
      const isAsync = this.accept(T.ASYNC);
      this.expect(T.FOR);
      const target = this.starTargets();
      this.expect(T.IN);
      const iter = this.disjunction();
      const ifs: expr[] = [];
      while (this.accept(T.IF)) ifs.push(this.disjunction());
      clauses.push(new comprehension(target, iter, ifs, isAsync ? 1 : 0));
    } while (this.at(T.FOR) || this.at(T.ASYNC));
    return clauses;
  }

  // ---- targets

  /** star_targets, which end before `in`, so that no operator can belong to them. */
  protected starTargets(): expr {
    const s = this.pos;
    const first = this.starTarget();
    if (!this.at(T.COMMA)) return first;
    const elts = [first];
    while (this.accept(T.COMMA)) {
      if (!this.atExpression()) break;
      elts.push(this.starTarget());
    }
    const node = this.tuple(elts, s);
    node.ctx = Kind.Store;
    return node;
  }

  protected starTarget(): expr {
    const s = this.pos;
    const starred = this.accept(T.STAR);
    const target = this.primary();
    this.setContext(target, Kind.Store);
    if (!starred) return target;
    const e = this.pos - 1;
    return new Starred(target, Kind.Store, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  /** Makes an expression a target. What is not one is a mistake of the program. */
  protected setContext(node: expr, ctx: Kind.Store | Kind.Del): void {
    switch (node.node) {
      case Kind.Name:
      case Kind.Attribute:
      case Kind.Subscript:
        node.ctx = ctx;
        return;
      case Kind.Tuple:
      case Kind.List:
        node.ctx = ctx;
        for (const element of node.elts) this.setContext(element, ctx);
        return;
      case Kind.Starred:
        if (ctx === Kind.Del) throw BAIL;
        node.ctx = ctx;
        this.setContext(node.value, ctx);
        return;
    }
    throw BAIL;
  }

  // ---- parameters

  /** Parameters up to `close`, which is left. A lambda's are not annotated. */
  protected parameters(close: T, annotated: boolean): arguments_ {
    let posonlyargs: arg[] = [];
    let args: arg[] = [];
    const kwonlyargs: arg[] = [];
    const kwDefaults: (expr | null)[] = [];
    const defaults: expr[] = [];
    let vararg: arg | null = null;
    let kwarg: arg | null = null;
    let starSeen = false;
    while (!this.at(close)) {
      if (kwarg) throw BAIL;
      switch (this.type) {
        case T.SLASH:
          if (starSeen || posonlyargs.length || !args.length) throw BAIL;
          this.advance();
          posonlyargs = args;
          args = [];
          break;
        case T.STAR:
          if (starSeen) throw BAIL;
          starSeen = true;
          this.advance();
          if (this.at(T.COMMA)) {
            if (this.types[this.pos + 1] !== T.NAME) throw BAIL;
          } else {
            vararg = this.parameter(annotated, true);
          }
          break;
        case T.DOUBLESTAR:
          this.advance();
          kwarg = this.parameter(annotated, false);
          break;
        default: {
          const param = this.parameter(annotated, false);
          const value = this.accept(T.EQUAL) ? this.expression() : null;
          if (starSeen) {
            kwonlyargs.push(param);
            kwDefaults.push(value);
          } else {
            args.push(param);
            if (value) defaults.push(value);
            else if (defaults.length) throw BAIL;
          }
        }
      }
      if (this.at(T.COMMA)) this.advance();
      else if (!this.at(close)) throw BAIL;
    }
    return new arguments_(posonlyargs, args, vararg, kwonlyargs, kwDefaults, kwarg, defaults);
  }

  private parameter(annotated: boolean, starAnnotation: boolean): arg {
    const s = this.pos;
    const name = this.identifier();
    let annotation: expr | null = null;
    if (annotated && this.accept(T.COLON)) annotation = starAnnotation ? this.starExpression() : this.expression();
    const e = this.pos - 1;
    return new Arg(name, annotation, null, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }
}
