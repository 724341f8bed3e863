// Iterators over a dict's keys, values, items, forwards and backwards (CPython 3.13's Objects/dictobject.c).
//
// di_result is a pair that is handed out again and again as long as nobody else has kept the last one.

import { Py_TPFLAGS_HAVE_GC } from "../../../generated/constants";
import { dictiterobject, PyDictUnicodeEntry, PyTypeObject, SIZEOF_dictiterobject } from "../../../generated/layouts";
import {
  _Py_NoneStruct,
  PyDictIterItem_Type,
  PyDictIterKey_Type,
  PyDictIterValue_Type,
  PyDictRevIterItem_Type,
  PyDictRevIterKey_Type,
  PyDictRevIterValue_Type,
  PyExc_RuntimeError,
} from "../../../generated/statics";
import { PyErr_SetString } from "../../errors/raise";
import { dictiterobject_clear, dictiterobject_traverse } from "../../generated/references";
import { reduceToList } from "../../iterators/reduce";
import { PyLong_FromLong } from "../../numbers/int/create";
import { _PyObject_GC_New, PyObject_GC_Del } from "../../object/alloc";
import { PyObject_GenericGetAttr } from "../../object/attributes";
import { _PyObject_GC_IS_TRACKED, _PyObject_GC_TRACK, _PyObject_GC_UNTRACK } from "../../object/gchead";
import { Py } from "../../object/head";
import { PyObject_SelfIter } from "../../protocol/access";
import { PySequence_List } from "../../protocol/sequence";
import { PyTuple_Pack2, Tuple } from "../tuple";
import { Dict } from "./dict";
import { DK, Values } from "./keys";

const KEYS: i32 = 0;
const VALUES: i32 = 1;
const ITEMS: i32 = 2;

/** A new iterator of one of the six types. Null with MemoryError. */
export function dictiter_new(d: usize, type: usize): usize {
  const it = _PyObject_GC_New(type);
  if (it == 0) return 0;
  const i = dictiterobject.at(it);
  const used = Dict.used(d);
  i.di_dict = Py.NewRef(d);
  i.di_used = used;
  i.di_len = used;
  i.di_result = 0;
  i.di_pos = 0;
  const reversed = type == PyDictRevIterKey_Type || type == PyDictRevIterItem_Type || type == PyDictRevIterValue_Type;
  if (reversed) i.di_pos = Dict.values(d) != 0 ? used - 1 : DK.nentries(Dict.keys(d)) - 1;
  if (type == PyDictIterItem_Type || type == PyDictRevIterItem_Type) {
    i.di_result = PyTuple_Pack2(_Py_NoneStruct, _Py_NoneStruct);
    if (i.di_result == 0) {
      Py.DECREF(d);
      PyObject_GC_Del(it);
      return 0;
    }
  }
  _PyObject_GC_TRACK(it);
  return it;
}

/** tp_iter of dict: also how others know that a dict's iteration is dict's own. */
export function dict_iter(d: usize): usize {
  return dictiter_new(d, PyDictIterKey_Type);
}

/**
 * dict.__reversed__.
 *
 * @native dict.__reversed__($self, /)
 *
 * An iterator from the last key to the first.
 */
export function dict_reversed(d: usize, _: usize): usize {
  return dictiter_new(d, PyDictRevIterKey_Type);
}

function iter_dealloc(it: usize): void {
  _PyObject_GC_UNTRACK(it);
  dictiterobject_clear(it);
  PyObject_GC_Del(it);
}

/**
 * @native dict_keyiterator.__length_hint__
 * @native dict_valueiterator.__length_hint__
 * @native dict_itemiterator.__length_hint__
 * @native dict_reversekeyiterator.__length_hint__
 * @native dict_reversevalueiterator.__length_hint__
 * @native dict_reverseitemiterator.__length_hint__
 *
 * About how many elements are still to come, if known.
 */
export function iter_len(it: usize, _: usize): usize {
  const i = dictiterobject.at(it);
  return PyLong_FromLong(i.di_dict != 0 && i.di_used == Dict.used(i.di_dict) ? i.di_len : 0);
}

/** Ends the iteration; returns null. */
function exhaust(it: usize): usize {
  const i = dictiterobject.at(it);
  const d = i.di_dict;
  i.di_dict = 0;
  Py.XDECREF(d);
  return 0;
}

/** The pair of key and value: the last one again where only the iterator has it. */
function pairResult(it: usize, key: usize, value: usize): usize {
  const i = dictiterobject.at(it);
  const result = i.di_result;
  if (Py.REFCNT(result) == 1) {
    const oldKey = Tuple.get(result, 0);
    const oldValue = Tuple.get(result, 1);
    Tuple.set(result, 0, Py.NewRef(key));
    Tuple.set(result, 1, Py.NewRef(value));
    Py.INCREF(result);
    Py.DECREF(oldKey);
    Py.DECREF(oldValue);
    // The collector may have untracked it: what it holds now may be part of a cycle.
    if (!_PyObject_GC_IS_TRACKED(result)) _PyObject_GC_TRACK(result);
    return result;
  }
  return PyTuple_Pack2(key, value);
}

/** The next key, value or pair, by `what`: a new reference; null at the end or with RuntimeError. */
function next(it: usize, what: i32, step: isize): usize {
  const i = dictiterobject.at(it);
  const d = i.di_dict;
  if (d == 0) return 0;
  if (i.di_used != Dict.used(d)) {
    PyErr_SetString(PyExc_RuntimeError, "dictionary changed size during iteration");
    // It stays so.
    i.di_used = -1;
    return 0;
  }
  let pos = i.di_pos;
  const keys = Dict.keys(d);
  const values = Dict.values(d);
  let key: usize;
  let value: usize;
  if (values != 0) {
    if (pos < 0 || pos >= i.di_used) return exhaust(it);
    const ix = <isize>load<u8>(Values.order(values) + <usize>pos);
    key = PyDictUnicodeEntry.at(DK.unicodeEntry(keys, ix)).me_key;
    value = Values.get(values, ix);
  } else {
    const n = DK.nentries(keys);
    while (pos >= 0 && pos < n && PyDictUnicodeEntry.at(DK.pair(keys, pos)).me_value == 0) pos += step;
    if (pos < 0 || pos >= n) return exhaust(it);
    const pair = DK.pair(keys, pos);
    key = PyDictUnicodeEntry.at(pair).me_key;
    value = PyDictUnicodeEntry.at(pair).me_value;
  }
  // More items than there were: keys were deleted and others added.
  if (i.di_len == 0) {
    PyErr_SetString(PyExc_RuntimeError, "dictionary keys changed during iteration");
    return exhaust(it);
  }
  i.di_pos = pos + step;
  i.di_len = i.di_len - 1;
  return what == KEYS ? Py.NewRef(key) : what == VALUES ? Py.NewRef(value) : pairResult(it, key, value);
}

function keyiter_next(it: usize): usize {
  return next(it, KEYS, 1);
}

function valueiter_next(it: usize): usize {
  return next(it, VALUES, 1);
}

function itemiter_next(it: usize): usize {
  return next(it, ITEMS, 1);
}

function revkeyiter_next(it: usize): usize {
  return next(it, KEYS, -1);
}

function revvalueiter_next(it: usize): usize {
  return next(it, VALUES, -1);
}

function revitemiter_next(it: usize): usize {
  return next(it, ITEMS, -1);
}

/**
 * @native dict_keyiterator.__reduce__
 * @native dict_valueiterator.__reduce__
 * @native dict_itemiterator.__reduce__
 * @native dict_reversekeyiterator.__reduce__
 * @native dict_reversevalueiterator.__reduce__
 * @native dict_reverseitemiterator.__reduce__
 *
 * What a copy is made from.
 */
export function iter_reduce(it: usize, _: usize): usize {
  // A copy is used up for the list, this iterator stays where it is.
  const i = dictiterobject.at(it);
  const copy = _PyObject_GC_New(Py.TYPE(it));
  if (copy == 0) return 0;
  const c = dictiterobject.at(copy);
  c.di_dict = Py.XNewRef(i.di_dict);
  c.di_used = i.di_used;
  c.di_pos = i.di_pos;
  c.di_len = i.di_len;
  c.di_result = Py.XNewRef(i.di_result);
  _PyObject_GC_TRACK(copy);
  const list = PySequence_List(copy);
  Py.DECREF(copy);
  return reduceToList(list);
}

function initOne(type: usize, step: u32): void {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_dictiterobject;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_dealloc = iter_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_traverse = dictiterobject_traverse.index;
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = step;
}

/**
 * @type dict_keyiterator
 */

/**
 * @type dict_valueiterator
 */

/**
 * @type dict_itemiterator
 */

/**
 * @type dict_reversekeyiterator
 */

/**
 * @type dict_reversevalueiterator
 */

/**
 * @type dict_reverseitemiterator
 */

/** Fills the slots and tables of the six types. */
export function initDictIterTypes(): void {
  initOne(PyDictIterKey_Type, keyiter_next.index);
  initOne(PyDictIterValue_Type, valueiter_next.index);
  initOne(PyDictIterItem_Type, itemiter_next.index);
  initOne(PyDictRevIterKey_Type, revkeyiter_next.index);
  initOne(PyDictRevIterValue_Type, revvalueiter_next.index);
  initOne(PyDictRevIterItem_Type, revitemiter_next.index);
}
