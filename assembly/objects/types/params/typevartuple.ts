// typing.TypeVarTuple (CPython 3.13's Objects/typevarobject.c): a variable for any number of types.
//
// A deliberate difference: the type is static.

import { SIZEOF_typevartupleobject, typevartupleobject } from "../../../generated/layouts";
import { _Py_NoDefaultStruct, PyExc_TypeError, PyTypeVarTuple_Type } from "../../../generated/statics";
import { Scratch } from "../../../thread/scratch";
import { PyObject_ClearManagedDict, PyObject_VisitManagedDict } from "../../containers/dict/instance";
import { PyTuple_Pack1 } from "../../containers/tuple";
import { parseTupleAndKeywords } from "../../define/args";
import { PyErr_SetString } from "../../errors/raise";
import { typevartupleobject_clear, typevartupleobject_traverse } from "../../generated/references";
import { Py } from "../../object/head";
import { PyBool_FromBool } from "../../protocol/access";
import { PyObject_GetIter } from "../../protocol/iterator";
import {
  evaluated,
  hasDefault,
  isName,
  newParameter,
  parameterType,
  prepareSubstitution,
  unpackTypeVarTuple,
  withModule,
} from "./common";

export function makeTypeVarTuple(name: usize): usize {
  return newParameter(PyTypeVarTuple_Type, name);
}

function typevartuple_new(_type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const parsed = parseTupleAndKeywords("typevartuple", "name default", args, kwargs, a, 1, 1);
  const name = Py.item(a, 0);
  const value = Py.item(a, 1);
  Scratch.give(a);
  if (!parsed || !isName("typevartuple", name)) return 0;
  const o = newParameter(PyTypeVarTuple_Type, name);
  if (o != 0) typevartupleobject.at(o).default_value = Py.NewRef(value == 0 ? _Py_NoDefaultStruct : value);
  return withModule(o);
}

function typevartuple_traverse(o: usize, visit: u32, arg: usize): i32 {
  const r = typevartupleobject_traverse(o, visit, arg);
  return r != 0 ? r : PyObject_VisitManagedDict(o, visit, arg);
}

function typevartuple_clear(o: usize): i32 {
  PyObject_ClearManagedDict(o);
  return typevartupleobject_clear(o);
}

function typevartuple_repr(o: usize): usize {
  return Py.NewRef(typevartupleobject.at(o).name);
}

/** One item: the variable, unpacked. */
function typevartuple_iter(o: usize): usize {
  const unpacked = unpackTypeVarTuple(o);
  if (unpacked == 0) return 0;
  const tuple = PyTuple_Pack1(unpacked);
  Py.DECREF(unpacked);
  if (tuple == 0) return 0;
  const r = PyObject_GetIter(tuple);
  Py.DECREF(tuple);
  return r;
}

/**
 * @getter typing.TypeVarTuple.__default__
 *
 * What it stands for where nothing is given.
 */
export function typevartuple_default(o: usize, _c: usize): usize {
  const v = typevartupleobject.at(o);
  return evaluated(o, v.default_value_slot, v.evaluate_default, _Py_NoDefaultStruct);
}

/**
 * @native typing.TypeVarTuple.__typing_subst__($self, arg, /)
 */
export function typevartuple_typing_subst(_o: usize, _arg: usize): usize {
  return PyErr_SetString(PyExc_TypeError, "Substitution of bare TypeVarTuple is not supported");
}

/**
 * @native typing.TypeVarTuple.__typing_prepare_subst__($self, alias, args, /)
 */
export function typevartuple_prepare_subst(o: usize, alias: usize, args: usize): usize {
  return prepareSubstitution("_typevartuple_prepare_subst", o, alias, args);
}

/**
 * @native typing.TypeVarTuple.__reduce__($self, /)
 */
export function typevartuple_reduce(o: usize): usize {
  return Py.NewRef(typevartupleobject.at(o).name);
}

/**
 * @native typing.TypeVarTuple.has_default($self, /)
 */
export function typevartuple_has_default(o: usize): usize {
  const v = typevartupleobject.at(o);
  return PyBool_FromBool(hasDefault(v.default_value, v.evaluate_default));
}

/**
 * @native typing.TypeVarTuple.__mro_entries__
 */
export function typevartuple_mro_entries(_o: usize, _bases: usize): usize {
  return PyErr_SetString(PyExc_TypeError, "Cannot subclass an instance of TypeVarTuple");
}

/**
 * @type typing.TypeVarTuple
 * @order __typing_subst__ __typing_prepare_subst__ __reduce__ has_default __mro_entries__
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

export function initTypeVarTupleType(): void {
  const t = parameterType(
    PyTypeVarTuple_Type,
    SIZEOF_typevartupleobject,
    typevartuple_traverse.index,
    typevartuple_clear.index,
    true,
  );
  t.tp_new = typevartuple_new.index;
  t.tp_iter = typevartuple_iter.index;
  t.tp_repr = typevartuple_repr.index;
}
