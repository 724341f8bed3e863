// The module _typing (CPython 3.13's Modules/_typingmodule.c): the types of type parameters, for the module typing.

import {
  _Py_NoDefaultStruct,
  PyGeneric_Type,
  PyParamSpec_Type,
  PyParamSpecArgs_Type,
  PyParamSpecKwargs_Type,
  PyTypeAlias_Type,
  PyTypeVar_Type,
  PyTypeVarTuple_Type,
} from "../generated/statics";
import { PyModule_AddObjectLiteral } from "../objects/module/module";
import { Py } from "../objects/object/head";
import { makeMutable } from "../objects/types/mutable";

/**
 * @native _typing._idfunc($module, x, /)
 */
export function typing_idfunc(_m: usize, x: usize): usize {
  return Py.NewRef(x);
}

/**
 * @module _typing
 *
 * What typing has of the runtime.
 */
export function initTyping(m: usize): i32 {
  makeMutable(PyGeneric_Type);
  if (PyModule_AddObjectLiteral(m, "TypeVar", PyTypeVar_Type) < 0) return -1;
  if (PyModule_AddObjectLiteral(m, "TypeVarTuple", PyTypeVarTuple_Type) < 0) return -1;
  if (PyModule_AddObjectLiteral(m, "ParamSpec", PyParamSpec_Type) < 0) return -1;
  if (PyModule_AddObjectLiteral(m, "ParamSpecArgs", PyParamSpecArgs_Type) < 0) return -1;
  if (PyModule_AddObjectLiteral(m, "ParamSpecKwargs", PyParamSpecKwargs_Type) < 0) return -1;
  if (PyModule_AddObjectLiteral(m, "Generic", PyGeneric_Type) < 0) return -1;
  if (PyModule_AddObjectLiteral(m, "TypeAliasType", PyTypeAlias_Type) < 0) return -1;
  return PyModule_AddObjectLiteral(m, "NoDefault", _Py_NoDefaultStruct);
}
