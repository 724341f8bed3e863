// The methods of Context that are operations on one or two numbers (CPython 3.13's Modules/_decimal/_decimal.c).

import { PyExc_TypeError } from "../../generated/statics";
import { PyErr_Format } from "../../objects/errors/raise";
import { Py } from "../../objects/object/head";
import { add, divide, divideInteger, multiply, remainder, remainderNear, subtract } from "./arithmetic";
import {
  compare,
  compareSignal,
  compareTotal,
  compareTotalMagnitude,
  maximum,
  maximumMagnitude,
  minimum,
  minimumMagnitude,
} from "./compare";
import { operandOrError } from "./convert";
import { commonLogarithm, exponential, naturalLogarithm } from "./exponential";
import { logicalAnd, logicalInvert, logicalOr, logicalXor } from "./logical";
import { convertedIn, unaryIn } from "./operations";
import { squareRoot } from "./root";
import {
  absolute,
  copyAbsolute,
  copyNegated,
  copySign,
  logb,
  minus,
  nextMinus,
  nextPlus,
  nextToward,
  plus,
  quantize,
  reduce,
  rotate,
  roundToInteger,
  roundToIntegerExact,
  scaleb,
  shift,
} from "./unary";

function unary(self: usize, x: usize, fn: u32): usize {
  const a = operandOrError(x, self);
  if (a == 0) return 0;
  const r = unaryIn(a, self, fn);
  Py.DECREF(a);
  return r;
}

function binary(self: usize, argv: usize, nargs: isize, fn: u32): usize {
  return takes(nargs, 2) ? convertedIn(Py.item(argv, 0), Py.item(argv, 1), self, fn) : 0;
}

/** Whether there are so many arguments; TypeError otherwise. */
export function takes(nargs: isize, count: isize): bool {
  if (nargs == count) return true;
  PyErr_Format(PyExc_TypeError, "function takes exactly %d arguments (%d given)", count, nargs);
  return false;
}

/**
 * @native decimal.Context.abs($self, x, /)
 *
 * The absolute value, rounded.
 */
export function context_abs(self: usize, x: usize): usize {
  return unary(self, x, absolute.index);
}

/**
 * @native decimal.Context.exp($self, x, /)
 *
 * e to the x.
 */
export function context_exp(self: usize, x: usize): usize {
  return unary(self, x, exponential.index);
}

/**
 * @native decimal.Context.ln($self, x, /)
 *
 * The logarithm of x in base e.
 */
export function context_ln(self: usize, x: usize): usize {
  return unary(self, x, naturalLogarithm.index);
}

/**
 * @native decimal.Context.log10($self, x, /)
 *
 * The logarithm, base 10.
 */
export function context_log10(self: usize, x: usize): usize {
  return unary(self, x, commonLogarithm.index);
}

/**
 * @native decimal.Context.minus($self, x, /)
 *
 * The number with the other sign, rounded: as 0 - x, so that a zero is positive in most contexts.
 */
export function context_minus(self: usize, x: usize): usize {
  return unary(self, x, minus.index);
}

/**
 * @native decimal.Context.next_minus($self, x, /)
 *
 * The greatest number that is less than x.
 */
export function context_next_minus(self: usize, x: usize): usize {
  return unary(self, x, nextMinus.index);
}

/**
 * @native decimal.Context.next_plus($self, x, /)
 *
 * The smallest number that is greater than x.
 */
export function context_next_plus(self: usize, x: usize): usize {
  return unary(self, x, nextPlus.index);
}

/**
 * @native decimal.Context.normalize($self, x, /)
 *
 * Without zeros at the end, rounded.
 */
export function context_normalize(self: usize, x: usize): usize {
  return unary(self, x, reduce.index);
}

/**
 * @native decimal.Context.plus($self, x, /)
 *
 * The number rounded: as 0 + x, so that a zero is positive in most contexts.
 */
export function context_plus(self: usize, x: usize): usize {
  return unary(self, x, plus.index);
}

/**
 * @native decimal.Context.to_integral($self, x, /)
 *
 * As to_integral_value.
 */
export function context_to_integral(self: usize, x: usize): usize {
  return unary(self, x, roundToInteger.index);
}

/**
 * @native decimal.Context.to_integral_exact($self, x, /)
 *
 * A whole number; what is lost is signaled.
 */
export function context_to_integral_exact(self: usize, x: usize): usize {
  return unary(self, x, roundToIntegerExact.index);
}

/**
 * @native decimal.Context.to_integral_value($self, x, /)
 *
 * A whole one.
 */
export function context_to_integral_value(self: usize, x: usize): usize {
  return unary(self, x, roundToInteger.index);
}

/**
 * @native decimal.Context.sqrt($self, x, /)
 *
 * The square root, with the digits of this.
 */
export function context_sqrt(self: usize, x: usize): usize {
  return unary(self, x, squareRoot.index);
}

/**
 * @native decimal.Context.copy_abs($self, x, /)
 *
 * A copy that is not negative.
 */
export function context_copy_abs(self: usize, x: usize): usize {
  return unary(self, x, copyAbsolute.index);
}

/**
 * @native decimal.Context.copy_negate($self, x, /)
 *
 * A copy with the other sign.
 */
export function context_copy_negate(self: usize, x: usize): usize {
  return unary(self, x, copyNegated.index);
}

/**
 * @native decimal.Context.logb($self, x, /)
 *
 * The exponent of the first digit, as a Decimal.
 */
export function context_logb(self: usize, x: usize): usize {
  return unary(self, x, logb.index);
}

/**
 * @native decimal.Context.logical_invert($self, x, /)
 *
 * Each digit turned around.
 */
export function context_logical_invert(self: usize, x: usize): usize {
  return unary(self, x, logicalInvert.index);
}

/**
 * @native decimal.Context.add($self, x, y, /)
 *
 * The sum of both, rounded.
 */
export function context_add(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, add.index);
}

/**
 * @native decimal.Context.compare($self, x, y, /)
 *
 * How they compare: -1, 0, 1.
 */
export function context_compare(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, compare.index);
}

/**
 * @native decimal.Context.compare_signal($self, x, y, /)
 *
 * As compare, but NaNs signal.
 */
export function context_compare_signal(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, compareSignal.index);
}

/**
 * @native decimal.Context.divide($self, x, y, /)
 *
 * The quotient, rounded.
 */
export function context_divide(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, divide.index);
}

/**
 * @native decimal.Context.divide_int($self, x, y, /)
 *
 * The whole part of the quotient.
 */
export function context_divide_int(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, divideInteger.index);
}

/**
 * @native decimal.Context.max($self, x, y, /)
 *
 * The greater one of the two, rounded.
 */
export function context_max(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, maximum.index);
}

/**
 * @native decimal.Context.max_mag($self, x, y, /)
 *
 * The one further from 0, rounded.
 */
export function context_max_mag(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, maximumMagnitude.index);
}

/**
 * @native decimal.Context.min($self, x, y, /)
 *
 * The smaller one of the two, rounded.
 */
export function context_min(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, minimum.index);
}

/**
 * @native decimal.Context.min_mag($self, x, y, /)
 *
 * The one nearer to 0, rounded.
 */
export function context_min_mag(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, minimumMagnitude.index);
}

/**
 * @native decimal.Context.multiply($self, x, y, /)
 *
 * The product of the two, rounded.
 */
export function context_multiply(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, multiply.index);
}

/**
 * @native decimal.Context.next_toward($self, x, y, /)
 *
 * The number next to x on the way to y.
 */
export function context_next_toward(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, nextToward.index);
}

/**
 * @native decimal.Context.quantize($self, x, y, /)
 *
 * x, rounded so that it has y's exponent.
 */
export function context_quantize(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, quantize.index);
}

/**
 * @native decimal.Context.remainder($self, x, y, /)
 *
 * What remains of x after the whole part of x / y. Its sign is that of x, unless it is NaN.
 */
export function context_remainder(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, remainder.index);
}

/**
 * @native decimal.Context.remainder_near($self, x, y, /)
 *
 * x - n * y, where n is the whole number that is nearest to x / y, of two the even one.
 */
export function context_remainder_near(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, remainderNear.index);
}

/**
 * @native decimal.Context.subtract($self, x, y, /)
 *
 * The difference of both, rounded.
 */
export function context_subtract(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, subtract.index);
}

/**
 * @native decimal.Context.compare_total($self, x, y, /)
 *
 * How they compare in the total order.
 */
export function context_compare_total(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, compareTotal.index);
}

/**
 * @native decimal.Context.compare_total_mag($self, x, y, /)
 *
 * The same without their signs at all.
 */
export function context_compare_total_mag(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, compareTotalMagnitude.index);
}

/**
 * @native decimal.Context.copy_sign($self, x, y, /)
 *
 * x with the sign of y.
 */
export function context_copy_sign(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, copySign.index);
}

/**
 * @native decimal.Context.logical_and($self, x, y, /)
 *
 * Digits that both have.
 */
export function context_logical_and(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, logicalAnd.index);
}

/**
 * @native decimal.Context.logical_or($self, x, y, /)
 *
 * Digits that one has.
 */
export function context_logical_or(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, logicalOr.index);
}

/**
 * @native decimal.Context.logical_xor($self, x, y, /)
 *
 * Digits that differ.
 */
export function context_logical_xor(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, logicalXor.index);
}

/**
 * @native decimal.Context.rotate($self, x, y, /)
 *
 * x with its digits rotated by y.
 */
export function context_rotate(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, rotate.index);
}

/**
 * @native decimal.Context.scaleb($self, x, y, /)
 *
 * x with y added to its exponent.
 */
export function context_scaleb(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, scaleb.index);
}

/**
 * @native decimal.Context.shift($self, x, y, /)
 *
 * x with its digits shifted by y.
 */
export function context_shift(self: usize, argv: usize, nargs: isize): usize {
  return binary(self, argv, nargs, shift.index);
}
