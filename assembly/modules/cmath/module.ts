// The module cmath (CPython 3.13's Modules/cmathmodule.c): functions of complex numbers. Each replaces a complexvalue in
// scratch memory by its result and tells how that went; what infinities and NaN give is in special.ts.
//
// The formulas are those of W. Kahan, "Branch cuts for complex elementary functions", 1987; the branch cuts are continuous
// from the side that the sign of a zero says.

import { complexvalue, SIZEOF_complexvalue } from "../../generated/layouts";
import { _Py_FalseStruct, _Py_TrueStruct, PyExc_OverflowError, PyExc_ValueError } from "../../generated/statics";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { parseArguments } from "../../objects/define/args";
import { PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { boolObject } from "../../objects/numbers/bool";
import { complexQuotient, PyComplex_AsCComplex, PyComplex_FromDoubles } from "../../objects/numbers/complex";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { Py } from "../../objects/object/head";
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
  rectSpecial,
  sinhSpecial,
  sqrtSpecial,
  tanhSpecial,
} from "./special";

// How a function went.
const FINE = 0;
const DOMAIN = 1;
const RANGE = 2;

const PI = NativeMath.PI;
const E = NativeMath.E;
const LN_2 = NativeMath.LN2;
const LN_10 = NativeMath.LN10;
/** A quarter of the largest float: sums of a few such parts do not overflow; its root and its logarithm. */
const LARGE: f64 = 4.49423283715579e307;
const ROOT_OF_LARGE: f64 = 6.703903964971298e153;
const LOG_OF_LARGE: f64 = 708.3964185322641;
const ROOT_OF_SMALLEST: f64 = 1.4916681462400413e-154;

function error(status: i32): usize {
  return status == DOMAIN
    ? PyErr_SetString(PyExc_ValueError, "math domain error")
    : PyErr_SetString(PyExc_OverflowError, "math range error");
}

/** What the function `fn` makes of a number. */
function apply(o: usize, fn: u32): usize {
  const s = Scratch.take(2);
  const z = complexvalue.at(s);
  const read = PyComplex_AsCComplex(o, s);
  const status = read ? call_indirect<i32>(fn, z) : FINE;
  const real = z.real;
  const imag = z.imag;
  Scratch.give(s);
  if (!read) return 0;
  return status == FINE ? PyComplex_FromDoubles(real, imag) : error(status);
}

function set(z: complexvalue, real: f64, imag: f64): i32 {
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
function phaseOf(y: f64, x: f64): f64 {
  return isNaN(x) || isNaN(y) ? NaN : NativeMath.atan2(y, x);
}

function c_sqrt(z: complexvalue): i32 {
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

function c_acos(z: complexvalue): i32 {
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

function c_acosh(z: complexvalue): i32 {
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

function c_asinh(z: complexvalue): i32 {
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

function c_atanh(z: complexvalue): i32 {
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

function c_asin(z: complexvalue): i32 {
  turn(z);
  const status = c_asinh(z);
  turnBack(z);
  return status;
}

function c_atan(z: complexvalue): i32 {
  turn(z);
  const status = c_atanh(z);
  turnBack(z);
  return status;
}

/** Of an infinite real part and a finite imaginary one that is not 0: the result is infinite, or 0, in a direction. */
function isDirection(z: complexvalue): bool {
  return abs(z.real) == Infinity && isFinite(z.imag) && z.imag != 0;
}

function c_cosh(z: complexvalue): i32 {
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

function c_sinh(z: complexvalue): i32 {
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

function c_tanh(z: complexvalue): i32 {
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

function c_cos(z: complexvalue): i32 {
  turn(z);
  return c_cosh(z);
}

function c_sin(z: complexvalue): i32 {
  turn(z);
  const status = c_sinh(z);
  turnBack(z);
  return status;
}

function c_tan(z: complexvalue): i32 {
  turn(z);
  const status = c_tanh(z);
  turnBack(z);
  return status;
}

function c_exp(z: complexvalue): i32 {
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

function c_log(z: complexvalue): i32 {
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

function c_log10(z: complexvalue): i32 {
  const status = c_log(z);
  set(z, z.real / LN_10, z.imag / LN_10);
  return status;
}

/**
 * @native cmath.acos($module, z, /)
 *
 * The arc cosine of z.
 */
export function cmath_acos(_m: usize, z: usize): usize {
  return apply(z, c_acos.index);
}

/**
 * @native cmath.acosh($module, z, /)
 *
 * The inverse hyperbolic cosine of z.
 */
export function cmath_acosh(_m: usize, z: usize): usize {
  return apply(z, c_acosh.index);
}

/**
 * @native cmath.asin($module, z, /)
 *
 * The arc sine of z, too.
 */
export function cmath_asin(_m: usize, z: usize): usize {
  return apply(z, c_asin.index);
}

/**
 * @native cmath.asinh($module, z, /)
 *
 * The inverse hyperbolic sine of any z.
 */
export function cmath_asinh(_m: usize, z: usize): usize {
  return apply(z, c_asinh.index);
}

/**
 * @native cmath.atan($module, z, /)
 *
 * The arc tangent of z.
 */
export function cmath_atan(_m: usize, z: usize): usize {
  return apply(z, c_atan.index);
}

/**
 * @native cmath.atanh($module, z, /)
 *
 * The inverse hyperbolic tangent of z.
 */
export function cmath_atanh(_m: usize, z: usize): usize {
  return apply(z, c_atanh.index);
}

/**
 * @native cmath.cos($module, z, /)
 *
 * The cosine of z.
 */
export function cmath_cos(_m: usize, z: usize): usize {
  return apply(z, c_cos.index);
}

/**
 * @native cmath.cosh($module, z, /)
 *
 * The hyperbolic cosine of z.
 */
export function cmath_cosh(_m: usize, z: usize): usize {
  return apply(z, c_cosh.index);
}

/**
 * @native cmath.exp($module, z, /)
 *
 * The power e**z, for a complex z.
 */
export function cmath_exp(_m: usize, z: usize): usize {
  return apply(z, c_exp.index);
}

/**
 * @native cmath.log10($module, z, /)
 *
 * The logarithm of z, base 10.
 */
export function cmath_log10(_m: usize, z: usize): usize {
  return apply(z, c_log10.index);
}

/**
 * @native cmath.sin($module, z, /)
 *
 * The sine of z.
 */
export function cmath_sin(_m: usize, z: usize): usize {
  return apply(z, c_sin.index);
}

/**
 * @native cmath.sinh($module, z, /)
 *
 * The hyperbolic sine of z.
 */
export function cmath_sinh(_m: usize, z: usize): usize {
  return apply(z, c_sinh.index);
}

/**
 * @native cmath.sqrt($module, z, /)
 *
 * The square root of any z.
 */
export function cmath_sqrt(_m: usize, z: usize): usize {
  return apply(z, c_sqrt.index);
}

/**
 * @native cmath.tan($module, z, /)
 *
 * The tangent of any z.
 */
export function cmath_tan(_m: usize, z: usize): usize {
  return apply(z, c_tan.index);
}

/**
 * @native cmath.tanh($module, z, /)
 *
 * The hyperbolic tangent of z.
 */
export function cmath_tanh(_m: usize, z: usize): usize {
  return apply(z, c_tanh.index);
}

/**
 * @native cmath.log($module, z, base=<unrepresentable>, /)
 *
 * The power that the base has to be raised to, to give z.
 *
 * Without a base it is e; a base may be any complex number.
 */
export function cmath_log(_m: usize, z: usize, base: usize): usize {
  const s = Scratch.take(4);
  const a = complexvalue.at(s);
  const b = complexvalue.at(s + SIZEOF_complexvalue);
  let read = PyComplex_AsCComplex(z, s);
  let status = read ? c_log(a) : FINE;
  if (read && base != 0) {
    read = PyComplex_AsCComplex(base, s + SIZEOF_complexvalue);
    if (read) {
      // As in CPython the logarithm of the base decides alone whether there is an error.
      status = c_log(b);
      if (!complexQuotient(a.real, a.imag, b.real, b.imag, s)) {
        set(a, 0, 0);
        status = DOMAIN;
      }
    }
  }
  const real = a.real;
  const imag = a.imag;
  Scratch.give(s);
  if (!read) return 0;
  return status == FINE ? PyComplex_FromDoubles(real, imag) : error(status);
}

/**
 * @native cmath.phase($module, z, /)
 *
 * The angle of z, also called its argument.
 */
export function cmath_phase(_m: usize, o: usize): usize {
  const s = Scratch.take(2);
  const read = PyComplex_AsCComplex(o, s);
  const z = complexvalue.at(s);
  Scratch.give(s);
  if (!read) return 0;
  const phase = phaseOf(z.imag, z.real);
  // An angle that is too small for a float is an error here, as C libraries say that it is.
  return phase == 0 && z.imag != 0 && isFinite(z.real) ? error(RANGE) : PyFloat_FromDouble(phase);
}

/** The absolute value; infinite where a part is, whatever the other. */
function sizeOf(x: f64, y: f64): f64 {
  if (abs(x) == Infinity || abs(y) == Infinity) return Infinity;
  return isNaN(x) || isNaN(y) ? NaN : NativeMath.hypot(x, y);
}

/**
 * @native cmath.polar($module, z, /)
 *
 * The distance of z from 0 and its angle, in a tuple.
 *
 * These two are its polar coordinates; rect() is the way back.
 */
export function cmath_polar(_m: usize, o: usize): usize {
  const s = Scratch.take(2);
  const read = PyComplex_AsCComplex(o, s);
  const x = complexvalue.at(s).real;
  const y = complexvalue.at(s).imag;
  Scratch.give(s);
  if (!read) return 0;
  const size = sizeOf(x, y);
  if (size == Infinity && isFinite(x) && isFinite(y)) return error(RANGE);
  const distance = PyFloat_FromDouble(size);
  const phase = distance == 0 ? 0 : PyFloat_FromDouble(phaseOf(y, x));
  const r = phase == 0 ? 0 : PyTuple_Pack2(distance, phase);
  Py.XDECREF(distance);
  Py.XDECREF(phase);
  return r;
}

/**
 * @native cmath.rect($module, r, phi, /)
 *
 * The number at distance r from 0, at angle phi.
 */
export function cmath_rect(_m: usize, r: f64, phi: f64): usize {
  if (isFinite(r) && isFinite(phi)) {
    // An angle of 0 keeps its sign.
    if (phi == 0) return PyComplex_FromDoubles(r, r * phi);
    return PyComplex_FromDoubles(r * NativeMath.cos(phi), r * NativeMath.sin(phi));
  }
  if (r != 0 && !isNaN(r) && abs(phi) == Infinity) return error(DOMAIN);
  if (abs(r) == Infinity && isFinite(phi) && phi != 0) {
    return PyComplex_FromDoubles(
      copysign<f64>(Infinity, r) * copysign<f64>(1, NativeMath.cos(phi)),
      copysign<f64>(Infinity, r) * copysign<f64>(1, NativeMath.sin(phi)),
    );
  }
  const s = Scratch.take(2);
  const z = complexvalue.at(s);
  set(z, r, phi);
  lookUp(rectSpecial, z);
  Scratch.give(s);
  return PyComplex_FromDoubles(z.real, z.imag);
}

/**
 * @native cmath.isfinite($module, z, /)
 *
 * Whether z is an ordinary number: no part of it is infinite, and none is a NaN.
 */
export function cmath_isfinite(_m: usize, o: usize): usize {
  const s = Scratch.take(2);
  const read = PyComplex_AsCComplex(o, s);
  Scratch.give(s);
  return read ? boolObject(!isSpecial(complexvalue.at(s))) : 0;
}

/**
 * @native cmath.isinf($module, z, /)
 *
 * Whether one of the parts of z is infinite.
 */
export function cmath_isinf(_m: usize, o: usize): usize {
  const s = Scratch.take(2);
  const read = PyComplex_AsCComplex(o, s);
  const z = complexvalue.at(s);
  Scratch.give(s);
  return read ? boolObject(abs(z.real) == Infinity || abs(z.imag) == Infinity) : 0;
}

/**
 * @native cmath.isnan($module, z, /)
 *
 * Whether one of the parts of z is a NaN, infinite or not.
 */
export function cmath_isnan(_m: usize, o: usize): usize {
  const s = Scratch.take(2);
  const read = PyComplex_AsCComplex(o, s);
  const z = complexvalue.at(s);
  Scratch.give(s);
  return read ? boolObject(isNaN(z.real) || isNaN(z.imag)) : 0;
}

/**
 * @native cmath.isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)
 *
 * Whether two complex numbers are nearly equal.
 *
 *   rel_tol
 *     How far they may be apart, as a part of the distance from 0 of the one that is further from it.
 *   abs_tol
 *     How far they may be apart in any case, which matters near 0.
 *
 * One of both is enough: abs(a - b) <= max(rel_tol * max(abs(a), abs(b)), abs_tol).
 *
 * No tolerance may be negative. An infinity is near to itself only, and a NaN is near to nothing, not even to itself.
 */
export function cmath_isclose(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const given = Scratch.take(8);
  const ok = parseArguments("isclose", "a b rel_tol abs_tol", argv, nargs, kwnames, given, 2, 2);
  const s = given + 32;
  const read =
    ok &&
    PyComplex_AsCComplex(Py.item(given, 0), s) &&
    PyComplex_AsCComplex(Py.item(given, 1), s + SIZEOF_complexvalue);
  const relative = Py.item(given, 2);
  const absolute = Py.item(given, 3);
  const ax = complexvalue.at(s).real;
  const ay = complexvalue.at(s).imag;
  const bx = complexvalue.at(s + SIZEOF_complexvalue).real;
  const by = complexvalue.at(s + SIZEOF_complexvalue).imag;
  Scratch.give(given);
  if (!read) return 0;
  const rel = relative == 0 ? 1e-9 : PyFloat_AsDouble(relative);
  if (rel == -1 && PyErr_Occurred()) return 0;
  const least = absolute == 0 ? 0 : PyFloat_AsDouble(absolute);
  if (least == -1 && PyErr_Occurred()) return 0;
  if (rel < 0 || least < 0) return PyErr_SetString(PyExc_ValueError, "tolerances must be non-negative");
  if (ax == bx && ay == by) return _Py_TrueStruct;
  if (abs(ax) == Infinity || abs(ay) == Infinity || abs(bx) == Infinity || abs(by) == Infinity) return _Py_FalseStruct;
  const d = sizeOf(ax - bx, ay - by);
  return boolObject(d <= rel * sizeOf(bx, by) || d <= rel * sizeOf(ax, ay) || d <= least);
}

function addFloat(m: usize, name: string, v: f64): bool {
  return PyModule_AddObjectLiteral(m, name, PyFloat_FromDouble(v)) == 0;
}

function addComplex(m: usize, name: string, imag: f64): bool {
  return PyModule_AddObjectLiteral(m, name, PyComplex_FromDoubles(0, imag)) == 0;
}

/**
 * @module cmath
 * @order acos acosh asin asinh atan atanh cos cosh exp isclose isfinite isinf isnan log log10 phase polar rect sin sinh
 * @order sqrt tan tanh
 *
 * The functions of math for complex numbers: what they give is complex, too.
 */
export function initCmath(m: usize): i32 {
  return addFloat(m, "pi", PI) &&
    addFloat(m, "e", E) &&
    addFloat(m, "tau", 2 * PI) &&
    addFloat(m, "inf", Infinity) &&
    addComplex(m, "infj", Infinity) &&
    addFloat(m, "nan", NaN) &&
    addComplex(m, "nanj", NaN)
    ? 0
    : -1;
}
