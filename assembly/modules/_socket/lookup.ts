// Addresses by name, and as text and bytes (CPython 3.13's Modules/socketmodule.c). The kernel looks names up.

import { EAFNOSUPPORT, LOOKUP_ERRORS } from "../../generated/constants";
import { host as system } from "../../generated/host";
import { PyBytesObject } from "../../generated/layouts";
import { socketRoots } from "../../generated/runtime";
import { _Py_NoneStruct, PyExc_OSError, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import {
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { PyMem_RawFree } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { _PyList_AppendTakeRef, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_New, PyTuple_Pack2, PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { ArgParser } from "../../objects/define/args";
import { Audit } from "../../objects/errors/audit";
import { PyErr_Format, PyErr_Occurred, PyErr_SetObject, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyLong_AsInt, PyLong_FromLong } from "../../objects/numbers/int/create";
import { Buffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { PyUnicode_AsUTF8, PyUnicode_UTF8Length } from "../../objects/text/codecs/utf8";
import { PyUnicode_FromLiteral, PyUnicode_FromStringAndSize } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Scratch } from "../../thread/scratch";
import { socketOf } from "./socket";
import { AF_INET, AF_INET6, AF_UNIX, addressObject, hostName, textOfFour } from "./address";

const LINE_END: u8 = 10;
const SPACE: u8 = 32;
const SOCK_STREAM: i32 = 1;

const SOCK_DGRAM: i32 = 2;
const AI_NUMERICHOST: i32 = 4;

/** The words of an error of a look-up. */
function lookupMessage(code: i32): string {
  if (code == 1) return "Bad value for ai_flags";
  if (code == 2) return "Name or service not known";
  if (code == 3) return "Temporary failure in name resolution";
  if (code == 5) return "No address associated with hostname";
  if (code == 6) return "ai_family not supported";
  if (code == 7) return "ai_socktype not supported";
  if (code == 8) return "Servname not supported for ai_socktype";
  if (code == 9) return "Address family for hostname not supported";
  return "Non-recoverable failure in name resolution";
}

/** Raises what a failed look-up says: gaierror, or OSError. */
export function raiseLookup(errno: isize): usize {
  if (errno < LOOKUP_ERRORS) return raiseErrno(errno);
  const code = <i32>errno - LOOKUP_ERRORS;
  const number = PyLong_FromLong(-code);
  const text = number == 0 ? 0 : PyUnicode_FromLiteral(lookupMessage(code));
  const args = text == 0 ? 0 : PyTuple_Pack2(number, text);
  if (args != 0) PyErr_SetObject(socketRoots.gaierror, args);
  Py.XDECREF(number);
  Py.XDECREF(text);
  Py.XDECREF(args);
  return 0;
}

/** Where the line ends that begins at `p`. */
export function lineEnd(p: usize, end: usize): usize {
  while (p < end && load<u8>(p) != LINE_END) p++;
  return p;
}

/** The number that begins at `p`, up to a space or the end of the line. */
function number(p: usize, end: usize): i32 {
  let n = 0;
  for (; p < end && load<u8>(p) != SPACE && load<u8>(p) != LINE_END; p++) n = n * 10 + <i32>load<u8>(p) - 0x30;
  return n;
}

function afterSpace(p: usize, end: usize): usize {
  while (p < end && load<u8>(p) != SPACE) p++;
  return p + 1;
}

/** A tuple of one of the kernel's answers, which begins at `p`: a line of what it is, and four of its address. */
function entry(p: usize, end: usize): usize {
  const first = lineEnd(p, end);
  const family = number(p, first);
  let at = afterSpace(p, first);
  const type = number(at, first);
  at = afterSpace(at, first);
  const protocol = number(at, first);
  at = afterSpace(at, first);
  let last = first;
  for (let i = 0; i < 4; i++) last = lineEnd(last + 1, end);
  const r = PyTuple_New(5);
  if (r == 0) return 0;
  Tuple.set(r, 0, PyLong_FromLong(family));
  Tuple.set(r, 1, PyLong_FromLong(type));
  Tuple.set(r, 2, PyLong_FromLong(protocol));
  Tuple.set(r, 3, PyUnicode_FromStringAndSize(at, <isize>(first - at)));
  Tuple.set(r, 4, addressObject(family, first + 1, last - first - 1));
  if (Tuple.get(r, 3) != 0 && Tuple.get(r, 4) != 0) return r;
  Py.DECREF(r);
  return 0;
}

/** The answers of a look-up, in the word at `out`, the length returned: as host.resolve, with no host where that is null. */
function resolve(name: usize, service: usize, family: i32, type: i32, protocol: i32, flags: i32, out: usize): isize {
  return system.resolve(
    name == 0 ? 0 : PyUnicode_AsUTF8(name),
    name == 0 ? 0 : <usize>PyUnicode_UTF8Length(name),
    service == 0 ? 0 : PyUnicode_AsUTF8(service),
    service == 0 ? 0 : <usize>PyUnicode_UTF8Length(service),
    family,
    type,
    protocol,
    flags,
    out,
  );
}

/** A service's name or number as a str: new; null where none is given, or with an exception. */
function serviceArgument(o: usize): usize {
  if (o == _Py_NoneStruct) return 0;
  if (Py.check(o, Py_TPFLAGS_LONG_SUBCLASS)) return PyUnicode_FromFormat("%S", o);
  if (Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS)) return PyUnicode_AsUTF8(o) == 0 ? 0 : Py.NewRef(o);
  if (Py.check(o, Py_TPFLAGS_BYTES_SUBCLASS)) {
    return PyUnicode_FromStringAndSize(PyBytesObject.at(o).ob_sval, Py.SIZE(o));
  }
  return PyErr_SetString(PyExc_OSError, "Int or String expected");
}

/**
 * @native _socket.getaddrinfo($module, /, host, port, family=0, type=0, proto=0, flags=0)
 *
 * getaddrinfo(host, port [, family, type, proto, flags])
 *     -> list of (family, type, proto, canonname, sockaddr)
 *
 * Looks a host and a service up.
 */
export function socket_getaddrinfo(
  _m: usize,
  host: usize,
  port: usize,
  family: i32,
  type: i32,
  proto: i32,
  flags: i32,
): usize {
  let text: usize = 0;
  if (host != _Py_NoneStruct) {
    if (!Py.check(host, Py_TPFLAGS_UNICODE_SUBCLASS) && !Py.check(host, Py_TPFLAGS_BYTES_SUBCLASS)) {
      return PyErr_SetString(PyExc_TypeError, "getaddrinfo() argument 1 must be string or None");
    }
    text = hostName(host);
    if (text == 0) return 0;
  }
  const service = serviceArgument(port);
  if (service == 0 && PyErr_Occurred() != 0) {
    Py.XDECREF(text);
    return 0;
  }
  if (!Audit.event("socket.getaddrinfo", "OOiii", host, port, family, type, proto)) {
    Py.XDECREF(text);
    Py.XDECREF(service);
    return 0;
  }
  const out = Scratch.take(1);
  const n = resolve(text, service, family, type, proto, flags, out);
  const block: usize = load<u32>(out);
  Scratch.give(out);
  Py.XDECREF(text);
  Py.XDECREF(service);
  if (n < 0) return raiseLookup(-n);
  const list = PyList_New(0);
  const end = block + <usize>n;
  for (let p = block; list != 0 && p < end; ) {
    const item = entry(p, end);
    if (item == 0 || _PyList_AppendTakeRef(list, item) < 0) {
      Py.DECREF(list);
      PyMem_RawFree(block);
      return 0;
    }
    for (let i = 0; i < 5; i++) p = lineEnd(p, end) + 1;
  }
  PyMem_RawFree(block);
  return list;
}

/** The first address of a host in a family, or in any for 0, as text: new; null with an exception. */
export function firstAddress(name: usize, family: i32): usize {
  const text = hostName(name);
  if (text == 0) return 0;
  const out = Scratch.take(1);
  const n = resolve(text, 0, family, SOCK_STREAM, 0, 0, out);
  const block: usize = load<u32>(out);
  Scratch.give(out);
  Py.DECREF(text);
  if (n < 0) return raiseLookup(-n);
  const line = lineEnd(block, block + <usize>n) + 1;
  const r = PyUnicode_FromStringAndSize(line, <isize>(lineEnd(line, block + <usize>n) - line));
  PyMem_RawFree(block);
  return r;
}

/**
 * @native _socket.gethostbyname($module, host, /)
 *
 * gethostbyname(host) -> address
 *
 * The address of a host, as '255.255.255.255'.
 */
export function socket_gethostbyname(_m: usize, name: usize): usize {
  if (!Audit.event("socket.gethostbyname", "O", name)) return 0;
  return firstAddress(name, AF_INET);
}

/** A tuple (name, [], [address]) of a host: new; null with an exception. */
export function hostTuple(name: usize, address: usize): usize {
  const aliases = PyList_New(0);
  const addresses = aliases == 0 ? 0 : PyList_New(0);
  let r: usize = 0;
  if (addresses != 0 && _PyList_AppendTakeRef(addresses, Py.NewRef(address)) == 0) {
    r = PyTuple_Pack3(name, aliases, addresses);
  }
  Py.XDECREF(aliases);
  Py.XDECREF(addresses);
  return r;
}

/**
 * @native _socket.gethostbyname_ex($module, host, /)
 *
 * gethostbyname_ex(host) -> (name, aliaslist, addresslist)
 *
 * What a host is called, what else, and its addresses.
 */
export function socket_gethostbyname_ex(_m: usize, name: usize): usize {
  return Audit.event("socket.gethostbyname", "O", name) ? describeHost(name) : 0;
}

function describeHost(name: usize): usize {
  const address = firstAddress(name, AF_INET);
  const text = address == 0 ? 0 : hostName(name);
  const r = text == 0 ? 0 : hostTuple(text, address);
  Py.XDECREF(address);
  Py.XDECREF(text);
  return r;
}

/** The family of the numeric address of a host, a str: 0 with the exception of a look-up. */
export function numericFamily(o: usize): i32 {
  const name = hostName(o);
  if (name == 0) return 0;
  const out = Scratch.take(1);
  const n = resolve(name, 0, 0, SOCK_DGRAM, 0, AI_NUMERICHOST, out);
  const block: usize = load<u32>(out);
  Scratch.give(out);
  Py.DECREF(name);
  if (n < 0) {
    raiseLookup(-n);
    return 0;
  }
  const family = number(block, block + <usize>n);
  PyMem_RawFree(block);
  return family;
}

// Addresses as text and as bytes.

/** Reads "a.b.c.d" into 4 bytes: whether it is that. `strict`: no part is left out, none has another base than ten. */
function parseFour(p: usize, end: usize, to: usize): bool {
  for (let i: usize = 0; i < 4; i++) {
    let n = 0;
    let digits = 0;
    for (; p < end && load<u8>(p) >= 0x30 && load<u8>(p) <= 0x39; p++, digits++) n = n * 10 + <i32>load<u8>(p) - 0x30;
    if (digits == 0 || digits > 3 || n > 255) return false;
    store<u8>(to + i, <u8>n);
    if (i < 3) {
      if (p >= end || load<u8>(p) != 0x2e) return false;
      p++;
    }
  }
  return p == end;
}

function hexDigit(c: i32): i32 {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const letter = c | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Reads an address of 16 bytes: whether it is one. */
function parseSixteen(p: usize, end: usize, to: usize): bool {
  memory.fill(to, 0, 16);
  let at: usize = 0;
  let gap: isize = -1;
  if (p + 1 < end && load<u8>(p) == 0x3a) {
    if (load<u8>(p + 1) != 0x3a) return false;
    p++;
  }
  while (p < end) {
    if (load<u8>(p) == 0x3a) {
      if (gap >= 0) return false;
      gap = <isize>at;
      p++;
      continue;
    }
    let value = 0;
    let digits = 0;
    const start = p;
    while (p < end && hexDigit(load<u8>(p)) >= 0) {
      value = (value << 4) | hexDigit(load<u8>(p++));
      digits++;
    }
    if (p < end && load<u8>(p) == 0x2e) {
      if (at > 12 || !parseFour(start, end, to + at)) return false;
      at += 4;
      p = end;
      break;
    }
    if (digits == 0 || digits > 4 || at >= 16) return false;
    store<u8>(to + at, <u8>(value >> 8));
    store<u8>(to + at + 1, <u8>value);
    at += 2;
    if (p == end) break;
    if (load<u8>(p) != 0x3a || p + 1 == end) return false;
    p++;
  }
  if (gap < 0) return at == 16;
  if (at >= 16) return false;
  const moved = at - <usize>gap;
  memory.copy(to + 16 - moved, to + <usize>gap, moved);
  memory.fill(to + <usize>gap, 0, 16 - at);
  return true;
}

/**
 * @native _socket.inet_aton($module, ip_addr, /)
 *
 * The 4 bytes of an address in the internet, of its text (123.45.67.89).
 */
export function socket_inet_aton(_m: usize, ip_addr: usize): usize {
  if (!Py.check(ip_addr, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "inet_aton() argument must be str, not %t", ip_addr);
  }
  const p = PyUnicode_AsUTF8(ip_addr);
  if (p == 0) return 0;
  const end = p + <usize>PyUnicode_UTF8Length(ip_addr);
  // One to four parts, the last of which fills the bytes that are left; bases as in C.
  let value: u64 = 0;
  let parts = 0;
  let ok = p < end;
  for (let at = p; ok && at < end; ) {
    let base: u64 = 10;
    if (load<u8>(at) == 0x30 && at + 1 < end) {
      base = 8;
      at++;
      if ((load<u8>(at) | 0x20) == 0x78) {
        base = 16;
        at++;
      }
    }
    let n: u64 = 0;
    let digits = base == 8 ? 1 : 0;
    for (; at < end && load<u8>(at) != 0x2e; at++, digits++) {
      const d = hexDigit(load<u8>(at));
      if (d < 0 || <u64>d >= base || n > 0xffffffff) {
        ok = false;
        break;
      }
      n = n * base + <u64>d;
    }
    if (digits == 0 || parts == 4) ok = false;
    if (!ok) break;
    parts++;
    if (at < end) {
      at++;
      if (at == end || n > 255) ok = false;
      value = (value << 8) | n;
    } else {
      const bits = <u64>(8 * (5 - parts));
      if (n >> bits != 0) ok = false;
      value = (value << bits) | n;
    }
  }
  if (!ok) return PyErr_SetString(PyExc_OSError, "illegal IP address string passed to inet_aton");
  const word = Scratch.take(1);
  store<u32>(word, bswap<u32>(<u32>value));
  const r = PyBytes_FromStringAndSize(word, 4);
  Scratch.give(word);
  return r;
}

/**
 * @native _socket.inet_pton($module, address_family, ip_string, /)
 *
 * The bytes of an address, of its text.
 */
export function socket_inet_pton(_m: usize, family: i32, ip_string: usize): usize {
  if (!Py.check(ip_string, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "inet_pton() argument 2 must be str, not %t", ip_string);
  }
  if (family != AF_INET && family != AF_INET6) return raiseErrno(EAFNOSUPPORT);
  const p = PyUnicode_AsUTF8(ip_string);
  if (p == 0) return 0;
  const end = p + <usize>PyUnicode_UTF8Length(ip_string);
  const to = Scratch.take(2);
  const ok = family == AF_INET ? parseFour(p, end, to) : parseSixteen(p, end, to);
  const r = ok
    ? PyBytes_FromStringAndSize(to, family == AF_INET ? 4 : 16)
    : PyErr_SetString(PyExc_OSError, "illegal IP address string passed to inet_pton");
  Scratch.give(to);
  return r;
}

/** Group `i` of an address of 16 bytes. */
function group(p: usize, i: usize): i32 {
  return ((<i32>load<u8>(p + i * 2)) << 8) | load<u8>(p + i * 2 + 1);
}

/** The text of an address of 16 bytes, the longest row of zeros left out: new; null with MemoryError. */
function textOfSixteen(p: usize): usize {
  let best: usize = 0;
  let length: usize = 0;
  for (let i: usize = 0; i < 8; i++) {
    let n: usize = 0;
    while (i + n < 8 && group(p, i + n) == 0) n++;
    if (n > length) {
      best = i;
      length = n;
    }
  }
  if (length < 2) length = 0;
  // The last four bytes of addresses that stand for shorter ones are written as those.
  const mapped = best == 0 && (length == 6 || (length == 5 && group(p, 5) == 0xffff));
  const groups: usize = mapped ? 6 : 8;
  let text = PyUnicode_FromLiteral("");
  for (let i: usize = 0; text != 0 && i < groups; i++) {
    let next: usize;
    if (length != 0 && i >= best && i < best + length) {
      next = i == best ? PyUnicode_FromFormat("%U:", text) : Py.NewRef(text);
      if (next != 0 && i == best + length - 1 && i == groups - 1 && !mapped) {
        const closed = PyUnicode_FromFormat("%U:", next);
        Py.DECREF(next);
        next = closed;
      }
    } else next = i == 0 ? PyUnicode_FromFormat("%x", group(p, i)) : PyUnicode_FromFormat("%U:%x", text, group(p, i));
    Py.DECREF(text);
    text = next;
  }
  if (!mapped || text == 0) return text;
  const four = textOfFour(p + 12);
  const r = four == 0 ? 0 : PyUnicode_FromFormat("%U:%U", text, four);
  Py.XDECREF(four);
  Py.DECREF(text);
  return r;
}

/**
 * @native _socket.inet_ntop($module, address_family, packed_ip, /)
 *
 * The text of an address, of its bytes.
 */
export function socket_inet_ntop(_m: usize, family: i32, packed_ip: usize): usize {
  const view = Buffer.open(packed_ip);
  if (view == 0) return 0;
  const p = Buffer.data(view);
  const n = Buffer.length(view);
  let r: usize = 0;
  if (family != AF_INET && family != AF_INET6) PyErr_Format(PyExc_ValueError, "unknown address family %d", family);
  else if (n != (family == AF_INET ? 4 : 16)) {
    PyErr_SetString(PyExc_ValueError, "invalid length of packed IP address string");
  } else if (family == AF_INET6) r = textOfSixteen(p);
  else r = textOfFour(p);
  Buffer.close(view);
  return r;
}

/**
 * @native _socket.socketpair
 *
 * socketpair([family[, type [, proto]]]) -> (socket object, socket object)
 *
 * Two sockets that are connected to each other. family is AF_UNIX if it is not given; the rest as for socket().
 */
export function socket_socketpair(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("socketpair", nargs, 0, 3)) return 0;
  const family = nargs > 0 ? PyLong_AsInt(Py.item(argv, 0)) : AF_UNIX;
  const type = PyErr_Occurred() == 0 && nargs > 1 ? PyLong_AsInt(Py.item(argv, 1)) : SOCK_STREAM;
  const proto = PyErr_Occurred() == 0 && nargs > 2 ? PyLong_AsInt(Py.item(argv, 2)) : 0;
  if (PyErr_Occurred() != 0) return 0;
  const r = system.socketpair(family, type | (1 << 19), proto);
  if (r < 0) return raiseErrno(-r);
  const first = socketOf(<i32>r & 0xffff, family, type, proto);
  const second = first == 0 ? 0 : socketOf(<i32>(r >> 16), family, type, proto);
  if (first == 0) system.close(<i32>r & 0xffff);
  if (second == 0) system.close(<i32>(r >> 16));
  const pair = second == 0 ? 0 : PyTuple_Pack2(first, second);
  Py.XDECREF(first);
  Py.XDECREF(second);
  return pair;
}
