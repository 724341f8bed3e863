// The module cmath (CPython 3.13's Modules/cmathmodule.c): what programs see of the functions in functions.ts.

import { complexvalue, SIZEOF_complexvalue } from "../../generated/layouts";
import { _Py_FalseStruct, _Py_TrueStruct, PyExc_OverflowError, PyExc_ValueError } from "../../generated/statics";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { parseArguments } from "../../objects/define/args";
import { PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { boolObject } from "../../objects/numbers/bool";
import { complexQuotient, PyComplex_AsCComplex, PyComplex_FromDoubles } from "../../objects/numbers/complex";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { Py } from "../../objects/object/head";
import { Scratch } from "../../thread/scratch";
import {
  c_acos,
  c_acosh,
  c_asin,
  c_asinh,
  c_atan,
  c_atanh,
  c_cos,
  c_cosh,
  c_exp,
  c_log,
  c_log10,
  c_sin,
  c_sinh,
  c_sqrt,
  c_tan,
  c_tanh,
  DOMAIN,
  FINE,
  phaseOf,
  RANGE,
  set,
} from "./functions";
import { isSpecial, lookUp, rectSpecial } from "./special";

const PI = NativeMath.PI;
const E = NativeMath.E;

function error(status: i32): usize {
  return status == DOMAIN
    ? PyErr_SetString(PyExc_ValueError, "math domain error")
    : PyErr_SetString(PyExc_OverflowError, "math range error");
}

/** What the function `fn` makes of a number. */
function apply(o: usize, fn: u32): usize {
  const s = Scratch.take(2);
  const z = complexvalue.at(s);
  const read = PyComplex_AsCComplex(o, s);
  const status = read ? call_indirect<i32>(fn, z) : FINE;
  const real = z.real;
  const imag = z.imag;
  Scratch.give(s);
  if (!read) return 0;
  return status == FINE ? PyComplex_FromDoubles(real, imag) : error(status);
}

/**
 * @native cmath.acos($module, z, /)
 *
 * The arc cosine of z.
 */
export function cmath_acos(_m: usize, z: usize): usize {
  return apply(z, c_acos.index);
}

/**
 * @native cmath.acosh($module, z, /)
 *
 * The inverse hyperbolic cosine of z.
 */
export function cmath_acosh(_m: usize, z: usize): usize {
  return apply(z, c_acosh.index);
}

/**
 * @native cmath.asin($module, z, /)
 *
 * The arc sine of z, too.
 */
export function cmath_asin(_m: usize, z: usize): usize {
  return apply(z, c_asin.index);
}

/**
 * @native cmath.asinh($module, z, /)
 *
 * The inverse hyperbolic sine of any z.
 */
export function cmath_asinh(_m: usize, z: usize): usize {
  return apply(z, c_asinh.index);
}

/**
 * @native cmath.atan($module, z, /)
 *
 * The arc tangent of z.
 */
export function cmath_atan(_m: usize, z: usize): usize {
  return apply(z, c_atan.index);
}

/**
 * @native cmath.atanh($module, z, /)
 *
 * The inverse hyperbolic tangent of z.
 */
export function cmath_atanh(_m: usize, z: usize): usize {
  return apply(z, c_atanh.index);
}

/**
 * @native cmath.cos($module, z, /)
 *
 * The cosine of z.
 */
export function cmath_cos(_m: usize, z: usize): usize {
  return apply(z, c_cos.index);
}

/**
 * @native cmath.cosh($module, z, /)
 *
 * The hyperbolic cosine of z.
 */
export function cmath_cosh(_m: usize, z: usize): usize {
  return apply(z, c_cosh.index);
}

/**
 * @native cmath.exp($module, z, /)
 *
 * The power e**z, for a complex z.
 */
export function cmath_exp(_m: usize, z: usize): usize {
  return apply(z, c_exp.index);
}

/**
 * @native cmath.log10($module, z, /)
 *
 * The logarithm of z, base 10.
 */
export function cmath_log10(_m: usize, z: usize): usize {
  return apply(z, c_log10.index);
}

/**
 * @native cmath.sin($module, z, /)
 *
 * The sine of z.
 */
export function cmath_sin(_m: usize, z: usize): usize {
  return apply(z, c_sin.index);
}

/**
 * @native cmath.sinh($module, z, /)
 *
 * The hyperbolic sine of z.
 */
export function cmath_sinh(_m: usize, z: usize): usize {
  return apply(z, c_sinh.index);
}

/**
 * @native cmath.sqrt($module, z, /)
 *
 * The square root of any z.
 */
export function cmath_sqrt(_m: usize, z: usize): usize {
  return apply(z, c_sqrt.index);
}

/**
 * @native cmath.tan($module, z, /)
 *
 * The tangent of any z.
 */
export function cmath_tan(_m: usize, z: usize): usize {
  return apply(z, c_tan.index);
}

/**
 * @native cmath.tanh($module, z, /)
 *
 * The hyperbolic tangent of z.
 */
export function cmath_tanh(_m: usize, z: usize): usize {
  return apply(z, c_tanh.index);
}

/**
 * @native cmath.log($module, z, base=<unrepresentable>, /)
 *
 * The power that the base has to be raised to, to give z.
 *
 * Without a base it is e; a base may be any complex number.
 */
export function cmath_log(_m: usize, z: usize, base: usize): usize {
  const s = Scratch.take(4);
  const a = complexvalue.at(s);
  const b = complexvalue.at(s + SIZEOF_complexvalue);
  let read = PyComplex_AsCComplex(z, s);
  let status = read ? c_log(a) : FINE;
  if (read && base != 0) {
    read = PyComplex_AsCComplex(base, s + SIZEOF_complexvalue);
    if (read) {
      // As in CPython the logarithm of the base decides alone whether there is an error.
      status = c_log(b);
      if (!complexQuotient(a.real, a.imag, b.real, b.imag, s)) {
        set(a, 0, 0);
        status = DOMAIN;
      }
    }
  }
  const real = a.real;
  const imag = a.imag;
  Scratch.give(s);
  if (!read) return 0;
  return status == FINE ? PyComplex_FromDoubles(real, imag) : error(status);
}

/**
 * @native cmath.phase($module, z, /)
 *
 * The angle of z, also called its argument.
 */
export function cmath_phase(_m: usize, o: usize): usize {
  const s = Scratch.take(2);
  const read = PyComplex_AsCComplex(o, s);
  const z = complexvalue.at(s);
  Scratch.give(s);
  if (!read) return 0;
  const phase = phaseOf(z.imag, z.real);
  // An angle that is too small for a float is an error here, as C libraries say that it is.
  return phase == 0 && z.imag != 0 && isFinite(z.real) ? error(RANGE) : PyFloat_FromDouble(phase);
}

/** The absolute value; infinite where a part is, whatever the other. */
function sizeOf(x: f64, y: f64): f64 {
  if (abs(x) == Infinity || abs(y) == Infinity) return Infinity;
  return isNaN(x) || isNaN(y) ? NaN : NativeMath.hypot(x, y);
}

/**
 * @native cmath.polar($module, z, /)
 *
 * The distance of z from 0 and its angle, in a tuple.
 *
 * These two are its polar coordinates; rect() is the way back.
 */
export function cmath_polar(_m: usize, o: usize): usize {
  const s = Scratch.take(2);
  const read = PyComplex_AsCComplex(o, s);
  const x = complexvalue.at(s).real;
  const y = complexvalue.at(s).imag;
  Scratch.give(s);
  if (!read) return 0;
  const size = sizeOf(x, y);
  if (size == Infinity && isFinite(x) && isFinite(y)) return error(RANGE);
  const distance = PyFloat_FromDouble(size);
  const phase = distance == 0 ? 0 : PyFloat_FromDouble(phaseOf(y, x));
  const r = phase == 0 ? 0 : PyTuple_Pack2(distance, phase);
  Py.XDECREF(distance);
  Py.XDECREF(phase);
  return r;
}

/**
 * @native cmath.rect($module, r, phi, /)
 *
 * The number at distance r from 0, at angle phi.
 */
export function cmath_rect(_m: usize, r: f64, phi: f64): usize {
  if (isFinite(r) && isFinite(phi)) {
    // An angle of 0 keeps its sign.
    if (phi == 0) return PyComplex_FromDoubles(r, r * phi);
    return PyComplex_FromDoubles(r * NativeMath.cos(phi), r * NativeMath.sin(phi));
  }
  if (r != 0 && !isNaN(r) && abs(phi) == Infinity) return error(DOMAIN);
  if (abs(r) == Infinity && isFinite(phi) && phi != 0) {
    return PyComplex_FromDoubles(
      copysign<f64>(Infinity, r) * copysign<f64>(1, NativeMath.cos(phi)),
      copysign<f64>(Infinity, r) * copysign<f64>(1, NativeMath.sin(phi)),
    );
  }
  const s = Scratch.take(2);
  const z = complexvalue.at(s);
  set(z, r, phi);
  lookUp(rectSpecial, z);
  Scratch.give(s);
  return PyComplex_FromDoubles(z.real, z.imag);
}

/**
 * @native cmath.isfinite($module, z, /)
 *
 * Whether z is an ordinary number: no part of it is infinite, and none is a NaN.
 */
export function cmath_isfinite(_m: usize, o: usize): usize {
  const s = Scratch.take(2);
  const read = PyComplex_AsCComplex(o, s);
  Scratch.give(s);
  return read ? boolObject(!isSpecial(complexvalue.at(s))) : 0;
}

/**
 * @native cmath.isinf($module, z, /)
 *
 * Whether one of the parts of z is infinite.
 */
export function cmath_isinf(_m: usize, o: usize): usize {
  const s = Scratch.take(2);
  const read = PyComplex_AsCComplex(o, s);
  const z = complexvalue.at(s);
  Scratch.give(s);
  return read ? boolObject(abs(z.real) == Infinity || abs(z.imag) == Infinity) : 0;
}

/**
 * @native cmath.isnan($module, z, /)
 *
 * Whether one of the parts of z is a NaN, infinite or not.
 */
export function cmath_isnan(_m: usize, o: usize): usize {
  const s = Scratch.take(2);
  const read = PyComplex_AsCComplex(o, s);
  const z = complexvalue.at(s);
  Scratch.give(s);
  return read ? boolObject(isNaN(z.real) || isNaN(z.imag)) : 0;
}

/**
 * @native cmath.isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)
 *
 * Whether two complex numbers are nearly equal.
 *
 *   rel_tol
 *     How far they may be apart, as a part of the distance from 0 of the one that is further from it.
 *   abs_tol
 *     How far they may be apart in any case, which matters near 0.
 *
 * One of both is enough: abs(a - b) <= max(rel_tol * max(abs(a), abs(b)), abs_tol).
 *
 * No tolerance may be negative. An infinity is near to itself only, and a NaN is near to nothing, not even to itself.
 */
export function cmath_isclose(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const given = Scratch.take(8);
  const ok = parseArguments("isclose", "a b rel_tol abs_tol", argv, nargs, kwnames, given, 2, 2);
  const s = given + 32;
  const read =
    ok &&
    PyComplex_AsCComplex(Py.item(given, 0), s) &&
    PyComplex_AsCComplex(Py.item(given, 1), s + SIZEOF_complexvalue);
  const relative = Py.item(given, 2);
  const absolute = Py.item(given, 3);
  const ax = complexvalue.at(s).real;
  const ay = complexvalue.at(s).imag;
  const bx = complexvalue.at(s + SIZEOF_complexvalue).real;
  const by = complexvalue.at(s + SIZEOF_complexvalue).imag;
  Scratch.give(given);
  if (!read) return 0;
  const rel = relative == 0 ? 1e-9 : PyFloat_AsDouble(relative);
  if (rel == -1 && PyErr_Occurred()) return 0;
  const least = absolute == 0 ? 0 : PyFloat_AsDouble(absolute);
  if (least == -1 && PyErr_Occurred()) return 0;
  if (rel < 0 || least < 0) return PyErr_SetString(PyExc_ValueError, "tolerances must be non-negative");
  if (ax == bx && ay == by) return _Py_TrueStruct;
  if (abs(ax) == Infinity || abs(ay) == Infinity || abs(bx) == Infinity || abs(by) == Infinity) return _Py_FalseStruct;
  const d = sizeOf(ax - bx, ay - by);
  return boolObject(d <= rel * sizeOf(bx, by) || d <= rel * sizeOf(ax, ay) || d <= least);
}

function addFloat(m: usize, name: string, v: f64): bool {
  return PyModule_AddObjectLiteral(m, name, PyFloat_FromDouble(v)) == 0;
}

function addComplex(m: usize, name: string, imag: f64): bool {
  return PyModule_AddObjectLiteral(m, name, PyComplex_FromDoubles(0, imag)) == 0;
}

/**
 * @module cmath
 * @order acos acosh asin asinh atan atanh cos cosh exp isclose isfinite isinf isnan log log10 phase polar rect sin sinh
 * @order sqrt tan tanh
 *
 * The functions of math for complex numbers: what they give is complex, too.
 */
export function initCmath(m: usize): i32 {
  return addFloat(m, "pi", PI) &&
    addFloat(m, "e", E) &&
    addFloat(m, "tau", 2 * PI) &&
    addFloat(m, "inf", Infinity) &&
    addComplex(m, "infj", Infinity) &&
    addFloat(m, "nan", NaN) &&
    addComplex(m, "nanj", NaN)
    ? 0
    : -1;
}
