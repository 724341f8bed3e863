// What the eval breaker asks for: signals, a collection, the lock of the interpreter, an exception from another thread, the
// host's request (the _Py_HandlePending part of CPython 3.13's Python/ceval_gil.c).
//
// The host's request is a word of the roots, vm.host_request, written by whoever sees the memory, at any moment and on any
// thread: first the word (one of HOST_REQUEST_), then the bit _PY_HOST_REQUEST_BIT in the main thread's eval_breaker,
// atomically, then 1 is added to its `wake`, with a notify. It is served once, in the main thread. A host that nobody else can
// write for, because its memory is not shared, sets vm.host_watch: it is then asked every few thousand jumps and calls.

import { _Py_RunGC } from "../gc/collector";
import {
  _PY_ASYNC_EXCEPTION_BIT,
  _PY_GC_SCHEDULED_BIT,
  _PY_GIL_DROP_REQUEST_BIT,
  _PY_HOST_REQUEST_BIT,
  _PY_SIGNALS_PENDING_BIT,
  HOST_REQUEST_NONE,
} from "../generated/constants";
import { host } from "../generated/host";
import { PyThreadState } from "../generated/layouts";
import { signalRoots, vmRoots } from "../generated/runtime";
import { PyErr_SetNone } from "../objects/errors/raise";
import { raiseErrno } from "../objects/errors/system";
import { Py } from "../objects/object/head";
import { tstate } from "../thread/current";
import { Breaker, yieldGil } from "../thread/gil";
import { checkSignals, lookOut, serveHost } from "./signals";

/** Looks within native operations between two questions to the host. */
const ASKED_AFTER: u32 = 64;

/** Asks the host, which wants to be asked, what it wants; the main thread finds it at its next break. */
export function askHost(): void {
  if (vmRoots.stopping != 0 || tstate != vmRoots.main_thread) return;
  const request = host.wanted();
  if (request == HOST_REQUEST_NONE) return;
  vmRoots.host_request = request;
  Breaker.set(tstate, _PY_HOST_REQUEST_BIT);
}

/**
 * Waits where no other thread could wake this one: 0, or -1 with an exception. In pieces, after each of which the host, whose
 * limit of time may be over, is asked.
 */
export function sleepAlone(seconds: f64): i32 {
  let left = seconds;
  do {
    left = host.sleep(left);
    if (left < 0) {
      raiseErrno(-(<isize>left));
      return -1;
    }
    if (vmRoots.host_watch != 0) askHost();
    if (checkSignals() < 0) return -1;
  } while (left > 0);
  return 0;
}

/** Serves what is asked for: 0, or -1 with an exception. */
export function handlePending(): i32 {
  return serve(PyThreadState.at(tstate).eval_breaker);
}

/** Serves what interrupts a native operation (thread/interrupts.ts): 0, or -1 with an exception. */
export function serveInterrupts(): i32 {
  if (signalRoots.watched == 0) lookOut();
  if (vmRoots.host_watch != 0) {
    signalRoots.looks++;
    if (signalRoots.looks % ASKED_AFTER == 0) askHost();
  }
  return serve(PyThreadState.at(tstate).eval_breaker & ~_PY_GC_SCHEDULED_BIT);
}

/** Begins the collection that is scheduled. */
export function collectScheduled(): void {
  Breaker.clear(tstate, _PY_GC_SCHEDULED_BIT);
  _Py_RunGC();
}

function serve(bits: u32): i32 {
  const ts = PyThreadState.at(tstate);
  if (bits & _PY_SIGNALS_PENDING_BIT && checkSignals() < 0) return -1;
  if (bits & _PY_GC_SCHEDULED_BIT) collectScheduled();
  if (bits & _PY_GIL_DROP_REQUEST_BIT) yieldGil();
  if (bits & _PY_ASYNC_EXCEPTION_BIT) {
    Breaker.clear(tstate, _PY_ASYNC_EXCEPTION_BIT);
    const exc = ts.async_exc;
    if (exc != 0) {
      ts.async_exc = 0;
      PyErr_SetNone(exc);
      Py.DECREF(exc);
      return -1;
    }
  }
  return bits & _PY_HOST_REQUEST_BIT ? serveHost() : 0;
}
