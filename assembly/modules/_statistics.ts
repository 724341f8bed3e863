// The module _statistics (CPython 3.13's Modules/_statisticsmodule.c): the inverse of the normal distribution's cumulative
// function, for which there is no closed form: M. J. Wichura's algorithm AS241, "The percentage points of the normal
// distribution", Applied Statistics 37, 1988, a quotient of two polynomials for each of three ranges.

import { PyExc_ValueError } from "../generated/statics";
import { PyErr_SetString } from "../objects/errors/raise";
import { PyFloat_FromDouble } from "../objects/numbers/float/float";

// Eight coefficients each, that of the highest power first; numerators, then denominators.
const middle: usize = memory.data<f64>([
  2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
  1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.387132872796366608,
  5.226495278852854561e3, 2.8729085735721942674e4, 3.930789580009271061e4, 2.1213794301586595867e4,
  5.3941960214247511077e3, 6.871870074920579083e2, 4.2313330701600911252e1, 1,
]);
const outer: usize = memory.data<f64>([
  7.7454501427834140764e-4, 2.27238449892691845833e-2, 2.4178072517745061177e-1, 1.27045825245236838258,
  3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
  1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2, 1.4810397642748007459e-1,
  6.8976733498510000455e-1, 1.6763848301838038494, 2.05319162663775882187, 1,
]);
const tail: usize = memory.data<f64>([
  2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.2426609473880784386e-3, 2.6532189526576123093e-2,
  2.9656057182850489123e-1, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
  2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
  1.48753612908506148525e-2, 1.3692988092273580531e-1, 5.9983220655588793769e-1, 1,
]);

function polynomial(p: usize, x: f64): f64 {
  let r = load<f64>(p);
  for (let i: usize = 8; i < 64; i += 8) r = r * x + load<f64>(p + i);
  return r;
}

/** The place at which the standard normal distribution's cumulative function is p, which lies between 0 and 1. */
function standardInverse(p: f64): f64 {
  const q = p - 0.5;
  if (abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (polynomial(middle, r) * q) / polynomial(middle + 64, r);
  }
  const r = sqrt<f64>(-NativeMath.log(q <= 0 ? p : 1 - p));
  const table = r <= 5 ? outer : tail;
  const x = r <= 5 ? r - 1.6 : r - 5;
  const size = polynomial(table, x) / polynomial(table + 64, x);
  return q < 0 ? -size : size;
}

/**
 * @native _statistics._normal_dist_inv_cdf($module, p, mu, sigma, /)
 */
export function statistics_inv_cdf(_m: usize, p: f64, mu: f64, sigma: f64): usize {
  if (p <= 0 || p >= 1) return PyErr_SetString(PyExc_ValueError, "inv_cdf undefined for these parameters");
  return PyFloat_FromDouble(mu + standardInverse(p) * sigma);
}

/**
 * @module _statistics
 *
 * What the module statistics has faster.
 */
