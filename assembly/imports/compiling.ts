// Source text to code objects, through the host's compiler (the place that CPython 3.13's Py_CompileStringObject has in
// Python/pythonrun.c). The answer is a marshalled tuple: ("ok", code, warnings), or the name of an exception, its
// arguments and the warnings.

import {
  CompileMode,
  ENOMEM,
  EPERM,
  PyCF_ALLOW_INCOMPLETE_INPUT,
  PyCF_DONT_IMPLY_DEDENT,
  PyCF_IGNORE_COOKIE,
  PyCF_KEEP_BOOL_INVERSION,
  Py_TPFLAGS_BASE_EXC_SUBCLASS,
  Py_TPFLAGS_TYPE_SUBCLASS,
} from "../generated/constants";
import { host } from "../generated/host";
import { objectsRoots, osRoots, vmRoots } from "../generated/runtime";
import { _Py_NoneStruct, PyExc_SyntaxError, PyExc_SyntaxWarning, PyExc_SystemError } from "../generated/statics";
import { readCompiled } from "../marshal/read";
import { PyMem_RawFree } from "../memory/pymem";
import { PyDict_GetItemWithError } from "../objects/containers/dict/dict";
import { PyTuple_New, Tuple } from "../objects/containers/tuple";
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
import { warnInversion } from "../objects/numbers/bool";
import { PyLong_AsLongLong, PyLong_FromLong } from "../objects/numbers/int/create";
import { intMaxStrDigits } from "../objects/numbers/int/text";
import { PyObject_Call } from "../objects/object/call";
import { Py } from "../objects/object/head";
import { PyUnicode_AsUTF8, PyUnicode_UTF8Length } from "../objects/text/codecs/utf8";
import { PyUnicode_EqualToLiteral } from "../objects/text/compare";
import { Scratch } from "../thread/scratch";

/**
 * Compiles `length` bytes of source. `filename` is a str; `flags` are CPython's compiler flags; `optimize` 0, 1 or 2, or -1
 * for what the process was started with; `version` N where syntax that came after 3.N is an error, -1 where none is.
 * A new code object, or null with the exception that CPython raises. Warnings are given. With PyCF_ONLY_AST it is what
 * modules/_ast/build.ts makes a tree of; with PyCF_FROM_TREE the source is what modules/_ast/take.ts makes.
 */
export function compileSource(
  source: usize,
  length: isize,
  filename: usize,
  mode: i32,
  flags: i32,
  optimize: i32,
  version: i32 = -1,
): usize {
  let answer = askCompiler(source, length, filename, mode, flags, optimize, version);
  if (answer != 0 && !warnOfInversions(answer)) {
    Py.DECREF(answer);
    // As with any constant expression that raises, it is left to the program to raise it.
    PyErr_Clear();
    answer = askCompiler(source, length, filename, mode, flags | PyCF_KEEP_BOOL_INVERSION, optimize, version);
  }
  return decodeAnswer(answer);
}

/** Gives the warnings about what was folded, whose place is that of the caller: false with an exception. */
function warnOfInversions(answer: usize): bool {
  const warnings = Tuple.get(answer, 2);
  for (let i: isize = 0; i < Py.SIZE(warnings); i++) {
    if (PyLong_AsLongLong(Tuple.get(Tuple.get(warnings, i), 3)) == 0 && warnInversion() < 0) return false;
  }
  return true;
}

/**
 * Compiles what has been typed so far, `length` bytes that end a line, in the mode single: a new code object; None where
 * more must come; null with an exception. As Lib/codeop.py: what is wrong without the end of its last line, but not or
 * not yet with it, is not complete, so that only an empty line ends what is nested.
 */
export function compileTyped(source: usize, length: isize, filename: usize): usize {
  const more = PyCF_IGNORE_COOKIE | PyCF_DONT_IMPLY_DEDENT | PyCF_ALLOW_INCOMPLETE_INPUT;
  const answer = askCompiler(source, length - 1, filename, CompileMode.single, more, -1, -1);
  if (answer == 0 || isOk(answer)) return decodeAnswer(answer);
  Py.DECREF(answer);
  const whole = askCompiler(source, length, filename, CompileMode.single, more, -1, -1);
  if (whole == 0) return 0;
  if (!isOk(whole) && !PyUnicode_EqualToLiteral(Tuple.get(whole, 0), "_IncompleteInputError")) {
    return decodeAnswer(whole);
  }
  Py.DECREF(whole);
  return _Py_NoneStruct;
}

/** The compiler's answer, a new tuple; null with an exception. */
function askCompiler(
  source: usize,
  length: isize,
  filename: usize,
  mode: i32,
  flags: i32,
  optimize: i32,
  version: i32,
): usize {
  const name = PyUnicode_AsUTF8(filename);
  if (name == 0) return 0;
  const slot = Scratch.take(1);
  const n = host.compile(
    source,
    <usize>length,
    name,
    <usize>PyUnicode_UTF8Length(filename),
    mode,
    flags,
    optimize < 0 ? min(objectsRoots.optimize, 2) : optimize,
    version,
    <f64>osRoots.memory_limit,
    intMaxStrDigits(),
    slot,
  );
  const block: usize = load<u32>(slot);
  Scratch.give(slot);
  if (n < 0) {
    if (n == -ENOMEM) return PyErr_NoMemory();
    PyErr_SetString(
      PyExc_SystemError,
      n == -EPERM ? "the host does not provide a compiler" : "the host's compiler failed",
    );
    return 0;
  }
  const answer = readCompiled(block, n);
  PyMem_RawFree(block);
  return answer;
}

/** The code object or tree of an answer, which is stolen: a new reference; null with its exception, or with that of a warning. */
function decodeAnswer(answer: usize): usize {
  if (answer == 0) return 0;
  const code = codeOf(answer);
  Py.DECREF(answer);
  return code;
}

function isOk(answer: usize): bool {
  return PyUnicode_EqualToLiteral(Tuple.get(answer, 0), "ok");
}

function codeOf(answer: usize): usize {
  const result = Tuple.get(answer, 1);
  if (giveWarnings(Tuple.get(answer, 2)) < 0) return 0;
  if (isOk(answer)) return Py.NewRef(result);
  const type = PyDict_GetItemWithError(vmRoots.builtins, Tuple.get(answer, 0));
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

/** Gives the warnings that have a line: (category, message, filename, lineno) each. A SyntaxWarning made an error is a SyntaxError. */
function giveWarnings(warnings: usize): i32 {
  const n = Py.SIZE(warnings);
  for (let i: isize = 0; i < n; i++) {
    const w = Tuple.get(warnings, i);
    const category = PyDict_GetItemWithError(vmRoots.builtins, Tuple.get(w, 0));
    if (category == 0) {
      if (PyErr_Occurred()) return -1;
      continue;
    }
    const line = <i32>PyLong_AsLongLong(Tuple.get(w, 3));
    if (line == 0) continue;
    if (warnExplicit(category, Tuple.get(w, 1), Tuple.get(w, 2), line, 0, 0) == 0) continue;
    if (category == PyExc_SyntaxWarning && PyErr_ExceptionMatches(category)) {
      PyErr_Clear();
      raiseAsSyntaxError(Tuple.get(w, 1), Tuple.get(w, 2), line);
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
  Tuple.set(place, 0, Py.NewRef(filename));
  Tuple.set(place, 1, number);
  Tuple.set(place, 2, _Py_NoneStruct);
  Tuple.set(place, 3, _Py_NoneStruct);
  Tuple.set(args, 0, Py.NewRef(message));
  Tuple.set(args, 1, place);
  PyErr_SetObject(PyExc_SyntaxError, args);
  Py.DECREF(args);
}
