// The stack of an unpickler, its marks and its memo (CPython 3.13's Modules/_pickle.c, Pdata).
//
// Invariant: nothing below the fence, which is where the last mark is, is taken off. The references on the stack and in the
// memo are owned by them. Functions that take references off leave the stack whole before they drop any.

import { Py_TPFLAGS_DISALLOW_INSTANTIATION } from "../../generated/constants";
import { Pdata, PyTypeObject, SIZEOF_Pdata, UnpicklerObject } from "../../generated/layouts";
import { pickleRoots } from "../../generated/runtime";
import { PyPdata_Type } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc, PyMem_Realloc } from "../../memory/pymem";
import { List, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { PyErr_Format, PyErr_NoMemory } from "../../objects/errors/raise";
import { PyType_GenericAlloc } from "../../objects/object/alloc";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyType_Ready } from "../../objects/types/ready";
import { collectedType } from "../collectedtype";
import { unpicklingError } from "./input";

/** A new stack; null with MemoryError. */
export function newStack(): usize {
  const o = PyType_GenericAlloc(PyPdata_Type, 0);
  if (o == 0) return 0;
  const data = PyMem_Malloc(8 << 3);
  if (data == 0) {
    Py.DECREF(o);
    return PyErr_NoMemory();
  }
  Pdata.at(o).data = data;
  Pdata.at(o).allocated = 8;
  return o;
}

function pdata_traverse(_o: usize, _visit: u32, _arg: usize): i32 {
  return 0;
}

function pdata_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  cutStack(o, 0);
  PyMem_Free(Pdata.at(o).data);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/** Takes off and drops what is above the first `n`. */
export function cutStack(stack: usize, n: isize): void {
  while (Py.SIZE(stack) > n) {
    const top = Py.SIZE(stack) - 1;
    Py.SET_SIZE(stack, top);
    Py.DECREF(Py.item(Pdata.at(stack).data, top));
  }
}

export class Stack {
  @inline static of(o: usize): usize {
    return UnpicklerObject.at(o).stack;
  }

  @inline static size(o: usize): isize {
    return Py.SIZE(UnpicklerObject.at(o).stack);
  }

  @inline static fence(o: usize): isize {
    return Pdata.at(UnpicklerObject.at(o).stack).fence;
  }

  /** Object `i`, borrowed. */
  @inline static get(o: usize, i: isize): usize {
    return Py.item(Pdata.at(UnpicklerObject.at(o).stack).data, i);
  }

  /** The object on top, borrowed; null with UnpicklingError. */
  @inline static top(o: usize): usize {
    return hasItems(o, 1) ? Stack.get(o, Stack.size(o) - 1) : 0;
  }
}

/** Sets UnpicklingError: there is less on the stack than is asked for. Returns -1. */
export function underflow(o: usize): i32 {
  const marked = Pdata.at(Stack.of(o)).mark_set != 0;
  return unpicklingError(marked ? "unexpected MARK found" : "unpickling stack underflow");
}

/** Whether there are `n` objects above the fence; otherwise UnpicklingError. */
export function hasItems(o: usize, n: isize): bool {
  if (Stack.size(o) - Stack.fence(o) >= n) return true;
  underflow(o);
  return false;
}

/** Puts the object, whose reference is taken, on the stack; -1 with an exception, also where it is null. */
export function push(o: usize, obj: usize): i32 {
  if (obj == 0) return -1;
  const stack = Stack.of(o);
  const n = Py.SIZE(stack);
  const s = Pdata.at(stack);
  if (n == s.allocated) {
    const room = n + (n >> 3) + 6;
    const data = room > 0xfffffff ? 0 : PyMem_Realloc(s.data, (<usize>room) << 3);
    if (data == 0) {
      Py.DECREF(obj);
      PyErr_NoMemory();
      return -1;
    }
    s.data = data;
    s.allocated = room;
  }
  Py.setItem(s.data, n, obj);
  Py.SET_SIZE(stack, n + 1);
  return 0;
}

/** Takes the object on top off the stack: its reference, null with UnpicklingError. */
export function pop(o: usize): usize {
  if (!hasItems(o, 1)) return 0;
  const stack = Stack.of(o);
  const top = Py.SIZE(stack) - 1;
  Py.SET_SIZE(stack, top);
  return Py.item(Pdata.at(stack).data, top);
}

/** Takes what is above the first `start` objects off the stack: a new tuple, null with an exception. */
export function popTuple(o: usize, start: isize): usize {
  const n = Stack.size(o) - start;
  if (start < Stack.fence(o) || n < 0) {
    underflow(o);
    return 0;
  }
  const r = PyTuple_New(n);
  if (r == 0) return 0;
  for (let i: isize = 0; i < n; i++) Tuple.set(r, i, Stack.get(o, start + i));
  Py.SET_SIZE(Stack.of(o), start);
  return r;
}

/** As popTuple, but a list. */
export function popList(o: usize, start: isize): usize {
  const n = Stack.size(o) - start;
  if (start < Stack.fence(o) || n < 0) {
    underflow(o);
    return 0;
  }
  const r = PyList_New(n);
  if (r == 0) return 0;
  for (let i: isize = 0; i < n; i++) List.set(r, i, Stack.get(o, start + i));
  Py.SET_SIZE(Stack.of(o), start);
  return r;
}

/** Sets the fence to the last mark. */
function setFence(o: usize): void {
  const s = UnpicklerObject.at(o);
  const n = s.num_marks;
  Pdata.at(s.stack).mark_set = n > 0 ? 1 : 0;
  Pdata.at(s.stack).fence = n > 0 ? load<i32>(Py.slot(s.marks, n - 1)) : 0;
}

/** Puts a mark on the stack; -1 with MemoryError. */
export function pushMark(o: usize): i32 {
  const s = UnpicklerObject.at(o);
  const n = s.num_marks;
  if (n >= s.marks_size) {
    const room = 2 * n + 20;
    const marks = room > 0xfffffff ? 0 : PyMem_Realloc(s.marks, (<usize>room) << 3);
    if (marks == 0) {
      PyErr_NoMemory();
      return -1;
    }
    s.marks = marks;
    s.marks_size = room;
  }
  store<i64>(Py.slot(s.marks, n), Stack.size(o));
  s.num_marks = n + 1;
  setFence(o);
  return 0;
}

/** Takes the last mark off: where it was, or -1 with UnpicklingError. */
export function popMark(o: usize): isize {
  const s = UnpicklerObject.at(o);
  if (s.num_marks < 1) return unpicklingError("could not find MARK");
  const at = load<i32>(Py.slot(s.marks, s.num_marks - 1));
  s.num_marks = s.num_marks - 1;
  setFence(o);
  return at;
}

/** Takes the last mark off if it is on top: whether it was. */
export function popMarkOnTop(o: usize): bool {
  const s = UnpicklerObject.at(o);
  if (s.num_marks == 0 || Stack.fence(o) != Stack.size(o)) return false;
  s.num_marks = s.num_marks - 1;
  setFence(o);
  return true;
}

// The memo.

/** A block of `n` references, none set; null with MemoryError. */
export function newReferences(n: isize): usize {
  const bytes = (<usize>n) << 3;
  const r = n > 0xfffffff ? 0 : PyMem_Malloc(max<usize>(bytes, 8));
  if (r == 0) return PyErr_NoMemory();
  memory.fill(r, 0, bytes);
  return r;
}

/** Makes a block of references the memo; the old one's references are dropped. */
export function setReferences(o: usize, references: usize, size: isize, length: isize): void {
  const s = UnpicklerObject.at(o);
  const old = s.memo;
  const n = s.memo_size;
  s.memo = references;
  s.memo_size = size;
  s.memo_len = length;
  if (old == 0) return;
  for (let i: isize = 0; i < n; i++) Py.XDECREF(Py.item(old, i));
  PyMem_Free(old);
}

/** Puts what has that number on the stack; -1 with UnpicklingError where nothing has. */
export function pushRemembered(o: usize, index: i64): i32 {
  const s = UnpicklerObject.at(o);
  const value = index >= 0 && index < s.memo_size ? Py.item(s.memo, <isize>index) : 0;
  if (value != 0) return push(o, Py.NewRef(value));
  PyErr_Format(pickleRoots.unpickling_error, "Memo value not found at index %d", index);
  return -1;
}

/** Gives an object a number; -1 with MemoryError. */
export function remember(o: usize, index: i64, value: usize): i32 {
  const s = UnpicklerObject.at(o);
  if (index >= s.memo_size) {
    const size = max<i64>(index * 2, index + 1);
    const memo = size > 0xfffffff ? 0 : PyMem_Realloc(s.memo, (<usize>size) << 3);
    if (memo == 0) {
      PyErr_NoMemory();
      return -1;
    }
    memory.fill(Py.slot(memo, s.memo_size), 0, (<usize>size - <usize>s.memo_size) << 3);
    s.memo = memo;
    s.memo_size = <isize>size;
  }
  const slot = Py.slot(s.memo, <isize>index);
  if (load<u32>(slot) == 0) s.memo_len = s.memo_len + 1;
  Py.SETREF(slot, Py.NewRef(value));
  return 0;
}

/** Gives the object on top a number; -1 with an exception. */
export function rememberTop(o: usize, index: i64): i32 {
  const top = Stack.top(o);
  return top == 0 ? -1 : remember(o, index, top);
}

/**
 * @type _pickle.Pdata
 */

/** Makes the type: 0, or -1 with an exception. */
export function initStackType(): i32 {
  const dealloc = pdata_dealloc.index;
  collectedType(PyPdata_Type, SIZEOF_Pdata, dealloc, pdata_traverse.index, 0, Py_TPFLAGS_DISALLOW_INSTANTIATION);
  return PyType_Ready(PyPdata_Type);
}
