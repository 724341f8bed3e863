// The error handlers that there are from the beginning, as functions (the second half of CPython 3.13's Python/codecs.c).
// Codecs do not call them: they know what these do (objects/text/codecs/errors.ts).

import { Py_TPFLAGS_BYTES_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { host } from "../../generated/host";
import { PyBytesObject, PyUnicodeErrorObject } from "../../generated/layouts";
import {
  PyExc_BaseException,
  PyExc_TypeError,
  PyExc_UnicodeDecodeError,
  PyExc_UnicodeEncodeError,
  PyExc_UnicodeTranslateError,
} from "../../generated/statics";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte } from "../../objects/bytes/writer";
import { PyErr_Format, PyErr_SetObject, PyErr_SetString } from "../../objects/errors/raise";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import * as Codec from "../../objects/text/codecs/decode";
import { codecByName } from "../../objects/text/codecs/decode";
import { writeBackslashReplace, writeHexEscape } from "../../objects/text/codecs/errors";
import { PyTypeName } from "../../objects/text/concat";
import { unicodeChar } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import {
  Writer,
  writeAscii,
  writeLiteral,
  writerDiscard,
  writerFinish,
  writeStr,
} from "../../objects/text/format/writer";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { Scratch } from "../../thread/scratch";
import { codecResult, NAME_BYTES_MAX } from "./arguments";

const ENCODE: i32 = 1;
const DECODE: i32 = 2;
const TRANSLATE: i32 = 4;

/** Which of the three errors an object is; 0 for none. */
function kindOf(exc: usize): i32 {
  const type = Py.TYPE(exc);
  if (PyType_IsSubtype(type, PyExc_UnicodeEncodeError)) return ENCODE;
  if (PyType_IsSubtype(type, PyExc_UnicodeDecodeError)) return DECODE;
  return PyType_IsSubtype(type, PyExc_UnicodeTranslateError) ? TRANSLATE : 0;
}

/** The kind of an error that is among `kinds` and has its object; 0 with TypeError. */
function check(exc: usize, kinds: i32): i32 {
  const kind = kindOf(exc);
  if ((kind & kinds) == 0) {
    PyErr_Format(PyExc_TypeError, "don't know how to handle %.200s in error callback", PyTypeName.of(exc));
    return 0;
  }
  const object = PyUnicodeErrorObject.at(exc).object;
  if (object == 0) {
    PyErr_SetString(PyExc_TypeError, "object attribute not set");
    return 0;
  }
  if (Py.check(object, kind == DECODE ? Py_TPFLAGS_BYTES_SUBCLASS : Py_TPFLAGS_UNICODE_SUBCLASS)) return kind;
  PyErr_SetString(
    PyExc_TypeError,
    kind == DECODE ? "object attribute must be bytes" : "object attribute must be unicode",
  );
  return 0;
}

function lengthOf(exc: usize, kind: i32): isize {
  const object = PyUnicodeErrorObject.at(exc).object;
  return kind == DECODE ? Py.SIZE(object) : U.length(object);
}

/** Where what is wrong begins, within the object. */
function startOf(exc: usize, kind: i32): isize {
  return max<isize>(min<isize>(max<isize>(PyUnicodeErrorObject.at(exc).start, 0), lengthOf(exc, kind) - 1), 0);
}

/** Where it ends, within the object. */
function endOf(exc: usize, kind: i32): isize {
  return min<isize>(max<isize>(PyUnicodeErrorObject.at(exc).end, 1), lengthOf(exc, kind));
}

/** Raises what the handler was given; returns null. */
function reraise(exc: usize): usize {
  PyErr_SetObject(Py.TYPE(exc), exc);
  return 0;
}

/**
 * @native _codecs.strict_errors
 */
export function strict_errors(_module: usize, exc: usize): usize {
  if (PyType_IsSubtype(Py.TYPE(exc), PyExc_BaseException)) return reraise(exc);
  return PyErr_SetString(PyExc_TypeError, "codec must pass exception instance");
}

/**
 * @native _codecs.ignore_errors
 */
export function ignore_errors(_module: usize, exc: usize): usize {
  const kind = check(exc, ENCODE | DECODE | TRANSLATE);
  return kind == 0 ? 0 : codecResult(PyUnicode_FromFormat(""), endOf(exc, kind));
}

/**
 * @native _codecs.replace_errors
 */
export function replace_errors(_module: usize, exc: usize): usize {
  const kind = check(exc, ENCODE | DECODE | TRANSLATE);
  if (kind == 0) return 0;
  const end = endOf(exc, kind);
  const n = kind == DECODE ? 1 : end - startOf(exc, kind);
  const w = Writer.begin(n);
  for (let i: isize = 0; i < n; i++) if (Writer.char(w, kind == ENCODE ? 0x3f : 0xfffd) < 0) return writerDiscard(w);
  return codecResult(writerFinish(w), end);
}

/**
 * @native _codecs.xmlcharrefreplace_errors
 */
export function xmlcharrefreplace_errors(_module: usize, exc: usize): usize {
  const kind = check(exc, ENCODE);
  if (kind == 0) return 0;
  const end = endOf(exc, kind);
  const w = Writer.begin(8);
  for (let i = startOf(exc, kind); i < end; i++) {
    const text = PyUnicode_FromFormat("&#%d;", U.at(PyUnicodeErrorObject.at(exc).object, i));
    const status = text == 0 ? -1 : writeStr(w, text);
    Py.XDECREF(text);
    if (status < 0) return writerDiscard(w);
  }
  return codecResult(writerFinish(w), end);
}

/**
 * @native _codecs.backslashreplace_errors
 */
export function backslashreplace_errors(_module: usize, exc: usize): usize {
  const kind = check(exc, ENCODE | DECODE | TRANSLATE);
  if (kind == 0) return 0;
  const object = PyUnicodeErrorObject.at(exc).object;
  const end = endOf(exc, kind);
  const w = Writer.begin(8);
  for (let i = startOf(exc, kind); i < end; i++) {
    const status =
      kind == DECODE
        ? writeHexEscape(w, 0x78, load<u8>(PyBytesObject.at(object).ob_sval + <usize>i), 2)
        : writeBackslashReplace(w, U.at(object, i));
    if (status < 0) return writerDiscard(w);
  }
  return codecResult(writerFinish(w), end);
}

/** Writes \N{...} for the character, or its number where it has no name: 0, or -1 with MemoryError. */
function writeName(w: usize, c: u32): i32 {
  const buffer = Scratch.take(NAME_BYTES_MAX >> 3);
  const n = host.characterName(c, buffer, <usize>NAME_BYTES_MAX);
  let status: i32;
  if (n <= 0) status = writeBackslashReplace(w, c);
  else {
    status = writeLiteral(w, "\\N{");
    if (status == 0) status = writeAscii(w, buffer, n);
    if (status == 0) status = writeLiteral(w, "}");
  }
  Scratch.give(buffer);
  return status;
}

/**
 * @native _codecs.namereplace_errors
 */
export function namereplace_errors(_module: usize, exc: usize): usize {
  const kind = check(exc, ENCODE);
  if (kind == 0) return 0;
  const object = PyUnicodeErrorObject.at(exc).object;
  const end = endOf(exc, kind);
  const w = Writer.begin(8);
  for (let i = startOf(exc, kind); i < end; i++) {
    if (writeName(w, U.at(object, i)) < 0) return writerDiscard(w);
  }
  return codecResult(writerFinish(w), end);
}

/** Bytes a unit of the error's encoding: 3 for UTF-8, 2, 4, negative for the big-endian ones; 0 for others. */
function unitOf(exc: usize): i32 {
  const encoding = PyUnicodeErrorObject.at(exc).encoding;
  if (encoding == 0) return 0;
  switch (codecByName(encoding)) {
    case Codec.CODEC_UTF8:
      return 3;
    case Codec.CODEC_UTF16:
    case Codec.CODEC_UTF16LE:
      return 2;
    case Codec.CODEC_UTF16BE:
      return -2;
    case Codec.CODEC_UTF32:
    case Codec.CODEC_UTF32LE:
      return 4;
    case Codec.CODEC_UTF32BE:
      return -4;
    default:
      return 0;
  }
}

/** Writes a surrogate in units of the encoding: 0, or -1 with MemoryError. */
function writeSurrogate(w: usize, unit: i32, c: u32): i32 {
  if (ByteWriter.prepare(w, 4) < 0) return -1;
  if (unit == 3) {
    ByteWriter.put(w, 0xe0 | (c >> 12));
    ByteWriter.put(w, 0x80 | ((c >> 6) & 63));
    ByteWriter.put(w, 0x80 | (c & 63));
    return 0;
  }
  const n = abs(unit);
  for (let i = 0; i < n; i++) ByteWriter.put(w, (c >> ((unit < 0 ? n - 1 - i : i) << 3)) & 255);
  return 0;
}

/** The surrogate in the bytes at `p`, of which there are enough; another number for none. */
function readSurrogate(p: usize, unit: i32): u32 {
  if (unit == 3) {
    const a: u32 = load<u8>(p);
    const b: u32 = load<u8>(p, 1);
    const c: u32 = load<u8>(p, 2);
    if ((a & 0xf0) != 0xe0 || (b & 0xc0) != 0x80 || (c & 0xc0) != 0x80) return 0;
    return ((a & 15) << 12) | ((b & 63) << 6) | (c & 63);
  }
  if (unit == 2) return load<u16>(p);
  if (unit == -2) return <u32>bswap<u16>(load<u16>(p));
  return unit == 4 ? load<u32>(p) : bswap<u32>(load<u32>(p));
}

/**
 * @native _codecs.surrogatepass
 */
export function surrogatepass(_module: usize, exc: usize): usize {
  const kind = check(exc, ENCODE | DECODE);
  if (kind == 0) return 0;
  const unit = unitOf(exc);
  if (unit == 0) return reraise(exc);
  const object = PyUnicodeErrorObject.at(exc).object;
  const start = startOf(exc, kind);
  if (kind == DECODE) {
    const n = abs(unit);
    const c = Py.SIZE(object) - start >= n ? readSurrogate(PyBytesObject.at(object).ob_sval + <usize>start, unit) : 0;
    return (c & 0xfffff800) == 0xd800 ? codecResult(unicodeChar(c), start + n) : reraise(exc);
  }
  const end = endOf(exc, kind);
  const w = ByteWriter.begin(8);
  for (let i = start; i < end; i++) {
    const c = U.at(object, i);
    if ((c & 0xfffff800) != 0xd800) {
      byteWriterDiscard(w);
      return reraise(exc);
    }
    if (writeSurrogate(w, unit, c) < 0) return byteWriterDiscard(w);
  }
  return codecResult(byteWriterFinish(w), end);
}

/**
 * @native _codecs.surrogateescape
 */
export function surrogateescape(_module: usize, exc: usize): usize {
  const kind = check(exc, ENCODE | DECODE);
  if (kind == 0) return 0;
  const object = PyUnicodeErrorObject.at(exc).object;
  const start = startOf(exc, kind);
  const end = endOf(exc, kind);
  if (kind == DECODE) {
    const w = Writer.begin(4);
    let i = start;
    for (; i < end && i < start + 4; i++) {
      const c: u32 = load<u8>(PyBytesObject.at(object).ob_sval + <usize>i);
      // ASCII is never escaped.
      if (c < 128) break;
      if (Writer.char(w, 0xdc00 + c) < 0) return writerDiscard(w);
    }
    if (i > start) return codecResult(writerFinish(w), i);
    writerDiscard(w);
    return reraise(exc);
  }
  const w = ByteWriter.begin(8);
  for (let i = start; i < end; i++) {
    const c = U.at(object, i);
    if (c < 0xdc80 || c > 0xdcff) {
      byteWriterDiscard(w);
      return reraise(exc);
    }
    if (writeByte(w, c - 0xdc00) < 0) return byteWriterDiscard(w);
  }
  return codecResult(byteWriterFinish(w), end);
}
