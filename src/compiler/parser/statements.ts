/**
 * The fast parser's statements and its entry points. Mirrors the statement rules of CPython 3.13's
 * `Grammar/python.gram`, with the first token deciding where the grammar tries alternatives: an assignment is read as an
 * expression that then has to be a target.
 */

import {
  AnnAssign,
  Assert,
  Assign,
  AsyncFor,
  AsyncFunctionDef,
  AsyncWith,
  AugAssign,
  alias,
  Break,
  ClassDef,
  Continue,
  Delete,
  ExceptHandler,
  Expr,
  Expression,
  type expr,
  For,
  FunctionDef,
  Global,
  If,
  Import,
  ImportFrom,
  Kind,
  type keyword,
  Match,
  Module,
  match_case,
  type Name,
  Nonlocal,
  type operator,
  ParamSpec,
  Pass,
  Raise,
  Return,
  type stmt,
  Try,
  TryStar,
  TypeAlias,
  TypeVar,
  TypeVarTuple,
  type type_param,
  While,
  With,
  withitem,
} from "../../generated/ast.ts";
import { T } from "../tokenizer/tokens.ts";
import { BAIL } from "./cursor.ts";
import { PatternParser } from "./patterns.ts";

/** Each elif is a rule inside the one before: CPython has a limit for them, which is not this parser's to know. */
const ELIF_MAX = 1000;

const augmented: operator[] = [];
for (const [type, op] of [
  [T.PLUSEQUAL, Kind.Add],
  [T.MINEQUAL, Kind.Sub],
  [T.STAREQUAL, Kind.Mult],
  [T.ATEQUAL, Kind.MatMult],
  [T.SLASHEQUAL, Kind.Div],
  [T.PERCENTEQUAL, Kind.Mod],
  [T.AMPEREQUAL, Kind.BitAnd],
  [T.VBAREQUAL, Kind.BitOr],
  [T.CIRCUMFLEXEQUAL, Kind.BitXor],
  [T.LEFTSHIFTEQUAL, Kind.LShift],
  [T.RIGHTSHIFTEQUAL, Kind.RShift],
  [T.DOUBLESTAREQUAL, Kind.Pow],
  [T.DOUBLESLASHEQUAL, Kind.FloorDiv],
] as [T, operator][]) {
  augmented[type] = op;
}

export class FastParser extends PatternParser {
  /** file */
  module(): Module {
    const body: stmt[] = [];
    while (!this.at(T.ENDMARKER)) this.statement(body);
    return new Module(body, []);
  }

  /** eval */
  expressionInput(): Expression {
    const body = this.expressions();
    while (this.accept(T.NEWLINE));
    if (!this.at(T.ENDMARKER)) throw BAIL;
    return new Expression(body);
  }

  /** Reads one compound statement, or the simple statements of one line, into `body`. */
  private statement(body: stmt[]): void {
    switch (this.type) {
      case T.IF:
        body.push(this.ifStatement());
        return;
      case T.DEF:
        body.push(this.functionDef([], this.pos));
        return;
      case T.CLASS:
        body.push(this.classDef([]));
        return;
      case T.FOR:
        body.push(this.forStatement(this.pos, false));
        return;
      case T.WHILE:
        body.push(this.whileStatement());
        return;
      case T.TRY:
        body.push(this.tryStatement());
        return;
      case T.WITH:
        body.push(this.withStatement(this.pos, false));
        return;
      case T.ASYNC:
        body.push(this.asyncStatement([]));
        return;
      case T.AT:
        body.push(this.decorated());
        return;
      case T.NAME:
        if (this.nameAt(this.pos) === "match" && this.startsMatch()) {
          body.push(this.matchStatement());
          return;
        }
    }
    this.simpleStatements(body);
  }

  private simpleStatements(body: stmt[]): void {
    body.push(this.simpleStatement());
    while (this.accept(T.SEMI)) {
      if (this.at(T.NEWLINE)) break;
      body.push(this.simpleStatement());
    }
    this.expect(T.NEWLINE);
  }

  private block(): stmt[] {
    const body: stmt[] = [];
    if (!this.accept(T.NEWLINE)) {
      this.simpleStatements(body);
      return body;
    }
    this.expect(T.INDENT);
    do {
      this.statement(body);
    } while (!this.at(T.DEDENT));
    this.advance();
    return body;
  }

  // ---- simple statements

  private simpleStatement(): stmt {
    const s = this.pos;
    switch (this.type) {
      case T.RETURN: {
        this.advance();
        const value = this.atExpression() ? this.starExpressions() : null;
        const e = this.pos - 1;
        return new Return(value, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
      }
      case T.IMPORT:
        return this.importName();
      case T.FROM:
        return this.importFrom();
      case T.RAISE: {
        this.advance();
        let exc: expr | null = null;
        let cause: expr | null = null;
        if (!this.at(T.NEWLINE) && !this.at(T.SEMI)) {
          exc = this.expression();
          if (this.accept(T.FROM)) cause = this.expression();
        }
        const e = this.pos - 1;
        return new Raise(exc, cause, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
      }
      case T.PASS:
        this.advance();
        return new Pass(this.lines[s], this.cols[s], this.endLines[s], this.endCols[s]);
      case T.BREAK:
        this.advance();
        return new Break(this.lines[s], this.cols[s], this.endLines[s], this.endCols[s]);
      case T.CONTINUE:
        this.advance();
        return new Continue(this.lines[s], this.cols[s], this.endLines[s], this.endCols[s]);
      case T.DEL:
        return this.deleteStatement();
      case T.ASSERT: {
        this.advance();
        const test = this.expression();
        const msg = this.accept(T.COMMA) ? this.expression() : null;
        const e = this.pos - 1;
        return new Assert(test, msg, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
      }
      case T.GLOBAL:
      case T.NONLOCAL: {
        const node = this.at(T.GLOBAL) ? Global : Nonlocal;
        const names: string[] = [];
        do {
          this.advance();
          names.push(this.identifier());
        } while (this.at(T.COMMA));
        const e = this.pos - 1;
        return new node(names, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
      }
      case T.NAME:
        if (this.types[s + 1] === T.NAME && this.nameAt(s) === "type") return this.typeAlias();
    }
    return this.expressionStatement();
  }

  /** An expression, or an assignment of any kind. */
  private expressionStatement(): stmt {
    const s = this.pos;
    const first = this.annotatedRhs();
    switch (this.type) {
      case T.EQUAL: {
        const targets: expr[] = [];
        let value = first;
        while (this.accept(T.EQUAL)) {
          this.setContext(value, Kind.Store);
          targets.push(value);
          value = this.annotatedRhs();
        }
        const e = this.pos - 1;
        return new Assign(targets, value, null, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
      }
      case T.COLON:
        return this.annotatedAssignment(first, s);
      case T.NEWLINE:
      case T.SEMI: {
        const e = this.pos - 1;
        return new Expr(first, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
      }
    }
    const op = augmented[this.type];
    if (op === undefined) throw BAIL;
    this.setSingleTarget(first);
    this.advance();
    const value = this.annotatedRhs();
    const e = this.pos - 1;
    return new AugAssign(first as Name, op, value, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private setSingleTarget(target: expr): void {
    if (target.node !== Kind.Name && target.node !== Kind.Attribute && target.node !== Kind.Subscript) throw BAIL;
    target.ctx = Kind.Store;
  }

  private annotatedAssignment(target: expr, s: number): AnnAssign {
    this.setSingleTarget(target);
    const simple = target.node === Kind.Name && this.types[s] === T.NAME ? 1 : 0;
    this.advance();
    const annotation = this.expression();
    const value = this.accept(T.EQUAL) ? this.annotatedRhs() : null;
    const e = this.pos - 1;
    return new AnnAssign(
      target as Name,
      annotation,
      value,
      simple,
      this.lines[s],
      this.cols[s],
      this.endLines[e],
      this.endCols[e],
    );
  }

  private deleteStatement(): Delete {
    const s = this.pos;
    const targets: expr[] = [];
    do {
      this.advance();
      if (targets.length && (this.at(T.NEWLINE) || this.at(T.SEMI))) break;
      const target = this.primary();
      this.setContext(target, Kind.Del);
      targets.push(target);
    } while (this.at(T.COMMA));
    if (!this.at(T.NEWLINE) && !this.at(T.SEMI)) throw BAIL;
    const e = this.pos - 1;
    return new Delete(targets, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private typeAlias(): TypeAlias {
    const s = this.pos;
    this.advance();
    const name = this.name();
    name.ctx = Kind.Store;
    const params = this.typeParams();
    this.expect(T.EQUAL);
    const value = this.expression();
    const e = this.pos - 1;
    return new TypeAlias(name, params, value, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private dottedName(): string {
    let name = this.identifier();
    while (this.accept(T.DOT)) name += "." + this.identifier();
    return name;
  }

  private importName(): Import {
    const s = this.pos;
    const names: alias[] = [];
    do {
      this.advance();
      const a = this.pos;
      const name = this.dottedName();
      const asname = this.accept(T.AS) ? this.identifier() : null;
      const e = this.pos - 1;
      names.push(new alias(name, asname, this.lines[a], this.cols[a], this.endLines[e], this.endCols[e]));
    } while (this.at(T.COMMA));
    const e = this.pos - 1;
    return new Import(names, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private importFrom(): ImportFrom {
    const s = this.pos;
    this.advance();
    let level = 0;
    for (; this.at(T.DOT) || this.at(T.ELLIPSIS); this.advance()) level += this.at(T.DOT) ? 1 : 3;
    const module = this.at(T.NAME) ? this.dottedName() : null;
    if (module === null && !level) throw BAIL;
    this.expect(T.IMPORT);
    const names: alias[] = [];
    if (this.at(T.STAR)) {
      const a = this.pos;
      this.advance();
      names.push(new alias("*", null, this.lines[a], this.cols[a], this.endLines[a], this.endCols[a]));
    } else if (this.accept(T.LPAR)) {
      do {
        names.push(this.importedName());
      } while (this.accept(T.COMMA) && !this.at(T.RPAR));
      this.expect(T.RPAR);
    } else {
      do {
        names.push(this.importedName());
      } while (this.accept(T.COMMA));
    }
    const e = this.pos - 1;
    return new ImportFrom(module, names, level, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private importedName(): alias {
    const s = this.pos;
    const name = this.identifier();
    const asname = this.accept(T.AS) ? this.identifier() : null;
    const e = this.pos - 1;
    return new alias(name, asname, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  // ---- compound statements

  private ifStatement(): If {
    const s = this.pos;
    // An elif is an If in the orelse of the one before; all of them end where the last one does.
    const clauses: { s: number; test: expr; body: stmt[] }[] = [];
    let orelse: stmt[];
    for (;;) {
      const at = this.pos;
      this.advance();
      const test = this.namedExpression();
      this.expect(T.COLON);
      clauses.push({ s: at, test, body: this.block() });
      if (clauses.length > ELIF_MAX) throw BAIL;
      if (this.at(T.ELIF)) continue;
      orelse = this.elseBlock();
      break;
    }
    const e = this.lastToken();
    for (let i = clauses.length - 1; i > 0; i--) {
      const { s: at, test, body } = clauses[i];
      orelse = [new If(test, body, orelse, this.lines[at], this.cols[at], this.endLines[e], this.endCols[e])];
    }
    const { test, body } = clauses[0];
    return new If(test, body, orelse, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private elseBlock(): stmt[] {
    if (!this.accept(T.ELSE)) return [];
    this.expect(T.COLON);
    return this.block();
  }

  private whileStatement(): While {
    const s = this.pos;
    this.advance();
    const test = this.namedExpression();
    this.expect(T.COLON);
    const body = this.block();
    const orelse = this.elseBlock();
    const e = this.lastToken();
    return new While(test, body, orelse, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private forStatement(s: number, isAsync: boolean): For | AsyncFor {
    const node = isAsync ? AsyncFor : For;
    this.advance();
    const target = this.starTargets();
    this.expect(T.IN);
    const iter = this.starExpressions();
    this.expect(T.COLON);
    const body = this.block();
    const orelse = this.elseBlock();
    const e = this.lastToken();
    return new node(target, iter, body, orelse, null, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private withStatement(s: number, isAsync: boolean): With | AsyncWith {
    const node = isAsync ? AsyncWith : With;
    this.advance();
    const items = this.parenthesizedWithItems() ?? this.withItems(T.COLON);
    this.expect(T.COLON);
    const body = this.block();
    const e = this.lastToken();
    return new node(items, body, null, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private withItems(close: T): withitem[] {
    const items: withitem[] = [];
    do {
      if (items.length && this.at(T.RPAR) && close === T.RPAR) break;
      const value = this.expression();
      const target = this.accept(T.AS) ? this.starTarget() : null;
      items.push(new withitem(value, target));
    } while (this.accept(T.COMMA));
    return items;
  }

  /** The items of `with (a, b as c):`, or null where the parenthesis belongs to an expression. */
  private parenthesizedWithItems(): withitem[] | null {
    if (!this.at(T.LPAR)) return null;
    const open = this.pos;
    let level = 0;
    let close = open;
    for (; ; close++) {
      const type = this.types[close];
      if (type === T.LPAR || type === T.LSQB || type === T.LBRACE) level++;
      else if (type === T.RPAR || type === T.RSQB || type === T.RBRACE) level--;
      if (level === 0) break;
    }
    if (this.types[close + 1] !== T.COLON) return null;
    const depth = this.depth;
    try {
      this.advance();
      const items = this.withItems(T.RPAR);
      this.expect(T.RPAR);
      if (this.at(T.COLON)) return items;
    } catch (e) {
      if (e !== BAIL) throw e;
      this.depth = depth;
    }
    this.seek(open);
    return null;
  }

  private tryStatement(): Try | TryStar {
    const s = this.pos;
    this.advance();
    this.expect(T.COLON);
    const body = this.block();
    const handlers: ExceptHandler[] = [];
    const star = this.at(T.EXCEPT) && this.types[this.pos + 1] === T.STAR;
    while (this.at(T.EXCEPT)) handlers.push(this.exceptHandler(star));
    const orelse = handlers.length ? this.elseBlock() : [];
    let finalbody: stmt[] = [];
    if (this.accept(T.FINALLY)) {
      this.expect(T.COLON);
      finalbody = this.block();
    } else if (!handlers.length) {
      throw BAIL;
    }
    const e = this.lastToken();
    const node = star ? TryStar : Try;
    return new node(body, handlers, orelse, finalbody, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private exceptHandler(star: boolean): ExceptHandler {
    const s = this.pos;
    this.advance();
    if (this.accept(T.STAR) !== star) throw BAIL;
    let type: expr | null = null;
    let name: string | null = null;
    if (star || !this.at(T.COLON)) {
      type = this.expression();
      if (this.accept(T.AS)) name = this.identifier();
    }
    this.expect(T.COLON);
    const body = this.block();
    const e = this.lastToken();
    return new ExceptHandler(type, name, body, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private asyncStatement(decorators: expr[]): stmt {
    const s = this.pos;
    this.advance();
    if (this.at(T.DEF)) return this.functionDef(decorators, s);
    if (decorators.length) throw BAIL;
    if (this.at(T.FOR)) return this.forStatement(s, true);
    if (this.at(T.WITH)) return this.withStatement(s, true);
    throw BAIL;
  }

  private decorated(): stmt {
    const decorators: expr[] = [];
    while (this.accept(T.AT)) {
      decorators.push(this.namedExpression());
      this.expect(T.NEWLINE);
    }
    switch (this.type) {
      case T.DEF:
        return this.functionDef(decorators, this.pos);
      case T.CLASS:
        return this.classDef(decorators);
      case T.ASYNC:
        return this.asyncStatement(decorators);
    }
    throw BAIL;
  }

  /** At `def`; `s` is where the statement starts, which may be an `async` before. */
  private functionDef(decorators: expr[], s: number): FunctionDef | AsyncFunctionDef {
    const node = s === this.pos ? FunctionDef : AsyncFunctionDef;
    this.advance();
    const name = this.identifier();
    const typeParams = this.typeParams();
    this.expect(T.LPAR);
    const args = this.parameters(T.RPAR, true);
    this.expect(T.RPAR);
    const returns = this.accept(T.RARROW) ? this.expression() : null;
    this.expect(T.COLON);
    const body = this.block();
    const e = this.lastToken();
    return new node(
      name,
      args,
      body,
      decorators,
      returns,
      null,
      typeParams,
      this.lines[s],
      this.cols[s],
      this.endLines[e],
      this.endCols[e],
    );
  }

  private classDef(decorators: expr[]): ClassDef {
    const s = this.pos;
    this.advance();
    const name = this.identifier();
    const typeParams = this.typeParams();
    const bases: expr[] = [];
    const keywords: keyword[] = [];
    if (this.accept(T.LPAR)) {
      this.callArguments(bases, keywords);
      this.expect(T.RPAR);
    }
    this.expect(T.COLON);
    const body = this.block();
    const e = this.lastToken();
    return new ClassDef(
      name,
      bases,
      keywords,
      body,
      decorators,
      typeParams,
      this.lines[s],
      this.cols[s],
      this.endLines[e],
      this.endCols[e],
    );
  }

  private typeParams(): type_param[] {
    const params: type_param[] = [];
    if (!this.accept(T.LSQB)) return params;
    do {
      params.push(this.typeParam());
    } while (this.accept(T.COMMA) && !this.at(T.RSQB));
    this.expect(T.RSQB);
    return params;
  }

  private typeParam(): type_param {
    const s = this.pos;
    const star = this.type;
    if (star === T.STAR || star === T.DOUBLESTAR) this.advance();
    const name = this.identifier();
    const bound = star === T.NAME && this.accept(T.COLON) ? this.expression() : null;
    let value: expr | null = null;
    if (this.accept(T.EQUAL)) value = star === T.STAR ? this.starExpression() : this.expression();
    const e = this.pos - 1;
    const [line, col, endLine, endCol] = [this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]];
    if (star === T.STAR) return new TypeVarTuple(name, value, line, col, endLine, endCol);
    if (star === T.DOUBLESTAR) return new ParamSpec(name, value, line, col, endLine, endCol);
    return new TypeVar(name, bound, value, line, col, endLine, endCol);
  }

  // ---- match

  /** Only a match statement is a line that ends with a colon before an indented `case`. */
  private startsMatch(): boolean {
    let i = this.pos + 1;
    while (this.types[i] !== T.NEWLINE) i++;
    return (
      this.types[i - 1] === T.COLON &&
      this.types[i + 1] === T.INDENT &&
      this.types[i + 2] === T.NAME &&
      this.nameAt(i + 2) === "case"
    );
  }

  private matchStatement(): Match {
    const s = this.pos;
    this.advance();
    const subject = this.subject();
    this.expect(T.COLON);
    this.expect(T.NEWLINE);
    this.expect(T.INDENT);
    const cases: match_case[] = [];
    do {
      if (!this.at(T.NAME) || this.nameAt(this.pos) !== "case") throw BAIL;
      this.advance();
      const pattern = this.patterns();
      const guard = this.accept(T.IF) ? this.namedExpression() : null;
      this.expect(T.COLON);
      cases.push(new match_case(pattern, guard, this.block()));
    } while (!this.at(T.DEDENT));
    this.advance();
    const e = this.lastToken();
    return new Match(subject, cases, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }
}
