// Built-in functions that native code hands out (CPython 3.13's _PyEval_GetBuiltin): what `builtins` has under a name
// when it is asked.

import { vmRoots } from "../../generated/runtime";
import { ID, PyExc_AttributeError } from "../../generated/statics";
import { PyDict_GetItemWithError } from "../containers/dict/dict";
import { PyTuple_Pack2 } from "../containers/tuple";
import { PyErr_Occurred, PyErr_SetObject } from "../errors/raise";
import { Py } from "../object/head";

/** A new reference to builtins.<name>. Null with AttributeError. */
export function getBuiltin(name: usize): usize {
  const v = PyDict_GetItemWithError(vmRoots.builtins, name);
  if (v != 0) return Py.NewRef(v);
  if (!PyErr_Occurred()) PyErr_SetObject(PyExc_AttributeError, name);
  return 0;
}

/** What __reduce__ returns for what is an attribute: (getattr, (o, name)). Null with an exception. */
export function reduceToGetattr(o: usize, name: usize): usize {
  const f = getBuiltin(ID.getattr);
  const args = f == 0 ? 0 : PyTuple_Pack2(o, name);
  const r = args == 0 ? 0 : PyTuple_Pack2(f, args);
  Py.XDECREF(args);
  Py.XDECREF(f);
  return r;
}
