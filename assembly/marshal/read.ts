// Reading marshalled objects: code objects from the compiler and from .pyc files (CPython 3.13's Python/marshal.c).
// A value is a type byte, whose top bit says that the object is kept for later references ('r' and its index), and its
// data, little-endian.

import { PyListObject, RFILE, SIZEOF_RFILE } from "../generated/layouts";
import {
  _Py_EllipsisObject,
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyExc_EOFError,
  PyExc_StopIteration,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../generated/statics";
import { ByteArray, PyByteArray_FromStringAndSize } from "../objects/bytes/bytearray/bytearray";
import { PyBytes_FromStringAndSize } from "../objects/bytes/bytes";
import { CodeParts, PyCode_New } from "../objects/code/code";
import { verifyCode } from "../objects/code/verify";
import { PyDict_New, PyDict_SetItem } from "../objects/containers/dict/dict";
import { PyList_Append, PyList_New } from "../objects/containers/list/list";
import { _PySet_KeyAt, _PySet_NextEntry, PyFrozenSet_New, PySet_Add, PySet_New } from "../objects/containers/set/set";
import { PyTuple_New, Tuple } from "../objects/containers/tuple";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString, takeLevel } from "../objects/errors/raise";
import { PyComplex_FromDoubles } from "../objects/numbers/complex";
import { PyFloat_FromDouble } from "../objects/numbers/float/float";
import { parseWholeFloat } from "../objects/numbers/float/text";
import { Long } from "../objects/numbers/int/access";
import { _PyLong_New, longFinish, PyLong_FromLong, PyLong_FromLongLong } from "../objects/numbers/int/create";
import { PyObject_CallMethodOneArg } from "../objects/object/call";
import { Py } from "../objects/object/head";
import { PyNumber_AsSsize_t } from "../objects/protocol/number";
import { PyUnicode_DecodeLatin1 } from "../objects/text/codecs/decode";
import { asciiPrefix, PyUnicode_DecodeUTF8 } from "../objects/text/codecs/utf8";
import { _PyUnicode_FromASCII } from "../objects/text/create";
import { PyUnicode_InternInPlace, PyUnicode_InternLiteral } from "../objects/text/intern";
import { Recursion } from "../thread/recursion";
import { Scratch } from "../thread/scratch";
import { FLAG_REF, MAX_DEPTH, Type } from "./format";

/**
 * The object in the n bytes at p, which stay where they are: a new reference, or null with EOFError, ValueError or
 * TypeError. `allowCode`: whether there may be code objects in it.
 */
export function PyMarshal_ReadObjectFromString(p: usize, n: isize, allowCode: bool): usize {
  return read(p, n, 0, allowCode, true);
}

/** The same of bytes that our compiler made: its code objects are not verified. */
export function readCompiled(p: usize, n: isize): usize {
  return read(p, n, 0, true, false);
}

/** As PyMarshal_ReadObjectFromString, from an object with a method readinto. */
export function readMarshalFile(file: usize, allowCode: bool): usize {
  return read(0, 0, file, allowCode, true);
}

function read(p: usize, n: isize, file: usize, allowCode: bool, verified: bool): usize {
  const r = Scratch.take(SIZEOF_RFILE / 8);
  const state = RFILE.at(r);
  state.next = p;
  state.end = p + <usize>n;
  state.depth = 0;
  state.allow_code = allowCode ? 1 : 0;
  state.verified = verified ? 1 : 0;
  state.readable = file;
  state.piece = 0;
  const refs = PyList_New(0);
  state.refs = refs;
  let o: usize = 0;
  if (refs != 0) {
    o = readObject(r);
    if (o == 0 && PyErr_Occurred() == 0) PyErr_SetString(PyExc_TypeError, "NULL object in marshal data for object");
    Py.DECREF(refs);
  }
  Py.XDECREF(state.piece);
  Scratch.give(r);
  return o;
}

/** Address of n bytes, which are consumed, until the next call; null with EOFError where there are fewer. */
function take(r: usize, n: usize): usize {
  const state = RFILE.at(r);
  if (state.readable != 0) return takeFromFile(r, n);
  const p = state.next;
  if (n > state.end - p) {
    PyErr_SetString(PyExc_EOFError, "marshal data too short");
    return 0;
  }
  state.next = p + n;
  return p;
}

/** Asks the file for n bytes, in a bytearray of the reader's own. */
function takeFromFile(r: usize, n: usize): usize {
  const state = RFILE.at(r);
  Py.CLEAR(state.piece_slot);
  const piece = PyByteArray_FromStringAndSize(0, n);
  if (piece == 0) return 0;
  state.piece = piece;
  if (n == 0) return ByteArray.data(piece);
  const name = PyUnicode_InternLiteral("readinto");
  const answer = name == 0 ? 0 : PyObject_CallMethodOneArg(state.readable, name, piece);
  Py.XDECREF(name);
  if (answer == 0) return 0;
  const got = PyNumber_AsSsize_t(answer, PyExc_ValueError);
  Py.DECREF(answer);
  if (got == -1 && PyErr_Occurred() != 0) return 0;
  if (got > <isize>n) {
    PyErr_Format(PyExc_ValueError, "read() returned too much data: %d bytes requested, %d returned", n, got);
    return 0;
  }
  // The file may have kept the array, and done something with it.
  if (got < <isize>n || Py.SIZE(piece) < <isize>n) {
    PyErr_SetString(PyExc_EOFError, "EOF read where not expected");
    return 0;
  }
  return ByteArray.data(piece);
}

function readByte(r: usize): i32 {
  const state = RFILE.at(r);
  if (state.readable == 0 && state.next == state.end) {
    PyErr_SetString(PyExc_EOFError, "EOF read where object expected");
    return -1;
  }
  const p = take(r, 1);
  return p == 0 ? -1 : <i32>load<u8>(p);
}

/** A 32-bit number; failure is told by PyErr_Occurred. */
function readLong(r: usize): i32 {
  const p = take(r, 4);
  return p == 0 ? -1 : load<i32>(p);
}

function readSize(r: usize, what: string): isize {
  const n = readLong(r);
  if (n < 0 && PyErr_Occurred() == 0) PyErr_SetString(PyExc_ValueError, what);
  return n;
}

/** Keeps the object under a new index where the flag asks for it. Returns `o`, or null with MemoryError. */
function keep(r: usize, o: usize, flag: bool): usize {
  if (o == 0 || !flag) return o;
  if (PyList_Append(RFILE.at(r).refs, o) < 0) {
    Py.DECREF(o);
    return 0;
  }
  return o;
}

/** Takes the next index for an object that is not made yet: -2 where none is wanted, -1 with MemoryError. */
function reserve(r: usize, flag: bool): isize {
  if (!flag) return -2;
  const i = Py.SIZE(RFILE.at(r).refs);
  return PyList_Append(RFILE.at(r).refs, _Py_NoneStruct) < 0 ? -1 : i;
}

function fill(r: usize, o: usize, index: isize): usize {
  if (o != 0 && index >= 0) {
    Py.SETREF(PyListObject.at(RFILE.at(r).refs).ob_item + ((<usize>index) << 3), Py.NewRef(o));
  }
  return o;
}

function readObject(r: usize): usize {
  const state = RFILE.at(r);
  const depth = state.depth + 1;
  if (depth > MAX_DEPTH) {
    PyErr_SetString(PyExc_ValueError, "recursion limit exceeded");
    return 0;
  }
  // Where the stack ends before the format's depth does, it is RecursionError.
  if (takeLevel(" while unmarshalling")) return 0;
  state.depth = depth;
  const o = readValue(r);
  state.depth = depth - 1;
  Recursion.leave();
  return o;
}

function readValue(r: usize): usize {
  const code = readByte(r);
  if (code < 0) return 0;
  const flag = (code & FLAG_REF) != 0;
  switch (code & 0x7f) {
    case Type.null_:
      return 0;
    case Type.none:
      return _Py_NoneStruct;
    case Type.stopIteration:
      return PyExc_StopIteration;
    case Type.ellipsis:
      return _Py_EllipsisObject;
    case Type.false_:
      return _Py_FalseStruct;
    case Type.true_:
      return _Py_TrueStruct;
    case Type.int: {
      const n = readLong(r);
      return PyErr_Occurred() != 0 ? 0 : keep(r, PyLong_FromLong(n), flag);
    }
    case Type.long:
      return keep(r, readBigInt(r), flag);
    case Type.binaryFloat: {
      const p = take(r, 8);
      return p == 0 ? 0 : keep(r, PyFloat_FromDouble(load<f64>(p)), flag);
    }
    case Type.int64: {
      const p = take(r, 8);
      return p == 0 ? 0 : keep(r, PyLong_FromLongLong(load<i64>(p)), flag);
    }
    case Type.float_: {
      const v = readFloatText(r);
      return PyErr_Occurred() != 0 ? 0 : keep(r, PyFloat_FromDouble(v), flag);
    }
    case Type.complex: {
      const real = readFloatText(r);
      const imag = PyErr_Occurred() != 0 ? NaN : readFloatText(r);
      return PyErr_Occurred() != 0 ? 0 : keep(r, PyComplex_FromDoubles(real, imag), flag);
    }
    case Type.binaryComplex: {
      const p = take(r, 16);
      return p == 0 ? 0 : keep(r, PyComplex_FromDoubles(load<f64>(p), load<f64>(p, 8)), flag);
    }
    case Type.string: {
      const n = readSize(r, "bad marshal data (bytes object size out of range)");
      const p = n < 0 ? 0 : take(r, <usize>n);
      return p == 0 ? 0 : keep(r, PyBytes_FromStringAndSize(p, n), flag);
    }
    case Type.asciiInterned:
      return readAscii(r, readSize(r, "bad marshal data (string size out of range)"), true, flag);
    case Type.ascii:
      return readAscii(r, readSize(r, "bad marshal data (string size out of range)"), false, flag);
    case Type.shortAsciiInterned:
      return readAscii(r, readByte(r), true, flag);
    case Type.shortAscii:
      return readAscii(r, readByte(r), false, flag);
    case Type.interned:
      return readUnicode(r, true, flag);
    case Type.unicode:
      return readUnicode(r, false, flag);
    case Type.smallTuple:
      return readTuple(r, readByte(r), flag);
    case Type.tuple:
      return readTuple(r, readSize(r, "bad marshal data (tuple size out of range)"), flag);
    case Type.list:
      return readList(r, flag);
    case Type.dict:
      return readDict(r, flag);
    case Type.set:
      return readSet(r, false, flag);
    case Type.frozenset:
      return readSet(r, true, flag);
    case Type.code:
      if (RFILE.at(r).allow_code == 0) {
        PyErr_SetString(PyExc_ValueError, "unmarshalling code objects is disallowed");
        return 0;
      }
      return readCode(r, flag);
    case Type.ref: {
      const i = readLong(r);
      if (i < 0 || i >= Py.SIZE(RFILE.at(r).refs)) {
        if (PyErr_Occurred() == 0) PyErr_SetString(PyExc_ValueError, "bad marshal data (invalid reference)");
        return 0;
      }
      return Py.NewRef(Py.item(PyListObject.at(RFILE.at(r).refs).ob_item, i));
    }
    default:
      PyErr_SetString(PyExc_ValueError, "bad marshal data (unknown type code)");
      return 0;
  }
}

/** An int of 15-bit digits, their number first, negative for a negative int. */
function readBigInt(r: usize): usize {
  const n = readLong(r);
  if (n == -1 && PyErr_Occurred() != 0) return 0;
  if (n == i32.MIN_VALUE) {
    PyErr_SetString(PyExc_ValueError, "bad marshal data (long size out of range)");
    return 0;
  }
  const count = n < 0 ? -n : n;
  const p = take(r, (<usize>count) << 1);
  if (p == 0) return 0;
  if (count == 0) return PyLong_FromLong(0);
  const last = load<u16>(p + ((<usize>count) << 1) - 2);
  for (let i = 0; i < count; i++) {
    if (load<u16>(p + ((<usize>i) << 1)) >= 0x8000) {
      PyErr_SetString(PyExc_ValueError, "bad marshal data (digit out of range in long)");
      return 0;
    }
  }
  if (last == 0) {
    PyErr_SetString(PyExc_ValueError, "bad marshal data (unnormalized long data)");
    return 0;
  }
  const digits = (count + 1) >> 1;
  const o = _PyLong_New(digits);
  if (o == 0) return 0;
  for (let i = 0; i < digits; i++) {
    const at = p + ((<usize>i) << 2);
    let d: u32 = load<u16>(at);
    if (2 * i + 1 < count) d |= (<u32>load<u16>(at + 2)) << 15;
    Long.setDigit(o, i, d);
  }
  return longFinish(o, n < 0 ? -1 : 1);
}

/** A float as text, after a byte that says how long it is; NaN with an exception where it is none. */
function readFloatText(r: usize): f64 {
  const n = readByte(r);
  const p = n < 0 ? 0 : take(r, <usize>n);
  if (p == 0) return NaN;
  const out = Scratch.take(1);
  const status = parseWholeFloat(p, n, out);
  const v = load<f64>(out);
  Scratch.give(out);
  if (status > 0) return v;
  if (PyErr_Occurred() == 0) PyErr_SetString(PyExc_ValueError, "could not convert string to float");
  return NaN;
}

/** Interns a new string (stolen) where asked. */
function maybeIntern(s: usize, interned: bool): usize {
  if (s == 0 || !interned) return s;
  const slot = Scratch.take(1);
  store<u64>(slot, s);
  PyUnicode_InternInPlace(slot);
  const result: usize = load<u32>(slot);
  Scratch.give(slot);
  return result;
}

function readAscii(r: usize, n: isize, interned: bool, flag: bool): usize {
  if (n < 0) return 0;
  const p = take(r, <usize>n);
  if (p == 0) return 0;
  const s = asciiPrefix(p, n) == n ? _PyUnicode_FromASCII(p, n) : PyUnicode_DecodeLatin1(p, n);
  return keep(r, maybeIntern(s, interned), flag);
}

function readUnicode(r: usize, interned: bool, flag: bool): usize {
  const n = readSize(r, "bad marshal data (string size out of range)");
  const p = n < 0 ? 0 : take(r, <usize>n);
  return p == 0 ? 0 : keep(r, maybeIntern(PyUnicode_DecodeUTF8(p, n, ID.surrogatepass), interned), flag);
}

function readTuple(r: usize, n: isize, flag: bool): usize {
  if (n < 0) return 0;
  if (RFILE.at(r).readable == 0 && <usize>n > RFILE.at(r).end - RFILE.at(r).next) {
    PyErr_SetString(PyExc_EOFError, "marshal data too short");
    return 0;
  }
  const t = keep(r, PyTuple_New(n), flag);
  if (t == 0) return 0;
  // It can be referred to before it is whole.
  for (let i: isize = 0; i < n; i++) Tuple.set(t, i, _Py_NoneStruct);
  for (let i: isize = 0; i < n; i++) {
    const v = readItem(r);
    if (v == 0) {
      Py.DECREF(t);
      return 0;
    }
    Tuple.set(t, i, v);
  }
  return t;
}

/** An object inside a container, where null is an error. */
function readItem(r: usize): usize {
  const v = readObject(r);
  if (v == 0 && PyErr_Occurred() == 0) PyErr_SetString(PyExc_TypeError, "NULL object in marshal data");
  return v;
}

function readList(r: usize, flag: bool): usize {
  const n = readSize(r, "bad marshal data (list size out of range)");
  if (n < 0) return 0;
  const l = keep(r, PyList_New(0), flag);
  for (let i: isize = 0; l != 0 && i < n; i++) {
    const v = readItem(r);
    const failed = v == 0 || PyList_Append(l, v) < 0;
    Py.XDECREF(v);
    if (failed) {
      Py.DECREF(l);
      return 0;
    }
  }
  return l;
}

function readDict(r: usize, flag: bool): usize {
  const d = keep(r, PyDict_New(), flag);
  while (d != 0) {
    const key = readObject(r);
    if (key == 0) {
      if (PyErr_Occurred() == 0) return d;
      break;
    }
    const value = readItem(r);
    const failed = value == 0 || PyDict_SetItem(d, key, value) < 0;
    Py.DECREF(key);
    Py.XDECREF(value);
    if (failed) break;
  }
  Py.XDECREF(d);
  return 0;
}

function readSet(r: usize, frozen: bool, flag: bool): usize {
  const n = readSize(r, "bad marshal data (set size out of range)");
  if (n < 0) return 0;
  const index = frozen ? reserve(r, flag) : -2;
  if (index == -1) return 0;
  const s = frozen ? PyFrozenSet_New(0) : keep(r, PySet_New(0), flag);
  if (s == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    const v = readItem(r);
    const failed = v == 0 || PySet_Add(s, v) < 0;
    Py.XDECREF(v);
    if (failed) {
      Py.DECREF(s);
      return 0;
    }
  }
  return fill(r, frozen ? madeAgain(s) : s, index);
}

/**
 * A frozenset of the members of `s` (stolen) in its order: the compiler makes a constant set twice, first of the source's
 * elements, then of the first one's, and colliding members may change places.
 */
function madeAgain(s: usize): usize {
  const again = PyFrozenSet_New(0);
  let pos: isize = 0;
  while (again != 0 && (pos = _PySet_NextEntry(s, pos)) != 0) {
    if (PySet_Add(again, _PySet_KeyAt(s, pos)) < 0) {
      Py.DECREF(again);
      Py.DECREF(s);
      return 0;
    }
  }
  Py.DECREF(s);
  return again;
}

function readCode(r: usize, flag: bool): usize {
  const index = reserve(r, flag);
  if (index == -1) return 0;
  const block = Scratch.take(8);
  memory.fill(block, 0, 64);
  const p = changetype<CodeParts>(block);
  p.argcount = readLong(r);
  p.posonlyargcount = readLong(r);
  p.kwonlyargcount = readLong(r);
  p.stacksize = readLong(r);
  p.flags = readLong(r);
  let o: usize = 0;
  if (PyErr_Occurred() == 0 && readCodeObjects(r, p) && (RFILE.at(r).verified == 0 || verifyCode(p))) o = PyCode_New(p);
  Py.XDECREF(p.code);
  Py.XDECREF(p.consts);
  Py.XDECREF(p.names);
  Py.XDECREF(p.localsplusnames);
  Py.XDECREF(p.localspluskinds);
  Py.XDECREF(p.filename);
  Py.XDECREF(p.name);
  Py.XDECREF(p.qualname);
  Py.XDECREF(p.linetable);
  Py.XDECREF(p.exceptiontable);
  Scratch.give(block);
  return fill(r, o, index);
}

function readCodeObjects(r: usize, p: CodeParts): bool {
  p.code = readItem(r);
  if (p.code == 0) return false;
  p.consts = readItem(r);
  if (p.consts == 0) return false;
  p.names = readItem(r);
  if (p.names == 0) return false;
  p.localsplusnames = readItem(r);
  if (p.localsplusnames == 0) return false;
  p.localspluskinds = readItem(r);
  if (p.localspluskinds == 0) return false;
  p.filename = readItem(r);
  if (p.filename == 0) return false;
  p.name = readItem(r);
  if (p.name == 0) return false;
  p.qualname = readItem(r);
  if (p.qualname == 0) return false;
  p.firstlineno = readLong(r);
  if (p.firstlineno == -1 && PyErr_Occurred() != 0) return false;
  p.linetable = readItem(r);
  if (p.linetable == 0) return false;
  p.exceptiontable = readItem(r);
  return p.exceptiontable != 0;
}
