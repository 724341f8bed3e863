// What can be asked of any object: text, comparison, hash, truth, attributes, items (CPython 3.13's Objects/object.c
// and the object part of Objects/abstract.c).

import { PyMappingMethods, PyNumberMethods, PySequenceMethods, PyTypeObject } from "../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  _Py_TrueStruct,
  ID,
  PyBytes_Type,
  PyExc_AttributeError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyLong_Type,
  PyRange_Type,
  PyType_Type,
  PyUnicode_Type,
} from "../../generated/statics";
import { _PyObject_GenericGetAttrWithDict } from "../attributes";
import { PyObject_CallNoArgs, PyObject_CallOneArg } from "../call";
import { PyDict_GetItemWithError } from "../dict/dict";
import { _PyObject_TryGetInstanceAttribute, instanceValues } from "../dict/instance";
import {
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../errors";
import { setAttributeErrorContext } from "../exceptions";
import { Py_GenericAlias } from "../genericalias";
import { Long } from "../int/access";
import { PyLong_FromSsize_t } from "../int/create";
import {
  Py,
  Py_EQ,
  Py_GE,
  Py_GT,
  Py_LE,
  Py_LT,
  Py_NE,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_METHOD_DESCRIPTOR,
  Py_TPFLAGS_TYPE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../object";
import { rangeLengthObject } from "../range";
import { slot_sq_length, slotLength } from "../type/slot_functions";
import { _PyObject_LookupSpecial, _PyType_Lookup, PyType_IsSubtype } from "../typeobject";
import { U } from "../unicode/access";
import { internSteal } from "../unicode/intern";
import { PyUnicode_FromFormat, PyUnicode_FromLiteral } from "../unicode/create";
import { escapeNonAscii } from "../unicode/repr";
import { PyIndex_Check, PyNumber_AsSsize_t } from "./number";
import { PySequence_DelItem, PySequence_GetItem, PySequence_SetItem } from "./sequence";

/** New reference to True or False. */
export function PyBool_FromBool(b: bool): usize {
  return b ? _Py_TrueStruct : _Py_FalseStruct;
}

/** repr(o): a new str. A null object gives "<NULL>". */
export function PyObject_Repr(o: usize): usize {
  if (o == 0) return PyUnicode_FromLiteral("<NULL>");
  const fn = PyTypeObject.at(Py.TYPE(o)).tp_repr;
  if (fn == 0) return PyUnicode_FromFormat("<%t object at 0x%x>", o, o);
  if (Py_EnterRecursiveCall(" while getting the repr of an object")) return 0;
  const result = call_indirect<usize>(fn, o);
  Py_LeaveRecursiveCall();
  if (result != 0 && !Py.check(result, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "__repr__ returned non-string (type %t)", result);
    Py.DECREF(result);
    return 0;
  }
  return result;
}

/** str(o): a new str. */
export function PyObject_Str(o: usize): usize {
  if (o == 0) return PyUnicode_FromLiteral("<NULL>");
  const type = Py.TYPE(o);
  if (type == PyUnicode_Type) return Py.NewRef(o);
  const fn = PyTypeObject.at(type).tp_str;
  if (fn == 0) return PyObject_Repr(o);
  if (Py_EnterRecursiveCall(" while getting the str of an object")) return 0;
  const result = call_indirect<usize>(fn, o);
  Py_LeaveRecursiveCall();
  if (result != 0 && !Py.check(result, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "__str__ returned non-string (type %t)", result);
    Py.DECREF(result);
    return 0;
  }
  return result;
}

/** ascii(o): a new str. */
export function PyObject_ASCII(o: usize): usize {
  const repr = PyObject_Repr(o);
  if (repr == 0 || U.isAscii(repr)) return repr;
  const result = escapeNonAscii(repr);
  Py.DECREF(repr);
  return result;
}

/** format(o, spec): a new str. `spec` may be null for the empty string. */
export function PyObject_Format(o: usize, spec: usize): usize {
  if (spec != 0 && !Py.check(spec, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "Format specifier must be a string, not %t", spec);
    return 0;
  }
  if (spec == 0 || U.length(spec) == 0) {
    const type = Py.TYPE(o);
    if (type == PyUnicode_Type) return Py.NewRef(o);
    if (type == PyLong_Type) return PyObject_Str(o);
  }
  const empty = spec == 0 ? PyUnicode_FromLiteral("") : Py.NewRef(spec);
  if (empty == 0) return 0;
  const method = _PyObject_LookupSpecial(o, ID.__format__);
  if (method == 0) {
    if (PyErr_Occurred() == 0) PyErr_Format(PyExc_TypeError, "Type %t doesn't define __format__", o);
    Py.DECREF(empty);
    return 0;
  }
  const result = PyObject_CallOneArg(method, empty);
  Py.DECREF(method);
  Py.DECREF(empty);
  if (result != 0 && !Py.check(result, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "__format__ must return a str, not %t", result);
    Py.DECREF(result);
    return 0;
  }
  return result;
}

/** The operator with its operands exchanged. */
export function swappedOp(op: i32): i32 {
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

/** o.name: a new reference, or null with an exception (AttributeError knows the object and the name). */
export function PyObject_GetAttr(o: usize, name: usize): usize {
  const t = PyTypeObject.at(Py.TYPE(o));
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "attribute name must be string, not '%t'", name);
  }
  let result: usize = 0;
  if (t.tp_getattro != 0) result = call_indirect<usize>(t.tp_getattro, o, name);
  else PyErr_Format(PyExc_AttributeError, "'%t' object has no attribute '%U'", o, name);
  if (result == 0) setAttributeErrorContext(o, name);
  return result;
}

/** o.name where it may be missing: null without exception then. */
export function PyObject_GetOptionalAttr(o: usize, name: usize): usize {
  const t = PyTypeObject.at(Py.TYPE(o));
  if (t.tp_getattro == genericGetAttrIndex()) {
    return _PyObject_GenericGetAttrWithDict(o, name, 0, true);
  }
  const result = PyObject_GetAttr(o, name);
  if (result == 0 && PyErr_ExceptionMatches(PyExc_AttributeError)) PyErr_Clear();
  return result;
}

import { PyObject_GenericGetAttr } from "../attributes";

function genericGetAttrIndex(): u32 {
  return PyObject_GenericGetAttr.index;
}

/** Whether o has the attribute: 1, 0, or -1 with an exception. */
export function PyObject_HasAttrWithError(o: usize, name: usize): i32 {
  const v = PyObject_GetOptionalAttr(o, name);
  if (v == 0) return PyErr_Occurred() ? -1 : 0;
  Py.DECREF(v);
  return 1;
}

/** o.name = value, or del o.name where value is null: 0, or -1 with an exception. */
export function PyObject_SetAttr(o: usize, name: usize, value: usize): i32 {
  const t = PyTypeObject.at(Py.TYPE(o));
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "attribute name must be string, not '%t'", name);
    return -1;
  }
  if (t.tp_setattro != 0) {
    if (U.interned(name) != 0) return call_indirect<i32>(t.tp_setattro, o, name, value);
    // So that the instances of a class share the names of their attributes.
    const interned = internSteal(Py.NewRef(name));
    const r = call_indirect<i32>(t.tp_setattro, o, interned, value);
    Py.DECREF(interned);
    return r;
  }
  if (t.tp_getattro == 0) {
    PyErr_Format(
      PyExc_TypeError,
      value == 0 ? "'%t' object has no attributes (del .%U)" : "'%t' object has no attributes (assign to .%U)",
      o,
      name,
    );
  } else {
    PyErr_Format(
      PyExc_TypeError,
      value == 0
        ? "'%t' object has only read-only attributes (del .%U)"
        : "'%t' object has only read-only attributes (assign to .%U)",
      o,
      name,
    );
  }
  return -1;
}

/**
 * The method o.name for a call: a new reference. Bit 0 is set where it is a plain function or method descriptor of the
 * type, to be called with o as the first argument; clear where it is the attribute's value. Null with an exception.
 */
export function PyObject_GetMethod(o: usize, name: usize): usize {
  const type = Py.TYPE(o);
  const t = PyTypeObject.at(type);
  if (t.tp_getattro != genericGetAttrIndex() || !Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyObject_GetAttr(o, name);
  }
  const descr = _PyType_Lookup(type, name);
  let get: u32 = 0;
  let isMethod = false;
  if (descr != 0) {
    Py.INCREF(descr);
    const dt = PyTypeObject.at(Py.TYPE(descr));
    if (dt.tp_flags & Py_TPFLAGS_METHOD_DESCRIPTOR) {
      isMethod = true;
    } else {
      get = dt.tp_descr_get;
      if (get != 0 && dt.tp_descr_set != 0) {
        const value = call_indirect<usize>(get, descr, o, type);
        Py.DECREF(descr);
        if (value == 0) setAttributeErrorContext(o, name);
        return value;
      }
    }
  }
  // The instance's own attribute hides a method of the type.
  const values = instanceValues(o);
  if (values != 0) {
    const attr = _PyObject_TryGetInstanceAttribute(o, name);
    if (attr != 0) {
      Py.XDECREF(descr);
      return attr;
    }
    if (PyErr_Occurred() != 0) {
      Py.XDECREF(descr);
      return 0;
    }
  } else {
    const dict = objectDict(o);
    if (dict != 0) {
      Py.INCREF(dict);
      const attr = PyDict_GetItemWithError(dict, name);
      if (attr != 0) {
        Py.INCREF(attr);
        Py.DECREF(dict);
        Py.XDECREF(descr);
        return attr;
      }
      Py.DECREF(dict);
      if (PyErr_Occurred() != 0) {
        Py.XDECREF(descr);
        return 0;
      }
    }
  }
  if (isMethod) return descr | 1;
  if (get != 0) {
    const value = call_indirect<usize>(get, descr, o, type);
    Py.DECREF(descr);
    if (value == 0) setAttributeErrorContext(o, name);
    return value;
  }
  if (descr != 0) return descr;
  PyErr_Format(PyExc_AttributeError, "'%t' object has no attribute '%U'", o, name);
  setAttributeErrorContext(o, name);
  return 0;
}

import { objectDict } from "../attributes";

/** len(o), or -1 with an exception. */
export function PyObject_Size(o: usize): isize {
  const t = PyTypeObject.at(Py.TYPE(o));
  if (t.tp_as_sequence != 0 && PySequenceMethods.at(t.tp_as_sequence).sq_length != 0) {
    return call_indirect<isize>(PySequenceMethods.at(t.tp_as_sequence).sq_length, o);
  }
  if (t.tp_as_mapping != 0 && PyMappingMethods.at(t.tp_as_mapping).mp_length != 0) {
    return call_indirect<isize>(PyMappingMethods.at(t.tp_as_mapping).mp_length, o);
  }
  PyErr_Format(PyExc_TypeError, "object of type '%t' has no len()", o);
  return -1;
}

/** len(o): a new int, exact also where isize cannot hold it. Null with an exception. */
export function lengthObject(o: usize): usize {
  if (Py.IS_TYPE(o, PyRange_Type)) return rangeLengthObject(o);
  const sequence = PyTypeObject.at(Py.TYPE(o)).tp_as_sequence;
  if (sequence != 0 && PySequenceMethods.at(sequence).sq_length == slot_sq_length.index) return slotLength(o);
  const n = PyObject_Size(o);
  return n < 0 ? 0 : PyLong_FromSsize_t(n);
}

function hasLength(o: usize): bool {
  const t = PyTypeObject.at(Py.TYPE(o));
  if (t.tp_as_sequence != 0 && PySequenceMethods.at(t.tp_as_sequence).sq_length != 0) return true;
  return t.tp_as_mapping != 0 && PyMappingMethods.at(t.tp_as_mapping).mp_length != 0;
}

/** An estimate of len(o): its length, or what __length_hint__ says, or `fallback`; -1 with an exception. */
export function PyObject_LengthHint(o: usize, fallback: isize): isize {
  if (hasLength(o)) {
    const n = PyObject_Size(o);
    if (n >= 0) return n;
    if (!PyErr_ExceptionMatches(PyExc_TypeError)) return -1;
    PyErr_Clear();
  }
  const method = _PyObject_LookupSpecial(o, ID.__length_hint__);
  if (method == 0) return PyErr_Occurred() ? -1 : fallback;
  const result = PyObject_CallNoArgs(method);
  Py.DECREF(method);
  if (result == 0) {
    if (!PyErr_ExceptionMatches(PyExc_TypeError)) return -1;
    PyErr_Clear();
    return fallback;
  }
  if (result == _Py_NotImplementedStruct) return fallback;
  if (!Py.check(result, Py_TPFLAGS_LONG_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "__length_hint__ must be an integer, not %t", result);
    Py.DECREF(result);
    return -1;
  }
  const n = PyNumber_AsSsize_t(result, PyExc_OverflowError);
  Py.DECREF(result);
  if (n < 0 && PyErr_Occurred() == 0) PyErr_SetString(PyExc_ValueError, "__length_hint__() should return >= 0");
  return n < 0 ? -1 : n;
}

/** o[key]: a new reference, or null with an exception. */
export function PyObject_GetItem(o: usize, key: usize): usize {
  const t = PyTypeObject.at(Py.TYPE(o));
  if (t.tp_as_mapping != 0) {
    const fn = PyMappingMethods.at(t.tp_as_mapping).mp_subscript;
    if (fn != 0) return call_indirect<usize>(fn, o, key);
  }
  if (t.tp_as_sequence != 0 && PySequenceMethods.at(t.tp_as_sequence).sq_item != 0) {
    if (PyIndex_Check(key)) {
      const i = PyNumber_AsSsize_t(key, indexError());
      if (i == -1 && PyErr_Occurred() != 0) return 0;
      return PySequence_GetItem(o, i);
    }
    PyErr_Format(PyExc_TypeError, "sequence index must be integer, not '%t'", key);
    return 0;
  }
  if (Py.check(o, Py_TPFLAGS_TYPE_SUBCLASS)) {
    if (o == PyType_Type) return Py_GenericAlias(o, key);
    const method = PyObject_GetOptionalAttr(o, ID.__class_getitem__);
    if (method != 0 && method != _Py_NoneStruct) {
      const result = PyObject_CallOneArg(method, key);
      Py.DECREF(method);
      return result;
    }
    if (PyErr_Occurred() != 0) return 0;
    PyErr_Format(PyExc_TypeError, "type '%s' is not subscriptable", PyTypeObject.at(o).tp_name);
    return 0;
  }
  PyErr_Format(PyExc_TypeError, "'%t' object is not subscriptable", o);
  return 0;
}

import { PyExc_IndexError } from "../../generated/statics";

function indexError(): usize {
  return PyExc_IndexError;
}

/** o[key] = value: 0, or -1 with an exception. */
export function PyObject_SetItem(o: usize, key: usize, value: usize): i32 {
  const t = PyTypeObject.at(Py.TYPE(o));
  if (t.tp_as_mapping != 0) {
    const fn = PyMappingMethods.at(t.tp_as_mapping).mp_ass_subscript;
    if (fn != 0) return call_indirect<i32>(fn, o, key, value);
  }
  if (t.tp_as_sequence != 0) {
    if (PyIndex_Check(key)) {
      if (PySequenceMethods.at(t.tp_as_sequence).sq_ass_item != 0) {
        const i = PyNumber_AsSsize_t(key, indexError());
        if (i == -1 && PyErr_Occurred() != 0) return -1;
        return PySequence_SetItem(o, i, value);
      }
    } else if (PySequenceMethods.at(t.tp_as_sequence).sq_ass_item != 0) {
      PyErr_Format(PyExc_TypeError, "sequence index must be integer, not '%t'", key);
      return -1;
    }
  }
  PyErr_Format(PyExc_TypeError, "'%t' object does not support item assignment", o);
  return -1;
}

/** del o[key]: 0, or -1 with an exception. */
export function PyObject_DelItem(o: usize, key: usize): i32 {
  const t = PyTypeObject.at(Py.TYPE(o));
  if (t.tp_as_mapping != 0) {
    const fn = PyMappingMethods.at(t.tp_as_mapping).mp_ass_subscript;
    if (fn != 0) return call_indirect<i32>(fn, o, key, <usize>0);
  }
  if (t.tp_as_sequence != 0) {
    if (PyIndex_Check(key)) {
      if (PySequenceMethods.at(t.tp_as_sequence).sq_ass_item != 0) {
        const i = PyNumber_AsSsize_t(key, indexError());
        if (i == -1 && PyErr_Occurred() != 0) return -1;
        return PySequence_DelItem(o, i);
      }
    } else if (PySequenceMethods.at(t.tp_as_sequence).sq_ass_item != 0) {
      PyErr_Format(PyExc_TypeError, "sequence index must be integer, not '%t'", key);
      return -1;
    }
  }
  PyErr_Format(PyExc_TypeError, "'%t' object does not support item deletion", o);
  return -1;
}

/** isinstance(o, cls): 1, 0, or -1 with an exception. */
export function PyObject_IsInstance(o: usize, cls: usize): i32 {
  if (Py.TYPE(o) == cls) return 1;
  if (Py.TYPE(cls) == PyType_Type) return recursiveIsInstance(o, cls);
  if (isUnion(cls)) cls = unionArgs(cls);
  if (isTuple(cls)) {
    if (Py_EnterRecursiveCall(" in __instancecheck__")) return -1;
    let r: i32 = 0;
    const n = Py.SIZE(cls);
    for (let i: isize = 0; i < n && r == 0; i++) r = PyObject_IsInstance(o, Py.item(cls + 24, i));
    Py_LeaveRecursiveCall();
    return r;
  }
  const checker = _PyObject_LookupSpecial(cls, ID.__instancecheck__);
  if (checker != 0) {
    if (Py_EnterRecursiveCall(" in __instancecheck__")) {
      Py.DECREF(checker);
      return -1;
    }
    const res = PyObject_CallOneArg(checker, o);
    Py_LeaveRecursiveCall();
    Py.DECREF(checker);
    if (res == 0) return -1;
    const ok = PyObject_IsTrue(res);
    Py.DECREF(res);
    return ok;
  }
  if (PyErr_Occurred() != 0) return -1;
  return recursiveIsInstance(o, cls);
}

import { unionobject } from "../../generated/layouts";
import { _PyUnion_Type } from "../../generated/statics";
import { Py_TPFLAGS_TUPLE_SUBCLASS } from "../object";

function isTuple(o: usize): bool {
  return Py.check(o, Py_TPFLAGS_TUPLE_SUBCLASS);
}
function isUnion(o: usize): bool {
  return Py.TYPE(o) == _PyUnion_Type;
}
function unionArgs(o: usize): usize {
  return unionobject.at(o).args;
}

/** type.__instancecheck__: by the type, then by __class__. */
export function recursiveIsInstance(o: usize, cls: usize): i32 {
  if (Py.check(cls, Py_TPFLAGS_TYPE_SUBCLASS)) {
    if (PyType_IsSubtype(Py.TYPE(o), cls)) return 1;
    const c = PyObject_GetOptionalAttr(o, ID.__class__);
    if (c == 0) return PyErr_Occurred() ? -1 : 0;
    let r: i32 = 0;
    if (c != Py.TYPE(o) && Py.check(c, Py_TPFLAGS_TYPE_SUBCLASS)) r = PyType_IsSubtype(c, cls) ? 1 : 0;
    Py.DECREF(c);
    return r;
  }
  if (!checkClass(cls, "isinstance() arg 2 must be a type, a tuple of types, or a union")) return -1;
  const c = PyObject_GetOptionalAttr(o, ID.__class__);
  if (c == 0) return PyErr_Occurred() ? -1 : 0;
  const r = abstractIsSubclass(c, cls);
  Py.DECREF(c);
  return r;
}

/** The tuple cls.__bases__, a new reference; null without exception where it is no class. */
function abstractGetBases(cls: usize): usize {
  const bases = PyObject_GetOptionalAttr(cls, ID.__bases__);
  if (bases != 0 && !isTuple(bases)) {
    Py.DECREF(bases);
    return 0;
  }
  return bases;
}

function checkClass(cls: usize, message: string): bool {
  const bases = abstractGetBases(cls);
  if (bases == 0) {
    if (PyErr_Occurred() == 0) PyErr_SetString(PyExc_TypeError, message);
    return false;
  }
  Py.DECREF(bases);
  return true;
}

function abstractIsSubclass(derived: usize, cls: usize): i32 {
  if (derived == cls) return 1;
  const bases = abstractGetBases(derived);
  if (bases == 0) return PyErr_Occurred() ? -1 : 0;
  if (Py_EnterRecursiveCall(" in __issubclass__")) {
    Py.DECREF(bases);
    return -1;
  }
  let r: i32 = 0;
  const n = Py.SIZE(bases);
  for (let i: isize = 0; i < n && r == 0; i++) r = abstractIsSubclass(Py.item(bases + 24, i), cls);
  Py_LeaveRecursiveCall();
  Py.DECREF(bases);
  return r;
}

/** type.__subclasscheck__. */
export function recursiveIsSubclass(derived: usize, cls: usize): i32 {
  if (Py.check(cls, Py_TPFLAGS_TYPE_SUBCLASS) && Py.check(derived, Py_TPFLAGS_TYPE_SUBCLASS)) {
    return PyType_IsSubtype(derived, cls) ? 1 : 0;
  }
  if (!checkClass(derived, "issubclass() arg 1 must be a class")) return -1;
  if (!isUnion(cls) && !checkClass(cls, "issubclass() arg 2 must be a class, a tuple of classes, or a union"))
    return -1;
  return abstractIsSubclass(derived, cls);
}

/** issubclass(derived, cls): 1, 0, or -1 with an exception. */
export function PyObject_IsSubclass(derived: usize, cls: usize): i32 {
  if (Py.TYPE(cls) == PyType_Type) {
    if (derived == cls) return 1;
    return recursiveIsSubclass(derived, cls);
  }
  if (isUnion(cls)) cls = unionArgs(cls);
  if (isTuple(cls)) {
    if (Py_EnterRecursiveCall(" in __subclasscheck__")) return -1;
    let r: i32 = 0;
    const n = Py.SIZE(cls);
    for (let i: isize = 0; i < n && r == 0; i++) r = PyObject_IsSubclass(derived, Py.item(cls + 24, i));
    Py_LeaveRecursiveCall();
    return r;
  }
  const checker = _PyObject_LookupSpecial(cls, ID.__subclasscheck__);
  if (checker != 0) {
    if (Py_EnterRecursiveCall(" in __subclasscheck__")) {
      Py.DECREF(checker);
      return -1;
    }
    const res = PyObject_CallOneArg(checker, derived);
    Py_LeaveRecursiveCall();
    Py.DECREF(checker);
    if (res == 0) return -1;
    const ok = PyObject_IsTrue(res);
    Py.DECREF(res);
    return ok;
  }
  if (PyErr_Occurred() != 0) return -1;
  return recursiveIsSubclass(derived, cls);
}

/** tp_iter of iterators. */
export function PyObject_SelfIter(o: usize): usize {
  return Py.NewRef(o);
}

/** bytes(o): a new reference, or null with TypeError. */
export function PyObject_Bytes(o: usize): usize {
  if (Py.TYPE(o) == PyBytes_Type) return Py.NewRef(o);
  const method = _PyObject_LookupSpecial(o, ID.__bytes__);
  if (method != 0) {
    const r = PyObject_CallNoArgs(method);
    Py.DECREF(method);
    if (r != 0 && !Py.check(r, 1 << 27)) {
      PyErr_Format(PyExc_TypeError, "__bytes__ returned non-bytes (type %t)", r);
      Py.DECREF(r);
      return 0;
    }
    return r;
  }
  if (PyErr_Occurred() != 0) return 0;
  return PyObject_CallOneArg(PyBytes_Type, o);
}
