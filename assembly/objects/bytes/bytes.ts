// Making bytes objects (CPython 3.13's Objects/bytesobject.c, first part). The empty one and the 256 of one byte are
// immortal and shared.
//
//   +0   ob_refcnt, ob_type
//   +16  ob_size    8 bytes
//   +24  ob_shash   8 bytes   -1 until computed
//   +32  ob_sval    the bytes and a NUL

import { byte_characters, empty_bytes, PyBytes_Type } from "../../generated/statics";
import { PyObject_Malloc, PyObject_Realloc } from "../../memory/pymem";
import { PyErr_NoMemory } from "../errors/raise";
import { _PyObject_Init, initImmortal } from "../object/head";

/** Makes the shared bytes objects. */
export function initStaticBytes(): void {
  initStaticBytesAt(empty_bytes, 0);
  for (let i = 0; i < 256; i++) {
    const o = byte_characters + <usize>i * 48;
    initStaticBytesAt(o, 1);
    store<u8>(o, <u8>i, 32);
  }
}

function initStaticBytesAt(o: usize, n: isize): void {
  initImmortal(o, PyBytes_Type);
  store<i64>(o, n, 16);
  store<i64>(o, -1, 24);
  store<u64>(o, 0, 32);
}

/** A new bytes object of the `n` bytes at `p` (null: not filled in). A shared one where it can be. Null: MemoryError. */
export function PyBytes_FromStringAndSize(p: usize, n: isize): usize {
  if (n == 0) return empty_bytes;
  if (n == 1 && p != 0) return byte_characters + <usize>load<u8>(p) * 48;
  const o = newBytes(n);
  if (o != 0 && p != 0) memory.copy(o + 32, p, <usize>n);
  return o;
}

/** A new, unshared bytes object of `n` bytes not filled in. */
export function newBytes(n: isize): usize {
  if (<u32>n > 0x7fffffc0) return PyErr_NoMemory();
  const o = PyObject_Malloc(33 + <usize>n);
  if (o == 0) return PyErr_NoMemory();
  _PyObject_Init(o, PyBytes_Type);
  store<i64>(o, n, 16);
  store<i64>(o, -1, 24);
  store<u8>(o + 32 + <usize>n, 0);
  return o;
}

/** Changes the size of an unshared bytes object; its new address, or null with MemoryError, `o` then unchanged. */
export function _PyBytes_Resize(o: usize, n: isize): usize {
  if (<u32>n > 0x7fffffc0) return PyErr_NoMemory();
  const r = PyObject_Realloc(o, 33 + <usize>n);
  if (r == 0) return PyErr_NoMemory();
  store<i64>(r, n, 16);
  store<i64>(r, -1, 24);
  store<u8>(r + 32 + <usize>n, 0);
  return r;
}
