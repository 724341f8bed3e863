/**
 * Code for `match` statements (PEP 634).
 *
 * Mirrors `compiler_match` and the `compiler_pattern_*` functions (`Python/compile.c`). Compiling a pattern consumes the
 * subject on top of the stack and jumps to one of the `failPop` labels where it does not match. Names are not stored
 * until the whole pattern has matched: their values wait on the stack, below `onTop` values that are still needed.
 */
import {
  type expr,
  Kind,
  type Match,
  type MatchAs,
  type MatchClass,
  type MatchMapping,
  type MatchOr,
  type MatchSequence,
  type pattern,
} from "../../generated/ast.ts";
import { Op } from "../../generated/opcodes.ts";
import { Tuple } from "../code/constant.ts";
import { equalityKey } from "../code/consts.ts";
import { type Location, locationOf, NO_LOCATION } from "../code/instruction.ts";
import { enterNesting, leaveNesting } from "../errors/nesting.ts";
import { repr } from "../text/repr.ts";
import type { Compiler } from "./compiler.ts";
import { addCompare, jumpIf, visitExpr } from "./expressions.ts";
import { visitStmts } from "./statements.ts";

interface PatternContext {
  /** Names captured so far, in the order of their values on the stack. */
  stores: string[];
  /** Whether a pattern that always matches may stand here. */
  allowIrrefutable: boolean;
  /** `failPop[i]` is where to jump with i values to pop. */
  failPop: number[];
  /** How many values on top of the stack must stay there: captures go beneath them. */
  onTop: number;
}

export function compileMatch(c: Compiler, s: Match): void {
  visitExpr(c, s.subject);
  const end = c.newLabel();
  const n = s.cases.length;
  const lastCase = s.cases[n - 1];
  const hasDefault = isWildcard(lastCase.pattern) && n > 1;
  const tested = hasDefault ? n - 1 : n;
  for (let i = 0; i < tested; i++) {
    const m = s.cases[i];
    const loc = locationOf(m.pattern);
    const isLast = i === tested - 1;
    if (!isLast) c.opI(loc, Op.COPY, 1);
    const pc: PatternContext = {
      stores: [],
      allowIrrefutable: m.guard !== null || i === n - 1,
      failPop: [],
      onTop: 0,
    };
    compilePattern(c, m.pattern, pc);
    for (const name of pc.stores) c.nameop(loc, name, Kind.Store);
    if (m.guard !== null) {
      ensureFailPop(c, pc, 0);
      jumpIf(c, m.guard, pc.failPop[0], false);
    }
    if (!isLast) c.op(loc, Op.POP_TOP);
    visitStmts(c, m.body);
    c.jump(NO_LOCATION, Op.JUMP, end);
    // The cleanup is on the line of the pattern that failed.
    emitFailPop(c, loc, pc);
  }
  if (hasDefault) {
    // `case _` needs no copy of the subject; the NOP shows that it was reached.
    c.op(locationOf(lastCase.pattern), Op.NOP);
    if (lastCase.guard !== null) jumpIf(c, lastCase.guard, end, false);
    visitStmts(c, lastCase.body);
  }
  c.useLabel(end);
}

function isWildcard(p: pattern): boolean {
  return p.node === Kind.MatchAs && p.name === null;
}

// Failing

function ensureFailPop(c: Compiler, pc: PatternContext, n: number): void {
  while (pc.failPop.length <= n) pc.failPop.push(c.newLabel());
}

/** Jumps with everything to pop that the pattern has put on the stack. */
function jumpToFailPop(c: Compiler, loc: Location, pc: PatternContext, op: number): void {
  const pops = pc.onTop + pc.stores.length;
  ensureFailPop(c, pc, pops);
  c.jump(loc, op, pc.failPop[pops]);
}

/** Places the labels: each pops one value and falls through to the next. */
function emitFailPop(c: Compiler, loc: Location, pc: PatternContext): void {
  if (pc.failPop.length === 0) return;
  for (let i = pc.failPop.length - 1; i > 0; i--) {
    c.useLabel(pc.failPop[i]);
    c.op(loc, Op.POP_TOP);
  }
  c.useLabel(pc.failPop[0]);
  pc.failPop = [];
}

// Captures

/** Moves the value on top below `count - 1` others. */
function rotate(c: Compiler, loc: Location, count: number): void {
  for (let i = count; i > 1; i--) c.opI(loc, Op.SWAP, i);
}

function duplicateStore(c: Compiler, loc: Location, name: string): never {
  return c.error(loc, `multiple assignments to name ${repr(name)} in pattern`);
}

function storeName(c: Compiler, loc: Location, name: string | null, pc: PatternContext): void {
  if (name === null) {
    c.op(loc, Op.POP_TOP);
    return;
  }
  c.forbidName(loc, name, Kind.Store);
  if (pc.stores.includes(name)) duplicateStore(c, loc, name);
  rotate(c, loc, pc.onTop + pc.stores.length + 1);
  pc.stores.push(name);
}

// Patterns

function compilePattern(c: Compiler, p: pattern, pc: PatternContext): void {
  enterNesting();
  const loc = locationOf(p);
  switch (p.node) {
    case Kind.MatchValue:
      if (p.value.node !== Kind.Constant && p.value.node !== Kind.Attribute) {
        c.error(loc, "patterns may only match literals and attribute lookups");
      }
      visitExpr(c, p.value);
      addCompare(c, loc, Kind.Eq);
      c.op(loc, Op.TO_BOOL);
      jumpToFailPop(c, loc, pc, Op.POP_JUMP_IF_FALSE);
      break;
    case Kind.MatchSingleton:
      c.loadConst(loc, p.value);
      addCompare(c, loc, Kind.Is);
      jumpToFailPop(c, loc, pc, Op.POP_JUMP_IF_FALSE);
      break;
    case Kind.MatchSequence:
      compileSequence(c, loc, p, pc);
      break;
    case Kind.MatchMapping:
      compileMapping(c, loc, p, pc);
      break;
    case Kind.MatchClass:
      compileClassPattern(c, loc, p, pc);
      break;
    case Kind.MatchStar:
      storeName(c, loc, p.name, pc);
      break;
    case Kind.MatchAs:
      compileAs(c, loc, p, pc);
      break;
    case Kind.MatchOr:
      compileOr(c, loc, p, pc);
      break;
  }
  leaveNesting();
}

/** A pattern inside another: it may always match. */
function compileSubpattern(c: Compiler, p: pattern, pc: PatternContext): void {
  const allow = pc.allowIrrefutable;
  pc.allowIrrefutable = true;
  compilePattern(c, p, pc);
  pc.allowIrrefutable = allow;
}

function compileAs(c: Compiler, loc: Location, p: MatchAs, pc: PatternContext): void {
  if (p.pattern === null) {
    if (!pc.allowIrrefutable) {
      const what = p.name === null ? "wildcard" : `name capture ${repr(p.name)}`;
      c.error(loc, `${what} makes remaining patterns unreachable`);
    }
    storeName(c, loc, p.name, pc);
    return;
  }
  pc.onTop++;
  c.opI(loc, Op.COPY, 1);
  compilePattern(c, p.pattern, pc);
  pc.onTop--;
  storeName(c, loc, p.name, pc);
}

function compileSequence(c: Compiler, loc: Location, p: MatchSequence, pc: PatternContext): void {
  const size = p.patterns.length;
  let star = -1;
  let onlyWildcards = true;
  let starWildcard = false;
  p.patterns.forEach((q, i) => {
    if (q.node === Kind.MatchStar) {
      if (star >= 0) c.error(loc, "multiple starred names in sequence pattern");
      starWildcard = q.name === null;
      onlyWildcards &&= starWildcard;
      star = i;
    } else onlyWildcards &&= isWildcard(q);
  });
  pc.onTop++;
  c.op(loc, Op.MATCH_SEQUENCE);
  jumpToFailPop(c, loc, pc, Op.POP_JUMP_IF_FALSE);
  if (star < 0 || size > 1) {
    c.op(loc, Op.GET_LEN);
    c.loadConst(loc, BigInt(star < 0 ? size : size - 1));
    addCompare(c, loc, star < 0 ? Kind.Eq : Kind.GtE);
    jumpToFailPop(c, loc, pc, Op.POP_JUMP_IF_FALSE);
  }
  pc.onTop--;
  if (onlyWildcards) c.op(loc, Op.POP_TOP);
  else if (starWildcard) sequenceBySubscript(c, loc, p.patterns, star, pc);
  else sequenceByUnpacking(c, loc, p.patterns, pc);
}

function sequenceByUnpacking(c: Compiler, loc: Location, patterns: readonly pattern[], pc: PatternContext): void {
  const size = patterns.length;
  const star = patterns.findIndex((p) => p.node === Kind.MatchStar);
  if (star >= 0) {
    if (star >= 1 << 8 || size - star - 1 >= 0x7fffffff >> 8) {
      c.error(loc, "too many expressions in star-unpacking sequence pattern");
    }
    c.opI(loc, Op.UNPACK_EX, star + ((size - star - 1) << 8));
  } else c.opI(loc, Op.UNPACK_SEQUENCE, size);
  pc.onTop += size;
  for (const p of patterns) {
    pc.onTop--;
    compileSubpattern(c, p, pc);
  }
}

/** For `[first, *_, last]`: only the elements that are looked at. */
function sequenceBySubscript(
  c: Compiler,
  loc: Location,
  patterns: readonly pattern[],
  star: number,
  pc: PatternContext,
): void {
  pc.onTop++;
  patterns.forEach((p, i) => {
    if (isWildcard(p) || i === star) return;
    c.opI(loc, Op.COPY, 1);
    if (i < star) c.loadConst(loc, BigInt(i));
    else {
      // Not a negative index: the subject may not know them.
      c.op(loc, Op.GET_LEN);
      c.loadConst(loc, BigInt(patterns.length - i));
      c.binary(loc, Kind.Sub, false);
    }
    c.op(loc, Op.BINARY_SUBSCR);
    compileSubpattern(c, p, pc);
  });
  pc.onTop--;
  c.op(loc, Op.POP_TOP);
}

/** Fails where the value on top is None, which stays there. */
function failIfNone(c: Compiler, loc: Location, pc: PatternContext, added: number): void {
  c.opI(loc, Op.COPY, 1);
  c.loadConst(loc, null);
  c.opI(loc, Op.IS_OP, 1);
  pc.onTop += added;
  jumpToFailPop(c, loc, pc, Op.POP_JUMP_IF_FALSE);
}

function compileClassPattern(c: Compiler, loc: Location, p: MatchClass, pc: PatternContext): void {
  const nargs = p.patterns.length;
  const nattrs = p.kwd_attrs.length;
  p.kwd_attrs.forEach((attr, i) => {
    c.forbidName(locationOf(p.kwd_patterns[i]), attr, Kind.Store);
    const again = p.kwd_attrs.indexOf(attr, i + 1);
    if (again >= 0) c.error(locationOf(p.kwd_patterns[again]), `attribute name repeated in class pattern: ${attr}`);
  });
  visitExpr(c, p.cls);
  c.loadConst(loc, new Tuple(p.kwd_attrs));
  c.opI(loc, Op.MATCH_CLASS, nargs);
  failIfNone(c, loc, pc, 1);
  c.opI(loc, Op.UNPACK_SEQUENCE, nargs + nattrs);
  pc.onTop += nargs + nattrs - 1;
  for (let i = 0; i < nargs + nattrs; i++) {
    pc.onTop--;
    const q = i < nargs ? p.patterns[i] : p.kwd_patterns[i - nargs];
    if (isWildcard(q)) c.op(loc, Op.POP_TOP);
    else compileSubpattern(c, q, pc);
  }
}

function mappingKeys(c: Compiler, loc: Location, keys: readonly expr[]): void {
  const seen = new Set<string>();
  for (const key of keys) {
    if (key.node === Kind.Constant) {
      const k = equalityKey(key.value);
      if (seen.has(k)) c.error(loc, `mapping pattern checks duplicate key (${repr(key.value)})`);
      seen.add(k);
    } else if (key.node !== Kind.Attribute) {
      c.error(loc, "mapping pattern keys may only match literals and attribute lookups");
    }
    visitExpr(c, key);
  }
}

function compileMapping(c: Compiler, loc: Location, p: MatchMapping, pc: PatternContext): void {
  const size = p.keys.length;
  pc.onTop++;
  c.op(loc, Op.MATCH_MAPPING);
  jumpToFailPop(c, loc, pc, Op.POP_JUMP_IF_FALSE);
  if (size === 0 && p.rest === null) {
    pc.onTop--;
    c.op(loc, Op.POP_TOP);
    return;
  }
  if (size > 0) {
    c.op(loc, Op.GET_LEN);
    c.loadConst(loc, BigInt(size));
    addCompare(c, loc, Kind.GtE);
    jumpToFailPop(c, loc, pc, Op.POP_JUMP_IF_FALSE);
  }
  mappingKeys(c, loc, p.keys);
  c.opI(loc, Op.BUILD_TUPLE, size);
  c.op(loc, Op.MATCH_KEYS);
  failIfNone(c, loc, pc, 2);
  c.opI(loc, Op.UNPACK_SEQUENCE, size);
  pc.onTop += size - 1;
  for (const q of p.patterns) {
    pc.onTop--;
    compileSubpattern(c, q, pc);
  }
  // The tuple of keys and the subject are left.
  pc.onTop -= 2;
  if (p.rest === null) {
    c.op(loc, Op.POP_TOP);
    c.op(loc, Op.POP_TOP);
    return;
  }
  // rest = dict(subject), without the keys.
  c.opI(loc, Op.BUILD_MAP, 0);
  c.opI(loc, Op.SWAP, 3);
  c.opI(loc, Op.DICT_UPDATE, 2);
  c.opI(loc, Op.UNPACK_SEQUENCE, size);
  for (let left = size; left > 0; left--) {
    c.opI(loc, Op.COPY, 1 + left);
    c.opI(loc, Op.SWAP, 2);
    c.op(loc, Op.DELETE_SUBSCR);
  }
  storeName(c, loc, p.rest, pc);
}

function compileOr(c: Compiler, loc: Location, p: MatchOr, pc: PatternContext): void {
  const end = c.newLabel();
  const last = p.patterns.length - 1;
  // The names that the first alternative binds: the others must bind the same, and are brought into that order.
  let control: string[] = [];
  p.patterns.forEach((alt, i) => {
    const at = locationOf(alt);
    const sub: PatternContext = {
      stores: [],
      allowIrrefutable: i === last && pc.allowIrrefutable,
      failPop: [],
      onTop: 0,
    };
    c.opI(at, Op.COPY, 1);
    compilePattern(c, alt, sub);
    if (i === 0) control = sub.stores;
    else reorder(c, loc, at, sub, control);
    c.jump(at, Op.JUMP, end);
    emitFailPop(c, at, sub);
  });
  // None matched: the remaining copy of the subject goes.
  c.op(loc, Op.POP_TOP);
  jumpToFailPop(c, loc, pc, Op.JUMP);
  c.useLabel(end);
  // The captures move below the subject, what must stay on top, and earlier captures.
  const rotations = control.length + 1 + pc.onTop + pc.stores.length;
  for (const name of control) {
    rotate(c, loc, rotations);
    if (pc.stores.includes(name)) duplicateStore(c, loc, name);
    pc.stores.push(name);
  }
  c.op(loc, Op.POP_TOP);
}

/** Brings the captures of an alternative, and their values, into the order of the first alternative's. */
function reorder(c: Compiler, loc: Location, at: Location, pc: PatternContext, control: readonly string[]): void {
  const differ = (): never => c.error(loc, "alternative patterns bind different names");
  if (pc.stores.length !== control.length) differ();
  for (let wanted = control.length - 1; wanted >= 0; wanted--) {
    const found = pc.stores.indexOf(control[wanted]);
    if (found < 0) differ();
    if (found === wanted) continue;
    const rotated = pc.stores.splice(0, found + 1);
    pc.stores.splice(wanted - found, 0, ...rotated);
    for (let i = 0; i <= found; i++) rotate(c, at, wanted + 1);
  }
}
