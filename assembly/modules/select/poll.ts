// select.poll: an object that knows which descriptors to ask, and for what (CPython 3.13's Modules/selectmodule.c).

import { ENOENT, Py_TPFLAGS_DISALLOW_INSTANTIATION, POLLFD_BYTES } from "../../generated/constants";
import { pollfd, pollObject, PyTypeObject, SIZEOF_pollObject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyExc_KeyError,
  PyExc_OverflowError,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFloat_Type,
  PyPoll_Type,
} from "../../generated/statics";
import { PyMem_RawFree, PyMem_RawMalloc } from "../../memory/pymem";
import {
  PyDict_DelItem,
  PyDict_GetItemWithError,
  PyDict_New,
  PyDict_KeyAt,
  PyDict_Next,
  PyDict_ValueAt,
  PyDict_SetItem,
  PyDict_Size,
} from "../../objects/containers/dict/dict";
import { _PyList_AppendTakeRef, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import {
  PyErr_Fail,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetObject,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyFloat_AsDouble } from "../../objects/numbers/float/float";
import { PyLong_AsInt, PyLong_AsLongLong, PyLong_FromLong } from "../../objects/numbers/int/create";
import { PyObject_Free } from "../../memory/pymem";
import { PyType_GenericAlloc } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { Py } from "../../objects/object/head";
import { PyNumber_Index } from "../../objects/protocol/number";
import { PyType_Ready } from "../../objects/types/ready";
import { fileDescriptorOf } from "../posix/path";
import { RAISED, waitReady } from "./ready";

const POLLIN: i32 = 1;
const POLLPRI: i32 = 2;
const POLLOUT: i32 = 4;

/** A new object; null with MemoryError. */
export function newPoll(): usize {
  const self = PyType_GenericAlloc(PyPoll_Type, 0);
  if (self == 0) return 0;
  const d = PyDict_New();
  pollObject.at(self).dict = d;
  if (d != 0) return self;
  Py.DECREF(self);
  return 0;
}

function poll_dealloc(self: usize): void {
  Py.XDECREF(pollObject.at(self).dict);
  PyObject_Free(self);
}

/** A mask of events: -1 with an exception. */
function maskArgument(o: usize): i32 {
  const index = PyNumber_Index(o);
  if (index == 0) return -1;
  const n = PyLong_AsLongLong(index);
  Py.DECREF(index);
  if (n == -1 && PyErr_Occurred() != 0) return -1;
  if (n < 0) return PyErr_Fail(PyExc_ValueError, "value must be positive");
  if (n > 0xffff) return PyErr_Fail(PyExc_OverflowError, "Python int too large for C unsigned short");
  return <i32>n;
}

/** Has the object ask a descriptor for what the mask says. */
function ask(self: usize, fd: i32, mask: i32): usize {
  const key = PyLong_FromLong(fd);
  const value = key == 0 ? 0 : PyLong_FromLong(mask);
  const r = value == 0 ? -1 : PyDict_SetItem(pollObject.at(self).dict, key, value);
  Py.XDECREF(key);
  Py.XDECREF(value);
  return r < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native select.poll.register($self, fd, eventmask=<unrepresentable>, /)
 *
 * Adds a descriptor to those that are asked.
 *
 *   fd
 *     a number, or an object whose fileno() gives one
 *   eventmask
 *     what for, POLLIN and so on
 */
export function poll_register(self: usize, fd: usize, eventmask: usize): usize {
  const number = fileDescriptorOf(fd);
  if (number < 0) return 0;
  const mask = eventmask == 0 ? POLLIN | POLLPRI | POLLOUT : maskArgument(eventmask);
  return mask < 0 ? 0 : ask(self, number, mask);
}

/**
 * @native select.poll.modify($self, fd, eventmask, /)
 *
 * Changes what a descriptor is asked for.
 *
 *   fd
 *     a number, or an object whose fileno() gives one
 *   eventmask
 *     what for, POLLIN and so on
 */
export function poll_modify(self: usize, fd: usize, eventmask: usize): usize {
  const number = fileDescriptorOf(fd);
  if (number < 0) return 0;
  const mask = maskArgument(eventmask);
  if (mask < 0) return 0;
  const key = PyLong_FromLong(number);
  if (key == 0) return 0;
  const known = PyDict_GetItemWithError(pollObject.at(self).dict, key);
  Py.DECREF(key);
  if (known == 0) return PyErr_Occurred() != 0 ? 0 : raiseErrno(ENOENT);
  return ask(self, number, mask);
}

/**
 * @native select.poll.unregister($self, fd, /)
 *
 * Takes a descriptor out of those that are asked.
 */
export function poll_unregister(self: usize, fd: usize): usize {
  const number = fileDescriptorOf(fd);
  if (number < 0) return 0;
  const key = PyLong_FromLong(number);
  if (key == 0) return 0;
  const d = pollObject.at(self).dict;
  let r = -1;
  const known = PyDict_GetItemWithError(d, key);
  if (known != 0) r = PyDict_DelItem(d, key);
  else if (PyErr_Occurred() == 0) PyErr_SetObject(PyExc_KeyError, key);
  Py.DECREF(key);
  return r < 0 ? 0 : _Py_NoneStruct;
}

/** The pollfd of everything that is asked, in a block of the raw domain; null with MemoryError. */
function requests(d: usize, n: usize): usize {
  const fds = PyMem_RawMalloc(n * POLLFD_BYTES);
  if (fds == 0) {
    PyErr_NoMemory();
    return 0;
  }
  let at: isize = 0;
  for (let p = fds; p < fds + n * POLLFD_BYTES; p += POLLFD_BYTES) {
    at = PyDict_Next(d, at);
    pollfd.at(p).fd = PyLong_AsInt(PyDict_KeyAt(d, at));
    pollfd.at(p).events = <u16>PyLong_AsInt(PyDict_ValueAt(d, at));
    pollfd.at(p).revents = 0;
  }
  return fds;
}

/** A new list of what is ready among the `n` pollfd; null with MemoryError. */
function answers(fds: usize, n: usize): usize {
  const list = PyList_New(0);
  for (let p = fds; list != 0 && p < fds + n * POLLFD_BYTES; p += POLLFD_BYTES) {
    if (pollfd.at(p).revents == 0) continue;
    const fd = PyLong_FromLong(pollfd.at(p).fd);
    const events = fd == 0 ? 0 : PyLong_FromLong(pollfd.at(p).revents);
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

/** Milliseconds as seconds, -1 for no limit; NaN with an exception. */
function timeoutArgument(timeout: usize): f64 {
  if (timeout == 0 || timeout == _Py_NoneStruct) return -1;
  let ms: f64;
  if (Py.TYPE(timeout) == PyFloat_Type) ms = PyFloat_AsDouble(timeout);
  else {
    const index = PyNumber_Index(timeout);
    if (index == 0) {
      PyErr_SetString(PyExc_TypeError, "timeout must be an integer or None");
      return NaN;
    }
    const n = PyLong_AsLongLong(index);
    Py.DECREF(index);
    if (n == -1 && PyErr_Occurred() != 0) {
      PyErr_SetString(PyExc_OverflowError, "timestamp too large to convert to C PyTime_t");
      return NaN;
    }
    ms = <f64>n;
  }
  if (isNaN(ms)) PyErr_SetString(PyExc_ValueError, "Invalid value NaN (not a number)");
  else if (abs<f64>(ms) > 2147483647) {
    PyErr_SetString(PyExc_OverflowError, "timeout is too large");
    return NaN;
  }
  return ms < 0 ? -1 : Math.ceil(ms) / 1000;
}

/**
 * @native select.poll.poll($self, timeout=None, /)
 *
 * Asks all descriptors, and waits until one is ready.
 *
 *   timeout
 *     How long at most, in milliseconds; without a limit if it is None or negative.
 *
 * A list of pairs is returned, (fd, event), for those that are ready or have an error.
 */
export function poll_poll(self: usize, timeout: usize): usize {
  const seconds = timeoutArgument(timeout);
  if (isNaN(seconds)) return 0;
  const o = pollObject.at(self);
  if (o.poll_running != 0) return PyErr_SetString(PyExc_RuntimeError, "concurrent poll() invocation");
  const n = <usize>PyDict_Size(o.dict);
  const fds = requests(o.dict, n);
  if (fds == 0) return 0;
  o.poll_running = 1;
  const r = waitReady(fds, n, seconds);
  o.poll_running = 0;
  const list = r >= 0 ? answers(fds, n) : r == RAISED ? 0 : raiseErrno(-r);
  PyMem_RawFree(fds);
  return list;
}

/**
 * @type select.poll
 */
export function initPollType(): i32 {
  const t = PyTypeObject.at(PyPoll_Type);
  t.tp_basicsize = SIZEOF_pollObject;
  t.tp_flags = Py_TPFLAGS_DISALLOW_INSTANTIATION;
  t.tp_dealloc = poll_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_Free.index;
  return PyType_Ready(PyPoll_Type);
}
