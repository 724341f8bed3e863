// Decimal numbers as rows of digits 0 and 1 (libmpdec's mpd_qand and others), and questions about kinds of numbers.

import { mpd_context_t, mpd_t } from "../../generated/layouts";
import { digitAt, LIMB_DIGITS, Limb } from "./limbs";
import { Invalid_operation, Mpd, setError, setLength, setNines } from "./number";

/** Whether all digits are 0 or 1, and the number is a plain row of them. */
function isLogical(x: usize): bool {
  if (Mpd.isSpecial(x) || Mpd.isNegative(x) || mpd_t.at(x).exp != 0) return false;
  const n = mpd_t.at(x);
  for (let i: isize = 0; i < n.len; i++) {
    for (let v = Limb.get(n.data, i); v != 0; v /= 10) if (v % 10 > 1) return false;
  }
  return true;
}

/** r = the row of `digits` digits whose digits are made of those of a and b (null: of a alone): bit 2x + y of `table`. */
function combine(r: usize, a: usize, b: usize, digits: i64, table: u32, c: mpd_context_t): void {
  if (!setNines(r, digits, c)) return;
  const x = mpd_t.at(a);
  const z = mpd_t.at(r);
  const limbs = z.len;
  for (let i: isize = 0; i < limbs; i++) {
    let v: u32 = 0;
    const from = <i64>i * LIMB_DIGITS;
    for (let k = min<i64>(digits - from, LIMB_DIGITS) - 1; k >= 0; k--) {
      const p = digitAt(x.data, x.len, from + k);
      const q = b == 0 ? 0 : digitAt(mpd_t.at(b).data, mpd_t.at(b).len, from + k);
      v = v * 10 + ((table >> (2 * p + q)) & 1);
    }
    Limb.set(z.data, i, v);
  }
  Mpd.setFlags(r, 0);
  z.exp = 0;
  setLength(r, limbs);
}

function logical(r: usize, a: usize, b: usize, table: u32, c: mpd_context_t): void {
  if (!isLogical(a) || !isLogical(b)) setError(r, Invalid_operation, c);
  else combine(r, a, b, min<i64>(max(mpd_t.at(a).digits, mpd_t.at(b).digits), c.prec), table, c);
}

export function logicalAnd(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  logical(r, a, b, 0b1000, c);
}

export function logicalOr(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  logical(r, a, b, 0b1110, c);
}

export function logicalXor(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  logical(r, a, b, 0b0110, c);
}

export function logicalInvert(r: usize, a: usize, c: mpd_context_t): void {
  if (!isLogical(a)) setError(r, Invalid_operation, c);
  else combine(r, a, 0, c.prec, 0b0001, c);
}

/** Whether both have the same exponent, or are both infinite, or both NaN. */
export function sameQuantum(a: usize, b: usize): bool {
  if (Mpd.isSpecial(a) || Mpd.isSpecial(b)) {
    return (Mpd.isNaN(a) && Mpd.isNaN(b)) || (Mpd.isInfinite(a) && Mpd.isInfinite(b));
  }
  return mpd_t.at(a).exp == mpd_t.at(b).exp;
}

/** Whether it is finite, not 0, and not subnormal. */
export function isNormal(a: usize, c: mpd_context_t): bool {
  return !Mpd.isSpecial(a) && !Mpd.hasZeroCoefficient(a) && Mpd.adjusted(a) >= c.emin;
}

export function isSubnormal(a: usize, c: mpd_context_t): bool {
  return !Mpd.isSpecial(a) && !Mpd.hasZeroCoefficient(a) && Mpd.adjusted(a) < c.emin;
}

/** The name of its kind. */
export function numberClass(a: usize, c: mpd_context_t): string {
  const negative = Mpd.isNegative(a);
  if (Mpd.isQuiet(a)) return "NaN";
  if (Mpd.isSignaling(a)) return "sNaN";
  if (Mpd.isInfinite(a)) return negative ? "-Infinity" : "+Infinity";
  if (Mpd.hasZeroCoefficient(a)) return negative ? "-Zero" : "+Zero";
  if (isSubnormal(a, c)) return negative ? "-Subnormal" : "+Subnormal";
  return negative ? "-Normal" : "+Normal";
}
