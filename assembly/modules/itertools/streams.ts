// The iterators of itertools that pass on, leave out or combine what one or several iterators give (CPython 3.13's
// Modules/itertoolsmodule.c).

import {
  accumulateobject,
  batchedobject,
  chainobject,
  compressobject,
  countobject,
  cycleobject,
  dropwhileobject,
  functionstreamobject,
  isliceobject,
  PyTypeObject,
  pairwiseobject,
  repeatobject,
  SIZEOF_accumulateobject,
  SIZEOF_batchedobject,
  SIZEOF_chainobject,
  SIZEOF_compressobject,
  SIZEOF_countobject,
  SIZEOF_cycleobject,
  SIZEOF_dropwhileobject,
  SIZEOF_functionstreamobject,
  SIZEOF_isliceobject,
  SIZEOF_pairwiseobject,
  SIZEOF_repeatobject,
  SIZEOF_takewhileobject,
  SIZEOF_ziplongestobject,
  streamobject,
  takewhileobject,
  ziplongestobject,
} from "../../generated/layouts";
import * as S from "../../generated/statics";
import { _Py_NoneStruct, PyExc_OverflowError, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { PyDict_GetItemLiteral, PyDict_Size } from "../../objects/containers/dict/dict";
import { List, PyList_Append, PyList_AsTuple, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_New, PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { ArgParser, parseTupleAndKeywords } from "../../objects/define/args";
import { _PyType_Name, PyErr_Clear, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import {
  accumulateobject_clear,
  accumulateobject_traverse,
  batchedobject_clear,
  batchedobject_traverse,
  chainobject_clear,
  chainobject_traverse,
  compressobject_clear,
  compressobject_traverse,
  countobject_clear,
  countobject_traverse,
  cycleobject_clear,
  cycleobject_traverse,
  dropwhileobject_clear,
  dropwhileobject_traverse,
  functionstreamobject_clear,
  functionstreamobject_traverse,
  isliceobject_clear,
  isliceobject_traverse,
  pairwiseobject_clear,
  pairwiseobject_traverse,
  repeatobject_clear,
  repeatobject_traverse,
  takewhileobject_clear,
  takewhileobject_traverse,
  ziplongestobject_clear,
  ziplongestobject_traverse,
} from "../../objects/generated/references";
import { Long } from "../../objects/numbers/int/access";
import { PyLong_FromLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyObject_Call, PyObject_CallOneArg, PyObject_CallTwoArgs } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyNumber_Add, PyNumber_AsSsize_t, PyNumber_Check } from "../../objects/protocol/number";
import { PySequence_Tuple } from "../../objects/protocol/sequence";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Scratch } from "../../thread/scratch";
import { freeIterator, iteratorType, newIterator } from "./common";

/** A new iterator of a function and iter(iterable): what several constructors take, by position. */
function functionAndIterator(name: string, type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords(name, kwargs) || !ArgParser.count(name, Py.SIZE(args), 2, 2)) return 0;
  const it = PyObject_GetIter(Tuple.get(args, 1));
  if (it == 0) return 0;
  const o = newIterator(type);
  if (o == 0) {
    Py.DECREF(it);
    return 0;
  }
  const x = functionstreamobject.at(o);
  x.func = Py.NewRef(Tuple.get(args, 0));
  x.it = it;
  return o;
}

/** next() of an iterator whose owner may let go of it meanwhile, being asked for its own next item. */
function nextOf(it: usize): usize {
  Py.INCREF(it);
  const item = PyIter_Next(it);
  Py.DECREF(it);
  return item;
}

// count

function count_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("count", "start step", args, kwargs, a, 0, 2);
  const start = Py.item(a, 0);
  const by = Py.item(a, 1);
  Scratch.give(a);
  if (!ok) return 0;
  if ((start != 0 && !PyNumber_Check(start)) || (by != 0 && !PyNumber_Check(by))) {
    return PyErr_SetString(PyExc_TypeError, "a number is required");
  }
  const o = newIterator(type);
  if (o == 0) return 0;
  const x = countobject.at(o);
  x.cnt = start == 0 ? PyLong_FromLong(0) : Py.NewRef(start);
  x.step = by == 0 ? PyLong_FromLong(1) : Py.NewRef(by);
  return o;
}

function count_next(o: usize): usize {
  const x = countobject.at(o);
  const now = Py.NewRef(x.cnt);
  const next = PyNumber_Add(now, x.step);
  if (next == 0) {
    Py.DECREF(now);
    return 0;
  }
  Py.SETREF(x.cnt_slot, next);
  return now;
}

function count_repr(o: usize): usize {
  const x = countobject.at(o);
  const by = x.step;
  if (Py.TYPE(by) == S.PyLong_Type && by == Long.small(1)) {
    return PyUnicode_FromFormat("%s(%R)", _PyType_Name(Py.TYPE(o)), x.cnt);
  }
  return PyUnicode_FromFormat("%s(%R, %R)", _PyType_Name(Py.TYPE(o)), x.cnt, by);
}

// cycle

function cycle_new(type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords("cycle", kwargs) || !ArgParser.count("cycle", Py.SIZE(args), 1, 1)) return 0;
  const it = PyObject_GetIter(Tuple.get(args, 0));
  const saved = it == 0 ? 0 : PyList_New(0);
  const o = saved == 0 ? 0 : newIterator(type);
  if (o == 0) {
    Py.XDECREF(it);
    Py.XDECREF(saved);
    return 0;
  }
  const x = cycleobject.at(o);
  x.it = it;
  x.saved = saved;
  return o;
}

function cycle_next(o: usize): usize {
  const x = cycleobject.at(o);
  const saved = x.saved;
  if (x.it != 0) {
    const item = nextOf(x.it);
    if (item != 0) {
      if (PyList_Append(saved, item) == 0) return item;
      Py.DECREF(item);
      return 0;
    }
    if (PyErr_Occurred()) return 0;
    Py.SETREF(x.it_slot, 0);
  }
  const n = Py.SIZE(saved);
  if (n == 0) return 0;
  const i = x.index;
  x.index = i + 1 >= n ? 0 : i + 1;
  return Py.NewRef(List.get(saved, i));
}

// repeat

function repeat_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("repeat", "object times", args, kwargs, a, 1, 2);
  const what = Py.item(a, 0);
  const times = Py.item(a, 1);
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
  const x = repeatobject.at(o);
  x.element = Py.NewRef(what);
  x.cnt = n;
  return o;
}

function repeat_next(o: usize): usize {
  const x = repeatobject.at(o);
  const n = x.cnt;
  if (n == 0) return 0;
  if (n > 0) x.cnt = n - 1;
  return Py.NewRef(x.element);
}

function repeat_repr(o: usize): usize {
  const x = repeatobject.at(o);
  const n = x.cnt;
  const name = _PyType_Name(Py.TYPE(o));
  if (n < 0) return PyUnicode_FromFormat("%s(%R)", name, x.element);
  return PyUnicode_FromFormat("%s(%R, %d)", name, x.element, n);
}

/**
 * @native itertools.repeat.__length_hint__
 *
 * About how many elements are still to come, if known.
 */
export function repeat_len(o: usize, _u: usize): usize {
  const x = repeatobject.at(o);
  const n = x.cnt;
  if (n >= 0) return PyLong_FromSsize_t(n);
  return PyErr_SetString(PyExc_TypeError, "len() of unsized object");
}

// chain

function chainOf(type: usize, iterables: usize): usize {
  const source = PyObject_GetIter(iterables);
  const o = source == 0 ? 0 : newIterator(type);
  if (o == 0) {
    Py.XDECREF(source);
    return 0;
  }
  const x = streamobject.at(o);
  x.it = source;
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
  const x = chainobject.at(o);
  while (x.it != 0) {
    if (x.active == 0) {
      const iterable = nextOf(x.it);
      if (iterable == 0) {
        Py.SETREF(x.it_slot, 0);
        return 0;
      }
      const it = PyObject_GetIter(iterable);
      Py.DECREF(iterable);
      if (it == 0) {
        Py.SETREF(x.it_slot, 0);
        return 0;
      }
      Py.SETREF(x.active_slot, it);
    }
    const item = nextOf(x.active);
    if (item != 0) return item;
    if (PyErr_Occurred()) return 0;
    Py.SETREF(x.active_slot, 0);
  }
  return 0;
}

// islice

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
    const skipped = stop >= 0 && x.cnt >= stop ? 0 : PyIter_Next(it);
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
  const after = <i64>x.next + x.step;
  const last = stop >= 0 ? stop : isize.MAX_VALUE;
  x.next = after > last ? last : <isize>after;
  return item;
}

// takewhile, dropwhile, filterfalse, starmap: a function and an iterator

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

function starmap_next(o: usize): usize {
  const x = functionstreamobject.at(o);
  const item = PyIter_Next(x.it);
  if (item == 0) return 0;
  const args = PySequence_Tuple(item);
  Py.DECREF(item);
  if (args == 0) return 0;
  const r = PyObject_Call(x.func, args, 0);
  Py.DECREF(args);
  return r;
}

// accumulate

function accumulate_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(3);
  const ok = parseTupleAndKeywords("accumulate", "iterable func initial", args, kwargs, a, 1, 2);
  const iterable = Py.item(a, 0);
  const f = Py.item(a, 1);
  const initial = Py.item(a, 2);
  Scratch.give(a);
  if (!ok) return 0;
  const it = PyObject_GetIter(iterable);
  const o = it == 0 ? 0 : newIterator(type);
  if (o == 0) {
    Py.XDECREF(it);
    return 0;
  }
  const x = accumulateobject.at(o);
  x.it = it;
  if (f != 0 && f != _Py_NoneStruct) x.binop = Py.NewRef(f);
  if (initial != 0 && initial != _Py_NoneStruct) x.initial = Py.NewRef(initial);
  return o;
}

function accumulate_next(o: usize): usize {
  const x = accumulateobject.at(o);
  if (x.initial != 0) {
    const initial = Py.NewRef(x.initial);
    Py.SETREF(x.initial_slot, 0);
    Py.SETREF(x.total_slot, Py.NewRef(initial));
    return initial;
  }
  const item = PyIter_Next(x.it);
  if (item == 0) return 0;
  if (x.total == 0) {
    Py.SETREF(x.total_slot, Py.NewRef(item));
    return item;
  }
  const f = x.binop;
  // Adding may ask for the next sum, which takes the place of this one.
  const sum = Py.NewRef(x.total);
  const total = f == 0 ? PyNumber_Add(sum, item) : PyObject_CallTwoArgs(f, sum, item);
  Py.DECREF(sum);
  Py.DECREF(item);
  if (total == 0) return 0;
  Py.SETREF(x.total_slot, Py.NewRef(total));
  return total;
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

// pairwise

function pairwise_new(type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords("pairwise", kwargs) || !ArgParser.count("pairwise", Py.SIZE(args), 1, 1)) return 0;
  return chainOf(type, Tuple.get(args, 0));
}

function pairwise_next(o: usize): usize {
  const x = pairwiseobject.at(o);
  const it = x.it;
  if (it == 0) return 0;
  if (x.old == 0) {
    const first = nextOf(it);
    if (first == 0) {
      Py.SETREF(x.it_slot, 0);
      return 0;
    }
    Py.SETREF(x.old_slot, first);
    if (x.it == 0) return 0;
  }
  // The iterator may ask for a pair itself, and let go of both.
  const old = Py.NewRef(x.old);
  const next = nextOf(x.it);
  let r: usize = 0;
  if (next == 0) {
    Py.SETREF(x.it_slot, 0);
    Py.SETREF(x.old_slot, 0);
  } else {
    r = PyTuple_Pack2(old, next);
    Py.SETREF(x.old_slot, next);
  }
  Py.DECREF(old);
  return r;
}

// zip_longest

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
    const it = PyObject_GetIter(Tuple.get(args, i));
    if (it == 0) {
      Py.DECREF(its);
      return 0;
    }
    Tuple.set(its, i, it);
  }
  const o = newIterator(type);
  if (o == 0) {
    Py.DECREF(its);
    return 0;
  }
  const x = ziplongestobject.at(o);
  x.ittuple = its;
  x.fillvalue = Py.NewRef(fill);
  x.numactive = n;
  return o;
}

function zip_longest_next(o: usize): usize {
  const x = ziplongestobject.at(o);
  const its = x.ittuple;
  const n = Py.SIZE(its);
  if (n == 0 || x.numactive == 0) return 0;
  const r = PyTuple_New(n);
  if (r == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    const it = Tuple.get(its, i);
    let item: usize = 0;
    if (it != 0) {
      item = nextOf(it);
      // It may have come to its end already, asked by itself.
      if (item == 0 && (PyErr_Occurred() || Tuple.get(its, i) != 0)) {
        const left = x.numactive - 1;
        x.numactive = PyErr_Occurred() ? 0 : left;
        if (left <= 0 || PyErr_Occurred()) {
          Py.DECREF(r);
          return 0;
        }
        Py.SETREF(Py.slot(Tuple.items(its), i), 0);
      }
    }
    Tuple.set(r, i, item == 0 ? Py.NewRef(x.fillvalue) : item);
  }
  return r;
}

// batched

function batched_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(3);
  const ok = parseTupleAndKeywords("batched", "iterable n strict", args, kwargs, a, 2, 2);
  const iterable = Py.item(a, 0);
  const size = Py.item(a, 1);
  const strict = Py.item(a, 2);
  Scratch.give(a);
  if (!ok) return 0;
  const n = PyNumber_AsSsize_t(size, PyExc_OverflowError);
  if (n == -1 && PyErr_Occurred()) return 0;
  const full = strict == 0 ? 0 : PyObject_IsTrue(strict);
  if (full < 0) return 0;
  if (n < 1) return PyErr_SetString(PyExc_ValueError, "n must be at least one");
  const o = chainOf(type, iterable);
  if (o == 0) return 0;
  const x = batchedobject.at(o);
  x.batch_size = n;
  x.strict = full;
  return o;
}

function batched_next(o: usize): usize {
  const x = batchedobject.at(o);
  const it = x.it;
  if (it == 0) return 0;
  const n = x.batch_size;
  const list = PyList_New(0);
  if (list == 0) return 0;
  let ok = true;
  while (Py.SIZE(list) < n) {
    const item = nextOf(it);
    if (item == 0) break;
    const appended = PyList_Append(list, item);
    Py.DECREF(item);
    if (appended < 0) break;
  }
  const got = Py.SIZE(list);
  if (PyErr_Occurred()) ok = false;
  else if (got < n) {
    Py.SETREF(x.it_slot, 0);
    if (got > 0 && x.strict) {
      PyErr_SetString(PyExc_ValueError, "batched(): incomplete batch");
      ok = false;
    }
  }
  const r = ok && got > 0 ? PyList_AsTuple(list) : 0;
  Py.DECREF(list);
  return r;
}

// Their ends.

function count_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  countobject_clear(o);
  freeIterator(o);
}

function cycle_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  cycleobject_clear(o);
  freeIterator(o);
}

function repeat_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  repeatobject_clear(o);
  freeIterator(o);
}

function chain_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  chainobject_clear(o);
  freeIterator(o);
}

function islice_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  isliceobject_clear(o);
  freeIterator(o);
}

function takewhile_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  takewhileobject_clear(o);
  freeIterator(o);
}

function dropwhile_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  dropwhileobject_clear(o);
  freeIterator(o);
}

function filterfalse_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  functionstreamobject_clear(o);
  freeIterator(o);
}

function starmap_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  functionstreamobject_clear(o);
  freeIterator(o);
}

function accumulate_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  accumulateobject_clear(o);
  freeIterator(o);
}

function compress_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  compressobject_clear(o);
  freeIterator(o);
}

function pairwise_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  pairwiseobject_clear(o);
  freeIterator(o);
}

function batched_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  batchedobject_clear(o);
  freeIterator(o);
}

function zip_longest_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  ziplongestobject_clear(o);
  freeIterator(o);
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
  const ready =
    iteratorType(
      S.PyItertools_count_Type,
      SIZEOF_countobject,
      count_dealloc.index,
      countobject_traverse.index,
      count_new.index,
      count_next.index,
    ) &&
    iteratorType(
      S.PyItertools_cycle_Type,
      SIZEOF_cycleobject,
      cycle_dealloc.index,
      cycleobject_traverse.index,
      cycle_new.index,
      cycle_next.index,
    ) &&
    iteratorType(
      S.PyItertools_repeat_Type,
      SIZEOF_repeatobject,
      repeat_dealloc.index,
      repeatobject_traverse.index,
      repeat_new.index,
      repeat_next.index,
    ) &&
    iteratorType(
      S.PyItertools_chain_Type,
      SIZEOF_chainobject,
      chain_dealloc.index,
      chainobject_traverse.index,
      chain_new.index,
      chain_next.index,
    ) &&
    iteratorType(
      S.PyItertools_islice_Type,
      SIZEOF_isliceobject,
      islice_dealloc.index,
      isliceobject_traverse.index,
      islice_new.index,
      islice_next.index,
    ) &&
    iteratorType(
      S.PyItertools_takewhile_Type,
      SIZEOF_takewhileobject,
      takewhile_dealloc.index,
      takewhileobject_traverse.index,
      takewhile_new.index,
      takewhile_next.index,
    ) &&
    iteratorType(
      S.PyItertools_dropwhile_Type,
      SIZEOF_dropwhileobject,
      dropwhile_dealloc.index,
      dropwhileobject_traverse.index,
      dropwhile_new.index,
      dropwhile_next.index,
    ) &&
    iteratorType(
      S.PyItertools_filterfalse_Type,
      SIZEOF_functionstreamobject,
      filterfalse_dealloc.index,
      functionstreamobject_traverse.index,
      filterfalse_new.index,
      filterfalse_next.index,
    ) &&
    iteratorType(
      S.PyItertools_starmap_Type,
      SIZEOF_functionstreamobject,
      starmap_dealloc.index,
      functionstreamobject_traverse.index,
      starmap_new.index,
      starmap_next.index,
    ) &&
    iteratorType(
      S.PyItertools_accumulate_Type,
      SIZEOF_accumulateobject,
      accumulate_dealloc.index,
      accumulateobject_traverse.index,
      accumulate_new.index,
      accumulate_next.index,
    ) &&
    iteratorType(
      S.PyItertools_compress_Type,
      SIZEOF_compressobject,
      compress_dealloc.index,
      compressobject_traverse.index,
      compress_new.index,
      compress_next.index,
    ) &&
    iteratorType(
      S.PyItertools_pairwise_Type,
      SIZEOF_pairwiseobject,
      pairwise_dealloc.index,
      pairwiseobject_traverse.index,
      pairwise_new.index,
      pairwise_next.index,
    ) &&
    iteratorType(
      S.PyItertools_batched_Type,
      SIZEOF_batchedobject,
      batched_dealloc.index,
      batchedobject_traverse.index,
      batched_new.index,
      batched_next.index,
    ) &&
    iteratorType(
      S.PyItertools_zip_longest_Type,
      SIZEOF_ziplongestobject,
      zip_longest_dealloc.index,
      ziplongestobject_traverse.index,
      zip_longest_new.index,
      zip_longest_next.index,
    );
  return ready ? 0 : -1;
}
