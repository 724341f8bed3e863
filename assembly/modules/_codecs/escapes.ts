// Text and bytes with escapes, as Python's literals have them (the codecs unicode_escape, raw_unicode_escape and escape of
// CPython 3.13's Objects/unicodeobject.c, Objects/bytesobject.c and Modules/_codecsmodule.c).

import { Py_TPFLAGS_BYTES_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { host } from "../../generated/host";
import { PyBytesObject } from "../../generated/layouts";
import { PyExc_DeprecationWarning, PyExc_ValueError } from "../../generated/statics";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte } from "../../objects/bytes/writer";
import { badArgument } from "../../objects/define/args";
import { PyErr_Fail, PyErr_Format } from "../../objects/errors/raise";
import { PyErr_WarnFormat } from "../../objects/errors/warnings";
import { Buffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { MAX_UNICODE, U } from "../../objects/text/access";
import { decodeError } from "../../objects/text/codecs/errors";
import { PyUnicode_AsUTF8String } from "../../objects/text/codecs/utf8";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { PyUnicode_FromStringAndSize } from "../../objects/text/create";
import { Writer, writerDiscard, writerFinish } from "../../objects/text/format/writer";
import { Scratch } from "../../thread/scratch";
import { codecResult, errorsOf, isErrors, isText, NAME_BYTES_MAX } from "./arguments";

/** What of a character could not be read. */
const BAD: i32 = -1;

/** The bytes of a bytes-like argument, or the UTF-8 form of a str: a view in scratch slots, or null with an exception. */
function open(data: usize): usize {
  if (!Py.check(data, Py_TPFLAGS_UNICODE_SUBCLASS)) return Buffer.open(data);
  const bytes = PyUnicode_AsUTF8String(data, 0);
  if (bytes == 0) return 0;
  const view = Buffer.open(bytes);
  Py.DECREF(bytes);
  return view;
}

function hexValue(c: u32): i32 {
  if (c - 48 < 10) return <i32>(c - 48);
  const l = c | 32;
  return l - 97 < 6 ? <i32>(l - 87) : -1;
}

/** The one character that an escape with one letter stands for; -1 where the letter has none. */
function simpleEscape(c: u32): i32 {
  switch (c) {
    case 0x5c: // \
    case 0x27: // '
    case 0x22: // "
      return <i32>c;
    case 0x61: // a
      return 7;
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
    case 0x76: // v
      return 11;
    default:
      return -1;
  }
}

/** The character that the `n` bytes at `p` name; BAD where they name none. */
function characterOfName(p: usize, n: isize): i32 {
  // A named sequence is none, and does not fit.
  const c = Scratch.take(1);
  const size = n > NAME_BYTES_MAX ? 0 : host.charactersNamed(p, <usize>n, 1, c, 8);
  const r = size == 4 ? load<i32>(c) : BAD;
  Scratch.give(c);
  return r;
}

/** Warns of an escape that will be an error: the number `c`, or the character `c` after a backslash. -1: an exception. */
function warnEscape(p: usize, c: u32): i32 {
  if (c >= 0x34 && c <= 0x37) {
    const digits = PyUnicode_FromStringAndSize(p, 3);
    if (digits == 0) return -1;
    const r = PyErr_WarnFormat(PyExc_DeprecationWarning, 1, "invalid octal escape sequence '\\%U'", digits);
    Py.DECREF(digits);
    return r;
  }
  return PyErr_WarnFormat(PyExc_DeprecationWarning, 1, "invalid escape sequence '\\%c'", c);
}

/**
 * A new str from the `n` bytes at `p`, Latin-1 with escapes; `raw`: only \u and \U. Where `consumed` (an 8-byte slot) is
 * not null, an escape that does not end is no error: the slot gets the bytes before it. Null with an exception.
 */
function decode(p: usize, n: isize, errors: usize, raw: bool, consumed: usize): usize {
  const w = Writer.begin(n);
  let i: isize = 0;
  // The first escape that is none.
  let invalid: isize = -1;
  while (i < n) {
    const start = i;
    let c: u32 = load<u8>(p + <usize>i);
    i++;
    if (c != 0x5c || (raw && i >= n && consumed == 0)) {
      if (Writer.char(w, c) < 0) return writerDiscard(w);
      continue;
    }
    let reason = "\\ at end of string";
    let incomplete = i >= n;
    if (!incomplete) {
      c = load<u8>(p + <usize>i);
      i++;
      const digits = c == 0x75 ? 4 : c == 0x55 ? 8 : c == 0x78 && !raw ? 2 : 0;
      let ch: i32 = BAD;
      if (digits > 0) {
        reason =
          digits == 2
            ? "truncated \\xXX escape"
            : digits == 4
              ? "truncated \\uXXXX escape"
              : "truncated \\UXXXXXXXX escape";
        let v: u32 = 0;
        let k = 0;
        for (; k < digits && i < n; k++) {
          const d = hexValue(load<u8>(p + <usize>i));
          if (d < 0) break;
          v = (v << 4) | <u32>d;
          i++;
        }
        if (k == digits) {
          if (v <= MAX_UNICODE) ch = <i32>v;
          else reason = raw ? "\\Uxxxxxxxx out of range" : "illegal Unicode character";
        } else incomplete = i >= n;
      } else if (raw) {
        if (Writer.char(w, 0x5c) < 0 || Writer.char(w, c) < 0) return writerDiscard(w);
        continue;
      } else if (c == 10) continue;
      else if (c - 48 < 8) {
        ch = <i32>(c - 48);
        for (let k = 0; k < 2 && i < n && <u32>load<u8>(p + <usize>i) - 48 < 8; k++) {
          ch = (ch << 3) + <i32>(load<u8>(p + <usize>i) - 48);
          i++;
        }
        if (ch > 255 && invalid < 0) invalid = i - 3;
      } else if (c == 0x4e) {
        reason = "malformed \\N character escape";
        if (i >= n) incomplete = true;
        else if (load<u8>(p + <usize>i) == 0x7b) {
          const name = ++i;
          while (i < n && load<u8>(p + <usize>i) != 0x7d) i++;
          if (i >= n) incomplete = true;
          else if (i > name) {
            ch = characterOfName(p + <usize>name, i - name);
            i++;
            reason = "unknown Unicode character name";
          }
        }
      } else {
        ch = simpleEscape(c);
        if (ch < 0) {
          if (invalid < 0) invalid = i - 1;
          if (Writer.char(w, 0x5c) < 0 || Writer.char(w, c) < 0) return writerDiscard(w);
          continue;
        }
      }
      if (ch >= 0) {
        if (Writer.char(w, <u32>ch) < 0) return writerDiscard(w);
        continue;
      }
    }
    if (incomplete && consumed != 0) {
      store<i64>(consumed, start);
      break;
    }
    i = raw
      ? decodeError(errors, "rawunicodeescape", reason, p, n, start, i, w)
      : decodeError(errors, "unicodeescape", reason, p, n, start, i, w);
    if (i < 0) return writerDiscard(w);
  }
  if (invalid >= 0 && warnEscape(p + <usize>invalid, load<u8>(p + <usize>invalid)) < 0) return writerDiscard(w);
  return writerFinish(w);
}

/** A decoder's work: the pair of text and bytes used. */
function decodeAll(fname: string, data: usize, errors: usize, raw: bool, final: bool): usize {
  const view = open(data);
  if (view == 0) return 0;
  const consumed = Scratch.take(1);
  store<i64>(consumed, Buffer.length(view));
  const text = isErrors(errors, fname)
    ? decode(Buffer.data(view), Buffer.length(view), errorsOf(errors), raw, final ? 0 : consumed)
    : 0;
  const used = load<i32>(consumed);
  Scratch.give(consumed);
  Buffer.close(view);
  return codecResult(text, used);
}

/**
 * @native _codecs.unicode_escape_decode($module, data, errors=None, final=True, /)
 */
export function unicode_escape_decode(_module: usize, data: usize, errors: usize, final: bool): usize {
  return decodeAll("unicode_escape_decode", data, errors, false, final);
}

/**
 * @native _codecs.raw_unicode_escape_decode($module, data, errors=None, final=True, /)
 */
export function raw_unicode_escape_decode(_module: usize, data: usize, errors: usize, final: bool): usize {
  return decodeAll("raw_unicode_escape_decode", data, errors, true, final);
}

/** Writes a backslash, a letter and so many digits of base 16: 0, or -1 with MemoryError. */
function writeHex(w: usize, letter: u32, c: u32, digits: i32): i32 {
  if (ByteWriter.prepare(w, 2 + digits) < 0) return -1;
  ByteWriter.put(w, 0x5c);
  ByteWriter.put(w, letter);
  for (let shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    const d = (c >> shift) & 15;
    ByteWriter.put(w, d < 10 ? 48 + d : 87 + d);
  }
  return 0;
}

/** Writes a backslash and a character: 0, or -1 with MemoryError. */
function writeEscape(w: usize, c: u32): i32 {
  return writeByte(w, 0x5c) < 0 ? -1 : writeByte(w, c);
}

/** Writes a character of a byte as it is, or escaped where it is not printable ASCII. */
function writePlain(w: usize, c: u32): i32 {
  if (c == 0x5c) return writeEscape(w, c);
  if (c >= 32 && c < 127) return writeByte(w, c);
  if (c == 9) return writeEscape(w, 0x74);
  if (c == 10) return writeEscape(w, 0x6e);
  if (c == 13) return writeEscape(w, 0x72);
  return writeHex(w, 0x78, c, 2);
}

/** An encoder's work: the pair of bytes and characters. */
function encode(fname: string, str: usize, errors: usize, raw: bool): usize {
  if (!isText(str, fname) || !isErrors(errors, fname)) return 0;
  const n = U.length(str);
  const w = ByteWriter.begin(n);
  let status = 0;
  for (let i: isize = 0; i < n && status == 0; i++) {
    const c = U.at(str, i);
    if (c < 256) status = raw ? writeByte(w, c) : writePlain(w, c);
    else status = c < 0x10000 ? writeHex(w, 0x75, c, 4) : writeHex(w, 0x55, c, 8);
  }
  return status < 0 ? byteWriterDiscard(w) : codecResult(byteWriterFinish(w), n);
}

/**
 * @native _codecs.unicode_escape_encode($module, str, errors=None, /)
 */
export function unicode_escape_encode(_module: usize, str: usize, errors: usize): usize {
  return encode("unicode_escape_encode", str, errors, false);
}

/**
 * @native _codecs.raw_unicode_escape_encode($module, str, errors=None, /)
 */
export function raw_unicode_escape_encode(_module: usize, str: usize, errors: usize): usize {
  return encode("raw_unicode_escape_encode", str, errors, true);
}

/**
 * @native _codecs.escape_encode($module, data, errors=None, /)
 */
export function escape_encode(_module: usize, data: usize, errors: usize): usize {
  if (!Py.check(data, Py_TPFLAGS_BYTES_SUBCLASS)) return badArgument("escape_encode", "argument 1", "bytes", data);
  if (!isErrors(errors, "escape_encode")) return 0;
  const n = Py.SIZE(data);
  const p = PyBytesObject.at(data).ob_sval;
  const w = ByteWriter.begin(n);
  let status = 0;
  for (let i: isize = 0; i < n && status == 0; i++) {
    const c: u32 = load<u8>(p + <usize>i);
    status = c == 0x27 ? writeEscape(w, c) : writePlain(w, c);
  }
  return status < 0 ? byteWriterDiscard(w) : codecResult(byteWriterFinish(w), n);
}

/** What escape_decode does about \x without two digits at position `at`: 0, or -1 with ValueError. */
function badHex(w: usize, errors: usize, at: isize): i32 {
  if (errors == 0 || PyUnicode_EqualToLiteral(errors, "strict")) {
    PyErr_Format(PyExc_ValueError, "invalid \\x escape at position %d", at);
    return -1;
  }
  if (PyUnicode_EqualToLiteral(errors, "replace")) return writeByte(w, 0x3f);
  if (PyUnicode_EqualToLiteral(errors, "ignore")) return 0;
  PyErr_Format(PyExc_ValueError, "decoding error; unknown error handling code: %.400U", errors);
  return -1;
}

/** The bytes that the `n` bytes at `p` stand for, in the writer: 0, or -1 with an exception. */
function decodeEscapes(w: usize, p: usize, n: isize, errors: usize): i32 {
  let invalid: isize = -1;
  let i: isize = 0;
  while (i < n) {
    let c: u32 = load<u8>(p + <usize>i);
    i++;
    if (c != 0x5c) {
      if (writeByte(w, c) < 0) return -1;
      continue;
    }
    if (i == n) return PyErr_Fail(PyExc_ValueError, "Trailing \\ in string");
    c = load<u8>(p + <usize>i);
    i++;
    if (c == 10) continue;
    if (c - 48 < 8) {
      let v = c - 48;
      for (let k = 0; k < 2 && i < n && <u32>load<u8>(p + <usize>i) - 48 < 8; k++) {
        v = (v << 3) + load<u8>(p + <usize>i) - 48;
        i++;
      }
      if (v > 255 && invalid < 0) invalid = i - 3;
      if (writeByte(w, v) < 0) return -1;
    } else if (c == 0x78) {
      const a = i + 1 < n ? hexValue(load<u8>(p + <usize>i)) : -1;
      const b = i + 1 < n ? hexValue(load<u8>(p + <usize>i, 1)) : -1;
      if (a >= 0 && b >= 0) {
        if (writeByte(w, <u32>((a << 4) | b)) < 0) return -1;
        i += 2;
      } else {
        if (badHex(w, errors, i - 2) < 0) return -1;
        if (i < n && hexValue(load<u8>(p + <usize>i)) >= 0) i++;
      }
    } else {
      const v = simpleEscape(c);
      if (v >= 0) {
        if (writeByte(w, <u32>v) < 0) return -1;
        continue;
      }
      if (invalid < 0) invalid = i - 1;
      // The character is read again as itself.
      if (writeByte(w, 0x5c) < 0) return -1;
      i--;
    }
  }
  return invalid < 0 ? 0 : warnEscape(p + <usize>invalid, load<u8>(p + <usize>invalid));
}

/**
 * @native _codecs.escape_decode($module, data, errors=None, /)
 */
export function escape_decode(_module: usize, data: usize, errors: usize): usize {
  const view = open(data);
  if (view == 0) return 0;
  const n = Buffer.length(view);
  let bytes: usize = 0;
  if (isErrors(errors, "escape_decode")) {
    const w = ByteWriter.begin(n);
    bytes = decodeEscapes(w, Buffer.data(view), n, errorsOf(errors)) < 0 ? byteWriterDiscard(w) : byteWriterFinish(w);
  }
  Buffer.close(view);
  return codecResult(bytes, n);
}

/**
 * @native _codecs.readbuffer_encode($module, data, errors=None, /)
 */
export function readbuffer_encode(_module: usize, data: usize, errors: usize): usize {
  const view = open(data);
  if (view == 0) return 0;
  const n = Buffer.length(view);
  const bytes = isErrors(errors, "readbuffer_encode") ? PyBytes_FromStringAndSize(Buffer.data(view), n) : 0;
  Buffer.close(view);
  return codecResult(bytes, n);
}
