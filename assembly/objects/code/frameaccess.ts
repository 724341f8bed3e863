// What objects may ask about the running frame, without the machine that runs it (the reading half of CPython 3.13's
// Include/internal/pycore_frame.h). What a frame looks like is drawn in assembly/vm/frame.ts.

import { _PyInterpreterFrame, PyCodeObject, PyModuleObject, PyThreadState } from "../../generated/layouts";
import { vmRoots } from "../../generated/runtime";
import { ID, PyModule_Type } from "../../generated/statics";
import { tstate } from "../../thread/current";
import { PyDict_GetItemWithError } from "../containers/dict/dict";
import { PyErr_Occurred } from "../errors/raise";
import { Py } from "../object/head";

export const FRAME_OWNED_BY_THREAD: u8 = 0;
export const FRAME_OWNED_BY_GENERATOR: u8 = 1;
export const FRAME_OWNED_BY_FRAME_OBJECT: u8 = 2;
export const FRAME_OWNED_BY_CSTACK: u8 = 3;

/** Whether the frame has not begun its body: it is still making its cells or its generator. */
export function _PyFrame_IsIncomplete(frame: usize): bool {
  const f = _PyInterpreterFrame.at(frame);
  const co = PyCodeObject.at(f.f_executable);
  return f.owner != FRAME_OWNED_BY_GENERATOR && f.instr_ptr < co.co_code_adaptive + <usize>co._co_firsttraceable * 2;
}

/** The innermost complete Python frame of this thread; null where nothing runs. */
export function currentPythonFrame(): usize {
  return pythonFrameOf(tstate);
}

/** The same of any thread. */
export function pythonFrameOf(ts: usize): usize {
  let f: usize = PyThreadState.at(ts).current_frame;
  while (f != 0 && _PyFrame_IsIncomplete(f)) f = _PyInterpreterFrame.at(f).previous;
  return f;
}

/** The globals of the running frame, borrowed; null where nothing runs. */
export function currentGlobals(): usize {
  const f = currentPythonFrame();
  return f == 0 ? 0 : _PyInterpreterFrame.at(f).f_globals;
}

/** The builtins that code with these globals sees, borrowed: their __builtins__, or those of the code that runs. */
export function builtinsOf(globals: usize): usize {
  const b = PyDict_GetItemWithError(globals, ID.__builtins__);
  if (b != 0) return Py.TYPE(b) == PyModule_Type ? PyModuleObject.at(b).md_dict : b;
  if (PyErr_Occurred() != 0) return 0;
  const f: usize = PyThreadState.at(tstate).current_frame;
  return f == 0 ? vmRoots.builtins : _PyInterpreterFrame.at(f).f_builtins;
}
