// The module faulthandler (CPython 3.13's Modules/faulthandler.c): where the program is, written by itself, without any
// object of Python's.
//
// A fault of the runtime, such as an exhausted native stack, is what the signals of a fault are elsewhere: the host tells of
// it. Not there: what makes faults, as there are no signals that a process could send itself; a thread that waits, which
// dump_traceback_later() needs, cannot be started; register() is OSError (ENOSYS).

import { ENOSYS, Py_TPFLAGS_LONG_SUBCLASS } from "../generated/constants";
import { host } from "../generated/host";
import { faulthandlerRoots } from "../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyBool_Type,
  PyExc_OverflowError,
  PyExc_RuntimeError,
  PyExc_RuntimeWarning,
  PyExc_ValueError,
} from "../generated/statics";
import { text, textFlush, textTo } from "../memory/text";
import { flushFile, sysObject } from "../objects/errors/fileoutput";
import { PyErr_Clear, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { raiseErrno } from "../objects/errors/system";
import { PyErr_WarnEx } from "../objects/errors/warnings";
import { boolObject } from "../objects/numbers/bool";
import { PyLong_AsInt, PyLong_AsLongLong } from "../objects/numbers/int/create";
import { PyObject_CallMethodNoArgs } from "../objects/object/call";
import { Py } from "../objects/object/head";
import { PyNumber_Index } from "../objects/protocol/number";
import { _Py_DumpTraceback, _Py_DumpTracebackThreads } from "../objects/traceback/dump";
import { secondsArgument } from "./time/clocks";

/** One more than the greatest signal. */
const NSIG: i32 = 65;

/** The signals of faults: SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV. */
function isFatal(signum: i32): bool {
  return signum == 4 || (signum >= 6 && signum <= 8) || signum == 11;
}

/** The file that an argument means: itself, sys.stderr for None and null; borrowed, null with RuntimeError. */
function fileArgument(file: usize): usize {
  if (file != 0 && file != _Py_NoneStruct) return file;
  const stderr = sysObject(ID.stderr);
  if (stderr == 0) return PyErr_SetString(PyExc_RuntimeError, "unable to get sys.stderr");
  if (stderr == _Py_NoneStruct) return PyErr_SetString(PyExc_RuntimeError, "sys.stderr is None");
  return stderr;
}

/** The descriptor of a file, which is flushed, or of an int: -1 with an exception. */
function descriptorOf(file: usize): i32 {
  if (Py.check(file, Py_TPFLAGS_LONG_SUBCLASS)) {
    if (
      Py.TYPE(file) == PyBool_Type &&
      PyErr_WarnEx(PyExc_RuntimeWarning, "bool is used as a file descriptor", 1) < 0
    ) {
      return -1;
    }
    const fd = PyLong_AsInt(file);
    if (fd < 0 && !PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "file is not a valid file descriptor");
    return fd < 0 ? -1 : fd;
  }
  const r = PyObject_CallMethodNoArgs(file, ID.fileno);
  if (r == 0) return -1;
  let fd: i64 = -1;
  if (Py.check(r, Py_TPFLAGS_LONG_SUBCLASS)) {
    fd = PyLong_AsLongLong(r);
    PyErr_Clear();
  }
  Py.DECREF(r);
  if (fd < 0 || fd >= i32.MAX_VALUE) {
    PyErr_SetString(PyExc_RuntimeError, "file.fileno() is not a valid file descriptor");
    return -1;
  }
  if (flushFile(file) < 0) PyErr_Clear();
  return <i32>fd;
}

/** As a sink of texts: writes to the descriptor in the roots. */
function writeReport(p: usize, n: usize): void {
  for (let done: usize = 0; done < n; ) {
    const wrote = host.write(faulthandlerRoots.dump_fd, p + done, n - done);
    if (wrote <= 0) return;
    done += <usize>wrote;
  }
}

/** Sends the texts that follow to a descriptor. */
function reportTo(fd: i32): void {
  faulthandlerRoots.dump_fd = fd;
  textTo(writeReport.index);
}

/**
 * @native faulthandler.dump_traceback($module, /, file=sys.stderr, all_threads=True)
 *
 * Writes to a file where the program is: this thread, or, if all_threads is true, every one.
 */
export function faulthandler_dump_traceback(_m: usize, file: usize, all_threads: bool): usize {
  const target = Py.XNewRef(fileArgument(file));
  if (target == 0) return 0;
  const fd = descriptorOf(target);
  Py.DECREF(target);
  if (fd < 0) return 0;
  reportTo(fd);
  if (all_threads) _Py_DumpTracebackThreads();
  else _Py_DumpTraceback();
  textFlush();
  return _Py_NoneStruct;
}

/**
 * @native faulthandler.enable($module, /, file=sys.stderr, all_threads=True)
 *
 * Lets a fault be reported.
 */
export function faulthandler_enable(_m: usize, file: usize, all_threads: bool): usize {
  const target = Py.XNewRef(fileArgument(file));
  if (target == 0) return 0;
  const fd = descriptorOf(target);
  if (fd < 0) {
    Py.DECREF(target);
    return 0;
  }
  const was = faulthandlerRoots.file;
  faulthandlerRoots.file = target;
  faulthandlerRoots.fd = fd;
  faulthandlerRoots.all_threads = all_threads ? 1 : 0;
  faulthandlerRoots.enabled = 1;
  Py.XDECREF(was);
  return _Py_NoneStruct;
}

/**
 * @native faulthandler.disable($module, /)
 *
 * No longer reports faults.
 */
export function faulthandler_disable(_m: usize, _u: usize): usize {
  const was = faulthandlerRoots.enabled != 0;
  const file = faulthandlerRoots.file;
  faulthandlerRoots.file = 0;
  faulthandlerRoots.enabled = 0;
  Py.XDECREF(file);
  return boolObject(was);
}

/**
 * @native faulthandler.is_enabled($module, /)
 *
 * Whether faults are reported.
 */
export function faulthandler_is_enabled(_m: usize, _u: usize): usize {
  return boolObject(faulthandlerRoots.enabled != 0);
}

/** Writes where the program was when a fault ended it, if that is wanted. */
export function reportFault(): void {
  if (faulthandlerRoots.enabled == 0) return;
  faulthandlerRoots.enabled = 0;
  reportTo(faulthandlerRoots.fd);
  text("Fatal Python error: Segmentation fault\n\n");
  if (faulthandlerRoots.all_threads) _Py_DumpTracebackThreads();
  else _Py_DumpTraceback();
  textFlush();
}

/**
 * @native faulthandler.dump_traceback_later($module, /, timeout, repeat=False, file=sys.stderr, exit=False)
 *
 * Writes to a file where all threads are when so many seconds have gone,
 * again and again if repeat is true; if exit is true, the process ends then.
 */
export function faulthandler_dump_traceback_later(
  _m: usize,
  timeout: usize,
  _repeat: bool,
  file: usize,
  _exit: bool,
): usize {
  const seconds = secondsArgument(timeout);
  if (isNaN(seconds)) return 0;
  if (seconds <= 0) return PyErr_SetString(PyExc_ValueError, "timeout must be greater than 0");
  const target = Py.XNewRef(fileArgument(file));
  if (target == 0) return 0;
  const fd = descriptorOf(target);
  Py.DECREF(target);
  return fd < 0 ? 0 : PyErr_SetString(PyExc_RuntimeError, "unable to start watchdog thread");
}

/**
 * @native faulthandler.cancel_dump_traceback_later($module, /)
 *
 * Ends what dump_traceback_later() has begun.
 */
export function faulthandler_cancel_dump_traceback_later(_m: usize, _u: usize): usize {
  return _Py_NoneStruct;
}

/** The number of a signal that can be asked for: 0 with an exception. */
function signalArgument(o: usize): i32 {
  const index = PyNumber_Index(o);
  if (index == 0) return 0;
  const v = PyLong_AsLongLong(index);
  Py.DECREF(index);
  if (v == -1 && PyErr_Occurred()) return 0;
  if (v > i32.MAX_VALUE) return <i32>PyErr_SetString(PyExc_OverflowError, "signed integer is greater than maximum");
  if (v < i32.MIN_VALUE) return <i32>PyErr_SetString(PyExc_OverflowError, "signed integer is less than minimum");
  const signum = <i32>v;
  if (isFatal(signum)) {
    PyErr_Format(PyExc_RuntimeError, "signal %d cannot be registered, use enable() instead", signum);
    return 0;
  }
  if (signum >= 1 && signum < NSIG) return signum;
  return <i32>PyErr_SetString(PyExc_ValueError, "signal number out of range");
}

/**
 * @native faulthandler.register($module, /, signum, file=sys.stderr, all_threads=True, chain=False)
 *
 * Lets a signal write to a file where the program is: the thread that gets it, or all of them; chain:
 * what it did before is done too.
 */
export function faulthandler_register(_m: usize, signum: usize, file: usize, _all_threads: bool, _chain: bool): usize {
  if (signalArgument(signum) == 0) return 0;
  const target = Py.XNewRef(fileArgument(file));
  if (target == 0) return 0;
  const fd = descriptorOf(target);
  Py.DECREF(target);
  return fd < 0 ? 0 : raiseErrno(ENOSYS);
}

/**
 * @native faulthandler.unregister($module, signum, /)
 *
 * A signal does what it did before register() again.
 */
export function faulthandler_unregister(_m: usize, signum: usize): usize {
  return signalArgument(signum) == 0 ? 0 : boolObject(false);
}

/**
 * @module faulthandler
 *
 * Tells of faults.
 */
