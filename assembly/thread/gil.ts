// The lock of the interpreter (CPython 3.13's Python/ceval_gil.c): a thread that runs bytecode or touches an object holds
// it. It is taken after the switch interval from who does not give it away, by a request in the holder's eval breaker; who
// gives it away so does not take it again before another thread has had it.
//
// Invariant: every word of the heap belongs to the holder, but for those of this file, `wake` and `eval_breaker` of thread
// states, and what spec/runtime.txt says the kernel writes.
//
// Difference: a word that can be slept on does what CPython needs a mutex and two conditions for. Where the memory cannot
// be shared there is one thread, which holds the lock from the start to the end.

import {
  _PY_EVAL_EVENTS_MASK,
  _PY_GIL_DROP_REQUEST_BIT,
  GIL_ASKED_FOR,
  GIL_BLOCKS,
  GIL_TAKEN,
  GIL_THREAD_ENDS,
  GIL_WANTED,
  WAITING_GIL,
} from "../generated/constants";
import { host } from "../generated/host";
import { PyThreadState, PyThreadState_eval_breaker } from "../generated/layouts";
import { gilRoots, monitoringRoots, threadsRoots, vmRoots } from "../generated/runtime";
import { setThreadState, tstate } from "./current";
import { sleepOnWord, wakeSleepers } from "./word";

/** Bits of a thread's eval breaker, which others set while it runs. */
export class Breaker {
  @inline static set(ts: usize, bits: u32): void {
    atomic.or<u32>(ts + PyThreadState_eval_breaker, bits);
  }

  @inline static clear(ts: usize, bits: u32): void {
    atomic.and<u32>(ts + PyThreadState_eval_breaker, ~bits);
  }

  /** Notes the version of the events that are watched. */
  @inline static setVersion(ts: usize, version: u32): void {
    if ((PyThreadState.at(ts).eval_breaker & ~_PY_EVAL_EVENTS_MASK) == version) return;
    Breaker.clear(ts, ~_PY_EVAL_EVENTS_MASK);
    Breaker.set(ts, version);
  }
}

/** How much longer a thread sleeps before it asks for the lock while the process rests: its host has not entered it. */
const RESTING: i64 = 20;

class Guard {
  @inline static enter(): void {
    while (atomic.cmpxchg<u32>(gilRoots.guard_slot, 0, 1) != 0);
  }

  @inline static leave(): void {
    atomic.store<u32>(gilRoots.guard_slot, 0);
  }
}

/** Tells the host of the lock, where somebody wants to know. */
function tell(event: u32): void {
  if (gilRoots.log == 0) return;
  const ts = PyThreadState.at(tstate);
  host.logGil(event, <i32>ts.id, ts.waiting);
}

/** From now on the host is told who takes the lock, first that this thread has it. */
export function startGilLog(): void {
  gilRoots.log = 1;
  tell(GIL_TAKEN);
}

/** Asks the holder for the lock, where it is still the one that had it when it had changed hands `number` times. */
function requestDrop(number: u32): void {
  Guard.enter();
  const holder = gilRoots.last_holder;
  if (
    holder != 0 &&
    atomic.load<u32>(gilRoots.locked_slot) != 0 &&
    atomic.load<u32>(gilRoots.switch_number_slot) == number
  ) {
    Breaker.set(holder, _PY_GIL_DROP_REQUEST_BIT);
  }
  Guard.leave();
}

/** Ends the process, in the main thread, where another thread has asked for that: only the main thread can. */
export function leaveWhereAsked(): void {
  const status = atomic.load<u32>(threadsRoots.exit_status_slot);
  if (status != 0 && tstate == vmRoots.main_thread) host.exit(status - 1);
}

function waitForGil(ts: usize): void {
  tell(GIL_WANTED);
  const was = PyThreadState.at(ts).waiting;
  PyThreadState.at(ts).waiting = WAITING_GIL;
  atomic.add<u32>(gilRoots.waiters_slot, 1);
  while (atomic.cmpxchg<u32>(gilRoots.locked_slot, 0, 1) != 0) {
    const number = atomic.load<u32>(gilRoots.switch_number_slot);
    let interval = <i64>(vmRoots.switch_interval * 1e9);
    if (atomic.load<u32>(gilRoots.rests_slot) != 0) interval *= RESTING;
    if (sleepOnWord(gilRoots.locked_slot, gilRoots.sleepers_slot, 1, interval)) requestDrop(number);
    leaveWhereAsked();
  }
  atomic.sub<u32>(gilRoots.waiters_slot, 1);
  PyThreadState.at(ts).waiting = was;
}

/** Sleeps until the lock has changed hands more than `number` times, or so many nanoseconds have gone. */
function awaitSwitch(number: u32, nanoseconds: i64): void {
  sleepOnWord(gilRoots.switch_number_slot, gilRoots.watchers_slot, number, nanoseconds);
}

/** Takes the lock for the thread of this instance. A daemon thread that asks for it at the end of the process never gets it. */
export function takeGil(): void {
  const ts = tstate;
  if (atomic.cmpxchg<u32>(gilRoots.locked_slot, 0, 1) != 0) waitForGil(ts);
  if (vmRoots.finalizing_thread != 0 && vmRoots.finalizing_thread != ts) {
    giveGil();
    while (true) awaitSwitch(atomic.load<u32>(gilRoots.switch_number_slot), -1);
  }
  tell(GIL_TAKEN);
  if (gilRoots.last_holder != ts) {
    gilRoots.last_holder = ts;
    atomic.add<u32>(gilRoots.switch_number_slot, 1);
    wakeSleepers(gilRoots.switch_number_slot, gilRoots.watchers_slot, -1);
  }
  if (PyThreadState.at(ts).eval_breaker & _PY_GIL_DROP_REQUEST_BIT) Breaker.clear(ts, _PY_GIL_DROP_REQUEST_BIT);
  Breaker.setVersion(ts, monitoringRoots.version);
}

function giveGil(): void {
  atomic.store<u32>(gilRoots.locked_slot, 0);
  wakeSleepers(gilRoots.locked_slot, gilRoots.sleepers_slot, 1);
}

/** Gives the lock away, before the thread blocks. Objects are not touched until it is taken again. */
export function dropGil(): void {
  if (threadsRoots.shared == 0) return;
  tell(GIL_BLOCKS);
  giveGil();
}

/** Takes it again. */
export function retakeGil(): void {
  if (threadsRoots.shared != 0) takeGil();
}

/** Gives the lock to a thread that has asked for it, and takes it again when that one, or another, has had it. */
export function yieldGil(): void {
  const ts = tstate;
  Breaker.clear(ts, _PY_GIL_DROP_REQUEST_BIT);
  const number = atomic.load<u32>(gilRoots.switch_number_slot);
  tell(GIL_ASKED_FOR);
  giveGil();
  while (atomic.load<u32>(gilRoots.waiters_slot) != 0 && atomic.load<u32>(gilRoots.switch_number_slot) == number) {
    // Nobody may be left who wants it: the wait has an end.
    awaitSwitch(number, 1000000);
  }
  takeGil();
}

/** Gives the lock away for good: the state of this thread is freed already. */
export function dropGilForGood(): void {
  tell(GIL_THREAD_ENDS);
  Guard.enter();
  gilRoots.last_holder = 0;
  Guard.leave();
  setThreadState(0);
  atomic.store<u32>(gilRoots.locked_slot, 0);
  atomic.notify(gilRoots.locked_slot, 1);
}
