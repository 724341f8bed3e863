// The gamma function and its logarithm, for the module math (CPython 3.13's Modules/mathmodule.c, which has its own, as
// those of C libraries differ).
//
// Both are Lanczos' approximation with 13 terms and g = 6.024680040776729583740234375, its sum written as a quotient of
// two polynomials. For a negative x the reflection formula gamma(x) * gamma(-x) * x * sin(pi * x) = -pi leads to -x.

import { PyExc_OverflowError, PyExc_ValueError } from "../../generated/statics";
import { PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../../objects/numbers/float/float";

const g: f64 = 6.024680040776729583740234375;
const gMinusHalf: f64 = 5.524680040776729583740234375;
const logPi: f64 = 1.144729885849400174143427351353058711647;

const TERMS = 13;
/** The coefficients of the numerator, that of x**0 first. */
const numerator: usize = memory.data<f64>([
  23531376880.41076, 42919803642.6491, 35711959237.35567, 17921034426.03721, 6039542586.352028, 1439720407.3117216,
  248874557.86205417, 31426415.5854002, 2876370.6289353725, 186056.26539522348, 8071.672002365816, 210.82427775157935,
  2.5066282746310002,
]);
/** Those of the denominator, which is x * (x + 1) * ... * (x + 11). */
const denominator: usize = memory.data<f64>([
  0, 39916800, 120543840, 150917976, 105258076, 45995730, 13339535, 2637558, 357423, 32670, 1925, 66, 1,
]);

/** Lanczos' sum for a positive x. */
function lanczosSum(x: f64): f64 {
  let above: f64 = 0;
  let below: f64 = 0;
  if (x < 5) {
    for (let i = TERMS - 1; i >= 0; i--) {
      above = above * x + load<f64>(numerator + ((<usize>i) << 3));
      below = below * x + load<f64>(denominator + ((<usize>i) << 3));
    }
  } else {
    // Both divided by x**12, so that no great x overflows.
    for (let i = 0; i < TERMS; i++) {
      above = above / x + load<f64>(numerator + ((<usize>i) << 3));
      below = below / x + load<f64>(denominator + ((<usize>i) << 3));
    }
  }
  return above / below;
}

/** sin(pi * x) for a finite x, exact where x is near a whole number, too. */
function sinOfPi(x: f64): f64 {
  const y = abs(x) % 2;
  const eighth = <i32>floor<f64>(2 * y + 0.5);
  let r: f64;
  if (eighth == 0) r = NativeMath.sin(NativeMath.PI * y);
  else if (eighth == 1) r = NativeMath.cos(NativeMath.PI * (y - 0.5));
  else if (eighth == 2) r = NativeMath.sin(NativeMath.PI * (1 - y));
  else if (eighth == 3) r = -NativeMath.cos(NativeMath.PI * (y - 1.5));
  else r = NativeMath.sin(NativeMath.PI * (y - 2));
  return copysign<f64>(1, x) * r;
}

/** The gamma function: an infinity at ±0, not a number at the other poles. */
function gamma(x: f64): f64 {
  if (!isFinite(x)) return x == -Infinity ? NaN : x;
  if (x == 0) return copysign<f64>(Infinity, x);
  if (x == floor<f64>(x)) {
    if (x < 0) return NaN;
    if (x <= 23) {
      let r: f64 = 1;
      for (let i: f64 = 2; i < x; i++) r *= i;
      return r;
    }
  }
  const size = abs(x);
  if (size < 1e-20) return 1 / x;
  if (size > 200) return x < 0 ? 0 / sinOfPi(x) : Infinity;

  // What y lost by rounding, which the powers below would multiply.
  const y = size + gMinusHalf;
  const lost = size > gMinusHalf ? y - size - gMinusHalf : y - gMinusHalf - size;
  const correction = (lost * g) / y;
  // y ** (size - 0.5), as the square of its root where it might overflow.
  const whole = size < 140;
  const power = NativeMath.pow(y, whole ? size - 0.5 : size / 2 - 0.25);
  if (x < 0) {
    let r = ((-NativeMath.PI / sinOfPi(size) / size) * NativeMath.exp(y)) / lanczosSum(size);
    r -= correction * r;
    r /= power;
    return whole ? r : r / power;
  }
  let r = lanczosSum(size) / NativeMath.exp(y);
  r += correction * r;
  r *= power;
  return whole ? r : r * power;
}

/** The logarithm of the absolute value of gamma(x): infinite at the poles. */
function logGamma(x: f64): f64 {
  if (isNaN(x)) return x;
  if (abs(x) == Infinity) return Infinity;
  if (x == floor<f64>(x) && x <= 2) return x <= 0 ? Infinity : 0;
  const size = abs(x);
  if (size < 1e-20) return -NativeMath.log(size);
  let r = NativeMath.log(lanczosSum(size)) - g;
  r += (size - 0.5) * (NativeMath.log(size + g - 0.5) - 1);
  return x < 0 ? logPi - NativeMath.log(abs(sinOfPi(size))) - NativeMath.log(size) - r : r;
}

/**
 * @native math.gamma($module, x, /)
 *
 * The gamma function at x.
 */
export function math_gamma(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  if (x == -1 && PyErr_Occurred()) return 0;
  const r = gamma(x);
  if (isNaN(r) && !isNaN(x)) return PyErr_SetString(PyExc_ValueError, "math domain error");
  if (abs(r) == Infinity && isFinite(x)) return tooLarge(x == 0);
  return PyFloat_FromDouble(r);
}

/**
 * @native math.lgamma($module, x, /)
 *
 * The logarithm in base e of gamma's absolute value at x.
 */
export function math_lgamma(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  if (x == -1 && PyErr_Occurred()) return 0;
  const r = logGamma(x);
  if (abs(r) == Infinity && isFinite(x)) return tooLarge(x <= 0 && x == floor<f64>(x));
  return PyFloat_FromDouble(r);
}

/** The error for an infinite result: x is a pole, or the result is too large for a float. */
function tooLarge(isPole: bool): usize {
  return isPole
    ? PyErr_SetString(PyExc_ValueError, "math domain error")
    : PyErr_SetString(PyExc_OverflowError, "math range error");
}
