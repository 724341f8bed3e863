// The objects of zlib._ZlibDecompressor, which readers of files use (CPython 3.13's Modules/zlibmodule.c): what there was no
// room for is kept in a buffer of its own.
//
// Deliberate difference: a dictionary is given to a stream that asks for it, which is a SystemError in CPython.

import { Py_TPFLAGS_IMMUTABLETYPE } from "../../generated/constants";
import { host } from "../../generated/host";
import {
  coding,
  PyTypeObject,
  SIZEOF_PyObject,
  SIZEOF_ZlibDecompressor,
  ZlibDecompressor,
} from "../../generated/layouts";
import { PyExc_EOFError, PyExc_ValueError, PyZlib_ZlibDecompressor_Type } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc, PyMem_RawFree, PyMem_Realloc, PyObject_Free } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { intArgument, parseTupleAndKeywords } from "../../objects/define/args";
import { PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { ZlibDecompressor_clear } from "../../objects/generated/references";
import { _PyObject_New } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { Buffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { Coding, reserveForHost } from "../coding";
import {
  DEF_BUF_SIZE,
  inflateMemory,
  MAX_WBITS,
  NO_CODER,
  openInflate,
  Z_BUF_ERROR,
  Z_NEED_DICT,
  Z_OK,
  Z_STREAM_END,
  Z_STREAM_ERROR,
  Z_SYNC_FLUSH,
  zlibError,
} from "./common";
import { giveDictionary } from "./decompress";

/** The most room that is made at first. */
const DEF_MAX_INITIAL_BUF_SIZE: isize = 16 << 20;

/** zlib._ZlibDecompressor(wbits=15, zdict=b"") */
function ZlibDecompressor_new(type: usize, args: usize, kwargs: usize): usize {
  const argv = Scratch.take(2);
  let self: usize = 0;
  if (parseTupleAndKeywords("_ZlibDecompressor", "wbits zdict", args, kwargs, argv, 0, 2)) {
    const wbits = Py.item(argv, 0) == 0 ? MAX_WBITS : intArgument(Py.item(argv, 0));
    if (wbits != -1 || PyErr_Occurred() == 0) self = newDecompressor(type, wbits, Py.item(argv, 1));
  }
  Scratch.give(argv);
  return self;
}

function newDecompressor(type: usize, wbits: i32, zdict: usize): usize {
  const reserved = reserveForHost(inflateMemory(wbits));
  const self = reserved == 0 ? 0 : _PyObject_New(type);
  if (self == 0) {
    PyMem_RawFree(reserved);
    return 0;
  }
  memory.fill(self + SIZEOF_PyObject, 0, SIZEOF_ZlibDecompressor - SIZEOF_PyObject);
  const o = ZlibDecompressor.at(self);
  o.opaque = reserved;
  o.needs_input = 1;
  o.unused_data = PyBytes_FromStringAndSize(0, 0);
  o.zdict = Py.XNewRef(zdict);
  o.state = openInflate(wbits);
  if (o.state < 0) {
    Py.DECREF(self);
    return PyErr_SetString(PyExc_ValueError, "Invalid initialization option");
  }
  o.is_initialised = 1;
  if (zdict == 0 || wbits >= 0 || giveDictionary(o.state, zdict)) return self;
  Py.DECREF(self);
  return 0;
}

/** Lets go of the coder, and of the memory that stands for it. */
function detach(o: ZlibDecompressor): void {
  if (o.is_initialised) host.codeClose(o.state);
  o.is_initialised = 0;
  o.state = NO_CODER;
  PyMem_RawFree(o.opaque);
  o.opaque = 0;
}

function ZlibDecompressor_dealloc(self: usize): void {
  const o = ZlibDecompressor.at(self);
  detach(o);
  PyMem_Free(o.input_buffer);
  ZlibDecompressor_clear(self);
  PyObject_Free(self);
}

/** Appends `n` bytes at `data` to the input that is left: false with MemoryError. */
function appendInput(o: ZlibDecompressor, data: usize, n: isize): bool {
  const offset = <isize>(o.next_in - o.input_buffer);
  if (o.input_buffer_size - o.avail_in_real < n) {
    const size = o.input_buffer_size + n;
    const buffer = PyMem_Realloc(o.input_buffer, <usize>size);
    if (buffer == 0) {
      PyErr_NoMemory();
      return false;
    }
    o.input_buffer = buffer;
    o.input_buffer_size = size;
    o.next_in = buffer + <usize>offset;
  }
  if (o.input_buffer_size - <isize>(o.next_in - o.input_buffer) - o.avail_in_real < n) {
    memory.copy(o.input_buffer, o.next_in, <usize>o.avail_in_real);
    o.next_in = o.input_buffer;
  }
  memory.copy(o.next_in + <usize>o.avail_in_real, data, <usize>n);
  o.avail_in_real = o.avail_in_real + n;
  return true;
}

/** Keeps what is left of the caller's bytes: false with MemoryError. */
function keepInput(o: ZlibDecompressor): bool {
  if (o.input_buffer_size < o.avail_in_real) {
    PyMem_Free(o.input_buffer);
    o.input_buffer_size = 0;
    o.input_buffer = PyMem_Malloc(<usize>o.avail_in_real);
    if (o.input_buffer == 0) {
      PyErr_NoMemory();
      return false;
    }
    o.input_buffer_size = o.avail_in_real;
  }
  memory.copy(o.input_buffer, o.next_in, <usize>o.avail_in_real);
  o.next_in = o.input_buffer;
  return true;
}

/** Decompresses what next_in and avail_in_real tell: new bytes, at most `most` of them; null with an exception. */
function decompressInput(self: usize, most: isize): usize {
  const o = ZlibDecompressor.at(self);
  const first = most < 0 ? DEF_BUF_SIZE : min<isize>(most, DEF_MAX_INITIAL_BUF_SIZE);
  const c = Coding.begin(o.next_in, o.avail_in_real, first, most);
  if (c == 0) return 0;
  let status: i32 = Z_OK;
  do {
    if (Coding.isFull(c)) {
      if (Coding.isComplete(c) && coding.at(c).room > 0) break;
      if (!Coding.isComplete(c) && !Coding.grow(c)) return Coding.discard(c);
    }
    status = o.state < 0 ? Z_STREAM_ERROR : Coding.step(c, o.state, Z_SYNC_FLUSH);
    if (status == Z_NEED_DICT && o.zdict != 0) {
      if (!giveDictionary(o.state, o.zdict)) return Coding.discard(c);
    } else if (Coding.isComplete(c)) break;
  } while (Coding.isFull(c) || (status == Z_NEED_DICT && o.zdict != 0));
  if (status == Z_STREAM_END) {
    o.eof = 1;
    detach(o);
  } else if (status != Z_OK && status != Z_BUF_ERROR) {
    zlibError(o.state, status, "while decompressing data");
    return Coding.discard(c);
  }
  o.next_in = coding.at(c).next_in;
  o.avail_in_real = coding.at(c).avail_in;
  return Coding.finish(c);
}

function decompress(self: usize, data: usize, n: isize, most: isize): usize {
  const o = ZlibDecompressor.at(self);
  const buffered = o.next_in != 0;
  if (buffered) {
    if (!appendInput(o, data, n)) return 0;
  } else {
    o.next_in = data;
    o.avail_in_real = n;
  }
  const result = decompressInput(self, most);
  if (result == 0) {
    o.next_in = 0;
    return 0;
  }
  let ok: bool = true;
  if (o.eof) {
    o.needs_input = 0;
    if (o.avail_in_real > 0) {
      const unused = PyBytes_FromStringAndSize(o.next_in, o.avail_in_real);
      ok = unused != 0;
      if (ok) Py.SETREF(o.unused_data_slot, unused);
    }
    o.next_in = 0;
  } else if (o.avail_in_real == 0) {
    o.next_in = 0;
    o.needs_input = 1;
  } else {
    o.needs_input = 0;
    ok = buffered || keepInput(o);
    if (!ok) o.next_in = 0;
  }
  if (ok) return result;
  Py.DECREF(result);
  return 0;
}

/**
 * @native zlib._ZlibDecompressor.decompress($self, /, data, max_length=-1)
 *
 * Decompress *data*, bytes of some kind, and return bytes.
 *
 * If *max_length* is not negative, no more than that many are returned. What there was no room for is
 * kept, *self.needs_input* is ``False`` then, and the next call can have b'' for *data* to get more of it.
 * If all of *data* has been decompressed, because
 * there was room enough for it or *max_length* is negative, *self.needs_input* is ``True``.
 *
 * Behind the end of what was compressed there is an EOFError. What was behind it in the last *data* is in the attribute
 * *unused_data*, and is not decompressed. There is nothing that flushes: with a *max_length* that is negative,
 * all that can be brought out at a time is.
 */
export function ZlibDecompressor_decompress(self: usize, data: usize, max_length: isize): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const r = ZlibDecompressor.at(self).eof
    ? PyErr_SetString(PyExc_EOFError, "End of stream already reached")
    : decompress(self, Buffer.data(view), Buffer.length(view), max_length);
  Buffer.close(view);
  return r;
}

/**
 * @type zlib._ZlibDecompressor(wbits=15, zdict=b'')
 *
 * An object that decompresses bytes as they come.
 *
 *   wbits = 15
 *   zdict
 *     Bytes of some kind, what was known beforehand when the data were compressed: what is likely to come
 *     again and again, the likeliest at its end. It must be the same as was given
 *     to the compressor.
 *
 * @member zlib._ZlibDecompressor.eof = ZlibDecompressor.eof readonly
 * Whether the end has been there.
 *
 * @member zlib._ZlibDecompressor.unused_data = ZlibDecompressor.unused_data readonly
 * What was behind the end.
 *
 * @member zlib._ZlibDecompressor.needs_input = ZlibDecompressor.needs_input readonly
 * Whether nothing more comes out before something is put in.
 */
export function initZlibDecompressorType(): i32 {
  const t = PyTypeObject.at(PyZlib_ZlibDecompressor_Type);
  t.tp_basicsize = SIZEOF_ZlibDecompressor;
  t.tp_dealloc = ZlibDecompressor_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_IMMUTABLETYPE;
  t.tp_new = ZlibDecompressor_new.index;
  return PyType_Ready(PyZlib_ZlibDecompressor_Type);
}
