// Services, protocols and interfaces by names and numbers, and the names of addresses (CPython 3.13's
// Modules/socketmodule.c). The kernel knows them: from /etc/services and /etc/protocols where files are granted.

import { LOOKUP_ERRORS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { host as system } from "../../generated/host";
import { PyBytesObject } from "../../generated/layouts";
import { socketRoots } from "../../generated/runtime";
import { _Py_NoneStruct, PyExc_OSError, PyExc_OverflowError, PyExc_TypeError } from "../../generated/statics";
import { PyMem_RawFree } from "../../memory/pymem";
import { _PyList_AppendTakeRef, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { ArgParser, utf8Argument } from "../../objects/define/args";
import { Audit } from "../../objects/errors/audit";
import { PyErr_Occurred, PyErr_SetObject, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyLong_AsInt, PyLong_AsUnsignedLong, PyLong_FromLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyUnicode_DecodeFSDefaultAndSize, PyUnicode_FSConverter } from "../../objects/text/codecs/filesystem";
import { PyUnicode_AsUTF8, PyUnicode_UTF8Length } from "../../objects/text/codecs/utf8";
import { cstringLength, PyUnicode_FromLiteral, PyUnicode_FromStringAndSize } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";
import { AF_INET } from "./address";
import { firstAddress, hostTuple, lineEnd, numericFamily, raiseLookup } from "./lookup";

const NI_NUMERICSERV: i32 = 2;
const NI_NAMEREQD: i32 = 8;
const HOST_NOT_FOUND: i32 = 1;
const ENXIO: isize = 6;

// What netnames() is asked for.
const SERVICE: i32 = 0;
const PROTOCOL: i32 = 1;
const INTERFACE: i32 = 2;

/** What netnames() answers: lines NUMBER NAME in a block. */
class Found {
  /**
   * Asks; `name` and `protocol` are addresses of texts that end with a NUL, or null. The length, which is 0 where nothing is
   * found; the block is in the slot, and is to be freed.
   */
  static ask(kind: i32, name: usize, number: i32, protocol: usize, out: usize): isize {
    const nameLength = name == 0 ? 0 : cstringLength(name);
    const protocolLength = protocol == 0 ? 0 : cstringLength(protocol);
    return system.netnames(kind, name, <usize>nameLength, number, protocol, <usize>protocolLength, out);
  }

  /** The number of the first; -1 where nothing is found, -2 with an exception. */
  static number(kind: i32, name: usize, protocol: usize): i32 {
    const out = Scratch.take(1);
    const n = Found.ask(kind, name, -1, protocol, out);
    const block: usize = load<u32>(out);
    Scratch.give(out);
    if (n < 0) {
      raiseErrno(-n);
      return -2;
    }
    const r = n == 0 ? -1 : Found.numberAt(block);
    PyMem_RawFree(block);
    return r;
  }

  /** The name of the first, a new str; null where nothing is found, or with an exception. */
  static name(kind: i32, number: i32, protocol: usize): usize {
    const out = Scratch.take(1);
    const n = Found.ask(kind, 0, number, protocol, out);
    const block: usize = load<u32>(out);
    Scratch.give(out);
    if (n < 0) return raiseErrno(-n);
    const r = n == 0 ? 0 : Found.nameAt(block, block + <usize>n);
    PyMem_RawFree(block);
    return r;
  }

  /** The number at the start of the line at `p`. */
  static numberAt(p: usize): i32 {
    let n = 0;
    for (; load<u8>(p) != SPACE; p++) n = n * 10 + <i32>load<u8>(p) - ZERO;
    return n;
  }

  /** The name behind it. */
  static nameAt(p: usize, end: usize): usize {
    while (load<u8>(p) != SPACE) p++;
    return PyUnicode_DecodeFSDefaultAndSize(p + 1, <isize>(lineEnd(p, end) - p - 1));
  }
}

const SPACE: u8 = 32;
const ZERO: i32 = 48;

/** The bytes of a str argument ("argument 1"), which end with a NUL: null with an exception. */
function textArgument(o: usize, fname: string, argument: string): usize {
  return utf8Argument(o, fname, argument) ? PyUnicode_AsUTF8(o) : 0;
}

/** Tells of a look-up of a service by `first`, with the name of a protocol, which may be left out. */
function toldOfService(event: string, first: usize, protocol: usize): bool {
  if (!Audit.isOn()) return true;
  const name = protocol == 0 ? PyUnicode_FromLiteral("") : Py.NewRef(protocol);
  const ok = name != 0 && Audit.event(event, "OO", first, name);
  Py.XDECREF(name);
  return ok;
}

/**
 * @native _socket.getservbyname
 *
 * getservbyname(servicename[, protocolname]) -> integer
 *
 * The port of a service, of any protocol unless 'tcp' or 'udp' is asked for.
 */
export function socket_getservbyname(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("getservbyname", nargs, 1, 2)) return 0;
  const name = textArgument(Py.item(argv, 0), "getservbyname", "argument 1");
  const protocol = name == 0 || nargs < 2 ? 0 : textArgument(Py.item(argv, 1), "getservbyname", "argument 2");
  if (name == 0 || (protocol == 0 && nargs > 1)) return 0;
  if (!toldOfService("socket.getservbyname", Py.item(argv, 0), nargs > 1 ? Py.item(argv, 1) : 0)) return 0;
  const port = load<u8>(name) == 0 ? -1 : Found.number(SERVICE, name, protocol);
  if (port == -1) return PyErr_SetString(PyExc_OSError, "service/proto not found");
  return port < 0 ? 0 : PyLong_FromLong(port);
}

/**
 * @native _socket.getservbyport
 *
 * getservbyport(port[, protocolname]) -> string
 *
 * The service that has a port, of any protocol unless 'tcp' or 'udp' is asked for.
 */
export function socket_getservbyport(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("getservbyport", nargs, 1, 2)) return 0;
  const port = PyLong_AsInt(Py.item(argv, 0));
  if (port == -1 && PyErr_Occurred() != 0) return 0;
  const protocol = nargs < 2 ? 0 : textArgument(Py.item(argv, 1), "getservbyport", "argument 2");
  if (protocol == 0 && nargs > 1) return 0;
  if (port < 0 || port > 0xffff) {
    return PyErr_SetString(PyExc_OverflowError, "getservbyport: port must be 0-65535.");
  }
  if (!toldOfService("socket.getservbyport", Py.item(argv, 0), nargs > 1 ? Py.item(argv, 1) : 0)) return 0;
  const name = Found.name(SERVICE, port, protocol);
  if (name != 0 || PyErr_Occurred() != 0) return name;
  return PyErr_SetString(PyExc_OSError, "port/proto not found");
}

/**
 * @native _socket.getprotobyname
 *
 * getprotobyname(name) -> integer
 *
 * The number of a protocol.
 */
export function socket_getprotobyname(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("getprotobyname", nargs, 1, 1)) return 0;
  const name = textArgument(Py.item(argv, 0), "getprotobyname", "argument 1");
  if (name == 0) return 0;
  const number = load<u8>(name) == 0 ? -1 : Found.number(PROTOCOL, name, 0);
  if (number == -1) return PyErr_SetString(PyExc_OSError, "protocol not found");
  return number < 0 ? 0 : PyLong_FromLong(number);
}

/**
 * @native _socket.if_nameindex($self, /)
 *
 * if_nameindex()
 *
 * Pairs (index, name) of all interfaces to networks, a list.
 */
export function socket_if_nameindex(_m: usize): usize {
  const out = Scratch.take(1);
  const n = Found.ask(INTERFACE, 0, -1, 0, out);
  const block: usize = load<u32>(out);
  Scratch.give(out);
  if (n < 0) return raiseErrno(-n);
  let list = PyList_New(0);
  const end = block + <usize>n;
  for (let p = block; list != 0 && p < end; p = lineEnd(p, end) + 1) {
    const number = PyLong_FromLong(Found.numberAt(p));
    const name = number == 0 ? 0 : Found.nameAt(p, end);
    const pair = name == 0 ? 0 : PyTuple_Pack2(number, name);
    Py.XDECREF(number);
    Py.XDECREF(name);
    if (pair != 0 && _PyList_AppendTakeRef(list, pair) == 0) continue;
    Py.DECREF(list);
    list = 0;
  }
  PyMem_RawFree(block);
  return list;
}

/**
 * @native _socket.if_nametoindex($self, oname, /)
 *
 * The index of the interface that has a name.
 */
export function socket_if_nametoindex(_m: usize, oname: usize): usize {
  const name = PyUnicode_FSConverter(oname);
  if (name == 0) return 0;
  const number = Py.SIZE(name) == 0 ? -1 : Found.number(INTERFACE, PyBytesObject.at(name).ob_sval, 0);
  Py.DECREF(name);
  if (number == -1) return PyErr_SetString(PyExc_OSError, "no interface with this name");
  return number < 0 ? 0 : PyLong_FromLong(number);
}

/**
 * @native _socket.if_indextoname($self, object, /)
 *
 * if_indextoname(if_index)
 *
 * The name of the interface that has an index.
 */
export function socket_if_indextoname(_m: usize, object: usize): usize {
  const index = PyLong_AsUnsignedLong(object);
  if (index == <u64>-1 && PyErr_Occurred() != 0) return 0;
  if (index > 0xffffffff) return PyErr_SetString(PyExc_OverflowError, "index is too large");
  // No interface has one that is no C int.
  const name = index > 0x7fffffff ? 0 : Found.name(INTERFACE, <i32>index, 0);
  return name != 0 || PyErr_Occurred() != 0 ? name : raiseErrno(ENXIO);
}

/**
 * @native _socket.sethostname
 *
 * sethostname(name)
 *
 * Sets what this machine is called.
 */
export function socket_sethostname(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("sethostname", nargs, 1, 1)) return 0;
  const name = PyUnicode_FSConverter(Py.item(argv, 0));
  if (name == 0) return 0;
  let r: isize = -1;
  const ok = Audit.event("socket.sethostname", "O", name);
  if (ok) r = system.sethostname(PyBytesObject.at(name).ob_sval, <usize>Py.SIZE(name));
  Py.DECREF(name);
  if (!ok) return 0;
  return r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
}

/** The names of an address, a numeric one, and of a service: a new pair of them; null with an exception. */
function namesOf(address: usize, port: i32, scope: i32, flags: i32): usize {
  const p = PyUnicode_AsUTF8(address);
  if (p == 0) return 0;
  const out = Scratch.take(1);
  const n = system.nameinfo(p, <usize>PyUnicode_UTF8Length(address), port, scope, flags, out);
  const block: usize = load<u32>(out);
  Scratch.give(out);
  if (n < 0) return raiseLookup(-n);
  const end = block + <usize>n;
  const middle = lineEnd(block, end);
  const name = PyUnicode_DecodeFSDefaultAndSize(block, <isize>(middle - block));
  const service = name == 0 ? 0 : PyUnicode_FromStringAndSize(middle + 1, <isize>(end - middle - 1));
  const r = service == 0 ? 0 : PyTuple_Pack2(name, service);
  Py.XDECREF(name);
  Py.XDECREF(service);
  PyMem_RawFree(block);
  return r;
}

/** Raises herror: nobody knows the host. */
function unknownHost(): usize {
  const number = PyLong_FromLong(HOST_NOT_FOUND);
  const text = number == 0 ? 0 : PyUnicode_FromLiteral("Unknown host");
  const args = text == 0 ? 0 : PyTuple_Pack2(number, text);
  if (args != 0) PyErr_SetObject(socketRoots.herror, args);
  Py.XDECREF(number);
  Py.XDECREF(text);
  Py.XDECREF(args);
  return 0;
}

/**
 * @native _socket.gethostbyaddr($module, host, /)
 *
 * gethostbyaddr(host) -> (name, aliaslist, addresslist)
 *
 * What the host of an address, or of a name, is called, what else, and its addresses.
 */
export function socket_gethostbyaddr(_m: usize, host: usize): usize {
  if (!Audit.event("socket.gethostbyaddr", "O", host)) return 0;
  const address = firstAddress(host, 0);
  if (address == 0) return 0;
  const p = PyUnicode_AsUTF8(address);
  const out = Scratch.take(1);
  const n =
    p == 0 ? 0 : system.nameinfo(p, <usize>PyUnicode_UTF8Length(address), 0, 0, NI_NAMEREQD | NI_NUMERICSERV, out);
  const block: usize = load<u32>(out);
  Scratch.give(out);
  let r: usize = 0;
  if (n < 0) {
    if (-n >= LOOKUP_ERRORS) unknownHost();
    else raiseErrno(-n);
  } else if (p != 0) {
    const name = PyUnicode_DecodeFSDefaultAndSize(block, <isize>(lineEnd(block, block + <usize>n) - block));
    if (name != 0) r = hostTuple(name, address);
    Py.XDECREF(name);
    PyMem_RawFree(block);
  }
  Py.DECREF(address);
  return r;
}

/**
 * @native _socket.getnameinfo($module, sockaddr, flags, /)
 *
 * getnameinfo(sockaddr, flags) --> (host, port)
 *
 * The names of a host and a service, of their numbers.
 */
export function socket_getnameinfo(_m: usize, sockaddr: usize, flags: i32): usize {
  if (!Tuple.check(sockaddr)) return PyErr_SetString(PyExc_TypeError, "getnameinfo() argument 1 must be a tuple");
  const n = Tuple.size(sockaddr);
  if (n < 2 || n > 4 || !Py.check(Tuple.get(sockaddr, 0), Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "getnameinfo(): illegal sockaddr argument");
  }
  const port = PyLong_AsInt(Tuple.get(sockaddr, 1));
  if (port == -1 && PyErr_Occurred() != 0) return 0;
  const flow = n > 2 ? PyLong_AsInt(Tuple.get(sockaddr, 2)) : 0;
  const scope = n > 3 && (flow != -1 || PyErr_Occurred() == 0) ? PyLong_AsInt(Tuple.get(sockaddr, 3)) : 0;
  if (PyErr_Occurred() != 0) return 0;
  if (flow < 0 || flow > 1048575) {
    return PyErr_SetString(PyExc_OverflowError, "getnameinfo(): flowinfo must be 0-1048575.");
  }
  if (!Audit.event("socket.getnameinfo", "O", sockaddr)) return 0;
  const family = numericFamily(Tuple.get(sockaddr, 0));
  if (family == 0) return 0;
  if (family == AF_INET && n != 2) return PyErr_SetString(PyExc_OSError, "IPv4 sockaddr must be 2 tuple");
  return namesOf(Tuple.get(sockaddr, 0), port, scope, flags);
}
