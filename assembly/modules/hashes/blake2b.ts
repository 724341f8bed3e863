// BLAKE2b (RFC 7693): its compression.

import { longAt, setLong } from "./words";

/** Which words of a block each round takes, in its order. */
// biome-ignore format: a table
const ORDER: usize = memory.data<u8>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
  11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
  7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
  9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
  2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
  12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
  13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
  6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
  10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
]);

/** Parts of the square roots of the first primes. */
// biome-ignore format: a table
const FIRST: usize = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
]);

/** Word `i` in the order of a round. */
function taken(p: usize, order: usize, i: usize): u64 {
  return longAt(p, load<u8>(order + i));
}

/** What the words of a state are before the parameters are added. */
export function firstBLAKE2b(i: usize): u64 {
  return longAt(FIRST, i);
}

/** Adds the block of 128 bytes at `p` to the eight words of a state: `count` bytes with it, `last` and `lastNode` all ones or 0. */
export function compressBLAKE2b(words: usize, p: usize, count: u64, last: u64, lastNode: u64): void {
  let v0 = longAt(words, 0);
  let v1 = longAt(words, 1);
  let v2 = longAt(words, 2);
  let v3 = longAt(words, 3);
  let v4 = longAt(words, 4);
  let v5 = longAt(words, 5);
  let v6 = longAt(words, 6);
  let v7 = longAt(words, 7);
  let v8 = longAt(FIRST, 0);
  let v9 = longAt(FIRST, 1);
  let v10 = longAt(FIRST, 2);
  let v11 = longAt(FIRST, 3);
  let v12 = longAt(FIRST, 4) ^ count;
  let v13 = longAt(FIRST, 5);
  let v14 = longAt(FIRST, 6) ^ last;
  let v15 = longAt(FIRST, 7) ^ lastNode;
  for (let round: usize = 0; round < 12; round++) {
    const order = ORDER + ((round % 10) << 4);
    v0 += v4 + taken(p, order, 0);
    v12 = rotr<u64>(v12 ^ v0, 32);
    v8 += v12;
    v4 = rotr<u64>(v4 ^ v8, 24);
    v0 += v4 + taken(p, order, 1);
    v12 = rotr<u64>(v12 ^ v0, 16);
    v8 += v12;
    v4 = rotr<u64>(v4 ^ v8, 63);
    v1 += v5 + taken(p, order, 2);
    v13 = rotr<u64>(v13 ^ v1, 32);
    v9 += v13;
    v5 = rotr<u64>(v5 ^ v9, 24);
    v1 += v5 + taken(p, order, 3);
    v13 = rotr<u64>(v13 ^ v1, 16);
    v9 += v13;
    v5 = rotr<u64>(v5 ^ v9, 63);
    v2 += v6 + taken(p, order, 4);
    v14 = rotr<u64>(v14 ^ v2, 32);
    v10 += v14;
    v6 = rotr<u64>(v6 ^ v10, 24);
    v2 += v6 + taken(p, order, 5);
    v14 = rotr<u64>(v14 ^ v2, 16);
    v10 += v14;
    v6 = rotr<u64>(v6 ^ v10, 63);
    v3 += v7 + taken(p, order, 6);
    v15 = rotr<u64>(v15 ^ v3, 32);
    v11 += v15;
    v7 = rotr<u64>(v7 ^ v11, 24);
    v3 += v7 + taken(p, order, 7);
    v15 = rotr<u64>(v15 ^ v3, 16);
    v11 += v15;
    v7 = rotr<u64>(v7 ^ v11, 63);
    v0 += v5 + taken(p, order, 8);
    v15 = rotr<u64>(v15 ^ v0, 32);
    v10 += v15;
    v5 = rotr<u64>(v5 ^ v10, 24);
    v0 += v5 + taken(p, order, 9);
    v15 = rotr<u64>(v15 ^ v0, 16);
    v10 += v15;
    v5 = rotr<u64>(v5 ^ v10, 63);
    v1 += v6 + taken(p, order, 10);
    v12 = rotr<u64>(v12 ^ v1, 32);
    v11 += v12;
    v6 = rotr<u64>(v6 ^ v11, 24);
    v1 += v6 + taken(p, order, 11);
    v12 = rotr<u64>(v12 ^ v1, 16);
    v11 += v12;
    v6 = rotr<u64>(v6 ^ v11, 63);
    v2 += v7 + taken(p, order, 12);
    v13 = rotr<u64>(v13 ^ v2, 32);
    v8 += v13;
    v7 = rotr<u64>(v7 ^ v8, 24);
    v2 += v7 + taken(p, order, 13);
    v13 = rotr<u64>(v13 ^ v2, 16);
    v8 += v13;
    v7 = rotr<u64>(v7 ^ v8, 63);
    v3 += v4 + taken(p, order, 14);
    v14 = rotr<u64>(v14 ^ v3, 32);
    v9 += v14;
    v4 = rotr<u64>(v4 ^ v9, 24);
    v3 += v4 + taken(p, order, 15);
    v14 = rotr<u64>(v14 ^ v3, 16);
    v9 += v14;
    v4 = rotr<u64>(v4 ^ v9, 63);
  }
  setLong(words, 0, longAt(words, 0) ^ v0 ^ v8);
  setLong(words, 1, longAt(words, 1) ^ v1 ^ v9);
  setLong(words, 2, longAt(words, 2) ^ v2 ^ v10);
  setLong(words, 3, longAt(words, 3) ^ v3 ^ v11);
  setLong(words, 4, longAt(words, 4) ^ v4 ^ v12);
  setLong(words, 5, longAt(words, 5) ^ v5 ^ v13);
  setLong(words, 6, longAt(words, 6) ^ v6 ^ v14);
  setLong(words, 7, longAt(words, 7) ^ v7 ^ v15);
}
