// Compressing as bzip2 does: runs, then the order of a block's rotations, moving to front, and codes of Huffman's from up to
// six tables, each for the groups of 50 symbols that it suits best. What it writes is what libbzip2 1.0 writes, but
// where rotations are equal, which may stand in another order.
//
// An encoder is one block of the heap (spec/layouts/bzip2.txt): its head and tables, the bytes of a block, and two words for
// each of these, of which the second become the symbols.

import { bz2_encoder, SIZEOF_bz2_encoder } from "../../generated/layouts";
import { PyMem_RawFree, PyMem_RawMalloc } from "../../memory/pymem";
import { ByteWriter } from "../../objects/bytes/writer";
import { PyErr_NoMemory } from "../../objects/errors/raise";
import { makeCodeLengths } from "./huffman";
import { addToCRC, combineCRC, CRC_FIRST } from "./crc";
import { sortRotations } from "./sort";

const NO_BYTE: u32 = 256;
const RUN_MOST: u32 = 255;

const RUNA: u32 = 0;
const RUNB: u32 = 1;
const GROUP: u32 = 50;
const ALPHABET: u32 = 258;
/** The longest code that is written. */
const LENGTH_MOST: u32 = 17;
const ROUNDS: i32 = 4;

/** Bytes that the end of a block and of the stream may take besides the symbols: tables and selectors. */
const SELECTORS_MOST: u32 = 18002;

function bytesOf(e: usize): usize {
  return e + SIZEOF_bz2_encoder + SELECTORS_MOST;
}

function capacityOf(e: usize): usize {
  return <usize>bz2_encoder.at(e).level * 100000;
}

function placesOf(e: usize): usize {
  return (bytesOf(e) + capacityOf(e) + 7) & ~7;
}

function ranksOf(e: usize): usize {
  return placesOf(e) + (capacityOf(e) << 2);
}

function selectorsOf(e: usize): usize {
  return e + SIZEOF_bz2_encoder;
}

/** A new encoder for blocks of 100000 bytes times `level`: null with MemoryError. */
export function newEncoder(level: u32): usize {
  const capacity = <usize>level * 100000;
  const e = PyMem_RawMalloc(SIZEOF_bz2_encoder + SELECTORS_MOST + capacity * 9 + 16);
  if (e == 0) return PyErr_NoMemory();
  memory.fill(e, 0, SIZEOF_bz2_encoder);
  const s = bz2_encoder.at(e);
  s.level = level;
  s.block_most = <u32>capacity - 19;
  s.run_byte = NO_BYTE;
  beginBlock(e);
  return e;
}

export function freeEncoder(e: usize): void {
  PyMem_RawFree(e);
}

function beginBlock(e: usize): void {
  const s = bz2_encoder.at(e);
  s.block_used = 0;
  s.block_crc = CRC_FIRST;
  s.block_number = s.block_number + 1;
  memory.fill(s.in_use, 0, 256);
}

/** Adds a byte to the block. */
function addByte(e: usize, byte: u32): void {
  const s = bz2_encoder.at(e);
  store<u8>(s.in_use + byte, 1);
  store<u8>(bytesOf(e) + s.block_used, byte);
  s.block_used = s.block_used + 1;
}

/** Adds the run to the block: beyond four bytes it is a number. */
function addRun(e: usize): void {
  const s = bz2_encoder.at(e);
  const byte = s.run_byte;
  const length = s.run_length;
  if (byte == NO_BYTE) return;
  let crc = s.block_crc;
  for (let i: u32 = 0; i < length; i++) crc = addToCRC(crc, byte);
  s.block_crc = crc;
  for (let i: u32 = 0; i < min<u32>(length, 4); i++) addByte(e, byte);
  if (length >= 4) addByte(e, length - 4);
}

/** Takes in `n` bytes at `p`, and writes the blocks that become full: false with MemoryError. */
export function encode(e: usize, p: usize, n: usize, w: usize): bool {
  const s = bz2_encoder.at(e);
  for (const end = p + n; p < end; p++) {
    const byte = <u32>load<u8>(p);
    if (byte == s.run_byte && s.run_length < RUN_MOST) s.run_length = s.run_length + 1;
    else {
      addRun(e);
      s.run_byte = byte;
      s.run_length = 1;
    }
    if (s.block_used >= s.block_most) {
      if (!writeBlock(e, w)) return false;
      beginBlock(e);
    }
  }
  return true;
}

/** Writes what is left, and the end: false with MemoryError. */
export function encodeEnd(e: usize, w: usize): bool {
  const s = bz2_encoder.at(e);
  addRun(e);
  s.run_byte = NO_BYTE;
  if (!writeBlock(e, w)) return false;
  const before = ByteWriter.prepare(w, 16);
  if (before < 0) return false;
  putBits(e, w, 24, 0x177245);
  putBits(e, w, 24, 0x385090);
  putWord(e, w, s.combined_crc);
  if (s.bit_count > 0) putBits(e, w, 8 - s.bit_count, 0);
  return true;
}

/** Writes `n` bits, up to 24, in room that was prepared. */
function putBits(e: usize, w: usize, n: u32, value: u32): void {
  const s = bz2_encoder.at(e);
  let count = s.bit_count + n;
  const bits = (s.bits << n) | value;
  while (count >= 8) {
    count -= 8;
    ByteWriter.put(w, <u32>(bits >> count) & 0xff);
  }
  s.bits = bits & (((<u64>1) << count) - 1);
  s.bit_count = count;
}

function putWord(e: usize, w: usize, value: u32): void {
  putBits(e, w, 16, value >> 16);
  putBits(e, w, 16, value & 0xffff);
}

/** Writes the block, and before the first the head of the stream: false with MemoryError. */
function writeBlock(e: usize, w: usize): bool {
  const s = bz2_encoder.at(e);
  const n = s.block_used;
  // The head of the stream and of a block, its tables, and three bytes for each symbol: no code is longer.
  if (ByteWriter.prepare(w, <isize>(64 + SELECTORS_MOST + 6 * ALPHABET * 8 + n * 3)) < 0) return false;
  if (s.block_number == 1) {
    putBits(e, w, 24, 0x425a68);
    putBits(e, w, 8, 0x30 + s.level);
  }
  if (n == 0) return true;
  const crc = ~s.block_crc;
  s.combined_crc = combineCRC(s.combined_crc, crc);
  sortRotations(bytesOf(e), placesOf(e), ranksOf(e), n);
  moveToFront(e);
  chooseTables(e);
  putBits(e, w, 24, 0x314159);
  putBits(e, w, 24, 0x265359);
  putWord(e, w, crc);
  putBits(e, w, 1, 0);
  putBits(e, w, 24, s.origin);
  putUsed(e, w);
  putSelectors(e, w);
  putTables(e, w);
  putSymbols(e, w);
  return true;
}

function wordIn(p: usize, i: u32): u32 {
  return load<u32>(p + ((<usize>i) << 2));
}

function setWordIn(p: usize, i: u32, v: u32): void {
  store<u32>(p + ((<usize>i) << 2), v);
}

/** Symbol `i` of the block: they take the place of the ranks. */
function symbolAt(e: usize, i: u32): u32 {
  return load<u16>(ranksOf(e) + ((<usize>i) << 1));
}

/** Counts a symbol of the block. */
function addSymbol(e: usize, symbol: u32): void {
  const s = bz2_encoder.at(e);
  store<u16>(ranksOf(e) + ((<usize>s.moved_count) << 1), <u16>symbol);
  setWordIn(s.frequencies, symbol, wordIn(s.frequencies, symbol) + 1);
  s.moved_count = s.moved_count + 1;
}

/** Writes down a run of `n` zeros by the digits of a number whose base is 2, and whose digits are 1 and 2. */
function addZeros(e: usize, n: u32): void {
  while (n > 0) {
    n--;
    addSymbol(e, n & 1 ? RUNB : RUNA);
    n >>= 1;
  }
}

/** Makes symbols of the last bytes of the sorted rotations: how many other bytes there have been since the same. */
function moveToFront(e: usize): void {
  const s = bz2_encoder.at(e);
  const n = s.block_used;
  const order = s.order;
  let used: u32 = 0;
  for (let i: u32 = 0; i < 256; i++) {
    if (load<u8>(s.in_use + i) == 0) continue;
    store<u8>(s.numbers + i, used);
    store<u8>(order + used, used);
    used++;
  }
  s.symbol_count = used + 2;
  s.moved_count = 0;
  memory.fill(s.frequencies, 0, ALPHABET * 4);
  let zeros: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const place = wordIn(placesOf(e), i);
    if (place == 0) s.origin = i;
    const byte = load<u8>(s.numbers + load<u8>(bytesOf(e) + (place == 0 ? n : place) - 1));
    if (load<u8>(order) == byte) {
      zeros++;
      continue;
    }
    addZeros(e, zeros);
    zeros = 0;
    let j: u32 = 1;
    while (load<u8>(order + j) != byte) j++;
    memory.copy(order + 1, order, j);
    store<u8>(order, byte);
    addSymbol(e, j + 1);
  }
  addZeros(e, zeros);
  addSymbol(e, used + 1);
}

function lengthsOf(e: usize, table: u32): usize {
  return bz2_encoder.at(e).lengths + table * ALPHABET;
}

function countsOf(e: usize, table: u32): usize {
  return bz2_encoder.at(e).counts + table * ALPHABET * 4;
}

function codesOf(e: usize, table: u32): usize {
  return bz2_encoder.at(e).codes + table * ALPHABET * 4;
}

/** How many tables a block of so many symbols has. */
function groupCount(symbols: u32): u32 {
  if (symbols < 200) return 2;
  if (symbols < 600) return 3;
  if (symbols < 1200) return 4;
  return symbols < 2400 ? 5 : 6;
}

/** Gives the tables lengths to begin with: each is cheap for a part of the symbols, of which all parts are as frequent. */
function beginTables(e: usize): void {
  const s = bz2_encoder.at(e);
  let left = s.moved_count;
  let first: i32 = 0;
  for (let part = s.group_count; part > 0; part--) {
    const wanted = left / part;
    let last = first - 1;
    let sum: u32 = 0;
    while (sum < wanted && last < <i32>s.symbol_count - 1) sum += wordIn(s.frequencies, ++last);
    if (last > first && part != s.group_count && part != 1 && ((s.group_count - part) & 1) == 1) {
      sum -= wordIn(s.frequencies, last--);
    }
    const lengths = lengthsOf(e, part - 1);
    for (let v: i32 = 0; v < <i32>s.symbol_count; v++) store<u8>(lengths + v, v >= first && v <= last ? 0 : 15);
    first = last + 1;
    left -= sum;
  }
}

/** Makes the tables, and chooses one for each group of symbols; better ones four times. */
function chooseTables(e: usize): void {
  const s = bz2_encoder.at(e);
  s.group_count = groupCount(s.moved_count);
  beginTables(e);
  for (let round = 0; round < ROUNDS; round++) {
    memory.fill(s.counts, 0, s.group_count * ALPHABET * 4);
    s.selector_count = 0;
    for (let start: u32 = 0; start < s.moved_count; start += GROUP) {
      const end = min(start + GROUP, s.moved_count);
      const table = cheapest(e, start, end);
      store<u8>(selectorsOf(e) + s.selector_count, table);
      s.selector_count = s.selector_count + 1;
      const counts = countsOf(e, table);
      for (let i = start; i < end; i++) setWordIn(counts, symbolAt(e, i), wordIn(counts, symbolAt(e, i)) + 1);
    }
    for (let t: u32 = 0; t < s.group_count; t++) {
      makeCodeLengths(lengthsOf(e, t), countsOf(e, t), s.symbol_count, LENGTH_MOST);
    }
  }
  for (let t: u32 = 0; t < s.group_count; t++) assignCodes(e, t);
}

/** The table with which a group of symbols takes the fewest bits. */
function cheapest(e: usize, start: u32, end: u32): u32 {
  let best: u32 = 0;
  let least: u32 = u32.MAX_VALUE;
  for (let t: u32 = 0; t < bz2_encoder.at(e).group_count; t++) {
    const lengths = lengthsOf(e, t);
    let cost: u32 = 0;
    for (let i = start; i < end; i++) cost += load<u8>(lengths + symbolAt(e, i));
    if (cost < least) {
      least = cost;
      best = t;
    }
  }
  return best;
}

/** Numbers the codes of a table, by their lengths and then by their symbols. */
function assignCodes(e: usize, table: u32): void {
  const count = bz2_encoder.at(e).symbol_count;
  const lengths = lengthsOf(e, table);
  const codes = codesOf(e, table);
  let code: u32 = 0;
  for (let n: u32 = 1; n <= LENGTH_MOST; n++) {
    for (let v: u32 = 0; v < count; v++) if (load<u8>(lengths + v) == n) setWordIn(codes, v, code++);
    code <<= 1;
  }
}

/** Writes which bytes there are in the block: first which rows of 16. */
function putUsed(e: usize, w: usize): void {
  const s = bz2_encoder.at(e);
  let rows: u32 = 0;
  for (let i: u32 = 0; i < 256; i++) if (load<u8>(s.in_use + i)) rows |= 0x8000 >> (i >> 4);
  putBits(e, w, 16, rows);
  for (let row: u32 = 0; row < 16; row++) {
    if ((rows & (0x8000 >> row)) == 0) continue;
    let bits: u32 = 0;
    for (let i: u32 = 0; i < 16; i++) if (load<u8>(s.in_use + row * 16 + i)) bits |= 0x8000 >> i;
    putBits(e, w, 16, bits);
  }
}

/** Writes which table each group has, by how many others there have been since. */
function putSelectors(e: usize, w: usize): void {
  const s = bz2_encoder.at(e);
  const order = s.order;
  putBits(e, w, 3, s.group_count);
  putBits(e, w, 15, s.selector_count);
  for (let t: u32 = 0; t < s.group_count; t++) store<u8>(order + t, t);
  for (let i: u32 = 0; i < s.selector_count; i++) {
    const table = load<u8>(selectorsOf(e) + i);
    let j: u32 = 0;
    while (load<u8>(order + j) != table) j++;
    memory.copy(order + 1, order, j);
    store<u8>(order, table);
    for (let k: u32 = 0; k < j; k++) putBits(e, w, 1, 1);
    putBits(e, w, 1, 0);
  }
}

/** Writes the lengths of each table's codes, by their differences. */
function putTables(e: usize, w: usize): void {
  const s = bz2_encoder.at(e);
  for (let t: u32 = 0; t < s.group_count; t++) {
    const lengths = lengthsOf(e, t);
    let n: u32 = load<u8>(lengths);
    putBits(e, w, 5, n);
    for (let v: u32 = 0; v < s.symbol_count; v++) {
      for (; n < load<u8>(lengths + v); n++) putBits(e, w, 2, 2);
      for (; n > load<u8>(lengths + v); n--) putBits(e, w, 2, 3);
      putBits(e, w, 1, 0);
    }
  }
}

function putSymbols(e: usize, w: usize): void {
  const s = bz2_encoder.at(e);
  for (let i: u32 = 0; i < s.moved_count; i++) {
    const table = load<u8>(selectorsOf(e) + i / GROUP);
    const symbol = symbolAt(e, i);
    putBits(e, w, load<u8>(lengthsOf(e, table) + symbol), wordIn(codesOf(e, table), symbol));
  }
}
