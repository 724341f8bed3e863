// The iterators of itertools that arrange the items of pools: product, combinations (with and without replacement),
// permutations (CPython 3.13's Modules/itertoolsmodule.c).
//
// The tuple that was given last is kept, and given again with other items where nobody else has it by then. A deliberate
// difference: it leaves the iterator while it is changed, for what is dropped from it may ask for the next.

import {
  arrangementobject,
  combinationsobject,
  PyTypeObject,
  permutationsobject,
  productobject,
  SIZEOF_combinationsobject,
  SIZEOF_permutationsobject,
  SIZEOF_productobject,
} from "../../generated/layouts";
import { vmRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  empty_tuple,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyItertools_combinations_Type,
  PyItertools_combinations_with_replacement_Type,
  PyItertools_permutations_Type,
  PyItertools_product_Type,
  PyTuple_Type,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyDict_Size } from "../../objects/containers/dict/dict";
import { PyTuple_FromArray, PyTuple_New, PyTuple_Pack1, PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { parseArguments, parseTupleAndKeywords } from "../../objects/define/args";
import { PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import {
  arrangementobject_clear,
  arrangementobject_traverse,
  permutationsobject_clear,
  permutationsobject_traverse,
} from "../../objects/generated/references";
import { Long } from "../../objects/numbers/int/access";
import { PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { _PyObject_GC_IS_TRACKED, _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PySequence_Tuple } from "../../objects/protocol/sequence";
import { Interrupts } from "../../thread/interrupts";
import { Scratch } from "../../thread/scratch";
import {
  asWide,
  freeIterator,
  isState,
  isStateItem,
  iteratorType,
  newIterator,
  reduced,
  reducedWithState,
  warnPickle,
  wideCount,
} from "./common";

/** Index i of the block. */
function indexAt(p: usize, i: isize): isize {
  return <isize>Py.item(p, i);
}

function setIndex(p: usize, i: isize, v: isize): void {
  Py.setItem(p, i, <usize>v);
}

/** More places than an iterator has. */
const PLACES_MAX: i64 = 0x7ffffff;

/** Whether there may be so many places; otherwise ValueError or MemoryError. */
function isCount(r: i64): bool {
  if (r < 0) PyErr_SetString(PyExc_ValueError, "r must be non-negative");
  else if (r > PLACES_MAX) PyErr_NoMemory();
  else return true;
  return false;
}

/** A new iterator over a pool, which is stolen, with a block of `room` indices, all 0. */
function makeArrangement(type: usize, pool: usize, room: isize): usize {
  const o = newIterator(type);
  const block = o == 0 ? 0 : PyMem_Malloc(((<usize>room) << 3) + 1);
  if (block == 0) {
    if (o != 0) PyErr_NoMemory();
    Py.DECREF(pool);
    Py.XDECREF(o);
    return 0;
  }
  memory.fill(block, 0, (<usize>room) << 3);
  arrangementobject.at(o).pool = pool;
  arrangementobject.at(o).indices = block;
  return o;
}

function sizeOf(o: usize, indices: isize): usize {
  return PyLong_FromSsize_t(PyTypeObject.at(Py.TYPE(o)).tp_basicsize + indices * 8);
}

/**
 * The tuple for the next result out of the slot of the last: that itself, where nobody else has it, or a copy. A new
 * reference; null with MemoryError. The slot is empty then.
 */
function takeResult(slot: usize): usize {
  const last = Py.item(slot, 0);
  Py.setItem(slot, 0, 0);
  if (Py.REFCNT(last) > 1) {
    const copy = PyTuple_FromArray(Tuple.items(last), Py.SIZE(last));
    Py.DECREF(last);
    return copy;
  }
  // The collector may have left it alone.
  if (!_PyObject_GC_IS_TRACKED(last)) _PyObject_GC_TRACK(last);
  return last;
}

/** The last result has been given: the tuple for another one, which is stolen, stays in the slot. Null, with no exception. */
function endWith(slot: usize, result: usize): usize {
  Py.SETREF(slot, result);
  return 0;
}

/** Puts the finished result, which is stolen, into the slot, and returns another reference. */
function keepResult(slot: usize, result: usize): usize {
  Py.INCREF(result);
  Py.SETREF(slot, result);
  return result;
}

/** Places first to last of the result become the pool's items at the indices. */
function choose(result: usize, pool: usize, p: usize, first: isize, last: isize): void {
  for (let i = first; i < last; i++) {
    const item = Tuple.get(pool, indexAt(p, i));
    if (Tuple.get(result, i) != item) Py.SETREF(Py.slot(Tuple.items(result), i), Py.NewRef(item));
  }
}

/** A new tuple of the pool's items at the first r indices. */
function chosen(pool: usize, p: usize, r: isize): usize {
  const result = PyTuple_New(r);
  if (result != 0) choose(result, pool, p, 0, r);
  return result;
}

/** The first n indices as a tuple of ints. */
function indicesOf(p: usize, n: isize): usize {
  const t = PyTuple_New(n);
  for (let i: isize = 0; i < n && t != 0; i++) {
    const index = PyLong_FromSsize_t(indexAt(p, i));
    if (index == 0) {
      Py.DECREF(t);
      return 0;
    }
    Tuple.set(t, i, index);
  }
  return t;
}

/** An index of a state, at least `least` and at most `most`: false with an exception. */
function takeIndex(p: usize, i: isize, v: usize, least: isize, most: isize): bool {
  const index = asWide(v);
  if (index == -1 && PyErr_Occurred()) return false;
  setIndex(p, i, <isize>max<i64>(min<i64>(index, most), least));
  return true;
}

/** (pool, r) as the arguments that make an iterator again; the pool is empty where there is nothing more. */
function poolAndCount(pool: usize, r: isize): usize {
  const count = PyLong_FromSsize_t(r);
  const args = count == 0 ? 0 : PyTuple_Pack2(pool, count);
  Py.XDECREF(count);
  return args;
}

function arrangement_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  arrangementobject_clear(o);
  PyMem_Free(arrangementobject.at(o).indices);
  freeIterator(o);
}

function permutations_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  permutationsobject_clear(o);
  PyMem_Free(permutationsobject.at(o).indices);
  PyMem_Free(permutationsobject.at(o).cycles);
  freeIterator(o);
}

// product

function product_new(type: usize, args: usize, kwargs: usize): usize {
  let times: isize = 1;
  if (kwargs != 0 && PyDict_Size(kwargs) > 0) {
    const a = Scratch.take(1);
    const ok = parseArguments("product", "repeat", 0, 0, kwargs, a, 0, 0);
    const repeat = Py.item(a, 0);
    Scratch.give(a);
    if (!ok) return 0;
    const wide = wideCount(repeat);
    if (wide == -1 && PyErr_Occurred()) return 0;
    if (wide < 0) return PyErr_SetString(PyExc_ValueError, "repeat argument cannot be negative");
    const iterables = Py.SIZE(args);
    if (wide > 0 && iterables > i64.MAX_VALUE / 8 / wide) {
      return PyErr_SetString(PyExc_OverflowError, "repeat argument too large");
    }
    if (iterables > 0 && wide > PLACES_MAX / iterables) return PyErr_NoMemory();
    // Without iterables there are no places, however often.
    times = <isize>min(wide, PLACES_MAX);
  }
  const n = times == 0 ? 0 : Py.SIZE(args);
  const pools = PyTuple_New(n * times);
  if (pools == 0) return 0;
  for (let i: isize = 0; i < n * times; i++) {
    const pool = i < n ? PySequence_Tuple(Tuple.get(args, i)) : Py.NewRef(Tuple.get(pools, i - n));
    if (pool == 0) {
      Py.DECREF(pools);
      return 0;
    }
    Tuple.set(pools, i, pool);
  }
  return makeArrangement(type, pools, n * times);
}

function product_next(o: usize): usize {
  if (Interrupts.raised()) return 0;
  const x = productobject.at(o);
  if (x.stopped) return 0;
  const pools = x.pool;
  const n = Py.SIZE(pools);
  const p = x.indices;
  if (x.result == 0) {
    const first = PyTuple_New(n);
    if (first == 0) return 0;
    for (let i: isize = 0; i < n; i++) {
      const pool = x.stopped ? 0 : Tuple.get(pools, i);
      if (pool == 0 || Py.SIZE(pool) == 0) x.stopped = 1;
      // In CPython nothing is where there is no item, and the tuple stays tracked for that. A dict does the same, and nobody
      // who finds the tuple meets with nothing.
      Tuple.set(first, i, Py.NewRef(x.stopped ? vmRoots.sysdict : Tuple.get(pool, 0)));
    }
    return x.stopped ? endWith(x.result_slot, first) : keepResult(x.result_slot, first);
  }
  const result = takeResult(x.result_slot);
  if (result == 0) {
    x.stopped = 1;
    return 0;
  }
  // The last place that has a next item moves on; those after it start over.
  let i = n - 1;
  for (; i >= 0; i--) {
    const pool = Tuple.get(pools, i);
    const next = indexAt(p, i) + 1;
    const over = next == Py.SIZE(pool);
    setIndex(p, i, over ? 0 : next);
    Py.SETREF(Py.slot(Tuple.items(result), i), Py.NewRef(Tuple.get(pool, over ? 0 : next)));
    if (!over) return keepResult(x.result_slot, result);
  }
  x.stopped = 1;
  return endWith(x.result_slot, result);
}

/**
 * @native itertools.product.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function product_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = productobject.at(o);
  if (x.stopped) return reduced(o, PyTuple_Pack1(empty_tuple));
  if (x.result == 0) return reduced(o, Py.NewRef(x.pool));
  return reducedWithState(o, Py.NewRef(x.pool), indicesOf(x.indices, Py.SIZE(x.pool)));
}

/**
 * @native itertools.product.__setstate__
 *
 * Makes it what it was when it was pickled.
 */
export function product_setstate(o: usize, state: usize): usize {
  if (!warnPickle()) return 0;
  const x = productobject.at(o);
  const n = Py.SIZE(x.pool);
  if (!Tuple.check(state) || Py.SIZE(state) != n) return PyErr_SetString(PyExc_ValueError, "invalid arguments");
  for (let i: isize = 0; i < n; i++) {
    const size = Py.SIZE(Tuple.get(x.pool, i));
    if (size == 0) {
      x.stopped = 1;
      return _Py_NoneStruct;
    }
    if (!takeIndex(x.indices, i, Tuple.get(state, i), 0, size - 1)) return 0;
  }
  const result = PyTuple_New(n);
  if (result == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    Tuple.set(result, i, Py.NewRef(Tuple.get(Tuple.get(x.pool, i), indexAt(x.indices, i))));
  }
  Py.SETREF(x.result_slot, result);
  return _Py_NoneStruct;
}

/**
 * @native itertools.product.__sizeof__
 *
 * Its bytes, those of the indices included.
 */
export function product_sizeof(o: usize, _: usize): usize {
  return sizeOf(o, Py.SIZE(arrangementobject.at(o).pool));
}

// combinations: indices that rise; with replacement, indices that do not fall

/** The iterable and the count that both are called with, in two slots: whether they are right. The pool is new. */
function poolOf(name: string, args: usize, kwargs: usize, out: usize): bool {
  if (!parseTupleAndKeywords(name, "iterable r", args, kwargs, out, 2, 2)) return false;
  const iterable = Py.item(out, 0);
  const wide = wideCount(Py.item(out, 1));
  if (wide == -1 && PyErr_Occurred()) return false;
  const pool = PySequence_Tuple(iterable);
  if (pool == 0) return false;
  Py.setItem(out, 0, pool);
  Py.setItem(out, 1, <usize>wide);
  if (isCount(wide)) return true;
  Py.DECREF(pool);
  return false;
}

function combinations_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = poolOf("combinations", args, kwargs, a);
  const pool = Py.item(a, 0);
  const r = <isize>Py.item(a, 1);
  Scratch.give(a);
  const o = ok ? makeArrangement(type, pool, r) : 0;
  if (o == 0) return 0;
  const x = combinationsobject.at(o);
  x.r = r;
  x.stopped = r > Py.SIZE(pool) ? 1 : 0;
  for (let i: isize = 0; i < r; i++) setIndex(x.indices, i, i);
  return o;
}

function combinations_next(o: usize): usize {
  if (Interrupts.raised()) return 0;
  const x = combinationsobject.at(o);
  if (x.stopped) return 0;
  const r = x.r;
  const p = x.indices;
  if (x.result == 0) {
    const first = chosen(x.pool, p, r);
    return first == 0 ? 0 : keepResult(x.result_slot, first);
  }
  const n = Py.SIZE(x.pool);
  let i = r - 1;
  while (i >= 0 && indexAt(p, i) == i + n - r) i--;
  return advance(x, i, 1);
}

/** The next result: place i moves on, those after it follow at the distance. */
function advance(x: combinationsobject, i: isize, distance: isize): usize {
  const result = takeResult(x.result_slot);
  if (i < 0 || result == 0) {
    x.stopped = 1;
    return endWith(x.result_slot, result);
  }
  const r = x.r;
  const p = x.indices;
  setIndex(p, i, indexAt(p, i) + 1);
  for (let j = i + 1; j < r; j++) setIndex(p, j, indexAt(p, j - 1) + distance);
  choose(result, x.pool, p, i, r);
  return keepResult(x.result_slot, result);
}

/** What both are pickled as. */
function reduceCombinations(o: usize): usize {
  const x = combinationsobject.at(o);
  if (x.result == 0) return reduced(o, poolAndCount(x.pool, x.r));
  if (x.stopped) return reduced(o, poolAndCount(empty_tuple, x.r));
  return reducedWithState(o, poolAndCount(x.pool, x.r), indicesOf(x.indices, x.r));
}

/** Takes the indices of a state, place i at most i - r less than the pool has where they rise. */
function restoreCombinations(o: usize, state: usize, rise: bool): usize {
  const x = combinationsobject.at(o);
  const r = x.r;
  const n = Py.SIZE(x.pool);
  if (!Tuple.check(state) || Py.SIZE(state) != r) return PyErr_SetString(PyExc_ValueError, "invalid arguments");
  for (let i: isize = 0; i < r; i++) {
    const most = rise ? i + n - r : n - 1;
    if (!takeIndex(x.indices, i, Tuple.get(state, i), 0, max<isize>(most, 0))) return 0;
  }
  // CPython reads beyond the end of a pool that has too few.
  if (x.stopped) return _Py_NoneStruct;
  const result = chosen(x.pool, x.indices, r);
  if (result == 0) return 0;
  Py.SETREF(x.result_slot, result);
  return _Py_NoneStruct;
}

/**
 * @native itertools.combinations.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function combinations_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  return reduceCombinations(o);
}

/**
 * @native itertools.combinations.__setstate__
 *
 * Makes it what it was when it was pickled.
 */
export function combinations_setstate(o: usize, state: usize): usize {
  if (!warnPickle()) return 0;
  return restoreCombinations(o, state, true);
}

/**
 * @native itertools.combinations.__sizeof__
 *
 * Its bytes, those of the indices included.
 */
export function combinations_sizeof(o: usize, _: usize): usize {
  return sizeOf(o, combinationsobject.at(o).r);
}

function combinations_with_replacement_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = poolOf("combinations_with_replacement", args, kwargs, a);
  const pool = Py.item(a, 0);
  const r = <isize>Py.item(a, 1);
  Scratch.give(a);
  const o = ok ? makeArrangement(type, pool, r) : 0;
  if (o == 0) return 0;
  const x = combinationsobject.at(o);
  x.r = r;
  x.stopped = Py.SIZE(pool) == 0 && r > 0 ? 1 : 0;
  return o;
}

function combinations_with_replacement_next(o: usize): usize {
  if (Interrupts.raised()) return 0;
  const x = combinationsobject.at(o);
  if (x.stopped) return 0;
  const p = x.indices;
  if (x.result == 0) {
    const first = chosen(x.pool, p, x.r);
    return first == 0 ? 0 : keepResult(x.result_slot, first);
  }
  const last = Py.SIZE(x.pool) - 1;
  let i = x.r - 1;
  while (i >= 0 && indexAt(p, i) == last) i--;
  return advance(x, i, 0);
}

/**
 * @native itertools.combinations_with_replacement.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function combinations_with_replacement_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  return reduceCombinations(o);
}

/**
 * @native itertools.combinations_with_replacement.__setstate__
 *
 * Makes it what it was when it was pickled.
 */
export function combinations_with_replacement_setstate(o: usize, state: usize): usize {
  if (!warnPickle()) return 0;
  return restoreCombinations(o, state, false);
}

/**
 * @native itertools.combinations_with_replacement.__sizeof__
 *
 * Its bytes, those of the indices included.
 */
export function combinations_with_replacement_sizeof(o: usize, _: usize): usize {
  return sizeOf(o, combinationsobject.at(o).r);
}

// permutations: n indices, then r cycles

function permutations_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("permutations", "iterable r", args, kwargs, a, 1, 2);
  const iterable = Py.item(a, 0);
  const count = Py.item(a, 1);
  Scratch.give(a);
  if (!ok) return 0;
  const pool = PySequence_Tuple(iterable);
  if (pool == 0) return 0;
  const n = Py.SIZE(pool);
  let wide: i64 = n;
  let valid: bool = true;
  if (count != 0 && count != _Py_NoneStruct) {
    valid = Long.check(count);
    if (!valid) PyErr_SetString(PyExc_TypeError, "Expected int as r");
    else {
      wide = wideCount(count);
      valid = !(wide == -1 && PyErr_Occurred()) && isCount(wide);
    }
  }
  if (!valid) {
    Py.DECREF(pool);
    return 0;
  }
  const r = <isize>wide;
  const o = makeArrangement(type, pool, n);
  const cycles = o == 0 ? 0 : PyMem_Malloc(((<usize>r) << 3) + 1);
  if (cycles == 0) {
    if (o != 0) PyErr_NoMemory();
    Py.XDECREF(o);
    return 0;
  }
  const x = permutationsobject.at(o);
  x.cycles = cycles;
  x.r = r;
  x.stopped = r > n ? 1 : 0;
  for (let i: isize = 0; i < n; i++) setIndex(x.indices, i, i);
  for (let i: isize = 0; i < r; i++) setIndex(cycles, i, n - i);
  return o;
}

function permutations_next(o: usize): usize {
  if (Interrupts.raised()) return 0;
  const x = permutationsobject.at(o);
  if (x.stopped) return 0;
  const n = Py.SIZE(x.pool);
  const r = x.r;
  const p = x.indices;
  const cycles = x.cycles;
  if (x.result == 0) {
    const first = chosen(x.pool, p, r);
    return first == 0 ? 0 : keepResult(x.result_slot, first);
  }
  let i = r - 1;
  for (; i >= 0 && n > 0; i--) {
    const cycle = indexAt(cycles, i) - 1;
    if (cycle > 0) {
      setIndex(cycles, i, cycle);
      const j = n - cycle;
      const t = indexAt(p, i);
      setIndex(p, i, indexAt(p, j));
      setIndex(p, j, t);
      break;
    }
    // The place has had them all: its index goes to the end, and its cycle begins again.
    const index = indexAt(p, i);
    for (let j = i; j < n - 1; j++) setIndex(p, j, indexAt(p, j + 1));
    setIndex(p, n - 1, index);
    setIndex(cycles, i, n - i);
  }
  const result = takeResult(x.result_slot);
  if (i < 0 || result == 0) {
    x.stopped = 1;
    return endWith(x.result_slot, result);
  }
  choose(result, x.pool, p, i, r);
  return keepResult(x.result_slot, result);
}

/**
 * @native itertools.permutations.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function permutations_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = permutationsobject.at(o);
  if (x.result == 0) return reduced(o, poolAndCount(x.pool, x.r));
  if (x.stopped) return reduced(o, poolAndCount(empty_tuple, x.r));
  const indices = indicesOf(x.indices, Py.SIZE(x.pool));
  const cycles = indices == 0 ? 0 : indicesOf(x.cycles, x.r);
  const state = cycles == 0 ? 0 : PyTuple_Pack2(indices, cycles);
  Py.XDECREF(indices);
  Py.XDECREF(cycles);
  return reducedWithState(o, poolAndCount(x.pool, x.r), state);
}

/**
 * @native itertools.permutations.__setstate__
 *
 * Makes it what it was when it was pickled.
 */
export function permutations_setstate(o: usize, state: usize): usize {
  if (!warnPickle()) return 0;
  if (!isState(state, 2, 2)) return 0;
  if (!isStateItem(state, 0, PyTuple_Type, "tuple") || !isStateItem(state, 1, PyTuple_Type, "tuple")) return 0;
  const indices = Tuple.get(state, 0);
  const cycles = Tuple.get(state, 1);
  const x = permutationsobject.at(o);
  const n = Py.SIZE(x.pool);
  const r = x.r;
  if (Py.SIZE(indices) != n || Py.SIZE(cycles) != r) return PyErr_SetString(PyExc_ValueError, "invalid arguments");
  for (let i: isize = 0; i < n; i++) if (!takeIndex(x.indices, i, Tuple.get(indices, i), 0, n - 1)) return 0;
  for (let i: isize = 0; i < r; i++) if (!takeIndex(x.cycles, i, Tuple.get(cycles, i), 1, n - i)) return 0;
  // CPython reads beyond the end of a pool that has too few.
  if (x.stopped) return _Py_NoneStruct;
  const result = chosen(x.pool, x.indices, r);
  if (result == 0) return 0;
  Py.SETREF(x.result_slot, result);
  return _Py_NoneStruct;
}

/**
 * @native itertools.permutations.__sizeof__
 *
 * Its bytes, those of the indices included.
 */
export function permutations_sizeof(o: usize, _: usize): usize {
  const x = permutationsobject.at(o);
  return sizeOf(o, Py.SIZE(x.pool) + x.r);
}

/**
 * @type itertools.product(*iterables, repeat=1)
 *
 * All the ways to take one element out of each iterable.
 *
 * The tuples come in the order of loops in one another, where the last iterable is the innermost loop:
 *
 *     for a in A:
 *         for b in B:
 *             (a, b)
 *
 * is what product(A, B) gives. The iterables are read to their ends at the beginning, and kept. With repeat they are taken so many times: product('ab', repeat=3) is product('ab', 'ab', 'ab').
 *
 * >>> list(product('ab', [0, 1]))
 * [('a', 0), ('a', 1), ('b', 0), ('b', 1)]
 *
 * Of no iterables the product is one tuple, which is empty. With one that is empty there is none.
 */

/**
 * @type itertools.combinations(iterable, r)
 *
 * All the ways to choose r of the elements, in their order.
 *
 *     'abc', 2 -> ('a', 'b'), ('a', 'c'), ('b', 'c'), as tuples
 */

/**
 * @type itertools.combinations_with_replacement(iterable, r)
 *
 * All the ways to choose r of the elements, in their order, each as often as one likes.
 *
 *     'abc', 2 -> ('a', 'a'), ('a', 'b'), ('a', 'c'), ('b', 'b'), ('b', 'c'), ('c', 'c'), all of them tuples
 */

/**
 * @type itertools.permutations(iterable, r=None)
 *
 * All the ways to put r of the elements in a row; of all if not told.
 *
 *     'abc', 2 -> 'ab' 'ac' 'ba' 'bc' 'ca' 'cb', each of them a tuple
 */

function arrangementType(type: usize, size: usize, make: u32, next: u32): bool {
  return iteratorType(type, size, arrangement_dealloc.index, arrangementobject_traverse.index, make, next);
}

/** Makes the types: 0, or -1 with an exception. */
export function initArrangementTypes(): i32 {
  const again = PyItertools_combinations_with_replacement_Type;
  const size = SIZEOF_combinationsobject;
  const ready =
    arrangementType(PyItertools_product_Type, SIZEOF_productobject, product_new.index, product_next.index) &&
    arrangementType(PyItertools_combinations_Type, size, combinations_new.index, combinations_next.index) &&
    arrangementType(again, size, combinations_with_replacement_new.index, combinations_with_replacement_next.index) &&
    iteratorType(
      PyItertools_permutations_Type,
      SIZEOF_permutationsobject,
      permutations_dealloc.index,
      permutationsobject_traverse.index,
      permutations_new.index,
      permutations_next.index,
    );
  return ready ? 0 : -1;
}
