// Decimal.__format__: PEP 3101's language as CPython 3.13's _decimal has it, with z and # as the decimal module in Python
// has them, to which CPython turns for those.
//
// A specification is read into a decimalspec in scratch memory; the fill character and separators are characters of any
// kind, the number itself is ASCII.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { decimalspec, floattext, mpd_context_t, mpd_t, SIZEOF_decimalspec } from "../../generated/layouts";
import { PyExc_DeprecationWarning, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { Dict, PyDict_GetItemWithError } from "../../objects/containers/dict/dict";
import { PyErr_BadArgument, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyErr_WarnEx } from "../../objects/errors/warnings";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { Writer, writeAscii, writeFill, writerDiscard, writerFinish, writeStr } from "../../objects/text/format/writer";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { Scratch } from "../../thread/scratch";
import { copyNumber, Errors, MAX_PREC, Malloc_error, Mpd, setTriple, Temp, Work } from "./number";
import { putExponent, putPlaced, putSpecial } from "./text";
import { rescale } from "./unary";

const PLAIN: u32 = 0x20;
const MINUS: u32 = 0x2d;
const PLUS: u32 = 0x2b;

function isAlign(c: u32): bool {
  return c == 0x3c || c == 0x3e || c == 0x3d || c == 0x5e;
}

/** The number in a specification at place i, which is moved behind it; more than there may be where it is too long. */
function readNumber(spec: usize, i: isize, d: decimalspec): i64 {
  const end = U.length(spec);
  let v: i64 = 0;
  while (i < end && U.at(spec, i) - 0x30 < 10) {
    if (v <= MAX_PREC) v = v * 10 + (U.at(spec, i) - 0x30);
    i++;
  }
  d.next = i;
  return v;
}

/** Reads a specification: false where it is none. */
function parse(spec: usize, d: decimalspec, capitals: bool): bool {
  const end = U.length(spec);
  d.fill = PLAIN;
  d.align = 0x3e;
  d.sign = MINUS;
  d.width = 0;
  d.precision = -1;
  d.type = capitals ? 0x47 : 0x67;
  d.zeropad = 0;
  d.grouped = 0;
  d.nozero = 0;
  d.point = 0;
  let i: isize = 0;
  let hasAlign = false;
  if (end > 1 && isAlign(U.at(spec, 1))) {
    d.fill = U.at(spec, 0);
    d.align = U.at(spec, 1);
    hasAlign = true;
    i = 2;
  } else if (end > 0 && isAlign(U.at(spec, 0))) {
    d.align = U.at(spec, 0);
    hasAlign = true;
    i = 1;
  }
  if (i < end && (U.at(spec, i) == PLUS || U.at(spec, i) == MINUS || U.at(spec, i) == PLAIN)) d.sign = U.at(spec, i++);
  if (i < end && U.at(spec, i) == 0x7a) {
    d.nozero = 1;
    i++;
  }
  if (i < end && U.at(spec, i) == 0x23) {
    d.point = 1;
    i++;
  }
  if (i < end && U.at(spec, i) == 0x30) {
    if (hasAlign) return false;
    d.zeropad = 1;
    d.fill = 0x30;
    i++;
  }
  if (i < end && U.at(spec, i) - 0x30 < 10) {
    if (U.at(spec, i) == 0x30) return false;
    d.width = readNumber(spec, i, d);
    i = d.next;
  }
  if (i < end && U.at(spec, i) == 0x2c) {
    d.grouped = 1;
    i++;
  }
  if (i < end && U.at(spec, i) == 0x2e) {
    i++;
    if (i == end || U.at(spec, i) - 0x30 >= 10) return false;
    d.precision = readNumber(spec, i, d);
    i = d.next;
  }
  if (i < end) {
    const type = U.at(spec, i++);
    const small = type | 0x20;
    if (small == 0x6e) {
      // n and N: as g and G, with the separators of the locale.
      if (d.grouped) return false;
      d.type = type == 0x6e ? 0x67 : 0x47;
    } else if (small == 0x65 || small == 0x66 || small == 0x67 || type == 0x25) d.type = type;
    else return false;
  }
  return i == end;
}

/** What is said of a number: its text, ASCII, without sign; the point and the exponent are found by who inserts. */
function body(x: usize, d: decimalspec, c: mpd_context_t): usize {
  const n = mpd_t.at(x);
  const left = n.exp + n.digits;
  const type = d.type | 0x20;
  let point: i64;
  if (type == 0x65) point = Mpd.hasZeroCoefficient(x) && d.precision >= 0 ? 1 - d.precision : 1;
  else if (type == 0x66 || d.type == 0x25) point = left;
  else point = n.exp <= 0 && left > -6 ? left : 1;
  const size = <i64>n.digits + abs<i64>(min<i64>(point, 0)) + max<i64>(point - n.digits, 0) + 32;
  const block = size > 0x7fffffff ? 0 : PyMem_Malloc(<usize>size);
  if (block == 0) {
    c.status |= Malloc_error;
    return 0;
  }
  let p = putPlaced(floattext.at(block).text, x, point);
  if (left != point || type == 0x65) {
    store<u8>(p++, d.type & 0x20 ? 0x65 : 0x45);
    p = putExponent(p, left - point);
  }
  if (d.type == 0x25) store<u8>(p++, 0x25);
  floattext.at(block).length = <i32>(p - floattext.at(block).text);
  return block;
}

function specialBody(x: usize, d: decimalspec): usize {
  const block = PyMem_Malloc(<usize>mpd_t.at(x).digits + 32);
  if (block == 0) return 0;
  let p = putSpecial(floattext.at(block).text, x);
  if (d.type == 0x25) store<u8>(p++, 0x25);
  floattext.at(block).length = <i32>(p - floattext.at(block).text);
  return block;
}

/** How many digits the group at place g has, from the right; all that are left where it is the last: 0. */
function groupSize(grouping: usize, g: isize): isize {
  if (grouping == 0) return 3;
  const n = U.length(grouping);
  let last: u32 = 0;
  for (let i: isize = 0; i <= g && i < n; i++) {
    const size = U.at(grouping, i);
    if (size == 0) break;
    last = size;
  }
  return last == 127 ? 0 : <isize>last;
}

/** Writes n digits at p in groups, at least `least` characters with zeros before them. */
function writeGrouped(w: usize, p: usize, n: isize, least: isize, sep: usize, grouping: usize): i32 {
  const room = 2 * <usize>max<isize>(max(n, least), 1) + 2;
  const block = PyMem_Malloc(room);
  if (block == 0) {
    PyErr_NoMemory();
    return -1;
  }
  // From the right: digits, and a 0 for each separator.
  let at = block + room;
  for (let g: isize = 0; ; g++) {
    let size = max<isize>(max(n, least), 1);
    const most = groupSize(grouping, g);
    const last = most == 0 || most >= size;
    if (most != 0) size = min(size, most);
    for (let i: isize = 0; i < size; i++) {
      store<u8>(--at, n > 0 ? load<u8>(p + <usize>(n - 1)) : 0x30);
      n--;
    }
    n = max<isize>(n, 0);
    least -= size;
    if (last || (n == 0 && least <= 0)) break;
    store<u8>(--at, 0);
    least -= U.length(sep);
  }
  let status = 0;
  for (; at < block + room && status == 0; at++) {
    const c = load<u8>(at);
    status = c == 0 ? writeStr(w, sep) : Writer.char(w, c);
  }
  PyMem_Free(block);
  return status;
}

/** The formatted text of a body and a sign (0: none): a new str. */
function assemble(
  block: usize,
  sign: u32,
  special: bool,
  d: decimalspec,
  dot: usize,
  sep: usize,
  grouping: usize,
): usize {
  const text = floattext.at(block).text;
  const length = <isize>floattext.at(block).length;
  const zeropad = d.zeropad && !special;
  const fill = d.zeropad && special ? PLAIN : d.fill;
  const align = d.zeropad && special ? 0x3e : d.align;
  let whole: isize = 0;
  while (!special && whole < length && load<u8>(text + <usize>whole) - 0x30 < 10) whole++;
  const hasPoint = whole < length && load<u8>(text + <usize>whole) == 0x2e && !special;
  const shownPoint = hasPoint || (d.point && !special);
  const rest = length - whole - isize(hasPoint);
  const signs = isize(sign != 0);
  const behind = rest + (shownPoint ? (dot == 0 ? 1 : U.length(dot)) : 0);
  const number = Writer.begin();
  let status = 0;
  if (special) status = writeAscii(number, text, length);
  else {
    const least = zeropad ? <isize>d.width - behind - signs : 0;
    if (sep != 0) status = writeGrouped(number, text, whole, least, sep, grouping);
    else {
      if (least > whole) status = writeFill(number, 0x30, least - whole);
      if (status == 0) status = writeAscii(number, text, whole);
    }
    if (status == 0 && shownPoint) status = dot == 0 ? Writer.char(number, 0x2e) : writeStr(number, dot);
    if (status == 0) status = writeAscii(number, text + <usize>(length - rest), rest);
  }
  const shown = status == 0 ? writerFinish(number) : writerDiscard(number);
  if (shown == 0) return 0;
  const pad = max<isize>(<isize>d.width - U.length(shown) - signs, 0);
  const left = align == 0x3e ? pad : align == 0x5e ? pad >> 1 : 0;
  const w = Writer.begin();
  status = writeFill(w, fill, left);
  if (status == 0 && sign != 0) status = Writer.char(w, sign);
  if (status == 0 && align == 0x3d) status = writeFill(w, fill, pad);
  if (status == 0) status = writeStr(w, shown);
  if (status == 0 && align != 0x3d) status = writeFill(w, fill, pad - left);
  Py.DECREF(shown);
  return status == 0 ? writerFinish(w) : writerDiscard(w);
}

/** The number as it is shown, in `shown`: rounded as the specification says. */
function prepare(shown: usize, x: usize, d: decimalspec, c: mpd_context_t): void {
  const type = d.type | 0x20;
  const from = Temp.take();
  if (copyNumber(from, x, c)) {
    if (d.type == 0x25) mpd_t.at(from).exp += 2;
    const fixed = type == 0x66 || d.type == 0x25;
    if (d.precision < 0) copyNumber(shown, from, c);
    else if (fixed) rescale(shown, from, -d.precision, MAX_PREC, c);
    else if (type == 0x65) roundTo(shown, from, d.precision + 1, c);
    else if (mpd_t.at(from).digits > max<i64>(d.precision, 1)) roundTo(shown, from, max<i64>(d.precision, 1), c);
    else copyNumber(shown, from, c);
    if (fixed && Mpd.isZero(shown) && mpd_t.at(shown).exp > 0) setTriple(shown, Mpd.sign(shown), 0, 0);
  }
  Temp.give(from);
}

/** r = a with exactly so many digits, zeros left as they are. */
function roundTo(r: usize, a: usize, digits: i64, c: mpd_context_t): void {
  if (Mpd.hasZeroCoefficient(a)) {
    copyNumber(r, a, c);
    return;
  }
  const exp = mpd_t.at(a).exp + mpd_t.at(a).digits - digits;
  rescale(r, a, exp, MAX_PREC, c);
  if (!Mpd.isSpecial(r) && mpd_t.at(r).digits > digits) rescale(r, a, exp + 1, MAX_PREC, c);
}

/** The entry of a dict of overrides, a str, borrowed from it; null where it has none, or with an exception. */
function overriding(dict: usize, name: string): usize {
  const key = PyUnicode_InternLiteral(name);
  if (key == 0) return 0;
  const v = PyDict_GetItemWithError(dict, key);
  Py.DECREF(key);
  return v;
}

/** Bytes of a str in UTF-8, up to 5. */
function utf8Length(s: usize): isize {
  let bytes: isize = 0;
  for (let i: isize = 0; i < U.length(s) && bytes < 5; i++) {
    const c = U.at(s, i);
    bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Whether separators of a dict of overrides can be used, as C libraries' can. */
function areSeparators(dot: usize, sep: usize, grouping: usize): bool {
  if (dot != 0 && (utf8Length(dot) == 0 || utf8Length(dot) > 4)) return false;
  if (sep != 0 && utf8Length(sep) > 4) return false;
  if (grouping == 0) return true;
  for (let i: isize = 0; i < U.length(grouping); i++) if (U.at(grouping, i) > 127) return false;
  return true;
}

function format(x: usize, d: decimalspec, dot: usize, sep: usize, grouping: usize, round: i32): usize {
  const special = Mpd.isSpecial(x);
  const work = Work.largest();
  work.round = round;
  const shown = Temp.take();
  let negative = Mpd.isNegative(x);
  let block: usize = 0;
  if (d.width > MAX_PREC || d.precision > MAX_PREC) work.status |= Errors & ~Malloc_error;
  else if (special) block = specialBody(x, d);
  else {
    prepare(shown, x, d, work);
    if (d.nozero && Mpd.isZero(shown)) negative = false;
    if (!(work.status & Errors)) block = body(shown, d, work);
  }
  const failed = work.status & Errors & ~Malloc_error;
  Temp.give(shown);
  Work.give(work);
  if (block == 0) {
    return failed
      ? PyErr_SetString(PyExc_ValueError, "format specification exceeds internal limits of _decimal")
      : PyErr_NoMemory();
  }
  const sign = negative ? MINUS : d.sign == MINUS ? 0 : d.sign;
  const r = d.width > 0x3fffffff ? PyErr_NoMemory() : assemble(block, sign, special, d, dot, sep, grouping);
  PyMem_Free(block);
  return r;
}

/** The text of a number by a specification; `overrides`, a dict or null, has separators. A new str. */
export function formatNumber(x: usize, spec: usize, overrides: usize, capitals: bool, round: i32): usize {
  if (!Py.check(spec, Py_TPFLAGS_UNICODE_SUBCLASS)) return PyErr_SetString(PyExc_TypeError, "format arg must be str");
  const n = U.length(spec);
  if (n > 0 && U.at(spec, n - 1) == 0x4e) {
    if (PyErr_WarnEx(PyExc_DeprecationWarning, "Format specifier 'N' is deprecated", 1) < 0) return 0;
  }
  if (overrides != 0 && !Dict.check(overrides)) {
    return PyErr_SetString(PyExc_TypeError, "optional argument must be a dict");
  }
  const d = decimalspec.at(Scratch.take(<isize>(SIZEOF_decimalspec >> 3)));
  let r: usize = 0;
  if (!parse(spec, d, capitals)) PyErr_SetString(PyExc_ValueError, "invalid format string");
  else {
    const dot = overrides == 0 ? 0 : Py.XNewRef(overriding(overrides, "decimal_point"));
    let sep = overrides == 0 ? 0 : Py.XNewRef(overriding(overrides, "thousands_sep"));
    const grouping = overrides == 0 ? 0 : Py.XNewRef(overriding(overrides, "grouping"));
    if (sep == 0 && d.grouped) sep = PyUnicode_FromLiteral(",");
    if (!PyErr_Occurred()) {
      if (areStr(dot, sep, grouping)) {
        if (areSeparators(dot, sep, grouping)) r = format(x, d, dot, sep, grouping, round);
        else PyErr_SetString(PyExc_ValueError, "invalid override dict");
      }
    }
    Py.XDECREF(dot);
    Py.XDECREF(sep);
    Py.XDECREF(grouping);
  }
  Scratch.give(changetype<usize>(d));
  return r;
}

/** Whether what is there is str; TypeError otherwise. */
function areStr(a: usize, b: usize, c: usize): bool {
  for (let i = 0; i < 3; i++) {
    const s = i == 0 ? a : i == 1 ? b : c;
    if (s != 0 && !Py.check(s, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      PyErr_BadArgument();
      return false;
    }
  }
  return true;
}
