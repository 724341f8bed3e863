// Loans of bytes, and the views that share them (CPython 3.13's Objects/memoryobject.c, first part).
//
// A managed buffer holds the loan; the views made of one another share it and it ends with the last of them. So
// memoryview(b"x") is two blocks, of 128 and 192 bytes with their gc heads. A view knows how many items there are along
// each of its dimensions and how far apart they are; both are in the view itself and stay what they are.
//
// Deliberate difference: items are never behind pointers, as nothing lends such.

import { Py_TPFLAGS_HAVE_GC } from "../../../generated/constants";
import {
  _PyManagedBufferObject,
  Py_buffer,
  Py_buffer_itemsize,
  Py_buffer_len,
  PyBufferProcs,
  PyMemoryViewObject,
  PyTypeObject,
  SIZEOF__PyManagedBufferObject,
  SIZEOF_Py_buffer,
} from "../../../generated/layouts";
import {
  _PyManagedBuffer_Type,
  PyExc_TypeError,
  PyExc_ValueError,
  PyMemoryView_Type,
} from "../../../generated/statics";
import { PyErr_Format, PyErr_SetString } from "../../errors/raise";
import { Py_buffer_traverse } from "../../generated/references";
import { _PyObject_GC_New, _PyObject_GC_NewVar, PyObject_GC_Del } from "../../object/alloc";
import { PyObject_GenericGetAttr } from "../../object/attributes";
import {
  Extent,
  PyBUF_FULL_RO,
  PyBuffer_IsContiguous,
  PyBuffer_Release,
  PyObject_CheckBuffer,
} from "../../object/buffer";
import { _PyObject_GC_TRACK, _PyObject_GC_UNTRACK } from "../../object/gchead";
import { Py } from "../../object/head";
import { PyTypeName } from "../../text/concat";
import { formatText } from "./items";

const _Py_MANAGED_BUFFER_RELEASED: i32 = 0x001;
const _Py_MEMORYVIEW_RELEASED: i32 = 0x001;
const _Py_MEMORYVIEW_C: i32 = 0x002;
const _Py_MEMORYVIEW_FORTRAN: i32 = 0x004;
const _Py_MEMORYVIEW_SCALAR: i32 = 0x008;
const _Py_MEMORYVIEW_RESTRICTED: i32 = 0x020;

// The managed buffer.

function mbuf_release(o: usize): void {
  const m = _PyManagedBufferObject.at(o);
  if (m.flags & _Py_MANAGED_BUFFER_RELEASED) return;
  m.flags = m.flags | _Py_MANAGED_BUFFER_RELEASED;
  _PyObject_GC_UNTRACK(o);
  PyBuffer_Release(m.master);
}

function mbuf_dealloc(o: usize): void {
  mbuf_release(o);
  PyObject_GC_Del(o);
}

function mbuf_traverse(o: usize, visit: u32, arg: usize): i32 {
  return Py_buffer_traverse(_PyManagedBufferObject.at(o).master, visit, arg);
}

function mbuf_clear(o: usize): i32 {
  mbuf_release(o);
  return 0;
}

/** A new managed buffer over what `getbuffer` (a bf_getbuffer) lends of `base`; null with an exception. */
function newManagedBuffer(base: usize, flags: i32, getbuffer: u32): usize {
  const o = _PyObject_GC_New(_PyManagedBuffer_Type);
  if (o == 0) return 0;
  const m = _PyManagedBufferObject.at(o);
  m.flags = 0;
  m.exports = 0;
  memory.fill(m.master, 0, SIZEOF_Py_buffer);
  _PyObject_GC_TRACK(o);
  if (call_indirect<i32>(getbuffer, base, m.master, flags) < 0) {
    Py_buffer.at(m.master).obj = 0;
    Py.DECREF(o);
    return 0;
  }
  return o;
}

// The views.

export const PyBUF_MAX_NDIM: i32 = 64;

export class View {
  @inline static buffer(o: usize): Py_buffer {
    return Py_buffer.at(PyMemoryViewObject.at(o).view);
  }

  @inline static ndim(o: usize): i32 {
    return View.buffer(o).ndim;
  }

  /** Items along dimension `i`. */
  @inline static shape(o: usize, i: i32): isize {
    return Extent.at(View.buffer(o).shape, i);
  }

  /** Bytes from one item to the next along dimension `i`. */
  @inline static stride(o: usize, i: i32): isize {
    return Extent.at(View.buffer(o).strides, i);
  }

  /** Whether it is contiguous as C has it, or Fortran. */
  @inline static isContiguous(o: usize, fortran: bool): bool {
    return (PyMemoryViewObject.at(o).flags & (fortran ? _Py_MEMORYVIEW_FORTRAN : _Py_MEMORYVIEW_C)) != 0;
  }
}

/** Says of a view with items, shape and strides whether it is contiguous. */
export function setFlags(o: usize): void {
  const v = View.buffer(o);
  let flags = 0;
  if (v.ndim == 0) flags = _Py_MEMORYVIEW_SCALAR | _Py_MEMORYVIEW_C | _Py_MEMORYVIEW_FORTRAN;
  else if (v.ndim == 1) {
    const contiguous = View.shape(o, 0) == 1 || View.stride(o, 0) == v.itemsize;
    if (contiguous) flags = _Py_MEMORYVIEW_C | _Py_MEMORYVIEW_FORTRAN;
  } else {
    if (PyBuffer_IsContiguous(PyMemoryViewObject.at(o).view, false)) flags |= _Py_MEMORYVIEW_C;
    if (PyBuffer_IsContiguous(PyMemoryViewObject.at(o).view, true)) flags |= _Py_MEMORYVIEW_FORTRAN;
  }
  PyMemoryViewObject.at(o).flags = flags;
}

/** Whether the view itself was released. */
export function isGivenBack(o: usize): bool {
  return (PyMemoryViewObject.at(o).flags & _Py_MEMORYVIEW_RELEASED) != 0;
}

/** Whether the view's bytes can no longer be reached. */
export function isReleased(o: usize): bool {
  const m = PyMemoryViewObject.at(o);
  return (
    (m.flags & _Py_MEMORYVIEW_RELEASED) != 0 ||
    (_PyManagedBufferObject.at(m.mbuf).flags & _Py_MANAGED_BUFFER_RELEASED) != 0
  );
}

/** Whether the view may be used; otherwise ValueError. */
export function usable(o: usize): bool {
  if (!isReleased(o)) return true;
  PyErr_SetString(PyExc_ValueError, "operation forbidden on released memoryview object");
  return false;
}

/** Whether new views of the bytes may be made; otherwise ValueError. */
export function shareable(o: usize): bool {
  if (!usable(o)) return false;
  if ((PyMemoryViewObject.at(o).flags & _Py_MEMORYVIEW_RESTRICTED) == 0) return true;
  PyErr_SetString(PyExc_ValueError, "cannot create new view on restricted memoryview");
  return false;
}

/**
 * A new view of the managed buffer with the contents of the Py_buffer at `source`, but `ndim` dimensions, whose shape,
 * strides and flags are still to be set. Null with an exception.
 */
export function newView(mbuf: usize, source: usize, ndim: i32): usize {
  const master = _PyManagedBufferObject.at(mbuf);
  if (master.flags & _Py_MANAGED_BUFFER_RELEASED) {
    return PyErr_SetString(PyExc_ValueError, "operation forbidden on released memoryview object");
  }
  const o = _PyObject_GC_NewVar(PyMemoryView_Type, 3 * ndim);
  if (o == 0) return 0;
  const m = PyMemoryViewObject.at(o);
  memory.fill(m.ob_array, 0, (<usize>(3 * ndim)) << 3);
  memory.copy(m.view, source, SIZEOF_Py_buffer);
  const v = Py_buffer.at(m.view);
  v.ndim = ndim;
  v.shape = m.ob_array;
  v.strides = m.ob_array + ((<usize>ndim) << 3);
  v.suboffsets = 0;
  if (v.format == 0) v.format = formatText(0x42, false);
  m.mbuf = Py.NewRef(mbuf);
  m.hash = -1;
  m.flags = 0;
  m.exports = 0;
  m.weakreflist = 0;
  master.exports = master.exports + 1;
  _PyObject_GC_TRACK(o);
  return o;
}

/** A new view of the managed buffer with the contents of the Py_buffer at `source`. Null with an exception. */
export function mbuf_add_view(mbuf: usize, source: usize): usize {
  const s = Py_buffer.at(source);
  const ndim = s.ndim;
  if (ndim > PyBUF_MAX_NDIM) return tooManyDimensions();
  const o = newView(mbuf, source, ndim);
  if (o == 0) return 0;
  const v = View.buffer(o);
  if (ndim == 0) {
    v.shape = 0;
    v.strides = 0;
  } else {
    const bytes = (<usize>ndim) << 3;
    if (s.shape != 0) memory.copy(v.shape, s.shape, bytes);
    else Extent.set(v.shape, 0, s.len / s.itemsize);
    if (s.strides != 0) memory.copy(v.strides, s.strides, bytes);
    else Extent.fillStrides(v.strides, v.shape, ndim, v.itemsize, false);
  }
  setFlags(o);
  return o;
}

/** Sets ValueError; returns null. */
export function tooManyDimensions(): usize {
  return PyErr_SetString(PyExc_ValueError, "memoryview: number of dimensions must not exceed 64");
}

/** A new memoryview of what lends its bytes. Null with TypeError or what the lender raises. */
export function PyMemoryView_FromObject(base: usize): usize {
  if (Py.IS_TYPE(base, PyMemoryView_Type)) {
    const m = PyMemoryViewObject.at(base);
    return shareable(base) ? mbuf_add_view(m.mbuf, m.view) : 0;
  }
  return fromObject(base, PyBUF_FULL_RO);
}

/** A new memoryview of a loan with these flags. Null with an exception. */
export function fromObject(base: usize, flags: i32): usize {
  if (!PyObject_CheckBuffer(base)) {
    const message = "memoryview: a bytes-like object is required, not '%.200s'";
    return PyErr_Format(PyExc_TypeError, message, PyTypeName.of(base));
  }
  return PyMemoryView_FromProc(base, flags, PyBufferProcs.at(PyTypeObject.at(Py.TYPE(base)).tp_as_buffer).bf_getbuffer);
}

/** A new memoryview of what `getbuffer` (a bf_getbuffer) lends of `base`. Null with an exception. */
export function PyMemoryView_FromProc(base: usize, flags: i32, getbuffer: u32): usize {
  const mbuf = newManagedBuffer(base, flags, getbuffer);
  if (mbuf == 0) return 0;
  const o = mbuf_add_view(mbuf, _PyManagedBufferObject.at(mbuf).master);
  Py.DECREF(mbuf);
  return o;
}

/** A bf_getbuffer that lends what the Py_buffer at `source` describes, without keeping its owner. */
function copyBuffer(source: usize, view: usize, _flags: i32): i32 {
  memory.copy(view, source, SIZEOF_Py_buffer);
  Py_buffer.at(view).obj = 0;
  return 0;
}

/** A memoryview of the bytes at `view` that no other can be made of and that keeps no owner: forgetBuffer follows. */
export function PyMemoryView_FromBuffer(view: usize): usize {
  const o = PyMemoryView_FromProc(view, 0, copyBuffer.index);
  if (o != 0) {
    const m = PyMemoryViewObject.at(o);
    m.flags = m.flags | _Py_MEMORYVIEW_RESTRICTED;
  }
  return o;
}

/** No view of these bytes may be used any more. */
export function forgetBuffer(o: usize): void {
  mbuf_release(PyMemoryViewObject.at(o).mbuf);
}

/** Whose bytes the view shows, borrowed; null where they are nobody's or were given back. */
export function memoryOwner(o: usize): usize {
  return View.buffer(o).obj;
}

/** This view needs the bytes no longer. With the last view the loan ends. */
export function release(o: usize): void {
  const m = PyMemoryViewObject.at(o);
  if (m.flags & _Py_MEMORYVIEW_RELEASED) return;
  m.flags = m.flags | _Py_MEMORYVIEW_RELEASED;
  const master = _PyManagedBufferObject.at(m.mbuf);
  master.exports = master.exports - 1;
  if (master.exports == 0) mbuf_release(m.mbuf);
}

/**
 * @type managedbuffer
 */
export function initManagedBufferType(): void {
  const master = PyTypeObject.at(_PyManagedBuffer_Type);
  master.tp_basicsize = SIZEOF__PyManagedBufferObject;
  master.tp_flags = Py_TPFLAGS_HAVE_GC;
  master.tp_dealloc = mbuf_dealloc.index;
  master.tp_getattro = PyObject_GenericGetAttr.index;
  master.tp_traverse = mbuf_traverse.index;
  master.tp_clear = mbuf_clear.index;
}

/** Makes a view, which is new and contiguous, one of the bytes as they lie in memory. */
export function makeRaw(o: usize): void {
  const v = View.buffer(o);
  v.format = formatText(0x42, false);
  v.ndim = 1;
  v.itemsize = 1;
  // As PyBuffer_FillInfo: the lengths are in the Py_buffer itself.
  v.shape = PyMemoryViewObject.at(o).view + Py_buffer_len;
  v.strides = PyMemoryViewObject.at(o).view + Py_buffer_itemsize;
  setFlags(o);
}
