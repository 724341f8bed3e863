// What the classes of the io module share: errors, the questions that every stream is asked, and
// the life of objects that have a dict and weak references (CPython 3.13's Modules/_io/_iomodule.c).

import { PyBaseExceptionObject, PyTypeObject } from "../../generated/layouts";
import { ioRoots } from "../../generated/runtime";
import { _Py_NoneStruct, ID, PyExc_OverflowError, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { badArgument } from "../../objects/define/args";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyLong_AsLongLong } from "../../objects/numbers/int/create";
import { PyBUF_WRITABLE, PyObject_GetBuffer } from "../../objects/object/buffer";
import { PyObject_CallMethodNoArgs, PyObject_CallMethodOneArg } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyIndex_Check, PyNumber_AsSsize_t, PyNumber_Index } from "../../objects/protocol/number";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";

export const DEFAULT_BUFFER_SIZE: isize = 8192;

// Errors.

/** The letters of a mode, as characters. */
export const enum Letter {
  x = 0x78,
  r = 0x72,
  w = 0x77,
  a = 0x61,
  b = 0x62,
  t = 0x74,
  plus = 0x2b,
}

/** Sets io.UnsupportedOperation; returns null. */
export function unsupported(message: string): usize {
  return PyErr_SetString(ioRoots.unsupported_operation, message);
}

/** Sets ValueError for a stream that is closed; returns null. */
export function closedError(): usize {
  return PyErr_SetString(PyExc_ValueError, "I/O operation on closed file.");
}

/** Ends two failures in one: `earlier` (stolen, may be null) becomes the context of what is set, or is set again. */
export function chainExceptions(earlier: usize): void {
  if (earlier == 0) return;
  const later = PyErr_GetRaisedException();
  if (later == 0) {
    PyErr_SetRaisedException(earlier);
    return;
  }
  Py.SETREF(PyBaseExceptionObject.at(later).context_slot, earlier);
  PyErr_SetRaisedException(later);
}

// Arguments.

/** An optional size: None or not given is -1. Any other negative number stays; failure is -1 with an exception. */
export function optionalSize(argv: usize, nargs: isize): isize {
  return nargs == 0 ? -1 : sizeOrNone(Py.item(argv, 0));
}

/** A size; None is -1. Any other negative number stays; failure is -1 with an exception. */
export function sizeOrNone(v: usize): isize {
  if (v == _Py_NoneStruct) return -1;
  if (!PyIndex_Check(v)) {
    PyErr_Format(PyExc_TypeError, "argument should be integer or None, not '%.200t'", v);
    return -1;
  }
  return PyNumber_AsSsize_t(v, PyExc_OverflowError);
}

/** Opens a buffer to be written to, for an argument that CPython names as `argument` says; false with TypeError. */
export function openWritable(target: usize, view: usize, fname: string, argument: string = "argument"): bool {
  if (PyObject_GetBuffer(target, view, PyBUF_WRITABLE) == 0) return true;
  PyErr_Clear();
  badArgument(fname, argument, "read-write bytes-like object", target);
  return false;
}

/** An integer of 64 bits through __index__; -1 with an exception. */
export function offsetArgument(v: usize): i64 {
  const i = PyNumber_Index(v);
  if (i == 0) return -1;
  const r = PyLong_AsLongLong(i);
  Py.DECREF(i);
  return r;
}

/** A position that a stream has returned; -1 with an exception, ValueError where it has more than 64 bits. */
export function positionResult(v: usize): i64 {
  const at = offsetArgument(v);
  if (at == -1 && PyErr_ExceptionMatches(PyExc_OverflowError)) {
    PyErr_Format(PyExc_ValueError, "cannot fit '%.200t' into an offset-sized integer", v);
  }
  return at;
}

// Streams of any class.

/** The truth of an attribute: 1, 0, or -1 with an exception. */
export function attributeIsTrue(o: usize, name: usize): i32 {
  const v = PyObject_GetAttr(o, name);
  if (v == 0) return -1;
  const r = PyObject_IsTrue(v);
  Py.DECREF(v);
  return r;
}

/** The truth of what a method returns: 1, 0, or -1 with an exception. */
export function methodIsTrue(o: usize, name: usize): i32 {
  const v = PyObject_CallMethodNoArgs(o, name);
  if (v == 0) return -1;
  const r = PyObject_IsTrue(v);
  Py.DECREF(v);
  return r;
}

/** Whether the stream is open; otherwise false with ValueError. */
export function checkOpen(o: usize): bool {
  const closed = attributeIsTrue(o, ID.closed);
  if (closed > 0) closedError();
  return closed == 0;
}

/** Whether the stream's method `name` says yes; otherwise false with UnsupportedOperation. */
export function checkAbility(o: usize, name: usize, message: string): bool {
  const r = methodIsTrue(o, name);
  if (r == 0) unsupported(message);
  return r > 0;
}

/** Calls a method for its effect: 0, or -1 with an exception. */
export function callForEffect(o: usize, name: usize): i32 {
  const r = PyObject_CallMethodNoArgs(o, name);
  if (r == 0) return -1;
  Py.DECREF(r);
  return 0;
}

// Life.

/**
 * What a stream's deallocator does before it drops a field: from here on the collector, which what is dropped may set off,
 * does not find the stream, nor does a weak reference.
 */
export function leaveStream(o: usize): void {
  const t = PyTypeObject.at(Py.TYPE(o));
  PyObject_GC_UnTrack(o);
  if (t.tp_weaklistoffset != 0 && load<u32>(o + <usize>t.tp_weaklistoffset) != 0) PyObject_ClearWeakRefs(o);
}

/** The end of a stream's deallocator, after leaveStream() and its own fields: dict, block. */
export function freeStream(o: usize): void {
  const t = PyTypeObject.at(Py.TYPE(o));
  if (t.tp_dictoffset > 0) Py.CLEAR(o + <usize>t.tp_dictoffset);
  call_indirect<void>(t.tp_free, o);
}

/** None, a new reference: for methods that return nothing. */
export function none(): usize {
  return _Py_NoneStruct;
}

/** Whether an exception is set. */
export function failed(): bool {
  return PyErr_Occurred() != 0;
}

/** Lets the stream below tell that `source`, which dies, was not closed. What fails is dropped. */
export function warnUnclosed(below: usize, source: usize): void {
  const r = PyObject_CallMethodOneArg(below, ID._dealloc_warn, source);
  if (r == 0) PyErr_Clear();
  else Py.DECREF(r);
}
