// Strings with the quotes and escapes of JSON (the functions ascii_escape_unicode and escape_unicode of CPython 3.13's
// Modules/_json.c): measured first, then written into a str of that size.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PyExc_OverflowError, PyExc_TypeError } from "../../generated/statics";
import { PyErr_Format, PyErr_SetString } from "../../objects/errors/raise";
import { Py } from "../../objects/object/head";
import { copyCharacters, U } from "../../objects/text/access";
import { PyUnicode_New } from "../../objects/text/create";

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;

/** The letter behind the backslash of a short escape; 0 where the character has none. */
function shortEscape(c: u32): u32 {
  switch (c) {
    case QUOTE:
    case BACKSLASH:
      return c;
    case 8:
      return 0x62; // b
    case 9:
      return 0x74; // t
    case 10:
      return 0x6e; // n
    case 12:
      return 0x66; // f
    case 13:
      return 0x72; // r
    default:
      return 0;
  }
}

/** Writes \uXXXX at index `i`: the index behind it. */
function putUnit(kind: u32, data: usize, i: isize, unit: u32): isize {
  U.write(kind, data, i, BACKSLASH);
  U.write(kind, data, i + 1, 0x75);
  for (let shift: u32 = 16, k = i + 2; shift > 0; k++) {
    shift -= 4;
    const d = (unit >> shift) & 15;
    U.write(kind, data, k, d < 10 ? 48 + d : 87 + d);
  }
  return i + 6;
}

/** The first character from `i` on that does not stand for itself, or `n`. */
function plainEnd(kind: u32, data: usize, i: isize, n: isize, last: u32): isize {
  for (; i < n; i++) {
    const c = U.read(kind, data, i);
    if (c < 0x20 || c > last || c == QUOTE || c == BACKSLASH) return i;
  }
  return n;
}

/** A new str: the text of `s` in quotes; what is above `last` is escaped. Null with an exception. */
function quoted(s: usize, last: u32): usize {
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  let size: i64 = 2;
  for (let i: isize = 0; i < n; i++) {
    const start = i;
    i = plainEnd(kind, data, i, n, last);
    size += i - start;
    if (i == n) break;
    const c = U.read(kind, data, i);
    size += shortEscape(c) != 0 ? 2 : c < 0x10000 ? 6 : 12;
  }
  if (size > <i64>isize.MAX_VALUE) return PyErr_SetString(PyExc_OverflowError, "string is too long to escape");
  const r = PyUnicode_New(<isize>size, last < 127 ? 127 : U.maxCharValue(s));
  if (r == 0) return 0;
  const toKind = U.kind(r);
  const to = U.data(r);
  let at: isize = 0;
  U.write(toKind, to, at++, QUOTE);
  for (let i: isize = 0; i < n; i++) {
    const start = i;
    i = plainEnd(kind, data, i, n, last);
    copyCharacters(toKind, to, at, kind, data, start, i - start);
    at += i - start;
    if (i == n) break;
    const c = U.read(kind, data, i);
    const letter = shortEscape(c);
    if (letter != 0) {
      U.write(toKind, to, at, BACKSLASH);
      U.write(toKind, to, at + 1, letter);
      at += 2;
    } else if (c < 0x10000) at = putUnit(toKind, to, at, c);
    else {
      at = putUnit(toKind, to, at, 0xd800 + ((c - 0x10000) >> 10));
      at = putUnit(toKind, to, at, 0xdc00 + ((c - 0x10000) & 0x3ff));
    }
  }
  U.write(toKind, to, at, QUOTE);
  return r;
}

/** Whether an argument is a str; otherwise TypeError. */
export function isString(o: usize): bool {
  if (Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS)) return true;
  PyErr_Format(PyExc_TypeError, "first argument must be a string, not %.80t", o);
  return false;
}

/**
 * @native _json.encode_basestring_ascii
 *
 * encode_basestring_ascii(string): the string as JSON has it, in ASCII
 */
export function encode_basestring_ascii(_module: usize, string: usize): usize {
  return isString(string) ? quoted(string, 0x7e) : 0;
}

/**
 * @native _json.encode_basestring
 *
 * encode_basestring(string): the string as JSON has it
 */
export function encode_basestring(_module: usize, string: usize): usize {
  return isString(string) ? quoted(string, 0x10ffff) : 0;
}
