// Reading from a text stream, and where it stands: pieces of text decoded from the buffered stream below, lines and
// characters taken from them (CPython 3.13's Modules/_io/textio.c, second half).
//
// Invariant: decoded_chars is the last piece, of which decoded_chars_used characters have been given to the program.
// snapshot holds the bytes that it was decoded from, with snapshot_state as the decoder was before them, so that
// textposition.ts can find out where the program stands.

import { PyBytesObject, textio } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  empty_string,
  ID,
  PyBufferedRandom_Type,
  PyBufferedReader_Type,
  PyExc_OSError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { newBytes } from "../../objects/bytes/bytes";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { Buffer, PyObject_CheckBuffer } from "../../objects/object/buffer";
import { PyObject_CallMethodNoArgs, PyObject_CallMethodOneArg } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { U } from "../../objects/text/access";
import { PyUnicode_Substring } from "../../objects/text/concat";
import { findCharacter } from "../../objects/text/find";
import { Writer, writerDiscard, writerFinish, writeSubstring } from "../../objects/text/format/writer";
import { buffered_readOnce } from "./buffered";
import { unsupported } from "./common";
import { decodeNewlines } from "./newlines";
import { decodeBytes, decoderFlags } from "./textcodec";
import { readState } from "./textcoders";

/** Whether the stream below is one whose native functions may be used. */
function isNativeReader(buffer: usize): bool {
  return Py.IS_TYPE(buffer, PyBufferedReader_Type) || Py.IS_TYPE(buffer, PyBufferedRandom_Type);
}

/** The stream below, a new reference to be held while it is called; null with ValueError where it was detached. */
export function holdBuffer(self: usize): usize {
  const buffer = textio.at(self).buffer;
  if (buffer != 0) return Py.NewRef(buffer);
  return PyErr_SetString(PyExc_ValueError, "underlying buffer has been detached");
}

/** Calls a method of the stream below without arguments: new, or null with an exception. */
export function callBelow(self: usize, name: usize): usize {
  const buffer = holdBuffer(self);
  if (buffer == 0) return 0;
  const r = PyObject_CallMethodNoArgs(buffer, name);
  Py.DECREF(buffer);
  return r;
}

/** Forgets the piece and what tell() needs of it. */
export function dropDecoded(self: usize): void {
  const t = textio.at(self);
  Py.CLEAR(t.decoded_chars_slot);
  t.decoded_chars_used = 0;
  Py.CLEAR(t.snapshot_slot);
}

/** Sets the piece (stolen). */
export function setDecoded(self: usize, text: usize): void {
  const t = textio.at(self);
  Py.SETREF(t.decoded_chars_slot, text);
  t.decoded_chars_used = 0;
}

/** Whether a stream can be told to read once, which those without a buffer need not: -1 with an exception. */
function hasRead1(buffer: usize): i32 {
  const method = PyObject_GetOptionalAttr(buffer, ID.read1);
  if (method == 0) return PyErr_Occurred() ? -1 : 0;
  Py.DECREF(method);
  return 1;
}

/** The next bytes of the stream below, enough for `hint` characters: a new bytes-like object; null with an exception. */
function readBelow(self: usize, hint: isize): usize {
  const buffer = holdBuffer(self);
  if (buffer == 0) return 0;
  const t = textio.at(self);
  const n = max<isize>(t.chunk_size, <isize>(max<f64>(t.b2cratio, 1) * <f64>hint));
  let r: usize = 0;
  if (isNativeReader(buffer)) r = buffered_readOnce(buffer, n);
  else {
    const size = PyLong_FromSsize_t(n);
    const once = size == 0 ? -1 : hasRead1(buffer);
    if (once >= 0) r = PyObject_CallMethodOneArg(buffer, once ? ID.read1 : ID.read, size);
    Py.XDECREF(size);
  }
  Py.DECREF(buffer);
  if (r != 0 && !PyObject_CheckBuffer(r)) {
    PyErr_Format(PyExc_TypeError, "underlying read1() should have returned a bytes-like object, not '%.200t'", r);
    Py.DECREF(r);
    return 0;
  }
  return r;
}

/** Remembers what is about to be decoded; -1 with an exception. */
function takeSnapshot(self: usize, p: usize, n: isize): i32 {
  const t = textio.at(self);
  const before = t.undecoded;
  const m = before == 0 ? 0 : Py.SIZE(before);
  const bytes = newBytes(m + n);
  if (bytes == 0) return -1;
  if (m > 0) memory.copy(PyBytesObject.at(bytes).ob_sval, PyBytesObject.at(before).ob_sval, <usize>m);
  memory.copy(PyBytesObject.at(bytes).ob_sval + <usize>m, p, <usize>n);
  Py.SETREF(t.snapshot_slot, bytes);
  t.snapshot_state = <u64>decoderFlags(t);
  return 0;
}

/** Decodes bytes, newlines included: new text, or null with an exception. */
export function decode(self: usize, p: usize, n: isize, final: bool): usize {
  const t = textio.at(self);
  const text = decodeBytes(self, p, n, final);
  return t.readuniversal ? decodeNewlines(text, t.newlines, t.readtranslate != 0, final) : text;
}

/** Decodes the next piece, of about `hint` characters where that is more than a chunk: 1, 0 at the end of the stream, -1 with an exception. */
function readPiece(self: usize, hint: isize): i32 {
  const t = textio.at(self);
  if (!t.readable) {
    unsupported("not readable");
    return -1;
  }
  // Before anything is read: where the decoder cannot tell, nothing is.
  if (t.telling && readState(self) < 0) return -1;
  const input = readBelow(self, hint);
  if (input == 0) return -1;
  const view = Buffer.open(input);
  Py.DECREF(input);
  if (view == 0) return -1;
  const p = Buffer.data(view);
  const n = Buffer.length(view);
  const ok = t.telling ? takeSnapshot(self, p, n) : 0;
  const text = ok < 0 ? 0 : decode(self, p, n, n == 0);
  Buffer.close(view);
  if (text == 0) return -1;
  setDecoded(self, text);
  t.b2cratio = U.length(text) > 0 ? <f64>n / <f64>U.length(text) : 0;
  return n > 0 || U.length(text) > 0 ? 1 : 0;
}

/** Characters that are decoded and not yet given to the program. */
function ready(t: textio): isize {
  return t.decoded_chars == 0 ? 0 : U.length(t.decoded_chars) - t.decoded_chars_used;
}

/** Takes `n` of the characters that are ready: new text. */
function take(self: usize, n: isize): usize {
  const t = textio.at(self);
  const from = t.decoded_chars_used;
  const whole = from == 0 && n == U.length(t.decoded_chars);
  const r = whole ? Py.NewRef(t.decoded_chars) : PyUnicode_Substring(t.decoded_chars, from, from + n);
  if (r != 0) t.decoded_chars_used = from + n;
  return r;
}

/** `n` characters, all for -1: new text, or null with an exception. */
export function readText(self: usize, n: isize): usize {
  const t = textio.at(self);
  if (n < 0) return readAllText(self);
  if (ready(t) >= n) return t.decoded_chars == 0 ? empty_string : take(self, n);
  const w = Writer.begin(n);
  let left = n;
  while (true) {
    const k = min(ready(t), left);
    if (k > 0) {
      const from = t.decoded_chars_used;
      if (writeSubstring(w, t.decoded_chars, from, from + k) < 0) return writerDiscard(w);
      t.decoded_chars_used = from + k;
      left -= k;
    }
    if (left == 0) return writerFinish(w);
    const r = readPiece(self, left);
    if (r < 0) return writerDiscard(w);
    if (r == 0) return writerFinish(w);
  }
}

function readAllText(self: usize): usize {
  const t = textio.at(self);
  const input = callBelow(self, ID.read);
  if (input == 0) return 0;
  if (input == _Py_NoneStruct) return PyErr_SetString(PyExc_OSError, "Read returned None.");
  const view = Buffer.open(input);
  Py.DECREF(input);
  if (view == 0) return 0;
  const rest = decode(self, Buffer.data(view), Buffer.length(view), true);
  Buffer.close(view);
  if (rest == 0) return 0;
  const n = ready(t);
  let r = rest;
  if (n > 0) {
    const w = Writer.begin(n + U.length(rest));
    const from = t.decoded_chars_used;
    const ok =
      writeSubstring(w, t.decoded_chars, from, from + n) == 0 && writeSubstring(w, rest, 0, U.length(rest)) == 0;
    Py.DECREF(rest);
    r = ok ? writerFinish(w) : writerDiscard(w);
  }
  if (r != 0 && t.snapshot != 0) dropDecoded(self);
  return r;
}

/** Where the first line from `start` ends, in a stream that ends lines as `t` says; -1 where it does not end. */
function lineEnd(t: textio, start: isize): isize {
  const text = t.decoded_chars;
  const translated = t.readtranslate != 0;
  return findLineEnd(U.kind(text), U.data(text), start, U.length(text), translated, t.readuniversal != 0, t.readnl);
}

/**
 * Where the first line of the characters at `data` from `start` on ends, its line end included; -1 where it does not
 * before `n`. Lines end with "\n" where `translated`, with any line end where `universal`, otherwise with `readnl` (null:
 * "\n").
 */
export function findLineEnd(
  kind: u32,
  data: usize,
  start: isize,
  n: isize,
  translated: bool,
  universal: bool,
  readnl: usize,
): isize {
  if (translated || (!universal && (readnl == 0 || U.length(readnl) == 1))) {
    const c: u32 = translated || readnl == 0 ? 10 : U.at(readnl, 0);
    const at = findCharacter(kind, data, start, n, c);
    return at < 0 ? -1 : at + 1;
  }
  if (universal) {
    for (let i = start; i < n; i++) {
      const c = U.read(kind, data, i);
      if (c == 10) return i + 1;
      if (c == 13) return i + 1 < n && U.read(kind, data, i + 1) == 10 ? i + 2 : i + 1;
    }
    return -1;
  }
  let at = findCharacter(kind, data, start, n, 13);
  while (at >= 0 && !(at + 1 < n && U.read(kind, data, at + 1) == 10)) at = findCharacter(kind, data, at + 1, n, 13);
  return at < 0 ? -1 : at + 2;
}

/** A line, at most `limit` characters of it (-1: all): new text, empty at the end; null with an exception. */
export function readLineText(self: usize, limit: isize): usize {
  const t = textio.at(self);
  if (ready(t) == 0) {
    const r = readPiece(self, 0);
    if (r < 0) return 0;
    if (r == 0) {
      dropDecoded(self);
      return empty_string;
    }
  }
  const from = t.decoded_chars_used;
  let end = lineEnd(t, from);
  if (limit >= 0 && (end < 0 || end > from + limit) && U.length(t.decoded_chars) >= from + limit) end = from + limit;
  if (end >= 0) return take(self, end - from);
  return readLongLine(self, limit);
}

/** As readLineText, for a line that does not end in the piece at hand. */
function readLongLine(self: usize, limit: isize): usize {
  const t = textio.at(self);
  const w = Writer.begin(0);
  let endsInCR = false;
  while (true) {
    const from = t.decoded_chars_used;
    const n = U.length(t.decoded_chars);
    let end: isize = -1;
    // "\r\n" as the line end may lie across the border of two pieces.
    const twoCharacters = !t.readuniversal && t.readnl != 0 && U.length(t.readnl) == 2;
    if (endsInCR && twoCharacters && from < n && U.at(t.decoded_chars, from) == 10) end = from + 1;
    else end = lineEnd(t, from);
    const room = limit < 0 ? n - from : limit - Writer.position(w);
    if (end < 0 ? n - from >= room && limit >= 0 : limit >= 0 && end - from > room) end = from + room;
    const stop = end < 0 ? n : end;
    if (writeSubstring(w, t.decoded_chars, from, stop) < 0) return writerDiscard(w);
    t.decoded_chars_used = stop;
    if (end >= 0) return writerFinish(w);
    if (stop > from) endsInCR = U.at(t.decoded_chars, stop - 1) == 13;
    const r = readPiece(self, 0);
    if (r < 0) return writerDiscard(w);
    if (r == 0) {
      dropDecoded(self);
      return writerFinish(w);
    }
  }
}
