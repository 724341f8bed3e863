// The memo of a pickler: which objects are in the pickle already, by address, and their numbers (CPython 3.13's
// Modules/_pickle.c, PyMemoTable).
//
// Invariant: at least a third of the entries are free, so that a search ends. Each key is a reference that the table owns.

import { PyMemoEntry, PyMemoTable, SIZEOF_PyMemoEntry, SIZEOF_PyMemoTable } from "../../generated/layouts";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyDict_New, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { PyErr_NoMemory } from "../../objects/errors/raise";
import { PyLong_FromSsize_t, PyLong_FromVoidPtr } from "../../objects/numbers/int/create";
import { Py, Visit } from "../../objects/object/head";

const MT_MINSIZE: isize = 8;
const PERTURB_SHIFT: usize = 5;

/** A block of entries, all free; null with MemoryError. */
function newEntries(n: isize): usize {
  const bytes = <usize>n * SIZEOF_PyMemoEntry;
  const entries = PyMem_Malloc(bytes);
  if (entries == 0) return PyErr_NoMemory();
  memory.fill(entries, 0, bytes);
  return entries;
}

/** A new table; null with MemoryError. */
export function newMemo(): usize {
  const t = PyMem_Malloc(SIZEOF_PyMemoTable);
  if (t == 0) return PyErr_NoMemory();
  const entries = newEntries(MT_MINSIZE);
  if (entries == 0) {
    PyMem_Free(t);
    return 0;
  }
  setEntries(t, entries, MT_MINSIZE, 0);
  return t;
}

function setEntries(t: usize, entries: usize, n: isize, used: isize): void {
  const m = PyMemoTable.at(t);
  m.mt_table = entries;
  m.mt_allocated = n;
  m.mt_mask = n - 1;
  m.mt_used = used;
}

/** Address of entry `i` of the entries. */
function entryAt(entries: usize, i: usize): usize {
  return entries + i * SIZEOF_PyMemoEntry;
}

/** The entry of the key, or the free one where it would be. */
function lookup(t: usize, key: usize): usize {
  const mask = <usize>PyMemoTable.at(t).mt_mask;
  const entries = PyMemoTable.at(t).mt_table;
  const hash = key >> 3;
  let i = hash;
  let perturb = hash;
  while (true) {
    const entry = entryAt(entries, i & mask);
    const found = PyMemoEntry.at(entry).me_key;
    if (found == 0 || found == key) return entry;
    i = (i << 2) + i + perturb + 1;
    perturb >>= PERTURB_SHIFT;
  }
}

/** The entry of the key; null where it has none. */
export function memoFind(t: usize, key: usize): usize {
  const entry = lookup(t, key);
  return PyMemoEntry.at(entry).me_key == 0 ? 0 : entry;
}

/** Gives the key a number; -1 with MemoryError. */
export function memoSet(t: usize, key: usize, value: isize): i32 {
  const entry = PyMemoEntry.at(lookup(t, key));
  entry.me_value = value;
  if (entry.me_key != 0) return 0;
  entry.me_key = Py.NewRef(key);
  const m = PyMemoTable.at(t);
  const used = m.mt_used + 1;
  m.mt_used = used;
  return used * 3 < m.mt_allocated * 2 ? 0 : resize(t, (used > 50000 ? 2 : 4) * used);
}

function resize(t: usize, least: isize): i32 {
  const m = PyMemoTable.at(t);
  let n = MT_MINSIZE;
  while (n < least) n <<= 1;
  const old = m.mt_table;
  const count = m.mt_allocated;
  const entries = n > 0x7ffffff ? PyErr_NoMemory() : newEntries(n);
  if (entries == 0) return -1;
  setEntries(t, entries, n, m.mt_used);
  for (let i: usize = 0; i < <usize>count; i++) {
    const from = PyMemoEntry.at(entryAt(old, i));
    if (from.me_key == 0) continue;
    const to = PyMemoEntry.at(lookup(t, from.me_key));
    to.me_key = from.me_key;
    to.me_value = from.me_value;
  }
  PyMem_Free(old);
  return 0;
}

/** Drops the keys of entries that belong to no table any more, and frees them. */
function dropEntries(entries: usize, n: isize): void {
  for (let i: usize = 0; i < <usize>n; i++) Py.XDECREF(PyMemoEntry.at(entryAt(entries, i)).me_key);
  PyMem_Free(entries);
}

/** Forgets all; -1 with MemoryError. */
export function memoClear(t: usize): i32 {
  const m = PyMemoTable.at(t);
  const old = m.mt_table;
  const count = m.mt_allocated;
  const entries = newEntries(MT_MINSIZE);
  if (entries == 0) return -1;
  setEntries(t, entries, MT_MINSIZE, 0);
  dropEntries(old, count);
  return 0;
}

/** Ends the table, which nobody can reach any more; nothing to do for null. */
export function freeMemo(t: usize): void {
  if (t == 0) return;
  const entries = PyMemoTable.at(t).mt_table;
  const n = PyMemoTable.at(t).mt_allocated;
  PyMem_Free(t);
  dropEntries(entries, n);
}

/** A new table with the same contents; null with MemoryError. */
export function copyMemo(t: usize): usize {
  const r = newMemo();
  if (r == 0) return 0;
  const m = PyMemoTable.at(t);
  const entries = newEntries(m.mt_allocated);
  if (entries == 0) {
    freeMemo(r);
    return 0;
  }
  const empty = PyMemoTable.at(r).mt_table;
  memory.copy(entries, m.mt_table, <usize>m.mt_allocated * SIZEOF_PyMemoEntry);
  for (let i: usize = 0; i < <usize>m.mt_allocated; i++) Py.XINCREF(PyMemoEntry.at(entryAt(entries, i)).me_key);
  setEntries(r, entries, m.mt_allocated, m.mt_used);
  PyMem_Free(empty);
  return r;
}

/** Visits the keys, of a table or of null. */
export function memoTraverse(t: usize, visit: u32, arg: usize): i32 {
  if (t == 0) return 0;
  const n = PyMemoTable.at(t).mt_allocated;
  for (let i: usize = 0; i < <usize>n; i++) {
    const r = Visit.call(PyMemoEntry.at(entryAt(PyMemoTable.at(t).mt_table, i)).me_key, visit, arg);
    if (r != 0) return r;
  }
  return 0;
}

/** A new dict of pairs (number, object) by address; null with an exception. */
export function memoDict(t: usize): usize {
  const dict = PyDict_New();
  if (dict == 0 || t == 0) return dict;
  const n = PyMemoTable.at(t).mt_allocated;
  for (let i: usize = 0; i < <usize>n; i++) {
    const entry = PyMemoEntry.at(entryAt(PyMemoTable.at(t).mt_table, i));
    if (entry.me_key == 0) continue;
    const key = PyLong_FromVoidPtr(entry.me_key);
    const number = key == 0 ? 0 : PyLong_FromSsize_t(entry.me_value);
    const pair = number == 0 ? 0 : PyTuple_Pack2(number, entry.me_key);
    const status = pair == 0 ? -1 : PyDict_SetItem(dict, key, pair);
    Py.XDECREF(pair);
    Py.XDECREF(number);
    Py.XDECREF(key);
    if (status < 0) {
      Py.DECREF(dict);
      return 0;
    }
  }
  return dict;
}
