// Reading marshalled objects: code objects from the compiler and from .pyc files (CPython 3.13's Python/marshal.c).
//
// A value is a type byte, whose top bit says that the object is kept for later references ('r' and its index), and its
// data, little-endian. The reader's state is a record in scratch memory:
//
//   +0 next byte (4), +4 end (4), +8 the list of kept objects (4), +12 depth (4)

import { PyListObject, PyLongObject, RFILE } from "../generated/layouts";
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
import { PyBytes_FromStringAndSize } from "../objects/bytes/bytes";
import { CodeParts, PyCode_New } from "../objects/code/code";
import { verifyCode } from "../objects/code/verify";
import { PyDict_New, PyDict_SetItem } from "../objects/containers/dict/dict";
import { PyList_Append, PyList_New } from "../objects/containers/list/list";
import { _PySet_KeyAt, _PySet_NextEntry, PyFrozenSet_New, PySet_Add, PySet_New } from "../objects/containers/set/set";
import { PyTuple_New, Tuple } from "../objects/containers/tuple";
import { PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { PyComplex_FromDoubles } from "../objects/numbers/complex";
import { PyFloat_FromDouble } from "../objects/numbers/float/float";
import { _PyLong_New, longFinish, PyLong_FromLong } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { PyUnicode_DecodeUTF8 } from "../objects/text/codecs/utf8";
import { _PyUnicode_FromASCII } from "../objects/text/create";
import { PyUnicode_InternInPlace } from "../objects/text/intern";
import { Scratch } from "../thread/scratch";

/** Its highest bit: the object may be referred to. */
const FLAG_REF: i32 = 0x80;

/** What an object's first byte says that it is. */
const enum TYPE {
  NULL = 0x30, // 0
  NONE = 0x4e, // N
  STOPITER = 0x53, // S
  ELLIPSIS = 0x2e, // .
  FALSE = 0x46, // F
  TRUE = 0x54, // T
  INT = 0x69, // i
  LONG = 0x6c, // l
  BINARY_FLOAT = 0x67, // g
  BINARY_COMPLEX = 0x79, // y
  STRING = 0x73, // s
  ASCII_INTERNED = 0x41, // A
  ASCII = 0x61, // a
  SHORT_ASCII_INTERNED = 0x5a, // Z
  SHORT_ASCII = 0x7a, // z
  INTERNED = 0x74, // t
  UNICODE = 0x75, // u
  SMALL_TUPLE = 0x29, // )
  TUPLE = 0x28, // (
  LIST = 0x5b, // [
  DICT = 0x7b, // {
  SET = 0x3c, // <
  FROZENSET = 0x3e, // >
  CODE = 0x63, // c
  REF = 0x72, // r
}

const MAX_DEPTH: i32 = 1000;

/** The object in the n bytes at p: a new reference, or null with EOFError, ValueError or TypeError. */
export function PyMarshal_ReadObjectFromString(p: usize, n: isize): usize {
  return readBytes(p, n, true);
}

/** The same of bytes that our compiler made: its code objects are not verified. */
export function readCompiled(p: usize, n: isize): usize {
  return readBytes(p, n, false);
}

function readBytes(p: usize, n: isize, verified: bool): usize {
  const r = Scratch.take(4);
  const file = RFILE.at(r);
  file.next = p;
  file.end = p + <usize>n;
  file.depth = 0;
  file.verified = verified ? 1 : 0;
  const refs = PyList_New(0);
  file.refs = refs;
  let o: usize = 0;
  if (refs != 0) {
    o = readObject(r);
    if (o == 0 && PyErr_Occurred() == 0) PyErr_SetString(PyExc_TypeError, "NULL object in marshal data for object");
    Py.DECREF(refs);
  }
  Scratch.give(r);
  return o;
}

/** Address of n bytes, which are consumed; null with EOFError where there are fewer. */
function take(r: usize, n: usize): usize {
  const p = RFILE.at(r).next;
  if (n > RFILE.at(r).end - p) {
    PyErr_SetString(PyExc_EOFError, "marshal data too short");
    return 0;
  }
  RFILE.at(r).next = p + n;
  return p;
}

function readByte(r: usize): i32 {
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
  const depth = RFILE.at(r).depth + 1;
  if (depth > MAX_DEPTH) {
    PyErr_SetString(PyExc_ValueError, "recursion limit exceeded");
    return 0;
  }
  RFILE.at(r).depth = depth;
  const o = readValue(r);
  RFILE.at(r).depth = depth - 1;
  return o;
}

function readValue(r: usize): usize {
  const code = readByte(r);
  if (code < 0) return 0;
  const flag = (code & FLAG_REF) != 0;
  switch (code & ~FLAG_REF) {
    case TYPE.NULL:
      return 0;
    case TYPE.NONE:
      return _Py_NoneStruct;
    case TYPE.STOPITER:
      return PyExc_StopIteration;
    case TYPE.ELLIPSIS:
      return _Py_EllipsisObject;
    case TYPE.FALSE:
      return _Py_FalseStruct;
    case TYPE.TRUE:
      return _Py_TrueStruct;
    case TYPE.INT: {
      const n = readLong(r);
      return PyErr_Occurred() != 0 ? 0 : keep(r, PyLong_FromLong(n), flag);
    }
    case TYPE.LONG:
      return keep(r, readBigInt(r), flag);
    case TYPE.BINARY_FLOAT: {
      const p = take(r, 8);
      return p == 0 ? 0 : keep(r, PyFloat_FromDouble(load<f64>(p)), flag);
    }
    case TYPE.BINARY_COMPLEX: {
      const p = take(r, 16);
      return p == 0 ? 0 : keep(r, PyComplex_FromDoubles(load<f64>(p), load<f64>(p + sizeof<f64>())), flag);
    }
    case TYPE.STRING: {
      const n = readSize(r, "bad marshal data (bytes object size out of range)");
      const p = n < 0 ? 0 : take(r, <usize>n);
      return p == 0 ? 0 : keep(r, PyBytes_FromStringAndSize(p, n), flag);
    }
    case TYPE.ASCII_INTERNED:
      return readAscii(r, readSize(r, "bad marshal data (string size out of range)"), true, flag);
    case TYPE.ASCII:
      return readAscii(r, readSize(r, "bad marshal data (string size out of range)"), false, flag);
    case TYPE.SHORT_ASCII_INTERNED:
      return readAscii(r, readByte(r), true, flag);
    case TYPE.SHORT_ASCII:
      return readAscii(r, readByte(r), false, flag);
    case TYPE.INTERNED:
      return readUnicode(r, true, flag);
    case TYPE.UNICODE:
      return readUnicode(r, false, flag);
    case TYPE.SMALL_TUPLE:
      return readTuple(r, readByte(r), flag);
    case TYPE.TUPLE:
      return readTuple(r, readSize(r, "bad marshal data (tuple size out of range)"), flag);
    case TYPE.LIST:
      return readList(r, flag);
    case TYPE.DICT:
      return readDict(r, flag);
    case TYPE.SET:
      return readSet(r, false, flag);
    case TYPE.FROZENSET:
      return readSet(r, true, flag);
    case TYPE.CODE:
      return readCode(r, flag);
    case TYPE.REF: {
      const i = readLong(r);
      if (i < 0 || i >= Py.SIZE(RFILE.at(r).refs)) {
        if (PyErr_Occurred() == 0) PyErr_SetString(PyExc_ValueError, "bad marshal data (invalid reference)");
        return 0;
      }
      return Py.NewRef(Py.item(PyListObject.at(RFILE.at(r).refs).ob_item, i));
    }
    default:
      return PyErr_SetString(PyExc_ValueError, "bad marshal data (unknown type code)");
  }
}

/** An int of 15-bit digits, their number first, negative for a negative int. */
function readBigInt(r: usize): usize {
  const n = readLong(r);
  if (n == -1 && PyErr_Occurred() != 0) return 0;
  const count = n < 0 ? -n : n;
  const p = take(r, (<usize>count) << 1);
  if (p == 0) return 0;
  const digits = (count + 1) >> 1;
  const o = _PyLong_New(digits > 0 ? digits : 1);
  if (o == 0) return 0;
  const out = PyLongObject.at(o).ob_digit;
  store<u32>(out, 0);
  for (let i = 0; i < digits; i++) {
    let d: u32 = load<u16>(p + ((<usize>i) << 2));
    if (2 * i + 1 < count) d |= (<u32>load<u16>(p + ((<usize>i) << 2) + 2)) << 15;
    store<u32>(out + ((<usize>i) << 2), d);
  }
  return longFinish(o, n < 0 ? -1 : 1);
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
  return p == 0 ? 0 : keep(r, maybeIntern(_PyUnicode_FromASCII(p, n), interned), flag);
}

function readUnicode(r: usize, interned: bool, flag: bool): usize {
  const n = readSize(r, "bad marshal data (string size out of range)");
  const p = n < 0 ? 0 : take(r, <usize>n);
  return p == 0 ? 0 : keep(r, maybeIntern(PyUnicode_DecodeUTF8(p, n, ID.surrogatepass), interned), flag);
}

function readTuple(r: usize, n: isize, flag: bool): usize {
  if (n < 0) return 0;
  if (<usize>n > RFILE.at(r).end - RFILE.at(r).next) {
    PyErr_SetString(PyExc_EOFError, "marshal data too short");
    return 0;
  }
  const t = keep(r, PyTuple_New(n), flag);
  if (t == 0) return 0;
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
