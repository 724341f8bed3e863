// Generators and coroutines (CPython 3.13's Objects/genobject.c). Asynchronous generators are in asyncgenobject.ts.
//
// A generator's frame lies inside it, at gi_iframe. gi_frame_state says how far it is: below FRAME_EXECUTING it can be
// resumed. How a frame is run is the machine's, reached through objectsRoots.eval_frame.

import {
  CO_ITERABLE_COROUTINE,
  Py_TPFLAGS_BASE_EXC_SUBCLASS,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_TYPE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  _PyInterpreterFrame,
  _PyInterpreterFrame_localsplus,
  PyAsyncMethods,
  PyBaseExceptionObject,
  PyCodeObject,
  PyCoroWrapper,
  PyErr_StackItem,
  PyGenObject,
  PyGenObject_gi_iframe,
  PyGenObject_gi_weakreflist,
  PyStopIterationObject,
  PyThreadState,
  PyTypeObject,
  SIZEOF_PyCoroWrapper,
} from "../../generated/layouts";
import { opDeopt, RESUME } from "../../generated/opcodes";
import { objectsRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  _PyCoroWrapper_Type,
  ID,
  PyAsyncGen_Type,
  PyCoro_Type,
  PyExc_DeprecationWarning,
  PyExc_GeneratorExit,
  PyExc_RuntimeError,
  PyExc_StopAsyncIteration,
  PyExc_StopIteration,
  PyExc_TypeError,
  PyExc_ValueError,
  PyGen_Type,
  PyTraceBack_Type,
} from "../../generated/statics";
import { tstate } from "../../thread/current";
import { frameObjectOf } from "../code/frame";
import { forgetDepth } from "../code/origins";
import { asAsync } from "../define/tables";
import { Audit } from "../errors/audit";
import {
  chainContext,
  notAnException,
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Fail,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_GivenExceptionMatches,
  PyErr_Occurred,
  PyErr_SetNone,
  PyErr_SetObject,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../errors/raise";
import { PyErr_WriteUnraisable } from "../errors/unraisable";
import { PyErr_WarnFormat, warnUnawaited } from "../errors/warnings";
import { PyCoroWrapper_clear, PyCoroWrapper_traverse, PyErr_StackItem_clear } from "../generated/references";
import { PyLong_FromSsize_t } from "../numbers/int/create";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import {
  PyObject_Call,
  PyObject_CallMethodOneArg,
  PyObject_CallNoArgs,
  PyObject_CallOneArg,
  PyObject_CallThreeArgs,
  PyObject_CallTwoArgs,
} from "../object/call";
import { _PyObject_GC_TRACK, _PyObject_GC_UNTRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py, Visit } from "../object/head";
import { PyBool_FromBool, PyObject_GetOptionalAttr, PyObject_SelfIter } from "../protocol/access";
import { PyIter_Check } from "../protocol/iterator";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyType_IsSubtype } from "../types/lookup";
import { PyObject_CallFinalizerFromDealloc } from "../types/subtype";
import { PyObject_ClearWeakRefs } from "../weak/weakref";

export const FRAME_CREATED: u8 = 253;
export const FRAME_SUSPENDED: u8 = 254;
const FRAME_SUSPENDED_YIELD_FROM: u8 = 255;
export const FRAME_EXECUTING: u8 = 0;
const FRAME_COMPLETED: u8 = 1;
export const FRAME_CLEARED: u8 = 4;

// Outcomes of sending.
export const PYGEN_RETURN: i32 = 0;
export const PYGEN_ERROR: i32 = -1;
export const PYGEN_NEXT: i32 = 1;

/** The generator whose frame this is. */
export function genOfFrame(frame: usize): usize {
  return frame - PyGenObject_gi_iframe;
}

export function isFinished(gen: usize): bool {
  return <i8>PyGenObject.at(gen).gi_frame_state >= <i8>FRAME_COMPLETED;
}

function isSuspended(gen: usize): bool {
  const s = PyGenObject.at(gen).gi_frame_state;
  return s == FRAME_SUSPENDED || s == FRAME_SUSPENDED_YIELD_FROM;
}

/** What a suspended generator delegates to: a new reference; null where it delegates to nothing. */
export function _PyGen_yf(gen: usize): usize {
  const g = PyGenObject.at(gen);
  if (g.gi_frame_state != FRAME_SUSPENDED_YIELD_FROM) return 0;
  const f = _PyInterpreterFrame.at(g.gi_iframe);
  return Py.NewRef(Py.item(f.localsplus, f.stacktop - 1));
}

function kindName(gen: usize): string {
  if (Py.TYPE(gen) == PyCoro_Type) return "coroutine";
  if (Py.TYPE(gen) == PyAsyncGen_Type) return "async generator";
  return "generator";
}

/**
 * Resumes the generator with `arg` (borrowed; null as from next()), or raising what is set where `exc`. The outcome is
 * in the low bits of the result's companion: use genSendResult() for it.
 */
function genSendEx2(gen: usize, arg: usize, exc: bool, closing: bool): usize {
  const g = PyGenObject.at(gen);
  const ts = PyThreadState.at(tstate);
  if (g.gi_frame_state == FRAME_CREATED && arg != 0 && arg != _Py_NoneStruct) {
    PyErr_Format(PyExc_TypeError, "can't send non-None value to a just-started %L", changetype<usize>(kindName(gen)));
    return Outcome.set(PYGEN_ERROR, 0);
  }
  if (g.gi_frame_state == FRAME_EXECUTING) {
    PyErr_Format(PyExc_ValueError, "%L already executing", changetype<usize>(kindName(gen)));
    return Outcome.set(PYGEN_ERROR, 0);
  }
  if (isFinished(gen)) {
    if (Py.TYPE(gen) == PyCoro_Type && !closing) {
      PyErr_SetString(PyExc_RuntimeError, "cannot reuse already awaited coroutine");
    } else if (arg != 0 && !exc) {
      return Outcome.set(PYGEN_RETURN, _Py_NoneStruct);
    }
    return Outcome.set(PYGEN_ERROR, 0);
  }
  const frame = g.gi_iframe;
  const f = _PyInterpreterFrame.at(frame);
  Py.setItem(f.localsplus, f.stacktop, Py.NewRef(arg == 0 ? _Py_NoneStruct : arg));
  f.stacktop = f.stacktop + 1;
  PyErr_StackItem.at(g.gi_exc_state).previous_item = ts.exc_info;
  ts.exc_info = g.gi_exc_state;
  // What the generator handles itself, not its caller, is the context.
  if (exc && PyErr_StackItem.at(g.gi_exc_state).exc_value != 0) chainContext(PyErr_Occurred());
  g.gi_frame_state = FRAME_EXECUTING;
  // The frame may end the generator's last other reference.
  Py.INCREF(gen);
  let result = call_indirect<usize>(objectsRoots.eval_frame, frame, exc);
  let outcome = PYGEN_ERROR;
  if (result != 0) {
    if (isSuspended(gen)) outcome = PYGEN_NEXT;
    else {
      outcome = PYGEN_RETURN;
      if (result == _Py_NoneStruct && Py.TYPE(gen) != PyAsyncGen_Type && arg == 0) {
        result = 0;
        outcome = PYGEN_ERROR;
      }
    }
  }
  Py.DECREF(gen);
  return Outcome.set(outcome, result);
}

/** The outcome of the last send on this thread, kept beside its result. */
export class Outcome {
  @inline static set(outcome: i32, result: usize): usize {
    PyThreadState.at(tstate).send_outcome = outcome;
    return result;
  }
  @inline static get(): i32 {
    return PyThreadState.at(tstate).send_outcome;
  }
}

/** Raises StopIteration with the value (borrowed). */
export function _PyGen_SetStopIterationValue(value: usize): void {
  if (!Py.check(value, Py_TPFLAGS_TUPLE_SUBCLASS) && !Py.check(value, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
    PyErr_SetObject(PyExc_StopIteration, value);
    return;
  }
  // A tuple or exception would be taken for the arguments or the exception itself.
  const e = PyObject_CallOneArg(PyExc_StopIteration, value);
  if (e == 0) return;
  PyErr_SetObject(PyExc_StopIteration, e);
  Py.DECREF(e);
}

/** If StopIteration is set, or nothing, takes its value (new reference, None for nothing); null if another is set. */
export function _PyGen_FetchStopIterationValue(): usize {
  if (PyErr_Occurred() == 0) return _Py_NoneStruct;
  if (!PyErr_ExceptionMatches(PyExc_StopIteration)) return 0;
  const exc = PyErr_GetRaisedException();
  const value = PyStopIterationObject.at(exc).value;
  const r = value == 0 ? _Py_NoneStruct : Py.NewRef(value);
  Py.DECREF(exc);
  return r;
}

/**
 * Sends a value (borrowed) to a generator or iterator: what it yields, or what it ends with, or null with an exception, as
 * Outcome says. New reference.
 */
export function PyIter_Send(o: usize, value: usize): usize {
  const m = PyTypeObject.at(Py.TYPE(o)).tp_as_async;
  if (m != 0 && PyAsyncMethods.at(m).am_send != 0) {
    return call_indirect<usize>(PyAsyncMethods.at(m).am_send, o, value);
  }
  const yielded =
    value == _Py_NoneStruct && PyIter_Check(o)
      ? call_indirect<usize>(PyTypeObject.at(Py.TYPE(o)).tp_iternext, o)
      : PyObject_CallMethodOneArg(o, ID.send, value);
  if (yielded != 0) return Outcome.set(PYGEN_NEXT, yielded);
  const r = _PyGen_FetchStopIterationValue();
  return Outcome.set(r == 0 ? PYGEN_ERROR : PYGEN_RETURN, r);
}

/** As a call of send() or throw(): the value yielded, or null with StopIteration or another exception. */
function genSendEx(gen: usize, arg: usize, exc: bool, closing: bool): usize {
  const r = genSendEx2(gen, arg, exc, closing);
  if (Outcome.get() == PYGEN_RETURN) {
    if (Py.TYPE(gen) == PyAsyncGen_Type) PyErr_SetNone(PyExc_StopAsyncIteration);
    else if (r == _Py_NoneStruct) PyErr_SetNone(PyExc_StopIteration);
    else _PyGen_SetStopIterationValue(r);
    Py.DECREF(r);
    return 0;
  }
  return r;
}

/**
 * @native generator.send
 *
 * send(arg): go on, with arg as the value of the yield it stopped at,
 * to the next one, which is returned.
 *
 * @native coroutine.send
 *
 * send(arg): go on, with arg as the value of what it awaits,
 * until it has to wait for something again.
 */
export function gen_send(gen: usize, arg: usize): usize {
  return genSendEx(gen, arg, false, false);
}

/** am_send: the result with its outcome in Outcome.get(). */
function PyGen_am_send(gen: usize, arg: usize): usize {
  return genSendEx2(gen, arg, false, false);
}

function gen_iternext(gen: usize): usize {
  const r = genSendEx2(gen, 0, false, false);
  if (Outcome.get() == PYGEN_RETURN) {
    if (r != _Py_NoneStruct) _PyGen_SetStopIterationValue(r);
    Py.DECREF(r);
    return 0;
  }
  return r;
}

/**
 * What the generator delegates to is asked: it counts as running meanwhile, but its frame waits, so that return_offset says
 * as for any waiting frame that all it holds is known. Returns the state it had.
 */
function beginDelegating(gen: usize): u8 {
  const g = PyGenObject.at(gen);
  const state = g.gi_frame_state;
  g.gi_frame_state = FRAME_EXECUTING;
  _PyInterpreterFrame.at(g.gi_iframe).return_offset = 1;
  return state;
}

function endDelegating(gen: usize, state: u8): void {
  const g = PyGenObject.at(gen);
  g.gi_frame_state = state;
  _PyInterpreterFrame.at(g.gi_iframe).return_offset = 0;
}

/** Closes what a generator delegates to: 0, or -1 with an exception. */
function closeIter(yf: usize): i32 {
  let r: usize;
  if (Py.TYPE(yf) == PyGen_Type || Py.TYPE(yf) == PyCoro_Type) {
    r = gen_close(yf, 0);
    if (r == 0) return -1;
  } else {
    const method = PyObject_GetOptionalAttr(yf, ID.close);
    if (method == 0) {
      if (PyErr_Occurred() != 0) PyErr_WriteUnraisable(yf);
      return 0;
    }
    r = PyObject_CallNoArgs(method);
    Py.DECREF(method);
    if (r == 0) return -1;
  }
  Py.DECREF(r);
  return 0;
}

/**
 * @native generator.close
 * @native coroutine.close
 *
 * close(): end it by a GeneratorExit, raised inside.
 */
export function gen_close(gen: usize, _unused: usize): usize {
  const g = PyGenObject.at(gen);
  if (g.gi_frame_state == FRAME_CREATED) {
    g.gi_frame_state = FRAME_COMPLETED;
    return _Py_NoneStruct;
  }
  if (isFinished(gen)) return _Py_NoneStruct;
  let err: i32 = 0;
  const yf = _PyGen_yf(gen);
  if (yf != 0) {
    const state = beginDelegating(gen);
    err = closeIter(yf);
    endDelegating(gen, state);
    Py.DECREF(yf);
  }
  const instr = _PyInterpreterFrame.at(g.gi_iframe).instr_ptr;
  if (load<u8>(opDeopt + <usize>load<u8>(instr)) == RESUME && load<u8>(instr + 1) & 4 && err == 0) {
    // Suspended outside of any try of its own: nothing would run.
    g.gi_frame_state = FRAME_COMPLETED;
    clearFrameLocals(g.gi_iframe);
    return _Py_NoneStruct;
  }
  if (err == 0) PyErr_SetNone(PyExc_GeneratorExit);
  const r = genSendEx(gen, _Py_NoneStruct, true, true);
  if (r != 0) {
    Py.DECREF(r);
    PyErr_Format(PyExc_RuntimeError, "%L ignored GeneratorExit", changetype<usize>(kindName(gen)));
    return 0;
  }
  if (PyErr_ExceptionMatches(PyExc_GeneratorExit)) {
    PyErr_Clear();
    return _Py_NoneStruct;
  }
  return _PyGen_FetchStopIterationValue();
}

function clearFrameLocals(frame: usize): void {
  const f = _PyInterpreterFrame.at(frame);
  const n = f.stacktop;
  f.stacktop = 0;
  for (let i = 0; i < n; i++) Py.CLEAR(Py.slot(f.localsplus, i));
  Py.CLEAR(f.f_locals_slot);
}

/** Sets the exception that the arguments of throw() describe: false with TypeError where they describe none. */
export function setThrown(type: usize, value: usize, tb: usize): bool {
  if (tb == _Py_NoneStruct) tb = 0;
  else if (tb != 0 && Py.TYPE(tb) != PyTraceBack_Type) {
    PyErr_SetString(PyExc_TypeError, "throw() third argument must be a traceback object");
    return false;
  }
  let exc: usize;
  if (Py.check(type, Py_TPFLAGS_TYPE_SUBCLASS) && Py.hasFeature(type, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
    if (value != 0 && PyType_IsSubtype(Py.TYPE(value), type)) exc = Py.NewRef(value);
    else if (value == 0 || value == _Py_NoneStruct) exc = PyObject_CallNoArgs(type);
    else if (Py.check(value, Py_TPFLAGS_TUPLE_SUBCLASS)) exc = PyObject_Call(type, value, 0);
    else exc = PyObject_CallOneArg(type, value);
    if (exc == 0) return true;
    if (!Py.check(exc, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
      notAnException(type, exc);
      return true;
    }
  } else if (Py.check(type, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
    if (value != 0 && value != _Py_NoneStruct) {
      PyErr_SetString(PyExc_TypeError, "instance exception may not have a separate value");
      return false;
    }
    exc = Py.NewRef(type);
  } else {
    PyErr_Format(PyExc_TypeError, "exceptions must be classes or instances deriving from BaseException, not %t", type);
    return false;
  }
  if (tb != 0) Py.SETREF(PyBaseExceptionObject.at(exc).traceback_slot, Py.NewRef(tb));
  PyErr_SetRaisedException(exc);
  return true;
}

/** throw(): value and tb may be null. */
export function genThrow(gen: usize, closeOnExit: bool, type: usize, value: usize, tb: usize): usize {
  const g = PyGenObject.at(gen);
  const yf = _PyGen_yf(gen);
  if (yf != 0) {
    if (closeOnExit && PyErr_GivenExceptionMatches(type, PyExc_GeneratorExit)) {
      const state = beginDelegating(gen);
      const err = closeIter(yf);
      endDelegating(gen, state);
      Py.DECREF(yf);
      if (err < 0) return genSendEx(gen, _Py_NoneStruct, true, false);
      return setThrown(type, value, tb) ? genSendEx(gen, _Py_NoneStruct, true, false) : 0;
    }
    let r: usize = 0;
    if (Py.TYPE(yf) == PyGen_Type || Py.TYPE(yf) == PyCoro_Type) {
      // The delegating frame shows in tracebacks although it does not run.
      const ts = PyThreadState.at(tstate);
      const frame = g.gi_iframe;
      const previous = ts.current_frame;
      _PyInterpreterFrame.at(frame).previous = previous;
      ts.current_frame = frame;
      forgetDepth();
      const state = beginDelegating(gen);
      r = genThrow(yf, closeOnExit, type, value, tb);
      endDelegating(gen, state);
      ts.current_frame = previous;
      forgetDepth();
      _PyInterpreterFrame.at(frame).previous = 0;
    } else {
      const method = PyObject_GetOptionalAttr(yf, ID.throw_);
      if (method == 0) {
        Py.DECREF(yf);
        if (PyErr_Occurred() != 0) return 0;
        return setThrown(type, value, tb) ? genSendEx(gen, _Py_NoneStruct, true, false) : 0;
      }
      const state = beginDelegating(gen);
      if (tb != 0) r = PyObject_CallThreeArgs(method, type, value, tb);
      else if (value != 0) r = PyObject_CallTwoArgs(method, type, value);
      else r = PyObject_CallOneArg(method, type);
      endDelegating(gen, state);
      Py.DECREF(method);
    }
    Py.DECREF(yf);
    // The exception, or the end, of what it delegates to happens at the delegation.
    return r != 0 ? r : genSendEx(gen, _Py_NoneStruct, true, false);
  }
  return setThrown(type, value, tb) ? genSendEx(gen, _Py_NoneStruct, true, false) : 0;
}

/** Checks the arguments of a method throw(type[, value[, tb]]). */
export function checkThrowArguments(nargs: isize): bool {
  if (nargs < 1 || nargs > 3) {
    PyErr_Format(
      PyExc_TypeError,
      nargs < 1 ? "throw expected at least 1 argument, got %d" : "throw expected at most 3 arguments, got %d",
      nargs,
    );
    return false;
  }
  if (nargs > 1) {
    return (
      PyErr_WarnFormat(
        PyExc_DeprecationWarning,
        1,
        "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.",
      ) == 0
    );
  }
  return true;
}

/**
 * @native generator.throw
 *
 * throw(value)
 * throw(type[,value[,tb]])
 *
 * Go on with an exception, raised at the yield it stopped at. What the next one gives is returned, if it comes to that.
 * The second form is for old programs: avoid it in new ones.
 *
 * @native coroutine.throw
 *
 * throw(value)
 * throw(type[,value[,traceback]])
 *
 * Go on with an exception, raised at what it awaits. What it waits for next is returned, if it comes to that.
 * The second form is for old programs: avoid it in all new ones.
 */
export function gen_throw(gen: usize, argv: usize, nargs: isize): usize {
  if (!checkThrowArguments(nargs)) return 0;
  return genThrow(gen, true, Py.item(argv, 0), nargs > 1 ? Py.item(argv, 1) : 0, nargs > 2 ? Py.item(argv, 2) : 0);
}

function gen_traverse(gen: usize, visit: u32, arg: usize): i32 {
  const g = PyGenObject.at(gen);
  let r = Visit.call(g.gi_name, visit, arg);
  if (r == 0) r = Visit.call(g.gi_qualname, visit, arg);
  if (r == 0) r = Visit.call(g.gi_origin_or_finalizer, visit, arg);
  if (r == 0 && <i8>g.gi_frame_state < <i8>FRAME_CLEARED) {
    const f = _PyInterpreterFrame.at(g.gi_iframe);
    r = Visit.call(f.frame_obj, visit, arg);
    if (r == 0) r = Visit.call(f.f_locals, visit, arg);
    if (r == 0) r = Visit.call(f.f_funcobj, visit, arg);
    if (r == 0) r = Visit.call(f.f_executable, visit, arg);
    // While it runs, what it holds is known only when it waits for a frame above it; otherwise nobody can take it for garbage.
    const n = g.gi_frame_state == FRAME_EXECUTING && f.return_offset == 0 ? 0 : f.stacktop;
    for (let i = 0; i < n && r == 0; i++) r = Visit.call(Py.item(f.localsplus, i), visit, arg);
  }
  if (r == 0) r = Visit.call(PyErr_StackItem.at(g.gi_exc_state).exc_value, visit, arg);
  return r;
}

function gen_dealloc(gen: usize): void {
  const g = PyGenObject.at(gen);
  PyObject_GC_UnTrack(gen);
  if (g.gi_weakreflist != 0) PyObject_ClearWeakRefs(gen);
  _PyObject_GC_TRACK(gen);
  if (PyObject_CallFinalizerFromDealloc(gen)) return;
  if (Py.TYPE(gen) == PyAsyncGen_Type) Py.CLEAR(g.gi_origin_or_finalizer_slot);
  _PyObject_GC_UNTRACK(gen);
  const frame = g.gi_iframe;
  if (g.gi_frame_state != FRAME_CLEARED) {
    g.gi_frame_state = FRAME_CLEARED;
    _PyInterpreterFrame.at(frame).previous = 0;
    call_indirect<void>(objectsRoots.clear_frame, frame);
    PyErr_StackItem_clear(g.gi_exc_state);
  }
  Py.XDECREF(_PyInterpreterFrame.at(frame).f_executable);
  if (Py.TYPE(gen) == PyCoro_Type) Py.CLEAR(g.gi_origin_or_finalizer_slot);
  Py.CLEAR(g.gi_name_slot);
  Py.CLEAR(g.gi_qualname_slot);
  PyObject_GC_Del(gen);
}

/** tp_finalize: closes what is suspended; warns of a coroutine that was never awaited. */
function gen_finalize(gen: usize): void {
  const g = PyGenObject.at(gen);
  if (isFinished(gen)) return;
  if (Py.TYPE(gen) == PyAsyncGen_Type) {
    const finalizer: usize = g.gi_origin_or_finalizer;
    if (finalizer != 0 && !g.gi_closed) {
      const saved = PyErr_GetRaisedException();
      const r = PyObject_CallOneArg(finalizer, gen);
      if (r == 0) PyErr_WriteUnraisable(gen);
      else Py.DECREF(r);
      PyErr_SetRaisedException(saved);
      return;
    }
  }
  const saved = PyErr_GetRaisedException();
  if (Py.TYPE(gen) == PyCoro_Type && g.gi_frame_state == FRAME_CREATED) {
    warnUnawaited(gen);
  } else {
    const r = gen_close(gen, 0);
    if (r == 0) {
      if (PyErr_Occurred() != 0) PyErr_WriteUnraisable(gen);
    } else {
      Py.DECREF(r);
    }
  }
  PyErr_SetRaisedException(saved);
}

function gen_repr(gen: usize): usize {
  return PyUnicode_FromFormat("<%t object %U at 0x%x>", gen, PyGenObject.at(gen).gi_qualname, gen);
}

/**
 * @getter generator.__name__
 * @getter coroutine.__name__
 *
 * what it is called
 */
export function get_name(gen: usize, _c: usize): usize {
  return Py.NewRef(PyGenObject.at(gen).gi_name);
}

/**
 * @setter generator.__name__
 *
 * @setter coroutine.__name__
 */
export function set_name(gen: usize, value: usize, _c: usize): i32 {
  if (value == 0 || !Py.check(value, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Fail(PyExc_TypeError, "__name__ must be set to a string object");
  }
  Py.SETREF(PyGenObject.at(gen).gi_name_slot, Py.NewRef(value));
  return 0;
}

/**
 * @getter generator.__qualname__
 * @getter coroutine.__qualname__
 *
 * that, with the names around it
 */
export function get_qualname(gen: usize, _c: usize): usize {
  return Py.NewRef(PyGenObject.at(gen).gi_qualname);
}

/**
 * @setter generator.__qualname__
 *
 * @setter coroutine.__qualname__
 */
export function set_qualname(gen: usize, value: usize, _c: usize): i32 {
  if (value == 0 || !Py.check(value, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Fail(PyExc_TypeError, "__qualname__ must be set to a string object");
  }
  Py.SETREF(PyGenObject.at(gen).gi_qualname_slot, Py.NewRef(value));
  return 0;
}

/**
 * @getter generator.gi_yieldfrom
 *
 * what it has delegated to, if it has done so
 *
 * @getter coroutine.cr_await
 *
 * what it is waiting for, if it is
 */
export function get_yf(gen: usize, _c: usize): usize {
  const yf = _PyGen_yf(gen);
  return yf == 0 ? _Py_NoneStruct : yf;
}

/**
 * @getter generator.gi_running
 *
 * @getter coroutine.cr_running
 */
export function get_running(gen: usize, _c: usize): usize {
  return PyBool_FromBool(PyGenObject.at(gen).gi_frame_state == FRAME_EXECUTING);
}

/**
 * @getter generator.gi_suspended
 *
 * @getter coroutine.cr_suspended
 */
export function get_suspended(gen: usize, _c: usize): usize {
  return PyBool_FromBool(isSuspended(gen));
}

/**
 * @getter generator.gi_frame
 *
 * @getter coroutine.cr_frame
 */
export function get_frame(gen: usize, _c: usize): usize {
  const g = PyGenObject.at(gen);
  if (isFinished(gen)) return _Py_NoneStruct;
  return Py.XNewRef(frameObjectOf(g.gi_iframe));
}

/**
 * @getter generator.gi_code
 *
 * @getter coroutine.cr_code
 */
export function get_code(gen: usize, _c: usize): usize {
  const name = Py.TYPE(gen) == PyCoro_Type ? "cr_code" : "gi_code";
  if (!Audit.getting(gen, name)) return 0;
  return Py.NewRef(_PyInterpreterFrame.at(PyGenObject.at(gen).gi_iframe).f_executable);
}

/**
 * @native generator.__sizeof__
 * @native coroutine.__sizeof__
 *
 * gen.__sizeof__(): bytes, with its frame included
 */
export function gen_sizeof(gen: usize, _u: usize): usize {
  const co = PyCodeObject.at(_PyInterpreterFrame.at(PyGenObject.at(gen).gi_iframe).f_executable);
  return PyLong_FromSsize_t(144 + (co.co_nlocalsplus + co.co_stacksize) * 8);
}

/** What the three kinds share; attributes get the prefix of the kind. */
export function generatorType(type: usize): void {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = PyGenObject_gi_iframe + _PyInterpreterFrame_localsplus;
  t.tp_itemsize = 8;
  t.tp_dealloc = gen_dealloc.index;
  t.tp_repr = gen_repr.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_traverse = gen_traverse.index;
  t.tp_weaklistoffset = PyGenObject_gi_weakreflist;
  t.tp_finalize = gen_finalize.index;
}

// Coroutines

function coro_await(coro: usize): usize {
  const w = _PyObject_GC_New(_PyCoroWrapper_Type);
  if (w == 0) return 0;
  PyCoroWrapper.at(w).cw_coroutine = Py.NewRef(coro);
  _PyObject_GC_TRACK(w);
  return w;
}

function wrapper_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  PyCoroWrapper_clear(self);
  PyObject_GC_Del(self);
}

function wrapper_iternext(self: usize): usize {
  return gen_iternext(PyCoroWrapper.at(self).cw_coroutine);
}

/**
 * @native coroutine_wrapper.send
 *
 * send(arg): go on, with arg as the value of what it awaits,
 * until it has to wait for something again.
 */
export function wrapper_send(self: usize, arg: usize): usize {
  return gen_send(PyCoroWrapper.at(self).cw_coroutine, arg);
}

/**
 * @native coroutine_wrapper.throw
 *
 * throw(value)
 * throw(type[,value[,traceback]])
 *
 * Go on with an exception, raised at what it awaits. What it waits for next is returned, if it comes to that.
 * The second form is for old programs: avoid it in all new ones.
 */
export function wrapper_throw(self: usize, argv: usize, nargs: isize): usize {
  return gen_throw(PyCoroWrapper.at(self).cw_coroutine, argv, nargs);
}

/**
 * @native coroutine_wrapper.close
 *
 * close(): end it by a GeneratorExit, raised inside.
 */
export function wrapper_close(self: usize, _unused: usize): usize {
  return gen_close(PyCoroWrapper.at(self).cw_coroutine, _unused);
}

/** The iterator by which an object is awaited: a new reference, or null with TypeError. */
export function _PyCoro_GetAwaitableIter(o: usize): usize {
  if (Py.TYPE(o) == PyCoro_Type || isIterableCoroutine(o)) return Py.NewRef(o);
  const m = PyTypeObject.at(Py.TYPE(o)).tp_as_async;
  const getter = m == 0 ? 0 : PyAsyncMethods.at(m).am_await;
  if (getter == 0) return PyErr_Format(PyExc_TypeError, "object %t can't be used in 'await' expression", o);
  const r = call_indirect<usize>(getter, o);
  if (r == 0) return 0;
  if (Py.TYPE(r) == PyCoro_Type || isIterableCoroutine(r)) {
    PyErr_SetString(PyExc_TypeError, "__await__() returned a coroutine");
    Py.DECREF(r);
    return 0;
  }
  if (!PyIter_Check(r)) {
    PyErr_Format(PyExc_TypeError, "__await__() returned non-iterator of type '%t'", r);
    Py.DECREF(r);
    return 0;
  }
  return r;
}

/** Whether `o` is a generator that types.coroutine() made awaitable. */
function isIterableCoroutine(o: usize): bool {
  if (Py.TYPE(o) != PyGen_Type) return false;
  const code = _PyInterpreterFrame.at(PyGenObject.at(o).gi_iframe).f_executable;
  return (PyCodeObject.at(code).co_flags & CO_ITERABLE_COROUTINE) != 0;
}

/**
 * @type generator
 * @order __sizeof__ __class_getitem__ send throw close __name__ __qualname__ gi_frame gi_code gi_running
 * @order gi_suspended gi_yieldfrom
 *
 * @classmethod generator.__class_getitem__ = Py_GenericAlias
 * For annotations
 */

/**
 * @type coroutine
 * @order __sizeof__ __class_getitem__ send throw close __name__ __qualname__ cr_frame cr_code cr_running
 * @order cr_suspended cr_await
 *
 * @classmethod coroutine.__class_getitem__ = Py_GenericAlias
 * For annotations
 *
 * @member coroutine.cr_origin = PyGenObject.gi_origin_or_finalizer readonly
 */

/**
 * @type coroutine_wrapper
 *
 * What a coroutine's __await__() gives to the loop.
 */

export function initGeneratorTypes(): void {
  generatorType(PyGen_Type);
  const g = PyTypeObject.at(PyGen_Type);
  g.tp_iter = PyObject_SelfIter.index;
  g.tp_iternext = gen_iternext.index;
  PyAsyncMethods.at(asAsync(PyGen_Type)).am_send = PyGen_am_send.index;

  generatorType(PyCoro_Type);
  const a = PyAsyncMethods.at(asAsync(PyCoro_Type));
  a.am_await = coro_await.index;
  a.am_send = PyGen_am_send.index;

  const w = PyTypeObject.at(_PyCoroWrapper_Type);
  w.tp_basicsize = SIZEOF_PyCoroWrapper;
  w.tp_dealloc = wrapper_dealloc.index;
  w.tp_getattro = PyObject_GenericGetAttr.index;
  w.tp_flags = Py_TPFLAGS_HAVE_GC;
  w.tp_traverse = PyCoroWrapper_traverse.index;
  w.tp_iter = PyObject_SelfIter.index;
  w.tp_iternext = wrapper_iternext.index;
}
