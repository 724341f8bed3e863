// Addition, multiplication, division of decimal numbers (libmpdec's mpd_qadd and so on): r = a op b in a context, whose
// status gets the conditions. r is none of the operands.

import { mpd_context_t, mpd_t } from "../../generated/layouts";
import { compareSizes } from "./compare";
import { addLimb, addLimbs, compareLimbs, copyLimbs, divideLimbs, Limb, subtractLimbs, trailingZeros } from "./limbs";
import { multiplyLimbs } from "./multiply";
import {
  Clamped,
  checkNaNs,
  copyNumber,
  Division_by_zero,
  Division_impossible,
  Division_undefined,
  Errors,
  etiny,
  finalize,
  INF,
  Inexact,
  Invalid_operation,
  Malloc_error,
  Mpd,
  NAN,
  NEG,
  ROUND_FLOOR,
  resize,
  setError,
  setLength,
  setSpecial,
  setTriple,
  shiftLeft,
  shiftRight,
  Temp,
  Work,
} from "./number";

/**
 * r = big + small for finite numbers with these signs; big's exponent is greater by `difference`. Not finalized.
 */
function alignedSum(
  r: usize,
  big: usize,
  bigSign: u8,
  small: usize,
  smallSign: u8,
  difference: i64,
  c: mpd_context_t,
): void {
  let shifted: usize = 0;
  if (difference != 0 && !Mpd.hasZeroCoefficient(big)) {
    shifted = Temp.take();
    if (!shiftLeft(shifted, big, difference, c)) {
      Temp.give(shifted);
      setError(r, Malloc_error, c);
      return;
    }
    big = shifted;
  }
  const x = mpd_t.at(big);
  const y = mpd_t.at(small);
  const n = max(x.len, y.len);
  if (resize(r, <i64>n + 1, c)) {
    const z = mpd_t.at(r);
    let sign = bigSign;
    let len = n;
    if (bigSign == smallSign) {
      const carry =
        x.len >= y.len
          ? addLimbs(z.data, x.data, x.len, y.data, y.len)
          : addLimbs(z.data, y.data, y.len, x.data, x.len);
      if (carry) Limb.set(z.data, len++, 1);
    } else {
      const order = x.len != y.len ? (x.len < y.len ? -1 : 1) : compareLimbs(x.data, y.data, n);
      if (order == 0) {
        Limb.set(z.data, 0, 0);
        len = 1;
        sign = c.round == ROUND_FLOOR ? NEG : 0;
      } else if (order > 0) subtractLimbs(z.data, x.data, x.len, y.data, y.len);
      else {
        subtractLimbs(z.data, y.data, y.len, x.data, x.len);
        sign = smallSign;
      }
    }
    Mpd.setFlags(r, sign);
    z.exp = y.exp;
    setLength(r, len);
  }
  if (shifted != 0) Temp.give(shifted);
}

/** r = a + b, or a - b, of finite numbers; not finalized. */
function sum(r: usize, a: usize, b: usize, subtract: bool, c: mpd_context_t): void {
  const aSign = Mpd.sign(a);
  const bSign: u8 = Mpd.sign(b) ^ u8(subtract);
  const swapped = mpd_t.at(a).exp < mpd_t.at(b).exp;
  const big = swapped ? b : a;
  let small = swapped ? a : b;
  let tiny: usize = 0;
  const x = mpd_t.at(big);
  if (x.exp != mpd_t.at(small).exp && !Mpd.hasZeroCoefficient(big)) {
    // What lies below all digits that count is like a 1 just below them.
    let lowest = x.exp - 1;
    if (x.digits <= c.prec) lowest += x.digits - c.prec - 1;
    if (Mpd.adjusted(small) < lowest) {
      tiny = Temp.take();
      setTriple(tiny, 0, Mpd.hasZeroCoefficient(small) ? 0 : 1, lowest);
      small = tiny;
    }
  }
  const difference = x.exp - mpd_t.at(small).exp;
  alignedSum(r, big, swapped ? bSign : aSign, small, swapped ? aSign : bSign, difference, c);
  if (tiny != 0) Temp.give(tiny);
}

/** a + b or a - b where one is infinite. */
function infiniteSum(r: usize, a: usize, b: usize, subtract: bool, c: mpd_context_t): void {
  const bSign: u8 = Mpd.sign(b) ^ u8(subtract);
  if (!Mpd.isInfinite(a)) setSpecial(r, bSign, INF);
  else if (Mpd.isInfinite(b) && Mpd.sign(a) != bSign) setError(r, Invalid_operation, c);
  else setSpecial(r, Mpd.sign(a), INF);
}

function addOrSubtract(r: usize, a: usize, b: usize, subtract: bool, c: mpd_context_t): void {
  if (Mpd.isSpecial(a) || Mpd.isSpecial(b)) {
    if (!checkNaNs(r, a, b, c)) infiniteSum(r, a, b, subtract, c);
    return;
  }
  sum(r, a, b, subtract, c);
  finalize(r, c);
}

export function add(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  addOrSubtract(r, a, b, false, c);
}

export function subtract(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  addOrSubtract(r, a, b, true, c);
}

/** r = a * b of numbers that are not NaN; exact, not finalized. */
function product(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  const sign: u8 = Mpd.sign(a) ^ Mpd.sign(b);
  if (Mpd.isSpecial(a) || Mpd.isSpecial(b)) {
    if (Mpd.isZero(a) || Mpd.isZero(b)) setError(r, Invalid_operation, c);
    else setSpecial(r, sign, INF);
    return;
  }
  const x = mpd_t.at(a);
  const y = mpd_t.at(b);
  const n = x.len + y.len;
  if (!resize(r, n, c)) return;
  const z = mpd_t.at(r);
  if (!multiplyLimbs(z.data, x.data, x.len, y.data, y.len)) {
    setError(r, Malloc_error, c);
    return;
  }
  Mpd.setFlags(r, sign);
  z.exp = x.exp + y.exp;
  setLength(r, n);
}

export function multiply(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  if (checkNaNs(r, a, b, c)) return;
  product(r, a, b, c);
  finalize(r, c);
}

/** a * b + third, rounded once. */
export function fusedMultiplyAdd(r: usize, a: usize, b: usize, third: usize, c: mpd_context_t): void {
  const exact = Temp.take();
  if (!checkNaNs(exact, a, b, c)) product(exact, a, b, c);
  if (c.status & Errors) copyNumber(r, exact, c);
  else addOrSubtract(r, exact, third, false, c);
  Temp.give(exact);
}

/**
 * The quotient of the coefficients of two numbers, of which the second is not 0, in q, and what remains in rest (both
 * null: not wanted). False with Malloc_error.
 */
function divideCoefficients(q: usize, rest: usize, a: usize, b: usize, c: mpd_context_t): bool {
  const x = mpd_t.at(a);
  const y = mpd_t.at(b);
  const n = max<isize>(x.len + 1 - y.len, 1);
  if (!resize(q, n, c) || !resize(rest, max<i64>(x.len, y.len) + 1, c)) return false;
  const left = mpd_t.at(rest).data;
  copyLimbs(left, x.data, x.len);
  if (x.len < y.len) {
    Limb.set(mpd_t.at(q).data, 0, 0);
    setLength(q, 1);
    setLength(rest, x.len);
    return true;
  }
  // The divisor is scaled in place, so it is a copy.
  const divisor = Temp.take();
  let ready = copyNumber(divisor, b, c);
  if (ready) {
    Limb.set(left, x.len, 0);
    ready = divideLimbs(mpd_t.at(q).data, left, x.len, mpd_t.at(divisor).data, y.len);
    setLength(q, n);
    setLength(rest, y.len);
  }
  Temp.give(divisor);
  return ready;
}

/** r = a / b of finite numbers that are not 0, to the digits of the context and more; not finalized. */
function quotient(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  const x = mpd_t.at(a);
  const y = mpd_t.at(b);
  const ideal = x.exp - y.exp;
  const sign: u8 = Mpd.sign(a) ^ Mpd.sign(b);
  const shift: i64 = y.digits - x.digits + c.prec + 1;
  let exp = ideal - shift;
  const shifted = Temp.take();
  const rest = Temp.take();
  const ready =
    shift > 0
      ? shiftLeft(shifted, a, shift, c) && divideCoefficients(r, rest, shifted, b, c)
      : shiftLeft(shifted, b, -shift, c) && divideCoefficients(r, rest, a, shifted, c);
  if (!ready) setError(r, Malloc_error, c);
  else {
    const z = mpd_t.at(r);
    if (!Mpd.hasZeroCoefficient(rest)) {
      // More follows: the last digit must not look like the end or the middle.
      const last = Limb.get(z.data, 0) % 10;
      if (last == 0 || last == 5) addLimb(z.data, z.len, 1);
    } else if (exp < ideal) {
      const zeros = min(ideal - exp, trailingZeros(z.data));
      shiftRight(r, r, zeros, c);
      exp += zeros;
    }
    Mpd.setFlags(r, sign);
    z.exp = exp;
  }
  Temp.give(rest);
  Temp.give(shifted);
}

/** Whether the quotient is settled by infinities and zeros. */
function specialQuotient(r: usize, a: usize, b: usize, c: mpd_context_t): bool {
  const sign: u8 = Mpd.sign(a) ^ Mpd.sign(b);
  if (Mpd.isSpecial(a) || Mpd.isSpecial(b)) {
    if (checkNaNs(r, a, b, c)) return true;
    if (Mpd.isInfinite(a)) {
      if (Mpd.isInfinite(b)) setError(r, Invalid_operation, c);
      else setSpecial(r, sign, INF);
    } else {
      setTriple(r, sign, 0, etiny(c));
      c.status |= Clamped;
    }
    return true;
  }
  if (Mpd.hasZeroCoefficient(b)) {
    if (Mpd.hasZeroCoefficient(a)) setError(r, Division_undefined, c);
    else {
      setSpecial(r, sign, INF);
      c.status |= Division_by_zero;
    }
    return true;
  }
  if (!Mpd.hasZeroCoefficient(a)) return false;
  setTriple(r, sign, 0, mpd_t.at(a).exp - mpd_t.at(b).exp);
  finalize(r, c);
  return true;
}

export function divide(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  if (specialQuotient(r, a, b, c)) return;
  // A quotient that has an end has not more digits than this; with a greater precision that is tried first.
  const enough: i64 = 4 * <i64>mpd_t.at(b).digits + mpd_t.at(a).digits;
  if (c.prec > enough + 1000000) {
    const work = Work.take(changetype<usize>(c));
    work.prec = enough;
    quotient(r, a, b, work);
    finalize(r, work);
    const status = work.status;
    Work.give(work);
    if (status & Malloc_error) {
      c.status |= Malloc_error;
      return;
    }
    if (!(status & Inexact)) {
      finalize(r, c);
      c.status |= status;
      return;
    }
  }
  quotient(r, a, b, c);
  finalize(r, c);
}

/**
 * The whole quotient and the remainder of finite numbers, b not 0: q is exact with exponent 0, rest has the lesser of both
 * exponents. False with Division_impossible, where q would have more digits than the context, or with Malloc_error.
 */
function divideWhole(q: usize, rest: usize, a: usize, b: usize, c: mpd_context_t): bool {
  const x = mpd_t.at(a);
  const y = mpd_t.at(b);
  const ideal = min(x.exp, y.exp);
  const sign: u8 = Mpd.sign(a) ^ Mpd.sign(b);
  if (Mpd.hasZeroCoefficient(a)) {
    setTriple(rest, Mpd.sign(a), 0, ideal);
    setTriple(q, sign, 0, 0);
    return true;
  }
  const difference = Mpd.adjusted(a) - Mpd.adjusted(b);
  if (difference < 0) {
    if (!shiftLeft(rest, a, x.exp - ideal, c)) return false;
    mpd_t.at(rest).exp = ideal;
    setTriple(q, sign, 0, 0);
    return true;
  }
  if (difference > c.prec) {
    c.status |= Division_impossible;
    return false;
  }
  const shifted = Temp.take();
  const ready =
    x.exp >= y.exp
      ? shiftLeft(shifted, a, x.exp - ideal, c) && divideCoefficients(q, rest, shifted, b, c)
      : shiftLeft(shifted, b, y.exp - ideal, c) && divideCoefficients(q, rest, a, shifted, c);
  Temp.give(shifted);
  if (!ready) {
    c.status |= Malloc_error;
    return false;
  }
  Mpd.setFlags(q, sign);
  mpd_t.at(q).exp = 0;
  Mpd.setFlags(rest, Mpd.sign(a));
  mpd_t.at(rest).exp = ideal;
  if (mpd_t.at(q).digits <= c.prec) return true;
  c.status |= Division_impossible;
  return false;
}

/** The whole part of the quotient. */
export function divideInteger(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  const sign: u8 = Mpd.sign(a) ^ Mpd.sign(b);
  if (Mpd.isSpecial(a) || Mpd.isSpecial(b)) {
    if (checkNaNs(r, a, b, c)) return;
    if (!Mpd.isInfinite(a)) setTriple(r, sign, 0, 0);
    else if (Mpd.isInfinite(b)) setError(r, Invalid_operation, c);
    else setSpecial(r, sign, INF);
    return;
  }
  if (Mpd.hasZeroCoefficient(b)) {
    if (Mpd.hasZeroCoefficient(a)) setError(r, Division_undefined, c);
    else {
      setSpecial(r, sign, INF);
      c.status |= Division_by_zero;
    }
    return;
  }
  const rest = Temp.take();
  if (divideWhole(r, rest, a, b, c)) finalize(r, c);
  else setSpecial(r, 0, NAN);
  Temp.give(rest);
}

/** Whether what remains is settled by infinities and a divisor of 0. */
function specialRemainder(r: usize, a: usize, b: usize, c: mpd_context_t): bool {
  if (Mpd.isSpecial(a) || Mpd.isSpecial(b)) {
    if (checkNaNs(r, a, b, c)) return true;
    if (Mpd.isInfinite(a)) setError(r, Invalid_operation, c);
    else if (copyNumber(r, a, c)) finalize(r, c);
    return true;
  }
  if (!Mpd.hasZeroCoefficient(b)) return false;
  setError(r, Mpd.hasZeroCoefficient(a) ? Division_undefined : Invalid_operation, c);
  return true;
}

/** What remains after the whole part of the quotient; its sign is a's. */
export function remainder(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  if (specialRemainder(r, a, b, c)) return;
  const q = Temp.take();
  if (divideWhole(q, r, a, b, c)) finalize(r, c);
  else setSpecial(r, 0, NAN);
  Temp.give(q);
}

/** Both: the whole part of the quotient, and what remains. */
export function divideModulo(q: usize, r: usize, a: usize, b: usize, c: mpd_context_t): void {
  const sign: u8 = Mpd.sign(a) ^ Mpd.sign(b);
  if (Mpd.isSpecial(a) || Mpd.isSpecial(b)) {
    if (checkNaNs(q, a, b, c)) copyNumber(r, q, c);
    else if (Mpd.isInfinite(a)) {
      if (Mpd.isInfinite(b)) setSpecial(q, 0, NAN);
      else setSpecial(q, sign, INF);
      setError(r, Invalid_operation, c);
    } else {
      if (copyNumber(r, a, c)) finalize(r, c);
      setTriple(q, sign, 0, 0);
    }
    return;
  }
  if (Mpd.hasZeroCoefficient(b)) {
    if (Mpd.hasZeroCoefficient(a)) {
      setSpecial(q, 0, NAN);
      setError(r, Division_undefined, c);
    } else {
      setSpecial(q, sign, INF);
      setError(r, Division_by_zero | Invalid_operation, c);
    }
    return;
  }
  if (divideWhole(q, r, a, b, c)) {
    finalize(q, c);
    finalize(r, c);
    return;
  }
  setSpecial(q, 0, NAN);
  setSpecial(r, 0, NAN);
}

/** What remains after the whole number that is nearest to the quotient, of two the even one. */
export function remainderNear(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  if (specialRemainder(r, a, b, c)) return;
  const x = mpd_t.at(a);
  const ideal = min(x.exp, mpd_t.at(b).exp);
  if (Mpd.hasZeroCoefficient(a)) {
    setTriple(r, Mpd.sign(a), 0, ideal);
    finalize(r, c);
    return;
  }
  const difference = Mpd.adjusted(a) - Mpd.adjusted(b);
  if (difference <= -2) {
    if (!shiftLeft(r, a, x.exp - ideal, c)) return;
    mpd_t.at(r).exp = ideal;
    finalize(r, c);
    return;
  }
  if (difference > c.prec) {
    setError(r, Division_impossible, c);
    return;
  }
  // One digit more, for what is rounded up.
  const work = Work.take(changetype<usize>(c));
  work.prec += 2;
  const q = Temp.take();
  const rest = Temp.take();
  const twice = Temp.take();
  if (!divideWhole(q, rest, a, b, work)) setError(r, work.status, c);
  else {
    const sizes = doubled(twice, rest, work) ? compareSizes(twice, b) : 2;
    if (sizes > 1) setError(r, Malloc_error, c);
    else if (sizes > 0 || (sizes == 0 && Mpd.isOdd(q))) {
      // The next multiple is nearer.
      sum(r, rest, b, Mpd.sign(a) == Mpd.sign(b), work);
      const n = mpd_t.at(q);
      if (addLimb(n.data, n.len, 1) == 0) setLength(q, n.len);
      else n.digits++;
      if (Mpd.isZero(r)) Mpd.setSign(r, Mpd.sign(a));
    } else copyNumber(r, rest, c);
    if (mpd_t.at(q).digits > c.prec) setError(r, Division_impossible, c);
    else if (work.status & Malloc_error) setError(r, Malloc_error, c);
    else finalize(r, c);
  }
  Temp.give(twice);
  Temp.give(rest);
  Temp.give(q);
  Work.give(work);
}

function doubled(r: usize, a: usize, c: mpd_context_t): bool {
  if (!copyNumber(r, a, c) || !resize(r, <i64>mpd_t.at(a).len + 1, c)) return false;
  const z = mpd_t.at(r);
  const n = z.len;
  Limb.set(z.data, n, addLimbs(z.data, z.data, n, z.data, n));
  setLength(r, n + 1);
  return true;
}
