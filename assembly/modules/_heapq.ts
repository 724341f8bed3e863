// The module _heapq (CPython 3.13's Modules/_heapqmodule.c): lists as heaps, the smallest item first, or for a few functions
// the largest.
//
// Invariant of a heap: no item is less than the one at (i - 1) / 2. Comparing may change the list: both items are held
// meanwhile, and another length is a RuntimeError.

import { Py_TPFLAGS_LIST_SUBCLASS } from "../generated/constants";
import { _Py_NoneStruct, PyExc_IndexError, PyExc_RuntimeError } from "../generated/statics";
import { List, PyList_Append, PyList_SetSlice } from "../objects/containers/list/list";
import { badArgument } from "../objects/define/args";
import { PyErr_Fail, PyErr_SetString } from "../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../objects/module/module";
import { Py_LT } from "../objects/object/flags";
import { Py } from "../objects/object/head";
import { PyObject_RichCompareBool } from "../objects/protocol/compare";
import { PyUnicode_FromLiteral } from "../objects/text/create";

/** Whether `a` belongs before `b`: 1, 0 or -1. Both may be dropped meanwhile. */
function before(a: usize, b: usize, largest: bool): i32 {
  Py.INCREF(a);
  Py.INCREF(b);
  const r = largest ? PyObject_RichCompareBool(b, a, Py_LT) : PyObject_RichCompareBool(a, b, Py_LT);
  Py.DECREF(a);
  Py.DECREF(b);
  return r;
}

function swap(heap: usize, i: isize, j: isize): void {
  const items = List.items(heap);
  const item = Py.item(items, i);
  Py.setItem(items, i, Py.item(items, j));
  Py.setItem(items, j, item);
}

const CHANGED = "list changed size during iteration";
const OUT_OF_RANGE = "index out of range";

/** Moves an item up to where it belongs, `start` at most: -1 with an exception. */
function siftDown(heap: usize, start: isize, pos: isize, largest: bool): i32 {
  const size = Py.SIZE(heap);
  if (pos >= size) return PyErr_Fail(PyExc_IndexError, OUT_OF_RANGE);
  while (pos > start) {
    const parent = (pos - 1) >> 1;
    const r = before(List.get(heap, pos), List.get(heap, parent), largest);
    if (r < 0) return -1;
    if (Py.SIZE(heap) != size) return PyErr_Fail(PyExc_RuntimeError, CHANGED);
    if (r == 0) break;
    swap(heap, pos, parent);
    pos = parent;
  }
  return 0;
}

/** Moves an item down, behind the better of its children each time, and then up to where it belongs: -1 with an exception. */
function siftUp(heap: usize, pos: isize, largest: bool): i32 {
  const size = Py.SIZE(heap);
  const start = pos;
  if (pos >= size) return PyErr_Fail(PyExc_IndexError, OUT_OF_RANGE);
  const limit = size >> 1;
  while (pos < limit) {
    let child = 2 * pos + 1;
    if (child + 1 < size) {
      const r = before(List.get(heap, child), List.get(heap, child + 1), largest);
      if (r < 0) return -1;
      if (Py.SIZE(heap) != size) return PyErr_Fail(PyExc_RuntimeError, CHANGED);
      if (r == 0) child++;
    }
    swap(heap, pos, child);
    pos = child;
  }
  return siftDown(heap, start, pos, largest);
}

/** Whether it is a list; otherwise TypeError. */
function isHeap(heap: usize, name: string, argument: string): bool {
  if (Py.check(heap, Py_TPFLAGS_LIST_SUBCLASS)) return true;
  badArgument(name, argument, "list", heap);
  return false;
}

/** Puts an item (borrowed) first, in place of what was there and is returned; null with an exception. */
function replaceFirst(heap: usize, item: usize, largest: bool): usize {
  if (Py.SIZE(heap) == 0) return PyErr_SetString(PyExc_IndexError, OUT_OF_RANGE);
  const first = List.get(heap, 0);
  Py.setItem(List.items(heap), 0, Py.NewRef(item));
  if (siftUp(heap, 0, largest) == 0) return first;
  Py.DECREF(first);
  return 0;
}

function popFirst(heap: usize, largest: bool): usize {
  const n = Py.SIZE(heap);
  if (n == 0) return PyErr_SetString(PyExc_IndexError, OUT_OF_RANGE);
  const last = Py.NewRef(List.get(heap, n - 1));
  if (PyList_SetSlice(heap, n - 1, n, 0) < 0) {
    Py.DECREF(last);
    return 0;
  }
  if (n == 1) return last;
  const first = replaceFirst(heap, last, largest);
  Py.DECREF(last);
  return first;
}

function heapify(heap: usize, largest: bool): usize {
  for (let i = (Py.SIZE(heap) >> 1) - 1; i >= 0; i--) if (siftUp(heap, i, largest) < 0) return 0;
  return _Py_NoneStruct;
}

/**
 * @native _heapq.heappush($module, heap, item, /)
 *
 * Put an item on a heap, which stays one.
 */
export function heapq_heappush(_m: usize, heap: usize, item: usize): usize {
  if (!isHeap(heap, "heappush", "argument 1") || PyList_Append(heap, item) < 0) return 0;
  return siftDown(heap, 0, Py.SIZE(heap) - 1, false) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _heapq.heappushpop($module, heap, item, /)
 *
 * Put an item on a heap, then take the smallest off it.
 *
 * It does the same as heappush() and then heappop(), but in one step, which takes less time.
 */
export function heapq_heappushpop(_m: usize, heap: usize, item: usize): usize {
  if (!isHeap(heap, "heappushpop", "argument 1")) return 0;
  if (Py.SIZE(heap) == 0) return Py.NewRef(item);
  const r = before(List.get(heap, 0), item, false);
  if (r <= 0) return r < 0 ? 0 : Py.NewRef(item);
  return replaceFirst(heap, item, false);
}

/**
 * @native _heapq.heappop($module, heap, /)
 *
 * Take the smallest item off a heap, which stays one.
 */
export function heapq_heappop(_m: usize, heap: usize): usize {
  return isHeap(heap, "heappop", "argument") ? popFirst(heap, false) : 0;
}

/**
 * @native _heapq.heapreplace($module, heap, item, /)
 *
 * Take the smallest item off a heap, then put another on it.
 *
 * It does the same as heappop() and then heappush(), but in one step, which takes less time, and the heap keeps its size all
 * the while. What is returned may be larger than the item that is put on it. Where that is not wanted, the two are compared
 * before, as here:
 *
 *     if item > heap[0]:
 *         item = heapreplace(heap, item)
 */
export function heapq_heapreplace(_m: usize, heap: usize, item: usize): usize {
  return isHeap(heap, "heapreplace", "argument 1") ? replaceFirst(heap, item, false) : 0;
}

/**
 * @native _heapq.heapify($module, heap, /)
 *
 * Make a heap of a list, in a time of O(len(heap)).
 */
export function heapq_heapify(_m: usize, heap: usize): usize {
  return isHeap(heap, "heapify", "argument") ? heapify(heap, false) : 0;
}

/**
 * @native _heapq._heappop_max($module, heap, /)
 *
 * heappop() of the largest.
 */
export function heapq_heappop_max(_m: usize, heap: usize): usize {
  return isHeap(heap, "_heappop_max", "argument") ? popFirst(heap, true) : 0;
}

/**
 * @native _heapq._heapify_max($module, heap, /)
 *
 * heapify(), largest first.
 */
export function heapq_heapify_max(_m: usize, heap: usize): usize {
  return isHeap(heap, "_heapify_max", "argument") ? heapify(heap, true) : 0;
}

/**
 * @native _heapq._heapreplace_max($module, heap, item, /)
 *
 * heapreplace() of the largest.
 */
export function heapq_heapreplace_max(_m: usize, heap: usize, item: usize): usize {
  return isHeap(heap, "_heapreplace_max", "argument 1") ? replaceFirst(heap, item, true) : 0;
}

/** Adds the text that explains heaps: 0, or -1 with an exception. */
function addAbout(m: usize): i32 {
  return PyModule_AddObjectLiteral(
    m,
    "__about__",
    PyUnicode_FromLiteral(
      "Heaps are lists a with a[k] <= a[2*k+1] and a[k] <= a[2*k+2] for all k, from 0 on, whatever is not there being greater. So the smallest item is a[0].",
    ),
  );
}

/**
 * @module _heapq
 *
 * Heaps, also called priority queues.
 *
 * A heap is a list in which no item is less than the one at (i - 1) // 2, i being its own place. So the smallest is the first,
 * at any time, and to put an item on it or to take the smallest off takes only O(log n) comparisons:
 *
 * heap = []            # a heap, as it is empty
 * heappush(heap, item) # one more item
 * item = heappop(heap) # the smallest, which is taken off
 * item = heap[0]       # the smallest, which stays
 * heapify(x)           # makes a heap of any list, in place
 * item = heappushpop(heap, item)  # heappush, then heappop
 * item = heapreplace(heap, item)  # heappop, then heappush
 */
export function initHeapq(m: usize): i32 {
  return addAbout(m);
}
