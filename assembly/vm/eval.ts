// The evaluation loop (CPython 3.13's Python/ceval.c and bytecodes.c).
//
// One switch over the opcode. What is hot is written in it; every other instruction is a function of its own in
// ops_*.ts with one convention: it receives (frame, sp, oparg), sp pointing past the top of the value stack, and
// returns the new sp, or 0 with an exception set, and then its inputs are still on the stack.
//
// Invariants: frame.instr_ptr is the instruction that runs. frame.stacktop is right while the frame does not run
// (calls, yields) and while native code may look at it. A Python function calling a Python function does not recurse
// here: the called frame becomes `f`, and return_offset says where the calling one goes on.
//
// WebAssembly code that runs is not exchanged for better code until it returns. The loop therefore leaves now and then
// (TIER_UP) with everything in the frame, and is entered again.

import {
  _PyInterpreterFrame,
  _PyListIterObject,
  _PyRangeIterObject,
  _PyStackChunk,
  _PyTupleIterObject,
  PyCellObject,
  PyCodeObject,
  PyFunctionObject,
  PyGenObject,
  PyHeapTypeObject_ht_cached_keys,
  PyListObject,
  PyMethodObject,
  PyThreadState,
  PyTypeObject,
} from "../generated/layouts";
import * as op from "../generated/opcodes";
import { vmRoots } from "../generated/runtime";
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
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
  RECURSION_HEADROOM,
} from "../objects/errors/raise";
import { FRAME_CLEARED, FRAME_EXECUTING, FRAME_SUSPENDED, genOfFrame } from "../objects/generators/generator";
import { float_dealloc, PyFloat_FromDouble } from "../objects/numbers/float/float";
import { Long } from "../objects/numbers/int/access";
import { PyLong_FromLong, PyLong_FromLongLong } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { PyObject_IsTrue } from "../objects/protocol/compare";
import { tstate } from "../thread/current";
import { pushFunctionFrame } from "./arguments";
import { handlePending } from "./breaker";
import { _PyFrame_ClearExceptCode, _PyThreadState_PopFrame, INIT_FLAG, NewFrame, Parameters } from "./frame";
import { makeGenerator } from "./generators";
import * as A from "./ops/attributes";
import * as B from "./ops/build";
import * as C from "./ops/calls";
import * as X from "./ops/exceptions";
import * as G from "./ops/generators";
import * as I from "./ops/imports";
import * as M from "./ops/match";
import * as N from "./ops/names";
import * as O from "./ops/operators";
import { handleException } from "./unwind";

/** What run() returns when it wants to be entered again. No object has this address. */
const TIER_UP: usize = 1;
/** Backward jumps and calls between two exits. */
const TICKS: i32 = 2000;

/**
 * Runs the frame, which it links to the current one, to its end or its next yield: a new reference, or null with an
 * exception. `throwing`: an exception is set already, to be raised where the frame stands.
 */
export function _PyEval_EvalFrame(frame: usize, throwing: bool): usize {
  const ts = PyThreadState.at(tstate);
  if (ts.c_recursion_remaining <= 0 || ts.py_recursion_remaining <= 0) {
    if (throwing) PyErr_Clear();
    tooDeep();
    endFrame(frame);
    return 0;
  }
  ts.c_recursion_remaining = ts.c_recursion_remaining - 1;
  ts.py_recursion_remaining = ts.py_recursion_remaining - 1;
  _PyInterpreterFrame.at(frame).previous = ts.current_frame;
  ts.current_frame = frame;
  let result = run(frame, frame, throwing);
  while (result == TIER_UP) result = run(frame, ts.current_frame, false);
  ts.c_recursion_remaining = ts.c_recursion_remaining + 1;
  return result;
}

/** Sets RecursionError. */
function tooDeep(): void {
  const ts = PyThreadState.at(tstate);
  ts.py_recursion_remaining = ts.py_recursion_remaining + RECURSION_HEADROOM;
  ts.c_recursion_remaining = ts.c_recursion_remaining + RECURSION_HEADROOM;
  forgetDepth();
  PyErr_SetString(PyExc_RecursionError, "maximum recursion depth exceeded");
  forgetDepth();
  ts.py_recursion_remaining = ts.py_recursion_remaining - RECURSION_HEADROOM;
  ts.c_recursion_remaining = ts.c_recursion_remaining - RECURSION_HEADROOM;
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
    ts.exc_info = load<u32>(gen.gi_exc_state, 8);
    store<u64>(gen.gi_exc_state, 0, 8);
  }
  f.previous = 0;
  _PyFrame_ClearExceptCode(frame);
  Py.CLEAR(gen.gi_exc_state);
}

class At {
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

  /** Local variable i of the frame. */
  @inline static local(f: usize, i: i32): usize {
    return f + 72 + ((<usize>i) << 3);
  }
  /** Constant i of the frame's code, borrowed. */
  @inline static constant(f: usize, i: i32): usize {
    return load<u32>(<usize>load<u32>(load<u32>(f), 24) + ((<usize>i) << 3), 24);
  }
  @inline static saveStack(f: usize, sp: usize): void {
    store<i32>(f, <i32>((sp - f - 72) >> 3), 64);
  }
  @inline static stack(f: usize): usize {
    return f + 72 + ((<usize>load<i32>(f, 64)) << 3);
  }
  /** Counts one backward jump or call: whether it is time to leave the loop and enter it again. */
  @inline static ticks(): bool {
    const n = vmRoots.ticks - 1;
    vmRoots.ticks = n < 0 ? TICKS : n;
    return n < 0;
  }
  /** Where a frame goes on after a call, a generator's end. */
  @inline static afterCall(f: usize): usize {
    return <usize>load<u32>(f, 56) + ((<usize>load<u16>(f, 68)) << 1);
  }
}

function run(entry: usize, start: usize, throwing: bool): usize {
  let f = start;
  const ts = PyThreadState.at(tstate);
  let pc: usize = load<u32>(f, 56);
  let sp = At.stack(f);
  // The argument's upper bytes, from EXTENDED_ARG.
  let prefix = 0;
  let next: usize = 0;
  let opcode: i32;
  let oparg: i32;
  let failing = throwing;
  // A thrown exception is raised at the yield where the frame stands, the instruction before.
  let at: usize = throwing ? pc - 2 : 0;
  let fresh = true;
  for (;;) {
    if (failing) {
      // Frames that do not handle it end; the entry frame's end is the end of this run.
      for (;;) {
        At.saveStack(f, sp);
        const handled = handleException(f, sp, at == 0 ? load<u32>(f, 56) : at, fresh);
        at = 0;
        fresh = true;
        if (handled != 0) {
          sp = handled;
          pc = load<u32>(f, 56);
          break;
        }
        const previous: usize = load<u32>(f, 8);
        ts.current_frame = previous;
        ts.py_recursion_remaining = ts.py_recursion_remaining + 1;
        const isEntry = f == entry;
        endFrame(f);
        if (isEntry) return 0;
        f = previous;
        sp = At.stack(f);
      }
    }
    // What goes wrong leaves this loop; what goes well stays in it and pays for no check of failure.
    for (;;) {
      opcode = load<u8>(pc);
      oparg = prefix | load<u8>(pc, 1);
      prefix = 0;
      store<u64>(f, pc, 56);
      pc += 2;
      switch (opcode) {
        case op.EXTENDED_ARG:
          prefix = oparg << 8;
          continue;
        case op.RESUME: {
          if ((oparg & 3) < 2 && ts.eval_breaker != 0) {
            At.saveStack(f, sp);
            if (handlePending() < 0) {
              next = 0;
              break;
            }
          }
          continue;
        }
        case op.NOP:
          continue;
        case op.LOAD_FAST: {
          const v: usize = load<u32>(At.local(f, oparg));
          Py.INCREF(v);
          store<u64>(sp, v);
          sp += 8;
          continue;
        }
        case op.LOAD_FAST_LOAD_FAST: {
          const v: usize = load<u32>(At.local(f, oparg >> 4));
          const w: usize = load<u32>(At.local(f, oparg & 15));
          Py.INCREF(v);
          Py.INCREF(w);
          store<u64>(sp, v);
          store<u64>(sp, w, 8);
          sp += 16;
          continue;
        }
        case op.LOAD_FAST_CHECK: {
          const v: usize = load<u32>(At.local(f, oparg));
          if (v == 0) {
            N.unboundLocal(f, oparg);
            next = 0;
            break;
          }
          Py.INCREF(v);
          store<u64>(sp, v);
          sp += 8;
          continue;
        }
        case op.LOAD_FAST_AND_CLEAR: {
          const p = At.local(f, oparg);
          store<u64>(sp, load<u64>(p));
          store<u64>(p, 0);
          sp += 8;
          continue;
        }
        case op.LOAD_CONST: {
          const v: usize = At.constant(f, oparg);
          Py.INCREF(v);
          store<u64>(sp, v);
          sp += 8;
          continue;
        }
        case op.STORE_FAST: {
          sp -= 8;
          const p = At.local(f, oparg);
          const old: usize = load<u32>(p);
          store<u64>(p, load<u64>(sp));
          if (old != 0) Py.DECREF(old);
          continue;
        }
        case op.STORE_FAST_LOAD_FAST: {
          const p = At.local(f, oparg >> 4);
          const old: usize = load<u32>(p);
          store<u64>(p, load<u64>(sp - 8));
          const v: usize = load<u32>(At.local(f, oparg & 15));
          Py.INCREF(v);
          store<u64>(sp - 8, v);
          if (old != 0) Py.DECREF(old);
          continue;
        }
        case op.STORE_FAST_STORE_FAST: {
          sp -= 16;
          const p = At.local(f, oparg >> 4);
          const q = At.local(f, oparg & 15);
          const old: usize = load<u32>(p);
          store<u64>(p, load<u64>(sp, 8));
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
          pc += (<usize>oparg) << 1;
          continue;
        }
        case op.JUMP_BACKWARD: {
          pc = pc + 2 - ((<usize>oparg) << 1);
          if (ts.eval_breaker != 0) {
            At.saveStack(f, sp);
            if (handlePending() < 0) {
              next = 0;
              break;
            }
          } else if (At.ticks()) {
            store<u64>(f, pc, 56);
            At.saveStack(f, sp);
            return TIER_UP;
          }
          continue;
        }
        case op.JUMP_BACKWARD_NO_INTERRUPT: {
          pc -= (<usize>oparg) << 1;
          continue;
        }
        // The compiler puts TO_BOOL or a comparison before these two: the value is True or False, both immortal.
        case op.POP_JUMP_IF_FALSE: {
          sp -= 8;
          pc += 2;
          if (load<u32>(sp) == <u32>_Py_FalseStruct) pc += (<usize>oparg) << 1;
          continue;
        }
        case op.POP_JUMP_IF_TRUE: {
          sp -= 8;
          pc += 2;
          if (load<u32>(sp) == <u32>_Py_TrueStruct) pc += (<usize>oparg) << 1;
          continue;
        }
        case op.POP_JUMP_IF_NONE: {
          sp -= 8;
          pc += 2;
          const v: usize = load<u32>(sp);
          if (v == _Py_NoneStruct) pc += (<usize>oparg) << 1;
          else Py.DECREF(v);
          continue;
        }
        case op.POP_JUMP_IF_NOT_NONE: {
          sp -= 8;
          pc += 2;
          const v: usize = load<u32>(sp);
          if (v != _Py_NoneStruct) {
            Py.DECREF(v);
            pc += (<usize>oparg) << 1;
          }
          continue;
        }
        case op.TO_BOOL: {
          pc += 6;
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
        case op.BINARY_OP: {
          pc += 2;
          next = O.binaryOp(f, sp, oparg);
          break;
        }
        case op.BINARY_OP_ADD_INT:
        case op.BINARY_OP_SUBTRACT_INT:
        case op.BINARY_OP_MULTIPLY_INT: {
          pc += 2;
          const w: usize = load<u32>(sp - 8);
          const v: usize = load<u32>(sp - 16);
          if (Py.TYPE(v) == PyLong_Type && Py.TYPE(w) == PyLong_Type && Long.bothCompact(v, w)) {
            const a = Long.compactValue(v);
            const b = Long.compactValue(w);
            const r =
              opcode == op.BINARY_OP_MULTIPLY_INT
                ? PyLong_FromLongLong(<i64>a * <i64>b)
                : At.newInt(opcode == op.BINARY_OP_ADD_INT ? a + b : a - b);
            if (r == 0) {
              next = 0;
              break;
            }
            sp -= 8;
            store<u64>(sp - 8, r);
            At.dropInt(v);
            At.dropInt(w);
            continue;
          }
          next = O.binaryOp(f, sp, oparg);
          break;
        }
        case op.BINARY_OP_ADD_FLOAT:
        case op.BINARY_OP_SUBTRACT_FLOAT:
        case op.BINARY_OP_MULTIPLY_FLOAT: {
          pc += 2;
          const w: usize = load<u32>(sp - 8);
          const v: usize = load<u32>(sp - 16);
          if (Py.TYPE(v) == PyFloat_Type && Py.TYPE(w) == PyFloat_Type) {
            const a = load<f64>(v, 16);
            const b = load<f64>(w, 16);
            const r = PyFloat_FromDouble(
              opcode == op.BINARY_OP_ADD_FLOAT ? a + b : opcode == op.BINARY_OP_SUBTRACT_FLOAT ? a - b : a * b,
            );
            if (r == 0) {
              next = 0;
              break;
            }
            sp -= 8;
            store<u64>(sp - 8, r);
            At.dropFloat(v);
            At.dropFloat(w);
            continue;
          }
          next = O.binaryOp(f, sp, oparg);
          break;
        }
        case op.BINARY_OP_INPLACE_ADD_UNICODE: {
          pc += 2;
          next = O.inplaceAddUnicode(f, sp, oparg, pc);
          if (next & 1) {
            // The result is in the local already, the store that follows is done.
            sp = next & ~1;
            pc += 2;
            continue;
          }
          break;
        }
        case op.COMPARE_OP: {
          pc += 2;
          const w: usize = load<u32>(sp - 8);
          const v: usize = load<u32>(sp - 16);
          if (Py.TYPE(v) == PyLong_Type && Py.TYPE(w) == PyLong_Type && Long.isCompact(v) && Long.isCompact(w)) {
            const a = <i32>Long.compactValue(v);
            const b = <i32>Long.compactValue(w);
            // The low bits of the argument say for which outcomes the comparison holds: equal 8, less 2, greater 4.
            const holds = (oparg & (a < b ? 2 : a == b ? 8 : 4)) != 0;
            At.dropInt(v);
            At.dropInt(w);
            sp -= 8;
            // What almost always follows is done at once.
            const follows: i32 = load<u8>(pc);
            if (follows == op.POP_JUMP_IF_FALSE || follows == op.POP_JUMP_IF_TRUE) {
              sp -= 8;
              pc += holds == (follows == op.POP_JUMP_IF_TRUE) ? 4 + ((<usize>load<u8>(pc, 1)) << 1) : 4;
              continue;
            }
            store<u64>(sp - 8, holds ? _Py_TrueStruct : _Py_FalseStruct);
            continue;
          }
          next = O.compareOp(f, sp, oparg);
          break;
        }
        case op.BINARY_SUBSCR: {
          pc += 2;
          const k: usize = load<u32>(sp - 8);
          const o: usize = load<u32>(sp - 16);
          const type = Py.TYPE(o);
          if ((type == PyList_Type || type == PyTuple_Type) && Py.TYPE(k) == PyLong_Type && Long.isCompact(k)) {
            let i = <i32>Long.compactValue(k);
            const n = Py.SIZE(o);
            if (i < 0) i += n;
            if (<u32>i < <u32>n) {
              const v = Py.item(type == PyList_Type ? PyListObject.at(o).ob_item : o + 24, i);
              Py.INCREF(v);
              sp -= 8;
              store<u64>(sp - 8, v);
              Py.DECREF(k);
              Py.DECREF(o);
              continue;
            }
          }
          next = O.binarySubscr(f, sp, oparg);
          break;
        }
        case op.STORE_SUBSCR: {
          pc += 2;
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
          next = O.storeSubscr(f, sp, oparg);
          break;
        }
        case op.FOR_ITER: {
          pc += 2;
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
                v = Py.NewRef(Py.item(seq + 24, i));
              } else {
                ti.it_seq = 0;
                Py.DECREF(seq);
              }
            }
          } else if (
            type == PyGen_Type &&
            <i8>PyGenObject.at(it).gi_frame_state < <i8>FRAME_EXECUTING &&
            ts.py_recursion_remaining > 0
          ) {
            // The generator's frame runs above this one; its end goes on at END_FOR, which drops its value.
            At.saveStack(f, sp);
            store<u16>(f, <u16>(2 + oparg), 68);
            f = G.enterGenerator(it, f, _Py_NoneStruct);
            pc = load<u32>(f, 56);
            sp = At.stack(f);
            continue;
          } else {
            At.saveStack(f, sp);
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
              PyErr_Clear();
            }
          }
          if (v != 0) {
            // What almost always follows is done at once.
            if (load<u8>(pc) == op.STORE_FAST) {
              const p = At.local(f, load<u8>(pc, 1));
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
          pc += ((<usize>oparg) << 1) + 4;
          continue;
        }
        // biome-ignore lint/suspicious/noFallthroughSwitchClause: what is not as expected goes the general way
        case op.CALL_PY_EXACT_ARGS: {
          const base = sp - ((<usize>(oparg + 2)) << 3);
          const callable: usize = load<u32>(base);
          if (Py.TYPE(callable) == PyFunction_Type && PyFunctionObject.at(callable).func_version == load<u32>(pc, 2)) {
            const code = PyFunctionObject.at(callable).func_code;
            const co = PyCodeObject.at(code);
            const argv = base + (load<u32>(base, 8) != 0 ? 8 : 16);
            const nf = ts.datastack_top;
            const end = nf + ((<usize>co.co_framesize) << 3);
            if (
              <usize>co.co_argcount == (sp - argv) >> 3 &&
              end < ts.datastack_limit &&
              ts.py_recursion_remaining > 0
            ) {
              ts.datastack_top = end;
              At.saveStack(f, base);
              store<u16>(f, 4, 68);
              NewFrame.init(nf, callable, code);
              store<u64>(nf, f, 8);
              let p = nf + 72;
              for (let q = argv; q < sp; q += 8, p += 8) store<u64>(p, load<u64>(q));
              sp = nf + 72 + ((<usize>co.co_nlocalsplus) << 3);
              for (; p < sp; p += 8) store<u64>(p, 0);
              ts.current_frame = nf;
              ts.py_recursion_remaining = ts.py_recursion_remaining - 1;
              f = nf;
              pc = co.co_code_adaptive;
              if (At.ticks()) return TIER_UP;
              continue;
            }
          } else C.despecializeCall(pc);
        }
        case op.CALL: {
          pc += 6;
          const base = sp - ((<usize>(oparg + 2)) << 3);
          let callable: usize = load<u32>(base);
          let self: usize = load<u32>(base, 8);
          if (self == 0 && Py.TYPE(callable) == PyMethod_Type) {
            // A bound method: its function and its object take their places.
            const m = PyMethodObject.at(callable);
            self = Py.NewRef(m.im_self);
            const func = Py.NewRef(m.im_func);
            store<u64>(base, func);
            store<u64>(base, self, 8);
            Py.DECREF(callable);
            callable = func;
          }
          const argv = self != 0 ? base + 8 : base + 16;
          const n = self != 0 ? oparg + 1 : oparg;
          const type = Py.TYPE(callable);
          let nf: usize = 0;
          if (type == PyFunction_Type && C.isPythonFunction(callable)) {
            if (ts.py_recursion_remaining <= 0) {
              tooDeep();
              next = 0;
              break;
            }
            const code = PyFunctionObject.at(callable).func_code;
            // The arguments move into the new frame, and so does the reference to the function.
            At.saveStack(f, base);
            if (Parameters.areExactly(code, n)) {
              nf = C.pushExact(callable, code, argv, n);
              if (load<u16>(pc - 6) == 0) C.specializeCall(pc - 6, callable);
              else store<u16>(pc - 6, load<u16>(pc - 6) - 1);
            } else {
              nf = pushFunctionFrame(callable, 0, argv, n, 0);
            }
            sp = base;
            if (nf == 0) {
              next = 0;
              break;
            }
          } else if (type == PyType_Type && self == 0) {
            nf = C.pushInit(f, sp, oparg);
            if (nf == C.INIT_FAILED) {
              sp = At.stack(f);
              next = 0;
              break;
            }
          }
          if (nf != 0) {
            store<u16>(f, <u16>((pc - <usize>load<u32>(f, 56)) >> 1), 68);
            store<u64>(nf, f, 8);
            ts.current_frame = nf;
            ts.py_recursion_remaining = ts.py_recursion_remaining - 1;
            f = nf;
            pc = load<u32>(f, 56);
            sp = At.stack(f);
            if (At.ticks()) return TIER_UP;
            continue;
          }
          At.saveStack(f, sp);
          const r = C.callOther(callable, argv, n);
          for (let p = argv; p < sp; p += 8) Py.DECREF(load<u32>(p));
          Py.DECREF(callable);
          sp = base;
          if (r == 0) {
            next = 0;
            break;
          }
          store<u64>(sp, r);
          sp += 8;
          if (ts.eval_breaker != 0) {
            At.saveStack(f, sp);
            if (handlePending() < 0) {
              next = 0;
              break;
            }
          }
          continue;
        }
        case op.CALL_KW:
        case op.CALL_FUNCTION_EX: {
          if (opcode == op.CALL_KW) next = C.callKw(f, sp, oparg);
          else next = C.callFunctionEx(f, sp, oparg);
          if (next == 0) {
            // What was on the stack for the call is gone.
            sp = At.stack(f);
            next = 0;
            break;
          }
          if (next & 1) {
            // A Python function: its frame waits above this one.
            const nf = next & ~1;
            store<u16>(f, <u16>((pc - <usize>load<u32>(f, 56)) >> 1), 68);
            store<u64>(nf, f, 8);
            ts.current_frame = nf;
            ts.py_recursion_remaining = ts.py_recursion_remaining - 1;
            f = nf;
            pc = load<u32>(f, 56);
            sp = At.stack(f);
            continue;
          }
          sp = next;
          if (ts.eval_breaker != 0) {
            At.saveStack(f, sp);
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
            v = Py.NewRef(At.constant(f, oparg));
          } else {
            sp -= 8;
            v = load<u32>(sp);
          }
          At.saveStack(f, sp);
          const previous: usize = load<u32>(f, 8);
          ts.current_frame = previous;
          ts.py_recursion_remaining = ts.py_recursion_remaining + 1;
          const isEntry = f == entry;
          const isInit = load<u8>(f, INIT_FLAG) != 0;
          if (load<u8>(f, 70) == FRAME_OWNED_BY_GENERATOR) endFrame(f);
          else if (load<u32>(f, 40) != 0 || load<u32>(f, 48) != 0) C.leaveFrame(f);
          else {
            // Nobody else sees the frame: no f_locals, no frame object.
            for (let p = At.local(f, 0); p < sp; p += 8) {
              const o: usize = load<u32>(p);
              if (o != 0) {
                store<u64>(p, 0);
                Py.DECREF(o);
              }
            }
            Py.DECREF(load<u32>(f, 16));
            Py.DECREF(load<u32>(f));
            if (f == _PyStackChunk.at(ts.datastack_chunk).data) _PyThreadState_PopFrame(f);
            else ts.datastack_top = f;
          }
          if (isEntry) return v;
          f = previous;
          pc = At.afterCall(f);
          sp = At.stack(f);
          if (isInit) {
            // The new object is on the stack already; what __init__ returns must be None.
            if (v == _Py_NoneStruct) continue;
            C.initReturned(v);
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
          store<u64>(f, pc, 56);
          At.saveStack(f, sp);
          ts.exc_info = load<u32>(gen.gi_exc_state, 8);
          store<u64>(gen.gi_exc_state, 0, 8);
          const previous: usize = load<u32>(f, 8);
          ts.current_frame = previous;
          ts.py_recursion_remaining = ts.py_recursion_remaining + 1;
          store<u64>(f, 0, 8);
          if (f == entry) return v;
          f = previous;
          // Past FOR_ITER or SEND and its one cache entry.
          pc = <usize>load<u32>(f, 56) + 4;
          sp = At.stack(f);
          store<u64>(sp, v);
          sp += 8;
          continue;
        }
        case op.RETURN_GENERATOR: {
          store<u64>(f, pc, 56);
          At.saveStack(f, sp);
          const gen = makeGenerator(f);
          if (gen == 0) {
            next = 0;
            break;
          }
          const previous: usize = load<u32>(f, 8);
          ts.current_frame = previous;
          ts.py_recursion_remaining = ts.py_recursion_remaining + 1;
          const isEntry = f == entry;
          // What the frame held moved into the generator: only its place is given back.
          _PyThreadState_PopFrame(f);
          if (isEntry) return gen;
          f = previous;
          pc = At.afterCall(f);
          sp = At.stack(f);
          store<u64>(sp, gen);
          sp += 8;
          continue;
        }
        case op.SEND: {
          pc += 2;
          const gen: usize = load<u32>(sp - 16);
          const type = Py.TYPE(gen);
          if (
            (type == PyGen_Type || type == PyCoro_Type) &&
            <i8>PyGenObject.at(gen).gi_frame_state < <i8>FRAME_EXECUTING &&
            ts.py_recursion_remaining > 0
          ) {
            sp -= 8;
            At.saveStack(f, sp);
            store<u16>(f, <u16>(2 + oparg), 68);
            // The value sent moves to the generator's stack.
            f = G.enterGenerator(gen, f, load<u32>(sp));
            pc = load<u32>(f, 56);
            sp = At.stack(f);
            continue;
          }
          next = G.send(f, sp, oparg);
          if (next & 1) {
            // The other side has ended with a result.
            next &= ~1;
            pc += (<usize>oparg) << 1;
          }
          break;
        }
        case op.LOAD_DEREF: {
          const v = PyCellObject.at(load<u32>(At.local(f, oparg))).ob_ref;
          if (v == 0) {
            N.unboundDeref(f, oparg);
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
          Py.SETREF(<usize>load<u32>(At.local(f, oparg)) + 16, load<u32>(sp));
          continue;
        }
        case op.COPY_FREE_VARS: {
          const closure = PyFunctionObject.at(load<u32>(f, 16)).func_closure;
          const n = PyCodeObject.at(load<u32>(f)).co_nlocalsplus;
          for (let i = 0; i < oparg; i++) store<u64>(At.local(f, n - oparg + i), Py.NewRef(Py.item(closure + 24, i)));
          continue;
        }
        case op.MAKE_CELL: {
          const p = At.local(f, oparg);
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
        case op.LOAD_GLOBAL: {
          pc += 8;
          next = N.loadGlobal(f, sp, oparg);
          break;
        }
        case op.LOAD_GLOBAL_MODULE:
        case op.LOAD_GLOBAL_BUILTIN: {
          // A version belongs to one table of keys: it names the dict too.
          const globals: usize = load<u32>(load<u32>(f, 24), 32);
          const isGlobal = opcode == op.LOAD_GLOBAL_MODULE;
          const keys: usize = isGlobal ? globals : load<u32>(load<u32>(f, 32), 32);
          if (
            load<u32>(globals, 12) == <u32>load<u16>(pc, 2) &&
            (isGlobal || load<u32>(keys, 12) == <u32>load<u16>(pc, 4))
          ) {
            const v = N.Entry.value(keys, load<u16>(pc, 6));
            if (v != 0) {
              Py.INCREF(v);
              store<u64>(sp, v);
              sp += 8;
              // Only then is there room for it: the stack may end here.
              if (oparg & 1) {
                store<u64>(sp, 0);
                sp += 8;
              }
              pc += 8;
              continue;
            }
          }
          pc += 8;
          next = N.loadGlobal(f, sp, oparg);
          break;
        }
        case op.LOAD_ATTR: {
          pc += 18;
          next = A.loadAttr(f, sp, oparg);
          break;
        }
        case op.LOAD_ATTR_INSTANCE_VALUE:
        case op.LOAD_ATTR_SLOT: {
          const o: usize = load<u32>(sp - 8);
          const t = PyTypeObject.at(Py.TYPE(o));
          if (
            t.tp_version_tag == load<u32>(pc, 2) &&
            (opcode == op.LOAD_ATTR_SLOT || load<u8>(o + <usize>t.tp_basicsize, 3) != 0)
          ) {
            const v: usize = load<u32>(o + <usize>load<u16>(pc, 6));
            if (v != 0) {
              Py.INCREF(v);
              store<u64>(sp - 8, v);
              Py.DECREF(o);
              if (oparg & 1) {
                store<u64>(sp, 0);
                sp += 8;
              }
              pc += 18;
              continue;
            }
          }
          pc += 18;
          next = A.loadAttr(f, sp, oparg);
          break;
        }
        case op.LOAD_ATTR_MODULE:
        case op.LOAD_ATTR_CLASS:
        case op.LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES:
        case op.LOAD_ATTR_NONDESCRIPTOR_NO_DICT: {
          const o: usize = load<u32>(sp - 8);
          const v = A.cachedAttr(o, pc, opcode);
          pc += 18;
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
          next = A.loadAttr(f, sp, oparg);
          break;
        }
        case op.LOAD_ATTR_PROPERTY: {
          const o: usize = load<u32>(sp - 8);
          const version = load<u32>(pc, 2);
          const property: usize = load<u32>(pc, 10);
          pc += 18;
          if (PyTypeObject.at(Py.TYPE(o)).tp_version_tag == version) {
            const nf = C.pushGetter(f, sp, property);
            if (nf == C.INIT_FAILED) {
              sp = At.stack(f);
              next = 0;
              break;
            }
            if (nf != 0) {
              store<u16>(f, <u16>((pc - <usize>load<u32>(f, 56)) >> 1), 68);
              store<u64>(nf, f, 8);
              ts.current_frame = nf;
              ts.py_recursion_remaining = ts.py_recursion_remaining - 1;
              f = nf;
              pc = load<u32>(f, 56);
              sp = At.stack(f);
              continue;
            }
          }
          next = A.loadAttr(f, sp, oparg);
          break;
        }
        case op.LOAD_ATTR_METHOD_WITH_VALUES:
        case op.LOAD_ATTR_METHOD_NO_DICT: {
          const o: usize = load<u32>(sp - 8);
          const t = PyTypeObject.at(Py.TYPE(o));
          if (
            t.tp_version_tag == load<u32>(pc, 2) &&
            (opcode == op.LOAD_ATTR_METHOD_NO_DICT ||
              (load<u8>(o + <usize>t.tp_basicsize, 3) != 0 &&
                load<u32>(load<u32>(Py.TYPE(o), PyHeapTypeObject_ht_cached_keys), 12) == load<u32>(pc, 6)))
          ) {
            const descr: usize = load<u32>(pc, 10);
            Py.INCREF(descr);
            store<u64>(sp - 8, descr);
            store<u64>(sp, o);
            sp += 8;
            pc += 18;
            continue;
          }
          pc += 18;
          next = A.loadAttr(f, sp, oparg);
          break;
        }
        case op.STORE_ATTR: {
          pc += 8;
          next = A.storeAttr(f, sp, oparg);
          break;
        }
        case op.STORE_ATTR_INSTANCE_VALUE:
        case op.STORE_ATTR_SLOT: {
          const o: usize = load<u32>(sp - 8);
          const t = PyTypeObject.at(Py.TYPE(o));
          if (t.tp_version_tag == load<u32>(pc, 2)) {
            const p = o + <usize>load<u16>(pc, 6);
            const old: usize = load<u32>(p);
            // A dict must see the changes: not here.
            if (
              opcode == op.STORE_ATTR_SLOT ||
              (load<u8>(o + <usize>t.tp_basicsize, 3) != 0 && load<u32>(o - 24) == 0)
            ) {
              store<u64>(p, load<u64>(sp - 16));
              sp -= 16;
              pc += 8;
              if (old != 0) Py.DECREF(old);
              else if (opcode == op.STORE_ATTR_INSTANCE_VALUE) A.firstValue(o + <usize>t.tp_basicsize, p);
              Py.DECREF(o);
              continue;
            }
          }
          pc += 8;
          next = A.storeAttr(f, sp, oparg);
          break;
        }
        case op.UNPACK_SEQUENCE: {
          pc += 2;
          const seq: usize = load<u32>(sp - 8);
          if (Py.TYPE(seq) == PyTuple_Type && Py.SIZE(seq) == oparg) {
            sp -= 8;
            for (let i = oparg - 1; i >= 0; i--) {
              store<u64>(sp, Py.NewRef(Py.item(seq + 24, i)));
              sp += 8;
            }
            Py.DECREF(seq);
            continue;
          }
          next = B.unpackSequence(f, sp, oparg);
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
          X.reraise(f, sp, oparg);
          sp -= 8;
          next = X.RERAISED;
          break;
        }
        case op.LIST_APPEND:
          next = B.listAppend(f, sp, oparg);
          break;
        case op.BUILD_TUPLE:
          next = B.buildTuple(f, sp, oparg);
          break;
        case op.BUILD_LIST:
          next = B.buildList(f, sp, oparg);
          break;
        case op.BUILD_MAP:
          next = B.buildMap(f, sp, oparg);
          break;
        case op.BUILD_CONST_KEY_MAP:
          next = B.buildConstKeyMap(f, sp, oparg);
          break;
        case op.BUILD_SET:
          next = B.buildSet(f, sp, oparg);
          break;
        case op.BUILD_SLICE:
          next = B.buildSlice(f, sp, oparg);
          break;
        case op.BUILD_STRING:
          next = B.buildString(f, sp, oparg);
          break;
        case op.LIST_EXTEND:
          next = B.listExtend(f, sp, oparg);
          break;
        case op.SET_ADD:
          next = B.setAdd(f, sp, oparg);
          break;
        case op.SET_UPDATE:
          next = B.setUpdate(f, sp, oparg);
          break;
        case op.MAP_ADD:
          next = B.mapAdd(f, sp, oparg);
          break;
        case op.DICT_UPDATE:
          next = B.dictUpdate(f, sp, oparg);
          break;
        case op.DICT_MERGE:
          next = B.dictMerge(f, sp, oparg);
          break;
        case op.UNPACK_EX:
          next = B.unpackEx(f, sp, oparg);
          break;
        case op.FORMAT_SIMPLE:
          next = B.formatSimple(f, sp, oparg);
          break;
        case op.FORMAT_WITH_SPEC:
          next = B.formatWithSpec(f, sp, oparg);
          break;
        case op.CONVERT_VALUE:
          next = B.convertValue(f, sp, oparg);
          break;
        case op.CONTAINS_OP:
          pc += 2;
          next = O.containsOp(f, sp, oparg);
          break;
        case op.UNARY_NEGATIVE:
          next = O.unaryNegative(f, sp, oparg);
          break;
        case op.UNARY_INVERT:
          next = O.unaryInvert(f, sp, oparg);
          break;
        case op.BINARY_SLICE:
          next = O.binarySlice(f, sp, oparg);
          break;
        case op.STORE_SLICE:
          next = O.storeSlice(f, sp, oparg);
          break;
        case op.DELETE_SUBSCR:
          next = O.deleteSubscr(f, sp, oparg);
          break;
        case op.GET_ITER:
          next = O.getIter(f, sp, oparg);
          break;
        case op.GET_LEN:
          next = M.getLen(f, sp, oparg);
          break;
        case op.MATCH_CLASS:
          next = M.matchClass(f, sp, oparg);
          break;
        case op.MATCH_KEYS:
          next = M.matchKeys(f, sp, oparg);
          break;
        case op.MATCH_MAPPING:
          next = M.matchMapping(f, sp, oparg);
          break;
        case op.MATCH_SEQUENCE:
          next = M.matchSequence(f, sp, oparg);
          break;
        case op.LOAD_NAME:
          next = N.loadName(f, sp, oparg);
          break;
        case op.STORE_NAME:
          next = N.storeName(f, sp, oparg);
          break;
        case op.DELETE_NAME:
          next = N.deleteName(f, sp, oparg);
          break;
        case op.STORE_GLOBAL:
          next = N.storeGlobal(f, sp, oparg);
          break;
        case op.DELETE_GLOBAL:
          next = N.deleteGlobal(f, sp, oparg);
          break;
        case op.DELETE_FAST:
          next = N.deleteFast(f, sp, oparg);
          break;
        case op.DELETE_DEREF:
          next = N.deleteDeref(f, sp, oparg);
          break;
        case op.LOAD_LOCALS:
          next = N.loadLocals(f, sp, oparg);
          break;
        case op.LOAD_FROM_DICT_OR_GLOBALS:
          next = N.loadFromDictOrGlobals(f, sp, oparg);
          break;
        case op.LOAD_FROM_DICT_OR_DEREF:
          next = N.loadFromDictOrDeref(f, sp, oparg);
          break;
        case op.SETUP_ANNOTATIONS:
          next = N.setupAnnotations(f, sp, oparg);
          break;
        case op.DELETE_ATTR:
          next = A.deleteAttr(f, sp, oparg);
          break;
        case op.LOAD_SUPER_ATTR:
          pc += 2;
          next = A.loadSuperAttr(f, sp, oparg);
          break;
        case op.MAKE_FUNCTION:
          next = C.makeFunction(f, sp, oparg);
          break;
        case op.SET_FUNCTION_ATTRIBUTE:
          next = C.setFunctionAttribute(f, sp, oparg);
          break;
        case op.LOAD_BUILD_CLASS:
          next = C.loadBuildClass(f, sp, oparg);
          break;
        case op.CALL_INTRINSIC_1:
          next = C.callIntrinsic1(f, sp, oparg);
          break;
        case op.CALL_INTRINSIC_2:
          next = C.callIntrinsic2(f, sp, oparg);
          break;
        case op.EXIT_INIT_CHECK:
          next = C.exitInitCheck(f, sp, oparg);
          break;
        case op.BEFORE_WITH:
          next = X.beforeWith(f, sp, oparg);
          break;
        case op.BEFORE_ASYNC_WITH:
          next = X.beforeAsyncWith(f, sp, oparg);
          break;
        case op.WITH_EXCEPT_START:
          next = X.withExceptStart(f, sp, oparg);
          break;
        case op.PUSH_EXC_INFO:
          next = X.pushExcInfo(f, sp, oparg);
          break;
        case op.POP_EXCEPT:
          next = X.popExcept(f, sp, oparg);
          break;
        case op.CHECK_EXC_MATCH:
          next = X.checkExcMatch(f, sp, oparg);
          break;
        case op.CHECK_EG_MATCH:
          next = X.checkEgMatch(f, sp, oparg);
          break;
        case op.LOAD_ASSERTION_ERROR:
          next = X.loadAssertionError(f, sp, oparg);
          break;
        case op.RAISE_VARARGS:
          next = X.raiseVarargs(f, sp, oparg);
          break;
        case op.CLEANUP_THROW:
          next = X.cleanupThrow(f, sp, oparg);
          break;
        case op.END_ASYNC_FOR:
          next = X.endAsyncFor(f, sp, oparg);
          break;
        case op.GET_AITER:
          next = G.getAiter(f, sp, oparg);
          break;
        case op.GET_ANEXT:
          next = G.getAnext(f, sp, oparg);
          break;
        case op.GET_AWAITABLE:
          next = G.getAwaitable(f, sp, oparg);
          break;
        case op.GET_YIELD_FROM_ITER:
          next = G.getYieldFromIter(f, sp, oparg);
          break;
        case op.IMPORT_NAME:
          next = I.importName(f, sp, oparg);
          break;
        case op.IMPORT_FROM:
          next = I.importFrom(f, sp, oparg);
          break;
        default:
          X.unknownOpcode(opcode);
          next = 0;
      }
      if (next <= X.RERAISED) break;
      sp = next;
    }
    fresh = next == 0;
    if (!fresh) at = pc - 2;
    failing = true;
  }
  return unreachable();
}
