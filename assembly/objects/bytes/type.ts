// bytes, the type: slots and construction (CPython 3.13's Objects/bytesobject.c).

import {
  _Py_TPFLAGS_MATCH_SELF,
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  PyBufferProcs,
  PyBytesObject,
  PyMappingMethods,
  PyNumberMethods,
  PySequenceMethods,
  PyTypeObject,
} from "../../generated/layouts";
import {
  _Py_NotImplementedStruct,
  empty_bytes,
  ID,
  PyBytes_Type,
  PyExc_IndexError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { adjustIndices, isSlice, SliceIndices, unpackSlice } from "../containers/slice";
import { PyTuple_Pack1 } from "../containers/tuple";
import { parseTupleAndKeywords, strArgument, utf8Argument } from "../define/args";
import { asBuffer, asMapping, asNumber, asSequence } from "../define/tables";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Fail,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../errors/raise";
import { bytes_iter } from "../iterators/sequence";
import { boolObject } from "../numbers/bool";
import { Long } from "../numbers/int/access";
import { PyObject_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { Buffer, PyBuffer_CopyItems, PyBuffer_FillInfo, PyObject_CheckBuffer } from "../object/buffer";
import { PyObject_CallNoArgs, PyObject_CallOneArg } from "../object/call";
import { Py_EQ, Py_NE } from "../object/flags";
import { Py } from "../object/head";
import { PyObject_LengthHint } from "../protocol/items";
import { PyIter_Next, PyObject_GetIter } from "../protocol/iterator";
import { PyIndex_Check, PyNumber_AsSsize_t } from "../protocol/number";
import { _Py_HashBytes } from "../text/access";
import { PyUnicode_AsEncodedString } from "../text/codecs/decode";
import { writeHexEscape } from "../text/codecs/errors";
import { compareBytes, compareResult, equalBytes } from "../text/compare";
import { PyTypeName, repeatBytes } from "../text/concat";
import { Writer, writerDiscard, writerFinish } from "../text/format/writer";
import { _PyObject_LookupSpecial } from "../types/lookup";
import { newBytes, PyBytes_FromStringAndSize, PyBytesObject_SIZE } from "./bytes";
import { bytes_contains, readHex } from "./methods";
import { _PyBytes_FormatEx } from "./percent";
import { warnOfBytes } from "./warnings";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte } from "./writer";

/**
 * Writes a literal of the bytes, in double quotes where there are single ones among them and no double ones. A bytearray
 * escapes single quotes there too (`escapeSingle`). -1 with MemoryError.
 */
export function writeBytesLiteral(w: usize, p: usize, n: isize, escapeSingle: bool): i32 {
  let single = false;
  let double = false;
  for (let i: usize = 0; i < <usize>n; i++) {
    const c = load<u8>(p + i);
    if (c == 0x27) single = true;
    else if (c == 0x22) double = true;
  }
  const quote: u32 = single && !double ? 0x22 : 0x27;
  if (Writer.char(w, 0x62) < 0 || Writer.char(w, quote) < 0) return -1;
  for (let i: usize = 0; i < <usize>n; i++) {
    const c = <u32>load<u8>(p + i);
    const letter: u32 =
      c == quote || c == 0x5c || (c == 0x27 && escapeSingle) ? c : c == 9 ? 0x74 : c == 10 ? 0x6e : c == 13 ? 0x72 : 0;
    let r: i32;
    if (letter != 0) r = Writer.char(w, 0x5c) < 0 ? -1 : Writer.char(w, letter);
    else if (c < 32 || c >= 127) r = writeHexEscape(w, 0x78, c, 2);
    else r = Writer.char(w, c);
    if (r < 0) return -1;
  }
  return Writer.char(w, quote);
}

/** repr() of a bytes object: a new str. Null with MemoryError. */
function PyBytes_Repr(o: usize): usize {
  const w = Writer.begin(Py.SIZE(o) + 3);
  return writeBytesLiteral(w, PyBytesObject.at(o).ob_sval, Py.SIZE(o), false) < 0 ? writerDiscard(w) : writerFinish(w);
}

function bytes_length(o: usize): isize {
  return Py.SIZE(o);
}

/** a + b for anything bytes-like: a new bytes object. Null with TypeError or MemoryError. */
function bytes_concat(a: usize, b: usize): usize {
  const va = Buffer.open(a);
  const vb = va == 0 ? 0 : Buffer.open(b);
  let r: usize = 0;
  if (vb == 0) {
    PyErr_Clear();
    PyErr_Format(PyExc_TypeError, "can't concat %.100s to %.100s", PyTypeName.of(b), PyTypeName.of(a));
  } else {
    const na = Buffer.length(va);
    const nb = Buffer.length(vb);
    if (na == 0 && Py.IS_TYPE(b, PyBytes_Type)) r = Py.NewRef(b);
    else if (nb == 0 && Py.IS_TYPE(a, PyBytes_Type)) r = Py.NewRef(a);
    else if (na > 0x7fffff00 - nb) PyErr_NoMemory();
    else {
      r = PyBytes_FromStringAndSize(0, na + nb);
      if (r != 0) {
        memory.copy(PyBytesObject.at(r).ob_sval, Buffer.data(va), <usize>na);
        memory.copy(PyBytesObject.at(r).ob_sval + <usize>na, Buffer.data(vb), <usize>nb);
      }
    }
    Buffer.close(vb);
  }
  if (va != 0) Buffer.close(va);
  return r;
}

function bytes_repeat(o: usize, n: isize): usize {
  const size = Py.SIZE(o);
  const total = n <= 0 ? 0 : <i64>size * n;
  if (total > 0x7fffff00) return PyErr_NoMemory();
  if (total == size && Py.IS_TYPE(o, PyBytes_Type)) return Py.NewRef(o);
  // No bytes are new ones here, in CPython too.
  const r = newBytes(<isize>total);
  if (r != 0 && total > 0)
    repeatBytes(PyBytesObject.at(r).ob_sval, <usize>total, PyBytesObject.at(o).ob_sval, <usize>size);
  return r;
}

function bytes_item(o: usize, i: isize): usize {
  if (<u32>i >= <u32>Py.SIZE(o)) {
    PyErr_SetString(PyExc_IndexError, "index out of range");
    return 0;
  }
  return Long.small(load<u8>(PyBytesObject.at(o).ob_sval + <usize>i));
}

function bytes_subscript(o: usize, item: usize): usize {
  const n = Py.SIZE(o);
  if (PyIndex_Check(item)) {
    const i = PyNumber_AsSsize_t(item, PyExc_IndexError);
    if (i == -1 && PyErr_Occurred()) return 0;
    return bytes_item(o, i < 0 ? i + n : i);
  }
  if (!isSlice(item)) {
    return PyErr_Format(PyExc_TypeError, "byte indices must be integers or slices, not %.200s", PyTypeName.of(item));
  }
  const s = unpackSlice(item);
  if (s == 0) return 0;
  const length = adjustIndices(n, s);
  const start = SliceIndices.start(s);
  const step = SliceIndices.step(s);
  Scratch.give(s);
  if (length <= 0) return empty_bytes;
  if (start == 0 && step == 1 && length == n && Py.IS_TYPE(o, PyBytes_Type)) return Py.NewRef(o);
  if (step == 1 || length == 1) return PyBytes_FromStringAndSize(PyBytesObject.at(o).ob_sval + <usize>start, length);
  const r = PyBytes_FromStringAndSize(0, length);
  if (r != 0)
    for (let i: isize = 0, at = start; i < length; i++, at += step)
      store<u8>(PyBytesObject.at(r).ob_sval + <usize>i, load<u8>(PyBytesObject.at(o).ob_sval + <usize>at));
  return r;
}

function bytes_richcompare(a: usize, b: usize, op: i32): usize {
  if (!Py.check(a, Py_TPFLAGS_BYTES_SUBCLASS) || !Py.check(b, Py_TPFLAGS_BYTES_SUBCLASS)) {
    return warnOfComparison(a, b, op) < 0 ? 0 : _Py_NotImplementedStruct;
  }
  const na = Py.SIZE(a);
  const nb = Py.SIZE(b);
  if (op == Py_EQ || op == Py_NE) {
    const equal = na == nb && equalBytes(PyBytesObject.at(a).ob_sval, PyBytesObject.at(b).ob_sval, <usize>na);
    return boolObject(equal == (op == Py_EQ));
  }
  let c = compareBytes(PyBytesObject.at(a).ob_sval, PyBytesObject.at(b).ob_sval, <usize>min(na, nb));
  if (c == 0) c = na == nb ? 0 : na < nb ? -1 : 1;
  return boolObject(compareResult(c, op));
}

/** One of the two is no bytes. */
function warnOfComparison(a: usize, b: usize, op: i32): i32 {
  if (op != Py_EQ && op != Py_NE) return 0;
  if (Py.check(a, Py_TPFLAGS_UNICODE_SUBCLASS) || Py.check(b, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return warnOfBytes("Comparison between bytes and string");
  }
  if (Py.check(a, Py_TPFLAGS_LONG_SUBCLASS) || Py.check(b, Py_TPFLAGS_LONG_SUBCLASS)) {
    return warnOfBytes("Comparison between bytes and int");
  }
  return 0;
}

function bytes_str(o: usize): usize {
  return warnOfBytes("str() on a bytes instance") < 0 ? 0 : PyBytes_Repr(o);
}

function bytes_hash(o: usize): i64 {
  let h = PyBytesObject.at(o).ob_shash;
  if (h == -1) {
    h = _Py_HashBytes(PyBytesObject.at(o).ob_sval, Py.SIZE(o));
    PyBytesObject.at(o).ob_shash = h;
  }
  return h;
}

function bytes_getbuffer(o: usize, view: usize, flags: i32): i32 {
  return PyBuffer_FillInfo(view, o, PyBytesObject.at(o).ob_sval, Py.SIZE(o), true, flags);
}

function bytes_mod(a: usize, b: usize): usize {
  if (!Py.check(a, Py_TPFLAGS_BYTES_SUBCLASS)) return _Py_NotImplementedStruct;
  return _PyBytes_FormatEx(PyBytesObject.at(a).ob_sval, Py.SIZE(a), b);
}

/** A new bytes object from bytes-like objects and iterables of ints. Null with an exception. */
export function PyBytes_FromObject(x: usize): usize {
  if (Py.IS_TYPE(x, PyBytes_Type)) return Py.NewRef(x);
  if (PyObject_CheckBuffer(x)) {
    const view = Buffer.openFull(x);
    if (view == 0) return 0;
    const r = PyBytes_FromStringAndSize(0, Buffer.length(view));
    if (r != 0) PyBuffer_CopyItems(PyBytesObject.at(r).ob_sval, view, false);
    Buffer.close(view);
    return r;
  }
  if (!Py.check(x, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    const it = PyObject_GetIter(x);
    if (it != 0) {
      const hint = PyObject_LengthHint(x, 64);
      if (hint < 0) {
        Py.DECREF(it);
        return 0;
      }
      if (hint == isize.MAX_VALUE) {
        Py.DECREF(it);
        return PyErr_SetString(PyExc_OverflowError, "byte string is too large");
      }
      const w = ByteWriter.begin(hint);
      let ok = ByteWriter.prepare(w, hint);
      while (ok == 0) {
        const v = PyIter_Next(it);
        if (v == 0) {
          if (PyErr_Occurred()) ok = -1;
          break;
        }
        const c = bytesItemValue(v);
        Py.DECREF(v);
        ok = c < 0 ? -1 : writeByte(w, c);
      }
      Py.DECREF(it);
      return ok < 0 ? byteWriterDiscard(w) : byteWriterFinish(w);
    }
    if (!PyErr_ExceptionMatches(PyExc_TypeError)) return 0;
    PyErr_Clear();
  }
  return PyErr_Format(PyExc_TypeError, "cannot convert '%.200s' object to bytes", PyTypeName.of(x));
}

/** A byte from an item of an iterable; -1 with TypeError or ValueError. */
function bytesItemValue(v: usize): i32 {
  const i = PyNumber_AsSsize_t(v, 0);
  if (i == -1 && PyErr_Occurred()) return -1;
  if (i < 0 || i > 255) return PyErr_Fail(PyExc_ValueError, "bytes must be in range(0, 256)");
  return i;
}

/** bytes(x) for anything: a new bytes object. Null with an exception. */
export function PyObject_Bytes(x: usize): usize {
  if (Py.IS_TYPE(x, PyBytes_Type)) return Py.NewRef(x);
  const f = _PyObject_LookupSpecial(x, ID.__bytes__);
  if (f != 0) return callBytes(f);
  return PyErr_Occurred() ? 0 : PyBytes_FromObject(x);
}

/** Calls __bytes__, which is stolen; null with an exception. */
function callBytes(f: usize): usize {
  const r = PyObject_CallNoArgs(f);
  Py.DECREF(f);
  if (r == 0 || Py.check(r, Py_TPFLAGS_BYTES_SUBCLASS)) return r;
  PyErr_Format(PyExc_TypeError, "__bytes__ returned non-bytes (type %.200s)", PyTypeName.of(r));
  Py.DECREF(r);
  return 0;
}

function exactNew(x: usize, encoding: usize, errors: usize): usize {
  if (encoding != 0 && !utf8Argument(encoding, "bytes", "argument 'encoding'")) return 0;
  if (errors != 0 && !utf8Argument(errors, "bytes", "argument 'errors'")) return 0;
  const isText = x != 0 && Py.check(x, Py_TPFLAGS_UNICODE_SUBCLASS);
  if (x == 0 && encoding == 0 && errors == 0) return empty_bytes;
  if (encoding != 0) {
    if (isText) return PyUnicode_AsEncodedString(x, encoding, errors);
    return PyErr_SetString(PyExc_TypeError, "encoding without a string argument");
  }
  if (errors != 0) {
    const message = isText ? "string argument without an encoding" : "errors without a string argument";
    return PyErr_SetString(PyExc_TypeError, message);
  }
  const f = _PyObject_LookupSpecial(x, ID.__bytes__);
  if (f != 0) return callBytes(f);
  if (PyErr_Occurred()) return 0;
  if (isText) return PyErr_SetString(PyExc_TypeError, "string argument without an encoding");
  if (PyIndex_Check(x)) {
    const n = PyNumber_AsSsize_t(x, PyExc_OverflowError);
    if (n == -1 && PyErr_Occurred()) {
      if (!PyErr_ExceptionMatches(PyExc_TypeError)) return 0;
      PyErr_Clear();
      return PyBytes_FromObject(x);
    }
    if (n < 0) return PyErr_SetString(PyExc_ValueError, "negative count");
    if (n == 0) return empty_bytes;
    const r = PyBytes_FromStringAndSize(0, n);
    if (r != 0) memory.fill(PyBytesObject.at(r).ob_sval, 0, <usize>n);
    return r;
  }
  return PyBytes_FromObject(x);
}

function bytesNew(type: usize, x: usize, encoding: usize, errors: usize): usize {
  const value = exactNew(x, encoding, errors);
  if (value == 0 || type == PyBytes_Type) return value;
  const n = Py.SIZE(value);
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, n);
  if (o != 0) {
    PyBytesObject.at(o).ob_shash = PyBytesObject.at(value).ob_shash;
    memory.copy(PyBytesObject.at(o).ob_sval, PyBytesObject.at(value).ob_sval, <usize>n + 1);
  }
  Py.DECREF(value);
  return o;
}

function bytes_new(type: usize, args: usize, kwds: usize): usize {
  const out = Scratch.take(3);
  const ok = parseTupleAndKeywords("bytes", "source encoding errors", args, kwds, out, 0, 3);
  const x = Py.item(out, 0);
  const encoding = Py.item(out, 1);
  const errors = Py.item(out, 2);
  Scratch.give(out);
  return ok ? bytesNew(type, x, encoding, errors) : 0;
}

/**
 * @classmethod bytes.fromhex($type, string, /)
 *
 * The bytes that a text spells, two digits in base 16 each.
 *
 * White space may stand between two bytes, but not in one.
 *
 * >>> bytes.fromhex('48 69 21')
 * b'Hi!'
 */
export function bytes_fromhex(type: usize, text: usize): usize {
  if (!strArgument(text, "fromhex", "argument")) return 0;
  const w = ByteWriter.begin(0);
  const r = readHex(w, text) < 0 ? byteWriterDiscard(w) : byteWriterFinish(w);
  if (r == 0 || type == PyBytes_Type) return r;
  const made = PyObject_CallOneArg(type, r);
  Py.DECREF(r);
  return made;
}

/**
 * @native bytes.__getnewargs__
 */
export function bytes_getnewargs(o: usize, _: usize): usize {
  const copy = PyBytes_FromStringAndSize(PyBytesObject.at(o).ob_sval, Py.SIZE(o));
  if (copy == 0) return 0;
  const r = PyTuple_Pack1(copy);
  Py.DECREF(copy);
  return r;
}

/**
 * @native bytes.__bytes__($self, /)
 *
 * The same value, not a subclass.
 */
export function bytes___bytes__(o: usize, _: usize): usize {
  return Py.IS_TYPE(o, PyBytes_Type)
    ? Py.NewRef(o)
    : PyBytes_FromStringAndSize(PyBytesObject.at(o).ob_sval, Py.SIZE(o));
}

/**
 * @type bytes
 * @order __getnewargs__ __bytes__ fromhex capitalize center count decode endswith expandtabs find hex index
 * @order isalnum isalpha isascii isdigit islower isspace istitle isupper join ljust lower lstrip maketrans
 * @order partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split
 * @order splitlines startswith strip swapcase title translate upper zfill
 *
 * bytes(source=b''): what has a buffer is copied; numbers from 0 to 255 of an iterable become bytes; an int gives as many zeros
 * bytes(text, encoding[, errors]): the text encoded
 *
 * An object with a method __bytes__ gives its own. A text without an encoding is a TypeError.
 *
 * Bytes cannot be changed once made, which is why they may be keys and why equal ones can be shared; bytearray is like them and can. Both of them have most of the methods of str, for text in ASCII.
 */

/** Fills the type's slots and tables. */
export function initBytesType(): void {
  const type = PyBytes_Type;
  const t = PyTypeObject.at(type);
  t.tp_basicsize = PyBytesObject_SIZE;
  t.tp_itemsize = 1;
  t.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_BYTES_SUBCLASS | _Py_TPFLAGS_MATCH_SELF;
  t.tp_repr = PyBytes_Repr.index;
  t.tp_str = bytes_str.index;
  t.tp_hash = bytes_hash.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_richcompare = bytes_richcompare.index;
  t.tp_iter = bytes_iter.index;
  t.tp_new = bytes_new.index;
  t.tp_free = PyObject_Del.index;
  PyBufferProcs.at(asBuffer(type)).bf_getbuffer = bytes_getbuffer.index;
  PyNumberMethods.at(asNumber(type)).nb_remainder = bytes_mod.index;
  const s = PySequenceMethods.at(asSequence(type));
  s.sq_length = bytes_length.index;
  s.sq_concat = bytes_concat.index;
  s.sq_repeat = bytes_repeat.index;
  s.sq_item = bytes_item.index;
  s.sq_contains = bytes_contains.index;
  const m = PyMappingMethods.at(asMapping(type));
  m.mp_length = bytes_length.index;
  m.mp_subscript = bytes_subscript.index;
}
