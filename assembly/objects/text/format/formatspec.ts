// The format mini-language: [[fill]align][sign][z][#][0][width][,_][.precision][type], for str, int and float
// (CPython 3.13's Python/formatter_unicode.c). A parsed specification, a formatspec, is in scratch slots.

import {
  decimaltext,
  floattext,
  formatspec,
  formatspec_precision,
  formatspec_width,
  SIZEOF_formatspec,
} from "../../../generated/layouts";
import { PyExc_OverflowError, PyExc_ValueError } from "../../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../../memory/pymem";
import { Scratch } from "../../../thread/scratch";
import { PyErr_Fail, PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../errors/raise";
import { doubleToString, FLOAT_ADD_DOT_0, FLOAT_ALT, FLOAT_NO_NEG_0 } from "../../numbers/float/text";
import { Long } from "../../numbers/int/access";
import { longOverflow, longValue, PyLong_AsDouble } from "../../numbers/int/create";
import { binaryDigitCount, decimalDigits, putBinaryDigits } from "../../numbers/int/text";
import { PyObject_Str } from "../../protocol/text";
import { U } from "../access";
import { PyTypeName } from "../concat";
import { Character } from "../properties";
import { Writer, writeAscii, writeFill, writerDiscard, writerFinish, writeSubstring } from "./writer";

export const SPEC_SLOTS: isize = <isize>SIZEOF_formatspec / 8;

function isAlignment(c: u32): bool {
  return c == 0x3c || c == 0x3e || c == 0x3d || c == 0x5e;
}

/** Reads decimal digits from `pos`: the end; the number in `out`, i32, -1 where there is none. -1 with ValueError. */
function readInteger(kind: u32, data: usize, pos: isize, end: isize, out: usize): isize {
  let v: i64 = -1;
  while (pos < end) {
    const d = Character.decimal(U.read(kind, data, pos));
    if (d < 0) break;
    if (v < 0) v = 0;
    if (v > (i64.MAX_VALUE - d) / 10) {
      PyErr_SetString(PyExc_ValueError, "Too many decimal digits in format string");
      return -1;
    }
    v = v * 10 + d;
    pos++;
  }
  store<i32>(out, <i32>min<i64>(v, 0x7fffffff));
  return pos;
}

/** Parses `text` into the formatspec at `s`; `o` is what is formatted, for messages. False with ValueError. */
export function parseSpec(o: usize, text: usize, s: usize, defaultType: u32, defaultAlign: u32): bool {
  const spec = formatspec.at(s);
  const kind = U.kind(text);
  const data = U.data(text);
  const end = U.length(text);
  let pos: isize = 0;
  spec.fill = 32;
  spec.align = defaultAlign;
  spec.alternate = 0;
  spec.no_negative_zero = 0;
  spec.sign = 0;
  spec.width = -1;
  spec.thousands = 0;
  spec.precision = -1;
  spec.type = defaultType;
  let aligned = false;
  let filled = false;
  if (end >= 2 && isAlignment(U.read(kind, data, 1))) {
    spec.fill = U.read(kind, data, 0);
    spec.align = U.read(kind, data, 1);
    aligned = true;
    filled = true;
    pos = 2;
  } else if (end >= 1 && isAlignment(U.read(kind, data, 0))) {
    spec.align = U.read(kind, data, 0);
    aligned = true;
    pos = 1;
  }
  let c: u32 = pos < end ? U.read(kind, data, pos) : 0;
  if (c == 0x20 || c == 0x2b || c == 0x2d) {
    spec.sign = c;
    c = ++pos < end ? U.read(kind, data, pos) : 0;
  }
  if (c == 0x7a) {
    spec.no_negative_zero = 1;
    c = ++pos < end ? U.read(kind, data, pos) : 0;
  }
  if (c == 0x23) {
    spec.alternate = 1;
    c = ++pos < end ? U.read(kind, data, pos) : 0;
  }
  if (!filled && c == 0x30) {
    spec.fill = 0x30;
    if (!aligned && defaultAlign == 0x3e) spec.align = 0x3d;
    pos++;
  }
  pos = readInteger(kind, data, pos, end, s + formatspec_width);
  if (pos < 0) return false;
  c = pos < end ? U.read(kind, data, pos) : 0;
  let both = false;
  if (c == 0x2c) {
    spec.thousands = 0x2c;
    c = ++pos < end ? U.read(kind, data, pos) : 0;
    both = c == 0x5f;
  } else if (c == 0x5f) {
    spec.thousands = 0x5f;
    c = ++pos < end ? U.read(kind, data, pos) : 0;
    both = c == 0x2c;
  }
  if (both) {
    PyErr_SetString(PyExc_ValueError, "Cannot specify both ',' and '_'.");
    return false;
  }
  if (c == 0x2e) {
    const start = pos + 1;
    pos = readInteger(kind, data, start, end, s + formatspec_precision);
    if (pos < 0) return false;
    if (pos == start) {
      PyErr_SetString(PyExc_ValueError, "Format specifier missing precision");
      return false;
    }
  }
  if (end - pos > 1) {
    PyErr_Format(PyExc_ValueError, "Invalid format specifier '%U' for object of type '%.200s'", text, PyTypeName.of(o));
    return false;
  }
  if (end - pos == 1) spec.type = U.read(kind, data, pos);
  return spec.thousands == 0 || checkThousands(s);
}

function checkThousands(s: usize): bool {
  const spec = formatspec.at(s);
  const type = spec.type;
  switch (type) {
    case 0:
    case 0x64: // d
    case 0x65: // e
    case 0x66: // f
    case 0x67: // g
    case 0x45: // E
    case 0x46: // F
    case 0x47: // G
    case 0x25: // %
      return true;
    case 0x62: // b
    case 0x6f: // o
    case 0x78: // x
    case 0x58: // X
      if (spec.thousands == 0x5f) {
        spec.thousands = 4;
        return true;
      }
  }
  if (type > 32 && type < 128) PyErr_Format(PyExc_ValueError, "Cannot specify '%c' with '%c'.", spec.thousands, type);
  else PyErr_Format(PyExc_ValueError, "Cannot specify '%c' with '\\x%x'.", spec.thousands, type);
  return false;
}

/** Sets the ValueError of a type that the object has no presentation for; returns -1. */
export function unknownType(o: usize, type: u32): i32 {
  if (type > 32 && type < 128) {
    PyErr_Format(PyExc_ValueError, "Unknown format code '%c' for object of type '%.200s'", type, PyTypeName.of(o));
  } else {
    PyErr_Format(PyExc_ValueError, "Unknown format code '\\x%x' for object of type '%.200s'", type, PyTypeName.of(o));
  }
  return -1;
}

/** Characters to the left of a text of `n` in the width asked for. */
export function leftPadding(s: usize, n: isize): isize {
  const spec = formatspec.at(s);
  const room = max<isize>(spec.width - n, 0);
  const align = spec.align;
  return align == 0x3e ? room : align == 0x5e ? room / 2 : 0;
}

/** Digits with separators and leading zeros as wide as `width`: how many characters; written to end at `end`. */
function groupDigits(end: usize, digits: usize, n: isize, width: isize, group: isize, separator: u32): isize {
  let q = end;
  let left = n;
  let zeros = 0;
  for (;;) {
    const m = min(group, max(max(left, width), <isize>1));
    for (let i: isize = 0; i < m; i++) {
      if (left > 0) left--;
      else zeros++;
      store<u8>(--q, zeros > 0 ? 0x30 : load<u8>(digits + <usize>left));
    }
    width -= m;
    if (left <= 0 && width <= 0) break;
    store<u8>(--q, separator);
    width--;
  }
  return <isize>(end - q);
}

/**
 * Writes a number: `n` ASCII digits before the point, then `rest` (point, fraction, exponent, percent sign), with the
 * sign, prefix ("0x"; its length may be 0), grouping and padding that the specification asks for. -1 with MemoryError.
 */
export function writeNumber(
  w: usize,
  s: usize,
  negative: bool,
  prefix: usize,
  prefixLength: isize,
  digits: usize,
  n: isize,
  rest: usize,
  restLength: isize,
): i32 {
  const spec = formatspec.at(s);
  const asked = spec.sign;
  const sign: u32 = negative ? 0x2d : asked == 0x2b || asked == 0x20 ? asked : 0;
  const fixed = (sign != 0 ? 1 : 0) + prefixLength + restLength;
  const width = spec.width;
  const zeros = spec.fill == 0x30 && spec.align == 0x3d;
  const thousands = spec.thousands;
  let grouped: usize = 0;
  let p = digits;
  let count = n;
  if (n > 0 && (thousands != 0 || (zeros && width - fixed > n))) {
    const atLeast = zeros ? max<isize>(width - fixed, 0) : 0;
    const room = <usize>max(n, atLeast) * 2 + 8;
    grouped = PyMem_Malloc(room);
    if (grouped == 0) {
      PyErr_NoMemory();
      return -1;
    }
    const group = thousands == 0 ? 0x7fffffff : thousands == 4 ? 4 : 3;
    count = groupDigits(grouped + room, digits, n, atLeast, group, thousands == 4 ? 0x5f : thousands);
    p = grouped + room - <usize>count;
  }
  const padding = max<isize>(width - fixed - count, 0);
  const align = spec.align;
  const fill = spec.fill;
  const left = align == 0x3e ? padding : align == 0x5e ? padding / 2 : 0;
  const inner = align == 0x3d ? padding : 0;
  let r = writeFill(w, fill, left);
  if (r == 0 && sign != 0) r = Writer.char(w, sign);
  if (r == 0) r = writeAscii(w, prefix, prefixLength);
  if (r == 0) r = writeFill(w, fill, inner);
  if (r == 0) r = writeAscii(w, p, count);
  if (r == 0) r = writeAscii(w, rest, restLength);
  if (r == 0) r = writeFill(w, fill, padding - left - inner);
  if (grouped != 0) PyMem_Free(grouped);
  return r;
}

function notAllowed(message: string): i32 {
  return PyErr_Fail(PyExc_ValueError, message);
}

function writeText(w: usize, o: usize, s: usize): i32 {
  const spec = formatspec.at(s);
  if (spec.sign == 0x20) return notAllowed("Space not allowed in string format specifier");
  if (spec.sign != 0) return notAllowed("Sign not allowed in string format specifier");
  if (spec.no_negative_zero) return notAllowed("Negative zero coercion (z) not allowed in string format specifier");
  if (spec.alternate) return notAllowed("Alternate form (#) not allowed in string format specifier");
  if (spec.align == 0x3d) return notAllowed("'=' alignment not allowed in string format specifier");
  let n = U.length(o);
  if (spec.precision >= 0 && n > spec.precision) n = spec.precision;
  const left = leftPadding(s, n);
  const right = max<isize>(spec.width - n, 0) - left;
  if (writeFill(w, spec.fill, left) < 0) return -1;
  if (writeSubstring(w, o, 0, n) < 0) return -1;
  return writeFill(w, spec.fill, right);
}

/** str.__format__: a new str. Null with ValueError or MemoryError. */
export function formatText(o: usize, spec: usize): usize {
  const s = Scratch.take(SPEC_SLOTS);
  const w = Writer.begin(U.length(o), false);
  let ok = parseSpec(o, spec, s, 0x73, 0x3c) ? 0 : -1;
  if (ok == 0) ok = formatspec.at(s).type == 0x73 ? writeText(w, o, s) : unknownType(o, formatspec.at(s).type);
  const r = ok == 0 ? writerFinish(w) : writerDiscard(w);
  Scratch.give(s);
  return r;
}

function writeCharacterOf(w: usize, o: usize, s: usize): i32 {
  const spec = formatspec.at(s);
  if (spec.sign != 0) return notAllowed("Sign not allowed with integer format specifier 'c'");
  if (spec.alternate) return notAllowed("Alternate form (#) not allowed with integer format specifier 'c'");
  if (longOverflow(o) != 0) {
    PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C long");
    return -1;
  }
  const c = longValue(o);
  if (c < 0 || c > 0x10ffff) return PyErr_Fail(PyExc_OverflowError, "%c arg not in range(0x110000)");
  const left = leftPadding(s, 1);
  const padding = max<isize>(spec.width - 1, 0);
  const inner = spec.align == 0x3d ? padding : 0;
  if (writeFill(w, spec.fill, left + inner) < 0 || Writer.char(w, <u32>c) < 0) return -1;
  return writeFill(w, spec.fill, padding - left - inner);
}

const lowerPrefixes: usize = memory.data<u8>([0x30, 0x62, 0x30, 0x6f, 0x30, 0x78, 0x30, 0x58]);

function writeLong(w: usize, o: usize, s: usize): i32 {
  const spec = formatspec.at(s);
  if (spec.precision != -1) return notAllowed("Precision not allowed in integer format specifier");
  if (spec.no_negative_zero) return notAllowed("Negative zero coercion (z) not allowed in integer format specifier");
  const type = spec.type;
  if (type == 0x63) return writeCharacterOf(w, o, s);
  const negative = Long.isNegative(o);
  if (type == 0x64 || type == 0x6e) {
    const block = decimalDigits(o);
    if (block == 0) return -1;
    let p = decimaltext.at(block).room + decimaltext.at(block).start;
    let n: isize = decimaltext.at(block).length;
    if (negative) {
      p++;
      n--;
    }
    const r = writeNumber(w, s, negative, 0, 0, p, n, 0, 0);
    PyMem_Free(block);
    return r;
  }
  const shift = type == 0x62 ? 1 : type == 0x6f ? 3 : 4;
  const count = binaryDigitCount(o, shift);
  const p = count > 0x7ffffff0 ? 0 : PyMem_Malloc(<usize>count);
  if (p == 0) {
    PyErr_NoMemory();
    return -1;
  }
  const n = <isize>count;
  putBinaryDigits(o, shift, p, n);
  if (type == 0x58)
    for (let i: isize = 0; i < n; i++)
      if (load<u8>(p + <usize>i) > 96) store<u8>(p + <usize>i, load<u8>(p + <usize>i) - 32);
  const prefix = lowerPrefixes + (type == 0x62 ? 0 : type == 0x6f ? 2 : type == 0x78 ? 4 : 6);
  const r = writeNumber(w, s, negative, prefix, spec.alternate ? 2 : 0, p, n, 0, 0);
  PyMem_Free(p);
  return r;
}

/** int.__format__: a new str. Null with ValueError, OverflowError or MemoryError. */
export function formatLong(o: usize, spec: usize): usize {
  if (U.length(spec) == 0) return PyObject_Str(o);
  const s = Scratch.take(SPEC_SLOTS);
  const w = Writer.begin(0, false);
  let ok = parseSpec(o, spec, s, 0x64, 0x3e) ? 0 : -1;
  if (ok == 0) {
    switch (formatspec.at(s).type) {
      case 0x62: // b
      case 0x63: // c
      case 0x64: // d
      case 0x6f: // o
      case 0x78: // x
      case 0x58: // X
      case 0x6e: // n
        ok = writeLong(w, o, s);
        break;
      case 0x65: // e
      case 0x45: // E
      case 0x66: // f
      case 0x46: // F
      case 0x67: // g
      case 0x47: // G
      case 0x25: {
        // %
        const v = PyLong_AsDouble(o);
        ok = v == -1 && PyErr_Occurred() ? -1 : writeFormattedFloat(w, v, s);
        break;
      }
      default:
        ok = unknownType(o, formatspec.at(s).type);
    }
  }
  const r = ok == 0 ? writerFinish(w) : writerDiscard(w);
  Scratch.give(s);
  return r;
}

/** Writes a float as a specification that was parsed asks for. -1 with an exception. */
function writeFormattedFloat(w: usize, v: f64, s: usize): i32 {
  const spec = formatspec.at(s);
  let type = spec.type;
  let flags = (spec.alternate ? FLOAT_ALT : 0) | (spec.no_negative_zero ? FLOAT_NO_NEG_0 : 0);
  let precision = spec.precision;
  let missing = 6;
  if (type == 0) {
    flags |= FLOAT_ADD_DOT_0;
    type = 0x72;
    missing = 0;
  }
  if (type == 0x6e) type = 0x67;
  const percent = type == 0x25;
  if (percent) {
    type = 0x66;
    v *= 100;
  }
  if (precision < 0) precision = missing;
  else if (type == 0x72) type = 0x67;
  if (precision == 0x7fffffff) return notAllowed("precision too big");
  const block = doubleToString(v, type, precision, flags);
  if (block == 0) return -1;
  let p = floattext.at(block).text;
  let n: isize = floattext.at(block).length;
  const negative = n > 0 && load<u8>(p) == 0x2d;
  if (negative) {
    p++;
    n--;
  }
  let whole: isize = 0;
  while (whole < n && load<u8>(p + <usize>whole) - 48 < 10) whole++;
  // The NUL at the end makes way for the percent sign: doubleToString leaves room for it.
  if (percent) {
    store<u8>(p + <usize>n, 0x25);
    n++;
  }
  const r = writeNumber(w, s, negative, 0, 0, p, whole, p + <usize>whole, n - whole);
  PyMem_Free(block);
  return r;
}

/** float.__format__: a new str. Null with ValueError or MemoryError. */
export function formatFloat(o: usize, v: f64, spec: usize): usize {
  if (U.length(spec) == 0) return PyObject_Str(o);
  const s = Scratch.take(SPEC_SLOTS);
  const w = Writer.begin(0, false);
  let ok = parseSpec(o, spec, s, 0, 0x3e) ? 0 : -1;
  if (ok == 0) {
    switch (formatspec.at(s).type) {
      case 0:
      case 0x65: // e
      case 0x45: // E
      case 0x66: // f
      case 0x46: // F
      case 0x67: // g
      case 0x47: // G
      case 0x6e: // n
      case 0x25: // %
        ok = writeFormattedFloat(w, v, s);
        break;
      default:
        ok = unknownType(o, formatspec.at(s).type);
    }
  }
  const r = ok == 0 ? writerFinish(w) : writerDiscard(w);
  Scratch.give(s);
  return r;
}
