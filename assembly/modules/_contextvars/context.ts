// Context (a part of CPython 3.13's Python/context.c): what context variables are set to, and which context a thread is in.
//
// A thread's context is in its state, null until a variable is set or the context is asked for. Entering and leaving one
// changes context_ver, upon which variables forget what they have kept.
//
// Deliberate difference: mappings that are compared are held, for comparing may set variables.

import {
  PyContext,
  PyContext_ctx_weakreflist,
  PyMappingMethods,
  PySequenceMethods,
  PyThreadState,
  SIZEOF_PyContext,
} from "../../generated/layouts";
import { freelistsRoots } from "../../generated/runtime";
import {
  _Py_NotImplementedStruct,
  _PyHamtItems_Type,
  _PyHamtKeys_Type,
  _PyHamtValues_Type,
  hamt_empty,
  PyContext_Type,
  PyContextVar_Type,
  PyExc_RuntimeError,
  PyExc_TypeError,
} from "../../generated/statics";
import { PyDict_Size } from "../../objects/containers/dict/dict";
import { asMapping, asSequence } from "../../objects/define/tables";
import { PyErr_Fail, PyErr_Format, PyErr_SetString } from "../../objects/errors/raise";
import { PyContext_clear, PyContext_traverse } from "../../objects/generated/references";
import { boolObject } from "../../objects/numbers/bool";
import { _PyObject_GC_New } from "../../objects/object/alloc";
import { PyObject_Vectorcall } from "../../objects/object/call";
import { Py_EQ, Py_NE } from "../../objects/object/flags";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { FreeList } from "../../objects/object/kept";
import { PyObject_HashNotImplemented } from "../../objects/protocol/compare";
import { PyType_Ready } from "../../objects/types/ready";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";
import { tstate } from "../../thread/current";
import { collectedType } from "../collectedtype";
import { _PyHamt_Eq, hamt_contains, hamt_length, hamtGet, hamtIterator } from "./hamt";

/** Most contexts that are kept for the next. */
const KEPT_MAX: i32 = 255;

/** A new context with these values; null with MemoryError. */
function newContext(vars: usize): usize {
  let o = FreeList.take(freelistsRoots.contexts, PyContext_ctx_weakreflist);
  if (o == 0) o = _PyObject_GC_New(PyContext_Type);
  if (o == 0) return 0;
  const x = PyContext.at(o);
  x.ctx_prev = 0;
  x.ctx_vars = Py.NewRef(vars);
  x.ctx_weakreflist = 0;
  x.ctx_entered = 0;
  _PyObject_GC_TRACK(o);
  return o;
}

/** The context of the thread, which is made if it has none: borrowed; null with MemoryError. */
export function currentContext(): usize {
  const ts = PyThreadState.at(tstate);
  if (ts.context == 0) ts.context = newContext(hamt_empty);
  return ts.context;
}

/** A new context with the values of the current one; null with MemoryError. */
export function PyContext_CopyCurrent(): usize {
  const o = currentContext();
  return o == 0 ? 0 : newContext(PyContext.at(o).ctx_vars);
}

/** Makes a context that of the thread: 0, or -1 with RuntimeError where it is that of a thread already. */
export function PyContext_Enter(o: usize): i32 {
  const x = PyContext.at(o);
  if (x.ctx_entered) {
    PyErr_Format(PyExc_RuntimeError, "cannot enter context: %R is already entered", o);
    return -1;
  }
  const ts = PyThreadState.at(tstate);
  // The thread's reference goes to the context.
  x.ctx_prev = ts.context;
  x.ctx_entered = 1;
  ts.context = Py.NewRef(o);
  ts.context_ver++;
  return 0;
}

/** Goes back to the context from which this one was entered: 0, or -1 with RuntimeError. */
export function PyContext_Exit(o: usize): i32 {
  const x = PyContext.at(o);
  if (!x.ctx_entered) {
    PyErr_Format(PyExc_RuntimeError, "cannot exit context: %R has not been entered", o);
    return -1;
  }
  const ts = PyThreadState.at(tstate);
  if (ts.context != o) {
    const message = "cannot exit context: thread state references a different context object";
    return PyErr_Fail(PyExc_RuntimeError, message);
  }
  const prev = x.ctx_prev;
  x.ctx_prev = 0;
  x.ctx_entered = 0;
  ts.context_ver++;
  Py.SETREF(ts.context_slot, prev);
  return 0;
}

function isVariable(key: usize): bool {
  if (Py.IS_TYPE(key, PyContextVar_Type)) return true;
  PyErr_Format(PyExc_TypeError, "a ContextVar key was expected, got %R", key);
  return false;
}

function context_new(_type: usize, args: usize, kwds: usize): usize {
  if (Py.SIZE(args) == 0 && (kwds == 0 || PyDict_Size(kwds) == 0)) return newContext(hamt_empty);
  return PyErr_SetString(PyExc_TypeError, "Context() does not accept any arguments");
}

function context_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  if (PyContext.at(o).ctx_weakreflist != 0) PyObject_ClearWeakRefs(o);
  PyContext_clear(o);
  FreeList.give(freelistsRoots.contexts, PyContext_ctx_weakreflist, o, KEPT_MAX);
}

function context_richcompare(v: usize, w: usize, op: i32): usize {
  if (!Py.IS_TYPE(v, PyContext_Type) || !Py.IS_TYPE(w, PyContext_Type) || (op != Py_EQ && op != Py_NE)) {
    return _Py_NotImplementedStruct;
  }
  const a = Py.NewRef(PyContext.at(v).ctx_vars);
  const b = Py.NewRef(PyContext.at(w).ctx_vars);
  const r = _PyHamt_Eq(a, b);
  Py.DECREF(a);
  Py.DECREF(b);
  return r < 0 ? 0 : boolObject((r == 1) == (op == Py_EQ));
}

function context_iter(o: usize): usize {
  return hamtIterator(_PyHamtKeys_Type, PyContext.at(o).ctx_vars);
}

function context_length(o: usize): isize {
  return hamt_length(PyContext.at(o).ctx_vars);
}

function context_subscript(o: usize, key: usize): usize {
  return isVariable(key) ? hamtGet(PyContext.at(o).ctx_vars, key, 0) : 0;
}

function context_contains(o: usize, key: usize): i32 {
  return isVariable(key) ? hamt_contains(PyContext.at(o).ctx_vars, key) : -1;
}

/**
 * @native _contextvars.Context.get($self, key, default=None, /)
 *
 * What the variable `key` is set to in this context, or the default where it is not set.
 */
export function context_get(o: usize, key: usize, otherwise: usize): usize {
  return isVariable(key) ? hamtGet(PyContext.at(o).ctx_vars, key, otherwise) : 0;
}

/**
 * @native _contextvars.Context.items($self, /)
 *
 * The variables that are set in this context, each in a tuple with its value.
 */
export function context_items(o: usize): usize {
  return hamtIterator(_PyHamtItems_Type, PyContext.at(o).ctx_vars);
}

/**
 * @native _contextvars.Context.keys($self, /)
 *
 * The variables that are set in this context.
 */
export function context_keys(o: usize): usize {
  return context_iter(o);
}

/**
 * @native _contextvars.Context.values($self, /)
 *
 * The values of the variables that are set in this context.
 */
export function context_values(o: usize): usize {
  return hamtIterator(_PyHamtValues_Type, PyContext.at(o).ctx_vars);
}

/**
 * @native _contextvars.Context.copy($self, /)
 *
 * A context in which the same is set, and which nobody has entered.
 */
export function context_copy(o: usize): usize {
  return newContext(PyContext.at(o).ctx_vars);
}

/**
 * @native _contextvars.Context.run
 */
export function context_run(o: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  if (nargs < 1) return PyErr_SetString(PyExc_TypeError, "run() missing 1 required positional argument");
  if (PyContext_Enter(o) < 0) return 0;
  const r = PyObject_Vectorcall(Py.item(argv, 0), Py.slot(argv, 1), <usize>(nargs - 1), kwnames);
  if (PyContext_Exit(o) == 0) return r;
  Py.XDECREF(r);
  return 0;
}

/**
 * @type _contextvars.Context
 * @order get items keys values copy run
 */

/** Makes the type: 0, or -1 with an exception. */
export function initContextType(): i32 {
  const t = collectedType(
    PyContext_Type,
    SIZEOF_PyContext,
    context_dealloc.index,
    PyContext_traverse.index,
    PyContext_clear.index,
    0,
  );
  t.tp_new = context_new.index;
  t.tp_iter = context_iter.index;
  t.tp_hash = PyObject_HashNotImplemented.index;
  t.tp_richcompare = context_richcompare.index;
  t.tp_weaklistoffset = <isize>PyContext_ctx_weakreflist;
  PySequenceMethods.at(asSequence(PyContext_Type)).sq_contains = context_contains.index;
  PyMappingMethods.at(asMapping(PyContext_Type)).mp_length = context_length.index;
  PyMappingMethods.at(asMapping(PyContext_Type)).mp_subscript = context_subscript.index;
  return PyType_Ready(PyContext_Type);
}
