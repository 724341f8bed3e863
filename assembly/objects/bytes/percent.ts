// bytes % values, bytearray % values (CPython 3.13's _PyBytes_FormatEx, Objects/bytesobject.c): the conversions of
// str %, with %b and %s for bytes-like objects and %a in place of %r.

import { Py_TPFLAGS_BYTES_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PyBytesObject, percentformat } from "../../generated/layouts";
import { ID, PyExc_OverflowError, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { PyLong_AsLongLongAndOverflow } from "../numbers/int/create";
import { PyObject_CheckBuffer } from "../object/buffer";
import { PyObject_CallNoArgs } from "../object/call";
import { Py } from "../object/head";
import { PyObject_ASCII } from "../protocol/text";
import { U } from "../text/access";
import { PyTypeName } from "../text/concat";
import { PyUnicode_FromKindAndData } from "../text/create";
import { findCharacter } from "../text/find";
import {
  allConverted,
  beginPercent,
  endPercent,
  nextArgument,
  PERCENT_SLOTS,
  parseConversion,
  percentFloat,
  percentInteger,
  writePadded,
} from "../text/format/percent";
import { Writer, writerDiscard, writerFinish } from "../text/format/writer";
import { _PyObject_LookupSpecial } from "../types/lookup";
import { ByteArray } from "./bytearray/bytearray";
import { BytesLike } from "./common";
import { PyBytes_FromObject } from "./type";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte, writeBytes } from "./writer";

/** The bytes of an argument of %b as Latin-1 text, so that one padding serves all: a new str. Null: an exception. */
function bytesArgument(v: usize): usize {
  if (Py.check(v, Py_TPFLAGS_BYTES_SUBCLASS))
    return PyUnicode_FromKindAndData(1, PyBytesObject.at(v).ob_sval, Py.SIZE(v));
  if (ByteArray.check(v)) return PyUnicode_FromKindAndData(1, ByteArray.data(v), Py.SIZE(v));
  const f = _PyObject_LookupSpecial(v, ID.__bytes__);
  if (f != 0) {
    const r = PyObject_CallNoArgs(f);
    Py.DECREF(f);
    if (r == 0) return 0;
    if (!Py.check(r, Py_TPFLAGS_BYTES_SUBCLASS)) {
      PyErr_Format(PyExc_TypeError, "__bytes__ returned non-bytes (type %.200s)", PyTypeName.of(r));
      Py.DECREF(r);
      return 0;
    }
    const text = PyUnicode_FromKindAndData(1, PyBytesObject.at(r).ob_sval, Py.SIZE(r));
    Py.DECREF(r);
    return text;
  }
  if (PyErr_Occurred()) return 0;
  if (PyObject_CheckBuffer(v)) {
    const bytes = PyBytes_FromObject(v);
    if (bytes == 0) return 0;
    const text = PyUnicode_FromKindAndData(1, PyBytesObject.at(bytes).ob_sval, Py.SIZE(bytes));
    Py.DECREF(bytes);
    return text;
  }
  return PyErr_Format(
    PyExc_TypeError,
    "%%b requires a bytes-like object, or an object that implements __bytes__, not '%.100s'",
    PyTypeName.of(v),
  );
}

function byteArgument(v: usize): usize {
  const single = (Py.check(v, Py_TPFLAGS_BYTES_SUBCLASS) || ByteArray.check(v)) && Py.SIZE(v) == 1;
  if (single) return PyUnicode_FromKindAndData(1, BytesLike.data(v), 1);
  const c = PyLong_AsLongLongAndOverflow(v);
  if (c == -1 && PyErr_Occurred()) {
    if (!PyErr_ExceptionMatches(PyExc_TypeError)) return 0;
    PyErr_Clear();
    return PyErr_SetString(PyExc_TypeError, "%c requires an integer in range(256) or a single byte");
  }
  if (c < 0 || c > 255) return PyErr_SetString(PyExc_OverflowError, "%c arg not in range(256)");
  const one = Scratch.take(1);
  store<u8>(one, <u8>c);
  const r = PyUnicode_FromKindAndData(1, one, 1);
  Scratch.give(one);
  return r;
}

function convert(x: usize, v: usize): usize {
  const state = percentformat.at(x);
  const code = state.code;
  switch (code) {
    case 0x72: // r
    case 0x61: // a
      return PyObject_ASCII(v);
    case 0x73: // s
    case 0x62: // b
      return bytesArgument(v);
    case 0x64: // d
    case 0x69: // i
    case 0x75: // u
    case 0x6f: // o
    case 0x78: // x
    case 0x58: // X
      return percentInteger(x, v);
    case 0x65: // e
    case 0x45: // E
    case 0x66: // f
    case 0x46: // F
    case 0x67: // g
    case 0x47: // G
      return percentFloat(x, v, true);
    case 0x63: // c
      return byteArgument(v);
    default:
      return PyErr_Format(
        PyExc_ValueError,
        "unsupported format character '%c' (0x%x) at index %d",
        code,
        code,
        state.pos - 1,
      );
  }
}

function formatOne(w: usize, x: usize, data: usize, n: isize): i32 {
  const state = percentformat.at(x);
  if (state.pos < n && load<u8>(data + <usize>state.pos) == 0x25) {
    state.pos = state.pos + 1;
    return writeByte(w, 0x25);
  }
  if (parseConversion(x, 0, 1, data, n) < 0) return -1;
  const v = nextArgument(x);
  const text = v == 0 ? 0 : convert(x, v);
  if (text == 0) return -1;
  const code = state.code;
  const isText = code == 0x73 || code == 0x62 || code == 0x61 || code == 0x72 || code == 0x63;
  const inner = Writer.begin(0);
  const ok = writePadded(inner, x, text, !isText);
  Py.DECREF(text);
  const padded = ok == 0 ? writerFinish(inner) : writerDiscard(inner);
  if (padded == 0) return -1;
  const r = writeBytes(w, U.data(padded), U.length(padded));
  Py.DECREF(padded);
  if (r == 0 && state.dict != 0 && state.argidx < state.arglen) {
    PyErr_SetString(PyExc_TypeError, "not all arguments converted during bytes formatting");
    return -1;
  }
  return r;
}

/** The `n` bytes at `data` formatted with args: a new bytes object. Null with an exception. */
export function _PyBytes_FormatEx(data: usize, n: isize, args: usize): usize {
  const x = Scratch.take(PERCENT_SLOTS);
  const state = percentformat.at(x);
  const textual =
    Py.check(args, Py_TPFLAGS_BYTES_SUBCLASS) || ByteArray.check(args) || Py.check(args, Py_TPFLAGS_UNICODE_SUBCLASS);
  beginPercent(x, args, textual);
  const w = ByteWriter.begin(n);
  let ok = 0;
  while (ok == 0 && state.pos < n) {
    const start = state.pos;
    let at = findCharacter(1, data, start, n, 0x25);
    if (at < 0) at = n;
    ok = writeBytes(w, data + <usize>start, at - start);
    state.pos = at + 1;
    if (ok == 0 && at < n) ok = formatOne(w, x, data, n);
  }
  if (ok == 0 && !allConverted(x, "bytes")) ok = -1;
  endPercent(x);
  const r = ok == 0 ? byteWriterFinish(w) : byteWriterDiscard(w);
  Scratch.give(x);
  return r;
}
