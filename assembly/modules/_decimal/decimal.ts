// The type Decimal (CPython 3.13's Modules/_decimal/_decimal.c): its slots, comparisons with other numbers, its hash.

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_IMMUTABLETYPE } from "../../generated/constants";
import {
  complexvalue,
  mpd_context_t,
  mpd_t,
  PyDecObject,
  PyNumberMethods,
  PyTypeObject,
  SIZEOF_PyDecObject,
} from "../../generated/layouts";
import { decimalRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  PyComplex_Type,
  PyDec_Type,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { parseTupleAndKeywords } from "../../objects/define/args";
import { asNumber } from "../../objects/define/tables";
import { PyErr_SetString } from "../../objects/errors/raise";
import { boolObject } from "../../objects/numbers/bool";
import { PyComplex_AsCComplex } from "../../objects/numbers/complex";
import { Float, PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { Long } from "../../objects/numbers/int/access";
import { Py_EQ, Py_GE, Py_GT, Py_LE, Py_LT, Py_NE } from "../../objects/object/flags";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { Py_HashPointer } from "../../objects/protocol/compare";
import { PyObject_IsInstance } from "../../objects/protocol/instancecheck";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";
import { add, divide, divideInteger, divideModulo, multiply, remainder, subtract } from "./arithmetic";
import { compareNumbers, UNORDERED } from "./compare";
import { fromFloatExact, fromLongExact, fromObjectExact, operand } from "./convert";
import { Limb } from "./limbs";
import { decimal_float, decimalText, toInt } from "./methods";
import { copyNumber, Float_operation, Invalid_operation, Mpd, ROUND_DOWN, Temp, Work } from "./number";
import { addStatus, conclude, contextArgument, currentContext, Dec, newDecimal } from "./object";
import { binaryIn, unaryIn } from "./operations";
import { power, powerModulo } from "./power";
import { absolute, minus, plus } from "./unary";

/** r = fn(self) in the current context. */
function unarySlot(self: usize, fn: u32): usize {
  const c = currentContext();
  if (c == 0) return 0;
  const r = unaryIn(self, c, fn);
  Py.DECREF(c);
  return r;
}

/** r = fn(a, b) in the current context; NotImplemented for operands of other types. */
function binarySlot(a: usize, b: usize, fn: u32): usize {
  const c = currentContext();
  if (c == 0) return 0;
  const x = operand(a, c);
  let r: usize = x == _Py_NotImplementedStruct ? x : 0;
  if (x != 0 && r == 0) {
    const y = operand(b, c);
    if (y == _Py_NotImplementedStruct) r = y;
    else if (y != 0) {
      r = binaryIn(x, y, c, fn);
      Py.DECREF(y);
    }
    Py.DECREF(x);
  }
  Py.DECREF(c);
  return r;
}

function nb_add(a: usize, b: usize): usize {
  return binarySlot(a, b, add.index);
}

function nb_subtract(a: usize, b: usize): usize {
  return binarySlot(a, b, subtract.index);
}

function nb_multiply(a: usize, b: usize): usize {
  return binarySlot(a, b, multiply.index);
}

function nb_true_divide(a: usize, b: usize): usize {
  return binarySlot(a, b, divide.index);
}

function nb_floor_divide(a: usize, b: usize): usize {
  return binarySlot(a, b, divideInteger.index);
}

function nb_remainder(a: usize, b: usize): usize {
  return binarySlot(a, b, remainder.index);
}

function nb_negative(self: usize): usize {
  return unarySlot(self, minus.index);
}

function nb_positive(self: usize): usize {
  return unarySlot(self, plus.index);
}

function nb_absolute(self: usize): usize {
  return unarySlot(self, absolute.index);
}

function nb_bool(self: usize): i32 {
  return Mpd.isZero(Dec.number(self)) ? 0 : 1;
}

function nb_int(self: usize): usize {
  return toInt(self, ROUND_DOWN);
}

/** Quotient and remainder of two Decimals, a tuple; null with an exception. */
export function divmodIn(x: usize, y: usize, context: usize): usize {
  const q = newDecimal(PyDec_Type);
  const rest = q == 0 ? 0 : newDecimal(PyDec_Type);
  let r: usize = 0;
  if (rest != 0) {
    const work = Work.take(Dec.context(context));
    divideModulo(Dec.number(q), Dec.number(rest), Dec.number(x), Dec.number(y), work);
    if (conclude(Py.NewRef(q), context, work) != 0) {
      Py.DECREF(q);
      r = PyTuple_Pack2(q, rest);
    }
  }
  Py.XDECREF(rest);
  Py.XDECREF(q);
  return r;
}

function nb_divmod(a: usize, b: usize): usize {
  const c = currentContext();
  if (c == 0) return 0;
  const x = operand(a, c);
  let r: usize = x == _Py_NotImplementedStruct ? x : 0;
  if (x != 0 && r == 0) {
    const y = operand(b, c);
    if (y == _Py_NotImplementedStruct) r = y;
    else if (y != 0) {
      r = divmodIn(x, y, c);
      Py.DECREF(y);
    }
    Py.DECREF(x);
  }
  Py.DECREF(c);
  return r;
}

/** base ** exponent, or that modulo a Decimal: a new object, null with an exception. */
export function powerIn(base: usize, exponent: usize, modulus: usize, context: usize): usize {
  if (modulus == _Py_NoneStruct) return binaryIn(base, exponent, context, power.index);
  const r = newDecimal(PyDec_Type);
  if (r == 0) return 0;
  const work = Work.take(Dec.context(context));
  powerModulo(Dec.number(r), Dec.number(base), Dec.number(exponent), Dec.number(modulus), work);
  return conclude(r, context, work);
}

function nb_power(a: usize, b: usize, modulus: usize): usize {
  const c = currentContext();
  if (c == 0) return 0;
  const x = operand(a, c);
  let r: usize = x == _Py_NotImplementedStruct ? x : 0;
  if (x != 0 && r == 0) {
    const y = operand(b, c);
    if (y == _Py_NotImplementedStruct) r = y;
    else if (y != 0) {
      const m = modulus == _Py_NoneStruct ? modulus : operand(modulus, c);
      if (m == _Py_NotImplementedStruct) r = m;
      else if (m != 0) {
        r = powerIn(x, y, m, c);
        Py.DECREF(m);
      }
      Py.DECREF(y);
    }
    Py.DECREF(x);
  }
  Py.DECREF(c);
  return r;
}

/** An attribute of a rational number as a Decimal; null with an exception. */
function partOf(rational: usize, name: string, context: usize): usize {
  const key = PyUnicode_InternLiteral(name);
  const part = key == 0 ? 0 : PyObject_GetAttr(rational, key);
  Py.XDECREF(key);
  if (part == 0) return 0;
  const r = fromLongExact(PyDec_Type, part, context);
  Py.DECREF(part);
  return r;
}

/** v times the denominator of a rational number: a new object that is only compared; null with an exception. */
function timesDenominator(v: usize, rational: usize, context: usize): usize {
  const denominator = partOf(rational, "denominator", context);
  const r = denominator == 0 ? 0 : newDecimal(PyDec_Type);
  let failed = r == 0;
  if (!failed) {
    const work = Work.largest();
    const coefficient = Temp.take();
    const exp = mpd_t.at(Dec.number(v)).exp;
    if (copyNumber(coefficient, Dec.number(v), work)) {
      mpd_t.at(coefficient).exp = 0;
      multiply(Dec.number(r), coefficient, Dec.number(denominator), work);
    }
    failed = work.status != 0;
    if (failed) PyErr_SetString(PyExc_ValueError, "exact conversion for comparison failed");
    else mpd_t.at(Dec.number(r)).exp = exp;
    Temp.give(coefficient);
    Work.give(work);
  }
  Py.XDECREF(denominator);
  if (!failed) return r;
  Py.XDECREF(r);
  return 0;
}

/** A float that is compared: a new Decimal; null with an exception. Ordering one is a signal, equality a flag. */
function comparedFloat(w: usize, op: i32, context: usize): usize {
  if (op != Py_EQ && op != Py_NE && addStatus(context, Float_operation)) return 0;
  mpd_context_t.at(Dec.context(context)).status |= Float_operation;
  return fromFloatExact(PyDec_Type, w, context);
}

/** What v, a Decimal, is compared with: a new reference, NotImplemented, null with an exception. */
function comparand(w: usize, op: i32, context: usize): usize {
  if (Dec.check(w)) return Py.NewRef(w);
  if (Long.check(w)) return fromLongExact(PyDec_Type, w, context);
  if (Float.check(w)) return comparedFloat(w, op, context);
  if ((op == Py_EQ || op == Py_NE) && PyType_IsSubtype(Py.TYPE(w), PyComplex_Type)) {
    const s = Scratch.take(2);
    const read = PyComplex_AsCComplex(w, s);
    const z = complexvalue.at(s);
    Scratch.give(s);
    if (!read) return 0;
    if (z.imag != 0) return _Py_NotImplementedStruct;
    const f = PyFloat_FromDouble(z.real);
    if (f == 0) return 0;
    const r = comparedFloat(f, op, context);
    Py.DECREF(f);
    return r;
  }
  const rational = PyObject_IsInstance(w, decimalRoots.rational);
  if (rational < 0) return 0;
  return rational ? partOf(w, "numerator", context) : _Py_NotImplementedStruct;
}

/** The comparison in a context; null with an exception. */
function compareIn(v: usize, w: usize, op: i32, context: usize): usize {
  const b = comparand(w, op, context);
  if (b == 0 || b == _Py_NotImplementedStruct) return b;
  const plain = Dec.check(w) || Long.check(w) || Float.check(w) || PyType_IsSubtype(Py.TYPE(w), PyComplex_Type);
  const a = plain || Mpd.isSpecial(Dec.number(v)) ? Py.NewRef(v) : timesDenominator(v, w, context);
  if (a == 0) {
    Py.DECREF(b);
    return 0;
  }
  const x = Dec.number(a);
  const y = Dec.number(b);
  const c = compareNumbers(x, y);
  const signaling = Mpd.isSignaling(x) || Mpd.isSignaling(y);
  Py.DECREF(a);
  Py.DECREF(b);
  if (c == UNORDERED) {
    if ((signaling || (op != Py_EQ && op != Py_NE)) && addStatus(context, Invalid_operation)) return 0;
    return boolObject(op == Py_NE);
  }
  if (op == Py_EQ) return boolObject(c == 0);
  if (op == Py_NE) return boolObject(c != 0);
  if (op == Py_LT) return boolObject(c < 0);
  if (op == Py_LE) return boolObject(c <= 0);
  if (op == Py_GT) return boolObject(c > 0);
  assert(op == Py_GE);
  return boolObject(c >= 0);
}

function decimal_richcompare(v: usize, w: usize, op: i32): usize {
  const c = currentContext();
  if (c == 0) return 0;
  const r = compareIn(v, w, op, c);
  Py.DECREF(c);
  return r;
}

/** The prime by which numbers are hashed, and the inverse of 10 modulo it. */
const PRIME: u64 = 0x1fffffffffffffff;
const INVERSE_OF_10: u64 = 2075258708292324556;

/** a * b modulo the prime 2**61 - 1. */
function multiplyModuloPrime(a: u64, b: u64): u64 {
  const low = (a & 0xffffffff) * (b & 0xffffffff);
  const middle = (a >> 32) * (b & 0xffffffff) + (low >> 32);
  const other = (a & 0xffffffff) * (b >> 32) + (middle & 0xffffffff);
  const high = (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
  const bottom = (other << 32) | (low & 0xffffffff);
  // The product is high * 2**64 + bottom, and 2**61 is 1.
  let r = (bottom & PRIME) + ((bottom >> 61) | (high << 3));
  r = (r & PRIME) + (r >> 61);
  return r >= PRIME ? r - PRIME : r;
}

/** The hash that ints and floats of the same value have; -1 with an exception. */
function hashOf(self: usize): i64 {
  const x = Dec.number(self);
  const n = mpd_t.at(x);
  if (Mpd.isSignaling(x)) {
    PyErr_SetString(PyExc_TypeError, "Cannot hash a signaling NaN value");
    return -1;
  }
  if (Mpd.isNaN(x)) return Py_HashPointer(self);
  if (Mpd.isInfinite(x)) return Mpd.isNegative(x) ? -314159 : 314159;
  let h: u64 = 0;
  for (let i = n.len - 1; i >= 0; i--) {
    h = multiplyModuloPrime(h, 1000000000) + Limb.get(n.data, i);
    if (h >= PRIME) h -= PRIME;
  }
  let base: u64 = n.exp < 0 ? INVERSE_OF_10 : 10;
  for (let e: u64 = <u64>abs<i64>(n.exp); e > 0; e >>= 1) {
    if (e & 1) h = multiplyModuloPrime(h, base);
    base = multiplyModuloPrime(base, base);
  }
  const r = Mpd.isNegative(x) ? -(<i64>h) : <i64>h;
  return r == -1 ? -2 : r;
}

function decimal_hash(self: usize): i64 {
  const o = PyDecObject.at(self);
  if (o.hash == -1) o.hash = hashOf(self);
  return o.hash;
}

function decimal_repr(self: usize): usize {
  return decimalText(self, true);
}

function decimal_str(self: usize): usize {
  return decimalText(self, false);
}

function decimal_new(type: usize, args: usize, kwds: usize): usize {
  const out = Scratch.take(2);
  const ok = parseTupleAndKeywords("Decimal", "value context", args, kwds, out, 0, 2);
  const v = Py.item(out, 0);
  const context = Py.item(out, 1);
  Scratch.give(out);
  if (!ok) return 0;
  const c = contextArgument(context == 0 ? _Py_NoneStruct : context);
  if (c == 0) return 0;
  const r = v == 0 ? newDecimal(type) : fromObjectExact(type, v, c);
  Py.DECREF(c);
  return r;
}

function decimal_traverse(_self: usize, _visit: u32, _arg: usize): i32 {
  return 0;
}

function decimal_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  Mpd.freeData(Dec.number(self));
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

/**
 * @type decimal.Decimal(value="0", context=None)
 * @order exp ln log10 next_minus next_plus normalize to_integral to_integral_exact to_integral_value sqrt compare
 * @order compare_signal max max_mag min min_mag next_toward quantize remainder_near fma is_canonical is_finite is_infinite
 * @order is_nan is_qnan is_snan is_signed is_zero is_normal is_subnormal adjusted canonical conjugate radix copy_abs
 * @order copy_negate logb logical_invert number_class to_eng_string compare_total compare_total_mag copy_sign same_quantum
 * @order logical_and logical_or logical_xor rotate scaleb shift from_float as_tuple as_integer_ratio __copy__ __deepcopy__
 * @order __format__ __reduce__ __round__ __ceil__ __floor__ __trunc__ __complex__ __sizeof__
 *
 * A number in base 10, made from a str, an int, a float, a tuple (sign, digits, exponent) or another Decimal.
 *
 * It has all digits of the value, however many the context would leave. Where there is no number in a str, the context says what comes of InvalidOperation.
 */

/** Makes the type: 0, or -1 with an exception. */
export function initDecimalType(): i32 {
  const t = collectedType(
    PyDec_Type,
    SIZEOF_PyDecObject,
    decimal_dealloc.index,
    decimal_traverse.index,
    0,
    Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE,
  );
  t.tp_new = decimal_new.index;
  t.tp_repr = decimal_repr.index;
  t.tp_str = decimal_str.index;
  t.tp_hash = decimal_hash.index;
  t.tp_richcompare = decimal_richcompare.index;
  const nb = PyNumberMethods.at(asNumber(PyDec_Type));
  nb.nb_add = nb_add.index;
  nb.nb_subtract = nb_subtract.index;
  nb.nb_multiply = nb_multiply.index;
  nb.nb_remainder = nb_remainder.index;
  nb.nb_divmod = nb_divmod.index;
  nb.nb_power = nb_power.index;
  nb.nb_negative = nb_negative.index;
  nb.nb_positive = nb_positive.index;
  nb.nb_absolute = nb_absolute.index;
  nb.nb_bool = nb_bool.index;
  nb.nb_int = nb_int.index;
  nb.nb_float = decimal_float.index;
  nb.nb_floor_divide = nb_floor_divide.index;
  nb.nb_true_divide = nb_true_divide.index;
  return PyType_Ready(PyDec_Type);
}
