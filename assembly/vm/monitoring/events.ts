// Telling the tools of an event (the calling half of CPython 3.13's Python/instrumentation.c).
//
// A tool is told with the code object, the offset of the instruction in bytes, or the line, and what belongs to the
// event. While it is told nothing else is told (`tracing` of the thread). What it answers with DISABLE is not told again
// from the same instruction; an exception is the program's. The tools of sys.settrace() and sys.setprofile() are no
// objects here: legacy.ts serves them.
//
// Every function that tells may run Python; the frame's stacktop must be right.

import { CO_NO_MONITORING_EVENTS } from "../../generated/constants";
import { _Py_CODEUNIT, _PyInterpreterFrame, PyCodeObject, PyFrameObject, PyThreadState } from "../../generated/layouts";
import * as op from "../../generated/opcodes";
import { monitoringRoots } from "../../generated/runtime";
import { PyExc_StopIteration, PyExc_ValueError } from "../../generated/statics";
import { frameObjectOf } from "../../objects/code/frame";
import { COMPUTED_LINE, COMPUTED_LINE_CHANGE, Watched, watchedLine } from "../../objects/code/instrumented";
import {
  PyErr_Clear,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_SetObject,
  PyErr_SetRaisedException,
} from "../../objects/errors/raise";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { PY_VECTORCALL_ARGUMENTS_OFFSET, PyObject_Vectorcall } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { tstate } from "../../thread/current";
import { Scratch } from "../../thread/scratch";
import {
  C_RETURN,
  CALL,
  INSTRUCTION,
  LINE,
  LOCAL_EVENTS,
  PY_THROW,
  PY_UNWIND,
  EXCEPTION_HANDLED,
  RAISE,
  RERAISE,
  STOP_ITERATION,
  SYS_PROFILE_ID,
  SYS_TRACE_ID,
} from "../../objects/code/events";
import { Monitors, removeTools } from "./instrument";
import { profileEvent, traceEvent, traceLine } from "./legacy";

/** What one tool answered. */
const ERROR: i32 = -1;
const DISABLED: i32 = 1;

/** The name of an event, as constants and messages have it. */
export function eventName(event: i32): string {
  switch (event) {
    case 0:
      return "PY_START";
    case 1:
      return "PY_RESUME";
    case 2:
      return "PY_RETURN";
    case 3:
      return "PY_YIELD";
    case CALL:
      return "CALL";
    case LINE:
      return "LINE";
    case INSTRUCTION:
      return "INSTRUCTION";
    case 7:
      return "JUMP";
    case 8:
      return "BRANCH";
    case STOP_ITERATION:
      return "STOP_ITERATION";
    case RAISE:
      return "RAISE";
    case EXCEPTION_HANDLED:
      return "EXCEPTION_HANDLED";
    case PY_UNWIND:
      return "PY_UNWIND";
    case PY_THROW:
      return "PY_THROW";
    case RERAISE:
      return "RERAISE";
    case C_RETURN:
      return "C_RETURN";
    default:
      return "C_RAISE";
  }
}

/** The slot of what a tool has registered for an event. */
export function callableSlot(tool: i32, event: i32): usize {
  return monitoringRoots.callables + ((<usize>(tool * 17 + event)) << 3);
}

/** Tells one tool, with `n` arguments at `argv`: 0, DISABLED, or ERROR with an exception. */
function tellOne(tool: i32, event: i32, frame: usize, argv: usize, n: isize): i32 {
  const ts = PyThreadState.at(tstate);
  const what = ts.what_event;
  let result = 0;
  ts.told_frame = frame;
  if (tool >= SYS_PROFILE_ID) {
    ts.what_event = event;
    ts.tracing = ts.tracing + 1;
    result = tool == SYS_TRACE_ID ? traceEvent(event, frame, argv) : profileEvent(event, frame, argv);
    ts.tracing = ts.tracing - 1;
    ts.what_event = what;
    return result;
  }
  const callable: usize = load<u32>(callableSlot(tool, event));
  if (callable == 0) return 0;
  ts.what_event = event;
  ts.tracing = ts.tracing + 1;
  Py.INCREF(callable);
  const r = PyObject_Vectorcall(callable, argv, <usize>n | PY_VECTORCALL_ARGUMENTS_OFFSET, 0);
  Py.DECREF(callable);
  ts.tracing = ts.tracing - 1;
  ts.what_event = what;
  if (r == 0) return ERROR;
  Py.DECREF(r);
  return r == <usize>monitoringRoots.disable ? DISABLED : 0;
}

/** The tools that want an event at code unit i. */
function toolsAt(code: usize, i: i32, event: i32): i32 {
  if (event >= LOCAL_EVENTS && event < C_RETURN) return Monitors.everywhere(event);
  if (PyCodeObject.at(code)._co_monitoring == 0) return 0;
  const data = Monitors.data(code);
  const asked = event >= C_RETURN ? CALL : event;
  let array: usize = data.tools;
  if (event == LINE) array = data.line_tools;
  else if (event == INSTRUCTION) array = data.per_instruction_tools;
  return array != 0 ? load<u8>(array + <usize>i) : Monitors.active(code, asked);
}

/**
 * Tells `tools` of an event at the instruction `instr` of the frame, with `second` (borrowed; an offset or a line, taken
 * over) and, where they are not null, `a` and `b` (borrowed): 0, or -1 with an exception.
 */
function tell(tools: i32, event: i32, frame: usize, instr: usize, second: usize, a: usize, b: usize): i32 {
  if (second == 0) return -1;
  const code = _PyInterpreterFrame.at(frame).f_executable;
  const i = <i32>((instr - PyCodeObject.at(code).co_code_adaptive) >> 1);
  const argv = Scratch.takeArguments(4);
  Py.setItem(argv, 0, code);
  Py.setItem(argv, 1, second);
  Py.setItem(argv, 2, a);
  Py.setItem(argv, 3, b);
  const n: isize = b != 0 ? 4 : a != 0 ? 3 : 2;
  let result = 0;
  while (tools != 0) {
    const tool = 31 - clz(tools);
    tools ^= 1 << tool;
    const answer = tellOne(tool, event, frame, argv, n);
    if (answer == ERROR) {
      result = -1;
      break;
    }
    if (answer != DISABLED) continue;
    if (event < LOCAL_EVENTS) {
      const bit = 1 << tool;
      removeTools(code, i, event, <u8>bit);
      continue;
    }
    PyErr_Format(PyExc_ValueError, "Cannot disable %L events. Callback removed.", changetype<usize>(eventName(event)));
    Py.CLEAR(callableSlot(tool, event));
    result = -1;
    break;
  }
  Scratch.giveArguments(argv);
  Py.DECREF(second);
  return result;
}

/** Tells of an event at the instruction `instr`, with `a` and `b` where they are not null: 0, or -1 with an exception. */
export function tellEvent(event: i32, frame: usize, instr: usize, a: usize, b: usize): i32 {
  if (PyThreadState.at(tstate).tracing) return 0;
  const code = _PyInterpreterFrame.at(frame).f_executable;
  const offset = <i32>(instr - PyCodeObject.at(code).co_code_adaptive);
  const tools = toolsAt(code, offset >> 1, event);
  return tools == 0 ? 0 : tell(tools, event, frame, instr, PyLong_FromLong(offset), a, b);
}

/** The same while an exception is set, which stays set unless a tool raises another. */
export function tellFailure(event: i32, frame: usize, instr: usize, a: usize, b: usize): void {
  const exc = PyErr_GetRaisedException();
  if (tellEvent(event, frame, instr, a, b) == 0) PyErr_SetRaisedException(exc);
  else Py.XDECREF(exc);
}

/** Tells of the exception that is set: 0, or -1 where another takes its place. */
function tellException(event: i32, frame: usize, instr: usize): i32 {
  if (PyCodeObject.at(_PyInterpreterFrame.at(frame).f_executable).co_flags & CO_NO_MONITORING_EVENTS) return 0;
  const exc = PyErr_GetRaisedException();
  const r = tellEvent(event, frame, instr, exc, 0);
  if (r == 0) PyErr_SetRaisedException(exc);
  else Py.DECREF(exc);
  return r;
}

/** What exceptions do, told where somebody wants it; an exception is set and stays set, or another takes its place. */
export class Told {
  /** An exception is raised in the frame. */
  @inline static raise(frame: usize, instr: usize): void {
    if (Monitors.everywhere(RAISE)) tellException(RAISE, frame, instr);
  }

  /** It is raised again. */
  @inline static reraise(frame: usize, instr: usize): void {
    if (Monitors.everywhere(RERAISE)) tellException(RERAISE, frame, instr);
  }

  /** It leaves the frame. */
  @inline static unwind(frame: usize, instr: usize): void {
    if (Monitors.everywhere(PY_UNWIND)) tellException(PY_UNWIND, frame, instr);
  }

  /** It is thrown into a generator's frame. */
  @inline static thrown(frame: usize, instr: usize): void {
    if (Monitors.everywhere(PY_THROW)) tellException(PY_THROW, frame, instr);
  }

  /** The handler at `instr` has it, it is not set any more: 0, or -1 with an exception. */
  @inline static handled(frame: usize, instr: usize, exc: usize): i32 {
    return Monitors.everywhere(EXCEPTION_HANDLED) ? tellEvent(EXCEPTION_HANDLED, frame, instr, exc, 0) : 0;
  }
}

/** A generator has ended with `value`, which its caller sees as no exception: told as one. 0, or -1 with an exception. */
export function tellStopIteration(frame: usize, instr: usize, value: usize): i32 {
  const code = _PyInterpreterFrame.at(frame).f_executable;
  const monitoring = PyCodeObject.at(code)._co_monitoring;
  if ((monitoring != 0 ? Monitors.active(code, STOP_ITERATION) : Monitors.everywhere(STOP_ITERATION)) == 0) return 0;
  PyErr_SetObject(PyExc_StopIteration, value);
  if (tellException(STOP_ITERATION, frame, instr) < 0) return -1;
  PyErr_Clear();
  return 0;
}

/** Tells of a jump to `target`: where to go on (a tool may have set the line), 0 with an exception. */
export function tellJump(event: i32, frame: usize, instr: usize, target: usize): usize {
  if (PyThreadState.at(tstate).tracing) return target;
  const f = _PyInterpreterFrame.at(frame);
  const to = PyLong_FromLong(<i32>(target - PyCodeObject.at(f.f_executable).co_code_adaptive));
  if (to == 0) return 0;
  const r = tellEvent(event, frame, instr, to, 0);
  Py.DECREF(to);
  if (r < 0) return 0;
  return f.instr_ptr != instr ? f.instr_ptr : target;
}

/**
 * Tells that the instruction `instr` begins a line, unless the one before it in time, `previous`, is of the same: the
 * opcode that it hides, -1 with an exception.
 */
export function tellLine(frame: usize, instr: usize, previous: usize): i32 {
  const code = _PyInterpreterFrame.at(frame).f_executable;
  const start = PyCodeObject.at(code).co_code_adaptive;
  const i = <i32>((instr - start) >> 1);
  const ts = PyThreadState.at(tstate);
  if (ts.tracing) return Watched.line(code, i).original_opcode;
  const delta = <i32>(<i8>Watched.line(code, i).line_delta);
  let line = -1;
  if (delta != COMPUTED_LINE_CHANGE) {
    line = watchedLine(code, i);
    const before = <i32>((previous - start) >> 1);
    if (
      watchedLine(code, before) == line &&
      load<u8>(op.opDeopt + <usize>_Py_CODEUNIT.at(previous).code) != op.RESUME
    ) {
      return Watched.line(code, i).original_opcode;
    }
  }
  let tools = toolsAt(code, i, LINE);
  if (tools & (1 << SYS_TRACE_ID)) {
    tools &= ~(1 << SYS_TRACE_ID);
    if (ts.c_tracefunc != 0) {
      const fo = frameObjectOf(frame);
      if (fo == 0) return -1;
      // Only where that costs nothing: whoever asks for the line works it out.
      const known = line < 0 && delta > COMPUTED_LINE ? watchedLine(code, i) : line;
      if (PyFrameObject.at(fo).f_trace_lines && traceLine(fo, known) < 0) return -1;
    }
  }
  if (tools != 0) {
    if (line < 0) line = watchedLine(code, i);
    if (tell(tools, LINE, frame, instr, PyLong_FromLong(line), 0, 0) < 0) return -1;
  }
  return Watched.line(code, i).original_opcode;
}

/** Tells of the instruction `instr`: the opcode that is hidden, -1 with an exception. */
export function tellInstruction(frame: usize, instr: usize): i32 {
  const code = _PyInterpreterFrame.at(frame).f_executable;
  const i = <i32>((instr - PyCodeObject.at(code).co_code_adaptive) >> 1);
  const opcode: i32 = load<u8>(Watched.hidden(code, i));
  return tellEvent(INSTRUCTION, frame, instr, 0, 0) < 0 ? -1 : opcode;
}
