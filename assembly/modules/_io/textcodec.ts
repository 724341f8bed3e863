// How a text stream turns bytes into text and back. The encodings that the runtime has itself are decoded in pieces
// without any object: what an incremental decoder of CPython's Lib/codecs.py keeps is in fields of the stream (codec,
// order, undecoded, start_of_stream). Other encodings are those of the codec registry (textcoders.ts).

import { PyBytesObject, textio } from "../../generated/layouts";
import { empty_string } from "../../generated/statics";
import { newBytes, PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { Py } from "../../objects/object/head";
import {
  CODEC_ASCII,
  CODEC_LATIN1,
  CODEC_UNKNOWN,
  CODEC_UTF8,
  CODEC_UTF16,
  CODEC_UTF16BE,
  CODEC_UTF16LE,
  CODEC_UTF32,
  CODEC_UTF32BE,
  CODEC_UTF32LE,
  codecByName,
  decodeWide,
  PyUnicode_DecodeASCII,
  PyUnicode_DecodeLatin1,
} from "../../objects/text/codecs/decode";
import { _PyUnicode_AsASCIIString, _PyUnicode_AsLatin1String, encodeWide } from "../../objects/text/codecs/encode";
import { raiseDecodeError } from "../../objects/text/codecs/errors";
import { PyUnicode_AsUTF8String, PyUnicode_DecodeUTF8Stateful } from "../../objects/text/codecs/utf8";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { Scratch } from "../../thread/scratch";
import {
  CODEC_REGISTERED,
  decodeRegistered,
  encodeRegistered,
  isRegistered,
  resetRegistered,
  writeState,
} from "./textcoders";

/** UTF-8 that begins with a mark. */
const CODEC_UTF8_SIG: i32 = 100;

/** The codec of a name; CODEC_UNKNOWN with LookupError. */
export function lookupCodec(name: usize): i32 {
  const codec = codecByName(name);
  if (codec != CODEC_UNKNOWN) return codec;
  if (
    PyUnicode_EqualToLiteral(name, "utf-8-sig") ||
    PyUnicode_EqualToLiteral(name, "utf_8_sig") ||
    PyUnicode_EqualToLiteral(name, "UTF-8-SIG")
  ) {
    return CODEC_UTF8_SIG;
  }
  return isRegistered(name) ? CODEC_REGISTERED : CODEC_UNKNOWN;
}

/** Sets the fields to the state at the beginning of a stream. */
export function beginDecoder(self: usize): void {
  const t = textio.at(self);
  Py.CLEAR(t.undecoded_slot);
  t.order = fixedOrder(t.codec);
  t.start_of_stream = 1;
  t.pendingcr = 0;
  t.seennl = 0;
}

/** The same, and the decoder: 0, or -1 with an exception. */
export function resetDecoder(self: usize): i32 {
  beginDecoder(self);
  return resetRegistered(self);
}

/**
 * The decoder's state in a number, apart from the bytes that it keeps: as CPython's decoders have it, which is what a
 * position of a text stream has in it. 0 is also what most of them begin with.
 */
export function decoderFlags(t: textio): i32 {
  let flags = t.codec == CODEC_REGISTERED ? t.order : 0;
  if (fixedOrder(t.codec) == 0 && unitOf(t.codec) > 1) flags = t.order == 0 ? 2 : t.order > 0 ? 1 : 0;
  else if (t.codec == CODEC_UTF8_SIG) flags = t.start_of_stream;
  return t.readuniversal ? (flags << 1) | t.pendingcr : flags;
}

/** Sets the state that such a number stands for, with the bytes `undecoded` (stolen, null for none): 0, or -1 with an exception. */
export function setDecoderState(self: usize, undecoded: usize, flags: i32): i32 {
  const t = textio.at(self);
  Py.SETREF(t.undecoded_slot, undecoded);
  t.pendingcr = 0;
  if (t.readuniversal) {
    t.pendingcr = <u8>(flags & 1);
    flags >>= 1;
  }
  t.order = fixedOrder(t.codec);
  t.start_of_stream = 0;
  if (t.order == 0 && unitOf(t.codec) > 1) {
    if (flags == 0 || flags == 1) t.order = flags == 0 ? -1 : 1;
    else t.start_of_stream = 1;
  } else if (t.codec == CODEC_UTF8_SIG) t.start_of_stream = flags != 0 ? 1 : 0;
  return writeState(self, t.undecoded, flags);
}

/** -1 little, 1 big, 0 by a mark. */
function fixedOrder(codec: i32): i32 {
  if (codec == CODEC_UTF16LE || codec == CODEC_UTF32LE) return -1;
  return codec == CODEC_UTF16BE || codec == CODEC_UTF32BE ? 1 : 0;
}

function unitOf(codec: i32): isize {
  if (codec == CODEC_UTF16 || codec == CODEC_UTF16LE || codec == CODEC_UTF16BE) return 2;
  return codec == CODEC_UTF32 || codec == CODEC_UTF32LE || codec == CODEC_UTF32BE ? 4 : 1;
}

/** Where there are too few bytes to tell whether they are a mark. */
const NOT_YET: isize = -1;
const FAILED: isize = -2;

/** How many of the bytes are a mark; NOT_YET; FAILED with UnicodeDecodeError where one is missing. Sets the order. */
function skipMark(t: textio, p: usize, n: isize, final: bool): isize {
  const unit = unitOf(t.codec);
  if (t.codec == CODEC_UTF8_SIG) {
    const have = min<isize>(n, 3);
    for (let i: isize = 0; i < have; i++) {
      if (load<u8>(p + <usize>i) != (i == 0 ? 0xef : i == 1 ? 0xbb : 0xbf)) return 0;
    }
    return have == 3 ? 3 : NOT_YET;
  }
  if (unit == 1 || t.order != 0) return 0;
  if (n < unit) return final ? 0 : NOT_YET;
  const mark = unit == 2 ? <u32>load<u16>(p) : load<u32>(p);
  if (mark == (unit == 2 ? <u32>0xfffe : 0xfffe0000)) t.order = 1;
  else if (mark == 0xfeff) t.order = -1;
  else {
    raiseDecodeError(unit == 2 ? "utf-16" : "utf-32", p, n, 0, unit, "Stream does not start with BOM");
    return FAILED;
  }
  return unit;
}

/** Decodes the `n` bytes at `p`, which follow those before: new text; null with an exception. */
export function decodeBytes(self: usize, p: usize, n: isize, final: bool): usize {
  const t = textio.at(self);
  if (t.codec == CODEC_REGISTERED) return decodeRegistered(self, p, n, final);
  const before = t.undecoded;
  if (before == 0) return decodeHeld(self, p, n, final);
  const m = Py.SIZE(before);
  const joined = newBytes(m + n);
  if (joined == 0) return 0;
  memory.copy(PyBytesObject.at(joined).ob_sval, PyBytesObject.at(before).ob_sval, <usize>m);
  memory.copy(PyBytesObject.at(joined).ob_sval + <usize>m, p, <usize>n);
  t.undecoded = 0;
  const r = decodeHeld(self, PyBytesObject.at(joined).ob_sval, m + n, final);
  Py.DECREF(joined);
  // What cannot be decoded stays with what was kept before.
  if (r == 0) Py.SETREF(t.undecoded_slot, before);
  else Py.DECREF(before);
  return r;
}

/** As decodeJoined, with the name of the error handler held, as this may run any code. */
function decodeHeld(self: usize, p: usize, n: isize, final: bool): usize {
  const errors = Py.NewRef(textio.at(self).errors);
  const r = decodeJoined(self, p, n, final, errors);
  Py.DECREF(errors);
  return r;
}

function decodeJoined(self: usize, p: usize, n: isize, final: bool, errors: usize): usize {
  const t = textio.at(self);
  if (t.start_of_stream && n > 0) {
    const mark = skipMark(t, p, n, final);
    if (mark == FAILED) return 0;
    if (mark == NOT_YET) return keep(self, p, n) < 0 ? 0 : empty_string;
    t.start_of_stream = 0;
    p += <usize>mark;
    n -= mark;
  }
  const codec = t.codec;
  if (codec == CODEC_ASCII) return PyUnicode_DecodeASCII(p, n, errors);
  if (codec == CODEC_LATIN1) return PyUnicode_DecodeLatin1(p, n);
  const unit = unitOf(codec);
  // Without a mark there were too few bytes for one.
  const order = t.order == 0 ? -1 : t.order;
  const consumed = Scratch.take(1);
  store<i64>(consumed, n);
  const out = final ? 0 : consumed;
  const text = unit == 1 ? PyUnicode_DecodeUTF8Stateful(p, n, errors, out) : decodeWide(p, n, errors, unit, order, out);
  const used = load<i32>(consumed);
  Scratch.give(consumed);
  if (text != 0 && used < n && keep(self, p + <usize>used, n - used) < 0) {
    Py.DECREF(text);
    return 0;
  }
  return text;
}

/** Keeps bytes for the next time: -1 with MemoryError. */
function keep(self: usize, p: usize, n: isize): i32 {
  const rest = PyBytes_FromStringAndSize(p, n);
  if (rest == 0) return -1;
  Py.SETREF(textio.at(self).undecoded_slot, rest);
  return 0;
}

/** Encodes text: new bytes, or null with an exception. The first of a stream gets the encoding's mark. */
export function encodeText(self: usize, text: usize): usize {
  const t = textio.at(self);
  const first = t.encoding_start_of_stream != 0;
  t.encoding_start_of_stream = 0;
  if (t.codec == CODEC_REGISTERED) return encodeRegistered(self, text);
  // The error handler may run any code.
  const errors = Py.NewRef(t.errors);
  const r = encode(t.codec, text, errors, first);
  Py.DECREF(errors);
  return r;
}

function encode(codec: i32, text: usize, errors: usize, first: bool): usize {
  if (codec == CODEC_UTF8) return PyUnicode_AsUTF8String(text, errors);
  if (codec == CODEC_ASCII) return _PyUnicode_AsASCIIString(text, errors);
  if (codec == CODEC_LATIN1) return _PyUnicode_AsLatin1String(text, errors);
  if (codec != CODEC_UTF8_SIG) {
    const order = fixedOrder(codec);
    return encodeWide(text, errors, <i32>unitOf(codec), order != 0 ? order : first ? 0 : -1);
  }
  const bytes = PyUnicode_AsUTF8String(text, errors);
  if (bytes == 0 || !first) return bytes;
  const n = Py.SIZE(bytes);
  const marked = newBytes(n + 3);
  if (marked != 0) {
    const to = PyBytesObject.at(marked).ob_sval;
    store<u8>(to, 0xef);
    store<u8>(to + 1, 0xbb);
    store<u8>(to + 2, 0xbf);
    memory.copy(to + 3, PyBytesObject.at(bytes).ob_sval, <usize>n);
  }
  Py.DECREF(bytes);
  return marked;
}

/** Whether what is encoded first gets a mark, even where the stream cannot tell whether it is the first. */
export function beginsWithMark(codec: i32): bool {
  return codec == CODEC_UTF8_SIG;
}

/** Whether a str of ASCII characters is its own encoded form. */
export function asciiIsItself(codec: i32): bool {
  return codec == CODEC_UTF8 || codec == CODEC_ASCII || codec == CODEC_LATIN1;
}
