// Decompressing: zlib.decompress() and the objects of zlib.decompressobj() (CPython 3.13's Modules/zlibmodule.c).

import { host } from "../../generated/host";
import { coding, compobject, PyBytesObject } from "../../generated/layouts";
import { PyExc_TypeError, PyExc_ValueError, PyZlib_Decompress_Type } from "../../generated/statics";
import { PyMem_RawFree } from "../../memory/pymem";
import { newBytes, PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { PyErr_SetString } from "../../objects/errors/raise";
import { Buffer, PyObject_CheckBuffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { PyType_Ready } from "../../objects/types/ready";
import { Interrupts } from "../../thread/interrupts";
import { Coding, FIRST_BLOCK, reserveForHost } from "../coding";
import {
  inflateMemory,
  openInflate,
  setDictionary,
  Z_BUF_ERROR,
  Z_FINISH,
  Z_NEED_DICT,
  Z_OK,
  Z_STREAM_END,
  Z_STREAM_ERROR,
  Z_SYNC_FLUSH,
  zlibError,
} from "./common";
import { attach, copyStream, detach, newCompobject, streamType } from "./compress";

const DECOMPRESSING = "while decompressing data";

/** Whether decompressing may go on after a step. */
function goesOn(status: i32): bool {
  return status == Z_OK || status == Z_BUF_ERROR || status == Z_STREAM_END;
}

/**
 * @native zlib.decompress($module, data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)
 *
 * Decompress bytes that are whole; the result is bytes.
 *
 *   data
 *     What was compressed.
 *   wbits
 *     Size of the window, and container.
 *   bufsize
 *     How much room is made at first.
 */
export function zlib_decompress(_m: usize, data: usize, wbits: i32, bufsize: isize): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const r = decompressed(Buffer.data(view), Buffer.length(view), wbits, bufsize);
  Buffer.close(view);
  return r;
}

function decompressed(p: usize, n: isize, wbits: i32, size: isize): usize {
  if (size < 0) return PyErr_SetString(PyExc_ValueError, "bufsize must be non-negative");
  const c = Coding.begin(p, n, max<isize>(size, 1), -1);
  if (c == 0) return 0;
  const reserved = reserveForHost(inflateMemory(wbits));
  if (reserved == 0) return Coding.discard(c);
  const coder = openInflate(wbits);
  const ok = coder < 0 ? refuse(coder) : decompressAll(c, coder);
  if (coder >= 0) host.codeClose(coder);
  PyMem_RawFree(reserved);
  return ok ? Coding.finish(c) : Coding.discard(c);
}

function refuse(status: i32): bool {
  zlibError(-1, status, "while preparing to decompress data");
  return false;
}

/** Decompresses to the end: false with an exception. */
function decompressAll(c: usize, coder: i32): bool {
  let status: i32 = Z_OK;
  do {
    if (Coding.isFull(c) && !Coding.grow(c)) return false;
    status = Coding.step(c, coder, Z_FINISH);
    if (Interrupts.raised()) return false;
  } while (goesOn(status) && Coding.isFull(c));
  if (status == Z_STREAM_END) return true;
  zlibError(coder, status, DECOMPRESSING);
  return false;
}

/**
 * @native zlib.decompressobj($module, /, wbits=MAX_WBITS, zdict=b'')
 *
 * An object that decompresses bytes as they come.
 *
 *   wbits
 *     Size of the window, and container.
 *   zdict
 *     Bytes of some kind, what was known beforehand when the data were compressed: the same as
 *     was given to the compressor.
 */
export function zlib_decompressobj(_m: usize, wbits: i32, zdict: usize): usize {
  if (zdict != 0 && !PyObject_CheckBuffer(zdict)) {
    return PyErr_SetString(PyExc_TypeError, "zdict argument must support the buffer protocol");
  }
  const self = newCompobject(PyZlib_Decompress_Type, inflateMemory(wbits));
  if (self == 0) return 0;
  const o = compobject.at(self);
  o.zdict = Py.XNewRef(zdict);
  const coder = openInflate(wbits);
  if (coder < 0) {
    Py.DECREF(self);
    return PyErr_SetString(PyExc_ValueError, "Invalid initialization option");
  }
  attach(self, coder);
  if (zdict == 0 || wbits >= 0 || giveDictionary(coder, zdict)) return self;
  Py.DECREF(self);
  return 0;
}

/** Gives a coder the bytes of its dictionary: false with an exception. */
export function giveDictionary(coder: i32, zdict: usize): bool {
  const status = setDictionary(coder, zdict);
  if (status < 0) zlibError(coder, status, "while setting zdict");
  return status == Z_OK;
}

/** Appends what is left of the input to unused_data: false with MemoryError. */
function keepUnused(self: usize, c: usize): bool {
  const o = compobject.at(self);
  const k = coding.at(c);
  const old = Py.SIZE(o.unused_data);
  const bytes = newBytes(old + k.avail_in);
  if (bytes == 0) return false;
  const to = PyBytesObject.at(bytes).ob_sval;
  memory.copy(to, PyBytesObject.at(o.unused_data).ob_sval, <usize>old);
  memory.copy(to + <usize>old, k.next_in, <usize>k.avail_in);
  Py.SETREF(o.unused_data_slot, bytes);
  k.avail_in = 0;
  return true;
}

/** Keeps what is left of the input in unused_data, behind the end, or in unconsumed_tail: false with MemoryError. */
function keepRest(self: usize, c: usize, status: i32): bool {
  const o = compobject.at(self);
  const k = coding.at(c);
  const left = k.avail_in;
  if (status == Z_STREAM_END && left > 0 && !keepUnused(self, c)) return false;
  // Where there was a tail, it is what is left even if that is unused.
  if (k.avail_in == 0 && Py.SIZE(o.unconsumed_tail) == 0) return true;
  const tail = PyBytes_FromStringAndSize(k.next_in, left);
  if (tail == 0) return false;
  Py.SETREF(o.unconsumed_tail_slot, tail);
  return true;
}

/** A step of a stream, which may have lost its coder. */
function streamStep(self: usize, c: usize, flush: i32): i32 {
  const coder = compobject.at(self).state;
  return coder < 0 ? Z_STREAM_ERROR : Coding.step(c, coder, flush);
}

/**
 * @native zlib.Decompress.decompress($self, data, /, max_length=0)
 *
 * Decompress bytes; what is ready is returned.
 *
 *   data
 *     The next of what was compressed.
 *   max_length
 *     The most that is returned, 0 for any number: what could not be done for
 *     that reason is in the
 *     attribute unconsumed_tail, and has to be given again.
 *
 * Something may be kept, to be decompressed with what comes next;
 * flush() brings it out.
 */
export function Decompress_decompress(self: usize, data: usize, max_length: isize): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const r =
    max_length < 0
      ? PyErr_SetString(PyExc_ValueError, "max_length must be non-negative")
      : streamDecompress(self, Buffer.data(view), Buffer.length(view), max_length == 0 ? -1 : max_length);
  Buffer.close(view);
  return r;
}

function streamDecompress(self: usize, p: usize, n: isize, most: isize): usize {
  const c = Coding.begin(p, n, FIRST_BLOCK, most);
  if (c == 0) return 0;
  const o = compobject.at(self);
  let status: i32 = Z_OK;
  do {
    if (Coding.isFull(c)) {
      if (Coding.isComplete(c)) break;
      if (!Coding.grow(c)) return Coding.discard(c);
    }
    status = streamStep(self, c, Z_SYNC_FLUSH);
    if (status == Z_NEED_DICT && o.zdict != 0) {
      if (!giveDictionary(o.state, o.zdict)) return Coding.discard(c);
    } else if (!goesOn(status)) break;
  } while (Coding.isFull(c) || status == Z_NEED_DICT);
  // The dictionary's loan may have ended in Python: what the stream has now is asked for anew.
  if (!keepRest(self, c, status)) return Coding.discard(c);
  if (status == Z_STREAM_END) o.eof = 1;
  else if (status != Z_OK && status != Z_BUF_ERROR) {
    zlibError(o.state, status, DECOMPRESSING);
    return Coding.discard(c);
  }
  return Coding.finish(c);
}

/**
 * @native zlib.Decompress.flush($self, length=zlib.DEF_BUF_SIZE, /)
 *
 * Bring out what is kept, as bytes.
 *
 *   length
 *     How much room is made at first.
 */
export function Decompress_flush(self: usize, length: isize): usize {
  if (length <= 0) return PyErr_SetString(PyExc_ValueError, "length must be greater than zero");
  const o = compobject.at(self);
  const tail = Py.NewRef(o.unconsumed_tail);
  const r = streamFlush(self, PyBytesObject.at(tail).ob_sval, Py.SIZE(tail), length);
  Py.DECREF(tail);
  return r;
}

function streamFlush(self: usize, p: usize, n: isize, length: isize): usize {
  const c = Coding.begin(p, n, length, -1);
  if (c == 0) return 0;
  let status: i32 = Z_OK;
  do {
    if (Coding.isFull(c) && !Coding.grow(c)) return Coding.discard(c);
    status = streamStep(self, c, Z_FINISH);
  } while (goesOn(status) && Coding.isFull(c));
  if (!keepRest(self, c, status)) return Coding.discard(c);
  if (status == Z_STREAM_END) {
    compobject.at(self).eof = 1;
    detach(self);
  }
  return Coding.finish(c);
}

/**
 * @native zlib.Decompress.copy($self, /)
 *
 * A second object that has decompressed the same.
 *
 * @native zlib.Decompress.__copy__($self, /)
 */
export function Decompress_copy(self: usize): usize {
  return copyStream(self);
}

/**
 * @native zlib.Decompress.__deepcopy__($self, memo, /)
 */
export function Decompress_deepcopy(self: usize, _memo: usize): usize {
  return copyStream(self);
}

/**
 * @type zlib.Decompress
 *
 * @member zlib.Decompress.unused_data = compobject.unused_data readonly
 *
 * @member zlib.Decompress.unconsumed_tail = compobject.unconsumed_tail readonly
 *
 * @member zlib.Decompress.eof = compobject.eof readonly
 */
export function initDecompressType(): i32 {
  streamType(PyZlib_Decompress_Type);
  return PyType_Ready(PyZlib_Decompress_Type);
}
