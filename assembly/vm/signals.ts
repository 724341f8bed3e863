// Signals within the process (the trip and the handlers of CPython 3.13's Modules/signalmodule.c). The kernel counts in the
// roots what the system delivers, sets a bit in the main thread's eval breaker and wakes it. The main thread then trips
// what no thread blocks: it writes to the wakeup descriptor and notes that a handler is due; handlers run between
// instructions.
//
// Difference: CPython does the first half in the system's handler, on whatever thread that runs; here nobody sees the
// difference, but for a main thread that does not come to the next instruction: its wakeup descriptor waits, too.

import {
  _PY_HOST_REQUEST_BIT,
  _PY_SIGNALS_PENDING_BIT,
  EAGAIN,
  HOST_REQUEST_INTERRUPT,
  HOST_REQUEST_NONE,
  HOST_REQUEST_STOP,
  WAITING_SIGNAL,
} from "../generated/constants";
import { host } from "../generated/host";
import { PyThreadState } from "../generated/layouts";
import { faulthandlerRoots, signalRoots, threadsRoots, vmRoots } from "../generated/runtime";
import { _Py_NoneStruct, PyExc_KeyboardInterrupt, PyExc_OSError, PyExc_TimeoutError } from "../generated/statics";
import { frameObjectOf } from "../objects/code/frame";
import { currentPythonFrame } from "../objects/code/frameaccess";
import { List } from "../objects/containers/list/list";
import {
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_SetNone,
  PyErr_SetRaisedException,
} from "../objects/errors/raise";
import { raiseErrno } from "../objects/errors/system";
import { PyErr_FormatUnraisable, PyErr_WriteUnraisable } from "../objects/errors/unraisable";
import { PyLong_AsInt, PyLong_FromLong } from "../objects/numbers/int/create";
import { PyCallable_Check, PyObject_CallNoArgs, PyObject_CallTwoArgs } from "../objects/object/call";
import { Py } from "../objects/object/head";
import { tstate } from "../thread/current";
import { Breaker, leaveWhereAsked } from "../thread/gil";
import { watchSignals } from "../thread/interrupts";
import { Scratch } from "../thread/scratch";
import { wakeThread } from "../thread/wait";

/** One past the last signal's number. */
export const NSIG: i32 = 65;
export const SIGINT: i32 = 2;
const SIGPIPE: i32 = 13;
const SIGXFSZ: i32 = 25;

// What is done upon a signal.
const DEFAULT: i32 = 0;
const IGNORED: i32 = 1;
const CAUGHT: i32 = 2;

const BIT: u64 = 1;

/** Sets of signals, as sigset_t: bit n-1 for signal n. */
export class SignalSet {
  @inline static of(signal: i32): u64 {
    const shift: u64 = signal - 1;
    return BIT << shift;
  }

  /** The lowest signal of the set, 0 where it is empty. */
  @inline static first(set: u64): i32 {
    return set == 0 ? 0 : <i32>ctz<u64>(set) + 1;
  }
}

/** What subprocess gives programs back, the signals that Python ignores from its start. */
export const SIGNALS_RESTORED: u64 = (BIT << (SIGPIPE - 1)) | (BIT << (SIGXFSZ - 1));

class Counters {
  @inline static arrived(signal: i32): usize {
    return signalRoots.arrived + ((<usize>signal) << 2);
  }

  @inline static tripped(signal: i32): usize {
    return signalRoots.tripped + ((<usize>signal) << 2);
  }
}

/** The signals that every thread blocks. */
function blockedByAll(): u64 {
  let set = u64.MAX_VALUE;
  for (let ts = threadsRoots.newest; ts != 0; ts = PyThreadState.at(ts).next) set &= PyThreadState.at(ts).sigmask;
  return set;
}

/** Writes the signal's number to the wakeup descriptor, where there is one. What goes wrong is reported. */
function writeWakeup(signal: i32): void {
  const fd = signalRoots.wakeup_fd;
  if (fd < 0) return;
  const byte = Scratch.take(1);
  store<u8>(byte, <u8>signal);
  const r = host.write(fd, byte, 1);
  Scratch.give(byte);
  if (r >= 0 || (-r == EAGAIN && signalRoots.warn_on_full_buffer == 0)) return;
  const exc = PyErr_GetRaisedException();
  raiseErrno(-r);
  PyErr_FormatUnraisable("Exception ignored when trying to write to the signal wakeup fd");
  PyErr_SetRaisedException(exc);
}

/** Signals upon which a process that runs does nothing by default: SIGCHLD, SIGCONT, SIGURG, SIGWINCH. */
const DEFAULT_IGNORED: u64 = (1 << 16) | (1 << 17) | (1 << 22) | (1 << 27);

/** What is done upon a signal, as sigaction() has it: DEFAULT, IGNORED or CAUGHT. */
function dispositionOf(signal: i32): i32 {
  const handlers = signalRoots.handlers;
  if (handlers == 0) return signal == SIGINT ? CAUGHT : signal == SIGPIPE || signal == SIGXFSZ ? IGNORED : DEFAULT;
  const handler = List.get(handlers, signal);
  if (handler == _Py_NoneStruct) return DEFAULT;
  if (PyCallable_Check(handler)) return CAUGHT;
  return PyLong_AsInt(handler);
}

/** The signals that the process ignores: programs that it starts do, too. */
export function ignoredSignals(): u64 {
  let set: u64 = 0;
  for (let signal = 1; signal < NSIG; signal++) if (dispositionOf(signal) == IGNORED) set |= SignalSet.of(signal);
  return set;
}

/** Has the system do upon a signal what Python does, after something else has asked to be told of it. */
export function restoreDisposition(signal: i32): void {
  host.sigaction(signal, dispositionOf(signal));
}

/** A signal arrives that has a handler: the main thread is to call it. */
function tripSignal(signal: i32): void {
  atomic.store<u32>(Counters.tripped(signal), 1);
  atomic.store<u32>(signalRoots.is_tripped_slot, 1);
  Breaker.set(vmRoots.main_thread, _PY_SIGNALS_PENDING_BIT);
  if (tstate != vmRoots.main_thread) wakeThread(vmRoots.main_thread);
  writeWakeup(signal);
}

/** Has the main thread do what it does upon a signal, without the signal: nothing where Python has no handler (PyErr_SetInterruptEx). */
export function simulateSignal(signal: i32): void {
  if (dispositionOf(signal) == CAUGHT) tripSignal(signal);
}

/** Whether a thread waits for the signal, which is then its own. */
function isAwaited(signal: i32): bool {
  for (let ts = threadsRoots.newest; ts != 0; ts = PyThreadState.at(ts).next) {
    const t = PyThreadState.at(ts);
    if (t.waiting == WAITING_SIGNAL && t.sigmask & SignalSet.of(signal)) return true;
  }
  return false;
}

/** Has a signal that the process sends to itself arrive: 0, or a negative error number. */
export function deliverSignal(signal: i32): isize {
  if (signal == 0) return 0;
  const disposition = dispositionOf(signal);
  if (disposition == IGNORED) return 0;
  if (blockedByAll() & SignalSet.of(signal) || isAwaited(signal)) {
    signalRoots.pending |= SignalSet.of(signal);
    wakeSignalWaiters();
    return 0;
  }
  if (faulthandlerRoots.tell != 0 && call_indirect<i32>(faulthandlerRoots.tell, signal) != 0) return 0;
  if (disposition == DEFAULT) {
    if (DEFAULT_IGNORED & SignalSet.of(signal)) return 0;
    if (faulthandlerRoots.report != 0) call_indirect<void>(faulthandlerRoots.report, signal);
    return host.raise(signal);
  }
  tripSignal(signal);
  return 0;
}

/** The same for one thread: where it blocks the signal, that is pending. 0, or a negative error number. */
export function deliverToThread(ts: usize, signal: i32): isize {
  if (signal != 0 && PyThreadState.at(ts).sigmask & SignalSet.of(signal) && dispositionOf(signal) != IGNORED) {
    signalRoots.pending |= SignalSet.of(signal);
    wakeSignalWaiters();
    return 0;
  }
  return deliverSignal(signal);
}

/** Threads in sigwait() look whether what they wait for is pending. */
function wakeSignalWaiters(): void {
  for (let ts = threadsRoots.newest; ts != 0; ts = PyThreadState.at(ts).next) wakeThread(ts);
}

/** Trips what was pending and is blocked no longer. */
export function tripPending(): void {
  let ready = signalRoots.pending & ~blockedByAll();
  signalRoots.pending &= ~ready;
  for (; ready != 0; ready &= ready - 1) deliverSignal(SignalSet.first(ready));
}

/** Trips what the kernel has counted. */
function takeArrived(): void {
  // No signal has the number 0: the timer of faulthandler is over.
  if (atomic.load<u32>(Counters.arrived(0)) != 0) {
    atomic.store<u32>(Counters.arrived(0), 0);
    if (faulthandlerRoots.later != 0) call_indirect<void>(faulthandlerRoots.later);
  }
  for (let signal = 1; signal < NSIG; signal++) {
    if (atomic.load<u32>(Counters.arrived(signal)) == 0) continue;
    atomic.store<u32>(Counters.arrived(signal), 0);
    deliverSignal(signal);
  }
}

/** Takes one of the signals of the set that are pending: its number, or 0. */
export function takePending(set: u64): i32 {
  takeArrived();
  const signal = SignalSet.first(signalRoots.pending & set);
  if (signal != 0) signalRoots.pending &= ~SignalSet.of(signal);
  return signal;
}

/** Calls a signal's handler: 0, or -1 with an exception. */
function callHandler(signal: i32): i32 {
  const handlers = signalRoots.handlers;
  if (handlers == 0) {
    // Nobody has imported the module: the default of the only signal that has one.
    PyErr_SetNone(PyExc_KeyboardInterrupt);
    return signal == SIGINT ? -1 : 0;
  }
  const handler = List.get(handlers, signal);
  if (!PyCallable_Check(handler)) {
    PyErr_Format(PyExc_OSError, "Signal %i ignored due to race condition", signal);
    PyErr_WriteUnraisable(_Py_NoneStruct);
    return 0;
  }
  Py.INCREF(handler);
  const frame = currentPythonFrame();
  const number = PyLong_FromLong(signal);
  const object = frame == 0 ? _Py_NoneStruct : frameObjectOf(frame);
  const r = number == 0 || object == 0 ? 0 : PyObject_CallTwoArgs(handler, number, object);
  Py.XDECREF(number);
  Py.DECREF(handler);
  if (r == 0) return -1;
  Py.DECREF(r);
  return 0;
}

/**
 * Raises what the host wants: 0 where that is nothing, -1 with an exception. A program that is to end is told at every
 * break, until the host takes that back.
 */
export function serveHost(): i32 {
  Breaker.clear(tstate, _PY_HOST_REQUEST_BIT);
  leaveWhereAsked();
  const request = atomic.load<u32>(vmRoots.host_request_slot);
  if (request == HOST_REQUEST_STOP) vmRoots.stopping = 1;
  else vmRoots.host_request = HOST_REQUEST_NONE;
  if (request == HOST_REQUEST_INTERRUPT) PyErr_SetNone(PyExc_KeyboardInterrupt);
  else if (request == HOST_REQUEST_STOP) {
    // Again and again: without what was being handled, of which there may be a chain that takes long to go along.
    const exc = PyObject_CallNoArgs(PyExc_TimeoutError);
    if (exc != 0) PyErr_SetRaisedException(exc);
  } else if (request != HOST_REQUEST_NONE) PyErr_SetNone(PyExc_TimeoutError);
  else return 0;
  // Not before: to make an exception looks for interrupts, too.
  if (vmRoots.stopping != 0) Breaker.set(tstate, _PY_HOST_REQUEST_BIT);
  return -1;
}

/**
 * Calls the handlers that are due, and serves the host, in the main thread (PyErr_CheckSignals): 0, or -1 with an exception.
 * Whatever waits does so whenever it is woken.
 */
export function checkSignals(): i32 {
  if (tstate != vmRoots.main_thread) return 0;
  if (PyThreadState.at(tstate).eval_breaker & _PY_HOST_REQUEST_BIT && serveHost() < 0) return -1;
  if (PyThreadState.at(tstate).eval_breaker & _PY_SIGNALS_PENDING_BIT) {
    Breaker.clear(tstate, _PY_SIGNALS_PENDING_BIT);
    takeArrived();
    Breaker.clear(tstate, _PY_SIGNALS_PENDING_BIT);
  }
  if (signalRoots.is_tripped == 0) return 0;
  signalRoots.is_tripped = 0;
  for (let signal = 1; signal < NSIG; signal++) {
    if (load<u32>(Counters.tripped(signal)) == 0) continue;
    store<u32>(Counters.tripped(signal), 0);
    if (callHandler(signal) < 0) {
      // The handlers of others are called at the next occasion.
      signalRoots.is_tripped = 1;
      Breaker.set(tstate, _PY_SIGNALS_PENDING_BIT);
      return -1;
    }
  }
  return 0;
}

/** Calls of lookOut() between two questions to the host. */
const LOOKS: u32 = 8;

/** Has the kernel look out for signals once the program has run for a while. Called now and then until it does. */
export function lookOut(): void {
  signalRoots.looks++;
  if (signalRoots.looks % LOOKS == 0) watchSignals(false);
}

/** Lets go of the handlers. For the end of the process. */
export function finalizeSignals(): void {
  const handlers = signalRoots.handlers;
  signalRoots.handlers = 0;
  signalRoots.wakeup_fd = -1;
  Py.XDECREF(handlers);
}
