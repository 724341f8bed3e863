// Arguments of native functions: counting them, telling keywords, converting (CPython 3.13's Python/getargs.c and what
// Argument Clinic makes of it).

import {
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { PyTypeObject } from "../../generated/layouts";
import { _Py_NoneStruct, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { PyDict_KeyAt, PyDict_Next, PyDict_Size, PyDict_ValueAt } from "../containers/dict/dict";
import { List, PyList_Append, PyList_New } from "../containers/list/list";
import { Tuple } from "../containers/tuple";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { closestName } from "../errors/suggestions";
import { long_sign } from "../numbers/int/access";
import {
  longMask64,
  PyLong_AsInt,
  PyLong_AsSsize_t,
  PyLong_AsUnsignedLong,
  PyLong_AsUnsignedLongLong,
} from "../numbers/int/create";
import { Py } from "../object/head";
import { PyIndex_Check, PyNumber_AsSsize_t, PyNumber_Index } from "../protocol/number";
import { PySequence_Contains } from "../protocol/sequence";
import { U } from "../text/access";
import { PyUnicode_AsUTF8 } from "../text/codecs/utf8";
import { PyUnicode_FromKindAndData } from "../text/create";
import { findCharacter } from "../text/find";

export class ArgParser {
  /** Whether there are min to max positional arguments; otherwise TypeError in the name of function `name`. */
  @inline static count(name: string, nargs: isize, least: isize, most: isize): bool {
    return nargs >= least && nargs <= most ? true : wrongCount(name, nargs, least, most);
  }

  /** Whether the keyword dict (or null) is empty; otherwise TypeError. */
  @inline static noKeywords(name: string, kwds: usize): bool {
    return kwds == 0 || PyDict_Size(kwds) == 0 ? true : takesNoKeywords(name);
  }

  /**
   * Whether no keywords are given to tp_new of `base`, or `type` is a subclass that has another __init__, which may take
   * some; otherwise TypeError.
   */
  static noKeywordsOfNew(name: string, type: usize, base: usize, kwds: usize): bool {
    return PyTypeObject.at(type).tp_init != PyTypeObject.at(base).tp_init || ArgParser.noKeywords(name, kwds);
  }

  /** Whether the tuple of keyword names (or null) is empty; otherwise TypeError. */
  @inline static noKeywordNames(name: string, kwnames: usize): bool {
    return kwnames == 0 || Py.SIZE(kwnames) == 0 ? true : takesNoKeywords(name);
  }

  /**
   * Argument `i` as an index into `length` items as slices have them: clamped, a negative one counted from the end.
   * `missing` where it is not given. -1 with TypeError.
   */
  @inline static sliceIndex(argv: usize, nargs: isize, i: isize, missing: isize, length: isize): isize {
    return i < nargs ? sliceIndexOf(Py.item(argv, i), length) : missing;
  }
}

function takesNoKeywords(name: string): bool {
  PyErr_Format(PyExc_TypeError, "%L() takes no keyword arguments", changetype<usize>(name));
  return false;
}

function wrongCount(name: string, nargs: isize, least: isize, most: isize): bool {
  const bound = nargs < least ? least : most;
  const how = least == most ? "" : nargs < least ? "at least " : "at most ";
  if (bound == 1) {
    PyErr_Format(
      PyExc_TypeError,
      "%L expected %L1 argument, got %d",
      changetype<usize>(name),
      changetype<usize>(how),
      nargs,
    );
  } else {
    PyErr_Format(
      PyExc_TypeError,
      "%L expected %L%d arguments, got %d",
      changetype<usize>(name),
      changetype<usize>(how),
      bound,
      nargs,
    );
  }
  return false;
}

function sliceIndexOf(v: usize, length: isize): isize {
  if (!PyIndex_Check(v)) {
    PyErr_SetString(PyExc_TypeError, "slice indices must be integers or have an __index__ method");
    return -1;
  }
  const i = PyNumber_AsSsize_t(v, 0);
  if (i == -1 && PyErr_Occurred()) return -1;
  return i >= 0 ? i : max<isize>(i + length, 0);
}

/**
 * A bound of find, count, startswith…: None or an index. Stores the value in the i64 slot at `out`, which keeps its
 * default for None and for null; false with TypeError.
 */
export function sliceBound(v: usize, out: usize): bool {
  if (v == 0 || v == _Py_NoneStruct) return true;
  if (!PyIndex_Check(v)) {
    PyErr_SetString(PyExc_TypeError, "slice indices must be integers or None or have an __index__ method");
    return false;
  }
  const i = PyNumber_AsSsize_t(v, 0);
  if (i == -1 && PyErr_Occurred()) return false;
  store<i64>(out, i);
  return true;
}

/** An argument that must be a Py_ssize_t: through __index__, -1 with an exception. */
export function ssizeArgument(v: usize): isize {
  const i = PyNumber_Index(v);
  if (i == 0) return -1;
  const r = PyLong_AsSsize_t(i);
  Py.DECREF(i);
  return r;
}

/** An argument that must be a C int: through __index__, -1 with an exception. */
export function intArgument(v: usize): i32 {
  return PyLong_AsInt(v);
}

/** An argument that is cut to a C unsigned int, whatever its size: through __index__, -1 with an exception. */
export function maskArgument(v: usize): i64 {
  const index = PyNumber_Index(v);
  if (index == 0) return -1;
  const r = <i64>(longMask64(index) & 0xffffffff);
  Py.DECREF(index);
  return r;
}

/**
 * An argument that must be an int that is not negative and fits 64 bits; u64.MAX_VALUE with an exception, or without.
 * `longLong`: with the words that CPython has for an unsigned long long.
 */
export function unsignedArgument(v: usize, longLong: bool = false): u64 {
  if (Py.check(v, Py_TPFLAGS_LONG_SUBCLASS) && long_sign(v) < 0) {
    PyErr_SetString(PyExc_ValueError, "value must be positive");
    return u64.MAX_VALUE;
  }
  return longLong ? PyLong_AsUnsignedLongLong(v) : PyLong_AsUnsignedLong(v);
}

/** Whether `v` is a str; otherwise TypeError naming function and argument ("argument 1", "argument 'sep'"). */
export function strArgument(v: usize, fname: string, argument: string): bool {
  if (Py.check(v, Py_TPFLAGS_UNICODE_SUBCLASS)) return true;
  badArgument(fname, argument, "str", v);
  return false;
}

/**
 * Whether `v` is a str that C can have, in UTF-8 and without NULs, as the names of encodings and of error handlers are;
 * otherwise TypeError that says what is `expected`, UnicodeEncodeError or ValueError.
 */
export function utf8Argument(v: usize, fname: string, argument: string, expected: string = "str"): bool {
  if (!Py.check(v, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    badArgument(fname, argument, expected, v);
    return false;
  }
  return PyUnicode_AsUTF8(v) != 0 && withoutNul(v);
}

/** Whether a str has no NUL, which would end it in C; otherwise ValueError. */
export function withoutNul(s: usize): bool {
  if (findCharacter(U.kind(s), U.data(s), 0, U.length(s), 0) < 0) return true;
  PyErr_SetString(PyExc_ValueError, "embedded null character");
  return false;
}

/** Sets the TypeError of an argument of the wrong type; returns null. */
export function badArgument(fname: string, argument: string, expected: string, got: usize): usize {
  if (got == _Py_NoneStruct) {
    return PyErr_Format(
      PyExc_TypeError,
      "%L() %L must be %L, not None",
      changetype<usize>(fname),
      changetype<usize>(argument),
      changetype<usize>(expected),
    );
  }
  return PyErr_Format(
    PyExc_TypeError,
    "%L() %L must be %L, not %.50t",
    changetype<usize>(fname),
    changetype<usize>(argument),
    changetype<usize>(expected),
    got,
  );
}

/** Start and length of the `index`-th of the names in `names`, separated by spaces, as (start << 16) | length. */
function nameAt(names: string, index: isize): u32 {
  const p = changetype<usize>(names);
  const n = names.length;
  let start = 0;
  for (let i = 0; ; i++) {
    if (i == n || load<u16>(p + ((<usize>i) << 1)) == 0x20) {
      if (index == 0) return ((<u32>start) << 16) | <u32>(i - start);
      if (i == n) return 0xffffffff;
      index--;
      start = i + 1;
    }
  }
  return unreachable();
}

function nameCount(names: string): isize {
  const p = changetype<usize>(names);
  const n = names.length;
  let count = 1;
  for (let i = 0; i < n; i++) if (load<u16>(p + ((<usize>i) << 1)) == 0x20) count++;
  return count;
}

/** How many of the names, from the first, are positional only. */
function positionalOnly(names: string): isize {
  const p = changetype<usize>(names);
  let count: isize = 0;
  while (<i32>count * 2 < names.length && load<u16>(p + ((<usize>count) << 2)) == 0x2d) count++;
  return count;
}

/** The position of `key` among the names; -1 where it is none. A name of one dash is positional only. */
function findName(names: string, key: usize, count: isize): isize {
  const n = U.length(key);
  for (let i: isize = 0; i < count; i++) {
    const at = nameAt(names, i);
    if (<isize>(at & 0xffff) != n) continue;
    const p = changetype<usize>(names) + ((at >> 16) << 1);
    let j: isize = 0;
    while (j < n && U.at(key, j) == load<u16>(p + ((<usize>j) << 1))) j++;
    if (j == n) return i;
  }
  return -1;
}

/** The names that can be keywords: a new list, null with MemoryError. */
function keywordList(names: string): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  for (let i: isize = 0; ; i++) {
    const at = nameAt(names, i);
    if (at == 0xffffffff) break;
    const p = changetype<usize>(names) + ((at >> 16) << 1);
    if (load<u16>(p) == 0x2d) continue;
    const name = PyUnicode_FromKindAndData(2, p, <isize>(at & 0xffff));
    const ok = name == 0 ? -1 : PyList_Append(list, name);
    Py.XDECREF(name);
    if (ok < 0) {
      Py.DECREF(list);
      return 0;
    }
  }
  return list;
}

/**
 * Sorts the arguments of a call in the order of `names` (separated by spaces; "-" is positional only) into the slots
 * at `out`, borrowed, null where not given. `argv` and `nargs` are the positional ones, at most `most`; `least` must be
 * given. Keywords: a tuple of names, whose values follow in argv; or a dict; or null. False with TypeError, in the name of
 * function `fname`, or of "function" where that is empty.
 */
export function parseArguments(
  fname: string,
  names: string,
  argv: usize,
  nargs: isize,
  keywords: usize,
  out: usize,
  least: isize,
  most: isize,
): bool {
  const count = nameCount(names);
  const isDict = keywords != 0 && Py.check(keywords, Py_TPFLAGS_DICT_SUBCLASS);
  const nkw = keywords == 0 ? 0 : isDict ? PyDict_Size(keywords) : Py.SIZE(keywords);
  memory.fill(out, 0, (<usize>count) << 3);
  const f = changetype<usize>(fname);
  if (nargs + nkw > count) {
    const keywordsWord = count == 1 ? "keyword argument" : "keyword arguments";
    PyErr_Format(
      PyExc_TypeError,
      "%F takes at most %d %L (%d given)",
      f,
      count,
      changetype<usize>(nargs == 0 ? keywordsWord : count == 1 ? "argument" : "arguments"),
      nargs + nkw,
    );
    return false;
  }
  if (nargs > most) {
    if (most == 0) PyErr_Format(PyExc_TypeError, "%F takes no positional arguments", f);
    else {
      const how = changetype<usize>(least < most ? "at most" : "exactly");
      const format =
        most == 1 ? "%F takes %L %d positional argument (%d given)" : "%F takes %L %d positional arguments (%d given)";
      PyErr_Format(PyExc_TypeError, format, f, how, most, nargs);
    }
    return false;
  }
  const positional = min<isize>(positionalOnly(names), least);
  if (nargs < positional) {
    // A function that knows no names counts its arguments as those called without them do.
    if (positionalOnly(names) == count) wrongCount(fname, nargs, least, most);
    else {
      const how = changetype<usize>(positional < most ? "at least" : "exactly");
      const format =
        positional == 1
          ? "%F takes %L %d positional argument (%d given)"
          : "%F takes %L %d positional arguments (%d given)";
      PyErr_Format(PyExc_TypeError, format, f, how, positional, nargs);
    }
    return false;
  }
  for (let i: isize = 0; i < nargs; i++) Py.setItem(out, i, Py.item(argv, i));
  // What is missing is said before what is too much.
  let pos: isize = 0;
  let wrong = false;
  for (let k: isize = 0; k < nkw; k++) {
    if (isDict) pos = PyDict_Next(keywords, pos);
    const key = isDict ? PyDict_KeyAt(keywords, pos) : Tuple.get(keywords, k);
    const i = Py.check(key, Py_TPFLAGS_UNICODE_SUBCLASS) ? findName(names, key, count) : -1;
    if (i < nargs) wrong = true;
    else Py.setItem(out, i, isDict ? PyDict_ValueAt(keywords, pos) : Py.item(argv, nargs + k));
  }
  for (let i = nargs; i < least; i++) {
    if (Py.item(out, i) != 0) continue;
    const at = nameAt(names, i);
    const p = changetype<usize>(names) + ((at >> 16) << 1);
    const name = PyUnicode_FromKindAndData(2, p, <isize>(at & 0xffff));
    if (name == 0) return false;
    PyErr_Format(PyExc_TypeError, "%F missing required argument '%U' (pos %d)", f, name, i + 1);
    Py.DECREF(name);
    return false;
  }
  return !wrong || wrongKeyword(fname, names, count, nargs, keywords, nkw);
}

/** Sets the TypeError of a keyword that is no name; false. */
function unexpectedKeyword(fname: string, names: string, key: usize): bool {
  const f = changetype<usize>(fname);
  const which = changetype<usize>(fname.length == 0 ? "this " : "");
  const list = keywordList(names);
  if (list == 0) return false;
  // A str of a class of its own may say that it equals one.
  const equal = PySequence_Contains(list, key);
  const nearest = equal == 0 ? closestName(List.items(list), Py.SIZE(list), key) : 0;
  if (equal > 0) PyErr_Format(PyExc_TypeError, "invalid keyword argument for %L%F", which, f);
  else if (nearest != 0) {
    const message = "%L%F got an unexpected keyword argument '%S'. Did you mean '%U'?";
    PyErr_Format(PyExc_TypeError, message, which, f, key, nearest);
  } else if (!PyErr_Occurred()) {
    PyErr_Format(PyExc_TypeError, "%L%F got an unexpected keyword argument '%S'", which, f, key);
  }
  Py.DECREF(list);
  return false;
}

/** Sets the TypeError of a keyword that is no name, or that is given by position too; false. */
export function wrongKeyword(
  fname: string,
  names: string,
  count: isize,
  nargs: isize,
  keywords: usize,
  nkw: isize,
): bool {
  const isDict = Py.check(keywords, Py_TPFLAGS_DICT_SUBCLASS);
  let pos: isize = 0;
  for (let k: isize = 0; k < nkw; k++) {
    if (isDict) pos = PyDict_Next(keywords, pos);
    const key = isDict ? PyDict_KeyAt(keywords, pos) : Tuple.get(keywords, k);
    if (!Py.check(key, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      PyErr_SetString(PyExc_TypeError, "keywords must be strings");
      return false;
    }
    const i = findName(names, key, count);
    if (i < 0) return unexpectedKeyword(fname, names, key);
    if (i < nargs) {
      const f = changetype<usize>(fname);
      PyErr_Format(PyExc_TypeError, "argument for %F given by name ('%U') and position (%d)", f, key, i + 1);
      return false;
    }
  }
  return false;
}

/** As parseArguments for a tp_new or tp_init: a tuple and a dict or null. */
export function parseTupleAndKeywords(
  fname: string,
  names: string,
  args: usize,
  kwds: usize,
  out: usize,
  least: isize,
  most: isize,
): bool {
  return parseArguments(fname, names, Tuple.items(args), Py.SIZE(args), kwds, out, least, most);
}
