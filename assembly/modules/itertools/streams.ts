// The iterators of itertools that pass on, leave out or combine what one or several iterators give (CPython 3.13's
// Modules/itertoolsmodule.c).

import { PyTypeObject } from "../../generated/layouts";
import * as S from "../../generated/statics";
import { _Py_NoneStruct, PyExc_OverflowError, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { PyDict_GetItemLiteral, PyDict_Size } from "../../objects/containers/dict/dict";
import { PyList_Append, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_FromArray, PyTuple_New, PyTuple_Pack2 } from "../../objects/containers/tuple";
import { ArgParser, parseTupleAndKeywords } from "../../objects/define/args";
import { _PyType_Name, PyErr_Clear, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyLong_FromLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyObject_Call, PyObject_CallOneArg, PyObject_CallTwoArgs } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py, Visit } from "../../objects/object/head";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyNumber_Add, PyNumber_AsSsize_t, PyNumber_Check } from "../../objects/protocol/number";
import { PySequence_Tuple } from "../../objects/protocol/sequence";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Scratch } from "../../thread/scratch";
import { iteratorType, newIterator, ref, setRef } from "./common";

/** A new iterator of a function and iter(iterable): what several constructors take, by position. */
function functionAndIterator(name: string, type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords(name, kwargs) || !ArgParser.count(name, Py.SIZE(args), 2, 2)) return 0;
  const it = PyObject_GetIter(Py.item(args + 24, 1));
  if (it == 0) return 0;
  const o = newIterator(type);
  if (o == 0) {
    Py.DECREF(it);
    return 0;
  }
  setRef(o, 0, Py.NewRef(Py.item(args + 24, 0)));
  setRef(o, 1, it);
  return o;
}

// count: the next number, the step

function count_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("count", "start step", args, kwargs, a, 0, 2);
  const start: usize = load<u32>(a);
  const by: usize = load<u32>(a, 8);
  Scratch.give(a);
  if (!ok) return 0;
  if ((start != 0 && !PyNumber_Check(start)) || (by != 0 && !PyNumber_Check(by))) {
    return PyErr_SetString(PyExc_TypeError, "a number is required");
  }
  const o = newIterator(type);
  if (o == 0) return 0;
  setRef(o, 0, start == 0 ? PyLong_FromLong(0) : Py.NewRef(start));
  setRef(o, 1, by == 0 ? PyLong_FromLong(1) : Py.NewRef(by));
  return o;
}

function count_next(o: usize): usize {
  const now = Py.NewRef(ref(o, 0));
  const next = PyNumber_Add(now, ref(o, 1));
  if (next == 0) {
    Py.DECREF(now);
    return 0;
  }
  setRef(o, 0, next);
  return now;
}

function count_repr(o: usize): usize {
  const by = ref(o, 1);
  if (Py.TYPE(by) == S.PyLong_Type && by == S.small_ints + 32 * 6) {
    return PyUnicode_FromFormat("%s(%R)", _PyType_Name(Py.TYPE(o)), ref(o, 0));
  }
  return PyUnicode_FromFormat("%s(%R, %R)", _PyType_Name(Py.TYPE(o)), ref(o, 0), by);
}

// cycle: the iterator, what it gave, then an index (-1 while the iterator still gives)

function cycle_new(type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords("cycle", kwargs) || !ArgParser.count("cycle", Py.SIZE(args), 1, 1)) return 0;
  const it = PyObject_GetIter(Py.item(args + 24, 0));
  const saved = it == 0 ? 0 : PyList_New(0);
  const o = saved == 0 ? 0 : newIterator(type);
  if (o == 0) {
    Py.XDECREF(it);
    Py.XDECREF(saved);
    return 0;
  }
  setRef(o, 0, it);
  setRef(o, 1, saved);
  return o;
}

function cycle_next(o: usize): usize {
  const saved = ref(o, 1);
  if (ref(o, 0) != 0) {
    const item = PyIter_Next(ref(o, 0));
    if (item != 0) {
      if (PyList_Append(saved, item) == 0) return item;
      Py.DECREF(item);
      return 0;
    }
    if (PyErr_Occurred()) return 0;
    setRef(o, 0, 0);
  }
  const n = Py.SIZE(saved);
  if (n == 0) return 0;
  const i = load<i32>(o, 32);
  store<i64>(o, i + 1 >= n ? 0 : i + 1, 32);
  return Py.NewRef(Py.item(load<u32>(saved, 24), i));
}

// repeat: the object, then how often it is still given (-1: for ever)

function repeat_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("repeat", "object times", args, kwargs, a, 1, 2);
  const what: usize = load<u32>(a);
  const times: usize = load<u32>(a, 8);
  Scratch.give(a);
  if (!ok) return 0;
  let n: isize = -1;
  if (times != 0) {
    n = PyNumber_AsSsize_t(times, PyExc_OverflowError);
    if (n == -1 && PyErr_Occurred()) return 0;
    if (n < 0) n = 0;
  }
  const o = newIterator(type);
  if (o == 0) return 0;
  setRef(o, 0, Py.NewRef(what));
  store<i64>(o, n, 24);
  return o;
}

function repeat_next(o: usize): usize {
  const n = load<i32>(o, 24);
  if (n == 0) return 0;
  if (n > 0) store<i64>(o, n - 1, 24);
  return Py.NewRef(ref(o, 0));
}

function repeat_repr(o: usize): usize {
  const n = load<i32>(o, 24);
  const name = _PyType_Name(Py.TYPE(o));
  if (n < 0) return PyUnicode_FromFormat("%s(%R)", name, ref(o, 0));
  return PyUnicode_FromFormat("%s(%R, %d)", name, ref(o, 0), n);
}

/**
 * @native itertools.repeat.__length_hint__
 *
 * About how many elements are still to come, if known.
 */
export function repeat_len(o: usize, _u: usize): usize {
  const n = load<i32>(o, 24);
  if (n >= 0) return PyLong_FromSsize_t(n);
  return PyErr_SetString(PyExc_TypeError, "len() of unsized object");
}

function repeat_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  Py.XDECREF(ref(o, 0));
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function repeat_traverse(o: usize, visit: u32, arg: usize): i32 {
  return Visit.call(ref(o, 0), visit, arg);
}

// chain: the iterator of iterables, the one that gives now

function chainOf(type: usize, iterables: usize): usize {
  const source = PyObject_GetIter(iterables);
  const o = source == 0 ? 0 : newIterator(type);
  if (o == 0) {
    Py.XDECREF(source);
    return 0;
  }
  setRef(o, 0, source);
  return o;
}

function chain_new(type: usize, args: usize, kwargs: usize): usize {
  return ArgParser.noKeywords("chain", kwargs) ? chainOf(type, args) : 0;
}

/**
 * @classmethod itertools.chain.from_iterable($type, iterable, /)
 *
 * As chain(), for iterables that come out of one iterable, which is asked for them when needed.
 */
export function chain_from_iterable(type: usize, iterable: usize): usize {
  return chainOf(type, iterable);
}

function chain_next(o: usize): usize {
  while (ref(o, 0) != 0) {
    if (ref(o, 1) == 0) {
      const iterable = PyIter_Next(ref(o, 0));
      if (iterable == 0) {
        setRef(o, 0, 0);
        return 0;
      }
      const it = PyObject_GetIter(iterable);
      Py.DECREF(iterable);
      if (it == 0) {
        setRef(o, 0, 0);
        return 0;
      }
      setRef(o, 1, it);
    }
    const item = PyIter_Next(ref(o, 1));
    if (item != 0) return item;
    if (PyErr_Occurred()) return 0;
    setRef(o, 1, 0);
  }
  return 0;
}

// islice: the iterator, then next +24, stop +32 (-1: none), step +40, count +48

function sliceNumber(v: usize, missing: isize, message: string): isize {
  if (v == _Py_NoneStruct) return missing;
  const n = PyNumber_AsSsize_t(v, PyExc_OverflowError);
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
  if (!ArgParser.noKeywords("islice", kwargs) || !ArgParser.count("islice", n, 2, 4)) return 0;
  const start = n == 2 ? 0 : sliceNumber(Py.item(args + 24, 1), 0, BOUND);
  if (start < 0) return 0;
  const stop = sliceNumber(
    Py.item(args + 24, n == 2 ? 1 : 2),
    -1,
    "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.",
  );
  if (stop < -1) return 0;
  const by = n < 4 ? 1 : sliceNumber(Py.item(args + 24, 3), 1, "Step for islice() must be a positive integer or None.");
  if (by == 0) PyErr_SetString(PyExc_ValueError, "Step for islice() must be a positive integer or None.");
  if (by <= 0) return 0;
  const it = PyObject_GetIter(Py.item(args + 24, 0));
  const o = it == 0 ? 0 : newIterator(type);
  if (o == 0) {
    Py.XDECREF(it);
    return 0;
  }
  setRef(o, 0, it);
  store<i64>(o, start, 24);
  store<i64>(o, stop, 32);
  store<i64>(o, by, 40);
  return o;
}

function islice_next(o: usize): usize {
  const it = ref(o, 0);
  if (it == 0) return 0;
  const next = load<i32>(o, 24);
  const stop = load<i32>(o, 32);
  let count = load<i32>(o, 48);
  while (count < next) {
    const skipped = stop >= 0 && count >= stop ? 0 : PyIter_Next(it);
    if (skipped == 0) {
      setRef(o, 0, 0);
      return 0;
    }
    Py.DECREF(skipped);
    store<i64>(o, ++count, 48);
  }
  const item = stop >= 0 && count >= stop ? 0 : PyIter_Next(it);
  if (item == 0) {
    setRef(o, 0, 0);
    return 0;
  }
  store<i64>(o, count + 1, 48);
  const after = <i64>next + load<i32>(o, 40);
  store<i64>(o, after > 0x7fffffff || (stop >= 0 && after > stop) ? (stop >= 0 ? stop : 0x7fffffff) : after, 24);
  return item;
}

// takewhile, dropwhile, filterfalse, starmap: a function and an iterator; the first two then a flag

function takewhile_new(type: usize, args: usize, kwargs: usize): usize {
  return functionAndIterator("takewhile", type, args, kwargs);
}
function dropwhile_new(type: usize, args: usize, kwargs: usize): usize {
  return functionAndIterator("dropwhile", type, args, kwargs);
}
function filterfalse_new(type: usize, args: usize, kwargs: usize): usize {
  return functionAndIterator("filterfalse", type, args, kwargs);
}
function starmap_new(type: usize, args: usize, kwargs: usize): usize {
  return functionAndIterator("starmap", type, args, kwargs);
}

/** The truth of f(item); of the item itself where f is None or bool. */
function test(f: usize, item: usize): i32 {
  if (f == _Py_NoneStruct || f == S.PyBool_Type) return PyObject_IsTrue(item);
  const r = PyObject_CallOneArg(f, item);
  if (r == 0) return -1;
  const truth = PyObject_IsTrue(r);
  Py.DECREF(r);
  return truth;
}

function takewhile_next(o: usize): usize {
  if (load<i32>(o, 32)) return 0;
  const item = PyIter_Next(ref(o, 1));
  if (item == 0) return 0;
  const r = PyObject_CallOneArg(ref(o, 0), item);
  const good = r == 0 ? -1 : PyObject_IsTrue(r);
  Py.XDECREF(r);
  if (good > 0) return item;
  Py.DECREF(item);
  if (good == 0) store<i64>(o, 1, 32);
  return 0;
}

function dropwhile_next(o: usize): usize {
  let item = PyIter_Next(ref(o, 1));
  while (item != 0 && !load<i32>(o, 32)) {
    const r = PyObject_CallOneArg(ref(o, 0), item);
    const good = r == 0 ? -1 : PyObject_IsTrue(r);
    Py.XDECREF(r);
    if (good == 0) {
      store<i64>(o, 1, 32);
      return item;
    }
    Py.DECREF(item);
    if (good < 0) return 0;
    item = PyIter_Next(ref(o, 1));
  }
  return item;
}

function filterfalse_next(o: usize): usize {
  let item = PyIter_Next(ref(o, 1));
  while (item != 0) {
    const good = test(ref(o, 0), item);
    if (good == 0) return item;
    Py.DECREF(item);
    if (good < 0) return 0;
    item = PyIter_Next(ref(o, 1));
  }
  return 0;
}

function starmap_next(o: usize): usize {
  const item = PyIter_Next(ref(o, 1));
  if (item == 0) return 0;
  const args = PySequence_Tuple(item);
  Py.DECREF(item);
  if (args == 0) return 0;
  const r = PyObject_Call(ref(o, 0), args, 0);
  Py.DECREF(args);
  return r;
}

// accumulate: the total, the iterator, the function, the initial value

function accumulate_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(3);
  const ok = parseTupleAndKeywords("accumulate", "iterable func initial", args, kwargs, a, 1, 2);
  const iterable: usize = load<u32>(a);
  const f: usize = load<u32>(a, 8);
  const initial: usize = load<u32>(a, 16);
  Scratch.give(a);
  if (!ok) return 0;
  const it = PyObject_GetIter(iterable);
  const o = it == 0 ? 0 : newIterator(type);
  if (o == 0) {
    Py.XDECREF(it);
    return 0;
  }
  setRef(o, 1, it);
  if (f != 0 && f != _Py_NoneStruct) setRef(o, 2, Py.NewRef(f));
  if (initial != 0 && initial != _Py_NoneStruct) setRef(o, 3, Py.NewRef(initial));
  return o;
}

function accumulate_next(o: usize): usize {
  if (ref(o, 3) != 0) {
    const initial = Py.NewRef(ref(o, 3));
    setRef(o, 3, 0);
    setRef(o, 0, Py.NewRef(initial));
    return initial;
  }
  const item = PyIter_Next(ref(o, 1));
  if (item == 0) return 0;
  if (ref(o, 0) == 0) {
    setRef(o, 0, Py.NewRef(item));
    return item;
  }
  const f = ref(o, 2);
  const total = f == 0 ? PyNumber_Add(ref(o, 0), item) : PyObject_CallTwoArgs(f, ref(o, 0), item);
  Py.DECREF(item);
  if (total == 0) return 0;
  setRef(o, 0, Py.NewRef(total));
  return total;
}

// compress: the data, the selectors

function compress_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("compress", "data selectors", args, kwargs, a, 2, 2);
  const data = ok ? PyObject_GetIter(load<u32>(a)) : 0;
  const selectors = data == 0 ? 0 : PyObject_GetIter(load<u32>(a, 8));
  Scratch.give(a);
  const o = selectors == 0 ? 0 : newIterator(type);
  if (o == 0) {
    Py.XDECREF(data);
    Py.XDECREF(selectors);
    return 0;
  }
  setRef(o, 0, data);
  setRef(o, 1, selectors);
  return o;
}

function compress_next(o: usize): usize {
  let item = PyIter_Next(ref(o, 0));
  while (item != 0) {
    const selector = PyIter_Next(ref(o, 1));
    const good = selector == 0 ? -1 : PyObject_IsTrue(selector);
    Py.XDECREF(selector);
    if (good > 0) return item;
    Py.DECREF(item);
    if (good < 0) return 0;
    item = PyIter_Next(ref(o, 0));
  }
  return 0;
}

// pairwise: the iterator, the last item

function pairwise_new(type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords("pairwise", kwargs) || !ArgParser.count("pairwise", Py.SIZE(args), 1, 1)) return 0;
  return chainOf(type, Py.item(args + 24, 0));
}

function pairwise_next(o: usize): usize {
  const it = ref(o, 0);
  if (it == 0) return 0;
  if (ref(o, 1) == 0) {
    const first = PyIter_Next(it);
    if (first == 0) {
      setRef(o, 0, 0);
      return 0;
    }
    setRef(o, 1, first);
    if (ref(o, 0) == 0) return 0;
  }
  const next = PyIter_Next(ref(o, 0));
  if (next == 0) {
    setRef(o, 0, 0);
    setRef(o, 1, 0);
    return 0;
  }
  const r = PyTuple_Pack2(ref(o, 1), next);
  setRef(o, 1, next);
  return r;
}

// zip_longest: the tuple of iterators, the fill value, then how many still give

function zip_longest_new(type: usize, args: usize, kwargs: usize): usize {
  let fill: usize = _Py_NoneStruct;
  if (kwargs != 0 && PyDict_Size(kwargs) > 0) {
    const given = PyDict_Size(kwargs) == 1 ? PyDict_GetItemLiteral(kwargs, "fillvalue") : 0;
    if (given == 0) return PyErr_SetString(PyExc_TypeError, "zip_longest() got an unexpected keyword argument");
    fill = given;
  }
  const n = Py.SIZE(args);
  const its = PyTuple_New(n);
  if (its == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    const it = PyObject_GetIter(Py.item(args + 24, i));
    if (it == 0) {
      Py.DECREF(its);
      return 0;
    }
    Py.setItem(its + 24, i, it);
  }
  const o = newIterator(type);
  if (o == 0) {
    Py.DECREF(its);
    return 0;
  }
  setRef(o, 0, its);
  setRef(o, 1, Py.NewRef(fill));
  store<i64>(o, n, 32);
  return o;
}

function zip_longest_next(o: usize): usize {
  const its = ref(o, 0);
  const n = Py.SIZE(its);
  if (n == 0 || load<i32>(o, 32) == 0) return 0;
  const r = PyTuple_New(n);
  if (r == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    const it = Py.item(its + 24, i);
    let item: usize = 0;
    if (it != 0) {
      item = PyIter_Next(it);
      if (item == 0) {
        const left = load<i32>(o, 32) - 1;
        store<i64>(o, PyErr_Occurred() ? 0 : left, 32);
        if (left == 0 || PyErr_Occurred()) {
          Py.DECREF(r);
          return 0;
        }
        Py.setItem(its + 24, i, 0);
        Py.DECREF(it);
      }
    }
    Py.setItem(r + 24, i, item == 0 ? Py.NewRef(ref(o, 1)) : item);
  }
  return r;
}

// batched: the iterator (and a slot left empty), then the size, and whether the last must be full

function batched_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(3);
  const ok = parseTupleAndKeywords("batched", "iterable n strict", args, kwargs, a, 2, 2);
  const iterable: usize = load<u32>(a);
  const size: usize = load<u32>(a, 8);
  const strict: usize = load<u32>(a, 16);
  Scratch.give(a);
  if (!ok) return 0;
  const n = PyNumber_AsSsize_t(size, PyExc_OverflowError);
  if (n == -1 && PyErr_Occurred()) return 0;
  const full = strict == 0 ? 0 : PyObject_IsTrue(strict);
  if (full < 0) return 0;
  if (n < 1) return PyErr_SetString(PyExc_ValueError, "n must be at least one");
  const o = chainOf(type, iterable);
  if (o == 0) return 0;
  store<i32>(o, <i32>n, 32);
  store<i32>(o, full, 36);
  return o;
}

function batched_next(o: usize): usize {
  const it = ref(o, 0);
  if (it == 0) return 0;
  const n = load<i32>(o, 32);
  const list = PyList_New(0);
  if (list == 0) return 0;
  let ok = true;
  while (Py.SIZE(list) < n) {
    const item = PyIter_Next(it);
    if (item == 0) break;
    const appended = PyList_Append(list, item);
    Py.DECREF(item);
    if (appended < 0) break;
  }
  const got = Py.SIZE(list);
  if (PyErr_Occurred()) ok = false;
  else if (got < n) {
    setRef(o, 0, 0);
    if (got > 0 && load<i32>(o, 36)) {
      PyErr_SetString(PyExc_ValueError, "batched(): incomplete batch");
      ok = false;
    }
  }
  const r = ok && got > 0 ? PyTuple_FromArray(load<u32>(list, 24), got) : 0;
  Py.DECREF(list);
  return r;
}

/**
 * @type itertools.count(start=0, step=1)
 *
 * Numbers without end: start, start + step, start + 2*step and so on.
 *
 * Whole numbers, fractions or whatever can be added. Much used with zip() or map(), as a counter that needs no end:
 *
 *     zip(count(1), lines)
 */

/**
 * @type itertools.cycle(iterable, /)
 *
 * The elements again and again, without end.
 *
 * They are kept in a list for that, once seen.
 */

/**
 * @type itertools.repeat
 *
 * repeat(object [,times]): the same object, so many times, or without
 * end if the number is not given. It takes no memory, and goes well with map() and zip().
 */

/**
 * @type itertools.chain(*iterables)
 *
 * The elements of the first iterable, then those of the second, and so on, as
 * if they were one. An iterable is not asked for its elements before all those before it are at their ends: none is copied.
 *
 * @classmethod itertools.chain.__class_getitem__ = Py_GenericAlias
 * For annotations
 */

/**
 * @type itertools.islice
 *
 * islice(iterable, stop): the first elements
 * islice(iterable, start, stop[, step]): some from start on
 *
 * The elements that a slice of a sequence would have, out of any iterable. Those before start are read and dropped; from then on each step-th is given, until the number stop is reached or there are no more. None for stop means to the end. Unlike in a slice no number is negative, as there is no end to count from before it is known where that is.
 */

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
 * @type itertools.starmap(function, iterable, /)
 *
 * What a function returns for each element, an iterable of its arguments: function(*element), where map() gives it the element.
 */

/**
 * @type itertools.accumulate(iterable, func=None, *, initial=None)
 *
 * What sum() would be after each element, or with another function.
 */

/**
 * @type itertools.compress(data, selectors)
 *
 * The elements of data for which the one at the same place in selectors is true.
 *
 * The shorter of both is the end. It is filter() with the answers already given.
 */

/**
 * @type itertools.pairwise(iterable, /)
 *
 * Each element with the one that follows it, in tuples.
 *
 *     'abcd' -> ('a', 'b'), ('b', 'c'), ('c', 'd'), ...
 */

/**
 * @type itertools.zip_longest(*iterables, fillvalue=None)
 *
 * Several iterables side by side, up to the end of the longest.
 *
 * An iterator of tuples as that of zip(), with the next element of every iterable. One that has come to its end before the others is continued by fillvalue, which is None if it is not given.
 *
 * >>> list(zip_longest('abc', [1], fillvalue='-'))
 * [('a', 1), ('b', '-'), ('c', '-')]
 *
 * If one has no end, there will be no end to this either, unless islice() puts an end to it.
 */

/**
 * @type itertools.batched(iterable, n, *, strict=False)
 *
 * The elements in tuples of n, one after the other.
 *
 * The last may have fewer, if there are not enough for it; with strict, that is a ValueError. Only as many elements as there are in a tuple are read at a time, so that the iterable may have no end. n is 1 or more.
 *
 * >>> list(batched('octopus', 3))
 * [('o', 'c', 't'), ('o', 'p', 'u'), ('s',)]
 *
 * A sequence can be cut in the same way by slices; an iterable such as a file or a generator cannot. The tuples of a file, for instance, are so many lines each of it.
 */

/** Makes the types: 0, or -1 with an exception. */
export function initStreamTypes(): i32 {
  PyTypeObject.at(S.PyItertools_count_Type).tp_repr = count_repr.index;
  PyTypeObject.at(S.PyItertools_repeat_Type).tp_repr = repeat_repr.index;
  if (iteratorType(S.PyItertools_count_Type, 40, 2, count_new.index, count_next.index, true) < 0) return -1;
  if (iteratorType(S.PyItertools_cycle_Type, 48, 2, cycle_new.index, cycle_next.index, true) < 0) return -1;
  if (iteratorType(S.PyItertools_repeat_Type, 32, 2, repeat_new.index, repeat_next.index, true) < 0) return -1;
  // Its second slot is a number.
  PyTypeObject.at(S.PyItertools_repeat_Type).tp_dealloc = repeat_dealloc.index;
  PyTypeObject.at(S.PyItertools_repeat_Type).tp_traverse = repeat_traverse.index;
  if (iteratorType(S.PyItertools_chain_Type, 32, 2, chain_new.index, chain_next.index, true) < 0) return -1;
  if (iteratorType(S.PyItertools_islice_Type, 56, 2, islice_new.index, islice_next.index, true) < 0) return -1;
  PyTypeObject.at(S.PyItertools_islice_Type).tp_dealloc = repeat_dealloc.index;
  PyTypeObject.at(S.PyItertools_islice_Type).tp_traverse = repeat_traverse.index;
  if (iteratorType(S.PyItertools_takewhile_Type, 40, 2, takewhile_new.index, takewhile_next.index, true) < 0) return -1;
  if (iteratorType(S.PyItertools_dropwhile_Type, 40, 2, dropwhile_new.index, dropwhile_next.index, true) < 0) return -1;
  if (iteratorType(S.PyItertools_filterfalse_Type, 32, 2, filterfalse_new.index, filterfalse_next.index, true) < 0) {
    return -1;
  }
  if (iteratorType(S.PyItertools_starmap_Type, 32, 2, starmap_new.index, starmap_next.index, true) < 0) return -1;
  if (iteratorType(S.PyItertools_accumulate_Type, 56, 4, accumulate_new.index, accumulate_next.index, true) < 0) {
    return -1;
  }
  if (iteratorType(S.PyItertools_compress_Type, 32, 2, compress_new.index, compress_next.index, true) < 0) return -1;
  if (iteratorType(S.PyItertools_pairwise_Type, 40, 2, pairwise_new.index, pairwise_next.index, true) < 0) return -1;
  if (iteratorType(S.PyItertools_batched_Type, 40, 2, batched_new.index, batched_next.index, true) < 0) return -1;
  return iteratorType(S.PyItertools_zip_longest_Type, 56, 2, zip_longest_new.index, zip_longest_next.index, true);
}
