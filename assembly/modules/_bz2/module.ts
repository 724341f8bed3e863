// The module _bz2 (CPython 3.13's Modules/_bz2module.c). There is no libbzip2: encode and decode do what it does, in the heap.

import { BZ2Compressor, BZ2Decompressor, SIZEOF_BZ2Compressor, SIZEOF_BZ2Decompressor } from "../../generated/layouts";
import {
  PyBZ2Compressor_Type,
  PyBZ2Decompressor_Type,
  PyExc_EOFError,
  PyExc_OSError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyObject_Free } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { ByteWriter, byteWriterDiscard, byteWriterFinish } from "../../objects/bytes/writer";
import { Tuple } from "../../objects/containers/tuple";
import { ArgParser, intArgument } from "../../objects/define/args";
import { PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyType_GenericAlloc } from "../../objects/object/alloc";
import { Buffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { Coding, FIRST_BLOCK, initCoderType } from "../coding";
import { beginKept, dropKept, finishKept, keepRest } from "../keptinput";
import { Decoded, decode, freeDecoder, newDecoder } from "./decode";
import { encode, encodeEnd, freeEncoder, newEncoder } from "./encode";

const LEVEL_MOST: i32 = 9;

/** BZ2Compressor(compresslevel=9, /) */
function BZ2Compressor_new(type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords("BZ2Compressor", kwargs)) return 0;
  if (!ArgParser.count("BZ2Compressor", Tuple.size(args), 0, 1)) return 0;
  const level = Tuple.size(args) == 0 ? LEVEL_MOST : intArgument(Tuple.get(args, 0));
  if (level == -1 && PyErr_Occurred()) return 0;
  if (level < 1 || level > LEVEL_MOST) {
    return PyErr_SetString(PyExc_ValueError, "compresslevel must be between 1 and 9");
  }
  const self = PyType_GenericAlloc(type, 0);
  if (self == 0) return 0;
  const encoder = newEncoder(level);
  BZ2Compressor.at(self).state = encoder;
  if (encoder != 0) return self;
  Py.DECREF(self);
  return 0;
}

function BZ2Compressor_dealloc(self: usize): void {
  freeEncoder(BZ2Compressor.at(self).state);
  PyObject_Free(self);
}

/**
 * @native _bz2.BZ2Compressor.compress($self, data, /)
 *
 * Give bytes of some kind to be compressed.
 *
 * What is ready is returned, bytes, which may be none.
 *
 * When all has been given, flush() has to be called,
 * which returns the rest.
 */
export function BZ2Compressor_compress(self: usize, data: usize): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const o = BZ2Compressor.at(self);
  let r: usize = 0;
  if (o.flushed) PyErr_SetString(PyExc_ValueError, "Compressor has been flushed");
  else {
    const w = ByteWriter.begin(0);
    const ok = encode(o.state, Buffer.data(view), <usize>Buffer.length(view), w);
    r = ok ? byteWriterFinish(w) : discard(w);
  }
  Buffer.close(view);
  return r;
}

function discard(w: usize): usize {
  byteWriterDiscard(w);
  return 0;
}

/**
 * @native _bz2.BZ2Compressor.flush($self, /)
 *
 * Bring what is compressed to its end.
 *
 * What has not been returned before is returned.
 *
 * Nothing can be compressed with the object afterwards.
 */
export function BZ2Compressor_flush(self: usize): usize {
  const o = BZ2Compressor.at(self);
  if (o.flushed) return PyErr_SetString(PyExc_ValueError, "Repeated call to flush()");
  o.flushed = 1;
  const w = ByteWriter.begin(0);
  return encodeEnd(o.state, w) ? byteWriterFinish(w) : discard(w);
}

/** BZ2Decompressor() */
function BZ2Decompressor_new(type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords("BZ2Decompressor", kwargs)) return 0;
  if (Tuple.size(args) != 0) {
    return PyErr_SetString(PyExc_TypeError, "BZ2Decompressor() takes no positional arguments");
  }
  const self = PyType_GenericAlloc(type, 0);
  if (self == 0) return 0;
  const o = BZ2Decompressor.at(self);
  o.needs_input = 1;
  o.unused_data = PyBytes_FromStringAndSize(0, 0);
  o.state = newDecoder();
  if (o.state != 0) return self;
  Py.DECREF(self);
  return 0;
}

function BZ2Decompressor_dealloc(self: usize): void {
  const o = BZ2Decompressor.at(self);
  freeDecoder(o.state);
  dropKept(o.input);
  Py.XDECREF(o.unused_data);
  PyObject_Free(self);
}

/** Decompresses as far as input and room go: false with an exception. */
function decodeInto(self: usize, c: usize): bool {
  const o = BZ2Decompressor.at(self);
  while (true) {
    const r = decode(o.state, c);
    if (r == Decoded.wrong) {
      PyErr_SetString(PyExc_OSError, "Invalid data stream");
      return false;
    }
    if (r == Decoded.noMemory) {
      PyErr_NoMemory();
      return false;
    }
    if (r == Decoded.end) {
      o.eof = 1;
      const decoder = o.state;
      o.state = 0;
      freeDecoder(decoder);
      return true;
    }
    if (!Coding.isFull(c) || Coding.isComplete(c)) return true;
    if (!Coding.grow(c)) return false;
  }
}

function decompress(self: usize, p: usize, n: isize, most: isize): usize {
  const o = BZ2Decompressor.at(self);
  const c = beginKept(o.input, p, n, FIRST_BLOCK, most);
  if (c == 0) return 0;
  if (!decodeInto(self, c)) {
    dropKept(o.input);
    return Coding.discard(c);
  }
  if (o.eof) {
    o.needs_input = 0;
    return finishKept(o.input, c, o.unused_data_slot);
  }
  const rest = keepRest(o.input, c);
  if (rest < 0) return Coding.discard(c);
  o.needs_input = rest > 0 ? 0 : 1;
  return Coding.finish(c);
}

/**
 * @native _bz2.BZ2Decompressor.decompress($self, /, data, max_length=-1)
 *
 * Decompress *data*, bytes of some kind, and return bytes.
 *
 * If *max_length* is not negative, no more than that many are returned. What there was no room for is
 * kept, *self.needs_input* is ``False`` then, and the next call can have b'' for *data* to get more of it.
 *
 * If all of *data* has been decompressed, because
 * there was room enough for it or *max_length* is negative, *self.needs_input* is ``True``.
 *
 * Behind the end of what was compressed there is an EOFError. What was behind it in the last
 * *data* is in the attribute *unused_data*, and is not decompressed.
 */
export function BZ2Decompressor_decompress(self: usize, data: usize, max_length: isize): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const r = BZ2Decompressor.at(self).eof
    ? PyErr_SetString(PyExc_EOFError, "End of stream already reached")
    : decompress(self, Buffer.data(view), Buffer.length(view), max_length);
  Buffer.close(view);
  return r;
}

/**
 * @type _bz2.BZ2Compressor(compresslevel=9, /)
 *
 * An object that compresses bytes as they come.
 *
 *   compresslevel
 *     How large the blocks are, from 1 to 9.
 *
 * To compress at once what is there as a whole, use compress().
 */

/**
 * @type _bz2.BZ2Decompressor()
 *
 * An object that decompresses bytes as they come.
 *
 * To decompress at once what is there as a whole, use decompress().
 *
 * @member _bz2.BZ2Decompressor.eof = BZ2Decompressor.eof readonly
 * Whether the end has been there.
 *
 * @member _bz2.BZ2Decompressor.unused_data = BZ2Decompressor.unused_data readonly
 * What was behind the end.
 *
 * @member _bz2.BZ2Decompressor.needs_input = BZ2Decompressor.needs_input readonly
 * Whether nothing more comes out before something is put in.
 */

/**
 * @module _bz2
 */
export function initBZ2(m: usize): i32 {
  if (
    initCoderType(PyBZ2Compressor_Type, SIZEOF_BZ2Compressor, BZ2Compressor_new.index, BZ2Compressor_dealloc.index) <
      0 ||
    initCoderType(
      PyBZ2Decompressor_Type,
      SIZEOF_BZ2Decompressor,
      BZ2Decompressor_new.index,
      BZ2Decompressor_dealloc.index,
    ) < 0 ||
    PyModule_AddObjectLiteral(m, "BZ2Compressor", PyBZ2Compressor_Type) < 0
  ) {
    return -1;
  }
  return PyModule_AddObjectLiteral(m, "BZ2Decompressor", PyBZ2Decompressor_Type);
}
