// Code objects by hand: types.CodeType(...) and code.replace() (code_new and code_replace of CPython 3.13's
// Objects/codeobject.c). What is made here goes through the verifier, as nothing else says that it can be run.

import {
  CO_FAST_CELL,
  CO_FAST_FREE,
  CO_FAST_HIDDEN,
  CO_FAST_LOCAL,
  CO_OPTIMIZED,
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { PyBytesObject, PyCodeObject } from "../../generated/layouts";
import { EXTENDED_ARG, LOAD_FAST_AND_CLEAR, opCaches } from "../../generated/opcodes";
import { _Py_NoneStruct, empty_tuple, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { PyBytes_FromStringAndSize } from "../bytes/bytes";
import { PyTuple_New, Tuple } from "../containers/tuple";
import { ArgParser, intArgument } from "../define/args";
import { Audit } from "../errors/audit";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { Py } from "../object/head";
import { _PyUnicode_Equal, PyUnicode_EqualToLiteral } from "../text/compare";
import { _PyCode_GetCode, CodeParts, get_cellvars, get_freevars, get_varnames, PyCode_New } from "./code";
import { verifyCode } from "./verify";

/** The names of the variables by their kinds, as Python has them. References are borrowed. */
@unmanaged
class Variables {
  nlocals: i32 = 0;
  varnames: usize = 0;
  freevars: usize = 0;
  cellvars: usize = 0;
}

/** Whether all names are str; false with TypeError. */
function areNames(names: usize): bool {
  const n = Py.SIZE(names);
  for (let i: isize = 0; i < n; i++) {
    const name = Tuple.get(names, i);
    if (Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) continue;
    PyErr_Format(PyExc_TypeError, "name tuples must contain only strings, not '%.500t'", name);
    return false;
  }
  return true;
}

function indexOf(names: usize, name: usize): isize {
  const n = Py.SIZE(names);
  for (let i: isize = 0; i < n; i++) if (_PyUnicode_Equal(Tuple.get(names, i), name)) return i;
  return -1;
}

/** How many of the cells are locals, too. */
function sharedCells(v: Variables): isize {
  let shared: isize = 0;
  const n = Py.SIZE(v.cellvars);
  for (let i: isize = 0; i < n; i++) if (indexOf(v.varnames, Tuple.get(v.cellvars, i)) >= 0) shared++;
  return shared;
}

/** Marks the variables that a comprehension in a module or class hides: false with ValueError. */
function markHidden(p: CodeParts, kinds: usize, n: i32): bool {
  const units = PyBytesObject.at(p.code).ob_sval;
  const count = <i32>(Py.SIZE(p.code) >> 1);
  let oparg = 0;
  for (let i = 0; i < count; ) {
    const opcode = load<u8>(units + ((<usize>i) << 1));
    oparg = (oparg << 8) | <i32>load<u8>(units + ((<usize>i) << 1), 1);
    i += 1 + <i32>load<u8>(opCaches + <usize>opcode);
    if (opcode == EXTENDED_ARG) continue;
    if (opcode == LOAD_FAST_AND_CLEAR) {
      if (oparg < 0 || oparg >= n) {
        PyErr_Format(PyExc_ValueError, "code: LOAD_FAST_AND_CLEAR oparg %d out of range", oparg);
        return false;
      }
      store<u8>(kinds + <usize>oparg, load<u8>(kinds + <usize>oparg) | CO_FAST_HIDDEN);
    }
    oparg = 0;
  }
  return true;
}

/** Lays the variables out for the frame: new names and kinds in the parts; false with an exception. */
function layOut(p: CodeParts, v: Variables): bool {
  const nvarnames = Py.SIZE(v.varnames);
  const ncells = Py.SIZE(v.cellvars);
  const nfree = Py.SIZE(v.freevars);
  const n = nvarnames + ncells + nfree - sharedCells(v);
  const names = PyTuple_New(n);
  const bytes = names == 0 ? 0 : PyBytes_FromStringAndSize(0, n);
  if (bytes == 0) {
    Py.XDECREF(names);
    return false;
  }
  const kinds = PyBytesObject.at(bytes).ob_sval;
  let at: isize = 0;
  for (let i: isize = 0; i < nvarnames; i++, at++) {
    Tuple.set(names, at, Py.NewRef(Tuple.get(v.varnames, i)));
    store<u8>(kinds + <usize>at, CO_FAST_LOCAL);
  }
  for (let i: isize = 0; i < ncells; i++) {
    const name = Tuple.get(v.cellvars, i);
    const local = indexOf(v.varnames, name);
    if (local >= 0) {
      store<u8>(kinds + <usize>local, CO_FAST_LOCAL | CO_FAST_CELL);
      continue;
    }
    Tuple.set(names, at, Py.NewRef(name));
    store<u8>(kinds + <usize>at, CO_FAST_CELL);
    at++;
  }
  for (let i: isize = 0; i < nfree; i++, at++) {
    Tuple.set(names, at, Py.NewRef(Tuple.get(v.freevars, i)));
    store<u8>(kinds + <usize>at, CO_FAST_FREE);
  }
  p.localsplusnames = names;
  p.localspluskinds = bytes;
  return p.flags & CO_OPTIMIZED || markHidden(p, kinds, <i32>n);
}

/** A new code object of the parts and variables; null with an exception. */
function makeCode(p: CodeParts, v: Variables): usize {
  if (!areNames(p.names) || !areNames(v.varnames) || !areNames(v.freevars) || !areNames(v.cellvars)) return 0;
  p.localsplusnames = 0;
  p.localspluskinds = 0;
  let r: usize = 0;
  if (layOut(p, v)) {
    const least = p.argcount + p.kwonlyargcount;
    if (least <= 0xffff && least > Py.SIZE(v.varnames)) {
      PyErr_SetString(PyExc_ValueError, "code: co_varnames is too small");
    } else if (v.nlocals != Py.SIZE(v.varnames)) {
      PyErr_SetString(PyExc_ValueError, "code: co_nlocals != len(co_varnames)");
    } else if (verifyCode(p)) r = PyCode_New(p);
  }
  Py.XDECREF(p.localsplusnames);
  Py.XDECREF(p.localspluskinds);
  return r;
}

/** Whether argument `i` of code() is of the type, one of the flags of fast subclasses; false with TypeError. */
function isOf(args: usize, i: isize, flag: u64, type: string): bool {
  const v = Tuple.get(args, i);
  if (Py.check(v, flag)) return true;
  const expected = changetype<usize>(type);
  if (v == _Py_NoneStruct) PyErr_Format(PyExc_TypeError, "code() argument %d must be %L, not None", i + 1, expected);
  else PyErr_Format(PyExc_TypeError, "code() argument %d must be %L, not %.50t", i + 1, expected, v);
  return false;
}

/** The types of the arguments behind the six numbers that come first. */
function areOfTypes(args: usize): bool {
  const n = Py.SIZE(args);
  return (
    isOf(args, 6, Py_TPFLAGS_BYTES_SUBCLASS, "bytes") &&
    isOf(args, 7, Py_TPFLAGS_TUPLE_SUBCLASS, "tuple") &&
    isOf(args, 8, Py_TPFLAGS_TUPLE_SUBCLASS, "tuple") &&
    isOf(args, 9, Py_TPFLAGS_TUPLE_SUBCLASS, "tuple") &&
    isOf(args, 10, Py_TPFLAGS_UNICODE_SUBCLASS, "str") &&
    isOf(args, 11, Py_TPFLAGS_UNICODE_SUBCLASS, "str") &&
    isOf(args, 12, Py_TPFLAGS_UNICODE_SUBCLASS, "str") &&
    isOf(args, 14, Py_TPFLAGS_BYTES_SUBCLASS, "bytes") &&
    isOf(args, 15, Py_TPFLAGS_BYTES_SUBCLASS, "bytes") &&
    (n < 17 || isOf(args, 16, Py_TPFLAGS_TUPLE_SUBCLASS, "tuple")) &&
    (n < 18 || isOf(args, 17, Py_TPFLAGS_TUPLE_SUBCLASS, "tuple"))
  );
}

/** Takes the numbers among the arguments: false with an exception. */
function takeNumbers(p: CodeParts, v: Variables, args: usize): bool {
  // They may run Python: all are taken before anything else is looked at.
  p.argcount = intArgument(Tuple.get(args, 0));
  if (p.argcount == -1 && PyErr_Occurred() != 0) return false;
  p.posonlyargcount = intArgument(Tuple.get(args, 1));
  if (p.posonlyargcount == -1 && PyErr_Occurred() != 0) return false;
  p.kwonlyargcount = intArgument(Tuple.get(args, 2));
  if (p.kwonlyargcount == -1 && PyErr_Occurred() != 0) return false;
  v.nlocals = intArgument(Tuple.get(args, 3));
  if (v.nlocals == -1 && PyErr_Occurred() != 0) return false;
  p.stacksize = intArgument(Tuple.get(args, 4));
  if (p.stacksize == -1 && PyErr_Occurred() != 0) return false;
  p.flags = intArgument(Tuple.get(args, 5));
  if (p.flags == -1 && PyErr_Occurred() != 0) return false;
  p.firstlineno = intArgument(Tuple.get(args, 13));
  if (p.firstlineno == -1 && PyErr_Occurred() != 0) return false;
  let negative = "";
  if (p.argcount < 0) negative = "argcount";
  else if (p.posonlyargcount < 0) negative = "posonlyargcount";
  else if (p.kwonlyargcount < 0) negative = "kwonlyargcount";
  else if (v.nlocals < 0) negative = "nlocals";
  if (negative.length == 0) return true;
  PyErr_Format(PyExc_ValueError, "code: %L must not be negative", changetype<usize>(negative));
  return false;
}

/** Tells of a code object that is to be made: false with an exception. */
function tellMaking(p: CodeParts, v: Variables): bool {
  const argv = Scratch.take(9);
  Py.setItem(argv, 0, p.code);
  Py.setItem(argv, 1, p.filename);
  Py.setItem(argv, 2, p.name);
  Py.setItem(argv, 3, p.argcount);
  Py.setItem(argv, 4, p.posonlyargcount);
  Py.setItem(argv, 5, p.kwonlyargcount);
  Py.setItem(argv, 6, v.nlocals);
  Py.setItem(argv, 7, p.stacksize);
  Py.setItem(argv, 8, p.flags);
  const ok = Audit.slots("code.__new__", "OOOiiiiii", argv);
  Scratch.give(argv);
  return ok;
}

/** tp_new of code. */
export function code_new(_type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords("code", kwargs) || !ArgParser.count("code", Py.SIZE(args), 16, 18)) return 0;
  const block = Scratch.take(PARTS + 2);
  const p = changetype<CodeParts>(block);
  const v = changetype<Variables>(block + (PARTS << 3));
  let r: usize = 0;
  if (areOfTypes(args) && takeNumbers(p, v, args)) {
    const n = Py.SIZE(args);
    p.code = Tuple.get(args, 6);
    p.consts = Tuple.get(args, 7);
    p.names = Tuple.get(args, 8);
    v.varnames = Tuple.get(args, 9);
    p.filename = Tuple.get(args, 10);
    p.name = Tuple.get(args, 11);
    p.qualname = Tuple.get(args, 12);
    p.linetable = Tuple.get(args, 14);
    p.exceptiontable = Tuple.get(args, 15);
    v.freevars = n > 16 ? Tuple.get(args, 16) : empty_tuple;
    v.cellvars = n > 17 ? Tuple.get(args, 17) : empty_tuple;
    r = tellMaking(p, v) ? makeCode(p, v) : 0;
  }
  Scratch.give(block);
  return r;
}

/** Scratch slots of a CodeParts. */
const PARTS: isize = 16;

/**
 * replace(**changes): a new code object.
 *
 * @native code.replace($self, /, **changes)
 *
 * A copy of the code in which the parts named in changes have other values.
 *
 * @native code.__replace__($self, /, **changes)
 *
 * As replace() does.
 */
export function code_replace(o: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  if (nargs != 0) return PyErr_Format(PyExc_TypeError, "replace() takes no positional arguments");
  const varnames = get_varnames(o, 0);
  const freevars = varnames == 0 ? 0 : get_freevars(o, 0);
  const cellvars = freevars == 0 ? 0 : get_cellvars(o, 0);
  const code = cellvars == 0 ? 0 : _PyCode_GetCode(o);
  const r = code == 0 ? 0 : replaced(o, code, varnames, freevars, cellvars, argv, kwnames);
  Py.XDECREF(code);
  Py.XDECREF(cellvars);
  Py.XDECREF(freevars);
  Py.XDECREF(varnames);
  return r;
}

function replaced(
  o: usize,
  code: usize,
  varnames: usize,
  freevars: usize,
  cellvars: usize,
  argv: usize,
  kwnames: usize,
): usize {
  const co = PyCodeObject.at(o);
  const block = Scratch.take(PARTS + 2);
  const p = changetype<CodeParts>(block);
  const v = changetype<Variables>(block + (PARTS << 3));
  p.argcount = co.co_argcount;
  p.posonlyargcount = co.co_posonlyargcount;
  p.kwonlyargcount = co.co_kwonlyargcount;
  p.stacksize = co.co_stacksize;
  p.flags = co.co_flags;
  p.firstlineno = co.co_firstlineno;
  p.code = code;
  p.consts = co.co_consts;
  p.names = co.co_names;
  p.filename = co.co_filename;
  p.name = co.co_name;
  p.qualname = co.co_qualname;
  p.linetable = co.co_linetable;
  p.exceptiontable = co.co_exceptiontable;
  v.nlocals = co.co_nlocals;
  v.varnames = varnames;
  v.freevars = freevars;
  v.cellvars = cellvars;
  let ok: bool = true;
  const n = kwnames == 0 ? 0 : Py.SIZE(kwnames);
  for (let i: isize = 0; i < n && ok; i++) ok = applyChange(p, v, Tuple.get(kwnames, i), Py.item(argv, i));
  const r = ok && tellMaking(p, v) ? makeCode(p, v) : 0;
  Scratch.give(block);
  return r;
}

/** Whether the value is of the type, one of the flags of fast subclasses; false with TypeError. */
function isPart(name: usize, value: usize, flag: u64, type: string): bool {
  if (Py.check(value, flag)) return true;
  const expected = changetype<usize>(type);
  if (value == _Py_NoneStruct) {
    PyErr_Format(PyExc_TypeError, "replace() argument '%U' must be %L, not None", name, expected);
  } else PyErr_Format(PyExc_TypeError, "replace() argument '%U' must be %L, not %.50t", name, expected, value);
  return false;
}

function applyChange(p: CodeParts, v: Variables, name: usize, value: usize): bool {
  if (PyUnicode_EqualToLiteral(name, "co_code")) {
    p.code = value;
    return isPart(name, value, Py_TPFLAGS_BYTES_SUBCLASS, "bytes");
  }
  if (PyUnicode_EqualToLiteral(name, "co_linetable")) {
    p.linetable = value;
    return isPart(name, value, Py_TPFLAGS_BYTES_SUBCLASS, "bytes");
  }
  if (PyUnicode_EqualToLiteral(name, "co_exceptiontable")) {
    p.exceptiontable = value;
    return isPart(name, value, Py_TPFLAGS_BYTES_SUBCLASS, "bytes");
  }
  if (PyUnicode_EqualToLiteral(name, "co_consts")) {
    p.consts = value;
    return isPart(name, value, Py_TPFLAGS_TUPLE_SUBCLASS, "tuple");
  }
  if (PyUnicode_EqualToLiteral(name, "co_names")) {
    p.names = value;
    return isPart(name, value, Py_TPFLAGS_TUPLE_SUBCLASS, "tuple");
  }
  if (PyUnicode_EqualToLiteral(name, "co_varnames")) {
    v.varnames = value;
    return isPart(name, value, Py_TPFLAGS_TUPLE_SUBCLASS, "tuple");
  }
  if (PyUnicode_EqualToLiteral(name, "co_freevars")) {
    v.freevars = value;
    return isPart(name, value, Py_TPFLAGS_TUPLE_SUBCLASS, "tuple");
  }
  if (PyUnicode_EqualToLiteral(name, "co_cellvars")) {
    v.cellvars = value;
    return isPart(name, value, Py_TPFLAGS_TUPLE_SUBCLASS, "tuple");
  }
  if (PyUnicode_EqualToLiteral(name, "co_filename")) {
    p.filename = value;
    return isPart(name, value, Py_TPFLAGS_UNICODE_SUBCLASS, "str");
  }
  if (PyUnicode_EqualToLiteral(name, "co_name")) {
    p.name = value;
    return isPart(name, value, Py_TPFLAGS_UNICODE_SUBCLASS, "str");
  }
  if (PyUnicode_EqualToLiteral(name, "co_qualname")) {
    p.qualname = value;
    return isPart(name, value, Py_TPFLAGS_UNICODE_SUBCLASS, "str");
  }
  return applyNumber(p, v, name, value);
}

function applyNumber(p: CodeParts, v: Variables, name: usize, value: usize): bool {
  const n = intArgument(value);
  if (n == -1 && PyErr_Occurred() != 0) return false;
  if (PyUnicode_EqualToLiteral(name, "co_argcount")) p.argcount = n;
  else if (PyUnicode_EqualToLiteral(name, "co_posonlyargcount")) p.posonlyargcount = n;
  else if (PyUnicode_EqualToLiteral(name, "co_kwonlyargcount")) p.kwonlyargcount = n;
  else if (PyUnicode_EqualToLiteral(name, "co_nlocals")) v.nlocals = n;
  else if (PyUnicode_EqualToLiteral(name, "co_stacksize")) p.stacksize = n;
  else if (PyUnicode_EqualToLiteral(name, "co_flags")) p.flags = n;
  else if (PyUnicode_EqualToLiteral(name, "co_firstlineno")) p.firstlineno = n;
  else {
    PyErr_Format(PyExc_TypeError, "replace() got an unexpected keyword argument '%U'", name);
    return false;
  }
  if (n >= 0) return true;
  PyErr_Format(PyExc_ValueError, "%U must be a positive integer", name);
  return false;
}
