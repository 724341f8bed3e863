// Importing from native code that stands before the import system in the order of the layers: the import system tells
// the objects its entry point (objectsRoots.import_module).

import { objectsRoots } from "../../generated/runtime";
import { PyTuple_Pack1 } from "../containers/tuple";
import { Py } from "../object/head";
import { PyObject_GetAttr } from "../protocol/access";
import { PyUnicode_InternLiteral } from "../text/intern";

/**
 * Imports the module of a name (a str) as the statement does: a new reference to it, of a dotted name to the first
 * part's module, or null with an exception.
 */
export function PyImport_Import(name: usize): usize {
  return call_indirect<usize>(objectsRoots.import_module, name, <usize>0, <usize>0, <i64>0);
}

/** As PyImport_Import, of a name without dots. */
export function PyImport_ImportLiteral(name: string): usize {
  const s = PyUnicode_InternLiteral(name);
  if (s == 0) return 0;
  const m = PyImport_Import(s);
  Py.DECREF(s);
  return m;
}

/** `from module import name`, of a module of any name: a new reference, null with an exception. */
export function PyImport_From(module: string, name: string): usize {
  const m = PyUnicode_InternLiteral(module);
  const n = m == 0 ? 0 : PyUnicode_InternLiteral(name);
  const list = n == 0 ? 0 : PyTuple_Pack1(n);
  const found = list == 0 ? 0 : call_indirect<usize>(objectsRoots.import_module, m, <usize>0, list, <i64>0);
  const r = found == 0 ? 0 : PyObject_GetAttr(found, n);
  Py.XDECREF(found);
  Py.XDECREF(list);
  Py.XDECREF(n);
  Py.XDECREF(m);
  return r;
}
