// dict_keys, dict_values, dict_items: views that follow their dict (CPython 3.13's Objects/dictobject.c).

import { Py_TPFLAGS_HAVE_GC } from "../../../generated/constants";
import {
  PyDictViewObject,
  PyNumberMethods,
  PySequenceMethods,
  PyTypeObject,
  SIZEOF_PyDictViewObject,
} from "../../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NotImplementedStruct,
  _Py_TrueStruct,
  ID,
  PyDict_Type,
  PyDictItems_Type,
  PyDictIterItem_Type,
  PyDictIterKey_Type,
  PyDictIterValue_Type,
  PyDictKeys_Type,
  PyDictRevIterItem_Type,
  PyDictRevIterKey_Type,
  PyDictRevIterValue_Type,
  PyDictValues_Type,
  PyExc_TypeError,
  PySet_Type,
} from "../../../generated/statics";
import { asNumber, asSequence } from "../../define/tables";
import { PyErr_Format, PyErr_Occurred } from "../../errors/raise";
import { PyDictViewObject_clear, PyDictViewObject_traverse } from "../../generated/references";
import { boolObject } from "../../numbers/bool";
import { _PyObject_GC_New, PyObject_GC_Del } from "../../object/alloc";
import { PyObject_GenericGetAttr } from "../../object/attributes";
import { PyObject_CallMethodOneArg } from "../../object/call";
import { Py_EQ, Py_GE, Py_GT, Py_LE, Py_LT, Py_NE } from "../../object/flags";
import { _PyObject_GC_TRACK, _PyObject_GC_UNTRACK } from "../../object/gchead";
import { Py } from "../../object/head";
import { Py_ReprEnter, Py_ReprLeave } from "../../object/reprguard";
import { PyObject_RichCompareBool } from "../../protocol/compare";
import { PyObject_Size } from "../../protocol/items";
import { PyIter_Next, PyObject_GetIter } from "../../protocol/iterator";
import { PySequence_Contains, PySequence_List } from "../../protocol/sequence";
import { PyTypeName } from "../../text/concat";
import { PyUnicode_FromLiteral } from "../../text/create";
import { PyUnicode_FromFormat } from "../../text/format/fromformat";
import { PyType_IsSubtype } from "../../types/lookup";
import { PyDictProxy_New } from "../mappingproxy";
import { _PySet_Update, PySet_Add, PySet_New, SetObject } from "../set/set";
import { Tuple } from "../tuple";
import { Dict, PyDict_Contains, PyDict_GetItemWithError } from "./dict";
import { dictiter_new } from "./iterators";

class View {
  @inline static dict(v: usize): usize {
    return PyDictViewObject.at(v).dv_dict;
  }

  /** Whether the object is a view of keys or items, which act as sets. */
  @inline static isSetLike(o: usize): bool {
    const t = Py.TYPE(o);
    if (t == PyDictKeys_Type || t == PyDictItems_Type) return true;
    return PyType_IsSubtype(t, PyDictKeys_Type) || PyType_IsSubtype(t, PyDictItems_Type);
  }
}

/** A new view of a dict (or a subclass's instance), of one of the three types. Null with an exception. */
export function _PyDictView_New(d: usize, type: usize): usize {
  if (!Dict.check(d)) {
    return PyErr_Format(
      PyExc_TypeError,
      "%s() requires a dict argument, not '%s'",
      PyTypeObject.at(type).tp_name,
      PyTypeName.of(d),
    );
  }
  const v = _PyObject_GC_New(type);
  if (v == 0) return 0;
  PyDictViewObject.at(v).dv_dict = Py.NewRef(d);
  _PyObject_GC_TRACK(v);
  return v;
}

/**
 * @native dict.keys($self, /)
 *
 * A view of the keys, which follows all changes; it is like a set.
 */
export function dict_keys(d: usize, _: usize): usize {
  return _PyDictView_New(d, PyDictKeys_Type);
}

/**
 * @native dict.values($self, /)
 *
 * A view of the values, which follows all changes.
 */
export function dict_values(d: usize, _: usize): usize {
  return _PyDictView_New(d, PyDictValues_Type);
}

/**
 * @native dict.items($self, /)
 *
 * A view of pairs of key and value, which follows all changes.
 */
export function dict_items(d: usize, _: usize): usize {
  return _PyDictView_New(d, PyDictItems_Type);
}

function view_dealloc(v: usize): void {
  _PyObject_GC_UNTRACK(v);
  PyDictViewObject_clear(v);
  PyObject_GC_Del(v);
}

function view_length(v: usize): isize {
  return Dict.used(View.dict(v));
}

/**
 * @getter dict_keys.mapping
 * @getter dict_values.mapping
 * @getter dict_items.mapping
 *
 * the dict itself, not to be changed
 */
export function view_mapping(v: usize, _closure: usize): usize {
  return PyDictProxy_New(View.dict(v));
}

function keys_iter(v: usize): usize {
  return dictiter_new(View.dict(v), PyDictIterKey_Type);
}

function values_iter(v: usize): usize {
  return dictiter_new(View.dict(v), PyDictIterValue_Type);
}

function items_iter(v: usize): usize {
  return dictiter_new(View.dict(v), PyDictIterItem_Type);
}

/**
 * @native dict_keys.__reversed__
 *
 * An iterator from the last key to the first.
 */
export function keys_reversed(v: usize, _: usize): usize {
  return dictiter_new(View.dict(v), PyDictRevIterKey_Type);
}

/**
 * @native dict_values.__reversed__
 *
 * An iterator from the last value to the first.
 */
export function values_reversed(v: usize, _: usize): usize {
  return dictiter_new(View.dict(v), PyDictRevIterValue_Type);
}

/**
 * @native dict_items.__reversed__
 *
 * An iterator from the last pair to the first.
 */
export function items_reversed(v: usize, _: usize): usize {
  return dictiter_new(View.dict(v), PyDictRevIterItem_Type);
}

function keys_contains(v: usize, key: usize): i32 {
  return PyDict_Contains(View.dict(v), key);
}

function items_contains(v: usize, item: usize): i32 {
  if (!Tuple.check(item) || Tuple.size(item) != 2) return 0;
  const found = PyDict_GetItemWithError(View.dict(v), Tuple.get(item, 0));
  if (found == 0) return PyErr_Occurred() ? -1 : 0;
  Py.INCREF(found);
  const r = PyObject_RichCompareBool(found, Tuple.get(item, 1), Py_EQ);
  Py.DECREF(found);
  return r;
}

function view_repr(v: usize): usize {
  const entered = Py_ReprEnter(v);
  if (entered != 0) return entered > 0 ? PyUnicode_FromLiteral("...") : 0;
  const list = PySequence_List(v);
  let r: usize = 0;
  if (list != 0) {
    r = PyUnicode_FromFormat("%t(%R)", v, list);
    Py.DECREF(list);
  }
  Py_ReprLeave(v);
  return r;
}

/** 1 where every element of `a` is in `b`, 0 where not, -1 with an exception. */
function allContained(a: usize, b: usize): i32 {
  const it = PyObject_GetIter(a);
  if (it == 0) return -1;
  let r = 1;
  while (r == 1) {
    const v = PyIter_Next(it);
    if (v == 0) {
      if (PyErr_Occurred()) r = -1;
      break;
    }
    r = PySequence_Contains(b, v);
    Py.DECREF(v);
  }
  Py.DECREF(it);
  return r;
}

function view_richcompare(a: usize, b: usize, op: i32): usize {
  if (!SetObject.check(b) && !View.isSetLike(b)) return _Py_NotImplementedStruct;
  const na = Dict.used(View.dict(a));
  const nb = PyObject_Size(b);
  if (nb < 0) return 0;
  let r = 0;
  if (op == Py_EQ || op == Py_NE) {
    if (na == nb) r = allContained(a, b);
    if (op == Py_NE && r >= 0) r = 1 - r;
  } else if (op == Py_LT) {
    if (na < nb) r = allContained(a, b);
  } else if (op == Py_LE) {
    if (na <= nb) r = allContained(a, b);
  } else if (op == Py_GT) {
    if (na > nb) r = allContained(b, a);
  } else if (op == Py_GE) {
    if (na >= nb) r = allContained(b, a);
  }
  return r < 0 ? 0 : r != 0 ? _Py_TrueStruct : _Py_FalseStruct;
}

/** A new set of the view's elements. Null with an exception. */
function toSet(v: usize): usize {
  // A set can be made from a plain dict at once.
  if (Py.IS_TYPE(v, PyDictKeys_Type) && Py.IS_TYPE(View.dict(v), PyDict_Type)) return PySet_New(View.dict(v));
  return PySet_New(v);
}

/** Applies a method of set, of this name, to a new set of `a`'s elements; the set, or null with an exception. */
function changed(a: usize, name: usize, b: usize): usize {
  const r = toSet(a);
  if (r == 0) return 0;
  const done = PyObject_CallMethodOneArg(r, name, b);
  if (done == 0) {
    Py.DECREF(r);
    return 0;
  }
  Py.DECREF(done);
  return r;
}

function view_sub(a: usize, b: usize): usize {
  return changed(a, ID.difference_update, b);
}

function view_xor(a: usize, b: usize): usize {
  return changed(a, ID.symmetric_difference_update, b);
}

function view_or(a: usize, b: usize): usize {
  const r = toSet(a);
  if (r == 0) return 0;
  if (_PySet_Update(r, b) < 0) {
    Py.DECREF(r);
    return 0;
  }
  return r;
}

function intersect(a: usize, b: usize): usize {
  // The view is asked, the other gone through; of two views, the shorter is gone through.
  if (!View.isSetLike(a) || (View.isSetLike(b) && Dict.used(View.dict(b)) > Dict.used(View.dict(a)))) {
    const t = a;
    a = b;
    b = t;
  }
  if (Py.IS_TYPE(b, PySet_Type) && Dict.used(View.dict(a)) <= SetObject.used(b)) {
    return PyObject_CallMethodOneArg(b, ID.intersection, a);
  }
  const r = PySet_New(0);
  if (r == 0) return 0;
  const it = PyObject_GetIter(b);
  let status = it == 0 ? -1 : 0;
  while (status == 0) {
    const v = PyIter_Next(it);
    if (v == 0) {
      if (PyErr_Occurred()) status = -1;
      break;
    }
    const has = PyType_IsSubtype(Py.TYPE(a), PyDictKeys_Type) ? keys_contains(a, v) : items_contains(a, v);
    status = has < 0 ? -1 : has > 0 ? PySet_Add(r, v) : 0;
    Py.DECREF(v);
  }
  Py.XDECREF(it);
  if (status == 0) return r;
  Py.DECREF(r);
  return 0;
}

function view_and(a: usize, b: usize): usize {
  return intersect(a, b);
}

/**
 * @native dict_keys.isdisjoint
 * @native dict_items.isdisjoint
 *
 * Whether the view and the other, an iterable, have no single element in common.
 */
export function view_isdisjoint(a: usize, b: usize): usize {
  if (a == b) return boolObject(Dict.used(View.dict(a)) == 0);
  if (SetObject.exact(b) || View.isSetLike(b)) {
    const nb = PyObject_Size(b);
    if (nb < 0) return 0;
    if (nb > Dict.used(View.dict(a))) {
      const t = a;
      a = b;
      b = t;
    }
  }
  const it = PyObject_GetIter(b);
  if (it == 0) return 0;
  for (;;) {
    const v = PyIter_Next(it);
    if (v == 0) break;
    const has = PySequence_Contains(a, v);
    Py.DECREF(v);
    if (has != 0) {
      Py.DECREF(it);
      return has < 0 ? 0 : _Py_FalseStruct;
    }
  }
  Py.DECREF(it);
  return PyErr_Occurred() ? 0 : _Py_TrueStruct;
}

function initOne(type: usize, iter: u32, contains: u32): void {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_PyDictViewObject;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_dealloc = view_dealloc.index;
  t.tp_repr = view_repr.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_traverse = PyDictViewObject_traverse.index;
  t.tp_iter = iter;
  const s = PySequenceMethods.at(asSequence(type));
  s.sq_length = view_length.index;
  s.sq_contains = contains;
  if (contains != 0) {
    t.tp_richcompare = view_richcompare.index;
    const n = PyNumberMethods.at(asNumber(type));
    n.nb_subtract = view_sub.index;
    n.nb_and = view_and.index;
    n.nb_xor = view_xor.index;
    n.nb_or = view_or.index;
  }
}

/**
 * @type dict_keys
 * @order isdisjoint __reversed__
 */

/**
 * @type dict_values
 */

/**
 * @type dict_items
 * @order isdisjoint __reversed__
 */

/** Fills the slots and tables of the three types. */
export function initDictViewTypes(): void {
  initOne(PyDictKeys_Type, keys_iter.index, keys_contains.index);
  initOne(PyDictItems_Type, items_iter.index, items_contains.index);
  initOne(PyDictValues_Type, values_iter.index, 0);
}
