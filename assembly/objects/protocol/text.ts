// What an object looks like: repr, str, ascii, format (the text part of CPython 3.13's Objects/object.c and abstract.c).

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PyTypeObject } from "../../generated/layouts";
import { ID, PyExc_TypeError, PyLong_Type, PyUnicode_Type } from "../../generated/statics";
import { Py_EnterRecursiveCall, Py_LeaveRecursiveCall, PyErr_Format, PyErr_Occurred } from "../errors/raise";
import { PyObject_CallOneArg } from "../object/call";
import { Py } from "../object/head";
import { U } from "../text/access";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { escapeNonAscii } from "../text/repr";
import { _PyObject_LookupSpecial } from "../types/lookup";
import { Interrupts } from "../../thread/interrupts";

/** repr(o): a new str. A null object gives "<NULL>". */
export function PyObject_Repr(o: usize): usize {
  Interrupts.collect();
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
  Interrupts.collect();
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
