// The end of an object: its type's deallocator, and the trashcan, which bounds how deep deallocators nest (CPython 3.13's
// Objects/object.c, Include/cpython/object.h).

import { Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import { PyThreadState, PyTypeObject } from "../../generated/layouts";
import { objectsRoots } from "../../generated/runtime";
import { PyLong_Type } from "../../generated/statics";
import { PyObject_Free } from "../../memory/pymem";
import { tstate } from "../../thread/current";
import {
  _PyGC_PREV_MASK_FINALIZED,
  _PyObject_GC_IS_TRACKED,
  _PyObject_GC_TRACK,
  _PyObject_GC_UNTRACK,
  GC,
} from "./gchead";
import { Py } from "./head";

/** Calls the type's deallocator: the object's count has just become zero. */
export function _Py_Dealloc(o: usize): void {
  const type = Py.TYPE(o);
  // Most of what dies are ints, and they hold nothing.
  if (type == PyLong_Type) PyObject_Free(o);
  else if (Py.hasFeature(type, Py_TPFLAGS_HAVE_GC)) deallocContainer(o, PyTypeObject.at(type).tp_dealloc);
  else call_indirect<void>(PyTypeObject.at(type).tp_dealloc, o);
}

// Deallocation of deeply nested containers (the trashcan of Include/cpython/object.h): beyond a depth, an object is
// put aside, chained through its gc head, and freed once the outer deallocators have returned. Every collected type is
// served, none takes part. _gc_prev has the chain, the finalized flag and, in bit 1, whether the object was tracked.
const TRASHCAN_DEPTH: u32 = 40;

const WAS_TRACKED: usize = 2;

function deallocContainer(o: usize, dealloc: u32): void {
  const depth = objectsRoots.dealloc_depth;
  if (depth >= TRASHCAN_DEPTH) {
    putAside(o);
    return;
  }
  objectsRoots.dealloc_depth = depth + 1;
  call_indirect<void>(dealloc, o);
  objectsRoots.dealloc_depth = depth;
  if (depth == 0 && PyThreadState.at(tstate).delete_later != 0) freePutAside();
}

function putAside(o: usize): void {
  const ts = PyThreadState.at(tstate);
  const tracked = _PyObject_GC_IS_TRACKED(o);
  if (tracked) _PyObject_GC_UNTRACK(o);
  const gc = GC.head(o);
  gc._gc_prev = ts.delete_later | (gc._gc_prev & _PyGC_PREV_MASK_FINALIZED) | (tracked ? WAS_TRACKED : 0);
  ts.delete_later = o;
}

function freePutAside(): void {
  const ts = PyThreadState.at(tstate);
  while (ts.delete_later != 0) {
    const o = ts.delete_later;
    const gc = GC.head(o);
    const kept = gc._gc_prev;
    ts.delete_later = kept & ~(_PyGC_PREV_MASK_FINALIZED | WAS_TRACKED);
    gc._gc_prev = kept & _PyGC_PREV_MASK_FINALIZED;
    if (kept & WAS_TRACKED) _PyObject_GC_TRACK(o);
    objectsRoots.dealloc_depth = 1;
    call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_dealloc, o);
  }
  objectsRoots.dealloc_depth = 0;
}
