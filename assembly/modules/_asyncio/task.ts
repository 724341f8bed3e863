// Task of _asyncio (a part of CPython 3.13's Modules/_asynciomodule.c): a future that a coroutine ends, which a loop takes
// from one thing that it waits for to the next.

import { FutureObj, TaskObj, TaskStepMethWrapper } from "../../generated/layouts";
import { asyncioRoots } from "../../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyCoro_Type,
  PyExc_KeyboardInterrupt,
  PyExc_RuntimeError,
  PyExc_SystemExit,
  PyExc_TypeError,
  PyGen_Type,
  PyLong_Type,
  PyTaskStepMethWrapper_Type,
  PyUnicode_Type,
} from "../../generated/statics";
import { PyDict_Size } from "../../objects/containers/dict/dict";
import { PySet_Add, PySet_Contains, PySet_Discard, PySet_Size } from "../../objects/containers/set/set";
import { parseTupleAndKeywords } from "../../objects/define/args";
import { PyCFunction_New } from "../../objects/descriptors/builtinfunction";
import {
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_GivenExceptionMatches,
  PyErr_Occurred,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { _PyGen_FetchStopIterationValue, Outcome, PYGEN_NEXT, PyIter_Send } from "../../objects/generators/generator";
import { boolObject } from "../../objects/numbers/bool";
import { PyLong_FromLong, PyLong_FromUnsignedLongLong } from "../../objects/numbers/int/create";
import { _PyObject_GC_New } from "../../objects/object/alloc";
import {
  PyObject_CallMethodNoArgs,
  PyObject_CallMethodOneArg,
  PyObject_CallNoArgs,
  PyObject_CallOneArg,
  PyObject_CallThreeArgs,
  PyObject_CallTwoArgs,
  PyObject_VectorcallMethod,
} from "../../objects/object/call";
import { _PyObject_GC_TRACK } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr, PyObject_SetAttr } from "../../objects/protocol/access";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyObject_IsInstance } from "../../objects/protocol/instancecheck";
import { PyObject_Str } from "../../objects/protocol/text";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Scratch } from "../../thread/scratch";
import { PyContext_CopyCurrent, PyContext_Enter, PyContext_Exit } from "../_contextvars/context";
import { chainExceptions } from "../_io/common";
import {
  addCallback,
  BLOCKING,
  callSoon,
  cancelFuture,
  cancelledError,
  assignBit,
  future_finalize,
  futureInit,
  futureResult,
  hasBit,
  hasFailed,
  isAlive,
  isExactFuture,
  LOG_TB,
  orNone,
  PENDING,
  setBit,
  setException,
  setResult,
  takeException,
  tellLoop,
} from "./future";
import { enterTask, leaveTask, registerTask, swapTask } from "./loops";

// Bits of a task, behind those of every future.
const MUST_CANCEL: u32 = 4;
const LOG_DESTROY_PENDING: u32 = 8;

/** Types of coroutines that are kept. */
const TYPES_MAX: isize = 100;

/** Whether an object is a coroutine of some kind: -1 with an exception. */
function isCoroutine(o: usize): i32 {
  if (Py.IS_TYPE(o, PyCoro_Type)) return 1;
  const types = asyncioRoots.iscoroutine_typecache;
  const known = PySet_Contains(types, Py.TYPE(o));
  if (known != 0) return known;
  const said = PyObject_CallOneArg(asyncioRoots.iscoroutine, o);
  if (said == 0) return -1;
  const r = PyObject_IsTrue(said);
  Py.DECREF(said);
  if (r > 0 && PySet_Size(types) < TYPES_MAX && PySet_Add(types, Py.TYPE(o)) < 0) return -1;
  return r;
}

export function task_init(o: usize, args: usize, kwargs: usize): i32 {
  const a = Scratch.take(5);
  let r = -1;
  if (parseTupleAndKeywords("Task", "coro loop name context eager_start", args, kwargs, a, 1, 1)) {
    const eager = Py.item(a, 4) == 0 ? 0 : PyObject_IsTrue(Py.item(a, 4));
    if (eager >= 0) r = begin(o, Py.item(a, 0), given(a, 1), given(a, 2), given(a, 3), eager != 0);
  }
  Scratch.give(a);
  return r;
}

/** An argument, None where it is not given. */
function given(a: usize, i: isize): usize {
  return Py.item(a, i) == 0 ? _Py_NoneStruct : Py.item(a, i);
}

function begin(o: usize, coro: usize, loop: usize, name: usize, context: usize, eager: bool): i32 {
  if (futureInit(o, loop) < 0) return -1;
  const x = TaskObj.at(o);
  const isOne = isCoroutine(coro);
  if (isOne < 0) return -1;
  if (isOne == 0) {
    setBit(o, LOG_DESTROY_PENDING, false);
    PyErr_Format(PyExc_TypeError, "a coroutine was expected, got %R", coro);
    return -1;
  }
  const own = context == _Py_NoneStruct ? PyContext_CopyCurrent() : Py.NewRef(context);
  if (own == 0) return -1;
  Py.SETREF(x.task_context_slot, own);
  Py.CLEAR(x.task_fut_waiter_slot);
  setBit(o, MUST_CANCEL, false);
  setBit(o, LOG_DESTROY_PENDING, true);
  x.task_num_cancels_requested = 0;
  Py.SETREF(x.task_coro_slot, Py.NewRef(coro));
  const called = nameFor(name);
  if (called == 0) return -1;
  Py.SETREF(x.task_name_slot, called);
  if (eager) {
    const runs = PyObject_CallMethodNoArgs(loop, ID.is_running);
    if (runs == 0) return -1;
    Py.DECREF(runs);
    if (runs == _Py_TrueStruct) return startEagerly(o);
  }
  return stepSoon(o, 0) < 0 ? -1 : registerTask(o);
}

/** What a task keeps as its name; of None a number, of which the name is made when it is asked for. */
function nameFor(name: usize): usize {
  if (name == _Py_NoneStruct) return PyLong_FromUnsignedLongLong(++asyncioRoots.task_name_counter);
  return Py.IS_TYPE(name, PyUnicode_Type) ? Py.NewRef(name) : PyObject_Str(name);
}

/** A coroutine that a loop runs is begun at once: 0, or -1 with an exception. */
function startEagerly(o: usize): i32 {
  const x = TaskObj.at(o);
  const loop = Py.NewRef(<usize>x.fut_loop);
  const context = Py.NewRef(<usize>x.task_context);
  const before = swapTask(loop, o);
  const r = before == 0 ? -1 : startIn(o, loop, context, before);
  Py.XDECREF(before);
  Py.DECREF(context);
  Py.DECREF(loop);
  return r;
}

/** The same, of a task that the loop runs in the place of `before`. */
function startIn(o: usize, loop: usize, context: usize, before: usize): i32 {
  const x = TaskObj.at(o);
  let status = PySet_Add(asyncioRoots.eager_tasks, o);
  if (status < 0 || PyContext_Enter(context) < 0) return -1;
  const r = step(o, 0);
  if (r == 0) status = -1;
  Py.XDECREF(r);
  const raised = PyErr_GetRaisedException();
  const current = swapTask(loop, before);
  if (current == 0) status = -1;
  Py.XDECREF(current);
  if (PySet_Discard(asyncioRoots.eager_tasks, o) < 0) status = -1;
  if (PyContext_Exit(context) < 0) status = -1;
  if (x.fut_state != PENDING) Py.CLEAR(x.task_coro_slot);
  else if (registerTask(o) < 0) status = -1;
  chainExceptions(raised);
  return status;
}

/** Has the loop take a task a step further, throwing `exc` (or null): 0, or -1 with an exception. */
function stepSoon(o: usize, exc: usize): i32 {
  const wrapper = _PyObject_GC_New(PyTaskStepMethWrapper_Type);
  if (wrapper == 0) return -1;
  const w = TaskStepMethWrapper.at(wrapper);
  w.sw_task = Py.NewRef(o);
  w.sw_arg = Py.XNewRef(exc);
  _PyObject_GC_TRACK(wrapper);
  const x = TaskObj.at(o);
  const r = callSoon(x.fut_loop, wrapper, 0, x.task_context);
  Py.DECREF(wrapper);
  return r;
}

/** tp_call of what a loop calls for a step. */
export function stepwrapper_call(o: usize, args: usize, kwargs: usize): usize {
  if (kwargs != 0 && PyDict_Size(kwargs) != 0) {
    return PyErr_SetString(PyExc_TypeError, "function takes no keyword arguments");
  }
  if (args != 0 && Py.SIZE(args) != 0) {
    return PyErr_SetString(PyExc_TypeError, "function takes no positional arguments");
  }
  const w = TaskStepMethWrapper.at(o);
  // What the collector has taken apart can still be reached from a finalizer.
  if (w.sw_task == 0) return PyErr_SetString(PyExc_RuntimeError, "uninitialized Task object");
  return stepIn(w.sw_task, w.sw_arg);
}

/** @getter _asyncio.TaskStepMethWrapper.__self__ */
export function stepwrapper_self(o: usize, _c: usize): usize {
  return orNone(TaskStepMethWrapper.at(o).sw_task);
}

/** Takes a task a step further, as what its loop runs: None, or null with an exception. */
function stepIn(o: usize, exc: usize): usize {
  if (!isAlive(o)) return 0;
  const loop = Py.NewRef(<usize>FutureObj.at(o).fut_loop);
  let r: usize = 0;
  if (enterTask(loop, o) == 0) {
    r = step(o, exc);
    const raised = PyErr_GetRaisedException();
    if (leaveTask(loop, o) < 0) r = 0;
    chainExceptions(raised);
  }
  Py.DECREF(loop);
  return r;
}

/** Sends None to the coroutine, or throws `exc` (or null) into it, and does what comes of it. */
function step(o: usize, exc: usize): usize {
  const x = TaskObj.at(o);
  if (x.fut_state != PENDING) {
    const shown = exc == 0 ? _Py_NoneStruct : exc;
    return PyErr_Format(asyncioRoots.invalid_state_error, "_step(): already done: %R %R", o, shown);
  }
  let thrown = Py.XNewRef(exc);
  if (hasBit(o, MUST_CANCEL)) {
    if (exc == 0 || !PyErr_GivenExceptionMatches(exc, asyncioRoots.cancelled_error)) {
      Py.XDECREF(thrown);
      thrown = cancelledError(o);
      if (thrown == 0) return 0;
    }
    setBit(o, MUST_CANCEL, false);
  }
  Py.CLEAR(x.task_fut_waiter_slot);
  if (x.task_coro == 0) {
    Py.XDECREF(thrown);
    return PyErr_SetString(PyExc_RuntimeError, "uninitialized Task object");
  }
  const coro = Py.NewRef(<usize>x.task_coro);
  let result: usize;
  let goesOn: bool;
  if (thrown == 0) {
    result = PyIter_Send(coro, _Py_NoneStruct);
    goesOn = Outcome.get() == PYGEN_NEXT;
  } else {
    result = PyObject_CallMethodOneArg(coro, ID.throw_, thrown);
    goesOn = result != 0;
    if (!goesOn) result = _PyGen_FetchStopIterationValue();
    Py.DECREF(thrown);
  }
  Py.DECREF(coro);
  if (goesOn) return waitFor(o, result);
  return result != 0 ? endWith(o, result) : endRaised(o);
}

/** The coroutine has ended with a result, which is stolen. */
function endWith(o: usize, result: usize): usize {
  let r: usize;
  if (hasBit(o, MUST_CANCEL)) {
    // The request came with the last step.
    setBit(o, MUST_CANCEL, false);
    const message = Py.XNewRef(<usize>FutureObj.at(o).fut_cancel_msg);
    r = cancelFuture(o, message);
    Py.XDECREF(message);
  } else r = setResult(o, result);
  Py.DECREF(result);
  return r == 0 ? 0 : _Py_NoneStruct;
}

/** The coroutine has ended with what is raised. */
function endRaised(o: usize): usize {
  if (PyErr_ExceptionMatches(asyncioRoots.cancelled_error)) {
    Py.SETREF(FutureObj.at(o).fut_cancelled_exc_slot, PyErr_GetRaisedException());
    return cancelFuture(o, 0);
  }
  const exc = PyErr_GetRaisedException();
  const r = setException(o, exc);
  const ends =
    PyErr_GivenExceptionMatches(exc, PyExc_KeyboardInterrupt) || PyErr_GivenExceptionMatches(exc, PyExc_SystemExit);
  if (r == 0 || !ends) {
    Py.DECREF(exc);
    return r;
  }
  PyErr_SetRaisedException(exc);
  return 0;
}

/** Has RuntimeError thrown into the coroutine; its message is stolen, null for that there is none. Drops what was yielded. */
function complain(o: usize, yielded: usize, message: usize): usize {
  Py.DECREF(yielded);
  if (message == 0) return 0;
  const error = PyObject_CallOneArg(PyExc_RuntimeError, message);
  Py.DECREF(message);
  const status = error == 0 ? -1 : stepSoon(o, error);
  Py.XDECREF(error);
  return status < 0 ? 0 : _Py_NoneStruct;
}

/** Has the task wait for what its coroutine has yielded, which is stolen: None, or null with an exception. */
function waitFor(o: usize, yielded: usize): usize {
  if (yielded == o) return complain(o, yielded, PyUnicode_FromFormat("Task cannot await on itself: %R", o));
  if (yielded == _Py_NoneStruct) return stepSoon(o, 0) < 0 ? 0 : _Py_NoneStruct;
  const exact = isExactFuture(yielded);
  const blocking = exact ? (hasBit(yielded, BLOCKING) ? 1 : 0) : blockingOf(yielded);
  if (blocking == NOT_A_FUTURE) return complainOf(o, yielded);
  const loop = blocking < 0 ? 0 : exact ? Py.XNewRef(<usize>FutureObj.at(yielded).fut_loop) : loopOf(yielded);
  if (blocking < 0 || (loop == 0 && !exact)) {
    Py.DECREF(yielded);
    return 0;
  }
  Py.XDECREF(loop);
  if (loop != FutureObj.at(o).fut_loop) {
    const format = "Task %R got Future %R attached to a different loop";
    return complain(o, yielded, PyUnicode_FromFormat(format, o, yielded));
  }
  if (!blocking) {
    const format = "yield was used instead of yield from in task %R with %R";
    return complain(o, yielded, PyUnicode_FromFormat(format, o, yielded));
  }
  if (!(exact ? watchExact(o, yielded) : watch(o, yielded))) {
    Py.DECREF(yielded);
    return 0;
  }
  Py.SETREF(TaskObj.at(o).task_fut_waiter_slot, yielded);
  if (hasBit(o, MUST_CANCEL)) {
    const cancelled = cancelWaiter(o, FutureObj.at(o).fut_cancel_msg);
    if (cancelled < 0) return 0;
    if (cancelled > 0) setBit(o, MUST_CANCEL, false);
  }
  return _Py_NoneStruct;
}

/** Of blockingOf(): the object is no future. */
const NOT_A_FUTURE: i32 = 2;

/** Whether what may be a future is being awaited: 0, 1, NOT_A_FUTURE, or -1 with an exception. */
function blockingOf(yielded: usize): i32 {
  const blocking = PyObject_GetOptionalAttr(yielded, ID._asyncio_future_blocking);
  if (blocking == 0) return PyErr_Occurred() != 0 ? -1 : NOT_A_FUTURE;
  const r = blocking == _Py_NoneStruct ? NOT_A_FUTURE : PyObject_IsTrue(blocking);
  Py.DECREF(blocking);
  return r;
}

/** The loop of a future of any type: a new reference, null with an exception. */
function loopOf(future: usize): usize {
  const method = PyObject_GetOptionalAttr(future, ID.get_loop);
  if (method == 0) return PyErr_Occurred() != 0 ? 0 : PyObject_GetAttr(future, ID._loop);
  const r = PyObject_CallNoArgs(method);
  Py.DECREF(method);
  return r;
}

/** What was yielded cannot be waited for. */
function complainOf(o: usize, yielded: usize): usize {
  const isGenerator = PyObject_IsInstance(yielded, PyGen_Type);
  if (isGenerator < 0) {
    Py.DECREF(yielded);
    return 0;
  }
  const format = "yield was used instead of yield from for generator in task %R with %R";
  const message =
    isGenerator > 0
      ? PyUnicode_FromFormat(format, o, yielded)
      : PyUnicode_FromFormat("Task got bad yield: %R", yielded);
  return complain(o, yielded, message);
}

/** Has a future of these types wake the task: false with an exception. */
function watchExact(o: usize, future: usize): bool {
  setBit(future, BLOCKING, false);
  const wakeup = PyCFunction_New(asyncioRoots.wakeup_def, o, 0);
  if (wakeup == 0) return false;
  const r = addCallback(future, wakeup, TaskObj.at(o).task_context);
  Py.DECREF(wakeup);
  return r != 0;
}

/** Has a future of another type wake the task: false with an exception. */
function watch(o: usize, future: usize): bool {
  if (PyObject_SetAttr(future, ID._asyncio_future_blocking, _Py_FalseStruct) < 0) return false;
  const wakeup = PyCFunction_New(asyncioRoots.wakeup_def, o, 0);
  if (wakeup == 0) return false;
  const argv = Scratch.takeArguments(3);
  Py.setItem(argv, 0, future);
  Py.setItem(argv, 1, wakeup);
  Py.setItem(argv, 2, Py.NewRef(<usize>TaskObj.at(o).task_context));
  const r = PyObject_VectorcallMethod(ID.add_done_callback, argv, 2, asyncioRoots.context_kwname);
  Py.DECREF(Py.item(argv, 2));
  Scratch.giveArguments(argv);
  Py.DECREF(wakeup);
  Py.XDECREF(r);
  return r != 0;
}

/** Asks what the task waits for to be cancelled: whether it will be, -1 with an exception. */
function cancelWaiter(o: usize, message: usize): i32 {
  const waiter = Py.NewRef(<usize>TaskObj.at(o).task_fut_waiter);
  const text = message == 0 ? _Py_NoneStruct : Py.NewRef(message);
  const r = PyObject_CallMethodOneArg(waiter, ID.cancel, text);
  Py.DECREF(text);
  Py.DECREF(waiter);
  if (r == 0) return -1;
  const cancelled = PyObject_IsTrue(r);
  Py.DECREF(r);
  return cancelled;
}

/** What is called when what a task waits for has ended. */
export function task_wakeup(o: usize, future: usize): usize {
  const exact = isExactFuture(future);
  let exc: usize = 0;
  if (exact && hasFailed(future)) {
    exc = takeException(future);
    if (exc == 0) return 0;
  } else {
    const result = exact ? futureResult(future) : PyObject_CallMethodNoArgs(future, ID.result);
    if (result != 0) Py.DECREF(result);
    else exc = PyErr_GetRaisedException();
  }
  const r = stepIn(o, exc);
  Py.XDECREF(exc);
  return r;
}

/**
 * @native _asyncio.Task.set_result($self, result, /)
 */
export function task_set_result(_o: usize, _result: usize): usize {
  return PyErr_SetString(PyExc_RuntimeError, "Task does not support set_result operation");
}

/**
 * @native _asyncio.Task.set_exception($self, exception, /)
 */
export function task_set_exception(_o: usize, _exc: usize): usize {
  return PyErr_SetString(PyExc_RuntimeError, "Task does not support set_exception operation");
}

/**
 * @native _asyncio.Task.cancel($self, /, msg=None)
 *
 * Asks the task to cancel itself.
 *
 * CancelledError is thrown into its coroutine, where that waits, when the
 * loop comes to it. The coroutine may clean up then, and may even go on.
 *
 * So the task, unlike a future, need not be cancelled in the end: the
 * coroutine may catch the exception, wait for more, return a result or
 * raise something else.
 *
 * Right after the request, cancelled() is still false, unless the task
 * had been cancelled before. It is true once the coroutine has ended with
 * CancelledError, whether or not somebody
 * has asked for it.
 *
 * Each request counts: cancelling() says how many there are. False is returned where
 * the task has ended, True otherwise.
 */
export function task_cancel(o: usize, msg: usize): usize {
  const x = TaskObj.at(o);
  setBit(o, LOG_TB, false);
  if (x.fut_state != PENDING) return _Py_FalseStruct;
  x.task_num_cancels_requested = x.task_num_cancels_requested + 1;
  if (x.task_fut_waiter != 0) {
    const cancelled = cancelWaiter(o, msg);
    if (cancelled < 0) return 0;
    if (cancelled > 0) return _Py_TrueStruct;
  }
  setBit(o, MUST_CANCEL, true);
  Py.SETREF(x.fut_cancel_msg_slot, Py.NewRef(msg));
  return _Py_TrueStruct;
}

/**
 * @native _asyncio.Task.cancelling($self, /)
 *
 * How many requests to cancel the task there are.
 *
 * cancel() makes one more of them, uncancel() one
 * less.
 */
export function task_cancelling(o: usize): usize {
  return PyLong_FromLong(TaskObj.at(o).task_num_cancels_requested);
}

/**
 * @native _asyncio.Task.uncancel($self, /)
 *
 * Takes back one request to cancel the task.
 *
 * It is for coroutines that have caught CancelledError and go on.
 *
 * How many requests are left is returned.
 */
export function task_uncancel(o: usize): usize {
  const x = TaskObj.at(o);
  const n = x.task_num_cancels_requested;
  if (n > 0) {
    x.task_num_cancels_requested = n - 1;
    if (n == 1) setBit(o, MUST_CANCEL, false);
  }
  return PyLong_FromLong(x.task_num_cancels_requested);
}

/**
 * @native _asyncio.Task.get_stack($self, /, *, limit=None)
 *
 * The frames of the coroutine, a list.
 *
 * While the coroutine is not at its end, that is where it waits; where it ended
 * with an exception, the frames of the traceback; where it ended otherwise, the
 * list is empty.
 *
 * The oldest frame comes first.
 *
 * With a limit there are so many at most: of a coroutine that waits the
 * newest, of a traceback the oldest, as module traceback does it.
 *
 * Of a coroutine that waits, only one frame
 * is there.
 */
export function task_get_stack(o: usize, limit: usize): usize {
  return PyObject_CallTwoArgs(asyncioRoots.task_get_stack, o, limit);
}

/**
 * @native _asyncio.Task.print_stack($self, /, *, limit=None, file=None)
 *
 * Prints the frames of the coroutine, or its traceback.
 *
 * It looks like what module traceback writes, of the frames that
 * get_stack() gives, which gets the limit. The file is a text stream to write to:
 * sys.stderr, where it is left out.
 */
export function task_print_stack(o: usize, limit: usize, file: usize): usize {
  return PyObject_CallThreeArgs(asyncioRoots.task_print_stack, o, limit, file);
}

/**
 * @native _asyncio.Task.get_name($self, /)
 */
export function task_get_name(o: usize): usize {
  const x = TaskObj.at(o);
  const name = x.task_name;
  if (name == 0) return _Py_NoneStruct;
  if (!Py.IS_TYPE(name, PyLong_Type)) return Py.NewRef(name);
  const made = PyUnicode_FromFormat("Task-%S", name);
  if (made == 0) return 0;
  Py.SETREF(x.task_name_slot, made);
  return Py.NewRef(made);
}

/**
 * @native _asyncio.Task.set_name($self, value, /)
 */
export function task_set_name(o: usize, value: usize): usize {
  const name = Py.IS_TYPE(value, PyUnicode_Type) ? Py.NewRef(value) : PyObject_Str(value);
  if (name == 0) return 0;
  Py.SETREF(TaskObj.at(o).task_name_slot, name);
  return _Py_NoneStruct;
}

/**
 * @native _asyncio.Task.get_coro($self, /)
 */
export function task_get_coro(o: usize): usize {
  return orNone(TaskObj.at(o).task_coro);
}

/**
 * @native _asyncio.Task.get_context($self, /)
 */
export function task_get_context(o: usize): usize {
  return orNone(TaskObj.at(o).task_context);
}

/** @getter _asyncio.Task._log_destroy_pending */
export function task_log_destroy_pending(o: usize, _c: usize): usize {
  return boolObject(hasBit(o, LOG_DESTROY_PENDING));
}

/** @setter _asyncio.Task._log_destroy_pending */
export function task_set_log_destroy_pending(o: usize, value: usize, _c: usize): i32 {
  return assignBit(o, LOG_DESTROY_PENDING, value);
}

/** @getter _asyncio.Task._must_cancel */
export function task_must_cancel(o: usize, _c: usize): usize {
  return boolObject(hasBit(o, MUST_CANCEL));
}

/** @getter _asyncio.Task._coro */
export function task_coro(o: usize, _c: usize): usize {
  return orNone(TaskObj.at(o).task_coro);
}

/** @getter _asyncio.Task._fut_waiter */
export function task_fut_waiter(o: usize, _c: usize): usize {
  return orNone(TaskObj.at(o).task_fut_waiter);
}

export function task_repr(o: usize): usize {
  return PyObject_CallOneArg(asyncioRoots.task_repr, o);
}

/** tp_finalize: a task that dies before its coroutine has ended is told of. */
export function task_finalize(o: usize): void {
  if (FutureObj.at(o).fut_state == PENDING && hasBit(o, LOG_DESTROY_PENDING)) {
    const raised = PyErr_GetRaisedException();
    tellLoop(o, PyUnicode_FromLiteral("Task was destroyed but it is pending!"), 0, ID.task);
    PyErr_SetRaisedException(raised);
  }
  future_finalize(o);
}
