// The files in which a Unix keeps its users and groups: an entry a line, its fields separated by colons (what C's library
// reads for CPython 3.13's Modules/pwdmodule.c and Modules/grpmodule.c).
//
// C's library may ask other services too; here the file is all there is. Where it is not, nobody is known.

import { PyBytesObject } from "../generated/layouts";
import { PyExc_ValueError } from "../generated/statics";
import { List, PyList_Append, PyList_New } from "../objects/containers/list/list";
import { PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { Py } from "../objects/object/head";
import { U } from "../objects/text/access";
import { PyUnicode_DecodeFSDefaultAndSize, PyUnicode_EncodeFSDefault } from "../objects/text/codecs/filesystem";
import { cstringLength, PyUnicode_FromLiteral } from "../objects/text/create";
import { PyUnicode_Split } from "../objects/text/split";
import { readFile } from "../objects/traceback/sourcefiles";

/** The text of a file as a new str, empty where it cannot be read; null with an exception. */
function textOf(path: string): usize {
  const name = PyUnicode_FromLiteral(path);
  if (name == 0) return 0;
  const bytes = readFile(name);
  Py.DECREF(name);
  if (bytes == 0) return PyErr_Occurred() ? 0 : PyUnicode_FromLiteral("");
  const text = PyUnicode_DecodeFSDefaultAndSize(PyBytesObject.at(bytes).ob_sval, Py.SIZE(bytes));
  Py.DECREF(bytes);
  return text;
}

/** The parts of a str between the separators: a new list. */
export function splitAt(s: usize, separator: string): usize {
  const sep = PyUnicode_FromLiteral(separator);
  const parts = sep == 0 ? 0 : PyUnicode_Split(s, sep, -1);
  Py.XDECREF(sep);
  return parts;
}

/** The number that a str of decimal digits is; -1 for any other. Never fails. */
export function idOf(s: usize): i64 {
  const n = U.length(s);
  if (n == 0 || n > 10) return -1;
  let id: i64 = 0;
  for (let i: isize = 0; i < n; i++) {
    const digit = U.at(s, i) - 0x30;
    if (digit > 9) return -1;
    id = id * 10 + digit;
  }
  return id;
}

/**
 * The entries of the file: a new list with a list of `count` str for each line that has so many fields, and a number in
 * field 2. Null with an exception.
 */
export function userEntries(path: string, count: isize): usize {
  const text = textOf(path);
  const lines = text == 0 ? 0 : splitAt(text, "\n");
  Py.XDECREF(text);
  const entries = lines == 0 ? 0 : PyList_New(0);
  let ok = entries != 0;
  for (let i: isize = 0; ok && i < Py.SIZE(lines); i++) {
    const line = List.get(lines, i);
    if (U.length(line) == 0 || U.at(line, 0) == 0x23) continue;
    const fields = splitAt(line, ":");
    ok = fields != 0;
    if (ok && Py.SIZE(fields) == count && idOf(List.get(fields, 2)) >= 0) {
      ok = PyList_Append(entries, fields) == 0;
    }
    Py.XDECREF(fields);
  }
  Py.XDECREF(lines);
  if (ok) return entries;
  Py.XDECREF(entries);
  return 0;
}

/** Whether a name can be looked for; false with an exception. */
export function nameArgument(name: usize): bool {
  const bytes = PyUnicode_EncodeFSDefault(name);
  if (bytes == 0) return false;
  const whole = cstringLength(PyBytesObject.at(bytes).ob_sval) == Py.SIZE(bytes);
  Py.DECREF(bytes);
  if (!whole) PyErr_SetString(PyExc_ValueError, "embedded null byte");
  return whole;
}
