// UTF-8 (CPython 3.13's Objects/stringlib/codecs.h and the UTF-8 part of Objects/unicodeobject.c): decoding with error
// handlers, whole or in pieces; the cached UTF-8 form of a string; encoding.

import { PyBytesObject, PyCompactUnicodeObject } from "../../../generated/layouts";
import { empty_string } from "../../../generated/statics";
import { PyMem_Malloc } from "../../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../bytes/bytes";
import { ByteWriter, byteWriterDiscard, byteWriterFinish } from "../../bytes/writer";
import { PyErr_NoMemory } from "../../errors/raise";
import { U } from "../access";
import { _PyUnicode_FromASCII } from "../create";
import { Writer, writeAscii, writerDiscard, writerFinish } from "../format/writer";
import { encodeUnencodable } from "./encode";
import { decodeError, raiseEncodeError } from "./errors";

/** How many of the bytes from `p` are ASCII before the first that is not. */
export function asciiPrefix(p: usize, n: isize): isize {
  let i: isize = 0;
  for (; i + 8 <= n; i += 8) {
    const bits = load<u64>(p + <usize>i) & 0x8080808080808080;
    if (bits) return i + <isize>(ctz(bits) >> 3);
  }
  for (; i < n; i++) if (load<u8>(p + <usize>i) & 0x80) return i;
  return n;
}

/** A new string from `n` bytes; `errors` is a str or null for strict. Null with an exception. */
export function PyUnicode_DecodeUTF8(p: usize, n: isize, errors: usize): usize {
  return PyUnicode_DecodeUTF8Stateful(p, n, errors, 0);
}

/**
 * As PyUnicode_DecodeUTF8. Where `consumed` (an 8-byte slot) is not null, a character that ends beyond the input is
 * no error: decoding stops before it, and the slot gets the bytes used.
 */
export function PyUnicode_DecodeUTF8Stateful(p: usize, n: isize, errors: usize, consumed: usize): usize {
  const prefix = asciiPrefix(p, n);
  if (prefix == n) {
    if (consumed != 0) store<i64>(consumed, n);
    return _PyUnicode_FromASCII(p, n);
  }
  const w = Writer.begin(n);
  if (writeAscii(w, p, prefix) < 0) return writerDiscard(w);
  let i = prefix;
  while (i < n) {
    const q = p + <usize>i;
    const c: u32 = load<u8>(q);
    if (c < 0x80) {
      const run = asciiPrefix(q, n - i);
      if (writeAscii(w, q, run) < 0) return writerDiscard(w);
      i += run;
      continue;
    }
    const left = n - i;
    // Bytes of the longest valid beginning, then whether the input merely ends or the next byte is wrong.
    let good: isize = 1;
    const need: isize = c < 0xc2 || c > 0xf4 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    let value: u32 = need == 2 ? c & 0x1f : need == 3 ? c & 0x0f : c & 7;
    while (good < need && good < left) {
      const d: u32 = load<u8>(q + <usize>good);
      if ((d & 0xc0) != 0x80) break;
      if (good == 1) {
        if (c == 0xe0 && d < 0xa0) break;
        // A surrogate that is cut off waits for its rest: there may be a handler for it.
        if (c == 0xed && d >= 0xa0 && !(consumed != 0 && left == 2)) break;
        if (c == 0xf0 && d < 0x90) break;
        if (c == 0xf4 && d >= 0x90) break;
      }
      value = (value << 6) | (d & 0x3f);
      good++;
    }
    if (good == need) {
      if (Writer.char(w, value) < 0) return writerDiscard(w);
      i += need;
      continue;
    }
    let at: isize;
    if (need == 0) at = decodeError(errors, "utf-8", "invalid start byte", p, n, i, i + 1, w);
    else if (good == left) {
      if (consumed != 0) break;
      at = decodeError(errors, "utf-8", "unexpected end of data", p, n, i, n, w);
    } else at = decodeError(errors, "utf-8", "invalid continuation byte", p, n, i, i + good, w);
    if (at < 0) return writerDiscard(w);
    i = at;
  }
  if (consumed != 0) store<i64>(consumed, i);
  return writerFinish(w);
}

/** Bytes of the UTF-8 form of the characters; -1 where one is a surrogate. */
function utf8Size(kind: u32, data: usize, n: isize): i64 {
  const end = data + <usize>n * kind;
  let size: i64 = 0;
  if (kind == 1) {
    for (let p = data; p < end; p++) size += 1 + (load<u8>(p) >> 7);
  } else if (kind == 2) {
    for (let p = data; p < end; p += 2) {
      const c: u32 = load<u16>(p);
      if ((c & 0xf800) == 0xd800) return -1;
      size += 1 + (c >= 0x80 ? 1 : 0) + (c >= 0x800 ? 1 : 0);
    }
  } else {
    for (let p = data; p < end; p += 4) {
      const c = load<u32>(p);
      if ((c & 0xfffff800) == 0xd800) return -1;
      size += 1 + (c >= 0x80 ? 1 : 0) + (c >= 0x800 ? 1 : 0) + (c >= 0x10000 ? 1 : 0);
    }
  }
  return size;
}

/** Writes characters as UTF-8; the address after them. */
function putCharacters(q: usize, kind: u32, data: usize, n: isize): usize {
  for (let i: isize = 0; i < n; i++) {
    const c = U.read(kind, data, i);
    if (c < 0x80) store<u8>(q++, c);
    else q = putUTF8(q, c);
  }
  return q;
}

/** Writes one character as UTF-8; the address after it. */
export function putUTF8(p: usize, c: u32): usize {
  if (c < 0x80) {
    store<u8>(p, c);
    return p + 1;
  }
  if (c < 0x800) {
    store<u8>(p, 0xc0 | (c >> 6));
    store<u8>(p + 1, 0x80 | (c & 0x3f));
    return p + 2;
  }
  if (c < 0x10000) {
    store<u8>(p, 0xe0 | (c >> 12));
    store<u8>(p + 1, 0x80 | ((c >> 6) & 0x3f));
    store<u8>(p + 2, 0x80 | (c & 0x3f));
    return p + 3;
  }
  store<u8>(p, 0xf0 | (c >> 18));
  store<u8>(p + 1, 0x80 | ((c >> 12) & 0x3f));
  store<u8>(p + 2, 0x80 | ((c >> 6) & 0x3f));
  store<u8>(p + 3, 0x80 | (c & 0x3f));
  return p + 4;
}

/** Index of the first surrogate from `i` on, or `n`. */
export function findSurrogate(kind: u32, data: usize, i: isize, n: isize): isize {
  if (kind == 1) return n;
  for (; i < n; i++) {
    const c = U.read(kind, data, i);
    if (c >= 0xd800 && c < 0xe000) return i;
  }
  return n;
}

/**
 * Address of the string's UTF-8 form, which a NUL ends: borrowed, valid as long as the string. Its length is
 * PyUnicode_UTF8Length. Null with UnicodeEncodeError (a lone surrogate) or MemoryError.
 */
export function PyUnicode_AsUTF8(o: usize): usize {
  if (U.isAscii(o)) return U.data(o);
  const cached = PyCompactUnicodeObject.at(o).utf8;
  if (cached != 0) return cached;
  const n = U.length(o);
  const kind = U.kind(o);
  const data = U.data(o);
  const size = utf8Size(kind, data, n);
  if (size < 0) {
    const bad = findSurrogate(kind, data, 0, n);
    let end = bad + 1;
    while (end < n && (U.read(kind, data, end) & 0xfffff800) == 0xd800) end++;
    raiseEncodeError("utf-8", o, bad, end, "surrogates not allowed");
    return 0;
  }
  if (size > 0x7ffffff0) return PyErr_NoMemory();
  const p = PyMem_Malloc(<usize>size + 1);
  if (p == 0) return PyErr_NoMemory();
  store<u8>(putCharacters(p, kind, data, n), 0);
  PyCompactUnicodeObject.at(o).utf8 = p;
  PyCompactUnicodeObject.at(o).utf8_length = <isize>size;
  return p;
}

/** Bytes of the UTF-8 form that PyUnicode_AsUTF8 gave. */
export function PyUnicode_UTF8Length(o: usize): isize {
  return U.isAscii(o) ? U.length(o) : PyCompactUnicodeObject.at(o).utf8_length;
}

/** A new bytes object: the UTF-8 form; `errors` is a str or null for strict. Null with an exception. */
export function PyUnicode_AsUTF8String(o: usize, errors: usize): usize {
  const n = U.length(o);
  if (U.isAscii(o)) return PyBytes_FromStringAndSize(U.data(o), n);
  const cached = PyCompactUnicodeObject.at(o).utf8;
  if (cached != 0) return PyBytes_FromStringAndSize(cached, PyCompactUnicodeObject.at(o).utf8_length);
  if (n == 0) return PyBytes_FromStringAndSize(empty_string, 0);
  const kind = U.kind(o);
  const data = U.data(o);
  const size = utf8Size(kind, data, n);
  if (size >= 0) {
    if (size > 0x7ffffff0) return PyErr_NoMemory();
    const r = PyBytes_FromStringAndSize(0, <isize>size);
    if (r == 0) return 0;
    putCharacters(PyBytesObject.at(r).ob_sval, kind, data, n);
    return r;
  }
  const w = ByteWriter.begin(n);
  let i: isize = 0;
  while (i < n) {
    const c = U.read(kind, data, i);
    if (c < 0xd800 || c > 0xdfff) {
      if (ByteWriter.prepare(w, 4) < 0) return byteWriterDiscard(w);
      const at = ByteWriter.address(w);
      ByteWriter.advance(w, <isize>(putUTF8(at, c) - at));
      i++;
      continue;
    }
    const end = surrogateRunEnd(kind, data, i, n);
    i = encodeUnencodable(w, errors, "utf-8", "surrogates not allowed", o, i, end);
    if (i < 0) return byteWriterDiscard(w);
  }
  return byteWriterFinish(w);
}

function surrogateRunEnd(kind: u32, data: usize, i: isize, n: isize): isize {
  while (i < n && (U.read(kind, data, i) & 0xfffff800) == 0xd800) i++;
  return i;
}
