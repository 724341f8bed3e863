// Paths as text: what os.path's normpath and splitroot are made of (CPython 3.13's _Py_normpath and _Py_skiproot in
// Python/fileutils.c).

import { path_t } from "../../generated/layouts";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyTuple_Pack3 } from "../../objects/containers/tuple";
import { PyErr_NoMemory } from "../../objects/errors/raise";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { PyUnicode_DecodeFSDefaultAndSize, PyUnicode_EncodeFSDefault } from "../../objects/text/codecs/filesystem";
import { PyUnicode_Substring } from "../../objects/text/concat";
import { PyUnicode_FromKindAndData, PyUnicode_FromLiteral, PyUnicode_FromOrdinal } from "../../objects/text/create";
import { NONSTRICT, Path } from "./path";

const SLASH: u32 = 0x2f;
const DOT: u32 = 0x2e;

/** How many slashes a path begins with that are its root: two exactly are another root than one or three. */
function rootLength(kind: u32, data: usize, n: isize): isize {
  if (n == 0 || U.read(kind, data, 0) != SLASH) return 0;
  return n > 1 && U.read(kind, data, 1) == SLASH && !(n > 2 && U.read(kind, data, 2) == SLASH) ? 2 : 1;
}

/** The path `p` as a str: new; null with an exception. */
function pathText(p: usize): usize {
  const o = path_t.at(p).object;
  if (!Path.wantsBytes(p)) return Py.NewRef(o);
  return PyUnicode_DecodeFSDefaultAndSize(Path.address(p), <isize>Path.length(p));
}

/** A str as the path `p` was given; `s`, which may be null, is stolen. */
function likePath(s: usize, p: usize): usize {
  if (s == 0 || !Path.wantsBytes(p)) return s;
  const r = PyUnicode_EncodeFSDefault(s);
  Py.DECREF(s);
  return r;
}

/**
 * Writes the path of `n` characters without what does not matter as 4-byte characters to `to`, which has room for them:
 * how many there are.
 */
function normalize(kind: u32, data: usize, n: isize, to: usize): isize {
  const root = rootLength(kind, data, n);
  let length: isize = 0;
  for (; length < root; length++) store<u32>(to + ((<usize>length) << 2), SLASH);
  let i = root;
  while (i < n) {
    let end = i;
    while (end < n && U.read(kind, data, end) != SLASH) end++;
    const size = end - i;
    const dot = size > 0 && U.read(kind, data, i) == DOT;
    if (size == 2 && dot && U.read(kind, data, i + 1) == DOT) {
      const last = lastPart(to, root, length);
      if (length > root && !isUp(to, last, length)) length = last > root ? last - 1 : root;
      else if (root == 0) length = append(kind, data, i, 2, to, root, length);
    } else if (size > 1 || (size == 1 && !dot)) length = append(kind, data, i, size, to, root, length);
    i = end + 1;
  }
  return length;
}

/** Where the last part of what is written begins. */
function lastPart(to: usize, root: isize, length: isize): isize {
  let i = length;
  while (i > root && load<u32>(to + ((<usize>(i - 1)) << 2)) != SLASH) i--;
  return i;
}

/** Whether the part from `at` on is "..". */
function isUp(to: usize, at: isize, length: isize): bool {
  const p = to + ((<usize>at) << 2);
  return length - at == 2 && load<u32>(p) == DOT && load<u32>(p, 4) == DOT;
}

/** Adds a part, with a slash before it where another is there. */
function append(kind: u32, data: usize, from: isize, size: isize, to: usize, root: isize, length: isize): isize {
  let p = to + ((<usize>length) << 2);
  if (length > root) {
    store<u32>(p, SLASH);
    p += 4;
  }
  for (let i: isize = 0; i < size; i++) store<u32>(p + ((<usize>i) << 2), U.read(kind, data, from + i));
  return <isize>((p - to) >> 2) + size;
}

/**
 * @native posix._path_normpath($module, /, path)
 *
 * Leave out of a path what does not matter.
 */
export function posix_path_normpath(_m: usize, path: usize): usize {
  const p = Path.take(1);
  const s = Path.convert(p, path, "_path_normpath", "path", NONSTRICT) ? pathText(p) : 0;
  let r: usize = 0;
  if (s != 0) {
    const n = U.length(s);
    if (n >= 0x10000000) PyErr_NoMemory();
    else {
      const to = PyMem_Malloc((<usize>n + 1) << 2);
      if (to == 0) PyErr_NoMemory();
      else {
        const length = normalize(U.kind(s), U.data(s), n, to);
        r = length == 0 ? PyUnicode_FromOrdinal(<i32>DOT) : PyUnicode_FromKindAndData(4, to, length);
        PyMem_Free(to);
      }
    }
    Py.DECREF(s);
  }
  r = likePath(r, p);
  Path.give(p, 1);
  return r;
}

/**
 * @native posix._path_splitroot_ex($module, /, path)
 *
 * Split a path into drive, root and the rest.
 *
 * Each can be empty.
 */
export function posix_path_splitroot_ex(_m: usize, path: usize): usize {
  const p = Path.take(1);
  const s = Path.convert(p, path, "_path_splitroot_ex", "path", NONSTRICT) ? pathText(p) : 0;
  let r: usize = 0;
  if (s != 0) {
    const n = U.length(s);
    const root = rootLength(U.kind(s), U.data(s), n);
    const drive = likePath(PyUnicode_FromLiteral(""), p);
    const middle = likePath(PyUnicode_Substring(s, 0, root), p);
    const tail = likePath(PyUnicode_Substring(s, root, n), p);
    if (drive != 0 && middle != 0 && tail != 0) r = PyTuple_Pack3(drive, middle, tail);
    Py.XDECREF(drive);
    Py.XDECREF(middle);
    Py.XDECREF(tail);
    Py.DECREF(s);
  }
  Path.give(p, 1);
  return r;
}
