// Asynchronous generators and the awaitables that drive them (CPython 3.13's Objects/genobject.c).

import { Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import {
  _PyAsyncGenWrappedValue,
  _PyAsyncGenWrappedValue_agw_val,
  PyAsyncGenASend,
  PyAsyncGenASend_ags_sendval,
  PyAsyncGenAThrow,
  PyAsyncMethods,
  PyGenObject,
  PyThreadState,
  PyTypeObject,
  SIZEOF__PyAsyncGenWrappedValue,
  SIZEOF_anextawaitable,
  SIZEOF_PyAsyncGenASend,
  SIZEOF_PyAsyncGenAThrow,
} from "../../generated/layouts";
import { freelistsRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  _PyAnextAwaitable_Type,
  _PyAsyncGenASend_Type,
  _PyAsyncGenAThrow_Type,
  _PyAsyncGenWrappedValue_Type,
  ID,
  PyAsyncGen_Type,
  PyExc_GeneratorExit,
  PyExc_RuntimeError,
  PyExc_RuntimeWarning,
  PyExc_StopAsyncIteration,
  PyExc_StopIteration,
} from "../../generated/statics";
import { tstate } from "../../thread/current";
import { Scratch } from "../../thread/scratch";
import { Tuple } from "../containers/tuple";
import { asAsync } from "../define/tables";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetNone,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../errors/raise";
import { PyErr_WriteUnraisable } from "../errors/unraisable";
import { PyErr_WarnFormat } from "../errors/warnings";
import {
  _PyAsyncGenWrappedValue_clear,
  _PyAsyncGenWrappedValue_traverse,
  anextawaitable_traverse,
  PyAsyncGenASend_clear,
  PyAsyncGenASend_traverse,
  PyAsyncGenAThrow_clear,
  PyAsyncGenAThrow_traverse,
} from "../generated/references";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { PyObject_CallOneArg } from "../object/call";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import { FreeList } from "../object/kept";
import { PyObject_SelfIter } from "../protocol/access";
import { PyObject_CallFinalizerFromDealloc } from "../types/subtype";
import { anext_dealloc, anext_iternext } from "./anext";
import {
  _PyGen_SetStopIterationValue,
  checkThrowArguments,
  gen_send,
  gen_throw,
  generatorType,
  genThrow,
  isFinished,
} from "./generator";

/** Most objects of a kind that are kept for the next. */
const KEPT_MAX: i32 = 80;

const STATE_INIT: i32 = 0;

const STATE_ITER: i32 = 1;

const STATE_CLOSED: i32 = 2;

const IGNORED_EXIT = "async generator ignored GeneratorExit";

/** What `yield` in an asynchronous generator gives: the value (borrowed) in its wrapper, a new reference. */
export function _PyAsyncGenValueWrapperNew(value: usize): usize {
  let o = FreeList.take(freelistsRoots.wrapped_values, _PyAsyncGenWrappedValue_agw_val);
  if (o == 0) o = _PyObject_GC_New(_PyAsyncGenWrappedValue_Type);
  if (o == 0) return 0;
  _PyAsyncGenWrappedValue.at(o).agw_val = Py.NewRef(value);
  _PyObject_GC_TRACK(o);
  return o;
}

function isWrapped(o: usize): bool {
  return Py.TYPE(o) == _PyAsyncGenWrappedValue_Type;
}

function wrapped_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  _PyAsyncGenWrappedValue_clear(o);
  FreeList.give(freelistsRoots.wrapped_values, _PyAsyncGenWrappedValue_agw_val, o, KEPT_MAX);
}

/** Tells the event loop of a generator's first use: false with an exception. */
function initHooks(gen: usize): bool {
  const g = PyGenObject.at(gen);
  if (g.gi_hooks_inited) return true;
  g.gi_hooks_inited = 1;
  const ts = PyThreadState.at(tstate);
  if (ts.async_gen_finalizer != 0) g.gi_origin_or_finalizer = Py.NewRef(ts.async_gen_finalizer);
  const first = ts.async_gen_firstiter;
  if (first == 0) return true;
  const r = PyObject_CallOneArg(first, gen);
  if (r == 0) return false;
  Py.DECREF(r);
  return true;
}

function asend_new(gen: usize, value: usize): usize {
  let o = FreeList.take(freelistsRoots.asends, PyAsyncGenASend_ags_sendval);
  if (o == 0) o = _PyObject_GC_New(_PyAsyncGenASend_Type);
  if (o == 0) return 0;
  const a = PyAsyncGenASend.at(o);
  a.ags_gen = Py.NewRef(gen);
  a.ags_sendval = Py.XNewRef(value);
  a.ags_state = STATE_INIT;
  _PyObject_GC_TRACK(o);
  return o;
}

function athrow_new(gen: usize, args: usize): usize {
  const o = _PyObject_GC_New(_PyAsyncGenAThrow_Type);
  if (o == 0) return 0;
  const a = PyAsyncGenAThrow.at(o);
  a.agt_gen = Py.NewRef(gen);
  a.agt_args = Py.XNewRef(args);
  a.agt_state = STATE_INIT;
  _PyObject_GC_TRACK(o);
  return o;
}

function asend_dealloc(o: usize): void {
  if (PyObject_CallFinalizerFromDealloc(o)) return;
  PyObject_GC_UnTrack(o);
  PyAsyncGenASend_clear(o);
  FreeList.give(freelistsRoots.asends, PyAsyncGenASend_ags_sendval, o, KEPT_MAX);
}

function athrow_dealloc(o: usize): void {
  if (PyObject_CallFinalizerFromDealloc(o)) return;
  PyObject_GC_UnTrack(o);
  PyAsyncGenAThrow_clear(o);
  PyObject_GC_Del(o);
}

/** Warns of a method of an asynchronous generator whose result nobody has awaited. */
function warnUnawaited(gen: usize, method: usize): void {
  const saved = PyErr_GetRaisedException();
  const qualname = PyGenObject.at(gen).gi_qualname;
  const format = "coroutine method %R of %R was never awaited";
  if (PyErr_WarnFormat(PyExc_RuntimeWarning, 1, format, method, qualname) < 0) PyErr_WriteUnraisable(gen);
  PyErr_SetRaisedException(saved);
}

function asend_finalize(o: usize): void {
  const a = PyAsyncGenASend.at(o);
  if (a.ags_state == STATE_INIT) warnUnawaited(a.ags_gen, ID.asend);
}

function athrow_finalize(o: usize): void {
  const a = PyAsyncGenAThrow.at(o);
  if (a.agt_state == STATE_INIT) warnUnawaited(a.agt_gen, a.agt_args == 0 ? ID.aclose : ID.athrow);
}

function asyncgen_anext(gen: usize): usize {
  return initHooks(gen) ? asend_new(gen, 0) : 0;
}

/**
 * @native async_generator.asend
 *
 * asend(v): go on, v sent to it.
 */
export function asyncgen_asend(gen: usize, value: usize): usize {
  return initHooks(gen) ? asend_new(gen, value) : 0;
}

/**
 * @native async_generator.aclose
 *
 * aclose(): end it by a GeneratorExit, raised inside.
 */
export function asyncgen_aclose(gen: usize, _u: usize): usize {
  return initHooks(gen) ? athrow_new(gen, 0) : 0;
}

/**
 * @native async_generator.athrow
 *
 * athrow(value)
 * athrow(type[,value[,tb]])
 *
 * Go on with an exception, raised at the yield it stopped at.
 * The second form is for old programs: avoid it in all
 * new ones.
 */
export function asyncgen_athrow(gen: usize, args: usize): usize {
  if (!checkThrowArguments(Py.SIZE(args))) return 0;
  return initHooks(gen) ? athrow_new(gen, args) : 0;
}

/** A value that the generator yielded ends the await with it; what it awaits is passed on. */
function unwrapValue(gen: usize, result: usize): usize {
  const g = PyGenObject.at(gen);
  if (result == 0) {
    if (PyErr_Occurred() == 0) PyErr_SetNone(PyExc_StopAsyncIteration);
    if (PyErr_ExceptionMatches(PyExc_StopAsyncIteration) || PyErr_ExceptionMatches(PyExc_GeneratorExit))
      g.gi_closed = 1;
    g.gi_running_async = 0;
    return 0;
  }
  if (isWrapped(result)) {
    _PyGen_SetStopIterationValue(_PyAsyncGenWrappedValue.at(result).agw_val);
    Py.DECREF(result);
    g.gi_running_async = 0;
    return 0;
  }
  return result;
}

/** The first step of an asend(): false with RuntimeError where it may not be taken. */
function asendBegin(o: usize): bool {
  const a = PyAsyncGenASend.at(o);
  if (a.ags_state == STATE_CLOSED) {
    PyErr_SetString(PyExc_RuntimeError, "cannot reuse already awaited __anext__()/asend()");
    return false;
  }
  if (a.ags_state == STATE_INIT && PyGenObject.at(a.ags_gen).gi_running_async) {
    a.ags_state = STATE_CLOSED;
    PyErr_SetString(PyExc_RuntimeError, "anext(): asynchronous generator is already running");
    return false;
  }
  return true;
}

/**
 * @native async_generator_asend.send
 *
 * send(arg): go on, with arg as the value of the yield it stopped at,
 * to the next one, which is returned.
 */
export function asend_send(o: usize, arg: usize): usize {
  if (!asendBegin(o)) return 0;
  const a = PyAsyncGenASend.at(o);
  if (a.ags_state == STATE_INIT) {
    if (arg == 0 || arg == _Py_NoneStruct) arg = a.ags_sendval;
    a.ags_state = STATE_ITER;
  }
  PyGenObject.at(a.ags_gen).gi_running_async = 1;
  const r = unwrapValue(a.ags_gen, gen_send(a.ags_gen, arg));
  if (r == 0) a.ags_state = STATE_CLOSED;
  return r;
}

function asend_iternext(o: usize): usize {
  return asend_send(o, 0);
}

/**
 * @native async_generator_asend.throw
 *
 * throw(value)
 * throw(type[,value[,tb]])
 *
 * Go on with an exception, raised at the yield it stopped at. What the next one gives is returned, if it comes to that.
 * The second form is for old programs: avoid it in new ones.
 */
export function asend_throw(o: usize, argv: usize, nargs: isize): usize {
  if (!asendBegin(o)) return 0;
  const a = PyAsyncGenASend.at(o);
  if (a.ags_state == STATE_INIT) {
    a.ags_state = STATE_ITER;
    PyGenObject.at(a.ags_gen).gi_running_async = 1;
  }
  const r = unwrapValue(a.ags_gen, gen_throw(a.ags_gen, argv, nargs));
  if (r == 0) {
    PyGenObject.at(a.ags_gen).gi_running_async = 0;
    a.ags_state = STATE_CLOSED;
  }
  return r;
}

/**
 * @native async_generator_asend.close
 *
 * close(): end it by a GeneratorExit, raised inside.
 */
export function asend_close(o: usize, _u: usize): usize {
  if (PyAsyncGenASend.at(o).ags_state == STATE_CLOSED) return _Py_NoneStruct;
  return closed(throwExit(o, true));
}

/** Throws GeneratorExit into an asend() or athrow(). */
function throwExit(o: usize, isAsend: bool): usize {
  const argv = Scratch.take(1);
  store<u64>(argv, PyExc_GeneratorExit);
  const r = isAsend ? asend_throw(o, argv, 1) : athrow_throw(o, argv, 1);
  Scratch.give(argv);
  return r;
}

function closed(r: usize): usize {
  if (r == 0) {
    if (
      PyErr_ExceptionMatches(PyExc_StopIteration) ||
      PyErr_ExceptionMatches(PyExc_StopAsyncIteration) ||
      PyErr_ExceptionMatches(PyExc_GeneratorExit)
    ) {
      PyErr_Clear();
      return _Py_NoneStruct;
    }
    return 0;
  }
  Py.DECREF(r);
  return PyErr_SetString(PyExc_RuntimeError, "coroutine ignored GeneratorExit");
}

/** An aclose() whose generator yielded instead of ending. */
function ignoredExit(o: usize): usize {
  const a = PyAsyncGenAThrow.at(o);
  PyGenObject.at(a.agt_gen).gi_running_async = 0;
  a.agt_state = STATE_CLOSED;
  return PyErr_SetString(PyExc_RuntimeError, IGNORED_EXIT);
}

function athrowFailed(o: usize): usize {
  const a = PyAsyncGenAThrow.at(o);
  PyGenObject.at(a.agt_gen).gi_running_async = 0;
  a.agt_state = STATE_CLOSED;
  if (
    a.agt_args == 0 &&
    (PyErr_ExceptionMatches(PyExc_StopAsyncIteration) || PyErr_ExceptionMatches(PyExc_GeneratorExit))
  ) {
    // The await of aclose() is done.
    PyErr_Clear();
    PyErr_SetNone(PyExc_StopIteration);
  }
  return 0;
}

function athrowBegin(o: usize): bool {
  const a = PyAsyncGenAThrow.at(o);
  if (a.agt_state == STATE_CLOSED) {
    PyErr_SetString(PyExc_RuntimeError, "cannot reuse already awaited aclose()/athrow()");
    return false;
  }
  return true;
}

function athrowRunning(o: usize): bool {
  const a = PyAsyncGenAThrow.at(o);
  if (!PyGenObject.at(a.agt_gen).gi_running_async) return false;
  a.agt_state = STATE_CLOSED;
  PyErr_SetString(
    PyExc_RuntimeError,
    a.agt_args == 0
      ? "aclose(): asynchronous generator is already running"
      : "athrow(): asynchronous generator is already running",
  );
  return true;
}

/**
 * @native async_generator_athrow.send
 *
 * send(arg): go on, with arg as the value of the yield it stopped at,
 * to the next one, which is returned.
 */
export function athrow_send(o: usize, arg: usize): usize {
  if (!athrowBegin(o)) return 0;
  const a = PyAsyncGenAThrow.at(o);
  const gen = a.agt_gen;
  const g = PyGenObject.at(gen);
  if (isFinished(gen)) {
    a.agt_state = STATE_CLOSED;
    PyErr_SetNone(PyExc_StopIteration);
    return 0;
  }
  let r: usize;
  if (a.agt_state == STATE_INIT) {
    if (athrowRunning(o)) return 0;
    if (g.gi_closed) {
      a.agt_state = STATE_CLOSED;
      PyErr_SetNone(PyExc_StopAsyncIteration);
      return 0;
    }
    if (arg != 0 && arg != _Py_NoneStruct) {
      return PyErr_SetString(PyExc_RuntimeError, "can't send non-None value to a just-started coroutine");
    }
    a.agt_state = STATE_ITER;
    g.gi_running_async = 1;
    if (a.agt_args == 0) {
      g.gi_closed = 1;
      r = genThrow(gen, false, PyExc_GeneratorExit, 0, 0);
      if (r != 0 && isWrapped(r)) {
        Py.DECREF(r);
        return ignoredExit(o);
      }
    } else {
      const n = Py.SIZE(a.agt_args);
      r = genThrow(
        gen,
        false,
        Tuple.get(a.agt_args, 0),
        n > 1 ? Tuple.get(a.agt_args, 1) : 0,
        n > 2 ? Tuple.get(a.agt_args, 2) : 0,
      );
      r = unwrapValue(gen, r);
    }
    return r != 0 ? r : athrowFailed(o);
  }
  r = gen_send(gen, arg == 0 ? _Py_NoneStruct : arg);
  if (a.agt_args != 0) return unwrapValue(gen, r);
  if (r == 0) return athrowFailed(o);
  if (isWrapped(r)) {
    Py.DECREF(r);
    return ignoredExit(o);
  }
  return r;
}

function athrow_iternext(o: usize): usize {
  return athrow_send(o, _Py_NoneStruct);
}

/**
 * @native async_generator_athrow.throw
 *
 * throw(value)
 * throw(type[,value[,tb]])
 *
 * Go on with an exception, raised at the yield it stopped at. What the next one gives is returned, if it comes to that.
 * The second form is for old programs: avoid it in new ones.
 */
export function athrow_throw(o: usize, argv: usize, nargs: isize): usize {
  if (!athrowBegin(o)) return 0;
  const a = PyAsyncGenAThrow.at(o);
  const g = PyGenObject.at(a.agt_gen);
  if (a.agt_state == STATE_INIT) {
    if (athrowRunning(o)) return 0;
    a.agt_state = STATE_ITER;
    g.gi_running_async = 1;
  }
  let r = gen_throw(a.agt_gen, argv, nargs);
  if (a.agt_args != 0) {
    r = unwrapValue(a.agt_gen, r);
    if (r == 0) {
      g.gi_running_async = 0;
      a.agt_state = STATE_CLOSED;
    }
    return r;
  }
  if (r != 0 && isWrapped(r)) {
    Py.DECREF(r);
    return ignoredExit(o);
  }
  return r != 0 ? r : athrowFailed(o);
}

/**
 * @native async_generator_athrow.close
 *
 * close(): end it by a GeneratorExit, raised inside.
 */
export function athrow_close(o: usize, _u: usize): usize {
  if (PyAsyncGenAThrow.at(o).agt_state == STATE_CLOSED) return _Py_NoneStruct;
  return closed(throwExit(o, false));
}

function awaitableType(type: usize, iternext: u32): void {
  const t = PyTypeObject.at(type);
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = iternext;
  PyAsyncMethods.at(asAsync(type)).am_await = PyObject_SelfIter.index;
}

/**
 * @type async_generator
 * @order __sizeof__ __class_getitem__ asend athrow aclose
 *
 * @native async_generator.__sizeof__ = gen_sizeof
 * gen.__sizeof__(): bytes, with its frame included
 *
 * @classmethod async_generator.__class_getitem__ = Py_GenericAlias
 * For annotations
 *
 * @member async_generator.ag_running = PyGenObject.gi_running_async readonly
 *
 * @getter async_generator.__name__ = generator.get_name
 * what the generator is called
 *
 * @setter async_generator.__name__ = generator.set_name
 *
 * @getter async_generator.__qualname__ = generator.get_qualname
 * that, with the names around it
 *
 * @setter async_generator.__qualname__ = generator.set_qualname
 *
 * @getter async_generator.ag_frame = get_frame
 *
 * @getter async_generator.ag_code = generator.get_code
 *
 * @getter async_generator.ag_suspended = get_suspended
 *
 * @getter async_generator.ag_await = get_yf
 * what it is waiting for, if it is
 */

/**
 * @type async_generator_asend
 */

/**
 * @type async_generator_athrow
 */

/**
 * @type async_generator_wrapped_value
 */

/**
 * @type anext_awaitable
 */

export function initAsyncGeneratorTypes(): void {
  generatorType(PyAsyncGen_Type);
  const a = PyAsyncMethods.at(asAsync(PyAsyncGen_Type));
  a.am_aiter = PyObject_SelfIter.index;
  a.am_anext = asyncgen_anext.index;

  awaitableType(_PyAsyncGenASend_Type, asend_iternext.index);
  const s = PyTypeObject.at(_PyAsyncGenASend_Type);
  s.tp_basicsize = SIZEOF_PyAsyncGenASend;
  s.tp_dealloc = asend_dealloc.index;
  s.tp_traverse = PyAsyncGenASend_traverse.index;
  s.tp_finalize = asend_finalize.index;
  awaitableType(_PyAsyncGenAThrow_Type, athrow_iternext.index);
  const t = PyTypeObject.at(_PyAsyncGenAThrow_Type);
  t.tp_basicsize = SIZEOF_PyAsyncGenAThrow;
  t.tp_dealloc = athrow_dealloc.index;
  t.tp_traverse = PyAsyncGenAThrow_traverse.index;
  t.tp_finalize = athrow_finalize.index;
  awaitableType(_PyAnextAwaitable_Type, anext_iternext.index);
  const n = PyTypeObject.at(_PyAnextAwaitable_Type);
  n.tp_basicsize = SIZEOF_anextawaitable;
  n.tp_dealloc = anext_dealloc.index;
  n.tp_traverse = anextawaitable_traverse.index;

  const w = PyTypeObject.at(_PyAsyncGenWrappedValue_Type);
  w.tp_basicsize = SIZEOF__PyAsyncGenWrappedValue;
  w.tp_dealloc = wrapped_dealloc.index;
  w.tp_flags = Py_TPFLAGS_HAVE_GC;
  w.tp_traverse = _PyAsyncGenWrappedValue_traverse.index;
}
