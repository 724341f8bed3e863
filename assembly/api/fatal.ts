// The end of a process whose memory is damaged: after the allocator's report, where the program was (what
// CPython 3.13's Python/pylifecycle.c writes for a fatal error).
//
// No object is made: the heap can no longer be trusted. Deliberate difference: no list of extension modules.

import { osRoots } from "../generated/runtime";
import { text, textFlush, textTo } from "../memory/text";
import { writeToDescriptor } from "../objects/errors/fileoutput";
import { PyErr_Clear, PyErr_GetRaisedException } from "../objects/errors/raise";
import { Py } from "../objects/object/head";
import { PyUnicode_FromFormat } from "../objects/text/format/fromformat";
import { _Py_DumpTracebackThreads } from "../objects/traceback/dump";
import { formatException } from "../objects/traceback/print";
import { tstate } from "../thread/current";
import { flushStreams } from "./run";

/** What a start that has failed with the exception that is set says; -2. */
export function tellStart(what: string): i32 {
  const exc = PyErr_GetRaisedException();
  const head = PyUnicode_FromFormat(
    "Fatal Python error: %L\nPython runtime state: core initialized\n",
    changetype<usize>(what),
  );
  if (head != 0) {
    writeToDescriptor(head);
    Py.DECREF(head);
  }
  PyErr_Clear();
  const shown = exc == 0 ? 0 : formatException(exc);
  if (shown != 0) {
    writeToDescriptor(shown);
    Py.DECREF(shown);
  }
  Py.XDECREF(exc);
  textTo(osRoots.error_write);
  text("\nCurrent thread 0x0000000000000001 (most recent call first):\n  <no Python frame>\n");
  textFlush();
  return -2;
}

/** What follows the report of a fatal error, for `osRoots.fatal_error`. */
export function fatalError(): void {
  textTo(osRoots.error_write);
  text("Python runtime state: initialized\n\n");
  _Py_DumpTracebackThreads(tstate);
  textFlush();
  flushStreams();
}
