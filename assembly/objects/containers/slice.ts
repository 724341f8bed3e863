// slice (CPython 3.13's Objects/sliceobject.c).
//
// One freed slice is kept for the next. Reading a slice of a sequence: unpackSlice clamps its three numbers into
// scratch slots, adjustIndices fits them to a length.

import { HOOK_TRACE, Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import {
  PySliceObject,
  PySliceObject_start,
  PyTypeObject,
  SIZEOF_PySliceObject,
  slice_bounds,
} from "../../generated/layouts";
import { freelistsRoots, memoryRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  PyExc_TypeError,
  PyExc_ValueError,
  PySlice_Type,
} from "../../generated/statics";
import { traceNewReference } from "../../memory/trace/trace";
import { Scratch } from "../../thread/scratch";
import { ArgParser } from "../define/args";
import { Py_EnterRecursiveCall, Py_LeaveRecursiveCall, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { PySliceObject_traverse } from "../generated/references";
import { PyBool_FromLong } from "../numbers/bool";
import { long_sign } from "../numbers/int/access";
import { PyLong_FromLong } from "../numbers/int/create";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { Py_EQ, Py_GE, Py_GT, Py_LE, Py_LT } from "../object/flags";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack, SIZEOF_GC_HEAD } from "../object/gchead";
import { Py } from "../object/head";
import { PyObject_Hash, PyObject_RichCompare, PyObject_RichCompareBool } from "../protocol/compare";
import { PyIndex_Check, PyNumber_Add, PyNumber_AsSsize_t, PyNumber_Index, PyNumber_Subtract } from "../protocol/number";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyTuple_Pack2, PyTuple_Pack3, Tuple } from "./tuple";

/** A slice's numbers, as unpackSlice leaves them in scratch slots. */
export class SliceIndices {
  @inline static start(s: usize): isize {
    return slice_bounds.at(s).start;
  }

  @inline static stop(s: usize): isize {
    return slice_bounds.at(s).stop;
  }

  @inline static step(s: usize): isize {
    return slice_bounds.at(s).step;
  }
}

export function isSlice(o: usize): bool {
  return Py.IS_TYPE(o, PySlice_Type);
}

/** A new slice; null stands for None, references are borrowed. Null with MemoryError. */
export function PySlice_New(start: usize, stop: usize, step: usize): usize {
  return newSlice(
    Py.NewRef(start != 0 ? start : _Py_NoneStruct),
    Py.NewRef(stop != 0 ? stop : _Py_NoneStruct),
    Py.NewRef(step != 0 ? step : _Py_NoneStruct),
  );
}

function newSlice(start: usize, stop: usize, step: usize): usize {
  let o = freelistsRoots.slice_cache;
  if (o != 0) {
    freelistsRoots.slice_cache = 0;
    store<u64>(o, 1);
    if (memoryRoots.flags & HOOK_TRACE) traceNewReference(o - SIZEOF_GC_HEAD);
  } else {
    o = _PyObject_GC_New(PySlice_Type);
    if (o == 0) {
      Py.DECREF(start);
      Py.DECREF(stop);
      Py.DECREF(step);
      return 0;
    }
  }
  const s = PySliceObject.at(o);
  s.start = start;
  s.stop = stop;
  s.step = step;
  _PyObject_GC_TRACK(o);
  return o;
}

/** Returns the kept slice's block. */
export function clearFreeLists_slice(): void {
  const o = freelistsRoots.slice_cache;
  freelistsRoots.slice_cache = 0;
  if (o != 0) PyObject_GC_Del(o);
}

const MAX: isize = 0x7fffffff;

/** One of the three numbers as an index, clamped; -1 with an exception. */
function sliceNumber(v: usize): isize {
  if (!PyIndex_Check(v)) {
    PyErr_SetString(PyExc_TypeError, "slice indices must be integers or None or have an __index__ method");
    return -1;
  }
  return PyNumber_AsSsize_t(v, 0);
}

/** The slice's numbers in three scratch slots, which the caller gives back; null with an exception, none taken. */
export function unpackSlice(o: usize): usize {
  const slice = PySliceObject.at(o);
  let step: isize = 1;
  if (slice.step != _Py_NoneStruct) {
    step = sliceNumber(slice.step);
    if (step == -1 && PyErr_Occurred()) return 0;
    if (step == 0) return PyErr_SetString(PyExc_ValueError, "slice step cannot be zero");
    // So that -step exists.
    if (step < -MAX) step = -MAX;
  }
  let start: isize = step < 0 ? MAX : 0;
  if (slice.start != _Py_NoneStruct) {
    start = sliceNumber(slice.start);
    if (start == -1 && PyErr_Occurred()) return 0;
  }
  let stop: isize = step < 0 ? -MAX - 1 : MAX;
  if (slice.stop != _Py_NoneStruct) {
    stop = sliceNumber(slice.stop);
    if (stop == -1 && PyErr_Occurred()) return 0;
  }
  const s = Scratch.take(3);
  const bounds = slice_bounds.at(s);
  bounds.start = start;
  bounds.stop = stop;
  bounds.step = step;
  return s;
}

/** Fits unpacked numbers to a sequence of `length` items; returns how many items the slice has. Never fails. */
export function adjustIndices(length: isize, s: usize): isize {
  let start = SliceIndices.start(s);
  let stop = SliceIndices.stop(s);
  const step = SliceIndices.step(s);
  if (start < 0) {
    start += length;
    if (start < 0) start = step < 0 ? -1 : 0;
  } else if (start >= length) start = step < 0 ? length - 1 : length;
  if (stop < 0) {
    stop += length;
    if (stop < 0) stop = step < 0 ? -1 : 0;
  } else if (stop >= length) stop = step < 0 ? length - 1 : length;
  slice_bounds.at(s).start = start;
  slice_bounds.at(s).stop = stop;
  if (step < 0) return stop < start ? (start - stop - 1) / -step + 1 : 0;
  return start < stop ? (stop - start - 1) / step + 1 : 0;
}

function slice_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  const s = PySliceObject.at(o);
  Py.DECREF(s.step);
  Py.DECREF(s.start);
  Py.DECREF(s.stop);
  if (freelistsRoots.slice_cache == 0) freelistsRoots.slice_cache = o;
  else PyObject_GC_Del(o);
}

function slice_repr(o: usize): usize {
  const s = PySliceObject.at(o);
  return PyUnicode_FromFormat("slice(%R, %R, %R)", s.start, s.stop, s.step);
}

function asTuple(o: usize): usize {
  const s = PySliceObject.at(o);
  return PyTuple_Pack3(s.start, s.stop, s.step);
}

function slice_richcompare(a: usize, b: usize, op: i32): usize {
  if (!isSlice(a) || !isSlice(b)) return _Py_NotImplementedStruct;
  if (a == b) return PyBool_FromLong(op == Py_EQ || op == Py_LE || op == Py_GE ? 1 : 0);
  const x = asTuple(a);
  if (x == 0) return 0;
  const y = asTuple(b);
  const r = y == 0 ? 0 : PyObject_RichCompare(x, y, op);
  Py.DECREF(x);
  Py.XDECREF(y);
  return r;
}

const XXPRIME_1: u64 = 11400714785074694791;
const XXPRIME_2: u64 = 14029467366897019727;
const XXPRIME_5: u64 = 2870177450012600261;

function slice_hash(o: usize): i64 {
  if (Py_EnterRecursiveCall(" while hashing a slice")) return -1;
  const h = hashParts(o);
  Py_LeaveRecursiveCall();
  return h;
}

function hashParts(o: usize): i64 {
  let acc = XXPRIME_5;
  for (let i: isize = 0; i < 3; i++) {
    const lane = PyObject_Hash(Py.item(o + PySliceObject_start, i));
    if (lane == -1) return -1;
    acc += <u64>lane * XXPRIME_2;
    acc = (acc << 31) | (acc >> 33);
    acc *= XXPRIME_1;
  }
  return acc == <u64>-1 ? 1546275796 : <i64>acc;
}

function slice_new(_type: usize, args: usize, kwds: usize): usize {
  if (!ArgParser.noKeywords("slice", kwds)) return 0;
  const n = Tuple.size(args);
  if (!ArgParser.count("slice", n, 1, 3)) return 0;
  if (n == 1) return PySlice_New(0, Tuple.get(args, 0), 0);
  return PySlice_New(Tuple.get(args, 0), Tuple.get(args, 1), n == 3 ? Tuple.get(args, 2) : 0);
}

/** A bound as an exact int, a new reference, or null with TypeError. */
function indexOf(v: usize): usize {
  if (PyIndex_Check(v)) return PyNumber_Index(v);
  return PyErr_SetString(PyExc_TypeError, "slice indices must be integers or None or have an __index__ method");
}

/** A bound fitted between lower and upper as slices do; a new reference or null. */
function fitBound(v: usize, length: usize, lower: usize, upper: usize, missing: usize): usize {
  if (v == _Py_NoneStruct) return Py.NewRef(missing);
  let i = indexOf(v);
  if (i == 0) return 0;
  if (long_sign(i) < 0) {
    const sum = PyNumber_Add(i, length);
    Py.DECREF(i);
    if (sum == 0) return 0;
    i = sum;
    const below = PyObject_RichCompareBool(i, lower, Py_LT);
    if (below == 0) return i;
    Py.DECREF(i);
    return below < 0 ? 0 : Py.NewRef(lower);
  }
  const above = PyObject_RichCompareBool(i, upper, Py_GT);
  if (above == 0) return i;
  Py.DECREF(i);
  return above < 0 ? 0 : Py.NewRef(upper);
}

/**
 * slice.indices(length): exact for numbers of any size.
 *
 * @native slice.indices
 *
 * S.indices(len): (start, stop, step)
 *
 * What the slice means for a sequence of that length: three numbers for range(), which goes through the indices of its elements. Negative ones are counted from the end, missing ones are filled in, and what lies beyond either end is moved to it.
 */
export function slice_indices(o: usize, arg: usize): usize {
  const s = PySliceObject.at(o);
  const length = PyNumber_Index(arg);
  if (length == 0) return 0;
  if (long_sign(length) < 0) {
    PyErr_SetString(PyExc_ValueError, "length should not be negative");
    Py.DECREF(length);
    return 0;
  }
  const step = s.step == _Py_NoneStruct ? PyLong_FromLong(1) : indexOf(s.step);
  if (step == 0) {
    Py.DECREF(length);
    return 0;
  }
  const sign = long_sign(step);
  let r: usize = 0;
  if (sign == 0) PyErr_SetString(PyExc_ValueError, "slice step cannot be zero");
  else {
    const one = PyLong_FromLong(1);
    const minusOne = PyLong_FromLong(-1);
    const lower = sign < 0 ? Py.NewRef(minusOne) : PyLong_FromLong(0);
    const upper = sign < 0 ? PyNumber_Subtract(length, one) : Py.NewRef(length);
    if (upper != 0) {
      const start = fitBound(s.start, length, lower, upper, sign < 0 ? upper : lower);
      const stop = start == 0 ? 0 : fitBound(s.stop, length, lower, upper, sign < 0 ? lower : upper);
      if (stop != 0) r = PyTuple_Pack3(start, stop, step);
      Py.XDECREF(start);
      Py.XDECREF(stop);
      Py.DECREF(upper);
    }
  }
  Py.DECREF(step);
  Py.DECREF(length);
  return r;
}

/**
 * @native slice.__reduce__
 *
 * What a copy is made from.
 */
export function slice_reduce(o: usize, _: usize): usize {
  const t = asTuple(o);
  if (t == 0) return 0;
  const r = PyTuple_Pack2(PySlice_Type, t);
  Py.DECREF(t);
  return r;
}

/**
 * @type slice
 *
 * slice(stop)
 * slice(start, stop[, step])
 *
 * What stands between brackets in a[start:stop:step], as an object.
 *
 * @member slice.start = PySliceObject.start readonly
 *
 * @member slice.stop = PySliceObject.stop readonly
 *
 * @member slice.step = PySliceObject.step readonly
 */

/** Fills the type's slots and tables. */
export function initSliceType(): void {
  const t = PyTypeObject.at(PySlice_Type);
  t.tp_basicsize = SIZEOF_PySliceObject;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_dealloc = slice_dealloc.index;
  t.tp_repr = slice_repr.index;
  t.tp_hash = slice_hash.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_traverse = PySliceObject_traverse.index;
  t.tp_richcompare = slice_richcompare.index;
  t.tp_new = slice_new.index;
}
