// Importing (the work of CPython 3.13's Python/import.c and Lib/importlib/_bootstrap.py). Modules of the program itself
// come from its table (inittab.ts), all others from files: NAME.py or a folder NAME with an __init__.py, searched for
// along sys.path or the package's __path__. A folder without __init__.py found nowhere else is a namespace package.
//
// Invariant: a module is in sys.modules from before its body runs, and leaves it again where the body fails.
//
// Differences: importlib's finders, loaders and specs take no part: __spec__ and __loader__ are None, sys.meta_path and
// sys.path_hooks are not asked, and .pyc files are neither read nor written. While a module's body runs, its dict has
// the name _initializing, by which errors tell a circular import.

import { CompileMode, Py_TPFLAGS_DICT_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../generated/constants";
import { PyBytesObject, PyImportErrorObject, PyModuleObject } from "../generated/layouts";
import { objectsRoots, vmRoots } from "../generated/runtime";
import {
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyExc_AttributeError,
  PyExc_ImportError,
  PyExc_ImportWarning,
  PyExc_KeyError,
  PyExc_ModuleNotFoundError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyModule_Type,
} from "../generated/statics";
import { PyDict_DelItem, PyDict_GetItemWithError, PyDict_New, PyDict_SetItem } from "../objects/containers/dict/dict";
import { PyList_Append, PyList_New } from "../objects/containers/list/list";
import { PyTuple_Pack1 } from "../objects/containers/tuple";
import {
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetObject,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../objects/errors/raise";
import { PyErr_WarnEx } from "../objects/errors/warnings";
import { builtinModuleInit } from "../objects/module/inittab";
import { PyModule_GetDict, PyModule_New } from "../objects/module/module";
import { PyObject_Call } from "../objects/object/call";
import { Py } from "../objects/object/head";
import {
  PyObject_GetAttr,
  PyObject_GetOptionalAttr,
  PyObject_HasAttrWithError,
  PyObject_SetAttr,
} from "../objects/protocol/access";
import { PyObject_IsTrue } from "../objects/protocol/compare";
import { PyIter_Next, PyObject_GetIter } from "../objects/protocol/iterator";
import { PyMapping_GetOptionalItem } from "../objects/protocol/sequence";
import { U } from "../objects/text/access";
import { _PyUnicode_Equal } from "../objects/text/compare";
import { PyUnicode_Substring } from "../objects/text/concat";
import { PyUnicode_FromFormat } from "../objects/text/format/fromformat";
import { FileKind, fileKind, readFile } from "../objects/traceback/sourcefiles";
import { compileSource } from "./compiling";
import { evalCode } from "./evaluate";
import { hasLibrary } from "./frozen";
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

/** Raises ModuleNotFoundError with the text, stolen. */
function notFound(text: usize, name: usize): usize {
  if (text != 0) {
    setImportError(PyExc_ModuleNotFoundError, text, name, 0, 0);
    Py.DECREF(text);
  }
  return 0;
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
  if (m == 0) {
    if (PyErr_Occurred()) return 0;
    // Without a library, imports are from files and from what is part of the program.
    return usesImportlib(name) ? findAndLoad(name) : loadWithoutLibrary(name);
  }
  if (m == _Py_NoneStruct && hasImportlib()) {
    Py.DECREF(m);
    return findAndLoad(name);
  }
  if (m != _Py_NoneStruct && ensureInitialized(m, name) < 0) {
    Py.DECREF(m);
    return 0;
  }
  if (m == _Py_NoneStruct)
    return notFound(PyUnicode_FromFormat("import of %U halted; None in sys.modules", name), name);
  return m;
}

/**
 * Whether the library's import system is to find the module. It is started for the first one that is not part of the
 * program; where the process has no library, this answers no.
 */
function usesImportlib(name: usize): bool {
  if (hasImportlib()) return true;
  if (builtinModuleInit(name) != 0) return false;
  return hasLibrary();
}

/** Imports what is not in sys.modules, its parents first: a new reference. */
function loadWithoutLibrary(name: usize): usize {
  const dot = lastDot(name, U.length(name));
  if (dot < 0) {
    const path = sysPath();
    return path == 0 ? 0 : loadModule(name, name, path, true);
  }
  const parentName = PyUnicode_Substring(name, 0, dot);
  if (parentName == 0) return 0;
  const r = loadChild(name, parentName, dot);
  Py.DECREF(parentName);
  return r;
}

function loadChild(name: usize, parentName: usize, dot: isize): usize {
  // A name has as many parents as it has dots, each of which may have its own to import.
  if (Py_EnterRecursiveCall("")) return 0;
  const parent = importAbsolute(parentName);
  Py_LeaveRecursiveCall();
  if (parent == 0) return 0;
  // The parent may have imported its child itself.
  let m = importedModule(name);
  if (m == 0 && !PyErr_Occurred()) {
    const path = PyObject_GetAttr(parent, ID.__path__);
    if (path == 0) {
      if (PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear();
        notFound(PyUnicode_FromFormat("No module named %R; %R is not a package", name, parentName), name);
      }
    } else {
      const child = PyUnicode_Substring(name, dot + 1, U.length(name));
      if (child != 0) {
        m = loadModule(name, child, path, false);
        if (m != 0 && PyObject_SetAttr(parent, child, m) < 0) {
          if (PyErr_ExceptionMatches(PyExc_AttributeError)) {
            PyErr_Clear();
            PyErr_WarnEx(PyExc_ImportWarning, "Cannot set an attribute on a parent module for a child module", 1);
          }
          if (PyErr_Occurred()) {
            Py.DECREF(m);
            m = 0;
          }
        }
        Py.DECREF(child);
      }
      Py.DECREF(path);
    }
  }
  Py.DECREF(parent);
  return m;
}

/** sys.path, a borrowed list; null with an exception. */
function sysPath(): usize {
  const path = PyDict_GetItemWithError(vmRoots.sysdict, ID.path);
  if (path == 0 && !PyErr_Occurred()) PyErr_SetString(PyExc_ImportError, "sys.path must be a list of directory names");
  return path;
}

/** Finds and runs a module whose last name is `child`: a new reference. */
function loadModule(name: usize, child: usize, path: usize, top: bool): usize {
  if (top) {
    const init = builtinModuleInit(name);
    if (init != 0) return loadBuiltin(name, init);
  }
  const places = PyList_New(0);
  if (places == 0) return 0;
  let m = searchPath(name, child, path, places);
  if (m == 0 && !PyErr_Occurred()) {
    if (Py.SIZE(places) > 0) m = namespacePackage(name, places);
    else notFound(PyUnicode_FromFormat("No module named %R", name), name);
  }
  Py.DECREF(places);
  return m;
}

function loadBuiltin(name: usize, init: u32): usize {
  const m = call_indirect<usize>(init);
  if (m == 0) return 0;
  if (setUp(m, name, 0, 0) < 0 || PyDict_SetItem(vmRoots.modules, name, m) < 0) {
    Py.DECREF(m);
    return 0;
  }
  return m;
}

/** The module along the path; null without exception where it is nowhere, `places` then being folders of its name. */
function searchPath(name: usize, child: usize, path: usize, places: usize): usize {
  const it = PyObject_GetIter(path);
  if (it == 0) return 0;
  let m: usize = 0;
  while (m == 0) {
    const entry = PyIter_Next(it);
    if (entry == 0) break;
    if (Py.check(entry, Py_TPFLAGS_UNICODE_SUBCLASS)) m = searchFolder(name, child, entry, places);
    Py.DECREF(entry);
    if (PyErr_Occurred()) break;
  }
  Py.DECREF(it);
  return m;
}

function searchFolder(name: usize, child: usize, folder: usize, places: usize): usize {
  const n = U.length(folder);
  const join = n == 0 || U.at(folder, n - 1) == 0x2f ? "%U%U" : "%U/%U";
  const base = PyUnicode_FromFormat(join, folder, child);
  if (base == 0) return 0;
  let r: usize = 0;
  if (fileKind(base) == FileKind.folder) {
    const file = PyUnicode_FromFormat("%U/__init__.py", base);
    if (file != 0) {
      if (fileKind(file) == FileKind.file) r = loadFile(name, file, base);
      else PyList_Append(places, base);
      Py.DECREF(file);
    }
  }
  if (r == 0 && !PyErr_Occurred()) {
    const file = PyUnicode_FromFormat("%U.py", base);
    if (file != 0) {
      if (fileKind(file) == FileKind.file) r = loadFile(name, file, 0);
      Py.DECREF(file);
    }
  }
  Py.DECREF(base);
  return r;
}

/** Gives the module the attributes that importing sets; `file` and `folder` may be null. */
function setUp(m: usize, name: usize, file: usize, folder: usize): i32 {
  if (Py.TYPE(m) != PyModule_Type) return 0;
  const d = PyModule_GetDict(m);
  let package_: usize;
  if (folder != 0) {
    package_ = Py.NewRef(name);
  } else {
    const dot = lastDot(name, U.length(name));
    package_ = PyUnicode_Substring(name, 0, dot < 0 ? 0 : dot);
  }
  if (package_ == 0) return -1;
  let r = PyDict_SetItem(d, ID.__package__, package_);
  Py.DECREF(package_);
  if (r == 0 && file != 0) r = PyDict_SetItem(d, ID.__file__, file);
  if (r == 0 && folder != 0) {
    const path = PyList_New(0);
    r = path == 0 ? -1 : PyList_Append(path, folder);
    if (r == 0) r = PyDict_SetItem(d, ID.__path__, path);
    Py.XDECREF(path);
  }
  return r;
}

/** Makes the module of a source file and runs it; `folder` is the package's, null for a plain module. */
function loadFile(name: usize, file: usize, folder: usize): usize {
  const source = readFile(file);
  if (source == 0) {
    if (!PyErr_Occurred()) PyErr_Format(PyExc_ImportError, "cannot read %R", file);
    return 0;
  }
  const code = compileSource(PyBytesObject.at(source).ob_sval, Py.SIZE(source), file, CompileMode.exec, 0, 0);
  Py.DECREF(source);
  if (code == 0) return 0;
  const m = PyModule_New(name);
  let ok: bool = m != 0 && setUp(m, name, file, folder) == 0;
  if (ok) {
    const d = Py.NewRef(PyModuleObject.at(m).md_dict);
    ok =
      PyDict_SetItem(d, ID._initializing, _Py_TrueStruct) == 0 &&
      PyDict_SetItem(d, ID.__builtins__, vmRoots.builtins) == 0 &&
      PyDict_SetItem(vmRoots.modules, name, m) == 0;
    if (ok) ok = runBody(name, code, d);
    Py.DECREF(d);
  }
  Py.DECREF(code);
  Py.XDECREF(m);
  if (!ok) return 0;
  // The body may have put something else in its place.
  const now = importedModule(name);
  if (now == 0 && !PyErr_Occurred()) PyErr_SetObject(PyExc_KeyError, name);
  return now;
}

/** Runs the module's body in its dict; where it fails, the module leaves sys.modules. */
function runBody(name: usize, code: usize, d: usize): bool {
  const r = evalCode(code, d, d, 0);
  const exc = PyErr_GetRaisedException();
  if (PyDict_DelItem(d, ID._initializing) < 0) PyErr_Clear();
  if (r != 0) {
    Py.DECREF(r);
    return true;
  }
  if (PyDict_DelItem(vmRoots.modules, name) < 0) PyErr_Clear();
  PyErr_SetRaisedException(exc);
  return false;
}

function namespacePackage(name: usize, places: usize): usize {
  const m = PyModule_New(name);
  if (m == 0) return 0;
  const d = PyModule_GetDict(m);
  if (
    PyDict_SetItem(d, ID.__path__, places) < 0 ||
    PyDict_SetItem(d, ID.__package__, name) < 0 ||
    PyDict_SetItem(vmRoots.modules, name, m) < 0
  ) {
    Py.DECREF(m);
    return 0;
  }
  return m;
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
  const p = PyDict_GetItemWithError(globals, ID.__package__);
  if (p == 0 && PyErr_Occurred()) return 0;
  if (p != 0 && p != _Py_NoneStruct) {
    if (Py.check(p, Py_TPFLAGS_UNICODE_SUBCLASS)) return Py.NewRef(p);
    return PyErr_SetString(PyExc_TypeError, "package must be a string");
  }
  const spec = PyDict_GetItemWithError(globals, ID.__spec__);
  if (spec == 0 && PyErr_Occurred()) return 0;
  if (spec != 0 && spec != _Py_NoneStruct) {
    const parent = PyObject_GetAttr(spec, ID.parent);
    if (parent == 0 || Py.check(parent, Py_TPFLAGS_UNICODE_SUBCLASS)) return parent;
    Py.DECREF(parent);
    return PyErr_SetString(PyExc_TypeError, "__spec__.parent must be a string");
  }
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
  if (level == 0 && U.length(name) == 0) return PyErr_SetString(PyExc_ValueError, "Empty module name");
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

/** What `import a.b.c` binds: the module of the name's first part. Steals `m`. */
function firstOf(m: usize, name: usize, full: usize, level: i64): usize {
  if (level > 0 && U.length(name) == 0) return m;
  const dot = firstDot(name);
  if (dot < 0) return m;
  Py.DECREF(m);
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

/** Imports the submodules that a from-list names, where `m` (stolen) is a package; returns it. */
function importSubmodules(m: usize, fromlist: usize): usize {
  const isPackage = PyObject_HasAttrWithError(m, ID.__path__);
  if (isPackage > 0 && hasImportlib()) return importFromList(m, fromlist);
  const r = isPackage > 0 ? handleFromList(m, fromlist, false) : isPackage;
  if (r >= 0) return m;
  Py.DECREF(m);
  return 0;
}

function handleFromList(m: usize, fromlist: usize, all: bool): i32 {
  const it = PyObject_GetIter(fromlist);
  if (it == 0) return -1;
  let r = 0;
  while (r == 0) {
    const x = PyIter_Next(it);
    if (x == 0) {
      r = PyErr_Occurred() ? -1 : 0;
      break;
    }
    r = fromItem(m, x, all);
    Py.DECREF(x);
  }
  Py.DECREF(it);
  return r;
}

function fromItem(m: usize, x: usize, all: bool): i32 {
  if (!Py.check(x, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    const where = PyObject_GetAttr(m, ID.__name__);
    if (where != 0) {
      const format = all ? "Item in %U.__all__ must be str, not %t" : "Item in ``from list'' must be str, not %t";
      if (all) PyErr_Format(PyExc_TypeError, format, where, x);
      else PyErr_Format(PyExc_TypeError, format, x);
      Py.DECREF(where);
    }
    return -1;
  }
  if (U.length(x) == 1 && U.at(x, 0) == 0x2a) {
    if (all) return 0;
    const names = PyObject_GetOptionalAttr(m, ID.__all__);
    if (names == 0) return PyErr_Occurred() ? -1 : 0;
    const r = handleFromList(m, names, true);
    Py.DECREF(names);
    return r;
  }
  const has = PyObject_HasAttrWithError(m, x);
  if (has != 0) return has < 0 ? -1 : 0;
  const name = PyObject_GetAttr(m, ID.__name__);
  if (name == 0) return -1;
  const full = PyUnicode_FromFormat("%S.%U", name, x);
  Py.DECREF(name);
  if (full == 0) return -1;
  const child = importAbsolute(full);
  let r = 0;
  if (child == 0) {
    // What is not there is the business of who asks the module for the name.
    if (PyErr_ExceptionMatches(PyExc_ModuleNotFoundError) && isAbout(full)) PyErr_Clear();
    else r = -1;
  }
  Py.XDECREF(child);
  Py.DECREF(full);
  return r;
}

/** Whether the ImportError that is set is about the module of this name. */
function isAbout(name: usize): bool {
  const exc = PyErr_Occurred();
  const about = PyImportErrorObject.at(exc).name;
  return about != 0 && Py.check(about, Py_TPFLAGS_UNICODE_SUBCLASS) && _PyUnicode_Equal(about, name);
}

/** Tells the objects how modules are imported. For initialisation. */
export function initImports(): void {
  objectsRoots.import_module = importModuleLevel.index;
}
