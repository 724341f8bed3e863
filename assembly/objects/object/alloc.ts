// Memory for objects, from the type's size to the block and back (CPython 3.13's Objects/object.c, the allocating half of
// Python/gc.c and of Objects/typeobject.c).

import {
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_HEAPTYPE,
  Py_TPFLAGS_INLINE_VALUES,
  Py_TPFLAGS_PREHEADER,
} from "../../generated/constants";
import {
  PreHeader,
  PreHeader_gc,
  PyObject,
  PyTypeObject,
  SIZEOF_PreHeader,
  SIZEOF_PyGC_Head,
} from "../../generated/layouts";
import { PyObject_Free, PyObject_Malloc, PyObject_Realloc } from "../../memory/pymem";
import { initInlineValues, inlineValuesSize } from "../containers/dict/inlinevalues";
import { PyErr_NoMemory } from "../errors/raise";
import { _PyObject_GC_IS_TRACKED, _PyObject_GC_Link, _PyObject_GC_TRACK, _PyObject_GC_UNTRACK, GC } from "./gchead";
import { _PyObject_Init, Py } from "./head";

/** A new object without gc head, its value not initialised; null with MemoryError. */
export function _PyObject_New(type: usize): usize {
  const o = PyObject_Malloc(PyTypeObject.at(type).tp_basicsize);
  if (o == 0) return PyErr_NoMemory();
  _PyObject_Init(o, type);
  return o;
}

/** Bytes of an instance with `n` items, rounded up to 8. Items must have been checked against overflow. */
export function _PyObject_VAR_SIZE(type: usize, n: isize): usize {
  const t = PyTypeObject.at(type);
  return (<usize>t.tp_basicsize + <usize>n * <usize>t.tp_itemsize + 7) & ~7;
}

/** Whether an instance with `n` items would be larger than the address space. */
function _PyObject_tooLarge(type: usize, n: isize): bool {
  const t = PyTypeObject.at(type);
  return <u64>(<u32>n) * <u64>(<u32>t.tp_itemsize) + <u64>(<u32>t.tp_basicsize) > 0x7ffffff0;
}

/** Bytes before an object of this type: managed dict and weak references, and the gc head. */
export function _PyType_PreHeaderSize(type: usize): usize {
  const flags = PyTypeObject.at(type).tp_flags;
  return (flags & Py_TPFLAGS_HAVE_GC ? SIZEOF_PyGC_Head : 0) + (flags & Py_TPFLAGS_PREHEADER ? PreHeader_gc : 0);
}

/** Memory for a collected object: `size` bytes after a preheader of `presize`; the object's address, or null. */
function gcAlloc(size: usize, presize: usize): usize {
  const mem = PyObject_Malloc(size + presize);
  if (mem == 0) return PyErr_NoMemory();
  const o = mem + presize;
  GC.head(o)._gc_next = 0;
  GC.head(o)._gc_prev = 0;
  if (presize == SIZEOF_PreHeader) {
    PreHeader.at(mem).weaklist = 0;
    PreHeader.at(mem).dict = 0;
  }
  _PyObject_GC_Link(o);
  return o;
}

/** A new collected object, untracked, its value not initialised; null with MemoryError. */
export function _PyObject_GC_New(type: usize): usize {
  const o = gcAlloc(PyTypeObject.at(type).tp_basicsize, _PyType_PreHeaderSize(type));
  if (o == 0) return 0;
  _PyObject_Init(o, type);
  return o;
}

/** A new collected object with room for `n` items and ob_size n, untracked; null with MemoryError. */
export function _PyObject_GC_NewVar(type: usize, n: isize): usize {
  if (_PyObject_tooLarge(type, n)) return PyErr_NoMemory();
  const o = gcAlloc(_PyObject_VAR_SIZE(type, n), _PyType_PreHeaderSize(type));
  if (o == 0) return 0;
  _PyObject_Init(o, type);
  Py.SET_SIZE(o, n);
  return o;
}

/** An untracked object without preheader but the gc head, with room for `n` items: moved, or null with MemoryError. */
export function _PyObject_GC_Resize(o: usize, n: isize): usize {
  const type = Py.TYPE(o);
  if (_PyObject_tooLarge(type, n)) return PyErr_NoMemory();
  const mem = PyObject_Realloc(o - SIZEOF_PyGC_Head, SIZEOF_PyGC_Head + _PyObject_VAR_SIZE(type, n));
  return mem == 0 ? PyErr_NoMemory() : mem + SIZEOF_PyGC_Head;
}

/** Returns a collected object's block, preheader included; tracked or not. */
export function PyObject_GC_Del(o: usize): void {
  const presize = _PyType_PreHeaderSize(Py.TYPE(o));
  if (_PyObject_GC_IS_TRACKED(o)) _PyObject_GC_UNTRACK(o);
  const young = GC.young();
  if (young.count > 0) young.count = young.count - 1;
  PyObject_Free(o - presize);
}

/** tp_alloc of almost every type: memory for `nitems` items (and one more, as CPython), zeroed, tracked. */
export function PyType_GenericAlloc(type: usize, nitems: isize): usize {
  const o = _PyType_AllocNoTrack(type, nitems);
  if (o != 0 && Py.hasFeature(type, Py_TPFLAGS_HAVE_GC)) _PyObject_GC_TRACK(o);
  return o;
}

/** tp_new of types whose instances __init__ fills in. */
export function PyType_GenericNew(type: usize, _args: usize, _kwargs: usize): usize {
  return call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
}

/** As PyType_GenericAlloc, but leaves a collected object untracked. */
export function _PyType_AllocNoTrack(type: usize, nitems: isize): usize {
  const t = PyTypeObject.at(type);
  if (_PyObject_tooLarge(type, nitems + 1)) return PyErr_NoMemory();
  let size = _PyObject_VAR_SIZE(type, t.tp_itemsize ? nitems + 1 : 0);
  const presize = _PyType_PreHeaderSize(type);
  if (t.tp_flags & Py_TPFLAGS_INLINE_VALUES) {
    assert(t.tp_itemsize == 0);
    size += inlineValuesSize(type);
  }
  const mem = PyObject_Malloc(size + presize);
  if (mem == 0) return PyErr_NoMemory();
  memory.fill(mem, 0, size + presize);
  const o = mem + presize;
  if (t.tp_flags & Py_TPFLAGS_HAVE_GC) _PyObject_GC_Link(o);
  PyObject.at(o).ob_refcnt = 1;
  PyObject.at(o).ob_type = type;
  if (t.tp_itemsize) Py.SET_SIZE(o, nitems);
  if (t.tp_flags & Py_TPFLAGS_HEAPTYPE) Py.INCREF(type);
  if (t.tp_flags & Py_TPFLAGS_INLINE_VALUES) initInlineValues(o, type);
  return o;
}

/** Returns an object without gc head: tp_free of types that are not collected. */
export function PyObject_Del(o: usize): void {
  PyObject_Free(o);
}
