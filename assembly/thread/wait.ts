// Waiting: a thread sleeps on the word `wake` of its own state until somebody wakes it or the time is over. Whoever changes
// what a thread may wait for adds 1 to that word; the kernel does so when a signal arrives or a service has an answer. As
// the word is read before the reason to wait is looked at, no waking is lost.
//
// Queues: a lock, or a thread's handle, holds the first of the threads that wait for it, each of which points to the next.
// Queues are changed by who holds the lock of the interpreter alone.

import { PyThreadState, PyThreadState_asleep, PyThreadState_wake } from "../generated/layouts";
import { signalRoots, threadsRoots, vmRoots } from "../generated/runtime";
import { tstate } from "./current";
import { dropGil, leaveWhereAsked, retakeGil } from "./gil";
import { watchSignals } from "./interrupts";
import { sleepOnWord, wakeSleepers } from "./word";

/** A time that is never over. */
export const FOREVER: i64 = -1;

/** Who sleeps for so many nanoseconds wants to be woken by signals. */
const WATCH_FROM: i64 = 50000000;

/** Whether nobody could end a wait without a limit: there is no other thread, and no kernel. */
export function waitsInVain(): bool {
  if (threadsRoots.shared == 0) return true;
  return threadsRoots.embedded != 0 && threadsRoots.newest == vmRoots.main_thread;
}

/** Whether a thread cannot sleep: to sleep takes no time, or is the host's business. */
export function cannotSleep(): bool {
  return threadsRoots.shared == 0 || threadsRoots.clock_stands != 0;
}

/** How often this thread has been woken: to be read before the reason to wait is looked at. */
export function wakings(): u32 {
  return atomic.load<u32>(tstate + PyThreadState_wake);
}

/** Wakes a thread that sleeps, or is about to. */
export function wakeThread(ts: usize): void {
  atomic.add<u32>(ts + PyThreadState_wake, 1);
  wakeSleepers(ts + PyThreadState_wake, ts + PyThreadState_asleep, 1);
}

/**
 * Sleeps without the lock of the interpreter until the thread has been woken more than `seen` times, or `nanoseconds` have
 * gone, FOREVER for no limit. `what`: one of the constants WAITING_.
 */
export function sleepUntilWoken(seen: u32, nanoseconds: i64, what: u32): void {
  const ts = tstate;
  if (signalRoots.watched == 0 && (nanoseconds < 0 || nanoseconds > WATCH_FROM)) {
    watchSignals(true);
  }
  PyThreadState.at(ts).waiting = what;
  dropGil();
  sleepOnWord(ts + PyThreadState_wake, ts + PyThreadState_asleep, seen, nanoseconds);
  leaveWhereAsked();
  PyThreadState.at(ts).waiting = 0;
  retakeGil();
}

/** Puts this thread at the end of the queue that begins at the word `queue`. */
export function joinQueue(queue: usize): void {
  const ts = PyThreadState.at(tstate);
  ts.waits_on = queue;
  ts.next_waiter = 0;
  let last: usize = load<u32>(queue);
  if (last == 0) {
    store<u64>(queue, <u64>tstate);
    return;
  }
  while (PyThreadState.at(last).next_waiter != 0) last = PyThreadState.at(last).next_waiter;
  PyThreadState.at(last).next_waiter = tstate;
}

/** Takes this thread out of the queue, where it is still in it. */
export function leaveQueue(queue: usize): void {
  const ts = PyThreadState.at(tstate);
  if (ts.waits_on != queue) return;
  ts.waits_on = 0;
  let at: usize = load<u32>(queue);
  if (at == tstate) {
    store<u64>(queue, <u64>ts.next_waiter);
    return;
  }
  while (at != 0) {
    const next = PyThreadState.at(at).next_waiter;
    if (next == tstate) {
      PyThreadState.at(at).next_waiter = ts.next_waiter;
      return;
    }
    at = next;
  }
}

/** Takes the first thread out of the queue and wakes it: whether there was one. */
export function wakeFirst(queue: usize): bool {
  const first: usize = load<u32>(queue);
  if (first == 0) return false;
  const ts = PyThreadState.at(first);
  store<u64>(queue, <u64>ts.next_waiter);
  ts.waits_on = 0;
  wakeThread(first);
  return true;
}
