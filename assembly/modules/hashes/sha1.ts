// SHA-1 (FIPS 180-4).

import { Scratch } from "../../thread/scratch";
import { addWord, setWord, wordAt } from "./words";

/** Adds `n` blocks of 64 bytes at `p` to the five words of a state. */
export function compressSHA1(words: usize, p: usize, n: usize): void {
  const w = Scratch.take(40);
  for (const end = p + (n << 6); p < end; p += 64) {
    for (let i: usize = 0; i < 16; i++) setWord(w, i, bswap<u32>(wordAt(p, i)));
    for (let i: usize = 16; i < 80; i++) {
      setWord(w, i, rotl<u32>(wordAt(w, i - 3) ^ wordAt(w, i - 8) ^ wordAt(w, i - 14) ^ wordAt(w, i - 16), 1));
    }
    let a = wordAt(words, 0);
    let b = wordAt(words, 1);
    let c = wordAt(words, 2);
    let d = wordAt(words, 3);
    let e = wordAt(words, 4);
    for (let i: usize = 0; i < 80; i++) {
      let f: u32;
      if (i < 20) f = (d ^ (b & (c ^ d))) + 0x5a827999;
      else if (i < 40) f = (b ^ c ^ d) + 0x6ed9eba1;
      else if (i < 60) f = ((b & c) | (d & (b | c))) + 0x8f1bbcdc;
      else f = (b ^ c ^ d) + 0xca62c1d6;
      const sum = rotl<u32>(a, 5) + f + e + wordAt(w, i);
      e = d;
      d = c;
      c = rotl<u32>(b, 30);
      b = a;
      a = sum;
    }
    addWord(words, 0, a);
    addWord(words, 1, b);
    addWord(words, 2, c);
    addWord(words, 3, d);
    addWord(words, 4, e);
  }
  Scratch.give(w);
}
