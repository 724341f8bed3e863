// ast.AST, the base of all nodes of a syntax tree (CPython 3.13's Parser/asdl_c.py and what it makes of Python/Python-ast.c):
// a node is made of the fields that its class names, those that are left out getting what stands for nothing.
//
// A deliberate difference: the type is static. It can be changed as a class can.

import { Py_TPFLAGS_BASETYPE } from "../../generated/constants";
import { AST_LOAD, AST_EXPR_CONTEXT } from "../../generated/ast";
import { AST_object_dict, PyTypeObject, SIZEOF_AST_object } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _PyUnion_Type,
  ID,
  PyAST_Type,
  PyExc_DeprecationWarning,
  PyExc_TypeError,
  Py_GenericAliasType,
} from "../../generated/statics";
import { PyDict_GetItemWithError, PyDict_KeyAt, PyDict_Next, PyDict_ValueAt } from "../../objects/containers/dict/dict";
import { List, PyList_New } from "../../objects/containers/list/list";
import { PySet_Discard, PySet_New, PySet_Size } from "../../objects/containers/set/set";
import { PyTuple_New, PyTuple_Pack2, PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { _PyType_Name, PyErr_Format, PyErr_Occurred } from "../../objects/errors/raise";
import { PyErr_WarnFormat } from "../../objects/errors/warnings";
import { AST_object_clear, AST_object_traverse } from "../../objects/generated/references";
import { PyObject_GenericSetAttr } from "../../objects/object/attributes";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr, PyObject_SetAttr } from "../../objects/protocol/access";
import {
  PySequence_Contains,
  PySequence_GetItem,
  PySequence_List,
  PySequence_Size,
} from "../../objects/protocol/sequence";
import { makeMutable } from "../../objects/types/mutable";
import { PyType_Ready } from "../../objects/types/ready";
import { collectedType } from "../collectedtype";
import { astClass } from "./classes";

/** Sets the fields that are given by position, and takes them from the set: false with an exception. */
function setPositional(self: usize, args: usize, fields: usize, remaining: usize): bool {
  for (let i: isize = 0; i < Py.SIZE(args); i++) {
    const name = PySequence_GetItem(fields, i);
    if (name == 0) return false;
    let r = PyObject_SetAttr(self, name, Tuple.get(args, i));
    if (PySet_Discard(remaining, name) < 0) r = -1;
    Py.DECREF(name);
    if (r < 0) return false;
  }
  return true;
}

/** Whether the type may have an attribute of that name; a warning is given otherwise. False with an exception. */
function checkAttribute(type: usize, name: usize): bool {
  const attributes = PyObject_GetAttr(type, ID._attributes);
  if (attributes == 0) return false;
  const known = PySequence_Contains(attributes, name);
  Py.DECREF(attributes);
  if (known != 0) return known > 0;
  const message =
    "%.400s.__init__ got an unexpected keyword argument '%U'. Support for arbitrary keyword arguments is deprecated and will be removed in Python 3.15.";
  return PyErr_WarnFormat(PyExc_DeprecationWarning, 1, message, PyTypeObject.at(type).tp_name, name) == 0;
}

/** The same for one that is given by name; `fields` may be null. */
function setNamed(self: usize, name: usize, value: usize, fields: usize, remaining: usize): bool {
  const type = Py.TYPE(self);
  const isField = fields == 0 ? 0 : PySequence_Contains(fields, name);
  if (isField < 0) return false;
  if (isField > 0) {
    const was = PySet_Discard(remaining, name);
    if (was < 0) return false;
    if (was == 0) {
      const message = "%.400s got multiple values for argument '%U'";
      PyErr_Format(PyExc_TypeError, message, PyTypeObject.at(type).tp_name, name);
      return false;
    }
  } else if (!checkAttribute(type, name)) return false;
  return PyObject_SetAttr(self, name, value) == 0;
}

/** What stands for a field that is not given, if its type is known to have such: false with an exception. */
function setMissing(self: usize, name: usize, types: usize): bool {
  const own = PyTypeObject.at(Py.TYPE(self)).tp_name;
  const type = PyDict_GetItemWithError(types, name);
  if (type == 0) {
    if (PyErr_Occurred()) return false;
    const message = "Field '%U' is missing from %.400s._field_types. This will become an error in Python 3.15.";
    return PyErr_WarnFormat(PyExc_DeprecationWarning, 1, message, name, own) == 0;
  }
  // The class has None for those.
  if (Py.TYPE(type) == _PyUnion_Type) return true;
  if (Py.TYPE(type) == Py_GenericAliasType) {
    const list = PyList_New(0);
    const r = list == 0 ? -1 : PyObject_SetAttr(self, name, list);
    Py.XDECREF(list);
    return r == 0;
  }
  if (type == astClass(AST_EXPR_CONTEXT).type) return PyObject_SetAttr(self, name, astClass(AST_LOAD).single) == 0;
  const message =
    "%.400s.__init__ missing 1 required positional argument: '%U'. This will become an error in Python 3.15.";
  return PyErr_WarnFormat(PyExc_DeprecationWarning, 1, message, own, name) == 0;
}

function setRemaining(self: usize, remaining: usize): bool {
  const n = PySet_Size(remaining);
  if (n <= 0) return n == 0;
  const types = PyObject_GetOptionalAttr(Py.TYPE(self), ID._field_types);
  // A class of somebody's own need not say.
  if (types == 0) return PyErr_Occurred() == 0;
  const names = PySequence_List(remaining);
  let ok: bool = names != 0;
  for (let i: isize = 0; ok && i < Py.SIZE(names); i++) ok = setMissing(self, List.get(names, i), types);
  Py.XDECREF(names);
  Py.DECREF(types);
  return ok;
}

function setAll(self: usize, args: usize, kwargs: usize, fields: usize, remaining: usize): bool {
  if (!setPositional(self, args, fields, remaining)) return false;
  if (kwargs != 0) {
    for (let pos = PyDict_Next(kwargs, 0); pos > 0; pos = PyDict_Next(kwargs, pos)) {
      if (!setNamed(self, PyDict_KeyAt(kwargs, pos), PyDict_ValueAt(kwargs, pos), fields, remaining)) return false;
    }
  }
  return setRemaining(self, remaining);
}

function AST_init(self: usize, args: usize, kwargs: usize): i32 {
  const type = Py.TYPE(self);
  const fields = PyObject_GetOptionalAttr(type, ID._fields);
  if (fields == 0 && PyErr_Occurred()) return -1;
  const n = fields == 0 ? 0 : PySequence_Size(fields);
  const remaining = n < 0 ? 0 : PySet_New(fields);
  let r = -1;
  if (remaining != 0) {
    if (n < Py.SIZE(args)) {
      PyErr_Format(
        PyExc_TypeError,
        n == 1
          ? "%.400s constructor takes at most %d positional argument"
          : "%.400s constructor takes at most %d positional arguments",
        _PyType_Name(type),
        n,
      );
    } else if (setAll(self, args, kwargs, fields, remaining)) r = 0;
    Py.DECREF(remaining);
  }
  Py.XDECREF(fields);
  return r;
}

/** As many None as there are fields, from the first, in a dict of attributes: a new tuple. */
function noneForFields(type: usize, dict: usize): usize {
  const fields = PyObject_GetOptionalAttr(type, ID._fields);
  if (fields == 0) return PyErr_Occurred() ? 0 : PyTuple_New(0);
  const n = PySequence_Size(fields);
  let given: isize = 0;
  let ok = n >= 0;
  while (ok && given < n) {
    const name = PySequence_GetItem(fields, given);
    const value = name == 0 ? 0 : PyDict_GetItemWithError(dict, name);
    Py.XDECREF(name);
    ok = PyErr_Occurred() == 0;
    if (value == 0) break;
    given++;
  }
  Py.DECREF(fields);
  const args = ok ? PyTuple_New(given) : 0;
  for (let i: isize = 0; args != 0 && i < given; i++) Tuple.set(args, i, _Py_NoneStruct);
  return args;
}

/**
 * The class is called with None for each field, so that nothing is missing and no node stands in another's arguments; the
 * attributes follow as the state.
 *
 * @native ast.AST.__reduce__
 */
export function AST_reduce(self: usize, _unused: usize): usize {
  const type = Py.TYPE(self);
  const dict = PyObject_GetOptionalAttr(self, ID.__dict__);
  if (dict == 0 && PyErr_Occurred()) return 0;
  const args = dict == 0 ? PyTuple_New(0) : noneForFields(type, dict);
  const r = args == 0 ? 0 : dict == 0 ? PyTuple_Pack2(type, args) : PyTuple_Pack3(type, args, dict);
  Py.XDECREF(args);
  Py.XDECREF(dict);
  return r;
}

function AST_new(type: usize, _args: usize, _kwargs: usize): usize {
  return call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
}

function AST_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  AST_object_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/**
 * @type ast.AST
 *
 * @getter ast.AST.__dict__ = attributes.PyObject_GenericGetDict
 *
 * @setter ast.AST.__dict__ = attributes.PyObject_GenericSetDict
 */
export function initNodeType(): i32 {
  const t = collectedType(
    PyAST_Type,
    SIZEOF_AST_object,
    AST_dealloc.index,
    AST_object_traverse.index,
    AST_object_clear.index,
    Py_TPFLAGS_BASETYPE,
  );
  t.tp_setattro = PyObject_GenericSetAttr.index;
  t.tp_dictoffset = AST_object_dict;
  t.tp_init = AST_init.index;
  t.tp_new = AST_new.index;
  if (PyType_Ready(PyAST_Type) < 0) return -1;
  makeMutable(PyAST_Type);
  return 0;
}
