// The table under a dict: which key is in which place (CPython 3.13's Objects/dictobject.c, PyDictKeysObject).
//
//   ┌──────┬────────────┬─────────┬─────────┬───    an index of 1, 2 or 4 bytes: an entry's, -1 empty, -2 removed
//   │ head │ dk_indices │ entry 0 │ entry 1 │ …     entries in order of insertion, of one kind:
//   └──────┴────────────┴─────────┴─────────┴───
//        general   hash 8 | key 8 | value 8
//        unicode   key 8 | value 8          every key is exactly a str, which knows its hash
//        split     as unicode; the values are elsewhere, one array for each owner
//
// Invariant: at most two thirds of the slots are used, so every probe sequence meets an empty one.

import {
  PyASCIIObject,
  PyDictKeyEntry,
  PyDictKeyEntry_me_key,
  PyDictKeysObject,
  PyDictKeysObject_dk_indices,
  PyDictObject,
  PyDictUnicodeEntry,
  PyDictValues,
  PyDictValues_values,
  SIZEOF_PyDictKeyEntry,
  SIZEOF_PyDictUnicodeEntry,
} from "../../../generated/layouts";
import { freelistsRoots, objectsRoots } from "../../../generated/runtime";
import { empty_keys, PyLong_Type, PyUnicode_Type } from "../../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../../memory/pymem";
import { PyErr_NoMemory } from "../../errors/raise";
import { Long } from "../../numbers/int/access";
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
const INDICES: usize = PyDictKeysObject_dk_indices;

export class DK {
  @inline static kind(k: usize): u32 {
    return PyDictKeysObject.at(k).dk_kind;
  }

  /** Whether every key is exactly a str: unicode and split tables. */
  @inline static isUnicode(k: usize): bool {
    return PyDictKeysObject.at(k).dk_kind != 0;
  }

  @inline static log2Size(k: usize): i32 {
    return PyDictKeysObject.at(k).dk_log2_size;
  }

  /** Slots of the hash table. */
  @inline static size(k: usize): isize {
    return (<isize>1) << PyDictKeysObject.at(k).dk_log2_size;
  }

  @inline static mask(k: usize): u32 {
    return ((<u32>1) << PyDictKeysObject.at(k).dk_log2_size) - 1;
  }

  @inline static usable(k: usize): isize {
    return PyDictKeysObject.at(k).dk_usable;
  }

  @inline static nentries(k: usize): isize {
    return PyDictKeysObject.at(k).dk_nentries;
  }

  /** Address of the first entry. */
  @inline static entries(k: usize): usize {
    return PyDictKeysObject.at(k).dk_indices + ((<usize>1) << PyDictKeysObject.at(k).dk_log2_index_bytes);
  }

  @inline static entrySize(k: usize): usize {
    return DK.isUnicode(k) ? SIZEOF_PyDictUnicodeEntry : SIZEOF_PyDictKeyEntry;
  }

  /** Entry `ix` of a unicode or split table, a PyDictUnicodeEntry. */
  @inline static unicodeEntry(k: usize, ix: isize): usize {
    return DK.entries(k) + <usize>ix * SIZEOF_PyDictUnicodeEntry;
  }

  /** Entry `ix` of a general table, a PyDictKeyEntry. */
  @inline static generalEntry(k: usize, ix: isize): usize {
    return DK.entries(k) + <usize>ix * SIZEOF_PyDictKeyEntry;
  }

  /** Entry `ix`'s key and value, which are neighbours in every kind: a PyDictUnicodeEntry. */
  @inline static pair(k: usize, ix: isize): usize {
    return DK.isUnicode(k) ? DK.unicodeEntry(k, ix) : DK.generalEntry(k, ix) + PyDictKeyEntry_me_key;
  }

  /** The hash that belongs to a pair of a general table. */
  @inline static hash(pair: usize): i64 {
    return PyDictKeyEntry.at(pair - PyDictKeyEntry_me_key).me_hash;
  }

  @inline static setHash(pair: usize, hash: i64): void {
    PyDictKeyEntry.at(pair - PyDictKeyEntry_me_key).me_hash = hash;
  }

  @inline static index(k: usize, i: u32): isize {
    const l = PyDictKeysObject.at(k).dk_log2_size;
    return l < 8
      ? load<i8>(k + i, INDICES)
      : l < 16
        ? load<i16>(k + (i << 1), INDICES)
        : load<i32>(k + (i << 2), INDICES);
  }

  @inline static setIndex(k: usize, i: u32, ix: isize): void {
    const l = PyDictKeysObject.at(k).dk_log2_size;
    if (l < 8) store<u8>(k + i, ix, INDICES);
    else if (l < 16) store<u16>(k + (i << 1), ix, INDICES);
    else store<u32>(k + (i << 2), ix, INDICES);
  }

  /** The hash of a str, which is cached in it. */
  @inline static strHash(s: usize): i64 {
    const h = PyASCIIObject.at(s).hash;
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
  const k = PyDictKeysObject.at(empty_keys);
  store<u64>(empty_keys, IMMORTAL_REFCNT);
  k.dk_log2_size = 0;
  k.dk_log2_index_bytes = 0;
  k.dk_kind = <u8>DICT_KEYS_UNICODE;
  k.dk_version = 1;
  k.dk_usable = 0;
  k.dk_nentries = 0;
  // Wherever its one place is looked for, it is empty.
  store<u64>(k.dk_indices, -1);
  if (objectsRoots.next_keys_version < 2) objectsRoots.next_keys_version = 2;
}

/** Bytes of a table. */
export function _PyDict_KeysSize(k: usize): usize {
  return DK.entries(k) - k + <usize>usableFraction(DK.size(k)) * DK.entrySize(k);
}

/** A new table with one reference; null with MemoryError. */
export function newKeys(log2Size: i32, unicode: bool): usize {
  if (log2Size > 26) return PyErr_NoMemory();
  const usable = usableFraction((<isize>1) << log2Size);
  const log2Bytes = log2Size < 8 ? log2Size : log2Size < 16 ? log2Size + 1 : log2Size + 2;
  const indexBytes = (<usize>1) << log2Bytes;
  const entryBytes = <usize>usable * (unicode ? SIZEOF_PyDictUnicodeEntry : SIZEOF_PyDictKeyEntry);
  let k = freelistsRoots.dict_keys;
  if (log2Size == PyDict_LOG_MINSIZE && unicode && k != 0) {
    freelistsRoots.dict_keys = load<u32>(k);
    freelistsRoots.dict_keys_count = freelistsRoots.dict_keys_count - 1;
  } else {
    k = PyMem_Malloc(INDICES + indexBytes + entryBytes);
    if (k == 0) return PyErr_NoMemory();
  }
  const keys = PyDictKeysObject.at(k);
  keys.dk_refcnt = 1;
  keys.dk_log2_size = <u8>log2Size;
  keys.dk_log2_index_bytes = <u8>log2Bytes;
  keys.dk_kind = <u8>(unicode ? DICT_KEYS_UNICODE : DICT_KEYS_GENERAL);
  keys.dk_version = 0;
  keys.dk_usable = usable;
  keys.dk_nentries = 0;
  memory.fill(keys.dk_indices, 0xff, indexBytes);
  memory.fill(keys.dk_indices + indexBytes, 0, entryBytes);
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
    Py.XDECREF(PyDictUnicodeEntry.at(p).me_key);
    Py.XDECREF(PyDictUnicodeEntry.at(p).me_value);
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
  PyDictKeysObject.at(k).dk_usable = SHARED_KEYS_MAX_SIZE;
  PyDictKeysObject.at(k).dk_kind = <u8>DICT_KEYS_SPLIT;
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
    const ix: isize = small ? load<i8>(k + i, INDICES) : DK.index(k, i);
    if (ix >= 0) {
      const other = PyDictUnicodeEntry.at(entries + <usize>ix * SIZEOF_PyDictUnicodeEntry).me_key;
      if (other == key || (PyASCIIObject.at(other).hash == hash && _PyUnicode_Equal(other, key))) return ix;
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
      const e = PyDictUnicodeEntry.at(entries + <usize>ix * SIZEOF_PyDictUnicodeEntry);
      const other = e.me_key;
      if (DK.strHash(other) == hash) {
        Py.INCREF(other);
        const equal = PyObject_RichCompareBool(other, key, Py_EQ);
        Py.DECREF(other);
        if (equal < 0) return DKIX_ERROR;
        if (PyDictObject.at(d).ma_keys != k || DK.entries(k) != entries || e.me_key != other) return DKIX_KEY_CHANGED;
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
      const e = PyDictKeyEntry.at(entries + <usize>ix * SIZEOF_PyDictKeyEntry);
      const other = e.me_key;
      if (other == key) return ix;
      if (e.me_hash == hash) {
        Py.INCREF(other);
        const equal = PyObject_RichCompareBool(other, key, Py_EQ);
        Py.DECREF(other);
        if (equal < 0) return DKIX_ERROR;
        if (PyDictObject.at(d).ma_keys != k || DK.entries(k) != entries || e.me_key != other) return DKIX_KEY_CHANGED;
        if (equal) return ix;
      }
    } else if (ix == DKIX_EMPTY) return DKIX_EMPTY;
    perturb >>= 5;
    i = (i * 5 + <u32>perturb + 1) & mask;
  }
  return unreachable();
}

/** The index of the key that is exactly an int of this value, whose hash is the same; DKIX_EMPTY where there is none. */
export function intLookup(k: usize, value: u64): isize {
  if (DK.isUnicode(k)) return DKIX_EMPTY;
  const mask = DK.mask(k);
  const entries = DK.entries(k);
  let perturb = value;
  let i = <u32>value & mask;
  for (;;) {
    const ix = DK.index(k, i);
    if (ix >= 0) {
      const e = PyDictKeyEntry.at(entries + <usize>ix * SIZEOF_PyDictKeyEntry);
      const key = e.me_key;
      if (<u64>e.me_hash == value && Py.IS_TYPE(key, PyLong_Type) && Long.isShort(key)) {
        if (<u64>Long.shortValue(key) == value) return ix;
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
    const k = PyDictObject.at(d).ma_keys;
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
    const hash = unicode
      ? DK.strHash(PyDictUnicodeEntry.at(DK.unicodeEntry(k, ix)).me_key)
      : PyDictKeyEntry.at(DK.generalEntry(k, ix)).me_hash;
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
  memory.fill(PyDictKeysObject.at(k).dk_indices, 0xff, (<usize>1) << PyDictKeysObject.at(k).dk_log2_index_bytes);
  for (let ix: isize = 0; ix < n; ix++) {
    const key = PyDictUnicodeEntry.at(DK.pair(k, ix)).me_key;
    if (key == 0) continue;
    const hash = Py.IS_TYPE(key, PyUnicode_Type) ? DK.strHash(key) : PyObject_Hash(key);
    if (hash == -1) return -1;
    if (!DK.isUnicode(k)) PyDictKeyEntry.at(DK.generalEntry(k, ix)).me_hash = hash;
    DK.setIndex(k, findEmptySlot(k, hash), ix);
  }
  return 0;
}

/** The index of str `key` in a split table, added where there is room; DKIX_EMPTY where there is none. */
export function insertSplitKey(k: usize, key: usize, hash: i64): isize {
  let ix = unicodeLookup(k, key, hash);
  if (ix == DKIX_EMPTY && DK.usable(k) > 0) {
    PyDictKeysObject.at(k).dk_version = 0;
    ix = DK.nentries(k);
    DK.setIndex(k, findEmptySlot(k, hash), ix);
    PyDictUnicodeEntry.at(DK.unicodeEntry(k, ix)).me_key = Py.NewRef(key);
    PyDictKeysObject.at(k).dk_usable = DK.usable(k) - 1;
    PyDictKeysObject.at(k).dk_nentries = ix + 1;
  }
  return ix;
}

// The values of a split table's owner (struct _dictvalues); behind the values come the bytes that give their order.

export class Values {
  @inline static capacity(v: usize): isize {
    return PyDictValues.at(v).capacity;
  }

  /** Values present. */
  @inline static size(v: usize): isize {
    return PyDictValues.at(v).size;
  }

  /** Whether they are part of an instance. */
  @inline static embedded(v: usize): bool {
    return PyDictValues.at(v).embedded != 0;
  }

  /** Whether an instance's attributes are here, and not in a dict of its own. */
  @inline static valid(v: usize): bool {
    return PyDictValues.at(v).valid != 0;
  }

  @inline static get(v: usize, ix: isize): usize {
    return load<u32>(v + ((<usize>ix) << 3), PyDictValues_values);
  }

  /** Address of value `ix`. */
  @inline static slot(v: usize, ix: isize): usize {
    return PyDictValues.at(v).values + ((<usize>ix) << 3);
  }

  /** Address of the bytes that give the order of insertion. */
  @inline static order(v: usize): usize {
    return PyDictValues.at(v).values + ((<usize>PyDictValues.at(v).capacity) << 3);
  }

  /** Notes that value `ix` is the newest. */
  @inline static append(v: usize, ix: isize): void {
    const size = PyDictValues.at(v).size;
    store<u8>(Values.order(v) + size, <u8>ix);
    PyDictValues.at(v).size = size + 1;
  }
}

/** Takes value `ix` out of the order of insertion. */
export function valuesForget(v: usize, ix: isize): void {
  const order = Values.order(v);
  const last = <usize>PyDictValues.at(v).size - 1;
  let i: usize = 0;
  while (load<u8>(order + i) != <u8>ix) i++;
  for (; i < last; i++) store<u8>(order + i, load<u8>(order + i + 1));
  PyDictValues.at(v).size = <u8>last;
}

/** Room for `capacity` values, null each; null without an exception. */
export function newValues(capacity: isize): usize {
  const size = <usize>(capacity + 1) * 8 + ((<usize>capacity + 7) & ~7);
  const v = PyMem_Malloc(size);
  if (v == 0) return 0;
  memory.fill(v, 0, size);
  PyDictValues.at(v).capacity = <u8>capacity;
  return v;
}

/** A copy that belongs to no instance, values not counted; null without an exception. */
export function copyValues(v: usize): usize {
  const capacity = Values.capacity(v);
  const c = newValues(capacity);
  if (c == 0) return 0;
  PyDictValues.at(c).size = PyDictValues.at(v).size;
  memory.copy(PyDictValues.at(c).values, PyDictValues.at(v).values, <usize>capacity * 9);
  return c;
}
