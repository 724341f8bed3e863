// Taking strings apart and putting them together: substring, concatenation, joining, repetition (CPython 3.13's
// Objects/unicodeobject.c: PyUnicode_Substring, PyUnicode_Concat, PyUnicode_Append, _PyUnicode_JoinArray,
// unicode_repeat).

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PyTypeObject } from "../../generated/layouts";
import { empty_string, PyExc_OverflowError, PyExc_TypeError, PyUnicode_Type } from "../../generated/statics";
import { List } from "../containers/list/list";
import { Tuple } from "../containers/tuple";
import { PyErr_BadInternalCall, PyErr_Format, PyErr_NoMemory, PyErr_SetString } from "../errors/raise";
import { Py } from "../object/head";
import { PySequence_Fast } from "../protocol/sequence";
import { copyCharacters, fillCharacters, SSTATE_NOT_INTERNED, STATE_COMPACT, U } from "./access";
import {
  PyUnicode_FromKindAndData,
  PyUnicode_FromLiteral,
  PyUnicode_New,
  unicodeChar,
  unicodeResultUnchanged,
} from "./create";
import { resizeCompact } from "./format/writer";

/** A new string of characters start to end, which are clamped to the string. Null: MemoryError. */
export function PyUnicode_Substring(s: usize, start: isize, end: isize): usize {
  const n = U.length(s);
  end = min(end, n);
  if (start == 0 && end == n) return unicodeResultUnchanged(s);
  if (start >= end) return empty_string;
  const kind = U.kind(s);
  const data = U.data(s) + <usize>start * kind;
  if (U.isAscii(s)) {
    if (end - start == 1) return unicodeChar(load<u8>(data));
    const r = PyUnicode_New(end - start, 127);
    if (r != 0) memory.copy(U.asciiData(r), data, <usize>(end - start));
    return r;
  }
  return PyUnicode_FromKindAndData(kind, data, end - start);
}

/** A new string, `a` and then `b` (of any type: TypeError where it is not a str). */
export function PyUnicode_Concat(a: usize, b: usize): usize {
  if (!Py.check(b, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, 'can only concatenate str (not "%.200s") to str', PyTypeName.of(b));
    return 0;
  }
  const na = U.length(a);
  const nb = U.length(b);
  if (na == 0) return unicodeResultUnchanged(b);
  if (nb == 0) return unicodeResultUnchanged(a);
  if (na > 0x7fffffff - nb) return PyErr_SetString(PyExc_OverflowError, "strings are too large to concat");
  const r = PyUnicode_New(na + nb, max(U.maxCharValue(a), U.maxCharValue(b)));
  if (r == 0) return 0;
  const kind = U.kind(r);
  const data = U.data(r);
  copyCharacters(kind, data, 0, U.kind(a), U.data(a), 0, na);
  copyCharacters(kind, data, na, U.kind(b), U.data(b), 0, nb);
  return r;
}

/** The tp_name of an object's type. */
export class PyTypeName {
  @inline static of(o: usize): i64 {
    return PyTypeObject.at(Py.TYPE(o)).tp_name;
  }
}

/**
 * Appends `right` (borrowed) to the string in the 8-byte slot, in place where nobody else holds it. With an exception
 * the slot becomes null.
 */
export function PyUnicode_Append(slot: usize, right: usize): void {
  const left = load<u32>(slot);
  if (left == 0) return;
  if (!Py.check(left, Py_TPFLAGS_UNICODE_SUBCLASS) || !Py.check(right, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_BadInternalCall();
    Py.CLEAR(slot);
    return;
  }
  const na = U.length(left);
  const nb = U.length(right);
  if (na == 0) {
    Py.INCREF(right);
    Py.SETREF(slot, right);
    return;
  }
  if (nb == 0) return;
  if (na > 0x7fffffff - nb) {
    PyErr_SetString(PyExc_OverflowError, "strings are too large to concat");
    Py.CLEAR(slot);
    return;
  }
  const modifiable =
    Py.REFCNT(left) == 1 &&
    U.hash(left) == -1 &&
    U.interned(left) == SSTATE_NOT_INTERNED &&
    Py.IS_TYPE(left, PyUnicode_Type) &&
    (U.state(left) & STATE_COMPACT) != 0;
  if (
    modifiable &&
    Py.IS_TYPE(right, PyUnicode_Type) &&
    U.kind(right) <= U.kind(left) &&
    !(U.isAscii(left) && !U.isAscii(right))
  ) {
    const r = resizeCompact(left, na + nb);
    if (r == 0) {
      Py.CLEAR(slot);
      return;
    }
    store<u64>(slot, r);
    copyCharacters(U.kind(r), U.data(r), na, U.kind(right), U.data(right), 0, nb);
    return;
  }
  Py.SETREF(slot, PyUnicode_Concat(left, right));
}

/** A new string: the items of an iterable with `sep` between (null: a space). Null with an exception. */
export function PyUnicode_Join(sep: usize, seq: usize): usize {
  const fast = PySequence_Fast(seq, "can only join an iterable");
  if (fast == 0) return 0;
  const items = List.check(fast) ? List.items(fast) : Tuple.items(fast);
  const r = _PyUnicode_JoinArray(sep, items, Py.SIZE(fast));
  Py.DECREF(fast);
  return r;
}

/** As PyUnicode_Join for the `n` references in the slots at `items`. */
export function _PyUnicode_JoinArray(sep: usize, items: usize, n: isize): usize {
  if (n == 0) return empty_string;
  if (n == 1) {
    const only = Py.item(items, 0);
    if (Py.IS_TYPE(only, PyUnicode_Type)) return Py.NewRef(only);
  }
  const sepLength = sep == 0 ? 1 : U.length(sep);
  let top = sep == 0 || n == 1 ? 0x7f : sepLength == 0 ? 0x7f : U.maxCharValue(sep);
  let total: i64 = <i64>sepLength * <i64>(n - 1);
  for (let i: isize = 0; i < n; i++) {
    const s = Py.item(items, i);
    if (!Py.check(s, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      PyErr_Format(PyExc_TypeError, "sequence item %d: expected str instance, %.80s found", i, PyTypeName.of(s));
      return 0;
    }
    total += U.length(s);
    top = max(top, U.maxCharValue(s));
  }
  if (total > 0x7fffffff) {
    // A 64-bit machine would try, and run out of memory.
    return PyErr_NoMemory();
  }
  const r = PyUnicode_New(<isize>total, top);
  if (r == 0 || total == 0) return r;
  const kind = U.kind(r);
  const data = U.data(r);
  let at: isize = 0;
  for (let i: isize = 0; i < n; i++) {
    if (i != 0 && sepLength != 0) {
      if (sep == 0) U.write(kind, data, at, 0x20);
      else copyCharacters(kind, data, at, U.kind(sep), U.data(sep), 0, sepLength);
      at += sepLength;
    }
    const s = Py.item(items, i);
    const length = U.length(s);
    if (length == 0) continue;
    copyCharacters(kind, data, at, U.kind(s), U.data(s), 0, length);
    at += length;
  }
  return r;
}

/** sq_repeat of str. */
export function unicode_repeat(s: usize, n: isize): usize {
  if (n < 1) return empty_string;
  const length = U.length(s);
  if (n == 1 || length == 0) return unicodeResultUnchanged(s);
  const total = <i64>length * <i64>n;
  if (total > 0x7fffffff) return PyErr_NoMemory();
  const r = PyUnicode_New(<isize>total, U.maxCharValue(s));
  if (r == 0) return 0;
  const kind = U.kind(s);
  const to = U.data(r);
  if (length == 1) {
    fillCharacters(kind, to, 0, n, U.at(s, 0));
    return r;
  }
  repeatBytes(to, <usize>total * kind, U.data(s), <usize>length * kind);
  return r;
}

/** Fills `size` bytes at `to` with copies of the `unit` bytes at `from`, doubling what is done. */
export function repeatBytes(to: usize, size: usize, from: usize, unit: usize): void {
  memory.copy(to, from, unit);
  let done = unit;
  while (done < size) {
    const step = min(done, size - done);
    memory.copy(to + done, to, step);
    done += step;
  }
}

/** The strings of a list or tuple joined by a literal: a new str. */
export function joinLiteral(separator: string, seq: usize): usize {
  const sep = PyUnicode_FromLiteral(separator);
  if (sep == 0) return 0;
  const r = PyUnicode_Join(sep, seq);
  Py.DECREF(sep);
  return r;
}
