// The module faulthandler (CPython 3.13's Modules/faulthandler.c): where the program is, written by itself, without any
// object of Python's.
//
// A fault of the runtime, such as an exhausted native stack, is what the signals of a fault are elsewhere: the host tells of
// it. Signals of faults that the process sends itself are reported before they end it.
//
// Differences: what dump_traceback_later() and register() write is written by the main thread, when it comes to the next
// instruction or waits, and not by a thread of its own or in the signal's handler.

import {
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../generated/constants";
import { host } from "../generated/host";
import { faulthandlerRoots, vmRoots } from "../generated/runtime";
import {
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyBool_Type,
  PyExc_OverflowError,
  PyExc_RuntimeError,
  PyExc_RuntimeWarning,
  PyExc_ValueError,
  PyFrozenSet_Type,
  PyModule_Type,
} from "../generated/statics";
import { text, textByte, textFlush, textNumber, textTo } from "../memory/text";
import {
  PyDict_DelItem,
  PyDict_GetItemWithError,
  PyDict_KeyAt,
  PyDict_New,
  PyDict_Next,
  PyDict_SetItem,
  PyDict_ValueAt,
} from "../objects/containers/dict/dict";
import { _PySet_KeyAt, _PySet_NextEntry } from "../objects/containers/set/set";
import { PyTuple_New, Tuple } from "../objects/containers/tuple";
import { flushFile, sysObject } from "../objects/errors/fileoutput";
import { PyErr_Clear, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { raiseErrno } from "../objects/errors/system";
import { PyErr_WarnEx } from "../objects/errors/warnings";
import { builtinModuleInit } from "../objects/module/inittab";
import { boolObject } from "../objects/numbers/bool";
import { PyLong_AsInt, PyLong_AsLongLong, PyLong_FromLong, PyLong_FromLongLong } from "../objects/numbers/int/create";
import { PyObject_CallMethodNoArgs } from "../objects/object/call";
import { Py } from "../objects/object/head";
import { PyNumber_Index } from "../objects/protocol/number";
import { _PyUnicode_Equal, PyUnicode_EqualToLiteral } from "../objects/text/compare";
import { dumpASCII } from "../objects/text/dump";
import { _Py_DumpTraceback, _Py_DumpTracebackThreads } from "../objects/traceback/dump";
import { tstate } from "../thread/current";
import { checkSignals, deliverSignal, NSIG, restoreDisposition } from "../vm/signals";
import { secondsArgument } from "./time/clocks";

const SIGILL: i32 = 4;
const SIGABRT: i32 = 6;
const SIGBUS: i32 = 7;
const SIGFPE: i32 = 8;
const SIGSEGV: i32 = 11;

/** What sigaction() is told: that the process is to be told. */
const CAUGHT: i32 = 2;

/** The timer of dump_traceback_later(), beside those of signals. */
const LATER_TIMER: i32 = 3;

/** The signals of faults. */
function isFatal(signum: i32): bool {
  return signum == SIGILL || (signum >= SIGABRT && signum <= SIGFPE) || signum == SIGSEGV;
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
  if (all_threads) _Py_DumpTracebackThreads(tstate);
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
  faulthandlerRoots.report = reportSignal.index;
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
  reportSignal(SIGSEGV);
}

/** The same for the signal of a fault; nothing for others. */
function reportSignal(signum: i32): void {
  if (faulthandlerRoots.enabled == 0 || !isFatal(signum)) return;
  faulthandlerRoots.enabled = 0;
  reportTo(faulthandlerRoots.fd);
  text("Fatal Python error: ");
  text(faultName(signum));
  text("\n\n");
  if (faulthandlerRoots.all_threads) _Py_DumpTracebackThreads(tstate);
  else _Py_DumpTraceback();
  reportExtensionModules();
  textFlush();
}

/** Writes which native modules have been imported that are none of the library: no object is made for it. */
function reportExtensionModules(): void {
  const modules = sysObject(ID.modules);
  if (modules == 0 || !Py.check(modules, Py_TPFLAGS_DICT_SUBCLASS)) return;
  const ours = stdlibModuleNames();
  let count = 0;
  for (let pos = PyDict_Next(modules, 0); pos != 0; pos = PyDict_Next(modules, pos)) {
    const name = PyDict_KeyAt(modules, pos);
    if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS) || Py.TYPE(PyDict_ValueAt(modules, pos)) != PyModule_Type)
      continue;
    if (builtinModuleInit(name) == 0 || (ours != 0 && holdsName(ours, name))) continue;
    text(count++ == 0 ? "\nExtension modules: " : ", ");
    dumpASCII(name);
  }
  if (count == 0) return;
  text(" (total: ");
  textNumber(count, 0);
  text(")\n");
}

/** sys.stdlib_module_names, borrowed; null where that is no frozenset. */
function stdlibModuleNames(): usize {
  const dict = vmRoots.sysdict;
  for (let pos = dict == 0 ? 0 : PyDict_Next(dict, 0); pos != 0; pos = PyDict_Next(dict, pos)) {
    const name = PyDict_KeyAt(dict, pos);
    if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) continue;
    if (!PyUnicode_EqualToLiteral(name, "stdlib_module_names")) continue;
    const names = PyDict_ValueAt(dict, pos);
    return Py.TYPE(names) == PyFrozenSet_Type ? names : 0;
  }
  return 0;
}

function holdsName(names: usize, name: usize): bool {
  for (let pos = _PySet_NextEntry(names, 0); pos != 0; pos = _PySet_NextEntry(names, pos)) {
    const one = _PySet_KeyAt(names, pos);
    if (Py.check(one, Py_TPFLAGS_UNICODE_SUBCLASS) && _PyUnicode_Equal(one, name)) return true;
  }
  return false;
}

function faultName(signum: i32): string {
  if (signum == SIGILL) return "Illegal instruction";
  if (signum == SIGABRT) return "Aborted";
  if (signum == SIGBUS) return "Bus error";
  return signum == SIGFPE ? "Floating-point exception" : "Segmentation fault";
}

/** Has a fault's signal arrive. */
function fault(signum: i32): usize {
  const r = deliverSignal(signum);
  if (r < 0) return raiseErrno(-r);
  return checkSignals() < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native faulthandler._sigsegv($module, release_gil=False, /)
 *
 * Sends the signal SIGSEGV.
 */
export function faulthandler_sigsegv(_m: usize, _release_gil: bool): usize {
  return fault(SIGSEGV);
}

/**
 * @native faulthandler._read_null($module, /)
 *
 * Sends the signal that reading from address 0 has: SIGSEGV.
 */
export function faulthandler_read_null(_m: usize, _u: usize): usize {
  return fault(SIGSEGV);
}

/**
 * @native faulthandler._sigabrt($module, /)
 *
 * Sends SIGABRT.
 */
export function faulthandler_sigabrt(_m: usize, _u: usize): usize {
  return fault(SIGABRT);
}

/**
 * @native faulthandler._sigfpe($module, /)
 *
 * Sends SIGFPE.
 */
export function faulthandler_sigfpe(_m: usize, _u: usize): usize {
  return fault(SIGFPE);
}

/** Goes deeper until there is no native stack left: the host ends it. */
function goDeeper(depth: i64): i64 {
  faulthandlerRoots.depth = depth;
  return goDeeper(depth + 1) + faulthandlerRoots.depth;
}

/**
 * @native faulthandler._stack_overflow($module, /)
 *
 * Recurses until the native stack is used up.
 */
export function faulthandler_stack_overflow(_m: usize, _u: usize): usize {
  return PyLong_FromLongLong(goDeeper(0));
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
  repeat: bool,
  file: usize,
  exit: bool,
): usize {
  const seconds = secondsArgument(timeout);
  if (isNaN(seconds)) return 0;
  if (seconds <= 0) return PyErr_SetString(PyExc_ValueError, "timeout must be greater than 0");
  const target = Py.XNewRef(fileArgument(file));
  if (target == 0) return 0;
  const fd = descriptorOf(target);
  const r = fd < 0 ? 0 : host.setitimer(LATER_TIMER, seconds, repeat ? seconds : 0);
  if (fd < 0 || r < 0) {
    Py.DECREF(target);
    return fd < 0 ? 0 : PyErr_SetString(PyExc_RuntimeError, "unable to start watchdog thread");
  }
  faulthandlerRoots.later = writeLater.index;
  faulthandlerRoots.later_fd = fd;
  faulthandlerRoots.later_exit = exit ? 1 : 0;
  faulthandlerRoots.later_ms = <i64>(seconds * 1e6);
  const was = faulthandlerRoots.later_file;
  faulthandlerRoots.later_file = target;
  Py.XDECREF(was);
  return _Py_NoneStruct;
}

/** The time is over. */
function writeLater(): void {
  reportTo(faulthandlerRoots.later_fd);
  const us = <u64>faulthandlerRoots.later_ms;
  const seconds = us / 1000000;
  text("Timeout (");
  textNumber(<i64>(seconds / 3600), 0);
  textByte(0x3a);
  textTwo(<u32>((seconds / 60) % 60));
  textByte(0x3a);
  textTwo(<u32>(seconds % 60));
  if (us % 1000000 != 0) {
    textByte(0x2e);
    for (let place: u64 = 100000; place != 0; place /= 10) textByte(0x30 + <u32>((us / place) % 10));
  }
  text(")!\n");
  _Py_DumpTracebackThreads(0);
  textFlush();
  if (faulthandlerRoots.later_exit != 0) host.exit(1);
}

function textTwo(n: u32): void {
  textByte(0x30 + n / 10);
  textByte(0x30 + (n % 10));
}

/**
 * @native faulthandler.cancel_dump_traceback_later($module, /)
 *
 * Ends what dump_traceback_later() has begun.
 */
export function faulthandler_cancel_dump_traceback_later(_m: usize, _u: usize): usize {
  if (faulthandlerRoots.later == 0) return _Py_NoneStruct;
  faulthandlerRoots.later = 0;
  host.setitimer(LATER_TIMER, 0, 0);
  const was = faulthandlerRoots.later_file;
  faulthandlerRoots.later_file = 0;
  Py.XDECREF(was);
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
export function faulthandler_register(_m: usize, signum: usize, file: usize, all_threads: bool, chain: bool): usize {
  const signal = signalArgument(signum);
  if (signal == 0) return 0;
  const target = Py.XNewRef(fileArgument(file));
  if (target == 0) return 0;
  const fd = descriptorOf(target);
  const number = fd < 0 ? 0 : PyLong_FromLong(fd);
  const user = number == 0 ? 0 : PyTuple_New(4);
  if (user == 0) {
    Py.XDECREF(number);
    Py.DECREF(target);
    return 0;
  }
  Tuple.set(user, 0, target);
  Tuple.set(user, 1, number);
  Tuple.set(user, 2, boolObject(all_threads));
  Tuple.set(user, 3, boolObject(chain));
  if (faulthandlerRoots.users == 0) faulthandlerRoots.users = PyDict_New();
  const key = faulthandlerRoots.users == 0 ? 0 : PyLong_FromLong(signal);
  const isNew = key != 0 && PyDict_GetItemWithError(faulthandlerRoots.users, key) == 0;
  const ok = key != 0 && PyDict_SetItem(faulthandlerRoots.users, key, user) == 0;
  Py.XDECREF(key);
  Py.DECREF(user);
  if (!ok) return 0;
  faulthandlerRoots.tell = tellSignal.index;
  const r = isNew ? host.sigaction(signal, CAUGHT) : 0;
  return r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
}

/** What register() has been given for a signal: borrowed, null without any. */
function userOf(signum: i32): usize {
  const key = faulthandlerRoots.users == 0 ? 0 : PyLong_FromLong(signum);
  const user = key == 0 ? 0 : PyDict_GetItemWithError(faulthandlerRoots.users, key);
  Py.XDECREF(key);
  return user;
}

/** Writes where the program is, if that has been asked for upon the signal: 1 where nothing else is to be done. */
function tellSignal(signum: i32): i32 {
  const user = userOf(signum);
  if (user == 0) return 0;
  const silent = Tuple.get(user, 3) != _Py_TrueStruct;
  reportTo(PyLong_AsInt(Tuple.get(user, 1)));
  if (Tuple.get(user, 2) == _Py_TrueStruct) _Py_DumpTracebackThreads(tstate);
  else _Py_DumpTraceback();
  textFlush();
  return silent ? 1 : 0;
}

/**
 * @native faulthandler.unregister($module, signum, /)
 *
 * A signal does what it did before register() again.
 */
export function faulthandler_unregister(_m: usize, signum: usize): usize {
  const signal = signalArgument(signum);
  if (signal == 0) return 0;
  if (userOf(signal) == 0) return PyErr_Occurred() != 0 ? 0 : boolObject(false);
  const key = PyLong_FromLong(signal);
  const r = key == 0 ? -1 : PyDict_DelItem(faulthandlerRoots.users, key);
  Py.XDECREF(key);
  if (r < 0) return 0;
  restoreDisposition(signal);
  return boolObject(true);
}

/**
 * @module faulthandler
 *
 * Tells of faults.
 */
