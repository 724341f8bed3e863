// What both directions of LZMA go by: adaptive probabilities of bits, and which of them the next symbol is told with. They
// are an array of u16, of which each of 2048 parts says how likely a 0 is:
//
//   IS_MATCH 12×16 | IS_REP 12 | IS_REP_G0 12 | _G1 12 | _G2 12 | IS_REP0_LONG 12×16 | DISTANCE_SLOT 4×64 |
//   DISTANCE_SPECIAL 128 | DISTANCE_ALIGN 16 | MATCH_LENGTH 514 | REP_LENGTH 514 | LITERAL 768 << (lc + lp)
//
// A length: CHOICE 1 | CHOICE2 1 | low 16×8 | middle 16×8 | high 256.

import { lzma_model } from "../../generated/layouts";

export const PROBABILITY_BITS: u32 = 11;
export const PROBABILITY_ONE: u32 = 1 << PROBABILITY_BITS;
export const MOVE_BITS: u32 = 5;
/** Below this the range gets another byte. */
export const RANGE_LEAST: u32 = 1 << 24;

export const IS_MATCH: u32 = 0;
export const IS_REP: u32 = 192;
export const IS_REP_G0: u32 = 204;
export const IS_REP_G1: u32 = 216;
export const IS_REP_G2: u32 = 228;
export const IS_REP0_LONG: u32 = 240;
const DISTANCE_SLOT: u32 = 432;
export const DISTANCE_SPECIAL: u32 = 688;
export const DISTANCE_ALIGN: u32 = 816;
export const MATCH_LENGTH: u32 = 832;
export const REP_LENGTH: u32 = 1346;
export const LITERAL: u32 = 1860;

export const LENGTH_LOW: u32 = 2;
export const LENGTH_MIDDLE: u32 = 130;
export const LENGTH_HIGH: u32 = 258;

export const LENGTH_LEAST: u32 = 2;
export const LENGTH_MOST: u32 = 273;

/** Slots below tell a distance, those below the second need bits with probabilities of their own, the rest aligned bits. */
export const SLOT_EXACT: u32 = 4;
export const SLOT_SPECIAL: u32 = 14;
export const ALIGN_BITS: u32 = 4;

/** The bytes that the probabilities take. */
export function probabilitiesSize(lc: u32, lp: u32): usize {
  return <usize>((LITERAL + (0x300 << (lc + lp))) << 1);
}

/** The bytes that they can take. */
export const PROBABILITIES_MOST: usize = ((LITERAL + (0x300 << 4)) << 1) as usize;

/** The address of a probability. */
export function probabilityAt(m: usize, i: u32): usize {
  return lzma_model.at(m).probabilities + ((<usize>i) << 1);
}

/** Begins anew: nothing is known. */
export function resetModel(m: usize): void {
  const s = lzma_model.at(m);
  s.state = 0;
  s.rep0 = 0;
  s.rep1 = 0;
  s.rep2 = 0;
  s.rep3 = 0;
  const end = s.probabilities + probabilitiesSize(s.lc, s.lp);
  for (let p = s.probabilities; p < end; p += 4) store<u32>(p, ((PROBABILITY_ONE >> 1) << 16) | (PROBABILITY_ONE >> 1));
}

/** The probabilities of the literal behind the byte `previous`. */
export function literalAt(m: usize, position: u32, previous: u32): usize {
  const s = lzma_model.at(m);
  const context = ((position & ((1 << s.lp) - 1)) << s.lc) + (previous >> (8 - s.lc));
  return probabilityAt(m, LITERAL + 0x300 * context);
}

/** The group of slots that the distance of a repetition of this length is told with. */
export function slotGroup(length: u32): u32 {
  return DISTANCE_SLOT + (min<u32>(length - LENGTH_LEAST, 3) << 6);
}

export function isAfterLiteral(state: u32): bool {
  return state < 7;
}

export function afterLiteral(state: u32): u32 {
  return state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
}

export function afterMatch(state: u32): u32 {
  return state < 7 ? 7 : 10;
}

export function afterRep(state: u32): u32 {
  return state < 7 ? 8 : 11;
}

export function afterShortRep(state: u32): u32 {
  return state < 7 ? 9 : 11;
}

/** Remembers a distance, less one, as the last. */
export function rememberDistance(m: usize, distance: u32): void {
  const s = lzma_model.at(m);
  s.rep3 = s.rep2;
  s.rep2 = s.rep1;
  s.rep1 = s.rep0;
  s.rep0 = distance;
}

/** Makes one of the last four distances the last. */
export function recallDistance(m: usize, i: u32): void {
  const s = lzma_model.at(m);
  const distance = i == 0 ? s.rep0 : i == 1 ? s.rep1 : i == 2 ? s.rep2 : s.rep3;
  if (i > 2) s.rep3 = s.rep2;
  if (i > 1) s.rep2 = s.rep1;
  if (i > 0) s.rep1 = s.rep0;
  s.rep0 = distance;
}
