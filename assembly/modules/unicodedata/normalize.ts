// Normal forms of text (the functions nfd_nfkd, nfc_nfkc and is_normalized_quickcheck of CPython 3.13's
// Modules/unicodedata.c): everything is taken apart, marks are put in order, and what belongs together is put together.
//
// Difference: composition remembers by a bit which characters have gone into others, not in a list of at most 20.

import { characterdecomposition } from "../../generated/layouts";
import { PyExc_ValueError } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyErr_NoMemory, PyErr_SetString } from "../../objects/errors/raise";
import { boolObject } from "../../objects/numbers/bool";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { _PyUnicode_Equal, PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { PyUnicode_FromKindAndData } from "../../objects/text/create";
import { Writer, writerDiscard, writerFinish } from "../../objects/text/format/writer";
import { strArgument } from "../../objects/define/args";
import {
  beginsPair,
  characterRecord,
  composePair,
  correctionOf,
  decompositionPart,
  findDecomposition,
  isOld,
  NFC,
  NFD,
  NFKC,
  NFKD,
} from "./database";

// Hangul syllables are made of their parts by a rule.
const S_BASE: u32 = 0xac00;
const L_BASE: u32 = 0x1100;
const V_BASE: u32 = 0x1161;
const T_BASE: u32 = 0x11a7;
const L_COUNT: u32 = 19;
const V_COUNT: u32 = 21;
const T_COUNT: u32 = 28;
const N_COUNT: u32 = V_COUNT * T_COUNT;
const S_COUNT: u32 = L_COUNT * N_COUNT;

// What a quick check says.
const YES: u32 = 0;
const MAYBE: u32 = 1;
const NO: u32 = 2;

/** A form that there is not. */
const NO_FORM: u32 = 0xffffffff;

/** Marks that are put in order by moving each. */
const FEW_MARKS: isize = 32;
/** One past the last combining class. */
const CLASSES = 256;

/** A character that has gone into one before it. */
const GONE: u32 = 0xffffffff;

function combining(c: u32): u32 {
  return characterRecord(c).combining;
}

/** Writes the character as what it comes apart into: 0, or -1 with MemoryError. No chain of decompositions is long. */
function writeDecomposed(w: usize, c: u32, compatible: bool, old: bool): i32 {
  const syllable = c - S_BASE;
  if (syllable < S_COUNT) {
    const t = syllable % T_COUNT;
    if (Writer.char(w, L_BASE + syllable / N_COUNT) < 0) return -1;
    if (Writer.char(w, V_BASE + (syllable % N_COUNT) / T_COUNT) < 0) return -1;
    return t == 0 ? 0 : Writer.char(w, T_BASE + t);
  }
  if (old) {
    const instead = correctionOf(c);
    if (instead != 0) return writeDecomposed(w, instead, compatible, old);
    if (characterRecord(c).old_category == 0) return Writer.char(w, c);
  }
  const found = c < 0xa0 ? 0 : findDecomposition(c);
  if (found == 0) return Writer.char(w, c);
  const d = characterdecomposition.at(found);
  if (d.prefix != 0 && !compatible) return Writer.char(w, c);
  for (let i: u32 = 0; i < d.count; i++) {
    if (writeDecomposed(w, decompositionPart(d, i), compatible, old) < 0) return -1;
  }
  return 0;
}

/** Puts marks that follow each other in the order of their classes; the string is nobody else's. -1 with MemoryError. */
function order(s: usize): i32 {
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  for (let start: isize = 0; start < n; start++) {
    if (combining(U.read(kind, data, start)) == 0) continue;
    let end = start + 1;
    while (end < n && combining(U.read(kind, data, end)) != 0) end++;
    if (end - start <= FEW_MARKS) orderFew(kind, data, start, end);
    else if (orderMany(kind, data, start, end) < 0) return -1;
    start = end;
  }
  return 0;
}

function orderFew(kind: u32, data: usize, start: isize, end: isize): void {
  for (let i = start + 1; i < end; i++) {
    const c = U.read(kind, data, i);
    const own = combining(c);
    let j = i;
    for (; j > start; j--) {
      const before = U.read(kind, data, j - 1);
      if (combining(before) <= own) break;
      U.write(kind, data, j, before);
    }
    U.write(kind, data, j, c);
  }
}

/** The same by counting, which takes no longer for each of many. -1 with MemoryError. */
function orderMany(kind: u32, data: usize, start: isize, end: isize): i32 {
  const counts = (<usize>CLASSES) << 2;
  const p = end - start > 0x1fffff00 ? 0 : PyMem_Malloc(counts + ((<usize>(end - start)) << 2));
  if (p == 0) {
    PyErr_NoMemory();
    return -1;
  }
  const marks = p + counts;
  memory.fill(p, 0, counts);
  for (let i = start; i < end; i++) {
    const c = U.read(kind, data, i);
    setCharacter(marks, i - start, c);
    setCharacter(p, combining(c), characterAt(p, combining(c)) + 1);
  }
  let place: u32 = 0;
  for (let i = 0; i < CLASSES; i++) {
    const count = characterAt(p, i);
    setCharacter(p, i, place);
    place += count;
  }
  for (let i: isize = 0; i < end - start; i++) {
    const c = characterAt(marks, i);
    const to = characterAt(p, combining(c));
    setCharacter(p, combining(c), to + 1);
    U.write(kind, data, start + <isize>to, c);
  }
  PyMem_Free(p);
  return 0;
}

/** The text taken apart, a new str; null with MemoryError. */
function decompose(self: usize, s: usize, compatible: bool): usize {
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  const old = isOld(self);
  const w = Writer.begin(n);
  for (let i: isize = 0; i < n; i++) {
    if (writeDecomposed(w, U.read(kind, data, i), compatible, old) < 0) return writerDiscard(w);
  }
  const r = writerFinish(w);
  // What is shared has one character.
  if (r != 0 && U.length(r) > 1 && !U.isAscii(r) && order(r) < 0) {
    Py.DECREF(r);
    return 0;
  }
  return r;
}

/** Character `i` of those at `p`, 4 bytes each. */
function characterAt(p: usize, i: isize): u32 {
  return load<u32>(p + ((<usize>i) << 2));
}

function setCharacter(p: usize, i: isize, c: u32): void {
  store<u32>(p + ((<usize>i) << 2), c);
}

/**
 * Composes the `n` characters of 4 bytes at `p`, which have been taken apart; those that have gone are GONE. A mark goes into
 * the last starter unless one of its class, or a starter, stands between them.
 */
function composeAll(p: usize, n: isize): void {
  for (let i: isize = 0; i < n; i++) {
    let c = characterAt(p, i);
    if (c == GONE) continue;
    const lead = c - L_BASE;
    const vowel = i + 1 < n ? characterAt(p, i + 1) - V_BASE : V_COUNT;
    if (lead < L_COUNT && vowel < V_COUNT) {
      c = S_BASE + (lead * V_COUNT + vowel) * T_COUNT;
      setCharacter(p, i + 1, GONE);
      const trail = i + 2 < n ? characterAt(p, i + 2) - T_BASE : 0;
      if (trail - 1 < T_COUNT - 1) {
        c += trail;
        setCharacter(p, i + 2, GONE);
      }
      setCharacter(p, i, c);
      continue;
    }
    if (!beginsPair(c)) continue;
    // The class of the last character that stayed between.
    let between: u32 = 0;
    for (let j = i + 1; j < n; j++) {
      const next = characterAt(p, j);
      if (next == GONE) continue;
      const record = characterRecord(next);
      const own: u32 = record.combining;
      if (between != 0) {
        if (own == 0) break;
        if (between >= own) continue;
      }
      const composed = ((<u32>record.quickcheck >> NFC) & 3) == YES ? 0 : composePair(c, next);
      if (composed != 0) {
        c = composed;
        setCharacter(p, j, GONE);
      } else if (own == 0) break;
      else between = own;
    }
    setCharacter(p, i, c);
  }
}

/** The text taken apart and put together, a new str; null with MemoryError. */
function compose(self: usize, s: usize, compatible: bool): usize {
  const apart = decompose(self, s, compatible);
  if (apart == 0 || U.isAscii(apart)) return apart;
  const n = U.length(apart);
  const p = n > 0x1fffffff ? 0 : PyMem_Malloc((<usize>n) << 2);
  if (p == 0) {
    Py.DECREF(apart);
    return PyErr_NoMemory();
  }
  const kind = U.kind(apart);
  const data = U.data(apart);
  for (let i: isize = 0; i < n; i++) setCharacter(p, i, U.read(kind, data, i));
  Py.DECREF(apart);
  composeAll(p, n);
  let left: isize = 0;
  for (let i: isize = 0; i < n; i++) {
    const c = characterAt(p, i);
    if (c == GONE) continue;
    setCharacter(p, left, c);
    left++;
  }
  const r = PyUnicode_FromKindAndData(4, p, left);
  PyMem_Free(p);
  return r;
}

function formOf(form: usize): u32 {
  if (PyUnicode_EqualToLiteral(form, "NFC")) return NFC;
  if (PyUnicode_EqualToLiteral(form, "NFKC")) return NFKC;
  if (PyUnicode_EqualToLiteral(form, "NFD")) return NFD;
  if (PyUnicode_EqualToLiteral(form, "NFKD")) return NFKD;
  PyErr_SetString(PyExc_ValueError, "invalid normalization form");
  return NO_FORM;
}

/** Whether the text is in a form, as far as its characters alone can tell. */
function quickCheck(self: usize, s: usize, form: u32): u32 {
  if (isOld(self)) return MAYBE;
  if (U.isAscii(s)) return YES;
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  let last: u32 = 0;
  let result = YES;
  for (let i: isize = 0; i < n; i++) {
    const record = characterRecord(U.read(kind, data, i));
    const own: u32 = record.combining;
    if (own != 0 && last > own) return NO;
    last = own;
    const answer = (<u32>record.quickcheck >> form) & 3;
    if (answer == NO) return NO;
    if (answer == MAYBE) result = MAYBE;
  }
  return result;
}

function normalized(self: usize, s: usize, form: u32): usize {
  const compatible = form == NFKC || form == NFKD;
  return form == NFC || form == NFKC ? compose(self, s, compatible) : decompose(self, s, compatible);
}

/**
 * @native unicodedata.normalize($self, form, unistr, /)
 * @native unicodedata.UCD.normalize($self, form, unistr, /)
 *
 * The text in one of its normal forms: 'NFC', 'NFKC', 'NFD' or 'NFKD'.
 */
export function unicodedata_normalize(self: usize, form: usize, unistr: usize): usize {
  if (!strArgument(form, "normalize", "argument 1") || !strArgument(unistr, "normalize", "argument 2")) return 0;
  if (U.length(unistr) == 0) return Py.NewRef(unistr);
  const f = formOf(form);
  if (f == NO_FORM) return 0;
  return quickCheck(self, unistr, f) == YES ? Py.NewRef(unistr) : normalized(self, unistr, f);
}

/**
 * @native unicodedata.is_normalized($self, form, unistr, /)
 * @native unicodedata.UCD.is_normalized($self, form, unistr, /)
 *
 * Whether the text is in the normal form: 'NFC', 'NFKC', 'NFD' or 'NFKD'.
 */
export function unicodedata_is_normalized(self: usize, form: usize, unistr: usize): usize {
  if (!strArgument(form, "is_normalized", "argument 1")) return 0;
  if (!strArgument(unistr, "is_normalized", "argument 2")) return 0;
  if (U.length(unistr) == 0) return boolObject(true);
  const f = formOf(form);
  if (f == NO_FORM) return 0;
  const answer = quickCheck(self, unistr, f);
  if (answer != MAYBE) return boolObject(answer == YES);
  const other = normalized(self, unistr, f);
  if (other == 0) return 0;
  const same = _PyUnicode_Equal(unistr, other);
  Py.DECREF(other);
  return boolObject(same);
}
