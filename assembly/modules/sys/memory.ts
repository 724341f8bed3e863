// The functions of sys that tell about memory: sizes, reference counts, blocks, interned strings (CPython 3.13's
// Python/sysmodule.c).

import { Py_TPFLAGS_HEAPTYPE, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PyTypeObject } from "../../generated/layouts";
import { freelistsRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyExc_TypeError,
  PyExc_ValueError,
  PyType_Type,
  PyUnicode_Type,
} from "../../generated/statics";
import { debugMallocStats, getallocatedblocks } from "../../memory/statistics";
import { text, textByte, textFigure, textNumber, textTo } from "../../memory/text";
import { badArgument, parseArguments } from "../../objects/define/args";
import { addFunction, METH_FASTCALL, METH_KEYWORDS, METH_NOARGS, METH_O } from "../../objects/define/tables";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyLong_AsSsize_t, PyLong_FromLongLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { _PyType_PreHeaderSize } from "../../objects/object/alloc";
import { PyObject_CallNoArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyBool_FromBool } from "../../objects/protocol/access";
import { U } from "../../objects/text/access";
import { _PyUnicode_InternMortal, internedCount } from "../../objects/text/intern";
import { _PyObject_LookupSpecial } from "../../objects/types/lookup";
import { writeStandardError } from "../../os/standarderror";
import { Scratch } from "../../thread/scratch";

/** Bytes of the object, its preheader included; -1 with an exception. */
export function objectSizeOf(o: usize): isize {
  const method = _PyObject_LookupSpecial(o, ID.__sizeof__);
  if (method == 0) {
    if (!PyErr_Occurred()) PyErr_Format(PyExc_TypeError, "Type %.100t doesn't define __sizeof__", o);
    return -1;
  }
  const size = PyObject_CallNoArgs(method);
  Py.DECREF(method);
  if (size == 0) return -1;
  const n = PyLong_AsSsize_t(size);
  Py.DECREF(size);
  if (n == -1 && PyErr_Occurred()) return -1;
  if (n < 0) {
    PyErr_SetString(PyExc_ValueError, "__sizeof__() should return >= 0");
    return -1;
  }
  // Static types have no preheader.
  const isStatic = Py.TYPE(o) == PyType_Type && (PyTypeObject.at(o).tp_flags & Py_TPFLAGS_HEAPTYPE) == 0;
  return isStatic ? n : n + <isize>_PyType_PreHeaderSize(Py.TYPE(o));
}

function sys_getsizeof(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(2);
  const ok = parseArguments("getsizeof", "object default", argv, nargs, kwnames, a, 1, 2);
  const o = Py.item(a, 0);
  const fallback = Py.item(a, 1);
  Scratch.give(a);
  if (!ok) return 0;
  const n = objectSizeOf(o);
  if (n >= 0) return PyLong_FromSsize_t(n);
  if (fallback == 0 || !PyErr_ExceptionMatches(PyExc_TypeError)) return 0;
  PyErr_Clear();
  return Py.NewRef(fallback);
}

function sys_getrefcount(_m: usize, o: usize): usize {
  return PyLong_FromLongLong(Py.REFCNT(o));
}

function sys_getallocatedblocks(_m: usize, _u: usize): usize {
  return PyLong_FromSsize_t(getallocatedblocks());
}

function sys_getunicodeinternedsize(_m: usize, _argv: usize, _nargs: isize, _kwnames: usize): usize {
  return PyLong_FromSsize_t(internedCount());
}

function sys_intern(_m: usize, s: usize): usize {
  if (!Py.check(s, Py_TPFLAGS_UNICODE_SUBCLASS)) return badArgument("intern", "argument", "str", s);
  if (Py.TYPE(s) != PyUnicode_Type) return PyErr_Format(PyExc_TypeError, "can't intern %.400t", s);
  const slot = Scratch.take(1);
  store<u64>(slot, Py.NewRef(s));
  _PyUnicode_InternMortal(slot);
  const r: usize = load<u32>(slot);
  Scratch.give(slot);
  return r;
}

function sys_is_interned(_m: usize, s: usize): usize {
  if (Py.TYPE(s) != PyUnicode_Type) {
    return PyErr_Format(PyExc_TypeError, "_is_interned() argument must be str, not %.50t", s);
  }
  return PyBool_FromBool(U.interned(s) != 0);
}

/** A line about `n` kept blocks of `size` bytes: its label is right-aligned in 48 characters. */
function keptLine(label: string, before: i32, n: u32, size: u32): void {
  // Characters of "<n> free <label>s * <size> bytes each", `before` being those of a number inside the label.
  const length = digits(n) + 6 + label.length + before + 4 + digits(size) + 11;
  for (let i = length; i < 48; i++) textByte(32);
  textNumber(n, 0);
  text(" free ");
  if (before != 0) {
    textNumber((size - 24) >> 3, 0);
    text("-sized ");
  }
  text(label);
  text("s * ");
  textNumber(size, 0);
  text(" bytes each ");
  textFigure(<u64>n * size);
}

function digits(n: u32): i32 {
  let count = 1;
  for (; n >= 10; n /= 10) count++;
  return count;
}

function sys_debugmallocstats(_m: usize, _u: usize): usize {
  if (debugMallocStats(writeStandardError.index)) {
    textTo(writeStandardError.index);
    textByte(10);
  }
  textTo(writeStandardError.index);
  keptLine("PyDictObject", 0, freelistsRoots.dict_count, 48);
  keptLine("PyDictKeysObject", 0, freelistsRoots.dict_keys_count, 32);
  keptLine("PyFloatObject", 0, freelistsRoots.float_count, 24);
  keptLine("PyListObject", 0, freelistsRoots.list_count, 40);
  for (let i = 1; i <= 20; i++) {
    const n = load<u32>(freelistsRoots.tuple_counts + ((<usize>i - 1) << 2));
    keptLine("PyTupleObject", digits(i) + 7, n, 24 + 8 * i);
  }
  return _Py_NoneStruct;
}

/** Adds these functions to the module's table. */
export function addMemoryFunctions(table: usize): usize {
  table = addFunction(table, "getsizeof", sys_getsizeof.index, METH_FASTCALL | METH_KEYWORDS);
  addFunction(table, "getrefcount", sys_getrefcount.index, METH_O);
  addFunction(table, "getallocatedblocks", sys_getallocatedblocks.index, METH_NOARGS);
  addFunction(table, "getunicodeinternedsize", sys_getunicodeinternedsize.index, METH_FASTCALL | METH_KEYWORDS);
  addFunction(table, "intern", sys_intern.index, METH_O);
  addFunction(table, "_is_interned", sys_is_interned.index, METH_O);
  addFunction(table, "_debugmallocstats", sys_debugmallocstats.index, METH_NOARGS);
  return table;
}
