// The import system of the standard library: importlib, started from its frozen modules (the init_importlib of CPython
// 3.13's Python/pylifecycle.c, and Python/import.c).

import { host } from "../generated/host";
import {
  _PyInterpreterFrame,
  PyBaseExceptionObject,
  PyCodeObject,
  PyFrameObject,
  PyTracebackObject,
} from "../generated/layouts";
import { objectsRoots, vmRoots } from "../generated/runtime";
import { ID, PyExc_ImportError, PyTraceBack_Type } from "../generated/statics";
import {
  PyDict_GetItemLiteral,
  PyDict_RequireItemLiteral,
  PyDict_GetItemWithError,
  PyDict_SetItem,
  PyDict_SetItemLiteral,
} from "../objects/containers/dict/dict";
import { PyList_Insert } from "../objects/containers/list/list";
import { Audit } from "../objects/errors/audit";
import { writeToDescriptor } from "../objects/errors/fileoutput";
import {
  PyErr_Clear,
  PyErr_GetRaisedException,
  PyErr_GivenExceptionMatches,
  PyErr_Occurred,
  PyErr_SetRaisedException,
} from "../objects/errors/raise";
import { PyImport_ImportLiteral } from "../objects/module/import";
import { builtinModuleInit } from "../objects/module/inittab";
import { PyModule_GetDict, PyModule_New } from "../objects/module/module";
import {
  PyObject_CallMethodNoArgs,
  PyObject_CallMethodOneArg,
  PyObject_CallMethodTwoArgs,
  PyObject_Vectorcall,
} from "../objects/object/call";
import { Py } from "../objects/object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr } from "../objects/protocol/access";
import { PyObject_IsTrue } from "../objects/protocol/compare";
import { PyUnicode_EqualToLiteral } from "../objects/text/compare";
import { PyUnicode_FromLiteral } from "../objects/text/create";
import { PyUnicode_FromFormat } from "../objects/text/format/fromformat";
import { PyUnicode_InternLiteral } from "../objects/text/intern";
import { Scratch } from "../thread/scratch";
import { evalCode } from "./evaluate";
import { frozenCode } from "./frozen";

/** Whether there is an import system: a process without a library has none. */
export function hasImportlib(): bool {
  return vmRoots.importlib != 0;
}

/** Runs the two frozen modules and connects them with the runtime, for initialisation: 0, or -1 with an exception. */
export function startImportlib(): i32 {
  const name = PyUnicode_InternLiteral("_frozen_importlib");
  const code = name == 0 ? 0 : frozenCode(name);
  const module = code == 0 ? 0 : PyModule_New(name);
  const ok = module != 0 && run(module, name, code) == 0;
  Py.XDECREF(code);
  Py.XDECREF(name);
  if (!ok) {
    Py.XDECREF(module);
    return -1;
  }
  vmRoots.importlib = module;
  // The second is imported by the first.
  return install(module) < 0 || addZipimport() < 0 ? -1 : 0;
}

/** Puts zipimport's importer first among sys.path_hooks. */
function addZipimport(): i32 {
  const module = PyImport_ImportLiteral("zipimport");
  const name = module == 0 ? 0 : PyUnicode_InternLiteral("zipimporter");
  const importer = name == 0 ? 0 : PyObject_GetAttr(module, name);
  const hooks = importer == 0 ? 0 : PyDict_RequireItemLiteral(vmRoots.sysdict, "path_hooks");
  const r = hooks == 0 ? -1 : PyList_Insert(hooks, 0, importer);
  Py.XDECREF(importer);
  Py.XDECREF(name);
  Py.XDECREF(module);
  return r;
}

/** Runs the module's code in its dict, from sys.modules: 0, or -1 with an exception. */
function run(module: usize, name: usize, code: usize): i32 {
  const d = PyModule_GetDict(module);
  if (PyDict_SetItem(d, ID.__builtins__, vmRoots.builtins) < 0) return -1;
  // Under which name the library has it.
  const original = PyUnicode_InternLiteral("importlib._bootstrap");
  const set = original == 0 ? -1 : PyDict_SetItemLiteral(d, "__origname__", original);
  Py.XDECREF(original);
  if (set < 0) return -1;
  if (PyDict_SetItem(vmRoots.modules, name, module) < 0) return -1;
  const r = evalCode(code, d, d, 0);
  if (r == 0) return -1;
  Py.DECREF(r);
  return 0;
}

function install(module: usize): i32 {
  const name = PyUnicode_InternLiteral("_imp");
  if (name == 0) return -1;
  const imp = call_indirect<usize>(builtinModuleInit(name));
  let ok: bool = imp != 0 && PyDict_SetItem(vmRoots.modules, name, imp) == 0;
  Py.DECREF(name);
  if (ok) ok = call2(module, "_install", vmRoots.sys_module, imp);
  Py.XDECREF(imp);
  if (!ok) return -1;
  const external = PyUnicode_InternLiteral("_install_external_importers");
  const r = external == 0 ? 0 : PyObject_CallMethodNoArgs(module, external);
  Py.XDECREF(external);
  Py.XDECREF(r);
  return r == 0 ? -1 : 0;
}

function call2(o: usize, method: string, a: usize, b: usize): bool {
  const name = PyUnicode_InternLiteral(method);
  const r = name == 0 ? 0 : PyObject_CallMethodTwoArgs(o, name, a, b);
  Py.XDECREF(name);
  Py.XDECREF(r);
  return r != 0;
}

function tellImport(name: usize): bool {
  const sys = vmRoots.sysdict;
  const path = PyDict_GetItemLiteral(sys, "path");
  const metaPath = PyDict_GetItemLiteral(sys, "meta_path");
  return Audit.event("import", "OOOOO", name, 0, path, metaPath, PyDict_GetItemLiteral(sys, "path_hooks"));
}

/** Finds and loads the module of an absolute name: a new reference, or null with an exception. */
export function findAndLoad(name: usize): usize {
  if (Audit.isOn() && !tellImport(name)) return 0;
  const m = objectsRoots.import_time != 0 ? findAndTime(name) : find(name);
  if (m == 0) trimTraceback();
  return m;
}

function find(name: usize): usize {
  const method = PyUnicode_InternLiteral("_find_and_load");
  if (method == 0) return 0;
  const importer = PyDict_GetItemWithError(vmRoots.builtins, ID.__import__);
  const m = importer == 0 ? 0 : PyObject_CallMethodTwoArgs(vmRoots.importlib, method, name, importer);
  Py.DECREF(method);
  return m;
}

/** Finds and loads a module, and tells standard error how long that took: itself, and with what it imports. */
function findAndTime(name: usize): usize {
  if (objectsRoots.import_time == 1) {
    tell(PyUnicode_FromLiteral("import time: self [us] | cumulative | imported package\n"));
    objectsRoots.import_time = 2;
  }
  const others = objectsRoots.import_seconds;
  objectsRoots.import_seconds = 0;
  objectsRoots.import_level++;
  const start = host.monotonic();
  const m = find(name);
  const took = host.monotonic() - start;
  objectsRoots.import_level--;
  const exc = PyErr_GetRaisedException();
  tell(
    PyUnicode_FromFormat(
      "import time: %9d | %10d | ",
      microseconds(took - objectsRoots.import_seconds),
      microseconds(took),
    ),
  );
  for (let i = 0; i < objectsRoots.import_level; i++) tell(PyUnicode_FromLiteral("  "));
  tell(PyUnicode_FromFormat("%U\n", name));
  PyErr_Clear();
  PyErr_SetRaisedException(exc);
  objectsRoots.import_seconds = others + took;
  return m;
}

function microseconds(seconds: f64): i64 {
  return <i64>Math.ceil(seconds * 1e6);
}

/** Writes a text, stolen, to standard error; null is nothing. */
function tell(text: usize): void {
  if (text == 0) return;
  writeToDescriptor(text);
  Py.DECREF(text);
}

/** Imports the submodules that a from-list names, where `m` (stolen) is a package; returns what the import gives. */
export function importFromList(m: usize, fromlist: usize): usize {
  const lib = vmRoots.importlib;
  const method = PyUnicode_InternLiteral("_handle_fromlist");
  const call = method == 0 ? 0 : PyObject_GetOptionalAttr(lib, method);
  Py.XDECREF(method);
  const importer = call == 0 ? 0 : PyDict_GetItemWithError(vmRoots.builtins, ID.__import__);
  let r: usize = 0;
  if (importer != 0) {
    const a = Scratch.take(3);
    Py.setItem(a, 0, m);
    Py.setItem(a, 1, fromlist);
    Py.setItem(a, 2, importer);
    r = PyObject_Vectorcall(call, a, 3, 0);
    Scratch.give(a);
    if (r == 0) trimTraceback();
  }
  Py.XDECREF(call);
  Py.DECREF(m);
  return r;
}

/** Waits for another thread that is importing the module, where its spec says so: 0, or -1 with an exception. */
export function ensureInitialized(m: usize, name: usize): i32 {
  if (vmRoots.importlib == 0) return 0;
  const spec = PyObject_GetOptionalAttr(m, ID.__spec__);
  if (spec == 0) return PyErr_Occurred() != 0 ? -1 : 0;
  const flag = PyObject_GetOptionalAttr(spec, ID._initializing);
  Py.DECREF(spec);
  if (flag == 0) {
    PyErr_Clear();
    return 0;
  }
  const busy = PyObject_IsTrue(flag);
  Py.DECREF(flag);
  if (busy <= 0) {
    PyErr_Clear();
    return 0;
  }
  const method = PyUnicode_InternLiteral("_lock_unlock_module");
  const r = method == 0 ? 0 : PyObject_CallMethodOneArg(vmRoots.importlib, method, name);
  Py.XDECREF(method);
  Py.XDECREF(r);
  return r == 0 ? -1 : 0;
}

/**
 * Takes the frames of importlib out of the traceback of the exception that is set: all where it is an ImportError,
 * otherwise those up to where importlib calls code of others.
 */
function trimTraceback(): void {
  if (objectsRoots.verbose != 0) return;
  const exc = PyErr_GetRaisedException();
  if (exc == 0) return;
  const always = PyErr_GivenExceptionMatches(exc, PyExc_ImportError) != 0;
  let previous = PyBaseExceptionObject.at(exc).traceback_slot;
  let outer: usize = 0;
  let inside: bool = false;
  let tb = PyBaseExceptionObject.at(exc).traceback;
  while (tb != 0 && Py.TYPE(tb) == PyTraceBack_Type) {
    const t = PyTracebackObject.at(tb);
    const next = t.tb_next;
    const code = PyCodeObject.at(_PyInterpreterFrame.at(PyFrameObject.at(t.tb_frame).f_frame).f_executable);
    const file = code.co_filename;
    const now: bool =
      PyUnicode_EqualToLiteral(file, "<frozen importlib._bootstrap>") ||
      PyUnicode_EqualToLiteral(file, "<frozen importlib._bootstrap_external>");
    if (now && !inside) outer = previous;
    inside = now;
    if (inside && (always || PyUnicode_EqualToLiteral(code.co_name, "_call_with_frames_removed"))) {
      Py.SETREF(outer, Py.XNewRef(next));
      previous = outer;
    } else previous = t.tb_next_slot;
    tb = next;
  }
  PyErr_SetRaisedException(exc);
}
