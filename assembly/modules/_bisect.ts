// The module _bisect (CPython 3.13's Modules/_bisectmodule.c): where an item belongs in a list that is sorted.

import { PyMappingMethods, PySequenceMethods, PyTypeObject } from "../generated/layouts";
import {
  _Py_NoneStruct,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyList_Type,
} from "../generated/statics";
import { PyList_Insert } from "../objects/containers/list/list";
import {
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_Fail,
  PyErr_Format,
  PyErr_Occurred,
} from "../objects/errors/raise";
import { longOverflow, PyLong_AsLongLongAndOverflow, PyLong_FromLongLong } from "../objects/numbers/int/create";
import { PyObject_CallMethodTwoArgs, PyObject_CallOneArg } from "../objects/object/call";
import { Py_LT } from "../objects/object/flags";
import { Py } from "../objects/object/head";
import { PyObject_RichCompareBool } from "../objects/protocol/compare";
import { lengthObject, PyObject_GetItem } from "../objects/protocol/items";
import { PyIndex_Check, PyNumber_Index } from "../objects/protocol/number";
import { PyUnicode_InternLiteral } from "../objects/text/intern";
import { Scratch } from "../thread/scratch";
import { wideCount } from "./itertools/common";

/** A bound, as wide as CPython's, or `missing` for null: false with an exception, stored at `out`. */
function wideBound(o: usize, missing: i64, out: usize): bool {
  const v = o == 0 ? missing : wideCount(o);
  store<i64>(out, v);
  return v != -1 || PyErr_Occurred() == 0;
}

/** A bound that may be None, as -1: false with TypeError, stored at `out`. */
function optionalBound(o: usize, out: usize): bool {
  if (o == _Py_NoneStruct) o = 0;
  if (o != 0 && !PyIndex_Check(o)) {
    PyErr_Format(PyExc_TypeError, "argument should be integer or None, not '%.200t'", o);
    return false;
  }
  store<i64>(out, -1);
  if (o == 0) return true;
  const i = PyNumber_Index(o);
  if (i == 0) return false;
  store<i64>(out, PyLong_AsLongLongAndOverflow(i));
  const fits = longOverflow(i) == 0;
  Py.DECREF(i);
  if (!fits) PyErr_Format(PyExc_OverflowError, "cannot fit '%.200t' into an index-sized integer", o);
  return fits;
}

/** len(a), as wide as CPython's: -1 with an exception. */
function wideLength(a: usize): i64 {
  const n = lengthObject(a);
  if (n == 0) return -1;
  const r = PyLong_AsLongLongAndOverflow(n);
  Py.DECREF(n);
  return r;
}

/** The table index of sq_item of the type: 0 with TypeError. */
function itemSlot(a: usize): u32 {
  const t = PyTypeObject.at(Py.TYPE(a));
  const s = t.tp_as_sequence;
  if (s != 0 && PySequenceMethods.at(s).sq_item != 0) return PySequenceMethods.at(s).sq_item;
  const m = t.tp_as_mapping;
  if (m != 0 && PyMappingMethods.at(m).mp_subscript != 0) PyErr_Format(PyExc_TypeError, "%.200t is not a sequence", a);
  else PyErr_Format(PyExc_TypeError, "'%.200t' object does not support indexing", a);
  return 0;
}

/** Item i: a new reference, null with an exception. Beyond what isize holds it is asked for by an int. */
function itemAt(a: usize, slot: u32, i: i64): usize {
  if (i <= <i64>isize.MAX_VALUE) return call_indirect<usize>(slot, a, <isize>i);
  const index = PyLong_FromLongLong(i);
  const item = index == 0 ? 0 : PyObject_GetItem(a, index);
  Py.XDECREF(index);
  return item;
}

/** Whether `x` belongs behind item `i`: 1, 0 or -1. */
function isBehind(a: usize, slot: u32, i: i64, x: usize, key: usize, left: bool): i32 {
  let item = itemAt(a, slot, i);
  if (item == 0) return -1;
  if (key != _Py_NoneStruct) {
    const k = PyObject_CallOneArg(key, item);
    Py.DECREF(item);
    if (k == 0) return -1;
    item = k;
  }
  const r = left ? PyObject_RichCompareBool(item, x, Py_LT) : PyObject_RichCompareBool(x, item, Py_LT);
  Py.DECREF(item);
  return r < 0 || left ? r : 1 - r;
}

/** Where `x` belongs in `a`, from lo to hi (-1: to its end): -1 with an exception. */
function bisect(a: usize, x: usize, lo: i64, hi: i64, key: usize, left: bool): i64 {
  if (lo < 0) return PyErr_Fail(PyExc_ValueError, "lo must be non-negative");
  if (hi == -1) {
    hi = wideLength(a);
    if (hi < 0) return -1;
  }
  const slot = itemSlot(a);
  if (slot == 0) return -1;
  if (Py_EnterRecursiveCall(left ? "in _bisect.bisect_left" : "in _bisect.bisect_right")) return -1;
  let failed = false;
  while (!failed && lo < hi) {
    const middle = <i64>((<u64>lo + <u64>hi) >> 1);
    const r = isBehind(a, slot, middle, x, key, left);
    failed = r < 0;
    if (r > 0) lo = middle + 1;
    else hi = middle;
  }
  Py_LeaveRecursiveCall();
  return failed ? -1 : lo;
}

function place(a: usize, x: usize, lo: usize, hi: usize, key: usize, left: bool): usize {
  const bounds = Scratch.take(2);
  const end = bounds + 8;
  const ok = wideBound(lo, 0, bounds) && optionalBound(hi, end);
  const i = ok ? bisect(a, x, load<i64>(bounds), load<i64>(end), key, left) : -1;
  Scratch.give(bounds);
  return i < 0 ? 0 : PyLong_FromLongLong(i);
}

function insort(a: usize, x: usize, lo: usize, hi: usize, key: usize, left: bool): usize {
  const bounds = Scratch.take(2);
  const end = bounds + 8;
  const ok = wideBound(lo, 0, bounds) && optionalBound(hi, end);
  const k = !ok ? 0 : key == _Py_NoneStruct ? Py.NewRef(x) : PyObject_CallOneArg(key, x);
  const i = k == 0 ? -1 : bisect(a, k, load<i64>(bounds), load<i64>(end), key, left);
  Scratch.give(bounds);
  Py.XDECREF(k);
  if (i < 0) return 0;
  if (Py.IS_TYPE(a, PyList_Type))
    return PyList_Insert(a, <isize>min<i64>(i, isize.MAX_VALUE), x) < 0 ? 0 : _Py_NoneStruct;
  const index = PyLong_FromLongLong(i);
  const name = index == 0 ? 0 : PyUnicode_InternLiteral("insert");
  const r = name == 0 ? 0 : PyObject_CallMethodTwoArgs(a, name, index, x);
  Py.XDECREF(name);
  Py.XDECREF(index);
  if (r == 0) return 0;
  Py.DECREF(r);
  return _Py_NoneStruct;
}

/**
 * @native _bisect.bisect_right($module, /, a, x, lo=0, hi=None, *, key=None)
 *
 * Where to insert x in a list that is sorted, so that it stays so.
 *
 * It is behind all items that are equal to x: those before the place are not greater than x, those from there on are, so
 * that a.insert(i, x) puts it behind the last that is equal.
 *
 * With lo and hi, only the items from lo on, and before hi, are looked at.
 *
 * With a function key, what it returns for each item is compared with x.
 */
export function bisect_right(_m: usize, a: usize, x: usize, lo: usize, hi: usize, key: usize): usize {
  return place(a, x, lo, hi, key, false);
}

/**
 * @native _bisect.insort_right($module, /, a, x, lo=0, hi=None, *, key=None)
 *
 * Insert x in a list that is sorted, so that it stays so.
 *
 * It is put behind all items that are equal to it.
 *
 * With lo and hi, only the items from lo on, and before hi, are looked at.
 *
 * With a function key, what it returns for each of them is compared, for x too.
 */
export function insort_right(_m: usize, a: usize, x: usize, lo: usize, hi: usize, key: usize): usize {
  return insort(a, x, lo, hi, key, false);
}

/**
 * @native _bisect.bisect_left($module, /, a, x, lo=0, hi=None, *, key=None)
 *
 * Where to insert x in a list that is sorted, so that it stays so.
 *
 * It is before all items that are equal to x: those before the place are less than x, those from there on are not, so that
 * a.insert(i, x) puts it before the first that is equal.
 *
 * With lo and hi, only the items from lo on, and before hi, are looked at.
 *
 * With a function key, what it returns for each item is compared with x.
 */
export function bisect_left(_m: usize, a: usize, x: usize, lo: usize, hi: usize, key: usize): usize {
  return place(a, x, lo, hi, key, true);
}

/**
 * @native _bisect.insort_left($module, /, a, x, lo=0, hi=None, *, key=None)
 *
 * Insert x in a list that is sorted, so that it stays so.
 *
 * It is put before all items that are equal to it.
 *
 * With lo and hi, only the items from lo on, and before hi, are looked at.
 *
 * With a function key, what it returns for each of them is compared, for x too.
 */
export function insort_left(_m: usize, a: usize, x: usize, lo: usize, hi: usize, key: usize): usize {
  return insort(a, x, lo, hi, key, true);
}

/**
 * @module _bisect
 *
 * Lists that are sorted, and stay so.
 *
 * A list that is sorted once need not be sorted again after each item that is added to it:
 * the place of the item is found in a few comparisons, as each of them leaves only half of the
 * list to look at, and it is put there.
 */
