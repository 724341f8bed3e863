// Which objects would notice the end of the process: those with a finalizer, classes that give one to instances that
// the collector does not track, and weak references with a callback. Where a program leaves none but those it began
// with, taking everything down would be seen by nobody.
//
// No counterpart in CPython, which always takes everything down.

import { Py_TPFLAGS_HEAPTYPE, Py_TPFLAGS_TYPE_SUBCLASS } from "../generated/constants";
import { PyTypeObject, PyWeakReference } from "../generated/layouts";
import { gcRoots } from "../generated/runtime";
import { Py } from "../objects/object/head";
import { isWeakrefType } from "../objects/weak/weakref";
import { generation, NUM_GENERATIONS } from "./collector";
import { Ring } from "./ring";

function hasFinalizer(type: usize): bool {
  const t = PyTypeObject.at(type);
  return t.tp_finalize != 0 || t.tp_del != 0;
}

function isFinalizable(o: usize): bool {
  const type = Py.TYPE(o);
  if (hasFinalizer(type)) return true;
  if (Py.check(o, Py_TPFLAGS_TYPE_SUBCLASS)) {
    return (PyTypeObject.at(o).tp_flags & Py_TPFLAGS_HEAPTYPE) != 0 && hasFinalizer(o);
  }
  return isWeakrefType(type) && PyWeakReference.at(o).wr_callback != 0;
}

/**
 * A number that stands for the finalizable objects there are: the sum of their addresses. Everything that can refer to
 * others is tracked by the collector, or its class is. For comparison with an earlier answer.
 */
export function finalizableObjects(): u32 {
  let sum: u32 = 0;
  for (let i = 0; i <= NUM_GENERATIONS; i++) {
    const head = i < NUM_GENERATIONS ? generation(i) : gcRoots.permanent;
    for (let gc = Ring.next(head); gc != head; gc = Ring.next(gc)) if (isFinalizable(Ring.object(gc))) sum += <u32>gc;
  }
  return sum;
}
