// The module _string (the last part of CPython 3.13's Objects/stringlib/unicode_format.h): what the standard library's
// string.Formatter takes texts and names of fields apart with.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../generated/constants";
import {
  fieldnameiterobject,
  formatteriterobject,
  markup,
  PyTypeObject,
  SIZEOF_fieldnameiterobject,
  SIZEOF_formatteriterobject,
  SIZEOF_markup,
} from "../generated/layouts";
import {
  _Py_NoneStruct,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFieldNameIter_Type,
  PyFormatterIter_Type,
} from "../generated/statics";
import { PyTuple_New, PyTuple_Pack2, Tuple } from "../objects/containers/tuple";
import { PyErr_Format, PyErr_SetString } from "../objects/errors/raise";
import { PyLong_FromSsize_t } from "../objects/numbers/int/create";
import { _PyObject_New, PyObject_Del } from "../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../objects/object/attributes";
import { Py } from "../objects/object/head";
import { PyBool_FromBool, PyObject_SelfIter } from "../objects/protocol/access";
import { U } from "../objects/text/access";
import { PyTypeName, PyUnicode_Substring } from "../objects/text/concat";
import { unicodeChar } from "../objects/text/create";
import { fieldNumber, nextMarkup } from "../objects/text/format/format";
import { PyType_Ready } from "../objects/types/ready";
import { Scratch } from "../thread/scratch";

/** Whether `o` is a str; otherwise TypeError. */
function isText(o: usize): bool {
  if (Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS)) return true;
  PyErr_Format(PyExc_TypeError, "expected str, got %s", PyTypeName.of(o));
  return false;
}

/**
 * @native _string.formatter_parser
 *
 * parses the argument, a format
 */
export function formatter_parser(_module: usize, text: usize): usize {
  if (!isText(text)) return 0;
  const it = _PyObject_New(PyFormatterIter_Type);
  if (it == 0) return 0;
  const x = formatteriterobject.at(it);
  x.str = Py.NewRef(text);
  x.index = 0;
  x.end = U.length(text);
  return it;
}

/** Puts what `value` gives (stolen, null for an exception) into the tuple: whether there is something. */
function put(tuple: usize, i: isize, value: usize): bool {
  Tuple.set(tuple, i, value);
  return value != 0;
}

/** The text of the markup, and name, specification and conversion of its field: a new tuple. */
function fieldTuple(s: usize, m: markup): usize {
  const r = PyTuple_New(4);
  if (r == 0) return 0;
  const present = m.present != 0;
  const spec = m.spec < 0 ? 0 : m.spec;
  const good =
    put(r, 0, PyUnicode_Substring(s, m.start, m.end)) &&
    put(r, 1, present ? PyUnicode_Substring(s, m.name, m.name_end) : _Py_NoneStruct) &&
    put(r, 2, present ? PyUnicode_Substring(s, spec, m.spec < 0 ? 0 : m.spec_end) : _Py_NoneStruct) &&
    put(r, 3, m.conversion != 0 ? unicodeChar(m.conversion) : _Py_NoneStruct);
  if (good) return r;
  Py.DECREF(r);
  return 0;
}

function formatteriter_next(self: usize): usize {
  const x = formatteriterobject.at(self);
  const m = Scratch.take(<isize>((SIZEOF_markup + 7) >> 3));
  let r: usize = 0;
  const status = nextMarkup(x.str, x.index, x.end, m);
  if (status != 0) x.index = markup.at(m).next;
  if (status > 0) r = fieldTuple(x.str, markup.at(m));
  Scratch.give(m);
  return r;
}

function formatteriter_dealloc(self: usize): void {
  Py.CLEAR(formatteriterobject.at(self).str_slot);
  PyObject_Del(self);
}

/** Characters start to end as a number, where they spell one, otherwise as a new str. Null with an exception. */
function part(s: usize, start: isize, end: isize): usize {
  const index = fieldNumber(s, start, end);
  if (index == -2) return 0;
  return index >= 0 ? PyLong_FromSsize_t(index) : PyUnicode_Substring(s, start, end);
}

/**
 * @native _string.formatter_field_name_split
 *
 * splits a field's name in two
 */
export function formatter_field_name_split(_module: usize, text: usize): usize {
  if (!isText(text)) return 0;
  const end = U.length(text);
  let i: isize = 0;
  while (i < end && U.at(text, i) != 0x5b && U.at(text, i) != 0x2e) i++;
  const first = part(text, 0, i);
  if (first == 0) return 0;
  const it = _PyObject_New(PyFieldNameIter_Type);
  if (it == 0) {
    Py.DECREF(first);
    return 0;
  }
  const x = fieldnameiterobject.at(it);
  x.str = Py.NewRef(text);
  x.index = i;
  x.end = end;
  const r = PyTuple_Pack2(first, it);
  Py.DECREF(first);
  Py.DECREF(it);
  return r;
}

/** Whether it is an attribute, and its name or the key: a new tuple. Null at the end, or with an exception. */
function fieldnameiter_next(self: usize): usize {
  const x = fieldnameiterobject.at(self);
  const s = x.str;
  const end = x.end;
  let i = x.index;
  if (i >= end) return 0;
  const c = U.at(s, i++);
  const start = i;
  let stop = i;
  if (c == 0x2e) {
    while (i < end && U.at(s, i) != 0x2e && U.at(s, i) != 0x5b) i++;
    stop = i;
  } else if (c == 0x5b) {
    while (i < end && U.at(s, i) != 0x5d) i++;
    stop = i;
    if (i >= end) {
      x.index = i;
      return PyErr_SetString(PyExc_ValueError, "Missing ']' in format string");
    }
    i++;
  } else {
    x.index = i;
    return PyErr_SetString(PyExc_ValueError, "Only '.' or '[' may follow ']' in format field specifier");
  }
  x.index = i;
  if (stop == start) return PyErr_SetString(PyExc_ValueError, "Empty attribute in format string");
  const value = c == 0x2e ? PyUnicode_Substring(s, start, stop) : part(s, start, stop);
  if (value == 0) return 0;
  const r = PyTuple_Pack2(PyBool_FromBool(c == 0x2e), value);
  Py.DECREF(value);
  return r;
}

function fieldnameiter_dealloc(self: usize): void {
  Py.CLEAR(fieldnameiterobject.at(self).str_slot);
  PyObject_Del(self);
}

/**
 * @type formatteriterator
 */

/**
 * @type fieldnameiterator
 */

/** Fills the slots of one of the types, and readies it: 0, or -1 with an exception. */
function initIterator(type: usize, size: isize, dealloc: u32, next: u32): i32 {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = size;
  t.tp_dealloc = dealloc;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = next;
  return PyType_Ready(type);
}

/**
 * @module _string
 *
 * Helps string
 */
export function initString(_module: usize): i32 {
  return initIterator(
    PyFormatterIter_Type,
    SIZEOF_formatteriterobject,
    formatteriter_dealloc.index,
    formatteriter_next.index,
  ) == 0 &&
    initIterator(
      PyFieldNameIter_Type,
      SIZEOF_fieldnameiterobject,
      fieldnameiter_dealloc.index,
      fieldnameiter_next.index,
    ) == 0
    ? 0
    : -1;
}
