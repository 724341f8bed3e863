// Splitting and stripping (CPython 3.13's Objects/stringlib/split.h, partition.h, and _PyUnicode_XStrip).

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { _Py_NoneStruct, empty_string, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { List, newPreallocatedList, newSplitList, PyList_Append, PyList_New } from "../containers/list/list";
import { PyTuple_Pack3 } from "../containers/tuple";
import { ArgParser, parseArguments, ssizeArgument } from "../define/args";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { Py } from "../object/head";
import { PyObject_IsTrue } from "../protocol/compare";
import { U } from "./access";
import { PyTypeName, PyUnicode_Substring } from "./concat";
import { unicodeResultUnchanged } from "./create";
import { findCharacter, findText, rfindText } from "./find";
import { Character } from "./properties";

/** Appends characters start to end as a str; -1 with MemoryError. */
function appendPart(list: usize, s: usize, start: isize, end: isize): i32 {
  const part = PyUnicode_Substring(s, start, end);
  if (part == 0) return -1;
  const r = PyList_Append(list, part);
  Py.DECREF(part);
  return r;
}

function discard(list: usize): usize {
  Py.DECREF(list);
  return 0;
}

/** How often a split at spaces can part `s`, `limit` times at most where that is not negative. */
function wordsMax(s: usize, limit: isize): isize {
  return limit >= 0 ? limit : (U.length(s) - 1) / 2 + 1;
}

/** A new list for the parts of `s` between separators, `limit` splits at most where that is not negative. */
function newPartList(s: usize, sep: usize, limit: isize): usize {
  // Where the separator cannot be in the text, the list is made for the one part.
  if (U.kind(s) < U.kind(sep) || U.length(s) < U.length(sep)) return newPreallocatedList(1);
  return newSplitList(limit >= 0 ? limit : U.length(s) / U.length(sep) + 1);
}

function splitSpaces(s: usize, limit: isize): usize {
  const list = newSplitList(limit);
  if (list == 0) return 0;
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  let i: isize = 0;
  while (limit-- > 0) {
    while (i < n && Character.isSpace(U.read(kind, data, i))) i++;
    if (i == n) break;
    const start = i++;
    while (i < n && !Character.isSpace(U.read(kind, data, i))) i++;
    if (appendPart(list, s, start, i) < 0) return discard(list);
  }
  if (i < n) {
    while (i < n && Character.isSpace(U.read(kind, data, i))) i++;
    if (i < n && appendPart(list, s, i, n) < 0) return discard(list);
  }
  return list;
}

function rsplitSpaces(s: usize, limit: isize): usize {
  const list = newSplitList(limit);
  if (list == 0) return 0;
  const kind = U.kind(s);
  const data = U.data(s);
  let i = U.length(s) - 1;
  while (limit-- > 0) {
    while (i >= 0 && Character.isSpace(U.read(kind, data, i))) i--;
    if (i < 0) break;
    const last = i--;
    while (i >= 0 && !Character.isSpace(U.read(kind, data, i))) i--;
    if (appendPart(list, s, i + 1, last + 1) < 0) return discard(list);
  }
  if (i >= 0) {
    while (i >= 0 && Character.isSpace(U.read(kind, data, i))) i--;
    if (i >= 0 && appendPart(list, s, 0, i + 1) < 0) return discard(list);
  }
  reverseItems(list);
  return list;
}

/** Turns the items of a new list around. */
export function reverseItems(list: usize): void {
  const items = List.items(list);
  for (let i: isize = 0, j = List.size(list) - 1; i < j; i++, j--) {
    const t = Py.item(items, i);
    Py.setItem(items, i, Py.item(items, j));
    Py.setItem(items, j, t);
  }
}

/** str.split: `sep` a str or None (borrowed), `limit` the most splits, negative for all. Null with an exception. */
export function PyUnicode_Split(s: usize, sep: usize, limit: isize): usize {
  if (sep == 0 || sep == _Py_NoneStruct) return splitSpaces(s, wordsMax(s, limit));
  const m = U.length(sep);
  if (m == 0) return PyErr_SetString(PyExc_ValueError, "empty separator");
  const list = newPartList(s, sep, limit);
  if (list == 0) return 0;
  if (limit < 0) limit = isize.MAX_VALUE;
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  const nkind = U.kind(sep);
  const needle = U.data(sep);
  let start: isize = 0;
  while (limit-- > 0) {
    const at = findText(kind, data, start, n, nkind, needle, m);
    if (at < 0) break;
    if (appendPart(list, s, start, at) < 0) return discard(list);
    start = at + m;
  }
  return appendPart(list, s, start, n) < 0 ? discard(list) : list;
}

/** str.rsplit: as PyUnicode_Split, from the end. */
function PyUnicode_RSplit(s: usize, sep: usize, limit: isize): usize {
  if (sep == 0 || sep == _Py_NoneStruct) return rsplitSpaces(s, wordsMax(s, limit));
  const m = U.length(sep);
  if (m == 0) return PyErr_SetString(PyExc_ValueError, "empty separator");
  const list = newPartList(s, sep, limit);
  if (list == 0) return 0;
  if (limit < 0) limit = isize.MAX_VALUE;
  let end = U.length(s);
  while (limit-- > 0) {
    const at = rfindText(U.kind(s), U.data(s), 0, end, U.kind(sep), U.data(sep), m);
    if (at < 0) break;
    if (appendPart(list, s, at + m, end) < 0) return discard(list);
    end = at;
  }
  if (appendPart(list, s, 0, end) < 0) return discard(list);
  reverseItems(list);
  return list;
}

/** str.splitlines. Null with MemoryError. */
export function PyUnicode_Splitlines(s: usize, keepends: bool): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  let i: isize = 0;
  while (i < n) {
    const start = i;
    while (i < n && !Character.isLinebreak(U.read(kind, data, i))) i++;
    const end = i;
    if (i < n) {
      i += U.read(kind, data, i) == 13 && i + 1 < n && U.read(kind, data, i + 1) == 10 ? 2 : 1;
    }
    if (appendPart(list, s, start, keepends ? i : end) < 0) return discard(list);
  }
  return list;
}

function splitArguments(fname: string, s: usize, argv: usize, nargs: isize, kwnames: usize, right: bool): usize {
  const out = Scratch.take(2);
  const ok = parseArguments(fname, "sep maxsplit", argv, nargs, kwnames, out, 0, 2);
  const sep = Py.item(out, 0);
  const limitArgument = Py.item(out, 1);
  Scratch.give(out);
  if (!ok) return 0;
  let limit: isize = -1;
  if (limitArgument != 0) {
    limit = ssizeArgument(limitArgument);
    if (limit == -1 && PyErr_Occurred()) return 0;
  }
  if (sep != 0 && sep != _Py_NoneStruct && !Py.check(sep, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "must be str or None, not %.100s", PyTypeName.of(sep));
  }
  return right ? PyUnicode_RSplit(s, sep, limit) : PyUnicode_Split(s, sep, limit);
}

/**
 * @native str.split($self, /, sep=None, maxsplit=-1)
 *
 * The parts between separators, in a list.
 *
 *   sep
 *     What separates them. None, the default, means any run of white space; blanks at the ends then make no empty parts.
 *   maxsplit
 *     How often to split at most, from the left; what is left over is the last part. -1, the default, means as often as possible.
 *
 * With a separator given, two of them in a row have an empty part between them:
 *
 * >>> '1,,2'.split(',')
 * ['1', '', '2']
 * >>> ' 1  2 '.split()
 * ['1', '2']
 *
 * For text in a natural language, where marks belong to no word, a regular expression does this better. splitlines() knows the ends of lines.
 */
export function unicode_split(s: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  return splitArguments("split", s, argv, nargs, kwnames, false);
}

/**
 * @native str.rsplit($self, /, sep=None, maxsplit=-1)
 *
 * The parts between separators, in a list, counted from the right.
 *
 *   sep
 *     What separates them. None, the default, means any run of white space; blanks at the ends then make no empty parts.
 *   maxsplit
 *     How often to split at most; what is left over is the first part. -1, the default, means as often as possible, and the result is then that of split().
 *
 * With a separator given, two of them in a row are not one of them.
 *
 * >>> 'a.b.c'.rsplit('.', 1)
 * ['a.b', 'c']
 */
export function unicode_rsplit(s: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  return splitArguments("rsplit", s, argv, nargs, kwnames, true);
}

/**
 * @native str.splitlines($self, /, keepends=False)
 *
 * The lines of the text, in a list.
 *
 * What ends them, "\n", "\r", "\r\n" or one of the rarer signs for the same purpose, is left out unless keepends is true.
 */
export function unicode_splitlines(s: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const out = Scratch.take(1);
  const ok = parseArguments("splitlines", "keepends", argv, nargs, kwnames, out, 0, 1);
  const argument = Py.item(out, 0);
  Scratch.give(out);
  if (!ok) return 0;
  const keep = argument == 0 ? 0 : PyObject_IsTrue(argument);
  return keep < 0 ? 0 : PyUnicode_Splitlines(s, keep != 0);
}

/** What stands before the separator, it, and what follows it: a new tuple; `at` -1 where it is not there. */
function partitionAt(s: usize, sep: usize, at: isize, right: bool): usize {
  if (at < 0) {
    const whole = unicodeResultUnchanged(s);
    if (whole == 0) return 0;
    const r = right
      ? PyTuple_Pack3(empty_string, empty_string, whole)
      : PyTuple_Pack3(whole, empty_string, empty_string);
    Py.DECREF(whole);
    return r;
  }
  const before = PyUnicode_Substring(s, 0, at);
  const after = before == 0 ? 0 : PyUnicode_Substring(s, at + U.length(sep), U.length(s));
  const r = after == 0 ? 0 : PyTuple_Pack3(before, sep, after);
  Py.XDECREF(before);
  Py.XDECREF(after);
  return r;
}

function partition(s: usize, sep: usize, right: bool): usize {
  if (!Py.check(sep, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "must be str, not %.100s", PyTypeName.of(sep));
  }
  const m = U.length(sep);
  if (m == 0) return PyErr_SetString(PyExc_ValueError, "empty separator");
  const n = U.length(s);
  const at = right
    ? rfindText(U.kind(s), U.data(s), 0, n, U.kind(sep), U.data(sep), m)
    : findText(U.kind(s), U.data(s), 0, n, U.kind(sep), U.data(sep), m);
  return partitionAt(s, sep, at, right);
}

/**
 * PyUnicode_Partition: a new tuple of three. Null with an exception.
 *
 * @native str.partition($self, sep, /)
 *
 * What stands before the first separator, the separator, and what stands after it.
 *
 * Together they are the whole. If the separator is not in it, the first of them is all of the text and the other two are empty.
 *
 * >>> 'key=value=more'.partition('=')
 * ('key', '=', 'value=more')
 * >>> 'key'.partition('=')
 * ('key', '', '')
 *
 * rpartition() takes the last separator.
 */
export function unicode_partition(s: usize, sep: usize): usize {
  return partition(s, sep, false);
}

/**
 * @native str.rpartition($self, sep, /)
 *
 * What stands before the last separator, the separator, and what stands after it.
 *
 * The three strings add up to the whole. If the separator is not in it, the last of them is all of the text and the other two are empty.
 *
 * >>> 'key=value=more'.rpartition('=')
 * ('key=value', '=', 'more')
 * >>> 'key'.rpartition('=')
 * ('', '', 'key')
 *
 * partition() takes the first separator.
 */
export function unicode_rpartition(s: usize, sep: usize): usize {
  return partition(s, sep, true);
}

const LEFT: i32 = 1;
const RIGHT: i32 = 2;

function strip(fname: string, s: usize, argv: usize, nargs: isize, sides: i32): usize {
  if (!ArgParser.count(fname, nargs, 0, 1)) return 0;
  const set = nargs > 0 ? Py.item(argv, 0) : _Py_NoneStruct;
  if (set != _Py_NoneStruct && !Py.check(set, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "%L arg must be None or str", changetype<usize>(fname));
  }
  const kind = U.kind(s);
  const data = U.data(s);
  const n = U.length(s);
  let start: isize = 0;
  let end = n;
  if (set == _Py_NoneStruct) {
    if (sides & LEFT) while (start < end && Character.isSpace(U.read(kind, data, start))) start++;
    if (sides & RIGHT) while (end > start && Character.isSpace(U.read(kind, data, end - 1))) end--;
  } else {
    const m = U.length(set);
    const skind = U.kind(set);
    const sdata = U.data(set);
    if (sides & LEFT) while (start < end && findCharacter(skind, sdata, 0, m, U.read(kind, data, start)) >= 0) start++;
    if (sides & RIGHT) while (end > start && findCharacter(skind, sdata, 0, m, U.read(kind, data, end - 1)) >= 0) end--;
  }
  return PyUnicode_Substring(s, start, end);
}

/**
 * @native str.strip($self, chars=None, /)
 *
 * A copy without the blanks that it begins and ends with.
 *
 * With chars, a set of characters given as a string, those are taken off both ends.
 */
export function unicode_strip(s: usize, argv: usize, nargs: isize): usize {
  return strip("strip", s, argv, nargs, LEFT | RIGHT);
}

/**
 * @native str.lstrip($self, chars=None, /)
 *
 * A copy without the blanks that it begins with.
 *
 * With chars, a set of characters given as a string, those are taken off instead.
 */
export function unicode_lstrip(s: usize, argv: usize, nargs: isize): usize {
  return strip("lstrip", s, argv, nargs, LEFT);
}

/**
 * @native str.rstrip($self, chars=None, /)
 *
 * A copy without the blanks that it ends with.
 *
 * With chars, a set of characters given as a string, those are taken off instead.
 */
export function unicode_rstrip(s: usize, argv: usize, nargs: isize): usize {
  return strip("rstrip", s, argv, nargs, RIGHT);
}
