// The module _lzma (CPython 3.13's Modules/_lzmamodule.c). There is no liblzma: read, decode, write and encode do what it
// does, in the heap.

import {
  LZMACompressor,
  LZMADecompressor,
  lzma_chain,
  lzma_filter,
  PyBytesObject,
  SIZEOF_LZMACompressor,
  SIZEOF_LZMADecompressor,
  SIZEOF_lzma_chain,
  SIZEOF_lzma_filter,
} from "../../generated/layouts";
import { lzmaRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  PyExc_EOFError,
  PyExc_Exception,
  PyExc_ValueError,
  PyLZMACompressor_Type,
  PyLZMADecompressor_Type,
} from "../../generated/statics";
import { PyObject_Free } from "../../memory/pymem";
import { newBytes, PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { ByteWriter, byteWriterDiscard, byteWriterFinish } from "../../objects/bytes/writer";
import { intArgument, parseTupleAndKeywords } from "../../objects/define/args";
import { PyErr_NewException } from "../../objects/errors/newclass";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyModule_AddObjectLiteral, PyModule_GetDict } from "../../objects/module/module";
import { PyBool_FromLong } from "../../objects/numbers/bool";
import { PyLong_AsUnsignedLongLong } from "../../objects/numbers/int/create";
import { PyType_GenericAlloc } from "../../objects/object/alloc";
import { Buffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { Scratch } from "../../thread/scratch";
import { Coding, FIRST_BLOCK, initCoderType } from "../coding";
import { beginKept, dropKept, finishKept, keepRest } from "../keptinput";
import { addNumbers } from "../numbers";
import { CHECK_CRC64, CHECK_ID_MAX, CHECK_NONE, isCheckSupported } from "./check";
import {
  checkChain,
  describeFilter,
  FILTER_LZMA1,
  FILTER_LZMA2,
  isRight,
  loadProperties,
  PRESET_DEFAULT,
  presetChain,
  propertiesSize,
  readChain,
  readFilter,
  storeProperties,
  wordArgument,
  wrongPreset,
} from "./options";
import { beginRaw, checkOf, decode, freeDecoder, newDecoder } from "./read";
import { Result, setResult } from "./result";
import { FILTER_DELTA, filterAt } from "./stages";
import { encode, encodeEnd, Format, freeEncoder, newEncoder } from "./write";

const CONSTANTS = `
  FORMAT_AUTO 0 FORMAT_XZ 1 FORMAT_ALONE 2 FORMAT_RAW 3 CHECK_NONE 0 CHECK_CRC32 1 CHECK_CRC64 4 CHECK_SHA256 10
  CHECK_ID_MAX 15 CHECK_UNKNOWN 16 FILTER_LZMA1 4611686018427387905 FILTER_LZMA2 33 FILTER_DELTA 3 FILTER_X86 4
  FILTER_IA64 6 FILTER_ARM 7 FILTER_ARMTHUMB 8 FILTER_SPARC 9 FILTER_POWERPC 5 MF_HC3 3 MF_HC4 4 MF_BT2 18 MF_BT3 19
  MF_BT4 20 MODE_FAST 1 MODE_NORMAL 2 PRESET_DEFAULT 6 PRESET_EXTREME 2147483648`;

/** An int argument that may be left out: -1 with an exception. */
function optionalInt(v: usize, otherwise: i32): i32 {
  return v == 0 ? otherwise : intArgument(v);
}

/** LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None) */
function LZMACompressor_new(type: usize, args: usize, kwargs: usize): usize {
  const argv = Scratch.take(4);
  let self: usize = 0;
  if (parseTupleAndKeywords("LZMACompressor", "format check preset filters", args, kwargs, argv, 0, 4)) {
    const format = optionalInt(Py.item(argv, 0), Format.xz);
    const check = format == -1 && PyErr_Occurred() ? -1 : optionalInt(Py.item(argv, 1), -1);
    const preset = Py.item(argv, 2) == _Py_NoneStruct ? 0 : Py.item(argv, 2);
    const filters = Py.item(argv, 3) == _Py_NoneStruct ? 0 : Py.item(argv, 3);
    if (PyErr_Occurred() == 0) self = newCompressor(type, format, check, preset, filters);
  }
  Scratch.give(argv);
  return self;
}

function newCompressor(type: usize, format: i32, check: i32, preset: usize, filters: usize): usize {
  if (format != Format.xz && check != -1 && check != CHECK_NONE) {
    return PyErr_SetString(PyExc_ValueError, "Integrity checks are only supported by FORMAT_XZ");
  }
  if (preset != 0 && filters != 0) {
    return PyErr_SetString(PyExc_ValueError, "Cannot specify both preset and filter chain");
  }
  const level = preset == 0 ? <i64>PRESET_DEFAULT : wordArgument(preset);
  if (level < 0) return 0;
  const self = PyType_GenericAlloc(type, 0);
  if (self == 0) return 0;
  const chain = Scratch.take(<isize>(SIZEOF_lzma_chain >> 3));
  const id = check == -1 ? (format == Format.xz ? CHECK_CRC64 : CHECK_NONE) : <u32>check;
  const ok = readCompression(chain, format, id, <u32>level, filters);
  if (ok) LZMACompressor.at(self).state = newEncoder(<Format>format, id, chain);
  Scratch.give(chain);
  if (LZMACompressor.at(self).state != 0) return self;
  Py.DECREF(self);
  return 0;
}

/** Fills in the filters to compress with: false with an exception. */
function readCompression(chain: usize, format: i32, check: u32, level: u32, filters: usize): bool {
  if (format != Format.xz && format != Format.alone && format != Format.raw) {
    PyErr_Format(PyExc_ValueError, "Invalid container format: %d", format);
    return false;
  }
  if (filters == 0) {
    if (format == Format.raw) {
      PyErr_SetString(PyExc_ValueError, "Must specify filters for FORMAT_RAW");
      return false;
    }
    const known = presetChain(chain, format == Format.xz ? FILTER_LZMA2 : FILTER_LZMA1, level);
    if (format == Format.xz) return isRight(known ? Result.next : Result.wrongOptions) && isKnownCheck(check);
    if (!known) wrongPreset(level);
    return known;
  }
  if (!readChain(chain, filters)) return false;
  const count = lzma_chain.at(chain).count;
  const last = count == 0 ? 0 : lzma_filter.at(filterAt(chain, count - 1)).id;
  if (format == Format.alone && (last != FILTER_LZMA1 || count != 1)) {
    PyErr_SetString(PyExc_ValueError, "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter");
    return false;
  }
  if (!isRight(checkChain(chain, true))) return false;
  if (format != Format.xz) return true;
  return isKnownCheck(check) && isRight(last == FILTER_LZMA1 ? Result.internal : Result.next);
}

function isKnownCheck(check: u32): bool {
  if (check > CHECK_ID_MAX) return isRight(Result.internal);
  if (isCheckSupported(check)) return true;
  PyErr_SetString(lzmaRoots.error, "Unsupported integrity check");
  return false;
}

function LZMACompressor_dealloc(self: usize): void {
  freeEncoder(LZMACompressor.at(self).state);
  PyObject_Free(self);
}

/**
 * @native _lzma.LZMACompressor.compress($self, data, /)
 *
 * Give bytes of some kind to be compressed.
 *
 * What is ready is returned, bytes, which may be none.
 *
 * When all has been given, flush() has to be called,
 * which returns the rest.
 */
export function LZMACompressor_compress(self: usize, data: usize): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const o = LZMACompressor.at(self);
  let r: usize = 0;
  if (o.flushed) PyErr_SetString(PyExc_ValueError, "Compressor has been flushed");
  else {
    const w = ByteWriter.begin(0);
    const ok = encode(o.state, Buffer.data(view), <usize>Buffer.length(view), w);
    r = ok ? byteWriterFinish(w) : byteWriterDiscard(w);
  }
  Buffer.close(view);
  return r;
}

/**
 * @native _lzma.LZMACompressor.flush($self, /)
 *
 * Bring what is compressed to its end.
 *
 * What has not been returned before is returned.
 *
 * Nothing can be compressed with it afterwards.
 */
export function LZMACompressor_flush(self: usize): usize {
  const o = LZMACompressor.at(self);
  if (o.flushed) return PyErr_SetString(PyExc_ValueError, "Repeated call to flush()");
  o.flushed = 1;
  const w = ByteWriter.begin(0);
  return encodeEnd(o.state, w) ? byteWriterFinish(w) : byteWriterDiscard(w);
}

/** LZMADecompressor(format=FORMAT_AUTO, memlimit=None, filters=None) */
function LZMADecompressor_new(type: usize, args: usize, kwargs: usize): usize {
  const argv = Scratch.take(3);
  let self: usize = 0;
  if (parseTupleAndKeywords("LZMADecompressor", "format memlimit filters", args, kwargs, argv, 0, 3)) {
    const format = optionalInt(Py.item(argv, 0), Format.auto);
    const limit = Py.item(argv, 1) == _Py_NoneStruct ? 0 : Py.item(argv, 1);
    const filters = Py.item(argv, 2) == _Py_NoneStruct ? 0 : Py.item(argv, 2);
    if (format != -1 || PyErr_Occurred() == 0) self = newDecompressor(type, format, limit, filters);
  }
  Scratch.give(argv);
  return self;
}

function newDecompressor(type: usize, format: i32, limit: usize, filters: usize): usize {
  let memoryMost = u64.MAX_VALUE;
  if (limit != 0) {
    if (format == Format.raw) {
      return PyErr_SetString(PyExc_ValueError, "Cannot specify memory limit with FORMAT_RAW");
    }
    memoryMost = PyLong_AsUnsignedLongLong(limit);
    if (PyErr_Occurred()) return 0;
  }
  if (format == Format.raw && filters == 0) {
    return PyErr_SetString(PyExc_ValueError, "Must specify filters for FORMAT_RAW");
  }
  if (format != Format.raw && filters != 0) {
    return PyErr_SetString(PyExc_ValueError, "Cannot specify filters except with FORMAT_RAW");
  }
  if (format < Format.auto || format > Format.raw) {
    return PyErr_Format(PyExc_ValueError, "Invalid container format: %d", format);
  }
  const self = PyType_GenericAlloc(type, 0);
  if (self == 0) return 0;
  const o = LZMADecompressor.at(self);
  o.needs_input = 1;
  o.unused_data = PyBytes_FromStringAndSize(0, 0);
  o.state = newDecoder(<Format>format, memoryMost);
  if (o.state != 0 && (format != Format.raw || useFilters(o.state, filters))) {
    o.check = checkOf(o.state);
    return self;
  }
  Py.DECREF(self);
  return 0;
}

/** Begins raw data with the filters that a program describes: false with an exception. */
function useFilters(decoder: usize, filters: usize): bool {
  const chain = Scratch.take(<isize>(SIZEOF_lzma_chain >> 3));
  const ok = readChain(chain, filters) && isRight(checkChain(chain, false));
  if (ok) beginRaw(decoder, chain);
  Scratch.give(chain);
  return ok;
}

function LZMADecompressor_dealloc(self: usize): void {
  const o = LZMADecompressor.at(self);
  freeDecoder(o.state);
  dropKept(o.input);
  Py.XDECREF(o.unused_data);
  PyObject_Free(self);
}

/** Decompresses as far as input and room go: false with an exception. */
function decodeInto(self: usize, c: usize): bool {
  const o = LZMADecompressor.at(self);
  while (true) {
    const r = decode(o.state, c);
    o.check = checkOf(o.state);
    if (r == Result.end) {
      o.eof = 1;
      const decoder = o.state;
      o.state = 0;
      freeDecoder(decoder);
      return true;
    }
    if (r != Result.some) {
      setResult(r);
      return false;
    }
    if (!Coding.isFull(c) || Coding.isComplete(c)) return true;
    if (!Coding.grow(c)) return false;
  }
}

function decompress(self: usize, p: usize, n: isize, most: isize): usize {
  const o = LZMADecompressor.at(self);
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
  o.needs_input = rest > 0 || Coding.isFull(c) ? 0 : 1;
  return Coding.finish(c);
}

/**
 * @native _lzma.LZMADecompressor.decompress($self, /, data, max_length=-1)
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
export function LZMADecompressor_decompress(self: usize, data: usize, max_length: isize): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const o = LZMADecompressor.at(self);
  const r = o.eof
    ? PyErr_SetString(PyExc_EOFError, "Already at end of stream")
    : decompress(self, Buffer.data(view), Buffer.length(view), max_length);
  Buffer.close(view);
  return r;
}

/**
 * @native _lzma.is_check_supported($module, check_id, /)
 *
 * Whether there is an integrity check of this number.
 *
 * CHECK_NONE and CHECK_CRC32 are always there.
 */
export function lzma_is_check_supported(_m: usize, check_id: i32): usize {
  return PyBool_FromLong(check_id >= 0 && isCheckSupported(<u32>check_id) ? 1 : 0);
}

/**
 * @native _lzma._encode_filter_properties($module, filter, /)
 *
 * The options (properties) of *filter*, a dict, as bytes, as they stand in files.
 *
 * The number of the filter is not among them.
 */
export function lzma_encode_filter_properties(_m: usize, spec: usize): usize {
  const filter = Scratch.take(<isize>(SIZEOF_lzma_filter >> 3));
  let r: usize = 0;
  if (readFilter(filter, spec)) {
    const x = lzma_filter.at(filter);
    const wrong = x.id == FILTER_LZMA1 && (x.lc + x.lp > 4 || x.pb > 4);
    if (wrong || (x.id == FILTER_DELTA && x.distance - 1 > 255)) setResult(Result.internal);
    else {
      r = newBytes(<isize>propertiesSize(filter));
      if (r != 0 && Py.SIZE(r) > 0) storeProperties(filter, PyBytesObject.at(r).ob_sval);
    }
  }
  Scratch.give(filter);
  return r;
}

/**
 * @native _lzma._decode_filter_properties($module, filter_id, encoded_props, /)
 *
 * The dict that describes a filter, from its number and its options as they stand in files.
 *
 * The opposite of _encode_filter_properties().
 */
export function lzma_decode_filter_properties(_m: usize, filter_id: usize, encoded_props: usize): usize {
  const id = PyLong_AsUnsignedLongLong(filter_id);
  if (PyErr_Occurred()) return 0;
  const view = Buffer.open(encoded_props);
  if (view == 0) return 0;
  const filter = Scratch.take(<isize>(SIZEOF_lzma_filter >> 3));
  const n = Buffer.length(view);
  const ok = isRight(loadProperties(filter, id, Buffer.data(view), <usize>n));
  const r = ok ? describeFilter(id, filter, n > 0) : 0;
  Scratch.give(filter);
  Buffer.close(view);
  return r;
}

/**
 * @type _lzma.LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)
 *
 * An object that compresses bytes as they come.
 *
 *   format
 *     FORMAT_XZ, FORMAT_ALONE or FORMAT_RAW.
 *   check
 *     Which check the format xz gets; the others have none.
 *   preset
 *     From 0 to 9, and PRESET_EXTREME may be added.
 *   filters
 *     Instead of it a sequence of dicts, each with the number of a filter, under "id", and
 *     its options. Raw data always needs it.
 *
 * To compress at once what is there as a whole, use compress().
 */

/**
 * @type _lzma.LZMADecompressor(format=FORMAT_AUTO, memlimit=None, filters=None)
 *
 * An object that decompresses bytes as they come.
 *
 *   format
 *     FORMAT_AUTO, which takes xz and LZMA alone, FORMAT_XZ, FORMAT_ALONE or FORMAT_RAW.
 *   memlimit
 *     How much memory it may take; what needs more is not decompressed.
 *   filters
 *     For raw data only, which always needs it: a sequence of dicts.
 *
 * To decompress at once what is there as a whole, use decompress().
 *
 * @member _lzma.LZMADecompressor.check = LZMADecompressor.check readonly
 * The number of the integrity check that is used.
 *
 * @member _lzma.LZMADecompressor.eof = LZMADecompressor.eof readonly
 * Whether the end has been there.
 *
 * @member _lzma.LZMADecompressor.needs_input = LZMADecompressor.needs_input readonly
 * Whether nothing more comes out before something is put in.
 *
 * @member _lzma.LZMADecompressor.unused_data = LZMADecompressor.unused_data readonly
 * What was behind the end.
 */

/**
 * @module _lzma
 */
export function initLZMA(m: usize): i32 {
  if (lzmaRoots.error == 0) lzmaRoots.error = PyErr_NewException("_lzma", "LZMAError", PyExc_Exception);
  if (
    lzmaRoots.error == 0 ||
    addNumbers(PyModule_GetDict(m), CONSTANTS) < 0 ||
    initCoderType(
      PyLZMACompressor_Type,
      SIZEOF_LZMACompressor,
      LZMACompressor_new.index,
      LZMACompressor_dealloc.index,
    ) < 0 ||
    initCoderType(
      PyLZMADecompressor_Type,
      SIZEOF_LZMADecompressor,
      LZMADecompressor_new.index,
      LZMADecompressor_dealloc.index,
    ) < 0 ||
    PyModule_AddObjectLiteral(m, "LZMAError", Py.NewRef(lzmaRoots.error)) < 0 ||
    PyModule_AddObjectLiteral(m, "LZMACompressor", PyLZMACompressor_Type) < 0
  ) {
    return -1;
  }
  return PyModule_AddObjectLiteral(m, "LZMADecompressor", PyLZMADecompressor_Type);
}
