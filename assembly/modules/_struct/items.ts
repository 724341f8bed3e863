// The items of a struct: objects to bytes and back (CPython 3.13's Modules/_struct.c, the functions of its tables).

import { Py_TPFLAGS_BYTES_SUBCLASS } from "../../generated/constants";
import { formatcode, PyBytesObject } from "../../generated/layouts";
import { structRoots } from "../../generated/runtime";
import { PyExc_OverflowError } from "../../generated/statics";
import { ByteArray } from "../../objects/bytes/bytearray/bytearray";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { BytesLike } from "../../objects/bytes/common";
import { PyErr_ExceptionMatches, PyErr_Fail, PyErr_Format, PyErr_Occurred } from "../../objects/errors/raise";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../../objects/numbers/float/float";
import {
  PyFloat_Pack2,
  PyFloat_Pack4,
  PyFloat_Pack8,
  PyFloat_Unpack2,
  PyFloat_Unpack4,
  PyFloat_Unpack8,
} from "../../objects/numbers/float/pack";
import { Long } from "../../objects/numbers/int/access";
import { fitsBytes } from "../../objects/numbers/int/bytes";
import { longMask64, PyLong_FromLongLong, PyLong_FromUnsignedLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyBool_FromBool } from "../../objects/protocol/access";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyIndex_Check, PyNumber_Index } from "../../objects/protocol/number";
import { BIG, NATIVE, structError } from "./formats";

const BOOL: u32 = 0x3f;
const POINTER: u32 = 0x50;
const CHAR: u32 = 0x63;
const DOUBLE: u32 = 0x64;
const HALF: u32 = 0x65;
const FLOAT: u32 = 0x66;
const PASCAL: u32 = 0x70;
const TEXT: u32 = 0x73;

/** Whether the character, one of an integer, stands for a signed one: these are the small letters. */
function isSigned(c: u32): bool {
  return c >= 0x61;
}

/** The object in the bytes at `p`, as the code says: a new reference, null with MemoryError. Does not run Python. */
export function unpackItem(p: usize, code: formatcode): usize {
  const c = <u32>code.format;
  const little = code.order != BIG;
  switch (c) {
    case TEXT:
      return PyBytes_FromStringAndSize(p, code.size);
    case PASCAL:
      return code.size == 0
        ? PyBytes_FromStringAndSize(p, 0)
        : PyBytes_FromStringAndSize(p + 1, min<isize>(load<u8>(p), code.size - 1));
    case CHAR:
      return PyBytes_FromStringAndSize(p, 1);
    case BOOL:
      return PyBool_FromBool(load<u8>(p) != 0);
    case HALF:
      return PyFloat_FromDouble(PyFloat_Unpack2(p, little));
    case FLOAT:
      return PyFloat_FromDouble(PyFloat_Unpack4(p, little));
    case DOUBLE:
      return PyFloat_FromDouble(PyFloat_Unpack8(p, little));
  }
  if (code.size == 1) return PyLong_FromLongLong(isSigned(c) ? <i64>load<i8>(p) : <i64>load<u8>(p));
  if (code.size == 2) {
    const v = little ? load<u16>(p) : bswap<u16>(load<u16>(p));
    return PyLong_FromLongLong(isSigned(c) ? <i64>(<i16>v) : <i64>v);
  }
  if (code.size == 4) {
    const v = little ? load<u32>(p) : bswap<u32>(load<u32>(p));
    return PyLong_FromLongLong(isSigned(c) ? <i64>(<i32>v) : <i64>v);
  }
  const v = little ? load<u64>(p) : bswap<u64>(load<u64>(p));
  return isSigned(c) ? PyLong_FromLongLong(v) : PyLong_FromUnsignedLongLong(v);
}

/** Stores the object as the code says at `p`; -1 with an exception. May run Python, before it stores. */
export function packItem(p: usize, v: usize, code: formatcode): i32 {
  const c = <u32>code.format;
  const little = code.order != BIG;
  switch (c) {
    case TEXT:
    case PASCAL:
      return packText(p, v, c, code.size);
    case CHAR:
      if (!Py.check(v, Py_TPFLAGS_BYTES_SUBCLASS) || Py.SIZE(v) != 1) {
        return structError("char format requires a bytes object of length 1");
      }
      store<u8>(p, load<u8>(PyBytesObject.at(v).ob_sval));
      return 0;
    case BOOL: {
      const truth = PyObject_IsTrue(v);
      if (truth < 0) return -1;
      store<u8>(p, truth);
      return 0;
    }
    case HALF:
    case FLOAT:
    case DOUBLE: {
      const d = PyFloat_AsDouble(v);
      if (d == -1 && PyErr_Occurred()) return structError("required argument is not a float");
      let status = 0;
      if (c == HALF) status = PyFloat_Pack2(d, p, little);
      else if (c == DOUBLE) PyFloat_Pack8(d, p, little);
      else if (code.order == NATIVE) store<f32>(p, <f32>d);
      else status = PyFloat_Pack4(d, p, little);
      return status < 0 ? tooLarge(v) : 0;
    }
  }
  return packInteger(p, v, code);
}

function packText(p: usize, v: usize, c: u32, size: isize): i32 {
  if (!Py.check(v, Py_TPFLAGS_BYTES_SUBCLASS) && !ByteArray.check(v)) {
    PyErr_Format(structRoots.error, "argument for '%c' must be a bytes object", c);
    return -1;
  }
  const n = Py.SIZE(v);
  if (c == TEXT) memory.copy(p, BytesLike.data(v), <usize>min(n, size));
  else if (size > 0) {
    const kept = min(n, size - 1);
    memory.copy(p + 1, BytesLike.data(v), <usize>kept);
    const counted = <u8>min<isize>(kept, 255);
    store<u8>(p, counted);
  }
  return 0;
}

/** A number was too large: where it is an int, struct.error says so. Returns -1. */
function tooLarge(v: usize): i32 {
  if (Long.check(v) && PyErr_ExceptionMatches(PyExc_OverflowError)) structError("int too large to convert");
  return -1;
}

function packInteger(p: usize, v: usize, code: formatcode): i32 {
  let i = v;
  if (Long.check(v)) Py.INCREF(v);
  else if (!PyIndex_Check(v)) return structError("required argument is not an integer");
  else {
    i = PyNumber_Index(v);
    if (i == 0) return -1;
  }
  const c = <u32>code.format;
  const size = code.size;
  const negative = Long.isNegative(i);
  const signed = c == POINTER ? negative : isSigned(c);
  const fits = (signed || !negative) && fitsBytes(i, size, signed);
  const bits = longMask64(i);
  Py.DECREF(i);
  if (!fits) {
    if (c != POINTER) return outOfRange(c, <u64>(size * 8));
    PyErr_Fail(
      PyExc_OverflowError,
      negative ? "Python int too large to convert to C long" : "Python int too large to convert to C unsigned long",
    );
    return tooLarge(v);
  }
  const little = code.order != BIG;
  if (size == 1) store<u8>(p, <u8>bits);
  else if (size == 2) store<u16>(p, little ? <u16>bits : bswap<u16>(<u16>bits));
  else if (size == 4) store<u32>(p, little ? <u32>bits : bswap<u32>(<u32>bits));
  else store<u64>(p, little ? bits : bswap<u64>(bits));
  return 0;
}

function outOfRange(c: u32, bits: u64): i32 {
  const greatest = u64.MAX_VALUE >> (64 - bits);
  if (isSigned(c)) {
    const half = <i64>(greatest >> 1);
    PyErr_Format(structRoots.error, "'%c' format requires %d <= number <= %d", c, -half - 1, half);
  } else PyErr_Format(structRoots.error, "'%c' format requires 0 <= number <= %u", c, greatest);
  return -1;
}
