// Changing and asking case and other properties of whole strings (CPython 3.13's Objects/unicodeobject.c: do_upper,
// do_title, …, unicode_isalpha_impl, …).

import { _Py_FalseStruct, _Py_TrueStruct } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyErr_NoMemory } from "../errors/raise";
import { boolObject } from "../numbers/bool";
import { U } from "./access";
import { PyUnicode_FromKindAndData, PyUnicode_New, unicodeResultUnchanged } from "./create";
import {
  Character,
  IS_ALPHA,
  IS_CASE_IGNORABLE,
  IS_CASED,
  IS_DECIMAL,
  IS_DIGIT,
  IS_LOWER,
  IS_NUMERIC,
  IS_TITLE,
  IS_UPPER,
  IS_XID_CONTINUE,
  IS_XID_START,
  mapCharacter,
  TO_FOLDED,
  TO_LOWER,
  TO_TITLE,
  TO_UPPER,
} from "./properties";

const LOWER: i32 = 0;
const UPPER: i32 = 1;
const TITLE: i32 = 2;
const CAPITALIZE: i32 = 3;
const SWAP: i32 = 4;
const FOLD: i32 = 5;

/** Whether the capital sigma at `i` ends a word: then its lower case is another. */
function isFinalSigma(kind: u32, data: usize, n: isize, i: isize): bool {
  let j = i - 1;
  while (j >= 0 && Character.is(U.read(kind, data, j), IS_CASE_IGNORABLE)) j--;
  if (j < 0 || !Character.is(U.read(kind, data, j), IS_CASED)) return false;
  j = i + 1;
  while (j < n && Character.is(U.read(kind, data, j), IS_CASE_IGNORABLE)) j++;
  return j == n || !Character.is(U.read(kind, data, j), IS_CASED);
}

/** Writes the lower case of character `i`, which depends on its neighbours for one letter; how many characters. */
function lowerAt(kind: u32, data: usize, n: isize, i: isize, out: usize): isize {
  const c = U.read(kind, data, i);
  if (c == 0x3a3) {
    store<u32>(out, isFinalSigma(kind, data, n, i) ? 0x3c2 : 0x3c3);
    return 1;
  }
  return mapCharacter(c, TO_LOWER, out);
}

/** Every byte of eight that is an ASCII letter between `first` and `last`, as bit 5 of that byte. */
function lettersBetween(eight: u64, first: u64, last: u64): u64 {
  const ones: u64 = 0x0101010101010101;
  return (((eight + (0x80 - first) * ones) ^ (eight + (0x7f - last) * ones)) & (0x80 * ones)) >> 2;
}

function convertAscii(s: usize, how: i32): usize {
  const n = U.length(s);
  const r = PyUnicode_New(n, 127);
  if (r == 0) return 0;
  const from = U.data(s);
  const to = U.data(r);
  if (how == UPPER || how == LOWER || how == FOLD) {
    // Eight at a time, then the rest as if it were eight.
    let i: usize = 0;
    for (; i + 8 <= <usize>n; i += 8) {
      const eight = load<u64>(from + i);
      store<u64>(to + i, eight ^ (how == UPPER ? lettersBetween(eight, 97, 122) : lettersBetween(eight, 65, 90)));
    }
    for (; i < <usize>n; i++) {
      const c: u64 = load<u8>(from + i);
      store<u8>(to + i, <u8>(c ^ (how == UPPER ? lettersBetween(c, 97, 122) : lettersBetween(c, 65, 90))));
    }
    return r;
  }
  let cased: bool = false;
  for (let i: usize = 0; i < <usize>n; i++) {
    let c = <u32>load<u8>(from + i);
    const lower = c - 97 < 26;
    const upper = c - 65 < 26;
    const wantUpper =
      how == UPPER || (how == TITLE && !cased) || (how == CAPITALIZE && i == 0) || (how == SWAP && lower);
    if (wantUpper) {
      if (lower) c -= 32;
    } else if (upper) c += 32;
    cased = lower || upper;
    store<u8>(to + i, c);
  }
  return r;
}

function convert(s: usize, how: i32): usize {
  const n = U.length(s);
  if (n == 0) return unicodeResultUnchanged(s);
  if (U.isAscii(s)) return convertAscii(s, how);
  const kind = U.kind(s);
  const data = U.data(s);
  if (n > 0x7ffffff0 / 12) return PyErr_NoMemory();
  const buffer = PyMem_Malloc(<usize>n * 12);
  if (buffer == 0) return PyErr_NoMemory();
  let p = buffer;
  let cased: bool = false;
  for (let i: isize = 0; i < n; i++) {
    const c = U.read(kind, data, i);
    let m: isize;
    if (how == UPPER) m = mapCharacter(c, TO_UPPER, p);
    else if (how == FOLD) m = mapCharacter(c, TO_FOLDED, p);
    else if ((how == TITLE && !cased) || (how == CAPITALIZE && i == 0)) m = mapCharacter(c, TO_TITLE, p);
    else if (how == SWAP && !Character.is(c, IS_UPPER)) {
      if (Character.is(c, IS_LOWER)) m = mapCharacter(c, TO_UPPER, p);
      else {
        store<u32>(p, c);
        m = 1;
      }
    } else m = lowerAt(kind, data, n, i, p);
    if (how == TITLE) cased = isCased(c);
    p += (<usize>m) << 2;
  }
  const r = PyUnicode_FromKindAndData(4, buffer, <isize>((p - buffer) >> 2));
  PyMem_Free(buffer);
  return r;
}

/** Whether title() goes on in lower case after it. */
function isCased(c: u32): bool {
  return Character.is(c, IS_CASED | IS_LOWER | IS_UPPER | IS_TITLE);
}

/**
 * @native str.lower($self, /)
 *
 * A copy with lower case letters, where they exist.
 */
export function unicode_lower(s: usize, _: usize): usize {
  return convert(s, LOWER);
}

/**
 * @native str.upper($self, /)
 *
 * A copy with capital letters, where they exist.
 */
export function unicode_upper(s: usize, _: usize): usize {
  return convert(s, UPPER);
}

/**
 * @native str.title($self, /)
 *
 * A copy in which each word begins with a capital.
 *
 * A word is what stands between characters that have no case; its first character becomes title case, the others lower case.
 */
export function unicode_title(s: usize, _: usize): usize {
  return convert(s, TITLE);
}

/**
 * @native str.capitalize($self, /)
 *
 * A copy that begins with a capital.
 *
 * The first character is converted to title case, all of the others to lower case, if any.
 */
export function unicode_capitalize(s: usize, _: usize): usize {
  return convert(s, CAPITALIZE);
}

/**
 * @native str.swapcase($self, /)
 *
 * A copy with upper case where there was lower case, and the other way round.
 */
export function unicode_swapcase(s: usize, _: usize): usize {
  return convert(s, SWAP);
}

/**
 * @native str.casefold($self, /)
 *
 * A copy for comparing, in which case makes no difference.
 */
export function unicode_casefold(s: usize, _: usize): usize {
  return U.isAscii(s) ? convert(s, LOWER) : convert(s, FOLD);
}

/** Whether there is a character, and each has one of the properties. */
function all(s: usize, property: u32): usize {
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  for (let i: isize = 0; i < n; i++) if (!Character.is(U.read(kind, data, i), property)) return _Py_FalseStruct;
  return n > 0 ? _Py_TrueStruct : _Py_FalseStruct;
}

/**
 * @native str.isalpha($self, /)
 *
 * Whether it is made of letters only.
 *
 * Letters are what Unicode calls so in any script, with or without case; marks, digits and blanks are not among them. There must be at least one of them.
 */
export function unicode_isalpha(s: usize, _: usize): usize {
  return all(s, IS_ALPHA);
}

/**
 * @native str.isalnum($self, /)
 *
 * Whether it is made of letters and numbers only.
 *
 * Each character has to satisfy one of isalpha(), isdecimal(), isdigit() and isnumeric(), and there must be at least one of these in all.
 */
export function unicode_isalnum(s: usize, _: usize): usize {
  return all(s, IS_ALPHA | IS_DECIMAL | IS_DIGIT | IS_NUMERIC);
}

/**
 * @native str.isdecimal($self, /)
 *
 * Whether it is made of decimal digits only.
 *
 * These are the digits of all the scripts that write numbers in base 10, from 0 to 9; int() takes them all. There must be at least one of these.
 */
export function unicode_isdecimal(s: usize, _: usize): usize {
  return all(s, IS_DECIMAL);
}

/**
 * @native str.isdigit($self, /)
 *
 * Whether it is made of digits only.
 *
 * Besides the decimal digits these are such as have a special form, like the raised or circled ones. There must be at least one of them.
 */
export function unicode_isdigit(s: usize, _: usize): usize {
  return all(s, IS_DIGIT);
}

/**
 * @native str.isnumeric($self, /)
 *
 * Whether it is made of characters that stand for numbers.
 *
 * These are digits of every form, and fractions, Roman numerals and the like. There must be at least one of them.
 */
export function unicode_isnumeric(s: usize, _: usize): usize {
  return all(s, IS_NUMERIC);
}

/**
 * @native str.isspace($self, /)
 *
 * Whether it is made of white space only.
 *
 * White space is what Unicode calls so, or treats like it in text that runs both ways: blanks, tabs, ends of lines. There must be at least one of it.
 */
export function unicode_isspace(s: usize, _: usize): usize {
  const n = U.length(s);
  for (let i: isize = 0; i < n; i++) if (!Character.isSpace(U.at(s, i))) return _Py_FalseStruct;
  return n > 0 ? _Py_TrueStruct : _Py_FalseStruct;
}

/**
 * @native str.isprintable($self, /)
 *
 * Whether repr() would show all its characters as they are.
 *
 * It would not for control characters and separators other than the blank. Empty text is printable.
 */
export function unicode_isprintable(s: usize, _: usize): usize {
  const n = U.length(s);
  for (let i: isize = 0; i < n; i++) if (!Character.isPrintable(U.at(s, i))) return _Py_FalseStruct;
  return _Py_TrueStruct;
}

/**
 * @native str.isascii($self, /)
 *
 * Whether there is no character beyond ASCII in it: all their numbers are below 128.
 *
 * That is so for the empty string. Such text takes a byte a character.
 */
export function unicode_isascii(s: usize, _: usize): usize {
  return boolObject(U.isAscii(s));
}

/** Whether cased characters are there, and none is of the other case or title case. */
function oneCase(s: usize, wanted: u32, unwanted: u32): usize {
  const n = U.length(s);
  let cased: bool = false;
  for (let i: isize = 0; i < n; i++) {
    const c = U.at(s, i);
    if (Character.is(c, unwanted)) return _Py_FalseStruct;
    if (Character.is(c, wanted)) cased = true;
  }
  return cased ? _Py_TrueStruct : _Py_FalseStruct;
}

/**
 * @native str.islower($self, /)
 *
 * Whether there are letters with case in it, all of them in lower case.
 *
 * Digits, blanks and letters of scripts without case do not matter, but a text of nothing else than these is in no case.
 */
export function unicode_islower(s: usize, _: usize): usize {
  return oneCase(s, IS_LOWER, IS_UPPER | IS_TITLE);
}

/**
 * @native str.isupper($self, /)
 *
 * Whether there are letters with case in it, all of them in upper case.
 *
 * Digits, blanks and letters of scripts without case do not matter, but a text of nothing else than these is in no case.
 */
export function unicode_isupper(s: usize, _: usize): usize {
  return oneCase(s, IS_UPPER, IS_LOWER | IS_TITLE);
}

/**
 * @native str.istitle($self, /)
 *
 * Whether every word in it begins with a capital and goes on in lower case.
 *
 * A word is what stands between characters without case, as for title(), and there must be one: the empty string is not a title.
 */
export function unicode_istitle(s: usize, _: usize): usize {
  const n = U.length(s);
  let any = false;
  let inside = false;
  for (let i: isize = 0; i < n; i++) {
    const c = U.at(s, i);
    if (Character.is(c, IS_UPPER | IS_TITLE)) {
      if (inside) return _Py_FalseStruct;
      inside = true;
      any = true;
    } else if (Character.is(c, IS_LOWER)) {
      if (!inside) return _Py_FalseStruct;
      any = true;
    } else inside = false;
  }
  return any ? _Py_TrueStruct : _Py_FalseStruct;
}

/** PyUnicode_IsIdentifier. Never fails. */
export function PyUnicode_IsIdentifier(s: usize): bool {
  const n = U.length(s);
  if (n == 0 || !Character.is(U.at(s, 0), IS_XID_START)) return false;
  for (let i: isize = 1; i < n; i++) if (!Character.is(U.at(s, i), IS_XID_CONTINUE)) return false;
  return true;
}

/**
 * @native str.isidentifier($self, /)
 *
 * Whether it could be a name in a program: letters, digits and underscores, no digit first.
 *
 * The words that Python reserves are names in this sense too; the module keyword knows them.
 */
export function unicode_isidentifier(s: usize, _: usize): usize {
  return boolObject(PyUnicode_IsIdentifier(s));
}
