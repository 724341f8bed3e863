// Reading a pickle: from bytes that are lent, or from a file a piece at a time (CPython 3.13's Modules/_pickle.c).
//
// Invariant: an address that read() or readLine() gave is good until the next call of either. Meanwhile the bytes are lent,
// and an unpickler at work cannot be given others.

import { Py_TPFLAGS_BYTES_SUBCLASS } from "../../generated/constants";
import { Py_buffer, PyBytesObject, UnpicklerObject } from "../../generated/layouts";
import { pickleRoots } from "../../generated/runtime";
import { _Py_NoneStruct, empty_bytes, PyExc_NotImplementedError, PyExc_ValueError } from "../../generated/statics";
import { PyMem_Realloc } from "../../memory/pymem";
import { ByteArray } from "../../objects/bytes/bytearray/bytearray";
import { PyMemoryView_FromObject } from "../../objects/bytes/memoryview/managed";
import { PySlice_New } from "../../objects/containers/slice";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Fail,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
} from "../../objects/errors/raise";
import { PyLong_AsSsize_t, PyLong_FromLongLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyBUF_ND, PyBuffer_Release, PyObject_GetBuffer } from "../../objects/object/buffer";
import { PyObject_CallNoArgs, PyObject_CallOneArg } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetItem } from "../../objects/protocol/items";
import { PREFETCH } from "./opcodes";

/** What is asked for a line. */
const WHOLE_LINE: i64 = -1;

/** Sets UnpicklingError; returns -1. */
export function unpicklingError(message: string): i32 {
  return PyErr_Fail(pickleRoots.unpickling_error, message);
}

/** The pickle ends too early: sets UnpicklingError; returns -1. */
export function truncated(): i32 {
  return unpicklingError("pickle data was truncated");
}

/** Makes the bytes of an object what is read next: how many there are, or -1 with an exception. */
export function setInput(o: usize, data: usize): isize {
  const s = UnpicklerObject.at(o);
  s.input_len = 0;
  s.next_read_idx = 0;
  s.prefetched_idx = 0;
  PyBuffer_Release(s.buffer);
  if (PyObject_GetBuffer(data, s.buffer, PyBUF_ND) < 0) {
    Py_buffer.at(s.buffer).obj = 0;
    return -1;
  }
  s.input_buffer = Py_buffer.at(s.buffer).buf;
  s.input_len = Py_buffer.at(s.buffer).len;
  s.prefetched_idx = s.input_len;
  return s.input_len;
}

/** Reads from the file what was used after peeking at it; -1 with an exception. */
export function skipConsumed(o: usize): i32 {
  const s = UnpicklerObject.at(o);
  const n = s.next_read_idx - s.prefetched_idx;
  if (n <= 0) return 0;
  const size = PyLong_FromSsize_t(n);
  const r = size == 0 ? 0 : callReader(o, s.read, size);
  if (r == 0) return -1;
  Py.DECREF(r);
  s.prefetched_idx = s.next_read_idx;
  return 0;
}

/** Calls a method of the file with an argument, whose reference is taken. */
function callReader(_o: usize, method: usize, argument: usize): usize {
  Py.INCREF(method);
  const r = PyObject_CallOneArg(method, argument);
  Py.DECREF(method);
  Py.DECREF(argument);
  return r;
}

/** Makes the next bytes of the file, or its next line, what is read next: how many, or -1 with an exception. */
function readFromFile(o: usize, n: i64): isize {
  const s = UnpicklerObject.at(o);
  if (skipConsumed(o) < 0) return -1;
  let data: usize = 0;
  if (n == WHOLE_LINE) data = PyObject_CallNoArgs(s.readline);
  else {
    if (s.peek != 0 && n < PREFETCH) {
      const size = PyLong_FromSsize_t(PREFETCH);
      if (size == 0) return -1;
      data = callReader(o, s.peek, size);
      if (data == 0) {
        if (!PyErr_ExceptionMatches(PyExc_NotImplementedError)) return -1;
        PyErr_Clear();
        Py.CLEAR(s.peek_slot);
      } else {
        const got = setInput(o, data);
        Py.DECREF(data);
        if (got < 0) return -1;
        s.prefetched_idx = 0;
        if (n <= got) return got;
      }
    }
    const size = PyLong_FromLongLong(n);
    if (size == 0) return -1;
    data = callReader(o, s.read, size);
  }
  if (data == 0) return -1;
  const got = setInput(o, data);
  Py.DECREF(data);
  return got;
}

/** The next `n` bytes: their address, null with an exception. May run Python. */
export function read(o: usize, n: i64): usize {
  const s = UnpicklerObject.at(o);
  const at = s.next_read_idx;
  if (n <= s.input_len - at) {
    s.next_read_idx = at + <isize>n;
    return n == 0 ? PyBytesObject.at(empty_bytes).ob_sval : s.input_buffer + <usize>at;
  }
  if (n > i64.MAX_VALUE - at) {
    unpicklingError("read would overflow (invalid bytecode)");
    return 0;
  }
  if (s.read == 0) {
    truncated();
    return 0;
  }
  const got = readFromFile(o, n);
  if (got < n) {
    if (got >= 0) truncated();
    return 0;
  }
  s.next_read_idx = <isize>n;
  return s.input_buffer;
}

/** Whether the bytes are there, as far as that can be known; otherwise UnpicklingError. Does not read them. */
export function isThere(o: usize, n: i64): bool {
  const s = UnpicklerObject.at(o);
  if (s.read != 0 || n <= s.input_len - s.next_read_idx) return true;
  truncated();
  return false;
}

/** Copies the next `n` bytes into a bytearray, which has as many; -1 with an exception. May run Python. */
export function readInto(o: usize, target: usize): i32 {
  const s = UnpicklerObject.at(o);
  const n = ByteArray.size(target);
  const have = min(s.input_len - s.next_read_idx, n);
  if (have > 0) {
    memory.copy(ByteArray.data(target), s.input_buffer + <usize>s.next_read_idx, <usize>have);
    s.next_read_idx = s.next_read_idx + have;
  }
  if (have == n) return 0;
  if (s.read == 0) return truncated();
  if (skipConsumed(o) < 0) return -1;
  return s.readinto != 0 ? askReadInto(o, target, have) : askRead(o, target, have);
}

/** Lets the file's readinto() fill the bytearray from `start` on. */
function askReadInto(o: usize, target: usize, start: isize): i32 {
  const n = ByteArray.size(target) - start;
  const whole = PyMemoryView_FromObject(target);
  const first = whole == 0 ? 0 : PyLong_FromSsize_t(start);
  const slice = first == 0 ? 0 : PySlice_New(first, _Py_NoneStruct, _Py_NoneStruct);
  const part = slice == 0 ? 0 : PyObject_GetItem(whole, slice);
  Py.XDECREF(slice);
  Py.XDECREF(first);
  Py.XDECREF(whole);
  const r = part == 0 ? 0 : callReader(o, UnpicklerObject.at(o).readinto, part);
  if (r == 0) return -1;
  const got = PyLong_AsSsize_t(r);
  Py.DECREF(r);
  if (got < 0) return PyErr_Occurred() ? -1 : PyErr_Fail(PyExc_ValueError, "readinto() returned negative size");
  return got < n ? truncated() : 0;
}

/** Fills the bytearray from `start` on with what the file's read() returns. */
function askRead(o: usize, target: usize, start: isize): i32 {
  const n = ByteArray.size(target) - start;
  const size = PyLong_FromSsize_t(n);
  const data = size == 0 ? 0 : callReader(o, UnpicklerObject.at(o).read, size);
  if (data == 0) return -1;
  let status = 0;
  if (!Py.check(data, Py_TPFLAGS_BYTES_SUBCLASS)) {
    PyErr_Format(PyExc_ValueError, "read() returned non-bytes object (%R)", Py.TYPE(data));
    status = -1;
  } else if (Py.SIZE(data) < n) status = truncated();
  else memory.copy(ByteArray.data(target) + <usize>start, PyBytesObject.at(data).ob_sval, <usize>n);
  Py.DECREF(data);
  return status;
}

/** Copies a line beside the input and ends it with a NUL: its address, null with MemoryError. */
function copyLine(o: usize, p: usize, n: isize): usize {
  const line = PyMem_Realloc(UnpicklerObject.at(o).input_line, <usize>n + 1);
  if (line == 0) return PyErr_NoMemory();
  UnpicklerObject.at(o).input_line = line;
  memory.copy(line, p, <usize>n);
  store<u8>(line + <usize>n, 0);
  return line;
}

/**
 * The next line, its end not counted: how many bytes it has, or -1 with an exception, UnpicklingError where they are less than
 * `least`. It is at UnpicklerObject.input_line, the end of the line behind it and a NUL. May run Python.
 */
export function readLine(o: usize, least: isize): isize {
  const s = UnpicklerObject.at(o);
  const start = s.next_read_idx;
  let n: isize = 0;
  for (let i = start; i < s.input_len; i++) {
    if (load<u8>(s.input_buffer + <usize>i) != 0x0a) continue;
    n = i + 1 - start;
    s.next_read_idx = i + 1;
    if (copyLine(o, s.input_buffer + <usize>start, n) == 0) return -1;
    return n - 1 < least ? truncated() : n - 1;
  }
  if (s.read == 0) return truncated();
  n = readFromFile(o, WHOLE_LINE);
  if (n < 0) return -1;
  if (n == 0 || load<u8>(s.input_buffer + <usize>n - 1) != 0x0a) return truncated();
  s.next_read_idx = n;
  if (copyLine(o, s.input_buffer, n) == 0) return -1;
  return n - 1 < least ? truncated() : n - 1;
}
