// Interned strings: one object for each text, so that names compare by address (CPython 3.13's
// Objects/unicodeobject.c, intern_common). Immortal names of the runtime are found in a table of the static area,
// built once; all others are in the dict `interned`, which does not count its two references to a mortal string: the
// string's deallocator takes it out.
//
// Deliberate difference: CPython's table of static strings is a hash table with chains; ours probes linearly.

import { PyASCIIObject, PyDictObject, PyObject, SIZEOF_PyASCIIObject } from "../../generated/layouts";
import { objectsRoots } from "../../generated/runtime";
import {
  empty_string,
  IDENTIFIER_COUNT,
  IDENTIFIERS_START,
  identifierText,
  PyUnicode_Type,
} from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { PyDict_KeyAt, PyDict_New, PyDict_Next, PyDict_Pop, PyDict_SetDefault } from "../containers/dict/dict";
import { staticAlloc } from "../define/tables";
import { PyErr_Clear } from "../errors/raise";
import { IMMORTAL_REFCNT, Py } from "../object/head";
import { SSTATE_INTERNED_IMMORTAL, SSTATE_INTERNED_MORTAL, SSTATE_NOT_INTERNED, U } from "./access";
import { _PyUnicode_Equal, unicode_hash } from "./compare";
import {
  cstringLength,
  initStaticString,
  latin1Character,
  PyUnicode_FromLiteral,
  PyUnicode_FromString,
} from "./create";

const TABLE_SIZE: usize = 1024;

/** Makes the immortal strings and their table. Before any string is made; the hash key must have been chosen. */
export function initStaticStrings(): void {
  initStaticString(empty_string, 0, 0, true);
  const c = staticAlloc(16);
  for (let i: u32 = 0; i < 256; i++) {
    store<u8>(c, i);
    initStaticString(latin1Character(i), c, 1, i < 128);
  }
  let text = identifierText;
  let o = IDENTIFIERS_START;
  assert(IDENTIFIER_COUNT < <i32>TABLE_SIZE / 2);
  for (let i = 0; i < IDENTIFIER_COUNT; i++) {
    const n = cstringLength(text);
    initStaticString(o, text, n, true);
    text += <usize>n + 1;
    o += identifierSize(n);
  }
  objectsRoots.id_strings = staticAlloc(TABLE_SIZE * 8);
  hashStaticStrings();
}

/** Bytes between an identifier of `n` characters and the next. */
function identifierSize(n: isize): usize {
  return (SIZEOF_PyASCIIObject + <usize>n + 1 + 15) & ~15;
}

/** The hash of a static string, computed now. */
function hashAnew(s: usize): i64 {
  PyASCIIObject.at(s).hash = -1;
  return unicode_hash(s);
}

/** Hashes the immortal strings with the process's key and fills their table. */
export function hashStaticStrings(): void {
  const table = objectsRoots.id_strings;
  memory.fill(table, 0, TABLE_SIZE * 8);
  let o = IDENTIFIERS_START;
  for (let i = 0; i < IDENTIFIER_COUNT; i++) {
    let slot = <usize>hashAnew(o) & (TABLE_SIZE - 1);
    while (load<u32>(table + slot * 8) != 0) slot = (slot + 1) & (TABLE_SIZE - 1);
    store<u64>(table + slot * 8, o);
    o += identifierSize(U.length(o));
  }
  hashAnew(empty_string);
  for (let i: u32 = 0; i < 128; i++) {
    hashAnew(latin1Character(i));
    hashAnew(latin1Character(128 + i));
  }
}

/** The immortal string equal to `s`, borrowed; null where there is none. */
function staticString(s: usize): usize {
  const n = U.length(s);
  if (n == 0) return empty_string;
  if (n == 1 && U.kind(s) == 1) return latin1Character(U.at(s, 0));
  if (!U.isAscii(s)) return 0;
  const table = objectsRoots.id_strings;
  let slot = <usize>unicode_hash(s) & (TABLE_SIZE - 1);
  for (;;) {
    const o = load<u32>(table + slot * 8);
    if (o == 0) return 0;
    if (_PyUnicode_Equal(o, s)) return o;
    slot = (slot + 1) & (TABLE_SIZE - 1);
  }
  return unreachable();
}

function setInterned(s: usize, state: u32): void {
  PyASCIIObject.at(s).state = (U.state(s) & ~3) | state;
}

/** Makes an interned mortal string immortal; the interned dict's references are counted no more. */
function immortalize(s: usize): void {
  if (Py.isImmortal(s)) return;
  PyObject.at(s).ob_refcnt = IMMORTAL_REFCNT;
  setInterned(s, SSTATE_INTERNED_IMMORTAL);
}

function intern(slot: usize, immortal: bool): void {
  const s = load<u32>(slot);
  if (s == 0 || !Py.IS_TYPE(s, PyUnicode_Type)) return;
  if (U.interned(s) != SSTATE_NOT_INTERNED) {
    if (immortal && U.interned(s) == SSTATE_INTERNED_MORTAL) immortalize(s);
    return;
  }
  const shared = staticString(s);
  if (shared != 0) {
    store<u64>(slot, shared);
    Py.DECREF(s);
    return;
  }
  let interned = objectsRoots.interned;
  if (interned == 0) {
    interned = PyDict_New();
    if (interned == 0) {
      PyErr_Clear();
      return;
    }
    objectsRoots.interned = interned;
  }
  const t = PyDict_SetDefault(interned, s, s);
  if (t == 0) {
    // As in CPython, a string that cannot be interned is left as it is.
    PyErr_Clear();
    return;
  }
  if (t != s) {
    store<u64>(slot, Py.NewRef(t));
    Py.DECREF(s);
    if (immortal && U.interned(t) == SSTATE_INTERNED_MORTAL) immortalize(t);
    return;
  }
  if (!Py.isImmortal(s)) store<u32>(s, load<u32>(s) - 2);
  setInterned(s, SSTATE_INTERNED_MORTAL);
  if (immortal) immortalize(s);
}

/** Replaces the reference in the 8-byte slot by one to the interned string of the same text. Never fails. */
export function PyUnicode_InternInPlace(slot: usize): void {
  intern(slot, false);
}

export function _PyUnicode_InternMortal(slot: usize): void {
  intern(slot, false);
}

/** The interned string for `s`, whose reference is stolen; a new reference. */
export function internSteal(s: usize): usize {
  if (s == 0 || U.interned(s) != SSTATE_NOT_INTERNED) return s;
  const slot = Scratch.take(1);
  store<u64>(slot, s);
  intern(slot, false);
  const r = load<u32>(slot);
  Scratch.give(slot);
  return r;
}

/** A new reference to the interned string of UTF-8 text that a NUL ends; null with an exception. */
export function PyUnicode_InternFromString(cstr: usize): usize {
  return internSteal(PyUnicode_FromString(cstr));
}

/** A new reference to the interned string of a literal of this program; null with MemoryError. */
export function PyUnicode_InternLiteral(s: string): usize {
  return internSteal(PyUnicode_FromLiteral(s));
}

/** Takes a dying mortal string out of the interned dict. Called by str's deallocator, the count being zero. */
export function forgetInterned(s: usize): void {
  // Alive again while the dict compares it: the dict's two references and the caller's.
  PyObject.at(s).ob_refcnt = 3;
  const popped = PyDict_Pop(objectsRoots.interned, s, 0);
  assert(popped == s);
  // PyDict_Pop dropped the key's count and gave us the value's: both were never counted, the rest is the caller's.
  PyObject.at(s).ob_refcnt = 0;
  setInterned(s, SSTATE_NOT_INTERNED);
}

/** Number of interned strings (sys._debugmallocstats and the heap viewer ask). */
export function internedCount(): isize {
  const d = objectsRoots.interned;
  return d == 0 ? 0 : PyDictObject.at(d).ma_used;
}

/** Drops the interned dict at the end of the process, making its mortal strings count honestly again. */
export function clearInterned(): void {
  const d = objectsRoots.interned;
  if (d == 0) return;
  objectsRoots.interned = 0;
  let pos: isize = 0;
  while ((pos = PyDict_Next(d, pos)) != 0) {
    const s = PyDict_KeyAt(d, pos);
    if (U.interned(s) == SSTATE_INTERNED_MORTAL) store<u32>(s, load<u32>(s) + 2);
    else if (U.interned(s) == SSTATE_INTERNED_IMMORTAL) PyObject.at(s).ob_refcnt = 2;
    setInterned(s, SSTATE_NOT_INTERNED);
  }
  Py.DECREF(d);
}
