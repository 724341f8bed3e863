// The functions of math that compute with ints exactly (CPython 3.13's Modules/mathmodule.c): gcd, lcm, isqrt,
// factorial, comb, perm.

import { _Py_NoneStruct, PyExc_OverflowError, PyExc_ValueError } from "../../generated/statics";
import { ArgParser } from "../../objects/define/args";
import { PyErr_Format, PyErr_SetString } from "../../objects/errors/raise";
import { bitLength, Long, long_sign, MASK } from "../../objects/numbers/int/access";
import { shiftLeft } from "../../objects/numbers/int/arithmetic";
import { long_compare } from "../../objects/numbers/int/compare";
import {
  _PyLong_New,
  longFinish,
  longOverflow,
  longValue,
  PyLong_FromLongLong,
  PyLong_FromUnsignedLongLong,
} from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import {
  PyNumber_Absolute,
  PyNumber_Add,
  PyNumber_FloorDivide,
  PyNumber_Index,
  PyNumber_Multiply,
  PyNumber_Remainder,
  PyNumber_Rshift,
  PyNumber_Subtract,
} from "../../objects/protocol/number";
import { Interrupts } from "../../thread/interrupts";

/** `op(a, b)` where `a` is stolen; null passes through. */
function step(a: usize, b: usize, op: u32): usize {
  if (a == 0) return 0;
  const r = call_indirect<usize>(op, a, b);
  Py.DECREF(a);
  return r;
}

/** 30 bits at a digit's place of an int, 0 beyond its end. */
function digitOrZero(o: usize, i: isize): i64 {
  return i < Long.ndigits(o) ? <i64>Long.digit(o, i) : 0;
}

/** The 60 bits of `o` that stand where the 60 highest of an int of `n` digits do, of which `bits` are in the first digit. */
function leadingBits(o: usize, n: isize, bits: i32): i64 {
  return (
    (digitOrZero(o, n - 1) << (60 - bits)) | (digitOrZero(o, n - 2) << (30 - bits)) | (digitOrZero(o, n - 3) >> bits)
  );
}

/** a·x - b·y, which is not negative and has not more digits than x; a new reference or null. */
function combine(a: i64, x: usize, b: i64, y: usize): usize {
  const n = Long.ndigits(x);
  const r = _PyLong_New(n);
  if (r == 0) return 0;
  let carry: i64 = 0;
  for (let i: isize = 0; i < n; i++) {
    carry += a * <i64>Long.digit(x, i) - b * digitOrZero(y, i);
    Long.setDigit(r, i, <u32>carry & MASK);
    carry >>= 30;
  }
  return longFinish(r, 1);
}

/** Digits from which on a round of gcd's takes long enough to ask for interrupts. */
const LONG_ROUND: isize = 64;

/**
 * The greatest common divisor of two ints; a new reference. Lehmer's algorithm: the steps of Euclid's that the leading 60
 * bits decide are done together on all digits.
 */
export function gcdOf(a: usize, b: usize): usize {
  let x = PyNumber_Absolute(a);
  let y = x == 0 ? 0 : PyNumber_Absolute(b);
  if (y != 0 && long_compare(x, y) < 0) {
    const larger = y;
    y = x;
    x = larger;
  }
  while (x != 0 && y != 0 && !Long.isZero(y)) {
    if (Long.isShort(x)) {
      let m = Long.shortValue(x);
      let n = Long.shortValue(y);
      while (n != 0) {
        const r = m % n;
        m = n;
        n = r;
      }
      Py.DECREF(x);
      Py.DECREF(y);
      return PyLong_FromLongLong(m);
    }
    const digits = Long.ndigits(x);
    if (digits > LONG_ROUND && Interrupts.raised()) break;
    const bits = 32 - <i32>clz<u32>(Long.digit(x, digits - 1));
    let u = leadingBits(x, digits, bits);
    let v = leadingBits(y, digits, bits);
    // What the steps so far make of x and y: xx·x - xy·y and yy·y - yx·x, or after an odd count xx·y - xy·x and
    // yy·x - yx·y.
    let xx: i64 = 1;
    let xy: i64 = 0;
    let yx: i64 = 0;
    let yy: i64 = 1;
    let steps = 0;
    while (v != yx) {
      const q = (u + xx - 1) / (v - yx);
      const rest = u - q * v;
      const times = xy + q * yy;
      // The bits that are left out could make the quotient another one.
      if (times > rest) break;
      const own = xx + q * yx;
      u = v;
      v = rest;
      xx = yy;
      xy = yx;
      yx = times;
      yy = own;
      steps++;
    }
    let nextX: usize;
    let nextY: usize;
    if (steps == 0) {
      nextX = Py.NewRef(y);
      nextY = PyNumber_Remainder(x, y);
    } else if (steps & 1) {
      nextX = combine(-xy, x, -xx, y);
      nextY = combine(yy, x, yx, y);
    } else {
      nextX = combine(xx, x, xy, y);
      nextY = combine(-yx, x, -yy, y);
    }
    Py.DECREF(x);
    Py.DECREF(y);
    x = nextX;
    y = nextY;
  }
  if (x == 0 || y == 0 || !Long.isZero(y)) {
    Py.XDECREF(x);
    Py.XDECREF(y);
    return 0;
  }
  Py.DECREF(y);
  return x;
}

function lcmOf(a: usize, b: usize): usize {
  if (Long.isZero(a) || Long.isZero(b)) return PyLong_FromLongLong(0);
  const g = gcdOf(a, b);
  if (g == 0) return 0;
  const quotient = PyNumber_FloorDivide(a, g);
  Py.DECREF(g);
  const product = step(quotient, b, PyNumber_Multiply.index);
  if (product == 0) return 0;
  const r = PyNumber_Absolute(product);
  Py.DECREF(product);
  return r;
}

/** Folds the arguments, each an index, by gcd or lcm; none gives `empty`. */
function fold(argv: usize, nargs: isize, empty: i64, lcm: bool): usize {
  let r = PyLong_FromLongLong(empty);
  for (let i: isize = 0; i < nargs && r != 0; i++) {
    const x = PyNumber_Index(Py.item(argv, i));
    const next = x == 0 ? 0 : lcm ? lcmOf(r, x) : gcdOf(r, x);
    Py.DECREF(r);
    Py.XDECREF(x);
    r = next;
  }
  return r;
}

/**
 * @native math.gcd($module, *integers)
 *
 * The greatest number dividing all.
 */
export function math_gcd(_m: usize, argv: usize, nargs: isize): usize {
  return fold(argv, nargs, 0, false);
}

/**
 * @native math.lcm($module, *integers)
 *
 * The least multiple.
 */
export function math_lcm(_m: usize, argv: usize, nargs: isize): usize {
  return fold(argv, nargs, 1, true);
}

/** The root of a 64-bit number, rounded down. */
function root64(n: u64): u64 {
  let r = <u64>sqrt<f64>(<f64>n);
  if (r > 0xffffffff) r = 0xffffffff;
  while (r * r > n) r--;
  while (r < 0xffffffff && (r + 1) * (r + 1) <= n) r++;
  return r;
}

/** The root of an int that does not fit into 64 bits: Newton's steps down from a power of two above it. */
function rootLarge(n: usize): usize {
  const one = PyLong_FromLongLong(1);
  let a = one == 0 ? 0 : shiftLeft(one, (bitLength(n) + 1) >> 1);
  while (a != 0) {
    const quotient = PyNumber_FloorDivide(n, a);
    const sum = step(quotient, a, PyNumber_Add.index);
    const next = step(sum, one, PyNumber_Rshift.index);
    if (next == 0 || long_compare(next, a) >= 0) {
      Py.DECREF(one);
      if (next != 0) {
        Py.DECREF(next);
        return a;
      }
      Py.DECREF(a);
      return 0;
    }
    Py.DECREF(a);
    a = next;
  }
  Py.XDECREF(one);
  return 0;
}

/**
 * @native math.isqrt($module, n, /)
 *
 * The whole number whose square is the last that is not above n.
 */
export function math_isqrt(_m: usize, v: usize): usize {
  const n = PyNumber_Index(v);
  if (n == 0) return 0;
  let r: usize = 0;
  if (Long.isNegative(n)) PyErr_SetString(PyExc_ValueError, "isqrt() argument must be nonnegative");
  else r = longOverflow(n) == 0 ? PyLong_FromUnsignedLongLong(root64(<u64>longValue(n))) : rootLarge(n);
  Py.DECREF(n);
  return r;
}

/** The product of the ints from `low` to `high`, halving the range, so that factors stay alike in size. */
function rangeProduct(low: i64, high: i64): usize {
  if (low > high) return PyLong_FromLongLong(1);
  if (high - low < 8) {
    let r = PyLong_FromLongLong(low);
    for (let i = low + 1; i <= high && r != 0; i++) {
      const x = PyLong_FromLongLong(i);
      r = x == 0 ? 0 : step(r, x, PyNumber_Multiply.index);
      Py.XDECREF(x);
    }
    return r;
  }
  const middle = low + (high - low) / 2;
  const a = rangeProduct(low, middle);
  const b = a == 0 ? 0 : rangeProduct(middle + 1, high);
  const r = b == 0 ? 0 : PyNumber_Multiply(a, b);
  Py.XDECREF(a);
  Py.XDECREF(b);
  return r;
}

/**
 * @native math.factorial($module, n, /)
 *
 * The product of all whole numbers from 1 to n, or 1 for 0.
 */
export function math_factorial(_m: usize, v: usize): usize {
  const n = PyNumber_Index(v);
  if (n == 0) return 0;
  let r: usize = 0;
  if (Long.isNegative(n)) PyErr_SetString(PyExc_ValueError, "factorial() not defined for negative values");
  else if (longOverflow(n) != 0) {
    PyErr_Format(PyExc_OverflowError, "factorial() argument should not exceed %d", i64.MAX_VALUE);
  } else r = rangeProduct(1, longValue(n));
  Py.DECREF(n);
  return r;
}

/** n * (n - 1) * … of k factors, for any size of n. */
function fallingProduct(n: usize, k: i64): usize {
  let r = PyLong_FromLongLong(1);
  for (let i: i64 = 0; i < k && r != 0; i++) {
    const less = PyLong_FromLongLong(i);
    const factor = less == 0 ? 0 : PyNumber_Subtract(n, less);
    Py.XDECREF(less);
    const next = factor == 0 ? 0 : PyNumber_Multiply(r, factor);
    Py.XDECREF(factor);
    Py.DECREF(r);
    r = next;
  }
  return r;
}

/** comb and perm: -1 in the result's place never occurs, both are counts. */
function choose(argv: usize, nargs: isize, comb: bool): usize {
  if (!ArgParser.count(comb ? "comb" : "perm", nargs, comb ? 2 : 1, 2)) return 0;
  if (nargs == 1 || (!comb && Py.item(argv, 1) == _Py_NoneStruct)) return math_factorial(0, Py.item(argv, 0));
  const n = PyNumber_Index(Py.item(argv, 0));
  const k = n == 0 ? 0 : PyNumber_Index(Py.item(argv, 1));
  let r: usize = 0;
  if (k != 0) r = chooseInts(n, k, comb);
  Py.XDECREF(n);
  Py.XDECREF(k);
  return r;
}

function chooseInts(n: usize, k: usize, comb: bool): usize {
  if (long_sign(n) < 0) return PyErr_SetString(PyExc_ValueError, "n must be a non-negative integer");
  if (long_sign(k) < 0) return PyErr_SetString(PyExc_ValueError, "k must be a non-negative integer");
  if (long_compare(k, n) > 0) return PyLong_FromLongLong(0);
  if (!comb) {
    if (longOverflow(k) == 0) return fallingProduct(n, longValue(k));
    return PyErr_Format(PyExc_OverflowError, "k must not exceed %d", i64.MAX_VALUE);
  }
  const other = PyNumber_Subtract(n, k);
  if (other == 0) return 0;
  const fewer = long_compare(other, k) < 0 ? other : k;
  let r: usize = 0;
  if (longOverflow(fewer) != 0) {
    PyErr_Format(PyExc_OverflowError, "min(n - k, k) must not exceed %d", i64.MAX_VALUE);
  } else {
    const count = longValue(fewer);
    const divisor = rangeProduct(1, count);
    r = divisor == 0 ? 0 : step(fallingProduct(n, count), divisor, PyNumber_FloorDivide.index);
    Py.XDECREF(divisor);
  }
  Py.DECREF(other);
  return r;
}

/**
 * @native math.comb($module, n, k, /)
 *
 * How many ways there are to choose k of n things, their order being of no account.
 *
 * n! / (k! * (n - k)!) where k is not above n, and 0 where it is: more than there are cannot be chosen.
 *
 * They are called binomial coefficients, too, as they stand in the expansion of (1 + x)**n before x**k.
 *
 * Whole numbers, neither of which may be negative (ValueError). The result is exact, as great as it may be, and takes the time that this takes.
 */
export function math_comb(_m: usize, argv: usize, nargs: isize): usize {
  return choose(argv, nargs, true);
}

/**
 * @native math.perm($module, n, k=None, /)
 *
 * How many ways there are to put k of n things in a row.
 *
 * n! / (n - k)! where k is not above n, and 0 where it is: more than there are cannot be put in it.
 *
 * Without k it is all of them, n!.
 *
 * Whole numbers, neither of which may be negative (ValueError). The result is exact, as great as it may be, and is computed without n!, which may be greater by far than the result.
 */
export function math_perm(_m: usize, argv: usize, nargs: isize): usize {
  return choose(argv, nargs, false);
}
