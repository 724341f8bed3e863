// Compiled formats, and the iterator that unpacks by one (CPython 3.13's Modules/_struct.c). Both types are objects of
// the module.
//
// Invariant: who follows the codes of a struct holds them, as converting an item may run Python, and that may give the
// struct another format. Deliberate difference: a struct that was never given one raises RuntimeError where CPython would
// follow null.

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  formatcodes,
  Py_buffer,
  PyBytesObject,
  PyStructObject,
  PyStructObject_weakreflist,
  PyTypeObject,
  SIZEOF_formatcode,
  SIZEOF_PyStructObject,
  SIZEOF_unpackiterobject,
  structextent,
  unpackiterobject,
} from "../../generated/layouts";
import { structRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  PyExc_IndexError,
  PyExc_OverflowError,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyStruct_Type,
  PyStructUnpackIter_Type,
} from "../../generated/statics";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { parseArguments, parseTupleAndKeywords } from "../../objects/define/args";
import {
  _PyType_Name,
  PyErr_Clear,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { Py_buffer_traverse, PyStructObject_clear, PyStructObject_traverse } from "../../objects/generated/references";
import { longOverflow, longValue, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { PyType_GenericAlloc } from "../../objects/object/alloc";
import { PyObject_GenericSetAttr } from "../../objects/object/attributes";
import {
  Buffer,
  PyBUF_SIMPLE,
  PyBUF_WRITABLE,
  PyBuffer_Release,
  PyObject_GetBuffer,
} from "../../objects/object/buffer";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py, Visit } from "../../objects/object/head";
import { PyObject_SelfIter } from "../../objects/protocol/access";
import { PyNumber_Index } from "../../objects/protocol/number";
import { _PyUnicode_AsASCIIString } from "../../objects/text/codecs/encode";
import { PyTypeName } from "../../objects/text/concat";
import { cstringLength, PyUnicode_FromStringAndSize } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyType_Ready } from "../../objects/types/ready";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";
import { Codes, readFormat, structError } from "./formats";
import { packItem, unpackItem } from "./items";

/** The most bytes that anything here can have. */
const BYTES_MAX: i64 = 0x7fffffc0;

function struct_new(type: usize, _args: usize, _kwargs: usize): usize {
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) return 0;
  const s = PyStructObject.at(o);
  s.s_format = _Py_NoneStruct;
  s.s_size = -1;
  s.s_len = -1;
  return o;
}

function struct_init(o: usize, args: usize, kwargs: usize): i32 {
  const out = Scratch.take(1);
  const parsed = parseTupleAndKeywords("Struct", "format", args, kwargs, out, 1, 1);
  const format = Py.item(out, 0);
  Scratch.give(out);
  return parsed ? setFormat(o, format) : -1;
}

function setFormat(o: usize, format: usize): i32 {
  let bytes = format;
  if (Py.check(format, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    bytes = _PyUnicode_AsASCIIString(format, 0);
    if (bytes == 0) return -1;
  } else if (Py.check(format, Py_TPFLAGS_BYTES_SUBCLASS)) Py.INCREF(bytes);
  else {
    const message = "Struct() argument 1 must be a str or bytes object, not %.200s";
    PyErr_Format(PyExc_TypeError, message, _PyType_Name(Py.TYPE(format)));
    return -1;
  }
  const s = PyStructObject.at(o);
  Py.SETREF(s.s_format_slot, bytes);
  const text = PyBytesObject.at(bytes).ob_sval;
  if (cstringLength(text) != Py.SIZE(bytes)) return structError("embedded null character");
  const extent = Scratch.take(2);
  const codes = readFormat(text, extent);
  const size = structextent.at(extent).size;
  const items = structextent.at(extent).items;
  Scratch.give(extent);
  if (codes == 0) return -1;
  const old = s.s_codes;
  s.s_size = size;
  s.s_len = items;
  s.s_codes = codes;
  if (old != 0) Codes.release(old);
  return 0;
}

function struct_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  const s = PyStructObject.at(o);
  if (s.weakreflist != 0) PyObject_ClearWeakRefs(o);
  const codes = s.s_codes;
  if (codes != 0) Codes.release(codes);
  Py.XDECREF(s.s_format);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/** The struct's codes, held; null with RuntimeError where it has none. Codes.release must follow. */
function holdCodes(o: usize): usize {
  const codes = PyStructObject.at(o).s_codes;
  if (codes == 0) return PyErr_SetString(PyExc_RuntimeError, "Struct object is not initialized");
  Codes.hold(codes);
  return codes;
}

/** The struct of the bytes at `p`: a new tuple, null with an exception. Does not run Python. */
function unpackAt(o: usize, p: usize): usize {
  const codes = PyStructObject.at(o).s_codes;
  if (codes == 0) return PyErr_SetString(PyExc_RuntimeError, "Struct object is not initialized");
  const result = PyTuple_New(<isize>PyStructObject.at(o).s_len);
  if (result == 0) return 0;
  const count = formatcodes.at(codes).count;
  let i: isize = 0;
  for (let n: u32 = 0; n < count; n++) {
    const code = Codes.at(codes, n);
    let at = p + <usize>code.offset;
    for (let left = code.repeat; left > 0; left--) {
      const item = unpackItem(at, code);
      if (item == 0) {
        Py.DECREF(result);
        return 0;
      }
      Tuple.set(result, i++, item);
      at += <usize>code.size;
    }
  }
  return result;
}

/** Packs the arguments, of which there are as many as items, at `p`: 0, or -1 with an exception. Runs Python. */
function packAt(codes: usize, size: isize, argv: usize, p: usize): i32 {
  memory.fill(p, 0, <usize>size);
  const count = formatcodes.at(codes).count;
  let i: isize = 0;
  for (let n: u32 = 0; n < count; n++) {
    const code = Codes.at(codes, n);
    let at = p + <usize>code.offset;
    for (let left = code.repeat; left > 0; left--) {
      if (packItem(at, Py.item(argv, i++), code) < 0) return -1;
      at += <usize>code.size;
    }
  }
  return 0;
}

/**
 * @native _struct.Struct.pack
 *
 * S.pack(v1, v2, ...) -> bytes
 *
 * The values as bytes, in the format that S has. For the characters that
 * formats are made of, see help(struct).
 */
export function struct_pack(o: usize, argv: usize, nargs: isize): usize {
  const size = PyStructObject.at(o).s_size;
  const items = PyStructObject.at(o).s_len;
  if (items != nargs) {
    return PyErr_Format(structRoots.error, "pack expected %d items for packing (got %d)", items, nargs);
  }
  const codes = holdCodes(o);
  if (codes == 0) return 0;
  // It is filled in by the codes; nobody has seen it yet.
  let r: usize = size > BYTES_MAX ? PyErr_NoMemory() : PyBytes_FromStringAndSize(0, <isize>size);
  if (r != 0 && packAt(codes, <isize>size, argv, PyBytesObject.at(r).ob_sval) < 0) {
    Py.DECREF(r);
    r = 0;
  }
  Codes.release(codes);
  return r;
}

/** A Py_ssize_t of 64 bits, through __index__; -1 with an exception, where it has more bits of the class given. */
function offsetArgument(v: usize, error: usize, message: string): i64 {
  const i = PyNumber_Index(v);
  if (i == 0) return -1;
  let r: i64 = -1;
  if (longOverflow(i) == 0) r = longValue(i);
  else PyErr_Format(error, message, PyTypeObject.at(Py.TYPE(v)).tp_name);
  Py.DECREF(i);
  return r;
}

/**
 * Where `size` bytes at an offset (counted from the end if negative) begin in a buffer of `length`: -1 with struct.error
 * where they do not fit in.
 */
function placeOf(offset: i64, size: i64, length: isize, isPack: bool): isize {
  if (offset < 0) {
    if (offset + size > 0) {
      const message = isPack
        ? "no space to pack %d bytes at offset %d"
        : "not enough data to unpack %d bytes at offset %d";
      PyErr_Format(structRoots.error, message, size, offset);
      return -1;
    }
    if (offset + length < 0) {
      PyErr_Format(structRoots.error, "offset %d out of range for %d-byte buffer", offset, length);
      return -1;
    }
    offset += length;
  }
  if (length - offset >= size) return <isize>offset;
  const message = isPack
    ? "pack_into requires a buffer of at least %u bytes for packing %d bytes at offset %d (actual buffer size is %d)"
    : "unpack_from requires a buffer of at least %u bytes for unpacking %d bytes at offset %d (actual buffer size is %d)";
  PyErr_Format(structRoots.error, message, size + offset, size, offset, length);
  return -1;
}

/**
 * @native _struct.Struct.pack_into
 *
 * S.pack_into(buffer, offset, v1, v2, ...)
 *
 * Write the values as bytes, in the format that S has, into a buffer that
 * may be written to, from the offset on, which is not optional. For the
 * characters that formats are made of, see help(struct).
 */
export function struct_pack_into(o: usize, argv: usize, nargs: isize): usize {
  const items = PyStructObject.at(o).s_len;
  if (nargs != items + 2) {
    if (nargs == 0) return structFail("pack_into expected buffer argument");
    if (nargs == 1) return structFail("pack_into expected offset argument");
    const message = "pack_into expected %d items for packing (got %d)";
    return PyErr_Format(structRoots.error, message, items, nargs - 2);
  }
  const codes = holdCodes(o);
  if (codes == 0) return 0;
  const size = PyStructObject.at(o).s_size;
  const view = Buffer.openWith(Py.item(argv, 0), PyBUF_WRITABLE);
  let status: i32 = -1;
  if (view == 0) {
    PyErr_Clear();
    const got = Py.item(argv, 0);
    const message = "argument must be read-write bytes-like object, not %.50s";
    if (got == _Py_NoneStruct)
      PyErr_SetString(PyExc_TypeError, "argument must be read-write bytes-like object, not None");
    else PyErr_Format(PyExc_TypeError, message, PyTypeName.of(got));
  } else {
    const message = "cannot fit '%.200s' into an index-sized integer";
    const offset = offsetArgument(Py.item(argv, 1), PyExc_IndexError, message);
    if (offset != -1 || !PyErr_Occurred()) {
      const at = placeOf(offset, size, Buffer.length(view), true);
      if (at >= 0) status = packAt(codes, <isize>size, Py.slot(argv, 2), Buffer.data(view) + <usize>at);
    }
    Buffer.close(view);
  }
  Codes.release(codes);
  return status < 0 ? 0 : _Py_NoneStruct;
}

function structFail(message: string): usize {
  structError(message);
  return 0;
}

/**
 * @native _struct.Struct.unpack($self, buffer, /)
 *
 * The values in a buffer, as a tuple.
 *
 * The buffer has as many bytes as Struct.size says, in the format of
 * Struct.format. For the characters that formats are made of, see
 * help(struct).
 */
export function struct_unpack(o: usize, buffer: usize): usize {
  const view = Buffer.open(buffer);
  if (view == 0) return 0;
  const size = PyStructObject.at(o).s_size;
  let r: usize = 0;
  if (size == Buffer.length(view)) r = unpackAt(o, Buffer.data(view));
  else PyErr_Format(structRoots.error, "unpack requires a buffer of %d bytes", size);
  Buffer.close(view);
  return r;
}

/**
 * @native _struct.Struct.unpack_from($self, /, buffer, offset=0)
 *
 * The values in a buffer from an offset on, as a tuple.
 *
 * From there on the buffer has at least as many bytes as Struct.size says,
 * in the format of Struct.format. For the characters that formats are made
 * of, see help(struct).
 */
export function struct_unpack_from(o: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const out = Scratch.take(2);
  const parsed = parseArguments("unpack_from", "buffer offset", argv, nargs, kwnames, out, 1, 2);
  const buffer = Py.item(out, 0);
  const offset = Py.item(out, 1);
  Scratch.give(out);
  return parsed ? unpackFrom(o, buffer, offset) : 0;
}

/** The values of a struct in a buffer, from an offset (0 where null) on: a new tuple, null with an exception. */
export function unpackFrom(o: usize, buffer: usize, offset: usize): usize {
  const view = Buffer.open(buffer);
  if (view == 0) return 0;
  const message = "Python int too large to convert to C ssize_t";
  const start = offset == 0 ? 0 : offsetArgument(offset, PyExc_OverflowError, message);
  let r: usize = 0;
  if (start != -1 || !PyErr_Occurred()) {
    const at = placeOf(start, PyStructObject.at(o).s_size, Buffer.length(view), false);
    if (at >= 0) r = unpackAt(o, Buffer.data(view) + <usize>at);
  }
  Buffer.close(view);
  return r;
}

/**
 * @native _struct.Struct.iter_unpack($self, buffer, /)
 *
 * An iterator over the values in a buffer, a tuple at each step.
 *
 * It goes on where the struct before ended, as calls of unpack_from()
 * would that are made one after the other.
 *
 * The buffer's bytes are a multiple of the struct's size.
 */
export function struct_iter_unpack(o: usize, buffer: usize): usize {
  if (PyStructObject.at(o).s_size == 0) {
    return structFail("cannot iteratively unpack with a struct of length 0");
  }
  const it = PyType_GenericAlloc(PyStructUnpackIter_Type, 0);
  if (it == 0) return 0;
  const i = unpackiterobject.at(it);
  if (PyObject_GetBuffer(buffer, i.buf, PyBUF_SIMPLE) < 0) {
    Py_buffer.at(i.buf).obj = 0;
    Py.DECREF(it);
    return 0;
  }
  const size = PyStructObject.at(o).s_size;
  if (size <= 0 || Py_buffer.at(i.buf).len % size != 0) {
    PyErr_Format(structRoots.error, "iterative unpacking requires a buffer of a multiple of %d bytes", size);
    Py.DECREF(it);
    return 0;
  }
  i.so = Py.NewRef(o);
  return it;
}

/**
 * @getter _struct.Struct.format
 *
 * the struct's format, a str
 */
export function struct_get_format(o: usize, _closure: usize): usize {
  return formatText(o);
}

/** The format as a new str; null with an exception. */
function formatText(o: usize): usize {
  const format = PyStructObject.at(o).s_format;
  if (format == 0 || format == _Py_NoneStruct)
    return PyErr_SetString(PyExc_RuntimeError, "Struct object is not initialized");
  return PyUnicode_FromStringAndSize(PyBytesObject.at(format).ob_sval, Py.SIZE(format));
}

/**
 * @getter _struct.Struct.size
 *
 * the struct's size, in bytes
 */
export function struct_get_size(o: usize, _closure: usize): usize {
  return PyLong_FromLongLong(PyStructObject.at(o).s_size);
}

/**
 * @native _struct.Struct.__sizeof__
 *
 * S.__sizeof__() -> how much memory S takes, in bytes
 */
export function struct_sizeof(o: usize, _unused: usize): usize {
  const codes = PyStructObject.at(o).s_codes;
  const count = codes == 0 ? 0 : <isize>formatcodes.at(codes).count;
  return PyLong_FromLongLong(PyTypeObject.at(Py.TYPE(o)).tp_basicsize + (count + 1) * <isize>SIZEOF_formatcode);
}

function struct_repr(o: usize): usize {
  const text = formatText(o);
  if (text == 0) return 0;
  const r = PyUnicode_FromFormat("%s(%R)", _PyType_Name(Py.TYPE(o)), text);
  Py.DECREF(text);
  return r;
}

/**
 * @native _struct.unpack_iterator.__length_hint__
 */
export function unpackiter_len(it: usize, _unused: usize): usize {
  const i = unpackiterobject.at(it);
  const size = i.so == 0 ? 0 : PyStructObject.at(i.so).s_size;
  return PyLong_FromLongLong(size <= 0 ? 0 : (Py_buffer.at(i.buf).len - i.index) / size);
}

function unpackiter_next(it: usize): usize {
  const i = unpackiterobject.at(it);
  if (i.so == 0) return 0;
  const size = PyStructObject.at(i.so).s_size;
  const length = Py_buffer.at(i.buf).len;
  // The struct may have got another format: what is left may then be too short.
  if (i.index >= length || i.index + size > length) {
    Py.CLEAR(i.so_slot);
    PyBuffer_Release(i.buf);
    return 0;
  }
  const r = unpackAt(i.so, Py_buffer.at(i.buf).buf + <usize>i.index);
  i.index = i.index + <isize>size;
  return r;
}

function unpackiter_traverse(it: usize, visit: u32, arg: usize): i32 {
  const r = Visit.call(unpackiterobject.at(it).so, visit, arg);
  return r != 0 ? r : Py_buffer_traverse(unpackiterobject.at(it).buf, visit, arg);
}

function unpackiter_clear(it: usize): i32 {
  Py.CLEAR(unpackiterobject.at(it).so_slot);
  PyBuffer_Release(unpackiterobject.at(it).buf);
  return 0;
}

function unpackiter_dealloc(it: usize): void {
  PyObject_GC_UnTrack(it);
  unpackiter_clear(it);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(it)).tp_free, it);
}

/**
 * @type _struct.Struct
 * @order iter_unpack pack pack_into unpack unpack_from
 *
 * Struct(fmt) --> a compiled format
 *
 */

/**
 * @type _struct.unpack_iterator
 */

/** Makes the types: 0, or -1 with an exception. */
export function initStructTypes(): i32 {
  const t = collectedType(
    PyStruct_Type,
    SIZEOF_PyStructObject,
    struct_dealloc.index,
    PyStructObject_traverse.index,
    PyStructObject_clear.index,
    Py_TPFLAGS_BASETYPE,
  );
  t.tp_setattro = PyObject_GenericSetAttr.index;
  t.tp_repr = struct_repr.index;
  t.tp_init = struct_init.index;
  t.tp_new = struct_new.index;
  t.tp_weaklistoffset = <isize>PyStructObject_weakreflist;
  const i = collectedType(
    PyStructUnpackIter_Type,
    SIZEOF_unpackiterobject,
    unpackiter_dealloc.index,
    unpackiter_traverse.index,
    unpackiter_clear.index,
    Py_TPFLAGS_DISALLOW_INSTANTIATION,
  );
  i.tp_iter = PyObject_SelfIter.index;
  i.tp_iternext = unpackiter_next.index;
  return PyType_Ready(PyStruct_Type) == 0 && PyType_Ready(PyStructUnpackIter_Type) == 0 ? 0 : -1;
}
