// Waiting: a thread sleeps on the word `wake` of its own state until somebody wakes it or the time is over. Whoever changes
// what a thread may wait for adds 1 to that word; the kernel does so when a signal arrives or a service has an answer. As
// the word is read before the reason to wait is looked at, no waking is lost.
//
// Queues: a lock, or a thread's handle, holds the first of the threads that wait for it, each of which points to the next.
// Queues are changed by who holds the lock of the interpreter alone.

import { PyThreadState, PyThreadState_wake } from "../generated/layouts";
import { tstate } from "./current";
import { dropGil, retakeGil } from "./gil";

/** A time that is never over. */
export const FOREVER: i64 = -1;

/** How often this thread has been woken: to be read before the reason to wait is looked at. */
export function wakings(): u32 {
  return atomic.load<u32>(tstate + PyThreadState_wake);
}

/** Wakes a thread that sleeps, or is about to. */
export function wakeThread(ts: usize): void {
  atomic.add<u32>(ts + PyThreadState_wake, 1);
  atomic.notify(ts + PyThreadState_wake, 1);
}

/**
 * Sleeps without the lock of the interpreter until the thread has been woken more than `seen` times, or `nanoseconds` have
 * gone, FOREVER for no limit. `what`: one of the constants WAITING_.
 */
export function sleepUntilWoken(seen: u32, nanoseconds: i64, what: u32): void {
  const ts = tstate;
  dropGil();
  PyThreadState.at(ts).waiting = what;
  atomic.wait<i32>(ts + PyThreadState_wake, <i32>seen, nanoseconds);
  PyThreadState.at(ts).waiting = 0;
  retakeGil();
}
