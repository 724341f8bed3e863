// Instructions that tell of themselves (the INSTRUMENTED_ instructions of CPython 3.13's Python/bytecodes.c).
//
// One convention: the frame's stacktop is right when an instruction comes here and when it is left. The result says how the
// loop goes on at monitoringRoots.next: -1 an exception is set, AFRESH with whatever is there, any other number with this
// opcode in the place of what is there, and with the same argument. instr_ptr stays at the instruction, so that a line
// that begins knows where the frame comes from, unless a tool has set the frame's line.

import { _PY_EVAL_EVENTS_MASK } from "../../generated/constants";
import {
  _PyInterpreterFrame,
  PyCodeObject,
  PyGenObject,
  PyMethodObject,
  PyThreadState,
  PyTypeObject,
} from "../../generated/layouts";
import * as op from "../../generated/opcodes";
import { monitoringRoots } from "../../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyCoro_Type,
  PyExc_StopIteration,
  PyFunction_Type,
  PyGen_Type,
  PyMethod_Type,
} from "../../generated/statics";
import {
  BRANCH,
  C_RAISE,
  C_RETURN,
  CALL,
  JUMP,
  PY_RESUME,
  PY_RETURN,
  PY_START,
  PY_YIELD,
} from "../../objects/code/events";
import { Tuple } from "../../objects/containers/tuple";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetRaisedException,
} from "../../objects/errors/raise";
import { FRAME_EXECUTING, FRAME_SUSPENDED, genOfFrame } from "../../objects/generators/generator";
import { PY_VECTORCALL_ARGUMENTS_OFFSET, PyObject_Call, PyObject_Vectorcall } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { tstate } from "../../thread/current";
import { handlePending } from "../breaker";
import { Frame } from "../frame";
import { isPythonFunction, plainArguments } from "../ops/calls";
import { Told, tellEvent, tellFailure, tellInstruction, tellJump, tellLine, tellStopIteration } from "./events";
import { _Py_Instrument } from "./instrument";

export const AFRESH: i32 = 0;
const FAILED: i32 = -1;

/** Goes on at `pc` with what is there; an exception is set where that is null. */
function goOn(pc: usize): i32 {
  monitoringRoots.next = pc;
  return pc == 0 ? FAILED : AFRESH;
}

/** Goes on with `opcode`, unless a tool has sent the frame elsewhere. */
function goOnWith(f: usize, instr: usize, opcode: i32): i32 {
  const at = _PyInterpreterFrame.at(f).instr_ptr;
  monitoringRoots.next = at;
  return at != instr ? AFRESH : opcode;
}

/**
 * A frame begins or is resumed, and the events have another version than its code, or something is asked for: what a
 * RESUME has to do apart from being told of.
 */
export function resume(f: usize, instr: usize, oparg: i32): i32 {
  const ts = PyThreadState.at(tstate);
  const frame = _PyInterpreterFrame.at(f);
  if (ts.tracing == 0 && PyCodeObject.at(frame.f_executable)._co_instrumentation_version != monitoringRoots.version) {
    return _Py_Instrument(frame.f_executable) < 0 ? FAILED : goOn(instr);
  }
  if ((oparg & 3) < 2 && ts.eval_breaker & _PY_EVAL_EVENTS_MASK && handlePending() < 0) return FAILED;
  return goOn(instr + 2);
}

/** A RESUME that is told, once its instructions are up to date. */
function instrumentedResume(f: usize, instr: usize, oparg: i32): i32 {
  const frame = _PyInterpreterFrame.at(f);
  if (resume(f, instr, oparg) < 0) return FAILED;
  if (monitoringRoots.next == instr) return AFRESH;
  if (tellEvent(oparg != 0 ? PY_RESUME : PY_START, f, instr, 0, 0) < 0) return FAILED;
  return goOn(frame.instr_ptr != instr ? frame.instr_ptr : instr + 2);
}

/** An exception is thrown into the generator's frame, which does not pass its RESUME; the exception is set. */
export function thrown(f: usize): void {
  const frame = _PyInterpreterFrame.at(f);
  const exc = PyErr_GetRaisedException();
  if (_Py_Instrument(frame.f_executable) < 0) PyErr_Clear();
  PyErr_SetRaisedException(exc);
  Told.thrown(f, frame.instr_ptr);
}

/** A value is yielded: told when the frame is where it will go on. */
function instrumentedYield(f: usize, sp: usize, instr: usize, oparg: i32): i32 {
  const gen = PyGenObject.at(genOfFrame(f));
  const frame = _PyInterpreterFrame.at(f);
  gen.gi_frame_state = <u8>(<i32>(<i8>FRAME_SUSPENDED) + oparg);
  frame.instr_ptr = instr + 2;
  const value = load<u32>(sp - 8);
  // A tool may set the line, which takes values off the stack: it sees the stack as it will be.
  Frame.save(f, sp - 8);
  const r = tellEvent(PY_YIELD, f, instr, value, 0);
  gen.gi_frame_state = FRAME_EXECUTING;
  const top = Frame.stack(f);
  store<u64>(top, value);
  Frame.save(f, top + 8);
  // The instruction itself leaves instr_ptr behind the place where it stands.
  const next = frame.instr_ptr;
  if (r < 0) {
    frame.instr_ptr = instr;
    return FAILED;
  }
  monitoringRoots.next = next - 2;
  return op.YIELD_VALUE;
}

/** The object that a call is told to be of: its first argument, or MISSING. */
function firstArgument(argv: usize, n: i32): usize {
  return n == 0 ? <usize>monitoringRoots.missing : Py.item(argv, 0);
}

/** Tells the end of a native function's call, and puts its result in the place of its operands. */
function callEnded(
  f: usize,
  base: usize,
  sp: usize,
  instr: usize,
  next: usize,
  callable: usize,
  arg: usize,
  r: usize,
): i32 {
  if (r == 0) tellFailure(C_RAISE, f, instr, callable, arg);
  else if (tellEvent(C_RETURN, f, instr, callable, arg) < 0) {
    Py.DECREF(r);
    r = 0;
  }
  return settle(f, base, sp, next, r);
}

/** Drops the operands above `base`, and puts the result there. */
function settle(f: usize, base: usize, sp: usize, next: usize, r: usize): i32 {
  Frame.save(f, base);
  for (let p = base; p < sp; p += 8) Py.XDECREF(load<u32>(p));
  if (r == 0) return FAILED;
  store<u64>(base, r);
  Frame.save(f, base + 8);
  const ts = PyThreadState.at(tstate);
  if (ts.eval_breaker & _PY_EVAL_EVENTS_MASK && handlePending() < 0) return FAILED;
  return goOn(next);
}

/** CALL and CALL_KW; `names` are the keywords, null without. */
function instrumentedCall(f: usize, sp: usize, instr: usize, oparg: i32, names: usize, next: usize): i32 {
  const end = names != 0 ? sp - 8 : sp;
  const base = end - ((<usize>(oparg + 2)) << 3);
  let callable: usize = load<u32>(base);
  let self = Py.item(base, 1);
  let argv = self != 0 ? base + 8 : base + 16;
  let n = self != 0 ? oparg + 1 : oparg;
  if (tellEvent(CALL, f, instr, callable, firstArgument(argv, n)) < 0) return FAILED;
  if (self == 0 && Py.TYPE(callable) == PyMethod_Type) {
    const m = PyMethodObject.at(callable);
    self = Py.NewRef(m.im_self);
    const func = Py.NewRef(m.im_func);
    store<u64>(base, func);
    Py.setItem(base, 1, self);
    Py.DECREF(callable);
    callable = func;
    argv = base + 8;
    n = oparg + 1;
  }
  if (Py.TYPE(callable) == PyFunction_Type && isPythonFunction(callable))
    return goOnWith(f, instr, names != 0 ? op.CALL_KW : op.CALL);
  const positional = names != 0 ? n - Py.SIZE(names) : n;
  const r = PyObject_Vectorcall(callable, argv, <usize>positional | PY_VECTORCALL_ARGUMENTS_OFFSET, names);
  return callEnded(f, base, sp, instr, next, callable, firstArgument(argv, n), r);
}

function instrumentedCallFunctionEx(f: usize, sp: usize, instr: usize, oparg: i32): i32 {
  const base = oparg & 1 ? sp - 32 : sp - 24;
  const func: usize = load<u32>(base);
  if (!plainArguments(func, sp, oparg)) return FAILED;
  const args = Py.item(base, 2);
  const first = Py.SIZE(args) > 0 ? Tuple.get(args, 0) : <usize>monitoringRoots.missing;
  if (tellEvent(CALL, f, instr, func, first) < 0) return FAILED;
  const r = PyObject_Call(func, args, oparg & 1 ? Py.item(base, 3) : 0);
  if (Py.TYPE(func) == PyFunction_Type || Py.TYPE(func) == PyMethod_Type) return settle(f, base, sp, instr + 2, r);
  return callEnded(f, base, sp, instr, instr + 2, func, first, r);
}

/** super().name: told as the call of super() that it stands for. */
function instrumentedSuper(f: usize, sp: usize, instr: usize, oparg: i32): i32 {
  const base = sp - 24;
  const superType = load<u32>(base);
  const arg = oparg & 2 ? Py.item(base, 1) : <usize>monitoringRoots.missing;
  if (tellEvent(CALL, f, instr, superType, arg) < 0) return FAILED;
  const made = PyObject_Vectorcall(superType, base + 8, oparg & 2, 0);
  if (made == 0) {
    tellFailure(C_RAISE, f, instr, superType, arg);
    return FAILED;
  }
  if (tellEvent(C_RETURN, f, instr, superType, arg) < 0) {
    Py.DECREF(made);
    return FAILED;
  }
  const r = PyObject_GetAttr(made, Tuple.get(Frame.code(f).co_names, oparg >> 2));
  Py.DECREF(made);
  Frame.save(f, base);
  for (let p = base; p < sp; p += 8) Py.DECREF(load<u32>(p));
  if (r == 0) return FAILED;
  store<u64>(base, r);
  if (oparg & 1) Py.setItem(base, 1, 0);
  Frame.save(f, oparg & 1 ? base + 16 : base + 8);
  return goOn(instr + 2 + op.LOAD_SUPER_ATTR_SKIP);
}

function instrumentedForIter(f: usize, sp: usize, instr: usize, oparg: i32): i32 {
  const it: usize = load<u32>(sp - 8);
  const after = instr + 2 + op.FOR_ITER_SKIP;
  const iternext = PyTypeObject.at(Py.TYPE(it)).tp_iternext;
  // The instruction itself says what is wrong.
  if (iternext == 0) return goOnWith(f, instr, op.FOR_ITER);
  const v = call_indirect<usize>(iternext, it);
  if (v != 0) {
    store<u64>(sp, v);
    Frame.save(f, sp + 8);
    return goOn(tellJump(BRANCH, f, instr, after));
  }
  if (PyErr_Occurred() != 0) {
    if (!PyErr_ExceptionMatches(PyExc_StopIteration)) return FAILED;
    Told.raise(f, instr);
    PyErr_Clear();
  }
  Frame.save(f, sp - 8);
  Py.DECREF(it);
  // Past END_FOR and the POP_TOP after it.
  return goOn(tellJump(BRANCH, f, instr, after + ((<usize>oparg) << 1) + 4));
}

/** A conditional jump, whose condition is taken off the stack. */
function instrumentedBranch(f: usize, sp: usize, instr: usize, oparg: i32, opcode: i32): i32 {
  const v: usize = load<u32>(sp - 8);
  Frame.save(f, sp - 8);
  let jumps = false;
  if (opcode == op.INSTRUMENTED_POP_JUMP_IF_FALSE) jumps = v == _Py_FalseStruct;
  else if (opcode == op.INSTRUMENTED_POP_JUMP_IF_TRUE) jumps = v == _Py_TrueStruct;
  else jumps = (v == _Py_NoneStruct) == (opcode == op.INSTRUMENTED_POP_JUMP_IF_NONE);
  Py.DECREF(v);
  const after = instr + 2 + op.POP_JUMP_IF_FALSE_SKIP;
  return goOn(tellJump(BRANCH, f, instr, jumps ? after + ((<usize>oparg) << 1) : after));
}

/** Whether the object is a generator, or a coroutine where `coroutines`. */
function isGenerator(o: usize, coroutines: bool): bool {
  return PyType_IsSubtype(Py.TYPE(o), PyGen_Type) || (coroutines && Py.TYPE(o) == PyCoro_Type);
}

/** A line or an instruction is told, and what it hid goes on. */
function hidden(f: usize, instr: usize, opcode: i32): i32 {
  return opcode < 0 ? FAILED : goOnWith(f, instr, opcode);
}

/** Tells of the instruction `instr`, which is one of the INSTRUMENTED_; `previous` ran before it in this frame. */
export function runInstrumented(f: usize, sp: usize, instr: usize, previous: usize, opcode: i32, oparg: i32): i32 {
  switch (opcode) {
    case op.INSTRUMENTED_LINE:
      return hidden(f, instr, tellLine(f, instr, previous));
    case op.INSTRUMENTED_INSTRUCTION:
      return hidden(f, instr, tellInstruction(f, instr));
    case op.INSTRUMENTED_RESUME:
      return instrumentedResume(f, instr, oparg);
    case op.INSTRUMENTED_RETURN_VALUE:
      return tellEvent(PY_RETURN, f, instr, load<u32>(sp - 8), 0) < 0 ? FAILED : goOnWith(f, instr, op.RETURN_VALUE);
    case op.INSTRUMENTED_RETURN_CONST:
      return tellEvent(PY_RETURN, f, instr, Frame.constant(f, oparg), 0) < 0
        ? FAILED
        : goOnWith(f, instr, op.RETURN_CONST);
    case op.INSTRUMENTED_YIELD_VALUE:
      return instrumentedYield(f, sp, instr, oparg);
    case op.INSTRUMENTED_END_FOR:
      if (isGenerator(load<u32>(sp - 16), false) && tellStopIteration(f, instr, load<u32>(sp - 8)) < 0) return FAILED;
      return goOnWith(f, instr, op.END_FOR);
    case op.INSTRUMENTED_END_SEND:
      if (isGenerator(load<u32>(sp - 16), true) && tellStopIteration(f, instr, load<u32>(sp - 8)) < 0) return FAILED;
      return goOnWith(f, instr, op.END_SEND);
    case op.INSTRUMENTED_LOAD_SUPER_ATTR:
      return instrumentedSuper(f, sp, instr, oparg);
    case op.INSTRUMENTED_FOR_ITER:
      return instrumentedForIter(f, sp, instr, oparg);
    case op.INSTRUMENTED_CALL:
      return instrumentedCall(f, sp, instr, oparg, 0, instr + 2 + op.CALL_SKIP);
    case op.INSTRUMENTED_CALL_KW:
      return instrumentedCall(f, sp, instr, oparg, load<u32>(sp - 8), instr + 2);
    case op.INSTRUMENTED_CALL_FUNCTION_EX:
      return instrumentedCallFunctionEx(f, sp, instr, oparg);
    case op.INSTRUMENTED_JUMP_FORWARD:
      return goOn(tellJump(JUMP, f, instr, instr + 2 + ((<usize>oparg) << 1)));
    case op.INSTRUMENTED_JUMP_BACKWARD: {
      const ts = PyThreadState.at(tstate);
      if (ts.eval_breaker & _PY_EVAL_EVENTS_MASK && handlePending() < 0) return FAILED;
      return goOn(tellJump(JUMP, f, instr, instr + 2 + op.JUMP_BACKWARD_SKIP - ((<usize>oparg) << 1)));
    }
    default:
      return instrumentedBranch(f, sp, instr, oparg, opcode);
  }
}
