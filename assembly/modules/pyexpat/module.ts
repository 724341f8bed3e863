// The module pyexpat (CPython 3.13's Modules/pyexpat.c, and the parts of expat 2.6.3 that it calls): parsers of XML that tell
// handlers what they find.
//
//   input   bytes, encodings, places | scan   characters and tokens
//   prolog, declarations, elements, attlist, pieces   around the outermost element | content, attributes, names   within it | entities
//   events   handlers | parser, attributesof   the type | errors

import { Py_TPFLAGS_DICT_SUBCLASS } from "../../generated/constants";
import { pyexpatRoots, vmRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  PyExc_Exception,
  PyExc_TypeError,
  PyExc_ValueError,
  PyXMLParser_Type,
} from "../../generated/statics";
import { PyDict_New, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { _PyList_AppendTakeRef, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_Pack2, PyTuple_Pack3 } from "../../objects/containers/tuple";
import { utf8Argument } from "../../objects/define/args";
import { PyErr_NewException } from "../../objects/errors/newclass";
import { PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyModule_AddObjectLiteral, PyModule_GetDict, PyModule_NewLiteral } from "../../objects/module/module";
import { PyLong_AsLongLong, PyLong_FromLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { errorName, errorText, nextError, textOfCode } from "./errors";
import { initParserType, newParser } from "./parser";

/**
 * @native pyexpat.ParserCreate($module, /, encoding=None, namespace_separator=None, intern=<unrepresentable>)
 *
 * A new parser.
 */
export function pyexpat_ParserCreate(_m: usize, encoding: usize, namespace_separator: usize, intern: usize): usize {
  const separated = namespace_separator != _Py_NoneStruct;
  if (encoding != _Py_NoneStruct && !utf8Argument(encoding, "ParserCreate", "argument 'encoding'", "str or None"))
    return 0;
  if (separated && !utf8Argument(namespace_separator, "ParserCreate", "argument 'namespace_separator'", "str or None"))
    return 0;
  if (separated && U.length(namespace_separator) > 1) {
    return PyErr_SetString(PyExc_ValueError, "namespace_separator must be at most one character, omitted, or None");
  }
  let own: usize = 0;
  if (intern == 0) {
    own = PyDict_New();
    if (own == 0) return 0;
  } else if (intern != _Py_NoneStruct) {
    if (!Py.check(intern, Py_TPFLAGS_DICT_SUBCLASS)) {
      return PyErr_SetString(PyExc_TypeError, "intern must be a dictionary");
    }
    own = Py.NewRef(intern);
  }
  const separator = !separated ? -1 : U.length(namespace_separator) == 0 ? 0 : <i32>U.at(namespace_separator, 0);
  const r = newParser(encoding == _Py_NoneStruct ? 0 : encoding, separator, own);
  Py.XDECREF(own);
  return r;
}

/**
 * @native pyexpat.ErrorString($module, code, /)
 *
 * The text of an error's number.
 */
export function pyexpat_ErrorString(_m: usize, code: usize): usize {
  const number = PyLong_AsLongLong(code);
  return number == -1 && PyErr_Occurred() != 0 ? 0 : textOfCode(number);
}

/** Adds a value (stolen, null for an exception) to the module: whether that worked. */
function add(m: usize, name: string, value: usize): bool {
  return PyModule_AddObjectLiteral(m, name, value) == 0;
}

function addNumber(m: usize, name: string, value: i32): bool {
  return add(m, name, PyLong_FromLong(value));
}

/** A new module within this one, entered where it is found: borrowed, null with an exception. */
function submodule(m: usize, name: string, fullName: string): usize {
  const sub = PyModule_NewLiteral(fullName);
  if (sub == 0) return 0;
  const key = PyUnicode_FromLiteral(fullName);
  const status = key == 0 ? -1 : PyDict_SetItem(vmRoots.modules, key, sub);
  Py.XDECREF(key);
  if (status < 0) {
    Py.DECREF(sub);
    return 0;
  }
  return add(m, name, sub) ? sub : 0;
}

/** Adds an error to the module and to the two dicts: whether that worked. */
function addError(m: usize, i: i32, code: i32, codes: usize, messages: usize): bool {
  const name = errorName(i);
  const text = name == 0 ? 0 : errorText(i);
  const number = text == 0 ? 0 : PyLong_FromLong(code);
  const good =
    number != 0 &&
    PyDict_SetItem(PyModule_GetDict(m), name, text) == 0 &&
    PyDict_SetItem(codes, text, number) == 0 &&
    PyDict_SetItem(messages, number, text) == 0;
  Py.XDECREF(name);
  Py.XDECREF(text);
  Py.XDECREF(number);
  return good;
}

function addErrors(module: usize): bool {
  const m = submodule(module, "errors", "pyexpat.errors");
  if (m == 0) return false;
  const codes = PyDict_New();
  const messages = PyDict_New();
  let good: bool = codes != 0 && messages != 0;
  let i = 0;
  for (let code = 1; good; code++) {
    good = addError(m, i, code, codes, messages);
    i = nextError(i);
    if (i == 0) break;
  }
  if (good) {
    return (
      add(m, "__doc__", PyUnicode_FromLiteral("The errors of XML, by name.")) &&
      add(m, "codes", codes) &&
      add(m, "messages", messages)
    );
  }
  Py.XDECREF(codes);
  Py.XDECREF(messages);
  return false;
}

function addModel(module: usize): bool {
  const m = submodule(module, "model", "pyexpat.model");
  return (
    m != 0 &&
    add(m, "__doc__", PyUnicode_FromLiteral("The numbers in models of content, by name.")) &&
    addNumber(m, "XML_CTYPE_EMPTY", 1) &&
    addNumber(m, "XML_CTYPE_ANY", 2) &&
    addNumber(m, "XML_CTYPE_MIXED", 3) &&
    addNumber(m, "XML_CTYPE_NAME", 4) &&
    addNumber(m, "XML_CTYPE_CHOICE", 5) &&
    addNumber(m, "XML_CTYPE_SEQ", 6) &&
    addNumber(m, "XML_CQUANT_NONE", 0) &&
    addNumber(m, "XML_CQUANT_OPT", 1) &&
    addNumber(m, "XML_CQUANT_REP", 2) &&
    addNumber(m, "XML_CQUANT_PLUS", 3)
  );
}

function addFeature(list: usize, name: string, value: i32): bool {
  const text = PyUnicode_FromLiteral(name);
  const number = PyLong_FromLong(value);
  const pair = text == 0 || number == 0 ? 0 : PyTuple_Pack2(text, number);
  Py.XDECREF(text);
  Py.XDECREF(number);
  return pair != 0 && _PyList_AppendTakeRef(list, pair) == 0;
}

/** What this parser was made for, as expat has it: a new list. */
function features(): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  const good =
    addFeature(list, "sizeof(XML_Char)", 1) &&
    addFeature(list, "sizeof(XML_LChar)", 1) &&
    addFeature(list, "XML_DTD", 0) &&
    addFeature(list, "XML_CONTEXT_BYTES", 1024) &&
    addFeature(list, "XML_NS", 0) &&
    addFeature(list, "XML_BLAP_MAX_AMP", 100) &&
    addFeature(list, "XML_BLAP_ACT_THRES", 8388608) &&
    addFeature(list, "XML_GE", 0);
  if (good) return list;
  Py.DECREF(list);
  return 0;
}

/** The version of expat whose behaviour this is: a new tuple. */
function versionInfo(): usize {
  const a = PyLong_FromLong(2);
  const b = PyLong_FromLong(6);
  const c = PyLong_FromLong(3);
  const r = a == 0 || b == 0 || c == 0 ? 0 : PyTuple_Pack3(a, b, c);
  Py.XDECREF(a);
  Py.XDECREF(b);
  Py.XDECREF(c);
  return r;
}

/**
 * @module pyexpat
 *
 * Parses XML as expat does.
 */
export function initPyexpat(m: usize): i32 {
  if (initParserType() < 0) return -1;
  if (pyexpatRoots.error == 0) {
    pyexpatRoots.error = PyErr_NewException("xml.parsers.expat", "ExpatError", PyExc_Exception);
    if (pyexpatRoots.error == 0) return -1;
  }
  return add(m, "error", Py.NewRef(pyexpatRoots.error)) &&
    add(m, "ExpatError", Py.NewRef(pyexpatRoots.error)) &&
    add(m, "XMLParserType", Py.NewRef(PyXMLParser_Type)) &&
    add(m, "EXPAT_VERSION", PyUnicode_FromLiteral("expat_2.6.3")) &&
    add(m, "version_info", versionInfo()) &&
    add(m, "native_encoding", PyUnicode_FromLiteral("UTF-8")) &&
    addErrors(m) &&
    addModel(m) &&
    add(m, "features", features()) &&
    addNumber(m, "XML_PARAM_ENTITY_PARSING_NEVER", 0) &&
    addNumber(m, "XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE", 1) &&
    addNumber(m, "XML_PARAM_ENTITY_PARSING_ALWAYS", 2)
    ? 0
    : -1;
}
