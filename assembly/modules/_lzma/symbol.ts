// A symbol of LZMA, from bytes that are all there: a literal, a repetition, or the marker of the end.

import { lzma_decoder } from "../../generated/layouts";
import {
  ALIGN_BITS,
  afterLiteral,
  afterMatch,
  afterRep,
  afterShortRep,
  DISTANCE_ALIGN,
  DISTANCE_SPECIAL,
  IS_MATCH,
  IS_REP,
  IS_REP0_LONG,
  IS_REP_G0,
  IS_REP_G1,
  IS_REP_G2,
  isAfterLiteral,
  LENGTH_HIGH,
  LENGTH_LEAST,
  LENGTH_LOW,
  LENGTH_MIDDLE,
  literalAt,
  MATCH_LENGTH,
  MOVE_BITS,
  PROBABILITY_BITS,
  PROBABILITY_ONE,
  probabilityAt,
  RANGE_LEAST,
  REP_LENGTH,
  recallDistance,
  rememberDistance,
  SLOT_EXACT,
  SLOT_SPECIAL,
  slotGroup,
} from "./model";

/** The distance, less one, that marks the end. */
const MARKER: u32 = 0xffffffff;

/** Reads a byte where the range has become small. */
export function normalize(d: usize): void {
  const s = lzma_decoder.at(d);
  if (s.range >= RANGE_LEAST) return;
  s.range = s.range << 8;
  s.code = (s.code << 8) | load<u8>(s.next);
  s.next = s.next + 1;
}

/** A bit by its probability. */
function decodeBit(d: usize, p: usize): u32 {
  const s = lzma_decoder.at(d);
  normalize(d);
  const range = s.range;
  const probability = <u32>load<u16>(p);
  const bound = (range >> PROBABILITY_BITS) * probability;
  if (s.code < bound) {
    s.range = bound;
    store<u16>(p, probability + ((PROBABILITY_ONE - probability) >> MOVE_BITS));
    return 0;
  }
  s.range = range - bound;
  s.code = s.code - bound;
  store<u16>(p, probability - (probability >> MOVE_BITS));
  return 1;
}

/** A number of `bits` bits, the highest first, by the tree of probabilities at `p`. */
function decodeTree(d: usize, p: usize, bits: u32): u32 {
  let node: u32 = 1;
  for (let i: u32 = 0; i < bits; i++) node = (node << 1) | decodeBit(d, p + (node << 1));
  return node - (1 << bits);
}

/** The same, the lowest first. */
function decodeReverse(d: usize, p: usize, bits: u32): u32 {
  let node: u32 = 1;
  let number: u32 = 0;
  for (let i: u32 = 0; i < bits; i++) {
    const bit = decodeBit(d, p + (node << 1));
    node = (node << 1) | bit;
    number |= bit << i;
  }
  return number;
}

/** A number of bits that are as likely 0 as 1. */
function decodeDirect(d: usize, bits: u32): u32 {
  const s = lzma_decoder.at(d);
  let number: u32 = 0;
  for (let i: u32 = 0; i < bits; i++) {
    normalize(d);
    s.range = s.range >> 1;
    const bit: u32 = s.code >= s.range ? 1 : 0;
    if (bit) s.code = s.code - s.range;
    number = (number << 1) | bit;
  }
  return number;
}

function decodeLength(d: usize, lengths: u32, positionState: u32): u32 {
  const p = probabilityAt(d, lengths);
  if (!decodeBit(d, p)) return LENGTH_LEAST + decodeTree(d, p + ((LENGTH_LOW + (positionState << 3)) << 1), 3);
  if (!decodeBit(d, p + 2))
    return LENGTH_LEAST + 8 + decodeTree(d, p + ((LENGTH_MIDDLE + (positionState << 3)) << 1), 3);
  return LENGTH_LEAST + 16 + decodeTree(d, p + (LENGTH_HIGH << 1), 8);
}

/** The distance of a new repetition, less one. */
function decodeDistance(d: usize, length: u32): u32 {
  const slot = decodeTree(d, probabilityAt(d, slotGroup(length)), 6);
  if (slot < SLOT_EXACT) return slot;
  const bits = (slot >> 1) - 1;
  const base = (2 | (slot & 1)) << bits;
  if (slot < SLOT_SPECIAL) return base + decodeReverse(d, probabilityAt(d, DISTANCE_SPECIAL + base - slot), bits);
  const high = decodeDirect(d, bits - ALIGN_BITS) << ALIGN_BITS;
  return base + high + decodeReverse(d, probabilityAt(d, DISTANCE_ALIGN), ALIGN_BITS);
}

/** The byte that lies `distance` bytes back, less one. */
function byteBack(s: lzma_decoder, distance: u32): u32 {
  const back = distance + 1;
  return load<u8>(s.window + (s.offset >= back ? s.offset - back : s.offset + (s.capacity - back)));
}

function decodeLiteral(d: usize): void {
  const s = lzma_decoder.at(d);
  const p = literalAt(d, s.position, s.valid == 0 ? 0 : byteBack(s, 0));
  let node: u32 = 1;
  if (!isAfterLiteral(s.state)) {
    // The byte at the last distance is no good guess, as otherwise it would have been repeated: the bits go by its bits as
    // long as they are the same.
    let guess = byteBack(s, s.rep0) << 1;
    let same: u32 = 0x100;
    while (node < 0x100) {
      const expected = guess & same;
      const bit = decodeBit(d, p + ((same + expected + node) << 1));
      node = (node << 1) | bit;
      same &= bit ? expected : ~expected;
      guess <<= 1;
    }
  } else while (node < 0x100) node = (node << 1) | decodeBit(d, p + (node << 1));
  store<u8>(s.window + s.offset, node);
  s.offset = s.offset + 1;
  s.position = s.position + 1;
  if (s.valid < s.dict_size) s.valid = s.valid + 1;
  s.state = afterLiteral(s.state);
}

/**
 * Decodes a symbol; the bytes of a repetition are left to be copied: false where it cannot be. `marker` is 1 after the mark
 * of the end, behind which the range coder has all its bytes.
 */
export function decodeSymbol(d: usize): bool {
  const s = lzma_decoder.at(d);
  const state = s.state;
  const positionState = s.position & ((1 << s.pb) - 1);
  if (!decodeBit(d, probabilityAt(d, IS_MATCH + (state << 4) + positionState))) {
    if (!isAfterLiteral(state) && s.rep0 >= s.valid) return false;
    decodeLiteral(d);
    return true;
  }
  if (!decodeBit(d, probabilityAt(d, IS_REP + state))) {
    s.state = afterMatch(state);
    const length = decodeLength(d, MATCH_LENGTH, positionState);
    const distance = decodeDistance(d, length);
    if (distance == MARKER) {
      normalize(d);
      s.marker = 1;
      return true;
    }
    rememberDistance(d, distance);
    s.repeat = length;
  } else {
    let i: u32 = 0;
    if (!decodeBit(d, probabilityAt(d, IS_REP_G0 + state))) {
      if (!decodeBit(d, probabilityAt(d, IS_REP0_LONG + (state << 4) + positionState))) {
        s.state = afterShortRep(state);
        s.repeat = 1;
        return checkDistance(s);
      }
    } else if (!decodeBit(d, probabilityAt(d, IS_REP_G1 + state))) i = 1;
    else i = 2 + decodeBit(d, probabilityAt(d, IS_REP_G2 + state));
    recallDistance(d, i);
    s.repeat = decodeLength(d, REP_LENGTH, positionState);
    s.state = afterRep(state);
  }
  return checkDistance(s);
}

/** Whether the last distance does not go back too far; otherwise nothing is repeated. */
function checkDistance(s: lzma_decoder): bool {
  if (s.rep0 < s.valid) return true;
  s.repeat = 0;
  return false;
}
