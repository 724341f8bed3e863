// quoted-printable, in which bytes that are not text are = and two digits (CPython 3.13's Modules/binascii.c).

import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte } from "../../objects/bytes/writer";
import { digitValue } from "../../objects/numbers/int/text";
import { Buffer } from "../../objects/object/buffer";
import { openSource } from "./source";

/** A line ends before it has as many characters. */
const LINE_MAX: isize = 76;
const TAB: u32 = 9;
const LF: u32 = 10;
const CR: u32 = 13;
const SPACE: u32 = 32;
const EQUALS: u32 = 0x3d;
const UNDERSCORE: u32 = 0x5f;

/**
 * @native binascii.a2b_qp($module, /, data, header=False)
 *
 * Bytes from quoted-printable.
 */
export function a2b_qp(_module: usize, data: usize, header: bool): usize {
  const view = openSource(data);
  if (view == 0) return 0;
  const w = ByteWriter.begin(0);
  const ok = ByteWriter.prepare(w, Buffer.length(view));
  if (ok == 0) decode(w, Buffer.data(view), Buffer.length(view), header);
  const r = ok < 0 ? byteWriterDiscard(w) : byteWriterFinish(w);
  Buffer.close(view);
  return r;
}

function decode(w: usize, p: usize, n: isize, header: bool): void {
  let i: isize = 0;
  while (i < n) {
    const c = <u32>load<u8>(p + <usize>i);
    i++;
    if (c != EQUALS) {
      ByteWriter.put(w, header && c == UNDERSCORE ? SPACE : c);
      continue;
    }
    if (i >= n) return;
    const next = <u32>load<u8>(p + <usize>i);
    if (next == LF || next == CR) {
      // A line break that belongs to the encoding.
      while (i < n && load<u8>(p + <usize>i) != LF) i++;
      i++;
    } else if (next == EQUALS) {
      ByteWriter.put(w, EQUALS);
      i++;
    } else {
      const high = digitValue(next);
      const low = i + 1 < n ? digitValue(load<u8>(p + <usize>i + 1)) : 16;
      if (high < 16 && low < 16) {
        ByteWriter.put(w, (high << 4) | low);
        i += 2;
      } else ByteWriter.put(w, EQUALS);
    }
  }
}

/**
 * @native binascii.b2a_qp($module, /, data, quotetabs=False, istext=True, header=False)
 *
 * The quoted-printable of bytes.
 *
 * If istext is true, ends of lines stay as they are, and spaces and tabs
 * before them are encoded; otherwise the ends of lines (\\r, \\n) are. With
 * quotetabs all spaces and tabs are encoded.
 */
export function b2a_qp(_module: usize, data: usize, quotetabs: bool, istext: bool, header: bool): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const w = ByteWriter.begin(0);
  const status = encode(w, Buffer.data(view), Buffer.length(view), quotetabs, istext, header);
  const r = status < 0 ? byteWriterDiscard(w) : byteWriterFinish(w);
  Buffer.close(view);
  return r;
}

/** The byte at `i`; LF behind the end. */
function at(p: usize, n: isize, i: isize): u32 {
  return i < n ? <u32>load<u8>(p + <usize>i) : LF;
}

/** Whether a byte cannot stay what it is, `column` characters into a line. */
function isEncoded(p: usize, n: isize, i: isize, column: isize, quotetabs: bool, istext: bool, header: bool): bool {
  const c = at(p, n, i);
  if (c > 126 || c == EQUALS || (header && c == UNDERSCORE)) return true;
  if (c == 0x2e && column == 0) {
    // A dot by itself ends a mail.
    const next = at(p, n, i + 1);
    if (next == LF || next == CR || next == 0) return true;
  }
  if (c == CR || c == LF) return !istext;
  if (c == TAB || c == SPACE) return i + 1 == n || quotetabs;
  return c < SPACE;
}

function writeQuoted(w: usize, c: u32): i32 {
  if (ByteWriter.prepare(w, 3) < 0) return -1;
  ByteWriter.put(w, EQUALS);
  putDigit(w, c >> 4);
  putDigit(w, c & 15);
  return 0;
}

function putDigit(w: usize, digit: u32): void {
  ByteWriter.put(w, digit < 10 ? 48 + digit : 55 + digit);
}

/** Ends a line; `soft` where the text does not end it. */
function writeBreak(w: usize, crlf: bool, soft: bool): i32 {
  if (ByteWriter.prepare(w, 3) < 0) return -1;
  if (soft) ByteWriter.put(w, EQUALS);
  if (crlf) ByteWriter.put(w, CR);
  ByteWriter.put(w, LF);
  return 0;
}

/** Whether the first line of the text ends as lines of mails do: then all do so. */
function hasCrlf(p: usize, n: isize): bool {
  for (let i: isize = 0; i < n; i++) if (at(p, n, i) == LF) return i > 0 && at(p, n, i - 1) == CR;
  return false;
}

function encode(w: usize, p: usize, n: isize, quotetabs: bool, istext: bool, header: bool): i32 {
  const crlf = hasCrlf(p, n);
  let column: isize = 0;
  let i: isize = 0;
  while (i < n) {
    const c = at(p, n, i);
    if (isEncoded(p, n, i, column, quotetabs, istext, header)) {
      if (column + 3 >= LINE_MAX) {
        if (writeBreak(w, crlf, true) < 0) return -1;
        column = 0;
      }
      if (writeQuoted(w, c) < 0) return -1;
      i++;
      column += 3;
    } else if (istext && (c == LF || (c == CR && i + 1 < n && at(p, n, i + 1) == LF))) {
      column = 0;
      const last = ByteWriter.length(w) == 0 ? 0 : <u32>load<u8>(ByteWriter.address(w) - 1);
      if (last == SPACE || last == TAB) {
        ByteWriter.advance(w, -1);
        if (writeQuoted(w, last) < 0) return -1;
      }
      if (writeBreak(w, crlf, false) < 0) return -1;
      i += c == CR ? 2 : 1;
    } else {
      if (at(p, n, i + 1) != LF && column + 1 >= LINE_MAX) {
        if (writeBreak(w, crlf, true) < 0) return -1;
        column = 0;
      }
      column++;
      if (writeByte(w, header && c == SPACE ? UNDERSCORE : c) < 0) return -1;
      i++;
    }
  }
  return 0;
}
