// Ints as text and back (CPython 3.13's Objects/longobject.c: long_to_decimal_string_internal, long_format_binary,
// long_from_string_base, long_from_non_binary_base).
//
// To decimal: the digits of base 2^30 become digits of base 10^9, quadratically; the limit on decimal digits
// (sys.set_int_max_str_digits, objectsRoots.int_max_str_digits) keeps that short.

import { decimaltext, SIZEOF_decimaltext } from "../../../generated/layouts";
import { objectsRoots } from "../../../generated/runtime";
import { PyExc_ValueError } from "../../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../../memory/pymem";
import { Interrupts } from "../../../thread/interrupts";
import { Scratch } from "../../../thread/scratch";
import { PyErr_Format, PyErr_NoMemory } from "../../errors/raise";
import { Py } from "../../object/head";
import { U } from "../../text/access";
import { _PyUnicode_FromASCII, PyUnicode_New } from "../../text/create";
import { bitLength, Long, MASK } from "./access";
import { _PyLong_New, longFinish, longOfSize } from "./create";
import { Digit } from "./natural";

const DECIMAL_BASE: u64 = 1000000000;
const INT_MAX_STR_DIGITS: i32 = 4300;
const INT_MAX_STR_DIGITS_THRESHOLD: i32 = 640;

/** The limit on decimal digits; 0: none. Stored one higher, so that a zeroed root means the default. */
export function intMaxStrDigits(): i32 {
  const v = objectsRoots.int_max_str_digits;
  return v == 0 ? INT_MAX_STR_DIGITS : v - 1;
}

/** Sets the limit, 0 for none. */
export function setIntMaxStrDigits(n: i32): void {
  objectsRoots.int_max_str_digits = n + 1;
}

function tooManyDigits(): usize {
  return PyErr_Format(
    PyExc_ValueError,
    "Exceeds the limit (%d digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit",
    intMaxStrDigits(),
  );
}

/** repr() of an int: a new str. Null with ValueError (too many digits) or MemoryError. */
export function long_to_decimal_string(o: usize): usize {
  if (Long.isCompact(o)) {
    if (Long.compactValue(o) != 0) Interrupts.collect();
    const slot = Scratch.take(2);
    let q = slot + 16;
    const v = Long.compactValue(o);
    let digits = <u32>abs<i32>(v);
    do {
      store<u8>(--q, 48 + (digits % 10));
      digits /= 10;
    } while (digits != 0);
    if (v < 0) store<u8>(--q, 0x2d);
    const n = <isize>(slot + 16 - q);
    // A digit by itself is a str of its own too, not the character that all share.
    const r = n == 1 ? PyUnicode_New(1, 127) : _PyUnicode_FromASCII(q, n);
    if (n == 1 && r != 0) store<u8>(U.data(r), load<u8>(q));
    Scratch.give(slot);
    return r;
  }
  const block = decimalDigits(o);
  if (block == 0) return 0;
  const text = decimaltext.at(block);
  const r = _PyUnicode_FromASCII(text.room + text.start, text.length);
  PyMem_Free(block);
  return r;
}

/**
 * The decimal text of an int, sign included: a decimaltext in PyMem memory, which the caller frees. Null with ValueError
 * or MemoryError.
 */
export function decimalDigits(o: usize): usize {
  const n = Long.ndigits(o);
  if (n > 0) Interrupts.collect();
  const limit = intMaxStrDigits();
  // 30 bits are 9.03 decimal digits: what is far above the limit is refused before the work.
  if (limit > 0 && n > 70 && <i64>(n - 1) * 9 > <i64>limit) return tooManyDigits();
  const words = n + n / 64 + 2;
  const parts = PyMem_Malloc((<usize>words) << 2);
  if (parts == 0) return PyErr_NoMemory();
  let count: isize = 0;
  for (let i = n - 1; i >= 0; i--) {
    let carry = <u64>Long.digit(o, i);
    if ((i & 15) == 15 && Interrupts.raised()) {
      PyMem_Free(parts);
      return 0;
    }
    for (let j: isize = 0; j < count; j++) {
      carry += (<u64>Digit.get(parts, j)) << 30;
      const q = carry / DECIMAL_BASE;
      Digit.set(parts, j, <u32>(carry - q * DECIMAL_BASE));
      carry = q;
    }
    while (carry != 0) {
      Digit.set(parts, count++, <u32>(carry % DECIMAL_BASE));
      carry /= DECIMAL_BASE;
    }
  }
  if (count == 0) Digit.set(parts, count++, 0);
  const room = <usize>count * 9 + 1;
  const block = PyMem_Malloc(SIZEOF_decimaltext + room);
  if (block == 0) {
    PyMem_Free(parts);
    return PyErr_NoMemory();
  }
  const text = decimaltext.at(block);
  const end = text.room + room;
  let q = end;
  for (let j: isize = 0; j < count; j++) {
    let part = Digit.get(parts, j);
    const last = j == count - 1;
    for (let k = 0; k < 9 && !(last && part == 0 && k > 0); k++) {
      store<u8>(--q, 48 + (part % 10));
      part /= 10;
    }
  }
  PyMem_Free(parts);
  if (limit > 0 && <i32>(end - q) > limit) {
    PyMem_Free(block);
    return tooManyDigits();
  }
  if (Long.isNegative(o)) store<u8>(--q, 0x2d);
  text.start = <u32>(q - text.room);
  text.length = <i32>(end - q);
  return block;
}

/** Digits of |o| in base 2^shift (1, 3 or 4): 1 for zero. */
export function binaryDigitCount(o: usize, shift: i32): i64 {
  const bits = bitLength(o);
  return bits == 0 ? 1 : (bits + shift - 1) / shift;
}

/** Writes |o| in base 2^shift with lower-case digits to `to`, `count` of them. */
export function putBinaryDigits(o: usize, shift: i32, to: usize, count: isize): void {
  let q = to + <usize>count;
  const n = Long.ndigits(o);
  let accumulated: u64 = 0;
  let bits = 0;
  let i: isize = 0;
  while (q > to) {
    if (bits < shift && i < n) {
      accumulated |= (<u64>Long.digit(o, i++)) << bits;
      bits += 30;
    }
    const d = <u32>accumulated & ((1 << shift) - 1);
    store<u8>(--q, d < 10 ? 48 + d : 87 + d);
    accumulated >>= shift;
    bits -= shift;
  }
}

/** bin(), oct() or hex() of an int, as base is 2, 8 or 16; or decimal. A new str. Null with MemoryError. */
export function _PyLong_Format(o: usize, base: i32): usize {
  if (base == 10) return long_to_decimal_string(o);
  const shift = base == 16 ? 4 : base == 8 ? 3 : 1;
  const count = binaryDigitCount(o, shift);
  const negative = Long.isNegative(o);
  if (count > 0x7ffffff0) return PyErr_NoMemory();
  const r = PyUnicode_New(<isize>count + 2 + (negative ? 1 : 0), 127);
  if (r == 0) return 0;
  let p = U.asciiData(r);
  if (negative) store<u8>(p++, 0x2d);
  store<u8>(p, 0x30);
  store<u8>(p + 1, base == 16 ? 0x78 : base == 8 ? 0x6f : 0x62);
  putBinaryDigits(o, shift, p + 2, <isize>count);
  return r;
}

/** The value of an ASCII digit or letter, 37 for anything else. */
export function digitValue(c: u32): u32 {
  if (c - 48 < 10) return c - 48;
  const letter = (c | 0x20) - 97;
  return letter < 26 ? letter + 10 : 37;
}

/** What parseLong says about text that is no int. */
export const PARSE_BAD: i32 = 0;
const PARSE_ERROR: i32 = -1;
export const PARSE_OK: i32 = 1;

/**
 * Reads `n` ASCII bytes as exactly one int in `base` (0: by its prefix; 2 to 36), spaces around it and underscores
 * between digits allowed. PARSE_OK with a new int in the slot `out`; PARSE_BAD; PARSE_ERROR with an exception.
 */
export function parseLong(p: usize, n: isize, base: i32, out: usize): i32 {
  let end = p + <usize>n;
  while (p < end && isSpace(load<u8>(p))) p++;
  while (end > p && isSpace(load<u8>(end - 1))) end--;
  let negative = false;
  if (p < end && (load<u8>(p) == 0x2b || load<u8>(p) == 0x2d)) {
    negative = load<u8>(p) == 0x2d;
    p++;
  }
  if (p >= end) return PARSE_BAD;
  let zeroOnly = false;
  const prefix = load<u8>(p) == 0x30 && p + 1 < end ? <u32>load<u8>(p + 1) | 0x20 : 0;
  const prefixBase = prefix == 0x78 ? 16 : prefix == 0x6f ? 8 : prefix == 0x62 ? 2 : 0;
  if (base == 0) {
    if (load<u8>(p) != 0x30) base = 10;
    else if (prefixBase != 0) base = prefixBase;
    else {
      // "0" and "00" are allowed, "01" is not.
      zeroOnly = true;
      base = 10;
    }
  }
  if (prefixBase != 0 && prefixBase == base) {
    p += 2;
    if (p < end && load<u8>(p) == 0x5f) p++;
  }
  if (p >= end || load<u8>(p) == 0x5f) return PARSE_BAD;
  let digits: isize = 0;
  let prev: u32 = 0;
  for (let q = p; q < end; q++) {
    const c = <u32>load<u8>(q);
    if (c == 0x5f) {
      if (prev == 0x5f) return PARSE_BAD;
    } else {
      if (digitValue(c) >= <u32>base) return PARSE_BAD;
      digits++;
    }
    prev = c;
  }
  if (prev == 0x5f) return PARSE_BAD;
  const power = (base & (base - 1)) == 0;
  const limit = intMaxStrDigits();
  if (!power && limit > 0 && digits > INT_MAX_STR_DIGITS_THRESHOLD && digits > limit) {
    PyErr_Format(
      PyExc_ValueError,
      "Exceeds the limit (%d digits) for integer string conversion: value has %d digits; use sys.set_int_max_str_digits() to increase the limit",
      limit,
      digits,
    );
    return PARSE_ERROR;
  }
  const o = power ? fromPowerBase(p, end, base, digits, negative) : fromOtherBase(p, end, base, digits, negative);
  if (o == 0) return PARSE_ERROR;
  if (zeroOnly && !Long.isZero(o)) {
    Py.DECREF(o);
    return PARSE_BAD;
  }
  store<u64>(out, o);
  return PARSE_OK;
}

function isSpace(c: u32): bool {
  return c == 0x20 || (c >= 9 && c <= 13);
}

function fromPowerBase(p: usize, end: usize, base: i32, digits: isize, negative: bool): usize {
  const shift = <i32>ctz(base);
  const o = _PyLong_New(<isize>((<i64>digits * shift + 29) / 30));
  if (o == 0) return 0;
  let accumulated: u64 = 0;
  let bits = 0;
  let i: isize = 0;
  for (let q = end; q > p; ) {
    const c = <u32>load<u8>(--q);
    if (c == 0x5f) continue;
    accumulated |= (<u64>digitValue(c)) << bits;
    bits += shift;
    if (bits >= 30) {
      Long.setDigit(o, i++, <u32>accumulated & MASK);
      accumulated >>= 30;
      bits -= 30;
    }
  }
  const n = Long.ndigits(o);
  if (i < n) Long.setDigit(o, i++, <u32>accumulated);
  while (i < n) Long.setDigit(o, i++, 0);
  return longFinish(o, negative ? -1 : 1);
}

/** log 10 / log 2^30. */
const DIGITS_PER_DECIMAL: f64 = 0.11073093649624542;

function fromOtherBase(p: usize, end: usize, base: i32, digits: isize, negative: bool): usize {
  // As many digits at a time as fit below 2^30.
  let width = 1;
  let scale: u64 = base;
  while (scale * base <= <u64>MASK + 1) {
    scale *= base;
    width++;
  }
  // Each chunk multiplies by less than 2^30: a digit a chunk is enough. For the usual base, as many as CPython takes.
  const room = base == 10 ? <isize>(<f64>digits * DIGITS_PER_DECIMAL) + 1 : digits / width + 1;
  if (digits <= 18 && base <= 10) {
    let v: i64 = 0;
    for (; p < end; p++) if (load<u8>(p) != 0x5f) v = v * base + (load<u8>(p) - 48);
    if (negative) v = -v;
    return Long.isSmall(v) ? Long.small(<i32>v) : longOfSize(v, room);
  }
  const o = _PyLong_New(room);
  if (o == 0) return 0;
  const to = Long.digits(o);
  let count: isize = 0;
  while (p < end) {
    if ((count & 15) == 15 && Interrupts.raised()) {
      Py.DECREF(o);
      return 0;
    }
    let chunk: u64 = 0;
    let factor: u64 = 1;
    for (let k = 0; k < width && p < end; p++) {
      const c = <u32>load<u8>(p);
      if (c == 0x5f) continue;
      chunk = chunk * base + digitValue(c);
      factor *= base;
      k++;
    }
    let carry = chunk;
    for (let i: isize = 0; i < count; i++) {
      carry += <u64>Digit.get(to, i) * factor;
      Digit.set(to, i, <u32>carry & MASK);
      carry >>= 30;
    }
    if (carry != 0) {
      Digit.set(to, count++, <u32>carry & MASK);
      if (carry >> 30) Digit.set(to, count++, <u32>(carry >> 30));
    }
  }
  Long.setTag(o, count, 1);
  return longFinish(o, negative ? -1 : 1);
}
