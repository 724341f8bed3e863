// Compressing to LZMA and LZMA2: each symbol is the longest repetition that is found by a hash of its first bytes, unless
// one at a recent distance, or one that begins a byte later, tells more (the decisions that liblzma's fast mode makes, for
// all modes). What is written is valid, and not byte for byte what liblzma writes.
//
// The window holds what repetitions may lie in and what is to be encoded; it grows up to `capacity_most`, then what is
// too old goes.

import { lzma_encoder, lzma_filter, SIZEOF_lzma_encoder } from "../../generated/layouts";
import { PyMem_RawFree, PyMem_RawRealloc } from "../../memory/pymem";
import { writeByte, writeBytes } from "../../objects/bytes/writer";
import { PyErr_NoMemory } from "../../objects/errors/raise";
import { findRepetition, forgetBefore, growFinder, repetitionLength } from "./finder";
import { LENGTH_LEAST, LENGTH_MOST, PROBABILITIES_MOST, resetModel } from "./model";
import { beginRange, finishRange, pendingBytes } from "./range";
import { encodeLiteral, encodeMarker, encodeMatch, encodeRepeat, encodeShortRepeat } from "./symbols";

/** What a chunk of LZMA2 may have: bytes of its own, bytes when it is as it is, bytes that it stands for. */
const PACKED_MOST: u32 = 1 << 16;
const RAW_MOST: u32 = 1 << 16;
const CHUNK_MOST: u32 = 1 << 21;
/** More than a symbol can take. */
const SYMBOL_ROOM: u32 = 64;
/** When LZMA's bytes are handed on. */
const HAND_ON: u32 = 1 << 15;
const WINDOW_FIRST: u32 = 1 << 16;
/** Bytes that must be there behind the next one: a repetition, and another that begins one later. */
const AHEAD: u32 = LENGTH_MOST + 8;

const RESET_STATE: u32 = 1;
const RESET_PROPERTIES: u32 = 2;
const RESET_ALL: u32 = 3;

/** The bytes that an encoder takes, without its window. */
export const ENCODER_SIZE: usize = (SIZEOF_lzma_encoder + PROBABILITIES_MOST) as usize;

/** Begins an encoder at `e`, ENCODER_SIZE zeros, with the options of a filter. */
export function beginEncoder(e: usize, filter: usize, lzma2: bool): void {
  const s = lzma_encoder.at(e);
  const x = lzma_filter.at(filter);
  s.probabilities = e + SIZEOF_lzma_encoder;
  s.is_lzma2 = lzma2 ? 1 : 0;
  s.lc = x.lc;
  s.lp = x.lp;
  s.pb = x.pb;
  s.property_byte = (x.pb * 5 + x.lp) * 9 + x.lc;
  s.dict_size = x.dict_size;
  s.nice_len = x.nice_len;
  s.depth = x.depth != 0 ? x.depth : 4 + x.nice_len / 4;
  s.capacity_most = x.dict_size + (x.dict_size >> 1) + (RAW_MOST << 1) + AHEAD;
  s.needs = RESET_ALL;
  resetModel(e);
  beginRange(e);
}

/** Frees what an encoder has besides itself. */
export function endEncoder(e: usize): void {
  const s = lzma_encoder.at(e);
  PyMem_RawFree(s.window);
  PyMem_RawFree(s.heads);
  PyMem_RawFree(s.links);
}

/** Encodes `n` bytes at `p`, with `finish` to the end: false with MemoryError. */
export function feedLZMA(e: usize, p: usize, n: usize, finish: bool, w: usize): bool {
  const s = lzma_encoder.at(e);
  while (n > 0) {
    if (s.filled == s.capacity && !makeRoom(e)) {
      PyErr_NoMemory();
      return false;
    }
    const m = min(n, <usize>(s.capacity - s.filled));
    memory.copy(s.window + s.filled, p, m);
    s.filled = s.filled + <u32>m;
    p += m;
    n -= m;
    if (!encodeAhead(e, AHEAD, w)) return false;
  }
  return !finish || (encodeAhead(e, 0, w) && finishLZMA(e, w));
}

function makeRoom(e: usize): bool {
  const s = lzma_encoder.at(e);
  if (s.capacity == s.capacity_most) {
    forgetBefore(e, s.here - max(s.dict_size, RAW_MOST + LENGTH_MOST));
    return true;
  }
  const capacity = <u32>min<u64>(max<u64>((<u64>s.capacity) << 1, WINDOW_FIRST), s.capacity_most);
  const window = PyMem_RawRealloc(s.window, capacity);
  if (window == 0) return false;
  s.window = window;
  if (!growFinder(e, capacity)) return false;
  s.capacity = capacity;
  return true;
}

/** Encodes as long as more than `ahead` bytes are left: false with MemoryError. */
function encodeAhead(e: usize, ahead: u32, w: usize): bool {
  const s = lzma_encoder.at(e);
  while (s.filled - s.here > ahead) {
    if (!s.is_lzma2) {
      if (s.out_count > HAND_ON && !handOn(s, w)) return false;
    } else if (pendingBytes(e) > PACKED_MOST - SYMBOL_ROOM || s.chunk_size > CHUNK_MOST - LENGTH_MOST) {
      if (!writeChunk(e, w)) return false;
    }
    encodeNext(e);
  }
  return true;
}

/** Writes what LZMA has ready. */
function handOn(s: lzma_encoder, w: usize): bool {
  const n = s.out_count;
  s.out_count = 0;
  return writeBytes(w, s.out, <isize>n) == 0;
}

/** Whether a distance is so much greater than another that one more byte is not worth it. */
function isFar(near: u32, far: u32): bool {
  return near < far >> 7;
}

/** The length of the longest repetition at one of the last distances times 4, and which that is. */
function longestRecent(s: lzma_encoder, i: u32, most: u32): u32 {
  const n0 = repetitionLength(s, i, s.rep0, most);
  const n1 = repetitionLength(s, i, s.rep1, most);
  const n2 = repetitionLength(s, i, s.rep2, most);
  const n3 = repetitionLength(s, i, s.rep3, most);
  let best = n0 << 2;
  if (n1 > best >> 2) best = (n1 << 2) | 1;
  if (n2 > best >> 2) best = (n2 << 2) | 2;
  if (n3 > best >> 2) best = (n3 << 2) | 3;
  return best;
}

/** Encodes the next symbol. */
function encodeNext(e: usize): void {
  const s = lzma_encoder.at(e);
  const here = s.here;
  const most = min(s.filled - here, LENGTH_MOST);
  const recent = longestRecent(s, here, most);
  const recentLength = recent >> 2;
  findRepetition(s, here);
  const length = s.found_length;
  const distance = s.found_distance;
  if (recentLength >= LENGTH_LEAST && recentLength >= min(s.nice_len, most)) {
    encodeRepeat(e, recent & 3, recentLength);
    return;
  }
  if (length >= LENGTH_LEAST && length >= s.nice_len) {
    encodeMatch(e, distance, length);
    return;
  }
  if (
    recentLength >= LENGTH_LEAST &&
    (recentLength + 1 >= length ||
      (recentLength + 2 >= length && distance >= 1 << 9) ||
      (recentLength + 3 >= length && distance >= 1 << 15))
  ) {
    encodeRepeat(e, recent & 3, recentLength);
    return;
  }
  if (length < LENGTH_LEAST || (length == 2 && distance >= 1 << 7) || isLaterBetter(s, length, distance)) {
    if (here > 0 && repetitionLength(s, here, s.rep0, 1) == 1) encodeShortRepeat(e);
    else encodeLiteral(e);
    return;
  }
  encodeMatch(e, distance, length);
}

/** Whether a repetition that begins one byte later is better than the one that was found. */
function isLaterBetter(s: lzma_encoder, length: u32, distance: u32): bool {
  const later = s.here + 1;
  if (s.filled - later < LENGTH_LEAST) return false;
  findRepetition(s, later);
  const n = s.found_length;
  const d = s.found_distance;
  if (n >= LENGTH_LEAST) {
    if (n > length + 1 || (n >= length && d < distance)) return true;
    if (n == length + 1 && !isFar(distance, d)) return true;
    if (n + 1 >= length && length >= 3 && isFar(d, distance)) return true;
  }
  const most = min(s.filled - later, LENGTH_MOST);
  return longestRecent(s, later, most) >> 2 >= max(LENGTH_LEAST, length - 1);
}

/** Writes a chunk of LZMA2: false with MemoryError. */
function writeChunk(e: usize, w: usize): bool {
  const s = lzma_encoder.at(e);
  finishRange(e);
  const size = s.chunk_size;
  const packed = s.out_count;
  const ok = packed < size ? writePacked(s, size, packed, w) : writeRaw(s, size, w);
  s.chunk_size = 0;
  beginRange(e);
  if (s.needs != 0) resetModel(e);
  return ok;
}

function writePacked(s: lzma_encoder, size: u32, packed: u32, w: usize): bool {
  const needs = s.needs;
  s.needs = 0;
  return (
    writeByte(w, 0x80 | (needs << 5) | ((size - 1) >> 16)) == 0 &&
    writeShort(w, size - 1) &&
    writeShort(w, packed - 1) &&
    (needs < RESET_PROPERTIES || writeByte(w, s.property_byte) == 0) &&
    writeBytes(w, s.out, <isize>packed) == 0
  );
}

/** A chunk that has not become smaller. */
function writeRaw(s: lzma_encoder, size: u32, w: usize): bool {
  for (let left = size; left > 0; ) {
    const n = min(left, RAW_MOST);
    if (writeByte(w, s.needs == RESET_ALL ? 1 : 2) < 0 || !writeShort(w, n - 1)) return false;
    if (writeBytes(w, s.window + (s.here - left), <isize>n) < 0) return false;
    s.needs = s.needs >= RESET_PROPERTIES ? RESET_PROPERTIES : RESET_STATE;
    left -= n;
  }
  return true;
}

function writeShort(w: usize, v: u32): bool {
  return writeByte(w, (v >> 8) & 0xff) == 0 && writeByte(w, v & 0xff) == 0;
}

/** The end of what is compressed: false with MemoryError. */
function finishLZMA(e: usize, w: usize): bool {
  const s = lzma_encoder.at(e);
  if (s.is_lzma2) return (s.chunk_size == 0 || writeChunk(e, w)) && writeByte(w, 0) == 0;
  encodeMarker(e);
  finishRange(e);
  return handOn(s, w);
}
