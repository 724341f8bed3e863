// The functions of math that add up many floats without losing what rounding takes (CPython 3.13's
// Modules/mathmodule.c): fsum, hypot, dist; and prod.

import { PyExc_OverflowError, PyExc_ValueError } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc, PyMem_Realloc } from "../../memory/pymem";
import { Tuple } from "../../objects/containers/tuple";
import { PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { scale } from "../../objects/numbers/int/arithmetic";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyNumber_Multiply } from "../../objects/protocol/number";
import { PySequence_Tuple } from "../../objects/protocol/sequence";
import { fastSumError, productError } from "./exact";

const PARTIALS: isize = 32;

/**
 * Adds x to the `n` partial sums at `p`, which do not overlap: how many there are now; the new top may be 0 and is then
 * left out. Infinite or not a number as a new top is left to the caller, at p[n].
 */
function addPartial(p: usize, n: isize, x: f64): isize {
  let i: isize = 0;
  for (let j: isize = 0; j < n; j++) {
    let y = load<f64>(p + ((<usize>j) << 3));
    if (abs(x) < abs(y)) {
      const t = x;
      x = y;
      y = t;
    }
    const high = x + y;
    const low = y - (high - x);
    if (low != 0) {
      store<f64>(p + ((<usize>i) << 3), low);
      i++;
    }
    x = high;
  }
  store<f64>(p + ((<usize>i) << 3), x);
  return x == 0 ? i : i + 1;
}

/**
 * @native math.fsum($module, seq, /)
 *
 * The elements added up as floats, rounded only once, at the end.
 *
 * So they may come in any order whatever.
 */
export function math_fsum(_m: usize, iterable: usize): usize {
  const it = PyObject_GetIter(iterable);
  if (it == 0) return 0;
  let room = PARTIALS;
  let p = PyMem_Malloc((<usize>room) << 3);
  let n: isize = 0;
  let special: f64 = 0;
  let infinite: f64 = 0;
  let failed = p == 0;
  if (failed) PyErr_NoMemory();
  while (!failed) {
    const item = PyIter_Next(it);
    if (item == 0) {
      failed = PyErr_Occurred() != 0;
      break;
    }
    const x = PyFloat_AsDouble(item);
    Py.DECREF(item);
    if (x == -1 && PyErr_Occurred()) {
      failed = true;
      break;
    }
    if (n + 1 >= room) {
      room *= 2;
      const q = PyMem_Realloc(p, (<usize>room) << 3);
      if (q == 0) {
        PyErr_NoMemory();
        failed = true;
        break;
      }
      p = q;
    }
    n = addPartial(p, n, x);
    const top = n == 0 ? 0 : load<f64>(p + ((<usize>n - 1) << 3));
    if (isFinite(top)) continue;
    if (isFinite(x)) {
      PyErr_SetString(PyExc_OverflowError, "intermediate overflow in fsum");
      failed = true;
    }
    if (!isNaN(x)) infinite += x;
    special += x;
    n = 0;
  }
  Py.DECREF(it);
  let r: usize = 0;
  if (!failed) {
    if (special == 0) r = PyFloat_FromDouble(roundedSum(p, n));
    else if (isNaN(infinite)) PyErr_SetString(PyExc_ValueError, "-inf + inf in fsum");
    else r = PyFloat_FromDouble(special);
  }
  PyMem_Free(p);
  return r;
}

/** The sum of partial sums, rounded once, half to even. */
function roundedSum(p: usize, n: isize): f64 {
  if (n == 0) return 0;
  let high = load<f64>(p + ((<usize>(n - 1)) << 3));
  n--;
  let low: f64 = 0;
  while (n > 0) {
    const x = high;
    n--;
    const y = load<f64>(p + ((<usize>n) << 3));
    high = x + y;
    low = y - (high - x);
    if (low != 0) break;
  }
  // A half goes the way in which what lies below it points.
  if (n > 0) {
    const below = load<f64>(p + ((<usize>n - 1) << 3));
    if ((low < 0 && below < 0) || (low > 0 && below > 0)) {
      const y = low * 2;
      const x = high + y;
      if (y == x - high) high = x;
    }
  }
  return high;
}

/** The binary exponent of a finite number that is not 0. */
function exponentOf(x: f64): i32 {
  const e = <i32>((reinterpret<u64>(x) >> 52) & 0x7ff);
  return e == 0 ? exponentOf(x * 18014398509481984) - 54 : e - 1022;
}

/** The length of the vector of `n` numbers, none negative, at `p`; `most` is the greatest. */
function vectorLength(p: usize, n: isize, most: f64, nan: bool): f64 {
  if (most == Infinity) return most;
  if (nan) return NaN;
  if (most == 0 || n <= 1) return most;
  const e = exponentOf(most);
  if (e < -1023) {
    for (let i: isize = 0; i < n; i++) {
      const at = p + ((<usize>i) << 3);
      store<f64>(at, load<f64>(at) / f64.MIN_NORMAL_VALUE);
    }
    return f64.MIN_NORMAL_VALUE * vectorLength(p, n, most / f64.MIN_NORMAL_VALUE, nan);
  }
  // Scaled below 1, so that sums from 1 on lose only what sumError tells.
  let sum: f64 = 1;
  let squaresLost: f64 = 0;
  let sumsLost: f64 = 0;
  for (let i: isize = 0; i < n; i++) {
    const x = scale(load<f64>(p + ((<usize>i) << 3)), -e);
    const square = x * x;
    const total = sum + square;
    squaresLost += productError(x, x, square);
    sumsLost += fastSumError(sum, square, total);
    sum = total;
  }
  let h = sqrt<f64>(sum - 1 + (squaresLost + sumsLost));
  // One step of Newton's method with the exact difference.
  const square = -h * h;
  const total = sum + square;
  squaresLost += productError(-h, h, square);
  sumsLost += fastSumError(sum, square, total);
  h += (total - 1 + (squaresLost + sumsLost)) / (2 * h);
  return scale(h, e);
}

/**
 * @native math.hypot
 *
 * hypot(*coordinates): a float
 *
 * How far a point is from the origin, in as many dimensions as there are coordinates: the square root of the sum of their squares.
 *
 * Of two it is the long side of a triangle with a right angle:
 *
 *     >>> hypot(5.0, 12.0)
 *     13.0
 *
 * Intermediate results do not overflow, and it is almost always rounded as it should be to a float.
 */
export function math_hypot(_m: usize, argv: usize, nargs: isize): usize {
  const p = PyMem_Malloc((<usize>nargs + 1) << 3);
  if (p == 0) return PyErr_NoMemory();
  let most: f64 = 0;
  let nan = false;
  for (let i: isize = 0; i < nargs; i++) {
    const x = abs(PyFloat_AsDouble(Py.item(argv, i)));
    if (x == 1 && PyErr_Occurred()) {
      PyMem_Free(p);
      return 0;
    }
    store<f64>(p + ((<usize>i) << 3), x);
    if (isNaN(x)) nan = true;
    else if (x > most) most = x;
  }
  const r = vectorLength(p, nargs, most, nan);
  PyMem_Free(p);
  return PyFloat_FromDouble(r);
}

/**
 * @native math.dist($module, p, q, /)
 *
 * How far two points are apart.
 *
 * Each of them is a sequence of coordinates, or an iterable of them; both must have the same number, which is that of the dimensions.
 *
 * It is the square root of the sum of the squares of differences between two coordinates.
 */
export function math_dist(_m: usize, p: usize, q: usize): usize {
  const a = PySequence_Tuple(p);
  const b = a == 0 ? 0 : PySequence_Tuple(q);
  let r: usize = 0;
  if (b != 0) {
    if (Py.SIZE(a) != Py.SIZE(b)) {
      PyErr_SetString(PyExc_ValueError, "both points must have the same number of dimensions");
    } else r = distance(a, b);
  }
  Py.XDECREF(a);
  Py.XDECREF(b);
  return r;
}

function distance(a: usize, b: usize): usize {
  const n = Py.SIZE(a);
  const p = PyMem_Malloc((<usize>n + 1) << 3);
  if (p == 0) return PyErr_NoMemory();
  let most: f64 = 0;
  let nan = false;
  for (let i: isize = 0; i < n; i++) {
    const x = PyFloat_AsDouble(Tuple.get(a, i));
    const y = x == -1 && PyErr_Occurred() ? 0 : PyFloat_AsDouble(Tuple.get(b, i));
    if (PyErr_Occurred()) {
      PyMem_Free(p);
      return 0;
    }
    const d = abs(x - y);
    store<f64>(p + ((<usize>i) << 3), d);
    if (isNaN(d)) nan = true;
    else if (d > most) most = d;
  }
  const r = vectorLength(p, n, most, nan);
  PyMem_Free(p);
  return PyFloat_FromDouble(r);
}

/**
 * @native math.prod($module, iterable, /, *, start=1)
 *
 * The elements multiplied with one another, and with start.
 *
 * Of none it is start, which is 1 if it is not given. This is meant for numbers; other types may do something else with *, or refuse it. Whole numbers are exact, as great as they may become in the meantime, too.
 */
export function math_prod(_m: usize, iterable: usize, start: usize): usize {
  const it = PyObject_GetIter(iterable);
  if (it == 0) return 0;
  let r = start == 0 ? PyLong_FromLong(1) : Py.NewRef(start);
  while (r != 0) {
    const item = PyIter_Next(it);
    if (item == 0) break;
    const next = PyNumber_Multiply(r, item);
    Py.DECREF(item);
    Py.DECREF(r);
    r = next;
  }
  Py.DECREF(it);
  if (r != 0 && PyErr_Occurred()) {
    Py.DECREF(r);
    return 0;
  }
  return r;
}
