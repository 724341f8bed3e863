// Operations that round, scale and step decimal numbers (libmpdec's mpd_qplus, mpd_qquantize, mpd_qnext_plus and others):
// r is none of the operands, the status of the context gets the conditions.

import { mpd_context_t, mpd_t } from "../../generated/layouts";
import { add, subtract } from "./arithmetic";
import { compareNumbers } from "./compare";
import { LIMB_DIGITS, Limb, limbAtDigit, trailingZeros } from "./limbs";
import {
  applyRoundExcess,
  Clamped,
  checkNaNs,
  copyNumber,
  Division_by_zero,
  Errors,
  etiny,
  etop,
  finalize,
  INF,
  Inexact,
  Invalid_operation,
  keepLowDigits,
  Mpd,
  NAN,
  NEG,
  Overflow,
  ROUND_CEILING,
  ROUND_FLOOR,
  Rounded,
  Subnormal,
  setError,
  setNines,
  setSpecial,
  setTriple,
  shiftLeft,
  shiftRight,
  Temp,
  Underflow,
  Work,
} from "./number";

/** a with another sign; what is not special is rounded. A zero loses its sign, but for rounding down. */
function withSign(r: usize, a: usize, sign: u8, c: mpd_context_t): void {
  if (checkNaNs(r, a, 0, c) || !copyNumber(r, a, c)) return;
  Mpd.setSign(r, sign);
  finalize(r, c);
}

export function plus(r: usize, a: usize, c: mpd_context_t): void {
  withSign(r, a, Mpd.isZero(a) && c.round != ROUND_FLOOR ? 0 : Mpd.sign(a), c);
}

export function minus(r: usize, a: usize, c: mpd_context_t): void {
  withSign(r, a, Mpd.isZero(a) && c.round != ROUND_FLOOR ? 0 : Mpd.sign(a) ^ NEG, c);
}

export function absolute(r: usize, a: usize, c: mpd_context_t): void {
  withSign(r, a, 0, c);
}

export function copyAbsolute(r: usize, a: usize, c: mpd_context_t): void {
  if (copyNumber(r, a, c)) Mpd.setSign(r, 0);
}

export function copyNegated(r: usize, a: usize, c: mpd_context_t): void {
  if (copyNumber(r, a, c)) Mpd.setSign(r, Mpd.sign(a) ^ NEG);
}

export function copySign(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  if (copyNumber(r, a, c)) Mpd.setSign(r, Mpd.sign(b));
}

/** a rounded, without zeros at the end of the coefficient. */
export function reduce(r: usize, a: usize, c: mpd_context_t): void {
  if (checkNaNs(r, a, 0, c) || !copyNumber(r, a, c)) return;
  finalize(r, c);
  if (Mpd.isSpecial(r)) return;
  if (Mpd.hasZeroCoefficient(r)) {
    setTriple(r, Mpd.sign(r), 0, 0);
    return;
  }
  const most = c.clamp ? etop(c) : c.emax;
  const exp = mpd_t.at(r).exp;
  const shift = min(trailingZeros(mpd_t.at(r).data), most - exp);
  if (shift <= 0) return;
  shiftRight(r, r, shift, c);
  mpd_t.at(r).exp = exp + shift;
}

/** a with the exponent of b, which must be representable. */
export function quantize(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  if (Mpd.isSpecial(a) || Mpd.isSpecial(b)) {
    if (checkNaNs(r, a, b, c)) return;
    if (Mpd.isInfinite(a) && Mpd.isInfinite(b)) copyNumber(r, a, c);
    else setError(r, Invalid_operation, c);
    return;
  }
  const exp = mpd_t.at(b).exp;
  if (exp > c.emax || exp < etiny(c)) setError(r, Invalid_operation, c);
  else rescale(r, a, exp, c.prec, c);
}

/** a with an exponent, and at most so many digits. */
export function rescale(r: usize, a: usize, exp: i64, digits: i64, c: mpd_context_t): void {
  if (Mpd.hasZeroCoefficient(a)) {
    setTriple(r, Mpd.sign(a), 0, exp);
    finalize(r, c);
    return;
  }
  const x = mpd_t.at(a);
  const difference = x.exp - exp;
  if (x.digits + difference > digits) {
    setError(r, Invalid_operation, c);
    return;
  }
  let status: u32 = 0;
  if (difference >= 0) {
    if (!shiftLeft(r, a, difference, c)) return;
    mpd_t.at(r).exp = exp;
  } else {
    const rest = shiftRight(r, a, -difference, c);
    if (rest < 0) return;
    mpd_t.at(r).exp = exp;
    if (!applyRoundExcess(r, rest, c)) return;
    status = rest ? Rounded | Inexact : Rounded;
  }
  if (mpd_t.at(r).digits > digits || Mpd.adjusted(r) > c.emax) {
    setError(r, Invalid_operation, c);
    return;
  }
  c.status |= status;
  finalize(r, c);
}

/** a as a whole number. */
function toIntegral(r: usize, a: usize, exactly: bool, c: mpd_context_t): void {
  if (Mpd.isSpecial(a)) {
    if (!checkNaNs(r, a, 0, c)) copyNumber(r, a, c);
    return;
  }
  const exp = mpd_t.at(a).exp;
  if (exp >= 0) {
    copyNumber(r, a, c);
    return;
  }
  if (Mpd.hasZeroCoefficient(a)) {
    setTriple(r, Mpd.sign(a), 0, 0);
    return;
  }
  const rest = shiftRight(r, a, -exp, c);
  if (rest < 0) return;
  mpd_t.at(r).exp = 0;
  if (!applyRoundExcess(r, rest, c) || !exactly) return;
  c.status |= rest ? Rounded | Inexact : Rounded;
}

export function roundToInteger(r: usize, a: usize, c: mpd_context_t): void {
  toIntegral(r, a, false, c);
}

/** The same, with what was lost in the status. */
export function roundToIntegerExact(r: usize, a: usize, c: mpd_context_t): void {
  toIntegral(r, a, true, c);
}

/** The next number of the context, up or down. */
function next(r: usize, a: usize, up: bool, c: mpd_context_t): void {
  if (checkNaNs(r, a, 0, c)) return;
  const sign: u8 = up ? NEG : 0;
  if (Mpd.isInfinite(a)) {
    if (Mpd.sign(a) != sign) copyNumber(r, a, c);
    else if (setNines(r, c.prec, c)) {
      Mpd.setFlags(r, sign);
      mpd_t.at(r).exp = etop(c);
    }
    return;
  }
  const work = Work.take(changetype<usize>(c));
  work.round = up ? ROUND_CEILING : ROUND_FLOOR;
  if (copyNumber(r, a, work)) {
    finalize(r, work);
    if (!(work.status & (Inexact | Errors))) {
      const tiny = Temp.take();
      const from = Temp.take();
      setTriple(tiny, 0, 1, etiny(c) - 1);
      if (copyNumber(from, r, work)) {
        if (up) add(r, from, tiny, work);
        else subtract(r, from, tiny, work);
      }
      Temp.give(from);
      Temp.give(tiny);
    }
  }
  c.status |= work.status & Errors;
  Work.give(work);
}

export function nextPlus(r: usize, a: usize, c: mpd_context_t): void {
  next(r, a, true, c);
}

export function nextMinus(r: usize, a: usize, c: mpd_context_t): void {
  next(r, a, false, c);
}

export function nextToward(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  if (checkNaNs(r, a, b, c)) return;
  const order = compareNumbers(a, b);
  if (order == 0) {
    copySign(r, a, b, c);
    return;
  }
  next(r, a, order < 0, c);
  if (Mpd.isInfinite(r)) c.status |= Overflow | Rounded | Inexact;
  else if (Mpd.adjusted(r) < c.emin) {
    c.status |= Underflow | Subnormal | Rounded | Inexact;
    if (Mpd.isZero(r)) c.status |= Clamped;
  }
}

/** The exponent of the first digit. */
export function logb(r: usize, a: usize, c: mpd_context_t): void {
  if (checkNaNs(r, a, 0, c)) return;
  if (Mpd.isInfinite(a)) setSpecial(r, 0, INF);
  else if (Mpd.hasZeroCoefficient(a)) {
    setSpecial(r, NEG, INF);
    c.status |= Division_by_zero;
  } else {
    setInteger(r, Mpd.adjusted(a));
    finalize(r, c);
  }
}

/** The number of a 64-bit int. */
export function setInteger(r: usize, v: i64): void {
  const n = mpd_t.at(r);
  const size: u64 = v < 0 ? 0 - <u64>v : <u64>v;
  setTriple(r, v < 0 ? NEG : 0, size % 1000000000000000000, 0);
  const above = <u32>(size / 1000000000000000000);
  if (above == 0) return;
  Limb.set(n.data, 2, above);
  Limb.set(n.data, 1, <u32>((size / 1000000000) % 1000000000));
  n.len = 3;
  n.digits = above >= 10 ? 20 : 19;
}

/** The value of a whole number of at most 18 digits; i64.MIN_VALUE where it is none. */
export function smallInteger(x: usize): i64 {
  if (!Mpd.isInteger(x)) return i64.MIN_VALUE;
  if (Mpd.hasZeroCoefficient(x)) return 0;
  const n = mpd_t.at(x);
  if (Mpd.adjusted(x) >= 18) return i64.MIN_VALUE;
  // The digits from the point up.
  const low = <i64>limbAtDigit(n.data, n.len, -n.exp);
  const v = low + <i64>limbAtDigit(n.data, n.len, LIMB_DIGITS - n.exp) * 1000000000;
  return Mpd.isNegative(x) ? -v : v;
}

/** a with b added to its exponent. */
export function scaleb(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  if (checkNaNs(r, a, b, c)) return;
  const n = Mpd.isInfinite(b) || mpd_t.at(b).exp != 0 ? i64.MIN_VALUE : smallOrHuge(b);
  const most = 2 * (c.emax + c.prec);
  if (n == i64.MIN_VALUE || n > most || n < -most) {
    setError(r, Invalid_operation, c);
    return;
  }
  if (!copyNumber(r, a, c) || Mpd.isInfinite(a)) return;
  mpd_t.at(r).exp += n;
  finalize(r, c);
}

/** As smallInteger, up to 19 digits. */
function smallOrHuge(x: usize): i64 {
  const n = mpd_t.at(x);
  if (n.digits > 19) return i64.MIN_VALUE;
  let v: u64 = 0;
  for (let i = n.len - 1; i >= 0; i--) v = v * 1000000000 + Limb.get(n.data, i);
  if (v > <u64>i64.MAX_VALUE) return i64.MIN_VALUE;
  return Mpd.isNegative(x) ? -(<i64>v) : <i64>v;
}

/** How far to shift or rotate: i64.MIN_VALUE where b does not say that. */
function distance(b: usize, c: mpd_context_t): i64 {
  if (Mpd.isInfinite(b) || mpd_t.at(b).exp != 0) return i64.MIN_VALUE;
  const n = smallInteger(b);
  return n > c.prec || n < -c.prec ? i64.MIN_VALUE : n;
}

/** The digits of a moved by b places, as many as the context has. */
export function shift(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  if (checkNaNs(r, a, b, c)) return;
  const n = distance(b, c);
  if (n == i64.MIN_VALUE) setError(r, Invalid_operation, c);
  else if (Mpd.isInfinite(a) || n == 0) {
    if (copyNumber(r, a, c) && !Mpd.isInfinite(a)) keepLowDigits(r, c.prec);
  } else if (n > 0) {
    // What would leave at the top is left out first.
    const kept = Temp.take();
    if (copyNumber(kept, a, c)) {
      if (c.prec == n) setTriple(kept, Mpd.sign(a), 0, mpd_t.at(a).exp);
      else keepLowDigits(kept, c.prec - n);
      shiftLeft(r, kept, n, c);
    }
    Temp.give(kept);
  } else {
    if (!copyNumber(r, a, c)) return;
    keepLowDigits(r, c.prec);
    shiftRight(r, r, -n, c);
  }
}

/** The same, where digits that leave at one end come in at the other. */
export function rotate(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  if (checkNaNs(r, a, b, c)) return;
  let n = distance(b, c);
  if (n == i64.MIN_VALUE) {
    setError(r, Invalid_operation, c);
    return;
  }
  if (!copyNumber(r, a, c) || Mpd.isInfinite(a)) return;
  keepLowDigits(r, c.prec);
  if (n < 0) n += c.prec;
  if (n == 0 || n == c.prec) return;
  // The upper n of all digits go to the bottom, the others up.
  const work = Work.largest();
  const low = Temp.take();
  const high = Temp.take();
  if (copyNumber(low, r, c) && copyNumber(high, r, c)) {
    Mpd.setSign(low, 0);
    Mpd.setSign(high, 0);
    mpd_t.at(low).exp = 0;
    mpd_t.at(high).exp = 0;
    keepLowDigits(low, c.prec - n);
    shiftRight(high, high, c.prec - n, c);
    if (shiftLeft(low, low, n, c)) {
      const exp = mpd_t.at(a).exp;
      add(r, low, high, work);
      c.status |= work.status & Errors;
      mpd_t.at(r).exp = exp;
      Mpd.setSign(r, Mpd.sign(a));
    } else setSpecial(r, 0, NAN);
  }
  Temp.give(high);
  Temp.give(low);
  Work.give(work);
}
