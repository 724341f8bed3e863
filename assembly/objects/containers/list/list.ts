// list, its core (CPython 3.13's Objects/listobject.c).
//
// Growth: a list that must grow to n items gets n + n/8 + 6 slots, rounded down to a multiple of 4; it shrinks when
// fewer than half of its slots are used. Up to 80 freed lists are kept, chained through ob_item.

import { HOOK_TRACE, Py_TPFLAGS_LIST_SUBCLASS } from "../../../generated/constants";
import { PyDictViewObject, PyListObject, PyTypeObject } from "../../../generated/layouts";
import { freelistsRoots, memoryRoots } from "../../../generated/runtime";
import {
  PyDict_Type,
  PyDictItems_Type,
  PyDictKeys_Type,
  PyDictValues_Type,
  PyExc_IndexError,
  PyExc_StopIteration,
  PyExc_TypeError,
  PyFrozenSet_Type,
  PyList_Type,
  PySet_Type,
  PyTuple_Type,
} from "../../../generated/statics";
import { PyMem_Free, PyMem_Malloc, PyMem_Realloc } from "../../../memory/pymem";
import { traceNewReference } from "../../../memory/trace/trace";
import { Interrupts } from "../../../thread/interrupts";
import { Scratch } from "../../../thread/scratch";
import {
  PyErr_BadInternalCall,
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Fail,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
} from "../../errors/raise";
import { _PyObject_GC_New, PyObject_GC_Del } from "../../object/alloc";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack, SIZEOF_GC_HEAD } from "../../object/gchead";
import { Py, Visit } from "../../object/head";
import { PyObject_LengthHint } from "../../protocol/items";
import { PyObject_GetIter } from "../../protocol/iterator";
import { PySequence_Fast } from "../../protocol/sequence";
import { PyTypeName, repeatBytes } from "../../text/concat";
import { Dict, PyDict_KeyAt, PyDict_Next, PyDict_ValueAt } from "../dict/dict";
import { _PySet_KeyAt, _PySet_NextEntry, PySet_Size } from "../set/set";
import { PyTuple_FromArray, PyTuple_Pack2, Tuple } from "../tuple";

const LISTS_KEPT_MAX: i32 = 80;
const SLOTS_MAX: isize = 0x0ffffff0;
const FEW: isize = 8;

export class List {
  /** Address of the items. */
  @inline static items(l: usize): usize {
    return PyListObject.at(l).ob_item;
  }

  @inline static size(l: usize): isize {
    return PyListObject.at(l).ob_size;
  }

  /** Item `i`, borrowed. */
  @inline static get(l: usize, i: isize): usize {
    return Py.item(PyListObject.at(l).ob_item, i);
  }

  /** Stores a reference (stolen) where there is none yet. */
  @inline static set(l: usize, i: isize, v: usize): void {
    Py.setItem(PyListObject.at(l).ob_item, i, v);
  }

  @inline static check(o: usize): bool {
    return Py.check(o, Py_TPFLAGS_LIST_SUBCLASS);
  }

  @inline static allocated(l: usize): isize {
    return PyListObject.at(l).allocated;
  }

  @inline static setSize(l: usize, n: isize): void {
    PyListObject.at(l).ob_size = n;
  }
}

function allocateList(): usize {
  const o = freelistsRoots.lists;
  if (o != 0) {
    freelistsRoots.lists = PyListObject.at(o).ob_item;
    freelistsRoots.list_count = freelistsRoots.list_count - 1;
    store<u64>(o, 1);
    if (memoryRoots.flags & HOOK_TRACE) traceNewReference(o - SIZEOF_GC_HEAD);
    return o;
  }
  return _PyObject_GC_New(PyList_Type);
}

/** A new list with an array of exactly `slots` slots (null for 0) and `n` items, null each. Tracked. Null: MemoryError. */
function newList(n: isize, slots: isize): usize {
  if (slots > SLOTS_MAX) return PyErr_NoMemory();
  const o = allocateList();
  if (o == 0) return 0;
  const l = PyListObject.at(o);
  l.ob_size = 0;
  l.ob_item = 0;
  l.allocated = 0;
  if (slots > 0) {
    const items = PyMem_Malloc((<usize>slots) << 3);
    if (items == 0) {
      Py.DECREF(o);
      return PyErr_NoMemory();
    }
    memory.fill(items, 0, (<usize>n) << 3);
    l.ob_item = items;
    l.ob_size = n;
    l.allocated = slots;
  }
  _PyObject_GC_TRACK(o);
  return o;
}

/** A new list of `n` null items, for the caller to fill. Null with MemoryError. */
export function PyList_New(n: isize): usize {
  if (n < 0) return PyErr_BadInternalCall();
  Interrupts.work(n);
  return newList(n, n);
}

/** A new empty list with an array of `slots` slots. Null with MemoryError. */
export function newPreallocatedList(slots: isize): usize {
  return newList(0, slots);
}

/** The most slots that a split starts with. */
const SPLIT_SLOTS_MAX: isize = 12;

/** A new empty list for what at most `limit` splits give: room for a few parts from the start. Null with MemoryError. */
export function newSplitList(limit: isize): usize {
  return newList(0, limit >= SPLIT_SLOTS_MAX ? SPLIT_SLOTS_MAX : limit + 1);
}

/** Makes room for `n` items and sets the size to it; the items above the old size are not initialised. -1: MemoryError. */
export function listResize(l: usize, n: isize): i32 {
  if (<u32>n > <u32>SLOTS_MAX) {
    PyErr_NoMemory();
    return -1;
  }
  const allocated = List.allocated(l);
  if (allocated >= n && n >= allocated >> 1) {
    List.setSize(l, n);
    return 0;
  }
  let slots = (n + (n >> 3) + 6) & ~3;
  // Growing by a lot at once: no more than that, rounded up to a multiple of 4.
  if (n - List.size(l) > slots - n) slots = (n + 3) & ~3;
  if (n == 0) slots = 0;
  if (slots > SLOTS_MAX) {
    PyErr_NoMemory();
    return -1;
  }
  const items = PyMem_Realloc(List.items(l), (<usize>slots) << 3);
  if (items == 0) {
    PyErr_NoMemory();
    return -1;
  }
  const o = PyListObject.at(l);
  o.ob_item = items;
  o.ob_size = n;
  o.allocated = slots;
  return 0;
}

/** Appends `v` (borrowed). -1 with MemoryError. */
export function PyList_Append(l: usize, v: usize): i32 {
  return _PyList_AppendTakeRef(l, Py.NewRef(v));
}

/** Appends `v`, which is stolen, also where it fails. -1 with MemoryError. */
export function _PyList_AppendTakeRef(l: usize, v: usize): i32 {
  const n = List.size(l);
  if (List.allocated(l) > n) {
    List.set(l, n, v);
    List.setSize(l, n + 1);
    return 0;
  }
  if (listResize(l, n + 1) < 0) {
    Py.DECREF(v);
    return -1;
  }
  List.set(l, n, v);
  return 0;
}

/** Inserts `v` (borrowed) before item `where`, clamped, counted from the end where negative. -1 with MemoryError. */
export function PyList_Insert(l: usize, where: isize, v: usize): i32 {
  const n = List.size(l);
  if (listResize(l, n + 1) < 0) return -1;
  if (where < 0) where = max<isize>(where + n, 0);
  if (where > n) where = n;
  const p = Py.slot(List.items(l), where);
  memory.copy(Py.slot(p, 1), p, (<usize>(n - where)) << 3);
  store<u64>(p, Py.NewRef(v));
  return 0;
}

/** A new tuple of the items. Null with MemoryError. */
export function PyList_AsTuple(l: usize): usize {
  return PyTuple_FromArray(List.items(l), List.size(l));
}

/** Items start to end as a new list; bounds must be within the list. Null with MemoryError. */
export function list_slice(l: usize, start: isize, end: isize): usize {
  const n = end - start;
  if (n <= 0) return PyList_New(0);
  const r = newList(0, n);
  if (r == 0) return 0;
  const from = Py.slot(List.items(l), start);
  const to = List.items(r);
  for (let i: isize = 0; i < n; i++) Py.setItem(to, i, Py.NewRef(Py.item(from, i)));
  List.setSize(r, n);
  return r;
}

/** Drops all items and the array. */
export function list_clear(l: usize): void {
  const items = List.items(l);
  if (items == 0) return;
  let i = List.size(l);
  const o = PyListObject.at(l);
  // Emptied first: dropping an item may run code that looks at the list.
  o.ob_size = 0;
  o.ob_item = 0;
  o.allocated = 0;
  while (--i >= 0) Py.XDECREF(Py.item(items, i));
  PyMem_Free(items);
}

/** l[start:end] = v for an iterable v (borrowed; null deletes); bounds are clamped. -1 with an exception. */
export function PyList_SetSlice(l: usize, start: isize, end: isize, v: usize): i32 {
  let fast: usize = 0;
  let n: isize = 0;
  let from: usize = 0;
  if (v != 0) {
    if (v == l) {
      // Items move while they are read: a copy is read instead.
      const copy = list_slice(v, 0, List.size(v));
      if (copy == 0) return -1;
      const r = PyList_SetSlice(l, start, end, copy);
      Py.DECREF(copy);
      return r;
    }
    fast = PySequence_Fast(v, "can only assign an iterable");
    if (fast == 0) return -1;
    n = Py.SIZE(fast);
    from = fastItems(fast);
  }
  const size = List.size(l);
  start = min(max<isize>(start, 0), size);
  end = min(max(end, start), size);
  const removed = end - start;
  const change = n - removed;
  if (size + change == 0) {
    Py.XDECREF(fast);
    list_clear(l);
    return 0;
  }
  // The removed items are dropped last: that may run anything.
  // A few fit into scratch slots, so that taking an item out cannot fail.
  const few = removed > 0 && removed <= FEW;
  const recycle = removed == 0 ? 0 : few ? Scratch.take(FEW) : PyMem_Malloc((<usize>removed) << 3);
  if (removed > 0 && recycle == 0) {
    Py.XDECREF(fast);
    PyErr_NoMemory();
    return -1;
  }
  let items = List.items(l);
  if (removed > 0) memory.copy(recycle, Py.slot(items, start), (<usize>removed) << 3);
  const tail = (<usize>(size - end)) << 3;
  let status = 0;
  if (change < 0) {
    memory.copy(Py.slot(items, end + change), Py.slot(items, end), tail);
    if (listResize(l, size + change) < 0) {
      memory.copy(Py.slot(items, end), Py.slot(items, end + change), tail);
      memory.copy(Py.slot(items, start), recycle, (<usize>removed) << 3);
      status = -1;
    }
  } else if (change > 0) {
    if (listResize(l, size + change) < 0) status = -1;
    else {
      items = List.items(l);
      memory.copy(Py.slot(items, end + change), Py.slot(items, end), tail);
    }
  }
  if (status == 0) {
    items = List.items(l);
    for (let i: isize = 0; i < n; i++) Py.setItem(items, start + i, Py.XNewRef(Py.item(from, i)));
    for (let i = removed - 1; i >= 0; i--) Py.XDECREF(Py.item(recycle, i));
  }
  if (few) Scratch.give(recycle);
  else if (recycle != 0) PyMem_Free(recycle);
  Py.XDECREF(fast);
  return status;
}

/** Address of the items of what PySequence_Fast gave, a list or a tuple. */
export function fastItems(fast: usize): usize {
  return List.check(fast) ? List.items(fast) : Tuple.items(fast);
}

/** Sets item `i`, in range, to `v` (stolen). */
export function replaceItem(l: usize, i: isize, v: usize): void {
  Py.SETREF(Py.slot(List.items(l), i), v);
}

/** PyList_SetItem: steals `v`, also where it fails with IndexError (-1). */
export function PyList_SetItem(l: usize, i: isize, v: usize): i32 {
  if (<u32>i >= <u32>List.size(l)) {
    Py.XDECREF(v);
    return PyErr_Fail(PyExc_IndexError, "list assignment index out of range");
  }
  replaceItem(l, i, v);
  return 0;
}

/** Makes the array of a list that has none exactly `n` slots wide, as list(sized) does. */
function preallocateExact(l: usize, n: isize): i32 {
  if (n > SLOTS_MAX) {
    PyErr_NoMemory();
    return -1;
  }
  // An odd number of slots costs as much as the even one above it.
  const slots = (n + 1) & ~1;
  const items = PyMem_Malloc((<usize>slots) << 3);
  if (items == 0) {
    PyErr_NoMemory();
    return -1;
  }
  const o = PyListObject.at(l);
  o.ob_item = items;
  o.allocated = slots;
  return 0;
}

/** Appends the items of an array, borrowed. */
function extendArray(l: usize, from: usize, n: isize): i32 {
  const size = List.size(l);
  if (n == 0) return 0;
  if (List.items(l) == 0) {
    if (preallocateExact(l, n) < 0) return -1;
    List.setSize(l, n);
  } else if (n > SLOTS_MAX - size) {
    PyErr_NoMemory();
    return -1;
  } else if (listResize(l, size + n) < 0) return -1;
  const to = Py.slot(List.items(l), size);
  for (let i: isize = 0; i < n; i++) Py.setItem(to, i, Py.NewRef(Py.item(from, i)));
  return 0;
}

/** Appends the items of an iterable. -1 with an exception. */
export function _PyList_Extend(l: usize, iterable: usize): i32 {
  if (List.check(iterable) && Py.IS_TYPE(iterable, PyList_Type)) {
    if (l == iterable) {
      const n = List.size(l);
      if (n == 0) return 0;
      if (n > SLOTS_MAX - n) {
        PyErr_NoMemory();
        return -1;
      }
      if (listResize(l, n + n) < 0) return -1;
      const items = List.items(l);
      for (let i: isize = 0; i < n; i++) Py.setItem(items, n + i, Py.NewRef(Py.item(items, i)));
      return 0;
    }
    return extendArray(l, List.items(iterable), List.size(iterable));
  }
  const type = Py.TYPE(iterable);
  if (type == PyTuple_Type) return extendArray(l, Tuple.items(iterable), Py.SIZE(iterable));
  if (type == PySet_Type || type == PyFrozenSet_Type) return extendSet(l, iterable);
  if (type == PyDict_Type) return extendDict(l, iterable, 0);
  if (type == PyDictKeys_Type) return extendDict(l, PyDictViewObject.at(iterable).dv_dict, 0);
  if (type == PyDictValues_Type) return extendDict(l, PyDictViewObject.at(iterable).dv_dict, 1);
  if (type == PyDictItems_Type) return extendDict(l, PyDictViewObject.at(iterable).dv_dict, 2);
  return extendIterable(l, iterable);
}

function extendSet(l: usize, set: usize): i32 {
  const size = List.size(l);
  if (listResize(l, size + PySet_Size(set)) < 0) return -1;
  let to = Py.slot(List.items(l), size);
  let pos: isize = 0;
  while ((pos = _PySet_NextEntry(set, pos)) != 0) {
    store<u64>(to, Py.NewRef(_PySet_KeyAt(set, pos)));
    to += 8;
  }
  return 0;
}

/** Appends a dict's keys, values or items, as `what` is 0, 1, 2. */
function extendDict(l: usize, d: usize, what: i32): i32 {
  const size = List.size(l);
  const n = Dict.used(d);
  if (listResize(l, size + n) < 0) return -1;
  let i = size;
  let pos: isize = 0;
  while ((pos = PyDict_Next(d, pos)) != 0) {
    const key = PyDict_KeyAt(d, pos);
    const value = PyDict_ValueAt(d, pos);
    const v = what == 2 ? PyTuple_Pack2(key, value) : Py.NewRef(what == 0 ? key : value);
    if (v == 0) {
      List.setSize(l, i);
      return -1;
    }
    List.set(l, i++, v);
  }
  return 0;
}

function extendIterable(l: usize, iterable: usize): i32 {
  const it = PyObject_GetIter(iterable);
  if (it == 0) return -1;
  const hint = PyObject_LengthHint(iterable, 8);
  if (hint < 0) {
    Py.DECREF(it);
    return -1;
  }
  const size = List.size(l);
  if (hint == isize.MAX_VALUE && size > 0) {
    // More than there can be: a wrong hint, and appending will tell.
  } else if (List.items(l) == 0) {
    if (hint > 0 && preallocateExact(l, hint) < 0) {
      Py.DECREF(it);
      return -1;
    }
  } else {
    if (listResize(l, size + hint) < 0) {
      Py.DECREF(it);
      return -1;
    }
    List.setSize(l, size);
  }
  const next = PyTypeObject.at(Py.TYPE(it)).tp_iternext;
  for (;;) {
    const v = call_indirect<usize>(next, it);
    if (v == 0) break;
    if (_PyList_AppendTakeRef(l, v) < 0) {
      Py.DECREF(it);
      return -1;
    }
  }
  Py.DECREF(it);
  if (PyErr_Occurred()) {
    if (!PyErr_ExceptionMatches(PyExc_StopIteration)) return -1;
    PyErr_Clear();
  }
  if (List.size(l) < List.allocated(l) && listResize(l, List.size(l)) < 0) return -1;
  return 0;
}

/** l + r as a new list. Null with MemoryError. */
export function list_concat(a: usize, b: usize): usize {
  if (!List.check(b)) {
    return PyErr_Format(PyExc_TypeError, 'can only concatenate list (not "%.200s") to list', PyTypeName.of(b));
  }
  const na = List.size(a);
  const nb = List.size(b);
  if (na > SLOTS_MAX - nb) return PyErr_NoMemory();
  const r = newList(0, na + nb);
  if (r == 0) return 0;
  const to = List.items(r);
  for (let i: isize = 0; i < na; i++) Py.setItem(to, i, Py.NewRef(List.get(a, i)));
  for (let i: isize = 0; i < nb; i++) Py.setItem(to, na + i, Py.NewRef(List.get(b, i)));
  List.setSize(r, na + nb);
  return r;
}

/** a * n as a new list. Null with MemoryError. */
export function list_repeat(a: usize, n: isize): usize {
  const size = List.size(a);
  if (size == 0 || n <= 0) return PyList_New(0);
  const total = <i64>size * <i64>n;
  if (total > SLOTS_MAX) return PyErr_NoMemory();
  const r = newList(0, <isize>total);
  if (r == 0) return 0;
  addReferences(a, n);
  repeatBytes(List.items(r), (<usize>total) << 3, List.items(a), (<usize>size) << 3);
  List.setSize(r, <isize>total);
  return r;
}

/** Counts `n` more references to each item. */
function addReferences(l: usize, n: isize): void {
  const size = List.size(l);
  for (let i: isize = 0; i < size; i++) {
    const v = List.get(l, i);
    if (!Py.isImmortal(v)) store<u32>(v, load<u32>(v) + <u32>n);
  }
}

/** l *= n: a new reference to l. Null with MemoryError. */
export function list_inplace_repeat(l: usize, n: isize): usize {
  const size = List.size(l);
  if (size == 0 || n == 1) return Py.NewRef(l);
  if (n < 1) {
    list_clear(l);
    return Py.NewRef(l);
  }
  const total = <i64>size * <i64>n;
  if (total > SLOTS_MAX) return PyErr_NoMemory();
  if (listResize(l, <isize>total) < 0) return 0;
  List.setSize(l, size);
  addReferences(l, n - 1);
  const items = List.items(l);
  List.setSize(l, <isize>total);
  const unit = (<usize>size) << 3;
  const bytes = (<usize>total) << 3;
  let done = unit;
  while (done < bytes) {
    const step = min(done, bytes - done);
    memory.copy(items + done, items, step);
    done += step;
  }
  return Py.NewRef(l);
}

/** tp_dealloc of list. */
export function list_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  const items = List.items(o);
  if (items != 0) {
    for (let i = List.size(o) - 1; i >= 0; i--) Py.XDECREF(Py.item(items, i));
    PyMem_Free(items);
  }
  if (Py.IS_TYPE(o, PyList_Type) && freelistsRoots.list_count < LISTS_KEPT_MAX) {
    PyListObject.at(o).ob_item = freelistsRoots.lists;
    freelistsRoots.lists = o;
    freelistsRoots.list_count = freelistsRoots.list_count + 1;
  } else call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/** tp_traverse of list. */
export function list_traverse(o: usize, visit: u32, arg: usize): i32 {
  for (let i = List.size(o) - 1; i >= 0; i--) {
    const r = Visit.call(List.get(o, i), visit, arg);
    if (r != 0) return r;
  }
  return 0;
}

/** Returns the kept lists' blocks. */
export function clearFreeLists_list(): void {
  let o = freelistsRoots.lists;
  freelistsRoots.lists = 0;
  freelistsRoots.list_count = 0;
  while (o != 0) {
    const next = PyListObject.at(o).ob_item;
    PyObject_GC_Del(o);
    o = next;
  }
}
