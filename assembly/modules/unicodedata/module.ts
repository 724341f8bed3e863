// The module unicodedata (CPython 3.13's Modules/unicodedata.c): what Unicode 15.1 says about each character, and what 3.2.0
// said, by an object that has the same functions as methods.
//
//   database    the tables | normalize   normal forms
//
// Names are asked of the host. Difference: there is no _ucnhash_CAPI, which is for extension modules in C.

import {
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_IMMUTABLETYPE,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { host } from "../../generated/host";
import {
  characterdecomposition,
  PreviousDBVersion,
  Py_buffer,
  PyBytesObject,
  SIZEOF_PreviousDBVersion,
} from "../../generated/layouts";
import { empty_string, PyExc_KeyError, PyExc_ValueError, PyUCD_Type } from "../../generated/statics";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { badArgument } from "../../objects/define/args";
import { PyErr_Format, PyErr_SetString } from "../../objects/errors/raise";
import { PreviousDBVersion_clear, PreviousDBVersion_traverse } from "../../objects/generated/references";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../../objects/object/alloc";
import { Buffer } from "../../objects/object/buffer";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { PyUnicode_AsUTF8, PyUnicode_UTF8Length } from "../../objects/text/codecs/utf8";
import {
  _PyUnicode_FromASCII,
  cstringLength,
  PyUnicode_FromKindAndData,
  PyUnicode_FromLiteral,
} from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Writer, writeAscii, writerDiscard, writerFinish, writeStr } from "../../objects/text/format/writer";
import { Character } from "../../objects/text/properties";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";
import {
  characterRecord,
  database,
  decompositionPart,
  findDecomposition,
  isOld,
  loadDatabase,
  nameCell,
  nameObject,
  numericValue,
} from "./database";

const NAME_BYTES_MAX: isize = 256;
/** Room for the characters of the longest named sequence, 4 bytes each. */
const SEQUENCE_BYTES_MAX: isize = 64;

/** No character. */
const NONE: u32 = 0xffffffff;

/** The one character of an argument; NONE with TypeError. `argument`: "argument", or "argument 1" of several. */
function characterOf(v: usize, fname: string, argument: string): u32 {
  if (Py.check(v, Py_TPFLAGS_UNICODE_SUBCLASS) && U.length(v) == 1) return U.at(v, 0);
  badArgument(fname, argument, "a unicode character", v);
  return NONE;
}

/** What a character has no value for: the default, a new reference, or ValueError where none is given. */
function missing(value: usize, message: string): usize {
  return value != 0 ? Py.NewRef(value) : PyErr_SetString(PyExc_ValueError, message);
}

/**
 * @native unicodedata.decimal($self, chr, default=<unrepresentable>, /)
 * @native unicodedata.UCD.decimal($self, chr, default=<unrepresentable>, /)
 *
 * The value of a character that is a decimal digit, an int.
 *
 * For others it is default, or a ValueError if that is not given.
 */
export function unicodedata_decimal(self: usize, chr: usize, value: usize): usize {
  const c = characterOf(chr, "decimal", "argument 1");
  if (c == NONE) return 0;
  const old: i32 = characterRecord(c).old_decimal;
  const digit = !isOld(self) ? Character.decimal(c) : old == 255 ? -1 : old;
  return digit < 0 ? missing(value, "not a decimal") : PyLong_FromLong(digit);
}

/**
 * @native unicodedata.digit($self, chr, default=<unrepresentable>, /)
 * @native unicodedata.UCD.digit($self, chr, default=<unrepresentable>, /)
 *
 * The value of a character that is a digit of any kind, an int.
 *
 * For others it is default, or a ValueError if that is not given.
 */
export function unicodedata_digit(_self: usize, chr: usize, value: usize): usize {
  const c = characterOf(chr, "digit", "argument 1");
  if (c == NONE) return 0;
  const digit = Character.digit(c);
  return digit < 0 ? missing(value, "not a digit") : PyLong_FromLong(digit);
}

/**
 * @native unicodedata.numeric($self, chr, default=<unrepresentable>, /)
 * @native unicodedata.UCD.numeric($self, chr, default=<unrepresentable>, /)
 *
 * The value of a character that stands for a number, a float.
 *
 * For others it is default, or a ValueError if that is not given.
 */
export function unicodedata_numeric(self: usize, chr: usize, value: usize): usize {
  const c = characterOf(chr, "numeric", "argument 1");
  if (c == NONE) return 0;
  const record = characterRecord(c);
  const n: u32 = isOld(self) ? record.old_numeric : record.numeric;
  return n == 0 ? missing(value, "not a numeric character") : PyFloat_FromDouble(numericValue(n));
}

/**
 * @native unicodedata.category($self, chr, /)
 * @native unicodedata.UCD.category($self, chr, /)
 *
 * The general category of a character: two letters, as 'Lu' for capitals.
 */
export function unicodedata_category(self: usize, chr: usize): usize {
  const c = characterOf(chr, "category", "argument");
  if (c == NONE) return 0;
  const record = characterRecord(c);
  return nameObject(database().categories, isOld(self) ? record.old_category : record.category);
}

/**
 * @native unicodedata.bidirectional($self, chr, /)
 * @native unicodedata.UCD.bidirectional($self, chr, /)
 *
 * The class of a character in text that runs both ways, as 'L' from left to right.
 *
 * It is empty where there is none.
 */
export function unicodedata_bidirectional(self: usize, chr: usize): usize {
  const c = characterOf(chr, "bidirectional", "argument");
  if (c == NONE) return 0;
  const record = characterRecord(c);
  return nameObject(database().bidirectionals, isOld(self) ? record.old_bidirectional : record.bidirectional);
}

/**
 * @native unicodedata.combining($self, chr, /)
 * @native unicodedata.UCD.combining($self, chr, /)
 *
 * The canonical combining class of a character, an int.
 *
 * It is 0 for what does not combine.
 */
export function unicodedata_combining(self: usize, chr: usize): usize {
  const c = characterOf(chr, "combining", "argument");
  if (c == NONE) return 0;
  const record = characterRecord(c);
  return PyLong_FromLong(isOld(self) ? record.old_combining : record.combining);
}

/**
 * @native unicodedata.mirrored($self, chr, /)
 * @native unicodedata.UCD.mirrored($self, chr, /)
 *
 * Whether a character is mirrored in text that runs from right to left.
 *
 * The answer is an int: 1 for brackets and the like, otherwise 0.
 */
export function unicodedata_mirrored(self: usize, chr: usize): usize {
  const c = characterOf(chr, "mirrored", "argument");
  if (c == NONE) return 0;
  const record = characterRecord(c);
  return PyLong_FromLong(isOld(self) ? record.old_mirrored : record.mirrored);
}

/**
 * @native unicodedata.east_asian_width($self, chr, /)
 * @native unicodedata.UCD.east_asian_width($self, chr, /)
 *
 * The East Asian width of a character, as 'W' for wide.
 */
export function unicodedata_east_asian_width(self: usize, chr: usize): usize {
  const c = characterOf(chr, "east_asian_width", "argument");
  if (c == NONE) return 0;
  const record = characterRecord(c);
  return nameObject(database().widths, isOld(self) ? record.old_width : record.width);
}

/**
 * @native unicodedata.decomposition($self, chr, /)
 * @native unicodedata.UCD.decomposition($self, chr, /)
 *
 * What a character comes apart into: numbers in base 16 with blanks between them, after a word in <> in some cases.
 *
 * It is empty where it does not.
 */
export function unicodedata_decomposition(self: usize, chr: usize): usize {
  const c = characterOf(chr, "decomposition", "argument");
  if (c == NONE) return 0;
  const found = isOld(self) && characterRecord(c).old_category == 0 ? 0 : findDecomposition(c);
  if (found == 0) return empty_string;
  const d = characterdecomposition.at(found);
  const w = Writer.begin();
  const prefix = nameCell(database().prefixes, d.prefix);
  let status = writeAscii(w, prefix, cstringLength(prefix));
  for (let i: u32 = 0; i < d.count && status == 0; i++) {
    const text = PyUnicode_FromFormat(i == 0 && d.prefix == 0 ? "%04X" : " %04X", decompositionPart(d, i));
    status = text == 0 ? -1 : writeStr(w, text);
    Py.XDECREF(text);
  }
  return status < 0 ? writerDiscard(w) : writerFinish(w);
}

/**
 * @native unicodedata.name($self, chr, default=<unrepresentable>, /)
 * @native unicodedata.UCD.name($self, chr, default=<unrepresentable>, /)
 *
 * The name of a character.
 *
 * Where it has none it is default, or a ValueError if that is not given.
 */
export function unicodedata_name(self: usize, chr: usize, value: usize): usize {
  const c = characterOf(chr, "name", "argument 1");
  if (c == NONE) return 0;
  const buffer = Scratch.take(NAME_BYTES_MAX >> 3);
  const none = isOld(self) && characterRecord(c).old_category == 0;
  const n = none ? 0 : host.characterName(c, buffer, <usize>NAME_BYTES_MAX);
  const r = n <= 0 ? 0 : _PyUnicode_FromASCII(buffer, n);
  Scratch.give(buffer);
  return n <= 0 ? missing(value, "no such name") : r;
}

/** The characters that the `n` bytes of UTF-8 at `p`, which a NUL ends, name: a new str. Null with KeyError. */
function namedCharacters(self: usize, p: usize, n: isize): usize {
  if (n > NAME_BYTES_MAX) return PyErr_SetString(PyExc_KeyError, "name too long");
  const buffer = Scratch.take(SEQUENCE_BYTES_MAX >> 3);
  const size = host.charactersNamed(p, <usize>n, isOld(self) ? 0 : 1, buffer, <usize>SEQUENCE_BYTES_MAX);
  const r = size <= 0 ? 0 : PyUnicode_FromKindAndData(4, buffer, size >> 2);
  Scratch.give(buffer);
  return size <= 0 ? PyErr_Format(PyExc_KeyError, "undefined character name '%s'", p) : r;
}

/**
 * @native unicodedata.lookup($self, name, /)
 * @native unicodedata.UCD.lookup($self, name, /)
 *
 * The character of a name.
 *
 * A name that no character has is a KeyError. The name of a sequence gives all its characters.
 */
export function unicodedata_lookup(self: usize, name: usize): usize {
  if (Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    const p = PyUnicode_AsUTF8(name);
    return p == 0 ? 0 : namedCharacters(self, p, PyUnicode_UTF8Length(name));
  }
  const view = Buffer.open(name);
  if (view == 0) return 0;
  let r: usize = 0;
  if (Py_buffer.at(view).readonly == 0) badArgument("lookup", "argument", "read-only bytes-like object", name);
  else {
    // Behind the bytes there need not be a NUL.
    const copy = PyBytes_FromStringAndSize(Buffer.data(view), Buffer.length(view));
    if (copy != 0) r = namedCharacters(self, PyBytesObject.at(copy).ob_sval, Py.SIZE(copy));
    Py.XDECREF(copy);
  }
  Buffer.close(view);
  return r;
}

function ucd_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  PreviousDBVersion_clear(self);
  PyObject_GC_Del(self);
}

/**
 * @type unicodedata.UCD
 *
 * @member unicodedata.UCD.unidata_version = PreviousDBVersion.name readonly
 */
function initUCDType(): i32 {
  collectedType(
    PyUCD_Type,
    SIZEOF_PreviousDBVersion,
    ucd_dealloc.index,
    PreviousDBVersion_traverse.index,
    0,
    Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
  );
  return PyType_Ready(PyUCD_Type);
}

/** The object for Unicode 3.2.0, new. */
function newPreviousVersion(): usize {
  const o = PyType_GenericAlloc(PyUCD_Type, 0);
  if (o == 0) return 0;
  PreviousDBVersion.at(o).name = PyUnicode_FromLiteral("3.2.0");
  if (PreviousDBVersion.at(o).name != 0) return o;
  Py.DECREF(o);
  return 0;
}

/**
 * @module unicodedata
 *
 * What the Unicode Character Database says about every character, in version 15.1.0, from UnicodeData.txt and its companions.
 *
 * The functions are named after the fields of these files, which are described in Unicode Standard Annex #44; ucd_3_2_0 has them as methods that answer for Unicode 3.2.0.
 *
 * @order decimal digit numeric category bidirectional combining mirrored east_asian_width decomposition name lookup is_normalized normalize
 */
export function initUnicodedata(m: usize): i32 {
  if (loadDatabase() < 0 || initUCDType() < 0) return -1;
  Py.INCREF(PyUCD_Type);
  return PyModule_AddObjectLiteral(m, "unidata_version", PyUnicode_FromLiteral("15.1.0")) == 0 &&
    PyModule_AddObjectLiteral(m, "UCD", PyUCD_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "ucd_3_2_0", newPreviousVersion()) == 0
    ? 0
    : -1;
}
