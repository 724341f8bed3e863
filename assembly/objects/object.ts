// The head that every object begins with, and the life of an object from allocation to its block's return.
// Mirrors CPython 3.13's Include/object.h, pycore_object.h and the allocating half of Modules/gcmodule.c.
//
//   +0  ob_refcnt  8 bytes   the low 32 bits count; 0xFFFFFFFF there means immortal
//   +8  ob_type    8 bytes   address of the PyTypeObject
//   +16 …          the value, or ob_size first where the type has items
//
// A collected object has 16 more bytes before it, its PyGC_Head:
//
//   -16 _gc_next   8 bytes   next in its generation; 0 while untracked
//   -8  _gc_prev   8 bytes   previous in its generation; bits 0 and 1 are flags
//
// Invariant: whoever stores a reference in memory owns one count of it, unless the field is named as borrowed.

import { PyDictKeysObject, PyDictValues, PyHeapTypeObject, PyThreadState, PyTypeObject } from "../generated/layouts";
import { gcRoots, objectsRoots } from "../generated/runtime";
import { PyLong_Type } from "../generated/statics";
import { PyObject_Free, PyObject_Malloc, PyObject_Realloc } from "../memory/pymem";
import { PyErr_NoMemory } from "./errors";
import { tstate } from "./state";

export const IMMORTAL_REFCNT: u64 = 0xffffffff;

// tp_flags (Include/object.h).
export const Py_TPFLAGS_DISALLOW_INSTANTIATION: u64 = 1 << 7;
export const Py_TPFLAGS_IMMUTABLETYPE: u64 = 1 << 8;
export const Py_TPFLAGS_HEAPTYPE: u64 = 1 << 9;
export const Py_TPFLAGS_BASETYPE: u64 = 1 << 10;
export const Py_TPFLAGS_HAVE_VECTORCALL: u64 = 1 << 11;
export const Py_TPFLAGS_READY: u64 = 1 << 12;
export const Py_TPFLAGS_READYING: u64 = 1 << 13;
export const Py_TPFLAGS_HAVE_GC: u64 = 1 << 14;
export const Py_TPFLAGS_METHOD_DESCRIPTOR: u64 = 1 << 17;
export const Py_TPFLAGS_VALID_VERSION_TAG: u64 = 1 << 19;
export const Py_TPFLAGS_IS_ABSTRACT: u64 = 1 << 20;
export const _Py_TPFLAGS_MATCH_SELF: u64 = 1 << 22;
export const Py_TPFLAGS_ITEMS_AT_END: u64 = 1 << 23;
export const Py_TPFLAGS_LONG_SUBCLASS: u64 = 1 << 24;
export const Py_TPFLAGS_LIST_SUBCLASS: u64 = 1 << 25;
export const Py_TPFLAGS_TUPLE_SUBCLASS: u64 = 1 << 26;
export const Py_TPFLAGS_BYTES_SUBCLASS: u64 = 1 << 27;
export const Py_TPFLAGS_UNICODE_SUBCLASS: u64 = 1 << 28;
export const Py_TPFLAGS_DICT_SUBCLASS: u64 = 1 << 29;
export const Py_TPFLAGS_BASE_EXC_SUBCLASS: u64 = 1 << 30;
export const Py_TPFLAGS_TYPE_SUBCLASS: u64 = 1 << 31;
export const Py_TPFLAGS_INLINE_VALUES: u64 = 1 << 2;
export const Py_TPFLAGS_MANAGED_WEAKREF: u64 = 1 << 3;
export const Py_TPFLAGS_MANAGED_DICT: u64 = 1 << 4;
export const Py_TPFLAGS_SEQUENCE: u64 = 1 << 5;
export const Py_TPFLAGS_MAPPING: u64 = 1 << 6;
export const Py_TPFLAGS_DEFAULT: u64 = 0;
export const Py_TPFLAGS_STATIC_BUILTIN: u64 = 1 << 1;
/** A managed dict or weak reference list lives in two words before the gc head. */
export const Py_TPFLAGS_PREHEADER: u64 = (1 << 3) | (1 << 4);

// Rich comparison operators.
export const Py_LT: i32 = 0;
export const Py_LE: i32 = 1;
export const Py_EQ: i32 = 2;
export const Py_NE: i32 = 3;
export const Py_GT: i32 = 4;
export const Py_GE: i32 = 5;

// The eval breaker's bits (pycore_ceval.h).
export const _PY_GIL_DROP_REQUEST_BIT: u32 = 1 << 0;
export const _PY_SIGNALS_PENDING_BIT: u32 = 1 << 1;
export const _PY_CALLS_TO_DO_BIT: u32 = 1 << 2;
export const _PY_ASYNC_EXCEPTION_BIT: u32 = 1 << 3;
export const _PY_GC_SCHEDULED_BIT: u32 = 1 << 4;
/** Ours: the host asks to stop (time limit, interrupt). */
export const _PY_HOST_REQUEST_BIT: u32 = 1 << 7;

export const SIZEOF_GC_HEAD: usize = 16;
const _PyGC_PREV_MASK_FINALIZED: u64 = 1;
const GENERATION0 = gcRoots.START;

export class Py {
  @inline static INCREF(o: usize): void {
    const n = load<u32>(o) + 1;
    if (n != 0) store<u32>(o, n);
  }

  @inline static XINCREF(o: usize): void {
    if (o != 0) Py.INCREF(o);
  }

  @inline static DECREF(o: usize): void {
    const n = load<i32>(o);
    if (n >= 0) {
      store<i32>(o, n - 1);
      if (n == 1) _Py_Dealloc(o);
    }
  }

  @inline static XDECREF(o: usize): void {
    if (o != 0) Py.DECREF(o);
  }

  /** A new reference to `o`, which may not be null. */
  @inline static NewRef(o: usize): usize {
    Py.INCREF(o);
    return o;
  }

  @inline static XNewRef(o: usize): usize {
    if (o != 0) Py.INCREF(o);
    return o;
  }

  /** Empties the 8-byte slot at `slot`, then drops what it held. */
  @inline static CLEAR(slot: usize): void {
    const old = load<u32>(slot);
    if (old != 0) {
      store<u64>(slot, 0);
      Py.DECREF(old);
    }
  }

  /** Stores `value` (stolen, may be null) in the 8-byte slot, then drops what it held. */
  @inline static SETREF(slot: usize, value: usize): void {
    const old = load<u32>(slot);
    store<u64>(slot, value);
    if (old != 0) Py.DECREF(old);
  }

  /** The type of `o`, borrowed. */
  @inline static TYPE(o: usize): usize {
    return load<u32>(o, 8);
  }

  @inline static IS_TYPE(o: usize, type: usize): bool {
    return load<u32>(o, 8) == type;
  }

  @inline static REFCNT(o: usize): u32 {
    return load<u32>(o);
  }

  @inline static SIZE(o: usize): isize {
    return load<i32>(o, 16);
  }

  @inline static SET_SIZE(o: usize, n: isize): void {
    store<i64>(o, n, 16);
  }

  @inline static isImmortal(o: usize): bool {
    return load<i32>(o) < 0;
  }

  /** Whether `type` has the flag, one of Py_TPFLAGS_*. */
  @inline static hasFeature(type: usize, flag: u64): bool {
    return (PyTypeObject.at(type).tp_flags & flag) != 0;
  }

  /** Whether `o`'s type has the flag: `Py.check(o, Py_TPFLAGS_LIST_SUBCLASS)` is PyList_Check. */
  @inline static check(o: usize, flag: u64): bool {
    return (PyTypeObject.at(Py.TYPE(o)).tp_flags & flag) != 0;
  }

  /** Item `i` of the array of 8-byte slots at `base`. */
  @inline static item(base: usize, i: isize): usize {
    return load<u32>(base + ((<usize>i) << 3));
  }

  @inline static setItem(base: usize, i: isize, v: usize): void {
    store<u64>(base + ((<usize>i) << 3), v);
  }
}

/** Calls the type's deallocator: the object's count has just become zero. */
export function _Py_Dealloc(o: usize): void {
  const type = Py.TYPE(o);
  // Most of what dies are ints, and they hold nothing.
  if (type == PyLong_Type) PyObject_Free(o);
  else if (Py.hasFeature(type, Py_TPFLAGS_HAVE_GC)) deallocContainer(o, PyTypeObject.at(type).tp_dealloc);
  else call_indirect<void>(PyTypeObject.at(type).tp_dealloc, o);
}

/** Sets the head of a new object: one reference, and one more of a heap type. */
export function _PyObject_Init(o: usize, type: usize): void {
  store<u64>(o, 1);
  store<u64>(o, type, 8);
  if (Py.hasFeature(type, Py_TPFLAGS_HEAPTYPE)) Py.INCREF(type);
}

/** Sets the head of an object that lives for as long as the process. */
export function initImmortal(o: usize, type: usize): void {
  store<u64>(o, IMMORTAL_REFCNT);
  store<u64>(o, type, 8);
}

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
export function _PyObject_tooLarge(type: usize, n: isize): bool {
  const t = PyTypeObject.at(type);
  return <u64>(<u32>n) * <u64>(<u32>t.tp_itemsize) + <u64>(<u32>t.tp_basicsize) > 0x7ffffff0;
}

/** Bytes before an object of this type: managed dict and weak references, and the gc head. */
export function _PyType_PreHeaderSize(type: usize): usize {
  const flags = PyTypeObject.at(type).tp_flags;
  return (flags & Py_TPFLAGS_HAVE_GC ? 16 : 0) + (flags & Py_TPFLAGS_PREHEADER ? 16 : 0);
}

/** Memory for a collected object: `size` bytes after a preheader of `presize`; the object's address, or null. */
function gcAlloc(size: usize, presize: usize): usize {
  const mem = PyObject_Malloc(size + presize);
  if (mem == 0) return PyErr_NoMemory();
  store<u64>(mem, 0);
  store<u64>(mem, 0, 8);
  if (presize > 16) {
    store<u64>(mem, 0, 16);
    store<u64>(mem, 0, 24);
  }
  const o = mem + presize;
  _PyObject_GC_Link(o);
  return o;
}

/** Counts an allocation of the young generation and asks for a collection at the next break where it is due. */
export function _PyObject_GC_Link(_o: usize): void {
  // gc_generation.count and threshold of generation 0.
  const count = load<i32>(GENERATION0, 20) + 1;
  store<i32>(GENERATION0, count, 20);
  const threshold = load<i32>(GENERATION0, 16);
  if (count > threshold && gcRoots.enabled && threshold != 0 && !gcRoots.collecting) {
    const ts = PyThreadState.at(tstate);
    if (ts.current_exception == 0) ts.eval_breaker = ts.eval_breaker | _PY_GC_SCHEDULED_BIT;
  }
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

/** Resizes an untracked collected object to `n` items. Null with MemoryError, and then `o` is as it was. */
export function _PyObject_GC_Resize(o: usize, n: isize): usize {
  const type = Py.TYPE(o);
  if (_PyObject_tooLarge(type, n)) return PyErr_NoMemory();
  const presize = _PyType_PreHeaderSize(type);
  const mem = PyObject_Realloc(o - presize, _PyObject_VAR_SIZE(type, n) + presize);
  if (mem == 0) return PyErr_NoMemory();
  Py.SET_SIZE(mem + presize, n);
  return mem + presize;
}

/** Returns a collected object's block, preheader included; tracked or not. */
export function PyObject_GC_Del(o: usize): void {
  const presize = _PyType_PreHeaderSize(Py.TYPE(o));
  if (_PyObject_GC_IS_TRACKED(o)) _PyObject_GC_UNTRACK(o);
  const count = load<i32>(GENERATION0, 20);
  if (count > 0) store<i32>(GENERATION0, count - 1, 20);
  PyObject_Free(o - presize);
}

export function _PyObject_GC_IS_TRACKED(o: usize): bool {
  return load<u32>(o - 16) != 0;
}

/** Puts `o` at the end of the young generation. It must be untracked and its value initialised. */
export function _PyObject_GC_TRACK(o: usize): void {
  const gc = o - 16;
  assert(load<u32>(gc) == 0);
  const last = load<u32>(GENERATION0, 8);
  store<u64>(last, gc);
  // The flags in the low bits stay (finalized must survive untracking and tracking).
  store<u64>(gc, <u64>last | (load<u64>(gc, 8) & _PyGC_PREV_MASK_FINALIZED), 8);
  store<u64>(gc, GENERATION0);
  store<u64>(GENERATION0, gc, 8);
}

/** Takes `o` out of its generation. It must be tracked. */
export function _PyObject_GC_UNTRACK(o: usize): void {
  const gc = o - 16;
  assert(load<u32>(gc) != 0);
  const prev = load<u32>(gc, 8) & ~3;
  const next = load<u32>(gc);
  store<u64>(prev, next);
  store<u64>(next, <u64>prev | (load<u64>(next, 8) & 3), 8);
  store<u64>(gc, 0);
  store<u64>(gc, load<u64>(gc, 8) & _PyGC_PREV_MASK_FINALIZED, 8);
}

/** Takes `o` out of its generation where it is in one. What a deallocator calls first. */
export function PyObject_GC_UnTrack(o: usize): void {
  if (_PyObject_GC_IS_TRACKED(o)) _PyObject_GC_UNTRACK(o);
}

/** Whether the collector has called `o`'s finalizer. */
export function _PyGC_FINALIZED(o: usize): bool {
  return (load<u32>(o - 16, 8) & 1) != 0;
}

export function _PyGC_SET_FINALIZED(o: usize): void {
  store<u64>(o - 16, load<u64>(o - 16, 8) | 1, 8);
}

/** Whether `o` is of a collected type and has a gc head itself (tp_is_gc may say that an instance has none). */
export function _PyObject_IS_GC(o: usize): bool {
  const t = PyTypeObject.at(Py.TYPE(o));
  if ((t.tp_flags & Py_TPFLAGS_HAVE_GC) == 0) return false;
  return t.tp_is_gc == 0 || call_indirect<i32>(t.tp_is_gc, o) != 0;
}

/** Calls the visitor of a traversal on `o` where it is not null; what a tp_traverse does for each field. */
export class Visit {
  /** Returns what the visitor returns: not 0 ends the traversal, and the traverse function returns it. */
  @inline static call(o: usize, visit: u32, arg: usize): i32 {
    return o == 0 ? 0 : call_indirect<i32>(visit, o, arg);
  }
}

// Deallocation of deeply nested containers (the trashcan of Include/cpython/object.h): beyond a depth, an object is
// put aside, chained through its gc head, and freed once the outer deallocators have returned. Every collected type is
// served, none takes part. _gc_prev has the chain, the finalized flag and, in bit 1, whether the object was tracked.
const TRASHCAN_DEPTH: u32 = 40;
const WAS_TRACKED: u64 = 2;

function deallocContainer(o: usize, dealloc: u32): void {
  const depth = objectsRoots.dealloc_depth;
  if (depth >= TRASHCAN_DEPTH) {
    putAside(o);
    return;
  }
  objectsRoots.dealloc_depth = depth + 1;
  call_indirect<void>(dealloc, o);
  objectsRoots.dealloc_depth = depth;
  if (depth == 0 && PyThreadState.at(tstate).delete_later != 0) freePutAside();
}

function putAside(o: usize): void {
  const ts = PyThreadState.at(tstate);
  const tracked = _PyObject_GC_IS_TRACKED(o);
  if (tracked) _PyObject_GC_UNTRACK(o);
  store<u64>(o - 16, <u64>ts.delete_later | (load<u64>(o - 16, 8) & 1) | (tracked ? WAS_TRACKED : 0), 8);
  ts.delete_later = o;
}

function freePutAside(): void {
  const ts = PyThreadState.at(tstate);
  while (ts.delete_later != 0) {
    const o = ts.delete_later;
    const head = load<u64>(o - 16, 8);
    ts.delete_later = <usize>head & ~3;
    store<u64>(o - 16, head & 1, 8);
    if (head & WAS_TRACKED) _PyObject_GC_TRACK(o);
    objectsRoots.dealloc_depth = 1;
    call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_dealloc, o);
  }
  objectsRoots.dealloc_depth = 0;
}

/** tp_alloc of almost every type: memory for `nitems` items (and one more, as CPython), zeroed, tracked. */
export function PyType_GenericAlloc(type: usize, nitems: isize): usize {
  const o = _PyType_AllocNoTrack(type, nitems);
  if (o != 0 && Py.hasFeature(type, Py_TPFLAGS_HAVE_GC)) _PyObject_GC_TRACK(o);
  return o;
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
  store<u64>(o, 1);
  store<u64>(o, type, 8);
  if (t.tp_itemsize) Py.SET_SIZE(o, nitems);
  if (t.tp_flags & Py_TPFLAGS_HEAPTYPE) Py.INCREF(type);
  if (t.tp_flags & Py_TPFLAGS_INLINE_VALUES) initInlineValues(o, type);
  return o;
}

/** Returns an object without gc head: tp_free of types that are not collected. */
export function PyObject_Del(o: usize): void {
  PyObject_Free(o);
}

// Inline values (Include/internal/pycore_dict.h, struct _dictvalues): after the fixed part of an instance, room for as
// many attributes as the type's shared keys had when the type was made.
//
//   +0 capacity 1 | +1 size 1 | +2 embedded 1 | +3 valid 1 | +8 values 8 each | then capacity bytes of insertion order

/** How many attributes a split table over `keys` can have: its usable and used entries. */
export function sharedKeysCapacity(keys: usize): usize {
  const k = PyDictKeysObject.at(keys);
  return <usize>(k.dk_usable + k.dk_nentries);
}

/** Bytes of the inline values of an instance of `type`. */
export function inlineValuesSize(type: usize): usize {
  const n = sharedKeysCapacity(PyHeapTypeObject.at(type).ht_cached_keys);
  return ((n + 7) & ~7) + (n + 1) * 8;
}

/** Readies the inline values of a new instance, whose memory is zeroed. Each instance costs the shared keys an entry. */
function initInlineValues(o: usize, type: usize): void {
  const keys = PyHeapTypeObject.at(type).ht_cached_keys;
  const k = PyDictKeysObject.at(keys);
  if (k.dk_usable > 1) k.dk_usable = k.dk_usable - 1;
  const values = PyDictValues.at(o + <usize>PyTypeObject.at(type).tp_basicsize);
  values.capacity = <u8>sharedKeysCapacity(keys);
  values.embedded = 1;
  values.valid = 1;
}

/** tp_new of types whose instances start with zeroed fields: (type, args, kwargs), the arguments left to tp_init. */
export function PyType_GenericNew(type: usize, _args: usize, _kwargs: usize): usize {
  return call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
}
