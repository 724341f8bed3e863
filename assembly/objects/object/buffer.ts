// The buffer protocol: the bytes of one object lent to another (CPython 3.13's Objects/abstract.c, PyObject_GetBuffer).
// The helpers here keep a Py_buffer in scratch slots.

import {
  Py_buffer,
  Py_buffer_itemsize,
  Py_buffer_len,
  PyBufferProcs,
  PyTypeObject,
  SIZEOF_Py_buffer,
} from "../../generated/layouts";
import { PyExc_BufferError, PyExc_TypeError } from "../../generated/statics";
import { Interrupts } from "../../thread/interrupts";
import { Scratch } from "../../thread/scratch";
import { PyErr_Fail, PyErr_Format } from "../errors/raise";
import { PyTypeName } from "../text/concat";
import { Py } from "./head";

export const PyBUF_SIMPLE: i32 = 0;
export const PyBUF_WRITABLE: i32 = 0x0001;
export const PyBUF_FORMAT: i32 = 0x0004;
export const PyBUF_ND: i32 = 0x0008;
export const PyBUF_STRIDES: i32 = 0x0018;
export const PyBUF_C_CONTIGUOUS: i32 = 0x0038;
export const PyBUF_F_CONTIGUOUS: i32 = 0x0058;
export const PyBUF_ANY_CONTIGUOUS: i32 = 0x0098;
export const PyBUF_FULL_RO: i32 = 0x011c;

/** Whether the object lends its bytes. */
export function PyObject_CheckBuffer(o: usize): bool {
  const procs = PyTypeObject.at(Py.TYPE(o)).tp_as_buffer;
  return procs != 0 && PyBufferProcs.at(procs).bf_getbuffer != 0;
}

/** Fills the Py_buffer at `view`; -1 with TypeError or BufferError. PyBuffer_Release must follow. */
export function PyObject_GetBuffer(o: usize, view: usize, flags: i32): i32 {
  if (!PyObject_CheckBuffer(o)) {
    PyErr_Format(PyExc_TypeError, "a bytes-like object is required, not '%.100s'", PyTypeName.of(o));
    return -1;
  }
  return call_indirect<i32>(PyBufferProcs.at(PyTypeObject.at(Py.TYPE(o)).tp_as_buffer).bf_getbuffer, o, view, flags);
}

/** Ends the loan. Never fails; nothing to do for a view that was released. */
export function PyBuffer_Release(view: usize): void {
  const v = Py_buffer.at(view);
  const o = v.obj;
  if (o == 0) return;
  const procs = PyTypeObject.at(Py.TYPE(o)).tp_as_buffer;
  if (procs != 0 && PyBufferProcs.at(procs).bf_releasebuffer != 0) {
    call_indirect<void>(PyBufferProcs.at(procs).bf_releasebuffer, o, view);
  }
  v.obj = 0;
  Py.DECREF(o);
}

/** Fills a view of plain bytes: `n` at `p`, of object `o` (counted once more). -1 with BufferError. */
export function PyBuffer_FillInfo(view: usize, o: usize, p: usize, n: isize, readonly: bool, flags: i32): i32 {
  if (readonly && flags & PyBUF_WRITABLE) return PyErr_Fail(PyExc_BufferError, "Object is not writable.");
  const v = Py_buffer.at(view);
  v.obj = Py.XNewRef(o);
  v.buf = p;
  v.len = n;
  v.readonly = readonly ? 1 : 0;
  v.itemsize = 1;
  v.ndim = 1;
  v.internal = 0;
  v.format = flags & PyBUF_FORMAT ? byteFormat : 0;
  // One dimension: its length is the view\'s, the distance between items their size.
  v.shape = flags & PyBUF_ND ? view + Py_buffer_len : 0;
  v.strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? view + Py_buffer_itemsize : 0;
  v.suboffsets = 0;
  return 0;
}

/** The format of plain bytes, "B". */
const byteFormat: usize = memory.data<u8>([0x42, 0]);

/** Shapes and strides: numbers of 8 bytes, one for each dimension. */
export class Extent {
  @inline static at(extents: usize, i: i32): isize {
    return load<i32>(extents + ((<usize>i) << 3));
  }

  @inline static set(extents: usize, i: i32, n: isize): void {
    store<i64>(extents + ((<usize>i) << 3), n);
  }

  /** How many items there are. */
  @inline static product(shape: usize, ndim: i32): isize {
    let n: isize = 1;
    for (let i = 0; i < ndim; i++) n *= Extent.at(shape, i);
    return n;
  }

  /** Sets the strides of items that lie one behind the other, the last index running fastest, or the first. */
  @inline static fillStrides(strides: usize, shape: usize, ndim: i32, itemsize: isize, fortran: bool): void {
    let stride = itemsize;
    for (let i = 0; i < ndim; i++) {
      const dim = fortran ? i : ndim - 1 - i;
      Extent.set(strides, dim, stride);
      stride *= Extent.at(shape, dim);
    }
  }
}

/** Whether the items of a full Py_buffer lie one behind the other, the last index running fastest, or the first. */
export function PyBuffer_IsContiguous(view: usize, fortran: bool): bool {
  const v = Py_buffer.at(view);
  if (v.len == 0) return true;
  let stride = v.itemsize;
  for (let i = 0; i < v.ndim; i++) {
    const dim = fortran ? i : v.ndim - 1 - i;
    const n = Extent.at(v.shape, dim);
    if (n > 1 && Extent.at(v.strides, dim) != stride) return false;
    stride *= n;
  }
  return true;
}

/** Copies the items of a full Py_buffer to `to`, one behind the other, the last index running fastest, or the first. */
export function PyBuffer_CopyItems(to: usize, view: usize, fortran: bool): void {
  const v = Py_buffer.at(view);
  if (v.len == 0) return;
  if (PyBuffer_IsContiguous(view, fortran)) {
    memory.copy(to, v.buf, <usize>v.len);
    return;
  }
  const strides = Scratch.take(v.ndim);
  Extent.fillStrides(strides, v.shape, v.ndim, v.itemsize, fortran);
  copyFrom(v, v.buf, to, strides, 0);
  Scratch.give(strides);
}

/** Copies the items at `p`, from dimension `dim` on, to `to`, which has other strides. */
function copyFrom(v: Py_buffer, p: usize, to: usize, strides: usize, dim: i32): void {
  if (dim == v.ndim) {
    memory.copy(to, p, <usize>v.itemsize);
    return;
  }
  const n = Extent.at(v.shape, dim);
  for (let i: isize = 0; i < n; i++) {
    copyFrom(v, p, to, strides, dim + 1);
    p += Extent.at(v.strides, dim);
    to += Extent.at(strides, dim);
  }
}

export class Buffer {
  /** The object's bytes in a view of scratch slots, for reading; null with TypeError. Buffer.close must follow. */
  @inline static open(o: usize): usize {
    return Buffer.openWith(o, PyBUF_SIMPLE);
  }

  /** As open, for a loan of these flags. */
  @inline static openWith(o: usize, flags: i32): usize {
    const view = Scratch.take(<isize>(SIZEOF_Py_buffer >> 3));
    if (PyObject_GetBuffer(o, view, flags) < 0) {
      Scratch.give(view);
      return 0;
    }
    Interrupts.work(Py_buffer.at(view).len);
    return view;
  }

  /** As open, with every field filled in: also what has gaps between its items. */
  @inline static openFull(o: usize): usize {
    return Buffer.openWith(o, PyBUF_FULL_RO);
  }

  @inline static data(view: usize): usize {
    return Py_buffer.at(view).buf;
  }

  @inline static length(view: usize): isize {
    return Py_buffer.at(view).len;
  }

  /** Ends the loan and gives the slots back. */
  @inline static close(view: usize): void {
    PyBuffer_Release(view);
    Scratch.give(view);
  }
}
