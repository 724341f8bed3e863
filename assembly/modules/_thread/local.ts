// Attributes that each thread has for itself (the _local type of CPython 3.13's Modules/_threadmodule.c): the object has a
// dict for each thread, and the thread's own dict has a weak reference to the object, so that either can go first.
//
// Difference: CPython has the dict by a dummy of the thread's that the object knows weakly; here it is by the thread's number.

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_IMMUTABLETYPE,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  localobject,
  localobject_weakreflist,
  PyThreadState,
  PyTypeObject,
  SIZEOF_localobject,
} from "../../generated/layouts";
import { threadsRoots } from "../../generated/runtime";
import { PyBaseObject_Type, PyExc_AttributeError, PyExc_TypeError, PyLocal_Type } from "../../generated/statics";
import {
  PyDict_DelItem,
  PyDict_GetItemWithError,
  PyDict_New,
  PyDict_SetItem,
  PyDict_Size,
} from "../../objects/containers/dict/dict";
import { Tuple } from "../../objects/containers/tuple";
import {
  PyErr_Clear,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { localobject_clear, localobject_traverse } from "../../objects/generated/references";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../../objects/object/alloc";
import { _PyObject_GenericGetAttrWithDict, _PyObject_GenericSetAttrWithDict } from "../../objects/object/attributes";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyType_Ready } from "../../objects/types/ready";
import { isWeakrefObject, PyObject_ClearWeakRefs, PyWeakref_NewRef, weakrefGet } from "../../objects/weak/weakref";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { PyLong_FromUnsignedLongLong } from "../../objects/numbers/int/create";
import { PySequence_List } from "../../objects/protocol/sequence";
import { dict_values } from "../../objects/containers/dict/views";
import { List } from "../../objects/containers/list/list";
import { tstate } from "../../thread/current";

/** The dict of the running thread, borrowed; null with MemoryError. */
function threadDict(): usize {
  const ts = PyThreadState.at(tstate);
  if (ts.dict == 0) ts.dict = PyDict_New();
  return ts.dict;
}

/** The number under which an object has the attributes of a thread: new; null with MemoryError. */
function threadKey(ts: usize): usize {
  return PyLong_FromUnsignedLongLong(PyThreadState.at(ts).id);
}

/** Makes a dict for this thread's attributes of the object, and has the thread remember that: 0, or -1 with an exception. */
function addDict(self: usize, key: usize): i32 {
  const l = localobject.at(self);
  const all = threadDict();
  const d = all == 0 ? 0 : PyDict_New();
  const reference = d == 0 ? 0 : PyWeakref_NewRef(self, 0);
  const r = reference == 0 || PyDict_SetItem(l.dummies, key, d) < 0 ? -1 : PyDict_SetItem(all, l.key, reference);
  Py.XDECREF(d);
  Py.XDECREF(reference);
  return r;
}

/** Takes this thread's attributes from the object. */
function removeDict(self: usize, key: usize): void {
  const l = localobject.at(self);
  const exc = PyErr_GetRaisedException();
  if (PyDict_DelItem(l.dummies, key) < 0) PyErr_Clear();
  const all = PyThreadState.at(tstate).dict;
  if (all != 0 && PyDict_DelItem(all, l.key) < 0) PyErr_Clear();
  PyErr_SetRaisedException(exc);
}

/** The dict of this thread's attributes of the object, borrowed; made, and __init__ called, where there is none yet. */
function localDict(self: usize): usize {
  const l = localobject.at(self);
  const key = threadKey(tstate);
  if (key == 0) return 0;
  let d = PyDict_GetItemWithError(l.dummies, key);
  if (d == 0 && PyErr_Occurred() == 0 && addDict(self, key) == 0) {
    const type = PyTypeObject.at(Py.TYPE(self));
    if (
      type.tp_init != PyTypeObject.at(PyBaseObject_Type).tp_init &&
      call_indirect<i32>(type.tp_init, self, l.args, l.kw) < 0
    ) {
      removeDict(self, key);
    } else d = PyDict_GetItemWithError(l.dummies, key);
  }
  Py.DECREF(key);
  return d;
}

/** The attributes of a thread that ends are dropped from all objects that have some. */
export function dropLocals(ts: usize): void {
  const all = PyThreadState.at(ts).dict;
  const key = all == 0 ? 0 : threadKey(ts);
  if (key == 0) {
    PyErr_Clear();
    return;
  }
  const view = dict_values(all, 0);
  const references = view == 0 ? 0 : PySequence_List(view);
  Py.XDECREF(view);
  for (let i: isize = 0; references != 0 && i < Py.SIZE(references); i++) {
    const reference = List.get(references, i);
    if (!isWeakrefObject(reference)) continue;
    const self = weakrefGet(reference);
    if (self == 0) continue;
    if (PyType_IsSubtype(Py.TYPE(self), PyLocal_Type) && PyDict_DelItem(localobject.at(self).dummies, key) < 0)
      PyErr_Clear();
    Py.DECREF(self);
  }
  Py.XDECREF(references);
  Py.DECREF(key);
  PyErr_Clear();
}

function local_new(type: usize, args: usize, kwargs: usize): usize {
  if (PyTypeObject.at(type).tp_init == PyTypeObject.at(PyBaseObject_Type).tp_init) {
    if (Tuple.size(args) > 0 || (kwargs != 0 && PyDict_Size(kwargs) > 0)) {
      return PyErr_SetString(PyExc_TypeError, "Initialization arguments are not supported");
    }
  }
  const self = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (self == 0) return 0;
  const l = localobject.at(self);
  l.args = Py.NewRef(args);
  l.kw = Py.XNewRef(kwargs);
  l.key = PyUnicode_FromFormat("thread.local.0x%x", self);
  l.dummies = l.key == 0 ? 0 : PyDict_New();
  // The thread that makes it calls __init__ as every class does.
  const own = l.dummies == 0 ? 0 : threadKey(tstate);
  const ok = own != 0 && addDict(self, own) == 0;
  Py.XDECREF(own);
  if (ok) return self;
  Py.DECREF(self);
  return 0;
}

/** Has every thread forget the object. */
function forgetObject(key: usize): void {
  for (let ts = threadsRoots.newest; ts != 0; ts = PyThreadState.at(ts).next) {
    const all = PyThreadState.at(ts).dict;
    // What goes is a weak reference, with nobody to tell.
    if (all != 0 && PyDict_GetItemWithError(all, key) != 0 && PyDict_DelItem(all, key) < 0) PyErr_Clear();
  }
}

function local_clear(self: usize): i32 {
  const key = localobject.at(self).key;
  if (key != 0) {
    const exc = PyErr_GetRaisedException();
    forgetObject(key);
    PyErr_SetRaisedException(exc);
  }
  return localobject_clear(self);
}

function local_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  if (localobject.at(self).weakreflist != 0) PyObject_ClearWeakRefs(self);
  local_clear(self);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

function isDictName(name: usize): bool {
  return Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS) && PyUnicode_EqualToLiteral(name, "__dict__");
}

function local_getattro(self: usize, name: usize): usize {
  const d = localDict(self);
  if (d == 0) return 0;
  if (isDictName(name)) return Py.NewRef(d);
  Py.INCREF(d);
  const r = _PyObject_GenericGetAttrWithDict(self, name, d, false);
  Py.DECREF(d);
  return r;
}

function local_setattro(self: usize, name: usize, value: usize): i32 {
  const d = localDict(self);
  if (d == 0) return -1;
  if (isDictName(name)) {
    PyErr_Format(PyExc_AttributeError, "'%.100t' object attribute '%U' is read-only", self, name);
    return -1;
  }
  Py.INCREF(d);
  const r = _PyObject_GenericSetAttrWithDict(self, name, value, d);
  Py.DECREF(d);
  return r;
}

/**
 * @type _thread._local()
 *
 * An object whose attributes each thread has for itself.
 */
export function initLocalType(): i32 {
  const t = PyTypeObject.at(PyLocal_Type);
  t.tp_basicsize = SIZEOF_localobject;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE;
  t.tp_weaklistoffset = localobject_weakreflist;
  t.tp_dealloc = local_dealloc.index;
  t.tp_traverse = localobject_traverse.index;
  t.tp_clear = local_clear.index;
  t.tp_getattro = local_getattro.index;
  t.tp_setattro = local_setattro.index;
  t.tp_new = local_new.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_GC_Del.index;
  return PyType_Ready(PyLocal_Type);
}
