// The three UnicodeErrors (CPython 3.13's Objects/exceptions.c).

import { Py_TPFLAGS_BYTES_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PyBytesObject, PyUnicodeErrorObject } from "../../generated/layouts";
import * as S from "../../generated/statics";
import { PyExc_TypeError } from "../../generated/statics";
import { Tuple } from "../containers/tuple";
import { PyObject_CheckBuffer } from "../object/buffer";
import { PyObject_CallOneArg } from "../object/call";
import { Py } from "../object/head";
import { PyNumber_AsSsize_t } from "../protocol/number";
import { PyObject_Str } from "../protocol/text";
import { U } from "../text/access";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { BaseException_init } from "./base";
import { PyErr_Format, PyErr_Occurred } from "./raise";

// UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError

function unicodeInit(self: usize, args: usize, kwargs: usize, kind: i32): i32 {
  if (BaseException_init(self, args, kwargs) < 0) return -1;
  const want: isize = kind == 2 ? 4 : 5;
  if (Py.SIZE(args) != want) {
    PyErr_Format(PyExc_TypeError, "function takes exactly %d arguments (%d given)", want, Py.SIZE(args));
    return -1;
  }
  let i: isize = 0;
  if (kind != 2) {
    const enc = Tuple.get(args, i++);
    if (!Py.check(enc, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      PyErr_Format(PyExc_TypeError, "argument 1 must be str, not %t", enc);
      return -1;
    }
    Py.SETREF(PyUnicodeErrorObject.at(self).encoding_slot, Py.NewRef(enc));
  }
  const object = Tuple.get(args, i++);
  if (kind == 1) {
    if (!Py.check(object, Py_TPFLAGS_BYTES_SUBCLASS) && !PyObject_CheckBuffer(object)) {
      PyErr_Format(PyExc_TypeError, "a bytes-like object is required, not '%t'", object);
      return -1;
    }
  } else if (!Py.check(object, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "argument %d must be str, not %t", i, object);
    return -1;
  }
  const isText = kind != 1 || Py.check(object, Py_TPFLAGS_BYTES_SUBCLASS);
  const kept = isText ? Py.NewRef(object) : PyObject_CallOneArg(S.PyBytes_Type, object);
  if (kept == 0) return -1;
  Py.SETREF(PyUnicodeErrorObject.at(self).object_slot, kept);
  const e = PyUnicodeErrorObject.at(self);
  e.start = PyNumber_AsSsize_t(Tuple.get(args, i++), S.PyExc_OverflowError);
  if (e.start == -1 && PyErr_Occurred() != 0) return -1;
  e.end = PyNumber_AsSsize_t(Tuple.get(args, i++), S.PyExc_OverflowError);
  if (e.end == -1 && PyErr_Occurred() != 0) return -1;
  const reason = Tuple.get(args, i);
  if (!Py.check(reason, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "argument %d must be str, not %t", i + 1, reason);
    return -1;
  }
  Py.SETREF(PyUnicodeErrorObject.at(self).reason_slot, Py.NewRef(reason));
  return 0;
}

export function UnicodeEncodeError_init(self: usize, args: usize, kwargs: usize): i32 {
  return unicodeInit(self, args, kwargs, 0);
}

export function UnicodeDecodeError_init(self: usize, args: usize, kwargs: usize): i32 {
  return unicodeInit(self, args, kwargs, 1);
}

export function UnicodeTranslateError_init(self: usize, args: usize, kwargs: usize): i32 {
  return unicodeInit(self, args, kwargs, 2);
}

// Anybody may set the fields to anything: texts are asked for first, which may run Python, and the rest is read after it.

/** Whether the error is about the one item at its start, of the `length` that its object has. */
function isOne(e: PyUnicodeErrorObject, length: isize): bool {
  return e.start >= 0 && e.start < length && e.end == e.start + 1;
}

/** str(v), a new reference, of a field that may be missing. */
function textOf(v: usize): usize {
  return v == 0 ? PyUnicode_FromLiteral("<NULL>") : PyObject_Str(v);
}

/** \xe9, \u20ac or \U0001f600 as the messages show a character. */
function escaped(c: u32): usize {
  if (c <= 0xff) return PyUnicode_FromFormat("\\x%02x", c);
  if (c <= 0xffff) return PyUnicode_FromFormat("\\u%04x", c);
  return PyUnicode_FromFormat("\\U%08x", c);
}

/** "character '\xe9' in position 3: why", "bytes in position 3-5: why", with "can't VERB" before: a new str. */
function where(e: PyUnicodeErrorObject, verb: string, reason: usize): usize {
  const object = e.object;
  const what = changetype<usize>(verb);
  if (Py.check(object, Py_TPFLAGS_BYTES_SUBCLASS)) {
    if (!isOne(e, Py.SIZE(object))) {
      return PyUnicode_FromFormat("can't %L bytes in position %d-%d: %U", what, e.start, e.end - 1, reason);
    }
    const byte = load<u8>(PyBytesObject.at(object).ob_sval + <usize>e.start);
    return PyUnicode_FromFormat("can't %L byte 0x%02x in position %d: %U", what, byte, e.start, reason);
  }
  if (!Py.check(object, Py_TPFLAGS_UNICODE_SUBCLASS) || !isOne(e, U.length(object))) {
    return PyUnicode_FromFormat("can't %L characters in position %d-%d: %U", what, e.start, e.end - 1, reason);
  }
  const c = escaped(U.read(U.kind(object), U.data(object), e.start));
  if (c == 0) return 0;
  const r = PyUnicode_FromFormat("can't %L character '%U' in position %d: %U", what, c, e.start, reason);
  Py.DECREF(c);
  return r;
}

function codecMessage(self: usize, verb: string): usize {
  const e = PyUnicodeErrorObject.at(self);
  if (e.object == 0) return PyUnicode_FromLiteral("");
  const reason = textOf(e.reason);
  const encoding = reason == 0 ? 0 : textOf(e.encoding);
  const rest = encoding == 0 ? 0 : where(e, verb, reason);
  const r = rest == 0 ? 0 : PyUnicode_FromFormat("'%U' codec %U", encoding, rest);
  Py.XDECREF(rest);
  Py.XDECREF(encoding);
  Py.XDECREF(reason);
  return r;
}

export function UnicodeEncodeError_str(self: usize): usize {
  return codecMessage(self, "encode");
}

export function UnicodeDecodeError_str(self: usize): usize {
  return codecMessage(self, "decode");
}

export function UnicodeTranslateError_str(self: usize): usize {
  const e = PyUnicodeErrorObject.at(self);
  if (e.object == 0) return PyUnicode_FromLiteral("");
  const reason = textOf(e.reason);
  const r = reason == 0 ? 0 : where(e, "translate", reason);
  Py.XDECREF(reason);
  return r;
}
