// The three UnicodeErrors (CPython 3.13's Objects/exceptions.c).

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PyBytesObject, PyUnicodeErrorObject } from "../../generated/layouts";
import * as S from "../../generated/statics";
import { PyExc_TypeError } from "../../generated/statics";
import { Tuple } from "../containers/tuple";
import { Py } from "../object/head";
import { PyNumber_AsSsize_t } from "../protocol/number";
import { U } from "../text/access";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyType_IsSubtype } from "../types/lookup";
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
    if (!Py.check(object, 1 << 27) && !PyType_IsSubtype(Py.TYPE(object), S.PyByteArray_Type)) {
      PyErr_Format(PyExc_TypeError, "a bytes-like object is required, not '%t'", object);
      return -1;
    }
  } else if (!Py.check(object, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "argument %d must be str, not %t", i, object);
    return -1;
  }
  Py.SETREF(PyUnicodeErrorObject.at(self).object_slot, Py.NewRef(object));
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

function badCharacter(o: usize, at: isize): u32 {
  return U.read(U.kind(o), U.data(o), at);
}

/** \xe9, \u20ac or \U0001f600 as the messages show a character. */
function escaped(c: u32): usize {
  if (c <= 0xff) return PyUnicode_FromFormat("\\x%02x", c);
  if (c <= 0xffff) return PyUnicode_FromFormat("\\u%04x", c);
  return PyUnicode_FromFormat("\\U%08x", c);
}

export function UnicodeEncodeError_str(self: usize): usize {
  const e = PyUnicodeErrorObject.at(self);
  if (e.object == 0) return PyUnicode_FromLiteral("");
  if (e.start < U.length(e.object) && e.end == e.start + 1) {
    const c = escaped(badCharacter(e.object, e.start));
    if (c == 0) return 0;
    const r = PyUnicode_FromFormat(
      "'%U' codec can't encode character '%U' in position %d: %U",
      e.encoding,
      c,
      e.start,
      e.reason,
    );
    Py.DECREF(c);
    return r;
  }
  const range = PyUnicode_FromFormat("%d-%d", e.start, e.end - 1);
  if (range == 0) return 0;
  const r = PyUnicode_FromFormat("'%U' codec can't encode characters in position %U: %U", e.encoding, range, e.reason);
  Py.DECREF(range);
  return r;
}

export function UnicodeDecodeError_str(self: usize): usize {
  const e = PyUnicodeErrorObject.at(self);
  if (e.object == 0) return PyUnicode_FromLiteral("");
  if (Py.check(e.object, 1 << 27) && e.start < Py.SIZE(e.object) && e.end == e.start + 1) {
    const byte = load<u8>(PyBytesObject.at(e.object).ob_sval + <usize>e.start);
    return PyUnicode_FromFormat(
      "'%U' codec can't decode byte 0x%02x in position %d: %U",
      e.encoding,
      byte,
      e.start,
      e.reason,
    );
  }
  const range = PyUnicode_FromFormat("%d-%d", e.start, e.end - 1);
  if (range == 0) return 0;
  const r = PyUnicode_FromFormat("'%U' codec can't decode bytes in position %U: %U", e.encoding, range, e.reason);
  Py.DECREF(range);
  return r;
}

export function UnicodeTranslateError_str(self: usize): usize {
  const e = PyUnicodeErrorObject.at(self);
  if (e.object == 0) return PyUnicode_FromLiteral("");
  if (e.start < U.length(e.object) && e.end == e.start + 1) {
    const c = escaped(badCharacter(e.object, e.start));
    if (c == 0) return 0;
    const r = PyUnicode_FromFormat("can't translate character '%U' in position %d: %U", c, e.start, e.reason);
    Py.DECREF(c);
    return r;
  }
  return PyUnicode_FromFormat("can't translate characters in position %d-%d: %U", e.start, e.end - 1, e.reason);
}
