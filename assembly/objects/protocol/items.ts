// Length and items of any object (CPython 3.13's Objects/abstract.c).

import { Py_TPFLAGS_LONG_SUBCLASS, Py_TPFLAGS_TYPE_SUBCLASS } from "../../generated/constants";
import { PyMappingMethods, PySequenceMethods, PyTypeObject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  ID,
  PyExc_IndexError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyRange_Type,
  PyType_Type,
} from "../../generated/statics";
import { rangeLengthObject } from "../containers/range";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_Fail, PyErr_Format, PyErr_Occurred } from "../errors/raise";
import { longOverflow, PyLong_AsLongLongAndOverflow, PyLong_FromSsize_t } from "../numbers/int/create";
import { PyObject_CallNoArgs, PyObject_CallOneArg } from "../object/call";
import { Py } from "../object/head";
import { Py_GenericAlias } from "../types/genericalias";
import { _PyObject_LookupSpecial } from "../types/lookup";
import { slot_sq_length, slotLength } from "../types/slot_functions";
import { PyObject_GetOptionalAttr } from "./access";
import { PyIndex_Check, PyNumber_AsSsize_t } from "./number";
import { PySequence_DelItem, PySequence_GetItem, PySequence_SetItem } from "./sequence";

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

/**
 * An estimate of len(o): its length, or what __length_hint__ says, or `fallback`; -1 with an exception. What no room can be
 * made for is one less than the largest isize; only where that cannot be added to anything in CPython is it the largest.
 */
export function PyObject_LengthHint(o: usize, fallback: isize): isize {
  if (hasLength(o)) {
    const n = PyObject_Size(o);
    if (n >= 0) return min<isize>(n, isize.MAX_VALUE - 1);
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
    PyErr_Format(PyExc_TypeError, "__length_hint__ must be an integer, not %.100t", result);
    Py.DECREF(result);
    return -1;
  }
  const n = PyLong_AsLongLongAndOverflow(result);
  const overflow = longOverflow(result) != 0;
  Py.DECREF(result);
  if (overflow) return PyErr_Fail(PyExc_OverflowError, "Python int too large to convert to C ssize_t");
  if (n < 0) return PyErr_Fail(PyExc_ValueError, "__length_hint__() should return >= 0");
  if (n < isize.MAX_VALUE) return <isize>n;
  return n > i64.MAX_VALUE - isize.MAX_VALUE ? isize.MAX_VALUE : isize.MAX_VALUE - 1;
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
