// Square roots of decimal numbers, correctly rounded (libmpdec's mpd_qsqrt).

import { mpd_context_t, mpd_t } from "../../generated/layouts";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { addLimb, clearLimbs, copyLimbs, divideLimbs, isZeroLimbs, Limb } from "./limbs";
import {
  checkNaNs,
  finalize,
  INF,
  Inexact,
  Invalid_operation,
  Malloc_error,
  Mpd,
  ROUND_HALF_EVEN,
  resize,
  setError,
  setLength,
  setSpecial,
  setTriple,
  shiftLeft,
  shiftRight,
  Temp,
} from "./number";

/**
 * The root of n limbs, which are not 0, rounded down, in `root` of (n + 1) / 2 + 1 limbs; whether it is exact. By Newton's
 * method from above. -1 where there is no memory, or where it is
 * interrupted.
 */
function rootOfLimbs(root: usize, a: usize, n: isize): i32 {
  const size = ((n + 1) >> 1) + 1;
  // A dividend, a quotient, a divisor: the latter two as long as the root at most.
  const work = PyMem_Malloc((<usize>(n + 1 + size + 2 + size)) << 2);
  if (work == 0) return -1;
  const dividend = work;
  const quotientAt = Limb.at(dividend, n + 1);
  const divisor = Limb.at(quotientAt, size + 2);
  // The first guess: the root of the leading limbs, a little above.
  const odd = n & 1;
  let lead: f64 = <f64>Limb.get(a, n - 1);
  if (!odd) lead = lead * 1e9 + <f64>Limb.get(a, n - 2);
  const used: isize = odd ? 1 : 2;
  if (n > used) lead += <f64>Limb.get(a, n - used - 1) / 1e9;
  const guess = sqrt<f64>(lead + 1e-9) * (1 + 1e-15) * 1e9 + 1;
  clearLimbs(root, size);
  const half = (n - used) >> 1;
  const g = <u64>ceil<f64>(guess);
  // The guess has 9 digits behind its point: one limb.
  if (half > 0) {
    Limb.set(root, half - 1, <u32>(g % 1000000000));
    Limb.set(root, half, <u32>((g / 1000000000) % 1000000000));
    Limb.set(root, half + 1, <u32>(g / 1000000000000000000));
  } else {
    const whole = g / 1000000000 + 1;
    Limb.set(root, 0, <u32>(whole % 1000000000));
    Limb.set(root, 1, <u32>(whole / 1000000000));
  }
  let exact = 0;
  while (true) {
    let len = size;
    while (Limb.get(root, len - 1) == 0) len--;
    copyLimbs(dividend, a, n);
    Limb.set(dividend, n, 0);
    copyLimbs(divisor, root, len);
    if (n < len) break;
    const qlen = n + 1 - len;
    if (!divideLimbs(quotientAt, dividend, n, divisor, len)) {
      exact = -1;
      break;
    }
    // Done once the quotient is not below the root.
    let longest = size;
    let order = 0;
    for (let i = max(qlen, longest) - 1; i >= 0 && order == 0; i--) {
      const q = i < qlen ? Limb.get(quotientAt, i) : 0;
      const s = i < size ? Limb.get(root, i) : 0;
      if (q != s) order = q < s ? -1 : 1;
    }
    if (order >= 0) {
      exact = i32(order == 0 && isZeroLimbs(dividend, len));
      break;
    }
    longest = min(qlen, size);
    let carry: u32 = 0;
    for (let i: isize = 0; i < size; i++) {
      let v = Limb.get(root, i) + carry + (i < longest ? Limb.get(quotientAt, i) : 0);
      carry = u32(v >= 1000000000);
      if (carry) v -= 1000000000;
      Limb.set(root, i, v);
    }
    let rest: u32 = carry;
    for (let i = size - 1; i >= 0; i--) {
      const v = rest * 1000000000 + Limb.get(root, i);
      Limb.set(root, i, v >> 1);
      rest = v & 1;
    }
  }
  PyMem_Free(work);
  return exact;
}

export function squareRoot(r: usize, a: usize, c: mpd_context_t): void {
  if (Mpd.isSpecial(a)) {
    if (checkNaNs(r, a, 0, c)) return;
    if (Mpd.isNegative(a)) setError(r, Invalid_operation, c);
    else setSpecial(r, 0, INF);
    return;
  }
  const x = mpd_t.at(a);
  const ideal = x.exp >> 1;
  if (Mpd.hasZeroCoefficient(a)) {
    setTriple(r, Mpd.sign(a), 0, ideal);
    finalize(r, c);
    return;
  }
  if (Mpd.isNegative(a)) {
    setError(r, Invalid_operation, c);
    return;
  }
  // A root that has an end has not more digits than its square.
  const digits = min<i64>(c.prec, c.prec > <i64>x.digits + 1000000 ? <i64>x.digits : c.prec);
  if (digits < c.prec) {
    rootWith(r, a, digits + 1, ideal, c);
    if (c.status & Malloc_error || !(c.status & Inexact)) return;
    c.status = 0;
  }
  rootWith(r, a, c.prec + 1, ideal, c);
}

/** The root with so many digits, finalized. */
function rootWith(r: usize, a: usize, digits: i64, ideal: i64, c: mpd_context_t): void {
  const x = mpd_t.at(a);
  const odd = <i64>(x.exp & 1);
  const whole = odd ? (<i64>x.digits >> 1) + 1 : (<i64>x.digits + 1) >> 1;
  const shift = digits - whole;
  const scaled = Temp.take();
  let exact = true;
  let ready: bool;
  if (shift >= 0) ready = shiftLeft(scaled, a, 2 * shift + odd, c);
  else {
    const rest = shiftRight(scaled, a, -2 * shift - odd, c);
    ready = rest >= 0;
    exact = rest == 0;
  }
  const n = mpd_t.at(scaled).len;
  ready = ready && resize(r, ((n + 1) >> 1) + 1, c);
  const isExact = ready ? rootOfLimbs(mpd_t.at(r).data, mpd_t.at(scaled).data, n) : -1;
  Temp.give(scaled);
  if (isExact < 0) {
    setError(r, Malloc_error, c);
    return;
  }
  const z = mpd_t.at(r);
  setLength(r, ((n + 1) >> 1) + 1);
  Mpd.setFlags(r, 0);
  z.exp = ideal - shift;
  if (exact && isExact) {
    if (shift > 0) shiftRight(r, r, shift, c);
    else if (shift < 0 && !shiftLeft(r, r, -shift, c)) return;
    z.exp = ideal;
  } else {
    const last = Limb.get(z.data, 0) % 10;
    if (last == 0 || last == 5) addLimb(z.data, z.len, 1);
    if (digits <= c.prec) c.status |= Inexact;
  }
  const round = c.round;
  c.round = ROUND_HALF_EVEN;
  finalize(r, c);
  c.round = round;
}
