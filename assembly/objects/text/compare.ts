// Order, equality and hash of strings (CPython 3.13's Objects/unicodeobject.c and Objects/stringlib/eq.h).

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PyASCIIObject } from "../../generated/layouts";
import { _Py_NotImplementedStruct } from "../../generated/statics";
import { boolObject } from "../numbers/bool";
import { Py_EQ, Py_GE, Py_GT, Py_LE, Py_LT, Py_NE } from "../object/flags";
import { Py } from "../object/head";
import { _Py_HashBytes, U } from "./access";

/** -1, 0 or 1 as `n` bytes at `a` are before, equal to, after those at `b`. */
export function compareBytes(a: usize, b: usize, n: usize): i32 {
  let i: usize = 0;
  for (; i + 8 <= n; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) break;
  for (; i < n; i++) {
    const x = load<u8>(a + i);
    const y = load<u8>(b + i);
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

/** Whether `n` bytes at `a` and `b` are the same. */
export function equalBytes(a: usize, b: usize, n: usize): bool {
  let i: usize = 0;
  for (; i + 8 <= n; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false;
  for (; i < n; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false;
  return true;
}

/** Whether two strings have the same characters. Never fails. */
export function _PyUnicode_Equal(a: usize, b: usize): bool {
  if (a == b) return true;
  const n = U.length(a);
  if (n != U.length(b)) return false;
  const kind = U.kind(a);
  if (kind != U.kind(b)) return false;
  return equalBytes(U.data(a), U.data(b), <usize>n * kind);
}

/** -1, 0 or 1 as `a` is before, equal to, after `b` by code points. Never fails. */
export function PyUnicode_Compare(a: usize, b: usize): i32 {
  if (a == b) return 0;
  const na = U.length(a);
  const nb = U.length(b);
  const ka = U.kind(a);
  const kb = U.kind(b);
  const da = U.data(a);
  const db = U.data(b);
  const n = min(na, nb);
  if (ka == 1 && kb == 1) {
    const c = compareBytes(da, db, <usize>n);
    if (c != 0) return c;
  } else {
    for (let i: isize = 0; i < n; i++) {
      const x = U.read(ka, da, i);
      const y = U.read(kb, db, i);
      if (x != y) return x < y ? -1 : 1;
    }
  }
  return na == nb ? 0 : na < nb ? -1 : 1;
}

/** Whether string `o` has the characters of a literal of this program. */
export function PyUnicode_EqualToLiteral(o: usize, s: string): bool {
  const n = U.length(o);
  if (n != s.length) return false;
  const kind = U.kind(o);
  const data = U.data(o);
  for (let i: isize = 0; i < n; i++) {
    if (U.read(kind, data, i) != load<u16>(changetype<usize>(s) + ((<usize>i) << 1))) return false;
  }
  return true;
}

/** Whether string `o` is the ASCII text at `cstr`, ended by a NUL. */
export function PyUnicode_EqualToCString(o: usize, cstr: usize): bool {
  const n = U.length(o);
  const kind = U.kind(o);
  const data = U.data(o);
  for (let i: isize = 0; i < n; i++) {
    const c = load<u8>(cstr + <usize>i);
    if (c == 0 || U.read(kind, data, i) != c) return false;
  }
  return load<u8>(cstr + <usize>n) == 0;
}

/** tp_hash of str: SipHash-1-3 over the characters' bytes, kept in the object. Never fails. */
export function unicode_hash(o: usize): i64 {
  let h = U.hash(o);
  if (h != -1) return h;
  h = _Py_HashBytes(U.data(o), U.length(o) * <isize>U.kind(o));
  PyASCIIObject.at(o).hash = h;
  return h;
}

/** tp_richcompare of str. */
export function PyUnicode_RichCompare(a: usize, b: usize, op: i32): usize {
  if (!Py.check(a, Py_TPFLAGS_UNICODE_SUBCLASS) || !Py.check(b, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return _Py_NotImplementedStruct;
  }
  if (op == Py_EQ) return boolObject(_PyUnicode_Equal(a, b));
  if (op == Py_NE) return boolObject(!_PyUnicode_Equal(a, b));
  return boolObject(compareResult(PyUnicode_Compare(a, b), op));
}

/** Whether `a op b` where `c` is -1, 0, 1 as a is below, equal, above b. */
export function compareResult(c: i32, op: i32): bool {
  switch (op) {
    case Py_LT:
      return c < 0;
    case Py_LE:
      return c <= 0;
    case Py_EQ:
      return c == 0;
    case Py_NE:
      return c != 0;
    case Py_GT:
      return c > 0;
    case Py_GE:
      return c >= 0;
    default:
      return false;
  }
}
