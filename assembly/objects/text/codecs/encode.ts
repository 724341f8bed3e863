// Encoding strings: ASCII, Latin-1, UTF-16 and UTF-32, and what every encoder does about characters that it has no
// bytes for (CPython 3.13's Objects/unicodeobject.c: unicode_encode_ucs1, _PyUnicode_EncodeUTF16, …).

import { Py_TPFLAGS_BYTES_SUBCLASS } from "../../../generated/constants";
import { PyBytesObject } from "../../../generated/layouts";
import { PyBytes_FromStringAndSize } from "../../bytes/bytes";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeBytes } from "../../bytes/writer";
import { Tuple } from "../../containers/tuple";
import { PyErr_NoMemory } from "../../errors/raise";
import { Py } from "../../object/head";
import { U } from "../access";
import {
  customEncodeError,
  ERRORS_BACKSLASHREPLACE,
  ERRORS_IGNORE,
  ERRORS_OTHER,
  ERRORS_REPLACE,
  ERRORS_SURROGATEESCAPE,
  ERRORS_SURROGATEPASS,
  ERRORS_XMLCHARREFREPLACE,
  encodePosition,
  errorHandler,
  raiseEncodeError,
} from "./errors";
import { findSurrogate, putUTF8 } from "./utf8";

/** Bytes a unit of the encoding named: 1, 2 (utf-16…) or 4 (utf-32…). */
function unitOf(encoding: string): i32 {
  if (encoding.length < 6 || load<u16>(changetype<usize>(encoding), 0) != 0x75) return 1;
  const c = load<u16>(changetype<usize>(encoding), 8);
  return c == 0x31 ? 2 : c == 0x33 ? 4 : 1;
}

/** Whether the encoding named is big-endian: utf-16-be, utf-32-be. */
function isBig(encoding: string): bool {
  return encoding.length > 7 && load<u16>(changetype<usize>(encoding), 14) == 0x62;
}

/** Appends one unit of 1, 2 or 4 bytes; -1 with MemoryError. */
function writeUnit(w: usize, unit: i32, big: bool, c: u32): i32 {
  if (ByteWriter.prepare(w, unit) < 0) return -1;
  const p = ByteWriter.address(w);
  if (unit == 1) store<u8>(p, c);
  else if (unit == 2) store<u16>(p, big ? bswap<u16>(<u16>c) : <u16>c);
  else store<u32>(p, big ? bswap<u32>(c) : c);
  ByteWriter.advance(w, unit);
  return 0;
}

function hexUnit(w: usize, unit: i32, big: bool, c: u32, digits: i32): i32 {
  for (let shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    const d = (c >> shift) & 15;
    if (writeUnit(w, unit, big, d < 10 ? 48 + d : 87 + d) < 0) return -1;
  }
  return 0;
}

function decimalUnits(w: usize, unit: i32, big: bool, c: u32): i32 {
  let scale: u32 = 1;
  while (c / scale >= 10) scale *= 10;
  for (; scale > 0; scale /= 10) if (writeUnit(w, unit, big, 48 + ((c / scale) % 10)) < 0) return -1;
  return 0;
}

/**
 * Handles characters start to end of `s`, which the encoding has no bytes for: writes what stands for them to byte
 * writer `w` and returns where encoding goes on; -1 with an exception.
 */
export function encodeUnencodable(
  w: usize,
  errors: usize,
  encoding: string,
  reason: string,
  s: usize,
  start: isize,
  end: isize,
): isize {
  const kind = U.kind(s);
  const data = U.data(s);
  const unit = unitOf(encoding);
  const big = isBig(encoding);
  switch (errorHandler(errors)) {
    case ERRORS_IGNORE:
      return end;
    case ERRORS_REPLACE:
      for (let i = start; i < end; i++) if (writeUnit(w, unit, big, 63) < 0) return -1;
      return end;
    case ERRORS_BACKSLASHREPLACE:
      for (let i = start; i < end; i++) {
        const c = U.read(kind, data, i);
        const digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
        if (writeUnit(w, unit, big, 0x5c) < 0) return -1;
        if (writeUnit(w, unit, big, digits == 2 ? 0x78 : digits == 4 ? 0x75 : 0x55) < 0) return -1;
        if (hexUnit(w, unit, big, c, digits) < 0) return -1;
      }
      return end;
    case ERRORS_XMLCHARREFREPLACE:
      for (let i = start; i < end; i++) {
        if (writeUnit(w, unit, big, 38) < 0 || writeUnit(w, unit, big, 35) < 0) return -1;
        if (decimalUnits(w, unit, big, U.read(kind, data, i)) < 0) return -1;
        if (writeUnit(w, unit, big, 59) < 0) return -1;
      }
      return end;
    case ERRORS_SURROGATEESCAPE: {
      let i = start;
      if (unit == 1) {
        for (; i < end; i++) {
          const c = U.read(kind, data, i);
          if (c < 0xdc80 || c > 0xdcff) break;
          if (writeUnit(w, 1, false, c & 0xff) < 0) return -1;
        }
      }
      return i == end ? end : raiseEncodeError(encoding, s, i, end, reason);
    }
    case ERRORS_SURROGATEPASS: {
      const utf8 = unit == 1 && encoding.length == 5 && load<u16>(changetype<usize>(encoding), 8) == 0x38;
      if (unit == 1 && !utf8) return raiseEncodeError(encoding, s, start, end, reason);
      for (let i = start; i < end; i++) {
        const c = U.read(kind, data, i);
        if (utf8) {
          if (ByteWriter.prepare(w, 3) < 0) return -1;
          putUTF8(ByteWriter.address(w), c);
          ByteWriter.advance(w, 3);
        } else if (writeUnit(w, unit, big, c) < 0) return -1;
      }
      return end;
    }
    case ERRORS_OTHER: {
      const result = customEncodeError(errors, encoding, reason, s, start, end);
      if (result == 0) return -1;
      const text = Tuple.get(result, 0);
      const at = encodePosition(result, U.length(s));
      const ok = writeReplacement(w, text, encoding, reason, s, start, end);
      Py.DECREF(result);
      return ok < 0 ? -1 : at;
    }
    default:
      return raiseEncodeError(encoding, s, start, end, reason);
  }
}

/** Appends what a registered handler gave: bytes as they are, a str in the encoding. */
function writeReplacement(
  w: usize,
  text: usize,
  encoding: string,
  reason: string,
  s: usize,
  start: isize,
  end: isize,
): isize {
  const unit = unitOf(encoding);
  if (Py.check(text, Py_TPFLAGS_BYTES_SUBCLASS)) {
    if ((Py.SIZE(text) & (unit - 1)) != 0) return raiseEncodeError(encoding, s, start, end, reason);
    return writeBytes(w, PyBytesObject.at(text).ob_sval, Py.SIZE(text));
  }
  const n = U.length(text);
  // A replacement must itself be encodable: ASCII everywhere but in Latin-1.
  const limit: u32 = unit == 1 && encoding.length == 7 ? 256 : 128;
  for (let i: isize = 0; i < n; i++) {
    const c = U.at(text, i);
    if (c >= limit) return raiseEncodeError(encoding, s, start, end, reason);
    if (writeUnit(w, unit, isBig(encoding), c) < 0) return -1;
  }
  return 0;
}

function encodeNarrow(s: usize, errors: usize, encoding: string, reason: string, limit: u32): usize {
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  if (kind == 1 && (limit == 256 || U.isAscii(s))) return PyBytes_FromStringAndSize(data, n);
  const w = ByteWriter.begin(n);
  let i: isize = 0;
  while (i < n) {
    const c = U.read(kind, data, i);
    if (c < limit) {
      if (ByteWriter.prepare(w, 1) < 0) return byteWriterDiscard(w);
      ByteWriter.put(w, c);
      i++;
      continue;
    }
    let end = i + 1;
    while (end < n && U.read(kind, data, end) >= limit) end++;
    i = encodeUnencodable(w, errors, encoding, reason, s, i, end);
    if (i < 0) return byteWriterDiscard(w);
  }
  return byteWriterFinish(w);
}

/** A new bytes object; `errors` is a str or null for strict. Null with an exception. */
export function _PyUnicode_AsASCIIString(s: usize, errors: usize): usize {
  return encodeNarrow(s, errors, "ascii", "ordinal not in range(128)", 128);
}

/** A new bytes object; `errors` is a str or null for strict. Null with an exception. */
export function _PyUnicode_AsLatin1String(s: usize, errors: usize): usize {
  return encodeNarrow(s, errors, "latin-1", "ordinal not in range(256)", 256);
}

/** encodeWide of characters of which none is a surrogate. */
function encodeUnits(kind: u32, data: usize, n: isize, unit: i32, order: i32): usize {
  const big = order > 0;
  const end = data + <usize>n * kind;
  let units = <i64>n + (order == 0 ? 1 : 0);
  if (unit == 2 && kind == 4) for (let p = data; p < end; p += 4) units += load<u32>(p) > 0xffff ? 1 : 0;
  const size = units * unit;
  if (size > 0x7ffffff0) return PyErr_NoMemory();
  const r = PyBytes_FromStringAndSize(0, <isize>size);
  if (r == 0) return 0;
  let q = PyBytesObject.at(r).ob_sval;
  if (order == 0) {
    if (unit == 2) store<u16>(q, 0xfeff);
    else store<u32>(q, 0xfeff);
    q += unit;
  }
  for (let i: isize = 0; i < n; i++) {
    const c = U.read(kind, data, i);
    if (unit == 4) store<u32>(q, big ? bswap<u32>(c) : c);
    else if (c <= 0xffff) store<u16>(q, big ? bswap<u16>(<u16>c) : <u16>c);
    else {
      const high = <u16>(0xd7c0 + (c >> 10));
      const low = <u16>(0xdc00 | (c & 0x3ff));
      store<u16>(q, big ? bswap<u16>(high) : high);
      q += 2;
      store<u16>(q, big ? bswap<u16>(low) : low);
    }
    q += unit;
  }
  return r;
}

/** A new bytes object: UTF-16 or UTF-32 as `unit` is 2 or 4; `order` -1 little, 1 big, 0 little with a mark. */
export function encodeWide(s: usize, errors: usize, unit: i32, order: i32): usize {
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  if (findSurrogate(kind, data, 0, n) == n) return encodeUnits(kind, data, n, unit, order);
  const big = order > 0;
  const w = ByteWriter.begin(n);
  if (order == 0 && writeUnit(w, unit, false, 0xfeff) < 0) return byteWriterDiscard(w);
  let i: isize = 0;
  while (i < n) {
    const c = U.read(kind, data, i);
    if ((c & 0xfffff800) == 0xd800) {
      // One at a time, unlike the other encodings.
      const end = i + 1;
      if (unit == 2) {
        const name = order == 0 ? "utf-16" : big ? "utf-16-be" : "utf-16-le";
        i = encodeUnencodable(w, errors, name, "surrogates not allowed", s, i, end);
      } else {
        const name = order == 0 ? "utf-32" : big ? "utf-32-be" : "utf-32-le";
        i = encodeUnencodable(w, errors, name, "surrogates not allowed", s, i, end);
      }
      if (i < 0) return byteWriterDiscard(w);
      continue;
    }
    if (unit == 2 && c > 0xffff) {
      if (writeUnit(w, 2, big, 0xd7c0 + (c >> 10)) < 0) return byteWriterDiscard(w);
      if (writeUnit(w, 2, big, 0xdc00 | (c & 0x3ff)) < 0) return byteWriterDiscard(w);
    } else if (writeUnit(w, unit, big, c) < 0) return byteWriterDiscard(w);
    i++;
  }
  return byteWriterFinish(w);
}
