// Future of _asyncio (a part of CPython 3.13's Modules/_asynciomodule.c): what will be there, or fail, or be cancelled.
//
//   callbacks: the first in fut_callback0, with its context in fut_context0; those behind it in the list fut_callbacks
//
// Deliberate differences: the callbacks are taken out of a future before the loop is told of them, and what is given to the
// loop is held meanwhile: the loop may be written in Python, and begin the future anew.

import { Py_TPFLAGS_BASE_EXC_SUBCLASS, Py_TPFLAGS_TYPE_SUBCLASS } from "../../generated/constants";
import { FutureObj, PyBaseExceptionObject } from "../../generated/layouts";
import { asyncioRoots, vmRoots } from "../../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyExc_AttributeError,
  PyExc_RuntimeError,
  PyExc_StopIteration,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFuture_Type,
  PyTask_Type,
} from "../../generated/statics";
import { PyDict_New, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { List, PyList_Append, PyList_New, PyList_SetSlice } from "../../objects/containers/list/list";
import { PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { parseTupleAndKeywords } from "../../objects/define/args";
import { PyException_SetCause, set_traceback } from "../../objects/errors/base";
import {
  _PyType_Name,
  PyErr_Fail,
  PyErr_GetRaisedException,
  PyErr_GivenExceptionMatches,
  PyErr_SetObject,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyErr_WriteUnraisable } from "../../objects/errors/unraisable";
import { boolObject } from "../../objects/numbers/bool";
import { PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import {
  PyObject_CallMethodNoArgs,
  PyObject_CallNoArgs,
  PyObject_CallOneArg,
  PyObject_VectorcallMethod,
} from "../../objects/object/call";
import { Py_EQ } from "../../objects/object/flags";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { PyObject_IsTrue, PyObject_RichCompareBool } from "../../objects/protocol/compare";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Scratch } from "../../thread/scratch";
import { PyContext_CopyCurrent } from "../_contextvars/context";
import { eventLoop } from "./loops";

// States of a future.
export const PENDING: i32 = 0;
const CANCELLED: i32 = 1;
const FINISHED: i32 = 2;

/** Its exception is to be told of when it dies, as nobody has asked for it. */
export const LOG_TB: u32 = 1;
/** It is being awaited, and not merely yielded. */
export const BLOCKING: u32 = 2;

export function setBit(o: usize, bit: u32, on: bool): void {
  const x = FutureObj.at(o);
  x.fut_bits = on ? x.fut_bits | bit : x.fut_bits & ~bit;
}

export function hasBit(o: usize, bit: u32): bool {
  return (FutureObj.at(o).fut_bits & bit) != 0;
}

/** Whether an object is a future or a task of these types themselves. */
export function isExactFuture(o: usize): bool {
  return Py.IS_TYPE(o, PyFuture_Type) || Py.IS_TYPE(o, PyTask_Type);
}

/** Whether a future has been through __init__(); otherwise RuntimeError. */
export function isAlive(o: usize): bool {
  if (FutureObj.at(o).fut_loop != 0) return true;
  PyErr_SetString(PyExc_RuntimeError, "Future object is not initialized.");
  return false;
}

function invalidState(message: string): usize {
  return PyErr_SetString(asyncioRoots.invalid_state_error, message);
}

/**
 * Has the loop call a function soon, with an argument (or null: without one), in a context (or null: that of now): 0, or -1 with an
 * exception.
 */
export function callSoon(loop: usize, func: usize, arg: usize, context: usize): i32 {
  const argv = Scratch.takeArguments(4);
  Py.setItem(argv, 0, Py.NewRef(loop));
  Py.setItem(argv, 1, Py.NewRef(func));
  let n: isize = 2;
  if (arg != 0) Py.setItem(argv, n++, Py.NewRef(arg));
  if (context != 0) Py.setItem(argv, n, Py.NewRef(context));
  const handle = PyObject_VectorcallMethod(
    ID.call_soon,
    argv,
    <usize>n,
    context == 0 ? 0 : asyncioRoots.context_kwname,
  );
  Py.XDECREF(handle);
  if (context != 0) Py.DECREF(context);
  if (arg != 0) Py.DECREF(arg);
  Py.DECREF(func);
  Py.DECREF(loop);
  Scratch.giveArguments(argv);
  return handle == 0 ? -1 : 0;
}

/** Has the loop call all callbacks, which are forgotten: 0, or -1 with an exception. */
function scheduleCallbacks(o: usize): i32 {
  const x = FutureObj.at(o);
  const first = x.fut_callback0;
  const context = x.fut_context0;
  const others = x.fut_callbacks;
  x.fut_callback0 = 0;
  x.fut_context0 = 0;
  x.fut_callbacks = 0;
  let status = first == 0 ? 0 : callSoon(x.fut_loop, first, o, context);
  for (let i: isize = 0; status == 0 && others != 0 && i < Py.SIZE(others); i++) {
    const pair = Py.NewRef(List.get(others, i));
    status = callSoon(x.fut_loop, Tuple.get(pair, 0), o, Tuple.get(pair, 1));
    Py.DECREF(pair);
  }
  Py.XDECREF(first);
  Py.XDECREF(context);
  Py.XDECREF(others);
  return status;
}

/** Begins a future: 0, or -1 with an exception. */
export function futureInit(o: usize, loop: usize): i32 {
  const x = FutureObj.at(o);
  Py.CLEAR(x.fut_loop_slot);
  Py.CLEAR(x.fut_callback0_slot);
  Py.CLEAR(x.fut_context0_slot);
  Py.CLEAR(x.fut_callbacks_slot);
  Py.CLEAR(x.fut_result_slot);
  Py.CLEAR(x.fut_exception_slot);
  Py.CLEAR(x.fut_exception_tb_slot);
  Py.CLEAR(x.fut_source_tb_slot);
  Py.CLEAR(x.fut_cancel_msg_slot);
  Py.CLEAR(x.fut_cancelled_exc_slot);
  x.fut_state = PENDING;
  setBit(o, LOG_TB | BLOCKING, false);
  const own = loop == _Py_NoneStruct ? eventLoop() : Py.NewRef(loop);
  if (own == 0) return -1;
  Py.SETREF(x.fut_loop_slot, own);
  const debug = PyObject_CallMethodNoArgs(own, ID.get_debug);
  if (debug == 0) return -1;
  const debugged = PyObject_IsTrue(debug);
  Py.DECREF(debug);
  if (debugged < 0) return -1;
  // Late in the process's end there is nobody who could say where.
  if (debugged == 0 || vmRoots.finalizing != 0) return 0;
  const stack = PyObject_CallNoArgs(asyncioRoots.extract_stack);
  Py.SETREF(x.fut_source_tb_slot, stack);
  return stack == 0 ? -1 : 0;
}

export function future_init(o: usize, args: usize, kwargs: usize): i32 {
  const a = Scratch.take(1);
  const parsed = parseTupleAndKeywords("Future", "loop", args, kwargs, a, 0, 0);
  const loop = Py.item(a, 0);
  Scratch.give(a);
  return parsed ? futureInit(o, loop == 0 ? _Py_NoneStruct : loop) : -1;
}

/** Ends a future with a result: None, or null with an exception. */
export function setResult(o: usize, result: usize): usize {
  if (!isAlive(o)) return 0;
  const x = FutureObj.at(o);
  if (x.fut_state != PENDING) return invalidState("invalid state");
  x.fut_result = Py.NewRef(result);
  x.fut_state = FINISHED;
  return scheduleCallbacks(o) < 0 ? 0 : _Py_NoneStruct;
}

/** The exception that a future that is given `exc`, an exception or a class of one, ends with. New reference. */
function exceptionFor(exc: usize): usize {
  const isClass = Py.check(exc, Py_TPFLAGS_TYPE_SUBCLASS) && Py.hasFeature(exc, Py_TPFLAGS_BASE_EXC_SUBCLASS);
  const value = isClass ? PyObject_CallNoArgs(exc) : Py.NewRef(exc);
  if (value == 0) return 0;
  if (!Py.check(value, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
    Py.DECREF(value);
    return PyErr_SetString(PyExc_TypeError, "invalid exception object");
  }
  if (!PyErr_GivenExceptionMatches(value, PyExc_StopIteration)) return value;
  const message = PyUnicode_FromLiteral(
    "StopIteration interacts badly with generators and cannot be raised into a Future",
  );
  const error = message == 0 ? 0 : PyObject_CallOneArg(PyExc_RuntimeError, message);
  Py.XDECREF(message);
  if (error == 0) {
    Py.DECREF(value);
    return 0;
  }
  PyException_SetCause(error, Py.NewRef(value));
  Py.SETREF(PyBaseExceptionObject.at(error).context_slot, value);
  return error;
}

/** Ends a future with an exception, or a class of one: None, or null with an exception. */
export function setException(o: usize, exc: usize): usize {
  const x = FutureObj.at(o);
  if (x.fut_state != PENDING) return invalidState("invalid state");
  const value = exceptionFor(exc);
  if (value == 0) return 0;
  // Making it may have ended the future.
  if (x.fut_state != PENDING) {
    Py.DECREF(value);
    return invalidState("invalid state");
  }
  x.fut_exception = value;
  x.fut_exception_tb = Py.XNewRef(<usize>PyBaseExceptionObject.at(value).traceback);
  x.fut_state = FINISHED;
  if (scheduleCallbacks(o) < 0) return 0;
  setBit(o, LOG_TB, true);
  return _Py_NoneStruct;
}

/** The CancelledError of a future, which is kept no longer: a new reference, null with an exception. */
export function cancelledError(o: usize): usize {
  const x = FutureObj.at(o);
  const kept = x.fut_cancelled_exc;
  if (kept != 0) {
    x.fut_cancelled_exc = 0;
    return kept;
  }
  const message = x.fut_cancel_msg;
  if (message == 0 || message == _Py_NoneStruct) return PyObject_CallNoArgs(asyncioRoots.cancelled_error);
  return PyObject_CallOneArg(asyncioRoots.cancelled_error, message);
}

function raiseCancelled(o: usize): usize {
  const error = cancelledError(o);
  if (error == 0) return 0;
  PyErr_SetObject(asyncioRoots.cancelled_error, error);
  Py.DECREF(error);
  return 0;
}

/** What a future that ended with an exception is asked for: that, with the traceback that it had. New reference, or null with another. */
export function takeException(o: usize): usize {
  const x = FutureObj.at(o);
  setBit(o, LOG_TB, false);
  const tb = x.fut_exception_tb;
  if (set_traceback(x.fut_exception, tb == 0 ? _Py_NoneStruct : tb, 0) < 0) return 0;
  const r = Py.NewRef(<usize>x.fut_exception);
  Py.CLEAR(x.fut_exception_tb_slot);
  return r;
}

/** Whether a future ended with an exception, and not with a result. */
export function hasFailed(o: usize): bool {
  return FutureObj.at(o).fut_state == FINISHED && FutureObj.at(o).fut_exception != 0;
}

/** What a future ended with: a new reference, or null with the exception, CancelledError or InvalidStateError. */
export function futureResult(o: usize): usize {
  const x = FutureObj.at(o);
  if (x.fut_state == CANCELLED) return raiseCancelled(o);
  if (x.fut_state != FINISHED) return invalidState("Result is not set.");
  if (hasFailed(o)) {
    const exc = takeException(o);
    if (exc == 0) return 0;
    PyErr_SetObject(Py.TYPE(exc), exc);
    Py.DECREF(exc);
    return 0;
  }
  setBit(o, LOG_TB, false);
  return Py.NewRef(<usize>x.fut_result);
}

/** Adds a callback and its context: None, or null with an exception. */
export function addCallback(o: usize, fn: usize, context: usize): usize {
  const x = FutureObj.at(o);
  if (x.fut_loop == 0) return PyErr_SetString(PyExc_RuntimeError, "uninitialized Future object");
  if (x.fut_state != PENDING) return callSoon(x.fut_loop, fn, o, context) < 0 ? 0 : _Py_NoneStruct;
  if (x.fut_callbacks == 0 && x.fut_callback0 == 0) {
    x.fut_callback0 = Py.NewRef(fn);
    x.fut_context0 = Py.NewRef(context);
    return _Py_NoneStruct;
  }
  const pair = PyTuple_Pack2(fn, context);
  if (pair != 0 && x.fut_callbacks == 0) x.fut_callbacks = PyList_New(0);
  const status = pair == 0 || x.fut_callbacks == 0 ? -1 : PyList_Append(x.fut_callbacks, pair);
  Py.XDECREF(pair);
  return status < 0 ? 0 : _Py_NoneStruct;
}

/** Cancels a future, with a message or null: whether that was still possible, as a bool; null with an exception. */
export function cancelFuture(o: usize, message: usize): usize {
  const x = FutureObj.at(o);
  setBit(o, LOG_TB, false);
  if (x.fut_state != PENDING) return _Py_FalseStruct;
  x.fut_state = CANCELLED;
  Py.SETREF(x.fut_cancel_msg_slot, Py.XNewRef(message));
  return scheduleCallbacks(o) < 0 ? 0 : _Py_TrueStruct;
}

/**
 * @native _asyncio.Future.result($self, /)
 * @native _asyncio.Task.result($self, /)
 *
 * What it ended with.
 *
 * Where that was an exception, it is raised; CancelledError where it was cancelled, InvalidStateError
 * where it has not ended.
 */
export function future_result(o: usize): usize {
  if (FutureObj.at(o).fut_loop == 0) return invalidState("Future object is not initialized.");
  return futureResult(o);
}

/**
 * @native _asyncio.Future.exception($self, /)
 * @native _asyncio.Task.exception($self, /)
 *
 * The exception that it ended with, None where it ended with a result.
 *
 * CancelledError is raised where it was cancelled, InvalidStateError where it
 * has not ended.
 */
export function future_exception(o: usize): usize {
  const x = FutureObj.at(o);
  if (x.fut_loop == 0) return invalidState("Future object is not initialized.");
  if (x.fut_state == CANCELLED) return raiseCancelled(o);
  if (x.fut_state != FINISHED) return invalidState("Exception is not set.");
  if (x.fut_exception == 0) return _Py_NoneStruct;
  setBit(o, LOG_TB, false);
  return Py.NewRef(<usize>x.fut_exception);
}

/**
 * @native _asyncio.Future.set_result($self, result, /)
 *
 * Ends it with a result.
 *
 * InvalidStateError is raised where it has ended already.
 */
export function future_set_result(o: usize, result: usize): usize {
  return setResult(o, result);
}

/**
 * @native _asyncio.Future.set_exception($self, exception, /)
 *
 * Ends it with an exception.
 *
 * InvalidStateError is raised where it has ended already.
 */
export function future_set_exception(o: usize, exc: usize): usize {
  return isAlive(o) ? setException(o, exc) : 0;
}

/**
 * @native _asyncio.Future.add_done_callback($self, fn, /, *, context=<unrepresentable>)
 * @native _asyncio.Task.add_done_callback($self, fn, /, *, context=<unrepresentable>)
 *
 * Has a function called when it ends.
 *
 * The loop calls it, with the future as the only argument; soon, where it
 * has ended already.
 */
export function future_add_done_callback(o: usize, fn: usize, context: usize): usize {
  if (context != 0) return addCallback(o, fn, context);
  const copy = PyContext_CopyCurrent();
  if (copy == 0) return 0;
  const r = addCallback(o, fn, copy);
  Py.DECREF(copy);
  return r;
}

/**
 * @native _asyncio.Future.remove_done_callback($self, fn, /)
 * @native _asyncio.Task.remove_done_callback($self, fn, /)
 *
 * Forgets a function that was to be called, however often it was added.
 *
 * How often that was is returned.
 */
export function future_remove_done_callback(o: usize, fn: usize): usize {
  if (!isAlive(o)) return 0;
  const x = FutureObj.at(o);
  let removed: isize = 0;
  if (x.fut_callback0 != 0) {
    const same = isCallback(<usize>x.fut_callback0, fn);
    if (same < 0) return 0;
    if (same > 0) {
      Py.CLEAR(x.fut_callback0_slot);
      Py.CLEAR(x.fut_context0_slot);
      removed = 1;
    }
  }
  if (x.fut_callbacks == 0) return PyLong_FromSsize_t(removed);
  const before = Py.SIZE(x.fut_callbacks);
  const kept = keptCallbacks(x, fn);
  if (kept == 0) return 0;
  let after: isize = 0;
  let status = 0;
  if (x.fut_callbacks != 0) {
    after = Py.SIZE(kept);
    if (after == 0) Py.CLEAR(x.fut_callbacks_slot);
    else if (after != Py.SIZE(x.fut_callbacks)) {
      const list = Py.NewRef(<usize>x.fut_callbacks);
      status = PyList_SetSlice(list, 0, Py.SIZE(list), kept);
      Py.DECREF(list);
    }
  }
  Py.DECREF(kept);
  return status < 0 ? 0 : PyLong_FromSsize_t(removed + before - after);
}

/** Whether a callback equals another, which may run Python: -1 with an exception. */
function isCallback(callback: usize, fn: usize): i32 {
  Py.INCREF(callback);
  const same = PyObject_RichCompareBool(callback, fn, Py_EQ);
  Py.DECREF(callback);
  return same;
}

/** The callbacks of the list that are not `fn`, while there is a list: a new one, null with an exception. */
function keptCallbacks(x: FutureObj, fn: usize): usize {
  const kept = PyList_New(0);
  for (let i: isize = 0; kept != 0 && x.fut_callbacks != 0 && i < Py.SIZE(x.fut_callbacks); i++) {
    const pair = Py.NewRef(List.get(x.fut_callbacks, i));
    const same = isCallback(Tuple.get(pair, 0), fn);
    const status = same == 0 ? PyList_Append(kept, pair) : min(same, 0);
    Py.DECREF(pair);
    if (status == 0) continue;
    Py.DECREF(kept);
    return 0;
  }
  return kept;
}

/**
 * @native _asyncio.Future.cancel($self, /, msg=None)
 *
 * Cancels it, and has its callbacks called.
 *
 * False is returned where it has ended already, otherwise
 * True.
 */
export function future_cancel(o: usize, msg: usize): usize {
  return isAlive(o) ? cancelFuture(o, msg) : 0;
}

/**
 * @native _asyncio.Future.cancelled($self, /)
 * @native _asyncio.Task.cancelled($self, /)
 *
 * Whether it was cancelled.
 */
export function future_cancelled(o: usize): usize {
  return boolObject(FutureObj.at(o).fut_loop != 0 && FutureObj.at(o).fut_state == CANCELLED);
}

/**
 * @native _asyncio.Future.done($self, /)
 * @native _asyncio.Task.done($self, /)
 *
 * Whether it has ended.
 *
 * It has where there is a result or an exception, or
 * where it was cancelled.
 */
export function future_done(o: usize): usize {
  return boolObject(FutureObj.at(o).fut_loop != 0 && FutureObj.at(o).fut_state != PENDING);
}

/**
 * @native _asyncio.Future.get_loop($self, /)
 *
 * The loop that it belongs to.
 */
export function future_get_loop(o: usize): usize {
  return isAlive(o) ? Py.NewRef(<usize>FutureObj.at(o).fut_loop) : 0;
}

/**
 * @native _asyncio.Future._make_cancelled_error($self, /)
 * @native _asyncio.Task._make_cancelled_error($self, /)
 *
 * The CancelledError to raise where it was cancelled.
 *
 * What it was raised in is forgotten with the first
 * call.
 */
export function future_make_cancelled_error(o: usize): usize {
  return cancelledError(o);
}

/** Sets AttributeError, as an attribute is not to be deleted. */
function cannotDelete(): i32 {
  return PyErr_Fail(PyExc_AttributeError, "cannot delete attribute");
}

/** What a setter of a bit does: 0, or -1 with an exception. */
export function assignBit(o: usize, bit: u32, value: usize): i32 {
  if (value == 0) return cannotDelete();
  const on = PyObject_IsTrue(value);
  if (on < 0) return -1;
  setBit(o, bit, on != 0);
  return 0;
}

/**
 * @getter _asyncio.Future._state
 * @getter _asyncio.Task._state
 */
export function future_state(o: usize, _c: usize): usize {
  if (!isAlive(o)) return 0;
  const state = FutureObj.at(o).fut_state;
  return state == PENDING ? ID.PENDING : state == CANCELLED ? ID.CANCELLED : ID.FINISHED;
}

/**
 * @getter _asyncio.Future._asyncio_future_blocking
 * @getter _asyncio.Task._asyncio_future_blocking
 */
export function future_blocking(o: usize, _c: usize): usize {
  return boolObject(FutureObj.at(o).fut_loop != 0 && hasBit(o, BLOCKING));
}

/**
 * @setter _asyncio.Future._asyncio_future_blocking
 * @setter _asyncio.Task._asyncio_future_blocking
 */
export function future_set_blocking(o: usize, value: usize, _c: usize): i32 {
  return isAlive(o) ? assignBit(o, BLOCKING, value) : -1;
}

/**
 * @getter _asyncio.Future._loop
 * @getter _asyncio.Task._loop
 */
export function future_loop(o: usize, _c: usize): usize {
  return orNone(FutureObj.at(o).fut_loop);
}

/** A new reference to an object that may be null: to None then. */
export function orNone(o: usize): usize {
  return o == 0 ? _Py_NoneStruct : Py.NewRef(o);
}

/**
 * @getter _asyncio.Future._callbacks
 * @getter _asyncio.Task._callbacks
 */
export function future_callbacks(o: usize, _c: usize): usize {
  if (!isAlive(o)) return 0;
  const x = FutureObj.at(o);
  if (x.fut_callback0 == 0) return orNone(x.fut_callbacks);
  const all = PyList_New(0);
  const first = all == 0 ? 0 : PyTuple_Pack2(x.fut_callback0, x.fut_context0);
  let status = first == 0 ? -1 : PyList_Append(all, first);
  Py.XDECREF(first);
  for (let i: isize = 0; status == 0 && x.fut_callbacks != 0 && i < Py.SIZE(x.fut_callbacks); i++) {
    status = PyList_Append(all, List.get(x.fut_callbacks, i));
  }
  if (status == 0) return all;
  Py.XDECREF(all);
  return 0;
}

/**
 * @getter _asyncio.Future._result
 * @getter _asyncio.Task._result
 */
export function future_get_result(o: usize, _c: usize): usize {
  return isAlive(o) ? orNone(FutureObj.at(o).fut_result) : 0;
}

/**
 * @getter _asyncio.Future._exception
 * @getter _asyncio.Task._exception
 */
export function future_get_exception(o: usize, _c: usize): usize {
  return isAlive(o) ? orNone(FutureObj.at(o).fut_exception) : 0;
}

/**
 * @getter _asyncio.Future._log_traceback
 * @getter _asyncio.Task._log_traceback
 */
export function future_log_traceback(o: usize, _c: usize): usize {
  return isAlive(o) ? boolObject(hasBit(o, LOG_TB)) : 0;
}

/**
 * @setter _asyncio.Future._log_traceback
 * @setter _asyncio.Task._log_traceback
 */
export function future_set_log_traceback(o: usize, value: usize, _c: usize): i32 {
  if (value == 0) return cannotDelete();
  const on = PyObject_IsTrue(value);
  if (on < 0) return -1;
  if (on > 0) return PyErr_Fail(PyExc_ValueError, "_log_traceback can only be set to False");
  setBit(o, LOG_TB, false);
  return 0;
}

/**
 * @getter _asyncio.Future._source_traceback
 * @getter _asyncio.Task._source_traceback
 */
export function future_source_traceback(o: usize, _c: usize): usize {
  return FutureObj.at(o).fut_loop == 0 ? _Py_NoneStruct : orNone(FutureObj.at(o).fut_source_tb);
}

/**
 * @getter _asyncio.Future._cancel_message
 * @getter _asyncio.Task._cancel_message
 */
export function future_cancel_message(o: usize, _c: usize): usize {
  return orNone(FutureObj.at(o).fut_cancel_msg);
}

/**
 * @setter _asyncio.Future._cancel_message
 * @setter _asyncio.Task._cancel_message
 */
export function future_set_cancel_message(o: usize, value: usize, _c: usize): i32 {
  if (value == 0) return cannotDelete();
  Py.SETREF(FutureObj.at(o).fut_cancel_msg_slot, Py.NewRef(value));
  return 0;
}

export function future_repr(o: usize): usize {
  return isAlive(o) ? PyObject_CallOneArg(asyncioRoots.future_repr, o) : 0;
}

/**
 * Tells the loop of a future that dies: what is wrong, a new str that is stolen; the names and values that come with it, the
 * first of which may be null. What was raised before is still so.
 */
export function tellLoop(o: usize, message: usize, exception: usize, name: usize): void {
  const x = FutureObj.at(o);
  const context = message == 0 ? 0 : PyDict_New();
  const told =
    context != 0 &&
    PyDict_SetItem(context, ID.message, message) == 0 &&
    (exception == 0 || PyDict_SetItem(context, ID.exception, exception) == 0) &&
    PyDict_SetItem(context, name, o) == 0 &&
    (x.fut_source_tb == 0 || PyDict_SetItem(context, ID.source_traceback, x.fut_source_tb) == 0);
  const handler = !told || x.fut_loop == 0 ? 0 : PyObject_GetAttr(x.fut_loop, ID.call_exception_handler);
  if (handler != 0) {
    const r = PyObject_CallOneArg(handler, context);
    if (r == 0) PyErr_WriteUnraisable(handler);
    Py.XDECREF(r);
    Py.DECREF(handler);
  }
  Py.XDECREF(context);
  Py.XDECREF(message);
}

/** tp_finalize: an exception that nobody has asked for is told of. */
export function future_finalize(o: usize): void {
  if (!hasBit(o, LOG_TB)) return;
  setBit(o, LOG_TB, false);
  const raised = PyErr_GetRaisedException();
  const message = PyUnicode_FromFormat("%s exception was never retrieved", _PyType_Name(Py.TYPE(o)));
  tellLoop(o, message, FutureObj.at(o).fut_exception, ID.future);
  PyErr_SetRaisedException(raised);
}
