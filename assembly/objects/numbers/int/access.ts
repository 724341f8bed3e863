// An int's bytes (CPython 3.13's Include/cpython/longintrepr.h).
//
// Invariant: the highest digit is not 0; zero has no digits (though room for one). Ints from -5 to 256 are immortal and
// shared: whatever makes ints here gives those.

import { Py_TPFLAGS_LONG_SUBCLASS } from "../../../generated/constants";
import { PyLongObject } from "../../../generated/layouts";
import { small_ints } from "../../../generated/statics";
import { Py } from "../../object/head";

export const MASK: u32 = (1 << 30) - 1;
/** Most digits of an int: beyond, MemoryError. */
export const DIGITS_MAX: isize = 0x1ffffff0;

export class Long {
  @inline static tag(o: usize): u32 {
    return PyLongObject.at(o).tag;
  }

  /** Whether it has at most one digit. */
  @inline static isCompact(o: usize): bool {
    return Long.tag(o) < 16;
  }

  /** Whether both have at most one digit. */
  @inline static bothCompact(v: usize, w: usize): bool {
    return (Long.tag(v) | Long.tag(w)) < 16;
  }

  /** The value of a compact int, below 2^30 in size. */
  @inline static compactValue(o: usize): i32 {
    const tag = Long.tag(o);
    return (1 - <i32>(tag & 3)) * <i32>PyLongObject.at(o).first_digit;
  }

  /** Whether it has at most two digits: its value is below 2^60 in size. */
  @inline static isShort(o: usize): bool {
    return Long.tag(o) < 24;
  }

  /** The value of an int of at most two digits. */
  @inline static shortValue(o: usize): i64 {
    const tag = Long.tag(o);
    let v: i64 = <i64>PyLongObject.at(o).first_digit;
    if (tag >= 16) v |= (<i64>PyLongObject.at(o).second_digit) << 30;
    return (tag & 3) == 2 ? -v : v;
  }

  @inline static ndigits(o: usize): isize {
    return <isize>(Long.tag(o) >> 3);
  }

  /** -1, 0 or 1. */
  @inline static sign(o: usize): i32 {
    return 1 - <i32>(Long.tag(o) & 3);
  }

  @inline static isNegative(o: usize): bool {
    return (Long.tag(o) & 3) == 2;
  }

  @inline static isZero(o: usize): bool {
    return (Long.tag(o) & 3) == 1;
  }

  @inline static digits(o: usize): usize {
    return PyLongObject.at(o).ob_digit;
  }

  @inline static digit(o: usize, i: isize): u32 {
    return PyLongObject.at(o + ((<usize>i) << 2)).first_digit;
  }

  @inline static setDigit(o: usize, i: isize, d: u32): void {
    PyLongObject.at(o + ((<usize>i) << 2)).first_digit = d;
  }

  /** Sets digits and sign (-1, 0, 1). */
  @inline static setTag(o: usize, ndigits: isize, sign: i32): void {
    PyLongObject.at(o).lv_tag = ((<u64>ndigits) << 3) | <u64>(1 - sign);
  }

  @inline static check(o: usize): bool {
    return Py.check(o, Py_TPFLAGS_LONG_SUBCLASS);
  }

  /** The shared int of a value from -5 to 256. */
  @inline static small(v: i32): usize {
    return small_ints + <usize>((v + 5) << 5);
  }

  @inline static isSmall(v: i64): bool {
    return <u64>(v + 5) < 262;
  }
}

/** -1, 0 or 1 as the int is below, equal to or above zero. */
export function long_sign(o: usize): i32 {
  return Long.sign(o);
}

/** Bits of the value without its sign. */
export function bitLength(o: usize): i64 {
  const n = Long.ndigits(o);
  return n == 0 ? 0 : <i64>(n - 1) * 30 + (32 - clz<u32>(Long.digit(o, n - 1)));
}
