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
function objectSizeOf(o: usize): isize {
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

/**
 * @native sys.getsizeof
 *
 * getsizeof(object [, default])
 *
 * How many bytes the object itself takes up in memory.
 */
export function sys_getsizeof(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
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

/**
 * @native sys.getrefcount($module, object, /)
 *
 * How many references to the object there are.
 *
 * The argument itself is one, so that it is one more than one would think. Of objects that live for ever it says nothing at all.
 */
export function sys_getrefcount(_m: usize, o: usize): usize {
  return PyLong_FromLongLong(Py.REFCNT(o));
}

/**
 * @native sys.getallocatedblocks($module, /)
 *
 * How many blocks the allocator has handed out.
 */
export function sys_getallocatedblocks(_m: usize, _u: usize): usize {
  return PyLong_FromSsize_t(getallocatedblocks());
}

/**
 * @native sys.getunicodeinternedsize($module, /, *, _only_immortal=False)
 *
 * How many strings there are of which only one of each is kept
 */
export function sys_getunicodeinternedsize(_m: usize, _argv: usize, _nargs: isize, _kwnames: usize): usize {
  return PyLong_FromSsize_t(internedCount());
}

/**
 * @native sys.intern($module, string, /)
 *
 * The one string that stands for all that are equal to this.
 *
 * It is this one if it is the first of its kind. Names in programs are so by themselves; as keys of a dict they are found faster. It lives as long as somebody refers to it.
 */
export function sys_intern(_m: usize, s: usize): usize {
  if (!Py.check(s, Py_TPFLAGS_UNICODE_SUBCLASS)) return badArgument("intern", "argument", "str", s);
  if (Py.TYPE(s) != PyUnicode_Type) return PyErr_Format(PyExc_TypeError, "can't intern %.400t", s);
  const slot = Scratch.take(1);
  store<u64>(slot, Py.NewRef(s));
  _PyUnicode_InternMortal(slot);
  const r: usize = load<u32>(slot);
  Scratch.give(slot);
  return r;
}

/**
 * @native sys._is_interned($module, string, /)
 *
 * Whether it is the one that intern() returns.
 */
export function sys_is_interned(_m: usize, s: usize): usize {
  if (!Py.check(s, Py_TPFLAGS_UNICODE_SUBCLASS)) {
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

/**
 * @native sys._debugmallocstats($module, /)
 *
 * Write to the standard error what pymalloc has: arenas, pools and blocks of each size.
 *
 * A build for debugging checks that it is all consistent as well.
 */
export function sys_debugmallocstats(_m: usize, _u: usize): usize {
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
