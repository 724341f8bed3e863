// The methods of Decimal that are operations in an optional context (CPython 3.13's Modules/_decimal/_decimal.c).

import { PyDec_Type } from "../../generated/statics";
import { Py } from "../../objects/object/head";
import { remainderNear } from "./arithmetic";
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
import { Work } from "./number";
import { conclude, contextArgument, Dec, newDecimal } from "./object";
import { squareRoot } from "./root";
import { copySign, logb, nextMinus, nextPlus, nextToward, reduce, rotate, scaleb, shift } from "./unary";

/** r = fn(self) in a context: a new object, null with an exception. */
export function unaryIn(self: usize, context: usize, fn: u32): usize {
  const r = newDecimal(PyDec_Type);
  if (r == 0) return 0;
  const work = Work.take(Dec.context(context));
  call_indirect<void>(fn, Dec.number(r), Dec.number(self), work);
  return conclude(r, context, work);
}

/** r = fn(a, b) in a context: a new object, null with an exception. */
export function binaryIn(a: usize, b: usize, context: usize, fn: u32): usize {
  const r = newDecimal(PyDec_Type);
  if (r == 0) return 0;
  const work = Work.take(Dec.context(context));
  call_indirect<void>(fn, Dec.number(r), Dec.number(a), Dec.number(b), work);
  return conclude(r, context, work);
}

/** As binaryIn, with operands that must be converted first: ints, or else a TypeError. */
export function convertedIn(a: usize, b: usize, context: usize, fn: u32): usize {
  const x = operandOrError(a, context);
  const y = x == 0 ? 0 : operandOrError(b, context);
  const r = y == 0 ? 0 : binaryIn(x, y, context, fn);
  Py.XDECREF(y);
  Py.XDECREF(x);
  return r;
}

function unary(self: usize, context: usize, fn: u32): usize {
  const c = contextArgument(context);
  if (c == 0) return 0;
  const r = unaryIn(self, c, fn);
  Py.DECREF(c);
  return r;
}

function binary(self: usize, other: usize, context: usize, fn: u32): usize {
  const c = contextArgument(context);
  if (c == 0) return 0;
  const r = convertedIn(self, other, c, fn);
  Py.DECREF(c);
  return r;
}

/**
 * @native decimal.Decimal.exp($self, /, context=None)
 *
 * e to the power of the number.
 *
 * The result is correctly rounded, always with ROUND_HALF_EVEN, whatever the context says, and inexact unless the number is 0.
 */
export function decimal_exp(self: usize, context: usize): usize {
  return unary(self, context, exponential.index);
}

/**
 * @native decimal.Decimal.ln($self, /, context=None)
 *
 * The natural logarithm, in base e. It is correctly rounded, always with ROUND_HALF_EVEN, whatever the context says about it.
 */
export function decimal_ln(self: usize, context: usize): usize {
  return unary(self, context, naturalLogarithm.index);
}

/**
 * @native decimal.Decimal.log10($self, /, context=None)
 *
 * The logarithm in base 10. It is correctly rounded, always with ROUND_HALF_EVEN, whatever the context says.
 */
export function decimal_log10(self: usize, context: usize): usize {
  return unary(self, context, commonLogarithm.index);
}

/**
 * @native decimal.Decimal.next_minus($self, /, context=None)
 *
 * The greatest number that the context (the current one if it is not given) can represent and that is less than this one.
 */
export function decimal_next_minus(self: usize, context: usize): usize {
  return unary(self, context, nextMinus.index);
}

/**
 * @native decimal.Decimal.next_plus($self, /, context=None)
 *
 * The smallest number that the context (the current one if it is not given) can represent and that is greater than this one.
 */
export function decimal_next_plus(self: usize, context: usize): usize {
  return unary(self, context, nextPlus.index);
}

/**
 * @native decimal.Decimal.normalize($self, /, context=None)
 *
 * The same value without zeros at the end of its coefficient.
 *
 * What is equal to 0 becomes Decimal('0E0'), so that numbers that are equal look alike. Apart from that the number is rounded as the context says: this is how one writes a value in one way out of the many that there are. Infinities and NaNs stay as they are. (Zeros keep their sign.)
 */
export function decimal_normalize(self: usize, context: usize): usize {
  return unary(self, context, reduce.index);
}

/**
 * @native decimal.Decimal.sqrt($self, /, context=None)
 *
 * The square root, correctly rounded: exact in all digits that the context has, with ROUND_HALF_EVEN, whatever it says.
 */
export function decimal_sqrt(self: usize, context: usize): usize {
  return unary(self, context, squareRoot.index);
}

/**
 * @native decimal.Decimal.logb($self, /, context=None)
 *
 * The exponent of the first digit, as a Decimal.
 *
 * Of an infinity it is Infinity. Of 0 it is -Infinity, and the condition DivisionByZero is signaled. It is what adjusted() gives as an int, apart from these, and it is rounded like other results are.
 */
export function decimal_logb(self: usize, context: usize): usize {
  return unary(self, context, logb.index);
}

/**
 * @native decimal.Decimal.logical_invert($self, /, context=None)
 *
 * Each digit, 0 or 1, turned into the other.
 */
export function decimal_logical_invert(self: usize, context: usize): usize {
  return unary(self, context, logicalInvert.index);
}

/**
 * @native decimal.Decimal.compare($self, /, other, context=None)
 *
 * How the number compares with another, as a Decimal.
 *
 *   -1  it is less
 *    0  it is equal
 *    1  it is greater
 *  NaN  one of the two is a NaN
 *
 * With == and < the answer would be a bool.
 */
export function decimal_compare(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, compare.index);
}

/**
 * @native decimal.Decimal.compare_signal($self, /, other, context=None)
 *
 * As compare(), but NaNs signal.
 */
export function decimal_compare_signal(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, compareSignal.index);
}

/**
 * @native decimal.Decimal.max($self, /, other, context=None)
 *
 * The greater one of two numbers, rounded. Of a quiet NaN and a number it is the number.
 */
export function decimal_max(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, maximum.index);
}

/**
 * @native decimal.Decimal.max_mag($self, /, other, context=None)
 *
 * As max(), but by their distance from 0, without regard to their signs.
 */
export function decimal_max_mag(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, maximumMagnitude.index);
}

/**
 * @native decimal.Decimal.min($self, /, other, context=None)
 *
 * The smaller one of two numbers, rounded. Of a quiet NaN and a number it is the number.
 */
export function decimal_min(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, minimum.index);
}

/**
 * @native decimal.Decimal.min_mag($self, /, other, context=None)
 *
 * As min(), but by their distance from 0, without regard to their signs.
 */
export function decimal_min_mag(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, minimumMagnitude.index);
}

/**
 * @native decimal.Decimal.next_toward($self, /, other, context=None)
 *
 * The next number that the context can represent, in the direction of another.
 *
 * If the two are equal it is this number, with the sign of the other. It is as if the smallest possible amount was added or subtracted, with its conditions: Inexact, Rounded, and those of small numbers.
 */
export function decimal_next_toward(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, nextToward.index);
}

/**
 * @native decimal.Decimal.remainder_near($self, /, other, context=None)
 *
 * What remains after the multiple of the other that is nearest.
 *
 * It is self - n * other, where n is the whole number nearest to self / other, and the even one if two are equally near. If the result is 0 it has the sign of self.
 *
 * So it is not further from 0 than half of other, while what % gives has the sign of self and may be nearly as far from 0 as other. NaN if n has too many digits.
 */
export function decimal_remainder_near(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, remainderNear.index);
}

/**
 * @native decimal.Decimal.logical_and($self, /, other, context=None)
 *
 * 1 for each digit that is 1 in both, else 0.
 */
export function decimal_logical_and(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, logicalAnd.index);
}

/**
 * @native decimal.Decimal.logical_or($self, /, other, context=None)
 *
 * 1 for each digit that is 1 in one of them.
 */
export function decimal_logical_or(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, logicalOr.index);
}

/**
 * @native decimal.Decimal.logical_xor($self, /, other, context=None)
 *
 * 1 for each digit in which they differ.
 */
export function decimal_logical_xor(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, logicalXor.index);
}

/**
 * @native decimal.Decimal.rotate($self, /, other, context=None)
 *
 * The digits of the coefficient moved around in a circle.
 *
 * The second operand is a whole number from -precision to precision: how many places they are moved, to the left if it is positive, and to the right if it is negative. What leaves at one end comes in at the other. Before that the coefficient has as many digits as the precision of the context says: zeros are put before it, or its first digits are left out. The sign and the exponent do not change. Infinities stay as they are.
 */
export function decimal_rotate(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, rotate.index);
}

/**
 * @native decimal.Decimal.scaleb($self, /, other, context=None)
 *
 * The number with its exponent increased by the other, a whole number: multiplied by 10**other. Rounded, if it has to be, as other results are, too.
 */
export function decimal_scaleb(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, scaleb.index);
}

/**
 * @native decimal.Decimal.shift($self, /, other, context=None)
 *
 * The digits of the coefficient moved to one side.
 *
 * The second operand is a whole number from -precision to precision: how many places they are moved, to the left if it is positive, and to the right if it is negative. What leaves at one end is lost, and zeros come in at the other. A coefficient never has more digits than the precision of the context: the first ones are left out. The sign and the exponent do not change. Infinities stay as they are, and NaNs spread as always.
 */
export function decimal_shift(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, shift.index);
}

/**
 * @native decimal.Decimal.compare_total($self, /, other, context=None)
 *
 * How the number compares with another in an order of all numbers.
 *
 * In this order numbers that are equal but look different, as 12.0 and 12, differ: the one with the smaller exponent comes first, if they are positive. NaNs have places in it, too: signaling ones after infinity, quiet ones after them, and negative ones before all others. No context is used, and nothing is signaled, unless an operand is an int that cannot be converted exactly: InvalidOperation.
 */
export function decimal_compare_total(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, compareTotal.index);
}

/**
 * @native decimal.Decimal.compare_total_mag($self, /, other, context=None)
 *
 * As compare_total(), but signs are left out of account: x.compare_total_mag(y) is x.copy_abs().compare_total(y.copy_abs()).
 *
 * So the order is: numbers by their size, those that are equal by their exponent, then infinities, signaling NaNs and quiet NaNs.
 *
 * No context is used, and nothing is signaled, unless an operand is an int that cannot be converted exactly: then it is InvalidOperation, as it always is.
 */
export function decimal_compare_total_mag(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, compareTotalMagnitude.index);
}

/**
 * @native decimal.Decimal.copy_sign($self, /, other, context=None)
 *
 * A copy of the number with the sign of another.
 *
 *     >>> Decimal('2.3').copy_sign(Decimal('-1.5'))
 *     Decimal('-2.3')
 *
 * It is not rounded. No context is used, and nothing is signaled, unless an operand is an int that cannot be converted exactly: then it is InvalidOperation, as it always is. NaNs and infinities are copied with the sign, too, like any other number.
 */
export function decimal_copy_sign(self: usize, other: usize, context: usize): usize {
  return binary(self, other, context, copySign.index);
}
