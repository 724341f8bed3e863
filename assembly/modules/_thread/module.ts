// The module _thread (CPython 3.13's Modules/_threadmodule.c). Locks are in lock.ts. // What a thread runs is in bootstrap.ts,
// handles are in handle.ts, attributes of a thread's own in local.ts.
//
// Difference: where the memory is not shared, starting a thread is RuntimeError, as where the system has none left.

import { Py_TPFLAGS_BASE_EXC_SUBCLASS, Py_TPFLAGS_DICT_SUBCLASS } from "../../generated/constants";
import { PyThreadHandleObject, PyThreadState } from "../../generated/layouts";
import { threadsRoots, vmRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  _Py_TrueStruct,
  empty_tuple,
  ID,
  PyExc_RuntimeError,
  PyExc_SystemExit,
  PyExc_TypeError,
  PyExc_ValueError,
  PyLocal_Type,
  PyLock_Type,
  PyRLock_Type,
  PyStructSequence_ExceptHookArgs,
  PyThreadHandle_Type,
} from "../../generated/statics";
import { readyStructType } from "../../objects/containers/structseq";
import { Tuple } from "../../objects/containers/tuple";
import { ArgParser } from "../../objects/define/args";
import { Audit } from "../../objects/errors/audit";
import { flushFile, PyFile_WriteString, sysObject, writeTextSteal } from "../../objects/errors/fileoutput";
import { PyErr_Format, PyErr_Occurred, PyErr_SetNone, PyErr_SetString } from "../../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyFloat_FromDouble } from "../../objects/numbers/float/float";
import {
  PyLong_AsInt,
  PyLong_AsUnsignedLongLong,
  PyLong_FromLong,
  PyLong_FromSsize_t,
  PyLong_FromUnsignedLongLong,
} from "../../objects/numbers/int/create";
import { PyCallable_Check } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyObject_Str } from "../../objects/protocol/text";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { formatException } from "../../objects/traceback/print";
import { tstate } from "../../thread/current";
import { NSIG, SIGINT, simulateSignal } from "../../vm/signals";
import { startThread } from "./bootstrap";
import { beginHandle, initHandleType, joinAll, newHandle } from "./handle";
import { currentThreadId } from "./ident";
import { initLocalType } from "./local";
import { initLockType, initRLockType, newLock, TIMEOUT_MAX } from "./lock";

/**
 * @native _thread.allocate_lock($module, /)
 *
 * A new lock that nobody holds.
 *
 * @native _thread.allocate($module, /)
 *
 * The old name of allocate_lock().
 */
export function thread_allocate_lock(_m: usize): usize {
  return newLock();
}

/**
 * @native _thread.get_ident($module, /)
 *
 * A number that tells this thread from all others that are alive.
 */
export function thread_get_ident(_m: usize): usize {
  return PyLong_FromUnsignedLongLong(currentThreadId());
}

/**
 * @native _thread._get_main_thread_ident($module, /)
 *
 * The number of the thread in which the program began.
 */
export function thread_get_main_thread_ident(_m: usize): usize {
  return PyLong_FromUnsignedLongLong(PyThreadState.at(vmRoots.main_thread).thread_id);
}

/**
 * @native _thread.get_native_id($module, /)
 *
 * The number that the system has for this thread.
 */
export function thread_get_native_id(_m: usize): usize {
  return PyLong_FromUnsignedLongLong(PyThreadState.at(tstate).native_thread_id);
}

/**
 * @native _thread._count($module, /)
 *
 * How many threads have been started and are alive.
 */
export function thread_count(_m: usize): usize {
  return PyLong_FromLong(<i32>threadsRoots.running);
}

/**
 * @native _thread.daemon_threads_allowed($module, /)
 *
 * Whether threads may be started that the end of the program does not wait for.
 */
export function thread_daemon_threads_allowed(_m: usize): usize {
  return _Py_TrueStruct;
}

/**
 * @native _thread._is_main_interpreter($module, /)
 *
 * Whether this is the interpreter with which the process began.
 */
export function thread_is_main_interpreter(_m: usize): usize {
  return _Py_TrueStruct;
}

/**
 * @native _thread._shutdown($module, /)
 *
 * Waits for the threads that the end of the program waits for.
 */
export function thread_shutdown(_m: usize): usize {
  joinAll();
  return _Py_NoneStruct;
}

/**
 * @native _thread.exit($module, /)
 *
 * Ends the thread, by raising SystemExit.
 *
 * @native _thread.exit_thread($module, /)
 *
 * The old name of exit().
 */
export function thread_exit(_m: usize): usize {
  PyErr_SetNone(PyExc_SystemExit);
  return 0;
}

/**
 * @native _thread.interrupt_main($module, signum=signal.SIGINT, /)
 *
 * Has the main thread do what it does when the signal arrives.
 */
export function thread_interrupt_main(_m: usize, signum: usize): usize {
  const signal = signum == 0 ? SIGINT : PyLong_AsInt(signum);
  if (signal == -1 && PyErr_Occurred() != 0) return 0;
  if (signal < 1 || signal >= NSIG) return PyErr_SetString(PyExc_ValueError, "signal number out of range");
  simulateSignal(signal);
  return _Py_NoneStruct;
}

/**
 * @native _thread.stack_size($module, size=0, /)
 *
 * How large the stacks of new threads are, 0 for the system's choice; with an argument, what it was before.
 */
export function thread_stack_size(_m: usize, size: isize): usize {
  if (size < 0) return PyErr_SetString(PyExc_ValueError, "size must be 0 or a positive value");
  if (size != 0 && size < 32768) return PyErr_Format(PyExc_ValueError, "size not valid: %d bytes", size);
  const was = threadsRoots.stack_size;
  threadsRoots.stack_size = size;
  return PyLong_FromSsize_t(was);
}

/**
 * @native _thread.start_new_thread($module, function, args, kwargs={}, /)
 *
 * Calls a function in a new thread; the thread's number.
 *
 * @native _thread.start_new($module, function, args, kwargs={}, /)
 *
 * The old name of start_new_thread().
 */
export function thread_start_new_thread(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("start_new_thread", nargs, 2, 3)) return 0;
  const args = Py.item(argv, 1);
  const kwargs = nargs > 2 ? Py.item(argv, 2) : 0;
  if (!PyCallable_Check(Py.item(argv, 0))) return PyErr_SetString(PyExc_TypeError, "first arg must be callable");
  if (!Tuple.check(args)) return PyErr_SetString(PyExc_TypeError, "2nd arg must be a tuple");
  if (kwargs != 0 && !Py.check(kwargs, Py_TPFLAGS_DICT_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "optional 3rd arg must be a dictionary");
  }
  if (!Audit.event("_thread.start_new_thread", "OOO", Py.item(argv, 0), args, kwargs)) return 0;
  const handle = newHandle();
  if (handle == 0) return 0;
  const ok = startThread(handle, Py.item(argv, 0), args, kwargs, true) == 0;
  const ident = PyThreadHandleObject.at(handle).ident;
  Py.DECREF(handle);
  return ok ? PyLong_FromUnsignedLongLong(ident) : 0;
}

/**
 * @native _thread.start_joinable_thread($module, /, function, handle=None, daemon=True)
 *
 * Calls a function in a new thread that can be joined; its handle.
 */
export function thread_start_joinable_thread(_m: usize, function_: usize, handle: usize, daemon: bool): usize {
  if (!PyCallable_Check(function_)) return PyErr_SetString(PyExc_TypeError, "thread function must be callable");
  const given = handle != 0 && handle != _Py_NoneStruct;
  if (given && Py.TYPE(handle) != PyThreadHandle_Type) {
    return PyErr_SetString(PyExc_TypeError, "'handle' must be a _ThreadHandle");
  }
  const ok = Audit.event("_thread.start_joinable_thread", "OiO", function_, daemon ? 1 : 0, given ? handle : 0);
  const own = !ok ? 0 : given ? Py.NewRef(handle) : newHandle();
  if (own == 0) return 0;
  if (startThread(own, function_, empty_tuple, 0, daemon) == 0) return own;
  Py.DECREF(own);
  return 0;
}

/**
 * @native _thread._excepthook($module, (exc_type, exc_value, exc_traceback, thread), /)
 *
 * Reports an exception that a thread has not caught.
 */
export function thread_excepthook(_m: usize, argv: usize, nargs: isize): usize {
  if (nargs != 1) {
    PyErr_Format(PyExc_TypeError, "_thread._excepthook() takes exactly one argument (%d given)", nargs);
    return 0;
  }
  const raised = Py.item(argv, 0);
  if (Py.TYPE(raised) != PyStructSequence_ExceptHookArgs) {
    return PyErr_SetString(PyExc_TypeError, "_thread.excepthook argument type must be ExceptHookArgs");
  }
  if (Tuple.get(raised, 0) == PyExc_SystemExit) return _Py_NoneStruct;
  const thread = Tuple.get(raised, 3);
  let file = sysObject(ID.stderr);
  if (file != 0 && file != _Py_NoneStruct) Py.INCREF(file);
  else {
    if (thread == _Py_NoneStruct) return _Py_NoneStruct;
    file = PyObject_GetOptionalAttr(thread, ID._stderr);
    if (file == 0) return PyErr_Occurred() != 0 ? 0 : _Py_NoneStruct;
    if (file == _Py_NoneStruct) return file;
  }
  const exc = Tuple.get(raised, 1);
  const ok =
    PyFile_WriteString("Exception in thread ", file) == 0 &&
    writeTextSteal(file, threadName(thread)) == 0 &&
    PyFile_WriteString(":\n", file) == 0 &&
    (!Py.check(exc, Py_TPFLAGS_BASE_EXC_SUBCLASS) || writeTextSteal(file, formatException(exc)) == 0) &&
    flushFile(file) == 0;
  Py.DECREF(file);
  return ok ? _Py_NoneStruct : 0;
}

/** What a thread is called, its number where it has no name: a new str; null with an exception. */
function threadName(thread: usize): usize {
  const name = thread == _Py_NoneStruct ? 0 : PyObject_GetOptionalAttr(thread, ID.name);
  if (name == 0) return PyErr_Occurred() != 0 ? 0 : PyUnicode_FromFormat("%lu", currentThreadId());
  const text = PyObject_Str(name);
  Py.DECREF(name);
  return text;
}

/**
 * @native _thread._make_thread_handle($module, ident, /)
 *
 * The handle of a thread that was not started here.
 */
export function thread_make_thread_handle(_m: usize, ident: usize): usize {
  const id = PyLong_AsUnsignedLongLong(ident);
  if (id == u64.MAX_VALUE && PyErr_Occurred() != 0) return 0;
  const o = newHandle();
  if (o == 0) return 0;
  beginHandle(o, id);
  return o;
}

/**
 * @type _thread._ExceptHookArgs
 *
 * ExceptHookArgs
 *
 * What threading.excepthook() receives.
 *
 * @native _thread._ExceptHookArgs.__reduce__ = structseq_reduce
 *
 * @native _thread._ExceptHookArgs.__replace__($self, /, **changes) = structseq_replace
 * A copy of the tuple in which the fields named in changes have other values.
 *
 * @field _thread._ExceptHookArgs.exc_type
 * The exception's type
 *
 * @field _thread._ExceptHookArgs.exc_value
 * The exception
 *
 * @field _thread._ExceptHookArgs.exc_traceback
 * Where it was raised
 *
 * @field _thread._ExceptHookArgs.thread
 * The thread
 */
function initExceptHookArgs(): i32 {
  return readyStructType(PyStructSequence_ExceptHookArgs, 4);
}

/**
 * @module _thread
 *
 * Threads and locks, as the module threading needs them.
 */
export function initThread(m: usize): i32 {
  if (
    initLockType() < 0 ||
    initRLockType() < 0 ||
    initLocalType() < 0 ||
    initHandleType() < 0 ||
    initExceptHookArgs() < 0
  ) {
    return -1;
  }
  return PyModule_AddObjectLiteral(m, "TIMEOUT_MAX", PyFloat_FromDouble(TIMEOUT_MAX)) == 0 &&
    PyModule_AddObjectLiteral(m, "error", PyExc_RuntimeError) == 0 &&
    PyModule_AddObjectLiteral(m, "lock", PyLock_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "LockType", PyLock_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "RLock", PyRLock_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "_local", PyLocal_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "_ThreadHandle", PyThreadHandle_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "_ExceptHookArgs", PyStructSequence_ExceptHookArgs) == 0
    ? 0
    : -1;
}
