// Built-in functions that native code hands out (CPython 3.13's _PyEval_GetBuiltin): what the builtins of the code that
// runs have under a name.

import { _PyInterpreterFrame, PyThreadState } from "../../generated/layouts";
import { vmRoots } from "../../generated/runtime";
import { ID, PyExc_AttributeError } from "../../generated/statics";
import { PyTuple_Pack2 } from "../containers/tuple";
import { PyErr_Occurred, PyErr_SetObject } from "../errors/raise";
import { Py } from "../object/head";
import { PyMapping_GetOptionalItem } from "../protocol/sequence";
import { tstate } from "../../thread/current";

/** A new reference to builtins.<name>. Null with AttributeError. */
export function getBuiltin(name: usize): usize {
  const frame = PyThreadState.at(tstate).current_frame;
  const v = PyMapping_GetOptionalItem(frame == 0 ? vmRoots.builtins : _PyInterpreterFrame.at(frame).f_builtins, name);
  if (v != 0) return v;
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
