// Input that a decompressor has had no room for, until the next call: a bytes object and how much of it is done with.

import { coding, kept_input, PyBytesObject } from "../generated/layouts";
import { newBytes, PyBytes_FromStringAndSize } from "../objects/bytes/bytes";
import { Py } from "../objects/object/head";
import { Coding } from "./coding";

function keptSize(kept: usize): isize {
  const bytes = kept_input.at(kept).bytes;
  return bytes == 0 ? 0 : Py.SIZE(bytes) - kept_input.at(kept).offset;
}

function keptData(kept: usize): usize {
  return PyBytesObject.at(kept_input.at(kept).bytes).ob_sval + <usize>kept_input.at(kept).offset;
}

/**
 * A coding of what is kept and the `n` bytes at `p` behind it, with room for `first` bytes, `most` at the most: null with
 * MemoryError.
 */
export function beginKept(kept: usize, p: usize, n: isize, first: isize, most: isize): usize {
  const old = keptSize(kept);
  if (old == 0) return Coding.begin(p, n, first, most);
  if (n > 0) {
    const bytes = newBytes(old + n);
    if (bytes == 0) return 0;
    const to = PyBytesObject.at(bytes).ob_sval;
    memory.copy(to, keptData(kept), <usize>old);
    memory.copy(to + <usize>old, p, <usize>n);
    kept_input.at(kept).offset = 0;
    Py.SETREF(kept_input.at(kept).bytes_slot, bytes);
  }
  return Coding.begin(keptData(kept), keptSize(kept), first, most);
}

/** Keeps what a coding has left: whether there is any; -1 with MemoryError. */
export function keepRest(kept: usize, c: usize): i32 {
  const k = coding.at(c);
  if (keptSize(kept) > 0) {
    kept_input.at(kept).offset = Py.SIZE(kept_input.at(kept).bytes) - k.avail_in;
    if (k.avail_in > 0) return 1;
    Py.CLEAR(kept_input.at(kept).bytes_slot);
    return 0;
  }
  if (k.avail_in == 0) return 0;
  const bytes = PyBytes_FromStringAndSize(k.next_in, k.avail_in);
  if (bytes == 0) return -1;
  kept_input.at(kept).offset = 0;
  kept_input.at(kept).bytes = bytes;
  return 1;
}

/** Forgets what is kept. */
export function dropKept(kept: usize): void {
  if (kept_input.at(kept).bytes != 0) Py.CLEAR(kept_input.at(kept).bytes_slot);
}

/**
 * The bytes that a coding has made, where it has come to its end: what it has left becomes `unused_data`, a slot that holds
 * a reference. Null with MemoryError.
 */
export function finishKept(kept: usize, c: usize, unusedSlot: usize): usize {
  const k = coding.at(c);
  if (k.avail_in > 0) {
    const unused = PyBytes_FromStringAndSize(k.next_in, k.avail_in);
    if (unused == 0) return Coding.discard(c);
    Py.SETREF(unusedSlot, unused);
  }
  dropKept(kept);
  return Coding.finish(c);
}
