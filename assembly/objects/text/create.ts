// Making strings: from nothing, from literals of this program, from UTF-8, from code points (CPython 3.13's
// Objects/unicodeobject.c, first third). The empty string and the 256 Latin-1 characters are immortal and shared: what
// makes strings here gives those wherever the value is one of them.

import { PyCompactUnicodeObject, SIZEOF_PyASCIIObject, SIZEOF_PyCompactUnicodeObject } from "../../generated/layouts";
import {
  ascii_characters,
  empty_string,
  latin1_characters,
  PyExc_SystemError,
  PyExc_ValueError,
  PyUnicode_Type,
} from "../../generated/statics";
import { PyObject_Malloc } from "../../memory/pymem";
import { Interrupts } from "../../thread/interrupts";
import { PyErr_NoMemory, PyErr_SetString } from "../errors/raise";
import { _PyObject_Init, initImmortal, Py } from "../object/head";
import {
  copyCharacters,
  findMaxChar,
  kindFor,
  MAX_UNICODE,
  SSTATE_INTERNED_IMMORTAL_STATIC,
  STATE_ASCII,
  STATE_COMPACT,
  STATE_STATIC,
  U,
} from "./access";
import { PyUnicode_DecodeUTF8 } from "./codecs/utf8";

/** From one of the immortal one-character strings to the next. */
const ASCII_STRIDE: usize = 48;
const LATIN1_STRIDE: usize = 64;

/** The immortal string of one Latin-1 character, borrowed. */
export function latin1Character(c: u32): usize {
  return c < 128 ? ascii_characters + c * ASCII_STRIDE : latin1_characters + (c - 128) * LATIN1_STRIDE;
}

/** A new string of `n` characters not above `maxchar`, not filled in (the empty string for 0). Null: MemoryError. */
export function PyUnicode_New(n: isize, maxchar: u32): usize {
  if (n == 0) return empty_string;
  if (n < 0) return PyErr_SetString(PyExc_SystemError, "Negative size passed to PyUnicode_New");
  Interrupts.work(n);
  const kind = kindFor(maxchar);
  const ascii = maxchar < 128;
  const head = ascii ? SIZEOF_PyASCIIObject : SIZEOF_PyCompactUnicodeObject;
  if (<u32>n >= (0x7ffffff0 - head) / kind) return PyErr_NoMemory();
  const o = PyObject_Malloc(head + <u32>(n + 1) * kind);
  if (o == 0) return PyErr_NoMemory();
  _PyObject_Init(o, PyUnicode_Type);
  const u = PyCompactUnicodeObject.at(o);
  u.length = n;
  u.hash = -1;
  u.state_word = STATE_COMPACT | (kind << 2) | (ascii ? STATE_ASCII : 0);
  if (!ascii) {
    u.utf8_length = 0;
    u.utf8 = 0;
  }
  U.write(kind, o + head, n, 0);
  return o;
}

/** Writes the head of an immortal string of ASCII or Latin-1 characters at `o`, and its characters. */
export function initStaticString(o: usize, text: usize, n: isize, ascii: bool): void {
  initImmortal(o, PyUnicode_Type);
  const u = PyCompactUnicodeObject.at(o);
  u.length = n;
  u.hash = -1;
  u.state_word = STATE_COMPACT | STATE_STATIC | (1 << 2) | SSTATE_INTERNED_IMMORTAL_STATIC | (ascii ? STATE_ASCII : 0);
  let p = U.asciiData(o);
  if (!ascii) {
    // The UTF-8 form is there from the beginning, in the spare bytes after the character.
    const c = load<u8>(text);
    p = U.compactData(o);
    u.utf8_length = 2;
    u.utf8 = p + 2;
    store<u8>(p + 2, 0xc0 | (c >> 6));
    store<u8>(p + 3, 0x80 | (c & 0x3f));
    store<u8>(p + 4, 0);
  }
  memory.copy(p, text, <usize>n);
  store<u8>(p + <usize>n, 0);
}

/** A new string of one character, or the shared one. Null with ValueError above 0x10ffff. */
export function PyUnicode_FromOrdinal(c: i32): usize {
  if (c < 0 || <u32>c > MAX_UNICODE) return PyErr_SetString(PyExc_ValueError, "chr() arg not in range(0x110000)");
  return unicodeChar(<u32>c);
}

/** As PyUnicode_FromOrdinal for a character known to be one. */
export function unicodeChar(c: u32): usize {
  if (c < 256) return latin1Character(c);
  const o = PyUnicode_New(1, c);
  if (o != 0) U.write(U.kind(o), U.compactData(o), 0, c);
  return o;
}

/** A new string (or a shared one) of `n` characters at `data`, narrowed to canonical form. */
export function PyUnicode_FromKindAndData(kind: u32, data: usize, n: isize): usize {
  if (n == 0) return empty_string;
  if (n == 1) return unicodeChar(U.read(kind, data, 0));
  const o = PyUnicode_New(n, findMaxChar(kind, data, n));
  if (o == 0) return 0;
  copyCharacters(U.kind(o), U.data(o), 0, kind, data, 0, n);
  return o;
}

/** A new string (or a shared one) from `n` bytes that are known to be ASCII. */
export function _PyUnicode_FromASCII(p: usize, n: isize): usize {
  if (n == 0) return empty_string;
  if (n == 1) return latin1Character(load<u8>(p));
  const o = PyUnicode_New(n, 127);
  if (o != 0) memory.copy(U.asciiData(o), p, <usize>n);
  return o;
}

/** A new string (or a shared one) from a literal of this program, UTF-16 in static data. */
export function PyUnicode_FromLiteral(s: string): usize {
  const n = s.length;
  const p = changetype<usize>(s);
  // Literals beyond the basic plane do not occur: surrogates would stay apart.
  return PyUnicode_FromKindAndData(2, p, n);
}

/** A new string from UTF-8 that a NUL ends. Null with UnicodeDecodeError or MemoryError. */
export function PyUnicode_FromString(cstr: usize): usize {
  return PyUnicode_FromStringAndSize(cstr, cstringLength(cstr));
}

/** A new string from `n` bytes of UTF-8. Null with UnicodeDecodeError or MemoryError. */
export function PyUnicode_FromStringAndSize(utf8: usize, n: isize): usize {
  return PyUnicode_DecodeUTF8(utf8, n, 0);
}

/** Bytes before the NUL at or after `p`. */
export function cstringLength(p: usize): isize {
  let q = p;
  while (load<u8>(q) != 0) q++;
  return <isize>(q - p);
}

/** Whether the bytes at an address begin with the literal, which is of ASCII. */
export function startsWith(p: usize, prefix: string): bool {
  for (let i = 0; i < prefix.length; i++) {
    if (load<u8>(p + <usize>i) != load<u16>(changetype<usize>(prefix) + ((<usize>i) << 1))) return false;
  }
  return true;
}

/** The str that all share where `s` has one character below 256, else `s` itself; steals `s`. Null for null. */
export function unicodeResult(s: usize): usize {
  if (s == 0 || U.length(s) != 1 || U.kind(s) != 1) return s;
  const c = U.at(s, 0);
  Py.DECREF(s);
  return latin1Character(c);
}

/** A new reference to `o` itself where it is exactly a str, otherwise to a new exact str of the same characters. */
export function unicodeResultUnchanged(o: usize): usize {
  return Py.IS_TYPE(o, PyUnicode_Type) ? Py.NewRef(o) : _PyUnicode_Copy(o);
}

/** A new exact str with `o`'s characters. */
export function _PyUnicode_Copy(o: usize): usize {
  return PyUnicode_FromKindAndData(U.kind(o), U.data(o), U.length(o));
}
