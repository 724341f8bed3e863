// The module select (CPython 3.13's Modules/selectmodule.c).

import { ENOMEM, POLLFD_BYTES } from "../../generated/constants";
import { pollfd } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyEpoll_Type,
  PyExc_OSError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyMem_RawFree, PyMem_RawMalloc } from "../../memory/pymem";
import { _PyList_AppendTakeRef, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_Pack3 } from "../../objects/containers/tuple";
import { PyErr_ExceptionMatches, PyErr_Fail, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyModule_AddObjectLiteral, PyModule_GetDict } from "../../objects/module/module";
import { Py } from "../../objects/object/head";
import { PySequence_Fast, PySequence_Fast_ITEMS } from "../../objects/protocol/sequence";
import { fileDescriptorOf } from "../posix/path";
import { secondsArgument } from "../time/clocks";
import { addNumbers } from "../numbers";
import { EPOLL_NUMBERS, initEpollType } from "./epoll";
import { initPollType, newPoll } from "./poll";
import { RAISED, waitReady } from "./ready";

const NUMBERS = `
  PIPE_BUF 4096 POLLIN 1 POLLPRI 2 POLLOUT 4 POLLERR 8 POLLHUP 16 POLLNVAL 32 POLLRDNORM 64 POLLRDBAND 128 POLLWRNORM 256
  POLLWRBAND 512 POLLMSG 1024 POLLRDHUP 8192`;

/** Descriptors that select() takes: those below. */
const FD_SETSIZE: i32 = 1024;

const POLLIN: u16 = 1;
const POLLPRI: u16 = 2;
const POLLOUT: u16 = 4;
const POLLERR: u16 = 8;
const POLLHUP: u16 = 16;
const POLLNVAL: u16 = 32;

/** For each item of the list `o` a pollfd at `p` that asks for `events`: how many, or -1 with an exception. */
function fill(list: usize, p: usize, room: usize, events: u16): isize {
  // fileno() may change the list.
  let i: isize = 0;
  for (; i < Py.SIZE(list); i++) {
    const item = Py.NewRef(Py.item(PySequence_Fast_ITEMS(list), i));
    const fd = fileDescriptorOf(item);
    Py.DECREF(item);
    if (fd < 0) return -1;
    if (fd >= FD_SETSIZE) return PyErr_Fail(PyExc_ValueError, "filedescriptor out of range in select()");
    if (<usize>i >= room) return PyErr_Fail(PyExc_ValueError, "too many file descriptors in select()");
    const at = p + <usize>i * POLLFD_BYTES;
    pollfd.at(at).fd = fd;
    pollfd.at(at).events = events;
    pollfd.at(at).revents = 0;
  }
  return i;
}

/** A new list of the items whose pollfd, `n` from `p` on, is ready for one of `events`; null with MemoryError. */
function ready(list: usize, p: usize, n: isize, events: u16): usize {
  const result = PyList_New(0);
  for (let i: isize = 0; result != 0 && i < n && i < Py.SIZE(list); i++) {
    if ((pollfd.at(p + <usize>i * POLLFD_BYTES).revents & events) == 0) continue;
    if (_PyList_AppendTakeRef(result, Py.NewRef(Py.item(PySequence_Fast_ITEMS(list), i))) < 0) {
      Py.DECREF(result);
      return 0;
    }
  }
  return result;
}

function selectAmong(r: usize, w: usize, x: usize, fds: usize, room: usize, seconds: f64): usize {
  const nr = fill(r, fds, room, POLLIN);
  const writing = fds + <usize>nr * POLLFD_BYTES;
  const nw = nr < 0 ? -1 : fill(w, writing, room - <usize>nr, POLLOUT);
  const special = writing + <usize>nw * POLLFD_BYTES;
  const nx = nw < 0 ? -1 : fill(x, special, room - <usize>(nr + nw), POLLPRI);
  if (nx < 0) return 0;
  const n = <usize>(nr + nw + nx);
  const found = waitReady(fds, n, seconds);
  if (found < 0) return found == RAISED ? 0 : raiseErrno(-found);
  for (let p = fds; p < fds + n * POLLFD_BYTES; p += POLLFD_BYTES) {
    if (pollfd.at(p).revents & POLLNVAL) return raiseErrno(9);
  }
  const readable = ready(r, fds, nr, POLLIN | POLLHUP | POLLERR);
  const writable = readable == 0 ? 0 : ready(w, writing, nw, POLLOUT | POLLERR);
  const exceptional = writable == 0 ? 0 : ready(x, special, nx, POLLPRI);
  const result = exceptional == 0 ? 0 : PyTuple_Pack3(readable, writable, exceptional);
  Py.XDECREF(readable);
  Py.XDECREF(writable);
  Py.XDECREF(exceptional);
  return result;
}

/**
 * @native select.select($module, rlist, wlist, xlist, timeout=None, /)
 *
 * Waits until one of some descriptors is ready.
 *
 * The first three arguments are sequences of what is waited for:
 * rlist -- until it can be read
 * wlist -- until it can be written
 * xlist -- until there is something special about it (as the system has it)
 * If only one kind is wanted, give [] for the others.
 *
 * A descriptor is a number, or an object whose fileno() gives one.
 *
 * The fourth argument says how many seconds to wait at most, with fractions; without
 * it, or with None, there is no limit.
 *
 * A tuple of three lists is returned, of the same arguments where they are ready.
 * If the time is over before that, they
 * are empty.
 *
 * On Windows only sockets can be waited for, on Unix any descriptor that
 * the system can ask.
 */
export function select_select(_m: usize, rlist: usize, wlist: usize, xlist: usize, timeout: usize): usize {
  let seconds: f64 = -1;
  if (timeout != 0 && timeout != _Py_NoneStruct) {
    seconds = secondsArgument(timeout);
    if (isNaN(seconds)) {
      if (PyErr_ExceptionMatches(PyExc_TypeError)) PyErr_SetString(PyExc_TypeError, "timeout must be a float or None");
      return 0;
    }
    if (seconds < 0) return PyErr_SetString(PyExc_ValueError, "timeout must be non-negative");
  }
  const message = "arguments 1-3 must be sequences";
  const r = PySequence_Fast(rlist, message);
  const w = r == 0 ? 0 : PySequence_Fast(wlist, message);
  const x = w == 0 ? 0 : PySequence_Fast(xlist, message);
  let result: usize = 0;
  if (x != 0) {
    const room = <usize>FD_SETSIZE * 3;
    const fds = PyMem_RawMalloc(room * POLLFD_BYTES);
    if (fds == 0) raiseErrno(ENOMEM);
    else {
      result = selectAmong(r, w, x, fds, room, seconds);
      PyMem_RawFree(fds);
    }
  }
  Py.XDECREF(r);
  Py.XDECREF(w);
  Py.XDECREF(x);
  return result;
}

/**
 * @native select.poll($module, /)
 *
 * An object that asks descriptors whether they are ready.
 *
 * They can be added to it and taken out again, and waited for.
 */
export function select_poll(_m: usize): usize {
  return newPoll();
}

/**
 * @module select
 *
 * Waiting for several descriptors at once, as most systems can.
 *
 * Regular files are ready always: reading what somebody else adds to
 * one is not what this is for.
 */
export function initSelect(m: usize): i32 {
  const d = PyModule_GetDict(m);
  if (initPollType() < 0 || initEpollType() < 0) return -1;
  if (addNumbers(d, NUMBERS) < 0 || addNumbers(d, EPOLL_NUMBERS) < 0) return -1;
  return PyModule_AddObjectLiteral(m, "error", PyExc_OSError) == 0 &&
    PyModule_AddObjectLiteral(m, "epoll", PyEpoll_Type) == 0
    ? 0
    : -1;
}
