// Order, equality and hash of ints (CPython 3.13's Objects/longobject.c).

import { _Py_NotImplementedStruct } from "../../../generated/statics";
import { compareResult } from "../../text/compare";
import { PyBool_FromLong } from "../bool";
import { Long } from "./access";
import { longMask64, longOverflow } from "./create";
import { compareDigits } from "./natural";

/** -1, 0, 1 as int a is below, equal to, above int b. Never fails. */
export function long_compare(a: usize, b: usize): i32 {
  const sa = Long.sign(a);
  const sb = Long.sign(b);
  if (sa != sb) return sa < sb ? -1 : 1;
  const c = compareDigits(Long.digits(a), Long.ndigits(a), Long.digits(b), Long.ndigits(b));
  return sa < 0 ? -c : c;
}

/** tp_richcompare of int. */
export function long_richcompare(a: usize, b: usize, op: i32): usize {
  if (!Long.check(a) || !Long.check(b)) return _Py_NotImplementedStruct;
  return PyBool_FromLong(compareResult(a == b ? 0 : long_compare(a, b), op) ? 1 : 0);
}

const HASH_MODULUS: u64 = (1 << 61) - 1;

/** tp_hash of int: the value modulo 2^61 - 1, with its sign. */
export function long_hash(o: usize): i64 {
  if (Long.isCompact(o)) {
    const v = Long.compactValue(o);
    return v == -1 ? -2 : v;
  }
  let x: u64 = 0;
  for (let i = Long.ndigits(o) - 1; i >= 0; i--) {
    x = ((x << 30) & HASH_MODULUS) | (x >> 31);
    x += Long.digit(o, i);
    if (x >= HASH_MODULUS) x -= HASH_MODULUS;
  }
  const h = Long.isNegative(o) ? -(<i64>x) : <i64>x;
  return h == -1 ? -2 : h;
}

/** What __hash__ returned as a hash: itself where it fits 64 bits, otherwise its own hash. */
export function long_as_hash(o: usize): i64 {
  return longOverflow(o) == 0 ? <i64>longMask64(o) : long_hash(o);
}
