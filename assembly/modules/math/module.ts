// The module math (CPython 3.13's Modules/mathmodule.c). Exact work with ints is in math/integers.ts, sums in
// math/sums.ts.
//
// Differences: elementary functions are AssemblyScript's (musl's), CPython's are the C library's: the last bit may
// differ. erf, erfc, gamma, lgamma, sumprod and fma are not there.

import { Py_TPFLAGS_LONG_SUBCLASS } from "../../generated/constants";
import { two_floats } from "../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_TrueStruct,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFloat_Type,
} from "../../generated/statics";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { ArgParser, parseArguments } from "../../objects/define/args";
import { addFunction, METH_FASTCALL, METH_KEYWORDS, METH_O } from "../../objects/define/tables";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyModule_AddFunctions, PyModule_AddObjectLiteral, PyModule_NewLiteral } from "../../objects/module/module";
import { float_int, PyFloat_AsDouble, PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { bitLength, long_sign } from "../../objects/numbers/int/access";
import { scale } from "../../objects/numbers/int/arithmetic";
import { shiftRight } from "../../objects/numbers/int/bitwise";
import {
  longOverflow,
  longValue,
  PyLong_AsDouble,
  PyLong_AsLongLong,
  PyLong_FromDouble,
  PyLong_FromLong,
} from "../../objects/numbers/int/create";
import { PyObject_CallNoArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyNumber_TrueDivide } from "../../objects/protocol/number";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { _PyObject_LookupSpecial } from "../../objects/types/lookup";
import { Scratch } from "../../thread/scratch";
import { addIntegerFunctions } from "./integers";
import { addSumFunctions } from "./sums";

function domainError(): usize {
  PyErr_SetString(PyExc_ValueError, "math domain error");
  return 0;
}

function rangeError(): usize {
  PyErr_SetString(PyExc_OverflowError, "math range error");
  return 0;
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
function f_cbrt(x: f64): f64 {
  return NativeMath.cbrt(x);
}
function f_cos(x: f64): f64 {
  return NativeMath.cos(x);
}
function f_cosh(x: f64): f64 {
  return NativeMath.cosh(x);
}
function f_exp(x: f64): f64 {
  return NativeMath.exp(x);
}
function f_exp2(x: f64): f64 {
  return NativeMath.exp2(x);
}
function f_expm1(x: f64): f64 {
  return NativeMath.expm1(x);
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
function f_log10(x: f64): f64 {
  return NativeMath.log10(x);
}
function f_sin(x: f64): f64 {
  return NativeMath.sin(x);
}
function f_sinh(x: f64): f64 {
  return NativeMath.sinh(x);
}
function f_tan(x: f64): f64 {
  return NativeMath.tan(x);
}
function f_tanh(x: f64): f64 {
  return NativeMath.tanh(x);
}

function math_acos(_m: usize, v: usize): usize {
  return unary(v, f_acos.index, false);
}
function math_acosh(_m: usize, v: usize): usize {
  return unary(v, f_acosh.index, false);
}
function math_asin(_m: usize, v: usize): usize {
  return unary(v, f_asin.index, false);
}
function math_asinh(_m: usize, v: usize): usize {
  return unary(v, f_asinh.index, false);
}
function math_atan(_m: usize, v: usize): usize {
  return unary(v, f_atan.index, false);
}
function math_atanh(_m: usize, v: usize): usize {
  return unary(v, f_atanh.index, false);
}
function math_cbrt(_m: usize, v: usize): usize {
  return unary(v, f_cbrt.index, false);
}
function math_cos(_m: usize, v: usize): usize {
  return unary(v, f_cos.index, false);
}
function math_cosh(_m: usize, v: usize): usize {
  return unary(v, f_cosh.index, true);
}
function math_exp(_m: usize, v: usize): usize {
  return unary(v, f_exp.index, true);
}
function math_exp2(_m: usize, v: usize): usize {
  return unary(v, f_exp2.index, true);
}
function math_expm1(_m: usize, v: usize): usize {
  return unary(v, f_expm1.index, true);
}
function math_log1p(_m: usize, v: usize): usize {
  return unary(v, f_log1p.index, false);
}
function math_sin(_m: usize, v: usize): usize {
  return unary(v, f_sin.index, false);
}
function math_sinh(_m: usize, v: usize): usize {
  return unary(v, f_sinh.index, true);
}
function math_tan(_m: usize, v: usize): usize {
  return unary(v, f_tan.index, false);
}
function math_tanh(_m: usize, v: usize): usize {
  return unary(v, f_tanh.index, false);
}

function math_sqrt(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : result(x, sqrt<f64>(x), false);
}

function math_fabs(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : PyFloat_FromDouble(abs(x));
}

function math_degrees(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : PyFloat_FromDouble(x * (180 / NativeMath.PI));
}

function math_radians(_m: usize, v: usize): usize {
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

function math_log(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("log", nargs, 1, 2)) return 0;
  const n = logarithm(Py.item(argv, 0), f_log.index);
  if (n == 0 || nargs == 1) return n;
  const base = logarithm(Py.item(argv, 1), f_log.index);
  const r = base == 0 ? 0 : PyNumber_TrueDivide(n, base);
  Py.DECREF(n);
  Py.XDECREF(base);
  return r;
}

function math_log2(_m: usize, v: usize): usize {
  return logarithm(v, f_log2.index);
}

function math_log10(_m: usize, v: usize): usize {
  return logarithm(v, f_log10.index);
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

function math_atan2(_m: usize, argv: usize, nargs: isize): usize {
  const a = twoFloats("atan2", argv, nargs);
  if (a == 0) return 0;
  Scratch.give(a);
  return result2(two_floats.at(a).x, two_floats.at(a).y, NativeMath.atan2(two_floats.at(a).x, two_floats.at(a).y));
}

function math_copysign(_m: usize, argv: usize, nargs: isize): usize {
  const a = twoFloats("copysign", argv, nargs);
  if (a == 0) return 0;
  Scratch.give(a);
  return PyFloat_FromDouble(copysign<f64>(two_floats.at(a).x, two_floats.at(a).y));
}

function math_fmod(_m: usize, argv: usize, nargs: isize): usize {
  const a = twoFloats("fmod", argv, nargs);
  if (a == 0) return 0;
  Scratch.give(a);
  const x = two_floats.at(a).x;
  const y = two_floats.at(a).y;
  if (abs(y) == Infinity && isFinite(x)) return PyFloat_FromDouble(x);
  return result2(x, y, x % y);
}

function math_remainder(_m: usize, argv: usize, nargs: isize): usize {
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

function math_pow(_m: usize, argv: usize, nargs: isize): usize {
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

function math_ldexp(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("ldexp", nargs, 2, 2)) return 0;
  const x = PyFloat_AsDouble(Py.item(argv, 0));
  if (failed(x)) return 0;
  const i = Py.item(argv, 1);
  if (!Py.check(i, Py_TPFLAGS_LONG_SUBCLASS)) {
    PyErr_SetString(PyExc_TypeError, "Expected an int as second argument to ldexp.");
    return 0;
  }
  if (x == 0 || !isFinite(x)) return PyFloat_FromDouble(x);
  const over = longOverflow(i);
  const e = over > 0 ? 100000 : over < 0 ? -100000 : min<i64>(max<i64>(longValue(i), -100000), 100000);
  const r = scale(x, e);
  return abs(r) == Infinity ? rangeError() : PyFloat_FromDouble(r);
}

function math_frexp(_m: usize, v: usize): usize {
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

function math_modf(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  if (failed(x)) return 0;
  const whole = trunc<f64>(x);
  const part = abs(x) == Infinity ? copysign<f64>(0, x) : copysign<f64>(x - whole, x);
  return pairSteal(PyFloat_FromDouble(part), PyFloat_FromDouble(whole));
}

function truth(b: bool): usize {
  return b ? _Py_TrueStruct : _Py_FalseStruct;
}

function math_isnan(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : truth(isNaN(x));
}

function math_isinf(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : truth(abs(x) == Infinity);
}

function math_isfinite(_m: usize, v: usize): usize {
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : truth(isFinite(x));
}

function math_isclose(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
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
  if (rel < 0 || least < 0) {
    PyErr_SetString(PyExc_ValueError, "tolerances must be non-negative");
    return 0;
  }
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

function math_floor(_m: usize, v: usize): usize {
  if (Py.TYPE(v) != PyFloat_Type) {
    const r = special(v, "__floor__");
    if (r != 0 || PyErr_Occurred()) return r;
  }
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : PyLong_FromDouble(floor<f64>(x));
}

function math_ceil(_m: usize, v: usize): usize {
  if (Py.TYPE(v) != PyFloat_Type) {
    const r = special(v, "__ceil__");
    if (r != 0 || PyErr_Occurred()) return r;
  }
  const x = PyFloat_AsDouble(v);
  return failed(x) ? 0 : PyLong_FromDouble(ceil<f64>(x));
}

function math_trunc(_m: usize, v: usize): usize {
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

function math_nextafter(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(3);
  const ok = parseArguments("nextafter", "- - steps", argv, nargs, kwnames, a, 2, 2);
  const x = ok ? PyFloat_AsDouble(Py.item(a, 0)) : 0;
  const y = ok && !failed(x) ? PyFloat_AsDouble(Py.item(a, 1)) : 0;
  const stepsArgument = Py.item(a, 2);
  Scratch.give(a);
  if (!ok || PyErr_Occurred()) return 0;
  if (stepsArgument == 0) return PyFloat_FromDouble(nextAfter(x, y));
  const steps = PyLong_AsLongLong(stepsArgument);
  if (steps == -1 && PyErr_Occurred()) return 0;
  if (steps < 0) {
    PyErr_SetString(PyExc_ValueError, "steps must be a non-negative integer");
    return 0;
  }
  let r = x;
  for (let i: i64 = 0; i < steps && r != y && !isNaN(r); i++) r = nextAfter(r, y);
  return PyFloat_FromDouble(isNaN(y) ? y : r);
}

function math_ulp(_m: usize, v: usize): usize {
  let x = PyFloat_AsDouble(v);
  if (failed(x)) return 0;
  if (isNaN(x)) return PyFloat_FromDouble(x);
  x = abs(x);
  if (x == Infinity) return PyFloat_FromDouble(x);
  const above = nextAfter(x, Infinity);
  return PyFloat_FromDouble(above == Infinity ? x - nextAfter(x, 0) : above - x);
}

function functionTable(): usize {
  const table = addFunction(0, "acos", math_acos.index, METH_O);
  addFunction(table, "acosh", math_acosh.index, METH_O);
  addFunction(table, "asin", math_asin.index, METH_O);
  addFunction(table, "asinh", math_asinh.index, METH_O);
  addFunction(table, "atan", math_atan.index, METH_O);
  addFunction(table, "atan2", math_atan2.index, METH_FASTCALL);
  addFunction(table, "atanh", math_atanh.index, METH_O);
  addFunction(table, "cbrt", math_cbrt.index, METH_O);
  addFunction(table, "ceil", math_ceil.index, METH_O);
  addFunction(table, "copysign", math_copysign.index, METH_FASTCALL);
  addFunction(table, "cos", math_cos.index, METH_O);
  addFunction(table, "cosh", math_cosh.index, METH_O);
  addFunction(table, "degrees", math_degrees.index, METH_O);
  addFunction(table, "exp", math_exp.index, METH_O);
  addFunction(table, "exp2", math_exp2.index, METH_O);
  addFunction(table, "expm1", math_expm1.index, METH_O);
  addFunction(table, "fabs", math_fabs.index, METH_O);
  addFunction(table, "floor", math_floor.index, METH_O);
  addFunction(table, "fmod", math_fmod.index, METH_FASTCALL);
  addFunction(table, "frexp", math_frexp.index, METH_O);
  addFunction(table, "isclose", math_isclose.index, METH_FASTCALL | METH_KEYWORDS);
  addFunction(table, "isfinite", math_isfinite.index, METH_O);
  addFunction(table, "isinf", math_isinf.index, METH_O);
  addFunction(table, "isnan", math_isnan.index, METH_O);
  addFunction(table, "ldexp", math_ldexp.index, METH_FASTCALL);
  addFunction(table, "log", math_log.index, METH_FASTCALL);
  addFunction(table, "log10", math_log10.index, METH_O);
  addFunction(table, "log1p", math_log1p.index, METH_O);
  addFunction(table, "log2", math_log2.index, METH_O);
  addFunction(table, "modf", math_modf.index, METH_O);
  addFunction(table, "nextafter", math_nextafter.index, METH_FASTCALL | METH_KEYWORDS);
  addFunction(table, "pow", math_pow.index, METH_FASTCALL);
  addFunction(table, "radians", math_radians.index, METH_O);
  addFunction(table, "remainder", math_remainder.index, METH_FASTCALL);
  addFunction(table, "sin", math_sin.index, METH_O);
  addFunction(table, "sinh", math_sinh.index, METH_O);
  addFunction(table, "sqrt", math_sqrt.index, METH_O);
  addFunction(table, "tan", math_tan.index, METH_O);
  addFunction(table, "tanh", math_tanh.index, METH_O);
  addFunction(table, "trunc", math_trunc.index, METH_O);
  addFunction(table, "ulp", math_ulp.index, METH_O);
  addIntegerFunctions(table);
  addSumFunctions(table);
  return table;
}

function addConstant(m: usize, name: string, v: f64): bool {
  return PyModule_AddObjectLiteral(m, name, PyFloat_FromDouble(v)) == 0;
}

/** A new module math, or null with an exception. */
export function makeMathModule(): usize {
  const m = PyModule_NewLiteral("math");
  if (m == 0) return 0;
  if (
    PyModule_AddFunctions(m, functionTable()) == 0 &&
    addConstant(m, "pi", NativeMath.PI) &&
    addConstant(m, "e", NativeMath.E) &&
    addConstant(m, "tau", 2 * NativeMath.PI) &&
    addConstant(m, "inf", Infinity) &&
    addConstant(m, "nan", NaN)
  ) {
    return m;
  }
  Py.DECREF(m);
  return 0;
}
