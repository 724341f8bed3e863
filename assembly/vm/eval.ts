// The evaluation loop (CPython 3.13's Python/ceval.c and bytecodes.c).
//
// One switch over the opcode. What is hot is written in it; every other instruction is a function of its own in
// ops/ with one convention: it receives (frame, sp, oparg), sp pointing past the top of the value stack, and
// returns the new sp, or 0 with an exception set, and then its inputs are still on the stack.
//
// Invariants: frame.instr_ptr is the instruction that runs. frame.stacktop is right while the frame does not run
// (calls, yields) and while native code may look at it. A Python function calling a Python function does not recurse
// here: the called frame becomes `f`, and return_offset says where the calling one goes on.
//
// The instructions are those of spec/opcodes.json: the cases that only call a function are generated from it, and so are
// the caches' parts and sizes. Which specialised form an instruction takes is decided in specialize.ts.
//
// WebAssembly code that runs is not exchanged for better code until it returns. The loop therefore leaves now and then
// (ENTER_AGAIN) with everything in the frame, and is entered again.

import { _PY_EVAL_EVENTS_MASK, _PY_GIL_DROP_REQUEST_BIT } from "../generated/constants";
import {
  _Py_CODEUNIT,
  _PyInterpreterFrame,
  _PyListIterObject,
  _PyRangeIterObject,
  _PyStackChunk,
  _PyTupleIterObject,
  PyCellObject,
  PyCodeObject,
  PyDictKeysObject,
  PyDictObject,
  PyErr_StackItem,
  PyFunctionObject,
  PyGenObject,
  PyListObject,
  PyMethodObject,
  PyThreadState,
  PyTypeObject,
} from "../generated/layouts";
import * as op from "../generated/opcodes";
import { monitoringRoots, signalRoots, vmRoots } from "../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyCoro_Type,
  PyExc_RecursionError,
  PyExc_StopIteration,
  PyExc_TypeError,
  PyFloat_Type,
  PyFunction_Type,
  PyGen_Type,
  PyList_Type,
  PyListIter_Type,
  PyLong_Type,
  PyMethod_Type,
  PyRangeIter_Type,
  PyTuple_Type,
  PyTupleIter_Type,
  PyType_Type,
} from "../generated/statics";
import { PyObject_Free } from "../memory/pymem";
import { PyCell_New } from "../objects/code/cell";
import { FRAME_OWNED_BY_GENERATOR, FRAME_OWNED_BY_THREAD } from "../objects/code/frameaccess";
import { forgetDepth } from "../objects/code/origins";
import { Instance } from "../objects/containers/dict/instance";
import { Tuple } from "../objects/containers/tuple";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../objects/errors/raise";
import { FRAME_CLEARED, FRAME_EXECUTING, FRAME_SUSPENDED, genOfFrame } from "../objects/generators/generator";
import { Float, float_dealloc, PyFloat_FromDouble } from "../objects/numbers/float/float";
import { Long } from "../objects/numbers/int/access";
import { PyLong_FromLong, PyLong_FromLongLong } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { PyObject_IsTrue } from "../objects/protocol/compare";
import { tstate } from "../thread/current";
import { Breaker } from "../thread/gil";
import { HEADROOM, Recursion } from "../thread/recursion";
import { pushFunctionFrame } from "./arguments";
import { askHost, handlePending } from "./breaker";
import { _PyFrame_ClearExceptCode, _PyThreadState_PopFrame, Frame, NewFrame, Parameters } from "./frame";
import { Told } from "./monitoring/events";
import * as instructions from "./monitoring/instructions";
import * as attributes from "./ops/attributes";
import * as build from "./ops/build";
import * as calls from "./ops/calls";
import * as exceptions from "./ops/exceptions";
import * as generators from "./ops/generators";
import * as imports from "./ops/imports";
import * as match from "./ops/match";
import * as names from "./ops/names";
import * as operators from "./ops/operators";
import { lookOut } from "./signals";
import { despecializeCall, Entry, Inline, specializeCall, specializeInit, specializeResume } from "./specialize";
import { handleException } from "./unwind";

/** What run() returns when it has left only to be entered again. No object has this address. */
const ENTER_AGAIN: usize = 1;
/** In the place of the stack's end after an instruction: it has put a frame above the one that ran. */
const ENTERED: usize = 1;
/** Backward jumps and calls between two exits. */
const TICKS: i32 = 2000;

/**
 * Runs the frame, which it links to the current one, to its end or its next yield: a new reference, or null with an
 * exception. `throwing`: an exception is set already, to be raised where the frame stands.
 */
export function _PyEval_EvalFrame(frame: usize, throwing: bool): usize {
  const ts = PyThreadState.at(tstate);
  if (ts.py_recursion_remaining <= 0 || !Recursion.take()) {
    if (throwing) PyErr_Clear();
    tooDeep();
    endFrame(frame);
    return 0;
  }
  // What native code calls again and again need not jump itself.
  if (vmRoots.host_watch != 0 && Ticks.due()) askHost();
  ts.py_recursion_remaining = ts.py_recursion_remaining - 1;
  _PyInterpreterFrame.at(frame).previous = ts.current_frame;
  ts.current_frame = frame;
  let result = monitoringRoots.version ? run<Watched>(frame, frame, throwing) : run<Plain>(frame, frame, throwing);
  while (result == ENTER_AGAIN) {
    if (signalRoots.watched == 0) lookOut();
    if (vmRoots.host_watch != 0) askHost();
    const current = ts.current_frame;
    result = monitoringRoots.version ? run<Watched>(frame, current, false) : run<Plain>(frame, current, false);
  }
  Recursion.leave();
  return result;
}

/** Sets RecursionError. */
function tooDeep(): void {
  const ts = PyThreadState.at(tstate);
  ts.py_recursion_remaining = ts.py_recursion_remaining + HEADROOM;
  Recursion.lend();
  forgetDepth();
  PyErr_SetString(PyExc_RecursionError, "maximum recursion depth exceeded");
  forgetDepth();
  ts.py_recursion_remaining = ts.py_recursion_remaining - HEADROOM;
  Recursion.takeBack();
}

/** Takes the frame down: its references, and its place on the data stack or its generator's state. */
export function endFrame(frame: usize): void {
  const f = _PyInterpreterFrame.at(frame);
  if (f.owner == FRAME_OWNED_BY_THREAD) {
    const code = f.f_executable;
    _PyFrame_ClearExceptCode(frame);
    Py.DECREF(code);
    _PyThreadState_PopFrame(frame);
    return;
  }
  const gen = PyGenObject.at(genOfFrame(frame));
  const ts = PyThreadState.at(tstate);
  gen.gi_frame_state = FRAME_CLEARED;
  if (ts.exc_info == gen.gi_exc_state) {
    const handled = PyErr_StackItem.at(gen.gi_exc_state);
    ts.exc_info = handled.previous_item;
    handled.previous_item = 0;
  }
  // A frame object that outlives the frame asks it who called.
  _PyFrame_ClearExceptCode(frame);
  Py.CLEAR(PyErr_StackItem.at(gen.gi_exc_state).exc_value_slot);
  f.previous = 0;
}

/** What the loop writes in place for exact ints and floats. */
class Exact {
  /** Drops a reference to an exact float. */
  @inline static dropFloat(o: usize): void {
    const n = load<i32>(o);
    if (n >= 0) {
      store<i32>(o, n - 1);
      if (n == 1) float_dealloc(o);
    }
  }

  /** Drops a reference to an exact int. */
  @inline static dropInt(o: usize): void {
    const n = load<i32>(o);
    if (n >= 0) {
      store<i32>(o, n - 1);
      if (n == 1) PyObject_Free(o);
    }
  }

  /** A new int of a value that is below 2^31 in size; null with MemoryError. */
  @inline static newInt(v: i32): usize {
    return <u32>(v + 5) < 262 ? Long.small(v) : PyLong_FromLong(v);
  }
}

class Ticks {
  /** Counts one backward jump or call: whether it is time to leave the loop and enter it again. */
  @inline static due(): bool {
    const n = vmRoots.ticks - 1;
    vmRoots.ticks = n < 0 ? TICKS : n;
    return n < 0;
  }
}

/** Asks for the lock of the interpreter far more often than a waiting thread does: what is wrong with it shows sooner. */
class Stress {
  @inline static tick(): void {
    if (vmRoots.stress_interval == 0) return;
    if (vmRoots.stress_left != 0) vmRoots.stress_left--;
    else {
      vmRoots.stress_left = vmRoots.stress_interval;
      Breaker.set(tstate, _PY_GIL_DROP_REQUEST_BIT);
    }
  }
}

class Unit {
  /** Bytes of `n` code units. */
  @inline static bytes(n: i32): usize {
    return (<usize>n) << 1;
  }
}

// The loop is compiled twice: as it is, and for when somebody watches, with what instructions need that tell of
// themselves. The parameter says which.
type Plain = u8;
type Watched = u16;

function run<Kind>(entry: usize, start: usize, throwing: bool): usize {
  let f = start;
  const ts = PyThreadState.at(tstate);
  let pc: usize = _PyInterpreterFrame.at(f).instr_ptr;
  let sp = Frame.stack(f);
  // The argument's upper bytes, from EXTENDED_ARG.
  let prefix = 0;
  let next: usize = 0;
  let opcode: i32;
  let oparg: i32;
  let failing = throwing;
  // A thrown exception is raised at the yield where the frame stands, the instruction before.
  let at: usize = throwing ? pc - 2 : 0;
  let fresh = true;
  // The instruction that ran before, and what an instruction is to be taken for, as a difference from what is there.
  let previous: usize = 0;
  let carry: u64 = 0;
  if (sizeof<Kind>() == sizeof<Watched>() && throwing) instructions.thrown(f);
  for (;;) {
    if (failing) {
      // Frames that do not handle it end; the entry frame's end is the end of this run.
      for (;;) {
        Frame.save(f, sp);
        const raising = _PyInterpreterFrame.at(f).instr_ptr;
        const handled = handleException(f, sp, at == 0 ? raising : at, fresh);
        at = 0;
        fresh = true;
        if (handled != 0) {
          sp = handled;
          pc = _PyInterpreterFrame.at(f).instr_ptr;
          // Whether the handler begins a line is asked from here.
          if (sizeof<Kind>() == sizeof<Watched>()) _PyInterpreterFrame.at(f).instr_ptr = raising;
          break;
        }
        const previous = Frame.leave(ts, f);
        const isEntry = f == entry;
        const init: i32 = _PyInterpreterFrame.at(f).runs_init;
        endFrame(f);
        if (isEntry) return 0;
        f = previous;
        _PyInterpreterFrame.at(f).return_offset = 0;
        sp = init != 0 ? calls.dropInstance(f, init) : Frame.stack(f);
      }
    }
    // What goes wrong leaves this loop; what goes well stays in it and pays for no check of failure.
    for (;;) {
      if (sizeof<Kind>() == sizeof<Watched>()) {
        previous = _PyInterpreterFrame.at(f).instr_ptr;
        const word = <u64>load<u16>(pc) ^ carry;
        carry = 0;
        opcode = <i32>(word & 255);
        oparg = prefix | <i32>(word >> 8);
      } else {
        opcode = _Py_CODEUNIT.at(pc).code;
        oparg = prefix | _Py_CODEUNIT.at(pc).arg;
      }
      prefix = 0;
      _PyInterpreterFrame.at(f).instr_ptr = pc;
      pc += 2;
      if (!ASC_NO_ASSERT) Stress.tick();
      switch (opcode) {
        case op.EXTENDED_ARG:
          prefix = oparg << 8;
          continue;
        case op.RESUME:
        case op.RESUME_CHECK: {
          // The events' version is right, and nothing is asked for.
          if (ts.eval_breaker == Frame.code(f)._co_instrumentation_version) {
            if (opcode == op.RESUME) specializeResume(pc - 2);
            continue;
          }
          Frame.save(f, sp);
          if (instructions.resume(f, pc - 2, oparg) < 0) {
            next = 0;
            break;
          }
          pc = monitoringRoots.next;
          continue;
        }
        case op.NOP:
          continue;
        case op.LOAD_FAST: {
          const v: usize = load<u32>(Frame.local(f, oparg));
          Py.INCREF(v);
          store<u64>(sp, v);
          sp += 8;
          continue;
        }
        case op.LOAD_FAST_LOAD_FAST: {
          const v: usize = load<u32>(Frame.local(f, oparg >> 4));
          const w: usize = load<u32>(Frame.local(f, oparg & 15));
          Py.INCREF(v);
          Py.INCREF(w);
          store<u64>(sp, v);
          Py.setItem(sp, 1, w);
          sp += 16;
          continue;
        }
        case op.LOAD_FAST_CHECK: {
          const v: usize = load<u32>(Frame.local(f, oparg));
          if (v == 0) {
            names.unboundLocal(f, oparg);
            next = 0;
            break;
          }
          Py.INCREF(v);
          store<u64>(sp, v);
          sp += 8;
          continue;
        }
        case op.LOAD_FAST_AND_CLEAR: {
          const p = Frame.local(f, oparg);
          store<u64>(sp, load<u64>(p));
          store<u64>(p, 0);
          sp += 8;
          continue;
        }
        case op.LOAD_CONST: {
          const v = Frame.constant(f, oparg);
          Py.INCREF(v);
          store<u64>(sp, v);
          sp += 8;
          continue;
        }
        case op.STORE_FAST: {
          sp -= 8;
          const p = Frame.local(f, oparg);
          const old: usize = load<u32>(p);
          store<u64>(p, load<u64>(sp));
          if (old != 0) Py.DECREF(old);
          continue;
        }
        case op.STORE_FAST_LOAD_FAST: {
          const p = Frame.local(f, oparg >> 4);
          const old: usize = load<u32>(p);
          store<u64>(p, load<u64>(sp - 8));
          const v: usize = load<u32>(Frame.local(f, oparg & 15));
          Py.INCREF(v);
          store<u64>(sp - 8, v);
          if (old != 0) Py.DECREF(old);
          continue;
        }
        case op.STORE_FAST_STORE_FAST: {
          sp -= 16;
          const p = Frame.local(f, oparg >> 4);
          const q = Frame.local(f, oparg & 15);
          const old: usize = load<u32>(p);
          store<u64>(p, load<u64>(sp + 8));
          // The second is taken from the stack before anything that may run Python.
          const w = load<u64>(sp);
          const old2: usize = p == q ? 0 : load<u32>(q);
          if (p == q) {
            const first: usize = load<u32>(p);
            store<u64>(q, w);
            Py.DECREF(first);
          } else {
            store<u64>(q, w);
          }
          if (old != 0) Py.DECREF(old);
          if (old2 != 0) Py.DECREF(old2);
          continue;
        }
        case op.POP_TOP: {
          sp -= 8;
          Py.DECREF(load<u32>(sp));
          continue;
        }
        case op.END_FOR: {
          sp -= 8;
          Py.DECREF(load<u32>(sp));
          continue;
        }
        case op.PUSH_NULL: {
          store<u64>(sp, 0);
          sp += 8;
          continue;
        }
        case op.COPY: {
          const v: usize = load<u32>(sp - ((<usize>oparg) << 3));
          Py.XINCREF(v);
          store<u64>(sp, v);
          sp += 8;
          continue;
        }
        case op.SWAP: {
          const p = sp - ((<usize>oparg) << 3);
          const v = load<u64>(sp - 8);
          store<u64>(sp - 8, load<u64>(p));
          store<u64>(p, v);
          continue;
        }
        case op.JUMP_FORWARD: {
          pc += Unit.bytes(oparg);
          continue;
        }
        case op.JUMP_BACKWARD: {
          pc = pc + op.JUMP_BACKWARD_SKIP - Unit.bytes(oparg);
          if (ts.eval_breaker & _PY_EVAL_EVENTS_MASK) {
            Frame.save(f, sp);
            if (handlePending() < 0) {
              next = 0;
              break;
            }
          } else if (Ticks.due()) {
            _PyInterpreterFrame.at(f).instr_ptr = pc;
            Frame.save(f, sp);
            return ENTER_AGAIN;
          }
          continue;
        }
        case op.JUMP_BACKWARD_NO_INTERRUPT: {
          pc -= Unit.bytes(oparg);
          continue;
        }
        // The compiler puts TO_BOOL or a comparison before these two: the value is True or False, both immortal.
        case op.POP_JUMP_IF_FALSE: {
          sp -= 8;
          pc += op.POP_JUMP_IF_FALSE_SKIP;
          if (load<u32>(sp) == <u32>_Py_FalseStruct) pc += Unit.bytes(oparg);
          continue;
        }
        case op.POP_JUMP_IF_TRUE: {
          sp -= 8;
          pc += op.POP_JUMP_IF_TRUE_SKIP;
          if (load<u32>(sp) == <u32>_Py_TrueStruct) pc += Unit.bytes(oparg);
          continue;
        }
        case op.POP_JUMP_IF_NONE: {
          sp -= 8;
          pc += op.POP_JUMP_IF_NONE_SKIP;
          const v: usize = load<u32>(sp);
          if (v == _Py_NoneStruct) pc += Unit.bytes(oparg);
          else Py.DECREF(v);
          continue;
        }
        case op.POP_JUMP_IF_NOT_NONE: {
          sp -= 8;
          pc += op.POP_JUMP_IF_NOT_NONE_SKIP;
          const v: usize = load<u32>(sp);
          if (v != _Py_NoneStruct) {
            Py.DECREF(v);
            pc += Unit.bytes(oparg);
          }
          continue;
        }
        case op.TO_BOOL: {
          pc += op.TO_BOOL_SKIP;
          const v: usize = load<u32>(sp - 8);
          if (v == _Py_TrueStruct || v == _Py_FalseStruct) continue;
          if (v == _Py_NoneStruct) {
            store<u64>(sp - 8, _Py_FalseStruct);
            continue;
          }
          let truth: i32;
          if (Py.TYPE(v) == PyLong_Type) truth = Long.isZero(v) ? 0 : 1;
          else truth = PyObject_IsTrue(v);
          if (truth < 0) {
            next = 0;
            break;
          }
          store<u64>(sp - 8, truth ? _Py_TrueStruct : _Py_FalseStruct);
          Py.DECREF(v);
          continue;
        }
        case op.UNARY_NOT: {
          store<u64>(sp - 8, load<u32>(sp - 8) == <u32>_Py_TrueStruct ? _Py_FalseStruct : _Py_TrueStruct);
          continue;
        }
        case op.IS_OP: {
          sp -= 8;
          const w: usize = load<u32>(sp);
          const v: usize = load<u32>(sp - 8);
          store<u64>(sp - 8, (v == w) != (oparg != 0) ? _Py_TrueStruct : _Py_FalseStruct);
          Py.DECREF(v);
          Py.DECREF(w);
          continue;
        }
        case op.BINARY_OP_ADD_INT:
        case op.BINARY_OP_SUBTRACT_INT:
        case op.BINARY_OP_MULTIPLY_INT: {
          pc += op.BINARY_OP_SKIP;
          const w: usize = load<u32>(sp - 8);
          const v: usize = load<u32>(sp - 16);
          if (Py.TYPE(v) == PyLong_Type && Py.TYPE(w) == PyLong_Type && Long.bothCompact(v, w)) {
            const a = Long.compactValue(v);
            const b = Long.compactValue(w);
            const r =
              opcode == op.BINARY_OP_MULTIPLY_INT
                ? PyLong_FromLongLong(<i64>a * <i64>b)
                : Exact.newInt(opcode == op.BINARY_OP_ADD_INT ? a + b : a - b);
            if (r == 0) {
              next = 0;
              break;
            }
            sp -= 8;
            store<u64>(sp - 8, r);
            Exact.dropInt(v);
            Exact.dropInt(w);
            continue;
          }
          next = operators.binaryOp(f, sp, oparg);
          break;
        }
        case op.BINARY_OP_ADD_FLOAT:
        case op.BINARY_OP_SUBTRACT_FLOAT:
        case op.BINARY_OP_MULTIPLY_FLOAT: {
          pc += op.BINARY_OP_SKIP;
          const w: usize = load<u32>(sp - 8);
          const v: usize = load<u32>(sp - 16);
          if (Py.TYPE(v) == PyFloat_Type && Py.TYPE(w) == PyFloat_Type) {
            const a = Float.value(v);
            const b = Float.value(w);
            const r = PyFloat_FromDouble(
              opcode == op.BINARY_OP_ADD_FLOAT ? a + b : opcode == op.BINARY_OP_SUBTRACT_FLOAT ? a - b : a * b,
            );
            if (r == 0) {
              next = 0;
              break;
            }
            sp -= 8;
            store<u64>(sp - 8, r);
            Exact.dropFloat(v);
            Exact.dropFloat(w);
            continue;
          }
          next = operators.binaryOp(f, sp, oparg);
          break;
        }
        case op.BINARY_OP_INPLACE_ADD_UNICODE: {
          pc += op.BINARY_OP_SKIP;
          next = operators.inplaceAddUnicode(f, sp, oparg, pc);
          if (next & 1) {
            // The result is in the local already, the store that follows is done.
            sp = next & ~1;
            pc += 2;
            continue;
          }
          break;
        }
        case op.COMPARE_OP: {
          pc += op.COMPARE_OP_SKIP;
          const w: usize = load<u32>(sp - 8);
          const v: usize = load<u32>(sp - 16);
          if (Py.TYPE(v) == PyLong_Type && Py.TYPE(w) == PyLong_Type && Long.isCompact(v) && Long.isCompact(w)) {
            const a = <i32>Long.compactValue(v);
            const b = <i32>Long.compactValue(w);
            // The low bits of the argument say for which outcomes the comparison holds: equal 8, less 2, greater 4.
            const holds = (oparg & (a < b ? 2 : a == b ? 8 : 4)) != 0;
            Exact.dropInt(v);
            Exact.dropInt(w);
            sp -= 8;
            // What almost always follows is done at once.
            const follows: i32 = _Py_CODEUNIT.at(pc).code;
            if (follows == op.POP_JUMP_IF_FALSE || follows == op.POP_JUMP_IF_TRUE) {
              sp -= 8;
              const target = holds == (follows == op.POP_JUMP_IF_TRUE) ? Unit.bytes(_Py_CODEUNIT.at(pc).arg) : 0;
              pc += 2 + op.POP_JUMP_IF_TRUE_SKIP + target;
              continue;
            }
            store<u64>(sp - 8, holds ? _Py_TrueStruct : _Py_FalseStruct);
            continue;
          }
          next = operators.compareOp(f, sp, oparg);
          break;
        }
        case op.BINARY_SUBSCR: {
          pc += op.BINARY_SUBSCR_SKIP;
          const k: usize = load<u32>(sp - 8);
          const o: usize = load<u32>(sp - 16);
          const type = Py.TYPE(o);
          if ((type == PyList_Type || type == PyTuple_Type) && Py.TYPE(k) == PyLong_Type && Long.isCompact(k)) {
            let i = <i32>Long.compactValue(k);
            const n = Py.SIZE(o);
            if (i < 0) i += n;
            if (<u32>i < <u32>n) {
              const v = Py.item(type == PyList_Type ? PyListObject.at(o).ob_item : Tuple.items(o), i);
              Py.INCREF(v);
              sp -= 8;
              store<u64>(sp - 8, v);
              Py.DECREF(k);
              Py.DECREF(o);
              continue;
            }
          }
          next = operators.binarySubscr(f, sp, oparg);
          break;
        }
        case op.STORE_SUBSCR: {
          pc += op.STORE_SUBSCR_SKIP;
          const k: usize = load<u32>(sp - 8);
          const o: usize = load<u32>(sp - 16);
          if (Py.TYPE(o) == PyList_Type && Py.TYPE(k) == PyLong_Type && Long.isCompact(k)) {
            const i = <i32>Long.compactValue(k);
            if (<u32>i < <u32>Py.SIZE(o)) {
              const p = PyListObject.at(o).ob_item + ((<usize>i) << 3);
              const old: usize = load<u32>(p);
              store<u64>(p, load<u64>(sp - 24));
              sp -= 24;
              Py.DECREF(old);
              Py.DECREF(k);
              Py.DECREF(o);
              continue;
            }
          }
          next = operators.storeSubscr(f, sp, oparg);
          break;
        }
        case op.FOR_ITER: {
          pc += op.FOR_ITER_SKIP;
          const it: usize = load<u32>(sp - 8);
          const type = Py.TYPE(it);
          let v: usize = 0;
          if (type == PyRangeIter_Type) {
            const r = _PyRangeIterObject.at(it);
            const n = r.len;
            if (n > 0) {
              const value = r.start;
              v = PyLong_FromLongLong(value);
              if (v == 0) {
                next = 0;
                break;
              }
              r.start = value + r.step;
              r.len = n - 1;
            }
          } else if (type == PyListIter_Type) {
            const li = _PyListIterObject.at(it);
            const seq = li.it_seq;
            if (seq != 0) {
              const i = li.it_index;
              if (<u32>i < <u32>Py.SIZE(seq)) {
                li.it_index = i + 1;
                v = Py.NewRef(Py.item(PyListObject.at(seq).ob_item, i));
              } else {
                li.it_seq = 0;
                li.it_index = -1;
                Py.DECREF(seq);
              }
            }
          } else if (type == PyTupleIter_Type) {
            const ti = _PyTupleIterObject.at(it);
            const seq = ti.it_seq;
            if (seq != 0) {
              const i = ti.it_index;
              if (i < Py.SIZE(seq)) {
                ti.it_index = i + 1;
                v = Py.NewRef(Tuple.get(seq, i));
              } else {
                ti.it_seq = 0;
                Py.DECREF(seq);
              }
            }
          } else if (
            type == PyGen_Type &&
            <i8>PyGenObject.at(it).gi_frame_state < <i8>FRAME_EXECUTING &&
            ts.py_recursion_remaining > 0 &&
            // An instruction that begins a line is not specialised, and then the generator's end is no event.
            (sizeof<Kind>() == sizeof<Plain>() || load<u8>(_PyInterpreterFrame.at(f).instr_ptr) == op.FOR_ITER)
          ) {
            // The generator's frame runs above this one; its end goes on at END_FOR, which drops its value.
            Frame.save(f, sp);
            Frame.enter(ts, f, generators.resumed(it, _Py_NoneStruct), 2 + op.FOR_ITER_SKIP + Unit.bytes(oparg));
            next = ENTERED;
            break;
          } else {
            Frame.save(f, sp);
            const iternext = PyTypeObject.at(type).tp_iternext;
            // The function of a generator expression can be called with anything.
            if (iternext == 0) {
              PyErr_Format(PyExc_TypeError, "'%t' object is not an iterator", it);
              next = 0;
              break;
            }
            v = call_indirect<usize>(iternext, it);
            if (v == 0 && PyErr_Occurred() != 0) {
              if (!PyErr_ExceptionMatches(PyExc_StopIteration)) {
                next = 0;
                break;
              }
              if (sizeof<Kind>() == sizeof<Watched>()) Told.raise(f, _PyInterpreterFrame.at(f).instr_ptr);
              PyErr_Clear();
            }
          }
          if (v != 0) {
            // What almost always follows is done at once.
            if (_Py_CODEUNIT.at(pc).code == op.STORE_FAST) {
              const p = Frame.local(f, _Py_CODEUNIT.at(pc).arg);
              const old: usize = load<u32>(p);
              store<u64>(p, v);
              pc += 2;
              if (old != 0) Py.DECREF(old);
              continue;
            }
            store<u64>(sp, v);
            sp += 8;
            continue;
          }
          // The end: past END_FOR and the POP_TOP after it.
          sp -= 8;
          Py.DECREF(it);
          pc += Unit.bytes(oparg) + 4;
          continue;
        }
        // biome-ignore lint/suspicious/noFallthroughSwitchClause: what is not as expected goes the general way
        case op.CALL_PY_EXACT_ARGS: {
          const base = sp - ((<usize>(oparg + 2)) << 3);
          const callable: usize = load<u32>(base);
          if (
            Py.TYPE(callable) == PyFunction_Type &&
            PyFunctionObject.at(callable).func_version == op.CallCache.at(pc).func_version
          ) {
            const code = PyFunctionObject.at(callable).func_code;
            const co = PyCodeObject.at(code);
            const argv = base + (Py.item(base, 1) != 0 ? 8 : 16);
            const nf = ts.datastack_top;
            const end = nf + ((<usize>co.co_framesize) << 3);
            if (
              <usize>co.co_argcount == (sp - argv) >> 3 &&
              end < ts.datastack_limit &&
              ts.py_recursion_remaining > 0
            ) {
              ts.datastack_top = end;
              Frame.save(f, base);
              NewFrame.init(nf, callable, code);
              let p = Frame.local(nf, 0);
              for (let q = argv; q < sp; q += 8, p += 8) store<u64>(p, load<u64>(q));
              sp = Frame.local(nf, co.co_nlocalsplus);
              for (; p < sp; p += 8) store<u64>(p, 0);
              Frame.enter(ts, f, nf, 2 + op.CALL_SKIP);
              f = nf;
              pc = co.co_code_adaptive;
              if (Ticks.due()) return ENTER_AGAIN;
              continue;
            }
          } else despecializeCall(f);
        }
        case op.CALL:
        case op.CALL_ALLOC_AND_ENTER_INIT: {
          pc += op.CALL_SKIP;
          const base = sp - ((<usize>(oparg + 2)) << 3);
          let callable: usize = load<u32>(base);
          let self = Py.item(base, 1);
          if (self == 0 && Py.TYPE(callable) == PyMethod_Type) {
            // A bound method: its function and its object take their places.
            const m = PyMethodObject.at(callable);
            self = Py.NewRef(m.im_self);
            const func = Py.NewRef(m.im_func);
            store<u64>(base, func);
            Py.setItem(base, 1, self);
            Py.DECREF(callable);
            callable = func;
          }
          const argv = self != 0 ? base + 8 : base + 16;
          const n = self != 0 ? oparg + 1 : oparg;
          const type = Py.TYPE(callable);
          let nf: usize = 0;
          if (type == PyFunction_Type && calls.isPythonFunction(callable)) {
            if (ts.py_recursion_remaining <= 0) {
              tooDeep();
              next = 0;
              break;
            }
            const code = PyFunctionObject.at(callable).func_code;
            // The arguments move into the new frame, and so does the reference to the function.
            Frame.save(f, base);
            if (Parameters.areExactly(code, n)) {
              nf = calls.pushExact(callable, code, argv, n);
              if (nf != 0) specializeCall(f, callable);
            } else {
              nf = pushFunctionFrame(callable, 0, argv, n, 0);
            }
            sp = base;
            if (nf == 0) {
              next = 0;
              break;
            }
          } else if (type == PyType_Type && self == 0) {
            nf = calls.pushInit(f, sp, oparg, specializeInit(f, callable, oparg));
            if (nf == calls.INIT_FAILED) {
              sp = Frame.stack(f);
              next = 0;
              break;
            }
          }
          if (nf != 0) {
            Frame.enter(ts, f, nf, 2 + op.CALL_SKIP);
            next = ENTERED;
            break;
          }
          Frame.save(f, sp);
          const r = calls.callOther(callable, argv, n);
          Py.DECREF(callable);
          for (let p = argv; p < sp; p += 8) Py.DECREF(load<u32>(p));
          sp = base;
          if (r == 0) {
            next = 0;
            break;
          }
          store<u64>(sp, r);
          sp += 8;
          if (ts.eval_breaker & _PY_EVAL_EVENTS_MASK) {
            Frame.save(f, sp);
            if (handlePending() < 0) {
              next = 0;
              break;
            }
          }
          continue;
        }
        case op.CALL_KW:
        case op.CALL_FUNCTION_EX: {
          if (opcode == op.CALL_KW) next = calls.callKw(f, sp, oparg);
          else next = calls.callFunctionEx(f, sp, oparg);
          if (next == 0) {
            // What was on the stack for the call is gone.
            sp = Frame.stack(f);
            next = 0;
            break;
          }
          if (next & 1) {
            // A Python function: its frame waits above this one.
            Frame.enter(ts, f, next & ~1, 2);
            next = ENTERED;
            break;
          }
          sp = next;
          if (ts.eval_breaker & _PY_EVAL_EVENTS_MASK) {
            Frame.save(f, sp);
            if (handlePending() < 0) {
              next = 0;
              break;
            }
          }
          continue;
        }
        case op.RETURN_CONST:
        case op.RETURN_VALUE: {
          let v: usize;
          if (opcode == op.RETURN_CONST) {
            v = Py.NewRef(Frame.constant(f, oparg));
          } else {
            sp -= 8;
            v = load<u32>(sp);
          }
          Frame.save(f, sp);
          const previous = Frame.leave(ts, f);
          const isEntry = f == entry;
          const frame = _PyInterpreterFrame.at(f);
          const init: i32 = frame.runs_init;
          if (frame.owner == FRAME_OWNED_BY_GENERATOR) endFrame(f);
          else if (frame.f_locals != 0 || frame.frame_obj != 0) calls.leaveFrame(f);
          else {
            // Nobody else sees the frame: no f_locals, no frame object.
            for (let p = Frame.local(f, 0); p < sp; p += 8) {
              const o: usize = load<u32>(p);
              if (o != 0) {
                store<u64>(p, 0);
                Py.DECREF(o);
              }
            }
            Py.DECREF(frame.f_funcobj);
            Py.DECREF(frame.f_executable);
            if (f == _PyStackChunk.at(ts.datastack_chunk).data) _PyThreadState_PopFrame(f);
            else ts.datastack_top = f;
          }
          if (isEntry) return v;
          f = previous;
          pc = Frame.afterCall(f);
          sp = Frame.stack(f);
          if (init != 0) {
            // The new object is on the stack already; what __init__ returns must be None.
            if (v == _Py_NoneStruct) {
              if (init != calls.INIT_ENTERED) sp = calls.dropOperands(f, init);
              continue;
            }
            calls.initReturned(v);
            sp = calls.dropInstance(f, init);
            next = 0;
            break;
          }
          store<u64>(sp, v);
          sp += 8;
          continue;
        }
        case op.YIELD_VALUE: {
          sp -= 8;
          const v: usize = load<u32>(sp);
          const gen = PyGenObject.at(genOfFrame(f));
          gen.gi_frame_state = <u8>(<i32>(<i8>FRAME_SUSPENDED) + oparg);
          _PyInterpreterFrame.at(f).instr_ptr = pc;
          Frame.save(f, sp);
          const handled = PyErr_StackItem.at(gen.gi_exc_state);
          ts.exc_info = handled.previous_item;
          handled.previous_item = 0;
          const previous = Frame.leave(ts, f);
          _PyInterpreterFrame.at(f).previous = 0;
          if (f == entry) return v;
          f = previous;
          // Past FOR_ITER or SEND and its one cache entry.
          pc = _PyInterpreterFrame.at(f).instr_ptr + 2 + op.SEND_SKIP;
          _PyInterpreterFrame.at(f).return_offset = 0;
          sp = Frame.stack(f);
          store<u64>(sp, v);
          sp += 8;
          continue;
        }
        case op.RETURN_GENERATOR: {
          _PyInterpreterFrame.at(f).instr_ptr = pc;
          Frame.save(f, sp);
          const gen = generators.makeGenerator(f);
          if (gen == 0) {
            next = 0;
            break;
          }
          const previous = Frame.leave(ts, f);
          const isEntry = f == entry;
          // What the frame held moved into the generator: only its place is given back.
          _PyThreadState_PopFrame(f);
          if (isEntry) return gen;
          f = previous;
          pc = Frame.afterCall(f);
          sp = Frame.stack(f);
          store<u64>(sp, gen);
          sp += 8;
          continue;
        }
        case op.SEND: {
          pc += op.SEND_SKIP;
          const gen: usize = load<u32>(sp - 16);
          const type = Py.TYPE(gen);
          if (
            (type == PyGen_Type || type == PyCoro_Type) &&
            <i8>PyGenObject.at(gen).gi_frame_state < <i8>FRAME_EXECUTING &&
            ts.py_recursion_remaining > 0
          ) {
            sp -= 8;
            Frame.save(f, sp);
            // The value sent moves to the generator's stack.
            Frame.enter(ts, f, generators.resumed(gen, load<u32>(sp)), 2 + op.SEND_SKIP + Unit.bytes(oparg));
            next = ENTERED;
            break;
          }
          next = generators.send(f, sp, oparg);
          if (next & 1) {
            // The other side has ended with a result.
            next &= ~1;
            pc += Unit.bytes(oparg);
          }
          break;
        }
        case op.LOAD_DEREF: {
          const v = PyCellObject.at(load<u32>(Frame.local(f, oparg))).ob_ref;
          if (v == 0) {
            names.unboundDeref(f, oparg);
            next = 0;
            break;
          }
          Py.INCREF(v);
          store<u64>(sp, v);
          sp += 8;
          continue;
        }
        case op.STORE_DEREF: {
          sp -= 8;
          Py.SETREF(PyCellObject.at(load<u32>(Frame.local(f, oparg))).ob_ref_slot, load<u32>(sp));
          continue;
        }
        case op.COPY_FREE_VARS: {
          const closure = PyFunctionObject.at(_PyInterpreterFrame.at(f).f_funcobj).func_closure;
          const n = Frame.code(f).co_nlocalsplus;
          for (let i = 0; i < oparg; i++) store<u64>(Frame.local(f, n - oparg + i), Py.NewRef(Tuple.get(closure, i)));
          continue;
        }
        case op.MAKE_CELL: {
          const p = Frame.local(f, oparg);
          const v: usize = load<u32>(p);
          const cell = PyCell_New(v);
          if (cell == 0) {
            next = 0;
            break;
          }
          store<u64>(p, cell);
          Py.XDECREF(v);
          continue;
        }
        case op.LOAD_GLOBAL_MODULE:
        case op.LOAD_GLOBAL_BUILTIN: {
          // A version belongs to one table of keys: it names the dict too.
          const globals = PyDictObject.at(_PyInterpreterFrame.at(f).f_globals).ma_keys;
          const isGlobal = opcode == op.LOAD_GLOBAL_MODULE;
          const keys = isGlobal ? globals : PyDictObject.at(_PyInterpreterFrame.at(f).f_builtins).ma_keys;
          const cache = op.LoadGlobalCache.at(pc);
          if (
            PyDictKeysObject.at(globals).dk_version == <u32>cache.module_keys_version &&
            (isGlobal || PyDictKeysObject.at(keys).dk_version == <u32>cache.builtin_keys_version)
          ) {
            const v = Entry.value(keys, cache.index);
            if (v != 0) {
              Py.INCREF(v);
              store<u64>(sp, v);
              sp += 8;
              // Only then is there room for it: the stack may end here.
              if (oparg & 1) {
                store<u64>(sp, 0);
                sp += 8;
              }
              pc += op.LOAD_GLOBAL_SKIP;
              continue;
            }
          }
          pc += op.LOAD_GLOBAL_SKIP;
          next = names.loadGlobal(f, sp, oparg);
          break;
        }
        case op.LOAD_ATTR_INSTANCE_VALUE:
        case op.LOAD_ATTR_SLOT: {
          const o: usize = load<u32>(sp - 8);
          const t = PyTypeObject.at(Py.TYPE(o));
          if (
            t.tp_version_tag == op.LoadAttrCache.at(pc).version &&
            (opcode == op.LOAD_ATTR_SLOT || Inline.values(o, t).valid != 0)
          ) {
            const v: usize = load<u32>(o + <usize>op.LoadAttrCache.at(pc).index);
            if (v != 0) {
              Py.INCREF(v);
              store<u64>(sp - 8, v);
              Py.DECREF(o);
              if (oparg & 1) {
                store<u64>(sp, 0);
                sp += 8;
              }
              pc += op.LOAD_ATTR_SKIP;
              continue;
            }
          }
          pc += op.LOAD_ATTR_SKIP;
          next = attributes.loadAttr(f, sp, oparg);
          break;
        }
        case op.LOAD_ATTR_MODULE:
        case op.LOAD_ATTR_CLASS:
        case op.LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES:
        case op.LOAD_ATTR_NONDESCRIPTOR_NO_DICT: {
          const o: usize = load<u32>(sp - 8);
          const v = attributes.cachedAttr(o, pc, opcode);
          pc += op.LOAD_ATTR_SKIP;
          if (v != 0) {
            Py.INCREF(v);
            store<u64>(sp - 8, v);
            Py.DECREF(o);
            if (oparg & 1) {
              store<u64>(sp, 0);
              sp += 8;
            }
            continue;
          }
          next = attributes.loadAttr(f, sp, oparg);
          break;
        }
        case op.LOAD_ATTR_PROPERTY: {
          const o: usize = load<u32>(sp - 8);
          const version = op.LoadAttrCache.at(pc).version;
          const property = op.LoadAttrCache.at(pc).descr;
          pc += op.LOAD_ATTR_SKIP;
          if (PyTypeObject.at(Py.TYPE(o)).tp_version_tag == version) {
            const nf = calls.pushGetter(f, sp, property);
            if (nf == calls.INIT_FAILED) {
              sp = Frame.stack(f);
              next = 0;
              break;
            }
            if (nf != 0) {
              Frame.enter(ts, f, nf, 2 + op.LOAD_ATTR_SKIP);
              next = ENTERED;
              break;
            }
          }
          next = attributes.loadAttr(f, sp, oparg);
          break;
        }
        case op.LOAD_ATTR_METHOD_WITH_VALUES:
        case op.LOAD_ATTR_METHOD_NO_DICT: {
          const o: usize = load<u32>(sp - 8);
          const t = PyTypeObject.at(Py.TYPE(o));
          if (
            t.tp_version_tag == op.LoadAttrCache.at(pc).version &&
            (opcode == op.LOAD_ATTR_METHOD_NO_DICT || Inline.hideNothing(o, t, op.LoadAttrCache.at(pc).keys_version))
          ) {
            const descr = op.LoadAttrCache.at(pc).descr;
            Py.INCREF(descr);
            store<u64>(sp - 8, descr);
            store<u64>(sp, o);
            sp += 8;
            pc += op.LOAD_ATTR_SKIP;
            continue;
          }
          pc += op.LOAD_ATTR_SKIP;
          next = attributes.loadAttr(f, sp, oparg);
          break;
        }
        case op.STORE_ATTR_INSTANCE_VALUE:
        case op.STORE_ATTR_SLOT: {
          const o: usize = load<u32>(sp - 8);
          const t = PyTypeObject.at(Py.TYPE(o));
          if (t.tp_version_tag == op.StoreAttrCache.at(pc).version) {
            const p = o + <usize>op.StoreAttrCache.at(pc).index;
            const old: usize = load<u32>(p);
            // A dict must see the changes: not here.
            if (opcode == op.STORE_ATTR_SLOT || (Inline.values(o, t).valid != 0 && Instance.dict(o) == 0)) {
              store<u64>(p, load<u64>(sp - 16));
              sp -= 16;
              pc += op.STORE_ATTR_SKIP;
              if (old != 0) Py.DECREF(old);
              else if (opcode == op.STORE_ATTR_INSTANCE_VALUE) attributes.firstValue(Inline.values(o, t), p);
              Py.DECREF(o);
              continue;
            }
          }
          pc += op.STORE_ATTR_SKIP;
          next = attributes.storeAttr(f, sp, oparg);
          break;
        }
        case op.UNPACK_SEQUENCE:
        case op.UNPACK_SEQUENCE_LIST:
          pc += op.UNPACK_SEQUENCE_SKIP;
          next = build.unpackSequence(f, sp, oparg);
          break;
        case op.UNPACK_SEQUENCE_TWO_TUPLE:
        case op.UNPACK_SEQUENCE_TUPLE: {
          pc += op.UNPACK_SEQUENCE_SKIP;
          const seq: usize = load<u32>(sp - 8);
          if (Py.TYPE(seq) == PyTuple_Type && Py.SIZE(seq) == oparg) {
            sp -= 8;
            for (let i = oparg - 1; i >= 0; i--) {
              store<u64>(sp, Py.NewRef(Tuple.get(seq, i)));
              sp += 8;
            }
            Py.DECREF(seq);
            continue;
          }
          next = build.unpackSequence(f, sp, oparg);
          break;
        }
        case op.END_SEND: {
          const v = load<u64>(sp - 8);
          const receiver: usize = load<u32>(sp - 16);
          sp -= 8;
          store<u64>(sp - 8, v);
          Py.DECREF(receiver);
          continue;
        }
        case op.RERAISE: {
          exceptions.reraise(f, sp, oparg);
          sp -= 8;
          next = exceptions.RERAISED;
          break;
        }
        // Generated by tools/build/generate.mjs from spec/opcodes.json: the instructions that are a call. Do not edit.
        case op.BEFORE_ASYNC_WITH:
          next = exceptions.beforeAsyncWith(f, sp, oparg);
          break;
        case op.BEFORE_WITH:
          next = exceptions.beforeWith(f, sp, oparg);
          break;
        case op.BINARY_SLICE:
          next = operators.binarySlice(f, sp, oparg);
          break;
        case op.CHECK_EG_MATCH:
          next = exceptions.checkEgMatch(f, sp, oparg);
          break;
        case op.CHECK_EXC_MATCH:
          next = exceptions.checkExcMatch(f, sp, oparg);
          break;
        case op.CLEANUP_THROW:
          next = exceptions.cleanupThrow(f, sp, oparg);
          break;
        case op.DELETE_SUBSCR:
          next = operators.deleteSubscr(f, sp, oparg);
          break;
        case op.END_ASYNC_FOR:
          next = exceptions.endAsyncFor(f, sp, oparg);
          break;
        case op.EXIT_INIT_CHECK:
          next = calls.exitInitCheck(f, sp, oparg);
          break;
        case op.FORMAT_SIMPLE:
          next = build.formatSimple(f, sp, oparg);
          break;
        case op.FORMAT_WITH_SPEC:
          next = build.formatWithSpec(f, sp, oparg);
          break;
        case op.GET_AITER:
          next = generators.getAiter(f, sp, oparg);
          break;
        case op.GET_ANEXT:
          next = generators.getAnext(f, sp, oparg);
          break;
        case op.GET_ITER:
          next = operators.getIter(f, sp, oparg);
          break;
        case op.GET_LEN:
          next = match.getLen(f, sp, oparg);
          break;
        case op.GET_YIELD_FROM_ITER:
          next = generators.getYieldFromIter(f, sp, oparg);
          break;
        case op.LOAD_ASSERTION_ERROR:
          next = exceptions.loadAssertionError(f, sp, oparg);
          break;
        case op.LOAD_BUILD_CLASS:
          next = calls.loadBuildClass(f, sp, oparg);
          break;
        case op.LOAD_LOCALS:
          next = names.loadLocals(f, sp, oparg);
          break;
        case op.MAKE_FUNCTION:
          next = calls.makeFunction(f, sp, oparg);
          break;
        case op.MATCH_KEYS:
          next = match.matchKeys(f, sp, oparg);
          break;
        case op.MATCH_MAPPING:
          next = match.matchMapping(f, sp, oparg);
          break;
        case op.MATCH_SEQUENCE:
          next = match.matchSequence(f, sp, oparg);
          break;
        case op.POP_EXCEPT:
          next = exceptions.popExcept(f, sp, oparg);
          break;
        case op.PUSH_EXC_INFO:
          next = exceptions.pushExcInfo(f, sp, oparg);
          break;
        case op.SETUP_ANNOTATIONS:
          next = names.setupAnnotations(f, sp, oparg);
          break;
        case op.STORE_SLICE:
          next = operators.storeSlice(f, sp, oparg);
          break;
        case op.UNARY_INVERT:
          next = operators.unaryInvert(f, sp, oparg);
          break;
        case op.UNARY_NEGATIVE:
          next = operators.unaryNegative(f, sp, oparg);
          break;
        case op.WITH_EXCEPT_START:
          next = exceptions.withExceptStart(f, sp, oparg);
          break;
        case op.BINARY_OP:
          pc += op.BINARY_OP_SKIP;
          next = operators.binaryOp(f, sp, oparg);
          break;
        case op.BUILD_CONST_KEY_MAP:
          next = build.buildConstKeyMap(f, sp, oparg);
          break;
        case op.BUILD_LIST:
          next = build.buildList(f, sp, oparg);
          break;
        case op.BUILD_MAP:
          next = build.buildMap(f, sp, oparg);
          break;
        case op.BUILD_SET:
          next = build.buildSet(f, sp, oparg);
          break;
        case op.BUILD_SLICE:
          next = build.buildSlice(f, sp, oparg);
          break;
        case op.BUILD_STRING:
          next = build.buildString(f, sp, oparg);
          break;
        case op.BUILD_TUPLE:
          next = build.buildTuple(f, sp, oparg);
          break;
        case op.CALL_INTRINSIC_1:
          next = calls.callIntrinsic1(f, sp, oparg);
          break;
        case op.CALL_INTRINSIC_2:
          next = calls.callIntrinsic2(f, sp, oparg);
          break;
        case op.CONTAINS_OP:
          pc += op.CONTAINS_OP_SKIP;
          next = operators.containsOp(f, sp, oparg);
          break;
        case op.CONVERT_VALUE:
          next = build.convertValue(f, sp, oparg);
          break;
        case op.DELETE_ATTR:
          next = attributes.deleteAttr(f, sp, oparg);
          break;
        case op.DELETE_DEREF:
          next = names.deleteDeref(f, sp, oparg);
          break;
        case op.DELETE_FAST:
          next = names.deleteFast(f, sp, oparg);
          break;
        case op.DELETE_GLOBAL:
          next = names.deleteGlobal(f, sp, oparg);
          break;
        case op.DELETE_NAME:
          next = names.deleteName(f, sp, oparg);
          break;
        case op.DICT_MERGE:
          next = build.dictMerge(f, sp, oparg);
          break;
        case op.DICT_UPDATE:
          next = build.dictUpdate(f, sp, oparg);
          break;
        case op.GET_AWAITABLE:
          next = generators.getAwaitable(f, sp, oparg);
          break;
        case op.IMPORT_FROM:
          next = imports.importFrom(f, sp, oparg);
          break;
        case op.IMPORT_NAME:
          next = imports.importName(f, sp, oparg);
          break;
        case op.LIST_APPEND:
          next = build.listAppend(f, sp, oparg);
          break;
        case op.LIST_EXTEND:
          next = build.listExtend(f, sp, oparg);
          break;
        case op.LOAD_ATTR:
          pc += op.LOAD_ATTR_SKIP;
          next = attributes.loadAttr(f, sp, oparg);
          break;
        case op.LOAD_FROM_DICT_OR_DEREF:
          next = names.loadFromDictOrDeref(f, sp, oparg);
          break;
        case op.LOAD_FROM_DICT_OR_GLOBALS:
          next = names.loadFromDictOrGlobals(f, sp, oparg);
          break;
        case op.LOAD_GLOBAL:
          pc += op.LOAD_GLOBAL_SKIP;
          next = names.loadGlobal(f, sp, oparg);
          break;
        case op.LOAD_NAME:
          next = names.loadName(f, sp, oparg);
          break;
        case op.LOAD_SUPER_ATTR:
          pc += op.LOAD_SUPER_ATTR_SKIP;
          next = attributes.loadSuperAttr(f, sp, oparg);
          break;
        case op.MAP_ADD:
          next = build.mapAdd(f, sp, oparg);
          break;
        case op.MATCH_CLASS:
          next = match.matchClass(f, sp, oparg);
          break;
        case op.RAISE_VARARGS:
          next = exceptions.raiseVarargs(f, sp, oparg);
          break;
        case op.SET_ADD:
          next = build.setAdd(f, sp, oparg);
          break;
        case op.SET_FUNCTION_ATTRIBUTE:
          next = calls.setFunctionAttribute(f, sp, oparg);
          break;
        case op.SET_UPDATE:
          next = build.setUpdate(f, sp, oparg);
          break;
        case op.STORE_ATTR:
          pc += op.STORE_ATTR_SKIP;
          next = attributes.storeAttr(f, sp, oparg);
          break;
        case op.STORE_GLOBAL:
          next = names.storeGlobal(f, sp, oparg);
          break;
        case op.STORE_NAME:
          next = names.storeName(f, sp, oparg);
          break;
        case op.UNPACK_EX:
          next = build.unpackEx(f, sp, oparg);
          break;
        // End of what is generated.
        default: {
          if (opcode < op.MIN_INSTRUMENTED_OPCODE) {
            exceptions.unknownOpcode(opcode);
            next = 0;
            break;
          }
          Frame.save(f, sp);
          if (sizeof<Kind>() == sizeof<Plain>()) {
            // Somebody watches from now on. The other loop begins with the prefixes.
            const prefixes = oparg > 0xffffff || oparg < 0 ? 3 : oparg > 0xffff ? 2 : oparg > 0xff ? 1 : 0;
            _PyInterpreterFrame.at(f).instr_ptr = pc - Unit.bytes(prefixes + 1);
            return ENTER_AGAIN;
          }
          const told = instructions.runInstrumented(f, sp, pc - 2, previous, opcode, oparg);
          sp = Frame.stack(f);
          if (told < 0) {
            next = 0;
            break;
          }
          pc = monitoringRoots.next;
          if (told != instructions.AFRESH) carry = (<u64>told | ((<u64>(<u32>oparg)) << 8)) ^ <u64>load<u16>(pc);
          continue;
        }
      }
      if (next <= exceptions.RERAISED) break;
      sp = next;
    }
    failing = next != ENTERED;
    if (!failing) {
      // The current frame is one above f: it is where the loop goes on.
      f = ts.current_frame;
      pc = _PyInterpreterFrame.at(f).instr_ptr;
      sp = Frame.stack(f);
      if (Ticks.due()) return ENTER_AGAIN;
      continue;
    }
    fresh = next == 0;
    if (!fresh) {
      at = pc - 2;
      if (sizeof<Kind>() == sizeof<Watched>()) {
        Frame.save(f, sp);
        Told.reraise(f, at);
      }
    }
  }
  return unreachable();
}
