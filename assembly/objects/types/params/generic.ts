// typing.Generic, typing.NoDefault, and what the instructions for type parameters do (CPython 3.13's
// Objects/typevarobject.c).
//
// A deliberate difference: typing.Generic is a static type.

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_HAVE_GC } from "../../../generated/constants";
import {
  PyFunctionObject,
  PyTypeObject,
  paramspecobject,
  SIZEOF_PyObject,
  typevarobject,
  typevartupleobject,
} from "../../../generated/layouts";
import {
  _Py_NoDefaultStruct,
  _PyNoDefault_Type,
  PyExc_TypeError,
  PyGeneric_Type,
  PyParamSpec_Type,
  PyTypeVar_Type,
  PyTypeVarTuple_Type,
} from "../../../generated/statics";
import { PyDict_Size } from "../../containers/dict/dict";
import { PyErr_Format, PyErr_SetString } from "../../errors/raise";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../../object/alloc";
import { PyObject_GC_UnTrack } from "../../object/gchead";
import { Py } from "../../object/head";
import { PyUnicode_FromLiteral } from "../../text/create";
import { object_new } from "../base";
import { callTyping, callTypingWith, unpackTypeVarTuples } from "./common";

export function setFunctionTypeParams(func: usize, params: usize): usize {
  Py.SETREF(PyFunctionObject.at(func).func_typeparams_slot, Py.NewRef(params));
  return Py.NewRef(func);
}

export function setTypeParamDefault(param: usize, evaluate: usize): usize {
  const t = Py.TYPE(param);
  if (t == PyTypeVar_Type) Py.SETREF(typevarobject.at(param).evaluate_default_slot, Py.NewRef(evaluate));
  else if (t == PyParamSpec_Type) Py.SETREF(paramspecobject.at(param).evaluate_default_slot, Py.NewRef(evaluate));
  else if (t == PyTypeVarTuple_Type) Py.SETREF(typevartupleobject.at(param).evaluate_default_slot, Py.NewRef(evaluate));
  else return PyErr_Format(PyExc_TypeError, "Expected a type param, got %R", param);
  return Py.NewRef(param);
}

/** Generic[params] for the bases of a generic class: each TypeVarTuple unpacked. */
export function subscriptGeneric(params: usize): usize {
  const unpacked = unpackTypeVarTuples(params);
  if (unpacked == 0) return 0;
  const r = callTyping("_GenericAlias", PyGeneric_Type, unpacked);
  Py.DECREF(unpacked);
  return r;
}

/**
 * @classmethod typing.Generic.__class_getitem__
 *
 * The class with types put in for its variables, for annotations.
 *
 * Box[int] is no class of its own but an object that remembers what was given, in __args__, and passes on everything else to Box. Right after Generic itself stand variables, which the class that is being defined will have; each may occur there once only, and only variables may be.
 */
export function generic_class_getitem(cls: usize, args: usize, kwargs: usize): usize {
  return callTypingWith("_generic_class_getitem", cls, args, kwargs);
}

/**
 * @classmethod typing.Generic.__init_subclass__
 *
 * What is done for a subclass.
 */
export function generic_init_subclass(cls: usize, args: usize, kwargs: usize): usize {
  return callTypingWith("_generic_init_subclass", cls, args, kwargs);
}

function generic_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function generic_traverse(_o: usize, _visit: u32, _arg: usize): i32 {
  return 0;
}

function nodefault_repr(_o: usize): usize {
  return PyUnicode_FromLiteral("typing.NoDefault");
}

function nodefault_new(_type: usize, args: usize, kwargs: usize): usize {
  if (Py.SIZE(args) == 0 && (kwargs == 0 || PyDict_Size(kwargs) == 0)) return _Py_NoDefaultStruct;
  return PyErr_SetString(PyExc_TypeError, "NoDefaultType takes no arguments");
}

/**
 * @native NoDefaultType.__reduce__
 */
export function nodefault_reduce(_o: usize, _u: usize): usize {
  return PyUnicode_FromLiteral("NoDefault");
}

/**
 * @type typing.Generic
 *
 * The base of classes that have variables for types.
 *
 * New programs need not name it. Variables in brackets after the name of a class make it a base:
 *
 *     class Box[T]:
 *         def put(self, item: T) -> None: ...
 *         def take(self) -> T: ...
 *
 * Box[int] is then the same class with something put in for the variable, to be used in annotations. At run time only the number of arguments is looked at. Before that was possible the variables were made by hand and named in brackets after this class: class Box(Generic[T]).
 */

/**
 * @type NoDefaultType()
 *
 * What NoDefault belongs to, alone.
 */

export function initGenericTypes(): void {
  const g = PyTypeObject.at(PyGeneric_Type);
  g.tp_basicsize = SIZEOF_PyObject;
  g.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC;
  g.tp_dealloc = generic_dealloc.index;
  g.tp_traverse = generic_traverse.index;
  g.tp_alloc = PyType_GenericAlloc.index;
  g.tp_new = object_new.index;
  g.tp_free = PyObject_GC_Del.index;
  const d = PyTypeObject.at(_PyNoDefault_Type);
  d.tp_basicsize = SIZEOF_PyObject;
  d.tp_repr = nodefault_repr.index;
  d.tp_new = nodefault_new.index;
}
