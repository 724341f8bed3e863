// Frames: their place on the thread's data stack, their making and their end (CPython 3.13's Python/frame.c and the
// data stack of Python/pystate.c).
//
// The data stack is a list of chunks; a frame is pushed where the last one ends. A generator's frame lies inside the
// generator. Invariant: what localsplus and the value stack below stacktop hold, the frame owns.
//
//   f_executable   the code object, which has the constants, the names and how many locals there are
//   previous       the frame below: who called, or who resumed the generator
//   f_funcobj, f_globals, f_builtins, f_locals (a mapping, or null in a function)
//   frame_obj      the PyFrameObject by which Python sees this frame, or null
//   instr_ptr      the instruction that runs, or will run next
//   stacktop       words of localsplus in use, right while the frame does not run; return_offset: code units from
//                  instr_ptr to where the frame goes on when the one above it returns; owner; runs_init
//   localsplus     +------------------------------------+--------------------------------+
//                  | locals, then cells, free variables | value stack, sp where it ends  |
//                  +------------------------------------+--------------------------------+

import { CO_OPTIMIZED, CO_VARARGS, CO_VARKEYWORDS } from "../generated/constants";
import {
  _PyInterpreterFrame,
  _PyInterpreterFrame_stacktop,
  _PyStackChunk,
  PyCodeObject,
  PyFrameObject,
  PyFunctionObject,
  PyThreadState,
} from "../generated/layouts";
import { PyObject_Free, PyObject_Malloc } from "../memory/pymem";
import { frameObjectOf } from "../objects/code/frame";
import { _PyFrame_IsIncomplete, FRAME_OWNED_BY_FRAME_OBJECT } from "../objects/code/frameaccess";
import { Tuple } from "../objects/containers/tuple";
import {
  PyErr_Clear,
  PyErr_GetRaisedException,
  PyErr_NoMemory,
  PyErr_SetRaisedException,
} from "../objects/errors/raise";
import { _PyObject_GC_IS_TRACKED, _PyObject_GC_TRACK } from "../objects/object/gchead";
import { Py } from "../objects/object/head";
import { tstate } from "../thread/current";

const CHUNK_SIZE: usize = 16 * 1024;

export class NewFrame {
  /** Fills the head of a frame on the data stack for `func`, which is stolen; previous and the locals are the caller's. */
  @inline static init(frame: usize, func: usize, code: usize): void {
    const f = _PyInterpreterFrame.at(frame);
    const fn = PyFunctionObject.at(func);
    const co = PyCodeObject.at(code);
    Py.INCREF(code);
    f.f_executable = code;
    f.f_funcobj = func;
    f.f_globals = fn.func_globals;
    f.f_builtins = fn.func_builtins;
    f.f_locals = 0;
    f.frame_obj = 0;
    f.instr_ptr = co.co_code_adaptive;
    // With stacktop in one: return_offset 0, FRAME_OWNED_BY_THREAD, runs_init 0.
    store<u64>(frame + _PyInterpreterFrame_stacktop, <u64>co.co_nlocalsplus);
  }
}

/** The frame that runs, as the loop and its instructions need it. All of it is written in place. */
export class Frame {
  /** The address of local variable, cell or free variable i. */
  @inline static local(f: usize, i: i32): usize {
    return _PyInterpreterFrame.at(f).localsplus + ((<usize>i) << 3);
  }

  /** Its code object, borrowed. */
  @inline static code(f: usize): PyCodeObject {
    return PyCodeObject.at(_PyInterpreterFrame.at(f).f_executable);
  }

  /** Constant i of its code, borrowed. */
  @inline static constant(f: usize, i: i32): usize {
    return Tuple.get(Frame.code(f).co_consts, i);
  }

  /** Where its value stack ends, while it does not run. */
  @inline static stack(f: usize): usize {
    return Frame.local(f, _PyInterpreterFrame.at(f).stacktop);
  }

  /** Notes where its value stack ends. */
  @inline static save(f: usize, sp: usize): void {
    const frame = _PyInterpreterFrame.at(f);
    frame.stacktop = <i32>((sp - frame.localsplus) >> 3);
  }

  /**
   * Puts `callee` above it and makes that the current frame. When the other returns, it goes on `bytes` after the
   * instruction that runs.
   */
  @inline static enter(ts: PyThreadState, f: usize, callee: usize, bytes: usize): void {
    _PyInterpreterFrame.at(f).return_offset = <u16>(bytes >> 1);
    _PyInterpreterFrame.at(callee).previous = f;
    ts.current_frame = callee;
    ts.py_recursion_remaining = ts.py_recursion_remaining - 1;
  }

  /** Makes the frame below it the current one, and returns that. */
  @inline static leave(ts: PyThreadState, f: usize): usize {
    const previous = _PyInterpreterFrame.at(f).previous;
    ts.current_frame = previous;
    ts.py_recursion_remaining = ts.py_recursion_remaining + 1;
    return previous;
  }

  /** Where it goes on when the frame above it has returned: none is any more. */
  @inline static afterCall(f: usize): usize {
    const frame = _PyInterpreterFrame.at(f);
    const at = frame.instr_ptr + ((<usize>frame.return_offset) << 1);
    frame.return_offset = 0;
    return at;
  }
}

export class Parameters {
  /** Whether `n` positional arguments fill the code's parameters as they are. */
  @inline static areExactly(code: usize, n: isize): bool {
    const co = PyCodeObject.at(code);
    return (
      co.co_argcount == n &&
      co.co_kwonlyargcount == 0 &&
      (co.co_flags & (CO_OPTIMIZED | CO_VARARGS | CO_VARKEYWORDS)) == CO_OPTIMIZED
    );
  }
}

/** `words` 8-byte slots on the data stack; null with MemoryError. */
export function pushChunkSlots(words: i32): usize {
  const ts = PyThreadState.at(tstate);
  const top = ts.datastack_top;
  const end = top + ((<usize>words) << 3);
  if (top != 0 && end < ts.datastack_limit) {
    ts.datastack_top = end;
    return top;
  }
  return pushInNewChunk(words);
}

function pushInNewChunk(words: i32): usize {
  const ts = PyThreadState.at(tstate);
  let size = CHUNK_SIZE;
  while (size < (<usize>(words + 1000)) << 3) size *= 2;
  const chunk = PyObject_Malloc(size);
  if (chunk == 0) return PyErr_NoMemory();
  const c = _PyStackChunk.at(chunk);
  c.previous = ts.datastack_chunk;
  c.size = <isize>size;
  c.top = 0;
  if (ts.datastack_chunk != 0) {
    _PyStackChunk.at(ts.datastack_chunk).top = <isize>(ts.datastack_top - ts.datastack_chunk);
  }
  ts.datastack_chunk = chunk;
  ts.datastack_limit = chunk + size;
  const p = c.data;
  ts.datastack_top = p + ((<usize>words) << 3);
  return p;
}

/** Gives back what was pushed last, beginning at `frame`. */
export function _PyThreadState_PopFrame(frame: usize): void {
  const ts = PyThreadState.at(tstate);
  const chunk = ts.datastack_chunk;
  if (frame == _PyStackChunk.at(chunk).data && _PyStackChunk.at(chunk).previous != 0) {
    const previous = _PyStackChunk.at(chunk).previous;
    ts.datastack_chunk = previous;
    ts.datastack_top = previous + <usize>_PyStackChunk.at(previous).top;
    ts.datastack_limit = previous + <usize>_PyStackChunk.at(previous).size;
    PyObject_Free(chunk);
  } else {
    ts.datastack_top = frame;
  }
}

/** Frees the data stack. For the end of a thread. */
export function freeDataStack(): void {
  const ts = PyThreadState.at(tstate);
  let chunk: usize = ts.datastack_chunk;
  while (chunk != 0) {
    const previous = _PyStackChunk.at(chunk).previous;
    PyObject_Free(chunk);
    chunk = previous;
  }
  ts.datastack_chunk = 0;
  ts.datastack_top = 0;
  ts.datastack_limit = 0;
}

/**
 * Readies a frame for `func` (stolen) in the slots at `frame`; `locals` (stolen) may be null. The locals from
 * `nullFrom` on are emptied; those before it the caller fills.
 */
export function _PyFrame_Initialize(frame: usize, func: usize, locals: usize, code: usize, nullFrom: i32): void {
  const f = _PyInterpreterFrame.at(frame);
  const co = PyCodeObject.at(code);
  NewFrame.init(frame, func, code);
  f.previous = 0;
  f.f_locals = locals;
  const n = co.co_nlocalsplus;
  for (let i = nullFrom; i < n; i++) Py.setItem(f.localsplus, i, 0);
}

/** Drops everything that the frame holds except its function and code: locals and what is left on its stack. */
function _PyFrame_ClearLocals(frame: usize): void {
  const f = _PyInterpreterFrame.at(frame);
  const n = f.stacktop;
  f.stacktop = 0;
  for (let i = 0; i < n; i++) {
    const p = Frame.local(frame, i);
    const v = load<u32>(p);
    if (v != 0) {
      store<u64>(p, 0);
      Py.DECREF(v);
    }
  }
  Py.CLEAR(f.f_locals_slot);
}

/** The end of a frame's run: drops all that it holds, or hands it to its frame object where others refer to that. */
export function _PyFrame_ClearExceptCode(frame: usize): void {
  const f = _PyInterpreterFrame.at(frame);
  if (f.frame_obj != 0) {
    const fo = f.frame_obj;
    f.frame_obj = 0;
    if (Py.REFCNT(fo) > 1) {
      takeOwnership(fo, frame);
      Py.DECREF(fo);
      return;
    }
    Py.DECREF(fo);
  }
  _PyFrame_ClearLocals(frame);
  Py.DECREF(f.f_funcobj);
}

/** Copies the frame into its frame object, which outlives the run. */
function takeOwnership(frameObject: usize, frame: usize): void {
  const fo = PyFrameObject.at(frameObject);
  const f = _PyInterpreterFrame.at(frame);
  const size = Frame.stack(frame) - frame;
  const copy = fo._f_frame_data;
  memory.copy(copy, frame, size);
  const c = _PyInterpreterFrame.at(copy);
  // The copy holds the code as well; the run's own reference to it is dropped by the caller as ever.
  Py.INCREF(c.f_executable);
  fo.f_frame = copy;
  c.owner = FRAME_OWNED_BY_FRAME_OBJECT;
  if (_PyFrame_IsIncomplete(copy)) {
    c.instr_ptr =
      PyCodeObject.at(c.f_executable).co_code_adaptive +
      <usize>(PyCodeObject.at(c.f_executable)._co_firsttraceable + 1) * 2;
  }
  // Who called is remembered by object: the calling frame may end first.
  let prev: usize = f.previous;
  while (prev != 0 && _PyFrame_IsIncomplete(prev)) prev = _PyInterpreterFrame.at(prev).previous;
  c.previous = 0;
  if (prev != 0) {
    const saved = PyErr_GetRaisedException();
    const back = frameObjectOf(prev);
    if (back == 0) PyErr_Clear();
    else fo.f_back = Py.NewRef(back);
    PyErr_SetRaisedException(saved);
  }
  if (!_PyObject_GC_IS_TRACKED(frameObject)) _PyObject_GC_TRACK(frameObject);
}
