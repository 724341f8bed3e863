// Whole texts to bytes and back, with what error handlers make of what cannot be converted (multibytecodec_encode and its like of
// CPython 3.13's Modules/cjkcodecs/multibytecodec.c), and the type MultibyteCodec.
//
// Difference: CPython gives a handler the same exception object again for the next error of a text; here each has its own.

import {
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_IMMUTABLETYPE,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  MultibyteCodecObject,
  multibytecodec,
  PyBytesObject,
  SIZEOF_MultibyteCodecObject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyExc_IndexError,
  PyExc_TypeError,
  PyExc_UnicodeDecodeError,
  PyExc_UnicodeEncodeError,
  PyMultibyteCodec_Type,
} from "../../generated/statics";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte, writeBytes } from "../../objects/bytes/writer";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { utf8Argument } from "../../objects/define/args";
import {
  PyErr_Clear,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetObject,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { MultibyteCodecObject_clear, MultibyteCodecObject_traverse } from "../../objects/generated/references";
import { PyLong_AsSsize_t, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyObject_GC_Del } from "../../objects/object/alloc";
import { Buffer } from "../../objects/object/buffer";
import { PyObject_Call, PyObject_CallOneArg } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_Str } from "../../objects/protocol/text";
import { U } from "../../objects/text/access";
import {
  ERRORS_IGNORE,
  ERRORS_REPLACE,
  ERRORS_STRICT,
  errorHandler,
  lookupHandler,
} from "../../objects/text/codecs/errors";
import { latin1Character, PyUnicode_FromLiteral } from "../../objects/text/create";
import { Writer, writerDiscard, writerFinish, writeStr } from "../../objects/text/format/writer";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { codecResult, errorsOf } from "../_codecs/arguments";
import { collectedType } from "../collectedtype";
import { decodeStep, encodeStep, MEMORY, TOO_FEW, writeCode } from "./bytes";
import { freeCodec, HZ, ISO2022 } from "./charset";
import { decodeIso2022, encodeIso2022, initState, resetState } from "./iso2022";

/** What the codec object works by. */
function rulesOf(codec: usize): multibytecodec {
  return multibytecodec.at(MultibyteCodecObject.at(codec).codec);
}

/** Sets a state to what an encoding begins with. */
export function initialise(codec: usize, state: usize, decoding: bool): void {
  store<u64>(state, 0);
  if (rulesOf(codec).kind == ISO2022) initState(state, decoding);
}

/** Goes back to the state that an encoding begins with, in writing: whether there was memory. */
export function writeReset(codec: usize, state: usize, w: usize): bool {
  const c = rulesOf(codec);
  if (c.kind == ISO2022) return resetState(state, w);
  if (c.kind != HZ || load<u8>(state) == 0) return true;
  store<u8>(state, 0);
  return writeCode(w, 0x7e7d, 2);
}

function encodeAt(codec: usize, state: usize, s: usize, i: isize, n: isize, flush: bool, w: usize): isize {
  const c = rulesOf(codec);
  return c.kind == ISO2022 ? encodeIso2022(c, state, s, i, n, flush, w) : encodeStep(c, state, s, i, n, flush, w);
}

/** An exception of a codec; null with another. */
function makeError(type: usize, codec: usize, object: usize, start: isize, end: isize, reason: string): usize {
  const args = PyTuple_New(5);
  if (args == 0) return 0;
  const s = PyLong_FromSsize_t(start);
  const f = PyLong_FromSsize_t(end);
  const r = PyUnicode_FromLiteral(reason);
  Tuple.set(args, 0, Py.NewRef(MultibyteCodecObject.at(codec).name));
  Tuple.set(args, 1, Py.NewRef(object));
  Tuple.set(args, 2, s);
  Tuple.set(args, 3, f);
  Tuple.set(args, 4, r);
  const exc = s != 0 && f != 0 && r != 0 ? PyObject_Call(type, args, 0) : 0;
  Py.DECREF(args);
  return exc;
}

/** Raises an exception of a codec. */
function raiseError(type: usize, codec: usize, object: usize, start: isize, end: isize, reason: string): void {
  const exc = makeError(type, codec, object, start, end, reason);
  if (exc == 0) return;
  PyErr_SetObject(type, exc);
  Py.DECREF(exc);
}

/** Raises UnicodeEncodeError for characters of `s`. */
export function raiseEncoding(codec: usize, s: usize, start: isize, end: isize, reason: string): void {
  raiseError(PyExc_UnicodeEncodeError, codec, s, start, end, reason);
}

/** Raises UnicodeDecodeError for some of the `n` bytes at `p`. */
export function raiseDecoding(codec: usize, p: usize, n: isize, start: isize, end: isize, reason: string): void {
  const object = PyBytes_FromStringAndSize(p, n);
  if (object == 0) return;
  raiseError(PyExc_UnicodeDecodeError, codec, object, start, end, reason);
  Py.DECREF(object);
}

/** What a handler says about an exception (stolen, null for another): a pair of text and int. Null with an exception. */
function askHandler(errors: usize, exc: usize, bytesToo: bool, message: string): usize {
  const handler = exc == 0 ? 0 : lookupHandler(errors);
  const r = handler == 0 ? 0 : PyObject_CallOneArg(handler, exc);
  Py.XDECREF(handler);
  Py.XDECREF(exc);
  if (r == 0) return 0;
  const isPair = Py.check(r, Py_TPFLAGS_TUPLE_SUBCLASS) && Py.SIZE(r) == 2;
  const text = isPair ? Tuple.get(r, 0) : r;
  const isText = Py.check(text, Py_TPFLAGS_UNICODE_SUBCLASS) || (bytesToo && Py.check(text, Py_TPFLAGS_BYTES_SUBCLASS));
  if (isPair && isText && Py.check(Tuple.get(r, 1), Py_TPFLAGS_LONG_SUBCLASS)) return r;
  PyErr_SetString(PyExc_TypeError, message);
  Py.DECREF(r);
  return 0;
}

/** Where the pair of a handler (stolen) says that conversion goes on; -1 with IndexError. */
function positionOf(pair: usize, n: isize): isize {
  let at = PyLong_AsSsize_t(Tuple.get(pair, 1));
  Py.DECREF(pair);
  if (at < 0 && !PyErr_Occurred()) at += n;
  if (at >= 0 && at <= n) return at;
  PyErr_Clear();
  PyErr_Format(PyExc_IndexError, "position %d from error handler out of bounds", at);
  return -1;
}

/** Deals with characters that have no bytes: where encoding goes on; -1 with an exception. */
function encodingFailed(
  codec: usize,
  state: usize,
  s: usize,
  start: isize,
  end: isize,
  reason: string,
  errors: usize,
  w: usize,
): isize {
  const kind = errorHandler(errors);
  if (kind == ERRORS_IGNORE) return end;
  if (kind == ERRORS_REPLACE) {
    const mark = encodeAt(codec, state, latin1Character(0x3f), 0, 1, true, w);
    return mark == MEMORY || (mark < 0 && writeByte(w, 0x3f) < 0) ? -1 : end;
  }
  if (kind == ERRORS_STRICT) {
    raiseEncoding(codec, s, start, end, reason);
    return -1;
  }
  const exc = makeError(PyExc_UnicodeEncodeError, codec, s, start, end, reason);
  const pair = askHandler(errors, exc, true, "encoding error handler must return (str, int) tuple");
  if (pair == 0) return -1;
  const text = Tuple.get(pair, 0);
  const bytes = Py.check(text, Py_TPFLAGS_BYTES_SUBCLASS)
    ? Py.NewRef(text)
    : encodeText(codec, state, text, 0, true, false, 0);
  const status = bytes == 0 ? -1 : writeBytes(w, PyBytesObject.at(bytes).ob_sval, Py.SIZE(bytes));
  Py.XDECREF(bytes);
  if (status == 0) return positionOf(pair, U.length(s));
  Py.DECREF(pair);
  return -1;
}

/**
 * The bytes of a text; null with an exception. `errors` is a str or null. `flush`: nothing follows the text. `reset`: the state
 * goes back to what it was in the beginning. The slot `used`, or null, gets how many of the characters are in the bytes.
 */
export function encodeText(
  codec: usize,
  state: usize,
  s: usize,
  errors: usize,
  flush: bool,
  reset: bool,
  used: usize,
): usize {
  const n = U.length(s);
  const w = ByteWriter.begin(n);
  let i: isize = 0;
  while (i < n) {
    const r = encodeAt(codec, state, s, i, n, flush, w);
    if (r > 0) i += r;
    else if (r == MEMORY) return byteWriterDiscard(w);
    else if (r == TOO_FEW && !flush) break;
    else {
      const end = r == TOO_FEW ? n : i - r;
      const reason = r == TOO_FEW ? "incomplete multibyte sequence" : "illegal multibyte sequence";
      i = encodingFailed(codec, state, s, i, end, reason, errors, w);
      if (i < 0) return byteWriterDiscard(w);
    }
  }
  if (reset && !writeReset(codec, state, w)) return byteWriterDiscard(w);
  if (used != 0) store<i64>(used, i);
  return byteWriterFinish(w);
}

/** Deals with bytes that mean nothing: where decoding goes on; -1 with an exception. */
function decodingFailed(
  codec: usize,
  p: usize,
  n: isize,
  start: isize,
  end: isize,
  reason: string,
  errors: usize,
  w: usize,
): isize {
  const kind = errorHandler(errors);
  if (kind == ERRORS_IGNORE) return end;
  if (kind == ERRORS_REPLACE) return Writer.char(w, 0xfffd) < 0 ? -1 : end;
  if (kind == ERRORS_STRICT) {
    raiseDecoding(codec, p, n, start, end, reason);
    return -1;
  }
  const object = PyBytes_FromStringAndSize(p, n);
  if (object == 0) return -1;
  const exc = makeError(PyExc_UnicodeDecodeError, codec, object, start, end, reason);
  Py.DECREF(object);
  const pair = askHandler(errors, exc, false, "decoding error handler must return (str, int) tuple");
  if (pair == 0) return -1;
  if (writeStr(w, Tuple.get(pair, 0)) == 0) return positionOf(pair, n);
  Py.DECREF(pair);
  return -1;
}

/**
 * Writes the characters of the `n` bytes at `p` from the one at `start` on: how many bytes are used, those before it too; -1 with an exception. `final`: nothing follows;
 * otherwise the beginning of a character at the end is left.
 */
export function decodeBytes(
  codec: usize,
  state: usize,
  p: usize,
  start: isize,
  n: isize,
  errors: usize,
  final: bool,
  w: usize,
): isize {
  const c = rulesOf(codec);
  let i = start;
  while (i < n) {
    const at = p + <usize>i;
    const r = c.kind == ISO2022 ? decodeIso2022(c, state, at, n - i, w) : decodeStep(c, state, at, n - i, w);
    if (r > 0) i += r;
    else if (r == MEMORY) return -1;
    else if (r == TOO_FEW && !final) break;
    else {
      const end = r == TOO_FEW ? n : i - r;
      const reason = r == TOO_FEW ? "incomplete multibyte sequence" : "illegal multibyte sequence";
      i = decodingFailed(codec, p, n, i, end, reason, errors, w);
      if (i < 0) return -1;
    }
  }
  return i;
}

/** A str as it is, and anything else as str() makes it: a new reference. */
export function textOf(o: usize): usize {
  return Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS) ? Py.NewRef(o) : PyObject_Str(o);
}

function isErrors(v: usize, fname: string): bool {
  return v == _Py_NoneStruct || utf8Argument(v, fname, "argument 'errors'", "str or None");
}

/**
 * @native _multibytecodec.MultibyteCodec.encode($self, /, input, errors=None)
 *
 * The bytes of a text, and how many characters that are.
 *
 * Errors is the name of what deals with characters that the encoding has not: 'strict', as is assumed, for UnicodeEncodeError, or any that codecs.register_error() knows.
 */
export function codec_encode(self: usize, input: usize, errors: usize): usize {
  if (!isErrors(errors, "encode")) return 0;
  const text = textOf(input);
  if (text == 0) return 0;
  const state = Scratch.take(1);
  initialise(self, state, false);
  const made = encodeText(self, state, text, errorsOf(errors), true, true, 0);
  Scratch.give(state);
  const n = U.length(text);
  Py.DECREF(text);
  return codecResult(made, n);
}

/**
 * @native _multibytecodec.MultibyteCodec.decode($self, /, input, errors=None)
 *
 * The text of bytes, and how many bytes that are.
 *
 * Errors is the name of what deals with bytes that mean nothing: 'strict', as is assumed, for UnicodeDecodeError, or any that codecs.register_error() knows.
 */
export function codec_decode(self: usize, input: usize, errors: usize): usize {
  const view = Buffer.open(input);
  if (view == 0) return 0;
  const n = Buffer.length(view);
  let text: usize = 0;
  if (isErrors(errors, "decode")) {
    const state = Scratch.take(1);
    initialise(self, state, true);
    const w = Writer.begin(n);
    const used = decodeBytes(self, state, Buffer.data(view), 0, n, errorsOf(errors), true, w);
    text = used < 0 ? writerDiscard(w) : writerFinish(w);
    Scratch.give(state);
  }
  Buffer.close(view);
  return codecResult(text, n);
}

function codec_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  freeCodec(MultibyteCodecObject.at(self).codec);
  MultibyteCodecObject_clear(self);
  PyObject_GC_Del(self);
}

/**
 * @type _multibytecodec.MultibyteCodec
 */

/** Makes the type: 0, or -1 with an exception. */
export function initCodecType(): i32 {
  collectedType(
    PyMultibyteCodec_Type,
    SIZEOF_MultibyteCodecObject,
    codec_dealloc.index,
    MultibyteCodecObject_traverse.index,
    MultibyteCodecObject_clear.index,
    Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
  );
  return PyType_Ready(PyMultibyteCodec_Type);
}
