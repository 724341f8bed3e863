// The functions of sys that show values and exceptions, and those that tell about the exception being handled (CPython
// 3.13's Python/sysmodule.c).

import { Py_TPFLAGS_BASE_EXC_SUBCLASS } from "../../generated/constants";
import { PyBaseExceptionObject } from "../../generated/layouts";
import { vmRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyExc_RuntimeError,
  PyExc_SystemExit,
  PyExc_TypeError,
  PyExc_UnicodeEncodeError,
  PyStructSequence_UnraisableHookArgs,
  PyTraceBack_Type,
} from "../../generated/statics";
import { PyDict_SetItem } from "../../objects/containers/dict/dict";
import { PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { ArgParser } from "../../objects/define/args";
import { PyFile_WriteObject, PyFile_WriteString, sysObject, writeTextSteal } from "../../objects/errors/fileoutput";
import {
  currentHandledException,
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_SetObject,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyImport_ImportLiteral } from "../../objects/module/import";
import { PyObject_Vectorcall } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { PyObject_ASCII } from "../../objects/protocol/text";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { PyErr_Display, writeUnraisable } from "../../objects/traceback/print";

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
    // What the stream cannot encode is shown escaped.
    PyErr_Clear();
    r = writeTextSteal(file, PyObject_ASCII(o));
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
    return PyErr_Format(PyExc_TypeError, "print_exception(): Exception expected for value, %t found", exc);
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
 * breakpoint() without a debugger: what CPython's default hook would import is not there.
 *
 * @native sys.breakpointhook($module, /, *args, **kwargs)
 *
 * What breakpoint() calls; at first this starts pdb.
 */
export function sys_breakpointhook(_m: usize, _argv: usize, _nargs: isize, _kwnames: usize): usize {
  const pdb = PyImport_ImportLiteral("pdb");
  if (pdb == 0) return 0;
  const name = PyUnicode_InternLiteral("set_trace");
  const f = name == 0 ? 0 : PyObject_GetAttr(pdb, name);
  Py.XDECREF(name);
  Py.DECREF(pdb);
  if (f == 0) return 0;
  const r = PyObject_Vectorcall(f, _argv, <usize>_nargs, _kwnames);
  Py.DECREF(f);
  return r;
}
