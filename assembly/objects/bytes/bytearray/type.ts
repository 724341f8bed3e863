// bytearray, the type (CPython 3.13's Objects/bytearrayobject.c).

import { _Py_TPFLAGS_MATCH_SELF, Py_TPFLAGS_BASETYPE, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../../generated/constants";
import {
  PyBufferProcs,
  PyByteArrayObject,
  PyBytesObject,
  PyMappingMethods,
  PyNumberMethods,
  PySequenceMethods,
  PyTypeObject,
  SIZEOF_PyByteArrayObject,
} from "../../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  PyByteArray_Type,
  PyExc_IndexError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyList_Type,
  PyLong_Type,
  PyTuple_Type,
} from "../../../generated/statics";
import { PyMem_Free } from "../../../memory/pymem";
import { Scratch } from "../../../thread/scratch";
import { List } from "../../containers/list/list";
import { adjustIndices, isSlice, SliceIndices, unpackSlice } from "../../containers/slice";
import { PyTuple_New, PyTuple_Pack1, PyTuple_Pack2, PyTuple_Pack3, Tuple } from "../../containers/tuple";
import { parseTupleAndKeywords, ssizeArgument, strArgument, utf8Argument } from "../../define/args";
import { asBuffer, asMapping, asNumber, asSequence } from "../../define/tables";
import {
  _PyType_Name,
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Fail,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../errors/raise";
import { bytearray_iter } from "../../iterators/sequence";
import { boolObject } from "../../numbers/bool";
import { Long } from "../../numbers/int/access";
import { PyLong_FromLong } from "../../numbers/int/create";
import { PyObject_Del, PyType_GenericAlloc } from "../../object/alloc";
import { PyObject_GenericGetAttr } from "../../object/attributes";
import { Buffer, PyBuffer_CopyItems, PyBuffer_FillInfo, PyObject_CheckBuffer } from "../../object/buffer";
import { PyObject_CallOneArg } from "../../object/call";
import { Py_EQ, Py_NE } from "../../object/flags";
import { Py } from "../../object/head";
import { PyObject_HashNotImplemented } from "../../protocol/compare";
import { PyObject_LengthHint } from "../../protocol/items";
import { PyIter_Next, PyObject_GetIter } from "../../protocol/iterator";
import { PyIndex_Check, PyNumber_AsSsize_t, PyNumber_Check } from "../../protocol/number";
import { PyUnicode_AsEncodedString } from "../../text/codecs/decode";
import { compareBytes, compareResult, equalBytes } from "../../text/compare";
import { PyTypeName, repeatBytes } from "../../text/concat";
import { cstringLength, PyUnicode_FromKindAndData, PyUnicode_FromLiteral } from "../../text/create";
import { Writer, writeAscii, writerDiscard, writerFinish } from "../../text/format/writer";
import { _PyObject_GetState } from "../../types/reduce";
import { PyBytes_FromStringAndSize } from "../bytes";
import { byteValue } from "../common";
import { bytes_contains, readHex } from "../methods";
import { _PyBytes_FormatEx } from "../percent";
import { writeBytesLiteral } from "../type";
import { warnOfBytes } from "../warnings";
import { ByteWriter, byteWriterDiscard, byteWriterFinish } from "../writer";
import { ByteArray, canResize, PyByteArray_FromStringAndSize, PyByteArray_Resize } from "./bytearray";

function bytearray_dealloc(o: usize): void {
  const b = PyByteArrayObject.at(o);
  if (b.ob_bytes != 0) PyMem_Free(b.ob_bytes);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function bytearray_repr(o: usize): usize {
  const w = Writer.begin(ByteArray.size(o) + 16);
  const name = _PyType_Name(Py.TYPE(o));
  let ok = writeAscii(w, name, cstringLength(name));
  if (ok == 0) ok = Writer.char(w, 0x28);
  if (ok == 0) ok = writeBytesLiteral(w, ByteArray.data(o), ByteArray.size(o), true);
  if (ok == 0) ok = Writer.char(w, 0x29);
  return ok == 0 ? writerFinish(w) : writerDiscard(w);
}

function bytearray_length(o: usize): isize {
  return ByteArray.size(o);
}

/**
 * Replaces bytes start to end, which are clamped, by the `n` at `p`, which do not lie in the array. -1 with an exception.
 * Runs no Python.
 */
function setSlice(o: usize, start: isize, end: isize, p: usize, n: isize): i32 {
  const size = ByteArray.size(o);
  // Bounds may be older than the last call of Python.
  start = min(start, size);
  end = min(max(end, start), size);
  const growth = n - (end - start);
  const b = PyByteArrayObject.at(o);
  if (growth < 0) {
    if (!canResize(o)) return -1;
    if (start == 0) {
      // At the front only the start moves.
      b.ob_start = b.ob_start + <usize>-growth;
    } else {
      const data = b.ob_start;
      memory.copy(data + <usize>(start + n), data + <usize>end, <usize>(size - end));
    }
    if (start == 0) {
      // The bytes after the end are where they must be; what was before them is given up.
      const moved = b.ob_start;
      b.ob_size = size + growth;
      if (size + growth == 0) b.ob_start = b.ob_bytes;
      else b.ob_start = moved;
      if (b.ob_bytes != 0) store<u8>(b.ob_start + <usize>b.ob_size, 0);
      shrink(o);
    } else if (PyByteArray_Resize(o, size + growth) < 0) return -1;
  } else if (growth > 0) {
    if (size > 0x7fffff00 - growth) {
      PyErr_NoMemory();
      return -1;
    }
    if (PyByteArray_Resize(o, size + growth) < 0) return -1;
    const data = b.ob_start;
    memory.copy(data + <usize>(start + n), data + <usize>end, <usize>(size - end));
  }
  if (n > 0) memory.copy(b.ob_start + <usize>start, p, <usize>n);
  return 0;
}

/** After bytes were given up at the front: a block that is mostly unused becomes a smaller one. */
function shrink(o: usize): void {
  const b = PyByteArrayObject.at(o);
  if (b.ob_size + 1 >= b.ob_alloc / 2) return;
  // Resizing by nothing does nothing: one byte more and back moves the bytes to a block of their own.
  const n = b.ob_size;
  b.ob_size = n + 1;
  if (PyByteArray_Resize(o, n) < 0) {
    PyErr_Clear();
    b.ob_size = n;
  }
}

/** bytearray(v) as a new one of exactly that type. Null with an exception. */
function fromObject(v: usize): usize {
  const r = PyByteArray_FromStringAndSize(0, 0);
  if (r == 0) return 0;
  if (initialise(r, v, 0, 0) == 0) return r;
  Py.DECREF(r);
  return 0;
}

/** Whether the `n` items at `items` are all exactly ints. */
function allInts(items: usize, n: isize): bool {
  for (let i: isize = 0; i < n; i++) if (!Py.IS_TYPE(Py.item(items, i), PyLong_Type)) return false;
  return true;
}

/** Appends the values of the `n` ints at `items`, with room for all at once. -1 with an exception. */
function appendInts(o: usize, items: usize, n: isize): i32 {
  const size = ByteArray.size(o);
  if (PyByteArray_Resize(o, size + n) < 0) return -1;
  for (let i: isize = 0; i < n; i++) {
    const c = byteValue(Py.item(items, i));
    if (c < 0) return -1;
    store<u8>(ByteArray.data(o) + <usize>(size + i), c);
  }
  return 0;
}

/** Makes an array what bytes-like objects and iterables of ints give; it is empty. -1 with an exception. */
function fill(o: usize, v: usize): i32 {
  if (PyObject_CheckBuffer(v)) {
    const view = Buffer.openFull(v);
    if (view == 0) return -1;
    const n = Buffer.length(view);
    // What lending did to the array is overwritten.
    const r = PyByteArray_Resize(o, n);
    if (r == 0 && n > 0) PyBuffer_CopyItems(ByteArray.data(o), view, false);
    Buffer.close(view);
    return r;
  }
  if (Py.IS_TYPE(v, PyList_Type) || Py.IS_TYPE(v, PyTuple_Type)) {
    const isList = Py.IS_TYPE(v, PyList_Type);
    const items = isList ? List.items(v) : Tuple.items(v);
    const m = isList ? List.size(v) : Tuple.size(v);
    if (allInts(items, m)) return appendInts(o, items, m);
    // The room is made, and given up when the first other object is seen.
    const n = ByteArray.size(o);
    if (PyByteArray_Resize(o, n + m) < 0 || PyByteArray_Resize(o, n) < 0) return -1;
  }
  const it = PyObject_GetIter(v);
  if (it == 0) {
    if (PyErr_ExceptionMatches(PyExc_TypeError)) {
      PyErr_Clear();
      PyErr_Format(PyExc_TypeError, "cannot convert '%.200s' object to bytearray", PyTypeName.of(v));
    }
    return -1;
  }
  const r = appendFrom(o, it);
  Py.DECREF(it);
  return r;
}

/** Appends the values of the ints that an iterator gives. -1 with an exception. */
function appendFrom(o: usize, it: usize): i32 {
  for (;;) {
    const item = PyIter_Next(it);
    if (item == 0) return PyErr_Occurred() ? -1 : 0;
    const c = byteValue(item);
    Py.DECREF(item);
    if (c < 0 || appendByte(o, c) < 0) return -1;
  }
  return unreachable();
}

function appendByte(o: usize, c: i32): i32 {
  const n = ByteArray.size(o);
  if (PyByteArray_Resize(o, n + 1) < 0) return -1;
  store<u8>(ByteArray.data(o) + <usize>n, c);
  return 0;
}

function bytearray_item(o: usize, i: isize): usize {
  if (<u32>i >= <u32>ByteArray.size(o)) return PyErr_SetString(PyExc_IndexError, "bytearray index out of range");
  return Long.small(load<u8>(ByteArray.data(o) + <usize>i));
}

function bytearray_subscript(o: usize, item: usize): usize {
  if (PyIndex_Check(item)) {
    const i = PyNumber_AsSsize_t(item, PyExc_IndexError);
    if (i == -1 && PyErr_Occurred()) return 0;
    return bytearray_item(o, i < 0 ? i + ByteArray.size(o) : i);
  }
  if (!isSlice(item)) {
    return PyErr_Format(
      PyExc_TypeError,
      "bytearray indices must be integers or slices, not %.200s",
      PyTypeName.of(item),
    );
  }
  const s = unpackSlice(item);
  if (s == 0) return 0;
  const length = adjustIndices(ByteArray.size(o), s);
  const start = SliceIndices.start(s);
  const step = SliceIndices.step(s);
  Scratch.give(s);
  const data = ByteArray.data(o);
  if (length <= 0) return PyByteArray_FromStringAndSize(0, 0);
  if (step == 1) return PyByteArray_FromStringAndSize(data + <usize>start, length);
  const r = PyByteArray_FromStringAndSize(0, length);
  if (r == 0) return 0;
  const to = ByteArray.data(r);
  for (let i: isize = 0, at = start; i < length; i++, at += step) store<u8>(to + <usize>i, load<u8>(data + <usize>at));
  return r;
}

function bytearray_ass_item(o: usize, i: isize, v: usize): i32 {
  return assignItem(o, i, v, false);
}

/** Stores or, where `v` is null, deletes byte `i`, counted from the end where negative if so asked. -1 with an exception. */
function assignItem(o: usize, i: isize, v: usize, fromEnd: bool): i32 {
  // The value first: what its __index__ does to the array is done before the index is looked at.
  const c = v == 0 ? 0 : byteValue(v);
  if (c < 0) return -1;
  if (fromEnd && i < 0) i += ByteArray.size(o);
  if (<u32>i >= <u32>ByteArray.size(o)) return PyErr_Fail(PyExc_IndexError, "bytearray index out of range");
  if (v == 0) return setSlice(o, i, i + 1, 0, 0);
  store<u8>(ByteArray.data(o) + <usize>i, c);
  return 0;
}

/** Deletes the bytes of a slice whose step is not 1. -1 with BufferError. */
function deleteStepped(o: usize, start: isize, step: isize, length: isize): i32 {
  if (!canResize(o)) return -1;
  if (length <= 0) return 0;
  if (step < 0) {
    start += step * (length - 1);
    step = -step;
  }
  const n = ByteArray.size(o);
  const data = ByteArray.data(o);
  let to = start;
  let next = start;
  let k: isize = 0;
  for (let i = start; i < n; i++) {
    if (i == next && k < length) {
      k++;
      next += step;
    } else {
      store<u8>(data + <usize>to, load<u8>(data + <usize>i));
      to++;
    }
  }
  return PyByteArray_Resize(o, n - length);
}

/** Stores the bytes of `from`, another bytearray, in those of a slice whose step is not 1. -1 with an exception. */
function assignStepped(o: usize, start: isize, step: isize, length: isize, from: usize): i32 {
  const n = ByteArray.size(from);
  if (n != length) {
    PyErr_Format(PyExc_ValueError, "attempt to assign bytes of size %d to extended slice of size %d", n, length);
    return -1;
  }
  const p = ByteArray.data(from);
  const to = ByteArray.data(o);
  for (let i: isize = 0, at = start; i < length; i++, at += step) store<u8>(to + <usize>at, load<u8>(p + <usize>i));
  return 0;
}

/** o[slice] = v for a bytearray `v` that is not `o`, or del o[slice] where it is null. -1 with an exception. */
function assignSlice(o: usize, slice: usize, v: usize): i32 {
  const s = unpackSlice(slice);
  if (s == 0) return -1;
  // Nothing calls Python from here on.
  const length = adjustIndices(ByteArray.size(o), s);
  const start = SliceIndices.start(s);
  const stop = SliceIndices.stop(s);
  const step = SliceIndices.step(s);
  Scratch.give(s);
  const n = v == 0 ? 0 : ByteArray.size(v);
  if (step == 1) return setSlice(o, start, stop, v == 0 ? 0 : ByteArray.data(v), n);
  return n == 0 ? deleteStepped(o, start, step, length) : assignStepped(o, start, step, length, v);
}

function bytearray_ass_subscript(o: usize, item: usize, v: usize): i32 {
  if (PyIndex_Check(item)) {
    const i = PyNumber_AsSsize_t(item, PyExc_IndexError);
    if (i == -1 && PyErr_Occurred()) return -1;
    return assignItem(o, i, v, true);
  }
  if (!isSlice(item)) {
    PyErr_Format(PyExc_TypeError, "bytearray indices must be integers or slices, not %.200s", PyTypeName.of(item));
    return -1;
  }
  if (v == 0 || (v != o && ByteArray.check(v))) return assignSlice(o, item, v);
  // Its bounds are asked for now, for the errors they raise, and again when the copy is there.
  const s = unpackSlice(item);
  if (s == 0) return -1;
  Scratch.give(s);
  if (PyNumber_Check(v) || Py.check(v, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Fail(PyExc_TypeError, "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
  }
  const copy = fromObject(v);
  if (copy == 0) return -1;
  const r = assignSlice(o, item, copy);
  Py.DECREF(copy);
  return r;
}

/** a + b: a new bytearray. */
function bytearray_concat(a: usize, b: usize): usize {
  const va = Buffer.open(a);
  const vb = va == 0 ? 0 : Buffer.open(b);
  let r: usize = 0;
  if (vb == 0) {
    PyErr_Clear();
    PyErr_Format(PyExc_TypeError, "can't concat %.100s to %.100s", PyTypeName.of(b), PyTypeName.of(a));
  } else {
    const na = Buffer.length(va);
    const nb = Buffer.length(vb);
    if (na > 0x7fffff00 - nb) PyErr_NoMemory();
    else {
      r = PyByteArray_FromStringAndSize(0, na + nb);
      if (r != 0 && na + nb > 0) {
        memory.copy(ByteArray.data(r), Buffer.data(va), <usize>na);
        memory.copy(ByteArray.data(r) + <usize>na, Buffer.data(vb), <usize>nb);
      }
    }
    Buffer.close(vb);
  }
  if (va != 0) Buffer.close(va);
  return r;
}

function bytearray_iconcat(o: usize, other: usize): usize {
  const view = Buffer.open(other);
  if (view == 0) {
    PyErr_Clear();
    return PyErr_Format(PyExc_TypeError, "can't concat %.100s to %.100s", PyTypeName.of(other), PyTypeName.of(o));
  }
  // An array that lends its own bytes cannot be resized: o += o is a BufferError.
  const n = ByteArray.size(o);
  const m = Buffer.length(view);
  let r: i32 = -1;
  if (m > 0x7fffff00 - n) PyErr_NoMemory();
  else r = PyByteArray_Resize(o, n + m);
  if (r == 0) memory.copy(ByteArray.data(o) + <usize>n, Buffer.data(view), <usize>m);
  Buffer.close(view);
  return r < 0 ? 0 : Py.NewRef(o);
}

function bytearray_repeat(o: usize, n: isize): usize {
  const size = ByteArray.size(o);
  const total = n <= 0 ? 0 : <i64>size * n;
  if (total > 0x7fffff00) return PyErr_NoMemory();
  const r = PyByteArray_FromStringAndSize(0, <isize>total);
  if (r != 0 && total > 0) repeatBytes(ByteArray.data(r), <usize>total, ByteArray.data(o), <usize>size);
  return r;
}

function bytearray_irepeat(o: usize, n: isize): usize {
  const size = ByteArray.size(o);
  const total = n <= 0 ? 0 : <i64>size * n;
  if (total > 0x7fffff00) return PyErr_NoMemory();
  if (PyByteArray_Resize(o, <isize>total) < 0) return 0;
  const p = ByteArray.data(o);
  for (let done = <usize>size; size > 0 && done < <usize>total; ) {
    const step = min(done, <usize>total - done);
    memory.copy(p + done, p, step);
    done += step;
  }
  return Py.NewRef(o);
}

function bytearray_str(o: usize): usize {
  return warnOfBytes("str() on a bytearray instance") < 0 ? 0 : bytearray_repr(o);
}

function bytearray_richcompare(a: usize, b: usize, op: i32): usize {
  if (!PyObject_CheckBuffer(a) || !PyObject_CheckBuffer(b)) {
    const text = Py.check(a, Py_TPFLAGS_UNICODE_SUBCLASS) || Py.check(b, Py_TPFLAGS_UNICODE_SUBCLASS);
    const warned = text && (op == Py_EQ || op == Py_NE) ? warnOfBytes("Comparison between bytearray and string") : 0;
    return warned < 0 ? 0 : _Py_NotImplementedStruct;
  }
  const va = Buffer.open(a);
  const vb = va == 0 ? 0 : Buffer.open(b);
  if (vb == 0) {
    // What has no bytes to lend now is like what never has any.
    PyErr_Clear();
    if (va != 0) Buffer.close(va);
    return _Py_NotImplementedStruct;
  }
  const na = Buffer.length(va);
  const nb = Buffer.length(vb);
  let r: usize;
  if (op == Py_EQ || op == Py_NE) {
    const equal = na == nb && equalBytes(Buffer.data(va), Buffer.data(vb), <usize>na);
    r = boolObject(equal == (op == Py_EQ));
  } else {
    let c = compareBytes(Buffer.data(va), Buffer.data(vb), <usize>min(na, nb));
    if (c == 0) c = na == nb ? 0 : na < nb ? -1 : 1;
    r = boolObject(compareResult(c, op));
  }
  Buffer.close(vb);
  Buffer.close(va);
  return r;
}

function bytearray_getbuffer(o: usize, view: usize, flags: i32): i32 {
  if (PyBuffer_FillInfo(view, o, ByteArray.data(o), ByteArray.size(o), false, flags) < 0) return -1;
  const b = PyByteArrayObject.at(o);
  b.ob_exports = b.ob_exports + 1;
  return 0;
}

function bytearray_releasebuffer(o: usize, _view: usize): void {
  const b = PyByteArrayObject.at(o);
  b.ob_exports = b.ob_exports - 1;
}

function bytearray_mod(a: usize, b: usize): usize {
  if (!ByteArray.check(a)) return _Py_NotImplementedStruct;
  // The values' methods may change the array, which is lent meanwhile.
  const view = Buffer.open(a);
  if (view == 0) return 0;
  const bytes = _PyBytes_FormatEx(Buffer.data(view), Buffer.length(view), b);
  Buffer.close(view);
  if (bytes == 0) return 0;
  const r = PyByteArray_FromStringAndSize(PyBytesObject.at(bytes).ob_sval, Py.SIZE(bytes));
  Py.DECREF(bytes);
  return r;
}

function initialise(o: usize, x: usize, encoding: usize, errors: usize): i32 {
  if (encoding != 0 && !utf8Argument(encoding, "bytearray", "argument 'encoding'")) return -1;
  if (errors != 0 && !utf8Argument(errors, "bytearray", "argument 'errors'")) return -1;
  if (ByteArray.size(o) != 0 && PyByteArray_Resize(o, 0) < 0) return -1;
  if (x == 0) {
    if (encoding == 0 && errors == 0) return 0;
    const message = encoding != 0 ? "encoding without a string argument" : "errors without a string argument";
    return PyErr_Fail(PyExc_TypeError, message);
  }
  if (Py.check(x, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    if (encoding == 0) return PyErr_Fail(PyExc_TypeError, "string argument without an encoding");
    const bytes = PyUnicode_AsEncodedString(x, encoding, errors);
    if (bytes == 0) return -1;
    // An error handler may have put something into the array.
    const n = ByteArray.size(o);
    const r = setSlice(o, n, n, PyBytesObject.at(bytes).ob_sval, Py.SIZE(bytes));
    Py.DECREF(bytes);
    return r;
  }
  if (encoding != 0 || errors != 0) {
    const message = encoding != 0 ? "encoding without a string argument" : "errors without a string argument";
    return PyErr_Fail(PyExc_TypeError, message);
  }
  if (PyIndex_Check(x)) {
    const n = PyNumber_AsSsize_t(x, PyExc_OverflowError);
    if (n == -1 && PyErr_Occurred()) {
      if (!PyErr_ExceptionMatches(PyExc_TypeError)) return -1;
      PyErr_Clear();
    } else {
      if (n < 0) return PyErr_Fail(PyExc_ValueError, "negative count");
      if (n > 0) {
        if (PyByteArray_Resize(o, n) < 0) return -1;
        memory.fill(ByteArray.data(o), 0, <usize>n);
      }
      return 0;
    }
  }
  return fill(o, x);
}

function bytearray_init(o: usize, args: usize, kwds: usize): i32 {
  const out = Scratch.take(3);
  const ok = parseTupleAndKeywords("bytearray", "source encoding errors", args, kwds, out, 0, 3);
  const x = Py.item(out, 0);
  const encoding = Py.item(out, 1);
  const errors = Py.item(out, 2);
  Scratch.give(out);
  return ok ? initialise(o, x, encoding, errors) : -1;
}

function bytearray_new(type: usize, _args: usize, _kwds: usize): usize {
  return call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, 0);
}

/**
 * @native bytearray.append($self, item, /)
 *
 * Put one byte at the end.
 *
 *   item
 *     Its value, from 0 to 255, as an int.
 */
export function bytearray_append(o: usize, v: usize): usize {
  const c = byteValue(v);
  return c < 0 || appendByte(o, c) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native bytearray.extend($self, iterable_of_ints, /)
 *
 * Put many bytes at the end.
 *
 *   iterable_of_ints
 *     Their values, each from 0 to 255: any iterable of ints, or something else with a buffer.
 */
export function bytearray_extend(o: usize, v: usize): usize {
  if (PyObject_CheckBuffer(v)) return extendBuffer(o, v) < 0 ? 0 : _Py_NoneStruct;
  const it = PyObject_GetIter(v);
  if (it == 0) {
    if (PyErr_ExceptionMatches(PyExc_TypeError)) {
      PyErr_Clear();
      PyErr_Format(PyExc_TypeError, "can't extend bytearray with %.100s", PyTypeName.of(v));
    }
    return 0;
  }
  // Collected first: the iterable may look at the array.
  const hint = PyObject_LengthHint(v, 32);
  const part = hint < 0 ? 0 : PyByteArray_FromStringAndSize(0, hint);
  let r: i32 = -1;
  if (part != 0) {
    PyByteArrayObject.at(part).ob_size = 0;
    r = appendFrom(part, it);
    if (r < 0 && Py.check(v, Py_TPFLAGS_UNICODE_SUBCLASS) && PyErr_ExceptionMatches(PyExc_TypeError)) {
      PyErr_Clear();
      PyErr_SetString(PyExc_TypeError, "expected iterable of integers; got: 'str'");
    }
  }
  Py.DECREF(it);
  if (r == 0) {
    const n = ByteArray.size(o);
    r = setSlice(o, n, n, ByteArray.data(part), ByteArray.size(part));
  }
  Py.XDECREF(part);
  return r < 0 ? 0 : _Py_NoneStruct;
}

/** Appends what an object lends, the array itself included. -1 with an exception. */
function extendBuffer(o: usize, v: usize): i32 {
  const copy = v == o ? PyByteArray_FromStringAndSize(ByteArray.data(v), ByteArray.size(v)) : Py.NewRef(v);
  if (copy == 0) return -1;
  // Before the loan, as what it does to the array goes behind the bytes that are added.
  const at = ByteArray.size(o);
  const view = Buffer.open(copy);
  let r: i32 = -1;
  if (view == 0) {
    PyErr_Clear();
    PyErr_Format(PyExc_TypeError, "can't set bytearray slice from %.100s", PyTypeName.of(v));
  } else {
    r = setSlice(o, at, at, Buffer.data(view), Buffer.length(view));
    Buffer.close(view);
  }
  Py.DECREF(copy);
  return r;
}

/**
 * @native bytearray.insert($self, index, item, /)
 *
 * Put one byte between others.
 *
 *   index
 *     Before which it goes; beyond either end it means at that end.
 *   item
 *     Its value, from 0 to 255, as an int, too.
 */
export function bytearray_insert(o: usize, i: isize, item_: usize): usize {
  const c = byteValue(item_);
  if (c < 0) return 0;
  const n = ByteArray.size(o);
  if (PyByteArray_Resize(o, n + 1) < 0) return 0;
  if (i < 0) i = max<isize>(i + n, 0);
  if (i > n) i = n;
  const p = ByteArray.data(o) + <usize>i;
  memory.copy(p + 1, p, <usize>(n - i));
  store<u8>(p, c);
  return _Py_NoneStruct;
}

/**
 * @native bytearray.pop($self, index=-1, /)
 *
 * Take out one byte, and return its value.
 *
 *   index
 *     Which one; negative numbers count from the end, and the last one is taken by default.
 *
 * IndexError where there is no such byte, or where none is left.
 */
export function bytearray_pop(o: usize, i: isize): usize {
  const n = ByteArray.size(o);
  if (n == 0) return PyErr_SetString(PyExc_IndexError, "pop from empty bytearray");
  if (i < 0) i += n;
  if (i < 0 || i >= n) return PyErr_SetString(PyExc_IndexError, "pop index out of range");
  if (!canResize(o)) return 0;
  const p = ByteArray.data(o) + <usize>i;
  const c = load<u8>(p);
  memory.copy(p, p + 1, <usize>(n - i - 1));
  return PyByteArray_Resize(o, n - 1) < 0 ? 0 : Long.small(c);
}

/**
 * @native bytearray.remove($self, value, /)
 *
 * Take out one byte, where it occurs first.
 *
 *   value
 *     Which, from 0 to 255. ValueError if none.
 */
export function bytearray_remove(o: usize, v: usize): usize {
  const c = byteValue(v);
  if (c < 0) return 0;
  const n = ByteArray.size(o);
  const p = ByteArray.data(o);
  for (let i: isize = 0; i < n; i++) {
    if (load<u8>(p + <usize>i) != <u8>c) continue;
    if (!canResize(o)) return 0;
    memory.copy(p + <usize>i, p + <usize>i + 1, <usize>(n - i - 1));
    return PyByteArray_Resize(o, n - 1) < 0 ? 0 : _Py_NoneStruct;
  }
  return PyErr_SetString(PyExc_ValueError, "value not found in bytearray");
}

/**
 * @native bytearray.reverse($self, /)
 *
 * Turn it round: the last byte is now the first.
 */
export function bytearray_reverse(o: usize, _: usize): usize {
  const p = ByteArray.data(o);
  for (let i: isize = 0, j = ByteArray.size(o) - 1; i < j; i++, j--) {
    const t = load<u8>(p + <usize>i);
    store<u8>(p + <usize>i, load<u8>(p + <usize>j));
    store<u8>(p + <usize>j, t);
  }
  return _Py_NoneStruct;
}

/**
 * @native bytearray.clear($self, /)
 *
 * Leave nothing in the bytearray.
 */
export function bytearray_clear(o: usize, _: usize): usize {
  return PyByteArray_Resize(o, 0) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native bytearray.copy($self, /)
 *
 * Another one like it.
 */
export function bytearray_copy(o: usize, _: usize): usize {
  return PyByteArray_FromStringAndSize(ByteArray.data(o), ByteArray.size(o));
}

/**
 * @classmethod bytearray.fromhex($type, string, /)
 *
 * The bytes that a text spells, two digits in base 16 each, in a new bytearray.
 *
 * Some white space may stand between two.
 *
 * >>> bytearray.fromhex('48 69 21')
 * bytearray(b'Hi!')
 */
export function bytearray_fromhex(type: usize, text: usize): usize {
  if (!strArgument(text, "fromhex", "argument")) return 0;
  const w = ByteWriter.begin(0);
  const bytes = readHex(w, text) < 0 ? byteWriterDiscard(w) : byteWriterFinish(w);
  if (bytes == 0) return 0;
  const r =
    type == PyByteArray_Type
      ? PyByteArray_FromStringAndSize(PyBytesObject.at(bytes).ob_sval, Py.SIZE(bytes))
      : PyObject_CallOneArg(type, bytes);
  Py.DECREF(bytes);
  return r;
}

/**
 * @native bytearray.__alloc__
 *
 * How many bytes of memory it holds, those in reserve included.
 */
export function bytearray_alloc(o: usize, _: usize): usize {
  return PyLong_FromLong(PyByteArrayObject.at(o).ob_alloc);
}

/**
 * @native bytearray.__sizeof__($self, /)
 *
 * How many bytes it takes up, head and reserve being included.
 */
export function bytearray_sizeof(o: usize, _: usize): usize {
  return PyLong_FromLong(PyTypeObject.at(Py.TYPE(o)).tp_basicsize + PyByteArrayObject.at(o).ob_alloc);
}

/** (type, (text, "latin-1"), state), or with bytes for protocol 3 and above. */
function reduce(o: usize, protocol: isize): usize {
  const state = _PyObject_GetState(o);
  if (state == 0) return 0;
  let args: usize = 0;
  if (ByteArray.size(o) == 0) args = PyTuple_New(0);
  else if (protocol < 3) {
    const text = PyUnicode_FromKindAndData(1, ByteArray.data(o), ByteArray.size(o));
    const encoding = text == 0 ? 0 : PyUnicode_FromLiteral("latin-1");
    args = encoding == 0 ? 0 : PyTuple_Pack2(text, encoding);
    Py.XDECREF(text);
    Py.XDECREF(encoding);
  } else {
    const bytes = PyBytes_FromStringAndSize(ByteArray.data(o), ByteArray.size(o));
    args = bytes == 0 ? 0 : PyTuple_Pack1(bytes);
    Py.XDECREF(bytes);
  }
  const r = args == 0 ? 0 : PyTuple_Pack3(Py.TYPE(o), args, state);
  Py.XDECREF(args);
  Py.DECREF(state);
  return r;
}

/**
 * @native bytearray.__reduce__($self, /)
 *
 * What a copy is made from.
 */
export function bytearray_reduce(o: usize, _: usize): usize {
  return reduce(o, 2);
}

/**
 * @native bytearray.__reduce_ex__($self, proto=0, /)
 *
 * What a copy is made from.
 */
export function bytearray_reduce_ex(o: usize, proto: usize): usize {
  const protocol = proto != 0 ? ssizeArgument(proto) : 0;
  return protocol == -1 && PyErr_Occurred() ? 0 : reduce(o, protocol);
}

/**
 * @type bytearray
 * @order __alloc__ __reduce__ __reduce_ex__ __sizeof__ append clear copy extend fromhex insert pop remove
 * @order reverse capitalize center count decode endswith expandtabs find hex index isalnum isalpha isascii
 * @order isdigit islower isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix
 * @order removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip
 * @order swapcase title translate upper zfill
 *
 * bytearray(source=b''): what has a buffer is copied; numbers from 0 to 255 of an iterable become bytes; an int gives as many zeros
 * bytearray(text, encoding[, errors]): the text encoded
 *
 * A row of bytes that can be changed, lengthened and shortened in place: items are numbers, slices are bytearrays. Otherwise it behaves as bytes does, with the same methods for text in ASCII; it cannot be a key. While another object looks at its memory, as a memoryview does, its length is fixed, and to change that is a BufferError.
 */

/** Fills the type's slots and tables. */
export function initByteArrayType(): void {
  const type = PyByteArray_Type;
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_PyByteArrayObject;
  t.tp_flags = Py_TPFLAGS_BASETYPE | _Py_TPFLAGS_MATCH_SELF;
  t.tp_dealloc = bytearray_dealloc.index;
  t.tp_repr = bytearray_repr.index;
  t.tp_str = bytearray_str.index;
  t.tp_hash = PyObject_HashNotImplemented.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_richcompare = bytearray_richcompare.index;
  t.tp_iter = bytearray_iter.index;
  t.tp_init = bytearray_init.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_new = bytearray_new.index;
  t.tp_free = PyObject_Del.index;
  const b = PyBufferProcs.at(asBuffer(type));
  b.bf_getbuffer = bytearray_getbuffer.index;
  b.bf_releasebuffer = bytearray_releasebuffer.index;
  PyNumberMethods.at(asNumber(type)).nb_remainder = bytearray_mod.index;
  const s = PySequenceMethods.at(asSequence(type));
  s.sq_length = bytearray_length.index;
  s.sq_concat = bytearray_concat.index;
  s.sq_repeat = bytearray_repeat.index;
  s.sq_item = bytearray_item.index;
  s.sq_ass_item = bytearray_ass_item.index;
  s.sq_contains = bytes_contains.index;
  s.sq_inplace_concat = bytearray_iconcat.index;
  s.sq_inplace_repeat = bytearray_irepeat.index;
  const m = PyMappingMethods.at(asMapping(type));
  m.mp_length = bytearray_length.index;
  m.mp_subscript = bytearray_subscript.index;
  m.mp_ass_subscript = bytearray_ass_subscript.index;
}
