// Fixed-point numbers for logarithms and exponentials: natural numbers in base 10**9 of `integer + fraction` limbs, the
// lower `fraction` of them behind the point. A number here is the address of its limbs, in a block that the caller has
// made; what a function needs besides lies in the same block, behind `work`.
//
// Every operation loses less than one unit of the last limb; with the steps that exp and ln take, for numbers below 10,
// what they lose together is less than 10**18 of those units, so their last two limbs are not to be believed. (The most
// comes of the squarings of exp: 2**40 times what the series has lost, some units for each of its terms.)

import { Interrupts } from "../../thread/interrupts";
import { fixedpoint } from "../../generated/layouts";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import {
  addLimbs,
  clearLimbs,
  compareLimbs,
  copyLimbs,
  divideByLimb,
  divideLimbs,
  isZeroLimbs,
  Limb,
  multiplyByLimb,
  significantLimbs,
  subtractLimbs,
} from "./limbs";
import { multiplyLimbs } from "./multiply";

/** Limbs before the point: enough for every exponent that there is. */
const INTEGER: isize = 3;
/** Numbers of more limbs look between two steps whether they are to be interrupted. */
const LONG: isize = 100;

/** Numbers that a block has room for, and limbs of workspace in lengths of a number. */
const NUMBERS: isize = 7;
const WORK: isize = 7;

export class Fixed {
  /** Makes the block for numbers with so many limbs behind the point; false where there is no memory. */
  static open(x: fixedpoint, fraction: isize): bool {
    const length = fraction + INTEGER;
    const block = PyMem_Malloc((<usize>(length * (NUMBERS + WORK) + 16)) << 2);
    x.block = block;
    x.fraction = fraction;
    x.length = length;
    return block != 0;
  }

  static close(x: fixedpoint): void {
    PyMem_Free(x.block);
  }

  /** The number at place i, below 7. */
  @inline static number(x: fixedpoint, i: isize): usize {
    assert(i < NUMBERS);
    return Limb.at(x.block, i * x.length);
  }

  @inline static work(x: fixedpoint): usize {
    return Limb.at(x.block, NUMBERS * x.length);
  }

  static clear(x: fixedpoint, a: usize): void {
    clearLimbs(a, x.length);
  }

  /** a = the small whole number v. */
  static setWhole(x: fixedpoint, a: usize, v: u32): void {
    clearLimbs(a, x.length);
    Limb.set(a, x.fraction, v);
  }

  static isZero(x: fixedpoint, a: usize): bool {
    return isZeroLimbs(a, x.length);
  }

  static copy(x: fixedpoint, r: usize, a: usize): void {
    copyLimbs(r, a, x.length);
  }

  static add(x: fixedpoint, r: usize, a: usize, b: usize): void {
    addLimbs(r, a, x.length, b, x.length);
  }

  static subtract(x: fixedpoint, r: usize, a: usize, b: usize): void {
    subtractLimbs(r, a, x.length, b, x.length);
  }

  static isLess(x: fixedpoint, a: usize, b: usize): bool {
    return compareLimbs(a, b, x.length) < 0;
  }

  /** r = a * b; r may be a or b. False where there is no memory, or where it is interrupted. */
  static multiply(x: fixedpoint, r: usize, a: usize, b: usize): bool {
    const work = Fixed.work(x);
    const na = significantLimbs(a, x.length);
    const nb = significantLimbs(b, x.length);
    if (!multiplyLimbs(work, a, na, b, nb)) return false;
    clearLimbs(Limb.at(work, na + nb), max<isize>(x.fraction + x.length - na - nb, 0));
    copyLimbs(r, Limb.at(work, x.fraction), x.length);
    return true;
  }

  /** r = a / b; b is not 0. r may be a or b. False where it is interrupted. */
  static divide(x: fixedpoint, r: usize, a: usize, b: usize): bool {
    const dividend = Fixed.work(x);
    const nb = significantLimbs(b, x.length);
    const n = x.fraction + x.length;
    const divisor = Limb.at(dividend, n + 1);
    const quotient = Limb.at(divisor, x.length);
    clearLimbs(dividend, x.fraction);
    copyLimbs(Limb.at(dividend, x.fraction), a, x.length);
    Limb.set(dividend, n, 0);
    copyLimbs(divisor, b, nb);
    if (!divideLimbs(quotient, dividend, n, divisor, nb)) return false;
    const nq = min(n + 1 - nb, x.length);
    copyLimbs(r, quotient, nq);
    clearLimbs(Limb.at(r, nq), x.length - nq);
    return true;
  }

  /** a /= d, for a small d. */
  static divideBy(x: fixedpoint, a: usize, d: u32): void {
    divideByLimb(a, a, x.length, d);
  }

  static multiplyBy(x: fixedpoint, a: usize, f: u32): void {
    multiplyByLimb(a, a, x.length, f);
  }
}

/**
 * r = e**a for a below 10, with the numbers at places 5 and 6 besides: a Taylor series for a / 2**k, and k squarings, k so
 * that both take about the same time; but each doubles what has been lost. False where there is no memory.
 */
export function fixedExp(x: fixedpoint, r: usize, a: usize): bool {
  const k = min(<i32>(3 * sqrt<f64>(<f64>x.fraction)) + 2, 40);
  const argument = Fixed.number(x, 5);
  const term = Fixed.number(x, 6);
  Fixed.copy(x, argument, a);
  for (let i = k; i > 0; i -= 24) Fixed.divideBy(x, argument, 1 << min(i, 24));
  Fixed.setWhole(x, r, 1);
  Fixed.setWhole(x, term, 1);
  for (let i: u32 = 1; ; i++) {
    if (!Fixed.multiply(x, term, term, argument)) return false;
    Fixed.divideBy(x, term, i);
    if (Fixed.isZero(x, term)) break;
    Fixed.add(x, r, r, term);
  }
  for (let i = 0; i < k; i++) if (!Fixed.multiply(x, r, r, r)) return false;
  return true;
}

/** r += factor * atanh(1 / n), with the numbers at places 5 and 6 besides. False where it is interrupted. */
function addInverseTangent(x: fixedpoint, r: usize, factor: u32, n: u32): bool {
  const power = Fixed.number(x, 5);
  const term = Fixed.number(x, 6);
  Fixed.setWhole(x, power, factor);
  Fixed.divideBy(x, power, n);
  for (let i: u32 = 1; !Fixed.isZero(x, power); i += 2) {
    if (x.length > LONG && Interrupts.raised()) return false;
    Fixed.copy(x, term, power);
    Fixed.divideBy(x, term, i);
    Fixed.add(x, r, r, term);
    Fixed.divideBy(x, power, n * n);
  }
  return true;
}

/** r = ln(10) = 46 atanh(1/31) + 34 atanh(1/49) + 20 atanh(1/161). False where it is interrupted. */
export function fixedLn10(x: fixedpoint, r: usize): bool {
  Fixed.clear(x, r);
  return addInverseTangent(x, r, 46, 31) && addInverseTangent(x, r, 34, 49) && addInverseTangent(x, r, 20, 161);
}

/**
 * r = the size of ln(a), for a between 1/10 and 10, with the numbers at places 3 to 6 besides: from the logarithm in floats
 * the exact difference, which is a series of few terms. 1 where ln(a) is negative, 0 where not, -1 where there is no memory.
 */
export function fixedLn(x: fixedpoint, r: usize, a: usize): i32 {
  const whole = <f64>Limb.get(a, x.fraction);
  const estimate = NativeMath.log(
    whole + (<f64>Limb.get(a, x.fraction - 1) + <f64>Limb.get(a, x.fraction - 2) / 1e9) / 1e9,
  );
  const guess = Fixed.number(x, 4);
  const quotient = Fixed.number(x, 3);
  const scaled = <u64>(abs(estimate) * 1e18);
  Fixed.clear(x, guess);
  Limb.set(guess, x.fraction, <u32>(scaled / 1000000000000000000));
  Limb.set(guess, x.fraction - 1, <u32>((scaled / 1000000000) % 1000000000));
  Limb.set(guess, x.fraction - 2, <u32>(scaled % 1000000000));
  if (!fixedExp(x, quotient, guess)) return -1;
  // t = a / e**guess = 1 + d, and ln(t) = 2 * atanh(d / (2 + d)).
  const negative = estimate < 0;
  if (negative) {
    if (!Fixed.multiply(x, quotient, quotient, a)) return -1;
  } else if (!Fixed.divide(x, quotient, a, quotient)) return -1;
  const one = Fixed.number(x, 5);
  const sum = Fixed.number(x, 6);
  Fixed.setWhole(x, one, 1);
  Fixed.add(x, sum, quotient, one);
  const below = Fixed.isLess(x, quotient, one);
  if (below) Fixed.subtract(x, quotient, one, quotient);
  else Fixed.subtract(x, quotient, quotient, one);
  const ratio = quotient;
  if (!Fixed.divide(x, ratio, ratio, sum)) return -1;
  const square = sum;
  if (!Fixed.multiply(x, square, ratio, ratio)) return -1;
  const term = one;
  Fixed.copy(x, r, ratio);
  for (let i: u32 = 3; ; i += 2) {
    if (!Fixed.multiply(x, ratio, ratio, square)) return -1;
    if (Fixed.isZero(x, ratio)) break;
    Fixed.copy(x, term, ratio);
    Fixed.divideBy(x, term, i);
    Fixed.add(x, r, r, term);
  }
  Fixed.multiplyBy(x, r, 2);
  // ±guess ± r
  if (negative == below) {
    Fixed.add(x, r, r, guess);
    return i32(negative);
  }
  if (Fixed.isLess(x, guess, r)) {
    Fixed.subtract(x, r, r, guess);
    return i32(below);
  }
  Fixed.subtract(x, r, guess, r);
  return i32(negative);
}
