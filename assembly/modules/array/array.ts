// The type array: items of one type code, one behind the other (CPython 3.13's Modules/arraymodule.c).
//
// Invariant: there are `allocated` items in the block, of which ob_size are in use. An object is converted to an item
// before anything is asked about the array, as that may run Python. Deliberate difference: a place that is no longer there
// after that raises IndexError, where CPython writes to it.

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_SEQUENCE,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  arrayiterobject,
  arrayobject,
  arrayobject_weakreflist,
  Py_buffer,
  Py_buffer_itemsize,
  PyBufferProcs,
  PyBytesObject,
  PyMappingMethods,
  PySequenceMethods,
  PyTypeObject,
  PyVarObject_ob_size,
  SIZEOF_arrayiterobject,
  SIZEOF_arrayobject,
} from "../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NotImplementedStruct,
  _Py_TrueStruct,
  empty_bytes,
  PyArray_Type,
  PyArrayIter_Type,
  PyExc_BufferError,
  PyExc_DeprecationWarning,
  PyExc_IndexError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc, PyMem_Realloc } from "../../memory/pymem";
import { ByteArray } from "../../objects/bytes/bytearray/bytearray";
import { adjustIndices, isSlice, SliceIndices, unpackSlice } from "../../objects/containers/slice";
import { Tuple } from "../../objects/containers/tuple";
import { ArgParser } from "../../objects/define/args";
import { asBuffer, asMapping, asSequence } from "../../objects/define/tables";
import { Audit } from "../../objects/errors/audit";
import {
  _PyType_Name,
  PyErr_BadArgument,
  PyErr_Fail,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyErr_WarnEx } from "../../objects/errors/warnings";
import { arrayiterobject_clear, arrayiterobject_traverse } from "../../objects/generated/references";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { PyBUF_FORMAT, PyBUF_ND, PyBUF_STRIDES } from "../../objects/object/buffer";
import { Py_EQ, Py_NE } from "../../objects/object/flags";
import { Py } from "../../objects/object/head";
import { PyBool_FromBool, PyObject_SelfIter } from "../../objects/protocol/access";
import {
  PyObject_HashNotImplemented,
  PyObject_RichCompare,
  PyObject_RichCompareBool,
} from "../../objects/protocol/compare";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyIndex_Check, PyNumber_AsSsize_t } from "../../objects/protocol/number";
import { PySequence_GetItem } from "../../objects/protocol/sequence";
import { U } from "../../objects/text/access";
import { compareResult } from "../../objects/text/compare";
import { PyTypeName, repeatBytes } from "../../objects/text/concat";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { PyType_Ready } from "../../objects/types/ready";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";
import { CHARACTER, CHARACTER_FORMAT, compareItems, Descr, descriptorOf, loadItem, REAL, storeItem } from "./items";
import { array_tolist, array_tounicode, extendBytes, extendText } from "./methods";

export class Arr {
  @inline static check(o: usize): bool {
    return Py.IS_TYPE(o, PyArray_Type) || PyType_IsSubtype(Py.TYPE(o), PyArray_Type);
  }

  @inline static descr(o: usize): usize {
    return arrayobject.at(o).ob_descr;
  }

  @inline static itemsize(o: usize): isize {
    return Descr.itemsize(Arr.descr(o));
  }

  /** Address of item `i`. */
  @inline static item(o: usize, i: isize): usize {
    return arrayobject.at(o).ob_item + <usize>(i * Arr.itemsize(o));
  }

  /** Whether its items are characters. */
  @inline static isText(o: usize): bool {
    return Descr.kind(Arr.descr(o)) == CHARACTER;
  }
}

/** A new array of `n` items not filled in; null with an exception. */
export function newArray(type: usize, n: isize, descr: usize): usize {
  const size = Descr.itemsize(descr);
  if (n > 0x7fffffc0 / size) return PyErr_NoMemory();
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) return 0;
  const a = arrayobject.at(o);
  a.ob_descr = descr;
  if (n > 0) {
    // Whoever finds it while it is filled in finds numbers.
    const items = PyMem_Malloc(<usize>(n * size));
    if (items == 0) {
      Py.DECREF(o);
      return PyErr_NoMemory();
    }
    memory.fill(items, 0, <usize>(n * size));
    a.ob_item = items;
    a.allocated = n;
    a.ob_size = n;
  }
  return o;
}

/** Changes how many items there are; new ones are not filled in. -1 with BufferError or MemoryError. */
export function array_resize(o: usize, n: isize): i32 {
  const a = arrayobject.at(o);
  const size = a.ob_size;
  if (a.ob_exports > 0 && n != size) {
    return PyErr_Fail(PyExc_BufferError, "cannot resize an array that is exporting buffers");
  }
  if (a.allocated >= n && size < n + 16 && a.ob_item != 0) {
    a.ob_size = n;
    return 0;
  }
  if (n == 0) {
    const items = a.ob_item;
    a.ob_item = 0;
    a.ob_size = 0;
    a.allocated = 0;
    PyMem_Free(items);
    return 0;
  }
  // Mild: by a sixteenth.
  const room = (<i64>n >> 4) + (size < 8 ? 3 : 7) + <i64>n;
  const bytes = room * Arr.itemsize(o);
  const items = bytes > 0x7fffffc0 ? 0 : PyMem_Realloc(a.ob_item, <usize>bytes);
  if (items == 0) {
    PyErr_NoMemory();
    return -1;
  }
  a.ob_item = items;
  a.ob_size = n;
  a.allocated = <isize>room;
  return 0;
}

/** Puts the object before the item at `where`, which is clamped; -1 with an exception. */
export function insertItem(o: usize, where: isize, v: usize): i32 {
  const raw = Scratch.take(1);
  let status = storeItem(raw, v, Arr.descr(o));
  const n = Py.SIZE(o);
  if (status == 0) status = array_resize(o, n + 1);
  if (status == 0) {
    const at = where < 0 ? max<isize>(where + n, 0) : min(where, n);
    const size = <usize>Arr.itemsize(o);
    memory.copy(Arr.item(o, at + 1), Arr.item(o, at), <usize>(n - at) * size);
    memory.copy(Arr.item(o, at), raw, size);
  }
  Scratch.give(raw);
  return status;
}

/** Makes the object item `i`; -1 with an exception, IndexError where there is no such item (any more). */
function setItem(o: usize, i: isize, v: usize): i32 {
  const raw = Scratch.take(1);
  let status = storeItem(raw, v, Arr.descr(o));
  if (status == 0) {
    if (i >= Py.SIZE(o)) status = PyErr_Fail(PyExc_IndexError, "array assignment index out of range");
    else memory.copy(Arr.item(o, i), raw, <usize>Arr.itemsize(o));
  }
  Scratch.give(raw);
  return status;
}

/** Item `i` as a new object; null with an exception. Does not run Python. */
export function getItem(o: usize, i: isize): usize {
  return loadItem(Arr.item(o, i), Arr.descr(o));
}

/** The items from `start` to before `end`, which are there, as a new array; null with an exception. */
export function array_slice(o: usize, start: isize, end: isize): usize {
  const r = newArray(PyArray_Type, end - start, Arr.descr(o));
  if (r != 0 && end > start) {
    memory.copy(arrayobject.at(r).ob_item, Arr.item(o, start), <usize>((end - start) * Arr.itemsize(o)));
  }
  return r;
}

/** Takes out the items from `start` to before `end`, which are there; -1 with BufferError. */
export function deleteItems(o: usize, start: isize, end: isize): i32 {
  if (end <= start) return 0;
  const n = Py.SIZE(o);
  if (arrayobject.at(o).ob_exports > 0) return array_resize(o, n - (end - start));
  memory.copy(Arr.item(o, start), Arr.item(o, end), <usize>((n - end) * Arr.itemsize(o)));
  return array_resize(o, n - (end - start));
}

/** Appends what the iterable gives; -1 with an exception. */
function extendIterable(o: usize, iterable: usize): i32 {
  const it = PyObject_GetIter(iterable);
  if (it == 0) return -1;
  while (true) {
    const v = PyIter_Next(it);
    if (v == 0) break;
    const status = insertItem(o, Py.SIZE(o), v);
    Py.DECREF(v);
    if (status < 0) {
      Py.DECREF(it);
      return -1;
    }
  }
  Py.DECREF(it);
  return PyErr_Occurred() ? -1 : 0;
}

/** Appends the items of another array, or what an iterable gives; -1 with an exception. */
export function array_do_extend(o: usize, other: usize): i32 {
  if (!Arr.check(other)) return extendIterable(o, other);
  if (Arr.descr(o) != Arr.descr(other)) {
    return PyErr_Fail(PyExc_TypeError, "can only extend with array of same kind");
  }
  // They may be the same.
  const n = Py.SIZE(o);
  const more = Py.SIZE(other);
  if (array_resize(o, n + more) < 0) return -1;
  if (more > 0) memory.copy(Arr.item(o, n), arrayobject.at(other).ob_item, <usize>(more * Arr.itemsize(o)));
  return 0;
}

// Slots.

function array_new(type: usize, args: usize, kwds: usize): usize {
  const base = PyTypeObject.at(PyArray_Type);
  if (type == PyArray_Type || PyTypeObject.at(type).tp_init == base.tp_init) {
    if (!ArgParser.noKeywords("array.array", kwds)) return 0;
  }
  const n = Py.SIZE(args);
  if (n < 1) return PyErr_SetString(PyExc_TypeError, "array() takes at least 1 argument (0 given)");
  if (n > 2) return PyErr_Format(PyExc_TypeError, "array() takes at most 2 arguments (%d given)", n);
  const code = Tuple.get(args, 0);
  if (!Py.check(code, Py_TPFLAGS_UNICODE_SUBCLASS) || U.length(code) != 1) {
    return PyErr_Format(PyExc_TypeError, "array() argument 1 must be a unicode character, not %.50t", code);
  }
  if (!Audit.event("array.__new__", "OO", code, n > 1 ? Tuple.get(args, 1) : 0)) return 0;
  const typecode = U.at(code, 0);
  if (typecode == 0x75) {
    const message = "The 'u' type code is deprecated and will be removed in Python 3.16";
    if (PyErr_WarnEx(PyExc_DeprecationWarning, message, 1) < 0) return 0;
  }
  return makeArray(type, typecode, n > 1 ? Tuple.get(args, 1) : 0);
}

/** A new array with what `initial` (or null) gives: a list, tuple, array, bytes, str or iterable. Null with an exception. */
export function makeArray(type: usize, typecode: u32, initial: usize): usize {
  const isText = typecode == 0x75 || typecode == 0x77;
  const isArray = initial != 0 && Arr.check(initial);
  const isStr = initial != 0 && Py.check(initial, Py_TPFLAGS_UNICODE_SUBCLASS);
  if (!isText && isStr) {
    return PyErr_Format(PyExc_TypeError, "cannot use a str to initialize an array with typecode '%c'", typecode);
  }
  if (!isText && isArray && Arr.isText(initial)) {
    const message = "cannot use a unicode array to initialize an array with typecode '%c'";
    return PyErr_Format(PyExc_TypeError, message, typecode);
  }
  const isSequence = initial != 0 && (Py.check(initial, Py_TPFLAGS_LIST_SUBCLASS) || Tuple.check(initial));
  const isBytes = initial != 0 && (Py.check(initial, Py_TPFLAGS_BYTES_SUBCLASS) || ByteArray.check(initial));
  const isSame = isArray && Descr.typecode(Arr.descr(initial)) == typecode;
  let it: usize = 0;
  if (initial != 0 && !isSequence && !isBytes && !isSame && !isStr) {
    it = PyObject_GetIter(initial);
    if (it == 0) return 0;
  }
  const descr = descriptorOf(typecode);
  if (descr == 0) {
    Py.XDECREF(it);
    const message = "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)";
    return PyErr_SetString(PyExc_ValueError, message);
  }
  const o = newArray(type, isSequence || isSame ? Py.SIZE(initial) : 0, descr);
  let status: i32 = o == 0 ? -1 : 0;
  if (status == 0) {
    if (isSequence) status = fillFrom(o, initial);
    else if (isBytes) status = extendBytes(o, initial);
    else if (isStr) status = extendText(o, initial);
    else if (it != 0) status = extendIterable(o, it);
    else if (isSame && Py.SIZE(o) > 0) {
      memory.copy(Arr.item(o, 0), Arr.item(initial, 0), <usize>(Py.SIZE(o) * Arr.itemsize(o)));
    }
  }
  Py.XDECREF(it);
  if (status == 0) return o;
  Py.XDECREF(o);
  return 0;
}

/** Fills a new array from a list or tuple of as many items. */
function fillFrom(o: usize, sequence: usize): i32 {
  const n = Py.SIZE(o);
  for (let i: isize = 0; i < n; i++) {
    const v = PySequence_GetItem(sequence, i);
    if (v == 0) return -1;
    const status = setItem(o, i, v);
    Py.DECREF(v);
    if (status < 0) return -1;
  }
  return 0;
}

function array_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  const a = arrayobject.at(o);
  if (a.weakreflist != 0) PyObject_ClearWeakRefs(o);
  PyMem_Free(a.ob_item);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function array_traverse(_o: usize, _visit: u32, _arg: usize): i32 {
  return 0;
}

function array_richcompare(v: usize, w: usize, op: i32): usize {
  if (!Arr.check(v) || !Arr.check(w)) return _Py_NotImplementedStruct;
  if (Py.SIZE(v) != Py.SIZE(w) && (op == Py_EQ || op == Py_NE)) return PyBool_FromBool(op == Py_NE);
  const descr = Arr.descr(v);
  if (descr == Arr.descr(w) && Descr.kind(descr) != REAL) {
    const p = arrayobject.at(v).ob_item;
    const order = compareItems(p, arrayobject.at(w).ob_item, min(Py.SIZE(v), Py.SIZE(w)), descr);
    if (order != 0) return PyBool_FromBool(compareResult(order, op));
  } else {
    for (let i: isize = 0; i < Py.SIZE(v) && i < Py.SIZE(w); i++) {
      const x = getItem(v, i);
      const y = x == 0 ? 0 : getItem(w, i);
      const equal = y == 0 ? -1 : PyObject_RichCompareBool(x, y, Py_EQ);
      let r: usize = 0;
      if (equal == 0) {
        r = op == Py_EQ ? _Py_FalseStruct : op == Py_NE ? _Py_TrueStruct : PyObject_RichCompare(x, y, op);
      }
      Py.XDECREF(x);
      Py.XDECREF(y);
      if (equal <= 0) return r;
    }
  }
  const order = Py.SIZE(v) < Py.SIZE(w) ? -1 : Py.SIZE(v) > Py.SIZE(w) ? 1 : 0;
  return PyBool_FromBool(compareResult(order, op));
}

function array_repr(o: usize): usize {
  const typecode = Descr.typecode(Arr.descr(o));
  if (Py.SIZE(o) == 0) return PyUnicode_FromFormat("%s('%c')", _PyType_Name(Py.TYPE(o)), typecode);
  const items = Arr.isText(o) ? array_tounicode(o, 0) : array_tolist(o, 0);
  if (items == 0) return 0;
  const r = PyUnicode_FromFormat("%s('%c', %R)", _PyType_Name(Py.TYPE(o)), typecode, items);
  Py.DECREF(items);
  return r;
}

function array_length(o: usize): isize {
  return Py.SIZE(o);
}

function array_item(o: usize, i: isize): usize {
  if (i < 0 || i >= Py.SIZE(o)) return PyErr_SetString(PyExc_IndexError, "array index out of range");
  return getItem(o, i);
}

function array_ass_item(o: usize, i: isize, v: usize): i32 {
  if (i < 0 || i >= Py.SIZE(o)) return PyErr_Fail(PyExc_IndexError, "array assignment index out of range");
  return v == 0 ? deleteItems(o, i, i + 1) : setItem(o, i, v);
}

function array_contains(o: usize, v: usize): i32 {
  let found = 0;
  for (let i: isize = 0; found == 0 && i < Py.SIZE(o); i++) found = isItem(o, i, v);
  return found;
}

/** Whether item `i` equals the object: 1, 0, or -1 with an exception. */
export function isItem(o: usize, i: isize, v: usize): i32 {
  const item = getItem(o, i);
  if (item == 0) return -1;
  const equal = PyObject_RichCompareBool(item, v, Py_EQ);
  Py.DECREF(item);
  return equal;
}

function array_concat(o: usize, other: usize): usize {
  if (!Arr.check(other)) {
    return PyErr_Format(PyExc_TypeError, 'can only append array (not "%.200s") to array', PyTypeName.of(other));
  }
  if (Arr.descr(o) != Arr.descr(other)) return PyErr_BadArgument();
  const n = Py.SIZE(o);
  const more = Py.SIZE(other);
  if (<i64>n + <i64>more > 0x7fffffc0) return PyErr_NoMemory();
  const r = newArray(PyArray_Type, n + more, Arr.descr(o));
  if (r == 0) return 0;
  const size = Arr.itemsize(o);
  if (n > 0) memory.copy(Arr.item(r, 0), arrayobject.at(o).ob_item, <usize>(n * size));
  if (more > 0) memory.copy(Arr.item(r, n), arrayobject.at(other).ob_item, <usize>(more * size));
  return r;
}

function array_repeat(o: usize, n: isize): usize {
  const total = <i64>Py.SIZE(o) * <i64>max<isize>(n, 0);
  if (total > 0x7fffffc0) return PyErr_NoMemory();
  const r = newArray(PyArray_Type, <isize>total, Arr.descr(o));
  if (r == 0 || total == 0) return r;
  const size = Arr.itemsize(o);
  repeatBytes(Arr.item(r, 0), <usize>(<isize>total * size), Arr.item(o, 0), <usize>(Py.SIZE(o) * size));
  return r;
}

function array_inplace_concat(o: usize, other: usize): usize {
  if (!Arr.check(other)) {
    return PyErr_Format(PyExc_TypeError, 'can only extend array with array (not "%.200s")', PyTypeName.of(other));
  }
  return array_do_extend(o, other) < 0 ? 0 : Py.NewRef(o);
}

function array_inplace_repeat(o: usize, n: isize): usize {
  const size = Py.SIZE(o);
  if (size > 0 && n != 1) {
    const total = <i64>size * <i64>max<isize>(n, 0);
    if (total > 0x7fffffc0) return PyErr_NoMemory();
    if (array_resize(o, <isize>total) < 0) return 0;
    const unit = Arr.itemsize(o);
    if (total > 0) repeatBytes(Arr.item(o, 0), <usize>(<isize>total * unit), Arr.item(o, 0), <usize>(size * unit));
  }
  return Py.NewRef(o);
}

function array_subscript(o: usize, key: usize): usize {
  if (PyIndex_Check(key)) {
    const i = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (i == -1 && PyErr_Occurred()) return 0;
    return array_item(o, i < 0 ? i + Py.SIZE(o) : i);
  }
  if (!isSlice(key)) return PyErr_SetString(PyExc_TypeError, "array indices must be integers");
  const s = unpackSlice(key);
  if (s == 0) return 0;
  const n = adjustIndices(Py.SIZE(o), s);
  const start = SliceIndices.start(s);
  const step = SliceIndices.step(s);
  Scratch.give(s);
  if (step == 1) return array_slice(o, start, start + n);
  const r = newArray(PyArray_Type, n, Arr.descr(o));
  if (r == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    memory.copy(Arr.item(r, i), Arr.item(o, start + i * step), <usize>Arr.itemsize(o));
  }
  return r;
}

function array_ass_subscript(o: usize, key: usize, value: usize): i32 {
  if (PyIndex_Check(key)) {
    const i = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (i == -1 && PyErr_Occurred()) return -1;
    return array_ass_item(o, i < 0 ? i + Py.SIZE(o) : i, value);
  }
  if (!isSlice(key)) return PyErr_Fail(PyExc_TypeError, "array indices must be integers");
  const s = unpackSlice(key);
  if (s == 0) return -1;
  const n = adjustIndices(Py.SIZE(o), s);
  const start = SliceIndices.start(s);
  const step = SliceIndices.step(s);
  Scratch.give(s);
  if (value == 0) return deleteSlice(o, start, step, n);
  if (!Arr.check(value)) {
    PyErr_Format(PyExc_TypeError, 'can only assign array (not "%.200s") to array slice', PyTypeName.of(value));
    return -1;
  }
  if (Arr.descr(value) != Arr.descr(o)) {
    PyErr_BadArgument();
    return -1;
  }
  const from = o == value ? array_slice(o, 0, Py.SIZE(o)) : Py.NewRef(value);
  if (from == 0) return -1;
  const status = assignSlice(o, start, step, n, from);
  Py.DECREF(from);
  return status;
}

/** Puts the items of another array in the place of `n` items. */
function assignSlice(o: usize, start: isize, step: isize, n: isize, from: usize): i32 {
  const needed = Py.SIZE(from);
  if (needed == 0 && arrayobject.at(o).ob_exports > 0) {
    return PyErr_Fail(PyExc_BufferError, "cannot resize an array that is exporting buffers");
  }
  if (needed != n && arrayobject.at(o).ob_exports > 0) return array_resize(o, Py.SIZE(o) + needed - n);
  const unit = <usize>Arr.itemsize(o);
  if (step == 1) {
    const size = Py.SIZE(o);
    const behind = size - start - n;
    if (needed < n) memory.copy(Arr.item(o, start + needed), Arr.item(o, start + n), <usize>behind * unit);
    if (array_resize(o, size + needed - n) < 0) return -1;
    if (needed > n) memory.copy(Arr.item(o, start + needed), Arr.item(o, start + n), <usize>behind * unit);
    if (needed > 0) memory.copy(Arr.item(o, start), Arr.item(from, 0), <usize>needed * unit);
    return 0;
  }
  if (needed == 0) return deleteSlice(o, start, step, n);
  if (needed != n) {
    const message = "attempt to assign array of size %d to extended slice of size %d";
    PyErr_Format(PyExc_ValueError, message, needed, n);
    return -1;
  }
  for (let i: isize = 0; i < n; i++) memory.copy(Arr.item(o, start + i * step), Arr.item(from, i), unit);
  return 0;
}

function deleteSlice(o: usize, start: isize, step: isize, n: isize): i32 {
  if (arrayobject.at(o).ob_exports > 0) {
    return PyErr_Fail(PyExc_BufferError, "cannot resize an array that is exporting buffers");
  }
  if (n == 0) return 0;
  if (step < 0) {
    start += step * (n - 1);
    step = -step;
  }
  const size = Py.SIZE(o);
  const unit = <usize>Arr.itemsize(o);
  for (let i: isize = 0; i < n; i++) {
    const at = start + i * step;
    const next = i + 1 < n ? at + step : size;
    memory.copy(Arr.item(o, at - i), Arr.item(o, at + 1), <usize>(next - at - 1) * unit);
  }
  return array_resize(o, size - n);
}

function array_getbuffer(o: usize, view: usize, flags: i32): i32 {
  const a = arrayobject.at(o);
  const v = Py_buffer.at(view);
  v.buf = a.ob_item == 0 ? PyBytesObject.at(empty_bytes).ob_sval : a.ob_item;
  v.obj = Py.NewRef(o);
  v.len = a.ob_size * Arr.itemsize(o);
  v.readonly = 0;
  v.ndim = 1;
  v.itemsize = Arr.itemsize(o);
  v.suboffsets = 0;
  v.internal = 0;
  v.shape = flags & PyBUF_ND ? o + PyVarObject_ob_size : 0;
  v.strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? view + Py_buffer_itemsize : 0;
  v.format = flags & PyBUF_FORMAT ? (Arr.isText(o) ? CHARACTER_FORMAT : Arr.descr(o)) : 0;
  a.ob_exports = a.ob_exports + 1;
  return 0;
}

function array_releasebuffer(o: usize, _view: usize): void {
  const a = arrayobject.at(o);
  a.ob_exports = a.ob_exports - 1;
}

// The iterator.

function array_iter(o: usize): usize {
  const it = call_indirect<usize>(PyTypeObject.at(PyArrayIter_Type).tp_alloc, PyArrayIter_Type, <isize>0);
  if (it != 0) arrayiterobject.at(it).ao = Py.NewRef(o);
  return it;
}

function arrayiter_next(it: usize): usize {
  const i = arrayiterobject.at(it);
  const o = i.ao;
  if (o == 0) return 0;
  if (i.index < Py.SIZE(o)) {
    const item = getItem(o, i.index);
    i.index = i.index + 1;
    return item;
  }
  Py.CLEAR(i.ao_slot);
  return 0;
}

function arrayiter_dealloc(it: usize): void {
  PyObject_GC_UnTrack(it);
  arrayiterobject_clear(it);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(it)).tp_free, it);
}

/**
 * @type array.array
 * @order append buffer_info byteswap clear __copy__ count __deepcopy__ extend fromfile fromlist frombytes fromunicode
 * @order index insert pop __reduce_ex__ remove reverse tofile tolist tobytes tounicode __sizeof__
 *
 * array(typecode [, initializer]) -> array
 *
 * A list of numbers, or of characters, which has all of them in one block of
 * memory, as C has them. What may be in it is said by a type code, a str of
 * one character, and does not change. The items come from a list, bytes or
 * any iterable.
 *
 * The type codes, with the C type and the bytes of an item:
 *
 *     'b' signed char     1
 *     'B' unsigned char   1
 *     'u' wchar_t         4 (do not use it any more)
 *     'w' Py_UCS4         4
 *     'h' short           2
 *     'H' unsigned short  2
 *     'i' int             4
 *     'I' unsigned int    4
 *     'l' long            8
 *     'L' unsigned long   8
 *     'q' long long       8
 *     'Q' unsigned        8
 *     'f' float           4
 *     'd' double          8
 *
 * Most methods are those of lists, with the same names. The others:
 *
 *     buffer_info()  where the block is, and how many items it has
 *     byteswap()     turns round the bytes of each item
 *     frombytes()    appends items from bytes
 *     fromfile()     appends items from a file
 *     fromlist()     appends items from a list: all or none
 *     fromunicode()  appends characters from a str
 *     tobytes()      the items as bytes
 *     tofile()       writes the items to a file
 *     tolist()       the items in a list
 *     tounicode()    the characters as a str
 *
 * Attributes:
 *
 *     typecode       the type code
 *     itemsize       how many bytes an item has
 *
 * @classmethod array.array.__class_getitem__ = Py_GenericAlias
 * See PEP 585
 */

/**
 * @type array.arrayiterator
 */

/** Makes the types: 0, or -1 with an exception. */
export function initArrayTypes(): i32 {
  const t = collectedType(
    PyArray_Type,
    SIZEOF_arrayobject,
    array_dealloc.index,
    array_traverse.index,
    0,
    Py_TPFLAGS_BASETYPE | Py_TPFLAGS_SEQUENCE,
  );
  t.tp_new = array_new.index;
  t.tp_repr = array_repr.index;
  t.tp_iter = array_iter.index;
  t.tp_richcompare = array_richcompare.index;
  t.tp_hash = PyObject_HashNotImplemented.index;
  t.tp_weaklistoffset = <isize>arrayobject_weakreflist;
  const b = PyBufferProcs.at(asBuffer(PyArray_Type));
  b.bf_getbuffer = array_getbuffer.index;
  b.bf_releasebuffer = array_releasebuffer.index;
  const s = PySequenceMethods.at(asSequence(PyArray_Type));
  s.sq_length = array_length.index;
  s.sq_concat = array_concat.index;
  s.sq_repeat = array_repeat.index;
  s.sq_item = array_item.index;
  s.sq_ass_item = array_ass_item.index;
  s.sq_contains = array_contains.index;
  s.sq_inplace_concat = array_inplace_concat.index;
  s.sq_inplace_repeat = array_inplace_repeat.index;
  const m = PyMappingMethods.at(asMapping(PyArray_Type));
  m.mp_length = array_length.index;
  m.mp_subscript = array_subscript.index;
  m.mp_ass_subscript = array_ass_subscript.index;
  const i = collectedType(
    PyArrayIter_Type,
    SIZEOF_arrayiterobject,
    arrayiter_dealloc.index,
    arrayiterobject_traverse.index,
    arrayiterobject_clear.index,
    Py_TPFLAGS_DISALLOW_INSTANTIATION,
  );
  i.tp_iter = PyObject_SelfIter.index;
  i.tp_iternext = arrayiter_next.index;
  return PyType_Ready(PyArray_Type) == 0 && PyType_Ready(PyArrayIter_Type) == 0 ? 0 : -1;
}
