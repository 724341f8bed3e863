// Reading CSV (the type reader of CPython 3.13's Modules/_csv.c): lines go through a machine with a few states, character by
// character, and what it has taken apart becomes the fields of a record.
//
// Asking for a line runs Python, which may ask the same reader for a record: between lines nothing is taken for granted.

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_IMMUTABLETYPE,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { DialectObj, ReaderObj, SIZEOF_ReaderObj } from "../../generated/layouts";
import { csvRoots } from "../../generated/runtime";
import { _Py_NoneStruct, PyCSVDialect_Type, PyCSVReader_Type } from "../../generated/statics";
import { PyMem_Free, PyMem_Realloc } from "../../memory/pymem";
import { _PyList_AppendTakeRef, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_FromArray, Tuple } from "../../objects/containers/tuple";
import { ArgParser } from "../../objects/define/args";
import {
  PyErr_BadInternalCall,
  PyErr_Fail,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
} from "../../objects/errors/raise";
import { ReaderObj_clear, ReaderObj_traverse } from "../../objects/generated/references";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../../objects/object/alloc";
import { PyObject_Call } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_SelfIter } from "../../objects/protocol/access";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyNumber_Float } from "../../objects/protocol/number";
import { U } from "../../objects/text/access";
import { PyUnicode_FromKindAndData } from "../../objects/text/create";
import { PyType_Ready } from "../../objects/types/ready";
import { collectedType } from "../collectedtype";
import { QUOTE_NONE, QUOTE_NONNUMERIC, QUOTE_NOTNULL, QUOTE_STRINGS } from "./dialect";

/** What stands for the end of a line. */
const EOL: u32 = 0xfffffffe;

// Where in a record the reader is.
const START_RECORD: i32 = 0;
const START_FIELD: i32 = 1;
const ESCAPED_CHAR: i32 = 2;
const IN_FIELD: i32 = 3;
const IN_QUOTED_FIELD: i32 = 4;
const ESCAPE_IN_QUOTED_FIELD: i32 = 5;
const QUOTE_IN_QUOTED_FIELD: i32 = 6;
const EAT_CRNL: i32 = 7;
const AFTER_ESCAPED_CRNL: i32 = 8;

const FIELD_SIZE_FIRST: isize = 4096;

/** A dialect by the arguments of a function behind its first: new. Null with an exception. */
export function dialectOfCall(args: usize, kwargs: usize): usize {
  const own = PyTuple_FromArray(Tuple.items(args) + 8, Tuple.size(args) - 1);
  const r = own == 0 ? 0 : PyObject_Call(PyCSVDialect_Type, own, kwargs);
  Py.XDECREF(own);
  return r;
}

/** Ends a field and adds it to the record: 0, or -1 with an exception. */
function saveField(r: ReaderObj): i32 {
  const quoting = DialectObj.at(r.dialect).quoting;
  const plain = r.unquoted_field != 0;
  let field: usize;
  if (plain && r.field_len == 0 && (quoting == QUOTE_NOTNULL || quoting == QUOTE_STRINGS)) field = _Py_NoneStruct;
  else {
    field = PyUnicode_FromKindAndData(4, r.field, r.field_len);
    if (field == 0) return -1;
    if (plain && r.field_len != 0 && (quoting == QUOTE_NONNUMERIC || quoting == QUOTE_STRINGS)) {
      const number = PyNumber_Float(field);
      Py.DECREF(field);
      if (number == 0) return -1;
      field = number;
    }
    r.field_len = 0;
  }
  // The record was given away while a line was asked for.
  if (r.fields == 0) {
    Py.DECREF(field);
    PyErr_BadInternalCall();
    return -1;
  }
  return _PyList_AppendTakeRef(r.fields, field);
}

/** Adds a character to the field: 0, or -1 with an exception. */
function addCharacter(r: ReaderObj, c: u32): i32 {
  const n = r.field_len;
  if (<i64>n >= csvRoots.field_limit) {
    PyErr_Format(csvRoots.error, "field larger than field limit (%d)", csvRoots.field_limit);
    return -1;
  }
  if (n == r.field_size) {
    const size = n == 0 ? FIELD_SIZE_FIRST : 2 * n;
    const field = size > 0x1fffffff ? 0 : PyMem_Realloc(r.field, (<usize>size) << 2);
    if (field == 0) {
      PyErr_NoMemory();
      return -1;
    }
    r.field = field;
    r.field_size = size;
  }
  store<u32>(r.field + ((<usize>n) << 2), c);
  r.field_len = n + 1;
  return 0;
}

/** The end of a record: 0, or -1 with an exception. */
function endRecord(r: ReaderObj, c: u32): i32 {
  if (saveField(r) < 0) return -1;
  r.state = c == EOL ? START_RECORD : EAT_CRNL;
  return 0;
}

/** Adds a character, after which the reader is in a state: 0, or -1 with an exception. */
function addAndGo(r: ReaderObj, c: u32, state: i32): i32 {
  if (addCharacter(r, c) < 0) return -1;
  r.state = state;
  return 0;
}

/** Ends the field, and another begins: 0, or -1 with an exception. */
function nextField(r: ReaderObj): i32 {
  if (saveField(r) < 0) return -1;
  r.state = START_FIELD;
  return 0;
}

function isEnd(c: u32): bool {
  return c == 10 || c == 13 || c == EOL;
}

/** A character where a field begins. */
function startField(r: ReaderObj, d: DialectObj, c: u32): i32 {
  r.state = START_FIELD;
  r.unquoted_field = 1;
  if (isEnd(c)) return endRecord(r, c);
  if (c == d.quotechar && d.quoting != QUOTE_NONE) {
    r.unquoted_field = 0;
    r.state = IN_QUOTED_FIELD;
    return 0;
  }
  if (c == d.escapechar) {
    r.state = ESCAPED_CHAR;
    return 0;
  }
  if (c == 32 && d.skipinitialspace != 0) return 0;
  return c == d.delimiter ? nextField(r) : addAndGo(r, c, IN_FIELD);
}

/** A character within a field without quotes. */
function inField(r: ReaderObj, d: DialectObj, c: u32): i32 {
  if (isEnd(c)) return endRecord(r, c);
  if (c == d.escapechar) {
    r.state = ESCAPED_CHAR;
    return 0;
  }
  return c == d.delimiter ? nextField(r) : addCharacter(r, c);
}

/** A character within quotes. */
function inQuotedField(r: ReaderObj, d: DialectObj, c: u32): i32 {
  if (c == EOL) return 0;
  if (c == d.escapechar) r.state = ESCAPE_IN_QUOTED_FIELD;
  else if (c != d.quotechar || d.quoting == QUOTE_NONE) return addCharacter(r, c);
  else r.state = d.doublequote != 0 ? QUOTE_IN_QUOTED_FIELD : IN_FIELD;
  return 0;
}

/** A character behind a quote within quotes. */
function behindQuote(r: ReaderObj, d: DialectObj, c: u32): i32 {
  if (d.quoting != QUOTE_NONE && c == d.quotechar) return addAndGo(r, c, IN_QUOTED_FIELD);
  if (c == d.delimiter) return nextField(r);
  if (isEnd(c)) return endRecord(r, c);
  if (d.strict == 0) return addAndGo(r, c, IN_FIELD);
  PyErr_Format(csvRoots.error, "'%c' expected after '%c'", d.delimiter, d.quotechar);
  return -1;
}

/** Takes a character: 0, or -1 with an exception. */
function processCharacter(r: ReaderObj, c: u32): i32 {
  const d = DialectObj.at(r.dialect);
  switch (r.state) {
    case START_RECORD:
      if (c == EOL) return 0;
      if (c != 10 && c != 13) return startField(r, d, c);
      r.state = EAT_CRNL;
      return 0;
    case START_FIELD:
      return startField(r, d, c);
    case ESCAPED_CHAR:
      if (c == 10 || c == 13) return addAndGo(r, c, AFTER_ESCAPED_CRNL);
      return addAndGo(r, c == EOL ? 10 : c, IN_FIELD);
    case AFTER_ESCAPED_CRNL:
      return c == EOL ? 0 : inField(r, d, c);
    case IN_FIELD:
      return inField(r, d, c);
    case IN_QUOTED_FIELD:
      return inQuotedField(r, d, c);
    case ESCAPE_IN_QUOTED_FIELD:
      return addAndGo(r, c == EOL ? 10 : c, IN_QUOTED_FIELD);
    case QUOTE_IN_QUOTED_FIELD:
      return behindQuote(r, d, c);
    default:
      if (c == EOL) r.state = START_RECORD;
      else if (c != 10 && c != 13) {
        const message = "new-line character seen in unquoted field - do you need to open the file with newline=''?";
        return PyErr_Fail(csvRoots.error, message);
      }
      return 0;
  }
}

/** Begins a record: 0, or -1 with an exception. */
function reset(r: ReaderObj): i32 {
  const fields = PyList_New(0);
  Py.SETREF(r.fields_slot, fields);
  if (fields == 0) return -1;
  r.field_len = 0;
  r.state = START_RECORD;
  r.unquoted_field = 0;
  return 0;
}

/** The input is at its end: whether what there is makes a record; otherwise that is the reader's end, or an exception. */
function endsRecord(r: ReaderObj): bool {
  if (r.field_len == 0 && r.state != IN_QUOTED_FIELD) return false;
  if (DialectObj.at(r.dialect).strict == 0) return saveField(r) == 0;
  return PyErr_Fail(csvRoots.error, "unexpected end of data") == 0;
}

/** Takes a line: 0, or -1 with an exception. */
function processLine(r: ReaderObj, line: usize): i32 {
  if (!Py.check(line, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    const message = "iterator should return strings, not %.200t (the file should be opened in text mode)";
    PyErr_Format(csvRoots.error, message, line);
    return -1;
  }
  r.line_num = r.line_num + 1;
  const n = U.length(line);
  const kind = U.kind(line);
  const data = U.data(line);
  for (let i: isize = 0; i < n; i++) if (processCharacter(r, U.read(kind, data, i)) < 0) return -1;
  return processCharacter(r, EOL);
}

function reader_next(self: usize): usize {
  const r = ReaderObj.at(self);
  if (reset(r) < 0) return 0;
  do {
    const line = PyIter_Next(r.input_iter);
    if (line == 0) {
      if (PyErr_Occurred() != 0 || !endsRecord(r)) return 0;
      break;
    }
    const status = processLine(r, line);
    Py.DECREF(line);
    if (status < 0) return 0;
  } while (r.state != START_RECORD);
  // The reference goes to the caller.
  const fields = r.fields;
  r.fields = 0;
  return fields;
}

/**
 * @native _csv.reader
 *
 * csv_reader = reader(iterable [, dialect='excel'] [optional keyword args])
 *
 *     for row in csv_reader:
 *         process(row)
 *
 * What is read is anything that gives lines of text when it is iterated over, a file that was opened with newline='' as well as a list. The dialect is the name of a registered one, an instance of Dialect or a class with such attributes; single options of it are overridden by arguments with names.
 *
 * The result is an iterator. Each of its items is a record, a list of its fields; it may have taken several lines.
 */
export function csv_reader(_module: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.count("", Tuple.size(args), 1, 2)) return 0;
  const lines = PyObject_GetIter(Tuple.get(args, 0));
  if (lines == 0) return 0;
  const dialect = dialectOfCall(args, kwargs);
  const self = dialect == 0 ? 0 : PyType_GenericAlloc(PyCSVReader_Type, 0);
  if (self == 0) {
    Py.DECREF(lines);
    Py.XDECREF(dialect);
    return 0;
  }
  ReaderObj.at(self).input_iter = lines;
  ReaderObj.at(self).dialect = dialect;
  return self;
}

function reader_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  ReaderObj_clear(self);
  PyMem_Free(ReaderObj.at(self).field);
  PyObject_GC_Del(self);
}

/**
 * @type _csv.reader
 *
 * A reader of CSV: an iterator that gives the records of a table one after another
 *
 * @member _csv.reader.dialect = ReaderObj.dialect readonly
 * @member _csv.reader.line_num = ReaderObj.line_num readonly
 */

/** Makes the type: 0, or -1 with an exception. */
export function initReaderType(): i32 {
  const t = collectedType(
    PyCSVReader_Type,
    SIZEOF_ReaderObj,
    reader_dealloc.index,
    ReaderObj_traverse.index,
    ReaderObj_clear.index,
    Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
  );
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = reader_next.index;
  return PyType_Ready(PyCSVReader_Type);
}
