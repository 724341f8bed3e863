// Sum, difference, product, quotient and remainder of ints of any size (CPython 3.13's Objects/longobject.c).

import { divmodresult } from "../../../generated/layouts";
import {
  _Py_NotImplementedStruct,
  PyExc_OverflowError,
  PyExc_ZeroDivisionError,
  PyLong_Type,
} from "../../../generated/statics";
import { Scratch } from "../../../thread/scratch";
import { PyTuple_New, Tuple } from "../../containers/tuple";
import { PyErr_NoMemory, PyErr_SetString } from "../../errors/raise";
import { Py } from "../../object/head";
import { PyFloat_FromDouble } from "../float/float";
import { bitLength, Long } from "./access";
import {
  _PyLong_Copy,
  _PyLong_New,
  longFinish,
  longValue,
  PyLong_AsDouble,
  PyLong_FromLong,
  PyLong_FromLongLong,
} from "./create";
import {
  addDigits,
  compareDigits,
  divideByDigit,
  divideDigits,
  multiplyDigits,
  shiftLeftDigits,
  shiftRightDigits,
  significant,
  subtractDigits,
} from "./natural";

/** |a| + |b| with `sign`. */
function addMagnitudes(a: usize, b: usize, sign: i32): usize {
  if (Long.ndigits(a) < Long.ndigits(b)) {
    const t = a;
    a = b;
    b = t;
  }
  const na = Long.ndigits(a);
  const r = _PyLong_New(na + 1);
  if (r == 0) return 0;
  addDigits(Long.digits(r), Long.digits(a), na, Long.digits(b), Long.ndigits(b));
  return longFinish(r, sign);
}

/** (|a| - |b|) * sign. */
function subtractMagnitudes(a: usize, b: usize, sign: i32): usize {
  const c = compareDigits(Long.digits(a), Long.ndigits(a), Long.digits(b), Long.ndigits(b));
  if (c == 0) return Long.small(0);
  if (c < 0) {
    const t = a;
    a = b;
    b = t;
    sign = -sign;
  }
  const na = Long.ndigits(a);
  const r = _PyLong_New(na);
  if (r == 0) return 0;
  subtractDigits(Long.digits(r), Long.digits(a), na, Long.digits(b), Long.ndigits(b));
  return longFinish(r, sign);
}

/** a + b for ints: a new int. Null with MemoryError. */
export function _PyLong_Add(a: usize, b: usize): usize {
  if (Long.isCompact(a) && Long.isCompact(b)) return PyLong_FromLong(Long.compactValue(a) + Long.compactValue(b));
  const negative = Long.isNegative(a);
  if (negative == Long.isNegative(b)) return addMagnitudes(a, b, negative ? -1 : 1);
  return subtractMagnitudes(a, b, negative ? -1 : 1);
}

/** a - b for ints: a new int. Null with MemoryError. */
export function _PyLong_Subtract(a: usize, b: usize): usize {
  if (Long.isCompact(a) && Long.isCompact(b)) return PyLong_FromLong(Long.compactValue(a) - Long.compactValue(b));
  const negative = Long.isNegative(a);
  if (negative == Long.isNegative(b)) return subtractMagnitudes(a, b, negative ? -1 : 1);
  return addMagnitudes(a, b, negative ? -1 : 1);
}

/** a * b for ints: a new int. Null with MemoryError. */
export function _PyLong_Multiply(a: usize, b: usize): usize {
  if (Long.isCompact(a) && Long.isCompact(b)) {
    return PyLong_FromLongLong(<i64>Long.compactValue(a) * <i64>Long.compactValue(b));
  }
  const na = Long.ndigits(a);
  const nb = Long.ndigits(b);
  if (na == 0 || nb == 0) return Long.small(0);
  const r = _PyLong_New(na + nb);
  if (r == 0) return 0;
  if (multiplyDigits(Long.digits(r), Long.digits(a), na, Long.digits(b), nb) < 0) {
    Py.DECREF(r);
    return 0;
  }
  return longFinish(r, Long.sign(a) * Long.sign(b));
}

function divisionByZero(): bool {
  PyErr_SetString(PyExc_ZeroDivisionError, "division by zero");
  return false;
}

/**
 * Division toward zero: new references to quotient and remainder (with a's sign) in the divmodresult at `out`, either
 * left out where its flag is not set. False with ZeroDivisionError or MemoryError.
 */
function truncatedDivmod(a: usize, b: usize, out: usize, wantQuotient: bool, wantRest: bool): bool {
  const result = divmodresult.at(out);
  result.quotient = 0;
  result.rest = 0;
  if (Long.isZero(b)) return divisionByZero();
  const na = Long.ndigits(a);
  const nb = Long.ndigits(b);
  const signA = Long.sign(a);
  const sign = signA * Long.sign(b);
  if (compareDigits(Long.digits(a), na, Long.digits(b), nb) < 0) {
    if (wantRest) {
      const rest = _PyLong_Copy(a);
      if (rest == 0) return false;
      result.rest = rest;
    }
    if (wantQuotient) result.quotient = Long.small(0);
    return true;
  }
  if (nb == 1) {
    const q = _PyLong_New(na);
    if (q == 0) return false;
    const rest = divideByDigit(Long.digits(q), Long.digits(a), na, Long.digit(b, 0));
    const quotient = longFinish(q, sign);
    if (wantRest) {
      const r = PyLong_FromLong(signA * <i32>rest);
      if (r == 0) {
        Py.DECREF(quotient);
        return false;
      }
      result.rest = r;
    }
    if (wantQuotient) result.quotient = quotient;
    else Py.DECREF(quotient);
    return true;
  }
  const v = _PyLong_New(na + 1);
  if (v == 0) return false;
  const w = _PyLong_New(nb);
  const q = w == 0 ? 0 : _PyLong_New(na + 1 - nb);
  if (q == 0) {
    Py.DECREF(v);
    Py.XDECREF(w);
    return false;
  }
  const shift = clz<u32>(Long.digit(b, nb - 1)) - 2;
  shiftLeftDigits(Long.digits(w), Long.digits(b), nb, shift);
  Long.setDigit(v, na, shiftLeftDigits(Long.digits(v), Long.digits(a), na, shift));
  const whole = divideDigits(Long.digits(q), Long.digits(v), na + 1, Long.digits(w), nb);
  Py.DECREF(w);
  if (!whole) {
    Py.DECREF(v);
    Py.DECREF(q);
    return false;
  }
  if (wantRest) {
    shiftRightDigits(Long.digits(v), Long.digits(v), nb, shift);
    Long.setTag(v, significant(Long.digits(v), nb), 1);
    result.rest = longFinish(v, signA);
  } else Py.DECREF(v);
  if (wantQuotient) result.quotient = longFinish(q, sign);
  else Py.DECREF(q);
  return true;
}

/**
 * Division toward minus infinity, as Python has it: new references to quotient and remainder (with b's sign) in the
 * divmodresult at `out`. False with ZeroDivisionError or MemoryError.
 */
export function floorDivmod(a: usize, b: usize, out: usize): bool {
  if (Long.isCompact(a) && Long.isCompact(b)) {
    const y = Long.compactValue(b);
    if (y == 0) return divisionByZero();
    const x = Long.compactValue(a);
    let q = x / y;
    let r = x % y;
    if (r != 0 && (r ^ y) < 0) {
      q--;
      r += y;
    }
    // Quotient and remainder of one-digit numbers: at most one of them is large.
    const quotient = PyLong_FromLong(q);
    const rest = quotient == 0 ? 0 : PyLong_FromLong(r);
    if (rest == 0) {
      Py.XDECREF(quotient);
      return false;
    }
    divmodresult.at(out).quotient = quotient;
    divmodresult.at(out).rest = rest;
    return true;
  }
  if (!truncatedDivmod(a, b, out, true, true)) return false;
  const rest = divmodresult.at(out).rest;
  if (!Long.isZero(rest) && Long.sign(rest) != Long.sign(b)) {
    const r = _PyLong_Add(rest, b);
    const q = r == 0 ? 0 : _PyLong_Subtract(divmodresult.at(out).quotient, Long.small(1));
    Py.DECREF(rest);
    Py.DECREF(divmodresult.at(out).quotient);
    if (q == 0) {
      Py.XDECREF(r);
      return false;
    }
    divmodresult.at(out).quotient = q;
    divmodresult.at(out).rest = r;
  }
  return true;
}

/** a // b for ints: a new int. Null with ZeroDivisionError or MemoryError. */
export function _PyLong_FloorDiv(a: usize, b: usize): usize {
  if (Long.isCompact(a) && Long.isCompact(b)) {
    const y = Long.compactValue(b);
    if (y == 0) {
      divisionByZero();
      return 0;
    }
    const x = Long.compactValue(a);
    let q = x / y;
    if ((x ^ y) < 0 && q * y != x) q--;
    return PyLong_FromLong(q);
  }
  const out = Scratch.take(2);
  let r: usize = 0;
  if (floorDivmod(a, b, out)) {
    r = divmodresult.at(out).quotient;
    Py.DECREF(divmodresult.at(out).rest);
  }
  Scratch.give(out);
  return r;
}

/** a % b for ints: a new int. Null with ZeroDivisionError or MemoryError. */
export function _PyLong_Mod(a: usize, b: usize): usize {
  if (Long.isCompact(a) && Long.isCompact(b)) {
    const y = Long.compactValue(b);
    if (y == 0) return PyErr_SetString(PyExc_ZeroDivisionError, "integer modulo by zero");
    let r = Long.compactValue(a) % y;
    if (r != 0 && (r ^ y) < 0) r += y;
    return PyLong_FromLong(r);
  }
  if (Long.isZero(b)) return PyErr_SetString(PyExc_ZeroDivisionError, "integer modulo by zero");
  const out = Scratch.take(2);
  let r: usize = 0;
  if (truncatedDivmod(a, b, out, false, true)) {
    r = divmodresult.at(out).rest;
    if (!Long.isZero(r) && Long.sign(r) != Long.sign(b)) {
      const sum = _PyLong_Add(r, b);
      Py.DECREF(r);
      r = sum;
    }
  }
  Scratch.give(out);
  return r;
}

class Operands {
  @inline static bad(a: usize, b: usize): bool {
    return !Long.check(a) || !Long.check(b);
  }
}

export function long_add(a: usize, b: usize): usize {
  return Operands.bad(a, b) ? _Py_NotImplementedStruct : _PyLong_Add(a, b);
}

export function long_sub(a: usize, b: usize): usize {
  return Operands.bad(a, b) ? _Py_NotImplementedStruct : _PyLong_Subtract(a, b);
}

export function long_mul(a: usize, b: usize): usize {
  return Operands.bad(a, b) ? _Py_NotImplementedStruct : _PyLong_Multiply(a, b);
}

export function long_floordiv(a: usize, b: usize): usize {
  if (Operands.bad(a, b)) return _Py_NotImplementedStruct;
  if (Long.isZero(b)) return PyErr_SetString(PyExc_ZeroDivisionError, "integer division or modulo by zero");
  return _PyLong_FloorDiv(a, b);
}

export function long_mod(a: usize, b: usize): usize {
  return Operands.bad(a, b) ? _Py_NotImplementedStruct : _PyLong_Mod(a, b);
}

export function long_divmod(a: usize, b: usize): usize {
  if (Operands.bad(a, b)) return _Py_NotImplementedStruct;
  return divmodTuple(a, b);
}

function divmodTuple(a: usize, b: usize): usize {
  if (Long.isZero(b)) return PyErr_SetString(PyExc_ZeroDivisionError, "integer division or modulo by zero");
  const out = Scratch.take(2);
  let r: usize = 0;
  if (floorDivmod(a, b, out)) {
    r = PyTuple_New(2);
    if (r != 0) {
      Tuple.set(r, 0, divmodresult.at(out).quotient);
      Tuple.set(r, 1, divmodresult.at(out).rest);
    } else {
      Py.DECREF(divmodresult.at(out).quotient);
      Py.DECREF(divmodresult.at(out).rest);
    }
  }
  Scratch.give(out);
  return r;
}

/** a / b for ints, correctly rounded: a new float. */
export function long_truediv(a: usize, b: usize): usize {
  if (Operands.bad(a, b)) return _Py_NotImplementedStruct;
  if (Long.isZero(b)) return PyErr_SetString(PyExc_ZeroDivisionError, "division by zero");
  const negative = Long.isNegative(a) != Long.isNegative(b);
  if (Long.isZero(a)) return PyFloat_FromDouble(negative ? -0.0 : 0.0);
  // Both exact as floats: the machine's division rounds once.
  if (bitLength(a) <= 53 && bitLength(b) <= 53) return PyFloat_FromDouble(PyLong_AsDouble(a) / PyLong_AsDouble(b));
  // Scale so that the quotient has 55 to 56 bits, two or three more than a float's, then round by hand.
  const shift = bitLength(a) - bitLength(b) - 55;
  if (shift + 55 > 1025) return quotientOverflow();
  if (shift + 55 < -1080) return PyFloat_FromDouble(negative ? -0.0 : 0.0);
  const x = shift < 0 ? shiftLeft(a, -shift) : _PyLong_Copy(a);
  const y = x == 0 ? 0 : shift > 0 ? shiftLeft(b, shift) : Py.NewRef(b);
  if (y == 0) {
    Py.XDECREF(x);
    return 0;
  }
  const out = Scratch.take(2);
  const ok = truncatedDivmod(x, y, out, true, true);
  const q = divmodresult.at(out).quotient;
  const rest = divmodresult.at(out).rest;
  Scratch.give(out);
  Py.DECREF(x);
  Py.DECREF(y);
  if (!ok) return 0;
  let m = <u64>abs(longValue(q));
  const inexact = !Long.isZero(rest);
  Py.DECREF(q);
  Py.DECREF(rest);
  // The value is m * 2^shift, and a bit more where inexact. Bits to drop: to 53, or more below the least exponent.
  const length = 64 - <i64>clz(m);
  const drop = <u64>max<i64>(length - 53, -1074 - shift);
  const tail = m & (((<u64>1) << drop) - 1);
  const half = (<u64>1) << (drop - 1);
  m >>= drop;
  if (tail > half || (tail == half && (inexact || m & 1))) m++;
  const result = scale(<f64>m, shift + <i64>drop);
  if (result - result != 0) return quotientOverflow();
  return PyFloat_FromDouble(negative ? -result : result);
}

function quotientOverflow(): usize {
  return PyErr_SetString(PyExc_OverflowError, "integer division result too large for a float");
}

/** v * 2^e, exact where representable. */
export function scale(v: f64, e: i64): f64 {
  while (e > 1000) {
    v *= reinterpret<f64>((<u64>(1000 + 1023)) << 52);
    e -= 1000;
  }
  while (e < -1000) {
    // v has room below: it is at least 1 here, so no step but the last loses bits.
    v *= reinterpret<f64>((<u64>(-1000 + 1023)) << 52);
    e += 1000;
  }
  return v * reinterpret<f64>((<u64>(e + 1023)) << 52);
}

/** a << n: a new int. Null with MemoryError. */
export function shiftLeft(a: usize, n: i64): usize {
  if (Long.isZero(a)) return Long.small(0);
  const words = n / 30;
  if (words > 0x1ffffff0 - Long.ndigits(a)) return PyErr_NoMemory();
  const bits = <u32>(n % 30);
  const na = Long.ndigits(a);
  const r = _PyLong_New(na + <isize>words + (bits == 0 ? 0 : 1));
  if (r == 0) return 0;
  memory.fill(Long.digits(r), 0, (<usize>words) << 2);
  const to = Long.digits(r) + ((<usize>words) << 2);
  const carry = shiftLeftDigits(to, Long.digits(a), na, bits);
  if (bits != 0) store<u32>(to + ((<usize>na) << 2), carry);
  return longFinish(r, Long.sign(a));
}

/** -a: a new int. */
export function long_neg(a: usize): usize {
  if (Long.isCompact(a)) return PyLong_FromLong(-Long.compactValue(a));
  const r = _PyLong_Copy(a);
  if (r != 0) Long.setTag(r, Long.ndigits(r), -Long.sign(r));
  return r;
}

/** |a|: a new reference. */
export function long_abs(a: usize): usize {
  return Long.isNegative(a) ? long_neg(a) : long_long(a);
}

/** An int of exactly that type equal to `a`: `a` itself where it is one. */
export function long_long(a: usize): usize {
  return Py.IS_TYPE(a, PyLong_Type) ? Py.NewRef(a) : _PyLong_Copy(a);
}
