// Descriptors of timers and of processes (a part of CPython 3.13's Modules/posixmodule.c).

import { O_CLOEXEC, O_NONBLOCK } from "../../generated/constants";
import { host } from "../../generated/host";
import { PyExc_OverflowError } from "../../generated/statics";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { PyLong_FromLongLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { Scratch } from "../../thread/scratch";
import { fileDescriptorOf } from "./path";

/** Flags of timerset that have it tell only. */
const TELL: i32 = -1;
const NONE: i64 = 0;

/**
 * @native posix.timerfd_create($module, clockid, /, *, flags=0)
 *
 * Make a timer that has a descriptor, which is returned.
 *
 *   clockid
 *     The clock that it goes by.
 *
 *     time.CLOCK_REALTIME
 *     time.CLOCK_MONOTONIC
 *     time.CLOCK_BOOTTIME
 *   flags
 *     0, or some of these.
 *
 *     os.TFD_NONBLOCK
 *         Reading does not wait until its time has come.
 *
 *     os.TFD_CLOEXEC
 *         Programs that are started do not get the descriptor, which
 *         is so in any case.
 */
export function posix_timerfd_create(_m: usize, clockid: i32, flags: i32): usize {
  const r = host.timerfd(clockid, (flags & O_NONBLOCK) | O_CLOEXEC);
  return r < 0 ? raiseErrno(-r) : PyLong_FromSsize_t(r);
}

/** Seconds as nanoseconds, rounded down, into a slot: false with an exception. */
function nanoseconds(seconds: f64, slot: usize): bool {
  const ns = Math.floor(seconds * 1e9);
  if (ns >= -9223372036854775808.0 && ns < 9223372036854775808.0) {
    store<i64>(slot, <i64>ns);
    return true;
  }
  PyErr_SetString(PyExc_OverflowError, "timestamp out of range for platform time_t");
  return false;
}

/** Sets a timer, or only asks it: the pair of how long it had and its interval, as floats or ints; null with an exception. */
function timed(fd: usize, flags: i32, initial: i64, interval: i64, seconds: bool): usize {
  const number = fileDescriptorOf(fd);
  if (number < 0) return 0;
  const out = Scratch.take(2);
  const r = host.timerset(number, flags, initial, interval, out, 16);
  const left = load<i64>(out);
  const every = load<i64>(out, 8);
  Scratch.give(out);
  if (r < 0) return raiseErrno(-r);
  const a = seconds ? PyFloat_FromDouble(<f64>left / 1e9) : PyLong_FromLongLong(left);
  const b = a == 0 ? 0 : seconds ? PyFloat_FromDouble(<f64>every / 1e9) : PyLong_FromLongLong(every);
  const pair = b == 0 ? 0 : PyTuple_Pack2(a, b);
  Py.XDECREF(a);
  Py.XDECREF(b);
  return pair;
}

/**
 * @native posix.timerfd_settime($module, fd, /, *, flags=0, initial=0.0, interval=0.0)
 *
 * Start a timer, or stop it; times are in seconds.
 *
 *   fd
 *     Its descriptor.
 *   flags
 *     0, or TFD_TIMER_ABSTIME or TFD_TIMER_CANCEL_ON_SET.
 *   initial
 *     How long it takes at first; 0 stops it.
 *   interval
 *     How long it takes from then on; 0 for once.
 */
export function posix_timerfd_settime(_m: usize, fd: usize, flags: i32, initial: f64, interval: f64): usize {
  const out = Scratch.take(2);
  const ok = nanoseconds(initial, out) && nanoseconds(interval, out + 8);
  const first = load<i64>(out);
  const every = load<i64>(out, 8);
  Scratch.give(out);
  return ok ? timed(fd, flags & i32.MAX_VALUE, first, every, true) : 0;
}

/**
 * @native posix.timerfd_settime_ns($module, fd, /, *, flags=0, initial=0, interval=0)
 *
 * Start a timer, or stop it; times are in nanoseconds.
 *
 *   fd
 *     Its descriptor.
 *   flags
 *     0, or TFD_TIMER_ABSTIME or TFD_TIMER_CANCEL_ON_SET.
 *   initial
 *     How long it takes at first; 0 stops it.
 *   interval
 *     How long it takes from then on; 0 for once.
 */
export function posix_timerfd_settime_ns(_m: usize, fd: usize, flags: i32, initial: i64, interval: i64): usize {
  return timed(fd, flags & i32.MAX_VALUE, initial, interval, false);
}

/**
 * @native posix.timerfd_gettime($module, fd, /)
 *
 * How long a timer has to its end, and its interval, in seconds, a pair of floats.
 *
 *   fd
 *     Its descriptor.
 */
export function posix_timerfd_gettime(_m: usize, fd: usize): usize {
  return timed(fd, TELL, NONE, NONE, true);
}

/**
 * @native posix.timerfd_gettime_ns($module, fd, /)
 *
 * How long a timer has to its end, and its interval, in nanoseconds, a pair of ints.
 *
 *   fd
 *     Its descriptor.
 */
export function posix_timerfd_gettime_ns(_m: usize, fd: usize): usize {
  return timed(fd, TELL, NONE, NONE, false);
}

/**
 * @native posix.pidfd_open($module, /, pid, flags=0)
 *
 * Open a process: its descriptor.
 *
 * Whoever has that can wait for its end, and send it signals, without mistaking
 * another process for it.
 */
export function posix_pidfd_open(_m: usize, pid: i32, flags: i32): usize {
  const r = host.pidfd(pid, flags & O_NONBLOCK);
  return r < 0 ? raiseErrno(-r) : PyLong_FromSsize_t(r);
}
