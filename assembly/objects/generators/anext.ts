// The awaitable of anext() with a default (the anextawaitable of CPython 3.13's Objects/iterobject.c).

import { anextawaitable, PyAsyncMethods, PyTypeObject } from "../../generated/layouts";
import { _PyAnextAwaitable_Type, ID, PyCoro_Type, PyExc_StopAsyncIteration } from "../../generated/statics";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_NoMemory } from "../errors/raise";
import { anextawaitable_clear } from "../generated/references";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import {
  giveArguments,
  PyObject_CallMethodNoArgs,
  PyObject_CallMethodOneArg,
  PyObject_VectorcallMethod,
  takeArguments,
} from "../object/call";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import { iterNext } from "../protocol/iterator";
import { _PyCoro_GetAwaitableIter, _PyGen_SetStopIterationValue } from "./generator";

// anext(it, default): awaits, and turns StopAsyncIteration into the default.

/** A new anext_awaitable around the awaitable. */
export function PyAnextAwaitable_New(awaitable: usize, fallback: usize): usize {
  const o = _PyObject_GC_New(_PyAnextAwaitable_Type);
  if (o == 0) return 0;
  anextawaitable.at(o).wrapped = Py.NewRef(awaitable);
  anextawaitable.at(o).default_value = Py.NewRef(fallback);
  _PyObject_GC_TRACK(o);
  return o;
}

export function anext_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  anextawaitable_clear(o);
  PyObject_GC_Del(o);
}

function anextIter(o: usize): usize {
  const it = _PyCoro_GetAwaitableIter(anextawaitable.at(o).wrapped);
  if (it == 0 || Py.TYPE(it) != PyCoro_Type) return it;
  const m = PyTypeObject.at(PyCoro_Type).tp_as_async;
  const w = call_indirect<usize>(PyAsyncMethods.at(m).am_await, it);
  Py.DECREF(it);
  return w;
}

/** null with StopAsyncIteration becomes null with StopIteration(default). */
function orDefault(o: usize, r: usize): usize {
  if (r != 0 || !PyErr_ExceptionMatches(PyExc_StopAsyncIteration)) return r;
  PyErr_Clear();
  _PyGen_SetStopIterationValue(anextawaitable.at(o).default_value);
  return 0;
}

export function anext_iternext(o: usize): usize {
  const it = anextIter(o);
  if (it == 0) return 0;
  const r = iterNext(it);
  Py.DECREF(it);
  return orDefault(o, r);
}

/**
 * @native anext_awaitable.send
 *
 * send(arg): pass arg on to what is being awaited, and go on until it
 * has to wait for something again.
 */
export function anext_send(o: usize, arg: usize): usize {
  const it = anextIter(o);
  if (it == 0) return 0;
  const r = PyObject_CallMethodOneArg(it, ID.send, arg);
  Py.DECREF(it);
  return orDefault(o, r);
}

/**
 * @native anext_awaitable.throw
 *
 * throw(value)
 * throw(typ[,val[,tb]])
 *
 * Pass an exception on to what is being awaited. What it waits for next is returned, if it comes to that.
 * The second form is for old programs: avoid it in each program that is a new one.
 */
export function anext_throw(o: usize, argv: usize, nargs: isize): usize {
  const it = anextIter(o);
  if (it == 0) return 0;
  const a = takeArguments(nargs + 1);
  if (a == 0) {
    Py.DECREF(it);
    return PyErr_NoMemory();
  }
  Py.setItem(a, 0, it);
  memory.copy(Py.slot(a, 1), argv, (<usize>nargs) << 3);
  const r = PyObject_VectorcallMethod(ID.throw_, a, <usize>(nargs + 1), 0);
  giveArguments(a);
  Py.DECREF(it);
  return orDefault(o, r);
}

/**
 * @native anext_awaitable.close
 *
 * close(): end it by a GeneratorExit, raised inside.
 */
export function anext_close(o: usize, _args: usize): usize {
  const it = anextIter(o);
  if (it == 0) return 0;
  const r = PyObject_CallMethodNoArgs(it, ID.close);
  Py.DECREF(it);
  return orDefault(o, r);
}
