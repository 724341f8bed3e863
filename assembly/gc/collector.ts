// The cyclic collector in three generations (CPython 3.13's Python/gc.c).
//
// A generation is a ring of PyGC_Heads through its head in the roots; its threshold and count lie behind the head
// (struct gc_generation). While a generation is collected, _gc_prev of its objects holds the reference counts that come
// from outside (shifted over the two flag bits), and _gc_next alone links the list:
//
//   _gc_prev  bit 0 finalized | bit 1 collecting | bits 2… gc_refs while collecting, the previous head otherwise
//   _gc_next  bit 0 unreachable (tentative, during the move)
//
// Invariant between collections: every tracked object is in exactly one ring, and no flag but "finalized" is set.

import { PyTypeObject, PyWeakReference } from "../generated/layouts";
import { gcRoots } from "../generated/runtime";
import { _Py_NoneStruct, PyDict_Type, PyTuple_Type } from "../generated/statics";
import { _PyDict_MaybeUntrack, PyDict_New, PyDict_SetItem } from "../objects/containers/dict/dict";
import { PyList_Append } from "../objects/containers/list/list";
import { _PyTuple_MaybeUntrack } from "../objects/containers/tuple";
import { clearFreeLists } from "../objects/define/types";
import {
  PyErr_Clear,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetRaisedException,
} from "../objects/errors/raise";
import { PyErr_WriteUnraisable } from "../objects/errors/unraisable";
import { PyLong_FromSsize_t } from "../objects/numbers/int/create";
import { PyObject_CallOneArg, PyObject_CallTwoArgs } from "../objects/object/call";
import {
  _PyGC_FINALIZED,
  _PyGC_SET_FINALIZED,
  _PyObject_GC_IS_TRACKED,
  _PyObject_IS_GC,
} from "../objects/object/gchead";
import { Py } from "../objects/object/head";
import { PyUnicode_InternLiteral } from "../objects/text/intern";
import { _PyWeakref_ClearRef, isWeakrefObject, weakrefList } from "../objects/weak/weakref";

export const DEBUG_STATS: i32 = 1;
export const DEBUG_COLLECTABLE: i32 = 2;
export const DEBUG_UNCOLLECTABLE: i32 = 4;
export const DEBUG_SAVEALL: i32 = 32;

export const NUM_GENERATIONS: i32 = 3;
const COLLECTING: u32 = 2;
const REFS_SHIFT: u32 = 2;
const NEXT_UNREACHABLE: u32 = 1;

/** Address of generation i: its ring's head. */
export function generation(i: i32): usize {
  return gcRoots.generation0 + <usize>i * 32;
}

class Gen {
  @inline static threshold(g: usize): i32 {
    return load<i32>(g, 16);
  }
  @inline static setThreshold(g: usize, v: i32): void {
    store<i32>(g, v, 16);
  }
  @inline static count(g: usize): i32 {
    return load<i32>(g, 20);
  }
  @inline static setCount(g: usize, v: i32): void {
    store<i32>(g, v, 20);
  }
}

export function getThreshold(i: i32): i32 {
  return Gen.threshold(generation(i));
}

export function setThreshold(i: i32, v: i32): void {
  Gen.setThreshold(generation(i), v);
}

export function getCount(i: i32): i32 {
  return Gen.count(generation(i));
}

// Rings

class Ring {
  @inline static init(head: usize): void {
    store<u64>(head, head);
    store<u64>(head, head, 8);
  }
  @inline static next(gc: usize): usize {
    return load<u32>(gc) & ~NEXT_UNREACHABLE;
  }
  @inline static prev(gc: usize): usize {
    return load<u32>(gc, 8) & ~3;
  }
  @inline static setPrev(gc: usize, p: usize): void {
    store<u32>(gc, (load<u32>(gc, 8) & 3) | <u32>p, 8);
  }
  @inline static isEmpty(head: usize): bool {
    return load<u32>(head) == <u32>head;
  }
  @inline static object(gc: usize): usize {
    return gc + 16;
  }
}

function append(gc: usize, list: usize): void {
  const last: usize = load<u32>(list, 8);
  store<u32>(last, <u32>gc);
  Ring.setPrev(gc, last);
  store<u64>(gc, list);
  store<u64>(list, gc, 8);
}

function remove(gc: usize): void {
  const prev = Ring.prev(gc);
  const next: usize = load<u32>(gc) & ~NEXT_UNREACHABLE;
  store<u32>(prev, <u32>next);
  Ring.setPrev(next, prev);
  store<u64>(gc, 0);
}

function move(gc: usize, list: usize): void {
  const prev = Ring.prev(gc);
  const next: usize = load<u32>(gc) & ~NEXT_UNREACHABLE;
  store<u32>(prev, <u32>next);
  Ring.setPrev(next, prev);
  append(gc, list);
}

/** Puts everything of `from` behind `to`. */
function merge(from: usize, to: usize): void {
  if (!Ring.isEmpty(from)) {
    const toTail: usize = load<u32>(to, 8);
    const fromHead = Ring.next(from);
    const fromTail: usize = load<u32>(from, 8);
    store<u32>(toTail, <u32>fromHead);
    Ring.setPrev(fromHead, toTail);
    store<u32>(fromTail, <u32>to);
    store<u64>(to, fromTail, 8);
  }
  Ring.init(from);
}

function size(list: usize): isize {
  let n: isize = 0;
  for (let gc = Ring.next(list); gc != list; gc = Ring.next(gc)) n++;
  return n;
}

/** Readies the collector's roots. */
export function initCollector(): void {
  for (let i = 0; i < NUM_GENERATIONS; i++) Ring.init(generation(i));
  Ring.init(gcRoots.permanent);
  setThreshold(0, 2000);
  setThreshold(1, 10);
  setThreshold(2, 10);
  gcRoots.enabled = 1;
}

// Finding what only itself refers to

/** gc_refs of every object starts as its reference count; "collecting" marks who takes part. */
function updateRefs(containers: usize): void {
  let gc = Ring.next(containers);
  while (gc != containers) {
    const next = Ring.next(gc);
    const o = Ring.object(gc);
    if (Py.isImmortal(o)) {
      remove(gc);
      store<u32>(gc, load<u32>(gc, 8) & 1, 8);
    } else {
      store<u32>(gc, (load<u32>(gc, 8) & 1) | COLLECTING | (Py.REFCNT(o) << REFS_SHIFT), 8);
    }
    gc = next;
  }
}

export function visitDecref(o: usize, _parent: usize): i32 {
  if (_PyObject_IS_GC(o)) {
    const gc = o - 16;
    const p = load<u32>(gc, 8);
    if (p & COLLECTING) store<u32>(gc, p - (1 << REFS_SHIFT), 8);
  }
  return 0;
}

/** Takes from gc_refs the references that come from inside. */
function subtractRefs(containers: usize): void {
  for (let gc = Ring.next(containers); gc != containers; gc = Ring.next(gc)) {
    const o = Ring.object(gc);
    call_indirect<i32>(PyTypeObject.at(Py.TYPE(o)).tp_traverse, o, visitDecref.index, o);
  }
}

/** What a reachable object refers to is reachable. `young` is the list in which such objects go on being looked at. */
export function visitReachable(o: usize, young: usize): i32 {
  if (!_PyObject_IS_GC(o)) return 0;
  const gc = o - 16;
  const p = load<u32>(gc, 8);
  if (!(p & COLLECTING)) return 0;
  if (load<u32>(gc) & NEXT_UNREACHABLE) {
    // It was put aside too early: back, to be traversed itself. In that list _gc_prev links.
    const prev = Ring.prev(gc);
    const next: usize = load<u32>(gc) & ~NEXT_UNREACHABLE;
    store<u32>(prev, <u32>next | NEXT_UNREACHABLE);
    Ring.setPrev(next, prev);
    append(gc, young);
    store<u32>(gc, (load<u32>(gc, 8) & 1) | COLLECTING | (1 << REFS_SHIFT), 8);
  } else if (p >> REFS_SHIFT == 0) {
    // Not reached by the walk yet: it will be, and will then be known as reachable.
    store<u32>(gc, (p & 3) | (1 << REFS_SHIFT), 8);
  }
  return 0;
}

/**
 * Moves what cannot be reached from outside from `young` to `unreachable`. Afterwards `young` is a ring again, and the
 * objects in `unreachable` have NEXT_UNREACHABLE and COLLECTING set.
 */
function moveUnreachable(young: usize, unreachable: usize): void {
  let prev = young;
  let gc = Ring.next(young);
  // The head of the unreachable list carries the mark as well, like every link of it.
  store<u32>(unreachable, <u32>unreachable | NEXT_UNREACHABLE);
  while (gc != young) {
    if (load<u32>(gc, 8) >> REFS_SHIFT) {
      const o = Ring.object(gc);
      call_indirect<i32>(PyTypeObject.at(Py.TYPE(o)).tp_traverse, o, visitReachable.index, young);
      // Known as reachable: _gc_prev links again.
      store<u32>(gc, (load<u32>(gc, 8) & 1) | <u32>prev, 8);
      prev = gc;
    } else {
      store<u32>(prev, load<u32>(gc));
      const last: usize = load<u32>(unreachable, 8);
      store<u32>(last, <u32>gc | NEXT_UNREACHABLE);
      store<u32>(gc, (load<u32>(gc, 8) & 3) | <u32>last, 8);
      store<u32>(gc, <u32>unreachable | NEXT_UNREACHABLE);
      store<u64>(unreachable, gc, 8);
    }
    gc = load<u32>(prev);
  }
  store<u64>(young, prev, 8);
  store<u32>(unreachable, load<u32>(unreachable) & ~NEXT_UNREACHABLE);
}

function untrackTuples(head: usize): void {
  let gc = Ring.next(head);
  while (gc != head) {
    const next = Ring.next(gc);
    const o = Ring.object(gc);
    if (Py.TYPE(o) == PyTuple_Type) _PyTuple_MaybeUntrack(o);
    gc = next;
  }
}

function untrackDicts(head: usize): void {
  let gc = Ring.next(head);
  while (gc != head) {
    const next = Ring.next(gc);
    const o = Ring.object(gc);
    if (Py.TYPE(o) == PyDict_Type) _PyDict_MaybeUntrack(o);
    gc = next;
  }
}

function deduceUnreachable(base: usize, unreachable: usize): void {
  updateRefs(base);
  subtractRefs(base);
  Ring.init(unreachable);
  moveUnreachable(base, unreachable);
}

/** Objects with an old-style finalizer are never collected: tp_del. Takes the mark off every link. */
function moveLegacyFinalizers(unreachable: usize, finalizers: usize): void {
  let gc = Ring.next(unreachable);
  while (gc != unreachable) {
    const next = Ring.next(gc);
    store<u32>(gc, <u32>next);
    const o = Ring.object(gc);
    if (PyTypeObject.at(Py.TYPE(o)).tp_del != 0) {
      store<u32>(gc, load<u32>(gc, 8) & ~COLLECTING, 8);
      move(gc, finalizers);
    }
    gc = next;
  }
}

export function visitMove(o: usize, toList: usize): i32 {
  if (_PyObject_IS_GC(o)) {
    const gc = o - 16;
    if (load<u32>(gc, 8) & COLLECTING) {
      store<u32>(gc, load<u32>(gc, 8) & ~COLLECTING, 8);
      move(gc, toList);
    }
  }
  return 0;
}

function moveLegacyFinalizerReachable(finalizers: usize): void {
  for (let gc = Ring.next(finalizers); gc != finalizers; gc = Ring.next(gc)) {
    const o = Ring.object(gc);
    call_indirect<i32>(PyTypeObject.at(Py.TYPE(o)).tp_traverse, o, visitMove.index, finalizers);
  }
}

/**
 * Clears the weak references to trash, and calls the callbacks of those that are not trash themselves. Returns how many
 * of them the callbacks freed.
 */
function handleWeakrefs(unreachable: usize, old: usize, scratch: usize): isize {
  // References whose callbacks are to be called, in a ring of their own.
  const wrcb = scratch;
  Ring.init(wrcb);
  let freed: isize = 0;
  let gc = Ring.next(unreachable);
  while (gc != unreachable) {
    const next = Ring.next(gc);
    const o = Ring.object(gc);
    if (isWeakrefObject(o)) {
      // A reference that is trash itself: its callback is never called; it may go with the rest.
      if (PyWeakReference.at(o).wr_object != _Py_NoneStruct && PyWeakReference.at(o).wr_callback != 0) {
        Py.CLEAR(o + 24);
      }
    }
    const list = weakrefList(o);
    if (list != 0) {
      for (let wr: usize = load<u32>(list); wr != 0; wr = load<u32>(list)) {
        _PyWeakref_ClearRef(wr);
        if (PyWeakReference.at(wr).wr_callback == 0) continue;
        if (load<u32>(wr - 16, 8) & COLLECTING) continue;
        Py.INCREF(wr);
        if (_PyObject_GC_IS_TRACKED(wr)) move(wr - 16, wrcb);
        else append(wr - 16, wrcb);
      }
    }
    gc = next;
  }
  while (!Ring.isEmpty(wrcb)) {
    const wgc = Ring.next(wrcb);
    const wr = Ring.object(wgc);
    const callback = PyWeakReference.at(wr).wr_callback;
    const r = PyObject_CallOneArg(callback, wr);
    if (r == 0) PyErr_WriteUnraisable(callback);
    else Py.DECREF(r);
    // Held by us alone it dies now, otherwise it goes on in the older generation.
    if (Py.REFCNT(wr) == 1) freed++;
    else move(wgc, old);
    Py.DECREF(wr);
  }
  return freed;
}

function finalizeGarbage(collectable: usize, seen: usize): void {
  Ring.init(seen);
  while (!Ring.isEmpty(collectable)) {
    const gc = Ring.next(collectable);
    const o = Ring.object(gc);
    move(gc, seen);
    const finalize = PyTypeObject.at(Py.TYPE(o)).tp_finalize;
    if (!_PyGC_FINALIZED(o) && finalize != 0) {
      _PyGC_SET_FINALIZED(o);
      Py.INCREF(o);
      call_indirect<void>(finalize, o);
      Py.DECREF(o);
    }
  }
  merge(seen, collectable);
}

function clearCollecting(list: usize): void {
  for (let gc = Ring.next(list); gc != list; gc = Ring.next(gc)) store<u32>(gc, load<u32>(gc, 8) & ~COLLECTING, 8);
}

/** Finalizers may have brought objects back: those, and all that they refer to, go to `old`. */
function handleResurrected(unreachable: usize, stillUnreachable: usize, old: usize): void {
  clearCollecting(unreachable);
  deduceUnreachable(unreachable, stillUnreachable);
  // Without the mark on the links, and as a list that can be walked backwards.
  let gc = Ring.next(stillUnreachable);
  while (gc != stillUnreachable) {
    const next = Ring.next(gc);
    store<u32>(gc, <u32>next);
    gc = next;
  }
  merge(unreachable, old);
}

function deleteGarbage(collectable: usize, old: usize): void {
  while (!Ring.isEmpty(collectable)) {
    const gc = Ring.next(collectable);
    const o = Ring.object(gc);
    if (gcRoots.debug & DEBUG_SAVEALL) {
      if (gcRoots.garbage != 0 && PyList_Append(gcRoots.garbage, o) < 0) PyErr_Clear();
    } else {
      const clear = PyTypeObject.at(Py.TYPE(o)).tp_clear;
      if (clear != 0) {
        Py.INCREF(o);
        call_indirect<i32>(clear, o);
        if (PyErr_Occurred() != 0) PyErr_WriteUnraisable(o);
        Py.DECREF(o);
      }
    }
    if (Ring.next(collectable) == gc) {
      // It survives its clearing: perhaps others hold it.
      store<u32>(gc, load<u32>(gc, 8) & ~COLLECTING, 8);
      move(gc, old);
    }
  }
}

/** Lists of a collection, five heads of 16 bytes each, in the roots: nothing of it outlives the collection. */
function list(i: i32): usize {
  return gcRoots.work + <usize>i * 16;
}

/**
 * Collects generation `g` and all younger ones. Returns how many unreachable objects were found; `finding` keeps the
 * numbers for the statistics. The caller has set `collecting`.
 */
function collectMain(g: i32, fail: bool): isize {
  const young = generation(g);
  if (g + 1 < NUM_GENERATIONS) Gen.setCount(generation(g + 1), Gen.count(generation(g + 1)) + 1);
  for (let i = 0; i <= g; i++) Gen.setCount(generation(i), 0);
  for (let i = 0; i < g; i++) merge(generation(i), young);
  const old = g < NUM_GENERATIONS - 1 ? generation(g + 1) : young;
  const unreachable = list(0);
  deduceUnreachable(young, unreachable);
  untrackTuples(young);
  if (young != old) {
    if (g == NUM_GENERATIONS - 2) gcRoots.long_lived_pending = gcRoots.long_lived_pending + size(young);
    merge(young, old);
  } else {
    untrackDicts(young);
    gcRoots.long_lived_pending = 0;
    gcRoots.long_lived_total = size(young);
  }
  const finalizers = list(1);
  Ring.init(finalizers);
  moveLegacyFinalizers(unreachable, finalizers);
  moveLegacyFinalizerReachable(finalizers);
  let collected = handleWeakrefs(unreachable, old, list(2));
  finalizeGarbage(unreachable, list(3));
  const final = list(4);
  handleResurrected(unreachable, final, old);
  collected += size(final);
  deleteGarbage(final, old);
  const uncollectable = size(finalizers);
  for (let gc = Ring.next(finalizers); gc != finalizers; gc = Ring.next(gc)) {
    if (gcRoots.garbage != 0 && PyList_Append(gcRoots.garbage, Ring.object(gc)) < 0) PyErr_Clear();
  }
  merge(finalizers, old);
  if (g == NUM_GENERATIONS - 1) clearFreeLists();
  if (PyErr_Occurred() != 0 && !fail) PyErr_WriteUnraisable(0);
  const stats = gcRoots.generation_stats + <usize>g * 32;
  store<i64>(stats, load<i64>(stats) + 1);
  store<i64>(stats, load<i64>(stats, 8) + collected, 8);
  store<i64>(stats, load<i64>(stats, 16) + uncollectable, 16);
  gcRoots.last_collected = collected;
  gcRoots.last_uncollectable = uncollectable;
  return collected + uncollectable;
}

/** The oldest generation that is due; -1 where none is. The oldest of all waits until enough is new in it. */
function selectGeneration(): i32 {
  for (let i = NUM_GENERATIONS - 1; i >= 0; i--) {
    const g = generation(i);
    if (Gen.count(g) > Gen.threshold(g)) {
      if (i == NUM_GENERATIONS - 1 && gcRoots.long_lived_pending < gcRoots.long_lived_total / 4) continue;
      return i;
    }
  }
  return -1;
}

function invokeCallbacks(phase: string, g: i32): void {
  const callbacks = gcRoots.callbacks;
  if (callbacks == 0 || Py.SIZE(callbacks) == 0) return;
  const info = PyDict_New();
  const name = PyUnicode_InternLiteral(phase);
  let ok: bool = info != 0 && name != 0;
  ok = ok && setNumber(info, "generation", g);
  ok = ok && setNumber(info, "collected", phase.length == 4 ? gcRoots.last_collected : 0);
  ok = ok && setNumber(info, "uncollectable", phase.length == 4 ? gcRoots.last_uncollectable : 0);
  if (!ok) PyErr_WriteUnraisable(0);
  for (let i: isize = 0; ok && i < Py.SIZE(callbacks); i++) {
    const cb = Py.NewRef(Py.item(load<u32>(callbacks, 24), i));
    const r = PyObject_CallTwoArgs(cb, name, info);
    if (r == 0) PyErr_WriteUnraisable(cb);
    else Py.DECREF(r);
    Py.DECREF(cb);
  }
  Py.XDECREF(name);
  Py.XDECREF(info);
}

function setNumber(dict: usize, key: string, value: isize): bool {
  const k = PyUnicode_InternLiteral(key);
  const v = PyLong_FromSsize_t(value);
  const r = k != 0 && v != 0 && PyDict_SetItem(dict, k, v) == 0;
  Py.XDECREF(k);
  Py.XDECREF(v);
  return r;
}

/** gc.collect(generation): how many unreachable objects were found. What is raised meanwhile is kept out. */
export function PyGC_Collect(g: i32): isize {
  if (gcRoots.collecting) return 0;
  gcRoots.collecting = 1;
  const saved = PyErr_GetRaisedException();
  invokeCallbacks("start", g);
  const n = collectMain(g, false);
  invokeCallbacks("stop", g);
  PyErr_SetRaisedException(saved);
  gcRoots.collecting = 0;
  return n;
}

/** A collection at the end of the process: no callbacks. */
export function collectForShutdown(): isize {
  if (gcRoots.collecting) return 0;
  gcRoots.collecting = 1;
  const n = collectMain(NUM_GENERATIONS - 1, false);
  gcRoots.collecting = 0;
  return n;
}

/** The collection that was scheduled: of the oldest generation that is due. */
export function _Py_RunGC(): void {
  if (!gcRoots.enabled) return;
  const g = selectGeneration();
  if (g >= 0) PyGC_Collect(g);
}

/** Everything tracked goes where no collection looks. */
export function freeze(): void {
  for (let i = 0; i < NUM_GENERATIONS; i++) {
    merge(generation(i), gcRoots.permanent);
    Gen.setCount(generation(i), 0);
  }
}

export function unfreeze(): void {
  merge(gcRoots.permanent, generation(NUM_GENERATIONS - 1));
}

export function freezeCount(): isize {
  return size(gcRoots.permanent);
}

/** Appends the tracked objects of generation i to the list, itself left out: 0, or -1. */
export function appendObjects(i: i32, list: usize): i32 {
  const head = generation(i);
  for (let gc = Ring.next(head); gc != head; gc = Ring.next(gc)) {
    const o = Ring.object(gc);
    if (o == list) continue;
    if (PyList_Append(list, o) < 0) return -1;
  }
  return 0;
}

export function visitReferrer(o: usize, targets: usize): i32 {
  for (let i: isize = 0; i < Py.SIZE(targets); i++) if (Py.item(targets + 24, i) == o) return 1;
  return 0;
}

/** Appends the objects of generation i that refer to one of the tuple to the list: 0, or -1. */
export function appendReferrers(i: i32, targets: usize, list: usize): i32 {
  const head = generation(i);
  for (let gc = Ring.next(head); gc != head; gc = Ring.next(gc)) {
    const o = Ring.object(gc);
    if (o == targets || o == list) continue;
    if (call_indirect<i32>(PyTypeObject.at(Py.TYPE(o)).tp_traverse, o, visitReferrer.index, targets)) {
      if (PyList_Append(list, o) < 0) return -1;
    }
  }
  return 0;
}

export function visitReferent(o: usize, list: usize): i32 {
  return PyList_Append(list, o) < 0 ? 1 : 0;
}

/** Appends what `o` refers to directly: 0, or -1. */
export function appendReferents(o: usize, list: usize): i32 {
  if (!_PyObject_IS_GC(o)) return 0;
  const traverse = PyTypeObject.at(Py.TYPE(o)).tp_traverse;
  if (traverse == 0) return 0;
  return call_indirect<i32>(traverse, o, visitReferent.index, list) ? -1 : 0;
}
