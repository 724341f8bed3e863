/**
 * Code that handles exceptions and leaves blocks: `try`, `with`, `yield from`, and the unwinding that `return`, `break`
 * and `continue` do on their way out.
 *
 * Mirrors `compiler_try_*`, `compiler_with`, `compiler_async_with`, `compiler_unwind_fblock` and
 * `compiler_add_yield_from` (`Python/compile.c`). SETUP_FINALLY, SETUP_CLEANUP and SETUP_WITH push a handler and
 * POP_BLOCK pops it; the flow graph turns them into the exception table.
 */
import {
  type AsyncWith,
  type ExceptHandler,
  Kind,
  type stmt,
  type Try,
  type TryStar,
  type With,
} from "../../generated/ast.ts";
import { Intrinsic1, Intrinsic2, Op } from "../../generated/opcodes.ts";
import { type Location, locationOf, NO_LABEL, NO_LOCATION, Resume } from "../code/instruction.ts";
import { enterNesting, leaveNesting } from "../errors/nesting.ts";
import type { Compiler } from "./compiler.ts";
import { visitExpr } from "./expressions.ts";
import { visitStmts } from "./statements.ts";
import { type FBlock, FBlockType, ScopeType } from "./unit.ts";

/** Delegates to the iterator on the stack until it ends; its result replaces it. */
export function addYieldFrom(c: Compiler, loc: Location, isAwait: boolean): void {
  const send = c.newLabel();
  const fail = c.newLabel();
  const exit = c.newLabel();
  c.useLabel(send);
  c.jump(loc, Op.SEND, exit);
  // close() and throw() can make the subgenerator end with StopIteration inside YIELD_VALUE.
  c.jump(loc, Op.SETUP_FINALLY, fail);
  c.opI(loc, Op.YIELD_VALUE, 1);
  c.op(NO_LOCATION, Op.POP_BLOCK);
  c.opI(loc, Op.RESUME, isAwait ? Resume.AFTER_AWAIT : Resume.AFTER_YIELD_FROM);
  c.jump(loc, Op.JUMP_NO_INTERRUPT, send);
  c.useLabel(fail);
  c.op(loc, Op.CLEANUP_THROW);
  c.useLabel(exit);
  c.op(loc, Op.END_SEND);
}

export function addYield(c: Compiler, loc: Location): void {
  const ste = c.u.ste;
  if (ste.generator && ste.coroutine) c.opI(loc, Op.CALL_INTRINSIC_1, Intrinsic1.INTRINSIC_ASYNC_GEN_WRAP);
  c.opI(loc, Op.YIELD_VALUE, 0);
  c.opI(loc, Op.RESUME, Resume.AFTER_YIELD);
}

/** In a generator: a StopIteration that leaves the body becomes a RuntimeError. */
export function wrapInStopIterationHandler(c: Compiler): void {
  const handler = c.newLabel();
  c.u.seq.insertFirst(Op.SETUP_CLEANUP, handler, NO_LOCATION);
  c.loadConst(NO_LOCATION, null);
  c.op(NO_LOCATION, Op.RETURN_VALUE);
  c.useLabel(handler);
  c.opI(NO_LOCATION, Op.CALL_INTRINSIC_1, Intrinsic1.INTRINSIC_STOPITERATION_ERROR);
  c.opI(NO_LOCATION, Op.RERAISE, 1);
}

/** With [previous exception, last instruction, exception] on the stack: restores the first, raises the last again. */
function popExceptAndReraise(c: Compiler, loc: Location): void {
  c.opI(loc, Op.COPY, 3);
  c.op(loc, Op.POP_EXCEPT);
  c.opI(loc, Op.RERAISE, 1);
}

function callExitWithNones(c: Compiler, loc: Location): void {
  c.loadConst(loc, null);
  c.loadConst(loc, null);
  c.loadConst(loc, null);
  c.opI(loc, Op.CALL, 2);
}

// Unwinding

/** Undoes one frame block, keeping the value on top if `preserveTos`. Returns the location for what follows. */
export function unwindFBlock(c: Compiler, loc: Location, info: FBlock, preserveTos: boolean): Location {
  switch (info.type) {
    case FBlockType.FOR_LOOP:
      if (preserveTos) c.opI(loc, Op.SWAP, 2);
      c.op(loc, Op.POP_TOP); // the iterator
      return loc;
    case FBlockType.TRY_EXCEPT:
      c.op(loc, Op.POP_BLOCK);
      return loc;
    case FBlockType.FINALLY_TRY:
      // POP_BLOCK stands on the line of the statement that leaves; what the finally body does not show is on none.
      c.op(loc, Op.POP_BLOCK);
      if (preserveTos) c.pushFBlock(loc, FBlockType.POP_VALUE, NO_LABEL, NO_LABEL);
      visitStmts(c, info.finalbody!);
      if (preserveTos) c.popFBlock();
      return NO_LOCATION;
    case FBlockType.FINALLY_END:
      if (preserveTos) c.opI(loc, Op.SWAP, 2);
      c.op(loc, Op.POP_TOP);
      if (preserveTos) c.opI(loc, Op.SWAP, 2);
      c.op(loc, Op.POP_BLOCK);
      c.op(loc, Op.POP_EXCEPT);
      return loc;
    case FBlockType.WITH:
    case FBlockType.ASYNC_WITH: {
      const at = info.loc;
      c.op(at, Op.POP_BLOCK);
      if (preserveTos) c.opI(at, Op.SWAP, 2);
      callExitWithNones(c, at);
      if (info.type === FBlockType.ASYNC_WITH) {
        c.opI(at, Op.GET_AWAITABLE, 2);
        c.loadConst(at, null);
        addYieldFrom(c, at, true);
      }
      c.op(at, Op.POP_TOP);
      return NO_LOCATION;
    }
    case FBlockType.HANDLER_CLEANUP:
      if (info.name !== null) c.op(loc, Op.POP_BLOCK);
      if (preserveTos) c.opI(loc, Op.SWAP, 2);
      c.op(loc, Op.POP_BLOCK);
      c.op(loc, Op.POP_EXCEPT);
      if (info.name !== null) unbind(c, loc, info.name);
      return loc;
    case FBlockType.POP_VALUE:
      if (preserveTos) c.opI(loc, Op.SWAP, 2);
      c.op(loc, Op.POP_TOP);
      return loc;
    default:
      return loc;
  }
}

/** `name = None; del name`. */
function unbind(c: Compiler, loc: Location, name: string): void {
  c.loadConst(loc, null);
  c.nameop(loc, name, Kind.Store);
  c.nameop(loc, name, Kind.Del);
}

interface Unwound {
  loc: Location;
  /** The loop at which unwinding stopped, if it was asked to. */
  loop: FBlock | null;
}

/** Undoes all frame blocks, or those inside the innermost loop. They stay in force for the code after. */
export function unwindFBlocks(c: Compiler, start: Location, preserveTos: boolean, toLoop: boolean): Unwound {
  const blocks = c.u.fblocks;
  const undone: FBlock[] = [];
  let loc = start;
  let loop: FBlock | null = null;
  while (blocks.length > 0) {
    const top = blocks[blocks.length - 1];
    if (top.type === FBlockType.EXCEPTION_GROUP_HANDLER) {
      c.error(loc, "'break', 'continue' and 'return' cannot appear in an except* block");
    }
    if (toLoop && (top.type === FBlockType.WHILE_LOOP || top.type === FBlockType.FOR_LOOP)) {
      loop = top;
      break;
    }
    blocks.pop();
    undone.push(top);
    loc = unwindFBlock(c, loc, top, preserveTos);
  }
  while (undone.length > 0) blocks.push(undone.pop()!);
  return { loc, loop };
}

// try

export function compileTry(c: Compiler, s: Try | TryStar): void {
  if (s.finalbody.length > 0) compileTryFinally(c, s);
  else compileHandlers(c, s);
}

function compileHandlers(c: Compiler, s: Try | TryStar): void {
  if (s.node === Kind.Try) compileTryExcept(c, s);
  else compileTryStarExcept(c, s);
}

function compileTryFinally(c: Compiler, s: Try | TryStar): void {
  const loc = locationOf(s);
  const body = c.newLabel();
  const end = c.newLabel();
  const exit = c.newLabel();
  const cleanup = c.newLabel();
  c.jump(loc, Op.SETUP_FINALLY, end);
  c.useLabel(body);
  c.pushFBlock(loc, FBlockType.FINALLY_TRY, body, end, s.finalbody);
  if (s.handlers.length > 0) compileHandlers(c, s);
  else visitStmts(c, s.body);
  c.op(NO_LOCATION, Op.POP_BLOCK);
  c.popFBlock();
  visitStmts(c, s.finalbody);
  c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, exit);

  // The finally body once more, for the exceptional way.
  c.useLabel(end);
  c.jump(NO_LOCATION, Op.SETUP_CLEANUP, cleanup);
  c.op(NO_LOCATION, Op.PUSH_EXC_INFO);
  c.pushFBlock(NO_LOCATION, FBlockType.FINALLY_END, end, NO_LABEL);
  visitStmts(c, s.finalbody);
  c.popFBlock();
  c.opI(NO_LOCATION, Op.RERAISE, 0);
  c.useLabel(cleanup);
  popExceptAndReraise(c, NO_LOCATION);
  c.useLabel(exit);
}

function compileTryExcept(c: Compiler, s: Try): void {
  const loc = locationOf(s);
  const body = c.newLabel();
  const except = c.newLabel();
  const end = c.newLabel();
  const cleanup = c.newLabel();
  c.jump(loc, Op.SETUP_FINALLY, except);
  c.useLabel(body);
  c.pushFBlock(loc, FBlockType.TRY_EXCEPT, body, NO_LABEL);
  visitStmts(c, s.body);
  c.popFBlock();
  c.op(NO_LOCATION, Op.POP_BLOCK);
  visitStmts(c, s.orelse);
  c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, end);

  c.useLabel(except);
  c.jump(NO_LOCATION, Op.SETUP_CLEANUP, cleanup);
  c.op(NO_LOCATION, Op.PUSH_EXC_INFO);
  c.pushFBlock(loc, FBlockType.EXCEPTION_HANDLER, NO_LABEL, NO_LABEL);
  const n = s.handlers.length;
  for (let i = 0; i < n; i++) compileHandler(c, s.handlers[i], i === n - 1, end);
  c.popFBlock();
  c.opI(NO_LOCATION, Op.RERAISE, 0);
  c.useLabel(cleanup);
  popExceptAndReraise(c, NO_LOCATION);
  c.useLabel(end);
}

function compileHandler(c: Compiler, handler: ExceptHandler, isLast: boolean, end: number): void {
  const loc = locationOf(handler);
  if (handler.type === null && !isLast) c.error(loc, "default 'except:' must be last");
  const nextExcept = c.newLabel();
  if (handler.type !== null) {
    visitExpr(c, handler.type);
    c.op(loc, Op.CHECK_EXC_MATCH);
    c.jump(loc, Op.POP_JUMP_IF_FALSE, nextExcept);
  }
  if (handler.name !== null) {
    // The body is wrapped in a try that unbinds the name at the end, however it ends.
    const cleanupEnd = c.newLabel();
    const cleanupBody = c.newLabel();
    c.nameop(loc, handler.name, Kind.Store);
    c.jump(loc, Op.SETUP_CLEANUP, cleanupEnd);
    c.useLabel(cleanupBody);
    c.pushFBlock(loc, FBlockType.HANDLER_CLEANUP, cleanupBody, NO_LABEL, null, handler.name);
    visitStmts(c, handler.body);
    c.popFBlock();
    c.op(NO_LOCATION, Op.POP_BLOCK);
    c.op(NO_LOCATION, Op.POP_BLOCK);
    c.op(NO_LOCATION, Op.POP_EXCEPT);
    unbind(c, NO_LOCATION, handler.name);
    c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, end);
    c.useLabel(cleanupEnd);
    unbind(c, NO_LOCATION, handler.name);
    c.opI(NO_LOCATION, Op.RERAISE, 1);
  } else {
    const cleanupBody = c.newLabel();
    c.op(loc, Op.POP_TOP);
    c.useLabel(cleanupBody);
    c.pushFBlock(loc, FBlockType.HANDLER_CLEANUP, cleanupBody, NO_LABEL);
    visitStmts(c, handler.body);
    c.popFBlock();
    c.op(NO_LOCATION, Op.POP_BLOCK);
    c.op(NO_LOCATION, Op.POP_EXCEPT);
    c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, end);
  }
  c.useLabel(nextExcept);
}

/**
 * `except*`. While the handlers run the stack holds [original group, list of raised exceptions, rest of the group]; at
 * the end the list and what no handler took are raised again, as one group.
 */
function compileTryStarExcept(c: Compiler, s: TryStar): void {
  const loc = locationOf(s);
  const body = c.newLabel();
  const except = c.newLabel();
  const orelse = c.newLabel();
  const end = c.newLabel();
  const cleanup = c.newLabel();
  const reraiseStar = c.newLabel();
  c.jump(loc, Op.SETUP_FINALLY, except);
  c.useLabel(body);
  c.pushFBlock(loc, FBlockType.TRY_EXCEPT, body, NO_LABEL);
  visitStmts(c, s.body);
  c.popFBlock();
  c.op(NO_LOCATION, Op.POP_BLOCK);
  c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, orelse);

  c.useLabel(except);
  c.jump(NO_LOCATION, Op.SETUP_CLEANUP, cleanup);
  c.op(NO_LOCATION, Op.PUSH_EXC_INFO);
  c.pushFBlock(loc, FBlockType.EXCEPTION_GROUP_HANDLER, NO_LABEL, NO_LABEL);
  s.handlers.forEach((handler, i) => {
    if (i === 0) {
      const at = locationOf(handler);
      c.opI(at, Op.BUILD_LIST, 0);
      c.opI(at, Op.COPY, 2);
    }
    compileStarHandler(c, handler);
    if (i === s.handlers.length - 1) {
      c.opI(NO_LOCATION, Op.LIST_APPEND, 1);
      c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, reraiseStar);
    }
  });
  c.popFBlock();
  const reraise = c.newLabel();
  c.useLabel(reraiseStar);
  c.opI(NO_LOCATION, Op.CALL_INTRINSIC_2, Intrinsic2.INTRINSIC_PREP_RERAISE_STAR);
  c.opI(NO_LOCATION, Op.COPY, 1);
  c.jump(NO_LOCATION, Op.POP_JUMP_IF_NOT_NONE, reraise);
  c.op(NO_LOCATION, Op.POP_TOP);
  c.op(NO_LOCATION, Op.POP_BLOCK);
  c.op(NO_LOCATION, Op.POP_EXCEPT);
  c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, end);
  c.useLabel(reraise);
  c.op(NO_LOCATION, Op.POP_BLOCK);
  c.opI(NO_LOCATION, Op.SWAP, 2);
  c.op(NO_LOCATION, Op.POP_EXCEPT);
  c.opI(NO_LOCATION, Op.RERAISE, 0);
  c.useLabel(cleanup);
  popExceptAndReraise(c, NO_LOCATION);
  c.useLabel(orelse);
  visitStmts(c, s.orelse);
  c.useLabel(end);
}

function compileStarHandler(c: Compiler, handler: ExceptHandler): void {
  const loc = locationOf(handler);
  const except = c.newLabel();
  const exceptWithError = c.newLabel();
  const noMatch = c.newLabel();
  if (handler.type !== null) {
    visitExpr(c, handler.type);
    c.op(loc, Op.CHECK_EG_MATCH);
    c.opI(loc, Op.COPY, 1);
    c.jump(loc, Op.POP_JUMP_IF_NONE, noMatch);
  }
  const cleanupEnd = c.newLabel();
  const cleanupBody = c.newLabel();
  if (handler.name !== null) c.nameop(loc, handler.name, Kind.Store);
  else c.op(loc, Op.POP_TOP);
  c.jump(loc, Op.SETUP_CLEANUP, cleanupEnd);
  c.useLabel(cleanupBody);
  c.pushFBlock(loc, FBlockType.HANDLER_CLEANUP, cleanupBody, NO_LABEL, null, handler.name);
  visitStmts(c, handler.body);
  c.popFBlock();
  c.op(NO_LOCATION, Op.POP_BLOCK);
  if (handler.name !== null) unbind(c, NO_LOCATION, handler.name);
  c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, except);
  c.useLabel(cleanupEnd);
  if (handler.name !== null) unbind(c, NO_LOCATION, handler.name);
  c.opI(NO_LOCATION, Op.LIST_APPEND, 3); // what the body raised
  c.op(NO_LOCATION, Op.POP_TOP);
  c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, exceptWithError);
  c.useLabel(except);
  c.op(NO_LOCATION, Op.NOP); // holds a location that is propagated to it
  c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, exceptWithError);
  c.useLabel(noMatch);
  c.op(loc, Op.POP_TOP);
  c.useLabel(exceptWithError);
}

// with

function compileWithItems(c: Compiler, s: With | AsyncWith, pos: number, body: (c: Compiler) => void): void {
  if (pos === s.items.length) body(c);
  else if (s.node === Kind.With) compileWith(c, s, pos);
  else compileAsyncWith(c, s, pos);
}

export function compileWith(c: Compiler, s: With, pos: number): void {
  enterNesting();
  const item = s.items[pos];
  const block = c.newLabel();
  const final = c.newLabel();
  const exit = c.newLabel();
  const cleanup = c.newLabel();
  visitExpr(c, item.context_expr);
  const loc = locationOf(item.context_expr);
  c.op(loc, Op.BEFORE_WITH);
  c.jump(loc, Op.SETUP_WITH, final);
  c.useLabel(block);
  c.pushFBlock(loc, FBlockType.WITH, block, final);
  if (item.optional_vars !== null) visitExpr(c, item.optional_vars);
  else c.op(loc, Op.POP_TOP);
  compileWithItems(c, s, pos + 1, bodyOf(s.body));
  c.op(NO_LOCATION, Op.POP_BLOCK);
  c.popFBlock();

  callExitWithNones(c, loc);
  c.op(loc, Op.POP_TOP);
  c.jump(loc, Op.JUMP, exit);

  c.useLabel(final);
  c.jump(loc, Op.SETUP_CLEANUP, cleanup);
  c.op(loc, Op.PUSH_EXC_INFO);
  c.op(loc, Op.WITH_EXCEPT_START);
  finishWithExcept(c, cleanup);
  c.useLabel(exit);
  leaveNesting();
}

function bodyOf(body: readonly stmt[]): (c: Compiler) => void {
  return (c) => visitStmts(c, body);
}

export function compileAsyncWith(c: Compiler, s: AsyncWith, pos: number): void {
  const item = s.items[pos];
  if (c.isTopLevelAwait) c.u.ste.coroutine = true;
  else if (c.u.scopeType !== ScopeType.AsyncFunction) {
    c.error(locationOf(s), "'async with' outside async function");
  }
  enterNesting();
  const block = c.newLabel();
  const final = c.newLabel();
  const exit = c.newLabel();
  const cleanup = c.newLabel();
  visitExpr(c, item.context_expr);
  const loc = locationOf(item.context_expr);
  c.op(loc, Op.BEFORE_ASYNC_WITH);
  c.opI(loc, Op.GET_AWAITABLE, 1);
  c.loadConst(loc, null);
  addYieldFrom(c, loc, true);
  c.jump(loc, Op.SETUP_WITH, final);
  c.useLabel(block);
  c.pushFBlock(loc, FBlockType.ASYNC_WITH, block, final);
  if (item.optional_vars !== null) visitExpr(c, item.optional_vars);
  else c.op(loc, Op.POP_TOP);
  compileWithItems(c, s, pos + 1, bodyOf(s.body));
  c.popFBlock();
  c.op(loc, Op.POP_BLOCK);

  callExitWithNones(c, loc);
  c.opI(loc, Op.GET_AWAITABLE, 2);
  c.loadConst(loc, null);
  addYieldFrom(c, loc, true);
  c.op(loc, Op.POP_TOP);
  c.jump(loc, Op.JUMP, exit);

  c.useLabel(final);
  c.jump(loc, Op.SETUP_CLEANUP, cleanup);
  c.op(loc, Op.PUSH_EXC_INFO);
  c.op(loc, Op.WITH_EXCEPT_START);
  c.opI(loc, Op.GET_AWAITABLE, 2);
  c.loadConst(loc, null);
  addYieldFrom(c, loc, true);
  finishWithExcept(c, cleanup);
  c.useLabel(exit);
  leaveNesting();
}

/** With the result of `__exit__` on the stack: true swallows the exception. */
function finishWithExcept(c: Compiler, cleanup: number): void {
  const suppress = c.newLabel();
  c.op(NO_LOCATION, Op.TO_BOOL);
  c.jump(NO_LOCATION, Op.POP_JUMP_IF_TRUE, suppress);
  c.opI(NO_LOCATION, Op.RERAISE, 2);
  c.useLabel(suppress);
  c.op(NO_LOCATION, Op.POP_TOP);
  c.op(NO_LOCATION, Op.POP_BLOCK);
  c.op(NO_LOCATION, Op.POP_EXCEPT);
  c.op(NO_LOCATION, Op.POP_TOP);
  c.op(NO_LOCATION, Op.POP_TOP);
  const exit = c.newLabel();
  c.jump(NO_LOCATION, Op.JUMP_NO_INTERRUPT, exit);
  c.useLabel(cleanup);
  popExceptAndReraise(c, NO_LOCATION);
  c.useLabel(exit);
}
