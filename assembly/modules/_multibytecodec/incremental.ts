// Conversion piece by piece (MultibyteIncrementalEncoder and MultibyteIncrementalDecoder of CPython 3.13's
// Modules/cjkcodecs/multibytecodec.c), and what the types of streams have in common with those.

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_IMMUTABLETYPE,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  MultibyteStatefulDecoderContext,
  MultibyteStatefulDecoderContext_pending,
  MultibyteStatefulDecoderContext_state,
  MultibyteStatefulEncoderContext,
  MultibyteStatefulEncoderContext_state,
  PyBytesObject,
  PyTypeObject,
  SIZEOF_MultibyteStatefulDecoderContext,
  SIZEOF_MultibyteStatefulEncoderContext,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyExc_AttributeError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_UnicodeError,
  PyMultibyteCodec_Type,
  PyMultibyteIncrementalDecoder_Type,
  PyMultibyteIncrementalEncoder_Type,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { ByteWriter, byteWriterDiscard } from "../../objects/bytes/writer";
import { PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { badArgument, parseTupleAndKeywords, utf8Argument } from "../../objects/define/args";
import { PyErr_Fail, PyErr_NoMemory, PyErr_SetString } from "../../objects/errors/raise";
import {
  MultibyteStatefulDecoderContext_clear,
  MultibyteStatefulDecoderContext_traverse,
  MultibyteStatefulEncoderContext_clear,
  MultibyteStatefulEncoderContext_traverse,
} from "../../objects/generated/references";
import { Long } from "../../objects/numbers/int/access";
import { _PyLong_AsByteArray, _PyLong_FromByteArray, fitsBytes } from "../../objects/numbers/int/bytes";
import { Buffer } from "../../objects/object/buffer";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { U } from "../../objects/text/access";
import { PyUnicode_AsUTF8String, PyUnicode_DecodeUTF8 } from "../../objects/text/codecs/utf8";
import { PyUnicode_Concat, PyUnicode_Substring } from "../../objects/text/concat";
import { Writer, writerDiscard, writerFinish } from "../../objects/text/format/writer";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";
import { decodeBytes, encodeText, initialise, raiseDecoding, raiseEncoding, textOf, writeReset } from "./codec";

/** Characters, and bytes, that may wait for what follows. */
const ENCODER_PENDING_MAX: isize = 2;
const DECODER_PENDING_MAX: isize = 8;
const STATE_BYTES: isize = 8;
const ENCODER_STATE_BYTES: isize = 1 + 4 * ENCODER_PENDING_MAX + STATE_BYTES;

/** What all four types begin with: the fields are at the same places. */
function startContext(self: usize, type: usize, errors: usize, decoding: bool): bool {
  const codec = PyObject_GetAttr(type, ID.codec);
  if (codec == 0) return false;
  if (!Py.IS_TYPE(codec, PyMultibyteCodec_Type)) {
    Py.DECREF(codec);
    PyErr_SetString(PyExc_TypeError, "codec is unexpected type");
    return false;
  }
  const c = MultibyteStatefulEncoderContext.at(self);
  c.codec = codec;
  c.errors = Py.XNewRef(errors);
  initialise(codec, self + MultibyteStatefulEncoderContext_state, decoding);
  return true;
}

/** A new object of a type of streams, with its stream at `slot`, or of an incremental one where that is 0. */
export function newContext(fname: string, type: usize, args: usize, kwds: usize, slot: usize, decoding: bool): usize {
  const a = Scratch.take(2);
  const least = slot == 0 ? 0 : 1;
  const parsed =
    slot == 0
      ? parseTupleAndKeywords(fname, "errors", args, kwds, a, 0, 1)
      : parseTupleAndKeywords(fname, "stream errors", args, kwds, a, 1, 2);
  const stream = slot == 0 ? 0 : Py.item(a, 0);
  const errors = parsed ? Py.item(a, least) : 0;
  Scratch.give(a);
  if (!parsed) return 0;
  if (errors != 0 && !utf8Argument(errors, fname, slot == 0 ? "argument 1" : "argument 2")) return 0;
  const self = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (self == 0) return 0;
  if (slot != 0) Py.setItem(self + slot, 0, Py.NewRef(stream));
  if (startContext(self, type, errors, decoding)) return self;
  Py.DECREF(self);
  return 0;
}

/** __init__ of all the types: there is nothing left to do. */
export function context_init(_self: usize, _args: usize, _kwds: usize): i32 {
  return 0;
}

function errorsOfContext(self: usize): usize {
  const errors = MultibyteStatefulEncoderContext.at(self).errors;
  return Py.NewRef(errors == 0 ? ID.strict : errors);
}

function setErrorsOfContext(self: usize, value: usize): i32 {
  if (value == 0) return PyErr_Fail(PyExc_AttributeError, "cannot delete attribute");
  if (!Py.check(value, Py_TPFLAGS_UNICODE_SUBCLASS)) return PyErr_Fail(PyExc_TypeError, "errors must be a string");
  Py.SETREF(MultibyteStatefulEncoderContext.at(self).errors_slot, Py.NewRef(value));
  return 0;
}

/**
 * @getter _multibytecodec.MultibyteIncrementalEncoder.errors
 *
 * the name of what deals with errors
 */
export function encoder_errors(self: usize, _c: usize): usize {
  return errorsOfContext(self);
}

/**
 * @setter _multibytecodec.MultibyteIncrementalEncoder.errors
 */
export function encoder_setErrors(self: usize, value: usize, _c: usize): i32 {
  return setErrorsOfContext(self, value);
}

/**
 * @getter _multibytecodec.MultibyteIncrementalDecoder.errors
 *
 * the name of what deals with errors
 */
export function decoder_errors(self: usize, _c: usize): usize {
  return errorsOfContext(self);
}

/**
 * @setter _multibytecodec.MultibyteIncrementalDecoder.errors
 */
export function decoder_setErrors(self: usize, value: usize, _c: usize): i32 {
  return setErrorsOfContext(self, value);
}

/**
 * @getter _multibytecodec.MultibyteStreamReader.errors
 *
 * the name of what deals with errors
 */
export function reader_errors(self: usize, _c: usize): usize {
  return errorsOfContext(self);
}

/**
 * @setter _multibytecodec.MultibyteStreamReader.errors
 */
export function reader_setErrors(self: usize, value: usize, _c: usize): i32 {
  return setErrorsOfContext(self, value);
}

/**
 * @getter _multibytecodec.MultibyteStreamWriter.errors
 *
 * the name of what deals with errors
 */
export function writer_errors(self: usize, _c: usize): usize {
  return errorsOfContext(self);
}

/**
 * @setter _multibytecodec.MultibyteStreamWriter.errors
 */
export function writer_setErrors(self: usize, value: usize, _c: usize): i32 {
  return setErrorsOfContext(self, value);
}

/** The bytes of a piece of text, with what waited before it; null with an exception. */
export function encodePiece(self: usize, input: usize, final: bool): usize {
  const c = MultibyteStatefulEncoderContext.at(self);
  const text = textOf(input);
  if (text == 0) return 0;
  const pending = c.pending;
  const whole = pending == 0 ? Py.NewRef(text) : PyUnicode_Concat(pending, text);
  Py.DECREF(text);
  if (whole == 0) return 0;
  // A handler may change the errors and call this object again.
  const errors = Py.XNewRef(c.errors);
  const used = Scratch.take(1);
  c.pending = 0;
  const r = encodeText(c.codec, self + MultibyteStatefulEncoderContext_state, whole, errors, final, final, used);
  const at = load<i32>(used);
  Scratch.give(used);
  Py.XDECREF(errors);
  const n = U.length(whole);
  let good = r != 0;
  if (!good) Py.SETREF(c.pending_slot, pending);
  else {
    Py.XDECREF(pending);
    if (n - at > ENCODER_PENDING_MAX) {
      raiseEncoding(c.codec, whole, at, n, "pending buffer overflow");
      good = false;
    } else if (at < n) {
      const rest = PyUnicode_Substring(whole, at, n);
      Py.SETREF(c.pending_slot, rest);
      good = rest != 0;
    }
  }
  Py.DECREF(whole);
  if (good) return r;
  Py.XDECREF(r);
  return 0;
}

/**
 * @native _multibytecodec.MultibyteIncrementalEncoder.encode($self, /, input, final=False)
 */
export function encoder_encode(self: usize, input: usize, final: bool): usize {
  return encodePiece(self, input, final);
}

/**
 * @native _multibytecodec.MultibyteIncrementalEncoder.getstate($self, /)
 */
export function encoder_getstate(self: usize, _: usize): usize {
  const c = MultibyteStatefulEncoderContext.at(self);
  const utf8 = c.pending == 0 ? PyBytes_FromStringAndSize(0, 0) : PyUnicode_AsUTF8String(c.pending, 0);
  if (utf8 == 0) return 0;
  const n = Py.SIZE(utf8);
  const bytes = Scratch.take(3);
  store<u8>(bytes, <u8>n);
  memory.copy(bytes + 1, PyBytesObject.at(utf8).ob_sval, <usize>n);
  memory.copy(bytes + 1 + <usize>n, self + MultibyteStatefulEncoderContext_state, <usize>STATE_BYTES);
  Py.DECREF(utf8);
  const r = _PyLong_FromByteArray(bytes, 1 + n + STATE_BYTES, true, false);
  Scratch.give(bytes);
  return r;
}

/** Writes an int as so many bytes: whether they are enough. */
function intBytes(o: usize, p: usize, n: isize): bool {
  const negative = Long.isNegative(o);
  if (!negative && fitsBytes(o, n, false)) {
    _PyLong_AsByteArray(o, p, n, true);
    return true;
  }
  const message = negative ? "can't convert negative int to unsigned" : "int too big to convert";
  PyErr_SetString(PyExc_OverflowError, message);
  return false;
}

/**
 * @native _multibytecodec.MultibyteIncrementalEncoder.setstate($self, state, /)
 */
export function encoder_setstate(self: usize, state: usize): usize {
  if (!Py.check(state, Py_TPFLAGS_LONG_SUBCLASS)) return badArgument("setstate", "argument", "int", state);
  const bytes = Scratch.take(3);
  let pending: usize = 0;
  if (intBytes(state, bytes, ENCODER_STATE_BYTES)) {
    const n = <isize>load<u8>(bytes);
    if (n > 4 * ENCODER_PENDING_MAX) PyErr_SetString(PyExc_UnicodeError, "pending buffer too large");
    else pending = PyUnicode_DecodeUTF8(bytes + 1, n, 0);
    if (pending != 0) {
      Py.SETREF(MultibyteStatefulEncoderContext.at(self).pending_slot, pending);
      memory.copy(self + MultibyteStatefulEncoderContext_state, bytes + 1 + <usize>n, <usize>STATE_BYTES);
    }
  }
  Scratch.give(bytes);
  return pending == 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _multibytecodec.MultibyteIncrementalEncoder.reset($self, /)
 */
export function encoder_reset(self: usize, _: usize): usize {
  const c = MultibyteStatefulEncoderContext.at(self);
  const w = ByteWriter.begin(0);
  const good = writeReset(c.codec, self + MultibyteStatefulEncoderContext_state, w);
  byteWriterDiscard(w);
  Py.SETREF(c.pending_slot, 0);
  return good ? _Py_NoneStruct : 0;
}

/**
 * Writes the characters of a piece of bytes, with what waited before it, to `w`: whether that worked. What is only the beginning of
 * a character waits, unless the piece is the last.
 */
export function decodePiece(self: usize, p: usize, n: isize, final: bool, w: usize): bool {
  const c = MultibyteStatefulDecoderContext.at(self);
  const waiting = c.pendingsize;
  let data = p;
  let size = n;
  if (waiting > 0) {
    size = n + waiting;
    data = PyMem_Malloc(<usize>size);
    if (data == 0) {
      PyErr_NoMemory();
      return false;
    }
    memory.copy(data, self + MultibyteStatefulDecoderContext_pending, <usize>waiting);
    memory.copy(data + <usize>waiting, p, <usize>n);
    c.pendingsize = 0;
  }
  const errors = Py.XNewRef(c.errors);
  const state = self + MultibyteStatefulDecoderContext_state;
  const used = decodeBytes(c.codec, state, data, 0, size, errors, false, w);
  let good: bool = used >= 0;
  if (good && final && used < size) {
    // The characters before it are decoded whatever becomes of it.
    good = decodeBytes(c.codec, state, data, used, size, errors, true, w) >= 0;
    if (!good) restate(self, data, waiting);
  } else if (good && used < size) good = keep(self, data, size, used);
  Py.XDECREF(errors);
  if (data != p) PyMem_Free(data);
  return good;
}

/** What waited waits again. */
function restate(self: usize, data: usize, waiting: isize): void {
  memory.copy(self + MultibyteStatefulDecoderContext_pending, data, <usize>waiting);
  MultibyteStatefulDecoderContext.at(self).pendingsize = waiting;
}

/** Keeps the bytes from `used` on: whether there is room for them. */
function keep(self: usize, data: usize, size: isize, used: isize): bool {
  const c = MultibyteStatefulDecoderContext.at(self);
  const had = c.pendingsize;
  if (size - used + had > DECODER_PENDING_MAX) {
    raiseDecoding(c.codec, data, size, 0, size, "pending buffer overflow");
    return false;
  }
  const to = self + MultibyteStatefulDecoderContext_pending + <usize>had;
  memory.copy(to, data + <usize>used, <usize>(size - used));
  c.pendingsize = size - used + had;
  return true;
}

/**
 * @native _multibytecodec.MultibyteIncrementalDecoder.decode($self, /, input, final=False)
 */
export function decoder_decode(self: usize, input: usize, final: bool): usize {
  const view = Buffer.open(input);
  if (view == 0) return 0;
  const w = Writer.begin(Buffer.length(view));
  const good = decodePiece(self, Buffer.data(view), Buffer.length(view), final, w);
  const r = good ? writerFinish(w) : writerDiscard(w);
  Buffer.close(view);
  return r;
}

/**
 * @native _multibytecodec.MultibyteIncrementalDecoder.getstate($self, /)
 */
export function decoder_getstate(self: usize, _: usize): usize {
  const pending = PyBytes_FromStringAndSize(
    self + MultibyteStatefulDecoderContext_pending,
    MultibyteStatefulDecoderContext.at(self).pendingsize,
  );
  if (pending == 0) return 0;
  const state = _PyLong_FromByteArray(self + MultibyteStatefulDecoderContext_state, STATE_BYTES, true, false);
  const r = state == 0 ? 0 : PyTuple_Pack2(pending, state);
  Py.DECREF(pending);
  Py.XDECREF(state);
  return r;
}

/**
 * @native _multibytecodec.MultibyteIncrementalDecoder.setstate($self, state, /)
 */
export function decoder_setstate(self: usize, state: usize): usize {
  if (!Py.check(state, Py_TPFLAGS_TUPLE_SUBCLASS)) return badArgument("setstate", "argument", "tuple", state);
  const fits =
    Py.SIZE(state) == 2 &&
    Py.check(Tuple.get(state, 0), Py_TPFLAGS_BYTES_SUBCLASS) &&
    Py.check(Tuple.get(state, 1), Py_TPFLAGS_LONG_SUBCLASS);
  if (!fits) return PyErr_SetString(PyExc_TypeError, "setstate(): illegal state argument");
  const c = MultibyteStatefulDecoderContext.at(self);
  const pending = Tuple.get(state, 0);
  const n = Py.SIZE(pending);
  const bytes = Scratch.take(1);
  let good = intBytes(Tuple.get(state, 1), bytes, STATE_BYTES);
  if (good && n > DECODER_PENDING_MAX) {
    raiseDecoding(c.codec, PyBytesObject.at(pending).ob_sval, n, 0, n, "pending buffer too large");
    good = false;
  }
  if (good) {
    c.pendingsize = n;
    memory.copy(self + MultibyteStatefulDecoderContext_pending, PyBytesObject.at(pending).ob_sval, <usize>n);
    memory.copy(self + MultibyteStatefulDecoderContext_state, bytes, <usize>STATE_BYTES);
  }
  Scratch.give(bytes);
  return good ? _Py_NoneStruct : 0;
}

/** Forgets what waits, and goes back to what the encoding begins with. */
export function resetDecoder(self: usize): usize {
  const c = MultibyteStatefulDecoderContext.at(self);
  // Which sets G1 and G2 are stays.
  const w = ByteWriter.begin(0);
  const good = writeReset(c.codec, self + MultibyteStatefulDecoderContext_state, w);
  byteWriterDiscard(w);
  c.pendingsize = 0;
  return good ? _Py_NoneStruct : 0;
}

/**
 * @native _multibytecodec.MultibyteIncrementalDecoder.reset($self, /)
 */
export function decoder_reset(self: usize, _: usize): usize {
  return resetDecoder(self);
}

function encoder_new(type: usize, args: usize, kwds: usize): usize {
  return newContext("IncrementalEncoder", type, args, kwds, 0, false);
}

function decoder_new(type: usize, args: usize, kwds: usize): usize {
  return newContext("IncrementalDecoder", type, args, kwds, 0, true);
}

function encoder_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  MultibyteStatefulEncoderContext_clear(self);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

function decoder_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  MultibyteStatefulDecoderContext_clear(self);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

/**
 * @type _multibytecodec.MultibyteIncrementalEncoder
 *
 * @type _multibytecodec.MultibyteIncrementalDecoder
 */

/** Makes the types: 0, or -1 with an exception. */
export function initIncrementalTypes(): i32 {
  const encoder = collectedType(
    PyMultibyteIncrementalEncoder_Type,
    SIZEOF_MultibyteStatefulEncoderContext,
    encoder_dealloc.index,
    MultibyteStatefulEncoderContext_traverse.index,
    MultibyteStatefulEncoderContext_clear.index,
    Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE,
  );
  encoder.tp_new = encoder_new.index;
  encoder.tp_init = context_init.index;
  const decoder = collectedType(
    PyMultibyteIncrementalDecoder_Type,
    SIZEOF_MultibyteStatefulDecoderContext,
    decoder_dealloc.index,
    MultibyteStatefulDecoderContext_traverse.index,
    MultibyteStatefulDecoderContext_clear.index,
    Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE,
  );
  decoder.tp_new = decoder_new.index;
  decoder.tp_init = context_init.index;
  return PyType_Ready(PyMultibyteIncrementalEncoder_Type) < 0 ? -1 : PyType_Ready(PyMultibyteIncrementalDecoder_Type);
}
