// The cyclic collector in three generations (CPython 3.13's Python/gc.c).
//
// A generation is a ring of PyGC_Heads through its head in the roots, a gc_generation. While a generation is collected, _gc_prev
// of its objects holds the reference counts that come from outside (shifted over the two flag bits), and _gc_next alone links
// the list. What CPython does in passes of their own, to find nothing in most collections (tuples and dicts to untrack,
// objects to count, garbage that is looked after before it is deleted), is done or found out on the way; where nothing of
// the garbage may have run anything, it is not gone through again in search of what was brought back.
//
// Invariant between collections: every tracked object is in exactly one ring, and no flag but "finalized" is set.

import {
  COLLECTION_REASON_SHUTDOWN,
  COLLECTION_REASON_THRESHOLD,
  Py_TPFLAGS_TUPLE_SUBCLASS,
} from "../generated/constants";
import {
  gc_generation,
  gc_generation_stats,
  PyGC_Head,
  PyTypeObject,
  PyWeakReference,
  SIZEOF_gc_generation_stats,
  SIZEOF_PyGC_Head,
} from "../generated/layouts";
import { gcRoots, memoryRoots } from "../generated/runtime";
import { PyDict_Type, PyList_Type } from "../generated/statics";
import { _PyDict_MaybeUntrack, PyDict_New, PyDict_SetItem } from "../objects/containers/dict/dict";
import { List, PyList_Append } from "../objects/containers/list/list";
import { Tuple } from "../objects/containers/tuple";
import { clearFreeLists } from "../objects/define/types";
import {
  PyErr_Clear,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetRaisedException,
} from "../objects/errors/raise";
import { PyErr_FormatUnraisable, PyErr_WriteUnraisable } from "../objects/errors/unraisable";
import { PyLong_FromSsize_t } from "../objects/numbers/int/create";
import { PyObject_CallOneArg, PyObject_CallTwoArgs } from "../objects/object/call";
import { isNativeStackLow } from "../objects/object/dealloc";
import {
  _PyGC_FINALIZED,
  _PyGC_PREV_MASK_FINALIZED,
  _PyGC_SET_FINALIZED,
  _PyObject_IS_GC,
  GC,
} from "../objects/object/gchead";
import { Py } from "../objects/object/head";
import { PyUnicode_InternLiteral } from "../objects/text/intern";
import { _PyWeakref_ClearRef, isWeakrefType, weakrefList } from "../objects/weak/weakref";
import {
  DEBUG_COLLECTABLE,
  DEBUG_SAVEALL,
  DEBUG_STATS,
  DEBUG_UNCOLLECTABLE,
  tellBegin,
  tellEach,
  tellEnd,
} from "./debug";
import { noteBegin, noteEnd } from "./log";
import { COLLECTING, merge, move, NEXT_UNREACHABLE, REFS_SHIFT, Ring, remove, size } from "./ring";
import { reachFrom, subtractFrom } from "./visit";

export const NUM_GENERATIONS: i32 = 3;

/** Generation i: a gc_generation, and with that its ring's head. */
export function generation(i: i32): usize {
  return gcRoots.generation0 + <usize>i * (gcRoots.generation1 - gcRoots.generation0);
}

/** Readies the collector's roots. */
export function initCollector(): void {
  for (let i = 0; i < NUM_GENERATIONS; i++) Ring.init(generation(i));
  Ring.init(gcRoots.permanent);
  for (let i = 0; i < WORK_LISTS; i++) Ring.init(list(i));
  gc_generation.at(generation(0)).threshold = 2000;
  gc_generation.at(generation(1)).threshold = 10;
  gc_generation.at(generation(2)).threshold = 10;
  gcRoots.enabled = 1;
}

// Finding what only itself refers to
//
// What goes through a million objects is a function that goes through a thousand and is called again: an engine has compiled
// it better from one call to the next, never during one.
const AT_ONCE: i32 = 1000;

/** gc_refs of every object starts as its reference count; "collecting" marks who takes part. */
function updateRefs(containers: usize): void {
  let gc = Ring.next(containers);
  while (gc != containers) gc = updateSome(gc, containers);
}

/** The same for the next of them: where it has come to. */
function updateSome(gc: usize, containers: usize): usize {
  for (let i = 0; gc != containers && i < AT_ONCE; i++) {
    const next = Ring.next(gc);
    const o = Ring.object(gc);
    if (Py.isImmortal(o)) {
      remove(gc);
      PyGC_Head.at(gc)._gc_prev = PyGC_Head.at(gc)._gc_prev & _PyGC_PREV_MASK_FINALIZED;
    } else {
      Ring.setRefs(gc, Py.REFCNT(o));
    }
    gc = next;
  }
  return gc;
}

/** Takes from gc_refs the references that come from inside. */
function subtractRefs(containers: usize): void {
  let gc = Ring.next(containers);
  while (gc != containers) gc = subtractSome(gc, containers);
}

/** The same for the next of them: where it has come to. */
function subtractSome(gc: usize, containers: usize): usize {
  for (let i = 0; gc != containers && i < AT_ONCE; i++, gc = Ring.next(gc)) subtractFrom(Ring.object(gc));
  return gc;
}

/**
 * Moves what cannot be reached from outside from `young` to `unreachable`. Afterwards `young` is a ring again, and the
 * objects in `unreachable` have NEXT_UNREACHABLE and COLLECTING set. The roots count both. `untrack`: tuples that cannot be
 * part of a cycle leave `young`.
 */
function moveUnreachable(young: usize, unreachable: usize, untrack: bool): void {
  gcRoots.reached = 0;
  gcRoots.untracked = 0;
  gcRoots.untrackable = 0;
  gcRoots.unreachable = 0;
  // The head of the unreachable list carries the mark as well, like every link of it.
  PyGC_Head.at(unreachable)._gc_next = unreachable | NEXT_UNREACHABLE;
  let prev = young;
  while (PyGC_Head.at(prev)._gc_next != young) prev = moveSome(prev, young, unreachable, untrack);
  PyGC_Head.at(young)._gc_prev = prev;
  PyGC_Head.at(unreachable)._gc_next = Ring.next(unreachable);
}

/** The same for those after `prev`, the last that was reached: the last that is by now. */
function moveSome(prev: usize, young: usize, unreachable: usize, untrack: bool): usize {
  let reached: isize = 0;
  let aside: isize = 0;
  let gc = PyGC_Head.at(prev)._gc_next;
  for (let i = 0; gc != young && i < AT_ONCE; i++) {
    if (PyGC_Head.at(gc)._gc_prev >> REFS_SHIFT) {
      const leaves = reachFrom(Ring.object(gc), young) && untrack;
      const finalized = PyGC_Head.at(gc)._gc_prev & _PyGC_PREV_MASK_FINALIZED;
      reached++;
      if (leaves) {
        PyGC_Head.at(prev)._gc_next = PyGC_Head.at(gc)._gc_next;
        PyGC_Head.at(gc)._gc_next = 0;
        PyGC_Head.at(gc)._gc_prev = finalized;
        gcRoots.untracked = gcRoots.untracked + 1;
      } else {
        // Known as reachable: _gc_prev links again.
        PyGC_Head.at(gc)._gc_prev = finalized | prev;
        prev = gc;
      }
    } else {
      PyGC_Head.at(prev)._gc_next = PyGC_Head.at(gc)._gc_next;
      const last = PyGC_Head.at(unreachable)._gc_prev;
      PyGC_Head.at(last)._gc_next = gc | NEXT_UNREACHABLE;
      Ring.setPrev(gc, last);
      PyGC_Head.at(gc)._gc_next = unreachable | NEXT_UNREACHABLE;
      PyGC_Head.at(unreachable)._gc_prev = gc;
      aside++;
    }
    gc = PyGC_Head.at(prev)._gc_next;
  }
  gcRoots.reached = gcRoots.reached + reached;
  gcRoots.unreachable = gcRoots.unreachable + aside;
  return prev;
}

/** Dicts that cannot be part of a cycle leave the ring: how many. */
function untrackDicts(head: usize): isize {
  let untracked: isize = 0;
  let gc = Ring.next(head);
  while (gc != head) {
    const next = Ring.next(gc);
    const o = Ring.object(gc);
    if (Py.TYPE(o) == PyDict_Type && _PyDict_MaybeUntrack(o)) untracked++;
    gc = next;
  }
  return untracked;
}

/** Moves what nothing outside refers to to `unreachable`; `untrack` as in moveUnreachable. */
function deduceUnreachable(base: usize, unreachable: usize, untrack: bool): void {
  updateRefs(base);
  subtractRefs(base);
  Ring.init(unreachable);
  moveUnreachable(base, unreachable, untrack);
}

// What the garbage has that is looked after before it is deleted.
const LEGACY: i32 = 1;
const WEAKREF: i32 = 2;
const FINALIZER: i32 = 4;

/** What objects of the type may have of it. */
function careOf(type: usize): i32 {
  const t = PyTypeObject.at(type);
  const weak = t.tp_weaklistoffset != 0 || isWeakrefType(type);
  return (t.tp_del != 0 ? LEGACY : 0) | (weak ? WEAKREF : 0) | (t.tp_finalize != 0 ? FINALIZER : 0);
}

/** Takes the mark off every link, and says whether some of the garbage is to be looked after. */
function sortGarbage(unreachable: usize): bool {
  let found: bool = false;
  let type: usize = 0;
  let care: i32 = 0;
  let gc = Ring.next(unreachable);
  while (gc != unreachable) {
    const next = Ring.next(gc);
    PyGC_Head.at(gc)._gc_next = next;
    const o = Ring.object(gc);
    if (Py.TYPE(o) != type) {
      type = Py.TYPE(o);
      care = careOf(type);
    }
    if (care != 0 && !found) {
      found =
        (care & LEGACY) != 0 ||
        ((care & WEAKREF) != 0 && (isWeakrefType(type) || load<u32>(weakrefList(o)) != 0)) ||
        ((care & FINALIZER) != 0 && !_PyGC_FINALIZED(o));
    }
    gc = next;
  }
  return found;
}

/** Objects with an old-style finalizer are never collected: tp_del. */
function moveLegacyFinalizers(unreachable: usize, finalizers: usize): void {
  let gc = Ring.next(unreachable);
  while (gc != unreachable) {
    const next = Ring.next(gc);
    const o = Ring.object(gc);
    if (PyTypeObject.at(Py.TYPE(o)).tp_del != 0) {
      Ring.clearCollecting(gc);
      move(gc, finalizers);
    }
    gc = next;
  }
}

function visitMove(o: usize, toList: usize): i32 {
  if (_PyObject_IS_GC(o)) {
    const gc = o - SIZEOF_PyGC_Head;
    if (PyGC_Head.at(gc)._gc_prev & COLLECTING) {
      Ring.clearCollecting(gc);
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
  let type: usize = 0;
  let isWeakref: bool = false;
  let gc = Ring.next(unreachable);
  while (gc != unreachable) {
    const next = Ring.next(gc);
    const o = Ring.object(gc);
    // A reference that is trash itself: it lets go of its object, so that its callback is never called. The callback stays
    // until the reference is cleared with the rest: it may hold what is still to be gone through here.
    if (Py.TYPE(o) != type) {
      type = Py.TYPE(o);
      isWeakref = isWeakrefType(type);
    }
    if (isWeakref) _PyWeakref_ClearRef(o);
    const list = weakrefList(o);
    if (list != 0) {
      for (let wr: usize = load<u32>(list); wr != 0; wr = load<u32>(list)) {
        _PyWeakref_ClearRef(wr);
        if (PyWeakReference.at(wr).wr_callback == 0) continue;
        if (GC.head(wr)._gc_prev & COLLECTING) continue;
        // One that is dying, and has just let go of what makes this collection, is called no more.
        if (Py.REFCNT(wr) == 0) continue;
        Py.INCREF(wr);
        move(wr - SIZEOF_PyGC_Head, wrcb);
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
    Py.DECREF(wr);
    if (Ring.next(wrcb) == wgc) move(wgc, old);
    else freed++;
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
  for (let gc = Ring.next(list); gc != list; gc = Ring.next(gc)) Ring.clearCollecting(gc);
}

/** Finalizers may have brought objects back: those, and all that they refer to, go to `old`. */
function handleResurrected(unreachable: usize, stillUnreachable: usize, old: usize): void {
  clearCollecting(unreachable);
  deduceUnreachable(unreachable, stillUnreachable, false);
  // Without the mark on the links, and as a list that can be walked backwards.
  let gc = Ring.next(stillUnreachable);
  while (gc != stillUnreachable) {
    const next = Ring.next(gc);
    PyGC_Head.at(gc)._gc_next = next;
    gc = next;
  }
  gcRoots.resurrected = gcRoots.reached;
  merge(unreachable, old);
}

function deleteGarbage(collectable: usize, old: usize): void {
  while (!Ring.isEmpty(collectable)) {
    const gc = Ring.next(collectable);
    const o = Ring.object(gc);
    if (gcRoots.debug & DEBUG_SAVEALL) {
      if (gcRoots.garbage != 0 && PyList_Append(gcRoots.garbage, o) < 0) PyErr_Clear();
    } else {
      clearObject(o);
    }
    if (Ring.next(collectable) == gc) {
      // It survives its clearing: perhaps others hold it.
      Ring.clearCollecting(gc);
      move(gc, old);
    }
  }
}

/** Makes an object drop its references, which is often its end. */
function clearObject(o: usize): void {
  const clear = PyTypeObject.at(Py.TYPE(o)).tp_clear;
  if (clear == 0) return;
  Py.INCREF(o);
  call_indirect<i32>(clear, o);
  if (PyErr_Occurred() != 0) {
    PyErr_FormatUnraisable("Exception ignored in tp_clear of %s", PyTypeObject.at(Py.TYPE(o)).tp_name);
  }
  Py.DECREF(o);
}

/** What could not be freed is put into gc.garbage: those with an old-style finalizer, or all with DEBUG_SAVEALL. */
function keepLegacyFinalizers(finalizers: usize, old: usize): void {
  for (let gc = Ring.next(finalizers); gc != finalizers && gcRoots.garbage != 0; gc = Ring.next(gc)) {
    const o = Ring.object(gc);
    if (!(gcRoots.debug & DEBUG_SAVEALL) && PyTypeObject.at(Py.TYPE(o)).tp_del == 0) continue;
    if (PyList_Append(gcRoots.garbage, o) < 0) PyErr_Clear();
  }
  merge(finalizers, old);
}

/** How many lists a collection sorts objects into, whose heads are in the roots; they are empty between collections. */
const WORK_LISTS: i32 = 5;
/** The list of references whose callbacks are to be called. */
const CALLED: i32 = 2;

function list(i: i32): usize {
  return gcRoots.work + <usize>i * SIZEOF_PyGC_Head;
}

/**
 * Collects generation `g` and all younger ones. Returns how many unreachable objects were found; `finding` keeps the
 * numbers for the statistics. The caller has set `collecting`.
 */
function collectMain(g: i32, reason: u32): isize {
  if (memoryRoots.log_on) noteBegin();
  const began = gcRoots.debug & DEBUG_STATS ? tellBegin(g) : 0;
  const young = generation(g);
  if (g + 1 < NUM_GENERATIONS) {
    const older = gc_generation.at(generation(g + 1));
    older.count = older.count + 1;
  }
  for (let i = 0; i <= g; i++) gc_generation.at(generation(i)).count = 0;
  for (let i = 0; i < g; i++) merge(generation(i), young);
  const old = g < NUM_GENERATIONS - 1 ? generation(g + 1) : young;
  const unreachable = list(0);
  deduceUnreachable(young, unreachable, true);
  const survive = gcRoots.reached - gcRoots.untracked;
  gcRoots.examined = gcRoots.reached + gcRoots.unreachable;
  gcRoots.resurrected = 0;
  if (young != old) {
    if (g == NUM_GENERATIONS - 2) gcRoots.long_lived_pending = gcRoots.long_lived_pending + survive;
    merge(young, old);
  } else {
    gcRoots.long_lived_pending = 0;
    gcRoots.long_lived_total = survive - (gcRoots.untrackable ? untrackDicts(young) : 0);
  }
  const finalizers = list(1);
  Ring.init(finalizers);
  let final = unreachable;
  let collected: isize = 0;
  const found = gcRoots.unreachable;
  if (sortGarbage(unreachable) || gcRoots.debug & DEBUG_COLLECTABLE) {
    moveLegacyFinalizers(unreachable, finalizers);
    moveLegacyFinalizerReachable(finalizers);
    if (gcRoots.debug & DEBUG_COLLECTABLE) tellEach("gc: collectable <%t %p>\n", unreachable, list(3));
    collected = handleWeakrefs(unreachable, old, list(CALLED));
    finalizeGarbage(unreachable, list(3));
    final = list(4);
    handleResurrected(unreachable, final, old);
  }
  // Where nothing was done, nothing was brought back.
  collected += gcRoots.unreachable;
  gcRoots.unreachable = found;
  deleteGarbage(final, old);
  const uncollectable = size(finalizers);
  if (gcRoots.debug & DEBUG_UNCOLLECTABLE) tellEach("gc: uncollectable <%t %p>\n", finalizers, list(3));
  if (gcRoots.debug & DEBUG_STATS) tellEnd(collected + uncollectable, uncollectable, began);
  keepLegacyFinalizers(finalizers, old);
  if (g == NUM_GENERATIONS - 1) clearFreeLists();
  if (PyErr_Occurred() != 0) {
    if (reason == COLLECTION_REASON_SHUTDOWN) PyErr_Clear();
    else PyErr_FormatUnraisable("Exception ignored in garbage collection");
  }
  const stats = gc_generation_stats.at(gcRoots.generation_stats + <usize>g * SIZEOF_gc_generation_stats);
  stats.collections = stats.collections + 1;
  stats.collected = stats.collected + collected;
  stats.uncollectable = stats.uncollectable + uncollectable;
  gcRoots.last_collected = collected;
  gcRoots.last_uncollectable = uncollectable;
  if (memoryRoots.log_on) noteEnd(g, reason, g == NUM_GENERATIONS - 1);
  return collected + uncollectable;
}

/** The oldest generation that is due; -1 where none is. The oldest of all waits until enough is new in it. */
function selectGeneration(): i32 {
  for (let i = NUM_GENERATIONS - 1; i >= 0; i--) {
    const g = gc_generation.at(generation(i));
    if (g.count > g.threshold) {
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
  if (!ok) PyErr_FormatUnraisable("Exception ignored on invoking gc callbacks");
  for (let i: isize = 0; ok && i < Py.SIZE(callbacks); i++) {
    const cb = Py.NewRef(List.get(callbacks, i));
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
export function PyGC_Collect(g: i32, reason: u32): isize {
  if (gcRoots.collecting) return 0;
  gcRoots.collecting = 1;
  const saved = PyErr_GetRaisedException();
  invokeCallbacks("start", g);
  const n = collectMain(g, reason);
  invokeCallbacks("stop", g);
  PyErr_SetRaisedException(saved);
  gcRoots.collecting = 0;
  return n;
}

/** A collection at the end of the process: no callbacks. */
export function collectForShutdown(): isize {
  if (gcRoots.collecting) return 0;
  gcRoots.collecting = 1;
  const n = collectMain(NUM_GENERATIONS - 1, COLLECTION_REASON_SHUTDOWN);
  gcRoots.collecting = 0;
  return n;
}

/**
 * At the end of the process, when no thread but this one will run any more: a collection that another has begun is given up, and
 * what it had sorted goes back to where the next finds it. CPython collects no more then.
 */
export function abandonCollection(): void {
  if (!gcRoots.collecting) return;
  // References whose callbacks were to be called are held for that.
  const called = list(CALLED);
  while (!Ring.isEmpty(called)) {
    const gc = Ring.next(called);
    move(gc, generation(0));
    Py.DECREF(Ring.object(gc));
  }
  for (let i = 0; i < WORK_LISTS; i++) {
    clearCollecting(list(i));
    merge(list(i), generation(0));
  }
  gcRoots.collecting = 0;
}

/** The collection that was scheduled: of the oldest generation that is due. Where finalizers would find no stack, later. */
export function _Py_RunGC(): void {
  if (!gcRoots.enabled || isNativeStackLow()) return;
  const g = selectGeneration();
  if (g >= 0) PyGC_Collect(g, COLLECTION_REASON_THRESHOLD);
}

/** Everything tracked goes where no collection looks. */
export function freeze(): void {
  for (let i = 0; i < NUM_GENERATIONS; i++) {
    merge(generation(i), gcRoots.permanent);
    gc_generation.at(generation(i)).count = 0;
  }
}

export function unfreeze(): void {
  merge(gcRoots.permanent, generation(NUM_GENERATIONS - 1));
}

/**
 * At the end of the process: what is frozen is freed like the rest, but never finalised, as CPython leaves it alone until
 * its memory is gone.
 */
export function unfreezeForShutdown(): void {
  for (let gc = Ring.next(gcRoots.permanent); gc != gcRoots.permanent; gc = Ring.next(gc)) {
    _PyGC_SET_FINALIZED(Ring.object(gc));
  }
  unfreeze();
}

export function freezeCount(): isize {
  return size(gcRoots.permanent);
}

/** Whether it is a tuple or list that native code is filling: nobody else may see what is not there yet. */
function isIncomplete(o: usize): bool {
  const tuple = Py.check(o, Py_TPFLAGS_TUPLE_SUBCLASS);
  if (!tuple && !Py.IS_TYPE(o, PyList_Type)) return false;
  const items = tuple ? Tuple.items(o) : List.items(o);
  for (let i = Py.SIZE(o) - 1; i >= 0; i--) if (Py.item(items, i) == 0) return true;
  return false;
}

/** Appends the tracked objects of generation i to the list, itself left out: 0, or -1. */
export function appendObjects(i: i32, list: usize): i32 {
  const head = generation(i);
  for (let gc = Ring.next(head); gc != head; gc = Ring.next(gc)) {
    const o = Ring.object(gc);
    if (o == list || isIncomplete(o)) continue;
    if (PyList_Append(list, o) < 0) return -1;
  }
  return 0;
}

function visitReferrer(o: usize, targets: usize): i32 {
  for (let i: isize = 0; i < Py.SIZE(targets); i++) if (Tuple.get(targets, i) == o) return 1;
  return 0;
}

/** Appends the objects of generation i that refer to one of the tuple to the list: 0, or -1. */
export function appendReferrers(i: i32, targets: usize, list: usize): i32 {
  const head = generation(i);
  for (let gc = Ring.next(head); gc != head; gc = Ring.next(gc)) {
    const o = Ring.object(gc);
    if (o == targets || o == list || isIncomplete(o)) continue;
    if (call_indirect<i32>(PyTypeObject.at(Py.TYPE(o)).tp_traverse, o, visitReferrer.index, targets)) {
      if (PyList_Append(list, o) < 0) return -1;
    }
  }
  return 0;
}

function visitReferent(o: usize, list: usize): i32 {
  if (isIncomplete(o)) return 0;
  return PyList_Append(list, o) < 0 ? 1 : 0;
}

/** Appends what `o` refers to directly: 0, or -1. */
export function appendReferents(o: usize, list: usize): i32 {
  if (!_PyObject_IS_GC(o)) return 0;
  const traverse = PyTypeObject.at(Py.TYPE(o)).tp_traverse;
  if (traverse == 0) return 0;
  return call_indirect<i32>(traverse, o, visitReferent.index, list) ? -1 : 0;
}
