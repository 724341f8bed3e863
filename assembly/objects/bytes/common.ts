// What bytes and bytearray share: where their bytes are, how results are made, how arguments are read.

import { Py_TPFLAGS_BYTES_SUBCLASS } from "../../generated/constants";
import { PyBytesObject } from "../../generated/layouts";
import { empty_bytes, PyBytes_Type, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { PyErr_Fail, PyErr_Format, PyErr_Occurred } from "../errors/raise";
import { Buffer, PyObject_CheckBuffer } from "../object/buffer";
import { Py } from "../object/head";
import { PyIndex_Check, PyNumber_AsSsize_t } from "../protocol/number";
import { PyTypeName } from "../text/concat";
import { ByteArray, PyByteArray_FromStringAndSize } from "./bytearray/bytearray";
import { PyBytes_FromStringAndSize } from "./bytes";

export class BytesLike {
  @inline static isBytes(o: usize): bool {
    return Py.check(o, Py_TPFLAGS_BYTES_SUBCLASS);
  }

  /** Address of the first byte of a bytes or bytearray. */
  @inline static data(o: usize): usize {
    return Py.check(o, Py_TPFLAGS_BYTES_SUBCLASS) ? PyBytesObject.at(o).ob_sval : ByteArray.data(o);
  }

  @inline static size(o: usize): isize {
    return Py.SIZE(o);
  }
}

/** A new bytes or bytearray, as `o` is one or the other, of the `n` bytes at `p`. Null with MemoryError. */
export function makeLike(o: usize, p: usize, n: isize): usize {
  return BytesLike.isBytes(o) ? PyBytes_FromStringAndSize(p, n) : PyByteArray_FromStringAndSize(p, n);
}

/** A new result of `n` bytes not filled in; never a shared one. Its bytes are at newData. */
export function makeRoom(o: usize, n: isize): usize {
  return BytesLike.isBytes(o)
    ? n == 0
      ? empty_bytes
      : PyBytes_FromStringAndSize(0, n)
    : PyByteArray_FromStringAndSize(0, n);
}

/** What a method returns that changes nothing: the object itself where it is exactly bytes, otherwise a copy. */
export function unchanged(o: usize): usize {
  if (Py.IS_TYPE(o, PyBytes_Type)) return Py.NewRef(o);
  return makeLike(o, BytesLike.data(o), BytesLike.size(o));
}

/** A byte's value from an int argument; -1 with TypeError or ValueError. */
export function byteValue(v: usize): i32 {
  const i = PyNumber_AsSsize_t(v, 0);
  if (i == -1 && PyErr_Occurred()) return -1;
  if (i < 0 || i > 255) return PyErr_Fail(PyExc_ValueError, "byte must be in range(0, 256)");
  return i;
}

/**
 * What is searched for, bytes-like or an int for a single byte: a view in scratch slots (Buffer.close must follow). Null
 * with TypeError or ValueError. May run Python, as Buffer.open and Buffer.close may.
 */
export function openNeedle(v: usize): usize {
  if (PyObject_CheckBuffer(v)) return Buffer.open(v);
  if (!PyIndex_Check(v)) {
    PyErr_Format(PyExc_TypeError, "argument should be integer or bytes-like object, not '%.200s'", PyTypeName.of(v));
    return 0;
  }
  const c = byteValue(v);
  if (c < 0) return 0;
  // A shared one-byte object lends the byte.
  const one = Scratch.take(1);
  store<u8>(one, c);
  const o = PyBytes_FromStringAndSize(one, 1);
  Scratch.give(one);
  return Buffer.open(o);
}
