// SHA-224 and SHA-256 (FIPS 180-4).

import { Scratch } from "../../thread/scratch";
import { addWord, setWord, wordAt } from "./words";

/** What is added in each step: parts of the cube roots of the first primes. */
// biome-ignore format: a table
const CONSTANTS: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

/** Adds `n` blocks of 64 bytes at `p` to the eight words of a state. */
export function compressSHA256(words: usize, p: usize, n: usize): void {
  const w = Scratch.take(32);
  for (const end = p + (n << 6); p < end; p += 64) {
    for (let i: usize = 0; i < 16; i++) setWord(w, i, bswap<u32>(wordAt(p, i)));
    for (let i: usize = 16; i < 64; i++) {
      const x = wordAt(w, i - 15);
      const y = wordAt(w, i - 2);
      const s0 = rotr<u32>(x, 7) ^ rotr<u32>(x, 18) ^ (x >> 3);
      const s1 = rotr<u32>(y, 17) ^ rotr<u32>(y, 19) ^ (y >> 10);
      setWord(w, i, wordAt(w, i - 16) + s0 + wordAt(w, i - 7) + s1);
    }
    let a = wordAt(words, 0);
    let b = wordAt(words, 1);
    let c = wordAt(words, 2);
    let d = wordAt(words, 3);
    let e = wordAt(words, 4);
    let f = wordAt(words, 5);
    let g = wordAt(words, 6);
    let h = wordAt(words, 7);
    for (let i: usize = 0; i < 64; i++) {
      const s1 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
      const t1 = h + s1 + (g ^ (e & (f ^ g))) + wordAt(CONSTANTS, i) + wordAt(w, i);
      const s0 = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22);
      const t2 = s0 + ((a & b) | (c & (a | b)));
      h = g;
      g = f;
      f = e;
      e = d + t1;
      d = c;
      c = b;
      b = a;
      a = t1 + t2;
    }
    addWord(words, 0, a);
    addWord(words, 1, b);
    addWord(words, 2, c);
    addWord(words, 3, d);
    addWord(words, 4, e);
    addWord(words, 5, f);
    addWord(words, 6, g);
    addWord(words, 7, h);
  }
  Scratch.give(w);
}
