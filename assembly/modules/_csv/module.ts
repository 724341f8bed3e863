// The module _csv (CPython 3.13's Modules/_csv.c): what the standard library's csv reads and writes with, and the registry of
// dialects.
//
//   dialect   how records look | reader | writer

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { csvRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  PyCSVDialect_Type,
  PyCSVReader_Type,
  PyCSVWriter_Type,
  PyExc_Exception,
  PyExc_TypeError,
  PyLong_Type,
} from "../../generated/statics";
import { PyDict_New, PyDict_Pop, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { PyDict_Keys } from "../../objects/containers/dict/type";
import { Tuple } from "../../objects/containers/tuple";
import { ArgParser } from "../../objects/define/args";
import { PyErr_NewException } from "../../objects/errors/newclass";
import { PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyLong_AsLongLong, PyLong_FromLong, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import {
  initDialectType,
  QUOTE_ALL,
  QUOTE_MINIMAL,
  QUOTE_NONE,
  QUOTE_NONNUMERIC,
  QUOTE_NOTNULL,
  QUOTE_STRINGS,
  registeredDialect,
} from "./dialect";
import { dialectOfCall, initReaderType } from "./reader";
import { initWriterType } from "./writer";

const FIELD_LIMIT_FIRST: i64 = 128 * 1024;

/**
 * @native _csv.list_dialects($module, /)
 *
 * The names of all dialects that are registered.
 */
export function csv_list_dialects(_module: usize): usize {
  return PyDict_Keys(csvRoots.dialects);
}

/**
 * @native _csv.register_dialect
 *
 * register_dialect(name[, dialect[, **fmtparams]]): gives a dialect a name
 */
export function csv_register_dialect(_module: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.count("", Tuple.size(args), 1, 2)) return 0;
  const name = Tuple.get(args, 0);
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "dialect name must be a string");
  }
  const dialect = dialectOfCall(args, kwargs);
  if (dialect == 0) return 0;
  const status = PyDict_SetItem(csvRoots.dialects, name, dialect);
  Py.DECREF(dialect);
  return status < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _csv.unregister_dialect($module, /, name)
 *
 * Takes a name and its dialect out.
 */
export function csv_unregister_dialect(_module: usize, name: usize): usize {
  const dialect = PyDict_Pop(csvRoots.dialects, name, 0);
  if (dialect == 0) return PyErr_Occurred() != 0 ? 0 : PyErr_SetString(csvRoots.error, "unknown dialect");
  Py.DECREF(dialect);
  return _Py_NoneStruct;
}

/**
 * @native _csv.get_dialect($module, /, name)
 *
 * The dialect of a name.
 */
export function csv_get_dialect(_module: usize, name: usize): usize {
  return registeredDialect(name);
}

/**
 * @native _csv.field_size_limit($module, /, new_limit=<unrepresentable>)
 *
 * How many characters a field may have that is read, and sets another limit if one is given.
 */
export function csv_field_size_limit(_module: usize, new_limit: usize): usize {
  const old = csvRoots.field_limit;
  if (new_limit != 0) {
    if (!Py.IS_TYPE(new_limit, PyLong_Type)) return PyErr_SetString(PyExc_TypeError, "limit must be an integer");
    const limit = PyLong_AsLongLong(new_limit);
    if (limit == -1 && PyErr_Occurred() != 0) return 0;
    csvRoots.field_limit = limit;
  }
  return PyLong_FromLongLong(old);
}

/** Adds a value (stolen, null for an exception) to the module: whether that worked. */
function add(m: usize, name: string, value: usize): bool {
  return PyModule_AddObjectLiteral(m, name, value) == 0;
}

/**
 * @module _csv
 * @order reader writer register_dialect list_dialects unregister_dialect get_dialect field_size_limit
 *
 * Reads and writes CSV.
 */
export function initCsv(m: usize): i32 {
  if (initDialectType() < 0 || initReaderType() < 0 || initWriterType() < 0) return -1;
  if (csvRoots.error == 0) csvRoots.error = PyErr_NewException("_csv", "Error", PyExc_Exception);
  if (csvRoots.dialects == 0) {
    csvRoots.dialects = PyDict_New();
    csvRoots.field_limit = FIELD_LIMIT_FIRST;
  }
  return csvRoots.error != 0 &&
    csvRoots.dialects != 0 &&
    add(m, "Dialect", Py.NewRef(PyCSVDialect_Type)) &&
    add(m, "Reader", Py.NewRef(PyCSVReader_Type)) &&
    add(m, "Writer", Py.NewRef(PyCSVWriter_Type)) &&
    add(m, "_dialects", Py.NewRef(csvRoots.dialects)) &&
    add(m, "QUOTE_MINIMAL", PyLong_FromLong(QUOTE_MINIMAL)) &&
    add(m, "QUOTE_ALL", PyLong_FromLong(QUOTE_ALL)) &&
    add(m, "QUOTE_NONNUMERIC", PyLong_FromLong(QUOTE_NONNUMERIC)) &&
    add(m, "QUOTE_NONE", PyLong_FromLong(QUOTE_NONE)) &&
    add(m, "QUOTE_STRINGS", PyLong_FromLong(QUOTE_STRINGS)) &&
    add(m, "QUOTE_NOTNULL", PyLong_FromLong(QUOTE_NOTNULL)) &&
    add(m, "Error", Py.NewRef(csvRoots.error))
    ? 0
    : -1;
}
