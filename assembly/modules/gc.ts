// The module gc (CPython 3.13's Modules/gcmodule.c), over gc/collector.ts.

import {
  appendObjects,
  appendReferents,
  appendReferrers,
  freeze,
  freezeCount,
  generation,
  NUM_GENERATIONS,
  PyGC_Collect,
  unfreeze,
} from "../gc/collector";
import { DEBUG_COLLECTABLE, DEBUG_SAVEALL, DEBUG_STATS, DEBUG_UNCOLLECTABLE } from "../gc/debug";
import { COLLECTION_REASON_EXPLICIT } from "../generated/constants";
import { gc_generation, gc_generation_stats, SIZEOF_gc_generation_stats } from "../generated/layouts";
import { gcRoots } from "../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyExc_ResourceWarning,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../generated/statics";
import { PyDict_New, PyDict_SetItemLiteral } from "../objects/containers/dict/dict";
import { PyList_Append, PyList_New } from "../objects/containers/list/list";
import { PyTuple_New, Tuple } from "../objects/containers/tuple";
import { parseArguments } from "../objects/define/args";
import { Audit } from "../objects/errors/audit";
import { PySys_WriteStderr } from "../objects/errors/fileoutput";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { PyErr_WriteUnraisable } from "../objects/errors/unraisable";
import { warnExplicit } from "../objects/errors/warnings";
import { PyModule_AddObjectLiteral } from "../objects/module/module";
import { PyLong_AsInt, PyLong_FromLong, PyLong_FromLongLong, PyLong_FromSsize_t } from "../objects/numbers/int/create";
import { _PyGC_FINALIZED, _PyObject_GC_IS_TRACKED, _PyObject_IS_GC } from "../objects/object/gchead";
import { Py } from "../objects/object/head";
import { PyBool_FromBool } from "../objects/protocol/access";
import { PyNumber_AsSsize_t } from "../objects/protocol/number";
import { PyUnicode_FromLiteral } from "../objects/text/create";
import { PyUnicode_FromFormat } from "../objects/text/format/fromformat";
import { Scratch } from "../thread/scratch";

function gen(i: i32): gc_generation {
  return gc_generation.at(generation(i));
}

/**
 * @native gc.enable($module, /)
 *
 * Let it look for cycles again.
 */
export function gc_enable(_m: usize, _u: usize): usize {
  gcRoots.enabled = 1;
  return _Py_NoneStruct;
}

/**
 * @native gc.disable($module, /)
 *
 * Keep it from looking by itself.
 */
export function gc_disable(_m: usize, _u: usize): usize {
  gcRoots.enabled = 0;
  return _Py_NoneStruct;
}

/**
 * @native gc.isenabled($module, /)
 *
 * Whether it looks for cycles by itself, as it first does.
 */
export function gc_isenabled(_m: usize, _u: usize): usize {
  return gcRoots.enabled ? _Py_TrueStruct : _Py_FalseStruct;
}

/** The only argument, by position or by the name `generation`; stores it (or 0) in the slot at `a`. */
function oneArgument(fname: string, argv: usize, nargs: isize, kwnames: usize, a: usize): bool {
  return parseArguments(fname, "generation", argv, nargs, kwnames, a, 0, 1);
}

/**
 * @native gc.collect($module, /, generation=2)
 *
 * Look for cycles now, and free them.
 *
 * All generations are looked through; generation tells up to which, 0 being the youngest. A ValueError is raised for any other number. How many objects were found that nothing refers to is what is returned by this.
 */
export function gc_collect(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(1);
  const ok = oneArgument("collect", argv, nargs, kwnames, a);
  const v = Py.item(a, 0);
  Scratch.give(a);
  if (!ok) return 0;
  const g = v == 0 ? NUM_GENERATIONS - 1 : PyLong_AsInt(v);
  if (g == -1 && PyErr_Occurred()) return 0;
  if (g < 0 || g >= NUM_GENERATIONS) return PyErr_SetString(PyExc_ValueError, "invalid generation");
  return PyLong_FromSsize_t(PyGC_Collect(g, COLLECTION_REASON_EXPLICIT));
}

/**
 * @native gc.set_debug($module, flags, /)
 *
 * Say what it reports on the way.
 *
 *   flags
 *     Added up from these:
 *       DEBUG_STATS - what each collection has found
 *       DEBUG_COLLECTABLE - each object that it can free
 *       DEBUG_UNCOLLECTABLE - each object that it cannot free
 *       DEBUG_SAVEALL - free nothing, but put it in gc.garbage
 *       DEBUG_LEAK - what helps to find where memory goes: all of them but the first
 *
 * Reports are written to sys.stderr. 0 means that there are none of them, which is the case at first.
 */
export function gc_set_debug(_m: usize, v: usize): usize {
  const flags = PyLong_AsInt(v);
  if (flags == -1 && PyErr_Occurred()) return 0;
  gcRoots.debug = flags;
  return _Py_NoneStruct;
}

/**
 * @native gc.get_debug($module, /)
 *
 * What it reports, as set_debug() was told.
 */
export function gc_get_debug(_m: usize, _u: usize): usize {
  return PyLong_FromLong(gcRoots.debug);
}

/**
 * @native gc.set_threshold
 *
 * set_threshold(threshold0, [threshold1, [threshold2]])
 * Say how many new containers make it look, and how often it does so in older generations.
 *
 * 0 keeps it from it.
 */
export function gc_set_threshold(_m: usize, argv: usize, nargs: isize): usize {
  if (nargs < 1 || nargs > 3) {
    return PyErr_Format(PyExc_TypeError, "gc.set_threshold requires 1 to 3 arguments");
  }
  const values = Scratch.take(2);
  let ok = true;
  for (let i: isize = 0; i < nargs && ok; i++) {
    const v = PyLong_AsInt(Py.item(argv, i));
    ok = v != -1 || !PyErr_Occurred();
    store<i32>(values + ((<usize>i) << 2), v);
  }
  for (let i: isize = 0; i < nargs && ok; i++) {
    gen(<i32>i).threshold = load<i32>(values + ((<usize>i) << 2));
  }
  Scratch.give(values);
  return ok ? _Py_NoneStruct : 0;
}

/** A new tuple of three ints. */
function threeInts(a: i32, b: i32, c: i32): usize {
  const t = PyTuple_New(3);
  if (t == 0) return 0;
  Tuple.set(t, 0, PyLong_FromLong(a));
  Tuple.set(t, 1, PyLong_FromLong(b));
  Tuple.set(t, 2, PyLong_FromLong(c));
  for (let i: isize = 0; i < 3; i++) {
    if (Tuple.get(t, i) == 0) {
      Py.DECREF(t);
      return 0;
    }
  }
  return t;
}

/**
 * @native gc.get_threshold($module, /)
 *
 * When it looks, as set_threshold() was told.
 */
export function gc_get_threshold(_m: usize, _u: usize): usize {
  return threeInts(gen(0).threshold, gen(1).threshold, gen(2).threshold);
}

/**
 * @native gc.get_count($module, /)
 *
 * How many there are of each generation, in a tuple.
 */
export function gc_get_count(_m: usize, _u: usize): usize {
  return threeInts(gen(0).count, gen(1).count, gen(2).count);
}

/**
 * @native gc.get_objects($module, /, generation=None)
 *
 * The containers that it knows of, in a list, without that list itself.
 *
 *   generation
 *     Only those of one, 0, 1 or 2; None, the default, means all of them.
 *
 * Numbers, strings and the like refer to nothing, and are not among them here.
 */
export function gc_get_objects(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(1);
  const ok = oneArgument("get_objects", argv, nargs, kwnames, a);
  const v = Py.item(a, 0);
  Scratch.give(a);
  if (!ok) return 0;
  let from = 0;
  let to = NUM_GENERATIONS;
  let which: isize = -1;
  if (v != 0 && v != _Py_NoneStruct) {
    const g = PyNumber_AsSsize_t(v, 0);
    if (g == -1 && PyErr_Occurred()) return 0;
    if (g >= NUM_GENERATIONS) {
      return PyErr_Format(
        PyExc_ValueError,
        "generation parameter must be less than the number of available generations (%d)",
        NUM_GENERATIONS,
      );
    }
    if (g < 0) return PyErr_SetString(PyExc_ValueError, "generation parameter cannot be negative");
    from = <i32>g;
    to = from + 1;
    which = g;
  }
  if (!Audit.event("gc.get_objects", "i", which)) return 0;
  const list = PyList_New(0);
  for (let i = from; i < to && list != 0; i++) {
    if (appendObjects(i, list) < 0) {
      Py.DECREF(list);
      return 0;
    }
  }
  return list;
}

/**
 * @native gc.get_referrers($module, /, *objs)
 *
 * The containers that refer to any of the objects, in a list.
 */
export function gc_get_referrers(_m: usize, args: usize): usize {
  if (!Audit.event("gc.get_referrers", "O", args)) return 0;
  const list = PyList_New(0);
  for (let i = 0; i < NUM_GENERATIONS && list != 0; i++) {
    if (appendReferrers(i, args, list) < 0) {
      Py.DECREF(list);
      return 0;
    }
  }
  return list;
}

/**
 * @native gc.get_referents($module, /, *objs)
 *
 * What the objects themselves refer to, in a list of objects.
 */
export function gc_get_referents(_m: usize, args: usize): usize {
  if (!Audit.event("gc.get_referents", "O", args)) return 0;
  const list = PyList_New(0);
  const n = Py.SIZE(args);
  for (let i: isize = 0; i < n && list != 0; i++) {
    if (appendReferents(Tuple.get(args, i), list) < 0) {
      Py.DECREF(list);
      return 0;
    }
  }
  return list;
}

/** Statistics of a generation, a gc_generation_stats, as a new dict. */
function statsOf(p: usize): usize {
  const d = PyDict_New();
  if (d == 0) return 0;
  const stats = gc_generation_stats.at(p);
  if (
    setFigure(d, "collections", stats.collections) &&
    setFigure(d, "collected", stats.collected) &&
    setFigure(d, "uncollectable", stats.uncollectable)
  ) {
    return d;
  }
  Py.DECREF(d);
  return 0;
}

function setFigure(d: usize, name: string, n: i64): bool {
  const v = PyLong_FromLongLong(n);
  const r = v != 0 && PyDict_SetItemLiteral(d, name, v) == 0;
  Py.XDECREF(v);
  return r;
}

/**
 * @native gc.get_stats($module, /)
 *
 * What it has found in each generation, in a list of dicts.
 */
export function gc_get_stats(_m: usize, _u: usize): usize {
  // As they are now: what follows allocates, and may collect.
  const stats = Scratch.take(<isize>((NUM_GENERATIONS * SIZEOF_gc_generation_stats) >> 3));
  memory.copy(stats, gcRoots.generation_stats, NUM_GENERATIONS * SIZEOF_gc_generation_stats);
  const list = PyList_New(0);
  let ok = list != 0;
  for (let i = 0; i < NUM_GENERATIONS && ok; i++) {
    const d = statsOf(stats + <usize>i * SIZEOF_gc_generation_stats);
    ok = d != 0 && PyList_Append(list, d) == 0;
    Py.XDECREF(d);
  }
  Scratch.give(stats);
  if (ok) return list;
  Py.XDECREF(list);
  return 0;
}

/**
 * @native gc.is_tracked($module, obj, /)
 *
 * Whether it knows of the object, as one that could be part of a cycle.
 *
 * Numbers and strings never are so.
 */
export function gc_is_tracked(_m: usize, o: usize): usize {
  return PyBool_FromBool(_PyObject_IS_GC(o) && _PyObject_GC_IS_TRACKED(o));
}

/**
 * @native gc.is_finalized($module, obj, /)
 *
 * Whether its finalizer has been called once for the object.
 */
export function gc_is_finalized(_m: usize, o: usize): usize {
  return PyBool_FromBool(_PyObject_IS_GC(o) && _PyGC_FINALIZED(o));
}

/**
 * @native gc.freeze($module, /)
 *
 * Leave all objects alone that there are now: they are not looked at any more.
 *
 * Before a fork this keeps pages shared with the children, as looking at an object writes to it. It is best to disable() early in the parent, to freeze() before the fork and to enable() in the child.
 */
export function gc_freeze(_m: usize, _u: usize): usize {
  freeze();
  return _Py_NoneStruct;
}

/**
 * @native gc.unfreeze($module, /)
 *
 * Look at the objects again that freeze() has put aside.
 *
 * They are in the oldest generation afterwards, every one of them.
 */
export function gc_unfreeze(_m: usize, _u: usize): usize {
  unfreeze();
  return _Py_NoneStruct;
}

/**
 * @native gc.get_freeze_count($module, /)
 *
 * How many objects have been put aside by freeze(), so far.
 */
export function gc_get_freeze_count(_m: usize, _u: usize): usize {
  return PyLong_FromSsize_t(freezeCount());
}

function addFlag(m: usize, name: string, flag: i32): bool {
  return PyModule_AddObjectLiteral(m, name, PyLong_FromLong(flag)) == 0;
}

/**
 * @module gc
 * @order enable disable isenabled set_debug get_debug get_count set_threshold get_threshold collect
 * @order get_objects get_stats is_tracked is_finalized get_referrers get_referents freeze unfreeze
 * @order get_freeze_count
 *
 * The collector of cycles: objects that refer to one another and that nothing else refers to.
 *
 * What nobody refers to is freed at once; cycles have to be looked for. That is done after some thousand new containers, among the young ones first.
 *
 * enable(), disable(), isenabled(): whether it looks by itself.
 * collect(): look now.
 * get_count(), get_threshold(), set_threshold(): when it looks.
 * get_stats(): how often it has looked, and what it has found.
 * set_debug(), get_debug(): whether it reports, and keeps what it finds in garbage.
 * get_objects(), is_tracked(), is_finalized(): what it knows of.
 * get_referrers(), get_referents(): who refers to whom.
 * freeze(), unfreeze(), get_freeze_count(): what it leaves alone.
 * callbacks: what to call before and after.
 */
export function initGc(m: usize): i32 {
  if (gcRoots.garbage == 0) gcRoots.garbage = PyList_New(0);
  if (gcRoots.callbacks == 0) gcRoots.callbacks = PyList_New(0);
  return PyModule_AddObjectLiteral(m, "garbage", Py.XNewRef(gcRoots.garbage)) == 0 &&
    PyModule_AddObjectLiteral(m, "callbacks", Py.XNewRef(gcRoots.callbacks)) == 0 &&
    addFlag(m, "DEBUG_STATS", DEBUG_STATS) &&
    addFlag(m, "DEBUG_COLLECTABLE", DEBUG_COLLECTABLE) &&
    addFlag(m, "DEBUG_UNCOLLECTABLE", DEBUG_UNCOLLECTABLE) &&
    addFlag(m, "DEBUG_SAVEALL", DEBUG_SAVEALL) &&
    addFlag(m, "DEBUG_LEAK", DEBUG_COLLECTABLE | DEBUG_UNCOLLECTABLE | DEBUG_SAVEALL)
    ? 0
    : -1;
}

/** The modules are gone: warns of what is left in gc.garbage, as nothing can be done about it any more. */
export function tellGarbageLeft(): void {
  const garbage = gcRoots.garbage;
  if (gcRoots.debug & DEBUG_SAVEALL || garbage == 0 || Py.SIZE(garbage) == 0) return;
  const listed = (gcRoots.debug & DEBUG_UNCOLLECTABLE) != 0;
  const name = PyUnicode_FromLiteral("gc");
  const message = PyUnicode_FromFormat(
    "gc: %d uncollectable objects at shutdown%L",
    Py.SIZE(garbage),
    changetype<usize>(listed ? "" : "; use gc.set_debug(gc.DEBUG_UNCOLLECTABLE) to list them"),
  );
  const failed = name == 0 || message == 0 || warnExplicit(PyExc_ResourceWarning, message, name, 0, name, 0) < 0;
  Py.XDECREF(message);
  Py.XDECREF(name);
  if (failed) PyErr_WriteUnraisable(0);
  if (!listed) return;
  const text = PyUnicode_FromFormat("      %R\n", garbage);
  if (text == 0) PyErr_WriteUnraisable(garbage);
  else PySys_WriteStderr(text);
}

/** Lets go of the collector's own lists. What is found from here on can be kept for nobody. */
export function finalizeGc(): void {
  gcRoots.debug = gcRoots.debug & ~DEBUG_SAVEALL;
  const garbage = gcRoots.garbage;
  const callbacks = gcRoots.callbacks;
  gcRoots.garbage = 0;
  gcRoots.callbacks = 0;
  Py.XDECREF(garbage);
  Py.XDECREF(callbacks);
}
