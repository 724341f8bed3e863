// Exception classes that modules make when they are imported (CPython 3.13's Python/errors.c: PyErr_NewException).

import { PyType_Type } from "../../generated/statics";
import { PyDict_New, PyDict_SetItemLiteral } from "../containers/dict/dict";
import { PyTuple_Pack1, Tuple } from "../containers/tuple";
import { PyObject_CallThreeArgs } from "../object/call";
import { Py } from "../object/head";
import { PyUnicode_FromLiteral } from "../text/create";

/** A new class of exceptions, of a base or a tuple of bases: a new reference, null with an exception. */
export function PyErr_NewException(module: string, name: string, bases: usize): usize {
  const nameText = PyUnicode_FromLiteral(name);
  const moduleText = PyUnicode_FromLiteral(module);
  const tuple = Tuple.check(bases) ? Py.NewRef(bases) : PyTuple_Pack1(bases);
  const dict = PyDict_New();
  let r: usize = 0;
  if (nameText != 0 && moduleText != 0 && tuple != 0 && dict != 0) {
    if (PyDict_SetItemLiteral(dict, "__module__", moduleText) == 0) {
      r = PyObject_CallThreeArgs(PyType_Type, nameText, tuple, dict);
    }
  }
  Py.XDECREF(nameText);
  Py.XDECREF(moduleText);
  Py.XDECREF(tuple);
  Py.XDECREF(dict);
  return r;
}
