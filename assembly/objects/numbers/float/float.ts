// float (CPython 3.13's Objects/floatobject.c). Up to 100 freed floats are kept, chained in the place of their type.

import {
  _Py_TPFLAGS_MATCH_SELF,
  HOOK_TRACE,
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_LONG_SUBCLASS,
} from "../../../generated/constants";
import { PyFloatObject, PyNumberMethods, PyTypeObject, SIZEOF_PyFloatObject } from "../../../generated/layouts";
import { freelistsRoots, memoryRoots } from "../../../generated/runtime";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  PyExc_DeprecationWarning,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ZeroDivisionError,
  PyFloat_Type,
} from "../../../generated/statics";
import { PyObject_Free, PyObject_Malloc } from "../../../memory/pymem";
import { traceNewReference } from "../../../memory/trace/trace";
import { PyTuple_Pack2 } from "../../containers/tuple";
import { asNumber } from "../../define/tables";
import { PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetObject, PyErr_SetString } from "../../errors/raise";
import { warnObject } from "../../errors/warnings";
import { PyObject_GenericGetAttr } from "../../object/attributes";
import { Py_EQ, Py_GE, Py_GT, Py_LE, Py_LT, Py_NE } from "../../object/flags";
import { Py } from "../../object/head";
import { PyNumber_Index } from "../../protocol/number";
import { compareResult } from "../../text/compare";
import { PyTypeName } from "../../text/concat";
import { PyUnicode_FromLiteral } from "../../text/create";
import { PyUnicode_FromFormat } from "../../text/format/fromformat";
import { PyType_IsSubtype } from "../../types/lookup";
import { boolObject } from "../bool";
import { complex_pow } from "../complex";
import { bitLength, Long } from "../int/access";
import { long_compare } from "../int/compare";
import { longOverflow, longValue, PyLong_AsDouble, PyLong_FromDouble, PyLong_FromLong } from "../int/create";
import { addFloatMethods, float_new, float_vectorcall } from "./methods";
import { floatRepr } from "./text";

const FLOATS_KEPT_MAX: i32 = 100;

export class Float {
  @inline static value(o: usize): f64 {
    return PyFloatObject.at(o).ob_fval;
  }

  @inline static checkExact(o: usize): bool {
    return Py.IS_TYPE(o, PyFloat_Type);
  }

  @inline static check(o: usize): bool {
    return Py.IS_TYPE(o, PyFloat_Type) || PyType_IsSubtype(Py.TYPE(o), PyFloat_Type);
  }
}

/** A new float. Null with MemoryError. */
export function PyFloat_FromDouble(v: f64): usize {
  let o = freelistsRoots.floats;
  if (o != 0) {
    freelistsRoots.floats = PyFloatObject.at(o).next_free;
    freelistsRoots.float_count = freelistsRoots.float_count - 1;
    if (memoryRoots.flags & HOOK_TRACE) traceNewReference(o);
  } else {
    o = PyObject_Malloc(SIZEOF_PyFloatObject);
    if (o == 0) return PyErr_NoMemory();
  }
  const f = PyFloatObject.at(o);
  f.ob_refcnt = 1;
  f.ob_type = PyFloat_Type;
  f.ob_fval = v;
  return o;
}

/** tp_dealloc of float; for the evaluation loop also the release of an exact float. */
export function float_dealloc(o: usize): void {
  if (!Py.IS_TYPE(o, PyFloat_Type)) {
    call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
    return;
  }
  if (freelistsRoots.float_count >= FLOATS_KEPT_MAX) {
    PyObject_Free(o);
    return;
  }
  freelistsRoots.float_count = freelistsRoots.float_count + 1;
  PyFloatObject.at(o).next_free = freelistsRoots.floats;
  freelistsRoots.floats = o;
}

/** Returns the kept floats' blocks. */
export function clearFreeLists_float(): void {
  let o = freelistsRoots.floats;
  freelistsRoots.floats = 0;
  freelistsRoots.float_count = 0;
  while (o != 0) {
    const next = PyFloatObject.at(o).next_free;
    PyObject_Free(o);
    o = next;
  }
}

/** The value of a float, or of anything with __float__ or __index__; -1 with an exception. */
export function PyFloat_AsDouble(o: usize): f64 {
  if (Float.check(o)) return Float.value(o);
  const nb = PyTypeObject.at(Py.TYPE(o)).tp_as_number;
  const convert = nb == 0 ? 0 : PyNumberMethods.at(nb).nb_float;
  if (convert == 0) {
    if (nb != 0 && PyNumberMethods.at(nb).nb_index != 0) {
      const i = PyNumber_Index(o);
      if (i == 0) return -1;
      const v = PyLong_AsDouble(i);
      Py.DECREF(i);
      return v;
    }
    PyErr_Format(PyExc_TypeError, "must be real number, not %.50s", PyTypeName.of(o));
    return -1;
  }
  const r = call_indirect<usize>(convert, o);
  if (r == 0) return -1;
  if (!Float.checkExact(r)) {
    if (!Float.check(r)) {
      PyErr_Format(
        PyExc_TypeError,
        "%.50s.__float__ returned non-float (type %.50s)",
        PyTypeName.of(o),
        PyTypeName.of(r),
      );
      Py.DECREF(r);
      return -1;
    }
    if (warnStrictFloat(o, r) < 0) {
      Py.DECREF(r);
      return -1;
    }
  }
  const v = Float.value(r);
  Py.DECREF(r);
  return v;
}

/** The warning about __float__ that returned an instance of a subclass. */
export function warnStrictFloat(o: usize, r: usize): i32 {
  const text = PyUnicode_FromFormat(
    "%.50s.__float__ returned non-float (type %.50s).  The ability to return an instance of a strict subclass of float is deprecated, and may be removed in a future version of Python.",
    PyTypeName.of(o),
    PyTypeName.of(r),
  );
  if (text == 0) return -1;
  const status = warnObject(PyExc_DeprecationWarning, text, 1);
  Py.DECREF(text);
  return status;
}

/** Whether an operand is a number that float takes: float or int. */
function isOperand(o: usize): bool {
  return Float.check(o) || Py.check(o, Py_TPFLAGS_LONG_SUBCLASS);
}

/** The value of an operand that isOperand accepted; -1 with OverflowError for a large int. */
function operand(o: usize): f64 {
  return Py.check(o, Py_TPFLAGS_LONG_SUBCLASS) ? PyLong_AsDouble(o) : Float.value(o);
}

class Bad {
  /** Whether converting `o` failed. */
  @inline static value(v: f64): bool {
    return v == -1 && PyErr_Occurred() != 0;
  }
}

function float_add(a: usize, b: usize): usize {
  if (!isOperand(a) || !isOperand(b)) return _Py_NotImplementedStruct;
  const x = operand(a);
  if (Bad.value(x)) return 0;
  const y = operand(b);
  return Bad.value(y) ? 0 : PyFloat_FromDouble(x + y);
}

function float_sub(a: usize, b: usize): usize {
  if (!isOperand(a) || !isOperand(b)) return _Py_NotImplementedStruct;
  const x = operand(a);
  if (Bad.value(x)) return 0;
  const y = operand(b);
  return Bad.value(y) ? 0 : PyFloat_FromDouble(x - y);
}

function float_mul(a: usize, b: usize): usize {
  if (!isOperand(a) || !isOperand(b)) return _Py_NotImplementedStruct;
  const x = operand(a);
  if (Bad.value(x)) return 0;
  const y = operand(b);
  return Bad.value(y) ? 0 : PyFloat_FromDouble(x * y);
}

function float_div(a: usize, b: usize): usize {
  if (!isOperand(a) || !isOperand(b)) return _Py_NotImplementedStruct;
  const x = operand(a);
  if (Bad.value(x)) return 0;
  const y = operand(b);
  if (Bad.value(y)) return 0;
  if (y == 0) return PyErr_SetString(PyExc_ZeroDivisionError, "float division by zero");
  return PyFloat_FromDouble(x / y);
}

/** The remainder with the sign of y; y is not 0. */
function floatMod(x: f64, y: f64): f64 {
  const m = x % y;
  if (m == 0) return copysign<f64>(0, y);
  return y < 0 != m < 0 ? m + y : m;
}

/** The floored quotient; y is not 0. */
function floatFloorDiv(x: f64, y: f64): f64 {
  let m = x % y;
  let q = (x - m) / y;
  if (m != 0 && y < 0 != m < 0) {
    m += y;
    q -= 1;
  }
  if (q == 0) return copysign<f64>(0, x / y);
  const f = floor(q);
  return q - f > 0.5 ? f + 1 : f;
}

function float_rem(a: usize, b: usize): usize {
  if (!isOperand(a) || !isOperand(b)) return _Py_NotImplementedStruct;
  const x = operand(a);
  if (Bad.value(x)) return 0;
  const y = operand(b);
  if (Bad.value(y)) return 0;
  if (y == 0) return PyErr_SetString(PyExc_ZeroDivisionError, "float modulo by zero");
  return PyFloat_FromDouble(floatMod(x, y));
}

function float_floor_div(a: usize, b: usize): usize {
  if (!isOperand(a) || !isOperand(b)) return _Py_NotImplementedStruct;
  const x = operand(a);
  if (Bad.value(x)) return 0;
  const y = operand(b);
  if (Bad.value(y)) return 0;
  if (y == 0) return PyErr_SetString(PyExc_ZeroDivisionError, "float floor division by zero");
  return PyFloat_FromDouble(floatFloorDiv(x, y));
}

function float_divmod(a: usize, b: usize): usize {
  if (!isOperand(a) || !isOperand(b)) return _Py_NotImplementedStruct;
  const x = operand(a);
  if (Bad.value(x)) return 0;
  const y = operand(b);
  if (Bad.value(y)) return 0;
  if (y == 0) return PyErr_SetString(PyExc_ZeroDivisionError, "float divmod()");
  const q = PyFloat_FromDouble(floatFloorDiv(x, y));
  const m = q == 0 ? 0 : PyFloat_FromDouble(floatMod(x, y));
  const r = m == 0 ? 0 : PyTuple_Pack2(q, m);
  Py.XDECREF(q);
  Py.XDECREF(m);
  return r;
}

/** Whether a finite number is an odd integer. */
function isOdd(v: f64): bool {
  return abs(v % 2) == 1;
}

/** x ** y as floats have it, the exceptional cases as C99 wants them, by hand: see float_pow. */
function float_pow(a: usize, b: usize, modulus: usize): usize {
  if (modulus != _Py_NoneStruct) {
    return PyErr_SetString(PyExc_TypeError, "pow() 3rd argument not allowed unless all arguments are integers");
  }
  if (!isOperand(a) || !isOperand(b)) return _Py_NotImplementedStruct;
  let x = operand(a);
  if (Bad.value(x)) return 0;
  const y = operand(b);
  if (Bad.value(y)) return 0;
  if (y == 0) return PyFloat_FromDouble(1);
  if (isNaN(x)) return PyFloat_FromDouble(x);
  if (isNaN(y)) return PyFloat_FromDouble(x == 1 ? 1 : y);
  if (y - y != 0) {
    const size = abs(x);
    if (size == 1) return PyFloat_FromDouble(1);
    return PyFloat_FromDouble(y > 0 == size > 1 ? abs(y) : 0);
  }
  if (x - x != 0) {
    const odd = isOdd(y);
    if (y > 0) return PyFloat_FromDouble(odd ? x : abs(x));
    return PyFloat_FromDouble(odd ? copysign<f64>(0, x) : 0);
  }
  if (x == 0) {
    const odd = isOdd(y);
    if (y < 0) return PyErr_SetString(PyExc_ZeroDivisionError, "0.0 cannot be raised to a negative power");
    return PyFloat_FromDouble(odd ? x : 0);
  }
  let negate: bool = false;
  if (x < 0) {
    if (y != floor(y)) return complex_pow(a, b, modulus);
    x = -x;
    negate = isOdd(y);
  }
  if (x == 1) return PyFloat_FromDouble(negate ? -1 : 1);
  const r = NativeMath.pow(x, y);
  if (r - r != 0) {
    // The message of C's ERANGE, with its number.
    const text = PyUnicode_FromLiteral("Numerical result out of range");
    const number = PyLong_FromLong(34);
    const args = text == 0 ? 0 : PyTuple_Pack2(number, text);
    Py.XDECREF(text);
    if (args != 0) {
      PyErr_SetObject(PyExc_OverflowError, args);
      Py.DECREF(args);
    }
    return 0;
  }
  return PyFloat_FromDouble(negate ? -r : r);
}

function float_neg(o: usize): usize {
  return PyFloat_FromDouble(-Float.value(o));
}

function float_abs(o: usize): usize {
  return PyFloat_FromDouble(abs(Float.value(o)));
}

function float_bool(o: usize): i32 {
  return Float.value(o) != 0 ? 1 : 0;
}

/** int() of a float. */
export function float_int(o: usize): usize {
  return PyLong_FromDouble(Float.value(o));
}

/** float() of a float: itself where it is exactly one. */
export function float_float(o: usize): usize {
  return Float.checkExact(o) ? Py.NewRef(o) : PyFloat_FromDouble(Float.value(o));
}

function float_repr(o: usize): usize {
  return floatRepr(Float.value(o));
}

/** Equality and order of a finite float with an int, exactly: -1, 0, 1. */
function compareWithInt(v: f64, i: usize): i32 {
  if (longOverflow(i) == 0) {
    const n = longValue(i);
    if (v >= 9223372036854775808.0) return 1;
    if (v < -9223372036854775808.0) return -1;
    const whole = <i64>v;
    if (whole != n) return whole < n ? -1 : 1;
    const rest = v - <f64>whole;
    return rest == 0 ? 0 : rest < 0 ? -1 : 1;
  }
  // At least 64 bits: a float of that size has no fraction.
  const sign = Long.sign(i);
  if (abs(v) < 9223372036854775808.0 || (v > 0 ? 1 : -1) != sign) return -sign;
  const bits = <i64>((reinterpret<u64>(v) >> 52) & 0x7ff) - 1022;
  const width = bitLength(i);
  if (bits != width) return bits < width ? -sign : sign;
  const exact = PyLong_FromDouble(v);
  if (exact == 0) return 2;
  const c = long_compare(exact, i);
  Py.DECREF(exact);
  return c;
}

function float_richcompare(a: usize, b: usize, op: i32): usize {
  const x = Float.value(a);
  let y: f64 = 0;
  if (Float.check(b)) y = Float.value(b);
  else if (Py.check(b, Py_TPFLAGS_LONG_SUBCLASS)) {
    if (x - x == 0) {
      const c = compareWithInt(x, b);
      return c == 2 ? 0 : boolObject(compareResult(c, op));
    }
  } else return _Py_NotImplementedStruct;
  let r: bool = false;
  if (op == Py_EQ) r = x == y;
  else if (op == Py_NE) r = x != y;
  else if (op == Py_LT) r = x < y;
  else if (op == Py_LE) r = x <= y;
  else if (op == Py_GT) r = x > y;
  else if (op == Py_GE) r = x >= y;
  return boolObject(r);
}

const HASH_MODULUS: u64 = (1 << 61) - 1;

/** The hash of a number, equal for equal numbers of any type; that of `o`'s address where it is not a number. */
export function _Py_HashDouble(o: usize, v: f64): i64 {
  if (v - v != 0) {
    if (isNaN(v)) return _Py_HashPointer(o);
    return v > 0 ? 314159 : -314159;
  }
  if (v == 0) return 0;
  // The value is mantissa * 2^exponent: reduce modulo 2^61 - 1, where 2^61 is 1.
  const bits = reinterpret<u64>(abs(v));
  let exponent = <i32>(bits >> 52);
  let m = bits & 0xfffffffffffff;
  if (exponent != 0) m |= 0x10000000000000;
  else exponent = 1;
  let e = (exponent - 1075) % 61;
  if (e < 0) e += 61;
  let x = m;
  x = ((x << (<u64>e)) & HASH_MODULUS) | (x >> <u64>(61 - e));
  if (x >= HASH_MODULUS) x -= HASH_MODULUS;
  const h = v < 0 ? -(<i64>x) : <i64>x;
  return h == -1 ? -2 : h;
}

/** The hash of an address. */
function _Py_HashPointer(o: usize): i64 {
  const p = <u64>o;
  const h = <i64>((p >> 4) | (p << 60));
  return h == -1 ? -2 : h;
}

function float_hash(o: usize): i64 {
  return _Py_HashDouble(o, Float.value(o));
}

/**
 * @type float(x=0, /)
 * @order conjugate __trunc__ __floor__ __ceil__ __round__ as_integer_ratio fromhex hex is_integer
 * @order __getnewargs__ __getformat__ __format__
 *
 * A number of double precision, from a number or from its text.
 */

/** Fills the type's slots and tables. */
export function initFloatType(): void {
  const t = PyTypeObject.at(PyFloat_Type);
  t.tp_basicsize = SIZEOF_PyFloatObject;
  t.tp_flags = Py_TPFLAGS_BASETYPE | _Py_TPFLAGS_MATCH_SELF;
  t.tp_dealloc = float_dealloc.index;
  t.tp_repr = float_repr.index;
  t.tp_hash = float_hash.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_richcompare = float_richcompare.index;
  t.tp_new = float_new.index;
  t.tp_vectorcall = float_vectorcall.index;
  const n = PyNumberMethods.at(asNumber(PyFloat_Type));
  n.nb_add = float_add.index;
  n.nb_subtract = float_sub.index;
  n.nb_multiply = float_mul.index;
  n.nb_remainder = float_rem.index;
  n.nb_divmod = float_divmod.index;
  n.nb_power = float_pow.index;
  n.nb_negative = float_neg.index;
  n.nb_positive = float_float.index;
  n.nb_absolute = float_abs.index;
  n.nb_bool = float_bool.index;
  n.nb_int = float_int.index;
  n.nb_float = float_float.index;
  n.nb_floor_divide = float_floor_div.index;
  n.nb_true_divide = float_div.index;
  addFloatMethods();
}
