// Timers that send signals (CPython 3.13's Modules/signalmodule.c). What is left of a timer is in the roots, where the kernel
// that keeps it writes when it begins anew.

import { EINVAL } from "../../generated/constants";
import { host } from "../../generated/host";
import { signalRoots } from "../../generated/runtime";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { PyErr_GetRaisedException, PyErr_SetObject } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyBaseExceptionObject } from "../../generated/layouts";
import { PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { secondsArgument } from "../time/clocks";

const ITIMER_REAL: i32 = 0;
const ITIMER_COUNT: i32 = 3;

class Timer {
  @inline static end(which: i32): f64 {
    return load<f64>(signalRoots.timer_end + ((<usize>which) << 3));
  }

  @inline static interval(which: i32): f64 {
    return load<f64>(signalRoots.timer_interval + ((<usize>which) << 3));
  }
}

/** Raises signal.itimer_error of an error number. */
function raiseItimerError(errno: isize): usize {
  raiseErrno(errno);
  const exc = PyErr_GetRaisedException();
  PyErr_SetObject(signalRoots.itimer_error, PyBaseExceptionObject.at(exc).args);
  Py.DECREF(exc);
  return 0;
}

/** Seconds until the timer ends, 0 where it is not set. */
function left(which: i32): f64 {
  const end = Timer.end(which);
  if (end == 0) return 0;
  const remaining = end - host.timerclock(which);
  return remaining > 0 ? remaining : 1e-6;
}

/** A tuple of what is left of a timer and its interval: new; null with MemoryError. */
function timerTuple(remaining: f64, interval: f64): usize {
  const first = PyFloat_FromDouble(remaining);
  const second = PyFloat_FromDouble(interval);
  const r = first == 0 || second == 0 ? 0 : PyTuple_Pack2(first, second);
  Py.XDECREF(first);
  Py.XDECREF(second);
  return r;
}

/**
 * @native _signal.setitimer($module, which, seconds, interval=0.0, /)
 *
 * Sets a timer (ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF) to end after some seconds, and
 * then again after each interval.
 *
 * Its signal is sent whenever it ends. Zero seconds
 * stop it.
 *
 * What it was before is returned: a tuple of what was left and the interval.
 */
export function signal_setitimer(_m: usize, which: i32, seconds: usize, interval: usize): usize {
  const first = secondsArgument(seconds);
  if (isNaN(first)) return 0;
  const again = interval == 0 ? 0 : secondsArgument(interval);
  if (isNaN(again)) return 0;
  if (which < 0 || which >= ITIMER_COUNT || first < 0 || again < 0) return raiseItimerError(EINVAL);
  const remaining = left(which);
  const every = Timer.interval(which);
  const r = host.setitimer(which, first, again);
  return r < 0 ? raiseItimerError(-r) : timerTuple(remaining, every);
}

/**
 * @native _signal.getitimer($module, which, /)
 *
 * What is left of a timer, and its interval.
 */
export function signal_getitimer(_m: usize, which: i32): usize {
  if (which < 0 || which >= ITIMER_COUNT) return raiseItimerError(EINVAL);
  return timerTuple(left(which), Timer.interval(which));
}

/**
 * @native _signal.alarm($module, seconds, /)
 *
 * Has SIGALRM sent after some seconds.
 */
export function signal_alarm(_m: usize, seconds: i32): usize {
  const remaining = left(ITIMER_REAL);
  const r = host.setitimer(ITIMER_REAL, <f64>(<u32>seconds), 0);
  if (r < 0) return raiseErrno(-r);
  // As the system rounds; never 0 where a timer was set.
  return PyLong_FromLongLong(remaining == 0 ? 0 : <i64>max<f64>(1, Math.round(remaining)));
}
