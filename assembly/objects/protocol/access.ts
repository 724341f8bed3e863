// The attributes of any object (CPython 3.13's Objects/object.c).

import { Py_TPFLAGS_METHOD_DESCRIPTOR, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PyModuleObject, PyTypeObject } from "../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_TrueStruct,
  ID,
  PyExc_AttributeError,
  PyExc_TypeError,
  PyModule_Type,
  PyType_Type,
} from "../../generated/statics";
import { PyDict_GetItemWithError } from "../containers/dict/dict";
import { _PyObject_TryGetInstanceAttribute, instanceValues } from "../containers/dict/instance";
import { setAttributeErrorContext } from "../errors/fields";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_Format, PyErr_Occurred } from "../errors/raise";
import { _PyObject_GenericGetAttrWithDict, objectDict, PyObject_GenericGetAttr } from "../object/attributes";
import { PyObject_CallOneArg } from "../object/call";
import { Py } from "../object/head";
import { U } from "../text/access";
import { internSteal } from "../text/intern";
import { _PyType_Lookup, typeAttribute } from "../types/lookup";

/** New reference to True or False. */
export function PyBool_FromBool(b: bool): usize {
  return b ? _Py_TrueStruct : _Py_FalseStruct;
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
  let result: usize = 0;
  if (t.tp_getattro == PyTypeObject.at(PyModule_Type).tp_getattro) result = optionalModuleAttribute(o, name);
  else if (t.tp_getattro == PyTypeObject.at(PyType_Type).tp_getattro && Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    result = typeAttribute(o, name);
  } else result = PyObject_GetAttr(o, name);
  if (result == 0 && PyErr_ExceptionMatches(PyExc_AttributeError)) PyErr_Clear();
  return result;
}

/** An attribute of a module, that of its __getattr__ included; null without an exception where there is none. */
function optionalModuleAttribute(o: usize, name: usize): usize {
  const v = _PyObject_GenericGetAttrWithDict(o, name, 0, true);
  if (v != 0 || PyErr_Occurred()) return v;
  const getattr = PyDict_GetItemWithError(PyModuleObject.at(o).md_dict, ID.__getattr__);
  if (getattr == 0) return 0;
  Py.INCREF(getattr);
  const r = PyObject_CallOneArg(getattr, name);
  Py.DECREF(getattr);
  return r;
}

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

/** tp_iter of iterators. */
export function PyObject_SelfIter(o: usize): usize {
  return Py.NewRef(o);
}
