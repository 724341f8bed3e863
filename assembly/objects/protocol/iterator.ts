// The iterator protocol (the iterator part of CPython 3.13's Objects/abstract.c).

import { PyAsyncMethods, PyTypeObject } from "../../generated/layouts";
import {
  PyDictIterItem_Type,
  PyExc_StopIteration,
  PyExc_TypeError,
  PyListIter_Type,
  PyTupleIter_Type,
} from "../../generated/statics";
import {
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_Occurred,
} from "../errors/raise";
import { PySeqIter_New } from "../iterators/sequence";
import { Py } from "../object/head";
import { _PyObject_NextNotImplemented } from "../types/base";
import { PySequence_Check } from "./sequence";

/** Whether the object's type has tp_iternext. */
export function PyIter_Check(o: usize): bool {
  const f = PyTypeObject.at(Py.TYPE(o)).tp_iternext;
  return f != 0 && f != _PyObject_NextNotImplemented.index;
}

/** iter(o): a new reference, or null with an exception. */
export function PyObject_GetIter(o: usize): usize {
  const f = PyTypeObject.at(Py.TYPE(o)).tp_iter;
  if (f == 0) {
    if (PySequence_Check(o)) return PySeqIter_New(o);
    return PyErr_Format(PyExc_TypeError, "'%t' object is not iterable", o);
  }
  const it = call_indirect<usize>(f, o);
  if (it != 0 && !PyIter_Check(it)) {
    PyErr_Format(PyExc_TypeError, "iter() returned non-iterator of type '%t'", it);
    Py.DECREF(it);
    return 0;
  }
  return it;
}

/** What the iterator's tp_iternext gives: a new reference; null at the end, with StopIteration or without, or on failure. */
export function iterNext(it: usize): usize {
  const type = Py.TYPE(it);
  const next = PyTypeObject.at(type).tp_iternext;
  // Iterators that take from iterators nest natively; these do not.
  if (type == PyListIter_Type || type == PyTupleIter_Type || type == PyDictIterItem_Type)
    return call_indirect<usize>(next, it);
  if (Py_EnterRecursiveCall("")) return 0;
  const v = call_indirect<usize>(next, it);
  Py_LeaveRecursiveCall();
  return v;
}

/** next(it): a new reference; null at the end without exception, or with one on failure. */
export function PyIter_Next(it: usize): usize {
  const v = iterNext(it);
  if (v == 0 && PyErr_Occurred() != 0 && PyErr_ExceptionMatches(PyExc_StopIteration)) PyErr_Clear();
  return v;
}

/** aiter(o): a new reference. */
export function PyObject_GetAIter(o: usize): usize {
  const m = PyTypeObject.at(Py.TYPE(o)).tp_as_async;
  if (m == 0 || PyAsyncMethods.at(m).am_aiter == 0) {
    return PyErr_Format(PyExc_TypeError, "'%t' object is not an async iterable", o);
  }
  const it = call_indirect<usize>(PyAsyncMethods.at(m).am_aiter, o);
  if (it != 0) {
    const im = PyTypeObject.at(Py.TYPE(it)).tp_as_async;
    if (im == 0 || PyAsyncMethods.at(im).am_anext == 0) {
      PyErr_Format(PyExc_TypeError, "aiter() returned not an async iterator of type '%t'", it);
      Py.DECREF(it);
      return 0;
    }
  }
  return it;
}
