// The range coder of LZMA, writing: a number of any length that grows at its end, where the last bytes wait as long as a
// carry may still change them.

import { lzma_encoder } from "../../generated/layouts";
import { MOVE_BITS, PROBABILITY_BITS, PROBABILITY_ONE, RANGE_LEAST } from "./model";

const CARRY: u64 = 1 << 32;
const LOW_WAITING: u64 = 0xff000000;
const FLUSH_BYTES: u32 = 5;

/** Begins a number. */
export function beginRange(e: usize): void {
  const s = lzma_encoder.at(e);
  s.low = 0;
  s.range = ~0;
  s.cache = 0;
  s.cache_size = 1;
  s.out_count = 0;
}

/** How many bytes the number has if it ends here. */
export function pendingBytes(e: usize): u32 {
  const s = lzma_encoder.at(e);
  return s.out_count + s.cache_size + FLUSH_BYTES - 1;
}

/** Moves the highest byte of `low` out. */
function shiftLow(e: usize): void {
  const s = lzma_encoder.at(e);
  const low = s.low;
  if (low < LOW_WAITING || low >= CARRY) {
    const carry = <u32>(low >> 32);
    let to = s.out + s.out_count;
    let byte = s.cache + carry;
    for (let n = s.cache_size; n > 0; n--) {
      store<u8>(to++, byte);
      byte = 0xff + carry;
    }
    s.out_count = s.out_count + s.cache_size;
    s.cache_size = 0;
    s.cache = <u32>(low >> 24) & 0xff;
  }
  s.cache_size = s.cache_size + 1;
  s.low = (low & 0xffffff) << 8;
}

function normalize(e: usize): void {
  const s = lzma_encoder.at(e);
  if (s.range >= RANGE_LEAST) return;
  s.range = s.range << 8;
  shiftLow(e);
}

/** Ends the number. */
export function finishRange(e: usize): void {
  for (let i: u32 = 0; i < FLUSH_BYTES; i++) shiftLow(e);
}

/** A bit by its probability. */
export function encodeBit(e: usize, p: usize, bit: u32): void {
  const s = lzma_encoder.at(e);
  const probability = <u32>load<u16>(p);
  const bound = (s.range >> PROBABILITY_BITS) * probability;
  if (bit) {
    s.low = s.low + bound;
    s.range = s.range - bound;
    store<u16>(p, probability - (probability >> MOVE_BITS));
  } else {
    s.range = bound;
    store<u16>(p, probability + ((PROBABILITY_ONE - probability) >> MOVE_BITS));
  }
  normalize(e);
}

/** A number of `bits` bits, the highest first, by the tree of probabilities at `p`. */
export function encodeTree(e: usize, p: usize, bits: u32, number: u32): void {
  let node: u32 = 1;
  while (bits > 0) {
    const bit = (number >> --bits) & 1;
    encodeBit(e, p + (node << 1), bit);
    node = (node << 1) | bit;
  }
}

/** The same, the lowest first. */
export function encodeReverse(e: usize, p: usize, bits: u32, number: u32): void {
  let node: u32 = 1;
  for (let i: u32 = 0; i < bits; i++) {
    const bit = (number >> i) & 1;
    encodeBit(e, p + (node << 1), bit);
    node = (node << 1) | bit;
  }
}

/** A number of bits that are as likely 0 as 1. */
export function encodeDirect(e: usize, bits: u32, number: u32): void {
  const s = lzma_encoder.at(e);
  while (bits > 0) {
    s.range = s.range >> 1;
    if ((number >> --bits) & 1) s.low = s.low + s.range;
    normalize(e);
  }
}
