// Floats as text and back (CPython 3.13's Python/pystrtod.c and Python/dtoa.c; the digits come from the host, those of
// common sizes from fixedpoint.ts).

import { host } from "../../../generated/host";
import { floattext, SIZEOF_floattext } from "../../../generated/layouts";
import { PyMem_Free, PyMem_Malloc, PyMem_Realloc } from "../../../memory/pymem";
import { Scratch } from "../../../thread/scratch";
import { PyErr_NoMemory } from "../../errors/raise";
import { _PyUnicode_FromASCII } from "../../text/create";
import { writeAscii } from "../../text/format/writer";
import { fixedText } from "./fixedpoint";

export const FLOAT_SIGN: i32 = 1;
export const FLOAT_ADD_DOT_0: i32 = 2;
export const FLOAT_ALT: i32 = 4;
export const FLOAT_NO_NEG_0: i32 = 8;

const SLOTS: isize = 8;

/** More places than a float can fill, 1074 after the point or 767 digits: what follows them is zeros. */
const DIGITS_MAX: i32 = 1100;

/** repr() of a float: a new str. Null with MemoryError. */
export function floatRepr(v: f64): usize {
  const slot = Scratch.take(SLOTS);
  const n = host.floatToText(v, 0x72, 0, FLOAT_ADD_DOT_0, slot, (<usize>SLOTS) << 3);
  const r = _PyUnicode_FromASCII(slot, n);
  Scratch.give(slot);
  return r;
}

/** Writes a float to a writer. The arguments are those of the host's float_to_text. -1 with MemoryError. */
export function writeFloat(w: usize, v: f64, code: i32, precision: i32, flags: i32): i32 {
  const block = doubleToString(v, code, precision, flags);
  if (block == 0) return -1;
  const r = writeAscii(w, floattext.at(block).text, floattext.at(block).length);
  PyMem_Free(block);
  return r;
}

/**
 * A float as text: a floattext in PyMem memory, which the caller frees. Null with MemoryError.
 */
export function doubleToString(v: f64, code: i32, precision: i32, flags: i32): usize {
  const exact = min(precision, DIGITS_MAX);
  let size: usize = exact < 40 ? 64 : <usize>exact + 400;
  for (;;) {
    const block = PyMem_Malloc(SIZEOF_floattext + size + 1);
    if (block == 0) return PyErr_NoMemory();
    const text = floattext.at(block).text;
    let n: isize = (code | 0x20) == 0x66 ? fixedText(v, exact, flags, text) : -1;
    if (n < 0) n = host.floatToText(v, code, exact, flags, text, size);
    if (<usize>n <= size) {
      floattext.at(block).length = n;
      store<u8>(text + <usize>n, 0);
      return exact < precision && isFinite(v) ? withZeros(block, code, precision - exact, flags) : block;
    }
    PyMem_Free(block);
    size = <usize>n;
  }
  return unreachable();
}

/** Adds `zeros` zeros to the digits of a text of DIGITS_MAX places, which is taken and replaced. Null with MemoryError. */
function withZeros(block: usize, code: i32, zeros: i32, flags: i32): usize {
  const kind = code | 0x20;
  // The general format leaves zeros at the end out, unless it is told to keep them.
  if (kind == 0x67 && (flags & FLOAT_ALT) == 0) return block;
  const n = <usize>floattext.at(block).length;
  const longer =
    <u64>n + <u64>zeros > <u64>i32.MAX_VALUE ? 0 : PyMem_Realloc(block, SIZEOF_floattext + n + <usize>zeros + 1);
  if (longer == 0) {
    PyMem_Free(block);
    return PyErr_NoMemory();
  }
  const text = floattext.at(longer).text;
  // Before the exponent, which has at most five characters.
  let digits = n;
  if (kind != 0x66) {
    for (let i = n - 5; i < n; i++) {
      if ((load<u8>(text + i) | 0x20) == 0x65) digits = i;
    }
  }
  memory.copy(text + digits + <usize>zeros, text + digits, n + 1 - digits);
  memory.fill(text + digits, 0x30, <usize>zeros);
  floattext.at(longer).length = <isize>(n + <usize>zeros);
  return longer;
}

class Parse {
  @inline static digit(p: usize): bool {
    return <u32>(load<u8>(p) - 0x30) < 10;
  }

  /** Whether the letters at `p` are those of the lower-case literal, whatever their case. */
  static letters(p: usize, end: usize, s: string): bool {
    const n = s.length;
    if (<usize>n > end - p) return false;
    for (let i = 0; i < n; i++) {
      if ((load<u8>(p + <usize>i) | 0x20) != load<u16>(changetype<usize>(s) + ((<usize>i) << 1))) return false;
    }
    return true;
  }
}

/**
 * Reads the longest float at the start of the ASCII bytes from `p` to `end`; stores its value in the slot `out` and
 * returns the address after it, or `p` itself where there is none. No spaces, no underscores (PyOS_string_to_double).
 */
export function parseFloatPrefix(p: usize, end: usize, out: usize): usize {
  let q = p;
  let negative = false;
  if (q < end && (load<u8>(q) == 0x2b || load<u8>(q) == 0x2d)) {
    negative = load<u8>(q) == 0x2d;
    q++;
  }
  if (Parse.letters(q, end, "inf")) {
    q += Parse.letters(q, end, "infinity") ? 8 : 3;
    store<f64>(out, negative ? -Infinity : Infinity);
    return q;
  }
  if (Parse.letters(q, end, "nan")) {
    store<f64>(out, negative ? -NaN : NaN);
    return q + 3;
  }
  const first = q;
  while (q < end && Parse.digit(q)) q++;
  let digits = q - first;
  if (q < end && load<u8>(q) == 0x2e) {
    q++;
    const fraction = q;
    while (q < end && Parse.digit(q)) q++;
    digits += q - fraction;
  }
  if (digits == 0) return p;
  if (q < end && (load<u8>(q) | 0x20) == 0x65) {
    let e = q + 1;
    if (e < end && (load<u8>(e) == 0x2b || load<u8>(e) == 0x2d)) e++;
    if (e < end && Parse.digit(e)) {
      while (e < end && Parse.digit(e)) e++;
      q = e;
    }
  }
  store<f64>(out, host.floatFromText(p, q - p));
  return q;
}

/**
 * Copies the ASCII text without the underscores between digits to `to`; the length, or -1 where an underscore stands
 * elsewhere (_Py_string_to_number_with_underscores).
 */
export function stripUnderscores(to: usize, p: usize, n: isize): isize {
  let prev: u32 = 0;
  let length: isize = 0;
  for (let i: isize = 0; i < n; i++) {
    const c = load<u8>(p + <usize>i);
    if (c == 0x5f) {
      if (prev < 0x30 || prev > 0x39) return -1;
    } else {
      if (prev == 0x5f && (c < 0x30 || c > 0x39)) return -1;
      store<u8>(to + <usize>length, c);
      length++;
    }
    prev = c;
  }
  return prev == 0x5f ? -1 : length;
}

/**
 * Reads `n` ASCII bytes as exactly one float, spaces around it and underscores between digits allowed; stores it in the
 * slot `out`. 1, or 0 where it is none, or -1 with MemoryError.
 */
export function parseWholeFloat(p: usize, n: isize, out: usize): i32 {
  while (n > 0 && isSpace(load<u8>(p))) {
    p++;
    n--;
  }
  while (n > 0 && isSpace(load<u8>(p + <usize>n - 1))) n--;
  if (n == 0) return 0;
  let under = false;
  for (let i: isize = 0; i < n && !under; i++) under = load<u8>(p + <usize>i) == 0x5f;
  if (!under) return parseFloatPrefix(p, p + <usize>n, out) == p + <usize>n ? 1 : 0;
  const copy = PyMem_Malloc(<usize>n);
  if (copy == 0) {
    PyErr_NoMemory();
    return -1;
  }
  const length = stripUnderscores(copy, p, n);
  const ok = length > 0 && parseFloatPrefix(copy, copy + <usize>length, out) == copy + <usize>length;
  PyMem_Free(copy);
  return ok ? 1 : 0;
}

function isSpace(c: u32): bool {
  return c == 0x20 || (c >= 9 && c <= 13);
}
