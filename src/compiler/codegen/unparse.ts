/**
 * Expressions back to source text: what `from __future__ import annotations` makes of annotations.
 *
 * Mirrors `_PyAST_ExprAsUnicode` (`Python/ast_unparse.c`), parentheses and spaces included. Deliberate difference: a high
 * and a low surrogate that are escaped one after the other in a format specification become one character.
 */
import {
  type arg,
  type arguments_,
  type cmpop,
  type comprehension,
  type expr,
  type FormattedValue,
  Kind,
  type operator,
} from "../../generated/ast.ts";
import { Complex, type ConstantValue, ELLIPSIS, Tuple } from "../code/constant.ts";
import { PyCompileError } from "../errors/errors.ts";
import { maxStrDigits } from "../errors/limits.ts";
import { enterNesting, leaveNesting } from "../errors/nesting.ts";
import { bitLength } from "../optimize/floats.ts";
import { repr, tupleRepr } from "../text/repr.ts";
import { fromCodePoints, isText, joinTexts, type Text } from "../text/text.ts";

/** How tightly an expression binds. */
const enum Level {
  TUPLE,
  TEST,
  OR,
  AND,
  NOT,
  CMP,
  EXPR,
  BXOR,
  BAND,
  SHIFT,
  ARITH,
  TERM,
  FACTOR,
  POWER,
  AWAIT,
  ATOM,
}

const operators: Record<operator, readonly [string, Level]> = {
  [Kind.Add]: [" + ", Level.ARITH],
  [Kind.Sub]: [" - ", Level.ARITH],
  [Kind.Mult]: [" * ", Level.TERM],
  [Kind.MatMult]: [" @ ", Level.TERM],
  [Kind.Div]: [" / ", Level.TERM],
  [Kind.Mod]: [" % ", Level.TERM],
  [Kind.LShift]: [" << ", Level.SHIFT],
  [Kind.RShift]: [" >> ", Level.SHIFT],
  [Kind.BitOr]: [" | ", Level.EXPR],
  [Kind.BitXor]: [" ^ ", Level.BXOR],
  [Kind.BitAnd]: [" & ", Level.BAND],
  [Kind.FloorDiv]: [" // ", Level.TERM],
  [Kind.Pow]: [" ** ", Level.POWER],
};

const unaryOperators = {
  [Kind.Invert]: ["~", Level.FACTOR],
  [Kind.Not]: ["not ", Level.NOT],
  [Kind.UAdd]: ["+", Level.FACTOR],
  [Kind.USub]: ["-", Level.FACTOR],
} as const;

const comparisons: Record<cmpop, string> = {
  [Kind.Eq]: " == ",
  [Kind.NotEq]: " != ",
  [Kind.Lt]: " < ",
  [Kind.LtE]: " <= ",
  [Kind.Gt]: " > ",
  [Kind.GtE]: " >= ",
  [Kind.Is]: " is ",
  [Kind.IsNot]: " is not ",
  [Kind.In]: " in ",
  [Kind.NotIn]: " not in ",
};

/** The source text of an expression. */
export function unparse(e: expr): string {
  return text(e, Level.TEST);
}

function parenthesised(condition: boolean, s: string): string {
  return condition ? `(${s})` : s;
}

function list(exprs: readonly expr[]): string {
  return exprs.map((e) => text(e, Level.TEST)).join(", ");
}

function text(e: expr, level: Level): string {
  enterNesting();
  const s = compound(e, level);
  leaveNesting();
  return s;
}

/** A chain of left operands, from its innermost outwards, without recursion. */
function chain(e: expr, level: Level): string {
  const links: { link: expr; level: Level }[] = [];
  let inner = e;
  let innerLevel = level;
  for (;;) {
    if (inner.node === Kind.Attribute || inner.node === Kind.Subscript) {
      links.push({ link: inner, level: innerLevel });
      inner = inner.value;
      innerLevel = Level.ATOM;
    } else if (inner.node === Kind.Call) {
      links.push({ link: inner, level: innerLevel });
      inner = inner.func;
      innerLevel = Level.ATOM;
    } else if (inner.node === Kind.BinOp) {
      links.push({ link: inner, level: innerLevel });
      innerLevel = operators[inner.op][1] + (inner.op === Kind.Pow ? 1 : 0);
      inner = inner.left;
    } else break;
  }
  let s = text(inner, innerLevel);
  for (let i = links.length - 1; i >= 0; i--) s = linkText(links[i].link, links[i].level, s);
  return s;
}

/** A link of a chain whose left operand reads `left`. */
function linkText(e: expr, level: Level, left: string): string {
  switch (e.node) {
    case Kind.Attribute: {
      // `1 .real`: without the space it would be a float.
      const period = e.value.node === Kind.Constant && typeof e.value.value === "bigint" ? " ." : ".";
      return left + period + e.attr;
    }
    case Kind.Subscript:
      return `${left}[${text(e.slice, Level.TUPLE)}]`;
    case Kind.BinOp: {
      const [op, own] = operators[e.op];
      return parenthesised(level > own, left + op + text(e.right, own + (e.op === Kind.Pow ? 0 : 1)));
    }
    case Kind.Call: {
      const only = e.args.length === 1 && e.keywords.length === 0 ? e.args[0] : null;
      if (only !== null && only.node === Kind.GeneratorExp) return left + text(only, Level.TEST);
      const args = e.args.map((a) => text(a, Level.TEST));
      for (const k of e.keywords) args.push(`${k.arg === null ? "**" : `${k.arg}=`}${text(k.value, Level.TEST)}`);
      return `${left}(${args.join(", ")})`;
    }
    default:
      throw new Error("not a link of a chain");
  }
}

function compound(e: expr, level: Level): string {
  switch (e.node) {
    case Kind.Attribute:
    case Kind.Subscript:
    case Kind.Call:
    case Kind.BinOp:
      return chain(e, level);
    case Kind.BoolOp: {
      const [op, own] = e.op === Kind.And ? [" and ", Level.AND] : [" or ", Level.OR];
      return parenthesised(level > own, e.values.map((v) => text(v, own + 1)).join(op));
    }
    case Kind.UnaryOp: {
      // `not` takes a looser operand than the others: parentheses where it stands in one of theirs.
      let prefix = "";
      let suffix = "";
      let operand: expr = e;
      let outer: Level = level;
      while (operand.node === Kind.UnaryOp) {
        const [op, own]: readonly [string, Level] = unaryOperators[operand.op];
        prefix += (outer > own ? "(" : "") + op;
        if (outer > own) suffix = `)${suffix}`;
        outer = own;
        operand = operand.operand;
      }
      return prefix + text(operand, outer) + suffix;
    }
    case Kind.Lambda: {
      const positional = e.args.args.length + e.args.posonlyargs.length > 0;
      const s = `${positional ? "lambda " : "lambda"}${parameters(e.args)}: ${text(e.body, Level.TEST)}`;
      return parenthesised(level > Level.TEST, s);
    }
    case Kind.IfExp: {
      const test = text(e.test, Level.TEST + 1);
      const s = `${text(e.body, Level.TEST + 1)} if ${test} else ${text(e.orelse, Level.TEST)}`;
      return parenthesised(level > Level.TEST, s);
    }
    case Kind.Dict: {
      const items = e.values.map((value, i) => {
        const key = e.keys[i];
        if (key === null) return `**${text(value, Level.EXPR)}`;
        return `${text(key, Level.TEST)}: ${text(value, Level.TEST)}`;
      });
      return `{${items.join(", ")}}`;
    }
    case Kind.Set:
      return `{${list(e.elts)}}`;
    case Kind.GeneratorExp:
      return `(${text(e.elt, Level.TEST)}${generators(e.generators)})`;
    case Kind.ListComp:
      return `[${text(e.elt, Level.TEST)}${generators(e.generators)}]`;
    case Kind.SetComp:
      return `{${text(e.elt, Level.TEST)}${generators(e.generators)}}`;
    case Kind.DictComp:
      return `{${text(e.key, Level.TEST)}: ${text(e.value, Level.TEST)}${generators(e.generators)}}`;
    case Kind.Yield:
      return e.value === null ? "(yield)" : `(yield ${text(e.value, Level.TEST)})`;
    case Kind.YieldFrom:
      return `(yield from ${text(e.value, Level.TEST)})`;
    case Kind.Await:
      return parenthesised(level > Level.AWAIT, `await ${text(e.value, Level.ATOM)}`);
    case Kind.Compare: {
      let s = text(e.left, Level.CMP + 1);
      e.comparators.forEach((right, i) => {
        s += comparisons[e.ops[i]] + text(right, Level.CMP + 1);
      });
      return parenthesised(level > Level.CMP, s);
    }
    case Kind.Constant:
      if (e.value === ELLIPSIS) return "...";
      return (e.kind ?? "") + constant(e.value);
    case Kind.JoinedStr:
      return `f${repr(fstringBody(e))}`;
    case Kind.FormattedValue:
      return formattedValue(e);
    case Kind.Starred:
      return `*${text(e.value, Level.EXPR)}`;
    case Kind.Slice: {
      const part = (p: expr | null) => (p === null ? "" : text(p, Level.TEST));
      return `${part(e.lower)}:${part(e.upper)}${e.step === null ? "" : `:${part(e.step)}`}`;
    }
    case Kind.Name:
      return e.id;
    case Kind.List:
      return `[${list(e.elts)}]`;
    case Kind.Tuple: {
      if (e.elts.length === 0) return "()";
      return parenthesised(level > Level.TUPLE, list(e.elts) + (e.elts.length === 1 ? "," : ""));
    }
    case Kind.NamedExpr: {
      const s = `${text(e.target, Level.ATOM)} := ${text(e.value, Level.ATOM)}`;
      return parenthesised(level > Level.TUPLE, s);
    }
  }
}

/**
 * The text of an int, as str() gives it: ValueError beyond the limit of digits. The bits tell before the digits are made,
 * ten bits for at least three digits.
 */
function intText(v: bigint): string {
  const most = maxStrDigits();
  const text = (bitLength(v) * 3) / 10 > most + 1 ? null : String(v);
  if (text !== null && text.length - (v < 0n ? 1 : 0) <= most) return text;
  throw new PyCompileError(
    "ValueError",
    `Exceeds the limit (${most} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase ` +
      "the limit",
  );
}

/** Infinity has no literal: a number too large for a float stands for it. */
function constant(v: ConstantValue): string {
  if (v instanceof Tuple) return tupleRepr(v.items.map(constant));
  if (typeof v === "bigint") return intText(v);
  const s = repr(v);
  return (typeof v === "number" && !Number.isFinite(v)) || v instanceof Complex ? s.replaceAll("inf", "1e309") : s;
}

function generators(list: readonly comprehension[]): string {
  let s = "";
  for (const g of list) {
    const word = g.is_async ? " async for " : " for ";
    s += `${word}${text(g.target, Level.TUPLE)} in ${text(g.iter, Level.TEST + 1)}`;
    for (const condition of g.ifs) s += ` if ${text(condition, Level.TEST + 1)}`;
  }
  return s;
}

function parameter(a: arg): string {
  return a.annotation === null ? a.arg : `${a.arg}: ${text(a.annotation, Level.TEST)}`;
}

function parameters(a: arguments_): string {
  const parts: string[] = [];
  const positional = [...a.posonlyargs, ...a.args];
  positional.forEach((p, i) => {
    const d = i - positional.length + a.defaults.length;
    let s = parameter(p);
    if (d >= 0) s += `=${text(a.defaults[d], Level.TEST)}`;
    if (a.posonlyargs.length > 0 && i + 1 === a.posonlyargs.length) s += ", /";
    parts.push(s);
  });
  if (a.vararg !== null || a.kwonlyargs.length > 0) parts.push(`*${a.vararg === null ? "" : parameter(a.vararg)}`);
  a.kwonlyargs.forEach((p, i) => {
    const value = a.kw_defaults[i - a.kwonlyargs.length + a.kw_defaults.length] ?? null;
    parts.push(parameter(p) + (value === null ? "" : `=${text(value, Level.TEST)}`));
  });
  if (a.kwarg !== null) parts.push(`**${parameter(a.kwarg)}`);
  return parts.join(", ");
}

function doubleBraces(v: Text): Text {
  if (typeof v === "string") return v.replaceAll("{", "{{").replaceAll("}", "}}");
  return fromCodePoints(v.codePoints.flatMap((p) => (p === 0x7b || p === 0x7d ? [p, p] : [p])));
}

/** What stands between the quotes of an f-string, or behind the colon of a replacement field. */
function fstringBody(e: expr): Text {
  switch (e.node) {
    case Kind.Constant:
      return isText(e.value) ? doubleBraces(e.value) : "";
    case Kind.JoinedStr:
      return joinTexts(e.values.map(element));
    case Kind.FormattedValue:
      return formattedValue(e);
    default:
      throw new Error("unknown expression kind inside f-string");
  }
}

function element(e: expr): Text {
  return e.node === Kind.JoinedStr ? `f${repr(fstringBody(e))}` : fstringBody(e);
}

function formattedValue(e: FormattedValue): string {
  // Parentheses around a lambda, for its colon; a space before a brace.
  const value = text(e.value, Level.TEST + 1);
  let s = (value.startsWith("{") ? "{ " : "{") + value;
  if (e.conversion > 0) s += `!${String.fromCharCode(e.conversion)}`;
  if (e.format_spec !== null) {
    const spec = fstringBody(e.format_spec);
    s += ":";
    if (typeof spec === "string") s += spec;
    else for (const c of spec.codePoints) s += String.fromCodePoint(c);
  }
  return `${s}}`;
}
