// Signals that are blocked, and threads that wait for some (the sigset_t half of CPython 3.13's Modules/signalmodule.c).
// A thread's mask is in its state; what all threads block stays pending in the roots.

import { _PY_EVAL_EVENTS_MASK, EINVAL, ENOSYS, ESRCH, WAITING_SIGNAL } from "../../generated/constants";
import { host } from "../../generated/host";
import { ProcessIdentity, PyThreadState, SIZEOF_ProcessIdentity } from "../../generated/layouts";
import { signalRoots, threadsRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  PyExc_OverflowError,
  PyExc_RuntimeWarning,
  PyExc_ValueError,
  PyStructSequence_siginfo,
} from "../../generated/statics";
import { PyMem_RawFree, PyMem_RawMalloc } from "../../memory/pymem";
import { PyStructSequence_New, setStructItem } from "../../objects/containers/structseq";
import { Audit } from "../../objects/errors/audit";
import { PyErr_ExceptionMatches, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyErr_WarnFormat } from "../../objects/errors/warnings";
import { longOverflow, longValue, PyLong_FromLong } from "../../objects/numbers/int/create";
import { PyLong_AsLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { Scratch } from "../../thread/scratch";
import { tstate } from "../../thread/current";
import { FOREVER, sleepUntilWoken, waitsInVain, wakings } from "../../thread/wait";
import { checkSignals, deliverToThread, NSIG, SignalSet, takePending, tripPending } from "../../vm/signals";
import { secondsArgument } from "../time/clocks";
import { isSignal, setOfSignals } from "./module";

const SIG_BLOCK: i32 = 0;
const SIG_UNBLOCK: i32 = 1;
const SIG_SETMASK: i32 = 2;
/** No thread can block these. */
const UNBLOCKABLE: u64 = (1 << 8) | (1 << 18);

const SI_USER: i32 = 0;

/** The signals of an iterable, in the word at `out`: false with an exception. */
export function signalsOf(iterable: usize, out: usize): bool {
  store<u64>(out, 0);
  const it = PyObject_GetIter(iterable);
  if (it == 0) return false;
  let ok = true;
  while (ok) {
    const item = PyIter_Next(it);
    if (item == 0) {
      ok = PyErr_Occurred() == 0;
      break;
    }
    const signal = PyLong_AsLongLong(item);
    Py.DECREF(item);
    if (signal == -1 && PyErr_Occurred() != 0 && !PyErr_ExceptionMatches(PyExc_OverflowError)) ok = false;
    else if (signal <= 0 || signal >= NSIG) {
      PyErr_Format(PyExc_ValueError, "signal number %ld out of range [1; %i]", signal, NSIG - 1);
      ok = false;
    } else if (isSignal(<i32>signal)) store<u64>(out, load<u64>(out) | SignalSet.of(<i32>signal));
    else {
      const message = "invalid signal number %ld, please use valid_signals()";
      ok = PyErr_WarnFormat(PyExc_RuntimeWarning, 1, message, signal) == 0;
    }
  }
  Py.DECREF(it);
  return ok;
}

/**
 * @native _signal.pthread_sigmask($module, how, mask, /)
 *
 * Changes which signals this thread blocks; which they were is returned.
 */
export function signal_pthread_sigmask(_m: usize, how: i32, mask: usize): usize {
  const out = Scratch.take(1);
  const ok = signalsOf(mask, out);
  const set = load<u64>(out) & ~UNBLOCKABLE;
  Scratch.give(out);
  if (!ok) return 0;
  if (how < SIG_BLOCK || how > SIG_SETMASK) return raiseErrno(EINVAL);
  const ts = PyThreadState.at(tstate);
  const old = ts.sigmask;
  ts.sigmask = how == SIG_BLOCK ? old | set : how == SIG_UNBLOCK ? old & ~set : set;
  tripPending();
  if (checkSignals() < 0) return 0;
  return setOfSignals(old);
}

/**
 * @native _signal.sigpending($module, /)
 *
 * The signals that have arrived while they were blocked.
 *
 * A set of their numbers.
 */
export function signal_sigpending(_m: usize): usize {
  return setOfSignals(signalRoots.pending & PyThreadState.at(tstate).sigmask);
}

/** Waits for one of the signals of a set, `seconds` at most, negative without a limit: its number; 0 where time is over, -1 with an exception. */
function waitForSignal(set: u64, seconds: f64): i32 {
  if (waitsInVain()) {
    const signal = takePending(set);
    if (signal != 0 || seconds == 0) return signal;
    // Nobody could send one.
    raiseErrno(ENOSYS);
    return -1;
  }
  const end = seconds < 0 ? 0 : host.monotonic() + seconds;
  const ts = PyThreadState.at(tstate);
  // While it waits, the signals are its own.
  const mask = ts.sigmask;
  ts.sigmask = mask | set;
  let r = 0;
  while (true) {
    const seen = wakings();
    r = takePending(set);
    if (r != 0) break;
    const left = seconds < 0 ? 0 : end - host.monotonic();
    if (seconds >= 0 && left <= 0) break;
    sleepUntilWoken(seen, seconds < 0 ? FOREVER : <i64>(left * 1e9), WAITING_SIGNAL);
    if (checkSignals() < 0) {
      r = -1;
      break;
    }
  }
  ts.sigmask = mask;
  tripPending();
  return r;
}

/** The set of signals of an argument, and a wait: as waitForSignal. */
function waitForArgument(sigset: usize, seconds: f64): i32 {
  const out = Scratch.take(1);
  const ok = signalsOf(sigset, out);
  const set = load<u64>(out);
  Scratch.give(out);
  return ok ? waitForSignal(set, seconds) : -1;
}

/**
 * @native _signal.sigwait($module, sigset, /)
 *
 * Waits for a signal of the set.
 *
 * It blocks the thread until one arrives, takes it away,
 * and returns its number.
 */
export function signal_sigwait(_m: usize, sigset: usize): usize {
  const signal = waitForArgument(sigset, -1);
  return signal < 0 ? 0 : PyLong_FromLong(signal);
}

/** A new struct_siginfo of a signal that this process has sent; null with an exception. */
function signalInfo(signal: i32): usize {
  const identity = PyMem_RawMalloc(SIZEOF_ProcessIdentity);
  if (identity == 0) return 0;
  const r = host.identity(identity);
  const pid = r < 0 ? 0 : ProcessIdentity.at(identity).pid;
  const uid = r < 0 ? 0 : ProcessIdentity.at(identity).uid;
  PyMem_RawFree(identity);
  const o = PyStructSequence_New(PyStructSequence_siginfo);
  if (o == 0) return 0;
  if (
    setStructItem(o, 0, PyLong_FromLong(signal)) &&
    setStructItem(o, 1, PyLong_FromLong(SI_USER)) &&
    setStructItem(o, 2, PyLong_FromLong(0)) &&
    setStructItem(o, 3, PyLong_FromLong(<i32>pid)) &&
    setStructItem(o, 4, PyLong_FromLong(<i32>uid)) &&
    setStructItem(o, 5, PyLong_FromLong(0)) &&
    setStructItem(o, 6, PyLong_FromLong(0))
  ) {
    return o;
  }
  Py.DECREF(o);
  return 0;
}

/**
 * @native _signal.sigwaitinfo($module, sigset, /)
 *
 * Waits for a signal of the set.
 *
 * It tells what is known about it, a struct_siginfo.
 */
export function signal_sigwaitinfo(_m: usize, sigset: usize): usize {
  const signal = waitForArgument(sigset, -1);
  return signal < 0 ? 0 : signalInfo(signal);
}

/**
 * @native _signal.sigtimedwait($module, sigset, timeout, /)
 *
 * As sigwaitinfo(), for so many seconds at most.
 *
 * None where no signal has come by then; fractions are possible.
 */
export function signal_sigtimedwait(_m: usize, sigset: usize, timeout: usize): usize {
  const out = Scratch.take(1);
  const ok = signalsOf(sigset, out);
  const set = load<u64>(out);
  Scratch.give(out);
  if (!ok) return 0;
  const seconds = secondsArgument(timeout);
  if (isNaN(seconds)) return 0;
  if (seconds < 0) return PyErr_SetString(PyExc_ValueError, "timeout must be non-negative");
  const signal = waitForSignal(set, seconds);
  return signal < 0 ? 0 : signal == 0 ? _Py_NoneStruct : signalInfo(signal);
}

/**
 * @native _signal.pause($module, /)
 *
 * Waits until a signal arrives.
 */
export function signal_pause(_m: usize): usize {
  if (waitsInVain()) return raiseErrno(ENOSYS);
  const ts = PyThreadState.at(tstate);
  const seen = wakings();
  if ((ts.eval_breaker & _PY_EVAL_EVENTS_MASK) == 0) sleepUntilWoken(seen, FOREVER, WAITING_SIGNAL);
  return checkSignals() < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _signal.pthread_kill($module, thread_id, signalnum, /)
 *
 * Sends a signal to a thread.
 */
export function signal_pthread_kill(_m: usize, thread_id: usize, signalnum: i32): usize {
  if (!Audit.event("signal.pthread_kill", "Oi", thread_id, signalnum)) return 0;
  const id = longOverflow(thread_id) == 0 ? <u64>longValue(thread_id) : 0;
  let ts = threadsRoots.newest;
  while (ts != 0 && PyThreadState.at(ts).thread_id != id) ts = PyThreadState.at(ts).next;
  if (ts == 0) return raiseErrno(ESRCH);
  if (signalnum < 0 || signalnum >= NSIG) return raiseErrno(EINVAL);
  const r = deliverToThread(ts, signalnum);
  if (r < 0) return raiseErrno(-r);
  return checkSignals() < 0 ? 0 : _Py_NoneStruct;
}
