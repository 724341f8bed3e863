// builtins that compute with numbers and characters (CPython 3.13's Python/bltinmodule.c).

import { Py_TPFLAGS_BYTES_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PyByteArrayObject, PyBytesObject } from "../../generated/layouts";
import { _Py_NoneStruct, ID, PyByteArray_Type, PyExc_TypeError } from "../../generated/statics";
import { parseArguments } from "../../objects/define/args";
import { PyErr_Format, PyErr_Occurred } from "../../objects/errors/raise";
import { Long } from "../../objects/numbers/int/access";
import { longOverflow, PyLong_AsLongLongAndOverflow, PyLong_FromLong } from "../../objects/numbers/int/create";
import { _PyLong_Format } from "../../objects/numbers/int/text";
import { PyObject_CallNoArgs, PyObject_CallOneArg } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyNumber_Absolute, PyNumber_Divmod, PyNumber_Index, PyNumber_Power } from "../../objects/protocol/number";
import { U } from "../../objects/text/access";
import { PyUnicode_FromOrdinal } from "../../objects/text/create";
import { _PyObject_LookupSpecial, PyType_IsSubtype } from "../../objects/types/lookup";
import { Scratch } from "../../thread/scratch";

/**
 * @native builtins.abs($module, x, /)
 *
 * The distance from 0: x without its sign.
 */
export function builtin_abs(_m: usize, x: usize): usize {
  return PyNumber_Absolute(x);
}

/** bin, oct, hex: the digits of an index with the base's prefix. */
function inBase(x: usize, base: i32): usize {
  const i = PyNumber_Index(x);
  if (i == 0) return 0;
  const r = _PyLong_Format(i, base);
  Py.DECREF(i);
  return r;
}

/**
 * @native builtins.bin($module, number, /)
 *
 * A whole number as text in base 2, after 0b.
 *
 *    >>> bin(10)
 *    '0b1010'
 *    >>> bin(-1)
 *    '-0b1'
 */
export function builtin_bin(_m: usize, x: usize): usize {
  return inBase(x, 2);
}

/**
 * @native builtins.oct($module, number, /)
 *
 * A whole number as text in base 8, after a 0o.
 *
 *    >>> oct(493)
 *    '0o755'
 */
export function builtin_oct(_m: usize, x: usize): usize {
  return inBase(x, 8);
}

/**
 * @native builtins.hex($module, number, /)
 *
 * A whole number as text in base 16, after 0x.
 *
 *    >>> hex(51966)
 *    '0xcafe'
 *    >>> hex(-1)
 *    '-0x1'
 */
export function builtin_hex(_m: usize, x: usize): usize {
  return inBase(x, 16);
}

/**
 * @native builtins.chr($module, i, /)
 *
 * The character that has the number i in Unicode, from 0 to 0x10ffff, as text.
 */
export function builtin_chr(_m: usize, x: usize): usize {
  const v = PyLong_AsLongLongAndOverflow(x);
  if (v == -1 && PyErr_Occurred()) return 0;
  // What does not fit is out of range in any case.
  if (v < 0 || v > 0x10ffff || (v == -1 && Long.check(x) && longOverflow(x) != 0)) return PyUnicode_FromOrdinal(-1);
  return PyUnicode_FromOrdinal(<i32>v);
}

/**
 * @native builtins.ord($module, c, /)
 *
 * The number in Unicode of a character: text of length one.
 */
export function builtin_ord(_m: usize, c: usize): usize {
  let n: isize;
  if (Py.check(c, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    n = U.length(c);
    if (n == 1) return PyLong_FromLong(<i32>U.at(c, 0));
  } else if (Py.check(c, Py_TPFLAGS_BYTES_SUBCLASS)) {
    n = Py.SIZE(c);
    if (n == 1) return PyLong_FromLong(load<u8>(PyBytesObject.at(c).ob_sval));
  } else if (PyType_IsSubtype(Py.TYPE(c), PyByteArray_Type)) {
    n = Py.SIZE(c);
    if (n == 1) return PyLong_FromLong(load<u8>(PyByteArrayObject.at(c).ob_start));
  } else {
    return PyErr_Format(PyExc_TypeError, "ord() expected string of length 1, but %.200t found", c);
  }
  return PyErr_Format(PyExc_TypeError, "ord() expected a character, but string of length %d found", n);
}

/**
 * @native builtins.divmod($module, x, y, /)
 *
 * x // y and x % y in a tuple: how often, and what remains.
 */
export function builtin_divmod(_m: usize, x: usize, y: usize): usize {
  return PyNumber_Divmod(x, y);
}

/**
 * @native builtins.pow($module, /, base, exp, mod=None)
 *
 * base to the power of exp; with mod, the remainder of that.
 *
 * With three whole numbers the power itself is never computed, which is fast also where it would be a number of astronomical length.
 */
export function builtin_pow(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(3);
  let r: usize = 0;
  if (parseArguments("pow", "base exp mod", argv, nargs, kwnames, a, 2, 3)) {
    const mod = Py.item(a, 2);
    r = PyNumber_Power(Py.item(a, 0), Py.item(a, 1), mod == 0 ? _Py_NoneStruct : mod);
  }
  Scratch.give(a);
  return r;
}

/**
 * @native builtins.round($module, /, number, ndigits=None)
 *
 * The number that is nearest, with so many digits after the point.
 *
 * Without ndigits it is an int, with it a number of the same type. Of two that are equally near it is the even one. A negative ndigits rounds to tens.
 */
export function builtin_round(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(2);
  let r: usize = 0;
  if (parseArguments("round", "number ndigits", argv, nargs, kwnames, a, 1, 2)) {
    const number = Py.item(a, 0);
    const digits = Py.item(a, 1);
    const method = _PyObject_LookupSpecial(number, ID.__round__);
    if (method != 0) {
      r = digits == 0 || digits == _Py_NoneStruct ? PyObject_CallNoArgs(method) : PyObject_CallOneArg(method, digits);
      Py.DECREF(method);
    } else if (!PyErr_Occurred()) {
      PyErr_Format(PyExc_TypeError, "type %.100t doesn't define __round__ method", number);
    }
  }
  Scratch.give(a);
  return r;
}
