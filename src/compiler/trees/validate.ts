/**
 * Whether a tree that a program has made is one that the compiler takes: CPython 3.13's `_PyAST_Validate` (`Python/ast.c`),
 * with its errors in its order. What only the parser guarantees is checked here; names are known to be str, lists lists.
 */
import {
  type arg,
  type arguments_,
  type comprehension,
  type excepthandler,
  type expr,
  type expr_context,
  Kind,
  type keyword,
  kindNames,
  type mod,
  type pattern,
  type stmt,
  type type_param,
} from "../../generated/ast.ts";
import { Complex, type ConstantValue } from "../code/constant.ts";
import { PyCompileError } from "../errors/errors.ts";
import { RECURSION_LIMIT, START_DEPTH } from "../errors/nesting.ts";

interface Placed {
  lineno: number;
  col_offset: number;
  end_lineno: number;
  end_col_offset: number;
}

const FORBIDDEN = ["None", "True", "False"];

function invalid(message: string): never {
  throw new PyCompileError("ValueError", message);
}

function wrongType(message: string): never {
  throw new PyCompileError("TypeError", message);
}

function checkPlace({ lineno, col_offset, end_lineno, end_col_offset }: Placed): void {
  if (lineno > end_lineno) invalid(`AST node line range (${lineno}, ${end_lineno}) is not valid`);
  if ((lineno < 0 && end_lineno !== lineno) || (col_offset < 0 && col_offset !== end_col_offset)) {
    invalid(
      `AST node column range (${col_offset}, ${end_col_offset}) for line range (${lineno}, ${end_lineno}) is not valid`,
    );
  }
  if (lineno === end_lineno && col_offset > end_col_offset) {
    invalid(`line ${lineno}, column ${col_offset}-${end_col_offset} is not a valid range`);
  }
}

function checkName(name: string): void {
  if (FORBIDDEN.includes(name)) invalid(`identifier field can't represent '${name}' constant`);
}

function checkCapture(name: string): void {
  if (name === "_") invalid("can't capture name '_' in patterns");
  checkName(name);
}

function notEmpty(list: readonly unknown[], what: string, owner: string): void {
  if (list.length === 0) invalid(`empty ${what} on ${owner}`);
}

const isNumber = (v: ConstantValue) => typeof v === "number" || typeof v === "bigint";

/** Whether it is a number with a minus before it. */
function isNegative(e: expr, imaginary: boolean): boolean {
  if (e.node !== Kind.UnaryOp || e.op !== Kind.USub || e.operand.node !== Kind.Constant) return false;
  const { value } = e.operand;
  return isNumber(value) || (imaginary && value instanceof Complex);
}

function isComplexLiteral(e: expr): boolean {
  if (e.node !== Kind.BinOp || (e.op !== Kind.Add && e.op !== Kind.Sub)) return false;
  const real = e.left.node === Kind.Constant ? isNumber(e.left.value) : isNegative(e.left, false);
  return real && e.right.node === Kind.Constant && e.right.value instanceof Complex;
}

class Validator {
  private depth = START_DEPTH;

  private enter(): void {
    if (++this.depth > RECURSION_LIMIT) {
      throw new PyCompileError("RecursionError", "maximum recursion depth exceeded during compilation");
    }
  }

  module(tree: mod): void {
    switch (tree.node) {
      case Kind.Module:
      case Kind.Interactive:
        this.stmts(tree.body);
        break;
      case Kind.Expression:
        this.expr(tree.body, Kind.Load);
        break;
      case Kind.FunctionType:
        this.exprs(tree.argtypes, Kind.Load);
        this.expr(tree.returns, Kind.Load);
    }
  }

  // ---- expressions

  private expr(e: expr, context: expr_context): void {
    checkPlace(e);
    this.enter();
    if (e.node === Kind.Name) checkName(e.id);
    if ("ctx" in e) {
      if (e.ctx !== context) {
        invalid(`expression must have ${kindNames[context]} context but has ${kindNames[e.ctx]} instead`);
      }
    } else if (context !== Kind.Load) {
      invalid(`expression which can't be assigned to in ${kindNames[context]} context`);
    }
    this.parts(e, context);
    this.depth--;
  }

  private optional(e: expr | null): void {
    if (e !== null) this.expr(e, Kind.Load);
  }

  private exprs(list: readonly (expr | null)[], context: expr_context, holes = false): void {
    for (const e of list) {
      if (e !== null) this.expr(e, context);
      else if (!holes) invalid("None disallowed in expression list");
    }
  }

  private parts(e: expr, context: expr_context): void {
    switch (e.node) {
      case Kind.BoolOp:
        if (e.values.length < 2) invalid("BoolOp with less than 2 values");
        this.exprs(e.values, Kind.Load);
        break;
      case Kind.BinOp:
        this.expr(e.left, Kind.Load);
        this.expr(e.right, Kind.Load);
        break;
      case Kind.UnaryOp:
        this.expr(e.operand, Kind.Load);
        break;
      case Kind.Lambda:
        this.parameters(e.args);
        this.expr(e.body, Kind.Load);
        break;
      case Kind.IfExp:
        this.expr(e.test, Kind.Load);
        this.expr(e.body, Kind.Load);
        this.expr(e.orelse, Kind.Load);
        break;
      case Kind.Dict:
        if (e.keys.length !== e.values.length) invalid("Dict doesn't have the same number of keys as values");
        this.exprs(e.keys, Kind.Load, true);
        this.exprs(e.values, Kind.Load);
        break;
      case Kind.Set:
        this.exprs(e.elts, Kind.Load);
        break;
      case Kind.ListComp:
      case Kind.SetComp:
      case Kind.GeneratorExp:
        this.generators(e.generators);
        this.expr(e.elt, Kind.Load);
        break;
      case Kind.DictComp:
        this.generators(e.generators);
        this.expr(e.key, Kind.Load);
        this.expr(e.value, Kind.Load);
        break;
      case Kind.Yield:
        this.optional(e.value);
        break;
      case Kind.YieldFrom:
      case Kind.Await:
      case Kind.Attribute:
        this.expr(e.value, Kind.Load);
        break;
      case Kind.Compare:
        if (e.comparators.length === 0) invalid("Compare with no comparators");
        if (e.comparators.length !== e.ops.length) {
          invalid("Compare has a different number of comparators and operands");
        }
        this.exprs(e.comparators, Kind.Load);
        this.expr(e.left, Kind.Load);
        break;
      case Kind.Call:
        this.expr(e.func, Kind.Load);
        this.exprs(e.args, Kind.Load);
        this.keywords(e.keywords);
        break;
      case Kind.JoinedStr:
        this.exprs(e.values, Kind.Load);
        break;
      case Kind.FormattedValue:
        this.expr(e.value, Kind.Load);
        this.optional(e.format_spec);
        break;
      case Kind.Subscript:
        this.expr(e.slice, Kind.Load);
        this.expr(e.value, Kind.Load);
        break;
      case Kind.Starred:
        this.expr(e.value, context);
        break;
      case Kind.Slice:
        this.optional(e.lower);
        this.optional(e.upper);
        this.optional(e.step);
        break;
      case Kind.List:
      case Kind.Tuple:
        this.exprs(e.elts, context);
        break;
      case Kind.NamedExpr:
        if (e.target.node !== Kind.Name) wrongType("NamedExpr target must be a Name");
        this.expr(e.value, Kind.Load);
        break;
    }
  }

  private generators(list: readonly comprehension[]): void {
    if (list.length === 0) invalid("comprehension with no generators");
    for (const { target, iter, ifs } of list) {
      this.expr(target, Kind.Store);
      this.expr(iter, Kind.Load);
      this.exprs(ifs, Kind.Load);
    }
  }

  private keywords(list: readonly keyword[]): void {
    for (const { value } of list) this.expr(value, Kind.Load);
  }

  private parameters(a: arguments_): void {
    const named = (list: readonly arg[]) => {
      for (const one of list) {
        checkPlace(one);
        this.optional(one.annotation);
      }
    };
    named(a.posonlyargs);
    named(a.args);
    this.optional(a.vararg?.annotation ?? null);
    named(a.kwonlyargs);
    this.optional(a.kwarg?.annotation ?? null);
    if (a.defaults.length > a.posonlyargs.length + a.args.length) {
      invalid("more positional defaults than args on arguments");
    }
    if (a.kw_defaults.length !== a.kwonlyargs.length) {
      invalid("length of kwonlyargs is not the same as kw_defaults on arguments");
    }
    this.exprs(a.defaults, Kind.Load);
    this.exprs(a.kw_defaults, Kind.Load, true);
  }

  private typeParams(list: readonly type_param[]): void {
    for (const p of list) {
      if (p === null) continue;
      checkPlace(p);
      checkName(p.name);
      if (p.node === Kind.TypeVar) this.optional(p.bound);
      this.optional(p.default_value);
    }
  }

  // ---- patterns

  private matchValue(e: expr): void {
    this.expr(e, Kind.Load);
    switch (e.node) {
      case Kind.Constant: {
        const { value } = e;
        const plain =
          isNumber(value) || typeof value === "string" || value instanceof Uint8Array || value instanceof Complex;
        if (!plain) invalid("unexpected constant inside of a literal pattern");
        return;
      }
      case Kind.Attribute:
      case Kind.JoinedStr:
        return;
      case Kind.UnaryOp:
        if (isNegative(e, true)) return;
        break;
      case Kind.BinOp:
        if (isComplexLiteral(e)) return;
        break;
    }
    invalid("patterns may only match literals and attribute lookups");
  }

  private patterns(list: readonly pattern[], star: boolean): void {
    for (const p of list) this.pattern(p, star);
  }

  private pattern(p: pattern, star: boolean): void {
    checkPlace(p);
    this.enter();
    switch (p.node) {
      case Kind.MatchValue:
        this.matchValue(p.value);
        break;
      case Kind.MatchSingleton:
        if (p.value !== null && typeof p.value !== "boolean") {
          invalid("MatchSingleton can only contain True, False and None");
        }
        break;
      case Kind.MatchSequence:
        this.patterns(p.patterns, true);
        break;
      case Kind.MatchMapping:
        if (p.keys.length !== p.patterns.length) {
          invalid("MatchMapping doesn't have the same number of keys as patterns");
        }
        if (p.rest !== null) checkCapture(p.rest);
        for (const key of p.keys) {
          const single = key.node === Kind.Constant && (key.value === null || typeof key.value === "boolean");
          if (!single) this.matchValue(key);
        }
        this.patterns(p.patterns, false);
        break;
      case Kind.MatchClass: {
        if (p.kwd_attrs.length !== p.kwd_patterns.length) {
          invalid("MatchClass doesn't have the same number of keyword attributes as patterns");
        }
        this.expr(p.cls, Kind.Load);
        let cls = p.cls;
        while (cls.node === Kind.Attribute) cls = cls.value;
        if (cls.node !== Kind.Name) invalid("MatchClass cls field can only contain Name or Attribute nodes.");
        for (const name of p.kwd_attrs) checkName(name);
        this.patterns(p.patterns, false);
        this.patterns(p.kwd_patterns, false);
        break;
      }
      case Kind.MatchStar:
        if (!star) invalid("can't use MatchStar here");
        if (p.name !== null) checkCapture(p.name);
        break;
      case Kind.MatchAs:
        if (p.name !== null) checkCapture(p.name);
        if (p.pattern !== null) {
          if (p.name === null) invalid("MatchAs must specify a target name if a pattern is given");
          this.pattern(p.pattern, false);
        }
        break;
      case Kind.MatchOr:
        if (p.patterns.length < 2) invalid("MatchOr requires at least 2 patterns");
        this.patterns(p.patterns, false);
        break;
    }
    this.depth--;
  }

  // ---- statements

  private stmts(list: readonly stmt[]): void {
    for (const s of list) {
      if (s === null) invalid("None disallowed in statement list");
      this.stmt(s);
    }
  }

  private body(list: readonly stmt[], owner: string): void {
    notEmpty(list, "body", owner);
    this.stmts(list);
  }

  private stmt(s: stmt): void {
    checkPlace(s);
    this.enter();
    const owner = kindNames[s.node]!;
    switch (s.node) {
      case Kind.FunctionDef:
      case Kind.AsyncFunctionDef:
        this.body(s.body, owner);
        this.typeParams(s.type_params);
        this.parameters(s.args);
        this.exprs(s.decorator_list, Kind.Load);
        this.optional(s.returns);
        break;
      case Kind.ClassDef:
        this.body(s.body, owner);
        this.typeParams(s.type_params);
        this.exprs(s.bases, Kind.Load);
        this.keywords(s.keywords);
        this.exprs(s.decorator_list, Kind.Load);
        break;
      case Kind.Return:
        this.optional(s.value);
        break;
      case Kind.Delete:
        notEmpty(s.targets, "targets", owner);
        this.exprs(s.targets, Kind.Del);
        break;
      case Kind.Assign:
        notEmpty(s.targets, "targets", owner);
        this.exprs(s.targets, Kind.Store);
        this.expr(s.value, Kind.Load);
        break;
      case Kind.AugAssign:
        this.expr(s.target, Kind.Store);
        this.expr(s.value, Kind.Load);
        break;
      case Kind.AnnAssign:
        if (s.target.node !== Kind.Name && s.simple) wrongType("AnnAssign with simple non-Name target");
        this.expr(s.target, Kind.Store);
        this.optional(s.value);
        this.expr(s.annotation, Kind.Load);
        break;
      case Kind.TypeAlias:
        if (s.name.node !== Kind.Name) wrongType("TypeAlias with non-Name name");
        this.expr(s.name, Kind.Store);
        this.typeParams(s.type_params);
        this.expr(s.value, Kind.Load);
        break;
      case Kind.For:
      case Kind.AsyncFor:
        this.expr(s.target, Kind.Store);
        this.expr(s.iter, Kind.Load);
        this.body(s.body, owner);
        this.stmts(s.orelse);
        break;
      case Kind.While:
      case Kind.If:
        this.expr(s.test, Kind.Load);
        this.body(s.body, owner);
        this.stmts(s.orelse);
        break;
      case Kind.With:
      case Kind.AsyncWith:
        notEmpty(s.items, "items", owner);
        for (const { context_expr, optional_vars } of s.items) {
          this.expr(context_expr, Kind.Load);
          if (optional_vars !== null) this.expr(optional_vars, Kind.Store);
        }
        this.body(s.body, owner);
        break;
      case Kind.Match:
        this.expr(s.subject, Kind.Load);
        notEmpty(s.cases, "cases", owner);
        for (const { pattern, guard, body } of s.cases) {
          this.pattern(pattern, false);
          this.optional(guard);
          this.body(body, "match_case");
        }
        break;
      case Kind.Raise:
        if (s.exc === null && s.cause !== null) invalid("Raise with cause but no exception");
        this.optional(s.exc);
        this.optional(s.cause);
        break;
      case Kind.Try:
      case Kind.TryStar:
        this.body(s.body, owner);
        if (s.handlers.length === 0 && s.finalbody.length === 0) {
          invalid(`${owner} has neither except handlers nor finalbody`);
        }
        if (s.handlers.length === 0 && s.orelse.length > 0) invalid(`${owner} has orelse but no except handlers`);
        for (const handler of s.handlers) this.handler(handler, s.node === Kind.Try);
        this.stmts(s.finalbody);
        this.stmts(s.orelse);
        break;
      case Kind.Assert:
        this.expr(s.test, Kind.Load);
        this.optional(s.msg);
        break;
      case Kind.Import:
        notEmpty(s.names, "names", owner);
        break;
      case Kind.ImportFrom:
        if (s.level !== null && s.level < 0) invalid("Negative ImportFrom level");
        notEmpty(s.names, "names", owner);
        break;
      case Kind.Global:
      case Kind.Nonlocal:
        notEmpty(s.names, "names", owner);
        break;
      case Kind.Expr:
        this.expr(s.value, Kind.Load);
        break;
    }
    this.depth--;
  }

  private handler(h: excepthandler, placed: boolean): void {
    if (placed) checkPlace(h);
    this.optional(h.type);
    this.body(h.body, "ExceptHandler");
  }
}

/** Throws PyCompileError where the compiler cannot take the tree. */
export function validateTree(tree: mod): void {
  new Validator().module(tree);
}
