// Splitting, partitioning and stripping of bytes and bytearray (CPython 3.13's Objects/stringlib/split.h,
// partition.h and Objects/bytesobject.c, do_strip).

import { _Py_NoneStruct, PyExc_ValueError } from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { newSplitList, PyList_Append, PyList_New } from "../containers/list/list";
import { PyTuple_Pack3 } from "../containers/tuple";
import { ArgParser, parseArguments, ssizeArgument } from "../define/args";
import { PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { Buffer } from "../object/buffer";
import { Py } from "../object/head";
import { PyObject_IsTrue } from "../protocol/compare";
import { findText, rfindText } from "../text/find";
import { reverseItems } from "../text/split";
import { BytesLike, makeLike, unchanged } from "./common";

function isSpace(c: u32): bool {
  return c == 32 || (c >= 9 && c <= 13);
}

/** Appends bytes start to end; -1 with MemoryError. */
function appendPart(list: usize, o: usize, start: isize, end: isize): i32 {
  const whole = start == 0 && end == BytesLike.size(o);
  const part = whole ? unchanged(o) : makeLike(o, BytesLike.data(o) + <usize>start, end - start);
  if (part == 0) return -1;
  const r = PyList_Append(list, part);
  Py.DECREF(part);
  return r;
}

function splitSpaces(list: usize, o: usize, limit: isize): i32 {
  const n = BytesLike.size(o);
  const p = BytesLike.data(o);
  let i: isize = 0;
  while (limit-- > 0) {
    while (i < n && isSpace(load<u8>(p + <usize>i))) i++;
    if (i == n) return 0;
    const start = i++;
    while (i < n && !isSpace(load<u8>(p + <usize>i))) i++;
    if (appendPart(list, o, start, i) < 0) return -1;
  }
  while (i < n && isSpace(load<u8>(p + <usize>i))) i++;
  return i < n ? appendPart(list, o, i, n) : 0;
}

function rsplitSpaces(list: usize, o: usize, limit: isize): i32 {
  const p = BytesLike.data(o);
  let i = BytesLike.size(o);
  while (limit-- > 0) {
    while (i > 0 && isSpace(load<u8>(p + <usize>i - 1))) i--;
    if (i == 0) return 0;
    const end = i--;
    while (i > 0 && !isSpace(load<u8>(p + <usize>i - 1))) i--;
    if (appendPart(list, o, i, end) < 0) return -1;
  }
  while (i > 0 && isSpace(load<u8>(p + <usize>i - 1))) i--;
  return i > 0 ? appendPart(list, o, 0, i) : 0;
}

function splitBy(list: usize, o: usize, sep: usize, m: isize, limit: isize, right: bool): i32 {
  const p = BytesLike.data(o);
  let start: isize = 0;
  let end = BytesLike.size(o);
  while (limit-- > 0) {
    const at = right ? rfindText(1, p, 0, end, 1, sep, m) : findText(1, p, start, end, 1, sep, m);
    if (at < 0) break;
    if (right) {
      if (appendPart(list, o, at + m, end) < 0) return -1;
      end = at;
    } else {
      if (appendPart(list, o, start, at) < 0) return -1;
      start = at + m;
    }
  }
  return appendPart(list, o, start, end);
}

function split(fname: string, o: usize, argv: usize, nargs: isize, kwnames: usize, right: bool): usize {
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
  if (limit < 0) limit = isize.MAX_VALUE;
  const list = newSplitList(limit);
  if (list == 0) return 0;
  let status = -1;
  if (sep == 0 || sep == _Py_NoneStruct) {
    status = right ? rsplitSpaces(list, o, limit) : splitSpaces(list, o, limit);
  } else {
    const view = Buffer.open(sep);
    if (view != 0) {
      if (Buffer.length(view) == 0) PyErr_SetString(PyExc_ValueError, "empty separator");
      else status = splitBy(list, o, Buffer.data(view), Buffer.length(view), limit, right);
      Buffer.close(view);
    }
  }
  if (status < 0) {
    Py.DECREF(list);
    return 0;
  }
  if (right) reverseItems(list);
  return list;
}

/**
 * @native bytes.split($self, /, sep=None, maxsplit=-1)
 *
 * The parts between separators, in a list.
 *
 *   sep
 *     What separates them. None, the default, means any run of white space of ASCII; it then makes no empty parts.
 *   maxsplit
 *     How often to split at most; what is left over is the last part. -1 means that there is no limit.
 *
 * >>> b'1,,2'.split(b',')
 * [b'1', b'', b'2']
 * >>> b' 1  2 '.split()
 * [b'1', b'2']
 *
 * @native bytearray.split($self, /, sep=None, maxsplit=-1)
 *
 * The parts between separators, in a list of bytearrays.
 *
 *   sep
 *     What separates them. None, the default, means any run of white space of ASCII; it then makes no empty parts.
 *   maxsplit
 *     How often to split at most; what is left over is the last part. -1 means that there is no limit to it.
 *
 * >>> bytearray(b'a,b').split(b',')
 * [bytearray(b'a'), bytearray(b'b')]
 */
export function bytes_split(o: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  return split("split", o, argv, nargs, kwnames, false);
}

/**
 * @native bytes.rsplit($self, /, sep=None, maxsplit=-1)
 *
 * The parts between separators, in a list, counted from the right.
 *
 *   sep
 *     What separates them. None, the default, means any run of white space of ASCII; it then makes no empty parts.
 *   maxsplit
 *     How often to split at most; what is left over is the first part. -1, the default, means as often as possible, as split() does.
 *
 * With a separator given, two in a row are not one then.
 *
 * >>> b'a.b.c'.rsplit(b'.', 1)
 * [b'a.b', b'c']
 *
 * @native bytearray.rsplit($self, /, sep=None, maxsplit=-1)
 *
 * The parts between separators, in a list of bytearrays, counted from the right.
 *
 *   sep
 *     What separates them. None, the default, means any run of white space, as in ASCII,; it then makes no empty parts.
 *   maxsplit
 *     How often to split at most; what is left over is the first part. -1, the default, means as often as possible, as split() does.
 *
 * Two separators in a row are not one.
 *
 * >>> bytearray(b'a.b').rsplit(b'.')
 * [bytearray(b'a'), bytearray(b'b')]
 */
export function bytes_rsplit(o: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  return split("rsplit", o, argv, nargs, kwnames, true);
}

/**
 * @native bytes.splitlines($self, /, keepends=False)
 * @native bytearray.splitlines($self, /, keepends=False)
 *
 * The lines, in a list.
 *
 * What ends them, the bytes of "\n", "\r" or "\r\n", is left out unless keepends is true. What comes after the last such end is a line, too.
 */
export function bytes_splitlines(o: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const out = Scratch.take(1);
  const ok = parseArguments("splitlines", "keepends", argv, nargs, kwnames, out, 0, 1);
  const argument = Py.item(out, 0);
  Scratch.give(out);
  if (!ok) return 0;
  const keep = argument == 0 ? 0 : PyObject_IsTrue(argument);
  if (keep < 0) return 0;
  const list = PyList_New(0);
  if (list == 0) return 0;
  const n = BytesLike.size(o);
  const p = BytesLike.data(o);
  let i: isize = 0;
  while (i < n) {
    const start = i;
    while (i < n && load<u8>(p + <usize>i) != 10 && load<u8>(p + <usize>i) != 13) i++;
    const end = i;
    if (i < n) i += load<u8>(p + <usize>i) == 13 && i + 1 < n && load<u8>(p + <usize>i + 1) == 10 ? 2 : 1;
    if (appendPart(list, o, start, keep ? i : end) < 0) {
      Py.DECREF(list);
      return 0;
    }
  }
  return list;
}

function partition(o: usize, sep: usize, right: bool): usize {
  const view = Buffer.open(sep);
  if (view == 0) return 0;
  const m = Buffer.length(view);
  if (m == 0) {
    Buffer.close(view);
    return PyErr_SetString(PyExc_ValueError, "empty separator");
  }
  const n = BytesLike.size(o);
  const p = BytesLike.data(o);
  const at = right ? rfindText(1, p, 0, n, 1, Buffer.data(view), m) : findText(1, p, 0, n, 1, Buffer.data(view), m);
  let a: usize;
  let b: usize;
  let c: usize;
  if (at < 0) {
    const whole = unchanged(o);
    const none = makeLike(o, p, 0);
    a = right ? none : whole;
    b = makeLike(o, p, 0);
    c = right ? whole : none;
  } else {
    a = makeLike(o, p, at);
    // The separator itself where it is bytes; a bytearray's part is a copy.
    b = BytesLike.isBytes(o) ? Py.NewRef(sep) : makeLike(o, Buffer.data(view), m);
    c = makeLike(o, p + <usize>(at + m), n - at - m);
  }
  Buffer.close(view);
  const r = a == 0 || b == 0 || c == 0 ? 0 : PyTuple_Pack3(a, b, c);
  Py.XDECREF(a);
  Py.XDECREF(b);
  Py.XDECREF(c);
  return r;
}

/**
 * @native bytes.partition($self, sep, /)
 *
 * What stands before the first separator, the separator, and what stands after it.
 *
 * The three add up to the whole. If the separator is not in it, the first of them is all of it and the other two are empty. The separator may be anything that has a buffer.
 *
 * >>> b'key=value=more'.partition(b'=')
 * (b'key', b'=', b'value=more')
 *
 * rpartition() takes the last separator.
 *
 * @native bytearray.partition($self, sep, /)
 *
 * What stands before the first separator, the separator, and what stands after it.
 *
 * The three are new bytearrays, and add up to the whole. If the separator is not in it, the first of them is all of it and the other two are empty. The separator may be anything that has a buffer.
 *
 * >>> bytearray(b'key=value').partition(b'=')
 * (bytearray(b'key'), bytearray(b'='), bytearray(b'value'))
 *
 * rpartition() takes the last separator.
 */
export function bytes_partition(o: usize, sep: usize): usize {
  return partition(o, sep, false);
}

/**
 * @native bytes.rpartition($self, sep, /)
 *
 * What stands before the last separator, the separator, and what stands after it.
 *
 * The three add up to the whole. If the separator is not in it, the last of them is all there is and the other two are empty. The separator may be anything that has a buffer all of its own.
 *
 * >>> b'key=value=more'.rpartition(b'=')
 * (b'key=value', b'=', b'more')
 *
 * partition() takes the first separator.
 *
 * @native bytearray.rpartition($self, sep, /)
 *
 * What stands before the last separator, the separator, and what stands after it.
 *
 * The three are new bytearrays, and add up to the whole. If the separator is not in it, the last of them is all of it and the other two are empty. The separator may be anything that has a buffer.
 *
 * >>> bytearray(b'key=value').rpartition(b'=')
 * (bytearray(b'key'), bytearray(b'='), bytearray(b'value'))
 *
 * The method partition() takes the first separator.
 */
export function bytes_rpartition(o: usize, sep: usize): usize {
  return partition(o, sep, true);
}

const LEFT: i32 = 1;
const RIGHT: i32 = 2;

function contains(p: usize, n: isize, c: u8): bool {
  for (let i: usize = 0; i < <usize>n; i++) if (load<u8>(p + i) == c) return true;
  return false;
}

function strip(fname: string, o: usize, argv: usize, nargs: isize, sides: i32): usize {
  if (!ArgParser.count(fname, nargs, 0, 1)) return 0;
  const set = nargs > 0 ? Py.item(argv, 0) : _Py_NoneStruct;
  const view = set == _Py_NoneStruct ? 0 : Buffer.open(set);
  if (view == 0 && set != _Py_NoneStruct) return 0;
  const p = BytesLike.data(o);
  const n = BytesLike.size(o);
  let start: isize = 0;
  let end = n;
  if (view == 0) {
    if (sides & LEFT) while (start < end && isSpace(load<u8>(p + <usize>start))) start++;
    if (sides & RIGHT) while (end > start && isSpace(load<u8>(p + <usize>end - 1))) end--;
  } else {
    const q = Buffer.data(view);
    const m = Buffer.length(view);
    if (sides & LEFT) while (start < end && contains(q, m, load<u8>(p + <usize>start))) start++;
    if (sides & RIGHT) while (end > start && contains(q, m, load<u8>(p + <usize>end - 1))) end--;
  }
  // The result before the loan's end, which may run Python.
  const r = start == 0 && end == n ? unchanged(o) : makeLike(o, p + <usize>start, end - start);
  if (view != 0) Buffer.close(view);
  return r;
}

/**
 * @native bytes.strip($self, bytes=None, /)
 * @native bytearray.strip($self, bytes=None, /)
 *
 * A copy without the blanks that it begins and ends with.
 *
 * With an argument, its bytes are taken off both ends instead, in whatever order.
 */
export function bytes_strip(o: usize, argv: usize, nargs: isize): usize {
  return strip("strip", o, argv, nargs, LEFT | RIGHT);
}

/**
 * @native bytes.lstrip($self, bytes=None, /)
 * @native bytearray.lstrip($self, bytes=None, /)
 *
 * A copy without the blanks that it begins with.
 *
 * With an argument, its bytes are taken off instead, in any order.
 */
export function bytes_lstrip(o: usize, argv: usize, nargs: isize): usize {
  return strip("lstrip", o, argv, nargs, LEFT);
}

/**
 * @native bytes.rstrip($self, bytes=None, /)
 * @native bytearray.rstrip($self, bytes=None, /)
 *
 * A copy without the blanks that it ends with.
 *
 * With an argument, its bytes are taken off instead, in any order.
 */
export function bytes_rstrip(o: usize, argv: usize, nargs: isize): usize {
  return strip("rstrip", o, argv, nargs, RIGHT);
}
