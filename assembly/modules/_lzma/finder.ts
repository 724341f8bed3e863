// Finding what is repeated: for each place of the window the last one before it with the same hash of four bytes, and the
// last ones with the same hash of two and of three. Places are stored plus one; 0 is none.

import { lzma_encoder } from "../../generated/layouts";
import { PyMem_RawFree, PyMem_RawMalloc, PyMem_RawRealloc } from "../../memory/pymem";
import { LENGTH_LEAST, LENGTH_MOST } from "./model";

const HASH2_BITS: u32 = 10;
const HASH3_BITS: u32 = 16;
const HASH4_BITS_MOST: u32 = 20;
const HASH2_SIZE: u32 = 1 << HASH2_BITS;
const HASH3_SIZE: u32 = 1 << HASH3_BITS;
const HASHED: u32 = 4;
const GOLDEN: u32 = 0x9e3779b1;

function hash2(p: usize): u32 {
  return (<u32>load<u16>(p) * GOLDEN) >> (32 - HASH2_BITS);
}

function hash3(p: usize): u32 {
  return HASH2_SIZE + (((load<u32>(p) << 8) * GOLDEN) >> (32 - HASH3_BITS));
}

function hash4(p: usize, bits: u32): u32 {
  return HASH2_SIZE + HASH3_SIZE + ((load<u32>(p) * GOLDEN) >> (32 - bits));
}

function headsCount(bits: u32): u32 {
  return HASH2_SIZE + HASH3_SIZE + (1 << bits);
}

function at(p: usize, i: u32): u32 {
  return load<u32>(p + ((<usize>i) << 2));
}

function put(p: usize, i: u32, v: u32): void {
  store<u32>(p + ((<usize>i) << 2), v);
}

/** Makes the tables fit a window of `capacity` bytes: false where there is no memory. */
export function growFinder(e: usize, capacity: u32): bool {
  const s = lzma_encoder.at(e);
  const links = PyMem_RawRealloc(s.links, (<usize>capacity) << 2);
  if (links == 0) return false;
  s.links = links;
  const bits = min(max(32 - clz<u32>(capacity - 1), HASH3_BITS), HASH4_BITS_MOST);
  if (bits == s.hash_bits) return true;
  const size = (<usize>headsCount(bits)) << 2;
  const heads = PyMem_RawMalloc(size);
  if (heads == 0) return false;
  memory.fill(heads, 0, size);
  PyMem_RawFree(s.heads);
  s.heads = heads;
  s.hash_bits = bits;
  const inserted = s.inserted;
  s.inserted = 0;
  insertUpTo(s, inserted);
  return true;
}

function insert(s: lzma_encoder, i: u32): void {
  if (s.filled - i < HASHED) return;
  const p = s.window + i;
  const heads = s.heads;
  const h4 = hash4(p, s.hash_bits);
  put(s.links, i, at(heads, h4));
  put(heads, h4, i + 1);
  put(heads, hash2(p), i + 1);
  put(heads, hash3(p), i + 1);
}

/** Puts all places before `end` into the tables that are not there yet. */
function insertUpTo(s: lzma_encoder, end: u32): void {
  for (let i = s.inserted; i < end; i++) insert(s, i);
  s.inserted = max(s.inserted, end);
}

/** How many bytes, up to `most`, are the same at place `i` and `distance` + 1 before; 0 where nothing is there. */
export function repetitionLength(s: lzma_encoder, i: u32, distance: u32, most: u32): u32 {
  if (distance >= i || distance >= s.dict_size) return 0;
  const p = s.window + i;
  const q = p - distance - 1;
  let n: u32 = 0;
  while (n < most && load<u8>(p + n) == load<u8>(q + n)) n++;
  return n;
}

/** Takes the repetition at place `candidate`, plus one, where it is longer, and not much further away for one byte more. */
function consider(s: lzma_encoder, i: u32, candidate: u32, most: u32): void {
  const distance = i - candidate;
  const best = s.found_length;
  const n = repetitionLength(s, i, distance, most);
  if (n <= best || n < LENGTH_LEAST) return;
  if (n == best + 1 && best >= LENGTH_LEAST && distance >> 7 > s.found_distance) return;
  s.found_length = n;
  s.found_distance = distance;
}

/** Finds the longest repetition at place `i`: found_length and found_distance. */
export function findRepetition(s: lzma_encoder, i: u32): void {
  if (s.found_at == i + 1) return;
  insertUpTo(s, i);
  s.found_at = i + 1;
  s.found_length = 0;
  const most = min(s.filled - i, LENGTH_MOST);
  if (most < HASHED) return;
  const p = s.window + i;
  const heads = s.heads;
  const c2 = at(heads, hash2(p));
  if (c2 != 0) consider(s, i, c2, most);
  const c3 = at(heads, hash3(p));
  if (c3 != 0) consider(s, i, c3, most);
  let candidate = at(heads, hash4(p, s.hash_bits));
  const enough = min(s.nice_len, most);
  for (let n = s.depth; n > 0 && candidate != 0 && s.found_length < enough; n--) {
    if (i - candidate >= s.dict_size) break;
    const best = s.found_length;
    if (load<u8>(s.window + candidate - 1 + best) == load<u8>(p + best)) consider(s, i, candidate, most);
    candidate = at(s.links, candidate - 1);
  }
  insertUpTo(s, i + 1);
}

/** Forgets the first `n` places. */
export function forgetBefore(e: usize, n: u32): void {
  const s = lzma_encoder.at(e);
  memory.copy(s.window, s.window + n, s.filled - n);
  const inserted = s.inserted;
  for (let i = n; i < inserted; i++) {
    const v = at(s.links, i);
    put(s.links, i - n, v > n ? v - n : 0);
  }
  const heads = s.heads;
  const count = headsCount(s.hash_bits);
  for (let i: u32 = 0; i < count; i++) {
    const v = at(heads, i);
    put(heads, i, v > n ? v - n : 0);
  }
  s.filled = s.filled - n;
  s.here = s.here - n;
  s.inserted = inserted - n;
  s.found_at = s.found_at > n ? s.found_at - n : 0;
}
