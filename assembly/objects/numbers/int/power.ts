// Powers of ints, with and without a modulus (CPython 3.13's Objects/longobject.c: long_pow, long_invmod).

import { divmodresult, PyNumberMethods, PyTypeObject } from "../../../generated/layouts";
import { _Py_NoneStruct, _Py_NotImplementedStruct, PyExc_ValueError, PyFloat_Type } from "../../../generated/statics";
import { Interrupts } from "../../../thread/interrupts";
import { Scratch } from "../../../thread/scratch";
import { PyErr_Occurred, PyErr_SetString } from "../../errors/raise";
import { Py } from "../../object/head";
import { PyFloat_FromDouble } from "../float/float";
import { Long } from "./access";
import { _PyLong_Mod, _PyLong_Multiply, _PyLong_Subtract, floorDivmod, long_long } from "./arithmetic";
import { PyLong_AsDouble } from "./create";

/** a * b % m, or a * b where m is null: a new int; a is stolen (also where it fails). */
function multiplyMod(a: usize, b: usize, m: usize): usize {
  const product = _PyLong_Multiply(a, b);
  Py.DECREF(a);
  if (product == 0 || m == 0) return product;
  const r = _PyLong_Mod(product, m);
  Py.DECREF(product);
  return r;
}

/** The inverse of a modulo n (positive): a new int. Null with ValueError where there is none. */
function inverseMod(a: usize, n: usize): usize {
  // Extended Euclid: a * b = g modulo n holds throughout.
  let b = Long.small(1);
  let c = Long.small(0);
  let x = Py.NewRef(a);
  let y = Py.NewRef(n);
  const out = Scratch.take(2);
  let ok: bool = true;
  while (ok && !Long.isZero(y)) {
    ok = floorDivmod(x, y, out);
    if (!ok) break;
    const q = divmodresult.at(out).quotient;
    const r = divmodresult.at(out).rest;
    Py.DECREF(x);
    x = y;
    y = r;
    const t = _PyLong_Multiply(q, c);
    Py.DECREF(q);
    const s = t == 0 ? 0 : _PyLong_Subtract(b, t);
    Py.XDECREF(t);
    if (s == 0) {
      ok = false;
      break;
    }
    Py.DECREF(b);
    b = c;
    c = s;
  }
  Scratch.give(out);
  const isOne = Long.isCompact(x) && Long.compactValue(x) == 1;
  Py.DECREF(x);
  Py.DECREF(y);
  Py.DECREF(c);
  if (ok && isOne) return b;
  Py.DECREF(b);
  if (ok) PyErr_SetString(PyExc_ValueError, "base is not invertible for the given modulus");
  return 0;
}

/** a ** b for b >= 0, reduced modulo m where that is not null: a new int. */
function power(a: usize, b: usize, m: usize): usize {
  let r: usize = Long.small(1);
  if (m != 0 && Long.isCompact(m) && Long.compactValue(m) == 1) return Long.small(0);
  const n = Long.ndigits(b);
  if (n <= 8) {
    // Left to right, a bit at a time.
    for (let i = n - 1; i >= 0; i--) {
      const d = Long.digit(b, i);
      let bit: u32 = i == n - 1 ? (<u32>1) << (31 - clz<u32>(d)) : 1 << 29;
      if (i == n - 1) {
        Py.DECREF(r);
        r = Py.NewRef(a);
        bit >>= 1;
      }
      for (; bit != 0; bit >>= 1) {
        r = multiplyMod(r, r, m);
        if (r != 0 && d & bit) r = multiplyMod(r, a, m);
        if (r == 0) return 0;
      }
    }
    return r;
  }
  // Five bits at a time, with a table of the 32 first powers.
  const table = Scratch.take(32);
  store<u64>(table, Long.small(1));
  let made: usize = 1;
  for (; made < 32; made++) {
    const next = multiplyMod(Py.NewRef(load<u32>(table + ((made - 1) << 3))), a, m);
    if (next == 0) break;
    store<u64>(table + (made << 3), next);
  }
  if (made < 32) r = 0;
  for (let i = n - 1; r != 0 && i >= 0; i--) {
    const d = Long.digit(b, i);
    if (Interrupts.raised()) {
      Py.DECREF(r);
      r = 0;
    }
    for (let shift = 25; r != 0 && shift >= 0; shift -= 5) {
      for (let k = 0; r != 0 && k < 5; k++) r = multiplyMod(r, r, m);
      const index = <usize>(d >> shift) & 31;
      if (r != 0 && index != 0) r = multiplyMod(r, load<u32>(table + (index << 3)), m);
    }
  }
  for (let k: usize = 0; k < made; k++) Py.DECREF(load<u32>(table + (k << 3)));
  Scratch.give(table);
  return r;
}

/** nb_power of int. */
export function long_pow(v: usize, w: usize, x: usize): usize {
  if (!Long.check(v) || !Long.check(w)) return _Py_NotImplementedStruct;
  if (x != _Py_NoneStruct && !Long.check(x)) return _Py_NotImplementedStruct;
  if (x == _Py_NoneStruct) {
    if (Long.isNegative(w)) {
      // A negative exponent gives a float, through float's own power.
      const f = PyLong_AsDouble(v);
      if (f == -1 && PyErr_Occurred()) return 0;
      const g = PyLong_AsDouble(w);
      if (g == -1 && PyErr_Occurred()) return 0;
      const a = PyFloat_FromDouble(f);
      const b = a == 0 ? 0 : PyFloat_FromDouble(g);
      const pow = PyNumberMethods.at(PyTypeObject.at(PyFloat_Type).tp_as_number).nb_power;
      const r = b == 0 ? 0 : call_indirect<usize>(pow, a, b, x);
      Py.XDECREF(a);
      Py.XDECREF(b);
      return r;
    }
    const exact = long_long(v);
    if (exact == 0) return 0;
    const r = power(exact, w, 0);
    Py.DECREF(exact);
    return r;
  }
  if (Long.isZero(x)) return PyErr_SetString(PyExc_ValueError, "pow() 3rd argument cannot be 0");
  const negative = Long.isNegative(x);
  const m = negative ? _PyLong_Subtract(Long.small(0), x) : long_long(x);
  if (m == 0) return 0;
  if (Long.isCompact(m) && Long.compactValue(m) == 1) {
    Py.DECREF(m);
    return Long.small(0);
  }
  let base = long_long(v);
  let exponent = long_long(w);
  if (base != 0 && exponent != 0 && Long.isNegative(w)) {
    const e = _PyLong_Subtract(Long.small(0), exponent);
    Py.DECREF(exponent);
    exponent = e;
    const inverse = inverseMod(base, m);
    Py.DECREF(base);
    base = inverse;
  }
  if (base != 0 && (Long.isNegative(base) || Long.ndigits(base) > Long.ndigits(m))) {
    const reduced = _PyLong_Mod(base, m);
    Py.DECREF(base);
    base = reduced;
  }
  let r = base != 0 && exponent != 0 ? power(base, exponent, m) : 0;
  // An exponent of 1 or 0 multiplies nothing: reduce what is left.
  if (r != 0) {
    const reduced = _PyLong_Mod(r, m);
    Py.DECREF(r);
    r = reduced;
  }
  if (r != 0 && negative && !Long.isZero(r)) {
    const shifted = _PyLong_Subtract(r, m);
    Py.DECREF(r);
    r = shifted;
  }
  Py.XDECREF(base);
  Py.XDECREF(exponent);
  Py.DECREF(m);
  return r;
}
