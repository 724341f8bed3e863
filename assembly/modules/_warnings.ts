// The module _warnings (CPython 3.13's Python/_warnings.c): what module `warnings` takes its state from.

import { Py_TPFLAGS_DICT_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../generated/constants";
import { vmRoots, warningsRoots } from "../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyExc_TypeError,
  PyExc_UserWarning,
  PyExc_Warning,
  PyTuple_Type,
} from "../generated/statics";
import { PyDict_GetItemWithError } from "../objects/containers/dict/dict";
import { List } from "../objects/containers/list/list";
import { PyErr_Clear, PyErr_Format, PyErr_Occurred } from "../objects/errors/raise";
import { warnExplicit, warnObject } from "../objects/errors/warnings";
import { PyModule_AddObjectLiteral } from "../objects/module/module";
import { PyObject_CallMethodOneArg, PyObject_CallOneArg } from "../objects/object/call";
import { Py } from "../objects/object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr } from "../objects/protocol/access";
import { PyObject_IsInstance, PyObject_IsSubclass } from "../objects/protocol/instancecheck";
import { PyUnicode_InternLiteral } from "../objects/text/intern";
import { PyUnicode_Splitlines } from "../objects/text/split";
import { PyType_IsSubtype } from "../objects/types/lookup";

/** The class of a warning, borrowed; null with TypeError. */
function categoryOf(message: usize, category: usize): usize {
  const isWarning = PyObject_IsInstance(message, PyExc_Warning);
  if (isWarning < 0) return 0;
  if (isWarning > 0) category = Py.TYPE(message);
  else if (category == _Py_NoneStruct) category = PyExc_UserWarning;
  if (PyObject_IsSubclass(category, PyExc_Warning) > 0) return category;
  PyErr_Clear();
  return PyErr_Format(PyExc_TypeError, "category must be a Warning subclass, not '%t'", category);
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
  skip_file_prefixes: usize,
): usize {
  if (skip_file_prefixes != 0) {
    if (!PyType_IsSubtype(Py.TYPE(skip_file_prefixes), PyTuple_Type)) {
      return PyErr_Format(
        PyExc_TypeError,
        "warn() argument 'skip_file_prefixes' must be tuple, not %t",
        skip_file_prefixes,
      );
    }
    if (Py.SIZE(skip_file_prefixes) == 0) skip_file_prefixes = 0;
    else if (stacklevel < 2) stacklevel = 2;
  }
  const c = categoryOf(message, category);
  if (c == 0) return 0;
  const about = source == _Py_NoneStruct ? 0 : source;
  return warnObject(c, message, stacklevel, about, skip_file_prefixes) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * The line of source that the loader of these globals gives: a new reference; null where it gives none, or with an
 * exception.
 */
function sourceLineOf(globals: usize, line: i32): usize {
  const external = PyObject_GetAttr(vmRoots.importlib, ID._bootstrap_external);
  const bless = PyUnicode_InternLiteral("_bless_my_loader");
  const loader = external == 0 || bless == 0 ? 0 : PyObject_CallMethodOneArg(external, bless, globals);
  Py.XDECREF(bless);
  Py.XDECREF(external);
  if (loader == 0) return 0;
  const name = PyDict_GetItemWithError(globals, ID.__name__);
  const get = name == 0 ? 0 : PyObject_GetOptionalAttr(loader, ID.get_source);
  Py.DECREF(loader);
  if (get == 0) return 0;
  const source = PyObject_CallOneArg(get, name);
  Py.DECREF(get);
  if (source == 0 || source == _Py_NoneStruct) return 0;
  const lines = PyUnicode_Splitlines(source, false);
  Py.DECREF(source);
  if (lines == 0) return 0;
  const found = line >= 1 && line <= <i32>Py.SIZE(lines) ? Py.NewRef(List.get(lines, line - 1)) : 0;
  Py.DECREF(lines);
  return found;
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
  module_globals: usize,
  source: usize,
): usize {
  if (!Py.check(filename, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "warn_explicit() argument 'filename' must be str, not %t", filename);
  }
  let line: usize = 0;
  if (module_globals != 0 && module_globals != _Py_NoneStruct) {
    if (!Py.check(module_globals, Py_TPFLAGS_DICT_SUBCLASS)) {
      return PyErr_Format(PyExc_TypeError, "module_globals must be a dict, not '%t'", module_globals);
    }
    line = sourceLineOf(module_globals, lineno);
    if (line == 0 && PyErr_Occurred()) return 0;
  }
  const about = source == _Py_NoneStruct ? 0 : source;
  const r = warnExplicit(category, message, filename, lineno, module, registry, about, line);
  Py.XDECREF(line);
  return r < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _warnings._filters_mutated($module, /)
 *
 * Says that the filters are others now, so that what was shown is forgotten.
 */
export function warnings_filters_mutated(_m: usize): usize {
  warningsRoots.filters_version++;
  return _Py_NoneStruct;
}

/**
 * @module _warnings
 *
 * The state and the decisions of module warnings.
 */
export function initWarningsModule(m: usize): i32 {
  if (PyModule_AddObjectLiteral(m, "filters", Py.NewRef(warningsRoots.filters)) < 0) return -1;
  if (PyModule_AddObjectLiteral(m, "_onceregistry", Py.NewRef(warningsRoots.once_registry)) < 0) return -1;
  return PyModule_AddObjectLiteral(m, "_defaultaction", Py.NewRef(warningsRoots.default_action));
}
