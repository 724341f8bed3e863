// Instances of classes made in Python: their deallocation, traversal and clearing, and the attributes __dict__ and
// __weakref__ (the subtype_* part of CPython 3.13's Objects/typeobject.c).

import {
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_HEAPTYPE,
  Py_TPFLAGS_MANAGED_DICT,
} from "../../generated/constants";
import {
  PyGetSetDef,
  PyMemberDef,
  PyObject,
  PyThreadState,
  PyTypeObject,
  SIZEOF_PyGetSetDef,
  SIZEOF_PyMemberDef,
} from "../../generated/layouts";
import { objectsRoots } from "../../generated/runtime";
import { _Py_NoneStruct, ID, PyExc_AttributeError, PyExc_TypeError } from "../../generated/statics";
import { tstate } from "../../thread/current";
import { traceReference } from "../code/origins";
import {
  _PyObject_SetManagedDict,
  PyObject_ClearManagedDict,
  PyObject_VisitManagedDict,
} from "../containers/dict/instance";
import { sharedDoc } from "../define/docs";
import { cstring, Py_READONLY, Py_T_OBJECT_EX, staticAlloc } from "../define/tables";
import { PyErr_Fail, PyErr_Format, PyErr_SetString } from "../errors/raise";
import { _PyObject_ComputedDictPointer, PyObject_GenericGetDict } from "../object/attributes";
import { putOffFinalizer } from "../object/dealloc";
import {
  _PyGC_FINALIZED,
  _PyGC_SET_FINALIZED,
  _PyObject_GC_TRACK,
  _PyObject_GC_UNTRACK,
  PyObject_GC_UnTrack,
} from "../object/gchead";
import { Py, Visit } from "../object/head";
import { _PyType_Lookup } from "./lookup";
import { PyObject_ClearWeakRefs } from "../weak/weakref";

/** Visits the members of __slots__ that `type` itself adds. */
function traverseSlots(type: usize, self: usize, visit: u32, arg: usize): i32 {
  const members = PyTypeObject.at(type).tp_members;
  const n = Py.SIZE(type);
  for (let i: isize = 0; i < n; i++) {
    const m = PyMemberDef.at(members + <usize>i * SIZEOF_PyMemberDef);
    if (m.type == Py_T_OBJECT_EX) {
      const r = Visit.call(load<u32>(self + <usize>m.offset), visit, arg);
      if (r) return r;
    }
  }
  return 0;
}

function clearSlots(type: usize, self: usize): void {
  const members = PyTypeObject.at(type).tp_members;
  const n = Py.SIZE(type);
  for (let i: isize = 0; i < n; i++) {
    const m = PyMemberDef.at(members + <usize>i * SIZEOF_PyMemberDef);
    if (m.type == Py_T_OBJECT_EX && !(m.flags & Py_READONLY)) Py.CLEAR(self + <usize>m.offset);
  }
}

export function subtype_traverse(self: usize, visit: u32, arg: usize): i32 {
  const type = Py.TYPE(self);
  const t = PyTypeObject.at(type);
  let base = type;
  while (PyTypeObject.at(base).tp_traverse == subtype_traverse.index) {
    if (Py.SIZE(base)) {
      const r = traverseSlots(base, self, visit, arg);
      if (r) return r;
    }
    base = PyTypeObject.at(base).tp_base;
  }
  const b = PyTypeObject.at(base);
  if (t.tp_dictoffset != b.tp_dictoffset) {
    if (t.tp_flags & Py_TPFLAGS_MANAGED_DICT) {
      const r = PyObject_VisitManagedDict(self, visit, arg);
      if (r) return r;
    } else {
      const slot = _PyObject_ComputedDictPointer(self);
      if (slot != 0) {
        const r = Visit.call(load<u32>(slot), visit, arg);
        if (r) return r;
      }
    }
  }
  if (t.tp_flags & Py_TPFLAGS_HEAPTYPE && (b.tp_traverse == 0 || !(b.tp_flags & Py_TPFLAGS_HEAPTYPE))) {
    const r = Visit.call(type, visit, arg);
    if (r) return r;
  }
  return b.tp_traverse != 0 ? call_indirect<i32>(b.tp_traverse, self, visit, arg) : 0;
}

export function subtype_clear(self: usize): i32 {
  const type = Py.TYPE(self);
  const t = PyTypeObject.at(type);
  let base = type;
  while (PyTypeObject.at(base).tp_clear == subtype_clear.index) {
    if (Py.SIZE(base)) clearSlots(base, self);
    base = PyTypeObject.at(base).tp_base;
  }
  const b = PyTypeObject.at(base);
  if (t.tp_flags & Py_TPFLAGS_MANAGED_DICT) {
    if ((b.tp_flags & Py_TPFLAGS_MANAGED_DICT) == 0) PyObject_ClearManagedDict(self);
  } else if (t.tp_dictoffset != b.tp_dictoffset) {
    const slot = _PyObject_ComputedDictPointer(self);
    if (slot != 0) Py.CLEAR(slot);
  }
  return b.tp_clear != 0 ? call_indirect<i32>(b.tp_clear, self) : 0;
}

/**
 * Calls tp_finalize of a dying object, once in its life: returns true where that brought it back to life, or where it is
 * put off, and then the deallocator must return without freeing anything.
 */
export function PyObject_CallFinalizerFromDealloc(self: usize): bool {
  const t = PyTypeObject.at(Py.TYPE(self));
  if (t.tp_finalize == 0) return false;
  if (t.tp_flags & Py_TPFLAGS_HAVE_GC && !_PyGC_FINALIZED(self) && putOffFinalizer(self)) return true;
  // Alive while its finalizer runs.
  PyObject.at(self).ob_refcnt = 1;
  // What dies while it runs is not put aside for what is dying around it: a finalizer that makes another of its kind would
  // go on for ever, not end in RecursionError. The native stack in use counts as levels instead.
  const ts = PyThreadState.at(tstate);
  const depth = PyThreadState.at(tstate).dealloc_depth;
  const levels = <i32>(depth >> 2) + 1;
  PyThreadState.at(tstate).dealloc_depth = 0;
  ts.c_recursion_remaining = ts.c_recursion_remaining - levels;
  PyObject_CallFinalizer(self);
  ts.c_recursion_remaining = ts.c_recursion_remaining + levels;
  PyThreadState.at(tstate).dealloc_depth = depth;
  const n = load<u32>(self) - 1;
  store<u32>(self, n);
  if (n == 0) return false;
  traceReference(self);
  return true;
}

/** Calls tp_finalize where it was not called yet. */
function PyObject_CallFinalizer(self: usize): void {
  const t = PyTypeObject.at(Py.TYPE(self));
  if (t.tp_finalize == 0) return;
  const collected = (t.tp_flags & Py_TPFLAGS_HAVE_GC) != 0;
  if (collected && _PyGC_FINALIZED(self)) return;
  call_indirect<void>(t.tp_finalize, self);
  if (collected) _PyGC_SET_FINALIZED(self);
}

export function subtype_dealloc(self: usize): void {
  let type = Py.TYPE(self);
  let t = PyTypeObject.at(type);
  if (!(t.tp_flags & Py_TPFLAGS_HAVE_GC)) {
    if (t.tp_finalize != 0 && PyObject_CallFinalizerFromDealloc(self)) return;
    let base = type;
    while (PyTypeObject.at(base).tp_dealloc == subtype_dealloc.index) base = PyTypeObject.at(base).tp_base;
    type = Py.TYPE(self);
    const drop = Py.hasFeature(type, Py_TPFLAGS_HEAPTYPE) && !Py.hasFeature(base, Py_TPFLAGS_HEAPTYPE);
    call_indirect<void>(PyTypeObject.at(base).tp_dealloc, self);
    if (drop) Py.DECREF(type);
    return;
  }
  PyObject_GC_UnTrack(self);
  let base = type;
  while (PyTypeObject.at(base).tp_dealloc == subtype_dealloc.index) base = PyTypeObject.at(base).tp_base;
  if (t.tp_finalize != 0) {
    _PyObject_GC_TRACK(self);
    if (PyObject_CallFinalizerFromDealloc(self)) return;
    _PyObject_GC_UNTRACK(self);
  }
  const ownsWeakrefs = t.tp_weaklistoffset != 0 && PyTypeObject.at(base).tp_weaklistoffset == 0;
  if (ownsWeakrefs) PyObject_ClearWeakRefs(self);
  for (let b = type; b != base; b = PyTypeObject.at(b).tp_base) if (Py.SIZE(b)) clearSlots(b, self);
  if (t.tp_flags & Py_TPFLAGS_MANAGED_DICT) {
    PyObject_ClearManagedDict(self);
  } else if (t.tp_dictoffset != 0 && PyTypeObject.at(base).tp_dictoffset == 0) {
    const slot = _PyObject_ComputedDictPointer(self);
    if (slot != 0) Py.CLEAR(slot);
  }
  type = Py.TYPE(self);
  t = PyTypeObject.at(type);
  // A collected base's deallocator expects a tracked object.
  if (Py.hasFeature(base, Py_TPFLAGS_HAVE_GC)) _PyObject_GC_TRACK(self);
  const drop = (t.tp_flags & Py_TPFLAGS_HEAPTYPE) != 0 && !Py.hasFeature(base, Py_TPFLAGS_HEAPTYPE);
  call_indirect<void>(PyTypeObject.at(base).tp_dealloc, self);
  if (drop) Py.DECREF(type);
}

/** The built-in base that has a dict of its own and thus says what may be done with it; null where none has. */
function builtinWithDict(type: usize): usize {
  for (let t = PyTypeObject.at(type); t.tp_base != 0; t = PyTypeObject.at(t.tp_base)) {
    if (t.tp_dictoffset != 0 && !(t.tp_flags & Py_TPFLAGS_HEAPTYPE)) return changetype<usize>(t);
  }
  return 0;
}

/** What the base has as __dict__, borrowed; null with TypeError where that is no data descriptor. */
function dictDescriptor(base: usize, self: usize): usize {
  const descr = _PyType_Lookup(base, ID.__dict__);
  if (descr != 0 && PyTypeObject.at(Py.TYPE(descr)).tp_descr_set != 0) return descr;
  PyErr_Format(PyExc_TypeError, "this __dict__ descriptor does not support '%.200t' objects", self);
  return 0;
}

function subtype_dict(self: usize, closure: usize): usize {
  const base = builtinWithDict(Py.TYPE(self));
  if (base == 0) return PyObject_GenericGetDict(self, closure);
  const descr = dictDescriptor(base, self);
  if (descr == 0) return 0;
  return call_indirect<usize>(PyTypeObject.at(Py.TYPE(descr)).tp_descr_get, descr, self, Py.TYPE(self));
}

function subtype_setdict(self: usize, value: usize, _closure: usize): i32 {
  const base = builtinWithDict(Py.TYPE(self));
  if (base != 0) {
    const descr = dictDescriptor(base, self);
    if (descr == 0) return -1;
    return call_indirect<i32>(PyTypeObject.at(Py.TYPE(descr)).tp_descr_set, descr, self, value);
  }
  if (value != 0 && !Py.check(value, Py_TPFLAGS_DICT_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "__dict__ must be set to a dictionary, not a '%t'", value);
    return -1;
  }
  if (Py.check(self, Py_TPFLAGS_MANAGED_DICT)) return _PyObject_SetManagedDict(self, value);
  const slot = _PyObject_ComputedDictPointer(self);
  if (slot == 0) return PyErr_Fail(PyExc_AttributeError, "This object has no __dict__");
  Py.SETREF(slot, Py.XNewRef(value));
  return 0;
}

function subtype_getweakref(self: usize, _closure: usize): usize {
  const offset = PyTypeObject.at(Py.TYPE(self)).tp_weaklistoffset;
  if (offset == 0) return PyErr_SetString(PyExc_AttributeError, "This object has no __weakref__");
  const first = load<u32>(self + <usize>offset);
  return first == 0 ? _Py_NoneStruct : Py.NewRef(first);
}

/** Where the tables of one attribute are in the row of three. */
const DICT_ALONE: usize = SIZEOF_PyGetSetDef * 3;
const WEAKREF_ALONE: usize = SIZEOF_PyGetSetDef * 5;

/** Carves the tables of __dict__ and __weakref__. For initialisation only. */
export function initSubtypeGetSets(): void {
  // Three tables in a row, each ended by a zeroed entry: dict and weakref, dict, weakref.
  const p = staticAlloc(SIZEOF_PyGetSetDef * 7);
  const dict = cstring("__dict__");
  const weakref = cstring("__weakref__");
  setGetSet(p, dict, subtype_dict.index, subtype_setdict.index);
  setGetSet(p + SIZEOF_PyGetSetDef, weakref, subtype_getweakref.index, 0);
  setGetSet(p + DICT_ALONE, dict, subtype_dict.index, subtype_setdict.index);
  setGetSet(p + WEAKREF_ALONE, weakref, subtype_getweakref.index, 0);
  objectsRoots.subtype_getsets = p;
}

function setGetSet(p: usize, name: usize, get: u32, set: u32): void {
  const g = PyGetSetDef.at(p);
  g.name = name;
  g.get = get;
  g.set = set;
  g.doc = sharedDoc(name);
}

/** The table for what a class adds; 0 where it adds neither. */
export function subtypeGetSets(dict: bool, weakref: bool): usize {
  const p = objectsRoots.subtype_getsets;
  if (dict) return weakref ? p : p + DICT_ALONE;
  return weakref ? p + WEAKREF_ALONE : 0;
}
