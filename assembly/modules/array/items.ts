// The items of an array: what its type code says about them, and objects from bytes and back (CPython 3.13's
// Modules/arraymodule.c, the functions of its descriptors).

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { arraydescr, SIZEOF_arraydescr } from "../../generated/layouts";
import { PyExc_OverflowError, PyExc_TypeError } from "../../generated/statics";
import { PyErr_Fail, PyErr_Occurred } from "../../objects/errors/raise";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { Long } from "../../objects/numbers/int/access";
import { fitsBytes } from "../../objects/numbers/int/bytes";
import {
  longMask64,
  PyLong_AsLongLong,
  PyLong_AsUnsignedLong,
  PyLong_FromLongLong,
  PyLong_FromUnsignedLongLong,
} from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyNumber_Index } from "../../objects/protocol/number";
import { U } from "../../objects/text/access";
import { PyUnicode_FromOrdinal } from "../../objects/text/create";

/** The descriptors: type code and NUL (which is the format), bytes of an item, kind. */
// biome-ignore format: a table
const descriptors: usize = memory.data<u8>([
  // b B u w h H
  0x62, 0, 1, 1, 0x42, 0, 1, 0, 0x75, 0, 4, 2, 0x77, 0, 4, 2, 0x68, 0, 2, 1, 0x48, 0, 2, 0,
  // i I l L q Q
  0x69, 0, 4, 1, 0x49, 0, 4, 0, 0x6c, 0, 8, 1, 0x4c, 0, 8, 0, 0x71, 0, 8, 1, 0x51, 0, 8, 0,
  // f d
  0x66, 0, 4, 3, 0x64, 0, 8, 3,
]);
const DESCRIPTOR_COUNT: i32 = 14;
/** The format of characters is that of "w", whichever of the two type codes they have. */
export const CHARACTER_FORMAT: usize = descriptors + 3 * SIZEOF_arraydescr;

/** Kinds of items; 0 is an int without a sign. */
export const SIGNED: u32 = 1;
export const CHARACTER: u32 = 2;
export const REAL: u32 = 3;

export class Descr {
  /** Descriptor `i`, of which there are `count`. */
  @inline static at(i: i32): usize {
    return descriptors + <usize>i * SIZEOF_arraydescr;
  }

  @inline static get count(): i32 {
    return DESCRIPTOR_COUNT;
  }

  @inline static typecode(descr: usize): u32 {
    return arraydescr.at(descr).typecode;
  }

  @inline static itemsize(descr: usize): isize {
    return arraydescr.at(descr).itemsize;
  }

  @inline static kind(descr: usize): u32 {
    return arraydescr.at(descr).kind;
  }
}

/** The descriptor of a type code; null where it is none. */
export function descriptorOf(typecode: u32): usize {
  for (let i = 0; i < Descr.count; i++) if (Descr.typecode(Descr.at(i)) == typecode) return Descr.at(i);
  return 0;
}

/** The item at `p` as a new object; null with an exception. Does not run Python. */
export function loadItem(p: usize, descr: usize): usize {
  const size = Descr.itemsize(descr);
  switch (Descr.kind(descr)) {
    case CHARACTER:
      return PyUnicode_FromOrdinal(load<i32>(p));
    case REAL:
      return PyFloat_FromDouble(size == 4 ? <f64>load<f32>(p) : load<f64>(p));
    case SIGNED:
      if (size == 1) return PyLong_FromLongLong(load<i8>(p));
      if (size == 2) return PyLong_FromLongLong(load<i16>(p));
      return PyLong_FromLongLong(size == 4 ? <i64>load<i32>(p) : load<i64>(p));
  }
  if (size == 1) return PyLong_FromLongLong(load<u8>(p));
  if (size == 2) return PyLong_FromLongLong(load<u16>(p));
  return PyLong_FromUnsignedLongLong(size == 4 ? <u64>load<u32>(p) : load<u64>(p));
}

/** Stores the object as an item at `p`, which has room for 8 bytes; -1 with an exception. May run Python, before that. */
export function storeItem(p: usize, v: usize, descr: usize): i32 {
  switch (Descr.kind(descr)) {
    case CHARACTER:
      if (!Py.check(v, Py_TPFLAGS_UNICODE_SUBCLASS) || U.length(v) != 1) {
        return PyErr_Fail(PyExc_TypeError, "array item must be unicode character");
      }
      setCharacter(p, U.at(v, 0));
      return 0;
    case REAL: {
      const d = PyFloat_AsDouble(v);
      if (d == -1 && PyErr_Occurred()) return -1;
      if (Descr.itemsize(descr) == 4) store<f32>(p, <f32>d);
      else store<f64>(p, d);
      return 0;
    }
  }
  const c = Descr.typecode(descr);
  if (c == 0x49 || c == 0x4c || c == 0x51) return storeUnsigned(p, v, c);
  if (c == 0x71) return storeLongLong(p, v);
  const n = PyLong_AsLongLong(v);
  if (n == -1 && PyErr_Occurred()) return -1;
  store<i64>(p, n);
  switch (c) {
    case 0x62: // b
      if (n < -0x8000) return tooLarge("signed short integer is less than minimum");
      if (n > 0x7fff) return tooLarge("signed short integer is greater than maximum");
      if (n < -0x80) return tooLarge("signed char is less than minimum");
      return n > 0x7f ? tooLarge("signed char is greater than maximum") : 0;
    case 0x42: // B
      if (n < 0) return tooLarge("unsigned byte integer is less than minimum");
      return n > 0xff ? tooLarge("unsigned byte integer is greater than maximum") : 0;
    case 0x68: // h
      if (n < -0x8000) return tooLarge("signed short integer is less than minimum");
      return n > 0x7fff ? tooLarge("signed short integer is greater than maximum") : 0;
    case 0x6c: // l
      return 0;
  }
  // H and i
  if (n < i32.MIN_VALUE) return tooLarge("signed integer is less than minimum");
  if (n > i32.MAX_VALUE) return tooLarge("signed integer is greater than maximum");
  if (c == 0x69) return 0;
  if (n < 0) return tooLarge("unsigned short is less than minimum");
  return n > 0xffff ? tooLarge("unsigned short is greater than maximum") : 0;
}

function setCharacter(p: usize, c: u32): void {
  store<u32>(p, c);
}

function tooLarge(message: string): i32 {
  return PyErr_Fail(PyExc_OverflowError, message);
}

/** The items I, L and Q, whose errors are others. */
function storeUnsigned(p: usize, v: usize, c: u32): i32 {
  const i = Long.check(v) ? Py.NewRef(v) : PyNumber_Index(v);
  if (i == 0) return -1;
  let status = 0;
  if (c == 0x51) {
    if (Long.isNegative(i)) status = tooLarge("can't convert negative int to unsigned");
    else if (!fitsBytes(i, 8, false)) status = tooLarge("int too big to convert");
    else store<u64>(p, longMask64(i));
  } else {
    const n = PyLong_AsUnsignedLong(i);
    if (n == <u64>-1 && PyErr_Occurred()) status = -1;
    else if (c == 0x49 && n > u32.MAX_VALUE) status = tooLarge("unsigned int is greater than maximum");
    else store<u64>(p, n);
  }
  Py.DECREF(i);
  return status;
}

function storeLongLong(p: usize, v: usize): i32 {
  const i = Long.check(v) ? Py.NewRef(v) : PyNumber_Index(v);
  if (i == 0) return -1;
  const fits = fitsBytes(i, 8, true);
  store<u64>(p, longMask64(i));
  Py.DECREF(i);
  return fits ? 0 : tooLarge("int too big to convert");
}

/** Whether items of the descriptor can be compared as they lie in memory: -1, 0 or 1 for the first of `n` that differ. */
export function compareItems(p: usize, q: usize, n: isize, descr: usize): i32 {
  const size = <usize>Descr.itemsize(descr);
  const signed = Descr.kind(descr) == SIGNED;
  for (; n > 0; n--) {
    const a = loadBits(p, size, signed);
    const b = loadBits(q, size, signed);
    if (a != b) return signed ? (<i64>a < <i64>b ? -1 : 1) : a < b ? -1 : 1;
    p += size;
    q += size;
  }
  return 0;
}

function loadBits(p: usize, size: usize, signed: bool): u64 {
  if (size == 1) return signed ? <u64>(<i64>load<i8>(p)) : <u64>load<u8>(p);
  if (size == 2) return signed ? <u64>(<i64>load<i16>(p)) : <u64>load<u16>(p);
  if (size == 4) return signed ? <u64>(<i64>load<i32>(p)) : <u64>load<u32>(p);
  return load<u64>(p);
}
