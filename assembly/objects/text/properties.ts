// What is known of each character (CPython 3.13's Objects/unicodectype.c), from generated tables of Unicode 15.1.
//
// A record, 24 bytes: flags | differences to lower, upper, title and folded form | decimal value, digit value << 8.
// A difference of 2^28 and more is an index into `unicodeExtended`: the character becomes several.

import { unicodeExtended, unicodeIndex1, unicodeIndex2, unicodeRecords } from "../../generated/unicode";
import { Py } from "../object/head";
import { U } from "./access";
import { PyUnicode_New } from "./create";

export const IS_ALPHA: u32 = 1;
export const IS_DECIMAL: u32 = 2;
export const IS_DIGIT: u32 = 4;
export const IS_NUMERIC: u32 = 8;
export const IS_LOWER: u32 = 16;
export const IS_UPPER: u32 = 32;
export const IS_TITLE: u32 = 64;
export const IS_SPACE: u32 = 128;
export const IS_LINEBREAK: u32 = 256;
export const IS_PRINTABLE: u32 = 512;
export const IS_XID_START: u32 = 1024;
export const IS_XID_CONTINUE: u32 = 2048;
export const IS_CASED: u32 = 4096;
export const IS_CASE_IGNORABLE: u32 = 8192;

/** Which mapping: the offset of its field. */
export const TO_LOWER: usize = 4;
export const TO_UPPER: usize = 8;
export const TO_TITLE: usize = 12;
export const TO_FOLDED: usize = 16;

const EXTENDED: i32 = 1 << 28;

export class Character {
  /** Address of the character's record. */
  @inline static record(c: u32): usize {
    const page = <usize>load<u16>(unicodeIndex1 + ((c >> 7) << 1));
    return unicodeRecords + <usize>load<u16>(unicodeIndex2 + (((page << 7) + (c & 127)) << 1)) * 24;
  }

  /** Whether it has one of the properties, IS_*. */
  @inline static is(c: u32, property: u32): bool {
    return (load<u32>(Character.record(c)) & property) != 0;
  }

  /** Its value as a decimal digit; -1 where it is none. */
  @inline static decimal(c: u32): i32 {
    const v = load<u8>(Character.record(c), 20);
    return v == 255 ? -1 : v;
  }

  /** Its value as a digit of any kind; -1 where it is none. */
  @inline static digit(c: u32): i32 {
    const v = load<u8>(Character.record(c), 21);
    return v == 255 ? -1 : v;
  }

  @inline static isSpace(c: u32): bool {
    return c < 128 ? c == 32 || (c >= 9 && c <= 13) || (c >= 28 && c <= 31) : Character.is(c, IS_SPACE);
  }

  @inline static isLinebreak(c: u32): bool {
    return c < 128 ? (c >= 10 && c <= 13) || (c >= 28 && c <= 30) : Character.is(c, IS_LINEBREAK);
  }

  @inline static isPrintable(c: u32): bool {
    return c < 127 ? c >= 32 : Character.is(c, IS_PRINTABLE);
  }
}

/** Writes the mapping of `c` (TO_LOWER…) as 32-bit characters to `out`, at most three; how many. */
export function mapCharacter(c: u32, mapping: usize, out: usize): isize {
  const d = load<i32>(Character.record(c) + mapping);
  if (d < EXTENDED) {
    store<u32>(out, c + d);
    return 1;
  }
  const p = unicodeExtended + ((<usize>(d - EXTENDED)) << 2);
  const n = load<u32>(p);
  memory.copy(out, p + 4, n << 2);
  return n;
}

/** The one character that `c` becomes in a simple mapping: the first of several for lower case, else itself. */
export function mapSimple(c: u32, mapping: usize): u32 {
  const d = load<i32>(Character.record(c) + mapping);
  if (d < EXTENDED) return c + d;
  return mapping == TO_LOWER ? load<u32>(unicodeExtended + ((<usize>(d - EXTENDED)) << 2), 4) : c;
}

/** The upper case of `c`, the first of several: what regular expressions compare. */
export function upperFirst(c: u32): u32 {
  const d = load<i32>(Character.record(c) + TO_UPPER);
  return d < EXTENDED ? c + d : load<u32>(unicodeExtended + ((<usize>(d - EXTENDED)) << 2), 4);
}

/**
 * The text with every decimal digit as ASCII, every space as " ", anything else beyond ASCII as "?" (and what follows
 * it left out), for parsers of numbers: a new str, `s` itself where it is ASCII. Null with MemoryError.
 */
export function transformDecimalAndSpaceToASCII(s: usize): usize {
  if (U.isAscii(s)) return Py.NewRef(s);
  const n = U.length(s);
  const r = PyUnicode_New(n, 127);
  if (r == 0) return 0;
  const kind = U.kind(s);
  const data = U.data(s);
  for (let i: isize = 0; i < n; i++) {
    let c = U.read(kind, data, i);
    if (c >= 127) {
      if (Character.isSpace(c)) c = 32;
      else {
        const v = Character.decimal(c);
        if (v < 0) {
          memory.fill(U.asciiData(r) + <usize>i, 0x3f, <usize>(n - i));
          return r;
        }
        c = 48 + v;
      }
    }
    store<u8>(U.asciiData(r) + <usize>i, c);
  }
  return r;
}
