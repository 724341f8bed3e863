// itertools.tee: several iterators of what one gives (CPython 3.13's Modules/itertoolsmodule.c).
//
//   tee ─┐                  tee ─┐
//   | values 0..56 | ─► | values 57..113 | ─► | values 114.. | ─► null
//
// Invariant: each value is kept from when the first of them asks for it until the last has had it: the links hold only
// those that follow.

import {
  SIZEOF_teedataobject,
  SIZEOF_teeobject,
  teedataobject,
  teeobject,
  teeobject_weakreflist,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  empty_tuple,
  ID,
  PyExc_RuntimeError,
  PyExc_ValueError,
  PyItertools_tee_Type,
  PyItertools_teedataobject_Type,
} from "../../generated/statics";
import { List, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_New, PyTuple_Pack2, PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { ArgParser, badArgument } from "../../objects/define/args";
import { PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { teeobject_clear, teeobject_traverse } from "../../objects/generated/references";
import { PyLong_AsInt, PyLong_FromLong } from "../../objects/numbers/int/create";
import { PyObject_CallNoArgs } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py, Visit } from "../../objects/object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr, PyObject_SelfIter } from "../../objects/protocol/access";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { PyType_Ready } from "../../objects/types/ready";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";
import { collectedType } from "../collectedtype";
import { freeIterator, isState, isStateItem, newIterator, reduced, reducedWithState, warnPickle } from "./common";

/** Values of a link. */
const LINKCELLS: i32 = 57;

// The links

function newLink(it: usize): usize {
  const link = newIterator(PyItertools_teedataobject_Type);
  if (link != 0) teedataobject.at(link).it = Py.NewRef(it);
  return link;
}

/** Value i of the link, which the iterator is asked for where it is the next: a new reference, or null at its end. */
function valueAt(link: usize, i: i32): usize {
  const x = teedataobject.at(link);
  if (i < x.numread) return Py.NewRef(Py.item(x.values, i));
  if (x.running) return PyErr_SetString(PyExc_RuntimeError, "cannot re-enter the tee iterator");
  x.running = 1;
  const value = PyIter_Next(x.it);
  x.running = 0;
  if (value == 0) return 0;
  // A state that was set may be ahead of the values: there is room for this one, as numread is smaller.
  Py.setItem(x.values, x.numread, value);
  x.numread++;
  return Py.NewRef(value);
}

function link_traverse(link: usize, visit: u32, arg: usize): i32 {
  const x = teedataobject.at(link);
  let r = Visit.call(x.it, visit, arg);
  for (let i = 0; r == 0 && i < x.numread; i++) r = Visit.call(Py.item(x.values, i), visit, arg);
  return r != 0 ? r : Visit.call(x.nextlink, visit, arg);
}

function link_clear(link: usize): i32 {
  const x = teedataobject.at(link);
  Py.CLEAR(x.it_slot);
  const n = x.numread;
  x.numread = 0;
  for (let i = 0; i < n; i++) Py.CLEAR(Py.slot(x.values, i));
  // One link after the other, not each inside the one before.
  let next = x.nextlink;
  x.nextlink = 0;
  while (next != 0 && Py.REFCNT(next) == 1) {
    const after = teedataobject.at(next).nextlink;
    teedataobject.at(next).nextlink = 0;
    Py.DECREF(next);
    next = after;
  }
  Py.XDECREF(next);
  return 0;
}

function link_dealloc(link: usize): void {
  PyObject_GC_UnTrack(link);
  link_clear(link);
  freeIterator(link);
}

function link_new(_type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords("teedataobject", kwargs)) return 0;
  if (!ArgParser.count("teedataobject", Py.SIZE(args), 3, 3)) return 0;
  const values = Tuple.get(args, 1);
  const next = Tuple.get(args, 2);
  if (!List.check(values)) return badArgument("teedataobject", "argument 2", "list", values);
  const n = Py.SIZE(values);
  const isFull = n == LINKCELLS;
  const fits = next == _Py_NoneStruct || (isFull && Py.IS_TYPE(next, PyItertools_teedataobject_Type));
  if (n > LINKCELLS || !fits) return PyErr_SetString(PyExc_ValueError, "Invalid arguments");
  const link = newLink(Tuple.get(args, 0));
  if (link == 0) return 0;
  const x = teedataobject.at(link);
  for (let i: isize = 0; i < n; i++) Py.setItem(x.values, i, Py.NewRef(List.get(values, i)));
  x.numread = <i32>n;
  if (next != _Py_NoneStruct) x.nextlink = Py.NewRef(next);
  return link;
}

/**
 * @native itertools._tee_dataobject.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function link_reduce(link: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = teedataobject.at(link);
  const values = PyList_New(x.numread);
  if (values == 0) return 0;
  for (let i = 0; i < x.numread; i++) List.set(values, i, Py.NewRef(Py.item(x.values, i)));
  const args = PyTuple_Pack3(x.it, values, x.nextlink == 0 ? _Py_NoneStruct : x.nextlink);
  Py.DECREF(values);
  return reduced(link, args);
}

// The iterators

function newTee(link: usize, index: i32): usize {
  const o = newIterator(PyItertools_tee_Type);
  if (o == 0) return 0;
  const x = teeobject.at(o);
  x.dataobj = Py.NewRef(link);
  x.index = index;
  return o;
}

function teeOf(iterable: usize): usize {
  const it = PyObject_GetIter(iterable);
  if (it == 0) return 0;
  let o: usize = 0;
  if (PyType_IsSubtype(Py.TYPE(it), PyItertools_tee_Type)) o = tee_copy(it, 0);
  else {
    const link = newLink(it);
    if (link != 0) o = newTee(link, 0);
    Py.XDECREF(link);
  }
  Py.DECREF(it);
  return o;
}

function tee_new(_type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords("_tee", kwargs) || !ArgParser.count("_tee", Py.SIZE(args), 1, 1)) return 0;
  return teeOf(Tuple.get(args, 0));
}

function tee_next(o: usize): usize {
  const x = teeobject.at(o);
  if (x.index >= LINKCELLS) {
    const full = teedataobject.at(x.dataobj);
    if (full.nextlink == 0) full.nextlink = newLink(full.it);
    if (full.nextlink == 0) return 0;
    x.index = 0;
    Py.SETREF(x.dataobj_slot, Py.NewRef(full.nextlink));
  }
  // What the iterator runs may move this one on.
  const link = Py.NewRef(x.dataobj);
  const value = valueAt(link, x.index);
  if (value != 0) x.index++;
  Py.DECREF(link);
  return value;
}

function tee_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  if (teeobject.at(o).weakreflist != 0) PyObject_ClearWeakRefs(o);
  teeobject_clear(o);
  freeIterator(o);
}

/**
 * @native itertools._tee.__copy__
 *
 * One that goes on where this one is, by itself.
 */
export function tee_copy(o: usize, _: usize): usize {
  return newTee(teeobject.at(o).dataobj, teeobject.at(o).index);
}

/**
 * @native itertools._tee.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function tee_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = teeobject.at(o);
  const index = PyLong_FromLong(x.index);
  const state = index == 0 ? 0 : PyTuple_Pack2(x.dataobj, index);
  Py.XDECREF(index);
  const args = PyTuple_New(1);
  if (args != 0) Tuple.set(args, 0, empty_tuple);
  return reducedWithState(o, args, state);
}

/**
 * @native itertools._tee.__setstate__
 *
 * Makes it what it was when it was pickled.
 */
export function tee_setstate(o: usize, state: usize): usize {
  if (!warnPickle() || !isState(state, 2, 2)) return 0;
  if (!isStateItem(state, 0, PyItertools_teedataobject_Type, "itertools._tee_dataobject")) return 0;
  const index = PyLong_AsInt(Tuple.get(state, 1));
  if (index == -1 && PyErr_Occurred()) return 0;
  if (index < 0 || index > LINKCELLS) return PyErr_SetString(PyExc_ValueError, "Index out of range");
  teeobject.at(o).index = index;
  Py.SETREF(teeobject.at(o).dataobj_slot, Py.NewRef(Tuple.get(state, 0)));
  return _Py_NoneStruct;
}

/**
 * @native itertools.tee($module, iterable, n=2, /)
 *
 * A tuple of n iterators of the same.
 */
export function itertools_tee(_m: usize, iterable: usize, n: isize): usize {
  if (n < 0) return PyErr_SetString(PyExc_ValueError, "n must be >= 0");
  const result = PyTuple_New(n);
  if (result == 0 || n == 0) return result;
  const it = PyObject_GetIter(iterable);
  let copy = it == 0 ? 0 : PyObject_GetOptionalAttr(it, ID.__copy__);
  let first: usize = 0;
  if (copy != 0) first = Py.NewRef(it);
  else if (it != 0 && !PyErr_Occurred()) {
    first = teeOf(it);
    if (first != 0) copy = PyObject_GetAttr(first, ID.__copy__);
  }
  Py.XDECREF(it);
  Tuple.set(result, 0, first);
  let complete = copy != 0;
  for (let i: isize = 1; i < n && complete; i++) {
    const next = PyObject_CallNoArgs(copy);
    Tuple.set(result, i, next);
    complete = next != 0;
  }
  Py.XDECREF(copy);
  if (complete) return result;
  Py.DECREF(result);
  return 0;
}

/**
 * @type itertools._tee(iterable, /)
 *
 * An iterator that can be copied, of any.
 */

/**
 * @type itertools._tee_dataobject(iterable, values, next, /)
 *
 * What the copies of one tee have in common.
 */

/** Makes the types: 0, or -1 with an exception. */
export function initTeeTypes(): i32 {
  const link = collectedType(
    PyItertools_teedataobject_Type,
    SIZEOF_teedataobject,
    link_dealloc.index,
    link_traverse.index,
    link_clear.index,
    0,
  );
  link.tp_new = link_new.index;
  const t = collectedType(
    PyItertools_tee_Type,
    SIZEOF_teeobject,
    tee_dealloc.index,
    teeobject_traverse.index,
    teeobject_clear.index,
    0,
  );
  t.tp_new = tee_new.index;
  t.tp_getattro = 0;
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = tee_next.index;
  t.tp_weaklistoffset = <isize>teeobject_weakreflist;
  return PyType_Ready(PyItertools_teedataobject_Type) == 0 && PyType_Ready(PyItertools_tee_Type) == 0 ? 0 : -1;
}
