// The module time (CPython 3.13's Modules/timemodule.c), as far as a clock goes: time, perf_counter, monotonic,
// process_time, their _ns forms, and sleep.
//
// Differences: process_time counts from the process's start by the forward clock; there is no calendar (gmtime,
// localtime, strftime and struct_time need a time zone, which no host service gives).

import { host } from "../generated/host";
import { _Py_NoneStruct, PyExc_OSError, PyExc_ValueError } from "../generated/statics";
import { PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../objects/numbers/float/float";
import { PyLong_FromLongLong } from "../objects/numbers/int/create";

/**
 * @module time
 * @order time time_ns perf_counter perf_counter_ns monotonic monotonic_ns process_time process_time_ns
 * @order thread_time thread_time_ns sleep
 *
 * Clocks, and waiting.
 *
 * Most times are numbers of seconds: floats, or ints of nanoseconds in functions whose name ends in _ns.
 *
 * time(): the time of day, since 1970 began in Greenwich; it can be set, and go backwards
 * monotonic(): since some moment, never backwards
 * perf_counter(): as that, as fine as possible, to measure how long something takes
 * process_time(): how long the processor has worked for the program
 * thread_time(): the same for the thread
 * sleep(): wait for so many seconds
 */

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

/**
 * @native time.time
 *
 * time(): a float
 *
 * How many seconds there are since 1970 began in Greenwich, leap seconds left out.
 * Fractions are there as far as the clock of the system has them.
 */
export function time_time(_m: usize, _u: usize): usize {
  return asFloat(seconds(false));
}

/**
 * @native time.time_ns
 *
 * time_ns(): an int
 *
 * As time(), but in whole nanoseconds, a billion to the second.
 */
export function time_time_ns(_m: usize, _u: usize): usize {
  return asNanoseconds(seconds(false));
}

/**
 * @native time.perf_counter
 *
 * perf_counter(): a float
 *
 * The finest clock, for measuring, in seconds.
 *
 * @native time.monotonic
 *
 * monotonic(): a float
 *
 * A clock that nobody can set back, in seconds.
 *
 * @native time.process_time
 *
 * process_time(): a float
 *
 * How long the processor has worked for the program, in seconds, the kernel too.
 *
 * @native time.thread_time
 *
 * thread_time(): a float
 *
 * How long the processor has worked for the thread, in seconds, the kernel too.
 */
export function time_forward(_m: usize, _u: usize): usize {
  return asFloat(seconds(true));
}

/**
 * @native time.perf_counter_ns
 *
 * perf_counter_ns(): an int
 *
 * The finest clock, for measuring, as a number of nanoseconds.
 *
 * @native time.monotonic_ns
 *
 * monotonic_ns(): an int
 *
 * A clock that nobody can set back, as a number of nanoseconds.
 *
 * @native time.process_time_ns
 *
 * process_time_ns(): an int
 *
 * How long the processor has worked for the program, in nanoseconds, whole ones.
 *
 * @native time.thread_time_ns
 *
 * thread_time_ns(): an int
 *
 * How long the processor has worked for the thread, in whole nanoseconds, the kernel included.
 */
export function time_forward_ns(_m: usize, _u: usize): usize {
  return asNanoseconds(seconds(true));
}

/**
 * Waits by watching the clock: no host service lets a thread rest.
 *
 * @native time.sleep
 *
 * sleep(seconds)
 *
 * Wait, and let other threads run. A fraction is possible. It can take a little longer, but it is never less.
 */
export function time_sleep(_m: usize, v: usize): usize {
  const wait = PyFloat_AsDouble(v);
  if (wait == -1 && PyErr_Occurred()) return 0;
  if (isNaN(wait)) return PyErr_SetString(PyExc_ValueError, "Invalid value NaN (not a number)");
  if (wait < 0) return PyErr_SetString(PyExc_ValueError, "sleep length must be non-negative");
  let now = seconds(true);
  const end = now + wait;
  while (now >= 0 && now < end) now = seconds(true);
  return now < 0 ? 0 : _Py_NoneStruct;
}
