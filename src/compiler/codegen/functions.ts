/**
 * Code for what makes a code object of its own: functions, lambdas, classes, type aliases, and the scopes of type
 * parameters around them.
 *
 * Mirrors `compiler_function`, `compiler_class`, `compiler_typealias`, `compiler_type_params` and `compiler_lambda`
 * (`Python/compile.c`). A generic function or class is made inside a small function that binds its type parameters and
 * is called at once.
 */
import {
  type AsyncFunctionDef,
  type arg,
  type arguments_,
  type ClassDef,
  type expr,
  type FunctionDef,
  Kind,
  type Lambda,
  Name,
  type TypeAlias,
  type type_param,
} from "../../generated/ast.ts";
import { FastKind } from "../../generated/constants.ts";
import { Intrinsic1, Intrinsic2, Op } from "../../generated/opcodes.ts";
import type { CodeObject } from "../code/code.ts";
import { Tuple } from "../code/constant.ts";
import { Location, locationOf, NO_LABEL, NO_LOCATION } from "../code/instruction.ts";
import { PyCompileError } from "../errors/errors.ts";
import { Scope, type SymtableEntry } from "../symtable/entry.ts";
import { cleanDoc, docstringOf } from "../text/docstring.ts";
import { repr, tupleRepr } from "../text/repr.ts";
import { compareText } from "../text/text.ts";
import { callHelper } from "./calls.ts";
import type { Compiler } from "./compiler.ts";
import { wrapInStopIterationHandler } from "./exceptions.ts";
import { visitExpr, visitExprs } from "./expressions.ts";
import { compileBody, visitStmts } from "./statements.ts";
import { FBlockType, indexOf, ScopeType } from "./unit.ts";
import { unparse } from "./unparse.ts";

/** What SET_FUNCTION_ATTRIBUTE sets. */
const enum MakeFunction {
  DEFAULTS = 1,
  KWDEFAULTS = 2,
  ANNOTATIONS = 4,
  CLOSURE = 8,
}

/** A function from a code object; its attributes are on the stack, in the order closure, annotations, defaults. */
export function makeClosure(c: Compiler, loc: Location, code: CodeObject, attributes: number): void {
  let flags = attributes;
  let free = 0;
  code.localspluskinds.forEach((kind, i) => {
    if ((kind & FastKind.FREE) === 0) return;
    // A name can be free in a method and local in the class: the closure takes the free one.
    const name = code.localsplusnames[i];
    const ref = c.refType(name);
    const map = ref === Scope.CELL ? c.u.cellvars : c.u.freevars;
    const index = map.get(name);
    if (index === undefined) noCell(c, code, name, ref);
    c.opI(loc, Op.LOAD_CLOSURE, index);
    free++;
  });
  if (free > 0) {
    flags |= MakeFunction.CLOSURE;
    c.opI(loc, Op.BUILD_TUPLE, free);
  }
  c.loadConst(loc, code);
  c.op(loc, Op.MAKE_FUNCTION);
  for (let flag = MakeFunction.CLOSURE; flag >= MakeFunction.DEFAULTS; flag >>= 1) {
    if (flags & flag) c.opI(loc, Op.SET_FUNCTION_ATTRIBUTE, flag);
  }
}

/** CPython fails so for a generator expression that uses `__class__` in a comprehension of a class body. */
function noCell(c: Compiler, code: CodeObject, name: string, ref: Scope): never {
  const freevars = tupleRepr(code.co_freevars.map(repr));
  throw new PyCompileError(
    "SystemError",
    `compiler_lookup_arg(name=${repr(name)}) with reftype=${ref} failed in ${c.u.name}; ` +
      `freevars of code ${code.co_name}: ${freevars}`,
  );
}

function applyDecorators(c: Compiler, decorators: readonly expr[]): void {
  for (let i = decorators.length - 1; i >= 0; i--) c.opI(locationOf(decorators[i]), Op.CALL, 0);
}

// Parameters

function checkParameters(c: Compiler, args: arguments_): void {
  const check = (a: arg | null) => {
    if (a !== null && a.arg === "__debug__") c.forbidName(locationOf(a), a.arg, Kind.Store);
  };
  args.posonlyargs.forEach(check);
  args.args.forEach(check);
  check(args.vararg);
  args.kwonlyargs.forEach(check);
  check(args.kwarg);
}

/** Leaves the defaults on the stack; returns which there are. */
function pushDefaults(c: Compiler, loc: Location, args: arguments_): number {
  let flags = 0;
  if (args.defaults.length > 0) {
    visitExprs(c, args.defaults);
    c.opI(loc, Op.BUILD_TUPLE, args.defaults.length);
    flags |= MakeFunction.DEFAULTS;
  }
  const keys: string[] = [];
  for (let i = 0; i < args.kwonlyargs.length; i++) {
    const value = args.kw_defaults[i];
    if (value === null || value === undefined) continue;
    keys.push(c.mangle(args.kwonlyargs[i].arg));
    visitExpr(c, value);
  }
  if (keys.length > 0) {
    c.loadConst(loc, new Tuple(keys));
    c.opI(loc, Op.BUILD_CONST_KEY_MAP, keys.length);
    flags |= MakeFunction.KWDEFAULTS;
  }
  return flags;
}

/** An annotation as the string of its source. */
export function visitAnnotation(c: Compiler, annotation: expr): void {
  c.loadConst(locationOf(annotation), unparse(annotation));
}

/** Leaves names and annotations as a tuple on the stack; returns whether there are any. */
function pushAnnotations(c: Compiler, loc: Location, args: arguments_, returns: expr | null): boolean {
  let n = 0;
  const push = (name: string, annotation: expr | null) => {
    if (annotation === null) return;
    c.loadConst(loc, c.mangle(name));
    if (c.futureAnnotations) visitAnnotation(c, annotation);
    else if (annotation.node === Kind.Starred) {
      // `*args: *Ts`
      visitExpr(c, annotation.value);
      c.opI(loc, Op.UNPACK_SEQUENCE, 1);
    } else visitExpr(c, annotation);
    n += 2;
  };
  for (const a of args.args) push(a.arg, a.annotation);
  for (const a of args.posonlyargs) push(a.arg, a.annotation);
  if (args.vararg !== null) push(args.vararg.arg, args.vararg.annotation);
  for (const a of args.kwonlyargs) push(a.arg, a.annotation);
  if (args.kwarg !== null) push(args.kwarg.arg, args.kwarg.annotation);
  push("return", returns);
  if (n > 0) c.opI(loc, Op.BUILD_TUPLE, n);
  return n > 0;
}

function setArgumentCounts(c: Compiler, args: arguments_): void {
  c.u.argcount = args.args.length;
  c.u.posonlyargcount = args.posonlyargs.length;
  c.u.kwonlyargcount = args.kwonlyargs.length;
}

// Type parameters

function typeParamPart(c: Compiler, e: expr, name: string, ste: SymtableEntry, allowStarred: boolean): void {
  c.enterScope(name, ScopeType.TypeParams, ste, e.lineno);
  const loc = locationOf(e);
  if (allowStarred && e.node === Kind.Starred) {
    visitExpr(c, e.value);
    c.opI(loc, Op.UNPACK_SEQUENCE, 1);
  } else visitExpr(c, e);
  c.op(loc, Op.RETURN_VALUE);
  makeClosure(c, loc, c.finish(true), 0);
}

/** Binds the type parameters of the scope, and leaves them as a tuple on the stack. */
function compileTypeParams(c: Compiler, params: readonly type_param[]): void {
  let seenDefault = false;
  for (const t of params) {
    const loc = locationOf(t);
    c.loadConst(loc, t.name);
    if (t.node === Kind.TypeVar && t.bound !== null) {
      const constraints = t.bound.node === Kind.Tuple;
      typeParamPart(c, t.bound, t.name, c.symtable.lookup(t), false);
      c.opI(
        loc,
        Op.CALL_INTRINSIC_2,
        constraints ? Intrinsic2.INTRINSIC_TYPEVAR_WITH_CONSTRAINTS : Intrinsic2.INTRINSIC_TYPEVAR_WITH_BOUND,
      );
    } else c.opI(loc, Op.CALL_INTRINSIC_1, typeParamIntrinsics[t.node]);
    if (t.default_value !== null) {
      seenDefault = true;
      const ste = t.node === Kind.TypeVar ? c.symtable.defaultBlocks.get(t)! : c.symtable.lookup(t);
      typeParamPart(c, t.default_value, t.name, ste, t.node === Kind.TypeVarTuple);
      c.opI(loc, Op.CALL_INTRINSIC_2, Intrinsic2.INTRINSIC_SET_TYPEPARAM_DEFAULT);
    } else if (seenDefault) {
      c.error(loc, `non-default type parameter '${t.name}' follows default type parameter`);
    }
    c.opI(loc, Op.COPY, 1);
    c.nameop(loc, t.name, Kind.Store);
  }
  c.opI(locationOf(params[0]), Op.BUILD_TUPLE, params.length);
}

const typeParamIntrinsics = {
  [Kind.TypeVar]: Intrinsic1.INTRINSIC_TYPEVAR,
  [Kind.TypeVarTuple]: Intrinsic1.INTRINSIC_TYPEVARTUPLE,
  [Kind.ParamSpec]: Intrinsic1.INTRINSIC_PARAMSPEC,
} as const;

function enterTypeParams(c: Compiler, name: string, params: readonly type_param[], lineno: number): void {
  const scopeName = `<generic parameters of ${name}>`;
  c.enterScope(scopeName, ScopeType.TypeParams, c.symtable.lookup(params), lineno);
}

// Functions

export function compileFunction(c: Compiler, s: FunctionDef | AsyncFunctionDef): void {
  checkParameters(c, s.args);
  visitExprs(c, s.decorator_list);
  const firstlineno = s.decorator_list.length > 0 ? s.decorator_list[0].lineno : s.lineno;
  const loc = locationOf(s);
  const generic = s.type_params.length > 0;
  let flags = pushDefaults(c, loc, s.args);
  let typeParamArgs = 0;
  if (generic) {
    // The defaults are evaluated outside, and passed in.
    if (flags & MakeFunction.DEFAULTS) typeParamArgs++;
    if (flags & MakeFunction.KWDEFAULTS) typeParamArgs++;
    if (typeParamArgs === 2) c.opI(loc, Op.SWAP, 2);
    enterTypeParams(c, s.name, s.type_params, firstlineno);
    compileTypeParams(c, s.type_params);
    for (let i = 0; i < typeParamArgs; i++) c.opI(loc, Op.LOAD_FAST, i);
  }
  if (pushAnnotations(c, loc, s.args, s.returns)) flags |= MakeFunction.ANNOTATIONS;
  functionBody(c, s, loc, flags, firstlineno);
  if (generic) {
    c.opI(loc, Op.SWAP, 2);
    c.opI(loc, Op.CALL_INTRINSIC_2, Intrinsic2.INTRINSIC_SET_FUNCTION_TYPE_PARAMS);
    c.u.argcount = typeParamArgs;
    makeClosure(c, loc, c.finish(false), 0);
    if (typeParamArgs > 0) {
      c.opI(loc, Op.SWAP, typeParamArgs + 1);
      c.opI(loc, Op.CALL, typeParamArgs - 1);
    } else {
      c.op(loc, Op.PUSH_NULL);
      c.opI(loc, Op.CALL, 0);
    }
  }
  applyDecorators(c, s.decorator_list);
  c.nameop(loc, s.name, Kind.Store);
}

function functionBody(
  c: Compiler,
  s: FunctionDef | AsyncFunctionDef,
  loc: Location,
  flags: number,
  firstlineno: number,
): void {
  const type = s.node === Kind.AsyncFunctionDef ? ScopeType.AsyncFunction : ScopeType.Function;
  c.enterScope(s.name, type, c.symtable.lookup(s), firstlineno);
  const docstring = docstringOf(s.body);
  // The first constant is the docstring, or None.
  c.u.consts.add(docstring !== null && c.optimize < 2 ? cleanDoc(docstring) : null);
  setArgumentCounts(c, s.args);
  const start = c.newLabel();
  c.useLabel(start);
  const isGenerator = c.u.ste.coroutine || c.u.ste.generator;
  if (isGenerator) c.pushFBlock(NO_LOCATION, FBlockType.STOP_ITERATION, start, NO_LABEL);
  visitStmts(c, s.body, docstring === null ? 0 : 1);
  if (isGenerator) {
    wrapInStopIterationHandler(c);
    c.popFBlock();
  }
  makeClosure(c, loc, c.finish(true), flags);
}

export function compileLambda(c: Compiler, e: Lambda): void {
  checkParameters(c, e.args);
  const loc = locationOf(e);
  const flags = pushDefaults(c, loc, e.args);
  c.enterScope("<lambda>", ScopeType.Lambda, c.symtable.lookup(e), e.lineno);
  c.u.consts.add(null); // so that it has no docstring
  setArgumentCounts(c, e.args);
  visitExpr(c, e.body);
  const isGenerator = c.u.ste.generator;
  if (!isGenerator) c.op(locationOf(e.body), Op.RETURN_VALUE);
  makeClosure(c, loc, c.finish(!isGenerator), flags);
}

// Classes

export function compileClass(c: Compiler, s: ClassDef): void {
  visitExprs(c, s.decorator_list);
  const firstlineno = s.decorator_list.length > 0 ? s.decorator_list[0].lineno : s.lineno;
  const loc = locationOf(s);
  const generic = s.type_params.length > 0;
  if (generic) {
    enterTypeParams(c, s.name, s.type_params, firstlineno);
    c.u.privateName = s.name;
    compileTypeParams(c, s.type_params);
    c.nameop(loc, ".type_params", Kind.Store);
  }
  classBody(c, s, firstlineno);
  let bases = s.bases;
  if (generic) {
    c.nameop(loc, ".type_params", Kind.Load);
    c.opI(loc, Op.CALL_INTRINSIC_1, Intrinsic1.INTRINSIC_SUBSCRIPT_GENERIC);
    c.nameop(loc, ".generic_base", Kind.Store);
    const base = new Name(".generic_base", Kind.Load, s.lineno, s.col_offset, s.end_lineno, s.end_col_offset);
    bases = [...bases, base];
  }
  callHelper(c, loc, 2, bases, s.keywords);
  if (generic) {
    makeClosure(c, loc, c.finish(false), 0);
    c.op(loc, Op.PUSH_NULL);
    c.opI(loc, Op.CALL, 0);
  }
  applyDecorators(c, s.decorator_list);
  c.nameop(loc, s.name, Kind.Store);
}

/** The function of the class body, and what `__build_class__` needs beside it. */
function classBody(c: Compiler, s: ClassDef, firstlineno: number): void {
  c.enterScope(s.name, ScopeType.Class, c.symtable.lookup(s), firstlineno);
  const loc = new Location(firstlineno, firstlineno, 0, 0);
  const u = c.u;
  u.privateName = s.name;
  c.nameop(loc, "__name__", Kind.Load);
  c.nameop(loc, "__module__", Kind.Store);
  c.loadConst(loc, u.qualname);
  c.nameop(loc, "__qualname__", Kind.Store);
  c.loadConst(loc, BigInt(firstlineno));
  c.nameop(loc, "__firstlineno__", Kind.Store);
  if (s.type_params.length > 0) {
    c.nameop(loc, ".type_params", Kind.Load);
    c.nameop(loc, "__type_params__", Kind.Store);
  }
  if (u.ste.needsClassdict) {
    c.op(loc, Op.LOAD_LOCALS);
    c.opI(loc, Op.STORE_DEREF, indexOf(u.cellvars, "__classdict__"));
  }
  compileBody(c, loc, s.body);
  c.loadConst(NO_LOCATION, new Tuple([...u.staticAttributes!].sort(compareText)));
  c.nameop(NO_LOCATION, "__static_attributes__", Kind.Store);
  if (u.ste.needsClassdict) {
    c.opI(NO_LOCATION, Op.LOAD_CLOSURE, u.cellvars.get("__classdict__")!);
    c.nameop(NO_LOCATION, "__classdictcell__", Kind.Store);
  }
  if (u.ste.needsClassClosure) {
    c.opI(NO_LOCATION, Op.LOAD_CLOSURE, u.cellvars.get("__class__")!);
    c.opI(NO_LOCATION, Op.COPY, 1);
    c.nameop(NO_LOCATION, "__classcell__", Kind.Store);
  } else c.loadConst(NO_LOCATION, null);
  c.op(NO_LOCATION, Op.RETURN_VALUE);
  const code = c.finish(true);

  // What follows belongs to the line of the class statement, not to a decorator's.
  const at = locationOf(s);
  c.op(at, Op.LOAD_BUILD_CLASS);
  c.op(at, Op.PUSH_NULL);
  makeClosure(c, at, code, 0);
  c.loadConst(at, s.name);
}

// Type aliases

export function compileTypeAlias(c: Compiler, s: TypeAlias): void {
  const loc = locationOf(s);
  const generic = s.type_params.length > 0;
  const name = s.name.node === Kind.Name ? s.name.id : "";
  if (generic) {
    enterTypeParams(c, name, s.type_params, s.lineno);
    c.loadConst(loc, name);
    compileTypeParams(c, s.type_params);
  } else {
    c.loadConst(loc, name);
    c.loadConst(loc, null);
  }
  c.enterScope(name, ScopeType.Function, c.symtable.lookup(s), s.lineno);
  c.u.consts.add(null); // so that the function has no docstring
  visitExpr(c, s.value);
  c.op(loc, Op.RETURN_VALUE);
  makeClosure(c, loc, c.finish(false), 0);
  c.opI(loc, Op.BUILD_TUPLE, 3);
  c.opI(loc, Op.CALL_INTRINSIC_1, Intrinsic1.INTRINSIC_TYPEALIAS);
  if (generic) {
    makeClosure(c, loc, c.finish(false), 0);
    c.op(loc, Op.PUSH_NULL);
    c.opI(loc, Op.CALL, 0);
  }
  c.nameop(loc, name, Kind.Store);
}
