/**
 * Code for comprehensions and generator expressions.
 *
 * Mirrors `compiler_comprehension` and what it calls (`Python/compile.c`). A generator expression is a function that is
 * called at once. Other comprehensions run in the block around them (PEP 709): the names that they bind are saved on
 * the stack before and restored after, also when an exception leaves them.
 */
import {
  type comprehension,
  type DictComp,
  type expr,
  type GeneratorExp,
  Kind,
  type ListComp,
  type SetComp,
} from "../../generated/ast.ts";
import { Op } from "../../generated/opcodes.ts";
import { Location, locationOf, NO_LABEL, NO_LOCATION } from "../code/instruction.ts";
import { Block, Def, SCOPE_MASK, SCOPE_OFFSET, Scope, type SymtableEntry } from "../symtable/entry.ts";
import type { Compiler } from "./compiler.ts";
import { addYield, addYieldFrom, wrapInStopIterationHandler } from "./exceptions.ts";
import { jumpIf, visitExpr } from "./expressions.ts";
import { makeClosure } from "./functions.ts";
import { FBlockType, indexOf, ScopeType } from "./unit.ts";

type AnyComprehension = GeneratorExp | ListComp | SetComp | DictComp;

const forms = {
  [Kind.GeneratorExp]: { name: "<genexpr>", build: 0, add: 0 },
  [Kind.ListComp]: { name: "<listcomp>", build: Op.BUILD_LIST, add: Op.LIST_APPEND },
  [Kind.SetComp]: { name: "<setcomp>", build: Op.BUILD_SET, add: Op.SET_ADD },
  [Kind.DictComp]: { name: "<dictcomp>", build: Op.BUILD_MAP, add: Op.MAP_ADD },
} as const;

export function compileComprehension(c: Compiler, e: AnyComprehension): void {
  const loc = locationOf(e);
  const form = forms[e.node];
  const isGenerator = e.node === Kind.GeneratorExp;
  const outerType = c.u.scopeType;
  const topLevelAwait = c.isTopLevelAwait;
  const entry = c.symtable.lookup(e);
  const inlined = entry.compInlined;
  const isAsync = entry.coroutine;
  const outermost = e.generators[0];
  let saved: InlinedState | null = null;
  if (inlined) {
    compileIterable(c, outermost);
    saved = pushInlinedState(c, loc, entry);
  } else c.enterScope(form.name, ScopeType.Comprehension, entry, e.lineno);
  if (
    isAsync &&
    !isGenerator &&
    outerType !== ScopeType.AsyncFunction &&
    outerType !== ScopeType.Comprehension &&
    !topLevelAwait
  ) {
    c.error(loc, "asynchronous comprehension outside of an asynchronous function");
  }
  if (!isGenerator) {
    c.opI(loc, form.build, 0);
    if (inlined) c.opI(loc, Op.SWAP, 2);
  }
  compileGenerator(c, loc, e, 0, 0, inlined);
  if (saved !== null) {
    popInlinedState(c, loc, saved);
    return;
  }
  if (isGenerator) wrapInStopIterationHandler(c);
  else c.op(loc, Op.RETURN_VALUE);
  const code = c.finish(true);
  if (topLevelAwait && isAsync) c.u.ste.coroutine = true;
  makeClosure(c, loc, code, 0);
  compileIterable(c, outermost);
  c.opI(loc, Op.CALL, 0);
  if (isAsync && !isGenerator) {
    c.opI(loc, Op.GET_AWAITABLE, 0);
    c.loadConst(loc, null);
    addYieldFrom(c, loc, true);
  }
}

function compileIterable(c: Compiler, g: comprehension): void {
  visitExpr(c, g.iter);
  c.op(locationOf(g.iter), g.is_async ? Op.GET_AITER : Op.GET_ITER);
}

function compileGenerator(
  c: Compiler,
  loc: Location,
  e: AnyComprehension,
  index: number,
  depth: number,
  iterOnStack: boolean,
): void {
  if (e.generators[index].is_async) asyncGenerator(c, loc, e, index, depth, iterOnStack);
  else syncGenerator(c, loc, e, index, depth, iterOnStack);
}

/** The outermost iterable comes as an argument, unless it is on the stack already. */
function receiveIterable(c: Compiler, loc: Location): void {
  c.u.argcount = 1;
  c.opI(loc, Op.LOAD_FAST, 0);
}

/** The expression of `for y in [expression]` or `for y in (expression,)`: an assignment, not a loop. */
function onlyElement(iter: expr): expr | null {
  if (iter.node !== Kind.List && iter.node !== Kind.Tuple) return null;
  const { elts } = iter;
  return elts.length === 1 && elts[0].node !== Kind.Starred ? elts[0] : null;
}

function syncGenerator(
  c: Compiler,
  loc: Location,
  e: AnyComprehension,
  index: number,
  outerDepth: number,
  iterOnStack: boolean,
): void {
  const g = e.generators[index];
  const start = c.newLabel();
  const ifCleanup = c.newLabel();
  const anchor = c.newLabel();
  let depth = outerDepth;
  let isLoop = true;
  if (!iterOnStack) {
    if (index === 0) receiveIterable(c, loc);
    else {
      const only = onlyElement(g.iter);
      if (only !== null) {
        visitExpr(c, only);
        isLoop = false;
      } else {
        visitExpr(c, g.iter);
        c.op(locationOf(g.iter), Op.GET_ITER);
      }
    }
  }
  if (isLoop) {
    depth++;
    c.useLabel(start);
    c.jump(locationOf(g.iter), Op.FOR_ITER, anchor);
  }
  visitExpr(c, g.target);
  for (const condition of g.ifs) jumpIf(c, condition, ifCleanup, false);
  const eltLoc = compileElement(c, loc, e, index, depth);
  c.useLabel(ifCleanup);
  if (isLoop) {
    c.jump(eltLoc, Op.JUMP, start);
    c.useLabel(anchor);
    c.op(NO_LOCATION, Op.END_FOR);
    c.op(NO_LOCATION, Op.POP_TOP);
  }
}

function asyncGenerator(
  c: Compiler,
  loc: Location,
  e: AnyComprehension,
  index: number,
  depth: number,
  iterOnStack: boolean,
): void {
  const g = e.generators[index];
  const start = c.newLabel();
  const except = c.newLabel();
  const ifCleanup = c.newLabel();
  if (!iterOnStack) {
    if (index === 0) receiveIterable(c, loc);
    else {
      visitExpr(c, g.iter);
      c.op(locationOf(g.iter), Op.GET_AITER);
    }
  }
  c.useLabel(start);
  c.pushFBlock(loc, FBlockType.ASYNC_COMPREHENSION_GENERATOR, start, NO_LABEL);
  c.jump(loc, Op.SETUP_FINALLY, except);
  c.op(loc, Op.GET_ANEXT);
  c.loadConst(loc, null);
  addYieldFrom(c, loc, true);
  c.op(loc, Op.POP_BLOCK);
  visitExpr(c, g.target);
  for (const condition of g.ifs) jumpIf(c, condition, ifCleanup, false);
  const eltLoc = compileElement(c, loc, e, index, depth + 1);
  c.useLabel(ifCleanup);
  c.jump(eltLoc, Op.JUMP, start);
  c.popFBlock();
  c.useLabel(except);
  c.op(loc, Op.END_ASYNC_FOR);
}

/** The next `for`, or after the last the element. Returns the location of the jump back. */
function compileElement(c: Compiler, loc: Location, e: AnyComprehension, index: number, depth: number): Location {
  const isDict = e.node === Kind.DictComp;
  const elt = isDict ? e.key : e.elt;
  let eltLoc = locationOf(elt);
  if (index + 1 < e.generators.length) {
    compileGenerator(c, loc, e, index + 1, depth, false);
    return eltLoc;
  }
  visitExpr(c, elt);
  if (e.node === Kind.GeneratorExp) {
    addYield(c, eltLoc);
    c.op(eltLoc, Op.POP_TOP);
    return eltLoc;
  }
  if (isDict) {
    visitExpr(c, e.value);
    eltLoc = new Location(elt.lineno, e.value.end_lineno, elt.col_offset, e.value.end_col_offset);
  }
  c.opI(eltLoc, forms[e.node].add, depth + 1);
  return eltLoc;
}

// Inlining

interface InlinedState {
  /** Names saved on the stack, the first deepest. */
  pushedLocals: string[];
  /** Symbols of the block around, as they were. */
  outerSymbols: Map<string, number>;
  /** Names that this comprehension made fast locals of a class or module. */
  fastHidden: string[];
  cleanup: number;
  end: number;
}

function pushInlinedState(c: Compiler, loc: Location, entry: SymtableEntry): InlinedState {
  const u = c.u;
  const state: InlinedState = {
    pushedLocals: [],
    outerSymbols: new Map(),
    fastHidden: [],
    cleanup: NO_LABEL,
    end: NO_LABEL,
  };
  const inClass = u.ste.type === Block.Class && u.inInlinedComp === 0;
  u.inInlinedComp++;
  for (const [name, symbol] of entry.symbols) {
    const scope: Scope = (symbol >> SCOPE_OFFSET) & SCOPE_MASK;
    const outer = u.ste.getSymbol(name);
    const outerScope: Scope = (outer >> SCOPE_OFFSET) & SCOPE_MASK;
    // While the comprehension is compiled its names have the scopes that they have in it.
    const differs =
      scope !== outerScope && scope !== Scope.FREE && !(scope === Scope.CELL && outerScope === Scope.FREE);
    if (differs || inClass) {
      state.outerSymbols.set(name, outer);
      u.ste.symbols.set(name, symbol);
    }
    const bound = (symbol & Def.LOCAL) !== 0 && (symbol & Def.NONLOCAL) === 0;
    if (!bound && !inClass) continue;
    if (!u.ste.isFunctionLike() && u.fasthidden.get(name) !== true) {
      u.fasthidden.set(name, true);
      state.fastHidden.push(name);
    }
    // A cell is saved as a cell, and the comprehension gets a new one.
    c.opI(loc, Op.LOAD_FAST_AND_CLEAR, indexOf(u.varnames, c.mangle(name)));
    if (scope === Scope.CELL) {
      c.opI(loc, Op.MAKE_CELL, indexOf(outerScope === Scope.FREE ? u.freevars : u.cellvars, c.mangle(name)));
    }
    state.pushedLocals.push(name);
  }
  if (state.pushedLocals.length > 0) {
    // The iterable comes back to the top.
    c.opI(loc, Op.SWAP, state.pushedLocals.length + 1);
    state.cleanup = c.newLabel();
    state.end = c.newLabel();
    c.jump(loc, Op.SETUP_FINALLY, state.cleanup);
  }
  return state;
}

function restoreLocals(c: Compiler, loc: Location, state: InlinedState): void {
  const names = state.pushedLocals;
  c.opI(loc, Op.SWAP, names.length + 1);
  for (let i = names.length - 1; i >= 0; i--) {
    c.opI(loc, Op.STORE_FAST_MAYBE_NULL, indexOf(c.u.varnames, c.mangle(names[i])));
  }
}

function popInlinedState(c: Compiler, loc: Location, state: InlinedState): void {
  const u = c.u;
  u.inInlinedComp--;
  for (const [name, symbol] of state.outerSymbols) u.ste.symbols.set(name, symbol);
  if (state.pushedLocals.length > 0) {
    c.op(NO_LOCATION, Op.POP_BLOCK);
    c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, state.end);
    c.useLabel(state.cleanup);
    c.opI(NO_LOCATION, Op.SWAP, 2);
    c.op(NO_LOCATION, Op.POP_TOP); // the unfinished result
    restoreLocals(c, loc, state);
    c.opI(NO_LOCATION, Op.RERAISE, 0);
    c.useLabel(state.end);
    restoreLocals(c, loc, state);
  }
  // False, not absent: the variable stays a hidden one.
  for (const name of state.fastHidden) u.fasthidden.set(name, false);
}
