// memoryview: a window on the bytes that another object lends (CPython 3.13's Objects/memoryobject.c).
//
//   managed   the loan, and the views that share it
//   index     items and slices
//   cast      the bytes as other items
//   items     single items: formats, conversions; comparing
//
// Here are the rest of the type and its iterator.

import { Py_TPFLAGS_HAVE_GC, Py_TPFLAGS_SEQUENCE, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../../generated/constants";
import {
  memoryiterobject,
  Py_buffer,
  PyBufferProcs,
  PyBytesObject,
  PyMappingMethods,
  PyMemoryViewObject,
  PyMemoryViewObject_weakreflist,
  PySequenceMethods,
  PyTypeObject,
  SIZEOF_memoryiterobject,
  SIZEOF_Py_buffer,
  SIZEOF_PyMemoryViewObject,
} from "../../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  _PyMemoryIter_Type,
  empty_tuple,
  PyExc_BufferError,
  PyExc_NotImplementedError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyMemoryView_Type,
} from "../../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../../memory/pymem";
import { Scratch } from "../../../thread/scratch";
import { List, PyList_New } from "../../containers/list/list";
import { PyTuple_New, Tuple } from "../../containers/tuple";
import { badArgument, intArgument, parseTupleAndKeywords } from "../../define/args";
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
  PyMemoryViewObject_traverse,
} from "../../generated/references";
import { boolObject } from "../../numbers/bool";
import { Long } from "../../numbers/int/access";
import { PyLong_FromSsize_t } from "../../numbers/int/create";
import { _PyObject_GC_New, PyObject_GC_Del } from "../../object/alloc";
import { PyObject_GenericGetAttr } from "../../object/attributes";
import {
  Buffer,
  Extent,
  PyBUF_ANY_CONTIGUOUS,
  PyBUF_C_CONTIGUOUS,
  PyBUF_F_CONTIGUOUS,
  PyBUF_FORMAT,
  PyBUF_ND,
  PyBUF_STRIDES,
  PyBUF_WRITABLE,
  PyBuffer_CopyItems,
} from "../../object/buffer";
import { Py_EQ, Py_NE } from "../../object/flags";
import { _PyObject_GC_TRACK, _PyObject_GC_UNTRACK } from "../../object/gchead";
import { Py } from "../../object/head";
import { PyObject_SelfIter } from "../../protocol/access";
import { PyObject_Hash } from "../../protocol/compare";
import { _Py_HashBytes } from "../../text/access";
import { PyUnicode_EqualToLiteral } from "../../text/compare";
import { PyUnicode_FromString } from "../../text/create";
import { PyUnicode_FromFormat } from "../../text/format/fromformat";
import { PyObject_ClearWeakRefs } from "../../weak/weakref";
import { PyBytes_FromStringAndSize } from "../bytes";
import { hexOf } from "../methods";
import { memory_ass_sub, memory_item, memory_subscript } from "./index";
import { equalBuffers, isByteFormat, nativeFormat, supportedFormat, unpackItem } from "./items";
import {
  fromObject,
  initManagedBufferType,
  isGivenBack,
  isReleased,
  mbuf_add_view,
  PyMemoryView_FromObject,
  release,
  shareable,
  usable,
  View,
} from "./managed";

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
  const gone = isGivenBack(o);
  return PyUnicode_FromFormat(gone ? "<released memory at %p>" : "<memory at %p>", o);
}

function memory_length(o: usize): isize {
  if (!usable(o)) return -1;
  if (View.ndim(o) > 0) return View.shape(o, 0);
  return PyErr_Fail(PyExc_TypeError, "0-dim memory has no length");
}

function memory_richcompare(a: usize, b: usize, op: i32): usize {
  if (op != Py_EQ && op != Py_NE) return _Py_NotImplementedStruct;
  let equal: i32 = a == b ? 1 : 0;
  const isView = Py.IS_TYPE(b, PyMemoryView_Type);
  if (!isReleased(a) && !(isView && isReleased(b))) {
    const view = Buffer.openFull(b);
    if (view == 0) {
      PyErr_Clear();
      return _Py_NotImplementedStruct;
    }
    // Borrowing from the other may have released this view.
    if (!isReleased(a)) equal = equalBuffers(PyMemoryViewObject.at(a).view, view);
    Buffer.close(view);
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
  if (View.isContiguous(o, false)) m.hash = _Py_HashBytes(v.buf, v.len);
  else {
    const items = PyMem_Malloc(<usize>v.len);
    if (items == 0) {
      PyErr_NoMemory();
      return -1;
    }
    PyBuffer_CopyItems(items, m.view, false);
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
  memory.copy(view, m.view, SIZEOF_Py_buffer);
  v.obj = 0;
  if (flags & PyBUF_WRITABLE && base.readonly) {
    return PyErr_Fail(PyExc_BufferError, "memoryview: underlying buffer is not writable");
  }
  if ((flags & PyBUF_FORMAT) == 0) v.format = 0;
  const c = View.isContiguous(o, false);
  const fortran = View.isContiguous(o, true);
  if ((flags & PyBUF_C_CONTIGUOUS) == PyBUF_C_CONTIGUOUS && !c) {
    return PyErr_Fail(PyExc_BufferError, "memoryview: underlying buffer is not C-contiguous");
  }
  if ((flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS && !fortran) {
    return PyErr_Fail(PyExc_BufferError, "memoryview: underlying buffer is not Fortran contiguous");
  }
  if ((flags & PyBUF_ANY_CONTIGUOUS) == PyBUF_ANY_CONTIGUOUS && !c && !fortran) {
    return PyErr_Fail(PyExc_BufferError, "memoryview: underlying buffer is not contiguous");
  }
  if ((flags & PyBUF_STRIDES) != PyBUF_STRIDES) {
    if (!c) return PyErr_Fail(PyExc_BufferError, "memoryview: underlying buffer is not C-contiguous");
    v.strides = 0;
  }
  if ((flags & PyBUF_ND) == 0) {
    if (v.format != 0) {
      const message = "memoryview: cannot cast to unsigned bytes if the format flag is present";
      return PyErr_Fail(PyExc_BufferError, message);
    }
    v.ndim = 1;
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
function toBytes(o: usize, fortran: bool): usize {
  const r = PyBytes_FromStringAndSize(0, View.buffer(o).len);
  if (r != 0) PyBuffer_CopyItems(PyBytesObject.at(r).ob_sval, PyMemoryViewObject.at(o).view, fortran);
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
  if (!given || PyUnicode_EqualToLiteral(order, "C")) return toBytes(o, false);
  if (PyUnicode_EqualToLiteral(order, "F")) return toBytes(o, true);
  if (!PyUnicode_EqualToLiteral(order, "A")) return PyErr_SetString(PyExc_ValueError, "order must be 'C', 'F' or 'A'");
  return toBytes(o, !View.isContiguous(o, false) && View.isContiguous(o, true));
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
  const bytes = toBytes(o, false);
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
  return c == 0 ? 0 : listOf(o, View.buffer(o).buf, 0, c);
}

/** The items at `p` from dimension `dim` on: a list of lists, or the item where there is no such. Null with an exception. */
function listOf(o: usize, p: usize, dim: i32, c: u32): usize {
  if (dim == View.ndim(o)) return unpackItem(p, c);
  const n = View.shape(o, dim);
  const list = PyList_New(n);
  if (list == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    const item = listOf(o, p, dim + 1, c);
    if (item == 0) {
      Py.DECREF(list);
      return 0;
    }
    List.set(list, i, item);
    p += View.stride(o, dim);
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
  return usable(o) ? Long.small(View.ndim(o)) : 0;
}

/** Numbers, one for each dimension, as a new tuple; null with MemoryError. */
function tupleOf(extents: usize, ndim: i32): usize {
  const r = PyTuple_New(ndim);
  if (r == 0) return 0;
  for (let i = 0; i < ndim; i++) {
    const n = PyLong_FromSsize_t(Extent.at(extents, i));
    if (n == 0) {
      Py.DECREF(r);
      return 0;
    }
    Tuple.set(r, i, n);
  }
  return r;
}

/**
 * @getter memoryview.shape
 *
 * How many elements there are in each dimension, in a tuple of ndim numbers.
 */
export function memory_shape_get(o: usize, _: usize): usize {
  return usable(o) ? tupleOf(View.buffer(o).shape, View.ndim(o)) : 0;
}

/**
 * @getter memoryview.strides
 *
 * How many bytes lie between an element and the next of each dimension, in a tuple; negative to go backwards.
 */
export function memory_strides_get(o: usize, _: usize): usize {
  return usable(o) ? tupleOf(View.buffer(o).strides, View.ndim(o)) : 0;
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
 */
export function memory_c_contiguous(o: usize, _: usize): usize {
  return usable(o) ? boolObject(View.isContiguous(o, false)) : 0;
}

/**
 * @getter memoryview.f_contiguous
 *
 * Whether the elements are in Fortran's order, with no gaps.
 */
export function memory_f_contiguous(o: usize, _: usize): usize {
  return usable(o) ? boolObject(View.isContiguous(o, true)) : 0;
}

/**
 * @getter memoryview.contiguous
 *
 * Whether the elements have no gaps between them.
 */
export function memory_contiguous(o: usize, _: usize): usize {
  return usable(o) ? boolObject(View.isContiguous(o, false) || View.isContiguous(o, true)) : 0;
}

// The iterator.

function memory_iter(o: usize): usize {
  const ndim = View.ndim(o);
  if (ndim == 0) return PyErr_SetString(PyExc_TypeError, "invalid indexing of 0-dim memory");
  if (ndim > 1) {
    return PyErr_SetString(PyExc_NotImplementedError, "multi-dimensional sub-views are not implemented");
  }
  if (!usable(o)) return 0;
  const it = _PyObject_GC_New(_PyMemoryIter_Type);
  if (it == 0) return 0;
  const i = memoryiterobject.at(it);
  i.it_index = 0;
  i.it_seq = Py.NewRef(o);
  i.it_length = View.shape(o, 0);
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
    const p = View.buffer(o).buf + <usize>(i.it_index * View.stride(o, 0));
    i.it_index = i.it_index + 1;
    const c = supportedFormat(i.it_fmt);
    return c == 0 ? 0 : unpackItem(p, c);
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

export function initMemoryViewTypes(): void {
  initManagedBufferType();
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
