// Fields of structures as attributes (CPython 3.13's Python/structmember.c).

import { Py_TPFLAGS_HEAPTYPE } from "../../generated/constants";
import { PyMemberDef } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyBool_Type,
  PyExc_AttributeError,
  PyExc_SystemError,
  PyExc_TypeError,
} from "../../generated/statics";
import { setAttributeErrorContext } from "../errors/fields";
import { PyErr_Fail, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../numbers/float/float";
import {
  PyLong_AsLongLong,
  PyLong_FromLong,
  PyLong_FromLongLong,
  PyLong_FromUnsignedLongLong,
} from "../numbers/int/create";
import { Py } from "../object/head";
import { PyBool_FromBool } from "../protocol/access";
import { PyUnicode_FromString } from "../text/create";
import { isMadeLater } from "../types/ready";
import {
  _Py_T_OBJECT,
  Py_READONLY,
  Py_T_BOOL,
  Py_T_BYTE,
  Py_T_DOUBLE,
  Py_T_INT,
  Py_T_LONG,
  Py_T_LONGLONG,
  Py_T_OBJECT_EX,
  Py_T_PYSSIZET,
  Py_T_TYPE_FLAGS,
  Py_T_UBYTE,
  Py_T_UINT,
  Py_T_ULONGLONG,
} from "./tables";

/** The value of the field: a new reference, or null with an exception. */
export function PyMember_GetOne(o: usize, def: usize): usize {
  const m = PyMemberDef.at(def);
  const p = o + <usize>m.offset;
  switch (m.type) {
    case Py_T_BOOL:
      return PyBool_FromBool(load<u8>(p) != 0);
    case Py_T_BYTE:
      return PyLong_FromLong(load<i8>(p));
    case Py_T_UBYTE:
      return PyLong_FromLong(load<u8>(p));
    case Py_T_INT:
      return PyLong_FromLong(load<i32>(p));
    case Py_T_UINT:
      return PyLong_FromLongLong(load<u32>(p));
    case Py_T_LONG:
    case Py_T_LONGLONG:
    case Py_T_PYSSIZET:
      return PyLong_FromLongLong(load<i64>(p));
    case Py_T_ULONGLONG:
      return PyLong_FromUnsignedLongLong(load<u64>(p));
    case Py_T_TYPE_FLAGS:
      // What CPython makes at run time is a class there.
      return PyLong_FromUnsignedLongLong(isMadeLater(o) ? load<u64>(p) | Py_TPFLAGS_HEAPTYPE : load<u64>(p));
    case Py_T_DOUBLE:
      return PyFloat_FromDouble(load<f64>(p));
    case _Py_T_OBJECT: {
      const v = load<u32>(p);
      return v == 0 ? _Py_NoneStruct : Py.NewRef(v);
    }
    case Py_T_OBJECT_EX: {
      const v = load<u32>(p);
      if (v != 0) return Py.NewRef(v);
      const name = PyUnicode_FromString(m.name);
      if (name == 0) return 0;
      PyErr_Format(PyExc_AttributeError, "'%T' object has no attribute '%U'", o, name);
      setAttributeErrorContext(o, name);
      Py.DECREF(name);
      return 0;
    }
    default:
      return PyErr_SetString(PyExc_SystemError, "bad memberdescr type");
  }
}

/** Sets (or, value null, deletes) the field: 0, or -1 with an exception. */
export function PyMember_SetOne(o: usize, def: usize, value: usize): i32 {
  const m = PyMemberDef.at(def);
  const p = o + <usize>m.offset;
  if (m.flags & Py_READONLY) return PyErr_Fail(PyExc_AttributeError, "readonly attribute");
  if (value == 0) {
    if (m.type == Py_T_OBJECT_EX) {
      if (load<u32>(p) == 0) {
        PyErr_Format(PyExc_AttributeError, "%s", m.name);
        return -1;
      }
    } else if (m.type != _Py_T_OBJECT) {
      return PyErr_Fail(PyExc_TypeError, "can't delete numeric/char attribute");
    }
  }
  switch (m.type) {
    case Py_T_BOOL:
      if (Py.TYPE(value) != PyBool_Type) return PyErr_Fail(PyExc_TypeError, "attribute value type must be bool");
      store<u8>(p, value == _Py_TrueStruct ? 1 : 0);
      return 0;
    case _Py_T_OBJECT:
    case Py_T_OBJECT_EX:
      Py.SETREF(p, Py.XNewRef(value));
      return 0;
    case Py_T_DOUBLE: {
      const d = PyFloat_AsDouble(value);
      if (d == -1.0 && PyErr_Occurred() != 0) return -1;
      store<f64>(p, d);
      return 0;
    }
    default: {
      const n = PyLong_AsLongLong(value);
      if (n == -1 && PyErr_Occurred() != 0) return -1;
      if (m.type == Py_T_INT || m.type == Py_T_UINT) store<i32>(p, <i32>n);
      else if (m.type == Py_T_BYTE || m.type == Py_T_UBYTE) store<u8>(p, <u8>n);
      else store<i64>(p, n);
      return 0;
    }
  }
}
