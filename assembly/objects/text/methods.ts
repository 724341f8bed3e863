// Methods of str that search, replace, pad and translate (CPython 3.13's Objects/unicodeobject.c).

import { Py_TPFLAGS_TUPLE_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { searchbounds, unicodewriter } from "../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyDict_Type,
  PyExc_LookupError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { PyDict_KeyAt, PyDict_New, PyDict_Next, PyDict_SetItem, PyDict_ValueAt } from "../containers/dict/dict";
import { Tuple } from "../containers/tuple";
import { ArgParser, intArgument, ssizeArgument, strArgument } from "../define/args";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Fail,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../errors/raise";
import { boolObject } from "../numbers/bool";
import { Long } from "../numbers/int/access";
import { longOverflow, longValue, PyLong_FromLong } from "../numbers/int/create";
import { Py } from "../object/head";
import { PyObject_GetItem } from "../protocol/items";
import { copyCharacters, fillCharacters, findMaxChar, U } from "./access";
import { clampBounds, takeBounds } from "./bounds";
import { PyTypeName, PyUnicode_Substring } from "./concat";
import { latin1Character, PyUnicode_New, unicodeResultUnchanged } from "./create";
import { countText, findText, matchesAt, rfindText } from "./find";
import {
  Writer,
  writeCharacters,
  writeFill,
  writerDiscard,
  writerFinish,
  writeStr,
  writeSubstring,
} from "./format/writer";

/** Arguments (str, start, end) of find, count…: what takeBounds gives, which the caller gives back; null: error. */
function searchBounds(fname: string, s: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count(fname, nargs, 1, 3)) return 0;
  if (!strArgument(Py.item(argv, 0), fname, "argument 1")) return 0;
  const bounds = takeBounds(argv, nargs);
  if (bounds != 0) clampBounds(bounds, U.length(s));
  return bounds;
}

/** -1 not found, -2 an exception. */
function search(fname: string, s: usize, argv: usize, nargs: isize, right: bool): isize {
  const bounds = searchBounds(fname, s, argv, nargs);
  if (bounds == 0) return -2;
  const start = searchbounds.at(bounds).start;
  const end = searchbounds.at(bounds).end;
  Scratch.give(bounds);
  const needle = Py.item(argv, 0);
  const m = U.length(needle);
  if (end - start < m) return -1;
  return right
    ? rfindText(U.kind(s), U.data(s), start, end, U.kind(needle), U.data(needle), m)
    : findText(U.kind(s), U.data(s), start, end, U.kind(needle), U.data(needle), m);
}

/**
 * @native str.find($self, sub[, start[, end]], /)
 *
 * Where sub occurs first: the index of its first character, -1 if nowhere.
 *
 * Only an occurrence that lies in S[start:end] counts, if they are given, but indices are those of the whole text, as in S[index].
 */
export function unicode_find(s: usize, argv: usize, nargs: isize): usize {
  const at = search("find", s, argv, nargs, false);
  return at == -2 ? 0 : PyLong_FromLong(at);
}

/**
 * @native str.rfind($self, sub[, start[, end]], /)
 *
 * Where sub occurs last: the index of its first character, -1 if nowhere.
 *
 * Only an occurrence that lies in S[start:end] counts, if they are given, but indices are those of the whole text, as in S[index].
 */
export function unicode_rfind(s: usize, argv: usize, nargs: isize): usize {
  const at = search("rfind", s, argv, nargs, true);
  return at == -2 ? 0 : PyLong_FromLong(at);
}

/**
 * @native str.index($self, sub[, start[, end]], /)
 *
 * Where sub occurs first: the index of its first character. ValueError if it is nowhere.
 *
 * Only an occurrence that lies entirely in S[start:end] counts, if start and end are given, but indices are those of the whole text, S.
 */
export function unicode_index(s: usize, argv: usize, nargs: isize): usize {
  const at = search("index", s, argv, nargs, false);
  if (at == -1) PyErr_SetString(PyExc_ValueError, "substring not found");
  return at < 0 ? 0 : PyLong_FromLong(at);
}

/**
 * @native str.rindex($self, sub[, start[, end]], /)
 *
 * Where sub occurs last: the index of its first character. ValueError if it is nowhere.
 *
 * Only an occurrence that lies entirely in S[start:end] counts, if start and end are given, but indices are those of the whole text, S.
 */
export function unicode_rindex(s: usize, argv: usize, nargs: isize): usize {
  const at = search("rindex", s, argv, nargs, true);
  if (at == -1) PyErr_SetString(PyExc_ValueError, "substring not found");
  return at < 0 ? 0 : PyLong_FromLong(at);
}

/**
 * @native str.count($self, sub[, start[, end]], /)
 *
 * How often sub occurs, occurrences that overlap counted once.
 *
 * Only S[start:end] is searched, if they are given: both numbers count from the end if negative.
 */
export function unicode_count(s: usize, argv: usize, nargs: isize): usize {
  const bounds = searchBounds("count", s, argv, nargs);
  if (bounds == 0) return 0;
  const start = searchbounds.at(bounds).start;
  const end = searchbounds.at(bounds).end;
  Scratch.give(bounds);
  const needle = Py.item(argv, 0);
  const m = U.length(needle);
  const n = countText(U.kind(s), U.data(s), start, end, U.kind(needle), U.data(needle), m, 0x7fffffff);
  return PyLong_FromLong(n);
}

/** sq_contains of str; -1 with TypeError. */
export function PyUnicode_Contains(s: usize, needle: usize): i32 {
  if (!Py.check(needle, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "'in <string>' requires string as left operand, not %.100s", PyTypeName.of(needle));
    return -1;
  }
  return findText(U.kind(s), U.data(s), 0, U.length(s), U.kind(needle), U.data(needle), U.length(needle)) >= 0 ? 1 : 0;
}

/** Whether the text stands at the beginning or end of characters start to end. */
function tailMatch(s: usize, text: usize, start: isize, end: isize, atEnd: bool): bool {
  const m = U.length(text);
  if (end - start < m) return false;
  return matchesAt(U.kind(s), U.data(s), atEnd ? end - m : start, U.kind(text), U.data(text), m);
}

/** Whether the text begins with the other, both str. */
export function PyUnicode_HasPrefix(s: usize, prefix: usize): bool {
  return tailMatch(s, prefix, 0, U.length(s), false);
}

function startsOrEnds(fname: string, s: usize, argv: usize, nargs: isize, atEnd: bool): usize {
  if (!ArgParser.count(fname, nargs, 1, 3)) return 0;
  const bounds = takeBounds(argv, nargs);
  if (bounds == 0) return 0;
  clampBounds(bounds, U.length(s));
  const start = searchbounds.at(bounds).start;
  const end = searchbounds.at(bounds).end;
  Scratch.give(bounds);
  const text = Py.item(argv, 0);
  if (Py.check(text, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    const n = Tuple.size(text);
    for (let i: isize = 0; i < n; i++) {
      const t = Tuple.get(text, i);
      if (!Py.check(t, Py_TPFLAGS_UNICODE_SUBCLASS)) {
        return PyErr_Format(
          PyExc_TypeError,
          "tuple for %L must only contain str, not %.100s",
          changetype<usize>(fname),
          PyTypeName.of(t),
        );
      }
      if (tailMatch(s, t, start, end, atEnd)) return _Py_TrueStruct;
    }
    return _Py_FalseStruct;
  }
  if (!Py.check(text, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(
      PyExc_TypeError,
      "%L first arg must be str or a tuple of str, not %.100s",
      changetype<usize>(fname),
      PyTypeName.of(text),
    );
  }
  return boolObject(tailMatch(s, text, start, end, atEnd));
}

/**
 * @native str.startswith($self, prefix[, start[, end]], /)
 *
 * Whether the text begins with prefix.
 *
 *   prefix
 *     What to compare with: a string, or a tuple of strings, any one of which will do.
 *   start
 *     Where the text is taken to begin, from the end if negative.
 *   end
 *     Where it is taken to end, likewise.
 */
export function unicode_startswith(s: usize, argv: usize, nargs: isize): usize {
  return startsOrEnds("startswith", s, argv, nargs, false);
}

/**
 * @native str.endswith($self, suffix[, start[, end]], /)
 *
 * Whether the text ends with suffix.
 *
 *   suffix
 *     What to compare with: a string, or a tuple of strings, any single one of which will do.
 *   start
 *     Where the text is taken to begin, from the end if negative.
 *   end
 *     Where it is taken to end, likewise.
 */
export function unicode_endswith(s: usize, argv: usize, nargs: isize): usize {
  return startsOrEnds("endswith", s, argv, nargs, true);
}

/**
 * @native str.removeprefix($self, prefix, /)
 *
 * A copy without prefix, if it begins with that.
 *
 * Otherwise a plain copy. prefix is taken as a whole and at most once; lstrip() takes off any of a set of characters, as often as they come.
 */
export function unicode_removeprefix(s: usize, prefix: usize): usize {
  if (!strArgument(prefix, "removeprefix", "argument")) return 0;
  if (!tailMatch(s, prefix, 0, U.length(s), false)) return unicodeResultUnchanged(s);
  return PyUnicode_Substring(s, U.length(prefix), U.length(s));
}

/**
 * @native str.removesuffix($self, suffix, /)
 *
 * A copy without suffix, if it ends with that.
 *
 * Otherwise a plain copy. suffix is taken as a whole and at most once; rstrip() takes off any of a set of characters, as often as they come. An empty one changes nothing.
 */
export function unicode_removesuffix(s: usize, suffix: usize): usize {
  if (!strArgument(suffix, "removesuffix", "argument")) return 0;
  const n = U.length(s);
  if (!tailMatch(s, suffix, 0, n, true)) return unicodeResultUnchanged(s);
  return PyUnicode_Substring(s, 0, n - U.length(suffix));
}

/** str.replace: a new reference; at most `limit` times, negative for all. Null with MemoryError. */
function PyUnicode_Replace(s: usize, from: usize, to: usize, limit: isize): usize {
  const n = U.length(s);
  const m = U.length(from);
  if (limit < 0) limit = 0x7fffffff;
  if (n < m || limit == 0 || from == to) return unicodeResultUnchanged(s);
  const kind = U.kind(s);
  const data = U.data(s);
  const fkind = U.kind(from);
  const fdata = U.data(from);
  if (m == 0) return interleave(s, to, min(limit, n + 1));
  let at = findText(kind, data, 0, n, fkind, fdata, m);
  if (at < 0) return unicodeResultUnchanged(s);
  const length = U.length(to);
  const count = <i64>1 + countText(kind, data, at + m, n, fkind, fdata, m, limit - 1);
  const total = <i64>n + count * <i64>(length - m);
  if (total > 0x7fffffff) return PyErr_NoMemory();
  if (U.isAscii(s) && U.isAscii(to)) return replaceAscii(s, at, from, to, <isize>count, <isize>total);
  const w = Writer.begin(<isize>total, false);
  if (Writer.prepare(w, <isize>total, findMaxChar(kind, data, at)) < 0) return writerDiscard(w);
  const tkind = U.kind(to);
  const tdata = U.data(to);
  const top = U.maxCharValue(to);
  let start: isize = 0;
  for (let k: i64 = 0; k < count; k++) {
    if (k > 0) at = findText(kind, data, start, n, fkind, fdata, m);
    if (at > start && writeSubstring(w, s, start, at) < 0) return writerDiscard(w);
    if (length > 0 && writeCharacters(w, tkind, tdata, 0, length, top) < 0) return writerDiscard(w);
    start = at + m;
  }
  if (writeSubstring(w, s, start, n) < 0) return writerDiscard(w);
  return writerFinish(w);
}

/** As PyUnicode_Replace where all is ASCII: `from` occurs first at `at`, `count` times in all, the result has `total`. */
function replaceAscii(s: usize, at: isize, from: usize, to: usize, count: isize, total: isize): usize {
  const r = PyUnicode_New(total, 127);
  if (r == 0 || total == 0) return r;
  const n = U.length(s);
  const m = U.length(from);
  const length = <usize>U.length(to);
  const data = U.data(s);
  const tdata = U.data(to);
  let p = U.data(r);
  let start: isize = 0;
  for (let k: isize = 0; k < count; k++) {
    if (k > 0) at = findText(1, data, start, n, 1, U.data(from), m);
    const before = <usize>(at - start);
    memory.copy(p, data + <usize>start, before);
    memory.copy(p + before, tdata, length);
    p += before + length;
    start = at + m;
  }
  memory.copy(p, data + <usize>start, <usize>(n - start));
  return r;
}

/** Puts `to` before each of the first `count` characters (and at the end, where count is one more than they are). */
function interleave(s: usize, to: usize, count: isize): usize {
  const n = U.length(s);
  const total = <i64>n + <i64>count * U.length(to);
  if (total > 0x7fffffff) return PyErr_NoMemory();
  const w = Writer.begin(<isize>total);
  for (let i: isize = 0; i < count; i++) {
    if (U.length(to) > 0 && writeCharacters(w, U.kind(to), U.data(to), 0, U.length(to), U.maxCharValue(to)) < 0) {
      return writerDiscard(w);
    }
    if (i < n && Writer.char(w, U.at(s, i)) < 0) return writerDiscard(w);
  }
  if (count < n && writeSubstring(w, s, count, n) < 0) return writerDiscard(w);
  return writerFinish(w);
}

/**
 * @native str.replace($self, old, new, /, count=-1)
 *
 * A copy in which new stands wherever old stood.
 *
 *   count
 *     Replace only so many, from the left. A negative number, which is the default, means all of them.
 *
 * An empty old is found before each element and at the end, so that new is put between all of these elements.
 */
export function unicode_replace(s: usize, from: usize, to: usize, count_: usize): usize {
  if (!strArgument(from, "replace", "argument 1") || !strArgument(to, "replace", "argument 2")) return 0;
  let count: isize = -1;
  if (count_ != 0) {
    count = ssizeArgument(count_);
    if (count == -1 && PyErr_Occurred()) return 0;
  }
  return PyUnicode_Replace(s, from, to, count);
}

/** The text with `left` and `right` times `fill` around it. Null with MemoryError. */
export function padText(s: usize, left: isize, right: isize, fill: u32): usize {
  left = max<isize>(left, 0);
  right = max<isize>(right, 0);
  if (left == 0 && right == 0) return unicodeResultUnchanged(s);
  const n = U.length(s);
  if (<i64>left + right + n > 0x7fffffff) return PyErr_NoMemory();
  const r = PyUnicode_New(left + n + right, max<u32>(fill, U.maxCharValue(s)));
  if (r == 0) return 0;
  const kind = U.kind(r);
  const data = U.data(r);
  fillCharacters(kind, data, 0, left, fill);
  copyCharacters(kind, data, left, U.kind(s), U.data(s), 0, n);
  fillCharacters(kind, data, left + n, right, fill);
  return r;
}

function justify(fname: string, s: usize, argv: usize, nargs: isize, how: i32): usize {
  if (!ArgParser.count(fname, nargs, 1, 2)) return 0;
  const width = ssizeArgument(Py.item(argv, 0));
  if (width == -1 && PyErr_Occurred()) return 0;
  let fill: u32 = 32;
  if (nargs > 1) {
    const f = Py.item(argv, 1);
    if (!Py.check(f, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      PyErr_Format(PyExc_TypeError, "The fill character must be a unicode character, not %.100s", PyTypeName.of(f));
      return 0;
    }
    if (U.length(f) != 1) {
      return PyErr_SetString(PyExc_TypeError, "The fill character must be exactly one character long");
    }
    fill = U.at(f, 0);
  }
  const n = U.length(s);
  if (n >= width) return unicodeResultUnchanged(s);
  const pad = width - n;
  const left = how < 0 ? 0 : how > 0 ? pad : pad / 2 + (pad & width & 1);
  return padText(s, left, pad - left, fill);
}

/**
 * @native str.ljust($self, width, fillchar=' ', /)
 *
 * The text at the left of a field so wide.
 *
 * The right side is filled with fillchar. A longer text is returned just as it is.
 */
export function unicode_ljust(s: usize, argv: usize, nargs: isize): usize {
  return justify("ljust", s, argv, nargs, -1);
}

/**
 * @native str.rjust($self, width, fillchar=' ', /)
 *
 * The text at the right of a field so wide.
 *
 * The left side is filled with fillchar. A longer text is returned just as it is.
 */
export function unicode_rjust(s: usize, argv: usize, nargs: isize): usize {
  return justify("rjust", s, argv, nargs, 1);
}

/**
 * @native str.center($self, width, fillchar=' ', /)
 *
 * The text in the middle of a field so wide.
 *
 * What is missing on both sides is filled with fillchar, a blank.
 */
export function unicode_center(s: usize, argv: usize, nargs: isize): usize {
  return justify("center", s, argv, nargs, 0);
}

/**
 * @native str.zfill($self, width, /)
 *
 * The number, written as text, with zeros before it until it is so wide.
 *
 * A sign stays before all of them.
 */
export function unicode_zfill(s: usize, arg: usize): usize {
  const width = ssizeArgument(arg);
  if (width == -1 && PyErr_Occurred()) return 0;
  const n = U.length(s);
  if (n >= width) return unicodeResultUnchanged(s);
  const fill = width - n;
  const r = padText(s, fill, 0, 48);
  if (r == 0) return 0;
  const kind = U.kind(r);
  const data = U.data(r);
  const c = n > 0 ? U.read(kind, data, fill) : 0;
  if (c == 0x2b || c == 0x2d) {
    U.write(kind, data, 0, c);
    U.write(kind, data, fill, 48);
  }
  return r;
}

/**
 * @native str.expandtabs($self, /, tabsize=8)
 *
 * A copy with blanks in place of tabs.
 *
 * Each tab reaches the next column that tabsize divides: 8, 16, 24, ... by default so.
 */
export function unicode_expandtabs(s: usize, tabsize: usize): usize {
  let tab: isize = 8;
  if (tabsize != 0) {
    tab = intArgument(tabsize);
    if (tab == -1 && PyErr_Occurred()) return 0;
  }
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  if (findText(kind, data, 0, n, 1, U.data(latin1Character(9)), 1) < 0) return unicodeResultUnchanged(s);
  const w = Writer.begin(n);
  let column: isize = 0;
  for (let i: isize = 0; i < n; i++) {
    const c = U.read(kind, data, i);
    if (c == 9) {
      if (tab <= 0) continue;
      const step = tab - (column % tab);
      if (column > 0x7fffffff - step) {
        writerDiscard(w);
        return PyErr_SetString(PyExc_OverflowError, "new string is too long");
      }
      column += step;
      if (writeFill(w, 32, step) < 0) return writerDiscard(w);
      continue;
    }
    column = c == 10 || c == 13 ? 0 : column + 1;
    if (Writer.char(w, c) < 0) return writerDiscard(w);
  }
  return writerFinish(w);
}

/**
 * What a translation table says of `c`: a new reference to None, a string or the number of a character; null if it says
 * nothing, or with an exception.
 */
function translationOf(table: usize, c: u32): usize {
  const key = PyLong_FromLong(c);
  if (key == 0) return 0;
  const v = PyObject_GetItem(table, key);
  Py.DECREF(key);
  if (v == 0) {
    if (PyErr_ExceptionMatches(PyExc_LookupError)) PyErr_Clear();
    return 0;
  }
  if (v == _Py_NoneStruct || Py.check(v, Py_TPFLAGS_UNICODE_SUBCLASS)) return v;
  if (!Long.check(v)) {
    PyErr_SetString(PyExc_TypeError, "character mapping must return integer, None or str");
  } else {
    const n = longOverflow(v) == 0 ? longValue(v) : -1;
    if (n >= 0 && n <= 0x10ffff) return v;
    PyErr_SetString(PyExc_ValueError, "character mapping must be in range(0x110000)");
  }
  Py.DECREF(v);
  return 0;
}

/** Writes what a translation table makes of `c`: 1, 0 if that is nothing, or -1 with an exception. */
function translateOne(w: usize, table: usize, c: u32): i32 {
  const v = translationOf(table, c);
  if (v == 0) return PyErr_Occurred() != 0 || Writer.char(w, c) < 0 ? -1 : 1;
  let r = 1;
  if (v == _Py_NoneStruct) r = 0;
  else if ((Long.check(v) ? Writer.char(w, <u32>longValue(v)) : writeStr(w, v)) < 0) r = -1;
  Py.DECREF(v);
  return r;
}

const UNKNOWN: u8 = 0xff;
const DELETED: u8 = 0xfe;

/** The ASCII character that a translation table has for one, DELETED, or UNKNOWN if it has something else or fails. */
function asciiTranslation(table: usize, c: u32): u8 {
  const v = translationOf(table, c);
  if (v == 0) return PyErr_Occurred() != 0 ? UNKNOWN : <u8>c;
  let r: u32 = UNKNOWN;
  if (v == _Py_NoneStruct) r = DELETED;
  else {
    if (Long.check(v)) r = <u32>longValue(v);
    else if (U.length(v) == 1) r = U.at(v, 0);
    if (r > 0x7f) r = UNKNOWN;
  }
  Py.DECREF(v);
  return <u8>r;
}

/**
 * Translates ASCII text into the room that was prepared, as long as it stays ASCII; the table is asked once for each
 * character. The count of characters that are done; an exception may be set then.
 */
function translateAscii(w: usize, table: usize, data: usize, n: isize): isize {
  const known = Scratch.take(16);
  memory.fill(known, UNKNOWN, 128);
  const start = unicodewriter.at(w).data;
  let out = start;
  let i: isize = 0;
  for (; i < n; i++) {
    const c = load<u8>(data + i);
    let t = load<u8>(known + c);
    if (t == UNKNOWN) {
      t = asciiTranslation(table, c);
      if (t == UNKNOWN) break;
      store<u8>(known + c, t);
    }
    if (t == DELETED) continue;
    store<u8>(out, t);
    out++;
  }
  Scratch.give(known);
  unicodewriter.at(w).pos = <isize>(out - start);
  return i;
}

/**
 * str.translate.
 *
 * @native str.translate($self, table, /)
 *
 * A copy in which a table decides what becomes of each character.
 *
 *   table
 *     Asked for the number of each character by table[number]: a dict, or what str.maketrans() makes.
 *
 * The answer is a string or the number of a character, which is put in its place, or None, and it is left out then. LookupError means that it stays there.
 *
 * >>> 'hello'.translate({ord('l'): 'LL', ord('o'): None})
 * 'heLLLL'
 */
export function unicode_translate(s: usize, table: usize): usize {
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  const w = Writer.begin(0, false);
  if (n == 0) return writerFinish(w);
  if (Writer.prepare(w, n, 0x7f) < 0) return writerDiscard(w);
  let i: isize = 0;
  if (U.isAscii(s)) {
    i = translateAscii(w, table, data, n);
    if (i < n && PyErr_Occurred() != 0) return writerDiscard(w);
  }
  while (i < n) {
    const r = translateOne(w, table, U.read(kind, data, i++));
    if (r < 0) return writerDiscard(w);
    if (r != 0) continue;
    // All that are left out in a row are looked for first; so the one behind them is asked for twice.
    for (; i < n; i++) {
      const next = translationOf(table, U.read(kind, data, i));
      if (next == 0 && PyErr_Occurred() != 0) return writerDiscard(w);
      Py.XDECREF(next);
      if (next != _Py_NoneStruct) break;
    }
  }
  return writerFinish(w);
}

function mapOne(d: usize, key: usize, value: usize): i32 {
  if (Py.check(key, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    if (U.length(key) == 1) return setMapping(d, U.at(key, 0), value);
    return PyErr_Fail(PyExc_ValueError, "string keys in translate table must be of length 1");
  }
  if (Long.check(key)) return PyDict_SetItem(d, key, value);
  return PyErr_Fail(PyExc_TypeError, "keys in translate table must be strings or integers");
}

function mapFromDict(d: usize, x: usize): i32 {
  if (!Py.IS_TYPE(x, PyDict_Type)) {
    return PyErr_Fail(PyExc_TypeError, "if you give only one argument to maketrans it must be a dict");
  }
  let pos: isize = 0;
  while ((pos = PyDict_Next(x, pos)) != 0) {
    // A key that is hashed by its class may take both out of the dict.
    const key = Py.NewRef(PyDict_KeyAt(x, pos));
    const value = Py.NewRef(PyDict_ValueAt(x, pos));
    const r = mapOne(d, key, value);
    Py.DECREF(value);
    Py.DECREF(key);
    if (r < 0) return -1;
  }
  return 0;
}

function setMapping(d: usize, c: u32, value: usize): i32 {
  const key = PyLong_FromLong(c);
  if (key == 0) return -1;
  const r = PyDict_SetItem(d, key, value);
  Py.DECREF(key);
  return r;
}

function mapFromStrings(d: usize, x: usize, y: usize, z: usize): i32 {
  if (!Py.check(x, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Fail(PyExc_TypeError, "first maketrans argument must be a string if there is a second argument");
  }
  const n = U.length(x);
  if (n != U.length(y)) return PyErr_Fail(PyExc_ValueError, "the first two maketrans arguments must have equal length");
  for (let i: isize = 0; i < n; i++) {
    const to = PyLong_FromLong(U.at(y, i));
    if (to == 0) return -1;
    const r = setMapping(d, U.at(x, i), to);
    Py.DECREF(to);
    if (r < 0) return -1;
  }
  if (z != 0) {
    const m = U.length(z);
    for (let i: isize = 0; i < m; i++) if (setMapping(d, U.at(z, i), _Py_NoneStruct) < 0) return -1;
  }
  return 0;
}

/**
 * str.maketrans, a static method.
 *
 * @staticmethod str.maketrans(x, y=<unrepresentable>, z=<unrepresentable>, /)
 *
 * A table for translate().
 *
 * One argument: a dict from characters, or their numbers, to what takes their place: a string of any length, a number, or None for nothing. The table has numbers in place of the characters.
 *
 * Two arguments: strings of the same length; each character of the first is replaced by the one at its place in the second. With a third string, its characters are left out.
 *
 * >>> 'abcd'.translate(str.maketrans('ab', 'AB', 'd'))
 * 'ABc'
 *
 * A static method: it needs no string to be called on, and gives a plain dict.
 */
export function unicode_maketrans(_null: usize, x: usize, y: usize, z: usize): usize {
  if (y != 0 && !strArgument(y, "maketrans", "argument 2")) return 0;
  if (z != 0 && !strArgument(z, "maketrans", "argument 3")) return 0;
  const d = PyDict_New();
  if (d == 0) return 0;
  if ((y != 0 ? mapFromStrings(d, x, y, z) : mapFromDict(d, x)) < 0) {
    Py.DECREF(d);
    return 0;
  }
  return d;
}
