// Handles of threads, by which they are joined (the ThreadHandle part of CPython 3.13's Modules/_threadmodule.c).

import { Py_TPFLAGS_HAVE_GC, Py_TPFLAGS_IMMUTABLETYPE, WAITING_THREAD } from "../../generated/constants";
import {
  PyThreadHandleObject,
  PyThreadHandleObject_running,
  PyTypeObject,
  SIZEOF_PyThreadHandleObject,
} from "../../generated/layouts";
import { threadsRoots } from "../../generated/runtime";
import { _Py_NoneStruct, PyExc_RuntimeError, PyThreadHandle_Type } from "../../generated/statics";
import { _PyList_AppendTakeRef, List, PyList_New, PyList_SetSlice } from "../../objects/containers/list/list";
import { Tuple } from "../../objects/containers/tuple";
import { ArgParser } from "../../objects/define/args";
import { PyErr_Clear, PyErr_SetString } from "../../objects/errors/raise";
import { PyErr_FormatUnraisable } from "../../objects/errors/unraisable";
import { boolObject } from "../../objects/numbers/bool";
import { PyLong_FromUnsignedLongLong } from "../../objects/numbers/int/create";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyType_Ready } from "../../objects/types/ready";
import { wakeFirst } from "../../thread/wait";
import { secondsArgument } from "../time/clocks";
import { currentThreadId } from "./ident";
import { awaitZero } from "./waiting";

export const enum State {
  notStarted,
  starting,
  running,
  done,
}

/** A new handle of no thread yet; null with MemoryError. */
export function newHandle(): usize {
  return PyType_GenericAlloc(PyThreadHandle_Type, 0);
}

/** Adds a handle to those that the end of the process waits for: 0, or -1 with an exception. */
export function rememberHandle(handle: usize): i32 {
  if (threadsRoots.handles == 0) {
    threadsRoots.handles = PyList_New(0);
    if (threadsRoots.handles == 0) return -1;
  }
  return _PyList_AppendTakeRef(threadsRoots.handles, Py.NewRef(handle));
}

/** Takes it out again, where it is there. */
export function forgetHandle(handle: usize): void {
  const list = threadsRoots.handles;
  if (list == 0) return;
  for (let i: isize = 0; i < List.size(list); i++) {
    if (List.get(list, i) != handle) continue;
    if (PyList_SetSlice(list, i, i + 1, 0) < 0) PyErr_Clear();
    return;
  }
}

/** Marks the handle's thread as running. */
export function beginHandle(self: usize, ident: u64): void {
  const h = PyThreadHandleObject.at(self);
  h.ident = ident;
  h.state = State.running;
  h.running = 1;
}

/** Marks it as ended, and wakes who waits for that. */
export function endHandle(self: usize): void {
  const h = PyThreadHandleObject.at(self);
  h.state = State.done;
  h.running = 0;
  while (wakeFirst(h.waiters_slot));
}

function isStarted(self: usize): bool {
  if (PyThreadHandleObject.at(self).state >= <u32>State.running) return true;
  PyErr_SetString(PyExc_RuntimeError, "thread not started");
  return false;
}

/** Waits for the end of the handle's thread, `seconds` at most, negative without a limit: 0, or -1 with an exception. */
function joinThread(self: usize, seconds: f64): i32 {
  if (!isStarted(self)) return -1;
  const h = PyThreadHandleObject.at(self);
  if (h.state != State.done && h.ident == currentThreadId()) {
    PyErr_SetString(PyExc_RuntimeError, "Cannot join current thread");
    return -1;
  }
  const ended = awaitZero(h.waiters_slot, self + PyThreadHandleObject_running, seconds, WAITING_THREAD);
  return ended < 0 ? -1 : 0;
}

/** Waits for all threads that the program did not make daemons. */
export function joinAll(): void {
  const list = threadsRoots.handles;
  if (list == 0) return;
  const own = currentThreadId();
  while (true) {
    let next: usize = 0;
    for (let i: isize = 0; i < List.size(list) && next == 0; i++) {
      const handle = List.get(list, i);
      if (PyThreadHandleObject.at(handle).ident != own) next = handle;
    }
    if (next == 0) return;
    Py.INCREF(next);
    const r = joinThread(next, -1);
    if (r == 0) forgetHandle(next);
    Py.DECREF(next);
    if (r < 0) {
      PyErr_FormatUnraisable("Exception ignored while joining a thread in _thread._shutdown()");
      return;
    }
  }
}

function handle_new(_type: usize, _args: usize, _kwargs: usize): usize {
  return newHandle();
}

function handle_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  PyObject_GC_Del(self);
}

function handle_repr(self: usize): usize {
  return PyUnicode_FromFormat("<%t object: ident=%lu>", self, PyThreadHandleObject.at(self).ident);
}

/**
 * @getter _thread._ThreadHandle.ident
 */
export function handle_ident(self: usize, _c: usize): usize {
  return PyLong_FromUnsignedLongLong(PyThreadHandleObject.at(self).ident);
}

/**
 * @native _thread._ThreadHandle.is_done
 */
export function handle_is_done(self: usize, _: usize): usize {
  return boolObject(PyThreadHandleObject.at(self).state == State.done);
}

/**
 * @native _thread._ThreadHandle._set_done
 */
export function handle_set_done(self: usize, _: usize): usize {
  if (!isStarted(self)) return 0;
  endHandle(self);
  return _Py_NoneStruct;
}

/**
 * @native _thread._ThreadHandle.join
 */
export function handle_join(self: usize, args: usize): usize {
  if (!ArgParser.count("join", Tuple.size(args), 0, 1)) return 0;
  let seconds: f64 = -1;
  if (Tuple.size(args) > 0 && Tuple.get(args, 0) != _Py_NoneStruct) {
    seconds = secondsArgument(Tuple.get(args, 0));
    if (isNaN(seconds)) return 0;
  }
  return joinThread(self, seconds) < 0 ? 0 : _Py_NoneStruct;
}

function nothing_traverse(_self: usize, _visit: u32, _arg: usize): i32 {
  return 0;
}

/**
 * @type _thread._ThreadHandle
 */
export function initHandleType(): i32 {
  const t = PyTypeObject.at(PyThreadHandle_Type);
  t.tp_basicsize = SIZEOF_PyThreadHandleObject;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE;
  t.tp_dealloc = handle_dealloc.index;
  t.tp_traverse = nothing_traverse.index;
  t.tp_repr = handle_repr.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_new = handle_new.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_GC_Del.index;
  return PyType_Ready(PyThreadHandle_Type);
}
