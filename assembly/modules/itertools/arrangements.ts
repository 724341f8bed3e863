// The iterators of itertools that arrange the items of pools: product, combinations, permutations (CPython 3.13's
// Modules/itertoolsmodule.c).

import { arrangementobject, SIZEOF_arrangementobject, SIZEOF_permutationsobject } from "../../generated/layouts";
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
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { parseTupleAndKeywords } from "../../objects/define/args";
import { PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { arrangementobject_clear, arrangementobject_traverse } from "../../objects/generated/references";
import { Long } from "../../objects/numbers/int/access";
import { longOverflow, PyLong_AsLongLongAndOverflow } from "../../objects/numbers/int/create";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyNumber_Index } from "../../objects/protocol/number";
import { PySequence_Tuple } from "../../objects/protocol/sequence";
import { Scratch } from "../../thread/scratch";
import { freeIterator, iteratorType, newIterator } from "./common";

function indexAt(p: usize, i: isize): i32 {
  return load<i32>(p + ((<usize>i) << 2));
}

function setIndex(p: usize, i: isize, v: isize): void {
  store<i32>(p + ((<usize>i) << 2), <i32>v);
}

function arrangement_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  arrangementobject_clear(o);
  PyMem_Free(arrangementobject.at(o).indices);
  freeIterator(o);
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
  const x = arrangementobject.at(o);
  x.pool = pool;
  x.indices = block;
  x.r = r;
  return o;
}

/** More places than an iterator has. */
const PLACES_MAX: i64 = 0x7ffffff;

/** An argument that is a count, as wide as CPython's; -1 with TypeError or OverflowError. */
function wideCount(v: usize): i64 {
  const i = PyNumber_Index(v);
  if (i == 0) return -1;
  const r = PyLong_AsLongLongAndOverflow(i);
  const overflow = longOverflow(i) != 0;
  Py.DECREF(i);
  if (!overflow) return r;
  PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C ssize_t");
  return -1;
}

// product

function product_new(type: usize, args: usize, kwargs: usize): usize {
  let times: isize = 1;
  if (kwargs != 0 && PyDict_Size(kwargs) > 0) {
    const repeat = PyDict_Size(kwargs) == 1 ? PyDict_GetItemLiteral(kwargs, "repeat") : 0;
    if (repeat == 0) return PyErr_SetString(PyExc_TypeError, "product() got an unexpected keyword argument");
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
  let empty = false;
  for (let i: isize = 0; i < n * times; i++) {
    const pool = i < n ? PySequence_Tuple(Tuple.get(args, i)) : Py.NewRef(Tuple.get(pools, i - n));
    if (pool == 0) {
      Py.DECREF(pools);
      return 0;
    }
    Tuple.set(pools, i, pool);
    if (Py.SIZE(pool) == 0) empty = true;
  }
  const o = makeArrangement(type, pools, n * times, n * times);
  if (o != 0 && empty) arrangementobject.at(o).stopped = 1;
  return o;
}

function product_next(o: usize): usize {
  if (arrangementobject.at(o).stopped) return 0;
  const pools = arrangementobject.at(o).pool;
  const n = arrangementobject.at(o).r;
  const p = arrangementobject.at(o).indices;
  const result = PyTuple_New(n);
  if (result == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    Tuple.set(result, i, Py.NewRef(Tuple.get(Tuple.get(pools, i), indexAt(p, i))));
  }
  // The last place that has a next item moves on; those after it start over.
  let i = n - 1;
  for (; i >= 0; i--) {
    const next = indexAt(p, i) + 1;
    if (next < Py.SIZE(Tuple.get(pools, i))) {
      setIndex(p, i, next);
      break;
    }
    setIndex(p, i, 0);
  }
  if (i < 0) arrangementobject.at(o).stopped = 1;
  return result;
}

/** The items of the pool at the first r indices as a new tuple. */
function picked(o: usize): usize {
  const pool = arrangementobject.at(o).pool;
  const p = arrangementobject.at(o).indices;
  const r = arrangementobject.at(o).r;
  const result = PyTuple_New(r);
  for (let i: isize = 0; i < r && result != 0; i++) {
    Tuple.set(result, i, Py.NewRef(Tuple.get(pool, indexAt(p, i))));
  }
  return result;
}

/** Whether there may be so many places; otherwise ValueError or MemoryError. */
function isCount(r: i64): bool {
  if (r < 0) PyErr_SetString(PyExc_ValueError, "r must be non-negative");
  else if (r > PLACES_MAX) PyErr_NoMemory();
  else return true;
  return false;
}

// combinations: indices that rise

function combinations_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("combinations", "iterable r", args, kwargs, a, 2, 2);
  const iterable = Py.item(a, 0);
  const count = Py.item(a, 1);
  Scratch.give(a);
  if (!ok) return 0;
  const wide = wideCount(count);
  if (wide == -1 && PyErr_Occurred()) return 0;
  const pool = PySequence_Tuple(iterable);
  if (pool == 0) return 0;
  if (!isCount(wide)) {
    Py.DECREF(pool);
    return 0;
  }
  const r = <isize>wide;
  const n = Py.SIZE(pool);
  const o = makeArrangement(type, pool, r, min<isize>(r, n));
  if (o == 0) return 0;
  if (r > n) arrangementobject.at(o).stopped = 1;
  else for (let i: isize = 0; i < r; i++) setIndex(arrangementobject.at(o).indices, i, i);
  return o;
}

function combinations_next(o: usize): usize {
  if (arrangementobject.at(o).stopped) return 0;
  const result = picked(o);
  if (result == 0) return 0;
  const n = Py.SIZE(arrangementobject.at(o).pool);
  const r = arrangementobject.at(o).r;
  const p = arrangementobject.at(o).indices;
  let i = r - 1;
  while (i >= 0 && indexAt(p, i) == i + n - r) i--;
  if (i < 0) arrangementobject.at(o).stopped = 1;
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
  const o = makeArrangement(type, pool, r, n + min<isize>(r, n));
  if (o == 0) return 0;
  if (r > n) {
    arrangementobject.at(o).stopped = 1;
    return o;
  }
  const p = arrangementobject.at(o).indices;
  for (let i: isize = 0; i < n; i++) setIndex(p, i, i);
  for (let i: isize = 0; i < r; i++) setIndex(p, n + i, n - i);
  return o;
}

function permutations_next(o: usize): usize {
  if (arrangementobject.at(o).stopped) return 0;
  const result = picked(o);
  if (result == 0) return 0;
  const n = Py.SIZE(arrangementobject.at(o).pool);
  const r = arrangementobject.at(o).r;
  const p = arrangementobject.at(o).indices;
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
  if (i < 0) arrangementobject.at(o).stopped = 1;
  return result;
}

function arrangementType(type: usize, size: usize, make: u32, next: u32): bool {
  return iteratorType(type, size, arrangement_dealloc.index, arrangementobject_traverse.index, make, next);
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
  const size = SIZEOF_arrangementobject;
  const ready =
    arrangementType(PyItertools_product_Type, size, product_new.index, product_next.index) &&
    arrangementType(PyItertools_combinations_Type, size, combinations_new.index, combinations_next.index) &&
    arrangementType(
      PyItertools_permutations_Type,
      SIZEOF_permutationsobject,
      permutations_new.index,
      permutations_next.index,
    );
  return ready ? 0 : -1;
}
