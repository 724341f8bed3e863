// builtins that go through iterables (CPython 3.13's Python/bltinmodule.c): all, any, sum, min, max, sorted, iter, next
// and their asynchronous kin.

import {
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { PyAsyncMethods, PyTypeObject } from "../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyBool_Type,
  PyByteArray_Type,
  PyExc_StopIteration,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFloat_Type,
  PyLong_Type,
} from "../../generated/statics";
import { ArgParser, parseArguments } from "../../objects/define/args";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetNone,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyAnextAwaitable_New } from "../../objects/generators/anext";
import { PyCallIter_New } from "../../objects/iterators/sequence";
import { Float, PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { longOverflow, longValue, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { PyCallable_Check, PyObject_CallOneArg, PyObject_Vectorcall } from "../../objects/object/call";
import { Py_GT, Py_LT } from "../../objects/object/flags";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { PyObject_IsTrue, PyObject_RichCompareBool } from "../../objects/protocol/compare";
import {
  iterNext,
  PyIter_Check,
  PyIter_Next,
  PyObject_GetAIter,
  PyObject_GetIter,
} from "../../objects/protocol/iterator";
import { PyNumber_Add } from "../../objects/protocol/number";
import { PySequence_List } from "../../objects/protocol/sequence";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { Scratch } from "../../thread/scratch";

/** True where the first item whose truth is `wanted` decides. */
function anyOf(iterable: usize, wanted: i32): usize {
  const it = PyObject_GetIter(iterable);
  if (it == 0) return 0;
  for (;;) {
    const item = PyIter_Next(it);
    if (item == 0) break;
    const truth = PyObject_IsTrue(item);
    Py.DECREF(item);
    if (truth < 0 || truth == wanted) {
      Py.DECREF(it);
      return truth < 0 ? 0 : wanted ? _Py_TrueStruct : _Py_FalseStruct;
    }
  }
  Py.DECREF(it);
  if (PyErr_Occurred()) return 0;
  return wanted ? _Py_FalseStruct : _Py_TrueStruct;
}

/**
 * @native builtins.all($module, iterable, /)
 *
 * Whether no element is false.
 *
 * That is so where there is no element. The first that is false ends the search for it.
 */
export function builtin_all(_m: usize, iterable: usize): usize {
  return anyOf(iterable, 0);
}

/**
 * @native builtins.any($module, iterable, /)
 *
 * Whether some element is true.
 *
 * None is where there are none. The first that is true is the end of it.
 */
export function builtin_any(_m: usize, iterable: usize): usize {
  return anyOf(iterable, 1);
}

/** Whether sum() refuses to start with this: TypeError is set then. */
function isTextStart(start: usize): bool {
  if (Py.check(start, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_SetString(PyExc_TypeError, "sum() can't sum strings [use ''.join(seq) instead]");
  } else if (Py.check(start, Py_TPFLAGS_BYTES_SUBCLASS)) {
    PyErr_SetString(PyExc_TypeError, "sum() can't sum bytes [use b''.join(seq) instead]");
  } else if (PyType_IsSubtype(Py.TYPE(start), PyByteArray_Type)) {
    PyErr_SetString(PyExc_TypeError, "sum() can't sum bytearray [use b''.join(seq) instead]");
  } else {
    return false;
  }
  return true;
}

/**
 * @native builtins.sum($module, iterable, /, start=0)
 *
 * The elements added up, to start.
 *
 * Of none it is start. This is meant for numbers and refuses strings, which ''.join() puts together better. Sums of floats are more exact than by +, as what is lost to rounding is kept.
 */
export function builtin_sum(_m: usize, iterable: usize, start: usize): usize {
  const it = PyObject_GetIter(iterable);
  if (it == 0) return 0;
  if (start != 0 && isTextStart(start)) {
    Py.DECREF(it);
    return 0;
  }
  const r = sumFrom(it, start == 0 ? PyLong_FromLongLong(0) : Py.NewRef(start));
  Py.DECREF(it);
  return r;
}

/** The running sum plus the item, both stolen; null with an exception. */
function addSteal(sum: usize, item: usize): usize {
  if (sum == 0) {
    Py.DECREF(item);
    return 0;
  }
  const r = PyNumber_Add(sum, item);
  Py.DECREF(sum);
  Py.DECREF(item);
  return r;
}

/** Sums what the iterator gives to `sum` (stolen): as ints while they fit, as floats, then by the + of the objects. */
function sumFrom(it: usize, sum: usize): usize {
  if (sum != 0 && Py.TYPE(sum) == PyLong_Type && longOverflow(sum) == 0) {
    let n = longValue(sum);
    Py.DECREF(sum);
    sum = 0;
    while (sum == 0) {
      const item = PyIter_Next(it);
      if (item == 0) return PyErr_Occurred() ? 0 : PyLong_FromLongLong(n);
      const type = Py.TYPE(item);
      if ((type == PyLong_Type || type == PyBool_Type) && longOverflow(item) == 0) {
        const b = longValue(item);
        if (n >= 0 ? b <= i64.MAX_VALUE - n : b >= i64.MIN_VALUE - n) {
          n += b;
          Py.DECREF(item);
          continue;
        }
      }
      sum = addSteal(PyLong_FromLongLong(n), item);
      if (sum == 0) return 0;
    }
  }
  if (sum != 0 && Py.TYPE(sum) == PyFloat_Type) {
    sum = sumFloats(it, sum);
    if (sum & 1) return sum & ~1;
  }
  while (sum != 0) {
    const item = PyIter_Next(it);
    if (item == 0) {
      if (!PyErr_Occurred()) return sum;
      Py.DECREF(sum);
      return 0;
    }
    sum = addSteal(sum, item);
  }
  return 0;
}

/** The sum of floats so far with what was lost by rounding. */
function compensated(total: f64, lost: f64): f64 {
  return lost != 0 && isFinite(lost) ? total + lost : total;
}

/** Adds floats with Neumaier's compensation. Bit 0 of the result says that nothing is left to add; null: an exception. */
function sumFloats(it: usize, sum: usize): usize {
  let total = Float.value(sum);
  let lost: f64 = 0;
  Py.DECREF(sum);
  for (;;) {
    const item = PyIter_Next(it);
    if (item == 0) {
      const r = PyErr_Occurred() ? 0 : PyFloat_FromDouble(compensated(total, lost));
      return r | 1;
    }
    if (Py.TYPE(item) == PyFloat_Type) {
      const x = Float.value(item);
      const t = total + x;
      lost += abs(total) >= abs(x) ? total - t + x : x - t + total;
      total = t;
      Py.DECREF(item);
      continue;
    }
    if (Py.check(item, Py_TPFLAGS_LONG_SUBCLASS) && longOverflow(item) == 0) {
      total += <f64>longValue(item);
      Py.DECREF(item);
      continue;
    }
    const r = addSteal(PyFloat_FromDouble(compensated(total, lost)), item);
    return r == 0 ? 1 : r;
  }
}

function minMax(name: string, op: i32, argv: usize, nargs: isize, kwnames: usize): usize {
  const f = changetype<usize>(name);
  if (nargs == 0) return PyErr_Format(PyExc_TypeError, "%L expected at least 1 argument, got 0", f);
  const a = Scratch.take(2);
  memory.fill(a, 0, 16);
  const ok = kwnames == 0 || parseArguments(name, "key default", argv + ((<usize>nargs) << 3), 0, kwnames, a, 0, 0);
  let key = Py.item(a, 0);
  const fallback = Py.item(a, 1);
  Scratch.give(a);
  if (!ok) return 0;
  if (nargs > 1 && fallback != 0) {
    return PyErr_Format(PyExc_TypeError, "Cannot specify a default for %L() with multiple positional arguments", f);
  }
  if (key == _Py_NoneStruct) key = 0;
  let it: usize = 0;
  if (nargs == 1) {
    it = PyObject_GetIter(Py.item(argv, 0));
    if (it == 0) return 0;
  }
  let best: usize = 0;
  let bestValue: usize = 0;
  let failed = false;
  for (let i: isize = 0; !failed; i++) {
    let item: usize;
    if (it != 0) {
      item = PyIter_Next(it);
      if (item == 0) {
        failed = PyErr_Occurred() != 0;
        break;
      }
    } else {
      if (i == nargs) break;
      item = Py.NewRef(Py.item(argv, i));
    }
    const value = key == 0 ? Py.NewRef(item) : PyObject_CallOneArg(key, item);
    const better = value == 0 ? -1 : bestValue == 0 ? 1 : PyObject_RichCompareBool(value, bestValue, op);
    if (better > 0) {
      Py.XDECREF(best);
      Py.XDECREF(bestValue);
      best = item;
      bestValue = value;
    } else {
      Py.DECREF(item);
      Py.XDECREF(value);
      failed = better < 0;
    }
  }
  Py.XDECREF(it);
  Py.XDECREF(bestValue);
  if (failed) {
    Py.XDECREF(best);
    return 0;
  }
  if (best != 0) return best;
  if (fallback != 0) return Py.NewRef(fallback);
  return PyErr_Format(PyExc_ValueError, "%L() iterable argument is empty", f);
}

/**
 * @native builtins.min
 *
 * min(iterable, *[, default=obj, key=func])
 * min(arg1, arg2, *args, *[, key=func])
 *
 * The least element of an iterable, or the least argument; of several, the first. With key, what it returns for each is compared in place of the elements.
 * For an iterable without elements default is the result, or ValueError is raised.
 */
export function builtin_min(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  return minMax("min", Py_LT, argv, nargs, kwnames);
}

/**
 * @native builtins.max
 *
 * max(iterable, *[, default=obj, key=func])
 * max(arg1, arg2, *args, *[, key=func])
 *
 * The greatest element of an iterable, or the greatest argument; of several, the first. With key, what it returns for each is compared in place of the elements.
 * For an iterable without elements default is the result, or ValueError is raised.
 */
export function builtin_max(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  return minMax("max", Py_GT, argv, nargs, kwnames);
}

/**
 * @native builtins.sorted($module, iterable, /, *, key=None, reverse=False)
 *
 * The elements in order, the least first, in a new list.
 *
 * Elements that compare equal keep the order that they had. With key, what it returns for each is compared in place of the elements; with reverse, the greatest comes first.
 */
export function builtin_sorted(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  if (!ArgParser.count("sorted", nargs, 1, 1)) return 0;
  const list = PySequence_List(Py.item(argv, 0));
  if (list == 0) return 0;
  const sort = PyObject_GetAttr(list, ID.sort);
  const r = sort == 0 ? 0 : PyObject_Vectorcall(sort, argv + 8, 0, kwnames);
  Py.XDECREF(sort);
  if (r == 0) {
    Py.DECREF(list);
    return 0;
  }
  Py.DECREF(r);
  return list;
}

/**
 * @native builtins.iter
 *
 * iter(iterable): an iterator of its elements
 * iter(callable, sentinel): of what calls return, up to sentinel
 *
 * What is iterable has __iter__(), or elements by number, from 0 on. The second form calls without arguments; sentinel is not among the elements.
 */
export function builtin_iter(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("iter", nargs, 1, 2)) return 0;
  const v = Py.item(argv, 0);
  if (nargs == 1) return PyObject_GetIter(v);
  if (!PyCallable_Check(v)) return PyErr_SetString(PyExc_TypeError, "iter(v, w): v must be callable");
  return PyCallIter_New(v, Py.item(argv, 1));
}

/**
 * @native builtins.next
 *
 * next(iterator[, default])
 *
 * The next element of an iterator. At its end default is the result, or StopIteration is raised where no default is given to it.
 */
export function builtin_next(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("next", nargs, 1, 2)) return 0;
  const it = Py.item(argv, 0);
  if (!PyIter_Check(it)) return PyErr_Format(PyExc_TypeError, "'%.200t' object is not an iterator", it);
  const r = iterNext(it);
  if (r != 0) return r;
  if (nargs > 1) {
    if (PyErr_Occurred()) {
      if (!PyErr_ExceptionMatches(PyExc_StopIteration)) return 0;
      PyErr_Clear();
    }
    return Py.NewRef(Py.item(argv, 1));
  }
  if (!PyErr_Occurred()) PyErr_SetNone(PyExc_StopIteration);
  return 0;
}

/**
 * @native builtins.aiter($module, async_iterable, /)
 *
 * The asynchronous iterator of an iterable of that kind.
 */
export function builtin_aiter(_m: usize, o: usize): usize {
  return PyObject_GetAIter(o);
}

/**
 * @native builtins.anext($module, aiterator, default=<unrepresentable>, /)
 *
 * The next element of an asynchronous iterator, to be awaited.
 *
 * At its end default is the result, if it is given; if it is not, StopAsyncIteration is raised.
 */
export function builtin_anext(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("anext", nargs, 1, 2)) return 0;
  const it = Py.item(argv, 0);
  const methods = PyTypeObject.at(Py.TYPE(it)).tp_as_async;
  const anext = methods == 0 ? 0 : PyAsyncMethods.at(methods).am_anext;
  if (anext == 0) return PyErr_Format(PyExc_TypeError, "'%.200t' object is not an async iterator", it);
  const awaitable = call_indirect<usize>(anext, it);
  if (awaitable == 0 || nargs == 1) return awaitable;
  const r = PyAnextAwaitable_New(awaitable, Py.item(argv, 1));
  Py.DECREF(awaitable);
  return r;
}
