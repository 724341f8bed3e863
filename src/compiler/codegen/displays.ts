/**
 * Code for displays (lists, tuples, sets, dicts), for unpacking into them, and for formatted strings.
 *
 * Mirrors `starunpack_helper`, `unpack_helper`, `compiler_dict`, `compiler_joined_str` and `compiler_formatted_value`
 * (`Python/compile.c`). Displays of more than STACK_USE_GUIDELINE elements are built up one by one.
 */
import { type Dict, type expr, type FormattedValue, type JoinedStr, Kind } from "../../generated/ast.ts";
import { Intrinsic1, Op } from "../../generated/opcodes.ts";
import { type ConstantValue, Tuple } from "../code/constant.ts";
import { frozenSetOf } from "../code/consts.ts";
import { type Location, locationOf } from "../code/instruction.ts";
import { PyCompileError } from "../errors/errors.ts";
import { type Compiler, STACK_USE_GUIDELINE } from "./compiler.ts";
import { visitExpr, visitExprs } from "./expressions.ts";

function constantsOf(list: readonly (expr | null)[], begin: number, end: number): ConstantValue[] | null {
  for (let i = begin; i < end; i++) if (list[i]?.node !== Kind.Constant) return null;
  const values: ConstantValue[] = [];
  for (let i = begin; i < end; i++) {
    const e = list[i];
    if (e?.node === Kind.Constant) values.push(e.value);
  }
  return values;
}

/** A display of elements, some of them starred, on top of `pushed` that are on the stack already. */
export function starUnpack(
  c: Compiler,
  loc: Location,
  elts: readonly expr[],
  pushed: number,
  build: number,
  add: number,
  extend: number,
  tuple: boolean,
): void {
  const n = elts.length;
  const constants = n > 2 ? constantsOf(elts, 0, n) : null;
  if (constants !== null) {
    if (tuple && pushed === 0) {
      c.loadConst(loc, new Tuple(constants));
      return;
    }
    c.opI(loc, build, pushed);
    c.loadConst(loc, add === Op.SET_ADD ? frozenSetOf(constants) : new Tuple(constants));
    c.opI(loc, extend, 1);
    if (tuple) c.opI(loc, Op.CALL_INTRINSIC_1, Intrinsic1.INTRINSIC_LIST_TO_TUPLE);
    return;
  }
  const big = n + pushed > STACK_USE_GUIDELINE;
  let starred = false;
  for (let i = 0; i < n && !starred; i++) starred = elts[i].node === Kind.Starred;
  if (!starred && !big) {
    visitExprs(c, elts);
    c.opI(loc, tuple ? Op.BUILD_TUPLE : build, n + pushed);
    return;
  }
  let built = false;
  if (big) {
    c.opI(loc, build, pushed);
    built = true;
  }
  for (let i = 0; i < n; i++) {
    const elt = elts[i];
    if (elt.node === Kind.Starred) {
      if (!built) {
        c.opI(loc, build, i + pushed);
        built = true;
      }
      visitExpr(c, elt.value);
      c.opI(loc, extend, 1);
    } else {
      visitExpr(c, elt);
      if (built) c.opI(loc, add, 1);
    }
  }
  if (tuple) c.opI(loc, Op.CALL_INTRINSIC_1, Intrinsic1.INTRINSIC_LIST_TO_TUPLE);
}

/** Unpacks the value on top into the targets of a list or tuple. */
export function unpackInto(c: Compiler, loc: Location, elts: readonly expr[]): void {
  const n = elts.length;
  let starred = false;
  for (let i = 0; i < n; i++) {
    if (elts[i].node !== Kind.Starred) continue;
    if (starred) c.error(loc, "multiple starred expressions in assignment");
    if (i >= 1 << 8 || n - i - 1 >= 0x7fffffff >> 8) {
      c.error(loc, "too many expressions in star-unpacking assignment");
    }
    c.opI(loc, Op.UNPACK_EX, i + ((n - i - 1) << 8));
    starred = true;
  }
  if (!starred) c.opI(loc, Op.UNPACK_SEQUENCE, n);
  for (const elt of elts) visitExpr(c, elt.node === Kind.Starred ? elt.value : elt);
}

/** The pairs `begin` to `end` of a dict display, without unpackings. */
function compileSubdict(c: Compiler, loc: Location, e: Dict, begin: number, end: number): void {
  const n = end - begin;
  const big = n * 2 > STACK_USE_GUIDELINE;
  const keys = n > 1 && !big ? constantsOf(e.keys, begin, end) : null;
  if (keys !== null) {
    for (let i = begin; i < end; i++) visitExpr(c, e.values[i]);
    c.loadConst(loc, new Tuple(keys));
    c.opI(loc, Op.BUILD_CONST_KEY_MAP, n);
    return;
  }
  if (big) c.opI(loc, Op.BUILD_MAP, 0);
  for (let i = begin; i < end; i++) {
    visitExpr(c, e.keys[i]!);
    visitExpr(c, e.values[i]);
    if (big) c.opI(loc, Op.MAP_ADD, 1);
  }
  if (!big) c.opI(loc, Op.BUILD_MAP, n);
}

export function compileDict(c: Compiler, e: Dict): void {
  const loc = locationOf(e);
  const n = e.values.length;
  let haveDict = false;
  let elements = 0;
  const flush = (begin: number, end: number) => {
    compileSubdict(c, loc, e, begin, end);
    if (haveDict) c.opI(loc, Op.DICT_UPDATE, 1);
    haveDict = true;
    elements = 0;
  };
  for (let i = 0; i < n; i++) {
    if (e.keys[i] === null) {
      if (elements > 0) flush(i - elements, i);
      if (!haveDict) {
        c.opI(loc, Op.BUILD_MAP, 0);
        haveDict = true;
      }
      visitExpr(c, e.values[i]);
      c.opI(loc, Op.DICT_UPDATE, 1);
    } else if (elements * 2 > STACK_USE_GUIDELINE) flush(i - elements, i + 1);
    else elements++;
  }
  if (elements > 0) flush(n - elements, n);
  if (!haveDict) c.opI(loc, Op.BUILD_MAP, 0);
}

export function compileJoinedStr(c: Compiler, e: JoinedStr): void {
  const loc = locationOf(e);
  const n = e.values.length;
  if (n > STACK_USE_GUIDELINE) {
    c.loadConst(loc, "");
    c.opName(loc, Op.LOAD_METHOD, "join");
    c.opI(loc, Op.BUILD_LIST, 0);
    for (const value of e.values) {
      visitExpr(c, value);
      c.opI(loc, Op.LIST_APPEND, 1);
    }
    c.opI(loc, Op.CALL, 1);
    return;
  }
  visitExprs(c, e.values);
  if (n > 1) c.opI(loc, Op.BUILD_STRING, n);
  else if (n === 0) c.loadConst(loc, "");
}

/** Arguments of CONVERT_VALUE by conversion character. */
const conversions: Record<number, number> = { 115: 1, 114: 2, 97: 3 };

export function compileFormattedValue(c: Compiler, e: FormattedValue): void {
  visitExpr(c, e.value);
  const loc = locationOf(e);
  if (e.conversion !== -1) {
    const conversion = conversions[e.conversion];
    if (conversion === undefined) {
      throw new PyCompileError("SystemError", `Unrecognized conversion character ${e.conversion}`);
    }
    c.opI(loc, Op.CONVERT_VALUE, conversion);
  }
  if (e.format_spec !== null) {
    visitExpr(c, e.format_spec);
    c.op(loc, Op.FORMAT_WITH_SPEC);
  } else c.op(loc, Op.FORMAT_SIMPLE);
}
