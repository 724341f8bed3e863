// bool (CPython 3.13's Objects/boolobject.c): two immortal ints of a subtype.

import { PyLongObject_first_digit, PyNumberMethods, PyObject, PyTypeObject } from "../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_TrueStruct,
  PyBool_Type,
  PyExc_DeprecationWarning,
  PyLong_Type,
} from "../../generated/statics";
import { Tuple } from "../containers/tuple";
import { ArgParser } from "../define/args";
import { asNumber } from "../define/tables";
import { PyErr_WarnEx } from "../errors/warnings";
import { IMMORTAL_REFCNT, initImmortal, Py } from "../object/head";
import { PyObject_IsTrue } from "../protocol/compare";
import { PyUnicode_InternLiteral } from "../text/intern";
import { Long } from "./int/access";
import { long_and, long_invert, long_or, long_xor } from "./int/bitwise";

/** True or False as `v` is or is not 0. Immortal, so both new and borrowed. */
export function PyBool_FromLong(v: i32): usize {
  return v != 0 ? _Py_TrueStruct : _Py_FalseStruct;
}

function isBool(o: usize): bool {
  return Py.IS_TYPE(o, PyBool_Type);
}

function bool_repr(o: usize): usize {
  return PyUnicode_InternLiteral(o == _Py_TrueStruct ? "True" : "False");
}

function bool_new(type: usize, args: usize, kwds: usize): usize {
  if (type == PyBool_Type && !ArgParser.noKeywords("bool", kwds)) return 0;
  if (!ArgParser.count("bool", Tuple.size(args), 0, 1)) return 0;
  if (Tuple.size(args) == 0) return _Py_FalseStruct;
  const v = PyObject_IsTrue(Tuple.get(args, 0));
  return v < 0 ? 0 : PyBool_FromLong(v);
}

function bool_vectorcall(_type: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const nargs = <isize>(nargsf & 0x7fffffff);
  if (!ArgParser.noKeywordNames("bool", kwnames)) return 0;
  if (!ArgParser.count("bool", nargs, 0, 1)) return 0;
  if (nargs == 0) return _Py_FalseStruct;
  const v = PyObject_IsTrue(Py.item(argv, 0));
  return v < 0 ? 0 : PyBool_FromLong(v);
}

function bool_and(a: usize, b: usize): usize {
  return isBool(a) && isBool(b) ? PyBool_FromLong(a == _Py_TrueStruct && b == _Py_TrueStruct ? 1 : 0) : long_and(a, b);
}

function bool_or(a: usize, b: usize): usize {
  return isBool(a) && isBool(b) ? PyBool_FromLong(a == _Py_TrueStruct || b == _Py_TrueStruct ? 1 : 0) : long_or(a, b);
}

function bool_xor(a: usize, b: usize): usize {
  return isBool(a) && isBool(b) ? PyBool_FromLong(a != b ? 1 : 0) : long_xor(a, b);
}

/** Warns of `~` of a bool: 0, or -1 with an exception. */
export function warnInversion(): i32 {
  return PyErr_WarnEx(
    PyExc_DeprecationWarning,
    "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the bitwise inversion of the underlying int object and is usually not what you expect from negating a bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise inversion of the underlying int.",
    1,
  );
}

function bool_invert(a: usize): usize {
  return warnInversion() < 0 ? 0 : long_invert(a);
}

function bool_dealloc(o: usize): void {
  // Never called for True and False, which are immortal; an unbalanced release of one brings it back.
  PyObject.at(o).ob_refcnt = IMMORTAL_REFCNT;
}

/**
 * @type bool(object=False, /)
 *
 * True for what counts as true, False for the rest.
 *
 * Empty containers, zero numbers and None are false, most other objects are true. There are two bools only, and both are ints: False is 0 and True is 1.
 */

/** Fills the type's slots, and makes True and False. */
export function initBoolType(): void {
  for (let i: usize = 0; i < 2; i++) {
    const o = i != 0 ? _Py_TrueStruct : _Py_FalseStruct;
    initImmortal(o, PyBool_Type);
    Long.setTag(o, i, <i32>i);
    Long.setDigit(o, 0, <u32>i);
  }
  const t = PyTypeObject.at(PyBool_Type);
  t.tp_basicsize = PyLongObject_first_digit;
  t.tp_itemsize = 4;
  t.tp_base = PyLong_Type;
  t.tp_flags = 0;
  t.tp_dealloc = bool_dealloc.index;
  t.tp_repr = bool_repr.index;
  t.tp_new = bool_new.index;
  t.tp_vectorcall = bool_vectorcall.index;
  const n = PyNumberMethods.at(asNumber(PyBool_Type));
  n.nb_invert = bool_invert.index;
  n.nb_and = bool_and.index;
  n.nb_xor = bool_xor.index;
  n.nb_or = bool_or.index;
}

/** PyBool_FromLong for a truth value. */
export function boolObject(v: bool): usize {
  return v ? _Py_TrueStruct : _Py_FalseStruct;
}
