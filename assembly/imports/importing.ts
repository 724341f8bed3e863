// Importing (CPython 3.13's Python/import.c): names are made absolute, sys.modules is asked, and what is not there is for
// importlib to find and load.
//
// Difference: a process without a library has no importlib, and what is part of the program is all that it can import.

import { Py_TPFLAGS_DICT_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../generated/constants";
import { objectsRoots, vmRoots } from "../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyExc_DeprecationWarning,
  PyExc_ImportError,
  PyExc_ImportWarning,
  PyExc_KeyError,
  PyExc_ModuleNotFoundError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../generated/statics";
import { PyDict_GetItemWithError, PyDict_New, PyDict_SetItem } from "../objects/containers/dict/dict";
import { PyTuple_Pack1 } from "../objects/containers/tuple";
import { PyErr_Format, PyErr_Occurred, PyErr_SetObject, PyErr_SetString } from "../objects/errors/raise";
import { PyErr_WarnEx } from "../objects/errors/warnings";
import { builtinModuleInit } from "../objects/module/inittab";
import { PyObject_Call } from "../objects/object/call";
import { Py_EQ } from "../objects/object/flags";
import { Py } from "../objects/object/head";
import { PyObject_GetAttr, PyObject_HasAttrWithError } from "../objects/protocol/access";
import { PyObject_IsTrue, PyObject_RichCompareBool } from "../objects/protocol/compare";
import { PyMapping_GetOptionalItem } from "../objects/protocol/sequence";
import { U } from "../objects/text/access";
import { PyUnicode_Substring } from "../objects/text/concat";
import { PyUnicode_FromFormat } from "../objects/text/format/fromformat";
import { ensureInitialized, findAndLoad, hasImportlib, importFromList } from "./importlib";

/** The module in sys.modules, a new reference; null without exception where there is none. */
export function importedModule(name: usize): usize {
  return PyMapping_GetOptionalItem(vmRoots.modules, name);
}

/** Raises ImportError, or `type` derived from it, with its attributes; all borrowed, those but text may be null. */
export function setImportError(type: usize, text: usize, name: usize, path: usize, nameFrom: usize): void {
  const args = PyTuple_Pack1(text);
  const kwargs = args == 0 ? 0 : PyDict_New();
  if (kwargs != 0) {
    if (
      setOrNone(kwargs, ID.name, name) == 0 &&
      setOrNone(kwargs, ID.path, path) == 0 &&
      setOrNone(kwargs, ID.name_from, nameFrom) == 0
    ) {
      const exc = PyObject_Call(type, args, kwargs);
      if (exc != 0) {
        PyErr_SetObject(type, exc);
        Py.DECREF(exc);
      }
    }
    Py.DECREF(kwargs);
  }
  Py.XDECREF(args);
}

function setOrNone(d: usize, key: usize, v: usize): i32 {
  return PyDict_SetItem(d, key, v == 0 ? _Py_NoneStruct : v);
}

/** Index of the last dot among the first `end` characters; -1 where there is none. */
function lastDot(name: usize, end: isize): isize {
  const kind = U.kind(name);
  const data = U.data(name);
  for (let i = end - 1; i >= 0; i--) if (U.read(kind, data, i) == 0x2e) return i;
  return -1;
}

function firstDot(name: usize): isize {
  const kind = U.kind(name);
  const data = U.data(name);
  const n = U.length(name);
  for (let i: isize = 0; i < n; i++) if (U.read(kind, data, i) == 0x2e) return i;
  return -1;
}

/** The module of an absolute, dotted name: the last one. A new reference. */
function importAbsolute(name: usize): usize {
  const m = importedModule(name);
  if (m == 0 && PyErr_Occurred()) return 0;
  if (m == 0 || m == _Py_NoneStruct) {
    Py.XDECREF(m);
    return hasImportlib() ? findAndLoad(name) : loadBuiltin(name);
  }
  if (ensureInitialized(m, name) == 0) return m;
  Py.DECREF(m);
  return 0;
}

/** Where there is no library, only what is part of the program can be imported. */
function loadBuiltin(name: usize): usize {
  const init = builtinModuleInit(name);
  if (init == 0) {
    const text = PyUnicode_FromFormat("No module named %R", name);
    if (text != 0) {
      setImportError(PyExc_ModuleNotFoundError, text, name, 0, 0);
      Py.DECREF(text);
    }
    return 0;
  }
  const m = call_indirect<usize>(init);
  if (m == 0 || PyDict_SetItem(vmRoots.modules, name, m) == 0) return m;
  Py.DECREF(m);
  return 0;
}

/** The absolute name of a relative import from a module with these globals: a new str. */
function resolveName(name: usize, globals: usize, level: i64): usize {
  if (globals == 0) return PyErr_SetString(PyExc_KeyError, "'__name__' not in globals");
  if (!Py.check(globals, Py_TPFLAGS_DICT_SUBCLASS)) return PyErr_SetString(PyExc_TypeError, "globals must be a dict");
  const package_ = packageOf(globals);
  if (package_ == 0) return 0;
  let end = U.length(package_);
  let r: usize = 0;
  if (end == 0) {
    PyErr_SetString(PyExc_ImportError, "attempted relative import with no known parent package");
  } else {
    while (--level > 0 && end >= 0) end = lastDot(package_, end);
    if (end < 0) PyErr_SetString(PyExc_ImportError, "attempted relative import beyond top-level package");
    else {
      const base = PyUnicode_Substring(package_, 0, end);
      if (base != 0) {
        r = U.length(name) == 0 ? Py.NewRef(base) : PyUnicode_FromFormat("%U.%U", base, name);
        Py.DECREF(base);
      }
    }
  }
  Py.DECREF(package_);
  return r;
}

/** The package that relative names start from: a new str. */
function packageOf(globals: usize): usize {
  let p = PyDict_GetItemWithError(globals, ID.__package__);
  if (p == 0 && PyErr_Occurred()) return 0;
  if (p == _Py_NoneStruct) p = 0;
  Py.XINCREF(p);
  let spec = PyDict_GetItemWithError(globals, ID.__spec__);
  if (spec == 0 && PyErr_Occurred()) {
    Py.XDECREF(p);
    return 0;
  }
  if (spec == _Py_NoneStruct) spec = 0;
  if (p == 0) return spec == 0 ? packageByName(globals) : parentOf(spec);
  const ok = Py.check(p, Py_TPFLAGS_UNICODE_SUBCLASS) && (spec == 0 || isParent(spec, p));
  if (ok) return p;
  if (PyErr_Occurred() == 0) PyErr_SetString(PyExc_TypeError, "package must be a string");
  Py.DECREF(p);
  return 0;
}

/** Whether no exception came of comparing the package's name with that of the spec, which warns where they differ. */
function isParent(spec: usize, name: usize): bool {
  Py.INCREF(spec);
  const parent = PyObject_GetAttr(spec, ID.parent);
  Py.DECREF(spec);
  if (parent == 0) return false;
  const equal = PyObject_RichCompareBool(name, parent, Py_EQ);
  Py.DECREF(parent);
  if (equal != 0) return equal > 0;
  return PyErr_WarnEx(PyExc_DeprecationWarning, "__package__ != __spec__.parent", 1) == 0;
}

function parentOf(spec: usize): usize {
  Py.INCREF(spec);
  const parent = PyObject_GetAttr(spec, ID.parent);
  Py.DECREF(spec);
  if (parent == 0 || Py.check(parent, Py_TPFLAGS_UNICODE_SUBCLASS)) return parent;
  Py.DECREF(parent);
  return PyErr_SetString(PyExc_TypeError, "__spec__.parent must be a string");
}

function packageByName(globals: usize): usize {
  if (
    PyErr_WarnEx(
      PyExc_ImportWarning,
      "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__",
      1,
    ) < 0
  ) {
    return 0;
  }
  const name = PyDict_GetItemWithError(globals, ID.__name__);
  if (name == 0) {
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_KeyError, "'__name__' not in globals");
    return 0;
  }
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "__name__ must be a string");
  }
  if (PyDict_GetItemWithError(globals, ID.__path__) != 0) return Py.NewRef(name);
  if (PyErr_Occurred()) return 0;
  const dot = lastDot(name, U.length(name));
  return PyUnicode_Substring(name, 0, dot < 0 ? 0 : dot);
}

/** __import__: a new reference. `globals` and `fromlist` may be null. */
export function importModuleLevel(name: usize, globals: usize, fromlist: usize, level: i64): usize {
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "module name must be a string");
  }
  if (level < 0) return PyErr_SetString(PyExc_ValueError, "level must be >= 0");
  if (level == 0 && U.length(name) == 0) return emptyName();
  const full = level > 0 ? resolveName(name, globals, level) : Py.NewRef(name);
  if (full == 0) return 0;
  let m = importAbsolute(full);
  if (m != 0) {
    const from = fromlist == 0 || fromlist == _Py_NoneStruct ? 0 : PyObject_IsTrue(fromlist);
    if (from < 0) {
      Py.DECREF(m);
      m = 0;
    } else if (from > 0) m = importSubmodules(m, fromlist);
    else m = firstOf(m, name, full, level);
  }
  Py.DECREF(full);
  return m;
}

function emptyName(): usize {
  return PyErr_SetString(PyExc_ValueError, "Empty module name");
}

/** What `import a.b.c` binds: the module of the name's first part. Steals `m`. */
function firstOf(m: usize, name: usize, full: usize, level: i64): usize {
  if (level > 0 && U.length(name) == 0) return m;
  const dot = firstDot(name);
  if (dot < 0) return m;
  Py.DECREF(m);
  if (level == 0 && dot == 0) return emptyName();
  // A relative name's first part is the full name without what follows that part.
  const end = level == 0 ? dot : U.length(full) - (U.length(name) - dot);
  const first = PyUnicode_Substring(full, 0, end);
  if (first == 0) return 0;
  let r: usize;
  if (level == 0) r = importAbsolute(first);
  else {
    r = importedModule(first);
    if (r == 0 && !PyErr_Occurred()) PyErr_Format(PyExc_KeyError, "%R not in sys.modules as expected", first);
  }
  Py.DECREF(first);
  return r;
}

/** Imports the submodules that a from-list names, where `m` (stolen) is a package; returns what the import gives. */
function importSubmodules(m: usize, fromlist: usize): usize {
  const isPackage = PyObject_HasAttrWithError(m, ID.__path__);
  if (isPackage > 0 && hasImportlib()) return importFromList(m, fromlist);
  if (isPackage >= 0) return m;
  Py.DECREF(m);
  return 0;
}

/** Tells the objects how modules are imported. For initialisation. */
export function initImports(): void {
  objectsRoots.import_module = importModuleLevel.index;
}
