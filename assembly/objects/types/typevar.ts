// Type parameters and aliases, as the syntax of PEP 695 makes them (CPython 3.13's Objects/typevarobject.c). What is
// rarely asked of them (substitution, the constructors with keywords) is the typing module's, which is asked for it.

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import {
  PyFunctionObject,
  PyMappingMethods,
  PyNumberMethods,
  PyTypeObject,
  paramspecobject,
  SIZEOF_PyObject,
  SIZEOF_paramspecattrobject,
  SIZEOF_paramspecobject,
  SIZEOF_typealiasobject,
  SIZEOF_typevarobject,
  SIZEOF_typevartupleobject,
  typealiasobject,
  typeparamobject,
  typevarobject,
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
import { asMapping, asNumber } from "../define/tables";
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

/**
 * @getter typing.TypeVar.__bound__
 */
export function typevar_bound(o: usize, _c: usize): usize {
  const v = typevarobject.at(o);
  return evaluated(v.bound_slot, v.evaluate_bound, _Py_NoneStruct);
}

/**
 * @getter typing.TypeVar.__constraints__
 */
export function typevar_constraints(o: usize, _c: usize): usize {
  const v = typevarobject.at(o);
  if (v.constraints == 0 && v.evaluate_constraints == 0) return PyTuple_New(0);
  return evaluated(v.constraints_slot, v.evaluate_constraints, _Py_NoneStruct);
}

/**
 * @getter typing.TypeVar.__default__
 */
export function typevar_default(o: usize, _c: usize): usize {
  const v = typevarobject.at(o);
  return evaluated(v.default_value_slot, v.evaluate_default, _Py_NoDefaultStruct);
}

/**
 * @getter typing.TypeVarTuple.__default__
 *
 * What it stands for where nothing is given.
 */
export function typevartuple_default(o: usize, _c: usize): usize {
  const v = typevartupleobject.at(o);
  return evaluated(v.default_value_slot, v.evaluate_default, _Py_NoDefaultStruct);
}

/**
 * @getter typing.ParamSpec.__default__
 *
 * What stands for it by default.
 */
export function paramspec_default(o: usize, _c: usize): usize {
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

/**
 * @getter typing.ParamSpec.args
 *
 * The part given by position.
 */
export function paramspec_args(o: usize, _c: usize): usize {
  return make(PyParamSpecArgs_Type, o);
}

/**
 * @getter typing.ParamSpec.kwargs
 *
 * The part that is given by name.
 */
export function paramspec_kwargs(o: usize, _c: usize): usize {
  return make(PyParamSpecKwargs_Type, o);
}

/**
 * @getter typing.TypeAliasType.__value__
 */
export function alias_value(o: usize, _c: usize): usize {
  const a = typealiasobject.at(o);
  if (a.value != 0) return Py.NewRef(a.value);
  const v = PyObject_CallNoArgs(a.compute_value);
  if (v != 0) a.value = Py.NewRef(v);
  return v;
}

/**
 * @getter typing.TypeAliasType.__type_params__
 *
 * @getter typing.TypeAliasType.__parameters__
 */
export function alias_parameters(o: usize, _c: usize): usize {
  const p = typealiasobject.at(o).type_params;
  return p == 0 ? PyTuple_New(0) : Py.NewRef(p);
}

/**
 * @getter typing.TypeAliasType.__module__
 */
export function alias_module(o: usize, _c: usize): usize {
  const m = typealiasobject.at(o).module;
  return m == 0 ? _Py_NoneStruct : Py.NewRef(m);
}

function alias_getitem(o: usize, args: usize): usize {
  if (typealiasobject.at(o).type_params == 0) {
    return PyErr_SetString(PyExc_TypeError, "Only generic type aliases are subscriptable");
  }
  return Py_GenericAlias(o, args);
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
 * @classmethod typing.Generic.__class_getitem__
 *
 * The class with types put in for its variables, for annotations.
 *
 * Box[int] is no class of its own but an object that remembers what was given, in __args__, and passes on everything else to Box. Right after Generic itself stand variables, which the class that is being defined will have; each may occur there once only, and only variables may be.
 */
export function generic_class_getitem(cls: usize, item: usize): usize {
  return callTyping(ID._generic_class_getitem, cls, item);
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

/**
 * @type typing.TypeVar
 *
 * A variable for a type, used in annotations.
 *
 * It stands for one type that is the same wherever the variable occurs in a signature or a class. New programs write it in brackets:
 *
 *     def first[T](items: list[T]) -> T: ...
 *     class Box[T]: ...
 *     type Pair[T] = tuple[T, T]
 *
 * A bound after a colon restricts it to subclasses of a type, and a tuple after the colon to one of several types; what follows an equals sign is used where nothing is given:
 *
 *     def longest[S: Sized](items: list[S]) -> S: ...
 *     def join[A: (str, bytes)](a: A, b: A) -> A: ...
 *     class Queue[T = int]: ...
 *
 * Made by hand it takes the same as arguments: TypeVar('T', bound=Sized), TypeVar('A', str, bytes), TypeVar('T', default=int). Whether it varies with its type (covariant), against it (contravariant) or not at all is found out by the checker where it is written in brackets; made by hand it is said by covariant, contravariant or infer_variance. At run time none of this is checked: an annotation is an object like others.
 *
 * @member typing.TypeVar.__name__ = typevarobject.name readonly
 *
 * @member typing.TypeVar.__covariant__ = typevarobject.covariant readonly
 *
 * @member typing.TypeVar.__contravariant__ = typevarobject.contravariant readonly
 *
 * @member typing.TypeVar.__infer_variance__ = typevarobject.infer_variance readonly
 */

/**
 * @type typing.TypeVarTuple
 *
 * A variable for any number of types, used in annotations.
 *
 * Where a TypeVar stands for one type, this stands for a row of them, as in a tuple or the parameters of a function. New programs write it in brackets with a star:
 *
 *     def back[*Ts](row: tuple[*Ts]) -> tuple[*Ts]: ...
 *     class Array[*Shape]: ...
 *
 * Its uses need the star, too, as it is not a type by itself. A default is a tuple of types that are unpacked: class Array[*Shape = *tuple[int, int]]. Made by hand it is TypeVarTuple('Ts'), with default as the only other argument. Only one may stand in the brackets of a class. At run time nothing of it is checked.
 *
 * @member typing.TypeVarTuple.__name__ = typevartupleobject.name readonly
 */

/**
 * @type typing.ParamSpec
 * @order args kwargs __default__
 *
 * A variable for the parameters of a function, used in annotations.
 *
 * It keeps a decorator from forgetting what the function that it wraps can be called with. New programs write it in brackets with two stars:
 *
 *     def traced[**P, R](f: Callable[P, R]) -> Callable[P, R]:
 *         def inner(*args: P.args, **kwargs: P.kwargs) -> R:
 *             print(f.__name__)
 *             return f(*args, **kwargs)
 *         return inner
 *
 * P.args and P.kwargs annotate the two parts of a call, and always occur together. A default is a list of types, as in class Task[**P = [int, str]]. Made by hand it is ParamSpec('P'), with the same further arguments as TypeVar. At run time nothing of it is checked.
 *
 * @member typing.ParamSpec.__name__ = paramspecobject.name readonly
 */

/**
 * @type typing.ParamSpecArgs
 *
 * What P.args is for a ParamSpec P.
 *
 * It annotates the parameter with one star in a function that passes on whatever it is called with, beside P.kwargs for the one with two. Its __origin__ is the P itself.
 *
 * A checker of types needs it; nothing is done with it at run time, and there is no other way to get one than to ask P for it.
 *
 * @member typing.ParamSpecArgs.__origin__ = paramspecattrobject.__origin__ readonly
 */

/**
 * @type typing.ParamSpecKwargs
 *
 * What P.kwargs is for a ParamSpec P.
 *
 * It annotates the parameter with two stars in a function that passes on whatever it is called with, beside P.args for the one with one star. Its __origin__ is P.
 *
 * A checker of types needs it; nothing is done with it at run time, and there is no other way to get one than to ask P for it. Two of them are equal if P is so.
 *
 * @member typing.ParamSpecKwargs.__origin__ = paramspecattrobject.__origin__ readonly
 */

/**
 * @type typing.TypeAliasType
 *
 * Another name for a type, made by the statement type:
 *
 *     type Row = list[int]
 *     type Tree[T] = T | list[Tree[T]]
 *
 * What stands on the right is not computed before __value__ is asked for, so that names can be used that come later, even its own. With variables in brackets it is a pattern: Tree[int] fills them in. __type_params__ has the variables, in a tuple; __name__ is the name on the left.
 *
 * A checker of types sees through it; at run time it is an object of its own, not the type, so that isinstance() does not take it.
 *
 * @member typing.TypeAliasType.__name__ = typealiasobject.name readonly
 */

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

export function initTypeVarTypes(): void {
  parameterType(
    PyTypeVar_Type,
    SIZEOF_typevarobject,
    typevar_repr.index,
    typevarobject_traverse.index,
    typevarobject_clear.index,
  );
  PyNumberMethods.at(asNumber(PyTypeVar_Type)).nb_or = params_or.index;
  parameterType(
    PyTypeVarTuple_Type,
    SIZEOF_typevartupleobject,
    name_repr.index,
    typevartupleobject_traverse.index,
    typevartupleobject_clear.index,
  );
  parameterType(
    PyParamSpec_Type,
    SIZEOF_paramspecobject,
    name_repr.index,
    paramspecobject_traverse.index,
    paramspecobject_clear.index,
  );
  PyNumberMethods.at(asNumber(PyParamSpec_Type)).nb_or = params_or.index;
  parameterType(
    PyParamSpecArgs_Type,
    SIZEOF_paramspecattrobject,
    0,
    paramspecattrobject_traverse.index,
    paramspecattrobject_clear.index,
  );
  parameterType(
    PyParamSpecKwargs_Type,
    SIZEOF_paramspecattrobject,
    0,
    paramspecattrobject_traverse.index,
    paramspecattrobject_clear.index,
  );
  parameterType(
    PyTypeAlias_Type,
    SIZEOF_typealiasobject,
    name_repr.index,
    typealiasobject_traverse.index,
    typealiasobject_clear.index,
  );
  PyNumberMethods.at(asNumber(PyTypeAlias_Type)).nb_or = params_or.index;
  PyMappingMethods.at(asMapping(PyTypeAlias_Type)).mp_subscript = alias_getitem.index;
  const d = PyTypeObject.at(_PyNoDefault_Type);
  d.tp_basicsize = SIZEOF_PyObject;
  d.tp_repr = nodefault_repr.index;
  d.tp_new = nodefault_new.index;
  const g = PyTypeObject.at(PyGeneric_Type);
  g.tp_basicsize = SIZEOF_PyObject;
  g.tp_flags = Py_TPFLAGS_BASETYPE;
}
