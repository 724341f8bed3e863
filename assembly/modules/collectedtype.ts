// Types of modules whose instances the collector tracks: the slots that all of them have alike.

import { Py_TPFLAGS_HAVE_GC } from "../generated/constants";
import { PyTypeObject } from "../generated/layouts";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../objects/object/attributes";

/**
 * Fills what nearly all such types have alike, for instances of `size` bytes: the caller fills the rest, then readies it.
 * Instances are tracked by tp_alloc. `flags` come on top of Py_TPFLAGS_HAVE_GC.
 */
export function collectedType(
  type: usize,
  size: usize,
  dealloc: u32,
  traverse: u32,
  clear: u32,
  flags: u64,
): PyTypeObject {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = <isize>size;
  t.tp_dealloc = dealloc;
  t.tp_traverse = traverse;
  t.tp_clear = clear;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | flags;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_GC_Del.index;
  return t;
}
