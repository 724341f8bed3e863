// The type _socket.socket (CPython 3.13's Modules/socketmodule.c).
//
// A socket of the kernel never blocks: where the program wants to wait, that is done here, so that signals are handled and
// other threads run meanwhile.

import { EAGAIN, ECONNRESET, EINPROGRESS, O_NONBLOCK, Py_TPFLAGS_BASETYPE } from "../../generated/constants";
import { host } from "../../generated/host";
import { pollfd, PySocketSockObject, PyTypeObject, SIZEOF_PySocketSockObject } from "../../generated/layouts";
import { socketRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  PyExc_TimeoutError,
  PyExc_ValueError,
  PyExc_Warning,
  PySocket_Type,
} from "../../generated/statics";
import { PyMem_RawFree } from "../../memory/pymem";
import { BytesLike } from "../../objects/bytes/common";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { ArgParser, parseTupleAndKeywords } from "../../objects/define/args";
import { Audit } from "../../objects/errors/audit";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Fail,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyErr_WriteUnraisable } from "../../objects/errors/unraisable";
import { PyErr_ResourceWarning } from "../../objects/errors/warnings";
import { boolObject } from "../../objects/numbers/bool";
import { PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { PyLong_AsInt, PyLong_FromLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyType_Ready } from "../../objects/types/ready";
import { PyObject_CallFinalizerFromDealloc } from "../../objects/types/subtype";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";
import { RAISED, waitReady } from "../select/ready";
import { secondsArgument } from "../time/clocks";
import { AF_INET, addressArgument, addressObject } from "./address";

const SOCK_STREAM: i32 = 1;
/** What a type may carry besides. */
const SOCK_CLOEXEC: i32 = 524288;
const SOCK_NONBLOCK: i32 = 2048;
const SOL_SOCKET: i32 = 1;
const SO_TYPE: i32 = 3;
const SO_ERROR: i32 = 4;
const SO_PROTOCOL: i32 = 38;
const SO_DOMAIN: i32 = 39;

const MSG_DONTWAIT: i32 = 0x40;
const POLLIN: u16 = 1;
const POLLOUT: u16 = 4;

/** Seconds as nanoseconds, -1 for None, no limit; -2 with an exception. */
export function timeoutArgument(timeout: usize): i64 {
  if (timeout == _Py_NoneStruct) return -1;
  const seconds = secondsArgument(timeout);
  if (isNaN(seconds)) return -2;
  if (seconds < 0) {
    PyErr_SetString(PyExc_ValueError, "Timeout value out of range");
    return -2;
  }
  return <i64>Math.ceil(seconds * 1e9);
}

function socket_new(type: usize, _args: usize, _kwargs: usize): usize {
  const self = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (self == 0) return 0;
  PySocketSockObject.at(self).sock_fd = -1;
  PySocketSockObject.at(self).sock_timeout = -1;
  return self;
}

class Socket {
  @inline static at(self: usize): PySocketSockObject {
    return PySocketSockObject.at(self);
  }

  @inline static fd(self: usize): i32 {
    return PySocketSockObject.at(self).sock_fd;
  }
}

/** Fills a new socket: -1 with an exception. `fd` is its own from here on. */
function initialise(self: usize, fd: i32, family: i32, type: i32, proto: i32): i32 {
  const s = Socket.at(self);
  s.sock_fd = fd;
  s.sock_family = family;
  s.sock_type = type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
  s.sock_proto = proto;
  s.sock_timeout = type & SOCK_NONBLOCK ? 0 : socketRoots.default_timeout;
  return s.sock_timeout < 0 ? 0 : setNonblocking(fd, true);
}

/** A new socket of a descriptor, which is its own from here on; null with an exception, and it is not. */
export function socketOf(fd: i32, family: i32, type: i32, proto: i32): usize {
  const self = socket_new(PySocket_Type, 0, 0);
  if (self == 0 || initialise(self, fd, family, type, proto) == 0) return self;
  PySocketSockObject.at(self).sock_fd = -1;
  Py.DECREF(self);
  return 0;
}

function setNonblocking(fd: i32, on: bool): i32 {
  const flags = host.getfl(fd);
  const r = flags < 0 ? flags : host.setfl(fd, <i32>(on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK));
  if (r >= 0) return 0;
  raiseErrno(-r);
  return -1;
}

/** The descriptor of a socket that exists already, from an argument: -1 with an exception. */
function givenDescriptor(o: usize): i32 {
  const fd = PyLong_AsInt(o);
  if (fd == -1 && PyErr_Occurred() != 0) return -1;
  return fd < 0 ? PyErr_Fail(PyExc_ValueError, "negative file descriptor") : fd;
}

function socket_init(self: usize, args: usize, kwargs: usize): i32 {
  const a = Scratch.take(4);
  const parsed = parseTupleAndKeywords("socket", "family type proto fileno", args, kwargs, a, 0, 4);
  const given = Py.item(a, 3);
  let family = !parsed || Py.item(a, 0) == 0 ? -1 : PyLong_AsInt(Py.item(a, 0));
  let type = !parsed || Py.item(a, 1) == 0 ? -1 : PyLong_AsInt(Py.item(a, 1));
  let proto = !parsed || Py.item(a, 2) == 0 ? -1 : PyLong_AsInt(Py.item(a, 2));
  Scratch.give(a);
  if (PyErr_Occurred() != 0) return -1;
  if (!Audit.event("socket.__new__", "Oiii", self, family, type, proto)) return -1;
  let fd: isize;
  if (given != 0 && given != _Py_NoneStruct) {
    fd = givenDescriptor(given);
    if (fd < 0) return -1;
    const domain = host.getsockopt(<i32>fd, SOL_SOCKET, SO_DOMAIN);
    if (domain < 0) {
      raiseErrno(-domain);
      return -1;
    }
    if (family == -1) family = <i32>domain;
    if (type == -1) type = <i32>host.getsockopt(<i32>fd, SOL_SOCKET, SO_TYPE);
    if (proto == -1) proto = <i32>host.getsockopt(<i32>fd, SOL_SOCKET, SO_PROTOCOL);
  } else {
    if (family == -1) family = AF_INET;
    if (type == -1) type = SOCK_STREAM;
    if (proto == -1) proto = 0;
    fd = host.socket(family, type | SOCK_CLOEXEC, proto);
    if (fd < 0) {
      raiseErrno(-fd);
      return -1;
    }
  }
  return initialise(self, <i32>fd, family, type, proto);
}

function socket_finalize(self: usize): void {
  const fd = Socket.fd(self);
  if (fd < 0) return;
  const saved = PyErr_GetRaisedException();
  if (PyErr_ResourceWarning(self, 1, "unclosed %R", self) < 0) {
    // Where warnings are errors, this one has nobody to go to.
    if (PyErr_ExceptionMatches(PyExc_Warning)) PyErr_WriteUnraisable(self);
    PyErr_Clear();
  }
  Socket.at(self).sock_fd = -1;
  host.close(fd);
  PyErr_SetRaisedException(saved);
}

/** The collector tracks sockets, though they refer to nothing. */
function socket_traverse(_self: usize, _visit: u32, _arg: usize): i32 {
  return 0;
}

function socket_dealloc(self: usize): void {
  if (PyObject_CallFinalizerFromDealloc(self)) return;
  PyObject_GC_UnTrack(self);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

function socket_repr(self: usize): usize {
  const s = Socket.at(self);
  const numbers = PyUnicode_FromFormat("family=%d, type=%d, proto=%d", s.sock_family, s.sock_type, s.sock_proto);
  const r = numbers == 0 ? 0 : PyUnicode_FromFormat("<socket object, fd=%d, %U>", s.sock_fd, numbers);
  Py.XDECREF(numbers);
  return r;
}

/** When an operation that begins now must have ended, in seconds of the clock; -1 without a limit. */
export function deadline(self: usize): f64 {
  const ns = Socket.at(self).sock_timeout;
  return ns < 0 ? -1 : host.monotonic() + <f64>ns / 1e9;
}

/**
 * Waits until the socket is ready for `events`, as long as the program wants to wait: 1, or 0 where it does not want to
 * (the operation's own error number is to be raised), or -1 with an exception.
 */
function awaitReady(self: usize, events: u16, end: f64): i32 {
  const ns = Socket.at(self).sock_timeout;
  if (ns == 0) return 0;
  const left = ns < 0 ? -1 : max<f64>(0, end - host.monotonic());
  const request = Scratch.take(1);
  pollfd.at(request).fd = Socket.fd(self);
  pollfd.at(request).events = events;
  pollfd.at(request).revents = 0;
  const r = waitReady(request, 1, left);
  Scratch.give(request);
  if (r == RAISED) return -1;
  if (r < 0) {
    raiseErrno(-r);
    return -1;
  }
  if (r == 0) {
    PyErr_SetString(PyExc_TimeoutError, "timed out");
    return -1;
  }
  return 1;
}

/**
 * Whether an operation with these flags that gave `r` is to be tried again; otherwise it has succeeded, or an exception is
 * set.
 */
export function again(self: usize, r: isize, events: u16, end: f64, flags: i32 = 0): bool {
  if (r >= 0) return false;
  if (-r == EAGAIN && (flags & MSG_DONTWAIT) == 0) {
    const ready = awaitReady(self, events, end);
    if (ready != 0) return ready > 0;
  }
  raiseErrno(-r);
  return false;
}

/** None, or null with OSError where `r` is a negative error number. */
function done(r: isize): usize {
  return r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
}

/**
 * @native _socket.socket._accept($self, /)
 *
 * _accept() -> (integer, address info)
 *
 * Waits for somebody who connects: the descriptor of the connection, and the address of the other side. For the internet
 * that is a pair (hostaddr, port).
 */
export function socket_accept(self: usize): usize {
  const end = deadline(self);
  let fd: isize;
  do fd = host.accept(Socket.fd(self));
  while (again(self, fd, POLLIN, end));
  if (fd < 0) return 0;
  const number = PyLong_FromSsize_t(fd);
  const address = number == 0 ? 0 : nameOf(self, <i32>fd, 1);
  const r = address == 0 ? 0 : PyTuple_Pack2(number, address);
  Py.XDECREF(number);
  Py.XDECREF(address);
  if (r == 0) host.close(<i32>fd);
  return r;
}

/** The own address of a descriptor, or that of the other side: new; null with an exception. */
function nameOf(self: usize, fd: i32, peer: i32): usize {
  const out = Scratch.take(1);
  const n = host.sockname(fd, peer, out);
  const block: usize = load<u32>(out);
  Scratch.give(out);
  if (n < 0) return raiseErrno(-n);
  const r = addressObject(Socket.at(self).sock_family, block, <usize>n);
  PyMem_RawFree(block);
  return r;
}

/**
 * @native _socket.socket.bind($self, object, /)
 *
 * bind(address)
 *
 * Gives the socket an address of its own. For the internet that is
 * a pair (host, port); the host must be this machine.
 */
export function socket_bind(self: usize, address: usize): usize {
  const bytes = addressArgument(Socket.at(self).sock_family, address, "bind");
  if (bytes == 0) return 0;
  if (!Audit.event("socket.bind", "OO", self, address)) {
    Py.DECREF(bytes);
    return 0;
  }
  const r = host.bind(Socket.fd(self), BytesLike.data(bytes), <usize>Py.SIZE(bytes));
  Py.DECREF(bytes);
  return done(r);
}

/** Connects: 0, a positive error number, or -1 with an exception. */
function connectTo(self: usize, address: usize, caller: string): isize {
  const bytes = addressArgument(Socket.at(self).sock_family, address, caller);
  if (bytes == 0) return -1;
  if (!Audit.event("socket.connect", "OO", self, address)) {
    Py.DECREF(bytes);
    return -1;
  }
  const end = deadline(self);
  const r = host.connect(Socket.fd(self), BytesLike.data(bytes), <usize>Py.SIZE(bytes));
  Py.DECREF(bytes);
  if (-r != EINPROGRESS) return -r;
  const ready = awaitReady(self, POLLOUT, end);
  if (ready <= 0) return ready < 0 ? -1 : EINPROGRESS;
  const error = host.getsockopt(Socket.fd(self), SOL_SOCKET, SO_ERROR);
  return error < 0 ? -error : error;
}

/**
 * @native _socket.socket.connect($self, object, /)
 *
 * connect(address)
 *
 * Connects the socket to another one. For the internet the address
 * is a pair (host, port).
 */
export function socket_connect(self: usize, address: usize): usize {
  const r = connectTo(self, address, "connect");
  return r < 0 ? 0 : r > 0 ? raiseErrno(r) : _Py_NoneStruct;
}

/**
 * @native _socket.socket.connect_ex($self, object, /)
 *
 * connect_ex(address) -> errno
 *
 * As connect(), but the error's number is returned and not raised; 0 where
 * there is none.
 */
export function socket_connect_ex(self: usize, address: usize): usize {
  let r = connectTo(self, address, "connect_ex");
  if (r < 0) {
    if (!PyErr_ExceptionMatches(PyExc_TimeoutError)) return 0;
    PyErr_Clear();
    r = EAGAIN;
  }
  return PyLong_FromSsize_t(r);
}

/**
 * @native _socket.socket.listen
 *
 * listen([backlog])
 *
 * Lets others connect to the socket. backlog is how many may wait to be
 * accepted.
 */
export function socket_listen(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("listen", nargs, 0, 1)) return 0;
  const backlog = nargs == 0 ? 128 : PyLong_AsInt(Py.item(argv, 0));
  if (backlog == -1 && PyErr_Occurred() != 0) return 0;
  return done(host.listen(Socket.fd(self), backlog < 0 ? 0 : backlog));
}

/**
 * @native _socket.socket.shutdown($self, object, /)
 *
 * shutdown(flag)
 *
 * Ends reading (SHUT_RD), writing (SHUT_WR), or both
 * (SHUT_RDWR).
 */
export function socket_shutdown(self: usize, how: i32): usize {
  return done(host.shutdown(Socket.fd(self), how));
}

/**
 * @native _socket.socket.getsockname($self, /)
 *
 * getsockname() -> address info
 *
 * The address of this side.
 */
export function socket_getsockname(self: usize): usize {
  return nameOf(self, Socket.fd(self), 0);
}

/**
 * @native _socket.socket.getpeername($self, /)
 *
 * getpeername() -> address info
 *
 * The address of the other side.
 */
export function socket_getpeername(self: usize): usize {
  return nameOf(self, Socket.fd(self), 1);
}

/**
 * @native _socket.socket.close($self, /)
 *
 * close()
 *
 * Closes the socket. It cannot be used after that.
 */
export function socket_close(self: usize): usize {
  const fd = Socket.fd(self);
  if (fd < 0) return _Py_NoneStruct;
  Socket.at(self).sock_fd = -1;
  const r = host.close(fd);
  // The other side may have gone before.
  return r < 0 && -r != ECONNRESET ? raiseErrno(-r) : _Py_NoneStruct;
}

/**
 * @native _socket.socket.detach($self, /)
 *
 * detach()
 *
 * Closes the object and not what its descriptor stands for, which is
 * returned.
 */
export function socket_detach(self: usize): usize {
  const fd = Socket.fd(self);
  Socket.at(self).sock_fd = -1;
  return PyLong_FromLong(fd);
}

/**
 * @native _socket.socket.fileno($self, /)
 *
 * fileno() -> integer
 *
 * The descriptor.
 */
export function socket_fileno(self: usize): usize {
  return PyLong_FromLong(Socket.fd(self));
}

/**
 * @native _socket.socket.settimeout($self, object, /)
 *
 * settimeout(timeout)
 *
 * Sets how many seconds operations wait, a number with fractions: 0 for
 * not at all, None for no limit.
 */
export function socket_settimeout(self: usize, timeout: usize): usize {
  const ns = timeoutArgument(timeout);
  if (ns < -1) return 0;
  Socket.at(self).sock_timeout = ns;
  return setNonblocking(Socket.fd(self), ns >= 0) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _socket.socket.gettimeout($self, /)
 *
 * gettimeout() -> timeout
 *
 * How many seconds operations wait; None for no limit.
 */
export function socket_gettimeout(self: usize): usize {
  const ns = Socket.at(self).sock_timeout;
  return ns < 0 ? _Py_NoneStruct : PyFloat_FromDouble(<f64>ns / 1e9);
}

/**
 * @native _socket.socket.setblocking($self, object, /)
 *
 * setblocking(flag)
 *
 * Whether operations wait: True is settimeout(None), False is
 * settimeout(0.0).
 */
export function socket_setblocking(self: usize, flag: usize): usize {
  const blocking = PyObject_IsTrue(flag);
  if (blocking < 0) return 0;
  Socket.at(self).sock_timeout = blocking ? -1 : 0;
  return setNonblocking(Socket.fd(self), blocking == 0) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _socket.socket.getblocking($self, /)
 *
 * getblocking()
 *
 * Whether operations wait.
 */
export function socket_getblocking(self: usize): usize {
  return boolObject(Socket.at(self).sock_timeout != 0);
}

/**
 * @getter _socket.socket.timeout
 * how many seconds operations wait
 */
export function socket_get_timeout(self: usize, _c: usize): usize {
  return socket_gettimeout(self);
}

/**
 * @type _socket.socket(family=AF_INET, type=SOCK_STREAM, proto=0)
 *
 * socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object
 * socket(family=-1, type=-1, proto=-1, fileno=None) -> socket object
 *
 * Opens a socket of a kind. family says what its addresses are like, AF_INET if
 * it is not given; type what it carries, SOCK_STREAM or SOCK_DGRAM; proto
 * is 0 as a rule.
 *
 * With fileno it stands for a socket that is open already, and the rest is found
 * out unless it is given.
 *
 * A socket object is one end of a connection.
 *
 * @member _socket.socket.family = PySocketSockObject.sock_family readonly
 * the family of its addresses
 *
 * @member _socket.socket.type = PySocketSockObject.sock_type readonly
 * what it carries
 *
 * @member _socket.socket.proto = PySocketSockObject.sock_proto readonly
 * its protocol
 */
export function initSocketType(): i32 {
  const size = SIZEOF_PySocketSockObject;
  const t = collectedType(PySocket_Type, size, socket_dealloc.index, socket_traverse.index, 0, Py_TPFLAGS_BASETYPE);
  t.tp_finalize = socket_finalize.index;
  t.tp_repr = socket_repr.index;
  t.tp_new = socket_new.index;
  t.tp_init = socket_init.index;
  return PyType_Ready(PySocket_Type);
}
