// Instructions: making generators, resuming them, awaiting, asynchronous iteration. The convention is in eval.ts.

import { CO_ASYNC_GENERATOR, CO_COROUTINE, CO_ITERABLE_COROUTINE } from "../../generated/constants";
import {
  _PyInterpreterFrame,
  PyAsyncMethods,
  PyCodeObject,
  PyErr_StackItem,
  PyFrameObject,
  PyFunctionObject,
  PyGenObject,
  PyThreadState,
  PyTypeObject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyAsyncGen_Type,
  PyCoro_Type,
  PyExc_RuntimeError,
  PyExc_StopIteration,
  PyExc_TypeError,
  PyGen_Type,
} from "../../generated/statics";
import { frameLine } from "../../objects/code/frame";
import { _PyFrame_IsIncomplete, FRAME_OWNED_BY_GENERATOR } from "../../objects/code/frameaccess";
import { PyTuple_New, PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { PyErr_FormatFromCause } from "../../objects/errors/base";
import { PyErr_ExceptionMatches, PyErr_Format, PyErr_SetString } from "../../objects/errors/raise";
import {
  _PyCoro_GetAwaitableIter,
  _PyGen_FetchStopIterationValue,
  _PyGen_yf,
  FRAME_CREATED,
  FRAME_EXECUTING,
  Outcome,
  PYGEN_ERROR,
  PYGEN_RETURN,
} from "../../objects/generators/generator";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { _PyObject_GC_NewVar } from "../../objects/object/alloc";
import { PyObject_CallMethodOneArg } from "../../objects/object/call";
import { _PyObject_GC_TRACK } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_GetIter } from "../../objects/protocol/iterator";
import { tstate } from "../../thread/current";
import { Frame } from "../frame";
import { Told } from "../monitoring/events";

/** (file, line, function) of a frame: null with MemoryError. */
function placeOf(frame: usize): usize {
  const code = PyCodeObject.at(_PyInterpreterFrame.at(frame).f_executable);
  const line = PyLong_FromLong(frameLine(frame));
  const r = line == 0 ? 0 : PyTuple_Pack3(code.co_filename, line, code.co_name);
  Py.XDECREF(line);
  return r;
}

function outerFrame(frame: usize): usize {
  let f = _PyInterpreterFrame.at(frame).previous;
  while (f != 0 && _PyFrame_IsIncomplete(f)) f = _PyInterpreterFrame.at(f).previous;
  return f;
}

/** Where a coroutine is made: the places of the frames around its own, so many at most. A new tuple, null with MemoryError. */
function originOf(frame: usize, depth: i32): usize {
  let n = 0;
  for (let f = outerFrame(frame); f != 0 && n < depth; f = outerFrame(f)) n++;
  const origin = PyTuple_New(n);
  let f = frame;
  for (let i = 0; i < n && origin != 0; i++) {
    f = outerFrame(f);
    const place = placeOf(f);
    if (place == 0) {
      Py.DECREF(origin);
      return 0;
    }
    Tuple.set(origin, i, place);
  }
  return origin;
}

/**
 * RETURN_GENERATOR: a new generator, coroutine or asynchronous generator into which the frame's contents move:
 * afterwards the frame owns nothing. Null with MemoryError, and then the frame is as it was.
 */
export function makeGenerator(frame: usize): usize {
  const f = _PyInterpreterFrame.at(frame);
  const func = PyFunctionObject.at(f.f_funcobj);
  const co = PyCodeObject.at(f.f_executable);
  const type =
    co.co_flags & CO_COROUTINE ? PyCoro_Type : co.co_flags & CO_ASYNC_GENERATOR ? PyAsyncGen_Type : PyGen_Type;
  const depth = type == PyCoro_Type ? PyThreadState.at(tstate).coroutine_origin_tracking_depth : 0;
  const origin = depth == 0 ? 0 : originOf(frame, depth);
  if (depth != 0 && origin == 0) return 0;
  const gen = _PyObject_GC_NewVar(type, co.co_nlocalsplus + co.co_stacksize);
  if (gen == 0) {
    Py.XDECREF(origin);
    return 0;
  }
  const g = PyGenObject.at(gen);
  g.gi_weakreflist = 0;
  g.gi_name = Py.NewRef(func.func_name);
  g.gi_qualname = Py.NewRef(func.func_qualname);
  const handled = PyErr_StackItem.at(g.gi_exc_state);
  handled.exc_value = 0;
  handled.previous_item = 0;
  g.gi_origin_or_finalizer = origin;
  g.gi_hooks_inited = 0;
  g.gi_closed = 0;
  g.gi_running_async = 0;
  g.gi_frame_state = FRAME_CREATED;
  memory.copy(g.gi_iframe, frame, Frame.stack(frame) - frame);
  const gf = _PyInterpreterFrame.at(g.gi_iframe);
  gf.previous = 0;
  gf.owner = FRAME_OWNED_BY_GENERATOR;
  if (gf.frame_obj != 0) PyFrameObject.at(gf.frame_obj).f_frame = g.gi_iframe;
  _PyObject_GC_TRACK(gen);
  return gen;
}

/**
 * The generator's frame, ready to go on with `value` (stolen) as the result of its yield; its exceptions are those that
 * are handled now. The caller puts it above its own.
 */
export function resumed(gen: usize, value: usize): usize {
  const ts = PyThreadState.at(tstate);
  const g = PyGenObject.at(gen);
  const frame = _PyInterpreterFrame.at(g.gi_iframe);
  Py.setItem(frame.localsplus, frame.stacktop, value);
  frame.stacktop = frame.stacktop + 1;
  g.gi_frame_state = FRAME_EXECUTING;
  PyErr_StackItem.at(g.gi_exc_state).previous_item = ts.exc_info;
  ts.exc_info = g.gi_exc_state;
  return g.gi_iframe;
}

/** SEND in general: bit 0 of the result says that the receiver has ended, with its result on top. */
export function send(f: usize, sp: usize, _oparg: i32): usize {
  const v: usize = load<u32>(sp - 8);
  const receiver: usize = load<u32>(sp - 16);
  const m = PyTypeObject.at(Py.TYPE(receiver)).tp_as_async;
  let r: usize;
  let ended = false;
  if (m != 0 && PyAsyncMethods.at(m).am_send != 0) {
    r = call_indirect<usize>(PyAsyncMethods.at(m).am_send, receiver, v);
    if (Outcome.get() == PYGEN_ERROR) return 0;
    ended = Outcome.get() == PYGEN_RETURN;
  } else {
    const next = PyTypeObject.at(Py.TYPE(receiver)).tp_iternext;
    if (v == _Py_NoneStruct && next != 0) r = call_indirect<usize>(next, receiver);
    else r = PyObject_CallMethodOneArg(receiver, ID.send, v);
    if (r == 0) {
      if (PyErr_ExceptionMatches(PyExc_StopIteration)) Told.raise(f, _PyInterpreterFrame.at(f).instr_ptr);
      r = _PyGen_FetchStopIterationValue();
      if (r == 0) return 0;
      ended = true;
    }
  }
  store<u64>(sp - 8, r);
  Py.DECREF(v);
  return ended ? sp | 1 : sp;
}

export function getAiter(_f: usize, sp: usize, _oparg: i32): usize {
  const o: usize = load<u32>(sp - 8);
  let m = PyTypeObject.at(Py.TYPE(o)).tp_as_async;
  if (m == 0 || PyAsyncMethods.at(m).am_aiter == 0) {
    PyErr_Format(PyExc_TypeError, "'async for' requires an object with __aiter__ method, got %t", o);
    return 0;
  }
  const it = call_indirect<usize>(PyAsyncMethods.at(m).am_aiter, o);
  if (it == 0) return 0;
  m = PyTypeObject.at(Py.TYPE(it)).tp_as_async;
  if (m == 0 || PyAsyncMethods.at(m).am_anext == 0) {
    PyErr_Format(
      PyExc_TypeError,
      "'async for' received an object from __aiter__ that does not implement __anext__: %t",
      it,
    );
    Py.DECREF(it);
    return 0;
  }
  store<u64>(sp - 8, it);
  Py.DECREF(o);
  return sp;
}

export function getAnext(_f: usize, sp: usize, _oparg: i32): usize {
  const it: usize = load<u32>(sp - 8);
  const m = PyTypeObject.at(Py.TYPE(it)).tp_as_async;
  const anext = m == 0 ? 0 : PyAsyncMethods.at(m).am_anext;
  if (anext == 0) {
    PyErr_Format(PyExc_TypeError, "'async for' requires an iterator with __anext__ method, got %t", it);
    return 0;
  }
  let awaitable = call_indirect<usize>(anext, it);
  if (awaitable == 0) return 0;
  if (Py.TYPE(it) != PyAsyncGen_Type) {
    const next = awaitable;
    awaitable = _PyCoro_GetAwaitableIter(next);
    if (awaitable == 0) {
      PyErr_FormatFromCause(PyExc_TypeError, "'async for' received an invalid object from __anext__: %t", next);
      Py.DECREF(next);
      return 0;
    }
    Py.DECREF(next);
  }
  store<u64>(sp, awaitable);
  return sp + 8;
}

export function getAwaitable(_f: usize, sp: usize, oparg: i32): usize {
  const o: usize = load<u32>(sp - 8);
  const it = _PyCoro_GetAwaitableIter(o);
  if (it == 0) {
    const m = PyTypeObject.at(Py.TYPE(o)).tp_as_async;
    if (m == 0 || PyAsyncMethods.at(m).am_await == 0) {
      if (oparg == 1) {
        PyErr_Format(
          PyExc_TypeError,
          "'async with' received an object from __aenter__ that does not implement __await__: %t",
          o,
        );
      } else if (oparg == 2) {
        PyErr_Format(
          PyExc_TypeError,
          "'async with' received an object from __aexit__ that does not implement __await__: %t",
          o,
        );
      }
    }
    return 0;
  }
  if (Py.TYPE(it) == PyCoro_Type) {
    const yf = _PyGen_yf(it);
    if (yf != 0) {
      Py.DECREF(yf);
      Py.DECREF(it);
      return PyErr_SetString(PyExc_RuntimeError, "coroutine is being awaited already");
    }
  }
  store<u64>(sp - 8, it);
  Py.DECREF(o);
  return sp;
}

export function getYieldFromIter(f: usize, sp: usize, _oparg: i32): usize {
  const o: usize = load<u32>(sp - 8);
  if (Py.TYPE(o) == PyCoro_Type) {
    const flags = PyCodeObject.at(_PyInterpreterFrame.at(f).f_executable).co_flags;
    if (!(flags & (CO_COROUTINE | CO_ITERABLE_COROUTINE))) {
      return PyErr_SetString(PyExc_TypeError, "cannot 'yield from' a coroutine object in a non-coroutine generator");
    }
    return sp;
  }
  if (Py.TYPE(o) == PyGen_Type) return sp;
  const it = PyObject_GetIter(o);
  if (it == 0) return 0;
  store<u64>(sp - 8, it);
  Py.DECREF(o);
  return sp;
}
