// The input of a parser: bytes in some encoding become UTF-8, and places in it become lines, columns and bytes of what was
// given (the encodings of expat's xmltok.c, and PyUnknownEncodingHandler of CPython 3.13's Modules/pyexpat.c).
//
// Until the encoding is known, bytes wait in `raw`: for the mark of the order of bytes, or for the end of the XML declaration.

import { PyBytesObject, xmlparser } from "../../generated/layouts";
import { PyExc_ValueError } from "../../generated/statics";
import { PyMem_Realloc } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { PyErr_NoMemory, PyErr_SetString } from "../../objects/errors/raise";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { PyUnicode_Decode } from "../../objects/text/codecs/decode";
import { putUTF8 } from "../../objects/text/codecs/utf8";
import { PyUnicode_FromLiteral, PyUnicode_FromStringAndSize } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";
import { isSpace, standsAt } from "./scan";

// How bytes become UTF-8.
const UNKNOWN: i32 = 0;
const UTF8: i32 = 1;
const UTF16LE: i32 = 2;
const UTF16BE: i32 = 3;
const LATIN1: i32 = 4;
const ASCII: i32 = 5;
/** By the characters in `map`. */
const MAPPED: i32 = 6;

/** A byte that is never in UTF-8: what could not be decoded. */
const NONE: u32 = 0xff;
const REPLACEMENT: u32 = 0xfffd;

/** Whether ASCII bytes are the literal, in capitals or not. */
function isNamed(p: usize, n: usize, name: string): bool {
  if (n != <usize>name.length) return false;
  for (let i = 0; i < name.length; i++) {
    const c: u32 = load<u8>(p + i);
    const d = <u32>name.charCodeAt(i);
    if (c != d && !((c | 32) == (d | 32) && (d | 32) - 97 < 26)) return false;
  }
  return true;
}

/** Takes an encoding by its name: whether it is known; otherwise an exception is set. `wide`: bytes come in pairs. */
function useEncoding(x: xmlparser, p: usize, n: usize, wide: bool): bool {
  if (isNamed(p, n, "UTF-8")) {
    if (wide) x.bad_encoding = 1;
    else x.encoding = UTF8;
  } else if (isNamed(p, n, "UTF-16") || isNamed(p, n, "UTF-16BE") || isNamed(p, n, "UTF-16LE")) {
    if (!wide) {
      x.bad_encoding = 1;
      x.encoding = UTF8;
    }
  } else if (isNamed(p, n, "ISO-8859-1") || isNamed(p, n, "US-ASCII")) {
    if (wide) x.bad_encoding = 1;
    else x.encoding = isNamed(p, n, "US-ASCII") ? ASCII : LATIN1;
  } else if (x.given != 0) return useMap(x, p, n);
  else {
    // When the declaration has been told.
    x.bad_encoding = 2;
    if (!wide) x.encoding = UTF8;
  }
  return true;
}

/** Asks the codecs what the 256 bytes are: whether they know; otherwise an exception is set. */
function useMap(x: xmlparser, p: usize, n: usize): bool {
  const name = PyUnicode_FromStringAndSize(p, <isize>n);
  const errors = name == 0 ? 0 : PyUnicode_FromLiteral("replace");
  const bytes = Scratch.take(32);
  for (let i: usize = 0; i < 256; i++) store<u8>(bytes + i, <u8>i);
  const text = errors == 0 ? 0 : PyUnicode_Decode(bytes, 256, name, errors);
  Scratch.give(bytes);
  Py.XDECREF(name);
  Py.XDECREF(errors);
  if (text == 0) return false;
  if (U.length(text) != 256) {
    Py.DECREF(text);
    PyErr_SetString(PyExc_ValueError, "multi-byte encodings are not supported");
    return false;
  }
  Py.SETREF(x.map_slot, text);
  x.encoding = MAPPED;
  return true;
}

/** Takes what is left of the input for bytes in an encoding that the codecs know: 0, or -1 with an exception. */
export function useDeclared(x: xmlparser): i32 {
  const slot = Scratch.take(1);
  const p = declaredEncoding(x.input, x.input + x.start, slot);
  const known = p != 0 && useMap(x, p, load<u32>(slot));
  Scratch.give(slot);
  x.bad_encoding = 0;
  if (!known) return -1;
  const n = <isize>(x.end - x.start);
  const rest = PyBytes_FromStringAndSize(x.input + x.start, n);
  if (rest == 0) return -1;
  locate(x, x.start);
  x.end = x.start;
  const used = convert(x, PyBytesObject.at(rest).ob_sval, n);
  Py.DECREF(rest);
  return used < 0 ? -1 : 0;
}

/** The value of `encoding` in an XML declaration of one byte a character, from `p` to `end`; null where there is none. */
function declaredEncoding(p: usize, end: usize, out: usize): usize {
  for (; p < end; p++) {
    if (!isSpace(load<u8>(p)) || !standsAt(p + 1, end, "encoding")) continue;
    let q = p + 9;
    while (q < end && (isSpace(load<u8>(q)) || load<u8>(q) == 0x3d)) q++;
    const quote: u32 = q < end ? load<u8>(q) : 0;
    if (quote != 0x22 && quote != 0x27) return 0;
    const begin = ++q;
    while (q < end && load<u8>(q) != quote) q++;
    store<u32>(out, <u32>(q - begin));
    return begin;
  }
  return 0;
}

/** Where "?>" ends in bytes that come singly, or in pairs; null where it is not. */
function declarationClose(p: usize, end: usize, step: usize): usize {
  for (; p + 2 * step <= end; p += step) {
    if (load<u8>(p) == 0x3f && load<u8>(p + step) == 0x3e) return p + 2 * step;
  }
  return 0;
}

/** Finds out what the encoding is: 1 if it is known then, 0 if there must be more bytes, -1 with an exception. */
function detect(x: xmlparser, p: usize, n: isize, final: bool): i32 {
  const end = p + <usize>n;
  if (n < 2 && !final) return 0;
  const a: u32 = n > 0 ? load<u8>(p) : 0;
  const b: u32 = n > 1 ? load<u8>(p + 1) : 1;
  if (n > 1 && ((a == 0xff && b == 0xfe) || (a != 0 && b == 0))) return wide(x, p, end, UTF16LE, final);
  if (n > 1 && ((a == 0xfe && b == 0xff) || a == 0)) return wide(x, p, end, UTF16BE, final);
  if (x.given != 0) return useGiven(x, false) ? 1 : -1;
  x.encoding = UTF8;
  if (a == 0xef && b == 0xbb && n < 3 && !final) {
    x.encoding = UNKNOWN;
    return 0;
  }
  if (standsAt(p, end, "\u{ef}\u{bb}\u{bf}")) p += 3;
  const declares = "<?xml ";
  for (let i = 0; i < declares.length; i++) {
    if (p + i == end && !final) {
      x.encoding = UNKNOWN;
      return 0;
    }
    if (p + i >= end) return 1;
    const d: u32 = load<u8>(p + i);
    if (d != <u32>declares.charCodeAt(i) && !(i == 5 && isSpace(d))) return 1;
  }
  const close = declarationClose(p, end, 1);
  if (close == 0) {
    if (final) return 1;
    x.encoding = UNKNOWN;
    return 0;
  }
  const length = Scratch.take(1);
  const name = declaredEncoding(p, close, length);
  const good = name == 0 || useEncoding(x, name, load<u32>(length), false);
  Scratch.give(length);
  return good ? 1 : -1;
}

/** The encoding that was given to the parser. */
function useGiven(x: xmlparser, isWide: bool): bool {
  const data = U.data(x.given);
  return useEncoding(x, data, <usize>U.length(x.given), isWide);
}

/** As detect(), where bytes come in pairs. */
function wide(x: xmlparser, p: usize, end: usize, encoding: i32, final: bool): i32 {
  x.encoding = encoding;
  if (x.given != 0) {
    // Whoever says otherwise is believed.
    if (isNamed(U.data(x.given), <usize>U.length(x.given), "UTF-16")) return 1;
    return useGiven(x, false) ? 1 : -1;
  }
  const low: usize = encoding == UTF16LE ? 0 : 1;
  let q = p + low;
  if (load<u8>(q) == 0xff || load<u8>(q) == 0xfe) q += 2;
  if (end - q < 12 || load<u8>(q + 2) != 0x3f) {
    if (end - q >= 12 || final) return 1;
    x.encoding = UNKNOWN;
    return 0;
  }
  const close = declarationClose(q, end, 2);
  if (close == 0) {
    if (!final) x.encoding = UNKNOWN;
    return final ? 1 : 0;
  }
  // What the declaration says, a byte a character.
  const n = (close - q) >> 1;
  const copy = PyBytes_FromStringAndSize(0, <isize>n);
  if (copy == 0) return -1;
  const text = PyBytesObject.at(copy).ob_sval;
  for (let i: usize = 0; i < n; i++) store<u8>(text + i, load<u8>(q + 2 * i));
  const length = Scratch.take(1);
  const name = declaredEncoding(text, text + n, length);
  const good = name == 0 || useEncoding(x, name, load<u32>(length), true);
  Scratch.give(length);
  Py.DECREF(copy);
  return good ? 1 : -1;
}

/** Makes room for `n` more bytes of UTF-8: 0, or -1 with MemoryError. */
function reserve(x: xmlparser, n: i64): i32 {
  const size = <i64>x.end + n;
  if (size <= <i64>x.size) return 0;
  const room = max<i64>(size, 2 * <i64>x.size);
  const input = room > 0x7ffffff0 ? 0 : PyMem_Realloc(x.input, <usize>room);
  if (input == 0) {
    PyErr_NoMemory();
    return -1;
  }
  x.input = input;
  x.size = <i32>room;
  return 0;
}

/** Takes what is left before `start` out of the input. */
function compact(x: xmlparser): void {
  const start = x.start;
  if (start == 0) return;
  locate(x, start);
  memory.copy(x.input, x.input + start, x.end - start);
  x.end = x.end - start;
  x.start = 0;
  x.counted = 0;
  x.event = x.event - start;
}

/** Adds the characters of the `n` bytes at `p` to the input: how many bytes were whole characters, -1 with MemoryError. */
function convert(x: xmlparser, p: usize, n: isize): isize {
  if (reserve(x, <i64>n * (x.encoding == UTF8 ? 1 : 3)) < 0) return -1;
  let to = x.input + x.end;
  let i: isize = 0;
  if (x.encoding == UTF8) {
    memory.copy(to, p, n);
    x.end = x.end + <i32>n;
    return n;
  }
  while (i < n) {
    let c: u32 = load<u8>(p + <usize>i);
    let size: isize = 1;
    if (x.encoding == ASCII) c = c < 128 ? c : NONE + REPLACEMENT;
    else if (x.encoding == MAPPED) {
      c = U.at(x.map, <isize>c);
      if (c == REPLACEMENT) c = NONE + REPLACEMENT;
    } else if (x.encoding != LATIN1) {
      if (i + 1 >= n) break;
      c = unitAt(x, p + <usize>i);
      size = 2;
      if ((c & 0xfc00) == 0xd800) {
        if (i + 3 >= n) break;
        const second = unitAt(x, p + <usize>i + 2);
        size = 4;
        c = (second & 0xfc00) == 0xdc00 ? 0x10000 + (((c & 0x3ff) << 10) | (second & 0x3ff)) : NONE + REPLACEMENT;
      }
    }
    if (c == NONE + REPLACEMENT) {
      store<u8>(to, NONE);
      to++;
    } else to = putUTF8(to, c);
    i += size;
  }
  x.end = <i32>(to - x.input);
  return i;
}

function unitAt(x: xmlparser, p: usize): u32 {
  const unit = load<u16>(p);
  return x.encoding == UTF16LE ? unit : bswap<u16>(unit);
}

/** Adds bytes to the input: 0, or -1 with an exception. */
export function addInput(x: xmlparser, p: usize, n: isize, final: bool): i32 {
  x.direct = x.direct + n;
  compact(x);
  let joined: usize = 0;
  if (x.raw != 0) {
    const before = Py.SIZE(x.raw);
    joined = PyBytes_FromStringAndSize(0, before + n);
    if (joined == 0) return -1;
    const data = PyBytesObject.at(joined).ob_sval;
    memory.copy(data, PyBytesObject.at(x.raw).ob_sval, before);
    memory.copy(data + <usize>before, p, n);
    p = data;
    n += before;
    Py.CLEAR(x.raw_slot);
  }
  let used: isize = 0;
  let status = 0;
  const known = x.encoding != UNKNOWN ? 1 : n == 0 && !final ? 0 : detect(x, p, n, final);
  if (known < 0) status = -1;
  else if (known > 0) {
    used = convert(x, p, n);
    if (used < 0) status = -1;
  }
  if (status == 0 && used < n) {
    x.raw = PyBytes_FromStringAndSize(p + <usize>used, n - used);
    if (x.raw == 0) status = -1;
  }
  Py.XDECREF(joined);
  return status;
}

/** Bytes of a character in the encoding of the input. */
function sourceSize(x: xmlparser, size: i32): i32 {
  return x.encoding == UTF8 ? size : x.encoding == UTF16LE || x.encoding == UTF16BE ? (size == 4 ? 4 : 2) : 1;
}

/** Counts lines, columns and bytes up to a place in the input. */
export function locate(x: xmlparser, place: i32): void {
  let p = x.input + x.counted;
  const end = x.input + min(place, x.end);
  while (p < end) {
    const c: u32 = load<u8>(p);
    const size = c < 0x80 || c == NONE ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    x.index = x.index + sourceSize(x, size);
    if (c == 10 || c == 13) {
      x.line = x.line + 1;
      x.column = 0;
      if (c == 13 && p + 1 < x.input + x.end && load<u8>(p + 1) == 10) {
        x.index = x.index + sourceSize(x, 1);
        p++;
      }
    } else x.column = x.column + 1;
    p += size;
  }
  if (p > x.input + x.counted) x.counted = <i32>(p - x.input);
}
