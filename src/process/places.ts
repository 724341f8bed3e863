/**
 * The workers that run the threads of a process, by their places in a buffer that all share. A place holds what its worker is
 * at: the address of a thread's state, or one of `Place`.
 */
import { SystemError } from "../kernel/errno.ts";

export const Place = { empty: 0, idle: 1 } as const;

/** Gives a thread to a worker that is idle, or has one started for a place that is empty. Throws EAGAIN where there is none. */
export function giveThread(places: Int32Array, thread: number, startWorker: (place: number) => void): void {
  for (let i = 0; i < places.length; i++) {
    if (Atomics.compareExchange(places, i, Place.idle, thread) !== Place.idle) continue;
    Atomics.notify(places, i);
    return;
  }
  for (let i = 0; i < places.length; i++) {
    if (Atomics.compareExchange(places, i, Place.empty, thread) !== Place.empty) continue;
    startWorker(i);
    return;
  }
  throw new SystemError("EAGAIN");
}

/** Runs the threads that the place is given, one after the other, for ever. */
export function serveThreads(places: Int32Array, place: number, run: (thread: number) => void): never {
  for (;;) {
    const thread = Atomics.load(places, place);
    if (thread === Place.idle) Atomics.wait(places, place, Place.idle);
    else {
      run(thread);
      Atomics.store(places, place, Place.idle);
    }
  }
}
