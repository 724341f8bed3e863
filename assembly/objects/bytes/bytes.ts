// Making bytes objects (CPython 3.13's Objects/bytesobject.c, first part). The empty one and the 256 of one byte are
// immortal and shared.

import { PyBytesObject } from "../../generated/layouts";
import { byte_characters, empty_bytes, PyBytes_Type } from "../../generated/statics";
import { PyObject_Malloc, PyObject_Realloc } from "../../memory/pymem";
import { Interrupts } from "../../thread/interrupts";
import { PyErr_NoMemory } from "../errors/raise";
import { _PyObject_Init, initImmortal, Py } from "../object/head";

/** Bytes of an object of no bytes: the head and a NUL. */
export const PyBytesObject_SIZE: usize = 33;

/** From one of the shared objects of a single byte to the next. */
const SHARED_STRIDE: usize = 48;

/** Makes the shared bytes objects. */
export function initStaticBytes(): void {
  initStaticBytesAt(empty_bytes, 0);
  for (let i = 0; i < 256; i++) {
    const o = byte_characters + <usize>i * SHARED_STRIDE;
    initStaticBytesAt(o, 1);
    store<u8>(PyBytesObject.at(o).ob_sval, <u8>i);
  }
}

function initStaticBytesAt(o: usize, n: isize): void {
  initImmortal(o, PyBytes_Type);
  const b = PyBytesObject.at(o);
  b.ob_size = n;
  b.ob_shash = -1;
  store<u64>(b.ob_sval, 0);
}

/** A new bytes object of the `n` bytes at `p` (null: not filled in). A shared one where it can be. Null: MemoryError. */
export function PyBytes_FromStringAndSize(p: usize, n: isize): usize {
  if (n == 0) return empty_bytes;
  if (n == 1 && p != 0) return byte_characters + <usize>load<u8>(p) * SHARED_STRIDE;
  const o = newBytes(n);
  if (o != 0 && p != 0) memory.copy(PyBytesObject.at(o).ob_sval, p, <usize>n);
  return o;
}

/** The fields of an object whose bytes are about to be filled in, and the NUL after them. */
function setSize(o: usize, n: isize): void {
  const b = PyBytesObject.at(o);
  b.ob_size = n;
  b.ob_shash = -1;
  store<u8>(b.ob_sval + <usize>n, 0);
}

/** A new, unshared bytes object of `n` bytes not filled in. */
export function newBytes(n: isize): usize {
  if (<u32>n > 0x7fffffc0) return PyErr_NoMemory();
  Interrupts.work(n);
  const o = PyObject_Malloc(PyBytesObject_SIZE + <usize>n);
  if (o == 0) return PyErr_NoMemory();
  _PyObject_Init(o, PyBytes_Type);
  setSize(o, n);
  return o;
}

/** Changes the size of an unshared bytes object; its new address, or null with MemoryError, `o` then unchanged. */
export function _PyBytes_Resize(o: usize, n: isize): usize {
  if (<u32>n > 0x7fffffc0) return PyErr_NoMemory();
  const r = PyObject_Realloc(o, PyBytesObject_SIZE + <usize>n);
  if (r == 0) return PyErr_NoMemory();
  setSize(r, n);
  return r;
}

/**
 * The first `n` bytes of a bytes object that nobody else has, which is stolen: its new address, or null with MemoryError.
 */
export function firstBytes(o: usize, n: isize): usize {
  if (n == Py.SIZE(o) && n > 1) return o;
  // Short ones are there once.
  const r = n <= 1 ? PyBytes_FromStringAndSize(PyBytesObject.at(o).ob_sval, n) : _PyBytes_Resize(o, n);
  if (n <= 1 || r == 0) Py.DECREF(o);
  return r;
}
