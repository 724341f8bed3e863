// Making ints from machine numbers, and back (CPython 3.13's Objects/longobject.c, first part).
//
// Deliberate difference: Py_ssize_t is 32 bits wide here and 64 on the machine that we equal. A value that would fit in
// 64 bits but not in 32 becomes the greatest or least Py_ssize_t, which no sequence reaches, instead of OverflowError.

import { PyLongObject, PyLongObject_first_digit, SIZEOF_PyLongObject } from "../../../generated/layouts";
import { memoryRoots } from "../../../generated/runtime";
import { PyExc_OverflowError, PyExc_TypeError, PyExc_ValueError, PyLong_Type } from "../../../generated/statics";
import { pymalloc } from "../../../memory/obmalloc";
import { PyObject_Free, PyObject_Malloc } from "../../../memory/pymem";
import { PyErr_Fail, PyErr_NoMemory, PyErr_SetString } from "../../errors/raise";
import { initImmortal, Py } from "../../object/head";
import { PyNumber_Index } from "../../protocol/number";
import { bitLength, DIGITS_MAX, Long, MASK } from "./access";

/** Makes the shared ints. */
export function initSmallInts(): void {
  for (let v = -5; v <= 256; v++) {
    const o = Long.small(v);
    initImmortal(o, PyLong_Type);
    Long.setTag(o, v == 0 ? 0 : 1, v < 0 ? -1 : v == 0 ? 0 : 1);
    Long.setDigit(o, 0, abs<i32>(v));
  }
}

/** A new int of `n` digits not filled in, positive. Null with MemoryError. */
export function _PyLong_New(n: isize): usize {
  if (<u32>n > <u32>DIGITS_MAX) return PyErr_NoMemory();
  const o = PyObject_Malloc(PyLongObject_first_digit + ((<usize>max<isize>(n, 1)) << 2));
  if (o == 0) return PyErr_NoMemory();
  const l = PyLongObject.at(o);
  l.ob_refcnt = 1;
  l.ob_type = PyLong_Type;
  Long.setTag(o, n, 1);
  l.first_digit = 0;
  return o;
}

/** Drops leading zeros of a new int, gives it `sign`, and gives the shared int of its value where there is one. */
export function longFinish(o: usize, sign: i32): usize {
  let n = Long.ndigits(o);
  while (n > 0 && Long.digit(o, n - 1) == 0) n--;
  if (n <= 1) {
    const v = n == 0 ? 0 : <i64>sign * <i64>Long.digit(o, 0);
    if (Long.isSmall(v)) {
      PyObject_Free(o);
      return Long.small(<i32>v);
    }
  }
  Long.setTag(o, n, sign);
  return o;
}

/** A new int. Null with MemoryError. */
export function PyLong_FromLong(v: i32): usize {
  if (<u32>(v + 5) < 262) return Long.small(v);
  const size = v < 0 ? <u32>-v : <u32>v;
  if (size <= MASK) return oneDigit(size, v < 0 ? -1 : 1);
  return fromMagnitude(<u64>size, v < 0 ? -1 : 1);
}

/** A new int of one digit, in a block with the structure's padding; others end with their last digit. */
function oneDigit(size: u32, sign: i32): usize {
  // The commonest of all allocations: its block is taken here, without a call, where nothing watches the allocator.
  let o: usize = memoryRoots.flags == 0 ? pymalloc.alloc(SIZEOF_PyLongObject) : 0;
  if (o == 0) {
    o = PyObject_Malloc(SIZEOF_PyLongObject);
    if (o == 0) return PyErr_NoMemory();
  }
  const l = PyLongObject.at(o);
  l.ob_refcnt = 1;
  l.ob_type = PyLong_Type;
  Long.setTag(o, 1, sign);
  l.first_digit = size;
  return o;
}

/** A new int of more than one digit. */
function fromMagnitude(v: u64, sign: i32): usize {
  const n: isize = v >> 60 ? 3 : 2;
  const o = _PyLong_New(n);
  if (o == 0) return 0;
  Long.setTag(o, n, sign);
  if (n == 2) {
    PyLongObject.at(o).first_digit = <u32>v & MASK;
    PyLongObject.at(o).second_digit = <u32>(v >> 30);
    return o;
  }
  for (let i: isize = 0; i < n; i++) {
    Long.setDigit(o, i, <u32>v & MASK);
    v >>= 30;
  }
  return o;
}

/** A new int. Null with MemoryError. */
export function PyLong_FromLongLong(v: i64): usize {
  if (Long.isSmall(v)) return Long.small(<i32>v);
  const size = v < 0 ? <u64>-v : <u64>v;
  if (size <= <u64>MASK) return oneDigit(<u32>size, v < 0 ? -1 : 1);
  return fromMagnitude(size, v < 0 ? -1 : 1);
}

/** A new int with room for `n` digits, which are enough: as large as addition by digits makes it. */
export function longOfSize(v: i64, n: isize): usize {
  const o = _PyLong_New(n);
  if (o == 0) return 0;
  let rest = v < 0 ? <u64>-v : <u64>v;
  for (let i: isize = 0; i < n; i++) {
    Long.setDigit(o, i, <u32>rest & MASK);
    rest >>= 30;
  }
  return longFinish(o, v < 0 ? -1 : 1);
}

/** A new int. Null with MemoryError. */
export function PyLong_FromUnsignedLongLong(v: u64): usize {
  if (v <= 256) return Long.small(<i32>v);
  if (v <= <u64>MASK) return oneDigit(<u32>v, 1);
  return fromMagnitude(v, 1);
}

/** A new int. Null with MemoryError. */
export function PyLong_FromSsize_t(v: isize): usize {
  return PyLong_FromLong(<i32>v);
}

/** A new int: an address, as id() gives it. Null with MemoryError. */
export function PyLong_FromVoidPtr(p: usize): usize {
  return PyLong_FromUnsignedLongLong(<u64>p);
}

/** A new int: the number without its fraction. Null with OverflowError (infinity), ValueError (not a number). */
export function PyLong_FromDouble(v: f64): usize {
  if (isNaN(v)) return PyErr_SetString(PyExc_ValueError, "cannot convert float NaN to integer");
  if (v - v != 0) return PyErr_SetString(PyExc_OverflowError, "cannot convert float infinity to integer");
  const size = abs(v);
  if (size < 9223372036854775807.0) return PyLong_FromLongLong(<i64>v);
  const bits = reinterpret<u64>(size);
  const exponent = <i32>(bits >> 52) - 1075;
  const mantissa = (bits & 0xfffffffffffff) | 0x10000000000000;
  const n = <isize>((exponent + 53 + 29) / 30);
  const o = _PyLong_New(n);
  if (o == 0) return 0;
  memory.fill(Long.digits(o), 0, (<usize>n) << 2);
  const first = exponent / 30;
  const shift = <u64>(exponent % 30);
  // 53 bits moved by up to 29 reach over three digits.
  Long.setDigit(o, first, <u32>(mantissa << shift) & MASK);
  const rest = mantissa >> (30 - shift);
  if (first + 1 < n) Long.setDigit(o, first + 1, <u32>rest & MASK);
  if (first + 2 < n) Long.setDigit(o, first + 2, <u32>(rest >> 30) & MASK);
  return longFinish(o, v < 0 ? -1 : 1);
}

/** 0 where the int fits into an i64; otherwise -1 or 1, its sign. */
export function longOverflow(o: usize): i32 {
  const n = Long.ndigits(o);
  if (n < 3) return 0;
  const sign = Long.sign(o);
  if (n > 3) return sign;
  const top = Long.digit(o, 2);
  if (top < 8) return 0;
  // Only -2^63 itself fits with its highest digit at 8.
  return top == 8 && sign < 0 && Long.digit(o, 1) == 0 && Long.digit(o, 0) == 0 ? 0 : sign;
}

/** The value of an int that fits into an i64. */
export function longValue(o: usize): i64 {
  if (Long.isCompact(o)) return Long.compactValue(o);
  let v: u64 = 0;
  for (let i = Long.ndigits(o) - 1; i >= 0; i--) v = (v << 30) | Long.digit(o, i);
  return Long.isNegative(o) ? -(<i64>v) : <i64>v;
}

/** The low 64 bits of an int, in two's complement. */
export function longMask64(o: usize): u64 {
  let v: u64 = 0;
  for (let i = min<isize>(Long.ndigits(o), 3) - 1; i >= 0; i--) v = (v << 30) | Long.digit(o, i);
  return Long.isNegative(o) ? 0 - v : v;
}

/** An int for anything that has __index__: a new reference. Null with TypeError. */
function asInt(o: usize): usize {
  return Long.check(o) ? Py.NewRef(o) : PyNumber_Index(o);
}

/** The value, through __index__; -1 with TypeError or OverflowError. */
export function PyLong_AsLongLong(o: usize): i64 {
  const i = asInt(o);
  if (i == 0) return -1;
  let v: i64 = -1;
  if (longOverflow(i) != 0) PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C long");
  else v = longValue(i);
  Py.DECREF(i);
  return v;
}

/**
 * As PyLong_AsLongLong, but -1 without an exception where the value does not fit: `longOverflow(o)` of an int tells, by
 * its sign.
 */
export function PyLong_AsLongLongAndOverflow(o: usize): i64 {
  const i = asInt(o);
  if (i == 0) return -1;
  const v = longOverflow(i) != 0 ? -1 : longValue(i);
  Py.DECREF(i);
  return v;
}

/** The value; -1 with OverflowError where it does not fit into 32 bits. */
export function PyLong_AsInt(o: usize): i32 {
  const i = asInt(o);
  if (i == 0) return -1;
  const v = longOverflow(i) != 0 ? i64.MAX_VALUE : longValue(i);
  Py.DECREF(i);
  if (v >= i32.MIN_VALUE && v <= i32.MAX_VALUE) return <i32>v;
  return PyErr_Fail(PyExc_OverflowError, "Python int too large to convert to C int");
}

/** The value; <u64>-1 with TypeError or OverflowError. */
export function PyLong_AsUnsignedLongLong(o: usize): u64 {
  if (!Long.check(o)) {
    PyErr_SetString(PyExc_TypeError, "an integer is required");
    return <u64>-1;
  }
  if (Long.isNegative(o)) {
    PyErr_SetString(PyExc_OverflowError, "can't convert negative int to unsigned");
    return <u64>-1;
  }
  const n = Long.ndigits(o);
  if (n > 3 || (n == 3 && Long.digit(o, 2) > 15)) {
    PyErr_SetString(PyExc_OverflowError, "int too big to convert");
    return <u64>-1;
  }
  return longMask64(o);
}

/** As PyLong_AsUnsignedLongLong, with the words that CPython has for an unsigned long. */
export function PyLong_AsUnsignedLong(o: usize): u64 {
  if (Long.check(o)) {
    if (Long.isNegative(o)) {
      PyErr_SetString(PyExc_OverflowError, "can't convert negative value to unsigned int");
      return <u64>-1;
    }
    if (bitLength(o) > 64) {
      PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C unsigned long");
      return <u64>-1;
    }
  }
  return PyLong_AsUnsignedLongLong(o);
}

/** The value of an int as Py_ssize_t, within 32 bits (see above); -1 with TypeError or OverflowError. */
export function PyLong_AsSsize_t(o: usize): isize {
  if (!Long.check(o)) {
    PyErr_SetString(PyExc_TypeError, "an integer is required");
    return -1;
  }
  if (Long.isCompact(o)) return Long.compactValue(o);
  if (longOverflow(o) != 0) {
    PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C ssize_t");
    return -1;
  }
  return clampSsize(longValue(o));
}

/** An i64 as the nearest Py_ssize_t. */
export function clampSsize(v: i64): isize {
  return v > 0x7fffffff ? 0x7fffffff : v < -0x80000000 ? -0x80000000 : <isize>v;
}

/** The nearest float, half to even; -1 with OverflowError where it would be infinite, or TypeError. */
export function PyLong_AsDouble(o: usize): f64 {
  if (!Long.check(o)) {
    PyErr_SetString(PyExc_TypeError, "an integer is required");
    return -1;
  }
  const n = Long.ndigits(o);
  if (n <= 1) return <f64>Long.compactValue(o);
  // The topmost 64 bits; whether any below is set decides ties.
  const top = Long.digit(o, n - 1);
  const bits = 32 - clz<u32>(top);
  const length = <i64>(n - 1) * 30 + bits;
  let m: u64 = 0;
  let have: i32 = 0;
  let sticky = false;
  for (let i = n - 1; i >= 0; i--) {
    const d = Long.digit(o, i);
    const width = i == n - 1 ? <i32>bits : 30;
    const room = 64 - have;
    if (room >= width) {
      m = (m << width) | d;
      have += width;
    } else {
      if (room > 0) {
        m = (m << room) | (d >> (width - room));
        have = 64;
      }
      if (d & (((<u32>1) << (width - room)) - 1)) sticky = true;
    }
  }
  const sign = Long.isNegative(o) ? -1.0 : 1.0;
  if (length <= 53) return sign * <f64>m;
  // Below 2^64 without a rest, the machine rounds as wanted.
  let exponent = length - have;
  const drop = have - 53;
  let mantissa = drop > 0 ? m >> drop : m << -drop;
  if (drop > 0) {
    const rest = m & (((<u64>1) << drop) - 1);
    const half = (<u64>1) << (drop - 1);
    if (rest > half || (rest == half && (sticky || mantissa & 1))) mantissa++;
  }
  exponent += drop;
  if (mantissa >> 53) {
    mantissa >>= 1;
    exponent++;
  }
  if (exponent + 53 > 1024) {
    PyErr_SetString(PyExc_OverflowError, "int too large to convert to float");
    return -1;
  }
  return sign * reinterpret<f64>(((<u64>(exponent + 1075)) << 52) | (mantissa & 0xfffffffffffff));
}

/** A new int equal to `o`, of exactly the type int. Null with MemoryError. */
export function _PyLong_Copy(o: usize): usize {
  if (Long.isCompact(o)) return PyLong_FromLong(Long.compactValue(o));
  const n = Long.ndigits(o);
  const r = _PyLong_New(n);
  if (r == 0) return 0;
  memory.copy(Long.digits(r), Long.digits(o), (<usize>n) << 2);
  Long.setTag(r, n, Long.sign(o));
  return r;
}
