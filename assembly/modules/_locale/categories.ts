// Which locale each category is in (libc's setlocale, by _locale.setlocale of CPython 3.13's Modules/_localemodule.c).
//
// There are two locales, those of a system on which nobody has installed others: C, and the same with UTF-8. A process begins
// with UTF-8 for characters, as CPython sees to it, and C for everything else. A name is kept as it was given.

import { host } from "../../generated/host";
import { localeRoots } from "../../generated/runtime";
import { _Py_NoneStruct } from "../../generated/statics";
import { PyMem_RawFree } from "../../memory/pymem";
import { List, PyList_New } from "../../objects/containers/list/list";
import { utf8Argument } from "../../objects/define/args";
import { PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { _PyUnicode_Equal, PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { PyUnicode_Substring } from "../../objects/text/concat";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { findCharacter } from "../../objects/text/find";
import { Writer, writeLiteral, writerDiscard, writerFinish, writeStr } from "../../objects/text/format/writer";
import { Scratch } from "../../thread/scratch";
import { variableOf } from "../environment";

export const LC_CTYPE: i32 = 0;
export const LC_NUMERIC: i32 = 1;
export const LC_TIME: i32 = 2;
export const LC_COLLATE: i32 = 3;
export const LC_MONETARY: i32 = 4;
export const LC_MESSAGES: i32 = 5;
export const LC_ALL: i32 = 6;

const CATEGORIES: i32 = 13;

function categoryName(category: i32): string {
  switch (category) {
    case LC_CTYPE:
      return "LC_CTYPE";
    case LC_NUMERIC:
      return "LC_NUMERIC";
    case LC_TIME:
      return "LC_TIME";
    case LC_COLLATE:
      return "LC_COLLATE";
    case LC_MONETARY:
      return "LC_MONETARY";
    case LC_MESSAGES:
      return "LC_MESSAGES";
    case 7:
      return "LC_PAPER";
    case 8:
      return "LC_NAME";
    case 9:
      return "LC_ADDRESS";
    case 10:
      return "LC_TELEPHONE";
    case 11:
      return "LC_MEASUREMENT";
    default:
      return "LC_IDENTIFICATION";
  }
}

/** Makes the list of names, unless it is there: 0, or -1 with MemoryError. */
export function initCategories(): i32 {
  if (localeRoots.names != 0) return 0;
  const list = PyList_New(CATEGORIES);
  if (list == 0) return -1;
  for (let i = 0; i < CATEGORIES; i++) {
    const name = PyUnicode_FromLiteral(i == LC_CTYPE ? "C.UTF-8" : "C");
    if (name == 0) {
      Py.DECREF(list);
      return -1;
    }
    List.set(list, i, name);
  }
  localeRoots.names = list;
  return 0;
}

/** Whether a category is in the locale with UTF-8. */
export function isUTF8(category: i32): bool {
  return U.length(List.get(localeRoots.names, category)) > 1;
}

/** Whether a character is the letter, in lower or upper case. */
function isLetter(name: usize, i: isize, letter: u32): bool {
  return i < U.length(name) && (U.at(name, i) | 32) == letter;
}

/** Whether there is a locale of this name: C, or C.UTF-8 in one of its spellings, with a modifier perhaps. */
function isLocale(name: usize): bool {
  if (PyUnicode_EqualToLiteral(name, "C")) return true;
  const n = U.length(name);
  if (n < 6 || U.at(name, 0) != 0x43 || U.at(name, 1) != 0x2e) return false;
  if (!isLetter(name, 2, 0x75) || !isLetter(name, 3, 0x74) || !isLetter(name, 4, 0x66)) return false;
  const digit: isize = U.at(name, 5) == 0x2d ? 6 : 5;
  if (digit >= n || U.at(name, digit) != 0x38) return false;
  return digit + 1 == n || U.at(name, digit + 1) == 0x40;
}

/** The name that the environment has for a category: a new str, null with MemoryError. */
function nameOfEnvironment(category: i32): usize {
  const slot = Scratch.take(1);
  const n = host.environment(slot);
  const block = load<u32>(slot);
  Scratch.give(slot);
  if (n < 0) return PyUnicode_FromLiteral("C");
  const end = block + <usize>n;
  let r = variableOf(block, end, "LC_ALL");
  if (r == 0 && PyErr_Occurred() == 0) r = variableOf(block, end, categoryName(category));
  if (r == 0 && PyErr_Occurred() == 0) r = variableOf(block, end, "LANG");
  PyMem_RawFree(block);
  return r != 0 || PyErr_Occurred() != 0 ? r : PyUnicode_FromLiteral("C");
}

/**
 * The name for a category out of what setlocale was given (a str): a new str, null where there is no such locale or with
 * MemoryError.
 */
function wantedName(given: usize, category: i32, all: bool): usize {
  let name: usize;
  if (U.length(given) == 0) name = nameOfEnvironment(category);
  else if (all && findCharacter(U.kind(given), U.data(given), 0, U.length(given), 0x3b) >= 0) {
    name = partFor(given, categoryName(category));
  } else name = Py.NewRef(given);
  if (name == 0) return 0;
  if (PyUnicode_EqualToLiteral(name, "POSIX")) {
    Py.DECREF(name);
    return PyUnicode_FromLiteral("C");
  }
  if (isLocale(name)) return name;
  Py.DECREF(name);
  return 0;
}

/** What follows `category=` in a list with semicolons: a new str, null where it is not there or with MemoryError. */
function partFor(list: usize, category: string): usize {
  const n = U.length(list);
  for (let i: isize = 0; i < n; ) {
    let end = findCharacter(U.kind(list), U.data(list), i, n, 0x3b);
    if (end < 0) end = n;
    let k: isize = 0;
    while (k < category.length && i + k < end && U.at(list, i + k) == <u32>category.charCodeAt(<i32>k)) k++;
    if (k == category.length && i + k < end && U.at(list, i + k) == 0x3d) {
      return PyUnicode_Substring(list, i + k + 1, end);
    }
    i = end + 1;
  }
  return 0;
}

/** The name of the locale of a category, or all names where they differ: a new str. */
function currentName(category: i32): usize {
  const names = localeRoots.names;
  if (category != LC_ALL) return Py.NewRef(List.get(names, category));
  const first = List.get(names, LC_CTYPE);
  let same: bool = true;
  for (let i = 1; i < CATEGORIES && same; i++) if (i != LC_ALL) same = _PyUnicode_Equal(first, List.get(names, i));
  if (same) return Py.NewRef(first);
  const w = Writer.begin();
  for (let i = 0; i < CATEGORIES; i++) {
    if (i == LC_ALL) continue;
    if (i > 0 && Writer.char(w, 0x3b) < 0) return writerDiscard(w);
    if (writeLiteral(w, categoryName(i)) < 0 || Writer.char(w, 0x3d) < 0) return writerDiscard(w);
    if (writeStr(w, List.get(names, i)) < 0) return writerDiscard(w);
  }
  return writerFinish(w);
}

/** Sets a category, or all of them: whether there are such locales; nothing is changed where not, or with MemoryError. */
function change(category: i32, given: usize): bool {
  const wanted = PyList_New(CATEGORIES);
  if (wanted == 0) return false;
  let good = true;
  for (let i = 0; i < CATEGORIES && good; i++) {
    const own = i != LC_ALL && (category == LC_ALL || category == i);
    const name = own ? wantedName(given, i, category == LC_ALL) : Py.NewRef(List.get(localeRoots.names, i));
    List.set(wanted, i, name);
    good = name != 0;
  }
  if (good) Py.SETREF(localeRoots.names_slot, wanted);
  else Py.DECREF(wanted);
  return good;
}

/**
 * @native _locale.setlocale($module, category, locale=<unrepresentable>, /)
 *
 * Sets the locale of a category, or only tells it.
 */
export function locale_setlocale(_module: usize, category: i32, locale: usize): usize {
  const asked = locale == 0 || locale == _Py_NoneStruct;
  if (!asked && !utf8Argument(locale, "setlocale", "argument 2", "str or None")) return 0;
  const known = category >= 0 && category < CATEGORIES;
  if (asked) return known ? currentName(category) : PyErr_SetString(localeRoots.error, "locale query failed");
  if (known && change(category, locale)) return currentName(category);
  return PyErr_Occurred() != 0 ? 0 : PyErr_SetString(localeRoots.error, "unsupported locale setting");
}
