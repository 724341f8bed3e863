/** What a thread of ours does that has not the lock of the interpreter, by the constants of the group `waiting`. */
import { waiting } from "../generated/constants.ts";

export const WAITS: Readonly<Record<number, string>> = {
  [waiting.WAITING_NOT]: "a call of the system",
  [waiting.WAITING_GIL]: "waits for the lock of the interpreter",
  [waiting.WAITING_LOCK]: "waits for a lock",
  [waiting.WAITING_THREAD]: "waits for a thread's end",
  [waiting.WAITING_SLEEP]: "sleeps",
  [waiting.WAITING_SYSTEM]: "waits for the system",
  [waiting.WAITING_SIGNAL]: "waits for a signal",
};
