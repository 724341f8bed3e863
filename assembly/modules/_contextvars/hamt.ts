// hamt, the immutable mapping that contexts keep their values in, and its iterators (the upper half of CPython 3.13's
// Python/hamt.c). Setting a key gives another mapping, which shares with the first all but the way to that key.
//
// A deliberate difference: the iterators are tracked by the collector.

import {
  PyHamtIterator,
  PyHamtIteratorState,
  PyHamtObject,
  PyHamtObject_h_weakreflist,
  PyMappingMethods,
  PySequenceMethods,
  PyTypeObject,
  SIZEOF_PyHamtIterator,
  SIZEOF_PyHamtIteratorState,
  SIZEOF_PyHamtNode_Array,
  SIZEOF_PyHamtNode_Bitmap,
  SIZEOF_PyHamtObject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  _PyHamt_ArrayNode_Type,
  _PyHamt_BitmapNode_Type,
  _PyHamt_CollisionNode_Type,
  _PyHamt_Type,
  _PyHamtItems_Type,
  _PyHamtKeys_Type,
  _PyHamtValues_Type,
  hamt_bitmap_node_empty,
  hamt_empty,
  PyExc_KeyError,
} from "../../generated/statics";
import { PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { ArgParser } from "../../objects/define/args";
import { asMapping, asSequence } from "../../objects/define/tables";
import { PyErr_SetObject } from "../../objects/errors/raise";
import {
  PyHamtIterator_clear,
  PyHamtIterator_traverse,
  PyHamtObject_clear,
  PyHamtObject_traverse,
} from "../../objects/generated/references";
import { boolObject } from "../../objects/numbers/bool";
import { _PyObject_GC_New, PyObject_GC_Del } from "../../objects/object/alloc";
import { Py_EQ, Py_NE } from "../../objects/object/flags";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { initImmortal, Py } from "../../objects/object/head";
import { PyObject_SelfIter } from "../../objects/protocol/access";
import { PyObject_HashNotImplemented, PyObject_RichCompareBool } from "../../objects/protocol/compare";
import { PyType_Ready } from "../../objects/types/ready";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";
import {
  array_dealloc,
  array_traverse,
  FIND_ERROR,
  FOUND,
  hamtHash,
  NOT_FOUND,
  Node,
  nodeAssoc,
  nodeFind,
  nodeWithout,
  pairs_dealloc,
  pairs_traverse,
  WITHOUT_EMPTY,
  WITHOUT_ERROR,
  WITHOUT_NOT_FOUND,
} from "./nodes";

/** A new mapping with this root, which is stolen, also on failure. */
function newHamt(root: usize, count: isize): usize {
  const o = _PyObject_GC_New(_PyHamt_Type);
  if (o == 0) {
    Py.DECREF(root);
    return 0;
  }
  const x = PyHamtObject.at(o);
  x.h_root = root;
  x.h_weakreflist = 0;
  x.h_count = count;
  _PyObject_GC_TRACK(o);
  return o;
}

/** The mapping with the key set: a new reference, to the same one where nothing has changed; null with an exception. */
export function _PyHamt_Assoc(o: usize, key: usize, val: usize): usize {
  const hash = hamtHash(key);
  if (hash == -1) return 0;
  const added = Scratch.take(1);
  store<u32>(added, 0);
  const root = nodeAssoc(PyHamtObject.at(o).h_root, 0, hash, key, val, added);
  const isNew = load<u32>(added);
  Scratch.give(added);
  if (root == 0) return 0;
  if (root != PyHamtObject.at(o).h_root) return newHamt(root, PyHamtObject.at(o).h_count + isNew);
  Py.DECREF(root);
  return Py.NewRef(o);
}

/** The mapping without the key: a new reference, to the same one where it has no such key; null with an exception. */
export function _PyHamt_Without(o: usize, key: usize): usize {
  const hash = hamtHash(key);
  if (hash == -1) return 0;
  const root = nodeWithout(PyHamtObject.at(o).h_root, 0, hash, key);
  if (root == WITHOUT_ERROR) return 0;
  if (root == WITHOUT_EMPTY) return hamt_empty;
  if (root == WITHOUT_NOT_FOUND) return Py.NewRef(o);
  return newHamt(root, PyHamtObject.at(o).h_count - 1);
}

/** Writes the value of the key, borrowed, to the slot: FOUND, NOT_FOUND, or FIND_ERROR with an exception. */
export function _PyHamt_Find(o: usize, key: usize, slot: usize): i32 {
  if (PyHamtObject.at(o).h_count == 0) return NOT_FOUND;
  const hash = hamtHash(key);
  return hash == -1 ? FIND_ERROR : nodeFind(PyHamtObject.at(o).h_root, hash, key, slot);
}

/** Whether both have equal values for the same keys: 1, 0, or -1 with an exception. The caller holds both. */
export function _PyHamt_Eq(v: usize, w: usize): i32 {
  if (v == w) return 1;
  if (PyHamtObject.at(v).h_count != PyHamtObject.at(w).h_count) return 0;
  // A way through the first, and the value in the second.
  const slots: isize = SIZEOF_PyHamtIteratorState >> 3;
  const way = Scratch.take(slots + 3);
  const found = Py.slot(way, slots);
  const pair = Py.slot(way, slots + 1);
  begin(way, PyHamtObject.at(v).h_root);
  let r = 1;
  while (r == 1 && next(way, pair)) {
    r = _PyHamt_Find(w, Py.item(pair, 0), found);
    if (r == FOUND) r = PyObject_RichCompareBool(Py.item(pair, 1), Py.item(found, 0), Py_EQ);
  }
  Scratch.give(way);
  return r;
}

// The way through a tree

function begin(way: usize, root: usize): void {
  memory.fill(way, 0, SIZEOF_PyHamtIteratorState);
  Py.setItem(PyHamtIteratorState.at(way).i_nodes, 0, root);
}

/** Writes the next key and value, borrowed, to the two slots at `pair`: whether there was one. */
function next(way: usize, pair: usize): bool {
  const s = PyHamtIteratorState.at(way);
  while (s.i_level >= 0) {
    const level = s.i_level;
    const node = Py.item(s.i_nodes, level);
    let at = <isize>Py.item(s.i_pos, level);
    let child: usize = 0;
    if (Node.isArray(node)) {
      while (at < 32 && child == 0) child = Py.item(Node.children(node), at++);
    } else if (at < Py.SIZE(node)) {
      const key = Py.item(Node.pairs(node), at);
      child = Py.item(Node.pairs(node), at + 1);
      at += 2;
      if (key != 0) {
        Py.setItem(s.i_pos, level, at);
        Py.setItem(pair, 0, key);
        Py.setItem(pair, 1, child);
        return true;
      }
    }
    Py.setItem(s.i_pos, level, at);
    if (child == 0) s.i_level = level - 1;
    else {
      Py.setItem(s.i_nodes, level + 1, child);
      Py.setItem(s.i_pos, level + 1, 0);
      s.i_level = level + 1;
    }
  }
  return false;
}

/** A new iterator of the type over the mapping; null with MemoryError. */
export function hamtIterator(type: usize, o: usize): usize {
  const it = _PyObject_GC_New(type);
  if (it == 0) return 0;
  const x = PyHamtIterator.at(it);
  x.hi_obj = Py.NewRef(o);
  begin(x.hi_iter, PyHamtObject.at(o).h_root);
  if (type == _PyHamtKeys_Type) x.hi_yield = yieldKey.index;
  else x.hi_yield = type == _PyHamtValues_Type ? yieldValue.index : PyTuple_Pack2.index;
  _PyObject_GC_TRACK(it);
  return it;
}

function yieldKey(key: usize, _value: usize): usize {
  return Py.NewRef(key);
}

function yieldValue(_key: usize, value: usize): usize {
  return Py.NewRef(value);
}

function hamtiter_next(it: usize): usize {
  const pair = Scratch.take(2);
  const more = next(PyHamtIterator.at(it).hi_iter, pair);
  const key = Py.item(pair, 0);
  const value = Py.item(pair, 1);
  Scratch.give(pair);
  return more ? call_indirect<usize>(<u32>PyHamtIterator.at(it).hi_yield, key, value) : 0;
}

function hamtiter_length(it: usize): isize {
  return PyHamtObject.at(PyHamtIterator.at(it).hi_obj).h_count;
}

function hamtiter_dealloc(it: usize): void {
  PyObject_GC_UnTrack(it);
  PyHamtIterator_clear(it);
  PyObject_GC_Del(it);
}

// The type

function hamt_new(_type: usize, _args: usize, _kwds: usize): usize {
  return hamt_empty;
}

function hamt_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  if (PyHamtObject.at(o).h_weakreflist != 0) PyObject_ClearWeakRefs(o);
  PyHamtObject_clear(o);
  PyObject_GC_Del(o);
}

function hamt_richcompare(v: usize, w: usize, op: i32): usize {
  if (!Py.IS_TYPE(v, _PyHamt_Type) || !Py.IS_TYPE(w, _PyHamt_Type) || (op != Py_EQ && op != Py_NE)) {
    return _Py_NotImplementedStruct;
  }
  const r = _PyHamt_Eq(v, w);
  return r < 0 ? 0 : boolObject((r == 1) == (op == Py_EQ));
}

export function hamt_length(o: usize): isize {
  return PyHamtObject.at(o).h_count;
}

export function hamt_contains(o: usize, key: usize): i32 {
  const slot = Scratch.take(1);
  const r = _PyHamt_Find(o, key, slot);
  Scratch.give(slot);
  return r;
}

/** The value of the key, or the default, if that is not null: a new reference. Null with KeyError or another exception. */
export function hamtGet(o: usize, key: usize, otherwise: usize): usize {
  const slot = Scratch.take(1);
  const r = _PyHamt_Find(o, key, slot);
  const value = Py.item(slot, 0);
  Scratch.give(slot);
  if (r == FOUND) return Py.NewRef(value);
  if (r == NOT_FOUND && otherwise == 0) PyErr_SetObject(PyExc_KeyError, key);
  return r == NOT_FOUND ? Py.XNewRef(otherwise) : 0;
}

function hamt_subscript(o: usize, key: usize): usize {
  return hamtGet(o, key, 0);
}

function hamt_iter(o: usize): usize {
  return hamtIterator(_PyHamtKeys_Type, o);
}

/**
 * @native hamt.set
 */
export function hamt_set(o: usize, args: usize): usize {
  if (!ArgParser.count("set", Py.SIZE(args), 2, 2)) return 0;
  return _PyHamt_Assoc(o, Tuple.get(args, 0), Tuple.get(args, 1));
}

/**
 * @native hamt.get
 */
export function hamt_get(o: usize, args: usize): usize {
  const n = Py.SIZE(args);
  if (!ArgParser.count("get", n, 1, 2)) return 0;
  return hamtGet(o, Tuple.get(args, 0), n > 1 ? Tuple.get(args, 1) : _Py_NoneStruct);
}

/**
 * @native hamt.delete = _PyHamt_Without
 *
 * @native hamt.items
 */
export function hamt_items(o: usize, _: usize): usize {
  return hamtIterator(_PyHamtItems_Type, o);
}

/**
 * @native hamt.keys
 */
export function hamt_keys(o: usize, _: usize): usize {
  return hamtIterator(_PyHamtKeys_Type, o);
}

/**
 * @native hamt.values
 */
export function hamt_values(o: usize, _: usize): usize {
  return hamtIterator(_PyHamtValues_Type, o);
}

function hamtType(type: usize, size: usize, dealloc: u32, traverse: u32, clear: u32): PyTypeObject {
  const t = collectedType(type, size, dealloc, traverse, clear, 0);
  // They are made by their own functions, not through the type.
  t.tp_alloc = 0;
  return t;
}

function nodeType(type: usize, size: usize, dealloc: u32, traverse: u32): PyTypeObject {
  const t = hamtType(type, size, dealloc, traverse, 0);
  t.tp_hash = PyObject_HashNotImplemented.index;
  return t;
}

function iteratorType(type: usize): i32 {
  const t = hamtType(
    type,
    SIZEOF_PyHamtIterator,
    hamtiter_dealloc.index,
    PyHamtIterator_traverse.index,
    PyHamtIterator_clear.index,
  );
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = hamtiter_next.index;
  PyMappingMethods.at(asMapping(type)).mp_length = hamtiter_length.index;
  return PyType_Ready(type);
}

/**
 * @type hamt
 * @order set get delete items keys values
 */

/**
 * @type hamt_array_node
 */

/**
 * @type hamt_bitmap_node
 */

/**
 * @type hamt_collision_node
 */

/**
 * @type keys
 */

/**
 * @type values
 */

/**
 * @type items
 */

/** Makes the types, and the empty mapping: 0, or -1 with an exception. */
export function initHamtTypes(): i32 {
  initImmortal(hamt_bitmap_node_empty, _PyHamt_BitmapNode_Type);
  initImmortal(hamt_empty, _PyHamt_Type);
  PyHamtObject.at(hamt_empty).h_root = hamt_bitmap_node_empty;
  const array = nodeType(_PyHamt_ArrayNode_Type, SIZEOF_PyHamtNode_Array, array_dealloc.index, array_traverse.index);
  const size = SIZEOF_PyHamtNode_Bitmap;
  const bitmap = nodeType(_PyHamt_BitmapNode_Type, size, pairs_dealloc.index, pairs_traverse.index);
  bitmap.tp_itemsize = 8;
  const collision = nodeType(_PyHamt_CollisionNode_Type, size, pairs_dealloc.index, pairs_traverse.index);
  collision.tp_itemsize = 8;
  const t = hamtType(
    _PyHamt_Type,
    SIZEOF_PyHamtObject,
    hamt_dealloc.index,
    PyHamtObject_traverse.index,
    PyHamtObject_clear.index,
  );
  t.tp_new = hamt_new.index;
  t.tp_hash = PyObject_HashNotImplemented.index;
  t.tp_richcompare = hamt_richcompare.index;
  t.tp_iter = hamt_iter.index;
  t.tp_weaklistoffset = <isize>PyHamtObject_h_weakreflist;
  PySequenceMethods.at(asSequence(_PyHamt_Type)).sq_contains = hamt_contains.index;
  PyMappingMethods.at(asMapping(_PyHamt_Type)).mp_length = hamt_length.index;
  PyMappingMethods.at(asMapping(_PyHamt_Type)).mp_subscript = hamt_subscript.index;
  const ready =
    PyType_Ready(_PyHamt_Type) == 0 &&
    PyType_Ready(changetype<usize>(array)) == 0 &&
    PyType_Ready(changetype<usize>(bitmap)) == 0 &&
    PyType_Ready(changetype<usize>(collision)) == 0 &&
    iteratorType(_PyHamtKeys_Type) == 0 &&
    iteratorType(_PyHamtValues_Type) == 0 &&
    iteratorType(_PyHamtItems_Type) == 0;
  return ready ? 0 : -1;
}
