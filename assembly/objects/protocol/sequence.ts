// Sequences and mappings of any type (the sequence and mapping parts of CPython 3.13's Objects/abstract.c).

import {
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
} from "../../generated/constants";
import {
  PyListObject,
  PyMappingMethods,
  PyNumberMethods_nb_add,
  PyNumberMethods_nb_multiply,
  PyNumberMethods_nb_inplace_add,
  PySequenceMethods,
  PyTypeObject,
} from "../../generated/layouts";
import {
  _Py_NotImplementedStruct,
  ID,
  PyDict_Type,
  PyExc_KeyError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyList_Type,
  PyTuple_Type,
} from "../../generated/statics";
import { PyDict_GetItemWithError } from "../containers/dict/dict";
import { PyDict_Items, PyDict_Keys } from "../containers/dict/type";
import { _PyList_Extend, PyList_AsTuple, PyList_New } from "../containers/list/list";
import { _PyTuple_Resize, discardTuple, PyTuple_New, Tuple } from "../containers/tuple";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { PyLong_FromSsize_t } from "../numbers/int/create";
import { PyObject_CallMethodNoArgs } from "../object/call";
import { Py_EQ } from "../object/flags";
import { _PyObject_GC_IS_TRACKED, _PyObject_GC_TRACK } from "../object/gchead";
import { Py } from "../object/head";
import { PyObject_RichCompareBool } from "./compare";
import { PyObject_GetItem, PyObject_LengthHint } from "./items";
import { PyIter_Next, PyObject_GetIter } from "./iterator";
import { binaryOp1, inplaceOp1 } from "./number";

/** Whether the type has sq_item and is no dict. */
export function PySequence_Check(o: usize): bool {
  if (Py.check(o, Py_TPFLAGS_DICT_SUBCLASS)) return false;
  const m = PyTypeObject.at(Py.TYPE(o)).tp_as_sequence;
  return m != 0 && PySequenceMethods.at(m).sq_item != 0;
}

export function PyMapping_Check(o: usize): bool {
  const m = PyTypeObject.at(Py.TYPE(o)).tp_as_mapping;
  return m != 0 && PyMappingMethods.at(m).mp_subscript != 0;
}

/** len(o) of a sequence, or -1 with an exception. */
export function PySequence_Size(o: usize): isize {
  const m = PyTypeObject.at(Py.TYPE(o)).tp_as_sequence;
  if (m != 0 && PySequenceMethods.at(m).sq_length != 0) {
    return call_indirect<isize>(PySequenceMethods.at(m).sq_length, o);
  }
  const map = PyTypeObject.at(Py.TYPE(o)).tp_as_mapping;
  const isMapping = map != 0 && PyMappingMethods.at(map).mp_length != 0;
  PyErr_Format(PyExc_TypeError, isMapping ? "%t is not a sequence" : "object of type '%t' has no len()", o);
  return -1;
}

/** A negative index counts from the end, where the type knows its length. -1 below zero means failure. */
function adjustIndex(o: usize, i: isize): isize {
  if (i >= 0) return i;
  const m = PyTypeObject.at(Py.TYPE(o)).tp_as_sequence;
  if (PySequenceMethods.at(m).sq_length == 0) return i;
  const n = call_indirect<isize>(PySequenceMethods.at(m).sq_length, o);
  if (n < 0) return -0x80000000;
  return i + n;
}

/** o[i]: a new reference, or null with an exception. */
export function PySequence_GetItem(o: usize, i: isize): usize {
  const m = PyTypeObject.at(Py.TYPE(o)).tp_as_sequence;
  if (m != 0 && PySequenceMethods.at(m).sq_item != 0) {
    const at = adjustIndex(o, i);
    if (at == -0x80000000 && PyErr_Occurred() != 0) return 0;
    return call_indirect<usize>(PySequenceMethods.at(m).sq_item, o, at);
  }
  PyErr_Format(PyExc_TypeError, "'%t' object does not support indexing", o);
  return 0;
}

export function PySequence_SetItem(o: usize, i: isize, v: usize): i32 {
  const m = PyTypeObject.at(Py.TYPE(o)).tp_as_sequence;
  if (m != 0 && PySequenceMethods.at(m).sq_ass_item != 0) {
    const at = adjustIndex(o, i);
    if (at == -0x80000000 && PyErr_Occurred() != 0) return -1;
    return call_indirect<i32>(PySequenceMethods.at(m).sq_ass_item, o, at, v);
  }
  PyErr_Format(
    PyExc_TypeError,
    v == 0 ? "'%t' object doesn't support item deletion" : "'%t' object does not support item assignment",
    o,
  );
  return -1;
}

export function PySequence_DelItem(o: usize, i: isize): i32 {
  return PySequence_SetItem(o, i, 0);
}

/** tuple(o): a new reference. */
export function PySequence_Tuple(o: usize): usize {
  if (Py.TYPE(o) == PyTuple_Type) return Py.NewRef(o);
  if (Py.TYPE(o) == PyList_Type) return PyList_AsTuple(o);
  const it = PyObject_GetIter(o);
  if (it == 0) return 0;
  const hint = PyObject_LengthHint(o, 10);
  const t = hint < 0 ? 0 : collectTuple(it, hint);
  Py.DECREF(it);
  return t;
}

/**
 * What an iterator gives, in a new tuple; `room` is the first guess at how much. As it is tracked from the beginning, a
 * program can get hold of it meanwhile: it has as many items as have been put into it, never an empty slot.
 */
function collectTuple(it: usize, room: isize): usize {
  let t = PyTuple_New(room);
  if (t == 0) return 0;
  let n: isize = 0;
  if (room > 0) Py.SET_SIZE(t, 0);
  for (;;) {
    const item = PyIter_Next(it);
    if (item == 0) break;
    if (n >= room) {
      room += 10;
      room += room >> 2;
      t = _PyTuple_Resize(t, n, room);
      if (t == 0) {
        Py.DECREF(item);
        return 0;
      }
      Py.SET_SIZE(t, n);
    }
    Tuple.set(t, n++, item);
    Py.SET_SIZE(t, n);
  }
  if (PyErr_Occurred() == 0) {
    if (n != room) return _PyTuple_Resize(t, room, n);
    // A collection may have found nothing in it yet that it would have to follow.
    if (n > 0 && !_PyObject_GC_IS_TRACKED(t)) _PyObject_GC_TRACK(t);
    return t;
  }
  if (room > 0) discardTuple(t, room);
  return 0;
}

/** list(o): a new list. */
export function PySequence_List(o: usize): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  if (_PyList_Extend(list, o) < 0) {
    Py.DECREF(list);
    return 0;
  }
  return list;
}

/** `o` itself where it is a list or tuple, otherwise its items in a new list; TypeError with `message` if not iterable. */
export function PySequence_Fast(o: usize, message: string): usize {
  if (Py.check(o, Py_TPFLAGS_LIST_SUBCLASS | Py_TPFLAGS_TUPLE_SUBCLASS)) return Py.NewRef(o);
  const it = PyObject_GetIter(o);
  if (it == 0) {
    if (PyErr_ExceptionMatches(PyExc_TypeError)) PyErr_SetString(PyExc_TypeError, message);
    return 0;
  }
  const list = PySequence_List(it);
  Py.DECREF(it);
  return list;
}

/** The items of a result of PySequence_Fast: an array of 8-byte slots. */
export function PySequence_Fast_ITEMS(o: usize): usize {
  return Py.check(o, Py_TPFLAGS_LIST_SUBCLASS) ? PyListObject.at(o).ob_item : Tuple.items(o);
}

const COUNT: i32 = 1;
const INDEX: i32 = 2;
const CONTAINS: i32 = 3;

function iterSearch(seq: usize, o: usize, what: i32): isize {
  const it = PyObject_GetIter(seq);
  if (it == 0) {
    if (PyErr_ExceptionMatches(PyExc_TypeError)) {
      PyErr_Format(
        PyExc_TypeError,
        what == CONTAINS ? "argument of type '%t' is not iterable" : "argument of type '%t' is not iterable",
        seq,
      );
    }
    return -1;
  }
  let n: isize = 0;
  for (;;) {
    const item = PyIter_Next(it);
    if (item == 0) {
      if (PyErr_Occurred() != 0) n = -1;
      else if (what == INDEX) {
        PyErr_SetString(PyExc_ValueError, "sequence.index(x): x not in sequence");
        n = -1;
      } else if (what == CONTAINS) n = 0;
      break;
    }
    const cmp = PyObject_RichCompareBool(item, o, Py_EQ);
    Py.DECREF(item);
    if (cmp < 0) {
      n = -1;
      break;
    }
    if (cmp > 0) {
      if (what == CONTAINS) {
        n = 1;
        break;
      }
      if (what == INDEX) break;
      n++;
      continue;
    }
    if (what == INDEX) {
      if (n == 0x7fffffff) {
        PyErr_SetString(PyExc_OverflowError, "index exceeds C integer size");
        n = -1;
        break;
      }
      n++;
    }
  }
  Py.DECREF(it);
  return n;
}

/** o in seq, by iteration: 1, 0, or -1 with an exception. */
export function _PySequence_IterContains(seq: usize, o: usize): i32 {
  return <i32>iterSearch(seq, o, CONTAINS);
}

/** How many items of seq equal o, or -1. */
export function PySequence_Count(seq: usize, o: usize): isize {
  return iterSearch(seq, o, COUNT);
}

export function PySequence_Index(seq: usize, o: usize): isize {
  return iterSearch(seq, o, INDEX);
}

/** o in seq: 1, 0, or -1 with an exception. */
export function PySequence_Contains(seq: usize, o: usize): i32 {
  const m = PyTypeObject.at(Py.TYPE(seq)).tp_as_sequence;
  if (m != 0 && PySequenceMethods.at(m).sq_contains != 0) {
    return call_indirect<i32>(PySequenceMethods.at(m).sq_contains, seq, o);
  }
  return _PySequence_IterContains(seq, o);
}

/** seq + other of sequences. */
export function PySequence_Concat(s: usize, o: usize): usize {
  const m = PyTypeObject.at(Py.TYPE(s)).tp_as_sequence;
  if (m != 0 && PySequenceMethods.at(m).sq_concat != 0) {
    return call_indirect<usize>(PySequenceMethods.at(m).sq_concat, s, o);
  }
  // A class has __add__ among its numbers only.
  if (PySequence_Check(s) && PySequence_Check(o)) {
    const r = binaryOp1(s, o, PyNumberMethods_nb_add);
    if (r != _Py_NotImplementedStruct) return r;
  }
  return PyErr_Format(PyExc_TypeError, "'%t' object can't be concatenated", s);
}

/** A sequence n times: a new reference, null with an exception. */
export function PySequence_Repeat(s: usize, n: isize): usize {
  const m = PyTypeObject.at(Py.TYPE(s)).tp_as_sequence;
  if (m != 0 && PySequenceMethods.at(m).sq_repeat != 0) {
    return call_indirect<usize>(PySequenceMethods.at(m).sq_repeat, s, n);
  }
  // A class has __mul__ among its numbers only.
  if (PySequence_Check(s)) {
    const count = PyLong_FromSsize_t(n);
    if (count == 0) return 0;
    const r = binaryOp1(s, count, PyNumberMethods_nb_multiply);
    Py.DECREF(count);
    if (r != _Py_NotImplementedStruct) return r;
  }
  return PyErr_Format(PyExc_TypeError, "'%t' object can't be repeated", s);
}

/** s += other of sequences: what s is then. A new reference, null with an exception. */
export function PySequence_InPlaceConcat(s: usize, o: usize): usize {
  const m = PyTypeObject.at(Py.TYPE(s)).tp_as_sequence;
  if (m != 0 && PySequenceMethods.at(m).sq_inplace_concat != 0) {
    return call_indirect<usize>(PySequenceMethods.at(m).sq_inplace_concat, s, o);
  }
  if (m != 0 && PySequenceMethods.at(m).sq_concat != 0) {
    return call_indirect<usize>(PySequenceMethods.at(m).sq_concat, s, o);
  }
  if (PySequence_Check(s) && PySequence_Check(o)) {
    const r = inplaceOp1(s, o, PyNumberMethods_nb_inplace_add, PyNumberMethods_nb_add);
    if (r != _Py_NotImplementedStruct) return r;
  }
  return PyErr_Format(PyExc_TypeError, "'%t' object can't be concatenated", s);
}

/** o[key] where it may be missing: null without exception then. */
export function PyMapping_GetOptionalItem(o: usize, key: usize): usize {
  if (Py.TYPE(o) == PyDict_Type) return Py.XNewRef(PyDict_GetItemWithError(o, key));
  const v = PyObject_GetItem(o, key);
  if (v == 0 && PyErr_ExceptionMatches(PyExc_KeyError)) PyErr_Clear();
  return v;
}

function methodOutputAsList(o: usize, method: usize, what: string): usize {
  const out = PyObject_CallMethodNoArgs(o, method);
  if (out == 0) return 0;
  const it = PyObject_GetIter(out);
  if (it == 0) {
    if (PyErr_ExceptionMatches(PyExc_TypeError)) {
      PyErr_Format(PyExc_TypeError, "%t.%L() returned a non-iterable (type %t)", o, changetype<usize>(what), out);
    }
    Py.DECREF(out);
    return 0;
  }
  Py.DECREF(out);
  const list = PySequence_List(it);
  Py.DECREF(it);
  return list;
}

/** A new list of the mapping's keys. */
export function PyMapping_Keys(o: usize): usize {
  return Py.TYPE(o) == PyDict_Type ? PyDict_Keys(o) : methodOutputAsList(o, ID.keys, "keys");
}

export function PyMapping_Items(o: usize): usize {
  return Py.TYPE(o) == PyDict_Type ? PyDict_Items(o) : methodOutputAsList(o, ID.items, "items");
}
