// What is said of a name that a module does not have: the text depends on whether the module is still being imported, and
// on whether it hides one of the same name (the end of module_getattro in CPython 3.13's Objects/moduleobject.c).

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { host } from "../../generated/host";
import { vmRoots } from "../../generated/runtime";
import { ID, PyExc_AttributeError } from "../../generated/statics";
import { PyMem_RawFree } from "../../memory/pymem";
import { Scratch } from "../../thread/scratch";
import { PyDict_GetItemWithError } from "../containers/dict/dict";
import { setAttributeErrorContext } from "../errors/fields";
import { sysObject } from "../errors/fileoutput";
import { PyErr_Clear, PyErr_Format, PyErr_Occurred } from "../errors/raise";
import { Py } from "../object/head";
import { PyObject_GetOptionalAttr } from "../protocol/access";
import { PyObject_IsTrue } from "../protocol/compare";
import { PySequence_Contains } from "../protocol/sequence";
import { U } from "../text/access";
import { PyUnicode_DecodeFSDefaultAndSize } from "../text/codecs/filesystem";
import { _PyUnicode_Equal, PyUnicode_EqualToLiteral } from "../text/compare";
import { PyUnicode_Substring } from "../text/concat";

/** Whether a spec, None or null says that its module's body has not ended yet; -1 with an exception. */
export function _PyModuleSpec_IsInitializing(spec: usize): i32 {
  if (spec == 0) return 0;
  const flag = PyObject_GetOptionalAttr(spec, ID._initializing);
  if (flag == 0) return PyErr_Occurred() ? -1 : 0;
  const r = PyObject_IsTrue(flag);
  Py.DECREF(flag);
  return r;
}

/** Raises AttributeError for a name that the module `self`, whose dict is `d`, does not have. */
export function noAttribute(self: usize, d: usize, name: usize): void {
  const modName = PyDict_GetItemWithError(d, ID.__name__);
  if (modName == 0 && PyErr_Occurred()) return;
  if (modName == 0 || !Py.check(modName, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_AttributeError, "module has no attribute '%U'", name);
  } else {
    const spec = PyDict_GetItemWithError(d, ID.__spec__);
    if (spec == 0 && PyErr_Occurred()) return;
    missingIn(modName, spec, name);
  }
  setAttributeErrorContext(self, name);
}

/** The file of a spec that has one, a new str; null without exception where it has none. */
function originOf(spec: usize): usize {
  const has = PyObject_GetOptionalAttr(spec, ID.has_location);
  if (has == 0) return 0;
  const located = PyObject_IsTrue(has);
  Py.DECREF(has);
  if (located <= 0) return 0;
  const origin = PyObject_GetOptionalAttr(spec, ID.origin);
  if (origin == 0 || Py.check(origin, Py_TPFLAGS_UNICODE_SUBCLASS)) return origin;
  Py.DECREF(origin);
  return 0;
}

/** Index of the last slash before `end`; -1 where there is none. */
function lastSlash(path: usize, end: isize): isize {
  for (let i = end - 1; i >= 0; i--) if (U.at(path, i) == 0x2f) return i;
  return -1;
}

/**
 * Whether the file is (part of) a module in the program's own folder, where it may hide another of the same name that
 * sys.path has later.
 */
function mayShadow(file: usize): bool {
  const first = vmRoots.sys_path_0;
  if (first == 0) return false;
  let slash = lastSlash(file, U.length(file));
  if (slash < 0) return false;
  const name = PyUnicode_Substring(file, slash + 1, U.length(file));
  if (name == 0) return false;
  if (PyUnicode_EqualToLiteral(name, "__init__.py")) slash = lastSlash(file, slash);
  Py.DECREF(name);
  const root = slash < 0 ? 0 : PyUnicode_Substring(file, 0, slash);
  if (root == 0) return false;
  const folder = U.length(first) == 0 ? currentFolder() : Py.NewRef(first);
  const same = folder != 0 && _PyUnicode_Equal(root, folder);
  Py.XDECREF(folder);
  Py.DECREF(root);
  return same;
}

/** The current folder, a new str; null where it is not known. */
function currentFolder(): usize {
  const slot = Scratch.take(1);
  const n = host.getcwd(slot);
  const block: usize = load<u32>(slot);
  Scratch.give(slot);
  if (n < 0) return 0;
  const r = PyUnicode_DecodeFSDefaultAndSize(block, n);
  PyMem_RawFree(block);
  return r;
}

/** Sets the error of a module that is being imported, or that hides one of the standard library: true where it is one. */
function shadowError(modName: usize, file: usize, name: usize, initializing: bool): bool {
  const shadows = file != 0 && mayShadow(file);
  PyErr_Clear();
  if (shadows) {
    const library = sysObject(ID.stdlib_module_names);
    const standard = library != 0 && PySequence_Contains(library, modName) == 1;
    PyErr_Clear();
    if (standard) {
      PyErr_Format(
        PyExc_AttributeError,
        "module '%U' has no attribute '%U' (consider renaming '%U' since it has the same name as the standard library module named '%U' and the import system gives it precedence)",
        modName,
        name,
        file,
        modName,
      );
      return true;
    }
  }
  if (!initializing) return false;
  if (shadows) {
    PyErr_Format(
      PyExc_AttributeError,
      "module '%U' has no attribute '%U' (consider renaming '%U' if it has the same name as a third-party module you intended to import)",
      modName,
      name,
      file,
    );
  } else if (file != 0) {
    PyErr_Format(
      PyExc_AttributeError,
      "partially initialized module '%U' from '%U' has no attribute '%U' (most likely due to a circular import)",
      modName,
      file,
      name,
    );
  } else {
    PyErr_Format(
      PyExc_AttributeError,
      "partially initialized module '%U' has no attribute '%U' (most likely due to a circular import)",
      modName,
      name,
    );
  }
  return true;
}

/** The error's text depends on whether the module is still being imported, and on where it lies; spec may be null. */
function missingIn(modName: usize, spec: usize, name: usize): void {
  if (spec != 0) {
    const file = originOf(spec);
    const initializing = PyErr_Occurred() != 0 ? -1 : _PyModuleSpec_IsInitializing(spec);
    const done = initializing < 0 || shadowError(modName, file, name, initializing > 0);
    Py.XDECREF(file);
    if (done) return;
    const pending = PyObject_GetOptionalAttr(spec, ID._uninitialized_submodules);
    if (pending == 0 && PyErr_Occurred()) return;
    if (pending != 0) {
      const r = PySequence_Contains(pending, name);
      Py.DECREF(pending);
      if (r < 0) return;
      if (r > 0) {
        PyErr_Format(
          PyExc_AttributeError,
          "cannot access submodule '%U' of module '%U' (most likely due to a circular import)",
          name,
          modName,
        );
        return;
      }
    }
  }
  PyErr_Format(PyExc_AttributeError, "module '%U' has no attribute '%U'", modName, name);
}
