// The head before a collected object, its PyGC_Head, and the list of the young generation (the object's half of CPython
// 3.13's Python/gc.c and pycore_gc.h).
//
//   -16 _gc_next   8 bytes   next in its generation; 0 while untracked
//   -8  _gc_prev   8 bytes   previous in its generation; bits 0 and 1 are flags

import { PyThreadState, PyTypeObject } from "../../generated/layouts";
import { gcRoots } from "../../generated/runtime";
import { tstate } from "../../thread/current";
import { _PY_GC_SCHEDULED_BIT, Py_TPFLAGS_HAVE_GC } from "./flags";
import { Py } from "./head";

export const SIZEOF_GC_HEAD: usize = 16;

const _PyGC_PREV_MASK_FINALIZED: u64 = 1;

export const GENERATION0 = gcRoots.START;

/** Counts an allocation of the young generation and asks for a collection at the next break where it is due. */
export function _PyObject_GC_Link(_o: usize): void {
  // gc_generation.count and threshold of generation 0.
  const count = load<i32>(GENERATION0, 20) + 1;
  store<i32>(GENERATION0, count, 20);
  const threshold = load<i32>(GENERATION0, 16);
  if (count > threshold && gcRoots.enabled && threshold != 0 && !gcRoots.collecting) {
    const ts = PyThreadState.at(tstate);
    if (ts.current_exception == 0) ts.eval_breaker = ts.eval_breaker | _PY_GC_SCHEDULED_BIT;
  }
}

export function _PyObject_GC_IS_TRACKED(o: usize): bool {
  return load<u32>(o - 16) != 0;
}

/** Puts `o` at the end of the young generation. It must be untracked and its value initialised. */
export function _PyObject_GC_TRACK(o: usize): void {
  const gc = o - 16;
  assert(load<u32>(gc) == 0);
  const last = load<u32>(GENERATION0, 8);
  store<u64>(last, gc);
  // The flags in the low bits stay (finalized must survive untracking and tracking).
  store<u64>(gc, <u64>last | (load<u64>(gc, 8) & _PyGC_PREV_MASK_FINALIZED), 8);
  store<u64>(gc, GENERATION0);
  store<u64>(GENERATION0, gc, 8);
}

/** Takes `o` out of its generation. It must be tracked. */
export function _PyObject_GC_UNTRACK(o: usize): void {
  const gc = o - 16;
  assert(load<u32>(gc) != 0);
  const prev = load<u32>(gc, 8) & ~3;
  const next = load<u32>(gc);
  store<u64>(prev, next);
  store<u64>(next, <u64>prev | (load<u64>(next, 8) & 3), 8);
  store<u64>(gc, 0);
  store<u64>(gc, load<u64>(gc, 8) & _PyGC_PREV_MASK_FINALIZED, 8);
}

/** Takes `o` out of its generation where it is in one. What a deallocator calls first. */
export function PyObject_GC_UnTrack(o: usize): void {
  if (_PyObject_GC_IS_TRACKED(o)) _PyObject_GC_UNTRACK(o);
}

/** Whether the collector has called `o`'s finalizer. */
export function _PyGC_FINALIZED(o: usize): bool {
  return (load<u32>(o - 16, 8) & 1) != 0;
}

export function _PyGC_SET_FINALIZED(o: usize): void {
  store<u64>(o - 16, load<u64>(o - 16, 8) | 1, 8);
}

/** Whether `o` is of a collected type and has a gc head itself (tp_is_gc may say that an instance has none). */
export function _PyObject_IS_GC(o: usize): bool {
  const t = PyTypeObject.at(Py.TYPE(o));
  if ((t.tp_flags & Py_TPFLAGS_HAVE_GC) == 0) return false;
  return t.tp_is_gc == 0 || call_indirect<i32>(t.tp_is_gc, o) != 0;
}
