// The module _struct (CPython 3.13's Modules/_struct.c): what the standard library's struct is made of.
//
//   formats  from the text of a format to codes
//   items    packing and unpacking a single item
//   struct   the types
//
// The functions here make a Struct of each format and keep it.

import { PyStructObject } from "../../generated/layouts";
import { structRoots } from "../../generated/runtime";
import { _Py_NoneStruct, PyExc_Exception, PyExc_TypeError, PyStruct_Type } from "../../generated/statics";
import {
  PyDict_Clear,
  PyDict_GetItemWithError,
  PyDict_New,
  PyDict_SetItem,
  PyDict_Size,
} from "../../objects/containers/dict/dict";
import { parseArguments } from "../../objects/define/args";
import { PyErr_NewException } from "../../objects/errors/newclass";
import { PyErr_Clear, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { PyObject_CallOneArg } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { Scratch } from "../../thread/scratch";
import {
  initStructTypes,
  struct_iter_unpack,
  struct_pack,
  struct_pack_into,
  struct_unpack,
  unpackFrom,
} from "./struct";

const MAXCACHE: isize = 100;

/** The struct of a format: a new reference, null with an exception. */
function structOf(format: usize): usize {
  const known = PyDict_GetItemWithError(structRoots.cache, format);
  if (known != 0) return Py.NewRef(known);
  if (PyErr_Occurred()) return 0;
  const s = PyObject_CallOneArg(PyStruct_Type, format);
  if (s == 0) return 0;
  if (PyDict_Size(structRoots.cache) >= MAXCACHE) PyDict_Clear(structRoots.cache);
  if (PyDict_SetItem(structRoots.cache, format, s) < 0) PyErr_Clear();
  return s;
}

/**
 * @native _struct._clearcache($module, /)
 *
 * Forget all formats.
 */
export function clearcache(_module: usize): usize {
  PyDict_Clear(structRoots.cache);
  return _Py_NoneStruct;
}

/**
 * @native _struct.calcsize($module, format, /)
 *
 * How many bytes a struct of that format has.
 */
export function calcsize(_module: usize, format: usize): usize {
  const s = structOf(format);
  if (s == 0) return 0;
  const r = PyLong_FromLongLong(PyStructObject.at(s).s_size);
  Py.DECREF(s);
  return r;
}

/**
 * @native _struct.iter_unpack($module, format, buffer, /)
 *
 * An iterator over the values in a buffer, a tuple at each step.
 *
 * It goes on where the struct before ended, as calls of unpack_from()
 * would that are made one after the other.
 *
 * The buffer's bytes are a multiple of the size of such a struct.
 */
export function iter_unpack(_module: usize, format: usize, buffer: usize): usize {
  const s = structOf(format);
  if (s == 0) return 0;
  const r = struct_iter_unpack(s, buffer);
  Py.DECREF(s);
  return r;
}

/**
 * @native _struct.pack
 *
 * pack(format, v1, v2, ...) -> bytes
 *
 * The values as bytes, in that format. For the characters that formats are
 * made of, see help(struct).
 */
export function pack(_module: usize, argv: usize, nargs: isize): usize {
  if (nargs == 0) return PyErr_SetString(PyExc_TypeError, "missing format argument");
  const s = structOf(Py.item(argv, 0));
  if (s == 0) return 0;
  const r = struct_pack(s, Py.slot(argv, 1), nargs - 1);
  Py.DECREF(s);
  return r;
}

/**
 * @native _struct.pack_into
 *
 * pack_into(format, buffer, offset, v1, v2, ...)
 *
 * Write the values as bytes, in that format, into a buffer that may be
 * written to, from the offset on, which is not optional. For the characters
 * that formats are made of, see help(struct).
 */
export function pack_into(_module: usize, argv: usize, nargs: isize): usize {
  if (nargs == 0) return PyErr_SetString(PyExc_TypeError, "missing format argument");
  const s = structOf(Py.item(argv, 0));
  if (s == 0) return 0;
  const r = struct_pack_into(s, Py.slot(argv, 1), nargs - 1);
  Py.DECREF(s);
  return r;
}

/**
 * @native _struct.unpack($module, format, buffer, /)
 *
 * The values in a buffer, as a tuple.
 *
 * The buffer has as many bytes as calcsize(format) says. For the
 * characters that formats are made of, see help(struct).
 */
export function unpack(_module: usize, format: usize, buffer: usize): usize {
  const s = structOf(format);
  if (s == 0) return 0;
  const r = struct_unpack(s, buffer);
  Py.DECREF(s);
  return r;
}

/**
 * @native _struct.unpack_from($module, format, /, buffer, offset=0)
 *
 * The values in a buffer from an offset on, as a tuple.
 *
 * From there on the buffer has at least as many bytes as calcsize(format)
 * says. For the characters that formats are made of, see help(struct).
 */
export function unpack_from(_module: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const out = Scratch.take(3);
  const parsed = parseArguments("unpack_from", "- buffer offset", argv, nargs, kwnames, out, 2, 3);
  const format = Py.item(out, 0);
  const buffer = Py.item(out, 1);
  const offset = Py.item(out, 2);
  Scratch.give(out);
  if (!parsed) return 0;
  const s = structOf(format);
  if (s == 0) return 0;
  const r = unpackFrom(s, buffer, offset);
  Py.DECREF(s);
  return r;
}

/**
 * @module _struct
 * @order _clearcache calcsize iter_unpack pack pack_into unpack unpack_from
 *
 * Values of Python as bytes, laid out as C lays out a struct, and back.
 * A format says how: a str, or bytes, of characters that each stand for an item.
 *
 * The first may say in which order the bytes of an item are, how many they are and where:
 *   @: the machine's order, sizes and places (as if nothing was said)
 *   =: the machine's order, standard sizes, no gaps
 *   <: the lowest byte first, standard sizes, no gaps
 *   >: the highest byte first, standard sizes, no gaps
 *   !: the same, the order of networks
 *
 * A number before any of the others says how many such items there are:
 *   x: a byte that means nothing; c: a byte as bytes
 *   b, B: a char with and without sign; ?: a bool
 *   h, H: a short; i, I: an int; l, L: a long; q, Q: a long long
 *   e: a float of 16 bits; f: a float; d: a double
 * Before these it says how many bytes the item has:
 *   s: bytes; p: bytes after another that counts them, as Pascal has it
 * With the machine's sizes alone:
 *   n: a Py_ssize_t; N: a size_t; P: an address
 * White space between items means nothing.
 *
 * What does not fit raises error.
 */
export function initStruct(m: usize): i32 {
  if (structRoots.error == 0) structRoots.error = PyErr_NewException("struct", "error", PyExc_Exception);
  if (structRoots.cache == 0) structRoots.cache = PyDict_New();
  return structRoots.error != 0 &&
    structRoots.cache != 0 &&
    initStructTypes() == 0 &&
    PyModule_AddObjectLiteral(m, "Struct", PyStruct_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "error", Py.NewRef(structRoots.error)) == 0
    ? 0
    : -1;
}
