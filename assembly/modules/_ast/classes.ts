// The classes of nodes (CPython 3.13's Python/Python-ast.c), made when the module _ast or a syntax tree is first asked
// for, from the rows that assembly/generated/ast.ts has of spec/ast.json. What a row is stands in spec/layouts/ast.txt.

import { AST_CONSTANT, AST_IDENTIFIER, AST_INT, AST_ROWS, AST_STRING, astOffsets, astRows } from "../../generated/ast";
import {
  astattribute,
  astclass,
  astfield,
  astrow,
  SIZEOF_astattribute,
  SIZEOF_astclass,
  SIZEOF_astfield,
} from "../../generated/layouts";
import { astRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyAST_Type,
  PyBaseObject_Type,
  PyList_Type,
  PyLong_Type,
  PyType_Type,
  PyUnicode_Type,
} from "../../generated/statics";
import { PyMem_Calloc, PyMem_Free } from "../../memory/pymem";
import { PyDict_New, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { PyTuple_New, PyTuple_Pack1, PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { PyErr_NoMemory } from "../../objects/errors/raise";
import { astclass_clear } from "../../objects/generated/references";
import { PyObject_Call, PyObject_CallNoArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_SetAttr } from "../../objects/protocol/access";
import { cstringLength, PyUnicode_FromString } from "../../objects/text/create";
import { PyUnicode_InternFromString } from "../../objects/text/intern";
import { Py_GenericAlias } from "../../objects/types/genericalias";
import { PyUnion_Or } from "../../objects/types/union";
import { initNodeType } from "./node";

const NO_BASE: u8 = 255;
const SAYS_ATTRIBUTES: u8 = 1;
const IS_BASE: u8 = 2;
export const IS_SINGLE: u8 = 4;
export const MAY_LACK_END: u8 = 8;

export const OPTIONAL: u8 = 1;
export const LIST: u8 = 2;

/** A row of the table. */
export function rowAt(row: i32): astrow {
  return astrow.at(astRows + <usize>load<u16>(astOffsets + ((<usize>row) << 1)));
}

/** What follows a name or a text. */
export function after(name: usize): usize {
  return name + <usize>cstringLength(name) + 1;
}

/** The record of a class; they must have been made. */
export function astClass(row: i32): astclass {
  return astclass.at(astRoots.classes + <usize>row * SIZEOF_astclass);
}

/** Makes the classes where they are not there yet: 0, or -1 with an exception. */
export function initAstClasses(): i32 {
  if (astRoots.classes != 0) return 0;
  const classes = PyMem_Calloc(<usize>AST_ROWS, SIZEOF_astclass);
  if (classes == 0) {
    PyErr_NoMemory();
    return -1;
  }
  astRoots.classes = classes;
  let r = initNodeType();
  if (r == 0) r = addEmpty(PyAST_Type);
  for (let row = 0; r == 0 && row < AST_ROWS; row++) r = makeClass(row);
  for (let row = 0; r == 0 && row < AST_ROWS; row++) r = addFieldTypes(row);
  if (r < 0) finalizeAst();
  return r;
}

/** Forgets the classes. */
export function finalizeAst(): void {
  const classes = astRoots.classes;
  if (classes == 0) return;
  astRoots.classes = 0;
  for (let row = 0; row < AST_ROWS; row++) astclass_clear(classes + <usize>row * SIZEOF_astclass);
  PyMem_Free(classes);
}

/** AST has no fields and no attributes. */
function addEmpty(type: usize): i32 {
  const empty = PyTuple_New(0);
  if (empty == 0) return -1;
  let r = PyObject_SetAttr(type, ID._fields, empty);
  if (r == 0) r = PyObject_SetAttr(type, ID.__match_args__, empty);
  if (r == 0) r = PyObject_SetAttr(type, ID._attributes, empty);
  Py.DECREF(empty);
  return r;
}

/** The names of n fields (or attributes), of which `head` bytes come before each: a new tuple. */
function namesAt(p: usize, n: i32, head: usize): usize {
  const t = PyTuple_New(n);
  for (let i: isize = 0; t != 0 && i < n; i++) {
    const name = PyUnicode_InternFromString(p + head);
    if (name == 0) {
      Py.DECREF(t);
      return 0;
    }
    Tuple.set(t, i, name);
    p = after(p + head);
  }
  return t;
}

function setItem(d: usize, key: usize, value: usize): i32 {
  const r = value == 0 ? -1 : PyDict_SetItem(d, key, value);
  Py.XDECREF(value);
  return r;
}

/** type(name, (base,), {_fields, __match_args__, __module__, __doc__}): a new reference. */
function callType(name: usize, base: usize, fields: usize, text: usize): usize {
  const d = PyDict_New();
  if (d == 0) return 0;
  let r = PyDict_SetItem(d, ID._fields, fields);
  if (r == 0) r = PyDict_SetItem(d, ID.__match_args__, fields);
  if (r == 0) r = PyDict_SetItem(d, ID.__module__, ID.ast);
  if (r == 0) r = setItem(d, ID.__doc__, PyUnicode_FromString(text));
  let type: usize = 0;
  const s = r < 0 ? 0 : PyUnicode_FromString(name);
  const bases = s == 0 ? 0 : PyTuple_Pack1(base);
  const args = bases == 0 ? 0 : PyTuple_Pack3(s, bases, d);
  if (args != 0) type = PyObject_Call(PyType_Type, args, 0);
  Py.XDECREF(args);
  Py.XDECREF(bases);
  Py.XDECREF(s);
  Py.DECREF(d);
  return type;
}

/** Makes the class of a row, whose base is there. */
function makeClass(row: i32): i32 {
  const x = rowAt(row);
  const name = x.name;
  const text = after(name);
  const attributes = after(text);
  let fields = attributes;
  for (let i = x.attributes; i > 0; i--) fields = after(astattribute.at(fields).name);
  const c = astClass(row);
  c.row = fields;
  c.fields = namesAt(fields, x.fields, SIZEOF_astfield);
  if (c.fields == 0) return -1;
  const base = x.base;
  const baseType = base == NO_BASE ? PyAST_Type : astClass(base).type;
  c.type = callType(name, baseType, c.fields, text);
  if (c.type == 0) return -1;
  if (x.flags & SAYS_ATTRIBUTES) {
    c.attributes = namesAt(attributes, x.attributes, SIZEOF_astattribute);
    if (c.attributes == 0 || PyObject_SetAttr(c.type, ID._attributes, c.attributes) < 0) return -1;
  } else c.attributes = Py.NewRef(astClass(base).attributes);
  // What may be missing is None in the class.
  for (let i = 0, at = fields; i < <i32>x.fields; i++) {
    const missing = astfield.at(at).quantity == OPTIONAL;
    if (missing && PyObject_SetAttr(c.type, Tuple.get(c.fields, i), _Py_NoneStruct) < 0) return -1;
    at = after(astfield.at(at).name);
  }
  for (let i = 0, at = attributes; i < <i32>x.attributes; i++) {
    const missing = astattribute.at(at).missing != 0;
    if (missing && PyObject_SetAttr(c.type, Tuple.get(c.attributes, i), _Py_NoneStruct) < 0) return -1;
    at = after(astattribute.at(at).name);
  }
  if ((x.flags & IS_SINGLE) == 0) return 0;
  c.single = PyObject_CallNoArgs(c.type);
  return c.single == 0 ? -1 : 0;
}

/** The type of one value of a field, borrowed. */
function valueType(code: u8): usize {
  if (code == AST_IDENTIFIER || code == AST_STRING) return PyUnicode_Type;
  if (code == AST_INT) return PyLong_Type;
  return code == AST_CONSTANT ? PyBaseObject_Type : astClass(code).type;
}

/** The type of a field: a new reference. */
function fieldType(code: u8, quantity: u8): usize {
  const type = valueType(code);
  if (quantity == LIST) return Py_GenericAlias(PyList_Type, type);
  return quantity == OPTIONAL ? PyUnion_Or(type, _Py_NoneStruct) : Py.NewRef(type);
}

/** _field_types, and __annotations__, of a class that has nodes. */
function addFieldTypes(row: i32): i32 {
  const x = rowAt(row);
  if (x.flags & IS_BASE) return 0;
  const c = astClass(row);
  const d = PyDict_New();
  if (d == 0) return -1;
  let r = 0;
  for (let i = 0, at = c.row; r == 0 && i < <i32>x.fields; i++) {
    const f = astfield.at(at);
    r = setItem(d, Tuple.get(c.fields, i), fieldType(f.type, f.quantity));
    at = after(astfield.at(at).name);
  }
  if (r == 0) r = PyObject_SetAttr(c.type, ID._field_types, d);
  if (r == 0) r = PyObject_SetAttr(c.type, ID.__annotations__, d);
  Py.DECREF(d);
  return r;
}
