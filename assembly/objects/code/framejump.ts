// Setting a frame's f_lineno, by which a trace function sends it elsewhere (frame_setlineno of CPython 3.13's
// Objects/frameobject.c).
//
// The value stack must be at the target what it would be had the frame come there by itself. What each instruction finds
// on it is worked out for the whole code: a stack is a number, three bits an item, the top lowest.
//
//   UNKNOWN   nothing leads there, or only an exception      TOO_DEEP   it does not fit a number

import {
  _PyInterpreterFrame,
  exception_entry,
  PyBytesObject,
  PyCodeObject,
  PyErr_StackItem,
  PyFrameObject,
  PyGenObject,
  PyGenObject_gi_iframe,
  PyThreadState,
} from "../../generated/layouts";
import * as op from "../../generated/opcodes";
import {
  _Py_NoneStruct,
  PyExc_AttributeError,
  PyExc_RuntimeWarning,
  PyExc_SystemError,
  PyExc_ValueError,
  PyLong_Type,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { tstate } from "../../thread/current";
import { Scratch } from "../../thread/scratch";
import { PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { PyErr_WarnFormat } from "../errors/warnings";
import { PyLong_AsLongLongAndOverflow } from "../numbers/int/create";
import { Py } from "../object/head";
import { codeLines, readExceptionEntry } from "./code";
import { BRANCH, C_RETURN, CALL, JUMP, LINE, PY_RESUME, PY_START, PY_YIELD, STOP_ITERATION } from "./events";
import { FRAME_OWNED_BY_GENERATOR } from "./frameaccess";
import { _Py_GetBaseOpcode } from "./instrumented";

// Items of a stack.
const ITERATOR: i64 = 1;
const EXCEPT: i64 = 2;
const OBJECT: i64 = 3;
const NULL: i64 = 4;
const LASTI: i64 = 5;

const EMPTY: i64 = 0;
const TOO_DEEP: i64 = -1;
const UNKNOWN: i64 = -2;
const BITS: i64 = 3;
/** A stack from here on has no room for another item. */
const FULL: u64 = 1 << 60;

function pushItem(stack: i64, item: i64): i64 {
  const bits = <u64>stack;
  return bits >= FULL ? TOO_DEEP : (stack << BITS) | item;
}

function popItem(stack: i64): i64 {
  return stack >> BITS;
}

/** Item n, counted from the top, which is 1. */
function peekItem(stack: i64, n: i32): i64 {
  return (stack >> (BITS * <i64>(n - 1))) & 7;
}

function swapItems(stack: i64, n: i32): i64 {
  const shift = BITS * <i64>(n - 1);
  const low = peekItem(stack, n);
  const top = stack & 7;
  return (((stack & ~((<i64>7) << shift)) | (top << shift)) & ~(<i64>7)) | low;
}

/** The lowest `level` items. */
function popToLevel(stack: i64, level: i32): i64 {
  if (level == 0) return EMPTY;
  const shift = BITS * <i64>(level - 1);
  const most = (<i64>7) << shift;
  while (stack > most) stack = popItem(stack);
  return stack;
}

/** The stacks of a code object, one for each code unit and one more. */
class Stacks {
  @inline static at(stacks: usize, i: i32): i64 {
    return load<i64>(stacks + ((<usize>i) << 3));
  }
  @inline static set(stacks: usize, i: i32, stack: i64): void {
    store<i64>(stacks + ((<usize>i) << 3), stack);
  }
}

/** The stack behind an instruction that does not jump, end the frame or raise. */
function stackAfter(stack: i64, opcode: i32, oparg: i32): i64 {
  switch (opcode) {
    case op.GET_ITER:
    case op.GET_AITER:
      return pushItem(popItem(stack), ITERATOR);
    case op.END_ASYNC_FOR:
      return popItem(popItem(stack));
    case op.PUSH_EXC_INFO:
      return pushItem(stack, EXCEPT);
    case op.POP_EXCEPT:
      return popItem(stack);
    case op.PUSH_NULL:
      return pushItem(stack, NULL);
    case op.LOAD_GLOBAL:
      stack = pushItem(stack, OBJECT);
      return oparg & 1 ? pushItem(stack, NULL) : stack;
    case op.LOAD_ATTR:
      return oparg & 1 ? pushItem(pushItem(popItem(stack), OBJECT), NULL) : stack;
    case op.SWAP:
      return swapItems(stack, oparg);
    case op.COPY:
      return pushItem(stack, peekItem(stack, oparg));
  }
  const fixed = load<i8>(op.opEffects + <usize>opcode);
  let change = fixed == op.EFFECT_VARIES ? op.effectOf(opcode, oparg) : <i32>fixed;
  for (; change < 0; change++) stack = popItem(stack);
  for (; change > 0; change--) stack = pushItem(stack, OBJECT);
  return stack;
}

/** One pass over the instructions: whether something was found that one before depends on. */
function passInstructions(code: usize, stacks: usize): bool {
  const n = Py.SIZE(code);
  const units = PyCodeObject.at(code).co_code_adaptive;
  let again = false;
  for (let i: i32 = 0; i < n; ) {
    const stack = Stacks.at(stacks, i);
    let opcode = _Py_GetBaseOpcode(code, i);
    let oparg: i32 = load<u8>(units + ((<usize>i) << 1), 1);
    while (opcode == op.EXTENDED_ARG) {
      i++;
      opcode = _Py_GetBaseOpcode(code, i);
      Stacks.set(stacks, i, stack);
      oparg = (oparg << 8) | <i32>load<u8>(units + ((<usize>i) << 1), 1);
    }
    const next = i + 1 + <i32>load<u8>(op.opCaches + <usize>opcode);
    i = next;
    if (stack == UNKNOWN) continue;
    switch (opcode) {
      case op.POP_JUMP_IF_FALSE:
      case op.POP_JUMP_IF_TRUE:
      case op.POP_JUMP_IF_NONE:
      case op.POP_JUMP_IF_NOT_NONE:
        Stacks.set(stacks, next + oparg, popItem(stack));
        Stacks.set(stacks, next, popItem(stack));
        break;
      case op.SEND:
        Stacks.set(stacks, next + oparg, stack);
        Stacks.set(stacks, next, stack);
        break;
      case op.JUMP_FORWARD:
        Stacks.set(stacks, next + oparg, stack);
        break;
      case op.JUMP_BACKWARD:
      case op.JUMP_BACKWARD_NO_INTERRUPT:
        if (Stacks.at(stacks, next - oparg) == UNKNOWN) again = true;
        Stacks.set(stacks, next - oparg, stack);
        break;
      case op.FOR_ITER:
        Stacks.set(stacks, next, pushItem(stack, OBJECT));
        Stacks.set(stacks, next + oparg, pushItem(stack, OBJECT));
        break;
      case op.RETURN_VALUE:
      case op.RETURN_CONST:
      case op.RAISE_VARARGS:
      case op.RERAISE:
        break;
      default:
        Stacks.set(stacks, next, stackAfter(stack, opcode, oparg));
    }
  }
  return again;
}

/** One pass over the handlers of exceptions. */
function passHandlers(code: usize, stacks: usize): bool {
  const table = PyCodeObject.at(code).co_exceptiontable;
  let p: usize = PyBytesObject.at(table).ob_sval;
  const end = p + <usize>Py.SIZE(table);
  const row = Scratch.take(2);
  const entry = exception_entry.at(row);
  let again = false;
  while (p < end) {
    p = readExceptionEntry(p, row);
    const stack = Stacks.at(stacks, entry.start);
    if (stack == UNKNOWN || Stacks.at(stacks, entry.target) != UNKNOWN) continue;
    again = true;
    let target = popToLevel(stack, entry.depth >> 1);
    if (entry.depth & 1) target = pushItem(target, LASTI);
    Stacks.set(stacks, entry.target, pushItem(target, EXCEPT));
  }
  Scratch.give(row);
  return again;
}

/** The stacks of the code: a block; null with MemoryError. */
function markStacks(code: usize): usize {
  const n = Py.SIZE(code);
  const stacks = PyMem_Malloc((<usize>n + 1) << 3);
  if (stacks == 0) return PyErr_NoMemory();
  Stacks.set(stacks, 0, EMPTY);
  for (let i = 1; i <= n; i++) Stacks.set(stacks, i, UNKNOWN);
  let more: bool = true;
  while (more) {
    const jumps = passInstructions(code, stacks);
    more = passHandlers(code, stacks) || jumps;
  }
  return stacks;
}

/** Whether values of one stack can stand where those of the other do, after some have been dropped. */
function compatibleStack(from: i64, to: i64): bool {
  if (from < 0 || to < 0) return false;
  while (from > to) from = popItem(from);
  for (; from != 0; from = popItem(from), to = popItem(to)) {
    const a = from & 7;
    const b = to & 7;
    if (b == 0 || (b == OBJECT ? a == NULL : b != NULL && a != b)) return false;
  }
  return to == 0;
}

/** Why a frame cannot go to where the stack is this. */
function whyNot(to: i64): string {
  if (to == TOO_DEEP) return "stack is too deep to analyze";
  if (to == UNKNOWN) return "can't jump into an exception handler, or code may be unreachable";
  const top = to & 7;
  if (top == EXCEPT) return "can't jump into an 'except' block as there's no exception";
  if (top == LASTI) return "can't jump into a re-raising block as there's no location";
  if (top == ITERATOR) return "can't jump into the body of a for loop";
  return "incompatible stacks";
}

/**
 * Whether what happens now allows the frame to jump; false with ValueError. Besides the frame that is told about, one of a
 * suspended generator stands between two instructions; others are amid one, have not begun or have ended, and CPython
 * reads what is not there.
 */
function mayJump(frame: usize, suspended: bool): bool {
  const ts = PyThreadState.at(tstate);
  const event = ts.what_event;
  if (event < 0 || (ts.told_frame != frame && !suspended)) {
    PyErr_SetString(PyExc_ValueError, "f_lineno can only be set in a trace function");
    return false;
  }
  switch (event) {
    case PY_RESUME:
    case JUMP:
    case BRANCH:
    case LINE:
    case PY_YIELD:
      return true;
    case PY_START:
      PyErr_SetString(PyExc_ValueError, "can't jump from the 'call' trace event of a new frame");
      return false;
    case CALL:
    case C_RETURN:
      PyErr_SetString(PyExc_ValueError, "can't jump during a call");
      return false;
    case STOP_ITERATION:
      PyErr_SetString(PyExc_SystemError, "unexpected event type");
      return false;
    default:
      PyErr_SetString(PyExc_ValueError, "can only jump from a 'line' trace event");
      return false;
  }
}

/** Gives None to the variables that have no value, as the compiler may rely on one: false with an exception. */
function bindAll(frame: usize): bool {
  const f = _PyInterpreterFrame.at(frame);
  const n = PyCodeObject.at(f.f_executable).co_nlocalsplus;
  let unbound = 0;
  for (let i = 0; i < n; i++) if (Py.item(f.localsplus, i) == 0) unbound++;
  if (unbound == 0) return true;
  const message = "assigning None to %d unbound local%L";
  const plural = changetype<usize>(unbound == 1 ? "" : "s");
  if (PyErr_WarnFormat(PyExc_RuntimeWarning, 0, message, unbound, plural) < 0) return false;
  for (let i = 0; i < n; i++) if (Py.item(f.localsplus, i) == 0) Py.setItem(f.localsplus, i, _Py_NoneStruct);
  return true;
}

/** Takes the top of the frame's stack: the reference is the caller's. */
function popFrom(frame: usize): usize {
  const f = _PyInterpreterFrame.at(frame);
  f.stacktop = f.stacktop - 1;
  return Py.item(f.localsplus, f.stacktop);
}

/** The line that has code, at or after `line`; -1 where there is none. `starts`: lines by code unit, -1 where none begins. */
function firstLineNotBefore(starts: usize, n: i32, line: i32): i32 {
  let found = -1;
  for (let i = 0; i < n; i++) {
    const candidate = load<i32>(starts + ((<usize>i) << 2));
    if (candidate >= line && (found < 0 || candidate < found)) found = candidate;
  }
  return found;
}

/** The lines where each begins, -1 elsewhere: a block; null with MemoryError. */
function lineStarts(code: usize): usize {
  const n = Py.SIZE(code);
  const starts = PyMem_Malloc((<usize>n) << 2);
  if (starts == 0) return PyErr_NoMemory();
  codeLines(code, starts);
  let last = -1;
  for (let i = 0; i < n; i++) {
    const p = starts + ((<usize>i) << 2);
    const line = load<i32>(p);
    if (line == last) store<i32>(p, -1);
    else if (line >= 0) last = line;
  }
  return starts;
}

/** Has the frame go on at another line: 0, or -1 with an exception. `value`: the line, null for a deletion. */
export function setLine(o: usize, value: usize): i32 {
  const fo = PyFrameObject.at(o);
  const frame = fo.f_frame;
  const f = _PyInterpreterFrame.at(frame);
  const code = f.f_executable;
  if (value == 0) {
    PyErr_SetString(PyExc_AttributeError, "cannot delete attribute");
    return -1;
  }
  if (Py.TYPE(value) != PyLong_Type) {
    PyErr_SetString(PyExc_ValueError, "lineno must be an integer");
    return -1;
  }
  const state =
    f.owner == FRAME_OWNED_BY_GENERATOR ? <i8>PyGenObject.at(frame - PyGenObject_gi_iframe).gi_frame_state : 0;
  const suspended = state == -1 || state == -2;
  if (!mayJump(frame, suspended)) return -1;
  const wide = PyLong_AsLongLongAndOverflow(value);
  if (wide != <i64>(<i32>wide) || (wide == -1 && PyErr_Occurred() != 0)) {
    PyErr_SetString(PyExc_ValueError, "lineno out of range");
    return -1;
  }
  if (<i32>wide < PyCodeObject.at(code).co_firstlineno) {
    PyErr_Format(PyExc_ValueError, "line %d comes before the current code block", <i32>wide);
    return -1;
  }
  const starts = lineStarts(code);
  if (starts == 0) return -1;
  const n = Py.SIZE(code);
  const line = firstLineNotBefore(starts, n, <i32>wide);
  const stacks: usize = line < 0 ? 0 : markStacks(code);
  if (stacks == 0) {
    if (line < 0) PyErr_Format(PyExc_ValueError, "line %d comes after the current code block", <i32>wide);
    PyMem_Free(starts);
    return -1;
  }
  const units = PyCodeObject.at(code).co_code_adaptive;
  let from = Stacks.at(stacks, <i32>((f.instr_ptr - units) >> 1));
  let best: i64 = TOO_DEEP;
  let target = -1;
  let why = "cannot find bytecode for specified line";
  for (let i = 0; i < n; i++) {
    if (load<i32>(starts + ((<usize>i) << 2)) != line) continue;
    const to = Stacks.at(stacks, i);
    if (compatibleStack(from, to)) {
      if (to > best) {
        best = to;
        target = i;
      }
    } else if (target < 0) {
      if (from == TOO_DEEP) why = "stack to deep to analyze";
      else if (from == UNKNOWN) why = "can't jump from unreachable code";
      else why = whyNot(to);
    }
  }
  PyMem_Free(stacks);
  PyMem_Free(starts);
  if (target < 0) {
    PyErr_SetString(PyExc_ValueError, why);
    return -1;
  }
  if (!bindAll(frame)) return -1;
  // The value yielded is not on the stack any more.
  if (suspended) from = popItem(from);
  for (; from > best; from = popItem(from)) {
    const v = popFrom(frame);
    if ((from & 7) == EXCEPT) {
      const handled = PyErr_StackItem.at(PyThreadState.at(tstate).exc_info);
      Py.SETREF(handled.exc_value_slot, v == _Py_NoneStruct ? 0 : v);
    } else Py.XDECREF(v);
  }
  fo.f_lineno = 0;
  f.instr_ptr = units + ((<usize>target) << 1);
  return 0;
}
