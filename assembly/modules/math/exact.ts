// What a rounded operation of floats loses, which is a float itself: the steps of sums and products that keep every bit
// (Ogita, Rump and Oishi, "Accurate sum and dot product", 2005), and the fused x * y + z, rounded once, which the
// machine does not have; and math.fma (CPython 3.13's Modules/mathmodule.c), which is the latter.

import { PyExc_OverflowError, PyExc_ValueError } from "../../generated/statics";
import { PyErr_SetString } from "../../objects/errors/raise";
import { PyFloat_FromDouble } from "../../objects/numbers/float/float";

/** Bits of a float's significand below its leading bit. */
const FRACTION: u64 = 0xfffffffffffff;
/** The exponent of the last bit of the smallest floats. */
const LOWEST = -1074;

/** What `sum`, which is a + b rounded, lacks. */
export function sumError(a: f64, b: f64, sum: f64): f64 {
  const part = sum - a;
  return a - (sum - part) + (b - part);
}

/** The same where a is not nearer to 0 than b. */
export function fastSumError(a: f64, b: f64, sum: f64): f64 {
  return a - sum + b;
}

/** What `product`, which is a * b rounded, lacks. */
export function productError(a: f64, b: f64, product: f64): f64 {
  return fusedMultiplyAdd(a, b, -product);
}

/** The significand of a finite number that is not 0, its leading bit at 2**52. */
function significand(x: f64): u64 {
  const bits = reinterpret<u64>(x);
  const fraction = bits & FRACTION;
  if ((bits >> 52) & 0x7ff) return fraction | (FRACTION + 1);
  const up = clz<u64>(fraction) - 11;
  return fraction << up;
}

/** The exponent that goes with it: the number is significand * 2**exponent. */
function exponent(x: f64): i32 {
  const bits = reinterpret<u64>(x);
  const e = <i32>((bits >> 52) & 0x7ff);
  return e ? e - 1075 : LOWEST + 11 - <i32>clz<u64>(bits & FRACTION);
}

/** x * y + z, rounded once, half to even. */
function fusedMultiplyAdd(x: f64, y: f64, z: f64): f64 {
  if (!isFinite(x) || !isFinite(y)) return x * y + z;
  if (!isFinite(z)) return z;
  if (x == 0 || y == 0) return x * y + z;
  if (z == 0) return x * y;

  // The product, of 105 or 106 bits, and z as whole numbers of 128 bits, neither above 2**126, with one exponent; the
  // last bit also stands for what has been shifted out of the smaller one.
  const mx = significand(x);
  const my = significand(y);
  const middle = (mx >> 32) * (my & 0xffffffff) + (((mx & 0xffffffff) * (my & 0xffffffff)) >> 32);
  const carry = (mx & 0xffffffff) * (my >> 32) + (middle & 0xffffffff);
  let low = mx * my;
  let high = (mx >> 32) * (my >> 32) + (middle >> 32) + (carry >> 32);
  high = (high << 20) | (low >> 44);
  low <<= 20;
  let e = exponent(x) + exponent(y) - 20;
  let zHigh: u64 = 0;
  let zLow = significand(z);
  const up = exponent(z) - e;
  if (up <= 0) {
    zLow = up == 0 ? zLow : shiftedRight(zLow, -up);
  } else if (up <= 73) {
    zHigh = up < 64 ? zLow >> (64 - up) : zLow << (up - 64);
    zLow = up < 64 ? zLow << up : 0;
  } else {
    zHigh = zLow << 9;
    zLow = 0;
    const down = up - 73;
    e += down;
    if (down >= 64) {
      const lost = low != 0;
      low = shiftedRight(high, down - 64) | u64(lost);
      high = 0;
    } else {
      const lost = low << (64 - down) != 0;
      low = (high << (64 - down)) | (low >> down) | u64(lost);
      high >>= down;
    }
  }

  let negative = x < 0 != y < 0;
  if (negative == z < 0) {
    low += zLow;
    high += zHigh + u64(low < zLow);
  } else {
    const borrow = low < zLow;
    low -= zLow;
    high -= zHigh + u64(borrow);
    if (<i64>high < 0) {
      negative = !negative;
      low = 0 - low;
      high = ~high + u64(low == 0);
    }
  }
  if (high == 0 && low == 0) return 0;
  const r = rounded(high, low, e);
  return negative ? -r : r;
}

/** v / 2**n for n > 0, whose last bit is set, too, where a bit was lost. */
function shiftedRight(v: u64, n: i32): u64 {
  if (n >= 64) return u64(v != 0);
  return (v >> n) | u64(v << (64 - n) != 0);
}

/** The float nearest to (high * 2**64 + low) * 2**e, which is not 0. */
function rounded(high: u64, low: u64, e: i32): f64 {
  // The leading bit to the top of 64 bits, the rest in the last of them.
  const zeros = <i32>(high ? clz<u64>(high) : 64 + clz<u64>(low));
  let m: u64;
  if (zeros >= 64) m = low << (zeros - 64);
  else {
    m = zeros == 0 ? high : (high << zeros) | (low >> (64 - zeros));
    m |= u64(low << zeros != 0);
  }
  e += 64 - zeros;
  const drop = max(11, LOWEST - e);
  if (drop > 64) return 0;
  const kept = drop == 64 ? 0 : m >> drop;
  const half: u64 = (<u64>1) << (drop - 1);
  const rest = m & (half | (half - 1));
  const whole = kept + u64(rest > half || (rest == half && kept & 1));
  // A carry out of the fraction adds 1 to the exponent, as it should.
  const biased = drop == 11 ? e + 11 + 1074 : 0;
  if (biased > 2045) return Infinity;
  return reinterpret<f64>(((<u64>biased) << 52) + whole);
}

/**
 * @native math.fma($module, x, y, z, /)
 *
 * x * y + z, rounded only once, at the end.
 */
export function math_fma(_m: usize, x: f64, y: f64, z: f64): usize {
  const r = fusedMultiplyAdd(x, y, z);
  if (isNaN(r)) {
    if (!isNaN(x) && !isNaN(y) && !isNaN(z)) return PyErr_SetString(PyExc_ValueError, "invalid operation in fma");
  } else if (!isFinite(r) && isFinite(x) && isFinite(y) && isFinite(z)) {
    return PyErr_SetString(PyExc_OverflowError, "overflow in fma");
  }
  return PyFloat_FromDouble(r);
}
