/**
 * The actions of `spec/python.peg` that say what is wrong; see actions.ts. Each raises its error in the parser, unless it
 * finds that nothing is wrong, and answers null.
 */

import { type Call, type comprehension, type expr, Kind, type Name } from "../../generated/ast.ts";
import { ELLIPSIS } from "../code/constant.ts";
import { keywordList, T } from "../tokenizer/tokens.ts";
import type { PegParser } from "./peg.ts";
import type { Placed, Token } from "./peg-input.ts";

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
