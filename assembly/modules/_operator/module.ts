// The module _operator (CPython 3.13's Modules/_operator.c): the operators as functions. What fetches items, attributes and
// results of methods is in getters.ts and methodcaller.ts.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { Py_buffer, SIZEOF_Py_buffer } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyAttrGetter_Type,
  PyExc_BufferError,
  PyExc_TypeError,
  PyItemGetter_Type,
  PyMethodCaller_Type,
} from "../../generated/statics";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyBUF_SIMPLE, PyBuffer_Release, PyObject_CheckBuffer, PyObject_GetBuffer } from "../../objects/object/buffer";
import { PY_VECTORCALL_ARGUMENTS_OFFSET, PyObject_Vectorcall } from "../../objects/object/call";
import { Py_EQ, Py_GE, Py_GT, Py_LE, Py_LT, Py_NE } from "../../objects/object/flags";
import { Py } from "../../objects/object/head";
import { PyBool_FromBool } from "../../objects/protocol/access";
import { PyObject_IsTrue, PyObject_Not, PyObject_RichCompare } from "../../objects/protocol/compare";
import {
  PyObject_DelItem,
  PyObject_GetItem,
  PyObject_LengthHint,
  PyObject_SetItem,
} from "../../objects/protocol/items";
import {
  PyNumber_Absolute,
  PyNumber_Add,
  PyNumber_And,
  PyNumber_FloorDivide,
  PyNumber_Index,
  PyNumber_InPlaceAdd,
  PyNumber_InPlaceAnd,
  PyNumber_InPlaceFloorDivide,
  PyNumber_InPlaceLshift,
  PyNumber_InPlaceMatrixMultiply,
  PyNumber_InPlaceMultiply,
  PyNumber_InPlaceOr,
  PyNumber_InPlacePower,
  PyNumber_InPlaceRemainder,
  PyNumber_InPlaceRshift,
  PyNumber_InPlaceSubtract,
  PyNumber_InPlaceTrueDivide,
  PyNumber_InPlaceXor,
  PyNumber_Invert,
  PyNumber_Lshift,
  PyNumber_MatrixMultiply,
  PyNumber_Multiply,
  PyNumber_Negative,
  PyNumber_Or,
  PyNumber_Positive,
  PyNumber_Power,
  PyNumber_Remainder,
  PyNumber_Rshift,
  PyNumber_Subtract,
  PyNumber_TrueDivide,
  PyNumber_Xor,
} from "../../objects/protocol/number";
import {
  PySequence_Concat,
  PySequence_Contains,
  PySequence_Count,
  PySequence_Index,
  PySequence_InPlaceConcat,
} from "../../objects/protocol/sequence";
import { U } from "../../objects/text/access";
import { PyTypeName } from "../../objects/text/concat";
import { Scratch } from "../../thread/scratch";
import { initGetterTypes } from "./getters";
import { initMethodCallerType } from "./methodcaller";

/**
 * @native _operator.truth($module, a, /)
 *
 * Whether a is true, as a bool.
 */
export function operator_truth(_m: usize, a: usize): usize {
  const r = PyObject_IsTrue(a);
  return r < 0 ? 0 : PyBool_FromBool(r != 0);
}

/**
 * @native _operator.contains($module, a, b, /)
 *
 * b in a: mind the order of them.
 */
export function operator_contains(_m: usize, a: usize, b: usize): usize {
  const r = PySequence_Contains(a, b);
  return r < 0 ? 0 : PyBool_FromBool(r != 0);
}

/**
 * @native _operator.indexOf($module, a, b, /)
 *
 * Where b is first in a.
 */
export function operator_indexOf(_m: usize, a: usize, b: usize): usize {
  const i = PySequence_Index(a, b);
  return i < 0 ? 0 : PyLong_FromSsize_t(i);
}

/**
 * @native _operator.countOf($module, a, b, /)
 *
 * How many items of a there are that are equal to b.
 */
export function operator_countOf(_m: usize, a: usize, b: usize): usize {
  const n = PySequence_Count(a, b);
  return n < 0 ? 0 : PyLong_FromSsize_t(n);
}

/**
 * @native _operator.is_($module, a, b, /)
 *
 * a is b.
 */
export function operator_is(_m: usize, a: usize, b: usize): usize {
  return PyBool_FromBool(a == b);
}

/**
 * @native _operator.is_not($module, a, b, /)
 *
 * a is not b.
 */
export function operator_is_not(_m: usize, a: usize, b: usize): usize {
  return PyBool_FromBool(a != b);
}

/**
 * @native _operator.index($module, a, /)
 *
 * a.__index__(), a whole number.
 */
export function operator_index(_m: usize, a: usize): usize {
  return PyNumber_Index(a);
}

/**
 * @native _operator.add($module, a, b, /)
 *
 * a + b.
 */
export function operator_add(_m: usize, a: usize, b: usize): usize {
  return PyNumber_Add(a, b);
}

/**
 * @native _operator.sub($module, a, b, /)
 *
 * a - b.
 */
export function operator_sub(_m: usize, a: usize, b: usize): usize {
  return PyNumber_Subtract(a, b);
}

/**
 * @native _operator.mul($module, a, b, /)
 *
 * a * b.
 */
export function operator_mul(_m: usize, a: usize, b: usize): usize {
  return PyNumber_Multiply(a, b);
}

/**
 * @native _operator.matmul($module, a, b, /)
 *
 * a @ b.
 */
export function operator_matmul(_m: usize, a: usize, b: usize): usize {
  return PyNumber_MatrixMultiply(a, b);
}

/**
 * @native _operator.floordiv($module, a, b, /)
 *
 * a // b.
 */
export function operator_floordiv(_m: usize, a: usize, b: usize): usize {
  return PyNumber_FloorDivide(a, b);
}

/**
 * @native _operator.truediv($module, a, b, /)
 *
 * a / b.
 */
export function operator_truediv(_m: usize, a: usize, b: usize): usize {
  return PyNumber_TrueDivide(a, b);
}

/**
 * @native _operator.mod($module, a, b, /)
 *
 * a % b.
 */
export function operator_mod(_m: usize, a: usize, b: usize): usize {
  return PyNumber_Remainder(a, b);
}

/**
 * @native _operator.neg($module, a, /)
 *
 * -a.
 */
export function operator_neg(_m: usize, a: usize): usize {
  return PyNumber_Negative(a);
}

/**
 * @native _operator.pos($module, a, /)
 *
 * +a.
 */
export function operator_pos(_m: usize, a: usize): usize {
  return PyNumber_Positive(a);
}

/**
 * @native _operator.abs($module, a, /)
 *
 * abs(a).
 */
export function operator_abs(_m: usize, a: usize): usize {
  return PyNumber_Absolute(a);
}

/**
 * @native _operator.inv($module, a, /)
 *
 * ~a.
 */
export function operator_inv(_m: usize, a: usize): usize {
  return PyNumber_Invert(a);
}

/**
 * @native _operator.invert($module, a, /)
 *
 * ~a.
 */
export function operator_invert(_m: usize, a: usize): usize {
  return PyNumber_Invert(a);
}

/**
 * @native _operator.lshift($module, a, b, /)
 *
 * a << b.
 */
export function operator_lshift(_m: usize, a: usize, b: usize): usize {
  return PyNumber_Lshift(a, b);
}

/**
 * @native _operator.rshift($module, a, b, /)
 *
 * a >> b.
 */
export function operator_rshift(_m: usize, a: usize, b: usize): usize {
  return PyNumber_Rshift(a, b);
}

/**
 * @native _operator.not_($module, a, /)
 *
 * not a.
 */
export function operator_not(_m: usize, a: usize): usize {
  const r = PyObject_Not(a);
  return r < 0 ? 0 : PyBool_FromBool(r != 0);
}

/**
 * @native _operator.and_($module, a, b, /)
 *
 * a & b.
 */
export function operator_and(_m: usize, a: usize, b: usize): usize {
  return PyNumber_And(a, b);
}

/**
 * @native _operator.xor($module, a, b, /)
 *
 * a ^ b.
 */
export function operator_xor(_m: usize, a: usize, b: usize): usize {
  return PyNumber_Xor(a, b);
}

/**
 * @native _operator.or_($module, a, b, /)
 *
 * a | b.
 */
export function operator_or(_m: usize, a: usize, b: usize): usize {
  return PyNumber_Or(a, b);
}

/**
 * @native _operator.iadd($module, a, b, /)
 *
 * a += b: what a is then.
 */
export function operator_iadd(_m: usize, a: usize, b: usize): usize {
  return PyNumber_InPlaceAdd(a, b);
}

/**
 * @native _operator.isub($module, a, b, /)
 *
 * a -= b: what a is then.
 */
export function operator_isub(_m: usize, a: usize, b: usize): usize {
  return PyNumber_InPlaceSubtract(a, b);
}

/**
 * @native _operator.imul($module, a, b, /)
 *
 * a *= b: what a is then.
 */
export function operator_imul(_m: usize, a: usize, b: usize): usize {
  return PyNumber_InPlaceMultiply(a, b);
}

/**
 * @native _operator.imatmul($module, a, b, /)
 *
 * a @= b: what a is then.
 */
export function operator_imatmul(_m: usize, a: usize, b: usize): usize {
  return PyNumber_InPlaceMatrixMultiply(a, b);
}

/**
 * @native _operator.ifloordiv($module, a, b, /)
 *
 * a //= b: what a is then.
 */
export function operator_ifloordiv(_m: usize, a: usize, b: usize): usize {
  return PyNumber_InPlaceFloorDivide(a, b);
}

/**
 * @native _operator.itruediv($module, a, b, /)
 *
 * a /= b: what a is then.
 */
export function operator_itruediv(_m: usize, a: usize, b: usize): usize {
  return PyNumber_InPlaceTrueDivide(a, b);
}

/**
 * @native _operator.imod($module, a, b, /)
 *
 * a %= b: what a is then.
 */
export function operator_imod(_m: usize, a: usize, b: usize): usize {
  return PyNumber_InPlaceRemainder(a, b);
}

/**
 * @native _operator.ilshift($module, a, b, /)
 *
 * a <<= b: what a is then.
 */
export function operator_ilshift(_m: usize, a: usize, b: usize): usize {
  return PyNumber_InPlaceLshift(a, b);
}

/**
 * @native _operator.irshift($module, a, b, /)
 *
 * a >>= b: what a is then.
 */
export function operator_irshift(_m: usize, a: usize, b: usize): usize {
  return PyNumber_InPlaceRshift(a, b);
}

/**
 * @native _operator.iand($module, a, b, /)
 *
 * a &= b: what a is then.
 */
export function operator_iand(_m: usize, a: usize, b: usize): usize {
  return PyNumber_InPlaceAnd(a, b);
}

/**
 * @native _operator.ixor($module, a, b, /)
 *
 * a ^= b: what a is then.
 */
export function operator_ixor(_m: usize, a: usize, b: usize): usize {
  return PyNumber_InPlaceXor(a, b);
}

/**
 * @native _operator.ior($module, a, b, /)
 *
 * a |= b: what a is then.
 */
export function operator_ior(_m: usize, a: usize, b: usize): usize {
  return PyNumber_InPlaceOr(a, b);
}

/**
 * @native _operator.concat($module, a, b, /)
 *
 * a + b, of sequences.
 */
export function operator_concat(_m: usize, a: usize, b: usize): usize {
  return PySequence_Concat(a, b);
}

/**
 * @native _operator.iconcat($module, a, b, /)
 *
 * a += b, of sequences: what a is then.
 */
export function operator_iconcat(_m: usize, a: usize, b: usize): usize {
  return PySequence_InPlaceConcat(a, b);
}

/**
 * @native _operator.getitem($module, a, b, /)
 *
 * a[b].
 */
export function operator_getitem(_m: usize, a: usize, b: usize): usize {
  return PyObject_GetItem(a, b);
}

/**
 * @native _operator.setitem($module, a, b, c, /)
 *
 * a[b] = c.
 */
export function operator_setitem(_m: usize, a: usize, b: usize, c: usize): usize {
  return PyObject_SetItem(a, b, c) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _operator.delitem($module, a, b, /)
 *
 * del a[b].
 */
export function operator_delitem(_m: usize, a: usize, b: usize): usize {
  return PyObject_DelItem(a, b) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _operator.pow($module, a, b, /)
 *
 * a ** b.
 */
export function operator_pow(_m: usize, a: usize, b: usize): usize {
  return PyNumber_Power(a, b, _Py_NoneStruct);
}

/**
 * @native _operator.ipow($module, a, b, /)
 *
 * a **= b: what a is then.
 */
export function operator_ipow(_m: usize, a: usize, b: usize): usize {
  return PyNumber_InPlacePower(a, b, _Py_NoneStruct);
}

/**
 * @native _operator.eq($module, a, b, /)
 *
 * a == b.
 */
export function operator_eq(_m: usize, a: usize, b: usize): usize {
  return PyObject_RichCompare(a, b, Py_EQ);
}

/**
 * @native _operator.ne($module, a, b, /)
 *
 * a != b.
 */
export function operator_ne(_m: usize, a: usize, b: usize): usize {
  return PyObject_RichCompare(a, b, Py_NE);
}

/**
 * @native _operator.lt($module, a, b, /)
 *
 * a < b.
 */
export function operator_lt(_m: usize, a: usize, b: usize): usize {
  return PyObject_RichCompare(a, b, Py_LT);
}

/**
 * @native _operator.le($module, a, b, /)
 *
 * a <= b.
 */
export function operator_le(_m: usize, a: usize, b: usize): usize {
  return PyObject_RichCompare(a, b, Py_LE);
}

/**
 * @native _operator.gt($module, a, b, /)
 *
 * a > b.
 */
export function operator_gt(_m: usize, a: usize, b: usize): usize {
  return PyObject_RichCompare(a, b, Py_GT);
}

/**
 * @native _operator.ge($module, a, b, /)
 *
 * a >= b.
 */
export function operator_ge(_m: usize, a: usize, b: usize): usize {
  return PyObject_RichCompare(a, b, Py_GE);
}

/** Whether the bytes at `a` are those at `b`, in a time that depends on `nb` alone. */
function sameBytes(a: usize, na: isize, b: usize, nb: isize): bool {
  // Of another length: b is compared with itself, for nothing.
  const left = na == nb ? a : b;
  let difference: u32 = na == nb ? 0 : 1;
  for (let i: usize = 0; i < <usize>nb; i++) difference |= load<u8>(left + i) ^ load<u8>(b + i);
  return difference == 0;
}

/** As sameBytes, of two objects that lend theirs; -1 with an exception. */
function sameBuffers(a: usize, b: usize): i32 {
  if (!PyObject_CheckBuffer(a) && !PyObject_CheckBuffer(b)) {
    const message = "unsupported operand types(s) or combination of types: '%.100s' and '%.100s'";
    PyErr_Format(PyExc_TypeError, message, PyTypeName.of(a), PyTypeName.of(b));
    return -1;
  }
  const view = Scratch.take((SIZEOF_Py_buffer / 8) * 2);
  const other = view + SIZEOF_Py_buffer;
  let r = -1;
  if (PyObject_GetBuffer(a, view, PyBUF_SIMPLE) == 0) {
    const v = Py_buffer.at(view);
    const w = Py_buffer.at(other);
    if (v.ndim > 1) PyErr_SetString(PyExc_BufferError, "Buffer must be single dimension");
    else if (PyObject_GetBuffer(b, other, PyBUF_SIMPLE) == 0) {
      if (w.ndim > 1) PyErr_SetString(PyExc_BufferError, "Buffer must be single dimension");
      else r = sameBytes(v.buf, v.len, w.buf, w.len) ? 1 : 0;
      PyBuffer_Release(other);
    }
    PyBuffer_Release(view);
  }
  Scratch.give(view);
  return r;
}

/**
 * @native _operator._compare_digest($module, a, b, /)
 *
 * a == b, in a time that does not tell where they differ.
 *
 * For what is secret: both are bytes, or what lends its bytes, or both are str of ASCII only. That they
 * differ in length, or in type, does show in the time that it takes; which bytes they have does not.
 */
export function operator_compare_digest(_m: usize, a: usize, b: usize): usize {
  if (Py.check(a, Py_TPFLAGS_UNICODE_SUBCLASS) && Py.check(b, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    if (!U.isAscii(a) || !U.isAscii(b)) {
      return PyErr_SetString(PyExc_TypeError, "comparing strings with non-ASCII characters is not supported");
    }
    return PyBool_FromBool(sameBytes(U.data(a), U.length(a), U.data(b), U.length(b)));
  }
  const r = sameBuffers(a, b);
  return r < 0 ? 0 : PyBool_FromBool(r != 0);
}

/**
 * @native _operator.length_hint($module, obj, default=0, /)
 *
 * How many items an object will give, about.
 *
 * It is len(obj) if there is such a thing; otherwise what the object itself expects by __length_hint__(), which may be
 * wrong either way, or else the default. Never below 0.
 */
export function operator_length_hint(_m: usize, obj: usize, fallback: isize): usize {
  const n = PyObject_LengthHint(obj, fallback);
  return n == -1 && PyErr_Occurred() ? 0 : PyLong_FromSsize_t(n);
}

/**
 * @native _operator.call($module, obj, /, *args, **kwargs)
 *
 * obj(*args, **kwargs).
 */
export function operator_call(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  if (nargs < 1) return PyErr_SetString(PyExc_TypeError, "call expected at least 1 argument, got 0");
  return PyObject_Vectorcall(
    Py.item(argv, 0),
    Py.slot(argv, 1),
    <usize>(nargs - 1) | PY_VECTORCALL_ARGUMENTS_OFFSET,
    kwnames,
  );
}

/**
 * @module _operator
 *
 * The operators as functions.
 *
 * What an expression does with an operator, these do when they are called: add(x, y) is x + y. They have the names of the
 * special methods, without underscores. Besides there are itemgetter, attrgetter and methodcaller, which make functions that
 * fetch something from what they are called with, as keys for sorting for instance.
 */
export function initOperator(m: usize): i32 {
  return initGetterTypes() == 0 &&
    initMethodCallerType() == 0 &&
    PyModule_AddObjectLiteral(m, "attrgetter", PyAttrGetter_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "itemgetter", PyItemGetter_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "methodcaller", PyMethodCaller_Type) == 0
    ? 0
    : -1;
}
