// The bytes of a pickle under construction: a buffer that grows, the frames in it, and what the memo writes (CPython 3.13's
// Modules/_pickle.c).
//
// A frame is opened by the first write that needs one; its header is filled in, or taken out again, when it ends. The
// buffer is written to the file, if there is one, as soon as a frame is full.

import { PicklerObject, PyBytesObject, PyMemoEntry, PyMemoTable } from "../../generated/layouts";
import { pickleRoots } from "../../generated/runtime";
import { PyExc_KeyError } from "../../generated/statics";
import { _PyBytes_Resize, newBytes, PyBytes_FromStringAndSize, firstBytes } from "../../objects/bytes/bytes";
import { PyErr_Fail, PyErr_NoMemory, PyErr_SetObject } from "../../objects/errors/raise";
import { PyObject_CallOneArg } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { Scratch } from "../../thread/scratch";
import { memoFind, memoSet, newMemo } from "./memo";
import {
  BINGET,
  BINPUT,
  FRAME,
  FRAME_HEADER_SIZE,
  FRAME_SIZE_MIN,
  FRAME_SIZE_TARGET,
  GET,
  LONG_BINGET,
  LONG_BINPUT,
  MEMOIZE,
  PUT,
  WRITE_BUF_SIZE,
} from "./opcodes";

/** Sets PicklingError; returns -1. */
export function picklingError(message: string): i32 {
  return PyErr_Fail(pickleRoots.pickling_error, message);
}

/** A new buffer with nothing in it; -1 with MemoryError. */
export function clearBuffer(o: usize): i32 {
  const s = PicklerObject.at(o);
  const n = max(s.max_output_len, WRITE_BUF_SIZE);
  const buffer = newBytes(n);
  if (buffer == 0) return -1;
  s.max_output_len = n;
  s.output_len = 0;
  s.frame_start = -1;
  Py.SETREF(s.output_buffer_slot, buffer);
  return 0;
}

/** Room for `n` more bytes, which count as written: their address; null with MemoryError. Does not run Python. */
export function reserve(o: usize, n: isize): usize {
  const s = PicklerObject.at(o);
  if (s.output_buffer == 0 && clearBuffer(o) < 0) return 0;
  const opens = s.framing != 0 && s.frame_start == -1;
  const needed = <i64>s.output_len + <i64>n + (opens ? FRAME_HEADER_SIZE : 0);
  if (needed > s.max_output_len) {
    if (needed > 0x50000000) return PyErr_NoMemory();
    const size = <isize>((needed / 2) * 3);
    const buffer = _PyBytes_Resize(s.output_buffer, size);
    if (buffer == 0) return 0;
    s.output_buffer = buffer;
    s.max_output_len = size;
  }
  if (opens) {
    s.frame_start = s.output_len;
    s.output_len = s.output_len + FRAME_HEADER_SIZE;
  }
  const p = PyBytesObject.at(s.output_buffer).ob_sval + <usize>s.output_len;
  s.output_len = s.output_len + n;
  return p;
}

/** Writes the `n` bytes at `p`; -1 with MemoryError. */
export function write(o: usize, p: usize, n: isize): i32 {
  const to = reserve(o, n);
  if (to == 0) return -1;
  memory.copy(to, p, <usize>n);
  return 0;
}

/** Writes an opcode; -1 with MemoryError. */
export function writeOp(o: usize, op: u8): i32 {
  const to = reserve(o, 1);
  if (to == 0) return -1;
  store<u8>(to, op);
  return 0;
}

/** Writes an opcode with an argument of 1 or 4 bytes, as the number needs; -1 with MemoryError. */
function writeSized(o: usize, short: u8, long: u8, n: isize): i32 {
  const to = reserve(o, n < 256 ? 2 : 5);
  if (to == 0) return -1;
  store<u8>(to, n < 256 ? short : long);
  if (n < 256) store<u8>(to + 1, <u8>n);
  else store<u32>(to + 1, <u32>n);
  return 0;
}

/** Writes a number as text and ends the line; -1 with MemoryError. */
export function writeDecimal(o: usize, v: i64): i32 {
  const digits = Scratch.take(3);
  const end = digits + 24;
  let p = end;
  store<u8>(--p, 0x0a);
  let rest = v < 0 ? <u64>-v : <u64>v;
  do {
    const digit = <u8>(48 + (rest % 10));
    store<u8>(--p, digit);
    rest /= 10;
  } while (rest != 0);
  if (v < 0) store<u8>(--p, 0x2d);
  const status = write(o, p, <isize>(end - p));
  Scratch.give(digits);
  return status;
}

/** Ends the open frame, if there is one. */
export function commitFrame(o: usize): void {
  const s = PicklerObject.at(o);
  if (s.framing == 0 || s.frame_start == -1 || s.output_buffer == 0) return;
  const n = s.output_len - s.frame_start - FRAME_HEADER_SIZE;
  const p = PyBytesObject.at(s.output_buffer).ob_sval + <usize>s.frame_start;
  if (n >= FRAME_SIZE_MIN) {
    store<u8>(p, FRAME);
    store<u64>(p + 1, n);
  } else {
    memory.copy(p, p + <usize>FRAME_HEADER_SIZE, <usize>n);
    s.output_len = s.output_len - FRAME_HEADER_SIZE;
  }
  s.frame_start = -1;
}

/** Takes what was written out of the pickler: new bytes, null with MemoryError. */
export function takeOutput(o: usize): usize {
  commitFrame(o);
  const s = PicklerObject.at(o);
  const buffer = s.output_buffer;
  const n = s.output_len;
  if (buffer == 0) return PyBytes_FromStringAndSize(0, 0);
  s.output_buffer = 0;
  s.output_len = 0;
  return firstBytes(buffer, n);
}

/** Writes what there is to the file; -1 with an exception. Runs Python. */
export function flushToFile(o: usize): i32 {
  const output = takeOutput(o);
  if (output == 0) return -1;
  const r = PyObject_CallOneArg(PicklerObject.at(o).write, output);
  Py.DECREF(output);
  Py.XDECREF(r);
  return r == 0 ? -1 : 0;
}

/** Between opcodes: ends a frame that is full; -1 with an exception. May run Python. */
export function opcodeBoundary(o: usize): i32 {
  const s = PicklerObject.at(o);
  if (s.framing == 0 || s.frame_start == -1) return 0;
  if (s.output_len - s.frame_start - FRAME_HEADER_SIZE < FRAME_SIZE_TARGET) return 0;
  commitFrame(o);
  if (s.write == 0) return 0;
  return flushToFile(o) < 0 ? -1 : clearBuffer(o);
}

/**
 * Writes the header's bytes and the `n` bytes at `data`. Where these are many they are in no frame, and go to the file by
 * themselves: as the object `payload`, or new bytes where that is null. -1 with an exception. May run Python.
 */
export function writePayload(o: usize, header: usize, size: isize, data: usize, n: isize, payload: usize): i32 {
  const s = PicklerObject.at(o);
  if (n < FRAME_SIZE_TARGET) return write(o, header, size) < 0 ? -1 : write(o, data, n);
  commitFrame(o);
  const framing = s.framing;
  s.framing = 0;
  let status = write(o, header, size);
  if (status == 0) {
    if (s.write == 0) status = write(o, data, n);
    else {
      // The bytes are made before the file's method runs.
      const bytes = payload == 0 ? PyBytes_FromStringAndSize(data, n) : Py.NewRef(payload);
      status = bytes == 0 ? -1 : flushToFile(o);
      const r = status < 0 ? 0 : PyObject_CallOneArg(s.write, bytes);
      Py.XDECREF(bytes);
      Py.XDECREF(r);
      status = r == 0 ? -1 : clearBuffer(o);
    }
  }
  if (status == 0) s.framing = framing;
  return status;
}

// The memo.

/** Whether the object is in the pickle already. */
export function isKnown(o: usize, obj: usize): bool {
  const memo = PicklerObject.at(o).memo;
  return memo != 0 && memoFind(memo, obj) != 0;
}

/** Writes that the object, which is known, comes again; -1 with an exception. */
export function memoGet(o: usize, obj: usize): i32 {
  const memo = PicklerObject.at(o).memo;
  const entry = memo == 0 ? 0 : memoFind(memo, obj);
  if (entry == 0) {
    PyErr_SetObject(PyExc_KeyError, obj);
    return -1;
  }
  const n = PyMemoEntry.at(entry).me_value;
  if (PicklerObject.at(o).bin == 0) return writeOp(o, GET) < 0 ? -1 : writeDecimal(o, n);
  if (n < 0) return picklingError("memo id too large for LONG_BINGET");
  return writeSized(o, BINGET, LONG_BINGET, n);
}

/** Remembers the object and writes so; -1 with an exception. */
export function memoPut(o: usize, obj: usize): i32 {
  const s = PicklerObject.at(o);
  if (s.fast != 0) return 0;
  if (s.memo == 0) {
    s.memo = newMemo();
    if (s.memo == 0) return -1;
  }
  const n = PyMemoTable.at(s.memo).mt_used;
  if (memoSet(s.memo, obj, n) < 0) return -1;
  if (s.proto >= 4) return writeOp(o, MEMOIZE);
  if (s.bin == 0) return writeOp(o, PUT) < 0 ? -1 : writeDecimal(o, n);
  return writeSized(o, BINPUT, LONG_BINPUT, n);
}
