// list, the type: slots, item assignment, methods (CPython 3.13's Objects/listobject.c).

import {
  _Py_TPFLAGS_MATCH_SELF,
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_SEQUENCE,
} from "../../../generated/constants";
import { PyMappingMethods, PySequenceMethods, PyTypeObject, SIZEOF_PyListObject } from "../../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  _Py_TrueStruct,
  PyExc_IndexError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyList_Type,
} from "../../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../../memory/pymem";
import { Scratch } from "../../../thread/scratch";
import { ArgParser } from "../../define/args";
import { asMapping, asSequence } from "../../define/tables";
import { PyErr_Fail, PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../errors/raise";
import { list_iter } from "../../iterators/sequence";
import { boolObject } from "../../numbers/bool";
import { PyLong_FromLong } from "../../numbers/int/create";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../../object/alloc";
import { PyObject_GenericGetAttr } from "../../object/attributes";
import { Py_EQ, Py_NE } from "../../object/flags";
import { Py } from "../../object/head";
import { Py_ReprEnter, Py_ReprLeave } from "../../object/reprguard";
import { PyObject_HashNotImplemented, PyObject_RichCompare, PyObject_RichCompareBool } from "../../protocol/compare";
import { PyIndex_Check, PyNumber_AsSsize_t } from "../../protocol/number";
import { PySequence_Fast } from "../../protocol/sequence";
import { PyObject_Repr } from "../../protocol/text";
import { compareResult } from "../../text/compare";
import { PyTypeName } from "../../text/concat";
import { PyUnicode_FromLiteral } from "../../text/create";
import { Writer, writeLiteral, writerDiscard, writerFinish, writeStr } from "../../text/format/writer";
import { reverseItems } from "../../text/split";
import { adjustIndices, isSlice, SliceIndices, unpackSlice } from "../slice";
import { Tuple } from "../tuple";
import {
  _PyList_Extend,
  fastItems,
  List,
  list_clear,
  list_concat,
  list_dealloc,
  list_inplace_repeat,
  list_repeat,
  list_slice,
  list_traverse,
  listResize,
  PyList_Append,
  PyList_Insert,
  PyList_New,
  PyList_SetSlice,
  replaceItem,
} from "./list";
import { sortList } from "./sort";

function list_repr(o: usize): usize {
  if (List.size(o) == 0) return PyUnicode_FromLiteral("[]");
  const entered = Py_ReprEnter(o);
  if (entered != 0) return entered > 0 ? PyUnicode_FromLiteral("[...]") : 0;
  const w = Writer.begin(List.size(o) * 3);
  let ok = Writer.char(w, 0x5b);
  // The list may change while its items are written.
  for (let i: isize = 0; ok == 0 && i < List.size(o); i++) {
    if (i > 0) ok = writeLiteral(w, ", ");
    const item = Py.NewRef(List.get(o, i));
    const s = ok == 0 ? PyObject_Repr(item) : 0;
    Py.DECREF(item);
    if (s == 0) {
      ok = -1;
      break;
    }
    ok = writeStr(w, s);
    Py.DECREF(s);
  }
  if (ok == 0) ok = Writer.char(w, 0x5d);
  Py_ReprLeave(o);
  return ok == 0 ? writerFinish(w) : writerDiscard(w);
}

function list_length(o: usize): isize {
  return List.size(o);
}

function list_contains(o: usize, v: usize): i32 {
  for (let i: isize = 0; i < List.size(o); i++) {
    const item = Py.NewRef(List.get(o, i));
    const c = PyObject_RichCompareBool(item, v, Py_EQ);
    Py.DECREF(item);
    if (c != 0) return c;
  }
  return 0;
}

function list_item(o: usize, i: isize): usize {
  if (<u32>i >= <u32>List.size(o)) return PyErr_SetString(PyExc_IndexError, "list index out of range");
  return Py.NewRef(List.get(o, i));
}

function list_ass_item(o: usize, i: isize, v: usize): i32 {
  if (<u32>i >= <u32>List.size(o)) return PyErr_Fail(PyExc_IndexError, "list assignment index out of range");
  if (v == 0) return PyList_SetSlice(o, i, i + 1, 0);
  replaceItem(o, i, Py.NewRef(v));
  return 0;
}

function list_inplace_concat(o: usize, other: usize): usize {
  return _PyList_Extend(o, other) < 0 ? 0 : Py.NewRef(o);
}

/**
 * mp_subscript of list.
 *
 * @native list.__getitem__($self, index, /)
 *
 * Element or slice.
 */
export function list_subscript(o: usize, item: usize): usize {
  if (PyIndex_Check(item)) {
    const i = PyNumber_AsSsize_t(item, PyExc_IndexError);
    if (i == -1 && PyErr_Occurred()) return 0;
    return list_item(o, i < 0 ? i + List.size(o) : i);
  }
  if (!isSlice(item)) {
    return PyErr_Format(PyExc_TypeError, "list indices must be integers or slices, not %.200s", PyTypeName.of(item));
  }
  const s = unpackSlice(item);
  if (s == 0) return 0;
  const length = adjustIndices(List.size(o), s);
  const start = SliceIndices.start(s);
  const step = SliceIndices.step(s);
  Scratch.give(s);
  if (length <= 0) return PyList_New(0);
  if (step == 1) return list_slice(o, start, start + length);
  const r = PyList_New(length);
  if (r == 0) return 0;
  for (let i: isize = 0, at = start; i < length; i++, at += step) List.set(r, i, Py.NewRef(List.get(o, at)));
  return r;
}

/** Deletes the items of a slice whose step is not 1. -1 with MemoryError. */
function deleteStepped(o: usize, start: isize, step: isize, length: isize): i32 {
  if (length <= 0) return 0;
  if (step < 0) {
    start += step * (length - 1);
    step = -step;
  }
  const dropped = PyMem_Malloc((<usize>length) << 3);
  if (dropped == 0) {
    PyErr_NoMemory();
    return -1;
  }
  const items = List.items(o);
  const n = List.size(o);
  let to = start;
  let next = start;
  let k: isize = 0;
  for (let i = start; i < n; i++) {
    if (i == next && k < length) {
      Py.setItem(dropped, k++, Py.item(items, i));
      next += step;
    } else Py.setItem(items, to++, Py.item(items, i));
  }
  // The items are out, even where the smaller array is not to be had.
  List.setSize(o, n - length);
  const r = listResize(o, n - length);
  for (let i: isize = 0; i < length; i++) Py.DECREF(Py.item(dropped, i));
  PyMem_Free(dropped);
  return r;
}

/** Assigns to the items of a slice whose step is not 1. -1 with an exception. */
function assignStepped(o: usize, s: usize, v: usize): i32 {
  // The list as its own value is copied first.
  const fast = v == o ? list_slice(v, 0, List.size(v)) : PySequence_Fast(v, "must assign iterable to extended slice");
  if (fast == 0) return -1;
  const length = adjustIndices(List.size(o), s);
  const start = SliceIndices.start(s);
  const step = SliceIndices.step(s);
  const n = Py.SIZE(fast);
  if (n != length) {
    PyErr_Format(PyExc_ValueError, "attempt to assign sequence of size %d to extended slice of size %d", n, length);
    Py.DECREF(fast);
    return -1;
  }
  if (length == 0) {
    Py.DECREF(fast);
    return 0;
  }
  const dropped = PyMem_Malloc((<usize>length) << 3);
  if (dropped == 0) {
    Py.DECREF(fast);
    PyErr_NoMemory();
    return -1;
  }
  const items = List.items(o);
  const from = fastItems(fast);
  for (let i: isize = 0, at = start; i < length; i++, at += step) {
    Py.setItem(dropped, i, Py.item(items, at));
    Py.setItem(items, at, Py.NewRef(Py.item(from, i)));
  }
  for (let i: isize = 0; i < length; i++) Py.DECREF(Py.item(dropped, i));
  PyMem_Free(dropped);
  Py.DECREF(fast);
  return 0;
}

/** Assigns to the items start to end of a slice whose step is 1; a null value deletes. -1 with an exception. */
function assignContiguous(o: usize, start: isize, end: isize, v: usize): i32 {
  if (v == 0 || v == o) return PyList_SetSlice(o, start, end, v);
  const fast = PySequence_Fast(v, "must assign iterable to extended slice");
  if (fast == 0) return -1;
  const r = PyList_SetSlice(o, start, end, fast);
  Py.DECREF(fast);
  return r;
}

function list_ass_subscript(o: usize, item: usize, v: usize): i32 {
  if (PyIndex_Check(item)) {
    const i = PyNumber_AsSsize_t(item, PyExc_IndexError);
    if (i == -1 && PyErr_Occurred()) return -1;
    return list_ass_item(o, i < 0 ? i + List.size(o) : i, v);
  }
  if (!isSlice(item)) {
    PyErr_Format(PyExc_TypeError, "list indices must be integers or slices, not %.200s", PyTypeName.of(item));
    return -1;
  }
  const s = unpackSlice(item);
  if (s == 0) return -1;
  let r: i32;
  const step = SliceIndices.step(s);
  if (step != 1 && v != 0) r = assignStepped(o, s, v);
  else {
    const length = adjustIndices(List.size(o), s);
    const start = SliceIndices.start(s);
    if (step == 1) r = assignContiguous(o, start, max(SliceIndices.stop(s), start), v);
    else r = deleteStepped(o, start, step, length);
  }
  Scratch.give(s);
  return r;
}

function list_richcompare(a: usize, b: usize, op: i32): usize {
  if (!List.check(a) || !List.check(b)) return _Py_NotImplementedStruct;
  if (List.size(a) != List.size(b) && (op == Py_EQ || op == Py_NE)) {
    return op == Py_EQ ? _Py_FalseStruct : _Py_TrueStruct;
  }
  let i: isize = 0;
  for (; i < List.size(a) && i < List.size(b); i++) {
    const x = List.get(a, i);
    const y = List.get(b, i);
    if (x == y) continue;
    Py.INCREF(x);
    Py.INCREF(y);
    const equal = PyObject_RichCompareBool(x, y, Py_EQ);
    Py.DECREF(x);
    Py.DECREF(y);
    if (equal < 0) return 0;
    if (equal == 0) break;
  }
  const na = List.size(a);
  const nb = List.size(b);
  if (i >= na || i >= nb) return boolObject(compareResult(na == nb ? 0 : na < nb ? -1 : 1, op));
  if (op == Py_EQ) return _Py_FalseStruct;
  if (op == Py_NE) return _Py_TrueStruct;
  const x = Py.NewRef(List.get(a, i));
  const y = Py.NewRef(List.get(b, i));
  const r = PyObject_RichCompare(x, y, op);
  Py.DECREF(x);
  Py.DECREF(y);
  return r;
}

function list_tp_clear(o: usize): i32 {
  list_clear(o);
  return 0;
}

/**
 * @native list.append($self, object, /)
 *
 * Put one element at the end.
 */
export function list_append(o: usize, v: usize): usize {
  return PyList_Append(o, v) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native list.extend($self, iterable, /)
 *
 * Put the elements of an iterable at the end.
 */
export function list_extend(o: usize, iterable: usize): usize {
  return _PyList_Extend(o, iterable) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native list.insert($self, index, object, /)
 *
 * Put one element before another.
 */
export function list_insert(o: usize, i: isize, object: usize): usize {
  return PyList_Insert(o, i, object) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native list.clear($self, /)
 *
 * Leave nothing in the list.
 */
export function list_method_clear(o: usize, _: usize): usize {
  list_clear(o);
  return _Py_NoneStruct;
}

/**
 * @native list.copy($self, /)
 *
 * Another list of the same elements.
 */
export function list_copy(o: usize, _: usize): usize {
  return list_slice(o, 0, List.size(o));
}

/**
 * @native list.pop($self, index=-1, /)
 *
 * Take out one element, and return it: the last if not told which.
 *
 * IndexError where there is no such element.
 */
export function list_pop(o: usize, i: isize): usize {
  const n = List.size(o);
  if (n == 0) return PyErr_SetString(PyExc_IndexError, "pop from empty list");
  if (i < 0) i += n;
  if (<u32>i >= <u32>n) return PyErr_SetString(PyExc_IndexError, "pop index out of range");
  const items = List.items(o);
  const v = Py.item(items, i);
  if (n == 1) {
    Py.INCREF(v);
    list_clear(o);
    return v;
  }
  const tail = (<usize>(n - i - 1)) << 3;
  memory.copy(Py.slot(items, i), Py.slot(items, i + 1), tail);
  const status = listResize(o, n - 1);
  if (status >= 0) return v;
  memory.copy(Py.slot(items, i + 1), Py.slot(items, i), tail);
  Py.setItem(items, i, v);
  return 0;
}

/**
 * @native list.reverse($self, /)
 *
 * Turn it round.
 */
export function list_reverse(o: usize, _: usize): usize {
  reverseItems(o);
  return _Py_NoneStruct;
}

/**
 * @native list.index($self, value, start=0, stop=sys.maxsize, /)
 *
 * Where the value stands first: its index.
 *
 * ValueError where it does not occur at all.
 */
export function list_index(o: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("index", nargs, 1, 3)) return 0;
  const n = List.size(o);
  const start = ArgParser.sliceIndex(argv, nargs, 1, 0, n);
  if (start < 0) return 0;
  const stop = ArgParser.sliceIndex(argv, nargs, 2, 0x7fffffff, n);
  if (stop < 0) return 0;
  for (let i = start; i < stop && i < List.size(o); i++) {
    const item = Py.NewRef(List.get(o, i));
    const c = PyObject_RichCompareBool(item, Py.item(argv, 0), Py_EQ);
    Py.DECREF(item);
    if (c > 0) return PyLong_FromLong(i);
    if (c < 0) return 0;
  }
  return PyErr_Format(PyExc_ValueError, "%R is not in list", Py.item(argv, 0));
}

/**
 * @native list.count($self, value, /)
 *
 * How many elements equal it.
 */
export function list_count(o: usize, v: usize): usize {
  let count = 0;
  for (let i: isize = 0; i < List.size(o); i++) {
    const item = List.get(o, i);
    if (item == v) {
      count++;
      continue;
    }
    Py.INCREF(item);
    const c = PyObject_RichCompareBool(item, v, Py_EQ);
    Py.DECREF(item);
    if (c < 0) return 0;
    count += c;
  }
  return PyLong_FromLong(count);
}

/**
 * @native list.remove($self, value, /)
 *
 * Take out the first element that equals value.
 *
 * ValueError where none does it.
 */
export function list_remove(o: usize, v: usize): usize {
  for (let i: isize = 0; i < List.size(o); i++) {
    const item = Py.NewRef(List.get(o, i));
    const c = PyObject_RichCompareBool(item, v, Py_EQ);
    Py.DECREF(item);
    if (c < 0) return 0;
    if (c > 0) return PyList_SetSlice(o, i, i + 1, 0) < 0 ? 0 : _Py_NoneStruct;
  }
  return PyErr_SetString(PyExc_ValueError, "list.remove(x): x not in list");
}

/**
 * @native list.sort($self, /, *, key=None, reverse=False)
 *
 * Put the elements in order, the least first, in the list itself.
 *
 * Elements that compare equal keep the order that they had. With key, what it returns for each is compared in place of the elements; with reverse, the greatest comes first. Only < is used, so that a class needs no more than __lt__.
 *
 * While this runs the list looks empty, and to change it is a ValueError.
 */
export function list_sort(o: usize, key: usize, reverse: bool): usize {
  if (key == _Py_NoneStruct) key = 0;
  return sortList(o, key, reverse) < 0 ? 0 : _Py_NoneStruct;
}

function list_init(o: usize, args: usize, kwds: usize): i32 {
  const own = PyTypeObject.at(Py.TYPE(o)).tp_new != PyTypeObject.at(PyList_Type).tp_new;
  if (!own && !ArgParser.noKeywords("list", kwds)) return -1;
  if (!ArgParser.count("list", Tuple.size(args), 0, 1)) return -1;
  if (List.items(o) != 0) list_clear(o);
  return Tuple.size(args) > 0 ? _PyList_Extend(o, Tuple.get(args, 0)) : 0;
}

function list_new(type: usize, _args: usize, _kwds: usize): usize {
  return call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, 0);
}

function list_vectorcall(type: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const nargs = <isize>(nargsf & 0x7fffffff);
  if (!ArgParser.noKeywordNames("list", kwnames)) return 0;
  if (!ArgParser.count("list", nargs, 0, 1)) return 0;
  const l = PyType_GenericAlloc(type, 0);
  if (l == 0 || nargs == 0) return l;
  if (_PyList_Extend(l, Py.item(argv, 0)) == 0) return l;
  Py.DECREF(l);
  return 0;
}

/**
 * @native list.__sizeof__($self, /)
 *
 * How many bytes it takes up, reserve included.
 */
export function list_sizeof(o: usize, _: usize): usize {
  return PyLong_FromLong(PyTypeObject.at(Py.TYPE(o)).tp_basicsize + List.allocated(o) * 8);
}

/**
 * @type list(iterable=(), /)
 * @order __getitem__ __reversed__ __sizeof__ clear copy append insert extend pop remove index count reverse
 * @order sort __class_getitem__
 *
 * A row of objects that can be changed.
 *
 * Made from the elements of an iterable, or empty where none is given. It grows and shrinks at its end cheaply.
 *
 * @classmethod list.__class_getitem__ = Py_GenericAlias
 * For annotations
 */

/** Fills the type's slots and tables. */
export function initListType(): void {
  const type = PyList_Type;
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_PyListObject;
  t.tp_flags =
    Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_LIST_SUBCLASS | _Py_TPFLAGS_MATCH_SELF | Py_TPFLAGS_SEQUENCE;
  t.tp_dealloc = list_dealloc.index;
  t.tp_repr = list_repr.index;
  t.tp_hash = PyObject_HashNotImplemented.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_traverse = list_traverse.index;
  t.tp_clear = list_tp_clear.index;
  t.tp_richcompare = list_richcompare.index;
  t.tp_iter = list_iter.index;
  t.tp_init = list_init.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_new = list_new.index;
  t.tp_free = PyObject_GC_Del.index;
  t.tp_vectorcall = list_vectorcall.index;
  const s = PySequenceMethods.at(asSequence(type));
  s.sq_length = list_length.index;
  s.sq_concat = list_concat.index;
  s.sq_repeat = list_repeat.index;
  s.sq_item = list_item.index;
  s.sq_ass_item = list_ass_item.index;
  s.sq_contains = list_contains.index;
  s.sq_inplace_concat = list_inplace_concat.index;
  s.sq_inplace_repeat = list_inplace_repeat.index;
  const m = PyMappingMethods.at(asMapping(type));
  m.mp_length = list_length.index;
  m.mp_subscript = list_subscript.index;
  m.mp_ass_subscript = list_ass_subscript.index;
}
