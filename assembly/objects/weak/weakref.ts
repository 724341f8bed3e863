// Weak references and proxies (CPython 3.13's Objects/weakrefobject.c).
//
// The weak references to one object are a doubly linked list from the slot at its type's tp_weaklistoffset. At most
// one plain reference without callback and one plain proxy without callback exist per object, first in the list.

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_HAVE_VECTORCALL,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  PyTypeObject,
  PyWeakReference,
  PyWeakReference_vectorcall,
  SIZEOF_PyWeakReference,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  _PyWeakref_CallableProxyType,
  _PyWeakref_ProxyType,
  _PyWeakref_RefType,
  ID,
  PyExc_TypeError,
} from "../../generated/statics";
import { PyDict_Size } from "../containers/dict/dict";
import { PyTuple_New, Tuple } from "../containers/tuple";
import {
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_Clear,
  PyErr_Fail,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../errors/raise";
import { PyErr_WriteUnraisable } from "../errors/unraisable";
import { PyWeakReference_traverse } from "../generated/references";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { PyCallable_Check, PyObject_CallOneArg, PyVectorcall_Call, Vectorcall } from "../object/call";
import { Py_EQ, Py_NE } from "../object/flags";
import { PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import { PyBool_FromBool } from "../protocol/access";
import { PyObject_Hash, PyObject_RichCompare } from "../protocol/compare";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { _PyObject_LookupSpecial, PyType_IsSubtype } from "../types/lookup";

/** Address of the slot of the list of o's weak references; 0 where its type has none. */
export function weakrefList(o: usize): usize {
  const offset = PyTypeObject.at(Py.TYPE(o)).tp_weaklistoffset;
  return offset == 0 ? 0 : o + <usize>offset;
}

/** Takes the reference out of its object's list; afterwards it refers to nothing. */
function unlink(ref: usize): void {
  const r = PyWeakReference.at(ref);
  if (r.wr_object == _Py_NoneStruct) return;
  const list = weakrefList(r.wr_object);
  if (load<u32>(list) == ref) store<u64>(list, r.wr_next);
  r.wr_object = _Py_NoneStruct;
  if (r.wr_prev != 0) PyWeakReference.at(r.wr_prev).wr_next = r.wr_next;
  if (r.wr_next != 0) PyWeakReference.at(r.wr_next).wr_prev = r.wr_prev;
  r.wr_prev = 0;
  r.wr_next = 0;
}

/** Clears a reference, callback included. */
export function _PyWeakref_ClearRef(ref: usize): void {
  const r = PyWeakReference.at(ref);
  const callback = r.wr_callback;
  unlink(ref);
  r.wr_callback = callback;
}

/** A new weak reference of the type (a reuse of the plain one where there is one); null with TypeError. */
function newReference(type: usize, o: usize, callback: usize): usize {
  const list = weakrefList(o);
  if (list == 0) return PyErr_Format(PyExc_TypeError, "cannot create weak reference to '%t' object", o);
  if (callback == _Py_NoneStruct) callback = 0;
  if (callback == 0) {
    const same = findPlain(load<u32>(list), type);
    if (same != 0) return Py.NewRef(same);
  }
  const self = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (self == 0) return 0;
  const r = PyWeakReference.at(self);
  r.hash = -1;
  r.wr_object = o;
  r.wr_callback = Py.XNewRef(callback);
  r.vectorcall = weakref_vectorcall.index;
  // Making the object may have run a collection that made the plain reference: still no harm, both are good.
  const first = load<u32>(list);
  const plainRef = findPlain(first, _PyWeakref_RefType);
  let after: usize = 0;
  if (callback != 0 || type != _PyWeakref_RefType) {
    after = plainRef;
    const plainProxy = findProxy(first);
    if (plainProxy != 0 && (callback != 0 || !isProxy(type))) after = plainProxy;
  }
  if (after == 0) {
    r.wr_prev = 0;
    r.wr_next = first;
    if (first != 0) PyWeakReference.at(first).wr_prev = self;
    store<u64>(list, self);
  } else {
    const a = PyWeakReference.at(after);
    r.wr_prev = after;
    r.wr_next = a.wr_next;
    if (a.wr_next != 0) PyWeakReference.at(a.wr_next).wr_prev = self;
    a.wr_next = self;
  }
  return self;
}

function isProxy(type: usize): bool {
  return type == _PyWeakref_ProxyType || type == _PyWeakref_CallableProxyType;
}

/** The reference without callback of exactly this type among the first of the list; 0 where there is none. */
function findPlain(first: usize, type: usize): usize {
  if (isProxy(type)) {
    return findProxy(first);
  }
  if (type != _PyWeakref_RefType || first == 0) return 0;
  return PyWeakReference.at(first).wr_callback == 0 && Py.TYPE(first) == _PyWeakref_RefType ? first : 0;
}

function findProxy(first: usize): usize {
  let ref = first;
  for (let i = 0; i < 2 && ref != 0; i++) {
    const r = PyWeakReference.at(ref);
    if (r.wr_callback == 0 && isProxy(Py.TYPE(ref))) return ref;
    ref = r.wr_next;
  }
  return 0;
}

/** A new weak reference; callback may be null. */
export function PyWeakref_NewRef(o: usize, callback: usize): usize {
  return newReference(_PyWeakref_RefType, o, callback);
}

/** A new weak proxy; callback may be null. */
export function PyWeakref_NewProxy(o: usize, callback: usize): usize {
  return newReference(PyCallable_Check(o) ? _PyWeakref_CallableProxyType : _PyWeakref_ProxyType, o, callback);
}

/** The object of a reference, a new reference; null without exception where it is dead. */
export function weakrefGet(ref: usize): usize {
  const o = PyWeakReference.at(ref).wr_object;
  if (o == _Py_NoneStruct || Py.REFCNT(o) == 0) return 0;
  return Py.NewRef(o);
}

/** How many weak references there are to the object. */
export function _PyWeakref_GetWeakrefCount(o: usize): isize {
  const list = weakrefList(o);
  if (list == 0) return 0;
  let n: isize = 0;
  for (let r: usize = load<u32>(list); r != 0; r = PyWeakReference.at(r).wr_next) n++;
  return n;
}

function handleCallback(ref: usize, callback: usize): void {
  const r = PyObject_CallOneArg(callback, ref);
  if (r == 0) PyErr_WriteUnraisable(callback);
  else Py.DECREF(r);
}

/** Whether it is one of the two that stand first in a list: a plain reference or proxy, without callback. */
function isBasic(ref: usize): bool {
  const type = Py.TYPE(ref);
  return PyWeakReference.at(ref).wr_callback == 0 && (type == _PyWeakref_RefType || isProxy(type));
}

/**
 * The object is dying: its weak references are cleared, then the callbacks are called, the most recent first. Until the last
 * has returned a tuple holds the references and callbacks, so that none of them goes when another is called.
 */
export function PyObject_ClearWeakRefs(o: usize): void {
  const list = weakrefList(o);
  if (list == 0) return;
  while (load<u32>(list) != 0 && isBasic(load<u32>(list))) unlink(load<u32>(list));
  if (load<u32>(list) == 0) return;
  const saved = PyErr_GetRaisedException();
  const held = PyTuple_New(2 * _PyWeakref_GetWeakrefCount(o));
  if (held == 0) {
    // No memory for it: each is called while the rest are still in the list, which nothing else refers to.
    PyErr_Clear();
    callOneByOne(list);
  } else {
    const n = takeCallbacks(list, held);
    for (let i: isize = 0; i < n; i += 2) {
      const callback = Tuple.get(held, i + 1);
      if (callback != 0) handleCallback(Tuple.get(held, i), callback);
    }
    Py.DECREF(held);
  }
  assert(PyErr_Occurred() == 0);
  PyErr_SetRaisedException(saved);
}

/** Clears the first reference of the list: its callback, the reference of which is the caller's. */
function takeFirst(list: usize): usize {
  const first: usize = load<u32>(list);
  const callback = PyWeakReference.at(first).wr_callback;
  unlink(first);
  PyWeakReference.at(first).wr_callback = 0;
  return callback;
}

/** Clears all references of the list, and puts those that live, with their callbacks, into the tuple: how many items. */
function takeCallbacks(list: usize, held: usize): isize {
  let n: isize = 0;
  for (let first: usize = load<u32>(list); first != 0; first = load<u32>(list)) {
    const callback = takeFirst(list);
    if (Py.REFCNT(first) > 0) {
      Tuple.set(held, n, Py.NewRef(first));
      Tuple.set(held, n + 1, callback);
      n += 2;
    } else {
      // A reference that is itself dying gets no call.
      Py.XDECREF(callback);
    }
  }
  return n;
}

function callOneByOne(list: usize): void {
  for (let first: usize = load<u32>(list); first != 0; first = load<u32>(list)) {
    const callback = takeFirst(list);
    if (callback == 0) continue;
    if (Py.REFCNT(first) > 0) {
      Py.INCREF(first);
      handleCallback(first, callback);
      Py.DECREF(first);
    }
    Py.DECREF(callback);
  }
}

export function weakref_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  unlink(self);
  Py.CLEAR(PyWeakReference.at(self).wr_callback_slot);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

export function weakref_clear(self: usize): i32 {
  unlink(self);
  Py.CLEAR(PyWeakReference.at(self).wr_callback_slot);
  return 0;
}

function weakref_vectorcall(self: usize, _argv: usize, nargsf: usize, kwnames: usize): usize {
  if (kwnames != 0 && Py.SIZE(kwnames) > 0)
    return PyErr_Format(PyExc_TypeError, "weakref() takes no keyword arguments");
  const n = Vectorcall.nargs(nargsf);
  if (n != 0) return PyErr_Format(PyExc_TypeError, "weakref expected 0 arguments, got %d", n);
  const o = weakrefGet(self);
  return o == 0 ? _Py_NoneStruct : o;
}

function weakref_hash(self: usize): i64 {
  const r = PyWeakReference.at(self);
  if (r.hash != -1) return r.hash;
  const o = weakrefGet(self);
  if (o == 0) {
    PyErr_SetString(PyExc_TypeError, "weak object has gone away");
    return -1;
  }
  if (!Py_EnterRecursiveCall(" while hashing a weak reference")) {
    r.hash = PyObject_Hash(o);
    Py_LeaveRecursiveCall();
  }
  Py.DECREF(o);
  return r.hash;
}

function weakref_repr(self: usize): usize {
  const o = weakrefGet(self);
  if (o == 0) return PyUnicode_FromFormat("<weakref at 0x%x; dead>", self);
  const name = _PyObject_LookupSpecial(o, ID.__name__);
  if (name == 0) PyErr_Clear();
  let r: usize;
  const type = PyUnicode_FromFormat("%T", o);
  if (type == 0) r = 0;
  else if (name == 0 || !Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    r = PyUnicode_FromFormat("<weakref at 0x%x; to '%U' at 0x%x>", self, type, o);
  } else {
    r = PyUnicode_FromFormat("<weakref at 0x%x; to '%U' at 0x%x (%U)>", self, type, o, name);
  }
  Py.XDECREF(type);
  Py.XDECREF(name);
  Py.DECREF(o);
  return r;
}

function weakref_richcompare(a: usize, b: usize, op: i32): usize {
  if (
    (op != Py_EQ && op != Py_NE) ||
    !PyType_IsSubtype(Py.TYPE(a), _PyWeakref_RefType) ||
    !PyType_IsSubtype(Py.TYPE(b), _PyWeakref_RefType)
  ) {
    return _Py_NotImplementedStruct;
  }
  const x = weakrefGet(a);
  const y = weakrefGet(b);
  let r: usize;
  if (x == 0 || y == 0) {
    const same = a == b;
    r = PyBool_FromBool(same == (op == Py_EQ));
  } else {
    r = PyObject_RichCompare(x, y, op);
  }
  Py.XDECREF(x);
  Py.XDECREF(y);
  return r;
}

function weakref_new(type: usize, args: usize, _kwargs: usize): usize {
  const n = Py.SIZE(args);
  if (n < 1 || n > 2) {
    return PyErr_Format(
      PyExc_TypeError,
      n < 1 ? "__new__ expected at least 1 argument, got %d" : "__new__ expected at most 2 arguments, got %d",
      n,
    );
  }
  return newReference(type, Tuple.get(args, 0), n > 1 ? Tuple.get(args, 1) : 0);
}

function weakref_init(_self: usize, args: usize, kwargs: usize): i32 {
  if (kwargs != 0 && PyDict_Size(kwargs) > 0) return PyErr_Fail(PyExc_TypeError, "ref() takes no keyword arguments");
  const n = Py.SIZE(args);
  if (n >= 1 && n <= 2) return 0;
  PyErr_Format(PyExc_TypeError, "__init__ expected 1 or 2 arguments, got %d", n);
  return -1;
}

/**
 * @type weakref.ReferenceType
 *
 * @classmethod weakref.ReferenceType.__class_getitem__ = Py_GenericAlias
 * For annotations
 *
 * @member weakref.ReferenceType.__callback__ = PyWeakReference.wr_callback readonly
 */

export function initWeakrefTypes(): void {
  const o = _PyWeakref_RefType;
  const t = PyTypeObject.at(o);
  t.tp_basicsize = SIZEOF_PyWeakReference;
  t.tp_dealloc = weakref_dealloc.index;
  t.tp_vectorcall_offset = PyWeakReference_vectorcall;
  t.tp_call = PyVectorcall_Call.index;
  t.tp_repr = weakref_repr.index;
  t.tp_hash = weakref_hash.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_BASETYPE;
  t.tp_traverse = PyWeakReference_traverse.index;
  t.tp_clear = weakref_clear.index;
  t.tp_richcompare = weakref_richcompare.index;
  t.tp_init = weakref_init.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_new = weakref_new.index;
  t.tp_free = PyObject_GC_Del.index;
}

/** Whether the object is a weak reference or proxy. */
export function isWeakrefObject(o: usize): bool {
  return isWeakrefType(Py.TYPE(o));
}

/** Whether the type is that of a weak reference or proxy. */
export function isWeakrefType(t: usize): bool {
  return t == _PyWeakref_RefType || isProxy(t) || PyType_IsSubtype(t, _PyWeakref_RefType);
}
