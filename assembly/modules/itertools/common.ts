// What the iterators of itertools share: how they are made, how they end, the slots of their types.

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import { PyTypeObject } from "../../generated/layouts";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { Py } from "../../objects/object/head";
import { PyObject_SelfIter } from "../../objects/protocol/access";
import { PyType_Ready } from "../../objects/types/ready";

/** A new, empty iterator of the type; null with MemoryError. */
export function newIterator(type: usize): usize {
  return call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
}

/** The end of an iterator's deallocator, after its references: gives the block back. */
export function freeIterator(o: usize): void {
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/** Fills the slots of a type with instances of `size` bytes, and readies it: false with an exception. */
export function iteratorType(type: usize, size: usize, dealloc: u32, traverse: u32, make: u32, next: u32): bool {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = <isize>size;
  t.tp_dealloc = dealloc;
  t.tp_traverse = traverse;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | (make != 0 ? Py_TPFLAGS_BASETYPE : 0);
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = next;
  t.tp_new = make;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_GC_Del.index;
  return PyType_Ready(type) == 0;
}
