// The iterators of itertools that make something of what one or several iterators give: chain, starmap, accumulate,
// pairwise, zip_longest, batched (CPython 3.13's Modules/itertoolsmodule.c).

import {
  accumulateobject,
  batchedobject,
  chainobject,
  functionstreamobject,
  pairwiseobject,
  SIZEOF_accumulateobject,
  SIZEOF_batchedobject,
  SIZEOF_chainobject,
  SIZEOF_functionstreamobject,
  SIZEOF_pairwiseobject,
  SIZEOF_ziplongestobject,
  ziplongestobject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  empty_tuple,
  PyExc_TypeError,
  PyExc_ValueError,
  PyItertools_accumulate_Type,
  PyItertools_batched_Type,
  PyItertools_chain_Type,
  PyItertools_islice_Type,
  PyItertools_pairwise_Type,
  PyItertools_starmap_Type,
  PyItertools_zip_longest_Type,
} from "../../generated/statics";
import { PyDict_GetItemLiteralWithError, PyDict_Size } from "../../objects/containers/dict/dict";
import { PyList_Append, PyList_AsTuple, PyList_New } from "../../objects/containers/list/list";
import {
  PyTuple_FromArray,
  PyTuple_New,
  PyTuple_Pack1,
  PyTuple_Pack2,
  PyTuple_Pack3,
  Tuple,
} from "../../objects/containers/tuple";
import { ArgParser, parseTupleAndKeywords } from "../../objects/define/args";
import { PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import {
  accumulateobject_clear,
  accumulateobject_traverse,
  batchedobject_clear,
  batchedobject_traverse,
  chainobject_clear,
  chainobject_traverse,
  functionstreamobject_clear,
  functionstreamobject_traverse,
  pairwiseobject_clear,
  pairwiseobject_traverse,
  ziplongestobject_clear,
  ziplongestobject_traverse,
} from "../../objects/generated/references";
import { pair } from "../../objects/iterators/iterations";
import { Long } from "../../objects/numbers/int/access";
import { PyObject_Call, PyObject_CallTwoArgs } from "../../objects/object/call";
import { _PyObject_GC_IS_TRACKED, _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyIter_Check, PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyNumber_Add } from "../../objects/protocol/number";
import { PySequence_Tuple } from "../../objects/protocol/sequence";
import { Scratch } from "../../thread/scratch";
import {
  freeIterator,
  functionAndIterator,
  isState,
  iteratorType,
  newIterator,
  nextOf,
  reduced,
  reducedWithState,
  streamOf,
  takesNoKeywords,
  warnPickle,
  wideCount,
} from "./common";

// chain

function chain_new(type: usize, args: usize, kwargs: usize): usize {
  return takesNoKeywords("chain", type, kwargs) ? streamOf(type, args) : 0;
}

/**
 * @classmethod itertools.chain.from_iterable($type, iterable, /)
 *
 * As chain(), for iterables that come out of one iterable, which is asked for them when needed.
 */
export function chain_from_iterable(type: usize, iterable: usize): usize {
  return streamOf(type, iterable);
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

/**
 * @native itertools.chain.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function chain_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = chainobject.at(o);
  if (x.it == 0) return reduced(o, empty_tuple);
  const state = x.active == 0 ? PyTuple_Pack1(x.it) : PyTuple_Pack2(x.it, x.active);
  return reducedWithState(o, empty_tuple, state);
}

/**
 * @native itertools.chain.__setstate__
 *
 * Makes it what it was when it was pickled.
 */
export function chain_setstate(o: usize, state: usize): usize {
  if (!warnPickle()) return 0;
  if (!isState(state, 1, 2)) return 0;
  const source = Tuple.get(state, 0);
  const active = Py.SIZE(state) > 1 ? Tuple.get(state, 1) : 0;
  if (!PyIter_Check(source) || (active != 0 && !PyIter_Check(active))) {
    return PyErr_SetString(PyExc_TypeError, "Arguments must be iterators.");
  }
  const x = chainobject.at(o);
  Py.INCREF(source);
  const old = x.it;
  x.it = source;
  Py.SETREF(x.active_slot, Py.XNewRef(active));
  Py.XDECREF(old);
  return _Py_NoneStruct;
}

function chain_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  chainobject_clear(o);
  freeIterator(o);
}

// starmap

function starmap_new(type: usize, args: usize, kwargs: usize): usize {
  return functionAndIterator("starmap", type, args, kwargs);
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

/**
 * @native itertools.starmap.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function starmap_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = functionstreamobject.at(o);
  return reduced(o, PyTuple_Pack2(x.func, x.it));
}

function starmap_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  functionstreamobject_clear(o);
  freeIterator(o);
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
  x.initial = Py.NewRef(initial == 0 ? _Py_NoneStruct : initial);
  return o;
}

function accumulate_next(o: usize): usize {
  const x = accumulateobject.at(o);
  if (x.initial != _Py_NoneStruct) {
    const initial = Py.NewRef(x.initial);
    Py.SETREF(x.initial_slot, _Py_NoneStruct);
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

/** chain((first,), it): what gives one more item first. */
function chained(first: usize, it: usize): usize {
  const one = PyTuple_Pack1(first);
  const chain = one == 0 ? 0 : PyObject_CallTwoArgs(PyItertools_chain_Type, one, it);
  Py.XDECREF(one);
  return chain;
}

/**
 * @native itertools.accumulate.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function accumulate_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = accumulateobject.at(o);
  const f = x.binop == 0 ? _Py_NoneStruct : x.binop;
  const isFresh = x.initial != _Py_NoneStruct;
  if (!isFresh && x.total != _Py_NoneStruct) {
    return reducedWithState(o, PyTuple_Pack2(x.it, f), Py.NewRef(x.total == 0 ? _Py_NoneStruct : x.total));
  }
  // None for a sum would be none: it is what comes first.
  const it = chained(isFresh ? x.initial : x.total, x.it);
  const args = it == 0 ? 0 : PyTuple_Pack2(it, f);
  Py.XDECREF(it);
  if (isFresh) return reducedWithState(o, args, _Py_NoneStruct);
  const again = args == 0 ? 0 : PyObject_Call(Py.TYPE(o), args, 0);
  Py.XDECREF(args);
  const rest = again == 0 ? 0 : PyTuple_Pack3(again, Long.small(1), _Py_NoneStruct);
  Py.XDECREF(again);
  const r = rest == 0 ? 0 : PyTuple_Pack2(PyItertools_islice_Type, rest);
  Py.XDECREF(rest);
  return r;
}

/**
 * @native itertools.accumulate.__setstate__
 *
 * Makes it what it was when it was pickled.
 */
export function accumulate_setstate(o: usize, state: usize): usize {
  if (!warnPickle()) return 0;
  Py.SETREF(accumulateobject.at(o).total_slot, Py.NewRef(state));
  return _Py_NoneStruct;
}

function accumulate_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  accumulateobject_clear(o);
  freeIterator(o);
}

// pairwise

function pairwise_new(type: usize, args: usize, kwargs: usize): usize {
  if (!takesNoKeywords("pairwise", type, kwargs) || !ArgParser.count("pairwise", Py.SIZE(args), 1, 1)) return 0;
  const o = streamOf(type, Tuple.get(args, 0));
  if (o == 0) return 0;
  const result = PyTuple_Pack2(_Py_NoneStruct, _Py_NoneStruct);
  pairwiseobject.at(o).result = result;
  if (result != 0) return o;
  Py.DECREF(o);
  return 0;
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
    r = pair(x.result, Py.NewRef(old), Py.NewRef(next));
    Py.SETREF(x.old_slot, next);
  }
  Py.DECREF(old);
  return r;
}

function pairwise_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  pairwiseobject_clear(o);
  freeIterator(o);
}

// zip_longest

function zip_longest_new(type: usize, args: usize, kwargs: usize): usize {
  let fill: usize = _Py_NoneStruct;
  if (kwargs != 0 && PyDict_Size(kwargs) > 0) {
    const given = PyDict_Size(kwargs) == 1 ? PyDict_GetItemLiteralWithError(kwargs, "fillvalue") : 0;
    if (given == 0 && PyErr_Occurred() != 0) return 0;
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
  const result = PyTuple_New(n);
  const o = result == 0 ? 0 : newIterator(type);
  if (o == 0) {
    Py.XDECREF(result);
    Py.DECREF(its);
    return 0;
  }
  for (let i: isize = 0; i < n; i++) Tuple.set(result, i, _Py_NoneStruct);
  const x = ziplongestobject.at(o);
  x.tuplesize = n;
  x.ittuple = its;
  x.result = result;
  x.fillvalue = Py.NewRef(fill);
  x.numactive = n;
  return o;
}

/**
 * Iterator i of a zip_longest has come to its end, and leaves the tuple of them: false with MemoryError. A tuple that
 * somebody else has got hold of stays whole.
 */
function forgetStream(o: usize, i: isize): bool {
  const x = ziplongestobject.at(o);
  if (Py.REFCNT(x.ittuple) > 1) {
    const own = PyTuple_FromArray(Tuple.items(x.ittuple), x.tuplesize);
    if (own == 0) return false;
    Py.SETREF(x.ittuple_slot, own);
  }
  Py.SETREF(Py.slot(Tuple.items(x.ittuple), i), 0);
  return true;
}

function zip_longest_next(o: usize): usize {
  const x = ziplongestobject.at(o);
  const n = x.tuplesize;
  if (n == 0 || x.numactive == 0) return 0;
  let r = x.result;
  const shared = Py.REFCNT(r) != 1;
  if (shared) {
    r = PyTuple_New(n);
    if (r == 0) return 0;
  } else Py.INCREF(r);
  for (let i: isize = 0; i < n; i++) {
    const it = Tuple.get(x.ittuple, i);
    let item: usize = 0;
    if (it != 0) {
      item = nextOf(it);
      // It may have come to its end already, asked by itself.
      if (item == 0 && (PyErr_Occurred() || Tuple.get(x.ittuple, i) != 0)) {
        const left = x.numactive - 1;
        x.numactive = PyErr_Occurred() ? 0 : left;
        if (left <= 0 || PyErr_Occurred() || !forgetStream(o, i)) {
          Py.DECREF(r);
          return 0;
        }
      }
    }
    const old = Tuple.get(r, i);
    Tuple.set(r, i, item == 0 ? Py.NewRef(x.fillvalue) : item);
    Py.XDECREF(old);
  }
  // The collector may have left it alone.
  if (!shared && !_PyObject_GC_IS_TRACKED(r)) _PyObject_GC_TRACK(r);
  return r;
}

/**
 * @native itertools.zip_longest.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function zip_longest_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = ziplongestobject.at(o);
  const n = Py.SIZE(x.ittuple);
  const args = PyTuple_New(n);
  if (args == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    const it = Tuple.get(x.ittuple, i);
    Tuple.set(args, i, Py.NewRef(it == 0 ? empty_tuple : it));
  }
  return reducedWithState(o, args, Py.NewRef(x.fillvalue));
}

/**
 * @native itertools.zip_longest.__setstate__
 *
 * Makes it what it was when it was pickled.
 */
export function zip_longest_setstate(o: usize, state: usize): usize {
  if (!warnPickle()) return 0;
  Py.SETREF(ziplongestobject.at(o).fillvalue_slot, Py.NewRef(state));
  return _Py_NoneStruct;
}

function zip_longest_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  ziplongestobject_clear(o);
  freeIterator(o);
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
  const n = wideCount(size);
  if (n == -1 && PyErr_Occurred()) return 0;
  const full = strict == 0 ? 0 : PyObject_IsTrue(strict);
  if (full < 0) return 0;
  if (n < 1) return PyErr_SetString(PyExc_ValueError, "n must be at least one");
  const o = streamOf(type, iterable);
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
  // The source may ask for a batch of its own, and bring this one to its end.
  Py.INCREF(it);
  while (Py.SIZE(list) < n) {
    const item = nextOf(it);
    if (item == 0) break;
    const appended = PyList_Append(list, item);
    Py.DECREF(item);
    if (appended < 0) break;
  }
  Py.DECREF(it);
  const got = Py.SIZE(list);
  const short = got < n && got > 0 && !PyErr_Occurred();
  if (short && x.strict) PyErr_SetString(PyExc_ValueError, "batched(): incomplete batch");
  // A short batch does not end it: the source is asked again.
  if (got < n && (!short || x.strict)) Py.SETREF(x.it_slot, 0);
  const r = PyErr_Occurred() ? 0 : got > 0 ? PyList_AsTuple(list) : 0;
  Py.DECREF(list);
  return r;
}

function batched_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  batchedobject_clear(o);
  freeIterator(o);
}

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
export function initJoinTypes(): i32 {
  const ready =
    iteratorType(
      PyItertools_chain_Type,
      SIZEOF_chainobject,
      chain_dealloc.index,
      chainobject_traverse.index,
      chain_new.index,
      chain_next.index,
    ) &&
    iteratorType(
      PyItertools_starmap_Type,
      SIZEOF_functionstreamobject,
      starmap_dealloc.index,
      functionstreamobject_traverse.index,
      starmap_new.index,
      starmap_next.index,
    ) &&
    iteratorType(
      PyItertools_accumulate_Type,
      SIZEOF_accumulateobject,
      accumulate_dealloc.index,
      accumulateobject_traverse.index,
      accumulate_new.index,
      accumulate_next.index,
    ) &&
    iteratorType(
      PyItertools_pairwise_Type,
      SIZEOF_pairwiseobject,
      pairwise_dealloc.index,
      pairwiseobject_traverse.index,
      pairwise_new.index,
      pairwise_next.index,
    ) &&
    iteratorType(
      PyItertools_zip_longest_Type,
      SIZEOF_ziplongestobject,
      zip_longest_dealloc.index,
      ziplongestobject_traverse.index,
      zip_longest_new.index,
      zip_longest_next.index,
    ) &&
    iteratorType(
      PyItertools_batched_Type,
      SIZEOF_batchedobject,
      batched_dealloc.index,
      batchedobject_traverse.index,
      batched_new.index,
      batched_next.index,
    );
  return ready ? 0 : -1;
}
