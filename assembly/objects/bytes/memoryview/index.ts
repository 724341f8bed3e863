// The items of a view by index, and parts of it by slice (CPython 3.13's Objects/memoryobject.c, "Indexing and slicing").
//
// Converting an index, or an object to an item, may run Python, and that may release the view: so places are counted from
// the first item until everything is converted, and the view is asked again whether it may be used.

import { Py_TPFLAGS_TUPLE_SUBCLASS } from "../../../generated/constants";
import { Py_buffer, PyMemoryViewObject } from "../../../generated/layouts";
import {
  _Py_EllipsisObject,
  PyExc_IndexError,
  PyExc_NotImplementedError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../../memory/pymem";
import { Scratch } from "../../../thread/scratch";
import { adjustIndices, isSlice, SliceIndices, unpackSlice } from "../../containers/slice";
import { Tuple } from "../../containers/tuple";
import { PyErr_Fail, PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../errors/raise";
import { Buffer, Extent, PyBuffer_CopyItems } from "../../object/buffer";
import { Py } from "../../object/head";
import { PyIndex_Check, PyNumber_AsSsize_t } from "../../protocol/number";
import { formatSize, nativeFormat, packItem, supportedFormat, unpackItem } from "./items";
import { mbuf_add_view, setFlags, shareable, usable, View } from "./managed";

/** The index along a dimension, counted from the end where negative: -1 with IndexError. */
function inDimension(o: usize, dim: i32, i: isize): isize {
  const n = View.shape(o, dim);
  const at = i < 0 ? i + n : i;
  if (at >= 0 && at < n) return at;
  PyErr_Format(PyExc_IndexError, "index out of bounds on dimension %d", dim + 1);
  return -1;
}

/** Item `i` of a view of one dimension; its own function, as loops take this way. */
export function memory_item(o: usize, i: isize): usize {
  if (!usable(o)) return 0;
  const c = supportedFormat(View.buffer(o).format);
  if (c == 0) return 0;
  const ndim = View.ndim(o);
  if (ndim == 0) return PyErr_SetString(PyExc_TypeError, "invalid indexing of 0-dim memory");
  if (ndim > 1) {
    return PyErr_SetString(PyExc_NotImplementedError, "multi-dimensional sub-views are not implemented");
  }
  const at = inDimension(o, 0, i);
  return at < 0 ? 0 : unpackItem(View.buffer(o).buf + <usize>(at * View.stride(o, 0)), c);
}

/** What kind of tuple a key is: 1 of indices, 2 of slices (not empty), 0 neither. */
function keyTuple(key: usize): i32 {
  if (!Py.check(key, Py_TPFLAGS_TUPLE_SUBCLASS)) return 0;
  const n = Py.SIZE(key);
  let indices = true;
  let slices = n > 0;
  for (let i: isize = 0; i < n; i++) {
    const v = Tuple.get(key, i);
    if (!PyIndex_Check(v)) indices = false;
    if (!isSlice(v)) slices = false;
  }
  return indices ? 1 : slices ? 2 : 0;
}

/** How far the item that a tuple of indices names is from the first, in the i64 slot at `out`: false with an exception. */
function tupleOffset(o: usize, key: usize, out: usize): bool {
  const n = Py.SIZE(key);
  const ndim = View.ndim(o);
  if (n < ndim) {
    PyErr_SetString(PyExc_NotImplementedError, "sub-views are not implemented");
    return false;
  }
  if (n > ndim) {
    PyErr_Format(PyExc_TypeError, "cannot index %d-dimension view with %d-element tuple", ndim, n);
    return false;
  }
  let offset: isize = 0;
  for (let dim = 0; dim < ndim; dim++) {
    const i = PyNumber_AsSsize_t(Tuple.get(key, dim), PyExc_IndexError);
    if (i == -1 && PyErr_Occurred()) return false;
    const at = inDimension(o, dim, i);
    if (at < 0) return false;
    offset += at * View.stride(o, dim);
  }
  store<i64>(out, offset);
  return true;
}

/** Whether the key names the only item of a view without dimensions. */
function isWhole(key: usize): bool {
  return Tuple.check(key) && Py.SIZE(key) == 0;
}

/** A new view of the items that the slice names along the first dimension; null with an exception. */
function sliced(o: usize, key: usize): usize {
  if (!shareable(o)) return 0;
  const m = PyMemoryViewObject.at(o);
  const r = mbuf_add_view(m.mbuf, m.view);
  if (r == 0) return 0;
  const s = unpackSlice(key);
  // Converting the slice may have released the view: the new one keeps the bytes all the same.
  if (s == 0) {
    Py.DECREF(r);
    return 0;
  }
  const n = adjustIndices(View.shape(r, 0), s);
  const start = SliceIndices.start(s);
  const step = SliceIndices.step(s);
  Scratch.give(s);
  const v = View.buffer(r);
  const stride = View.stride(r, 0);
  v.buf = v.buf + <usize>(stride * start);
  Extent.set(v.shape, 0, n);
  Extent.set(v.strides, 0, stride * step);
  v.len = Extent.product(v.shape, v.ndim) * v.itemsize;
  setFlags(r);
  return r;
}

export function memory_subscript(o: usize, key: usize): usize {
  if (!usable(o)) return 0;
  if (View.ndim(o) == 0) {
    if (key == _Py_EllipsisObject) return Py.NewRef(o);
    if (!isWhole(key)) return PyErr_SetString(PyExc_TypeError, "invalid indexing of 0-dim memory");
    const c = supportedFormat(View.buffer(o).format);
    return c == 0 ? 0 : unpackItem(View.buffer(o).buf, c);
  }
  if (PyIndex_Check(key)) {
    const i = PyNumber_AsSsize_t(key, PyExc_IndexError);
    return i == -1 && PyErr_Occurred() ? 0 : memory_item(o, i);
  }
  if (isSlice(key)) return sliced(o, key);
  const kind = keyTuple(key);
  if (kind == 2) return PyErr_SetString(PyExc_NotImplementedError, "multi-dimensional slicing is not implemented");
  if (kind == 0) return PyErr_SetString(PyExc_TypeError, "memoryview: invalid slice key");
  const c = supportedFormat(View.buffer(o).format);
  if (c == 0) return 0;
  const offset = Scratch.take(1);
  const found = tupleOffset(o, key, offset);
  const at = load<i32>(offset);
  Scratch.give(offset);
  return found && usable(o) ? unpackItem(View.buffer(o).buf + <usize>at, c) : 0;
}

/** Stores the items that `value` lends in those that the slice names. -1 with an exception. */
function assignSlice(o: usize, key: usize, value: usize): i32 {
  const source = Buffer.openFull(value);
  if (source == 0) return -1;
  // The part is a view of its own, so that its bytes stay while they are written.
  const r = sliced(o, key);
  let status: i32 = -1;
  if (r != 0 && usable(o)) {
    const to = View.buffer(r);
    const from = Py_buffer.at(source);
    if (
      nativeFormat(to.format) != nativeFormat(from.format) ||
      to.itemsize != from.itemsize ||
      from.ndim != 1 ||
      Extent.at(to.shape, 0) != Extent.at(from.shape, 0)
    ) {
      const message = "memoryview assignment: lvalue and rvalue have different structures";
      PyErr_SetString(PyExc_ValueError, message);
    } else status = copyBetween(r, source);
  }
  Py.XDECREF(r);
  Buffer.close(source);
  return status;
}

/** Copies the items of the Py_buffer at `source` into the view, which has as many; they may overlap. */
function copyBetween(o: usize, source: usize): i32 {
  const to = View.buffer(o);
  const size = <usize>to.itemsize;
  const n = View.shape(o, 0);
  const stride = View.stride(o, 0);
  if (stride == to.itemsize && Extent.at(Py_buffer.at(source).strides, 0) == stride) {
    memory.copy(to.buf, Py_buffer.at(source).buf, size * <usize>n);
    return 0;
  }
  const items = PyMem_Malloc(size * <usize>n);
  if (items == 0) {
    PyErr_NoMemory();
    return -1;
  }
  PyBuffer_CopyItems(items, source, false);
  let p = to.buf;
  for (let i: isize = 0; i < n; i++) {
    memory.copy(p, items + <usize>i * size, size);
    p += stride;
  }
  PyMem_Free(items);
  return 0;
}

/** Stores the object as the item `offset` bytes from the first; -1 with an exception. */
function setItem(o: usize, offset: isize, value: usize, c: u32): i32 {
  // Converted beside the view first: the item's own code may release it.
  const item = Scratch.take(1);
  let status = packItem(item, value, c);
  if (status == 0) {
    if (usable(o)) memory.copy(View.buffer(o).buf + <usize>offset, item, <usize>formatSize(c));
    else status = -1;
  }
  Scratch.give(item);
  return status;
}

export function memory_ass_sub(o: usize, key: usize, value: usize): i32 {
  if (!usable(o)) return -1;
  const v = View.buffer(o);
  const c = supportedFormat(v.format);
  if (c == 0) return -1;
  if (v.readonly) return PyErr_Fail(PyExc_TypeError, "cannot modify read-only memory");
  if (value == 0) return PyErr_Fail(PyExc_TypeError, "cannot delete memory");
  if (v.ndim == 0) {
    if (key == _Py_EllipsisObject || isWhole(key)) return setItem(o, 0, value, c);
    return PyErr_Fail(PyExc_TypeError, "invalid indexing of 0-dim memory");
  }
  if (PyIndex_Check(key)) {
    if (v.ndim > 1) return PyErr_Fail(PyExc_NotImplementedError, "sub-views are not implemented");
    const i = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (i == -1 && PyErr_Occurred()) return -1;
    const at = inDimension(o, 0, i);
    return at < 0 ? -1 : setItem(o, at * View.stride(o, 0), value, c);
  }
  if (isSlice(key) && v.ndim == 1) return assignSlice(o, key, value);
  const kind = keyTuple(key);
  if (isSlice(key) || kind == 2) {
    const message = "memoryview slice assignments are currently restricted to ndim = 1";
    return PyErr_Fail(PyExc_NotImplementedError, message);
  }
  if (kind == 0) return PyErr_Fail(PyExc_TypeError, "memoryview: invalid slice key");
  const offset = Scratch.take(1);
  const found = tupleOffset(o, key, offset);
  const at = load<i32>(offset);
  Scratch.give(offset);
  return found ? setItem(o, at, value, c) : -1;
}
