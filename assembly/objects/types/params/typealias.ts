// typing.TypeAliasType (CPython 3.13's Objects/typevarobject.c): what the statement `type` makes.

import {
  PyFunctionObject,
  PyMappingMethods,
  PyNumberMethods,
  SIZEOF_typealiasobject,
  typealiasobject,
} from "../../../generated/layouts";
import { _Py_NoneStruct, PyExc_TypeError, PyFunction_Type, PyTypeAlias_Type } from "../../../generated/statics";
import { Scratch } from "../../../thread/scratch";
import { PyTuple_New, Tuple } from "../../containers/tuple";
import { parseTupleAndKeywords } from "../../define/args";
import { asMapping, asNumber } from "../../define/tables";
import { PyErr_SetString } from "../../errors/raise";
import { typealiasobject_clear, typealiasobject_traverse } from "../../generated/references";
import { Py } from "../../object/head";
import { Py_GenericAlias } from "../genericalias";
import { PyUnion_Or } from "../union";
import { callerModule, evaluated, isName, newParameter, parameterType, unpackTypeVarTuples } from "./common";

/** A new alias; `params` is a tuple, None or null. */
function newAlias(name: usize, params: usize): usize {
  const o = newParameter(PyTypeAlias_Type, name);
  if (o != 0 && params != 0 && params != _Py_NoneStruct && Py.SIZE(params) != 0) {
    typealiasobject.at(o).type_params = Py.NewRef(params);
  }
  return o;
}

/** `args`: name, type parameters (a tuple or None), function that computes the value. */
export function makeTypeAlias(args: usize): usize {
  const o = newAlias(Tuple.get(args, 0), Tuple.get(args, 1));
  if (o != 0) typealiasobject.at(o).compute_value = Py.NewRef(Tuple.get(args, 2));
  return o;
}

function alias_new(_type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(3);
  const parsed = parseTupleAndKeywords("typealias", "name value type_params", args, kwargs, a, 2, 2);
  const name = Py.item(a, 0);
  const value = Py.item(a, 1);
  const params = Py.item(a, 2);
  Scratch.give(a);
  if (!parsed || !isName("typealias", name)) return 0;
  if (params != 0 && !Tuple.check(params)) return PyErr_SetString(PyExc_TypeError, "type_params must be a tuple");
  const o = newAlias(name, params);
  if (o == 0) return 0;
  typealiasobject.at(o).value = Py.NewRef(value);
  typealiasobject.at(o).module = Py.NewRef(callerModule());
  return o;
}

function alias_repr(o: usize): usize {
  return Py.NewRef(typealiasobject.at(o).name);
}

/**
 * @getter typing.TypeAliasType.__parameters__
 */
export function alias_parameters(o: usize, _c: usize): usize {
  const p = typealiasobject.at(o).type_params;
  return p == 0 ? PyTuple_New(0) : unpackTypeVarTuples(p);
}

/**
 * @getter typing.TypeAliasType.__type_params__
 */
export function alias_type_params(o: usize, _c: usize): usize {
  const p = typealiasobject.at(o).type_params;
  return p == 0 ? PyTuple_New(0) : Py.NewRef(p);
}

/**
 * @getter typing.TypeAliasType.__value__
 */
export function alias_value(o: usize, _c: usize): usize {
  const a = typealiasobject.at(o);
  return evaluated(o, a.value_slot, a.compute_value, _Py_NoneStruct);
}

/**
 * @getter typing.TypeAliasType.__module__
 */
export function alias_module(o: usize, _c: usize): usize {
  const a = typealiasobject.at(o);
  if (a.module != 0) return Py.NewRef(a.module);
  const compute = a.compute_value;
  const module = compute != 0 && Py.TYPE(compute) == PyFunction_Type ? PyFunctionObject.at(compute).func_module : 0;
  return Py.NewRef(module == 0 ? _Py_NoneStruct : module);
}

/**
 * @native typing.TypeAliasType.__reduce__($self, /)
 */
export function alias_reduce(o: usize): usize {
  return Py.NewRef(typealiasobject.at(o).name);
}

function alias_getitem(o: usize, args: usize): usize {
  if (typealiasobject.at(o).type_params == 0) {
    return PyErr_SetString(PyExc_TypeError, "Only generic type aliases are subscriptable");
  }
  return Py_GenericAlias(o, args);
}

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

export function initTypeAliasType(): void {
  const t = parameterType(
    PyTypeAlias_Type,
    SIZEOF_typealiasobject,
    typealiasobject_traverse.index,
    typealiasobject_clear.index,
    false,
  );
  t.tp_new = alias_new.index;
  t.tp_repr = alias_repr.index;
  PyNumberMethods.at(asNumber(PyTypeAlias_Type)).nb_or = PyUnion_Or.index;
  PyMappingMethods.at(asMapping(PyTypeAlias_Type)).mp_subscript = alias_getitem.index;
}
