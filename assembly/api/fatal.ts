// The end of a process whose memory is damaged: after the allocator's report, where the program was (the traceback that
// CPython 3.13's Python/pylifecycle.c and Python/traceback.c write for a fatal error).
//
// No object is made: the heap can no longer be trusted. Deliberate difference: no list of extension modules.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../generated/constants";
import { _PyInterpreterFrame, PyCodeObject, PyThreadState } from "../generated/layouts";
import { osRoots } from "../generated/runtime";
import { text, textByte, textFlush, textHex, textNumber, textTo } from "../memory/text";
import { frameLine } from "../objects/code/frame";
import { FRAME_OWNED_BY_CSTACK } from "../objects/code/frameaccess";
import { Py } from "../objects/object/head";
import { dumpASCII } from "../objects/text/dump";
import { tstate } from "../thread/current";
import { flushStreams } from "./run";

const FRAMES_MAX: i32 = 100;

/** Writes the str `o` in ASCII, cut short. */
function dumpText(o: usize): void {
  if (o == 0 || !Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    text("???");
    return;
  }
  dumpASCII(o);
}

function dumpFrame(frame: usize): void {
  const code = PyCodeObject.at(_PyInterpreterFrame.at(frame).f_executable);
  text('  File "');
  dumpText(code.co_filename);
  text('", line ');
  const line = frameLine(frame);
  if (line < 0) text("???");
  else textNumber(line, 0);
  text(" in ");
  dumpText(code.co_name);
  textByte(10);
}

/** What follows the report of a fatal error, for `osRoots.fatal_error`. */
export function fatalError(): void {
  textTo(osRoots.error_write);
  text("Python runtime state: initialized\n\nCurrent thread 0x");
  const ts = PyThreadState.at(tstate);
  textHex(ts.thread_id, 16);
  text(" (most recent call first):\n");
  let frame: usize = ts.current_frame;
  if (frame == 0) text("  <no Python frame>\n");
  for (let depth = 0; frame != 0 && depth < FRAMES_MAX; depth++) {
    if (_PyInterpreterFrame.at(frame).owner != FRAME_OWNED_BY_CSTACK) dumpFrame(frame);
    frame = _PyInterpreterFrame.at(frame).previous;
  }
  textFlush();
  flushStreams();
}
