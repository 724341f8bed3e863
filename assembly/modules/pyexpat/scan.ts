// Characters and tokens of XML in UTF-8 (the tokenizer of expat, which CPython 3.13's Modules/pyexpat.c brings along): what is
// scanned lies between two addresses; where scanning has come to is the parser's `next`.
//
// Difference: names are those of the fifth edition of XML 1.0, expat's those of the fourth.

import { xmlparser } from "../../generated/layouts";

/** The token is whole, and `next` is behind it. */
export const TOKEN: i32 = 0;
/** The input ends within it. */
export const PARTIAL: i32 = 1;
/** The input ends within a character of it. */
export const PARTIAL_CHARACTER: i32 = 2;
/** What is at `next` cannot be there. */
export const INVALID: i32 = 3;

/** Bytes of the character at `p`; 0 where the input ends within it, -1 where it is none of XML. */
export function characterSize(p: usize, end: usize): i32 {
  const c: u32 = load<u8>(p);
  if (c < 0x80) return c >= 0x20 || c == 9 || c == 10 || c == 13 ? 1 : -1;
  const size = c < 0xc2 || c > 0xf4 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  if (size == 0) return -1;
  if (p + size > end) return 0;
  for (let i = 1; i < size; i++) if ((load<u8>(p + i) & 0xc0) != 0x80) return -1;
  const v = characterAt(p);
  if (size == 3 && (v < 0x800 || (v >= 0xd800 && v < 0xe000) || v == 0xfffe || v == 0xffff)) return -1;
  return size == 4 && (v < 0x10000 || v > 0x10ffff) ? -1 : size;
}

/** The character at `p`, which is whole. */
export function characterAt(p: usize): u32 {
  const c: u32 = load<u8>(p);
  if (c < 0x80) return c;
  const second: u32 = load<u8>(p + 1) & 0x3f;
  if (c < 0xe0) return ((c & 0x1f) << 6) | second;
  const third: u32 = load<u8>(p + 2) & 0x3f;
  if (c < 0xf0) return ((c & 15) << 12) | (second << 6) | third;
  const fourth: u32 = load<u8>(p + 3) & 0x3f;
  return ((c & 7) << 18) | (second << 12) | (third << 6) | fourth;
}

export function isSpace(c: u32): bool {
  return c == 32 || c == 9 || c == 10 || c == 13;
}

function isDigit(c: u32, hex: bool): bool {
  return c - 48 < 10 || (hex && (c | 32) - 97 < 6);
}

/** Whether a name may begin with the character, colons left out. */
function isNameStart(c: u32): bool {
  if (c < 0x80) return (c | 32) - 97 < 26 || c == 0x5f;
  return (
    (c >= 0xc0 && c != 0xd7 && c != 0xf7 && c < 0x300) ||
    (c >= 0x370 && c != 0x37e && c < 0x2000) ||
    c == 0x200c ||
    c == 0x200d ||
    (c >= 0x2070 && c < 0x2190) ||
    (c >= 0x2c00 && c < 0x2ff0) ||
    (c >= 0x3001 && c < 0xd800) ||
    (c >= 0xf900 && c < 0xfdd0) ||
    (c >= 0xfdf0 && c < 0xfffe) ||
    (c >= 0x10000 && c < 0xf0000)
  );
}

function isNameCharacter(c: u32): bool {
  return (
    isNameStart(c) ||
    c - 48 < 10 ||
    c == 0x2d ||
    c == 0x2e ||
    c == 0xb7 ||
    (c >= 0x300 && c < 0x370) ||
    c == 0x203f ||
    c == 0x2040
  );
}

/** Whether something at `p` could be part of a name. */
export function beginsName(p: usize, end: usize): bool {
  const size = characterSize(p, end);
  if (size <= 0) return false;
  const c = characterAt(p);
  return isNameStart(c) || c == 0x3a;
}

/** Where the white space from `p` on ends. */
export function skipSpace(p: usize, end: usize): usize {
  while (p < end && isSpace(load<u8>(p))) p++;
  return p;
}

/**
 * Scans a name. With namespaces it has one colon at most, which stands between others. A name that the input ends with is
 * PARTIAL.
 */
export function scanName(x: xmlparser, p: usize, end: usize): i32 {
  let first = true;
  let colon = false;
  x.name = p;
  for (; p < end; ) {
    const size = characterSize(p, end);
    x.next = p;
    if (size == 0) return PARTIAL_CHARACTER;
    if (size < 0) return INVALID;
    const c = characterAt(p);
    if (c == 0x3a) {
      if (x.separator >= 0 && (first || colon)) return INVALID;
      colon = true;
      first = x.separator >= 0;
    } else if (first ? isNameStart(c) : isNameCharacter(c)) first = false;
    else {
      x.name_end = p;
      return first ? INVALID : TOKEN;
    }
    p += size;
  }
  x.next = p;
  return PARTIAL;
}

/** Scans characters of a name, however they begin. */
export function scanNameToken(x: xmlparser, p: usize, end: usize): i32 {
  x.name = p;
  for (; p < end; ) {
    const size = characterSize(p, end);
    x.next = p;
    if (size == 0) return PARTIAL_CHARACTER;
    if (size < 0) return INVALID;
    const c = characterAt(p);
    if (c != 0x3a && !isNameCharacter(c)) {
      x.name_end = p;
      return p == x.name ? INVALID : TOKEN;
    }
    p += size;
  }
  x.next = p;
  return PARTIAL;
}

/** Scans a reference whose "&" is before `p`: to a character, or to an entity, whose name it is then. */
export function scanReference(x: xmlparser, p: usize, end: usize): i32 {
  x.next = p;
  if (p == end) return PARTIAL;
  if (load<u8>(p) != 0x23) {
    const r = scanName(x, p, end);
    if (r != TOKEN) return r;
    p = x.next;
  } else {
    p++;
    const hex = p < end && load<u8>(p) == 0x78;
    if (hex) p++;
    x.name = p;
    while (p < end && isDigit(load<u8>(p), hex)) p++;
    x.next = p;
    if (p == end) return PARTIAL;
    if (p == x.name) return INVALID;
    x.name_end = p;
  }
  if (load<u8>(p) != 0x3b) return INVALID;
  x.next = p + 1;
  return TOKEN;
}

/** The character that a scanned reference to one names, whose "&" is at `p`; -1 where there is no such. */
export function referredCharacter(p: usize): i32 {
  p += 2;
  let v: u32 = 0;
  const hex = load<u8>(p) == 0x78;
  if (hex) p++;
  for (; load<u8>(p) != 0x3b; p++) {
    const c: u32 = load<u8>(p);
    v = hex ? (v << 4) | (c < 58 ? c - 48 : (c | 32) - 87) : v * 10 + c - 48;
    if (v > 0x10ffff) return -1;
  }
  if (v < 0x20 && v != 9 && v != 10 && v != 13) return -1;
  return (v >= 0xd800 && v < 0xe000) || v == 0xfffe || v == 0xffff ? -1 : <i32>v;
}

/** The character of an entity that needs no declaration, 0 for others. */
export function predefinedEntity(p: usize, n: usize): u32 {
  const a: u32 = load<u8>(p);
  if (n == 2 && load<u8>(p + 1) == 0x74) return a == 0x6c ? 0x3c : a == 0x67 ? 0x3e : 0;
  if (n == 3 && a == 0x61 && load<u8>(p + 1) == 0x6d && load<u8>(p + 2) == 0x70) return 0x26;
  if (n != 4) return 0;
  const word = load<u32>(p);
  return word == 0x746f7571 ? 0x22 : word == 0x736f7061 ? 0x27 : 0;
}

/** Whether the bytes at `p` are the ASCII literal. */
export function standsAt(p: usize, end: usize, literal: string): bool {
  if (<usize>literal.length > end - p) return false;
  for (let i = 0; i < literal.length; i++) if (load<u8>(p + i) != <u32>literal.charCodeAt(i)) return false;
  return true;
}

/** As standsAt, but PARTIAL where the input ends within it, and INVALID with the place where it differs. */
export function scanLiteral(x: xmlparser, p: usize, end: usize, literal: string): i32 {
  for (let i = 0; i < literal.length; i++) {
    x.next = p + i;
    if (p + i == end) return PARTIAL;
    if (load<u8>(p + i) != <u32>literal.charCodeAt(i)) return INVALID;
  }
  x.next = p + literal.length;
  return TOKEN;
}

/** Scans to the closing quote of a literal, of which `quote` was before `p`; `name` and `name_end` are around its text. */
export function scanQuoted(x: xmlparser, p: usize, end: usize, quote: u32): i32 {
  x.name = p;
  while (p < end) {
    const size = characterSize(p, end);
    x.next = p;
    if (size == 0) return PARTIAL_CHARACTER;
    if (size < 0) return INVALID;
    if (load<u8>(p) == quote) {
      x.name_end = p;
      x.next = p + 1;
      return TOKEN;
    }
    p += size;
  }
  x.next = p;
  return PARTIAL;
}

/** Scans a comment whose "<!--" is before `p`; `name` and `name_end` are around its text. */
export function scanComment(x: xmlparser, p: usize, end: usize): i32 {
  x.name = p;
  while (p < end) {
    const size = characterSize(p, end);
    x.next = p;
    if (size == 0) return PARTIAL_CHARACTER;
    if (size < 0) return INVALID;
    if (load<u8>(p) == 0x2d) {
      if (p + 1 == end) return PARTIAL;
      if (load<u8>(p + 1) == 0x2d) {
        x.name_end = p;
        x.next = p + 2;
        if (p + 2 == end) return PARTIAL;
        if (load<u8>(p + 2) != 0x3e) return INVALID;
        x.next = p + 3;
        return TOKEN;
      }
    }
    p += size;
  }
  x.next = p;
  return PARTIAL;
}

/** Scans a processing instruction whose "<?" is before `p`; `name` and `name_end` are around its target. */
export function scanInstruction(x: xmlparser, p: usize, end: usize): i32 {
  const r = scanName(x, p, end);
  if (r != TOKEN) return r;
  p = x.next;
  if (!isSpace(load<u8>(p))) {
    if (load<u8>(p) != 0x3f) return INVALID;
    x.next = p + 1;
    if (p + 1 == end) return PARTIAL;
    if (load<u8>(p + 1) != 0x3e) return INVALID;
    x.next = p + 2;
    return TOKEN;
  }
  while (p < end) {
    const size = characterSize(p, end);
    x.next = p;
    if (size == 0) return PARTIAL_CHARACTER;
    if (size < 0) return INVALID;
    if (load<u8>(p) == 0x3f) {
      if (p + 1 == end) return PARTIAL;
      if (load<u8>(p + 1) == 0x3e) {
        x.next = p + 2;
        return TOKEN;
      }
    }
    p += size;
  }
  x.next = p;
  return PARTIAL;
}

/** The target of a scanned instruction: 0 any, 1 "xml", which declares, 2 the same in other letters, which may not be. */
export function reservedTarget(x: xmlparser): i32 {
  if (x.name_end - x.name != 3) return 0;
  const p = x.name;
  if ((load<u8>(p) | 32) != 0x78 || (load<u8>(p + 1) | 32) != 0x6d || (load<u8>(p + 2) | 32) != 0x6c) return 0;
  return standsAt(p, p + 3, "xml") ? 1 : 2;
}

/** Scans an attribute from its name on; `next` is behind its closing quote. */
function scanAttribute(x: xmlparser, p: usize, end: usize): i32 {
  const r = scanName(x, p, end);
  if (r != TOKEN) return r;
  p = skipSpace(x.next, end);
  x.next = p;
  if (p == end) return PARTIAL;
  if (load<u8>(p) != 0x3d) return INVALID;
  p = skipSpace(p + 1, end);
  x.next = p;
  if (p == end) return PARTIAL;
  const quote: u32 = load<u8>(p);
  if (quote != 0x22 && quote != 0x27) return INVALID;
  p++;
  while (p < end) {
    const c: u32 = load<u8>(p);
    const size = characterSize(p, end);
    x.next = p;
    if (size == 0) return PARTIAL_CHARACTER;
    if (size < 0 || c == 0x3c) return INVALID;
    if (c == quote) {
      x.next = p + 1;
      return TOKEN;
    }
    if (c == 0x26) {
      const reference = scanReference(x, p + 1, end);
      if (reference != TOKEN) return reference;
      p = x.next;
    } else p += size;
  }
  x.next = p;
  return PARTIAL;
}

/** Scans a start tag whose "<" is before `p`; `next` is behind its ">". */
export function scanStartTag(x: xmlparser, p: usize, end: usize): i32 {
  const r = scanName(x, p, end);
  if (r != TOKEN) return r;
  p = x.next;
  while (true) {
    const begin = p;
    p = skipSpace(p, end);
    x.next = p;
    if (p == end) return PARTIAL;
    const c: u32 = load<u8>(p);
    if (c == 0x3e) {
      x.next = p + 1;
      return TOKEN;
    }
    if (c == 0x2f) {
      x.next = p + 1;
      if (p + 1 == end) return PARTIAL;
      if (load<u8>(p + 1) != 0x3e) return INVALID;
      x.next = p + 2;
      return TOKEN;
    }
    if (p == begin) return INVALID;
    const attribute = scanAttribute(x, p, end);
    if (attribute != TOKEN) return attribute;
    p = x.next;
  }
}

/** Scans an end tag whose "</" is before `p`; `name` and `name_end` are around its name. */
export function scanEndTag(x: xmlparser, p: usize, end: usize): i32 {
  const r = scanName(x, p, end);
  if (r != TOKEN) return r;
  p = skipSpace(x.next, end);
  x.next = p;
  if (p == end) return PARTIAL;
  if (load<u8>(p) != 0x3e) return INVALID;
  x.next = p + 1;
  return TOKEN;
}
