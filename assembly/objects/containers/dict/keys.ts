// The table under a dict: which key is in which place (CPython 3.13's Objects/dictobject.c, PyDictKeysObject).
//
//   +0   dk_refcnt            8 bytes   dicts and instances that share it
//   +8   dk_log2_size         1 byte    slots of the hash table, as a power of two
//   +9   dk_log2_index_bytes  1 byte    its bytes, as a power of two
//   +10  dk_kind              1 byte    general, unicode, split
//   +12  dk_version           4 bytes   0: none given
//   +16  dk_usable            8 bytes   entries that may still be added
//   +24  dk_nentries          8 bytes   entries used, deleted ones included
//   +32  dk_indices           1, 2 or 4 bytes each: an entry's index, -1 empty, -2 deleted
//   then the entries in order of insertion:
//        general   hash 8 | key 8 | value 8
//        unicode   key 8 | value 8          every key is exactly a str, which knows its hash
//        split     as unicode; the values are elsewhere, one array for each owner
//
// Invariant: at most two thirds of the slots are used, so every probe sequence meets an empty one.

import { PyDictKeysObject } from "../../../generated/layouts";
import { freelistsRoots, objectsRoots } from "../../../generated/runtime";
import { empty_keys, PyUnicode_Type } from "../../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../../memory/pymem";
import { PyErr_NoMemory } from "../../errors/raise";
import { Py_EQ } from "../../object/flags";
import { IMMORTAL_REFCNT, Py } from "../../object/head";
import { PyObject_Hash, PyObject_RichCompareBool } from "../../protocol/compare";
import { _PyUnicode_Equal, unicode_hash } from "../../text/compare";

export const DICT_KEYS_GENERAL: u32 = 0;
export const DICT_KEYS_UNICODE: u32 = 1;
export const DICT_KEYS_SPLIT: u32 = 2;

export const DKIX_EMPTY: isize = -1;
export const DKIX_DUMMY: isize = -2;
export const DKIX_ERROR: isize = -3;
/** The table changed while keys were compared: look again. */
const DKIX_KEY_CHANGED: isize = -4;

export const PyDict_LOG_MINSIZE: i32 = 3;
export const SHARED_KEYS_MAX_SIZE: isize = 30;
const SHARED_KEYS_LOG2_SIZE: i32 = 6;
const KEYS_KEPT_MAX: i32 = 80;

export class DK {
  @inline static kind(k: usize): u32 {
    return load<u8>(k, 10);
  }

  /** Whether every key is exactly a str: unicode and split tables. */
  @inline static isUnicode(k: usize): bool {
    return load<u8>(k, 10) != 0;
  }

  @inline static log2Size(k: usize): i32 {
    return load<u8>(k, 8);
  }

  /** Slots of the hash table. */
  @inline static size(k: usize): isize {
    return (<isize>1) << load<u8>(k, 8);
  }

  @inline static mask(k: usize): u32 {
    return ((<u32>1) << load<u8>(k, 8)) - 1;
  }

  @inline static usable(k: usize): isize {
    return load<i32>(k, 16);
  }

  @inline static nentries(k: usize): isize {
    return load<i32>(k, 24);
  }

  /** Address of the first entry. */
  @inline static entries(k: usize): usize {
    return k + 32 + ((<usize>1) << load<u8>(k, 9));
  }

  @inline static entrySize(k: usize): usize {
    return load<u8>(k, 10) != 0 ? 16 : 24;
  }

  /** Address of entry `ix` of a unicode or split table: key at +0, value at +8. */
  @inline static unicodeEntry(k: usize, ix: isize): usize {
    return DK.entries(k) + ((<usize>ix) << 4);
  }

  /** Address of entry `ix` of a general table: hash at +0, key at +8, value at +16. */
  @inline static generalEntry(k: usize, ix: isize): usize {
    return DK.entries(k) + <usize>ix * 24;
  }

  /** Address of entry `ix`'s key and value, which are neighbours in every kind. */
  @inline static pair(k: usize, ix: isize): usize {
    return load<u8>(k, 10) != 0 ? DK.entries(k) + ((<usize>ix) << 4) : DK.entries(k) + <usize>ix * 24 + 8;
  }

  @inline static index(k: usize, i: u32): isize {
    const l = load<u8>(k, 8);
    return l < 8 ? load<i8>(k + i, 32) : l < 16 ? load<i16>(k + (i << 1), 32) : load<i32>(k + (i << 2), 32);
  }

  @inline static setIndex(k: usize, i: u32, ix: isize): void {
    const l = load<u8>(k, 8);
    if (l < 8) store<u8>(k + i, ix, 32);
    else if (l < 16) store<u16>(k + (i << 1), ix, 32);
    else store<u32>(k + (i << 2), ix, 32);
  }

  /** The hash of a str, which is cached in it. */
  @inline static strHash(s: usize): i64 {
    const h = load<i64>(s, 24);
    return h != -1 ? h : unicode_hash(s);
  }

  @inline static incref(k: usize): void {
    const n = load<u32>(k) + 1;
    if (n != 0) store<u32>(k, n);
  }

  @inline static decref(k: usize): void {
    const n = load<i32>(k);
    if (n >= 0) {
      store<i32>(k, n - 1);
      if (n == 1) freeKeys(k);
    }
  }
}

/** Entries that a table of `size` slots takes: two thirds. */
export function usableFraction(size: isize): isize {
  return (size << 1) / 3;
}

/** The logarithm of the smallest table of at least `minsize` slots. */
export function calculateLog2Size(minsize: isize): i32 {
  return 32 - clz<u32>(<u32>(((minsize | 8) - 1) | 7));
}

/** The logarithm of the smallest table that takes `n` entries. */
export function estimateLog2Size(n: isize): i32 {
  return calculateLog2Size((n * 3 + 1) / 2);
}

/** Makes the empty table, which every empty dict shares. */
export function initEmptyKeys(): void {
  store<u64>(empty_keys, IMMORTAL_REFCNT);
  store<u64>(empty_keys, 0, 8);
  store<u8>(empty_keys, DICT_KEYS_UNICODE, 10);
  store<u32>(empty_keys, 1, 12);
  store<u64>(empty_keys, 0, 16);
  store<u64>(empty_keys, 0, 24);
  store<u64>(empty_keys, -1, 32);
  if (objectsRoots.next_keys_version < 2) objectsRoots.next_keys_version = 2;
}

/** Bytes of a table. */
export function _PyDict_KeysSize(k: usize): usize {
  return 32 + ((<usize>1) << load<u8>(k, 9)) + <usize>usableFraction(DK.size(k)) * DK.entrySize(k);
}

/** A new table with one reference; null with MemoryError. */
export function newKeys(log2Size: i32, unicode: bool): usize {
  if (log2Size > 26) return PyErr_NoMemory();
  const usable = usableFraction((<isize>1) << log2Size);
  const log2Bytes = log2Size < 8 ? log2Size : log2Size < 16 ? log2Size + 1 : log2Size + 2;
  const indexBytes = (<usize>1) << log2Bytes;
  const entryBytes = <usize>usable * (unicode ? 16 : 24);
  let k = freelistsRoots.dict_keys;
  if (log2Size == PyDict_LOG_MINSIZE && unicode && k != 0) {
    freelistsRoots.dict_keys = load<u32>(k);
    freelistsRoots.dict_keys_count = freelistsRoots.dict_keys_count - 1;
  } else {
    k = PyMem_Malloc(32 + indexBytes + entryBytes);
    if (k == 0) return PyErr_NoMemory();
  }
  store<u64>(k, 1);
  store<u64>(k, 0, 8);
  store<u8>(k, log2Size, 8);
  store<u8>(k, log2Bytes, 9);
  store<u8>(k, unicode ? DICT_KEYS_UNICODE : DICT_KEYS_GENERAL, 10);
  store<i64>(k, usable, 16);
  store<i64>(k, 0, 24);
  memory.fill(k + 32, 0xff, indexBytes);
  memory.fill(k + 32 + indexBytes, 0, entryBytes);
  return k;
}

/** Keeps or returns the block of a table whose entries are gone. */
export function freeKeysBlock(k: usize): void {
  if (DK.log2Size(k) == PyDict_LOG_MINSIZE && DK.isUnicode(k) && freelistsRoots.dict_keys_count < KEYS_KEPT_MAX) {
    store<u64>(k, freelistsRoots.dict_keys);
    freelistsRoots.dict_keys = k;
    freelistsRoots.dict_keys_count = freelistsRoots.dict_keys_count + 1;
    return;
  }
  PyMem_Free(k);
}

/** Drops all keys and values of a table that nobody shares any more, and its block. */
export function freeKeys(k: usize): void {
  const n = DK.nentries(k);
  const step = DK.entrySize(k);
  let p = DK.pair(k, 0);
  for (let i: isize = 0; i < n; i++, p += step) {
    Py.XDECREF(load<u32>(p));
    Py.XDECREF(load<u32>(p, 8));
  }
  freeKeysBlock(k);
}

/** Returns the kept tables' blocks. */
export function clearFreeLists_dictKeys(): void {
  let k = freelistsRoots.dict_keys;
  freelistsRoots.dict_keys = 0;
  freelistsRoots.dict_keys_count = 0;
  while (k != 0) {
    const next = load<u32>(k);
    PyMem_Free(k);
    k = next;
  }
}

/** A new table for the attributes of a class's instances; null without an exception. */
export function _PyDict_NewKeysForClass(): usize {
  const k = newKeys(SHARED_KEYS_LOG2_SIZE, true);
  if (k == 0) return 0;
  // One more than may be used: it shrinks by one before each new instance.
  store<i64>(k, SHARED_KEYS_MAX_SIZE, 16);
  store<u8>(k, DICT_KEYS_SPLIT, 10);
  return k;
}

export function _PyDictKeys_DecRef(k: usize): void {
  DK.decref(k);
}

/** The table's version for inline caches, given now where it has none; 0 where versions have run out. */
export function _PyDict_KeysGetVersion(k: usize): u32 {
  let v = PyDictKeysObject.at(k).dk_version;
  if (v != 0) return v;
  v = objectsRoots.next_keys_version;
  if (v == 0) return 0;
  objectsRoots.next_keys_version = v + 1;
  PyDictKeysObject.at(k).dk_version = v;
  return v;
}

/** The index of str `key` in a unicode or split table; DKIX_EMPTY where it has none. Never fails. */
export function unicodeLookup(k: usize, key: usize, hash: i64): isize {
  const mask = DK.mask(k);
  const entries = DK.entries(k);
  const small = mask < 128;
  let perturb = <u64>hash;
  let i = <u32>hash & mask;
  for (;;) {
    const ix: isize = small ? load<i8>(k + i, 32) : DK.index(k, i);
    if (ix >= 0) {
      const other = load<u32>(entries + ((<usize>ix) << 4));
      if (other == key || (load<i64>(other, 24) == hash && _PyUnicode_Equal(other, key))) return ix;
    } else if (ix == DKIX_EMPTY) return DKIX_EMPTY;
    perturb >>= 5;
    i = (i * 5 + <u32>perturb + 1) & mask;
  }
  return unreachable();
}

/** The index of a str in a unicode or split table; DKIX_EMPTY where it has none, or in a general table. */
export function _PyDictKeys_StringLookup(k: usize, name: usize): isize {
  return DK.isUnicode(k) ? unicodeLookup(k, name, DK.strHash(name)) : DKIX_EMPTY;
}

/** As unicodeLookup for a key that is not exactly a str: comparing it runs anything. */
function unicodeLookupGeneric(d: usize, k: usize, key: usize, hash: i64): isize {
  const mask = DK.mask(k);
  const entries = DK.entries(k);
  let perturb = <u64>hash;
  let i = <u32>hash & mask;
  for (;;) {
    const ix = DK.index(k, i);
    if (ix >= 0) {
      const e = entries + ((<usize>ix) << 4);
      const other = load<u32>(e);
      if (DK.strHash(other) == hash) {
        Py.INCREF(other);
        const equal = PyObject_RichCompareBool(other, key, Py_EQ);
        Py.DECREF(other);
        if (equal < 0) return DKIX_ERROR;
        if (load<u32>(d, 32) != k || load<u32>(e) != other) return DKIX_KEY_CHANGED;
        if (equal) return ix;
      }
    } else if (ix == DKIX_EMPTY) return DKIX_EMPTY;
    perturb >>= 5;
    i = (i * 5 + <u32>perturb + 1) & mask;
  }
  return unreachable();
}

function generalLookup(d: usize, k: usize, key: usize, hash: i64): isize {
  const mask = DK.mask(k);
  const entries = DK.entries(k);
  let perturb = <u64>hash;
  let i = <u32>hash & mask;
  for (;;) {
    const ix = DK.index(k, i);
    if (ix >= 0) {
      const e = entries + <usize>ix * 24;
      const other = load<u32>(e, 8);
      if (other == key) return ix;
      if (load<i64>(e) == hash) {
        Py.INCREF(other);
        const equal = PyObject_RichCompareBool(other, key, Py_EQ);
        Py.DECREF(other);
        if (equal < 0) return DKIX_ERROR;
        if (load<u32>(d, 32) != k || load<u32>(e, 8) != other) return DKIX_KEY_CHANGED;
        if (equal) return ix;
      }
    } else if (ix == DKIX_EMPTY) return DKIX_EMPTY;
    perturb >>= 5;
    i = (i * 5 + <u32>perturb + 1) & mask;
  }
  return unreachable();
}

/** The index of `key` in dict `d`'s table; DKIX_EMPTY where it has none, DKIX_ERROR with an exception. */
export function lookupIndex(d: usize, key: usize, hash: i64): isize {
  for (;;) {
    const k = load<u32>(d, 32);
    let ix: isize;
    if (DK.isUnicode(k)) {
      if (Py.IS_TYPE(key, PyUnicode_Type)) return unicodeLookup(k, key, hash);
      ix = unicodeLookupGeneric(d, k, key, hash);
    } else ix = generalLookup(d, k, key, hash);
    if (ix != DKIX_KEY_CHANGED) return ix;
  }
  return unreachable();
}

/** The slot of the hash table that holds entry `ix`. */
export function slotOfEntry(k: usize, hash: i64, ix: isize): u32 {
  const mask = DK.mask(k);
  let perturb = <u64>hash;
  let i = <u32>hash & mask;
  while (DK.index(k, i) != ix) {
    assert(DK.index(k, i) != DKIX_EMPTY);
    perturb >>= 5;
    i = (i * 5 + <u32>perturb + 1) & mask;
  }
  return i;
}

/** The slot for a key that the table is known not to have. */
export function findEmptySlot(k: usize, hash: i64): u32 {
  const mask = DK.mask(k);
  let perturb = <u64>hash;
  let i = <u32>hash & mask;
  while (DK.index(k, i) >= 0) {
    perturb >>= 5;
    i = (i * 5 + <u32>perturb + 1) & mask;
  }
  return i;
}

/** Enters the first `n` entries of a new table into its hash table. */
export function buildIndices(k: usize, n: isize): void {
  const unicode = DK.isUnicode(k);
  const mask = DK.mask(k);
  for (let ix: isize = 0; ix < n; ix++) {
    const hash = unicode ? DK.strHash(load<u32>(DK.unicodeEntry(k, ix))) : load<i64>(DK.generalEntry(k, ix));
    let perturb = <u64>hash;
    let i = <u32>hash & mask;
    while (DK.index(k, i) != DKIX_EMPTY) {
      perturb >>= 5;
      i = (i * 5 + <u32>perturb + 1) & mask;
    }
    DK.setIndex(k, i, ix);
  }
}

/** Orders a table anew after the hashes of its keys have changed. -1 with the exception that hashing a key raised. */
export function rehashKeys(k: usize): i32 {
  const n = DK.nentries(k);
  memory.fill(k + 32, 0xff, (<usize>1) << load<u8>(k, 9));
  for (let ix: isize = 0; ix < n; ix++) {
    const key = load<u32>(DK.pair(k, ix));
    if (key == 0) continue;
    const hash = Py.IS_TYPE(key, PyUnicode_Type) ? DK.strHash(key) : PyObject_Hash(key);
    if (hash == -1) return -1;
    if (!DK.isUnicode(k)) store<i64>(DK.generalEntry(k, ix), hash);
    DK.setIndex(k, findEmptySlot(k, hash), ix);
  }
  return 0;
}

/** The index of str `key` in a split table, added where there is room; DKIX_EMPTY where there is none. */
export function insertSplitKey(k: usize, key: usize, hash: i64): isize {
  let ix = unicodeLookup(k, key, hash);
  if (ix == DKIX_EMPTY && DK.usable(k) > 0) {
    store<u32>(k, 0, 12);
    ix = DK.nentries(k);
    DK.setIndex(k, findEmptySlot(k, hash), ix);
    store<u64>(DK.unicodeEntry(k, ix), Py.NewRef(key));
    store<i64>(k, DK.usable(k) - 1, 16);
    store<i64>(k, ix + 1, 24);
  }
  return ix;
}

// The values of a split table's owner (struct _dictvalues):
//
//   +0 capacity 1 | +1 size 1 | +2 embedded 1 | +3 valid 1 | +8 values 8 each | then the order of insertion, 1 each

export class Values {
  @inline static capacity(v: usize): isize {
    return load<u8>(v);
  }

  /** Values present. */
  @inline static size(v: usize): isize {
    return load<u8>(v, 1);
  }

  /** Whether they are part of an instance. */
  @inline static embedded(v: usize): bool {
    return load<u8>(v, 2) != 0;
  }

  /** Whether an instance's attributes are here, and not in a dict of its own. */
  @inline static valid(v: usize): bool {
    return load<u8>(v, 3) != 0;
  }

  @inline static get(v: usize, ix: isize): usize {
    return load<u32>(v + ((<usize>ix) << 3), 8);
  }

  /** Address of value `ix`. */
  @inline static slot(v: usize, ix: isize): usize {
    return v + 8 + ((<usize>ix) << 3);
  }

  /** Address of the bytes that give the order of insertion. */
  @inline static order(v: usize): usize {
    return v + 8 + ((<usize>load<u8>(v)) << 3);
  }

  /** Notes that value `ix` is the newest. */
  @inline static append(v: usize, ix: isize): void {
    const size = load<u8>(v, 1);
    store<u8>(Values.order(v) + size, <u8>ix);
    store<u8>(v, size + 1, 1);
  }
}

/** Takes value `ix` out of the order of insertion. */
export function valuesForget(v: usize, ix: isize): void {
  const order = Values.order(v);
  const last = <usize>load<u8>(v, 1) - 1;
  let i: usize = 0;
  while (load<u8>(order + i) != <u8>ix) i++;
  for (; i < last; i++) store<u8>(order + i, load<u8>(order + i + 1));
  store<u8>(v, <u8>last, 1);
}

/** Room for `capacity` values, null each; null without an exception. */
export function newValues(capacity: isize): usize {
  const size = <usize>(capacity + 1) * 8 + ((<usize>capacity + 7) & ~7);
  const v = PyMem_Malloc(size);
  if (v == 0) return 0;
  memory.fill(v, 0, size);
  store<u8>(v, <u8>capacity);
  return v;
}

/** A copy that belongs to no instance, values not counted; null without an exception. */
export function copyValues(v: usize): usize {
  const capacity = Values.capacity(v);
  const c = newValues(capacity);
  if (c == 0) return 0;
  store<u8>(c, load<u8>(v, 1), 1);
  memory.copy(c + 8, v + 8, <usize>capacity * 9);
  return c;
}
