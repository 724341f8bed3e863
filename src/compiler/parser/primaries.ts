/**
 * The fast parser's primaries: names, literals, displays, comprehensions, calls, subscripts, and the targets of
 * assignments that are made of them.
 */

import {
  Attribute,
  Call,
  Constant,
  comprehension,
  Dict,
  DictComp,
  type expr,
  GeneratorExp,
  Kind,
  keyword,
  List,
  ListComp,
  Name,
  SetComp,
  Set as SetNode,
  Slice,
  Starred,
  Subscript,
  Tuple,
} from "../../generated/ast.ts";
import { ELLIPSIS } from "../code/constant.ts";
import { T } from "../tokenizer/tokens.ts";
import { BAIL } from "./cursor.ts";
import { parseNumber } from "./literals.ts";
import { ParameterParser } from "./parameters.ts";

/** Whether a token can begin an expression. */
export const startsExpression = new Uint8Array(128);
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

export abstract class PrimaryParser extends ParameterParser {
  protected abstract namedExpression(): expr;
  protected abstract starNamedExpression(): expr;
  protected abstract yieldExpression(): expr;
  protected abstract disjunction(): expr;
  /** Operators that bind at least as strongly as `level`; 1 is bitwise_or. */
  protected abstract binary(level: number): expr;

  /** The current token can begin an expression, or a starred one. */
  protected atExpression(): boolean {
    return startsExpression[this.type] === 1 || this.at(T.STAR);
  }

  protected tuple(elts: expr[], s: number): Tuple {
    const e = this.pos - 1;
    return new Tuple(elts, Kind.Load, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

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
}
