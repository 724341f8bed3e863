// Structure sequences: tuples whose items have names (CPython 3.13's Objects/structseq.c).
//
// Behind the items that the sequence shows (ob_size of them) lie those that are reached by name only.
//
// A type's fields are declared above the function that uses it; structType gets how many of them the sequence shows, and
// once the type is ready, nameStructFields completes its dict. Invariant: tp_basicsize is 24 and 8 for each hidden item,
// so an instance's real length is known from its type and its ob_size. Fields without a name are items of the sequence
// that have no member: their number is what the members' offsets leave out.

import {
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_READY,
  Py_TPFLAGS_TUPLE_SUBCLASS,
} from "../../generated/constants";
import { PyMemberDef, PyTupleObject_ob_item, PyTypeObject, SIZEOF_PyMemberDef } from "../../generated/layouts";
import { _Py_NoneStruct, ID, PyExc_TypeError, PyTuple_Type } from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { parseTupleAndKeywords } from "../define/args";
import { PyErr_Format, PyErr_Occurred } from "../errors/raise";
import { PyLong_FromSsize_t } from "../numbers/int/create";
import { _PyObject_GC_NewVar, PyObject_GC_Del } from "../object/alloc";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py, Visit } from "../object/head";
import { PyMapping_Keys, PySequence_Fast, PySequence_Fast_ITEMS } from "../protocol/sequence";
import { PyObject_Repr } from "../protocol/text";
import { PyUnicode_FromString } from "../text/create";
import { Writer, writeLiteral, writerDiscard, writerFinish, writeStr } from "../text/format/writer";
import { PyUnicode_InternFromString } from "../text/intern";
import { makeMutable } from "../types/mutable";
import { PyType_Ready } from "../types/ready";
import {
  PyDict_GetItemWithError,
  PyDict_New,
  PyDict_Pop,
  PyDict_SetItem,
  PyDict_SetItemLiteral,
  PyDict_Size,
} from "./dict/dict";
import { PyTuple_FromArray, PyTuple_New, PyTuple_Pack2, Tuple } from "./tuple";

function hiddenFields(type: usize): isize {
  return (PyTypeObject.at(type).tp_basicsize - <isize>PyTupleObject_ob_item) >> 3;
}

/** How many items there are with a name. */
function nameCount(type: usize): isize {
  let n: isize = 0;
  const members = PyTypeObject.at(type).tp_members;
  while (load<u32>(members + <usize>n * SIZEOF_PyMemberDef) != 0) n++;
  return n;
}

/** How many items there are, which the last of them tells. */
function fieldCount(type: usize): isize {
  const last = PyTypeObject.at(type).tp_members + <usize>(nameCount(type) - 1) * SIZEOF_PyMemberDef;
  return ((PyMemberDef.at(last).offset - <isize>PyTupleObject_ob_item) >> 3) + 1;
}

function unnamedCount(type: usize): isize {
  return fieldCount(type) - nameCount(type);
}

/** Name `i` of those that there are: UTF-8 ended by a NUL, static. */
function fieldName(type: usize, i: isize): usize {
  return PyMemberDef.at(PyTypeObject.at(type).tp_members + <usize>i * SIZEOF_PyMemberDef).name;
}

/**
 * A new sequence of `type`, its items null for the caller to fill. The collector does not know it, as in CPython: only those
 * that a program makes are tracked. Null with MemoryError.
 */
export function PyStructSequence_New(type: usize): usize {
  const total = fieldCount(type);
  const o = _PyObject_GC_NewVar(type, total);
  if (o == 0) return 0;
  Py.SET_SIZE(o, total - hiddenFields(type));
  memory.fill(Tuple.items(o), 0, (<usize>total) << 3);
  return o;
}

/** Sets item `i` of a new sequence; `value` is stolen. False where it is null (an exception is set then). */
export function setStructItem(o: usize, i: isize, value: usize): bool {
  Tuple.set(o, i, value);
  return value != 0;
}

function realLength(o: usize): isize {
  return Py.SIZE(o) + hiddenFields(Py.TYPE(o));
}

function structseq_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  const n = realLength(o);
  for (let i: isize = 0; i < n; i++) Py.XDECREF(Tuple.get(o, i));
  PyObject_GC_Del(o);
}

function structseq_traverse(o: usize, visit: u32, arg: usize): i32 {
  const n = realLength(o);
  for (let i: isize = 0; i < n; i++) {
    const r = Visit.call(Tuple.get(o, i), visit, arg);
    if (r) return r;
  }
  return 0;
}

/** type(sequence, dict={}): the dict gives items that the sequence does not reach. */
export function structseq_new(type: usize, args: usize, kwargs: usize): usize {
  const argv = Scratch.take(2);
  let r: usize = 0;
  if (parseTupleAndKeywords("structseq", "sequence dict", args, kwargs, argv, 1, 2)) {
    r = fromSequence(type, Py.item(argv, 0), Py.item(argv, 1));
  }
  Scratch.give(argv);
  return r;
}

function fromSequence(type: usize, sequence: usize, dict: usize): usize {
  const fast = PySequence_Fast(sequence, "constructor requires a sequence");
  if (fast == 0) return 0;
  const r = checkedSequence(type, fast, dict);
  Py.DECREF(fast);
  return r;
}

function checkedSequence(type: usize, fast: usize, dict: usize): usize {
  const name = PyTypeObject.at(type).tp_name;
  if (dict != 0 && !Py.check(dict, Py_TPFLAGS_DICT_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "%.500s() takes a dict as second arg, if any", name);
  }
  const most = fieldCount(type);
  const least = most - hiddenFields(type);
  const n = Py.SIZE(fast);
  if (n < least || n > most) {
    const format =
      least == most
        ? "%.500s() takes a %d-sequence (%d-sequence given)"
        : n < least
          ? "%.500s() takes an at least %d-sequence (%d-sequence given)"
          : "%.500s() takes an at most %d-sequence (%d-sequence given)";
    return PyErr_Format(PyExc_TypeError, format, name, n < least ? least : most, n);
  }
  const o = PyStructSequence_New(type);
  if (o == 0) return 0;
  const unnamed = unnamedCount(type);
  const items = PySequence_Fast_ITEMS(fast);
  for (let i: isize = 0; i < n; i++) Tuple.set(o, i, Py.NewRef(Py.item(items, i)));
  let found: isize = 0;
  for (let i = n; i < most; i++) {
    let v: usize = 0;
    if (dict != 0) {
      const key = PyUnicode_FromString(fieldName(type, i - unnamed));
      if (key != 0) {
        v = PyDict_GetItemWithError(dict, key);
        Py.DECREF(key);
      }
      if (v == 0 && PyErr_Occurred()) {
        Py.DECREF(o);
        return 0;
      }
    }
    if (v != 0) found++;
    Tuple.set(o, i, Py.NewRef(v == 0 ? _Py_NoneStruct : v));
  }
  if (dict != 0 && PyDict_Size(dict) > found) {
    Py.DECREF(o);
    return PyErr_Format(PyExc_TypeError, "%.500s() got duplicate or unexpected field name(s)", name);
  }
  _PyObject_GC_TRACK(o);
  return o;
}

function structseq_repr(o: usize): usize {
  const type = Py.TYPE(o);
  const name = PyUnicode_FromString(PyTypeObject.at(type).tp_name);
  if (name == 0) return 0;
  const n = Py.SIZE(o);
  const w = Writer.begin(n * 5 + 2);
  let r = writeStr(w, name);
  Py.DECREF(name);
  if (r == 0) r = Writer.char(w, 0x28);
  for (let i: isize = 0; i < n && r == 0; i++) {
    if (i > 0) r = writeLiteral(w, ", ");
    const field = r < 0 ? 0 : PyUnicode_FromString(fieldName(type, i));
    const value = field == 0 ? 0 : PyObject_Repr(Tuple.get(o, i));
    if (value == 0) r = -1;
    if (r == 0) r = writeStr(w, field);
    if (r == 0) r = Writer.char(w, 0x3d);
    if (r == 0) r = writeStr(w, value);
    Py.XDECREF(field);
    Py.XDECREF(value);
  }
  if (r == 0) r = Writer.char(w, 0x29);
  return r < 0 ? writerDiscard(w) : writerFinish(w);
}

export function structseq_reduce(o: usize, _u: usize): usize {
  const type = Py.TYPE(o);
  const visible = Py.SIZE(o);
  const total = realLength(o);
  const unnamed = unnamedCount(type);
  const items = PyTuple_FromArray(Tuple.items(o), visible);
  const dict = items == 0 ? 0 : PyDict_New();
  let r: usize = 0;
  if (dict != 0) {
    let ok = true;
    for (let i = visible; i < total && ok; i++) {
      const key = PyUnicode_FromString(fieldName(type, i - unnamed));
      ok = key != 0 && PyDict_SetItem(dict, key, Tuple.get(o, i)) == 0;
      Py.XDECREF(key);
    }
    const pair = ok ? PyTuple_Pack2(items, dict) : 0;
    if (pair != 0) {
      r = PyTuple_Pack2(type, pair);
      Py.DECREF(pair);
    }
    Py.DECREF(dict);
  }
  Py.XDECREF(items);
  return r;
}

/** o.__replace__(**changes): a copy with some fields changed. */
export function structseq_replace(o: usize, args: usize, kwargs: usize): usize {
  if (Py.SIZE(args) != 0) {
    return PyErr_Format(PyExc_TypeError, "__replace__() takes no positional arguments");
  }
  const type = Py.TYPE(o);
  if (unnamedCount(type) > 0) {
    return PyErr_Format(
      PyExc_TypeError,
      "__replace__() is not supported for %.500s because it has unnamed field(s)",
      PyTypeObject.at(type).tp_name,
    );
  }
  const copy = PyStructSequence_New(type);
  if (copy == 0) return 0;
  const total = realLength(o);
  for (let i: isize = 0; i < total; i++) {
    let v: usize = 0;
    if (kwargs != 0) {
      const key = PyUnicode_FromString(fieldName(type, i));
      if (key != 0) {
        v = PyDict_Pop(kwargs, key, 0);
        Py.DECREF(key);
      }
      if (v == 0 && PyErr_Occurred()) {
        Py.DECREF(copy);
        return 0;
      }
    }
    Tuple.set(copy, i, v != 0 ? v : Py.XNewRef(Tuple.get(o, i)));
  }
  if (kwargs != 0 && PyDict_Size(kwargs) > 0) {
    const names = PyMapping_Keys(kwargs);
    if (names != 0) {
      PyErr_Format(PyExc_TypeError, "Got unexpected field name(s): %R", names);
      Py.DECREF(names);
    }
    Py.DECREF(copy);
    return 0;
  }
  return copy;
}

/** Fills the slots of a type whose fields are added; the first `visible` of them are its items. */
export function structType(type: usize, visible: isize, instantiable: bool): void {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = PyTupleObject_ob_item + ((fieldCount(type) - visible) << 3);
  t.tp_itemsize = 8;
  t.tp_base = PyTuple_Type;
  t.tp_dealloc = structseq_dealloc.index;
  t.tp_repr = structseq_repr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_TUPLE_SUBCLASS;
  t.tp_traverse = structseq_traverse.index;
  if (instantiable) t.tp_new = structseq_new.index;
  else t.tp_flags |= Py_TPFLAGS_DISALLOW_INSTANTIATION;
}

function setCount(dict: usize, name: string, n: isize): i32 {
  const v = PyLong_FromSsize_t(n);
  if (v == 0) return -1;
  const r = PyDict_SetItemLiteral(dict, name, v);
  Py.DECREF(v);
  return r;
}

/** Adds to the dict of a ready type what tells its lengths and its __match_args__: 0, or -1 with an exception. */
export function nameStructFields(type: usize): i32 {
  const dict = PyTypeObject.at(type).tp_dict;
  const total = fieldCount(type);
  const visible = total - hiddenFields(type);
  if (setCount(dict, "n_sequence_fields", visible) < 0) return -1;
  if (setCount(dict, "n_fields", total) < 0) return -1;
  const unnamed = unnamedCount(type);
  if (setCount(dict, "n_unnamed_fields", unnamed) < 0) return -1;
  const named = visible - unnamed;
  const names = PyTuple_New(named);
  if (names == 0) return -1;
  for (let i: isize = 0; i < named; i++) {
    const name = PyUnicode_InternFromString(fieldName(type, i));
    if (name == 0) {
      Py.DECREF(names);
      return -1;
    }
    Tuple.set(names, i, name);
  }
  const r = PyDict_SetItem(dict, ID.__match_args__, names);
  Py.DECREF(names);
  return r;
}

/** Completes a type of a module other than sys, whose fields are added: 0, or -1 with an exception. Nothing where that was done before. */
export function readyStructType(type: usize, visible: isize): i32 {
  if (PyTypeObject.at(type).tp_flags & Py_TPFLAGS_READY) return 0;
  structType(type, visible, true);
  if (PyType_Ready(type) < 0 || nameStructFields(type) < 0) return -1;
  makeMutable(type);
  return 0;
}
