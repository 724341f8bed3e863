// The module _socket (CPython 3.13's Modules/socketmodule.c): constants, and functions that need no socket. The type is in
// socket.ts.
//
// Not there: families of addresses that are no part of the internet or of Unix.

import { host } from "../../generated/host";
import { PyCapsule } from "../../generated/layouts";
import { socketRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyExc_OSError,
  PyExc_OverflowError,
  PyExc_TimeoutError,
  PySocket_Type,
} from "../../generated/statics";
import { PyMem_RawFree } from "../../memory/pymem";
import { Audit } from "../../objects/errors/audit";
import { PyErr_NewException } from "../../objects/errors/newclass";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { newCapsule } from "../../objects/module/capsule";
import { PyModule_AddObjectLiteral, PyModule_GetDict } from "../../objects/module/module";
import { PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { PyLong_AsLongLong, PyLong_FromLongLong, PyLong_FromUnsignedLongLong } from "../../objects/numbers/int/create";
import { Buffer } from "../../objects/object/buffer";
import { _PyObject_GC_TRACK } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyNumber_Index } from "../../objects/protocol/number";
import { PyUnicode_DecodeFSDefaultAndSize } from "../../objects/text/codecs/filesystem";
import { cstringLength } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";
import { addNumbers } from "../numbers";
import { textOfFour } from "./address";
import { initSocketType, timeoutArgument } from "./socket";

const NUMBERS = `
  AF_INET 2 AF_INET6 10 AF_UNIX 1 AF_UNSPEC 0 AI_ADDRCONFIG 32 AI_ALL 16 AI_CANONNAME 2 AI_NUMERICHOST 4
  AI_NUMERICSERV 1024 AI_PASSIVE 1 AI_V4MAPPED 8 EAI_ADDRFAMILY -9 EAI_AGAIN -3 EAI_BADFLAGS -1 EAI_FAIL -4 EAI_FAMILY
  -6 EAI_MEMORY -10 EAI_NODATA -5 EAI_NONAME -2 EAI_OVERFLOW -12 EAI_SERVICE -8 EAI_SOCKTYPE -7 EAI_SYSTEM -11
  INADDR_ALLHOSTS_GROUP 3758096385 INADDR_ANY 0 INADDR_BROADCAST 4294967295 INADDR_LOOPBACK 2130706433
  INADDR_MAX_LOCAL_GROUP 3758096639 INADDR_NONE 4294967295 INADDR_UNSPEC_GROUP 3758096384 IPPORT_RESERVED 1024
  IPPORT_USERRESERVED 5000 IPPROTO_ICMP 1 IPPROTO_ICMPV6 58 IPPROTO_IP 0 IPPROTO_IPV6 41 IPPROTO_RAW 255 IPPROTO_TCP 6
  IPPROTO_UDP 17 IPV6_JOIN_GROUP 20 IPV6_LEAVE_GROUP 21 IPV6_MULTICAST_HOPS 18 IPV6_MULTICAST_IF 17
  IPV6_MULTICAST_LOOP 19 IPV6_UNICAST_HOPS 16 IPV6_V6ONLY 26 IP_ADD_MEMBERSHIP 35 IP_DROP_MEMBERSHIP 36
  IP_MULTICAST_IF 32 IP_MULTICAST_LOOP 34 IP_MULTICAST_TTL 33 IP_TOS 1 IP_TTL 2 MSG_DONTWAIT 64 MSG_NOSIGNAL 16384
  MSG_CTRUNC 8 MSG_EOR 128 MSG_OOB 1 MSG_PEEK 2 MSG_TRUNC 32 MSG_WAITALL 256 SCM_RIGHTS 1 SCM_CREDENTIALS 2
  NI_DGRAM 16 NI_IDN 32 NI_MAXHOST 1025 NI_MAXSERV 32 NI_NAMEREQD 8
  NI_NOFQDN 4 NI_NUMERICHOST 1 NI_NUMERICSERV 2 SHUT_RD 0 SHUT_RDWR 2 SHUT_WR 1 SOCK_CLOEXEC 524288 SOCK_DGRAM 2
  SOCK_NONBLOCK 2048 SOCK_RAW 3 SOCK_RDM 4 SOCK_SEQPACKET 5 SOCK_STREAM 1 SOL_IP 0 SOL_SOCKET 1 SOL_TCP 6 SOL_UDP 17 SOMAXCONN 4096
  SO_ACCEPTCONN 30 SO_BROADCAST 6 SO_DEBUG 1 SO_DOMAIN 39 SO_DONTROUTE 5 SO_ERROR 4 SO_KEEPALIVE 9 SO_LINGER 13
  SO_OOBINLINE 10 SO_PROTOCOL 38 SO_RCVBUF 8 SO_RCVLOWAT 18 SO_RCVTIMEO 20 SO_REUSEADDR 2 SO_REUSEPORT 15 SO_SNDBUF 7
  SO_SNDLOWAT 19 SO_SNDTIMEO 21 SO_TYPE 3 TCP_KEEPCNT 6 TCP_KEEPIDLE 4 TCP_KEEPINTVL 5 TCP_MAXSEG 2 TCP_NODELAY 1
  TCP_USER_TIMEOUT 18`;

/** A number of so many bits, neither negative nor too large: -1 with an exception. */
function unsignedArgument(o: usize, bits: i64, fname: string): i64 {
  const index = PyNumber_Index(o);
  if (index == 0) return -1;
  const n = PyLong_AsLongLong(index);
  Py.DECREF(index);
  if (n == -1 && PyErr_Occurred() != 0) return -1;
  if (n < 0) {
    PyErr_Format(
      PyExc_OverflowError,
      "%L: can't convert negative Python int to C %d-bit unsigned integer",
      changetype<usize>(fname),
      bits,
    );
    return -1;
  }
  if (n >> bits != 0) {
    PyErr_Format(
      PyExc_OverflowError,
      "%L: Python int too large to convert to C %d-bit unsigned integer",
      changetype<usize>(fname),
      bits,
    );
    return -1;
  }
  return n;
}

function swap16(n: i64): usize {
  return PyLong_FromLongLong(((n & 0xff) << 8) | (n >> 8));
}

function swap32(n: i64): usize {
  return PyLong_FromUnsignedLongLong(<u64>bswap<u32>(<u32>n));
}

/**
 * @native _socket.htons($module, x, /)
 *
 * A 16-bit number, its bytes in the order of the network.
 */
export function socket_htons(_m: usize, x: usize): usize {
  const n = unsignedArgument(x, 16, "htons");
  return n < 0 ? 0 : swap16(n);
}

/**
 * @native _socket.ntohs($module, x, /)
 *
 * A 16-bit number, its bytes in the order of the machine.
 */
export function socket_ntohs(_m: usize, x: usize): usize {
  const n = unsignedArgument(x, 16, "ntohs");
  return n < 0 ? 0 : swap16(n);
}

/**
 * @native _socket.htonl($module, x, /)
 *
 * A 32-bit number, its bytes in the order of the network.
 */
export function socket_htonl(_m: usize, x: usize): usize {
  const n = unsignedArgument(x, 32, "htonl");
  return n < 0 ? 0 : swap32(n);
}

/**
 * @native _socket.ntohl($module, x, /)
 *
 * A 32-bit number, its bytes in the order of the machine.
 */
export function socket_ntohl(_m: usize, x: usize): usize {
  const n = unsignedArgument(x, 32, "ntohl");
  return n < 0 ? 0 : swap32(n);
}

/**
 * @native _socket.inet_ntoa($module, packed_ip, /)
 *
 * The address in the internet of 4 bytes, as text.
 */
export function socket_inet_ntoa(_m: usize, packed_ip: usize): usize {
  const view = Buffer.open(packed_ip);
  if (view == 0) return 0;
  const p = Buffer.data(view);
  const ok = Buffer.length(view) == 4;
  const r = ok ? textOfFour(p) : PyErr_SetString(PyExc_OSError, "packed IP wrong length");
  Buffer.close(view);
  return r;
}

/**
 * @native _socket.gethostname($module, /)
 *
 * What this machine is called.
 */
export function socket_gethostname(_m: usize): usize {
  if (!Audit.event("socket.gethostname")) return 0;
  const out = Scratch.take(1);
  const n = host.uname(out);
  const block: usize = load<u32>(out);
  Scratch.give(out);
  if (n < 0) return raiseErrno(-n);
  const name = block + <usize>cstringLength(block) + 1;
  const r = PyUnicode_DecodeFSDefaultAndSize(name, cstringLength(name));
  PyMem_RawFree(block);
  return r;
}

/**
 * @native _socket.getdefaulttimeout($module, /)
 *
 * How many seconds operations of new sockets wait; None for no limit.
 */
export function socket_getdefaulttimeout(_m: usize): usize {
  const ns = socketRoots.default_timeout;
  return ns < 0 ? _Py_NoneStruct : PyFloat_FromDouble(<f64>ns / 1e9);
}

/**
 * @native _socket.setdefaulttimeout($module, timeout, /)
 *
 * Sets how many seconds operations of new sockets wait; None for no limit.
 */
export function socket_setdefaulttimeout(_m: usize, timeout: usize): usize {
  const ns = timeoutArgument(timeout);
  if (ns < -1) return 0;
  socketRoots.default_timeout = ns;
  return _Py_NoneStruct;
}

/**
 * @native _socket.close($module, fd, /)
 *
 * close(integer) -> None
 *
 * Closes the descriptor of a socket; os.close() is for those of files.
 */
export function socket_close_descriptor(_m: usize, fd: i32): usize {
  const r = host.close(fd);
  return r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
}

/**
 * @native _socket.dup($module, fd, /)
 *
 * dup(integer) -> integer
 *
 * A second descriptor of the same socket.
 */
export function socket_dup(_m: usize, fd: i32): usize {
  const r = host.dup(fd, 0);
  return r < 0 ? raiseErrno(-r) : PyLong_FromLongLong(r);
}

/** The table of the module for extensions in C: its type and two exceptions. */
function socketTable(): usize {
  const capsule = newCapsule("_socket.CAPI", 3);
  if (capsule == 0) return 0;
  const table = PyCapsule.at(capsule).pointer;
  Py.setItem(table, 0, PySocket_Type);
  Py.setItem(table, 1, PyExc_OSError);
  Py.setItem(table, 2, PyExc_TimeoutError);
  _PyObject_GC_TRACK(capsule);
  return capsule;
}

/**
 * @module _socket
 *
 * What sockets are made of. See module socket for documentation.
 */
export function initSocket(m: usize): i32 {
  if (initSocketType() < 0 || addNumbers(PyModule_GetDict(m), NUMBERS) < 0) return -1;
  if (socketRoots.gaierror == 0) {
    socketRoots.default_timeout = -1;
    socketRoots.gaierror = PyErr_NewException("socket", "gaierror", PyExc_OSError);
    socketRoots.herror = PyErr_NewException("socket", "herror", PyExc_OSError);
    if (socketRoots.gaierror == 0 || socketRoots.herror == 0) return -1;
  }
  return PyModule_AddObjectLiteral(m, "has_ipv6", _Py_TrueStruct) == 0 &&
    PyModule_AddObjectLiteral(m, "error", PyExc_OSError) == 0 &&
    PyModule_AddObjectLiteral(m, "timeout", PyExc_TimeoutError) == 0 &&
    PyModule_AddObjectLiteral(m, "gaierror", Py.NewRef(socketRoots.gaierror)) == 0 &&
    PyModule_AddObjectLiteral(m, "herror", Py.NewRef(socketRoots.herror)) == 0 &&
    PyModule_AddObjectLiteral(m, "socket", PySocket_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "SocketType", PySocket_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "CAPI", socketTable()) == 0
    ? 0
    : -1;
}
