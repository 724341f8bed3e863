// Reading a JSON string, and the errors of JSON (the functions scanstring_unicode and raise_errmsg of CPython 3.13's
// Modules/_json.c).

import { PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { ssizeArgument } from "../../objects/define/args";
import { PyErr_Format, PyErr_Occurred, PyErr_SetObject, PyErr_SetString } from "../../objects/errors/raise";
import { PyImport_Import } from "../../objects/module/import";
import { PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { digitValue } from "../../objects/numbers/int/text";
import { PyObject_CallThreeArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { U } from "../../objects/text/access";
import { PyUnicode_Substring } from "../../objects/text/concat";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { Writer, writerDiscard, writerFinish, writeSubstring } from "../../objects/text/format/writer";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { Scratch } from "../../thread/scratch";
import { isString } from "./strings";

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;

/** An attribute of a literal name: a new reference, null with an exception. */
export function attribute(o: usize, name: string): usize {
  const key = PyUnicode_InternLiteral(name);
  const r = key == 0 ? 0 : PyObject_GetAttr(o, key);
  Py.XDECREF(key);
  return r;
}

/** json.decoder.JSONDecodeError, a new reference; null with an exception. */
function decodeError(): usize {
  const name = PyUnicode_InternLiteral("json.decoder");
  const json = name == 0 ? 0 : PyImport_Import(name);
  Py.XDECREF(name);
  const decoder = json == 0 ? 0 : attribute(json, "decoder");
  Py.XDECREF(json);
  const r = decoder == 0 ? 0 : attribute(decoder, "JSONDecodeError");
  Py.XDECREF(decoder);
  return r;
}

/** Sets a JSONDecodeError for a place in the text; returns null. */
export function fail(message: string, s: usize, at: isize): usize {
  const type = decodeError();
  if (type == 0) return 0;
  const text = PyUnicode_FromLiteral(message);
  const where = PyLong_FromSsize_t(at);
  const exc = text == 0 || where == 0 ? 0 : PyObject_CallThreeArgs(type, text, s, where);
  if (exc != 0) PyErr_SetObject(type, exc);
  Py.XDECREF(exc);
  Py.XDECREF(where);
  Py.XDECREF(text);
  Py.DECREF(type);
  return 0;
}

/** Four digits of base 16 at `i`, of which all are there; -1 where not all are digits. */
function readUnit(kind: u32, data: usize, i: isize): i32 {
  let v: u32 = 0;
  for (let k: isize = 0; k < 4; k++) {
    const d = digitValue(U.read(kind, data, i + k));
    if (d > 15) return -1;
    v = (v << 4) | d;
  }
  return <i32>v;
}

/** What the letter of a short escape stands for; 0 for others. */
function escapedCharacter(c: u32): u32 {
  switch (c) {
    case QUOTE:
    case BACKSLASH:
    case 0x2f: // /
      return c;
    case 0x62: // b
      return 8;
    case 0x66: // f
      return 12;
    case 0x6e: // n
      return 10;
    case 0x72: // r
      return 13;
    case 0x74: // t
      return 9;
    default:
      return 0;
  }
}

/** The string whose first character, behind the quote, is at `start`: a new str. `next` is the slot for where it ends. */
export function scanString(s: usize, start: isize, strict: bool, next: usize): usize {
  const n = U.length(s);
  if (start < 0 || start > n) return PyErr_SetString(PyExc_ValueError, "end is out of bounds");
  const kind = U.kind(s);
  const data = U.data(s);
  let w: usize = 0;
  let i = start;
  while (true) {
    const chunk = i;
    let c: u32 = 0;
    for (; i < n; i++) {
      c = U.read(kind, data, i);
      if (c == QUOTE || c == BACKSLASH) break;
      if (c < 0x20 && strict) {
        if (w != 0) writerDiscard(w);
        return fail("Invalid control character at", s, i);
      }
    }
    if (i < n && c == QUOTE && w == 0) {
      store<i64>(next, i + 1);
      return PyUnicode_Substring(s, chunk, i);
    }
    if (w == 0) w = Writer.begin();
    if (i >= n || (c == BACKSLASH && i + 1 == n)) {
      writerDiscard(w);
      return fail("Unterminated string starting at", s, start - 1);
    }
    if (writeSubstring(w, s, chunk, i) < 0) return writerDiscard(w);
    i++;
    if (c == QUOTE) {
      store<i64>(next, i);
      return writerFinish(w);
    }
    const letter = U.read(kind, data, i);
    i++;
    if (letter != 0x75) {
      c = escapedCharacter(letter);
      if (c == 0) {
        writerDiscard(w);
        return fail("Invalid \\escape", s, i - 2);
      }
    } else {
      // Behind the digits there must be something yet.
      const unit = i + 4 < n ? readUnit(kind, data, i) : -1;
      if (unit < 0) {
        writerDiscard(w);
        return fail("Invalid \\uXXXX escape", s, i - 1);
      }
      c = <u32>unit;
      i += 4;
      const paired =
        (c & 0xfc00) == 0xd800 && i + 6 < n && U.read(kind, data, i) == BACKSLASH && U.read(kind, data, i + 1) == 0x75;
      if (paired) {
        const second = readUnit(kind, data, i + 2);
        if (second < 0) {
          writerDiscard(w);
          return fail("Invalid \\uXXXX escape", s, i + 1);
        }
        if ((second & 0xfc00) == 0xdc00) {
          c = 0x10000 + (((c & 0x3ff) << 10) | (<u32>second & 0x3ff));
          i += 6;
        }
      }
    }
    if (Writer.char(w, c) < 0) return writerDiscard(w);
  }
}

/** A pair of what was read (stolen, null for an exception) and where it ends. */
export function readPair(made: usize, end: isize): usize {
  if (made == 0) return 0;
  const r = PyTuple_New(2);
  const at = r == 0 ? 0 : PyLong_FromSsize_t(end);
  if (r == 0) {
    Py.DECREF(made);
    return 0;
  }
  Tuple.set(r, 0, made);
  Tuple.set(r, 1, at);
  if (at != 0) return r;
  Py.DECREF(r);
  return 0;
}

/**
 * @native _json.scanstring
 *
 * scanstring(string, end, strict=True): (text, end)
 *
 * Reads the JSON string in a text whose first character behind the quote is at end, and gives what its escapes stand for, and the place behind the second quote.
 *
 * What is no valid string is a ValueError, and so are control characters in it unless strict is false, which lets them stand as they are.
 */
export function scanstring(_module: usize, args: usize): usize {
  const n = Tuple.size(args);
  if (n < 2 || n > 3) {
    return n < 2
      ? PyErr_Format(PyExc_TypeError, "scanstring() takes at least 2 arguments (%d given)", n)
      : PyErr_Format(PyExc_TypeError, "scanstring() takes at most 3 arguments (%d given)", n);
  }
  const start = ssizeArgument(Tuple.get(args, 1));
  if (start == -1 && PyErr_Occurred() != 0) return 0;
  const strict = n > 2 ? PyObject_IsTrue(Tuple.get(args, 2)) : 1;
  if (strict < 0 || !isString(Tuple.get(args, 0))) return 0;
  const next = Scratch.take(1);
  const text = scanString(Tuple.get(args, 0), start, strict > 0, next);
  const end = load<i32>(next);
  Scratch.give(next);
  return readPair(text, end);
}
