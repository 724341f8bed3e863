// How modules compress and decompress: by coders of the host, which they give bytes to read and room to write in, step by
// step. The room grows as CPython's does (Include/internal/pycore_blocks_output_buffer.h), which some coders let show in
// what they write; it is one bytes object from the beginning.
//
// A `coding` is in scratch slots, from begin() to finish() or discard().

import { Py_TPFLAGS_IMMUTABLETYPE } from "../generated/constants";
import { host } from "../generated/host";
import { CodeStep, coding, PyBytesObject, PyTypeObject, SIZEOF_coding } from "../generated/layouts";
import { PyExc_MemoryError } from "../generated/statics";
import { PyMem_RawMalloc } from "../memory/pymem";
import { _PyBytes_Resize, newBytes, firstBytes } from "../objects/bytes/bytes";
import { PyErr_NoMemory, PyErr_SetString } from "../objects/errors/raise";
import { PyType_GenericAlloc } from "../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../objects/object/attributes";
import { Py } from "../objects/object/head";
import { PyType_Ready } from "../objects/types/ready";
import { Scratch } from "../thread/scratch";

/** How much room is made at first, then each time, in KiB. */
const BLOCKS: usize = memory.data<i32>([
  32, 64, 256, 1024, 4096, 8192, 16384, 16384, 32768, 32768, 32768, 32768, 65536, 65536, 131072, 131072, 262144,
]);
const BLOCK_COUNT: i32 = 17;

export const FIRST_BLOCK: isize = 32 << 10;

/** What a step says where the host has no such coder. */
const NO_CODER: i32 = -2;

export class Coding {
  /**
   * Slots for the making of bytes from the `n` at `p`, with room for `first` of them; `most`, where it is not negative, is
   * the most that there may be. Null with MemoryError.
   */
  static begin(p: usize, n: isize, first: isize, most: isize): usize {
    const c = Scratch.take(<isize>(SIZEOF_coding >> 3));
    const k = coding.at(c);
    k.next_in = p;
    k.avail_in = n;
    k.filled = 0;
    k.room = most >= 0 ? min(first, most) : first;
    k.most = most;
    k.blocks = 1;
    k.bytes = newBytes(k.room);
    if (k.bytes != 0) return c;
    Scratch.give(c);
    return 0;
  }

  /** Whether all room is used up. */
  @inline static isFull(c: usize): bool {
    return coding.at(c).filled == coding.at(c).room;
  }

  /** Whether as much is there as may be. */
  @inline static isComplete(c: usize): bool {
    return coding.at(c).filled == coding.at(c).most;
  }

  /** Makes more room: false with MemoryError. */
  static grow(c: usize): bool {
    const k = coding.at(c);
    const size: i64 = (<i64>load<i32>(BLOCKS + ((<usize>min(k.blocks, BLOCK_COUNT - 1)) << 2))) << 10;
    let room: i64 = <i64>k.room + size;
    if (k.most >= 0) room = min<i64>(room, k.most);
    if (room > i32.MAX_VALUE) {
      PyErr_SetString(PyExc_MemoryError, "Unable to allocate output buffer.");
      return false;
    }
    const bytes = _PyBytes_Resize(k.bytes, <isize>room);
    if (bytes == 0) return false;
    k.bytes = bytes;
    k.room = <isize>room;
    k.blocks = k.blocks + 1;
    return true;
  }

  /** Offers the coder `n` more of the bytes that it reads. */
  @inline static offer(c: usize, n: isize): void {
    coding.at(c).avail_in = coding.at(c).avail_in + n;
  }

  /** Lets the coder go on; its status. */
  static step(c: usize, coder: i32, flush: i32): i32 {
    const k = coding.at(c);
    const into = PyBytesObject.at(k.bytes).ob_sval + <usize>k.filled;
    const r = host.codeStep(coder, flush, k.next_in, <usize>k.avail_in, into, <usize>(k.room - k.filled), k.step);
    if (r < 0) return NO_CODER;
    const step = CodeStep.at(k.step);
    k.next_in = k.next_in + step.consumed;
    k.avail_in = k.avail_in - <isize>step.consumed;
    k.filled = k.filled + <isize>step.produced;
    return step.status;
  }

  /** The bytes that were made: new; null with MemoryError. The slots are given back. */
  static finish(c: usize): usize {
    const k = coding.at(c);
    const bytes = k.bytes;
    const n = k.filled;
    Scratch.give(c);
    return firstBytes(bytes, n);
  }

  /** Gives back slots and bytes; returns null. */
  static discard(c: usize): usize {
    Py.DECREF(coding.at(c).bytes);
    Scratch.give(c);
    return 0;
  }
}

/** A block that stands for `n` bytes that the host keeps for an object: null with MemoryError. */
export function reserveForHost(n: isize): usize {
  const p = PyMem_RawMalloc(<usize>n);
  return p == 0 ? PyErr_NoMemory() : p;
}

/** Makes ready a type of objects that compress or decompress: 0, or -1 with an exception. */
export function initCoderType(type: usize, size: usize, new_: u32, dealloc: u32): i32 {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = size;
  t.tp_dealloc = dealloc;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_IMMUTABLETYPE;
  t.tp_new = new_;
  t.tp_alloc = PyType_GenericAlloc.index;
  return PyType_Ready(type);
}
