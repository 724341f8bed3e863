// What the iterators of itertools share: references in a row of slots of 8 bytes, the first at +16, then numbers.

import { PyTypeObject } from "../../generated/layouts";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_HAVE_GC } from "../../objects/object/flags";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py, Visit } from "../../objects/object/head";
import { PyObject_SelfIter } from "../../objects/protocol/access";
import { PyType_Ready } from "../../objects/types/ready";

/** Reference `i` of an iterator, borrowed. */
export function ref(o: usize, i: usize): usize {
  return load<u32>(o + 16 + (i << 3));
}

/** Sets reference `i` to `v`, which is stolen, dropping what was there. */
export function setRef(o: usize, i: usize, v: usize): void {
  Py.SETREF(o + 16 + (i << 3), v);
}

/** A new, empty iterator of the type; null with MemoryError. */
export function newIterator(type: usize): usize {
  return call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
}

function drop(o: usize, n: usize): void {
  PyObject_GC_UnTrack(o);
  for (let i: usize = 0; i < n; i++) Py.XDECREF(ref(o, i));
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function visitRefs(o: usize, n: usize, visit: u32, arg: usize): i32 {
  for (let i: usize = 0; i < n; i++) {
    const r = Visit.call(ref(o, i), visit, arg);
    if (r) return r;
  }
  return 0;
}

function dealloc2(o: usize): void {
  drop(o, 2);
}
function dealloc3(o: usize): void {
  drop(o, 3);
}
function dealloc4(o: usize): void {
  drop(o, 4);
}
function dealloc5(o: usize): void {
  drop(o, 5);
}
function traverse2(o: usize, visit: u32, arg: usize): i32 {
  return visitRefs(o, 2, visit, arg);
}
function traverse3(o: usize, visit: u32, arg: usize): i32 {
  return visitRefs(o, 3, visit, arg);
}
function traverse4(o: usize, visit: u32, arg: usize): i32 {
  return visitRefs(o, 4, visit, arg);
}
function traverse5(o: usize, visit: u32, arg: usize): i32 {
  return visitRefs(o, 5, visit, arg);
}

/** Fills the slots of a type with `refs` references (2 to 5) and `size` bytes, and readies it: 0, or -1. */
export function iteratorType(type: usize, size: isize, refs: i32, make: u32, next: u32, basetype: bool): i32 {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = size;
  t.tp_dealloc = refs == 2 ? dealloc2.index : refs == 3 ? dealloc3.index : refs == 4 ? dealloc4.index : dealloc5.index;
  t.tp_traverse =
    refs == 2 ? traverse2.index : refs == 3 ? traverse3.index : refs == 4 ? traverse4.index : traverse5.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | (basetype ? Py_TPFLAGS_BASETYPE : 0);
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = next;
  t.tp_new = make;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_GC_Del.index;
  return PyType_Ready(type);
}
