// Raising: the exception of the running thread is a reference in its thread state, and a function that fails returns
// null or -1 with it set (CPython 3.13's Python/errors.c). What must work when memory is gone (MemoryError itself)
// allocates nothing.

import {
  Py_TPFLAGS_BASE_EXC_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_TYPE_SUBCLASS,
} from "../../generated/constants";
import { PyBaseExceptionObject, PyErr_StackItem, PyThreadState, PyTypeObject } from "../../generated/layouts";
import { _Py_NoneStruct, PyExc_RecursionError, PyExc_SystemError, PyExc_TypeError } from "../../generated/statics";
import { openSpare } from "../../os/machine";
import { tstate } from "../../thread/current";
import { Interrupts } from "../../thread/interrupts";
import { Recursion } from "../../thread/recursion";
import { Tuple } from "../containers/tuple";
import { PyObject_Call, PyObject_CallNoArgs, PyObject_CallOneArg } from "../object/call";
import { Py } from "../object/head";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyType_IsSubtype } from "../types/lookup";
import { newMemoryError } from "./memoryerror";

/** The exception that is set, borrowed; null where none is. */
export function PyErr_Occurred(): usize {
  return PyThreadState.at(tstate).current_exception;
}

/** Whether the exception that is set is an instance of `type` (or of one of a tuple's). */
export function PyErr_ExceptionMatches(type: usize): bool {
  const exc = PyErr_Occurred();
  return exc != 0 && PyErr_GivenExceptionMatches(exc, type);
}

/** Whether `err`, an exception instance or class, matches `type`, a class or a tuple of them. Never fails. */
export function PyErr_GivenExceptionMatches(err: usize, type: usize): bool {
  if (err == 0 || type == 0) return false;
  if (Py.check(type, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    const n = Py.SIZE(type);
    for (let i = 0; i < n; i++) if (PyErr_GivenExceptionMatches(err, Tuple.get(type, i))) return true;
    return false;
  }
  const cls = Py.check(err, Py_TPFLAGS_BASE_EXC_SUBCLASS) ? Py.TYPE(err) : err;
  if (Py.check(cls, Py_TPFLAGS_TYPE_SUBCLASS) && Py.check(type, Py_TPFLAGS_TYPE_SUBCLASS)) {
    if (Py.hasFeature(cls, Py_TPFLAGS_BASE_EXC_SUBCLASS) && Py.hasFeature(type, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
      return PyType_IsSubtype(cls, type);
    }
  }
  return err == type;
}

/** Drops the exception that is set, if any. */
export function PyErr_Clear(): void {
  Py.CLEAR(tstate + PyThreadState_current_exception);
}
const PyThreadState_current_exception: usize = 112;

/** Takes the exception that is set: a new reference (null where none is), and none is set any more. */
export function PyErr_GetRaisedException(): usize {
  const ts = PyThreadState.at(tstate);
  const exc = ts.current_exception;
  ts.current_exception = 0;
  return exc;
}

/** Sets `exc` (stolen, may be null), dropping what was set. */
export function PyErr_SetRaisedException(exc: usize): void {
  Py.SETREF(tstate + PyThreadState_current_exception, exc);
}

/** The exception being handled, innermost, borrowed; null where none is. */
export function currentHandledException(): usize {
  return handledExceptionOf(tstate);
}

/** The same of any thread. */
export function handledExceptionOf(ts: usize): usize {
  let item = PyThreadState.at(ts).exc_info;
  while (item != 0) {
    const value = PyErr_StackItem.at(item).exc_value;
    if (value != 0) return value;
    item = PyErr_StackItem.at(item).previous_item;
  }
  return 0;
}

/** Sets an exception of class `type` with argument `value` (borrowed; null or None for none; a tuple is all the arguments). */
export function PyErr_SetObject(type: usize, value: usize): void {
  if (!Py.check(type, Py_TPFLAGS_TYPE_SUBCLASS) || !Py.hasFeature(type, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
    PyErr_Format(PyExc_SystemError, "_PyErr_SetObject: exception %R is not a BaseException subclass", type);
    return;
  }
  PyErr_Clear();
  let exc: usize;
  if (value != 0 && PyType_IsSubtype(Py.TYPE(value), type)) {
    exc = Py.NewRef(value);
  } else {
    if (value == 0 || value == _Py_NoneStruct) exc = PyObject_CallNoArgs(type);
    else if (Py.check(value, Py_TPFLAGS_TUPLE_SUBCLASS)) exc = PyObject_Call(type, value, 0);
    else exc = PyObject_CallOneArg(type, value);
    if (exc == 0) return;
    if (!Py.check(exc, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
      notAnException(type, exc);
      return;
    }
  }
  chainContext(exc);
  PyErr_SetRaisedException(exc);
}

/** TypeError: calling the exception class `type` gave `got` (a reference, which is dropped), which is none. Returns null. */
export function notAnException(type: usize, got: usize): usize {
  PyErr_Format(PyExc_TypeError, "calling %R should have returned an instance of BaseException, not %t", type, got);
  Py.DECREF(got);
  return 0;
}

/** Makes the exception being handled the context of `exc`, breaking any cycle that this would close. */
export function chainContext(exc: usize): void {
  const handled = currentHandledException();
  if (handled == 0 || handled == exc) return;
  // Floyd's cycle finder: a context chain may already contain a cycle that user code made.
  let o = handled;
  let slow = handled;
  let step = false;
  for (;;) {
    const context = PyBaseExceptionObject.at(o).context;
    if (context == 0) break;
    if (context == exc) {
      Py.CLEAR(PyBaseExceptionObject.at(o).context_slot);
      break;
    }
    o = context;
    if (o == slow) break;
    if (step) slow = PyBaseExceptionObject.at(slow).context;
    step = !step;
  }
  Py.SETREF(PyBaseExceptionObject.at(exc).context_slot, Py.NewRef(handled));
}

/** Sets an exception of class `type` without arguments. */
export function PyErr_SetNone(type: usize): void {
  PyErr_SetObject(type, 0);
}

/** Sets an exception of the type with the literal as its message; returns null, for whoever returns an object. */
export function PyErr_SetString(type: usize, message: string): usize {
  const text = PyUnicode_FromLiteral(message);
  if (text == 0) return 0;
  PyErr_SetObject(type, text);
  Py.DECREF(text);
  return 0;
}

/** As PyErr_SetString; returns -1, for whoever returns a status. */
export function PyErr_Fail(type: usize, message: string): i32 {
  PyErr_SetString(type, message);
  return -1;
}

/**
 * Sets an exception with a formatted message; returns null, for `return PyErr_Format(…)`. The codes are those of
 * PyUnicode_FromFormat. Pointers are passed as they are.
 */
export function PyErr_Format(type: usize, format: string, a: i64 = 0, b: i64 = 0, c: i64 = 0, d: i64 = 0): usize {
  const text = PyUnicode_FromFormat(format, a, b, c, d);
  if (text == 0) return 0;
  PyErr_SetObject(type, text);
  Py.DECREF(text);
  return 0;
}

/** Sets MemoryError without allocating where it can be helped; returns null. */
export function PyErr_NoMemory(): usize {
  openSpare();
  const exc = newMemoryError();
  chainContext(exc);
  PyErr_SetRaisedException(exc);
  return 0;
}

/** Sets the TypeError of a wrong argument to one of our functions; returns null. */
export function PyErr_BadArgument(): usize {
  PyErr_SetString(PyExc_TypeError, "bad argument type for built-in operation");
  return 0;
}

/** Sets SystemError: one of our functions was called wrongly; returns null. */
export function PyErr_BadInternalCall(): usize {
  PyErr_SetString(PyExc_SystemError, "bad argument to internal function");
  return 0;
}

/**
 * Takes one level of native recursion; returns true with RecursionError set where none is left. `where` ends the
 * message: " while getting the repr of an object".
 */
export function takeLevel(where: string): bool {
  if (Recursion.take()) return false;
  // Making the exception takes levels of its own: they are lent.
  Recursion.lend();
  PyErr_Format(PyExc_RecursionError, "maximum recursion depth exceeded%L", changetype<usize>(where));
  Recursion.takeBack();
  return true;
}

/** The same, for what may go on for ever where objects contain the same one several times: it can be interrupted. */
export function Py_EnterRecursiveCall(where: string): bool {
  return Interrupts.raised() || takeLevel(where);
}

export function Py_LeaveRecursiveCall(): void {
  Recursion.leave();
}

/** The type's name after its last dot, as UTF-8 ended by a NUL: borrowed from tp_name. */
export function _PyType_Name(type: usize): usize {
  const name = PyTypeObject.at(type).tp_name;
  let start = name;
  for (let p = name; load<u8>(p) != 0; p++) if (load<u8>(p) == 0x2e) start = p + 1;
  return start;
}
