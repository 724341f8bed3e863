// The life of a thread: its start, what it runs, its end, and the end of the process with threads (thread_run of CPython
// 3.13's Modules/_threadmodule.c, PyThreadState_Clear of Python/pystate.c).

import { host } from "../../generated/host";
import {
  bootstate,
  PyErr_StackItem,
  PyThreadHandleObject,
  PyThreadState,
  SIZEOF_bootstate,
} from "../../generated/layouts";
import { threadsRoots, vmRoots } from "../../generated/runtime";
import { ID, PyExc_PythonFinalizationError, PyExc_RuntimeError, PyExc_SystemExit } from "../../generated/statics";
import { PyMem_RawFree, PyMem_RawMalloc } from "../../memory/pymem";
import { PyDict_GetItemLiteral } from "../../objects/containers/dict/dict";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_NoMemory, PyErr_SetString } from "../../objects/errors/raise";
import { PyErr_FormatUnraisable } from "../../objects/errors/unraisable";
import { PyObject_Call, PyObject_CallMethodNoArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { setThreadState, tstate } from "../../thread/current";
import { dropGilForGood, takeGil } from "../../thread/gil";
import { freeThreadState, newThreadState } from "../../thread/state";
import { freeDataStack } from "../../vm/frame";
import { forgetTracing } from "../../vm/monitoring/legacy";
import { dropLocals } from "./local";
import { beginHandle, endHandle, forgetHandle, rememberHandle, State } from "./handle";

/** Drops what a thread state refers to. */
function clearThreadState(ts: usize): void {
  const t = PyThreadState.at(ts);
  dropLocals(ts);
  Py.CLEAR(t.dict_slot);
  Py.CLEAR(t.async_exc_slot);
  Py.CLEAR(t.current_exception_slot);
  t.exc_info = t.exc_state;
  Py.CLEAR(PyErr_StackItem.at(t.exc_state).exc_value_slot);
  forgetTracing(ts);
  clearAsyncState(ts);
}

/** Drops what a thread's loop and contexts have put into its state: the hooks of a loop that was stopped hold it. */
export function clearAsyncState(ts: usize): void {
  const t = PyThreadState.at(ts);
  Py.CLEAR(t.async_gen_firstiter_slot);
  Py.CLEAR(t.async_gen_finalizer_slot);
  Py.CLEAR(t.context_slot);
  Py.CLEAR(t.asyncio_running_loop_slot);
}

function freeBoot(boot: usize): void {
  const b = bootstate.at(boot);
  Py.CLEAR(b.func_slot);
  Py.CLEAR(b.args_slot);
  Py.CLEAR(b.kwargs_slot);
  Py.CLEAR(b.handle_slot);
  PyMem_RawFree(boot);
}

/**
 * Starts a thread that calls `func` with a tuple and a dict (or null), all borrowed, for a handle that no thread has yet: 0, or
 * -1 with an exception. The end of the process waits for it, unless it is a daemon.
 */
export function startThread(handle: usize, func: usize, args: usize, kwargs: usize, daemon: bool): i32 {
  const h = PyThreadHandleObject.at(handle);
  if (vmRoots.finalizing != 0) {
    PyErr_SetString(PyExc_PythonFinalizationError, "can't create new thread at interpreter shutdown");
    return -1;
  }
  if (h.state != State.notStarted) {
    PyErr_SetString(PyExc_RuntimeError, "thread already started");
    return -1;
  }
  if (!daemon && rememberHandle(handle) < 0) return -1;
  h.state = State.starting;
  const boot = PyMem_RawMalloc(SIZEOF_bootstate);
  const ts = boot == 0 ? 0 : newThreadState();
  if (ts == 0) {
    PyMem_RawFree(boot);
    PyErr_NoMemory();
  } else {
    const b = bootstate.at(boot);
    memory.fill(boot, 0, SIZEOF_bootstate);
    b.func = Py.NewRef(func);
    b.args = Py.NewRef(args);
    b.kwargs = Py.XNewRef(kwargs);
    b.handle = Py.NewRef(handle);
    PyThreadState.at(ts).boot = boot;
    PyThreadState.at(ts).sigmask = PyThreadState.at(tstate).sigmask;
    beginHandle(handle, PyThreadState.at(ts).thread_id);
    threadsRoots.running++;
    if (threadsRoots.shared != 0 && host.startthread(<i32>ts) == 0) {
      threadsRoots.clock_stands = 0;
      return 0;
    }
    threadsRoots.running--;
    freeBoot(boot);
    freeThreadState(ts);
    PyErr_SetString(PyExc_RuntimeError, "can't start new thread");
  }
  endHandle(handle);
  h.ident = 0;
  if (!daemon) forgetHandle(handle);
  return -1;
}

/** Makes this instance that thread, and runs it from its start to its end. `depth`: how many levels native code may recurse. */
export function runThread(ts: usize, depth: i32): void {
  setThreadState(ts);
  const t = PyThreadState.at(ts);
  t.c_recursion_remaining = depth;
  t.native_depth = depth;
  takeGil();
  const boot = bootstate.at(t.boot);
  const r = PyObject_Call(boot.func, boot.args, boot.kwargs);
  if (r != 0) Py.DECREF(r);
  else if (PyErr_ExceptionMatches(PyExc_SystemExit)) PyErr_Clear();
  else PyErr_FormatUnraisable("Exception ignored in thread started by %R", boot.func);
  const handle = Py.NewRef(boot.handle);
  freeBoot(t.boot);
  threadsRoots.running--;
  clearThreadState(ts);
  forgetHandle(handle);
  endHandle(handle);
  Py.DECREF(handle);
  PyErr_Clear();
  freeDataStack();
  freeThreadState(ts);
  dropGilForGood();
}

/** Whether threads besides the main thread are there. */
export function hasThreads(): bool {
  return threadsRoots.newest != vmRoots.main_thread;
}

/** Waits for the threads that the program did not make daemons, as module threading has it, where the program uses that. */
export function waitForThreads(): void {
  const threading = PyDict_GetItemLiteral(vmRoots.modules, "threading");
  if (threading == 0) {
    PyErr_Clear();
    return;
  }
  Py.INCREF(threading);
  const r = PyObject_CallMethodNoArgs(threading, ID._shutdown);
  if (r == 0) PyErr_FormatUnraisable("Exception ignored on threading shutdown");
  else Py.DECREF(r);
  Py.DECREF(threading);
}

/** At the end of the process: drops what the states of threads refer to that will never run again. */
export function clearOtherThreads(): void {
  let ts = threadsRoots.newest;
  while (ts != 0) {
    const next = PyThreadState.at(ts).next;
    if (ts != tstate) clearThreadState(ts);
    ts = next;
  }
}
