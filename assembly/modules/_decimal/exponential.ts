// Exponentials and logarithms of decimal numbers, correctly rounded (libmpdec's mpd_qexp, mpd_qln, mpd_qlog10 with allcr):
// computed in fixed point with a few digits more than asked for; where what is not to be believed decides about the
// rounding, once more with more of them (Ziv's method).

import { fixedpoint, mpd_context_t, mpd_t, SIZEOF_fixedpoint } from "../../generated/layouts";
import { Scratch } from "../../thread/scratch";
import { subtract } from "./arithmetic";
import { compareNumbers } from "./compare";
import { Fixed, fixedExp, fixedLn, fixedLn10 } from "./fixed";
import {
  addLimb,
  copyLimbs,
  isZeroLimbs,
  LIMB_DIGITS,
  Limb,
  limbAtDigit,
  moveDigits,
  significantLimbs,
  subtractLimb,
  trailingZeros,
} from "./limbs";
import {
  Clamped,
  checkNaNs,
  etiny,
  finalize,
  INF,
  Inexact,
  Invalid_operation,
  Malloc_error,
  Mpd,
  NEG,
  Overflow,
  ROUND_HALF_EVEN,
  Rounded,
  resize,
  Subnormal,
  setError,
  setLength,
  setSpecial,
  setTriple,
  shiftLeft,
  Temp,
  Underflow,
  Work,
} from "./number";
import { setInteger } from "./unary";

/** Digits beyond which nothing is computed: there would be no memory. */
const DIGITS_MAX: i64 = 100000000;

/** Limbs that hold a number of so many digits. */
function limbsFor(digits: i64): isize {
  return <isize>((digits + LIMB_DIGITS - 1) / LIMB_DIGITS);
}

/** r = number * 10**exp, one unit of limb `slack` up or down, finalized. False with Malloc_error. */
function bound(
  r: usize,
  x: fixedpoint,
  number: usize,
  sign: u8,
  exp: i64,
  slack: isize,
  up: bool,
  c: mpd_context_t,
): bool {
  const n = significantLimbs(number, x.length);
  if (!resize(r, <i64>n + 1, c)) return false;
  const data = mpd_t.at(r).data;
  copyLimbs(data, number, n);
  Limb.set(data, n, 0);
  if (up) addLimb(Limb.at(data, slack), n + 1 - slack, 1);
  else subtractLimb(Limb.at(data, slack), n + 1 - slack, 1);
  Mpd.setFlags(r, sign);
  mpd_t.at(r).exp = exp;
  setLength(r, n + 1);
  finalize(r, c);
  return true;
}

/**
 * r = the number, behind whose point the last `slack` limbs are not to be believed, times 10**exp, rounded to the context:
 * 1; 0 where these decide; -1 with Malloc_error.
 */
function settle(r: usize, x: fixedpoint, number: usize, sign: u8, exp: i64, slack: isize, c: mpd_context_t): i32 {
  if (isZeroLimbs(Limb.at(number, slack), x.length - slack)) return 0;
  exp -= <i64>x.fraction * LIMB_DIGITS;
  const low = Work.take(changetype<usize>(c));
  low.round = ROUND_HALF_EVEN;
  const high = Work.take(changetype<usize>(low));
  const other = Temp.take();
  let settled = -1;
  if (
    bound(r, x, number, sign, exp, slack, false, low) &&
    bound(other, x, number, sign, exp, slack, true, high) &&
    !((low.status | high.status) & Malloc_error)
  ) {
    const same =
      low.status == high.status &&
      Mpd.flags(r) == Mpd.flags(other) &&
      mpd_t.at(r).exp == mpd_t.at(other).exp &&
      compareNumbers(r, other) == 0;
    settled = i32(same);
    if (same) c.status |= low.status;
  }
  Temp.give(other);
  Work.give(high);
  Work.give(low);
  if (settled < 0) setError(r, Malloc_error, c);
  return settled;
}

/** 1 with all digits that the context has, of a result that is not quite 1. */
export function setNearlyOne(r: usize, c: mpd_context_t): void {
  const one = Temp.take();
  setTriple(one, 0, 1, 0);
  if (shiftLeft(r, one, c.prec - 1, c)) {
    mpd_t.at(r).exp = -(c.prec - 1);
    c.status |= Inexact | Rounded;
    finalize(r, c);
  }
  Temp.give(one);
}

export function exponential(r: usize, a: usize, c: mpd_context_t): void {
  if (checkNaNs(r, a, 0, c)) return;
  const negative = Mpd.isNegative(a);
  if (Mpd.isInfinite(a)) {
    if (negative) setTriple(r, 0, 0, 0);
    else setSpecial(r, 0, INF);
    return;
  }
  if (Mpd.hasZeroCoefficient(a)) {
    setTriple(r, 0, 1, 0);
    return;
  }
  const adjusted = Mpd.adjusted(a);
  if (adjusted >= 19) {
    // Beyond all exponents.
    if (negative) {
      setTriple(r, 0, 0, etiny(c));
      c.status |= Inexact | Rounded | Subnormal | Underflow | Clamped;
    } else {
      setSpecial(r, 0, INF);
      c.status |= Overflow | Inexact | Rounded;
    }
    return;
  }
  if (adjusted < -(c.prec + 1)) {
    setNearlyOne(r, c);
    return;
  }
  if (c.prec > DIGITS_MAX) {
    setError(r, Malloc_error, c);
    return;
  }
  // What ln(10) loses counts as often as it is taken away.
  const slack: isize = 2 + (adjusted > 0 ? limbsFor(adjusted) + 1 : 0);
  let fraction = limbsFor(c.prec + 3) + 2 + slack;
  while (true) {
    const status = expWith(r, a, fraction, slack, c);
    if (status != 0) return;
    fraction += fraction >> 1;
  }
}

/** e**a with so many limbs behind the point: see settle. */
function expWith(r: usize, a: usize, fraction: isize, slack: isize, c: mpd_context_t): i32 {
  const x = fixedpoint.at(Scratch.take(<isize>(SIZEOF_fixedpoint >> 3)));
  let settled = -1;
  if (!Fixed.open(x, fraction)) setError(r, Malloc_error, c);
  else {
    const size = Fixed.number(x, 0);
    const ln10 = Fixed.number(x, 1);
    const rest = Fixed.number(x, 2);
    const times = Fixed.number(x, 3);
    const n = mpd_t.at(a);
    moveDigits(size, x.length, n.data, n.len, -(<i64>fraction) * LIMB_DIGITS - n.exp);
    let ready = fixedLn10(x, ln10) && Fixed.divide(x, times, size, ln10);
    let exponent: i64 = 0;
    for (let i = x.length - 1; i >= fraction; i--) exponent = exponent * 1000000000 + Limb.get(times, i);
    const negative = Mpd.isNegative(a);
    if (negative) exponent++;
    setWholePart(x, times, exponent);
    ready = ready && Fixed.multiply(x, times, times, ln10);
    if (ready) {
      // Exact so far: what remains is between 0 and ln(10).
      if (negative) Fixed.subtract(x, rest, times, size);
      else Fixed.subtract(x, rest, size, times);
      ready = fixedExp(x, times, rest);
    }
    if (ready) settled = settle(r, x, times, 0, negative ? -exponent : exponent, slack, c);
    else setError(r, Malloc_error, c);
    Fixed.close(x);
  }
  Scratch.give(changetype<usize>(x));
  return settled;
}

/** a = a whole number below 10**27. */
function setWholePart(x: fixedpoint, a: usize, v: i64): void {
  Fixed.clear(x, a);
  for (let i = x.fraction; v != 0; i++) {
    Limb.set(a, i, <u32>(v % 1000000000));
    v /= 1000000000;
  }
}

/** How far a number near 1 is from it, as an exponent. */
function distanceFromOne(a: usize): i64 {
  const work = Work.largest();
  const one = Temp.take();
  const difference = Temp.take();
  setTriple(one, 0, 1, 0);
  subtract(difference, a, one, work);
  const r = Mpd.isSpecial(difference) ? 0 : Mpd.adjusted(difference);
  Temp.give(difference);
  Temp.give(one);
  Work.give(work);
  return r;
}

function logarithm(r: usize, a: usize, base10: bool, c: mpd_context_t): void {
  if (checkNaNs(r, a, 0, c)) return;
  if (Mpd.isZero(a)) {
    setSpecial(r, NEG, INF);
    return;
  }
  if (Mpd.isNegative(a)) {
    setError(r, Invalid_operation, c);
    return;
  }
  if (Mpd.isInfinite(a)) {
    setSpecial(r, 0, INF);
    return;
  }
  const n = mpd_t.at(a);
  const adjusted = Mpd.adjusted(a);
  // A power of 10.
  if (trailingZeros(n.data) == n.digits - 1 && limbAtDigit(n.data, n.len, n.digits - 1) == 1) {
    if (base10) {
      const round = c.round;
      c.round = ROUND_HALF_EVEN;
      setInteger(r, adjusted);
      finalize(r, c);
      c.round = round;
      return;
    }
    if (adjusted == 0) {
      setTriple(r, 0, 0, 0);
      return;
    }
  }
  // a = m * 10**q with m between 0.316 and 3.16.
  const lead = limbAtDigit(n.data, n.len, n.digits - LIMB_DIGITS);
  const q = lead >= 316227766 ? adjusted + 1 : adjusted;
  const near = q == 0 ? -distanceFromOne(a) : 0;
  if (c.prec + near > DIGITS_MAX) {
    setError(r, Malloc_error, c);
    return;
  }
  const slack: isize = 2 + (q == 0 ? 0 : 3);
  let fraction = limbsFor(c.prec + 3 + max<i64>(near, 0)) + 2 + slack;
  while (true) {
    const status = logarithmWith(r, a, q, base10, fraction, slack, c);
    if (status != 0) return;
    fraction += fraction >> 1;
  }
}

/** The logarithm with so many limbs behind the point: see settle. */
function logarithmWith(r: usize, a: usize, q: i64, base10: bool, fraction: isize, slack: isize, c: mpd_context_t): i32 {
  const x = fixedpoint.at(Scratch.take(<isize>(SIZEOF_fixedpoint >> 3)));
  let settled = -1;
  if (!Fixed.open(x, fraction)) setError(r, Malloc_error, c);
  else {
    const m = Fixed.number(x, 0);
    const ln = Fixed.number(x, 1);
    const ln10 = Fixed.number(x, 2);
    const whole = Fixed.number(x, 3);
    const n = mpd_t.at(a);
    moveDigits(m, x.length, n.data, n.len, -(<i64>fraction) * LIMB_DIGITS - (n.exp - q));
    let negative = fixedLn(x, ln, m);
    let ready: bool = negative >= 0;
    if (ready && (q != 0 || base10)) {
      ready = fixedLn10(x, ln10);
      if (ready && base10) ready = Fixed.divide(x, ln, ln, ln10);
      if (ready && q != 0) {
        setWholePart(x, whole, abs<i64>(q));
        if (!base10) ready = Fixed.multiply(x, whole, whole, ln10);
        // The whole part is the greater one.
        if (q < 0 == (negative == 1)) Fixed.add(x, ln, ln, whole);
        else Fixed.subtract(x, ln, whole, ln);
        negative = i32(q < 0);
      }
    }
    if (ready) settled = settle(r, x, ln, negative ? NEG : 0, 0, slack, c);
    else setError(r, Malloc_error, c);
    Fixed.close(x);
  }
  Scratch.give(changetype<usize>(x));
  return settled;
}

export function naturalLogarithm(r: usize, a: usize, c: mpd_context_t): void {
  logarithm(r, a, false, c);
}

export function commonLogarithm(r: usize, a: usize, c: mpd_context_t): void {
  logarithm(r, a, true, c);
}
