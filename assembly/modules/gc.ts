// The module gc (CPython 3.13's Modules/gcmodule.c), over gc/collector.ts.

import {
  appendObjects,
  appendReferents,
  appendReferrers,
  DEBUG_COLLECTABLE,
  DEBUG_SAVEALL,
  DEBUG_STATS,
  DEBUG_UNCOLLECTABLE,
  freeze,
  freezeCount,
  generation,
  NUM_GENERATIONS,
  PyGC_Collect,
  unfreeze,
} from "../gc/collector";
import { gc_generation, gc_generation_stats, SIZEOF_gc_generation_stats } from "../generated/layouts";
import { gcRoots } from "../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../generated/statics";
import { PyDict_New, PyDict_SetItemLiteral } from "../objects/containers/dict/dict";
import { PyList_Append, PyList_New } from "../objects/containers/list/list";
import { PyTuple_New, Tuple } from "../objects/containers/tuple";
import { parseArguments } from "../objects/define/args";
import { addFunction, METH_FASTCALL, METH_KEYWORDS, METH_NOARGS, METH_O, METH_VARARGS } from "../objects/define/tables";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { PyModule_AddFunctions, PyModule_AddObjectLiteral, PyModule_NewLiteral } from "../objects/module/module";
import { PyLong_AsInt, PyLong_FromLong, PyLong_FromLongLong, PyLong_FromSsize_t } from "../objects/numbers/int/create";
import { _PyGC_FINALIZED, _PyObject_GC_IS_TRACKED, _PyObject_IS_GC } from "../objects/object/gchead";
import { Py } from "../objects/object/head";
import { PyBool_FromBool } from "../objects/protocol/access";
import { PyNumber_AsSsize_t } from "../objects/protocol/number";
import { Scratch } from "../thread/scratch";

function gen(i: i32): gc_generation {
  return gc_generation.at(generation(i));
}

function gc_enable(_m: usize, _u: usize): usize {
  gcRoots.enabled = 1;
  return _Py_NoneStruct;
}

function gc_disable(_m: usize, _u: usize): usize {
  gcRoots.enabled = 0;
  return _Py_NoneStruct;
}

function gc_isenabled(_m: usize, _u: usize): usize {
  return gcRoots.enabled ? _Py_TrueStruct : _Py_FalseStruct;
}

/** The only argument, by position or by the name `generation`; stores it (or 0) in the slot at `a`. */
function oneArgument(fname: string, argv: usize, nargs: isize, kwnames: usize, a: usize): bool {
  return parseArguments(fname, "generation", argv, nargs, kwnames, a, 0, 1);
}

function gc_collect(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(1);
  const ok = oneArgument("collect", argv, nargs, kwnames, a);
  const v = Py.item(a, 0);
  Scratch.give(a);
  if (!ok) return 0;
  const g = v == 0 ? NUM_GENERATIONS - 1 : PyLong_AsInt(v);
  if (g == -1 && PyErr_Occurred()) return 0;
  if (g < 0 || g >= NUM_GENERATIONS) {
    PyErr_SetString(PyExc_ValueError, "invalid generation");
    return 0;
  }
  return PyLong_FromSsize_t(PyGC_Collect(g));
}

function gc_set_debug(_m: usize, v: usize): usize {
  const flags = PyLong_AsInt(v);
  if (flags == -1 && PyErr_Occurred()) return 0;
  gcRoots.debug = flags;
  return _Py_NoneStruct;
}

function gc_get_debug(_m: usize, _u: usize): usize {
  return PyLong_FromLong(gcRoots.debug);
}

function gc_set_threshold(_m: usize, argv: usize, nargs: isize): usize {
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

function gc_get_threshold(_m: usize, _u: usize): usize {
  return threeInts(gen(0).threshold, gen(1).threshold, gen(2).threshold);
}

function gc_get_count(_m: usize, _u: usize): usize {
  return threeInts(gen(0).count, gen(1).count, gen(2).count);
}

function gc_get_objects(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(1);
  const ok = oneArgument("get_objects", argv, nargs, kwnames, a);
  const v = Py.item(a, 0);
  Scratch.give(a);
  if (!ok) return 0;
  let from = 0;
  let to = NUM_GENERATIONS;
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
    if (g < 0) {
      PyErr_SetString(PyExc_ValueError, "generation parameter cannot be negative");
      return 0;
    }
    from = <i32>g;
    to = from + 1;
  }
  const list = PyList_New(0);
  for (let i = from; i < to && list != 0; i++) {
    if (appendObjects(i, list) < 0) {
      Py.DECREF(list);
      return 0;
    }
  }
  return list;
}

function gc_get_referrers(_m: usize, args: usize): usize {
  const list = PyList_New(0);
  for (let i = 0; i < NUM_GENERATIONS && list != 0; i++) {
    if (appendReferrers(i, args, list) < 0) {
      Py.DECREF(list);
      return 0;
    }
  }
  return list;
}

function gc_get_referents(_m: usize, args: usize): usize {
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

function gc_get_stats(_m: usize, _u: usize): usize {
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

function gc_is_tracked(_m: usize, o: usize): usize {
  return PyBool_FromBool(_PyObject_IS_GC(o) && _PyObject_GC_IS_TRACKED(o));
}

function gc_is_finalized(_m: usize, o: usize): usize {
  return PyBool_FromBool(_PyObject_IS_GC(o) && _PyGC_FINALIZED(o));
}

function gc_freeze(_m: usize, _u: usize): usize {
  freeze();
  return _Py_NoneStruct;
}

function gc_unfreeze(_m: usize, _u: usize): usize {
  unfreeze();
  return _Py_NoneStruct;
}

function gc_get_freeze_count(_m: usize, _u: usize): usize {
  return PyLong_FromSsize_t(freezeCount());
}

function functionTable(): usize {
  const table = addFunction(0, "enable", gc_enable.index, METH_NOARGS);
  addFunction(table, "disable", gc_disable.index, METH_NOARGS);
  addFunction(table, "isenabled", gc_isenabled.index, METH_NOARGS);
  addFunction(table, "set_debug", gc_set_debug.index, METH_O);
  addFunction(table, "get_debug", gc_get_debug.index, METH_NOARGS);
  addFunction(table, "get_count", gc_get_count.index, METH_NOARGS);
  addFunction(table, "set_threshold", gc_set_threshold.index, METH_FASTCALL);
  addFunction(table, "get_threshold", gc_get_threshold.index, METH_NOARGS);
  addFunction(table, "collect", gc_collect.index, METH_FASTCALL | METH_KEYWORDS);
  addFunction(table, "get_objects", gc_get_objects.index, METH_FASTCALL | METH_KEYWORDS);
  addFunction(table, "get_stats", gc_get_stats.index, METH_NOARGS);
  addFunction(table, "is_tracked", gc_is_tracked.index, METH_O);
  addFunction(table, "is_finalized", gc_is_finalized.index, METH_O);
  addFunction(table, "get_referrers", gc_get_referrers.index, METH_VARARGS);
  addFunction(table, "get_referents", gc_get_referents.index, METH_VARARGS);
  addFunction(table, "freeze", gc_freeze.index, METH_NOARGS);
  addFunction(table, "unfreeze", gc_unfreeze.index, METH_NOARGS);
  addFunction(table, "get_freeze_count", gc_get_freeze_count.index, METH_NOARGS);
  return table;
}

function addFlag(m: usize, name: string, flag: i32): bool {
  return PyModule_AddObjectLiteral(m, name, PyLong_FromLong(flag)) == 0;
}

function fill(m: usize): bool {
  if (gcRoots.garbage == 0) gcRoots.garbage = PyList_New(0);
  if (gcRoots.callbacks == 0) gcRoots.callbacks = PyList_New(0);
  return (
    PyModule_AddFunctions(m, functionTable()) == 0 &&
    PyModule_AddObjectLiteral(m, "garbage", Py.XNewRef(gcRoots.garbage)) == 0 &&
    PyModule_AddObjectLiteral(m, "callbacks", Py.XNewRef(gcRoots.callbacks)) == 0 &&
    addFlag(m, "DEBUG_STATS", DEBUG_STATS) &&
    addFlag(m, "DEBUG_COLLECTABLE", DEBUG_COLLECTABLE) &&
    addFlag(m, "DEBUG_UNCOLLECTABLE", DEBUG_UNCOLLECTABLE) &&
    addFlag(m, "DEBUG_SAVEALL", DEBUG_SAVEALL) &&
    addFlag(m, "DEBUG_LEAK", DEBUG_COLLECTABLE | DEBUG_UNCOLLECTABLE | DEBUG_SAVEALL)
  );
}

/** A new module gc, or null with an exception. */
export function makeGcModule(): usize {
  const m = PyModule_NewLiteral("gc");
  if (m == 0) return 0;
  if (fill(m)) return m;
  Py.DECREF(m);
  return 0;
}

/** Lets go of the collector's own lists. */
export function finalizeGc(): void {
  const garbage = gcRoots.garbage;
  const callbacks = gcRoots.callbacks;
  gcRoots.garbage = 0;
  gcRoots.callbacks = 0;
  Py.XDECREF(garbage);
  Py.XDECREF(callbacks);
}
