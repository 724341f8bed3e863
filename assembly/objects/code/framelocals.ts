// The variables of a frame as a mapping (PEP 667; the first part of CPython 3.13's Objects/frameobject.c).
//
// Of a function, f_locals is a proxy through which the frame's variables are read and written, those in cells too; what
// the code has no name for is kept in a dict of the frame object. Of a module or class it is the mapping itself, unless a
// comprehension runs in it, whose variables are the frame's.

import {
  CO_FAST_CELL,
  CO_FAST_FREE,
  CO_FAST_HIDDEN,
  CO_OPTIMIZED,
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_MAPPING,
} from "../../generated/constants";
import {
  _PyInterpreterFrame,
  PyBytesObject,
  PyCellObject,
  PyCodeObject,
  PyFrameLocalsProxyObject,
  PyFrameObject,
  PyMappingMethods,
  PyNumberMethods,
  PySequenceMethods,
  PyTypeObject,
  SIZEOF_PyFrameLocalsProxyObject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  PyCell_Type,
  PyExc_KeyError,
  PyExc_TypeError,
  PyFrame_Type,
  PyFrameLocalsProxy_Type,
} from "../../generated/statics";
import {
  PyDict_Contains,
  PyDict_GetItemWithError,
  PyDict_KeyAt,
  PyDict_New,
  PyDict_Next,
  PyDict_SetItem,
  PyDict_Size,
  PyDict_Update,
  PyDict_ValueAt,
} from "../containers/dict/dict";
import { PyList_Append, PyList_New } from "../containers/list/list";
import { PyTuple_Pack2, Tuple } from "../containers/tuple";
import { asMapping, asNumber, asSequence } from "../define/tables";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { PyFrameLocalsProxyObject_clear, PyFrameLocalsProxyObject_traverse } from "../generated/references";
import { _PyObject_GC_New, PyObject_GC_Del, PyType_GenericAlloc } from "../object/alloc";
import { PyObject_GenericGetAttr, PyObject_GenericSetAttr } from "../object/attributes";
import { Py_EQ, Py_NE } from "../object/flags";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import { Py_ReprEnter, Py_ReprLeave } from "../object/reprguard";
import { PyBool_FromBool } from "../protocol/access";
import { PyObject_Hash, PyObject_RichCompare, PyObject_RichCompareBool } from "../protocol/compare";
import { PyObject_GetItem } from "../protocol/items";
import { PyIter_Next, PyObject_GetIter } from "../protocol/iterator";
import { PyMapping_Keys } from "../protocol/sequence";
import { PyObject_Repr } from "../protocol/text";
import { PyUnicode_FromLiteral } from "../text/create";
import { reverseItems } from "../text/split";
import { frameObjectOf } from "./frame";

/** In the place of a variable's index: the key is none of them; there is an exception. */
const NONE: i32 = -1;
const FAILED: i32 = -2;

/** A frame's variables, by number. */
class Variables {
  @inline static count(frame: usize): i32 {
    return PyCodeObject.at(_PyInterpreterFrame.at(frame).f_executable).co_nlocalsplus;
  }

  /** The name of variable i, borrowed. */
  @inline static nameOf(frame: usize, i: i32): usize {
    return Tuple.get(PyCodeObject.at(_PyInterpreterFrame.at(frame).f_executable).co_localsplusnames, i);
  }

  @inline static kind(frame: usize, i: i32): i32 {
    const kinds = PyCodeObject.at(_PyInterpreterFrame.at(frame).f_executable).co_localspluskinds;
    return load<u8>(PyBytesObject.at(kinds).ob_sval + <usize>i);
  }

  /** Its value, borrowed; null where it has none. Before the frame has made its cells the value itself is there. */
  static value(frame: usize, i: i32): usize {
    const v = Py.item(_PyInterpreterFrame.at(frame).localsplus, i);
    const inCell = v != 0 && Variables.kind(frame, i) & (CO_FAST_CELL | CO_FAST_FREE) && Py.TYPE(v) == PyCell_Type;
    return inCell ? PyCellObject.at(v).ob_ref : v;
  }
}

/** Whether a comprehension runs in a module or a class, so that there are variables that its mapping has not. */
function hasHidden(frame: usize): bool {
  for (let i = Variables.count(frame) - 1; i >= 0; i--) {
    if (Variables.kind(frame, i) & CO_FAST_HIDDEN && Variables.value(frame, i) != 0) return true;
  }
  return false;
}

/** The mapping that is the frame's variables, borrowed; null where it has them itself, or with MemoryError. */
function ownMapping(frame: usize): usize {
  const f = _PyInterpreterFrame.at(frame);
  if (PyCodeObject.at(f.f_executable).co_flags & CO_OPTIMIZED || hasHidden(frame)) return 0;
  if (f.f_locals == 0) f.f_locals = PyDict_New();
  return f.f_locals;
}

/** f_locals of a frame object: a new reference, or null with an exception. */
export function frameMapping(fo: usize): usize {
  const mapping = ownMapping(PyFrameObject.at(fo).f_frame);
  if (mapping != 0) return Py.NewRef(mapping);
  return PyErr_Occurred() != 0 ? 0 : proxyOf(fo);
}

/** What locals() gives: a module's or class's own mapping, a function's variables as a new dict; null with an exception. */
export function frameLocals(frame: usize): usize {
  const mapping = ownMapping(frame);
  if (mapping != 0) return Py.NewRef(mapping);
  const fo: usize = PyErr_Occurred() != 0 ? 0 : frameObjectOf(frame);
  const proxy: usize = fo == 0 ? 0 : proxyOf(fo);
  if (proxy == 0) return 0;
  const d = proxy_copy(proxy, 0);
  Py.DECREF(proxy);
  return d;
}

/** A new proxy of a frame object. */
function proxyOf(fo: usize): usize {
  const o = _PyObject_GC_New(PyFrameLocalsProxy_Type);
  if (o == 0) return 0;
  PyFrameLocalsProxyObject.at(o).frame = Py.NewRef(fo);
  _PyObject_GC_TRACK(o);
  return o;
}

function frameObject(self: usize): PyFrameObject {
  return PyFrameObject.at(PyFrameLocalsProxyObject.at(self).frame);
}

function isProxy(o: usize): bool {
  return Py.TYPE(o) == PyFrameLocalsProxy_Type;
}

/** The number of the variable that is to be read, and has a value, or may be written; NONE or FAILED. */
function indexOf(self: usize, key: usize, read: bool): i32 {
  if (PyObject_Hash(key) == -1) return FAILED;
  const frame = frameObject(self).f_frame;
  const n = Variables.count(frame);
  let named = false;
  for (let i = 0; i < n; i++) {
    if (Variables.nameOf(frame, i) != key) continue;
    named = true;
    if (read ? Variables.value(frame, i) != 0 : !(Variables.kind(frame, i) & CO_FAST_HIDDEN)) return i;
  }
  if (named) return NONE;
  for (let i = 0; i < n; i++) {
    const name = Py.NewRef(Variables.nameOf(frame, i));
    const same = PyObject_Hash(name) == PyObject_Hash(key) ? PyObject_RichCompareBool(name, key, Py_EQ) : 0;
    Py.DECREF(name);
    if (same < 0) return FAILED;
    if (same && (read ? Variables.value(frame, i) != 0 : !(Variables.kind(frame, i) & CO_FAST_HIDDEN))) return i;
  }
  return NONE;
}

function proxy_getitem(self: usize, key: usize): usize {
  const i = indexOf(self, key, true);
  if (i == FAILED) return 0;
  if (i >= 0) return Py.NewRef(Variables.value(frameObject(self).f_frame, i));
  const extra = frameObject(self).f_extra_locals;
  if (extra != 0) {
    const v = PyDict_GetItemWithError(extra, key);
    if (v != 0) return Py.NewRef(v);
    if (PyErr_Occurred() != 0) return 0;
  }
  return PyErr_Format(PyExc_KeyError, "local variable '%R' is not defined", key);
}

function proxy_setitem(self: usize, key: usize, value: usize): i32 {
  if (value == 0) {
    PyErr_SetString(PyExc_TypeError, "cannot remove variables from FrameLocalsProxy");
    return -1;
  }
  const i = indexOf(self, key, false);
  if (i == FAILED) return -1;
  const fo = frameObject(self);
  if (i >= 0) {
    const slot = Py.slot(_PyInterpreterFrame.at(fo.f_frame).localsplus, i);
    const old: usize = load<u32>(slot);
    const kind = Variables.kind(fo.f_frame, i);
    const inCell = old != 0 && kind & (CO_FAST_CELL | CO_FAST_FREE) && Py.TYPE(old) == PyCell_Type;
    Py.SETREF(inCell ? PyCellObject.at(old).ob_ref_slot : slot, Py.NewRef(value));
    return 0;
  }
  if (fo.f_extra_locals == 0) {
    fo.f_extra_locals = PyDict_New();
    if (fo.f_extra_locals == 0) return -1;
  }
  return PyDict_SetItem(fo.f_extra_locals, key, value);
}

/** Sets what another mapping has: 0, or -1, with an exception unless the other is no such mapping. */
function merge(self: usize, other: usize): i32 {
  if (!Py.check(other, Py_TPFLAGS_DICT_SUBCLASS) && !isProxy(other)) return -1;
  const keys = PyMapping_Keys(other);
  if (keys == 0) return -1;
  const it = PyObject_GetIter(keys);
  Py.DECREF(keys);
  if (it == 0) return -1;
  for (let key = PyIter_Next(it); key != 0; key = PyIter_Next(it)) {
    const value = PyObject_GetItem(other, key);
    const r = value == 0 ? -1 : proxy_setitem(self, key, value);
    Py.XDECREF(value);
    Py.DECREF(key);
    if (r < 0) {
      Py.DECREF(it);
      return -1;
    }
  }
  Py.DECREF(it);
  return PyErr_Occurred() != 0 ? -1 : 0;
}

// What listOf() lists.
const KEYS: i32 = 0;
const VALUES: i32 = 1;
const ITEMS: i32 = 2;

function appendPart(list: usize, key: usize, value: usize, what: i32): bool {
  if (what != ITEMS) return PyList_Append(list, what == KEYS ? key : value) == 0;
  const pair = PyTuple_Pack2(key, value);
  if (pair == 0) return false;
  const r = PyList_Append(list, pair);
  Py.DECREF(pair);
  return r == 0;
}

/** A new list of the names, the values or both. Appending runs no Python. */
function listOf(self: usize, what: i32): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  const frame = frameObject(self).f_frame;
  const n = Variables.count(frame);
  let ok: bool = true;
  for (let i = 0; i < n && ok; i++) {
    const value = Variables.value(frame, i);
    if (value != 0) ok = appendPart(list, Variables.nameOf(frame, i), value, what);
  }
  const extra = frameObject(self).f_extra_locals;
  if (extra != 0) {
    for (let pos = PyDict_Next(extra, 0); pos > 0 && ok; pos = PyDict_Next(extra, pos)) {
      ok = appendPart(list, PyDict_KeyAt(extra, pos), PyDict_ValueAt(extra, pos), what);
    }
  }
  if (ok) return list;
  Py.DECREF(list);
  return 0;
}

function proxy_len(self: usize): isize {
  const frame = frameObject(self).f_frame;
  const extra = frameObject(self).f_extra_locals;
  let n: isize = extra == 0 ? 0 : PyDict_Size(extra);
  for (let i = Variables.count(frame) - 1; i >= 0; i--) if (Variables.value(frame, i) != 0) n++;
  return n;
}

function proxy_contains(self: usize, key: usize): i32 {
  const i = indexOf(self, key, true);
  if (i == FAILED) return -1;
  if (i >= 0) return 1;
  const extra = frameObject(self).f_extra_locals;
  return extra == 0 ? 0 : PyDict_Contains(extra, key);
}

function proxy_iter(self: usize): usize {
  const keys = listOf(self, KEYS);
  if (keys == 0) return 0;
  const it = PyObject_GetIter(keys);
  Py.DECREF(keys);
  return it;
}

function proxy_richcompare(self: usize, other: usize, op: i32): usize {
  if (isProxy(other)) {
    const same = PyFrameLocalsProxyObject.at(self).frame == PyFrameLocalsProxyObject.at(other).frame;
    if (op == Py_EQ || op == Py_NE) return PyBool_FromBool(same == (op == Py_EQ));
  } else if (Py.check(other, Py_TPFLAGS_DICT_SUBCLASS)) {
    const d = proxy_copy(self, 0);
    if (d == 0) return 0;
    const r = PyObject_RichCompare(d, other, op);
    Py.DECREF(d);
    return r;
  }
  return _Py_NotImplementedStruct;
}

function proxy_repr(self: usize): usize {
  const entered = Py_ReprEnter(self);
  if (entered != 0) return entered > 0 ? PyUnicode_FromLiteral("{...}") : 0;
  const d = proxy_copy(self, 0);
  const r: usize = d == 0 ? 0 : PyObject_Repr(d);
  Py.XDECREF(d);
  Py_ReprLeave(self);
  return r;
}

function isMergeable(o: usize): bool {
  return Py.check(o, Py_TPFLAGS_DICT_SUBCLASS) || isProxy(o);
}

function proxy_or(self: usize, other: usize): usize {
  if (!isMergeable(self) || !isMergeable(other)) return _Py_NotImplementedStruct;
  const d = PyDict_New();
  if (d == 0) return 0;
  if (PyDict_Update(d, self) == 0 && PyDict_Update(d, other) == 0) return d;
  Py.DECREF(d);
  return 0;
}

function proxy_ior(self: usize, other: usize): usize {
  if (!isMergeable(other)) return _Py_NotImplementedStruct;
  return merge(self, other) < 0 ? 0 : Py.NewRef(self);
}

function proxy_new(_type: usize, args: usize, kwargs: usize): usize {
  if (Py.SIZE(args) != 1) {
    return PyErr_Format(PyExc_TypeError, "FrameLocalsProxy expected 1 argument, got %d", Py.SIZE(args));
  }
  const fo = Tuple.get(args, 0);
  if (Py.TYPE(fo) != PyFrame_Type) return PyErr_Format(PyExc_TypeError, "expect frame, not %T", fo);
  if (kwargs != 0 && PyDict_Size(kwargs) != 0) {
    return PyErr_SetString(PyExc_TypeError, "FrameLocalsProxy takes no keyword arguments");
  }
  return proxyOf(fo);
}

function proxy_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  PyFrameLocalsProxyObject_clear(self);
  PyObject_GC_Del(self);
}

/**
 * @native FrameLocalsProxy.__contains__
 */
export function proxy___contains__(self: usize, key: usize): usize {
  const r = proxy_contains(self, key);
  return r < 0 ? 0 : PyBool_FromBool(r != 0);
}

/**
 * @native FrameLocalsProxy.__getitem__
 */
export function proxy___getitem__(self: usize, key: usize): usize {
  return proxy_getitem(self, key);
}

/**
 * @native FrameLocalsProxy.update
 */
export function proxy_update(self: usize, other: usize): usize {
  if (merge(self, other) == 0) return _Py_NoneStruct;
  return PyErr_SetString(PyExc_TypeError, "update() argument must be dict or another FrameLocalsProxy");
}

/**
 * @native FrameLocalsProxy.__reversed__
 */
export function proxy_reversed(self: usize, _unused: usize): usize {
  const keys = listOf(self, KEYS);
  if (keys != 0) reverseItems(keys);
  return keys;
}

/**
 * @native FrameLocalsProxy.copy
 */
export function proxy_copy(self: usize, _unused: usize): usize {
  const d = PyDict_New();
  if (d == 0 || PyDict_Update(d, self) == 0) return d;
  Py.DECREF(d);
  return 0;
}

/**
 * @native FrameLocalsProxy.keys
 */
export function proxy_keys(self: usize, _unused: usize): usize {
  return listOf(self, KEYS);
}

/**
 * @native FrameLocalsProxy.values
 */
export function proxy_values(self: usize, _unused: usize): usize {
  return listOf(self, VALUES);
}

/**
 * @native FrameLocalsProxy.items
 */
export function proxy_items(self: usize, _unused: usize): usize {
  return listOf(self, ITEMS);
}

/**
 * @native FrameLocalsProxy.get
 */
export function proxy_get(self: usize, argv: usize, nargs: isize): usize {
  if (nargs < 1 || nargs > 2) return PyErr_SetString(PyExc_TypeError, "get expected 1 or 2 arguments");
  const v = proxy_getitem(self, Py.item(argv, 0));
  if (v != 0 || !PyErr_ExceptionMatches(PyExc_KeyError)) return v;
  PyErr_Clear();
  return nargs == 2 ? Py.NewRef(Py.item(argv, 1)) : _Py_NoneStruct;
}

/**
 * @native FrameLocalsProxy.setdefault
 */
export function proxy_setdefault(self: usize, argv: usize, nargs: isize): usize {
  if (nargs < 1 || nargs > 2) return PyErr_SetString(PyExc_TypeError, "setdefault expected 1 or 2 arguments");
  const v = proxy_getitem(self, Py.item(argv, 0));
  if (v != 0 || !PyErr_ExceptionMatches(PyExc_KeyError)) return v;
  PyErr_Clear();
  const value = nargs == 2 ? Py.item(argv, 1) : _Py_NoneStruct;
  return proxy_setitem(self, Py.item(argv, 0), value) < 0 ? 0 : Py.NewRef(value);
}

/**
 * @type FrameLocalsProxy
 * @order __contains__ __getitem__ update __reversed__ copy keys values items get setdefault
 */
export function initFrameLocalsType(): void {
  const o = PyFrameLocalsProxy_Type;
  const t = PyTypeObject.at(o);
  t.tp_basicsize = SIZEOF_PyFrameLocalsProxyObject;
  t.tp_dealloc = proxy_dealloc.index;
  t.tp_repr = proxy_repr.index;
  const number = PyNumberMethods.at(asNumber(o));
  number.nb_or = proxy_or.index;
  number.nb_inplace_or = proxy_ior.index;
  PySequenceMethods.at(asSequence(o)).sq_contains = proxy_contains.index;
  const mapping = PyMappingMethods.at(asMapping(o));
  mapping.mp_length = proxy_len.index;
  mapping.mp_subscript = proxy_getitem.index;
  mapping.mp_ass_subscript = proxy_setitem.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_setattro = PyObject_GenericSetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_MAPPING;
  t.tp_traverse = PyFrameLocalsProxyObject_traverse.index;
  t.tp_clear = PyFrameLocalsProxyObject_clear.index;
  t.tp_richcompare = proxy_richcompare.index;
  t.tp_iter = proxy_iter.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_new = proxy_new.index;
  t.tp_free = PyObject_GC_Del.index;
}
