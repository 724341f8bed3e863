// What is done about a warning (CPython 3.13's Python/_warnings.c): the filters, and the registries of what was shown.
//
// The state is of the process, in the roots: the filters, what is done where none applies, what "once" has shown, and a
// number that changes with the filters, upon which registries are out of date. Where module `warnings` is imported, its
// `filters`, `defaultaction` and `onceregistry` are what counts, and kept here for when it is gone.
//
// Filters call Python (match(), __subclasscheck__), which may change any of this: what is in use is held.

import {
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { vmRoots, warningsRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyExc_DeprecationWarning,
  PyExc_ImportError,
  PyExc_ImportWarning,
  PyExc_PendingDeprecationWarning,
  PyExc_ResourceWarning,
  PyExc_TypeError,
  PyExc_ValueError,
  PyLong_Type,
  PyUnicode_Type,
} from "../../generated/statics";
import { PyDict_Clear, PyDict_GetItemWithError, PyDict_New, PyDict_SetItem } from "../containers/dict/dict";
import { _PyList_AppendTakeRef, List, PyList_New } from "../containers/list/list";
import { PyTuple_New, PyTuple_Pack2, Tuple } from "../containers/tuple";
import { PyImport_Import } from "../module/import";
import { PyLong_AsLongLong, PyLong_AsSsize_t, PyLong_FromLong } from "../numbers/int/create";
import { PyObject_CallMethodOneArg } from "../object/call";
import { Py } from "../object/head";
import { PyObject_GetOptionalAttr } from "../protocol/access";
import { PyObject_IsTrue } from "../protocol/compare";
import { PyObject_IsSubclass } from "../protocol/instancecheck";
import { PyUnicode_Compare } from "../text/compare";
import { PyUnicode_InternLiteral } from "../text/intern";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "./raise";

/** The filters that a release build begins with: 0, or -1 with MemoryError. */
export function initWarnings(): i32 {
  warningsRoots.filters = PyList_New(0);
  warningsRoots.once_registry = PyDict_New();
  warningsRoots.default_action = PyUnicode_InternLiteral("default");
  if (warningsRoots.filters == 0 || warningsRoots.once_registry == 0 || warningsRoots.default_action == 0) return -1;
  const main = PyUnicode_InternLiteral("__main__");
  const shown = main != 0 && addFilter("default", PyExc_DeprecationWarning, main);
  Py.XDECREF(main);
  return shown &&
    addFilter("ignore", PyExc_DeprecationWarning, _Py_NoneStruct) &&
    addFilter("ignore", PyExc_PendingDeprecationWarning, _Py_NoneStruct) &&
    addFilter("ignore", PyExc_ImportWarning, _Py_NoneStruct) &&
    addFilter("ignore", PyExc_ResourceWarning, _Py_NoneStruct)
    ? 0
    : -1;
}

function addFilter(action: string, category: usize, module: usize): bool {
  const filter = PyTuple_New(5);
  if (filter == 0) return false;
  const name = PyUnicode_InternLiteral(action);
  Tuple.set(filter, 0, name);
  Tuple.set(filter, 1, _Py_NoneStruct);
  Tuple.set(filter, 2, Py.NewRef(category));
  Tuple.set(filter, 3, Py.NewRef(module));
  Tuple.set(filter, 4, PyLong_FromLong(0));
  if (name != 0) return _PyList_AppendTakeRef(warningsRoots.filters, filter) == 0;
  Py.DECREF(filter);
  return false;
}

/**
 * An attribute of module warnings: a new reference; null where the module or the attribute is not there, or with an
 * exception. `load`: the module is imported, but not when everything is taken down.
 */
export function warningsAttribute(name: usize, load: bool): usize {
  let module: usize;
  if (load && vmRoots.finalizing == 0) {
    module = PyImport_Import(ID.warnings);
    if (module == 0) {
      if (PyErr_ExceptionMatches(PyExc_ImportError)) PyErr_Clear();
      return 0;
    }
  } else {
    if (vmRoots.modules == 0 || !Py.check(vmRoots.modules, Py_TPFLAGS_DICT_SUBCLASS)) return 0;
    module = PyDict_GetItemWithError(vmRoots.modules, ID.warnings);
    if (module == 0) return 0;
    Py.INCREF(module);
  }
  const v = PyObject_GetOptionalAttr(module, name);
  Py.DECREF(module);
  return v;
}

/** Whether a filter's field, a str or what has match(), applies to the text: -1 with an exception. */
function matches(field: usize, text: usize): i32 {
  if (field == _Py_NoneStruct) return 1;
  if (Py.TYPE(field) == PyUnicode_Type) {
    const order = PyUnicode_Compare(field, text);
    return order == -1 && PyErr_Occurred() ? -1 : order == 0 ? 1 : 0;
  }
  const r = PyObject_CallMethodOneArg(field, ID.match, text);
  if (r == 0) return -1;
  const truth = PyObject_IsTrue(r);
  Py.DECREF(r);
  return truth;
}

/** Whether the filter applies to the warning: -1 with an exception. */
function applies(filter: usize, category: usize, text: usize, line: isize, module: usize): i32 {
  const action = Tuple.get(filter, 0);
  if (!Py.check(action, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "action must be a string, not '%t'", action);
    return -1;
  }
  const byText = matches(Tuple.get(filter, 1), text);
  if (byText < 0) return -1;
  const byModule = matches(Tuple.get(filter, 3), module);
  if (byModule < 0) return -1;
  const byCategory = PyObject_IsSubclass(category, Tuple.get(filter, 2));
  if (byCategory < 0) return -1;
  const at = PyLong_AsSsize_t(Tuple.get(filter, 4));
  if (at == -1 && PyErr_Occurred()) return -1;
  return byText != 0 && byCategory != 0 && byModule != 0 && (at == 0 || at == line) ? 1 : 0;
}

/**
 * The filter that applies: a new reference to a tuple of which the first is the action, a str; None where none does; null
 * with an exception.
 */
export function filterFor(category: usize, text: usize, line: isize, module: usize): usize {
  const now = warningsAttribute(ID.filters, false);
  if (now != 0) Py.SETREF(warningsRoots.filters_slot, now);
  else if (PyErr_Occurred()) return 0;
  const filters: usize = warningsRoots.filters;
  if (filters == 0 || !Py.check(filters, Py_TPFLAGS_LIST_SUBCLASS)) {
    return PyErr_SetString(PyExc_ValueError, "_warnings.filters must be a list");
  }
  Py.INCREF(filters);
  let found: usize = _Py_NoneStruct;
  for (let i: isize = 0; i < Py.SIZE(filters); i++) {
    const filter = List.get(filters, i);
    if (!Py.check(filter, Py_TPFLAGS_TUPLE_SUBCLASS) || Py.SIZE(filter) != 5) {
      found = PyErr_Format(PyExc_ValueError, "_warnings.filters item %zd isn't a 5-tuple", i);
      break;
    }
    Py.INCREF(filter);
    const r = applies(filter, category, text, line, module);
    if (r > 0) {
      found = filter;
      break;
    }
    Py.DECREF(filter);
    if (r < 0) {
      found = 0;
      break;
    }
  }
  Py.DECREF(filters);
  return found;
}

/**
 * What module warnings has under the name, or what it had, which the slot keeps: a new reference; null with an exception,
 * TypeError where it is not of the kind, a flag of fast subclasses.
 */
function current(name: usize, slot: usize, kind: u64, what: string): usize {
  const now = warningsAttribute(name, false);
  if (now != 0) {
    if (!Py.check(now, kind)) {
      PyErr_Format(PyExc_TypeError, "_warnings.%U must be a %L, not '%t'", name, changetype<usize>(what), now);
      Py.DECREF(now);
      return 0;
    }
    Py.SETREF(slot, now);
  } else if (PyErr_Occurred()) return 0;
  return Py.NewRef(load<u32>(slot));
}

/**
 * Whether the registry (a dict) has the key as shown, under the filters that there are now: 1 or 0, or -1 with an
 * exception. `enter`: afterwards it has it.
 */
export function isShown(registry: usize, key: usize, enter: bool): i32 {
  const version = PyDict_GetItemWithError(registry, ID.version);
  if (version == 0 && PyErr_Occurred()) return -1;
  if (version == 0 || Py.TYPE(version) != PyLong_Type || PyLong_AsLongLong(version) != warningsRoots.filters_version) {
    PyErr_Clear();
    PyDict_Clear(registry);
    const now = PyLong_FromLong(warningsRoots.filters_version);
    const status = now == 0 ? -1 : PyDict_SetItem(registry, ID.version, now);
    Py.XDECREF(now);
    if (status < 0) return -1;
  } else {
    const known = PyDict_GetItemWithError(registry, key);
    if (known == 0 && PyErr_Occurred()) return -1;
    if (known != 0) {
      Py.INCREF(known);
      const truth = PyObject_IsTrue(known);
      Py.DECREF(known);
      if (truth != 0) return truth;
    }
  }
  return enter ? PyDict_SetItem(registry, key, _Py_TrueStruct) : 0;
}

/** As isShown, which enters, for the text and category alone; `registry` null is that of "once". */
export function isShownAnywhere(registry: usize, text: usize, category: usize): i32 {
  const own =
    registry == 0
      ? current(ID.onceregistry, warningsRoots.once_registry_slot, Py_TPFLAGS_DICT_SUBCLASS, "dict")
      : Py.NewRef(registry);
  const key = own == 0 ? 0 : PyTuple_Pack2(text, category);
  const r = key == 0 ? -1 : isShown(own, key, true);
  Py.XDECREF(key);
  Py.XDECREF(own);
  return r;
}

/** The filter's action, or that where none applies (`filter` is None): a new reference, or null with an exception. */
export function actionOf(filter: usize): usize {
  return filter == _Py_NoneStruct
    ? current(ID.defaultaction, warningsRoots.default_action_slot, Py_TPFLAGS_UNICODE_SUBCLASS, "string")
    : Py.NewRef(Tuple.get(filter, 0));
}
