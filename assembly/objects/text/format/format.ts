// str.format and str.format_map (CPython 3.13's Objects/stringlib/unicode_format.h): text with {fields}, a field being
// [name]["!" conversion][":" specification], where the specification may itself have fields.
//
// The state of one formatting, a formatfields, is in scratch slots.

import { Py_TPFLAGS_DICT_SUBCLASS } from "../../../generated/constants";
import {
  formatfields,
  markup,
  PySequenceMethods,
  PyTypeObject,
  SIZEOF_formatfields,
  SIZEOF_markup,
} from "../../../generated/layouts";
import {
  empty_string,
  PyExc_IndexError,
  PyExc_KeyError,
  PyExc_ValueError,
  PyLong_Type,
} from "../../../generated/statics";
import { Scratch } from "../../../thread/scratch";
import { Tuple } from "../../containers/tuple";
import { PyErr_Fail, PyErr_Format, PyErr_SetObject, PyErr_SetString } from "../../errors/raise";
import { PyLong_FromLong } from "../../numbers/int/create";
import { Py } from "../../object/head";
import { PyObject_GetAttr } from "../../protocol/access";
import { PyObject_GetItem } from "../../protocol/items";
import { PySequence_GetItem } from "../../protocol/sequence";
import { PyObject_ASCII, PyObject_Format, PyObject_Repr, PyObject_Str } from "../../protocol/text";
import { U } from "../access";
import { PyUnicode_Substring } from "../concat";
import { unicodeResult } from "../create";
import { Character } from "../properties";
import { Writer, writerDiscard, writerFinish, writeStr, writeSubstring } from "./writer";

const UNDECIDED: i32 = -1;
const MANUAL: i32 = -2;

function fail(message: string): i32 {
  return PyErr_Fail(PyExc_ValueError, message);
}

/** The number that characters start to end spell: -1 where they are none, -2 with ValueError. */
export function fieldNumber(s: usize, start: isize, end: isize): isize {
  if (start >= end) return -1;
  let v: i64 = 0;
  for (let i = start; i < end; i++) {
    const d = Character.decimal(U.at(s, i));
    if (d < 0) return -1;
    if (v > (i64.MAX_VALUE - d) / 10) {
      PyErr_SetString(PyExc_ValueError, "Too many decimal digits in format string");
      return -2;
    }
    v = v * 10 + d;
  }
  return <isize>min<i64>(v, 0x7fffffff);
}

/** Checks that numbered and unnumbered fields are not mixed; false with ValueError. */
function checkNumbering(x: usize, automatic: bool): bool {
  const fields = formatfields.at(x);
  const state = fields.index;
  if (state == UNDECIDED) fields.index = automatic ? 0 : MANUAL;
  else if (automatic && state == MANUAL) {
    fail("cannot switch from manual field specification to automatic field numbering");
    return false;
  } else if (!automatic && state != MANUAL) {
    fail("cannot switch from automatic field numbering to manual field specification");
    return false;
  }
  return true;
}

/** The object that the first part of a field's name means: a new reference. Null with an exception. */
function firstObject(x: usize, s: usize, start: isize, end: isize): usize {
  const fields = formatfields.at(x);
  let index = fieldNumber(s, start, end);
  if (index == -2) return 0;
  const empty = start >= end;
  if (empty || index != -1) {
    if (!checkNumbering(x, empty)) return 0;
    if (empty) {
      index = fields.index;
      fields.index = index + 1;
    }
  }
  const args = fields.args;
  if (index == -1) {
    const key = PyUnicode_Substring(s, start, end);
    if (key == 0) return 0;
    const kwargs = fields.kwargs;
    const v = kwargs == 0 ? 0 : PyObject_GetItem(kwargs, key);
    if (kwargs == 0) PyErr_SetObject(PyExc_KeyError, key);
    Py.DECREF(key);
    return v;
  }
  if (args == 0) {
    fail("Format string contains positional fields");
    return 0;
  }
  if (index >= Tuple.size(args)) {
    return PyErr_Format(PyExc_IndexError, "Replacement index %d out of range for positional args tuple", index);
  }
  return Py.NewRef(Tuple.get(args, index));
}

function isSequence(o: usize): bool {
  if (Py.check(o, Py_TPFLAGS_DICT_SUBCLASS)) return false;
  const s = PyTypeObject.at(Py.TYPE(o)).tp_as_sequence;
  return s != 0 && PySequenceMethods.at(s).sq_item != 0;
}

/** o[key]: the text between brackets, a number where it is one. New reference, null with an exception. */
function elementOf(o: usize, s: usize, start: isize, end: isize): usize {
  const index = fieldNumber(s, start, end);
  if (index == -2) return 0;
  if (index >= 0 && isSequence(o)) return PySequence_GetItem(o, index);
  const key = index >= 0 ? PyLong_FromLong(index) : PyUnicode_Substring(s, start, end);
  if (key == 0) return 0;
  const v = PyObject_GetItem(o, key);
  Py.DECREF(key);
  return v;
}

/** The object that a field's name means: a new reference. Null with an exception. */
function fieldObject(x: usize, s: usize, start: isize, end: isize): usize {
  let i = start;
  while (i < end && U.at(s, i) != 0x2e && U.at(s, i) != 0x5b) i++;
  let o = firstObject(x, s, start, i);
  while (o != 0 && i < end) {
    const c = U.at(s, i++);
    const from = i;
    let v: usize = 0;
    if (c == 0x2e) {
      while (i < end && U.at(s, i) != 0x2e && U.at(s, i) != 0x5b) i++;
      if (i == from) fail("Empty attribute in format string");
      else {
        const name = PyUnicode_Substring(s, from, i);
        if (name != 0) {
          v = PyObject_GetAttr(o, name);
          Py.DECREF(name);
        }
      }
    } else if (c == 0x5b) {
      while (i < end && U.at(s, i) != 0x5d) i++;
      if (i == end) fail("Missing ']' in format string");
      else if (i == from) fail("Empty attribute in format string");
      else v = elementOf(o, s, from, i);
      i++;
    } else fail("Only '.' or '[' may follow ']' in format field specifier");
    Py.DECREF(o);
    o = v;
  }
  return o;
}

function convertField(o: usize, conversion: u32): usize {
  if (conversion == 0x72) return PyObject_Repr(o);
  if (conversion == 0x73) return PyObject_Str(o);
  if (conversion == 0x61) return PyObject_ASCII(o);
  if (conversion > 32 && conversion < 127) {
    return PyErr_Format(PyExc_ValueError, "Unknown conversion specifier %c", conversion);
  }
  return PyErr_Format(PyExc_ValueError, "Unknown conversion specifier \\x%x", conversion);
}

/** As fail; an iterator goes on at `i`. */
function failAt(m: markup, i: isize, message: string): i32 {
  m.next = i;
  return fail(message);
}

/**
 * Reads the field whose name begins at `start` (after the brace), within text that ends at `end`, into the markup `m`:
 * 0, or -1 with ValueError.
 */
function readField(s: usize, start: isize, end: isize, m: markup): i32 {
  let i = start;
  let c: u32 = 0;
  while (i < end) {
    c = U.at(s, i++);
    if (c == 0x7b) return failAt(m, i, "unexpected '{' in field name");
    if (c == 0x5b) {
      while (i < end && U.at(s, i) != 0x5d) i++;
      continue;
    }
    if (c == 0x7d || c == 0x3a || c == 0x21) break;
  }
  m.present = 1;
  m.name = start;
  m.name_end = i - 1;
  if (c == 0x21 || c == 0x3a) {
    if (c == 0x21) {
      if (i >= end) return failAt(m, i, "end of string while looking for conversion specifier");
      m.conversion = U.at(s, i++);
      if (i < end) {
        c = U.at(s, i++);
        if (c == 0x7d) {
          m.next = i;
          return 0;
        }
        if (c != 0x3a) return failAt(m, i, "expected ':' after conversion specifier");
      }
    }
    m.spec = i;
    let open = 1;
    while (i < end) {
      c = U.at(s, i++);
      if (c == 0x7b) {
        m.nested = 1;
        open++;
      } else if (c == 0x7d && --open == 0) break;
    }
    if (open > 0) return failAt(m, i, "unmatched '{' in format spec");
    m.spec_end = i - 1;
  } else if (c != 0x7d) return failAt(m, i, "expected '}' before end of string");
  m.next = i;
  return 0;
}

/**
 * Reads the text from `start` up to the next field and that into the markup at `at`: 1, 0 where nothing is left before
 * `end`, -1 with ValueError. A doubled brace ends the text after itself, without a field.
 */
export function nextMarkup(s: usize, start: isize, end: isize, at: usize): i32 {
  const m = markup.at(at);
  memory.fill(at, 0, SIZEOF_markup);
  m.spec = -1;
  m.start = start;
  if (start >= end) return 0;
  let i = start;
  let c: u32 = 0;
  for (; i < end; i++) {
    c = U.at(s, i);
    if (c == 0x7b || c == 0x7d) break;
  }
  m.end = i;
  m.next = i;
  if (i == end) return 1;
  if (i + 1 < end && U.at(s, i + 1) == c) {
    m.end = i + 1;
    m.next = i + 2;
    return 1;
  }
  if (c == 0x7d) return failAt(m, i + 1, "Single '}' encountered in format string");
  if (i + 1 >= end) return failAt(m, i + 1, "Single '{' encountered in format string");
  return readField(s, i + 1, end, m) < 0 ? -1 : 1;
}

/** Writes the field that the markup at `at` tells, within text that ends at `end`: 0, or -1 with an exception. */
function writeField(w: usize, x: usize, s: usize, at: usize, end: isize, depth: i32): i32 {
  const m = markup.at(at);
  let o = fieldObject(x, s, m.name, m.name_end);
  if (o == 0) return -1;
  if (m.conversion != 0) {
    const converted = convertField(o, m.conversion);
    Py.DECREF(o);
    if (converted == 0) return -1;
    o = converted;
  }
  const spec =
    m.nested != 0
      ? buildText(x, s, m.spec, m.spec_end, depth - 1)
      : m.spec < 0
        ? empty_string
        : PyUnicode_Substring(s, m.spec, m.spec_end);
  let text = spec == 0 ? 0 : PyObject_Format(o, spec);
  if (Py.IS_TYPE(o, PyLong_Type)) text = unicodeResult(text);
  Py.DECREF(o);
  Py.XDECREF(spec);
  if (text == 0) return -1;
  if (m.next >= end && depth == 2) Writer.setOverallocate(w, false);
  const r = writeStr(w, text);
  Py.DECREF(text);
  return r;
}

/** The text from start to end with its fields replaced: a new str. Null with an exception. */
function buildText(x: usize, s: usize, start: isize, end: isize, depth: i32): usize {
  if (depth <= 0) {
    fail("Max string recursion exceeded");
    return 0;
  }
  const w = Writer.begin(end - start + 100);
  const m = Scratch.take(<isize>((SIZEOF_markup + 7) >> 3));
  let i = start;
  let status = 0;
  while (true) {
    status = nextMarkup(s, i, end, m);
    if (status <= 0) break;
    if (markup.at(m).present == 0 && markup.at(m).next >= end) Writer.setOverallocate(w, false);
    if (writeSubstring(w, s, markup.at(m).start, markup.at(m).end) < 0) {
      status = -1;
      break;
    }
    if (markup.at(m).present != 0 && writeField(w, x, s, m, end, depth) < 0) {
      status = -1;
      break;
    }
    i = markup.at(m).next;
  }
  Scratch.give(m);
  return status < 0 ? writerDiscard(w) : writerFinish(w);
}

function run(s: usize, args: usize, kwargs: usize): usize {
  const n = U.length(s);
  if (n == 0) return empty_string;
  const x = Scratch.take(<isize>SIZEOF_formatfields / 8);
  const fields = formatfields.at(x);
  fields.args = args;
  fields.kwargs = kwargs;
  fields.index = UNDECIDED;
  const r = buildText(x, s, 0, n, 2);
  Scratch.give(x);
  return r;
}

/**
 * str.format.
 *
 * @native str.format($self, /, *args, **kwargs)
 *
 * This text with its fields, what stands in braces, filled in.
 *
 * They say which argument by number or name: '{0} {size:>5}'. Double braces stand for one.
 */
export function unicode_format(s: usize, args: usize, kwargs: usize): usize {
  return run(s, args, kwargs);
}

/**
 * str.format_map.
 *
 * @native str.format_map($self, mapping, /)
 *
 * This text with its fields, what stands in braces, filled in.
 *
 * The names in them are looked up in mapping, which need not be a dict.
 */
export function unicode_format_map(s: usize, mapping: usize): usize {
  return run(s, 0, mapping);
}
