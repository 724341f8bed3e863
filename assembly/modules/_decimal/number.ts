// The decimal numbers that the arithmetic works on, mpd_t, and how a result is brought into its context (CPython 3.13's
// Modules/_decimal/libmpdec/mpdecimal.c; the General Decimal Arithmetic Specification).
//
// A number is (-1)**sign * coefficient * 10**exp, infinite, or a quiet or signaling NaN whose payload is its coefficient:
//
//   flags ............ bit 0 sign, 1 infinite, 2 quiet NaN, 3 signaling NaN, 4 and 5 whose memory it is
//   exp, digits ...... digits of the coefficient, at least 1; 0 only for NaNs without payload and infinities
//   len, alloc ....... limbs of the coefficient, which has no leading zero limbs, and limbs there is room for
//   data ............. limbs in base 10**9, the least significant first
//
// Deliberate differences: base 10**9 where CPython's 64-bit builds have 10**19; functions take the context alone, in whose
// `status` they leave the conditions, so callers pass a copy (see Work); a result is never one of the operands.

import { mpd_context_t, mpd_t, SIZEOF_mpd_context_t, SIZEOF_mpd_t } from "../../generated/layouts";
import { PyMem_Free, PyMem_Malloc, PyMem_Realloc } from "../../memory/pymem";
import { Scratch } from "../../thread/scratch";
import {
  addLimb,
  clearLimbs,
  copyLimbs,
  digitAt,
  isZeroBelow,
  isZeroLimbs,
  LIMB_DIGITS,
  Limb,
  limbDigits,
  moveDigits,
  powerOf10,
  RADIX,
  significantLimbs,
} from "./limbs";

export const NEG: u8 = 1;
export const INF: u8 = 2;
export const NAN: u8 = 4;
export const SNAN: u8 = 8;
const SPECIAL: u8 = 14;
const SIGN_AND_KIND: u8 = 15;
/** The structure, and its limbs, are not blocks of their own. */
const STATIC: u8 = 16;
export const STATIC_DATA: u8 = 32;

/** Limbs that lie beside the structure, in an object or in scratch memory. */
const MINALLOC: isize = 8;
const DATA_BYTES: usize = (<usize>MINALLOC) << 2;
/** Limbs that a number may have. */
const LIMBS_MAX: i64 = 0x10000000;

// Conditions, as they stand in the status and the traps of a context.
export const Clamped: u32 = 0x1;
export const Conversion_syntax: u32 = 0x2;
export const Division_by_zero: u32 = 0x4;
export const Division_impossible: u32 = 0x8;
export const Division_undefined: u32 = 0x10;
export const Inexact: u32 = 0x40;
export const Invalid_context: u32 = 0x80;
export const Invalid_operation: u32 = 0x100;
export const Malloc_error: u32 = 0x200;
export const Float_operation: u32 = 0x400;
export const Overflow: u32 = 0x800;
export const Rounded: u32 = 0x1000;
export const Subnormal: u32 = 0x2000;
export const Underflow: u32 = 0x4000;
/** All that the signal InvalidOperation stands for, and all errors. */
export const IEEE_Invalid_operation: u32 = 0x3ba;
export const Errors: u32 = IEEE_Invalid_operation | Division_by_zero;

export const ROUND_UP = 0;
export const ROUND_DOWN = 1;
export const ROUND_CEILING = 2;
export const ROUND_FLOOR = 3;
export const ROUND_HALF_UP = 4;
export const ROUND_HALF_DOWN = 5;
export const ROUND_HALF_EVEN = 6;
export const ROUND_05UP = 7;

export const MAX_PREC: i64 = 999999999999999999;
export const MAX_EMAX: i64 = 999999999999999999;
export const MIN_EMIN: i64 = -999999999999999999;
export const MIN_ETINY: i64 = MIN_EMIN - (MAX_PREC - 1);
/** An exponent that no context allows. */
export const EXP_INF: i64 = 2000000000000000001;

export class Mpd {
  @inline static isNegative(x: usize): bool {
    return (mpd_t.at(x).flags & NEG) != 0;
  }

  @inline static sign(x: usize): u8 {
    return mpd_t.at(x).flags & NEG;
  }

  @inline static isSpecial(x: usize): bool {
    return (mpd_t.at(x).flags & SPECIAL) != 0;
  }

  @inline static isInfinite(x: usize): bool {
    return (mpd_t.at(x).flags & INF) != 0;
  }

  @inline static isNaN(x: usize): bool {
    return (mpd_t.at(x).flags & (NAN | SNAN)) != 0;
  }

  @inline static isQuiet(x: usize): bool {
    return (mpd_t.at(x).flags & NAN) != 0;
  }

  @inline static isSignaling(x: usize): bool {
    return (mpd_t.at(x).flags & SNAN) != 0;
  }

  /** Whether a finite number is 0. */
  @inline static hasZeroCoefficient(x: usize): bool {
    return Limb.get(mpd_t.at(x).data, mpd_t.at(x).len - 1) == 0;
  }

  static isZero(x: usize): bool {
    return !Mpd.isSpecial(x) && Mpd.hasZeroCoefficient(x);
  }

  /** The exponent of the first digit. */
  @inline static adjusted(x: usize): i64 {
    return mpd_t.at(x).exp + mpd_t.at(x).digits - 1;
  }

  /** Sets sign and kind, leaving whose memory it is. */
  @inline static setFlags(x: usize, flags: u8): void {
    mpd_t.at(x).flags = (mpd_t.at(x).flags & ~SIGN_AND_KIND) | flags;
  }

  @inline static flags(x: usize): u8 {
    return mpd_t.at(x).flags & SIGN_AND_KIND;
  }

  static setSign(x: usize, sign: u8): void {
    mpd_t.at(x).flags = (mpd_t.at(x).flags & ~NEG) | sign;
  }

  /** Whether it is a whole number, 0 included. */
  static isInteger(x: usize): bool {
    if (Mpd.isSpecial(x)) return false;
    const n = mpd_t.at(x);
    if (n.exp >= 0 || Mpd.hasZeroCoefficient(x)) return true;
    return n.exp + n.digits > 0 && isZeroBelow(n.data, n.len, -n.exp);
  }

  /** Whether a whole number is odd. */
  static isOdd(x: usize): bool {
    const n = mpd_t.at(x);
    if (n.exp > 0 || Mpd.hasZeroCoefficient(x)) return false;
    return (digitAt(n.data, n.len, -n.exp) & 1) != 0;
  }

  /** Makes a structure whose limbs follow it: 0. */
  static initStatic(x: usize, data: usize): void {
    const n = mpd_t.at(x);
    n.flags = STATIC | STATIC_DATA;
    n.exp = 0;
    n.digits = 1;
    n.len = 1;
    n.alloc = MINALLOC;
    n.data = data;
    Limb.set(data, 0, 0);
  }

  /** Gives back limbs that are a block of their own. */
  static freeData(x: usize): void {
    if (!(mpd_t.at(x).flags & STATIC_DATA)) PyMem_Free(mpd_t.at(x).data);
  }
}

/** Numbers for the time of an operation, in scratch memory: taken and given back in reverse order. */
export class Temp {
  static take(): usize {
    const x = Scratch.take(<isize>((SIZEOF_mpd_t + DATA_BYTES) >> 3));
    Mpd.initStatic(x, x + SIZEOF_mpd_t);
    return x;
  }

  static give(x: usize): void {
    Mpd.freeData(x);
    Scratch.give(x);
  }
}

/** Contexts for the time of an operation: copies in scratch memory, whose status begins with nothing. */
export class Work {
  static take(context: usize): mpd_context_t {
    const c = Scratch.take(<isize>(SIZEOF_mpd_context_t >> 3));
    memory.copy(c, context, SIZEOF_mpd_context_t);
    mpd_context_t.at(c).status = 0;
    return mpd_context_t.at(c);
  }

  /** A copy of a context with the largest limits, in which results are exact. */
  static largest(): mpd_context_t {
    const c = mpd_context_t.at(Scratch.take(<isize>(SIZEOF_mpd_context_t >> 3)));
    memory.fill(changetype<usize>(c), 0, SIZEOF_mpd_context_t);
    c.prec = MAX_PREC;
    c.emax = MAX_EMAX;
    c.emin = MIN_EMIN;
    c.round = ROUND_HALF_EVEN;
    return c;
  }

  @inline static give(c: mpd_context_t): void {
    Scratch.give(changetype<usize>(c));
  }
}

/** The smallest exponent of a number, and the greatest of one with all digits. */
export function etiny(c: mpd_context_t): i64 {
  return c.emin - (c.prec - 1);
}

export function etop(c: mpd_context_t): i64 {
  return c.emax - (c.prec - 1);
}

/** Room for `limbs` limbs, the contents kept: false with Malloc_error and a NaN. */
export function resize(x: usize, limbs: i64, c: mpd_context_t): bool {
  const n = mpd_t.at(x);
  if (limbs <= n.alloc) return true;
  let data: usize = 0;
  if (limbs <= LIMBS_MAX) {
    const size = (<usize>limbs) << 2;
    if (n.flags & STATIC_DATA) {
      data = PyMem_Malloc(size);
      if (data != 0) memory.copy(data, n.data, (<usize>n.alloc) << 2);
    } else data = PyMem_Realloc(n.data, size);
  }
  if (data == 0) {
    setError(x, Malloc_error, c);
    return false;
  }
  n.data = data;
  n.alloc = <isize>limbs;
  n.flags &= ~STATIC_DATA;
  return true;
}

/** Sets what follows from the limbs: length without leading zeros, and digits. */
export function setLength(x: usize, limbs: isize): void {
  const n = mpd_t.at(x);
  n.len = significantLimbs(n.data, limbs);
  n.digits = (n.len - 1) * LIMB_DIGITS + limbDigits(Limb.get(n.data, n.len - 1));
}

/** An infinity, or a NaN without payload. */
export function setSpecial(x: usize, sign: u8, kind: u8): void {
  const n = mpd_t.at(x);
  Mpd.setFlags(x, sign | kind);
  n.exp = 0;
  n.digits = 0;
  n.len = 0;
}

/** A NaN, and what is the reason for it. */
export function setError(x: usize, condition: u32, c: mpd_context_t): void {
  setSpecial(x, 0, NAN);
  c.status |= condition;
}

/** A number of at most 18 digits. */
export function setTriple(x: usize, sign: u8, coefficient: u64, exp: i64): void {
  const n = mpd_t.at(x);
  Mpd.setFlags(x, sign);
  n.exp = exp;
  Limb.set(n.data, 0, <u32>(coefficient % RADIX));
  Limb.set(n.data, 1, <u32>(coefficient / RADIX));
  setLength(x, 2);
}

/** A copy, flags of memory left out; false with Malloc_error. */
export function copyNumber(r: usize, a: usize, c: mpd_context_t): bool {
  const x = mpd_t.at(a);
  if (!resize(r, x.len, c)) return false;
  const n = mpd_t.at(r);
  Mpd.setFlags(r, Mpd.flags(a));
  n.exp = x.exp;
  n.digits = x.digits;
  n.len = x.len;
  copyLimbs(n.data, x.data, x.len);
  return true;
}

/** The coefficient 10**digits - 1. False with Malloc_error. */
export function setNines(x: usize, digits: i64, c: mpd_context_t): bool {
  const limbs = (digits + LIMB_DIGITS - 1) / LIMB_DIGITS;
  if (!resize(x, limbs, c)) return false;
  const n = mpd_t.at(x);
  for (let i: isize = 0; i < <isize>limbs; i++) Limb.set(n.data, i, RADIX - 1);
  const rest = <i32>(digits % LIMB_DIGITS);
  if (rest) Limb.set(n.data, <isize>limbs - 1, powerOf10(rest) - 1);
  setLength(x, <isize>limbs);
  return true;
}

/** r = the coefficient of a times 10**n, sign and exponent a's; r may be a. False with Malloc_error. */
export function shiftLeft(r: usize, a: usize, n: i64, c: mpd_context_t): bool {
  if (n == 0 || Mpd.hasZeroCoefficient(a)) return r == a || copyNumber(r, a, c);
  const digits: i64 = mpd_t.at(a).digits + n;
  const limbs = (digits + LIMB_DIGITS - 1) / LIMB_DIGITS;
  if (!resize(r, limbs, c)) return false;
  const x = mpd_t.at(a);
  const y = mpd_t.at(r);
  const whole = <isize>(n / LIMB_DIGITS);
  if (n % LIMB_DIGITS == 0) {
    memory.copy(Limb.at(y.data, whole), x.data, (<usize>x.len) << 2);
    clearLimbs(y.data, whole);
  } else {
    // From the top, so that in place nothing is overwritten before it is read.
    const len = x.len;
    const from = x.data;
    const factor = powerOf10(<i32>(n % LIMB_DIGITS));
    const unit = powerOf10(LIMB_DIGITS - <i32>(n % LIMB_DIGITS));
    for (let i = <isize>limbs - 1; i >= whole; i--) {
      const at = i - whole;
      const high = at < len ? Limb.get(from, at) : 0;
      const low = at > 0 ? Limb.get(from, at - 1) : 0;
      Limb.set(y.data, i, (high % unit) * factor + low / unit);
    }
    clearLimbs(y.data, whole);
  }
  const exp = x.exp;
  Mpd.setFlags(r, Mpd.flags(a));
  y.exp = exp;
  setLength(r, <isize>limbs);
  return true;
}

/**
 * r = the coefficient of a without its last n digits, sign and exponent a's; r may be a. What those were: 0 zeros, 5 half of
 * a unit, 1 to 4 less, 6 to 9 more. Never fails in place; else -1 with Malloc_error.
 */
export function shiftRight(r: usize, a: usize, n: i64, c: mpd_context_t): i32 {
  const x = mpd_t.at(a);
  if (n <= 0) return r == a || copyNumber(r, a, c) ? 0 : -1;
  let rest: u32;
  const zero = Mpd.hasZeroCoefficient(a);
  if (n > x.digits) rest = zero ? 0 : 1;
  else {
    rest = digitAt(x.data, x.len, n - 1);
    if ((rest == 0 || rest == 5) && !isZeroBelow(x.data, x.len, n - 1)) rest++;
  }
  if (n >= x.digits) {
    Mpd.setFlags(r, Mpd.flags(a));
    mpd_t.at(r).exp = x.exp;
    Limb.set(mpd_t.at(r).data, 0, 0);
    setLength(r, 1);
    return <i32>rest;
  }
  const limbs = <isize>((x.digits - n + LIMB_DIGITS - 1) / LIMB_DIGITS);
  if (r != a && !resize(r, limbs, c)) return -1;
  moveDigits(mpd_t.at(r).data, limbs, x.data, x.len, n);
  const exp = x.exp;
  Mpd.setFlags(r, Mpd.flags(a));
  mpd_t.at(r).exp = exp;
  setLength(r, limbs);
  return <i32>rest;
}

/** Whether a rounding with these digits left off goes away from 0. */
function roundsAway(x: usize, rest: i32, round: i32): bool {
  if (rest == 0) return false;
  switch (round) {
    case ROUND_UP:
      return true;
    case ROUND_DOWN:
      return false;
    case ROUND_CEILING:
      return !Mpd.isNegative(x);
    case ROUND_FLOOR:
      return Mpd.isNegative(x);
    case ROUND_HALF_UP:
      return rest >= 5;
    case ROUND_HALF_DOWN:
      return rest > 5;
    case ROUND_05UP: {
      const last = Limb.get(mpd_t.at(x).data, 0) % 10;
      return last == 0 || last == 5;
    }
    default:
      return rest > 5 || (rest == 5 && (Limb.get(mpd_t.at(x).data, 0) & 1) != 0);
  }
}

/** Adds 1 to the coefficient. False with Malloc_error. */
function increment(x: usize, c: mpd_context_t): bool {
  const n = mpd_t.at(x);
  const len = n.len;
  if (addLimb(n.data, len, 1) != 0) {
    if (!resize(x, <i64>len + 1, c)) return false;
    Limb.set(mpd_t.at(x).data, len, 1);
    setLength(x, len + 1);
  } else setLength(x, len);
  return true;
}

/** Rounds after digits were left off, with no regard to the precision; false with Malloc_error. */
export function applyRoundExcess(x: usize, rest: i32, c: mpd_context_t): bool {
  return !roundsAway(x, rest, c.round) || increment(x, c);
}

/** The number that an overflow becomes. */
function overflow(x: usize, c: mpd_context_t): void {
  const negative = Mpd.isNegative(x);
  const sign = Mpd.sign(x);
  const round = c.round;
  const toLargest =
    round == ROUND_DOWN ||
    round == ROUND_05UP ||
    (round == ROUND_CEILING && negative) ||
    (round == ROUND_FLOOR && !negative);
  if (!toLargest) setSpecial(x, sign, INF);
  else if (setNines(x, c.prec, c)) {
    Mpd.setFlags(x, sign);
    mpd_t.at(x).exp = etop(c);
  }
  c.status |= Overflow | Inexact | Rounded;
}

/** Brings the exponent into the context's limits. */
function checkExponent(x: usize, c: mpd_context_t): void {
  const n = mpd_t.at(x);
  const adjusted = Mpd.adjusted(x);
  if (adjusted > c.emax) {
    if (!Mpd.hasZeroCoefficient(x)) {
      overflow(x, c);
      return;
    }
    n.exp = c.clamp ? etop(c) : c.emax;
    c.status |= Clamped;
  } else if (c.clamp && n.exp > etop(c)) {
    const shift = n.exp - etop(c);
    if (!shiftLeft(x, x, shift, c)) return;
    n.exp -= shift;
    c.status |= Clamped;
    if (!Mpd.hasZeroCoefficient(x) && adjusted < c.emin) c.status |= Subnormal;
  } else if (adjusted < c.emin) {
    const lowest = etiny(c);
    if (Mpd.hasZeroCoefficient(x)) {
      if (n.exp < lowest) {
        n.exp = lowest;
        c.status |= Clamped;
      }
      return;
    }
    c.status |= Subnormal;
    if (n.exp >= lowest) return;
    const rest = shiftRight(x, x, lowest - n.exp, c);
    n.exp = lowest;
    if (!applyRoundExcess(x, rest, c)) return;
    c.status |= Rounded;
    if (rest) {
      c.status |= Inexact | Underflow;
      if (Mpd.hasZeroCoefficient(x)) c.status |= Clamped;
    }
  }
}

/** Brings a result into its context: exponent, digits, payload of a NaN. */
export function finalize(x: usize, c: mpd_context_t): void {
  const n = mpd_t.at(x);
  if (Mpd.isSpecial(x)) {
    if (Mpd.isNaN(x)) fixPayload(x, c);
    return;
  }
  checkExponent(x, c);
  if (Mpd.isSpecial(x) || n.digits <= c.prec) return;
  const excess: i64 = n.digits - c.prec;
  const rest = shiftRight(x, x, excess, c);
  n.exp += excess;
  c.status |= Rounded;
  if (rest) c.status |= Inexact;
  if (!roundsAway(x, rest, c.round)) return;
  if (!increment(x, c)) return;
  if (n.digits > c.prec) {
    shiftRight(x, x, 1, c);
    n.exp++;
    checkExponent(x, c);
  }
}

/** Leaves as many digits of a payload as the context has. */
function fixPayload(x: usize, c: mpd_context_t): void {
  const n = mpd_t.at(x);
  const digits = c.prec - c.clamp;
  if (n.len == 0 || n.digits <= digits) return;
  if (digits == 0) {
    n.digits = 0;
    n.len = 0;
    return;
  }
  keepLowDigits(x, digits);
  if (isZeroLimbs(n.data, n.len)) {
    n.digits = 0;
    n.len = 0;
  }
}

/** Takes away all digits but the last `digits`, at least 1. */
export function keepLowDigits(x: usize, digits: i64): void {
  const n = mpd_t.at(x);
  if (n.digits <= digits) return;
  const limbs = <isize>((digits + LIMB_DIGITS - 1) / LIMB_DIGITS);
  const rest = <i32>(digits % LIMB_DIGITS);
  if (rest) Limb.set(n.data, limbs - 1, Limb.get(n.data, limbs - 1) % powerOf10(rest));
  setLength(x, limbs);
}

/** Whether r became a NaN because an operand (b and d may be null) is one; a signaling one is an invalid operation. */
export function checkNaNs(r: usize, a: usize, b: usize, c: mpd_context_t, d: usize = 0): bool {
  const chosen = chosenNaN(a, b, d);
  if (chosen == 0) return false;
  if (Mpd.isSignaling(chosen)) c.status |= Invalid_operation;
  if (!copyNumber(r, chosen, c)) return true;
  Mpd.setFlags(r, Mpd.sign(chosen) | NAN);
  fixPayload(r, c);
  return true;
}

/** The NaN that counts: the first that is signaling, else the first. */
function chosenNaN(a: usize, b: usize, d: usize): usize {
  if (Mpd.isSignaling(a)) return a;
  if (b != 0 && Mpd.isSignaling(b)) return b;
  if (d != 0 && Mpd.isSignaling(d)) return d;
  if (Mpd.isNaN(a)) return a;
  if (b != 0 && Mpd.isNaN(b)) return b;
  return d != 0 && Mpd.isNaN(d) ? d : 0;
}
