// Floats with a few digits after the point, the commonest way to format them, without asking the host (the case of
// CPython 3.13's Python/dtoa.c with mode 3 that fits two words).
//
// A float is m × 2^-s. m × 10^precision is an exact integer of at most 83 bits; shifted right by s, rounded to the nearest
// and from the middle to the even one, it has the digits.

import { FLOAT_ADD_DOT_0, FLOAT_ALT, FLOAT_NO_NEG_0, FLOAT_SIGN } from "./text";

const PRECISION_MAX: i32 = 9;
const VALUE_MAX: f64 = 1e9;

function powerOfTen(n: i32): u64 {
  let power: u64 = 1;
  for (; n > 0; n--) power *= 10;
  return power;
}

/** |v| × scale, rounded: v is below VALUE_MAX in size, scale at most 10^9. */
function scaled(v: f64, scale: u64): u64 {
  const bits = reinterpret<u64>(v);
  const biased = (bits >> 52) & 0x7ff;
  const m = biased == 0 ? bits & 0xfffffffffffff : (bits & 0xfffffffffffff) | 0x10000000000000;
  const s: u64 = biased == 0 ? 1074 : 1075 - biased;
  const low = (m & 0xffffffff) * scale;
  const high = (m >> 32) * scale;
  const lo = low + (high << 32);
  const hi = (high >> 32) + (lo < low ? 1 : 0);
  if (s > 84) return 0;
  let quotient: u64;
  // Twice the rest, less the divisor, in words: which side of the middle.
  let aboveMiddle: bool;
  let inMiddle: bool;
  if (s > 64) {
    const t = s - 64;
    quotient = hi >> t;
    const rest = hi & (((<u64>1) << t) - 1);
    const half = (<u64>1) << (t - 1);
    aboveMiddle = rest > half || (rest == half && lo != 0);
    inMiddle = rest == half && lo == 0;
  } else {
    quotient = s == 64 ? hi : (hi << (64 - s)) | (lo >> s);
    const rest = s == 64 ? lo : lo & (((<u64>1) << s) - 1);
    const half = (<u64>1) << (s - 1);
    aboveMiddle = rest > half;
    inMiddle = rest == half;
  }
  return aboveMiddle || (inMiddle && (quotient & 1) != 0) ? quotient + 1 : quotient;
}

/** Writes the decimal digits of `n`, at least `least`, and returns the address after them. */
function writeDigits(p: usize, n: u64, least: i32): usize {
  let count = 1;
  for (let rest = n / 10; rest != 0; rest /= 10) count++;
  count = max(count, least);
  for (let q = p + <usize>count - 1; q >= p; q--, n /= 10) store<u8>(q, 0x30 + <u32>(n % 10));
  return p + <usize>count;
}

/**
 * Writes v with `precision` digits after the point to the buffer, which has 24 bytes, and returns the length; -1
 * where that is not for here. `flags` as the host's float_to_text takes them.
 */
export function fixedText(v: f64, precision: i32, flags: i32, buffer: usize): isize {
  if (!(abs(v) < VALUE_MAX) || precision < 0 || precision > PRECISION_MAX) return -1;
  if (precision == 0 && (flags & (FLOAT_ALT | FLOAT_ADD_DOT_0)) != 0) return -1;
  const scale = powerOfTen(precision);
  const n = scaled(v, scale);
  let p = buffer;
  if (reinterpret<u64>(v) >> 63 && (n != 0 || (flags & FLOAT_NO_NEG_0) == 0)) store<u8>(p++, 0x2d);
  else if (flags & FLOAT_SIGN) store<u8>(p++, 0x2b);
  p = writeDigits(p, n / scale, 1);
  if (precision > 0) {
    store<u8>(p++, 0x2e);
    p = writeDigits(p, n % scale, precision);
  }
  return <isize>(p - buffer);
}
