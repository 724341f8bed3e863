// Making strings: from nothing, from literals of this program, from UTF-8, from code points (CPython 3.13's
// Objects/unicodeobject.c, first third). The empty string and the 256 Latin-1 characters are immortal and shared: what
// makes strings here gives those wherever the value is one of them.

import {
  ascii_characters,
  empty_string,
  latin1_characters,
  PyExc_SystemError,
  PyExc_ValueError,
  PyUnicode_Type,
} from "../../generated/statics";
import { PyObject_Malloc } from "../../memory/pymem";
import { PyErr_NoMemory, PyErr_SetString } from "../errors/raise";
import { _PyObject_Init, Py } from "../object/head";
import { copyCharacters, findMaxChar, kindFor, MAX_UNICODE, STATE_ASCII, STATE_COMPACT, U } from "./access";
import { PyUnicode_DecodeUTF8 } from "./codecs/utf8";

/** The immortal string of one Latin-1 character, borrowed. */
export function latin1Character(c: u32): usize {
  return c < 128 ? ascii_characters + c * 48 : latin1_characters + (c - 128) * 64;
}

/** A new string of `n` characters not above `maxchar`, not filled in (the empty string for 0). Null: MemoryError. */
export function PyUnicode_New(n: isize, maxchar: u32): usize {
  if (n == 0) return empty_string;
  if (n < 0) return PyErr_SetString(PyExc_SystemError, "Negative size passed to PyUnicode_New");
  const kind = kindFor(maxchar);
  const head: u32 = maxchar < 128 ? 40 : 56;
  if (<u32>n >= (0x7ffffff0 - head) / kind) return PyErr_NoMemory();
  const o = PyObject_Malloc(head + <u32>(n + 1) * kind);
  if (o == 0) return PyErr_NoMemory();
  _PyObject_Init(o, PyUnicode_Type);
  store<i64>(o, n, 16);
  store<i64>(o, -1, 24);
  store<u64>(o, STATE_COMPACT | (kind << 2) | (maxchar < 128 ? STATE_ASCII : 0), 32);
  if (head == 56) {
    store<u64>(o, 0, 40);
    store<u64>(o, 0, 48);
  }
  U.write(kind, o + head, n, 0);
  return o;
}

/** Writes the head of an immortal string of ASCII or Latin-1 characters at `o`, and its characters. */
export function initStaticString(o: usize, text: usize, n: isize, ascii: bool): void {
  store<u64>(o, 0xffffffff);
  store<u64>(o, PyUnicode_Type, 8);
  store<i64>(o, n, 16);
  store<i64>(o, -1, 24);
  // Interned, immortal, static: state 3.
  store<u64>(o, STATE_COMPACT | (1 << 7) | (1 << 2) | 3 | (ascii ? STATE_ASCII : 0), 32);
  let p = o + 40;
  if (!ascii) {
    // The UTF-8 form is there from the beginning, in the spare bytes after the character.
    const c = load<u8>(text);
    p = o + 56;
    store<u64>(o, 2, 40);
    store<u64>(o, p + 2, 48);
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
  if (o != 0) U.write(U.kind(o), o + 56, 0, c);
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
  if (o != 0) memory.copy(o + 40, p, <usize>n);
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
