// tuple (CPython 3.13's Objects/tupleobject.c).
//
// The empty tuple is immortal. Tuples of 1 to 20 items, exactly of this type, are kept when freed: up to 2000 of each
// size, chained through their first item.

import {
  _Py_TPFLAGS_MATCH_SELF,
  HOOK_TRACE,
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_SEQUENCE,
  Py_TPFLAGS_TUPLE_SUBCLASS,
} from "../../generated/constants";
import {
  PyMappingMethods,
  PySequenceMethods,
  PyTupleObject,
  PyTupleObject_ob_item,
  PyTypeObject,
} from "../../generated/layouts";
import { freelistsRoots, memoryRoots } from "../../generated/runtime";
import {
  _Py_NotImplementedStruct,
  empty_tuple,
  PyExc_IndexError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyTuple_Type,
} from "../../generated/statics";
import { traceNewReference } from "../../memory/trace/trace";
import { Scratch } from "../../thread/scratch";
import { ArgParser } from "../define/args";
import { asMapping, asSequence } from "../define/tables";
import {
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_BadInternalCall,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../errors/raise";
import { tuple_iter } from "../iterators/sequence";
import { boolObject, PyBool_FromLong } from "../numbers/bool";
import { PyLong_FromLong } from "../numbers/int/create";
import { _PyObject_GC_NewVar, _PyObject_GC_Resize, PyObject_GC_Del, PyType_GenericAlloc } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { Py_EQ, Py_NE } from "../object/flags";
import {
  _PyObject_GC_IS_TRACKED,
  _PyObject_GC_TRACK,
  _PyObject_IS_GC,
  PyObject_GC_UnTrack,
  SIZEOF_GC_HEAD,
} from "../object/gchead";
import { initImmortal, Py, Visit } from "../object/head";
import { Py_ReprEnter, Py_ReprLeave } from "../object/reprguard";
import { PyObject_Hash, PyObject_RichCompare, PyObject_RichCompareBool } from "../protocol/compare";
import { PyIndex_Check, PyNumber_AsSsize_t } from "../protocol/number";
import { PySequence_Tuple } from "../protocol/sequence";
import { PyObject_Repr } from "../protocol/text";
import { compareResult } from "../text/compare";
import { PyTypeName } from "../text/concat";
import { PyUnicode_FromLiteral } from "../text/create";
import { Writer, writeLiteral, writerDiscard, writerFinish, writeStr } from "../text/format/writer";
import { adjustIndices, isSlice, SliceIndices, unpackSlice } from "./slice";

const MAX_KEPT_SIZE: isize = 20;
const MAX_KEPT: i32 = 2000;
const ITEMS: usize = PyTupleObject_ob_item;

class Kept {
  /** Slot of the chain of kept tuples of `n` items. */
  @inline static chain(n: isize): usize {
    return freelistsRoots.tuples + ((<usize>n - 1) << 3);
  }

  /** Address of the chain's length. */
  @inline static count(n: isize): usize {
    return freelistsRoots.tuple_counts + ((<usize>n - 1) << 2);
  }
}

export class Tuple {
  /** Item `i`, borrowed. */
  @inline static get(t: usize, i: isize): usize {
    return load<u32>(t + ((<usize>i) << 3), ITEMS);
  }

  /** Stores a reference (stolen) in a new tuple. */
  @inline static set(t: usize, i: isize, v: usize): void {
    store<u64>(t + ((<usize>i) << 3), v, ITEMS);
  }

  /** Address of the items. */
  @inline static items(t: usize): usize {
    return PyTupleObject.at(t).ob_item;
  }

  @inline static size(t: usize): isize {
    return PyTupleObject.at(t).ob_size;
  }

  @inline static check(o: usize): bool {
    return Py.check(o, Py_TPFLAGS_TUPLE_SUBCLASS);
  }
}

/** A tuple of `n` items not yet set and not tracked; n is not 0. */
function allocate(n: isize): usize {
  if (n <= MAX_KEPT_SIZE) {
    const chain = Kept.chain(n);
    const o = load<u32>(chain);
    if (o != 0) {
      const next = Tuple.get(o, 0);
      store<u64>(chain, next);
      store<i32>(Kept.count(n), load<i32>(Kept.count(n)) - 1);
      store<u64>(o, 1);
      if (memoryRoots.flags & HOOK_TRACE) traceNewReference(o - SIZEOF_GC_HEAD);
      return o;
    }
  }
  return _PyObject_GC_NewVar(PyTuple_Type, n);
}

/** A new tuple of `n` null items, tracked. Null with MemoryError. */
export function PyTuple_New(n: isize): usize {
  if (n == 0) return empty_tuple;
  if (n < 0) return PyErr_BadInternalCall();
  const o = allocate(n);
  if (o == 0) return 0;
  memory.fill(o + ITEMS, 0, (<usize>n) << 3);
  _PyObject_GC_TRACK(o);
  return o;
}

/**
 * `t`, a tuple with room for `room` items that is being filled, with room for `n`: ob_size says so then. Takes the
 * reference; null with an exception, which it is too that somebody else has got hold of it.
 */
export function _PyTuple_Resize(t: usize, room: isize, n: isize): usize {
  if (room == 0) return PyTuple_New(n);
  if (Py.REFCNT(t) != 1) {
    Py.DECREF(t);
    return PyErr_BadInternalCall();
  }
  if (n == 0) {
    discardTuple(t, room);
    return empty_tuple;
  }
  PyObject_GC_UnTrack(t);
  const r = _PyObject_GC_Resize(t, n);
  if (r == 0) {
    discardTuple(t, room);
    return 0;
  }
  if (n > room) memory.fill(r + ITEMS + ((<usize>room) << 3), 0, (<usize>(n - room)) << 3);
  Py.SET_SIZE(r, n);
  _PyObject_GC_TRACK(r);
  return r;
}

/** Gives up a tuple that was being filled: its block goes back as what it was taken as, unless somebody still has it. */
export function discardTuple(t: usize, room: isize): void {
  if (Py.REFCNT(t) == 1) Py.SET_SIZE(t, room);
  Py.DECREF(t);
}

/** A new tuple of one item, borrowed. */
export function PyTuple_Pack1(a: usize): usize {
  const o = allocate(1);
  if (o == 0) return 0;
  Tuple.set(o, 0, Py.NewRef(a));
  _PyObject_GC_TRACK(o);
  return o;
}

/** A new tuple of two items, borrowed. */
export function PyTuple_Pack2(a: usize, b: usize): usize {
  const o = allocate(2);
  if (o == 0) return 0;
  Tuple.set(o, 0, Py.NewRef(a));
  Tuple.set(o, 1, Py.NewRef(b));
  _PyObject_GC_TRACK(o);
  return o;
}

/** A new tuple of three items, borrowed. */
export function PyTuple_Pack3(a: usize, b: usize, c: usize): usize {
  const o = allocate(3);
  if (o == 0) return 0;
  Tuple.set(o, 0, Py.NewRef(a));
  Tuple.set(o, 1, Py.NewRef(b));
  Tuple.set(o, 2, Py.NewRef(c));
  _PyObject_GC_TRACK(o);
  return o;
}

/** A new tuple of the `n` references in the slots at `argv`, borrowed. */
export function PyTuple_FromArray(argv: usize, n: isize): usize {
  if (n == 0) return empty_tuple;
  const o = allocate(n);
  if (o == 0) return 0;
  for (let i: isize = 0; i < n; i++) Tuple.set(o, i, Py.NewRef(Py.item(argv, i)));
  _PyObject_GC_TRACK(o);
  return o;
}

/** Items start to end as a new tuple; the tuple itself where that is all of an exact tuple. Bounds are clamped. */
export function PyTuple_GetSlice(t: usize, start: isize, end: isize): usize {
  const n = Tuple.size(t);
  if (start < 0) start = 0;
  if (end > n) end = n;
  if (end < start) end = start;
  if (start == 0 && end == n && Py.IS_TYPE(t, PyTuple_Type)) return Py.NewRef(t);
  return PyTuple_FromArray(t + ITEMS + ((<usize>start) << 3), end - start);
}

/** Returns the kept tuples' blocks. */
export function clearFreeLists_tuple(): void {
  for (let n: isize = 1; n <= MAX_KEPT_SIZE; n++) {
    let o = load<u32>(Kept.chain(n));
    store<u64>(Kept.chain(n), 0);
    store<i32>(Kept.count(n), 0);
    while (o != 0) {
      const next = Tuple.get(o, 0);
      PyObject_GC_Del(o);
      o = next;
    }
  }
}

function tuple_dealloc(o: usize): void {
  const n = Tuple.size(o);
  if (n == 0 && o == empty_tuple) {
    initImmortal(o, PyTuple_Type);
    return;
  }
  PyObject_GC_UnTrack(o);
  for (let i = n - 1; i >= 0; i--) Py.XDECREF(Tuple.get(o, i));
  if (n > 0 && n <= MAX_KEPT_SIZE && Py.IS_TYPE(o, PyTuple_Type) && load<i32>(Kept.count(n)) < MAX_KEPT) {
    store<i32>(Kept.count(n), load<i32>(Kept.count(n)) + 1);
    Tuple.set(o, 0, load<u32>(Kept.chain(n)));
    store<u64>(Kept.chain(n), o);
  } else {
    call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
  }
}

export function tuple_traverse(o: usize, visit: u32, arg: usize): i32 {
  for (let i = Tuple.size(o) - 1; i >= 0; i--) {
    const r = Visit.call(Tuple.get(o, i), visit, arg);
    if (r != 0) return r;
  }
  return 0;
}

/** Whether `o` is or may become part of a cycle: collected, and not an untracked exact tuple. */
export function maybeTracked(o: usize): bool {
  return _PyObject_IS_GC(o) && (!Py.IS_TYPE(o, PyTuple_Type) || _PyObject_GC_IS_TRACKED(o));
}

function tuple_repr(o: usize): usize {
  const n = Tuple.size(o);
  if (n == 0) return PyUnicode_FromLiteral("()");
  const entered = Py_ReprEnter(o);
  if (entered != 0) return entered > 0 ? PyUnicode_FromLiteral("(...)") : 0;
  const w = Writer.begin(n > 1 ? n * 3 : 4);
  let ok = Writer.char(w, 0x28);
  for (let i: isize = 0; ok == 0 && i < n; i++) {
    if (i > 0) ok = writeLiteral(w, ", ");
    const s = ok == 0 ? PyObject_Repr(Tuple.get(o, i)) : 0;
    if (s == 0) {
      ok = -1;
      break;
    }
    ok = writeStr(w, s);
    Py.DECREF(s);
  }
  if (ok == 0) ok = n > 1 ? Writer.char(w, 0x29) : writeLiteral(w, ",)");
  Py_ReprLeave(o);
  return ok == 0 ? writerFinish(w) : writerDiscard(w);
}

const XXPRIME_1: u64 = 11400714785074694791;
const XXPRIME_2: u64 = 14029467366897019727;
const XXPRIME_5: u64 = 2870177450012600261;

/** hash(item). A tuple in a tuple takes a level of native recursion, which CPython does not count. */
function hashItem(item: usize): i64 {
  if (PyTypeObject.at(Py.TYPE(item)).tp_hash != tuple_hash.index) return PyObject_Hash(item);
  if (Py_EnterRecursiveCall(" while hashing a tuple")) return -1;
  const h = PyObject_Hash(item);
  Py_LeaveRecursiveCall();
  return h;
}

function tuple_hash(o: usize): i64 {
  const n = Tuple.size(o);
  let acc = XXPRIME_5;
  for (let i: isize = 0; i < n; i++) {
    const lane = hashItem(Tuple.get(o, i));
    if (lane == -1) return -1;
    acc += <u64>lane * XXPRIME_2;
    acc = (acc << 31) | (acc >> 33);
    acc *= XXPRIME_1;
  }
  acc += <u64>n ^ (XXPRIME_5 ^ 3527539);
  return acc == <u64>-1 ? 1546275796 : <i64>acc;
}

function tuple_length(o: usize): isize {
  return Tuple.size(o);
}

function tuple_contains(o: usize, v: usize): i32 {
  for (let i: isize = 0; i < Tuple.size(o); i++) {
    const c = PyObject_RichCompareBool(Tuple.get(o, i), v, Py_EQ);
    if (c != 0) return c;
  }
  return 0;
}

function tuple_item(o: usize, i: isize): usize {
  if (<u32>i >= <u32>Tuple.size(o)) return PyErr_SetString(PyExc_IndexError, "tuple index out of range");
  return Py.NewRef(Tuple.get(o, i));
}

function tuple_concat(a: usize, b: usize): usize {
  if (Tuple.size(a) == 0 && Py.IS_TYPE(b, PyTuple_Type)) return Py.NewRef(b);
  if (!Tuple.check(b)) {
    return PyErr_Format(PyExc_TypeError, 'can only concatenate tuple (not "%.200s") to tuple', PyTypeName.of(b));
  }
  const na = Tuple.size(a);
  const nb = Tuple.size(b);
  if (nb == 0 && Py.IS_TYPE(a, PyTuple_Type)) return Py.NewRef(a);
  if (na > 0x7fffffff - nb) return PyErr_NoMemory();
  if (na + nb == 0) return empty_tuple;
  const r = allocate(na + nb);
  if (r == 0) return 0;
  for (let i: isize = 0; i < na; i++) Tuple.set(r, i, Py.NewRef(Tuple.get(a, i)));
  for (let i: isize = 0; i < nb; i++) Tuple.set(r, na + i, Py.NewRef(Tuple.get(b, i)));
  _PyObject_GC_TRACK(r);
  return r;
}

function tuple_repeat(o: usize, n: isize): usize {
  const size = Tuple.size(o);
  if ((size == 0 || n == 1) && Py.IS_TYPE(o, PyTuple_Type)) return Py.NewRef(o);
  if (size == 0 || n <= 0) return empty_tuple;
  const total = <i64>size * <i64>n;
  if (total > 0x0ffffff0) return PyErr_NoMemory();
  const r = allocate(<isize>total);
  if (r == 0) return 0;
  for (let i: isize = 0; i < <isize>total; i++) Tuple.set(r, i, Py.NewRef(Tuple.get(o, i % size)));
  _PyObject_GC_TRACK(r);
  return r;
}

function tuple_subscript(o: usize, item: usize): usize {
  const n = Tuple.size(o);
  if (PyIndex_Check(item)) {
    const i = PyNumber_AsSsize_t(item, PyExc_IndexError);
    if (i == -1 && PyErr_Occurred()) return 0;
    return tuple_item(o, i < 0 ? i + n : i);
  }
  if (isSlice(item)) {
    const s = unpackSlice(item);
    if (s == 0) return 0;
    const length = adjustIndices(n, s);
    const start = SliceIndices.start(s);
    const step = SliceIndices.step(s);
    Scratch.give(s);
    if (length <= 0) return empty_tuple;
    if (start == 0 && step == 1 && length == n && Py.IS_TYPE(o, PyTuple_Type)) return Py.NewRef(o);
    const r = allocate(length);
    if (r == 0) return 0;
    for (let i: isize = 0, at = start; i < length; i++, at += step) Tuple.set(r, i, Py.NewRef(Tuple.get(o, at)));
    _PyObject_GC_TRACK(r);
    return r;
  }
  return PyErr_Format(PyExc_TypeError, "tuple indices must be integers or slices, not %.200s", PyTypeName.of(item));
}

function tuple_richcompare(a: usize, b: usize, op: i32): usize {
  if (!Tuple.check(a) || !Tuple.check(b)) return _Py_NotImplementedStruct;
  const na = Tuple.size(a);
  const nb = Tuple.size(b);
  let i: isize = 0;
  for (; i < na && i < nb; i++) {
    const c = PyObject_RichCompareBool(Tuple.get(a, i), Tuple.get(b, i), Py_EQ);
    if (c < 0) return 0;
    if (c == 0) break;
  }
  if (i >= na || i >= nb) return boolObject(compareResult(na == nb ? 0 : na < nb ? -1 : 1, op));
  if (op == Py_EQ) return PyBool_FromLong(0);
  if (op == Py_NE) return PyBool_FromLong(1);
  return PyObject_RichCompare(Tuple.get(a, i), Tuple.get(b, i), op);
}

/**
 * @native tuple.index($self, value, start=0, stop=sys.maxsize, /)
 *
 * Where the value stands first: its index.
 *
 * ValueError where it does not occur at all.
 */
export function tuple_index(o: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("index", nargs, 1, 3)) return 0;
  const n = Tuple.size(o);
  const start = ArgParser.sliceIndex(argv, nargs, 1, 0, n);
  if (start < 0) return 0;
  const stop = ArgParser.sliceIndex(argv, nargs, 2, 0x7fffffff, n);
  if (stop < 0) return 0;
  for (let i = start; i < stop && i < n; i++) {
    const c = PyObject_RichCompareBool(Tuple.get(o, i), Py.item(argv, 0), Py_EQ);
    if (c > 0) return PyLong_FromLong(i);
    if (c < 0) return 0;
  }
  return PyErr_SetString(PyExc_ValueError, "tuple.index(x): x not in tuple");
}

/**
 * @native tuple.count($self, value, /)
 *
 * How many elements equal it.
 */
export function tuple_count(o: usize, v: usize): usize {
  let count = 0;
  for (let i: isize = 0; i < Tuple.size(o); i++) {
    const c = PyObject_RichCompareBool(Tuple.get(o, i), v, Py_EQ);
    if (c < 0) return 0;
    count += c;
  }
  return PyLong_FromLong(count);
}

/**
 * @native tuple.__getnewargs__($self, /)
 */
export function tuple_getnewargs(o: usize, _: usize): usize {
  const copy = PyTuple_FromArray(o + ITEMS, Tuple.size(o));
  if (copy == 0) return 0;
  const r = PyTuple_Pack1(copy);
  Py.DECREF(copy);
  return r;
}

function tuple_new(type: usize, args: usize, kwds: usize): usize {
  if (!ArgParser.noKeywordsOfNew("tuple", type, PyTuple_Type, kwds)) return 0;
  if (!ArgParser.count("tuple", Tuple.size(args), 0, 1)) return 0;
  const iterable = Tuple.size(args) > 0 ? Tuple.get(args, 0) : 0;
  const r = iterable == 0 ? empty_tuple : PySequence_Tuple(iterable);
  if (r == 0 || type == PyTuple_Type) return r;
  const n = Tuple.size(r);
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, n);
  if (o != 0) for (let i: isize = 0; i < n; i++) Tuple.set(o, i, Py.NewRef(Tuple.get(r, i)));
  Py.DECREF(r);
  return o;
}

function tuple_vectorcall(_type: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const nargs = <isize>(nargsf & 0x7fffffff);
  if (kwnames != 0 && Tuple.size(kwnames) > 0) {
    return PyErr_Format(PyExc_TypeError, "%.200L() takes no keyword arguments", changetype<usize>("tuple"));
  }
  if (!ArgParser.count("tuple", nargs, 0, 1)) return 0;
  return nargs == 0 ? empty_tuple : PySequence_Tuple(Py.item(argv, 0));
}

/**
 * @type tuple(iterable=(), /)
 * @order __getnewargs__ index count __class_getitem__
 *
 * A row of objects that cannot be changed.
 *
 * Made from the elements of an iterable, or empty where none is given. What is a tuple already is returned as it is, and the empty tuple is always the same. Such rows are keys where their elements are.
 *
 * @classmethod tuple.__class_getitem__ = Py_GenericAlias
 * For annotations
 */

/** Fills the type's slots and tables, and makes the empty tuple. */
export function initTupleType(): void {
  initImmortal(empty_tuple, PyTuple_Type);
  Py.SET_SIZE(empty_tuple, 0);
  const t = PyTypeObject.at(PyTuple_Type);
  t.tp_basicsize = PyTupleObject_ob_item;
  t.tp_itemsize = 8;
  t.tp_flags =
    Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_TUPLE_SUBCLASS | _Py_TPFLAGS_MATCH_SELF | Py_TPFLAGS_SEQUENCE;
  t.tp_dealloc = tuple_dealloc.index;
  t.tp_repr = tuple_repr.index;
  t.tp_hash = tuple_hash.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_traverse = tuple_traverse.index;
  t.tp_richcompare = tuple_richcompare.index;
  t.tp_iter = tuple_iter.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_new = tuple_new.index;
  t.tp_free = PyObject_GC_Del.index;
  t.tp_vectorcall = tuple_vectorcall.index;
  const s = PySequenceMethods.at(asSequence(PyTuple_Type));
  s.sq_length = tuple_length.index;
  s.sq_concat = tuple_concat.index;
  s.sq_repeat = tuple_repeat.index;
  s.sq_item = tuple_item.index;
  s.sq_contains = tuple_contains.index;
  const m = PyMappingMethods.at(asMapping(PyTuple_Type));
  m.mp_length = tuple_length.index;
  m.mp_subscript = tuple_subscript.index;
}
