// The permutation of SHA-3 and SHAKE (FIPS 202). Lane (x, y) of the state is long word x + 5 * y.

import { longAt, setLong } from "./words";

/** What each round adds to the first lane. */
// biome-ignore format: a table
const ROUNDS: usize = memory.data<u64>([
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
  0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
  0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
  0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
  0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
]);

/** Permutes the 25 lanes at `state`. Every lane is a variable: the loops over them are written out. */
export function permute(state: usize): void {
  let a0 = longAt(state, 0);
  let a1 = longAt(state, 1);
  let a2 = longAt(state, 2);
  let a3 = longAt(state, 3);
  let a4 = longAt(state, 4);
  let a5 = longAt(state, 5);
  let a6 = longAt(state, 6);
  let a7 = longAt(state, 7);
  let a8 = longAt(state, 8);
  let a9 = longAt(state, 9);
  let a10 = longAt(state, 10);
  let a11 = longAt(state, 11);
  let a12 = longAt(state, 12);
  let a13 = longAt(state, 13);
  let a14 = longAt(state, 14);
  let a15 = longAt(state, 15);
  let a16 = longAt(state, 16);
  let a17 = longAt(state, 17);
  let a18 = longAt(state, 18);
  let a19 = longAt(state, 19);
  let a20 = longAt(state, 20);
  let a21 = longAt(state, 21);
  let a22 = longAt(state, 22);
  let a23 = longAt(state, 23);
  let a24 = longAt(state, 24);
  for (let round: usize = 0; round < 24; round++) {
    const c0 = a0 ^ a5 ^ a10 ^ a15 ^ a20;
    const c1 = a1 ^ a6 ^ a11 ^ a16 ^ a21;
    const c2 = a2 ^ a7 ^ a12 ^ a17 ^ a22;
    const c3 = a3 ^ a8 ^ a13 ^ a18 ^ a23;
    const c4 = a4 ^ a9 ^ a14 ^ a19 ^ a24;
    const d0 = c4 ^ rotl<u64>(c1, 1);
    const d1 = c0 ^ rotl<u64>(c2, 1);
    const d2 = c1 ^ rotl<u64>(c3, 1);
    const d3 = c2 ^ rotl<u64>(c4, 1);
    const d4 = c3 ^ rotl<u64>(c0, 1);
    const b0 = a0 ^ d0;
    const b10 = rotl<u64>(a1 ^ d1, 1);
    const b20 = rotl<u64>(a2 ^ d2, 62);
    const b5 = rotl<u64>(a3 ^ d3, 28);
    const b15 = rotl<u64>(a4 ^ d4, 27);
    const b16 = rotl<u64>(a5 ^ d0, 36);
    const b1 = rotl<u64>(a6 ^ d1, 44);
    const b11 = rotl<u64>(a7 ^ d2, 6);
    const b21 = rotl<u64>(a8 ^ d3, 55);
    const b6 = rotl<u64>(a9 ^ d4, 20);
    const b7 = rotl<u64>(a10 ^ d0, 3);
    const b17 = rotl<u64>(a11 ^ d1, 10);
    const b2 = rotl<u64>(a12 ^ d2, 43);
    const b12 = rotl<u64>(a13 ^ d3, 25);
    const b22 = rotl<u64>(a14 ^ d4, 39);
    const b23 = rotl<u64>(a15 ^ d0, 41);
    const b8 = rotl<u64>(a16 ^ d1, 45);
    const b18 = rotl<u64>(a17 ^ d2, 15);
    const b3 = rotl<u64>(a18 ^ d3, 21);
    const b13 = rotl<u64>(a19 ^ d4, 8);
    const b14 = rotl<u64>(a20 ^ d0, 18);
    const b24 = rotl<u64>(a21 ^ d1, 2);
    const b9 = rotl<u64>(a22 ^ d2, 61);
    const b19 = rotl<u64>(a23 ^ d3, 56);
    const b4 = rotl<u64>(a24 ^ d4, 14);
    a0 = b0 ^ (~b1 & b2) ^ longAt(ROUNDS, round);
    a1 = b1 ^ (~b2 & b3);
    a2 = b2 ^ (~b3 & b4);
    a3 = b3 ^ (~b4 & b0);
    a4 = b4 ^ (~b0 & b1);
    a5 = b5 ^ (~b6 & b7);
    a6 = b6 ^ (~b7 & b8);
    a7 = b7 ^ (~b8 & b9);
    a8 = b8 ^ (~b9 & b5);
    a9 = b9 ^ (~b5 & b6);
    a10 = b10 ^ (~b11 & b12);
    a11 = b11 ^ (~b12 & b13);
    a12 = b12 ^ (~b13 & b14);
    a13 = b13 ^ (~b14 & b10);
    a14 = b14 ^ (~b10 & b11);
    a15 = b15 ^ (~b16 & b17);
    a16 = b16 ^ (~b17 & b18);
    a17 = b17 ^ (~b18 & b19);
    a18 = b18 ^ (~b19 & b15);
    a19 = b19 ^ (~b15 & b16);
    a20 = b20 ^ (~b21 & b22);
    a21 = b21 ^ (~b22 & b23);
    a22 = b22 ^ (~b23 & b24);
    a23 = b23 ^ (~b24 & b20);
    a24 = b24 ^ (~b20 & b21);
  }
  setLong(state, 0, a0);
  setLong(state, 1, a1);
  setLong(state, 2, a2);
  setLong(state, 3, a3);
  setLong(state, 4, a4);
  setLong(state, 5, a5);
  setLong(state, 6, a6);
  setLong(state, 7, a7);
  setLong(state, 8, a8);
  setLong(state, 9, a9);
  setLong(state, 10, a10);
  setLong(state, 11, a11);
  setLong(state, 12, a12);
  setLong(state, 13, a13);
  setLong(state, 14, a14);
  setLong(state, 15, a15);
  setLong(state, 16, a16);
  setLong(state, 17, a17);
  setLong(state, 18, a18);
  setLong(state, 19, a19);
  setLong(state, 20, a20);
  setLong(state, 21, a21);
  setLong(state, 22, a22);
  setLong(state, 23, a23);
  setLong(state, 24, a24);
}
