/**
 * Constant folding on the syntax tree, before the symbol table and the code generator see it.
 *
 * Mirrors `_PyAST_Optimize` (`Python/ast_opt.c`): operators on constants, tuples of constants, subscripts of constants,
 * `not` into `is` and `in`, lists and sets that are only iterated or searched, `%` formats, `__debug__`. Works in
 * place: lists and fields of the tree are overwritten, and a node that turns into one of another kind is replaced
 * where it hangs. CPython instead rewrites the node itself, which no caller can tell.
 */
import {
  type arg,
  type arguments_,
  type BinOp,
  type Compare,
  Constant,
  type comprehension,
  type expr,
  JoinedStr,
  Kind,
  type mod,
  type pattern,
  type stmt,
  Tuple as TupleNode,
  type type_param,
  type UnaryOp,
} from "../../generated/ast.ts";
import { CodePoints, type ConstantValue, Tuple } from "../code/constant.ts";
import { frozenSetOf } from "../code/consts.ts";
import { PyCompileError, PySyntaxError, type WarningSink } from "../errors/errors.ts";
import { charge } from "../errors/limits.ts";
import { enterNesting, leaveNesting, RECURSION_LIMIT, START_DEPTH } from "../errors/nesting.ts";
import { docstringOf } from "../text/docstring.ts";
import { isText } from "../text/text.ts";
import { foldBinary, foldSubscript, foldUnary } from "./arithmetic.ts";
import { foldFormat, hasStarred } from "./format.ts";

/** Folds the constants of `module` in place. `futureAnnotations`: annotations become strings and are left alone. */
export function foldConstants(module: mod, optimize: number, futureAnnotations: boolean, warn?: WarningSink): void {
  new Folder(optimize, futureAnnotations, warn).module(module);
}

function replace(e: expr, value: ConstantValue): Constant {
  return new Constant(value, null, e.lineno, e.col_offset, e.end_lineno, e.end_col_offset);
}

/** What the content of a constant takes. */
function sizeOf(v: ConstantValue): number {
  if (typeof v === "string") return 2 * v.length;
  if (v instanceof Uint8Array) return v.length;
  if (v instanceof CodePoints) return 8 * v.codePoints.length;
  return v instanceof Tuple ? 8 * v.items.length : 0;
}

function tupleOf(elts: readonly expr[]): Tuple | null {
  for (let i = 0; i < elts.length; i++) if (elts[i].node !== Kind.Constant) return null;
  return new Tuple(elts.map((e) => (e as Constant).value));
}

/** A list or set that is only iterated over: a tuple or frozenset serves. */
function foldIter(e: expr): expr {
  if (e.node === Kind.List) {
    if (hasStarred(e.elts)) return e;
    const constant = tupleOf(e.elts);
    if (constant !== null) return replace(e, constant);
    return new TupleNode(e.elts, e.ctx, e.lineno, e.col_offset, e.end_lineno, e.end_col_offset);
  }
  if (e.node === Kind.Set) {
    const constant = tupleOf(e.elts);
    if (constant !== null) return replace(e, frozenSetOf(constant.items));
  }
  return e;
}

const inverse: Partial<Record<Kind, Kind>> = {
  [Kind.Is]: Kind.IsNot,
  [Kind.IsNot]: Kind.Is,
  [Kind.In]: Kind.NotIn,
  [Kind.NotIn]: Kind.In,
};

/** Whether `~` of a bool may be folded: not where its warning is an error, which is raised when it runs. */
function mayInvert(warn: WarningSink | undefined): boolean {
  try {
    warn?.({ category: "DeprecationWarning", message: "", filename: "", lineno: 0 });
    return true;
  } catch (e) {
    if (e instanceof PySyntaxError) return false;
    throw e;
  }
}

function foldUnaryOp(e: UnaryOp, warn: WarningSink | undefined): expr {
  const operand = e.operand;
  if (operand.node !== Kind.Constant) {
    if (e.op === Kind.Not && operand.node === Kind.Compare && operand.ops.length === 1) {
      const op = inverse[operand.ops[0]] as Compare["ops"][number] | undefined;
      if (op !== undefined) {
        operand.ops[0] = op;
        return operand;
      }
    }
    return e;
  }
  if (e.op === Kind.Invert && typeof operand.value === "boolean" && !mayInvert(warn)) return e;
  const value = foldUnary(e.op, operand.value);
  return value === undefined ? e : replace(e, value);
}

function foldBinOp(e: BinOp): expr {
  const { left, right } = e;
  if (left.node !== Kind.Constant) return e;
  if (e.op === Kind.Mod && right.node === Kind.Tuple && isText(left.value) && !hasStarred(right.elts)) {
    return foldFormat(e, left.value, right.elts) ?? e;
  }
  if (right.node !== Kind.Constant) return e;
  const value = foldBinary(e.op, left.value, right.value);
  if (value === undefined) return e;
  // What replaces its operands takes only what it is larger by.
  charge(Math.max(0, sizeOf(value) - sizeOf(left.value) - sizeOf(right.value)));
  return replace(e, value);
}

class Folder {
  private depth = START_DEPTH;

  constructor(
    readonly optimize: number,
    readonly futureAnnotations: boolean,
    readonly warn: WarningSink | undefined,
  ) {}

  private deeper(): void {
    if (++this.depth > RECURSION_LIMIT) {
      throw new PyCompileError("RecursionError", "maximum recursion depth exceeded during compilation");
    }
  }

  module(module: mod): void {
    switch (module.node) {
      case Kind.Module:
        this.body(module.body);
        break;
      case Kind.Interactive:
        this.stmts(module.body);
        break;
      case Kind.Expression:
        module.body = this.expr(module.body);
        break;
    }
  }

  /** A body that may have a docstring: a string that folding made is not one. */
  private body(body: stmt[]): void {
    const docstring = docstringOf(body);
    this.stmts(body);
    if (docstring === null && docstringOf(body) !== null) {
      const s = body[0];
      if (s.node === Kind.Expr) {
        s.value = new JoinedStr([s.value], s.lineno, s.col_offset, s.end_lineno, s.end_col_offset);
      }
    }
  }

  private stmts(list: stmt[]): void {
    for (let i = 0; i < list.length; i++) this.stmt(list[i]);
  }

  private exprs(list: expr[]): void {
    for (let i = 0; i < list.length; i++) list[i] = this.expr(list[i]);
  }

  private optional(e: expr | null): expr | null {
    return e === null ? null : this.expr(e);
  }

  private stmt(s: stmt): void {
    this.deeper();
    enterNesting();
    switch (s.node) {
      case Kind.FunctionDef:
      case Kind.AsyncFunctionDef:
        this.typeParams(s.type_params);
        this.arguments(s.args);
        this.body(s.body);
        this.exprs(s.decorator_list);
        if (!this.futureAnnotations) s.returns = this.optional(s.returns);
        break;
      case Kind.ClassDef:
        this.typeParams(s.type_params);
        this.exprs(s.bases);
        for (const k of s.keywords) k.value = this.expr(k.value);
        this.body(s.body);
        this.exprs(s.decorator_list);
        break;
      case Kind.Return:
        s.value = this.optional(s.value);
        break;
      case Kind.Delete:
        this.exprs(s.targets);
        break;
      case Kind.Assign:
        this.exprs(s.targets);
        s.value = this.expr(s.value);
        break;
      case Kind.AugAssign:
        s.target = this.expr(s.target);
        s.value = this.expr(s.value);
        break;
      case Kind.AnnAssign:
        s.target = this.expr(s.target);
        if (!this.futureAnnotations) s.annotation = this.expr(s.annotation);
        s.value = this.optional(s.value);
        break;
      case Kind.TypeAlias:
        s.name = this.expr(s.name);
        this.typeParams(s.type_params);
        s.value = this.expr(s.value);
        break;
      case Kind.For:
        s.target = this.expr(s.target);
        s.iter = this.expr(s.iter);
        this.stmts(s.body);
        this.stmts(s.orelse);
        s.iter = foldIter(s.iter);
        break;
      case Kind.AsyncFor:
        s.target = this.expr(s.target);
        s.iter = this.expr(s.iter);
        this.stmts(s.body);
        this.stmts(s.orelse);
        break;
      case Kind.While:
        s.test = this.expr(s.test);
        this.stmts(s.body);
        this.stmts(s.orelse);
        break;
      case Kind.If: {
        // A chain of elif is walked in a loop.
        let branch = s;
        let levels = 0;
        for (;;) {
          branch.test = this.expr(branch.test);
          this.stmts(branch.body);
          const next = branch.orelse.length === 1 ? branch.orelse[0] : null;
          if (next === null || next.node !== Kind.If) break;
          this.deeper();
          levels++;
          branch = next;
        }
        this.stmts(branch.orelse);
        this.depth -= levels;
        break;
      }
      case Kind.With:
      case Kind.AsyncWith:
        for (const item of s.items) {
          item.context_expr = this.expr(item.context_expr);
          item.optional_vars = this.optional(item.optional_vars);
        }
        this.stmts(s.body);
        break;
      case Kind.Raise:
        s.exc = this.optional(s.exc);
        s.cause = this.optional(s.cause);
        break;
      case Kind.Try:
      case Kind.TryStar:
        this.stmts(s.body);
        for (const h of s.handlers) {
          h.type = this.optional(h.type);
          this.stmts(h.body);
        }
        this.stmts(s.orelse);
        this.stmts(s.finalbody);
        break;
      case Kind.Assert:
        s.test = this.expr(s.test);
        s.msg = this.optional(s.msg);
        break;
      case Kind.Expr:
        s.value = this.expr(s.value);
        break;
      case Kind.Match:
        s.subject = this.expr(s.subject);
        for (const m of s.cases) {
          this.pattern(m.pattern);
          m.guard = this.optional(m.guard);
          this.stmts(m.body);
        }
        break;
    }
    leaveNesting();
    this.depth--;
  }

  private arguments(a: arguments_): void {
    this.args(a.posonlyargs);
    this.args(a.args);
    if (a.vararg !== null) this.arg(a.vararg);
    this.args(a.kwonlyargs);
    for (let i = 0; i < a.kw_defaults.length; i++) a.kw_defaults[i] = this.optional(a.kw_defaults[i]);
    if (a.kwarg !== null) this.arg(a.kwarg);
    this.exprs(a.defaults);
  }

  private args(list: readonly arg[]): void {
    for (const a of list) this.arg(a);
  }

  private arg(a: arg): void {
    if (!this.futureAnnotations) a.annotation = this.optional(a.annotation);
  }

  private typeParams(list: readonly type_param[]): void {
    for (const t of list) {
      if (t.node === Kind.TypeVar) t.bound = this.optional(t.bound);
      t.default_value = this.optional(t.default_value);
    }
  }

  private comprehensions(list: readonly comprehension[]): void {
    for (const c of list) {
      c.target = this.expr(c.target);
      c.iter = this.expr(c.iter);
      this.exprs(c.ifs);
      c.iter = foldIter(c.iter);
    }
  }

  /** Folds a chain of attributes, calls, subscripts and operators from its innermost link outwards. */
  private chain(e: expr): expr {
    const links: expr[] = [];
    let inner: expr = e;
    for (;;) {
      if (inner.node === Kind.Attribute || inner.node === Kind.Subscript) {
        links.push(inner);
        inner = inner.value;
      } else if (inner.node === Kind.Call) {
        links.push(inner);
        inner = inner.func;
      } else if (inner.node === Kind.BinOp) {
        links.push(inner);
        inner = inner.left;
      } else break;
      this.deeper();
    }
    this.depth--; // `e` itself was counted by the caller
    let folded = this.expr(inner);
    for (let i = links.length - 1; i >= 0; i--) {
      const link = links[i];
      if (link.node === Kind.Attribute) {
        link.value = folded;
        folded = link;
      } else if (link.node === Kind.Subscript) {
        link.value = folded;
        link.slice = this.expr(link.slice);
        folded = link;
        if (link.ctx === Kind.Load && link.value.node === Kind.Constant && link.slice.node === Kind.Constant) {
          const value = foldSubscript(link.value.value, link.slice.value);
          if (value !== undefined) folded = replace(link, value);
        }
      } else if (link.node === Kind.BinOp) {
        link.left = folded;
        link.right = this.expr(link.right);
        folded = foldBinOp(link);
      } else if (link.node === Kind.Call) {
        link.func = folded;
        this.exprs(link.args);
        for (const k of link.keywords) k.value = this.expr(k.value);
        folded = link;
      }
      if (i > 0) this.depth--;
    }
    return folded;
  }

  private expr(e: expr): expr {
    switch (e.node) {
      case Kind.Constant:
        return e;
      case Kind.Name:
        if (e.ctx === Kind.Load && e.id === "__debug__") return replace(e, this.optimize === 0);
        return e;
    }
    this.deeper();
    enterNesting();
    const folded = this.compound(e);
    leaveNesting();
    this.depth--;
    return folded;
  }

  private compound(e: expr): expr {
    switch (e.node) {
      case Kind.Attribute:
      case Kind.Subscript:
      case Kind.Call:
      case Kind.BinOp:
        return this.chain(e);
      case Kind.BoolOp:
        this.exprs(e.values);
        break;
      case Kind.UnaryOp: {
        const links = [e];
        let operand = e.operand;
        while (operand.node === Kind.UnaryOp) {
          this.deeper();
          links.push(operand);
          operand = operand.operand;
        }
        let folded = this.expr(operand);
        for (let i = links.length - 1; i >= 0; i--) {
          links[i].operand = folded;
          folded = foldUnaryOp(links[i], this.warn);
        }
        this.depth -= links.length - 1;
        return folded;
      }
      case Kind.Lambda:
        this.arguments(e.args);
        e.body = this.expr(e.body);
        break;
      case Kind.IfExp: {
        let branch = e;
        let levels = 0;
        for (;;) {
          branch.test = this.expr(branch.test);
          branch.body = this.expr(branch.body);
          if (branch.orelse.node !== Kind.IfExp) break;
          this.deeper();
          levels++;
          branch = branch.orelse;
        }
        branch.orelse = this.expr(branch.orelse);
        this.depth -= levels;
        break;
      }
      case Kind.Dict:
        for (let i = 0; i < e.keys.length; i++) e.keys[i] = this.optional(e.keys[i]);
        this.exprs(e.values);
        break;
      case Kind.Set:
      case Kind.List:
        this.exprs(e.elts);
        break;
      case Kind.Tuple: {
        this.exprs(e.elts);
        const value = e.ctx === Kind.Load ? tupleOf(e.elts) : null;
        if (value !== null) return replace(e, value);
        break;
      }
      case Kind.ListComp:
      case Kind.SetComp:
      case Kind.GeneratorExp:
        e.elt = this.expr(e.elt);
        this.comprehensions(e.generators);
        break;
      case Kind.DictComp:
        e.key = this.expr(e.key);
        e.value = this.expr(e.value);
        this.comprehensions(e.generators);
        break;
      case Kind.Await:
      case Kind.YieldFrom:
      case Kind.Starred:
      case Kind.NamedExpr:
        e.value = this.expr(e.value);
        break;
      case Kind.Yield:
        e.value = this.optional(e.value);
        break;
      case Kind.Compare: {
        e.left = this.expr(e.left);
        this.exprs(e.comparators);
        const last = e.ops.length - 1;
        const op = e.ops[last];
        if (op === Kind.In || op === Kind.NotIn) e.comparators[last] = foldIter(e.comparators[last]);
        break;
      }
      case Kind.FormattedValue:
        e.value = this.expr(e.value);
        e.format_spec = this.optional(e.format_spec);
        break;
      case Kind.JoinedStr:
        this.exprs(e.values);
        break;
      case Kind.Slice:
        e.lower = this.optional(e.lower);
        e.upper = this.optional(e.upper);
        e.step = this.optional(e.step);
        break;
    }
    return e;
  }

  private pattern(p: pattern): void {
    this.deeper();
    enterNesting();
    switch (p.node) {
      case Kind.MatchValue:
        p.value = this.expr(p.value);
        break;
      case Kind.MatchSequence:
      case Kind.MatchOr:
        for (const q of p.patterns) this.pattern(q);
        break;
      case Kind.MatchMapping:
        this.exprs(p.keys);
        for (const q of p.patterns) this.pattern(q);
        break;
      case Kind.MatchClass:
        p.cls = this.expr(p.cls);
        for (const q of p.patterns) this.pattern(q);
        for (const q of p.kwd_patterns) this.pattern(q);
        break;
      case Kind.MatchAs:
        if (p.pattern !== null) this.pattern(p.pattern);
        break;
    }
    leaveNesting();
    this.depth--;
  }
}
