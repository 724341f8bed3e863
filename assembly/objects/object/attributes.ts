// Attribute access by the rules of Python: data descriptors of the type, then the instance, then other attributes of
// the type (the generic part of CPython 3.13's Objects/object.c).

import {
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_MANAGED_DICT,
  Py_TPFLAGS_TYPE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { PyTypeObject } from "../../generated/layouts";
import { PyExc_AttributeError, PyExc_KeyError, PyExc_TypeError } from "../../generated/statics";
import { PyDict_DelItem, PyDict_GetItemWithError, PyDict_SetItem } from "../containers/dict/dict";
import {
  _PyObject_GetManagedDict,
  _PyObject_MaterializeManagedDict,
  _PyObject_StoreInstanceAttribute,
  _PyObject_TryGetInstanceAttribute,
  _PyObjectDict_SetItem,
  instanceValues,
  newInstanceDict,
} from "../containers/dict/instance";
import { setAttributeErrorContext } from "../errors/fields";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Fail,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../errors/raise";
import { _PyType_Lookup } from "../types/lookup";
import { _PyObject_VAR_SIZE } from "./alloc";
import { Py } from "./head";

/** Address of the slot that holds the dict of an object whose type manages none; null where its type has none. */
export function _PyObject_ComputedDictPointer(o: usize): usize {
  const type = Py.TYPE(o);
  assert(!Py.hasFeature(type, Py_TPFLAGS_MANAGED_DICT));
  let offset = PyTypeObject.at(type).tp_dictoffset;
  if (offset == 0) return 0;
  if (offset < 0) offset += <isize>_PyObject_VAR_SIZE(type, abs<i32>(Py.SIZE(o)));
  return o + <usize>offset;
}

/** The instance's dict as it is, borrowed; null where it has none (yet). */
export function objectDict(o: usize): usize {
  if (Py.check(o, Py_TPFLAGS_MANAGED_DICT)) return _PyObject_GetManagedDict(o);
  const slot = _PyObject_ComputedDictPointer(o);
  return slot == 0 ? 0 : load<u32>(slot);
}

/** tp_getattro of most types. */
export function PyObject_GenericGetAttr(o: usize, name: usize): usize {
  return _PyObject_GenericGetAttrWithDict(o, name, 0, false);
}

/** As PyObject_GenericGetAttr, with a dict to use instead of the instance's, and no AttributeError if `suppress`. */
export function _PyObject_GenericGetAttrWithDict(o: usize, name: usize, dict: usize, suppress: bool): usize {
  const type = Py.TYPE(o);
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "attribute name must be string, not '%t'", name);
  }
  Py.INCREF(name);
  const descr = _PyType_Lookup(type, name);
  let get: u32 = 0;
  let result: usize = 0;
  if (descr != 0) {
    Py.INCREF(descr);
    const dt = PyTypeObject.at(Py.TYPE(descr));
    get = dt.tp_descr_get;
    if (get != 0 && dt.tp_descr_set != 0) {
      result = call_indirect<usize>(get, descr, o, type);
      if (result == 0 && suppress && PyErr_ExceptionMatches(PyExc_AttributeError)) PyErr_Clear();
      Py.DECREF(descr);
      Py.DECREF(name);
      return result;
    }
  }
  if (dict == 0) {
    if (instanceValues(o) != 0) {
      result = _PyObject_TryGetInstanceAttribute(o, name);
      if (result != 0 || PyErr_Occurred() != 0) {
        Py.XDECREF(descr);
        Py.DECREF(name);
        return result;
      }
    } else {
      dict = objectDict(o);
    }
  }
  if (dict != 0) {
    Py.INCREF(dict);
    result = Py.XNewRef(PyDict_GetItemWithError(dict, name));
    Py.DECREF(dict);
    if (result == 0 && PyErr_Occurred() != 0 && suppress && PyErr_ExceptionMatches(PyExc_AttributeError)) PyErr_Clear();
    if (result != 0 || PyErr_Occurred() != 0) {
      Py.XDECREF(descr);
      Py.DECREF(name);
      return result;
    }
  }
  if (get != 0) {
    result = call_indirect<usize>(get, descr, o, type);
    if (result == 0 && suppress && PyErr_ExceptionMatches(PyExc_AttributeError)) PyErr_Clear();
    Py.DECREF(descr);
    Py.DECREF(name);
    return result;
  }
  if (descr != 0) {
    Py.DECREF(name);
    return descr;
  }
  if (!suppress) {
    PyErr_Format(PyExc_AttributeError, "'%t' object has no attribute '%U'", o, name);
    setAttributeErrorContext(o, name);
  }
  Py.DECREF(name);
  return 0;
}

/** tp_setattro of most types. */
export function PyObject_GenericSetAttr(o: usize, name: usize, value: usize): i32 {
  return _PyObject_GenericSetAttrWithDict(o, name, value, 0);
}

/** As PyObject_GenericSetAttr, with a dict to use instead of the instance's. */
export function _PyObject_GenericSetAttrWithDict(o: usize, name: usize, value: usize, dict: usize): i32 {
  const type = Py.TYPE(o);
  const t = PyTypeObject.at(type);
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "attribute name must be string, not '%t'", name);
    return -1;
  }
  Py.INCREF(name);
  Py.INCREF(type);
  const descr = Py.XNewRef(_PyType_Lookup(type, name));
  let result: i32 = -1;
  let done = false;
  if (descr != 0) {
    const set = PyTypeObject.at(Py.TYPE(descr)).tp_descr_set;
    if (set != 0) {
      result = call_indirect<i32>(set, descr, o, value);
      done = true;
    }
  }
  if (!done) {
    if (dict != 0) {
      Py.INCREF(dict);
      result = value == 0 ? PyDict_DelItem(dict, name) : PyDict_SetItem(dict, name, value);
      Py.DECREF(dict);
    } else if (t.tp_flags & Py_TPFLAGS_MANAGED_DICT) {
      result = _PyObject_StoreInstanceAttribute(o, name, value);
    } else {
      const slot = _PyObject_ComputedDictPointer(o);
      if (slot == 0) {
        noAttribute(o, name, descr);
        done = true;
      } else result = _PyObjectDict_SetItem(type, slot, name, value);
    }
    if (!done && result < 0 && PyErr_ExceptionMatches(PyExc_KeyError)) {
      if (PyType_IsType(o))
        PyErr_Format(PyExc_AttributeError, "type object '%s' has no attribute '%U'", PyTypeObject.at(o).tp_name, name);
      else PyErr_Format(PyExc_AttributeError, "'%t' object has no attribute '%U'", o, name);
      setAttributeErrorContext(o, name);
    }
  }
  Py.XDECREF(descr);
  Py.DECREF(type);
  Py.DECREF(name);
  return result;
}

function PyType_IsType(o: usize): bool {
  return Py.check(o, Py_TPFLAGS_TYPE_SUBCLASS);
}

function noAttribute(o: usize, name: usize, descr: usize): void {
  if (descr == 0) {
    const t = PyTypeObject.at(Py.TYPE(o));
    if (t.tp_setattro == PyObject_GenericSetAttr.index) {
      PyErr_Format(
        PyExc_AttributeError,
        "'%t' object has no attribute '%U' and no __dict__ for setting new attributes",
        o,
        name,
      );
    } else {
      PyErr_Format(PyExc_AttributeError, "'%t' object has no attribute '%U'", o, name);
    }
  } else {
    PyErr_Format(PyExc_AttributeError, "'%t' object attribute '%U' is read-only", o, name);
  }
  setAttributeErrorContext(o, name);
}

/** The getter of __dict__: a new reference to the object's dict, made where there is none. Null with an exception. */
export function PyObject_GenericGetDict(o: usize, _closure: usize): usize {
  if (Py.check(o, Py_TPFLAGS_MANAGED_DICT)) return Py.XNewRef(_PyObject_MaterializeManagedDict(o));
  const slot = _PyObject_ComputedDictPointer(o);
  if (slot == 0) {
    PyErr_SetString(PyExc_AttributeError, "This object has no __dict__");
    return 0;
  }
  if (load<u32>(slot) == 0) store<u64>(slot, newInstanceDict(Py.TYPE(o)));
  return Py.XNewRef(load<u32>(slot));
}

/** The setter of __dict__ of built-in types: 0, or -1 with TypeError. */
export function PyObject_GenericSetDict(o: usize, value: usize, _closure: usize): i32 {
  const slot = _PyObject_ComputedDictPointer(o);
  if (slot == 0) return PyErr_Fail(PyExc_AttributeError, "This object has no __dict__");
  if (value == 0) return PyErr_Fail(PyExc_TypeError, "cannot delete __dict__");
  if (!Py.check(value, Py_TPFLAGS_DICT_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "__dict__ must be set to a dictionary, not a '%t'", value);
    return -1;
  }
  Py.SETREF(slot, Py.NewRef(value));
  return 0;
}
