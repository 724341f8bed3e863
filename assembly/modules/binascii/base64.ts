// base64 and uuencode: three bytes in four characters (CPython 3.13's Modules/binascii.c).

import { binasciiRoots } from "../../generated/runtime";
import { ByteWriter, byteWriterDiscard, byteWriterFinish } from "../../objects/bytes/writer";
import { PyErr_Format } from "../../objects/errors/raise";
import { Buffer } from "../../objects/object/buffer";
import { openSource, wrong } from "./source";

const PAD: u32 = 0x3d;

/** The character of six bits. */
function encoded(bits: u32): u32 {
  if (bits < 26) return 65 + bits;
  if (bits < 52) return 71 + bits;
  return bits < 62 ? bits - 4 : bits == 62 ? 0x2b : 0x2f;
}

/** The six bits of a character; 64 for one that has none. */
function decoded(c: u32): u32 {
  if (c - 65 < 26) return c - 65;
  if (c - 97 < 26) return c - 71;
  if (c - 48 < 10) return c + 4;
  return c == 0x2b ? 62 : c == 0x2f ? 63 : 64;
}

/** Ends the writer, without a result if `status` is not 0. */
function finish(w: usize, status: i32): usize {
  return status < 0 ? byteWriterDiscard(w) : byteWriterFinish(w);
}

/**
 * @native binascii.a2b_base64($module, data, /, *, strict_mode=False)
 *
 * Bytes from their base64.
 *
 *   strict_mode
 *     Whether characters that base64 has not are errors, and anything that
 *     comes behind the padding, instead of being left out.
 */
export function a2b_base64(_module: usize, data: usize, strict_mode: bool): usize {
  const view = openSource(data);
  if (view == 0) return 0;
  const n = Buffer.length(view);
  const w = ByteWriter.begin(0);
  let status = ByteWriter.prepare(w, (n / 4) * 3 + 3);
  if (status == 0) status = decode(w, Buffer.data(view), n, strict_mode);
  const r = finish(w, status);
  Buffer.close(view);
  return r;
}

function decode(w: usize, p: usize, n: isize, strict: bool): i32 {
  if (strict && n > 0 && load<u8>(p) == PAD) return wrong("Leading padding not allowed");
  let place = 0;
  let pads = 0;
  let padded = false;
  let left: u32 = 0;
  for (let i: isize = 0; i < n; i++) {
    const c = <u32>load<u8>(p + <usize>i);
    if (c == PAD) {
      padded = true;
      if (strict && place == 0) return wrong("Excess padding not allowed");
      if (place >= 2 && place + ++pads >= 4) {
        return strict && i + 1 < n ? wrong("Excess data after padding") : 0;
      }
      continue;
    }
    const bits = decoded(c);
    if (bits == 64) {
      if (strict) return wrong("Only base64 data is allowed");
      continue;
    }
    if (strict && padded) return wrong("Discontinuous padding not allowed");
    pads = 0;
    left = (left << 6) | bits;
    if (place > 0) ByteWriter.put(w, (left >> (6 - 2 * place)) & 0xff);
    place = (place + 1) & 3;
  }
  if (place == 0) return 0;
  if (place > 1) return wrong("Incorrect padding");
  const message = "Invalid base64-encoded string: number of data characters (%d) cannot be 1 more than a multiple of 4";
  PyErr_Format(binasciiRoots.error, message, (ByteWriter.length(w) / 3) * 4 + 1);
  return -1;
}

/**
 * @native binascii.b2a_base64($module, data, /, *, newline=True)
 *
 * The base64 of bytes.
 */
export function b2a_base64(_module: usize, data: usize, newline: bool): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const n = Buffer.length(view);
  const w = ByteWriter.begin(0);
  const status = n > 0x3ffffffe ? wrong("Too much data for base64 line") : ByteWriter.prepare(w, (n / 3) * 4 + 5);
  if (status == 0) {
    const p = Buffer.data(view);
    let i: isize = 0;
    for (; i + 2 < n; i += 3) putGroup(w, (byteAt(p, i) << 16) | (byteAt(p, i + 1) << 8) | byteAt(p, i + 2), 4);
    if (n - i == 1) putGroup(w, byteAt(p, i) << 16, 2);
    if (n - i == 2) putGroup(w, (byteAt(p, i) << 16) | (byteAt(p, i + 1) << 8), 3);
    if (newline) ByteWriter.put(w, 0x0a);
  }
  const r = finish(w, status);
  Buffer.close(view);
  return r;
}

function byteAt(p: usize, i: isize): u32 {
  return load<u8>(p + <usize>i);
}

/** Puts four characters for 24 bits: only the first of them stand for something. */
function putGroup(w: usize, bits: u32, first: i32): void {
  ByteWriter.put(w, encoded(bits >> 18));
  ByteWriter.put(w, encoded((bits >> 12) & 63));
  ByteWriter.put(w, first > 2 ? encoded((bits >> 6) & 63) : PAD);
  ByteWriter.put(w, first > 3 ? encoded(bits & 63) : PAD);
}

/**
 * @native binascii.a2b_uu($module, data, /)
 *
 * Bytes from a line of uuencode.
 */
export function a2b_uu(_module: usize, data: usize): usize {
  const view = openSource(data);
  if (view == 0) return 0;
  const w = ByteWriter.begin(0);
  let status = ByteWriter.prepare(w, 63);
  if (status == 0) status = decodeLine(w, Buffer.data(view), Buffer.length(view));
  const r = finish(w, status);
  Buffer.close(view);
  return r;
}

function decodeLine(w: usize, p: usize, n: isize): i32 {
  // The first character says how many bytes follow; of an empty line the NUL behind it does.
  const count = <isize>(((n > 0 ? <u32>load<u8>(p) : 0) - 32) & 63);
  let i: isize = 1;
  let left: u32 = 0;
  let bits = 0;
  for (; ByteWriter.length(w) < count; i++) {
    const c = i < n ? <u32>load<u8>(p + <usize>i) : 0;
    // Where a line ends early, spaces may have been lost.
    let value: u32 = 0;
    if (i < n && c != 0x0a && c != 0x0d) {
      // A backtick may stand for a space.
      if (c < 32 || c > 96) return wrong("Illegal char");
      value = (c - 32) & 63;
    }
    left = (left << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      ByteWriter.put(w, (left >> bits) & 0xff);
    }
  }
  for (; i < n; i++) {
    const c = <u32>load<u8>(p + <usize>i);
    if (c != 32 && c != 96 && c != 0x0a && c != 0x0d) return wrong("Trailing garbage");
  }
  return 0;
}

/**
 * @native binascii.b2a_uu($module, data, /, *, backtick=False)
 *
 * Bytes uuencoded.
 */
export function b2a_uu(_module: usize, data: usize, backtick: bool): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const n = Buffer.length(view);
  const w = ByteWriter.begin(0);
  const status = n > 45 ? wrong("At most 45 bytes at once") : ByteWriter.prepare(w, 62);
  if (status == 0) {
    const zero: u32 = backtick ? 96 : 32;
    ByteWriter.put(w, n == 0 ? zero : 32 + <u32>n);
    for (let i: isize = 0; i < n; i += 3) {
      let group: u32 = 0;
      for (let k: isize = i; k < i + 3; k++) {
        group = (group << 8) | (k < n ? <u32>load<u8>(Buffer.data(view) + <usize>k) : 0);
      }
      for (let shift = 18; shift >= 0; shift -= 6) {
        const value = (group >> shift) & 63;
        ByteWriter.put(w, value == 0 ? zero : value + 32);
      }
    }
    ByteWriter.put(w, 0x0a);
  }
  const r = finish(w, status);
  Buffer.close(view);
  return r;
}
