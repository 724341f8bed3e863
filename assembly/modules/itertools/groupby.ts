// itertools.groupby and the iterators over its groups (CPython 3.13's Modules/itertoolsmodule.c).

import { Py_TPFLAGS_BASETYPE } from "../../generated/constants";
import {
  _grouperobject,
  groupbyobject,
  PyTypeObject,
  SIZEOF__grouperobject,
  SIZEOF_groupbyobject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  empty_tuple,
  ID,
  PyItertools_groupby_Type,
  PyItertools_grouper_Type,
} from "../../generated/statics";
import { PyTuple_Pack1, PyTuple_Pack2, PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { ArgParser, badArgument, parseTupleAndKeywords } from "../../objects/define/args";
import {
  _grouperobject_clear,
  _grouperobject_traverse,
  groupbyobject_clear,
  groupbyobject_traverse,
} from "../../objects/generated/references";
import { getBuiltin } from "../../objects/module/builtinlookup";
import { PyObject_CallOneArg } from "../../objects/object/call";
import { Py_EQ } from "../../objects/object/flags";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_RichCompareBool } from "../../objects/protocol/compare";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { Scratch } from "../../thread/scratch";
import { freeIterator, isState, iteratorType, newIterator, reduced, reducedWithState, warnPickle } from "./common";

function groupby_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("groupby", "iterable key", args, kwargs, a, 1, 2);
  const iterable = Py.item(a, 0);
  const key = Py.item(a, 1);
  Scratch.give(a);
  if (!ok) return 0;
  const o = newIterator(type);
  if (o == 0) return 0;
  groupbyobject.at(o).keyfunc = Py.NewRef(key == 0 ? _Py_NoneStruct : key);
  const it = PyObject_GetIter(iterable);
  if (it == 0) {
    Py.DECREF(o);
    return 0;
  }
  groupbyobject.at(o).it = it;
  return o;
}

/** Moves on to the next item and its key: 0, or -1 at the end or with an exception. */
function advance(o: usize): i32 {
  const x = groupbyobject.at(o);
  const value = PyIter_Next(x.it);
  if (value == 0) return -1;
  const f = x.keyfunc;
  const key = f == _Py_NoneStruct ? Py.NewRef(value) : PyObject_CallOneArg(f, value);
  if (key == 0) {
    Py.DECREF(value);
    return -1;
  }
  // Both are in their places before what was there is dropped, which may ask for the next.
  const oldValue = x.currvalue;
  const oldKey = x.currkey;
  x.currvalue = value;
  x.currkey = key;
  Py.XDECREF(oldValue);
  Py.XDECREF(oldKey);
  return 0;
}

/** Whether two keys are equal, which comparing might drop: 1, 0 or -1. */
function sameKey(a: usize, b: usize): i32 {
  Py.INCREF(a);
  Py.INCREF(b);
  const r = PyObject_RichCompareBool(a, b, Py_EQ);
  Py.DECREF(a);
  Py.DECREF(b);
  return r;
}

function groupby_next(o: usize): usize {
  const x = groupbyobject.at(o);
  x.currgrouper = 0;
  // What is left of the last group is skipped. Whatever runs meanwhile may take the key away again.
  while (x.currkey == 0 || x.tgtkey != 0) {
    if (x.currkey != 0) {
      const same = sameKey(x.tgtkey, x.currkey);
      if (same < 0) return 0;
      if (same == 0 && x.currkey != 0) break;
    }
    if (advance(o) < 0) return 0;
  }
  const key = Py.NewRef(x.currkey);
  Py.SETREF(x.tgtkey_slot, Py.NewRef(key));
  const group = newGroup(o, key);
  const r = group == 0 ? 0 : PyTuple_Pack2(key, group);
  Py.XDECREF(group);
  Py.DECREF(key);
  return r;
}

function newGroup(o: usize, tgtkey: usize): usize {
  const group = newIterator(PyItertools_grouper_Type);
  if (group == 0) return 0;
  _grouperobject.at(group).parent = Py.NewRef(o);
  _grouperobject.at(group).tgtkey = Py.NewRef(tgtkey);
  groupbyobject.at(o).currgrouper = group;
  return group;
}

function grouper_new(_type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords("_grouper", kwargs) || !ArgParser.count("_grouper", Py.SIZE(args), 2, 2)) return 0;
  const parent = Tuple.get(args, 0);
  if (PyType_IsSubtype(Py.TYPE(parent), PyItertools_groupby_Type)) return newGroup(parent, Tuple.get(args, 1));
  return badArgument("_grouper", "argument 1", "itertools.groupby", parent);
}

function grouper_next(group: usize): usize {
  const o = _grouperobject.at(group).parent;
  const x = groupbyobject.at(o);
  if (x.currgrouper != group) return 0;
  if (x.currvalue == 0 && advance(o) < 0) return 0;
  if (x.currkey == 0 || sameKey(_grouperobject.at(group).tgtkey, x.currkey) <= 0) return 0;
  const value = x.currvalue;
  // The reference goes to the caller.
  x.currvalue = 0;
  Py.CLEAR(x.currkey_slot);
  return value;
}

/**
 * @native itertools.groupby.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function groupby_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = groupbyobject.at(o);
  const args = PyTuple_Pack2(x.it, x.keyfunc);
  if (x.tgtkey == 0 || x.currkey == 0 || x.currvalue == 0) return reduced(o, args);
  return reducedWithState(o, args, PyTuple_Pack3(x.currkey, x.currvalue, x.tgtkey));
}

/**
 * @native itertools.groupby.__setstate__
 *
 * Makes it what it was when it was pickled.
 */
export function groupby_setstate(o: usize, state: usize): usize {
  if (!warnPickle()) return 0;
  if (!isState(state, 3, 3)) return 0;
  const x = groupbyobject.at(o);
  const oldKey = x.currkey;
  const oldValue = x.currvalue;
  x.currkey = Py.NewRef(Tuple.get(state, 0));
  x.currvalue = Py.NewRef(Tuple.get(state, 1));
  Py.SETREF(x.tgtkey_slot, Py.NewRef(Tuple.get(state, 2)));
  Py.XDECREF(oldKey);
  Py.XDECREF(oldValue);
  return _Py_NoneStruct;
}

/**
 * @native itertools._grouper.__reduce__
 *
 * How it is pickled: what makes it again.
 */
export function grouper_reduce(o: usize, _: usize): usize {
  if (!warnPickle()) return 0;
  const x = _grouperobject.at(o);
  if (groupbyobject.at(x.parent).currgrouper == o) return reduced(o, PyTuple_Pack2(x.parent, x.tgtkey));
  const iter = getBuiltin(ID.iter);
  const args = iter == 0 ? 0 : PyTuple_Pack1(empty_tuple);
  const r = args == 0 ? 0 : PyTuple_Pack2(iter, args);
  Py.XDECREF(args);
  Py.XDECREF(iter);
  return r;
}

function groupby_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  groupbyobject_clear(o);
  freeIterator(o);
}

function grouper_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  _grouperobject_clear(o);
  freeIterator(o);
}

/**
 * @type itertools.groupby(iterable, key=None)
 *
 * Neighbours that belong together, in groups.
 *
 *   iterable
 *     Where the elements come from, sorted as a rule.
 *   key
 *     What is called to find out where they belong; None takes the elements themselves.
 *
 * An iterator of tuples: the key, and an iterator of the group, of which nothing is left once the next group is asked for.
 */

/**
 * @type itertools._grouper
 */

/** Makes the types: 0, or -1 with an exception. */
export function initGroupTypes(): i32 {
  const ready =
    iteratorType(
      PyItertools_groupby_Type,
      SIZEOF_groupbyobject,
      groupby_dealloc.index,
      groupbyobject_traverse.index,
      groupby_new.index,
      groupby_next.index,
    ) &&
    iteratorType(
      PyItertools_grouper_Type,
      SIZEOF__grouperobject,
      grouper_dealloc.index,
      _grouperobject_traverse.index,
      grouper_new.index,
      grouper_next.index,
    );
  PyTypeObject.at(PyItertools_grouper_Type).tp_flags &= ~Py_TPFLAGS_BASETYPE;
  return ready ? 0 : -1;
}
