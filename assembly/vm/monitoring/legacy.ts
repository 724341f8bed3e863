// sys.settrace() and sys.setprofile() as tools among the others (CPython 3.13's Python/legacy_tracing.c and the
// trampolines of Python/sysmodule.c): an event becomes a call of the function with the frame, the name of what happened
// and what belongs to it.
//
// A function that fails is not called again. Each answers a tool's way: 0, 1 to be told no more from the instruction, -1
// with an exception.

import {
  _PyInterpreterFrame,
  PyBaseExceptionObject,
  PyFrameObject,
  PyMethodObject,
  PyThreadState,
  PyThreadState_c_profilefunc,
  PyThreadState_c_profileobj,
  PyThreadState_c_tracefunc,
  PyThreadState_c_traceobj,
  PyTypeObject,
} from "../../generated/layouts";
import { monitoringRoots, threadsRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyCFunction_Type,
  PyCMethod_Type,
  PyMethod_Type,
  PyMethodDescr_Type,
} from "../../generated/statics";
import {
  C_RAISE,
  C_RETURN,
  CALL,
  INSTRUCTION,
  JUMP,
  LINE,
  LOCAL_EVENTS,
  PY_RESUME,
  PY_RETURN,
  PY_START,
  PY_THROW,
  PY_UNWIND,
  PY_YIELD,
  RAISE,
  STOP_ITERATION,
  SYS_PROFILE_ID,
  SYS_TRACE_ID,
} from "../../objects/code/events";
import { frameObjectOf } from "../../objects/code/frame";
import { currentPythonFrame } from "../../objects/code/frameaccess";
import { watchedLine } from "../../objects/code/instrumented";
import { PyList_Append, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_Pack3 } from "../../objects/containers/tuple";
import { PyErr_GetRaisedException, PyErr_SetRaisedException } from "../../objects/errors/raise";
import { PyLong_AsInt } from "../../objects/numbers/int/create";
import { PY_VECTORCALL_ARGUMENTS_OFFSET, PyObject_Vectorcall } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { tstate } from "../../thread/current";
import { Scratch } from "../../thread/scratch";
import { allocateMonitoring, Monitors, setLocalEvents, setToolEvents } from "./instrument";

const PROFILE_EVENTS: i32 =
  (1 << PY_START) |
  (1 << PY_RESUME) |
  (1 << PY_RETURN) |
  (1 << PY_YIELD) |
  (1 << CALL) |
  (1 << PY_UNWIND) |
  (1 << PY_THROW);

const TRACE_EVENTS: i32 =
  (1 << PY_START) |
  (1 << PY_RESUME) |
  (1 << PY_RETURN) |
  (1 << PY_YIELD) |
  (1 << RAISE) |
  (1 << LINE) |
  (1 << JUMP) |
  (1 << PY_UNWIND) |
  (1 << PY_THROW) |
  (1 << STOP_ITERATION);

/** A tool's answer: it is told no more from this instruction. */
const DISABLE: i32 = 1;

/** Calls `callback` with the frame object, a name and `arg`: a new reference, or null with an exception. */
function callBack(callback: usize, fo: usize, what: usize, arg: usize): usize {
  const argv = Scratch.takeArguments(3);
  Py.setItem(argv, 0, fo);
  Py.setItem(argv, 1, what);
  Py.setItem(argv, 2, arg);
  const r = PyObject_Vectorcall(callback, argv, 3 | PY_VECTORCALL_ARGUMENTS_OFFSET, 0);
  Scratch.giveArguments(argv);
  return r;
}

/** What c_profilefunc stands for. */
function profile_trampoline(self: usize, fo: usize, what: usize, arg: usize): i32 {
  const r = callBack(self, fo, what, arg);
  if (r == 0) {
    dropProfile();
    return -1;
  }
  Py.DECREF(r);
  return 0;
}

/** What c_tracefunc stands for: a frame's own function, which the thread's answers with at a call, is told the rest. */
function trace_trampoline(self: usize, fo: usize, what: usize, arg: usize): i32 {
  const callback = what == ID.call ? self : PyFrameObject.at(fo).f_trace;
  if (callback == 0) return 0;
  Py.INCREF(callback);
  const r = callBack(callback, fo, what, arg);
  Py.DECREF(callback);
  if (r == 0) {
    dropTrace();
    Py.CLEAR(PyFrameObject.at(fo).f_trace_slot);
    return -1;
  }
  if (r == _Py_NoneStruct) Py.DECREF(r);
  else Py.SETREF(PyFrameObject.at(fo).f_trace_slot, r);
  return 0;
}

/** Ends the tracing after an error of the function: the exception that is set stays. */
function dropTrace(): void {
  const exc = PyErr_GetRaisedException();
  setTrace(0);
  PyErr_SetRaisedException(exc);
}

function dropProfile(): void {
  const exc = PyErr_GetRaisedException();
  setProfile(0);
  PyErr_SetRaisedException(exc);
}

/** Calls the thread's profile function. */
function tellProfile(frame: usize, what: usize, arg: usize): i32 {
  const ts = PyThreadState.at(tstate);
  const self = ts.c_profileobj;
  if (ts.c_profilefunc == 0) return 0;
  const fo = frameObjectOf(frame);
  if (fo == 0) return -1;
  Py.INCREF(fo);
  Py.INCREF(self);
  const r = profile_trampoline(self, fo, what, arg);
  Py.DECREF(self);
  Py.DECREF(fo);
  return r;
}

/** Calls the thread's trace function, or the frame's. */
function tellTrace(frame: usize, what: usize, arg: usize): i32 {
  const ts = PyThreadState.at(tstate);
  const self = ts.c_traceobj;
  if (ts.c_tracefunc == 0) return 0;
  const fo = frameObjectOf(frame);
  if (fo == 0) return -1;
  if (PyFrameObject.at(fo).f_trace_opcodes && setOpcodeTrace(fo, true) < 0) return -1;
  Py.INCREF(fo);
  Py.INCREF(self);
  const r = trace_trampoline(self, fo, what, arg);
  PyFrameObject.at(fo).f_lineno = 0;
  Py.DECREF(self);
  Py.DECREF(fo);
  return r;
}

/** Tells the trace function that a line begins; -1, it is not known yet. For who counts the telling. */
function lineBegins(fo: usize, line: i32): i32 {
  const self = PyThreadState.at(tstate).c_traceobj;
  Py.INCREF(fo);
  Py.INCREF(self);
  PyFrameObject.at(fo).f_lineno = line;
  const r = trace_trampoline(self, fo, ID.line, _Py_NoneStruct);
  PyFrameObject.at(fo).f_lineno = 0;
  Py.DECREF(self);
  Py.DECREF(fo);
  return r;
}

/** Tells the trace function that a line begins: 0, or -1 with an exception. */
export function traceLine(fo: usize, line: i32): i32 {
  const ts = PyThreadState.at(tstate);
  const what = ts.what_event;
  ts.what_event = LINE;
  ts.told_frame = PyFrameObject.at(fo).f_frame;
  ts.tracing = ts.tracing + 1;
  const r = lineBegins(fo, line);
  ts.tracing = ts.tracing - 1;
  ts.what_event = what;
  return r;
}

/** An exception is told as its class, itself and its traceback. */
function traceException(frame: usize, exc: usize): i32 {
  const tb = PyBaseExceptionObject.at(exc).traceback;
  const triple = PyTuple_Pack3(Py.TYPE(exc), exc, tb == 0 ? _Py_NoneStruct : tb);
  if (triple == 0) return -1;
  const r = tellTrace(frame, ID.exception, triple);
  Py.DECREF(triple);
  return r;
}

/** A jump backwards within a line begins it again; other jumps are told by what they jump to. */
function traceJump(frame: usize, argv: usize): i32 {
  if (PyThreadState.at(tstate).c_tracefunc == 0) return 0;
  const code = Py.item(argv, 0);
  const from = PyLong_AsInt(Py.item(argv, 1)) >> 1;
  const to = PyLong_AsInt(Py.item(argv, 2)) >> 1;
  if (to > from) return DISABLE;
  const line = watchedLine(code, to);
  if (line != watchedLine(code, from)) return DISABLE;
  const fo = frameObjectOf(frame);
  if (fo == 0) return -1;
  return PyFrameObject.at(fo).f_trace_lines && line >= 0 ? lineBegins(fo, line) : 0;
}

function traceInstruction(frame: usize): i32 {
  const fo = frameObjectOf(frame);
  if (fo == 0) return -1;
  if (PyThreadState.at(tstate).c_tracefunc == 0 || !PyFrameObject.at(fo).f_trace_opcodes)
    return setOpcodeTrace(fo, false);
  return tellTrace(frame, ID.opcode, _Py_NoneStruct);
}

/** Serves the tool of sys.settrace(); `argv` has what a tool is called with. */
export function traceEvent(event: i32, frame: usize, argv: usize): i32 {
  switch (event) {
    case PY_START:
    case PY_RESUME:
    case PY_THROW:
      return tellTrace(frame, ID.call, _Py_NoneStruct);
    case PY_RETURN:
    case PY_YIELD:
      return tellTrace(frame, ID.return_, Py.item(argv, 2));
    case PY_UNWIND:
      return tellTrace(frame, ID.return_, _Py_NoneStruct);
    case RAISE:
    case STOP_ITERATION:
      return traceException(frame, Py.item(argv, 2));
    case JUMP:
      return traceJump(frame, argv);
    case INSTRUCTION:
      return traceInstruction(frame);
    default:
      return 0;
  }
}

/** A call of a native function, or its end; a method of a type is told as bound to its object. */
function profileCall(event: i32, frame: usize, argv: usize): i32 {
  const what: usize = event == CALL ? ID.c_call : event == C_RETURN ? ID.c_return : ID.c_exception;
  const callable = Py.item(argv, 2);
  const type = Py.TYPE(callable);
  if (type == PyCFunction_Type || type == PyCMethod_Type) return tellProfile(frame, what, callable);
  if (type == PyMethodDescr_Type) {
    const self = Py.item(argv, 3);
    if (self == <usize>monitoringRoots.missing) return 0;
    const method = call_indirect<usize>(PyTypeObject.at(type).tp_descr_get, callable, self, Py.TYPE(self));
    if (method == 0) return -1;
    const r = tellProfile(frame, what, method);
    Py.DECREF(method);
    return r;
  }
  if (type == PyMethod_Type) {
    const func = PyMethodObject.at(callable).im_func;
    if (Py.TYPE(func) == PyCFunction_Type || Py.TYPE(func) == PyCMethod_Type) return tellProfile(frame, what, func);
  }
  return 0;
}

/** Serves the tool of sys.setprofile(). */
export function profileEvent(event: i32, frame: usize, argv: usize): i32 {
  switch (event) {
    case PY_START:
    case PY_RESUME:
    case PY_THROW:
      return tellProfile(frame, ID.call, _Py_NoneStruct);
    case PY_RETURN:
    case PY_YIELD:
      return tellProfile(frame, ID.return_, Py.item(argv, 2));
    case PY_UNWIND:
      return tellProfile(frame, ID.return_, _Py_NoneStruct);
    case CALL:
    case C_RETURN:
    case C_RAISE:
      return profileCall(event, frame, argv);
    default:
      return 0;
  }
}

/** Has instructions told, or no more, where the frame's code is traced: 0, or -1 with an exception. */
export function setOpcodeTrace(fo: usize, enable: bool): i32 {
  const code = _PyInterpreterFrame.at(PyFrameObject.at(fo).f_frame).f_executable;
  if (allocateMonitoring(code) < 0) return -1;
  const events = Monitors.eventsOf(Monitors.data(code).local_monitors, LOCAL_EVENTS, SYS_TRACE_ID);
  const bit = 1 << INSTRUCTION;
  return setLocalEvents(code, SYS_TRACE_ID, enable ? events | bit : events & ~bit);
}

/** Makes `func` (borrowed, null for none) the thread's trace function: 0, or -1 with an exception. */
export function setTrace(func: usize): i32 {
  const ts = PyThreadState.at(tstate);
  const change = (func != 0 ? 1 : 0) - (ts.c_tracefunc != 0 ? 1 : 0);
  ts.c_tracefunc = func != 0 ? trace_trampoline.index : 0;
  monitoringRoots.tracing_threads = monitoringRoots.tracing_threads + change;
  // The end of what is dropped may set another.
  Py.SETREF(ts.c_traceobj_slot, Py.XNewRef(func));
  const any = monitoringRoots.tracing_threads != 0;
  const current = currentPythonFrame();
  if (any && current != 0) {
    const fo = _PyInterpreterFrame.at(current).frame_obj;
    if (fo != 0 && PyFrameObject.at(fo).f_trace_opcodes && setOpcodeTrace(fo, true) < 0) return -1;
  }
  return setToolEvents(SYS_TRACE_ID, any ? TRACE_EVENTS : 0);
}

/** Drops the trace and the profile function of a thread that ends. */
export function forgetTracing(thread: usize): void {
  const ts = PyThreadState.at(thread);
  if (ts.c_profilefunc != 0) monitoringRoots.profiling_threads--;
  if (ts.c_tracefunc != 0) monitoringRoots.tracing_threads--;
  ts.c_profilefunc = 0;
  ts.c_tracefunc = 0;
  Py.CLEAR(ts.c_profileobj_slot);
  Py.CLEAR(ts.c_traceobj_slot);
}

/** A new list that keeps alive, until it is dropped, what the thread states refer to at this offset; null with MemoryError. */
function keptFunctions(offset: usize): usize {
  const kept = PyList_New(0);
  for (let ts = threadsRoots.newest; kept != 0 && ts != 0; ts = PyThreadState.at(ts).next) {
    const f: usize = load<u32>(ts + offset);
    if (f == 0 || PyList_Append(kept, f) == 0) continue;
    Py.DECREF(kept);
    return 0;
  }
  return kept;
}

/** Sets the function and its object, whose offsets in a thread's state these are, in all threads: how many then have one. */
function setInAll(funcOffset: usize, objectOffset: usize, trampoline: u32, func: usize): i32 {
  let n = 0;
  for (let ts = threadsRoots.newest; ts != 0; ts = PyThreadState.at(ts).next) {
    store<u32>(ts + funcOffset, func != 0 ? trampoline : 0);
    Py.SETREF(ts + objectOffset, Py.XNewRef(func));
    n++;
  }
  return func != 0 ? n : 0;
}

/** Makes `func` the trace function of all threads: 0, or -1 with an exception. */
export function setTraceAll(func: usize): i32 {
  const kept = keptFunctions(PyThreadState_c_traceobj);
  if (kept == 0) return -1;
  const trampoline = trace_trampoline.index;
  monitoringRoots.tracing_threads = setInAll(PyThreadState_c_tracefunc, PyThreadState_c_traceobj, trampoline, func);
  Py.DECREF(kept);
  return setTrace(func);
}

/** Makes `func` the profile function of all threads: 0, or -1 with an exception. */
export function setProfileAll(func: usize): i32 {
  const kept = keptFunctions(PyThreadState_c_profileobj);
  if (kept == 0) return -1;
  const trampoline = profile_trampoline.index;
  monitoringRoots.profiling_threads = setInAll(
    PyThreadState_c_profilefunc,
    PyThreadState_c_profileobj,
    trampoline,
    func,
  );
  Py.DECREF(kept);
  return setProfile(func);
}

/** Makes `func` (borrowed, null for none) the thread's profile function: 0, or -1 with an exception. */
export function setProfile(func: usize): i32 {
  const ts = PyThreadState.at(tstate);
  const change = (func != 0 ? 1 : 0) - (ts.c_profilefunc != 0 ? 1 : 0);
  ts.c_profilefunc = func != 0 ? profile_trampoline.index : 0;
  monitoringRoots.profiling_threads = monitoringRoots.profiling_threads + change;
  // The end of what is dropped may set another.
  Py.SETREF(ts.c_profileobj_slot, Py.XNewRef(func));
  return setToolEvents(SYS_PROFILE_ID, monitoringRoots.profiling_threads != 0 ? PROFILE_EVENTS : 0);
}
