// Arithmetic on any objects: which operand's slot is asked first, and what is said when none answers (the number part
// of CPython 3.13's Objects/abstract.c).

import {
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { PyCFunctionObject, PyFloatObject, PyMethodDef, PyTypeObject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  ID,
  PyByteArray_Type,
  PyCFunction_Type,
  PyComplex_Type,
  PyExc_DeprecationWarning,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyFloat_Type,
  PyLong_Type,
} from "../../generated/statics";
import { PyBytes_FromStringAndSize } from "../bytes/bytes";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_Format, PyErr_Occurred } from "../errors/raise";
import { PyErr_WarnEx, PyErr_WarnFormat } from "../errors/warnings";
import { PyFloat_FromDouble, warnStrictFloat } from "../numbers/float/float";
import { PyFloat_FromString } from "../numbers/float/methods";
import { Long } from "../numbers/int/access";
import { _PyLong_Copy, PyLong_AsDouble, PyLong_AsSsize_t } from "../numbers/int/create";
import { PyLong_FromBytesLike, PyLong_FromUnicodeObject } from "../numbers/int/type";
import { Buffer, PyObject_CheckBuffer } from "../object/buffer";
import { PyObject_CallNoArgs } from "../object/call";
import { Py } from "../object/head";
import { _PyObject_LookupSpecial, PyType_IsSubtype } from "../types/lookup";

/** The function in `type`'s number slot at `slot` (an offset in PyNumberMethods), 0 where there is none. */
function numberSlot(type: usize, slot: usize): u32 {
  const m = PyTypeObject.at(type).tp_as_number;
  return m == 0 ? 0 : load<u32>(m + slot);
}

/** Asks the operands' slots in Python's order; NotImplemented (borrowed, immortal) where neither answers. */
export function binaryOp1(v: usize, w: usize, slot: usize): usize {
  const fv = numberSlot(Py.TYPE(v), slot);
  let fw: u32 = 0;
  if (Py.TYPE(w) != Py.TYPE(v)) {
    fw = numberSlot(Py.TYPE(w), slot);
    if (fw == fv) fw = 0;
  }
  if (fv != 0) {
    if (fw != 0 && PyType_IsSubtype(Py.TYPE(w), Py.TYPE(v))) {
      const r = call_indirect<usize>(fw, v, w);
      if (r != _Py_NotImplementedStruct) return r;
      fw = 0;
    }
    const r = call_indirect<usize>(fv, v, w);
    if (r != _Py_NotImplementedStruct) return r;
  }
  if (fw != 0) return call_indirect<usize>(fw, v, w);
  return _Py_NotImplementedStruct;
}

/** Whether it is the built-in function print. */
function isPrint(v: usize): bool {
  if (Py.TYPE(v) != PyCFunction_Type) return false;
  const name = PyMethodDef.at(PyCFunctionObject.at(v).m_ml).ml_name;
  return load<u32>(name) == 0x6e697270 && load<u16>(name + 4) == 0x74;
}

function unsupported(v: usize, w: usize, symbol: string): usize {
  if (changetype<usize>(symbol) == changetype<usize>(">>") && isPrint(v)) {
    // What was written for Python 2: print >> stream, text.
    return PyErr_Format(
      PyExc_TypeError,
      "unsupported operand type(s) for >>: '%t' and '%t'. Did you mean \"print(<message>, file=<output_stream>)\"?",
      v,
      w,
    );
  }
  return PyErr_Format(
    PyExc_TypeError,
    "unsupported operand type(s) for %L: '%t' and '%t'",
    changetype<usize>(symbol),
    v,
    w,
  );
}

function binaryOp(v: usize, w: usize, slot: usize, symbol: string): usize {
  const r = binaryOp1(v, w, slot);
  return r == _Py_NotImplementedStruct ? unsupported(v, w, symbol) : r;
}

/** As binaryOp1, the slot of the in-place operator first. */
export function inplaceOp1(v: usize, w: usize, islot: usize, slot: usize): usize {
  const f = numberSlot(Py.TYPE(v), islot);
  if (f != 0) {
    const r = call_indirect<usize>(f, v, w);
    if (r != _Py_NotImplementedStruct) return r;
  }
  return binaryOp1(v, w, slot);
}

function inplaceOp(v: usize, w: usize, islot: usize, slot: usize, symbol: string): usize {
  const r = inplaceOp1(v, w, islot, slot);
  return r == _Py_NotImplementedStruct ? unsupported(v, w, symbol) : r;
}

// Offsets in PyNumberMethods.
const NB_ADD: usize = 0;
const NB_SUBTRACT: usize = 8;
const NB_MULTIPLY: usize = 16;
const NB_REMAINDER: usize = 24;
const NB_DIVMOD: usize = 32;
const NB_POWER: usize = 40;
const NB_LSHIFT: usize = 88;
const NB_RSHIFT: usize = 96;
const NB_AND: usize = 104;
const NB_XOR: usize = 112;
const NB_OR: usize = 120;
const NB_INPLACE_ADD: usize = 152;
const NB_INPLACE_SUBTRACT: usize = 160;
const NB_INPLACE_MULTIPLY: usize = 168;
const NB_INPLACE_REMAINDER: usize = 176;
const NB_INPLACE_POWER: usize = 184;
const NB_INPLACE_LSHIFT: usize = 192;
const NB_INPLACE_RSHIFT: usize = 200;
const NB_INPLACE_AND: usize = 208;
const NB_INPLACE_XOR: usize = 216;
const NB_INPLACE_OR: usize = 224;
const NB_FLOOR_DIVIDE: usize = 232;
const NB_TRUE_DIVIDE: usize = 240;
const NB_INPLACE_FLOOR_DIVIDE: usize = 248;
const NB_INPLACE_TRUE_DIVIDE: usize = 256;
const NB_MATRIX_MULTIPLY: usize = 272;
const NB_INPLACE_MATRIX_MULTIPLY: usize = 280;

/** The function in `type`'s sequence slot at `slot`, 0 where there is none. */
function sequenceSlot(type: usize, slot: usize): u32 {
  const m = PyTypeObject.at(type).tp_as_sequence;
  return m == 0 ? 0 : load<u32>(m + slot);
}
const SQ_CONCAT: usize = 8;
const SQ_REPEAT: usize = 16;
const SQ_INPLACE_CONCAT: usize = 64;
const SQ_INPLACE_REPEAT: usize = 72;

/** v + w. All operators return a new reference, or null with an exception. */
export function PyNumber_Add(v: usize, w: usize): usize {
  const r = binaryOp1(v, w, NB_ADD);
  if (r != _Py_NotImplementedStruct) return r;
  const f = sequenceSlot(Py.TYPE(v), SQ_CONCAT);
  if (f != 0) return call_indirect<usize>(f, v, w);
  return unsupported(v, w, "+");
}

export function PyNumber_Subtract(v: usize, w: usize): usize {
  return binaryOp(v, w, NB_SUBTRACT, "-");
}

/** A sequence repeated: `repeat` is the slot's function, `n` the other operand. */
function sequenceRepeat(repeat: u32, seq: usize, n: usize): usize {
  if (!PyIndex_Check(n)) {
    return PyErr_Format(PyExc_TypeError, "can't multiply sequence by non-int of type '%t'", n);
  }
  const count = PyNumber_AsSsize_t(n, PyExc_OverflowError);
  if (count == -1 && PyErr_Occurred() != 0) return 0;
  return call_indirect<usize>(repeat, seq, count);
}

export function PyNumber_Multiply(v: usize, w: usize): usize {
  const r = binaryOp1(v, w, NB_MULTIPLY);
  if (r != _Py_NotImplementedStruct) return r;
  let f = sequenceSlot(Py.TYPE(v), SQ_REPEAT);
  if (f != 0) return sequenceRepeat(f, v, w);
  f = sequenceSlot(Py.TYPE(w), SQ_REPEAT);
  if (f != 0) return sequenceRepeat(f, w, v);
  return unsupported(v, w, "*");
}

export function PyNumber_MatrixMultiply(v: usize, w: usize): usize {
  return binaryOp(v, w, NB_MATRIX_MULTIPLY, "@");
}

export function PyNumber_FloorDivide(v: usize, w: usize): usize {
  return binaryOp(v, w, NB_FLOOR_DIVIDE, "//");
}

export function PyNumber_TrueDivide(v: usize, w: usize): usize {
  return binaryOp(v, w, NB_TRUE_DIVIDE, "/");
}

export function PyNumber_Remainder(v: usize, w: usize): usize {
  return binaryOp(v, w, NB_REMAINDER, "%");
}

export function PyNumber_Divmod(v: usize, w: usize): usize {
  return binaryOp(v, w, NB_DIVMOD, "divmod()");
}

export function PyNumber_Lshift(v: usize, w: usize): usize {
  return binaryOp(v, w, NB_LSHIFT, "<<");
}

export function PyNumber_Rshift(v: usize, w: usize): usize {
  return binaryOp(v, w, NB_RSHIFT, ">>");
}

export function PyNumber_And(v: usize, w: usize): usize {
  return binaryOp(v, w, NB_AND, "&");
}

export function PyNumber_Xor(v: usize, w: usize): usize {
  return binaryOp(v, w, NB_XOR, "^");
}

export function PyNumber_Or(v: usize, w: usize): usize {
  return binaryOp(v, w, NB_OR, "|");
}

function powerOp(v: usize, w: usize, z: usize, symbol: string): usize {
  const fv = numberSlot(Py.TYPE(v), NB_POWER);
  let fw: u32 = 0;
  if (Py.TYPE(w) != Py.TYPE(v)) {
    fw = numberSlot(Py.TYPE(w), NB_POWER);
    if (fw == fv) fw = 0;
  }
  const fwFirst = fw;
  if (fv != 0) {
    if (fw != 0 && PyType_IsSubtype(Py.TYPE(w), Py.TYPE(v))) {
      const r = call_indirect<usize>(fw, v, w, z);
      if (r != _Py_NotImplementedStruct) return r;
      fw = 0;
    }
    const r = call_indirect<usize>(fv, v, w, z);
    if (r != _Py_NotImplementedStruct) return r;
  }
  if (fw != 0) {
    const r = call_indirect<usize>(fw, v, w, z);
    if (r != _Py_NotImplementedStruct) return r;
  }
  const fz = numberSlot(Py.TYPE(z), NB_POWER);
  if (fz != 0 && fz != fv && fz != fwFirst) {
    const r = call_indirect<usize>(fz, v, w, z);
    if (r != _Py_NotImplementedStruct) return r;
  }
  if (z == _Py_NoneStruct) return unsupported(v, w, symbol);
  return PyErr_Format(
    PyExc_TypeError,
    "unsupported operand type(s) for %L: '%t', '%t', '%t'",
    changetype<usize>(symbol),
    v,
    w,
    z,
  );
}

/** pow(v, w, z); z is None for the operator. */
export function PyNumber_Power(v: usize, w: usize, z: usize): usize {
  return powerOp(v, w, z, "** or pow()");
}

export function PyNumber_InPlacePower(v: usize, w: usize, z: usize): usize {
  const f = numberSlot(Py.TYPE(v), NB_INPLACE_POWER);
  if (f != 0) {
    const r = call_indirect<usize>(f, v, w, z);
    if (r != _Py_NotImplementedStruct) return r;
  }
  return powerOp(v, w, z, "**=");
}

export function PyNumber_InPlaceAdd(v: usize, w: usize): usize {
  const r = inplaceOp1(v, w, NB_INPLACE_ADD, NB_ADD);
  if (r != _Py_NotImplementedStruct) return r;
  let f = sequenceSlot(Py.TYPE(v), SQ_INPLACE_CONCAT);
  if (f == 0) f = sequenceSlot(Py.TYPE(v), SQ_CONCAT);
  if (f != 0) return call_indirect<usize>(f, v, w);
  return unsupported(v, w, "+=");
}

export function PyNumber_InPlaceMultiply(v: usize, w: usize): usize {
  const r = inplaceOp1(v, w, NB_INPLACE_MULTIPLY, NB_MULTIPLY);
  if (r != _Py_NotImplementedStruct) return r;
  let f = sequenceSlot(Py.TYPE(v), SQ_INPLACE_REPEAT);
  if (f == 0) f = sequenceSlot(Py.TYPE(v), SQ_REPEAT);
  if (f != 0) return sequenceRepeat(f, v, w);
  // As CPython: the right operand is repeated only where the left one's type has no sequence's operators at all.
  f = PyTypeObject.at(Py.TYPE(v)).tp_as_sequence == 0 ? sequenceSlot(Py.TYPE(w), SQ_REPEAT) : 0;
  if (f != 0) return sequenceRepeat(f, w, v);
  return unsupported(v, w, "*=");
}

export function PyNumber_InPlaceSubtract(v: usize, w: usize): usize {
  return inplaceOp(v, w, NB_INPLACE_SUBTRACT, NB_SUBTRACT, "-=");
}

export function PyNumber_InPlaceMatrixMultiply(v: usize, w: usize): usize {
  return inplaceOp(v, w, NB_INPLACE_MATRIX_MULTIPLY, NB_MATRIX_MULTIPLY, "@=");
}

export function PyNumber_InPlaceFloorDivide(v: usize, w: usize): usize {
  return inplaceOp(v, w, NB_INPLACE_FLOOR_DIVIDE, NB_FLOOR_DIVIDE, "//=");
}

export function PyNumber_InPlaceTrueDivide(v: usize, w: usize): usize {
  return inplaceOp(v, w, NB_INPLACE_TRUE_DIVIDE, NB_TRUE_DIVIDE, "/=");
}

export function PyNumber_InPlaceRemainder(v: usize, w: usize): usize {
  return inplaceOp(v, w, NB_INPLACE_REMAINDER, NB_REMAINDER, "%=");
}

export function PyNumber_InPlaceLshift(v: usize, w: usize): usize {
  return inplaceOp(v, w, NB_INPLACE_LSHIFT, NB_LSHIFT, "<<=");
}

export function PyNumber_InPlaceRshift(v: usize, w: usize): usize {
  return inplaceOp(v, w, NB_INPLACE_RSHIFT, NB_RSHIFT, ">>=");
}

export function PyNumber_InPlaceAnd(v: usize, w: usize): usize {
  return inplaceOp(v, w, NB_INPLACE_AND, NB_AND, "&=");
}

export function PyNumber_InPlaceXor(v: usize, w: usize): usize {
  return inplaceOp(v, w, NB_INPLACE_XOR, NB_XOR, "^=");
}

export function PyNumber_InPlaceOr(v: usize, w: usize): usize {
  return inplaceOp(v, w, NB_INPLACE_OR, NB_OR, "|=");
}

function unaryOp(v: usize, slot: usize, what: string): usize {
  const f = numberSlot(Py.TYPE(v), slot);
  if (f != 0) return call_indirect<usize>(f, v);
  return PyErr_Format(PyExc_TypeError, "bad operand type for %L: '%t'", changetype<usize>(what), v);
}

export function PyNumber_Negative(v: usize): usize {
  return unaryOp(v, 48, "unary -");
}

export function PyNumber_Positive(v: usize): usize {
  return unaryOp(v, 56, "unary +");
}

export function PyNumber_Absolute(v: usize): usize {
  return unaryOp(v, 64, "abs()");
}

export function PyNumber_Invert(v: usize): usize {
  return unaryOp(v, 80, "unary ~");
}

/** Whether the object has nb_index. */
export function PyIndex_Check(o: usize): bool {
  return numberSlot(Py.TYPE(o), 264) != 0;
}

/** The object as an int or an instance of a subclass: a new reference. */
function _PyNumber_Index(o: usize): usize {
  if (Py.check(o, Py_TPFLAGS_LONG_SUBCLASS)) return Py.NewRef(o);
  const f = numberSlot(Py.TYPE(o), 264);
  if (f == 0) {
    return PyErr_Format(PyExc_TypeError, "'%t' object cannot be interpreted as an integer", o);
  }
  const r = call_indirect<usize>(f, o);
  if (r == 0 || Py.TYPE(r) == PyLong_Type) return r;
  if (!Py.check(r, Py_TPFLAGS_LONG_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "__index__ returned non-int (type %t)", r);
    Py.DECREF(r);
    return 0;
  }
  return warnedSubclass(r, "__index__");
}

/** Warns of an int that a method has returned and that is of a subclass: it, or null with the warning as exception. */
function warnedSubclass(r: usize, method: string): usize {
  const message =
    "%L returned non-int (type %.200t).  The ability to return an instance of a strict subclass of int is deprecated, and may be removed in a future version of Python.";
  if (PyErr_WarnFormat(PyExc_DeprecationWarning, 1, message, changetype<usize>(method), r) == 0) return r;
  Py.DECREF(r);
  return 0;
}

/** operator.index(o): an exact int. */
export function PyNumber_Index(o: usize): usize {
  const r = _PyNumber_Index(o);
  if (r != 0 && Py.TYPE(r) != PyLong_Type) {
    const exact = _PyLong_Copy(r);
    Py.DECREF(r);
    return exact;
  }
  return r;
}

/** The object as an index. Too large: the exception `exc`, or where exc is null the nearest isize. -1 on failure. */
export function PyNumber_AsSsize_t(o: usize, exc: usize): isize {
  const value = _PyNumber_Index(o);
  if (value == 0) return -1;
  let r = PyLong_AsSsize_t(value);
  if (r == -1 && PyErr_Occurred() != 0 && PyErr_ExceptionMatches(PyExc_OverflowError)) {
    PyErr_Clear();
    if (exc == 0) {
      r = Long.isNegative(value) ? -0x80000000 : 0x7fffffff;
    } else {
      PyErr_Format(exc, "cannot fit '%t' into an index-sized integer", o);
    }
  }
  Py.DECREF(value);
  return r;
}

/** int(o): an exact int. */
export function PyNumber_Long(o: usize): usize {
  if (Py.TYPE(o) == PyLong_Type) return Py.NewRef(o);
  const f = numberSlot(Py.TYPE(o), 128);
  if (f != 0) {
    const r = call_indirect<usize>(f, o);
    if (r == 0 || Py.TYPE(r) == PyLong_Type) return r;
    if (!Py.check(r, Py_TPFLAGS_LONG_SUBCLASS)) {
      PyErr_Format(PyExc_TypeError, "__int__ returned non-int (type %t)", r);
      Py.DECREF(r);
      return 0;
    }
    if (warnedSubclass(r, "__int__") == 0) return 0;
    const exact = _PyLong_Copy(r);
    Py.DECREF(r);
    return exact;
  }
  if (numberSlot(Py.TYPE(o), 264) != 0) return PyNumber_Index(o);
  const trunc = _PyObject_LookupSpecial(o, ID.__trunc__);
  if (trunc != 0) {
    const warned = PyErr_WarnEx(PyExc_DeprecationWarning, "The delegation of int() to __trunc__ is deprecated.", 1);
    const t = warned < 0 ? 0 : PyObject_CallNoArgs(trunc);
    Py.DECREF(trunc);
    if (t == 0) return 0;
    if (Py.TYPE(t) == PyLong_Type) return t;
    if (!PyIndex_Check(t)) {
      PyErr_Format(PyExc_TypeError, "__trunc__ returned non-Integral (type %t)", t);
      Py.DECREF(t);
      return 0;
    }
    const r = PyNumber_Index(t);
    Py.DECREF(t);
    return r;
  }
  if (PyErr_Occurred() != 0) return 0;
  if (Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS)) return PyLong_FromUnicodeObject(o, 10);
  if (Py.check(o, Py_TPFLAGS_BYTES_SUBCLASS) || PyType_IsSubtype(Py.TYPE(o), PyByteArray_Type)) {
    return PyLong_FromBytesLike(o, 10);
  }
  if (PyObject_CheckBuffer(o)) {
    const view = Buffer.open(o);
    if (view != 0) {
      const bytes = PyBytes_FromStringAndSize(Buffer.data(view), Buffer.length(view));
      Buffer.close(view);
      if (bytes == 0) return 0;
      const r = PyLong_FromBytesLike(bytes, 10);
      Py.DECREF(bytes);
      return r;
    }
    PyErr_Clear();
  }
  return PyErr_Format(
    PyExc_TypeError,
    "int() argument must be a string, a bytes-like object or a real number, not '%t'",
    o,
  );
}

/** float(o): an exact float. */
export function PyNumber_Float(o: usize): usize {
  if (Py.TYPE(o) == PyFloat_Type) return Py.NewRef(o);
  const f = numberSlot(Py.TYPE(o), 144);
  if (f != 0) {
    const r = call_indirect<usize>(f, o);
    if (r == 0 || Py.TYPE(r) == PyFloat_Type) return r;
    if (!PyType_IsSubtype(Py.TYPE(r), PyFloat_Type)) {
      PyErr_Format(PyExc_TypeError, "%t.__float__ returned non-float (type %t)", o, r);
      Py.DECREF(r);
      return 0;
    }
    if (warnStrictFloat(o, r) < 0) {
      Py.DECREF(r);
      return 0;
    }
    const v = PyFloatObject.at(r).ob_fval;
    Py.DECREF(r);
    return PyFloat_FromDouble(v);
  }
  if (numberSlot(Py.TYPE(o), 264) != 0) {
    const r = _PyNumber_Index(o);
    if (r == 0) return 0;
    const v = PyLong_AsDouble(r);
    Py.DECREF(r);
    if (v == -1.0 && PyErr_Occurred() != 0) return 0;
    return PyFloat_FromDouble(v);
  }
  if (PyType_IsSubtype(Py.TYPE(o), PyFloat_Type)) return PyFloat_FromDouble(PyFloatObject.at(o).ob_fval);
  return PyFloat_FromString(o);
}

/** Whether the object can be used as a number (int, float or complex conversion). */
export function PyNumber_Check(o: usize): bool {
  const t = Py.TYPE(o);
  if (numberSlot(t, 264) != 0 || numberSlot(t, 128) != 0 || numberSlot(t, 144) != 0) return true;
  return PyType_IsSubtype(t, PyComplex_Type);
}
