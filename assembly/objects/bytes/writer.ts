// Bytes under construction (CPython 3.13's _PyBytesWriter): 512 bytes beside the writer, then an unshared bytes object
// that grows. The writer is in scratch slots:
//
//   +0  object   8   0 while the bytes are in the small buffer
//   +8  written  4
//   +12 room     4
//   +16 data     8   where the first byte is
//   +24 small  512   the small buffer; not there where the scratch memory is half used up by calls within calls

import { Scratch } from "../../thread/scratch";
import { PyErr_NoMemory } from "../errors/raise";
import { Py } from "../object/head";
import { _PyBytes_Resize, newBytes, PyBytes_FromStringAndSize } from "./bytes";

const SMALL: i32 = 512;

export class ByteWriter {
  /** A writer in scratch memory; ends with byteWriterFinish or byteWriterDiscard, which give the memory back. */
  @inline static begin(_expected: isize): usize {
    const small = Scratch.isRoomy() ? SMALL : 0;
    const w = Scratch.take(3 + small / 8);
    store<u64>(w, 0);
    store<i32>(w, 0, 8);
    store<i32>(w, small, 12);
    store<u64>(w, w + 24, 16);
    return w;
  }

  /** Makes room for `n` more bytes; -1 with MemoryError. */
  @inline static prepare(w: usize, n: isize): i32 {
    return load<i32>(w, 12) - load<i32>(w, 8) >= n ? 0 : growBytes(w, n);
  }

  /** Where the next byte goes. */
  @inline static address(w: usize): usize {
    return load<u32>(w, 16) + load<u32>(w, 8);
  }

  @inline static advance(w: usize, n: isize): void {
    store<i32>(w, load<i32>(w, 8) + n, 8);
  }

  /** Writes a byte in room that was prepared. */
  @inline static put(w: usize, b: u32): void {
    store<u8>(ByteWriter.address(w), b);
    ByteWriter.advance(w, 1);
  }

  @inline static length(w: usize): isize {
    return load<i32>(w, 8);
  }
}

function growBytes(w: usize, n: isize): i32 {
  const used = load<i32>(w, 8);
  if (n > 0x7fffff00 - used) {
    PyErr_NoMemory();
    return -1;
  }
  let size = used + n;
  if (size < 0x60000000) size += size / 4;
  const old = load<u32>(w);
  const o = old == 0 ? newBytes(size) : _PyBytes_Resize(old, size);
  if (o == 0) return -1;
  if (old == 0) memory.copy(o + 32, load<u32>(w, 16), <usize>used);
  store<u64>(w, o);
  store<u64>(w, o + 32, 16);
  store<i32>(w, size, 12);
  return 0;
}

/** Appends one byte; -1 with MemoryError. */
export function writeByte(w: usize, b: u32): i32 {
  if (ByteWriter.prepare(w, 1) < 0) return -1;
  ByteWriter.put(w, b);
  return 0;
}

/** Appends the `n` bytes at `p`; -1 with MemoryError. */
export function writeBytes(w: usize, p: usize, n: isize): i32 {
  if (ByteWriter.prepare(w, n) < 0) return -1;
  memory.copy(ByteWriter.address(w), p, <usize>n);
  ByteWriter.advance(w, n);
  return 0;
}

/** Ends the writer: a new reference to its bytes; null with MemoryError. */
export function byteWriterFinish(w: usize): usize {
  const o = load<u32>(w);
  const n = load<i32>(w, 8);
  const data = load<u32>(w, 16);
  Scratch.give(w);
  if (o == 0) return PyBytes_FromStringAndSize(data, n);
  if (n <= 1) {
    const r = PyBytes_FromStringAndSize(o + 32, n);
    Py.DECREF(o);
    return r;
  }
  const r = _PyBytes_Resize(o, n);
  if (r == 0) Py.DECREF(o);
  return r;
}

/** Ends the writer without a result; returns null. */
export function byteWriterDiscard(w: usize): usize {
  const o = load<u32>(w);
  Scratch.give(w);
  if (o != 0) Py.DECREF(o);
  return 0;
}
