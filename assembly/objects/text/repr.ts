// repr() of strings, and the escapes of ascii() (CPython 3.13's Objects/unicodeobject.c, unicode_repr).

import { U } from "./access";
import { writeBackslashReplace, writeHexEscape } from "./codecs/errors";
import { Writer, writeCharacters, writerDiscard, writerFinish } from "./format/writer";
import { Character } from "./properties";

/** tp_repr of str. */
export function unicode_repr(s: usize): usize {
  return quote(s);
}

/** The string with every character beyond ASCII written as an escape: what makes ascii() of a repr(). */
export function escapeNonAscii(s: usize): usize {
  const n = U.length(s);
  const w = Writer.begin(n + 8);
  for (let i: isize = 0; i < n; i++) {
    const c = U.at(s, i);
    if ((c < 128 ? Writer.char(w, c) : writeBackslashReplace(w, c)) < 0) return writerDiscard(w);
  }
  return writerFinish(w);
}

function quote(s: usize): usize {
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  let single = false;
  let double = false;
  let plain = true;
  for (let i: isize = 0; i < n; i++) {
    const c = U.read(kind, data, i);
    if (c == 0x27) single = true;
    else if (c == 0x22) double = true;
    else if (c < 32 || c >= 127 || c == 0x5c) plain = false;
  }
  const q: u32 = single && !double ? 0x22 : 0x27;
  const w = Writer.begin(n + 2, !plain);
  if (Writer.char(w, q) < 0) return writerDiscard(w);
  if (plain && (!single || q == 0x22)) {
    if (writeCharacters(w, kind, data, 0, n, 0x7f) < 0) return writerDiscard(w);
  } else {
    for (let i: isize = 0; i < n; i++) {
      if (quoteCharacter(w, U.read(kind, data, i), q) < 0) return writerDiscard(w);
    }
  }
  if (Writer.char(w, q) < 0) return writerDiscard(w);
  return writerFinish(w);
}

function quoteCharacter(w: usize, c: u32, q: u32): i32 {
  if (c == q || c == 0x5c) return escapeCharacter(w, c);
  if (c == 9) return escapeCharacter(w, 0x74);
  if (c == 10) return escapeCharacter(w, 0x6e);
  if (c == 13) return escapeCharacter(w, 0x72);
  if (c < 32 || c == 127) return writeHexEscape(w, 0x78, c, 2);
  if (c < 127 || Character.isPrintable(c)) return Writer.char(w, c);
  return writeBackslashReplace(w, c);
}

function escapeCharacter(w: usize, letter: u32): i32 {
  return Writer.char(w, 0x5c) < 0 ? -1 : Writer.char(w, letter);
}
