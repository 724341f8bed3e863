// Exceptions that nobody can catch: they are written to standard error, by sys.unraisablehook (the unraisable part of
// CPython 3.13's Python/errors.c).

import { PyBaseExceptionObject } from "../../generated/layouts";
import { vmRoots } from "../../generated/runtime";
import { _Py_NoneStruct, ID, PyStructSequence_UnraisableHookArgs } from "../../generated/statics";
import { currentPythonFrame } from "../code/frameaccess";
import { PyDict_GetItemWithError } from "../containers/dict/dict";
import { PyStructSequence_New } from "../containers/structseq";
import { Tuple } from "../containers/tuple";
import { PyObject_CallOneArg } from "../object/call";
import { Py } from "../object/head";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { writeUnraisable } from "../traceback/print";
import { PyTraceBack_Here } from "../traceback/traceback";
import { Audit } from "./audit";
import { PyErr_Clear, PyErr_GetRaisedException, PyErr_Occurred, PyErr_SetRaisedException } from "./raise";

/** Reports the exception that is set, met while calling or freeing `o` (borrowed, may be null). Clears it. */
export function PyErr_WriteUnraisable(o: usize): void {
  formatUnraisable(0, o);
}

/** As PyErr_WriteUnraisable, with a message of its own before the traceback instead of an object. */
export function PyErr_FormatUnraisable(format: string, a: i64 = 0, b: i64 = 0, c: i64 = 0): void {
  const exc = PyErr_GetRaisedException();
  const message = PyUnicode_FromFormat(format, a, b, c);
  PyErr_Clear();
  PyErr_SetRaisedException(exc);
  formatUnraisable(message, 0);
  Py.XDECREF(message);
}

function orNone(v: usize): usize {
  return Py.NewRef(v == 0 ? _Py_NoneStruct : v);
}

/** An exception that native code has set and no frame has seen was met in the frame that runs. */
function noteFrame(): void {
  const exc = PyErr_Occurred();
  const frame = currentPythonFrame();
  if (exc != 0 && frame != 0 && PyBaseExceptionObject.at(exc).traceback == 0) PyTraceBack_Here(frame);
}

function formatUnraisable(message: usize, o: usize): void {
  noteFrame();
  const exc = PyErr_GetRaisedException();
  if (exc == 0) return;
  const tb = PyBaseExceptionObject.at(exc).traceback;
  const hook = vmRoots.sysdict == 0 ? 0 : PyDict_GetItemWithError(vmRoots.sysdict, ID.unraisablehook);
  PyErr_Clear();
  if (hook != 0) {
    const args = PyStructSequence_New(PyStructSequence_UnraisableHookArgs);
    if (args != 0) {
      Tuple.set(args, 0, Py.NewRef(Py.TYPE(exc)));
      Tuple.set(args, 1, Py.NewRef(exc));
      Tuple.set(args, 2, orNone(tb));
      Tuple.set(args, 3, orNone(message));
      Tuple.set(args, 4, orNone(o));
      Py.INCREF(hook);
      const audited = Audit.event("sys.unraisablehook", "OO", hook, args);
      let r: usize = 0;
      if (audited && hook == _Py_NoneStruct) {
        writeUnraisable(exc, message, o);
        PyErr_Clear();
        r = _Py_NoneStruct;
      } else if (audited) r = PyObject_CallOneArg(hook, args);
      Py.DECREF(args);
      if (r != 0) {
        Py.DECREF(r);
        Py.DECREF(hook);
        Py.DECREF(exc);
        return;
      }
      // What the hook raised is shown in its place, as coming from the hook.
      const raised = PyErr_GetRaisedException();
      const text = PyUnicode_FromFormat(
        audited ? "Exception ignored in sys.unraisablehook" : "Exception ignored in audit hook",
      );
      PyErr_Clear();
      writeUnraisable(raised, text, audited ? hook : 0);
      Py.XDECREF(text);
      Py.XDECREF(raised);
      Py.DECREF(hook);
      PyErr_Clear();
      Py.DECREF(exc);
      return;
    }
    PyErr_Clear();
  }
  writeUnraisable(exc, message, o);
  PyErr_Clear();
  Py.DECREF(exc);
}
