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

export function unicode_lower(s: usize, _: usize): usize {
  return convert(s, LOWER);
}

export function unicode_upper(s: usize, _: usize): usize {
  return convert(s, UPPER);
}

export function unicode_title(s: usize, _: usize): usize {
  return convert(s, TITLE);
}

export function unicode_capitalize(s: usize, _: usize): usize {
  return convert(s, CAPITALIZE);
}

export function unicode_swapcase(s: usize, _: usize): usize {
  return convert(s, SWAP);
}

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

export function unicode_isalpha(s: usize, _: usize): usize {
  return all(s, IS_ALPHA);
}

export function unicode_isalnum(s: usize, _: usize): usize {
  return all(s, IS_ALPHA | IS_DECIMAL | IS_DIGIT | IS_NUMERIC);
}

export function unicode_isdecimal(s: usize, _: usize): usize {
  return all(s, IS_DECIMAL);
}

export function unicode_isdigit(s: usize, _: usize): usize {
  return all(s, IS_DIGIT);
}

export function unicode_isnumeric(s: usize, _: usize): usize {
  return all(s, IS_NUMERIC);
}

export function unicode_isspace(s: usize, _: usize): usize {
  const n = U.length(s);
  for (let i: isize = 0; i < n; i++) if (!Character.isSpace(U.at(s, i))) return _Py_FalseStruct;
  return n > 0 ? _Py_TrueStruct : _Py_FalseStruct;
}

export function unicode_isprintable(s: usize, _: usize): usize {
  const n = U.length(s);
  for (let i: isize = 0; i < n; i++) if (!Character.isPrintable(U.at(s, i))) return _Py_FalseStruct;
  return _Py_TrueStruct;
}

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

export function unicode_islower(s: usize, _: usize): usize {
  return oneCase(s, IS_LOWER, IS_UPPER | IS_TITLE);
}

export function unicode_isupper(s: usize, _: usize): usize {
  return oneCase(s, IS_UPPER, IS_LOWER | IS_TITLE);
}

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

export function unicode_isidentifier(s: usize, _: usize): usize {
  return boolObject(PyUnicode_IsIdentifier(s));
}
