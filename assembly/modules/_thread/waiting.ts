// How a thread waits until a word of an object is 0: that of a lock nobody holds, of a thread that runs no longer. Who makes
// it 0 wakes the first of those who wait; that one has to look again, as another may have come before it.
//
// Difference: CPython hands a lock over to who has waited for long. Here whoever is first has it.

import { host } from "../../generated/host";
import { PyExc_RuntimeError } from "../../generated/statics";
import { PyErr_SetString } from "../../objects/errors/raise";
import {
  cannotSleep,
  FOREVER,
  joinQueue,
  leaveQueue,
  sleepUntilWoken,
  waitsInVain,
  wakeFirst,
  wakings,
} from "../../thread/wait";
import { sleepAlone } from "../../vm/breaker";
import { checkSignals } from "../../vm/signals";

/**
 * Waits in the queue at `queue` until the u32 at `word` is 0, `seconds` at most, negative without a limit: 1, 0 where the time is
 * over, -1 with an exception, which a signal's handler has raised. The caller holds a reference to the object.
 */
export function awaitZero(queue: usize, word: usize, seconds: f64, what: u32): i32 {
  if (load<u32>(word) == 0) return 1;
  if (seconds == 0) return 0;
  if (cannotSleep() || (seconds < 0 && waitsInVain())) return waitInVain(seconds);
  const end = seconds < 0 ? 0 : host.monotonic() + seconds;
  while (true) {
    const seen = wakings();
    let r = checkSignals() < 0 ? -1 : 1;
    if (r > 0 && load<u32>(word) == 0) return 1;
    const left = seconds < 0 ? 0 : end - host.monotonic();
    if (r > 0 && seconds >= 0 && left <= 0) r = 0;
    if (r <= 0) {
      // It may be this thread that was woken, and not somebody who would go on.
      if (load<u32>(word) == 0) wakeFirst(queue);
      return r;
    }
    joinQueue(queue);
    sleepUntilWoken(seen, seconds < 0 ? FOREVER : <i64>(left * 1e9), what);
    leaveQueue(queue);
  }
}

/** Waits where there is one thread, which nobody could wake: as awaitZero. */
function waitInVain(seconds: f64): i32 {
  if (seconds < 0) {
    PyErr_SetString(PyExc_RuntimeError, "the lock is held, and there is no other thread to release it");
    return -1;
  }
  return sleepAlone(seconds);
}
