// The other methods of Context (CPython 3.13's Modules/_decimal/_decimal.c): questions about numbers, conversions, powers.

import { mpd_context_t } from "../../generated/layouts";
import { _Py_NoneStruct, PyExc_TypeError } from "../../generated/statics";
import { parseArguments } from "../../objects/define/args";
import { PyErr_Format, PyErr_SetString } from "../../objects/errors/raise";
import { boolObject } from "../../objects/numbers/bool";
import { Py } from "../../objects/object/head";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";
import { takes } from "./contextoperations";
import { applyContext, fromFloat, fromObject, operandOrError } from "./convert";
import { divmodIn, powerIn } from "./decimal";
import { isNormal, isSubnormal, numberClass, sameQuantum } from "./logical";
import { multiplyAndAdd, smallDecimal } from "./methods";
import { Mpd } from "./number";
import { Dec } from "./object";
import { numberText } from "./text";

// What is asked of a number.
const IS_CANONICAL = 0;
const IS_FINITE = 1;
const IS_INFINITE = 2;
const IS_NAN = 3;
const IS_NORMAL = 4;
const IS_QNAN = 5;
const IS_SIGNED = 6;
const IS_SNAN = 7;
const IS_SUBNORMAL = 8;
const IS_ZERO = 9;

function answer(x: usize, c: mpd_context_t, question: i32): bool {
  switch (question) {
    case IS_FINITE:
      return !Mpd.isSpecial(x);
    case IS_INFINITE:
      return Mpd.isInfinite(x);
    case IS_NAN:
      return Mpd.isNaN(x);
    case IS_NORMAL:
      return isNormal(x, c);
    case IS_QNAN:
      return Mpd.isQuiet(x);
    case IS_SIGNED:
      return Mpd.isNegative(x);
    case IS_SNAN:
      return Mpd.isSignaling(x);
    case IS_SUBNORMAL:
      return isSubnormal(x, c);
    case IS_ZERO:
      return Mpd.isZero(x);
    default:
      return true;
  }
}

function ask(self: usize, x: usize, question: i32): usize {
  const a = operandOrError(x, self);
  if (a == 0) return 0;
  const r = answer(Dec.number(a), mpd_context_t.at(Dec.context(self)), question);
  Py.DECREF(a);
  return boolObject(r);
}

/**
 * @native decimal.Context.is_canonical($self, x, /)
 *
 * Whether x is a Decimal of the one encoding.
 */
export function context_is_canonical(self: usize, x: usize): usize {
  if (!Dec.check(x)) return PyErr_SetString(PyExc_TypeError, "argument must be a Decimal");
  return ask(self, x, IS_CANONICAL);
}

/**
 * @native decimal.Context.is_finite($self, x, /)
 *
 * Whether x is an ordinary number, finite.
 */
export function context_is_finite(self: usize, x: usize): usize {
  return ask(self, x, IS_FINITE);
}

/**
 * @native decimal.Context.is_infinite($self, x, /)
 *
 * Whether x is an infinity, of any sign.
 */
export function context_is_infinite(self: usize, x: usize): usize {
  return ask(self, x, IS_INFINITE);
}

/**
 * @native decimal.Context.is_nan($self, x, /)
 *
 * Whether x is a NaN, quiet or signaling.
 */
export function context_is_nan(self: usize, x: usize): usize {
  return ask(self, x, IS_NAN);
}

/**
 * @native decimal.Context.is_normal($self, x, /)
 *
 * Whether x is not 0, nor subnormal here.
 */
export function context_is_normal(self: usize, x: usize): usize {
  return ask(self, x, IS_NORMAL);
}

/**
 * @native decimal.Context.is_qnan($self, x, /)
 *
 * Whether x is a quiet NaN, and no other.
 */
export function context_is_qnan(self: usize, x: usize): usize {
  return ask(self, x, IS_QNAN);
}

/**
 * @native decimal.Context.is_signed($self, x, /)
 *
 * Whether the sign of x is negative.
 */
export function context_is_signed(self: usize, x: usize): usize {
  return ask(self, x, IS_SIGNED);
}

/**
 * @native decimal.Context.is_snan($self, x, /)
 *
 * Whether x is a NaN that signals, and no other.
 */
export function context_is_snan(self: usize, x: usize): usize {
  return ask(self, x, IS_SNAN);
}

/**
 * @native decimal.Context.is_subnormal($self, x, /)
 *
 * Whether x is so near to 0, but not 0.
 */
export function context_is_subnormal(self: usize, x: usize): usize {
  return ask(self, x, IS_SUBNORMAL);
}

/**
 * @native decimal.Context.is_zero($self, x, /)
 *
 * Whether x is 0, of whatever sign.
 */
export function context_is_zero(self: usize, x: usize): usize {
  return ask(self, x, IS_ZERO);
}

/**
 * @native decimal.Context._apply
 */
export function context__apply(self: usize, x: usize): usize {
  const a = operandOrError(x, self);
  if (a == 0) return 0;
  const r = applyContext(a, self);
  Py.DECREF(a);
  return r;
}

/**
 * @native decimal.Context.canonical($self, x, /)
 *
 * x itself, as it is canonical.
 */
export function context_canonical(_self: usize, x: usize): usize {
  if (!Dec.check(x)) return PyErr_SetString(PyExc_TypeError, "argument must be a Decimal");
  return Py.NewRef(x);
}

/**
 * @native decimal.Context.copy_decimal($self, x, /)
 *
 * x as a Decimal, exactly.
 */
export function context_copy_decimal(self: usize, x: usize): usize {
  return operandOrError(x, self);
}

/**
 * @native decimal.Context.number_class($self, x, /)
 *
 * Of which kind x is, as a str.
 */
export function context_number_class(self: usize, x: usize): usize {
  const a = operandOrError(x, self);
  if (a == 0) return 0;
  const name = numberClass(Dec.number(a), mpd_context_t.at(Dec.context(self)));
  Py.DECREF(a);
  return PyUnicode_FromLiteral(name);
}

function text(self: usize, x: usize, engineering: bool): usize {
  const a = operandOrError(x, self);
  if (a == 0) return 0;
  const r = numberText(Dec.number(a), Dec.capitals(self), engineering);
  Py.DECREF(a);
  return r;
}

/**
 * @native decimal.Context.to_sci_string($self, x, /)
 *
 * x as a str in scientific notation, as str().
 */
export function context_to_sci_string(self: usize, x: usize): usize {
  return text(self, x, false);
}

/**
 * @native decimal.Context.to_eng_string($self, x, /)
 *
 * x as a str in engineering notation instead.
 */
export function context_to_eng_string(self: usize, x: usize): usize {
  return text(self, x, true);
}

/**
 * @native decimal.Context.radix($self, /)
 *
 * Decimal(10).
 */
export function context_radix(_self: usize, _unused: usize): usize {
  return smallDecimal(10);
}

/**
 * @native decimal.Context.same_quantum($self, x, y, /)
 *
 * Whether both have the same exponent.
 */
export function context_same_quantum(self: usize, argv: usize, nargs: isize): usize {
  if (!takes(nargs, 2)) return 0;
  const a = operandOrError(Py.item(argv, 0), self);
  const b = a == 0 ? 0 : operandOrError(Py.item(argv, 1), self);
  const r = b == 0 ? 0 : boolObject(sameQuantum(Dec.number(a), Dec.number(b)));
  Py.XDECREF(b);
  Py.XDECREF(a);
  return r;
}

/**
 * @native decimal.Context.divmod($self, x, y, /)
 *
 * Whole quotient and what remains, a tuple.
 */
export function context_divmod(self: usize, argv: usize, nargs: isize): usize {
  if (!takes(nargs, 2)) return 0;
  const a = operandOrError(Py.item(argv, 0), self);
  const b = a == 0 ? 0 : operandOrError(Py.item(argv, 1), self);
  const r = b == 0 ? 0 : divmodIn(a, b, self);
  Py.XDECREF(b);
  Py.XDECREF(a);
  return r;
}

/**
 * @native decimal.Context.power($self, /, a, b, modulo=None)
 *
 * a to the power of b, or that modulo a third number.
 *
 * Without the third: if a is negative b must be a whole number. Unless that is so and the result is exact, and has no more digits than the context leaves, the result is inexact, and may be wrong by a unit of the last digit.
 *
 * With it: all three must be whole numbers, b must not be negative, and at least one of a and b is not 0; the third is not 0 and has no more digits than the precision. The result is the exact one, with exponent 0, that (a**b) % modulo would be with no limit of digits, but computed much faster.
 */
export function context_power(self: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const out = Scratch.take(3);
  const ok = parseArguments("power", "a b modulo", argv, nargs, kwnames, out, 2, 3);
  const a = Py.item(out, 0);
  const b = Py.item(out, 1);
  const modulo = Py.item(out, 2);
  Scratch.give(out);
  if (!ok) return 0;
  const x = operandOrError(a, self);
  const y = x == 0 ? 0 : operandOrError(b, self);
  let m: usize = 0;
  if (y != 0) m = modulo == 0 || modulo == _Py_NoneStruct ? _Py_NoneStruct : operandOrError(modulo, self);
  const r = m == 0 ? 0 : powerIn(x, y, m, self);
  Py.XDECREF(m);
  Py.XDECREF(y);
  Py.XDECREF(x);
  return r;
}

/**
 * @native decimal.Context.fma($self, x, y, z, /)
 *
 * x * y + z, rounded once.
 */
export function context_fma(self: usize, argv: usize, nargs: isize): usize {
  if (!takes(nargs, 3)) return 0;
  return multiplyAndAdd(Py.item(argv, 0), Py.item(argv, 1), Py.item(argv, 2), self);
}

/**
 * @native decimal.Context.create_decimal($self, num="0", /)
 *
 * A Decimal with the value of num, rounded as the context says; Decimal() itself does not round what it is given.
 */
export function context_create_decimal(self: usize, argv: usize, nargs: isize): usize {
  if (nargs > 1) return PyErr_Format(PyExc_TypeError, "function takes at most 1 argument (%d given)", nargs);
  return nargs == 0 ? smallDecimal(0) : fromObject(Py.item(argv, 0), self);
}

/**
 * @native decimal.Context.create_decimal_from_float($self, f, /)
 *
 * A Decimal with the value of a float, rounded as the context says; Decimal.from_float() does not round it.
 */
export function context_create_decimal_from_float(self: usize, f: usize): usize {
  return fromFloat(f, self);
}
