// The symbols of LZMA, writing. Each goes on to the next byte that is to be encoded.

import { lzma_encoder } from "../../generated/layouts";
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
  probabilityAt,
  REP_LENGTH,
  recallDistance,
  rememberDistance,
  SLOT_EXACT,
  SLOT_SPECIAL,
  slotGroup,
} from "./model";
import { encodeBit, encodeDirect, encodeReverse, encodeTree } from "./range";

/** The distance, less one, that marks the end. */
const MARKER: u32 = 0xffffffff;

function positionStateOf(s: lzma_encoder): u32 {
  return s.position & ((1 << s.pb) - 1);
}

function goOn(s: lzma_encoder, n: u32): void {
  s.here = s.here + n;
  s.position = s.position + n;
  s.chunk_size = s.chunk_size + n;
}

/** The next byte as it is. */
export function encodeLiteral(e: usize): void {
  const s = lzma_encoder.at(e);
  const state = s.state;
  const at = s.window + s.here;
  encodeBit(e, probabilityAt(e, IS_MATCH + (state << 4) + positionStateOf(s)), 0);
  const byte = <u32>load<u8>(at);
  const p = literalAt(e, s.position, s.here == 0 ? 0 : load<u8>(at - 1));
  if (isAfterLiteral(state)) encodeTree(e, p, 8, byte);
  else {
    let guess = (<u32>load<u8>(at - s.rep0 - 1)) << 1;
    let same: u32 = 0x100;
    let node: u32 = 1;
    for (let i: i32 = 7; i >= 0; i--) {
      const expected = guess & same;
      const bit = (byte >> i) & 1;
      encodeBit(e, p + ((same + expected + node) << 1), bit);
      node = (node << 1) | bit;
      same &= bit ? expected : ~expected;
      guess <<= 1;
    }
  }
  s.state = afterLiteral(state);
  goOn(s, 1);
}

function encodeLength(e: usize, lengths: u32, positionState: u32, length: u32): void {
  const p = probabilityAt(e, lengths);
  const n = length - LENGTH_LEAST;
  encodeBit(e, p, n < 8 ? 0 : 1);
  if (n < 8) {
    encodeTree(e, p + ((LENGTH_LOW + (positionState << 3)) << 1), 3, n);
    return;
  }
  encodeBit(e, p + 2, n < 16 ? 0 : 1);
  if (n < 16) encodeTree(e, p + ((LENGTH_MIDDLE + (positionState << 3)) << 1), 3, n - 8);
  else encodeTree(e, p + (LENGTH_HIGH << 1), 8, n - 16);
}

function slotOf(distance: u32): u32 {
  if (distance < SLOT_EXACT) return distance;
  const high = 31 - clz<u32>(distance);
  return (high << 1) | ((distance >> (high - 1)) & 1);
}

/** A repetition of `length` bytes at a new distance, less one. */
export function encodeMatch(e: usize, distance: u32, length: u32): void {
  const s = lzma_encoder.at(e);
  const positionState = positionStateOf(s);
  encodeBit(e, probabilityAt(e, IS_MATCH + (s.state << 4) + positionState), 1);
  encodeBit(e, probabilityAt(e, IS_REP + s.state), 0);
  s.state = afterMatch(s.state);
  encodeLength(e, MATCH_LENGTH, positionState, length);
  const slot = slotOf(distance);
  encodeTree(e, probabilityAt(e, slotGroup(length)), 6, slot);
  if (slot >= SLOT_EXACT) {
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) << bits;
    const rest = distance - base;
    if (slot < SLOT_SPECIAL) encodeReverse(e, probabilityAt(e, DISTANCE_SPECIAL + base - slot), bits, rest);
    else {
      encodeDirect(e, bits - ALIGN_BITS, rest >> ALIGN_BITS);
      encodeReverse(e, probabilityAt(e, DISTANCE_ALIGN), ALIGN_BITS, rest & ((1 << ALIGN_BITS) - 1));
    }
  }
  rememberDistance(e, distance);
  goOn(s, length);
}

/** A repetition at one of the last four distances. */
export function encodeRepeat(e: usize, i: u32, length: u32): void {
  const s = lzma_encoder.at(e);
  const state = s.state;
  const positionState = positionStateOf(s);
  encodeBit(e, probabilityAt(e, IS_MATCH + (state << 4) + positionState), 1);
  encodeBit(e, probabilityAt(e, IS_REP + state), 1);
  encodeBit(e, probabilityAt(e, IS_REP_G0 + state), i == 0 ? 0 : 1);
  if (i == 0) encodeBit(e, probabilityAt(e, IS_REP0_LONG + (state << 4) + positionState), 1);
  else {
    encodeBit(e, probabilityAt(e, IS_REP_G1 + state), i == 1 ? 0 : 1);
    if (i > 1) encodeBit(e, probabilityAt(e, IS_REP_G2 + state), i - 2);
  }
  recallDistance(e, i);
  encodeLength(e, REP_LENGTH, positionState, length);
  s.state = afterRep(state);
  goOn(s, length);
}

/** One byte that is the one at the last distance. */
export function encodeShortRepeat(e: usize): void {
  const s = lzma_encoder.at(e);
  const state = s.state;
  const positionState = positionStateOf(s);
  encodeBit(e, probabilityAt(e, IS_MATCH + (state << 4) + positionState), 1);
  encodeBit(e, probabilityAt(e, IS_REP + state), 1);
  encodeBit(e, probabilityAt(e, IS_REP_G0 + state), 0);
  encodeBit(e, probabilityAt(e, IS_REP0_LONG + (state << 4) + positionState), 0);
  s.state = afterShortRep(state);
  goOn(s, 1);
}

/** The mark of the end. */
export function encodeMarker(e: usize): void {
  encodeMatch(e, MARKER, LENGTH_LEAST);
}
