// Compressing: zlib.compress() and the objects of zlib.compressobj() (CPython 3.13's Modules/zlibmodule.c).

import { Py_TPFLAGS_DISALLOW_INSTANTIATION } from "../../generated/constants";
import { host } from "../../generated/host";
import { compobject, PyTypeObject, SIZEOF_compobject, SIZEOF_PyObject } from "../../generated/layouts";
import { zlibRoots } from "../../generated/runtime";
import { _Py_NoneStruct, PyExc_ValueError, PyZlib_Compress_Type } from "../../generated/statics";
import { PyMem_RawFree, PyObject_Free } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { PyErr_SetString } from "../../objects/errors/raise";
import { compobject_clear } from "../../objects/generated/references";
import { _PyObject_New } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { Buffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { PyType_Ready } from "../../objects/types/ready";
import { Interrupts } from "../../thread/interrupts";
import { Coding, FIRST_BLOCK, reserveForHost } from "../coding";
import {
  DEF_MEM_LEVEL,
  DEFLATED,
  NO_CODER,
  openDeflate,
  deflateMemory,
  setDictionary,
  Z_BUF_ERROR,
  Z_FINISH,
  Z_NO_FLUSH,
  Z_OK,
  Z_STREAM_END,
  Z_STREAM_ERROR,
  zlibError,
} from "./common";

export const Z_DEFAULT_COMPRESSION: i32 = -1;
export const Z_DEFAULT_STRATEGY: i32 = 0;

/** Bytes that are compressed between two looks whether it is to be interrupted. */
const PIECE: isize = 1 << 18;
const COMPRESSING = "while compressing data";

/**
 * @native zlib.compress($module, data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS)
 *
 * Compress bytes at once; the result is bytes.
 *
 *   data
 *     Bytes of some kind.
 *   level
 *     From 0 to 9, or -1.
 *   wbits
 *     Size of the window, and container.
 */
export function zlib_compress(_m: usize, data: usize, level: i32, wbits: i32): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const r = compressed(Buffer.data(view), Buffer.length(view), level, wbits);
  Buffer.close(view);
  return r;
}

function compressed(p: usize, n: isize, level: i32, wbits: i32): usize {
  const reserved = reserveForHost(deflateMemory(wbits, DEF_MEM_LEVEL));
  if (reserved == 0) return 0;
  const coder = openDeflate(level, DEFLATED, wbits, DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY);
  let r: usize = 0;
  if (coder < 0) PyErr_SetString(zlibRoots.error, "Bad compression level");
  else {
    // What is only stored shows in which pieces it came.
    r = codeAll(coder, p, n, level == 0 ? n : PIECE, Z_FINISH, COMPRESSING);
    host.codeClose(coder);
  }
  PyMem_RawFree(reserved);
  return r;
}

/**
 * What a coder makes of `n` bytes at `p`: new bytes; null with an exception, whose text has `what`. After each `piece` of them
 * it looks whether it is to be interrupted: Python may run then, which must not know the coder.
 */
function codeAll(coder: i32, p: usize, n: isize, piece: isize, flush: i32, what: string): usize {
  const c = Coding.begin(p, 0, FIRST_BLOCK, -1);
  if (c == 0) return 0;
  let rest = n;
  while (true) {
    const some = min(rest, piece);
    rest -= some;
    Coding.offer(c, some);
    if (!codeSome(c, coder, rest > 0 ? Z_NO_FLUSH : flush, what)) return Coding.discard(c);
    if (rest == 0) return Coding.finish(c);
    if (Interrupts.raised()) return Coding.discard(c);
  }
}

/** Has a coder take what it was offered: false with an exception. */
function codeSome(c: usize, coder: i32, flush: i32, what: string): bool {
  let status: i32 = Z_OK;
  do {
    if (Coding.isFull(c) && !Coding.grow(c)) return false;
    status = coder < 0 ? Z_STREAM_ERROR : Coding.step(c, coder, flush);
    if (status == Z_STREAM_ERROR) {
      zlibError(coder, status, what);
      return false;
    }
  } while (Coding.isFull(c));
  if (status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR) return true;
  zlibError(coder, status, what);
  return false;
}

/**
 * @native zlib.compressobj($module, /, level=Z_DEFAULT_COMPRESSION, method=DEFLATED,
 *             wbits=MAX_WBITS, memLevel=DEF_MEM_LEVEL,
 *             strategy=Z_DEFAULT_STRATEGY, zdict=None)
 *
 * An object that compresses bytes as they come.
 *
 *   level
 *     From 0, which is not at all, to 9, which is as small and slow as it can be; -1 is the
 *     usual, which is as 6.
 *   method
 *     Always DEFLATED.
 *   wbits
 *     9 to 15: the size of the window, its logarithm to base 2, in a container of zlib's.
 *     -9 to -15: the same, without a container.
 *     25 to 31: 16 more, in a container of gzip's.
 *   memLevel
 *     How much memory is used, from 1 to 9: more makes it faster and the result smaller.
 *   strategy
 *     For which kind of data: Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, and what else
 *     zlib has.
 *   zdict
 *     Bytes of some kind, what is likely to come again and again; who decompresses needs the same.
 */
export function zlib_compressobj(
  _m: usize,
  level: i32,
  method: i32,
  wbits: i32,
  memLevel: i32,
  strategy: i32,
  zdict: usize,
): usize {
  if (zdict == 0 || zdict == _Py_NoneStruct) return newCompress(level, method, wbits, memLevel, strategy, 0);
  // Whether it lends bytes is asked first.
  const view = Buffer.open(zdict);
  if (view == 0) return 0;
  const self = newCompress(level, method, wbits, memLevel, strategy, zdict);
  Buffer.close(view);
  return self;
}

function newCompress(level: i32, method: i32, wbits: i32, memLevel: i32, strategy: i32, zdict: usize): usize {
  const self = newCompobject(PyZlib_Compress_Type, deflateMemory(wbits, memLevel));
  if (self == 0) return 0;
  const coder = openDeflate(level, method, wbits, memLevel, strategy);
  if (coder < 0) {
    Py.DECREF(self);
    return PyErr_SetString(PyExc_ValueError, "Invalid initialization option");
  }
  attach(self, coder);
  const status = zdict == 0 ? Z_OK : setDictionary(coder, zdict);
  if (status == Z_OK) return self;
  Py.DECREF(self);
  return status > 0 ? 0 : PyErr_SetString(PyExc_ValueError, "Invalid dictionary");
}

/** A new object of a type of streams, with `n` bytes reserved for the coder that it has not yet: null with MemoryError. */
export function newCompobject(type: usize, n: isize): usize {
  const reserved = reserveForHost(n);
  const self = reserved == 0 ? 0 : _PyObject_New(type);
  if (self == 0) {
    PyMem_RawFree(reserved);
    return 0;
  }
  const o = compobject.at(self);
  memory.fill(self + SIZEOF_PyObject, 0, SIZEOF_compobject - SIZEOF_PyObject);
  o.opaque = reserved;
  o.reserved = n;
  o.state = NO_CODER;
  o.unused_data = PyBytes_FromStringAndSize(0, 0);
  o.unconsumed_tail = PyBytes_FromStringAndSize(0, 0);
  return self;
}

/** Gives a stream its coder. */
export function attach(self: usize, coder: i32): void {
  compobject.at(self).state = coder;
  compobject.at(self).is_initialised = 1;
}

/** Lets go of the coder of a stream, and of the memory that stands for it. */
export function detach(self: usize): void {
  const o = compobject.at(self);
  if (o.is_initialised) host.codeClose(o.state);
  o.is_initialised = 0;
  o.state = NO_CODER;
  PyMem_RawFree(o.opaque);
  o.opaque = 0;
}

/** A stream that is where another is: null with an exception. */
export function copyStream(self: usize): usize {
  const o = compobject.at(self);
  const copy = newCompobject(Py.TYPE(self), o.reserved);
  if (copy == 0) return 0;
  const c = compobject.at(copy);
  const coder = o.is_initialised ? host.codeCopy(o.state) : -1;
  if (coder < 0) {
    Py.DECREF(copy);
    return PyErr_SetString(PyExc_ValueError, "Inconsistent stream state");
  }
  attach(copy, <i32>coder);
  Py.SETREF(c.unused_data_slot, Py.NewRef(o.unused_data));
  Py.SETREF(c.unconsumed_tail_slot, Py.NewRef(o.unconsumed_tail));
  c.zdict = Py.XNewRef(o.zdict);
  c.eof = o.eof;
  return copy;
}

function stream_dealloc(self: usize): void {
  detach(self);
  compobject_clear(self);
  PyObject_Free(self);
}

/**
 * @native zlib.Compress.compress($self, data, /)
 *
 * Compress bytes; what is ready is returned.
 *
 *   data
 *     Bytes of some kind.
 *
 * More may be kept, to be compressed with what comes next;
 * flush() brings it out.
 */
export function Compress_compress(self: usize, data: usize): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const p = Buffer.data(view);
  const n = Buffer.length(view);
  const r = codeAll(compobject.at(self).state, p, n, n, Z_NO_FLUSH, COMPRESSING);
  Buffer.close(view);
  return r;
}

/**
 * @native zlib.Compress.flush($self, mode=zlib.Z_FINISH, /)
 *
 * Bring out what is kept, as bytes.
 *
 *   mode
 *     Z_FINISH: that was the end, and nothing more can be compressed with this
 *     object. With Z_SYNC_FLUSH or Z_FULL_FLUSH, more can follow; after the
 *     second, who decompresses can begin.
 *     See zlib for others.
 */
export function Compress_flush(self: usize, mode: i32): usize {
  if (mode == Z_NO_FLUSH) return PyBytes_FromStringAndSize(0, 0);
  const r = codeAll(compobject.at(self).state, 0, 0, 0, mode, "while flushing");
  if (r != 0 && mode == Z_FINISH) detach(self);
  return r;
}

/**
 * @native zlib.Compress.copy($self, /)
 *
 * A second object that has compressed the same.
 *
 * @native zlib.Compress.__copy__($self, /)
 */
export function Compress_copy(self: usize): usize {
  return copyStream(self);
}

/**
 * @native zlib.Compress.__deepcopy__($self, memo, /)
 */
export function Compress_deepcopy(self: usize, _memo: usize): usize {
  return Compress_copy(self);
}

/** Fills the slots that the types of streams have alike. */
export function streamType(type: usize): PyTypeObject {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_compobject;
  t.tp_dealloc = stream_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_DISALLOW_INSTANTIATION;
  return t;
}

/**
 * @type zlib.Compress
 */
export function initCompressType(): i32 {
  streamType(PyZlib_Compress_Type);
  return PyType_Ready(PyZlib_Compress_Type);
}
