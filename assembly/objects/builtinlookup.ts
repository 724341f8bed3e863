// Built-in functions that native code hands out (CPython 3.13's _PyEval_GetBuiltin): what `builtins` has under a name
// when it is asked.

import { vmRoots } from "../generated/runtime";
import { PyExc_AttributeError } from "../generated/statics";
import { PyDict_GetItemWithError } from "./dict/dict";
import { PyErr_Occurred, PyErr_SetObject } from "./errors";
import { Py } from "./object";

/** A new reference to builtins.<name>. Null with AttributeError. */
export function getBuiltin(name: usize): usize {
  const v = PyDict_GetItemWithError(vmRoots.builtins, name);
  if (v != 0) return Py.NewRef(v);
  if (!PyErr_Occurred()) PyErr_SetObject(PyExc_AttributeError, name);
  return 0;
}
