// dict, its operations (CPython 3.13's Objects/dictobject.c).
//
// A dict is tracked by the collector from the first key or value on that could be part of a cycle. Up to 80 freed dicts
// are kept, chained through ma_keys.
//
// Deliberate difference: dict watchers, which only C extensions use, do not exist; the version grows all the same.

import { HOOK_TRACE, Py_TPFLAGS_DICT_SUBCLASS } from "../../../generated/constants";
import {
  PyDictKeysObject,
  PyDictObject,
  PyDictUnicodeEntry,
  PyDictValues,
  PyTypeObject,
} from "../../../generated/layouts";
import { freelistsRoots, memoryRoots, objectsRoots } from "../../../generated/runtime";
import {
  empty_keys,
  PyDict_Type,
  PyExc_KeyError,
  PyExc_RuntimeError,
  PyUnicode_Type,
} from "../../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../../memory/pymem";
import { traceNewReference } from "../../../memory/trace/trace";
import { Scratch } from "../../../thread/scratch";
import {
  PyErr_Clear,
  PyErr_Fail,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetObject,
} from "../../errors/raise";
import { _PyObject_GC_New, PyObject_GC_Del } from "../../object/alloc";
import {
  _PyObject_GC_IS_TRACKED,
  _PyObject_GC_TRACK,
  _PyObject_GC_UNTRACK,
  PyObject_GC_UnTrack,
  SIZEOF_GC_HEAD,
} from "../../object/gchead";
import { Py } from "../../object/head";
import { PyObject_Hash } from "../../protocol/compare";
import { PyObject_GetItem } from "../../protocol/items";
import { PyIter_Next, PyObject_GetIter } from "../../protocol/iterator";
import { PyMapping_Keys } from "../../protocol/sequence";
import { PyUnicode_FromLiteral } from "../../text/create";
import { PyUnicode_InternLiteral } from "../../text/intern";
import { maybeTracked, PyTuple_Pack1 } from "../tuple";
import { dict_iter } from "./iterators";
import {
  _PyDict_KeysSize,
  buildIndices,
  calculateLog2Size,
  copyValues,
  DICT_KEYS_GENERAL,
  DK,
  DKIX_DUMMY,
  DKIX_EMPTY,
  DKIX_ERROR,
  estimateLog2Size,
  findEmptySlot,
  freeKeysBlock,
  insertSplitKey,
  intLookup,
  lookupIndex,
  newKeys,
  newValues,
  PyDict_LOG_MINSIZE,
  slotOfEntry,
  unicodeLookup,
  usableFraction,
  Values,
  valuesForget,
} from "./keys";

const DICTS_KEPT_MAX: i32 = 80;
const DICT_VERSION_INCREMENT: u64 = 1 << 12;

export class Dict {
  @inline static keys(d: usize): usize {
    return PyDictObject.at(d).ma_keys;
  }

  @inline static values(d: usize): usize {
    return PyDictObject.at(d).ma_values;
  }

  @inline static used(d: usize): isize {
    return PyDictObject.at(d).ma_used;
  }

  @inline static check(o: usize): bool {
    return Py.check(o, Py_TPFLAGS_DICT_SUBCLASS);
  }

  /** Whether it is a dict whose iteration is dict's own, so that its table may be read directly. */
  @inline static plain(o: usize): bool {
    return Dict.check(o) && PyTypeObject.at(Py.TYPE(o)).tp_iter == dict_iter.index;
  }

  @inline static setUsed(d: usize, n: isize): void {
    PyDictObject.at(d).ma_used = n;
  }

  /** Gives the dict a new version: it is about to change. */
  @inline static touch(d: usize): void {
    const v = objectsRoots.dict_version + DICT_VERSION_INCREMENT;
    objectsRoots.dict_version = v;
    PyDictObject.at(d).ma_version_tag = v;
  }

  /** The value of entry `ix`, borrowed; null in a split table where this owner has none. */
  @inline static valueOf(d: usize, ix: isize): usize {
    const v = PyDictObject.at(d).ma_values;
    return v != 0 ? Values.get(v, ix) : PyDictUnicodeEntry.at(DK.pair(PyDictObject.at(d).ma_keys, ix)).me_value;
  }

  /** The hash of a key; -1 with an exception. */
  @inline static hash(key: usize): i64 {
    return Py.IS_TYPE(key, PyUnicode_Type) ? DK.strHash(key) : PyObject_Hash(key);
  }
}

/** A new dict over a table and values, both stolen (released where it fails). Untracked. Null with MemoryError. */
export function newDict(keys: usize, values: usize, used: isize): usize {
  let o = freelistsRoots.dicts;
  if (o != 0) {
    freelistsRoots.dicts = PyDictObject.at(o).ma_keys;
    freelistsRoots.dict_count = freelistsRoots.dict_count - 1;
    store<u64>(o, 1);
    if (memoryRoots.flags & HOOK_TRACE) traceNewReference(o - SIZEOF_GC_HEAD);
  } else {
    o = _PyObject_GC_New(PyDict_Type);
    if (o == 0) {
      DK.decref(keys);
      if (values != 0 && !Values.embedded(values)) PyMem_Free(values);
      return 0;
    }
  }
  const d = PyDictObject.at(o);
  d.ma_keys = keys;
  d.ma_values = values;
  d.ma_used = used;
  Dict.touch(o);
  return o;
}

/** A new empty dict. Null with MemoryError. */
export function PyDict_New(): usize {
  return newDict(empty_keys, 0, 0);
}

/** A new empty dict over a class's shared keys (counted once more). Null with MemoryError. */
export function newDictWithSharedKeys(keys: usize): usize {
  const size = DK.usable(keys) + DK.nentries(keys);
  const values = newValues(size);
  if (values == 0) return PyErr_NoMemory();
  DK.incref(keys);
  return newDict(keys, values, 0);
}

/** A new empty dict with room for `n` items. Null with MemoryError. */
function _PyDict_NewPresized(n: isize, unicode: bool = false): usize {
  if (n <= 5) return PyDict_New();
  const log2 = n > 87381 ? 17 : estimateLog2Size(n);
  const keys = newKeys(log2, unicode);
  return keys == 0 ? 0 : newDict(keys, 0, 0);
}

/** A new dict of `n` keys and values, borrowed, each `keyStep` and `valueStep` slots apart. Null with an exception. */
export function _PyDict_FromItems(keys: usize, keyStep: isize, values: usize, valueStep: isize, n: isize): usize {
  let unicode: bool = true;
  for (let i: isize = 0; i < n && unicode; i++) unicode = Py.IS_TYPE(Py.item(keys, i * keyStep), PyUnicode_Type);
  const d = _PyDict_NewPresized(n, unicode);
  if (d == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    if (PyDict_SetItem(d, Py.item(keys, i * keyStep), Py.item(values, i * valueStep)) < 0) {
      Py.DECREF(d);
      return 0;
    }
  }
  return d;
}

/** tp_dealloc of dict. */
export function dict_dealloc(d: usize): void {
  const values = Dict.values(d);
  const keys = Dict.keys(d);
  PyObject_GC_UnTrack(d);
  if (values != 0 && !Values.embedded(values)) {
    const n = Values.capacity(values);
    for (let i: isize = 0; i < n; i++) Py.XDECREF(Values.get(values, i));
    PyMem_Free(values);
  }
  if (keys != 0) DK.decref(keys);
  if (Py.IS_TYPE(d, PyDict_Type) && freelistsRoots.dict_count < DICTS_KEPT_MAX) {
    PyDictObject.at(d).ma_keys = freelistsRoots.dicts;
    freelistsRoots.dicts = d;
    freelistsRoots.dict_count = freelistsRoots.dict_count + 1;
  } else call_indirect<void>(PyTypeObject.at(Py.TYPE(d)).tp_free, d);
}

/** Returns the kept dicts' blocks. */
export function clearFreeLists_dict(): void {
  let o = freelistsRoots.dicts;
  freelistsRoots.dicts = 0;
  freelistsRoots.dict_count = 0;
  while (o != 0) {
    const next = PyDictObject.at(o).ma_keys;
    PyObject_GC_Del(o);
    o = next;
  }
}

class Tracking {
  /** Tracks the dict where key or value could be part of a cycle. */
  @inline static maintain(d: usize, key: usize, value: usize): void {
    if (!_PyObject_GC_IS_TRACKED(d) && (maybeTracked(key) || maybeTracked(value))) _PyObject_GC_TRACK(d);
  }
}

/** Untracks a tracked exact dict none of whose items can be part of a cycle: whether it did. The collector asks. */
export function _PyDict_MaybeUntrack(d: usize): bool {
  const keys = Dict.keys(d);
  const general = DK.kind(keys) == DICT_KEYS_GENERAL;
  const n = DK.nentries(keys);
  for (let i: isize = 0; i < n; i++) {
    const value = Dict.valueOf(d, i);
    if (value == 0) continue;
    if (maybeTracked(value) || (general && maybeTracked(PyDictUnicodeEntry.at(DK.pair(keys, i)).me_key))) return false;
  }
  _PyObject_GC_UNTRACK(d);
  return true;
}

/** Moves all items to a new table of 2^log2Size slots; -1 with MemoryError. A split table becomes a combined one. */
function resize(d: usize, log2Size: i32, unicode: bool): i32 {
  const old = Dict.keys(d);
  const values = Dict.values(d);
  if (!DK.isUnicode(old)) unicode = false;
  const keys = newKeys(log2Size, unicode);
  if (keys == 0) return -1;
  const n = Dict.used(d);
  if (values != 0) {
    const order = Values.order(values);
    for (let i: isize = 0; i < n; i++) {
      const ix = <isize>load<u8>(order + <usize>i);
      const key = PyDictUnicodeEntry.at(DK.unicodeEntry(old, ix)).me_key;
      const pair = DK.pair(keys, i);
      PyDictUnicodeEntry.at(pair).me_key = Py.NewRef(key);
      PyDictUnicodeEntry.at(pair).me_value = Values.get(values, ix);
      if (!unicode) DK.setHash(pair, DK.strHash(key));
    }
  } else {
    let ix: isize = 0;
    const oldUnicode = DK.isUnicode(old);
    if (oldUnicode == unicode && DK.nentries(old) == n) {
      memory.copy(DK.entries(keys), DK.entries(old), <usize>n * DK.entrySize(keys));
    } else {
      for (let i: isize = 0; i < n; i++, ix++) {
        let from = DK.pair(old, ix);
        while (PyDictUnicodeEntry.at(from).me_value == 0) from = DK.pair(old, ++ix);
        const to = DK.pair(keys, i);
        PyDictUnicodeEntry.at(to).me_key = PyDictUnicodeEntry.at(from).me_key;
        PyDictUnicodeEntry.at(to).me_value = PyDictUnicodeEntry.at(from).me_value;
        if (!unicode) DK.setHash(to, oldUnicode ? DK.strHash(PyDictUnicodeEntry.at(from).me_key) : DK.hash(from));
      }
    }
  }
  buildIndices(keys, n);
  PyDictKeysObject.at(keys).dk_usable = DK.usable(keys) - n;
  PyDictKeysObject.at(keys).dk_nentries = n;
  PyDictObject.at(d).ma_keys = keys;
  if (values != 0) {
    PyDictObject.at(d).ma_values = 0;
    DK.decref(old);
    if (Values.embedded(values)) PyDictValues.at(values).valid = 0;
    else PyMem_Free(values);
  } else if (old != empty_keys) freeKeysBlock(old);
  return 0;
}

/** Makes room for one more key: three times what is used. */
function growForInsertion(d: usize, unicode: bool): i32 {
  const n = Dict.used(d);
  if (n > 0x10000000) {
    PyErr_NoMemory();
    return -1;
  }
  return resize(d, calculateLog2Size(n * 3), unicode);
}

/** Adds a key that the combined table does not have; key and value are stolen unless it fails (-1, MemoryError). */
function insertCombined(d: usize, key: usize, hash: i64, value: usize): i32 {
  // Comparing keys may have emptied the dict and filled it with texts alone: the key decides anew which kind it needs.
  const unicode = Py.IS_TYPE(key, PyUnicode_Type);
  if (DK.usable(Dict.keys(d)) <= 0 || (!unicode && DK.isUnicode(Dict.keys(d)))) {
    if (growForInsertion(d, unicode) < 0) return -1;
  }
  const keys = Dict.keys(d);
  Dict.touch(d);
  PyDictKeysObject.at(keys).dk_version = 0;
  const ix = DK.nentries(keys);
  DK.setIndex(keys, findEmptySlot(keys, hash), ix);
  const pair = DK.pair(keys, ix);
  if (!DK.isUnicode(keys)) DK.setHash(pair, hash);
  PyDictUnicodeEntry.at(pair).me_key = key;
  PyDictUnicodeEntry.at(pair).me_value = value;
  PyDictKeysObject.at(keys).dk_usable = DK.usable(keys) - 1;
  PyDictKeysObject.at(keys).dk_nentries = ix + 1;
  Dict.setUsed(d, Dict.used(d) + 1);
  return 0;
}

/** Sets value `ix` of a split dict; `value` is stolen. */
function setSplitValue(d: usize, key: usize, value: usize, ix: isize): void {
  Tracking.maintain(d, key, value);
  const values = Dict.values(d);
  const slot = Values.slot(values, ix);
  const old = load<u32>(slot);
  Dict.touch(d);
  store<u64>(slot, value);
  if (old == 0) {
    Values.append(values, ix);
    Dict.setUsed(d, Dict.used(d) + 1);
  } else Py.DECREF(old);
}

/** d[key] = value; key and value are stolen, also where it fails (-1 with an exception). */
export function insertDict(d: usize, key: usize, hash: i64, value: usize): i32 {
  if (Dict.keys(d) == empty_keys) return insertFirst(d, key, hash, value);
  const exact = Py.IS_TYPE(key, PyUnicode_Type);
  if (DK.isUnicode(Dict.keys(d)) && !exact && growForInsertion(d, false) < 0) return insertFailed(key, value);
  if (Dict.values(d) != 0) {
    const ix = insertSplitKey(Dict.keys(d), key, hash);
    if (ix != DKIX_EMPTY) {
      setSplitValue(d, key, value, ix);
      Py.DECREF(key);
      return 0;
    }
    if (growForInsertion(d, true) < 0) return insertFailed(key, value);
  }
  const ix = lookupIndex(d, key, hash);
  if (ix == DKIX_ERROR) return insertFailed(key, value);
  Tracking.maintain(d, key, value);
  if (ix == DKIX_EMPTY) return insertCombined(d, key, hash, value) < 0 ? insertFailed(key, value) : 0;
  replaceValue(d, PyDictUnicodeEntry.at(DK.pair(Dict.keys(d), ix)).me_value_slot, value);
  Py.DECREF(key);
  return 0;
}

/** Puts `value`, which is stolen, in the place of an entry's value. */
function replaceValue(d: usize, slot: usize, value: usize): void {
  const old = load<u32>(slot);
  if (old != value) {
    Dict.touch(d);
    store<u64>(slot, value);
  }
  Py.DECREF(old);
}

function insertFailed(key: usize, value: usize): i32 {
  Py.DECREF(value);
  Py.DECREF(key);
  return -1;
}

function insertFirst(d: usize, key: usize, hash: i64, value: usize): i32 {
  const unicode = Py.IS_TYPE(key, PyUnicode_Type);
  const keys = newKeys(PyDict_LOG_MINSIZE, unicode);
  if (keys == 0) return insertFailed(key, value);
  Tracking.maintain(d, key, value);
  PyDictObject.at(d).ma_keys = keys;
  return insertCombined(d, key, hash, value);
}

/** The value of a key, borrowed; null without an exception where it is missing, with one where looking failed. */
export function PyDict_GetItemWithError(d: usize, key: usize): usize {
  const keys = Dict.keys(d);
  if (Py.IS_TYPE(key, PyUnicode_Type) && DK.isUnicode(keys)) {
    const ix = unicodeLookup(keys, key, DK.strHash(key));
    return ix < 0 ? 0 : Dict.valueOf(d, ix);
  }
  const hash = Dict.hash(key);
  return hash == -1 ? 0 : _PyDict_GetItem_KnownHash(d, key, hash);
}

/** As PyDict_GetItemWithError, the key's hash being known. */
export function _PyDict_GetItem_KnownHash(d: usize, key: usize, hash: i64): usize {
  const ix = lookupIndex(d, key, hash);
  return ix < 0 ? 0 : Dict.valueOf(d, ix);
}

/** As PyDict_GetItemWithError for the literal `s`: null with MemoryError, too. */
export function PyDict_GetItemLiteralWithError(d: usize, s: string): usize {
  const key = PyUnicode_FromLiteral(s);
  return key == 0 ? 0 : getItemOf(d, key);
}

/** The same, null without an exception where memory runs out: for who can do without. */
export function PyDict_GetItemLiteral(d: usize, s: string): usize {
  const key = PyUnicode_FromLiteral(s);
  if (key != 0) return getItemOf(d, key);
  PyErr_Clear();
  return 0;
}

/** As PyDict_GetItemWithError; drops the key. */
function getItemOf(d: usize, key: usize): usize {
  const r = PyDict_GetItemWithError(d, key);
  Py.DECREF(key);
  return r;
}

/** The same for what must be there: borrowed; null with MemoryError, or KeyError. */
export function PyDict_RequireItemLiteral(d: usize, s: string): usize {
  const r = PyDict_GetItemLiteralWithError(d, s);
  if (r == 0 && PyErr_Occurred() == 0) PyErr_Format(PyExc_KeyError, "%L", changetype<usize>(s));
  return r;
}

/** d[s] = value for the literal `s`, interned; value borrowed. -1 with an exception. */
export function PyDict_SetItemLiteral(d: usize, s: string, value: usize): i32 {
  const key = PyUnicode_InternLiteral(s);
  if (key == 0) return -1;
  const r = PyDict_SetItem(d, key, value);
  Py.DECREF(key);
  return r;
}

/** d[key] = value, both borrowed. -1 with an exception. */
export function PyDict_SetItem(d: usize, key: usize, value: usize): i32 {
  const keys = Dict.keys(d);
  if (Py.IS_TYPE(key, PyUnicode_Type) && DK.isUnicode(keys) && Dict.values(d) == 0) {
    // The commonest: another value for a text that is there.
    const ix = unicodeLookup(keys, key, DK.strHash(key));
    if (ix >= 0) {
      Tracking.maintain(d, key, value);
      replaceValue(d, PyDictUnicodeEntry.at(DK.unicodeEntry(keys, ix)).me_value_slot, Py.NewRef(value));
      return 0;
    }
  }
  const hash = Dict.hash(key);
  if (hash == -1) return -1;
  return insertDict(d, Py.NewRef(key), hash, Py.NewRef(value));
}

/** As PyDict_SetItem, the key's hash being known. */
export function _PyDict_SetItem_KnownHash(d: usize, key: usize, value: usize, hash: i64): i32 {
  return insertDict(d, Py.NewRef(key), hash, Py.NewRef(value));
}

/** Sets KeyError(key), a tuple being one argument. */
export function _PyErr_SetKeyError(key: usize): void {
  const args = PyTuple_Pack1(key);
  if (args == 0) return;
  PyErr_SetObject(PyExc_KeyError, args);
  Py.DECREF(args);
}

/** Takes entry `ix` out of the dict: the value, whose reference the caller now owns. */
function removeEntry(d: usize, hash: i64, ix: isize): usize {
  const keys = Dict.keys(d);
  const values = Dict.values(d);
  Dict.setUsed(d, Dict.used(d) - 1);
  Dict.touch(d);
  if (values != 0) {
    const slot = Values.slot(values, ix);
    const value: usize = load<u32>(slot);
    store<u64>(slot, 0);
    valuesForget(values, ix);
    return value;
  }
  PyDictKeysObject.at(keys).dk_version = 0;
  DK.setIndex(keys, slotOfEntry(keys, hash, ix), DKIX_DUMMY);
  const pair = DK.pair(keys, ix);
  const key = PyDictUnicodeEntry.at(pair).me_key;
  const value = PyDictUnicodeEntry.at(pair).me_value;
  PyDictUnicodeEntry.at(pair).me_key = 0;
  PyDictUnicodeEntry.at(pair).me_value = 0;
  if (!DK.isUnicode(keys)) DK.setHash(pair, 0);
  Py.DECREF(key);
  return value;
}

/** del d[key]; -1 with KeyError or what comparing raised. */
export function PyDict_DelItem(d: usize, key: usize): i32 {
  const hash = Dict.hash(key);
  return hash == -1 ? -1 : _PyDict_DelItem_KnownHash(d, key, hash);
}

/** As PyDict_DelItem, the key's hash being known. */
export function _PyDict_DelItem_KnownHash(d: usize, key: usize, hash: i64): i32 {
  const ix = lookupIndex(d, key, hash);
  if (ix == DKIX_ERROR) return -1;
  if (ix < 0 || Dict.valueOf(d, ix) == 0) {
    _PyErr_SetKeyError(key);
    return -1;
  }
  Py.DECREF(removeEntry(d, hash, ix));
  return 0;
}

/**
 * Takes the item out whose key is exactly an int of this value (below 2 ** 60), where there is one. Cannot fail: it makes
 * no int to look for, and compares with no other key.
 */
export function PyDict_ForgetInt(d: usize, value: u64): void {
  const ix = intLookup(Dict.keys(d), value);
  if (ix >= 0) Py.DECREF(removeEntry(d, value, ix));
}

/** 1 or 0 as the key is or is not in the dict; -1 with an exception. */
export function PyDict_Contains(d: usize, key: usize): i32 {
  const hash = Dict.hash(key);
  return hash == -1 ? -1 : _PyDict_Contains_KnownHash(d, key, hash);
}

/** As PyDict_Contains, the key's hash being known. */
export function _PyDict_Contains_KnownHash(d: usize, key: usize, hash: i64): i32 {
  const ix = lookupIndex(d, key, hash);
  if (ix == DKIX_ERROR) return -1;
  return ix >= 0 && Dict.valueOf(d, ix) != 0 ? 1 : 0;
}

/**
 * Removes a key: a new reference to its value; where it is missing, to `missing` (borrowed), or null where that is
 * null: then without an exception, where looking did not fail.
 */
export function PyDict_Pop(d: usize, key: usize, missing: usize): usize {
  if (Dict.used(d) == 0) return Py.XNewRef(missing);
  const hash = Dict.hash(key);
  if (hash == -1) return 0;
  const ix = lookupIndex(d, key, hash);
  if (ix == DKIX_ERROR) return 0;
  if (ix < 0 || Dict.valueOf(d, ix) == 0) return Py.XNewRef(missing);
  return removeEntry(d, hash, ix);
}

/** The value of a key, borrowed, after setting it to `value` (borrowed) where it was missing. Null: an exception. */
export function PyDict_SetDefault(d: usize, key: usize, value: usize): usize {
  const hash = Dict.hash(key);
  if (hash == -1) return 0;
  if (Dict.keys(d) == empty_keys) {
    return insertFirst(d, Py.NewRef(key), hash, Py.NewRef(value)) < 0 ? 0 : value;
  }
  const exact = Py.IS_TYPE(key, PyUnicode_Type);
  if (!exact && DK.isUnicode(Dict.keys(d)) && growForInsertion(d, false) < 0) return 0;
  if (Dict.values(d) != 0) {
    const ix = insertSplitKey(Dict.keys(d), key, hash);
    if (ix != DKIX_EMPTY) {
      const old = Values.get(Dict.values(d), ix);
      if (old != 0) return old;
      setSplitValue(d, key, Py.NewRef(value), ix);
      return value;
    }
    if (growForInsertion(d, true) < 0) return 0;
  }
  const ix = lookupIndex(d, key, hash);
  if (ix == DKIX_ERROR) return 0;
  if (ix >= 0) return Dict.valueOf(d, ix);
  Tracking.maintain(d, key, value);
  if (insertCombined(d, Py.NewRef(key), hash, Py.NewRef(value)) < 0) {
    Py.DECREF(key);
    Py.DECREF(value);
    return 0;
  }
  return value;
}

/** Removes and gives the newest item: a key and a value, new references, in the two slots at `out`; 0 where empty, -1. */
export function popNewest(d: usize, out: usize): i32 {
  if (Dict.used(d) == 0) return 0;
  if (Dict.values(d) != 0 && resize(d, DK.log2Size(Dict.keys(d)), true) < 0) return -1;
  const keys = Dict.keys(d);
  Dict.touch(d);
  PyDictKeysObject.at(keys).dk_version = 0;
  let i = DK.nentries(keys) - 1;
  while (PyDictUnicodeEntry.at(DK.pair(keys, i)).me_value == 0) i--;
  const pair = DK.pair(keys, i);
  Py.setItem(out, 0, PyDictUnicodeEntry.at(pair).me_key);
  Py.setItem(out, 1, PyDictUnicodeEntry.at(pair).me_value);
  const hash = DK.isUnicode(keys) ? DK.strHash(PyDictUnicodeEntry.at(pair).me_key) : DK.hash(pair);
  DK.setIndex(keys, slotOfEntry(keys, hash, i), DKIX_DUMMY);
  PyDictUnicodeEntry.at(pair).me_key = 0;
  PyDictUnicodeEntry.at(pair).me_value = 0;
  if (!DK.isUnicode(keys)) DK.setHash(pair, 0);
  // The entry may be used again: dk_usable stays, as the slot of the hash table does.
  PyDictKeysObject.at(keys).dk_nentries = i;
  Dict.setUsed(d, Dict.used(d) - 1);
  return 1;
}

/** Removes everything. Never fails. */
export function PyDict_Clear(d: usize): void {
  const keys = Dict.keys(d);
  const values = Dict.values(d);
  if (keys == empty_keys) return;
  Dict.touch(d);
  Dict.setUsed(d, 0);
  if (values == 0) {
    PyDictObject.at(d).ma_keys = empty_keys;
    DK.decref(keys);
    return;
  }
  // Emptied first: dropping a value may do anything to the dict.
  const n = DK.nentries(keys);
  if (Values.embedded(values)) {
    const dropped = Scratch.take(n);
    memory.copy(dropped, Values.slot(values, 0), (<usize>n) << 3);
    memory.fill(Values.slot(values, 0), 0, (<usize>n) << 3);
    PyDictValues.at(values).size = 0;
    for (let i: isize = 0; i < n; i++) Py.XDECREF(Py.item(dropped, i));
    Scratch.give(dropped);
    return;
  }
  PyDictObject.at(d).ma_values = 0;
  PyDictObject.at(d).ma_keys = empty_keys;
  for (let i: isize = 0; i < n; i++) Py.XDECREF(Values.get(values, i));
  PyMem_Free(values);
  DK.decref(keys);
}

/** Items of the dict. */
export function PyDict_Size(d: usize): isize {
  return Dict.used(d);
}

/**
 * Steps through the items: pass 0 first, then what it returned; 0 at the end. The dict must not change meanwhile,
 * except for values of keys that it has. The item is at PyDict_KeyAt, PyDict_ValueAt, PyDict_HashAt of the result.
 */
export function PyDict_Next(d: usize, pos: isize): isize {
  if (Dict.values(d) != 0) return pos < Dict.used(d) ? pos + 1 : 0;
  const keys = Dict.keys(d);
  const n = DK.nentries(keys);
  while (pos < n) {
    if (PyDictUnicodeEntry.at(DK.pair(keys, pos)).me_value != 0) return pos + 1;
    pos++;
  }
  return 0;
}

/** The index of the entry that PyDict_Next gave as `pos`. */
function entryAt(d: usize, pos: isize): isize {
  const values = Dict.values(d);
  return values != 0 ? <isize>load<u8>(Values.order(values) + <usize>(pos - 1)) : pos - 1;
}

/** The key of the item that PyDict_Next gave as `pos`, borrowed. */
export function PyDict_KeyAt(d: usize, pos: isize): usize {
  return PyDictUnicodeEntry.at(DK.pair(Dict.keys(d), entryAt(d, pos))).me_key;
}

/** The value of the item that PyDict_Next gave as `pos`, borrowed. */
export function PyDict_ValueAt(d: usize, pos: isize): usize {
  return Dict.valueOf(d, entryAt(d, pos));
}

/** The hash of the key of the item that PyDict_Next gave as `pos`. */
export function PyDict_HashAt(d: usize, pos: isize): i64 {
  const keys = Dict.keys(d);
  const pair = DK.pair(keys, entryAt(d, pos));
  return DK.isUnicode(keys) ? DK.strHash(PyDictUnicodeEntry.at(pair).me_key) : DK.hash(pair);
}

/** A copy of a combined table, keys and values counted once more; null with MemoryError. */
function cloneKeys(d: usize): usize {
  const keys = Dict.keys(d);
  const size = _PyDict_KeysSize(keys);
  const copy = PyMem_Malloc(size);
  if (copy == 0) return PyErr_NoMemory();
  memory.copy(copy, keys, size);
  const n = DK.nentries(copy);
  for (let i: isize = 0; i < n; i++) {
    const pair = DK.pair(copy, i);
    if (PyDictUnicodeEntry.at(pair).me_value != 0) {
      Py.INCREF(PyDictUnicodeEntry.at(pair).me_key);
      Py.INCREF(PyDictUnicodeEntry.at(pair).me_value);
    }
  }
  return copy;
}

/** A new dict with the same items, of exactly the type dict. Null with an exception. */
export function PyDict_Copy(d: usize): usize {
  if (Dict.used(d) == 0) return PyDict_New();
  const values = Dict.values(d);
  const keys = Dict.keys(d);
  if (values != 0) {
    const copied = copyValues(values);
    if (copied == 0) return PyErr_NoMemory();
    const n = Values.capacity(copied);
    for (let i: isize = 0; i < n; i++) Py.XINCREF(Values.get(copied, i));
    DK.incref(keys);
    // As in CPython, a split copy's block is a new one, never a kept one.
    const o = _PyObject_GC_New(PyDict_Type);
    if (o == 0) {
      for (let i: isize = 0; i < n; i++) Py.XDECREF(Values.get(copied, i));
      PyMem_Free(copied);
      DK.decref(keys);
      return 0;
    }
    const c = PyDictObject.at(o);
    c.ma_keys = keys;
    c.ma_values = copied;
    c.ma_used = Dict.used(d);
    Dict.touch(o);
    if (_PyObject_GC_IS_TRACKED(d)) _PyObject_GC_TRACK(o);
    return o;
  }
  if (Dict.plain(d) && Dict.used(d) >= (DK.nentries(keys) * 2) / 3) {
    const cloned = cloneKeys(d);
    if (cloned == 0) return 0;
    const o = newDict(cloned, 0, Dict.used(d));
    if (o != 0 && _PyObject_GC_IS_TRACKED(d)) _PyObject_GC_TRACK(o);
    return o;
  }
  const o = PyDict_New();
  if (o == 0 || mergeDict(o, d, 1) == 0) return o;
  Py.DECREF(o);
  return 0;
}

/** Adds the items of a plain dict. `replace`: 0 keeps what is there, 1 replaces it, 2 raises KeyError. */
function mergePlain(d: usize, other: usize, replace: i32): i32 {
  if (other == d || Dict.used(other) == 0) return 0;
  const okeys = Dict.keys(other);
  if (Dict.used(d) == 0) {
    replace = 1;
    const clean = Dict.values(d) == 0 && Dict.values(other) == 0 && Dict.used(other) == DK.nentries(okeys);
    if (clean && (DK.log2Size(okeys) == PyDict_LOG_MINSIZE || usableFraction(DK.size(okeys) / 2) < Dict.used(other))) {
      const keys = cloneKeys(other);
      if (keys == 0) return -1;
      Dict.touch(d);
      const old = Dict.keys(d);
      PyDictObject.at(d).ma_keys = keys;
      Dict.setUsed(d, Dict.used(other));
      DK.decref(old);
      if (_PyObject_GC_IS_TRACKED(other) && !_PyObject_GC_IS_TRACKED(d)) _PyObject_GC_TRACK(d);
      return 0;
    }
  }
  if (usableFraction(DK.size(Dict.keys(d))) < Dict.used(other)) {
    if (resize(d, estimateLog2Size(Dict.used(d) + Dict.used(other)), DK.isUnicode(okeys)) < 0) return -1;
  }
  const size = DK.nentries(okeys);
  let pos: isize = 0;
  while ((pos = PyDict_Next(other, pos)) != 0) {
    const key = Py.NewRef(PyDict_KeyAt(other, pos));
    const value = Py.NewRef(PyDict_ValueAt(other, pos));
    const hash = PyDict_HashAt(other, pos);
    let r: i32 = replace == 1 ? 0 : _PyDict_Contains_KnownHash(d, key, hash);
    if (r == 0) r = insertDict(d, Py.NewRef(key), hash, Py.NewRef(value));
    else if (r > 0) {
      r = 0;
      if (replace == 2) {
        _PyErr_SetKeyError(key);
        r = -1;
      }
    }
    Py.DECREF(value);
    Py.DECREF(key);
    if (r < 0) return -1;
    if (size != DK.nentries(Dict.keys(other))) return PyErr_Fail(PyExc_RuntimeError, "dict mutated during update");
  }
  return 0;
}

/** Adds the items of a mapping through keys() and item access. */
function mergeMapping(d: usize, other: usize, replace: i32): i32 {
  const keys = PyMapping_Keys(other);
  if (keys == 0) return -1;
  const it = PyObject_GetIter(keys);
  Py.DECREF(keys);
  if (it == 0) return -1;
  let r = 0;
  while (r == 0) {
    const key = PyIter_Next(it);
    if (key == 0) break;
    const has = replace == 1 ? 0 : PyDict_Contains(d, key);
    if (has == 0) {
      const value = PyObject_GetItem(other, key);
      if (value == 0) r = -1;
      else {
        r = PyDict_SetItem(d, key, value);
        Py.DECREF(value);
      }
    } else if (has < 0) r = -1;
    else if (replace == 2) {
      _PyErr_SetKeyError(key);
      r = -1;
    }
    Py.DECREF(key);
  }
  Py.DECREF(it);
  return r < 0 || PyErr_Occurred() ? -1 : 0;
}

function mergeDict(d: usize, other: usize, replace: i32): i32 {
  return Dict.plain(other) ? mergePlain(d, other, replace) : mergeMapping(d, other, replace);
}

/** Adds the items of a dict or mapping, replacing values of keys that are there. -1 with an exception. */
export function PyDict_Update(d: usize, other: usize): i32 {
  return mergeDict(d, other, 1);
}

/** As PyDict_Update; where `replace` is 0, keys that are there keep their values. */
export function PyDict_Merge(d: usize, other: usize, replace: i32): i32 {
  return mergeDict(d, other, replace != 0 ? 1 : 0);
}

/** As PyDict_Merge; where `replace` is 2, a key that is there raises KeyError(key). */
export function _PyDict_MergeEx(d: usize, other: usize, replace: i32): i32 {
  return mergeDict(d, other, replace);
}

/** Adds `n` keys from an iterator of `fromkeys`, whose source is a plain dict or set: room is made at once. */
export function presize(d: usize, n: isize, unicode: bool): i32 {
  return resize(d, estimateLog2Size(n), unicode);
}

/** Bytes of the dict itself, as sys.getsizeof counts them without the gc head. */
export function _PyDict_SizeOf(d: usize): usize {
  let size = <usize>PyTypeObject.at(Py.TYPE(d)).tp_basicsize;
  const keys = Dict.keys(d);
  if (Dict.values(d) != 0) size += <usize>(DK.usable(keys) + DK.nentries(keys)) * 8;
  if (PyDictKeysObject.at(keys).dk_refcnt == 1) size += _PyDict_KeysSize(keys);
  return size;
}
