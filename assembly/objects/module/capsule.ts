// Capsules (CPython 3.13's Objects/capsule.c): objects around an address, by which extensions in C find each other's
// tables of functions.
//
// Nothing here is called from C: a table has the types that CPython's has, and null for each function.

import { Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import { PyCapsule, PyTypeObject, SIZEOF_PyCapsule } from "../../generated/layouts";
import { PyCapsule_Type } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyErr_NoMemory } from "../errors/raise";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { _PyObject_GC_IS_TRACKED, PyObject_GC_UnTrack } from "../object/gchead";
import { PyUnicode_FromFormat } from "../text/format/fromformat";

/**
 * A new capsule with a table of `count` null pointers, which is freed with it; the collector does not know it. `name`:
 * ASCII. Null with MemoryError.
 */
export function newCapsule(name: string, count: isize): usize {
  const table = (<usize>count) << 3;
  const size = table + <usize>name.length + 1;
  const block = PyMem_Malloc(size);
  if (block == 0) return PyErr_NoMemory();
  const o = _PyObject_GC_New(PyCapsule_Type);
  if (o == 0) {
    PyMem_Free(block);
    return 0;
  }
  memory.fill(block, 0, size);
  for (let i: usize = 0; i < <usize>name.length; i++) {
    store<u8>(block + table + i, load<u16>(changetype<usize>(name) + (i << 1)));
  }
  const c = PyCapsule.at(o);
  c.pointer = block;
  c.name = block + table;
  c.context = 0;
  c.destructor = 0;
  c.traverse_func = 0;
  c.clear_func = 0;
  return o;
}

function capsule_dealloc(o: usize): void {
  if (_PyObject_GC_IS_TRACKED(o)) PyObject_GC_UnTrack(o);
  PyMem_Free(PyCapsule.at(o).pointer);
  PyObject_GC_Del(o);
}

function capsule_repr(o: usize): usize {
  return PyUnicode_FromFormat('<capsule object "%s" at 0x%x>', PyCapsule.at(o).name, o);
}

/** What tables refer to lives as long as the process. */
function capsule_traverse(_o: usize, _visit: u32, _arg: usize): i32 {
  return 0;
}

function capsule_clear(_o: usize): i32 {
  return 0;
}

/**
 * @type PyCapsule
 *
 * An address that extension modules hand to each other.
 *
 * They are made and opened in C; Python code can only pass them on.
 */
export function initCapsuleType(): void {
  const t = PyTypeObject.at(PyCapsule_Type);
  t.tp_basicsize = SIZEOF_PyCapsule;
  t.tp_dealloc = capsule_dealloc.index;
  t.tp_repr = capsule_repr.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_traverse = capsule_traverse.index;
  t.tp_clear = capsule_clear.index;
}
