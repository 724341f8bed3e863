// The end of a process whose memory is damaged: after the allocator's report, where the program was (what
// CPython 3.13's Python/pylifecycle.c writes for a fatal error).
//
// No object is made: the heap can no longer be trusted. Deliberate difference: no list of extension modules.

import { osRoots } from "../generated/runtime";
import { text, textFlush, textTo } from "../memory/text";
import { _Py_DumpTracebackThreads } from "../objects/traceback/dump";
import { flushStreams } from "./run";

/** What follows the report of a fatal error, for `osRoots.fatal_error`. */
export function fatalError(): void {
  textTo(osRoots.error_write);
  text("Python runtime state: initialized\n\n");
  _Py_DumpTracebackThreads();
  textFlush();
  flushStreams();
}
