// Where the program is, written without an object made: for the reports of a process that is in trouble (the part of
// CPython 3.13's Python/traceback.c that begins with _Py_DumpTraceback).

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { _PyInterpreterFrame, PyCodeObject, PyThreadState } from "../../generated/layouts";
import { gcRoots, threadsRoots } from "../../generated/runtime";
import { text, textByte, textHex, textNumber } from "../../memory/text";
import { tstate } from "../../thread/current";
import { frameLine } from "../code/frame";
import { FRAME_OWNED_BY_CSTACK } from "../code/frameaccess";
import { Py } from "../object/head";
import { dumpASCII } from "../text/dump";

const FRAMES_MAX: i32 = 100;
const THREADS_MAX: i32 = 100;

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

/** Writes the frames of a thread to the sink of the texts, the innermost first. */
function dumpFrames(ts: usize): void {
  let frame: usize = PyThreadState.at(ts).current_frame;
  if (frame == 0) text("  <no Python frame>\n");
  for (let depth = 0; frame != 0 && depth < FRAMES_MAX; frame = _PyInterpreterFrame.at(frame).previous) {
    if (_PyInterpreterFrame.at(frame).owner == FRAME_OWNED_BY_CSTACK) continue;
    dumpFrame(frame);
    depth++;
  }
}

/** Writes where the running thread is. */
export function _Py_DumpTraceback(): void {
  text("Stack (most recent call first):\n");
  dumpFrames(tstate);
}

/** Writes where all threads are, the newest first; `current`: which of them it is that writes, null for none. */
export function _Py_DumpTracebackThreads(current: usize): void {
  let n = 0;
  for (let ts = threadsRoots.newest; ts != 0; ts = PyThreadState.at(ts).next) {
    if (n != 0) textByte(10);
    if (n++ == THREADS_MAX) {
      text("...\n");
      return;
    }
    text(ts == current ? "Current thread 0x" : "Thread 0x");
    textHex(PyThreadState.at(ts).thread_id, 16);
    text(" (most recent call first):\n");
    if (ts == current && gcRoots.collecting != 0) text("  Garbage-collecting\n");
    dumpFrames(ts);
  }
}
