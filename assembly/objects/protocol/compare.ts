// Comparison, hash and truth of any object (CPython 3.13's Objects/object.c).

import { PyMappingMethods, PyNumberMethods, PySequenceMethods, PyTypeObject } from "../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  _Py_TrueStruct,
  PyExc_TypeError,
  PyLong_Type,
} from "../../generated/statics";
import { Py_EnterRecursiveCall, Py_LeaveRecursiveCall, PyErr_Format } from "../errors/raise";
import { Long } from "../numbers/int/access";
import { Py_EQ, Py_GE, Py_GT, Py_LE, Py_LT, Py_NE } from "../object/flags";
import { Py } from "../object/head";
import { PyType_IsSubtype } from "../types/lookup";
import { PyBool_FromBool } from "./access";

/** The operator with its operands exchanged. */
function swappedOp(op: i32): i32 {
  if (op == Py_LT) return Py_GT;
  if (op == Py_LE) return Py_GE;
  if (op == Py_GT) return Py_LT;
  if (op == Py_GE) return Py_LE;
  return op;
}

function operatorSymbol(op: i32): string {
  if (op == Py_LT) return "<";
  if (op == Py_LE) return "<=";
  if (op == Py_EQ) return "==";
  if (op == Py_NE) return "!=";
  if (op == Py_GT) return ">";
  return ">=";
}

function doRichCompare(v: usize, w: usize, op: i32): usize {
  const tv = Py.TYPE(v);
  const tw = Py.TYPE(w);
  const fv = PyTypeObject.at(tv).tp_richcompare;
  const fw = PyTypeObject.at(tw).tp_richcompare;
  let reflectedTried = false;
  if (tv != tw && fw != 0 && PyType_IsSubtype(tw, tv)) {
    reflectedTried = true;
    const r = call_indirect<usize>(fw, w, v, swappedOp(op));
    if (r != _Py_NotImplementedStruct) return r;
  }
  if (fv != 0) {
    const r = call_indirect<usize>(fv, v, w, op);
    if (r != _Py_NotImplementedStruct) return r;
  }
  if (!reflectedTried && fw != 0) {
    const r = call_indirect<usize>(fw, w, v, swappedOp(op));
    if (r != _Py_NotImplementedStruct) return r;
  }
  if (op == Py_EQ) return PyBool_FromBool(v == w);
  if (op == Py_NE) return PyBool_FromBool(v != w);
  return PyErr_Format(
    PyExc_TypeError,
    "'%L' not supported between instances of '%t' and '%t'",
    changetype<usize>(operatorSymbol(op)),
    v,
    w,
  );
}

/** `v op w`: a new reference, or null with an exception. */
export function PyObject_RichCompare(v: usize, w: usize, op: i32): usize {
  if (Py_EnterRecursiveCall(" in comparison")) return 0;
  const result = doRichCompare(v, w, op);
  Py_LeaveRecursiveCall();
  return result;
}

/** The truth of `v op w`, identity meaning equality: 1, 0, or -1 with an exception. */
export function PyObject_RichCompareBool(v: usize, w: usize, op: i32): i32 {
  if (v == w) {
    if (op == Py_EQ) return 1;
    if (op == Py_NE) return 0;
  }
  // Two ints: what a search or a table with int keys compares most.
  if (op == Py_EQ && Py.TYPE(v) == PyLong_Type && Py.TYPE(w) == PyLong_Type && Long.isCompact(v) && Long.isCompact(w)) {
    return Long.compactValue(v) == Long.compactValue(w) ? 1 : 0;
  }
  const r = PyObject_RichCompare(v, w, op);
  if (r == 0) return -1;
  if (r == _Py_TrueStruct) return 1;
  if (r == _Py_FalseStruct) return 0;
  const truth = PyObject_IsTrue(r);
  Py.DECREF(r);
  return truth;
}

/** hash(o), or -1 with an exception. */
export function PyObject_Hash(o: usize): i64 {
  const fn = PyTypeObject.at(Py.TYPE(o)).tp_hash;
  if (fn != 0) return call_indirect<i64>(fn, o);
  return PyObject_HashNotImplemented(o);
}

/** tp_hash of types that cannot be hashed. */
export function PyObject_HashNotImplemented(o: usize): i64 {
  PyErr_Format(PyExc_TypeError, "unhashable type: '%t'", o);
  return -1;
}

/** The hash of an address. */
export function Py_HashPointer(p: usize): i64 {
  const h = <i64>rotr<u64>(<u64>p, 4);
  return h == -1 ? -2 : h;
}

/** Truth: 1, 0, or -1 with an exception. */
export function PyObject_IsTrue(v: usize): i32 {
  if (v == _Py_TrueStruct) return 1;
  if (v == _Py_FalseStruct || v == _Py_NoneStruct) return 0;
  const t = PyTypeObject.at(Py.TYPE(v));
  let result: isize;
  if (t.tp_as_number != 0 && PyNumberMethods.at(t.tp_as_number).nb_bool != 0) {
    return call_indirect<i32>(PyNumberMethods.at(t.tp_as_number).nb_bool, v);
  }
  if (t.tp_as_mapping != 0 && PyMappingMethods.at(t.tp_as_mapping).mp_length != 0) {
    result = call_indirect<isize>(PyMappingMethods.at(t.tp_as_mapping).mp_length, v);
  } else if (t.tp_as_sequence != 0 && PySequenceMethods.at(t.tp_as_sequence).sq_length != 0) {
    result = call_indirect<isize>(PySequenceMethods.at(t.tp_as_sequence).sq_length, v);
  } else {
    return 1;
  }
  return result > 0 ? 1 : <i32>result;
}

/** not v: 1, 0 or -1. */
export function PyObject_Not(v: usize): i32 {
  const r = PyObject_IsTrue(v);
  return r < 0 ? r : r ^ 1;
}
