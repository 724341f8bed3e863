// Powers of decimal numbers (libmpdec's mpd_qpow and mpd_qpowmod): whole exponents by repeated squaring with a few digits
// more, others by logarithm and exponential; like CPython's, and unlike all other operations, they may be wrong by a unit
// of the last digit.

import { mpd_context_t, mpd_t } from "../../generated/layouts";
import { divide, multiply, remainder, subtract } from "./arithmetic";
import { compareSizes } from "./compare";
import { exponential, naturalLogarithm, setNearlyOne } from "./exponential";
import { divideByLimb, Limb } from "./limbs";
import {
  Clamped,
  checkNaNs,
  copyNumber,
  Errors,
  EXP_INF,
  etiny,
  finalize,
  INF,
  Inexact,
  Invalid_operation,
  Mpd,
  NAN,
  NEG,
  ROUND_HALF_EVEN,
  Rounded,
  setError,
  setLength,
  setSpecial,
  setTriple,
  shiftLeft,
  shiftRight,
  Temp,
  Work,
} from "./number";
import { smallInteger } from "./unary";

/** Digits that a logarithm needs besides those of the result: the exponent's, and 4. */
const LOGARITHM_DIGITS: i64 = 19 + 4;

/** How the size of a number that is not special compares with 1. */
function compareWithOne(a: usize): i32 {
  const one = Temp.take();
  setTriple(one, 0, 1, 0);
  const r = compareSizes(a, one);
  Temp.give(one);
  return r;
}

/** Decimal digits of a number. */
function digitsOf(v: i64): i64 {
  let n: i64 = 1;
  let size: u64 = v < 0 ? 0 - <u64>v : <u64>v;
  while (size >= 10) {
    size /= 10;
    n++;
  }
  return n;
}

/** A lower bound of log10(abs(log10(x))), for an x that is neither 0 nor 1. */
function lowerBound(x: usize): i64 {
  const t = Mpd.adjusted(x);
  if (t > 0) return digitsOf(t) - 1;
  if (t < -1) return digitsOf(t + 1) - 1;
  const work = Work.largest();
  const one = Temp.take();
  const size = Temp.take();
  const difference = Temp.take();
  setTriple(one, 0, 1, 0);
  copyNumber(size, x, work);
  Mpd.setSign(size, 0);
  subtract(difference, size, one, work);
  const u = Mpd.isSpecial(difference) ? 0 : Mpd.adjusted(difference);
  Temp.give(difference);
  Temp.give(size);
  Temp.give(one);
  Work.give(work);
  return t == 0 ? u - 2 : u - 1;
}

/** Whether the result is beyond all exponents. */
function isOutOfBounds(r: usize, x: usize, y: usize, sign: u8, c: mpd_context_t): bool {
  const grows = Mpd.adjusted(x) < 0 == Mpd.isNegative(y);
  const size = lowerBound(x) + Mpd.adjusted(y);
  if (digitsOf(grows ? c.emax : etiny(c)) >= size) return false;
  setTriple(r, sign, 1, grows ? EXP_INF : etiny(c) - 1);
  finalize(r, c);
  return true;
}

/** 1**y, and (-1)**y, with the digits that it has. */
function powerOfOne(r: usize, base: usize, exponent: usize, sign: u8, c: mpd_context_t): void {
  if (!Mpd.isInteger(exponent)) {
    setNearlyOne(r, c);
    return;
  }
  if (Mpd.isNegative(exponent)) {
    setTriple(r, sign, 1, 0);
    return;
  }
  const places = -mpd_t.at(base).exp;
  const times = smallInteger(exponent);
  let shift = places <= 0 ? 0 : c.prec;
  if (places > 0 && times >= 0 && times < c.prec / places + 1) shift = places * times;
  // How many places there are is a number of the context, too.
  if (shift > c.prec - 1 || digitsOf(shift) - 1 > c.emax) {
    shift = c.prec - 1;
    c.status |= Rounded;
  }
  const one = Temp.take();
  setTriple(one, 0, 1, 0);
  if (shiftLeft(r, one, shift, c)) {
    mpd_t.at(r).exp = -shift;
    Mpd.setSign(r, sign);
  }
  Temp.give(one);
}

/** r *= factor. */
function multiplyInto(r: usize, factor: usize, c: mpd_context_t): void {
  const old = Temp.take();
  if (copyNumber(old, r, c)) multiply(r, old, factor, c);
  else setSpecial(r, 0, NAN);
  Temp.give(old);
}

/** Whether further multiplications change nothing. */
function isSettled(r: usize, c: mpd_context_t): bool {
  return Mpd.isSpecial(r) || (Mpd.hasZeroCoefficient(r) && (c.status & Clamped) != 0);
}

/** r = base**n for the number of a whole exponent's digits. */
function repeatedSquares(r: usize, base: usize, exponent: usize, c: mpd_context_t): void {
  const n = smallInteger(exponent);
  if (n != i64.MIN_VALUE) {
    const times = abs<i64>(n);
    if (!copyNumber(r, base, c)) return;
    for (let bit = 62 - <i32>clz<i64>(times); bit >= 0; bit--) {
      squareInto(r, c);
      if ((times >> bit) & 1) multiplyInto(r, base, c);
      if (isSettled(r, c)) return;
    }
    return;
  }
  // From the lowest bit up, as the exponent has more than 64 bits.
  const square = Temp.take();
  const rest = Temp.take();
  setTriple(r, 0, 1, 0);
  if (copyNumber(square, base, c) && shiftLeft(rest, exponent, mpd_t.at(exponent).exp, c)) {
    const x = mpd_t.at(rest);
    while (!Mpd.hasZeroCoefficient(rest)) {
      if (Limb.get(x.data, 0) & 1) {
        multiplyInto(r, square, c);
        if (isSettled(r, c)) break;
      }
      squareInto(square, c);
      divideByLimb(x.data, x.data, x.len, 2);
      setLength(rest, x.len);
    }
  } else setSpecial(r, 0, NAN);
  Temp.give(rest);
  Temp.give(square);
}

function squareInto(r: usize, c: mpd_context_t): void {
  const old = Temp.take();
  if (copyNumber(old, r, c)) multiply(r, old, old, c);
  else setSpecial(r, 0, NAN);
  Temp.give(old);
}

/** r = base**exponent for a whole exponent. */
function wholePower(r: usize, base: usize, exponent: usize, sign: u8, c: mpd_context_t): void {
  const work = Work.take(changetype<usize>(c));
  work.prec += <i64>mpd_t.at(exponent).digits + mpd_t.at(exponent).exp + 2;
  work.round = ROUND_HALF_EVEN;
  work.clamp = 0;
  const factor = Temp.take();
  let ready: bool;
  if (Mpd.isNegative(exponent)) {
    const one = Temp.take();
    work.prec++;
    setTriple(one, 0, 1, 0);
    divide(factor, one, base, work);
    ready = !(work.status & Errors);
    Temp.give(one);
  } else ready = copyNumber(factor, base, work);
  if (ready) {
    repeatedSquares(r, factor, exponent, work);
    if (!Mpd.isNaN(r)) Mpd.setSign(r, sign);
    // Whichever way the context rounds.
    if (Mpd.isInfinite(r)) setTriple(r, sign, 1, EXP_INF);
  } else setSpecial(r, 0, NAN);
  c.status |= work.status;
  Temp.give(factor);
  Work.give(work);
  finalize(r, c);
}

/** r = base**exponent, by the logarithm. */
function realPower(r: usize, base: usize, exponent: usize, c: mpd_context_t): void {
  const work = Work.largest();
  work.prec = max<i64>(mpd_t.at(base).digits, c.prec) + LOGARITHM_DIGITS;
  const ln = Temp.take();
  const product = Temp.take();
  naturalLogarithm(ln, base, work);
  multiply(product, ln, exponent, work);
  const status = work.status;
  work.status = 0;
  exponential(r, product, work);
  c.status |= (status & Errors) | work.status | Inexact | Rounded;
  Temp.give(product);
  Temp.give(ln);
  Work.give(work);
  if (!Mpd.isSpecial(r) && compareWithOne(r) == 0) setNearlyOne(r, c);
  if (Mpd.isInfinite(r)) setTriple(r, 0, 1, EXP_INF);
  finalize(r, c);
}

export function power(r: usize, base: usize, exponent: usize, c: mpd_context_t): void {
  if (checkNaNs(r, base, exponent, c)) return;
  const whole = Mpd.isInteger(exponent);
  const sign: u8 = whole && Mpd.isNegative(base) && Mpd.isOdd(exponent) ? NEG : 0;
  const falls = Mpd.isNegative(exponent);
  if (Mpd.isZero(base)) {
    if (Mpd.isZero(exponent)) setError(r, Invalid_operation, c);
    else if (falls) setSpecial(r, sign, INF);
    else setTriple(r, sign, 0, 0);
    return;
  }
  if (Mpd.isNegative(base) && !whole) {
    setError(r, Invalid_operation, c);
    return;
  }
  if (Mpd.isInfinite(exponent)) {
    const order = compareWithOne(base);
    if (order == 0) setNearlyOne(r, c);
    else if (order < 0 == falls) setSpecial(r, sign, INF);
    else setTriple(r, sign, 0, 0);
    return;
  }
  if (Mpd.isZero(exponent)) {
    setTriple(r, sign, 1, 0);
    return;
  }
  if (Mpd.isInfinite(base)) {
    if (falls) setTriple(r, sign, 0, 0);
    else setSpecial(r, sign, INF);
    return;
  }
  if (compareWithOne(base) == 0) powerOfOne(r, base, exponent, sign, c);
  else if (!isOutOfBounds(r, base, exponent, sign, c)) {
    if (whole) wholePower(r, base, exponent, sign, c);
    else realPower(r, base, exponent, c);
  }
}

/** r = a * b % modulus. */
function multiplyModulo(r: usize, a: usize, b: usize, modulus: usize, c: mpd_context_t): void {
  const product = Temp.take();
  multiply(product, a, b, c);
  remainder(r, product, modulus, c);
  Temp.give(product);
}

/** r = r**10 % modulus. */
function tenthPowerModulo(r: usize, modulus: usize, c: mpd_context_t): void {
  const square = Temp.take();
  const fourth = Temp.take();
  multiplyModulo(square, r, r, modulus, c);
  multiplyModulo(fourth, square, square, modulus, c);
  multiplyModulo(r, fourth, fourth, modulus, c);
  multiplyModulo(fourth, r, square, modulus, c);
  copyNumber(r, fourth, c);
  Temp.give(fourth);
  Temp.give(square);
}

/** r = r * b % modulus; b may be r. */
function multiplyIntoModulo(r: usize, b: usize, modulus: usize, c: mpd_context_t): void {
  const product = Temp.take();
  multiply(product, r, b, c);
  remainder(r, product, modulus, c);
  Temp.give(product);
}

/** r = a % modulus; false with an error in the status. */
function reduced(r: usize, a: usize, modulus: usize, c: mpd_context_t): bool {
  remainder(r, a, modulus, c);
  return !(c.status & Errors);
}

/** The size of a whole number, with exponent 0. */
function expanded(r: usize, a: usize, c: mpd_context_t): bool {
  const exp = mpd_t.at(a).exp;
  if (exp >= 0 ? !shiftLeft(r, a, exp, c) : shiftRight(r, a, -exp, c) < 0) return false;
  mpd_t.at(r).exp = 0;
  Mpd.setSign(r, 0);
  return true;
}

/** base**exponent % modulus of whole numbers, exactly; the modulus must have no more digits than the context. */
export function powerModulo(r: usize, base: usize, exponent: usize, modulus: usize, c: mpd_context_t): void {
  if (Mpd.isSpecial(base) || Mpd.isSpecial(exponent) || Mpd.isSpecial(modulus)) {
    if (!checkNaNs(r, base, exponent, c, modulus)) setError(r, Invalid_operation, c);
    return;
  }
  const m = mpd_t.at(modulus);
  if (
    !Mpd.isInteger(base) ||
    !Mpd.isInteger(exponent) ||
    !Mpd.isInteger(modulus) ||
    Mpd.hasZeroCoefficient(modulus) ||
    m.digits + m.exp > c.prec
  ) {
    setError(r, Invalid_operation, c);
    return;
  }
  const sign: u8 = Mpd.isNegative(base) && Mpd.isOdd(exponent) ? NEG : 0;
  if (Mpd.hasZeroCoefficient(exponent)) {
    if (Mpd.hasZeroCoefficient(base)) setError(r, Invalid_operation, c);
    else setTriple(r, sign, compareWithOne(modulus) == 0 ? 0 : 1, 0);
    return;
  }
  if (Mpd.isNegative(exponent)) {
    setError(r, Invalid_operation, c);
    return;
  }
  if (Mpd.hasZeroCoefficient(base)) {
    setTriple(r, sign, 0, 0);
    return;
  }
  const work = Work.largest();
  const whole = Temp.take();
  const square = Temp.take();
  const rest = Temp.take();
  if (
    expanded(whole, modulus, work) &&
    expanded(rest, base, work) &&
    reduced(square, rest, whole, work) &&
    copyNumber(rest, exponent, work)
  ) {
    let tens = max<i64>(mpd_t.at(rest).exp, 0);
    if (mpd_t.at(rest).exp < 0) shiftRight(rest, rest, -mpd_t.at(rest).exp, work);
    for (; tens > 0 && !(work.status & Errors); tens--) tenthPowerModulo(square, whole, work);
    setTriple(r, 0, 1, 0);
    const x = mpd_t.at(rest);
    while (!Mpd.hasZeroCoefficient(rest) && !(work.status & Errors)) {
      if (Limb.get(x.data, 0) & 1) multiplyIntoModulo(r, square, whole, work);
      multiplyIntoModulo(square, square, whole, work);
      divideByLimb(x.data, x.data, x.len, 2);
      setLength(rest, x.len);
    }
    Mpd.setSign(r, sign);
  }
  if (work.status & Errors) setError(r, work.status & Errors, c);
  Temp.give(rest);
  Temp.give(square);
  Temp.give(whole);
  Work.give(work);
}
