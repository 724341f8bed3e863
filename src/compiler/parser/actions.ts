/**
 * What the actions of `spec/python.peg` call: CPython 3.13's `Parser/action_helpers.c`. A function answers null for
 * "does not match"; one that finds a mistake raises it in the parser and answers null.
 *
 * Results are remembered and shared between alternatives, so nothing here changes a node: `store` and `remove` copy.
 */

import {
  AsyncFunctionDef,
  Attribute,
  Call,
  ClassDef,
  Constant,
  FunctionDef,
  JoinedStr,
  Kind,
  List,
  MatchOr,
  Module,
  Name,
  Starred,
  Subscript,
  Tuple,
  type alias,
  alias as Alias,
  type arg,
  arguments_,
  type comprehension,
  type expr,
  type keyword,
  type pattern,
  type stmt,
} from "../../generated/ast.ts";
import { Complex, ELLIPSIS } from "../constant.ts";
import { PyCompileError } from "../errors.ts";
import { T, keywordList } from "../tokenizer/tokens.ts";
import {
  type Escapes,
  LiteralError,
  type Text,
  asciiBytes,
  literalMessage,
  parseNumber,
  splitString,
  unescapeBytes,
  unescapeText,
} from "./literals.ts";
import type { PegParser, Placed, Token } from "./peg.ts";
import { concatenateStrings, formatSpec as buildFormatSpec, formattedValue, unpackJoinedStrings } from "./strings.ts";

export type ActionContext = PegParser;

type Pair<A, B> = readonly [A, B];

// ---- sequences

export function list<V>(items: V[] | null): V[] {
  return items ?? [];
}

export function one<V>(_p: PegParser, item: V): V[] {
  return [item];
}

export function front<V>(_p: PegParser, item: V, rest: V[] | null): V[] {
  return rest ? [item, ...rest] : [item];
}

export function append<V>(_p: PegParser, items: V[], item: V): V[] {
  return [...items, item];
}

export function join<V>(_p: PegParser, a: V[], b: V[]): V[] {
  return [...a, ...b];
}

export function flatten<V>(_p: PegParser, lists: V[][]): V[] {
  return lists.flat();
}

export function first<V>(_p: PegParser, items: V[]): V {
  return items[0];
}

export function last<V>(_p: PegParser, items: V[]): V {
  return items[items.length - 1];
}

/** A key and a value, an operator and an operand, a parameter and its default. */
export function pair<A, B>(_p: PegParser, a: A, b: B): Pair<A, B> {
  return [a, b];
}

export function firsts<A, B>(_p: PegParser, pairs: Pair<A, B>[] | null): A[] {
  return pairs ? pairs.map(([a]) => a) : [];
}

export function seconds<A, B>(_p: PegParser, pairs: Pair<A, B>[] | null): B[] {
  return pairs ? pairs.map(([, b]) => b) : [];
}

export function leftOf<A, B>(_p: PegParser, [a]: Pair<A, B>): A {
  return a;
}

export function rightOf<A, B>(_p: PegParser, [, b]: Pair<A, B>): B {
  return b;
}

// ---- names

export function id(_p: PegParser, name: Name | null): string {
  return (name ? name.id : null) as string;
}

export function ids(_p: PegParser, names: Name[]): string[] {
  return names.map((name) => name.id);
}

export function dotted(_p: PegParser, a: Name, b: Name): Name {
  return new Name(`${a.id}.${b.id}`, Kind.Load, a.lineno, a.col_offset, b.end_lineno, b.end_col_offset);
}

export function dots(p: PegParser, tokens: Token[]): number {
  return tokens.reduce((n, token) => n + p.text(token).length, 0);
}

export function starAlias(p: PegParser): alias {
  return new Alias("*", null, p.startLine, p.startCol, p.endLine, p.endCol);
}

/** Something that is not looked at. */
export function dummy(p: PegParser): expr {
  return new Name("", Kind.Load, p.startLine, p.startCol, p.endLine, p.endCol);
}

// ---- targets

export function store(_p: PegParser, node: expr): expr {
  return withContext(node, Kind.Store);
}

export function remove(_p: PegParser, node: expr): expr {
  return withContext(node, Kind.Del);
}

function withContext(node: expr, ctx: Kind.Store | Kind.Del): expr {
  const { lineno, col_offset, end_lineno, end_col_offset } = node;
  switch (node.node) {
    case Kind.Name:
      return new Name(node.id, ctx, lineno, col_offset, end_lineno, end_col_offset);
    case Kind.Attribute:
      return new Attribute(node.value, node.attr, ctx, lineno, col_offset, end_lineno, end_col_offset);
    case Kind.Subscript:
      return new Subscript(node.value, node.slice, ctx, lineno, col_offset, end_lineno, end_col_offset);
    case Kind.Starred:
      return new Starred(withContext(node.value, ctx), ctx, lineno, col_offset, end_lineno, end_col_offset);
    case Kind.Tuple:
    case Kind.List: {
      const make = node.node === Kind.Tuple ? Tuple : List;
      const elts = node.elts.map((element) => withContext(element, ctx));
      return new make(elts, ctx, lineno, col_offset, end_lineno, end_col_offset);
    }
  }
  return node;
}

// ---- statements

export function module(_p: PegParser, body: stmt[] | null): Module {
  return new Module(body ?? [], []);
}

export function decorate(_p: PegParser, decorators: expr[], node: stmt): stmt {
  const { lineno, col_offset, end_lineno, end_col_offset } = node;
  if (node.node === Kind.ClassDef) {
    return new ClassDef(
      node.name,
      node.bases,
      node.keywords,
      node.body,
      decorators,
      node.type_params,
      lineno,
      col_offset,
      end_lineno,
      end_col_offset,
    );
  }
  const f = node as FunctionDef | AsyncFunctionDef;
  const make = f.node === Kind.FunctionDef ? FunctionDef : AsyncFunctionDef;
  return new make(
    f.name,
    f.args,
    f.body,
    decorators,
    f.returns,
    f.type_comment,
    f.type_params,
    lineno,
    col_offset,
    end_lineno,
    end_col_offset,
  );
}

// ---- parameters

type Parameter = Pair<arg, expr | null>;
interface SlashWithDefault {
  plain: arg[];
  withDefault: Parameter[];
}
interface StarEtc {
  vararg: arg | null;
  kwonly: Parameter[] | null;
  kwarg: arg | null;
}

export function slashWithDefault(_p: PegParser, plain: arg[], withDefault: Parameter[]): SlashWithDefault {
  return { plain, withDefault };
}

export function starEtc(_p: PegParser, vararg: arg | null, kwonly: Parameter[] | null, kwarg: arg | null): StarEtc {
  return { vararg, kwonly, kwarg };
}

export function makeArguments(
  p: PegParser,
  slash: arg[] | null,
  slashDefault: SlashWithDefault | null,
  plain: arg[] | null,
  withDefault: Parameter[] | null,
  star: StarEtc | null,
): arguments_ {
  const posonly = slash ?? (slashDefault ? [...slashDefault.plain, ...firsts(p, slashDefault.withDefault)] : []);
  const args = [...(plain ?? []), ...firsts(p, withDefault)];
  const defaults = [...seconds(p, slashDefault?.withDefault ?? null), ...seconds(p, withDefault)] as expr[];
  const kwonly = star?.kwonly ?? null;
  return new arguments_(
    posonly,
    args,
    star?.vararg ?? null,
    firsts(p, kwonly),
    seconds(p, kwonly),
    star?.kwarg ?? null,
    defaults,
  );
}

export function orNoArguments(_p: PegParser, args: arguments_ | null): arguments_ {
  return args ?? new arguments_([], [], null, [], [], null, []);
}

// ---- calls

interface Argument {
  element: keyword | expr;
  isKeyword: boolean;
}

export function argument(_p: PegParser, element: keyword | expr, isKeyword: number): Argument {
  return { element, isKeyword: isKeyword === 1 };
}

export function starredOf(_p: PegParser, args: Argument[]): expr[] {
  return args.filter((a) => !a.isKeyword).map((a) => a.element as expr);
}

export function keywordsOf(_p: PegParser, args: Argument[]): keyword[] {
  return args.filter((a) => a.isKeyword).map((a) => a.element as keyword);
}

export function collectCall(p: PegParser, args: expr[], rest: Argument[] | null): Call {
  const more = rest ?? [];
  return new Call(
    dummy(p),
    [...args, ...starredOf(p, more)],
    keywordsOf(p, more),
    p.startLine,
    p.startCol,
    p.endLine,
    p.endCol,
  );
}

export function callArgs(_p: PegParser, call: Call | null): expr[] {
  return call ? call.args : [];
}

export function callKeywords(_p: PegParser, call: Call | null): keyword[] {
  return call ? call.keywords : [];
}

// ---- operators

/** `!=`, or `<>` with barry_as_FLUFL. */
export function notEqual(p: PegParser, token: Token): Token | null {
  const barry = p.text(token) === "<>";
  if (!p.options.barryAsBdfl) return barry ? null : token;
  if (barry) return token;
  return p.raise("SyntaxError", "with Barry as BDFL, use '<>' instead of '!='");
}

// ---- patterns

export function orPattern(p: PegParser, patterns: pattern[]): pattern {
  if (patterns.length === 1) return patterns[0];
  return new MatchOr(patterns, p.startLine, p.startCol, p.endLine, p.endCol);
}

export function real(p: PegParser, node: Constant): expr | null {
  if (!(node.value instanceof Complex)) return node;
  return p.raiseRange(node, node, "real number required in complex literal");
}

export function imaginary(p: PegParser, node: Constant): expr | null {
  if (node.value instanceof Complex) return node;
  return p.raiseRange(node, node, "imaginary number required in complex literal");
}

// ---- literals

function constant(value: Constant["value"], kind: string | null, at: Placed): Constant {
  return new Constant(value, kind, at.lineno, at.col_offset, at.end_lineno, at.end_col_offset);
}

export function numberConstant(p: PegParser, token: Token): Constant | null {
  try {
    return constant(parseNumber(p.text(token)), null, token);
  } catch (e) {
    if (!(e instanceof LiteralError)) throw e;
    // No columns: the whole line would be underlined.
    const message = `${e.message} - Consider hexadecimal for huge integer literals to avoid decimal conversion limits.`;
    p.errorIndicator = true;
    return p.raiseAt("SyntaxError", message, {
      lineno: token.lineno,
      col: 0,
      endLineno: token.end_lineno,
      endCol: 0,
    });
  }
}

/** Decodes with `decode`; null after an error or a warning that became one. */
function unescaped<V>(p: PegParser, token: Token, decode: (escapes: Escapes) => V): V | null {
  const escapes: Escapes = { invalid: null };
  const value = decode(escapes);
  return escapes.invalid !== null && !p.warnEscape(token, escapes.invalid) ? null : value;
}

export function string(p: PegParser, token: Token): Constant | null {
  const text = p.text(token);
  const { bytes, raw, from, to } = splitString(text);
  let value: Text | Uint8Array | null;
  try {
    if (bytes) {
      const body = text.slice(from, to);
      for (let i = 0; i < body.length; i++) {
        if (body.charCodeAt(i) > 127) {
          return p.raiseRange(token, token, "bytes can only contain ASCII literal characters");
        }
      }
      const plain = raw || !body.includes("\\");
      value = plain ? asciiBytes(body) : unescaped(p, token, (escapes) => unescapeBytes(body, escapes));
    } else {
      const plain = raw || !text.includes("\\");
      const [start, end] = [token.start + from, token.start + to];
      const body = plain ? p.source.decode(start, end) : p.source.decodeEscaped(start, end);
      value = plain ? body : unescaped(p, token, (escapes) => unescapeText(body, escapes));
    }
  } catch (e) {
    return p.raiseLiteral(e);
  }
  if (value === null) return null;
  return constant(value, text.startsWith("u") ? "u" : null, token);
}

export function concatenate(p: PegParser, parts: expr[]): expr | null {
  return (
    concatenateStrings(parts, p.startLine, p.startCol, p.endLine, p.endCol) ??
    p.raise("SyntaxError", "cannot mix bytes and nonbytes literals")
  );
}

/** Text of an f-string as it stands; `joined` decodes it when the f-string is whole. */
export function fstringText(p: PegParser, token: Token): Constant | null {
  try {
    return constant(p.source.decode(token.start, token.end), null, token);
  } catch (e) {
    return undecodable(p, e);
  }
}

export function specText(p: PegParser, token: Token): Constant | null {
  try {
    const body = p.source.decodeEscaped(token.start, token.end);
    const value = unescaped(p, token, (escapes) => unescapeText(body, escapes));
    return value === null ? null : constant(value, null, token);
  } catch (e) {
    return undecodable(p, e);
  }
}

/** Here CPython makes no SyntaxError of it. */
function undecodable(p: PegParser, error: unknown): null {
  const message = literalMessage(error);
  if (message === null) throw error;
  p.error = new PyCompileError("UnicodeDecodeError", message.replace("(unicode error) ", ""));
  return null;
}

export function joined(p: PegParser, start: Token, raw: expr[], end: Token): JoinedStr | null {
  const isRaw = /r/i.test(p.text(start));
  const values: expr[] = [];
  for (const part of unpackJoinedStrings(raw)) {
    if (part.node !== Kind.Constant) {
      values.push(part);
      continue;
    }
    const decoded = fstringPart(p, isRaw, part, end);
    if (decoded === null) return null;
    if (decoded.value !== "") values.push(decoded);
  }
  return new JoinedStr(values, start.lineno, start.col_offset, end.end_lineno, end.end_col_offset);
}

function fstringPart(p: PegParser, raw: boolean, part: Constant, end: Token): Constant | null {
  let body = part.value as string;
  if (body === "{{" || body === "}}") body = body[0];
  if (raw || !body.includes("\\")) return constant(body, null, part);
  try {
    const value = unescaped(p, end, (escapes) => unescapeText(body, escapes));
    return value === null ? null : constant(value, null, part);
  } catch (e) {
    return p.raiseLiteral(e);
  }
}

interface WithMetadata<V> {
  result: V;
  metadata: string | null;
}

export function conversion(p: PegParser, mark: Token, name: Name): WithMetadata<Name> | null {
  if (mark.lineno !== name.lineno || mark.end_col_offset !== name.col_offset) {
    return p.raiseRange(mark, name, "f-string: conversion type must come right after the exclamanation mark");
  }
  return { result: name, metadata: mark.metadata };
}

export function formatSpec(p: PegParser, colon: Token, parts: expr[]): WithMetadata<expr> {
  return {
    result: buildFormatSpec(parts, p.startLine, p.startCol, p.endLine, p.endCol),
    metadata: colon.metadata,
  };
}

export function formatted(
  p: PegParser,
  value: expr,
  debug: Token | null,
  conv: WithMetadata<Name> | null,
  format: WithMetadata<expr> | null,
  brace: Token,
): expr | null {
  if (conv && !/^[sra]$/.test(conv.result.id)) {
    const shown = conv.result.id.includes("'") ? `"${conv.result.id}"` : `'${conv.result.id}'`;
    return p.raiseRange(
      conv.result,
      conv.result,
      `f-string: invalid conversion character ${shown}: expected 's', 'r', or 'a'`,
    );
  }
  const metadata = (conv ?? format ?? brace).metadata;
  if (debug && metadata === null) {
    // A stray `=` that the tokenizer took for no debug text: CPython fails to make the constant.
    p.error = new PyCompileError("ValueError", "field 'value' is required for Constant");
    return null;
  }
  const parts = {
    debugText: debug ? metadata : null,
    conversion: conv ? conv.result : null,
    format: format ? format.result : null,
  };
  return formattedValue(value, parts, p.startLine, p.startCol, p.endLine, p.endCol);
}

// ---- mistakes

export function error(p: PegParser, message: string): null {
  return p.raise("SyntaxError", message);
}

export function errorNext(p: PegParser, message: string): null {
  return p.raise("SyntaxError", message, true);
}

export function errorNextUnlessSet(p: PegParser, message: string): null {
  return p.error ? null : p.raise("SyntaxError", message, true);
}

export function indentationError(p: PegParser, message: string): null {
  return p.raise("IndentationError", message);
}

export function errorAt(p: PegParser, a: Placed, message: string): null {
  return p.raiseRange(a, a, message);
}

export function errorRange(p: PegParser, a: Placed, b: Placed, message: string): null {
  return p.raiseRange(a, b, message);
}

export function errorSince(p: PegParser, a: Placed, message: string): null {
  return p.raiseSince(a, message);
}

/** Behind a dictionary key that no colon follows. */
export function errorAfterKey(p: PegParser, key: expr): null {
  return p.raiseAt("SyntaxError", "':' expected after dictionary key", {
    lineno: key.lineno,
    col: key.end_col_offset,
    endLineno: key.end_lineno,
    endCol: 0,
  });
}

export function lineno(a: Placed): number {
  return a.lineno;
}

/** The text of a keyword token. */
export function text(token: Token): string {
  return keywordList[token.type - T.FALSE];
}

export function boundKind(node: expr): string {
  return node.node === Kind.Tuple ? "constraints" : "bound";
}

/** What an expression is called in a message. */
export function kind(node: expr): string {
  switch (node.node) {
    case Kind.Attribute:
      return "attribute";
    case Kind.Subscript:
      return "subscript";
    case Kind.Starred:
      return "starred";
    case Kind.Name:
      return "name";
    case Kind.List:
      return "list";
    case Kind.Tuple:
      return "tuple";
    case Kind.Lambda:
      return "lambda";
    case Kind.Call:
      return "function call";
    case Kind.BoolOp:
    case Kind.BinOp:
    case Kind.UnaryOp:
      return "expression";
    case Kind.GeneratorExp:
      return "generator expression";
    case Kind.Yield:
    case Kind.YieldFrom:
      return "yield expression";
    case Kind.Await:
      return "await expression";
    case Kind.ListComp:
      return "list comprehension";
    case Kind.SetComp:
      return "set comprehension";
    case Kind.DictComp:
      return "dict comprehension";
    case Kind.Dict:
      return "dict literal";
    case Kind.Set:
      return "set display";
    case Kind.JoinedStr:
    case Kind.FormattedValue:
      return "f-string expression";
    case Kind.Compare:
      return "comparison";
    case Kind.IfExp:
      return "conditional expression";
    case Kind.NamedExpr:
      return "named expression";
    case Kind.Constant:
      if (node.value === null) return "None";
      if (node.value === true) return "True";
      if (node.value === false) return "False";
      return node.value === ELLIPSIS ? "ellipsis" : "literal";
  }
  return "slice";
}

export function lastOf(_p: PegParser, clause: comprehension): expr {
  return clause.ifs.length ? clause.ifs[clause.ifs.length - 1] : clause.iter;
}

/** print and exec, which were statements. */
function isLegacy(node: expr): node is Name {
  return node.node === Kind.Name && (node.id === "print" || node.id === "exec");
}

export function missingParentheses(p: PegParser, name: Name, args: expr): null {
  if (!isLegacy(name)) return null;
  return p.raiseRange(name, args, `Missing parentheses in call to '${name.id}'. Did you mean ${name.id}(...)?`);
}

export function forgotComma(p: PegParser, a: expr, b: expr): null {
  if (isLegacy(a) || p.tokens[p.mark - 1].level === 0) return null;
  return p.raiseRange(a, b, "invalid syntax. Perhaps you forgot a comma?");
}

export function bareGeneratorInCall(p: PegParser, call: Call, clauses: comprehension[]): null {
  const { args } = call;
  if (args.length <= 1) return null;
  return p.raiseRange(
    args[args.length - 1],
    lastOf(p, clauses[clauses.length - 1]),
    "Generator expression must be parenthesized",
  );
}

export function positionalAfterKeyword(p: PegParser, call: Call): null {
  const unpacking = call.keywords.some((k) => k.arg === null);
  return p.raise("SyntaxError", `positional argument follows keyword argument${unpacking ? " unpacking" : ""}`);
}

type TargetKind = "star" | "del" | "for";

export function invalidTarget(p: PegParser, targets: TargetKind, node: expr): null {
  const invalid = findInvalidTarget(node, targets);
  if (!invalid) return null;
  const verb = targets === "del" ? "delete" : "assign to";
  return p.raiseRange(invalid, invalid, `cannot ${verb} ${kind(invalid)}`);
}

/** The part of an expression that keeps it from being a target. */
function findInvalidTarget(node: expr, targets: TargetKind): expr | null {
  switch (node.node) {
    case Kind.List:
    case Kind.Tuple:
      for (const element of node.elts) {
        const found = findInvalidTarget(element, targets);
        if (found) return found;
      }
      return null;
    case Kind.Starred:
      return targets === "del" ? node : findInvalidTarget(node.value, targets);
    case Kind.Compare:
      // `for a in b` was read as a comparison.
      if (targets !== "for") return node;
      return node.ops[0] === Kind.In ? findInvalidTarget(node.left, targets) : null;
    case Kind.Name:
    case Kind.Subscript:
    case Kind.Attribute:
      return null;
  }
  return node;
}
