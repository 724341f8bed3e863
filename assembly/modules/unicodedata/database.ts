// The character database in the heap: a unicodedatabase, which the host makes when the module is imported first, and what is
// read from it (the tables of CPython 3.13's Modules/unicodedata_db.h).
//
// Invariant: the block stays where it is until the process is taken down, and nobody writes to it.

import { ENOMEM } from "../../generated/constants";
import { host } from "../../generated/host";
import {
  characterdecomposition,
  charactername_text,
  characterpair,
  characterrecord,
  SIZEOF_characterdecomposition,
  SIZEOF_charactername,
  SIZEOF_characterpair,
  SIZEOF_characterrecord,
  unicodedatabase,
} from "../../generated/layouts";
import { unicodedataRoots } from "../../generated/runtime";
import { PyExc_ImportError, PyUCD_Type } from "../../generated/statics";
import { PyMem_RawFree } from "../../memory/pymem";
import { PyErr_Fail, PyErr_NoMemory } from "../../objects/errors/raise";
import { Py } from "../../objects/object/head";
import { _PyUnicode_FromASCII, cstringLength } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";

// The forms of normalized text, by the place of their two bits in `quickcheck`.
export const NFD: u32 = 0;
export const NFKD: u32 = 2;
export const NFC: u32 = 4;
export const NFKC: u32 = 6;

/** Asks the host for the database, unless it is there: 0, or -1 with an exception. */
export function loadDatabase(): i32 {
  if (unicodedataRoots.database != 0) return 0;
  const slot = Scratch.take(1);
  const n = host.unicodeDatabase(slot);
  const block = load<u32>(slot);
  Scratch.give(slot);
  if (n == -ENOMEM) {
    PyErr_NoMemory();
    return -1;
  }
  if (n < 0) return PyErr_Fail(PyExc_ImportError, "the host has no character database");
  unicodedataRoots.database = block;
  return 0;
}

/** Gives the database back. */
export function finalizeUnicodedata(): void {
  const block = unicodedataRoots.database;
  unicodedataRoots.database = 0;
  if (block != 0) PyMem_RawFree(block);
}

/** The head of the database. */
export function database(): unicodedatabase {
  return unicodedatabase.at(unicodedataRoots.database);
}

/** Address of a table of the database. */
function tableAt(offset: u32): usize {
  return unicodedataRoots.database + offset;
}

export function characterRecord(c: u32): characterrecord {
  const d = database();
  const page: u32 = load<u16>(tableAt(d.index1) + ((c >> 7) << 1));
  const record: u32 = load<u16>(tableAt(d.index2) + (((page << 7) | (c & 127)) << 1));
  return characterrecord.at(tableAt(d.records) + record * SIZEOF_characterrecord);
}

/** Whether `self`, a module or a UCD, is asked about Unicode 3.2.0. */
export function isOld(self: usize): bool {
  return Py.IS_TYPE(self, PyUCD_Type);
}

/** Address of name `i` of a table of names: ASCII, ended by a NUL. */
export function nameCell(table: u32, i: u32): usize {
  return tableAt(table) + i * SIZEOF_charactername + charactername_text;
}

/** A new str: name `i` of a table of names. */
export function nameObject(table: u32, i: u32): usize {
  const p = nameCell(table, i);
  return _PyUnicode_FromASCII(p, cstringLength(p));
}

/** A numeric value of the records. */
export function numericValue(i: u32): f64 {
  return load<f64>(tableAt(database().values) + (i << 3));
}

/** How a character comes apart; null where it does not. */
export function findDecomposition(c: u32): usize {
  const table = tableAt(database().decompositions);
  let low: u32 = 0;
  let high = database().decompositionCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    const d = table + middle * SIZEOF_characterdecomposition;
    const code = characterdecomposition.at(d).code;
    if (code == c) return d;
    if (code < c) low = middle + 1;
    else high = middle;
  }
  return 0;
}

/** Part `i` of a decomposition. */
export function decompositionPart(d: characterdecomposition, i: u32): u32 {
  return load<u32>(tableAt(database().parts) + ((d.part + i) << 2));
}

/** The first pair that is not before (first, second), null where there is none. */
function pairFrom(first: u32, second: u32): usize {
  const table = tableAt(database().pairs);
  let low: u32 = 0;
  let high = database().pairCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    const pair = characterpair.at(table + middle * SIZEOF_characterpair);
    if (pair.first < first || (pair.first == first && pair.second < second)) low = middle + 1;
    else high = middle;
  }
  return low == database().pairCount ? 0 : table + low * SIZEOF_characterpair;
}

/** What two characters are together, 0 where they stay two. */
export function composePair(first: u32, second: u32): u32 {
  const p = pairFrom(first, second);
  if (p == 0) return 0;
  const pair = characterpair.at(p);
  return pair.first == first && pair.second == second ? pair.composed : 0;
}

/** Whether there is a character that it is together with one after it. */
export function beginsPair(first: u32): bool {
  const p = pairFrom(first, 0);
  return p != 0 && characterpair.at(p).first == first;
}

/** What the character came apart into in Unicode 3.2.0, where that was corrected later; otherwise 0. */
export function correctionOf(c: u32): u32 {
  for (let p = tableAt(database().corrections); load<u32>(p) != 0; p += 8) {
    if (load<u32>(p) == c) return load<u32>(p + 4);
  }
  return 0;
}
