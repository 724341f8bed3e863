// What the iterators of itertools share: how they are made, how they end, what they are pickled as, the slots of their types.

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_HAVE_GC, Py_TPFLAGS_HEAPTYPE } from "../../generated/constants";
import { functionstreamobject, PyTypeObject, streamobject } from "../../generated/layouts";
import { PyExc_DeprecationWarning, PyExc_OverflowError, PyExc_TypeError } from "../../generated/statics";
import { PyTuple_Pack2, PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { ArgParser } from "../../objects/define/args";
import { PyErr_Format, PyErr_SetString } from "../../objects/errors/raise";
import { PyErr_WarnEx } from "../../objects/errors/warnings";
import { Long } from "../../objects/numbers/int/access";
import { longOverflow, PyLong_AsLongLongAndOverflow } from "../../objects/numbers/int/create";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { Py } from "../../objects/object/head";
import { PyObject_SelfIter } from "../../objects/protocol/access";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyNumber_Index } from "../../objects/protocol/number";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { PyType_Ready } from "../../objects/types/ready";

/** A new, empty iterator of the type; null with MemoryError. */
export function newIterator(type: usize): usize {
  return call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
}

/** The end of an iterator's deallocator, after its references: gives the block back. */
export function freeIterator(o: usize): void {
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/** Fills the slots of a type with instances of `size` bytes, and readies it: false with an exception. */
export function iteratorType(type: usize, size: usize, dealloc: u32, traverse: u32, make: u32, next: u32): bool {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = <isize>size;
  t.tp_dealloc = dealloc;
  t.tp_traverse = traverse;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | (make != 0 ? Py_TPFLAGS_BASETYPE : 0);
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = next;
  t.tp_new = make;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_GC_Del.index;
  return PyType_Ready(type) == 0;
}

/** next() of an iterator whose owner may let go of it meanwhile, being asked for its own next item. */
export function nextOf(it: usize): usize {
  Py.INCREF(it);
  const item = PyIter_Next(it);
  Py.DECREF(it);
  return item;
}

/** Whether no keywords are given to a class, or to one with an __init__ of its own, which may take some; else TypeError. */
export function takesNoKeywords(name: string, type: usize, kwargs: usize): bool {
  let base = type;
  while (Py.hasFeature(base, Py_TPFLAGS_HEAPTYPE)) base = PyTypeObject.at(base).tp_base;
  return ArgParser.noKeywordsOfNew(name, type, base, kwargs);
}

/** A new iterator of a function and iter(iterable): what several constructors take, by position. */
export function functionAndIterator(name: string, type: usize, args: usize, kwargs: usize): usize {
  if (!takesNoKeywords(name, type, kwargs) || !ArgParser.count(name, Py.SIZE(args), 2, 2)) return 0;
  const it = PyObject_GetIter(Tuple.get(args, 1));
  if (it == 0) return 0;
  const o = newIterator(type);
  if (o == 0) {
    Py.DECREF(it);
    return 0;
  }
  const x = functionstreamobject.at(o);
  x.func = Py.NewRef(Tuple.get(args, 0));
  x.it = it;
  return o;
}

/** A new iterator with iter(iterable). */
export function streamOf(type: usize, iterable: usize): usize {
  const it = PyObject_GetIter(iterable);
  const o = it == 0 ? 0 : newIterator(type);
  if (o == 0) {
    Py.XDECREF(it);
    return 0;
  }
  streamobject.at(o).it = it;
  return o;
}

/** An argument that is a count, as wide as CPython's; -1 with TypeError or OverflowError. */
export function wideCount(v: usize): i64 {
  const i = PyNumber_Index(v);
  if (i == 0) return -1;
  const r = asWide(i);
  Py.DECREF(i);
  return r;
}

/** An int as wide as CPython's Py_ssize_t; -1 with TypeError or OverflowError. */
export function asWide(v: usize): i64 {
  if (!Long.check(v)) {
    PyErr_SetString(PyExc_TypeError, "an integer is required");
    return -1;
  }
  const r = PyLong_AsLongLongAndOverflow(v);
  if (longOverflow(v) == 0) return r;
  PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C ssize_t");
  return -1;
}

/** Warns that iterators will not be pickled and copied any more: false where that is an exception. */
export function warnPickle(): bool {
  const message = "Pickle, copy, and deepcopy support will be removed from itertools in Python 3.14.";
  return PyErr_WarnEx(PyExc_DeprecationWarning, message, 1) == 0;
}

/** (type, args) as __reduce__ returns it: args are stolen; null where they are null, or with MemoryError. */
export function reduced(o: usize, args: usize): usize {
  const r = args == 0 ? 0 : PyTuple_Pack2(Py.TYPE(o), args);
  Py.XDECREF(args);
  return r;
}

/** (type, args, state): both are stolen; null where one of them is null, or with MemoryError. */
export function reducedWithState(o: usize, args: usize, state: usize): usize {
  const r = args == 0 || state == 0 ? 0 : PyTuple_Pack3(Py.TYPE(o), args, state);
  Py.XDECREF(args);
  Py.XDECREF(state);
  return r;
}

/** Whether a state is a tuple of so many items; otherwise TypeError. */
export function isState(state: usize, least: isize, most: isize): bool {
  if (!Tuple.check(state)) {
    PyErr_SetString(PyExc_TypeError, "state is not a tuple");
    return false;
  }
  const n = Py.SIZE(state);
  if (n >= least && n <= most) return true;
  const how = least == most ? "exactly" : n < least ? "at least" : "at most";
  const wanted = n < least ? least : most;
  const format = wanted == 1 ? "function takes %L %d argument (%d given)" : "function takes %L %d arguments (%d given)";
  PyErr_Format(PyExc_TypeError, format, changetype<usize>(how), wanted, n);
  return false;
}

/** Whether item i of a state, whose type has this name, is of the type; otherwise TypeError. */
export function isStateItem(state: usize, i: isize, type: usize, name: string): bool {
  const v = Tuple.get(state, i);
  if (PyType_IsSubtype(Py.TYPE(v), type)) return true;
  PyErr_Format(PyExc_TypeError, "argument %d must be %L, not %.50t", i + 1, changetype<usize>(name), v);
  return false;
}
