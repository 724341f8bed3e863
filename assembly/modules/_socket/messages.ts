// Messages of sockets: sendmsg(), recvmsg(), recvmsg_into() (CPython 3.13's Modules/socketmodule.c).
//
// Not there: what goes beside the bytes, such as descriptors (SCM_RIGHTS), as the host's handles take none. To send any is
// OSError (EOPNOTSUPP), none is ever received.

import { EOPNOTSUPP } from "../../generated/constants";
import { Py_buffer, PySocketSockObject, SIZEOF_Py_buffer } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyExc_OSError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyMem_RawFree, PyMem_RawMalloc } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { PyList_New } from "../../objects/containers/list/list";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { ArgParser, ssizeArgument } from "../../objects/define/args";
import { Audit } from "../../objects/errors/audit";
import { PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyLong_AsInt, PyLong_FromLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import {
  Buffer,
  PyBUF_SIMPLE,
  PyBUF_WRITABLE,
  PyBuffer_Release,
  PyObject_GetBuffer,
} from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { PySequence_Fast, PySequence_Fast_ITEMS } from "../../objects/protocol/sequence";
import { addressArgument, addressObject } from "./address";
import { deadline } from "./socket";
import { ADDRESS_BYTES, addressBlock, flagsArgument, receive, transmit } from "./transfer";

const SOCK_DGRAM: i32 = 2;
const MSG_TRUNC: i32 = 32;
/** Bytes of the head of what goes beside the bytes. */
const CMSG_HEAD: isize = 16;
const SOCKLEN_MAX: isize = 0x7fffffff;
/** Buffers that a message may be in. */
const IOV_MAX: isize = 1024;

/** Views of all buffers of a list or tuple. */
class Views {
  /** A block of views that are lent for `flags`, `Py.SIZE(list)` of them; null with an exception. */
  static open(list: usize, flags: i32): usize {
    const n = Py.SIZE(list);
    const views = PyMem_RawMalloc(<usize>n * SIZEOF_Py_buffer);
    if (views == 0) return PyErr_NoMemory();
    for (let i: isize = 0; i < n; i++) {
      // __buffer__() may change the list.
      const there = i < Py.SIZE(list);
      const item = there ? Py.NewRef(Py.item(PySequence_Fast_ITEMS(list), i)) : 0;
      const ok = there && PyObject_GetBuffer(item, Views.at(views, i), flags) == 0;
      Py.XDECREF(item);
      if (ok) continue;
      if (!there) PyErr_SetString(PyExc_ValueError, "buffers changed size while they were borrowed");
      Views.close(views, i);
      return 0;
    }
    return views;
  }

  static close(views: usize, n: isize): void {
    for (let i: isize = 0; i < n; i++) PyBuffer_Release(Views.at(views, i));
    PyMem_RawFree(views);
  }

  @inline static at(views: usize, i: isize): usize {
    return views + <usize>i * SIZEOF_Py_buffer;
  }

  /** How many bytes `n` views have. */
  static total(views: usize, n: isize): isize {
    let total: isize = 0;
    for (let i: isize = 0; i < n; i++) total += Py_buffer.at(Views.at(views, i)).len;
    return total;
  }

  /** Copies the bytes of the views to a block, or from there as many as `length`. */
  static copy(views: usize, n: isize, block: usize, length: isize, gather: bool): void {
    for (let i: isize = 0; i < n && length > 0; i++) {
      const view = Py_buffer.at(Views.at(views, i));
      const part = <usize>min<isize>(view.len, length);
      if (gather) memory.copy(block, view.buf, part);
      else memory.copy(view.buf, block, part);
      block += part;
      length -= <isize>part;
    }
  }
}

/** Whether what goes beside the bytes is a sequence of triples, none of them; false with an exception. */
function sendsNothingElse(ancillary: usize): bool {
  const list = PySequence_Fast(ancillary, "sendmsg() argument 2 must be an iterable");
  if (list == 0) return false;
  let ok: bool = true;
  for (let i: isize = 0; ok && i < Py.SIZE(list); i++) {
    const item = Py.NewRef(Py.item(PySequence_Fast_ITEMS(list), i));
    const triple = PySequence_Fast(item, "[sendmsg() ancillary data items] argument must be sequence of length 3");
    Py.DECREF(item);
    ok = triple != 0 && isTriple(triple);
    Py.XDECREF(triple);
  }
  if (ok && Py.SIZE(list) > 0) {
    raiseErrno(EOPNOTSUPP);
    ok = false;
  }
  Py.DECREF(list);
  return ok;
}

/** Whether a list or tuple is a level, a type and bytes; false with an exception. */
function isTriple(triple: usize): bool {
  const n = Py.SIZE(triple);
  if (n != 3) {
    const message = "[sendmsg() ancillary data items] argument must be sequence of length 3, not %zd";
    PyErr_Format(PyExc_TypeError, message, n);
    return false;
  }
  for (let i: isize = 0; i < 2 && i < Py.SIZE(triple); i++) {
    PyLong_AsInt(Py.item(PySequence_Fast_ITEMS(triple), i));
    if (PyErr_Occurred() != 0) return false;
  }
  const view = Py.SIZE(triple) < 3 ? 0 : Buffer.open(Py.item(PySequence_Fast_ITEMS(triple), 2));
  if (view == 0) return false;
  Buffer.close(view);
  return true;
}

/**
 * @native _socket.socket.sendmsg
 *
 * sendmsg(buffers[, ancdata[, flags[, address]]]) -> count
 *
 * Writes the bytes of several buffers as one message, and returns how many of them. What goes
 * beside them, ancdata, is an iterable of (cmsg_level, cmsg_type, cmsg_data): two numbers and
 * bytes. The flags are those of send(), the address that of sendto().
 */
export function socket_sendmsg(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("sendmsg", nargs, 1, 4)) return 0;
  const flags = flagsArgument(nargs > 2 ? Py.item(argv, 2) : 0);
  if (flags == -1 && PyErr_Occurred() != 0) return 0;
  let address: usize = 0;
  if (nargs > 3 && Py.item(argv, 3) != _Py_NoneStruct) {
    address = addressArgument(PySocketSockObject.at(self).sock_family, Py.item(argv, 3), "sendmsg");
    if (address == 0) return 0;
  }
  if (!Audit.event("socket.sendmsg", "OO", self, nargs > 3 ? Py.item(argv, 3) : 0)) {
    Py.XDECREF(address);
    return 0;
  }
  const r = sendBuffers(self, Py.item(argv, 0), nargs > 1 ? Py.item(argv, 1) : 0, flags, address);
  Py.XDECREF(address);
  return r;
}

function sendBuffers(self: usize, buffers: usize, ancillary: usize, flags: i32, address: usize): usize {
  const list = PySequence_Fast(buffers, "sendmsg() argument 1 must be an iterable");
  if (list == 0) return 0;
  const n = Py.SIZE(list);
  const views = n > IOV_MAX ? 0 : Views.open(list, PyBUF_SIMPLE);
  if (n > IOV_MAX) PyErr_SetString(PyExc_OSError, "sendmsg() argument 1 is too long");
  let r: usize = 0;
  if (views != 0) {
    if (ancillary == 0 || sendsNothingElse(ancillary)) {
      const total = Views.total(views, n);
      const block = PyMem_RawMalloc(<usize>total);
      if (block == 0) PyErr_NoMemory();
      else {
        Views.copy(views, n, block, total, true);
        const sent = transmit(self, block, <usize>total, flags, address, deadline(self));
        if (sent >= 0) r = PyLong_FromSsize_t(sent);
        PyMem_RawFree(block);
      }
    }
    Views.close(views, n);
  }
  Py.DECREF(list);
  return r;
}

/** A size of what goes beside the bytes: whether it may be that; false with an exception. */
function isAncillarySize(o: usize, message: string): bool {
  const size = o == 0 ? 0 : ssizeArgument(o);
  if (size == -1 && PyErr_Occurred() != 0) return false;
  if (size >= 0 && size <= SOCKLEN_MAX) return true;
  PyErr_SetString(PyExc_ValueError, message);
  return false;
}

/**
 * Receives a message of up to `size` bytes into a block, which has room for one more: that tells whether a datagram was
 * longer. How many bytes it has, or negative with an exception.
 */
function receiveMessage(self: usize, block: usize, size: isize, flags: i32, address: usize): isize {
  const more = PySocketSockObject.at(self).sock_type == SOCK_DGRAM ? 1 : 0;
  return receive(self, block, <usize>(size + more), flags, address, ADDRESS_BYTES);
}

/** (what, [], flags, address), of `what` and the address block, which are stolen. */
function messageResult(self: usize, what: usize, flags: i32, address: usize): usize {
  let n: usize = 0;
  while (n < ADDRESS_BYTES && load<u8>(address + n) != 0) n++;
  // Streams do not say who has sent the bytes.
  const from =
    what == 0 ? 0 : n == 0 ? _Py_NoneStruct : addressObject(PySocketSockObject.at(self).sock_family, address, n);
  PyMem_RawFree(address);
  const ancillary = from == 0 ? 0 : PyList_New(0);
  const number = ancillary == 0 ? 0 : PyLong_FromLong(flags);
  const r = number == 0 ? 0 : PyTuple_New(4);
  if (r == 0) {
    Py.XDECREF(what);
    Py.XDECREF(from);
    Py.XDECREF(ancillary);
    Py.XDECREF(number);
    return 0;
  }
  Tuple.set(r, 0, what);
  Tuple.set(r, 1, ancillary);
  Tuple.set(r, 2, number);
  Tuple.set(r, 3, from);
  return r;
}

/**
 * @native _socket.socket.recvmsg
 *
 * recvmsg(bufsize[, ancbufsize[, flags]]) -> (data, ancdata, msg_flags, address)
 *
 * Reads a message of up to bufsize bytes, with what goes beside them: up to ancbufsize bytes of that,
 * a list of (cmsg_level, cmsg_type, cmsg_data). The flags of the message say whether it was
 * longer, the address who has sent it.
 */
export function socket_recvmsg(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("recvmsg", nargs, 1, 3)) return 0;
  const size = ssizeArgument(Py.item(argv, 0));
  if (size == -1 && PyErr_Occurred() != 0) return 0;
  const flags = flagsArgument(nargs > 2 ? Py.item(argv, 2) : 0);
  if (flags == -1 && PyErr_Occurred() != 0) return 0;
  if (size < 0) return PyErr_SetString(PyExc_ValueError, "negative buffer size in recvmsg()");
  const sizeMessage = "invalid ancillary data buffer length";
  if (!isAncillarySize(nargs > 1 ? Py.item(argv, 1) : 0, sizeMessage)) return 0;
  const address = addressBlock();
  if (address == 0) return 0;
  const block = PyMem_RawMalloc(<usize>size + 1);
  let what: usize = 0;
  let n: isize = 0;
  if (block == 0) PyErr_NoMemory();
  else {
    n = receiveMessage(self, block, size, flags, address);
    if (n >= 0) what = PyBytes_FromStringAndSize(block, min(n, size));
    PyMem_RawFree(block);
  }
  return messageResult(self, what, n > size ? MSG_TRUNC : 0, address);
}

/**
 * @native _socket.socket.recvmsg_into
 *
 * recvmsg_into(buffers[, ancbufsize[, flags]]) -> (nbytes, ancdata, msg_flags, address)
 *
 * As recvmsg(), into several buffers, one after the other; how many bytes it
 * were is returned.
 */
export function socket_recvmsg_into(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("recvmsg_into", nargs, 1, 3)) return 0;
  const flags = flagsArgument(nargs > 2 ? Py.item(argv, 2) : 0);
  if (flags == -1 && PyErr_Occurred() != 0) return 0;
  const list = PySequence_Fast(Py.item(argv, 0), "recvmsg_into() argument 1 must be an iterable");
  if (list == 0) return 0;
  const count = Py.SIZE(list);
  let r: usize = 0;
  const views = count > IOV_MAX ? 0 : Views.open(list, PyBUF_WRITABLE);
  if (count > IOV_MAX) PyErr_SetString(PyExc_OSError, "recvmsg_into() argument 1 is too long");
  if (views != 0) {
    const sizeMessage = "invalid ancillary data buffer length";
    if (isAncillarySize(nargs > 1 ? Py.item(argv, 1) : 0, sizeMessage)) {
      r = receiveInViews(self, views, count, flags);
    }
    Views.close(views, count);
  }
  Py.DECREF(list);
  return r;
}

function receiveInViews(self: usize, views: usize, count: isize, flags: i32): usize {
  const address = addressBlock();
  if (address == 0) return 0;
  const size = Views.total(views, count);
  const block = PyMem_RawMalloc(<usize>size + 1);
  let what: usize = 0;
  let n: isize = 0;
  if (block == 0) PyErr_NoMemory();
  else {
    n = receiveMessage(self, block, size, flags, address);
    if (n >= 0) {
      Views.copy(views, count, block, min(n, size), false);
      what = PyLong_FromSsize_t(min(n, size));
    }
    PyMem_RawFree(block);
  }
  return messageResult(self, what, n > size ? MSG_TRUNC : 0, address);
}

/**
 * @native _socket.CMSG_LEN
 *
 * CMSG_LEN(length) -> control message length
 *
 * Bytes of something that goes beside a message, with its head and without what fills it up, if it
 * has so many of its own.
 */
export function socket_CMSG_LEN(_m: usize, argv: usize, nargs: isize): usize {
  return messageSize("CMSG_LEN", argv, nargs, 0);
}

/**
 * @native _socket.CMSG_SPACE
 *
 * CMSG_SPACE(length) -> buffer size
 *
 * Bytes that something takes that goes beside a message, if it has so many of its own.
 */
export function socket_CMSG_SPACE(_m: usize, argv: usize, nargs: isize): usize {
  return messageSize("CMSG_SPACE", argv, nargs, 7);
}

function messageSize(name: string, argv: usize, nargs: isize, fill: isize): usize {
  if (!ArgParser.count(name, nargs, 1, 1)) return 0;
  const length = ssizeArgument(Py.item(argv, 0));
  if (length == -1 && PyErr_Occurred() != 0) return 0;
  if (length < 0 || length > SOCKLEN_MAX - CMSG_HEAD - fill) {
    return PyErr_Format(PyExc_OverflowError, "%L() argument out of range", changetype<usize>(name));
  }
  return PyLong_FromSsize_t((CMSG_HEAD + length + fill) & ~fill);
}
