// The module _functools (CPython 3.13's Modules/_functoolsmodule.c): reduce, and keys for sorting that compare by a function
// of two arguments. partial is in partial.ts, the cache in lrucache.ts.

import { Py_TPFLAGS_DISALLOW_INSTANTIATION } from "../../generated/constants";
import { keyobject, PyTypeObject, SIZEOF_keyobject } from "../../generated/layouts";
import {
  kwd_mark,
  PyBaseObject_Type,
  PyExc_AttributeError,
  PyExc_TypeError,
  PyKeyWrapper_Type,
  PyLruCacheWrapper_Type,
  PyPartial_Type,
} from "../../generated/statics";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { ArgParser, parseTupleAndKeywords } from "../../objects/define/args";
import { PyErr_ExceptionMatches, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { keyobject_clear, keyobject_traverse } from "../../objects/generated/references";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { Long } from "../../objects/numbers/int/access";
import { PyObject_Call, PyObject_CallTwoArgs } from "../../objects/object/call";
import { _PyObject_GC_IS_TRACKED, _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { initImmortal, Py } from "../../objects/object/head";
import { PyObject_RichCompare } from "../../objects/protocol/compare";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";
import { initLruCacheTypes } from "./lrucache";
import { initPartialType } from "./partial";
// reduce

/**
 * @native _functools.reduce
 *
 * reduce(function, iterable[, initial], /) -> value
 *
 * The elements of an iterable, made into one value by a function of two
 * arguments: the first two are replaced by what it returns for them, then
 * that and the third, and so on up to the end. So reduce(add, [1, 2, 3, 4])
 * is (((1+2)+3)+4). With initial, that comes before all the elements; it is
 * also the result where there are none, which is otherwise a TypeError.
 */
export function functools_reduce(_m: usize, args: usize): usize {
  const n = Py.SIZE(args);
  if (!ArgParser.count("reduce", n, 2, 3)) return 0;
  const fn = Tuple.get(args, 0);
  const it = PyObject_GetIter(Tuple.get(args, 1));
  if (it == 0) {
    if (!PyErr_ExceptionMatches(PyExc_TypeError)) return 0;
    return PyErr_SetString(PyExc_TypeError, "reduce() arg 2 must support iteration");
  }
  let result: usize = n > 2 ? Py.NewRef(Tuple.get(args, 2)) : 0;
  // The two arguments are in one tuple for all calls, until somebody keeps it: they live until the next call.
  let pair = PyTuple_New(2);
  while (pair != 0) {
    if (Py.REFCNT(pair) > 1) {
      Py.DECREF(pair);
      pair = PyTuple_New(2);
      if (pair == 0) break;
    }
    const item = PyIter_Next(it);
    if (item == 0) break;
    if (result == 0) {
      result = item;
      continue;
    }
    const items = Tuple.items(pair);
    Py.SETREF(items, result);
    Py.SETREF(Py.slot(items, 1), item);
    result = PyObject_Call(fn, pair, 0);
    if (result == 0) break;
    // The collector may have left it alone.
    if (!_PyObject_GC_IS_TRACKED(pair)) _PyObject_GC_TRACK(pair);
  }
  Py.XDECREF(pair);
  Py.DECREF(it);
  if (PyErr_Occurred()) {
    Py.XDECREF(result);
    return 0;
  }
  if (result == 0) PyErr_SetString(PyExc_TypeError, "reduce() of empty iterable with no initial value");
  return result;
}

// cmp_to_key

function newKey(cmp: usize, object: usize): usize {
  const o = call_indirect<usize>(PyTypeObject.at(PyKeyWrapper_Type).tp_alloc, PyKeyWrapper_Type, <isize>0);
  if (o == 0) return 0;
  keyobject.at(o).cmp = Py.NewRef(cmp);
  keyobject.at(o).object = Py.XNewRef(object);
  return o;
}

/**
 * @native _functools.cmp_to_key($module, /, mycmp)
 *
 * A function for key= of one that compares two objects.
 *
 *   mycmp
 *     It returns a number: below 0, 0 or above.
 */
export function functools_cmp_to_key(_m: usize, mycmp: usize): usize {
  return newKey(mycmp, 0);
}

function keyobject_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  keyobject_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function keyobject_call(o: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(1);
  const parsed = parseTupleAndKeywords("K", "obj", args, kwargs, a, 1, 1);
  const object = Py.item(a, 0);
  Scratch.give(a);
  return parsed ? newKey(keyobject.at(o).cmp, object) : 0;
}

function keyobject_richcompare(o: usize, other: usize, op: i32): usize {
  if (!Py.IS_TYPE(other, PyKeyWrapper_Type)) {
    return PyErr_SetString(PyExc_TypeError, "other argument must be K instance");
  }
  const x = keyobject.at(o).object;
  const y = keyobject.at(other).object;
  if (x == 0 || y == 0) return PyErr_SetString(PyExc_AttributeError, "object");
  // The function may give either key another object, and drop these.
  const cmp = Py.NewRef(keyobject.at(o).cmp);
  Py.INCREF(x);
  Py.INCREF(y);
  const order = PyObject_CallTwoArgs(cmp, x, y);
  Py.DECREF(x);
  Py.DECREF(y);
  Py.DECREF(cmp);
  if (order == 0) return 0;
  const r = PyObject_RichCompare(order, Long.small(0), op);
  Py.DECREF(order);
  return r;
}

/**
 * @getter functools.KeyWrapper.__text_signature__
 */
export function keyobject_text_signature(_o: usize, _closure: usize): usize {
  return PyUnicode_FromLiteral("(obj)");
}

/**
 * @type functools.KeyWrapper
 *
 * @member functools.KeyWrapper.obj = keyobject.object
 * The object that is compared
 */
function initKeyType(): i32 {
  const t = collectedType(
    PyKeyWrapper_Type,
    SIZEOF_keyobject,
    keyobject_dealloc.index,
    keyobject_traverse.index,
    keyobject_clear.index,
    Py_TPFLAGS_DISALLOW_INSTANTIATION,
  );
  t.tp_call = keyobject_call.index;
  t.tp_richcompare = keyobject_richcompare.index;
  return PyType_Ready(PyKeyWrapper_Type);
}

/**
 * @module _functools
 *
 * Tools for functions.
 */
export function initFunctools(m: usize): i32 {
  initImmortal(kwd_mark, PyBaseObject_Type);
  return initPartialType() == 0 &&
    initKeyType() == 0 &&
    initLruCacheTypes() == 0 &&
    PyModule_AddObjectLiteral(m, "partial", PyPartial_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "_lru_cache_wrapper", PyLruCacheWrapper_Type) == 0
    ? 0
    : -1;
}
