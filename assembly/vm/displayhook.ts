// What an expression statement of the interactive mode does with its value (CPython 3.13's INTRINSIC_PRINT).

import { vmRoots } from "../generated/runtime";
import { _Py_NoneStruct, ID, PyExc_RuntimeError } from "../generated/statics";
import { PyDict_GetItemWithError } from "../objects/containers/dict/dict";
import { PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { PyObject_CallOneArg } from "../objects/object/call";
import { Py } from "../objects/object/head";

/** Calls sys.displayhook with the value (borrowed): None, or null with an exception. */
export function displayHook(v: usize): usize {
  const hook = PyDict_GetItemWithError(vmRoots.sysdict, ID.displayhook);
  if (hook == 0) {
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_RuntimeError, "lost sys.displayhook");
    return 0;
  }
  Py.INCREF(hook);
  const r = PyObject_CallOneArg(hook, v);
  Py.DECREF(hook);
  if (r == 0) return 0;
  Py.DECREF(r);
  return _Py_NoneStruct;
}
