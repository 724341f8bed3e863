// typing.TypeVar (CPython 3.13's Objects/typevarobject.c): a variable for a type.
//
// A deliberate difference: the type is static.

import { PyNumberMethods, SIZEOF_typevarobject, typevarobject } from "../../../generated/layouts";
import { _Py_NoDefaultStruct, _Py_NoneStruct, ID, PyExc_TypeError, PyTypeVar_Type } from "../../../generated/statics";
import { Scratch } from "../../../thread/scratch";
import { PyObject_ClearManagedDict, PyObject_VisitManagedDict } from "../../containers/dict/instance";
import { PyTuple_GetSlice, PyTuple_New, PyTuple_Pack1, Tuple } from "../../containers/tuple";
import { parseArguments } from "../../define/args";
import { asNumber } from "../../define/tables";
import { PyErr_Format, PyErr_SetString } from "../../errors/raise";
import { typevarobject_clear, typevarobject_traverse } from "../../generated/references";
import { Py } from "../../object/head";
import { PyBool_FromBool, PyObject_GetAttr } from "../../protocol/access";
import { PySequence_Concat, PySequence_Index, PySequence_Size } from "../../protocol/sequence";
import { PyUnicode_FromFormat } from "../../text/format/fromformat";
import {
  callTyping,
  evaluated,
  hasDefault,
  isName,
  newParameter,
  parameterOr,
  parameterType,
  typeArgument,
  withModule,
} from "./common";
import { CONTRAVARIANT, COVARIANT, INFERRED, varianceOf } from "./variance";

export function makeTypeVar(name: usize): usize {
  const o = newParameter(PyTypeVar_Type, name);
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

function typevar_new(_type: usize, args: usize, kwargs: usize): usize {
  const n = Py.SIZE(args);
  const names = "name bound default covariant contravariant infer_variance";
  const a = Scratch.take(6);
  const parsed = parseArguments("typevar", names, Tuple.items(args), min<isize>(n, 1), kwargs, a, 1, 1);
  const name = Py.item(a, 0);
  const bound = Py.item(a, 1);
  const value = Py.item(a, 2);
  let ok = parsed && isName("typevar", name);
  const flags = ok ? varianceOf(Py.item(a, 3), Py.item(a, 4), Py.item(a, 5)) : -1;
  Scratch.give(a);
  if (flags < 0) return 0;
  const given = n > 1 ? PyTuple_GetSlice(args, 1, n) : 0;
  if (n > 1 && given == 0) return 0;
  const o = newParameter(PyTypeVar_Type, name);
  if (o == 0) {
    Py.XDECREF(given);
    return 0;
  }
  const v = typevarobject.at(o);
  v.constraints = given;
  v.default_value = Py.NewRef(value == 0 ? _Py_NoDefaultStruct : value);
  v.covariant = flags & COVARIANT ? 1 : 0;
  v.contravariant = flags & CONTRAVARIANT ? 1 : 0;
  v.infer_variance = flags & INFERRED ? 1 : 0;
  if (bound != 0 && bound != _Py_NoneStruct) v.bound = typeArgument(bound, "Bound must be a type.");
  ok = true;
  if (bound != 0 && bound != _Py_NoneStruct && v.bound == 0) ok = false;
  else if (n == 2) {
    PyErr_SetString(PyExc_TypeError, "A single constraint is not allowed");
    ok = false;
  } else if (given != 0 && v.bound != 0) {
    PyErr_SetString(PyExc_TypeError, "Constraints cannot be combined with bound=...");
    ok = false;
  }
  if (ok) return withModule(o);
  Py.DECREF(o);
  return 0;
}

function typevar_traverse(o: usize, visit: u32, arg: usize): i32 {
  const r = typevarobject_traverse(o, visit, arg);
  return r != 0 ? r : PyObject_VisitManagedDict(o, visit, arg);
}

function typevar_clear(o: usize): i32 {
  PyObject_ClearManagedDict(o);
  return typevarobject_clear(o);
}

function typevar_repr(o: usize): usize {
  const v = typevarobject.at(o);
  if (v.infer_variance) return Py.NewRef(v.name);
  return PyUnicode_FromFormat(v.covariant ? "+%U" : v.contravariant ? "-%U" : "~%U", v.name);
}

/**
 * @getter typing.TypeVar.__bound__
 */
export function typevar_bound(o: usize, _c: usize): usize {
  const v = typevarobject.at(o);
  return evaluated(o, v.bound_slot, v.evaluate_bound, _Py_NoneStruct);
}

/**
 * @getter typing.TypeVar.__constraints__
 */
export function typevar_constraints(o: usize, _c: usize): usize {
  const v = typevarobject.at(o);
  if (v.constraints == 0 && v.evaluate_constraints == 0) return PyTuple_New(0);
  return evaluated(o, v.constraints_slot, v.evaluate_constraints, _Py_NoneStruct);
}

/**
 * @getter typing.TypeVar.__default__
 */
export function typevar_default(o: usize, _c: usize): usize {
  const v = typevarobject.at(o);
  return evaluated(o, v.default_value_slot, v.evaluate_default, _Py_NoDefaultStruct);
}

/**
 * @native typing.TypeVar.__typing_subst__($self, arg, /)
 */
export function typevar_typing_subst(o: usize, arg: usize): usize {
  return callTyping("_typevar_subst", o, arg);
}

/**
 * @native typing.TypeVar.__typing_prepare_subst__($self, alias, args, /)
 */
export function typevar_prepare_subst(o: usize, alias: usize, args: usize): usize {
  const params = PyObject_GetAttr(alias, ID.__parameters__);
  if (params == 0) return 0;
  const i = PySequence_Index(params, o);
  Py.DECREF(params);
  const n = i < 0 ? -1 : PySequence_Size(args);
  if (n < 0) return 0;
  if (i < n) return Py.NewRef(args);
  if (i == n) {
    const value = typevar_default(o, 0);
    if (value == 0) return 0;
    if (value != _Py_NoDefaultStruct) {
      const more = PyTuple_Pack1(value);
      Py.DECREF(value);
      if (more == 0) return 0;
      const r = PySequence_Concat(args, more);
      Py.DECREF(more);
      return r;
    }
  }
  return PyErr_Format(PyExc_TypeError, "Too few arguments for %S; actual %d, expected at least %d", alias, n, i + 1);
}

/**
 * @native typing.TypeVar.__reduce__($self, /)
 */
export function typevar_reduce(o: usize): usize {
  return Py.NewRef(typevarobject.at(o).name);
}

/**
 * @native typing.TypeVar.has_default($self, /)
 */
export function typevar_has_default(o: usize): usize {
  const v = typevarobject.at(o);
  return PyBool_FromBool(hasDefault(v.default_value, v.evaluate_default));
}

/**
 * @native typing.TypeVar.__mro_entries__
 */
export function typevar_mro_entries(_o: usize, _bases: usize): usize {
  return PyErr_SetString(PyExc_TypeError, "Cannot subclass an instance of TypeVar");
}

/**
 * @type typing.TypeVar
 * @order __typing_subst__ __typing_prepare_subst__ __reduce__ has_default __mro_entries__ __bound__ __constraints__ __default__
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

export function initTypeVarType(): void {
  const t = parameterType(PyTypeVar_Type, SIZEOF_typevarobject, typevar_traverse.index, typevar_clear.index, true);
  t.tp_new = typevar_new.index;
  t.tp_repr = typevar_repr.index;
  PyNumberMethods.at(asNumber(PyTypeVar_Type)).nb_or = parameterOr.index;
}
