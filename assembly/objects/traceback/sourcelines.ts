// Lines of source files, for tracebacks (what CPython 3.13 has in Lib/linecache.py). Text of files that were read is
// kept in a dict that the caller owns, by file name; what is no file is kept as None.

import {
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { PyBytesObject } from "../../generated/layouts";
import { vmRoots } from "../../generated/runtime";
import { _Py_NoneStruct, ID, PyModule_Type } from "../../generated/statics";
import { PyDict_GetItemLiteral, PyDict_GetItemWithError, PyDict_SetItem } from "../containers/dict/dict";
import { List } from "../containers/list/list";
import { Tuple } from "../containers/tuple";
import { sysObject } from "../errors/fileoutput";
import { PyErr_Clear, PyErr_Occurred } from "../errors/raise";
import { PyModule_GetDict } from "../module/module";
import { Py } from "../object/head";
import { U } from "../text/access";
import { PyUnicode_Decode } from "../text/codecs/decode";
import { PyUnicode_DecodeUTF8 } from "../text/codecs/utf8";
import { PyUnicode_EqualToLiteral } from "../text/compare";
import { PyUnicode_Substring } from "../text/concat";
import { PyUnicode_FromLiteral, PyUnicode_FromStringAndSize, startsWith } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { readFile } from "./sourcefiles";

/** The text of the file, borrowed from `cache`; null (no exception) where there is none. */
function sourceText(cache: usize, filename: usize): usize {
  const known = PyDict_GetItemWithError(cache, filename);
  if (known != 0) return known == _Py_NoneStruct ? 0 : known;
  PyErr_Clear();
  let text = decode(readSource(filename));
  if (text == 0) text = _Py_NoneStruct;
  PyErr_Clear();
  const r = PyDict_SetItem(cache, filename, text);
  Py.DECREF(text);
  if (r < 0) {
    PyErr_Clear();
    return 0;
  }
  return text == _Py_NoneStruct ? 0 : text;
}

/** The file's bytes; a name without folder is looked for along sys.path too. "<string>" is the code of -c. */
function readSource(filename: usize): usize {
  const n = U.length(filename);
  if (vmRoots.command_source != 0 && PyUnicode_EqualToLiteral(filename, "<string>")) {
    return Py.NewRef(vmRoots.command_source);
  }
  if (n == 0 || (U.at(filename, 0) == 0x3c && U.at(filename, n - 1) == 0x3e)) return 0;
  let bytes = readFile(filename);
  if (bytes != 0 || U.at(filename, 0) == 0x2f) return bytes;
  const path = sysObject(ID.path);
  if (path == 0 || !Py.check(path, Py_TPFLAGS_LIST_SUBCLASS)) return 0;
  for (let i: isize = 0; i < Py.SIZE(path) && bytes == 0; i++) {
    const entry = List.get(path, i);
    if (!Py.check(entry, Py_TPFLAGS_UNICODE_SUBCLASS)) continue;
    const full = PyUnicode_FromFormat("%U/%U", entry, filename);
    if (full == 0) break;
    bytes = readFile(full);
    Py.DECREF(full);
  }
  return bytes;
}

function isCodingCharacter(c: i32): bool {
  const lower = c | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (c >= 0x30 && c <= 0x39) || c == 0x2d || c == 0x5f || c == 0x2e;
}

/** The encoding that the comment from p to end names after "coding:" or "coding=": a new str, null where it names none. */
function codingOfComment(p: usize, end: usize): usize {
  for (; p + 7 < end; p++) {
    if (!startsWith(p, "coding:") && !startsWith(p, "coding=")) continue;
    let from = p + 7;
    while (from < end && (load<u8>(from) == 0x20 || load<u8>(from) == 9)) from++;
    let to = from;
    while (to < end && isCodingCharacter(load<u8>(to))) to++;
    if (to > from) return PyUnicode_FromStringAndSize(from, <isize>(to - from));
  }
  return 0;
}

/** The encoding that one of the first two lines names, if what is before it is blank: a new str, null where none does. */
function codingOf(p: usize, n: isize): usize {
  const end = p + <usize>n;
  for (let line = 0; line < 2 && p < end; line++) {
    let stop = p;
    while (stop < end && load<u8>(stop) != 0x0a && load<u8>(stop) != 0x0d) stop++;
    while (p < stop && (load<u8>(p) == 0x20 || load<u8>(p) == 9 || load<u8>(p) == 12)) p++;
    if (p < stop && load<u8>(p) != 0x23) return 0;
    const coding = codingOfComment(p, stop);
    if (coding != 0) return coding;
    p = stop + 1;
    if (p < end && load<u8>(p) == 0x0a && load<u8>(stop) == 0x0d) p++;
  }
  return 0;
}

/** The bytes (stolen, may be null) as text, in the encoding that they name, what is malformed replaced. */
function decode(bytes: usize): usize {
  if (bytes == 0) return 0;
  const replace = PyUnicode_FromLiteral("replace");
  let text: usize = 0;
  if (replace != 0) {
    const p = PyBytesObject.at(bytes).ob_sval;
    const n = Py.SIZE(bytes);
    const mark = n >= 3 && load<u8>(p) == 0xef && load<u8>(p + 1) == 0xbb && load<u8>(p + 2) == 0xbf;
    const coding = mark ? 0 : codingOf(p, n);
    if (coding != 0) text = PyUnicode_Decode(p, n, coding, replace);
    Py.XDECREF(coding);
    // An encoding that there is not, or not any more.
    PyErr_Clear();
    if (text == 0) text = PyUnicode_DecodeUTF8(mark ? p + 3 : p, mark ? n - 3 : n, replace);
    Py.DECREF(replace);
  }
  Py.DECREF(bytes);
  return text;
}

/** Whether a line ends before character `i`: after "\n", "\r\n" or "\r". */
function endsLine(kind: u32, data: usize, i: isize, n: isize): bool {
  const c = U.read(kind, data, i);
  return c == 0x0a || (c == 0x0d && !(i + 1 < n && U.read(kind, data, i + 1) == 0x0a));
}

/** Whether the character is white space: of Latin-1, all that source lines have at their ends. */
export function isSpace(c: u32): bool {
  return (c >= 9 && c <= 13) || (c >= 28 && c <= 32) || c == 0x85 || c == 0xa0;
}

/**
 * Line `lineno` of what linecache has been told of the file, without white space at its end: a new str; null without
 * exception where it has been told nothing.
 */
function registeredLine(filename: usize, lineno: i32): usize {
  const module = PyDict_GetItemLiteral(vmRoots.modules, "linecache");
  if (module == 0 || Py.TYPE(module) != PyModule_Type) return 0;
  const cache = PyDict_GetItemLiteral(PyModule_GetDict(module), "cache");
  if (cache == 0 || !Py.check(cache, Py_TPFLAGS_DICT_SUBCLASS)) return 0;
  const entry = PyDict_GetItemWithError(cache, filename);
  if (entry == 0 || !Py.check(entry, Py_TPFLAGS_TUPLE_SUBCLASS) || Py.SIZE(entry) != 4) return 0;
  const lines = Tuple.get(entry, 2);
  if (!Py.check(lines, Py_TPFLAGS_LIST_SUBCLASS) || lineno < 1 || lineno > <i32>Py.SIZE(lines)) return 0;
  const line = List.get(lines, lineno - 1);
  if (!Py.check(line, Py_TPFLAGS_UNICODE_SUBCLASS)) return 0;
  let end = U.length(line);
  while (end > 0 && isSpace(U.at(line, end - 1))) end--;
  return PyUnicode_Substring(line, 0, end);
}

/**
 * Line `lineno` (from 1) of the file, without white space at its end: a new str, empty where there is no such line.
 * Null with MemoryError.
 */
export function sourceLine(cache: usize, filename: usize, lineno: i32): usize {
  if (!Py.check(filename, Py_TPFLAGS_UNICODE_SUBCLASS)) return PyUnicode_FromLiteral("");
  const line = registeredLine(filename, lineno);
  if (line != 0 || PyErr_Occurred() != 0) return line;
  const text = sourceText(cache, filename);
  if (text == 0) return PyUnicode_FromLiteral("");
  const kind = U.kind(text);
  const data = U.data(text);
  const n = U.length(text);
  let start: isize = 0;
  let at = 1;
  while (at < lineno && start < n) {
    if (endsLine(kind, data, start, n)) at++;
    start++;
  }
  if (at < lineno || lineno < 1) return PyUnicode_FromLiteral("");
  let end = start;
  while (end < n && !endsLine(kind, data, end, n)) end++;
  while (end > start && isSpace(U.read(kind, data, end - 1))) end--;
  return PyUnicode_Substring(text, start, end);
}
