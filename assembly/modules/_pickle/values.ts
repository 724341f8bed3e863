// Unpickling of numbers, text, bytes and containers (CPython 3.13's Modules/_pickle.c).

import { PyBytesObject, UnpicklerObject } from "../../generated/layouts";
import { _Py_NoneStruct, ID, PyExc_OverflowError, PyExc_ValueError } from "../../generated/statics";
import { ByteArray, PyByteArray_FromStringAndSize } from "../../objects/bytes/bytearray/bytearray";
import { PyBytes_FromStringAndSize, PyBytesObject_SIZE } from "../../objects/bytes/bytes";
import { PyMemoryView_FromObject, View } from "../../objects/bytes/memoryview/managed";
import { PyDict_New, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { PyFrozenSet_New } from "../../objects/containers/set/set";
import { Tuple } from "../../objects/containers/tuple";
import { PyErr_Fail, PyErr_Format, PyErr_NoMemory, PyErr_Occurred } from "../../objects/errors/raise";
import { PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { PyFloat_Unpack8 } from "../../objects/numbers/float/pack";
import { parseFloatPrefix } from "../../objects/numbers/float/text";
import { _PyLong_FromByteArray } from "../../objects/numbers/int/bytes";
import { PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { digitValue } from "../../objects/numbers/int/text";
import { PyLong_FromUnicodeObject } from "../../objects/numbers/int/type";
import { Py } from "../../objects/object/head";
import { PyBool_FromBool } from "../../objects/protocol/access";
import { PyIter_Next } from "../../objects/protocol/iterator";
import { PyUnicode_Decode, PyUnicode_DecodeASCII } from "../../objects/text/codecs/decode";
import { PyUnicode_DecodeUTF8 } from "../../objects/text/codecs/utf8";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { PyUnicode_FromStringAndSize } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";
import { escape_decode, raw_unicode_escape_decode } from "../_codecs/escapes";
import { isThere, read, readInto, readLine, unpicklingError } from "./input";
import { LIST, TUPLE } from "./opcodes";
import { cutStack, pop, popList, popMark, popTuple, push, Stack } from "./stack";

/** The unsigned number in `n` bytes at `p`, the lowest first; -1 where it has more than 63 bits. */
function sizeAt(p: usize, n: isize): i64 {
  if (n == 1) return load<u8>(p);
  if (n == 2) return load<u16>(p);
  if (n == 4) return load<u32>(p);
  const v = load<i64>(p);
  return v < 0 ? -1 : v;
}

/** Reads a number of `n` bytes that counts others: -1 with OverflowError in the name of the opcode. */
function readSize(o: usize, n: isize, name: string): i64 {
  const p = read(o, n);
  if (p == 0) return -1;
  const size = sizeAt(p, n);
  if (size < 0) {
    const message = "%L exceeds system's maximum size of %d bytes";
    PyErr_Format(PyExc_OverflowError, message, changetype<usize>(name), i64.MAX_VALUE);
  }
  return size;
}

/** Reads an int of `n` bytes; that of 4 has a sign. */
export function loadBinInt(o: usize, n: isize): i32 {
  const p = read(o, n);
  if (p == 0) return -1;
  return push(o, PyLong_FromLongLong(n == 4 ? <i64>load<i32>(p) : sizeAt(p, n)));
}

/** Reads an int that has its size before it, in `n` bytes. */
export function loadCountedLong(o: usize, n: isize): i32 {
  const p = read(o, n);
  if (p == 0) return -1;
  const size = n == 4 ? <i64>load<i32>(p) : <i64>load<u8>(p);
  if (size < 0) return unpicklingError("LONG pickle has negative byte count");
  const digits = read(o, size);
  return digits == 0 ? -1 : push(o, _PyLong_FromByteArray(digits, <isize>size, true, true));
}

/** What strtol() makes of a line with base 0 in the i64 slot `out`: false where that is not all of it, or too large. */
function parseC(p: usize, n: isize, out: usize): bool {
  const end = p + <usize>n;
  while (p < end && (load<u8>(p) == 0x20 || <u32>load<u8>(p) - 9 < 5)) p++;
  const negative = p < end && load<u8>(p) == 0x2d;
  if (p < end && (negative || load<u8>(p) == 0x2b)) p++;
  let base: i64 = 10;
  if (end - p > 1 && load<u8>(p) == 0x30) {
    const isHex = (<u32>load<u8>(p + 1) | 0x20) == 0x78;
    base = isHex ? 16 : 8;
    p += isHex ? 2 : 1;
  }
  let v: i64 = 0;
  let digits = 0;
  for (; p < end; p++, digits++) {
    const digit = <i64>digitValue(load<u8>(p));
    if (digit >= base || v > (i64.MAX_VALUE - digit) / base) return false;
    v = v * base + digit;
  }
  store<i64>(out, negative ? -v : v);
  return digits > 0;
}

/** Reads an int as text; 00 and 01 are False and True. */
export function loadInt(o: usize): i32 {
  const n = readLine(o, 1);
  if (n < 0) return -1;
  const line = UnpicklerObject.at(o).input_line;
  const out = Scratch.take(1);
  const simple = parseC(line, n, out);
  const v = load<i64>(out);
  Scratch.give(out);
  if (simple) return push(o, n == 2 && (v == 0 || v == 1) ? PyBool_FromBool(v != 0) : PyLong_FromLongLong(v));
  const large = parseLine(line, n, 0);
  if (large != 0) return push(o, large);
  return PyErr_Fail(PyExc_ValueError, "could not convert string to int");
}

/** The int that text of a line is, as int() has it: a new reference, null with ValueError. */
export function parseLine(p: usize, n: isize, base: i32): usize {
  const text = PyUnicode_FromStringAndSize(p, n);
  if (text == 0) return 0;
  const r = PyLong_FromUnicodeObject(text, base);
  Py.DECREF(text);
  return r;
}

/** Reads an int as text, with an L behind it or without. */
export function loadLong(o: usize): i32 {
  const n = readLine(o, 1);
  if (n < 0) return -1;
  const line = UnpicklerObject.at(o).input_line;
  const digits = load<u8>(line) == 0x2d ? line + 1 : line;
  const base = load<u8>(digits) == 0x30 ? 0 : 10;
  return push(o, parseLine(line, load<u8>(line + <usize>n - 1) == 0x4c ? n - 1 : n + 1, base));
}

/** Reads a float as text. */
export function loadFloat(o: usize): i32 {
  const n = readLine(o, 1);
  if (n < 0) return -1;
  const line = UnpicklerObject.at(o).input_line;
  const out = Scratch.take(1);
  const end = parseFloatPrefix(line, line + <usize>n, out);
  const v = load<f64>(out);
  Scratch.give(out);
  if (end == line) {
    PyErr_Format(PyExc_ValueError, "could not convert string to float: '%.200s'", line);
    return -1;
  }
  if (end != line + <usize>n && load<u8>(end) != 0) {
    return PyErr_Fail(PyExc_ValueError, "could not convert string to float");
  }
  return push(o, PyFloat_FromDouble(v));
}

export function loadBinFloat(o: usize): i32 {
  const p = read(o, 8);
  return p == 0 ? -1 : push(o, PyFloat_FromDouble(PyFloat_Unpack8(p, false)));
}

/** A str of Python 2, decoded unless the encoding is "bytes": a new reference, null with an exception. */
function decodeOld(o: usize, p: usize, n: isize): usize {
  const s = UnpicklerObject.at(o);
  if (s.encoding == 0) return PyUnicode_DecodeASCII(p, n, s.errors);
  if (PyUnicode_EqualToLiteral(s.encoding, "bytes")) return PyBytes_FromStringAndSize(p, n);
  return PyUnicode_Decode(p, n, s.encoding, s.errors);
}

/** The first item of what a codec returned, whose reference is taken; null where that is null. */
function firstOf(pair: usize): usize {
  if (pair == 0) return 0;
  const r = Py.NewRef(Tuple.get(pair, 0));
  Py.DECREF(pair);
  return r;
}

/** Reads a str of Python 2 as text in quotes. */
export function loadString(o: usize): i32 {
  const n = readLine(o, 0);
  if (n < 0) return -1;
  const line = UnpicklerObject.at(o).input_line;
  const quote = <u32>load<u8>(line);
  if (n < 2 || (quote != 0x27 && quote != 0x22) || load<u8>(line + <usize>n - 1) != quote) {
    return unpicklingError("the STRING opcode argument must be quoted");
  }
  const source = PyBytes_FromStringAndSize(line + 1, n - 2);
  const bytes = source == 0 ? 0 : firstOf(escape_decode(0, source, _Py_NoneStruct));
  Py.XDECREF(source);
  if (bytes == 0) return -1;
  const r = decodeOld(o, PyBytesObject.at(bytes).ob_sval, Py.SIZE(bytes));
  Py.DECREF(bytes);
  return push(o, r);
}

/** Reads a str of Python 2 that has its size before it, in `n` bytes. */
export function loadBinString(o: usize, n: isize): i32 {
  const p = read(o, n);
  if (p == 0) return -1;
  const size = sizeAt(p, n);
  const data = read(o, size);
  return data == 0 ? -1 : push(o, decodeOld(o, data, <isize>size));
}

/** Reads text as a line with escapes. */
export function loadUnicode(o: usize): i32 {
  const n = readLine(o, 0);
  if (n < 0) return -1;
  const source = PyBytes_FromStringAndSize(UnpicklerObject.at(o).input_line, n);
  const r = source == 0 ? 0 : firstOf(raw_unicode_escape_decode(0, source, _Py_NoneStruct, true));
  Py.XDECREF(source);
  return push(o, r);
}

/** Reads text that has its size before it, in `n` bytes. */
export function loadBinUnicode(o: usize, n: isize): i32 {
  const size = readSize(o, n, "BINUNICODE");
  if (size < 0) return -1;
  const data = read(o, size);
  return data == 0 ? -1 : push(o, PyUnicode_DecodeUTF8(data, <isize>size, ID.surrogatepass));
}

/** Room for bytes that are still to be read: a new bytearray, null with an exception. */
function newTarget(o: usize, size: i64): usize {
  if (!isThere(o, size)) return 0;
  if (size <= 0x7fffffc0) return PyByteArray_FromStringAndSize(0, <isize>size);
  // More than there can be: what the file has is less, or too much.
  return read(o, size) == 0 ? 0 : PyErr_NoMemory();
}

/** Reads bytes that have their size before them, in `n` bytes. */
export function loadBinBytes(o: usize, n: isize): i32 {
  const size = readSize(o, n, "BINBYTES");
  if (size < 0) return -1;
  if (size > i64.MAX_VALUE - <i64>PyBytesObject_SIZE) {
    return PyErr_Fail(PyExc_OverflowError, "byte string is too large");
  }
  const s = UnpicklerObject.at(o);
  if (size <= s.input_len - s.next_read_idx) return push(o, PyBytes_FromStringAndSize(read(o, size), <isize>size));
  const target = newTarget(o, size);
  if (target == 0) return -1;
  const status = readInto(o, target);
  const r = status < 0 ? 0 : PyBytes_FromStringAndSize(ByteArray.data(target), ByteArray.size(target));
  Py.DECREF(target);
  return push(o, r);
}

/** Reads a bytearray. */
export function loadByteArray(o: usize): i32 {
  const size = readSize(o, 8, "BYTEARRAY8");
  const target = size < 0 ? 0 : newTarget(o, size);
  if (target == 0) return -1;
  if (readInto(o, target) == 0) return push(o, target);
  Py.DECREF(target);
  return -1;
}

/** The next buffer beside the pickle. */
export function loadNextBuffer(o: usize): i32 {
  const buffers = UnpicklerObject.at(o).buffers;
  if (buffers == 0) {
    return unpicklingError("pickle stream refers to out-of-band data but no *buffers* argument was given");
  }
  Py.INCREF(buffers);
  const buffer = PyIter_Next(buffers);
  Py.DECREF(buffers);
  if (buffer == 0 && !PyErr_Occurred()) return unpicklingError("not enough out-of-band buffers");
  return push(o, buffer);
}

/** Puts a view of the buffer on top, which cannot write, in its place. */
export function loadReadonlyBuffer(o: usize): i32 {
  const top = Stack.top(o);
  if (top == 0) return -1;
  const view = PyMemoryView_FromObject(top);
  if (view == 0) return -1;
  const v = View.buffer(view);
  if (v.readonly) {
    Py.DECREF(view);
    return 0;
  }
  v.readonly = 1;
  const old = pop(o);
  const status = push(o, view);
  Py.DECREF(old);
  return status;
}

/** Makes a tuple of the `n` objects on top. */
export function loadTuple(o: usize, n: isize): i32 {
  return push(o, popTuple(o, Stack.size(o) - n));
}

/** Makes a tuple, list or frozenset of what is above the last mark. */
export function loadMarked(o: usize, op: u8): i32 {
  const start = popMark(o);
  if (start < 0) return -1;
  if (op == LIST) return push(o, popList(o, start));
  const items = popTuple(o, start);
  if (op == TUPLE || items == 0) return push(o, items);
  const r = PyFrozenSet_New(items);
  Py.DECREF(items);
  return push(o, r);
}

/** Makes a dict of what is above the last mark. */
export function loadDict(o: usize): i32 {
  const start = popMark(o);
  if (start < 0) return -1;
  if (((Stack.size(o) - start) & 1) != 0) return unpicklingError("odd number of items for DICT");
  const d = PyDict_New();
  if (d == 0) return -1;
  for (let i = start; i + 1 < Stack.size(o); i += 2) {
    if (PyDict_SetItem(d, Stack.get(o, i), Stack.get(o, i + 1)) < 0) {
      Py.DECREF(d);
      return -1;
    }
  }
  cutStack(Stack.of(o), start);
  return push(o, d);
}
