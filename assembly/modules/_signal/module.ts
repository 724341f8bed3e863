// The module _signal (CPython 3.13's Modules/signalmodule.c): handlers, and what sends signals. Masks and waiting are in
// waiting.ts, timers in timers.ts, the machinery in assembly/vm/signals.ts.
//
// Differences: signals that the process sends to itself do not go through the system. What the host cannot do to a signal
// (SIG_IGN inherited by other programs) is left out: a signal that is ignored is caught and dropped.

import { EBADF, EINVAL, O_NONBLOCK } from "../../generated/constants";
import { host } from "../../generated/host";
import { SIZEOF_FileStatus } from "../../generated/layouts";
import { signalRoots, vmRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  PyExc_KeyboardInterrupt,
  PyExc_OSError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyLong_Type,
  PyStructSequence_siginfo,
} from "../../generated/statics";
import { PyMem_RawFree, PyMem_RawMalloc } from "../../memory/pymem";
import { PyDict_RequireItemLiteral } from "../../objects/containers/dict/dict";
import { List, PyList_New } from "../../objects/containers/list/list";
import { PySet_Add, PySet_New } from "../../objects/containers/set/set";
import { readyStructType } from "../../objects/containers/structseq";
import { PyErr_NewException } from "../../objects/errors/newclass";
import { PyErr_Format, PyErr_SetNone, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyModule_AddObjectLiteral, PyModule_GetDict } from "../../objects/module/module";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { PyCallable_Check } from "../../objects/object/call";
import { Py_EQ } from "../../objects/object/flags";
import { Py } from "../../objects/object/head";
import { PyObject_RichCompareBool } from "../../objects/protocol/compare";
import { PyUnicode_FromStringAndSize } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { tstate } from "../../thread/current";
import { checkSignals, deliverSignal, NSIG, SIGINT } from "../../vm/signals";
import { addNumbers } from "../numbers";
import { posix_kill } from "../posix/process";

const NUMBERS = `
  NSIG 65 SIG_DFL 0 SIG_IGN 1 SIG_BLOCK 0 SIG_UNBLOCK 1 SIG_SETMASK 2 SIGHUP 1 SIGINT 2 SIGQUIT 3 SIGILL 4 SIGTRAP 5
  SIGABRT 6 SIGIOT 6 SIGBUS 7 SIGFPE 8 SIGKILL 9 SIGUSR1 10 SIGSEGV 11 SIGUSR2 12 SIGPIPE 13 SIGALRM 14 SIGTERM 15
  SIGSTKFLT 16 SIGCLD 17 SIGCHLD 17 SIGCONT 18 SIGSTOP 19 SIGTSTP 20 SIGTTIN 21 SIGTTOU 22 SIGURG 23 SIGXCPU 24
  SIGXFSZ 25 SIGVTALRM 26 SIGPROF 27 SIGWINCH 28 SIGIO 29 SIGPOLL 29 SIGPWR 30 SIGSYS 31 SIGRTMIN 34 SIGRTMAX 64
  ITIMER_REAL 0 ITIMER_VIRTUAL 1 ITIMER_PROF 2`;

/** What each of the signals 1 to 31 is, a line each. */
const DESCRIPTIONS = `Hangup
Interrupt
Quit
Illegal instruction
Trace/breakpoint trap
Aborted
Bus error
Floating point exception
Killed
User defined signal 1
Segmentation fault
User defined signal 2
Broken pipe
Alarm clock
Terminated
Stack fault
Child exited
Continued
Stopped (signal)
Stopped
Stopped (tty input)
Stopped (tty output)
Urgent I/O condition
CPU time limit exceeded
File size limit exceeded
Virtual timer expired
Profiling timer expired
Window changed
I/O possible
Power failure
Bad system call
`;

const SIGKILL: i32 = 9;
const SIGPIPE: i32 = 13;
const SIGSTOP: i32 = 19;
const SIGXFSZ: i32 = 25;
/** The C library keeps two signals for itself. */
const SIGRTMIN: i32 = 34;

// What sigaction() is told.
const DEFAULT: i32 = 0;
const IGNORED: i32 = 1;
const CAUGHT: i32 = 2;

/** Whether there is a signal of the number that programs may use. */
export function isSignal(signal: i32): bool {
  return signal > 0 && signal < NSIG && (signal < 32 || signal >= SIGRTMIN);
}

function outOfRange(): usize {
  return PyErr_SetString(PyExc_ValueError, "signal number out of range");
}

/** Whether `handler` is the number that stands for a disposition: -1 with an exception. */
function isNumber(handler: usize, number: i32): i32 {
  if (Py.TYPE(handler) != PyLong_Type) return 0;
  const n = PyLong_FromLong(number);
  if (n == 0) return -1;
  const r = PyObject_RichCompareBool(handler, n, Py_EQ);
  Py.DECREF(n);
  return r;
}

/** What sigaction() is told for a handler; -1 with an exception. */
function dispositionFor(handler: usize): i32 {
  if (PyCallable_Check(handler)) return CAUGHT;
  const ignored = isNumber(handler, IGNORED);
  if (ignored != 0) return ignored < 0 ? -1 : IGNORED;
  const standard = isNumber(handler, DEFAULT);
  if (standard != 0) return standard < 0 ? -1 : DEFAULT;
  PyErr_SetString(PyExc_TypeError, "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
  return -1;
}

/**
 * @native _signal.signal($module, signalnum, handler, /)
 *
 * Sets what is done upon a signal, and returns what was done before.
 *
 * That is SIG_DFL, the system's default, SIG_IGN, nothing, or a function of two
 * arguments: the number of the signal, and the frame that it
 * interrupted.
 *
 * Signals arrive between instructions. Only the main thread may
 * call this, and only it runs handlers.
 */
export function signal_signal(_m: usize, signalnum: i32, handler: usize): usize {
  if (tstate != vmRoots.main_thread) {
    return PyErr_SetString(PyExc_ValueError, "signal only works in main thread of the main interpreter");
  }
  if (signalnum < 1 || signalnum >= NSIG) return outOfRange();
  const disposition = dispositionFor(handler);
  if (disposition < 0 || checkSignals() < 0) return 0;
  if (signalnum == SIGKILL || signalnum == SIGSTOP || !isSignal(signalnum)) return raiseErrno(EINVAL);
  const r = host.sigaction(signalnum, disposition);
  if (r < 0) return raiseErrno(-r);
  const handlers = signalRoots.handlers;
  const old = List.get(handlers, signalnum);
  List.set(handlers, signalnum, Py.NewRef(handler));
  return old;
}

/**
 * @native _signal.getsignal($module, signalnum, /)
 *
 * What is done upon a signal: SIG_IGN, SIG_DFL, or the function that is called;
 * None where nobody here has set it.
 */
export function signal_getsignal(_m: usize, signalnum: i32): usize {
  if (signalnum < 1 || signalnum >= NSIG) return outOfRange();
  return Py.NewRef(List.get(signalRoots.handlers, signalnum));
}

/**
 * @native _signal.default_int_handler($module, signalnum, frame, /)
 *
 * What is done upon SIGINT at first: it raises KeyboardInterrupt.
 */
export function signal_default_int_handler(_m: usize, _signalnum: i32, _frame: usize): usize {
  PyErr_SetNone(PyExc_KeyboardInterrupt);
  return 0;
}

/**
 * @native _signal.raise_signal($module, signalnum, /)
 *
 * Sends a signal to the process that runs this.
 */
export function signal_raise_signal(_m: usize, signalnum: i32): usize {
  if (signalnum < 0 || signalnum >= NSIG) return raiseErrno(EINVAL);
  const r = deliverSignal(signalnum);
  if (r < 0) return raiseErrno(-r);
  return checkSignals() < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _signal.strsignal($module, signalnum, /)
 *
 * What a signal means, in the system's words; None for a number that means nothing.
 */
export function signal_strsignal(_m: usize, signalnum: i32): usize {
  if (signalnum < 1 || signalnum >= NSIG) return outOfRange();
  if (signalnum >= SIGRTMIN) return PyUnicode_FromFormat("Real-time signal %d", signalnum - SIGRTMIN);
  if (signalnum > 31) return _Py_NoneStruct;
  let from = 0;
  for (let line = 1; line < signalnum; line++) from = DESCRIPTIONS.indexOf("\n", from) + 1;
  const n = DESCRIPTIONS.indexOf("\n", from) - from;
  const bytes = PyMem_RawMalloc(<usize>n);
  if (bytes == 0) return 0;
  for (let i = 0; i < n; i++) store<u8>(bytes + <usize>i, <u8>DESCRIPTIONS.charCodeAt(from + i));
  const text = PyUnicode_FromStringAndSize(bytes, n);
  PyMem_RawFree(bytes);
  return text;
}

/** A new set of the signals in `set`, ints; null with an exception. */
export function setOfSignals(set: u64): usize {
  const o = PySet_New(0);
  for (let signal = 1; o != 0 && signal < NSIG; signal++) {
    if (((set >> <u64>(signal - 1)) & 1) == 0) continue;
    const n = PyLong_FromLong(signal);
    const r = n == 0 ? -1 : PySet_Add(o, n);
    Py.XDECREF(n);
    if (r < 0) {
      Py.DECREF(o);
      return 0;
    }
  }
  return o;
}

/**
 * @native _signal.valid_signals($module, /)
 *
 * The numbers of all signals that there are, a set.
 *
 * Functions that take a set of signals may warn about others.
 */
export function signal_valid_signals(_m: usize): usize {
  return setOfSignals(~((<u64>3) << 31));
}

/**
 * @native _signal.siginterrupt($module, signalnum, flag, /)
 *
 * Sets whether a signal ends a system call that it interrupts (flag True),
 * or lets it go on.
 *
 * Python calls again what was ended so, either way.
 */
export function signal_siginterrupt(_m: usize, signalnum: i32, _flag: i32): usize {
  if (signalnum < 1 || signalnum >= NSIG) return outOfRange();
  if (signalnum == SIGKILL || signalnum == SIGSTOP || !isSignal(signalnum)) return raiseErrno(EINVAL);
  return _Py_NoneStruct;
}

/**
 * @native _signal.set_wakeup_fd($module, fd, /, *, warn_on_full_buffer=True)
 *
 * Sets the descriptor to which a byte is written, the signal's number, when a signal
 * arrives; -1 for none. What it was is returned.
 *
 * A library can wait for it together with others. It must not block.
 */
export function signal_set_wakeup_fd(_m: usize, fd: i32, warn_on_full_buffer: bool): usize {
  if (tstate != vmRoots.main_thread) {
    return PyErr_SetString(PyExc_ValueError, "set_wakeup_fd only works in main thread of the main interpreter");
  }
  if (fd != -1) {
    const status = PyMem_RawMalloc(SIZEOF_FileStatus);
    if (status == 0) return 0;
    const r = host.fstat(fd, status);
    PyMem_RawFree(status);
    if (r < 0) return raiseErrno(-r);
    const flags = host.getfl(fd);
    if (flags < 0) return raiseErrno(-flags);
    if ((flags & O_NONBLOCK) == 0) {
      return PyErr_Format(PyExc_ValueError, "the fd %i must be in non-blocking mode", fd);
    }
  }
  const old = signalRoots.wakeup_fd;
  signalRoots.wakeup_fd = fd;
  signalRoots.warn_on_full_buffer = warn_on_full_buffer ? 1 : 0;
  return PyLong_FromLong(old);
}

/**
 * @native _signal.pidfd_send_signal($module, pidfd, signalnum, siginfo=None, flags=0, /)
 *
 * Sends a signal to the process that a descriptor stands for.
 */
export function signal_pidfd_send_signal(_m: usize, pidfd: i32, signalnum: i32, siginfo: usize, _flags: i32): usize {
  if (siginfo != 0 && siginfo != _Py_NoneStruct) return PyErr_SetString(PyExc_TypeError, "siginfo must be None");
  const pid = host.pidfdpid(pidfd);
  if (pid < 0) {
    // It stands for no process.
    const flags = host.getfl(pidfd);
    return raiseErrno(flags < 0 ? -flags : EBADF);
  }
  return posix_kill(_m, <i32>pid, signalnum);
}

/** What is done upon each signal at first: 0, or -1 with an exception. */
function makeHandlers(m: usize): i32 {
  const handlers = PyList_New(NSIG);
  if (handlers == 0) return -1;
  const interrupt = PyDict_RequireItemLiteral(PyModule_GetDict(m), "default_int_handler");
  if (interrupt == 0) {
    Py.DECREF(handlers);
    return -1;
  }
  for (let signal = 0; signal < NSIG; signal++) {
    // What Python sets at its start: the rest is the system's default.
    let handler: usize = _Py_NoneStruct;
    if (signal == SIGINT) handler = Py.NewRef(interrupt);
    else if (isSignal(signal)) handler = PyLong_FromLong(signal == SIGPIPE || signal == SIGXFSZ ? IGNORED : DEFAULT);
    List.set(handlers, signal, handler);
  }
  signalRoots.handlers = handlers;
  signalRoots.wakeup_fd = -1;
  return 0;
}

/**
 * @type signal.struct_siginfo
 *
 * struct_siginfo: what sigwaitinfo() and sigtimedwait() tell about a signal.
 *
 * It is a tuple
 * (si_signo, si_code, si_errno, si_pid, si_uid, si_status, si_band), whose
 * items can be had by those names too.
 *
 * @field signal.struct_siginfo.si_signo
 * the signal
 *
 * @field signal.struct_siginfo.si_code
 * what caused it
 *
 * @field signal.struct_siginfo.si_errno
 * an errno that goes with it
 *
 * @field signal.struct_siginfo.si_pid
 * process that sent it
 *
 * @field signal.struct_siginfo.si_uid
 * user of that process
 *
 * @field signal.struct_siginfo.si_status
 * an exit status, or a signal
 *
 * @field signal.struct_siginfo.si_band
 * band of a SIGPOLL
 *
 * @module _signal
 *
 * What is done upon signals.
 *
 * alarm() -- have SIGALRM sent after some seconds
 * setitimer(), getitimer() -- the same with fractions, again and again
 * signal() -- set what is done upon a signal
 * getsignal() -- what that is
 * pause() -- wait for a signal
 * default_int_handler() -- what is done upon SIGINT at first
 *
 * SIG_DFL stands for the system's default, SIG_IGN for nothing; NSIG is one more than the highest signal. SIGINT, SIGTERM
 * and so on are the numbers of the signals; ITIMER_REAL, ITIMER_VIRTUAL and ITIMER_PROF those of the timers.
 *
 * A handler is called with the number of the signal and the frame that was interrupted.
 */
export function initSignal(m: usize): i32 {
  if (readyStructType(PyStructSequence_siginfo, 7) < 0) return -1;
  if (addNumbers(PyModule_GetDict(m), NUMBERS) < 0) return -1;
  if (signalRoots.handlers == 0 && makeHandlers(m) < 0) return -1;
  if (signalRoots.itimer_error == 0) {
    signalRoots.itimer_error = PyErr_NewException("signal", "itimer_error", PyExc_OSError);
    if (signalRoots.itimer_error == 0) return -1;
  }
  return PyModule_AddObjectLiteral(m, "ItimerError", Py.NewRef(signalRoots.itimer_error)) == 0 &&
    PyModule_AddObjectLiteral(m, "struct_siginfo", PyStructSequence_siginfo) == 0
    ? 0
    : -1;
}
