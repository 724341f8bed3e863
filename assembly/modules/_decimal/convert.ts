// Decimal numbers from other objects, and into them (CPython 3.13's Modules/_decimal/_decimal.c, the conversions).
//
// Conversions are exact where a context is only there for errors, and rounded where they say so.

import { Interrupts } from "../../thread/interrupts";
import {
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { mpd_context_t, mpd_t } from "../../generated/layouts";
import { decimalRoots } from "../../generated/runtime";
import {
  _Py_NotImplementedStruct,
  PyDec_Type,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyList_AsTuple } from "../../objects/containers/list/list";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { Float } from "../../objects/numbers/float/float";
import { bitLength, Long, MASK } from "../../objects/numbers/int/access";
import {
  _PyLong_New,
  longFinish,
  longOverflow,
  longValue,
  PyLong_AsLongLong,
  PyLong_FromLong,
  PyLong_FromLongLong,
} from "../../objects/numbers/int/create";
import { PyObject_CallThreeArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { Character } from "../../objects/text/properties";
import { LIMB_DIGITS, Limb, multiplyByLimb } from "./limbs";
import {
  Clamped,
  Conversion_syntax,
  copyNumber,
  Errors,
  Float_operation,
  finalize,
  INF,
  Inexact,
  Invalid_operation,
  Malloc_error,
  Mpd,
  NAN,
  NEG,
  Rounded,
  resize,
  setError,
  setLength,
  setSpecial,
  setTriple,
  shiftLeft,
  Temp,
  Work,
} from "./number";
import { addStatus, conclude, Dec, newDecimal } from "./object";
import { parseNumber, putExponent, putLiteral, writeDigits } from "./text";
import { roundToInteger, setInteger } from "./unary";

/** Ends an exact conversion: what had to be rounded is an invalid operation. */
function concludeExact(r: usize, context: usize, work: mpd_context_t): usize {
  if (work.status & (Inexact | Rounded | Clamped)) setError(Dec.number(r), Invalid_operation, work);
  work.status &= Errors;
  return conclude(r, context, work);
}

/** Rows of more limbs look each whether they are to be interrupted. */
const LONG_ROW: isize = 128;

/** x = an int, exactly. */
function setLong(x: usize, o: usize, c: mpd_context_t): void {
  if (longOverflow(o) == 0 && longValue(o) != i64.MIN_VALUE) {
    setInteger(x, longValue(o));
    return;
  }
  const n = Long.ndigits(o);
  // log10(2) is a little less than 0.30103.
  if (!resize(x, (bitLength(o) * 30103) / (100000 * LIMB_DIGITS) + 1, c)) return;
  const data = mpd_t.at(x).data;
  let len: isize = 1;
  Limb.set(data, 0, 0);
  for (let i = n - 1; i >= 0; i--) {
    if (len > LONG_ROW && Interrupts.raised()) {
      setError(x, Malloc_error, c);
      return;
    }
    // Times 2**30: a factor above 10**9, so what leaves at the top may be, too.
    const carry = multiplyByLimb(data, data, len, 1 << 30, Long.digit(o, i));
    if (carry != 0) {
      Limb.set(data, len++, carry % 1000000000);
      if (carry >= 1000000000) Limb.set(data, len++, carry / 1000000000);
    }
  }
  Mpd.setFlags(x, Long.isNegative(o) ? NEG : 0);
  mpd_t.at(x).exp = 0;
  setLength(x, len);
}

/** A new object of a type for an int, exactly; null with an exception. */
export function fromLongExact(type: usize, o: usize, context: usize): usize {
  if (!Long.check(o)) return PyErr_SetString(PyExc_TypeError, "argument must be an integer");
  const r = newDecimal(type);
  if (r == 0) return 0;
  const work = Work.largest();
  setLong(Dec.number(r), o, work);
  finalize(Dec.number(r), work);
  return concludeExact(r, context, work);
}

/** The value of a float, exactly: its significand times 2**e, or times 5**-e with an exponent of 10. */
function setFloat(x: usize, v: f64, c: mpd_context_t): void {
  const sign: u8 = copysign<f64>(1, v) < 0 ? NEG : 0;
  if (!isFinite(v)) {
    if (isNaN(v)) setSpecial(x, 0, NAN);
    else setSpecial(x, sign, INF);
    return;
  }
  const bits = reinterpret<u64>(v);
  const biased = <i32>((bits >> 52) & 0x7ff);
  let m = bits & 0xfffffffffffff;
  if (biased != 0) m |= 0x10000000000000;
  if (m == 0) {
    setTriple(x, sign, 0, 0);
    return;
  }
  let e = max(biased, 1) - 1075;
  const zeros = min<i32>(<i32>ctz<u64>(m), e < 0 ? -e : 0);
  m >>= zeros;
  e += zeros;
  setInteger(x, <i64>m);
  const twos = e > 0;
  let left = abs(e);
  if (!resize(x, <i64>left / 10 + 8, c)) return;
  const data = mpd_t.at(x).data;
  let len = mpd_t.at(x).len;
  while (left > 0) {
    const step = min(left, twos ? 29 : 12);
    let factor: u32 = 1;
    for (let i = 0; i < step; i++) factor *= twos ? 2 : 5;
    const carry = multiplyByLimb(data, data, len, factor);
    if (carry != 0) Limb.set(data, len++, carry);
    left -= step;
  }
  setLength(x, len);
  Mpd.setSign(x, sign);
  mpd_t.at(x).exp = twos ? 0 : e;
}

/** A new object for a float, or an int, exactly; null with an exception. */
export function fromFloatExact(type: usize, o: usize, context: usize): usize {
  if (Long.check(o)) return fromLongExact(type, o, context);
  if (!Float.check(o)) return PyErr_SetString(PyExc_TypeError, "argument must be int or float");
  const r = newDecimal(type);
  if (r == 0) return 0;
  const work = Work.largest();
  setFloat(Dec.number(r), Float.value(o), work);
  return conclude(r, context, work);
}

/** A str as ASCII in a block, its length in the first word, characters after it; no characters where there are others. */
function asciiText(s: usize, exact: bool): usize {
  const n = U.length(s);
  const block = PyMem_Malloc(<usize>n + 4);
  if (block == 0) return PyErr_NoMemory();
  let end = n;
  let i: isize = 0;
  if (exact) {
    while (end > 0 && Character.isSpace(U.at(s, end - 1))) end--;
    while (i < end && Character.isSpace(U.at(s, i))) i++;
  }
  let length: isize = 0;
  for (; i < end; i++) {
    let c = U.at(s, i);
    if (exact && c == 0x5f) continue;
    if (c == 0 || c > 127) {
      const digit = Character.decimal(c);
      if (digit < 0) {
        c = 0;
        length = 0;
        if (!Character.isSpace(U.at(s, i))) break;
        c = 0x20;
      } else c = 0x30 + <u32>digit;
    }
    store<u8>(block + 4 + <usize>length, c);
    length++;
  }
  store<u32>(block, <u32>length);
  return block;
}

/** A new object from n ASCII characters, exactly or in the context; null with an exception. */
function fromAscii(type: usize, p: usize, n: isize, exact: bool, context: usize): usize {
  const r = newDecimal(type);
  if (r == 0) return 0;
  if (exact) {
    const work = Work.largest();
    parseNumber(Dec.number(r), p, n, work);
    return concludeExact(r, context, work);
  }
  const work = Work.take(Dec.context(context));
  parseNumber(Dec.number(r), p, n, work);
  return conclude(r, context, work);
}

/** Whether a str is ASCII that is read as it stands. */
function isPlain(s: usize, exact: bool): bool {
  if (!U.isAscii(s)) return false;
  const n = U.length(s);
  if (!exact || n == 0) return true;
  if (Character.isSpace(U.at(s, 0)) || Character.isSpace(U.at(s, n - 1))) return false;
  for (let i: isize = 0; i < n; i++) if (U.at(s, i) == 0x5f) return false;
  return true;
}

function fromUnicode(type: usize, s: usize, exact: bool, context: usize): usize {
  if (isPlain(s, exact)) return fromAscii(type, U.data(s), U.length(s), exact, context);
  const block = asciiText(s, exact);
  if (block == 0) return 0;
  const r = fromAscii(type, block + 4, <isize>load<u32>(block), exact, context);
  PyMem_Free(block);
  return r;
}

function isTupleOrList(o: usize): bool {
  return Py.check(o, Py_TPFLAGS_TUPLE_SUBCLASS) || Py.check(o, Py_TPFLAGS_LIST_SUBCLASS);
}

const DIGITS_ERROR = "coefficient must be a tuple of digits";
const SIGN_ERROR = "sign must be an integer with the value 0 or 1";

/** Writes sign, digits and exponent of a tuple as text at p: where it ends, or null with an exception. */
function putTuple(p: usize, t: usize, digits: usize): usize {
  const sign = Tuple.get(t, 0);
  const exponent = Tuple.get(t, 2);
  if (!Long.check(sign)) return PyErr_SetString(PyExc_ValueError, SIGN_ERROR);
  const s = PyLong_AsLongLong(sign);
  if (s == -1 && PyErr_Occurred()) return 0;
  if (s != 0 && s != 1) return PyErr_SetString(PyExc_ValueError, SIGN_ERROR);
  store<u8>(p++, s ? 0x2d : 0x2b);
  let exp: i64 = 0;
  let infinite = false;
  const special = Py.check(exponent, Py_TPFLAGS_UNICODE_SUBCLASS);
  if (special) {
    if (PyUnicode_EqualToLiteral(exponent, "F")) {
      infinite = true;
      p = putLiteral(p, "Inf");
    } else if (PyUnicode_EqualToLiteral(exponent, "n")) p = putLiteral(p, "NaN");
    else if (PyUnicode_EqualToLiteral(exponent, "N")) p = putLiteral(p, "sNaN");
    else {
      return PyErr_SetString(PyExc_ValueError, "string argument in the third position must be 'F', 'n' or 'N'");
    }
  } else {
    if (!Long.check(exponent)) return PyErr_SetString(PyExc_ValueError, "exponent must be an integer");
    if (longOverflow(exponent) != 0) {
      return PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C ssize_t");
    }
    exp = longValue(exponent);
  }
  const n = Py.SIZE(digits);
  if (n == 0 && !special) store<u8>(p++, 0x30);
  for (let i: isize = 0; i < n; i++) {
    const digit = Tuple.get(digits, i);
    if (!Long.check(digit)) return PyErr_SetString(PyExc_ValueError, DIGITS_ERROR);
    const v = PyLong_AsLongLong(digit);
    if (v == -1 && PyErr_Occurred()) return 0;
    if (v < 0 || v > 9) return PyErr_SetString(PyExc_ValueError, DIGITS_ERROR);
    // Digits of an infinity may be there, but mean nothing.
    if (!infinite) store<u8>(p++, 0x30 + <u32>v);
  }
  if (special) return p;
  store<u8>(p++, 0x45);
  return putExponent(p, exp);
}

/** A new object from (sign, digits, exponent); null with an exception. */
function fromSequence(type: usize, o: usize, exact: bool, context: usize): usize {
  const t = Py.check(o, Py_TPFLAGS_TUPLE_SUBCLASS) ? Py.NewRef(o) : PyList_AsTuple(o);
  if (t == 0) return 0;
  let r: usize = 0;
  if (Py.SIZE(t) != 3) PyErr_SetString(PyExc_ValueError, "argument must be a sequence of length 3");
  else {
    const coefficient = Tuple.get(t, 1);
    const isTuple = Py.check(coefficient, Py_TPFLAGS_TUPLE_SUBCLASS);
    const isList = Py.check(coefficient, Py_TPFLAGS_LIST_SUBCLASS);
    const digits = isTuple ? Py.NewRef(coefficient) : isList ? PyList_AsTuple(coefficient) : PyTuple_New(0);
    const block = digits == 0 ? 0 : PyMem_Malloc(<usize>Py.SIZE(digits) + 64);
    if (digits != 0 && block == 0) PyErr_NoMemory();
    if (block != 0) {
      // What is wrong with the sign and the exponent is said before what is wrong with the digits.
      const end = putTuple(block, t, digits);
      if (end != 0) {
        if (!isTuple && !isList) PyErr_SetString(PyExc_ValueError, DIGITS_ERROR);
        else r = fromAscii(type, block, <isize>(end - block), exact, context);
      }
      PyMem_Free(block);
    }
    Py.XDECREF(digits);
  }
  Py.DECREF(t);
  return r;
}

/** Decimal(v): a new object of a type, exactly; null with an exception. */
export function fromObjectExact(type: usize, v: usize, context: usize): usize {
  if (Dec.check(v)) {
    if (type == PyDec_Type && Py.IS_TYPE(v, PyDec_Type)) return Py.NewRef(v);
    return copyOf(type, v);
  }
  if (Py.check(v, Py_TPFLAGS_UNICODE_SUBCLASS)) return fromUnicode(type, v, true, context);
  if (Py.check(v, Py_TPFLAGS_LONG_SUBCLASS)) return fromLongExact(type, v, context);
  if (isTupleOrList(v)) return fromSequence(type, v, true, context);
  if (Float.check(v)) return addStatus(context, Float_operation) ? 0 : fromFloatExact(type, v, context);
  return notSupported(v);
}

function notSupported(v: usize): usize {
  return PyErr_Format(PyExc_TypeError, "conversion from %t to Decimal is not supported", v);
}

/** A new object of a type with the value of another; null with MemoryError. */
export function copyOf(type: usize, v: usize): usize {
  const r = newDecimal(type);
  if (r == 0) return 0;
  const work = Work.largest();
  const copied = copyNumber(Dec.number(r), Dec.number(v), work);
  Work.give(work);
  if (copied) return r;
  Py.DECREF(r);
  return PyErr_NoMemory();
}

/** An object rounded to the context: a new one; null with an exception. The object is dropped. */
function rounded(o: usize, context: usize): usize {
  if (o == 0) return 0;
  const r = copyOf(PyDec_Type, o);
  Py.DECREF(o);
  if (r == 0) return 0;
  const work = Work.take(Dec.context(context));
  finalize(Dec.number(r), work);
  return conclude(r, context, work);
}

/** An int in the context: a new object; null with an exception. */
function fromLong(o: usize, context: usize): usize {
  const r = newDecimal(PyDec_Type);
  if (r == 0) return 0;
  const work = Work.take(Dec.context(context));
  setLong(Dec.number(r), o, work);
  finalize(Dec.number(r), work);
  return conclude(r, context, work);
}

/** A float, or an int, in the context: a new object; null with an exception. */
export function fromFloat(o: usize, context: usize): usize {
  return rounded(fromFloatExact(PyDec_Type, o, context), context);
}

/** context.create_decimal(v): a new object, rounded; null with an exception. */
export function fromObject(v: usize, context: usize): usize {
  if (Dec.check(v)) {
    const c = mpd_context_t.at(Dec.context(context));
    if (Mpd.isNaN(Dec.number(v)) && mpd_t.at(Dec.number(v)).digits > c.prec - c.clamp) {
      // More of a payload than there may be.
      if (addStatus(context, Conversion_syntax)) return 0;
      const r = newDecimal(PyDec_Type);
      if (r != 0) setSpecial(Dec.number(r), 0, NAN);
      return r;
    }
    return rounded(Py.NewRef(v), context);
  }
  if (Py.check(v, Py_TPFLAGS_UNICODE_SUBCLASS)) return fromUnicode(PyDec_Type, v, false, context);
  if (Py.check(v, Py_TPFLAGS_LONG_SUBCLASS)) return fromLong(v, context);
  if (isTupleOrList(v)) return fromSequence(PyDec_Type, v, false, context);
  if (Float.check(v)) return addStatus(context, Float_operation) ? 0 : fromFloat(v, context);
  return notSupported(v);
}

/** context.apply(v) of a Decimal: a new object, rounded; null with an exception. */
export function applyContext(v: usize, context: usize): usize {
  return rounded(Py.NewRef(v), context);
}

/** An operand: a Decimal, or an int, exactly; otherwise NotImplemented. A new reference, null with an exception. */
export function operand(v: usize, context: usize): usize {
  if (Dec.check(v)) return Py.NewRef(v);
  if (Long.check(v)) return fromLongExact(PyDec_Type, v, context);
  return _Py_NotImplementedStruct;
}

/** As operand, but other types are a TypeError. */
export function operandOrError(v: usize, context: usize): usize {
  const r = operand(v, context);
  return r == _Py_NotImplementedStruct ? notSupported(v) : r;
}

/** The int that a whole number is, its exponent not negative: a new reference, null with an exception. */
function toLong(x: usize): usize {
  const work = Work.largest();
  const whole = Temp.take();
  let r: usize = 0;
  if (!shiftLeft(whole, x, mpd_t.at(x).exp, work)) PyErr_NoMemory();
  else {
    const n = mpd_t.at(whole);
    let v: u64 = 0;
    if (n.len <= 2) {
      for (let i = n.len - 1; i >= 0; i--) v = v * 1000000000 + Limb.get(n.data, i);
      r = PyLong_FromLongLong(Mpd.isNegative(x) ? -(<i64>v) : <i64>v);
    } else {
      r = _PyLong_New(n.len + 1);
      if (r != 0) r = multiplied(r, whole, Mpd.isNegative(x) ? -1 : 1);
    }
  }
  Temp.give(whole);
  Work.give(work);
  return r;
}

/** Fills an int, which is given, from the limbs of a number, from the top: the int, or null where it is interrupted. */
function multiplied(r: usize, x: usize, sign: i32): usize {
  const n = mpd_t.at(x);
  const digits = Long.digits(r);
  memory.fill(digits, 0, (<usize>n.len + 1) << 2);
  let used: isize = 0;
  for (let i = n.len - 1; i >= 0; i--) {
    if (used > LONG_ROW && Interrupts.raised()) {
      Py.DECREF(r);
      return 0;
    }
    let carry: u64 = Limb.get(n.data, i);
    for (let k: isize = 0; k < used; k++) {
      carry += <u64>Limb.get(digits, k) * 1000000000;
      Limb.set(digits, k, <u32>carry & MASK);
      carry >>= 30;
    }
    if (carry != 0) Limb.set(digits, used++, <u32>carry);
  }
  return longFinish(r, sign);
}

/** A Decimal as an int, rounded in a way: a new reference, null with an exception. */
export function asLong(o: usize, context: usize, round: i32): usize {
  const x = Dec.number(o);
  if (Mpd.isSpecial(x)) {
    return Mpd.isNaN(x)
      ? PyErr_SetString(PyExc_ValueError, "cannot convert NaN to integer")
      : PyErr_SetString(PyExc_OverflowError, "cannot convert Infinity to integer");
  }
  const work = Work.take(Dec.context(context));
  const whole = Temp.take();
  work.round = round;
  roundToInteger(whole, x, work);
  const r = work.status & Malloc_error ? PyErr_NoMemory() : toLong(whole);
  Temp.give(whole);
  Work.give(work);
  return r;
}

/** The coefficient as an int, with the sign: a new reference, null with an exception. */
export function signedCoefficient(o: usize): usize {
  const work = Work.largest();
  const whole = Temp.take();
  let r: usize = 0;
  if (copyNumber(whole, Dec.number(o), work)) {
    mpd_t.at(whole).exp = 0;
    r = toLong(whole);
  } else PyErr_NoMemory();
  Temp.give(whole);
  Work.give(work);
  return r;
}

/** The digits of a coefficient as a tuple of ints: a new reference, null with an exception. */
function digitTuple(x: usize): usize {
  const n = mpd_t.at(x);
  if (Mpd.isInfinite(x)) {
    const one = PyTuple_New(1);
    if (one != 0) Tuple.set(one, 0, PyLong_FromLong(0));
    return one;
  }
  if (n.len == 0) return PyTuple_New(0);
  const block = PyMem_Malloc(<usize>n.len * LIMB_DIGITS);
  if (block == 0) return PyErr_NoMemory();
  writeDigits(block, x);
  const t = PyTuple_New(n.digits);
  if (t != 0) {
    for (let i: isize = 0; i < n.digits; i++) Tuple.set(t, i, PyLong_FromLong(<i32>load<u8>(block + <usize>i) - 0x30));
  }
  PyMem_Free(block);
  return t;
}

/** A Decimal as a DecimalTuple: a new reference, null with an exception. */
export function asTuple(o: usize): usize {
  const x = Dec.number(o);
  const sign = PyLong_FromLong(Mpd.isNegative(x) ? 1 : 0);
  const digits = sign == 0 ? 0 : digitTuple(x);
  let exponent: usize = 0;
  if (digits != 0) {
    if (Mpd.isSpecial(x)) exponent = PyUnicode_FromLiteral(Mpd.isInfinite(x) ? "F" : Mpd.isQuiet(x) ? "n" : "N");
    else exponent = PyLong_FromLongLong(mpd_t.at(x).exp);
  }
  const r = exponent == 0 ? 0 : PyObject_CallThreeArgs(decimalRoots.decimal_tuple, sign, digits, exponent);
  Py.XDECREF(exponent);
  Py.XDECREF(digits);
  Py.XDECREF(sign);
  return r;
}
