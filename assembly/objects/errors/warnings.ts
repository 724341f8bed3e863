// Warnings (CPython 3.13's Python/_warnings.c): where one is about, whether it is given, raised or ignored
// (warningfilters.ts), and showing it, for which the module `warnings` is imported when the first is shown.

import { Py_TPFLAGS_DICT_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { _PyInterpreterFrame, PyCodeObject, PyGenObject } from "../../generated/layouts";
import { vmRoots, warningsRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyExc_ResourceWarning,
  PyExc_RuntimeError,
  PyExc_RuntimeWarning,
  PyExc_TypeError,
  PyExc_Warning,
} from "../../generated/statics";
import { frameLine } from "../code/frame";
import { _PyFrame_IsIncomplete, currentPythonFrame } from "../code/frameaccess";
import { PyDict_GetItemWithError, PyDict_New, PyDict_SetItem } from "../containers/dict/dict";
import { PyTuple_New, PyTuple_Pack3, Tuple } from "../containers/tuple";
import { PyLong_FromLong } from "../numbers/int/create";
import { PyCallable_Check, PyObject_Call, PyObject_CallOneArg } from "../object/call";
import { Py } from "../object/head";
import { PyObject_GetAttr } from "../protocol/access";
import { PyObject_IsInstance } from "../protocol/instancecheck";
import { PyObject_Str } from "../protocol/text";
import { U } from "../text/access";
import { PyUnicode_EqualToLiteral } from "../text/compare";
import { PyUnicode_Substring } from "../text/concat";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyUnicode_Contains, PyUnicode_HasPrefix } from "../text/methods";
import { isSpace, sourceLine } from "../traceback/sourcelines";
import { sysObject, writeText, writeTextSteal } from "./fileoutput";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetObject,
  PyErr_SetString,
} from "./raise";
import { PyErr_WriteUnraisable } from "./unraisable";
import { actionOf, filterFor, isShown, isShownAnywhere, warningsAttribute } from "./warningfilters";

/** Gives a warning of class `category` at `level` frames up; -1 with an exception where it was made one. */
export function PyErr_WarnEx(category: usize, message: string, level: i32): i32 {
  return warnSteal(category, PyUnicode_FromLiteral(message), level);
}

/** As PyErr_WarnEx; the message is formatted. */
export function PyErr_WarnFormat(category: usize, level: i32, format: string, a: i64 = 0, b: i64 = 0): i32 {
  return warnSteal(category, PyUnicode_FromFormat(format, a, b), level);
}

/** As PyErr_WarnFormat with ResourceWarning, about `source`: the warning tells where that was allocated. */
export function PyErr_ResourceWarning(source: usize, level: i32, format: string, a: i64 = 0): i32 {
  return warnSteal(PyExc_ResourceWarning, PyUnicode_FromFormat(format, a), level, source);
}

/** As PyErr_WarnEx; the message is stolen, null passes its exception on. */
function warnSteal(category: usize, message: usize, level: i32, source: usize = 0): i32 {
  if (message == 0) return -1;
  const r = warnObject(category, message, level, source);
  Py.DECREF(message);
  return r;
}

/** Warns of a coroutine that nobody has awaited, as module warnings does it. What fails is reported. */
export function warnUnawaited(coroutine: usize): void {
  let warned: bool = false;
  const warn = warningsAttribute(ID._warn_unawaited_coroutine, true);
  if (warn != 0) {
    const r = PyObject_CallOneArg(warn, coroutine);
    warned = r != 0 || PyErr_ExceptionMatches(PyExc_RuntimeWarning);
    Py.XDECREF(r);
    Py.DECREF(warn);
  }
  if (PyErr_Occurred()) PyErr_WriteUnraisable(coroutine);
  if (warned) return;
  const text = PyUnicode_FromFormat("coroutine '%S' was never awaited", PyGenObject.at(coroutine).gi_qualname);
  if (warnSteal(PyExc_RuntimeWarning, text, 1, coroutine) < 0) PyErr_WriteUnraisable(coroutine);
}

/**
 * As PyErr_WarnEx. The message is a str or an instance of Warning, of which the class is then that of the warning.
 * `source`: the object that is warned of, or null. `prefixes`: a tuple of str, or null; frames of files whose names begin
 * with one do not count as levels.
 */
export function warnObject(category: usize, message: usize, level: isize, source: usize = 0, prefixes: usize = 0): i32 {
  if (prefixes != 0) {
    for (let i: isize = 0; i < Py.SIZE(prefixes); i++) {
      const prefix = Tuple.get(prefixes, i);
      if (Py.check(prefix, Py_TPFLAGS_UNICODE_SUBCLASS)) continue;
      PyErr_Format(PyExc_TypeError, "Found non-str '%t' in skip_file_prefixes.", prefix);
      return -1;
    }
  }
  const frame = frameAt(level, prefixes);
  const globals = frame == 0 ? vmRoots.sysdict : _PyInterpreterFrame.at(frame).f_globals;
  if (globals == 0) return 0;
  const filename =
    frame == 0
      ? PyUnicode_FromLiteral("<sys>")
      : Py.NewRef(PyCodeObject.at(_PyInterpreterFrame.at(frame).f_executable).co_filename);
  if (filename == 0) return -1;
  const line = frame == 0 ? 0 : frameLine(frame);
  // What is found out of the frame is found before anything runs Python.
  const registry = registryOf(globals);
  const module = registry == 0 ? 0 : moduleOf(globals);
  const r = module == 0 ? -1 : warnExplicit(category, message, filename, line, module, registry, source);
  Py.XDECREF(module);
  Py.XDECREF(registry);
  Py.DECREF(filename);
  return r;
}

function previousFrame(frame: usize): usize {
  do frame = _PyInterpreterFrame.at(frame).previous;
  while (frame != 0 && _PyFrame_IsIncomplete(frame));
  return frame;
}

/** Whether the frame is one of the import system's, which a level does not count. */
function isInternal(filename: usize): bool {
  if (!Py.check(filename, Py_TPFLAGS_UNICODE_SUBCLASS)) return false;
  return PyUnicode_Contains(filename, ID.importlib) > 0 && PyUnicode_Contains(filename, ID._bootstrap) > 0;
}

function isSkipped(filename: usize, prefixes: usize): bool {
  if (prefixes == 0 || !Py.check(filename, Py_TPFLAGS_UNICODE_SUBCLASS)) return false;
  for (let i: isize = 0; i < Py.SIZE(prefixes); i++) {
    if (PyUnicode_HasPrefix(filename, Tuple.get(prefixes, i))) return true;
  }
  return false;
}

function filenameOf(frame: usize): usize {
  return PyCodeObject.at(_PyInterpreterFrame.at(frame).f_executable).co_filename;
}

/** The frame that a warning given at this level is about; null beyond the outermost. */
function frameAt(level: isize, prefixes: usize): usize {
  let frame = currentPythonFrame();
  const every = level <= 0 || (frame != 0 && isInternal(filenameOf(frame)));
  while (--level > 0 && frame != 0) {
    do frame = previousFrame(frame);
    while (!every && frame != 0 && (isInternal(filenameOf(frame)) || isSkipped(filenameOf(frame), prefixes)));
  }
  return frame;
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

/** The name of the module that these globals are of: a new reference. */
function moduleOf(globals: usize): usize {
  const name = PyDict_GetItemWithError(globals, ID.__name__);
  if (name == 0 && PyErr_Occurred()) return 0;
  const fits = name == _Py_NoneStruct || (name != 0 && Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS));
  return fits ? Py.NewRef(name) : PyUnicode_FromLiteral("<string>");
}

/** The module's name from the file's: a new reference. */
function moduleOfFile(filename: usize): usize {
  const n = U.length(filename);
  if (n == 0) return PyUnicode_FromLiteral("<unknown>");
  const isSource =
    n >= 3 && U.at(filename, n - 3) == 0x2e && U.at(filename, n - 2) == 0x70 && U.at(filename, n - 1) == 0x79;
  return isSource ? PyUnicode_Substring(filename, 0, n - 3) : Py.NewRef(filename);
}

/**
 * Gives a warning about a place: -1 with an exception where it was made one. The message as in warnObject; `module` (the
 * name of the module that the place is in, None where everything is taken down) and `registry` (the dict of what was
 * shown, or None), `sourceText` (the line) and `source` may be null.
 */
export function warnExplicit(
  category: usize,
  message: usize,
  filename: usize,
  line: i32,
  module: usize,
  registry: usize,
  source: usize = 0,
  sourceText: usize = 0,
): i32 {
  if (module == _Py_NoneStruct || warningsRoots.filters == 0) return 0;
  if (registry == _Py_NoneStruct) registry = 0;
  if (registry != 0 && !Py.check(registry, Py_TPFLAGS_DICT_SUBCLASS)) {
    PyErr_SetString(PyExc_TypeError, "'registry' must be a dict or None");
    return -1;
  }
  module = module == 0 ? moduleOfFile(filename) : Py.NewRef(module);
  if (module == 0) return -1;
  const isWarning = PyObject_IsInstance(message, PyExc_Warning);
  let text: usize = 0;
  let exc: usize = 0;
  if (isWarning > 0) {
    category = Py.TYPE(message);
    exc = Py.NewRef(message);
    text = PyObject_Str(message);
  } else if (isWarning == 0) {
    text = Py.NewRef(message);
    exc = PyObject_CallOneArg(category, message);
  }
  const number = text == 0 || exc == 0 ? 0 : PyLong_FromLong(line);
  const key = number == 0 ? 0 : PyTuple_Pack3(text, category, number);
  let r = -1;
  if (key != 0) {
    r = decide(category, text, exc, line, module, registry, key);
    if (r > 0) r = show(category, text, exc, filename, line, number, source, sourceText);
  }
  Py.XDECREF(key);
  Py.XDECREF(number);
  Py.XDECREF(exc);
  Py.XDECREF(text);
  Py.DECREF(module);
  return r;
}

/** 1 where the warning is to be shown, 0 where not, -1 where it is raised or with another exception. */
function decide(category: usize, text: usize, exc: usize, line: i32, module: usize, registry: usize, key: usize): i32 {
  if (registry != 0) {
    const known = isShown(registry, key, false);
    if (known != 0) return known < 0 ? -1 : 0;
  }
  const filter = filterFor(category, text, line, module);
  const action = filter == 0 ? 0 : actionOf(filter);
  let r = -1;
  if (action != 0) {
    if (PyUnicode_EqualToLiteral(action, "error")) PyErr_SetObject(category, exc);
    else if (PyUnicode_EqualToLiteral(action, "ignore")) r = 0;
    else if (PyUnicode_EqualToLiteral(action, "always")) r = 1;
    else if (registry == 0 || PyDict_SetItem(registry, key, _Py_TrueStruct) == 0) {
      if (PyUnicode_EqualToLiteral(action, "once")) r = isShownAnywhere(registry, text, category);
      else if (PyUnicode_EqualToLiteral(action, "module"))
        r = registry == 0 ? 0 : isShownAnywhere(registry, text, category);
      else if (PyUnicode_EqualToLiteral(action, "default")) r = 0;
      else PyErr_Format(PyExc_RuntimeError, "Unrecognized action (%R) in warnings.filters:\n %R", action, filter);
      if (r >= 0) r = 1 - r;
    }
  }
  Py.XDECREF(action);
  Py.XDECREF(filter);
  return r;
}

/** Shows the warning by warnings._showwarnmsg, or itself where that cannot be had. -1 with an exception. */
function show(
  category: usize,
  text: usize,
  exc: usize,
  filename: usize,
  line: i32,
  number: usize,
  source: usize,
  sourceText: usize,
): i32 {
  const display = warningsAttribute(ID._showwarnmsg, true);
  if (display == 0) {
    if (PyErr_Occurred()) return -1;
    showHere(category, text, filename, line, sourceText);
    return 0;
  }
  let status = -1;
  if (!PyCallable_Check(display)) {
    PyErr_SetString(PyExc_TypeError, "warnings._showwarnmsg() must be set to a callable");
  } else {
    const make = warningsAttribute(ID.WarningMessage, false);
    if (make == 0 && !PyErr_Occurred()) {
      PyErr_SetString(PyExc_RuntimeError, "unable to get warnings.WarningMessage");
    }
    const args = make == 0 ? 0 : PyTuple_New(source == 0 ? 6 : 7);
    if (args != 0) {
      Tuple.set(args, 0, Py.NewRef(exc));
      Tuple.set(args, 1, Py.NewRef(category));
      Tuple.set(args, 2, Py.NewRef(filename));
      Tuple.set(args, 3, Py.NewRef(number));
      Tuple.set(args, 4, _Py_NoneStruct);
      Tuple.set(args, 5, _Py_NoneStruct);
      if (source != 0) Tuple.set(args, 6, Py.NewRef(source));
      const message = PyObject_Call(make, args, 0);
      const r = message == 0 ? 0 : PyObject_CallOneArg(display, message);
      if (r != 0) status = 0;
      Py.XDECREF(r);
      Py.XDECREF(message);
      Py.DECREF(args);
    }
    Py.XDECREF(make);
  }
  Py.DECREF(display);
  return status;
}

/** Shows the warning and the line that it is about on sys.stderr. What fails is dropped. */
function showHere(category: usize, text: usize, filename: usize, line: i32, sourceText: usize): void {
  const file = sysObject(ID.stderr);
  if (file == 0) return;
  Py.INCREF(file);
  const name = PyObject_GetAttr(category, ID.__name__);
  let ok = name != 0 && writeTextSteal(file, PyUnicode_FromFormat("%S:%d: %S: %S\n", filename, line, name, text)) == 0;
  Py.XDECREF(name);
  if (ok && sourceText != 0) {
    ok = writeText(file, sourceText) == 0 && writeTextSteal(file, PyUnicode_FromLiteral("\n")) == 0;
  } else if (ok && !isNoFile(filename)) showLine(file, filename, line);
  PyErr_Clear();
  Py.DECREF(file);
}

/** Whether the name stands for code that is in no file, as "<string>". */
function isNoFile(filename: usize): bool {
  const n = U.length(filename);
  return n == 0 || (U.at(filename, 0) == 0x3c && U.at(filename, n - 1) == 0x3e);
}

/** Writes the line of the file without white space around it. */
function showLine(file: usize, filename: usize, line: i32): void {
  const cache = PyDict_New();
  const source = cache == 0 ? 0 : sourceLine(cache, filename, line);
  if (source != 0) {
    let start: isize = 0;
    while (start < U.length(source) && isSpace(U.at(source, start))) start++;
    const stripped = PyUnicode_Substring(source, start, U.length(source));
    if (stripped != 0 && U.length(stripped) > 0) writeTextSteal(file, PyUnicode_FromFormat("  %U\n", stripped));
    Py.XDECREF(stripped);
    Py.DECREF(source);
  }
  Py.XDECREF(cache);
}
