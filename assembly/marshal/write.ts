// Writing marshalled objects (CPython 3.13's Python/marshal.c): a value is a type byte and its data, little-endian. From
// version 3 on an object with more than one reference gets a number where it is first written (the type byte's top bit
// says so), by which it is referred to afterwards; from version 4 on texts and tuples have short forms.
//
// An error is noted in the writer's state and ends nothing by itself: what is written after it is thrown away.

import {
  PyCodeObject,
  PyComplexObject,
  PyFloatObject,
  SIZEOF_WFILE,
  SIZEOF_WFILE_reference,
  WFILE,
  WFILE_reference,
} from "../generated/layouts";
import {
  _Py_EllipsisObject,
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyBytes_Type,
  PyCode_Type,
  PyComplex_Type,
  PyDict_Type,
  PyExc_StopIteration,
  PyExc_ValueError,
  PyFloat_Type,
  PyFrozenSet_Type,
  PyList_Type,
  PyLong_Type,
  PySet_Type,
  PyTuple_Type,
  PyUnicode_Type,
} from "../generated/statics";
import { PyMem_Calloc, PyMem_Free } from "../memory/pymem";
import { BytesLike } from "../objects/bytes/common";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte, writeBytes } from "../objects/bytes/writer";
import { _PyCode_GetCode } from "../objects/code/code";
import { PyDict_KeyAt, PyDict_Next, PyDict_ValueAt } from "../objects/containers/dict/dict";
import { List, PyList_Append, PyList_New } from "../objects/containers/list/list";
import { PyList_Sort } from "../objects/containers/list/sort";
import { _PySet_KeyAt, _PySet_NextEntry } from "../objects/containers/set/set";
import { PyTuple_Pack2, Tuple } from "../objects/containers/tuple";
import { PyErr_NoMemory, PyErr_Occurred, PyErr_SetString, takeLevel } from "../objects/errors/raise";
import { doubleToString } from "../objects/numbers/float/text";
import { Long, long_sign } from "../objects/numbers/int/access";
import { Buffer, PyObject_CheckBuffer } from "../objects/object/buffer";
import { Py } from "../objects/object/head";
import { U } from "../objects/text/access";
import { PyUnicode_AsUTF8String } from "../objects/text/codecs/utf8";
import { Recursion } from "../thread/recursion";
import { Scratch } from "../thread/scratch";
import { FLAG_REF, MAX_DEPTH, Type } from "./format";

/** The newest version of the format. */
export const Py_MARSHAL_VERSION: i32 = 4;

const enum Failure {
  none,
  /** An object that has no form here, or an exception that is set. */
  unmarshallable,
  tooDeep,
  noMemory,
  codeNotAllowed,
}

/**
 * The object as bytes: a new reference, or null with ValueError or MemoryError. `version` of the format, 0 to 4;
 * `allowCode`: whether there may be code objects in it.
 */
export function PyMarshal_WriteObjectToString(o: usize, version: i32, allowCode: bool): usize {
  const state = Scratch.take(SIZEOF_WFILE / 8);
  const m = WFILE.at(state);
  m.error = Failure.none;
  m.depth = 0;
  m.version = version;
  m.allow_code = allowCode ? 1 : 0;
  m.table = 0;
  m.table_used = 0;
  m.table_places = 0;
  m.writer = ByteWriter.begin(64);
  writeObject(state, o);
  const table = m.table;
  for (let i: u32 = 0; i < m.table_places; i++) {
    Py.XDECREF(WFILE_reference.at(table + <usize>i * SIZEOF_WFILE_reference).object);
  }
  PyMem_Free(table);
  const error = m.error;
  const bytes = error == Failure.none ? byteWriterFinish(m.writer) : byteWriterDiscard(m.writer);
  Scratch.give(state);
  if (bytes != 0 || PyErr_Occurred() != 0) return bytes;
  if (error == Failure.noMemory) return PyErr_NoMemory();
  PyErr_SetString(
    PyExc_ValueError,
    error == Failure.tooDeep
      ? "object too deeply nested to marshal"
      : error == Failure.codeNotAllowed
        ? "marshalling code objects is disallowed"
        : "unmarshallable object",
  );
  return 0;
}

function fail(m: usize, error: i32): void {
  const w = WFILE.at(m);
  if (w.error == Failure.none) w.error = error;
}

function byte(m: usize, b: i32): void {
  if (writeByte(WFILE.at(m).writer, b & 0xff) < 0) fail(m, Failure.noMemory);
}

function long(m: usize, v: i32): void {
  const w = WFILE.at(m).writer;
  if (ByteWriter.prepare(w, 4) < 0) {
    fail(m, Failure.noMemory);
    return;
  }
  store<i32>(ByteWriter.address(w), v);
  ByteWriter.advance(w, 4);
}

function raw(m: usize, p: usize, n: isize): void {
  if (writeBytes(WFILE.at(m).writer, p, n) < 0) fail(m, Failure.noMemory);
}

function float(m: usize, v: f64): void {
  const w = WFILE.at(m).writer;
  if (ByteWriter.prepare(w, 8) < 0) {
    fail(m, Failure.noMemory);
    return;
  }
  store<f64>(ByteWriter.address(w), v);
  ByteWriter.advance(w, 8);
}

/** A float as versions 0 and 1 have it: its text after a byte that says how long it is. */
function floatText(m: usize, v: f64): void {
  const text = doubleToString(v, 0x67, 17, 0);
  if (text == 0) {
    fail(m, Failure.noMemory);
    return;
  }
  const n = load<i32>(text);
  byte(m, n);
  raw(m, text + 4, n);
  PyMem_Free(text);
}

/** Where the object stands in the table, or the free place where it would. */
function placeOf(m: usize, o: usize): usize {
  const w = WFILE.at(m);
  const mask = w.table_places - 1;
  // Objects are 16 bytes apart.
  let i = (<u32>o >> 4) * 2654435761;
  for (;;) {
    const place = w.table + <usize>(i & mask) * SIZEOF_WFILE_reference;
    const there = WFILE_reference.at(place).object;
    if (there == o || there == 0) return place;
    i++;
  }
  return unreachable();
}

/** Makes the table twice as large; -1 with MemoryError noted. */
function growTable(m: usize): i32 {
  const w = WFILE.at(m);
  const old = w.table;
  const places = w.table_places;
  const wanted: u32 = places == 0 ? 32 : places * 2;
  const table = PyMem_Calloc(wanted, SIZEOF_WFILE_reference);
  if (table == 0) {
    fail(m, Failure.noMemory);
    return -1;
  }
  w.table = table;
  w.table_places = wanted;
  for (let i: u32 = 0; i < places; i++) {
    const from = WFILE_reference.at(old + <usize>i * SIZEOF_WFILE_reference);
    if (from.object == 0) continue;
    const to = WFILE_reference.at(placeOf(m, from.object));
    to.object = from.object;
    to.index = from.index;
  }
  PyMem_Free(old);
  return 0;
}

/**
 * Where the object has a number, writes that and returns -1. Otherwise returns the flag of its type byte, for which it
 * has got a number, or 0.
 */
function reference(m: usize, o: usize): i32 {
  const w = WFILE.at(m);
  if (w.version < 3) return 0;
  // What is referred to once is not shared; interned strings are numbered all the same, so that files do not depend on
  // who else holds them.
  if (Py.REFCNT(o) == 1 && !(Py.IS_TYPE(o, PyUnicode_Type) && U.interned(o) != 0)) return 0;
  if (w.table_used * 2 >= w.table_places && growTable(m) < 0) return -1;
  const place = WFILE_reference.at(placeOf(m, o));
  if (place.object != 0) {
    byte(m, Type.ref);
    long(m, <i32>place.index);
    return -1;
  }
  place.object = Py.NewRef(o);
  place.index = w.table_used;
  w.table_used = w.table_used + 1;
  return FLAG_REF;
}

function writeObject(m: usize, o: usize): void {
  const w = WFILE.at(m);
  if (w.error != Failure.none) return;
  // Where the stack ends before the format's depth does, it is RecursionError.
  if (takeLevel(" while marshalling")) {
    fail(m, Failure.tooDeep);
    return;
  }
  w.depth = w.depth + 1;
  if (w.depth > MAX_DEPTH) fail(m, Failure.tooDeep);
  else if (o == 0) byte(m, Type.null_);
  else if (o == _Py_NoneStruct) byte(m, Type.none);
  else if (o == PyExc_StopIteration) byte(m, Type.stopIteration);
  else if (o == _Py_EllipsisObject) byte(m, Type.ellipsis);
  else if (o == _Py_FalseStruct) byte(m, Type.false_);
  else if (o == _Py_TrueStruct) byte(m, Type.true_);
  else {
    const flag = reference(m, o);
    if (flag >= 0) {
      // A buffer's owner may run Python, which may let go of what is being written.
      Py.INCREF(o);
      writeValue(m, o, flag);
      Py.DECREF(o);
    }
  }
  w.depth = w.depth - 1;
  Recursion.leave();
}

function writeValue(m: usize, o: usize, flag: i32): void {
  const type = Py.TYPE(o);
  const version = WFILE.at(m).version;
  if (type == PyLong_Type) writeInt(m, o, flag);
  else if (type == PyFloat_Type) {
    byte(m, (version > 1 ? Type.binaryFloat : Type.float_) | flag);
    writeDouble(m, PyFloatObject.at(o).ob_fval);
  } else if (type == PyComplex_Type) {
    byte(m, (version > 1 ? Type.binaryComplex : Type.complex) | flag);
    writeDouble(m, PyComplexObject.at(o).real);
    writeDouble(m, PyComplexObject.at(o).imag);
  } else if (type == PyBytes_Type) {
    byte(m, Type.string | flag);
    long(m, Py.SIZE(o));
    raw(m, BytesLike.data(o), Py.SIZE(o));
  } else if (type == PyUnicode_Type) writeText(m, o, flag);
  else if (type == PyTuple_Type) {
    const n = Tuple.size(o);
    if (version >= 4 && n < 256) {
      byte(m, Type.smallTuple | flag);
      byte(m, n);
    } else {
      byte(m, Type.tuple | flag);
      long(m, n);
    }
    for (let i: isize = 0; i < n; i++) writeObject(m, Tuple.get(o, i));
  } else if (type == PyList_Type) {
    byte(m, Type.list | flag);
    const n = List.size(o);
    long(m, n);
    for (let i: isize = 0; i < n && i < List.size(o); i++) writeObject(m, List.get(o, i));
  } else if (type == PyDict_Type) {
    byte(m, Type.dict | flag);
    let pos: isize = 0;
    while ((pos = PyDict_Next(o, pos)) != 0) {
      // Writing the key may take both out of the dict.
      const key = Py.NewRef(PyDict_KeyAt(o, pos));
      const value = Py.NewRef(PyDict_ValueAt(o, pos));
      writeObject(m, key);
      writeObject(m, value);
      Py.DECREF(value);
      Py.DECREF(key);
    }
    writeObject(m, 0);
  } else if (type == PySet_Type || type == PyFrozenSet_Type) {
    byte(m, (type == PySet_Type ? Type.set : Type.frozenset) | flag);
    writeSet(m, o);
  } else if (type == PyCode_Type) writeCode(m, o, flag);
  else if (PyObject_CheckBuffer(o)) {
    const view = Buffer.open(o);
    if (view == 0) {
      fail(m, Failure.unmarshallable);
      return;
    }
    byte(m, Type.string | flag);
    long(m, Buffer.length(view));
    raw(m, Buffer.data(view), Buffer.length(view));
    Buffer.close(view);
  } else fail(m, Failure.unmarshallable);
}

function writeDouble(m: usize, v: f64): void {
  if (WFILE.at(m).version > 1) float(m, v);
  else floatText(m, v);
}

/** An int: four bytes where it fits, otherwise digits of 15 bits, their number first, negative for a negative int. */
function writeInt(m: usize, o: usize, flag: i32): void {
  const n = Long.ndigits(o);
  const digits = Long.digits(o);
  const sign = long_sign(o);
  if (n <= 2) {
    let v: i64 = 0;
    for (let i = n - 1; i >= 0; i--) v = (v << 30) | <i64>load<u32>(digits + ((<usize>i) << 2));
    v *= sign;
    if (v == <i64>(<i32>v)) {
      byte(m, Type.int | flag);
      long(m, <i32>v);
      return;
    }
  }
  byte(m, Type.long | flag);
  const top = load<u32>(digits + ((<usize>(n - 1)) << 2));
  const halves = 2 * n - (top >> 15 == 0 ? 1 : 0);
  long(m, sign < 0 ? -halves : halves);
  const w = WFILE.at(m).writer;
  if (ByteWriter.prepare(w, halves * 2) < 0) {
    fail(m, Failure.noMemory);
    return;
  }
  for (let i = 0; i < halves; i++) {
    const d = load<u32>(digits + ((<usize>(i >> 1)) << 2));
    store<u16>(ByteWriter.address(w), <u16>((i & 1 ? d >> 15 : d) & 0x7fff));
    ByteWriter.advance(w, 2);
  }
}

function writeText(m: usize, o: usize, flag: i32): void {
  const version = WFILE.at(m).version;
  const interned = U.interned(o) != 0;
  if (version >= 4 && U.isAscii(o)) {
    const n = U.length(o);
    if (n < 256) {
      byte(m, (interned ? Type.shortAsciiInterned : Type.shortAscii) | flag);
      byte(m, n);
    } else {
      byte(m, (interned ? Type.asciiInterned : Type.ascii) | flag);
      long(m, n);
    }
    raw(m, U.data(o), n);
    return;
  }
  const utf8 = PyUnicode_AsUTF8String(o, ID.surrogatepass);
  if (utf8 == 0) {
    fail(m, Failure.unmarshallable);
    return;
  }
  byte(m, (version >= 3 && interned ? Type.interned : Type.unicode) | flag);
  long(m, Py.SIZE(utf8));
  raw(m, BytesLike.data(utf8), Py.SIZE(utf8));
  Py.DECREF(utf8);
}

/** The members in the order of what each is as bytes by itself, so that the order of hashes does not show. */
function writeSet(m: usize, o: usize): void {
  const w = WFILE.at(m);
  const pairs = PyList_New(0);
  let ok = pairs != 0;
  let pos: isize = 0;
  while (ok && (pos = _PySet_NextEntry(o, pos)) != 0) {
    const value = Py.NewRef(_PySet_KeyAt(o, pos));
    const alone = PyMarshal_WriteObjectToString(value, w.version, w.allow_code != 0);
    const pair = alone == 0 ? 0 : PyTuple_Pack2(alone, value);
    ok = pair != 0 && PyList_Append(pairs, pair) == 0;
    Py.XDECREF(alone);
    Py.XDECREF(pair);
    Py.DECREF(value);
  }
  // As many as follow, whatever the set has become.
  long(m, pairs == 0 ? 0 : List.size(pairs));
  if (ok && PyList_Sort(pairs) < 0) ok = false;
  if (!ok) fail(m, Failure.unmarshallable);
  else for (let i: isize = 0; i < List.size(pairs); i++) writeObject(m, Tuple.get(List.get(pairs, i), 1));
  Py.XDECREF(pairs);
}

function writeCode(m: usize, o: usize, flag: i32): void {
  if (WFILE.at(m).allow_code == 0) {
    fail(m, Failure.codeNotAllowed);
    return;
  }
  const code = _PyCode_GetCode(o);
  if (code == 0) {
    fail(m, Failure.noMemory);
    return;
  }
  const co = PyCodeObject.at(o);
  byte(m, Type.code | flag);
  long(m, co.co_argcount);
  long(m, co.co_posonlyargcount);
  long(m, co.co_kwonlyargcount);
  long(m, co.co_stacksize);
  long(m, co.co_flags);
  writeObject(m, code);
  writeObject(m, co.co_consts);
  writeObject(m, co.co_names);
  writeObject(m, co.co_localsplusnames);
  writeObject(m, co.co_localspluskinds);
  writeObject(m, co.co_filename);
  writeObject(m, co.co_name);
  writeObject(m, co.co_qualname);
  long(m, co.co_firstlineno);
  writeObject(m, co.co_linetable);
  writeObject(m, co.co_exceptiontable);
  Py.DECREF(code);
}
