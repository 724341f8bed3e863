// Shifts and bitwise operations of ints: negative numbers act as two's complement without end
// (CPython 3.13's Objects/longobject.c: long_lshift1, long_rshift1, long_bitwise, v_complement).

import { _Py_NotImplementedStruct, PyExc_OverflowError, PyExc_ValueError } from "../../../generated/statics";
import { PyErr_SetString } from "../../errors/raise";
import { Long, MASK } from "./access";
import { shiftLeft } from "./arithmetic";
import { _PyLong_New, longFinish, longOverflow, longValue, PyLong_FromLong } from "./create";
import { Digit, shiftRightDigits } from "./natural";

const AND: i32 = 0;
const OR: i32 = 1;
const XOR: i32 = 2;

/** to = -from in two's complement, n digits. */
function complement(to: usize, from: usize, n: isize): void {
  let carry: u32 = 1;
  for (let i: isize = 0; i < n; i++) {
    carry += Digit.get(from, i) ^ MASK;
    Digit.set(to, i, carry & MASK);
    carry >>= 30;
  }
}

function bitwise(a: usize, b: usize, op: i32): usize {
  if (Long.isCompact(a) && Long.isCompact(b)) {
    const x = Long.compactValue(a);
    const y = Long.compactValue(b);
    return PyLong_FromLong(op == AND ? x & y : op == OR ? x | y : x ^ y);
  }
  if (Long.ndigits(a) < Long.ndigits(b)) {
    const t = a;
    a = b;
    b = t;
  }
  const na = Long.ndigits(a);
  const nb = Long.ndigits(b);
  const negativeA = Long.isNegative(a);
  const negativeB = Long.isNegative(b);
  const negative = op == AND ? negativeA && negativeB : op == OR ? negativeA || negativeB : negativeA != negativeB;
  // One digit more, so that a negative result has room for its sign.
  const n = na + (negative ? 1 : 0);
  const r = _PyLong_New(n);
  if (r == 0) return 0;
  const to = Long.digits(r);
  let carryA: u32 = 1;
  let carryB: u32 = 1;
  for (let i: isize = 0; i < n; i++) {
    let x = i < na ? Long.digit(a, i) : 0;
    let y = i < nb ? Long.digit(b, i) : 0;
    if (negativeA) {
      carryA += x ^ MASK;
      x = carryA & MASK;
      carryA >>= 30;
    }
    if (negativeB) {
      carryB += y ^ MASK;
      y = carryB & MASK;
      carryB >>= 30;
    }
    Digit.set(to, i, op == AND ? x & y : op == OR ? x | y : x ^ y);
  }
  if (negative) complement(to, to, n);
  return longFinish(r, negative ? -1 : 1);
}

export function long_and(a: usize, b: usize): usize {
  return Long.check(a) && Long.check(b) ? bitwise(a, b, AND) : _Py_NotImplementedStruct;
}

export function long_or(a: usize, b: usize): usize {
  return Long.check(a) && Long.check(b) ? bitwise(a, b, OR) : _Py_NotImplementedStruct;
}

export function long_xor(a: usize, b: usize): usize {
  return Long.check(a) && Long.check(b) ? bitwise(a, b, XOR) : _Py_NotImplementedStruct;
}

/** ~a: a new int. */
export function long_invert(a: usize): usize {
  if (Long.isCompact(a)) return PyLong_FromLong(~Long.compactValue(a));
  // -(a + 1).
  const n = Long.ndigits(a);
  const negative = Long.isNegative(a);
  const r = _PyLong_New(n + 1);
  if (r == 0) return 0;
  const to = Long.digits(r);
  let carry: u32 = 1;
  for (let i: isize = 0; i < n; i++) {
    const d = Long.digit(a, i);
    // |a| + 1 where a is positive, |a| - 1 where it is negative.
    carry = negative ? d - carry : d + carry;
    Digit.set(to, i, carry & MASK);
    carry = (carry >> 30) & 1;
  }
  Digit.set(to, n, negative ? 0 : carry);
  return longFinish(r, negative ? 1 : -1);
}

/** A shift count that is not negative; -1 with ValueError. Counts above 64 bits become the greatest. */
function shiftCount(b: usize): i64 {
  if (Long.isNegative(b)) {
    PyErr_SetString(PyExc_ValueError, "negative shift count");
    return -1;
  }
  return longOverflow(b) != 0 ? i64.MAX_VALUE : longValue(b);
}

export function long_lshift(a: usize, b: usize): usize {
  if (!Long.check(a) || !Long.check(b)) return _Py_NotImplementedStruct;
  const n = shiftCount(b);
  if (n < 0) return 0;
  if (Long.isZero(a)) return Long.small(0);
  if (n == i64.MAX_VALUE) return PyErr_SetString(PyExc_OverflowError, "too many digits in integer");
  return shiftLeft(a, n);
}

/** a >> n, rounding toward minus infinity: a new int. */
export function shiftRight(a: usize, n: i64): usize {
  if (Long.isCompact(a)) return PyLong_FromLong(Long.compactValue(a) >> <i32>min<i64>(n, 31));
  const na = Long.ndigits(a);
  const negative = Long.isNegative(a);
  const words = n / 30;
  if (words >= <i64>na) return PyLong_FromLong(negative ? -1 : 0);
  const bits = <u32>(n % 30);
  const count = na - <isize>words;
  const r = _PyLong_New(count + 1);
  if (r == 0) return 0;
  const to = Long.digits(r);
  const from = Long.digits(a);
  shiftRightDigits(to, from + ((<usize>words) << 2), count, bits);
  Digit.set(to, count, 0);
  if (negative) {
    // Any bit that falls off makes the size one greater.
    let lost = (Digit.get(from, <isize>words) & (((<u32>1) << bits) - 1)) != 0;
    for (let i: isize = 0; i < <isize>words && !lost; i++) lost = Digit.get(from, i) != 0;
    let carry: u32 = lost ? 1 : 0;
    for (let i: isize = 0; carry != 0; i++) {
      carry += Digit.get(to, i);
      Digit.set(to, i, carry & MASK);
      carry >>= 30;
    }
  }
  return longFinish(r, negative ? -1 : 1);
}

export function long_rshift(a: usize, b: usize): usize {
  if (!Long.check(a) || !Long.check(b)) return _Py_NotImplementedStruct;
  const n = shiftCount(b);
  return n < 0 ? 0 : shiftRight(a, n);
}
