// bytearray, its buffer (CPython 3.13's Objects/bytearrayobject.c).

import { PyByteArrayObject, PyBytesObject } from "../../../generated/layouts";
import { empty_bytes, PyByteArray_Type, PyExc_BufferError } from "../../../generated/statics";
import { PyMem_Free, PyMem_Malloc, PyMem_Realloc } from "../../../memory/pymem";
import { PyErr_NoMemory, PyErr_SetString } from "../../errors/raise";
import { _PyObject_New } from "../../object/alloc";
import { Py } from "../../object/head";
import { PyType_IsSubtype } from "../../types/lookup";

export class ByteArray {
  /** Address of the first byte. A NUL follows the last. */
  @inline static data(o: usize): usize {
    return Py.SIZE(o) != 0 ? PyByteArrayObject.at(o).ob_start : PyBytesObject.at(empty_bytes).ob_sval;
  }

  @inline static size(o: usize): isize {
    return Py.SIZE(o);
  }

  @inline static check(o: usize): bool {
    return Py.IS_TYPE(o, PyByteArray_Type) || PyType_IsSubtype(Py.TYPE(o), PyByteArray_Type);
  }
}

/** A new bytearray of the `n` bytes at `p` (null: not filled in). Null with MemoryError. */
export function PyByteArray_FromStringAndSize(p: usize, n: isize): usize {
  const o = _PyObject_New(PyByteArray_Type);
  if (o == 0) return 0;
  const b = PyByteArrayObject.at(o);
  b.ob_size = 0;
  b.ob_alloc = 0;
  b.ob_bytes = 0;
  b.ob_start = 0;
  b.ob_exports = 0;
  if (n == 0) return o;
  const block = PyMem_Malloc(<usize>n + 1);
  if (block == 0) {
    Py.DECREF(o);
    return PyErr_NoMemory();
  }
  if (p != 0) memory.copy(block, p, <usize>n);
  store<u8>(block + <usize>n, 0);
  b.ob_size = n;
  b.ob_alloc = n + 1;
  b.ob_bytes = block;
  b.ob_start = block;
  return o;
}

/** Whether the size may change; otherwise BufferError. */
export function canResize(o: usize): bool {
  if (PyByteArrayObject.at(o).ob_exports == 0) return true;
  PyErr_SetString(PyExc_BufferError, "Existing exports of data: object cannot be re-sized");
  return false;
}

/** Changes the size; new bytes are not filled in. -1 with BufferError or MemoryError. */
export function PyByteArray_Resize(o: usize, n: isize): i32 {
  const b = PyByteArrayObject.at(o);
  const size = b.ob_size;
  if (n == size) return 0;
  if (!canResize(o)) return -1;
  const alloc = b.ob_alloc;
  const offset = <isize>(b.ob_start - b.ob_bytes);
  let wanted: isize;
  if (n > 0x7ffffff0) {
    PyErr_NoMemory();
    return -1;
  }
  if (<i64>n + offset + 1 <= alloc) {
    // Room is there: keep the block unless most of it would be unused.
    if (n < alloc / 2) wanted = n + 1;
    else {
      b.ob_size = n;
      store<u8>(b.ob_start + <usize>n, 0);
      return 0;
    }
  } else if (<i64>n * 8 <= <i64>alloc * 9) wanted = n + (n >> 3) + (n < 9 ? 3 : 6);
  else wanted = n + 1;
  if (<u32>wanted > 0x7ffffff0) {
    PyErr_NoMemory();
    return -1;
  }
  let block: usize;
  if (offset > 0) {
    block = PyMem_Malloc(<usize>wanted);
    if (block != 0) {
      memory.copy(block, b.ob_start, <usize>min(size, n));
      PyMem_Free(b.ob_bytes);
    }
  } else block = PyMem_Realloc(b.ob_bytes, <usize>wanted);
  if (block == 0) {
    PyErr_NoMemory();
    return -1;
  }
  b.ob_bytes = block;
  b.ob_start = block;
  b.ob_size = n;
  b.ob_alloc = wanted;
  store<u8>(block + <usize>n, 0);
  return 0;
}
