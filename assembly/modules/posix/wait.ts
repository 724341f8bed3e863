// Waiting for programs that were started, and what the status of one that has ended means: arithmetic with Linux's bits
// (CPython 3.13's Modules/posixmodule.c).

import { EINVAL, Py_TPFLAGS_LONG_SUBCLASS, WAITING_SYSTEM } from "../../generated/constants";
import { host } from "../../generated/host";
import {
  _Py_NoneStruct,
  PyExc_OverflowError,
  PyExc_ValueError,
  PyStructSequence_waitid_result,
} from "../../generated/statics";
import { PyStructSequence_New, readyStructType, setStructItem } from "../../objects/containers/structseq";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { boolObject } from "../../objects/numbers/bool";
import {
  longOverflow,
  longValue,
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

/** What a program that has ended returned, or the signal that ended it, negated. */
export function exitCode(status: i32): i32 {
  return signalOf(status) == 0 ? exitStatus(status) : -signalOf(status);
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

/** Whether a number is the one that no device has: -1. */
function isNoDevice(o: usize): bool {
  return Py.check(o, Py_TPFLAGS_LONG_SUBCLASS) && longOverflow(o) == 0 && longValue(o) == -1;
}

/**
 * @native posix.major($module, device, /)
 *
 * The kind of a device, out of its number.
 */
export function posix_major(_m: usize, device: usize): usize {
  if (isNoDevice(device)) return PyLong_FromLong(-1);
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
  if (isNoDevice(device)) return PyLong_FromLong(-1);
  const d = PyLong_AsUnsignedLongLong(device);
  if (d == u64.MAX_VALUE && PyErr_Occurred()) return 0;
  return PyLong_FromLongLong((d & 0xff) | ((d >> 12) & 0xffffff00));
}

/** A C unsigned int: u64.MAX_VALUE with an exception. */
function devicePart(o: usize): u64 {
  if (isNoDevice(o)) return u32.MAX_VALUE;
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
  if (a == u32.MAX_VALUE && b == u32.MAX_VALUE) return PyLong_FromLong(-1);
  return PyLong_FromUnsignedLongLong(
    ((a & 0xfff) << 8) | ((a & 0xfffff000) << 32) | (b & 0xff) | ((b & 0xffffff00) << 12),
  );
}

const WNOHANG: i32 = 1;

/** A program that has ended: its process times 2 to the 32nd, and its status; negative with an exception. */
function endOf(pid: i32, options: i32): i64 {
  while (true) {
    const seen = wakings();
    if (checkSignals() < 0) return -1;
    const r = host.waitpid(pid, options & WNOHANG ? 0 : 1);
    if (r < 0) raiseErrno(-(<isize>r));
    if (r != 0 || options & WNOHANG) return r;
    sleepUntilWoken(seen, FOREVER, WAITING_SYSTEM);
  }
}

/** Waits for the end of a program: its status, negative with an exception. */
export function waitForStatus(pid: i32): i64 {
  const r = endOf(pid, 0);
  return r < 0 ? r : r & 0xffffffff;
}

/** A tuple of the process and the status of a program that has ended: new; null with an exception. */
function waitFor(pid: i32, options: i32): usize {
  const r = endOf(pid, options);
  if (r < 0) return 0;
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

const P_ALL: i32 = 0;
const P_PID: i32 = 1;
const WEXITED: i32 = 4;
const SIGCHLD: i32 = 17;
const CLD_EXITED: i32 = 1;
const CLD_KILLED: i32 = 2;

/**
 * @native posix.waitid($module, idtype, id, options, /)
 *
 * Waits until a program that was started has ended, and tells how.
 *
 *   idtype
 *     P_PID, for one, or P_ALL.
 *   id
 *     Its process.
 *   options
 *     WEXITED, and with it WNOHANG, to wait for nothing: None is returned then where none has ended.
 */
export function posix_waitid(_m: usize, idtype: i32, id: i32, options: i32): usize {
  const known = idtype == P_ALL || idtype == P_PID;
  if (!known || (options & WEXITED) == 0 || (options & ~(WEXITED | WNOHANG)) != 0) return raiseErrno(EINVAL);
  const r = endOf(idtype == P_ALL ? -1 : id, options);
  if (r < 0) return 0;
  if (r == 0) return _Py_NoneStruct;
  const status = <i32>(r & 0xffffffff);
  const o = PyStructSequence_New(PyStructSequence_waitid_result);
  if (o == 0) return 0;
  const killed = signalOf(status) != 0;
  if (
    setStructItem(o, 0, PyLong_FromLongLong(r >> 32)) &&
    setStructItem(o, 1, PyLong_FromLong(0)) &&
    setStructItem(o, 2, PyLong_FromLong(SIGCHLD)) &&
    setStructItem(o, 3, PyLong_FromLong(killed ? signalOf(status) : exitStatus(status))) &&
    setStructItem(o, 4, PyLong_FromLong(killed ? CLD_KILLED : CLD_EXITED))
  ) {
    return o;
  }
  Py.DECREF(o);
  return 0;
}

/**
 * @type posix.waitid_result
 *
 * How a program has ended, a tuple with names.
 *
 * @native posix.waitid_result.__reduce__ = structseq_reduce
 *
 * @native posix.waitid_result.__replace__($self, /, **changes) = structseq_replace
 * A copy in which the fields named in changes have other values.
 *
 * @field posix.waitid_result.si_pid
 *
 * @field posix.waitid_result.si_uid
 *
 * @field posix.waitid_result.si_signo
 *
 * @field posix.waitid_result.si_status
 *
 * @field posix.waitid_result.si_code
 */

/** Completes the type: 0, or -1 with an exception. */
export function initWaitTypes(): i32 {
  return readyStructType(PyStructSequence_waitid_result, 5);
}
