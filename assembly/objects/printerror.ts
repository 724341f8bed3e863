// What happens to an exception that nothing caught: sys.excepthook is asked to show it, and SystemExit ends the program
// (the printing part of CPython 3.13's Python/pythonrun.c).

import { PyBaseExceptionObject, PySystemExitObject } from "../generated/layouts";
import { vmRoots } from "../generated/runtime";
import { ID, PyExc_SystemExit, _Py_NoneStruct } from "../generated/statics";
import { PyObject_Vectorcall } from "./call";
import { PyDict_SetItem } from "./dict/dict";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_GetRaisedException, PyErr_Occurred } from "./errors";
import { PyFile_WriteObject, PyFile_WriteString, flushFile, standardError, sysObject } from "./fileoutput";
import { PyLong_AsLongLong } from "./int/create";
import { Py, Py_TPFLAGS_LONG_SUBCLASS } from "./object";
import { Scratch } from "./state";
import { PyErr_Display } from "./tracebackprint";

/**
 * Where SystemExit is set: takes it and returns the status that the program ends with, after writing to sys.stderr
 * what is no status. -1 where something else, or nothing, is set, which stays.
 */
export function takeSystemExit(): i32 {
  if (!PyErr_ExceptionMatches(PyExc_SystemExit)) return -1;
  const exc = PyErr_GetRaisedException();
  const code = PySystemExitObject.at(exc).code;
  let status = 0;
  if (code != 0 && code != _Py_NoneStruct) {
    if (Py.check(code, Py_TPFLAGS_LONG_SUBCLASS)) {
      const n = PyLong_AsLongLong(code);
      // What a process can tell its parent: the low eight bits; 255 for what is no C long.
      status = n == -1 && PyErr_Occurred() ? 255 : <i32>(n & 255);
    } else {
      writeExitMessage(code);
      status = 1;
    }
  }
  PyErr_Clear();
  Py.DECREF(exc);
  return status;
}

function writeExitMessage(code: usize): void {
  const file = standardError();
  if (file == 0) return;
  Py.INCREF(file);
  if (PyFile_WriteObject(code, file, true) < 0 || PyFile_WriteString("\n", file) < 0 || flushFile(file) < 0) {
    PyErr_Clear();
  }
  Py.DECREF(file);
}

/** Remembers the exception as sys.last_exc and so on. What fails is dropped. */
function remember(exc: usize, tb: usize): void {
  const d = vmRoots.sysdict;
  if (PyDict_SetItem(d, ID.last_exc, exc) < 0) PyErr_Clear();
  if (PyDict_SetItem(d, ID.last_type, Py.TYPE(exc)) < 0) PyErr_Clear();
  if (PyDict_SetItem(d, ID.last_value, exc) < 0) PyErr_Clear();
  if (PyDict_SetItem(d, ID.last_traceback, tb) < 0) PyErr_Clear();
}

function complain(text: string): void {
  const file = standardError();
  if (file != 0 && PyFile_WriteString(text, file) < 0) PyErr_Clear();
}

/**
 * Shows the exception that is set through sys.excepthook and clears it. SystemExit must have been taken before; where
 * the hook itself raises it, the status is returned; otherwise -1.
 */
export function PyErr_Print(): i32 {
  const exc = PyErr_GetRaisedException();
  if (exc == 0) return -1;
  let tb = PyBaseExceptionObject.at(exc).traceback;
  tb = Py.NewRef(tb == 0 ? _Py_NoneStruct : tb);
  remember(exc, tb);
  let status = -1;
  const hook = sysObject(ID.excepthook);
  if (hook == 0) {
    complain("sys.excepthook is missing\n");
    PyErr_Display(exc);
  } else {
    Py.INCREF(hook);
    const argv = Scratch.take(3);
    store<u64>(argv, Py.TYPE(exc));
    store<u64>(argv, exc, 8);
    store<u64>(argv, tb, 16);
    const r = PyObject_Vectorcall(hook, argv, 3, 0);
    Scratch.give(argv);
    Py.DECREF(hook);
    if (r != 0) Py.DECREF(r);
    else {
      status = takeSystemExit();
      if (status < 0) hookFailed(exc);
    }
  }
  Py.DECREF(tb);
  Py.DECREF(exc);
  PyErr_Clear();
  return status;
}

function hookFailed(exc: usize): void {
  const raised = PyErr_GetRaisedException();
  complain("Error in sys.excepthook:\n");
  PyErr_Display(raised);
  complain("\nOriginal exception was:\n");
  PyErr_Display(exc);
  Py.XDECREF(raised);
}
