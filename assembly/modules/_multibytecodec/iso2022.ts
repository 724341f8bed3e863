// The encodings of ISO 2022 (CPython 3.13's Modules/cjkcodecs/_codecs_iso2022.c): which set of characters bytes are of is said by
// escape sequences, and is kept in the state: the sets G0 to G2, a byte each, then flags.

import { multibytecodec } from "../../generated/layouts";
import { U } from "../../objects/text/access";
import { Writer } from "../../objects/text/format/writer";
import { MEMORY, TOO_FEW, writeCharacter, writeCode } from "./bytes";
import {
  characterOf,
  codeOf,
  codeOfPair,
  JP_1,
  JP_2,
  JP_2004,
  JP_3,
  JP_EXT,
  KR,
  NO_SHIFT,
  NONE,
  USE_G2,
  USE_JISX0208_EXT,
  VARIANT_SHIFT,
} from "./charset";

const ESC: u32 = 0x1b;
const SO: u32 = 0x0e;
const SI: u32 = 0x0f;
const ESCAPE_MAX: isize = 16;

// Sets of characters: the byte that ends their escape sequence, with 0x80 for two bytes a character.
const ASCII: u32 = 0x42;
const ISO8859_1: u32 = 0x41;
const ISO8859_7: u32 = 0x46;
const JISX0201_K: u32 = 0x49;
const JISX0201_R: u32 = 0x4a;
const GB2312: u32 = 0xc1;
const JISX0208: u32 = 0xc2;
const KSX1001: u32 = 0xc3;
const JISX0212: u32 = 0xc4;
const JISX0213_2000_1: u32 = 0xcf;
const JISX0213_2: u32 = 0xd0;
const JISX0213_2004_1: u32 = 0xd1;
const JISX0208_O: u32 = 0xc0;

// Flags of the state.
const FLAGS: usize = 4;
const SHIFTED: u8 = 1;
const THROUGH: u8 = 2;

function variantOf(c: multibytecodec): i32 {
  return c.flags >> VARIANT_SHIFT;
}

/** Set `i` of those that an encoding has, in the order in which they are tried; 0 behind the last. */
function setOf(variant: i32, i: i32): u32 {
  switch (variant) {
    case KR:
      return i == 0 ? KSX1001 : 0;
    case JP_1:
      return i == 0 ? JISX0208 : i == 1 ? JISX0212 : i == 2 ? JISX0201_R : i == 3 ? JISX0208_O : 0;
    case JP_2:
      return i == 0
        ? JISX0208
        : i == 1
          ? JISX0212
          : i == 2
            ? KSX1001
            : i == 3
              ? GB2312
              : i == 4
                ? JISX0201_R
                : i == 5
                  ? JISX0208_O
                  : i == 6
                    ? ISO8859_1
                    : i == 7
                      ? ISO8859_7
                      : 0;
    case JP_EXT:
      return i == 0
        ? JISX0208
        : i == 1
          ? JISX0212
          : i == 2
            ? JISX0201_R
            : i == 3
              ? JISX0201_K
              : i == 4
                ? JISX0208_O
                : 0;
    case JP_3:
      return i == 0 ? JISX0208 : i == 1 ? JISX0213_2000_1 : i == 2 ? JISX0213_2 : 0;
    case JP_2004:
      return i == 0 ? JISX0208 : i == 1 ? JISX0213_2004_1 : i == 2 ? JISX0213_2 : 0;
    default:
      return i == 0 ? JISX0208 : i == 1 ? JISX0201_R : i == 2 ? JISX0208_O : 0;
  }
}

function hasSet(variant: i32, set: u32): bool {
  let own: u32 = 1;
  for (let i = 0; own != 0; i++) {
    own = setOf(variant, i);
    if (own == set) return true;
  }
  return false;
}

/** The charset that has JIS X 0208: where JIS X 0213 is another, that stands in `charset`. */
function jisx0208(c: multibytecodec): usize {
  return c.charset != 0 ? c.charset : c.japanese;
}

/** Whether a row, by the first byte of its codes, is of the second plane of JIS X 0213; the others are of JIS X 0212. */
function isPlane2(a: u32): bool {
  return a == 0x21 || (a >= 0x23 && a <= 0x25) || a == 0x28 || (a >= 0x2c && a <= 0x2f) || a >= 0x6e;
}

/** The character of the bytes at `p` in a set; NONE for none. */
function decodeIn(c: multibytecodec, set: u32, p: usize): u32 {
  const a: u32 = load<u8>(p);
  if (set == JISX0201_R) return a == 0x5c ? 0xa5 : a == 0x7e ? 0x203e : a < 0x80 ? a : NONE;
  if (set == JISX0201_K) return a - 0x21 < 63 ? 0xff61 + a - 0x21 : NONE;
  const b: u32 = load<u8>(p + 1);
  if (a - 0x21 > 93 || b - 0x21 > 93) return NONE;
  const code = (a << 8) | b | 0x8080;
  switch (set) {
    case KSX1001:
      // In EUC a syllable that is spelt begins with it.
      return code == 0xa4d4 ? 0x3164 : characterOf(c.korean, code);
    case GB2312:
      return characterOf(c.chinese, code);
    case JISX0208:
    case JISX0208_O:
      return characterOf(jisx0208(c), code);
    case JISX0213_2:
      if (!isPlane2(a)) return NONE;
      // It is another one in EUC of the year 2000.
      return code == 0xfdbb ? 0x9b1c : characterOf(c.japanese, 0x8f0000 | code);
    case JISX0212:
      return characterOf(c.japanese, 0x8f0000 | code);
    default:
      // Only EUC has the fullwidth tilde here.
      return code == 0xa2b2 ? 0x7e : characterOf(c.japanese, code);
  }
}

/** The code of a character in a set, without the high bits; NONE for none. */
function encodeIn(c: multibytecodec, set: u32, character: u32): u32 {
  if (set == JISX0201_R) {
    if (character == 0xa5) return 0x5c;
    if (character == 0x203e) return 0x7e;
    return character < 0x80 && character != 0x5c && character != 0x7e ? character : NONE;
  }
  if (set == JISX0201_K) return character - 0xff61 < 63 ? character - 0xff61 + 0x21 : NONE;
  if (set == ISO8859_1 || set == ISO8859_7 || set == JISX0208_O) return NONE;
  const charset = set == KSX1001 ? c.korean : set == GB2312 ? c.chinese : set == JISX0208 ? jisx0208(c) : c.japanese;
  const code = codeOf(charset, character);
  if (code == NONE || code < 0xa1a1) return NONE;
  const three = code > 0xffff;
  if (three != (set == JISX0212 || set == JISX0213_2)) return NONE;
  if (set == JISX0213_2 && !isPlane2((code >> 8) & 0x7f)) return NONE;
  if (code == 0xa2b2 && (set == JISX0213_2000_1 || set == JISX0213_2004_1)) return NONE;
  return (code & 0x8080) == 0x8080 ? code & 0x7f7f : NONE;
}

/** The escape sequence that makes a set G0, or G1: whether there was memory. */
function designate(w: usize, set: u32, second: bool): bool {
  const mark = set & 0x7f;
  if ((set & 0x80) == 0) return writeCode(w, (ESC << 16) | ((second ? 0x29 : 0x28) << 8) | mark, 3);
  if (set == JISX0208 && !second) return writeCode(w, (ESC << 16) | (0x24 << 8) | mark, 3);
  return writeCode(w, (ESC << 24) | (0x24 << 16) | ((second ? 0x29 : 0x28) << 8) | mark, 4);
}

/** Writes a code of a set, after what makes it the current one: whether there was memory. */
function writeIn(c: multibytecodec, state: usize, set: u32, code: u32, w: usize): bool {
  const second = variantOf(c) == KR;
  const slot = state + (second ? 1 : 0);
  if (!second && (load<u8>(state + FLAGS) & SHIFTED) != 0) {
    if (!writeCode(w, SI, 1)) return false;
    store<u8>(state + FLAGS, load<u8>(state + FLAGS) & ~SHIFTED);
  }
  if (load<u8>(slot) != set) {
    if (!designate(w, set, second)) return false;
    store<u8>(slot, <u8>set);
  }
  if (second && (load<u8>(state + FLAGS) & SHIFTED) == 0) {
    if (!writeCode(w, SO, 1)) return false;
    store<u8>(state + FLAGS, load<u8>(state + FLAGS) | SHIFTED);
  }
  return writeCode(w, code, (set & 0x80) != 0 ? 2 : 1);
}

/** What an encoding begins with: in decoding there is a G2. */
export function initState(state: usize, decoding: bool): void {
  store<u64>(state, ASCII | (ASCII << 8) | (decoding ? ASCII << 16 : 0));
}

/** Goes back to ASCII: whether there was memory. */
export function resetState(state: usize, w: usize): bool {
  if ((load<u8>(state + FLAGS) & SHIFTED) != 0) {
    if (!writeCode(w, SI, 1)) return false;
    store<u8>(state + FLAGS, load<u8>(state + FLAGS) & ~SHIFTED);
  }
  if (load<u8>(state) == ASCII) return true;
  store<u8>(state, <u8>ASCII);
  return designate(w, ASCII, false);
}

/** As encodeStep() of the others. */
export function encodeIso2022(
  c: multibytecodec,
  state: usize,
  s: usize,
  i: isize,
  n: isize,
  flush: bool,
  w: usize,
): isize {
  const character = U.at(s, i);
  if (character < 0x80) {
    if (load<u8>(state) != ASCII) {
      if (!designate(w, ASCII, false)) return MEMORY;
      store<u8>(state, <u8>ASCII);
    }
    if ((load<u8>(state + FLAGS) & SHIFTED) != 0) {
      if (!writeCode(w, SI, 1)) return MEMORY;
      store<u8>(state + FLAGS, load<u8>(state + FLAGS) & ~SHIFTED);
    }
    return writeCode(w, character, 1) ? 1 : MEMORY;
  }
  const variant = variantOf(c);
  if (variant == JP_3 || variant == JP_2004) {
    const plane1 = variant == JP_3 ? JISX0213_2000_1 : JISX0213_2004_1;
    if (codeOfPair(c.japanese, character, 0) != NONE) {
      if (i + 1 >= n && !flush) return TOO_FEW;
      const pair = i + 1 < n ? codeOfPair(c.japanese, character, U.at(s, i + 1)) : NONE;
      if (pair != NONE) return writeIn(c, state, plane1, pair & 0x7f7f, w) ? 2 : MEMORY;
    }
  }
  let set = setOf(variant, 0);
  for (let k = 1; set != 0; k++) {
    const code = encodeIn(c, set, character);
    if (code != NONE) return writeIn(c, state, set, code, w) ? 1 : MEMORY;
    set = setOf(variant, k);
  }
  return -1;
}

/** An escape sequence at `p`: as decodeStep(). */
function designation(c: multibytecodec, state: usize, p: usize, left: isize): isize {
  let length: isize = 0;
  for (let i: isize = 1; i < ESCAPE_MAX; i++) {
    if (i >= left) return TOO_FEW;
    const b: u32 = load<u8>(p + <usize>i);
    if (b - 0x41 < 26 || b == 0x40) {
      length = i + 1;
      break;
    }
    if ((c.flags & USE_JISX0208_EXT) != 0 && i + 1 < left && b == 0x26 && load<u8>(p + <usize>i + 1) == 0x40) i += 2;
  }
  if (length == 0) return -1;
  const b: u32 = load<u8>(p + 1);
  const d: u32 = length > 2 ? load<u8>(p + 2) : 0;
  let set: u32;
  let place: usize = 0;
  if (length == 3) {
    if (b == 0x24) set = d | 0x80;
    else {
      set = d;
      if (b == 0x29) place = 1;
      else if (b == 0x2e && (c.flags & USE_G2) != 0) place = 2;
      else if (b != 0x28) return -3;
    }
  } else if (length == 4) {
    if (b != 0x24 || (d != 0x28 && d != 0x29)) return -4;
    set = <u32>load<u8>(p + 3) | 0x80;
    place = d == 0x29 ? 1 : 0;
  } else if (length == 6) {
    const prefixed =
      (c.flags & USE_JISX0208_EXT) != 0 && load<u8>(p + 3) == ESC && load<u8>(p + 4) == 0x24 && load<u8>(p + 5) == 0x42;
    if (!prefixed) return -6;
    set = JISX0208;
  } else return -length;
  if (set != ASCII && !hasSet(variantOf(c), set)) return -length;
  store<u8>(state + place, <u8>set);
  return length;
}

/** A character of G2, behind ESC N at `p`: as decodeStep(). */
function singleShift(state: usize, p: usize, w: usize): isize {
  const b: u32 = load<u8>(p + 2);
  const set: u32 = load<u8>(state + 2);
  let c = NONE;
  if (set == ISO8859_1) c = b < 0x80 ? b + 0x80 : NONE;
  else if (set == ASCII) c = b < 0x80 ? b : NONE;
  else if (set == ISO8859_7) c = greek(b ^ 0x80);
  if (c == NONE) return -3;
  return Writer.char(w, c) == 0 ? 3 : MEMORY;
}

/** The character of a byte in ISO 8859-7. */
function greek(b: u32): u32 {
  if (b < 0xa0) return b;
  if (b < 0xc0 && (0x288f3bc9 & (1 << (b - 0xa0))) != 0) return b;
  if (b >= 0xb4 && b <= 0xfe && (b >= 0xd4 || (0xbffffd77 & (1 << (b - 0xb4))) != 0)) return 0x2d0 + b;
  return b == 0xa1 ? 0x2018 : b == 0xa2 ? 0x2019 : b == 0xaf ? 0x2015 : NONE;
}

/** As decodeStep() of the others. */
export function decodeIso2022(c: multibytecodec, state: usize, p: usize, left: isize, w: usize): isize {
  const a: u32 = load<u8>(p);
  const flags = load<u8>(state + FLAGS);
  if ((flags & THROUGH) != 0) {
    if (a - 0x41 < 26 || a == 0x40) store<u8>(state + FLAGS, flags & ~THROUGH);
    return Writer.char(w, a) == 0 ? 1 : MEMORY;
  }
  if (a == ESC) {
    if (left < 2) return TOO_FEW;
    const b: u32 = load<u8>(p + 1);
    if (b == 0x28 || b == 0x29 || b == 0x24 || b == 0x2e || b == 0x26) return designation(c, state, p, left);
    if ((c.flags & USE_G2) != 0 && b == 0x4e) return left < 3 ? TOO_FEW : singleShift(state, p, w);
    store<u8>(state + FLAGS, flags | THROUGH);
    return Writer.char(w, ESC) == 0 ? 1 : MEMORY;
  }
  if ((a == SI || a == SO) && (c.flags & NO_SHIFT) == 0) {
    store<u8>(state + FLAGS, a == SO ? flags | SHIFTED : flags & ~SHIFTED);
    return 1;
  }
  if (a == 10) {
    store<u8>(state + FLAGS, flags & ~SHIFTED);
    return Writer.char(w, 10) == 0 ? 1 : MEMORY;
  }
  if (a >= 0x80) return -1;
  const set: u32 = (flags & SHIFTED) != 0 ? load<u8>(state + 1) : load<u8>(state);
  if (a < 0x20 || set == ASCII) return Writer.char(w, a) == 0 ? 1 : MEMORY;
  const width: isize = (set & 0x80) != 0 ? 2 : 1;
  if (left < width) return TOO_FEW;
  const character = decodeIn(c, set, p);
  if (character == NONE) return -width;
  return writeCharacter(w, c.japanese, character) ? width : MEMORY;
}
