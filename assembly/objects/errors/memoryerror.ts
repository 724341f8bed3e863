// MemoryError: some are kept ready, because when one is needed there is no memory to make it (CPython 3.13's
// Objects/exceptions.c).

import { PyBaseExceptionObject, SIZEOF_PyBaseExceptionObject, SIZEOF_PyGC_Head } from "../../generated/layouts";
import { objectsRoots } from "../../generated/runtime";
import { empty_tuple, PyExc_MemoryError } from "../../generated/statics";
import { traceReference } from "../code/origins";
import { staticAlloc } from "../define/tables";
import { PyBaseExceptionObject_clear } from "../generated/references";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../object/alloc";
import { _PyObject_GC_TRACK, _PyObject_GC_UNTRACK } from "../object/gchead";
import { _PyObject_Init, initImmortal, Py } from "../object/head";
import { BaseException_new } from "./base";

// MemoryError

const READY_ERRORS: i32 = 16;

/** A new MemoryError: one of those kept, or a fresh one; there is always one, at the worst the immortal last resort. */
export function newMemoryError(): usize {
  const kept = objectsRoots.memerrors_freelist;
  if (kept != 0) {
    objectsRoots.memerrors_freelist = PyBaseExceptionObject.at(kept).dict;
    objectsRoots.memerrors_count = objectsRoots.memerrors_count - 1;
    const e = PyBaseExceptionObject.at(kept);
    e.dict = 0;
    e.args = empty_tuple;
    _PyObject_Init(kept, PyExc_MemoryError);
    traceReference(kept);
    _PyObject_GC_TRACK(kept);
    return kept;
  }
  return objectsRoots.last_resort_memory_error;
}

/** Keeps a dead MemoryError; false where enough are kept. Its references are cleared already, it is untracked. */
export function returnMemoryError(self: usize): bool {
  if (objectsRoots.memerrors_count >= READY_ERRORS || objectsRoots.memerrors_closed) return false;
  const e = PyBaseExceptionObject.at(self);
  e.dict = objectsRoots.memerrors_freelist;
  objectsRoots.memerrors_freelist = self;
  objectsRoots.memerrors_count = objectsRoots.memerrors_count + 1;
  return true;
}

/** Makes the instances that are kept ready: 0, or -1 where memory is too small even for them. */
export function prepareMemoryErrors(): i32 {
  const last = staticAlloc(SIZEOF_PyGC_Head + SIZEOF_PyBaseExceptionObject) + SIZEOF_PyGC_Head;
  initImmortal(last, PyExc_MemoryError);
  PyBaseExceptionObject.at(last).args = empty_tuple;
  objectsRoots.last_resort_memory_error = last;
  objectsRoots.memerrors_closed = 0;
  for (let i = 0; i < READY_ERRORS; i++) {
    const e = PyType_GenericAlloc(PyExc_MemoryError, 0);
    if (e == 0) return -1;
    PyBaseExceptionObject.at(e).args = empty_tuple;
    // Chained by hand: all are alive until all are made.
    _PyObject_GC_UNTRACK(e);
    returnMemoryError(e);
  }
  return 0;
}

/** Takes from the immortal last resort where it was raised last: that keeps frames alive. For finalisation. */
export function emptyLastResort(): void {
  PyBaseExceptionObject_clear(objectsRoots.last_resort_memory_error);
  PyBaseExceptionObject.at(objectsRoots.last_resort_memory_error).args = empty_tuple;
}

/** Frees the instances that were kept. For finalisation. */
export function freeMemoryErrors(): void {
  objectsRoots.memerrors_closed = 1;
  while (objectsRoots.memerrors_freelist != 0) {
    const e = objectsRoots.memerrors_freelist;
    objectsRoots.memerrors_freelist = PyBaseExceptionObject.at(e).dict;
    PyObject_GC_Del(e);
  }
  objectsRoots.memerrors_count = 0;
}

export function MemoryError_new(type: usize, args: usize, kwargs: usize): usize {
  if (type == PyExc_MemoryError) {
    const kept = objectsRoots.memerrors_freelist;
    if (kept != 0) {
      const self = newMemoryError();
      PyBaseExceptionObject.at(self).args = args != 0 ? Py.NewRef(args) : empty_tuple;
      return self;
    }
  }
  return BaseException_new(type, args, kwargs);
}
