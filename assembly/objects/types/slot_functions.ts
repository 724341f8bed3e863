// The functions that stand in a class's slots where the class defines the special method in Python: each looks the
// method up and calls it (the slot_* part of CPython 3.13's Objects/typeobject.c).

import { Py_TPFLAGS_LONG_SUBCLASS } from "../../generated/constants";
import { PyTypeObject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  _Py_TrueStruct,
  ID,
  PyBool_Type,
  PyExc_AttributeError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { PyDescr_IsWrapperOf } from "../descriptors/descriptors";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetObject,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../errors/raise";
import { PyErr_WriteUnraisable } from "../errors/unraisable";
import { PySeqIter_New } from "../iterators/sequence";
import { Long } from "../numbers/int/access";
import { long_as_hash } from "../numbers/int/compare";
import { clampSsize, longOverflow, longValue, PyLong_FromSsize_t } from "../numbers/int/create";
import { _PyObject_GenericGetAttrWithDict, PyObject_GenericGetAttr } from "../object/attributes";
import {
  _PyObject_Call_Prepend,
  PY_VECTORCALL_ARGUMENTS_OFFSET,
  PyObject_Call,
  PyObject_CallNoArgs,
  PyObject_CallOneArg,
  PyObject_CallThreeArgs,
  PyObject_Vectorcall,
} from "../object/call";
import { Py } from "../object/head";
import { PyObject_GetAttr } from "../protocol/access";
import { PyObject_HashNotImplemented, PyObject_IsTrue, PyObject_RichCompare } from "../protocol/compare";
import { PyNumber_Index } from "../protocol/number";
import { _PySequence_IterContains } from "../protocol/sequence";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { _PyType_Lookup, boundMethod, lookupMethod, PyType_IsSubtype } from "./lookup";

/** Calls what lookupMethod gave on self with no arguments, consuming `method`. */
function callMethod0(method: usize, self: usize): usize {
  const f = method & ~1;
  const r = method & 1 ? PyObject_CallOneArg(f, self) : PyObject_CallNoArgs(f);
  Py.DECREF(f);
  return r;
}

function callMethod1(method: usize, self: usize, a: usize): usize {
  const f = method & ~1;
  // A slot before the arguments, which the call may use.
  const argv = Scratch.take(3) + 8;
  Py.setItem(argv, 0, self);
  Py.setItem(argv, 1, a);
  const r =
    method & 1
      ? PyObject_Vectorcall(f, argv, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, 0)
      : PyObject_Vectorcall(f, argv + 8, 1 | PY_VECTORCALL_ARGUMENTS_OFFSET, 0);
  Scratch.give(argv - 8);
  Py.DECREF(f);
  return r;
}

function callMethod2(method: usize, self: usize, a: usize, b: usize): usize {
  const f = method & ~1;
  const argv = Scratch.take(4) + 8;
  Py.setItem(argv, 0, self);
  Py.setItem(argv, 1, a);
  Py.setItem(argv, 2, b);
  const r =
    method & 1
      ? PyObject_Vectorcall(f, argv, 3 | PY_VECTORCALL_ARGUMENTS_OFFSET, 0)
      : PyObject_Vectorcall(f, argv + 8, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, 0);
  Scratch.give(argv - 8);
  Py.DECREF(f);
  return r;
}

/** The method must exist: AttributeError with its name otherwise. */
function required(self: usize, name: usize): usize {
  const method = lookupMethod(self, name);
  if (method == 0 && PyErr_Occurred() == 0) PyErr_SetObject(PyExc_AttributeError, name);
  return method;
}

function call0(self: usize, name: usize): usize {
  const m = required(self, name);
  return m == 0 ? 0 : callMethod0(m, self);
}

function call1(self: usize, name: usize, a: usize): usize {
  const m = required(self, name);
  return m == 0 ? 0 : callMethod1(m, self, a);
}

/** Calls the special method with one argument; AttributeError where it is missing. */
export function callSpecial(self: usize, name: usize, a: usize): usize {
  return call1(self, name, a);
}

function call2(self: usize, name: usize, a: usize, b: usize): usize {
  const m = required(self, name);
  return m == 0 ? 0 : callMethod2(m, self, a, b);
}

/** As call1, but NotImplemented where the method is missing. */
function maybe1(self: usize, name: usize, a: usize): usize {
  const m = lookupMethod(self, name);
  if (m == 0) return PyErr_Occurred() ? 0 : _Py_NotImplementedStruct;
  return callMethod1(m, self, a);
}

/** Drops a result that is not wanted: 0, or -1 where there was none. */
function discard(r: usize): i32 {
  if (r == 0) return -1;
  Py.DECREF(r);
  return 0;
}

// Sequences and mappings

/** What __len__ says, of any size that CPython's Py_ssize_t holds: a new int. Null with an exception. */
export function slotLength(self: usize): usize {
  const r = call0(self, ID.__len__);
  const n = r == 0 ? 0 : PyNumber_Index(r);
  Py.XDECREF(r);
  if (n == 0) return 0;
  if (Long.isNegative(n)) PyErr_SetString(PyExc_ValueError, "__len__() should return >= 0");
  else if (longOverflow(n) == 0) return n;
  else PyErr_SetString(PyExc_OverflowError, "cannot fit 'int' into an index-sized integer");
  Py.DECREF(n);
  return 0;
}

export function slot_sq_length(self: usize): isize {
  const n = slotLength(self);
  if (n == 0) return -1;
  const size = clampSsize(longValue(n));
  Py.DECREF(n);
  return size;
}

export function slot_sq_item(self: usize, i: isize): usize {
  const index = PyLong_FromSsize_t(i);
  if (index == 0) return 0;
  const r = call1(self, ID.__getitem__, index);
  Py.DECREF(index);
  return r;
}

export function slot_sq_ass_item(self: usize, i: isize, value: usize): i32 {
  const index = PyLong_FromSsize_t(i);
  if (index == 0) return -1;
  const r = value == 0 ? call1(self, ID.__delitem__, index) : call2(self, ID.__setitem__, index, value);
  Py.DECREF(index);
  return discard(r);
}

export function slot_sq_contains(self: usize, value: usize): i32 {
  const m = lookupMethod(self, ID.__contains__);
  if (m == _Py_NoneStruct) {
    PyErr_Format(PyExc_TypeError, "'%t' object is not a container", self);
    return -1;
  }
  if (m == 0) return PyErr_Occurred() ? -1 : _PySequence_IterContains(self, value);
  const r = callMethod1(m, self, value);
  if (r == 0) return -1;
  const truth = PyObject_IsTrue(r);
  Py.DECREF(r);
  return truth;
}

export function slot_mp_subscript(self: usize, key: usize): usize {
  return call1(self, ID.__getitem__, key);
}

export function slot_mp_ass_subscript(self: usize, key: usize, value: usize): i32 {
  return discard(value == 0 ? call1(self, ID.__delitem__, key) : call2(self, ID.__setitem__, key, value));
}

// Numbers

/** The function in the number slot at `slot` of o's type. */
function numberSlot(o: usize, slot: usize): u32 {
  const m = PyTypeObject.at(Py.TYPE(o)).tp_as_number;
  return m == 0 ? 0 : load<u32>(m + slot);
}

/** Whether `other`'s type gives the attribute another value than `self`'s: 1, 0 or -1. */
function methodIsOverloaded(self: usize, other: usize, name: usize): i32 {
  const b = _PyType_Lookup(Py.TYPE(other), name);
  if (b == 0) return 0;
  const a = _PyType_Lookup(Py.TYPE(self), name);
  if (a == 0) return 1;
  if (a == b) return 0;
  Py.INCREF(a);
  Py.INCREF(b);
  const r = PyObject_RichCompare(a, b, 3);
  Py.DECREF(a);
  Py.DECREF(b);
  if (r == 0) return -1;
  const truth = PyObject_IsTrue(r);
  Py.DECREF(r);
  return truth;
}

function slotBinary(self: usize, other: usize, slot: usize, thisSlot: u32, op: usize, rop: usize): usize {
  let doOther = Py.TYPE(self) != Py.TYPE(other) && numberSlot(other, slot) == thisSlot;
  if (numberSlot(self, slot) == thisSlot) {
    if (doOther && PyType_IsSubtype(Py.TYPE(other), Py.TYPE(self))) {
      const overloaded = methodIsOverloaded(self, other, rop);
      if (overloaded < 0) return 0;
      if (overloaded) {
        const r = maybe1(other, rop, self);
        if (r != _Py_NotImplementedStruct) return r;
        doOther = false;
      }
    }
    const r = maybe1(self, op, other);
    if (r != _Py_NotImplementedStruct || Py.TYPE(other) == Py.TYPE(self)) return r;
  }
  if (doOther) return maybe1(other, rop, self);
  return _Py_NotImplementedStruct;
}

export function slot_nb_add(a: usize, b: usize): usize {
  return slotBinary(a, b, 0, slot_nb_add.index, ID.__add__, ID.__radd__);
}
export function slot_nb_subtract(a: usize, b: usize): usize {
  return slotBinary(a, b, 8, slot_nb_subtract.index, ID.__sub__, ID.__rsub__);
}
export function slot_nb_multiply(a: usize, b: usize): usize {
  return slotBinary(a, b, 16, slot_nb_multiply.index, ID.__mul__, ID.__rmul__);
}
export function slot_nb_remainder(a: usize, b: usize): usize {
  return slotBinary(a, b, 24, slot_nb_remainder.index, ID.__mod__, ID.__rmod__);
}
export function slot_nb_divmod(a: usize, b: usize): usize {
  return slotBinary(a, b, 32, slot_nb_divmod.index, ID.__divmod__, ID.__rdivmod__);
}
export function slot_nb_lshift(a: usize, b: usize): usize {
  return slotBinary(a, b, 88, slot_nb_lshift.index, ID.__lshift__, ID.__rlshift__);
}
export function slot_nb_rshift(a: usize, b: usize): usize {
  return slotBinary(a, b, 96, slot_nb_rshift.index, ID.__rshift__, ID.__rrshift__);
}
export function slot_nb_and(a: usize, b: usize): usize {
  return slotBinary(a, b, 104, slot_nb_and.index, ID.__and__, ID.__rand__);
}
export function slot_nb_xor(a: usize, b: usize): usize {
  return slotBinary(a, b, 112, slot_nb_xor.index, ID.__xor__, ID.__rxor__);
}
export function slot_nb_or(a: usize, b: usize): usize {
  return slotBinary(a, b, 120, slot_nb_or.index, ID.__or__, ID.__ror__);
}
export function slot_nb_floor_divide(a: usize, b: usize): usize {
  return slotBinary(a, b, 232, slot_nb_floor_divide.index, ID.__floordiv__, ID.__rfloordiv__);
}
export function slot_nb_true_divide(a: usize, b: usize): usize {
  return slotBinary(a, b, 240, slot_nb_true_divide.index, ID.__truediv__, ID.__rtruediv__);
}
export function slot_nb_matrix_multiply(a: usize, b: usize): usize {
  return slotBinary(a, b, 272, slot_nb_matrix_multiply.index, ID.__matmul__, ID.__rmatmul__);
}

function slot_nb_power_binary(a: usize, b: usize): usize {
  return slotBinary(a, b, 40, slot_nb_power.index, ID.__pow__, ID.__rpow__);
}

export function slot_nb_power(a: usize, b: usize, modulus: usize): usize {
  if (modulus == _Py_NoneStruct) return slot_nb_power_binary(a, b);
  if (numberSlot(a, 40) == slot_nb_power.index) return call2(a, ID.__pow__, b, modulus);
  return _Py_NotImplementedStruct;
}

export function slot_nb_inplace_add(a: usize, b: usize): usize {
  return call1(a, ID.__iadd__, b);
}
export function slot_nb_inplace_subtract(a: usize, b: usize): usize {
  return call1(a, ID.__isub__, b);
}
export function slot_nb_inplace_multiply(a: usize, b: usize): usize {
  return call1(a, ID.__imul__, b);
}
export function slot_nb_inplace_remainder(a: usize, b: usize): usize {
  return call1(a, ID.__imod__, b);
}
export function slot_nb_inplace_power(a: usize, b: usize, _modulus: usize): usize {
  return call1(a, ID.__ipow__, b);
}
export function slot_nb_inplace_lshift(a: usize, b: usize): usize {
  return call1(a, ID.__ilshift__, b);
}
export function slot_nb_inplace_rshift(a: usize, b: usize): usize {
  return call1(a, ID.__irshift__, b);
}
export function slot_nb_inplace_and(a: usize, b: usize): usize {
  return call1(a, ID.__iand__, b);
}
export function slot_nb_inplace_xor(a: usize, b: usize): usize {
  return call1(a, ID.__ixor__, b);
}
export function slot_nb_inplace_or(a: usize, b: usize): usize {
  return call1(a, ID.__ior__, b);
}
export function slot_nb_inplace_floor_divide(a: usize, b: usize): usize {
  return call1(a, ID.__ifloordiv__, b);
}
export function slot_nb_inplace_true_divide(a: usize, b: usize): usize {
  return call1(a, ID.__itruediv__, b);
}
export function slot_nb_inplace_matrix_multiply(a: usize, b: usize): usize {
  return call1(a, ID.__imatmul__, b);
}
export function slot_nb_negative(a: usize): usize {
  return call0(a, ID.__neg__);
}
export function slot_nb_positive(a: usize): usize {
  return call0(a, ID.__pos__);
}
export function slot_nb_absolute(a: usize): usize {
  return call0(a, ID.__abs__);
}
export function slot_nb_invert(a: usize): usize {
  return call0(a, ID.__invert__);
}
export function slot_nb_int(a: usize): usize {
  return call0(a, ID.__int__);
}
export function slot_nb_float(a: usize): usize {
  return call0(a, ID.__float__);
}
export function slot_nb_index(a: usize): usize {
  return call0(a, ID.__index__);
}

export function slot_nb_bool(self: usize): i32 {
  let usingLen = false;
  let m = lookupMethod(self, ID.__bool__);
  if (m == 0) {
    if (PyErr_Occurred() != 0) return -1;
    m = lookupMethod(self, ID.__len__);
    if (m == 0) return PyErr_Occurred() ? -1 : 1;
    usingLen = true;
  }
  const r = callMethod0(m, self);
  if (r == 0) return -1;
  let truth: i32 = -1;
  if (usingLen) {
    truth = PyObject_IsTrue(r);
  } else if (Py.TYPE(r) == PyBool_Type) {
    truth = r == _Py_TrueStruct ? 1 : 0;
  } else {
    PyErr_Format(PyExc_TypeError, "__bool__ should return bool, returned %t", r);
  }
  Py.DECREF(r);
  return truth;
}

// The basic slots

export function slot_tp_repr(self: usize): usize {
  const m = lookupMethod(self, ID.__repr__);
  if (m != 0) return callMethod0(m, self);
  PyErr_Clear();
  return PyUnicode_FromFormat("<%t object at 0x%x>", self, self);
}

export function slot_tp_str(self: usize): usize {
  return call0(self, ID.__str__);
}

export function slot_tp_hash(self: usize): i64 {
  const m = lookupMethod(self, ID.__hash__);
  if (m == _Py_NoneStruct || m == 0) return PyObject_HashNotImplemented(self);
  const r = callMethod0(m, self);
  if (r == 0) return -1;
  if (!Py.check(r, Py_TPFLAGS_LONG_SUBCLASS)) {
    PyErr_SetString(PyExc_TypeError, "__hash__ method should return an integer");
    Py.DECREF(r);
    return -1;
  }
  // A value that fits is the hash itself; a larger one is hashed as an int.
  let h = long_as_hash(r);
  Py.DECREF(r);
  if (h == -1) h = -2;
  return h;
}

export function slot_tp_call(self: usize, args: usize, kwargs: usize): usize {
  const m = required(self, ID.__call__);
  if (m == 0) return 0;
  const f = m & ~1;
  const r = m & 1 ? _PyObject_Call_Prepend(f, self, args, kwargs) : PyObject_Call(f, args, kwargs);
  Py.DECREF(f);
  return r;
}

/** __getattribute__ alone is overridden. */
function slot_tp_getattro(self: usize, name: usize): usize {
  return call1(self, ID.__getattribute__, name);
}

/** __getattr__ is defined, or __getattribute__ may be: __getattr__ is asked after AttributeError. */
export function slot_tp_getattr_hook(self: usize, name: usize): usize {
  const type = Py.TYPE(self);
  const getattr = _PyType_Lookup(type, ID.__getattr__);
  if (getattr == 0) {
    PyTypeObject.at(type).tp_getattro = slot_tp_getattro.index;
    return slot_tp_getattro(self, name);
  }
  Py.INCREF(getattr);
  const getattribute = _PyType_Lookup(type, ID.__getattribute__);
  let r: usize;
  if (getattribute == 0 || PyDescr_IsWrapperOf(getattribute, PyObject_GenericGetAttr.index)) {
    r = _PyObject_GenericGetAttrWithDict(self, name, 0, true);
  } else {
    r = call1(self, ID.__getattribute__, name);
    if (r == 0 && PyErr_ExceptionMatches(PyExc_AttributeError)) PyErr_Clear();
  }
  if (r == 0 && PyErr_Occurred() == 0) {
    // The class may have lost it by now.
    const m = boundMethod(self, getattr);
    if (m != 0) r = callMethod1(m, self, name);
  }
  Py.DECREF(getattr);
  return r;
}

export function slot_tp_setattro(self: usize, name: usize, value: usize): i32 {
  return discard(value == 0 ? call1(self, ID.__delattr__, name) : call2(self, ID.__setattr__, name, value));
}

/** The special method of a comparison operator. */
function comparisonName(op: i32): usize {
  if (op == 0) return ID.__lt__;
  if (op == 1) return ID.__le__;
  if (op == 2) return ID.__eq__;
  if (op == 3) return ID.__ne__;
  if (op == 4) return ID.__gt__;
  return ID.__ge__;
}

export function slot_tp_richcompare(self: usize, other: usize, op: i32): usize {
  const m = lookupMethod(self, comparisonName(op));
  if (m != 0) return callMethod1(m, self, other);
  PyErr_Clear();
  return _Py_NotImplementedStruct;
}

export function slot_tp_iter(self: usize): usize {
  let m = lookupMethod(self, ID.__iter__);
  if (m == _Py_NoneStruct) return PyErr_Format(PyExc_TypeError, "'%t' object is not iterable", self);
  if (m != 0) return callMethod0(m, self);
  PyErr_Clear();
  m = lookupMethod(self, ID.__getitem__);
  if (m == 0) return PyErr_Format(PyExc_TypeError, "'%t' object is not iterable", self);
  Py.DECREF(m & ~1);
  return PySeqIter_New(self);
}

export function slot_tp_iternext(self: usize): usize {
  return call0(self, ID.__next__);
}

export function slot_tp_descr_get(self: usize, obj: usize, type: usize): usize {
  const get = _PyType_Lookup(Py.TYPE(self), ID.__get__);
  if (get == 0) {
    if (PyTypeObject.at(Py.TYPE(self)).tp_descr_get == slot_tp_descr_get.index) {
      PyTypeObject.at(Py.TYPE(self)).tp_descr_get = 0;
    }
    return Py.NewRef(self);
  }
  // Called as it is found in the class, with the descriptor as its first argument: it is not bound itself.
  Py.INCREF(get);
  const r = PyObject_CallThreeArgs(get, self, obj == 0 ? _Py_NoneStruct : obj, type == 0 ? _Py_NoneStruct : type);
  Py.DECREF(get);
  return r;
}

export function slot_tp_descr_set(self: usize, target: usize, value: usize): i32 {
  return discard(value == 0 ? call1(self, ID.__delete__, target) : call2(self, ID.__set__, target, value));
}

export function slot_tp_init(self: usize, args: usize, kwargs: usize): i32 {
  const m = required(self, ID.__init__);
  if (m == 0) return -1;
  const f = m & ~1;
  const r = m & 1 ? _PyObject_Call_Prepend(f, self, args, kwargs) : PyObject_Call(f, args, kwargs);
  Py.DECREF(f);
  if (r == 0) return -1;
  if (r != _Py_NoneStruct) {
    PyErr_Format(PyExc_TypeError, "__init__() should return None, not '%t'", r);
    Py.DECREF(r);
    return -1;
  }
  return 0;
}

export function slot_tp_new(type: usize, args: usize, kwargs: usize): usize {
  const f = PyObject_GetAttr(type, ID.__new__);
  if (f == 0) return 0;
  const r = _PyObject_Call_Prepend(f, type, args, kwargs);
  Py.DECREF(f);
  return r;
}

export function slot_tp_finalize(self: usize): void {
  // What was raised goes on being raised.
  const saved = PyErr_GetRaisedException();
  const m = lookupMethod(self, ID.__del__);
  if (m != 0) {
    const f = Py.NewRef(m & ~1);
    const r = callMethod0(m, self);
    if (r == 0) PyErr_WriteUnraisable(f);
    else Py.DECREF(r);
    Py.DECREF(f);
  }
  PyErr_SetRaisedException(saved);
}

// Coroutines

export function slot_am_await(self: usize): usize {
  const m = lookupMethod(self, ID.__await__);
  if (m != 0) return callMethod0(m, self);
  return PyErr_Format(PyExc_AttributeError, "object %.50t does not have __await__ method", self);
}

export function slot_am_aiter(self: usize): usize {
  const m = lookupMethod(self, ID.__aiter__);
  if (m != 0) return callMethod0(m, self);
  return PyErr_Format(PyExc_AttributeError, "object %.50t does not have __aiter__ method", self);
}

export function slot_am_anext(self: usize): usize {
  const m = lookupMethod(self, ID.__anext__);
  if (m != 0) return callMethod0(m, self);
  return PyErr_Format(PyExc_AttributeError, "object %.50t does not have __anext__ method", self);
}
