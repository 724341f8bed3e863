// Bytes under construction (CPython 3.13's _PyBytesWriter): 512 bytes beside the writer, then an unshared bytes object
// that grows. The writer, a byteswriter, is in scratch slots. The small buffer is not there where the scratch memory is
// half used up by calls within calls.

import { byteswriter, PyBytesObject, SIZEOF_byteswriter } from "../../generated/layouts";
import { Scratch } from "../../thread/scratch";
import { PyErr_NoMemory } from "../errors/raise";
import { Py } from "../object/head";
import { _PyBytes_Resize, newBytes, PyBytes_FromStringAndSize, firstBytes } from "./bytes";

const SMALL: i32 = 512;

export class ByteWriter {
  /** A writer in scratch memory; ends with byteWriterFinish or byteWriterDiscard, which give the memory back. */
  @inline static begin(_expected: isize): usize {
    const small = Scratch.isRoomy() ? SMALL : 0;
    const p = Scratch.take((<isize>SIZEOF_byteswriter + small) / 8);
    const w = byteswriter.at(p);
    w.object = 0;
    w.written = 0;
    w.room = small;
    w.data = w.small;
    return p;
  }

  /** Makes room for `n` more bytes; -1 with MemoryError. */
  @inline static prepare(w: usize, n: isize): i32 {
    return byteswriter.at(w).room - byteswriter.at(w).written >= n ? 0 : growBytes(w, n);
  }

  /** Where the next byte goes. */
  @inline static address(w: usize): usize {
    return byteswriter.at(w).data + <usize>byteswriter.at(w).written;
  }

  @inline static advance(w: usize, n: isize): void {
    byteswriter.at(w).written += n;
  }

  /** Writes a byte in room that was prepared. */
  @inline static put(w: usize, b: u32): void {
    store<u8>(ByteWriter.address(w), b);
    ByteWriter.advance(w, 1);
  }

  @inline static length(w: usize): isize {
    return byteswriter.at(w).written;
  }
}

function growBytes(w: usize, n: isize): i32 {
  const writer = byteswriter.at(w);
  const used = writer.written;
  if (n > 0x7fffff00 - used) {
    PyErr_NoMemory();
    return -1;
  }
  let size = used + n;
  if (size < 0x60000000) size += size / 4;
  const old = writer.object;
  const o = old == 0 ? newBytes(size) : _PyBytes_Resize(old, size);
  if (o == 0) return -1;
  if (old == 0) memory.copy(PyBytesObject.at(o).ob_sval, writer.data, <usize>used);
  writer.object = o;
  writer.data = PyBytesObject.at(o).ob_sval;
  writer.room = size;
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
  const writer = byteswriter.at(w);
  const o = writer.object;
  const n = writer.written;
  const data = writer.data;
  Scratch.give(w);
  if (o == 0) return PyBytes_FromStringAndSize(data, n);
  return firstBytes(o, n);
}

/** Ends the writer without a result; returns null. */
export function byteWriterDiscard(w: usize): usize {
  const o = byteswriter.at(w).object;
  Scratch.give(w);
  if (o != 0) Py.DECREF(o);
  return 0;
}
