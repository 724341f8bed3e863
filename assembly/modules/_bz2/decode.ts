// Decompressing what bzip2 has compressed, from input that comes in pieces: whatever is read at once is either there as a
// whole, or is read again from its first bit with the next piece; what has been read before is in the decoder.
//
// A decoder is one block of the heap (spec/layouts/bzip2.txt). Not there: blocks that were made random, which bzip2 stopped
// to write in 1997.

import { bz2_decoder, coding, PyBytesObject, SIZEOF_bz2_decoder } from "../../generated/layouts";
import { PyMem_RawFree, PyMem_RawMalloc } from "../../memory/pymem";
import { PyErr_NoMemory } from "../../objects/errors/raise";
import { addToCRC, combineCRC, CRC_FIRST } from "./crc";

/** What a step says. */
export const enum Decoded {
  /** More input is needed, or more room. */
  some,
  end,
  wrong,
  noMemory,
}

/** What comes next. */
const enum Stage {
  magic,
  blockMagic,
  blockCRC,
  randomised,
  origin,
  usedRows,
  used,
  groups,
  selectorCount,
  selectors,
  length,
  lengths,
  symbols,
  output,
  streamCRC,
  end,
}

const SELECTORS_MOST: u32 = 18002;
const GROUP: u32 = 50;
const GROUPS_MOST: u32 = 6;
const ALPHABET: u32 = 258;
const LENGTH_MOST: u32 = 20;
/** Words for each table of limits and bases. */
const ROW: u32 = 22;
/** The longest run that a number can tell. */
const RUN_WEIGHT_MOST: u32 = 1 << 21;

/** What a stage says that is not at its end: more input is needed, this cannot be, or there is no memory. */
const MORE: i32 = -1;
const WRONG: i32 = -2;
const NO_MEMORY: i32 = -3;

function selectorsOf(d: usize): usize {
  return d + SIZEOF_bz2_decoder;
}

function at(p: usize, i: u32): u32 {
  return load<u32>(p + ((<usize>i) << 2));
}

function put(p: usize, i: u32, v: u32): void {
  store<u32>(p + ((<usize>i) << 2), v);
}

/** A new decoder: null with MemoryError. The words of a block are there once its size is known. */
export function newDecoder(): usize {
  const d = PyMem_RawMalloc(SIZEOF_bz2_decoder + SELECTORS_MOST);
  if (d == 0) return PyErr_NoMemory();
  memory.fill(d, 0, SIZEOF_bz2_decoder);
  return d;
}

export function freeDecoder(d: usize): void {
  if (d == 0) return;
  PyMem_RawFree(bz2_decoder.at(d).words);
  PyMem_RawFree(d);
}

/** Sees to it that there are `n` bits, up to 32: false where the input has no more. */
function need(d: usize, c: usize, n: u32): bool {
  const s = bz2_decoder.at(d);
  const k = coding.at(c);
  while (s.bit_count < n) {
    if (k.avail_in == 0) return false;
    s.bits = (s.bits << 8) | load<u8>(k.next_in);
    k.next_in = k.next_in + 1;
    k.avail_in = k.avail_in - 1;
    s.bit_count = s.bit_count + 8;
  }
  return true;
}

/** The next `n` bits, which stay. */
function peek(d: usize, n: u32): u32 {
  const s = bz2_decoder.at(d);
  return <u32>((s.bits >> (s.bit_count - n)) & (((<u64>1) << n) - 1));
}

function drop(d: usize, n: u32): void {
  bz2_decoder.at(d).bit_count = bz2_decoder.at(d).bit_count - n;
}

/** The next `n` bits as a number, up to 31; MORE where they are not there. */
function take(d: usize, c: usize, n: u32): i32 {
  if (!need(d, c, n)) return MORE;
  const v = <i32>peek(d, n);
  drop(d, n);
  return v;
}

function enter(d: usize, stage: Stage): void {
  const s = bz2_decoder.at(d);
  s.stage = stage;
  s.index = 0;
}

/** Goes on as far as input and room go. */
export function decode(d: usize, c: usize): Decoded {
  const s = bz2_decoder.at(d);
  while (true) {
    let r: i32 = 0;
    switch (<Stage>s.stage) {
      case Stage.magic:
        r = readMagic(d, c);
        break;
      case Stage.blockMagic:
        r = readBlockMagic(d, c);
        break;
      case Stage.blockCRC:
      case Stage.streamCRC:
        r = readCRC(d, c);
        break;
      case Stage.randomised:
        r = take(d, c, 1);
        if (r == 0) enter(d, Stage.origin);
        else if (r > 0) r = WRONG;
        break;
      case Stage.origin:
        r = take(d, c, 24);
        s.origin = <u32>r;
        if (r >= 0) enter(d, Stage.usedRows);
        break;
      case Stage.usedRows:
        r = take(d, c, 16);
        s.used_rows = <u32>r;
        s.in_use_count = 0;
        if (r >= 0) enter(d, Stage.used);
        break;
      case Stage.used:
        r = readUsed(d, c);
        break;
      case Stage.groups:
        r = take(d, c, 3);
        s.group_count = <u32>r;
        if (r >= 0 && (r < 2 || r > <i32>GROUPS_MOST)) r = WRONG;
        if (r >= 0) enter(d, Stage.selectorCount);
        break;
      case Stage.selectorCount:
        r = take(d, c, 15);
        s.selector_count = <u32>r;
        if (r == 0) r = WRONG;
        if (r > 0) beginSelectors(d);
        break;
      case Stage.selectors:
        r = readSelectors(d, c);
        break;
      case Stage.length:
        r = take(d, c, 5);
        s.current = <u32>r;
        s.inner = 0;
        if (r >= 0) s.stage = Stage.lengths;
        break;
      case Stage.lengths:
        r = readLengths(d, c);
        break;
      case Stage.symbols:
        r = readSymbols(d, c);
        break;
      case Stage.output:
        r = writeBytes(d, c);
        break;
      default:
        return Decoded.end;
    }
    if (r == MORE) return Decoded.some;
    if (r == WRONG) return Decoded.wrong;
    if (r == NO_MEMORY) return Decoded.noMemory;
  }
}

/** "BZh" and the size of the blocks, for which there are words then. */
function readMagic(d: usize, c: usize): i32 {
  const s = bz2_decoder.at(d);
  const byte = take(d, c, 8);
  if (byte < 0) return MORE;
  const i = s.index;
  s.index = i + 1;
  if (i < 3) return byte == (i == 0 ? 0x42 : i == 1 ? 0x5a : 0x68) ? 0 : WRONG;
  if (byte < 0x31 || byte > 0x39) return WRONG;
  s.level = byte - 0x30;
  s.words = PyMem_RawMalloc(<usize>s.level * 400000);
  if (s.words == 0) return NO_MEMORY;
  enter(d, Stage.blockMagic);
  return 0;
}

/** The six bytes before a block, or those before the end. */
function readBlockMagic(d: usize, c: usize): i32 {
  const s = bz2_decoder.at(d);
  const half = take(d, c, 24);
  if (half < 0) return MORE;
  if (s.index == 0) {
    if (half != 0x314159 && half != 0x177245) return WRONG;
    s.inner = half == 0x177245 ? 1 : 0;
    s.index = 1;
    return 0;
  }
  if (half != (s.inner ? 0x385090 : 0x265359)) return WRONG;
  enter(d, s.inner ? Stage.streamCRC : Stage.blockCRC);
  return 0;
}

function readCRC(d: usize, c: usize): i32 {
  const s = bz2_decoder.at(d);
  if (!need(d, c, 32)) return MORE;
  s.stored_crc = peek(d, 32);
  drop(d, 32);
  if (s.stage == Stage.blockCRC) {
    enter(d, Stage.randomised);
    return 0;
  }
  if (s.stored_crc != s.combined_crc) return WRONG;
  enter(d, Stage.end);
  return 0;
}

/** Which bytes there are in the block, a row of 16 after the other. */
function readUsed(d: usize, c: usize): i32 {
  const s = bz2_decoder.at(d);
  for (; s.index < 16; s.index = s.index + 1) {
    const row = s.index;
    if ((s.used_rows & (0x8000 >> row)) == 0) continue;
    const bits = take(d, c, 16);
    if (bits < 0) return MORE;
    for (let i: u32 = 0; i < 16; i++) {
      if ((bits & (0x8000 >> i)) == 0) continue;
      store<u8>(s.in_use + s.in_use_count, row * 16 + i);
      s.in_use_count = s.in_use_count + 1;
    }
  }
  if (s.in_use_count == 0) return WRONG;
  enter(d, Stage.groups);
  return 0;
}

function beginSelectors(d: usize): void {
  const order = bz2_decoder.at(d).table_order;
  for (let i: u32 = 0; i < GROUPS_MOST; i++) store<u8>(order + i, i);
  enter(d, Stage.selectors);
}

/** Which table each group of symbols has, by how many others there have been since. */
function readSelectors(d: usize, c: usize): i32 {
  const s = bz2_decoder.at(d);
  const order = s.table_order;
  for (; s.index < s.selector_count; s.index = s.index + 1) {
    let j: u32 = 0;
    while (true) {
      if (!need(d, c, j + 1)) return MORE;
      if ((peek(d, j + 1) & 1) == 0) break;
      if (++j >= s.group_count) return WRONG;
    }
    drop(d, j + 1);
    const table = load<u8>(order + j);
    memory.copy(order + 1, order, j);
    store<u8>(order, table);
    // As libbzip2, which reads more than there can be and forgets them.
    if (s.index < SELECTORS_MOST) store<u8>(selectorsOf(d) + s.index, table);
  }
  s.selector_count = min(s.selector_count, SELECTORS_MOST);
  enter(d, Stage.length);
  return 0;
}

function lengthsOf(d: usize, table: u32): usize {
  return bz2_decoder.at(d).lengths + table * ALPHABET;
}

/** The lengths of a table's codes, by their differences. */
function readLengths(d: usize, c: usize): i32 {
  const s = bz2_decoder.at(d);
  const lengths = lengthsOf(d, s.index);
  while (s.inner < s.in_use_count + 2) {
    if (s.current < 1 || s.current > LENGTH_MOST) return WRONG;
    if (!need(d, c, 1)) return MORE;
    if (peek(d, 1) == 0) {
      drop(d, 1);
      store<u8>(lengths + s.inner, s.current);
      s.inner = s.inner + 1;
      continue;
    }
    const change = take(d, c, 2);
    if (change < 0) return MORE;
    s.current = change == 2 ? s.current + 1 : s.current - 1;
  }
  makeTable(d, s.index);
  s.index = s.index + 1;
  if (s.index < s.group_count) s.stage = Stage.length;
  else beginSymbols(d);
  return 0;
}

/** Makes of lengths what codes are read with: for each length the greatest code, and what makes a code a symbol's number. */
function makeTable(d: usize, table: u32): void {
  const s = bz2_decoder.at(d);
  const count = s.in_use_count + 2;
  const lengths = lengthsOf(d, table);
  const limits = s.limits + table * ROW * 4;
  const bases = s.bases + table * ROW * 4;
  const symbols = s.symbols + table * ALPHABET * 4;
  let code: u32 = 0;
  let number: u32 = 0;
  let least: u32 = 0;
  for (let n: u32 = 1; n <= LENGTH_MOST; n++) {
    const first = number;
    for (let v: u32 = 0; v < count; v++) if (load<u8>(lengths + v) == n) put(symbols, number++, v);
    if (number > 0 && least == 0) least = n;
    put(bases, n, code - first);
    code += number - first;
    // One more than the greatest: 0 where no code is so long or shorter.
    put(limits, n, code);
    code <<= 1;
  }
  put(s.least, table, least);
}

function beginSymbols(d: usize): void {
  const s = bz2_decoder.at(d);
  memory.fill(s.counts, 0, 257 * 4);
  memory.copy(s.order, s.in_use, 256);
  s.block_used = 0;
  s.run = 0;
  s.run_weight = 1;
  s.group = 0;
  s.group_left = 0;
  enter(d, Stage.symbols);
}

/** The next symbol of the block: MORE or WRONG. */
function readSymbol(d: usize, c: usize): i32 {
  const s = bz2_decoder.at(d);
  if (s.group_left == 0) {
    if (s.group >= s.selector_count) return WRONG;
    s.table = load<u8>(selectorsOf(d) + s.group);
    s.group = s.group + 1;
    s.group_left = GROUP;
  }
  const table = s.table;
  const limits = s.limits + table * ROW * 4;
  for (let n = at(s.least, table); n <= LENGTH_MOST; n++) {
    if (!need(d, c, n)) return MORE;
    const code = peek(d, n);
    if (code >= at(limits, n)) continue;
    const number = code - at(s.bases + table * ROW * 4, n);
    if (number >= s.in_use_count + 2) return WRONG;
    drop(d, n);
    s.group_left = s.group_left - 1;
    return <i32>at(s.symbols + table * ALPHABET * 4, number);
  }
  return WRONG;
}

/** Adds bytes to the block: false where it has no room for so many. */
function addBytes(d: usize, byte: u32, n: u32): bool {
  const s = bz2_decoder.at(d);
  const used = s.block_used;
  if (n > s.level * 100000 - used) return false;
  const words = s.words;
  for (let i = used; i < used + n; i++) put(words, i, byte);
  put(s.counts, byte, at(s.counts, byte) + n);
  s.block_used = used + n;
  return true;
}

/** The symbols of the block, up to the one that ends it. */
function readSymbols(d: usize, c: usize): i32 {
  const s = bz2_decoder.at(d);
  const order = s.order;
  while (true) {
    const symbol = readSymbol(d, c);
    if (symbol < 0) return symbol;
    if (symbol <= 1) {
      // A digit of a number, 1 or 2.
      if (s.run_weight >= RUN_WEIGHT_MOST) return WRONG;
      s.run = s.run + (s.run_weight << symbol);
      s.run_weight = s.run_weight << 1;
      continue;
    }
    if (s.run > 0 && !addBytes(d, load<u8>(order), s.run)) return WRONG;
    s.run = 0;
    s.run_weight = 1;
    if (<u32>symbol == s.in_use_count + 1) return orderBlock(d);
    const j = <u32>symbol - 1;
    const byte = load<u8>(order + j);
    memory.copy(order + 1, order, j);
    store<u8>(order, byte);
    if (!addBytes(d, byte, 1)) return WRONG;
  }
}

/** Finds out what follows what: the block is known then. */
function orderBlock(d: usize): i32 {
  const s = bz2_decoder.at(d);
  const n = s.block_used;
  if (s.origin >= n) return WRONG;
  const counts = s.counts;
  let sum: u32 = 0;
  for (let i: u32 = 0; i < 256; i++) {
    const count = at(counts, i);
    put(counts, i, sum);
    sum += count;
  }
  const words = s.words;
  for (let i: u32 = 0; i < n; i++) {
    const byte = at(words, i) & 0xff;
    const place = at(counts, byte);
    put(counts, byte, place + 1);
    put(words, place, at(words, place) | (i << 8));
  }
  s.current = at(words, s.origin) >> 8;
  s.left = n;
  s.last_count = 0;
  s.repeat = 0;
  s.computed_crc = CRC_FIRST;
  enter(d, Stage.output);
  return 0;
}

/** Writes the block's bytes; after four that are equal comes the number of those that are equal besides. */
function writeBytes(d: usize, c: usize): i32 {
  const s = bz2_decoder.at(d);
  const k = coding.at(c);
  const words = s.words;
  let to = PyBytesObject.at(k.bytes).ob_sval + <usize>k.filled;
  const end = PyBytesObject.at(k.bytes).ob_sval + <usize>k.room;
  let crc = s.computed_crc;
  let left = s.left;
  let place = s.current;
  let last = s.last_byte;
  let count = s.last_count;
  let repeat = s.repeat;
  while (to < end) {
    if (repeat > 0) {
      repeat--;
      store<u8>(to++, last);
      crc = addToCRC(crc, last);
      continue;
    }
    if (left == 0) break;
    const word = at(words, place);
    const byte = word & 0xff;
    place = word >> 8;
    left--;
    if (count == 4) {
      repeat = byte;
      count = 0;
      continue;
    }
    count = count > 0 && byte == last ? count + 1 : 1;
    last = byte;
    store<u8>(to++, byte);
    crc = addToCRC(crc, byte);
  }
  k.filled = <isize>(to - PyBytesObject.at(k.bytes).ob_sval);
  s.computed_crc = crc;
  s.left = left;
  s.current = place;
  s.last_byte = last;
  s.last_count = count;
  s.repeat = repeat;
  if (left > 0 || repeat > 0) return MORE;
  if (~crc != s.stored_crc) return WRONG;
  s.combined_crc = combineCRC(s.combined_crc, s.stored_crc);
  enter(d, Stage.blockMagic);
  return 0;
}
