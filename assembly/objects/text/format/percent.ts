// str % values (CPython 3.13's PyUnicode_Format, Objects/unicodeobject.c). The state of one formatting, a percentformat,
// is in scratch slots; the bytes' formatting has the same.

import { Py_TPFLAGS_TUPLE_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../../generated/constants";
import {
  decimaltext,
  floattext,
  PyMappingMethods,
  PyNumberMethods,
  PyTypeObject,
  percentformat,
  percentformat_precision,
  percentformat_width,
  SIZEOF_percentformat,
} from "../../../generated/layouts";
import {
  PyComplex_Type,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyLong_Type,
} from "../../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../../memory/pymem";
import { Scratch } from "../../../thread/scratch";
import { PyBytes_FromStringAndSize } from "../../bytes/bytes";
import { Tuple } from "../../containers/tuple";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Fail,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../errors/raise";
import { PyFloat_AsDouble } from "../../numbers/float/float";
import { doubleToString, FLOAT_ALT } from "../../numbers/float/text";
import { Long } from "../../numbers/int/access";
import { clampSsize, PyLong_AsInt, PyLong_AsLongLongAndOverflow, PyLong_AsSsize_t } from "../../numbers/int/create";
import { binaryDigitCount, decimalDigits, putBinaryDigits } from "../../numbers/int/text";
import { Py } from "../../object/head";
import { PyObject_GetItem } from "../../protocol/items";
import { PyNumber_Index, PyNumber_Long } from "../../protocol/number";
import { PyObject_ASCII, PyObject_Repr, PyObject_Str } from "../../protocol/text";
import { U } from "../access";
import { PyTypeName, PyUnicode_Substring } from "../concat";
import { _PyUnicode_FromASCII, unicodeChar, unicodeResult } from "../create";
import { findCharacter } from "../find";
import { Writer, writeFill, writerDiscard, writerFinish, writeSubstring } from "./writer";

export const PERCENT_SLOTS: isize = <isize>SIZEOF_percentformat / 8;

const F_LJUST: i32 = 1;
const F_SIGN: i32 = 2;
const F_BLANK: i32 = 4;
const F_ALT: i32 = 8;
const F_ZERO: i32 = 16;

/** Readies the state at `x` for arguments `args`, borrowed. `text` is the type that is no mapping here. */
export function beginPercent(x: usize, args: usize, isTextual: bool): void {
  const state = percentformat.at(x);
  state.args = args;
  state.dict = 0;
  state.owned = 0;
  state.pos = 0;
  if (Py.check(args, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    state.argidx = 0;
    state.arglen = Tuple.size(args);
    return;
  }
  state.argidx = -2;
  state.arglen = -1;
  const mapping = PyTypeObject.at(Py.TYPE(args)).tp_as_mapping;
  if (mapping != 0 && PyMappingMethods.at(mapping).mp_subscript != 0 && !isTextual) state.dict = args;
}

/** Drops what the state owns. */
export function endPercent(x: usize): void {
  const state = percentformat.at(x);
  if (state.owned != 0) Py.DECREF(state.args);
}

/** Whether every argument was used; otherwise TypeError. `what` is the type formatted. */
export function allConverted(x: usize, what: string): bool {
  const state = percentformat.at(x);
  if (state.argidx < state.arglen && state.dict == 0) {
    PyErr_Format(PyExc_TypeError, "not all arguments converted during %L formatting", changetype<usize>(what));
    return false;
  }
  return true;
}

/** The next argument, borrowed; null with TypeError. */
export function nextArgument(x: usize): usize {
  const state = percentformat.at(x);
  const i = state.argidx;
  const n = state.arglen;
  if (i < n) {
    state.argidx = i + 1;
    return n < 0 ? state.args : Tuple.get(state.args, i);
  }
  return PyErr_SetString(PyExc_TypeError, "not enough arguments for format string");
}

/** Makes the value of a key the only argument; -1 with an exception. `key` is stolen. */
function useKey(x: usize, key: usize): i32 {
  const state = percentformat.at(x);
  if (key == 0) return -1;
  endPercent(x);
  state.owned = 0;
  const v = PyObject_GetItem(state.dict, key);
  Py.DECREF(key);
  if (v == 0) return -1;
  state.args = v;
  state.owned = 1;
  state.argidx = -2;
  state.arglen = -1;
  return 0;
}

class Source {
  @inline static read(kind: u32, data: usize, x: usize): u32 {
    const pos = percentformat.at(x).pos;
    percentformat.at(x).pos = pos + 1;
    return U.read(kind, data, pos);
  }
}

/** A number after "*" or in digits: stored in the slot; the character after it, or -1 with an exception, -2 at the end. */
function readNumber(x: usize, kind: u32, data: usize, n: isize, c: u32, out: usize, message: string): i32 {
  const state = percentformat.at(x);
  if (c == 0x2a) {
    const v = nextArgument(x);
    if (v == 0) return -1;
    if (!Long.check(v)) {
      PyErr_SetString(PyExc_TypeError, "* wants int");
      return -1;
    }
    const isWidth = out == x + percentformat_width;
    let value = isWidth ? PyLong_AsSsize_t(v) : PyLong_AsInt(v);
    if (value == -1 && PyErr_Occurred()) return -1;
    if (value < 0) {
      if (isWidth) {
        state.flags = state.flags | F_LJUST;
        value = -value;
      } else value = 0;
    }
    store<i32>(out, value);
    return state.pos < n ? Source.read(kind, data, x) : -2;
  }
  // A width is a Py_ssize_t, a precision a C int.
  const most: i64 = out == x + percentformat_width ? i64.MAX_VALUE : i32.MAX_VALUE;
  let value: i64 = 0;
  while (c >= 0x30 && c <= 0x39) {
    const digit = <i64>(c - 0x30);
    if (value > (most - digit) / 10) return PyErr_Fail(PyExc_ValueError, message);
    value = value * 10 + digit;
    store<i32>(out, clampSsize(value));
    if (state.pos >= n) return -2;
    c = Source.read(kind, data, x);
  }
  return c;
}

/**
 * Parses one conversion from the state's position on (after the "%"): flags, width, precision, code. `text` is the
 * format as a str (keys are parts of it). -1 with an exception.
 */
export function parseConversion(x: usize, text: usize, kind: u32, data: usize, n: isize): i32 {
  const state = percentformat.at(x);
  state.flags = 0;
  state.width = -1;
  state.precision = -1;
  let c: i32 = state.pos < n ? Source.read(kind, data, x) : -2;
  if (c == 0x28) {
    if (state.dict == 0) {
      PyErr_SetString(PyExc_TypeError, "format requires a mapping");
      return -1;
    }
    const start = state.pos;
    let depth = 1;
    while (depth > 0 && state.pos < n) {
      const d = Source.read(kind, data, x);
      if (d == 0x29) depth--;
      else if (d == 0x28) depth++;
    }
    if (depth > 0) {
      PyErr_SetString(PyExc_ValueError, "incomplete format key");
      return -1;
    }
    const end = state.pos - 1;
    const key =
      text != 0 ? PyUnicode_Substring(text, start, end) : PyBytes_FromStringAndSize(data + <usize>start, end - start);
    if (useKey(x, key) < 0) return -1;
    c = state.pos < n ? Source.read(kind, data, x) : -2;
  }
  for (; c >= 0; c = state.pos < n ? Source.read(kind, data, x) : -2) {
    const flag =
      c == 0x2d ? F_LJUST : c == 0x2b ? F_SIGN : c == 0x20 ? F_BLANK : c == 0x23 ? F_ALT : c == 0x30 ? F_ZERO : 0;
    if (flag == 0) break;
    state.flags = state.flags | flag;
  }
  if (c >= 0) c = readNumber(x, kind, data, n, c, x + percentformat_width, "width too big");
  if (c == 0x2e) {
    state.precision = 0;
    c = state.pos < n ? Source.read(kind, data, x) : -2;
    if (c >= 0) c = readNumber(x, kind, data, n, c, x + percentformat_precision, "precision too big");
  }
  if (c == 0x68 || c == 0x6c || c == 0x4c) c = state.pos < n ? Source.read(kind, data, x) : -2;
  if (c == -1) return -1;
  if (c == -2) {
    PyErr_SetString(PyExc_ValueError, "incomplete format");
    return -1;
  }
  state.code = c;
  return 0;
}

/** PyNumber_Check. */
function isNumber(o: usize): bool {
  const nb = PyTypeObject.at(Py.TYPE(o)).tp_as_number;
  if (nb == 0) return false;
  const n = PyNumberMethods.at(nb);
  return n.nb_index != 0 || n.nb_int != 0 || n.nb_float != 0 || Py.IS_TYPE(o, PyComplex_Type);
}

function wrongNumber(code: u32, o: usize): usize {
  const integer = code == 0x6f || code == 0x78 || code == 0x58;
  return PyErr_Format(
    PyExc_TypeError,
    integer ? "%%%c format: an integer is required, not %.200s" : "%%%c format: a real number is required, not %.200s",
    code,
    PyTypeName.of(o),
  );
}

/** An integer conversion of `v` as a new str, with its sign, prefix and digits; null with an exception. */
export function percentInteger(x: usize, v: usize): usize {
  const state = percentformat.at(x);
  const code = state.code;
  const shift = code == 0x6f ? 3 : code == 0x78 || code == 0x58 ? 4 : 0;
  if (!isNumber(v)) return wrongNumber(code, v);
  let i: usize;
  if (Long.check(v)) i = Py.NewRef(v);
  else {
    i = shift != 0 ? PyNumber_Index(v) : PyNumber_Long(v);
    if (i == 0) {
      if (PyErr_ExceptionMatches(PyExc_TypeError)) {
        PyErr_Clear();
        wrongNumber(code, v);
      }
      return 0;
    }
  }
  const r = integerText(i, shift, code == 0x58, shift != 0 && (state.flags & F_ALT) != 0, state.precision);
  Py.DECREF(i);
  return r;
}

function integerText(i: usize, shift: i32, upper: bool, prefix: bool, precision: i32): usize {
  let block: usize = 0;
  let digits: isize;
  if (shift == 0) {
    block = decimalDigits(i);
    if (block == 0) return 0;
    digits = decimaltext.at(block).length - (Long.isNegative(i) ? 1 : 0);
  } else {
    const count = binaryDigitCount(i, shift);
    if (count > 0x3fffffff) return PyErr_NoMemory();
    digits = <isize>count;
  }
  const width = max<isize>(digits, precision);
  if (width > 0x7ffffff0 - 3) {
    if (block != 0) PyMem_Free(block);
    return PyErr_SetString(PyExc_OverflowError, "precision too large");
  }
  const text = PyMem_Malloc(<usize>width + 3);
  if (text == 0) {
    if (block != 0) PyMem_Free(block);
    return PyErr_NoMemory();
  }
  let p = text;
  if (Long.isNegative(i)) store<u8>(p++, 0x2d);
  if (prefix) {
    store<u8>(p++, 0x30);
    store<u8>(p++, shift == 3 ? 0x6f : upper ? 0x58 : 0x78);
  }
  memory.fill(p, 0x30, <usize>(width - digits));
  p += <usize>(width - digits);
  if (shift == 0) {
    const text = decimaltext.at(block);
    memory.copy(p, text.room + text.start + (Long.isNegative(i) ? 1 : 0), <usize>digits);
    PyMem_Free(block);
  } else {
    putBinaryDigits(i, shift, p, digits);
    if (upper)
      for (let k: usize = 0; k < <usize>digits; k++) if (load<u8>(p + k) > 96) store<u8>(p + k, load<u8>(p + k) - 32);
  }
  p += <usize>digits;
  const r = _PyUnicode_FromASCII(text, <isize>(p - text));
  PyMem_Free(text);
  return r;
}

/** A float conversion of `v` as a new str; null with an exception. `forBytes`: whose TypeError has another text. */
export function percentFloat(x: usize, v: usize, forBytes: bool = false): usize {
  const state = percentformat.at(x);
  const f = PyFloat_AsDouble(v);
  if (f == -1 && PyErr_Occurred()) {
    if (forBytes && PyErr_ExceptionMatches(PyExc_TypeError)) {
      PyErr_Format(PyExc_TypeError, "float argument required, not %.200t", v);
    }
    return 0;
  }
  const precision = state.precision < 0 ? 6 : state.precision;
  const block = doubleToString(f, state.code, precision, state.flags & F_ALT ? FLOAT_ALT : 0);
  if (block == 0) return 0;
  const r = _PyUnicode_FromASCII(floattext.at(block).text, floattext.at(block).length);
  PyMem_Free(block);
  return r;
}

function percentCharacter(v: usize): usize {
  if (Py.check(v, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    if (U.length(v) == 1) return unicodeChar(U.at(v, 0));
    return PyErr_SetString(PyExc_TypeError, "%c requires int or char");
  }
  const c = PyLong_AsLongLongAndOverflow(v);
  if (c == -1 && PyErr_Occurred()) {
    if (PyErr_ExceptionMatches(PyExc_TypeError)) {
      PyErr_Clear();
      PyErr_SetString(PyExc_TypeError, "%c requires int or char");
    }
    return 0;
  }
  if (c < 0 || c > 0x10ffff) return PyErr_SetString(PyExc_OverflowError, "%c arg not in range(0x110000)");
  return unicodeChar(<u32>c);
}

/** Writes a converted text padded as the conversion asks. `signed`: it is a number. -1 with MemoryError. */
export function writePadded(w: usize, x: usize, text: usize, signed: bool): i32 {
  const state = percentformat.at(x);
  const flags = state.flags;
  const code = state.code;
  let n = U.length(text);
  let start: isize = 0;
  if ((code == 0x73 || code == 0x72 || code == 0x61 || code == 0x62) && state.precision >= 0) {
    n = min<isize>(n, state.precision);
  }
  let sign: u32 = 0;
  if (signed) {
    const c = n > 0 ? U.at(text, 0) : 0;
    if (c == 0x2d || c == 0x2b) {
      sign = c;
      start = 1;
    } else if (flags & F_SIGN) sign = 0x2b;
    else if (flags & F_BLANK) sign = 0x20;
  }
  const prefix = flags & F_ALT && (code == 0x78 || code == 0x58 || code == 0x6f) ? 2 : 0;
  const length = n - start + (sign != 0 ? 1 : 0);
  const padding = max<isize>(state.width - length, 0);
  const zeros = signed && (flags & F_ZERO) != 0;
  const left = flags & F_LJUST ? 0 : padding;
  let r = 0;
  if (!zeros) r = writeFill(w, 0x20, left);
  if (r == 0 && sign != 0) r = Writer.char(w, sign);
  if (r == 0 && prefix != 0) r = writeSubstring(w, text, start, start + prefix);
  if (r == 0 && zeros) r = writeFill(w, 0x30, left);
  if (r == 0) r = writeSubstring(w, text, start + prefix, n);
  if (r == 0) r = writeFill(w, 0x20, padding - left);
  return r;
}

/** What a conversion makes of `v`: a new str; null with an exception. Sets `signed` in the i32 at `out`. */
function convert(x: usize, v: usize, out: usize): usize {
  const state = percentformat.at(x);
  const code = state.code;
  store<i32>(out, 0);
  switch (code) {
    case 0x73: // s
      return Py.IS_TYPE(v, PyLong_Type) ? unicodeResult(PyObject_Str(v)) : PyObject_Str(v);
    case 0x72: // r
      return Py.IS_TYPE(v, PyLong_Type) ? unicodeResult(PyObject_Str(v)) : PyObject_Repr(v);
    case 0x61: // a
      return Py.IS_TYPE(v, PyLong_Type) ? unicodeResult(PyObject_Str(v)) : PyObject_ASCII(v);
    case 0x64: // d
    case 0x69: // i
    case 0x75: // u
    case 0x6f: // o
    case 0x78: // x
    case 0x58: // X
      store<i32>(out, 1);
      return percentInteger(x, v);
    case 0x65: // e
    case 0x45: // E
    case 0x66: // f
    case 0x46: // F
    case 0x67: // g
    case 0x47: // G
      store<i32>(out, 1);
      return percentFloat(x, v);
    case 0x63: // c
      return percentCharacter(v);
    default:
      return PyErr_Format(
        PyExc_ValueError,
        "unsupported format character '%c' (0x%x) at index %d",
        code >= 31 && code <= 126 ? code : 0x3f,
        code,
        state.pos - 1,
      );
  }
}

function formatOne(w: usize, x: usize, text: usize): i32 {
  const state = percentformat.at(x);
  const kind = U.kind(text);
  const data = U.data(text);
  const n = U.length(text);
  if (state.pos < n && U.read(kind, data, state.pos) == 0x25) {
    state.pos = state.pos + 1;
    return Writer.char(w, 0x25);
  }
  if (parseConversion(x, text, kind, data, n) < 0) return -1;
  if (state.pos == n) Writer.setOverallocate(w, false);
  const v = nextArgument(x);
  if (v == 0) return -1;
  const signed = Scratch.take(1);
  const s = convert(x, v, signed);
  const isSigned = load<i32>(signed) != 0;
  Scratch.give(signed);
  if (s == 0) return -1;
  const r = writePadded(w, x, s, isSigned);
  Py.DECREF(s);
  if (r == 0 && state.dict != 0 && state.argidx < state.arglen) {
    PyErr_SetString(PyExc_TypeError, "not all arguments converted during string formatting");
    return -1;
  }
  return r;
}

/** text % args: a new str. Null with an exception. */
export function PyUnicode_Format(text: usize, args: usize): usize {
  const x = Scratch.take(PERCENT_SLOTS);
  const state = percentformat.at(x);
  beginPercent(x, args, Py.check(args, Py_TPFLAGS_UNICODE_SUBCLASS));
  const n = U.length(text);
  const kind = U.kind(text);
  const data = U.data(text);
  const w = Writer.begin(n + 100);
  let ok = 0;
  while (ok == 0 && state.pos < n) {
    const start = state.pos;
    let at = findCharacter(kind, data, start, n, 0x25);
    if (at < 0) {
      Writer.setOverallocate(w, false);
      at = n;
    }
    ok = writeSubstring(w, text, start, at);
    state.pos = at + 1;
    if (ok == 0 && at < n) ok = formatOne(w, x, text);
  }
  if (ok == 0 && !allConverted(x, "string")) ok = -1;
  endPercent(x);
  const r = ok == 0 ? writerFinish(w) : writerDiscard(w);
  Scratch.give(x);
  return r;
}
