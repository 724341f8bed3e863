// Arithmetic of natural numbers as arrays of 30-bit digits, least significant first: the loops under int
// (CPython 3.13's Objects/longobject.c: x_add, x_sub, x_mul, k_mul, x_divrem, inplace_divrem1). All long loops of big
// integers are here. Lengths are in digits; addresses point to 4-byte digits. Whoever calls what may be interrupted holds
// the ints that the digits are of.

import { PyMem_Free, PyMem_Malloc } from "../../../memory/pymem";
import { Interrupts } from "../../../thread/interrupts";
import { PyErr_NoMemory } from "../../errors/raise";
import { MASK } from "./access";

const KARATSUBA_CUTOFF: isize = 70;
const KARATSUBA_SQUARE_CUTOFF: isize = 140;
/** A row of so many digits takes some microseconds. */
const LONG_ROW: isize = 1024;

export class Digit {
  @inline static get(p: usize, i: isize): u32 {
    return load<u32>(p + ((<usize>i) << 2));
  }

  @inline static set(p: usize, i: isize, d: u32): void {
    store<u32>(p + ((<usize>i) << 2), d);
  }
}

/** Digits without leading zeros. */
export function significant(p: usize, n: isize): isize {
  while (n > 0 && Digit.get(p, n - 1) == 0) n--;
  return n;
}

/** -1, 0, 1 as a is below, equal to, above b; both without leading zeros. */
export function compareDigits(a: usize, na: isize, b: usize, nb: isize): i32 {
  if (na != nb) return na < nb ? -1 : 1;
  for (let i = na - 1; i >= 0; i--) {
    const x = Digit.get(a, i);
    const y = Digit.get(b, i);
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

/** r = a + b, na >= nb; r has na + 1 digits and may be a. */
export function addDigits(r: usize, a: usize, na: isize, b: usize, nb: isize): void {
  let carry: u32 = 0;
  let i: isize = 0;
  for (; i < nb; i++) {
    carry += Digit.get(a, i) + Digit.get(b, i);
    Digit.set(r, i, carry & MASK);
    carry >>= 30;
  }
  for (; i < na; i++) {
    carry += Digit.get(a, i);
    Digit.set(r, i, carry & MASK);
    carry >>= 30;
  }
  Digit.set(r, i, carry);
}

/** r = a - b, a >= b; r has na digits and may be a. */
export function subtractDigits(r: usize, a: usize, na: isize, b: usize, nb: isize): void {
  let borrow: u32 = 0;
  let i: isize = 0;
  for (; i < nb; i++) {
    borrow = Digit.get(a, i) - Digit.get(b, i) - borrow;
    Digit.set(r, i, borrow & MASK);
    borrow = (borrow >> 30) & 1;
  }
  for (; i < na; i++) {
    borrow = Digit.get(a, i) - borrow;
    Digit.set(r, i, borrow & MASK);
    borrow = (borrow >> 30) & 1;
  }
}

/** r[0…] += a, carrying as far as needed; r has room. */
function addInto(r: usize, a: usize, na: isize): void {
  let carry: u32 = 0;
  let i: isize = 0;
  for (; i < na; i++) {
    carry += Digit.get(r, i) + Digit.get(a, i);
    Digit.set(r, i, carry & MASK);
    carry >>= 30;
  }
  for (; carry != 0; i++) {
    carry += Digit.get(r, i);
    Digit.set(r, i, carry & MASK);
    carry >>= 30;
  }
}

/** r[0…] -= a, borrowing as far as needed; the result is not negative. */
function subtractFrom(r: usize, a: usize, na: isize): void {
  let borrow: u32 = 0;
  let i: isize = 0;
  for (; i < na; i++) {
    borrow = Digit.get(r, i) - Digit.get(a, i) - borrow;
    Digit.set(r, i, borrow & MASK);
    borrow = (borrow >> 30) & 1;
  }
  for (; borrow != 0; i++) {
    borrow = Digit.get(r, i) - borrow;
    Digit.set(r, i, borrow & MASK);
    borrow = (borrow >> 30) & 1;
  }
}

/** r = a * b, digit by digit; r has na + nb digits. -1 where it is interrupted. */
function schoolMultiply(r: usize, a: usize, na: isize, b: usize, nb: isize): i32 {
  memory.fill(r, 0, (<usize>(na + nb)) << 2);
  for (let i: isize = 0; i < na; i++) {
    const f = <u64>Digit.get(a, i);
    if (f == 0) continue;
    if (nb > LONG_ROW && Interrupts.raised()) return -1;
    let carry: u64 = 0;
    let p = r + ((<usize>i) << 2);
    let q = b;
    const end = b + ((<usize>nb) << 2);
    while (q < end) {
      carry += <u64>load<u32>(p) + f * <u64>load<u32>(q);
      store<u32>(p, <u32>carry & MASK);
      carry >>= 30;
      p += 4;
      q += 4;
    }
    store<u32>(p, <u32>carry);
  }
  return 0;
}

/** r = a * b; r has na + nb digits and overlaps neither. -1 with MemoryError, or where it is interrupted. */
export function multiplyDigits(r: usize, a: usize, na: isize, b: usize, nb: isize): i32 {
  Interrupts.collect();
  if (na > nb) {
    const p = a;
    a = b;
    b = p;
    const n = na;
    na = nb;
    nb = n;
  }
  if (na <= (a == b ? KARATSUBA_SQUARE_CUTOFF : KARATSUBA_CUTOFF)) {
    return schoolMultiply(r, a, na, b, nb);
  }
  if (Interrupts.raised()) return -1;
  if (2 * na <= nb) return lopsidedMultiply(r, a, na, b, nb);
  return karatsuba(r, a, na, b, nb);
}

/** A much longer b goes in pieces of a's length. */
function lopsidedMultiply(r: usize, a: usize, na: isize, b: usize, nb: isize): i32 {
  memory.fill(r, 0, (<usize>(na + nb)) << 2);
  const t = PyMem_Malloc((<usize>(2 * na)) << 2);
  if (t == 0) {
    PyErr_NoMemory();
    return -1;
  }
  let status = 0;
  for (let done: isize = 0; done < nb && status == 0; ) {
    const n = min(na, nb - done);
    status = multiplyDigits(t, a, na, b + ((<usize>done) << 2), n);
    if (status == 0) addInto(r + ((<usize>done) << 2), t, significant(t, na + n));
    done += n;
  }
  PyMem_Free(t);
  return status;
}

/** a*b = ah*bh << 2s + ((ah+al)*(bh+bl) - ah*bh - al*bl) << s + al*bl. */
function karatsuba(r: usize, a: usize, na: isize, b: usize, nb: isize): i32 {
  const s = nb >> 1;
  const nal = significant(a, min(s, na));
  const nbl = significant(b, s);
  const ah = a + ((<usize>s) << 2);
  const bh = b + ((<usize>s) << 2);
  const nah = na - s;
  const nbh = nb - s;
  const half = max(nah, s) + 1;
  const halfB = max(nbh, s) + 1;
  const words = half + halfB + half + halfB;
  const t = PyMem_Malloc((<usize>words) << 2);
  if (t == 0) {
    PyErr_NoMemory();
    return -1;
  }
  const sumA = t;
  const sumB = t + ((<usize>half) << 2);
  const middle = sumB + ((<usize>halfB) << 2);
  memory.fill(r, 0, (<usize>(na + nb)) << 2);
  const high = r + ((<usize>(2 * s)) << 2);
  let status = multiplyDigits(high, ah, nah, bh, nbh);
  if (status == 0) status = multiplyDigits(r, a, nal, b, nbl);
  if (status == 0) {
    // The product of the low parts may be shorter than its room: what follows must be 0, as it is.
    if (nah >= nal) addDigits(sumA, ah, nah, a, nal);
    else addDigits(sumA, a, nal, ah, nah);
    const nsa = significant(sumA, max(nah, nal) + 1);
    let nsb: isize;
    let sb = sumA;
    if (a == b && na == nb) nsb = nsa;
    else {
      sb = sumB;
      if (nbh >= nbl) addDigits(sumB, bh, nbh, b, nbl);
      else addDigits(sumB, b, nbl, bh, nbh);
      nsb = significant(sumB, max(nbh, nbl) + 1);
    }
    status = multiplyDigits(middle, sumA, nsa, sb, nsb);
    if (status == 0) {
      subtractFrom(middle, high, significant(high, nah + nbh));
      subtractFrom(middle, r, significant(r, nal + nbl));
      addInto(r + ((<usize>s) << 2), middle, significant(middle, nsa + nsb));
    }
  }
  PyMem_Free(t);
  return status;
}

/** r = a / d for one digit d; returns the remainder. r may be a. */
export function divideByDigit(r: usize, a: usize, n: isize, d: u32): u32 {
  let rest: u64 = 0;
  for (let i = n - 1; i >= 0; i--) {
    rest = (rest << 30) | Digit.get(a, i);
    const q = rest / d;
    Digit.set(r, i, <u32>q);
    rest -= q * d;
  }
  return <u32>rest;
}

/** r = a << d (d < 30), n digits; returns what leaves at the top. r may be a. */
export function shiftLeftDigits(r: usize, a: usize, n: isize, d: u32): u32 {
  let carry: u64 = 0;
  for (let i: isize = 0; i < n; i++) {
    carry |= (<u64>Digit.get(a, i)) << d;
    Digit.set(r, i, <u32>carry & MASK);
    carry >>= 30;
  }
  return <u32>carry;
}

/** r = a >> d (d < 30), n digits. r may be a. */
export function shiftRightDigits(r: usize, a: usize, n: isize, d: u32): void {
  let high: u64 = 0;
  for (let i = n - 1; i >= 0; i--) {
    const v = (high << 30) | Digit.get(a, i);
    high = v & ((1 << d) - 1);
    Digit.set(r, i, <u32>(v >> d));
  }
}

/**
 * Long division (Knuth's algorithm D). v: the dividend, shifted so that the divisor w's highest bit is set, with one
 * more digit (nv counts it); it becomes the remainder. q: nv - nw digits. False where it is interrupted.
 */
export function divideDigits(q: usize, v: usize, nv: isize, w: usize, nw: isize): bool {
  const top = <u64>Digit.get(w, nw - 1);
  const next = <u64>Digit.get(w, nw - 2);
  if (nv - nw > 1 || Digit.get(v, nv - 1) != 0 || <u64>Digit.get(v, nv - 2) >= top) Interrupts.collect();
  for (let k = nv - nw - 1; k >= 0; k--) {
    if ((k & 15) == 0 && Interrupts.raised()) return false;
    const p = v + ((<usize>k) << 2);
    const vtop = <u64>Digit.get(p, nw);
    const vv = (vtop << 30) | Digit.get(p, nw - 1);
    let guess = vv / top;
    let r = vv - guess * top;
    while (guess > <u64>MASK || guess * next > ((r << 30) | Digit.get(p, nw - 2))) {
      guess--;
      r += top;
      if (r > <u64>MASK) break;
    }
    let z: i64 = 0;
    for (let i: isize = 0; i < nw; i++) {
      z += <i64>Digit.get(p, i) - <i64>(guess * Digit.get(w, i));
      Digit.set(p, i, <u32>z & MASK);
      z >>= 30;
    }
    if (<i64>vtop + z < 0) {
      let carry: u32 = 0;
      for (let i: isize = 0; i < nw; i++) {
        carry += Digit.get(p, i) + Digit.get(w, i);
        Digit.set(p, i, carry & MASK);
        carry >>= 30;
      }
      guess--;
    }
    Digit.set(p, nw, 0);
    Digit.set(q, k, <u32>guess);
  }
  return true;
}
