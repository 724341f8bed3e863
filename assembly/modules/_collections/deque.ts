// collections.deque (CPython 3.13's Modules/_collectionsmodule.c): items in blocks of 64, linked in both directions.
//
//   leftblock                                       rightblock
//   ┌──────────┬───────────────┬───────────┐       ┌──────────┬───────────────┬───────────┐
//   │ leftlink │ … first item →│ rightlink │ ⇄ … ⇄ │ leftlink │→ last item …  │ rightlink │
//   └──────────┴───────────────┴───────────┘       └──────────┴───────────────┴───────────┘
//                leftindex                                      rightindex
//
// Invariant: there is at least one block, and (leftindex + size - 1) % 64 == rightindex. An empty deque has one block and
// leftindex == rightindex + 1. Up to 16 blocks that became free are kept. Whatever may run Python code and then goes on
// compares `state` first. The outer links of the first and the last block are not set.

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_SEQUENCE } from "../../generated/constants";
import {
  deque_block,
  dequeiterobject,
  dequeobject,
  dequeobject_weakreflist,
  PySequenceMethods,
  PyTypeObject,
  SIZEOF_deque_block,
  SIZEOF_dequeiterobject,
  SIZEOF_dequeobject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  PyDeque_Type,
  PyDequeIter_Type,
  PyDequeRevIter_Type,
  PyExc_IndexError,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyTuple_New, PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { ArgParser, parseTupleAndKeywords, ssizeArgument } from "../../objects/define/args";
import { asSequence } from "../../objects/define/tables";
import {
  _PyType_Name,
  PyErr_Clear,
  PyErr_Fail,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { dequeiterobject_clear, dequeiterobject_traverse } from "../../objects/generated/references";
import { PyLong_AsSsize_t, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyObject_CallOneArg, PyObject_CallTwoArgs } from "../../objects/object/call";
import { Py_EQ, Py_GT, Py_LE, Py_LT, Py_NE } from "../../objects/object/flags";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py, Visit } from "../../objects/object/head";
import { Py_ReprEnter, Py_ReprLeave } from "../../objects/object/reprguard";
import { PyBool_FromBool, PyObject_SelfIter } from "../../objects/protocol/access";
import { PyObject_HashNotImplemented, PyObject_RichCompareBool } from "../../objects/protocol/compare";
import { PyObject_IsInstance } from "../../objects/protocol/instancecheck";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyIndex_Check, PyNumber_AsSsize_t } from "../../objects/protocol/number";
import { PySequence_List } from "../../objects/protocol/sequence";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { PyType_Ready } from "../../objects/types/ready";
import { _PyObject_GetState } from "../../objects/types/reduce";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";

const BLOCKLEN: isize = 64;
const CENTER: isize = 31;
const MAXFREEBLOCKS: isize = 16;
const DATA: usize = 8;

class Block {
  /** Item `i` of the block, borrowed. */
  @inline static get(b: usize, i: isize): usize {
    return load<u32>(b + ((<usize>i) << 3), DATA);
  }

  @inline static set(b: usize, i: isize, v: usize): void {
    store<u64>(b + ((<usize>i) << 3), v, DATA);
  }

  /** Address of that slot. */
  @inline static slot(b: usize, i: isize): usize {
    return b + ((<usize>i) << 3) + DATA;
  }

  @inline static left(b: usize): usize {
    return deque_block.at(b).leftlink;
  }

  @inline static right(b: usize): usize {
    return deque_block.at(b).rightlink;
  }

  @inline static link(left: usize, right: usize): void {
    deque_block.at(left).rightlink = right;
    deque_block.at(right).leftlink = left;
  }
}

/** A block, kept or new; null with MemoryError. */
function newBlock(d: dequeobject): usize {
  const kept = d.numfreeblocks;
  if (kept > 0) {
    d.numfreeblocks = kept - 1;
    return Py.item(d.freeblocks, kept - 1);
  }
  const b = PyMem_Malloc(SIZEOF_deque_block);
  return b == 0 ? PyErr_NoMemory() : b;
}

function freeBlock(d: dequeobject, b: usize): void {
  const kept = d.numfreeblocks;
  if (kept < MAXFREEBLOCKS) {
    Py.setItem(d.freeblocks, kept, b);
    d.numfreeblocks = kept + 1;
  } else PyMem_Free(b);
}

/** Makes it an empty deque over the one block. */
function center(d: dequeobject, b: usize): void {
  d.leftblock = b;
  d.rightblock = b;
  d.leftindex = CENTER + 1;
  d.rightindex = CENTER;
}

/** tp_new of deque. */
function deque_new(type: usize, _args: usize, _kwargs: usize): usize {
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) return 0;
  const d = dequeobject.at(o);
  const b = newBlock(d);
  if (b == 0) {
    Py.DECREF(o);
    return 0;
  }
  center(d, b);
  d.maxlen = -1;
  return o;
}

/** Takes the last item out: its reference goes to the caller. The deque may not be empty. */
function takeRight(o: usize): usize {
  const d = dequeobject.at(o);
  const b = d.rightblock;
  const i = d.rightindex;
  const item = Block.get(b, i);
  const n = Py.SIZE(o) - 1;
  Py.SET_SIZE(o, n);
  d.state = d.state + 1;
  if (i > 0) d.rightindex = i - 1;
  else if (n > 0) {
    d.rightblock = Block.left(b);
    d.rightindex = BLOCKLEN - 1;
    freeBlock(d, b);
  } else center(d, b);
  return item;
}

/** As takeRight, the first item. */
function takeLeft(o: usize): usize {
  const d = dequeobject.at(o);
  const b = d.leftblock;
  const i = d.leftindex;
  const item = Block.get(b, i);
  const n = Py.SIZE(o) - 1;
  Py.SET_SIZE(o, n);
  d.state = d.state + 1;
  if (i < BLOCKLEN - 1) d.leftindex = i + 1;
  else if (n > 0) {
    d.leftblock = Block.right(b);
    d.leftindex = 0;
    freeBlock(d, b);
  } else center(d, b);
  return item;
}

/** Puts a block behind the last: false with MemoryError. */
function growRight(d: dequeobject): bool {
  const b = newBlock(d);
  if (b == 0) return false;
  Block.link(d.rightblock, b);
  d.rightblock = b;
  d.rightindex = -1;
  return true;
}

function growLeft(d: dequeobject): bool {
  const b = newBlock(d);
  if (b == 0) return false;
  Block.link(b, d.leftblock);
  d.leftblock = b;
  d.leftindex = BLOCKLEN;
  return true;
}

/** Whether there is one item more than `maxlen`, which may be -1, allows. */
function isTooLong(o: usize, maxlen: isize): bool {
  return <u32>maxlen < <u32>Py.SIZE(o);
}

/** Puts an item (stolen) at the end, and drops the first where that makes one too many: -1 with MemoryError, not stolen. */
function appendItem(o: usize, item: usize, maxlen: isize): i32 {
  const d = dequeobject.at(o);
  if (d.rightindex == BLOCKLEN - 1 && !growRight(d)) return -1;
  const i = d.rightindex + 1;
  d.rightindex = i;
  Py.SET_SIZE(o, Py.SIZE(o) + 1);
  Block.set(d.rightblock, i, item);
  if (isTooLong(o, maxlen)) Py.DECREF(takeLeft(o));
  else d.state = d.state + 1;
  return 0;
}

/** As appendItem, at the start. */
function appendItemLeft(o: usize, item: usize, maxlen: isize): i32 {
  const d = dequeobject.at(o);
  if (d.leftindex == 0 && !growLeft(d)) return -1;
  const i = d.leftindex - 1;
  d.leftindex = i;
  Py.SET_SIZE(o, Py.SIZE(o) + 1);
  Block.set(d.leftblock, i, item);
  if (isTooLong(o, maxlen)) Py.DECREF(takeRight(o));
  else d.state = d.state + 1;
  return 0;
}

/**
 * @native collections.deque.append($self, item, /)
 *
 * Put an item at the right end, the last.
 */
export function deque_append(o: usize, item: usize): usize {
  if (appendItem(o, Py.NewRef(item), dequeobject.at(o).maxlen) == 0) return _Py_NoneStruct;
  Py.DECREF(item);
  return 0;
}

/**
 * @native collections.deque.appendleft($self, item, /)
 *
 * Put an item at the left end, the first.
 */
export function deque_appendleft(o: usize, item: usize): usize {
  if (appendItemLeft(o, Py.NewRef(item), dequeobject.at(o).maxlen) == 0) return _Py_NoneStruct;
  Py.DECREF(item);
  return 0;
}

/**
 * @native collections.deque.clear($self, /)
 *
 * Take all items out.
 */
export function deque_clear(o: usize): usize {
  clearItems(o);
  return _Py_NoneStruct;
}

/** Empties the deque, then drops its items, from the first on. */
function clearItems(o: usize): void {
  let n = Py.SIZE(o);
  if (n == 0) return;
  const d = dequeobject.at(o);
  const fresh = newBlock(d);
  if (fresh == 0) {
    // No block for an empty deque: the items go one by one.
    PyErr_Clear();
    while (Py.SIZE(o) > 0) Py.DECREF(takeRight(o));
    return;
  }
  let b = d.leftblock;
  let i = d.leftindex;
  Py.SET_SIZE(o, 0);
  center(d, fresh);
  d.state = d.state + 1;
  while (true) {
    Py.DECREF(Block.get(b, i++));
    if (--n == 0) break;
    if (i == BLOCKLEN) {
      const next = Block.right(b);
      freeBlock(d, b);
      b = next;
      i = 0;
    }
  }
  freeBlock(d, b);
}

function deque_tp_clear(o: usize): i32 {
  if (dequeobject.at(o).leftblock != 0) clearItems(o);
  return 0;
}

function deque_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  const d = dequeobject.at(o);
  if (d.weakreflist != 0) PyObject_ClearWeakRefs(o);
  if (d.leftblock != 0) {
    clearItems(o);
    PyMem_Free(d.leftblock);
  }
  for (let i: isize = 0; i < d.numfreeblocks; i++) PyMem_Free(Py.item(d.freeblocks, i));
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function deque_traverse(o: usize, visit: u32, arg: usize): i32 {
  const d = dequeobject.at(o);
  let b = d.leftblock;
  let i = d.leftindex;
  for (let n = Py.SIZE(o); n > 0; n--) {
    const r = Visit.call(Block.get(b, i), visit, arg);
    if (r != 0) return r;
    if (++i == BLOCKLEN) {
      b = Block.right(b);
      i = 0;
    }
  }
  return 0;
}

/** Adds the items of an iterable on one side: false with an exception. */
function extend(o: usize, iterable: usize, left: bool): bool {
  if (iterable == o) {
    const list = PySequence_List(iterable);
    if (list == 0) return false;
    const done = extend(o, list, left);
    Py.DECREF(list);
    return done;
  }
  const d = dequeobject.at(o);
  const maxlen = d.maxlen;
  const it = PyObject_GetIter(iterable);
  if (it == 0) return false;
  if (maxlen != 0 && Py.SIZE(o) == 0) {
    // The first block is filled from its other end, so that more fits in it.
    d.leftindex = left ? BLOCKLEN - 1 : 1;
    d.rightindex = left ? BLOCKLEN - 2 : 0;
  }
  let done = true;
  while (true) {
    const item = PyIter_Next(it);
    if (item == 0) break;
    if (maxlen == 0) Py.DECREF(item);
    else if ((left ? appendItemLeft(o, item, maxlen) : appendItem(o, item, maxlen)) < 0) {
      Py.DECREF(item);
      break;
    }
  }
  if (PyErr_Occurred()) done = false;
  Py.DECREF(it);
  return done;
}

/**
 * @native collections.deque.extend($self, iterable, /)
 *
 * Put the elements of an iterable at the right end, one by one.
 */
export function deque_extend(o: usize, iterable: usize): usize {
  return extend(o, iterable, false) ? _Py_NoneStruct : 0;
}

/**
 * @native collections.deque.extendleft($self, iterable, /)
 *
 * Put the elements of an iterable at the left end, one by one.
 */
export function deque_extendleft(o: usize, iterable: usize): usize {
  return extend(o, iterable, true) ? _Py_NoneStruct : 0;
}

/** A copy, made by the class where it is another one. New reference, null with an exception. */
function copy(o: usize): usize {
  const type = Py.TYPE(o);
  const maxlen = dequeobject.at(o).maxlen;
  if (type == PyDeque_Type) {
    const fresh = deque_new(type, 0, 0);
    if (fresh == 0) return 0;
    dequeobject.at(fresh).maxlen = maxlen;
    if (extend(fresh, o, false)) return fresh;
    Py.DECREF(fresh);
    return 0;
  }
  let r: usize;
  if (maxlen < 0) r = PyObject_CallOneArg(type, o);
  else {
    const limit = PyLong_FromSsize_t(maxlen);
    if (limit == 0) return 0;
    r = PyObject_CallTwoArgs(type, o, limit);
    Py.DECREF(limit);
  }
  if (r != 0 && !isDeque(r)) {
    PyErr_Format(PyExc_TypeError, "%.200s() must return a deque, not %.200t", PyTypeObject.at(type).tp_name, r);
    Py.DECREF(r);
    return 0;
  }
  return r;
}

function isDeque(o: usize): bool {
  return Py.IS_TYPE(o, PyDeque_Type) || PyType_IsSubtype(Py.TYPE(o), PyDeque_Type);
}

/**
 * @native collections.deque.__copy__($self, /)
 *
 * A copy with the same items.
 */
export function deque___copy__(o: usize): usize {
  return copy(o);
}

/**
 * @native collections.deque.copy($self, /)
 *
 * A copy with the same items.
 */
export function deque_copy(o: usize): usize {
  return copy(o);
}

function deque_concat(o: usize, other: usize): usize {
  const is = PyObject_IsInstance(other, PyDeque_Type);
  if (is < 0) return 0;
  if (is == 0) return PyErr_Format(PyExc_TypeError, 'can only concatenate deque (not "%.200t") to deque', other);
  const r = copy(o);
  if (r == 0 || extend(r, other, false)) return r;
  Py.DECREF(r);
  return 0;
}

function deque_inplace_concat(o: usize, other: usize): usize {
  return extend(o, other, false) ? Py.NewRef(o) : 0;
}

/** Repeats the only item of the deque until there are `n`: false with MemoryError. */
function repeatItem(o: usize, n: isize): bool {
  const d = dequeobject.at(o);
  const item = Block.get(d.leftblock, d.leftindex);
  d.state = d.state + 1;
  while (Py.SIZE(o) < n) {
    if (d.rightindex == BLOCKLEN - 1 && !growRight(d)) return false;
    const i = d.rightindex + 1;
    d.rightindex = i;
    Block.set(d.rightblock, i, Py.NewRef(item));
    Py.SET_SIZE(o, Py.SIZE(o) + 1);
  }
  return true;
}

function deque_inplace_repeat(o: usize, n: isize): usize {
  const size = Py.SIZE(o);
  if (size == 0 || n == 1) return Py.NewRef(o);
  if (n <= 0) {
    clearItems(o);
    return Py.NewRef(o);
  }
  const maxlen = dequeobject.at(o).maxlen;
  if (size == 1) return repeatItem(o, maxlen >= 0 ? min(n, maxlen) : n) ? Py.NewRef(o) : 0;
  if (size > 0x7fffffff / n) return PyErr_NoMemory();
  const items = PySequence_List(o);
  if (items == 0) return 0;
  if (maxlen >= 0 && n * size > maxlen) n = (maxlen + size - 1) / size;
  let done: bool = true;
  for (let i: isize = 1; done && i < n; i++) done = extend(o, items, false);
  Py.DECREF(items);
  return done ? Py.NewRef(o) : 0;
}

function deque_repeat(o: usize, n: isize): usize {
  const r = copy(o);
  if (r == 0) return 0;
  const repeated = deque_inplace_repeat(r, n);
  Py.DECREF(r);
  return repeated;
}

/**
 * Moves the items n places to the right. A block that one side empties goes to the other. No Python code runs. False with
 * MemoryError, the items being whole.
 */
function rotate(o: usize, n: isize): bool {
  const len = Py.SIZE(o);
  if (len <= 1) return true;
  const half = len >> 1;
  if (n > half || n < -half) {
    n %= len;
    if (n > half) n -= len;
    else if (n < -half) n += len;
  }
  const d = dequeobject.at(o);
  d.state = d.state + 1;
  while (n > 0) {
    if (d.leftindex == 0 && !growLeft(d)) return false;
    // As many as lie in one block on both sides.
    const m = min(n, min(d.rightindex + 1, d.leftindex));
    d.rightindex -= m;
    d.leftindex -= m;
    memory.copy(Block.slot(d.leftblock, d.leftindex), Block.slot(d.rightblock, d.rightindex + 1), (<usize>m) << 3);
    n -= m;
    if (d.rightindex < 0) {
      const b = d.rightblock;
      d.rightblock = Block.left(b);
      d.rightindex = BLOCKLEN - 1;
      freeBlock(d, b);
    }
  }
  while (n < 0) {
    if (d.rightindex == BLOCKLEN - 1 && !growRight(d)) return false;
    const m = min(-n, min(BLOCKLEN - d.leftindex, BLOCKLEN - 1 - d.rightindex));
    memory.copy(Block.slot(d.rightblock, d.rightindex + 1), Block.slot(d.leftblock, d.leftindex), (<usize>m) << 3);
    d.leftindex += m;
    d.rightindex += m;
    n += m;
    if (d.leftindex == BLOCKLEN) {
      const b = d.leftblock;
      d.leftblock = Block.right(b);
      d.leftindex = 0;
      freeBlock(d, b);
    }
  }
  return true;
}

const MUTATED = "deque mutated during iteration";

/** Whether an item is equal to `v`: 1, 0 or -1. Both may be dropped meanwhile. */
function isEqual(item: usize, v: usize): i32 {
  Py.INCREF(item);
  const r = PyObject_RichCompareBool(item, v, Py_EQ);
  Py.DECREF(item);
  return r;
}

/**
 * The index of the first item from `start` to `stop` that is equal to `v`: `stop` where none is; -1 with an exception,
 * of type `exc` where the deque changes meanwhile. A find goes before that where `eager`.
 */
function findItem(o: usize, v: usize, start: isize, stop: isize, exc: usize, eager: bool): isize {
  const d = dequeobject.at(o);
  const state = d.state;
  let b = d.leftblock;
  let i = d.leftindex + start;
  for (; i >= BLOCKLEN && start < stop; i -= BLOCKLEN) b = Block.right(b);
  for (let at = start; at < stop; at++) {
    const r = isEqual(Block.get(b, i), v);
    if (r < 0 || (r > 0 && eager)) return r < 0 ? -1 : at;
    if (d.state != state) return PyErr_Fail(exc, MUTATED);
    if (r > 0) return at;
    if (++i == BLOCKLEN && at + 1 < stop) {
      b = Block.right(b);
      i = 0;
    }
  }
  return stop;
}

/**
 * @native collections.deque.count($self, value, /)
 *
 * How many items equal it.
 */
export function deque_count(o: usize, v: usize): usize {
  const d = dequeobject.at(o);
  const state = d.state;
  let b = d.leftblock;
  let i = d.leftindex;
  let count: isize = 0;
  for (let n = Py.SIZE(o); n > 0; n--) {
    const r = isEqual(Block.get(b, i), v);
    if (r < 0) return 0;
    count += r;
    if (d.state != state) return PyErr_SetString(PyExc_RuntimeError, MUTATED);
    if (++i == BLOCKLEN && n > 1) {
      b = Block.right(b);
      i = 0;
    }
  }
  return PyLong_FromSsize_t(count);
}

function deque_contains(o: usize, v: usize): i32 {
  const n = Py.SIZE(o);
  const at = findItem(o, v, 0, n, PyExc_RuntimeError, true);
  return at < 0 ? -1 : at < n ? 1 : 0;
}

/** A bound of index(), which may not be None: stores it at `out`; false with an exception. */
function indexBound(v: usize, out: usize): bool {
  if (!PyIndex_Check(v)) {
    PyErr_SetString(PyExc_TypeError, "slice indices must be integers or have an __index__ method");
    return false;
  }
  const i = PyNumber_AsSsize_t(v, 0);
  if (i == -1 && PyErr_Occurred()) return false;
  store<i32>(out, i);
  return true;
}

/**
 * @native collections.deque.index($self, value, [start, [stop]])
 *
 * Where the first item is that equals it.
 *
 * ValueError if none does.
 */
export function deque_index(o: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("index", nargs, 1, 3)) return 0;
  const bounds = Scratch.take(2);
  store<i32>(bounds, 0);
  store<i32>(bounds, Py.SIZE(o), 8);
  const converted =
    (nargs < 2 || indexBound(Py.item(argv, 1), bounds)) && (nargs < 3 || indexBound(Py.item(argv, 2), bounds + 8));
  let start: isize = load<i32>(bounds);
  let stop: isize = load<i32>(bounds, 8);
  Scratch.give(bounds);
  if (!converted) return 0;
  const n = Py.SIZE(o);
  if (start < 0) start = max<isize>(start + n, 0);
  if (stop < 0) stop = max<isize>(stop + n, 0);
  stop = min(stop, n);
  start = min(start, stop);
  const v = Py.item(argv, 0);
  const at = findItem(o, v, start, stop, PyExc_RuntimeError, true);
  if (at < 0) return 0;
  return at < stop ? PyLong_FromSsize_t(at) : PyErr_Format(PyExc_ValueError, "%R is not in deque", v);
}

/**
 * @native collections.deque.insert($self, index, value, /)
 *
 * Put it before an item.
 */
export function deque_insert(o: usize, index: isize, value: usize): usize {
  const n = Py.SIZE(o);
  if (dequeobject.at(o).maxlen == n) {
    return PyErr_SetString(PyExc_IndexError, "deque already at its maximum size");
  }
  if (index >= n) return deque_append(o, value);
  if (index <= -n || index == 0) return deque_appendleft(o, value);
  if (!rotate(o, -index)) return 0;
  if ((index < 0 ? deque_append(o, value) : deque_appendleft(o, value)) == 0) return 0;
  return rotate(o, index) ? _Py_NoneStruct : 0;
}

/**
 * @native collections.deque.pop($self, /)
 *
 * Take the last item out, at the right end.
 */
export function deque_pop(o: usize): usize {
  return Py.SIZE(o) == 0 ? PyErr_SetString(PyExc_IndexError, "pop from an empty deque") : takeRight(o);
}

/**
 * @native collections.deque.popleft($self, /)
 *
 * Take the first item out, at the left.
 */
export function deque_popleft(o: usize): usize {
  return Py.SIZE(o) == 0 ? PyErr_SetString(PyExc_IndexError, "pop from an empty deque") : takeLeft(o);
}

/** Address of the slot of item `i`, which is one. */
function slotOf(o: usize, i: isize): usize {
  const d = dequeobject.at(o);
  const n = Py.SIZE(o);
  const place = d.leftindex + i;
  let steps = place / BLOCKLEN;
  let b: usize;
  if (i < n >> 1) {
    for (b = d.leftblock; steps > 0; steps--) b = Block.right(b);
  } else {
    steps = (d.leftindex + n - 1) / BLOCKLEN - steps;
    for (b = d.rightblock; steps > 0; steps--) b = Block.left(b);
  }
  return Block.slot(b, place % BLOCKLEN);
}

function deque_item(o: usize, i: isize): usize {
  if (<u32>i >= <u32>Py.SIZE(o)) return PyErr_SetString(PyExc_IndexError, "deque index out of range");
  return Py.NewRef(load<u32>(slotOf(o, i)));
}

/** Takes item `i` out, which is one: false with MemoryError. */
function deleteItem(o: usize, i: isize): bool {
  if (!rotate(o, -i)) return false;
  const item = takeLeft(o);
  const done = rotate(o, i);
  Py.DECREF(item);
  return done;
}

function deque_ass_item(o: usize, i: isize, v: usize): i32 {
  if (<u32>i >= <u32>Py.SIZE(o)) return PyErr_Fail(PyExc_IndexError, "deque index out of range");
  if (v == 0) return deleteItem(o, i) ? 0 : -1;
  Py.SETREF(slotOf(o, i), Py.NewRef(v));
  return 0;
}

/**
 * @native collections.deque.__reduce__($self, /)
 *
 * What a copy of it is to be made from
 */
export function deque_reduce(o: usize): usize {
  const state = _PyObject_GetState(o);
  const it = state == 0 ? 0 : PyObject_GetIter(o);
  const maxlen = dequeobject.at(o).maxlen;
  const limit = it == 0 || maxlen < 0 ? 0 : PyLong_FromSsize_t(maxlen);
  const none = it == 0 ? 0 : PyTuple_New(0);
  const args = maxlen < 0 ? none : limit == 0 || none == 0 ? 0 : PyTuple_Pack2(none, limit);
  const r = args == 0 ? 0 : PyTuple_New(4);
  if (r != 0) {
    Tuple.set(r, 0, Py.NewRef(Py.TYPE(o)));
    Tuple.set(r, 1, Py.NewRef(args));
    Tuple.set(r, 2, Py.NewRef(state));
    Tuple.set(r, 3, Py.NewRef(it));
  }
  if (args != none) Py.XDECREF(args);
  Py.XDECREF(none);
  Py.XDECREF(limit);
  Py.XDECREF(it);
  Py.XDECREF(state);
  return r;
}

/**
 * @native collections.deque.remove($self, value, /)
 *
 * Take the first equal item out.
 */
export function deque_remove(o: usize, value: usize): usize {
  const n = Py.SIZE(o);
  const at = findItem(o, value, 0, n, PyExc_IndexError, false);
  if (at < 0) return 0;
  if (at == n) return PyErr_Format(PyExc_ValueError, "%R is not in deque", value);
  return deleteItem(o, at) ? _Py_NoneStruct : 0;
}

/**
 * @native collections.deque.__reversed__($self, /)
 *
 * An iterator from the last item to the first.
 */
export function deque_reversed(o: usize): usize {
  return dequeIterator(o, PyDequeRevIter_Type);
}

/**
 * @native collections.deque.reverse($self, /)
 *
 * Turn it round.
 */
export function deque_reverse(o: usize): usize {
  const d = dequeobject.at(o);
  let b = d.leftblock;
  let c = d.rightblock;
  let i = d.leftindex;
  let j = d.rightindex;
  for (let n = Py.SIZE(o) >> 1; n > 0; n--) {
    const item = Block.get(b, i);
    Block.set(b, i, Block.get(c, j));
    Block.set(c, j, item);
    if (++i == BLOCKLEN) {
      b = Block.right(b);
      i = 0;
    }
    if (--j < 0) {
      c = Block.left(c);
      j = BLOCKLEN - 1;
    }
  }
  return _Py_NoneStruct;
}

/**
 * @native collections.deque.rotate($self, n=1, /)
 *
 * Move all items n places right, or left if n is negative.
 */
export function deque_rotate(o: usize, n: isize): usize {
  return rotate(o, n) ? _Py_NoneStruct : 0;
}

/**
 * @native collections.deque.__sizeof__($self, /)
 *
 * How many bytes it takes, with its blocks.
 */
export function deque_sizeof(o: usize): usize {
  const blocks = (dequeobject.at(o).leftindex + Py.SIZE(o) + BLOCKLEN - 1) / BLOCKLEN;
  return PyLong_FromSsize_t(PyTypeObject.at(Py.TYPE(o)).tp_basicsize + blocks * <isize>SIZEOF_deque_block);
}

/**
 * @getter collections.deque.maxlen
 *
 * The most items there may be, or None
 */
export function deque_get_maxlen(o: usize, _closure: usize): usize {
  const n = dequeobject.at(o).maxlen;
  return n < 0 ? _Py_NoneStruct : PyLong_FromSsize_t(n);
}

function deque_repr(o: usize): usize {
  const entered = Py_ReprEnter(o);
  if (entered != 0) return entered < 0 ? 0 : PyUnicode_FromLiteral("[...]");
  const list = PySequence_List(o);
  let r: usize = 0;
  if (list != 0) {
    const name = _PyType_Name(Py.TYPE(o));
    const maxlen = dequeobject.at(o).maxlen;
    r =
      maxlen >= 0
        ? PyUnicode_FromFormat("%s(%R, maxlen=%d)", name, list, maxlen)
        : PyUnicode_FromFormat("%s(%R)", name, list);
    Py.DECREF(list);
  }
  Py_ReprLeave(o);
  return r;
}

/** How two deques compare that are walked side by side: 1, 0, or -1 with an exception. */
function compareItems(v: usize, w: usize, op: i32): i32 {
  while (true) {
    const x = PyIter_Next(v);
    if (x == 0 && PyErr_Occurred()) return -1;
    const y = PyIter_Next(w);
    if (x == 0 || y == 0) {
      Py.XDECREF(x);
      Py.XDECREF(y);
      if (PyErr_Occurred()) return -1;
      // One of them, or both, is at its end.
      if (op == Py_LT) return i32(y != 0);
      if (op == Py_LE) return i32(x == 0);
      if (op == Py_EQ) return i32(x == y);
      if (op == Py_NE) return i32(x != y);
      return op == Py_GT ? i32(x != 0) : i32(y == 0);
    }
    let r = PyObject_RichCompareBool(x, y, Py_EQ);
    const differ = r == 0;
    if (differ) r = PyObject_RichCompareBool(x, y, op);
    Py.DECREF(x);
    Py.DECREF(y);
    if (differ || r < 0) return r;
  }
  return -1;
}

function deque_richcompare(v: usize, w: usize, op: i32): usize {
  if (!isDeque(v) || !isDeque(w)) return _Py_NotImplementedStruct;
  if (op == Py_EQ || op == Py_NE) {
    if (v == w) return PyBool_FromBool(op == Py_EQ);
    if (Py.SIZE(v) != Py.SIZE(w)) return PyBool_FromBool(op == Py_NE);
  }
  const a = PyObject_GetIter(v);
  const b = a == 0 ? 0 : PyObject_GetIter(w);
  const r = b == 0 ? -1 : compareItems(a, b, op);
  Py.XDECREF(a);
  Py.XDECREF(b);
  return r < 0 ? 0 : PyBool_FromBool(r != 0);
}

function deque_init(o: usize, args: usize, kwargs: usize): i32 {
  const a = Scratch.take(2);
  const parsed = parseTupleAndKeywords("deque", "iterable maxlen", args, kwargs, a, 0, 2);
  const iterable = Py.item(a, 0);
  const limit = Py.item(a, 1);
  Scratch.give(a);
  if (!parsed) return -1;
  let maxlen: isize = -1;
  if (limit != 0 && limit != _Py_NoneStruct) {
    maxlen = PyLong_AsSsize_t(limit);
    if (maxlen == -1 && PyErr_Occurred()) return -1;
    if (maxlen < 0) return PyErr_Fail(PyExc_ValueError, "maxlen must be non-negative");
  }
  dequeobject.at(o).maxlen = maxlen;
  clearItems(o);
  return iterable == 0 || extend(o, iterable, false) ? 0 : -1;
}

function deque_len(o: usize): isize {
  return Py.SIZE(o);
}

// Iterators.

/** An iterator of the type over the deque, from whichever side that begins. New reference, null with MemoryError. */
function dequeIterator(o: usize, type: usize): usize {
  const it = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (it == 0) return 0;
  const x = dequeiterobject.at(it);
  const d = dequeobject.at(o);
  const fromLeft = type == PyDequeIter_Type;
  x.b = fromLeft ? d.leftblock : d.rightblock;
  x.index = fromLeft ? d.leftindex : d.rightindex;
  x.deque = Py.NewRef(o);
  x.state = d.state;
  x.counter = Py.SIZE(o);
  return it;
}

function deque_iter(o: usize): usize {
  return dequeIterator(o, PyDequeIter_Type);
}

/** Sets RuntimeError: the deque has changed. Null. */
function mutated(x: dequeiterobject): usize {
  x.counter = 0;
  return PyErr_SetString(PyExc_RuntimeError, MUTATED);
}

function dequeiter_next(it: usize): usize {
  const x = dequeiterobject.at(it);
  if (x.deque == 0) return 0;
  if (dequeobject.at(x.deque).state != x.state) return mutated(x);
  const left = x.counter - 1;
  if (left < 0) return 0;
  x.counter = left;
  const i = x.index;
  const item = Block.get(x.b, i);
  if (i + 1 == BLOCKLEN && left > 0) {
    x.b = Block.right(x.b);
    x.index = 0;
  } else x.index = i + 1;
  return Py.NewRef(item);
}

function dequereviter_next(it: usize): usize {
  const x = dequeiterobject.at(it);
  const left = x.counter - 1;
  if (left < 0 || x.deque == 0) return 0;
  if (dequeobject.at(x.deque).state != x.state) return mutated(x);
  x.counter = left;
  const i = x.index;
  const item = Block.get(x.b, i);
  if (i == 0 && left > 0) {
    x.b = Block.left(x.b);
    x.index = BLOCKLEN - 1;
  } else x.index = i - 1;
  return Py.NewRef(item);
}

function iteratorOf(type: usize, args: usize): usize {
  const n = Py.SIZE(args);
  if (n < 1) return PyErr_SetString(PyExc_TypeError, "function takes at least 1 argument (0 given)");
  if (n > 2) return PyErr_Format(PyExc_TypeError, "function takes at most 2 arguments (%d given)", n);
  const o = Tuple.get(args, 0);
  if (!isDeque(o)) return PyErr_Format(PyExc_TypeError, "argument 1 must be collections.deque, not %.50t", o);
  const skip = n < 2 ? 0 : ssizeArgument(Tuple.get(args, 1));
  if (skip == -1 && PyErr_Occurred()) return 0;
  const it = dequeIterator(o, type);
  if (it == 0) return 0;
  for (let i: isize = 0; i < skip; i++) {
    const item = type == PyDequeIter_Type ? dequeiter_next(it) : dequereviter_next(it);
    if (item == 0) break;
    Py.DECREF(item);
  }
  return it;
}

function dequeiter_new(type: usize, args: usize, _kwargs: usize): usize {
  return iteratorOf(type, args);
}

function dequeiter_dealloc(it: usize): void {
  PyObject_GC_UnTrack(it);
  dequeiterobject_clear(it);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(it)).tp_free, it);
}

/**
 * @native collections._deque_iterator.__length_hint__
 *
 * @native collections._deque_reverse_iterator.__length_hint__
 *
 * How many items are left.
 */
export function dequeiter_len(it: usize, _u: usize): usize {
  return PyLong_FromSsize_t(dequeiterobject.at(it).counter);
}

/**
 * @native collections._deque_iterator.__reduce__
 *
 * @native collections._deque_reverse_iterator.__reduce__
 *
 * What a copy of it is to be made from
 */
export function dequeiter_reduce(it: usize, _u: usize): usize {
  const x = dequeiterobject.at(it);
  const done = PyLong_FromSsize_t(Py.SIZE(x.deque) - x.counter);
  const args = done == 0 ? 0 : PyTuple_Pack2(x.deque, done);
  const r = args == 0 ? 0 : PyTuple_Pack2(Py.TYPE(it), args);
  Py.XDECREF(args);
  Py.XDECREF(done);
  return r;
}

/**
 * @type collections._deque_iterator
 */

/**
 * @type collections._deque_reverse_iterator
 */

/**
 * @type collections.deque([iterable[, maxlen]])
 *
 * A list that is quick at both of its ends, and only there.
 *
 * @classmethod collections.deque.__class_getitem__ = Py_GenericAlias
 * See PEP 585
 */

function initIterator(type: usize, next: u32): i32 {
  const t = collectedType(
    type,
    SIZEOF_dequeiterobject,
    dequeiter_dealloc.index,
    dequeiterobject_traverse.index,
    dequeiterobject_clear.index,
    0,
  );
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = next;
  t.tp_new = dequeiter_new.index;
  return PyType_Ready(type);
}

/** Makes the types: 0, or -1 with an exception. */
export function initDequeTypes(): i32 {
  const t = collectedType(
    PyDeque_Type,
    SIZEOF_dequeobject,
    deque_dealloc.index,
    deque_traverse.index,
    deque_tp_clear.index,
    Py_TPFLAGS_BASETYPE | Py_TPFLAGS_SEQUENCE,
  );
  t.tp_repr = deque_repr.index;
  t.tp_hash = PyObject_HashNotImplemented.index;
  t.tp_richcompare = deque_richcompare.index;
  t.tp_iter = deque_iter.index;
  t.tp_init = deque_init.index;
  t.tp_new = deque_new.index;
  t.tp_weaklistoffset = <isize>dequeobject_weakreflist;
  const s = PySequenceMethods.at(asSequence(PyDeque_Type));
  s.sq_length = deque_len.index;
  s.sq_concat = deque_concat.index;
  s.sq_repeat = deque_repeat.index;
  s.sq_item = deque_item.index;
  s.sq_ass_item = deque_ass_item.index;
  s.sq_contains = deque_contains.index;
  s.sq_inplace_concat = deque_inplace_concat.index;
  s.sq_inplace_repeat = deque_inplace_repeat.index;
  return PyType_Ready(PyDeque_Type) == 0 &&
    initIterator(PyDequeIter_Type, dequeiter_next.index) == 0 &&
    initIterator(PyDequeRevIter_Type, dequereviter_next.index) == 0
    ? 0
    : -1;
}
