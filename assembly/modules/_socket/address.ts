// Addresses of sockets: as Python has them, tuples and paths, and as the kernel takes and gives them, bytes: lines HOST,
// PORT, FLOW INFORMATION, SCOPE for the internet, a path for Unix (getsockaddrarg and makesockaddr of CPython 3.13's
// Modules/socketmodule.c).

import { Py_TPFLAGS_BYTES_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  _Py_NoneStruct,
  PyByteArray_Type,
  PyExc_OSError,
  PyExc_OverflowError,
  PyExc_TypeError,
} from "../../generated/statics";
import { BytesLike } from "../../objects/bytes/common";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { PyErr_ExceptionMatches, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyLong_AsInt, PyLong_FromLong } from "../../objects/numbers/int/create";
import { Buffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { PyUnicode_DecodeFSDefaultAndSize, PyUnicode_EncodeFSDefault } from "../../objects/text/codecs/filesystem";
import { PyUnicode_AsUTF8, PyUnicode_UTF8Length } from "../../objects/text/codecs/utf8";
import { PyUnicode_FromLiteral, PyUnicode_FromStringAndSize } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { codecs_encode } from "../_codecs/registry";

export const AF_UNIX: i32 = 1;
export const AF_INET: i32 = 2;
export const AF_INET6: i32 = 10;
const UNIX_PATH_MAX: isize = 108;
const LINE_END: u8 = 10;

/** The bytes of an object that has some: new; null with an exception. */
function bytesOf(o: usize): usize {
  const view = Buffer.open(o);
  if (view == 0) return 0;
  const r = PyBytes_FromStringAndSize(Buffer.data(view), Buffer.length(view));
  Buffer.close(view);
  return r;
}

/** The name of a host as a str of ASCII, without a NUL or the end of a line: new; null with an exception. */
export function hostName(o: usize): usize {
  let bytes: usize;
  if (Py.check(o, Py_TPFLAGS_BYTES_SUBCLASS) || Py.TYPE(o) == PyByteArray_Type) bytes = bytesOf(o);
  else if (!Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "str, bytes or bytearray expected, not %t", o);
  } else if (U.isAscii(o)) {
    bytes = PyBytes_FromStringAndSize(PyUnicode_AsUTF8(o), PyUnicode_UTF8Length(o));
  } else {
    const idna = PyUnicode_FromLiteral("idna");
    bytes = idna == 0 ? 0 : codecs_encode(0, o, idna, 0);
    Py.XDECREF(idna);
  }
  if (bytes == 0) return 0;
  const n = Py.SIZE(bytes);
  let r: usize = 0;
  let i: isize = 0;
  while (
    i < n &&
    load<u8>(BytesLike.data(bytes) + <usize>i) != 0 &&
    load<u8>(BytesLike.data(bytes) + <usize>i) != LINE_END
  )
    i++;
  if (i < n) PyErr_SetString(PyExc_TypeError, "host name must not contain null character");
  else r = PyUnicode_FromStringAndSize(BytesLike.data(bytes), n);
  Py.DECREF(bytes);
  return r;
}

/** An int of an address, from 0 to `most`: -1 with an exception. */
function part(o: usize, caller: string, name: string, most: i32): i32 {
  const n = PyLong_AsInt(o);
  if (n == -1 && PyErr_Occurred() != 0 && !PyErr_ExceptionMatches(PyExc_OverflowError)) return -1;
  if (n >= 0 && n <= most && PyErr_Occurred() == 0) return n;
  PyErr_Format(PyExc_OverflowError, "%L(): %L must be 0-%d.", changetype<usize>(caller), changetype<usize>(name), most);
  return -1;
}

function internetAddress(o: usize, caller: string, isSix: bool): usize {
  const family = changetype<usize>(isSix ? "AF_INET6" : "AF_INET");
  if (!Tuple.check(o)) {
    return PyErr_Format(
      PyExc_TypeError,
      "%L(): %L address must be tuple, not %t",
      changetype<usize>(caller),
      family,
      o,
    );
  }
  const n = Tuple.size(o);
  if (n < 2 || n > (isSix ? 4 : 2)) {
    return PyErr_SetString(
      PyExc_TypeError,
      isSix
        ? "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])"
        : "AF_INET address must be a pair (host, port)",
    );
  }
  const name = hostName(Tuple.get(o, 0));
  if (name == 0) return 0;
  const port = part(Tuple.get(o, 1), caller, "port", 65535);
  const flow = port < 0 ? -1 : n > 2 ? part(Tuple.get(o, 2), caller, "flowinfo", 1048575) : 0;
  const scope = flow < 0 ? -1 : n > 3 ? PyLong_AsInt(Tuple.get(o, 3)) : 0;
  const failed = port < 0 || flow < 0 || (scope == -1 && PyErr_Occurred() != 0);
  const text = failed ? 0 : PyUnicode_FromFormat("%U\n%d\n%d\n%d", name, port, flow, scope);
  Py.DECREF(name);
  const p = text == 0 ? 0 : PyUnicode_AsUTF8(text);
  const r = p == 0 ? 0 : PyBytes_FromStringAndSize(p, PyUnicode_UTF8Length(text));
  Py.XDECREF(text);
  return r;
}

/** An address as the kernel takes it: new bytes; null with an exception. */
export function addressArgument(family: i32, o: usize, caller: string): usize {
  if (family == AF_INET || family == AF_INET6) return internetAddress(o, caller, family == AF_INET6);
  if (family != AF_UNIX) return PyErr_Format(PyExc_OSError, "%L(): bad family", changetype<usize>(caller));
  const path = Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS) ? PyUnicode_EncodeFSDefault(o) : bytesOf(o);
  if (path != 0 && Py.SIZE(path) > UNIX_PATH_MAX) {
    Py.DECREF(path);
    return PyErr_SetString(PyExc_OSError, "AF_UNIX path too long");
  }
  return path;
}

/** The text of an address of 4 bytes: new; null with MemoryError. */
export function textOfFour(p: usize): usize {
  return PyUnicode_FromFormat("%d.%d.%d.%d", load<u8>(p), load<u8>(p + 1), load<u8>(p + 2), load<u8>(p + 3));
}

/** The number that a line is. */
function numberAt(p: usize, n: usize): i32 {
  let value = 0;
  for (let i: usize = 0; i < n; i++) value = value * 10 + <i32>load<u8>(p + i) - 0x30;
  return value;
}

/** An address of the kernel's as Python has it: new; null with an exception. */
export function addressObject(family: i32, p: usize, n: usize): usize {
  if (family == AF_UNIX) {
    // What begins with a NUL is a name and no path.
    if (n > 0 && load<u8>(p) == 0) return PyBytes_FromStringAndSize(p, <isize>n);
    return PyUnicode_DecodeFSDefaultAndSize(p, <isize>n);
  }
  if (n == 0) return _Py_NoneStruct;
  const isSix = family == AF_INET6;
  const r = isSix ? PyTuple_New(4) : PyTuple_New(2);
  const parts = isSix ? 4 : 2;
  let from: usize = 0;
  for (let i = 0; r != 0 && i < parts; i++) {
    let end = from;
    while (end < n && load<u8>(p + end) != LINE_END) end++;
    const item = i == 0 ? PyUnicode_FromStringAndSize(p, <isize>end) : PyLong_FromLong(numberAt(p + from, end - from));
    if (item == 0) {
      Py.DECREF(r);
      return 0;
    }
    Tuple.set(r, i, item);
    from = end + 1;
  }
  return r;
}
