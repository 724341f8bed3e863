// typing.ParamSpec and what its args and kwargs are (CPython 3.13's Objects/typevarobject.c): a variable for the
// parameters of a function.
//
// A deliberate difference: the types are static.

import { Py_TPFLAGS_MANAGED_WEAKREF } from "../../../generated/constants";
import {
  PyNumberMethods,
  paramspecattrobject,
  paramspecobject,
  SIZEOF_paramspecattrobject,
  SIZEOF_paramspecobject,
  typeparamobject,
} from "../../../generated/layouts";
import {
  _Py_NoDefaultStruct,
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  PyExc_TypeError,
  PyParamSpec_Type,
  PyParamSpecArgs_Type,
  PyParamSpecKwargs_Type,
} from "../../../generated/statics";
import { Scratch } from "../../../thread/scratch";
import { PyObject_ClearManagedDict, PyObject_VisitManagedDict } from "../../containers/dict/instance";
import { parseTupleAndKeywords } from "../../define/args";
import { asNumber } from "../../define/tables";
import { PyErr_SetString } from "../../errors/raise";
import {
  paramspecattrobject_clear,
  paramspecattrobject_traverse,
  paramspecobject_clear,
  paramspecobject_traverse,
} from "../../generated/references";
import { Py_EQ, Py_NE } from "../../object/flags";
import { MANAGED_WEAKREF_OFFSET } from "../../object/gchead";
import { Py } from "../../object/head";
import { PyBool_FromBool } from "../../protocol/access";
import { PyObject_RichCompare } from "../../protocol/compare";
import { PyUnicode_FromFormat } from "../../text/format/fromformat";
import {
  callTyping,
  evaluated,
  hasDefault,
  isName,
  newParameter,
  parameterOr,
  parameterType,
  prepareSubstitution,
  typeArgument,
  withModule,
} from "./common";
import { CONTRAVARIANT, COVARIANT, INFERRED, varianceOf } from "./variance";

export function makeParamSpec(name: usize): usize {
  const o = newParameter(PyParamSpec_Type, name);
  if (o != 0) paramspecobject.at(o).infer_variance = 1;
  return o;
}

function paramspec_new(_type: usize, args: usize, kwargs: usize): usize {
  const names = "name bound default covariant contravariant infer_variance";
  const a = Scratch.take(6);
  const parsed = parseTupleAndKeywords("paramspec", names, args, kwargs, a, 1, 1);
  const name = Py.item(a, 0);
  const bound = Py.item(a, 1);
  const value = Py.item(a, 2);
  const flags = parsed && isName("paramspec", name) ? varianceOf(Py.item(a, 3), Py.item(a, 4), Py.item(a, 5)) : -1;
  Scratch.give(a);
  if (flags < 0) return 0;
  const o = newParameter(PyParamSpec_Type, name);
  if (o == 0) return 0;
  const v = paramspecobject.at(o);
  v.covariant = flags & COVARIANT ? 1 : 0;
  v.contravariant = flags & CONTRAVARIANT ? 1 : 0;
  v.infer_variance = flags & INFERRED ? 1 : 0;
  v.default_value = Py.NewRef(value == 0 ? _Py_NoDefaultStruct : value);
  // Left out it is None, of which the type is the bound.
  v.bound = typeArgument(bound == 0 ? _Py_NoneStruct : bound, "Bound must be a type.");
  if (v.bound != 0) return withModule(o);
  Py.DECREF(o);
  return 0;
}

function paramspec_traverse(o: usize, visit: u32, arg: usize): i32 {
  const r = paramspecobject_traverse(o, visit, arg);
  return r != 0 ? r : PyObject_VisitManagedDict(o, visit, arg);
}

function paramspec_clear(o: usize): i32 {
  PyObject_ClearManagedDict(o);
  return paramspecobject_clear(o);
}

function paramspec_repr(o: usize): usize {
  const v = paramspecobject.at(o);
  if (v.infer_variance) return Py.NewRef(v.name);
  return PyUnicode_FromFormat(v.covariant ? "+%U" : v.contravariant ? "-%U" : "~%U", v.name);
}

/**
 * @getter typing.ParamSpec.args
 *
 * The part given by position.
 */
export function paramspec_args(o: usize, _c: usize): usize {
  return newParameter(PyParamSpecArgs_Type, o);
}

/**
 * @getter typing.ParamSpec.kwargs
 *
 * The part that is given by name.
 */
export function paramspec_kwargs(o: usize, _c: usize): usize {
  return newParameter(PyParamSpecKwargs_Type, o);
}

/**
 * @getter typing.ParamSpec.__default__
 *
 * What stands for it by default.
 */
export function paramspec_default(o: usize, _c: usize): usize {
  const v = paramspecobject.at(o);
  return evaluated(o, v.default_value_slot, v.evaluate_default, _Py_NoDefaultStruct);
}

/**
 * @native typing.ParamSpec.__typing_subst__($self, arg, /)
 */
export function paramspec_typing_subst(o: usize, arg: usize): usize {
  return callTyping("_paramspec_subst", o, arg);
}

/**
 * @native typing.ParamSpec.__typing_prepare_subst__($self, alias, args, /)
 */
export function paramspec_prepare_subst(o: usize, alias: usize, args: usize): usize {
  return prepareSubstitution("_paramspec_prepare_subst", o, alias, args);
}

/**
 * @native typing.ParamSpec.has_default($self, /)
 */
export function paramspec_has_default(o: usize): usize {
  const v = paramspecobject.at(o);
  return PyBool_FromBool(hasDefault(v.default_value, v.evaluate_default));
}

/**
 * @native typing.ParamSpec.__reduce__($self, /)
 */
export function paramspec_reduce(o: usize): usize {
  return Py.NewRef(paramspecobject.at(o).name);
}

/**
 * @native typing.ParamSpec.__mro_entries__
 */
export function paramspec_mro_entries(_o: usize, _bases: usize): usize {
  return PyErr_SetString(PyExc_TypeError, "Cannot subclass an instance of ParamSpec");
}

// Its args and kwargs.

function newPart(type: usize, fname: string, args: usize, kwargs: usize): usize {
  const a = Scratch.take(1);
  const parsed = parseTupleAndKeywords(fname, "origin", args, kwargs, a, 1, 1);
  const origin = Py.item(a, 0);
  Scratch.give(a);
  return parsed ? newParameter(type, origin) : 0;
}

function args_new(type: usize, args: usize, kwargs: usize): usize {
  return newPart(type, "paramspecargs", args, kwargs);
}

function kwargs_new(type: usize, args: usize, kwargs: usize): usize {
  return newPart(type, "paramspeckwargs", args, kwargs);
}

function part_repr(o: usize): usize {
  const origin = paramspecattrobject.at(o).__origin__;
  const isArgs = Py.TYPE(o) == PyParamSpecArgs_Type;
  if (Py.TYPE(origin) == PyParamSpec_Type) {
    return PyUnicode_FromFormat(isArgs ? "%U.args" : "%U.kwargs", typeparamobject.at(origin).name);
  }
  return PyUnicode_FromFormat(isArgs ? "%R.args" : "%R.kwargs", origin);
}

function part_richcompare(a: usize, b: usize, op: i32): usize {
  if (Py.TYPE(a) != Py.TYPE(b) || (op != Py_EQ && op != Py_NE)) return _Py_NotImplementedStruct;
  return PyObject_RichCompare(paramspecattrobject.at(a).__origin__, paramspecattrobject.at(b).__origin__, op);
}

/**
 * @native typing.ParamSpecArgs.__mro_entries__
 */
export function paramspecargs_mro_entries(_o: usize, _bases: usize): usize {
  return PyErr_SetString(PyExc_TypeError, "Cannot subclass an instance of ParamSpecArgs");
}

/**
 * @native typing.ParamSpecKwargs.__mro_entries__
 */
export function paramspeckwargs_mro_entries(_o: usize, _bases: usize): usize {
  return PyErr_SetString(PyExc_TypeError, "Cannot subclass an instance of ParamSpecKwargs");
}

/**
 * @type typing.ParamSpec
 * @order __typing_subst__ __typing_prepare_subst__ has_default __reduce__ __mro_entries__ args kwargs __default__
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
 *
 * @member typing.ParamSpec.__bound__ = paramspecobject.bound readonly
 *
 * @member typing.ParamSpec.__covariant__ = paramspecobject.covariant readonly
 *
 * @member typing.ParamSpec.__contravariant__ = paramspecobject.contravariant readonly
 *
 * @member typing.ParamSpec.__infer_variance__ = paramspecobject.infer_variance readonly
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

function partType(type: usize, make: u32): void {
  const t = parameterType(
    type,
    SIZEOF_paramspecattrobject,
    paramspecattrobject_traverse.index,
    paramspecattrobject_clear.index,
    false,
  );
  t.tp_flags = t.tp_flags | Py_TPFLAGS_MANAGED_WEAKREF;
  t.tp_weaklistoffset = MANAGED_WEAKREF_OFFSET;
  t.tp_new = make;
  t.tp_repr = part_repr.index;
  t.tp_richcompare = part_richcompare.index;
}

export function initParamSpecTypes(): void {
  const t = parameterType(
    PyParamSpec_Type,
    SIZEOF_paramspecobject,
    paramspec_traverse.index,
    paramspec_clear.index,
    true,
  );
  t.tp_new = paramspec_new.index;
  t.tp_repr = paramspec_repr.index;
  PyNumberMethods.at(asNumber(PyParamSpec_Type)).nb_or = parameterOr.index;
  partType(PyParamSpecArgs_Type, args_new.index);
  partType(PyParamSpecKwargs_Type, kwargs_new.index);
}
