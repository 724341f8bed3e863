// erf and erfc, for the module math (CPython 3.13's Modules/mathmodule.c, which calls the C library's). The method and its
// coefficients are FreeBSD's (s_erf.c), as in most C libraries: quotients of polynomials, one for each of five ranges,
// and for the tails exp(-x * x) / x times such a quotient.

import { PyErr_Occurred } from "../../objects/errors/raise";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../../objects/numbers/float/float";

/** erf(1), rounded to 24 bits. */
const erfOfOne: f64 = 0.8450629115104675;
/** 2 / sqrt(pi) - 1. */
const slope: f64 = 0.1283791670955126;

// Coefficients, that of the lowest power first. Up to 0.84375: erf(x) = x + x * near(x * x).
const nearAbove: usize = memory.data<f64>([
  1.28379167095512558561e-1, -3.2504210724700149937e-1, -2.84817495755985104766e-2, -5.77027029648944159157e-3,
  -2.37630166566501626084e-5,
]);
const nearBelow: usize = memory.data<f64>([
  1, 3.97917223959155352819e-1, 6.50222499887672944485e-2, 5.08130628187576562776e-3, 1.32494738004321644526e-4,
  -3.9602282787753681232e-6,
]);
// Up to 1.25: erf(x) = erfOfOne + middle(x - 1).
const middleAbove: usize = memory.data<f64>([
  -2.36211856075265944077e-3, 4.14856118683748331666e-1, -3.72207876035701323847e-1, 3.18346619901161753674e-1,
  -1.10894694282396677476e-1, 3.54783043256182359371e-2, -2.166375594868790843e-3,
]);
const middleBelow: usize = memory.data<f64>([
  1, 1.06420880400844228286e-1, 5.40397917702171048937e-1, 7.18286544141962662868e-2, 1.26171219808761642112e-1,
  1.36370839120290507362e-2, 1.1984499846799107417e-2,
]);
// Up to 1 / 0.35: erfc(x) = exp(-x * x - 0.5625 + tail(1 / (x * x))) / x.
const tailAbove: usize = memory.data<f64>([
  -9.86494403484714822705e-3, -6.93858572707181764372e-1, -1.05586262253232909814e1, -6.23753324503260060396e1,
  -1.62396669462573470355e2, -1.84605092906711035994e2, -8.12874355063065934246e1, -9.81432934416914548592,
]);
const tailBelow: usize = memory.data<f64>([
  1, 1.96512716674392571292e1, 1.376577541435190426e2, 4.34565877475229228821e2, 6.45387271733267880336e2,
  4.29008140027567833386e2, 1.08635005541779435134e2, 6.57024977031928170135, -6.04244152148580987438e-2,
]);
// Up to 28: the same.
const farAbove: usize = memory.data<f64>([
  -9.86494292470009928597e-3, -7.99283237680523006574e-1, -1.77579549177547519889e1, -1.60636384855821916062e2,
  -6.37566443368389627722e2, -1.02509513161107724954e3, -4.83519191608651397019e2,
]);
const farBelow: usize = memory.data<f64>([
  1, 3.03380607434824582924e1, 3.25792512996573918826e2, 1.53672958608443695994e3, 3.19985821950859553908e3,
  2.55305040643316442583e3, 4.74528541206955367215e2, -2.24409524465858183362e1,
]);

/** The polynomial of `count` coefficients at `p`, added up in pairs of them. */
function polynomial(p: usize, count: i32, x: f64): f64 {
  const square = x * x;
  let power: f64 = 1;
  let r: f64 = 0;
  for (let i = 0; i < count; i += 2) {
    let pair = load<f64>(p);
    if (i + 1 < count) pair += x * load<f64>(p + 8);
    r = i == 0 ? pair : r + power * pair;
    power *= square;
    p += 16;
  }
  return r;
}

function near(x: f64): f64 {
  const square = x * x;
  return polynomial(nearAbove, 5, square) / polynomial(nearBelow, 6, square);
}

function middle(size: f64): f64 {
  return polynomial(middleAbove, 7, size - 1) / polynomial(middleBelow, 7, size - 1);
}

/** erfc of what is between 1.25 and 28. */
function tail(size: f64): f64 {
  const s = 1 / (size * size);
  const quotient =
    size < 1 / 0.35
      ? polynomial(tailAbove, 8, s) / polynomial(tailBelow, 9, s)
      : polynomial(farAbove, 7, s) / polynomial(farBelow, 8, s);
  // The square of the upper half of x is exact.
  const z = reinterpret<f64>(reinterpret<u64>(size) & 0xffffffff00000000);
  const r = NativeMath.exp(-z * z - 0.5625) * NativeMath.exp((z - size) * (z + size) + quotient);
  return r / size;
}

/** 2 / sqrt(pi) times the integral of exp(-t * t) from 0 to x. */
function erf(x: f64): f64 {
  if (isNaN(x)) return x;
  const size = abs(x);
  if (size < 0.84375) {
    if (size < 2 ** -28) return size < 2 ** -1015 ? 0.0625 * (16 * x + 16 * slope * x) : x + slope * x;
    return x + x * near(x);
  }
  const r = size < 1.25 ? erfOfOne + middle(size) : size < 6 ? 1 - tail(size) : 1;
  return copysign<f64>(r, x);
}

/** 1 - erf(x), exact where that is near 0, too. */
function erfc(x: f64): f64 {
  if (isNaN(x)) return x;
  const size = abs(x);
  if (size < 0.84375) {
    if (size < 2 ** -56) return 1 - x;
    const part = x * near(x);
    return x < 0.25 ? 1 - (x + part) : 0.5 - (part + (x - 0.5));
  }
  if (size < 1.25) return x > 0 ? 1 - erfOfOne - middle(size) : 1 + (erfOfOne + middle(size));
  if (x < -6) return 2;
  if (size >= 28) return 0;
  return x > 0 ? tail(size) : 2 - tail(size);
}

/**
 * @native math.erf($module, x, /)
 *
 * The error function at x.
 */
export function math_erf(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  return x == -1 && PyErr_Occurred() ? 0 : PyFloat_FromDouble(erf(x));
}

/**
 * @native math.erfc($module, x, /)
 *
 * What the error function at x lacks to 1.
 */
export function math_erfc(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  return x == -1 && PyErr_Occurred() ? 0 : PyFloat_FromDouble(erfc(x));
}
