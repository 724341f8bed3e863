// math.sumprod (CPython 3.13's Modules/mathmodule.c): the sum of products of two sequences. As long as both have ints
// whose products add up in 64 bits, no objects are made; then, as long as at least one of two is a float and the other an
// int or bool, the sum has three times the digits of a float (Ogita, Rump and Oishi's algorithm 5.10 for
// K = 3); from there on objects are multiplied and added.

import { SIZEOF_sumprod_state, sumprod_state } from "../../generated/layouts";
import { PyBool_Type, PyExc_ValueError, PyFloat_Type, PyLong_Type } from "../../generated/statics";
import { PyErr_Clear, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { longOverflow, longValue, PyLong_FromLong, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyNumber_Add, PyNumber_Multiply } from "../../objects/protocol/number";
import { Scratch } from "../../thread/scratch";
import { productError, sumError } from "./exact";

/** Adds a * b to the whole total, if both are ints and the result has no more than 64 bits; whether it did. */
function addInts(state: sumprod_state, a: usize, b: usize): bool {
  if (Py.TYPE(a) != PyLong_Type || Py.TYPE(b) != PyLong_Type) return false;
  if (longOverflow(a) != 0 || longOverflow(b) != 0) return false;
  const x = longValue(a);
  const y = longValue(b);
  if ((x == -1 && y == i64.MIN_VALUE) || (y == -1 && x == i64.MIN_VALUE)) return false;
  const product = x * y;
  if (x != 0 && x != -1 && product / x != y) return false;
  const total = state.whole + product;
  if (((state.whole ^ total) & (product ^ total)) < 0) return false;
  state.whole = total;
  state.has_whole = 1;
  return true;
}

/** The value of a factor beside a float: a float, an int, a bool; NaN where it is none of them or too large. */
function factor(o: usize): f64 {
  const type = Py.TYPE(o);
  if (type != PyFloat_Type && type != PyLong_Type && type != PyBool_Type) return NaN;
  const v = PyFloat_AsDouble(o);
  if (v != -1 || !PyErr_Occurred()) return v;
  PyErr_Clear();
  return NaN;
}

/** Adds a * b to the long total, if one of them is a float and the result is finite; whether it did. */
function addFloats(state: sumprod_state, a: usize, b: usize): bool {
  if (Py.TYPE(a) != PyFloat_Type && Py.TYPE(b) != PyFloat_Type) return false;
  const x = factor(a);
  const y = factor(b);
  const product = x * y;
  const high = state.high + product;
  if (!isFinite(high)) return false;
  const lost = productError(x, y, product);
  const highLost = sumError(state.high, product, high);
  const low = state.low + lost;
  const lowLost = sumError(state.low, lost, low);
  const middle = low + highLost;
  state.tiny += lowLost + sumError(low, highLost, middle);
  state.high = high;
  state.low = middle;
  state.has_float = 1;
  return true;
}

/** `total + term`; both are stolen, null passes through. */
function plus(total: usize, term: usize): usize {
  const r = total == 0 || term == 0 ? 0 : PyNumber_Add(total, term);
  Py.XDECREF(total);
  Py.XDECREF(term);
  return r;
}

/** Adds what has been summed up without objects to the total, which is stolen. */
function settleInts(state: sumprod_state, total: usize): usize {
  state.ints_done = 1;
  if (!state.has_whole) return total;
  state.has_whole = 0;
  return plus(total, PyLong_FromLongLong(state.whole));
}

function settleFloats(state: sumprod_state, total: usize): usize {
  state.floats_done = 1;
  if (!state.has_float) return total;
  state.has_float = 0;
  const sum = state.low + state.high;
  return plus(total, PyFloat_FromDouble(state.tiny + sumError(state.low, state.high, sum) + sum));
}

/** The sum over what two iterators yield. */
function sumProducts(state: sumprod_state, pIterator: usize, qIterator: usize): usize {
  let total = PyLong_FromLong(0);
  while (total != 0) {
    const a = PyIter_Next(pIterator);
    const b = a == 0 && PyErr_Occurred() ? 0 : PyIter_Next(qIterator);
    const finished = a == 0 || b == 0;
    if (finished && (a != b || PyErr_Occurred())) {
      if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "Inputs are not the same length");
      Py.DECREF(total);
      total = 0;
    }
    let added: bool = false;
    if (total != 0 && !state.ints_done) {
      added = !finished && addInts(state, a, b);
      if (!added) total = settleInts(state, total);
    }
    if (total != 0 && !added && !state.floats_done) {
      added = !finished && addFloats(state, a, b);
      if (!added) total = settleFloats(state, total);
    }
    if (total != 0 && !added && !finished) total = plus(total, PyNumber_Multiply(a, b));
    Py.XDECREF(a);
    Py.XDECREF(b);
    if (finished) break;
  }
  return total;
}

/**
 * @native math.sumprod($module, p, q, /)
 *
 * The sum of products of the elements of p and q, one by one.
 *
 * Both must have the same number of them. It is what
 *
 *     sum(itertools.starmap(operator.mul, zip(p, q, strict=True)))
 *
 * is, but with floats, alone or mixed with whole numbers, exact to more digits than a float has, rounded at the end only.
 */
export function math_sumprod(_m: usize, p: usize, q: usize): usize {
  const pIterator = PyObject_GetIter(p);
  const qIterator = pIterator == 0 ? 0 : PyObject_GetIter(q);
  let r: usize = 0;
  if (qIterator != 0) {
    const a = Scratch.take(SIZEOF_sumprod_state >> 3);
    memory.fill(a, 0, SIZEOF_sumprod_state);
    r = sumProducts(sumprod_state.at(a), pIterator, qIterator);
    Scratch.give(a);
  }
  Py.XDECREF(pIterator);
  Py.XDECREF(qIterator);
  return r;
}
