// itertools.groupby and the iterators over its groups (CPython 3.13's Modules/itertoolsmodule.c).
//
//   groupby   +16 iterator | +24 key function or None | +32 target key | +40 current key | +48 current value
//             +56 the newest group, borrowed: an older one finds that it is not, and ends
//   _grouper  +16 groupby | +24 target key

import { PyTypeObject } from "../../generated/layouts";
import { _Py_NoneStruct, PyItertools_groupby_Type, PyItertools_grouper_Type } from "../../generated/statics";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { parseTupleAndKeywords } from "../../objects/define/args";
import { PyObject_CallOneArg } from "../../objects/object/call";
import { Py_EQ } from "../../objects/object/flags";
import { Py } from "../../objects/object/head";
import { PyObject_RichCompareBool } from "../../objects/protocol/compare";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { Scratch } from "../../thread/scratch";
import { iteratorType, newIterator, ref, setRef } from "./common";

const ITERATOR: usize = 0;
const KEY_FUNCTION: usize = 1;
const TARGET: usize = 2;
const KEY: usize = 3;
const VALUE: usize = 4;
const GROUP: usize = 56;

function groupby_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("groupby", "iterable key", args, kwargs, a, 1, 2);
  const iterable: usize = load<u32>(a);
  const key: usize = load<u32>(a, 8);
  Scratch.give(a);
  if (!ok) return 0;
  const it = PyObject_GetIter(iterable);
  const o = it == 0 ? 0 : newIterator(type);
  if (o == 0) {
    Py.XDECREF(it);
    return 0;
  }
  setRef(o, ITERATOR, it);
  setRef(o, KEY_FUNCTION, Py.NewRef(key == 0 ? _Py_NoneStruct : key));
  return o;
}

/** Moves on to the next item and its key: 0, or -1 at the end or with an exception. */
function advance(o: usize): i32 {
  const value = PyIter_Next(ref(o, ITERATOR));
  if (value == 0) return -1;
  const f = ref(o, KEY_FUNCTION);
  const key = f == _Py_NoneStruct ? Py.NewRef(value) : PyObject_CallOneArg(f, value);
  if (key == 0) {
    Py.DECREF(value);
    return -1;
  }
  setRef(o, VALUE, value);
  setRef(o, KEY, key);
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
  store<u64>(o, 0, GROUP);
  // What is left of the last group is skipped.
  for (;;) {
    if (ref(o, KEY) != 0) {
      if (ref(o, TARGET) == 0) break;
      const same = sameKey(ref(o, TARGET), ref(o, KEY));
      if (same < 0) return 0;
      if (same == 0) break;
    }
    if (advance(o) < 0) return 0;
  }
  setRef(o, TARGET, Py.NewRef(ref(o, KEY)));
  const group = newIterator(PyItertools_grouper_Type);
  if (group == 0) return 0;
  setRef(group, 0, Py.NewRef(o));
  setRef(group, 1, Py.NewRef(ref(o, TARGET)));
  store<u64>(o, group, GROUP);
  const r = PyTuple_Pack2(ref(o, KEY), group);
  Py.DECREF(group);
  return r;
}

function grouper_next(group: usize): usize {
  const o = ref(group, 0);
  if (load<u32>(o, GROUP) != group) return 0;
  if (ref(o, VALUE) == 0 && advance(o) < 0) return 0;
  const same = sameKey(ref(group, 1), ref(o, KEY));
  if (same <= 0) return 0;
  const value = ref(o, VALUE);
  // The reference goes to the caller.
  store<u64>(o, 0, 16 + (VALUE << 3));
  return value;
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
  if (iteratorType(PyItertools_groupby_Type, 72, 5, groupby_new.index, groupby_next.index, true) < 0) return -1;
  if (iteratorType(PyItertools_grouper_Type, 32, 2, 0, grouper_next.index, false) < 0) return -1;
  PyTypeObject.at(PyItertools_grouper_Type).tp_new = 0;
  return 0;
}
