// Iterators over sequences by index (CPython 3.13's Objects/iterobject.c, and the iterators of tupleobject.c,
// listobject.c, bytesobject.c, bytearrayobject.c, unicodeobject.c), all of one shape, seqiterobject; and the iterator
// that calls a function until it returns a sentinel.

import { Interrupts } from "../../thread/interrupts";
import { Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import {
  calliterobject,
  PyBytesObject,
  PyTypeObject,
  SIZEOF_calliterobject,
  SIZEOF_seqiterobject,
  seqiterobject,
  seqiterobject_it_index,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  _PyUnicodeASCIIIter_Type,
  empty_string,
  empty_tuple,
  ID,
  PyByteArrayIter_Type,
  PyBytesIter_Type,
  PyCallIter_Type,
  PyExc_IndexError,
  PyExc_OverflowError,
  PyExc_StopIteration,
  PyExc_TypeError,
  PyListIter_Type,
  PyListRevIter_Type,
  PySeqIter_Type,
  PyTupleIter_Type,
  PyUnicodeIter_Type,
} from "../../generated/statics";
import { ByteArray } from "../bytes/bytearray/bytearray";
import { List, PyList_New } from "../containers/list/list";
import { PyTuple_Pack1, PyTuple_Pack2, PyTuple_Pack3, Tuple } from "../containers/tuple";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import {
  calliterobject_clear,
  calliterobject_traverse,
  seqiterobject_clear,
  seqiterobject_traverse,
} from "../generated/references";
import { getBuiltin } from "../module/builtinlookup";
import { Long } from "../numbers/int/access";
import { PyLong_AsLongLong, PyLong_AsSsize_t, PyLong_FromLong, PyLong_FromLongLong } from "../numbers/int/create";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { PyObject_CallNoArgs } from "../object/call";
import { Py_EQ } from "../object/flags";
import { _PyObject_GC_TRACK, _PyObject_GC_UNTRACK } from "../object/gchead";
import { Py } from "../object/head";
import { PyObject_SelfIter } from "../protocol/access";
import { PyObject_RichCompareBool } from "../protocol/compare";
import { PyObject_GetItem, PyObject_Size } from "../protocol/items";
import { PySequence_GetItem } from "../protocol/sequence";
import { U } from "../text/access";
import { latin1Character, unicodeChar } from "../text/create";

class It {
  @inline static index(it: usize): isize {
    return seqiterobject.at(it).it_index;
  }

  @inline static setIndex(it: usize, i: isize): void {
    seqiterobject.at(it).it_index = i;
  }

  @inline static seq(it: usize): usize {
    return seqiterobject.at(it).it_seq;
  }

  /** The index of an iterator over what is written in Python, where it may be larger than any that has a place in memory. */
  @inline static farIndex(it: usize): i64 {
    return load<i64>(it + seqiterobject_it_index);
  }

  @inline static setFarIndex(it: usize, i: i64): void {
    store<i64>(it + seqiterobject_it_index, i);
  }

  /** Lets go of the sequence at the end; returns null. */
  @inline static exhaust(it: usize): usize {
    seqiterobject_clear(it);
    return 0;
  }
}

function newIterator(type: usize, seq: usize, index: isize): usize {
  const it = _PyObject_GC_New(type);
  if (it == 0) return 0;
  It.setIndex(it, index);
  seqiterobject.at(it).it_seq = Py.NewRef(seq);
  _PyObject_GC_TRACK(it);
  return it;
}

function iter_dealloc(it: usize): void {
  _PyObject_GC_UNTRACK(it);
  seqiterobject_clear(it);
  PyObject_GC_Del(it);
}

/** A new iterator over anything with __getitem__. Null with MemoryError. */
export function PySeqIter_New(seq: usize): usize {
  return newIterator(PySeqIter_Type, seq, 0);
}

/** A new iterator that calls `callable` until it returns what equals `sentinel`. Null with MemoryError. */
export function PyCallIter_New(callable: usize, sentinel: usize): usize {
  const it = _PyObject_GC_New(PyCallIter_Type);
  if (it == 0) return 0;
  calliterobject.at(it).it_callable = Py.NewRef(callable);
  calliterobject.at(it).it_sentinel = Py.NewRef(sentinel);
  _PyObject_GC_TRACK(it);
  return it;
}

/** tp_iter of tuple. */
export function tuple_iter(o: usize): usize {
  return newIterator(PyTupleIter_Type, o, 0);
}

/** tp_iter of list. */
export function list_iter(o: usize): usize {
  return newIterator(PyListIter_Type, o, 0);
}

/**
 * list.__reversed__.
 *
 * @native list.__reversed__($self, /)
 *
 * An iterator from the last element to the first.
 */
export function list_reversed(o: usize, _: usize): usize {
  return newIterator(PyListRevIter_Type, o, List.size(o) - 1);
}

/** tp_iter of str. */
export function unicode_iter(o: usize): usize {
  return newIterator(U.isAscii(o) ? _PyUnicodeASCIIIter_Type : PyUnicodeIter_Type, o, 0);
}

/** tp_iter of bytes. */
export function bytes_iter(o: usize): usize {
  return newIterator(PyBytesIter_Type, o, 0);
}

/** tp_iter of bytearray. */
export function bytearray_iter(o: usize): usize {
  return newIterator(PyByteArrayIter_Type, o, 0);
}

function tupleiter_next(it: usize): usize {
  if (Interrupts.raisedIn(It.index(it) + 1)) return 0;
  const seq = It.seq(it);
  if (seq == 0) return 0;
  const i = It.index(it);
  if (i >= Tuple.size(seq)) return It.exhaust(it);
  It.setIndex(it, i + 1);
  return Py.NewRef(Tuple.get(seq, i));
}

function listiter_next(it: usize): usize {
  if (Interrupts.raisedIn(It.index(it) + 1)) return 0;
  const seq = It.seq(it);
  if (seq == 0) return 0;
  const i = It.index(it);
  // One that was told to be at its end keeps its list.
  if (<u32>i >= <u32>List.size(seq)) return i < 0 ? 0 : It.exhaust(it);
  It.setIndex(it, i + 1);
  return Py.NewRef(List.get(seq, i));
}

function listreviter_next(it: usize): usize {
  const seq = It.seq(it);
  if (seq == 0) return 0;
  const i = It.index(it);
  // One that came to its end, or began there, keeps its list.
  if (i < 0) return 0;
  if (i < List.size(seq)) {
    It.setIndex(it, i - 1);
    return Py.NewRef(List.get(seq, i));
  }
  It.setIndex(it, -1);
  return It.exhaust(it);
}

function unicodeiter_next(it: usize): usize {
  const seq = It.seq(it);
  if (seq == 0) return 0;
  const i = It.index(it);
  if (i >= U.length(seq)) return It.exhaust(it);
  const c = unicodeChar(U.at(seq, i));
  if (c != 0) It.setIndex(it, i + 1);
  return c;
}

function asciiiter_next(it: usize): usize {
  const seq = It.seq(it);
  if (seq == 0) return 0;
  const i = It.index(it);
  if (i >= U.length(seq)) return It.exhaust(it);
  It.setIndex(it, i + 1);
  return latin1Character(load<u8>(U.data(seq) + <usize>i));
}

function bytesiter_next(it: usize): usize {
  const seq = It.seq(it);
  if (seq == 0) return 0;
  const i = It.index(it);
  if (i >= Py.SIZE(seq)) return It.exhaust(it);
  It.setIndex(it, i + 1);
  return Long.small(load<u8>(PyBytesObject.at(seq).ob_sval + <usize>i));
}

function bytearrayiter_next(it: usize): usize {
  const seq = It.seq(it);
  if (seq == 0) return 0;
  const i = It.index(it);
  if (i >= Py.SIZE(seq)) return It.exhaust(it);
  It.setIndex(it, i + 1);
  return Long.small(load<u8>(ByteArray.data(seq) + <usize>i));
}

/** An item of a sequence that is written in Python, or of another where the index is one of its own kind. */
function itemAt(seq: usize, i: i64): usize {
  if (i <= 0x7fffffff) return PySequence_GetItem(seq, <isize>i);
  const index = PyLong_FromLongLong(i);
  if (index == 0) return 0;
  const v = PyObject_GetItem(seq, index);
  Py.DECREF(index);
  return v;
}

function seqiter_next(it: usize): usize {
  const seq = It.seq(it);
  if (seq == 0) return 0;
  const i = It.farIndex(it);
  if (i == i64.MAX_VALUE) return PyErr_SetString(PyExc_OverflowError, "iter index too large");
  // The sequence's own code may go on with the iterator, which lets go of it at the end.
  Py.INCREF(seq);
  const v = itemAt(seq, i);
  Py.DECREF(seq);
  if (v != 0) {
    It.setFarIndex(it, i + 1);
    return v;
  }
  if (PyErr_ExceptionMatches(PyExc_IndexError) || PyErr_ExceptionMatches(PyExc_StopIteration)) {
    PyErr_Clear();
    if (It.seq(it) != 0) It.exhaust(it);
  }
  return 0;
}

/**
 * @native iterator.__length_hint__
 *
 * About how many elements are still to come, if known.
 */
export function seqiter_len(it: usize, _: usize): usize {
  const seq = It.seq(it);
  if (seq == 0) return Long.small(0);
  Py.INCREF(seq);
  const n = PyObject_Size(seq);
  Py.DECREF(seq);
  if (n == -1) {
    if (!PyErr_ExceptionMatches(PyExc_TypeError)) return 0;
    PyErr_Clear();
    return _Py_NotImplementedStruct;
  }
  return PyLong_FromLongLong(max<i64>(<i64>n - It.farIndex(it), 0));
}

/**
 * __length_hint__ of the iterators whose sequence has ob_size at +16, str included.
 *
 * @native list_iterator.__length_hint__
 * @native tuple_iterator.__length_hint__
 * @native bytes_iterator.__length_hint__
 * @native bytearray_iterator.__length_hint__
 * @native str_iterator.__length_hint__
 * @native str_ascii_iterator.__length_hint__
 *
 * About how many elements are still to come, if known.
 */
export function sized_len(it: usize, _: usize): usize {
  const seq = It.seq(it);
  const i = It.index(it);
  return PyLong_FromLong(seq == 0 || i < 0 ? 0 : max<isize>(Py.SIZE(seq) - i, 0));
}

/**
 * @native list_reverseiterator.__length_hint__
 *
 * About how many elements are still to come, if known.
 */
export function listreviter_len(it: usize, _: usize): usize {
  const seq = It.seq(it);
  const n = It.index(it) + 1;
  return PyLong_FromLong(seq == 0 || List.size(seq) < n ? 0 : n);
}

/** What an iterator gives, or the empty object, or a new list where that is null: a new reference, null with MemoryError. */
function sequenceOr(seq: usize, empty: usize): usize {
  if (seq != 0) return Py.NewRef(seq);
  return empty != 0 ? Py.NewRef(empty) : PyList_New(0);
}

/**
 * __reduce__: (iter, (sequence,), index), or (iter, (empty,)) at the end, where null stands for an empty list. Looking for
 * the function may bring the iterator to its end.
 */
function reduceIterator(it: usize, name: usize, empty: usize): usize {
  const iter = getBuiltin(name);
  if (iter == 0) return 0;
  // One that goes backwards keeps its list at the end, as does one that was told to be there.
  const isOver = It.seq(it) == 0 || It.farIndex(it) < 0;
  const seq = sequenceOr(isOver ? 0 : It.seq(it), empty);
  const args = seq == 0 ? 0 : PyTuple_Pack1(seq);
  const index = args == 0 || isOver ? 0 : PyLong_FromLongLong(It.farIndex(it));
  let r: usize = 0;
  if (args != 0 && isOver) r = PyTuple_Pack2(iter, args);
  else if (index != 0) r = PyTuple_Pack3(iter, args, index);
  Py.XDECREF(index);
  Py.XDECREF(args);
  Py.XDECREF(seq);
  Py.DECREF(iter);
  return r;
}

/**
 * @native iterator.__reduce__
 * @native tuple_iterator.__reduce__
 * @native bytes_iterator.__reduce__
 * @native bytearray_iterator.__reduce__($self, /)
 *
 * What a copy is made from.
 */
export function tuple_reduce(it: usize, _: usize): usize {
  return reduceIterator(it, ID.iter, empty_tuple);
}

/**
 * @native str_iterator.__reduce__
 * @native str_ascii_iterator.__reduce__
 *
 * What a copy is made from.
 */
export function unicode_reduce(it: usize, _: usize): usize {
  return reduceIterator(it, ID.iter, empty_string);
}

/**
 * @native list_iterator.__reduce__
 *
 * What a copy is made from.
 */
export function list_reduce(it: usize, _: usize): usize {
  return reduceIterator(it, ID.iter, 0);
}

/**
 * @native list_reverseiterator.__reduce__
 *
 * What a copy is made from.
 */
export function listrev_reduce(it: usize, _: usize): usize {
  return reduceIterator(it, ID.reversed, 0);
}

/**
 * @native list_iterator.__setstate__
 *
 * Go on from where a copy was made.
 */
export function list_setstate(it: usize, state: usize): usize {
  return setIndexWithin(it, state, -1);
}

/** Sets the index, within `least` and the length: None, or null with an exception. */
function setIndexWithin(it: usize, state: usize, least: isize): usize {
  const i = PyLong_AsSsize_t(state);
  if (i == -1 && PyErr_Occurred()) return 0;
  const seq = It.seq(it);
  if (seq != 0) It.setIndex(it, min(max<isize>(i, least), Py.SIZE(seq)));
  return _Py_NoneStruct;
}

/**
 * __setstate__ of the other iterators that go upwards.
 *
 * @native tuple_iterator.__setstate__
 * @native bytes_iterator.__setstate__
 * @native bytearray_iterator.__setstate__
 * @native str_iterator.__setstate__
 * @native str_ascii_iterator.__setstate__
 *
 * Go on from where a copy was made.
 */
export function clamped_setstate(it: usize, state: usize): usize {
  return setIndexWithin(it, state, 0);
}

/**
 * @native list_reverseiterator.__setstate__
 *
 * Go on from where a copy was made.
 */
export function listrev_setstate(it: usize, state: usize): usize {
  const i = PyLong_AsSsize_t(state);
  if (i == -1 && PyErr_Occurred()) return 0;
  const seq = It.seq(it);
  if (seq != 0) It.setIndex(it, min(max<isize>(i, -1), Py.SIZE(seq) - 1));
  return _Py_NoneStruct;
}

/**
 * @native iterator.__setstate__
 *
 * Go on from where a copy was made.
 */
export function seqiter_setstate(it: usize, state: usize): usize {
  // Errors are those of a Py_ssize_t.
  if (PyLong_AsSsize_t(state) == -1 && PyErr_Occurred()) return 0;
  if (It.seq(it) != 0) It.setFarIndex(it, max<i64>(PyLong_AsLongLong(state), 0));
  return _Py_NoneStruct;
}

function calliter_dealloc(it: usize): void {
  _PyObject_GC_UNTRACK(it);
  calliterobject_clear(it);
  PyObject_GC_Del(it);
}

function calliter_next(it: usize): usize {
  if (Interrupts.raised()) return 0;
  const callable = calliterobject.at(it).it_callable;
  if (callable == 0) return 0;
  // The call itself may end this iterator, which then lets go of what is called.
  Py.INCREF(callable);
  const v = PyObject_CallNoArgs(callable);
  Py.DECREF(callable);
  if (v != 0 && calliterobject.at(it).it_sentinel == 0) {
    Py.DECREF(v);
    return 0;
  }
  if (v != 0) {
    const sentinel = Py.NewRef(calliterobject.at(it).it_sentinel);
    const equal = PyObject_RichCompareBool(sentinel, v, Py_EQ);
    Py.DECREF(sentinel);
    if (equal == 0) return v;
    Py.DECREF(v);
    if (equal < 0) return 0;
  } else if (PyErr_ExceptionMatches(PyExc_StopIteration)) PyErr_Clear();
  else return 0;
  calliterobject_clear(it);
  return 0;
}

/**
 * @native callable_iterator.__reduce__
 *
 * What a copy is made from.
 */
export function calliter_reduce(it: usize, _: usize): usize {
  const iter = getBuiltin(ID.iter);
  if (iter == 0) return 0;
  const callable = calliterobject.at(it).it_callable;
  const sentinel = calliterobject.at(it).it_sentinel;
  const done = callable == 0 || sentinel == 0;
  const args = done ? PyTuple_Pack1(empty_tuple) : PyTuple_Pack2(callable, sentinel);
  const r = args == 0 ? 0 : PyTuple_Pack2(iter, args);
  Py.XDECREF(args);
  Py.DECREF(iter);
  return r;
}

function initOne(type: usize, next: u32): void {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_seqiterobject;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_dealloc = iter_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_traverse = seqiterobject_traverse.index;
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = next;
}

/**
 * @type iterator
 */

/**
 * @type callable_iterator
 */

/**
 * @type list_iterator
 */

/**
 * @type list_reverseiterator
 */

/**
 * @type tuple_iterator
 */

/**
 * @type bytes_iterator
 */

/**
 * @type bytearray_iterator
 */

/**
 * @type str_iterator
 */

/**
 * @type str_ascii_iterator
 */

/** Fills the slots and tables of all iterators over sequences. */
export function initSequenceIterTypes(): void {
  initOne(PySeqIter_Type, seqiter_next.index);
  initOne(PyTupleIter_Type, tupleiter_next.index);
  initOne(PyListIter_Type, listiter_next.index);
  initOne(PyListRevIter_Type, listreviter_next.index);
  initOne(PyUnicodeIter_Type, unicodeiter_next.index);
  initOne(_PyUnicodeASCIIIter_Type, asciiiter_next.index);
  initOne(PyBytesIter_Type, bytesiter_next.index);
  initOne(PyByteArrayIter_Type, bytearrayiter_next.index);
  const t = PyTypeObject.at(PyCallIter_Type);
  t.tp_basicsize = SIZEOF_calliterobject;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_dealloc = calliter_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_traverse = calliterobject_traverse.index;
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = calliter_next.index;
}
