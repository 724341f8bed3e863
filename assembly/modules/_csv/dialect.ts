// Dialects of CSV: how records are taken apart and put together (the type Dialect of CPython 3.13's Modules/_csv.c).
//
// Invariant: a dialect never changes.

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_IMMUTABLETYPE, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { DialectObj, PyTypeObject, SIZEOF_DialectObj } from "../../generated/layouts";
import { csvRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  PyCSVDialect_Type,
  PyExc_TypeError,
  PyExc_ValueError,
  PyLong_Type,
} from "../../generated/statics";
import { PyDict_GetItemWithError } from "../../objects/containers/dict/dict";
import { parseTupleAndKeywords } from "../../objects/define/args";
import {
  _PyType_Name,
  PyErr_Clear,
  PyErr_Fail,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { DialectObj_clear, DialectObj_traverse } from "../../objects/generated/references";
import { PyLong_AsInt, PyLong_FromLong } from "../../objects/numbers/int/create";
import { PyObject_GC_Del } from "../../objects/object/alloc";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { U } from "../../objects/text/access";
import { PyUnicode_FromLiteral, unicodeChar } from "../../objects/text/create";
import { findCharacter } from "../../objects/text/find";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";

/** No character. */
export const NOT_SET: u32 = 0xffffffff;

export const QUOTE_MINIMAL: i32 = 0;
export const QUOTE_ALL: i32 = 1;
export const QUOTE_NONNUMERIC: i32 = 2;
export const QUOTE_NONE: i32 = 3;
export const QUOTE_STRINGS: i32 = 4;
export const QUOTE_NOTNULL: i32 = 5;

// The options, by their place among the arguments.
const DELIMITER: isize = 1;
const DOUBLEQUOTE: isize = 2;
const ESCAPECHAR: isize = 3;
const LINETERMINATOR: isize = 4;
const QUOTECHAR: isize = 5;
const QUOTING: isize = 6;
const SKIPINITIALSPACE: isize = 7;
const STRICT: isize = 8;
const OPTIONS: isize = 9;

/** Whether the character is in a text. */
export function contains(text: usize, c: u32): bool {
  return findCharacter(U.kind(text), U.data(text), 0, U.length(text), c) >= 0;
}

/** The dialect that is registered under a name: a new reference, null with an exception. */
export function registeredDialect(name: usize): usize {
  const d = PyDict_GetItemWithError(csvRoots.dialects, name);
  if (d != 0) return Py.NewRef(d);
  return PyErr_Occurred() != 0 ? 0 : PyErr_SetString(csvRoots.error, "unknown dialect");
}

/** Whether an option is true, `missing` where it is not given; -1 with an exception. */
function truth(v: usize, missing: i32): i32 {
  return v == 0 ? missing : PyObject_IsTrue(v);
}

/** Reads an option that is a character, or None where `optional`, to the slot: 0, or -1 with an exception. */
function takeCharacter(v: usize, name: string, optional: bool, missing: u32, out: usize): i32 {
  store<u32>(out, v == 0 ? missing : NOT_SET);
  if (v == 0 || (optional && v == _Py_NoneStruct)) return 0;
  if (!Py.check(v, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    const message = optional ? '"%L" must be string or None, not %.200t' : '"%L" must be string, not %.200t';
    PyErr_Format(PyExc_TypeError, message, changetype<usize>(name), v);
    return -1;
  }
  if (U.length(v) != 1) {
    PyErr_Format(PyExc_TypeError, '"%L" must be a 1-character string', changetype<usize>(name));
    return -1;
  }
  const c = U.at(v, 0);
  store<u32>(out, c);
  return 0;
}

function takeLineTerminator(d: DialectObj, v: usize): i32 {
  if (v == 0) {
    d.lineterminator = PyUnicode_FromLiteral("\r\n");
    return d.lineterminator == 0 ? -1 : 0;
  }
  if (v == _Py_NoneStruct) return 0;
  if (!Py.check(v, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Fail(PyExc_TypeError, '"lineterminator" must be a string');
  }
  d.lineterminator = Py.NewRef(v);
  return 0;
}

function takeQuoting(d: DialectObj, v: usize): i32 {
  d.quoting = QUOTE_MINIMAL;
  if (v == 0) return 0;
  if (!Py.IS_TYPE(v, PyLong_Type)) return PyErr_Fail(PyExc_TypeError, '"quoting" must be an integer');
  d.quoting = PyLong_AsInt(v);
  return d.quoting == -1 && PyErr_Occurred() != 0 ? -1 : 0;
}

/** Takes the options at `a` over, in CPython's order: 0, or -1 with an exception. */
function takeOptions(d: DialectObj, a: usize): i32 {
  const slot = Scratch.take(3);
  let status = takeCharacter(Py.item(a, DELIMITER), "delimiter", false, 0x2c, slot);
  const doublequote = status < 0 ? -1 : truth(Py.item(a, DOUBLEQUOTE), 1);
  status = doublequote < 0 ? -1 : takeCharacter(Py.item(a, ESCAPECHAR), "escapechar", true, NOT_SET, slot + 8);
  if (status == 0) status = takeLineTerminator(d, Py.item(a, LINETERMINATOR));
  if (status == 0) status = takeCharacter(Py.item(a, QUOTECHAR), "quotechar", true, 0x22, slot + 16);
  if (status == 0) status = takeQuoting(d, Py.item(a, QUOTING));
  const skip = status < 0 ? -1 : truth(Py.item(a, SKIPINITIALSPACE), 0);
  const strict = skip < 0 ? -1 : truth(Py.item(a, STRICT), 0);
  d.delimiter = load<u32>(slot);
  d.escapechar = load<u32>(slot + 8);
  d.quotechar = load<u32>(slot + 16);
  Scratch.give(slot);
  if (strict < 0) return -1;
  d.doublequote = <u8>doublequote;
  d.skipinitialspace = <u8>skip;
  d.strict = <u8>strict;
  return 0;
}

/** Whether a character can have its role; otherwise ValueError. */
function isUsable(d: DialectObj, name: string, c: u32, spaceAllowed: bool): bool {
  if (c == 10 || c == 13 || (c == 32 && !spaceAllowed)) {
    PyErr_Format(PyExc_ValueError, "bad %L value", changetype<usize>(name));
    return false;
  }
  if (!contains(d.lineterminator, c)) return true;
  PyErr_Format(PyExc_ValueError, "bad %L or lineterminator value", changetype<usize>(name));
  return false;
}

function differ(a: u32, b: u32, names: string): bool {
  if (a != b || a == NOT_SET) return true;
  PyErr_Format(PyExc_ValueError, "bad %L value", changetype<usize>(names));
  return false;
}

/** Whether the options go together; otherwise an exception is set. */
function isConsistent(d: DialectObj, quotechar: usize, quoting: usize): bool {
  if (<u32>d.quoting > <u32>QUOTE_NOTNULL) return PyErr_Fail(PyExc_TypeError, 'bad "quoting" value') == 0;
  if (quotechar == _Py_NoneStruct && quoting == 0) d.quoting = QUOTE_NONE;
  if (d.quoting != QUOTE_NONE && d.quotechar == NOT_SET) {
    return PyErr_Fail(PyExc_TypeError, "quotechar must be set if quoting enabled") == 0;
  }
  if (d.lineterminator == 0) return PyErr_Fail(PyExc_TypeError, "lineterminator must be set") == 0;
  const space = d.skipinitialspace == 0;
  return (
    isUsable(d, "delimiter", d.delimiter, true) &&
    isUsable(d, "escapechar", d.escapechar, space) &&
    isUsable(d, "quotechar", d.quotechar, space) &&
    differ(d.delimiter, d.escapechar, "delimiter or escapechar") &&
    differ(d.delimiter, d.quotechar, "delimiter or quotechar") &&
    differ(d.escapechar, d.quotechar, "escapechar or quotechar")
  );
}

/** Gets an option that is not given from an object, where that has it; the slot owns what is in it. */
function inherit(a: usize, i: isize, from: usize, name: string): void {
  if (Py.item(a, i) != 0) return;
  const key = PyUnicode_InternLiteral(name);
  Py.setItem(a, i, key == 0 ? 0 : PyObject_GetAttr(from, key));
  Py.XDECREF(key);
  if (Py.item(a, i) == 0) PyErr_Clear();
}

/** A dialect of the options at `a`, which own them, and of another, null for none: new. Null with an exception. */
function newDialect(type: usize, a: usize, from: usize): usize {
  const self = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (self == 0) return 0;
  if (from != 0) {
    inherit(a, DELIMITER, from, "delimiter");
    inherit(a, DOUBLEQUOTE, from, "doublequote");
    inherit(a, ESCAPECHAR, from, "escapechar");
    inherit(a, LINETERMINATOR, from, "lineterminator");
    inherit(a, QUOTECHAR, from, "quotechar");
    inherit(a, QUOTING, from, "quoting");
    inherit(a, SKIPINITIALSPACE, from, "skipinitialspace");
    inherit(a, STRICT, from, "strict");
  }
  const d = DialectObj.at(self);
  if (takeOptions(d, a) == 0 && isConsistent(d, Py.item(a, QUOTECHAR), Py.item(a, QUOTING))) return self;
  Py.DECREF(self);
  return 0;
}

function dialect_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(OPTIONS);
  const names = "dialect delimiter doublequote escapechar lineterminator quotechar quoting skipinitialspace strict";
  if (!parseTupleAndKeywords("", names, args, kwargs, a, 0, OPTIONS)) {
    Scratch.give(a);
    return 0;
  }
  let from = Py.item(a, 0);
  let alone = true;
  for (let i = DELIMITER; i < OPTIONS; i++) {
    Py.XINCREF(Py.item(a, i));
    if (Py.item(a, i) != 0) alone = false;
  }
  const named = from != 0 && Py.check(from, Py_TPFLAGS_UNICODE_SUBCLASS);
  from = named ? registeredDialect(from) : Py.XNewRef(from);
  let r: usize = 0;
  if (from != 0 && alone && PyType_IsSubtype(Py.TYPE(from), PyCSVDialect_Type)) r = Py.NewRef(from);
  else if (from != 0 || !named) r = newDialect(type, a, from);
  Py.XDECREF(from);
  for (let i = DELIMITER; i < OPTIONS; i++) Py.XDECREF(Py.item(a, i));
  Scratch.give(a);
  return r;
}

function characterOrNone(c: u32): usize {
  return c == NOT_SET ? _Py_NoneStruct : unicodeChar(c);
}

/**
 * @getter _csv.Dialect.delimiter
 */
export function dialect_get_delimiter(self: usize): usize {
  return characterOrNone(DialectObj.at(self).delimiter);
}

/**
 * @getter _csv.Dialect.escapechar
 */
export function dialect_get_escapechar(self: usize): usize {
  return characterOrNone(DialectObj.at(self).escapechar);
}

/**
 * @getter _csv.Dialect.lineterminator
 */
export function dialect_get_lineterminator(self: usize): usize {
  return Py.NewRef(DialectObj.at(self).lineterminator);
}

/**
 * @getter _csv.Dialect.quotechar
 */
export function dialect_get_quotechar(self: usize): usize {
  return characterOrNone(DialectObj.at(self).quotechar);
}

/**
 * @getter _csv.Dialect.quoting
 */
export function dialect_get_quoting(self: usize): usize {
  return PyLong_FromLong(DialectObj.at(self).quoting);
}

/**
 * @native _csv.Dialect.__reduce__
 *
 * refuses to be pickled
 *
 * @native _csv.Dialect.__reduce_ex__
 *
 * refuses to be pickled
 */
export function dialect_reduce(self: usize, _args: usize): usize {
  return PyErr_Format(PyExc_TypeError, "cannot pickle '%.100s' instances", _PyType_Name(Py.TYPE(self)));
}

function dialect_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  DialectObj_clear(self);
  PyObject_GC_Del(self);
}

/**
 * @type _csv.Dialect
 *
 * A dialect of CSV: how records are read and written
 *
 * @member _csv.Dialect.skipinitialspace = DialectObj.skipinitialspace readonly
 * @member _csv.Dialect.doublequote = DialectObj.doublequote readonly
 * @member _csv.Dialect.strict = DialectObj.strict readonly
 */

/** Makes the type: 0, or -1 with an exception. */
export function initDialectType(): i32 {
  const t = collectedType(
    PyCSVDialect_Type,
    SIZEOF_DialectObj,
    dialect_dealloc.index,
    DialectObj_traverse.index,
    DialectObj_clear.index,
    Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE,
  );
  t.tp_new = dialect_new.index;
  return PyType_Ready(PyCSVDialect_Type);
}
