// Messages of sockets: sendmsg(), recvmsg(), recvmsg_into() (CPython 3.13's Modules/socketmodule.c).
//
// What goes beside the bytes are control messages as Linux has them, a head and data each, filled up to 8 bytes:
//
//   | length, 8 | level, 4 | type, 4 | data ... |
//
// Deliberate differences: only descriptors (SCM_RIGHTS) can be sent, and only between sockets of Unix in one process; they
// are duplicated when they are sent, so that what nobody receives stays open. Other sockets refuse them (EOPNOTSUPP).

import { EINVAL, O_CLOEXEC } from "../../generated/constants";
import { host } from "../../generated/host";
import { Py_buffer, PySocketSockObject, SIZEOF_Py_buffer } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyExc_BufferError,
  PyExc_OSError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyMem_RawFree, PyMem_RawMalloc } from "../../memory/pymem";
import { newBytes, PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { BytesLike } from "../../objects/bytes/common";
import { _PyList_AppendTakeRef, List, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_New, PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { ArgParser, ssizeArgument } from "../../objects/define/args";
import { Audit } from "../../objects/errors/audit";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
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
import {
  PySequence_Check,
  PySequence_Fast,
  PySequence_Fast_ITEMS,
  PySequence_Tuple,
} from "../../objects/protocol/sequence";
import { Scratch } from "../../thread/scratch";
import { addressArgument } from "./address";
import { again, deadline } from "./socket";
import { ADDRESS_BYTES, flagsArgument, senderObject, transmit } from "./transfer";

const SOL_SOCKET: i32 = 1;
const SCM_RIGHTS: i32 = 1;
const MSG_CTRUNC: i32 = 8;
const MSG_TRUNC: i32 = 32;
const MSG_CMSG_CLOEXEC: i32 = 0x40000000;
const POLLIN: u16 = 1;
const POLLOUT: u16 = 4;
/** Bytes of the head of what goes beside the bytes. */
const CMSG_HEAD: isize = 16;
// Of the head: where level and type stand.
const LEVEL: usize = 8;
const TYPE: usize = 12;
/** Of what is received besides the bytes: two words, then as many bytes of control messages at most. */
const BESIDE_HEAD: usize = 8;
const BESIDE_MAX: usize = 4096;
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
      const wrong = PyErr_ExceptionMatches(PyExc_TypeError) || PyErr_ExceptionMatches(PyExc_BufferError);
      if (there && flags == PyBUF_WRITABLE && wrong) {
        PyErr_Clear();
        const message = "recvmsg_into() argument 1 must be an iterable of single-segment read-write buffers";
        PyErr_SetString(PyExc_TypeError, message);
      }
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

/** A control message that Python gives as (level, type, data), as a bytes object; null with an exception. */
function controlMessage(item: usize): usize {
  if (!PySequence_Check(item)) {
    return PyErr_Format(
      PyExc_TypeError,
      "[sendmsg() ancillary data items]() argument must be 3-item sequence, not %t",
      item,
    );
  }
  const list = PySequence_Fast(item, "[sendmsg() ancillary data items]() argument must be 3-item sequence");
  // Its numbers may be Python's, and change a list.
  const triple = list == 0 ? 0 : PySequence_Tuple(list);
  Py.XDECREF(list);
  if (triple == 0) return 0;
  const r = messageOf(triple);
  Py.DECREF(triple);
  return r;
}

function messageOf(triple: usize): usize {
  const n = Py.SIZE(triple);
  if (n != 3) {
    const message = "[sendmsg() ancillary data items]() argument must be sequence of length 3, not %zd";
    return PyErr_Format(PyExc_TypeError, message, n);
  }
  const level = PyLong_AsInt(Tuple.get(triple, 0));
  if (level == -1 && PyErr_Occurred() != 0) return 0;
  const type = PyLong_AsInt(Tuple.get(triple, 1));
  if (type == -1 && PyErr_Occurred() != 0) return 0;
  const view = Buffer.open(Tuple.get(triple, 2));
  if (view == 0) return 0;
  const length = Buffer.length(view);
  const r = newBytes(CMSG_HEAD + length);
  if (r != 0) {
    const p = BytesLike.data(r);
    store<u64>(p, <u64>(CMSG_HEAD + length));
    store<i32>(p, level, LEVEL);
    store<i32>(p, type, TYPE);
    memory.copy(p + <usize>CMSG_HEAD, Buffer.data(view), <usize>length);
  }
  Buffer.close(view);
  return r;
}

/** The control messages that Python gives, a list of bytes objects; null with an exception. */
function controlMessages(ancillary: usize): usize {
  const given = PySequence_Fast(ancillary, "sendmsg() argument 2 must be an iterable");
  const messages = given == 0 ? 0 : PyList_New(0);
  for (let i: isize = 0; messages != 0 && i < Py.SIZE(given); i++) {
    const item = Py.NewRef(Py.item(PySequence_Fast_ITEMS(given), i));
    const message = controlMessage(item);
    Py.DECREF(item);
    if (message != 0 && _PyList_AppendTakeRef(messages, message) == 0) continue;
    Py.DECREF(given);
    Py.DECREF(messages);
    return 0;
  }
  Py.XDECREF(given);
  return messages;
}

/** Control messages in a block of their own. */
class Control {
  @inline static filled(length: isize): isize {
    return (length + 7) & ~7;
  }

  /** The block of the messages in a list; null with MemoryError. */
  static open(messages: usize): usize {
    const block = PyMem_RawMalloc(<usize>max<isize>(Control.size(messages), 1));
    if (block == 0) return PyErr_NoMemory();
    let p = block;
    for (let i: isize = 0; i < Py.SIZE(messages); i++) {
      const message = List.get(messages, i);
      const n = Py.SIZE(message);
      memory.fill(p + <usize>(n & ~7), 0, <usize>(Control.filled(n) - (n & ~7)));
      memory.copy(p, BytesLike.data(message), <usize>n);
      p += <usize>Control.filled(n);
    }
    return block;
  }

  static size(messages: usize): isize {
    let size: isize = 0;
    for (let i: isize = 0; i < Py.SIZE(messages); i++) size += Control.filled(Py.SIZE(List.get(messages, i)));
    return size;
  }

  /** Puts duplicates in the place of the descriptors in a block: 0, or a negative error number, with none of them left. */
  static duplicate(block: usize, size: isize): isize {
    for (let p = block; p < block + <usize>size; p = Control.next(p)) {
      if (load<i32>(p, LEVEL) == SOL_SOCKET && load<i32>(p, TYPE) == SCM_RIGHTS) continue;
      return -EINVAL;
    }
    for (let p = block; p < block + <usize>size; p = Control.next(p)) {
      const n = Control.descriptors(p);
      for (let i: isize = 0; i < n; i++) {
        const slot = Control.slot(p, i);
        const r = host.dup(load<i32>(slot), 0);
        if (r < 0) {
          Control.close(block, p - block);
          for (let k: isize = 0; k < i; k++) host.close(load<i32>(Control.slot(p, k)));
          return r;
        }
        store<i32>(slot, <i32>r);
      }
    }
    return 0;
  }

  /** Closes all descriptors in a block. */
  static close(block: usize, size: usize): void {
    for (let p = block; p < block + size; p = Control.next(p)) {
      for (let i: isize = 0; i < Control.descriptors(p); i++) host.close(load<i32>(Control.slot(p, i)));
    }
  }

  @inline static next(p: usize): usize {
    return p + <usize>Control.filled(<isize>load<u32>(p));
  }

  /** How many descriptors a message has. */
  @inline static descriptors(p: usize): isize {
    return (<isize>load<u32>(p) - CMSG_HEAD) >> 2;
  }

  @inline static slot(p: usize, i: isize): usize {
    return p + <usize>(CMSG_HEAD + i * 4);
  }
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
    const messages = ancillary == 0 ? PyList_New(0) : controlMessages(ancillary);
    if (messages != 0) {
      const sent = sendViews(self, views, n, messages, flags, address);
      if (sent >= 0) r = PyLong_FromSsize_t(sent);
      Py.DECREF(messages);
    }
    Views.close(views, n);
  }
  Py.DECREF(list);
  return r;
}

/** Sends the bytes of views, with control messages: how many bytes, or negative with an exception. */
function sendViews(self: usize, views: usize, n: isize, messages: usize, flags: i32, address: usize): isize {
  const total = Views.total(views, n);
  const block = PyMem_RawMalloc(<usize>max<isize>(total, 1));
  if (block == 0) {
    PyErr_NoMemory();
    return -1;
  }
  Views.copy(views, n, block, total, true);
  let r: isize = -1;
  if (Py.SIZE(messages) == 0) r = transmit(self, block, <usize>total, flags, address, deadline(self));
  else {
    const control = Control.open(messages);
    if (control != 0) {
      r = transmitWith(self, block, total, flags, address, control, Control.size(messages));
      PyMem_RawFree(control);
    }
  }
  PyMem_RawFree(block);
  return r;
}

/** As transmit(), with the control messages of a block. */
function transmitWith(self: usize, p: usize, n: isize, flags: i32, address: usize, control: usize, size: isize): isize {
  let r = Control.duplicate(control, size);
  if (r < 0) {
    raiseErrno(-r);
    return r;
  }
  const end = deadline(self);
  do {
    r = host.sendmsg(
      PySocketSockObject.at(self).sock_fd,
      p,
      <usize>n,
      flags,
      address == 0 ? 0 : BytesLike.data(address),
      address == 0 ? 0 : <usize>Py.SIZE(address),
      control,
      <usize>size,
    );
  } while (again(self, r, POLLOUT, end, flags));
  if (r < 0) Control.close(control, <usize>size);
  return r;
}

/** How many bytes of control messages there is room for: -1 with an exception. */
function ancillarySize(o: usize): isize {
  const size = o == 0 ? 0 : ssizeArgument(o);
  if (size == -1 && PyErr_Occurred() != 0) return -1;
  if (size >= 0 && size <= SOCKLEN_MAX) return size;
  PyErr_SetString(PyExc_ValueError, "invalid ancillary data buffer length");
  return -1;
}

/** What is received besides the bytes: a block, of which this class gives the parts. */
class Beside {
  /** A new one; null with MemoryError. */
  static open(): usize {
    const beside = PyMem_RawMalloc(ADDRESS_BYTES + BESIDE_HEAD + BESIDE_MAX);
    if (beside == 0) return PyErr_NoMemory();
    memory.fill(beside, 0, ADDRESS_BYTES + BESIDE_HEAD);
    return beside;
  }

  @inline static messages(beside: usize): usize {
    return beside + ADDRESS_BYTES + BESIDE_HEAD;
  }

  @inline static messagesSize(beside: usize): usize {
    return min<usize>(load<u32>(beside + ADDRESS_BYTES), BESIDE_MAX);
  }

  @inline static wasCut(beside: usize): bool {
    return load<u32>(beside + ADDRESS_BYTES, 4) != 0;
  }
}

/** Receives a message of up to `size` bytes into a block: how many bytes, or negative with an exception. */
function receiveMessage(self: usize, block: usize, size: isize, flags: i32, beside: usize): isize {
  const end = deadline(self);
  let r: isize;
  do {
    r = host.recvmsg(
      PySocketSockObject.at(self).sock_fd,
      block,
      <usize>size,
      flags,
      beside,
      ADDRESS_BYTES,
      beside + ADDRESS_BYTES,
      BESIDE_HEAD + BESIDE_MAX,
    );
  } while (again(self, r, POLLIN, end, flags));
  return r;
}

/**
 * The control messages that came, a list of (level, type, data), of which there is room for `room` bytes: null with an
 * exception. What there is no room for is closed, and MSG_CTRUNC added to the flags at `flags`.
 */
function messageList(beside: usize, room: isize, given: i32, flags: usize): usize {
  const list = PyList_New(0);
  const start = Beside.messages(beside);
  const end = start + Beside.messagesSize(beside);
  for (let p = start; p < end; p = Control.next(p)) {
    const n = Control.descriptors(p);
    const fit = list == 0 ? 0 : min<isize>(n, max<isize>((room - CMSG_HEAD) >> 2, 0));
    for (let i = fit; i < n; i++) host.close(load<i32>(Control.slot(p, i)));
    if (fit < n) store<i32>(flags, load<i32>(flags) | MSG_CTRUNC);
    if (fit == 0) continue;
    if (given & MSG_CMSG_CLOEXEC) {
      for (let i: isize = 0; i < fit; i++) {
        const fd = load<i32>(Control.slot(p, i));
        host.setfl(fd, <i32>host.getfl(fd) | O_CLOEXEC);
      }
    }
    room -= Control.filled(CMSG_HEAD + fit * 4);
    const level = PyLong_FromLong(load<i32>(p, LEVEL));
    const type = level == 0 ? 0 : PyLong_FromLong(load<i32>(p, TYPE));
    const data = type == 0 ? 0 : PyBytes_FromStringAndSize(Control.slot(p, 0), fit * 4);
    const triple = data == 0 ? 0 : PyTuple_Pack3(level, type, data);
    Py.XDECREF(level);
    Py.XDECREF(type);
    Py.XDECREF(data);
    if (triple != 0 && _PyList_AppendTakeRef(list, triple) == 0) continue;
    Control.close(Control.next(p), end - Control.next(p));
    Py.DECREF(list);
    return 0;
  }
  return list;
}

/** (what, ancillary data, flags, address), of `what`, which is stolen, and what came besides, which is freed. */
function messageResult(self: usize, what: usize, room: isize, given: i32, beside: usize): usize {
  const slot = Scratch.take(1);
  store<i32>(slot, what != 0 && Beside.wasCut(beside) ? MSG_TRUNC : 0);
  const ancillary = messageList(beside, what == 0 ? 0 : room, given, slot);
  const flags = load<i32>(slot);
  Scratch.give(slot);
  const from = what == 0 || ancillary == 0 ? 0 : senderObject(self, beside);
  PyMem_RawFree(beside);
  const number = from == 0 ? 0 : PyLong_FromLong(flags);
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
  const room = ancillarySize(nargs > 1 ? Py.item(argv, 1) : 0);
  if (room < 0) return 0;
  const beside = Beside.open();
  if (beside == 0) return 0;
  const block = PyMem_RawMalloc(<usize>max<isize>(size, 1));
  let what: usize = 0;
  if (block == 0) PyErr_NoMemory();
  else {
    const n = receiveMessage(self, block, size, flags, beside);
    if (n >= 0) what = PyBytes_FromStringAndSize(block, n);
    PyMem_RawFree(block);
  }
  return messageResult(self, what, room, flags, beside);
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
    const room = ancillarySize(nargs > 1 ? Py.item(argv, 1) : 0);
    if (room >= 0) r = receiveInViews(self, views, count, room, flags);
    Views.close(views, count);
  }
  Py.DECREF(list);
  return r;
}

function receiveInViews(self: usize, views: usize, count: isize, room: isize, flags: i32): usize {
  const beside = Beside.open();
  if (beside == 0) return 0;
  const size = Views.total(views, count);
  const block = PyMem_RawMalloc(<usize>max<isize>(size, 1));
  let what: usize = 0;
  if (block == 0) PyErr_NoMemory();
  else {
    const n = receiveMessage(self, block, size, flags, beside);
    if (n >= 0) {
      Views.copy(views, count, block, n, false);
      what = PyLong_FromSsize_t(n);
    }
    PyMem_RawFree(block);
  }
  return messageResult(self, what, room, flags, beside);
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
  if (length < 0 || length > SOCKLEN_MAX - ((CMSG_HEAD + fill + 1) & ~7)) {
    return PyErr_Format(PyExc_OverflowError, "%L() argument out of range", changetype<usize>(name));
  }
  return PyLong_FromSsize_t((CMSG_HEAD + length + fill) & ~fill);
}
