// The module _symtable (CPython 3.13's Modules/symtablemodule.c, and the entries of Python/symtable.c): the symbol tables
// that the compiler makes, for the module symtable. The host's compiler makes them; here are the objects.

import { CompileMode, Py_TPFLAGS_UNICODE_SUBCLASS, PyCF_SYMTABLE } from "../generated/constants";
import { PySTEntryObject, PyTypeObject, SIZEOF_PySTEntryObject } from "../generated/layouts";
import { PyExc_ValueError, PySTEntry_Type } from "../generated/statics";
import { PyDict_New, PyDict_SetItem } from "../objects/containers/dict/dict";
import { List, PyList_New } from "../objects/containers/list/list";
import { Tuple } from "../objects/containers/tuple";
import { badArgument } from "../objects/define/args";
import { Py_EnterRecursiveCall, Py_LeaveRecursiveCall, PyErr_SetString } from "../objects/errors/raise";
import { PySTEntryObject_clear } from "../objects/generated/references";
import { PyModule_AddObjectLiteral } from "../objects/module/module";
import { PyLong_AsInt, PyLong_FromLong, PyLong_FromVoidPtr } from "../objects/numbers/int/create";
import { PyObject_Del, PyType_GenericAlloc } from "../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../objects/object/attributes";
import { Py } from "../objects/object/head";
import { PySequence_List } from "../objects/protocol/sequence";
import { PyUnicode_EqualToLiteral } from "../objects/text/compare";
import { PyUnicode_FromFormat } from "../objects/text/format/fromformat";
import { PyType_Ready } from "../objects/types/ready";
import { PyUnicode_FSDecoder } from "../objects/text/codecs/filesystem";
import { compileObject } from "./builtins/evaluate";

// What a name is used for, which blocks there are, and where a name lives.
const DEF_GLOBAL: i32 = 1;
const DEF_LOCAL: i32 = 2;
const DEF_PARAM: i32 = 4;
const DEF_NONLOCAL: i32 = 8;
const USE: i32 = 16;
const DEF_FREE: i32 = 32;
const DEF_FREE_CLASS: i32 = 64;
const DEF_IMPORT: i32 = 128;
const DEF_ANNOT: i32 = 256;

function ste_dealloc(o: usize): void {
  PySTEntryObject_clear(o);
  PyObject_Del(o);
}

function ste_repr(o: usize): usize {
  const x = PySTEntryObject.at(o);
  return PyUnicode_FromFormat("<symtable entry %U(%R), line %d>", x.ste_name, x.ste_id, x.ste_lineno);
}

/** The dict of (name, flags, ...). */
function symbolsOf(flat: usize): usize {
  const d = PyDict_New();
  for (let i: isize = 0; d != 0 && i < Py.SIZE(flat); i += 2) {
    if (PyDict_SetItem(d, Tuple.get(flat, i), Tuple.get(flat, i + 1)) < 0) {
      Py.DECREF(d);
      return 0;
    }
  }
  return d;
}

/** The entries of the blocks in a block. */
function entriesOf(blocks: usize): usize {
  const list = PyList_New(Py.SIZE(blocks));
  for (let i: isize = 0; list != 0 && i < Py.SIZE(blocks); i++) {
    const entry = makeEntry(Tuple.get(blocks, i));
    if (entry == 0) {
      Py.DECREF(list);
      return 0;
    }
    List.set(list, i, entry);
  }
  return list;
}

/** The entry of a block, as the compiler describes it in spec/syscalls.txt: a new reference. */
function makeEntry(block: usize): usize {
  if (Py_EnterRecursiveCall(" in a symbol table")) return 0;
  const o = PyType_GenericAlloc(PySTEntry_Type, 0);
  if (o != 0) {
    const x = PySTEntryObject.at(o);
    x.ste_name = Py.NewRef(Tuple.get(block, 0));
    x.ste_type = PyLong_AsInt(Tuple.get(block, 4));
    x.ste_nested = PyLong_AsInt(Tuple.get(block, 5));
    x.ste_lineno = PyLong_AsInt(Tuple.get(block, 6));
    x.ste_id = PyLong_FromVoidPtr(o);
    x.ste_symbols = x.ste_id == 0 ? 0 : symbolsOf(Tuple.get(block, 1));
    x.ste_varnames = x.ste_symbols == 0 ? 0 : PySequence_List(Tuple.get(block, 2));
    x.ste_children = x.ste_varnames == 0 ? 0 : entriesOf(Tuple.get(block, 3));
  }
  Py_LeaveRecursiveCall();
  if (o == 0 || PySTEntryObject.at(o).ste_children != 0) return o;
  Py.DECREF(o);
  return 0;
}

/**
 * @native _symtable.symtable($module, source, filename, startstr, /)
 *
 * The symbol table of a program, from its outermost block.
 */
export function symtable_symtable(_m: usize, source: usize, filename: usize, startstr: usize): usize {
  const name = PyUnicode_FSDecoder(filename);
  if (name == 0) return 0;
  const table = tableOf(source, name, startstr);
  Py.DECREF(name);
  const entry = table == 0 ? 0 : makeEntry(table);
  Py.XDECREF(table);
  return entry;
}

/** What the compiler says of it: a new reference. */
function tableOf(source: usize, filename: usize, start: usize): usize {
  if (!Py.check(start, Py_TPFLAGS_UNICODE_SUBCLASS)) return badArgument("symtable", "argument 3", "str", start);
  let mode: i32;
  if (PyUnicode_EqualToLiteral(start, "exec")) mode = CompileMode.exec;
  else if (PyUnicode_EqualToLiteral(start, "eval")) mode = CompileMode.eval;
  else if (PyUnicode_EqualToLiteral(start, "single")) mode = CompileMode.single;
  else return PyErr_SetString(PyExc_ValueError, "symtable() arg 3 must be 'exec' or 'eval' or 'single'");
  return compileObject(source, "symtable", "string or bytes", filename, mode, PyCF_SYMTABLE, 0, false);
}

function add(m: usize, name: string, value: i32): bool {
  return PyModule_AddObjectLiteral(m, name, PyLong_FromLong(value)) == 0;
}

/**
 * @type symtable~entry
 *
 * @member symtable~entry.id = PySTEntryObject.ste_id readonly
 *
 * @member symtable~entry.name = PySTEntryObject.ste_name readonly
 *
 * @member symtable~entry.symbols = PySTEntryObject.ste_symbols readonly
 *
 * @member symtable~entry.varnames = PySTEntryObject.ste_varnames readonly
 *
 * @member symtable~entry.children = PySTEntryObject.ste_children readonly
 *
 * @member symtable~entry.nested = PySTEntryObject.ste_nested readonly
 *
 * @member symtable~entry.type = PySTEntryObject.ste_type readonly
 *
 * @member symtable~entry.lineno = PySTEntryObject.ste_lineno readonly
 */

/**
 * @module _symtable
 */
export function initSymtable(m: usize): i32 {
  const t = PyTypeObject.at(PySTEntry_Type);
  t.tp_basicsize = SIZEOF_PySTEntryObject;
  t.tp_dealloc = ste_dealloc.index;
  t.tp_repr = ste_repr.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  if (PyType_Ready(PySTEntry_Type) < 0) return -1;
  const done =
    add(m, "USE", USE) &&
    add(m, "DEF_GLOBAL", DEF_GLOBAL) &&
    add(m, "DEF_NONLOCAL", DEF_NONLOCAL) &&
    add(m, "DEF_LOCAL", DEF_LOCAL) &&
    add(m, "DEF_PARAM", DEF_PARAM) &&
    add(m, "DEF_FREE", DEF_FREE) &&
    add(m, "DEF_FREE_CLASS", DEF_FREE_CLASS) &&
    add(m, "DEF_IMPORT", DEF_IMPORT) &&
    add(m, "DEF_BOUND", DEF_LOCAL | DEF_PARAM | DEF_IMPORT) &&
    add(m, "DEF_ANNOT", DEF_ANNOT) &&
    add(m, "TYPE_FUNCTION", 0) &&
    add(m, "TYPE_CLASS", 1) &&
    add(m, "TYPE_MODULE", 2) &&
    add(m, "TYPE_ANNOTATION", 3) &&
    add(m, "TYPE_TYPE_ALIAS", 4) &&
    add(m, "TYPE_TYPE_PARAMETERS", 5) &&
    add(m, "TYPE_TYPE_VARIABLE", 6) &&
    add(m, "LOCAL", 1) &&
    add(m, "GLOBAL_EXPLICIT", 2) &&
    add(m, "GLOBAL_IMPLICIT", 3) &&
    add(m, "FREE", 4) &&
    add(m, "CELL", 5) &&
    add(m, "SCOPE_OFF", 12) &&
    add(m, "SCOPE_MASK", 15);
  return done ? 0 : -1;
}
