// What takes long within one instruction looks now and then whether it is to be interrupted: by a signal's handler, the
// host's request, an exception from another thread; and gives the lock of the interpreter to who asks for it. CPython does
// so in the loops of int and of re alone (SIGCHECK); here every iterator without end, sorting, and loops that a short
// program can make go on for minutes do.
//
// Serving it runs Python: whoever asks holds what it uses, and keeps no address of what can be changed.

import { _PY_EVAL_EVENTS_MASK, _PY_GC_SCHEDULED_BIT } from "../generated/constants";
import { host } from "../generated/host";
import { PyThreadState } from "../generated/layouts";
import { signalRoots, vmRoots } from "../generated/runtime";
import { tstate } from "./current";

/** The collector waits for the next break, or for where CPython has it come. */
const INTERRUPTING: u32 = _PY_EVAL_EVENTS_MASK & ~_PY_GC_SCHEDULED_BIT;

/** What takes longer than to ask the host. */
const LARGE: isize = 1 << 16;

/**
 * Asks the host to look out for signals: `now`, or else where the program has run for a while. Asked no more once it does,
 * or never will.
 */
export function watchSignals(now: bool): void {
  signalRoots.watched = host.watch(now ? 1 : 0) > 0 ? 1 : 0;
}

function serve(): bool {
  return call_indirect<i32>(vmRoots.serve_interrupts) < 0;
}

export class Interrupts {
  /** Whether the operation is to be abandoned: true with an exception. To be asked every few microseconds. */
  @inline static raised(): bool {
    const asked = PyThreadState.at(tstate).eval_breaker & INTERRUPTING;
    return (asked != 0 || signalRoots.watched == 0 || vmRoots.host_watch != 0) && serve();
  }

  /**
   * Where CPython looks for signals, it begins the collection that is scheduled: in repr() and str(), the long
   * multiplication, division and decimal text of ints, the search of a regular expression. So do we, there alone.
   */
  @inline static collect(): void {
    if (PyThreadState.at(tstate).eval_breaker & _PY_GC_SCHEDULED_BIT) call_indirect<void>(vmRoots.collect_scheduled);
  }

  /**
   * Has the kernel look out for signals, if the program has run for a while. For what works on `size` bytes, characters or
   * items without looking, or is made of so many: a program that does nothing else seldom jumps.
   */
  @inline static work(size: isize): void {
    if (size >= LARGE && signalRoots.watched == 0) watchSignals(false);
  }

  /** As raised() where rounds are short: asks in one of 1024, by the number of the round. */
  @inline static raisedIn(round: i64): bool {
    return (round & 1023) == 0 && Interrupts.raised();
  }
}
