// Code objects (CPython 3.13's Objects/codeobject.c). They are made from marshalled bytes (marshal/), by replace() and
// by types.CodeType.
//
// The instructions stand in the object itself, at co_code_adaptive, with their inline caches, where the machine writes
// its specialised forms.

import { CO_FAST_CELL, CO_FAST_FREE, CO_FAST_LOCAL } from "../../generated/constants";
import {
  _PyCoCached__co_cellvars,
  _PyCoCached__co_code,
  _PyCoCached__co_freevars,
  _PyCoCached__co_varnames,
  _PyInterpreterFrame_localsplus,
  PyBytesObject,
  PyCodeObject,
  PyCodeObject_co_code_adaptive,
  PyCodeObject_co_weakreflist,
  PyTypeObject,
  SIZEOF__PyCoCached,
  source_position,
} from "../../generated/layouts";
import { opCaches, RESUME } from "../../generated/opcodes";
import { objectsRoots } from "../../generated/runtime";
import { _Py_NotImplementedStruct, PyCode_Type, PyExc_IndexError, PyExc_ValueError } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc, PyObject_Free, PyObject_Malloc } from "../../memory/pymem";
import { Scratch } from "../../thread/scratch";
import { PyBytes_FromStringAndSize } from "../bytes/bytes";
import { PyTuple_New, Tuple } from "../containers/tuple";
import { intArgument, parseArguments } from "../define/args";
import {
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../errors/raise";
import { _PyCoCached_clear } from "../generated/references";
import { PyLong_FromSsize_t } from "../numbers/int/create";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { Py_EQ, Py_NE } from "../object/flags";
import { _PyObject_Init, Py } from "../object/head";
import { PyBool_FromBool } from "../protocol/access";
import { PyObject_Hash, PyObject_RichCompareBool } from "../protocol/compare";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyObject_ClearWeakRefs } from "../weak/weakref";
import { withoutColumns } from "./codelines";
import { _Py_GetBaseOpcode, freeMonitoring } from "./instrumented";
import { code_new } from "./newcode";
import { forgetLines } from "./origins";

/** The parts of a new code object; what marshal reads, in its order. References are borrowed. */
@unmanaged
export class CodeParts {
  argcount: i32 = 0;
  posonlyargcount: i32 = 0;
  kwonlyargcount: i32 = 0;
  stacksize: i32 = 0;
  flags: i32 = 0;
  firstlineno: i32 = 0;
  code: usize = 0;
  consts: usize = 0;
  names: usize = 0;
  localsplusnames: usize = 0;
  localspluskinds: usize = 0;
  filename: usize = 0;
  name: usize = 0;
  qualname: usize = 0;
  linetable: usize = 0;
  exceptiontable: usize = 0;
}

/** A new code object, or null with an exception. */
export function PyCode_New(p: CodeParts): usize {
  const size = Py.SIZE(p.code);
  if (size & 1 || size == 0 || Py.SIZE(p.localsplusnames) != Py.SIZE(p.localspluskinds)) {
    return PyErr_SetString(PyExc_ValueError, "code: bad code");
  }
  const linetable = objectsRoots.no_debug_ranges ? withoutColumns(p.linetable) : Py.NewRef(p.linetable);
  if (linetable == 0) return 0;
  const o = PyObject_Malloc(PyCodeObject_co_code_adaptive + <usize>size);
  if (o == 0) {
    Py.DECREF(linetable);
    return PyErr_NoMemory();
  }
  memory.fill(o, 0, PyCodeObject_co_code_adaptive);
  _PyObject_Init(o, PyCode_Type);
  Py.SET_SIZE(o, size >> 1);
  const co = PyCodeObject.at(o);
  co.co_consts = Py.NewRef(p.consts);
  co.co_names = Py.NewRef(p.names);
  co.co_exceptiontable = Py.NewRef(p.exceptiontable);
  co.co_flags = p.flags;
  co.co_argcount = p.argcount;
  co.co_posonlyargcount = p.posonlyargcount;
  co.co_kwonlyargcount = p.kwonlyargcount;
  co.co_stacksize = p.stacksize;
  co.co_firstlineno = p.firstlineno;
  const n = <i32>Py.SIZE(p.localsplusnames);
  co.co_nlocalsplus = n;
  let nlocals = 0;
  let ncells = 0;
  let nfree = 0;
  for (let i = 0; i < n; i++) {
    const kind = load<u8>(PyBytesObject.at(p.localspluskinds).ob_sval + <usize>i);
    if (kind & CO_FAST_LOCAL) {
      nlocals++;
      if (kind & CO_FAST_CELL) ncells++;
    } else if (kind & CO_FAST_CELL) ncells++;
    else if (kind & CO_FAST_FREE) nfree++;
  }
  co.co_nlocals = nlocals;
  co.co_ncellvars = ncells;
  co.co_nfreevars = nfree;
  co.co_framesize = n + p.stacksize + <i32>(_PyInterpreterFrame_localsplus >> 3);
  co.co_localsplusnames = Py.NewRef(p.localsplusnames);
  co.co_localspluskinds = Py.NewRef(p.localspluskinds);
  co.co_filename = Py.NewRef(p.filename);
  co.co_name = Py.NewRef(p.name);
  co.co_qualname = Py.NewRef(p.qualname);
  co.co_linetable = linetable;
  memory.copy(co.co_code_adaptive, PyBytesObject.at(p.code).ob_sval, <usize>size);
  // Where tracebacks begin to show the frame: its first RESUME.
  let first = 0;
  while (first < <i32>(size >> 1) && load<u8>(co.co_code_adaptive + ((<usize>first) << 1)) != RESUME) first++;
  co._co_firsttraceable = first;
  return o;
}

function code_dealloc(o: usize): void {
  forgetLines();
  const co = PyCodeObject.at(o);
  if (co.co_weakreflist != 0) PyObject_ClearWeakRefs(o);
  Py.XDECREF(co.co_consts);
  Py.XDECREF(co.co_names);
  Py.XDECREF(co.co_localsplusnames);
  Py.XDECREF(co.co_localspluskinds);
  Py.XDECREF(co.co_filename);
  Py.XDECREF(co.co_name);
  Py.XDECREF(co.co_qualname);
  Py.XDECREF(co.co_linetable);
  Py.XDECREF(co.co_exceptiontable);
  const cached = co._co_cached;
  if (cached != 0) {
    _PyCoCached_clear(cached);
    PyMem_Free(cached);
  }
  freeMonitoring(o);
  PyObject_Free(o);
}

// The line table: entries that begin with a byte that has bit 7 set: bits 3-6 say the form, bits 0-2 the length - 1 in
// code units (InternalDocs: the locations table).

function readVarint(p: usize): u32 {
  let b: u32 = load<u8>(p++);
  let v = b & 63;
  let shift = 0;
  while (b & 64) {
    b = load<u8>(p++);
    shift += 6;
    v |= (b & 63) << shift;
  }
  return v;
}

function skipVarint(p: usize): usize {
  while (load<u8>(p++) & 64) {}
  return p;
}

function signed(v: u32): i32 {
  return v & 1 ? -(<i32>(v >> 1)) : <i32>(v >> 1);
}

/** How far the entry at p moves the line. */
export function lineDelta(p: usize): i32 {
  const form = (load<u8>(p) >> 3) & 15;
  if (form == 15) return 0;
  if (form == 14 || form == 13) return signed(readVarint(p + 1));
  if (form >= 10 && form <= 12) return form - 10;
  return 0;
}

/** The line of the byte offset in the code; -1 where it has none. */
export function PyCode_Addr2Line(code: usize, offset: i32): i32 {
  const co = PyCodeObject.at(code);
  if (offset < 0) return co.co_firstlineno;
  let p: usize = PyBytesObject.at(co.co_linetable).ob_sval;
  const end = p + <usize>Py.SIZE(co.co_linetable);
  let line = co.co_firstlineno;
  let at = 0;
  while (p < end) {
    const b = load<u8>(p);
    line += lineDelta(p);
    at += ((b & 7) + 1) << 1;
    if (at > offset) return ((b >> 3) & 15) == 15 ? -1 : line;
    p++;
    while (p < end && !(load<u8>(p) & 0x80)) p++;
  }
  return -1;
}

/** Writes the line of each code unit, -1 where it has none, into the numbers of 4 bytes at `out`. */
export function codeLines(code: usize, out: usize): void {
  const co = PyCodeObject.at(code);
  let p: usize = PyBytesObject.at(co.co_linetable).ob_sval;
  const end = p + <usize>Py.SIZE(co.co_linetable);
  const last = out + ((<usize>Py.SIZE(code)) << 2);
  let line = co.co_firstlineno;
  while (p < end && out < last) {
    const b = load<u8>(p);
    line += lineDelta(p);
    const shown = ((b >> 3) & 15) == 15 ? -1 : line;
    for (let n: i32 = (b & 7) + 1; n > 0 && out < last; n--, out += 4) store<i32>(out, shown);
    p++;
    while (p < end && !(load<u8>(p) & 0x80)) p++;
  }
  for (; out < last; out += 4) store<i32>(out, -1);
}

/** Reads the row of an exception table at `p` into the exception_entry at `out`; where the next one begins. */
export function readExceptionEntry(p: usize, out: usize): usize {
  for (let field = 0; field < 4; field++) {
    let b: i32 = load<u8>(p++);
    let value = b & 63;
    while (b & 64) {
      b = load<u8>(p++);
      value = (value << 6) | (b & 63);
    }
    store<i32>(out + ((<usize>field) << 2), value);
  }
  return p;
}

/** Writes the source_position at `at`. */
export function setPosition(at: usize, line: i32, endLine: i32, column: i32, endColumn: i32): void {
  const p = source_position.at(at);
  p.line = line;
  p.end_line = endLine;
  p.column = column;
  p.end_column = endColumn;
}

/** Writes the position of the entry at p, whose line is `line`, into the source_position at `out`. */
export function entryPosition(p: usize, line: i32, out: usize): void {
  const form = (load<u8>(p) >> 3) & 15;
  if (form == 15) {
    setPosition(out, -1, -1, -1, -1);
  } else if (form == 14) {
    let q = skipVarint(p + 1);
    const endLine = line + <i32>readVarint(q);
    q = skipVarint(q);
    const column = <i32>readVarint(q) - 1;
    q = skipVarint(q);
    const endColumn = <i32>readVarint(q) - 1;
    setPosition(out, line, endLine, column, endColumn);
  } else if (form == 13) {
    setPosition(out, line, line, -1, -1);
  } else if (form >= 10) {
    setPosition(out, line, line, load<u8>(p + 1), load<u8>(p + 2));
  } else {
    const second: i32 = load<u8>(p + 1);
    const column = (form << 3) | (second >> 4);
    setPosition(out, line, line, column, column + (second & 15));
  }
}

/** Writes the position of the instruction at the byte offset into the source_position at `out`. */
export function PyCode_Addr2Location(code: usize, offset: i32, out: usize): void {
  const co = PyCodeObject.at(code);
  let p: usize = PyBytesObject.at(co.co_linetable).ob_sval;
  const end = p + <usize>Py.SIZE(co.co_linetable);
  let line = co.co_firstlineno;
  let at = 0;
  while (p < end) {
    line += lineDelta(p);
    at += ((load<u8>(p) & 7) + 1) << 1;
    if (at > offset) {
      entryPosition(p, line, out);
      return;
    }
    p++;
    while (p < end && !(load<u8>(p) & 0x80)) p++;
  }
  setPosition(out, -1, -1, -1, -1);
}

function code_repr(o: usize): usize {
  const co = PyCodeObject.at(o);
  return PyUnicode_FromFormat(
    '<code object %U at 0x%x, file "%U", line %d>',
    co.co_name,
    o,
    co.co_filename,
    co.co_firstlineno,
  );
}

// What a code object was asked for is kept, in a block at _co_cached (CPython's _PyCoCached).

/** Address of the slot of what is kept; null with MemoryError. */
function cachedSlot(o: usize, which: usize): usize {
  const co = PyCodeObject.at(o);
  if (co._co_cached == 0) {
    const block = PyMem_Malloc(SIZEOF__PyCoCached);
    if (block == 0) return PyErr_NoMemory();
    memory.fill(block, 0, SIZEOF__PyCoCached);
    co._co_cached = block;
  }
  return co._co_cached + which;
}

/** Keeps `v`, a new reference or null, in the slot; returns another reference. */
function keep(slot: usize, v: usize): usize {
  if (v != 0) store<u64>(slot, Py.NewRef(v));
  return v;
}

/** The instructions as the compiler made them, specialised and watched forms undone, caches zero: bytes, a new reference. */
export function _PyCode_GetCode(o: usize): usize {
  const slot = cachedSlot(o, _PyCoCached__co_code);
  if (slot == 0) return 0;
  const cached: usize = load<u32>(slot);
  return cached != 0 ? Py.NewRef(cached) : keep(slot, originalCode(o));
}

function originalCode(o: usize): usize {
  const co = PyCodeObject.at(o);
  const n = Py.SIZE(o) << 1;
  const bytes = PyBytes_FromStringAndSize(co.co_code_adaptive, n);
  if (bytes == 0) return 0;
  const p = PyBytesObject.at(bytes).ob_sval;
  for (let i: isize = 0; i < n; i += 2) {
    const base = _Py_GetBaseOpcode(o, <i32>(i >> 1));
    store<u8>(p + <usize>i, <u8>base);
    let caches: i32 = load<u8>(opCaches + <usize>base);
    while (caches-- > 0) {
      i += 2;
      store<u16>(p + <usize>i, 0);
    }
  }
  return bytes;
}

/**
 * @getter code.co_code
 */
export function get_code(o: usize, _c: usize): usize {
  return _PyCode_GetCode(o);
}

/**
 * The instructions as they run now, specialised: new bytes.
 *
 * @getter code._co_code_adaptive
 */
export function get_adaptive(o: usize, _c: usize): usize {
  return PyBytes_FromStringAndSize(PyCodeObject.at(o).co_code_adaptive, Py.SIZE(o) << 1);
}

/** The names of the locals of a kind: a tuple, a new reference. */
function keptNames(o: usize, which: usize, mask: u8): usize {
  const slot = cachedSlot(o, which);
  if (slot == 0) return 0;
  const cached: usize = load<u32>(slot);
  return cached != 0 ? Py.NewRef(cached) : keep(slot, namesOfKind(o, mask));
}

function namesOfKind(o: usize, mask: u8): usize {
  const co = PyCodeObject.at(o);
  const n = co.co_nlocalsplus;
  let count = 0;
  for (let i = 0; i < n; i++) if (load<u8>(PyBytesObject.at(co.co_localspluskinds).ob_sval + <usize>i) & mask) count++;
  const t = PyTuple_New(count);
  if (t == 0) return 0;
  let k: isize = 0;
  for (let i = 0; i < n; i++) {
    if (load<u8>(PyBytesObject.at(co.co_localspluskinds).ob_sval + <usize>i) & mask) {
      Tuple.set(t, k++, Py.NewRef(Tuple.get(co.co_localsplusnames, i)));
    }
  }
  return t;
}

/**
 * @getter code.co_varnames
 */
export function get_varnames(o: usize, _c: usize): usize {
  return keptNames(o, _PyCoCached__co_varnames, CO_FAST_LOCAL);
}

/**
 * @getter code.co_cellvars
 */
export function get_cellvars(o: usize, _c: usize): usize {
  return keptNames(o, _PyCoCached__co_cellvars, CO_FAST_CELL);
}

/**
 * @getter code.co_freevars
 */
export function get_freevars(o: usize, _c: usize): usize {
  return keptNames(o, _PyCoCached__co_freevars, CO_FAST_FREE);
}

function same(a: usize, b: usize): i32 {
  return PyObject_RichCompareBool(a, b, Py_EQ);
}

function code_richcompare(a: usize, b: usize, op: i32): usize {
  if ((op != Py_EQ && op != Py_NE) || Py.TYPE(a) != PyCode_Type || Py.TYPE(b) != PyCode_Type)
    return _Py_NotImplementedStruct;
  const x = PyCodeObject.at(a);
  const y = PyCodeObject.at(b);
  let eq: i32 =
    x.co_argcount == y.co_argcount &&
    x.co_posonlyargcount == y.co_posonlyargcount &&
    x.co_kwonlyargcount == y.co_kwonlyargcount &&
    x.co_flags == y.co_flags &&
    x.co_firstlineno == y.co_firstlineno &&
    Py.SIZE(a) == Py.SIZE(b)
      ? same(x.co_name, y.co_name)
      : 0;
  if (eq == 1) {
    const p = _PyCode_GetCode(a);
    const q = _PyCode_GetCode(b);
    eq = p == 0 || q == 0 ? -1 : same(p, q);
    Py.XDECREF(p);
    Py.XDECREF(q);
  }
  // Constants of equal value and different type are different: their text tells.
  if (eq == 1) eq = same(x.co_consts, y.co_consts);
  if (eq == 1) eq = same(x.co_names, y.co_names);
  if (eq == 1) eq = same(x.co_localsplusnames, y.co_localsplusnames);
  if (eq == 1) eq = same(x.co_linetable, y.co_linetable);
  if (eq == 1) eq = same(x.co_exceptiontable, y.co_exceptiontable);
  if (eq < 0) return 0;
  return PyBool_FromBool((eq != 0) == (op == Py_EQ));
}

function mixed(h: i64, part: i64): i64 {
  return (h ^ part) * 1000003;
}

function code_hash(o: usize): i64 {
  const co = PyCodeObject.at(o);
  let h: i64 = 20221211;
  for (let i = 0; i < 6; i++) {
    // The constants may be code that has code in its constants, and so on.
    if (Py_EnterRecursiveCall(" while hashing code")) return -1;
    const part = PyObject_Hash(hashedPart(co, i));
    Py_LeaveRecursiveCall();
    if (part == -1) return -1;
    h = mixed(h, part);
  }
  h = mixed(h, co.co_argcount);
  h = mixed(h, co.co_posonlyargcount);
  h = mixed(h, co.co_kwonlyargcount);
  h = mixed(h, co.co_flags);
  h = mixed(h, co.co_firstlineno);
  const n = <i32>Py.SIZE(o);
  h = mixed(h, n);
  for (let i = 0; i < n; i++) {
    const opcode = _Py_GetBaseOpcode(o, i);
    h = mixed(h, opcode);
    h = mixed(h, load<u8>(co.co_code_adaptive + ((<usize>i) << 1), 1));
    i += load<u8>(opCaches + <usize>opcode);
  }
  return h == -1 ? -2 : h;
}

function hashedPart(co: PyCodeObject, i: i32): usize {
  switch (i) {
    case 0:
      return co.co_name;
    case 1:
      return co.co_consts;
    case 2:
      return co.co_names;
    case 3:
      return co.co_localsplusnames;
    case 4:
      return co.co_linetable;
    default:
      return co.co_exceptiontable;
  }
}

/**
 * @native code.__sizeof__
 */
export function code_sizeof(o: usize, _u: usize): usize {
  return PyLong_FromSsize_t((207 + (Py.SIZE(o) << 1)) & ~7);
}

/**
 * The name of the variable that an instruction names by the argument.
 *
 * @native code._varname_from_oparg($self, /, oparg)
 *
 * The variable that an instruction means by its argument.
 *
 * The numbers of variables, cells and free variables follow one another. It is there for dis.
 */
export function code_varname_from_oparg(o: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const out = Scratch.take(1);
  let r: usize = 0;
  if (parseArguments("_varname_from_oparg", "oparg", argv, nargs, kwnames, out, 1, 1)) {
    const i = intArgument(load<u32>(out));
    if (i != -1 || PyErr_Occurred() == 0) {
      const names = PyCodeObject.at(o).co_localsplusnames;
      if (i >= 0 && i < Py.SIZE(names)) r = Py.NewRef(Tuple.get(names, i));
      else PyErr_SetString(PyExc_IndexError, "tuple index out of range");
    }
  }
  Scratch.give(out);
  return r;
}

/**
 * @type code(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize,
 *      flags, codestring, constants, names, varnames, filename, name,
 *      qualname, firstlineno, linetable, exceptiontable, freevars=(),
 *      cellvars=(), /)
 * @order __sizeof__ co_lines co_positions replace _varname_from_oparg __replace__
 *
 * Code by hand, part by part. compile() is easier.
 *
 * @member code.co_argcount = PyCodeObject.co_argcount readonly
 *
 * @member code.co_posonlyargcount = PyCodeObject.co_posonlyargcount readonly
 *
 * @member code.co_kwonlyargcount = PyCodeObject.co_kwonlyargcount readonly
 *
 * @member code.co_stacksize = PyCodeObject.co_stacksize readonly
 *
 * @member code.co_flags = PyCodeObject.co_flags readonly
 *
 * @member code.co_names = PyCodeObject.co_names readonly
 *
 * @member code.co_filename = PyCodeObject.co_filename readonly
 *
 * @member code.co_name = PyCodeObject.co_name readonly
 *
 * @member code.co_qualname = PyCodeObject.co_qualname readonly
 *
 * @member code.co_firstlineno = PyCodeObject.co_firstlineno readonly
 *
 * @member code.co_linetable = PyCodeObject.co_linetable readonly
 *
 * @member code.co_exceptiontable = PyCodeObject.co_exceptiontable readonly
 *
 * @member code.co_nlocals = PyCodeObject.co_nlocals readonly
 *
 * @member code.co_consts = PyCodeObject.co_consts readonly
 */

export function initCodeType(): void {
  const o = PyCode_Type;
  const t = PyTypeObject.at(o);
  t.tp_basicsize = PyCodeObject_co_code_adaptive;
  t.tp_itemsize = 2;
  t.tp_dealloc = code_dealloc.index;
  t.tp_repr = code_repr.index;
  t.tp_hash = code_hash.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_richcompare = code_richcompare.index;
  t.tp_weaklistoffset = PyCodeObject_co_weakreflist;
  t.tp_new = code_new.index;
}
