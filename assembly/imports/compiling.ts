// Source text to code objects, through the host's compiler (the place that CPython 3.13's Py_CompileStringObject has in
// Python/pythonrun.c). The answer is a marshalled tuple: ("ok", code, warnings), or the name of an exception, its
// arguments and the warnings.

import {
  CompileMode,
  ENOMEM,
  EPERM,
  Py_TPFLAGS_BASE_EXC_SUBCLASS,
  Py_TPFLAGS_TYPE_SUBCLASS,
  PyCF_ALLOW_INCOMPLETE_INPUT,
  PyCF_DONT_IMPLY_DEDENT,
  PyCF_IGNORE_COOKIE,
  PyCF_ONLY_AST,
} from "../generated/constants";
import { host } from "../generated/host";
import { PyBytesObject } from "../generated/layouts";
import { objectsRoots, osRoots, vmRoots } from "../generated/runtime";
import { _Py_NoneStruct, PyExc_DeprecationWarning, PyExc_SyntaxError, PyExc_SystemError } from "../generated/statics";
import { readCompiled } from "../marshal/read";
import { PyMem_RawFree } from "../memory/pymem";
import { PyDict_GetItemWithError } from "../objects/containers/dict/dict";
import { Tuple } from "../objects/containers/tuple";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetObject,
  PyErr_SetString,
} from "../objects/errors/raise";
import { placeSyntaxError } from "../objects/errors/syntaxerror";
import { warnExplicit } from "../objects/errors/warnings";
import { warnInversion } from "../objects/numbers/bool";
import { PyLong_AsLongLong } from "../objects/numbers/int/create";
import { intMaxStrDigits } from "../objects/numbers/int/text";
import { PyObject_Call, PyObject_CallOneArg } from "../objects/object/call";
import { Py } from "../objects/object/head";
import { PyUnicode_AsUTF8String } from "../objects/text/codecs/utf8";
import { PyUnicode_EqualToLiteral } from "../objects/text/compare";
import { PyUnicode_InternLiteral } from "../objects/text/intern";
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
  const answer = askCompiler(source, length, filename, mode, flags, optimize, version);
  return resultOf(answer, source, length, filename, mode, flags, optimize, version);
}

/** What the compiler's answer (stolen, may be null) to these arguments comes to, once its warnings are given: as compileSource. */
function resultOf(
  answer: usize,
  source: usize,
  length: isize,
  filename: usize,
  mode: i32,
  flags: i32,
  optimize: i32,
  version: i32,
): usize {
  const fatal = warningsOf(answer);
  if (fatal == NONE) return decodeAnswer(answer);
  Py.XDECREF(answer);
  // The compiler knows what is an error, and where it is, if that warning is one.
  return fatal < 0 ? 0 : decodeAnswer(askCompiler(source, length, filename, mode, flags, optimize, version, fatal));
}

/**
 * Compiles what has been typed so far, `length` bytes that end a line, in the mode single: a new code object; None where
 * more must come; null with an exception. As Lib/codeop.py: what is wrong without the end of its last line, but not or
 * not yet with it, is not complete, so that only an empty line ends what is nested.
 */
export function compileTyped(source: usize, length: isize, filename: usize, flags: i32): usize {
  const more = flags | PyCF_IGNORE_COOKIE | PyCF_DONT_IMPLY_DEDENT | PyCF_ALLOW_INCOMPLETE_INPUT;
  const answer = askCompiler(source, length - 1, filename, CompileMode.single, more, -1, -1);
  if (answer == 0) return 0;
  // What is right but for its names is wrong when it is whole.
  const parse = more | PyCF_ONLY_AST;
  let decided: bool = isOk(answer);
  if (!decided && !isIncomplete(answer)) {
    const part = askCompiler(source, length - 1, filename, CompileMode.single, parse, -1, -1);
    if (part == 0) {
      Py.DECREF(answer);
      return 0;
    }
    decided = isOk(part);
    Py.DECREF(part);
  }
  if (decided) return resultOf(answer, source, length - 1, filename, CompileMode.single, more, -1, -1);
  Py.DECREF(answer);
  const whole = askCompiler(source, length, filename, CompileMode.single, parse, -1, -1);
  if (whole == 0) return 0;
  const wrong = !isOk(whole) && !isIncomplete(whole);
  Py.DECREF(whole);
  return wrong ? compileSource(source, length, filename, CompileMode.single, more, -1) : _Py_NoneStruct;
}

function isIncomplete(answer: usize): bool {
  return PyUnicode_EqualToLiteral(Tuple.get(answer, 0), "_IncompleteInputError");
}

/** The compiler's answer, a new tuple; null with an exception. After `fatal` warnings the next is an error; -1: none is. */
function askCompiler(
  source: usize,
  length: isize,
  filename: usize,
  mode: i32,
  flags: i32,
  optimize: i32,
  version: i32,
  fatal: i32 = -1,
): usize {
  const pass = PyUnicode_InternLiteral("surrogatepass");
  const name = pass == 0 ? 0 : PyUnicode_AsUTF8String(filename, pass);
  Py.XDECREF(pass);
  if (name == 0) return 0;
  const slot = Scratch.take(1);
  const n = host.compile(
    source,
    <usize>length,
    PyBytesObject.at(name).ob_sval,
    <usize>Py.SIZE(name),
    mode,
    flags,
    optimize < 0 ? min(objectsRoots.optimize, 2) : optimize,
    version,
    <f64>osRoots.memory_limit,
    intMaxStrDigits(),
    fatal,
    slot,
  );
  const block: usize = load<u32>(slot);
  Scratch.give(slot);
  Py.DECREF(name);
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

/** The code object or tree of an answer, which is stolen: a new reference; null with its exception. */
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
  if (isOk(answer)) return Py.NewRef(result);
  const type = PyDict_GetItemWithError(vmRoots.builtins, Tuple.get(answer, 0));
  if (type == 0 || !Py.check(type, Py_TPFLAGS_TYPE_SUBCLASS) || !Py.hasFeature(type, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
    if (!PyErr_Occurred()) PyErr_Format(PyExc_SystemError, "unknown error of the compiler: %R", answer);
    return 0;
  }
  // What is wrong with scopes is told its place afterwards: its arguments are the message alone.
  const isPlaced = Py.SIZE(result) == 3;
  const exc = isPlaced ? PyObject_CallOneArg(type, Tuple.get(result, 0)) : PyObject_Call(type, result, 0);
  if (exc != 0 && isPlaced && Py.TYPE(exc) == PyExc_SyntaxError) placeSyntaxError(exc, Tuple.get(result, 1));
  if (exc != 0) {
    PyErr_SetObject(type, exc);
    Py.DECREF(exc);
  }
  return 0;
}

/** No warning was made an error. */
const NONE: i32 = -1;
const FAILED: i32 = -2;

/**
 * Gives the warnings of an answer: (category, message, filename, lineno) each. The number of the first that was made an
 * error, NONE, or FAILED with an exception, also where there is no answer.
 */
function warningsOf(answer: usize): i32 {
  if (answer == 0) return FAILED;
  const warnings = Tuple.get(answer, 2);
  const n = <i32>Py.SIZE(warnings);
  for (let i = 0; i < n; i++) {
    const w = Tuple.get(warnings, i);
    const category = PyDict_GetItemWithError(vmRoots.builtins, Tuple.get(w, 0));
    if (category == 0) {
      if (PyErr_Occurred()) return FAILED;
      continue;
    }
    const failed =
      category == PyExc_DeprecationWarning
        ? warnInversion() < 0
        : warnExplicit(category, Tuple.get(w, 1), Tuple.get(w, 2), <i32>PyLong_AsLongLong(Tuple.get(w, 3)), 0, 0) != 0;
    if (!failed) continue;
    if (!PyErr_ExceptionMatches(category)) return FAILED;
    PyErr_Clear();
    return i;
  }
  return NONE;
}
