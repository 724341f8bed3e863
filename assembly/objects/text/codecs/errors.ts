// What a codec does about input that it cannot convert: the handlers named by `errors` (CPython 3.13's
// Python/codecs.c, and unicode_decode_call_errorhandler_writer / unicode_encode_call_errorhandler of
// Objects/unicodeobject.c). The built-in handlers act directly; a name registered by the program is looked up in
// objectsRoots.codec_errors and called with the exception.

import {
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../../generated/constants";
import { PyBytesObject, PyUnicodeErrorObject } from "../../../generated/layouts";
import { objectsRoots } from "../../../generated/runtime";
import {
  PyExc_IndexError,
  PyExc_LookupError,
  PyExc_TypeError,
  PyExc_UnicodeDecodeError,
  PyExc_UnicodeEncodeError,
} from "../../../generated/statics";
import { PyBytes_FromStringAndSize } from "../../bytes/bytes";
import { PyDict_GetItemWithError } from "../../containers/dict/dict";
import { PyTuple_New, Tuple } from "../../containers/tuple";
import { PyErr_Format, PyErr_Occurred, PyErr_SetObject, PyErr_SetString } from "../../errors/raise";
import { PyLong_AsSsize_t, PyLong_FromLong } from "../../numbers/int/create";
import { PyObject_Call, PyObject_CallOneArg } from "../../object/call";
import { Py } from "../../object/head";
import { U } from "../access";
import { PyUnicode_EqualToLiteral } from "../compare";
import { PyUnicode_FromLiteral } from "../create";
import { Writer, writeStr } from "../format/writer";
import { PyUnicode_Decode } from "./decode";
import { hasRegistry } from "./registry";

export const ERRORS_STRICT: i32 = 0;
export const ERRORS_IGNORE: i32 = 1;
export const ERRORS_REPLACE: i32 = 2;
export const ERRORS_SURROGATEESCAPE: i32 = 3;
export const ERRORS_SURROGATEPASS: i32 = 4;
export const ERRORS_BACKSLASHREPLACE: i32 = 5;
export const ERRORS_XMLCHARREFREPLACE: i32 = 6;
export const ERRORS_OTHER: i32 = 7;

/** Which handler a name (a str, or null: strict) stands for. */
export function errorHandler(errors: usize): i32 {
  if (errors == 0 || PyUnicode_EqualToLiteral(errors, "strict")) return ERRORS_STRICT;
  if (PyUnicode_EqualToLiteral(errors, "surrogateescape")) return ERRORS_SURROGATEESCAPE;
  if (PyUnicode_EqualToLiteral(errors, "replace")) return ERRORS_REPLACE;
  if (PyUnicode_EqualToLiteral(errors, "ignore")) return ERRORS_IGNORE;
  if (PyUnicode_EqualToLiteral(errors, "backslashreplace")) return ERRORS_BACKSLASHREPLACE;
  if (PyUnicode_EqualToLiteral(errors, "surrogatepass")) return ERRORS_SURROGATEPASS;
  if (PyUnicode_EqualToLiteral(errors, "xmlcharrefreplace")) return ERRORS_XMLCHARREFREPLACE;
  return ERRORS_OTHER;
}

/** The registered handler, a new reference, as it may register another in its place; null with LookupError. */
export function lookupHandler(errors: usize): usize {
  if (!hasRegistry()) return 0;
  const h = PyDict_GetItemWithError(objectsRoots.codec_errors, errors);
  if (h != 0) return Py.NewRef(h);
  if (PyErr_Occurred()) return 0;
  PyErr_Format(PyExc_LookupError, "unknown error handler name '%.400U'", errors);
  return 0;
}

function makeError(type: usize, encoding: string, object: usize, start: isize, end: isize, reason: string): usize {
  const args = PyTuple_New(5);
  if (args == 0) return 0;
  const e = PyUnicode_FromLiteral(encoding);
  const s = PyLong_FromLong(start);
  const f = PyLong_FromLong(end);
  const r = PyUnicode_FromLiteral(reason);
  Tuple.set(args, 0, e);
  Tuple.set(args, 1, Py.NewRef(object));
  Tuple.set(args, 2, s);
  Tuple.set(args, 3, f);
  Tuple.set(args, 4, r);
  const exc = e != 0 && s != 0 && f != 0 && r != 0 ? PyObject_Call(type, args, 0) : 0;
  Py.DECREF(args);
  return exc;
}

/** Sets UnicodeDecodeError for bytes start to end of the `n` bytes at `p`; returns -1. */
export function raiseDecodeError(
  encoding: string,
  p: usize,
  n: isize,
  start: isize,
  end: isize,
  reason: string,
): isize {
  const object = PyBytes_FromStringAndSize(p, n);
  if (object == 0) return -1;
  const exc = makeError(PyExc_UnicodeDecodeError, encoding, object, start, end, reason);
  Py.DECREF(object);
  if (exc != 0) {
    PyErr_SetObject(Py.TYPE(exc), exc);
    Py.DECREF(exc);
  }
  return -1;
}

/** Sets UnicodeEncodeError for characters start to end of `s`; returns -1. */
export function raiseEncodeError(encoding: string, s: usize, start: isize, end: isize, reason: string): isize {
  const exc = makeError(PyExc_UnicodeEncodeError, encoding, s, start, end, reason);
  if (exc != 0) {
    PyErr_SetObject(Py.TYPE(exc), exc);
    Py.DECREF(exc);
  }
  return -1;
}

function hexDigit(c: u32): u32 {
  return c < 10 ? 48 + c : 87 + c;
}

/** Appends `\` `letter` and `digits` hexadecimal digits of `c`; -1 with MemoryError. */
export function writeHexEscape(w: usize, letter: u32, c: u32, digits: i32): i32 {
  if (Writer.prepare(w, digits + 2, 0x7f) < 0) return -1;
  Writer.put(w, 0x5c);
  Writer.put(w, letter);
  for (let shift = (digits - 1) * 4; shift >= 0; shift -= 4) Writer.put(w, hexDigit((c >> shift) & 15));
  return 0;
}

/** Appends a character as \xhh, \uhhhh or \Uhhhhhhhh; -1 with MemoryError. */
export function writeBackslashReplace(w: usize, c: u32): i32 {
  return c < 0x100
    ? writeHexEscape(w, 0x78, c, 2)
    : c < 0x10000
      ? writeHexEscape(w, 0x75, c, 4)
      : writeHexEscape(w, 0x55, c, 8);
}

/**
 * Handles bytes start to end, which could not be decoded: writes what stands for them to writer `w` and returns where
 * decoding goes on; -1 with an exception.
 */
export function decodeError(
  errors: usize,
  encoding: string,
  reason: string,
  p: usize,
  n: isize,
  start: isize,
  end: isize,
  w: usize,
): isize {
  switch (errorHandler(errors)) {
    case ERRORS_STRICT:
      return raiseDecodeError(encoding, p, n, start, end, reason);
    case ERRORS_IGNORE:
      return end;
    case ERRORS_REPLACE:
      return Writer.char(w, 0xfffd) < 0 ? -1 : end;
    case ERRORS_BACKSLASHREPLACE:
      for (let i = start; i < end; i++) if (writeHexEscape(w, 0x78, load<u8>(p + <usize>i), 2) < 0) return -1;
      return end;
    case ERRORS_SURROGATEESCAPE: {
      // At most four bytes at a time; an ASCII byte is never escaped.
      let i = start;
      while (i < end && i - start < 4) {
        const c = load<u8>(p + <usize>i);
        if (c < 128) break;
        if (Writer.char(w, 0xdc00 + c) < 0) return -1;
        i++;
      }
      if (i == start) return raiseDecodeError(encoding, p, n, start, end, reason);
      return i;
    }
    case ERRORS_SURROGATEPASS: {
      const c = surrogateAt(encoding, p, n, start);
      if (c == 0) return raiseDecodeError(encoding, p, n, start, end, reason);
      if (Writer.char(w, c) < 0) return -1;
      return (
        start +
        (load<u16>(changetype<usize>(encoding), 8) == 0x38
          ? 3
          : load<u16>(changetype<usize>(encoding), 8) == 0x31
            ? 2
            : 4)
      );
    }
    case ERRORS_XMLCHARREFREPLACE:
      PyErr_Format(PyExc_TypeError, "don't know how to handle UnicodeDecodeError in error callback");
      return -1;
    default:
      return customDecodeError(errors, encoding, reason, p, n, start, end, w);
  }
}

/** The lone surrogate encoded at `start`, or 0. The name of the encoding says how: utf-8, utf-16-xx, utf-32-xx. */
function surrogateAt(encoding: string, p: usize, n: isize, start: isize): u32 {
  const q = p + <usize>start;
  const left = n - start;
  // The fifth character of the name: utf-8, utf-16…, utf-32…; the eighth of utf-16-le tells the byte order.
  const width = load<u16>(changetype<usize>(encoding), 8);
  let c: u32 = 0;
  if (width == 0x38) {
    if (left >= 3 && load<u8>(q) == 0xed && (load<u8>(q + 1) & 0xe0) == 0xa0 && (load<u8>(q + 2) & 0xc0) == 0x80) {
      c = 0xd000 | ((<u32>load<u8>(q + 1) & 0x3f) << 6) | (load<u8>(q + 2) & 0x3f);
    }
  } else {
    const big = encoding.length > 7 && load<u16>(changetype<usize>(encoding), 14) == 0x62;
    if (width == 0x31 && left >= 2) c = big ? <u32>bswap<u16>(load<u16>(q)) : load<u16>(q);
    else if (width == 0x33 && left >= 4) c = big ? bswap<u32>(load<u32>(q)) : load<u32>(q);
  }
  return c >= 0xd800 && c < 0xe000 ? c : 0;
}

/** Reads the (replacement, position) that a handler returned; returns the position, or -1 with an exception. */
function handlerPosition(result: usize, length: isize, message: string): isize {
  const isPair = Py.check(result, Py_TPFLAGS_TUPLE_SUBCLASS) && Py.SIZE(result) == 2;
  if (!isPair) {
    PyErr_SetString(PyExc_TypeError, message);
    return -1;
  }
  const position = Tuple.get(result, 1);
  if (!Py.check(position, Py_TPFLAGS_LONG_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "'%t' object cannot be interpreted as an integer", position);
    return -1;
  }
  let at = PyLong_AsSsize_t(position);
  if (at == -1 && PyErr_Occurred()) return -1;
  if (at < 0) at += length;
  if (at < 0 || at > length) {
    PyErr_Format(PyExc_IndexError, "position %d from error handler out of bounds", at);
    return -1;
  }
  return at;
}

function customDecodeError(
  errors: usize,
  encoding: string,
  reason: string,
  p: usize,
  n: isize,
  start: isize,
  end: isize,
  w: usize,
): isize {
  const handler = lookupHandler(errors);
  if (handler == 0) return -1;
  const object = PyBytes_FromStringAndSize(p, n);
  const exc = object == 0 ? 0 : makeError(PyExc_UnicodeDecodeError, encoding, object, start, end, reason);
  const result = exc == 0 ? 0 : PyObject_CallOneArg(handler, exc);
  Py.DECREF(handler);
  // The handler may have put other bytes in the place of the input.
  const input = result == 0 ? 0 : Py.XNewRef(PyUnicodeErrorObject.at(exc).object);
  Py.XDECREF(exc);
  if (result == 0) {
    Py.XDECREF(object);
    return -1;
  }
  const isBytes = input != 0 && Py.check(input, Py_TPFLAGS_BYTES_SUBCLASS);
  let at: isize = -1;
  if (isBytes) at = handlerPosition(result, Py.SIZE(input), "decoding error handler must return (str, int) tuple");
  else PyErr_SetString(PyExc_TypeError, "object attribute must be bytes");
  if (at >= 0) {
    const text = Tuple.get(result, 0);
    if (!Py.check(text, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      PyErr_SetString(PyExc_TypeError, "decoding error handler must return (str, int) tuple");
      at = -1;
    } else if (writeStr(w, text) < 0) at = -1;
  }
  if (at >= 0 && input != object) at = decodeInstead(w, encoding, errors, input, at) ? n : -1;
  Py.DECREF(object);
  Py.XDECREF(input);
  Py.DECREF(result);
  return at;
}

/** Whether it is this literal: equal ones are one. */
function isLiteral(a: string, b: string): bool {
  return changetype<usize>(a) == changetype<usize>(b);
}

/** Decodes what a handler has put in the place of the input, from `at` on, to the end: false with an exception. */
function decodeInstead(w: usize, encoding: string, errors: usize, input: usize, at: isize): bool {
  // Of two codecs the errors have other names than the registry.
  if (isLiteral(encoding, "rawunicodeescape")) encoding = "raw_unicode_escape";
  else if (isLiteral(encoding, "unicodeescape")) encoding = "unicode_escape";
  const name = PyUnicode_FromLiteral(encoding);
  const from = PyBytesObject.at(input).ob_sval + <usize>at;
  const text = name == 0 ? 0 : PyUnicode_Decode(from, Py.SIZE(input) - at, name, errors);
  const ok = text != 0 && writeStr(w, text) == 0;
  Py.XDECREF(name);
  Py.XDECREF(text);
  return ok;
}

/**
 * Calls the registered handler for characters start to end of `s`, which could not be encoded. Returns its result, a
 * new tuple whose first item is a str or bytes; where encoding goes on is `encodePosition` of it. Null: an exception.
 */
export function customEncodeError(
  errors: usize,
  encoding: string,
  reason: string,
  s: usize,
  start: isize,
  end: isize,
): usize {
  const handler = lookupHandler(errors);
  if (handler == 0) return 0;
  const exc = makeError(PyExc_UnicodeEncodeError, encoding, s, start, end, reason);
  const result = exc == 0 ? 0 : PyObject_CallOneArg(handler, exc);
  Py.XDECREF(exc);
  Py.DECREF(handler);
  if (result == 0) return 0;
  const at = handlerPosition(result, U.length(s), "encoding error handler must return (str/bytes, int) tuple");
  if (at >= 0) {
    const text = Tuple.get(result, 0);
    if (Py.check(text, Py_TPFLAGS_UNICODE_SUBCLASS) || Py.check(text, Py_TPFLAGS_BYTES_SUBCLASS)) return result;
    PyErr_SetString(PyExc_TypeError, "encoding error handler must return (str/bytes, int) tuple");
  }
  Py.DECREF(result);
  return 0;
}

/** Where encoding goes on, from a result of customEncodeError. */
export function encodePosition(result: usize, length: isize): isize {
  const at = PyLong_AsSsize_t(Tuple.get(result, 1));
  return at < 0 ? at + length : at;
}
