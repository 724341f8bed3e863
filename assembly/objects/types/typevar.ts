// Type parameters and aliases, as the syntax of PEP 695 makes them (CPython 3.13's Objects/typevarobject.c). What is
// rarely asked of them (substitution, the constructors with keywords) is the typing module's, which is asked for it.

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import {
  PyFunctionObject,
  PyMappingMethods,
  PyNumberMethods,
  PyTypeObject,
  paramspecattrobject___origin__,
  paramspecobject,
  SIZEOF_PyObject,
  SIZEOF_paramspecattrobject,
  SIZEOF_paramspecobject,
  SIZEOF_typealiasobject,
  SIZEOF_typevarobject,
  SIZEOF_typevartupleobject,
  typealiasobject,
  typeparamobject,
  typeparamobject_name,
  typevarobject,
  typevarobject_contravariant,
  typevarobject_covariant,
  typevarobject_infer_variance,
  typevartupleobject,
} from "../../generated/layouts";
import {
  _Py_NoDefaultStruct,
  _Py_NoneStruct,
  _PyNoDefault_Type,
  ID,
  PyExc_TypeError,
  PyGeneric_Type,
  PyParamSpec_Type,
  PyParamSpecArgs_Type,
  PyParamSpecKwargs_Type,
  PyTypeAlias_Type,
  PyTypeVar_Type,
  PyTypeVarTuple_Type,
} from "../../generated/statics";
import { currentGlobals } from "../code/frameaccess";
import { PyDict_GetItemWithError, PyDict_Size } from "../containers/dict/dict";
import { PyTuple_New, Tuple } from "../containers/tuple";
import {
  _Py_T_OBJECT,
  addGetSet,
  addMember,
  addMethod,
  asMapping,
  asNumber,
  METH_CLASS,
  METH_NOARGS,
  METH_O,
  Py_READONLY,
  Py_T_BOOL,
} from "../define/tables";
import { PyErr_Format, PyErr_SetString } from "../errors/raise";
import {
  paramspecattrobject_clear,
  paramspecattrobject_traverse,
  paramspecobject_clear,
  paramspecobject_traverse,
  typealiasobject_clear,
  typealiasobject_traverse,
  typevarobject_clear,
  typevarobject_traverse,
  typevartupleobject_clear,
  typevartupleobject_traverse,
} from "../generated/references";
import { PyImport_ImportLiteral } from "../module/import";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { PyObject_CallNoArgs, PyObject_CallTwoArgs } from "../object/call";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import { PyObject_GetAttr } from "../protocol/access";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { Py_GenericAlias } from "./genericalias";
import { PyUnion_Or } from "./union";

/** A new object of the type, its fields zero but the first: `name`, or the origin of args and kwargs. */
function make(type: usize, name: usize): usize {
  const o = _PyObject_GC_New(type);
  if (o == 0) return 0;
  memory.fill(o + SIZEOF_PyObject, 0, <usize>PyTypeObject.at(type).tp_basicsize - SIZEOF_PyObject);
  typeparamobject.at(o).name = Py.NewRef(name);
  _PyObject_GC_TRACK(o);
  return o;
}

export function makeTypeVar(name: usize): usize {
  const o = make(PyTypeVar_Type, name);
  if (o != 0) typevarobject.at(o).infer_variance = 1;
  return o;
}

export function makeTypeVarWithBound(name: usize, evaluate: usize): usize {
  const o = makeTypeVar(name);
  if (o != 0) typevarobject.at(o).evaluate_bound = Py.NewRef(evaluate);
  return o;
}

export function makeTypeVarWithConstraints(name: usize, evaluate: usize): usize {
  const o = makeTypeVar(name);
  if (o != 0) typevarobject.at(o).evaluate_constraints = Py.NewRef(evaluate);
  return o;
}

export function makeParamSpec(name: usize): usize {
  return make(PyParamSpec_Type, name);
}

export function makeTypeVarTuple(name: usize): usize {
  return make(PyTypeVarTuple_Type, name);
}

/** `args`: name, type parameters (a tuple or None), function that computes the value. */
export function makeTypeAlias(args: usize): usize {
  const o = make(PyTypeAlias_Type, Tuple.get(args, 0));
  if (o == 0) return 0;
  const a = typealiasobject.at(o);
  const params = Tuple.get(args, 1);
  if (params != _Py_NoneStruct) a.type_params = Py.NewRef(params);
  a.compute_value = Py.NewRef(Tuple.get(args, 2));
  const globals = currentGlobals();
  if (globals != 0) {
    const module = PyDict_GetItemWithError(globals, ID.__name__);
    if (module != 0) a.module = Py.NewRef(module);
  }
  return o;
}

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

/** Calls a function of the typing module with two arguments. */
function callTyping(name: usize, a: usize, b: usize): usize {
  const typing = PyImport_ImportLiteral("typing");
  if (typing == 0) return 0;
  const f = PyObject_GetAttr(typing, name);
  Py.DECREF(typing);
  if (f == 0) return 0;
  const r = PyObject_CallTwoArgs(f, a, b);
  Py.DECREF(f);
  return r;
}

/** Generic[params] for the bases of a generic class: each TypeVarTuple unpacked. */
export function subscriptGeneric(params: usize): usize {
  return callTyping(ID._generic_class_getitem, PyGeneric_Type, params);
}

/**
 * The value of a field that the function `evaluate` gives when it is asked for, kept in the slot once it is known. A
 * new reference, to `absent` where there is neither.
 */
function evaluated(slot: usize, evaluate: usize, absent: usize): usize {
  const known: usize = load<u32>(slot);
  if (known != 0) return Py.NewRef(known);
  if (evaluate == 0) return Py.NewRef(absent);
  const v = PyObject_CallNoArgs(evaluate);
  if (v != 0) store<u64>(slot, Py.NewRef(v));
  return v;
}

function typevar_bound(o: usize, _c: usize): usize {
  const v = typevarobject.at(o);
  return evaluated(v.bound_slot, v.evaluate_bound, _Py_NoneStruct);
}

function typevar_constraints(o: usize, _c: usize): usize {
  const v = typevarobject.at(o);
  if (v.constraints == 0 && v.evaluate_constraints == 0) return PyTuple_New(0);
  return evaluated(v.constraints_slot, v.evaluate_constraints, _Py_NoneStruct);
}

function typevar_default(o: usize, _c: usize): usize {
  const v = typevarobject.at(o);
  return evaluated(v.default_value_slot, v.evaluate_default, _Py_NoDefaultStruct);
}

function typevartuple_default(o: usize, _c: usize): usize {
  const v = typevartupleobject.at(o);
  return evaluated(v.default_value_slot, v.evaluate_default, _Py_NoDefaultStruct);
}

function paramspec_default(o: usize, _c: usize): usize {
  const v = paramspecobject.at(o);
  return evaluated(v.default_value_slot, v.evaluate_default, _Py_NoDefaultStruct);
}

function typevar_repr(o: usize): usize {
  const v = typevarobject.at(o);
  if (v.infer_variance) return Py.NewRef(v.name);
  return PyUnicode_FromFormat(v.covariant ? "+%U" : v.contravariant ? "-%U" : "~%U", v.name);
}

function name_repr(o: usize): usize {
  return Py.NewRef(typeparamobject.at(o).name);
}

function params_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  call_indirect<i32>(PyTypeObject.at(Py.TYPE(o)).tp_clear, o);
  PyObject_GC_Del(o);
}

function params_or(a: usize, b: usize): usize {
  return PyUnion_Or(a, b);
}

function paramspec_args(o: usize, _c: usize): usize {
  return make(PyParamSpecArgs_Type, o);
}

function paramspec_kwargs(o: usize, _c: usize): usize {
  return make(PyParamSpecKwargs_Type, o);
}

function alias_value(o: usize, _c: usize): usize {
  const a = typealiasobject.at(o);
  if (a.value != 0) return Py.NewRef(a.value);
  const v = PyObject_CallNoArgs(a.compute_value);
  if (v != 0) a.value = Py.NewRef(v);
  return v;
}

function alias_parameters(o: usize, _c: usize): usize {
  const p = typealiasobject.at(o).type_params;
  return p == 0 ? PyTuple_New(0) : Py.NewRef(p);
}

function alias_module(o: usize, _c: usize): usize {
  const m = typealiasobject.at(o).module;
  return m == 0 ? _Py_NoneStruct : Py.NewRef(m);
}

function alias_getitem(o: usize, args: usize): usize {
  if (typealiasobject.at(o).type_params == 0) {
    PyErr_SetString(PyExc_TypeError, "Only generic type aliases are subscriptable");
    return 0;
  }
  return Py_GenericAlias(o, args);
}

function nodefault_repr(_o: usize): usize {
  return PyUnicode_FromLiteral("typing.NoDefault");
}

function nodefault_new(_type: usize, args: usize, kwargs: usize): usize {
  if (Py.SIZE(args) == 0 && (kwargs == 0 || PyDict_Size(kwargs) == 0)) return _Py_NoDefaultStruct;
  PyErr_SetString(PyExc_TypeError, "NoDefaultType takes no arguments");
  return 0;
}

function nodefault_reduce(_o: usize, _u: usize): usize {
  return PyUnicode_FromLiteral("NoDefault");
}

function generic_class_getitem(cls: usize, args: usize): usize {
  return callTyping(ID._generic_class_getitem, cls, args);
}

function parameterType(type: usize, size: usize, repr: u32, traverse: u32, clear: u32): void {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = size;
  t.tp_dealloc = params_dealloc.index;
  t.tp_repr = repr;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_traverse = traverse;
  t.tp_clear = clear;
}

export function initTypeVarTypes(): void {
  parameterType(
    PyTypeVar_Type,
    SIZEOF_typevarobject,
    typevar_repr.index,
    typevarobject_traverse.index,
    typevarobject_clear.index,
  );
  PyNumberMethods.at(asNumber(PyTypeVar_Type)).nb_or = params_or.index;
  addMember(PyTypeVar_Type, "__name__", _Py_T_OBJECT, typeparamobject_name, Py_READONLY);
  addMember(PyTypeVar_Type, "__covariant__", Py_T_BOOL, typevarobject_covariant, Py_READONLY);
  addMember(PyTypeVar_Type, "__contravariant__", Py_T_BOOL, typevarobject_contravariant, Py_READONLY);
  addMember(PyTypeVar_Type, "__infer_variance__", Py_T_BOOL, typevarobject_infer_variance, Py_READONLY);
  addGetSet(PyTypeVar_Type, "__bound__", typevar_bound.index, 0);
  addGetSet(PyTypeVar_Type, "__constraints__", typevar_constraints.index, 0);
  addGetSet(PyTypeVar_Type, "__default__", typevar_default.index, 0);
  parameterType(
    PyTypeVarTuple_Type,
    SIZEOF_typevartupleobject,
    name_repr.index,
    typevartupleobject_traverse.index,
    typevartupleobject_clear.index,
  );
  addMember(PyTypeVarTuple_Type, "__name__", _Py_T_OBJECT, typeparamobject_name, Py_READONLY);
  addGetSet(PyTypeVarTuple_Type, "__default__", typevartuple_default.index, 0);
  parameterType(
    PyParamSpec_Type,
    SIZEOF_paramspecobject,
    name_repr.index,
    paramspecobject_traverse.index,
    paramspecobject_clear.index,
  );
  PyNumberMethods.at(asNumber(PyParamSpec_Type)).nb_or = params_or.index;
  addMember(PyParamSpec_Type, "__name__", _Py_T_OBJECT, typeparamobject_name, Py_READONLY);
  addGetSet(PyParamSpec_Type, "args", paramspec_args.index, 0);
  addGetSet(PyParamSpec_Type, "kwargs", paramspec_kwargs.index, 0);
  addGetSet(PyParamSpec_Type, "__default__", paramspec_default.index, 0);
  parameterType(
    PyParamSpecArgs_Type,
    SIZEOF_paramspecattrobject,
    0,
    paramspecattrobject_traverse.index,
    paramspecattrobject_clear.index,
  );
  addMember(PyParamSpecArgs_Type, "__origin__", _Py_T_OBJECT, paramspecattrobject___origin__, Py_READONLY);
  parameterType(
    PyParamSpecKwargs_Type,
    SIZEOF_paramspecattrobject,
    0,
    paramspecattrobject_traverse.index,
    paramspecattrobject_clear.index,
  );
  addMember(PyParamSpecKwargs_Type, "__origin__", _Py_T_OBJECT, paramspecattrobject___origin__, Py_READONLY);
  parameterType(
    PyTypeAlias_Type,
    SIZEOF_typealiasobject,
    name_repr.index,
    typealiasobject_traverse.index,
    typealiasobject_clear.index,
  );
  PyNumberMethods.at(asNumber(PyTypeAlias_Type)).nb_or = params_or.index;
  PyMappingMethods.at(asMapping(PyTypeAlias_Type)).mp_subscript = alias_getitem.index;
  addMember(PyTypeAlias_Type, "__name__", _Py_T_OBJECT, typeparamobject_name, Py_READONLY);
  addGetSet(PyTypeAlias_Type, "__value__", alias_value.index, 0);
  addGetSet(PyTypeAlias_Type, "__type_params__", alias_parameters.index, 0);
  addGetSet(PyTypeAlias_Type, "__parameters__", alias_parameters.index, 0);
  addGetSet(PyTypeAlias_Type, "__module__", alias_module.index, 0);
  const d = PyTypeObject.at(_PyNoDefault_Type);
  d.tp_basicsize = SIZEOF_PyObject;
  d.tp_repr = nodefault_repr.index;
  d.tp_new = nodefault_new.index;
  addMethod(_PyNoDefault_Type, "__reduce__", nodefault_reduce.index, METH_NOARGS);
  const g = PyTypeObject.at(PyGeneric_Type);
  g.tp_basicsize = SIZEOF_PyObject;
  g.tp_flags = Py_TPFLAGS_BASETYPE;
  addMethod(PyGeneric_Type, "__class_getitem__", generic_class_getitem.index, METH_O | METH_CLASS);
}
