// Waiting until descriptors are ready: what select(), poll() and every call on a descriptor that blocks do. The kernel says
// what is ready now, and wakes the thread when that may have changed.

import { EDEADLK, POLLFD_BYTES, WAITING_SYSTEM } from "../../generated/constants";
import { host } from "../../generated/host";
import { cannotSleep, FOREVER, sleepUntilWoken, waitsInVain, wakings } from "../../thread/wait";
import { sleepAlone } from "../../vm/breaker";
import { checkSignals } from "../../vm/signals";

/** What waitReady() returns where a signal's handler has raised. */
export const RAISED: isize = -100000;

/**
 * Waits until one of the `n` pollfd at `fds` is ready, `seconds` at most, without a limit where that is negative: how many
 * are, 0 where the time is over, a negative error number, or RAISED with an exception. Other threads run, and so do
 * handlers of signals.
 */
export function waitReady(fds: usize, n: usize, seconds: f64): isize {
  const bytes = n * POLLFD_BYTES;
  if (cannotSleep()) {
    const r = host.poll(fds, bytes, 0);
    if (r != 0 || seconds == 0) return r;
    // Nobody else is there who could change anything.
    if (seconds < 0) return -EDEADLK;
    return sleepAlone(seconds) < 0 ? RAISED : host.poll(fds, bytes, 0);
  }
  const end = seconds < 0 ? 0 : host.monotonic() + seconds;
  while (true) {
    const seen = wakings();
    if (checkSignals() < 0) return RAISED;
    const r = n == 0 ? 0 : host.poll(fds, bytes, seconds == 0 ? 0 : 1);
    if (r != 0 || seconds == 0) return r;
    const left = seconds < 0 ? 0 : end - host.monotonic();
    if (seconds >= 0 && left <= 0) return 0;
    if (seconds < 0 && waitsInVain()) return -EDEADLK;
    sleepUntilWoken(seen, seconds < 0 ? FOREVER : <i64>(left * 1e9), WAITING_SYSTEM);
  }
}
