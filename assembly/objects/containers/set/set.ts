// set and frozenset, their table (CPython 3.13's Objects/setobject.c).
//
// `table` is the address of the slots: `smalltable`, eight of them, or memory of its own. In an empty slot key and hash
// are 0; where an item was removed the key is `set_dummy`, the hash -1.
// Invariant: fewer than three fifths of the slots are used, so every probe sequence meets an empty one.

import {
  PyASCIIObject,
  PySetObject,
  PySetObject_fill,
  PySetObject_weakreflist,
  PyTypeObject,
  SIZEOF_setentry,
  setentry,
} from "../../../generated/layouts";
import {
  PyBaseObject_Type,
  PyDict_Type,
  PyExc_KeyError,
  PyFrozenSet_Type,
  PySet_Type,
  PyUnicode_Type,
  set_dummy,
} from "../../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../../memory/pymem";
import { Scratch } from "../../../thread/scratch";
import { PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../errors/raise";
import { Py_EQ } from "../../object/flags";
import { PyObject_GC_UnTrack } from "../../object/gchead";
import { initImmortal, Py, Visit } from "../../object/head";
import { PyObject_Hash, PyObject_RichCompareBool } from "../../protocol/compare";
import { PyIter_Next, PyObject_GetIter } from "../../protocol/iterator";
import { _PyUnicode_Equal } from "../../text/compare";
import { PyType_IsSubtype } from "../../types/lookup";
import { PyObject_ClearWeakRefs } from "../../weak/weakref";
import { Dict, PyDict_HashAt, PyDict_KeyAt, PyDict_Next } from "../dict/dict";

const LINEAR_PROBES: usize = 9;
const MINSIZE: usize = 8;
const SMALLTABLE_BYTES: usize = MINSIZE * SIZEOF_setentry;

export class SetObject {
  @inline static fill(s: usize): isize {
    return PySetObject.at(s).fill;
  }

  /** Members. */
  @inline static used(s: usize): isize {
    return PySetObject.at(s).used;
  }

  @inline static mask(s: usize): usize {
    return <usize>PySetObject.at(s).mask;
  }

  @inline static table(s: usize): usize {
    return PySetObject.at(s).table;
  }

  /** Address of slot `i`. */
  @inline static slot(s: usize, i: usize): usize {
    return PySetObject.at(s).table + i * SIZEOF_setentry;
  }

  /** Whether it is exactly a set or a frozenset. */
  @inline static exact(o: usize): bool {
    const t = Py.TYPE(o);
    return t == PySet_Type || t == PyFrozenSet_Type;
  }

  /** PyAnySet_Check. */
  @inline static check(o: usize): bool {
    const t = Py.TYPE(o);
    return (
      t == PySet_Type ||
      t == PyFrozenSet_Type ||
      PyType_IsSubtype(t, PySet_Type) ||
      PyType_IsSubtype(t, PyFrozenSet_Type)
    );
  }

  @inline static isFrozen(o: usize): bool {
    const t = Py.TYPE(o);
    return t == PyFrozenSet_Type || PyType_IsSubtype(t, PyFrozenSet_Type);
  }

  /** Whether a slot's key is a member. */
  @inline static live(key: usize): bool {
    return key != 0 && key != set_dummy;
  }

  @inline static hash(key: usize): i64 {
    return Py.IS_TYPE(key, PyUnicode_Type) && PyASCIIObject.at(key).hash != -1
      ? PyASCIIObject.at(key).hash
      : PyObject_Hash(key);
  }

  @inline static setCounts(s: usize, fill: isize, used: isize): void {
    PySetObject.at(s).fill = fill;
    PySetObject.at(s).used = used;
  }
}

/** Makes the object that stands for removed members. */
export function initSetDummy(): void {
  initImmortal(set_dummy, PyBaseObject_Type);
}

/** What lookup gives where a key to be added was found equal to a member, wherever that is now. */
const FOUND: usize = 1;

/**
 * The slot of a key, or the empty one where it would go; null with an exception. To add a key, the last removed slot on
 * the way is given instead of the empty one, and FOUND where a member was equal, though comparing may have removed it.
 */
function lookup(s: usize, key: usize, hash: i64, adding: bool): usize {
  for (;;) {
    const table = SetObject.table(s);
    const mask = SetObject.mask(s);
    let i = <usize>hash & mask;
    let perturb = <u64>hash;
    let changed = false;
    let free: usize = 0;
    while (!changed) {
      let e = table + (i << 4);
      let probes = i + LINEAR_PROBES <= mask ? LINEAR_PROBES : 0;
      for (;;) {
        const h = setentry.at(e).hash;
        const other = setentry.at(e).key;
        if (h == 0 && other == 0) return adding && free != 0 ? free : e;
        if (h == -1) free = e;
        else if (h == hash) {
          if (other == key) return e;
          const bothStr = Py.IS_TYPE(other, PyUnicode_Type) && Py.IS_TYPE(key, PyUnicode_Type);
          if (bothStr) {
            if (_PyUnicode_Equal(other, key)) return e;
          } else {
            Py.INCREF(other);
            const equal = PyObject_RichCompareBool(other, key, Py_EQ);
            Py.DECREF(other);
            if (equal < 0) return 0;
            if (equal > 0 && adding) return FOUND;
            if (SetObject.table(s) != table || SetObject.mask(s) != mask || setentry.at(e).key != other) {
              changed = true;
              break;
            }
            if (equal) return e;
          }
        }
        if (probes-- == 0) break;
        e += 16;
      }
      perturb >>= 5;
      i = (i * 5 + 1 + <usize>perturb) & mask;
    }
  }
  return unreachable();
}

/** Adds a key; it is stolen, also where that fails or it is there already. -1 with an exception. */
export function setAddEntry(s: usize, key: usize, hash: i64): i32 {
  const e = lookup(s, key, hash, true);
  const old = e == 0 || e == FOUND ? 0 : setentry.at(e).key;
  if (e == 0 || e == FOUND || SetObject.live(old)) {
    Py.DECREF(key);
    return e == 0 ? -1 : 0;
  }
  if (old == set_dummy) {
    PySetObject.at(s).used = SetObject.used(s) + 1;
    setentry.at(e).key = key;
    setentry.at(e).hash = hash;
    return 0;
  }
  const fill = SetObject.fill(s) + 1;
  const used = SetObject.used(s) + 1;
  SetObject.setCounts(s, fill, used);
  setentry.at(e).key = key;
  setentry.at(e).hash = hash;
  if (<u64>fill * 5 < <u64>SetObject.mask(s) * 3) return 0;
  return setResize(s, used > 50000 ? <usize>used * 2 : <usize>used * 4);
}

/** Enters a key that the table is known not to have; the table has no removed slots. */
function insertClean(table: usize, mask: usize, key: usize, hash: i64): void {
  let perturb = <u64>hash;
  let i = <usize>hash & mask;
  for (;;) {
    let e = table + (i << 4);
    let probes = i + LINEAR_PROBES <= mask ? LINEAR_PROBES : 0;
    for (;;) {
      if (setentry.at(e).key == 0) {
        setentry.at(e).key = key;
        setentry.at(e).hash = hash;
        return;
      }
      if (probes-- == 0) break;
      e += 16;
    }
    perturb >>= 5;
    i = (i * 5 + 1 + <usize>perturb) & mask;
  }
}

/** Moves the members to a table of more than `minused` slots. -1 with MemoryError. */
function setResize(s: usize, minused: usize): i32 {
  if (minused > 0x04000000) {
    PyErr_NoMemory();
    return -1;
  }
  let size = MINSIZE;
  while (size <= minused) size <<= 1;
  let old = SetObject.table(s);
  const oldMask = SetObject.mask(s);
  const small = PySetObject.at(s).smalltable;
  const oldIsOwn = old != small;
  let table = small;
  let copy: usize = 0;
  if (size == MINSIZE) {
    if (!oldIsOwn) {
      if (SetObject.fill(s) == SetObject.used(s)) return 0;
      copy = Scratch.take(16);
      memory.copy(copy, old, 128);
      old = copy;
    }
  } else {
    table = PyMem_Malloc(size << 4);
    if (table == 0) {
      PyErr_NoMemory();
      return -1;
    }
  }
  memory.fill(table, 0, size << 4);
  PySetObject.at(s).mask = size - 1;
  PySetObject.at(s).table = table;
  PySetObject.at(s).fill = SetObject.used(s);
  for (let i: usize = 0; i <= oldMask; i++) {
    const key = setentry.at(old + i * SIZEOF_setentry).key;
    if (SetObject.live(key)) insertClean(table, size - 1, key, setentry.at(old + i * SIZEOF_setentry).hash);
  }
  if (copy != 0) Scratch.give(copy);
  if (oldIsOwn) PyMem_Free(old);
  return 0;
}

/** Orders the members anew after their hashes have changed. -1 with MemoryError or what hashing a member raised. */
export function rehashSet(s: usize): i32 {
  const mask = SetObject.mask(s);
  for (let i: usize = 0; i <= mask; i++) {
    const e = SetObject.table(s) + (i << 4);
    if (!SetObject.live(setentry.at(e).key)) continue;
    const hash = SetObject.hash(setentry.at(e).key);
    if (hash == -1) return -1;
    setentry.at(e).hash = hash;
  }
  // A removed slot makes the table's fill differ, and an equally small table is then made anew too.
  if (mask < MINSIZE) SetObject.setCounts(s, SetObject.used(s) + 1, SetObject.used(s));
  return setResize(s, mask);
}

/** Moves the members to a table without removed slots where those are more than a quarter. -1 with MemoryError. */
export function setShrink(s: usize): i32 {
  const used = SetObject.used(s);
  if (<usize>(SetObject.fill(s) - used) <= SetObject.mask(s) / 4) return 0;
  return setResize(s, used > 50000 ? <usize>used * 2 : <usize>used * 4);
}

/** Whether a key with this hash is a member; -1 with an exception. */
export function setContainsEntry(s: usize, key: usize, hash: i64): i32 {
  const e = lookup(s, key, hash, false);
  return e == 0 ? -1 : setentry.at(e).key != 0 ? 1 : 0;
}

/** Removes a key: 1 where it was a member, 0 where not; -1 with an exception. */
export function setDiscardEntry(s: usize, key: usize, hash: i64): i32 {
  const e = lookup(s, key, hash, false);
  if (e == 0) return -1;
  const old = setentry.at(e).key;
  if (old == 0) return 0;
  setentry.at(e).key = set_dummy;
  setentry.at(e).hash = -1;
  PySetObject.at(s).used = SetObject.used(s) - 1;
  Py.DECREF(old);
  return 1;
}

/** Adds a key, borrowed. -1 with an exception. */
export function setAddKey(s: usize, key: usize): i32 {
  const hash = SetObject.hash(key);
  return hash == -1 ? -1 : setAddEntry(s, Py.NewRef(key), hash);
}

/** PySet_Add: also fills a new frozenset. -1 with an exception. */
export function PySet_Add(s: usize, key: usize): i32 {
  return setAddKey(s, key);
}

/** 1 or 0 as the key is or is not a member; -1 with an exception. */
export function PySet_Contains(s: usize, key: usize): i32 {
  const hash = SetObject.hash(key);
  return hash == -1 ? -1 : setContainsEntry(s, key, hash);
}

/** 1 where the key was a member and is removed, 0 where not; -1 with an exception. */
export function PySet_Discard(s: usize, key: usize): i32 {
  const hash = SetObject.hash(key);
  return hash == -1 ? -1 : setDiscardEntry(s, key, hash);
}

/** Members. */
export function PySet_Size(s: usize): isize {
  return SetObject.used(s);
}

/** Steps through the members: pass 0 first, then what it returned; 0 at the end. */
export function _PySet_NextEntry(s: usize, pos: isize): isize {
  const mask = <isize>SetObject.mask(s);
  while (pos <= mask) {
    if (SetObject.live(setentry.at(SetObject.slot(s, <usize>pos)).key)) return pos + 1;
    pos++;
  }
  return 0;
}

/** The member that _PySet_NextEntry gave as `pos`, borrowed. */
export function _PySet_KeyAt(s: usize, pos: isize): usize {
  return setentry.at(SetObject.slot(s, <usize>pos - 1)).key;
}

/** The hash of the member that _PySet_NextEntry gave as `pos`. */
export function _PySet_HashAt(s: usize, pos: isize): i64 {
  return setentry.at(SetObject.slot(s, <usize>pos - 1)).hash;
}

/** Adds the members of another set. -1 with an exception. */
export function setMerge(s: usize, other: usize): i32 {
  const n = SetObject.used(other);
  if (other == s || n == 0) return 0;
  if (<u64>(SetObject.fill(s) + n) * 5 >= <u64>SetObject.mask(s) * 3) {
    if (setResize(s, <usize>(SetObject.used(s) + n) * 2) < 0) return -1;
  }
  const mask = SetObject.mask(other);
  const empty = SetObject.fill(s) == 0;
  if (empty && SetObject.mask(s) == mask && SetObject.fill(other) == n) {
    for (let i: usize = 0; i <= mask; i++) {
      const e = SetObject.slot(other, i);
      if (setentry.at(e).key == 0) continue;
      setentry.at(SetObject.slot(s, i)).key = Py.NewRef(setentry.at(e).key);
      setentry.at(SetObject.slot(s, i)).hash = setentry.at(e).hash;
    }
    SetObject.setCounts(s, n, n);
    return 0;
  }
  if (empty) {
    SetObject.setCounts(s, n, n);
    for (let i: usize = 0; i <= mask; i++) {
      const e = SetObject.slot(other, i);
      const key = setentry.at(e).key;
      if (SetObject.live(key)) insertClean(SetObject.table(s), SetObject.mask(s), Py.NewRef(key), setentry.at(e).hash);
    }
    return 0;
  }
  // Comparing keys may change the other set: its table is read anew for each.
  for (let i: usize = 0; i <= SetObject.mask(other); i++) {
    const e = SetObject.slot(other, i);
    const key = setentry.at(e).key;
    if (SetObject.live(key) && setAddEntry(s, Py.NewRef(key), setentry.at(e).hash) < 0) return -1;
  }
  return 0;
}

/** Adds the members of an iterable. -1 with an exception. */
export function _PySet_Update(s: usize, iterable: usize): i32 {
  if (SetObject.check(iterable)) return setMerge(s, iterable);
  if (Py.IS_TYPE(iterable, PyDict_Type)) {
    const n = Dict.used(iterable);
    if (<u64>(SetObject.fill(s) + n) * 5 >= <u64>SetObject.mask(s) * 3) {
      if (setResize(s, <usize>(SetObject.used(s) + n) * 2) < 0) return -1;
    }
    let pos: isize = 0;
    while ((pos = PyDict_Next(iterable, pos)) != 0) {
      if (setAddEntry(s, Py.NewRef(PyDict_KeyAt(iterable, pos)), PyDict_HashAt(iterable, pos)) < 0) return -1;
    }
    return 0;
  }
  const it = PyObject_GetIter(iterable);
  if (it == 0) return -1;
  let r = 0;
  while (r == 0) {
    const key = PyIter_Next(it);
    if (key == 0) break;
    r = setAddKey(s, key);
    Py.DECREF(key);
  }
  Py.DECREF(it);
  return r < 0 || PyErr_Occurred() ? -1 : 0;
}

/** A new set of `type` (set, frozenset or a subclass) with the members of an iterable, or none. Null: an exception. */
export function makeNewSet(type: usize, iterable: usize): usize {
  const s = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, 0);
  if (s == 0) return 0;
  const o = PySetObject.at(s);
  o.mask = <isize>(MINSIZE - 1);
  o.table = PySetObject.at(s).smalltable;
  o.hash = -1;
  if (iterable != 0 && _PySet_Update(s, iterable) < 0) {
    Py.DECREF(s);
    return 0;
  }
  return s;
}

/** A new set or frozenset, as `o` is one or the other, of exactly that type. */
export function makeNewLike(o: usize, iterable: usize): usize {
  return makeNewSet(SetObject.isFrozen(o) ? PyFrozenSet_Type : PySet_Type, iterable);
}

/** A new set with the members of an iterable (null: none). Null with an exception. */
export function PySet_New(iterable: usize): usize {
  return makeNewSet(PySet_Type, iterable);
}

/** A new frozenset with the members of an iterable (null: none). Null with an exception. */
export function PyFrozenSet_New(iterable: usize): usize {
  return makeNewSet(PyFrozenSet_Type, iterable);
}

/** Removes all members. Never fails. */
export function setClear(s: usize): void {
  const table = SetObject.table(s);
  const own = table != PySetObject.at(s).smalltable;
  if (!own && SetObject.fill(s) == 0) return;
  const n = SetObject.mask(s) + 1;
  let old = table;
  if (!own) {
    // Members are dropped last: that may look at the set.
    old = Scratch.take(<isize>(SMALLTABLE_BYTES >> 3));
    memory.copy(old, table, SMALLTABLE_BYTES);
  }
  memory.fill(PySetObject.at(s).smalltable, 0, SMALLTABLE_BYTES);
  SetObject.setCounts(s, 0, 0);
  PySetObject.at(s).mask = MINSIZE - 1;
  PySetObject.at(s).table = PySetObject.at(s).smalltable;
  PySetObject.at(s).hash = -1;
  for (let i: usize = 0; i < n; i++) {
    const key = setentry.at(old + i * SIZEOF_setentry).key;
    if (SetObject.live(key)) Py.DECREF(key);
  }
  if (own) PyMem_Free(old);
  else Scratch.give(old);
}

/** Exchanges the contents of two sets of one type. */
export function setSwap(a: usize, b: usize): void {
  const ownA = SetObject.table(a) != PySetObject.at(a).smalltable;
  const ownB = SetObject.table(b) != PySetObject.at(b).smalltable;
  // All but heads and weak references.
  const bytes = PySetObject_weakreflist - PySetObject_fill;
  const t = Scratch.take(<isize>(bytes >> 3));
  memory.copy(t, a + PySetObject_fill, bytes);
  memory.copy(a + PySetObject_fill, b + PySetObject_fill, bytes);
  memory.copy(b + PySetObject_fill, t, bytes);
  Scratch.give(t);
  if (!ownB) PySetObject.at(a).table = PySetObject.at(a).smalltable;
  if (!ownA) PySetObject.at(b).table = PySetObject.at(b).smalltable;
  if (!SetObject.isFrozen(a) || !SetObject.isFrozen(b)) {
    PySetObject.at(a).hash = -1;
    PySetObject.at(b).hash = -1;
  }
}

/** tp_dealloc of set and frozenset. */
export function set_dealloc(s: usize): void {
  PyObject_GC_UnTrack(s);
  if (PySetObject.at(s).weakreflist != 0) PyObject_ClearWeakRefs(s);
  const n = SetObject.mask(s) + 1;
  let left = SetObject.used(s);
  for (let i: usize = 0; i < n && left > 0; i++) {
    const key = setentry.at(SetObject.slot(s, i)).key;
    if (SetObject.live(key)) {
      left--;
      Py.DECREF(key);
    }
  }
  if (SetObject.table(s) != PySetObject.at(s).smalltable) PyMem_Free(SetObject.table(s));
  call_indirect<void>(PyTypeObject.at(Py.TYPE(s)).tp_free, s);
}

export function set_traverse(s: usize, visit: u32, arg: usize): i32 {
  let pos: isize = 0;
  while ((pos = _PySet_NextEntry(s, pos)) != 0) {
    const r = Visit.call(_PySet_KeyAt(s, pos), visit, arg);
    if (r != 0) return r;
  }
  return 0;
}

export function set_tp_clear(s: usize): i32 {
  setClear(s);
  return 0;
}

/** Removes and gives some member: a new reference. Null with KeyError. */
export function setPop(s: usize): usize {
  if (SetObject.used(s) == 0) return PyErr_SetString(PyExc_KeyError, "pop from an empty set");
  const mask = SetObject.mask(s);
  let i = <usize>PySetObject.at(s).finger & mask;
  while (!SetObject.live(setentry.at(SetObject.slot(s, i)).key)) i = (i + 1) & mask;
  const e = SetObject.slot(s, i);
  const key = setentry.at(e).key;
  setentry.at(e).key = set_dummy;
  setentry.at(e).hash = -1;
  PySetObject.at(s).used = SetObject.used(s) - 1;
  PySetObject.at(s).finger = <isize>i + 1;
  return key;
}
