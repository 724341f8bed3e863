// Waiting for programs that were started, and what the status of one that has ended means: arithmetic with Linux's bits
// (CPython 3.13's Modules/posixmodule.c).

import { WAITING_SYSTEM } from "../../generated/constants";
import { host } from "../../generated/host";
import { PyExc_OverflowError, PyExc_ValueError } from "../../generated/statics";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { boolObject } from "../../objects/numbers/bool";
import {
  PyLong_AsUnsignedLongLong,
  PyLong_FromLong,
  PyLong_FromLongLong,
  PyLong_FromUnsignedLongLong,
} from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { raiseErrno } from "../../objects/errors/system";
import { FOREVER, sleepUntilWoken, wakings } from "../../thread/wait";
import { checkSignals } from "../../vm/signals";

/** The signal that ended the process; 0 where none did, 127 where it is stopped. */
function signalOf(status: i32): i32 {
  return status & 0x7f;
}

function isStopped(status: i32): bool {
  return (status & 0xff) == 0x7f;
}

function isSignalled(status: i32): bool {
  const signal = signalOf(status);
  return signal != 0 && signal != 0x7f;
}

function exitStatus(status: i32): i32 {
  return (status >> 8) & 0xff;
}

/**
 * @native posix.WCOREDUMP($module, status, /)
 *
 * Whether the process left a dump of its memory.
 */
export function posix_WCOREDUMP(_m: usize, status: i32): usize {
  return boolObject((status & 0x80) != 0);
}

/**
 * @native posix.WIFCONTINUED($module, /, status)
 *
 * Whether the process went on after it had been stopped.
 *
 * If so, True
 * is returned.
 */
export function posix_WIFCONTINUED(_m: usize, status: i32): usize {
  return boolObject(status == 0xffff);
}

/**
 * @native posix.WIFSTOPPED($module, /, status)
 *
 * Whether the process was stopped.
 */
export function posix_WIFSTOPPED(_m: usize, status: i32): usize {
  return boolObject(isStopped(status));
}

/**
 * @native posix.WIFSIGNALED($module, /, status)
 *
 * Whether a signal ended the process.
 */
export function posix_WIFSIGNALED(_m: usize, status: i32): usize {
  return boolObject(isSignalled(status));
}

/**
 * @native posix.WIFEXITED($module, /, status)
 *
 * Whether the process ended by itself, with exit().
 */
export function posix_WIFEXITED(_m: usize, status: i32): usize {
  return boolObject(signalOf(status) == 0);
}

/**
 * @native posix.WEXITSTATUS($module, /, status)
 *
 * What the process returned when it ended.
 */
export function posix_WEXITSTATUS(_m: usize, status: i32): usize {
  return PyLong_FromLong(exitStatus(status));
}

/**
 * @native posix.WTERMSIG($module, /, status)
 *
 * Which signal ended the process, if one did.
 */
export function posix_WTERMSIG(_m: usize, status: i32): usize {
  return PyLong_FromLong(signalOf(status));
}

/**
 * @native posix.WSTOPSIG($module, /, status)
 *
 * Which signal stopped the process, if one did.
 */
export function posix_WSTOPSIG(_m: usize, status: i32): usize {
  return PyLong_FromLong(exitStatus(status));
}

/**
 * @native posix.waitstatus_to_exitcode($module, /, status)
 *
 * What a status means, as one number.
 *
 * If the process ended by itself, that is what it returned. If a signal ended it,
 * it is the signal's number, negative. A
 * ValueError is raised for one that is stopped.
 *
 * On Unix the status is that of wait(), which is made of
 * more than one thing.
 *
 * On Windows it is shifted only.
 */
export function posix_waitstatus_to_exitcode(_m: usize, status: i32): usize {
  if (signalOf(status) == 0) return PyLong_FromLong(exitStatus(status));
  if (isSignalled(status)) return PyLong_FromLong(-signalOf(status));
  if (isStopped(status)) {
    return PyErr_Format(PyExc_ValueError, "process stopped by delivery of signal %i", exitStatus(status));
  }
  return PyErr_Format(PyExc_ValueError, "invalid wait status: %i", status);
}

/**
 * @native posix.major($module, device, /)
 *
 * The kind of a device, out of its number.
 */
export function posix_major(_m: usize, device: usize): usize {
  const d = PyLong_AsUnsignedLongLong(device);
  if (d == u64.MAX_VALUE && PyErr_Occurred()) return 0;
  return PyLong_FromLongLong(((d >> 8) & 0xfff) | ((d >> 32) & 0xfffff000));
}

/**
 * @native posix.minor($module, device, /)
 *
 * Which of its kind a device is, out of its number.
 */
export function posix_minor(_m: usize, device: usize): usize {
  const d = PyLong_AsUnsignedLongLong(device);
  if (d == u64.MAX_VALUE && PyErr_Occurred()) return 0;
  return PyLong_FromLongLong((d & 0xff) | ((d >> 12) & 0xffffff00));
}

/** A C unsigned int: u64.MAX_VALUE with an exception. */
function devicePart(o: usize): u64 {
  const v = PyLong_AsUnsignedLongLong(o);
  if (v <= u32.MAX_VALUE) return v;
  if (!PyErr_Occurred()) PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C unsigned int");
  return u64.MAX_VALUE;
}

/**
 * @native posix.makedev($module, major, minor, /)
 *
 * The number of a device, out of its two parts.
 */
export function posix_makedev(_m: usize, major: usize, minor: usize): usize {
  const a = devicePart(major);
  if (a == u64.MAX_VALUE) return 0;
  const b = devicePart(minor);
  if (b == u64.MAX_VALUE) return 0;
  return PyLong_FromUnsignedLongLong(
    ((a & 0xfff) << 8) | ((a & 0xfffff000) << 32) | (b & 0xff) | ((b & 0xffffff00) << 12),
  );
}

const WNOHANG: i32 = 1;

/** A tuple of the process and the status of a program that has ended: new; null with an exception. */
function waitFor(pid: i32, options: i32): usize {
  let r: i64;
  while (true) {
    const seen = wakings();
    if (checkSignals() < 0) return 0;
    r = host.waitpid(pid, options & WNOHANG ? 0 : 1);
    if (r != 0 || options & WNOHANG) break;
    sleepUntilWoken(seen, FOREVER, WAITING_SYSTEM);
  }
  if (r < 0) return raiseErrno(-(<isize>r));
  const number = PyLong_FromLongLong(r >> 32);
  const status = number == 0 ? 0 : PyLong_FromLongLong(r & 0xffffffff);
  const pair = status == 0 ? 0 : PyTuple_Pack2(number, status);
  Py.XDECREF(number);
  Py.XDECREF(status);
  return pair;
}

/**
 * @native posix.waitpid($module, pid, options, /)
 *
 * Wait until a program that was started has ended.
 *
 * A tuple is returned of its process and
 *     its status: (pid, status)
 *
 * The options are for the system; not all systems have this.
 */
export function posix_waitpid(_m: usize, pid: i32, options: i32): usize {
  return waitFor(pid, options);
}

/**
 * @native posix.wait($module, /)
 *
 * Wait until any program that was started has ended.
 *
 * A tuple is returned of its process and its status:
 *     (pid, status)
 */
export function posix_wait(_m: usize): usize {
  return waitFor(-1, 0);
}
