// The module time (CPython 3.13's Modules/timemodule.c), as far as a clock goes: time, perf_counter, monotonic,
// process_time, their _ns forms, and sleep.
//
// Differences: process_time counts from the process's start by the forward clock; there is no calendar (gmtime,
// localtime, strftime and struct_time need a time zone, which no host service gives).

import { host } from "../generated/host";
import { _Py_NoneStruct, PyExc_OSError, PyExc_ValueError } from "../generated/statics";
import { addFunction, METH_NOARGS, METH_O } from "../objects/define/tables";
import { PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { PyModule_AddFunctions, PyModule_NewLiteral } from "../objects/module/module";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../objects/numbers/float/float";
import { PyLong_FromLongLong } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";

/** Seconds by one of the two clocks; negative with OSError where the host gives none. */
function seconds(forward: bool): f64 {
  const t = forward ? host.monotonic() : host.time();
  if (t < 0) PyErr_SetString(PyExc_OSError, "the host provides no clock");
  return t;
}

function asFloat(t: f64): usize {
  return t < 0 ? 0 : PyFloat_FromDouble(t);
}

function asNanoseconds(t: f64): usize {
  if (t < 0) return 0;
  const whole = floor<f64>(t);
  return PyLong_FromLongLong(<i64>whole * 1000000000 + <i64>((t - whole) * 1e9));
}

function time_time(_m: usize, _u: usize): usize {
  return asFloat(seconds(false));
}

function time_time_ns(_m: usize, _u: usize): usize {
  return asNanoseconds(seconds(false));
}

function time_forward(_m: usize, _u: usize): usize {
  return asFloat(seconds(true));
}

function time_forward_ns(_m: usize, _u: usize): usize {
  return asNanoseconds(seconds(true));
}

/** Waits by watching the clock: no host service lets a thread rest. */
function time_sleep(_m: usize, v: usize): usize {
  const wait = PyFloat_AsDouble(v);
  if (wait == -1 && PyErr_Occurred()) return 0;
  if (isNaN(wait)) {
    PyErr_SetString(PyExc_ValueError, "Invalid value NaN (not a number)");
    return 0;
  }
  if (wait < 0) {
    PyErr_SetString(PyExc_ValueError, "sleep length must be non-negative");
    return 0;
  }
  let now = seconds(true);
  const end = now + wait;
  while (now >= 0 && now < end) now = seconds(true);
  return now < 0 ? 0 : _Py_NoneStruct;
}

/** A new module time, or null with an exception. */
export function makeTimeModule(): usize {
  const m = PyModule_NewLiteral("time");
  if (m == 0) return 0;
  const table = addFunction(0, "time", time_time.index, METH_NOARGS);
  addFunction(table, "time_ns", time_time_ns.index, METH_NOARGS);
  addFunction(table, "perf_counter", time_forward.index, METH_NOARGS);
  addFunction(table, "perf_counter_ns", time_forward_ns.index, METH_NOARGS);
  addFunction(table, "monotonic", time_forward.index, METH_NOARGS);
  addFunction(table, "monotonic_ns", time_forward_ns.index, METH_NOARGS);
  addFunction(table, "process_time", time_forward.index, METH_NOARGS);
  addFunction(table, "process_time_ns", time_forward_ns.index, METH_NOARGS);
  addFunction(table, "thread_time", time_forward.index, METH_NOARGS);
  addFunction(table, "thread_time_ns", time_forward_ns.index, METH_NOARGS);
  addFunction(table, "sleep", time_sleep.index, METH_O);
  if (PyModule_AddFunctions(m, table) == 0) return m;
  Py.DECREF(m);
  return 0;
}
