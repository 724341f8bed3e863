// Warnings that native code gives (CPython 3.13's PyErr_WarnEx): handed to the `warnings` module where the program has
// imported it; without it nothing is shown and nothing raised.

import { vmRoots } from "../generated/runtime";
import { PyObject_Call } from "./call";
import { PyObject_GetAttr } from "./abstract";
import { ID } from "../generated/statics";
import { PyDict_GetItemWithError } from "./dict/dict";
import { PyErr_Occurred } from "./errors";
import { PyLong_FromLong } from "./int/create";
import { Py } from "./object";
import { PyTuple_Pack3 } from "./tuple";
import { PyUnicode_FromFormat, PyUnicode_FromLiteral } from "./unicode/create";

/** Gives a warning of class `category` at `level` frames up; -1 with an exception where it was made one. */
export function PyErr_WarnEx(category: usize, message: string, level: i32): i32 {
  const text = PyUnicode_FromLiteral(message);
  if (text == 0) return -1;
  const r = warnObject(category, text, level);
  Py.DECREF(text);
  return r;
}

/** As PyErr_WarnEx; the message is a str, borrowed. */
export function warnObject(category: usize, text: usize, level: i32): i32 {
  if (vmRoots.modules == 0) return 0;
  const module = PyDict_GetItemWithError(vmRoots.modules, ID.warnings);
  if (module == 0) return PyErr_Occurred() ? -1 : 0;
  const warn = PyObject_GetAttr(module, ID.warn);
  if (warn == 0) return -1;
  const n = PyLong_FromLong(level);
  const args = n == 0 ? 0 : PyTuple_Pack3(text, category, n);
  Py.XDECREF(n);
  const r = args == 0 ? 0 : PyObject_Call(warn, args, 0);
  Py.XDECREF(args);
  Py.DECREF(warn);
  if (r == 0) return -1;
  Py.DECREF(r);
  return 0;
}

/** As PyErr_WarnEx, with a message as PyErr_Format takes it. */
export function PyErr_WarnFormat(category: usize, level: i32, format: string, a: i64 = 0, b: i64 = 0): i32 {
  const text = PyUnicode_FromFormat(format, a, b);
  if (text == 0) return -1;
  const r = warnObject(category, text, level);
  Py.DECREF(text);
  return r;
}
