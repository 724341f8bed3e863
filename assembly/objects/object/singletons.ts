// None, Ellipsis and NotImplemented (CPython 3.13's Objects/object.c and Objects/sliceobject.c).

import { PyNumberMethods, PyTypeObject, SIZEOF_PyObject } from "../../generated/layouts";
import {
  _Py_EllipsisObject,
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  _PyNone_Type,
  _PyNotImplemented_Type,
  PyEllipsis_Type,
  PyExc_DeprecationWarning,
  PyExc_TypeError,
} from "../../generated/statics";
import { PyDict_Size } from "../containers/dict/dict";
import { Tuple } from "../containers/tuple";
import { asNumber } from "../define/tables";
import { PyErr_SetString } from "../errors/raise";
import { PyErr_WarnEx } from "../errors/warnings";
import { PyUnicode_FromLiteral } from "../text/create";
import { object_richcompare } from "../types/base";
import { PyObject_GenericGetAttr } from "./attributes";
import { initImmortal } from "./head";

function dealloc(o: usize): void {
  // Immortal: an unbalanced release brings it back.
  store<u64>(o, 0xffffffff);
}

/** Whether nothing was given to the constructor; otherwise TypeError. */
function noArguments(args: usize, kwds: usize, message: string): bool {
  if (Tuple.size(args) == 0 && (kwds == 0 || PyDict_Size(kwds) == 0)) return true;
  PyErr_SetString(PyExc_TypeError, message);
  return false;
}

function none_repr(_o: usize): usize {
  return PyUnicode_FromLiteral("None");
}

function none_bool(_o: usize): i32 {
  return 0;
}

function none_new(_type: usize, args: usize, kwds: usize): usize {
  return noArguments(args, kwds, "NoneType takes no arguments") ? _Py_NoneStruct : 0;
}

function none_hash(_o: usize): i64 {
  return 0xfca86420;
}

/** As object's own, which NoneType does not inherit: it has a hash of its own. */
function none_richcompare(a: usize, b: usize, op: i32): usize {
  return object_richcompare(a, b, op);
}

function ellipsis_repr(_o: usize): usize {
  return PyUnicode_FromLiteral("Ellipsis");
}

function ellipsis_new(_type: usize, args: usize, kwds: usize): usize {
  return noArguments(args, kwds, "EllipsisType takes no arguments") ? _Py_EllipsisObject : 0;
}

/**
 * @native ellipsis.__reduce__
 */
export function ellipsis_reduce(_o: usize, _: usize): usize {
  return PyUnicode_FromLiteral("Ellipsis");
}

function notimplemented_repr(_o: usize): usize {
  return PyUnicode_FromLiteral("NotImplemented");
}

/**
 * @native NotImplementedType.__reduce__
 */
export function notimplemented_reduce(_o: usize, _: usize): usize {
  return PyUnicode_FromLiteral("NotImplemented");
}

function notimplemented_new(_type: usize, args: usize, kwds: usize): usize {
  return noArguments(args, kwds, "NotImplementedType takes no arguments") ? _Py_NotImplementedStruct : 0;
}

function notimplemented_bool(_o: usize): i32 {
  const message = "NotImplemented should not be used in a boolean context";
  return PyErr_WarnEx(PyExc_DeprecationWarning, message, 1) < 0 ? -1 : 1;
}

function initOne(type: usize, o: usize, repr: u32, make: u32): void {
  initImmortal(o, type);
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_PyObject;
  t.tp_dealloc = dealloc.index;
  t.tp_repr = repr;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_new = make;
}

/**
 * @type NoneType()
 *
 * What None belongs to, alone.
 */

/**
 * @type ellipsis()
 *
 * What Ellipsis belongs to, alone.
 */

/**
 * @type NotImplementedType()
 *
 * What NotImplemented belongs to, the only one.
 */

/** Fills the slots of the three types, and makes their instances. */
export function initSingletonTypes(): void {
  initOne(_PyNone_Type, _Py_NoneStruct, none_repr.index, none_new.index);
  PyTypeObject.at(_PyNone_Type).tp_hash = none_hash.index;
  PyTypeObject.at(_PyNone_Type).tp_richcompare = none_richcompare.index;
  PyNumberMethods.at(asNumber(_PyNone_Type)).nb_bool = none_bool.index;
  initOne(PyEllipsis_Type, _Py_EllipsisObject, ellipsis_repr.index, ellipsis_new.index);
  initOne(_PyNotImplemented_Type, _Py_NotImplementedStruct, notimplemented_repr.index, notimplemented_new.index);
  PyNumberMethods.at(asNumber(_PyNotImplemented_Type)).nb_bool = notimplemented_bool.index;
}
