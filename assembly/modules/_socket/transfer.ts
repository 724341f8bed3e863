// Reading and writing of sockets, and their options (CPython 3.13's Modules/socketmodule.c).

import { host } from "../../generated/host";
import { Py_TPFLAGS_LONG_SUBCLASS } from "../../generated/constants";
import { PySocketSockObject } from "../../generated/layouts";
import { _Py_NoneStruct, PyExc_OSError, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { PyMem_RawFree, PyMem_RawMalloc } from "../../memory/pymem";
import { newBytes, firstBytes } from "../../objects/bytes/bytes";
import { BytesLike } from "../../objects/bytes/common";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { ArgParser, parseArguments, ssizeArgument } from "../../objects/define/args";
import { Audit } from "../../objects/errors/audit";
import { PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyLong_AsInt, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { Buffer, PyBUF_WRITABLE } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { Scratch } from "../../thread/scratch";
import { handlePending } from "../../vm/breaker";
import { addressArgument, addressObject } from "./address";
import { again, deadline } from "./socket";

const POLLIN: u16 = 1;
const POLLOUT: u16 = 4;
/** Room for the address of who sent something. */
export const ADDRESS_BYTES: usize = 128;

class Descriptor {
  @inline static of(self: usize): i32 {
    return PySocketSockObject.at(self).sock_fd;
  }
}

/** Flags, 0 where they are not given; -1 with an exception as any -1 may be. */
export function flagsArgument(o: usize): i32 {
  return o == 0 ? 0 : PyLong_AsInt(o);
}

/** Reads into `n` bytes at `p`, and where the `room` bytes at `address` are given, who sent them: as host.recv. An exception is set where that is negative. */
function receive(self: usize, p: usize, n: usize, flags: i32, address: usize, room: usize): isize {
  const end = deadline(self);
  let r: isize;
  do r = host.recv(Descriptor.of(self), p, n, flags, address, room);
  while (again(self, r, POLLIN, end, flags));
  return r;
}

/** Bytes that were received: new; null with an exception. `address` as receive() has it. */
function receiveBytes(self: usize, size: isize, flags: i32, address: usize, room: usize): usize {
  if (size < 0) return PyErr_SetString(PyExc_ValueError, "negative buffersize in recv");
  const bytes = newBytes(size);
  if (bytes == 0) return 0;
  const r = receive(self, BytesLike.data(bytes), <usize>size, flags, address, room);
  if (r < 0) {
    Py.DECREF(bytes);
    return 0;
  }
  return firstBytes(bytes, r);
}

/** The address in a block of ADDRESS_BYTES: a new reference, None where there is none; null with an exception. */
export function senderObject(self: usize, block: usize): usize {
  let n: usize = 0;
  while (n < ADDRESS_BYTES && load<u8>(block + n) != 0) n++;
  // Who is bound to no address, and the other side of a stream, is not told.
  return n == 0 ? _Py_NoneStruct : addressObject(PySocketSockObject.at(self).sock_family, block, n);
}

/** The pair of what was received, stolen, and the address in the block, which is freed. */
function withAddress(self: usize, what: usize, address: usize): usize {
  const from = what == 0 ? 0 : senderObject(self, address);
  PyMem_RawFree(address);
  const r = from == 0 ? 0 : PyTuple_Pack2(what, from);
  Py.XDECREF(what);
  Py.XDECREF(from);
  return r;
}

/** A block for an address, all zeros; null with MemoryError. */
function addressBlock(): usize {
  const address = PyMem_RawMalloc(ADDRESS_BYTES);
  if (address == 0) PyErr_NoMemory();
  else memory.fill(address, 0, ADDRESS_BYTES);
  return address;
}

/**
 * @native _socket.socket.recv
 *
 * recv(buffersize[, flags]) -> data
 *
 * Reads up to buffersize bytes; waits until there is at least one, or until the other side has
 * closed the connection: then the empty bytes object is returned.
 */
export function socket_recv(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("recv", nargs, 1, 2)) return 0;
  const size = ssizeArgument(Py.item(argv, 0));
  if (size == -1 && PyErr_Occurred() != 0) return 0;
  const flags = flagsArgument(nargs > 1 ? Py.item(argv, 1) : 0);
  if (flags == -1 && PyErr_Occurred() != 0) return 0;
  return receiveBytes(self, size, flags, 0, 0);
}

/**
 * @native _socket.socket.recvfrom
 *
 * recvfrom(buffersize[, flags]) -> (data, address info)
 *
 * As recv(); the address of who sent it is returned, too.
 */
export function socket_recvfrom(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("recvfrom", nargs, 1, 2)) return 0;
  const size = ssizeArgument(Py.item(argv, 0));
  if (size == -1 && PyErr_Occurred() != 0) return 0;
  const flags = flagsArgument(nargs > 1 ? Py.item(argv, 1) : 0);
  if (flags == -1 && PyErr_Occurred() != 0) return 0;
  if (size < 0) return PyErr_SetString(PyExc_ValueError, "negative buffersize in recvfrom");
  const address = addressBlock();
  if (address == 0) return 0;
  return withAddress(self, receiveBytes(self, size, flags, address, ADDRESS_BYTES), address);
}

/** Reads into a buffer of the program's: a new int, how many bytes; null with an exception. `address` as receive() has it. */
function receiveInto(
  self: usize,
  fname: string,
  argv: usize,
  nargs: isize,
  kwnames: usize,
  address: usize,
  room: usize,
): usize {
  const a = Scratch.take(3);
  const parsed = parseArguments(fname, "buffer nbytes flags", argv, nargs, kwnames, a, 1, 3);
  const buffer = Py.item(a, 0);
  const wanted = !parsed || Py.item(a, 1) == 0 ? 0 : ssizeArgument(Py.item(a, 1));
  const flags = parsed ? flagsArgument(Py.item(a, 2)) : 0;
  Scratch.give(a);
  if (!parsed || PyErr_Occurred() != 0) return 0;
  const view = Buffer.openWith(buffer, PyBUF_WRITABLE);
  if (view == 0) return 0;
  const n = Buffer.length(view);
  let o: usize = 0;
  if (wanted < 0) PyErr_SetString(PyExc_ValueError, "negative buffersize in recv_into");
  else if (wanted > n) PyErr_SetString(PyExc_ValueError, "buffer too small for requested bytes");
  else {
    const r = receive(self, Buffer.data(view), <usize>(wanted == 0 ? n : wanted), flags, address, room);
    if (r >= 0) o = PyLong_FromSsize_t(r);
  }
  Buffer.close(view);
  return o;
}

/**
 * @native _socket.socket.recv_into
 *
 * recv_into(buffer, [nbytes[, flags]]) -> nbytes_read
 *
 * As recv(), into a buffer: up to nbytes, or as many as it holds if
 * that is not given or 0. How many it were is returned.
 */
export function socket_recv_into(self: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  return receiveInto(self, "recv_into", argv, nargs, kwnames, 0, 0);
}

/**
 * @native _socket.socket.recvfrom_into
 *
 * recvfrom_into(buffer[, nbytes[, flags]]) -> (nbytes, address info)
 *
 * As recv_into(); the address of who sent it is returned, too.
 */
export function socket_recvfrom_into(self: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const address = addressBlock();
  if (address == 0) return 0;
  return withAddress(self, receiveInto(self, "recvfrom_into", argv, nargs, kwnames, address, ADDRESS_BYTES), address);
}

/** Writes `n` bytes at `p`, to an address (bytes, or null): as host.send. An exception is set where that is negative. */
export function transmit(self: usize, p: usize, n: usize, flags: i32, address: usize, end: f64): isize {
  let r: isize;
  do {
    r = host.send(
      Descriptor.of(self),
      p,
      n,
      flags,
      address == 0 ? 0 : BytesLike.data(address),
      address == 0 ? 0 : <usize>Py.SIZE(address),
    );
  } while (again(self, r, POLLOUT, end, flags));
  return r;
}

/**
 * @native _socket.socket.send
 *
 * send(data[, flags]) -> count
 *
 * Writes bytes, and returns how many of them; that may be fewer where
 * the network is busy.
 */
export function socket_send(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("send", nargs, 1, 2)) return 0;
  const flags = flagsArgument(nargs > 1 ? Py.item(argv, 1) : 0);
  if (flags == -1 && PyErr_Occurred() != 0) return 0;
  const view = Buffer.open(Py.item(argv, 0));
  if (view == 0) return 0;
  const r = transmit(self, Buffer.data(view), <usize>Buffer.length(view), flags, 0, deadline(self));
  const o = r < 0 ? 0 : PyLong_FromSsize_t(r);
  Buffer.close(view);
  return o;
}

/**
 * @native _socket.socket.sendall
 *
 * sendall(data[, flags])
 *
 * Writes all of the bytes, as send() again and again. Where an error
 * happens, nobody knows how many were written.
 */
export function socket_sendall(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("sendall", nargs, 1, 2)) return 0;
  const flags = flagsArgument(nargs > 1 ? Py.item(argv, 1) : 0);
  if (flags == -1 && PyErr_Occurred() != 0) return 0;
  const view = Buffer.open(Py.item(argv, 0));
  if (view == 0) return 0;
  const end = deadline(self);
  let p = Buffer.data(view);
  let left = Buffer.length(view);
  let r: isize = 0;
  do {
    r = transmit(self, p, <usize>left, flags, 0, end);
    p += <usize>r;
    left -= r;
  } while (r >= 0 && left > 0 && handlePending() == 0);
  Buffer.close(view);
  return r < 0 || PyErr_Occurred() != 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _socket.socket.sendto
 *
 * sendto(data[, flags], address) -> count
 *
 * As send(), to an address, which is a pair (hostaddr, port)
 * for the internet.
 */
export function socket_sendto(self: usize, argv: usize, nargs: isize): usize {
  if (nargs < 2 || nargs > 3) {
    return PyErr_Format(PyExc_TypeError, "sendto() takes 2 or 3 arguments (%zd given)", nargs);
  }
  const flags = nargs > 2 ? flagsArgument(Py.item(argv, 1)) : 0;
  if (flags == -1 && PyErr_Occurred() != 0) return 0;
  const view = Buffer.open(Py.item(argv, 0));
  if (view == 0) return 0;
  const address = addressArgument(PySocketSockObject.at(self).sock_family, Py.item(argv, nargs - 1), "sendto");
  let o: usize = 0;
  if (address != 0) {
    if (Audit.event("socket.sendto", "OO", self, Py.item(argv, nargs - 1))) {
      const r = transmit(self, Buffer.data(view), <usize>Buffer.length(view), flags, address, deadline(self));
      if (r >= 0) o = PyLong_FromSsize_t(r);
    }
    Py.DECREF(address);
  }
  Buffer.close(view);
  return o;
}

/**
 * @native _socket.socket.getsockopt
 *
 * getsockopt(level, option[, buffersize]) -> value
 *
 * An option, by level and number: an int, or bytes if a
 * buffersize other than 0 is given.
 */
export function socket_getsockopt(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("getsockopt", nargs, 2, 3)) return 0;
  const level = PyLong_AsInt(Py.item(argv, 0));
  const option = PyErr_Occurred() != 0 ? 0 : PyLong_AsInt(Py.item(argv, 1));
  const size = PyErr_Occurred() != 0 || nargs < 3 ? 0 : PyLong_AsInt(Py.item(argv, 2));
  if (PyErr_Occurred() != 0) return 0;
  if (size < 0 || size > 1024) return PyErr_SetString(PyExc_OSError, "getsockopt buflen out of range");
  const r = host.getsockopt(Descriptor.of(self), level, option);
  if (r < 0) return raiseErrno(-r);
  if (size == 0) return PyLong_FromSsize_t(r);
  const word = Scratch.take(1);
  store<u64>(word, <u64>r);
  const bytes = PyBytes_FromStringAndSize(word, min<i32>(size, 4));
  Scratch.give(word);
  return bytes;
}

/**
 * @native _socket.socket.setsockopt
 *
 * setsockopt(level, option, value: int)
 * setsockopt(level, option, value: buffer)
 * setsockopt(level, option, None, optlen: int)
 *
 * Sets an option, by level and number, to an int, to bytes, or to nothing
 * of a length.
 */
export function socket_setsockopt(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("setsockopt", nargs, 3, 4)) return 0;
  const level = PyLong_AsInt(Py.item(argv, 0));
  const option = PyErr_Occurred() != 0 ? 0 : PyLong_AsInt(Py.item(argv, 1));
  if (PyErr_Occurred() != 0) return 0;
  const given = Py.item(argv, 2);
  let value = 0;
  if (Py.check(given, Py_TPFLAGS_LONG_SUBCLASS)) {
    value = PyLong_AsInt(given);
    if (value == -1 && PyErr_Occurred() != 0) return 0;
  } else if (given != _Py_NoneStruct) {
    const view = Buffer.open(given);
    if (view == 0) return 0;
    // Of a structure the first word says whether it is on.
    value = Buffer.length(view) < 4 ? 0 : load<i32>(Buffer.data(view));
    Buffer.close(view);
  }
  const r = host.setsockopt(Descriptor.of(self), level, option, value);
  return r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
}
