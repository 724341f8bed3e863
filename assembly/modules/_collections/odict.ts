// collections.OrderedDict (CPython 3.13's Objects/odictobject.c): a dict, and a list of nodes for the order of its keys.
//
//   od_first ⇄ node ⇄ node ⇄ … ⇄ od_last      key, hash, next, prev
//      od_fast_nodes: for each entry of the dict's table its node, so that a key's node is where its entry is
//
// Invariant: a node is in the list, and in at most one place of od_fast_nodes, whose other places are null. That table is
// made anew when the dict has another table of keys (od_resize_sentinel) or one of another size. Keys that are put in or
// taken out by dict's own methods have no node, or a node and no entry: that shows as KeyErrors, as in CPython, never
// otherwise. Comparing keys may change the dict: whoever has compared looks at table, sentinel and state again.

import { Py_TPFLAGS_BASETYPE } from "../../generated/constants";
import {
  _odictnode,
  odictiterobject,
  PyDictKeysObject,
  PyDictViewObject,
  PyMappingMethods,
  PyNumberMethods,
  PyODictObject,
  PyODictObject_od_inst_dict,
  PyODictObject_od_weakreflist,
  PyTypeObject,
  SIZEOF__odictnode,
  SIZEOF_odictiterobject,
  SIZEOF_PyODictObject,
} from "../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  _Py_TrueStruct,
  ID,
  PyDict_Type,
  PyDictItems_Type,
  PyDictKeys_Type,
  PyDictValues_Type,
  PyExc_KeyError,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyODict_Type,
  PyODictItems_Type,
  PyODictIter_Type,
  PyODictKeys_Type,
  PyODictValues_Type,
} from "../../generated/statics";
import { PyMem_Calloc, PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import {
  _PyDict_DelItem_KnownHash,
  _PyDict_GetItem_KnownHash,
  _PyDict_SetItem_KnownHash,
  _PyDict_SizeOf,
  _PyErr_SetKeyError,
  Dict,
  dict_dealloc,
  PyDict_Clear,
  PyDict_Copy,
  PyDict_GetItemWithError,
  PyDict_Size,
} from "../../objects/containers/dict/dict";
import { DKIX_ERROR, lookupIndex } from "../../objects/containers/dict/keys";
import { _PyDict_FromKeys, PyDict_Items } from "../../objects/containers/dict/type";
import { _PyDictView_New } from "../../objects/containers/dict/views";
import { PyList_New } from "../../objects/containers/list/list";
import { PyTuple_New, PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { asMapping, asNumber } from "../../objects/define/tables";
import {
  _PyType_Name,
  PyErr_Clear,
  PyErr_Fail,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../../objects/errors/raise";
import {
  odictiterobject_clear,
  odictiterobject_traverse,
  PyODictObject_traverse,
} from "../../objects/generated/references";
import { reduceToList } from "../../objects/iterators/reduce";
import { PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { _PyObject_GC_New, PyObject_GC_Del } from "../../objects/object/alloc";
import { PyObject_CallMethodNoArgs, PyObject_CallNoArgs, PyObject_CallOneArg } from "../../objects/object/call";
import { Py_EQ, Py_NE } from "../../objects/object/flags";
import { _PyObject_GC_IS_TRACKED, _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py, Visit } from "../../objects/object/head";
import { Py_ReprEnter, Py_ReprLeave } from "../../objects/object/reprguard";
import { PyBool_FromBool, PyObject_GetOptionalAttr, PyObject_SelfIter } from "../../objects/protocol/access";
import { PyObject_RichCompareBool } from "../../objects/protocol/compare";
import { PyObject_GetItem, PyObject_SetItem } from "../../objects/protocol/items";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PySequence_Contains, PySequence_List } from "../../objects/protocol/sequence";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { PyType_Ready } from "../../objects/types/ready";
import { _PyObject_GetState } from "../../objects/types/reduce";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";
import { collectedType } from "../collectedtype";

class OD {
  /** Whether the table of nodes is that of the dict's keys. */
  @inline static isInStep(o: usize): bool {
    const od = PyODictObject.at(o);
    const keys = od.ma_keys;
    return od.od_resize_sentinel == keys && od.od_fast_nodes_size == 1 << PyDictKeysObject.at(keys).dk_log2_size;
  }

  @inline static touch(o: usize): void {
    PyODictObject.at(o).od_state = PyODictObject.at(o).od_state + 1;
  }

  /** Whether it is an OrderedDict, of a subclass perhaps. */
  @inline static check(o: usize): bool {
    return Py.IS_TYPE(o, PyODict_Type) || PyType_IsSubtype(Py.TYPE(o), PyODict_Type);
  }
}

/** The node's key, borrowed. */
function keyOf(node: usize): usize {
  return _odictnode.at(node).key;
}

/** Makes od_fast_nodes for the dict's table of keys: false with an exception. */
function resizeNodes(o: usize): bool {
  const od = PyODictObject.at(o);
  while (true) {
    const keys = od.ma_keys;
    const state = od.od_state;
    const size: isize = 1 << PyDictKeysObject.at(keys).dk_log2_size;
    const table = PyMem_Calloc(<usize>size, 8);
    if (table == 0) {
      PyErr_NoMemory();
      return false;
    }
    let node = od.od_first;
    for (; node != 0; node = _odictnode.at(node).next) {
      const ix = lookupIndex(o, keyOf(node), _odictnode.at(node).hash);
      if (ix == DKIX_ERROR) {
        PyMem_Free(table);
        return false;
      }
      if (od.od_state != state || od.ma_keys != keys) break;
      const at = ix < 0 ? PyDictKeysObject.at(keys).dk_nentries : ix;
      if (at < size) Py.setItem(table, at, node);
    }
    if (node == 0) {
      const old = od.od_fast_nodes;
      od.od_fast_nodes = table;
      od.od_fast_nodes_size = size;
      od.od_resize_sentinel = keys;
      PyMem_Free(old);
      return true;
    }
    // Comparing has changed something.
    PyMem_Free(table);
  }
  return false;
}

/** The slot of the key's node in od_fast_nodes; 0 where the dict has no such key, or with an exception. */
function nodeSlot(o: usize, key: usize, hash: i64): usize {
  while (true) {
    if (!OD.isInStep(o) && !resizeNodes(o)) return 0;
    const ix = lookupIndex(o, key, hash);
    if (ix < 0) return 0;
    if (OD.isInStep(o)) return Py.slot(PyODictObject.at(o).od_fast_nodes, ix);
  }
  return 0;
}

/** The key's node; null where it has none, or with an exception. */
function findNode(o: usize, key: usize, hash: i64): usize {
  if (PyODictObject.at(o).od_first == 0) return 0;
  const slot = nodeSlot(o, key, hash);
  return slot == 0 ? 0 : load<u32>(slot);
}

function linkFirst(o: usize, node: usize): void {
  const od = PyODictObject.at(o);
  const first = od.od_first;
  _odictnode.at(node).prev = 0;
  _odictnode.at(node).next = first;
  if (first == 0) od.od_last = node;
  else _odictnode.at(first).prev = node;
  od.od_first = node;
  OD.touch(o);
}

function linkLast(o: usize, node: usize): void {
  const od = PyODictObject.at(o);
  const last = od.od_last;
  _odictnode.at(node).prev = last;
  _odictnode.at(node).next = 0;
  if (last == 0) od.od_first = node;
  else _odictnode.at(last).next = node;
  od.od_last = node;
  OD.touch(o);
}

function unlink(o: usize, node: usize): void {
  const od = PyODictObject.at(o);
  const next = _odictnode.at(node).next;
  const prev = _odictnode.at(node).prev;
  if (prev == 0) od.od_first = next;
  else _odictnode.at(prev).next = next;
  if (next == 0) od.od_last = prev;
  else _odictnode.at(next).prev = prev;
  OD.touch(o);
}

/** Gives a key of the dict a node at the end, where it has none: false with an exception. */
function addNode(o: usize, key: usize, hash: i64): bool {
  const slot = nodeSlot(o, key, hash);
  // Where comparing or the value that was replaced has taken the key out, it needs no node.
  if (slot == 0) return !PyErr_Occurred();
  if (load<u32>(slot) != 0) return true;
  const node = PyMem_Malloc(SIZEOF__odictnode);
  if (node == 0) {
    PyErr_NoMemory();
    return false;
  }
  _odictnode.at(node).key = Py.NewRef(key);
  _odictnode.at(node).hash = hash;
  linkLast(o, node);
  store<u64>(slot, node);
  return true;
}

/** Takes the key's node away: 1, 0 where it has none, -1 with an exception. */
function removeNode(o: usize, key: usize, hash: i64): i32 {
  if (PyODictObject.at(o).od_first == 0) return 0;
  const slot = nodeSlot(o, key, hash);
  const node: usize = slot == 0 ? 0 : load<u32>(slot);
  if (node == 0) return PyErr_Occurred() ? -1 : 0;
  store<u64>(slot, 0);
  unlink(o, node);
  const nodeKey = keyOf(node);
  PyMem_Free(node);
  Py.DECREF(nodeKey);
  return 1;
}

/** Empties the list and the table of nodes: the first node of what was the list, for freeNodes. */
function detachNodes(o: usize): usize {
  const od = PyODictObject.at(o);
  const node = od.od_first;
  const table = od.od_fast_nodes;
  od.od_first = 0;
  od.od_last = 0;
  od.od_fast_nodes = 0;
  od.od_fast_nodes_size = 0;
  od.od_resize_sentinel = 0;
  OD.touch(o);
  PyMem_Free(table);
  return node;
}

function freeNodes(node: usize): void {
  while (node != 0) {
    const next = _odictnode.at(node).next;
    const key = keyOf(node);
    PyMem_Free(node);
    Py.DECREF(key);
    node = next;
  }
}

function clearItems(o: usize): void {
  const nodes = detachNodes(o);
  PyDict_Clear(o);
  freeNodes(nodes);
}

/** o[key] = value: 0, or -1 with an exception. */
function setItem(o: usize, key: usize, value: usize, hash: i64): i32 {
  if (_PyDict_SetItem_KnownHash(o, key, value, hash) < 0) return -1;
  if (addNode(o, key, hash)) return 0;
  const exc = PyErr_GetRaisedException();
  if (_PyDict_DelItem_KnownHash(o, key, hash) < 0) PyErr_Clear();
  PyErr_SetRaisedException(exc);
  return -1;
}

function odict_ass_subscript(o: usize, key: usize, value: usize): i32 {
  const hash = Dict.hash(key);
  if (hash == -1) return -1;
  if (value != 0) return setItem(o, key, value, hash);
  return removeNode(o, key, hash) < 0 ? -1 : _PyDict_DelItem_KnownHash(o, key, hash);
}

/**
 * @classmethod collections.OrderedDict.fromkeys($type, /, iterable, value=None)
 *
 * A new one with the elements as keys, in their order, all with the same value.
 */
export function odict_fromkeys(type: usize, iterable: usize, value: usize): usize {
  return _PyDict_FromKeys(type, iterable, value);
}

/**
 * @native collections.OrderedDict.__sizeof__
 */
export function odict_sizeof(o: usize, _u: usize): usize {
  const od = PyODictObject.at(o);
  let size = <i64>_PyDict_SizeOf(o) + 8 * <i64>od.od_fast_nodes_size;
  if (od.od_first != 0) size += <i64>SIZEOF__odictnode * <i64>PyDict_Size(o);
  return PyLong_FromLongLong(size);
}

/**
 * @native collections.OrderedDict.__reduce__
 *
 * What a copy of it is to be made from
 */
export function odict_reduce(o: usize, _u: usize): usize {
  const state = _PyObject_GetState(o);
  const args = state == 0 ? 0 : PyTuple_New(0);
  const items = args == 0 ? 0 : PyObject_CallMethodNoArgs(o, ID.items);
  const it = items == 0 ? 0 : PyObject_GetIter(items);
  const r = it == 0 ? 0 : PyTuple_New(5);
  if (r != 0) {
    Tuple.set(r, 0, Py.NewRef(Py.TYPE(o)));
    Tuple.set(r, 1, Py.NewRef(args));
    Tuple.set(r, 2, Py.NewRef(state));
    Tuple.set(r, 3, _Py_NoneStruct);
    Tuple.set(r, 4, Py.NewRef(it));
  }
  Py.XDECREF(it);
  Py.XDECREF(items);
  Py.XDECREF(args);
  Py.XDECREF(state);
  return r;
}

/**
 * @native collections.OrderedDict.setdefault($self, /, key, default=None)
 *
 * The value of the key, which is set to default if there is no such key before; a method
 * __missing__ is not called for that.
 */
export function odict_setdefault(o: usize, key: usize, default_: usize): usize {
  if (Py.IS_TYPE(o, PyODict_Type)) {
    const hash = Dict.hash(key);
    const value = hash == -1 ? 0 : _PyDict_GetItem_KnownHash(o, key, hash);
    if (value != 0) return Py.NewRef(value);
    if (PyErr_Occurred()) return 0;
    return setItem(o, key, default_, hash) < 0 ? 0 : Py.NewRef(default_);
  }
  const has = PySequence_Contains(o, key);
  if (has != 0) return has < 0 ? 0 : PyObject_GetItem(o, key);
  return PyObject_SetItem(o, key, default_) < 0 ? 0 : Py.NewRef(default_);
}

/** Takes a key out: its value, or `missing` (borrowed) where it is none; null with KeyError where that is null. */
function popKey(o: usize, key: usize, missing: usize, hash: i64): usize {
  const removed = removeNode(o, key, hash);
  if (removed < 0) return 0;
  if (removed > 0) {
    const value = Py.XNewRef(_PyDict_GetItem_KnownHash(o, key, hash));
    if (value != 0) {
      if (_PyDict_DelItem_KnownHash(o, key, hash) == 0) return value;
      Py.DECREF(value);
      return 0;
    }
    if (PyErr_Occurred()) return 0;
  }
  if (missing != 0) return Py.NewRef(missing);
  _PyErr_SetKeyError(key);
  return 0;
}

/**
 * @native collections.OrderedDict.pop($self, /, key, default=<unrepresentable>)
 *
 * od.pop(key[,default]) -> v, the value of the key, which is taken out.
 *
 * If there is no such key it is the default, if that is given, otherwise a KeyError.
 */
export function odict_pop(o: usize, key: usize, default_: usize): usize {
  const hash = Dict.hash(key);
  return hash == -1 ? 0 : popKey(o, key, default_, hash);
}

/**
 * @native collections.OrderedDict.popitem($self, /, last=True)
 *
 * Take an item out: a tuple of a key and its value.
 *
 * It is the last one, or if last is false the first.
 */
export function odict_popitem(o: usize, last: bool): usize {
  const node = last ? PyODictObject.at(o).od_last : PyODictObject.at(o).od_first;
  if (node == 0) return PyErr_SetString(PyExc_KeyError, "dictionary is empty");
  const key = Py.NewRef(keyOf(node));
  const value = popKey(o, key, 0, _odictnode.at(node).hash);
  const r = value == 0 ? 0 : PyTuple_Pack2(key, value);
  Py.DECREF(key);
  Py.XDECREF(value);
  return r;
}

/**
 * @native collections.OrderedDict.keys
 */
export function odict_keys(o: usize, _u: usize): usize {
  return _PyDictView_New(o, PyODictKeys_Type);
}

/**
 * @native collections.OrderedDict.values
 */
export function odict_values(o: usize, _u: usize): usize {
  return _PyDictView_New(o, PyODictValues_Type);
}

/**
 * @native collections.OrderedDict.items
 */
export function odict_items(o: usize, _u: usize): usize {
  return _PyDictView_New(o, PyODictItems_Type);
}

/** Sets the item that a pair is, any iterable of two: false with an exception. */
function addPair(o: usize, pair: usize): bool {
  const it = PyObject_GetIter(pair);
  if (it == 0) return false;
  const key = PyIter_Next(it);
  const value = key == 0 ? 0 : PyIter_Next(it);
  const more = value == 0 ? 0 : PyIter_Next(it);
  let done = false;
  if (!PyErr_Occurred()) {
    if (key == 0) PyErr_SetString(PyExc_ValueError, "need more than 0 values to unpack");
    else if (value == 0) PyErr_SetString(PyExc_ValueError, "need more than 1 value to unpack");
    else if (more != 0) PyErr_SetString(PyExc_ValueError, "too many values to unpack (expected 2)");
    else done = PyObject_SetItem(o, key, value) == 0;
  }
  Py.XDECREF(more);
  Py.XDECREF(value);
  Py.XDECREF(key);
  Py.DECREF(it);
  return done;
}

/** Sets the items that pairs are; the reference is stolen, null fails: false with an exception. */
function addPairsSteal(o: usize, pairs: usize): bool {
  const it = pairs == 0 ? 0 : PyObject_GetIter(pairs);
  Py.XDECREF(pairs);
  if (it == 0) return false;
  let done: bool = true;
  while (done) {
    const pair = PyIter_Next(it);
    if (pair == 0) break;
    done = addPair(o, pair);
    Py.DECREF(pair);
  }
  Py.DECREF(it);
  return done && !PyErr_Occurred();
}

/** Sets o[key] = from[key] for the keys; the reference to them is stolen, null fails: false with an exception. */
function addKeysSteal(o: usize, from: usize, keys: usize): bool {
  const it = keys == 0 ? 0 : PyObject_GetIter(keys);
  Py.XDECREF(keys);
  if (it == 0) return false;
  let done = true;
  while (done) {
    const key = PyIter_Next(it);
    if (key == 0) break;
    const value = PyObject_GetItem(from, key);
    done = value != 0 && PyObject_SetItem(o, key, value) == 0;
    Py.XDECREF(value);
    Py.DECREF(key);
  }
  Py.DECREF(it);
  return done && !PyErr_Occurred();
}

/** Adds the items of a mapping or of pairs: false with an exception. */
function updateFrom(o: usize, from: usize): bool {
  if (Py.IS_TYPE(from, PyDict_Type)) return addPairsSteal(o, PyDict_Items(from));
  const keys = PyObject_GetOptionalAttr(from, ID.keys);
  if (keys != 0) {
    const list = PyObject_CallNoArgs(keys);
    Py.DECREF(keys);
    return addKeysSteal(o, from, list);
  }
  if (PyErr_Occurred()) return false;
  const items = PyObject_GetOptionalAttr(from, ID.items);
  if (items != 0) {
    const pairs = PyObject_CallNoArgs(items);
    Py.DECREF(items);
    return addPairsSteal(o, pairs);
  }
  return !PyErr_Occurred() && addPairsSteal(o, Py.NewRef(from));
}

/**
 * @native collections.OrderedDict.update
 */
export function odict_update(o: usize, args: usize, kwargs: usize): usize {
  const n = Py.SIZE(args);
  if (n > 1) return PyErr_Format(PyExc_TypeError, "update() takes at most 1 positional argument (%d given)", n);
  if (n == 1 && !updateFrom(o, Tuple.get(args, 0))) return 0;
  if (kwargs != 0 && PyDict_Size(kwargs) != 0 && !addPairsSteal(o, PyDict_Items(kwargs))) return 0;
  return _Py_NoneStruct;
}

/**
 * @native collections.OrderedDict.clear
 *
 * od.clear() -> None.  Take all items out.
 */
export function odict_clear(o: usize, _u: usize): usize {
  clearItems(o);
  return _Py_NoneStruct;
}

const MUTATED = "OrderedDict mutated during iteration";

/** Sets the item of a node in a copy: false with an exception. */
function copyItem(o: usize, copy: usize, node: usize): bool {
  const exact = Py.IS_TYPE(o, PyODict_Type);
  const hash = _odictnode.at(node).hash;
  const key = Py.NewRef(keyOf(node));
  // By the hash that the key has now, as it is asked for.
  const value = exact ? Py.XNewRef(PyDict_GetItemWithError(o, key)) : PyObject_GetItem(o, key);
  let done = false;
  if (value == 0) {
    if (!PyErr_Occurred()) _PyErr_SetKeyError(key);
  } else done = (exact ? setItem(copy, key, value, hash) : PyObject_SetItem(copy, key, value)) == 0;
  Py.XDECREF(value);
  Py.DECREF(key);
  return done;
}

/**
 * @native collections.OrderedDict.copy
 *
 * od.copy() -> one with the same items
 */
export function odict_copy(o: usize, _u: usize): usize {
  const copy = PyObject_CallNoArgs(Py.TYPE(o));
  if (copy == 0) return 0;
  const state = PyODictObject.at(o).od_state;
  let node = PyODictObject.at(o).od_first;
  while (node != 0) {
    let done = copyItem(o, copy, node);
    if (done && PyODictObject.at(o).od_state != state) {
      PyErr_SetString(PyExc_RuntimeError, MUTATED);
      done = false;
    }
    if (!done) {
      Py.DECREF(copy);
      return 0;
    }
    node = _odictnode.at(node).next;
  }
  return copy;
}

/**
 * @native collections.OrderedDict.__reversed__
 *
 * od.__reversed__(): from the last key on
 */
export function odict_reversed(o: usize, _u: usize): usize {
  return odictIterator(o, KEYS | REVERSED);
}

/**
 * @native collections.OrderedDict.move_to_end($self, /, key, last=True)
 *
 * Make an item the last one, or if last is false the first.
 *
 * KeyError if there is no such key in it.
 */
export function odict_move_to_end(o: usize, key: usize, last: bool): usize {
  const od = PyODictObject.at(o);
  const end = last ? od.od_last : od.od_first;
  if (end != 0 && keyOf(end) == key) return _Py_NoneStruct;
  const hash: i64 = end == 0 ? 0 : Dict.hash(key);
  const node = end == 0 || hash == -1 ? 0 : findNode(o, key, hash);
  if (node == 0) {
    if (!PyErr_Occurred()) _PyErr_SetKeyError(key);
    return 0;
  }
  if (node != (last ? od.od_last : od.od_first)) {
    unlink(o, node);
    if (last) linkLast(o, node);
    else linkFirst(o, node);
  }
  return _Py_NoneStruct;
}

function odict_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  const od = PyODictObject.at(o);
  Py.CLEAR(od.od_inst_dict_slot);
  if (od.od_weakreflist != 0) PyObject_ClearWeakRefs(o);
  freeNodes(detachNodes(o));
  dict_dealloc(o);
}

function odict_traverse(o: usize, visit: u32, arg: usize): i32 {
  const r = PyODictObject_traverse(o, visit, arg);
  if (r != 0) return r;
  for (let node = PyODictObject.at(o).od_first; node != 0; node = _odictnode.at(node).next) {
    const s = Visit.call(keyOf(node), visit, arg);
    if (s != 0) return s;
  }
  return call_indirect<i32>(PyTypeObject.at(PyDict_Type).tp_traverse, o, visit, arg);
}

function odict_tp_clear(o: usize): i32 {
  Py.CLEAR(PyODictObject.at(o).od_inst_dict_slot);
  clearItems(o);
  return 0;
}

function odict_repr(o: usize): usize {
  const name = _PyType_Name(Py.TYPE(o));
  if (PyDict_Size(o) == 0) return PyUnicode_FromFormat("%s()", name);
  const entered = Py_ReprEnter(o);
  if (entered != 0) return entered < 0 ? 0 : PyUnicode_FromLiteral("...");
  const plain = PyDict_Copy(o);
  const r = plain == 0 ? 0 : PyUnicode_FromFormat("%s(%R)", name, plain);
  Py.XDECREF(plain);
  Py_ReprLeave(o);
  return r;
}

/** Whether two have equal keys in the same order: 1, 0 or -1. */
function keysEqual(a: usize, b: usize): i32 {
  const stateA = PyODictObject.at(a).od_state;
  const stateB = PyODictObject.at(b).od_state;
  let x = PyODictObject.at(a).od_first;
  let y = PyODictObject.at(b).od_first;
  while (x != 0 && y != 0) {
    const keyX = Py.NewRef(keyOf(x));
    const keyY = Py.NewRef(keyOf(y));
    const r = PyObject_RichCompareBool(keyX, keyY, Py_EQ);
    Py.DECREF(keyX);
    Py.DECREF(keyY);
    if (r < 0) return -1;
    if (PyODictObject.at(a).od_state != stateA || PyODictObject.at(b).od_state != stateB) {
      return PyErr_Fail(PyExc_RuntimeError, MUTATED);
    }
    if (r == 0) return 0;
    x = _odictnode.at(x).next;
    y = _odictnode.at(y).next;
  }
  return i32(x == y);
}

function odict_richcompare(v: usize, w: usize, op: i32): usize {
  if (!OD.check(v) || !Dict.check(w) || (op != Py_EQ && op != Py_NE)) return _Py_NotImplementedStruct;
  const same = call_indirect<usize>(PyTypeObject.at(PyDict_Type).tp_richcompare, v, w, op);
  if (same == 0 || !OD.check(w) || same == (op == Py_EQ ? _Py_FalseStruct : _Py_TrueStruct)) return same;
  Py.DECREF(same);
  const equal = keysEqual(v, w);
  return equal < 0 ? 0 : PyBool_FromBool((equal != 0) == (op == Py_EQ));
}

function odict_iter(o: usize): usize {
  return odictIterator(o, KEYS);
}

function odict_init(o: usize, args: usize, kwargs: usize): i32 {
  const n = Py.SIZE(args);
  if (n > 1) {
    PyErr_Format(PyExc_TypeError, "expected at most 1 arguments, got %d", n);
    return -1;
  }
  return odict_update(o, args, kwargs) == 0 ? -1 : 0;
}

function odict_or(left: usize, right: usize): usize {
  const isLeft = OD.check(left);
  if (!Dict.check(isLeft ? right : left)) return _Py_NotImplementedStruct;
  const r = PyObject_CallOneArg(Py.TYPE(isLeft ? left : right), left);
  if (r == 0 || updateFrom(r, right)) return r;
  Py.DECREF(r);
  return 0;
}

function odict_inplace_or(o: usize, other: usize): usize {
  return updateFrom(o, other) ? Py.NewRef(o) : 0;
}

// Iterators.

const REVERSED: i32 = 1;
const KEYS: i32 = 2;
const VALUES: i32 = 4;

/** A new iterator of one of the kinds; null with MemoryError. */
function odictIterator(o: usize, kind: i32): usize {
  const result = kind & KEYS && kind & VALUES ? PyTuple_Pack2(_Py_NoneStruct, _Py_NoneStruct) : 0;
  if (result == 0 && PyErr_Occurred()) return 0;
  const it = _PyObject_GC_New(PyODictIter_Type);
  if (it == 0) {
    Py.XDECREF(result);
    return 0;
  }
  const x = odictiterobject.at(it);
  const od = PyODictObject.at(o);
  const node = kind & REVERSED ? od.od_last : od.od_first;
  x.kind = kind;
  x.di_odict = Py.NewRef(o);
  x.di_size = PyDict_Size(o);
  x.di_state = od.od_state;
  x.di_current = node == 0 ? 0 : Py.NewRef(keyOf(node));
  x.di_result = result;
  _PyObject_GC_TRACK(it);
  return it;
}

function odictiter_dealloc(it: usize): void {
  PyObject_GC_UnTrack(it);
  odictiterobject_clear(it);
  PyObject_GC_Del(it);
}

/** Ends the iteration: null. */
function end(x: odictiterobject): usize {
  Py.CLEAR(x.di_current_slot);
  Py.CLEAR(x.di_odict_slot);
  return 0;
}

/** The next key of the dict `o`, a new reference; null at the end or with an exception. */
function nextKey(x: odictiterobject, o: usize): usize {
  const key = Py.NewRef(x.di_current);
  const hash = Dict.hash(key);
  const node = hash == -1 ? 0 : findNode(o, key, hash);
  if (node == 0) {
    if (!PyErr_Occurred()) _PyErr_SetKeyError(key);
    Py.CLEAR(x.di_current_slot);
    Py.DECREF(key);
    return 0;
  }
  const next = x.kind & REVERSED ? _odictnode.at(node).prev : _odictnode.at(node).next;
  Py.SETREF(x.di_current_slot, next == 0 ? 0 : Py.NewRef(keyOf(next)));
  return key;
}

/** A key and its value, both stolen, in a tuple: the one of the last time where nobody has it. */
function pairOf(x: odictiterobject, key: usize, value: usize): usize {
  const kept = x.di_result;
  if (kept != 0 && Py.REFCNT(kept) == 1) {
    const oldKey = Tuple.get(kept, 0);
    const oldValue = Tuple.get(kept, 1);
    Py.INCREF(kept);
    Tuple.set(kept, 0, key);
    Tuple.set(kept, 1, value);
    if (!_PyObject_GC_IS_TRACKED(kept)) _PyObject_GC_TRACK(kept);
    Py.DECREF(oldKey);
    Py.DECREF(oldValue);
    return kept;
  }
  const r = PyTuple_Pack2(key, value);
  Py.DECREF(key);
  Py.DECREF(value);
  return r;
}

/** What follows in the dict `o`, which the caller holds. */
function nextOf(x: odictiterobject, o: usize): usize {
  const key = nextKey(x, o);
  if (key == 0 || (x.kind & VALUES) == 0) return key;
  const value = Py.XNewRef(PyDict_GetItemWithError(o, key));
  if (value == 0) {
    if (!PyErr_Occurred()) _PyErr_SetKeyError(key);
    Py.DECREF(key);
    return end(x);
  }
  if (x.kind & KEYS) return pairOf(x, key, value);
  Py.DECREF(key);
  return value;
}

function odictiter_next(it: usize): usize {
  const x = odictiterobject.at(it);
  const o = x.di_odict;
  if (o == 0) return 0;
  if (x.di_current == 0) return end(x);
  if (PyODictObject.at(o).od_state != x.di_state) {
    PyErr_SetString(PyExc_RuntimeError, MUTATED);
    Py.CLEAR(x.di_odict_slot);
    return 0;
  }
  if (x.di_size != PyDict_Size(o)) {
    x.di_size = -1;
    return PyErr_SetString(PyExc_RuntimeError, "OrderedDict changed size during iteration");
  }
  // Comparing keys may run this iterator once more, to its end.
  Py.INCREF(o);
  const r = nextOf(x, o);
  Py.DECREF(o);
  return r;
}

/**
 * @native odict_iterator.__reduce__
 *
 * What a copy of it is to be made from
 */
export function odictiter_reduce(it: usize, _u: usize): usize {
  const x = odictiterobject.at(it);
  let list: usize;
  if (x.di_odict == 0) list = PyList_New(0);
  else {
    // Another iterator at the same place gives what is left.
    const copy = odictIterator(x.di_odict, x.kind);
    if (copy == 0) return 0;
    const y = odictiterobject.at(copy);
    y.di_size = x.di_size;
    y.di_state = x.di_state;
    Py.SETREF(y.di_current_slot, Py.XNewRef(x.di_current));
    list = PySequence_List(copy);
    Py.DECREF(copy);
  }
  return reduceToList(list);
}

function odictkeys_iter(v: usize): usize {
  return odictIterator(PyDictViewObject.at(v).dv_dict, KEYS);
}

function odictvalues_iter(v: usize): usize {
  return odictIterator(PyDictViewObject.at(v).dv_dict, VALUES);
}

function odictitems_iter(v: usize): usize {
  return odictIterator(PyDictViewObject.at(v).dv_dict, KEYS | VALUES);
}

/**
 * @native odict_keys.__reversed__
 */
export function odictkeys_reversed(v: usize, _u: usize): usize {
  return odictIterator(PyDictViewObject.at(v).dv_dict, KEYS | REVERSED);
}

/**
 * @native odict_values.__reversed__
 */
export function odictvalues_reversed(v: usize, _u: usize): usize {
  return odictIterator(PyDictViewObject.at(v).dv_dict, VALUES | REVERSED);
}

/**
 * @native odict_items.__reversed__
 */
export function odictitems_reversed(v: usize, _u: usize): usize {
  return odictIterator(PyDictViewObject.at(v).dv_dict, KEYS | VALUES | REVERSED);
}

/**
 * @type odict_keys
 */

/**
 * @type odict_values
 */

/**
 * @type odict_items
 */

/**
 * @type odict_iterator
 */

/**
 * @type collections.OrderedDict
 *
 * A dict with an order that can be changed
 *
 * @getter collections.OrderedDict.__dict__ = attributes.PyObject_GenericGetDict
 *
 * @setter collections.OrderedDict.__dict__ = attributes.PyObject_GenericSetDict
 */

function initView(type: usize, base: usize, iter: u32): i32 {
  const t = PyTypeObject.at(type);
  t.tp_base = base;
  t.tp_iter = iter;
  return PyType_Ready(type);
}

/** Makes the types: 0, or -1 with an exception. */
export function initODictTypes(): i32 {
  const t = collectedType(
    PyODict_Type,
    SIZEOF_PyODictObject,
    odict_dealloc.index,
    odict_traverse.index,
    odict_tp_clear.index,
    Py_TPFLAGS_BASETYPE,
  );
  t.tp_base = PyDict_Type;
  t.tp_repr = odict_repr.index;
  t.tp_richcompare = odict_richcompare.index;
  t.tp_iter = odict_iter.index;
  t.tp_init = odict_init.index;
  t.tp_weaklistoffset = <isize>PyODictObject_od_weakreflist;
  t.tp_dictoffset = <isize>PyODictObject_od_inst_dict;
  PyMappingMethods.at(asMapping(PyODict_Type)).mp_ass_subscript = odict_ass_subscript.index;
  const n = PyNumberMethods.at(asNumber(PyODict_Type));
  n.nb_or = odict_or.index;
  n.nb_inplace_or = odict_inplace_or.index;
  const it = collectedType(
    PyODictIter_Type,
    SIZEOF_odictiterobject,
    odictiter_dealloc.index,
    odictiterobject_traverse.index,
    0,
    0,
  );
  it.tp_iter = PyObject_SelfIter.index;
  it.tp_iternext = odictiter_next.index;
  return PyType_Ready(PyODict_Type) == 0 &&
    PyType_Ready(PyODictIter_Type) == 0 &&
    initView(PyODictKeys_Type, PyDictKeys_Type, odictkeys_iter.index) == 0 &&
    initView(PyODictValues_Type, PyDictValues_Type, odictvalues_iter.index) == 0 &&
    initView(PyODictItems_Type, PyDictItems_Type, odictitems_iter.index) == 0
    ? 0
    : -1;
}
