// Messages with parts filled in (CPython 3.13's PyUnicode_FromFormat). The codes:
//
//   %U the str given | %S str() | %R repr() | %A ascii() of the object given
//   %s UTF-8 text at an address, ended by a NUL | %L a literal of this program
//   %F a function's name, a literal, and parentheses; of no name the word function
//   %d i64 | %u u64 | %x %X hexadecimal | %p address | %c a code point | %% a percent sign
//   %T the qualified name of the object's type | %N of the type given | %t tp_name of the object's type
//
// A width, a precision (the most characters for text) and the length letters l and z may stand between. A null object
// is written as <NULL>.

import { PyTypeObject } from "../../../generated/layouts";
import { Scratch } from "../../../thread/scratch";
import { Py } from "../../object/head";
import { PyObject_ASCII, PyObject_Repr, PyObject_Str } from "../../protocol/text";
import { type_fullyQualifiedName } from "../../types/type";
import { U } from "../access";
import { PyUnicode_DecodeUTF8 } from "../codecs/utf8";
import { cstringLength, PyUnicode_FromLiteral } from "../create";
import {
  Writer,
  writeAscii,
  writeCharacters,
  writeFill,
  writeLiteral,
  writerDiscard,
  writerFinish,
  writeSubstring,
} from "./writer";

/** A new string; null with an exception. Arguments are addresses or integers, as the codes say, widened to i64. */
export function PyUnicode_FromFormat(format: string, a: i64 = 0, b: i64 = 0, c: i64 = 0, d: i64 = 0): usize {
  const n = format.length;
  const p = changetype<usize>(format);
  const w = Writer.begin(n);
  let argument = 0;
  let i = 0;
  while (i < n) {
    const start = i;
    while (i < n && load<u16>(p + ((<usize>i) << 1)) != 0x25) i++;
    if (i > start && writeCharacters(w, 2, p, start, i - start, 0x7f) < 0) return writerDiscard(w);
    if (i >= n) break;
    let code: u32 = load<u16>(p + ((<usize>++i) << 1));
    let zero = false;
    let left = false;
    if (code == 0x2d) {
      left = true;
      code = load<u16>(p + ((<usize>++i) << 1));
    }
    if (code == 0x30) {
      zero = true;
      code = load<u16>(p + ((<usize>++i) << 1));
    }
    let width = 0;
    while (code >= 0x30 && code <= 0x39) {
      width = width * 10 + <i32>(code - 0x30);
      code = load<u16>(p + ((<usize>++i) << 1));
    }
    let precision = -1;
    if (code == 0x2e) {
      precision = 0;
      code = load<u16>(p + ((<usize>++i) << 1));
      while (code >= 0x30 && code <= 0x39) {
        precision = precision * 10 + <i32>(code - 0x30);
        code = load<u16>(p + ((<usize>++i) << 1));
      }
    }
    while (code == 0x6c || code == 0x7a || code == 0x23) code = load<u16>(p + ((<usize>++i) << 1));
    i++;
    if (code == 0x25) {
      if (Writer.char(w, 0x25) < 0) return writerDiscard(w);
      continue;
    }
    const value = argument == 0 ? a : argument == 1 ? b : argument == 2 ? c : d;
    argument++;
    if (writeCode(w, code, value, width, precision, zero, left) < 0) return writerDiscard(w);
  }
  return writerFinish(w);
}

function writeCode(w: usize, code: u32, value: i64, width: i32, precision: i32, zero: bool, left: bool): i32 {
  let text: usize = 0;
  const o = <usize>value;
  switch (code) {
    case 0x64: // d
    case 0x69: // i
      return writeInteger(w, value < 0 ? <u64>-value : <u64>value, value < 0, 10, width, zero);
    case 0x75: // u
      return writeInteger(w, <u64>value, false, 10, width, zero);
    case 0x78: // x
      return writeInteger(w, <u64>value, false, 16, width, zero);
    case 0x58: // X
      return writeInteger(w, <u64>value, false, 16, width, zero, 55);
    case 0x70: // p
      if (writeLiteral(w, "0x") < 0) return -1;
      return writeInteger(w, <u64>value, false, 16, width, zero);
    case 0x63: // c
      return Writer.char(w, <u32>value);
    case 0x55: // U
      text = Py.XNewRef(o);
      break;
    case 0x53: // S
      text = o == 0 ? PyUnicode_FromLiteral("<NULL>") : PyObject_Str(o);
      break;
    case 0x52: // R
      text = o == 0 ? PyUnicode_FromLiteral("<NULL>") : PyObject_Repr(o);
      break;
    case 0x41: // A
      text = PyObject_ASCII(o);
      break;
    case 0x54: // T
      text = type_fullyQualifiedName(Py.TYPE(o));
      break;
    case 0x4e: // N
      text = type_fullyQualifiedName(o);
      break;
    case 0x74: // t
      text = cstringText(PyTypeObject.at(Py.TYPE(o)).tp_name, precision);
      break;
    case 0x73: // s
      text = cstringText(o, precision);
      break;
    case 0x46: // F
      if (changetype<string>(o).length == 0) return writeLiteral(w, "function");
      return writeLiteral(w, changetype<string>(o)) < 0 ? -1 : writeLiteral(w, "()");
    case 0x4c: // L
      text = PyUnicode_FromLiteral(changetype<string>(o));
      break;
    default:
      assert(false);
  }
  if (text == 0) return -1;
  let n = U.length(text);
  if (precision >= 0 && n > precision) n = precision;
  let r = 0;
  if (!left && width > n) r = writeFill(w, 0x20, width - n);
  if (r == 0) r = writeSubstring(w, text, 0, n);
  if (r == 0 && left && width > n) r = writeFill(w, 0x20, width - n);
  Py.DECREF(text);
  return r;
}

/** A string of UTF-8 text ended by a NUL, what is malformed replaced. */
function cstringText(p: usize, precision: i32): usize {
  let n = cstringLength(p);
  if (precision >= 0 && n > precision) n = precision;
  const replace = PyUnicode_FromLiteral("replace");
  if (replace == 0) return 0;
  const r = PyUnicode_DecodeUTF8(p, n, replace);
  Py.DECREF(replace);
  return r;
}

/** `letters`: the character of digit 10, less 10. */
function writeInteger(w: usize, value: u64, negative: bool, base: u64, width: i32, zero: bool, letters: u32 = 87): i32 {
  const slot = Scratch.take(4);
  let q = slot + 32;
  do {
    const digit = <u32>(value % base);
    store<u8>(--q, digit < 10 ? 48 + digit : letters + digit);
    value /= base;
  } while (value != 0);
  const digits = <isize>(slot + 32 - q);
  const pad = width - digits - (negative ? 1 : 0);
  let r = 0;
  if (!zero && pad > 0) r = writeFill(w, 0x20, pad);
  if (r == 0 && negative) r = Writer.char(w, 0x2d);
  if (r == 0 && zero && pad > 0) r = writeFill(w, 0x30, pad);
  if (r == 0) r = writeAscii(w, q, digits);
  Scratch.give(slot);
  return r;
}
