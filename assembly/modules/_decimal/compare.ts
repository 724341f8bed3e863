// Comparisons of decimal numbers (libmpdec's _mpd_cmp, mpd_qcmp, mpd_cmp_total and what is made of them).

import { mpd_context_t, mpd_t } from "../../generated/layouts";
import { LIMB_DIGITS, limbAtDigit } from "./limbs";
import { checkNaNs, copyNumber, finalize, Invalid_operation, Mpd, setTriple } from "./number";

/** What a comparison with a NaN gives. */
export const UNORDERED = 2;

/** -1, 0, 1 for the coefficients of two finite numbers, both not 0, as if their first digits were equally high. */
function compareDigits(a: usize, b: usize): i32 {
  const x = mpd_t.at(a);
  const y = mpd_t.at(b);
  let p: i64 = x.digits;
  let q: i64 = y.digits;
  while (p > 0 || q > 0) {
    p -= LIMB_DIGITS;
    q -= LIMB_DIGITS;
    const v = limbAtDigit(x.data, x.len, p);
    const w = limbAtDigit(y.data, y.len, q);
    if (v != w) return v < w ? -1 : 1;
  }
  return 0;
}

/** -1, 0, 1 for the sizes of two numbers that are not NaN. */
export function compareSizes(a: usize, b: usize): i32 {
  if (Mpd.isInfinite(a)) return Mpd.isInfinite(b) ? 0 : 1;
  if (Mpd.isInfinite(b)) return -1;
  const zero = Mpd.hasZeroCoefficient(a);
  if (Mpd.hasZeroCoefficient(b)) return zero ? 0 : 1;
  if (zero) return -1;
  const p = Mpd.adjusted(a);
  const q = Mpd.adjusted(b);
  if (p != q) return p < q ? -1 : 1;
  return compareDigits(a, b);
}

/** -1, 0, 1 for two numbers; UNORDERED where one is a NaN. */
export function compareNumbers(a: usize, b: usize): i32 {
  if (Mpd.isNaN(a) || Mpd.isNaN(b)) return UNORDERED;
  const negative = Mpd.isNegative(a);
  if (negative == Mpd.isNegative(b)) return negative ? -compareSizes(a, b) : compareSizes(a, b);
  if (Mpd.isZero(a) && Mpd.isZero(b)) return 0;
  return negative ? -1 : 1;
}

/** The order of numbers that are equal: by sign, then by exponent. */
function compareEqual(a: usize, b: usize): i32 {
  const negative = Mpd.isNegative(a);
  if (negative != Mpd.isNegative(b)) return negative ? -1 : 1;
  const p = mpd_t.at(a).exp;
  const q = mpd_t.at(b).exp;
  if (p == q) return 0;
  return p < q == negative ? 1 : -1;
}

/** What comes first among kinds: numbers, infinities with them, signaling NaNs, quiet NaNs. */
function rank(x: usize): i32 {
  return Mpd.isQuiet(x) ? 2 : Mpd.isSignaling(x) ? 1 : 0;
}

/** The order of the sizes of all numbers, NaNs with their payloads included. */
function compareTotalSizes(a: usize, b: usize): i32 {
  const p = rank(a);
  const q = rank(b);
  if (p != q) return p < q ? -1 : 1;
  const x = mpd_t.at(a);
  const y = mpd_t.at(b);
  if (p != 0) {
    if (x.digits != y.digits) return x.digits < y.digits ? -1 : 1;
    return x.digits == 0 ? 0 : compareDigits(a, b);
  }
  const c = compareSizes(a, b);
  if (c != 0) return c;
  return x.exp == y.exp ? 0 : x.exp < y.exp ? -1 : 1;
}

/** -1, 0, 1 in the total order. */
function totalOrder(a: usize, b: usize): i32 {
  const negative = Mpd.isNegative(a);
  if (negative != Mpd.isNegative(b)) return negative ? -1 : 1;
  const c = compareTotalSizes(a, b);
  return negative ? -c : c;
}

function setOrder(r: usize, c: i32): void {
  setTriple(r, c < 0 ? 1 : 0, c == 0 ? 0 : 1, 0);
}

export function compareTotal(r: usize, a: usize, b: usize, _c: mpd_context_t): void {
  setOrder(r, totalOrder(a, b));
}

export function compareTotalMagnitude(r: usize, a: usize, b: usize, _c: mpd_context_t): void {
  setOrder(r, compareTotalSizes(a, b));
}

export function compare(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  if (!checkNaNs(r, a, b, c)) setOrder(r, compareNumbers(a, b));
}

/** As compare, but every NaN signals. */
export function compareSignal(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  if (checkNaNs(r, a, b, c)) c.status |= Invalid_operation;
  else setOrder(r, compareNumbers(a, b));
}

/** The one of two numbers that a comparison of them, or of their sizes, chooses; a quiet NaN counts as missing. */
function choose(r: usize, a: usize, b: usize, c: mpd_context_t, sizes: bool, greater: bool): void {
  let chosen: usize;
  if (Mpd.isQuiet(a) && !Mpd.isNaN(b)) chosen = b;
  else if (Mpd.isQuiet(b) && !Mpd.isNaN(a)) chosen = a;
  else {
    if (checkNaNs(r, a, b, c)) return;
    let order = sizes ? compareSizes(a, b) : compareNumbers(a, b);
    if (order == 0) order = compareEqual(a, b);
    chosen = order < 0 == greater ? b : a;
  }
  if (copyNumber(r, chosen, c)) finalize(r, c);
}

export function maximum(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  choose(r, a, b, c, false, true);
}

export function minimum(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  choose(r, a, b, c, false, false);
}

export function maximumMagnitude(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  choose(r, a, b, c, true, true);
}

export function minimumMagnitude(r: usize, a: usize, b: usize, c: mpd_context_t): void {
  choose(r, a, b, c, true, false);
}
