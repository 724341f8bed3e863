// What the last line of a traceback suggests: a name like the wrong one, or a module to import (the suggestion part of
// CPython 3.13's Lib/traceback.py).

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  _PyInterpreterFrame,
  PyAttributeErrorObject,
  PyBaseExceptionObject,
  PyFrameObject,
  PyImportErrorObject,
  PyListObject,
  PyNameErrorObject,
  PyTracebackObject,
} from "../../generated/layouts";
import { ID, PyExc_AttributeError, PyExc_ImportError, PyExc_NameError } from "../../generated/statics";
import { frameMapping } from "../code/framelocals";
import { _PyList_Extend, PyList_New, PyList_SetSlice } from "../containers/list/list";
import { sysObject } from "../errors/fileoutput";
import { PyErr_Clear } from "../errors/raise";
import { closestName } from "../errors/suggestions";
import { PyImport_Import } from "../module/import";
import { PyObject_Dir } from "../object/dir";
import { Py } from "../object/head";
import { PyObject_HasAttrWithError } from "../protocol/access";
import { PyMapping_GetOptionalItem, PySequence_Contains } from "../protocol/sequence";
import { U } from "../text/access";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyUnicode_InternLiteral } from "../text/intern";
import { PyType_IsSubtype } from "../types/lookup";

/** What follows the message of the exception: a new str, null without. An exception may be set, which means nothing. */
export function suggestionText(exc: usize): usize {
  const type = Py.TYPE(exc);
  let name: usize = 0;
  let known: bool = false;
  if (PyType_IsSubtype(type, PyExc_ImportError)) name = PyImportErrorObject.at(exc).name_from;
  else if (PyType_IsSubtype(type, PyExc_AttributeError)) name = PyAttributeErrorObject.at(exc).name;
  else if (PyType_IsSubtype(type, PyExc_NameError)) {
    name = PyNameErrorObject.at(exc).name;
    known = name != 0 && isLibraryModule(name);
  }
  if (name == 0 || !Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) return 0;
  const suggestion = suggestFor(exc, name);
  PyErr_Clear();
  if (suggestion == 0) return known ? PyUnicode_FromFormat(". Did you forget to import '%U'?", name) : 0;
  const r = known
    ? PyUnicode_FromFormat(". Did you mean: '%U'? Or did you forget to import '%U'?", suggestion, name)
    : PyUnicode_FromFormat(". Did you mean: '%U'?", suggestion);
  Py.DECREF(suggestion);
  return r;
}

function isLibraryModule(name: usize): bool {
  const names = sysObject(ID.stdlib_module_names);
  const r = names != 0 && PySequence_Contains(names, name) == 1;
  PyErr_Clear();
  return r;
}

/** The name to suggest, a new reference; null where there is none. */
function suggestFor(exc: usize, name: usize): usize {
  const type = Py.TYPE(exc);
  const tb = lastEntry(PyBaseExceptionObject.at(exc).traceback);
  if (PyType_IsSubtype(type, PyExc_AttributeError)) {
    const o = PyAttributeErrorObject.at(exc).obj;
    if (o == 0) return 0;
    return nearest(PyObject_Dir(o), name, !startsWithUnderscore(name) && !isSelf(tb, o));
  }
  if (PyType_IsSubtype(type, PyExc_ImportError)) {
    const from = PyImportErrorObject.at(exc).name;
    if (from == 0 || !Py.check(from, Py_TPFLAGS_UNICODE_SUBCLASS)) return 0;
    const module = PyImport_Import(from);
    if (module == 0) return 0;
    const names = PyObject_Dir(module);
    Py.DECREF(module);
    return nearest(names, name, !startsWithUnderscore(name));
  }
  return tb == 0 ? 0 : visibleName(tb, name);
}

function lastEntry(tb: usize): usize {
  if (tb == 0) return 0;
  while (PyTracebackObject.at(tb).tb_next != 0) tb = PyTracebackObject.at(tb).tb_next;
  return tb;
}

/** The local variable `self` of the entry's frame, a new reference; null where there is none. */
function selfOf(tb: usize): usize {
  const locals = frameMapping(PyTracebackObject.at(tb).tb_frame);
  if (locals == 0) return 0;
  const self = PyUnicode_InternLiteral("self");
  const r = self == 0 ? 0 : PyMapping_GetOptionalItem(locals, self);
  Py.XDECREF(self);
  Py.DECREF(locals);
  return r;
}

function isSelf(tb: usize, o: usize): bool {
  if (tb == 0) return false;
  const self = selfOf(tb);
  PyErr_Clear();
  Py.XDECREF(self);
  return self == o;
}

function startsWithUnderscore(name: usize): bool {
  return U.length(name) > 0 && U.at(name, 0) == 0x5f;
}

/** The nearest of the names of a list (stolen, may be null), those with an underscore perhaps left out. */
function nearest(names: usize, name: usize, hideUnderscored: bool): usize {
  if (names == 0) return 0;
  if (hideUnderscored) {
    const items: usize = PyListObject.at(names).ob_item;
    let kept: isize = 0;
    const n = Py.SIZE(names);
    for (let i: isize = 0; i < n; i++) {
      const x = Py.item(items, i);
      if (Py.check(x, Py_TPFLAGS_UNICODE_SUBCLASS) && startsWithUnderscore(x)) continue;
      // What is kept and what is not change places: the list owns all of its items throughout.
      Py.setItem(items, i, Py.item(items, kept));
      Py.setItem(items, kept++, x);
    }
    if (PyList_SetSlice(names, kept, n, 0) < 0) PyErr_Clear();
  }
  const r = Py.XNewRef(closestName(PyListObject.at(names).ob_item, Py.SIZE(names), name));
  Py.DECREF(names);
  return r;
}

/** A name like the wrong one among those that the frame sees, or self.name where self has that attribute. */
function visibleName(tb: usize, name: usize): usize {
  const fo = PyTracebackObject.at(tb).tb_frame;
  const f = _PyInterpreterFrame.at(PyFrameObject.at(fo).f_frame);
  const names = PyList_New(0);
  if (names == 0) return 0;
  const locals = frameMapping(fo);
  const ok =
    locals != 0 &&
    _PyList_Extend(names, locals) == 0 &&
    _PyList_Extend(names, f.f_globals) == 0 &&
    _PyList_Extend(names, f.f_builtins) == 0;
  Py.XDECREF(locals);
  if (!ok) {
    Py.DECREF(names);
    return 0;
  }
  const self = selfOf(tb);
  if (self != 0) {
    const has = PyObject_HasAttrWithError(self, name);
    Py.DECREF(self);
    if (has > 0) {
      Py.DECREF(names);
      return PyUnicode_FromFormat("self.%U", name);
    }
    PyErr_Clear();
  }
  return nearest(names, name, false);
}
