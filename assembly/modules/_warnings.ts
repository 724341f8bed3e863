// The module _warnings (CPython 3.13's Python/_warnings.c), as far as the import system needs it: warn and warn_explicit.
//
// Difference: there are no filters, registries or defaults here, so the module warnings decides by itself and shows.

import { Py_TPFLAGS_TYPE_SUBCLASS } from "../generated/constants";
import { _Py_NoneStruct, PyExc_TypeError, PyExc_UserWarning, PyExc_Warning } from "../generated/statics";
import { PyErr_Format } from "../objects/errors/raise";
import { warnExplicit, warnObject } from "../objects/errors/warnings";
import { Py } from "../objects/object/head";
import { PyObject_Str } from "../objects/protocol/text";
import { PyType_IsSubtype } from "../objects/types/lookup";

/** The class of a warning, borrowed; null with TypeError. */
function categoryOf(message: usize, category: usize): usize {
  if (PyType_IsSubtype(Py.TYPE(message), PyExc_Warning)) return Py.TYPE(message);
  const c = category == 0 || category == _Py_NoneStruct ? PyExc_UserWarning : category;
  if (Py.check(c, Py_TPFLAGS_TYPE_SUBCLASS) && PyType_IsSubtype(c, PyExc_Warning)) return c;
  return PyErr_Format(PyExc_TypeError, "category must be a Warning subclass, not '%t'", c);
}

/**
 * @native _warnings.warn($module, /, message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=<unrepresentable>)
 *
 * Gives a warning, or ignores it, or raises it.
 */
export function warnings_warn(
  _m: usize,
  message: usize,
  category: usize,
  stacklevel: isize,
  source: usize,
  _skip_file_prefixes: usize,
): usize {
  const c = categoryOf(message, category);
  const text = c == 0 ? 0 : PyObject_Str(message);
  if (text == 0) return 0;
  const r = warnObject(c, text, stacklevel, source == _Py_NoneStruct ? 0 : source);
  Py.DECREF(text);
  return r < 0 ? 0 : _Py_NoneStruct;
}

function orNull(o: usize): usize {
  return o == _Py_NoneStruct ? 0 : o;
}

/**
 * @native _warnings.warn_explicit($module, /, message, category, filename, lineno, module=<unrepresentable>, registry=None, module_globals=None, source=None)
 *
 * Gives a warning about a place that is named.
 */
export function warnings_warn_explicit(
  _m: usize,
  message: usize,
  category: usize,
  filename: usize,
  lineno: i32,
  module: usize,
  registry: usize,
  _module_globals: usize,
  source: usize,
): usize {
  const c = categoryOf(message, category);
  const text = c == 0 ? 0 : PyObject_Str(message);
  if (text == 0) return 0;
  const r = warnExplicit(c, text, filename, lineno, orNull(module), orNull(registry), orNull(source));
  Py.DECREF(text);
  return r < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @module _warnings
 *
 * Warnings, as the import system gives them.
 */
