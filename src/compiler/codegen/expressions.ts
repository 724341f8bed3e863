/**
 * Code for expressions: each leaves one value on the stack, or stores the value on top into a target.
 *
 * Mirrors `compiler_visit_expr` and what it calls (`Python/compile.c`). Chains of attributes, calls, subscripts and
 * binary operators lean to the left without bound, so they are compiled in a loop: `descend` does what comes before
 * the innermost operand, `ascend` what comes after it.
 */
import {
  type Attribute,
  type BoolOp,
  type Compare,
  type cmpop,
  type expr,
  type IfExp,
  Kind,
  type Slice,
  type UnaryOp,
} from "../../generated/ast.ts";
import { Intrinsic1, Op } from "../../generated/opcodes.ts";
import { Location, locationOf, NO_LOCATION } from "../code/instruction.ts";
import { enterNesting, leaveNesting } from "../errors/nesting.ts";
import { textLength } from "../text/text.ts";
import { ascendCall, descendCall } from "./calls.ts";
import { checkCompare, checkIndex, checkSubscripter } from "./checks.ts";
import type { Compiler } from "./compiler.ts";
import { compileComprehension } from "./comprehensions.ts";
import { compileDict, compileFormattedValue, compileJoinedStr, starUnpack, unpackInto } from "./displays.ts";
import { addYield, addYieldFrom } from "./exceptions.ts";
import { compileLambda } from "./functions.ts";
import { canOptimizeSuperCall, loadSuperArguments } from "./super.ts";
import { ScopeType } from "./unit.ts";

export function visitExprs(c: Compiler, list: readonly expr[]): void {
  for (let i = 0; i < list.length; i++) visitExpr(c, list[i]);
}

export function visitExpr(c: Compiler, e: expr): void {
  switch (e.node) {
    case Kind.Name:
      c.nameop(locationOf(e), e.id, e.ctx);
      return;
    case Kind.Constant:
      c.loadConst(locationOf(e), e.value);
      return;
  }
  enterNesting();
  switch (e.node) {
    case Kind.Attribute:
    case Kind.Subscript:
    case Kind.Call:
    case Kind.BinOp:
      compileChain(c, e);
      break;
    case Kind.NamedExpr:
      visitExpr(c, e.value);
      c.opI(locationOf(e), Op.COPY, 1);
      visitExpr(c, e.target);
      break;
    case Kind.BoolOp:
      compileBoolOp(c, e);
      break;
    case Kind.UnaryOp:
      compileUnaryOp(c, e);
      break;
    case Kind.Lambda:
      compileLambda(c, e);
      break;
    case Kind.IfExp:
      compileIfExp(c, e);
      break;
    case Kind.Dict:
      compileDict(c, e);
      break;
    case Kind.Set:
      starUnpack(c, locationOf(e), e.elts, 0, Op.BUILD_SET, Op.SET_ADD, Op.SET_UPDATE, false);
      break;
    case Kind.GeneratorExp:
    case Kind.ListComp:
    case Kind.SetComp:
    case Kind.DictComp:
      compileComprehension(c, e);
      break;
    case Kind.Yield: {
      const loc = locationOf(e);
      if (!c.u.ste.isFunctionLike()) c.error(loc, "'yield' outside function");
      if (e.value !== null) visitExpr(c, e.value);
      else c.loadConst(loc, null);
      addYield(c, loc);
      break;
    }
    case Kind.YieldFrom: {
      const loc = locationOf(e);
      if (!c.u.ste.isFunctionLike()) c.error(loc, "'yield from' outside function");
      if (c.u.scopeType === ScopeType.AsyncFunction) c.error(loc, "'yield from' inside async function");
      visitExpr(c, e.value);
      c.op(loc, Op.GET_YIELD_FROM_ITER);
      c.loadConst(loc, null);
      addYieldFrom(c, loc, false);
      break;
    }
    case Kind.Await: {
      const loc = locationOf(e);
      if (!c.isTopLevelAwait) {
        if (!c.u.ste.isFunctionLike()) c.error(loc, "'await' outside function");
        const type = c.u.scopeType;
        if (type !== ScopeType.AsyncFunction && type !== ScopeType.Comprehension) {
          c.error(loc, "'await' outside async function");
        }
      }
      visitExpr(c, e.value);
      c.opI(loc, Op.GET_AWAITABLE, 0);
      c.loadConst(loc, null);
      addYieldFrom(c, loc, true);
      break;
    }
    case Kind.Compare:
      compileCompare(c, e);
      break;
    case Kind.JoinedStr:
      compileJoinedStr(c, e);
      break;
    case Kind.FormattedValue:
      compileFormattedValue(c, e);
      break;
    case Kind.Starred:
      // Where a star is allowed, the list, tuple or call around it has dealt with it.
      c.error(
        locationOf(e),
        e.ctx === Kind.Store
          ? "starred assignment target must be in a list or tuple"
          : "can't use starred expression here",
      );
      break;
    case Kind.Slice:
      c.opI(locationOf(e), Op.BUILD_SLICE, compileSlice(c, e));
      break;
    case Kind.List:
    case Kind.Tuple: {
      const tuple = e.node === Kind.Tuple;
      if (e.ctx === Kind.Load) {
        starUnpack(c, locationOf(e), e.elts, 0, Op.BUILD_LIST, Op.LIST_APPEND, Op.LIST_EXTEND, tuple);
      } else if (e.ctx === Kind.Store) unpackInto(c, locationOf(e), e.elts);
      else visitExprs(c, e.elts);
      break;
    }
  }
  leaveNesting();
}

// Chains

function isChain(e: expr): boolean {
  const k = e.node;
  return k === Kind.Attribute || k === Kind.Subscript || k === Kind.Call || k === Kind.BinOp;
}

function compileChain(c: Compiler, e: expr): void {
  let inner = descend(c, e);
  if (inner === null) return;
  if (!isChain(inner)) {
    visitExpr(c, inner);
    ascend(c, e);
    return;
  }
  const links: expr[] = [e];
  while (inner !== null && isChain(inner)) {
    const next = descend(c, inner);
    if (next !== null) links.push(inner);
    inner = next;
  }
  if (inner !== null) visitExpr(c, inner);
  for (let i = links.length - 1; i >= 0; i--) ascend(c, links[i]);
}

/** What precedes the left operand of a link, which is returned; null if the link was compiled whole. */
function descend(c: Compiler, e: expr): expr | null {
  switch (e.node) {
    case Kind.Attribute:
      if (e.ctx === Kind.Load && canOptimizeSuperCall(c, e)) {
        loadSuperArguments(c, e);
        const loc = locationOf(e);
        const explicit = e.value.node === Kind.Call && e.value.args.length > 0;
        c.opName(loc, explicit ? Op.LOAD_SUPER_ATTR : Op.LOAD_ZERO_SUPER_ATTR, e.attr);
        c.op(startAtAttribute(loc, e), Op.NOP);
        return null;
      }
      if (e.ctx === Kind.Store) noteStaticAttribute(c, e);
      return e.value;
    case Kind.Subscript:
      if (e.ctx === Kind.Load) {
        checkSubscripter(c, e.value);
        checkIndex(c, e.value, e.slice);
      }
      return e.value;
    case Kind.Call:
      return descendCall(c, e);
    case Kind.BinOp:
      return e.left;
    default:
      throw new Error("not a link of a chain");
  }
}

/** What follows the left operand of a link. */
function ascend(c: Compiler, e: expr): void {
  const loc = locationOf(e);
  switch (e.node) {
    case Kind.Attribute: {
      const at = startAtAttribute(loc, e);
      if (e.ctx === Kind.Load) c.opName(at, Op.LOAD_ATTR, e.attr);
      else if (e.ctx === Kind.Store) {
        c.forbidName(at, e.attr, e.ctx);
        c.opName(at, Op.STORE_ATTR, e.attr);
      } else c.opName(at, Op.DELETE_ATTR, e.attr);
      break;
    }
    case Kind.Subscript:
      if (isTwoElementSlice(e.slice) && e.ctx !== Kind.Del) {
        compileSlice(c, e.slice);
        c.op(loc, e.ctx === Kind.Load ? Op.BINARY_SLICE : Op.STORE_SLICE);
      } else {
        visitExpr(c, e.slice);
        const op = e.ctx === Kind.Load ? Op.BINARY_SUBSCR : e.ctx === Kind.Store ? Op.STORE_SUBSCR : Op.DELETE_SUBSCR;
        c.op(loc, op);
      }
      break;
    case Kind.Call:
      ascendCall(c, e);
      break;
    case Kind.BinOp:
      visitExpr(c, e.right);
      c.binary(loc, e.op, false);
      break;
  }
}

/** An attribute on a later line than its object: the location starts at the attribute's name. */
export function startAtAttribute(loc: Location, attr: Attribute): Location {
  if (loc.lineno === attr.end_lineno) return loc;
  const lineno = attr.end_lineno;
  let col = attr.end_col_offset - textLength(attr.attr);
  let endCol = loc.end_col_offset;
  if (col < 0) {
    col = -1;
    endCol = -1;
  }
  const endLineno = Math.max(lineno, loc.end_lineno);
  if (lineno === endLineno) endCol = Math.max(col, endCol);
  return new Location(lineno, endLineno, col, endCol);
}

/** `self.x = …` in a method: x is a static attribute of the class. */
function noteStaticAttribute(c: Compiler, e: Attribute): void {
  if (e.value.node !== Kind.Name || e.value.id !== "self") return;
  for (let i = c.stack.length - 1; i >= 0; i--) {
    const attributes = c.stack[i].staticAttributes;
    if (attributes !== null) {
      attributes.add(e.attr);
      return;
    }
  }
}

export function isTwoElementSlice(e: expr): e is Slice {
  return e.node === Kind.Slice && e.step === null;
}

/** Leaves the parts of a slice on the stack; returns how many. */
export function compileSlice(c: Compiler, s: Slice): number {
  if (s.lower !== null) visitExpr(c, s.lower);
  else c.loadConst(locationOf(s), null);
  if (s.upper !== null) visitExpr(c, s.upper);
  else c.loadConst(locationOf(s), null);
  if (s.step === null) return 2;
  visitExpr(c, s.step);
  return 3;
}

// Operators

function compileBoolOp(c: Compiler, e: BoolOp): void {
  const loc = locationOf(e);
  const jump = e.op === Kind.And ? Op.POP_JUMP_IF_FALSE : Op.POP_JUMP_IF_TRUE;
  const end = c.newLabel();
  const last = e.values.length - 1;
  for (let i = 0; i < last; i++) {
    visitExpr(c, e.values[i]);
    c.opI(loc, Op.COPY, 1);
    c.op(loc, Op.TO_BOOL);
    c.jump(loc, jump, end);
    c.op(loc, Op.POP_TOP);
  }
  visitExpr(c, e.values[last]);
  c.useLabel(end);
}

function compileUnaryOp(c: Compiler, e: UnaryOp): void {
  const links = [e];
  let operand = e.operand;
  while (operand.node === Kind.UnaryOp) {
    links.push(operand);
    operand = operand.operand;
  }
  visitExpr(c, operand);
  for (let i = links.length - 1; i >= 0; i--) {
    const loc = locationOf(links[i]);
    switch (links[i].op) {
      case Kind.UAdd:
        c.opI(loc, Op.CALL_INTRINSIC_1, Intrinsic1.INTRINSIC_UNARY_POSITIVE);
        break;
      case Kind.Not:
        c.op(loc, Op.TO_BOOL);
        c.op(loc, Op.UNARY_NOT);
        break;
      case Kind.Invert:
        c.op(loc, Op.UNARY_INVERT);
        break;
      default:
        c.op(loc, Op.UNARY_NEGATIVE);
    }
  }
}

function compileIfExp(c: Compiler, e: IfExp): void {
  const ends: number[] = [];
  let branch: expr = e;
  while (branch.node === Kind.IfExp) {
    const end = c.newLabel();
    const next = c.newLabel();
    ends.push(end);
    jumpIf(c, branch.test, next, false);
    visitExpr(c, branch.body);
    c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, end);
    c.useLabel(next);
    branch = branch.orelse;
  }
  visitExpr(c, branch);
  for (let i = ends.length - 1; i >= 0; i--) c.useLabel(ends[i]);
}

/** The comparison in the top three bits of COMPARE_OP's argument, below it the outcomes that count as true. */
const compareArgs: Partial<Record<Kind, number>> = {
  [Kind.Lt]: (0 << 5) | 2,
  [Kind.LtE]: (1 << 5) | 2 | 8,
  [Kind.Eq]: (2 << 5) | 8,
  [Kind.NotEq]: (3 << 5) | 1 | 2 | 4,
  [Kind.Gt]: (4 << 5) | 4,
  [Kind.GtE]: (5 << 5) | 4 | 8,
};

export function addCompare(c: Compiler, loc: Location, op: cmpop): void {
  switch (op) {
    case Kind.Is:
      c.opI(loc, Op.IS_OP, 0);
      break;
    case Kind.IsNot:
      c.opI(loc, Op.IS_OP, 1);
      break;
    case Kind.In:
      c.opI(loc, Op.CONTAINS_OP, 0);
      break;
    case Kind.NotIn:
      c.opI(loc, Op.CONTAINS_OP, 1);
      break;
    default:
      c.opI(loc, Op.COMPARE_OP, compareArgs[op]!);
  }
}

function compileCompare(c: Compiler, e: Compare): void {
  const loc = locationOf(e);
  checkCompare(c, e);
  visitExpr(c, e.left);
  const last = e.ops.length - 1;
  if (last === 0) {
    visitExpr(c, e.comparators[0]);
    addCompare(c, loc, e.ops[0]);
    return;
  }
  const cleanup = c.newLabel();
  for (let i = 0; i < last; i++) {
    visitExpr(c, e.comparators[i]);
    c.opI(loc, Op.SWAP, 2);
    c.opI(loc, Op.COPY, 2);
    addCompare(c, loc, e.ops[i]);
    c.opI(loc, Op.COPY, 1);
    c.op(loc, Op.TO_BOOL);
    c.jump(loc, Op.POP_JUMP_IF_FALSE, cleanup);
    c.op(loc, Op.POP_TOP);
  }
  visitExpr(c, e.comparators[last]);
  addCompare(c, loc, e.ops[last]);
  const end = c.newLabel();
  c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, end);
  c.useLabel(cleanup);
  c.opI(loc, Op.SWAP, 2);
  c.op(loc, Op.POP_TOP);
  c.useLabel(end);
}

/** Evaluates a condition and jumps to `next` if its truth is `cond`. */
export function jumpIf(c: Compiler, condition: expr, next: number, cond: boolean): void {
  let e = condition;
  while (e.node === Kind.UnaryOp && e.op === Kind.Not) {
    e = e.operand;
    cond = !cond;
  }
  enterNesting();
  switch (e.node) {
    case Kind.BoolOp: {
      const cond2 = e.op === Kind.Or;
      const next2 = cond2 !== cond ? c.newLabel() : next;
      const last = e.values.length - 1;
      for (let i = 0; i < last; i++) jumpIf(c, e.values[i], next2, cond2);
      jumpIf(c, e.values[last], next, cond);
      if (next2 !== next) c.useLabel(next2);
      leaveNesting();
      return;
    }
    case Kind.IfExp: {
      const ends: number[] = [];
      let branch: expr = e;
      while (branch.node === Kind.IfExp) {
        const end = c.newLabel();
        const next2 = c.newLabel();
        ends.push(end);
        jumpIf(c, branch.test, next2, false);
        jumpIf(c, branch.body, next, cond);
        c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, end);
        c.useLabel(next2);
        branch = branch.orelse;
      }
      jumpIf(c, branch, next, cond);
      for (let i = ends.length - 1; i >= 0; i--) c.useLabel(ends[i]);
      leaveNesting();
      return;
    }
    case Kind.Compare:
      if (e.ops.length > 1) {
        jumpIfChained(c, e, next, cond);
        leaveNesting();
        return;
      }
  }
  visitExpr(c, e);
  const loc = locationOf(e);
  c.op(loc, Op.TO_BOOL);
  c.jump(loc, cond ? Op.POP_JUMP_IF_TRUE : Op.POP_JUMP_IF_FALSE, next);
  leaveNesting();
}

function jumpIfChained(c: Compiler, e: Compare, next: number, cond: boolean): void {
  const loc = locationOf(e);
  const last = e.ops.length - 1;
  checkCompare(c, e);
  const cleanup = c.newLabel();
  visitExpr(c, e.left);
  for (let i = 0; i < last; i++) {
    visitExpr(c, e.comparators[i]);
    c.opI(loc, Op.SWAP, 2);
    c.opI(loc, Op.COPY, 2);
    addCompare(c, loc, e.ops[i]);
    c.op(loc, Op.TO_BOOL);
    c.jump(loc, Op.POP_JUMP_IF_FALSE, cleanup);
  }
  visitExpr(c, e.comparators[last]);
  addCompare(c, loc, e.ops[last]);
  c.op(loc, Op.TO_BOOL);
  c.jump(loc, cond ? Op.POP_JUMP_IF_TRUE : Op.POP_JUMP_IF_FALSE, next);
  const end = c.newLabel();
  c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, end);
  c.useLabel(cleanup);
  c.op(loc, Op.POP_TOP);
  if (!cond) c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, next);
  c.useLabel(end);
}
