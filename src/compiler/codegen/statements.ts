/**
 * Code for statements, except those that define functions and classes, handle exceptions or match patterns.
 *
 * Mirrors `compiler_visit_stmt` and what it calls (`Python/compile.c`).
 */
import {
  type AnnAssign,
  type Assert,
  type AsyncFor,
  type AugAssign,
  type expr,
  type For,
  type If,
  type Import,
  type ImportFrom,
  Kind,
  type Return,
  type stmt,
  type While,
} from "../../generated/ast.ts";
import { Intrinsic1, Op } from "../../generated/opcodes.ts";
import { Tuple } from "../code/constant.ts";
import { type Location, locationOf, NO_LOCATION } from "../code/instruction.ts";
import { PyCompileError } from "../errors/errors.ts";
import { enterNesting, leaveNesting } from "../errors/nesting.ts";
import { cleanDoc, docstringOf } from "../text/docstring.ts";
import type { Compiler } from "./compiler.ts";
import { addYieldFrom, compileAsyncWith, compileTry, compileWith, unwindFBlock, unwindFBlocks } from "./exceptions.ts";
import { compileSlice, isTwoElementSlice, jumpIf, startAtAttribute, visitExpr, visitExprs } from "./expressions.ts";
import { compileClass, compileFunction, compileTypeAlias, visitAnnotation } from "./functions.ts";
import { compileMatch } from "./patterns.ts";
import { FBlockType, ScopeType } from "./unit.ts";

export function visitStmts(c: Compiler, list: readonly stmt[], from = 0): void {
  for (let i = from; i < list.length; i++) visitStmt(c, list[i]);
}

function visitStmt(c: Compiler, s: stmt): void {
  enterNesting();
  switch (s.node) {
    case Kind.FunctionDef:
    case Kind.AsyncFunctionDef:
      compileFunction(c, s);
      break;
    case Kind.ClassDef:
      compileClass(c, s);
      break;
    case Kind.TypeAlias:
      compileTypeAlias(c, s);
      break;
    case Kind.Return:
      compileReturn(c, s);
      break;
    case Kind.Delete:
      visitExprs(c, s.targets);
      break;
    case Kind.Assign: {
      visitExpr(c, s.value);
      const last = s.targets.length - 1;
      for (let i = 0; i <= last; i++) {
        if (i < last) c.opI(locationOf(s), Op.COPY, 1);
        visitExpr(c, s.targets[i]);
      }
      break;
    }
    case Kind.AugAssign:
      compileAugAssign(c, s);
      break;
    case Kind.AnnAssign:
      compileAnnAssign(c, s);
      break;
    case Kind.For:
      compileFor(c, s);
      break;
    case Kind.AsyncFor:
      compileAsyncFor(c, s);
      break;
    case Kind.While:
      compileWhile(c, s);
      break;
    case Kind.If:
      compileIf(c, s);
      break;
    case Kind.Match:
      compileMatch(c, s);
      break;
    case Kind.Raise: {
      let n = 0;
      if (s.exc !== null) {
        visitExpr(c, s.exc);
        n++;
        if (s.cause !== null) {
          visitExpr(c, s.cause);
          n++;
        }
      }
      c.opI(locationOf(s), Op.RAISE_VARARGS, n);
      break;
    }
    case Kind.Try:
    case Kind.TryStar:
      compileTry(c, s);
      break;
    case Kind.Assert:
      compileAssert(c, s);
      break;
    case Kind.Import:
      compileImport(c, s);
      break;
    case Kind.ImportFrom:
      compileImportFrom(c, s);
      break;
    case Kind.Global:
    case Kind.Nonlocal:
      break;
    case Kind.Expr:
      compileExprStmt(c, locationOf(s), s.value);
      break;
    case Kind.Pass:
      c.op(locationOf(s), Op.NOP);
      break;
    case Kind.Break:
      compileBreak(c, locationOf(s));
      break;
    case Kind.Continue:
      compileContinue(c, locationOf(s));
      break;
    case Kind.With:
      compileWith(c, s, 0);
      break;
    case Kind.AsyncWith:
      compileAsyncWith(c, s, 0);
      break;
  }
  leaveNesting();
}

/** Whether a body, in blocks of its own scope, annotates a variable. */
export function hasAnnotations(body: readonly stmt[]): boolean {
  for (const s of body) {
    switch (s.node) {
      case Kind.AnnAssign:
        return true;
      case Kind.For:
      case Kind.AsyncFor:
      case Kind.While:
        if (hasAnnotations(s.body) || hasAnnotations(s.orelse)) return true;
        break;
      case Kind.If: {
        let branch = s;
        for (;;) {
          if (hasAnnotations(branch.body)) return true;
          const next = branch.orelse.length === 1 ? branch.orelse[0] : null;
          if (next === null || next.node !== Kind.If) break;
          branch = next;
        }
        if (hasAnnotations(branch.orelse)) return true;
        break;
      }
      case Kind.With:
      case Kind.AsyncWith:
        if (hasAnnotations(s.body)) return true;
        break;
      case Kind.Try:
      case Kind.TryStar:
        if (s.handlers.some((h) => hasAnnotations(h.body))) return true;
        if (hasAnnotations(s.body) || hasAnnotations(s.finalbody) || hasAnnotations(s.orelse)) return true;
        break;
      case Kind.Match:
        if (s.cases.some((m) => hasAnnotations(m.body))) return true;
        break;
    }
  }
  return false;
}

/** The body of a module or class: annotations set up, docstring stored. */
export function compileBody(c: Compiler, at: Location, body: readonly stmt[]): void {
  const loc = c.u.scopeType === ScopeType.Module && body.length > 0 ? locationOf(body[0]) : at;
  if (hasAnnotations(body)) c.op(loc, Op.SETUP_ANNOTATIONS);
  const docstring = docstringOf(body);
  if (docstring !== null && c.optimize < 2) {
    const first = body[0];
    c.loadConst(locationOf(first.node === Kind.Expr ? first.value : first), cleanDoc(docstring));
    c.nameop(NO_LOCATION, "__doc__", Kind.Store);
  }
  visitStmts(c, body, docstring === null ? 0 : 1);
}

function compileExprStmt(c: Compiler, loc: Location, value: expr): void {
  if (c.interactive && c.stack.length === 0) {
    visitExpr(c, value);
    c.opI(loc, Op.CALL_INTRINSIC_1, Intrinsic1.INTRINSIC_PRINT);
    c.op(NO_LOCATION, Op.POP_TOP);
  } else if (value.node === Kind.Constant) {
    c.op(loc, Op.NOP);
  } else {
    visitExpr(c, value);
    c.op(NO_LOCATION, Op.POP_TOP);
  }
}

// Branches and loops

function compileIf(c: Compiler, s: If): void {
  const ends: number[] = [];
  let branch = s;
  for (;;) {
    const end = c.newLabel();
    ends.push(end);
    const hasElse = branch.orelse.length > 0;
    const next = hasElse ? c.newLabel() : end;
    jumpIf(c, branch.test, next, false);
    visitStmts(c, branch.body);
    if (!hasElse) break;
    c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, end);
    c.useLabel(next);
    const only = branch.orelse.length === 1 ? branch.orelse[0] : null;
    if (only === null || only.node !== Kind.If) {
      visitStmts(c, branch.orelse);
      break;
    }
    branch = only;
  }
  for (let i = ends.length - 1; i >= 0; i--) c.useLabel(ends[i]);
}

function compileFor(c: Compiler, s: For): void {
  const start = c.newLabel();
  const body = c.newLabel();
  const cleanup = c.newLabel();
  const end = c.newLabel();
  c.pushFBlock(locationOf(s), FBlockType.FOR_LOOP, start, end);
  visitExpr(c, s.iter);
  const loc = locationOf(s.iter);
  c.op(loc, Op.GET_ITER);
  c.useLabel(start);
  c.jump(loc, Op.FOR_ITER, cleanup);
  // Gives the target a line of its own in a statement over several lines; otherwise it is removed.
  c.op(locationOf(s.target), Op.NOP);
  c.useLabel(body);
  visitExpr(c, s.target);
  visitStmts(c, s.body);
  c.jump(NO_LOCATION, Op.JUMP, start);
  c.useLabel(cleanup);
  // Iterating over a generator jumps to END_FOR, over anything else past it.
  c.op(NO_LOCATION, Op.END_FOR);
  c.op(NO_LOCATION, Op.POP_TOP);
  c.popFBlock();
  visitStmts(c, s.orelse);
  c.useLabel(end);
}

function compileAsyncFor(c: Compiler, s: AsyncFor): void {
  const loc = locationOf(s);
  if (c.isTopLevelAwait) c.u.ste.coroutine = true;
  else if (c.u.scopeType !== ScopeType.AsyncFunction) c.error(loc, "'async for' outside async function");
  const start = c.newLabel();
  const except = c.newLabel();
  const end = c.newLabel();
  visitExpr(c, s.iter);
  const iterLoc = locationOf(s.iter);
  c.op(iterLoc, Op.GET_AITER);
  c.useLabel(start);
  c.pushFBlock(loc, FBlockType.FOR_LOOP, start, end);
  // StopAsyncIteration from __anext__ ends the loop.
  c.jump(loc, Op.SETUP_FINALLY, except);
  c.op(loc, Op.GET_ANEXT);
  c.loadConst(loc, null);
  addYieldFrom(c, loc, true);
  c.op(loc, Op.POP_BLOCK);
  visitExpr(c, s.target);
  visitStmts(c, s.body);
  c.jump(NO_LOCATION, Op.JUMP, start);
  c.popFBlock();
  c.useLabel(except);
  c.op(iterLoc, Op.END_ASYNC_FOR);
  visitStmts(c, s.orelse);
  c.useLabel(end);
}

function compileWhile(c: Compiler, s: While): void {
  const loop = c.newLabel();
  const body = c.newLabel();
  const end = c.newLabel();
  const anchor = c.newLabel();
  c.useLabel(loop);
  c.pushFBlock(locationOf(s), FBlockType.WHILE_LOOP, loop, end);
  jumpIf(c, s.test, anchor, false);
  c.useLabel(body);
  visitStmts(c, s.body);
  jumpIf(c, s.test, body, true);
  c.popFBlock();
  c.useLabel(anchor);
  visitStmts(c, s.orelse);
  c.useLabel(end);
}

function compileReturn(c: Compiler, s: Return): void {
  let loc = locationOf(s);
  const value = s.value;
  const preserveTos = value !== null && value.node !== Kind.Constant;
  const ste = c.u.ste;
  if (!ste.isFunctionLike()) c.error(loc, "'return' outside function");
  if (value !== null && ste.coroutine && ste.generator) c.error(loc, "'return' with value in async generator");
  if (value !== null) {
    if (preserveTos) visitExpr(c, value);
    else {
      loc = locationOf(value);
      c.op(loc, Op.NOP);
    }
  }
  if (value === null || value.lineno !== s.lineno) {
    loc = locationOf(s);
    c.op(loc, Op.NOP);
  }
  const after = unwindFBlocks(c, loc, preserveTos, false).loc;
  if (value === null) c.loadConst(after, null);
  else if (value.node === Kind.Constant) c.loadConst(after, value.value);
  c.op(after, Op.RETURN_VALUE);
}

function compileBreak(c: Compiler, loc: Location): void {
  c.op(loc, Op.NOP);
  const { loc: after, loop } = unwindFBlocks(c, loc, false, true);
  if (loop === null) c.error(loc, "'break' outside loop");
  c.jump(unwindFBlock(c, after, loop, false), Op.JUMP, loop.exit);
}

function compileContinue(c: Compiler, loc: Location): void {
  c.op(loc, Op.NOP);
  const { loc: after, loop } = unwindFBlocks(c, loc, false, true);
  if (loop === null) c.error(loc, "'continue' not properly in loop");
  c.jump(after, Op.JUMP, loop.block);
}

function compileAssert(c: Compiler, s: Assert): void {
  const loc = locationOf(s);
  const test = s.test;
  const tuple =
    (test.node === Kind.Tuple && test.elts.length > 0) ||
    (test.node === Kind.Constant && test.value instanceof Tuple && test.value.items.length > 0);
  if (tuple) c.warning(loc, "assertion is always true, perhaps remove parentheses?");
  if (c.optimize > 0) return;
  const end = c.newLabel();
  jumpIf(c, test, end, true);
  c.op(loc, Op.LOAD_ASSERTION_ERROR);
  if (s.msg !== null) {
    visitExpr(c, s.msg);
    c.opI(loc, Op.CALL, 0);
  }
  c.opI(locationOf(test), Op.RAISE_VARARGS, 1);
  c.useLabel(end);
}

// Assignments

function compileAugAssign(c: Compiler, s: AugAssign): void {
  const e = s.target;
  const loc = locationOf(e);
  switch (e.node) {
    case Kind.Attribute: {
      const at = startAtAttribute(loc, e);
      visitExpr(c, e.value);
      c.opI(loc, Op.COPY, 1);
      c.opName(at, Op.LOAD_ATTR, e.attr);
      visitExpr(c, s.value);
      c.binary(locationOf(s), s.op, true);
      c.opI(at, Op.SWAP, 2);
      c.opName(at, Op.STORE_ATTR, e.attr);
      break;
    }
    case Kind.Subscript:
      visitExpr(c, e.value);
      if (isTwoElementSlice(e.slice)) {
        compileSlice(c, e.slice);
        c.opI(loc, Op.COPY, 3);
        c.opI(loc, Op.COPY, 3);
        c.opI(loc, Op.COPY, 3);
        c.op(loc, Op.BINARY_SLICE);
        visitExpr(c, s.value);
        c.binary(locationOf(s), s.op, true);
        c.opI(loc, Op.SWAP, 4);
        c.opI(loc, Op.SWAP, 3);
        c.opI(loc, Op.SWAP, 2);
        c.op(loc, Op.STORE_SLICE);
      } else {
        visitExpr(c, e.slice);
        c.opI(loc, Op.COPY, 2);
        c.opI(loc, Op.COPY, 2);
        c.op(loc, Op.BINARY_SUBSCR);
        visitExpr(c, s.value);
        c.binary(locationOf(s), s.op, true);
        c.opI(loc, Op.SWAP, 3);
        c.opI(loc, Op.SWAP, 2);
        c.op(loc, Op.STORE_SUBSCR);
      }
      break;
    case Kind.Name:
      c.nameop(loc, e.id, Kind.Load);
      visitExpr(c, s.value);
      c.binary(locationOf(s), s.op, true);
      c.nameop(loc, e.id, Kind.Store);
      break;
    default:
      throw new PyCompileError("SystemError", `invalid node type (${e.node}) for augmented assignment`);
  }
}

function inModuleOrClass(c: Compiler): boolean {
  return c.u.scopeType === ScopeType.Module || c.u.scopeType === ScopeType.Class;
}

/** Evaluates an expression for its errors only. */
function evaluateOnly(c: Compiler, e: expr): void {
  visitExpr(c, e);
  c.op(locationOf(e), Op.POP_TOP);
}

function evaluateSubscript(c: Compiler, e: expr): void {
  switch (e.node) {
    case Kind.Slice:
      if (e.lower !== null) evaluateOnly(c, e.lower);
      if (e.upper !== null) evaluateOnly(c, e.upper);
      if (e.step !== null) evaluateOnly(c, e.step);
      break;
    case Kind.Tuple:
      enterNesting();
      for (const elt of e.elts) evaluateSubscript(c, elt);
      leaveNesting();
      break;
    default:
      evaluateOnly(c, e);
  }
}

function compileAnnAssign(c: Compiler, s: AnnAssign): void {
  const loc = locationOf(s);
  const target = s.target;
  if (s.value !== null) {
    visitExpr(c, s.value);
    visitExpr(c, target);
  }
  switch (target.node) {
    case Kind.Name:
      c.forbidName(loc, target.id, Kind.Store);
      if (s.simple && inModuleOrClass(c)) {
        if (c.futureAnnotations) visitAnnotation(c, s.annotation);
        else visitExpr(c, s.annotation);
        c.opName(loc, Op.LOAD_NAME, "__annotations__");
        c.loadConst(loc, c.mangle(target.id));
        c.op(loc, Op.STORE_SUBSCR);
      }
      break;
    case Kind.Attribute:
      c.forbidName(loc, target.attr, Kind.Store);
      if (s.value === null) evaluateOnly(c, target.value);
      break;
    case Kind.Subscript:
      if (s.value === null) {
        evaluateOnly(c, target.value);
        evaluateSubscript(c, target.slice);
      }
      break;
    default:
      throw new PyCompileError("SystemError", `invalid node type (${target.node}) for annotated assignment`);
  }
  if (!s.simple && !c.futureAnnotations && inModuleOrClass(c)) evaluateOnly(c, s.annotation);
}

// Imports

function importName(c: Compiler, loc: Location, name: string): void {
  c.opName(loc, Op.IMPORT_NAME, name);
}

function compileImport(c: Compiler, s: Import): void {
  const loc = locationOf(s);
  for (const { name, asname } of s.names) {
    c.loadConst(loc, 0n);
    c.loadConst(loc, null);
    importName(c, loc, name);
    const parts = name.split(".");
    if (asname === null) c.nameop(loc, parts[0], Kind.Store);
    else if (parts.length === 1) c.nameop(loc, asname, Kind.Store);
    else {
      // IMPORT_NAME gave the outermost package: walk down to the module named last.
      for (let i = 1; i < parts.length; i++) {
        if (i > 1) {
          c.opI(loc, Op.SWAP, 2);
          c.op(loc, Op.POP_TOP);
        }
        c.opNameAsIs(loc, Op.IMPORT_FROM, parts[i]);
      }
      c.nameop(loc, asname, Kind.Store);
      c.op(loc, Op.POP_TOP);
    }
  }
}

function compileImportFrom(c: Compiler, s: ImportFrom): void {
  const loc = locationOf(s);
  c.loadConst(loc, BigInt(s.level ?? 0));
  if (s.module === "__future__" && s.level === 0) {
    const last = c.future.location;
    const isAfter =
      last === null ||
      loc.lineno > last.end_lineno ||
      (loc.lineno === last.end_lineno && loc.col_offset > last.end_col_offset);
    if (isAfter) c.error(loc, "from __future__ imports must occur at the beginning of the file");
  }
  c.loadConst(loc, new Tuple(s.names.map((a) => a.name)));
  importName(c, loc, s.module ?? "");
  for (const { name, asname } of s.names) {
    if (name === "*") {
      c.opI(loc, Op.CALL_INTRINSIC_1, Intrinsic1.INTRINSIC_IMPORT_STAR);
      c.op(NO_LOCATION, Op.POP_TOP);
      return;
    }
    c.opName(loc, Op.IMPORT_FROM, name);
    c.nameop(loc, asname ?? name, Kind.Store);
  }
  c.op(loc, Op.POP_TOP);
}
