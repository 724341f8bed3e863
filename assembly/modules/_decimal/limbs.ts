// Natural numbers in base 10**9: arrays of u32, the least significant first ("limbs"). All the arithmetic of coefficients
// ends here; lengths are counted in limbs, positions within a number in decimal digits.
//
// Invariant: every limb is below 10**9. Results never overlap operands unless a function says that they may.

import { Interrupts } from "../../thread/interrupts";

/** Divisors of more limbs look at each step whether they are to be interrupted. */
const LONG_ROW: isize = 128;

/** What a limb counts up to, and how many digits it has. */
export const RADIX: u32 = 1000000000;
export const LIMB_DIGITS: i32 = 9;

const powersOf10: usize = memory.data<u32>([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000]);

/** 10**n for n up to 9. */
export function powerOf10(n: i32): u32 {
  return load<u32>(powersOf10 + ((<usize>n) << 2));
}

export class Limb {
  @inline static get(p: usize, i: isize): u32 {
    return load<u32>(p + ((<usize>i) << 2));
  }

  @inline static set(p: usize, i: isize, v: u32): void {
    store<u32>(p + ((<usize>i) << 2), v);
  }

  @inline static at(p: usize, i: isize): usize {
    return p + ((<usize>i) << 2);
  }
}

/** Decimal digits of a limb; 1 for 0. */
export function limbDigits(v: u32): i32 {
  let n = 1;
  while (n < LIMB_DIGITS && v >= powerOf10(n)) n++;
  return n;
}

/** Limbs without leading zeros, at least 1. */
export function significantLimbs(p: usize, n: isize): isize {
  while (n > 1 && Limb.get(p, n - 1) == 0) n--;
  return n;
}

export function isZeroLimbs(p: usize, n: isize): bool {
  for (let i: isize = 0; i < n; i++) if (Limb.get(p, i) != 0) return false;
  return true;
}

export function clearLimbs(p: usize, n: isize): void {
  memory.fill(p, 0, (<usize>n) << 2);
}

export function copyLimbs(to: usize, from: usize, n: isize): void {
  memory.copy(to, from, (<usize>n) << 2);
}

/** The 9 digits from position `digit` up, which may be outside of the number, where there are zeros. */
export function limbAtDigit(p: usize, n: isize, digit: i64): u32 {
  let i: i64 = digit / LIMB_DIGITS;
  let rest = <i32>(digit % LIMB_DIGITS);
  if (rest < 0) {
    rest += LIMB_DIGITS;
    i--;
  }
  const low = i >= 0 && i < n ? Limb.get(p, <isize>i) : 0;
  if (rest == 0) return low;
  const high = i + 1 >= 0 && i + 1 < n ? Limb.get(p, <isize>(i + 1)) : 0;
  const unit = powerOf10(rest);
  return low / unit + (high % unit) * powerOf10(LIMB_DIGITS - rest);
}

/** The digit at a position. */
export function digitAt(p: usize, n: isize, digit: i64): u32 {
  const i = digit / LIMB_DIGITS;
  return i >= n ? 0 : (Limb.get(p, <isize>i) / powerOf10(<i32>(digit % LIMB_DIGITS))) % 10;
}

/** r = the digits of a from position `digit` (which may be negative: zeros below) up, `count` limbs. */
export function moveDigits(r: usize, count: isize, a: usize, n: isize, digit: i64): void {
  for (let i: isize = 0; i < count; i++) Limb.set(r, i, limbAtDigit(a, n, digit + <i64>i * LIMB_DIGITS));
}

/** Whether all digits below a position are zeros. */
export function isZeroBelow(p: usize, n: isize, digit: i64): bool {
  const whole = min<i64>(digit / LIMB_DIGITS, n);
  if (!isZeroLimbs(p, <isize>whole)) return false;
  return whole == n || Limb.get(p, <isize>whole) % powerOf10(<i32>(digit % LIMB_DIGITS)) == 0;
}

/** How many zeros a number that is not 0 ends with. */
export function trailingZeros(p: usize): i64 {
  let i: isize = 0;
  while (Limb.get(p, i) == 0) i++;
  let v = Limb.get(p, i);
  let zeros: i64 = <i64>i * LIMB_DIGITS;
  while (v % 10 == 0) {
    v /= 10;
    zeros++;
  }
  return zeros;
}

/** -1, 0, 1 as a is less than, equal to, greater than b, both of n limbs. */
export function compareLimbs(a: usize, b: usize, n: isize): i32 {
  for (let i = n - 1; i >= 0; i--) {
    const x = Limb.get(a, i);
    const y = Limb.get(b, i);
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

/** r = a + b, na >= nb; the carry. r may be a or b. */
export function addLimbs(r: usize, a: usize, na: isize, b: usize, nb: isize): u32 {
  let carry: u32 = 0;
  for (let i: isize = 0; i < na; i++) {
    let v = Limb.get(a, i) + carry + (i < nb ? Limb.get(b, i) : 0);
    carry = u32(v >= RADIX);
    if (carry) v -= RADIX;
    Limb.set(r, i, v);
  }
  return carry;
}

/** r = a - b, na >= nb; the borrow. r may be a or b. */
export function subtractLimbs(r: usize, a: usize, na: isize, b: usize, nb: isize): u32 {
  let borrow: u32 = 0;
  for (let i: isize = 0; i < na; i++) {
    const taken = borrow + (i < nb ? Limb.get(b, i) : 0);
    let v = Limb.get(a, i);
    borrow = u32(v < taken);
    if (borrow) v += RADIX;
    Limb.set(r, i, v - taken);
  }
  return borrow;
}

/** Adds a limb at the bottom, carrying as far as needed; the carry out of n limbs. */
export function addLimb(r: usize, n: isize, v: u32): u32 {
  for (let i: isize = 0; i < n && v != 0; i++) {
    v += Limb.get(r, i);
    if (v < RADIX) {
      Limb.set(r, i, v);
      return 0;
    }
    Limb.set(r, i, v - RADIX);
    v = 1;
  }
  return v;
}

/** Takes a limb away at the bottom, borrowing as far as needed; the borrow. */
export function subtractLimb(r: usize, n: isize, v: u32): u32 {
  for (let i: isize = 0; i < n && v != 0; i++) {
    const x = Limb.get(r, i);
    if (x >= v) {
      Limb.set(r, i, x - v);
      return 0;
    }
    Limb.set(r, i, x + RADIX - v);
    v = 1;
  }
  return v;
}

/** r = a * f + carry for a limb f; what leaves at the top. r may be a. */
export function multiplyByLimb(r: usize, a: usize, n: isize, f: u32, carry: u32 = 0): u32 {
  let t: u64 = carry;
  for (let i: isize = 0; i < n; i++) {
    t += <u64>Limb.get(a, i) * f;
    const q = t / RADIX;
    Limb.set(r, i, <u32>(t - q * RADIX));
    t = q;
  }
  return <u32>t;
}

/** r = a / d for a limb d; the remainder. r may be a. */
export function divideByLimb(r: usize, a: usize, n: isize, d: u32): u32 {
  let rest: u64 = 0;
  for (let i = n - 1; i >= 0; i--) {
    rest = rest * RADIX + Limb.get(a, i);
    const q = rest / d;
    Limb.set(r, i, <u32>q);
    rest -= q * d;
  }
  return <u32>rest;
}

/**
 * Long division (Knuth's algorithm D): q = v / w of nv + 1 - nw limbs, where v has room for nv + 1 limbs, the highest 0,
 * and becomes the remainder. w has at least 2 limbs and a leading limb that is not 0; it is scaled, too, and both must
 * be scaled back by the factor that is returned: v becomes the remainder times the factor. 0 where it is interrupted.
 */
function divideScaled(q: usize, v: usize, nv: isize, w: usize, nw: isize): u32 {
  const factor = RADIX / (Limb.get(w, nw - 1) + 1);
  Limb.set(v, nv, multiplyByLimb(v, v, nv, factor));
  multiplyByLimb(w, w, nw, factor);
  const top = <u64>Limb.get(w, nw - 1);
  const next = <u64>Limb.get(w, nw - 2);
  for (let k = nv - nw; k >= 0; k--) {
    if ((nw > LONG_ROW || (k & 127) == 0) && Interrupts.raised()) return 0;
    const p = Limb.at(v, k);
    const head = <u64>Limb.get(p, nw) * RADIX + Limb.get(p, nw - 1);
    let guess = head / top;
    let rest = head - guess * top;
    while (guess >= RADIX || guess * next > rest * RADIX + Limb.get(p, nw - 2)) {
      guess--;
      rest += top;
      if (rest >= RADIX) break;
    }
    // p -= guess * w
    let carry: u64 = 0;
    let borrow: u32 = 0;
    for (let i: isize = 0; i < nw; i++) {
      const t = guess * Limb.get(w, i) + carry;
      carry = t / RADIX;
      const taken = <u32>(t - carry * RADIX) + borrow;
      let x = Limb.get(p, i);
      borrow = u32(x < taken);
      if (borrow) x += RADIX;
      Limb.set(p, i, x - taken);
    }
    const taken = carry + borrow;
    const x = <u64>Limb.get(p, nw);
    if (x < taken) {
      // One too many, which happens rarely.
      guess--;
      addLimbs(p, p, nw, w, nw);
    }
    Limb.set(p, nw, 0);
    Limb.set(q, k, <u32>guess);
  }
  return factor;
}

/**
 * q = v / w, nv + 1 - nw limbs; v, which has room for nv + 1 limbs, becomes the remainder of nw limbs; w may be spoiled.
 * nv >= nw, and the leading limb of w is not 0. False where it is interrupted.
 */
export function divideLimbs(q: usize, v: usize, nv: isize, w: usize, nw: isize): bool {
  if (nw == 1) {
    Limb.set(v, 0, divideByLimb(q, v, nv, Limb.get(w, 0)));
    return true;
  }
  const factor = divideScaled(q, v, nv, w, nw);
  if (factor == 0) return false;
  divideByLimb(v, v, nw, factor);
  return true;
}
