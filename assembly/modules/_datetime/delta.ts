// timedelta, a difference of times (a part of CPython 3.13's Modules/_datetimemodule.c).
//
// Microseconds of a difference may be more than 64 bits hold: they are ints wherever it is multiplied or divided.

import { PyDateTime_Delta, PyNumberMethods, SIZEOF_PyDateTime_Delta } from "../../generated/layouts";
import {
  _Py_NotImplementedStruct,
  ID,
  PyDateTime_DeltaType,
  PyExc_TypeError,
  PyExc_ValueError,
  zero_delta,
} from "../../generated/statics";
import { PyTuple_New, PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { parseTupleAndKeywords } from "../../objects/define/args";
import { asNumber } from "../../objects/define/tables";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { boolObject } from "../../objects/numbers/bool";
import { Float, PyFloat_AsDouble } from "../../objects/numbers/float/float";
import { Long } from "../../objects/numbers/int/access";
import { long_divmod } from "../../objects/numbers/int/arithmetic";
import {
  longMask64,
  PyLong_AsInt,
  PyLong_FromDouble,
  PyLong_FromLong,
  PyLong_FromLongLong,
} from "../../objects/numbers/int/create";
import { PyObject_CallMethodNoArgs } from "../../objects/object/call";
import { Py_EQ, Py_GT, Py_LE, Py_LT, Py_NE } from "../../objects/object/flags";
import { initImmortal, Py } from "../../objects/object/head";
import { PyObject_Hash, PyObject_RichCompareBool } from "../../objects/protocol/compare";
import {
  PyNumber_Add,
  PyNumber_Divmod,
  PyNumber_FloorDivide,
  PyNumber_Multiply,
  PyNumber_Remainder,
  PyNumber_TrueDivide,
} from "../../objects/protocol/number";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Writer, writeLiteral, writerDiscard, writerFinish } from "../../objects/text/format/writer";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { isDelta, newDelta, newDeltaOf, plainType } from "./fields";
import { writeDigits } from "./format";

/** Its microseconds, a new int; null with MemoryError. */
function microsecondsOf(o: usize): usize {
  const x = PyDateTime_Delta.at(o);
  const seconds = PyLong_FromLongLong(<i64>x.days * 86400 + x.seconds);
  const million = PyLong_FromLong(1000000);
  const us = PyLong_FromLong(x.microseconds);
  const product = seconds == 0 || million == 0 ? 0 : PyNumber_Multiply(seconds, million);
  const r = product == 0 || us == 0 ? 0 : PyNumber_Add(product, us);
  Py.XDECREF(product);
  Py.XDECREF(us);
  Py.XDECREF(million);
  Py.XDECREF(seconds);
  return r;
}

/** divmod(a, b), whose result must be a pair: a new tuple; null with an exception. */
function checkedDivmod(a: usize, b: usize): usize {
  const r = PyNumber_Divmod(a, b);
  if (r == 0) return 0;
  if (!Tuple.check(r)) PyErr_Format(PyExc_TypeError, "divmod() returned non-tuple (type %.200t)", r);
  else if (Py.SIZE(r) == 2) return r;
  else PyErr_Format(PyExc_TypeError, "divmod() returned a tuple of size %d", Py.SIZE(r));
  Py.DECREF(r);
  return 0;
}

/** divmod(number, radix): the quotient, new, and the remainder as an i32 at `out`; null with an exception. */
function splitOff(number: usize, radix: i32, out: usize): usize {
  const b = PyLong_FromLong(radix);
  const pair = b == 0 ? 0 : checkedDivmod(number, b);
  Py.XDECREF(b);
  if (pair == 0) return 0;
  const rest = PyLong_AsInt(Tuple.get(pair, 1));
  let q: usize = 0;
  if (rest != -1 || !PyErr_Occurred()) {
    if (rest < 0 || rest >= radix) PyErr_SetString(PyExc_TypeError, "divmod() returned a value out of range");
    else q = Py.NewRef(Tuple.get(pair, 0));
  }
  store<i32>(out, rest);
  Py.DECREF(pair);
  return q;
}

/** A timedelta of the type of so many microseconds, which are stolen, and may be null. */
function ofMicroseconds(type: usize, us: usize): usize {
  if (us == 0) return 0;
  const out = Scratch.take(1);
  const seconds = splitOff(us, 1000000, out);
  const microsecond = load<i32>(out);
  Py.DECREF(us);
  const days = seconds == 0 ? 0 : splitOff(seconds, 86400, out);
  const second = load<i32>(out);
  Scratch.give(out);
  Py.XDECREF(seconds);
  if (days == 0) return 0;
  const d = PyLong_AsInt(days);
  Py.DECREF(days);
  return d == -1 && PyErr_Occurred() ? 0 : newDeltaOf(type, d, second, microsecond);
}

/** m / n, rounded to the nearest int, a half to the even one: new; null with an exception. Both are ints. */
function divideNearest(m: usize, n: usize): usize {
  const pair = long_divmod(m, n);
  if (pair == 0) return 0;
  const q = Tuple.get(pair, 0);
  const rest = Tuple.get(pair, 1);
  const twice = PyNumber_Add(rest, rest);
  const zero = Long.small(0);
  const negative = PyObject_RichCompareBool(n, zero, Py_LT);
  // The rest has the sign of n.
  const more = twice == 0 ? -1 : PyObject_RichCompareBool(twice, n, negative > 0 ? Py_LT : Py_GT);
  const half = more != 0 ? more : PyObject_RichCompareBool(twice, n, Py_EQ);
  const up = more > 0 || (half > 0 && isOdd(q));
  const r = twice == 0 ? 0 : up ? PyNumber_Add(q, Long.small(1)) : Py.NewRef(q);
  Py.XDECREF(twice);
  Py.DECREF(pair);
  return r;
}

function isOdd(n: usize): bool {
  return (longMask64(n) & 1) != 0;
}

/** float.as_integer_ratio(), checked: a new tuple; null with an exception. */
function ratioOf(f: usize): usize {
  const r = PyObject_CallMethodNoArgs(f, ID.as_integer_ratio);
  if (r == 0) return 0;
  if (!Tuple.check(r)) {
    const message = "unexpected return type from as_integer_ratio(): expected tuple, got '%.200t'";
    PyErr_Format(PyExc_TypeError, message, r);
  } else if (Py.SIZE(r) == 2) return r;
  else PyErr_SetString(PyExc_ValueError, "as_integer_ratio() must return a 2-tuple");
  Py.DECREF(r);
  return 0;
}

/** A difference times a float, or divided by it. */
function byFloat(o: usize, f: usize, divide: bool): usize {
  const us = microsecondsOf(o);
  const ratio = us == 0 ? 0 : ratioOf(f);
  const product = ratio == 0 ? 0 : PyNumber_Multiply(us, Tuple.get(ratio, divide ? 1 : 0));
  Py.XDECREF(us);
  let r: usize = 0;
  if (product != 0) {
    const n = Tuple.get(ratio, divide ? 0 : 1);
    if (!Long.check(product) || !Long.check(n)) PyErr_SetString(PyExc_TypeError, "non-integer arguments in division");
    else r = ofMicroseconds(PyDateTime_DeltaType, divideNearest(product, n));
    Py.DECREF(product);
  }
  Py.XDECREF(ratio);
  return r;
}

function byInt(o: usize, i: usize): usize {
  const us = microsecondsOf(o);
  if (us == 0) return 0;
  const product = PyNumber_Multiply(i, us);
  Py.DECREF(us);
  return ofMicroseconds(PyDateTime_DeltaType, product);
}

/** What the operation, a function of two numbers, makes of the microseconds of both: new, or null with an exception. */
function ofBoth(left: usize, right: usize, operation: u32): usize {
  const a = microsecondsOf(left);
  const b = a == 0 ? 0 : microsecondsOf(right);
  const r = b == 0 ? 0 : call_indirect<usize>(operation, a, b);
  Py.XDECREF(a);
  Py.XDECREF(b);
  return r;
}

function delta_add(left: usize, right: usize): usize {
  if (!isDelta(left) || !isDelta(right)) return _Py_NotImplementedStruct;
  const a = PyDateTime_Delta.at(left);
  const b = PyDateTime_Delta.at(right);
  return newDelta(<i64>a.days + b.days, <i64>a.seconds + b.seconds, <i64>a.microseconds + b.microseconds);
}

export function delta_subtract(left: usize, right: usize): usize {
  if (!isDelta(left) || !isDelta(right)) return _Py_NotImplementedStruct;
  const a = PyDateTime_Delta.at(left);
  const b = PyDateTime_Delta.at(right);
  return newDelta(<i64>a.days - b.days, <i64>a.seconds - b.seconds, <i64>a.microseconds - b.microseconds);
}

function delta_negative(o: usize): usize {
  const x = PyDateTime_Delta.at(o);
  return newDelta(-x.days, -x.seconds, -x.microseconds);
}

function delta_positive(o: usize): usize {
  const x = PyDateTime_Delta.at(o);
  return newDelta(x.days, x.seconds, x.microseconds);
}

function delta_absolute(o: usize): usize {
  return PyDateTime_Delta.at(o).days < 0 ? delta_negative(o) : delta_positive(o);
}

export function delta_bool(o: usize): i32 {
  const x = PyDateTime_Delta.at(o);
  return x.days != 0 || x.seconds != 0 || x.microseconds != 0 ? 1 : 0;
}

/** Below 0, 0 or above 0. */
export function compareDeltas(a: usize, b: usize): i32 {
  const x = PyDateTime_Delta.at(a);
  const y = PyDateTime_Delta.at(b);
  if (x.days != y.days) return x.days < y.days ? -1 : 1;
  return x.seconds != y.seconds ? x.seconds - y.seconds : x.microseconds - y.microseconds;
}

/** True or False of a difference, by the operator. */
export function compared(difference: i32, op: i32): usize {
  if (op == Py_EQ) return boolObject(difference == 0);
  if (op == Py_NE) return boolObject(difference != 0);
  if (op == Py_LT) return boolObject(difference < 0);
  if (op == Py_LE) return boolObject(difference <= 0);
  return boolObject(op == Py_GT ? difference > 0 : difference >= 0);
}

export function delta_richcompare(a: usize, b: usize, op: i32): usize {
  return isDelta(b) ? compared(compareDeltas(a, b), op) : _Py_NotImplementedStruct;
}

function delta_multiply(left: usize, right: usize): usize {
  const o = isDelta(left) ? left : right;
  const by = isDelta(left) ? right : left;
  if (Long.check(by)) return byInt(o, by);
  return Float.check(by) ? byFloat(o, by, false) : _Py_NotImplementedStruct;
}

function delta_divide(left: usize, right: usize): usize {
  if (!isDelta(left)) return _Py_NotImplementedStruct;
  if (isDelta(right)) return ofBoth(left, right, PyNumber_FloorDivide.index);
  if (!Long.check(right)) return _Py_NotImplementedStruct;
  const us = microsecondsOf(left);
  const q = us == 0 ? 0 : PyNumber_FloorDivide(us, right);
  Py.XDECREF(us);
  return ofMicroseconds(PyDateTime_DeltaType, q);
}

function delta_truedivide(left: usize, right: usize): usize {
  if (!isDelta(left)) return _Py_NotImplementedStruct;
  if (isDelta(right)) return ofBoth(left, right, PyNumber_TrueDivide.index);
  if (Float.check(right)) return byFloat(left, right, true);
  if (!Long.check(right)) return _Py_NotImplementedStruct;
  const us = microsecondsOf(left);
  const q = us == 0 ? 0 : divideNearest(us, right);
  Py.XDECREF(us);
  return ofMicroseconds(PyDateTime_DeltaType, q);
}

function delta_remainder(left: usize, right: usize): usize {
  if (!isDelta(left) || !isDelta(right)) return _Py_NotImplementedStruct;
  return ofMicroseconds(PyDateTime_DeltaType, ofBoth(left, right, PyNumber_Remainder.index));
}

function delta_divmod(left: usize, right: usize): usize {
  if (!isDelta(left) || !isDelta(right)) return _Py_NotImplementedStruct;
  const pair = ofBoth(left, right, checkedDivmod.index);
  if (pair == 0) return 0;
  const rest = ofMicroseconds(PyDateTime_DeltaType, Py.NewRef(Tuple.get(pair, 1)));
  const r = rest == 0 ? 0 : PyTuple_Pack2(Tuple.get(pair, 0), rest);
  Py.XDECREF(rest);
  Py.DECREF(pair);
  return r;
}

/** (days, seconds, microseconds) */
function stateOf(o: usize): usize {
  const x = PyDateTime_Delta.at(o);
  const t = PyTuple_New(3);
  if (t == 0) return 0;
  Tuple.set(t, 0, PyLong_FromLong(x.days));
  Tuple.set(t, 1, PyLong_FromLong(x.seconds));
  Tuple.set(t, 2, PyLong_FromLong(x.microseconds));
  if (Tuple.get(t, 0) != 0 && Tuple.get(t, 1) != 0 && Tuple.get(t, 2) != 0) return t;
  Py.DECREF(t);
  return 0;
}

export function delta_hash(o: usize): i64 {
  const x = PyDateTime_Delta.at(o);
  if (x.hashcode == -1) {
    const t = stateOf(o);
    if (t == 0) return -1;
    x.hashcode = PyObject_Hash(t);
    Py.DECREF(t);
  }
  return x.hashcode;
}

/** Writes " name=value," parts of the repr: false with an exception. */
function writePart(w: usize, name: string, value: i32): bool {
  if (value == 0) return true;
  // The name of the type and a bracket stand before.
  if (Writer.position(w) > 0 && writeLiteral(w, ", ") < 0) return false;
  return writeLiteral(w, name) == 0 && writeDigits(w, value, 0) == 0;
}

function delta_repr(o: usize): usize {
  const x = PyDateTime_Delta.at(o);
  const w = Writer.begin();
  const written =
    writePart(w, "days=", x.days) &&
    writePart(w, "seconds=", x.seconds) &&
    writePart(w, "microseconds=", x.microseconds) &&
    (delta_bool(o) != 0 || writeLiteral(w, "0") == 0);
  const args = written ? writerFinish(w) : writerDiscard(w);
  if (args == 0) return 0;
  const r = PyUnicode_FromFormat("%t(%U)", o, args);
  Py.DECREF(args);
  return r;
}

function delta_str(o: usize): usize {
  const x = PyDateTime_Delta.at(o);
  const w = Writer.begin();
  let ok: bool = true;
  if (x.days != 0) {
    const unit = x.days == 1 || x.days == -1 ? " day, " : " days, ";
    ok = writeDigits(w, x.days, 0) == 0 && writeLiteral(w, unit) == 0;
  }
  ok = ok && writeDigits(w, x.seconds / 3600, 0) == 0;
  ok = ok && writeLiteral(w, ":") == 0 && writeDigits(w, (x.seconds / 60) % 60, 2) == 0;
  ok = ok && writeLiteral(w, ":") == 0 && writeDigits(w, x.seconds % 60, 2) == 0;
  if (x.microseconds != 0) ok = ok && writeLiteral(w, ".") == 0 && writeDigits(w, x.microseconds, 6) == 0;
  return ok ? writerFinish(w) : writerDiscard(w);
}

/**
 * The int `sofar`, which is stolen, and the number times the factor, as a new int. What is left of a microsecond is added
 * to the f64 at `leftover`. Null with an exception, or where sofar is null.
 */
function accumulated(name: string, sofar: usize, number: usize, factor: i64, leftover: usize): usize {
  if (sofar == 0 || number == 0) return sofar;
  let r: usize = 0;
  const f = PyLong_FromLongLong(factor);
  if (f == 0) {
  } else if (Long.check(number)) r = sumOfProduct(sofar, number, f);
  else if (Float.check(number)) {
    const value = PyFloat_AsDouble(number);
    const whole = trunc<f64>(value);
    const part = (value - whole) * <f64>factor;
    const i = PyLong_FromDouble(whole);
    const sum = i == 0 ? 0 : sumOfProduct(sofar, i, f);
    Py.XDECREF(i);
    if (sum == 0 || value == whole) r = sum;
    else {
      const us = PyLong_FromDouble(trunc<f64>(part));
      if (us != 0) r = PyNumber_Add(sum, us);
      Py.XDECREF(us);
      Py.DECREF(sum);
      store<f64>(leftover, load<f64>(leftover) + (part - trunc<f64>(part)));
    }
  } else {
    const message = "unsupported type for timedelta %L component: %t";
    PyErr_Format(PyExc_TypeError, message, changetype<usize>(name), number);
  }
  Py.XDECREF(f);
  Py.DECREF(sofar);
  return r;
}

function sumOfProduct(sofar: usize, number: usize, factor: usize): usize {
  const product = PyNumber_Multiply(number, factor);
  const r = product == 0 ? 0 : PyNumber_Add(sofar, product);
  Py.XDECREF(product);
  return r;
}

/** Half away from zero, as C's round(). */
function roundAway(v: f64): f64 {
  const t = trunc<f64>(v);
  return abs<f64>(v - t) >= 0.5 ? t + (v < 0 ? -1.0 : 1.0) : t;
}

/** Adds what is left of microseconds to the int, which is stolen, rounded, half to even. */
function withLeftover(us: usize, leftover: f64): usize {
  if (us == 0 || leftover == 0) return us;
  let whole = roundAway(leftover);
  if (abs<f64>(whole - leftover) == 0.5) {
    const odd: f64 = isOdd(us) ? 1.0 : 0.0;
    whole = 2.0 * roundAway((leftover + odd) * 0.5) - odd;
  }
  const more = PyLong_FromDouble(whole);
  const r = more == 0 ? 0 : PyNumber_Add(us, more);
  Py.XDECREF(more);
  Py.DECREF(us);
  return r;
}

const NAMES = "days seconds microseconds milliseconds minutes hours weeks";

function delta_new(type: usize, args: usize, kwds: usize): usize {
  const a = Scratch.take(8);
  const leftover = Py.slot(a, 7);
  let us: usize = 0;
  if (parseTupleAndKeywords("__new__", NAMES, args, kwds, a, 0, 7)) {
    store<f64>(leftover, 0);
    us = accumulated("microseconds", Long.small(0), Py.item(a, 2), 1, leftover);
    us = accumulated("milliseconds", us, Py.item(a, 3), 1000, leftover);
    us = accumulated("seconds", us, Py.item(a, 1), 1000000, leftover);
    us = accumulated("minutes", us, Py.item(a, 4), 60000000, leftover);
    us = accumulated("hours", us, Py.item(a, 5), 3600000000, leftover);
    us = accumulated("days", us, Py.item(a, 0), 86400000000, leftover);
    us = accumulated("weeks", us, Py.item(a, 6), 604800000000, leftover);
    us = withLeftover(us, load<f64>(leftover));
  }
  Scratch.give(a);
  return ofMicroseconds(type, us);
}

/**
 * @native datetime.timedelta.total_seconds
 *
 * All of it, in seconds, as a float.
 */
export function delta_total_seconds(o: usize, _: usize): usize {
  const us = microsecondsOf(o);
  const million = us == 0 ? 0 : PyLong_FromLong(1000000);
  const r = million == 0 ? 0 : PyNumber_TrueDivide(us, million);
  Py.XDECREF(million);
  Py.XDECREF(us);
  return r;
}

/**
 * @native datetime.timedelta.__reduce__
 *
 * __reduce__(): what makes it again
 */
export function delta_reduce(o: usize, _: usize): usize {
  const state = stateOf(o);
  const r = state == 0 ? 0 : PyTuple_Pack2(Py.TYPE(o), state);
  Py.XDECREF(state);
  return r;
}

/**
 * @type datetime.timedelta
 *
 * How far two times are apart.
 *
 * timedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)
 *
 * All of them are added up. They may be ints or floats, also negative, and 0 if not given.
 *
 * @member datetime.timedelta.days = PyDateTime_Delta.days readonly
 * Whole days; below 0 where it is.
 *
 * @member datetime.timedelta.seconds = PyDateTime_Delta.seconds readonly
 * Seconds beyond the days: from 0 to 86399.
 *
 * @member datetime.timedelta.microseconds = PyDateTime_Delta.microseconds readonly
 * Microseconds beyond those: from 0 to 999999.
 */
export function initDeltaType(): i32 {
  initImmortal(zero_delta, PyDateTime_DeltaType);
  PyDateTime_Delta.at(zero_delta).hashcode = -1;
  const t = plainType(PyDateTime_DeltaType, SIZEOF_PyDateTime_Delta);
  t.tp_new = delta_new.index;
  t.tp_repr = delta_repr.index;
  t.tp_str = delta_str.index;
  t.tp_hash = delta_hash.index;
  t.tp_richcompare = delta_richcompare.index;
  const n = PyNumberMethods.at(asNumber(PyDateTime_DeltaType));
  n.nb_add = delta_add.index;
  n.nb_subtract = delta_subtract.index;
  n.nb_multiply = delta_multiply.index;
  n.nb_remainder = delta_remainder.index;
  n.nb_divmod = delta_divmod.index;
  n.nb_negative = delta_negative.index;
  n.nb_positive = delta_positive.index;
  n.nb_absolute = delta_absolute.index;
  n.nb_bool = delta_bool.index;
  n.nb_floor_divide = delta_divide.index;
  n.nb_true_divide = delta_truedivide.index;
  return PyType_Ready(PyDateTime_DeltaType);
}
