// What the process is told at its start (CPython 3.13's PyConfig, in Python/initconfig.c): a marshalled dict, made by
// src/process/config.ts, with PyConfig's names. It is kept for as long as the process; what sys shows of it is put there.

import { objectsRoots, vmRoots } from "../generated/runtime";
import { _Py_FalseStruct, _Py_NoneStruct, _Py_TrueStruct, ID, PyModule_Type } from "../generated/statics";
import { readCompiled } from "../marshal/read";
import { setFlags } from "../modules/sys/structs";
import {
  PyDict_GetItemLiteral,
  PyDict_GetItemWithError,
  PyDict_Merge,
  PyDict_Next,
  PyDict_SetItem,
  PyDict_SetItemLiteral,
  PyDict_ValueAt,
} from "../objects/containers/dict/dict";
import { Tuple } from "../objects/containers/tuple";
import { PyErr_Clear, PyErr_NoMemory, PyErr_Occurred } from "../objects/errors/raise";
import { PyModule_GetDict } from "../objects/module/module";
import { PyLong_AsLongLong } from "../objects/numbers/int/create";
import { setIntMaxStrDigits } from "../objects/numbers/int/text";
import { Py } from "../objects/object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr, PyObject_SetAttr } from "../objects/protocol/access";
import { PyUnicode_FromLiteral } from "../objects/text/create";
import { PyUnicode_FromFormat } from "../objects/text/format/fromformat";
import { unicode_replace } from "../objects/text/methods";

/** The places of some of sys.flags. */
export const enum Flag {
  INSPECT = 1,
  INTERACTIVE = 2,
  OPTIMIZE = 3,
  NO_SITE = 6,
  IGNORE_ENVIRONMENT = 7,
  VERBOSE = 8,
  BYTES_WARNING = 9,
  QUIET = 10,
  DEV_MODE = 13,
  UTF8_MODE = 14,
  WARN_DEFAULT_ENCODING = 15,
  INT_MAX_STR_DIGITS = 17,
}

/** Takes the configuration in the n bytes at p: 0, or -1 with an exception. */
export function configure(p: usize, n: isize): i32 {
  const config = readCompiled(p, n);
  if (config == 0) return -1;
  const old = vmRoots.config;
  vmRoots.config = config;
  Py.XDECREF(old);
  const flags = configItem("flags");
  const sys = configItem("sys");
  if (flags == 0 || sys == 0) {
    PyErr_NoMemory();
    return -1;
  }
  if (setFlags(flags) < 0) return -1;
  setIntMaxStrDigits(configFlag(Flag.INT_MAX_STR_DIGITS));
  objectsRoots.optimize = configFlag(Flag.OPTIMIZE);
  objectsRoots.bytes_warning = configFlag(Flag.BYTES_WARNING);
  objectsRoots.verbose = configFlag(Flag.VERBOSE);
  objectsRoots.dev_mode = configFlag(Flag.DEV_MODE);
  objectsRoots.utf8_mode = configFlag(Flag.UTF8_MODE);
  objectsRoots.warn_default_encoding = configFlag(Flag.WARN_DEFAULT_ENCODING);
  objectsRoots.import_time = configIsSet("import_time") ? 1 : 0;
  objectsRoots.no_debug_ranges = configItem("code_debug_ranges") == _Py_FalseStruct ? 1 : 0;
  const debug = objectsRoots.optimize == 0 ? _Py_TrueStruct : _Py_FalseStruct;
  if (PyDict_SetItemLiteral(vmRoots.builtins, "__debug__", debug) < 0) return -1;
  objectsRoots.without_frozen = configIsSet("use_frozen_modules") ? 0 : 1;
  if (PyDict_Merge(vmRoots.sysdict, sys, 1) < 0 || placeFrozen() < 0) return -1;
  const imp = PyDict_GetItemLiteral(vmRoots.modules, "_imp");
  const mode = configItem("check_hash_pycs_mode");
  if (imp == 0 || mode == 0) return 0;
  return PyDict_SetItemLiteral(PyModule_GetDict(imp), "check_hash_based_pycs", mode);
}

/** What the configuration has under the name, borrowed; null where that is None, or not to be had. */
export function configItem(name: string): usize {
  const value = vmRoots.config == 0 ? 0 : PyDict_GetItemLiteral(vmRoots.config, name);
  if (value == 0) PyErr_Clear();
  return value == _Py_NoneStruct ? 0 : value;
}

/** Whether what the configuration has under the name is neither None nor False. */
export function configIsSet(name: string): bool {
  const value = configItem(name);
  return value != 0 && value != _Py_FalseStruct;
}

/** One of the flags, as it was given. */
export function configFlag(flag: Flag): i32 {
  const flags = configItem("flags");
  return flags == 0 ? 0 : <i32>PyLong_AsLongLong(Tuple.get(flags, <isize>flag));
}

/**
 * Gives the frozen modules that came up before it was known where the library is the files that they are from: 0, or -1
 * with an exception. What importlib's FrozenImporter does for those that come later.
 */
function placeFrozen(): i32 {
  const folder = PyDict_GetItemLiteral(vmRoots.sysdict, "_stdlib_dir");
  if (folder == 0 || folder == _Py_NoneStruct || vmRoots.importlib == 0) return 0;
  for (let pos = PyDict_Next(vmRoots.modules, 0); pos != 0; pos = PyDict_Next(vmRoots.modules, pos)) {
    const module = PyDict_ValueAt(vmRoots.modules, pos);
    if (module == vmRoots.importlib || Py.TYPE(module) != PyModule_Type) continue;
    if (placeModule(PyModule_GetDict(module), folder) < 0) return -1;
  }
  return 0;
}

/** Gives a module, whose dict this is, its file where its spec says that it is frozen: 0, or -1 with an exception. */
function placeModule(d: usize, folder: usize): i32 {
  const spec = PyDict_GetItemWithError(d, ID.__spec__);
  if (spec == 0 || spec == _Py_NoneStruct) return PyErr_Occurred() != 0 ? -1 : 0;
  const state = PyObject_GetOptionalAttr(spec, ID.loader_state);
  if (state == 0) return PyErr_Occurred() != 0 ? -1 : 0;
  let r = 0;
  if (state != _Py_NoneStruct) {
    const file = fileOfFrozen(state, folder);
    r = file == 0 || PyDict_SetItem(d, ID.__file__, file) < 0 ? -1 : PyObject_SetAttr(state, ID.filename, file);
    Py.XDECREF(file);
  }
  Py.DECREF(state);
  return r;
}

/** The file of a frozen module that is no package: a new str, or null with an exception. */
function fileOfFrozen(state: usize, folder: usize): usize {
  const name = PyObject_GetAttr(state, ID.origname);
  const dot = name == 0 ? 0 : PyUnicode_FromLiteral(".");
  const slash = dot == 0 ? 0 : PyUnicode_FromLiteral("/");
  const path = slash == 0 ? 0 : unicode_replace(name, dot, slash, 0);
  const r = path == 0 ? 0 : PyUnicode_FromFormat("%U/%U.py", folder, path);
  Py.XDECREF(name);
  Py.XDECREF(dot);
  Py.XDECREF(slash);
  Py.XDECREF(path);
  return r;
}
