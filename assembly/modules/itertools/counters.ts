// The iterators of itertools that come to no end by themselves: count, cycle, repeat (CPython 3.13's
// Modules/itertoolsmodule.c).

import {
  countobject,
  cycleobject,
  PyTypeObject,
  repeatobject,
  SIZEOF_countobject,
  SIZEOF_cycleobject,
  SIZEOF_repeatobject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyExc_TypeError,
  PyItertools_count_Type,
  PyItertools_cycle_Type,
  PyItertools_repeat_Type,
  PyList_Type,
} from "../../generated/statics";
import { List, PyList_Append, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_Pack1, PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { ArgParser, parseTupleAndKeywords } from "../../objects/define/args";
import { _PyType_Name, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import {
  countobject_clear,
  countobject_traverse,
  cycleobject_clear,
  cycleobject_traverse,
  repeatobject_clear,
  repeatobject_traverse,
} from "../../objects/generated/references";
import { boolObject } from "../../objects/numbers/bool";
import { Long } from "../../objects/numbers/int/access";
import {
  longOverflow,
  longValue,
  PyLong_AsInt,
  PyLong_FromLongLong,
  PyLong_FromSsize_t,
} from "../../objects/numbers/int/create";
import { PyObject_CallMethodOneArg } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyNumber_Add, PyNumber_Check } from "../../objects/protocol/number";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Interrupts } from "../../thread/interrupts";
import { Scratch } from "../../thread/scratch";
import {
  freeIterator,
  isState,
  isStateItem,
  iteratorType,
  newIterator,
  nextOf,
  reduced,
  reducedWithState,
  takesNoKeywords,
  warnPickle,
  wideCount,
} from "./common";

/** The cnt of a count() that counts in objects. */
const SLOW: i64 = i64.MAX_VALUE;

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
  // Small numbers one after the other are counted without ints.
  const isFast =
    (start == 0 || (Long.check(start) && longOverflow(start) == 0)) &&
    (by == 0 || (Long.check(by) && longOverflow(by) == 0 && longValue(by) == 1));
  const o = newIterator(type);
  if (o == 0) return 0;
  const x = countobject.at(o);
  x.cnt = !isFast ? SLOW : start == 0 ? 0 : longValue(start);
  if (!isFast) x.long_cnt = Py.NewRef(start == 0 ? Long.small(0) : start);
  x.long_step = Py.NewRef(by == 0 ? Long.small(1) : by);
  return o;
}

function count_next(o: usize): usize {
  const x = countobject.at(o);
  if (Interrupts.raisedIn(x.cnt + 1)) return 0;
  const fast = x.cnt;
  if (fast != SLOW) {
    x.cnt = fast + 1;
    return PyLong_FromLongLong(fast);
  }
  const now = x.long_cnt == 0 ? PyLong_FromLongLong(SLOW) : Py.NewRef(x.long_cnt);
  const next = now == 0 ? 0 : PyNumber_Add(now, x.long_step);
  if (next == 0) {
    Py.XDECREF(now);
    return 0;
  }
  Py.SETREF(x.long_cnt_slot, next);
  return now;
}

function count_repr(o: usize): usize {
  const x = countobject.at(o);
  const name = _PyType_Name(Py.TYPE(o));
  if (x.cnt != SLOW) return PyUnicode_FromFormat("%s(%d)", name, x.cnt);
  const by = x.long_step;
  const isOne = Long.check(by) && longOverflow(by) == 0 && longValue(by) == 1;
  if (isOne) return PyUnicode_FromFormat("%s(%R)", name, x.long_cnt);
  return PyUnicode_FromFormat("%s(%R, %R)", name, x.long_cnt, by);
}

/**
 * @native itertools.count.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function count_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = countobject.at(o);
  if (x.cnt == SLOW && x.long_cnt != 0) return reduced(o, PyTuple_Pack2(x.long_cnt, x.long_step));
  const cnt = PyLong_FromLongLong(x.cnt);
  const args = cnt == 0 ? 0 : PyTuple_Pack1(cnt);
  Py.XDECREF(cnt);
  return reduced(o, args);
}

function count_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  countobject_clear(o);
  freeIterator(o);
}

// cycle

function cycle_new(type: usize, args: usize, kwargs: usize): usize {
  if (!takesNoKeywords("cycle", type, kwargs) || !ArgParser.count("cycle", Py.SIZE(args), 1, 1)) return 0;
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
  if (Interrupts.raisedIn(x.index)) return 0;
  if (x.it != 0) {
    const item = nextOf(x.it);
    if (item != 0) {
      if (x.firstpass || PyList_Append(x.saved, item) == 0) return item;
      Py.DECREF(item);
      return 0;
    }
    if (PyErr_Occurred()) return 0;
    Py.SETREF(x.it_slot, 0);
  }
  const saved = x.saved;
  const n = Py.SIZE(saved);
  if (n == 0) return 0;
  // The list may have become shorter.
  const i = min(x.index, n - 1);
  x.index = i + 1 >= n ? 0 : i + 1;
  return Py.NewRef(List.get(saved, i));
}

/**
 * @native itertools.cycle.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function cycle_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = cycleobject.at(o);
  let it = Py.XNewRef(x.it);
  if (it == 0) {
    it = PyObject_GetIter(x.saved);
    const index = it == 0 ? 0 : PyLong_FromSsize_t(x.index);
    const set = index == 0 ? 0 : PyObject_CallMethodOneArg(it, ID.__setstate__, index);
    Py.XDECREF(index);
    Py.XDECREF(set);
    if (set == 0) {
      Py.XDECREF(it);
      return 0;
    }
  }
  const args = PyTuple_Pack1(it);
  Py.DECREF(it);
  return reducedWithState(o, args, PyTuple_Pack2(x.saved, boolObject(x.it == 0 || x.firstpass != 0)));
}

/**
 * @native itertools.cycle.__setstate__
 *
 * Makes it what it was when it was pickled.
 */
export function cycle_setstate(o: usize, state: usize): usize {
  if (!warnPickle()) return 0;
  if (!isState(state, 2, 2) || !isStateItem(state, 0, PyList_Type, "list")) return 0;
  const firstpass = PyLong_AsInt(Tuple.get(state, 1));
  if (firstpass == -1 && PyErr_Occurred()) return 0;
  const x = cycleobject.at(o);
  x.firstpass = firstpass != 0 ? 1 : 0;
  x.index = 0;
  Py.SETREF(x.saved_slot, Py.NewRef(Tuple.get(state, 0)));
  return _Py_NoneStruct;
}

function cycle_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  cycleobject_clear(o);
  freeIterator(o);
}

// repeat

function repeat_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("repeat", "object times", args, kwargs, a, 1, 2);
  const what = Py.item(a, 0);
  const times = Py.item(a, 1);
  Scratch.give(a);
  if (!ok) return 0;
  let n: i64 = -1;
  if (times != 0) {
    n = wideCount(times);
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
  if (x.cnt < 0 ? Interrupts.raised() : Interrupts.raisedIn(x.cnt)) return 0;
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
  if (n >= 0) return PyLong_FromLongLong(n);
  return PyErr_SetString(PyExc_TypeError, "len() of unsized object");
}

/**
 * @native itertools.repeat.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function repeat_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = repeatobject.at(o);
  if (x.cnt < 0) return reduced(o, PyTuple_Pack1(x.element));
  const cnt = PyLong_FromLongLong(x.cnt);
  const args = cnt == 0 ? 0 : PyTuple_Pack2(x.element, cnt);
  Py.XDECREF(cnt);
  return reduced(o, args);
}

function repeat_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  repeatobject_clear(o);
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

/** Makes the types: 0, or -1 with an exception. */
export function initCounterTypes(): i32 {
  PyTypeObject.at(PyItertools_count_Type).tp_repr = count_repr.index;
  PyTypeObject.at(PyItertools_repeat_Type).tp_repr = repeat_repr.index;
  const ready =
    iteratorType(
      PyItertools_count_Type,
      SIZEOF_countobject,
      count_dealloc.index,
      countobject_traverse.index,
      count_new.index,
      count_next.index,
    ) &&
    iteratorType(
      PyItertools_cycle_Type,
      SIZEOF_cycleobject,
      cycle_dealloc.index,
      cycleobject_traverse.index,
      cycle_new.index,
      cycle_next.index,
    ) &&
    iteratorType(
      PyItertools_repeat_Type,
      SIZEOF_repeatobject,
      repeat_dealloc.index,
      repeatobject_traverse.index,
      repeat_new.index,
      repeat_next.index,
    );
  return ready ? 0 : -1;
}
