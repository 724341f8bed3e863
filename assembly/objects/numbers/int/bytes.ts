// Ints as arrays of bytes (CPython 3.13's Objects/longobject.c: _PyLong_AsByteArray, _PyLong_FromByteArray).

import { bitLength, Long, MASK } from "./access";
import { _PyLong_New, longFinish } from "./create";

/** A new int from `n` bytes at `p`. Null with MemoryError. */
export function _PyLong_FromByteArray(p: usize, n: isize, littleEndian: bool, signed: bool): usize {
  if (n == 0) return Long.small(0);
  const negative = signed && (load<u8>(littleEndian ? p + <usize>n - 1 : p) & 0x80) != 0;
  const o = _PyLong_New(<isize>((<i64>n * 8 + 29) / 30));
  if (o == 0) return 0;
  const size = Long.ndigits(o);
  let accumulated: u64 = 0;
  let bits = 0;
  let carry: u32 = 1;
  let at: isize = 0;
  for (let i: isize = 0; i < n; i++) {
    let b = <u32>load<u8>(p + <usize>(littleEndian ? i : n - 1 - i));
    if (negative) {
      carry += b ^ 0xff;
      b = carry & 0xff;
      carry >>= 8;
    }
    accumulated |= (<u64>b) << bits;
    bits += 8;
    if (bits >= 30) {
      Long.setDigit(o, at++, <u32>accumulated & MASK);
      accumulated >>= 30;
      bits -= 30;
    }
  }
  if (at < size) Long.setDigit(o, at++, <u32>accumulated);
  while (at < size) Long.setDigit(o, at++, 0);
  return longFinish(o, negative ? -1 : 1);
}

/** Whether the int fits into `n` bytes. */
export function fitsBytes(o: usize, n: isize, signed: bool): bool {
  const bits = bitLength(o);
  const room = <i64>n * 8;
  if (!signed) return bits <= room;
  if (bits < room) return true;
  if (bits > room || !Long.isNegative(o)) return bits == 0;
  // -2^(8n-1) fits: its size is a power of two.
  const last = Long.ndigits(o) - 1;
  const top = Long.digit(o, last);
  if (top & (top - 1)) return false;
  for (let i: isize = 0; i < last; i++) if (Long.digit(o, i) != 0) return false;
  return true;
}

/** Writes the int, which must fit, as `n` bytes in two's complement at `p`. */
export function _PyLong_AsByteArray(o: usize, p: usize, n: isize, littleEndian: bool): void {
  const size = Long.ndigits(o);
  const negative = Long.isNegative(o);
  let accumulated: u64 = 0;
  let bits = 0;
  let carry: u32 = 1;
  let at: isize = 0;
  for (let i: isize = 0; i < n; i++) {
    if (bits < 8 && at < size) {
      accumulated |= (<u64>Long.digit(o, at++)) << bits;
      bits += 30;
    }
    let b = <u32>accumulated & 0xff;
    accumulated >>= 8;
    bits -= 8;
    if (negative) {
      carry += b ^ 0xff;
      b = carry & 0xff;
      carry >>= 8;
    }
    store<u8>(p + <usize>(littleEndian ? i : n - 1 - i), b);
  }
}
