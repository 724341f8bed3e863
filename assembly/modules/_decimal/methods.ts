// The other methods of Decimal (CPython 3.13's Modules/_decimal/_decimal.c): copies, conversions, rounding.

import { mpd_context_t, mpd_t, PyTypeObject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyDec_Type,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyTuple_Pack1, PyTuple_Pack2 } from "../../objects/containers/tuple";
import { PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { boolObject } from "../../objects/numbers/bool";
import { PyComplex_FromDoubles } from "../../objects/numbers/complex";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { PyFloat_FromString } from "../../objects/numbers/float/methods";
import { Long } from "../../objects/numbers/int/access";
import {
  longOverflow,
  longValue,
  PyLong_FromLong,
  PyLong_FromLongLong,
  PyLong_FromSsize_t,
} from "../../objects/numbers/int/create";
import { PyObject_CallOneArg } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyNumber_FloorDivide, PyNumber_Multiply, PyNumber_Power } from "../../objects/protocol/number";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { gcdOf } from "../math/integers";
import { fusedMultiplyAdd } from "./arithmetic";
import { asLong, asTuple, fromFloatExact, operandOrError, signedCoefficient } from "./convert";
import { formatNumber } from "./format";
import { numberClass, sameQuantum } from "./logical";
import {
  Mpd,
  ROUND_CEILING,
  ROUND_DOWN,
  ROUND_FLOOR,
  ROUND_HALF_EVEN,
  STATIC_DATA,
  setTriple,
  Temp,
  Work,
} from "./number";
import { conclude, contextArgument, currentContext, Dec, newDecimal, roundingOf } from "./object";
import { numberText } from "./text";
import { copyAbsolute, copyNegated, quantize, roundToInteger, roundToIntegerExact } from "./unary";

/**
 * @native decimal.Decimal.adjusted($self, /)
 *
 * The exponent of the first digit: what it would be if a point came after that.
 */
export function decimal_adjusted(self: usize, _unused: usize): usize {
  const x = Dec.number(self);
  return PyLong_FromLongLong(Mpd.isSpecial(x) ? 0 : Mpd.adjusted(x));
}

/**
 * @native decimal.Decimal.canonical($self, /)
 *
 * The number itself, encoded in the one way that is right. Here all numbers are encoded so, and nothing has to be done.
 */
export function decimal_canonical(self: usize, _unused: usize): usize {
  return Py.NewRef(self);
}

/**
 * @native decimal.Decimal.conjugate($self, /)
 *
 * Itself.
 */
export function decimal_conjugate(self: usize, _unused: usize): usize {
  return Py.NewRef(self);
}

/** A small number; null with MemoryError. */
export function smallDecimal(v: u32): usize {
  const r = newDecimal(PyDec_Type);
  if (r != 0) setTriple(Dec.number(r), 0, v, 0);
  return r;
}

/**
 * @native decimal.Decimal.radix($self, /)
 *
 * Decimal(10): the base in which all numbers are, and in which their digits and exponents count, too.
 */
export function decimal_radix(_self: usize, _unused: usize): usize {
  return smallDecimal(10);
}

/** A copy that another function makes; null with MemoryError. */
function copied(self: usize, fn: u32): usize {
  const r = newDecimal(PyDec_Type);
  if (r == 0) return 0;
  const work = Work.largest();
  call_indirect<void>(fn, Dec.number(r), Dec.number(self), work);
  const failed = work.status != 0;
  Work.give(work);
  if (!failed) return r;
  Py.DECREF(r);
  return PyErr_NoMemory();
}

/**
 * @native decimal.Decimal.copy_abs($self, /)
 *
 * A copy that is not negative. It is not rounded, no context is used, and nothing is signaled, even for NaNs.
 */
export function decimal_copy_abs(self: usize, _unused: usize): usize {
  return copied(self, copyAbsolute.index);
}

/**
 * @native decimal.Decimal.copy_negate($self, /)
 *
 * A copy with the other sign. It is not rounded, no context is used, and nothing is signaled, even for NaNs.
 */
export function decimal_copy_negate(self: usize, _unused: usize): usize {
  return copied(self, copyNegated.index);
}

/**
 * @native decimal.Decimal.number_class($self, /, context=None)
 *
 * Of which kind the number is, as a str, one of these ten:
 *
 *   '-Infinity'   it is negative and infinite
 *   '-Normal'     it is negative and can have all digits that there are in the context
 *   '-Subnormal'  it is negative and so near to 0 that it cannot have all of them
 *   '-Zero'       it is 0, and its sign is negative
 *   '+Zero'       it is 0, and its sign is positive
 *   '+Subnormal'  it is positive and so near to 0 that it cannot have all digits
 *   '+Normal'     it is positive and can have all digits that there are in the context
 *   '+Infinity'   it is positive and infinite
 *   'NaN'         it is a NaN of the quiet kind
 *   'sNaN'        it is a NaN of the signaling kind
 */
export function decimal_number_class(self: usize, context: usize): usize {
  const c = contextArgument(context);
  if (c == 0) return 0;
  const name = numberClass(Dec.number(self), mpd_context_t.at(Dec.context(c)));
  Py.DECREF(c);
  return PyUnicode_FromLiteral(name);
}

/**
 * @native decimal.Decimal.to_eng_string($self, /, context=None)
 *
 * The number as a str in engineering notation, if an exponent is needed.
 *
 * In this notation the exponent is a multiple of 3, and so up to three digits are before the point: 12.3E+3 instead of 1.23E+4. Zeros may have to be added for that; the value is the same in any case. Whether the E is a capital letter is what the context says.
 *
 * See str() for the other notation.
 */
export function decimal_to_eng_string(self: usize, context: usize): usize {
  const c = contextArgument(context);
  if (c == 0) return 0;
  const capitals = Dec.capitals(c);
  Py.DECREF(c);
  return numberText(Dec.number(self), capitals, true);
}

/**
 * @native decimal.Decimal.same_quantum($self, /, other, context=None)
 *
 * Whether both have the same exponent, or are both infinite, or both NaNs.
 *
 * No context is used, and nothing is signaled, unless an operand is an int that cannot be converted exactly: then it is InvalidOperation, as it is always.
 */
export function decimal_same_quantum(self: usize, other: usize, context: usize): usize {
  const c = contextArgument(context);
  if (c == 0) return 0;
  const b = operandOrError(other, c);
  Py.DECREF(c);
  if (b == 0) return 0;
  const r = sameQuantum(Dec.number(self), Dec.number(b));
  Py.DECREF(b);
  return boolObject(r);
}

/**
 * @native decimal.Decimal.fma($self, /, other, third, context=None)
 *
 * self * other + third, rounded only once, at the end.
 *
 *     >>> Decimal(2).fma(3, 5)
 *     Decimal('11')
 *
 * The product is exact, as if the context had no limits.
 */
export function decimal_fma(self: usize, other: usize, third: usize, context: usize): usize {
  const c = contextArgument(context);
  if (c == 0) return 0;
  const r = multiplyAndAdd(self, other, third, c);
  Py.DECREF(c);
  return r;
}

/** a * b + d in a context, from operands of any kind: a new object, null with an exception. */
export function multiplyAndAdd(a: usize, b: usize, d: usize, context: usize): usize {
  const x = operandOrError(a, context);
  const y = x == 0 ? 0 : operandOrError(b, context);
  const z = y == 0 ? 0 : operandOrError(d, context);
  let r = z == 0 ? 0 : newDecimal(PyDec_Type);
  if (r != 0) {
    const work = Work.take(Dec.context(context));
    fusedMultiplyAdd(Dec.number(r), Dec.number(x), Dec.number(y), Dec.number(z), work);
    r = conclude(r, context, work);
  }
  Py.XDECREF(z);
  Py.XDECREF(y);
  Py.XDECREF(x);
  return r;
}

/** r = fn(self) in a context, with a rounding mode unless that is None: a new object, null with an exception. */
function roundedBy(self: usize, rounding: usize, context: usize, fn: u32): usize {
  const c = contextArgument(context);
  if (c == 0) return 0;
  const round = rounding == _Py_NoneStruct ? mpd_context_t.at(Dec.context(c)).round : roundingOf(rounding);
  let r = round < 0 ? 0 : newDecimal(PyDec_Type);
  if (r != 0) {
    const work = Work.take(Dec.context(c));
    work.round = round;
    call_indirect<void>(fn, Dec.number(r), Dec.number(self), work);
    r = conclude(r, c, work);
  }
  Py.DECREF(c);
  return r;
}

/**
 * @native decimal.Decimal.to_integral($self, /, rounding=None, context=None)
 *
 * The same as to_integral_value(), which is the better name. This one is kept for programs that have it already.
 */
export function decimal_to_integral(self: usize, rounding: usize, context: usize): usize {
  return roundedBy(self, rounding, context, roundToInteger.index);
}

/**
 * @native decimal.Decimal.to_integral_exact($self, /, rounding=None, context=None)
 *
 * The nearest whole number, with Inexact or Rounded signaled where that is due.
 *
 * How it is rounded the mode says that is given, or else that of the context given, or else that of the current one. The number of digits plays no part: there is no precision.
 */
export function decimal_to_integral_exact(self: usize, rounding: usize, context: usize): usize {
  return roundedBy(self, rounding, context, roundToIntegerExact.index);
}

/**
 * @native decimal.Decimal.to_integral_value($self, /, rounding=None, context=None)
 *
 * The nearest whole number, without signaling Inexact or Rounded.
 *
 * How it is rounded the mode says that is given, or else that of the context given, or else that of the current one. The precision plays no part here.
 */
export function decimal_to_integral_value(self: usize, rounding: usize, context: usize): usize {
  return roundedBy(self, rounding, context, roundToInteger.index);
}

/**
 * @native decimal.Decimal.quantize($self, /, exp, rounding=None, context=None)
 *
 * The number rounded so that it has the exponent of another.
 *
 *     >>> Decimal('1.41421356').quantize(Decimal('1.000'))
 *     Decimal('1.414')
 *
 * Unlike with other operations, InvalidOperation is signaled if the coefficient then had more digits than the precision of the context. So, unless there is an error, the exponent of the result is always that of the second operand.
 *
 * Underflow is never signaled either, even where the result is subnormal and inexact. How it is rounded the mode says that is given, or else that of the context given, or else that of the current one.
 */
export function decimal_quantize(self: usize, exp: usize, rounding: usize, context: usize): usize {
  const c = contextArgument(context);
  if (c == 0) return 0;
  const round = rounding == _Py_NoneStruct ? mpd_context_t.at(Dec.context(c)).round : roundingOf(rounding);
  const b = round < 0 ? 0 : operandOrError(exp, c);
  let r = b == 0 ? 0 : newDecimal(PyDec_Type);
  if (r != 0) {
    const work = Work.take(Dec.context(c));
    work.round = round;
    quantize(Dec.number(r), Dec.number(self), Dec.number(b), work);
    r = conclude(r, c, work);
  }
  Py.XDECREF(b);
  Py.DECREF(c);
  return r;
}

/**
 * @classmethod decimal.Decimal.from_float($type, f, /)
 *
 * The value of a float (or of an int), exactly.
 *
 * Most decimal fractions cannot be represented exactly as floats, and so what one writes as 0.1 is in truth a number with more than fifty digits: Decimal.from_float(0.1) is not Decimal('0.1').
 *
 *     >>> Decimal.from_float(0.1)
 *     Decimal('0.1000000000000000055511151231257827021181583404541015625')
 *     >>> Decimal.from_float(float('nan'))
 *     Decimal('NaN')
 *     >>> Decimal.from_float(float('inf'))
 *     Decimal('Infinity')
 */
export function decimal_from_float(type: usize, f: usize): usize {
  const c = currentContext();
  if (c == 0) return 0;
  const r = fromFloatExact(PyDec_Type, f, c);
  Py.DECREF(c);
  if (r == 0 || type == PyDec_Type) return r;
  const own = PyObject_CallOneArg(type, r);
  Py.DECREF(r);
  return own;
}

/**
 * @native decimal.Decimal.as_tuple($self, /)
 *
 * The parts of the number, in a tuple.
 */
export function decimal_as_tuple(self: usize, _unused: usize): usize {
  return asTuple(self);
}

/** numerator / denominator in lowest terms, as a tuple; both are stolen, null passes on. */
function lowestTerms(numerator: usize, denominator: usize): usize {
  const divisor = numerator == 0 || denominator == 0 ? 0 : gcdOf(numerator, denominator);
  const n = divisor == 0 ? 0 : PyNumber_FloorDivide(numerator, divisor);
  const d = n == 0 ? 0 : PyNumber_FloorDivide(denominator, divisor);
  const r = d == 0 ? 0 : PyTuple_Pack2(n, d);
  Py.XDECREF(d);
  Py.XDECREF(n);
  Py.XDECREF(divisor);
  Py.XDECREF(denominator);
  Py.XDECREF(numerator);
  return r;
}

/**
 * @native decimal.Decimal.as_integer_ratio($self, /)
 *
 * The number as a fraction in lowest terms: its numerator and its denominator, which is positive, as ints in a tuple.
 *
 * Infinities have none: OverflowError. NaNs have none either: it is a ValueError then.
 */
export function decimal_as_integer_ratio(self: usize, _unused: usize): usize {
  const x = Dec.number(self);
  if (Mpd.isSpecial(x)) {
    return Mpd.isNaN(x)
      ? PyErr_SetString(PyExc_ValueError, "cannot convert NaN to integer ratio")
      : PyErr_SetString(PyExc_OverflowError, "cannot convert Infinity to integer ratio");
  }
  const exp = Mpd.hasZeroCoefficient(x) ? 0 : mpd_t.at(x).exp;
  const coefficient = signedCoefficient(self);
  const exponent = coefficient == 0 ? 0 : PyLong_FromLongLong(abs<i64>(exp));
  const power = exponent == 0 ? 0 : PyNumber_Power(Long.small(10), exponent, _Py_NoneStruct);
  Py.XDECREF(exponent);
  if (power == 0) {
    Py.XDECREF(coefficient);
    return 0;
  }
  if (exp < 0) return lowestTerms(coefficient, power);
  const numerator = PyNumber_Multiply(coefficient, power);
  Py.DECREF(coefficient);
  Py.DECREF(power);
  return lowestTerms(numerator, PyLong_FromLong(1));
}

/**
 * @native decimal.Decimal.__copy__
 */
export function decimal_copy(self: usize, _unused: usize): usize {
  return Py.NewRef(self);
}

/**
 * @native decimal.Decimal.__deepcopy__
 */
export function decimal_deepcopy(self: usize, _memo: usize): usize {
  return Py.NewRef(self);
}

/**
 * @native decimal.Decimal.__format__
 */
export function decimal_format(self: usize, argv: usize, nargs: isize): usize {
  if (nargs < 1 || nargs > 2) {
    return PyErr_Format(
      PyExc_TypeError,
      nargs < 1 ? "function takes at least 1 argument (%d given)" : "function takes at most 2 arguments (%d given)",
      nargs,
    );
  }
  const c = currentContext();
  if (c == 0) return 0;
  const capitals = Dec.capitals(c);
  const round = mpd_context_t.at(Dec.context(c)).round;
  Py.DECREF(c);
  return formatNumber(Dec.number(self), Py.item(argv, 0), nargs == 2 ? Py.item(argv, 1) : 0, capitals, round);
}

/** str(self): a new reference, null with an exception. */
export function decimalText(self: usize, quoted: bool): usize {
  const c = currentContext();
  if (c == 0) return 0;
  const capitals = Dec.capitals(c);
  Py.DECREF(c);
  return numberText(Dec.number(self), capitals, false, quoted);
}

/**
 * @native decimal.Decimal.__reduce__
 */
export function decimal_reduce(self: usize, _unused: usize): usize {
  const text = decimalText(self, false);
  const args = text == 0 ? 0 : PyTuple_Pack1(text);
  const r = args == 0 ? 0 : PyTuple_Pack2(Py.TYPE(self), args);
  Py.XDECREF(args);
  Py.XDECREF(text);
  return r;
}

/** As an int, rounded in a way, in the current context: a new reference, null with an exception. */
export function toInt(self: usize, round: i32): usize {
  const c = currentContext();
  if (c == 0) return 0;
  const r = asLong(self, c, round);
  Py.DECREF(c);
  return r;
}

/**
 * @native decimal.Decimal.__round__
 */
export function decimal_round(self: usize, argv: usize, nargs: isize): usize {
  if (nargs == 0) return toInt(self, ROUND_HALF_EVEN);
  if (nargs > 1) return PyErr_Format(PyExc_TypeError, "function takes at most 1 argument (%d given)", nargs);
  const places = Py.item(argv, 0);
  if (!Long.check(places)) return PyErr_SetString(PyExc_TypeError, "optional arg must be an integer");
  if (longOverflow(places) != 0) {
    return PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C ssize_t");
  }
  const y = longValue(places);
  const c = currentContext();
  let r = c == 0 ? 0 : newDecimal(PyDec_Type);
  if (r != 0) {
    const work = Work.take(Dec.context(c));
    const unit = Temp.take();
    setTriple(unit, 0, 1, y == i64.MIN_VALUE ? i64.MAX_VALUE : -y);
    quantize(Dec.number(r), Dec.number(self), unit, work);
    Temp.give(unit);
    r = conclude(r, c, work);
  }
  Py.XDECREF(c);
  return r;
}

/**
 * @native decimal.Decimal.__ceil__
 */
export function decimal_ceil(self: usize, _unused: usize): usize {
  return toInt(self, ROUND_CEILING);
}

/**
 * @native decimal.Decimal.__floor__
 */
export function decimal_floor(self: usize, _unused: usize): usize {
  return toInt(self, ROUND_FLOOR);
}

/**
 * @native decimal.Decimal.__trunc__
 */
export function decimal_trunc(self: usize, _unused: usize): usize {
  return toInt(self, ROUND_DOWN);
}

/** nb_float. */
export function decimal_float(self: usize): usize {
  const x = Dec.number(self);
  if (Mpd.isNaN(x)) {
    if (Mpd.isSignaling(x)) return PyErr_SetString(PyExc_ValueError, "cannot convert signaling NaN to float");
    return PyFloat_FromDouble(copysign<f64>(NaN, Mpd.isNegative(x) ? -1 : 1));
  }
  const text = decimalText(self, false);
  if (text == 0) return 0;
  const r = PyFloat_FromString(text);
  Py.DECREF(text);
  return r;
}

/**
 * @native decimal.Decimal.__complex__
 */
export function decimal_complex(self: usize, _unused: usize): usize {
  const f = decimal_float(self);
  if (f == 0) return 0;
  const v = PyFloat_AsDouble(f);
  Py.DECREF(f);
  return v == -1 && PyErr_Occurred() ? 0 : PyComplex_FromDoubles(v, 0);
}

/**
 * @native decimal.Decimal.__sizeof__
 */
export function decimal_sizeof(self: usize, _unused: usize): usize {
  const n = mpd_t.at(Dec.number(self));
  const size = PyTypeObject.at(Py.TYPE(self)).tp_basicsize;
  return PyLong_FromSsize_t(n.flags & STATIC_DATA ? size : size + (n.alloc << 2));
}

/**
 * @getter decimal.Decimal.real
 */
export function decimal_get_real(self: usize, _closure: usize): usize {
  return Py.NewRef(self);
}

/**
 * @getter decimal.Decimal.imag
 */
export function decimal_get_imag(_self: usize, _closure: usize): usize {
  return smallDecimal(0);
}
