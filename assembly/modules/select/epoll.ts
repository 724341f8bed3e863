// select.epoll: an object that descriptors stay registered with (CPython 3.13's Modules/selectmodule.c). The host has
// none: what is registered is a dict, and waiting asks for all of it (ready.ts).
//
// Invariant: the dict has for a descriptor its mask, and above 32 bits what has been told of it already, for those that are
// told of changes alone (EPOLLET). selectRoots.epolls has the dict of each epoll that is open, by its descriptor, which is
// one of /dev/null.
//
// Difference: a descriptor that is closed leaves it when it is next asked for, not at once; the epoll's own cannot be waited
// for in turn.

import { EBADF, EEXIST, EINVAL, ENOENT, EPERM, POLLFD_BYTES } from "../../generated/constants";
import { host } from "../../generated/host";
import {
  FileStatus,
  pollfd,
  pyEpoll_Object,
  PyTypeObject,
  SIZEOF_FileStatus,
  SIZEOF_pyEpoll_Object,
} from "../../generated/layouts";
import { selectRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  PyEpoll_Type,
  PyExc_OSError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyMem_RawFree, PyMem_RawMalloc, PyObject_Free } from "../../memory/pymem";
import {
  PyDict_DelItem,
  PyDict_GetItemWithError,
  PyDict_KeyAt,
  PyDict_New,
  PyDict_Next,
  PyDict_SetItem,
  PyDict_Size,
  PyDict_ValueAt,
} from "../../objects/containers/dict/dict";
import { _PyList_AppendTakeRef, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { parseArguments, parseTupleAndKeywords } from "../../objects/define/args";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { boolObject } from "../../objects/numbers/bool";
import {
  PyLong_AsInt,
  PyLong_AsLongLong,
  PyLong_FromLong,
  PyLong_FromLongLong,
} from "../../objects/numbers/int/create";
import { PyType_GenericAlloc } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { Py } from "../../objects/object/head";
import { makeMutable } from "../../objects/types/mutable";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { fileDescriptorOf } from "../posix/path";
import { secondsArgument } from "../time/clocks";
import { RAISED, waitReady } from "./ready";

export const EPOLL_NUMBERS = `
  EPOLLIN 1 EPOLLPRI 2 EPOLLOUT 4 EPOLLERR 8 EPOLLHUP 16 EPOLLRDNORM 64 EPOLLRDBAND 128 EPOLLWRNORM 256 EPOLLWRBAND 512
  EPOLLMSG 1024 EPOLLRDHUP 8192 EPOLLEXCLUSIVE 268435456 EPOLLWAKEUP 536870912 EPOLLONESHOT 1073741824
  EPOLLET 2147483648 EPOLL_CLOEXEC 524288`;

const EPOLLONESHOT: u32 = 1 << 30;
const EPOLLET: u32 = (<u32>1) << 31;
const EPOLL_CLOEXEC: i32 = 0x80000;
/** The events that a descriptor has, the others being how they are told. */
const EVENTS: u32 = 0xffff;
const DEFAULT_EVENTS: u32 = 1 | 2 | 4;
const POLLNVAL: u32 = 32;
const S_IFMT: u32 = 0o170000;
const S_IFREG: u32 = 0o100000;
const S_IFDIR: u32 = 0o040000;
const INT_MAX: i64 = 0x7fffffff;
const EVENTS_MOST: i32 = 1023;

const NULL_DEVICE = memory.data<u8>([47, 100, 101, 118, 47, 110, 117, 108, 108]);
const NULL_DEVICE_LENGTH: usize = 9;

/** A new object over a descriptor, with what is registered (stolen, null with an exception): null with an exception. */
function newEpoll(type: usize, fd: i32, registered: usize): usize {
  const self = registered == 0 ? 0 : PyType_GenericAlloc(type, 0);
  if (self == 0) {
    Py.XDECREF(registered);
    return 0;
  }
  pyEpoll_Object.at(self).epfd = fd;
  pyEpoll_Object.at(self).registered = registered;
  return self;
}

/** Notes what is registered with a descriptor: 0, or -1 with an exception. */
function note(fd: i32, registered: usize): i32 {
  if (selectRoots.epolls == 0) selectRoots.epolls = PyDict_New();
  const key = selectRoots.epolls == 0 ? 0 : PyLong_FromLong(fd);
  const r = key == 0 ? -1 : PyDict_SetItem(selectRoots.epolls, key, registered);
  Py.XDECREF(key);
  return r;
}

function epoll_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("epoll", "sizehint flags", args, kwargs, a, 0, 2);
  const sizehint = ok && Py.item(a, 0) != 0 ? PyLong_AsInt(Py.item(a, 0)) : -1;
  const flags = ok && Py.item(a, 1) != 0 && PyErr_Occurred() == 0 ? PyLong_AsInt(Py.item(a, 1)) : 0;
  Scratch.give(a);
  if (!ok || PyErr_Occurred() != 0) return 0;
  if (sizehint != -1 && sizehint <= 0) return PyErr_SetString(PyExc_ValueError, "negative sizehint");
  if (flags != 0 && flags != EPOLL_CLOEXEC) return PyErr_SetString(PyExc_OSError, "invalid flags");
  const fd = <i32>host.open(NULL_DEVICE, NULL_DEVICE_LENGTH, EPOLL_CLOEXEC, 0);
  if (fd < 0) return raiseErrno(-fd);
  const self = newEpoll(type, fd, PyDict_New());
  if (self != 0 && note(fd, pyEpoll_Object.at(self).registered) == 0) return self;
  if (self == 0) host.close(fd);
  Py.XDECREF(self);
  return 0;
}

/** Closes it: 0, or a negative error number. */
function closeEpoll(self: usize): i32 {
  const x = pyEpoll_Object.at(self);
  const fd = x.epfd;
  if (fd < 0) return 0;
  x.epfd = -1;
  const key = selectRoots.epolls == 0 ? 0 : PyLong_FromLong(fd);
  if (key == 0 || PyDict_DelItem(selectRoots.epolls, key) < 0) PyErr_Clear();
  Py.XDECREF(key);
  return <i32>host.close(fd);
}

function epoll_dealloc(self: usize): void {
  closeEpoll(self);
  Py.XDECREF(pyEpoll_Object.at(self).registered);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

/** Whether it is open; false with ValueError. */
function isOpen(self: usize): bool {
  if (pyEpoll_Object.at(self).epfd >= 0) return true;
  PyErr_SetString(PyExc_ValueError, "I/O operation on closed epoll object");
  return false;
}

/**
 * @native select.epoll.close($self, /)
 *
 * Closes it and its descriptor. What is done with it afterwards is an error.
 */
export function epoll_close(self: usize): usize {
  const r = closeEpoll(self);
  return r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
}

/**
 * @getter select.epoll.closed
 *
 * Whether it has been closed
 */
export function epoll_closed(self: usize, _c: usize): usize {
  return boolObject(pyEpoll_Object.at(self).epfd < 0);
}

/**
 * @native select.epoll.fileno($self, /)
 *
 * Its descriptor, a number.
 */
export function epoll_fileno(self: usize): usize {
  return isOpen(self) ? PyLong_FromLong(pyEpoll_Object.at(self).epfd) : 0;
}

/**
 * @classmethod select.epoll.fromfd($type, fd, /)
 *
 * An object for the descriptor of another.
 */
export function epoll_fromfd(type: usize, fd: i32): usize {
  const key = PyLong_FromLong(fd);
  const known = key == 0 || selectRoots.epolls == 0 ? 0 : PyDict_GetItemWithError(selectRoots.epolls, key);
  Py.XDECREF(key);
  if (known == 0 && PyErr_Occurred() != 0) return 0;
  return newEpoll(type, fd, known == 0 ? PyDict_New() : Py.NewRef(known));
}

/** A mask of events; 0 with an exception, as any 0 may be. */
function maskArgument(o: usize): u32 {
  return <u32>PyLong_AsLongLong(o);
}

/** What is wrong with registering a descriptor: 0, or an error number. */
function refusal(self: usize, fd: i32): i32 {
  const status = Scratch.take(SIZEOF_FileStatus >> 3);
  const r = host.fstat(fd, status);
  const kind = FileStatus.at(status).mode & S_IFMT;
  Scratch.give(status);
  if (r < 0) return EBADF;
  if (fd == pyEpoll_Object.at(self).epfd) return EINVAL;
  return kind == S_IFREG || kind == S_IFDIR ? EPERM : 0;
}

/** Registers a descriptor with a mask, as one that is new or is known: a new reference to None. */
function registerAs(self: usize, fd: i32, mask: u32, isNew: bool): usize {
  const refused = refusal(self, fd);
  if (refused != 0) return raiseErrno(refused);
  const d = pyEpoll_Object.at(self).registered;
  const key = PyLong_FromLong(fd);
  const known = key != 0 && PyDict_GetItemWithError(d, key) != 0;
  let r = -1;
  if (PyErr_Occurred() == 0) {
    if (known == isNew) raiseErrno(isNew ? EEXIST : ENOENT);
    else {
      const value = PyLong_FromLongLong(<i64>mask);
      if (value != 0) r = PyDict_SetItem(d, key, value);
      Py.XDECREF(value);
    }
  }
  Py.XDECREF(key);
  return r < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native select.epoll.register($self, /, fd, eventmask=<unrepresentable>)
 *
 * Registers a descriptor; an OSError if it is registered already.
 *
 *   fd
 *     a number, or an object whose fileno() gives one
 *   eventmask
 *     what for, EPOLLIN and so on
 *
 * The descriptors of files of a disk cannot be.
 */
export function epoll_register(self: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(2);
  const ok = parseArguments("register", "fd eventmask", argv, nargs, kwnames, a, 1, 2);
  const fd = ok ? fileDescriptorOf(Py.item(a, 0)) : -1;
  const mask = fd < 0 ? 0 : Py.item(a, 1) == 0 ? DEFAULT_EVENTS : maskArgument(Py.item(a, 1));
  Scratch.give(a);
  if (fd < 0 || PyErr_Occurred() != 0 || !isOpen(self)) return 0;
  return registerAs(self, fd, mask, true);
}

/**
 * @native select.epoll.modify($self, /, fd, eventmask)
 *
 * Changes what a descriptor is registered for.
 *
 *   fd
 *     a number, or an object whose fileno() gives one
 *   eventmask
 *     what for, EPOLLIN and so on
 */
export function epoll_modify(self: usize, fd: usize, eventmask: usize): usize {
  const number = fileDescriptorOf(fd);
  if (number < 0) return 0;
  const mask = maskArgument(eventmask);
  if (PyErr_Occurred() != 0 || !isOpen(self)) return 0;
  return registerAs(self, number, mask, false);
}

/**
 * @native select.epoll.unregister($self, /, fd)
 *
 * Takes a descriptor out again.
 *
 *   fd
 *     a number, or an object whose fileno() gives one
 */
export function epoll_unregister(self: usize, fd: usize): usize {
  const number = fileDescriptorOf(fd);
  if (number < 0 || !isOpen(self)) return 0;
  if (host.getfl(number) < 0) return raiseErrno(EBADF);
  const d = pyEpoll_Object.at(self).registered;
  const key = PyLong_FromLong(number);
  const known = key != 0 && PyDict_GetItemWithError(d, key) != 0;
  let r = -1;
  if (known) r = PyDict_DelItem(d, key);
  else if (PyErr_Occurred() == 0) raiseErrno(ENOENT);
  Py.XDECREF(key);
  return r < 0 ? 0 : _Py_NoneStruct;
}

/**
 * The pollfd of everything that is registered, in a block of the raw domain; null with MemoryError. `fresh`: asks for what
 * has not been told of.
 */
function requests(d: usize, n: usize, fresh: bool): usize {
  const fds = PyMem_RawMalloc(n * POLLFD_BYTES);
  if (fds == 0) return PyErr_NoMemory();
  let at: isize = 0;
  for (let p = fds; p < fds + n * POLLFD_BYTES; p += POLLFD_BYTES) {
    at = PyDict_Next(d, at);
    const value = <u64>PyLong_AsLongLong(PyDict_ValueAt(d, at));
    let events = <u32>value & EVENTS;
    if (fresh && (<u32>value & EPOLLET) != 0) events &= ~(<u32>(value >> 32));
    pollfd.at(p).fd = PyLong_AsInt(PyDict_KeyAt(d, at));
    pollfd.at(p).events = <u16>events;
    pollfd.at(p).revents = 0;
  }
  return fds;
}

/** What a descriptor is told of, of what it is ready for, which is noted: the events, -1 with an exception. */
function tell(d: usize, fd: i32, ready: u32): i32 {
  const key = PyLong_FromLong(fd);
  const known = key == 0 ? 0 : PyDict_GetItemWithError(d, key);
  if (known == 0) {
    Py.XDECREF(key);
    return PyErr_Occurred() != 0 ? -1 : 0;
  }
  let told: i32 = 0;
  let status = 0;
  if ((ready & POLLNVAL) != 0) status = PyDict_DelItem(d, key);
  else {
    const value = <u64>PyLong_AsLongLong(known);
    const mask = <u32>value;
    let next = value;
    // One that is told of once asks for nothing more until it is registered anew.
    const asks = (mask & EVENTS) != 0;
    if ((mask & EPOLLET) == 0) told = asks ? <i32>ready : 0;
    else {
      if ((ready & ~(<u32>(value >> 32))) != 0) told = <i32>ready;
      next = <u64>mask | ((<u64>ready) << 32);
    }
    if (told != 0 && (mask & EPOLLONESHOT) != 0) next = <u64>(mask & ~EVENTS);
    if (next != value) {
      const changed = PyLong_FromLongLong(<i64>next);
      status = changed == 0 ? -1 : PyDict_SetItem(d, key, changed);
      Py.XDECREF(changed);
    }
  }
  Py.DECREF(key);
  return status < 0 ? -1 : told;
}

/** A new list of what is to be told, at most so many pairs; null with an exception. */
function answers(d: usize, fds: usize, n: usize, most: i32): usize {
  const list = PyList_New(0);
  for (let p = fds; list != 0 && p < fds + n * POLLFD_BYTES && Py.SIZE(list) < most; p += POLLFD_BYTES) {
    const told = tell(d, pollfd.at(p).fd, pollfd.at(p).revents);
    if (told == 0) continue;
    const fd = told < 0 ? 0 : PyLong_FromLong(pollfd.at(p).fd);
    const events = fd == 0 ? 0 : PyLong_FromLong(told);
    const pair = events == 0 ? 0 : PyTuple_Pack2(fd, events);
    Py.XDECREF(fd);
    Py.XDECREF(events);
    if (pair == 0 || _PyList_AppendTakeRef(list, pair) < 0) {
      Py.DECREF(list);
      return 0;
    }
  }
  return list;
}

/** Asks for everything once, waiting so many seconds for what has not been told of: a new list, null with an exception. */
function ask(d: usize, seconds: f64, most: i32): usize {
  const n = <usize>PyDict_Size(d);
  const fds = requests(d, n, seconds != 0);
  if (fds == 0) return 0;
  const r = waitReady(fds, n, seconds);
  let list: usize = 0;
  if (r == RAISED) list = 0;
  else if (r < 0) raiseErrno(-r);
  else list = seconds != 0 ? PyList_New(0) : answers(d, fds, n, most);
  PyMem_RawFree(fds);
  return list;
}

/** Seconds, -1 for no limit; NaN with an exception. */
function timeoutOf(timeout: usize): f64 {
  if (timeout == 0 || timeout == _Py_NoneStruct) return -1;
  const seconds = secondsArgument(timeout);
  if (isNaN(seconds)) {
    if (PyErr_ExceptionMatches(PyExc_TypeError)) {
      PyErr_SetString(PyExc_TypeError, "timeout must be an integer or None");
    }
    return NaN;
  }
  if (Math.ceil(seconds * 1000) > <f64>INT_MAX || seconds * 1000 < -2147483648) {
    PyErr_SetString(PyExc_OverflowError, "timeout is too large");
    return NaN;
  }
  return seconds < 0 ? -1 : seconds;
}

/**
 * @native select.epoll.poll($self, /, timeout=None, maxevents=-1)
 *
 * Waits until one of what is registered is ready.
 *
 *   timeout
 *     How long at most, in seconds; without a limit if it is None or -1.
 *   maxevents
 *     How many are returned at most.
 *
 * A list of pairs is returned, (fd, events).
 */
export function epoll_poll(self: usize, timeout: usize, maxevents: i32): usize {
  if (!isOpen(self)) return 0;
  const seconds = timeoutOf(timeout);
  if (isNaN(seconds)) return 0;
  if (host.getfl(pyEpoll_Object.at(self).epfd) < 0) return raiseErrno(EBADF);
  const most = maxevents == -1 ? EVENTS_MOST : maxevents;
  if (most <= 0) return PyErr_Format(PyExc_ValueError, "maxevents must be greater than 0, got %d", maxevents);
  const d = Py.NewRef(pyEpoll_Object.at(self).registered);
  const end = seconds <= 0 ? 0 : host.monotonic() + seconds;
  let list: usize = 0;
  while (true) {
    list = ask(d, 0, most);
    if (list == 0 || Py.SIZE(list) > 0 || seconds == 0) break;
    const left = seconds < 0 ? -1 : end - host.monotonic();
    if (seconds > 0 && left <= 0) break;
    // What is found ready is asked for again.
    Py.DECREF(list);
    list = ask(d, left, most);
    if (list == 0) break;
    Py.DECREF(list);
  }
  Py.DECREF(d);
  return list;
}

/**
 * @native select.epoll.__enter__($self, /)
 */
export function epoll_enter(self: usize): usize {
  return isOpen(self) ? Py.NewRef(self) : 0;
}

/**
 * @native select.epoll.__exit__($self, exc_type=None, exc_value=None, exc_tb=None, /)
 */
export function epoll_exit(self: usize, _exc_type: usize, _exc_value: usize, _exc_tb: usize): usize {
  return epoll_close(self);
}

/**
 * @type select.epoll
 *
 * select.epoll(sizehint=-1, flags=0)
 *
 * Descriptors that stay registered, and are told of when they are ready.
 *
 *   sizehint
 *     A number above 0, or -1. It means nothing.
 *   flags
 *     0 or EPOLL_CLOEXEC.
 */
export function initEpollType(): i32 {
  const t = PyTypeObject.at(PyEpoll_Type);
  t.tp_basicsize = SIZEOF_pyEpoll_Object;
  t.tp_new = epoll_new.index;
  t.tp_dealloc = epoll_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_Free.index;
  if (PyType_Ready(PyEpoll_Type) < 0) return -1;
  makeMutable(PyEpoll_Type);
  return 0;
}
