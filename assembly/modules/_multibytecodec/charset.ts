// The codecs and their charsets (struct MultibyteCodec of CPython 3.13's Modules/cjkcodecs): tables in the heap, which the host
// makes when a codec is asked for, searched by halves.
//
// Difference: CPython has tables of its own for each standard and formulas in front of them; here each encoding has one.

import { ENOMEM } from "../../generated/constants";
import { host } from "../../generated/host";
import { charset, multibytecodec, MultibyteCodecObject, SIZEOF_multibytecodec } from "../../generated/layouts";
import { PyExc_LookupError, PyMultibyteCodec_Type } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc, PyMem_RawFree } from "../../memory/pymem";
import { PyErr_NoMemory, PyErr_SetString } from "../../objects/errors/raise";
import { PyType_GenericAlloc } from "../../objects/object/alloc";
import { PyImport_ImportLiteral } from "../../objects/module/import";
import { Py } from "../../objects/object/head";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { Scratch } from "../../thread/scratch";

// Which rules bytes follow.
/** One byte or two, by the first. */
export const PLAIN: i32 = 0;
/** And three behind 0x8f. */
export const EUC_JP: i32 = 1;
/** And eight for a syllable that is spelt. */
export const EUC_KR: i32 = 2;
/** And four where the second is a digit. */
export const GB18030: i32 = 3;
/** Two of seven bits between "~{" and "~}". */
export const HZ: i32 = 4;
export const ISO2022: i32 = 5;

// How an ISO 2022 encoding works.
export const NO_SHIFT: i32 = 1;
export const USE_G2: i32 = 2;
export const USE_JISX0208_EXT: i32 = 4;
/** For the others: JIS X 0213 as it was in 2000. */
export const YEAR_2000: i32 = 8;
/** Which of those encodings it is: a number above the flags. */
export const VARIANT_SHIFT: i32 = 8;
const JP: i32 = 0;
export const JP_1: i32 = 1;
export const JP_2: i32 = 2;
export const JP_EXT: i32 = 3;
export const JP_3: i32 = 4;
export const JP_2004: i32 = 5;
export const KR: i32 = 6;

/** No character, no code. */
export const NONE: u32 = 0xffffffff;
const PAIR: u32 = 0x80000000;

/** A charset from the host, a raw block; null with an exception. */
function loadCharset(name: string): usize {
  const ascii = Scratch.take(3);
  for (let i = 0; i < name.length; i++) store<u8>(ascii + i, name.charCodeAt(i));
  const slot = Scratch.take(1);
  const n = host.charset(ascii, name.length, slot);
  const block = load<u32>(slot);
  Scratch.give(ascii);
  if (n >= 0) return block;
  return n == -ENOMEM ? PyErr_NoMemory() : PyErr_SetString(PyExc_LookupError, "no such codec is supported.");
}

/** Loads a charset to the slot: whether it is there; otherwise an exception is set. */
function loadTo(slot: usize, name: string): bool {
  const block = loadCharset(name);
  store<u64>(slot, block);
  return block != 0;
}

/** Sets up a codec that has one charset: whether that is there. */
function plain(c: multibytecodec, kind: i32, name: string): bool {
  c.kind = kind;
  return loadTo(c.charset_slot, name);
}

/** As plain(), for JIS X 0213 of the year 2000. */
function year2000(c: multibytecodec, kind: i32, name: string): bool {
  c.flags = YEAR_2000;
  return plain(c, kind, name);
}

/** Sets up an ISO 2022 codec: whether its charsets are there. */
function iso2022(c: multibytecodec, variant: i32): bool {
  c.kind = ISO2022;
  const flags =
    variant == KR ? 0 : variant == JP_2 ? NO_SHIFT | USE_G2 | USE_JISX0208_EXT : NO_SHIFT | USE_JISX0208_EXT;
  c.flags = flags | (variant << VARIANT_SHIFT);
  if (variant == KR) return loadTo(c.korean_slot, "euc_kr");
  if (variant == JP_3) return loadTo(c.japanese_slot, "euc_jisx0213") && loadTo(c.charset_slot, "euc_jp");
  if (variant == JP_2004) return loadTo(c.japanese_slot, "euc_jis_2004") && loadTo(c.charset_slot, "euc_jp");
  if (!loadTo(c.japanese_slot, "euc_jp")) return false;
  return variant != JP_2 || (loadTo(c.korean_slot, "euc_kr") && loadTo(c.chinese_slot, "gb2312"));
}

function isNamed(name: usize, literal: string): bool {
  return PyUnicode_EqualToLiteral(name, literal);
}

/** Sets up the codec of a name: whether it is among those of the language and everything is there. */
function setUp(c: multibytecodec, name: usize, language: i32): bool {
  if (language == CN) {
    if (isNamed(name, "gb2312")) return plain(c, PLAIN, "gb2312");
    if (isNamed(name, "gbk")) return plain(c, PLAIN, "gbk");
    if (isNamed(name, "gb18030")) return plain(c, GB18030, "gb18030");
    if (isNamed(name, "hz")) return plain(c, HZ, "gb2312");
  } else if (language == HK) {
    if (isNamed(name, "big5hkscs")) return plain(c, PLAIN, "big5hkscs");
  } else if (language == TW) {
    if (isNamed(name, "big5")) return plain(c, PLAIN, "big5");
    if (isNamed(name, "cp950")) return plain(c, PLAIN, "cp950");
  } else if (language == KOREAN) {
    if (isNamed(name, "euc_kr")) return plain(c, EUC_KR, "euc_kr");
    if (isNamed(name, "cp949")) return plain(c, PLAIN, "cp949");
    if (isNamed(name, "johab")) return plain(c, PLAIN, "johab");
  } else if (language == JAPANESE) {
    if (isNamed(name, "shift_jis")) return plain(c, PLAIN, "shift_jis");
    if (isNamed(name, "cp932")) return plain(c, PLAIN, "cp932");
    if (isNamed(name, "euc_jp")) return plain(c, EUC_JP, "euc_jp");
    if (isNamed(name, "shift_jis_2004")) return plain(c, PLAIN, "shift_jis_2004");
    if (isNamed(name, "shift_jisx0213")) return year2000(c, PLAIN, "shift_jisx0213");
    if (isNamed(name, "euc_jis_2004")) return plain(c, EUC_JP, "euc_jis_2004");
    if (isNamed(name, "euc_jisx0213")) return year2000(c, EUC_JP, "euc_jisx0213");
  } else {
    if (isNamed(name, "iso2022_kr")) return iso2022(c, KR);
    if (isNamed(name, "iso2022_jp")) return iso2022(c, JP);
    if (isNamed(name, "iso2022_jp_1")) return iso2022(c, JP_1);
    if (isNamed(name, "iso2022_jp_2")) return iso2022(c, JP_2);
    if (isNamed(name, "iso2022_jp_2004")) return iso2022(c, JP_2004);
    if (isNamed(name, "iso2022_jp_3")) return iso2022(c, JP_3);
    if (isNamed(name, "iso2022_jp_ext")) return iso2022(c, JP_EXT);
  }
  PyErr_SetString(PyExc_LookupError, "no such codec is supported.");
  return false;
}

// The modules that have codecs.
export const CN: i32 = 0;
export const HK: i32 = 1;
export const TW: i32 = 2;
export const KOREAN: i32 = 3;
export const JAPANESE: i32 = 4;
export const ISO: i32 = 5;

/** The codec of a name, a str, that a module has: a new MultibyteCodec. Null with an exception. */
export function newCodec(name: usize, language: i32): usize {
  // That makes the type.
  const m = PyImport_ImportLiteral("_multibytecodec");
  if (m == 0) return 0;
  Py.DECREF(m);
  const o = PyType_GenericAlloc(PyMultibyteCodec_Type, 0);
  if (o == 0) return 0;
  const block = PyMem_Malloc(SIZEOF_multibytecodec);
  if (block == 0) {
    Py.DECREF(o);
    return PyErr_NoMemory();
  }
  memory.fill(block, 0, SIZEOF_multibytecodec);
  MultibyteCodecObject.at(o).codec = block;
  MultibyteCodecObject.at(o).name = Py.NewRef(name);
  if (setUp(multibytecodec.at(block), name, language)) return o;
  Py.DECREF(o);
  return 0;
}

/** Frees what a codec has. */
export function freeCodec(block: usize): void {
  if (block == 0) return;
  const c = multibytecodec.at(block);
  if (c.charset != 0) PyMem_RawFree(c.charset);
  if (c.japanese != 0) PyMem_RawFree(c.japanese);
  if (c.korean != 0) PyMem_RawFree(c.korean);
  if (c.chinese != 0) PyMem_RawFree(c.chinese);
  PyMem_Free(block);
}

/** The second word of the row with this first word, of a table of `count` rows of two; NONE where there is none. */
function find(table: usize, count: u32, key: u32): u32 {
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = table + middle * 8;
    const found = load<u32>(row);
    if (found == key) return load<u32>(row + 4);
    if (found < key) low = middle + 1;
    else high = middle;
  }
  return NONE;
}

/** The character of a code; NONE for none. isPair() says whether it is two. */
export function characterOf(block: usize, code: u32): u32 {
  const c = charset.at(block);
  return find(block + c.decode, c.decode_count, code);
}

export function isPair(character: u32): bool {
  return character >= PAIR && character != NONE;
}

/** The first (0) or second (1) character of a pair. */
export function pairPart(block: usize, pair: u32, which: u32): u32 {
  return load<u32>(block + charset.at(block).pairs + (pair - PAIR) * 12 + which * 4);
}

/** The code of a character; NONE for none. */
export function codeOf(block: usize, character: u32): u32 {
  const c = charset.at(block);
  return find(block + c.encode, c.encode_count, character);
}

/** The code of two characters together; NONE for none. With 0 for the second: whether the first begins some pair, not NONE. */
export function codeOfPair(block: usize, first: u32, second: u32): u32 {
  const c = charset.at(block);
  for (let i: u32 = 0; i < c.pair_count; i++) {
    const row = block + c.pairs + i * 12;
    if (load<u32>(row) == first && (second == 0 || load<u32>(row + 4) == second)) return load<u32>(row + 8);
  }
  return NONE;
}

/** The character with this number among codes of four bytes, or the number of a character; NONE for none. */
export function findRange(block: usize, key: u32, byCharacter: bool): u32 {
  const c = charset.at(block);
  for (let i: u32 = 0; i < c.range_count; i++) {
    const row = block + c.ranges + i * 12;
    const index = load<u32>(row);
    const character = load<u32>(row + 4);
    const offset = key - (byCharacter ? character : index);
    if (offset < load<u32>(row + 8)) return (byCharacter ? index : character) + offset;
  }
  return NONE;
}
