// The module math (CPython 3.13's Modules/mathmodule.c). Exact work with ints is in math/integers.ts, sums in
// math/sums.ts.
//
// Differences: elementary functions are AssemblyScript's (musl's) where elementary.ts has none, CPython's are the C
// library's: of some the last bit may differ.

import { Py_TPFLAGS_LONG_SUBCLASS } from "../../generated/constants";
import { two_floats } from "../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFloat_Type,
} from "../../generated/statics";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { ArgParser, parseArguments } from "../../objects/define/args";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { float_int, PyFloat_AsDouble, PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { bitLength, long_sign } from "../../objects/numbers/int/access";
import { scale } from "../../objects/numbers/int/arithmetic";
import { shiftRight } from "../../objects/numbers/int/bitwise";
import {
  longMask64,
  longOverflow,
  longValue,
  PyLong_AsDouble,
  PyLong_FromDouble,
  PyLong_FromLong,
} from "../../objects/numbers/int/create";
import { PyObject_CallNoArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyNumber_Index, PyNumber_TrueDivide } from "../../objects/protocol/number";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { _PyObject_LookupSpecial } from "../../objects/types/lookup";
import { Scratch } from "../../thread/scratch";
import { cbrt, cosh, expm1, log10, sinh, tanh } from "./elementary";

function domainError(): usize {
  return PyErr_SetString(PyExc_ValueError, "math domain error");
}

function rangeError(): usize {
  return PyErr_SetString(PyExc_OverflowError, "math range error");
}

/** Whether reading an argument failed. */
function failed(x: f64): bool {
  return x == -1 && PyErr_Occurred() != 0;
}

/** The float `r` that a function made of x: an error where it left the numbers. */
function result(x: f64, r: f64, canOverflow: bool): usize {
  if (isNaN(r) && !isNaN(x)) return domainError();
  if (abs(r) == Infinity && isFinite(x)) return canOverflow ? rangeError() : domainError();
  return PyFloat_FromDouble(r);
}

/** As result, of two arguments. */
function result2(x: f64, y: f64, r: f64): usize {
  if (isNaN(r) && !isNaN(x) && !isNaN(y)) return domainError();
  if (abs(r) == Infinity && isFinite(x) && isFinite(y)) return rangeError();
  return PyFloat_FromDouble(r);
}

function unary(v: usize, fn: u32, canOverflow: bool): usize {
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : result(x, call_indirect<f64>(fn, x), canOverflow);
}

function f_acos(x: f64): f64 {
  return NativeMath.acos(x);
}
function f_acosh(x: f64): f64 {
  return NativeMath.acosh(x);
}
function f_asin(x: f64): f64 {
  return NativeMath.asin(x);
}
function f_asinh(x: f64): f64 {
  return NativeMath.asinh(x);
}
function f_atan(x: f64): f64 {
  return NativeMath.atan(x);
}
function f_atanh(x: f64): f64 {
  return NativeMath.atanh(x);
}
function f_cos(x: f64): f64 {
  return NativeMath.cos(x);
}
function f_exp(x: f64): f64 {
  return NativeMath.exp(x);
}
function f_exp2(x: f64): f64 {
  return NativeMath.exp2(x);
}
function f_log(x: f64): f64 {
  return NativeMath.log(x);
}
function f_log1p(x: f64): f64 {
  return NativeMath.log1p(x);
}
function f_log2(x: f64): f64 {
  return NativeMath.log2(x);
}
function f_sin(x: f64): f64 {
  return NativeMath.sin(x);
}
function f_tan(x: f64): f64 {
  return NativeMath.tan(x);
}

/**
 * @native math.acos($module, x, /)
 *
 * The angle whose cosine is x, in radians.
 *
 * From 0 up to pi, both included.
 */
export function math_acos(_m: usize, v: usize): usize {
  return unary(v, f_acos.index, false);
}
/**
 * @native math.acosh($module, x, /)
 *
 * The number whose hyperbolic cosine is x.
 */
export function math_acosh(_m: usize, v: usize): usize {
  return unary(v, f_acosh.index, false);
}
/**
 * @native math.asin($module, x, /)
 *
 * The angle whose sine is x, in radians.
 *
 * From -pi/2 up to pi/2, both included.
 */
export function math_asin(_m: usize, v: usize): usize {
  return unary(v, f_asin.index, false);
}
/**
 * @native math.asinh($module, x, /)
 *
 * The number whose hyperbolic sine is just x.
 */
export function math_asinh(_m: usize, v: usize): usize {
  return unary(v, f_asinh.index, false);
}
/**
 * @native math.atan($module, x, /)
 *
 * The angle whose tangent is x, in radians.
 *
 * From -pi/2 up to pi/2, which infinities have.
 */
export function math_atan(_m: usize, v: usize): usize {
  return unary(v, f_atan.index, false);
}
/**
 * @native math.atanh($module, x, /)
 *
 * The number whose hyperbolic tangent is x.
 */
export function math_atanh(_m: usize, v: usize): usize {
  return unary(v, f_atanh.index, false);
}
/**
 * @native math.cbrt($module, x, /)
 *
 * The number whose cube is x.
 */
export function math_cbrt(_m: usize, v: usize): usize {
  return unary(v, cbrt.index, false);
}
/**
 * @native math.cos($module, x, /)
 *
 * The cosine of the angle x, given in radians.
 */
export function math_cos(_m: usize, v: usize): usize {
  return unary(v, f_cos.index, false);
}
/**
 * @native math.cosh($module, x, /)
 *
 * The hyperbolic cosine of x.
 */
export function math_cosh(_m: usize, v: usize): usize {
  return unary(v, cosh.index, true);
}
/**
 * @native math.exp($module, x, /)
 *
 * e to the power of x, in floats.
 */
export function math_exp(_m: usize, v: usize): usize {
  return unary(v, f_exp.index, true);
}
/**
 * @native math.exp2($module, x, /)
 *
 * 2 to the power of x, in floats.
 */
export function math_exp2(_m: usize, v: usize): usize {
  return unary(v, f_exp2.index, true);
}
/**
 * @native math.expm1($module, x, /)
 *
 * e to the power of x, minus 1.
 *
 * Exact also for an x near 0, where exp(x) - 1 would lose most of its digits.
 */
export function math_expm1(_m: usize, v: usize): usize {
  return unary(v, expm1.index, true);
}
/**
 * @native math.log1p($module, x, /)
 *
 * The logarithm of 1 + x in base e.
 *
 * Exact also for an x near 0, where adding 1 would lose many of its digits.
 */
export function math_log1p(_m: usize, v: usize): usize {
  return unary(v, f_log1p.index, false);
}
/**
 * @native math.sin($module, x, /)
 *
 * The sine of the angle x, given in radians.
 */
export function math_sin(_m: usize, v: usize): usize {
  return unary(v, f_sin.index, false);
}
/**
 * @native math.sinh($module, x, /)
 *
 * The hyperbolic sine of x.
 */
export function math_sinh(_m: usize, v: usize): usize {
  return unary(v, sinh.index, true);
}
/**
 * @native math.tan($module, x, /)
 *
 * The tangent of the angle x, given in radians.
 */
export function math_tan(_m: usize, v: usize): usize {
  return unary(v, f_tan.index, false);
}
/**
 * @native math.tanh($module, x, /)
 *
 * The hyperbolic tangent of x.
 */
export function math_tanh(_m: usize, v: usize): usize {
  return unary(v, tanh.index, false);
}

/**
 * @native math.sqrt($module, x, /)
 *
 * The number whose square is x.
 */
export function math_sqrt(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : result(x, sqrt<f64>(x), false);
}

/**
 * @native math.fabs($module, x, /)
 *
 * The distance of x from 0, always a float.
 */
export function math_fabs(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : PyFloat_FromDouble(abs(x));
}

/**
 * @native math.degrees($module, x, /)
 *
 * What x, an angle in radians, is in degrees.
 */
export function math_degrees(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : PyFloat_FromDouble(x * (180 / NativeMath.PI));
}

/**
 * @native math.radians($module, x, /)
 *
 * What x, an angle in degrees, is in radians.
 */
export function math_radians(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : PyFloat_FromDouble(x * (NativeMath.PI / 180));
}

/** A logarithm: of an int of any size, or of a float. */
function logarithm(v: usize, fn: u32): usize {
  if (!Py.check(v, Py_TPFLAGS_LONG_SUBCLASS)) return unary(v, fn, false);
  if (long_sign(v) <= 0) return domainError();
  const x = PyLong_AsDouble(v);
  if (!failed(x)) return PyFloat_FromDouble(call_indirect<f64>(fn, x));
  if (!PyErr_ExceptionMatches(PyExc_OverflowError)) return 0;
  PyErr_Clear();
  // Too large for a float: the leading 64 bits, and the rest as an exponent.
  const bits = bitLength(v);
  const top = shiftRight(v, bits - 62);
  if (top == 0) return 0;
  const mantissa = scale(PyLong_AsDouble(top), -62);
  Py.DECREF(top);
  return PyFloat_FromDouble(call_indirect<f64>(fn, mantissa) + call_indirect<f64>(fn, <f64>2) * <f64>bits);
}

/**
 * @native math.log
 *
 * log(x, [base=math.e])
 * The power that the base has to be raised to, to give x.
 *
 * Without a base it is e. Whole numbers may be as great as you like.
 */
export function math_log(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("log", nargs, 1, 2)) return 0;
  const n = logarithm(Py.item(argv, 0), f_log.index);
  if (n == 0 || nargs == 1) return n;
  const base = logarithm(Py.item(argv, 1), f_log.index);
  const r = base == 0 ? 0 : PyNumber_TrueDivide(n, base);
  Py.DECREF(n);
  Py.XDECREF(base);
  return r;
}

/**
 * @native math.log2($module, x, /)
 *
 * The logarithm of x in base 2.
 */
export function math_log2(_m: usize, v: usize): usize {
  return logarithm(v, f_log2.index);
}

/**
 * @native math.log10($module, x, /)
 *
 * The logarithm of x in base 10.
 */
export function math_log10(_m: usize, v: usize): usize {
  return logarithm(v, log10.index);
}

/** The two float arguments of a function, in scratch slots, a two_floats; null with an exception. */
function twoFloats(name: string, argv: usize, nargs: isize): usize {
  if (!ArgParser.count(name, nargs, 2, 2)) return 0;
  const x = PyFloat_AsDouble(Py.item(argv, 0));
  if (failed(x)) return 0;
  const y = PyFloat_AsDouble(Py.item(argv, 1));
  if (failed(y)) return 0;
  const a = Scratch.take(2);
  two_floats.at(a).x = x;
  two_floats.at(a).y = y;
  return a;
}

/**
 * @native math.atan2($module, y, x, /)
 *
 * The angle of the point (x, y), in radians from -pi to pi.
 *
 * The signs of both tell in which quarter it is.
 */
export function math_atan2(_m: usize, argv: usize, nargs: isize): usize {
  const a = twoFloats("atan2", argv, nargs);
  if (a == 0) return 0;
  Scratch.give(a);
  return result2(two_floats.at(a).x, two_floats.at(a).y, NativeMath.atan2(two_floats.at(a).x, two_floats.at(a).y));
}

/**
 * @native math.copysign($module, x, y, /)
 *
 * The number as far from 0 as x, on the side of y.
 *
 * Zeros have sides, too: copysign(2.0, -0.0) is -2.0, and so have infinities, of course.
 */
export function math_copysign(_m: usize, argv: usize, nargs: isize): usize {
  const a = twoFloats("copysign", argv, nargs);
  if (a == 0) return 0;
  Scratch.give(a);
  return PyFloat_FromDouble(copysign<f64>(two_floats.at(a).x, two_floats.at(a).y));
}

/**
 * @native math.fmod($module, x, y, /)
 *
 * What remains of x after whole multiples of y; its sign is x's.
 */
export function math_fmod(_m: usize, argv: usize, nargs: isize): usize {
  const a = twoFloats("fmod", argv, nargs);
  if (a == 0) return 0;
  Scratch.give(a);
  const x = two_floats.at(a).x;
  const y = two_floats.at(a).y;
  if (abs(y) == Infinity && isFinite(x)) return PyFloat_FromDouble(x);
  return result2(x, y, x % y);
}

/**
 * @native math.remainder($module, x, y, /)
 *
 * What remains of x after the multiple of y that is nearest to it.
 *
 * The result is not further from 0 than half of y. Of two multiples that are equally near it is the even one that counts. It is exact, without any rounding, whatever the two numbers are.
 */
export function math_remainder(_m: usize, argv: usize, nargs: isize): usize {
  const a = twoFloats("remainder", argv, nargs);
  if (a == 0) return 0;
  Scratch.give(a);
  const x = two_floats.at(a).x;
  const y = two_floats.at(a).y;
  if (!isFinite(x) || !isFinite(y) || y == 0) {
    if (isNaN(x)) return PyFloat_FromDouble(x);
    if (isNaN(y)) return PyFloat_FromDouble(y);
    return abs(x) == Infinity || y == 0 ? domainError() : PyFloat_FromDouble(x);
  }
  const ax = abs(x);
  const ay = abs(y);
  const m = ax % ay;
  const c = ay - m;
  // The nearer multiple; of two equally near the even one.
  let r: f64;
  if (m < c) r = m;
  else if (m > c) r = -c;
  else r = m - 2 * ((0.5 * (ax - m)) % ay);
  return PyFloat_FromDouble(copysign<f64>(1, x) * r);
}

/**
 * @native math.pow($module, x, y, /)
 *
 * x to the power of y, in floats.
 */
export function math_pow(_m: usize, argv: usize, nargs: isize): usize {
  const a = twoFloats("pow", argv, nargs);
  if (a == 0) return 0;
  Scratch.give(a);
  const x = two_floats.at(a).x;
  const y = two_floats.at(a).y;
  // C99's special values, which JavaScript's power has otherwise: 1 ** anything, (-1) ** ±inf.
  if (x == 1 || y == 0 || (x == -1 && abs(y) == Infinity)) return PyFloat_FromDouble(1);
  const r = NativeMath.pow(x, y);
  if (x == 0 && y < 0 && isFinite(y)) return domainError();
  return result2(x, y, r);
}

/**
 * @native math.ldexp($module, x, i, /)
 *
 * x multiplied by 2 to the power of i: what frexp() took apart.
 */
export function math_ldexp(_m: usize, x_: usize, i: usize): usize {
  const x = PyFloat_AsDouble(x_);
  if (failed(x)) return 0;
  if (!Py.check(i, Py_TPFLAGS_LONG_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "Expected an int as second argument to ldexp.");
  }
  if (x == 0 || !isFinite(x)) return PyFloat_FromDouble(x);
  const over = longOverflow(i);
  const e = over > 0 ? 100000 : over < 0 ? -100000 : <i32>min<i64>(max<i64>(longValue(i), -100000), 100000);
  const r = NativeMath.scalbn(x, e);
  return abs(r) == Infinity ? rangeError() : PyFloat_FromDouble(r);
}

/**
 * @native math.frexp($module, x, /)
 *
 * x as a float m and a power of two e, in a tuple: x is m * 2**e.
 *
 * The absolute value of m is at least 0.5 and less than 1; for 0 both are 0. What is not finite is m itself.
 */
export function math_frexp(_m: usize, v: usize): usize {
  let x = PyFloat_AsDouble(v);
  if (failed(x)) return 0;
  let e = 0;
  if (x != 0 && isFinite(x)) {
    if (abs(x) < f64.MIN_NORMAL_VALUE) {
      x *= 18014398509481984;
      e = -54;
    }
    const bits = reinterpret<u64>(x);
    e += <i32>((bits >> 52) & 0x7ff) - 1022;
    x = reinterpret<f64>((bits & 0x800fffffffffffff) | 0x3fe0000000000000);
  }
  return pairSteal(PyFloat_FromDouble(x), PyLong_FromLong(e));
}

/** A new tuple of two references, which are stolen; null passes on. */
function pairSteal(a: usize, b: usize): usize {
  const r = a == 0 || b == 0 ? 0 : PyTuple_Pack2(a, b);
  Py.XDECREF(a);
  Py.XDECREF(b);
  return r;
}

/**
 * @native math.modf($module, x, /)
 *
 * What is after the point of x, and what is before it, as two floats.
 *
 * Both have the sign of x.
 */
export function math_modf(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  if (failed(x)) return 0;
  const whole = trunc<f64>(x);
  const part = abs(x) == Infinity ? copysign<f64>(0, x) : copysign<f64>(x - whole, x);
  return pairSteal(PyFloat_FromDouble(part), PyFloat_FromDouble(whole));
}

function truth(b: bool): usize {
  return b ? _Py_TrueStruct : _Py_FalseStruct;
}

/**
 * @native math.isnan($module, x, /)
 *
 * Whether x is a NaN, which is not even equal to itself at all.
 */
export function math_isnan(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : truth(isNaN(x));
}

/**
 * @native math.isinf($module, x, /)
 *
 * Whether x is an infinity, on whichever side; all others are either less or NaN.
 */
export function math_isinf(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : truth(abs(x) == Infinity);
}

/**
 * @native math.isfinite($module, x, /)
 *
 * Whether x is an ordinary number: not infinite, and no NaN.
 */
export function math_isfinite(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : truth(isFinite(x));
}

/**
 * @native math.isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)
 *
 * Whether two numbers are nearly equal.
 *
 *   rel_tol
 *     How far they may be apart, as a part of the one that is further from 0.
 *   abs_tol
 *     How far they may be apart in any case, which matters near 0.
 *
 * One of both is enough: abs(a - b) <= max(rel_tol * max(abs(a), abs(b)), abs_tol).
 *
 * No tolerance may be negative. An infinity is near to itself only, and a NaN is near to nothing, not even to itself. The default of rel_tol means that about nine decimal digits must be the same; the default of abs_tol means that nothing but 0 itself is near to 0, so that it has to be given where a result may be 0.
 */
export function math_isclose(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(4);
  const ok = parseArguments("isclose", "a b rel_tol abs_tol", argv, nargs, kwnames, a, 2, 2);
  const x = ok ? PyFloat_AsDouble(Py.item(a, 0)) : 0;
  const y = ok && !failed(x) ? PyFloat_AsDouble(Py.item(a, 1)) : 0;
  const relative = Py.item(a, 2);
  const absolute = Py.item(a, 3);
  Scratch.give(a);
  if (!ok || PyErr_Occurred()) return 0;
  const rel = relative == 0 ? 1e-9 : PyFloat_AsDouble(relative);
  if (failed(rel)) return 0;
  const least = absolute == 0 ? 0 : PyFloat_AsDouble(absolute);
  if (failed(least)) return 0;
  if (rel < 0 || least < 0) return PyErr_SetString(PyExc_ValueError, "tolerances must be non-negative");
  if (x == y) return _Py_TrueStruct;
  if (abs(x) == Infinity || abs(y) == Infinity) return _Py_FalseStruct;
  const d = abs(y - x);
  return truth(d <= abs(rel * y) || d <= abs(rel * x) || d <= least);
}

/** Calls o.__NAME__() where there is one; null without exception where there is none. */
function special(o: usize, name: string): usize {
  const s = PyUnicode_InternLiteral(name);
  if (s == 0) return 0;
  const method = _PyObject_LookupSpecial(o, s);
  Py.DECREF(s);
  if (method == 0) return 0;
  const r = PyObject_CallNoArgs(method);
  Py.DECREF(method);
  return r;
}

/**
 * @native math.floor($module, x, /)
 *
 * The greatest whole number not above x.
 *
 * An int, as great as it takes it.
 */
export function math_floor(_m: usize, v: usize): usize {
  if (Py.TYPE(v) != PyFloat_Type) {
    const r = special(v, "__floor__");
    if (r != 0 || PyErr_Occurred()) return r;
  }
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : PyLong_FromDouble(floor<f64>(x));
}

/**
 * @native math.ceil($module, x, /)
 *
 * The least whole number that is not below x.
 *
 * An int, as great as needed.
 */
export function math_ceil(_m: usize, v: usize): usize {
  if (Py.TYPE(v) != PyFloat_Type) {
    const r = special(v, "__ceil__");
    if (r != 0 || PyErr_Occurred()) return r;
  }
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : PyLong_FromDouble(ceil<f64>(x));
}

/**
 * @native math.trunc($module, x, /)
 *
 * x without what is after the point, as a whole number.
 *
 * Its type says how, by __trunc__().
 */
export function math_trunc(_m: usize, v: usize): usize {
  if (Py.TYPE(v) == PyFloat_Type) return float_int(v);
  const r = special(v, "__trunc__");
  if (r != 0 || PyErr_Occurred()) return r;
  return PyErr_Format(PyExc_TypeError, "type %.100t doesn't define __trunc__ method", v);
}

/** The next float after x towards y. */
function nextAfter(x: f64, y: f64): f64 {
  if (isNaN(x) || isNaN(y)) return x + y;
  if (x == y) return y;
  if (x == 0) return copysign<f64>(5e-324, y);
  const bits = reinterpret<u64>(x);
  return reinterpret<f64>(x < y == x > 0 ? bits + 1 : bits - 1);
}

/** The position of a float in their order: 0 for both zeros, and one more from each to the next. */
function orderOf(x: f64): i64 {
  const size = <i64>(reinterpret<u64>(x) & 0x7fffffffffffffff);
  return reinterpret<i64>(x) < 0 ? -size : size;
}

/** The float that is so many steps after x on the way to y, which is not passed; neither is a NaN. */
function stepsAfter(x: f64, y: f64, steps: u64): f64 {
  const from = orderOf(x);
  const to = orderOf(y);
  const distance: u64 = to > from ? <u64>to - <u64>from : <u64>from - <u64>to;
  if (steps >= distance) return y;
  const at = to > from ? <i64>(<u64>from + steps) : <i64>(<u64>from - steps);
  return reinterpret<f64>(at < 0 ? <u64>-at | 0x8000000000000000 : at == 0 && x < 0 ? 0x8000000000000000 : <u64>at);
}

/**
 * @native math.nextafter($module, x, y, /, *, steps=None)
 *
 * The float that comes after x on the way to y.
 *
 * With steps, the one that comes so many after it; but y is never passed. If they are equal it is y, and if one of them is a NaN it is a NaN. The steps are a whole number that is not negative, 1 if None.
 */
export function math_nextafter(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(3);
  const ok = parseArguments("nextafter", "- - steps", argv, nargs, kwnames, a, 2, 2);
  const x = ok ? PyFloat_AsDouble(Py.item(a, 0)) : 0;
  const y = ok && !failed(x) ? PyFloat_AsDouble(Py.item(a, 1)) : 0;
  const stepsArgument = Py.item(a, 2);
  Scratch.give(a);
  if (!ok || PyErr_Occurred()) return 0;
  if (stepsArgument == 0 || stepsArgument == _Py_NoneStruct) return PyFloat_FromDouble(nextAfter(x, y));
  const index = PyNumber_Index(stepsArgument);
  if (index == 0) return 0;
  const isNegative = long_sign(index) < 0;
  // No two floats are further apart than those, in steps.
  const steps = bitLength(index) > 64 ? u64.MAX_VALUE : longMask64(index);
  Py.DECREF(index);
  if (isNegative) return PyErr_SetString(PyExc_ValueError, "steps must be a non-negative integer");
  return PyFloat_FromDouble(steps == 0 ? x : isNaN(x) ? x : isNaN(y) ? y : stepsAfter(x, y, steps));
}

/**
 * @native math.ulp($module, x, /)
 *
 * How much the last bit of the float x is worth: a unit of it.
 */
export function math_ulp(_m: usize, v: usize): usize {
  let x = PyFloat_AsDouble(v);
  if (failed(x)) return 0;
  if (isNaN(x)) return PyFloat_FromDouble(x);
  x = abs(x);
  if (x == Infinity) return PyFloat_FromDouble(x);
  const above = nextAfter(x, Infinity);
  return PyFloat_FromDouble(above == Infinity ? x - nextAfter(x, 0) : above - x);
}

function addConstant(m: usize, name: string, v: f64): bool {
  return PyModule_AddObjectLiteral(m, name, PyFloat_FromDouble(v)) == 0;
}

/**
 * @module math
 * @order acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh degrees dist erf erfc exp exp2 expm1 fabs
 * @order factorial floor fma fmod frexp fsum gamma gcd hypot isclose isfinite isinf isnan isqrt lcm ldexp lgamma log
 * @order log1p log10 log2 modf pow radians remainder sin sinh sqrt sumprod tan tanh trunc prod perm comb nextafter ulp
 *
 * Functions of real numbers, as those of C's math.h, and of whole numbers.
 */
export function initMath(m: usize): i32 {
  return addConstant(m, "pi", NativeMath.PI) &&
    addConstant(m, "e", NativeMath.E) &&
    addConstant(m, "tau", 2 * NativeMath.PI) &&
    addConstant(m, "inf", Infinity) &&
    addConstant(m, "nan", NaN)
    ? 0
    : -1;
}
