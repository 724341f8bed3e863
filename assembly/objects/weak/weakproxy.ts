// Weak proxies: objects that stand for another without keeping it alive (the proxy half of CPython 3.13's
// Objects/weakrefobject.c). What is done to a proxy is done to the object, or raises ReferenceError where it is dead.
// References themselves are in weakref.ts; a proxy is a reference of another type.

import { Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import {
  PyMappingMethods,
  PyNumberMethods,
  PySequenceMethods,
  PyTypeObject,
  SIZEOF_PyWeakReference,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _PyWeakref_CallableProxyType,
  _PyWeakref_ProxyType,
  ID,
  PyExc_ReferenceError,
  PyExc_TypeError,
} from "../../generated/statics";
import { asMapping, asNumber, asSequence } from "../define/tables";
import { PyErr_Format, PyErr_SetString } from "../errors/raise";
import { PyWeakReference_traverse } from "../generated/references";
import { PyObject_GC_Del } from "../object/alloc";
import { PyObject_Call, PyObject_CallMethodNoArgs } from "../object/call";
import { Py } from "../object/head";
import { PyObject_GetAttr, PyObject_SetAttr } from "../protocol/access";
import { PyObject_HashNotImplemented, PyObject_IsTrue, PyObject_RichCompare } from "../protocol/compare";
import { PyObject_DelItem, PyObject_GetItem, PyObject_SetItem, PyObject_Size } from "../protocol/items";
import { PyIter_Check, PyIter_Next, PyObject_GetIter } from "../protocol/iterator";
import * as N from "../protocol/number";
import { PySequence_Contains } from "../protocol/sequence";
import { PyObject_Str } from "../protocol/text";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { weakref_clear, weakref_dealloc, weakrefGet } from "./weakref";

function isProxy(o: usize): bool {
  const type = Py.TYPE(o);
  return type == _PyWeakref_ProxyType || type == _PyWeakref_CallableProxyType;
}

/** What the operand stands for: itself, or the object of a proxy; a new reference. Null with ReferenceError. */
function behind(o: usize): usize {
  if (!isProxy(o)) return Py.NewRef(o);
  const target = weakrefGet(o);
  if (target == 0) PyErr_SetString(PyExc_ReferenceError, "weakly-referenced object no longer exists");
  return target;
}

/** Calls the binary operation with table index `fn` on what both stand for. */
function binary(a: usize, b: usize, fn: u32): usize {
  const x = behind(a);
  if (x == 0) return 0;
  const y = behind(b);
  const r = y == 0 ? 0 : call_indirect<usize>(fn, x, y);
  Py.DECREF(x);
  Py.XDECREF(y);
  return r;
}

function unary(a: usize, fn: u32): usize {
  const x = behind(a);
  if (x == 0) return 0;
  const r = call_indirect<usize>(fn, x);
  Py.DECREF(x);
  return r;
}

function ternary(a: usize, b: usize, c: usize, fn: u32): usize {
  const x = behind(a);
  const y = x == 0 ? 0 : behind(b);
  const z = y == 0 ? 0 : c == 0 ? _Py_NoneStruct : behind(c);
  const r = z == 0 ? 0 : call_indirect<usize>(fn, x, y, z);
  Py.XDECREF(x);
  Py.XDECREF(y);
  Py.XDECREF(z);
  return r;
}

function proxy_add(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_Add.index);
}
function proxy_sub(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_Subtract.index);
}
function proxy_mul(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_Multiply.index);
}
function proxy_floordiv(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_FloorDivide.index);
}
function proxy_truediv(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_TrueDivide.index);
}
function proxy_mod(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_Remainder.index);
}
function proxy_divmod(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_Divmod.index);
}
function proxy_pow(a: usize, b: usize, c: usize): usize {
  return ternary(a, b, c, N.PyNumber_Power.index);
}
function proxy_neg(a: usize): usize {
  return unary(a, N.PyNumber_Negative.index);
}
function proxy_pos(a: usize): usize {
  return unary(a, N.PyNumber_Positive.index);
}
function proxy_abs(a: usize): usize {
  return unary(a, N.PyNumber_Absolute.index);
}
function proxy_invert(a: usize): usize {
  return unary(a, N.PyNumber_Invert.index);
}
function proxy_lshift(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_Lshift.index);
}
function proxy_rshift(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_Rshift.index);
}
function proxy_and(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_And.index);
}
function proxy_xor(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_Xor.index);
}
function proxy_or(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_Or.index);
}
function proxy_int(a: usize): usize {
  return unary(a, N.PyNumber_Long.index);
}
function proxy_float(a: usize): usize {
  return unary(a, N.PyNumber_Float.index);
}
function proxy_index(a: usize): usize {
  return unary(a, N.PyNumber_Index.index);
}
function proxy_iadd(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_InPlaceAdd.index);
}
function proxy_isub(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_InPlaceSubtract.index);
}
function proxy_imul(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_InPlaceMultiply.index);
}
function proxy_ifloordiv(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_InPlaceFloorDivide.index);
}
function proxy_itruediv(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_InPlaceTrueDivide.index);
}
function proxy_imod(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_InPlaceRemainder.index);
}
function proxy_ipow(a: usize, b: usize, c: usize): usize {
  return ternary(a, b, c, N.PyNumber_InPlacePower.index);
}
function proxy_ilshift(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_InPlaceLshift.index);
}
function proxy_irshift(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_InPlaceRshift.index);
}
function proxy_iand(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_InPlaceAnd.index);
}
function proxy_ixor(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_InPlaceXor.index);
}
function proxy_ior(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_InPlaceOr.index);
}
function proxy_matmul(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_MatrixMultiply.index);
}
function proxy_imatmul(a: usize, b: usize): usize {
  return binary(a, b, N.PyNumber_InPlaceMatrixMultiply.index);
}

function proxy_bool(a: usize): i32 {
  const x = behind(a);
  if (x == 0) return -1;
  const r = PyObject_IsTrue(x);
  Py.DECREF(x);
  return r;
}

function proxy_str(a: usize): usize {
  return unary(a, PyObject_Str.index);
}

function proxy_repr(a: usize): usize {
  const x = weakrefGet(a);
  if (x == 0) return PyUnicode_FromFormat("<weakproxy at 0x%x; dead>", a);
  const r = PyUnicode_FromFormat("<weakproxy at 0x%x; to '%T' at 0x%x>", a, x, x);
  Py.DECREF(x);
  return r;
}

function proxy_getattr(a: usize, name: usize): usize {
  return binary(a, name, PyObject_GetAttr.index);
}

function proxy_setattr(a: usize, name: usize, value: usize): i32 {
  const x = behind(a);
  if (x == 0) return -1;
  const r = PyObject_SetAttr(x, name, value);
  Py.DECREF(x);
  return r;
}

function proxy_richcompare(a: usize, b: usize, op: i32): usize {
  const x = behind(a);
  if (x == 0) return 0;
  const y = behind(b);
  const r = y == 0 ? 0 : PyObject_RichCompare(x, y, op);
  Py.DECREF(x);
  Py.XDECREF(y);
  return r;
}

function proxy_call(a: usize, args: usize, kwargs: usize): usize {
  const x = behind(a);
  if (x == 0) return 0;
  const r = PyObject_Call(x, args, kwargs);
  Py.DECREF(x);
  return r;
}

function proxy_length(a: usize): isize {
  const x = behind(a);
  if (x == 0) return -1;
  const r = PyObject_Size(x);
  Py.DECREF(x);
  return r;
}

function proxy_getitem(a: usize, key: usize): usize {
  return binary(a, key, PyObject_GetItem.index);
}

function proxy_setitem(a: usize, key: usize, value: usize): i32 {
  const x = behind(a);
  if (x == 0) return -1;
  const r = value == 0 ? PyObject_DelItem(x, key) : PyObject_SetItem(x, key, value);
  Py.DECREF(x);
  return r;
}

function proxy_contains(a: usize, v: usize): i32 {
  const x = behind(a);
  if (x == 0) return -1;
  const r = PySequence_Contains(x, v);
  Py.DECREF(x);
  return r;
}

function proxy_iter(a: usize): usize {
  return unary(a, PyObject_GetIter.index);
}

function proxy_iternext(a: usize): usize {
  const x = behind(a);
  if (x == 0) return 0;
  let r: usize = 0;
  if (PyIter_Check(x)) r = PyIter_Next(x);
  else PyErr_Format(PyExc_TypeError, "Weakref proxy referenced a non-iterator '%.200t' object", x);
  Py.DECREF(x);
  return r;
}

/**
 * @native weakref.ProxyType.__bytes__
 */
export function proxy_bytes(a: usize, _u: usize): usize {
  const x = behind(a);
  if (x == 0) return 0;
  const r = PyObject_CallMethodNoArgs(x, ID.__bytes__);
  Py.DECREF(x);
  return r;
}

/**
 * @native weakref.ProxyType.__reversed__
 */
export function proxy_reversed(a: usize, _u: usize): usize {
  const x = behind(a);
  if (x == 0) return 0;
  const r = PyObject_CallMethodNoArgs(x, ID.__reversed__);
  Py.DECREF(x);
  return r;
}

function numberSlots(type: usize): void {
  const n = PyNumberMethods.at(asNumber(type));
  n.nb_add = proxy_add.index;
  n.nb_subtract = proxy_sub.index;
  n.nb_multiply = proxy_mul.index;
  n.nb_remainder = proxy_mod.index;
  n.nb_divmod = proxy_divmod.index;
  n.nb_power = proxy_pow.index;
  n.nb_negative = proxy_neg.index;
  n.nb_positive = proxy_pos.index;
  n.nb_absolute = proxy_abs.index;
  n.nb_bool = proxy_bool.index;
  n.nb_invert = proxy_invert.index;
  n.nb_lshift = proxy_lshift.index;
  n.nb_rshift = proxy_rshift.index;
  n.nb_and = proxy_and.index;
  n.nb_xor = proxy_xor.index;
  n.nb_or = proxy_or.index;
  n.nb_int = proxy_int.index;
  n.nb_float = proxy_float.index;
  n.nb_inplace_add = proxy_iadd.index;
  n.nb_inplace_subtract = proxy_isub.index;
  n.nb_inplace_multiply = proxy_imul.index;
  n.nb_inplace_remainder = proxy_imod.index;
  n.nb_inplace_power = proxy_ipow.index;
  n.nb_inplace_lshift = proxy_ilshift.index;
  n.nb_inplace_rshift = proxy_irshift.index;
  n.nb_inplace_and = proxy_iand.index;
  n.nb_inplace_xor = proxy_ixor.index;
  n.nb_inplace_or = proxy_ior.index;
  n.nb_floor_divide = proxy_floordiv.index;
  n.nb_true_divide = proxy_truediv.index;
  n.nb_inplace_floor_divide = proxy_ifloordiv.index;
  n.nb_inplace_true_divide = proxy_itruediv.index;
  n.nb_index = proxy_index.index;
  n.nb_matrix_multiply = proxy_matmul.index;
  n.nb_inplace_matrix_multiply = proxy_imatmul.index;
}

/** What both kinds of proxies have. */
function proxyType(o: usize): void {
  const t = PyTypeObject.at(o);
  t.tp_basicsize = SIZEOF_PyWeakReference;
  t.tp_dealloc = weakref_dealloc.index;
  t.tp_repr = proxy_repr.index;
  t.tp_hash = PyObject_HashNotImplemented.index;
  t.tp_str = proxy_str.index;
  t.tp_getattro = proxy_getattr.index;
  t.tp_setattro = proxy_setattr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_traverse = PyWeakReference_traverse.index;
  t.tp_clear = weakref_clear.index;
  t.tp_richcompare = proxy_richcompare.index;
  t.tp_iter = proxy_iter.index;
  t.tp_free = PyObject_GC_Del.index;
  numberSlots(o);
  const s = PySequenceMethods.at(asSequence(o));
  s.sq_length = proxy_length.index;
  s.sq_contains = proxy_contains.index;
  const m = PyMappingMethods.at(asMapping(o));
  m.mp_length = proxy_length.index;
  m.mp_subscript = proxy_getitem.index;
  m.mp_ass_subscript = proxy_setitem.index;
}

/**
 * @type weakref.ProxyType
 */

/**
 * @type weakref.CallableProxyType
 */

export function initWeakProxyTypes(): void {
  proxyType(_PyWeakref_ProxyType);
  PyTypeObject.at(_PyWeakref_ProxyType).tp_iternext = proxy_iternext.index;
  proxyType(_PyWeakref_CallableProxyType);
  PyTypeObject.at(_PyWeakref_CallableProxyType).tp_iternext = proxy_iternext.index;
  PyTypeObject.at(_PyWeakref_CallableProxyType).tp_call = proxy_call.index;
}
