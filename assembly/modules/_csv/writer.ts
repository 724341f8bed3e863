// Writing CSV (the type writer of CPython 3.13's Modules/_csv.c): the fields of a record are put together in a buffer, and
// the record is handed to the file's write. Each field is gone through twice: how long it will be, and whether it needs
// quotes; then it is written.

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_IMMUTABLETYPE,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { DialectObj, SIZEOF_WriterObj, WriterObj } from "../../generated/layouts";
import { csvRoots } from "../../generated/runtime";
import { _Py_NoneStruct, empty_string, PyCSVWriter_Type, PyExc_TypeError } from "../../generated/statics";
import { PyMem_Free, PyMem_Realloc } from "../../memory/pymem";
import { Tuple } from "../../objects/containers/tuple";
import { ArgParser } from "../../objects/define/args";
import {
  PyErr_ExceptionMatches,
  PyErr_Fail,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { WriterObj_clear, WriterObj_traverse } from "../../objects/generated/references";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../../objects/object/alloc";
import { PyCallable_Check, PyObject_CallOneArg } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyNumber_Check } from "../../objects/protocol/number";
import { PyObject_Str } from "../../objects/protocol/text";
import { copyCharacters, U } from "../../objects/text/access";
import { PyUnicode_FromKindAndData } from "../../objects/text/create";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { PyType_Ready } from "../../objects/types/ready";
import { collectedType } from "../collectedtype";
import { contains, NOT_SET, QUOTE_ALL, QUOTE_NONE, QUOTE_NONNUMERIC, QUOTE_NOTNULL, QUOTE_STRINGS } from "./dialect";
import { dialectOfCall } from "./reader";

const RECORD_STEP: i64 = 32768;

// What stands before a character of a field.
const NOTHING: i32 = 0;
const ESCAPE: i32 = 1;
const QUOTE: i32 = 2;
/** Nothing, but the field needs quotes. */
const QUOTES: i32 = 3;

/** What goes before a character. */
function prefixOf(d: DialectObj, c: u32): i32 {
  const special =
    c == d.delimiter || c == d.escapechar || c == d.quotechar || c == 10 || c == 13 || contains(d.lineterminator, c);
  if (!special) return NOTHING;
  if (d.quoting == QUOTE_NONE) return ESCAPE;
  // A doubled quote needs quotes around it as well.
  if (c == d.quotechar) return d.doublequote != 0 ? QUOTE : ESCAPE;
  return c == d.escapechar ? ESCAPE : QUOTES;
}

/** Makes room for a record of so many characters: 0, or -1 with MemoryError. */
function reserve(w: WriterObj, n: i64): i32 {
  if (n <= <i64>w.rec_size) return 0;
  const size = (n / RECORD_STEP + 1) * RECORD_STEP;
  const rec = size > 0x1fffffff ? 0 : PyMem_Realloc(w.rec, (<usize>size) << 2);
  if (rec == 0) {
    PyErr_NoMemory();
    return -1;
  }
  w.rec = rec;
  w.rec_size = <isize>size;
  return 0;
}

function put(w: WriterObj, c: u32): void {
  const n = w.rec_len;
  store<u32>(w.rec + ((<usize>n) << 2), c);
  w.rec_len = n + 1;
}

/** Adds a field to the record: 0, or -1 with an exception. Null is a field for None. */
function appendField(w: WriterObj, field: usize, quoted: bool): i32 {
  const d = DialectObj.at(w.dialect);
  const text = field == 0 ? empty_string : field;
  const n = U.length(text);
  const kind = U.kind(text);
  const data = U.data(text);
  if (n == 0 && d.delimiter == 32 && d.skipinitialspace != 0) {
    if (d.quoting == QUOTE_NONE || (field == 0 && (d.quoting == QUOTE_STRINGS || d.quoting == QUOTE_NOTNULL))) {
      const message = "empty field must be quoted if delimiter is a space and skipinitialspace is true";
      return PyErr_Fail(w.error_obj, message);
    }
    quoted = true;
  }
  let size: i64 = n;
  for (let i: isize = 0; i < n; i++) {
    const prefix = prefixOf(d, U.read(kind, data, i));
    if (prefix == NOTHING) continue;
    if (prefix != ESCAPE) quoted = true;
    else if (d.escapechar == NOT_SET) return PyErr_Fail(w.error_obj, "need to escape, but no escapechar set");
    if (prefix != QUOTES) size++;
  }
  // With a delimiter and two quotes.
  if (reserve(w, <i64>w.rec_len + size + 3) < 0) return -1;
  if (w.num_fields > 0) put(w, d.delimiter);
  if (quoted) put(w, d.quotechar);
  for (let i: isize = 0; i < n; i++) {
    const c = U.read(kind, data, i);
    const prefix = prefixOf(d, c);
    if (prefix == ESCAPE) put(w, d.escapechar);
    else if (prefix == QUOTE) put(w, d.quotechar);
    put(w, c);
  }
  if (quoted) put(w, d.quotechar);
  w.num_fields = w.num_fields + 1;
  return 0;
}

/** Adds a field of any type: 0, or -1 with an exception. */
function appendObject(w: WriterObj, field: usize): i32 {
  const quoting = DialectObj.at(w.dialect).quoting;
  const isText = Py.check(field, Py_TPFLAGS_UNICODE_SUBCLASS);
  const quoted =
    quoting == QUOTE_ALL ||
    (quoting == QUOTE_NONNUMERIC && !PyNumber_Check(field)) ||
    (quoting == QUOTE_STRINGS && isText) ||
    (quoting == QUOTE_NOTNULL && field != _Py_NoneStruct);
  if (isText) return appendField(w, field, quoted);
  if (field == _Py_NoneStruct) return appendField(w, 0, quoted);
  const text = PyObject_Str(field);
  const status = text == 0 ? -1 : appendField(w, text, quoted);
  Py.XDECREF(text);
  return status;
}

/** A record of one empty field is written with quotes, lest it be an empty line: 0, or -1 with an exception. */
function quoteSingle(w: WriterObj, isNull: bool): i32 {
  const quoting = DialectObj.at(w.dialect).quoting;
  if (quoting == QUOTE_NONE || (isNull && (quoting == QUOTE_STRINGS || quoting == QUOTE_NOTNULL))) {
    return PyErr_Fail(w.error_obj, "single empty field record must be quoted");
  }
  w.num_fields = w.num_fields - 1;
  return appendField(w, 0, true);
}

function appendLineTerminator(w: WriterObj): i32 {
  const text = DialectObj.at(w.dialect).lineterminator;
  const n = U.length(text);
  if (reserve(w, <i64>w.rec_len + n) < 0) return -1;
  copyCharacters(4, w.rec, w.rec_len, U.kind(text), U.data(text), 0, n);
  w.rec_len = w.rec_len + n;
  return 0;
}

/**
 * @native _csv.writer.writerow
 *
 * writerow(iterable): writes a record, and gives what write() returns
 *
 * Its fields are those of the iterable. What is no string is made one.
 */
export function writer_writerow(self: usize, row: usize): usize {
  const w = WriterObj.at(self);
  const it = PyObject_GetIter(row);
  if (it == 0) {
    if (PyErr_ExceptionMatches(PyExc_TypeError)) PyErr_Format(w.error_obj, "iterable expected, not %.200t", row);
    return 0;
  }
  w.rec_len = 0;
  w.num_fields = 0;
  let isNull = false;
  let status = 0;
  while (status == 0) {
    const field = PyIter_Next(it);
    if (field == 0) break;
    isNull = field == _Py_NoneStruct;
    status = appendObject(w, field);
    Py.DECREF(field);
  }
  Py.DECREF(it);
  if (status < 0 || PyErr_Occurred() != 0) return 0;
  if (w.num_fields > 0 && w.rec_len == 0 && quoteSingle(w, isNull) < 0) return 0;
  if (appendLineTerminator(w) < 0) return 0;
  const line = PyUnicode_FromKindAndData(4, w.rec, w.rec_len);
  const r = line == 0 ? 0 : PyObject_CallOneArg(w.write, line);
  Py.XDECREF(line);
  return r;
}

/**
 * @native _csv.writer.writerows
 *
 * writerows(iterable): writes several records
 *
 * Each item of the iterable is one, as writerow() takes it. Nothing is returned.
 */
export function writer_writerows(self: usize, rows: usize): usize {
  const it = PyObject_GetIter(rows);
  if (it == 0) return 0;
  while (true) {
    const row = PyIter_Next(it);
    if (row == 0) break;
    const r = writer_writerow(self, row);
    Py.DECREF(row);
    if (r == 0) {
      Py.DECREF(it);
      return 0;
    }
    Py.DECREF(r);
  }
  Py.DECREF(it);
  return PyErr_Occurred() != 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _csv.writer
 *
 * csv_writer = csv.writer(fileobj [, dialect='excel'] [optional keyword args])
 *
 *     for row in sequence:
 *         csv_writer.writerow(row)
 *     csv_writer.writerows(rows)
 *
 * What is written to is anything that has a method write() for text, for example a file that was opened with newline=''. The dialect and its options are given as for reader().
 */
export function csv_writer(_module: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.count("", Tuple.size(args), 1, 2)) return 0;
  const name = PyUnicode_InternLiteral("write");
  const write = name == 0 ? 0 : PyObject_GetOptionalAttr(Tuple.get(args, 0), name);
  Py.XDECREF(name);
  if (write == 0 && PyErr_Occurred() != 0) return 0;
  if (write == 0 || !PyCallable_Check(write)) {
    Py.XDECREF(write);
    return PyErr_SetString(PyExc_TypeError, 'argument 1 must have a "write" method');
  }
  const dialect = dialectOfCall(args, kwargs);
  const self = dialect == 0 ? 0 : PyType_GenericAlloc(PyCSVWriter_Type, 0);
  if (self == 0) {
    Py.DECREF(write);
    Py.XDECREF(dialect);
    return 0;
  }
  WriterObj.at(self).write = write;
  WriterObj.at(self).dialect = dialect;
  WriterObj.at(self).error_obj = Py.NewRef(csvRoots.error);
  return self;
}

function writer_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  WriterObj_clear(self);
  PyMem_Free(WriterObj.at(self).rec);
  PyObject_GC_Del(self);
}

/**
 * @type _csv.writer
 *
 * A writer of CSV: it puts fields together to records and hands those to a file, one by one
 *
 * @member _csv.writer.dialect = WriterObj.dialect readonly
 */

/** Makes the type: 0, or -1 with an exception. */
export function initWriterType(): i32 {
  collectedType(
    PyCSVWriter_Type,
    SIZEOF_WriterObj,
    writer_dealloc.index,
    WriterObj_traverse.index,
    WriterObj_clear.index,
    Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
  );
  return PyType_Ready(PyCSVWriter_Type);
}
