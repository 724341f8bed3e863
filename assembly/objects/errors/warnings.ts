// Warnings that native code gives (CPython 3.13's Python/_warnings.c): decided by filters, shown once for each place on
// sys.stderr. Where the program has imported the `warnings` module, that module decides and shows.
//
// Without it the filters are those of sys.warnoptions (an action, or action:message:category:module:line, of which
// action, category and line are heeded), the last first, and then CPython's own for a release build: DeprecationWarning
// shown in __main__ only; PendingDeprecationWarning, ImportWarning and ResourceWarning not at all.

import {
  Py_TPFLAGS_BASE_EXC_SUBCLASS,
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_TYPE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { _PyInterpreterFrame, PyCodeObject, PyGenObject } from "../../generated/layouts";
import { vmRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyExc_DeprecationWarning,
  PyExc_ImportWarning,
  PyExc_PendingDeprecationWarning,
  PyExc_ResourceWarning,
  PyExc_RuntimeWarning,
} from "../../generated/statics";
import { tracebackFile, tracebackLength, tracebackLine } from "../../memory/trace/origins";
import { DEFAULT_DOMAIN, traceIsOn, traceTraceback } from "../../memory/trace/trace";
import { frameLine } from "../code/frame";
import { _PyFrame_IsIncomplete, currentPythonFrame } from "../code/frameaccess";
import { PyDict_Contains, PyDict_GetItemWithError, PyDict_New, PyDict_SetItem } from "../containers/dict/dict";
import { List } from "../containers/list/list";
import { PyTuple_New, PyTuple_Pack3, Tuple } from "../containers/tuple";
import { PyLong_FromLong } from "../numbers/int/create";
import { _PyType_PreHeaderSize } from "../object/alloc";
import { PyObject_Call, PyObject_CallOneArg } from "../object/call";
import { Py } from "../object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr } from "../protocol/access";
import { U } from "../text/access";
import { PyUnicode_EqualToLiteral } from "../text/compare";
import { PyUnicode_Substring } from "../text/concat";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { isSpace, sourceLine } from "../traceback/sourcelines";
import { PyType_IsSubtype } from "../types/lookup";
import { standardError, sysObject, writeText } from "./fileoutput";
import { _PyType_Name, PyErr_Clear, PyErr_ExceptionMatches, PyErr_Occurred, PyErr_SetObject } from "./raise";
import { PyErr_WriteUnraisable } from "./unraisable";

const enum Action {
  standard,
  ignore,
  error,
  always,
}

/** Gives a warning of class `category` at `level` frames up; -1 with an exception where it was made one. */
export function PyErr_WarnEx(category: usize, message: string, level: i32): i32 {
  const text = PyUnicode_FromLiteral(message);
  if (text == 0) return -1;
  const r = warnObject(category, text, level);
  Py.DECREF(text);
  return r;
}

/** As PyErr_WarnEx; the message is formatted. */
export function PyErr_WarnFormat(category: usize, level: i32, format: string, a: i64 = 0, b: i64 = 0): i32 {
  const text = PyUnicode_FromFormat(format, a, b);
  if (text == 0) return -1;
  const r = warnObject(category, text, level);
  Py.DECREF(text);
  return r;
}

/** sys.modules["warnings"], borrowed; null without exception where it is not imported. */
function warningsModule(): usize {
  if (vmRoots.modules == 0 || !Py.check(vmRoots.modules, Py_TPFLAGS_DICT_SUBCLASS)) return 0;
  return PyDict_GetItemWithError(vmRoots.modules, ID.warnings);
}

/** Calls a function of the warnings module with the arguments (a tuple, stolen, may be null). */
function callWarnings(module: usize, name: usize, args: usize): i32 {
  if (args == 0) return -1;
  const f = PyObject_GetAttr(module, name);
  const r = f == 0 ? 0 : PyObject_Call(f, args, 0);
  Py.XDECREF(f);
  Py.DECREF(args);
  if (r == 0) return -1;
  Py.DECREF(r);
  return 0;
}

/** As PyErr_WarnFormat with ResourceWarning, about `source`: the warning tells where that was allocated. */
export function PyErr_ResourceWarning(source: usize, level: i32, format: string, a: i64 = 0): i32 {
  const text = PyUnicode_FromFormat(format, a);
  if (text == 0) return -1;
  const r = warnObject(PyExc_ResourceWarning, text, level, source);
  Py.DECREF(text);
  return r;
}

/**
 * Warns of a coroutine that nobody has awaited: by _warn_unawaited_coroutine() of the warnings module, which may be the
 * program's own, or where that fails without having warned, directly. What is raised is reported.
 */
export function warnUnawaited(coroutine: usize): void {
  const module = warningsModule();
  const f = module == 0 ? 0 : PyObject_GetOptionalAttr(module, ID._warn_unawaited_coroutine);
  let warned: bool = false;
  if (f != 0) {
    const r = PyObject_CallOneArg(f, coroutine);
    Py.DECREF(f);
    warned = r != 0 || PyErr_ExceptionMatches(PyExc_RuntimeWarning);
    Py.XDECREF(r);
  }
  if (PyErr_Occurred() != 0) PyErr_WriteUnraisable(coroutine);
  if (warned) return;
  const text = PyUnicode_FromFormat("coroutine '%S' was never awaited", PyGenObject.at(coroutine).gi_qualname);
  if (text == 0 || warnObject(PyExc_RuntimeWarning, text, 1, coroutine) < 0) PyErr_WriteUnraisable(coroutine);
  Py.XDECREF(text);
}

/** As PyErr_WarnEx; the message is a str, borrowed. `source`: the object that is warned of, or null. */
export function warnObject(category: usize, text: usize, level: i32, source: usize = 0): i32 {
  const module = warningsModule();
  if (module == 0 && PyErr_Occurred()) return -1;
  if (module != 0) {
    const n = PyLong_FromLong(level);
    const args = n == 0 ? 0 : PyTuple_New(source == 0 ? 3 : 4);
    if (args != 0) {
      Tuple.set(args, 0, Py.NewRef(text));
      Tuple.set(args, 1, Py.NewRef(category));
      Tuple.set(args, 2, Py.NewRef(n));
      if (source != 0) Tuple.set(args, 3, Py.NewRef(source));
    }
    Py.XDECREF(n);
    return callWarnings(module, ID.warn, args);
  }
  let frame = currentPythonFrame();
  for (; level > 1 && frame != 0; level--) {
    frame = _PyInterpreterFrame.at(frame).previous;
    while (frame != 0 && _PyFrame_IsIncomplete(frame)) frame = _PyInterpreterFrame.at(frame).previous;
  }
  const globals = frame == 0 ? vmRoots.sysdict : _PyInterpreterFrame.at(frame).f_globals;
  if (globals == 0) return 0;
  const filename =
    frame == 0
      ? PyUnicode_FromLiteral("<sys>")
      : Py.NewRef(PyCodeObject.at(_PyInterpreterFrame.at(frame).f_executable).co_filename);
  if (filename == 0) return -1;
  const line = frame == 0 ? 0 : frameLine(frame);
  const registry = registryOf(globals);
  let r = -1;
  if (registry != 0) {
    const name = PyDict_GetItemWithError(globals, ID.__name__);
    if (name != 0 || !PyErr_Occurred()) r = warnExplicit(category, text, filename, line, name, registry, source);
    Py.DECREF(registry);
  }
  Py.DECREF(filename);
  return r;
}

/** The warnings that code with these globals has given: a new reference. */
function registryOf(globals: usize): usize {
  const known = PyDict_GetItemWithError(globals, ID.__warningregistry__);
  if (known != 0) return Py.NewRef(known);
  if (PyErr_Occurred()) return 0;
  const made = PyDict_New();
  if (made != 0 && PyDict_SetItem(globals, ID.__warningregistry__, made) < 0) {
    Py.DECREF(made);
    return 0;
  }
  return made;
}

/**
 * Gives a warning about a place: -1 with an exception where it was made one. `module` (the name of the module that the
 * place is in) and `registry` (the dict of what was shown) may be null.
 */
export function warnExplicit(
  category: usize,
  text: usize,
  filename: usize,
  line: i32,
  module: usize,
  registry: usize,
  source: usize = 0,
): i32 {
  const warnings = warningsModule();
  if (warnings == 0 && PyErr_Occurred()) return -1;
  const number = PyLong_FromLong(line);
  if (number == 0) return -1;
  let r: i32;
  if (warnings != 0) {
    const args = PyTuple_New(source == 0 ? 6 : 8);
    if (args != 0) {
      Tuple.set(args, 0, Py.NewRef(text));
      Tuple.set(args, 1, Py.NewRef(category));
      Tuple.set(args, 2, Py.NewRef(filename));
      Tuple.set(args, 3, Py.NewRef(number));
      Tuple.set(args, 4, Py.NewRef(module == 0 ? _Py_NoneStruct : module));
      Tuple.set(args, 5, Py.NewRef(registry == 0 ? _Py_NoneStruct : registry));
      if (source != 0) {
        Tuple.set(args, 6, _Py_NoneStruct);
        Tuple.set(args, 7, Py.NewRef(source));
      }
    }
    r = callWarnings(warnings, ID.warn_explicit, args);
  } else {
    const key = PyTuple_Pack3(text, category, number);
    r = key == 0 ? -1 : decide(category, text, filename, line, module, registry, key, source);
    Py.XDECREF(key);
  }
  Py.DECREF(number);
  return r;
}

function decide(
  category: usize,
  text: usize,
  filename: usize,
  line: i32,
  module: usize,
  registry: usize,
  key: usize,
  source: usize,
): i32 {
  if (registry != 0) {
    const known = PyDict_Contains(registry, key);
    if (known != 0) return known < 0 ? -1 : 0;
  }
  const action = actionFor(category, line, module);
  if (action == Action.ignore) return 0;
  if (action == Action.error) {
    const exc = PyObject_CallOneArg(category, text);
    if (exc != 0) {
      PyErr_SetObject(category, exc);
      Py.DECREF(exc);
    }
    return -1;
  }
  if (action != Action.always && registry != 0 && PyDict_SetItem(registry, key, _Py_TrueStruct) < 0) return -1;
  show(category, text, filename, line, source);
  return 0;
}

function actionFor(category: usize, line: i32, module: usize): Action {
  const options = sysObject(ID.warnoptions);
  if (options != 0 && Py.check(options, Py_TPFLAGS_LIST_SUBCLASS)) {
    for (let i = Py.SIZE(options) - 1; i >= 0; i--) {
      const action = optionAction(List.get(options, i), category, line);
      if (action >= 0) return action;
    }
  }
  if (PyType_IsSubtype(category, PyExc_DeprecationWarning)) {
    return module != 0 && Py.check(module, Py_TPFLAGS_UNICODE_SUBCLASS) && PyUnicode_EqualToLiteral(module, "__main__")
      ? Action.standard
      : Action.ignore;
  }
  const hidden =
    PyType_IsSubtype(category, PyExc_PendingDeprecationWarning) ||
    PyType_IsSubtype(category, PyExc_ImportWarning) ||
    PyType_IsSubtype(category, PyExc_ResourceWarning);
  return hidden ? Action.ignore : Action.standard;
}

/** What an option says about a warning; -1 where it says nothing. */
function optionAction(option: usize, category: usize, line: i32): i32 {
  if (!Py.check(option, Py_TPFLAGS_UNICODE_SUBCLASS)) return -1;
  const wanted = field(option, 2);
  const at = field(option, 4);
  const what = field(option, 0);
  let r = -1;
  if (what != 0 && wanted != 0 && at != 0 && isAbout(wanted, category) && isAtLine(at, line)) r = actionNamed(what);
  Py.XDECREF(wanted);
  Py.XDECREF(at);
  Py.XDECREF(what);
  PyErr_Clear();
  return r;
}

/** Field `i` of an option, the fields being divided by colons: a new str. */
function field(option: usize, i: i32): usize {
  const n = U.length(option);
  let start: isize = 0;
  while (i > 0 && start < n) if (U.at(option, start++) == 0x3a) i--;
  let end = start;
  while (end < n && U.at(option, end) != 0x3a) end++;
  return i > 0 ? PyUnicode_FromLiteral("") : PyUnicode_Substring(option, start, end);
}

function isAbout(name: usize, category: usize): bool {
  if (U.length(name) == 0) return true;
  const type = PyDict_GetItemWithError(vmRoots.builtins, name);
  if (type == 0 || !Py.check(type, Py_TPFLAGS_TYPE_SUBCLASS)) return false;
  return Py.hasFeature(type, Py_TPFLAGS_BASE_EXC_SUBCLASS) && PyType_IsSubtype(category, type);
}

function isAtLine(text: usize, line: i32): bool {
  let n = 0;
  for (let i: isize = 0; i < U.length(text); i++) n = n * 10 + <i32>(U.at(text, i) - 0x30);
  return n == 0 || n == line;
}

/** An action by its name, of which the first letters are enough. */
function actionNamed(name: usize): i32 {
  if (U.length(name) == 0) return Action.standard;
  const c = U.at(name, 0);
  if (c == 0x69) return Action.ignore;
  if (c == 0x65) return Action.error;
  return c == 0x61 ? Action.always : Action.standard;
}

/**
 * Shows the warning, the line that it is about, and where the object that is warned of was allocated. What fails is
 * dropped. Of such an object CPython's warnings module writes, which also knows the lines of the code of -c.
 */
function show(category: usize, text: usize, filename: usize, line: i32, about: usize): void {
  const file = standardError();
  if (file == 0) return;
  Py.INCREF(file);
  const name = PyObject_GetAttr(category, ID.__name__);
  const head = name == 0 ? 0 : PyUnicode_FromFormat("%S:%d: %S: %S\n", filename, line, name, text);
  Py.XDECREF(name);
  if (head != 0) {
    writeText(file, head);
    Py.DECREF(head);
  }
  PyErr_Clear();
  const sources = PyDict_New();
  const known = about != 0 || U.length(filename) == 0 || U.at(filename, 0) != 0x3c;
  const place = sources == 0 || !known ? 0 : strippedLine(sources, filename, line, "  ");
  if (place != 0) {
    writeText(file, place);
    Py.DECREF(place);
  }
  PyErr_Clear();
  // Where it was allocated is for the module to say. CPython imports it for the first warning, but no more at the end.
  if (vmRoots.finalizing == 0) vmRoots.warnings_loaded = 1;
  const tells = sources != 0 && about != 0 && vmRoots.warnings_loaded != 0;
  const allocated = tells ? allocationText(sources, category, about) : 0;
  if (allocated != 0) {
    writeText(file, allocated);
    Py.DECREF(allocated);
  }
  Py.XDECREF(sources);
  PyErr_Clear();
  Py.DECREF(file);
}

/** The line of source without white space around it, after `indent`: a new str; null where there is none. */
function strippedLine(sources: usize, filename: usize, line: i32, indent: string): usize {
  const source = sourceLine(sources, filename, line);
  if (source == 0) return 0;
  let start: isize = 0;
  while (start < U.length(source) && isSpace(U.at(source, start))) start++;
  const stripped = PyUnicode_Substring(source, start, U.length(source));
  Py.DECREF(source);
  let r: usize = 0;
  if (stripped != 0 && U.length(stripped) > 0) {
    r = PyUnicode_FromFormat("%L%U\n", changetype<usize>(indent), stripped);
  }
  Py.XDECREF(stripped);
  return r;
}

/** Where the object was allocated, or how to learn that: a new str; null where nothing is known, or with an exception. */
function allocationText(sources: usize, category: usize, o: usize): usize {
  const traceback = traceTraceback(DEFAULT_DOMAIN, o - _PyType_PreHeaderSize(Py.TYPE(o)));
  if (traceback == 0) {
    if (traceIsOn()) return 0;
    return PyUnicode_FromFormat(
      "%s: Enable tracemalloc to get the object allocation traceback\n",
      _PyType_Name(category),
    );
  }
  let text = PyUnicode_FromLiteral("Object allocated at (most recent call last):\n");
  for (let i = <i32>tracebackLength(traceback) - 1; i >= 0 && text != 0; i--) {
    const file = tracebackFile(traceback, i);
    const line = <i32>tracebackLine(traceback, i);
    if (file == 0) {
      text = appended(text, PyUnicode_FromFormat('  File "<unknown>", lineno %d\n', line));
      continue;
    }
    text = appended(text, PyUnicode_FromFormat('  File "%U", lineno %d\n', file, line));
    const source = text == 0 ? 0 : strippedLine(sources, file, line, "    ");
    if (source != 0) text = appended(text, source);
  }
  return text;
}

/** One str of two, both stolen; null where one is null. */
function appended(text: usize, more: usize): usize {
  const r = text == 0 || more == 0 ? 0 : PyUnicode_FromFormat("%U%U", text, more);
  Py.XDECREF(text);
  Py.XDECREF(more);
  return r;
}
