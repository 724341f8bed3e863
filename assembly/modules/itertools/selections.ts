// The iterators of itertools that leave out some of what an iterator gives: takewhile, dropwhile, filterfalse, compress,
// islice (CPython 3.13's Modules/itertoolsmodule.c).

import {
  compressobject,
  dropwhileobject,
  functionstreamobject,
  isliceobject,
  SIZEOF_compressobject,
  SIZEOF_dropwhileobject,
  SIZEOF_functionstreamobject,
  SIZEOF_isliceobject,
  SIZEOF_takewhileobject,
  takewhileobject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyBool_Type,
  PyExc_ValueError,
  PyItertools_compress_Type,
  PyItertools_dropwhile_Type,
  PyItertools_filterfalse_Type,
  PyItertools_islice_Type,
  PyItertools_takewhile_Type,
} from "../../generated/statics";
import { PyList_New } from "../../objects/containers/list/list";
import { PyTuple_New, PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { ArgParser, parseTupleAndKeywords } from "../../objects/define/args";
import { PyErr_Clear, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import {
  compressobject_clear,
  compressobject_traverse,
  dropwhileobject_clear,
  dropwhileobject_traverse,
  functionstreamobject_clear,
  functionstreamobject_traverse,
  isliceobject_clear,
  isliceobject_traverse,
  takewhileobject_clear,
  takewhileobject_traverse,
} from "../../objects/generated/references";
import { Long } from "../../objects/numbers/int/access";
import { PyLong_FromLong, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { PyObject_CallOneArg } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { Scratch } from "../../thread/scratch";
import {
  asWide,
  freeIterator,
  functionAndIterator,
  iteratorType,
  newIterator,
  reduced,
  reducedWithState,
  takesNoKeywords,
  warnPickle,
  wideCount,
} from "./common";

/** The truth of f(item); of the item itself where f is None or bool. */
function test(f: usize, item: usize): i32 {
  if (f == _Py_NoneStruct || f == PyBool_Type) return PyObject_IsTrue(item);
  const r = PyObject_CallOneArg(f, item);
  if (r == 0) return -1;
  const truth = PyObject_IsTrue(r);
  Py.DECREF(r);
  return truth;
}

// takewhile

function takewhile_new(type: usize, args: usize, kwargs: usize): usize {
  return functionAndIterator("takewhile", type, args, kwargs);
}

function takewhile_next(o: usize): usize {
  const x = takewhileobject.at(o);
  if (x.stop) return 0;
  const item = PyIter_Next(x.it);
  if (item == 0) return 0;
  const r = PyObject_CallOneArg(x.func, item);
  const good = r == 0 ? -1 : PyObject_IsTrue(r);
  Py.XDECREF(r);
  if (good > 0) return item;
  Py.DECREF(item);
  if (good == 0) x.stop = 1;
  return 0;
}

/**
 * @native itertools.takewhile.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function takewhile_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = takewhileobject.at(o);
  return reducedWithState(o, PyTuple_Pack2(x.func, x.it), PyLong_FromLong(x.stop));
}

/**
 * @native itertools.takewhile.__setstate__
 *
 * Makes it what it was when it was pickled.
 */
export function takewhile_setstate(o: usize, state: usize): usize {
  if (!warnPickle()) return 0;
  const truth = PyObject_IsTrue(state);
  if (truth < 0) return 0;
  takewhileobject.at(o).stop = truth;
  return _Py_NoneStruct;
}

function takewhile_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  takewhileobject_clear(o);
  freeIterator(o);
}

// dropwhile

function dropwhile_new(type: usize, args: usize, kwargs: usize): usize {
  return functionAndIterator("dropwhile", type, args, kwargs);
}

function dropwhile_next(o: usize): usize {
  const x = dropwhileobject.at(o);
  let item = PyIter_Next(x.it);
  while (item != 0 && !x.start) {
    const r = PyObject_CallOneArg(x.func, item);
    const good = r == 0 ? -1 : PyObject_IsTrue(r);
    Py.XDECREF(r);
    if (good == 0) {
      x.start = 1;
      return item;
    }
    Py.DECREF(item);
    if (good < 0) return 0;
    item = PyIter_Next(x.it);
  }
  return item;
}

/**
 * @native itertools.dropwhile.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function dropwhile_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = dropwhileobject.at(o);
  return reducedWithState(o, PyTuple_Pack2(x.func, x.it), PyLong_FromLong(x.start));
}

/**
 * @native itertools.dropwhile.__setstate__
 *
 * Makes it what it was when it was pickled.
 */
export function dropwhile_setstate(o: usize, state: usize): usize {
  if (!warnPickle()) return 0;
  const truth = PyObject_IsTrue(state);
  if (truth < 0) return 0;
  dropwhileobject.at(o).start = truth;
  return _Py_NoneStruct;
}

function dropwhile_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  dropwhileobject_clear(o);
  freeIterator(o);
}

// filterfalse

function filterfalse_new(type: usize, args: usize, kwargs: usize): usize {
  return functionAndIterator("filterfalse", type, args, kwargs);
}

function filterfalse_next(o: usize): usize {
  const x = functionstreamobject.at(o);
  let item = PyIter_Next(x.it);
  while (item != 0) {
    const good = test(x.func, item);
    if (good == 0) return item;
    Py.DECREF(item);
    if (good < 0) return 0;
    item = PyIter_Next(x.it);
  }
  return 0;
}

/**
 * @native itertools.filterfalse.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function filterfalse_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = functionstreamobject.at(o);
  return reduced(o, PyTuple_Pack2(x.func, x.it));
}

function filterfalse_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  functionstreamobject_clear(o);
  freeIterator(o);
}

// compress

function compress_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("compress", "data selectors", args, kwargs, a, 2, 2);
  const data = ok ? PyObject_GetIter(Py.item(a, 0)) : 0;
  const selectors = data == 0 ? 0 : PyObject_GetIter(Py.item(a, 1));
  Scratch.give(a);
  const o = selectors == 0 ? 0 : newIterator(type);
  if (o == 0) {
    Py.XDECREF(data);
    Py.XDECREF(selectors);
    return 0;
  }
  const x = compressobject.at(o);
  x.data = data;
  x.selectors = selectors;
  return o;
}

function compress_next(o: usize): usize {
  const x = compressobject.at(o);
  let item = PyIter_Next(x.data);
  while (item != 0) {
    const selector = PyIter_Next(x.selectors);
    const good = selector == 0 ? -1 : PyObject_IsTrue(selector);
    Py.XDECREF(selector);
    if (good > 0) return item;
    Py.DECREF(item);
    if (good < 0) return 0;
    item = PyIter_Next(x.data);
  }
  return 0;
}

/**
 * @native itertools.compress.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function compress_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = compressobject.at(o);
  return reduced(o, PyTuple_Pack2(x.data, x.selectors));
}

function compress_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  compressobject_clear(o);
  freeIterator(o);
}

// islice

function sliceNumber(v: usize, missing: i64, message: string): i64 {
  if (v == _Py_NoneStruct) return missing;
  const n = wideCount(v);
  if ((n == -1 && PyErr_Occurred()) || n < 0) {
    PyErr_Clear();
    PyErr_SetString(PyExc_ValueError, message);
    return -2;
  }
  return n;
}

const BOUND = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";

function islice_new(type: usize, args: usize, kwargs: usize): usize {
  const n = Py.SIZE(args);
  if (!takesNoKeywords("islice", type, kwargs) || !ArgParser.count("islice", n, 2, 4)) return 0;
  const start = n == 2 ? 0 : sliceNumber(Tuple.get(args, 1), 0, BOUND);
  if (start < 0) return 0;
  const stop = sliceNumber(
    Tuple.get(args, n == 2 ? 1 : 2),
    -1,
    "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.",
  );
  if (stop < -1) return 0;
  const by = n < 4 ? 1 : sliceNumber(Tuple.get(args, 3), 1, "Step for islice() must be a positive integer or None.");
  if (by == 0) PyErr_SetString(PyExc_ValueError, "Step for islice() must be a positive integer or None.");
  if (by <= 0) return 0;
  const it = PyObject_GetIter(Tuple.get(args, 0));
  const o = it == 0 ? 0 : newIterator(type);
  if (o == 0) {
    Py.XDECREF(it);
    return 0;
  }
  const x = isliceobject.at(o);
  x.it = it;
  x.next = start;
  x.stop = stop;
  x.step = by;
  return o;
}

function islice_next(o: usize): usize {
  const x = isliceobject.at(o);
  const it = x.it;
  if (it == 0) return 0;
  // The iterator may ask the slice for an item of its own, and bring it to its end.
  Py.INCREF(it);
  const item = sliceNext(o, it);
  Py.DECREF(it);
  return item;
}

function sliceNext(o: usize, it: usize): usize {
  const x = isliceobject.at(o);
  const stop = x.stop;
  while (x.cnt < x.next) {
    // Up to the start even where the stop lies before it.
    const skipped = PyIter_Next(it);
    if (skipped == 0) {
      Py.SETREF(x.it_slot, 0);
      return 0;
    }
    Py.DECREF(skipped);
    x.cnt++;
  }
  const item = stop >= 0 && x.cnt >= stop ? 0 : PyIter_Next(it);
  if (item == 0) {
    Py.SETREF(x.it_slot, 0);
    return 0;
  }
  x.cnt++;
  const after = x.next + x.step;
  if (after < x.next || (stop >= 0 && after > stop)) x.next = stop;
  else x.next = after;
  return item;
}

/** The arguments that make the slice again. */
function sliceArguments(x: isliceobject): usize {
  const args = PyTuple_New(4);
  if (args == 0) return 0;
  Tuple.set(args, 0, Py.NewRef(x.it));
  Tuple.set(args, 1, PyLong_FromLongLong(x.next));
  Tuple.set(args, 2, x.stop < 0 ? _Py_NoneStruct : PyLong_FromLongLong(x.stop));
  Tuple.set(args, 3, PyLong_FromLongLong(x.step));
  if (Tuple.get(args, 1) != 0 && Tuple.get(args, 2) != 0 && Tuple.get(args, 3) != 0) return args;
  Py.DECREF(args);
  return 0;
}

/** The arguments of a slice of nothing. */
function emptyArguments(): usize {
  const list = PyList_New(0);
  const it = list == 0 ? 0 : PyObject_GetIter(list);
  const args = it == 0 ? 0 : PyTuple_Pack2(it, Long.small(0));
  Py.XDECREF(it);
  Py.XDECREF(list);
  return args;
}

/**
 * @native itertools.islice.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function islice_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = isliceobject.at(o);
  if (x.it == 0) return reducedWithState(o, emptyArguments(), Long.small(0));
  return reducedWithState(o, sliceArguments(x), PyLong_FromLongLong(x.cnt));
}

/**
 * @native itertools.islice.__setstate__
 *
 * Makes it what it was when it was pickled.
 */
export function islice_setstate(o: usize, state: usize): usize {
  if (!warnPickle()) return 0;
  const cnt = asWide(state);
  if (cnt == -1 && PyErr_Occurred()) return 0;
  isliceobject.at(o).cnt = cnt;
  return _Py_NoneStruct;
}

function islice_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  isliceobject_clear(o);
  freeIterator(o);
}

/**
 * @type itertools.takewhile(predicate, iterable, /)
 *
 * The elements up to the first for which predicate(element) is not true; what follows is left.
 */

/**
 * @type itertools.dropwhile(predicate, iterable, /)
 *
 * The elements from the first on for which predicate(element) is not true.
 *
 * Those after it are all given, without asking it again.
 */

/**
 * @type itertools.filterfalse(function, iterable, /)
 *
 * The elements for which function(element) is not true.
 *
 * With None in place of a function, those that are not true by themselves.
 */

/**
 * @type itertools.compress(data, selectors)
 *
 * The elements of data for which the one at the same place in selectors is true.
 *
 * The shorter of both is the end. It is filter() with the answers already given.
 */

/**
 * @type itertools.islice
 *
 * islice(iterable, stop): the first elements
 * islice(iterable, start, stop[, step]): some from start on
 *
 * The elements that a slice of a sequence would have, out of any iterable. Those before start are read and dropped; from then on each step-th is given, until the number stop is reached or there are no more. None for stop means to the end. Unlike in a slice no number is negative, as there is no end to count from before it is known where that is.
 */

/** Makes the types: 0, or -1 with an exception. */
export function initSelectionTypes(): i32 {
  const ready =
    iteratorType(
      PyItertools_takewhile_Type,
      SIZEOF_takewhileobject,
      takewhile_dealloc.index,
      takewhileobject_traverse.index,
      takewhile_new.index,
      takewhile_next.index,
    ) &&
    iteratorType(
      PyItertools_dropwhile_Type,
      SIZEOF_dropwhileobject,
      dropwhile_dealloc.index,
      dropwhileobject_traverse.index,
      dropwhile_new.index,
      dropwhile_next.index,
    ) &&
    iteratorType(
      PyItertools_filterfalse_Type,
      SIZEOF_functionstreamobject,
      filterfalse_dealloc.index,
      functionstreamobject_traverse.index,
      filterfalse_new.index,
      filterfalse_next.index,
    ) &&
    iteratorType(
      PyItertools_compress_Type,
      SIZEOF_compressobject,
      compress_dealloc.index,
      compressobject_traverse.index,
      compress_new.index,
      compress_next.index,
    ) &&
    iteratorType(
      PyItertools_islice_Type,
      SIZEOF_isliceobject,
      islice_dealloc.index,
      isliceobject_traverse.index,
      islice_new.index,
      islice_next.index,
    );
  return ready ? 0 : -1;
}
