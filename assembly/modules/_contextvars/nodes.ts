// The nodes of an immutable mapping, a hash array mapped trie (the lower half of CPython 3.13's Python/hamt.c).
//
// The hash of a key, 32 bits, is its way through the tree: five bits of it choose one of 32 places at each level. A bitmap
// node has pairs for the places that are in use, up to 16; an array node has all 32 places, and no keys itself; a
// collision node has the keys whose hashes are equal.
//
//   hash   .. 00101 01011 10000      bitmap node at level 0   bits 0000 0000 0000 0001 0000 ... 0100
//                          └ place at level 0                 | key | value | null | node one level down |
//
// Invariant: nodes are never changed once they are in a tree, so trees share them. A node below the root has at least two
// keys below it, but for the bitmap nodes of one pair below array nodes.
//
// A deliberate difference: an array node whose child stays the same stays itself, where CPython copies it.

import {
  PyHamtNode_Array,
  PyHamtNode_Array_a_array,
  PyHamtNode_Bitmap,
  PyHamtNode_Bitmap_b_array,
  PyHamtNode_Collision,
} from "../../generated/layouts";
import {
  _PyHamt_ArrayNode_Type,
  _PyHamt_BitmapNode_Type,
  _PyHamt_CollisionNode_Type,
  hamt_bitmap_node_empty,
} from "../../generated/statics";
import { _PyObject_GC_New, _PyObject_GC_NewVar, PyObject_GC_Del } from "../../objects/object/alloc";
import { Py_EQ } from "../../objects/object/flags";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py, Visit } from "../../objects/object/head";
import { PyObject_Hash, PyObject_RichCompareBool } from "../../objects/protocol/compare";

const PLACES: isize = 32;
/** Places in use from which a node has all of them. */
const BITMAP_MAX: isize = 16;

/** What a search ends with, besides an address. */
export const FIND_ERROR: i32 = -1;
export const NOT_FOUND: i32 = 0;
export const FOUND: i32 = 1;

/** What taking a key out ends with, besides the address of the new node. */
export const WITHOUT_ERROR: usize = 0;
export const WITHOUT_NOT_FOUND: usize = 1;
export const WITHOUT_EMPTY: usize = 2;

/** The items of the three kinds of node. */
export class Node {
  @inline static isBitmap(node: usize): bool {
    return Py.IS_TYPE(node, _PyHamt_BitmapNode_Type);
  }

  @inline static isArray(node: usize): bool {
    return Py.IS_TYPE(node, _PyHamt_ArrayNode_Type);
  }

  /** The items of a bitmap or collision node. */
  @inline static pairs(node: usize): usize {
    return node + PyHamtNode_Bitmap_b_array;
  }

  /** The children of an array node. */
  @inline static children(node: usize): usize {
    return node + PyHamtNode_Array_a_array;
  }
}

/** The 32 bits of a key's hash that say its way; -1 with an exception. */
export function hamtHash(key: usize): i32 {
  const hash = PyObject_Hash(key);
  if (hash == -1) return -1;
  const folded = <i32>hash ^ <i32>(hash >> 32);
  return folded == -1 ? -2 : folded;
}

function placeOf(hash: i32, shift: u32): isize {
  return <isize>((<u32>hash >> shift) & 31);
}

/** Where in a node with these places the pair of the place is, or would be. */
function itemOf(bitmap: u32, place: isize): isize {
  return <isize>popcnt<u32>(bitmap & ((1 << (<u32>place)) - 1)) * 2;
}

/** A new node with n items, all null, not tracked; null with MemoryError. */
function newPairs(type: usize, n: isize): usize {
  const node = _PyObject_GC_NewVar(type, n);
  if (node != 0) memory.fill(Node.pairs(node), 0, (<usize>n) << 3);
  return node;
}

function newBitmap(bitmap: u32, n: isize): usize {
  if (n == 0) return hamt_bitmap_node_empty;
  const node = newPairs(_PyHamt_BitmapNode_Type, n);
  if (node != 0) {
    PyHamtNode_Bitmap.at(node).b_bitmap = bitmap;
    _PyObject_GC_TRACK(node);
  }
  return node;
}

function newCollision(hash: i32, n: isize): usize {
  const node = newPairs(_PyHamt_CollisionNode_Type, n);
  if (node != 0) {
    PyHamtNode_Collision.at(node).c_hash = hash;
    _PyObject_GC_TRACK(node);
  }
  return node;
}

function newArray(count: isize): usize {
  const node = _PyObject_GC_New(_PyHamt_ArrayNode_Type);
  if (node == 0) return 0;
  memory.fill(Node.children(node), 0, (<usize>PLACES) << 3);
  PyHamtNode_Array.at(node).a_count = count;
  _PyObject_GC_TRACK(node);
  return node;
}

/** Copies n references, some of which may be null. */
function copyItems(to: usize, from: usize, n: isize): void {
  for (let i: isize = 0; i < n; i++) Py.setItem(to, i, Py.XNewRef(Py.item(from, i)));
}

/** A copy of the bitmap node in which item i is `item`, which is stolen, also on failure. */
function bitmapWith(node: usize, i: isize, item: usize): usize {
  const n = Py.SIZE(node);
  const copy = newBitmap(PyHamtNode_Bitmap.at(node).b_bitmap, n);
  if (copy == 0) {
    Py.DECREF(item);
    return 0;
  }
  copyItems(Node.pairs(copy), Node.pairs(node), n);
  Py.SETREF(Py.slot(Node.pairs(copy), i), item);
  return copy;
}

/** A copy of the array node, of another count, in which the child at the place is `child`: stolen, may be null. */
function arrayWith(node: usize, count: isize, place: isize, child: usize): usize {
  const copy = newArray(count);
  if (copy == 0) {
    Py.XDECREF(child);
    return 0;
  }
  copyItems(Node.children(copy), Node.children(node), PLACES);
  Py.SETREF(Py.slot(Node.children(copy), place), child);
  return copy;
}

/** A copy of the node's items, without the pair at item i, in the new node; null is handed on. */
function copyWithout(copy: usize, node: usize, i: isize): usize {
  if (copy == 0) return 0;
  copyItems(Node.pairs(copy), Node.pairs(node), i);
  copyItems(Py.slot(Node.pairs(copy), i), Py.slot(Node.pairs(node), i + 2), Py.SIZE(node) - i - 2);
  return copy;
}

/** The node of both keys, which have the same way up to this level; null with an exception. */
function nodeOfTwo(shift: u32, key1: usize, val1: usize, hash2: i32, key2: usize, val2: usize, added: usize): usize {
  const hash1 = hamtHash(key1);
  if (hash1 == -1) return 0;
  if (hash1 == hash2) {
    const node = newCollision(hash1, 4);
    if (node == 0) return 0;
    const items = Node.pairs(node);
    Py.setItem(items, 0, Py.NewRef(key1));
    Py.setItem(items, 1, Py.NewRef(val1));
    Py.setItem(items, 2, Py.NewRef(key2));
    Py.setItem(items, 3, Py.NewRef(val2));
    return node;
  }
  const first = bitmapAssoc(hamt_bitmap_node_empty, shift, hash1, key1, val1, added);
  if (first == 0) return 0;
  const both = bitmapAssoc(first, shift, hash2, key2, val2, added);
  Py.DECREF(first);
  return both;
}

/** An array node with what a full bitmap node has, and one more. */
function arrayOfBitmap(node: usize, shift: u32, hash: i32, key: usize, val: usize, added: usize): usize {
  const result = newArray(BITMAP_MAX + 1);
  if (result == 0) return 0;
  const children = Node.children(result);
  const own = bitmapAssoc(hamt_bitmap_node_empty, shift + 5, hash, key, val, added);
  Py.setItem(children, placeOf(hash, shift), own);
  let complete: bool = own != 0;
  const bitmap = PyHamtNode_Bitmap.at(node).b_bitmap;
  const items = Node.pairs(node);
  let i: isize = 0;
  for (let place: isize = 0; place < PLACES && complete; place++) {
    if (((bitmap >> <u32>place) & 1) == 0) continue;
    const k = Py.item(items, i);
    const v = Py.item(items, i + 1);
    i += 2;
    let child: usize = 0;
    if (k == 0) child = Py.NewRef(v);
    else {
      const h = hamtHash(k);
      if (h != -1) child = bitmapAssoc(hamt_bitmap_node_empty, shift + 5, h, k, v, added);
    }
    Py.setItem(children, place, child);
    complete = child != 0;
  }
  if (complete) return result;
  Py.DECREF(result);
  return 0;
}

function bitmapAssoc(node: usize, shift: u32, hash: i32, key: usize, val: usize, added: usize): usize {
  const bitmap = PyHamtNode_Bitmap.at(node).b_bitmap;
  const place = placeOf(hash, shift);
  const i = itemOf(bitmap, place);
  const items = Node.pairs(node);
  if (((bitmap >> <u32>place) & 1) == 0) {
    const n = Py.SIZE(node);
    if (n >= BITMAP_MAX * 2) return arrayOfBitmap(node, shift, hash, key, val, added);
    const result = newBitmap(bitmap | (1 << (<u32>place)), n + 2);
    if (result == 0) return 0;
    const to = Node.pairs(result);
    copyItems(to, items, i);
    Py.setItem(to, i, Py.NewRef(key));
    Py.setItem(to, i + 1, Py.NewRef(val));
    copyItems(Py.slot(to, i + 2), Py.slot(items, i), n - i);
    store<u32>(added, 1);
    return result;
  }
  const k = Py.item(items, i);
  const v = Py.item(items, i + 1);
  if (k == 0) {
    const child = nodeAssoc(v, shift + 5, hash, key, val, added);
    if (child == 0) return 0;
    if (child != v) return bitmapWith(node, i + 1, child);
    Py.DECREF(child);
    return Py.NewRef(node);
  }
  const same = PyObject_RichCompareBool(key, k, Py_EQ);
  if (same < 0) return 0;
  if (same) return val == v ? Py.NewRef(node) : bitmapWith(node, i + 1, Py.NewRef(val));
  const child = nodeOfTwo(shift + 5, k, v, hash, key, val, added);
  if (child == 0) return 0;
  const result = bitmapWith(node, i + 1, child);
  if (result == 0) return 0;
  Py.CLEAR(Py.slot(Node.pairs(result), i));
  store<u32>(added, 1);
  return result;
}

function bitmapWithout(node: usize, shift: u32, hash: i32, key: usize): usize {
  const bitmap = PyHamtNode_Bitmap.at(node).b_bitmap;
  const place = placeOf(hash, shift);
  if (((bitmap >> <u32>place) & 1) == 0) return WITHOUT_NOT_FOUND;
  const i = itemOf(bitmap, place);
  const items = Node.pairs(node);
  const k = Py.item(items, i);
  if (k != 0) {
    const same = PyObject_RichCompareBool(k, key, Py_EQ);
    if (same < 0) return WITHOUT_ERROR;
    if (same == 0) return WITHOUT_NOT_FOUND;
    const n = Py.SIZE(node);
    if (n == 2) return WITHOUT_EMPTY;
    return copyWithout(newBitmap(bitmap & ~(1 << (<u32>place)), n - 2), node, i);
  }
  const child = nodeWithout(Py.item(items, i + 1), shift + 5, hash, key);
  // Never WITHOUT_EMPTY: what is below has at least two keys.
  assert(child != WITHOUT_EMPTY);
  if (child == WITHOUT_ERROR || child == WITHOUT_NOT_FOUND) return child;
  if (!isPair(child)) return bitmapWith(node, i + 1, child);
  // The only key that is left comes up to this level.
  const result = bitmapWith(node, i + 1, Py.NewRef(Py.item(Node.pairs(child), 1)));
  if (result != 0) Py.setItem(Node.pairs(result), i, Py.NewRef(Py.item(Node.pairs(child), 0)));
  Py.DECREF(child);
  return result;
}

/** Whether the node is one key and its value. */
function isPair(node: usize): bool {
  return Node.isBitmap(node) && Py.SIZE(node) == 2 && Py.item(Node.pairs(node), 0) != 0;
}

/** The item of the key in a collision node; -1 where it is not there, -2 with an exception. */
function collisionItem(node: usize, key: usize): isize {
  for (let i: isize = 0; i < Py.SIZE(node); i += 2) {
    const same = PyObject_RichCompareBool(key, Py.item(Node.pairs(node), i), Py_EQ);
    if (same != 0) return same < 0 ? -2 : i;
  }
  return -1;
}

function collisionAssoc(node: usize, shift: u32, hash: i32, key: usize, val: usize, added: usize): usize {
  const own = PyHamtNode_Collision.at(node).c_hash;
  if (hash != own) {
    // Both go into a node for this level: this one as it is, and the new key, which may go further down with it.
    const place = newBitmap(1 << (<u32>placeOf(own, shift)), 2);
    if (place == 0) return 0;
    Py.setItem(Node.pairs(place), 1, Py.NewRef(node));
    const result = bitmapAssoc(place, shift, hash, key, val, added);
    Py.DECREF(place);
    return result;
  }
  const i = collisionItem(node, key);
  if (i == -2) return 0;
  const n = Py.SIZE(node);
  const items = Node.pairs(node);
  if (i >= 0 && Py.item(items, i + 1) == val) return Py.NewRef(node);
  const result = newCollision(hash, i < 0 ? n + 2 : n);
  if (result == 0) return 0;
  const to = Node.pairs(result);
  copyItems(to, items, n);
  if (i >= 0) Py.SETREF(Py.slot(to, i + 1), Py.NewRef(val));
  else {
    Py.setItem(to, n, Py.NewRef(key));
    Py.setItem(to, n + 1, Py.NewRef(val));
    store<u32>(added, 1);
  }
  return result;
}

function collisionWithout(node: usize, shift: u32, hash: i32, key: usize): usize {
  if (hash != PyHamtNode_Collision.at(node).c_hash) return WITHOUT_NOT_FOUND;
  const i = collisionItem(node, key);
  if (i < 0) return i == -1 ? WITHOUT_NOT_FOUND : WITHOUT_ERROR;
  const n = Py.SIZE(node) - 2;
  return copyWithout(n == 2 ? newBitmap(1 << (<u32>placeOf(hash, shift)), 2) : newCollision(hash, n), node, i);
}

function arrayAssoc(node: usize, shift: u32, hash: i32, key: usize, val: usize, added: usize): usize {
  const place = placeOf(hash, shift);
  const old = Py.item(Node.children(node), place);
  const count = PyHamtNode_Array.at(node).a_count;
  if (old == 0) {
    const child = bitmapAssoc(hamt_bitmap_node_empty, shift + 5, hash, key, val, added);
    return child == 0 ? 0 : arrayWith(node, count + 1, place, child);
  }
  const child = nodeAssoc(old, shift + 5, hash, key, val, added);
  if (child == 0) return 0;
  if (child != old) return arrayWith(node, count, place, child);
  Py.DECREF(child);
  return Py.NewRef(node);
}

/** A bitmap node of the children of an array node, but for the one at the place. */
function bitmapOfArray(node: usize, without: isize): usize {
  const result = newBitmap(0, (PyHamtNode_Array.at(node).a_count - 1) * 2);
  if (result == 0) return WITHOUT_ERROR;
  const items = Node.pairs(result);
  let bitmap: u32 = 0;
  let i: isize = 0;
  for (let place: isize = 0; place < PLACES; place++) {
    const child = Py.item(Node.children(node), place);
    if (place == without || child == 0) continue;
    bitmap |= 1 << (<u32>place);
    if (isPair(child)) copyItems(Py.slot(items, i), Node.pairs(child), 2);
    else Py.setItem(items, i + 1, Py.NewRef(child));
    i += 2;
  }
  PyHamtNode_Bitmap.at(result).b_bitmap = bitmap;
  return result;
}

function arrayWithout(node: usize, shift: u32, hash: i32, key: usize): usize {
  const place = placeOf(hash, shift);
  const old = Py.item(Node.children(node), place);
  if (old == 0) return WITHOUT_NOT_FOUND;
  const count = PyHamtNode_Array.at(node).a_count;
  const child = nodeWithout(old, shift + 5, hash, key);
  if (child == WITHOUT_ERROR || child == WITHOUT_NOT_FOUND) return child;
  if (child != WITHOUT_EMPTY) return arrayWith(node, count, place, child);
  return count - 1 >= BITMAP_MAX ? arrayWith(node, count - 1, place, 0) : bitmapOfArray(node, place);
}

/**
 * The node with the key set: a new reference, to the same node where nothing has changed; null with an exception. Writes
 * 1 to the u32 at `added` where the key is new. `shift` is five times the level.
 */
export function nodeAssoc(node: usize, shift: u32, hash: i32, key: usize, val: usize, added: usize): usize {
  if (Node.isBitmap(node)) return bitmapAssoc(node, shift, hash, key, val, added);
  if (Node.isArray(node)) return arrayAssoc(node, shift, hash, key, val, added);
  return collisionAssoc(node, shift, hash, key, val, added);
}

/** The node without the key: a new reference, or one of WITHOUT_*. */
export function nodeWithout(node: usize, shift: u32, hash: i32, key: usize): usize {
  if (Node.isBitmap(node)) return bitmapWithout(node, shift, hash, key);
  if (Node.isArray(node)) return arrayWithout(node, shift, hash, key);
  return collisionWithout(node, shift, hash, key);
}

/** Writes the value of the key, borrowed, to the slot: FOUND, NOT_FOUND or FIND_ERROR with an exception. */
export function nodeFind(root: usize, hash: i32, key: usize, slot: usize): i32 {
  let node = root;
  let shift: u32 = 0;
  while (true) {
    let i: isize = 0;
    if (Node.isBitmap(node)) {
      const bitmap = PyHamtNode_Bitmap.at(node).b_bitmap;
      const place = placeOf(hash, shift);
      if (((bitmap >> <u32>place) & 1) == 0) return NOT_FOUND;
      i = itemOf(bitmap, place);
      const k = Py.item(Node.pairs(node), i);
      if (k != 0) {
        const same = PyObject_RichCompareBool(key, k, Py_EQ);
        if (same <= 0) return same < 0 ? FIND_ERROR : NOT_FOUND;
        Py.setItem(slot, 0, Py.item(Node.pairs(node), i + 1));
        return FOUND;
      }
      node = Py.item(Node.pairs(node), i + 1);
    } else if (Node.isArray(node)) {
      node = Py.item(Node.children(node), placeOf(hash, shift));
      if (node == 0) return NOT_FOUND;
    } else {
      i = collisionItem(node, key);
      if (i < 0) return i == -1 ? NOT_FOUND : FIND_ERROR;
      Py.setItem(slot, 0, Py.item(Node.pairs(node), i + 1));
      return FOUND;
    }
    shift += 5;
  }
}

/** Visits n items. */
function visitItems(items: usize, n: isize, visit: u32, arg: usize): i32 {
  for (let i: isize = n - 1; i >= 0; i--) {
    const r = Visit.call(Py.item(items, i), visit, arg);
    if (r != 0) return r;
  }
  return 0;
}

export function pairs_traverse(node: usize, visit: u32, arg: usize): i32 {
  return visitItems(Node.pairs(node), Py.SIZE(node), visit, arg);
}

export function array_traverse(node: usize, visit: u32, arg: usize): i32 {
  return visitItems(Node.children(node), PLACES, visit, arg);
}

export function pairs_dealloc(node: usize): void {
  PyObject_GC_UnTrack(node);
  for (let i = Py.SIZE(node) - 1; i >= 0; i--) Py.XDECREF(Py.item(Node.pairs(node), i));
  PyObject_GC_Del(node);
}

export function array_dealloc(node: usize): void {
  PyObject_GC_UnTrack(node);
  for (let i: isize = 0; i < PLACES; i++) Py.XDECREF(Py.item(Node.children(node), i));
  PyObject_GC_Del(node);
}
