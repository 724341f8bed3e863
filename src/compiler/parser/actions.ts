/**
 * What the actions of `spec/python.peg` call: CPython 3.13's `Parser/action_helpers.c`. A function answers null for
 * "does not match"; one that finds a mistake raises it in the parser and answers null.
 *
 * Results are remembered and shared between alternatives, so nothing here changes a node: `store` and `remove` copy.
 */

import {
  alias as Alias,
  arg as Arg,
  AsyncFunctionDef,
  Attribute,
  type alias,
  type arg,
  arguments_,
  Call,
  ClassDef,
  type Constant,
  type expr,
  FunctionDef,
  Kind,
  type keyword,
  List,
  MatchOr,
  Module,
  Name,
  type pattern,
  Starred,
  Subscript,
  type stmt,
  Tuple,
} from "../../generated/ast.ts";
import { Complex } from "../code/constant.ts";
import type { PegParser } from "./peg.ts";
import type { Token } from "./peg-input.ts";

export * from "./literal-actions.ts";
export * from "./mistakes.ts";

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

// ---- versions and types

/** The node, where it may be used in the version that is asked for; otherwise a mistake. */
export function since<V>(p: PegParser, version: number, what: string, node: V): V | null {
  const { featureVersion = version } = p.options;
  if (featureVersion >= version) return node;
  return p.raise("SyntaxError", `${what} only supported in Python 3.${version} and greater`);
}

/** What a comment says of a type. */
export function typeComment(p: PegParser, token: Token | null): string | null {
  return token ? p.source.decode(token.start, token.end) : null;
}

export function commented(p: PegParser, a: arg, token: Token | null): arg {
  if (!token) return a;
  const { lineno, col_offset, end_lineno, end_col_offset } = a;
  return new Arg(a.arg, a.annotation, typeComment(p, token), lineno, col_offset, end_lineno, end_col_offset);
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

export function module(p: PegParser, body: stmt[] | null): Module {
  return new Module(body ?? [], [...p.typeIgnores]);
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
