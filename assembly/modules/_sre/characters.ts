// Single characters against categories and sets (the first part of CPython 3.13's Modules/_sre/sre.c, and charset of
// sre_lib.h).
//
// Deliberate difference: there are no locales, so that the LOCALE forms know ASCII alone, as in the C and the UTF-8 ones.

import {
  Character,
  IS_ALPHA,
  IS_DECIMAL,
  IS_DIGIT,
  IS_NUMERIC,
  mapSimple,
  TO_LOWER,
  upperFirst,
} from "../../objects/text/properties";
import {
  BIGCHARSET,
  CATEGORY,
  CATEGORY_DIGIT,
  CATEGORY_LINEBREAK,
  CATEGORY_LOC_WORD,
  CATEGORY_SPACE,
  CATEGORY_UNI_DIGIT,
  CATEGORY_UNI_LINEBREAK,
  CATEGORY_UNI_SPACE,
  CATEGORY_UNI_WORD,
  CATEGORY_WORD,
  CHARSET,
  Code,
  FAILURE,
  LITERAL,
  NEGATE,
  RANGE,
  RANGE_UNI_IGNORE,
} from "./codes";

/** What is asked of characters most often. */
export class Char {
  /** Whether a character is a letter, a digit or an underscore of ASCII. */
  @inline static isWord(c: u32): bool {
    return c < 128 && (((c < 64 ? <u64>0x03ff000000000000 : <u64>0x07fffffe87fffffe) >> <u64>(c & 63)) & 1) != 0;
  }

  /** Whether a character is a letter or a number of Unicode, or an underscore. */
  @inline static isUnicodeWord(c: u32): bool {
    return c < 128 ? Char.isWord(c) : Character.is(c, IS_ALPHA | IS_DECIMAL | IS_DIGIT | IS_NUMERIC);
  }

  @inline static lowerAscii(c: u32): u32 {
    return c - 65 < 26 ? c + 32 : c;
  }

  @inline static upperAscii(c: u32): u32 {
    return c - 97 < 26 ? c - 32 : c;
  }

  @inline static lowerUnicode(c: u32): u32 {
    return c < 128 ? Char.lowerAscii(c) : mapSimple(c, TO_LOWER);
  }

  /** The simple upper case: the first of several characters. */
  @inline static upperUnicode(c: u32): u32 {
    return c < 128 ? Char.upperAscii(c) : upperFirst(c);
  }

  /** Whether `c` is the literal, in either case of the locale. */
  @inline static equalsIgnoringLocaleCase(literal: u32, c: u32): bool {
    return c == literal || Char.lowerAscii(c) == literal || Char.upperAscii(c) == literal;
  }

  @inline static bit(words: usize, i: u32): bool {
    return (Code.word(words, i >> 5) & (1 << (i & 31))) != 0;
  }
}

/** Whether the character is of the category, one of CATEGORY_*. */
export function isOfCategory(category: u32, c: u32): bool {
  let is: bool = false;
  switch (category & ~1) {
    case CATEGORY_DIGIT:
      is = c - 48 < 10;
      break;
    case CATEGORY_SPACE:
      is = c == 32 || c - 9 < 5;
      break;
    case CATEGORY_WORD:
    case CATEGORY_LOC_WORD:
      is = Char.isWord(c);
      break;
    case CATEGORY_LINEBREAK:
      is = c == 10;
      break;
    case CATEGORY_UNI_DIGIT:
      is = c < 128 ? c - 48 < 10 : Character.is(c, IS_DECIMAL);
      break;
    case CATEGORY_UNI_SPACE:
      is = Character.isSpace(c);
      break;
    case CATEGORY_UNI_WORD:
      is = Char.isUnicodeWord(c);
      break;
    case CATEGORY_UNI_LINEBREAK:
      is = Character.isLinebreak(c);
      break;
  }
  return is != ((category & 1) != 0);
}

/** Whether the character is in the set at `set`, which FAILURE ends. */
export function isInSet(set: usize, c: u32): bool {
  let found = true;
  while (true) {
    const op = load<u32>(set);
    set += 4;
    switch (op) {
      case FAILURE:
        return !found;
      case LITERAL:
        if (c == load<u32>(set)) return found;
        set += 4;
        break;
      case CATEGORY:
        if (isOfCategory(load<u32>(set), c)) return found;
        set += 4;
        break;
      case CHARSET:
        if (c < 256 && Char.bit(set, c)) return found;
        set += 32;
        break;
      case RANGE:
        if (load<u32>(set) <= c && c <= load<u32>(set, 4)) return found;
        set += 8;
        break;
      case RANGE_UNI_IGNORE: {
        // The character is in lower case already.
        if (load<u32>(set) <= c && c <= load<u32>(set, 4)) return found;
        const upper = Char.upperUnicode(c);
        if (load<u32>(set) <= upper && upper <= load<u32>(set, 4)) return found;
        set += 8;
        break;
      }
      case NEGATE:
        found = !found;
        break;
      case BIGCHARSET: {
        // A number of blocks, for each upper byte the number of its block, the blocks.
        const blocks = load<u32>(set);
        set += 4;
        if (c < 0x10000) {
          const block = <u32>load<u8>(set + (c >> 8));
          if (Char.bit(set + 256, (block << 8) + (c & 255))) return found;
        }
        set += 256 + (blocks << 5);
        break;
      }
      default:
        return false;
    }
  }
}

/** As isInSet, for a character in either case of the locale. */
export function isInSetIgnoringLocaleCase(set: usize, c: u32): bool {
  const lower = Char.lowerAscii(c);
  if (isInSet(set, lower)) return true;
  const upper = Char.upperAscii(c);
  return upper != lower && isInSet(set, upper);
}
