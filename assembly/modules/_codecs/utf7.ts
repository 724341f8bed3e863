// UTF-7 (RFC 2152; PyUnicode_DecodeUTF7Stateful and _PyUnicode_EncodeUTF7 of CPython 3.13's Objects/unicodeobject.c):
// ASCII as itself, the rest as UTF-16 in base 64 between "+" and "-".

import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte } from "../../objects/bytes/writer";
import { Buffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { decodeError } from "../../objects/text/codecs/errors";
import { PyUnicode_Substring } from "../../objects/text/concat";
import { Writer, writerDiscard, writerFinish } from "../../objects/text/format/writer";
import { Scratch } from "../../thread/scratch";
import { codecResult, errorsOf, isErrors, isText } from "./arguments";

/** The value of a digit of base 64; -1 for what is none. */
function digitValue(c: u32): i32 {
  if (c - 65 < 26) return <i32>(c - 65);
  if (c - 97 < 26) return <i32>(c - 71);
  if (c - 48 < 10) return <i32>(c + 4);
  return c == 0x2b ? 62 : c == 0x2f ? 63 : -1;
}

function digit(v: u32): u32 {
  v &= 63;
  return v < 26 ? 65 + v : v < 52 ? 71 + v : v < 62 ? v - 4 : v == 62 ? 0x2b : 0x2f;
}

function isDirect(c: u32): bool {
  if (c == 0 || c > 127) return false;
  if (c == 9 || c == 10 || c == 13) return true;
  // No other control character, and neither "+" nor "\" nor "~".
  return c >= 32 && c < 126 && c != 0x2b && c != 0x5c;
}

/**
 * A new str from the `n` bytes at `p`. Where `consumed` (an 8-byte slot) is not null, a section in base 64 that does not
 * end is no error: the slot gets the bytes before it. Null with an exception.
 */
function decode(p: usize, n: isize, errors: usize, consumed: usize): usize {
  const w = Writer.begin(n);
  let i: isize = 0;
  let shifted = false;
  // Where the section began, in bytes and in what is written.
  let start: isize = 0;
  let written: isize = 0;
  let bits: u32 = 0;
  let buffer: u32 = 0;
  let surrogate: u32 = 0;
  while (true) {
    while (i < n) {
      const c = <u32>load<u8>(p + <usize>i);
      let reason = "";
      if (shifted) {
        const v = digitValue(c);
        if (v >= 0) {
          i++;
          buffer = (buffer << 6) | <u32>v;
          bits += 6;
          if (bits < 16) continue;
          const unit = (buffer >> (bits - 16)) & 0xffff;
          bits -= 16;
          buffer &= (1 << bits) - 1;
          if (surrogate != 0 && (unit & 0xfc00) == 0xdc00) {
            const whole = 0x10000 + ((surrogate & 0x3ff) << 10) + (unit & 0x3ff);
            surrogate = 0;
            if (Writer.char(w, whole) < 0) return writerDiscard(w);
            continue;
          }
          if (surrogate != 0 && Writer.char(w, surrogate) < 0) return writerDiscard(w);
          surrogate = 0;
          if ((unit & 0xfc00) == 0xd800) surrogate = unit;
          else if (Writer.char(w, unit) < 0) return writerDiscard(w);
          continue;
        }
        shifted = false;
        if (bits >= 6) {
          i++;
          reason = "partial character in shift sequence";
        } else if (bits > 0 && buffer != 0) {
          i++;
          reason = "non-zero padding bits in shift sequence";
        } else {
          if (surrogate != 0 && c < 128 && Writer.char(w, surrogate) < 0) return writerDiscard(w);
          surrogate = 0;
          if (c == 0x2d) i++;
          continue;
        }
      } else if (c == 0x2b) {
        start = i++;
        if (i < n && load<u8>(p + <usize>i) == 0x2d) {
          i++;
          if (Writer.char(w, 0x2b) < 0) return writerDiscard(w);
          continue;
        }
        if (i >= n || digitValue(load<u8>(p + <usize>i)) >= 0) {
          shifted = true;
          surrogate = 0;
          written = Writer.position(w);
          bits = 0;
          buffer = 0;
          continue;
        }
        i++;
        reason = "ill-formed sequence";
      } else if (c < 128) {
        i++;
        if (Writer.char(w, c) < 0) return writerDiscard(w);
        continue;
      } else {
        start = i++;
        reason = "unexpected special character";
      }
      i = decodeError(errors, "utf7", reason, p, n, start, i, w);
      if (i < 0) return writerDiscard(w);
    }
    if (!shifted || consumed != 0) break;
    shifted = false;
    if (surrogate == 0 && bits < 6 && (bits == 0 || buffer == 0)) break;
    i = decodeError(errors, "utf7", "unterminated shift sequence", p, n, start, n, w);
    if (i < 0) return writerDiscard(w);
    if (i >= n) break;
  }
  if (consumed != 0) store<i64>(consumed, shifted ? start : i);
  const r = writerFinish(w);
  if (r == 0 || consumed == 0 || !shifted) return r;
  // What came of the section that does not end is not told yet.
  const before = PyUnicode_Substring(r, 0, written);
  Py.DECREF(r);
  return before;
}

/**
 * @native _codecs.utf_7_decode($module, data, errors=None, final=False, /)
 */
export function utf_7_decode(_module: usize, data: usize, errors: usize, final: bool): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const consumed = Scratch.take(1);
  store<i64>(consumed, Buffer.length(view));
  const text = isErrors(errors, "utf_7_decode")
    ? decode(Buffer.data(view), Buffer.length(view), errorsOf(errors), final ? 0 : consumed)
    : 0;
  const used = load<i32>(consumed);
  Scratch.give(consumed);
  Buffer.close(view);
  return codecResult(text, used);
}

/** Writes a unit of UTF-16 in base 64, with the bits that were left: 0, or -1 with MemoryError. */
function writeUnit(w: usize, buffer: u32, bits: u32): i32 {
  while (bits >= 6) {
    bits -= 6;
    if (writeByte(w, digit(buffer >> bits)) < 0) return -1;
  }
  return 0;
}

/**
 * @native _codecs.utf_7_encode($module, str, errors=None, /)
 */
export function utf_7_encode(_module: usize, str: usize, errors: usize): usize {
  if (!isText(str, "utf_7_encode") || !isErrors(errors, "utf_7_encode")) return 0;
  const n = U.length(str);
  const w = ByteWriter.begin(n);
  let shifted = false;
  let bits: u32 = 0;
  let buffer: u32 = 0;
  let status = 0;
  for (let i: isize = 0; i < n && status == 0; i++) {
    const c = U.at(str, i);
    if (isDirect(c)) {
      if (shifted) {
        shifted = false;
        if (bits > 0) status = writeByte(w, digit(buffer << (6 - bits)));
        bits = 0;
        buffer = 0;
        // What could be a digit would not end the section.
        if (status == 0 && (digitValue(c) >= 0 || c == 0x2d)) status = writeByte(w, 0x2d);
      }
      if (status == 0) status = writeByte(w, c);
      continue;
    }
    if (!shifted) {
      status = writeByte(w, 0x2b);
      if (c == 0x2b) {
        if (status == 0) status = writeByte(w, 0x2d);
        continue;
      }
      shifted = true;
    }
    let unit = c;
    if (c >= 0x10000 && status == 0) {
      buffer = (buffer << 16) | (0xd7c0 + (c >> 10));
      status = writeUnit(w, buffer, bits + 16);
      bits = (bits + 16) % 6;
      buffer &= (1 << bits) - 1;
      unit = 0xdc00 | (c & 0x3ff);
    }
    if (status == 0) {
      buffer = (buffer << 16) | unit;
      status = writeUnit(w, buffer, bits + 16);
      bits = (bits + 16) % 6;
      buffer &= (1 << bits) - 1;
    }
  }
  if (status == 0 && bits > 0) status = writeByte(w, digit(buffer << (6 - bits)));
  if (status == 0 && shifted) status = writeByte(w, 0x2d);
  return status < 0 ? byteWriterDiscard(w) : codecResult(byteWriterFinish(w), n);
}
