// The end of an object: its type's deallocator, and the trashcan, which bounds how deep deallocators nest (CPython 3.13's
// Objects/object.c, Include/cpython/object.h).

import { Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import { PyThreadState, PyTypeObject } from "../../generated/layouts";
import { objectsRoots } from "../../generated/runtime";
import { PyLong_Type } from "../../generated/statics";
import { PyObject_Free } from "../../memory/pymem";
import { tstate } from "../../thread/current";
import { Recursion } from "../../thread/recursion";
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
//
// What a finalizer runs needs more: native levels, which may have run out. Its object is then put off, in a chain of the
// same kind, until half of the levels are there again, so that no finalizer and no `finally` of a generator is left out.
// It goes on at the depth of Python's recursion at which it died, in _gc_next meanwhile: finalizers that make objects
// with finalizers end in RecursionError, as they do where the stack is deep enough to hold them all.
const TRASHCAN_DEPTH: u32 = 40;

const WAS_TRACKED: usize = 2;

function deallocContainer(o: usize, dealloc: u32): void {
  const depth = PyThreadState.at(tstate).dealloc_depth;
  if (depth >= TRASHCAN_DEPTH) {
    PyThreadState.at(tstate).delete_later = chain(o, PyThreadState.at(tstate).delete_later);
    return;
  }
  PyThreadState.at(tstate).dealloc_depth = depth + 1;
  call_indirect<void>(dealloc, o);
  PyThreadState.at(tstate).dealloc_depth = depth;
  if (depth == 0 && (PyThreadState.at(tstate).delete_later | objectsRoots.put_off) != 0) settle();
}

/** What is kept of an object beside the link. */
function flagsOfChain(): usize {
  return _PyGC_PREV_MASK_FINALIZED | WAS_TRACKED;
}

/** Makes the dead object the first of the chain, and returns it. */
function chain(o: usize, first: usize): usize {
  const tracked = _PyObject_GC_IS_TRACKED(o);
  if (tracked) _PyObject_GC_UNTRACK(o);
  const gc = GC.head(o);
  gc._gc_prev = first | (gc._gc_prev & _PyGC_PREV_MASK_FINALIZED) | (tracked ? WAS_TRACKED : 0);
  return o;
}

/** Takes the first object off its chain: returns the one after it. */
function unchain(o: usize): usize {
  const gc = GC.head(o);
  const kept = gc._gc_prev;
  gc._gc_next = 0;
  gc._gc_prev = kept & _PyGC_PREV_MASK_FINALIZED;
  if (kept & WAS_TRACKED) _PyObject_GC_TRACK(o);
  return kept & ~flagsOfChain();
}

/** Whether so few native levels are left that finalizers wait. */
export function isNativeStackLow(): bool {
  return !Recursion.isRoomy(1);
}

/**
 * Puts off the end of the dying object (its deallocator has begun, but freed nothing; it begins again later) where too
 * little native stack is left for its finalizer: whether it did.
 */
export function putOffFinalizer(o: usize): bool {
  if (!isNativeStackLow()) return false;
  objectsRoots.put_off = chain(o, objectsRoots.put_off);
  GC.head(o)._gc_next = PyThreadState.at(tstate).py_recursion_remaining;
  return true;
}

/**
 * Reverses the chain of what was put aside down to `rest`, which was there before: it is freed in the order in which it
 * died, and before the rest.
 */
function putInOrder(rest: usize): void {
  const ts = PyThreadState.at(tstate);
  let o = ts.delete_later;
  let done = rest;
  while (o != 0 && o != rest) {
    const gc = GC.head(o);
    const next = gc._gc_prev & ~flagsOfChain();
    gc._gc_prev = done | (gc._gc_prev & flagsOfChain());
    done = o;
    o = next;
  }
  ts.delete_later = done;
}

/** Frees what was put aside, and what was put off where there is stack for it. No deallocator is running. */
function settle(): void {
  const ts = PyThreadState.at(tstate);
  putInOrder(0);
  for (;;) {
    if (ts.delete_later != 0) {
      const o = ts.delete_later;
      const rest = unchain(o);
      ts.delete_later = rest;
      end(o);
      putInOrder(rest);
    } else if (objectsRoots.put_off != 0 && Recursion.isRoomy(2)) {
      const o = objectsRoots.put_off;
      // The limit may be another one meanwhile, and change again.
      const deeper = max(ts.py_recursion_remaining - <i32>GC.head(o)._gc_next, 0);
      objectsRoots.put_off = unchain(o);
      ts.py_recursion_remaining = ts.py_recursion_remaining - deeper;
      end(o);
      ts.py_recursion_remaining = ts.py_recursion_remaining + deeper;
    } else return;
  }
}

function end(o: usize): void {
  PyThreadState.at(tstate).dealloc_depth = 1;
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_dealloc, o);
  PyThreadState.at(tstate).dealloc_depth = 0;
}
