// Built-in types whose attributes a program may set. CPython makes these at run time, as classes, and some of them without
// Py_TPFLAGS_IMMUTABLETYPE (struct sequences of modules, ast.AST, typing.Generic, ...). A special method that is set goes
// into the type's tables of slots, which therefore are its own, not shared with its base.

import { Py_TPFLAGS_IMMUTABLETYPE, Py_TPFLAGS_READY } from "../../generated/constants";
import {
  PyTypeObject,
  SIZEOF_PyAsyncMethods,
  SIZEOF_PyBufferProcs,
  SIZEOF_PyMappingMethods,
  SIZEOF_PyNumberMethods,
  SIZEOF_PySequenceMethods,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyCFunction_Type,
  PyClassMethodDescr_Type,
  PyGetSetDescr_Type,
  PyMemberDescr_Type,
  PyMethodDescr_Type,
  PyTuple_Type,
  PyWrapperDescr_Type,
} from "../../generated/statics";
import { PyDict_KeyAt, PyDict_Next, PyDict_SetItem, PyDict_ValueAt } from "../containers/dict/dict";
import { staticAlloc } from "../define/tables";
import { PyErr_Clear } from "../errors/raise";
import { _PyObject_GC_IS_TRACKED, _PyObject_IS_GC } from "../object/gchead";
import { Py } from "../object/head";
import { PyType_Modified } from "./lookup";

/** A table that the type shares with its base, or lacks, as one of its own. */
function ownTable(table: usize, baseTable: usize, size: usize): usize {
  if (table != baseTable) return table;
  const own = staticAlloc(size);
  if (baseTable != 0) memory.copy(own, baseTable, size);
  return own;
}

/** Lets the attributes of a static type be set. It is ready, no static type is below it, and this is its initialisation. */
export function makeMutable(type: usize): void {
  const t = PyTypeObject.at(type);
  if (!(t.tp_flags & Py_TPFLAGS_IMMUTABLETYPE)) return;
  const base = PyTypeObject.at(t.tp_base);
  t.tp_as_number = ownTable(t.tp_as_number, base.tp_as_number, SIZEOF_PyNumberMethods);
  t.tp_as_sequence = ownTable(t.tp_as_sequence, base.tp_as_sequence, SIZEOF_PySequenceMethods);
  t.tp_as_mapping = ownTable(t.tp_as_mapping, base.tp_as_mapping, SIZEOF_PyMappingMethods);
  t.tp_as_async = ownTable(t.tp_as_async, base.tp_as_async, SIZEOF_PyAsyncMethods);
  t.tp_as_buffer = ownTable(t.tp_as_buffer, base.tp_as_buffer, SIZEOF_PyBufferProcs);
  t.tp_flags = t.tp_flags & ~Py_TPFLAGS_IMMUTABLETYPE;
}

/** Whether a value of a type's dict may hold what the program has made. */
function isForeign(value: usize): bool {
  const type = Py.TYPE(value);
  return (
    _PyObject_IS_GC(value) &&
    _PyObject_GC_IS_TRACKED(value) &&
    type != PyMethodDescr_Type &&
    type != PyClassMethodDescr_Type &&
    type != PyGetSetDescr_Type &&
    type != PyMemberDescr_Type &&
    type != PyWrapperDescr_Type &&
    type != PyCFunction_Type &&
    type != PyTuple_Type
  );
}

/**
 * Makes None of what a program has set on a static type, before the last collections: a class would be found by them, with
 * the functions that it has and their modules. Cannot fail.
 */
export function forgetAttributes(type: usize): void {
  const t = PyTypeObject.at(type);
  if (t.tp_flags & Py_TPFLAGS_IMMUTABLETYPE || !(t.tp_flags & Py_TPFLAGS_READY)) return;
  const dict = t.tp_dict;
  for (let pos = PyDict_Next(dict, 0); pos != 0; pos = PyDict_Next(dict, pos)) {
    if (!isForeign(PyDict_ValueAt(dict, pos))) continue;
    const key = Py.NewRef(PyDict_KeyAt(dict, pos));
    PyType_Modified(type);
    PyDict_SetItem(dict, key, _Py_NoneStruct);
    PyErr_Clear();
    Py.DECREF(key);
  }
}
