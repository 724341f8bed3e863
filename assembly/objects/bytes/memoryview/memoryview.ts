// memoryview: a window on the bytes that another object lends (CPython 3.13's Objects/memoryobject.c).
//
// A managed buffer holds the loan; the views made of one another share it and it ends with the last of them. So
// memoryview(b"x") is two blocks, of 128 and 192 bytes with their gc heads.
//
// Difference: one dimension only. Nothing here lends more; cast() to a shape of several raises NotImplementedError.

import {
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_SEQUENCE,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../../generated/constants";
import {
  _PyManagedBufferObject,
  memoryiterobject,
  Py_buffer,
  PyBufferProcs,
  PyBytesObject,
  PyMappingMethods,
  PyMemoryViewObject,
  PyMemoryViewObject_stride,
  PyMemoryViewObject_weakreflist,
  PySequenceMethods,
  PyTypeObject,
  SIZEOF__PyManagedBufferObject,
  SIZEOF_memoryiterobject,
  SIZEOF_Py_buffer,
  SIZEOF_PyMemoryViewObject,
} from "../../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  _PyManagedBuffer_Type,
  _PyMemoryIter_Type,
  empty_tuple,
  PyExc_BufferError,
  PyExc_IndexError,
  PyExc_NotImplementedError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyMemoryView_Type,
} from "../../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../../memory/pymem";
import { Scratch } from "../../../thread/scratch";
import { List, PyList_New } from "../../containers/list/list";
import { adjustIndices, isSlice, SliceIndices, unpackSlice } from "../../containers/slice";
import { PyTuple_Pack1, Tuple } from "../../containers/tuple";
import { badArgument, intArgument, parseArguments, parseTupleAndKeywords, strArgument } from "../../define/args";
import { asBuffer, asMapping, asSequence } from "../../define/tables";
import {
  PyErr_Clear,
  PyErr_Fail,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../errors/raise";
import {
  memoryiterobject_clear,
  memoryiterobject_traverse,
  Py_buffer_traverse,
  PyMemoryViewObject_traverse,
} from "../../generated/references";
import { boolObject } from "../../numbers/bool";
import { Long } from "../../numbers/int/access";
import { PyLong_AsSsize_t, PyLong_FromSsize_t } from "../../numbers/int/create";
import { _PyObject_GC_New, _PyObject_GC_NewVar, PyObject_GC_Del } from "../../object/alloc";
import { PyObject_GenericGetAttr } from "../../object/attributes";
import {
  PyBUF_ANY_CONTIGUOUS,
  PyBUF_C_CONTIGUOUS,
  PyBUF_F_CONTIGUOUS,
  PyBUF_FORMAT,
  PyBUF_FULL_RO,
  PyBUF_ND,
  PyBUF_STRIDES,
  PyBUF_WRITABLE,
  PyBuffer_CopyItems,
  PyBuffer_Release,
  PyObject_CheckBuffer,
  PyObject_GetBuffer,
} from "../../object/buffer";
import { Py_EQ, Py_NE } from "../../object/flags";
import { _PyObject_GC_TRACK, _PyObject_GC_UNTRACK } from "../../object/gchead";
import { Py } from "../../object/head";
import { PyObject_SelfIter } from "../../protocol/access";
import { PyObject_Hash } from "../../protocol/compare";
import { PyIndex_Check, PyNumber_AsSsize_t } from "../../protocol/number";
import { _Py_HashBytes, U } from "../../text/access";
import { PyUnicode_EqualToLiteral } from "../../text/compare";
import { PyTypeName } from "../../text/concat";
import { PyUnicode_FromString } from "../../text/create";
import { PyUnicode_FromFormat } from "../../text/format/fromformat";
import { PyObject_ClearWeakRefs } from "../../weak/weakref";
import { PyBytes_FromStringAndSize } from "../bytes";
import { hexOf } from "../methods";
import {
  equalBuffers,
  formatSize,
  formatText,
  isByteFormat,
  nativeFormat,
  packItem,
  supportedFormat,
  unpackItem,
} from "./items";

const _Py_MANAGED_BUFFER_RELEASED: i32 = 0x001;
const _Py_MEMORYVIEW_RELEASED: i32 = 0x001;
const _Py_MEMORYVIEW_C: i32 = 0x002;
const _Py_MEMORYVIEW_FORTRAN: i32 = 0x004;
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

class View {
  @inline static buffer(o: usize): Py_buffer {
    return Py_buffer.at(PyMemoryViewObject.at(o).view);
  }

  @inline static length(o: usize): isize {
    return PyMemoryViewObject.at(o).length;
  }

  @inline static stride(o: usize): isize {
    return PyMemoryViewObject.at(o).stride;
  }

  @inline static setShape(o: usize, length: isize, stride: isize): void {
    const m = PyMemoryViewObject.at(o);
    m.length = length;
    m.stride = stride;
    const contiguous = length == 1 || stride == View.buffer(o).itemsize;
    m.flags = contiguous ? _Py_MEMORYVIEW_C | _Py_MEMORYVIEW_FORTRAN : 0;
  }

  @inline static isContiguous(o: usize): bool {
    return (PyMemoryViewObject.at(o).flags & _Py_MEMORYVIEW_C) != 0;
  }
}

/** Whether the view's bytes can no longer be reached. */
function isReleased(o: usize): bool {
  const m = PyMemoryViewObject.at(o);
  return (
    (m.flags & _Py_MEMORYVIEW_RELEASED) != 0 ||
    (_PyManagedBufferObject.at(m.mbuf).flags & _Py_MANAGED_BUFFER_RELEASED) != 0
  );
}

/** Whether the view may be used; otherwise ValueError. */
function usable(o: usize): bool {
  if (!isReleased(o)) return true;
  PyErr_SetString(PyExc_ValueError, "operation forbidden on released memoryview object");
  return false;
}

/** Whether new views of the bytes may be made; otherwise ValueError. */
function shareable(o: usize): bool {
  if (!usable(o)) return false;
  if ((PyMemoryViewObject.at(o).flags & _Py_MEMORYVIEW_RESTRICTED) == 0) return true;
  PyErr_SetString(PyExc_ValueError, "cannot create new view on restricted memoryview");
  return false;
}

/** A new view of the managed buffer with the contents of the Py_buffer at `source`. Null with an exception. */
function mbuf_add_view(mbuf: usize, source: usize): usize {
  const master = _PyManagedBufferObject.at(mbuf);
  if (master.flags & _Py_MANAGED_BUFFER_RELEASED) {
    return PyErr_SetString(PyExc_ValueError, "operation forbidden on released memoryview object");
  }
  const s = Py_buffer.at(source);
  assert(s.ndim == 1);
  const o = _PyObject_GC_NewVar(PyMemoryView_Type, 3);
  if (o == 0) return 0;
  const m = PyMemoryViewObject.at(o);
  memory.copy(m.view, source, SIZEOF_Py_buffer);
  const v = Py_buffer.at(m.view);
  v.shape = m.ob_array;
  v.strides = o + PyMemoryViewObject_stride;
  v.suboffsets = 0;
  if (v.format == 0) v.format = formatText(0x42, false);
  m.mbuf = Py.NewRef(mbuf);
  m.hash = -1;
  m.exports = 0;
  m.weakreflist = 0;
  m.suboffset = -1;
  const length = s.shape != 0 ? load<i32>(s.shape) : s.len / s.itemsize;
  View.setShape(o, length, s.strides != 0 ? load<i32>(s.strides) : s.itemsize);
  master.exports = master.exports + 1;
  _PyObject_GC_TRACK(o);
  return o;
}

/** A new memoryview of what lends its bytes. Null with TypeError or what the lender raises. */
export function PyMemoryView_FromObject(base: usize): usize {
  if (Py.IS_TYPE(base, PyMemoryView_Type)) {
    const m = PyMemoryViewObject.at(base);
    return shareable(base) ? mbuf_add_view(m.mbuf, m.view) : 0;
  }
  return fromObject(base, PyBUF_FULL_RO);
}

function fromObject(base: usize, flags: i32): usize {
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
  memory.copy(view, source, 80);
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

function memory_new(_type: usize, args: usize, kwds: usize): usize {
  const out = Scratch.take(1);
  const ok = parseTupleAndKeywords("memoryview", "object", args, kwds, out, 1, 1);
  const base: usize = Py.item(out, 0);
  Scratch.give(out);
  return ok ? PyMemoryView_FromObject(base) : 0;
}

/**
 * _from_flags(object, flags): the view of a loan asked for with these flags.
 *
 * @classmethod memoryview._from_flags($type, /, object, flags)
 *
 * A view of the memory of an object that has got a buffer.
 */
export function memory_from_flags(_type: usize, object: usize, flags: i32): usize {
  return fromObject(object, flags);
}

/** This view needs the bytes no longer. With the last view the loan ends. */
function release(o: usize): void {
  const m = PyMemoryViewObject.at(o);
  if (m.flags & _Py_MEMORYVIEW_RELEASED) return;
  m.flags = m.flags | _Py_MEMORYVIEW_RELEASED;
  const master = _PyManagedBufferObject.at(m.mbuf);
  master.exports = master.exports - 1;
  if (master.exports == 0) mbuf_release(m.mbuf);
}

/**
 * @native memoryview.release($self, /)
 *
 * Let go of the object's memory; the view is of no use then.
 */
export function memory_release(o: usize, _: usize): usize {
  const n = PyMemoryViewObject.at(o).exports;
  if (n > 0) {
    const format = n == 1 ? "memoryview has %zd exported buffer" : "memoryview has %zd exported buffers";
    return PyErr_Format(PyExc_BufferError, format, n);
  }
  release(o);
  return _Py_NoneStruct;
}

function memory_dealloc(o: usize): void {
  _PyObject_GC_UNTRACK(o);
  const m = PyMemoryViewObject.at(o);
  if (m.mbuf != 0) {
    release(o);
    Py.DECREF(m.mbuf);
    m.mbuf = 0;
  }
  if (m.weakreflist != 0) PyObject_ClearWeakRefs(o);
  PyObject_GC_Del(o);
}

function memory_clear(o: usize): i32 {
  // The managed buffer stays until the end: what still refers to the view finds it released, not without one.
  if (PyMemoryViewObject.at(o).exports == 0) release(o);
  return 0;
}

/**
 * @native memoryview.__enter__
 */
export function memory_enter(o: usize, _: usize): usize {
  return usable(o) ? Py.NewRef(o) : 0;
}

/**
 * @native memoryview.__exit__($self, /, *exc_info)
 *
 * Let go of the object's memory; the view is of no use then.
 */
export function memory_exit(o: usize, _args: usize): usize {
  return memory_release(o, 0);
}

function memory_repr(o: usize): usize {
  const gone = PyMemoryViewObject.at(o).flags & _Py_MEMORYVIEW_RELEASED;
  return PyUnicode_FromFormat(gone ? "<released memory at %p>" : "<memory at %p>", o);
}

function memory_length(o: usize): isize {
  return usable(o) ? View.length(o) : -1;
}

/** Address of item `i`, counted from the end where negative; null with IndexError. */
function itemAddress(o: usize, i: isize): usize {
  const n = View.length(o);
  if (i < 0) i += n;
  if (i < 0 || i >= n) return PyErr_SetString(PyExc_IndexError, "index out of bounds on dimension 1");
  return View.buffer(o).buf + <usize>(i * View.stride(o));
}

function memory_item(o: usize, i: isize): usize {
  if (!usable(o)) return 0;
  const c = supportedFormat(View.buffer(o).format);
  if (c == 0) return 0;
  const p = itemAddress(o, i);
  return p == 0 ? 0 : unpackItem(p, c);
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

/** The index in a key of one index or a tuple of one; -1 with an exception, as which -1 may also be meant. */
function keyIndex(key: usize): isize {
  if (PyIndex_Check(key)) return PyNumber_AsSsize_t(key, PyExc_IndexError);
  const n = Py.SIZE(key);
  if (n == 1) return PyNumber_AsSsize_t(Tuple.get(key, 0), PyExc_IndexError);
  if (n == 0) PyErr_SetString(PyExc_NotImplementedError, "sub-views are not implemented");
  else PyErr_Format(PyExc_TypeError, "cannot index 1-dimension view with %zd-element tuple", n);
  return -1;
}

function wrongKey(kind: i32): void {
  if (kind == 2) PyErr_SetString(PyExc_NotImplementedError, "multi-dimensional slicing is not implemented");
  else PyErr_SetString(PyExc_TypeError, "memoryview: invalid slice key");
}

/** A new view of the items that the slice names; null with an exception. */
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
  const n = adjustIndices(View.length(r), s);
  const start = SliceIndices.start(s);
  const step = SliceIndices.step(s);
  Scratch.give(s);
  const v = View.buffer(r);
  const stride = View.stride(r);
  v.buf = v.buf + <usize>(stride * start);
  v.len = n * v.itemsize;
  View.setShape(r, n, stride * step);
  return r;
}

function memory_subscript(o: usize, key: usize): usize {
  if (!usable(o)) return 0;
  if (isSlice(key)) return sliced(o, key);
  const kind = keyTuple(key);
  if (!PyIndex_Check(key) && kind != 1) {
    wrongKey(kind);
    return 0;
  }
  const i = keyIndex(key);
  if (i == -1 && PyErr_Occurred()) return 0;
  return memory_item(o, i);
}

/** Stores the items that `value` lends in those that the slice names. -1 with an exception. */
function assignSlice(o: usize, key: usize, value: usize): i32 {
  const source = Scratch.take(10);
  if (PyObject_GetBuffer(value, source, PyBUF_FULL_RO) < 0) {
    Scratch.give(source);
    return -1;
  }
  // The part is a view of its own, so that its bytes stay while they are written.
  const r = sliced(o, key);
  let ok: i32 = -1;
  if (r != 0 && !usable(o)) Py.DECREF(r);
  else if (r != 0) {
    const to = View.buffer(r);
    const from = Py_buffer.at(source);
    if (
      nativeFormat(to.format) != nativeFormat(from.format) ||
      to.itemsize != from.itemsize ||
      View.length(r) != load<i32>(from.shape)
    ) {
      const message = "memoryview assignment: lvalue and rvalue have different structures";
      PyErr_SetString(PyExc_ValueError, message);
    } else ok = copyBetween(r, source);
    Py.DECREF(r);
  }
  PyBuffer_Release(source);
  Scratch.give(source);
  return ok;
}

/** Copies the items of the Py_buffer at `source` into the view, which has as many; they may overlap. */
function copyBetween(o: usize, source: usize): i32 {
  const to = View.buffer(o);
  const size = <usize>to.itemsize;
  const n = View.length(o);
  const stride = View.stride(o);
  if (stride == to.itemsize && load<i32>(Py_buffer.at(source).strides) == stride) {
    memory.copy(to.buf, Py_buffer.at(source).buf, size * <usize>n);
    return 0;
  }
  const items = PyMem_Malloc(size * <usize>n);
  if (items == 0) {
    PyErr_NoMemory();
    return -1;
  }
  PyBuffer_CopyItems(items, source);
  let p = to.buf;
  for (let i: isize = 0; i < n; i++) {
    memory.copy(p, items + <usize>i * size, size);
    p += stride;
  }
  PyMem_Free(items);
  return 0;
}

function memory_ass_sub(o: usize, key: usize, value: usize): i32 {
  if (!usable(o)) return -1;
  const v = View.buffer(o);
  const c = supportedFormat(v.format);
  if (c == 0) return -1;
  if (v.readonly) return PyErr_Fail(PyExc_TypeError, "cannot modify read-only memory");
  if (value == 0) return PyErr_Fail(PyExc_TypeError, "cannot delete memory");
  if (isSlice(key)) return assignSlice(o, key, value);
  const kind = keyTuple(key);
  if (!PyIndex_Check(key) && kind != 1) {
    if (kind == 2) {
      const message = "memoryview slice assignments are currently restricted to ndim = 1";
      PyErr_SetString(PyExc_NotImplementedError, message);
    } else wrongKey(0);
    return -1;
  }
  const i = keyIndex(key);
  if (i == -1 && PyErr_Occurred()) return -1;
  if (itemAddress(o, i) == 0) return -1;
  // Converted beside the view first: the item's own code may release it.
  const item = Scratch.take(1);
  let ok = packItem(item, value, c);
  if (ok == 0) {
    if (usable(o)) memory.copy(itemAddress(o, i), item, <usize>formatSize(c));
    else ok = -1;
  }
  Scratch.give(item);
  return ok;
}

function memory_richcompare(a: usize, b: usize, op: i32): usize {
  if (op != Py_EQ && op != Py_NE) return _Py_NotImplementedStruct;
  let equal: i32 = a == b ? 1 : 0;
  const isView = Py.IS_TYPE(b, PyMemoryView_Type);
  if (!isReleased(a) && !(isView && isReleased(b))) {
    const view = Scratch.take(10);
    if (PyObject_GetBuffer(b, view, PyBUF_FULL_RO) < 0) {
      Scratch.give(view);
      PyErr_Clear();
      return _Py_NotImplementedStruct;
    }
    // Borrowing from the other may have released this view.
    if (!isReleased(a)) equal = equalBuffers(PyMemoryViewObject.at(a).view, view);
    PyBuffer_Release(view);
    Scratch.give(view);
  }
  if (equal < 0) return 0;
  return boolObject((equal == 1) == (op == Py_EQ));
}

function memory_hash(o: usize): i64 {
  const m = PyMemoryViewObject.at(o);
  if (m.hash != -1) return m.hash;
  if (!usable(o)) return -1;
  const v = View.buffer(o);
  if (v.readonly == 0) {
    PyErr_SetString(PyExc_ValueError, "cannot hash writable memoryview object");
    return -1;
  }
  if (!isByteFormat(nativeFormat(v.format))) {
    PyErr_SetString(PyExc_ValueError, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
    return -1;
  }
  if (v.obj != 0) {
    // The owner's hash may be Python's: meanwhile the view cannot be released.
    m.exports = m.exports + 1;
    const hashable = PyObject_Hash(v.obj) != -1;
    m.exports = m.exports - 1;
    if (!hashable) return -1;
  }
  if (View.isContiguous(o)) m.hash = _Py_HashBytes(v.buf, v.len);
  else {
    const items = PyMem_Malloc(<usize>v.len);
    if (items == 0) {
      PyErr_NoMemory();
      return -1;
    }
    PyBuffer_CopyItems(items, m.view);
    m.hash = _Py_HashBytes(items, v.len);
    PyMem_Free(items);
  }
  return m.hash;
}

function memory_getbuffer(o: usize, view: usize, flags: i32): i32 {
  if (!shareable(o)) return -1;
  const m = PyMemoryViewObject.at(o);
  const base = View.buffer(o);
  const v = Py_buffer.at(view);
  memory.copy(view, m.view, 80);
  v.obj = 0;
  if (flags & PyBUF_WRITABLE && base.readonly) {
    return PyErr_Fail(PyExc_BufferError, "memoryview: underlying buffer is not writable");
  }
  if ((flags & PyBUF_FORMAT) == 0) v.format = 0;
  if (!View.isContiguous(o)) {
    let message = "";
    if ((flags & PyBUF_C_CONTIGUOUS) == PyBUF_C_CONTIGUOUS)
      message = "memoryview: underlying buffer is not C-contiguous";
    else if ((flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS) {
      message = "memoryview: underlying buffer is not Fortran contiguous";
    } else if ((flags & PyBUF_ANY_CONTIGUOUS) == PyBUF_ANY_CONTIGUOUS) {
      message = "memoryview: underlying buffer is not contiguous";
    } else if ((flags & PyBUF_STRIDES) != PyBUF_STRIDES) message = "memoryview: underlying buffer is not C-contiguous";
    if (message.length != 0) return PyErr_Fail(PyExc_BufferError, message);
  }
  if ((flags & PyBUF_STRIDES) != PyBUF_STRIDES) v.strides = 0;
  if ((flags & PyBUF_ND) == 0) {
    if (v.format != 0) {
      const message = "memoryview: cannot cast to unsigned bytes if the format flag is present";
      return PyErr_Fail(PyExc_BufferError, message);
    }
    v.shape = 0;
  }
  v.obj = Py.NewRef(o);
  m.exports = m.exports + 1;
  return 0;
}

function memory_releasebuffer(o: usize, _view: usize): void {
  const m = PyMemoryViewObject.at(o);
  m.exports = m.exports - 1;
}

// Methods.

/** The items one behind the other in a new bytes object; null with MemoryError. */
function toBytes(o: usize): usize {
  const r = PyBytes_FromStringAndSize(0, View.buffer(o).len);
  if (r != 0) PyBuffer_CopyItems(PyBytesObject.at(r).ob_sval, PyMemoryViewObject.at(o).view);
  return r;
}

/**
 * @native memoryview.tobytes($self, /, order='C')
 *
 * The elements as bytes, in a row.
 *
 * The order matters where there are several dimensions: with 'C', the default, or None, the last index runs fastest, and with 'F' the first, whatever the order in memory. 'A' takes the order of Fortran where the memory has it, and that of C otherwise.
 *
 * The result is a copy, which stays as it is when the memory changes; where a view will do, slice it instead.
 */
export function memory_tobytes(o: usize, order: usize): usize {
  const given = order != 0 && order != _Py_NoneStruct;
  if (given && !Py.check(order, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return badArgument("tobytes", "argument 'order'", "str or None", order);
  }
  if (!usable(o)) return 0;
  if (given) {
    const known =
      PyUnicode_EqualToLiteral(order, "C") ||
      PyUnicode_EqualToLiteral(order, "F") ||
      PyUnicode_EqualToLiteral(order, "A");
    if (!known) return PyErr_SetString(PyExc_ValueError, "order must be 'C', 'F' or 'A'");
  }
  return toBytes(o);
}

/**
 * @native memoryview.hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)
 *
 * The bytes as text, two digits in base 16 each.
 *
 *   sep
 *     What to put between groups of digits: one character, or one byte; nothing by default.
 *   bytes_per_sep
 *     How many bytes make a group, counted from the right; but from the left where that number is negative.
 *
 * >>> view = memoryview(b'Hello')
 * >>> view.hex()
 * '48656c6c6f'
 * >>> view.hex(' ')
 * '48 65 6c 6c 6f'
 * >>> view.hex('_', 2)
 * '48_656c_6c6f'
 * >>> view.hex('_', -2)
 * '4865_6c6c_6f'
 */
export function memory_hex(o: usize, sep: usize, bytes_per_sep: usize): usize {
  let group = 1;
  if (bytes_per_sep != 0) {
    group = intArgument(bytes_per_sep);
    if (group == -1 && PyErr_Occurred()) return 0;
  }
  if (!usable(o)) return 0;
  const bytes = toBytes(o);
  if (bytes == 0) return 0;
  const r = hexOf(PyBytesObject.at(bytes).ob_sval, Py.SIZE(bytes), sep, group);
  Py.DECREF(bytes);
  return r;
}

/**
 * @native memoryview.tolist($self, /)
 *
 * The elements as Python objects, in a list.
 */
export function memory_tolist(o: usize, _: usize): usize {
  if (!usable(o)) return 0;
  const c = supportedFormat(View.buffer(o).format);
  if (c == 0) return 0;
  const n = View.length(o);
  const list = PyList_New(n);
  if (list == 0) return 0;
  let p = View.buffer(o).buf;
  for (let i: isize = 0; i < n; i++) {
    const v = unpackItem(p, c);
    if (v == 0) {
      Py.DECREF(list);
      return 0;
    }
    List.set(list, i, v);
    p += View.stride(o);
  }
  return list;
}

/**
 * @native memoryview.toreadonly($self, /)
 *
 * A view of the same memory that cannot write.
 */
export function memory_toreadonly(o: usize, _: usize): usize {
  if (!shareable(o)) return 0;
  const m = PyMemoryViewObject.at(o);
  const r = mbuf_add_view(m.mbuf, m.view);
  if (r != 0) View.buffer(r).readonly = 1;
  return r;
}

/** Whether `shape` (null: not given) is a sequence of one dimension that holds `n` items; otherwise an exception. */
function checkShape(shape: usize, n: isize): bool {
  if (shape == 0) return true;
  const isList = Py.check(shape, Py_TPFLAGS_LIST_SUBCLASS);
  const dimensions = isList ? List.size(shape) : Py.SIZE(shape);
  let size: isize = 0;
  for (let i: isize = 0; i < dimensions; i++) {
    const v = isList ? List.get(shape, i) : Tuple.get(shape, i);
    if (!Long.check(v)) {
      PyErr_SetString(PyExc_TypeError, "memoryview.cast(): elements of shape must be integers");
      return false;
    }
    size = PyLong_AsSsize_t(v);
    if (size == -1 && PyErr_Occurred()) return false;
    if (size <= 0) {
      PyErr_SetString(PyExc_ValueError, "memoryview.cast(): elements of shape must be integers > 0");
      return false;
    }
  }
  if (dimensions != 1) {
    PyErr_SetString(PyExc_NotImplementedError, "memoryview: only one dimension is supported");
    return false;
  }
  if (size != n) {
    PyErr_SetString(PyExc_TypeError, "memoryview: product(shape) * itemsize != buffer size");
    return false;
  }
  return true;
}

/** Makes the new view `r` one of items of the format. False with an exception. */
function castTo(r: usize, format: usize, shape: usize): bool {
  const n = U.length(format);
  const withAt = n > 0 && U.at(format, 0) == 0x40;
  const at: isize = withAt ? 1 : 0;
  // The character as a format of its own.
  const text = Scratch.take(1);
  store<u64>(text, n == at + 1 && U.at(format, at) < 128 ? U.at(format, at) : 0);
  const c = nativeFormat(text);
  Scratch.give(text);
  const v = View.buffer(r);
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
  const size = formatSize(c);
  if (v.len % size != 0) {
    PyErr_SetString(PyExc_TypeError, "memoryview: length is not a multiple of itemsize");
    return false;
  }
  v.format = formatText(c, withAt);
  v.itemsize = size;
  View.setShape(r, v.len / size, size);
  return checkShape(shape, v.len / size);
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
  if (!View.isContiguous(o)) {
    return PyErr_SetString(PyExc_TypeError, "memoryview: casts are restricted to C-contiguous views");
  }
  if (shape != 0) {
    if (View.length(o) == 0) {
      return PyErr_SetString(PyExc_TypeError, "memoryview: cannot cast view with zeros in shape or strides");
    }
    if (!Py.check(shape, Py_TPFLAGS_LIST_SUBCLASS) && !Py.check(shape, Py_TPFLAGS_TUPLE_SUBCLASS)) {
      return PyErr_SetString(PyExc_TypeError, "shape must be a list or a tuple");
    }
  }
  const m = PyMemoryViewObject.at(o);
  const r = mbuf_add_view(m.mbuf, m.view);
  if (r == 0) return 0;
  if (castTo(r, format, shape)) return r;
  Py.DECREF(r);
  return 0;
}

// Computed attributes.

/**
 * @getter memoryview.obj
 *
 * The object whose memory it is that one sees.
 */
export function memory_obj_get(o: usize, _: usize): usize {
  if (!usable(o)) return 0;
  const base = View.buffer(o).obj;
  return base == 0 ? _Py_NoneStruct : Py.NewRef(base);
}

/**
 * @getter memoryview.nbytes
 *
 * How many bytes the elements would take if they stood in a row without gaps.
 */
export function memory_nbytes_get(o: usize, _: usize): usize {
  return usable(o) ? PyLong_FromSsize_t(View.buffer(o).len) : 0;
}

/**
 * @getter memoryview.readonly
 *
 * Whether the memory can be looked at only.
 */
export function memory_readonly_get(o: usize, _: usize): usize {
  return usable(o) ? boolObject(View.buffer(o).readonly != 0) : 0;
}

/**
 * @getter memoryview.itemsize
 *
 * How many bytes one of the elements takes up.
 */
export function memory_itemsize_get(o: usize, _: usize): usize {
  return usable(o) ? PyLong_FromSsize_t(View.buffer(o).itemsize) : 0;
}

/**
 * @getter memoryview.format
 *
 * What an element is, in the letters that the module struct uses for that.
 */
export function memory_format_get(o: usize, _: usize): usize {
  return usable(o) ? PyUnicode_FromString(View.buffer(o).format) : 0;
}

/**
 * @getter memoryview.ndim
 *
 * How many indices it takes to name one element; 0 where there is just one: a scalar value.
 */
export function memory_ndim_get(o: usize, _: usize): usize {
  return usable(o) ? Long.small(1) : 0;
}

function tupleOfSize(n: isize): usize {
  const v = PyLong_FromSsize_t(n);
  if (v == 0) return 0;
  const r = PyTuple_Pack1(v);
  Py.DECREF(v);
  return r;
}

/**
 * @getter memoryview.shape
 *
 * How many elements there are in each dimension, in a tuple of ndim numbers.
 */
export function memory_shape_get(o: usize, _: usize): usize {
  return usable(o) ? tupleOfSize(View.length(o)) : 0;
}

/**
 * @getter memoryview.strides
 *
 * How many bytes lie between an element and the next of each dimension, in a tuple; negative to go backwards.
 */
export function memory_strides_get(o: usize, _: usize): usize {
  return usable(o) ? tupleOfSize(View.stride(o)) : 0;
}

/**
 * @getter memoryview.suboffsets
 *
 * How to follow pointers, in arrays made of them; or empty.
 */
export function memory_suboffsets_get(o: usize, _: usize): usize {
  return usable(o) ? empty_tuple : 0;
}

/**
 * @getter memoryview.c_contiguous
 *
 * Whether the elements are in C's order, no gaps.
 *
 * @getter memoryview.f_contiguous
 *
 * Whether the elements are in Fortran's order, with no gaps.
 *
 * @getter memoryview.contiguous
 *
 * Whether the elements have no gaps between them.
 */
export function memory_contiguous_get(o: usize, _: usize): usize {
  return usable(o) ? boolObject(View.isContiguous(o)) : 0;
}

// The iterator.

function memory_iter(o: usize): usize {
  const released = !usable(o);
  const c = released ? 0 : supportedFormat(View.buffer(o).format);
  if (c == 0) return 0;
  const it = _PyObject_GC_New(_PyMemoryIter_Type);
  if (it == 0) return 0;
  const i = memoryiterobject.at(it);
  i.it_index = 0;
  i.it_seq = Py.NewRef(o);
  i.it_length = View.length(o);
  i.it_fmt = View.buffer(o).format;
  _PyObject_GC_TRACK(it);
  return it;
}

function memoryiter_next(it: usize): usize {
  const i = memoryiterobject.at(it);
  const o = i.it_seq;
  if (o == 0) return 0;
  if (i.it_index < i.it_length) {
    if (!usable(o)) return 0;
    const p = View.buffer(o).buf + <usize>(i.it_index * View.stride(o));
    i.it_index = i.it_index + 1;
    return unpackItem(p, nativeFormat(i.it_fmt));
  }
  i.it_seq = 0;
  Py.DECREF(o);
  return 0;
}

function memoryiter_dealloc(it: usize): void {
  _PyObject_GC_UNTRACK(it);
  memoryiterobject_clear(it);
  PyObject_GC_Del(it);
}

/**
 * @type memoryview(object)
 * @order release tobytes hex tolist cast toreadonly _from_flags __enter__ __exit__
 *
 * A view of the memory of an object that has got a buffer.
 */

/**
 * @type memory_iterator
 */

/**
 * @type managedbuffer
 */
export function initMemoryViewTypes(): void {
  const master = PyTypeObject.at(_PyManagedBuffer_Type);
  master.tp_basicsize = SIZEOF__PyManagedBufferObject;
  master.tp_flags = Py_TPFLAGS_HAVE_GC;
  master.tp_dealloc = mbuf_dealloc.index;
  master.tp_getattro = PyObject_GenericGetAttr.index;
  master.tp_traverse = mbuf_traverse.index;
  master.tp_clear = mbuf_clear.index;

  const it = PyTypeObject.at(_PyMemoryIter_Type);
  it.tp_basicsize = SIZEOF_memoryiterobject;
  it.tp_flags = Py_TPFLAGS_HAVE_GC;
  it.tp_dealloc = memoryiter_dealloc.index;
  it.tp_getattro = PyObject_GenericGetAttr.index;
  it.tp_traverse = memoryiterobject_traverse.index;
  it.tp_iter = PyObject_SelfIter.index;
  it.tp_iternext = memoryiter_next.index;

  const type = PyMemoryView_Type;
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_PyMemoryViewObject;
  t.tp_itemsize = 8;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_SEQUENCE;
  t.tp_dealloc = memory_dealloc.index;
  t.tp_repr = memory_repr.index;
  t.tp_hash = memory_hash.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_traverse = PyMemoryViewObject_traverse.index;
  t.tp_clear = memory_clear.index;
  t.tp_richcompare = memory_richcompare.index;
  t.tp_weaklistoffset = PyMemoryViewObject_weakreflist;
  t.tp_iter = memory_iter.index;
  t.tp_new = memory_new.index;
  const b = PyBufferProcs.at(asBuffer(type));
  b.bf_getbuffer = memory_getbuffer.index;
  b.bf_releasebuffer = memory_releasebuffer.index;
  const s = PySequenceMethods.at(asSequence(type));
  s.sq_length = memory_length.index;
  s.sq_item = memory_item.index;
  const m = PyMappingMethods.at(asMapping(type));
  m.mp_length = memory_length.index;
  m.mp_subscript = memory_subscript.index;
  m.mp_ass_subscript = memory_ass_sub.index;
}
