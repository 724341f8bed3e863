// One character at a time, to bytes and back, of the encodings without ISO 2022 (the codecs of CPython 3.13's Modules/cjkcodecs).
// A step answers with how much it has used; TOO_FEW where what is there is only a beginning; less than 0 where it is wrong, and
// by how much; MEMORY with MemoryError.

import { multibytecodec } from "../../generated/layouts";
import { ByteWriter } from "../../objects/bytes/writer";
import { U } from "../../objects/text/access";
import { Writer } from "../../objects/text/format/writer";
import {
  characterOf,
  codeOf,
  codeOfPair,
  EUC_JP,
  EUC_KR,
  findRange,
  GB18030,
  HZ,
  isPair,
  NONE,
  pairPart,
  YEAR_2000,
} from "./charset";

export const TOO_FEW: isize = 0;
export const MEMORY: isize = -100;

/** Writes the low `n` bytes of a code, the highest first: whether there was memory. */
export function writeCode(w: usize, code: u32, n: i32): bool {
  if (ByteWriter.prepare(w, n) < 0) return false;
  for (let shift = 8 * (n - 1); shift >= 0; shift -= 8) ByteWriter.put(w, (code >> shift) & 255);
  return true;
}

/** Writes a character, or the two of a pair: whether there was memory. */
export function writeCharacter(w: usize, charset: usize, c: u32): bool {
  if (!isPair(c)) return Writer.char(w, c) == 0;
  return Writer.char(w, pairPart(charset, c, 0)) == 0 && Writer.char(w, pairPart(charset, c, 1)) == 0;
}

function done(good: bool, used: isize): isize {
  return good ? used : MEMORY;
}

// Syllables that are spelt (KS X 1001:1998 annex 3): a filler, then three letters of two bytes each.
const JAMO: u32 = 0xa4;
const FILLER: u32 = 0xd4;
const SYLLABLES: u32 = 0xac00;
const SYLLABLE_COUNT: u32 = 11172;

/** The second byte of a letter that a syllable begins with, has in the middle, or ends with. */
function leadByte(i: u32): u32 {
  return load<u8>(leads + i);
}
const leads: usize = memory.data<u8>([
  0xa1, 0xa2, 0xa4, 0xa7, 0xa8, 0xa9, 0xb1, 0xb2, 0xb3, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xbb, 0xbc, 0xbd, 0xbe,
]);
const trails: usize = memory.data<u8>([
  0xd4, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf, 0xb0, 0xb1, 0xb2, 0xb4,
  0xb5, 0xb6, 0xb7, 0xb8, 0xba, 0xbb, 0xbc, 0xbd, 0xbe,
]);

function indexOf(table: usize, n: u32, byte: u32): u32 {
  for (let i: u32 = 0; i < n; i++) if (load<u8>(table + i) == byte) return i;
  return NONE;
}

/** A syllable that is spelt, from the bytes at `p`. */
function decodeSpelt(p: usize, left: isize, w: usize): isize {
  if (left < 8) return TOO_FEW;
  if (load<u8>(p + 2) != JAMO || load<u8>(p + 4) != JAMO || load<u8>(p + 6) != JAMO) return -1;
  const lead = indexOf(leads, 19, load<u8>(p + 3));
  const vowel = <u32>load<u8>(p + 5) - 0xbf;
  const trail = indexOf(trails, 28, load<u8>(p + 7));
  if (lead == NONE || vowel > 20 || trail == NONE) return -1;
  return done(Writer.char(w, SYLLABLES + (lead * 21 + vowel) * 28 + trail) == 0, 8);
}

function encodeSpelt(c: u32, w: usize): isize {
  const i = c - SYLLABLES;
  const first = (JAMO << 24) | (FILLER << 16) | (JAMO << 8) | leadByte(i / 588);
  const second = (JAMO << 24) | ((0xbf + ((i / 28) % 21)) << 16) | (JAMO << 8) | load<u8>(trails + (i % 28));
  return done(writeCode(w, first, 4) && writeCode(w, second, 4), 1);
}

/** A code of four bytes. */
function decodeFour(charset: usize, p: usize, left: isize, w: usize): isize {
  if (left < 4) return TOO_FEW;
  const a = <u32>load<u8>(p) - 0x81;
  const b = <u32>load<u8>(p + 1) - 0x30;
  const c = <u32>load<u8>(p + 2) - 0x81;
  const d = <u32>load<u8>(p + 3) - 0x30;
  if (a > 125 || b > 9 || c > 125 || d > 9) return -1;
  const number = ((a * 10 + b) * 126 + c) * 10 + d;
  let character: u32;
  if (number < 39420) character = findRange(charset, number, false);
  else {
    character = number - 189000 + 0x10000;
    if (number < 189000 || character > 0x10ffff) character = NONE;
  }
  return character == NONE ? -1 : done(Writer.char(w, character) == 0, 4);
}

function encodeFour(charset: usize, c: u32, w: usize): isize {
  const number = c >= 0x10000 ? c - 0x10000 + 189000 : findRange(charset, c, true);
  if (number == NONE) return -1;
  const low = ((0x81 + ((number / 10) % 126)) << 8) | (0x30 + (number % 10));
  const high = ((0x81 + number / 12600) << 8) | (0x30 + ((number / 1260) % 10));
  return done(writeCode(w, (high << 16) | low, 4), 1);
}

/** Whether a code of two bytes is one that came into JIS X 0213 in 2004: those are wrong with both bytes in that of 2000. */
function isOf2004(kind: i32, code: u32): bool {
  if (kind == EUC_JP) {
    return (
      code == 0xaea1 ||
      code == 0xaffe ||
      code == 0xcfd4 ||
      code == 0xcffe ||
      code == 0xf4a7 ||
      (code >= 0xfefa && code <= 0xfefe)
    );
  }
  if (code == 0x879f || code == 0x889e || code == 0x9873 || code == 0x989e) return true;
  return code == 0xeaa5 || (code >= 0xeff8 && code <= 0xeffc);
}

/** Decodes what begins at `p`. */
export function decodeStep(c: multibytecodec, state: usize, p: usize, left: isize, w: usize): isize {
  const charset = c.charset;
  const a: u32 = load<u8>(p);
  if (c.kind == HZ) return decodeHz(charset, state, p, left, w);
  if (a < 0x80) {
    const single = characterOf(charset, a);
    return single == NONE ? -1 : done(Writer.char(w, single) == 0, 1);
  }
  const single = characterOf(charset, a);
  if (single != NONE) return done(Writer.char(w, single) == 0, 1);
  if (left < 2) return TOO_FEW;
  const b: u32 = load<u8>(p + 1);
  if (c.kind == EUC_KR && a == JAMO && b == FILLER) return decodeSpelt(p, left, w);
  if (c.kind == GB18030 && b - 0x30 < 10) return decodeFour(charset, p, left, w);
  if (c.kind == EUC_JP && a == 0x8f) {
    if (left < 3) return TOO_FEW;
    const three = characterOf(charset, (a << 16) | (b << 8) | load<u8>(p + 2));
    return three == NONE ? -1 : done(writeCharacter(w, charset, three), 3);
  }
  const two = characterOf(charset, (a << 8) | b);
  if (two == NONE) return (c.flags & YEAR_2000) != 0 && isOf2004(c.kind, (a << 8) | b) ? -2 : -1;
  return done(writeCharacter(w, charset, two), 2);
}

/** Encodes the character `i` of the `n` of a text. `flush`: nothing follows them. */
export function encodeStep(
  c: multibytecodec,
  state: usize,
  s: usize,
  i: isize,
  n: isize,
  flush: bool,
  w: usize,
): isize {
  const charset = c.charset;
  const character = U.at(s, i);
  if (c.kind == HZ) return encodeHz(charset, state, character, w);
  if (codeOfPair(charset, character, 0) != NONE) {
    if (i + 1 >= n && !flush) return TOO_FEW;
    const pair = i + 1 < n ? codeOfPair(charset, character, U.at(s, i + 1)) : NONE;
    if (pair != NONE) return done(writeCode(w, pair, pair > 0xffff ? 3 : 2), 2);
  }
  const code = codeOf(charset, character);
  if (code != NONE) return done(writeCode(w, code, code > 0xffff ? 3 : code > 0xff ? 2 : 1), 1);
  if (c.kind == EUC_KR && character - SYLLABLES < SYLLABLE_COUNT) return encodeSpelt(character, w);
  return c.kind == GB18030 ? encodeFour(charset, character, w) : -1;
}

// HZ: the first byte of the state is 1 within "~{".

function decodeHz(charset: usize, state: usize, p: usize, left: isize, w: usize): isize {
  const a: u32 = load<u8>(p);
  const inside = load<u8>(state) != 0;
  if (a == 0x7e) {
    if (left < 2) return TOO_FEW;
    const b: u32 = load<u8>(p + 1);
    if (b == 0x7e && !inside) return done(Writer.char(w, 0x7e) == 0, 2);
    if (b == 0x7b && !inside) store<u8>(state, 1);
    else if (b == 0x7d && inside) store<u8>(state, 0);
    else if (b != 10 || inside) return -1;
    return 2;
  }
  if (a & 0x80) return -1;
  if (!inside) return done(Writer.char(w, a) == 0, 1);
  if (left < 2) return TOO_FEW;
  const two = characterOf(charset, (a << 8) | load<u8>(p + 1) | 0x8080);
  return two == NONE || load<u8>(p + 1) >= 0x80 ? -1 : done(Writer.char(w, two) == 0, 2);
}

function encodeHz(charset: usize, state: usize, c: u32, w: usize): isize {
  const inside = load<u8>(state) != 0;
  if (c < 0x80) {
    if (inside && !writeCode(w, 0x7e7d, 2)) return MEMORY;
    store<u8>(state, 0);
    return done(c == 0x7e ? writeCode(w, 0x7e7e, 2) : writeCode(w, c, 1), 1);
  }
  const code = codeOf(charset, c);
  if (code == NONE) return -1;
  if (!inside && !writeCode(w, 0x7e7b, 2)) return MEMORY;
  store<u8>(state, 1);
  return done(writeCode(w, code & 0x7f7f, 2), 1);
}
