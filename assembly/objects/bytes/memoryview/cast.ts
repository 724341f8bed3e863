// The same bytes as other items, in other dimensions (CPython 3.13's Objects/memoryobject.c, "Casting format and shape").

import { Py_TPFLAGS_LIST_SUBCLASS } from "../../../generated/constants";
import { PyBytesObject, PyMemoryViewObject } from "../../../generated/layouts";
import { PyExc_OverflowError, PyExc_TypeError, PyExc_ValueError } from "../../../generated/statics";
import { Scratch } from "../../../thread/scratch";
import { List } from "../../containers/list/list";
import { Tuple } from "../../containers/tuple";
import { parseArguments, strArgument } from "../../define/args";
import { PyErr_SetString } from "../../errors/raise";
import { Long } from "../../numbers/int/access";
import { clampSsize, longOverflow, longValue } from "../../numbers/int/create";
import { Extent } from "../../object/buffer";
import { Py } from "../../object/head";
import { _PyUnicode_AsASCIIString } from "../../text/codecs/encode";
import { formatSize, formatText, isByteFormat, nativeFormat } from "./items";
import { newView, PyBUF_MAX_NDIM, setFlags, shareable, tooManyDimensions, View } from "./managed";

/** Puts the sizes in `shape`, a list or tuple, into the view's: false with an exception. */
function readShape(o: usize, shape: usize): bool {
  const isList = Py.check(shape, Py_TPFLAGS_LIST_SUBCLASS);
  const v = View.buffer(o);
  let bytes = <i64>v.itemsize;
  for (let i = 0; i < v.ndim; i++) {
    const item = isList ? List.get(shape, i) : Tuple.get(shape, i);
    if (!Long.check(item)) {
      PyErr_SetString(PyExc_TypeError, "memoryview.cast(): elements of shape must be integers");
      return false;
    }
    if (longOverflow(item) != 0) {
      PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C ssize_t");
      return false;
    }
    const size = longValue(item);
    if (size <= 0) {
      PyErr_SetString(PyExc_ValueError, "memoryview.cast(): elements of shape must be integers > 0");
      return false;
    }
    if (size > i64.MAX_VALUE / bytes) {
      PyErr_SetString(PyExc_ValueError, "memoryview.cast(): product(shape) > SSIZE_MAX");
      return false;
    }
    bytes *= size;
    Extent.set(v.shape, i, clampSsize(size));
  }
  if (bytes != v.len) {
    PyErr_SetString(PyExc_TypeError, "memoryview: product(shape) * itemsize != buffer size");
    return false;
  }
  return true;
}

/** Makes the items of the new view those of a format: false with an exception. */
function setFormat(o: usize, format: usize): bool {
  const text = _PyUnicode_AsASCIIString(format, 0);
  if (text == 0) return false;
  const characters = PyBytesObject.at(text).ob_sval;
  const withAt = load<u8>(characters) == 0x40;
  const c = nativeFormat(characters);
  Py.DECREF(text);
  const v = View.buffer(o);
  if (c == 0) {
    const message =
      "memoryview: destination format must be a native single character format prefixed with an optional '@'";
    PyErr_SetString(PyExc_ValueError, message);
    return false;
  }
  if (!isByteFormat(nativeFormat(v.format)) && !isByteFormat(c)) {
    PyErr_SetString(PyExc_TypeError, "memoryview: cannot cast between two non-byte formats");
    return false;
  }
  if (v.len % formatSize(c) != 0) {
    PyErr_SetString(PyExc_TypeError, "memoryview: length is not a multiple of itemsize");
    return false;
  }
  v.format = formatText(c, withAt);
  v.itemsize = formatSize(c);
  return true;
}

/** Gives the new view its format, shape and strides: false with an exception. */
function castTo(o: usize, format: usize, shape: usize): bool {
  if (!setFormat(o, format)) return false;
  const v = View.buffer(o);
  if (shape == 0) Extent.set(v.shape, 0, v.len / v.itemsize);
  else if (!readShape(o, shape)) return false;
  Extent.fillStrides(v.strides, v.shape, v.ndim, v.itemsize, false);
  if (v.ndim == 0) {
    v.shape = 0;
    v.strides = 0;
  }
  setFlags(o);
  return true;
}

/**
 * @native memoryview.cast($self, /, format, shape=<unrepresentable>)
 *
 * The same memory, seen as other elements.
 */
export function memory_cast(o: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const out = Scratch.take(2);
  const ok = parseArguments("cast", "format shape", argv, nargs, kwnames, out, 1, 2);
  const format: usize = Py.item(out, 0);
  const shape: usize = Py.item(out, 1);
  Scratch.give(out);
  if (!ok || !strArgument(format, "cast", "argument 'format'") || !shareable(o)) return 0;
  if (!View.isContiguous(o, false)) {
    return PyErr_SetString(PyExc_TypeError, "memoryview: casts are restricted to C-contiguous views");
  }
  const own = View.ndim(o);
  if ((shape != 0 || own != 1) && View.buffer(o).len == 0) {
    return PyErr_SetString(PyExc_TypeError, "memoryview: cannot cast view with zeros in shape or strides");
  }
  let ndim: isize = 1;
  if (shape != 0) {
    const isList = Py.check(shape, Py_TPFLAGS_LIST_SUBCLASS);
    if (!isList && !Tuple.check(shape)) {
      return PyErr_SetString(PyExc_TypeError, "shape must be a list or a tuple");
    }
    ndim = isList ? List.size(shape) : Py.SIZE(shape);
    if (ndim > PyBUF_MAX_NDIM) return tooManyDimensions();
    if (own != 1 && ndim != 1) {
      return PyErr_SetString(PyExc_TypeError, "memoryview: cast must be 1D -> ND or ND -> 1D");
    }
  }
  const m = PyMemoryViewObject.at(o);
  const r = newView(m.mbuf, m.view, <i32>ndim);
  if (r == 0 || castTo(r, format, shape)) return r;
  Py.DECREF(r);
  return 0;
}
