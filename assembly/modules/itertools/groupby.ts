// itertools.groupby and the iterators over its groups (CPython 3.13's Modules/itertoolsmodule.c).

import {
  _grouperobject,
  groupbyobject,
  PyTypeObject,
  SIZEOF__grouperobject,
  SIZEOF_groupbyobject,
} from "../../generated/layouts";
import { _Py_NoneStruct, PyItertools_groupby_Type, PyItertools_grouper_Type } from "../../generated/statics";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { parseTupleAndKeywords } from "../../objects/define/args";
import {
  _grouperobject_clear,
  _grouperobject_traverse,
  groupbyobject_clear,
  groupbyobject_traverse,
} from "../../objects/generated/references";
import { PyObject_CallOneArg } from "../../objects/object/call";
import { Py_EQ } from "../../objects/object/flags";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_RichCompareBool } from "../../objects/protocol/compare";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { Scratch } from "../../thread/scratch";
import { freeIterator, iteratorType, newIterator } from "./common";

function groupby_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("groupby", "iterable key", args, kwargs, a, 1, 2);
  const iterable = Py.item(a, 0);
  const key = Py.item(a, 1);
  Scratch.give(a);
  if (!ok) return 0;
  const it = PyObject_GetIter(iterable);
  const o = it == 0 ? 0 : newIterator(type);
  if (o == 0) {
    Py.XDECREF(it);
    return 0;
  }
  const x = groupbyobject.at(o);
  x.it = it;
  x.keyfunc = Py.NewRef(key == 0 ? _Py_NoneStruct : key);
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
  // What is left of the last group is skipped.
  for (;;) {
    if (x.currkey != 0) {
      if (x.tgtkey == 0) break;
      const same = sameKey(x.tgtkey, x.currkey);
      if (same < 0) return 0;
      if (same == 0) break;
    }
    if (advance(o) < 0) return 0;
  }
  Py.SETREF(x.tgtkey_slot, Py.NewRef(x.currkey));
  const group = newIterator(PyItertools_grouper_Type);
  if (group == 0) return 0;
  _grouperobject.at(group).parent = Py.NewRef(o);
  _grouperobject.at(group).tgtkey = Py.NewRef(x.tgtkey);
  x.currgrouper = group;
  const r = PyTuple_Pack2(x.currkey, group);
  Py.DECREF(group);
  return r;
}

function grouper_next(group: usize): usize {
  const o = _grouperobject.at(group).parent;
  const x = groupbyobject.at(o);
  if (x.currgrouper != group) return 0;
  if (x.currvalue == 0 && advance(o) < 0) return 0;
  const same = sameKey(_grouperobject.at(group).tgtkey, x.currkey);
  if (same <= 0) return 0;
  const value = x.currvalue;
  // The reference goes to the caller.
  x.currvalue = 0;
  return value;
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
      0,
      grouper_next.index,
    );
  // Groups are made by groupby alone: nothing is inherited here.
  PyTypeObject.at(PyItertools_grouper_Type).tp_new = 0;
  return ready ? 0 : -1;
}
