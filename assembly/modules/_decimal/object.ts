// Decimal objects and the current context (CPython 3.13's Modules/_decimal/_decimal.c): how objects are made, how the
// conditions of an operation become flags and exceptions, and which context counts.
//
// Invariant: an object is changed only before anybody else has it; an operation works on a copy of the context in scratch
// memory and reports to the context at its end, as signals may run Python.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  mpd_context_t,
  PyDecContextObject,
  PyDecObject,
  PyDecObject_data,
  PyDecObject_dec,
  PyTypeObject,
  SIZEOF_mpd_context_t,
} from "../../generated/layouts";
import { decimalRoots } from "../../generated/runtime";
import { _Py_NoneStruct, PyDec_Type, PyDecContext_Type, PyExc_TypeError } from "../../generated/statics";
import { PyList_Append, PyList_New } from "../../objects/containers/list/list";
import { Tuple } from "../../objects/containers/tuple";
import { PyErr_NoMemory, PyErr_Occurred, PyErr_SetObject, PyErr_SetString } from "../../objects/errors/raise";
import { _PyObject_GC_New } from "../../objects/object/alloc";
import { PyObject_CallNoArgs } from "../../objects/object/call";
import { _PyObject_GC_TRACK } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { _PyUnicode_Equal } from "../../objects/text/compare";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { contextvar_get, contextvar_set } from "../_contextvars/variable";
import {
  Clamped,
  Conversion_syntax,
  Division_by_zero,
  Division_impossible,
  Division_undefined,
  Float_operation,
  IEEE_Invalid_operation,
  Inexact,
  Invalid_context,
  Invalid_operation,
  Malloc_error,
  Mpd,
  Overflow,
  Rounded,
  Subnormal,
  Underflow,
  Work,
} from "./number";

/** Signals, and the conditions that are InvalidOperation: how many, and the flags of each. */
export const SIGNALS: isize = 9;
const CONDITIONS: isize = 5;
const ROUNDINGS: isize = 8;

/** The flags of the signal at place i of decimalRoots.signals. */
export function signalFlags(i: isize): u32 {
  switch (i) {
    case 0:
      return IEEE_Invalid_operation;
    case 1:
      return Float_operation;
    case 2:
      return Division_by_zero;
    case 3:
      return Overflow;
    case 4:
      return Underflow;
    case 5:
      return Subnormal;
    case 6:
      return Inexact;
    case 7:
      return Rounded;
    default:
      return Clamped;
  }
}

/** The flag of the condition at place i of decimalRoots.conditions. */
function conditionFlag(i: isize): u32 {
  switch (i) {
    case 0:
      return Invalid_operation;
    case 1:
      return Conversion_syntax;
    case 2:
      return Division_impossible;
    case 3:
      return Division_undefined;
    default:
      return Invalid_context;
  }
}

export class Dec {
  /** The number in an object. */
  @inline static number(o: usize): usize {
    return o + PyDecObject_dec;
  }

  @inline static check(o: usize): bool {
    return Py.IS_TYPE(o, PyDec_Type) || PyType_IsSubtype(Py.TYPE(o), PyDec_Type);
  }

  /** The numbers of a context. */
  @inline static context(o: usize): usize {
    return PyDecContextObject.at(o).ctx;
  }

  @inline static capitals(context: usize): bool {
    return PyDecContextObject.at(context).capitals != 0;
  }

  @inline static isContext(o: usize): bool {
    return Py.IS_TYPE(o, PyDecContext_Type) || PyType_IsSubtype(Py.TYPE(o), PyDecContext_Type);
  }
}

/** A new object with the value 0, which the caller replaces; null with MemoryError. */
export function newDecimal(type: usize): usize {
  const own = type == PyDec_Type;
  const o = own ? _PyObject_GC_New(type) : call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) return 0;
  PyDecObject.at(o).hash = -1;
  Mpd.initStatic(Dec.number(o), o + PyDecObject_data);
  if (own) _PyObject_GC_TRACK(o);
  return o;
}

/** A list of the exceptions that flags stand for, for the exception of a signal. */
function exceptionsOf(flags: u32): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  for (let i: isize = 0; i < CONDITIONS + SIGNALS - 1; i++) {
    const condition = i < CONDITIONS;
    const flag = condition ? conditionFlag(i) : signalFlags(i - CONDITIONS + 1);
    if (!(flags & flag)) continue;
    const ex = condition ? Tuple.get(decimalRoots.conditions, i) : Tuple.get(decimalRoots.signals, i - CONDITIONS + 1);
    if (PyList_Append(list, ex) < 0) {
      Py.DECREF(list);
      return 0;
    }
  }
  return list;
}

/** Adds conditions to the flags of a context; true with an exception where one of them is trapped. */
export function addStatus(context: usize, status: u32): bool {
  if (status == 0) return false;
  const c = mpd_context_t.at(Dec.context(context));
  c.status |= status;
  if (!(status & (c.traps | Malloc_error))) return false;
  if (status & Malloc_error) {
    // What is interrupted ends as where there is no memory, and has its exception.
    if (!PyErr_Occurred()) PyErr_NoMemory();
    return true;
  }
  const trapped = status & c.traps;
  const list = exceptionsOf(trapped);
  if (list == 0) return true;
  for (let i: isize = 0; i < SIGNALS; i++) {
    if (!(trapped & signalFlags(i))) continue;
    PyErr_SetObject(Tuple.get(decimalRoots.signals, i), list);
    break;
  }
  Py.DECREF(list);
  return true;
}

/** Ends an operation: reports the status of its context, which is given back, and returns r, or null with an exception. */
export function conclude(r: usize, context: usize, work: mpd_context_t): usize {
  const status = work.status;
  Work.give(work);
  if (!addStatus(context, status)) return r;
  Py.DECREF(r);
  return 0;
}

/** A new context with the values of another, its flags included or not; null with an exception. */
export function copyContext(context: usize, keepFlags: bool): usize {
  const copy = PyObject_CallNoArgs(PyDecContext_Type);
  if (copy == 0) return 0;
  memory.copy(Dec.context(copy), Dec.context(context), SIZEOF_mpd_context_t);
  const c = mpd_context_t.at(Dec.context(copy));
  c.newtrap = 0;
  if (!keepFlags) c.status = 0;
  PyDecContextObject.at(copy).capitals = PyDecContextObject.at(context).capitals;
  return copy;
}

/** The current context: a new reference, null with an exception. */
export function currentContext(): usize {
  const context = contextvar_get(decimalRoots.context_var, _Py_NoneStruct);
  if (context != _Py_NoneStruct) return context;
  const first = copyContext(decimalRoots.default_context, false);
  return first != 0 && setCurrentContext(first) ? first : 0;
}

/** Makes a context the current one; false with an exception, upon which it is dropped. */
export function setCurrentContext(context: usize): bool {
  const token = contextvar_set(decimalRoots.context_var, context);
  if (token == 0) {
    Py.DECREF(context);
    return false;
  }
  Py.DECREF(token);
  return true;
}

/** An argument that is a context or None, which stands for the current one: a new reference, null with an exception. */
export function contextArgument(o: usize): usize {
  if (o == _Py_NoneStruct) return currentContext();
  if (Dec.isContext(o)) return Py.NewRef(o);
  return PyErr_SetString(PyExc_TypeError, "optional argument must be a context");
}

const ROUNDING_ERROR =
  "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]";

/** The number of a rounding mode; -1 with TypeError. */
export function roundingOf(o: usize): i32 {
  if (Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    for (let i: isize = 0; i < ROUNDINGS; i++) if (_PyUnicode_Equal(o, Tuple.get(decimalRoots.roundings, i))) return i;
  }
  PyErr_SetString(PyExc_TypeError, ROUNDING_ERROR);
  return -1;
}
