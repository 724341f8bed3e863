// Instructions: imports. The convention is in eval.ts.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { _PyInterpreterFrame } from "../../generated/layouts";
import { _Py_NoneStruct, ID, PyExc_ImportError, PyExc_TypeError, PyModule_Type } from "../../generated/statics";
import { importedModule, setImportError } from "../../imports/importing";
import { PyDict_GetItemWithError } from "../../objects/containers/dict/dict";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { _PyModuleSpec_IsInitializing } from "../../objects/module/missing";
import { PyModule_GetDict } from "../../objects/module/module";
import { PyObject_Vectorcall } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyObject_SetItem } from "../../objects/protocol/items";
import {
  PyMapping_GetOptionalItem,
  PyMapping_Keys,
  PySequence_GetItem,
  PySequence_Size,
} from "../../objects/protocol/sequence";
import { U } from "../../objects/text/access";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { Scratch } from "../../thread/scratch";
import { nameAt } from "./names";

export function importName(f: usize, sp: usize, oparg: i32): usize {
  const frame = _PyInterpreterFrame.at(f);
  const name = nameAt(f, oparg);
  const fromlist: usize = load<u32>(sp - 8);
  const level: usize = load<u32>(sp - 16);
  const importFunction = PyMapping_GetOptionalItem(frame.f_builtins, ID.__import__);
  if (importFunction == 0) {
    if (PyErr_Occurred() == 0) PyErr_SetString(PyExc_ImportError, "__import__ not found");
    return 0;
  }
  const argv = Scratch.take(5);
  store<u64>(argv, name);
  Py.setItem(argv, 1, frame.f_globals);
  Py.setItem(argv, 2, frame.f_locals == 0 ? _Py_NoneStruct : frame.f_locals);
  Py.setItem(argv, 3, fromlist);
  Py.setItem(argv, 4, level);
  const r = PyObject_Vectorcall(importFunction, argv, 5, 0);
  Scratch.give(argv);
  Py.DECREF(importFunction);
  if (r == 0) return 0;
  store<u64>(sp - 16, r);
  Py.DECREF(level);
  Py.DECREF(fromlist);
  return sp - 8;
}

export function importFrom(f: usize, sp: usize, oparg: i32): usize {
  const module: usize = load<u32>(sp - 8);
  const name = nameAt(f, oparg);
  let v = PyObject_GetOptionalAttr(module, name);
  if (v == 0) {
    if (PyErr_Occurred() != 0) return 0;
    // A submodule that is still being imported is in sys.modules already.
    let package_ = PyObject_GetOptionalAttr(module, ID.__name__);
    if (package_ == 0 && PyErr_Occurred() != 0) return 0;
    if (package_ != 0 && !Py.check(package_, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      Py.DECREF(package_);
      package_ = 0;
    }
    if (package_ != 0) {
      const full = PyUnicode_FromFormat("%U.%U", package_, name);
      if (full != 0) {
        v = importedModule(full);
        Py.DECREF(full);
      }
    }
    if (v == 0 && PyErr_Occurred() == 0) cannotImport(module, package_, name);
    Py.XDECREF(package_);
    if (v == 0) return 0;
  }
  store<u64>(sp, v);
  return sp + 8;
}

/** Raises ImportError; `package_`, the module's name, may be null. */
function cannotImport(module: usize, package_: usize, name: usize): void {
  const place = package_ == 0 ? PyUnicode_FromLiteral("<unknown module name>") : Py.NewRef(package_);
  const file = place == 0 ? 0 : fileOf(module);
  let text: usize = 0;
  if (place != 0 && PyErr_Occurred() == 0) {
    if (file == 0) text = PyUnicode_FromFormat("cannot import name %R from %R (unknown location)", name, place);
    else {
      const spec = PyObject_GetOptionalAttr(module, ID.__spec__);
      const initializing = spec == 0 && PyErr_Occurred() != 0 ? -1 : _PyModuleSpec_IsInitializing(spec);
      Py.XDECREF(spec);
      if (initializing >= 0) {
        const format = initializing
          ? "cannot import name %R from partially initialized module %R (most likely due to a circular import) (%S)"
          : "cannot import name %R from %R (%S)";
        text = PyUnicode_FromFormat(format, name, place, file);
      }
    }
  }
  if (text != 0) {
    setImportError(PyExc_ImportError, text, package_, file, name);
    Py.DECREF(text);
  }
  Py.XDECREF(place);
  Py.XDECREF(file);
}

/** The __file__ of a module where it is a str, a new reference; null without exception where it has none. */
function fileOf(module: usize): usize {
  if (!PyType_IsSubtype(Py.TYPE(module), PyModule_Type)) return 0;
  const file = PyDict_GetItemWithError(PyModule_GetDict(module), ID.__file__);
  return file != 0 && Py.check(file, Py_TPFLAGS_UNICODE_SUBCLASS) ? Py.NewRef(file) : 0;
}

/** Sets the TypeError of a name that is no str. */
function notString(module: usize, name: usize, isKey: bool): void {
  const modname = PyObject_GetAttr(module, ID.__name__);
  if (modname == 0) return;
  if (!Py.check(modname, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "module __name__ must be a string, not %.100t", modname);
  } else {
    const format = isKey ? "Key in %U.__dict__ must be str, not %.100t" : "Item in %U.__all__ must be str, not %.100t";
    PyErr_Format(PyExc_TypeError, format, modname, name);
  }
  Py.DECREF(modname);
}

/** `from module import *` into the frame's locals: None, or null with an exception. */
export function importStar(f: usize, module: usize): usize {
  const locals = _PyInterpreterFrame.at(f).f_locals;
  if (locals == 0) return PyErr_SetString(PyExc_ImportError, "no locals found during 'import *'");
  let names = PyObject_GetOptionalAttr(module, ID.__all__);
  let skipUnderscores = false;
  if (names == 0) {
    if (PyErr_Occurred() != 0) return 0;
    const dict = PyObject_GetOptionalAttr(module, ID.__dict__);
    if (dict == 0) {
      if (PyErr_Occurred() == 0)
        PyErr_SetString(PyExc_ImportError, "from-import-* object has no __dict__ and no __all__");
      return 0;
    }
    names = PyMapping_Keys(dict);
    Py.DECREF(dict);
    if (names == 0) return 0;
    skipUnderscores = true;
  }
  const n = PySequence_Size(names);
  let ok: bool = n >= 0;
  for (let i: isize = 0; i < n && ok; i++) {
    const name = PySequence_GetItem(names, i);
    if (name == 0) {
      ok = false;
      break;
    }
    if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      notString(module, name, skipUnderscores);
      ok = false;
    } else if (!(skipUnderscores && U.length(name) > 0 && U.read(U.kind(name), U.data(name), 0) == 0x5f)) {
      const v = PyObject_GetAttr(module, name);
      if (v == 0) ok = false;
      else {
        ok = PyObject_SetItem(locals, name, v) == 0;
        Py.DECREF(v);
      }
    }
    Py.DECREF(name);
  }
  Py.DECREF(names);
  return ok ? _Py_NoneStruct : 0;
}
