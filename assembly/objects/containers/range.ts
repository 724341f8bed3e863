// range and its iterators (CPython 3.13's Objects/rangeobject.c).
//
//   range               +16 start 8 | +24 stop 8 | +32 step 8 | +40 length 8: references to exact ints
//   range_iterator      +16 start i64 | +24 step i64 | +32 len i64
//   longrange_iterator  +16 start 8 | +24 step 8 | +32 len 8: references

import { Interrupts } from "../../thread/interrupts";
import { Py_TPFLAGS_SEQUENCE } from "../../generated/constants";
import {
  _PyRangeIterObject,
  longrangeiterobject,
  PyMappingMethods,
  PyNumberMethods,
  PySequenceMethods,
  PyTypeObject,
  rangeobject,
  SIZEOF__PyRangeIterObject,
  SIZEOF_longrangeiterobject,
  SIZEOF_rangeobject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  ID,
  PyBool_Type,
  PyExc_IndexError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyLong_Type,
  PyLongRangeIter_Type,
  PyRange_Type,
  PyRangeIter_Type,
} from "../../generated/statics";
import { ArgParser } from "../define/args";
import { asMapping, asNumber, asSequence } from "../define/tables";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { getBuiltin } from "../module/builtinlookup";
import { boolObject } from "../numbers/bool";
import { Long } from "../numbers/int/access";
import {
  _PyLong_Add,
  _PyLong_FloorDiv,
  _PyLong_Mod,
  _PyLong_Multiply,
  _PyLong_Subtract,
  long_neg,
} from "../numbers/int/arithmetic";
import { long_compare } from "../numbers/int/compare";
import {
  clampSsize,
  longOverflow,
  longValue,
  PyLong_AsLongLong,
  PyLong_FromLong,
  PyLong_FromLongLong,
  PyLong_FromUnsignedLongLong,
} from "../numbers/int/create";
import { _PyObject_New, PyObject_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { PyObject_CallMethodOneArg } from "../object/call";
import { Py_EQ, Py_NE } from "../object/flags";
import { Py } from "../object/head";
import { PyObject_SelfIter } from "../protocol/access";
import { PyObject_Hash, PyObject_RichCompareBool } from "../protocol/compare";
import { PyIter_Next, PyObject_GetIter } from "../protocol/iterator";
import { PyIndex_Check, PyNumber_Index } from "../protocol/number";
import { PyTypeName } from "../text/concat";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { isSlice } from "./slice";
import { PyTuple_Pack1, PyTuple_Pack2, PyTuple_Pack3, Tuple } from "./tuple";

/** How many numbers from start to stop by step (not 0), for machine numbers that cannot overflow. */
function countOf(start: i64, stop: i64, step: i64): u64 {
  if (step > 0) return start < stop ? 1 + (<u64>stop - 1 - <u64>start) / <u64>step : 0;
  return start > stop ? 1 + (<u64>start - 1 - <u64>stop) / (0 - <u64>step) : 0;
}

/** How many numbers from start to stop by step, ints of any size: a new int. Null with an exception. */
function computeLength(start: usize, stop: usize, step: usize): usize {
  if (longOverflow(start) == 0 && longOverflow(stop) == 0 && longOverflow(step) == 0) {
    const n = countOf(longValue(start), longValue(stop), longValue(step));
    return PyLong_FromUnsignedLongLong(n);
  }
  const up = Long.sign(step) > 0;
  const lo = up ? start : stop;
  const hi = up ? stop : start;
  if (long_compare(lo, hi) >= 0) return Long.small(0);
  const size = up ? Py.NewRef(step) : long_neg(step);
  const span = size == 0 ? 0 : _PyLong_Subtract(hi, lo);
  const less = span == 0 ? 0 : _PyLong_Subtract(span, Long.small(1));
  const q = less == 0 ? 0 : _PyLong_FloorDiv(less, size);
  const n = q == 0 ? 0 : _PyLong_Add(q, Long.small(1));
  Py.XDECREF(size);
  Py.XDECREF(span);
  Py.XDECREF(less);
  Py.XDECREF(q);
  return n;
}

/** A new range of three ints, which are stolen, also where it fails. Null with an exception. */
function makeRange(start: usize, stop: usize, step: usize): usize {
  const length = start == 0 || stop == 0 || step == 0 ? 0 : computeLength(start, stop, step);
  const o = length == 0 ? 0 : _PyObject_New(PyRange_Type);
  if (o == 0) {
    Py.XDECREF(length);
    Py.XDECREF(start);
    Py.XDECREF(stop);
    Py.XDECREF(step);
    return 0;
  }
  const r = rangeobject.at(o);
  r.start = start;
  r.stop = stop;
  r.step = step;
  r.length = length;
  return o;
}

function fromArray(argv: usize, nargs: isize): usize {
  if (nargs == 0) return PyErr_SetString(PyExc_TypeError, "range expected at least 1 argument, got 0");
  if (nargs > 3) return PyErr_Format(PyExc_TypeError, "range expected at most 3 arguments, got %d", nargs);
  const start = nargs == 1 ? Long.small(0) : PyNumber_Index(Py.item(argv, 0));
  if (start == 0) return 0;
  const stop = PyNumber_Index(Py.item(argv, nargs == 1 ? 0 : 1));
  if (stop == 0) {
    Py.DECREF(start);
    return 0;
  }
  const step = nargs == 3 ? PyNumber_Index(Py.item(argv, 2)) : Long.small(1);
  if (step != 0 && Long.isZero(step)) {
    PyErr_SetString(PyExc_ValueError, "range() arg 3 must not be zero");
    Py.DECREF(start);
    Py.DECREF(stop);
    return 0;
  }
  return makeRange(start, stop, step);
}

function range_new(_type: usize, args: usize, kwds: usize): usize {
  if (!ArgParser.noKeywords("range", kwds)) return 0;
  return fromArray(Tuple.items(args), Tuple.size(args));
}

function range_vectorcall(_type: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  if (!ArgParser.noKeywordNames("range", kwnames)) return 0;
  return fromArray(argv, <isize>(nargsf & 0x7fffffff));
}

function range_dealloc(o: usize): void {
  Py.DECREF(rangeobject.at(o).start);
  Py.DECREF(rangeobject.at(o).stop);
  Py.DECREF(rangeobject.at(o).step);
  Py.DECREF(rangeobject.at(o).length);
  PyObject_Del(o);
}

function range_repr(o: usize): usize {
  if (Long.isCompact(rangeobject.at(o).step) && Long.compactValue(rangeobject.at(o).step) == 1) {
    return PyUnicode_FromFormat("range(%R, %R)", rangeobject.at(o).start, rangeobject.at(o).stop);
  }
  return PyUnicode_FromFormat(
    "range(%R, %R, %R)",
    rangeobject.at(o).start,
    rangeobject.at(o).stop,
    rangeobject.at(o).step,
  );
}

/** sq_length. Beyond 64 bits OverflowError, as CPython; what 32 bits cannot hold is clamped: rangeLengthObject is exact. */
function range_length(o: usize): isize {
  const n = rangeobject.at(o).length;
  if (longOverflow(n) != 0) {
    PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C ssize_t");
    return -1;
  }
  return clampSsize(longValue(n));
}

/** The length where CPython's Py_ssize_t holds it: a new reference. Null with OverflowError. */
export function rangeLengthObject(o: usize): usize {
  const n = rangeobject.at(o).length;
  if (longOverflow(n) == 0) return Py.NewRef(n);
  return PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C ssize_t");
}

/** start + i * step: a new int. Null with MemoryError. */
function element(o: usize, i: usize): usize {
  const product = _PyLong_Multiply(i, rangeobject.at(o).step);
  if (product == 0) return 0;
  const r = _PyLong_Add(rangeobject.at(o).start, product);
  Py.DECREF(product);
  return r;
}

/** The element at an int index, negative ones counted from the end: a new int. Null with IndexError. */
function itemAt(o: usize, index: usize): usize {
  const length = rangeobject.at(o).length;
  const i = Long.isNegative(index) ? _PyLong_Add(index, length) : Py.NewRef(index);
  if (i == 0) return 0;
  let r: usize = 0;
  if (Long.isNegative(i) || long_compare(i, length) >= 0) {
    PyErr_SetString(PyExc_IndexError, "range object index out of range");
  } else r = element(o, i);
  Py.DECREF(i);
  return r;
}

function range_item(o: usize, i: isize): usize {
  const index = PyLong_FromLong(i);
  if (index == 0) return 0;
  // sq_item has counted negative indices from the end already: what is negative still is out of range.
  if (i < 0) {
    PyErr_SetString(PyExc_IndexError, "range object index out of range");
    Py.DECREF(index);
    return 0;
  }
  const r = itemAt(o, index);
  Py.DECREF(index);
  return r;
}

/** The (start, stop, step) of a slice fitted to a length: a new tuple. Null with an exception. */
function sliceIndices(slice: usize, length: usize): usize {
  return PyObject_CallMethodOneArg(slice, ID.indices, length);
}

function range_subscript(o: usize, item: usize): usize {
  if (PyIndex_Check(item)) {
    const i = PyNumber_Index(item);
    if (i == 0) return 0;
    const r = itemAt(o, i);
    Py.DECREF(i);
    return r;
  }
  if (!isSlice(item)) {
    return PyErr_Format(PyExc_TypeError, "range indices must be integers or slices, not %.200s", PyTypeName.of(item));
  }
  const indices = sliceIndices(item, rangeobject.at(o).length);
  if (indices == 0) return 0;
  const step = _PyLong_Multiply(Tuple.get(indices, 2), rangeobject.at(o).step);
  const start = step == 0 ? 0 : element(o, Tuple.get(indices, 0));
  const stop = start == 0 ? 0 : element(o, Tuple.get(indices, 1));
  Py.DECREF(indices);
  return makeRange(start, stop, step);
}

function range_bool(o: usize): i32 {
  return Long.isZero(rangeobject.at(o).length) ? 0 : 1;
}

/** Whether an int is in the range; -1 with an exception. */
function containsLong(o: usize, v: usize): i32 {
  const up = Long.sign(rangeobject.at(o).step) > 0;
  const a = long_compare(rangeobject.at(o).start, v);
  const b = long_compare(v, rangeobject.at(o).stop);
  if (up ? a > 0 || b >= 0 : a < 0 || b <= 0) return 0;
  const offset = _PyLong_Subtract(v, rangeobject.at(o).start);
  if (offset == 0) return -1;
  const rest = _PyLong_Mod(offset, rangeobject.at(o).step);
  Py.DECREF(offset);
  if (rest == 0) return -1;
  const r = Long.isZero(rest) ? 1 : 0;
  Py.DECREF(rest);
  return r;
}

function isPlainInt(v: usize): bool {
  const t = Py.TYPE(v);
  return t == PyLong_Type || t == PyBool_Type;
}

function range_contains(o: usize, v: usize): i32 {
  if (isPlainInt(v)) return containsLong(o, v);
  const it = PyObject_GetIter(o);
  if (it == 0) return -1;
  let r = 0;
  while (r == 0) {
    const x = PyIter_Next(it);
    if (x == 0) break;
    r = PyObject_RichCompareBool(x, v, Py_EQ);
    Py.DECREF(x);
  }
  Py.DECREF(it);
  return r == 0 && PyErr_Occurred() ? -1 : r;
}

function rangesEqual(a: usize, b: usize): bool {
  if (a == b) return true;
  if (long_compare(rangeobject.at(a).length, rangeobject.at(b).length) != 0) return false;
  if (Long.isZero(rangeobject.at(a).length)) return true;
  if (long_compare(rangeobject.at(a).start, rangeobject.at(b).start) != 0) return false;
  const n = rangeobject.at(a).length;
  if (Long.isCompact(n) && Long.compactValue(n) == 1) return true;
  return long_compare(rangeobject.at(a).step, rangeobject.at(b).step) == 0;
}

function range_richcompare(a: usize, b: usize, op: i32): usize {
  if (!Py.IS_TYPE(b, PyRange_Type) || (op != Py_EQ && op != Py_NE)) return _Py_NotImplementedStruct;
  return boolObject(rangesEqual(a, b) == (op == Py_EQ));
}

function range_hash(o: usize): i64 {
  const n = rangeobject.at(o).length;
  const empty = Long.isZero(n);
  const one = Long.isCompact(n) && Long.compactValue(n) == 1;
  const t = PyTuple_Pack3(
    n,
    empty ? _Py_NoneStruct : rangeobject.at(o).start,
    empty || one ? _Py_NoneStruct : rangeobject.at(o).step,
  );
  if (t == 0) return -1;
  const h = PyObject_Hash(t);
  Py.DECREF(t);
  return h;
}

/**
 * @native range.count
 *
 * rangeobject.count(value): how many of its numbers equal the value, 0 or 1
 */
export function range_count(o: usize, v: usize): usize {
  if (isPlainInt(v)) {
    const r = containsLong(o, v);
    return r < 0 ? 0 : PyLong_FromLong(r);
  }
  const it = PyObject_GetIter(o);
  if (it == 0) return 0;
  let count: i64 = 0;
  let r = 0;
  while (r >= 0) {
    const x = PyIter_Next(it);
    if (x == 0) break;
    r = PyObject_RichCompareBool(x, v, Py_EQ);
    Py.DECREF(x);
    if (r > 0) count++;
  }
  Py.DECREF(it);
  return r < 0 || PyErr_Occurred() ? 0 : PyLong_FromLongLong(count);
}

/**
 * @native range.index
 *
 * rangeobject.index(value): where the value stands in it.
 * A ValueError is raised for one that it does not have.
 */
export function range_index(o: usize, v: usize): usize {
  if (!isPlainInt(v)) {
    const it = PyObject_GetIter(o);
    if (it == 0) return 0;
    let i: i64 = 0;
    let r = 0;
    for (;;) {
      const x = PyIter_Next(it);
      if (x == 0) break;
      r = PyObject_RichCompareBool(x, v, Py_EQ);
      Py.DECREF(x);
      if (r != 0) break;
      i++;
    }
    Py.DECREF(it);
    if (r > 0) return PyLong_FromLongLong(i);
    if (r < 0 || PyErr_Occurred()) return 0;
    return PyErr_SetString(PyExc_ValueError, "sequence.index(x): x not in sequence");
  }
  const has = containsLong(o, v);
  if (has < 0) return 0;
  if (has == 0) return PyErr_Format(PyExc_ValueError, "%R is not in range", v);
  const offset = _PyLong_Subtract(v, rangeobject.at(o).start);
  if (offset == 0) return 0;
  const r = _PyLong_FloorDiv(offset, rangeobject.at(o).step);
  Py.DECREF(offset);
  return r;
}

/**
 * @native range.__reduce__
 */
export function range_reduce(o: usize, _: usize): usize {
  const args = PyTuple_Pack3(rangeobject.at(o).start, rangeobject.at(o).stop, rangeobject.at(o).step);
  if (args == 0) return 0;
  const r = PyTuple_Pack2(PyRange_Type, args);
  Py.DECREF(args);
  return r;
}

/** A new iterator over machine numbers. */
function fastIter(start: i64, step: i64, n: i64): usize {
  const o = _PyObject_New(PyRangeIter_Type);
  if (o == 0) return 0;
  const it = _PyRangeIterObject.at(o);
  it.start = start;
  it.step = step;
  it.len = n;
  return o;
}

/** A new iterator over ints of any size; start, step and length are stolen, also where it fails. */
function longIter(start: usize, step: usize, n: usize): usize {
  const o = start == 0 || step == 0 || n == 0 ? 0 : _PyObject_New(PyLongRangeIter_Type);
  if (o == 0) {
    Py.XDECREF(start);
    Py.XDECREF(step);
    Py.XDECREF(n);
    return 0;
  }
  const it = longrangeiterobject.at(o);
  it.start = start;
  it.step = step;
  it.len = n;
  return o;
}

function range_iter(o: usize): usize {
  const start = rangeobject.at(o).start;
  const stop = rangeobject.at(o).stop;
  const step = rangeobject.at(o).step;
  if (longOverflow(start) == 0 && longOverflow(stop) == 0 && longOverflow(step) == 0) {
    const a = longValue(start);
    const b = longValue(stop);
    const c = longValue(step);
    const n = countOf(a, b, c);
    // One step beyond the last must not overflow either.
    const room = c > 0 ? b <= i64.MAX_VALUE - c + 1 : b >= i64.MIN_VALUE - c - 1;
    if (n <= <u64>i64.MAX_VALUE && room) return fastIter(a, c, <i64>n);
  }
  return longIter(Py.NewRef(start), Py.NewRef(step), Py.NewRef(rangeobject.at(o).length));
}

/**
 * @native range.__reversed__
 *
 * An iterator that counts the other way.
 */
export function range_reversed(o: usize, _: usize): usize {
  const start = rangeobject.at(o).start;
  const stop = rangeobject.at(o).stop;
  const step = rangeobject.at(o).step;
  if (longOverflow(start) == 0 && longOverflow(stop) == 0 && longOverflow(step) == 0) {
    const a = longValue(start);
    const c = longValue(step);
    const n = countOf(a, longValue(stop), c);
    const small =
      c > -0x4000000000000000 && c < 0x4000000000000000 && a > -0x4000000000000000 && a < 0x4000000000000000;
    if (small && n <= <u64>i64.MAX_VALUE) return fastIter(n == 0 ? a : a + (<i64>n - 1) * c, -c, <i64>n);
  }
  const last = _PyLong_Subtract(rangeobject.at(o).length, Long.small(1));
  const first = last == 0 ? 0 : element(o, last);
  Py.XDECREF(last);
  return longIter(first, long_neg(step), Py.NewRef(rangeobject.at(o).length));
}

/** Frees a range_iterator: for the evaluation loop's FOR_ITER_RANGE too. */
function rangeiter_dealloc(o: usize): void {
  PyObject_Del(o);
}

/** tp_iternext of range_iterator. */
function rangeiter_next(o: usize): usize {
  const it = _PyRangeIterObject.at(o);
  if (Interrupts.raisedIn(it.len)) return 0;
  const n = it.len;
  if (n <= 0) return 0;
  const v = it.start;
  it.start = v + it.step;
  it.len = n - 1;
  return PyLong_FromLongLong(v);
}

/**
 * @native range_iterator.__length_hint__
 *
 * About how many elements are still to come, if known.
 */
export function rangeiter_len(o: usize, _: usize): usize {
  return PyLong_FromLongLong(_PyRangeIterObject.at(o).len);
}

/** (iter, (range(start, stop, step),), None), of three ints that are stolen. */
function reduceToRange(start: usize, stop: usize, step: usize): usize {
  const range = makeRange(start, stop, step);
  if (range == 0) return 0;
  const iter = getBuiltin(ID.iter);
  const args = iter == 0 ? 0 : PyTuple_Pack1(range);
  const r = args == 0 ? 0 : PyTuple_Pack3(iter, args, _Py_NoneStruct);
  Py.XDECREF(args);
  Py.XDECREF(iter);
  Py.DECREF(range);
  return r;
}

/**
 * @native range_iterator.__reduce__
 *
 * What a copy is made from.
 */
export function rangeiter_reduce(o: usize, _: usize): usize {
  const it = _PyRangeIterObject.at(o);
  return reduceToRange(
    PyLong_FromLongLong(it.start),
    PyLong_FromLongLong(it.start + it.len * it.step),
    PyLong_FromLongLong(it.step),
  );
}

/**
 * @native range_iterator.__setstate__
 *
 * Go on from where a copy was made.
 */
export function rangeiter_setstate(o: usize, state: usize): usize {
  let i = PyLong_AsLongLong(state);
  if (i == -1 && PyErr_Occurred()) return 0;
  const it = _PyRangeIterObject.at(o);
  i = min(max<i64>(i, 0), it.len);
  it.start = it.start + i * it.step;
  it.len = it.len - i;
  return _Py_NoneStruct;
}

function longrangeiter_dealloc(o: usize): void {
  const it = longrangeiterobject.at(o);
  Py.DECREF(it.start);
  Py.DECREF(it.step);
  Py.DECREF(it.len);
  PyObject_Del(o);
}

function longrangeiter_next(o: usize): usize {
  const it = longrangeiterobject.at(o);
  if (Interrupts.raised() || Long.sign(it.len) <= 0) return 0;
  const next = _PyLong_Add(it.start, it.step);
  const left = next == 0 ? 0 : _PyLong_Subtract(it.len, Long.small(1));
  if (left == 0) {
    Py.XDECREF(next);
    return 0;
  }
  const v = it.start;
  Py.DECREF(it.len);
  it.start = next;
  it.len = left;
  return v;
}

/**
 * @native longrange_iterator.__length_hint__
 *
 * About how many elements are still to come, if known.
 */
export function longrangeiter_len(o: usize, _: usize): usize {
  return Py.NewRef(longrangeiterobject.at(o).len);
}

/**
 * @native longrange_iterator.__reduce__
 *
 * What a copy is made from.
 */
export function longrangeiter_reduce(o: usize, _: usize): usize {
  const it = longrangeiterobject.at(o);
  const product = _PyLong_Multiply(it.len, it.step);
  if (product == 0) return 0;
  const stop = _PyLong_Add(it.start, product);
  Py.DECREF(product);
  return reduceToRange(Py.NewRef(it.start), stop, Py.NewRef(it.step));
}

/**
 * @native longrange_iterator.__setstate__
 *
 * Go on from where a copy was made.
 */
export function longrangeiter_setstate(o: usize, state: usize): usize {
  if (!Long.check(state)) {
    return PyErr_Format(PyExc_TypeError, "state must be an int, not %T", state);
  }
  const it = longrangeiterobject.at(o);
  let n = Long.isNegative(state) ? Long.small(0) : Py.NewRef(state);
  if (long_compare(n, it.len) > 0) {
    Py.DECREF(n);
    n = Py.NewRef(it.len);
  }
  const product = _PyLong_Multiply(n, it.step);
  const start = product == 0 ? 0 : _PyLong_Add(it.start, product);
  const left = start == 0 ? 0 : _PyLong_Subtract(it.len, n);
  Py.XDECREF(product);
  Py.DECREF(n);
  if (left == 0) {
    Py.XDECREF(start);
    return 0;
  }
  Py.DECREF(it.start);
  Py.DECREF(it.len);
  it.start = start;
  it.len = left;
  return _Py_NoneStruct;
}

function initIter(type: usize, size: usize, dealloc: u32, next: u32): void {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = size;
  t.tp_dealloc = dealloc;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = next;
}

/**
 * @type range
 * @order __reversed__ __reduce__ count index
 *
 * range(stop): the whole numbers from 0 up to stop, without it
 * range(start, stop[, step]): from start on, by steps
 *
 * A row of numbers that are computed when asked for, so that its length costs no memory. With a negative step it counts down; stop is left out either way. It has an index, a length, slices (ranges as well), and tests for membership without going through it. Equal ranges are such as have the same numbers.
 *
 * @member range.start = rangeobject.start readonly
 *
 * @member range.stop = rangeobject.stop readonly
 *
 * @member range.step = rangeobject.step readonly
 */

/**
 * @type range_iterator
 */

/**
 * @type longrange_iterator
 */

/** Fills the slots and tables of range and its iterators. */
export function initRangeTypes(): void {
  const type = PyRange_Type;
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_rangeobject;
  t.tp_flags = Py_TPFLAGS_SEQUENCE;
  t.tp_dealloc = range_dealloc.index;
  t.tp_repr = range_repr.index;
  t.tp_hash = range_hash.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_richcompare = range_richcompare.index;
  t.tp_iter = range_iter.index;
  t.tp_new = range_new.index;
  t.tp_vectorcall = range_vectorcall.index;
  PyNumberMethods.at(asNumber(type)).nb_bool = range_bool.index;
  const s = PySequenceMethods.at(asSequence(type));
  s.sq_length = range_length.index;
  s.sq_item = range_item.index;
  s.sq_contains = range_contains.index;
  const m = PyMappingMethods.at(asMapping(type));
  m.mp_length = range_length.index;
  m.mp_subscript = range_subscript.index;
  initIter(PyRangeIter_Type, SIZEOF__PyRangeIterObject, rangeiter_dealloc.index, rangeiter_next.index);
  initIter(PyLongRangeIter_Type, SIZEOF_longrangeiterobject, longrangeiter_dealloc.index, longrangeiter_next.index);
}
