// Reading and writing of descriptors: the lock of the interpreter is given away meanwhile, and where the descriptor blocks
// and is not ready, the thread waits so that signals are handled (_Py_read and _Py_write of CPython 3.13's
// Python/fileutils.c). What is read or written must stay where it is.

import { WOULD_WAIT } from "../../generated/constants";
import { host } from "../../generated/host";
import { pollfd } from "../../generated/layouts";
import { raiseErrno } from "../../objects/errors/system";
import { Scratch } from "../../thread/scratch";
import { dropGil, retakeGil } from "../../thread/gil";
import { RAISED, waitReady } from "./ready";

const POLLIN: u16 = 1;
const POLLOUT: u16 = 4;

/** Waits until a descriptor is ready: 1, a negative error number, or RAISED with an exception. */
function awaitDescriptor(fd: i32, events: u16): isize {
  const request = Scratch.take(1);
  pollfd.at(request).fd = fd;
  pollfd.at(request).events = events;
  pollfd.at(request).revents = 0;
  const r = waitReady(request, 1, -1);
  Scratch.give(request);
  return r;
}

/** Reads from a descriptor: how many bytes, a negative error number, or RAISED with an exception. */
export function readDescriptor(fd: i32, p: usize, n: usize): isize {
  while (true) {
    dropGil();
    const r = host.read(fd, p, n);
    retakeGil();
    if (r != -WOULD_WAIT) return r;
    const ready = awaitDescriptor(fd, POLLIN);
    if (ready < 0) return ready;
  }
}

/** Writes to a descriptor: as readDescriptor. */
export function writeDescriptor(fd: i32, p: usize, n: usize): isize {
  while (true) {
    dropGil();
    const r = host.write(fd, p, n);
    retakeGil();
    if (r != -WOULD_WAIT) return r;
    const ready = awaitDescriptor(fd, POLLOUT);
    if (ready < 0) return ready;
  }
}

/** Raises what a call of these two has returned, where that is negative and not raised yet; returns null. */
export function raiseTransfer(r: isize): usize {
  return r == RAISED ? 0 : raiseErrno(-r);
}
