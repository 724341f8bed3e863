// Decoding bytes: ASCII, Latin-1, UTF-16, UTF-32, and the choice of a codec by its name (CPython 3.13's
// Objects/unicodeobject.c: PyUnicode_Decode, PyUnicode_AsEncodedString, _Py_normalize_encoding). A name that is none of
// these goes to the codec registry, objectsRoots.codec_lookup.

import { Py_TPFLAGS_BYTES_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../../generated/constants";
import { unicodewriter } from "../../../generated/layouts";
import { objectsRoots, vmRoots } from "../../../generated/runtime";
import { PyExc_TypeError } from "../../../generated/statics";
import { PyBytes_FromStringAndSize } from "../../bytes/bytes";
import { PyErr_Format } from "../../errors/raise";
import { PyObject_CallOneArg } from "../../object/call";
import { Py } from "../../object/head";
import { U } from "../access";
import { DECODER, ENCODER, hasRegistry, runTextCodec } from "./registry";
import { PyTypeName } from "../concat";
import { _PyUnicode_FromASCII, PyUnicode_FromKindAndData } from "../create";
import { Writer, writeAscii, writerDiscard, writerFinish } from "../format/writer";
import { _PyUnicode_AsASCIIString, _PyUnicode_AsLatin1String, encodeWide } from "./encode";
import { decodeError, ERRORS_OTHER, errorHandler, lookupHandler } from "./errors";
import { asciiPrefix, PyUnicode_AsUTF8String, PyUnicode_DecodeUTF8 } from "./utf8";

/** A new string from ASCII bytes; `errors` is a str or null for strict. Null with an exception. */
export function PyUnicode_DecodeASCII(p: usize, n: isize, errors: usize): usize {
  const prefix = asciiPrefix(p, n);
  if (prefix == n) return _PyUnicode_FromASCII(p, n);
  const w = Writer.begin(n);
  if (writeAscii(w, p, prefix) < 0) return writerDiscard(w);
  let i = prefix;
  while (i < n) {
    const c = load<u8>(p + <usize>i);
    if (c < 128) {
      if (Writer.char(w, c) < 0) return writerDiscard(w);
      i++;
      continue;
    }
    i = decodeError(errors, "ascii", "ordinal not in range(128)", p, n, i, i + 1, w);
    if (i < 0) return writerDiscard(w);
  }
  return writerFinish(w);
}

/** A new string from Latin-1 bytes. Null with MemoryError. */
export function PyUnicode_DecodeLatin1(p: usize, n: isize): usize {
  return PyUnicode_FromKindAndData(1, p, n);
}

class Wide {
  /** The unit of 2 or 4 bytes at an address. */
  @inline static unit(q: usize, unit: isize, big: bool): u32 {
    if (unit == 2) return big ? bswap<u16>(load<u16>(q)) : load<u16>(q);
    return big ? bswap<u32>(load<u32>(q)) : load<u32>(q);
  }
}

/**
 * Decodes units from byte `i` on as long as they are characters that the writer's buffer has room for as it is; where it
 * stopped.
 */
function decodeUnits(w: usize, p: usize, n: isize, i: isize, unit: isize, big: bool): isize {
  const writer = unicodewriter.at(w);
  const kind = writer.kind;
  const data = writer.data;
  const top = writer.maxchar;
  const size = writer.size;
  let pos = writer.pos;
  for (; pos < size && n - i >= unit; i += unit) {
    const c = Wide.unit(p + <usize>i, unit, big);
    if (c > top || (c & 0xfffff800) == 0xd800) break;
    U.write(kind, data, pos++, c);
  }
  writer.pos = pos;
  return i;
}

/**
 * A new string from UTF-16 or UTF-32, as `unit` is 2 or 4; `order` -1 little, 1 big, 0 by the mark at the beginning,
 * little without one. Where `consumed` (an 8-byte slot) is not null, a character that ends beyond the input is no
 * error: the slot gets the bytes used. Null with an exception.
 */
export function decodeWide(p: usize, n: isize, errors: usize, unit: isize, order: i32, consumed: usize): usize {
  let i: isize = 0;
  let big = order > 0;
  const marked = order == 0;
  if (marked && n >= unit) {
    const mark = unit == 2 ? <u32>load<u16>(p) : load<u32>(p);
    if (mark == 0xfeff) i = unit;
    else if (unit == 2 ? mark == 0xfffe : mark == 0xfffe0000) {
      i = unit;
      big = true;
    }
  }
  const name16 = big ? "utf-16-be" : "utf-16-le";
  const name32 = big ? "utf-32-be" : "utf-32-le";
  const name = unit == 2 ? name16 : name32;
  const w = Writer.begin(n / unit);
  while (true) {
    i = decodeUnits(w, p, n, i, unit, big);
    if (i >= n) break;
    const left = n - i;
    let reason: string = "truncated data";
    let end = n;
    if (left >= unit) {
      const q = p + <usize>i;
      let c = Wide.unit(q, unit, big);
      let used = unit;
      let good = true;
      if (unit == 4) {
        if (c > 0x10ffff) {
          good = false;
          reason = "code point not in range(0x110000)";
          end = i + 4;
        } else if ((c & 0xfffff800) == 0xd800) {
          good = false;
          reason = "code point in surrogate code point range(0xd800, 0xe000)";
          end = i + 4;
        }
      } else if ((c & 0xf800) == 0xd800) {
        good = false;
        if (c >= 0xdc00) {
          reason = "illegal encoding";
          end = i + 2;
        } else if (left < 4) reason = "unexpected end of data";
        else {
          const low = Wide.unit(q + 2, 2, big);
          if ((low & 0xfc00) == 0xdc00) {
            c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
            used = 4;
            good = true;
          } else {
            reason = "illegal UTF-16 surrogate";
            end = i + 2;
          }
        }
      }
      if (good) {
        if (Writer.char(w, c) < 0) return writerDiscard(w);
        i += used;
        continue;
      }
    }
    if (consumed != 0 && end == n && (left < unit || (unit == 2 && left < 4 && reason.length == 22))) break;
    i = decodeError(errors, name, reason, p, n, i, end, w);
    if (i < 0) return writerDiscard(w);
  }
  if (consumed != 0) store<i64>(consumed, i);
  return writerFinish(w);
}

export const CODEC_UNKNOWN: i32 = 0;
export const CODEC_UTF8: i32 = 1;
export const CODEC_ASCII: i32 = 2;
export const CODEC_LATIN1: i32 = 3;
export const CODEC_UTF16: i32 = 4;
export const CODEC_UTF16LE: i32 = 5;
export const CODEC_UTF16BE: i32 = 6;
export const CODEC_UTF32: i32 = 7;
export const CODEC_UTF32LE: i32 = 8;
export const CODEC_UTF32BE: i32 = 9;

/** Whether the name is the literal, letters in lower case and runs of other characters as one "_". */
function named(name: usize, s: string): bool {
  const n = U.length(name);
  const m = s.length;
  let j = 0;
  let gap = false;
  for (let i: isize = 0; i < n; i++) {
    let c = U.at(name, i);
    if (c - 65 < 26) c += 32;
    const word = c - 97 < 26 || c - 48 < 10 || c == 0x2e;
    if (!word) {
      gap = j > 0;
      continue;
    }
    if (gap) {
      if (j >= m || load<u16>(changetype<usize>(s) + ((<usize>j) << 1)) != 0x5f) return false;
      j++;
      gap = false;
    }
    if (j >= m || load<u16>(changetype<usize>(s) + ((<usize>j) << 1)) != c) return false;
    j++;
  }
  return j == m;
}

/** Which of the codecs here a name stands for, CODEC_*. */
export function codecByName(name: usize): i32 {
  if (named(name, "utf_8") || named(name, "utf8") || named(name, "u8") || named(name, "cp65001")) return CODEC_UTF8;
  if (named(name, "ascii") || named(name, "us_ascii") || named(name, "646")) return CODEC_ASCII;
  if (named(name, "latin_1") || named(name, "latin1") || named(name, "iso_8859_1")) return CODEC_LATIN1;
  if (named(name, "iso8859_1") || named(name, "8859") || named(name, "l1") || named(name, "latin")) return CODEC_LATIN1;
  if (named(name, "iso8859") || named(name, "cp819")) return CODEC_LATIN1;
  if (named(name, "utf_16") || named(name, "utf16") || named(name, "u16")) return CODEC_UTF16;
  if (named(name, "utf_16_le") || named(name, "utf_16le") || named(name, "utf16_le") || named(name, "utf16le"))
    return CODEC_UTF16LE;
  if (named(name, "utf_16_be") || named(name, "utf_16be") || named(name, "utf16_be") || named(name, "utf16be"))
    return CODEC_UTF16BE;
  if (named(name, "utf_32") || named(name, "utf32") || named(name, "u32")) return CODEC_UTF32;
  if (named(name, "utf_32_le") || named(name, "utf_32le") || named(name, "utf32_le") || named(name, "utf32le"))
    return CODEC_UTF32LE;
  if (named(name, "utf_32_be") || named(name, "utf_32be") || named(name, "utf32_be") || named(name, "utf32be"))
    return CODEC_UTF32BE;
  return CODEC_UNKNOWN;
}

/**
 * Whether there are a codec and an error handler of these names (strs or null), otherwise LookupError; asked in
 * development mode only, as whoever has nothing to encode or decode, or no error, needs neither.
 */
export function checkCodecNames(encoding: usize, errors: usize): bool {
  if (objectsRoots.dev_mode == 0 || vmRoots.finalizing || !hasRegistry()) return true;
  if (encoding != 0 && codecByName(encoding) == CODEC_UNKNOWN) {
    const codec = PyObject_CallOneArg(objectsRoots.codec_lookup, encoding);
    if (codec == 0) return false;
    Py.DECREF(codec);
  }
  if (errorHandler(errors) != ERRORS_OTHER) return true;
  const handler = lookupHandler(errors);
  Py.XDECREF(handler);
  return handler != 0;
}

/** A new string from the `n` bytes at `p`; encoding and errors are strs or null (utf-8, strict). Null: an exception. */
export function PyUnicode_Decode(p: usize, n: isize, encoding: usize, errors: usize): usize {
  if (!checkCodecNames(encoding, errors)) return 0;
  switch (encoding == 0 ? CODEC_UTF8 : codecByName(encoding)) {
    case CODEC_UTF8:
      return PyUnicode_DecodeUTF8(p, n, errors);
    case CODEC_ASCII:
      return PyUnicode_DecodeASCII(p, n, errors);
    case CODEC_LATIN1:
      return PyUnicode_DecodeLatin1(p, n);
    case CODEC_UTF16:
      return decodeWide(p, n, errors, 2, 0, 0);
    case CODEC_UTF16LE:
      return decodeWide(p, n, errors, 2, -1, 0);
    case CODEC_UTF16BE:
      return decodeWide(p, n, errors, 2, 1, 0);
    case CODEC_UTF32:
      return decodeWide(p, n, errors, 4, 0, 0);
    case CODEC_UTF32LE:
      return decodeWide(p, n, errors, 4, -1, 0);
    case CODEC_UTF32BE:
      return decodeWide(p, n, errors, 4, 1, 0);
    default: {
      const bytes = PyBytes_FromStringAndSize(p, n);
      if (bytes == 0) return 0;
      const r = runTextCodec(DECODER, encoding, bytes, errors);
      Py.DECREF(bytes);
      if (r != 0 && !Py.check(r, Py_TPFLAGS_UNICODE_SUBCLASS)) {
        PyErr_Format(
          PyExc_TypeError,
          "'%.400U' decoder returned '%.400s' instead of 'str'; use codecs.decode() to decode to arbitrary types",
          encoding,
          PyTypeName.of(r),
        );
        Py.DECREF(r);
        return 0;
      }
      return r;
    }
  }
}

/** A new bytes object; encoding and errors are strs or null (utf-8, strict). Null with an exception. */
export function PyUnicode_AsEncodedString(s: usize, encoding: usize, errors: usize): usize {
  if (!checkCodecNames(encoding, errors)) return 0;
  switch (encoding == 0 ? CODEC_UTF8 : codecByName(encoding)) {
    case CODEC_UTF8:
      return PyUnicode_AsUTF8String(s, errors);
    case CODEC_ASCII:
      return _PyUnicode_AsASCIIString(s, errors);
    case CODEC_LATIN1:
      return _PyUnicode_AsLatin1String(s, errors);
    case CODEC_UTF16:
      return encodeWide(s, errors, 2, 0);
    case CODEC_UTF16LE:
      return encodeWide(s, errors, 2, -1);
    case CODEC_UTF16BE:
      return encodeWide(s, errors, 2, 1);
    case CODEC_UTF32:
      return encodeWide(s, errors, 4, 0);
    case CODEC_UTF32LE:
      return encodeWide(s, errors, 4, -1);
    case CODEC_UTF32BE:
      return encodeWide(s, errors, 4, 1);
    default: {
      const r = runTextCodec(ENCODER, encoding, s, errors);
      if (r != 0 && !Py.check(r, Py_TPFLAGS_BYTES_SUBCLASS)) {
        PyErr_Format(
          PyExc_TypeError,
          "'%.400U' encoder returned '%.400s' instead of 'bytes'; use codecs.encode() to encode to arbitrary types",
          encoding,
          PyTypeName.of(r),
        );
        Py.DECREF(r);
        return 0;
      }
      return r;
    }
  }
}
