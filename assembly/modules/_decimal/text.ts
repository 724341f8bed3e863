// Decimal numbers from text and into it (the conversions of the General Decimal Arithmetic Specification; libmpdec's io.c).

import { mpd_context_t, mpd_t } from "../../generated/layouts";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyErr_NoMemory } from "../../objects/errors/raise";
import { _PyUnicode_FromASCII } from "../../objects/text/create";
import { LIMB_DIGITS, Limb, limbDigits } from "./limbs";
import {
  Conversion_syntax,
  EXP_INF,
  finalize,
  INF,
  MAX_PREC,
  Mpd,
  NAN,
  NEG,
  resize,
  SNAN,
  setError,
  setLength,
  setSpecial,
} from "./number";

const ZERO: u32 = 0x30;
const POINT: u32 = 0x2e;

function isDigit(c: u32): bool {
  return c - ZERO < 10;
}

/** Whether the text at p, up to end, is a word (in small letters), whatever the case of its letters. */
function isWord(p: usize, end: usize, word: string): bool {
  if (<isize>(end - p) != word.length) return false;
  for (let i = 0; i < word.length; i++) {
    const c: u32 = load<u8>(p + <usize>i);
    if ((c | 0x20) != <u32>word.charCodeAt(i)) return false;
  }
  return true;
}

/** As isWord for the beginning of the text. */
function startsWith(p: usize, end: usize, word: string): bool {
  return <isize>(end - p) >= word.length && isWord(p, p + <usize>word.length, word);
}

/**
 * Sets the coefficient to the digits between p and end, of which one place may be a point. False with Malloc_error.
 */
function setDigits(x: usize, p: usize, end: usize, c: mpd_context_t): bool {
  while (p < end && (load<u8>(p) == ZERO || load<u8>(p) == POINT)) p++;
  let count: i64 = 0;
  for (let q = p; q < end; q++) if (load<u8>(q) != POINT) count++;
  const limbs = max<i64>((count + LIMB_DIGITS - 1) / LIMB_DIGITS, 1);
  if (!resize(x, limbs, c)) return false;
  const data = mpd_t.at(x).data;
  Limb.set(data, 0, 0);
  let i = <isize>limbs - 1;
  let left = <i32>(count - <i64>i * LIMB_DIGITS);
  let v: u32 = 0;
  for (; p < end; p++) {
    const digit: u32 = load<u8>(p);
    if (digit == POINT) continue;
    v = v * 10 + (digit - ZERO);
    if (--left > 0) continue;
    Limb.set(data, i--, v);
    v = 0;
    left = LIMB_DIGITS;
  }
  setLength(x, <isize>limbs);
  return true;
}

/** NaN, sNaN, Infinity; false where it is none of them. */
function setWord(x: usize, p: usize, end: usize, sign: u8, c: mpd_context_t): bool {
  if (isWord(p, end, "inf") || isWord(p, end, "infinity")) {
    setSpecial(x, sign, INF);
    return true;
  }
  const signaling = startsWith(p, end, "snan");
  if (!signaling && !startsWith(p, end, "nan")) return false;
  p += signaling ? 4 : 3;
  for (let q = p; q < end; q++) if (!isDigit(load<u8>(q))) return false;
  while (p < end && load<u8>(p) == ZERO) p++;
  const kind = signaling ? SNAN : NAN;
  if (p == end) {
    setSpecial(x, sign, kind);
    return true;
  }
  if (<i64>(end - p) > c.prec - c.clamp) return false;
  if (!setDigits(x, p, end, c)) return true;
  mpd_t.at(x).exp = 0;
  Mpd.setFlags(x, sign | kind);
  return true;
}

/** x = the number that n ASCII characters at p are, in the context; NaN with Conversion_syntax where they are none. */
export function parseNumber(x: usize, p: usize, n: isize, c: mpd_context_t): void {
  const end = p + <usize>n;
  let sign: u8 = 0;
  if (p < end && (load<u8>(p) == 0x2b || load<u8>(p) == 0x2d)) sign = load<u8>(p++) == 0x2d ? NEG : 0;
  const start = p;
  let digits: i64 = 0;
  let fraction: i64 = -1;
  for (; p < end; p++) {
    const ch: u32 = load<u8>(p);
    if (isDigit(ch)) {
      digits++;
      if (fraction >= 0) fraction++;
    } else if (ch == POINT && fraction < 0) fraction = 0;
    else break;
  }
  const stop = p;
  let exp: i64 = 0;
  let valid: bool = digits > 0 && digits <= MAX_PREC;
  if (valid && p < end) {
    valid = (load<u8>(p++) | 0x20) == 0x65 && p < end;
    let negative = false;
    if (valid && (load<u8>(p) == 0x2b || load<u8>(p) == 0x2d)) negative = load<u8>(p++) == 0x2d;
    valid = valid && p < end;
    for (; valid && p < end; p++) {
      const ch: u32 = load<u8>(p);
      valid = isDigit(ch);
      // Beyond all exponents one is like another.
      if (exp < EXP_INF) exp = exp * 10 + (ch - ZERO);
    }
    if (exp > EXP_INF) exp = EXP_INF;
    if (negative) exp = -exp;
  }
  if (!valid) {
    if (digits > 0 || !setWord(x, start, end, sign, c)) setError(x, Conversion_syntax, c);
    return;
  }
  if (!setDigits(x, start, stop, c)) return;
  Mpd.setFlags(x, sign);
  mpd_t.at(x).exp = fraction > 0 ? exp - fraction : exp;
  finalize(x, c);
}

/** Writes the digits of a coefficient at p: where they end. */
export function writeDigits(p: usize, x: usize): usize {
  const n = mpd_t.at(x);
  for (let i = n.len - 1; i >= 0; i--) {
    let v = Limb.get(n.data, i);
    const count = i == n.len - 1 ? limbDigits(v) : LIMB_DIGITS;
    for (let k = count - 1; k >= 0; k--) {
      store<u8>(p + <usize>k, ZERO + (v % 10));
      v /= 10;
    }
    p += <usize>count;
  }
  return p;
}

/** Writes a literal of ASCII characters at p: where it ends. */
export function putLiteral(p: usize, s: string): usize {
  for (let i = 0; i < s.length; i++) store<u8>(p++, s.charCodeAt(i));
  return p;
}

/** Writes an exponent, with its sign: where it ends. */
export function putExponent(p: usize, exp: i64): usize {
  store<u8>(p++, exp < 0 ? 0x2d : 0x2b);
  let size: u64 = exp < 0 ? 0 - <u64>exp : <u64>exp;
  let unit: u64 = 1;
  while (size / unit >= 10) unit *= 10;
  for (; unit > 0; unit /= 10) {
    store<u8>(p++, ZERO + <u32>(size / unit));
    size %= unit;
  }
  return p;
}

/** Writes what is infinite or no number, without its sign: where it ends. */
export function putSpecial(p: usize, x: usize): usize {
  if (Mpd.isInfinite(x)) return putLiteral(p, "Infinity");
  p = putLiteral(p, Mpd.isQuiet(x) ? "NaN" : "sNaN");
  return mpd_t.at(x).len > 0 ? writeDigits(p, x) : p;
}

/** Bytes that a number's text takes at most besides its digits and the zeros before or after them. */
const AROUND: i64 = 32;

/** The text of a number, in scientific or in engineering notation: a new str. */
export function numberText(x: usize, capitals: bool, engineering: bool, quoted: bool = false): usize {
  const n = mpd_t.at(x);
  const digits: i64 = n.digits;
  const left = n.exp + digits;
  let point: i64 = 1;
  if (!Mpd.isSpecial(x)) {
    if (n.exp <= 0 && left > -6) point = left;
    else if (engineering) {
      const zero = Mpd.hasZeroCoefficient(x);
      const third = (zero ? left + 1 : left - 1) % 3;
      point = (third < 0 ? third + 3 : third) + (zero ? -1 : 1);
    }
  }
  const size = digits + abs<i64>(min<i64>(point, 0)) + max<i64>(point - digits, 0) + AROUND;
  const block = size > 0x7fffffff ? 0 : PyMem_Malloc(<usize>size);
  if (block == 0) return PyErr_NoMemory();
  let p = block;
  if (quoted) p = putLiteral(p, "Decimal('");
  if (Mpd.isNegative(x)) store<u8>(p++, 0x2d);
  if (Mpd.isSpecial(x)) p = putSpecial(p, x);
  else {
    p = putPlaced(p, x, point);
    if (left != point) {
      store<u8>(p++, capitals ? 0x45 : 0x65);
      p = putExponent(p, left - point);
    }
  }
  if (quoted) p = putLiteral(p, "')");
  const r = _PyUnicode_FromASCII(block, <isize>(p - block));
  PyMem_Free(block);
  return r;
}

/** Writes a coefficient with a point after so many of its digits, with zeros where it has none: where it ends. */
export function putPlaced(p: usize, x: usize, point: i64): usize {
  const digits: i64 = mpd_t.at(x).digits;
  if (point <= 0) {
    store<u8>(p++, ZERO);
    store<u8>(p++, POINT);
    memory.fill(p, <u8>ZERO, <usize>-point);
    return writeDigits(p + <usize>-point, x);
  }
  const end = writeDigits(p, x);
  if (point >= digits) {
    memory.fill(end, <u8>ZERO, <usize>(point - digits));
    return end + <usize>(point - digits);
  }
  const at = p + <usize>point;
  memory.copy(at + 1, at, end - at);
  store<u8>(at, POINT);
  return end + 1;
}
