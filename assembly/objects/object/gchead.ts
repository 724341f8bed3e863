// The head before a collected object, its PyGC_Head, and the list of the young generation (the object's half of CPython
// 3.13's Python/gc.c and pycore_gc.h).

import { _PY_GC_SCHEDULED_BIT, Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import {
  gc_generation,
  PreHeader_dict,
  PreHeader_weaklist,
  PyGC_Head,
  PyThreadState,
  PyTypeObject,
  SIZEOF_PreHeader,
  SIZEOF_PyGC_Head,
} from "../../generated/layouts";
import { gcRoots } from "../../generated/runtime";
import { tstate } from "../../thread/current";
import { Breaker } from "../../thread/gil";
import { Py } from "./head";

export const SIZEOF_GC_HEAD: usize = SIZEOF_PyGC_Head;

/** Where managed weak references and dict are, from the object's address: tp_weaklistoffset of types that have them. */
export const MANAGED_WEAKREF_OFFSET: isize = <isize>PreHeader_weaklist - <isize>SIZEOF_PreHeader;
export const MANAGED_DICT_OFFSET: isize = <isize>PreHeader_dict - <isize>SIZEOF_PreHeader;

// The flags in the low bits of _gc_prev: the collector has called the finalizer, the object is being collected.
export const _PyGC_PREV_MASK_FINALIZED: usize = 1;
export const _PyGC_PREV_MASK_COLLECTING: usize = 2;
const FLAGS: usize = _PyGC_PREV_MASK_FINALIZED | _PyGC_PREV_MASK_COLLECTING;

/** The head of a collected object. */
export class GC {
  @inline static head(o: usize): PyGC_Head {
    return PyGC_Head.at(o - SIZEOF_PyGC_Head);
  }

  /** The youngest generation. */
  @inline static young(): gc_generation {
    return gc_generation.at(gcRoots.generation0);
  }
}

/** Counts an allocation of the young generation and asks for a collection at the next break where it is due. */
export function _PyObject_GC_Link(_o: usize): void {
  const young = GC.young();
  const count = young.count + 1;
  young.count = count;
  const threshold = young.threshold;
  if (count > threshold && gcRoots.enabled && threshold != 0 && !gcRoots.collecting) {
    const ts = PyThreadState.at(tstate);
    if (ts.current_exception == 0) Breaker.set(tstate, _PY_GC_SCHEDULED_BIT);
  }
}

export function _PyObject_GC_IS_TRACKED(o: usize): bool {
  return GC.head(o)._gc_next != 0;
}

/** Puts `o` at the end of the young generation. It must be untracked and its value initialised. */
export function _PyObject_GC_TRACK(o: usize): void {
  const gc = GC.head(o);
  assert(gc._gc_next == 0);
  const ring = PyGC_Head.at(GC.young().head);
  const last = ring._gc_prev;
  PyGC_Head.at(last)._gc_next = changetype<usize>(gc);
  // The flag stays: finalized must survive untracking and tracking.
  gc._gc_prev = last | (gc._gc_prev & _PyGC_PREV_MASK_FINALIZED);
  gc._gc_next = changetype<usize>(ring);
  ring._gc_prev = changetype<usize>(gc);
}

/** Takes `o` out of its generation. It must be tracked. */
export function _PyObject_GC_UNTRACK(o: usize): void {
  const gc = GC.head(o);
  assert(gc._gc_next != 0);
  const prev = gc._gc_prev & ~FLAGS;
  const next = gc._gc_next;
  PyGC_Head.at(prev)._gc_next = next;
  PyGC_Head.at(next)._gc_prev = prev | (PyGC_Head.at(next)._gc_prev & FLAGS);
  gc._gc_next = 0;
  gc._gc_prev = gc._gc_prev & _PyGC_PREV_MASK_FINALIZED;
}

/** Takes `o` out of its generation where it is in one. What a deallocator calls first. */
export function PyObject_GC_UnTrack(o: usize): void {
  if (_PyObject_GC_IS_TRACKED(o)) _PyObject_GC_UNTRACK(o);
}

/** Whether the collector has called `o`'s finalizer. */
export function _PyGC_FINALIZED(o: usize): bool {
  return (GC.head(o)._gc_prev & _PyGC_PREV_MASK_FINALIZED) != 0;
}

export function _PyGC_SET_FINALIZED(o: usize): void {
  GC.head(o)._gc_prev = GC.head(o)._gc_prev | _PyGC_PREV_MASK_FINALIZED;
}

/** Whether `o` is of a collected type and has a gc head itself (tp_is_gc may say that an instance has none). */
export function _PyObject_IS_GC(o: usize): bool {
  const t = PyTypeObject.at(Py.TYPE(o));
  if ((t.tp_flags & Py_TPFLAGS_HAVE_GC) == 0) return false;
  return t.tp_is_gc == 0 || call_indirect<i32>(t.tp_is_gc, o) != 0;
}
