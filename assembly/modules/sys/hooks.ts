// The functions of sys that show values and exceptions, and those that tell about the exception being handled (CPython
// 3.13's Python/sysmodule.c).

import { Py_TPFLAGS_BASE_EXC_SUBCLASS } from "../../generated/constants";
import { PyBaseExceptionObject } from "../../generated/layouts";
import { vmRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyExc_AttributeError,
  PyExc_ImportError,
  PyExc_RuntimeError,
  PyExc_RuntimeWarning,
  PyExc_SystemExit,
  PyExc_TypeError,
  PyExc_UnicodeEncodeError,
  PyStructSequence_sys_flags,
  PyStructSequence_UnraisableHookArgs,
  PyTraceBack_Type,
} from "../../generated/statics";
import { PyDict_SetItem } from "../../objects/containers/dict/dict";
import { PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { ArgParser } from "../../objects/define/args";
import {
  PyFile_WriteObject,
  PyFile_WriteString,
  standardError,
  sysObject,
  writeText,
  writeTextSteal,
} from "../../objects/errors/fileoutput";
import {
  currentHandledException,
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Occurred,
  PyErr_SetObject,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyErr_WarnFormat } from "../../objects/errors/warnings";
import { PyImport_Import } from "../../objects/module/import";
import { PyObject_CallMethodOneArg, PyObject_Vectorcall } from "../../objects/object/call";
import { Long } from "../../objects/numbers/int/access";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyObject_Repr } from "../../objects/protocol/text";
import { U } from "../../objects/text/access";
import { PyUnicode_AsEncodedString } from "../../objects/text/codecs/decode";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { PyUnicode_Substring } from "../../objects/text/concat";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { PyUnicode_FromEncodedObject } from "../../objects/text/type";
import { environmentVariable } from "../environment";
import { PyErr_Display, writeUnraisable } from "../../objects/traceback/print";

/** Writes the repr() of an object to a stream, escaped where the stream cannot encode it: 0, or -1 with an exception. */
function writeEscaped(file: usize, o: usize): i32 {
  const encoding = PyObject_GetAttr(file, ID.encoding);
  const repr = encoding == 0 ? 0 : PyObject_Repr(o);
  const errors = repr == 0 ? 0 : PyUnicode_FromLiteral("backslashreplace");
  const bytes = errors == 0 ? 0 : PyUnicode_AsEncodedString(repr, encoding, errors);
  const buffer = bytes == 0 ? 0 : PyObject_GetOptionalAttr(file, ID.buffer);
  let r: i32 = -1;
  if (buffer != 0) {
    const written = PyObject_CallMethodOneArg(buffer, ID.write, bytes);
    if (written != 0) r = 0;
    Py.XDECREF(written);
    Py.DECREF(buffer);
  } else if (bytes != 0 && !PyErr_Occurred()) {
    r = writeTextSteal(file, PyUnicode_FromEncodedObject(bytes, encoding, 0));
  }
  Py.XDECREF(bytes);
  Py.XDECREF(errors);
  Py.XDECREF(repr);
  Py.XDECREF(encoding);
  return r;
}

/**
 * @native sys.displayhook($module, object, /)
 *
 * Write repr() of an object, unless it is None, and keep it in _
 */
export function sys_displayhook(_m: usize, o: usize): usize {
  const builtins = vmRoots.builtins;
  if (builtins == 0) return PyErr_SetString(PyExc_RuntimeError, "lost builtins module");
  if (o == _Py_NoneStruct) return _Py_NoneStruct;
  if (PyDict_SetItem(builtins, ID._, _Py_NoneStruct) < 0) return 0;
  const file = sysObject(ID.stdout);
  if (file == 0 || file == _Py_NoneStruct) return PyErr_SetString(PyExc_RuntimeError, "lost sys.stdout");
  Py.INCREF(file);
  let r = PyFile_WriteObject(o, file, false);
  if (r < 0 && PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
    PyErr_Clear();
    r = writeEscaped(file, o);
  }
  if (r == 0) r = PyFile_WriteString("\n", file);
  Py.DECREF(file);
  if (r < 0 || PyDict_SetItem(builtins, ID._, o) < 0) return 0;
  return _Py_NoneStruct;
}

/**
 * @native sys.excepthook($module, exctype, value, traceback, /)
 *
 * Write an exception and where it came from to the standard error.
 */
export function sys_excepthook(_m: usize, _exctype: usize, exc: usize, tb: usize): usize {
  if (!Py.check(exc, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
    const file = Py.XNewRef(standardError());
    if (file == 0) return _Py_NoneStruct;
    const text = PyUnicode_FromFormat("TypeError: print_exception(): Exception expected for value, %t found\n", exc);
    if (text == 0 || writeText(file, text) < 0) PyErr_Clear();
    Py.XDECREF(text);
    Py.DECREF(file);
    return _Py_NoneStruct;
  }
  const e = PyBaseExceptionObject.at(exc);
  if (Py.TYPE(tb) == PyTraceBack_Type && e.traceback == 0) Py.SETREF(e.traceback_slot, Py.NewRef(tb));
  PyErr_Display(exc);
  return _Py_NoneStruct;
}

function asMissing(o: usize): usize {
  return o == _Py_NoneStruct ? 0 : o;
}

/**
 * @native sys.unraisablehook($module, unraisable, /)
 *
 * Report an exception that cannot be raised, as in a finalizer.
 *
 * What it receives has these attributes:
 *
 * * exc_type: the exception's type.
 * * exc_value: the exception, or None.
 * * exc_traceback: where it was raised, or None.
 * * err_msg: what to say, or None.
 * * object: what it has happened to, or None.
 */
export function sys_unraisablehook(_m: usize, unraisable: usize): usize {
  if (Py.TYPE(unraisable) != PyStructSequence_UnraisableHookArgs) {
    return PyErr_SetString(PyExc_TypeError, "sys.unraisablehook argument type must be UnraisableHookArgs");
  }
  const exc = asMissing(Tuple.get(unraisable, 1));
  if (exc != 0 && Py.check(exc, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
    writeUnraisable(exc, asMissing(Tuple.get(unraisable, 3)), asMissing(Tuple.get(unraisable, 4)));
  }
  return _Py_NoneStruct;
}

/**
 * @native sys.exception($module, /)
 *
 * The exception that is being handled, or None.
 *
 * It is that of the innermost except that is not yet over, in this function or in one that has called it, wherever that is.
 */
export function sys_exception(_m: usize, _u: usize): usize {
  const exc = currentHandledException();
  return exc == 0 ? _Py_NoneStruct : Py.NewRef(exc);
}

/**
 * @native sys.exc_info($module, /)
 *
 * The exception that is being handled: its type, itself, and its traceback.
 *
 * Three times None where none is. It is that of the innermost except that is not yet over, here or in a caller.
 */
export function sys_exc_info(_m: usize, _u: usize): usize {
  const exc = currentHandledException();
  if (exc == 0 || exc == _Py_NoneStruct) return PyTuple_Pack3(_Py_NoneStruct, _Py_NoneStruct, _Py_NoneStruct);
  const tb = PyBaseExceptionObject.at(exc).traceback;
  return PyTuple_Pack3(Py.TYPE(exc), exc, tb == 0 ? _Py_NoneStruct : tb);
}

/**
 * @native sys.exit($module, status=None, /)
 *
 * End the program: raise SystemExit.
 *
 * The status is what the command will return: None, the default, and 0 mean success; other whole numbers mean failure, of which kind is for the program to say. Anything else is written to the standard error, and the status is 1. What is in finally is done on the way.
 */
export function sys_exit(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("exit", nargs, 0, 1)) return 0;
  PyErr_SetObject(PyExc_SystemExit, nargs == 0 ? _Py_NoneStruct : Py.item(argv, 0));
  return 0;
}

/**
 * What PYTHONBREAKPOINT names as module.function, or a built-in function; otherwise pdb.set_trace.
 *
 * @native sys.breakpointhook($module, /, *args, **kwargs)
 *
 * What breakpoint() calls; at first this starts pdb.
 */
export function sys_breakpointhook(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const named = ignoresEnvironment() ? 0 : environmentVariable("PYTHONBREAKPOINT");
  if (named == 0 && PyErr_Occurred() != 0) return 0;
  if (named != 0 && PyUnicode_EqualToLiteral(named, "0")) {
    Py.DECREF(named);
    return _Py_NoneStruct;
  }
  const path = named != 0 ? named : PyUnicode_FromLiteral("pdb.set_trace");
  if (path == 0) return 0;
  const hook = importPath(path);
  let r: usize = 0;
  if (hook != 0) {
    r = PyObject_Vectorcall(hook, argv, <usize>nargs, kwnames);
    Py.DECREF(hook);
  } else if (PyErr_Occurred() == 0) {
    const message = 'Ignoring unimportable $PYTHONBREAKPOINT: "%U"';
    if (PyErr_WarnFormat(PyExc_RuntimeWarning, 0, message, path) == 0) r = _Py_NoneStruct;
  }
  Py.DECREF(path);
  return r;
}

/** Whether -E says that variables of the environment mean nothing. */
function ignoresEnvironment(): bool {
  const name = PyUnicode_InternLiteral("flags");
  const flags = name == 0 ? 0 : sysObject(name);
  Py.XDECREF(name);
  if (flags == 0 || Py.TYPE(flags) != PyStructSequence_sys_flags) return false;
  return !Long.isZero(Tuple.get(flags, IGNORE_ENVIRONMENT));
}

/** The place of ignore_environment among sys.flags. */
const IGNORE_ENVIRONMENT: isize = 7;

/** The attribute behind the last dot of `path`, of the module before it: a new reference. Null where there is none. */
function importPath(path: usize): usize {
  const n = U.length(path);
  let dot = n - 1;
  while (dot >= 0 && U.at(path, dot) != 0x2e) dot--;
  if (dot == 0) return 0;
  const name = dot < 0 ? Py.NewRef(ID.builtins) : PyUnicode_Substring(path, 0, dot);
  const module = name == 0 ? 0 : PyImport_Import(name);
  Py.XDECREF(name);
  if (module == 0) {
    if (PyErr_ExceptionMatches(PyExc_ImportError)) PyErr_Clear();
    return 0;
  }
  const attribute = PyUnicode_Substring(path, dot + 1, n);
  const r = attribute == 0 ? 0 : PyObject_GetAttr(module, attribute);
  Py.XDECREF(attribute);
  Py.DECREF(module);
  if (r == 0 && PyErr_ExceptionMatches(PyExc_AttributeError)) PyErr_Clear();
  return r;
}
