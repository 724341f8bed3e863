// Source text to code objects, through the host's compiler (the place that CPython 3.13's Py_CompileStringObject has in
// Python/pythonrun.c). The answer is a marshalled tuple: ("ok", code, warnings), or the name of an exception, its
// arguments and the warnings.

import { vmRoots } from "../generated/runtime";
import {
  _Py_NoneStruct,
  PyCode_Type,
  PyExc_SyntaxError,
  PyExc_SyntaxWarning,
  PyExc_SystemError,
} from "../generated/statics";
import { sys_compile, sys_take } from "../host";
import { readCompiled } from "../marshal/read";
import { PyMem_Free, PyMem_Malloc } from "../memory/pymem";
import { PyDict_GetItemWithError } from "../objects/containers/dict/dict";
import { PyTuple_New } from "../objects/containers/tuple";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetObject,
  PyErr_SetString,
} from "../objects/errors/raise";
import { warnExplicit } from "../objects/errors/warnings";
import { PyLong_AsLongLong, PyLong_FromLong } from "../objects/numbers/int/create";
import { PyObject_Call } from "../objects/object/call";
import { Py_TPFLAGS_BASE_EXC_SUBCLASS, Py_TPFLAGS_TYPE_SUBCLASS } from "../objects/object/flags";
import { Py } from "../objects/object/head";
import { PyUnicode_AsUTF8, PyUnicode_UTF8Length } from "../objects/text/codecs/utf8";
import { countSystemCall, SystemCall } from "../os/machine";

export const enum CompileMode {
  exec,
  eval,
  single,
}

/** The source is UTF-8 whatever its first lines say. */
export const PyCF_IGNORE_COOKIE: i32 = 0x0800;

/** Ours: the source is a file that is run, not one in memory, which tells in what is wrong with its bytes. */
export const PyCF_FROM_FILE: i32 = 0x20000000;

/**
 * Compiles `length` bytes of source. `filename` is a str; `flags` are CPython's compiler flags; `optimize` 0, 1 or 2.
 * A new code object, or null with the exception that CPython raises. Warnings are given.
 */
export function compileSource(
  source: usize,
  length: isize,
  filename: usize,
  mode: i32,
  flags: i32,
  optimize: i32,
): usize {
  const name = PyUnicode_AsUTF8(filename);
  if (name == 0) return 0;
  countSystemCall(SystemCall.compile);
  const n = sys_compile(source, <usize>length, name, <usize>PyUnicode_UTF8Length(filename), mode, flags, optimize);
  if (n < 0) {
    PyErr_SetString(PyExc_SystemError, "the host does not provide a compiler");
    return 0;
  }
  const buffer = PyMem_Malloc(<usize>n);
  if (buffer == 0) {
    sys_take(0, 0);
    return PyErr_NoMemory();
  }
  sys_take(buffer, <usize>n);
  const answer = readCompiled(buffer, n);
  PyMem_Free(buffer);
  if (answer == 0) return 0;
  const r = decodeAnswer(answer);
  Py.DECREF(answer);
  return r;
}

/** The code object of an answer, a new reference; null with its exception, or with that of a warning made one. */
function decodeAnswer(answer: usize): usize {
  const result = Py.item(answer + 24, 1);
  if (giveWarnings(Py.item(answer + 24, 2)) < 0) return 0;
  if (Py.TYPE(result) == PyCode_Type) return Py.NewRef(result);
  const type = PyDict_GetItemWithError(vmRoots.builtins, Py.item(answer + 24, 0));
  if (type == 0 || !Py.check(type, Py_TPFLAGS_TYPE_SUBCLASS) || !Py.hasFeature(type, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
    if (!PyErr_Occurred()) PyErr_Format(PyExc_SystemError, "unknown error of the compiler: %R", answer);
    return 0;
  }
  const exc = PyObject_Call(type, result, 0);
  if (exc != 0) {
    PyErr_SetObject(type, exc);
    Py.DECREF(exc);
  }
  return 0;
}

/** Gives the warnings: (category, message, filename, lineno) each. A SyntaxWarning made an error is a SyntaxError. */
function giveWarnings(warnings: usize): i32 {
  const n = Py.SIZE(warnings);
  for (let i: isize = 0; i < n; i++) {
    const w = Py.item(warnings + 24, i) + 24;
    const category = PyDict_GetItemWithError(vmRoots.builtins, Py.item(w, 0));
    if (category == 0) {
      if (PyErr_Occurred()) return -1;
      continue;
    }
    const line = <i32>PyLong_AsLongLong(Py.item(w, 3));
    if (warnExplicit(category, Py.item(w, 1), Py.item(w, 2), line, 0, 0) == 0) continue;
    if (category == PyExc_SyntaxWarning && PyErr_ExceptionMatches(category)) {
      PyErr_Clear();
      raiseAsSyntaxError(Py.item(w, 1), Py.item(w, 2), line);
    }
    return -1;
  }
  return 0;
}

/** SyntaxError(message, (filename, line, None, None)). */
function raiseAsSyntaxError(message: usize, filename: usize, line: i32): void {
  const number = PyLong_FromLong(line);
  const place = number == 0 ? 0 : PyTuple_New(4);
  const args = place == 0 ? 0 : PyTuple_New(2);
  if (args == 0) {
    Py.XDECREF(number);
    Py.XDECREF(place);
    return;
  }
  Py.setItem(place + 24, 0, Py.NewRef(filename));
  Py.setItem(place + 24, 1, number);
  Py.setItem(place + 24, 2, _Py_NoneStruct);
  Py.setItem(place + 24, 3, _Py_NoneStruct);
  Py.setItem(args + 24, 0, Py.NewRef(message));
  Py.setItem(args + 24, 1, place);
  PyErr_SetObject(PyExc_SyntaxError, args);
  Py.DECREF(args);
}
