// Writing to file objects from native code (CPython 3.13's Objects/fileobject.c), and the standard streams that the
// program has in sys.

import { PyBytesObject } from "../../generated/layouts";
import { vmRoots } from "../../generated/runtime";
import { _Py_NoneStruct, ID } from "../../generated/statics";
import { writeStandardError } from "../../os/standarderror";
import { PyDict_GetItemWithError } from "../containers/dict/dict";
import { PyObject_CallMethodNoArgs, PyObject_CallMethodOneArg } from "../object/call";
import { Py } from "../object/head";
import { PyObject_Repr, PyObject_Str } from "../protocol/text";
import { PyUnicode_AsUTF8String } from "../text/codecs/utf8";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyErr_Clear, PyErr_GetRaisedException, PyErr_SetRaisedException } from "./raise";

/** Calls file.write with a str (borrowed, null passes its exception on): 0, or -1 with an exception. */
export function writeText(file: usize, text: usize): i32 {
  if (text == 0) return -1;
  const r = PyObject_CallMethodOneArg(file, ID.write, text);
  if (r == 0) return -1;
  Py.DECREF(r);
  return 0;
}

/** As writeText; the str is stolen. */
export function writeTextSteal(file: usize, text: usize): i32 {
  const r = writeText(file, text);
  Py.XDECREF(text);
  return r;
}

/** Writes str(o), or repr(o) where `raw` is false. */
export function PyFile_WriteObject(o: usize, file: usize, raw: bool): i32 {
  return writeTextSteal(file, raw ? PyObject_Str(o) : PyObject_Repr(o));
}

/** Writes a literal. */
export function PyFile_WriteString(text: string, file: usize): i32 {
  return writeTextSteal(file, PyUnicode_FromLiteral(text));
}

/** Calls file.flush(): 0, or -1 with an exception. */
export function flushFile(file: usize): i32 {
  const r = PyObject_CallMethodNoArgs(file, ID.flush);
  if (r == 0) return -1;
  Py.DECREF(r);
  return 0;
}

/** sys.<name>, borrowed; null without exception where it is missing. */
export function sysObject(name: usize): usize {
  if (vmRoots.sysdict == 0) return 0;
  const exc = PyErr_GetRaisedException();
  const v = PyDict_GetItemWithError(vmRoots.sysdict, name);
  if (v == 0) PyErr_Clear();
  PyErr_SetRaisedException(exc);
  return v;
}

/** sys.stderr, borrowed; null where there is none or it is None. */
export function standardError(): usize {
  const f = sysObject(ID.stderr);
  return f == _Py_NoneStruct ? 0 : f;
}

/** Writes a str to descriptor 2 without any file object: what is left where sys.stderr is gone. Never fails. */
export function writeToDescriptor(text: usize): void {
  const handler = PyUnicode_FromLiteral("backslashreplace");
  const bytes = handler == 0 ? 0 : PyUnicode_AsUTF8String(text, handler);
  Py.XDECREF(handler);
  if (bytes == 0) {
    PyErr_Clear();
    return;
  }
  writeStandardError(PyBytesObject.at(bytes).ob_sval, <usize>Py.SIZE(bytes));
  Py.DECREF(bytes);
}

/**
 * Writes a str (stolen; null is nothing) to sys.stderr, or where that fails to descriptor 2. What is raised meanwhile is
 * dropped, what was set stays.
 */
export function PySys_WriteStderr(text: usize): void {
  if (text == 0) {
    PyErr_Clear();
    return;
  }
  const exc = PyErr_GetRaisedException();
  const file = Py.XNewRef(sysObject(ID.stderr));
  if (file == 0 || writeText(file, text) < 0) {
    PyErr_Clear();
    writeToDescriptor(text);
  }
  Py.XDECREF(file);
  Py.DECREF(text);
  PyErr_SetRaisedException(exc);
}
