// Classes of exceptions that modules make when they are first imported (PyErr_NewException of CPython 3.13's
// Python/errors.c).

import { PyType_Type } from "../generated/statics";
import { PyDict_New, PyDict_SetItemLiteral } from "../objects/containers/dict/dict";
import { PyTuple_Pack1 } from "../objects/containers/tuple";
import { PyObject_CallThreeArgs } from "../objects/object/call";
import { Py } from "../objects/object/head";
import { PyUnicode_FromLiteral } from "../objects/text/create";

/** A new class of a module, with one base (borrowed); null with an exception. */
export function newException(module: string, name: string, base: usize): usize {
  const text = PyUnicode_FromLiteral(name);
  const bases = text == 0 ? 0 : PyTuple_Pack1(base);
  const dict = bases == 0 ? 0 : PyDict_New();
  const where = dict == 0 ? 0 : PyUnicode_FromLiteral(module);
  const ready = where != 0 && PyDict_SetItemLiteral(dict, "__module__", where) == 0;
  const r = ready ? PyObject_CallThreeArgs(PyType_Type, text, bases, dict) : 0;
  Py.XDECREF(text);
  Py.XDECREF(bases);
  Py.XDECREF(dict);
  Py.XDECREF(where);
  return r;
}
