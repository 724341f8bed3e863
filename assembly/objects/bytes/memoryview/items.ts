// The items of a memoryview: from bytes to objects and back by the view's format, and how two buffers compare
// (the formats of CPython 3.13's Objects/memoryobject.c).
//
// A format is one character of the struct module, native size and order, with or without "@" before it. Deliberate
// difference: nothing lends items of any other format but "w", an array of characters, which the struct module does not
// know either; so that is never asked.

import { Py_TPFLAGS_BYTES_SUBCLASS } from "../../../generated/constants";
import { Py_buffer, PyBytesObject } from "../../../generated/layouts";
import {
  PyExc_NotImplementedError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../../generated/statics";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_Format, PyErr_Occurred } from "../../errors/raise";
import { boolObject } from "../../numbers/bool";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../../numbers/float/float";
import { PyFloat_Pack2, PyFloat_Unpack2 } from "../../numbers/float/pack";
import { Long } from "../../numbers/int/access";
import {
  PyLong_AsLongLong,
  PyLong_AsUnsignedLongLong,
  PyLong_FromLongLong,
  PyLong_FromUnsignedLongLong,
} from "../../numbers/int/create";
import { Extent } from "../../object/buffer";
import { Py_EQ } from "../../object/flags";
import { Py } from "../../object/head";
import { PyObject_IsTrue, PyObject_RichCompareBool } from "../../protocol/compare";
import { PyNumber_Index } from "../../protocol/number";
import { equalBytes } from "../../text/compare";
import { PyBytes_FromStringAndSize } from "../bytes";

// The characters, and their sizes in the same order.
const FORMAT_COUNT: usize = 18;
// c b B h H i I l L q Q n N f d ? P e, each ended by a NUL
const formats: usize = memory.data<u8>([
  99, 0, 98, 0, 66, 0, 104, 0, 72, 0, 105, 0, 73, 0, 108, 0, 76, 0, 113, 0, 81, 0, 110, 0, 78, 0, 102, 0, 100, 0, 63, 0,
  80, 0, 101, 0,
]);
const atFormats: usize = memory.data<u8>([
  64, 99, 0, 64, 98, 0, 64, 66, 0, 64, 104, 0, 64, 72, 0, 64, 105, 0, 64, 73, 0, 64, 108, 0, 64, 76, 0, 64, 113, 0, 64,
  81, 0, 64, 110, 0, 64, 78, 0, 64, 102, 0, 64, 100, 0, 64, 63, 0, 64, 80, 0, 64, 101, 0,
]);
const sizes: usize = memory.data<u8>([1, 1, 1, 2, 2, 4, 4, 8, 8, 8, 8, 8, 8, 4, 8, 1, 8, 2]);

/** Position of the character among the formats; FORMAT_COUNT where it is none. */
function formatIndex(c: u32): usize {
  let i: usize = 0;
  while (i < FORMAT_COUNT && load<u8>(formats + i * 2) != c) i++;
  return i;
}

/** The format's one character; 0 where it is not supported. Null stands for "B". */
export function nativeFormat(format: usize): u32 {
  if (format == 0) return 0x42;
  const p = load<u8>(format) == 0x40 ? format + 1 : format;
  const c = <u32>load<u8>(p);
  return c != 0 && load<u8>(p + 1) == 0 && formatIndex(c) < FORMAT_COUNT ? c : 0;
}

/** As nativeFormat, with NotImplementedError where it is 0. */
export function supportedFormat(format: usize): u32 {
  const c = nativeFormat(format);
  if (c == 0) PyErr_Format(PyExc_NotImplementedError, "memoryview: format %s not supported", format);
  return c;
}

/** The text of a supported character in memory that never goes away. */
export function formatText(c: u32, withAt: bool): usize {
  const i = formatIndex(c);
  return withAt ? atFormats + i * 3 : formats + i * 2;
}

/** Bytes of an item of a supported character. */
export function formatSize(c: u32): isize {
  return load<u8>(sizes + formatIndex(c));
}

export function isByteFormat(c: u32): bool {
  return c == 0x62 || c == 0x42 || c == 0x63;
}

function isSigned(c: u32): bool {
  return c == 0x62 || c == 0x68 || c == 0x69 || c == 0x6c || c == 0x71 || c == 0x6e;
}

function loadInteger(p: usize, c: u32): i64 {
  const size = formatSize(c);
  if (isSigned(c)) {
    return size == 1 ? <i64>load<i8>(p) : size == 2 ? <i64>load<i16>(p) : size == 4 ? <i64>load<i32>(p) : load<i64>(p);
  }
  return size == 1 ? <i64>load<u8>(p) : size == 2 ? <i64>load<u16>(p) : size == 4 ? <i64>load<u32>(p) : load<i64>(p);
}

/** A new object of the item at `p`; null with MemoryError. */
export function unpackItem(p: usize, c: u32): usize {
  if (c == 0x63) return PyBytes_FromStringAndSize(p, 1);
  if (c == 0x3f) return boolObject(load<u8>(p) != 0);
  if (c == 0x66) return PyFloat_FromDouble(<f64>load<f32>(p));
  if (c == 0x64) return PyFloat_FromDouble(load<f64>(p));
  if (c == 0x65) return PyFloat_FromDouble(PyFloat_Unpack2(p, true));
  const v = loadInteger(p, c);
  return isSigned(c) ? PyLong_FromLongLong(v) : PyLong_FromUnsignedLongLong(<u64>v);
}

function wrongType(c: u32): i32 {
  PyErr_Format(PyExc_TypeError, "memoryview: invalid type for format '%c'", c);
  return -1;
}

function wrongValue(c: u32): i32 {
  PyErr_Format(PyExc_ValueError, "memoryview: invalid value for format '%c'", c);
  return -1;
}

/** Says what conversion failed in the view's words, where it was the item's fault. */
function conversionFailed(c: u32): i32 {
  if (PyErr_ExceptionMatches(PyExc_TypeError)) {
    PyErr_Clear();
    return wrongType(c);
  }
  if (PyErr_ExceptionMatches(PyExc_OverflowError) || PyErr_ExceptionMatches(PyExc_ValueError)) {
    PyErr_Clear();
    return wrongValue(c);
  }
  return -1;
}

function packInteger(p: usize, v: usize, c: u32): i32 {
  const i = PyNumber_Index(v);
  if (i == 0) return conversionFailed(c);
  const size = formatSize(c);
  const signed = isSigned(c) || (c == 0x50 && Long.isNegative(i));
  const value = signed ? PyLong_AsLongLong(i) : <i64>PyLong_AsUnsignedLongLong(i);
  Py.DECREF(i);
  if (value == -1 && PyErr_Occurred()) return conversionFailed(c);
  if (size < 8) {
    const bits = <i64>(size * 8);
    const rest = signed ? value >> (bits - 1) : value >> bits;
    if (rest != 0 && !(signed && rest == -1)) return wrongValue(c);
  }
  if (size == 1) store<u8>(p, <u8>value);
  else if (size == 2) store<u16>(p, <u16>value);
  else if (size == 4) store<u32>(p, <u32>value);
  else store<i64>(p, value);
  return 0;
}

/** Stores the object as an item at `p`; -1 with TypeError or ValueError. */
export function packItem(p: usize, v: usize, c: u32): i32 {
  if (c == 0x63) {
    if (!Py.check(v, Py_TPFLAGS_BYTES_SUBCLASS)) return wrongType(c);
    if (Py.SIZE(v) != 1) return wrongValue(c);
    store<u8>(p, load<u8>(PyBytesObject.at(v).ob_sval));
    return 0;
  }
  if (c == 0x3f) {
    const truth = PyObject_IsTrue(v);
    if (truth < 0) return -1;
    store<u8>(p, <u8>truth);
    return 0;
  }
  if (c == 0x66 || c == 0x64 || c == 0x65) {
    const d = PyFloat_AsDouble(v);
    if (d == -1 && PyErr_Occurred()) return conversionFailed(c);
    if (c == 0x65) return PyFloat_Pack2(d, p, true) < 0 ? conversionFailed(c) : 0;
    if (c == 0x66) store<f32>(p, <f32>d);
    else store<f64>(p, d);
    return 0;
  }
  return packInteger(p, v, c);
}

/** Whether two items of the same format are equal. */
function sameItem(p: usize, q: usize, c: u32): bool {
  if (c == 0x66) return load<f32>(p) == load<f32>(q);
  if (c == 0x64) return load<f64>(p) == load<f64>(q);
  if (c == 0x65) return PyFloat_Unpack2(p, true) == PyFloat_Unpack2(q, true);
  if (c == 0x3f) return (load<u8>(p) != 0) == (load<u8>(q) != 0);
  return equalBytes(p, q, <usize>formatSize(c));
}

/** Whether two items of any formats are equal: 1, 0, or -1 with an exception. */
function equalItems(p: usize, pc: u32, q: usize, qc: u32): i32 {
  const a = unpackItem(p, pc);
  if (a == 0) return -1;
  const b = unpackItem(q, qc);
  const r = b == 0 ? -1 : PyObject_RichCompareBool(a, b, Py_EQ);
  Py.DECREF(a);
  Py.XDECREF(b);
  return r;
}

/** Whether two full Py_buffers have one shape, up to a dimension without items. */
function sameShape(v: Py_buffer, w: Py_buffer): bool {
  if (v.ndim != w.ndim) return false;
  for (let i = 0; i < v.ndim; i++) {
    if (Extent.at(v.shape, i) != Extent.at(w.shape, i)) return false;
    if (Extent.at(v.shape, i) == 0) break;
  }
  return true;
}

/** Whether two full Py_buffers hold equal items in the same places: 1, 0, or -1 with an exception. */
export function equalBuffers(a: usize, b: usize): i32 {
  const v = Py_buffer.at(a);
  const w = Py_buffer.at(b);
  if (!sameShape(v, w)) return 0;
  const vc = nativeFormat(v.format);
  const wc = nativeFormat(w.format);
  return vc == 0 || wc == 0 ? 0 : equalFrom(v, w, v.buf, w.buf, 0, vc, wc);
}

/** As equalBuffers, of the items at `p` and `q`, from dimension `dim` on. */
function equalFrom(v: Py_buffer, w: Py_buffer, p: usize, q: usize, dim: i32, vc: u32, wc: u32): i32 {
  if (dim == v.ndim) return vc == wc ? (sameItem(p, q, vc) ? 1 : 0) : equalItems(p, vc, q, wc);
  const n = Extent.at(v.shape, dim);
  for (let i: isize = 0; i < n; i++) {
    const r = equalFrom(v, w, p, q, dim + 1, vc, wc);
    if (r <= 0) return r;
    p += Extent.at(v.strides, dim);
    q += Extent.at(w.strides, dim);
  }
  return 1;
}
