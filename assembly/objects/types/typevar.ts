// Type parameters and aliases, as the syntax of PEP 695 makes them (CPython 3.13's Objects/typevarobject.c). What is
// rarely asked of them (substitution, the constructors with keywords) is the typing module's, which is asked for it.

import {
  PyMappingMethods,
  PyNumberMethods,
  PyTypeObject,
  typealiasobject,
  typevarobject,
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
import { PyTuple_New } from "../containers/tuple";
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
import { PyImport_ImportLiteral } from "../module/import";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { PyObject_CallNoArgs, PyObject_CallTwoArgs } from "../object/call";
import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_HAVE_GC } from "../object/flags";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py, Visit } from "../object/head";
import { PyObject_GetAttr } from "../protocol/access";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { Py_GenericAlias } from "./genericalias";
import { PyUnion_Or } from "./union";

/** A new object of the type: `size` bytes, its fields zero, `name` first. */
function make(type: usize, name: usize): usize {
  const o = _PyObject_GC_New(type);
  if (o == 0) return 0;
  memory.fill(o + 16, 0, <usize>PyTypeObject.at(type).tp_basicsize - 16);
  store<u64>(o, Py.NewRef(name), 16);
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
  const o = make(PyTypeAlias_Type, Py.item(args + 24, 0));
  if (o == 0) return 0;
  const a = typealiasobject.at(o);
  const params = Py.item(args + 24, 1);
  if (params != _Py_NoneStruct) a.type_params = Py.NewRef(params);
  a.compute_value = Py.NewRef(Py.item(args + 24, 2));
  const globals = currentGlobals();
  if (globals != 0) {
    const module = PyDict_GetItemWithError(globals, ID.__name__);
    if (module != 0) a.module = Py.NewRef(module);
  }
  return o;
}

export function setFunctionTypeParams(func: usize, params: usize): usize {
  Py.SETREF(func + 120, Py.NewRef(params));
  return Py.NewRef(func);
}

export function setTypeParamDefault(param: usize, evaluate: usize): usize {
  const t = Py.TYPE(param);
  if (t == PyTypeVar_Type) Py.SETREF(param + 64, Py.NewRef(evaluate));
  else if (t == PyParamSpec_Type) Py.SETREF(param + 40, Py.NewRef(evaluate));
  else if (t == PyTypeVarTuple_Type) Py.SETREF(param + 32, Py.NewRef(evaluate));
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

/** The value of a lazily evaluated field: kept in the slot once it is known. A new reference, None where not given. */
function evaluated(o: usize, slot: usize, evaluate: usize, absent: usize): usize {
  const known: usize = load<u32>(o + slot);
  if (known != 0) return Py.NewRef(known);
  const f: usize = load<u32>(o + evaluate);
  if (f == 0) return Py.NewRef(absent);
  const v = PyObject_CallNoArgs(f);
  if (v != 0) store<u64>(o + slot, Py.NewRef(v));
  return v;
}

function typevar_bound(o: usize, _c: usize): usize {
  return evaluated(o, 24, 32, _Py_NoneStruct);
}

function typevar_constraints(o: usize, _c: usize): usize {
  if (load<u32>(o, 40) == 0 && load<u32>(o, 48) == 0) return PyTuple_New(0);
  return evaluated(o, 40, 48, _Py_NoneStruct);
}

function typevar_default(o: usize, _c: usize): usize {
  return evaluated(o, 56, 64, _Py_NoDefaultStruct);
}

function typevartuple_default(o: usize, _c: usize): usize {
  return evaluated(o, 24, 32, _Py_NoDefaultStruct);
}

function paramspec_default(o: usize, _c: usize): usize {
  return evaluated(o, 32, 40, _Py_NoDefaultStruct);
}

function typevar_repr(o: usize): usize {
  const v = typevarobject.at(o);
  if (v.infer_variance) return Py.NewRef(v.name);
  return PyUnicode_FromFormat(v.covariant ? "+%U" : v.contravariant ? "-%U" : "~%U", v.name);
}

function name_repr(o: usize): usize {
  return Py.NewRef(load<u32>(o, 16));
}

function params_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  params_clear(o);
  PyObject_GC_Del(o);
}

/** The end of the reference fields of each type. */
function fieldsEnd(type: usize): usize {
  if (type == PyTypeVar_Type) return 72;
  if (type == PyTypeVarTuple_Type) return 40;
  if (type == PyParamSpec_Type) return 48;
  if (type == PyTypeAlias_Type) return 56;
  return 24;
}

function params_clear(o: usize): i32 {
  const end = fieldsEnd(Py.TYPE(o));
  for (let p: usize = 16; p < end; p += 8) Py.CLEAR(o + p);
  return 0;
}

function params_traverse(o: usize, visit: u32, arg: usize): i32 {
  const end = fieldsEnd(Py.TYPE(o));
  let r: i32 = 0;
  for (let p: usize = 16; p < end && r == 0; p += 8) r = Visit.call(load<u32>(o + p), visit, arg);
  return r;
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

function parameterType(type: usize, size: isize, repr: u32): void {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = size;
  t.tp_dealloc = params_dealloc.index;
  t.tp_repr = repr;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_traverse = params_traverse.index;
  t.tp_clear = params_clear.index;
}

export function initTypeVarTypes(): void {
  parameterType(PyTypeVar_Type, 80, typevar_repr.index);
  PyNumberMethods.at(asNumber(PyTypeVar_Type)).nb_or = params_or.index;
  addMember(PyTypeVar_Type, "__name__", _Py_T_OBJECT, 16, Py_READONLY);
  addMember(PyTypeVar_Type, "__covariant__", Py_T_BOOL, 72, Py_READONLY);
  addMember(PyTypeVar_Type, "__contravariant__", Py_T_BOOL, 73, Py_READONLY);
  addMember(PyTypeVar_Type, "__infer_variance__", Py_T_BOOL, 74, Py_READONLY);
  addGetSet(PyTypeVar_Type, "__bound__", typevar_bound.index, 0);
  addGetSet(PyTypeVar_Type, "__constraints__", typevar_constraints.index, 0);
  addGetSet(PyTypeVar_Type, "__default__", typevar_default.index, 0);
  parameterType(PyTypeVarTuple_Type, 40, name_repr.index);
  addMember(PyTypeVarTuple_Type, "__name__", _Py_T_OBJECT, 16, Py_READONLY);
  addGetSet(PyTypeVarTuple_Type, "__default__", typevartuple_default.index, 0);
  parameterType(PyParamSpec_Type, 48, name_repr.index);
  PyNumberMethods.at(asNumber(PyParamSpec_Type)).nb_or = params_or.index;
  addMember(PyParamSpec_Type, "__name__", _Py_T_OBJECT, 16, Py_READONLY);
  addGetSet(PyParamSpec_Type, "args", paramspec_args.index, 0);
  addGetSet(PyParamSpec_Type, "kwargs", paramspec_kwargs.index, 0);
  addGetSet(PyParamSpec_Type, "__default__", paramspec_default.index, 0);
  parameterType(PyParamSpecArgs_Type, 24, 0);
  addMember(PyParamSpecArgs_Type, "__origin__", _Py_T_OBJECT, 16, Py_READONLY);
  parameterType(PyParamSpecKwargs_Type, 24, 0);
  addMember(PyParamSpecKwargs_Type, "__origin__", _Py_T_OBJECT, 16, Py_READONLY);
  parameterType(PyTypeAlias_Type, 56, name_repr.index);
  PyNumberMethods.at(asNumber(PyTypeAlias_Type)).nb_or = params_or.index;
  PyMappingMethods.at(asMapping(PyTypeAlias_Type)).mp_subscript = alias_getitem.index;
  addMember(PyTypeAlias_Type, "__name__", _Py_T_OBJECT, 16, Py_READONLY);
  addGetSet(PyTypeAlias_Type, "__value__", alias_value.index, 0);
  addGetSet(PyTypeAlias_Type, "__type_params__", alias_parameters.index, 0);
  addGetSet(PyTypeAlias_Type, "__parameters__", alias_parameters.index, 0);
  addGetSet(PyTypeAlias_Type, "__module__", alias_module.index, 0);
  const d = PyTypeObject.at(_PyNoDefault_Type);
  d.tp_basicsize = 16;
  d.tp_repr = nodefault_repr.index;
  d.tp_new = nodefault_new.index;
  addMethod(_PyNoDefault_Type, "__reduce__", nodefault_reduce.index, METH_NOARGS);
  const g = PyTypeObject.at(PyGeneric_Type);
  g.tp_basicsize = 16;
  g.tp_flags = Py_TPFLAGS_BASETYPE;
  addMethod(PyGeneric_Type, "__class_getitem__", generic_class_getitem.index, METH_O | METH_CLASS);
}
