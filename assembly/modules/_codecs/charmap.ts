// The codec of single bytes that a mapping explains (the charmap part of CPython 3.13's Objects/unicodeobject.c), and
// EncodingMap, the quick form of such a mapping.

import {
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  encoding_map,
  encoding_map_level23,
  PyBytesObject,
  PyTypeObject,
  SIZEOF_encoding_map,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyEncodingMap_Type,
  PyExc_LookupError,
  PyExc_TypeError,
  PyUnicode_Type,
} from "../../generated/statics";
import { PyObject_Malloc } from "../../memory/pymem";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte, writeBytes } from "../../objects/bytes/writer";
import { PyDict_New, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { Tuple } from "../../objects/containers/tuple";
import { badArgument } from "../../objects/define/args";
import {
  PyErr_BadArgument,
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyLong_AsLongLongAndOverflow, PyLong_FromLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyObject_Del } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { Buffer } from "../../objects/object/buffer";
import { _PyObject_Init, Py } from "../../objects/object/head";
import { PyObject_GetItem } from "../../objects/protocol/items";
import { MAX_UNICODE, U } from "../../objects/text/access";
import { PyUnicode_DecodeLatin1 } from "../../objects/text/codecs/decode";
import { _PyUnicode_AsLatin1String } from "../../objects/text/codecs/encode";
import {
  customEncodeError,
  decodeError,
  ERRORS_IGNORE,
  ERRORS_REPLACE,
  ERRORS_STRICT,
  ERRORS_XMLCHARREFREPLACE,
  encodePosition,
  errorHandler,
  raiseEncodeError,
} from "../../objects/text/codecs/errors";
import { PyTypeName } from "../../objects/text/concat";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Writer, writerDiscard, writerFinish, writeStr } from "../../objects/text/format/writer";
import { PyType_Ready } from "../../objects/types/ready";
import { codecResult, codecResultOfAll, errorsOf, isErrors, isText } from "./arguments";

const REASON = "character maps to <undefined>";

/** The character that a mapping has for what it does not map. */
const UNMAPPED: u32 = 0xfffe;

// What a mapping says of a character or a byte.
const MAPPED: i32 = 1;
const UNDEFINED: i32 = 0;
const FAILED: i32 = -1;

/** mapping[c]: a new reference, None also where it is not there. Null with an exception. */
function lookUp(mapping: usize, c: u32): usize {
  const key = PyLong_FromLong(<i32>c);
  if (key == 0) return 0;
  const v = PyObject_GetItem(mapping, key);
  Py.DECREF(key);
  if (v != 0 || !PyErr_ExceptionMatches(PyExc_LookupError)) return v;
  PyErr_Clear();
  return _Py_NoneStruct;
}

/** Writes what the mapping has for a byte: one of MAPPED, UNDEFINED, FAILED. */
function decodeByte(w: usize, mapping: usize, c: u32): i32 {
  const v = lookUp(mapping, c);
  if (v == 0) return FAILED;
  let r = MAPPED;
  if (v == _Py_NoneStruct) r = UNDEFINED;
  else if (Py.check(v, Py_TPFLAGS_LONG_SUBCLASS)) {
    const value = PyLong_AsLongLongAndOverflow(v);
    if (value == <i64>UNMAPPED) r = UNDEFINED;
    else if (value < 0 || value > <i64>MAX_UNICODE) {
      PyErr_Format(PyExc_TypeError, "character mapping must be in range(0x%x)", <i64>MAX_UNICODE + 1);
      r = FAILED;
    } else if (Writer.char(w, <u32>value) < 0) r = FAILED;
  } else if (Py.check(v, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    if (U.length(v) == 1 && U.at(v, 0) == UNMAPPED) r = UNDEFINED;
    else if (writeStr(w, v) < 0) r = FAILED;
  } else {
    PyErr_SetString(PyExc_TypeError, "character mapping must return integer, None or str");
    r = FAILED;
  }
  Py.DECREF(v);
  return r;
}

/** A new str from the `n` bytes at `p`. Null with an exception. */
function decode(p: usize, n: isize, mapping: usize, errors: usize): usize {
  const w = Writer.begin(n);
  const isString = Py.IS_TYPE(mapping, PyUnicode_Type);
  const size = isString ? U.length(mapping) : 0;
  let i: isize = 0;
  while (i < n) {
    const c = <u32>load<u8>(p + <usize>i);
    let r = UNDEFINED;
    if (isString) {
      const x = <isize>c < size ? U.at(mapping, <isize>c) : UNMAPPED;
      if (x != UNMAPPED) r = Writer.char(w, x) < 0 ? FAILED : MAPPED;
    } else r = decodeByte(w, mapping, c);
    if (r == MAPPED) i++;
    else i = r == FAILED ? -1 : decodeError(errors, "charmap", REASON, p, n, i, i + 1, w);
    if (i < 0) return writerDiscard(w);
  }
  return writerFinish(w);
}

/**
 * @native _codecs.charmap_decode($module, data, errors=None, mapping=None, /)
 */
export function charmap_decode(_module: usize, data: usize, errors: usize, mapping: usize): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  let text: usize = 0;
  if (isErrors(errors, "charmap_decode")) {
    text =
      mapping == _Py_NoneStruct
        ? PyUnicode_DecodeLatin1(Buffer.data(view), Buffer.length(view))
        : decode(Buffer.data(view), Buffer.length(view), mapping, errorsOf(errors));
  }
  return codecResultOfAll(text, view);
}

/** The byte that an EncodingMap has for the character; -1 for none. */
function encodedByte(map: usize, c: u32): i32 {
  if (c > 0xffff) return -1;
  if (c == 0) return 0;
  const m = encoding_map.at(map);
  const first: u32 = load<u8>(m.level1 + (c >> 11));
  if (first == 255) return -1;
  const second: u32 = load<u8>(m.level23 + 16 * first + ((c >> 7) & 15));
  if (second == 255) return -1;
  const byte = <i32>load<u8>(m.level23 + 16 * <u32>m.count2 + 128 * second + (c & 127));
  return byte == 0 ? -1 : byte;
}

/** What the mapping has for a character, written to `w` unless that is null: MAPPED, UNDEFINED or FAILED. */
function encodeCharacter(w: usize, mapping: usize, c: u32): i32 {
  if (Py.IS_TYPE(mapping, PyEncodingMap_Type)) {
    const byte = encodedByte(mapping, c);
    if (byte < 0) return UNDEFINED;
    return w != 0 && writeByte(w, <u32>byte) < 0 ? FAILED : MAPPED;
  }
  const v = lookUp(mapping, c);
  if (v == 0) return FAILED;
  let r = MAPPED;
  if (v == _Py_NoneStruct) r = UNDEFINED;
  else if (Py.check(v, Py_TPFLAGS_LONG_SUBCLASS)) {
    const value = PyLong_AsLongLongAndOverflow(v);
    if (value < 0 || value > 255) {
      PyErr_SetString(PyExc_TypeError, "character mapping must be in range(256)");
      r = FAILED;
    } else if (w != 0 && writeByte(w, <u32>value) < 0) r = FAILED;
  } else if (Py.check(v, Py_TPFLAGS_BYTES_SUBCLASS)) {
    if (w != 0 && writeBytes(w, PyBytesObject.at(v).ob_sval, Py.SIZE(v)) < 0) r = FAILED;
  } else {
    PyErr_Format(PyExc_TypeError, "character mapping must return integer, bytes or None, not %.400s", PyTypeName.of(v));
    r = FAILED;
  }
  Py.DECREF(v);
  return r;
}

/** Writes a replacement by the mapping; 0, or -1 with an exception where it has no bytes for it either. */
function encodeReplacement(w: usize, mapping: usize, text: usize, s: usize, start: isize, end: isize): i32 {
  const n = U.length(text);
  for (let i: isize = 0; i < n; i++) {
    const r = encodeCharacter(w, mapping, U.at(text, i));
    if (r == MAPPED) continue;
    if (r == UNDEFINED) raiseEncodeError("charmap", s, start, end, REASON);
    return -1;
  }
  return 0;
}

/** Handles the characters from `start` on that have no bytes: where encoding goes on, or -1 with an exception. */
function unencodable(w: usize, s: usize, start: isize, mapping: usize, errors: usize): isize {
  const n = U.length(s);
  let end = start + 1;
  for (; end < n; end++) {
    const r = encodeCharacter(0, mapping, U.at(s, end));
    if (r == FAILED) return -1;
    if (r == MAPPED) break;
  }
  switch (errorHandler(errors)) {
    case ERRORS_STRICT:
      return raiseEncodeError("charmap", s, start, end, REASON);
    case ERRORS_IGNORE:
      return end;
    case ERRORS_REPLACE:
    case ERRORS_XMLCHARREFREPLACE: {
      const question = errorHandler(errors) == ERRORS_REPLACE;
      for (let i = start; i < end; i++) {
        const text = question ? PyUnicode_FromFormat("?") : PyUnicode_FromFormat("&#%d;", U.at(s, i));
        const status = text == 0 ? -1 : encodeReplacement(w, mapping, text, s, start, end);
        Py.XDECREF(text);
        if (status < 0) return -1;
      }
      return end;
    }
    default: {
      const result = customEncodeError(errors, "charmap", REASON, s, start, end);
      if (result == 0) return -1;
      const text = Tuple.get(result, 0);
      const at = encodePosition(result, n);
      const status = Py.check(text, Py_TPFLAGS_BYTES_SUBCLASS)
        ? writeBytes(w, PyBytesObject.at(text).ob_sval, Py.SIZE(text))
        : encodeReplacement(w, mapping, text, s, start, end);
      Py.DECREF(result);
      return status < 0 ? -1 : at;
    }
  }
}

/** A new bytes object. Null with an exception. */
function encode(s: usize, mapping: usize, errors: usize): usize {
  const n = U.length(s);
  const w = ByteWriter.begin(n);
  let i: isize = 0;
  while (i < n) {
    const r = encodeCharacter(w, mapping, U.at(s, i));
    if (r == MAPPED) i++;
    else i = r == FAILED ? -1 : unencodable(w, s, i, mapping, errors);
    if (i < 0) return byteWriterDiscard(w);
  }
  return byteWriterFinish(w);
}

/**
 * @native _codecs.charmap_encode($module, str, errors=None, mapping=None, /)
 */
export function charmap_encode(_module: usize, str: usize, errors: usize, mapping: usize): usize {
  if (!isText(str, "charmap_encode") || !isErrors(errors, "charmap_encode")) return 0;
  const e = errorsOf(errors);
  const bytes = mapping == _Py_NoneStruct ? _PyUnicode_AsLatin1String(str, e) : encode(str, mapping, e);
  return codecResult(bytes, U.length(str));
}

/** The mapping as a dict of the numbers of characters to bytes: new. */
function encodingDict(map: usize, n: isize): usize {
  const d = PyDict_New();
  if (d == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    const key = PyLong_FromLong(<i32>U.at(map, i));
    const value = PyLong_FromSsize_t(i);
    const status = key == 0 || value == 0 ? -1 : PyDict_SetItem(d, key, value);
    Py.XDECREF(key);
    Py.XDECREF(value);
    if (status < 0) {
      Py.DECREF(d);
      return 0;
    }
  }
  return d;
}

/**
 * @native _codecs.charmap_build($module, map, /)
 */
export function charmap_build(_module: usize, map: usize): usize {
  if (!Py.check(map, Py_TPFLAGS_UNICODE_SUBCLASS)) return badArgument("charmap_build", "argument", "str", map);
  if (U.length(map) == 0) return PyErr_BadArgument();
  const n = min<isize>(U.length(map), 256);
  // Characters beyond 16 bits, or a NUL that is not byte 0, do not fit into three levels.
  let fits = U.at(map, 0) == 0;
  for (let i: isize = 1; i < n && fits; i++) fits = U.at(map, i) != 0 && U.at(map, i) <= 0xffff;
  if (!fits) return encodingDict(map, n);
  // The blocks are counted by a bit for each upper part.
  let first: u32 = 0;
  let count3 = 0;
  for (let i: isize = 1; i < n; i++) {
    const c = U.at(map, i);
    if (c == UNMAPPED) continue;
    first |= 1 << (c >> 11);
    let seen = false;
    for (let k: isize = 1; k < i && !seen; k++) seen = U.at(map, k) != UNMAPPED && U.at(map, k) >> 7 == c >> 7;
    if (!seen) count3++;
  }
  const count2 = <i32>popcnt(first);
  if (count3 >= 255) return encodingDict(map, n);
  const size = <usize>(encoding_map_level23 + 16 * count2 + 128 * count3);
  const o = PyObject_Malloc(max(size, <usize>SIZEOF_encoding_map));
  if (o == 0) return PyErr_NoMemory();
  _PyObject_Init(o, PyEncodingMap_Type);
  const m = encoding_map.at(o);
  m.count2 = count2;
  m.count3 = count3;
  memory.fill(m.level1, 255, 32);
  memory.fill(m.level23, 255, <usize>(16 * count2));
  const third = m.level23 + <usize>(16 * count2);
  memory.fill(third, 0, <usize>(128 * count3));
  let used2: u32 = 0;
  let used3: u32 = 0;
  for (let i: isize = 1; i < n; i++) {
    const c = U.at(map, i);
    if (c == UNMAPPED) continue;
    const a = m.level1 + (c >> 11);
    if (load<u8>(a) == 255) store<u8>(a, used2++);
    const b = m.level23 + 16 * <usize>load<u8>(a) + ((c >> 7) & 15);
    if (load<u8>(b) == 255) store<u8>(b, used3++);
    store<u8>(third + 128 * <usize>load<u8>(b) + (c & 127), <u8>i);
  }
  return o;
}

/**
 * @native EncodingMap.size
 *
 * How many bytes the map takes
 */
export function encodingmap_size(self: usize): usize {
  const m = encoding_map.at(self);
  return PyLong_FromLong(<i32>SIZEOF_encoding_map - 1 + 16 * m.count2 + 128 * m.count3);
}

function encodingmap_dealloc(self: usize): void {
  PyObject_Del(self);
}

/**
 * @type EncodingMap
 */

/** Makes the type: 0, or -1 with an exception. */
export function initEncodingMapType(): i32 {
  const type = PyEncodingMap_Type;
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_encoding_map;
  t.tp_dealloc = encodingmap_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  return PyType_Ready(type);
}
