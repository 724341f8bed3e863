// Functions of complex numbers (CPython 3.13's Modules/cmathmodule.c): each replaces a complexvalue in scratch memory by its
// result and tells how that went; what infinities and NaN give is in special.ts.
//
// The formulas are those of W. Kahan, "Branch cuts for complex elementary functions", 1987; the branch cuts are continuous
// from the side that the sign of a zero says.

import { complexvalue, SIZEOF_complexvalue } from "../../generated/layouts";
import { Scratch } from "../../thread/scratch";
import { cosh, sinh, tanh } from "../math/elementary";
import {
  acoshSpecial,
  acosSpecial,
  asinhSpecial,
  atanhSpecial,
  coshSpecial,
  expSpecial,
  isSpecial,
  logSpecial,
  lookUp,
  sinhSpecial,
  sqrtSpecial,
  tanhSpecial,
} from "./special";

// How a function went.
export const FINE = 0;
export const DOMAIN = 1;
export const RANGE = 2;

const PI = NativeMath.PI;
const E = NativeMath.E;
const LN_2 = NativeMath.LN2;
const LN_10 = NativeMath.LN10;
/** A quarter of the largest float: sums of a few such parts do not overflow; its root and its logarithm. */
const LARGE: f64 = 4.49423283715579e307;
const ROOT_OF_LARGE: f64 = 6.703903964971298e153;
const LOG_OF_LARGE: f64 = 708.3964185322641;
const ROOT_OF_SMALLEST: f64 = 1.4916681462400413e-154;

export function set(z: complexvalue, real: f64, imag: f64): i32 {
  z.real = real;
  z.imag = imag;
  return FINE;
}

/** Of a finite result: whether it overflowed. */
function checked(z: complexvalue): i32 {
  return abs(z.real) == Infinity || abs(z.imag) == Infinity ? RANGE : FINE;
}

/** Multiplies z by i: f(z) = -i * g(i * z) turns a hyperbolic function into the trigonometric one. */
function turn(z: complexvalue): void {
  set(z, -z.imag, z.real);
}

function turnBack(z: complexvalue): void {
  set(z, z.imag, -z.real);
}

/** log(abs(z)) where abs(z) may overflow. */
function logOfLarge(z: complexvalue): f64 {
  return NativeMath.log(NativeMath.hypot(z.real / 2, z.imag / 2)) + LN_2 * 2;
}

function isLarge(z: complexvalue): bool {
  return abs(z.real) > LARGE || abs(z.imag) > LARGE;
}

/** The angle, with the values that C99 has for infinities. */
export function phaseOf(y: f64, x: f64): f64 {
  return isNaN(x) || isNaN(y) ? NaN : NativeMath.atan2(y, x);
}

export function c_sqrt(z: complexvalue): i32 {
  if (isSpecial(z)) {
    lookUp(sqrtSpecial, z);
    return FINE;
  }
  if (z.real == 0 && z.imag == 0) return set(z, 0, z.imag);
  let x = abs(z.real);
  const y = abs(z.imag);
  let root: f64;
  if (x < f64.MIN_NORMAL_VALUE && y < f64.MIN_NORMAL_VALUE) {
    // Scaled up by 2**53, and by its root, with one bit more, down.
    x = NativeMath.scalbn(x, 53);
    root = NativeMath.scalbn(sqrt<f64>(x + NativeMath.hypot(x, NativeMath.scalbn(y, 53))), -27);
  } else {
    x /= 8;
    root = 2 * sqrt<f64>(x + NativeMath.hypot(x, y / 8));
  }
  const other = y / (2 * root);
  return z.real >= 0 ? set(z, root, copysign<f64>(other, z.imag)) : set(z, other, copysign<f64>(root, z.imag));
}

/** Two numbers at once, whose roots acos, acosh and asinh take: slots to be given back. */
function roots(firstReal: f64, firstImag: f64, secondReal: f64, secondImag: f64): usize {
  const s = Scratch.take(4);
  const first = complexvalue.at(s);
  const second = complexvalue.at(s + SIZEOF_complexvalue);
  set(first, firstReal, firstImag);
  set(second, secondReal, secondImag);
  c_sqrt(first);
  c_sqrt(second);
  return s;
}

export function c_acos(z: complexvalue): i32 {
  if (isSpecial(z)) {
    lookUp(acosSpecial, z);
    return FINE;
  }
  const x = z.real;
  const y = z.imag;
  if (isLarge(z)) {
    const size = logOfLarge(z);
    return set(z, NativeMath.atan2(abs(y), x), x < 0 ? -copysign<f64>(size, y) : copysign<f64>(size, -y));
  }
  const s = roots(1 - x, -y, 1 + x, y);
  const a = complexvalue.at(s);
  const b = complexvalue.at(s + SIZEOF_complexvalue);
  Scratch.give(s);
  return set(z, 2 * NativeMath.atan2(a.real, b.real), NativeMath.asinh(b.real * a.imag - b.imag * a.real));
}

export function c_acosh(z: complexvalue): i32 {
  if (isSpecial(z)) {
    lookUp(acoshSpecial, z);
    return FINE;
  }
  const x = z.real;
  const y = z.imag;
  if (isLarge(z)) return set(z, logOfLarge(z), NativeMath.atan2(y, x));
  const s = roots(x - 1, y, x + 1, y);
  const a = complexvalue.at(s);
  const b = complexvalue.at(s + SIZEOF_complexvalue);
  Scratch.give(s);
  return set(z, NativeMath.asinh(a.real * b.real + a.imag * b.imag), 2 * NativeMath.atan2(a.imag, b.real));
}

export function c_asinh(z: complexvalue): i32 {
  if (isSpecial(z)) {
    lookUp(asinhSpecial, z);
    return FINE;
  }
  const x = z.real;
  const y = z.imag;
  if (isLarge(z)) {
    const size = logOfLarge(z);
    return set(z, y >= 0 ? copysign<f64>(size, x) : -copysign<f64>(size, -x), NativeMath.atan2(y, abs(x)));
  }
  const s = roots(1 + y, -x, 1 - y, x);
  const a = complexvalue.at(s);
  const b = complexvalue.at(s + SIZEOF_complexvalue);
  Scratch.give(s);
  return set(
    z,
    NativeMath.asinh(a.real * b.imag - b.real * a.imag),
    NativeMath.atan2(y, a.real * b.real - a.imag * b.imag),
  );
}

export function c_atanh(z: complexvalue): i32 {
  if (isSpecial(z)) {
    lookUp(atanhSpecial, z);
    return FINE;
  }
  if (z.real < 0) {
    set(z, -z.real, -z.imag);
    const status = c_atanh(z);
    set(z, -z.real, -z.imag);
    return status;
  }
  const x = z.real;
  const y = z.imag;
  const size = abs(y);
  if (x > ROOT_OF_LARGE || size > ROOT_OF_LARGE) {
    // 1 / z, and half a turn.
    const h = NativeMath.hypot(x / 2, y / 2);
    return set(z, x / 4 / h / h, -copysign<f64>(PI / 2, -y));
  }
  if (x == 1 && size < ROOT_OF_SMALLEST) {
    if (size == 0) {
      set(z, Infinity, y);
      return DOMAIN;
    }
    return set(
      z,
      -NativeMath.log(sqrt<f64>(size) / sqrt<f64>(NativeMath.hypot(size, 2))),
      copysign<f64>(NativeMath.atan2(2, -size) / 2, y),
    );
  }
  return set(
    z,
    NativeMath.log1p((4 * x) / ((1 - x) * (1 - x) + size * size)) / 4,
    -NativeMath.atan2(-2 * y, (1 - x) * (1 + x) - size * size) / 2,
  );
}

export function c_asin(z: complexvalue): i32 {
  turn(z);
  const status = c_asinh(z);
  turnBack(z);
  return status;
}

export function c_atan(z: complexvalue): i32 {
  turn(z);
  const status = c_atanh(z);
  turnBack(z);
  return status;
}

/** Of an infinite real part and a finite imaginary one that is not 0: the result is infinite, or 0, in a direction. */
function isDirection(z: complexvalue): bool {
  return abs(z.real) == Infinity && isFinite(z.imag) && z.imag != 0;
}

export function c_cosh(z: complexvalue): i32 {
  const x = z.real;
  const y = z.imag;
  const cosine = NativeMath.cos(y);
  const sine = NativeMath.sin(y);
  if (isSpecial(z)) {
    if (isDirection(z)) set(z, copysign<f64>(Infinity, cosine), copysign<f64>(Infinity, x > 0 ? sine : -sine));
    else lookUp(coshSpecial, z);
    return abs(y) == Infinity && !isNaN(x) ? DOMAIN : FINE;
  }
  if (abs(x) > LOG_OF_LARGE) {
    const less = x - copysign<f64>(1, x);
    set(z, cosine * cosh(less) * E, sine * sinh(less) * E);
  } else set(z, cosine * cosh(x), sine * sinh(x));
  return checked(z);
}

export function c_sinh(z: complexvalue): i32 {
  const x = z.real;
  const y = z.imag;
  const cosine = NativeMath.cos(y);
  const sine = NativeMath.sin(y);
  if (isSpecial(z)) {
    if (isDirection(z)) set(z, copysign<f64>(Infinity, x > 0 ? cosine : -cosine), copysign<f64>(Infinity, sine));
    else lookUp(sinhSpecial, z);
    return abs(y) == Infinity && !isNaN(x) ? DOMAIN : FINE;
  }
  if (abs(x) > LOG_OF_LARGE) {
    const less = x - copysign<f64>(1, x);
    set(z, cosine * sinh(less) * E, sine * cosh(less) * E);
  } else set(z, cosine * sinh(x), sine * cosh(x));
  return checked(z);
}

export function c_tanh(z: complexvalue): i32 {
  const x = z.real;
  const y = z.imag;
  if (isSpecial(z)) {
    if (isDirection(z)) {
      set(z, copysign<f64>(1, x), copysign<f64>(0, 2 * NativeMath.sin(y) * NativeMath.cos(y)));
    } else lookUp(tanhSpecial, z);
    return abs(y) == Infinity && isFinite(x) ? DOMAIN : FINE;
  }
  if (abs(x) > LOG_OF_LARGE) {
    return set(z, copysign<f64>(1, x), 4 * NativeMath.sin(y) * NativeMath.cos(y) * NativeMath.exp(-2 * abs(x)));
  }
  const tx = tanh(x);
  const ty = NativeMath.tan(y);
  const reciprocal = 1 / cosh(x);
  const product = tx * ty;
  const d = 1 + product * product;
  return set(z, (tx * (1 + ty * ty)) / d, (ty / d) * reciprocal * reciprocal);
}

export function c_cos(z: complexvalue): i32 {
  turn(z);
  return c_cosh(z);
}

export function c_sin(z: complexvalue): i32 {
  turn(z);
  const status = c_sinh(z);
  turnBack(z);
  return status;
}

export function c_tan(z: complexvalue): i32 {
  turn(z);
  const status = c_tanh(z);
  turnBack(z);
  return status;
}

export function c_exp(z: complexvalue): i32 {
  const x = z.real;
  const y = z.imag;
  const cosine = NativeMath.cos(y);
  const sine = NativeMath.sin(y);
  if (isSpecial(z)) {
    if (isDirection(z)) {
      const size: f64 = x > 0 ? Infinity : 0;
      set(z, copysign<f64>(size, cosine), copysign<f64>(size, sine));
    } else lookUp(expSpecial, z);
    return abs(y) == Infinity && (isFinite(x) || x == Infinity) ? DOMAIN : FINE;
  }
  if (x > LOG_OF_LARGE) {
    const size = NativeMath.exp(x - 1);
    set(z, size * cosine * E, size * sine * E);
  } else {
    const size = NativeMath.exp(x);
    set(z, size * cosine, size * sine);
  }
  return checked(z);
}

export function c_log(z: complexvalue): i32 {
  if (isSpecial(z)) {
    lookUp(logSpecial, z);
    return FINE;
  }
  const x = abs(z.real);
  const y = abs(z.imag);
  const phase = NativeMath.atan2(z.imag, z.real);
  if (x > LARGE || y > LARGE) return set(z, NativeMath.log(NativeMath.hypot(x / 2, y / 2)) + LN_2, phase);
  if (x < f64.MIN_NORMAL_VALUE && y < f64.MIN_NORMAL_VALUE) {
    if (x == 0 && y == 0) {
      set(z, -Infinity, phase);
      return DOMAIN;
    }
    const scaled = NativeMath.hypot(NativeMath.scalbn(x, 53), NativeMath.scalbn(y, 53));
    return set(z, NativeMath.log(scaled) - 53 * LN_2, phase);
  }
  const h = NativeMath.hypot(x, y);
  if (h < 0.71 || h > 1.73) return set(z, NativeMath.log(h), phase);
  // Near 1 the difference to 1 counts.
  const greater = max(x, y);
  const smaller = min(x, y);
  return set(z, NativeMath.log1p((greater - 1) * (greater + 1) + smaller * smaller) / 2, phase);
}

export function c_log10(z: complexvalue): i32 {
  const status = c_log(z);
  set(z, z.real / LN_10, z.imag / LN_10);
  return status;
}
