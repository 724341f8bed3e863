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
import { addFunction, METH_FASTCALL, METH_KEYWORDS, METH_NOARGS, METH_O } from "../../objects/define/tables";
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

function sys_displayhook(_m: usize, o: usize): usize {
  const builtins = vmRoots.builtins;
  if (builtins == 0) {
    PyErr_SetString(PyExc_RuntimeError, "lost builtins module");
    return 0;
  }
  if (o == _Py_NoneStruct) return _Py_NoneStruct;
  if (PyDict_SetItem(builtins, ID._, _Py_NoneStruct) < 0) return 0;
  const file = sysObject(ID.stdout);
  if (file == 0 || file == _Py_NoneStruct) {
    PyErr_SetString(PyExc_RuntimeError, "lost sys.stdout");
    return 0;
  }
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

function sys_excepthook(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("excepthook", nargs, 3, 3)) return 0;
  const exc = Py.item(argv, 1);
  const tb = Py.item(argv, 2);
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

function sys_unraisablehook(_m: usize, args: usize): usize {
  if (Py.TYPE(args) != PyStructSequence_UnraisableHookArgs) {
    PyErr_SetString(PyExc_TypeError, "sys.unraisablehook argument type must be UnraisableHookArgs");
    return 0;
  }
  const exc = asMissing(Tuple.get(args, 1));
  if (exc != 0 && Py.check(exc, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
    writeUnraisable(exc, asMissing(Tuple.get(args, 3)), asMissing(Tuple.get(args, 4)));
  }
  return _Py_NoneStruct;
}

function sys_exception(_m: usize, _u: usize): usize {
  const exc = currentHandledException();
  return exc == 0 ? _Py_NoneStruct : Py.NewRef(exc);
}

function sys_exc_info(_m: usize, _u: usize): usize {
  const exc = currentHandledException();
  if (exc == 0 || exc == _Py_NoneStruct) return PyTuple_Pack3(_Py_NoneStruct, _Py_NoneStruct, _Py_NoneStruct);
  const tb = PyBaseExceptionObject.at(exc).traceback;
  return PyTuple_Pack3(Py.TYPE(exc), exc, tb == 0 ? _Py_NoneStruct : tb);
}

function sys_exit(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("exit", nargs, 0, 1)) return 0;
  PyErr_SetObject(PyExc_SystemExit, nargs == 0 ? _Py_NoneStruct : Py.item(argv, 0));
  return 0;
}

/** breakpoint() without a debugger: what CPython's default hook would import is not there. */
function sys_breakpointhook(_m: usize, _argv: usize, _nargs: isize, _kwnames: usize): usize {
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

/** Adds these functions to the module's table. */
export function addHookFunctions(table: usize): usize {
  table = addFunction(table, "displayhook", sys_displayhook.index, METH_O);
  addFunction(table, "excepthook", sys_excepthook.index, METH_FASTCALL);
  addFunction(table, "unraisablehook", sys_unraisablehook.index, METH_O);
  addFunction(table, "breakpointhook", sys_breakpointhook.index, METH_FASTCALL | METH_KEYWORDS);
  addFunction(table, "exc_info", sys_exc_info.index, METH_NOARGS);
  addFunction(table, "exception", sys_exception.index, METH_NOARGS);
  addFunction(table, "exit", sys_exit.index, METH_FASTCALL);
  return table;
}
