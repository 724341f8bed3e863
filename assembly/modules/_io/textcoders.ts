// Codecs that only the registry has, for text streams: the incremental decoder and encoder of CPython's codecs, objects that
// the stream owns (CPython 3.13's Modules/_io/textio.c: _textiowrapper_set_decoder, _textiowrapper_set_encoder).
//
// What a decoder keeps is in itself. readState() copies it to the fields `undecoded` and `order` of the stream, where
// textposition.ts looks for it.

import {
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { textio } from "../../generated/layouts";
import { empty_bytes, ID, PyExc_TypeError } from "../../generated/statics";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { PyErr_Format, PyErr_SetString } from "../../objects/errors/raise";
import { boolObject } from "../../objects/numbers/bool";
import { Long } from "../../objects/numbers/int/access";
import { PyLong_AsInt, PyLong_FromLong } from "../../objects/numbers/int/create";
import {
  PyObject_CallMethodNoArgs,
  PyObject_CallMethodOneArg,
  PyObject_CallMethodTwoArgs,
  PyObject_CallOneArg,
} from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { lookupTextCodec } from "../../objects/text/codecs/registry";
import { failed, unsupported } from "./common";

/** A codec of the registry. */
export const CODEC_REGISTERED: i32 = 101;

/** Whether there is a codec of text under a name; false with LookupError. */
export function isRegistered(name: usize): bool {
  const codec = lookupTextCodec(name, "codecs.open()");
  Py.XDECREF(codec);
  return codec != 0;
}

/** Calls what a codec makes its coders with: new, null with an exception. */
function makeCoder(codec: usize, name: usize, errors: usize): usize {
  const factory = PyObject_GetAttr(codec, name);
  if (factory == 0) return 0;
  const r = PyObject_CallOneArg(factory, errors);
  Py.DECREF(factory);
  return r;
}

/** Makes the coders that the stream needs, where its codec is one of the registry: 0, or -1 with an exception. */
export function makeCoders(self: usize): i32 {
  const t = textio.at(self);
  Py.CLEAR(t.decoder_slot);
  Py.CLEAR(t.encoder_slot);
  if (t.codec != CODEC_REGISTERED) return 0;
  const codec = lookupTextCodec(t.encoding, "codecs.open()");
  if (codec == 0) return -1;
  const errors = Py.NewRef(t.errors);
  let ok = true;
  if (t.readable) {
    const decoder = makeCoder(codec, ID.incrementaldecoder, errors);
    if (decoder != 0) Py.SETREF(t.decoder_slot, decoder);
    else ok = false;
  }
  if (ok && t.writable) {
    const encoder = makeCoder(codec, ID.incrementalencoder, errors);
    if (encoder != 0) Py.SETREF(t.encoder_slot, encoder);
    else ok = false;
  }
  Py.DECREF(errors);
  Py.DECREF(codec);
  return ok ? 0 : -1;
}

/** Decodes the `n` bytes at `p`: new text; null with an exception. */
export function decodeRegistered(self: usize, p: usize, n: isize, final: bool): usize {
  const decoder = Py.XNewRef(textio.at(self).decoder);
  if (decoder == 0) return unsupported("not readable");
  const bytes = PyBytes_FromStringAndSize(p, n);
  const r = bytes == 0 ? 0 : PyObject_CallMethodTwoArgs(decoder, ID.decode, bytes, boolObject(final));
  Py.XDECREF(bytes);
  Py.DECREF(decoder);
  if (r == 0 || Py.check(r, Py_TPFLAGS_UNICODE_SUBCLASS)) return r;
  PyErr_Format(PyExc_TypeError, "decoder should return a string result, not '%.200t'", r);
  Py.DECREF(r);
  return 0;
}

/** Encodes text: new bytes; null with an exception. */
export function encodeRegistered(self: usize, text: usize): usize {
  const encoder = Py.XNewRef(textio.at(self).encoder);
  if (encoder == 0) return unsupported("not writable");
  const r = PyObject_CallMethodOneArg(encoder, ID.encode, text);
  Py.DECREF(encoder);
  if (r == 0 || Py.check(r, Py_TPFLAGS_BYTES_SUBCLASS)) return r;
  PyErr_Format(PyExc_TypeError, "encoder should return a bytes object, not '%.200t'", r);
  Py.DECREF(r);
  return 0;
}

/** Has a coder do something whose result does not matter: 0, or -1 with an exception. */
function finished(r: usize): i32 {
  Py.XDECREF(r);
  return r == 0 ? -1 : 0;
}

/** Lets the encoder begin a stream, or go on within one: 0, or -1 with an exception. */
export function placeEncoder(self: usize, atStart: bool): i32 {
  const encoder = Py.XNewRef(textio.at(self).encoder);
  if (encoder == 0) return 0;
  const r = atStart
    ? PyObject_CallMethodNoArgs(encoder, ID.reset)
    : PyObject_CallMethodOneArg(encoder, ID.setstate, Long.small(0));
  Py.DECREF(encoder);
  return finished(r);
}

/** Lets the decoder begin: 0, or -1 with an exception. */
export function resetRegistered(self: usize): i32 {
  const decoder = Py.XNewRef(textio.at(self).decoder);
  if (decoder == 0) return 0;
  const r = PyObject_CallMethodNoArgs(decoder, ID.reset);
  Py.DECREF(decoder);
  return finished(r);
}

/** Copies what the decoder keeps to the stream: 0, or -1 with an exception. Other codecs have it there. */
export function readState(self: usize): i32 {
  const t = textio.at(self);
  const decoder = t.codec == CODEC_REGISTERED ? Py.XNewRef(t.decoder) : 0;
  if (decoder == 0) return 0;
  const state = PyObject_CallMethodNoArgs(decoder, ID.getstate);
  Py.DECREF(decoder);
  if (state == 0) return -1;
  let ok = false;
  if (!Py.check(state, Py_TPFLAGS_TUPLE_SUBCLASS) || Tuple.size(state) != 2) {
    PyErr_SetString(PyExc_TypeError, "illegal decoder state");
  } else {
    const bytes = Tuple.get(state, 0);
    if (!Py.check(bytes, Py_TPFLAGS_BYTES_SUBCLASS)) {
      const message = "illegal decoder state: the first item should be a bytes object, not '%.200t'";
      PyErr_Format(PyExc_TypeError, message, bytes);
    } else {
      const flags = PyLong_AsInt(Tuple.get(state, 1));
      ok = !(flags == -1 && failed());
      if (ok) {
        t.order = flags;
        Py.SETREF(t.undecoded_slot, Py.SIZE(bytes) > 0 ? Py.NewRef(bytes) : 0);
      }
    }
  }
  Py.DECREF(state);
  return ok ? 0 : -1;
}

/** Has the decoder keep bytes (null: none) and flags: 0, or -1 with an exception. */
export function writeState(self: usize, bytes: usize, flags: i32): i32 {
  const decoder = Py.XNewRef(textio.at(self).decoder);
  if (decoder == 0) return 0;
  const number = PyLong_FromLong(flags);
  const state = number == 0 ? 0 : PyTuple_Pack2(bytes == 0 ? empty_bytes : bytes, number);
  const r = state == 0 ? 0 : PyObject_CallMethodOneArg(decoder, ID.setstate, state);
  Py.XDECREF(number);
  Py.XDECREF(state);
  Py.DECREF(decoder);
  return finished(r);
}
