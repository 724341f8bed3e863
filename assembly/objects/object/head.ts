// The head that every object begins with, and the counting of references (CPython 3.13's Include/object.h).
// After it comes the value, or ob_size first where the type has items. Counting looks at the low half of ob_refcnt alone.
//
// Invariant: whoever stores a reference in memory owns one count of it, unless the field is named as borrowed.

import { Py_TPFLAGS_HEAPTYPE } from "../../generated/constants";
import { PyObject, PyTypeObject, PyVarObject } from "../../generated/layouts";
import { _Py_Dealloc } from "./dealloc";

export const IMMORTAL_REFCNT: u64 = 0xffffffff;

export class Py {
  @inline static INCREF(o: usize): void {
    const n = load<u32>(o) + 1;
    if (n != 0) store<u32>(o, n);
  }

  @inline static XINCREF(o: usize): void {
    if (o != 0) Py.INCREF(o);
  }

  @inline static DECREF(o: usize): void {
    const n = load<i32>(o);
    if (n >= 0) {
      store<i32>(o, n - 1);
      if (n == 1) _Py_Dealloc(o);
    }
  }

  @inline static XDECREF(o: usize): void {
    if (o != 0) Py.DECREF(o);
  }

  /** A new reference to `o`, which may not be null. */
  @inline static NewRef(o: usize): usize {
    Py.INCREF(o);
    return o;
  }

  @inline static XNewRef(o: usize): usize {
    if (o != 0) Py.INCREF(o);
    return o;
  }

  /** Empties the 8-byte slot at `slot`, then drops what it held. */
  @inline static CLEAR(slot: usize): void {
    const old = load<u32>(slot);
    if (old != 0) {
      store<u64>(slot, 0);
      Py.DECREF(old);
    }
  }

  /** Stores `value` (stolen, may be null) in the 8-byte slot, then drops what it held. */
  @inline static SETREF(slot: usize, value: usize): void {
    const old = load<u32>(slot);
    store<u64>(slot, value);
    if (old != 0) Py.DECREF(old);
  }

  /** The type of `o`, borrowed. */
  @inline static TYPE(o: usize): usize {
    return PyObject.at(o).ob_type;
  }

  @inline static IS_TYPE(o: usize, type: usize): bool {
    return PyObject.at(o).ob_type == type;
  }

  @inline static REFCNT(o: usize): u32 {
    return load<u32>(o);
  }

  @inline static SIZE(o: usize): isize {
    return PyVarObject.at(o).ob_size;
  }

  @inline static SET_SIZE(o: usize, n: isize): void {
    PyVarObject.at(o).ob_size = n;
  }

  @inline static isImmortal(o: usize): bool {
    return load<i32>(o) < 0;
  }

  /** Whether `type` has the flag, one of Py_TPFLAGS_*. */
  @inline static hasFeature(type: usize, flag: u64): bool {
    return (PyTypeObject.at(type).tp_flags & flag) != 0;
  }

  /** Whether `o`'s type has the flag: `Py.check(o, Py_TPFLAGS_LIST_SUBCLASS)` is PyList_Check. */
  @inline static check(o: usize, flag: u64): bool {
    return (PyTypeObject.at(Py.TYPE(o)).tp_flags & flag) != 0;
  }

  /** Item `i` of the array of 8-byte slots at `base`. */
  @inline static item(base: usize, i: isize): usize {
    return load<u32>(base + ((<usize>i) << 3));
  }

  /** Address of that slot. */
  @inline static slot(base: usize, i: isize): usize {
    return base + ((<usize>i) << 3);
  }

  @inline static setItem(base: usize, i: isize, v: usize): void {
    store<u64>(base + ((<usize>i) << 3), v);
  }
}

/** Sets the head of a new object: one reference, and one more of a heap type. */
export function _PyObject_Init(o: usize, type: usize): void {
  PyObject.at(o).ob_refcnt = 1;
  PyObject.at(o).ob_type = type;
  if (Py.hasFeature(type, Py_TPFLAGS_HEAPTYPE)) Py.INCREF(type);
}

/** Sets the head of an object that lives for as long as the process. */
export function initImmortal(o: usize, type: usize): void {
  PyObject.at(o).ob_refcnt = IMMORTAL_REFCNT;
  PyObject.at(o).ob_type = type;
}

/** Calls the visitor of a traversal on `o` where it is not null; what a tp_traverse does for each field. */
export class Visit {
  /** Returns what the visitor returns: not 0 ends the traversal, and the traverse function returns it. */
  @inline static call(o: usize, visit: u32, arg: usize): i32 {
    return o == 0 ? 0 : call_indirect<i32>(visit, o, arg);
  }
}
