// The clocks of time, and waiting (CPython 3.13's Modules/timemodule.c).
//
// Difference: where the host does not tell what the process has used, process_time is the forward clock.

import { EINVAL, EPERM, ESRCH, WAITING_SLEEP } from "../../generated/constants";
import { host } from "../../generated/host";
import { PyThreadState, ResourceUsage, SIZEOF_ResourceUsage } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFloat_Type,
} from "../../generated/statics";
import { PyDict_New, PyDict_SetItemLiteral } from "../../objects/containers/dict/dict";
import { _PyNamespace_New } from "../../objects/containers/namespace";
import { Tuple } from "../../objects/containers/tuple";
import { ArgParser, intArgument, utf8Argument } from "../../objects/define/args";
import { Audit } from "../../objects/errors/audit";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { boolObject } from "../../objects/numbers/bool";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../../objects/numbers/float/float";
import {
  longOverflow,
  longValue,
  PyLong_AsLongLong,
  PyLong_AsUnsignedLongLong,
  PyLong_FromLong,
  PyLong_FromLongLong,
} from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyNumber_Index } from "../../objects/protocol/number";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { tstate } from "../../thread/current";
import { Scratch } from "../../thread/scratch";
import { cannotSleep, sleepUntilWoken, wakings } from "../../thread/wait";
import { sleepAlone } from "../../vm/breaker";
import { checkSignals } from "../../vm/signals";
import { currentThreadId } from "../_thread/ident";

/** Seconds by a clock; negative with OSError where the host gives none. */
export function clockSeconds(clock: i32): f64 {
  if (clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID || clock < 0) {
    const usage = Scratch.take(SIZEOF_ResourceUsage >> 3);
    const r = host.rusage(usage);
    const used = ResourceUsage.at(usage).user + ResourceUsage.at(usage).system;
    Scratch.give(usage);
    if (r >= 0) return used;
    clock = CLOCK_MONOTONIC;
  }
  const t = clock == CLOCK_REALTIME || clock == CLOCK_TAI ? host.time() : host.monotonic();
  if (t < 0) raiseErrno(-(<isize>t));
  return clock == CLOCK_TAI && t >= 0 ? t + LEAP_SECONDS : t;
}

/** Linux's numbers of clocks. */
export const CLOCK_REALTIME: i32 = 0;
export const CLOCK_MONOTONIC: i32 = 1;
export const CLOCK_PROCESS_CPUTIME_ID: i32 = 2;
export const CLOCK_THREAD_CPUTIME_ID: i32 = 3;
export const CLOCK_MONOTONIC_RAW: i32 = 4;
export const CLOCK_BOOTTIME: i32 = 7;
export const CLOCK_TAI: i32 = 11;
/** How far atomic time is ahead of the time of day, since 2017. */
const LEAP_SECONDS: f64 = 37;
/** What the host's clocks tell apart, in seconds. */
const RESOLUTION: f64 = 1e-9;

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
  return asFloat(clockSeconds(CLOCK_REALTIME));
}

/**
 * @native time.time_ns
 *
 * time_ns(): an int
 *
 * As time(), but in whole nanoseconds, a billion to the second.
 */
export function time_time_ns(_m: usize, _u: usize): usize {
  return asNanoseconds(clockSeconds(CLOCK_REALTIME));
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
 */
export function time_forward(_m: usize, _u: usize): usize {
  return asFloat(clockSeconds(CLOCK_MONOTONIC));
}

/**
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
export function time_process_time(_m: usize, _u: usize): usize {
  return asFloat(clockSeconds(CLOCK_PROCESS_CPUTIME_ID));
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
 */
export function time_forward_ns(_m: usize, _u: usize): usize {
  return asNanoseconds(clockSeconds(CLOCK_MONOTONIC));
}

/**
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
export function time_process_time_ns(_m: usize, _u: usize): usize {
  return asNanoseconds(clockSeconds(CLOCK_PROCESS_CPUTIME_ID));
}

/** Seconds, an int or a float, as a float: NaN with an exception. */
export function secondsArgument(v: usize): f64 {
  if (Py.TYPE(v) == PyFloat_Type || PyType_IsSubtype(Py.TYPE(v), PyFloat_Type)) {
    const t = PyFloat_AsDouble(v);
    if (isNaN(t)) PyErr_SetString(PyExc_ValueError, "Invalid value NaN (not a number)");
    else if (!(abs<f64>(t) < 9223372036.854775807)) {
      PyErr_SetString(PyExc_OverflowError, "timestamp out of range for platform time_t");
      return NaN;
    }
    return t;
  }
  const index = PyNumber_Index(v);
  if (index == 0) return NaN;
  const overflow = longOverflow(index);
  const t = overflow == 0 ? longValue(index) : 0;
  Py.DECREF(index);
  if (overflow == 0 && t <= 9223372036 && t >= -9223372036) return <f64>t;
  PyErr_SetString(PyExc_OverflowError, "timestamp too large to convert to C PyTime_t");
  return NaN;
}

/**
 * @native time.sleep
 *
 * sleep(seconds)
 *
 * Wait, and let other threads run. A fraction is possible. It can take a little longer, but it is never less.
 */
export function time_sleep(_m: usize, v: usize): usize {
  if (!Audit.event("time.sleep", "O", v)) return 0;
  const wait = secondsArgument(v);
  if (isNaN(wait)) return 0;
  if (wait < 0) return PyErr_SetString(PyExc_ValueError, "sleep length must be non-negative");
  if (cannotSleep()) return sleepAlone(wait) < 0 ? 0 : _Py_NoneStruct;
  // A signal ends the sleep where its handler raises; otherwise it goes on for what is left.
  const end = host.monotonic() + wait;
  if (end < 0) return raiseErrno(-(<isize>end));
  for (let left = wait; left > 0 || left == wait; left = end - host.monotonic()) {
    const seen = wakings();
    if (checkSignals() < 0) return 0;
    sleepUntilWoken(seen, <i64>(left * 1e9), WAITING_SLEEP);
  }
  return checkSignals() < 0 ? 0 : _Py_NoneStruct;
}

/** Whether there is a clock of the number. */
function isClock(clock: i32): bool {
  if (clock < 0) return clock == threadClock();
  return clock <= CLOCK_MONOTONIC_RAW || clock == CLOCK_BOOTTIME || clock == CLOCK_TAI;
}

/** Linux's number of the running thread's clock: below 0, of its own number and the kind of clock. */
function threadClock(): i32 {
  return (~(<i32>PyThreadState.at(tstate).id) << 3) | 6;
}

function takesOne(name: string, nargs: isize): usize {
  const format = "%L() takes exactly 1 argument (%d given)";
  return PyErr_Format(PyExc_TypeError, format, changetype<usize>(name), nargs);
}

/**
 * @native time.pthread_getcpuclockid
 *
 * pthread_getcpuclockid(thread_id): an int
 *
 * The number of the clock of the running thread's CPU time.
 */
export function time_pthread_getcpuclockid(_m: usize, argv: usize, nargs: isize): usize {
  if (nargs != 1) return takesOne("pthread_getcpuclockid", nargs);
  const id = PyLong_AsUnsignedLongLong(Py.item(argv, 0));
  if (id == <u64>-1 && PyErr_Occurred()) return 0;
  return id == currentThreadId() ? PyLong_FromLong(threadClock()) : raiseErrno(ESRCH);
}

/** Sets a clock: programs here may not. */
function setClock(clock: i32): usize {
  return raiseErrno(clock == CLOCK_REALTIME ? EPERM : EINVAL);
}

/** Whether there are two arguments; otherwise TypeError, in the one name that CPython has for both functions. */
function isPair(args: usize): bool {
  if (Py.SIZE(args) == 2) return true;
  PyErr_Format(PyExc_TypeError, "clock_settime() takes exactly 2 arguments (%d given)", Py.SIZE(args));
  return false;
}

/**
 * @native time.clock_settime
 *
 * clock_settime(clk_id, time)
 *
 * Set a clock to a number of seconds.
 */
export function time_clock_settime(_m: usize, args: usize): usize {
  if (!isPair(args)) return 0;
  const id = intArgument(Tuple.get(args, 0));
  if (id == -1 && PyErr_Occurred()) return 0;
  return isNaN(secondsArgument(Tuple.get(args, 1))) ? 0 : setClock(id);
}

/**
 * @native time.clock_settime_ns
 *
 * clock_settime_ns(clk_id, time)
 *
 * Set a clock to a number of nanoseconds.
 */
export function time_clock_settime_ns(_m: usize, args: usize): usize {
  if (!isPair(args)) return 0;
  const id = intArgument(Tuple.get(args, 0));
  if (id == -1 && PyErr_Occurred()) return 0;
  const t = PyLong_AsLongLong(Tuple.get(args, 1));
  return t == -1 && PyErr_Occurred() ? 0 : setClock(id);
}

/**
 * @native time.clock_gettime($module, clk_id, /)
 *
 * The time of a clock, a float of seconds.
 */
export function time_clock_gettime(_m: usize, clk_id: i32): usize {
  return isClock(clk_id) ? asFloat(clockSeconds(clk_id)) : raiseErrno(EINVAL);
}

/**
 * @native time.clock_gettime_ns($module, clk_id, /)
 *
 * The time of a clock, in nanoseconds, an int.
 */
export function time_clock_gettime_ns(_m: usize, clk_id: i32): usize {
  return isClock(clk_id) ? asNanoseconds(clockSeconds(clk_id)) : raiseErrno(EINVAL);
}

/**
 * @native time.clock_getres
 *
 * clock_getres(clk_id): a float
 *
 * How fine a clock is: the least difference, in seconds.
 */
export function time_clock_getres(_m: usize, argv: usize, nargs: isize): usize {
  if (nargs != 1) return takesOne("clock_getres", nargs);
  const id = intArgument(Py.item(argv, 0));
  if (id == -1 && PyErr_Occurred()) return 0;
  return isClock(id) ? PyFloat_FromDouble(RESOLUTION) : raiseErrno(EINVAL);
}

/** Adds an item to a dict; `v`, which may be null, is stolen: false with an exception. */
function put(d: usize, name: string, v: usize): bool {
  if (v == 0) return false;
  const r = PyDict_SetItemLiteral(d, name, v);
  Py.DECREF(v);
  return r == 0;
}

/**
 * @native time.get_clock_info
 *
 * get_clock_info(name: str): a namespace
 *
 * What kind of clock this is, by its name.
 */
export function time_get_clock_info(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("get_clock_info", nargs, 1, 1)) return 0;
  const which = Py.item(argv, 0);
  if (!utf8Argument(which, "get_clock_info", "argument 1")) return 0;
  let implementation = "";
  let adjustable = false;
  if (PyUnicode_EqualToLiteral(which, "time")) {
    implementation = "clock_gettime(CLOCK_REALTIME)";
    adjustable = true;
  } else if (PyUnicode_EqualToLiteral(which, "monotonic") || PyUnicode_EqualToLiteral(which, "perf_counter")) {
    implementation = "clock_gettime(CLOCK_MONOTONIC)";
  } else if (PyUnicode_EqualToLiteral(which, "process_time")) {
    implementation = "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)";
  } else if (PyUnicode_EqualToLiteral(which, "thread_time")) {
    implementation = "clock_gettime(CLOCK_THREAD_CPUTIME_ID)";
  } else return PyErr_SetString(PyExc_ValueError, "unknown clock");
  const d = PyDict_New();
  if (d == 0) return 0;
  const ok =
    put(d, "implementation", PyUnicode_FromLiteral(implementation)) &&
    put(d, "monotonic", boolObject(!adjustable)) &&
    put(d, "adjustable", boolObject(adjustable)) &&
    put(d, "resolution", PyFloat_FromDouble(RESOLUTION));
  const r = ok ? _PyNamespace_New(d) : 0;
  Py.DECREF(d);
  return r;
}
