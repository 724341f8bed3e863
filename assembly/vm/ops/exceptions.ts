// Instructions: raising, handling, with statements. The convention is in eval.ts.

import {
  CO_ASYNC_GENERATOR,
  CO_COROUTINE,
  Py_TPFLAGS_BASE_EXC_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_TYPE_SUBCLASS,
} from "../../generated/constants";
import {
  _PyInterpreterFrame,
  PyBaseExceptionObject,
  PyCodeObject,
  PyErr_StackItem,
  PyStopIterationObject,
  PyThreadState,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyExc_AssertionError,
  PyExc_BaseExceptionGroup,
  PyExc_RuntimeError,
  PyExc_StopAsyncIteration,
  PyExc_StopIteration,
  PyExc_SystemError,
  PyExc_TypeError,
} from "../../generated/statics";
import { Tuple } from "../../objects/containers/tuple";
import { PyException_SetCause } from "../../objects/errors/base";
import { exceptionGroupMatch } from "../../objects/errors/group";
import {
  currentHandledException,
  PyErr_Format,
  PyErr_GivenExceptionMatches,
  PyErr_Occurred,
  PyErr_SetObject,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyLong_AsLongLong } from "../../objects/numbers/int/create";
import { PyObject_CallNoArgs, PyObject_CallOneArg, PyObject_CallThreeArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyBool_FromBool } from "../../objects/protocol/access";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { _PyObject_LookupSpecial } from "../../objects/types/lookup";
import { tstate } from "../../thread/current";
import { Scratch } from "../../thread/scratch";
import { NO_LASTI } from "../unwind";
import { takeOperand } from "./operators";

/** What an instruction returns that raises an exception again: no new traceback entry is made. */
export const RERAISED: usize = 2;

function isExceptionClass(o: usize): bool {
  return Py.check(o, Py_TPFLAGS_TYPE_SUBCLASS) && Py.hasFeature(o, Py_TPFLAGS_BASE_EXC_SUBCLASS);
}

function isException(o: usize): bool {
  return Py.check(o, Py_TPFLAGS_BASE_EXC_SUBCLASS);
}

export function unknownOpcode(opcode: i32): void {
  PyErr_Format(PyExc_SystemError, "unknown opcode %d", opcode);
}

/** Keeps the exception being handled below the new one, which is on top. */
export function pushExcInfo(_f: usize, sp: usize, _oparg: i32): usize {
  const exc: usize = load<u32>(sp - 8);
  const info = PyThreadState.at(tstate).exc_info;
  const stacked = PyErr_StackItem.at(info);
  const previous = stacked.exc_value;
  store<u64>(sp - 8, previous == 0 ? _Py_NoneStruct : previous);
  stacked.exc_value = Py.NewRef(exc);
  store<u64>(sp, exc);
  return sp + 8;
}

export function popExcept(_f: usize, sp: usize, _oparg: i32): usize {
  const previous: usize = load<u32>(sp - 8);
  const info = PyThreadState.at(tstate).exc_info;
  Py.SETREF(PyErr_StackItem.at(info).exc_value_slot, previous == _Py_NoneStruct ? 0 : previous);
  return sp - 8;
}

const CANNOT_CATCH = "catching classes that do not inherit from BaseException is not allowed";

function checkCatchable(type: usize): bool {
  if (Py.check(type, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    for (let i: isize = 0; i < Py.SIZE(type); i++) {
      if (!isExceptionClass(Tuple.get(type, i))) {
        PyErr_SetString(PyExc_TypeError, CANNOT_CATCH);
        return false;
      }
    }
    return true;
  }
  if (isExceptionClass(type)) return true;
  PyErr_SetString(PyExc_TypeError, CANNOT_CATCH);
  return false;
}

export function checkExcMatch(_f: usize, sp: usize, _oparg: i32): usize {
  const type: usize = load<u32>(sp - 8);
  const exc: usize = load<u32>(sp - 16);
  if (!checkCatchable(type)) return 0;
  store<u64>(sp - 8, PyBool_FromBool(PyErr_GivenExceptionMatches(exc, type)));
  Py.DECREF(type);
  return sp;
}

function checkGroupCatchable(type: usize): bool {
  if (!checkCatchable(type)) return false;
  const n = Py.check(type, Py_TPFLAGS_TUPLE_SUBCLASS) ? Py.SIZE(type) : 1;
  for (let i: isize = 0; i < n; i++) {
    const t = Py.check(type, Py_TPFLAGS_TUPLE_SUBCLASS) ? Tuple.get(type, i) : type;
    if (PyErr_GivenExceptionMatches(t, PyExc_BaseExceptionGroup)) {
      PyErr_SetString(PyExc_TypeError, "catching ExceptionGroup with except* is not allowed. Use except instead.");
      return false;
    }
  }
  return true;
}

/** The stack has the exception and the type; afterwards what does not match (or None) and what does (or None). */
export function checkEgMatch(_f: usize, sp: usize, _oparg: i32): usize {
  const type: usize = load<u32>(sp - 8);
  const exc: usize = load<u32>(sp - 16);
  if (!checkGroupCatchable(type)) return 0;
  // Not above the operands: the stack may end there.
  const out = Scratch.take(2);
  const matched = exceptionGroupMatch(exc, type, out);
  const match: usize = load<u32>(out);
  const rest: usize = load<u32>(out, 8);
  Scratch.give(out);
  if (!matched) return 0;
  store<u64>(sp - 16, rest);
  store<u64>(sp - 8, match);
  Py.DECREF(type);
  Py.DECREF(exc);
  if (match != _Py_NoneStruct) {
    // What is handled now is the matching part.
    Py.SETREF(PyErr_StackItem.at(PyThreadState.at(tstate).exc_info).exc_value_slot, Py.NewRef(match));
  }
  return sp;
}

export function loadAssertionError(_f: usize, sp: usize, _oparg: i32): usize {
  store<u64>(sp, PyExc_AssertionError);
  return sp + 8;
}

/** Raises what `exc` (stolen; null: what is being handled) and `cause` (stolen, may be null) say. Always returns 0. */
function doRaise(exc: usize, cause: usize): usize {
  if (exc == 0) {
    const handled = currentHandledException();
    if (handled == 0) return PyErr_SetString(PyExc_RuntimeError, "No active exception to reraise");
    // Its traceback has this frame already.
    PyErr_SetRaisedException(Py.NewRef(handled));
    return RERAISED;
  }
  let value: usize;
  if (isExceptionClass(exc)) {
    value = PyObject_CallNoArgs(exc);
    if (value != 0 && !isException(value)) {
      PyErr_Format(
        PyExc_TypeError,
        "calling %R should have returned an instance of BaseException, not %R",
        exc,
        Py.TYPE(value),
      );
      Py.DECREF(value);
      value = 0;
    }
    Py.DECREF(exc);
  } else if (isException(exc)) {
    value = exc;
  } else {
    Py.DECREF(exc);
    Py.XDECREF(cause);
    return PyErr_SetString(PyExc_TypeError, "exceptions must derive from BaseException");
  }
  if (value == 0) {
    Py.XDECREF(cause);
    return 0;
  }
  if (cause != 0) {
    let fixed: usize;
    if (isExceptionClass(cause)) {
      fixed = PyObject_CallNoArgs(cause);
      if (fixed != 0 && !isException(fixed)) {
        PyErr_Format(
          PyExc_TypeError,
          "calling %R should have returned an instance of BaseException, not %R",
          cause,
          Py.TYPE(fixed),
        );
        Py.DECREF(fixed);
        fixed = 0;
      }
      if (fixed == 0) Py.DECREF(value);
      Py.DECREF(cause);
      if (fixed == 0) return 0;
    } else if (isException(cause)) {
      fixed = cause;
    } else if (cause == _Py_NoneStruct) {
      fixed = 0;
    } else {
      PyErr_SetString(PyExc_TypeError, "exception causes must derive from BaseException");
      Py.DECREF(value);
      Py.DECREF(cause);
      return 0;
    }
    PyException_SetCause(value, fixed);
  }
  PyErr_SetObject(Py.TYPE(value), value);
  Py.DECREF(value);
  return 0;
}

export function raiseVarargs(_f: usize, sp: usize, oparg: i32): usize {
  const cause = oparg == 2 ? takeOperand(sp - 8) : 0;
  const exc = oparg == 0 ? 0 : takeOperand(sp - ((<usize>oparg) << 3));
  return doRaise(exc, cause);
}

/**
 * Raises again the exception on top of the stack, which the caller takes off. With an argument the frame is put back to
 * the instruction that first raised it, kept that deep on the stack, so that its line is shown.
 */
export function reraise(f: usize, sp: usize, oparg: i32): void {
  if (oparg) {
    const lasti = <i32>PyLong_AsLongLong(load<u32>(sp - 8 - ((<usize>oparg) << 3)));
    const frame = _PyInterpreterFrame.at(f);
    const start = PyCodeObject.at(frame.f_executable).co_code_adaptive;
    if (lasti != NO_LASTI) frame.instr_ptr = start + ((<usize>lasti) << 1);
  }
  PyErr_SetRaisedException(load<u32>(sp - 8));
}

export function beforeWith(_f: usize, sp: usize, _oparg: i32): usize {
  return enterContext(sp, ID.__enter__, ID.__exit__, false);
}

export function beforeAsyncWith(_f: usize, sp: usize, _oparg: i32): usize {
  return enterContext(sp, ID.__aenter__, ID.__aexit__, true);
}

function enterContext(sp: usize, enterName: usize, exitName: usize, isAsync: bool): usize {
  const manager: usize = load<u32>(sp - 8);
  const enter = _PyObject_LookupSpecial(manager, enterName);
  if (enter == 0) {
    if (PyErr_Occurred() == 0) {
      PyErr_Format(
        PyExc_TypeError,
        isAsync
          ? "'%t' object does not support the asynchronous context manager protocol"
          : "'%t' object does not support the context manager protocol",
        manager,
      );
    }
    return 0;
  }
  const exit = _PyObject_LookupSpecial(manager, exitName);
  if (exit == 0) {
    if (PyErr_Occurred() == 0) {
      PyErr_Format(
        PyExc_TypeError,
        isAsync
          ? "'%t' object does not support the asynchronous context manager protocol (missed __aexit__ method)"
          : "'%t' object does not support the context manager protocol (missed __exit__ method)",
        manager,
      );
    }
    Py.DECREF(enter);
    return 0;
  }
  const r = PyObject_CallNoArgs(enter);
  Py.DECREF(enter);
  if (r == 0) {
    Py.DECREF(exit);
    return 0;
  }
  store<u64>(sp - 8, exit);
  store<u64>(sp, r);
  Py.DECREF(manager);
  return sp + 8;
}

/** The stack has exit, lasti, the previous exception and the current one: calls exit(type, value, traceback). */
export function withExceptStart(_f: usize, sp: usize, _oparg: i32): usize {
  const value: usize = load<u32>(sp - 8);
  const exit: usize = load<u32>(sp - 32);
  const tb = PyBaseExceptionObject.at(value).traceback;
  const held = Py.NewRef(tb == 0 ? _Py_NoneStruct : tb);
  const r = PyObject_CallThreeArgs(exit, Py.TYPE(value), value, held);
  Py.DECREF(held);
  if (r == 0) return 0;
  store<u64>(sp, r);
  return sp + 8;
}

/** The end of a throw() into a delegation: StopIteration becomes its value, anything else goes on. */
export function cleanupThrow(_f: usize, sp: usize, _oparg: i32): usize {
  const exc: usize = load<u32>(sp - 8);
  if (!PyErr_GivenExceptionMatches(exc, PyExc_StopIteration)) {
    PyErr_SetRaisedException(Py.NewRef(exc));
    return RERAISED;
  }
  const v = PyStopIterationObject.at(exc).value;
  const value = v == 0 ? _Py_NoneStruct : Py.NewRef(v);
  Py.DECREF(exc);
  Py.DECREF(load<u32>(sp - 16));
  Py.DECREF(load<u32>(sp - 24));
  store<u64>(sp - 24, _Py_NoneStruct);
  store<u64>(sp - 16, value);
  return sp - 8;
}

export function endAsyncFor(_f: usize, sp: usize, _oparg: i32): usize {
  const exc: usize = load<u32>(sp - 8);
  if (!PyErr_GivenExceptionMatches(exc, PyExc_StopAsyncIteration)) {
    PyErr_SetRaisedException(Py.NewRef(exc));
    return RERAISED;
  }
  Py.DECREF(exc);
  Py.DECREF(load<u32>(sp - 16));
  return sp - 16;
}

/** What leaves a generator as StopIteration becomes RuntimeError: a new reference to the exception to raise. */
export function stopIterationError(f: usize, exc: usize): usize {
  const flags = PyCodeObject.at(_PyInterpreterFrame.at(f).f_executable).co_flags;
  let message = "";
  if (PyErr_GivenExceptionMatches(exc, PyExc_StopIteration)) {
    message = "generator raised StopIteration";
    if (flags & CO_ASYNC_GENERATOR) message = "async generator raised StopIteration";
    else if (flags & CO_COROUTINE) message = "coroutine raised StopIteration";
  } else if (flags & CO_ASYNC_GENERATOR && PyErr_GivenExceptionMatches(exc, PyExc_StopAsyncIteration)) {
    message = "async generator raised StopAsyncIteration";
  }
  if (message.length == 0) return Py.NewRef(exc);
  const text = PyUnicode_FromLiteral(message);
  if (text == 0) return 0;
  const error = PyObject_CallOneArg(PyExc_RuntimeError, text);
  Py.DECREF(text);
  if (error == 0) return 0;
  PyException_SetCause(error, Py.NewRef(exc));
  Py.SETREF(PyBaseExceptionObject.at(error).context_slot, Py.NewRef(exc));
  return error;
}
