/**
 * Code for calls, with the method-call form for `object.name(...)`.
 *
 * Mirrors `compiler_call`, `maybe_optimize_method_call` and `compiler_call_helper` (`Python/compile.c`). A call is the
 * link of a chain: `descendCall` returns the expression to evaluate first, `ascendCall` does the rest.
 */
import { type Attribute, type Call, type expr, Kind, type keyword } from "../../generated/ast.ts";
import { Op } from "../../generated/opcodes.ts";
import { Tuple } from "../code/constant.ts";
import { type Location, locationOf, NO_LOCATION } from "../code/instruction.ts";
import { checkCaller } from "./checks.ts";
import { type Compiler, STACK_USE_GUIDELINE } from "./compiler.ts";
import { starUnpack } from "./displays.ts";
import { startAtAttribute, visitExpr, visitExprs } from "./expressions.ts";
import { canOptimizeSuperCall, loadSuperArguments } from "./super.ts";

function validateKeywords(c: Compiler, keywords: readonly keyword[]): void {
  for (let i = 0; i < keywords.length; i++) {
    const key = keywords[i];
    if (key.arg === null) continue;
    if (key.arg === "__debug__") c.forbidName(locationOf(key), key.arg, Kind.Store);
    for (let j = i + 1; j < keywords.length; j++) {
      if (keywords[j].arg === key.arg) {
        c.error(locationOf(keywords[j]), `keyword argument repeated: ${key.arg}`);
      }
    }
  }
}

/** The method of a call that can use the method-call form, or null. */
function methodOf(c: Compiler, e: Call): Attribute | null {
  const method = e.func;
  if (method.node !== Kind.Attribute || method.ctx !== Kind.Load) return null;
  if (method.value.node === Kind.Name && c.isImported(method.value.id)) return null;
  const { args, keywords } = e;
  const values = args.length + keywords.length + (keywords.length > 0 ? 1 : 0);
  if (values >= STACK_USE_GUIDELINE) return null;
  for (let i = 0; i < args.length; i++) if (args[i].node === Kind.Starred) return null;
  for (let i = 0; i < keywords.length; i++) if (keywords[i].arg === null) return null;
  return method;
}

/** What precedes the evaluation of the called object, or of the method's object; null if that was all of it. */
export function descendCall(c: Compiler, e: Call): expr | null {
  if (e.keywords.length > 0) validateKeywords(c, e.keywords);
  const method = methodOf(c, e);
  if (method === null) {
    checkCaller(c, e.func);
    return e.func;
  }
  if (!canOptimizeSuperCall(c, method)) return method.value;
  loadSuperArguments(c, method);
  const loc = locationOf(method);
  const explicit = method.value.node === Kind.Call && method.value.args.length > 0;
  c.opName(loc, explicit ? Op.LOAD_SUPER_METHOD : Op.LOAD_ZERO_SUPER_METHOD, method.attr);
  const at = startAtAttribute(loc, method);
  c.op(at, Op.NOP);
  methodArguments(c, e, method, at);
  return null;
}

/** What follows it: loading the method, the arguments, the call. */
export function ascendCall(c: Compiler, e: Call): void {
  const method = methodOf(c, e);
  if (method === null) {
    c.op(locationOf(e.func), Op.PUSH_NULL);
    callHelper(c, locationOf(e), 0, e.args, e.keywords);
    return;
  }
  const loc = startAtAttribute(locationOf(method), method);
  c.opName(loc, Op.LOAD_METHOD, method.attr);
  methodArguments(c, e, method, loc);
}

function methodArguments(c: Compiler, e: Call, method: Attribute, loc: Location): void {
  visitExprs(c, e.args);
  if (e.keywords.length > 0) {
    keywordValues(c, e.keywords);
    keywordNames(c, loc, e.keywords);
    c.opI(startAtAttribute(locationOf(e), method), Op.CALL_KW, e.args.length + e.keywords.length);
  } else c.opI(startAtAttribute(locationOf(e), method), Op.CALL, e.args.length);
}

function keywordValues(c: Compiler, keywords: readonly keyword[]): void {
  for (let i = 0; i < keywords.length; i++) visitExpr(c, keywords[i].value);
}

function keywordNames(c: Compiler, loc: Location, keywords: readonly keyword[]): void {
  c.loadConst(loc, new Tuple(keywords.map((k) => k.arg!)));
}

/** The arguments and the call, with `pushed` positional arguments on the stack already. Also for class statements. */
export function callHelper(
  c: Compiler,
  loc: Location,
  pushed: number,
  args: readonly expr[],
  keywords: readonly keyword[],
): void {
  validateKeywords(c, keywords);
  const simple =
    args.length + keywords.length * 2 <= STACK_USE_GUIDELINE &&
    !args.some((e) => e.node === Kind.Starred) &&
    !keywords.some((k) => k.arg === null);
  if (simple) {
    visitExprs(c, args);
    if (keywords.length > 0) {
      keywordValues(c, keywords);
      keywordNames(c, loc, keywords);
      c.opI(loc, Op.CALL_KW, pushed + args.length + keywords.length);
    } else c.opI(loc, Op.CALL, pushed + args.length);
    return;
  }
  const only = args.length === 1 ? args[0] : null;
  if (pushed === 0 && only !== null && only.node === Kind.Starred) visitExpr(c, only.value);
  else starUnpack(c, loc, args, pushed, Op.BUILD_LIST, Op.LIST_APPEND, Op.LIST_EXTEND, true);
  if (keywords.length > 0) keywordDict(c, loc, keywords);
  c.opI(loc, Op.CALL_FUNCTION_EX, keywords.length > 0 ? 1 : 0);
}

/** Keyword arguments and `**` unpackings as one dict. */
function keywordDict(c: Compiler, loc: Location, keywords: readonly keyword[]): void {
  let haveDict = false;
  let seen = 0;
  const flush = (end: number) => {
    someKeywords(c, loc, keywords, end - seen, end);
    if (haveDict) c.opI(loc, Op.DICT_MERGE, 1);
    haveDict = true;
    seen = 0;
  };
  keywords.forEach((kw, i) => {
    if (kw.arg !== null) {
      seen++;
      return;
    }
    if (seen > 0) flush(i);
    if (!haveDict) {
      c.opI(loc, Op.BUILD_MAP, 0);
      haveDict = true;
    }
    visitExpr(c, kw.value);
    c.opI(loc, Op.DICT_MERGE, 1);
  });
  if (seen > 0) flush(keywords.length);
}

function someKeywords(c: Compiler, loc: Location, keywords: readonly keyword[], begin: number, end: number): void {
  const n = end - begin;
  const big = n * 2 > STACK_USE_GUIDELINE;
  if (n > 1 && !big) {
    for (let i = begin; i < end; i++) visitExpr(c, keywords[i].value);
    keywordNames(c, loc, keywords.slice(begin, end));
    c.opI(loc, Op.BUILD_CONST_KEY_MAP, n);
    return;
  }
  if (big) c.opI(NO_LOCATION, Op.BUILD_MAP, 0);
  for (let i = begin; i < end; i++) {
    c.loadConst(loc, keywords[i].arg!);
    visitExpr(c, keywords[i].value);
    if (big) c.opI(NO_LOCATION, Op.MAP_ADD, 1);
  }
  if (!big) c.opI(loc, Op.BUILD_MAP, n);
}
