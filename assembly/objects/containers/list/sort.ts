// list.sort: a stable, adaptive merge sort (timsort; CPython 3.13's Objects/listobject.c and Objects/listsort.txt).
//
// While a list is sorted it is empty to everybody else: its array is here. Keys and values are two arrays that move
// together (values is null where there is no key function). Natural runs are found (descending ones reversed), short
// ones lengthened by binary insertion to `minrun`, and merged under the powersort policy, galloping where one side wins
// often. Before, the keys are looked over once: where all are exact strs of Latin-1, exact small ints, exact floats, or
// tuples that begin with such, a special comparison is used.

import { Interrupts } from "../../../thread/interrupts";
import {
  PyListObject,
  PyTypeObject,
  SIZEOF_sort_run,
  SIZEOF_sort_state,
  sort_run,
  sort_state,
  sort_state_pending,
} from "../../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NotImplementedStruct,
  _Py_TrueStruct,
  PyExc_ValueError,
  PyFloat_Type,
  PyLong_Type,
  PyTuple_Type,
  PyUnicode_Type,
} from "../../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../../memory/pymem";
import { PyErr_NoMemory, PyErr_SetString } from "../../errors/raise";
import { Float } from "../../numbers/float/float";
import { Long } from "../../numbers/int/access";
import { PyObject_CallOneArg } from "../../object/call";
import { Py_EQ, Py_LT } from "../../object/flags";
import { Py } from "../../object/head";
import { PyObject_IsTrue, PyObject_RichCompare, PyObject_RichCompareBool } from "../../protocol/compare";
import { U } from "../../text/access";
import { compareBytes } from "../../text/compare";
import { Tuple } from "../tuple";
import { List } from "./list";

const COMPARE_ANY: u32 = 0;
const COMPARE_TYPE: u32 = 1;
const COMPARE_LATIN1: u32 = 2;
const COMPARE_INT: u32 = 3;
const COMPARE_FLOAT: u32 = 4;
const COMPARE_TUPLE: u32 = 5;

const MIN_GALLOP: i32 = 7;

function compareByKind(s: usize, kind: u32, a: usize, b: usize): i32 {
  switch (kind) {
    case COMPARE_LATIN1: {
      const na = U.length(a);
      const nb = U.length(b);
      const c = compareBytes(U.data(a), U.data(b), <usize>min(na, nb));
      return c != 0 ? (c < 0 ? 1 : 0) : na < nb ? 1 : 0;
    }
    case COMPARE_INT:
      return Long.compactValue(a) < Long.compactValue(b) ? 1 : 0;
    case COMPARE_FLOAT:
      return Float.value(a) < Float.value(b) ? 1 : 0;
    case COMPARE_TYPE: {
      const compare = sort_state.at(s).richcompare;
      // The keys may have changed their class meanwhile: then what everybody uses.
      if (PyTypeObject.at(Py.TYPE(a)).tp_richcompare != compare) return PyObject_RichCompareBool(a, b, Py_LT);
      const r = call_indirect<usize>(compare, a, b, Py_LT);
      if (r == 0) return -1;
      if (r == _Py_TrueStruct) return 1;
      if (r == _Py_FalseStruct) return 0;
      if (r == _Py_NotImplementedStruct) return PyObject_RichCompareBool(a, b, Py_LT);
      const t = PyObject_IsTrue(r);
      Py.DECREF(r);
      return t;
    }
    case COMPARE_TUPLE:
      return tupleLess(s, a, b);
    default:
      return lessAny(a, b);
  }
}

function lessAny(a: usize, b: usize): i32 {
  const r = PyObject_RichCompare(a, b, Py_LT);
  if (r == 0) return -1;
  const t = r == _Py_TrueStruct ? 1 : r == _Py_FalseStruct ? 0 : PyObject_IsTrue(r);
  Py.DECREF(r);
  return t;
}

/** Tuples whose first items are compared by item_comparison: 1, 0, or -1 with an exception. */
function tupleLess(s: usize, a: usize, b: usize): i32 {
  const na = Tuple.size(a);
  const nb = Tuple.size(b);
  let i: isize = 0;
  for (; i < na && i < nb; i++) {
    const equal = PyObject_RichCompareBool(Tuple.get(a, i), Tuple.get(b, i), Py_EQ);
    if (equal < 0) return -1;
    if (equal == 0) break;
  }
  if (i >= na || i >= nb) return na < nb ? 1 : 0;
  if (i == 0) return compareByKind(s, sort_state.at(s).item_comparison, Tuple.get(a, 0), Tuple.get(b, 0));
  return PyObject_RichCompareBool(Tuple.get(a, i), Tuple.get(b, i), Py_LT);
}

/** 1 where a < b, 0 where not, -1 with an exception. */
function less(s: usize, a: usize, b: usize): i32 {
  return compareByKind(s, sort_state.at(s).comparison, a, b);
}

/** The kind of comparison for a key by itself: exact type and value. */
function kindOf(key: usize): u32 {
  const type = Py.TYPE(key);
  if (type == PyUnicode_Type && U.kind(key) == 1) return COMPARE_LATIN1;
  if (type == PyLong_Type && Long.isCompact(key)) return COMPARE_INT;
  if (type == PyFloat_Type) return COMPARE_FLOAT;
  return COMPARE_TYPE;
}

/** Looks over the keys and chooses the comparison. */
function chooseCompare(s: usize, keys: usize, n: isize): void {
  sort_state.at(s).comparison = COMPARE_ANY;
  if (n < 2) return;
  const first = Py.item(keys, 0);
  const tuples = Py.TYPE(first) == PyTuple_Type && Tuple.size(first) > 0;
  const sample = tuples ? Tuple.get(first, 0) : first;
  const type = Py.TYPE(sample);
  let kind = kindOf(sample);
  let same = true;
  for (let i: isize = 0; i < n; i++) {
    let key = Py.item(keys, i);
    if (tuples) {
      if (Py.TYPE(key) != PyTuple_Type || Tuple.size(key) == 0) return;
      key = Tuple.get(key, 0);
    }
    if (Py.TYPE(key) != type) {
      same = false;
      if (!tuples) return;
      break;
    }
    if (kind != COMPARE_TYPE && kindOf(key) != kind) kind = COMPARE_TYPE;
  }
  const compare = PyTypeObject.at(type).tp_richcompare;
  if (!same || (kind == COMPARE_TYPE && compare == 0)) kind = COMPARE_ANY;
  sort_state.at(s).richcompare = compare;
  if (tuples) {
    // Tuples within tuples would compare themselves without end.
    sort_state.at(s).item_comparison = type == PyTuple_Type ? COMPARE_ANY : kind;
    sort_state.at(s).comparison = COMPARE_TUPLE;
  } else sort_state.at(s).comparison = kind;
}

function reverseRange(base: usize, lo: isize, hi: isize): void {
  if (base == 0) return;
  for (hi--; lo < hi; lo++, hi--) {
    const t = Py.item(base, lo);
    Py.setItem(base, lo, Py.item(base, hi));
    Py.setItem(base, hi, t);
  }
}

/** Sorts keys lo to hi, of which those before `start` are sorted already. -1 with an exception. */
function binarySort(s: usize, keys: usize, values: usize, lo: isize, hi: isize, start: isize): i32 {
  for (; start < hi; start++) {
    const pivot = Py.item(keys, start);
    let l = lo;
    let r = start;
    while (l < r) {
      const m = l + ((r - l) >> 1);
      const c = less(s, pivot, Py.item(keys, m));
      if (c < 0) return -1;
      if (c) r = m;
      else l = m + 1;
    }
    const bytes = (<usize>(start - l)) << 3;
    memory.copy(Py.slot(keys, l + 1), Py.slot(keys, l), bytes);
    Py.setItem(keys, l, pivot);
    if (values != 0) {
      const v = Py.item(values, start);
      memory.copy(Py.slot(values, l + 1), Py.slot(values, l), bytes);
      Py.setItem(values, l, v);
    }
  }
  return 0;
}

/**
 * The length of the run that begins at `lo`; a descending one is reversed first, equal neighbours in it keeping their
 * order. -1 with an exception.
 */
function countRun(s: usize, keys: usize, values: usize, lo: isize, hi: isize): isize {
  let i = lo + 1;
  for (; i < hi; i++) {
    const c = less(s, Py.item(keys, i), Py.item(keys, i - 1));
    if (c < 0) return -1;
    if (c) break;
  }
  if (i == hi) return hi - lo;
  // Key i is below the one before it. Unless all before are equal, the run was ascending and is over.
  if (i > lo + 1) {
    const c = less(s, Py.item(keys, lo), Py.item(keys, i - 1));
    if (c < 0) return -1;
    if (c) return i - lo;
    reverseRange(keys, lo, i);
    reverseRange(values, lo, i);
  }
  // Descending. Groups of equal keys are reversed at once, so that reversing the whole restores their order.
  let equal: isize = 0;
  for (i++; i < hi; i++) {
    const c = less(s, Py.item(keys, i), Py.item(keys, i - 1));
    if (c < 0) return -1;
    if (c) {
      equal = reverseEqual(keys, values, i, equal);
      continue;
    }
    const d = less(s, Py.item(keys, i - 1), Py.item(keys, i));
    if (d < 0) return -1;
    if (d) break;
    equal++;
  }
  reverseEqual(keys, values, i, equal);
  reverseRange(keys, lo, i);
  reverseRange(values, lo, i);
  // Ascending now: what follows may go on upwards.
  for (; i < hi; i++) {
    const c = less(s, Py.item(keys, i), Py.item(keys, i - 1));
    if (c < 0) return -1;
    if (c) break;
  }
  return i - lo;
}

/** Reverses the equal + 1 keys before `end`, where there is more than one; returns 0, the new count. */
function reverseEqual(keys: usize, values: usize, end: isize, equal: isize): isize {
  if (equal > 0) {
    reverseRange(keys, end - equal - 1, end);
    reverseRange(values, end - equal - 1, end);
  }
  return 0;
}

/** Where `key` goes in the n sorted keys at `a`, before equal ones; the search begins at `hint`. -1: an exception. */
function gallopLeft(s: usize, key: usize, a: usize, n: isize, hint: isize): isize {
  let last: isize = 0;
  let at: isize = 1;
  let c = less(s, Py.item(a, hint), key);
  if (c < 0) return -1;
  if (c) {
    const most = n - hint;
    while (at < most) {
      c = less(s, Py.item(a, hint + at), key);
      if (c < 0) return -1;
      if (!c) break;
      last = at;
      at = (at << 1) + 1;
    }
    if (at > most) at = most;
    last += hint;
    at += hint;
  } else {
    const most = hint + 1;
    while (at < most) {
      c = less(s, Py.item(a, hint - at), key);
      if (c < 0) return -1;
      if (c) break;
      last = at;
      at = (at << 1) + 1;
    }
    if (at > most) at = most;
    const k = last;
    last = hint - at;
    at = hint - k;
  }
  last++;
  while (last < at) {
    const m = last + ((at - last) >> 1);
    c = less(s, Py.item(a, m), key);
    if (c < 0) return -1;
    if (c) last = m + 1;
    else at = m;
  }
  return at;
}

/** As gallopLeft, after equal ones. */
function gallopRight(s: usize, key: usize, a: usize, n: isize, hint: isize): isize {
  let last: isize = 0;
  let at: isize = 1;
  let c = less(s, key, Py.item(a, hint));
  if (c < 0) return -1;
  if (c) {
    const most = hint + 1;
    while (at < most) {
      c = less(s, key, Py.item(a, hint - at));
      if (c < 0) return -1;
      if (!c) break;
      last = at;
      at = (at << 1) + 1;
    }
    if (at > most) at = most;
    const k = last;
    last = hint - at;
    at = hint - k;
  } else {
    const most = n - hint;
    while (at < most) {
      c = less(s, key, Py.item(a, hint + at));
      if (c < 0) return -1;
      if (c) break;
      last = at;
      at = (at << 1) + 1;
    }
    if (at > most) at = most;
    last += hint;
    at += hint;
  }
  last++;
  while (last < at) {
    const m = last + ((at - last) >> 1);
    c = less(s, key, Py.item(a, m));
    if (c < 0) return -1;
    if (c) at = m;
    else last = m + 1;
  }
  return at;
}

/** Room for `n` temporary keys (and values). -1 with MemoryError. */
function temporaryRoom(s: usize, n: isize): i32 {
  const state = sort_state.at(s);
  if (state.temporary_room >= n) return 0;
  freeTemporary(s);
  const values = state.values != 0;
  const block = PyMem_Malloc(((<usize>n) << 3) * (values ? 2 : 1));
  if (block == 0) {
    PyErr_NoMemory();
    return -1;
  }
  state.temporary_keys = block;
  state.temporary_values = values ? Py.slot(block, n) : 0;
  state.temporary_room = n;
  return 0;
}

function freeTemporary(s: usize): void {
  const state = sort_state.at(s);
  if (state.temporary_keys != 0) PyMem_Free(state.temporary_keys);
  state.temporary_keys = 0;
  state.temporary_room = 0;
}

class Move {
  /** Copies `n` keys and values: from one place to another of the same pair of arrays, or between pairs. */
  @inline static run(tk: usize, tv: usize, to: isize, fk: usize, fv: usize, from: isize, n: isize): void {
    const bytes = (<usize>n) << 3;
    memory.copy(Py.slot(tk, to), Py.slot(fk, from), bytes);
    if (tv != 0) memory.copy(Py.slot(tv, to), Py.slot(fv, from), bytes);
  }

  @inline static one(tk: usize, tv: usize, to: isize, fk: usize, fv: usize, from: isize): void {
    Py.setItem(tk, to, Py.item(fk, from));
    if (tv != 0) Py.setItem(tv, to, Py.item(fv, from));
  }
}

/** Merges runs a (at `ia`, the shorter, copied out) and b (right after it), from the left. -1 with an exception. */
function mergeLow(s: usize, keys: usize, values: usize, ia: isize, na: isize, ib: isize, nb: isize): i32 {
  if (temporaryRoom(s, na) < 0) return -1;
  const tk = sort_state.at(s).temporary_keys;
  const tv = sort_state.at(s).temporary_values;
  Move.run(tk, tv, 0, keys, values, ia, na);
  let a: isize = 0;
  let b = ib;
  let dest = ia;
  let status = 0;
  Move.one(keys, values, dest++, keys, values, b++);
  nb--;
  let minGallop = sort_state.at(s).min_gallop;
  let done = nb == 0;
  while (!done) {
    if (na == 1) break;
    let countA: isize = 0;
    let countB: isize = 0;
    // One pair at a time, until one side wins often.
    for (;;) {
      const c = less(s, Py.item(keys, b), Py.item(tk, a));
      if (c < 0) {
        status = -1;
        done = true;
        break;
      }
      if (c) {
        Move.one(keys, values, dest++, keys, values, b++);
        countB++;
        countA = 0;
        if (--nb == 0) {
          done = true;
          break;
        }
        if (countB >= minGallop) break;
      } else {
        Move.one(keys, values, dest++, tk, tv, a++);
        countA++;
        countB = 0;
        if (--na == 1) break;
        if (countA >= minGallop) break;
      }
    }
    if (done || na == 1) break;
    minGallop++;
    // Whole stretches at a time, as long as they are long.
    do {
      minGallop -= minGallop > 1 ? 1 : 0;
      sort_state.at(s).min_gallop = minGallop;
      let k = gallopRight(s, Py.item(keys, b), Py.slot(tk, a), na, 0);
      if (k < 0) {
        status = -1;
        done = true;
        break;
      }
      countA = k;
      if (k > 0) {
        Move.run(keys, values, dest, tk, tv, a, k);
        dest += k;
        a += k;
        na -= k;
        if (na <= 1) break;
      }
      Move.one(keys, values, dest++, keys, values, b++);
      if (--nb == 0) {
        done = true;
        break;
      }
      k = gallopLeft(s, Py.item(tk, a), Py.slot(keys, b), nb, 0);
      if (k < 0) {
        status = -1;
        done = true;
        break;
      }
      countB = k;
      if (k > 0) {
        Move.run(keys, values, dest, keys, values, b, k);
        dest += k;
        b += k;
        nb -= k;
        if (nb == 0) {
          done = true;
          break;
        }
      }
      Move.one(keys, values, dest++, tk, tv, a++);
      if (--na == 1) break;
    } while (countA >= MIN_GALLOP || countB >= MIN_GALLOP);
    if (done || na <= 1) break;
    minGallop++;
    sort_state.at(s).min_gallop = minGallop;
  }
  if (!done && na == 1 && nb > 0) {
    // The last of a goes behind all of b.
    Move.run(keys, values, dest, keys, values, b, nb);
    Move.one(keys, values, dest + nb, tk, tv, a);
    return 0;
  }
  if (na > 0) Move.run(keys, values, dest, tk, tv, a, na);
  return status;
}

/** Merges runs a (at `ia`) and b (right after it, the shorter, copied out), from the right. -1 with an exception. */
function mergeHigh(s: usize, keys: usize, values: usize, ia: isize, na: isize, ib: isize, nb: isize): i32 {
  if (temporaryRoom(s, nb) < 0) return -1;
  const tk = sort_state.at(s).temporary_keys;
  const tv = sort_state.at(s).temporary_values;
  Move.run(tk, tv, 0, keys, values, ib, nb);
  let dest = ib + nb - 1;
  let a = ia + na - 1;
  let b = nb - 1;
  let status = 0;
  Move.one(keys, values, dest--, keys, values, a--);
  na--;
  let minGallop = sort_state.at(s).min_gallop;
  let done = na == 0;
  while (!done) {
    if (nb == 1) break;
    let countA: isize = 0;
    let countB: isize = 0;
    for (;;) {
      const c = less(s, Py.item(tk, b), Py.item(keys, a));
      if (c < 0) {
        status = -1;
        done = true;
        break;
      }
      if (c) {
        Move.one(keys, values, dest--, keys, values, a--);
        countA++;
        countB = 0;
        if (--na == 0) {
          done = true;
          break;
        }
        if (countA >= minGallop) break;
      } else {
        Move.one(keys, values, dest--, tk, tv, b--);
        countB++;
        countA = 0;
        if (--nb == 1) break;
        if (countB >= minGallop) break;
      }
    }
    if (done || nb == 1) break;
    minGallop++;
    do {
      minGallop -= minGallop > 1 ? 1 : 0;
      sort_state.at(s).min_gallop = minGallop;
      let k = gallopRight(s, Py.item(tk, b), Py.slot(keys, ia), na, na - 1);
      if (k < 0) {
        status = -1;
        done = true;
        break;
      }
      countA = na - k;
      if (countA > 0) {
        dest -= countA;
        a -= countA;
        Move.run(keys, values, dest + 1, keys, values, a + 1, countA);
        na -= countA;
        if (na == 0) {
          done = true;
          break;
        }
      }
      Move.one(keys, values, dest--, tk, tv, b--);
      if (--nb == 1) break;
      k = gallopLeft(s, Py.item(keys, a), tk, nb, nb - 1);
      if (k < 0) {
        status = -1;
        done = true;
        break;
      }
      countB = nb - k;
      if (countB > 0) {
        dest -= countB;
        b -= countB;
        Move.run(keys, values, dest + 1, tk, tv, b + 1, countB);
        nb -= countB;
        if (nb <= 1) break;
      }
      Move.one(keys, values, dest--, keys, values, a--);
      if (--na == 0) {
        done = true;
        break;
      }
    } while (countA >= MIN_GALLOP || countB >= MIN_GALLOP);
    if (done || nb <= 1) break;
    minGallop++;
    sort_state.at(s).min_gallop = minGallop;
  }
  if (!done && nb == 1 && na > 0) {
    // The first of b goes before all of a.
    dest -= na;
    a -= na;
    Move.run(keys, values, dest + 1, keys, values, a + 1, na);
    Move.one(keys, values, dest, tk, tv, b);
    return 0;
  }
  if (nb > 0) Move.run(keys, values, dest - nb + 1, tk, tv, 0, nb);
  return status;
}

class Run {
  /** Pending run `i`. */
  @inline static at(s: usize, i: i32): sort_run {
    return sort_run.at(sort_state.at(s).pending + <usize>i * SIZEOF_sort_run);
  }
}

/** Merges pending runs i and i + 1. -1 with an exception. */
function mergeAt(s: usize, i: i32): i32 {
  const state = sort_state.at(s);
  const keys = state.keys;
  const values = state.values;
  const first = Run.at(s, i);
  const second = Run.at(s, i + 1);
  let ia: isize = first.start;
  let na: isize = first.length;
  const ib: isize = second.start;
  let nb: isize = second.length;
  first.length = <i32>(na + nb);
  if (i == state.pending_count - 3) {
    memory.copy(changetype<usize>(second), changetype<usize>(Run.at(s, i + 2)), SIZEOF_sort_run);
  }
  state.pending_count = state.pending_count - 1;
  if (Interrupts.raised()) return -1;
  // What of a is below all of b, and what of b is above all of a, stays.
  const k = gallopRight(s, Py.item(keys, ib), Py.slot(keys, ia), na, 0);
  if (k < 0) return -1;
  ia += k;
  na -= k;
  if (na == 0) return 0;
  nb = gallopLeft(s, Py.item(keys, ia + na - 1), Py.slot(keys, ib), nb, nb - 1);
  if (nb <= 0) return nb;
  return na <= nb ? mergeLow(s, keys, values, ia, na, ib, nb) : mergeHigh(s, keys, values, ia, na, ib, nb);
}

/** The depth of the boundary between two runs in the ideal merge tree of n keys (powersort). */
function powerOf(s1: isize, n1: isize, n2: isize, n: isize): i32 {
  let result = 0;
  let a = 2 * <i64>s1 + n1;
  let b = a + n1 + n2;
  for (;;) {
    result++;
    if (a >= n) {
      a -= n;
      b -= n;
    } else if (b >= n) break;
    a <<= 1;
    b <<= 1;
  }
  return result;
}

/** Merges what must be merged before a run of `n2` keys is pending. -1 with an exception. */
function foundNewRun(s: usize, n2: isize): i32 {
  const state = sort_state.at(s);
  if (state.pending_count == 0) return 0;
  const top = Run.at(s, state.pending_count - 1);
  const power = powerOf(top.start, top.length, n2, state.count);
  while (state.pending_count > 1 && Run.at(s, state.pending_count - 2).power > power) {
    if (mergeAt(s, state.pending_count - 2) < 0) return -1;
  }
  Run.at(s, state.pending_count - 1).power = power;
  return 0;
}

function mergeForceCollapse(s: usize): i32 {
  const state = sort_state.at(s);
  while (state.pending_count > 1) {
    let n = state.pending_count - 2;
    if (n > 0 && Run.at(s, n - 1).length < Run.at(s, n + 1).length) n--;
    if (mergeAt(s, n) < 0) return -1;
  }
  return 0;
}

function minRunLength(n: isize): isize {
  let r: isize = 0;
  while (n >= 64) {
    r |= n & 1;
    n >>= 1;
  }
  return n + r;
}

/** Sorts `n` keys (and values, or null) in their arrays. -1 with an exception: then all are there in some order. */
function sortArrays(keys: usize, values: usize, n: isize): i32 {
  const s = PyMem_Malloc(SIZEOF_sort_state);
  if (s == 0) {
    PyErr_NoMemory();
    return -1;
  }
  memory.fill(s, 0, sort_state_pending);
  const state = sort_state.at(s);
  state.min_gallop = MIN_GALLOP;
  state.keys = keys;
  state.values = values;
  state.count = n;
  chooseCompare(s, keys, n);
  const minrun = minRunLength(n);
  let lo: isize = 0;
  let status = 0;
  while (status == 0 && lo < n) {
    let length = Interrupts.raised() ? -1 : countRun(s, keys, values, lo, n);
    if (length < 0) {
      status = -1;
      break;
    }
    if (length < minrun) {
      const force = min(n - lo, minrun);
      status = binarySort(s, keys, values, lo, lo + force, lo + length);
      if (status < 0) break;
      length = force;
    }
    status = foundNewRun(s, length);
    if (status < 0) break;
    const run = Run.at(s, state.pending_count);
    run.start = <i32>lo;
    run.length = <i32>length;
    run.power = 0;
    state.pending_count = state.pending_count + 1;
    lo += length;
  }
  if (status == 0) status = mergeForceCollapse(s);
  freeTemporary(s);
  PyMem_Free(s);
  return status;
}

/** list.sort: `key` is a function or null. -1 with an exception; the list has its items in any case. */
export function sortList(l: usize, key: usize, reverse: bool): i32 {
  // The list is empty while it is sorted, whatever comparisons do with it.
  const n = List.size(l);
  const items = List.items(l);
  const allocated = List.allocated(l);
  List.setSize(l, 0);
  PyListObject.at(l).ob_item = 0;
  PyListObject.at(l).allocated = -1;
  let keys = items;
  let status = 0;
  let made: isize = 0;
  if (key != 0 && n > 0) {
    keys = PyMem_Malloc((<usize>n) << 3);
    if (keys == 0) {
      PyErr_NoMemory();
      status = -1;
    }
    for (; status == 0 && made < n; made++) {
      const k = PyObject_CallOneArg(key, Py.item(items, made));
      if (k == 0) {
        status = -1;
        break;
      }
      Py.setItem(keys, made, k);
    }
  }
  const values = key != 0 && n > 0 ? items : 0;
  if (status == 0 && n > 1) {
    // Turned around before and after, a reversed sort is stable too.
    if (reverse) {
      reverseRange(keys, 0, n);
      reverseRange(values, 0, n);
    }
    status = sortArrays(keys, values, n);
    if (reverse) reverseRange(items, 0, n);
  }
  if (values != 0 && keys != 0) {
    for (let i: isize = 0; i < made; i++) Py.DECREF(Py.item(keys, i));
    PyMem_Free(keys);
  }
  const modified = List.allocated(l) != -1;
  const otherItems = List.items(l);
  let otherSize = List.size(l);
  List.setSize(l, n);
  PyListObject.at(l).ob_item = items;
  PyListObject.at(l).allocated = allocated;
  if (modified && status == 0) {
    PyErr_SetString(PyExc_ValueError, "list modified during sort");
    status = -1;
  }
  if (otherItems != 0) {
    while (--otherSize >= 0) Py.XDECREF(Py.item(otherItems, otherSize));
    PyMem_Free(otherItems);
  }
  return status;
}

/** Sorts a list in place. -1 with an exception. */
export function PyList_Sort(l: usize): i32 {
  return sortList(l, 0, false);
}
