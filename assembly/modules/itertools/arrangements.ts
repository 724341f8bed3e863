// The iterators of itertools that arrange the items of pools: product, combinations, permutations (CPython 3.13's
// Modules/itertoolsmodule.c).
//
//   +16 the pool, a tuple (of product: a tuple of pools) | +24 unused
//   +32 indices   a block of i32: where each place of the next result stands; 0 before the first
//   +40 r         places of a result (of permutations the block has n indices and r cycles)
//   +48 stopped   nothing is left to give

import { PyTypeObject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyItertools_combinations_Type,
  PyItertools_permutations_Type,
  PyItertools_product_Type,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyDict_GetItemLiteral, PyDict_Size } from "../../objects/containers/dict/dict";
import { PyTuple_New } from "../../objects/containers/tuple";
import { parseTupleAndKeywords } from "../../objects/define/args";
import { PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py, Visit } from "../../objects/object/head";
import { PyNumber_AsSsize_t } from "../../objects/protocol/number";
import { PySequence_Tuple } from "../../objects/protocol/sequence";
import { Scratch } from "../../thread/scratch";
import { iteratorType, newIterator, ref, setRef } from "./common";

function indicesOf(o: usize): usize {
  return load<u32>(o, 32);
}

function places(o: usize): isize {
  return load<i32>(o, 40);
}

function stop(o: usize): void {
  store<i64>(o, 1, 48);
}

function indexAt(p: usize, i: isize): i32 {
  return load<i32>(p + ((<usize>i) << 2));
}

function setIndex(p: usize, i: isize, v: isize): void {
  store<i32>(p + ((<usize>i) << 2), <i32>v);
}

function arrangement_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  Py.XDECREF(ref(o, 0));
  PyMem_Free(indicesOf(o));
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function arrangement_traverse(o: usize, visit: u32, arg: usize): i32 {
  return Visit.call(ref(o, 0), visit, arg);
}

/** A new iterator over a pool, which is stolen, with r places; `room` indices, all 0, if any. */
function makeArrangement(type: usize, pool: usize, r: isize, room: isize): usize {
  const o = newIterator(type);
  const block = o == 0 ? 0 : PyMem_Malloc(((<usize>room) << 2) + 1);
  if (block == 0) {
    if (o != 0) PyErr_NoMemory();
    Py.DECREF(pool);
    Py.XDECREF(o);
    return 0;
  }
  memory.fill(block, 0, (<usize>room) << 2);
  setRef(o, 0, pool);
  store<u64>(o, block, 32);
  store<i64>(o, r, 40);
  return o;
}

// product

function product_new(type: usize, args: usize, kwargs: usize): usize {
  let times: isize = 1;
  if (kwargs != 0 && PyDict_Size(kwargs) > 0) {
    const repeat = PyDict_Size(kwargs) == 1 ? PyDict_GetItemLiteral(kwargs, "repeat") : 0;
    if (repeat == 0) return PyErr_SetString(PyExc_TypeError, "product() got an unexpected keyword argument");
    times = PyNumber_AsSsize_t(repeat, PyExc_OverflowError);
    if (times == -1 && PyErr_Occurred()) return 0;
    if (times < 0) return PyErr_SetString(PyExc_ValueError, "repeat argument cannot be negative");
  }
  const n = times == 0 ? 0 : Py.SIZE(args);
  if (n > 0 && times > 0x7ffffff / n) return PyErr_SetString(PyExc_OverflowError, "repeat argument too large");
  const pools = PyTuple_New(n * times);
  if (pools == 0) return 0;
  let empty = false;
  for (let i: isize = 0; i < n * times; i++) {
    const pool = i < n ? PySequence_Tuple(Py.item(args + 24, i)) : Py.NewRef(Py.item(pools + 24, i - n));
    if (pool == 0) {
      Py.DECREF(pools);
      return 0;
    }
    Py.setItem(pools + 24, i, pool);
    if (Py.SIZE(pool) == 0) empty = true;
  }
  const o = makeArrangement(type, pools, n * times, n * times);
  if (o != 0 && empty) stop(o);
  return o;
}

function product_next(o: usize): usize {
  if (load<i32>(o, 48)) return 0;
  const pools = ref(o, 0);
  const n = places(o);
  const p = indicesOf(o);
  const result = PyTuple_New(n);
  if (result == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    Py.setItem(result + 24, i, Py.NewRef(Py.item(Py.item(pools + 24, i) + 24, indexAt(p, i))));
  }
  // The last place that has a next item moves on; those after it start over.
  let i = n - 1;
  for (; i >= 0; i--) {
    const next = indexAt(p, i) + 1;
    if (next < Py.SIZE(Py.item(pools + 24, i))) {
      setIndex(p, i, next);
      break;
    }
    setIndex(p, i, 0);
  }
  if (i < 0) stop(o);
  return result;
}

/** The items of the pool at the first r indices as a new tuple. */
function picked(o: usize): usize {
  const pool = ref(o, 0);
  const p = indicesOf(o);
  const r = places(o);
  const result = PyTuple_New(r);
  for (let i: isize = 0; i < r && result != 0; i++) {
    Py.setItem(result + 24, i, Py.NewRef(Py.item(pool + 24, indexAt(p, i))));
  }
  return result;
}

/** An argument that is a count; -1 with an exception. */
function countArgument(v: usize): isize {
  const r = PyNumber_AsSsize_t(v, PyExc_OverflowError);
  if (r == -1 && PyErr_Occurred()) return -1;
  if (r >= 0) return r;
  PyErr_SetString(PyExc_ValueError, "r must be non-negative");
  return -1;
}

// combinations: indices that rise

function combinations_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("combinations", "iterable r", args, kwargs, a, 2, 2);
  const iterable: usize = load<u32>(a);
  const count: usize = load<u32>(a, 8);
  Scratch.give(a);
  if (!ok) return 0;
  const pool = PySequence_Tuple(iterable);
  if (pool == 0) return 0;
  const r = countArgument(count);
  if (r < 0) {
    Py.DECREF(pool);
    return 0;
  }
  const n = Py.SIZE(pool);
  const o = makeArrangement(type, pool, r, min<isize>(r, n));
  if (o == 0) return 0;
  if (r > n) stop(o);
  else for (let i: isize = 0; i < r; i++) setIndex(indicesOf(o), i, i);
  return o;
}

function combinations_next(o: usize): usize {
  if (load<i32>(o, 48)) return 0;
  const result = picked(o);
  if (result == 0) return 0;
  const n = Py.SIZE(ref(o, 0));
  const r = places(o);
  const p = indicesOf(o);
  let i = r - 1;
  while (i >= 0 && indexAt(p, i) == i + n - r) i--;
  if (i < 0) stop(o);
  else {
    setIndex(p, i, indexAt(p, i) + 1);
    for (let j = i + 1; j < r; j++) setIndex(p, j, indexAt(p, j - 1) + 1);
  }
  return result;
}

// permutations: n indices, then r cycles

function permutations_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("permutations", "iterable r", args, kwargs, a, 1, 2);
  const iterable: usize = load<u32>(a);
  const count: usize = load<u32>(a, 8);
  Scratch.give(a);
  if (!ok) return 0;
  const pool = PySequence_Tuple(iterable);
  if (pool == 0) return 0;
  const n = Py.SIZE(pool);
  const r = count == 0 || count == _Py_NoneStruct ? n : countArgument(count);
  if (r < 0) {
    Py.DECREF(pool);
    return 0;
  }
  const o = makeArrangement(type, pool, r, n + min<isize>(r, n));
  if (o == 0) return 0;
  if (r > n) {
    stop(o);
    return o;
  }
  const p = indicesOf(o);
  for (let i: isize = 0; i < n; i++) setIndex(p, i, i);
  for (let i: isize = 0; i < r; i++) setIndex(p, n + i, n - i);
  return o;
}

function permutations_next(o: usize): usize {
  if (load<i32>(o, 48)) return 0;
  const result = picked(o);
  if (result == 0) return 0;
  const n = Py.SIZE(ref(o, 0));
  const r = places(o);
  const p = indicesOf(o);
  let i = r - 1;
  for (; i >= 0; i--) {
    const cycle = indexAt(p, n + i) - 1;
    if (cycle > 0) {
      setIndex(p, n + i, cycle);
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
    setIndex(p, n + i, n - i);
  }
  if (i < 0) stop(o);
  return result;
}

function arrangementType(type: usize, size: isize, make: u32, next: u32): i32 {
  if (iteratorType(type, size, 2, make, next, true) < 0) return -1;
  PyTypeObject.at(type).tp_dealloc = arrangement_dealloc.index;
  PyTypeObject.at(type).tp_traverse = arrangement_traverse.index;
  return 0;
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
 * @type itertools.permutations(iterable, r=None)
 *
 * All the ways to put r of the elements in a row; of all if not told.
 *
 *     'abc', 2 -> 'ab' 'ac' 'ba' 'bc' 'ca' 'cb', each of them a tuple
 */

/** Makes the types: 0, or -1 with an exception. */
export function initArrangementTypes(): i32 {
  if (arrangementType(PyItertools_product_Type, 56, product_new.index, product_next.index) < 0) return -1;
  if (arrangementType(PyItertools_combinations_Type, 56, combinations_new.index, combinations_next.index) < 0) {
    return -1;
  }
  return arrangementType(PyItertools_permutations_Type, 64, permutations_new.index, permutations_next.index);
}
