// A hash at work, whichever it is: begun, added to, brought to its end (what CPython 3.13 has of OpenSSL and of
// Modules/_hacl). Its state has no address in it: a copy of its bytes is a copy of the hash.
//
// The invariant: the block that is not full never holds as many bytes as a block has, but with BLAKE2, whose last block is
// another than the rest: there it is full until more comes.

import { hash_state, SIZEOF_hash_state } from "../../generated/layouts";
import { Scratch } from "../../thread/scratch";
import { compressBLAKE2b, firstBLAKE2b } from "./blake2b";
import { compressBLAKE2s, firstBLAKE2s } from "./blake2s";
import { permute } from "./keccak";
import { compressMD5 } from "./md5";
import { compressSHA1 } from "./sha1";
import { compressSHA256 } from "./sha256";
import { compressSHA512 } from "./sha512";
import { longAt, setLong, setWord, wordAt } from "./words";

/** The algorithms, in the order of their sizes below. */
export const enum Hash {
  md5,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
  sha512_224,
  sha512_256,
  sha3_224,
  sha3_256,
  sha3_384,
  sha3_512,
  shake_128,
  shake_256,
  blake2b,
  blake2s,
}

/** For each algorithm the bytes of a block, of the result, and of the words. */
// biome-ignore format: a table
const SIZES: usize = memory.data<u8>([
  64, 16, 16, 64, 20, 20, 64, 28, 32, 64, 32, 32, 128, 48, 64, 128, 64, 64, 128, 28, 64, 128, 32, 64,
  144, 28, 200, 136, 32, 200, 104, 48, 200, 72, 64, 200, 168, 0, 200, 136, 0, 200, 128, 64, 64, 64, 32, 32,
]);

/** The first words of MD5, of which it takes four, and of SHA-1. */
// biome-ignore format: a table
const SHA1_FIRST: usize = memory.data<u32>([
  0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0,
]);

/** Those of SHA-224. */
// biome-ignore format: a table
const SHA224_FIRST: usize = memory.data<u32>([
  0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4,
]);

/** Those of SHA-256. */
// biome-ignore format: a table
const SHA256_FIRST: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** Those of SHA-384. */
// biome-ignore format: a table
const SHA384_FIRST: usize = memory.data<u64>([
  0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
  0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
]);

/** Those of SHA-512. */
// biome-ignore format: a table
const SHA512_FIRST: usize = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
]);

/** Those of SHA-512/224. */
// biome-ignore format: a table
const SHA512_224_FIRST: usize = memory.data<u64>([
  0x8c3d37c819544da2, 0x73e1996689dcd4d6, 0x1dfab7ae32ff9c82, 0x679dd514582f9fcf,
  0x0f6d2b697bd44da8, 0x77e36f7304c48942, 0x3f9d85a86a1d36c8, 0x1112e6ad91d692a1,
]);

/** Those of SHA-512/256. */
// biome-ignore format: a table
const SHA512_256_FIRST: usize = memory.data<u64>([
  0x22312194fc2bf72c, 0x9f555fa3c84c64c2, 0x2393b86b6f53b151, 0x963877195940eabd,
  0x96283ee2a88effe3, 0xbe5e1e2553863992, 0x2b0199fc2c85b8aa, 0x0eb72ddc81c52ca2,
]);

/** The most bytes that a state takes, and a result of fixed length. */
const STATE_MAX: usize = 400;
export const DIGEST_MAX: isize = 64;

/** Bytes of the state of an algorithm. */
export function stateSize(algorithm: Hash): usize {
  const row = SIZES + <usize>algorithm * 3;
  return SIZEOF_hash_state + <usize>load<u8>(row) + <usize>sizeOfWords(algorithm);
}

function sizeOfWords(algorithm: Hash): u32 {
  return load<u8>(SIZES + <usize>algorithm * 3 + 2);
}

function wordsOf(s: usize): usize {
  return s + SIZEOF_hash_state;
}

function blockOf(s: usize): usize {
  return wordsOf(s) + hash_state.at(s).words_size;
}

/** The first words of an algorithm; 0 where they are all 0, and for BLAKE2. */
function firstWords(algorithm: Hash): usize {
  switch (algorithm) {
    case Hash.md5:
    case Hash.sha1:
      return SHA1_FIRST;
    case Hash.sha224:
      return SHA224_FIRST;
    case Hash.sha256:
      return SHA256_FIRST;
    case Hash.sha384:
      return SHA384_FIRST;
    case Hash.sha512:
      return SHA512_FIRST;
    case Hash.sha512_224:
      return SHA512_224_FIRST;
    case Hash.sha512_256:
      return SHA512_256_FIRST;
    default:
      return 0;
  }
}

/** Begins a hash in the bytes at `s`, of which there are stateSize. */
export function beginHash(s: usize, algorithm: Hash): void {
  memory.fill(s, 0, stateSize(algorithm));
  const state = hash_state.at(s);
  const row = SIZES + <usize>algorithm * 3;
  state.algorithm = algorithm;
  state.block_size = load<u8>(row);
  state.digest_size = load<u8>(row + 1);
  state.words_size = sizeOfWords(algorithm);
  const first = firstWords(algorithm);
  if (first != 0) memory.copy(wordsOf(s), first, state.words_size);
  else if (isBLAKE2(algorithm)) {
    const long = algorithm == Hash.blake2b;
    for (let i: usize = 0; i < 8; i++) {
      if (long) setLongWord(s, i, firstBLAKE2b(i));
      else setShortWord(s, i, firstBLAKE2s(i));
    }
    // Without parameters: the size of the result, and a tree of one node.
    if (long) setLongWord(s, 0, firstBLAKE2b(0) ^ (0x1010000 | <u64>state.digest_size));
    else setShortWord(s, 0, firstBLAKE2s(0) ^ (0x1010000 | state.digest_size));
  }
}

/** Sets the words of a hash of BLAKE2's, before anything is added: what they are at first, and its parameters. */
export function setLongWord(s: usize, i: usize, v: u64): void {
  setLong(wordsOf(s), i, v);
}

/** The same for BLAKE2s. */
export function setShortWord(s: usize, i: usize, v: u32): void {
  setWord(wordsOf(s), i, v);
}

function isBLAKE2(algorithm: Hash): bool {
  return algorithm >= Hash.blake2b;
}

/** Adds `n` whole blocks at `p`. */
function compress(s: usize, p: usize, n: usize): void {
  const state = hash_state.at(s);
  const words = wordsOf(s);
  const size = state.block_size;
  const before = state.count;
  state.count = before + <u64>size * n;
  switch (state.algorithm) {
    case Hash.md5:
      compressMD5(words, p, n);
      return;
    case Hash.sha1:
      compressSHA1(words, p, n);
      return;
    case Hash.sha224:
    case Hash.sha256:
      compressSHA256(words, p, n);
      return;
    case Hash.sha384:
    case Hash.sha512:
    case Hash.sha512_224:
    case Hash.sha512_256:
      compressSHA512(words, p, n);
      return;
    case Hash.blake2b:
      for (let i: usize = 0; i < n; i++) compressBLAKE2b(words, p + i * size, before + (i + 1) * size, 0, 0);
      return;
    case Hash.blake2s:
      for (let i: usize = 0; i < n; i++) compressBLAKE2s(words, p + i * size, before + (i + 1) * size, 0, 0);
      return;
    default:
      for (let i: usize = 0; i < n; i++) absorb(words, p + i * size, size);
  }
}

/** Adds the long words of a block to the lanes of SHA-3, and permutes these. */
function absorb(lanes: usize, p: usize, size: u32): void {
  for (let i: usize = 0; i < size >> 3; i++) setLong(lanes, i, longAt(lanes, i) ^ longAt(p, i));
  permute(lanes);
}

/** Adds `n` bytes at `p`. */
export function updateHash(s: usize, p: usize, n: usize): void {
  const state = hash_state.at(s);
  const size = <usize>state.block_size;
  const kept: usize = isBLAKE2(state.algorithm) ? 1 : 0;
  const used = <usize>state.used;
  if (used > 0) {
    const taken = min(size - used, n);
    memory.copy(blockOf(s) + used, p, taken);
    state.used = <u32>(used + taken);
    p += taken;
    n -= taken;
    if (used + taken < size || n < kept) return;
    compress(s, blockOf(s), 1);
    state.used = 0;
  }
  if (n > kept) {
    const blocks = (n - kept) / size;
    if (blocks > 0) compress(s, p, blocks);
    p += blocks * size;
    n -= blocks * size;
  }
  memory.copy(blockOf(s), p, n);
  state.used = <u32>n;
}

/** Writes the result of a hash, which goes on as it was, to `out`: as many bytes as it has, or `n` where any number can be had. */
export function digestHash(s: usize, out: usize, n: usize): void {
  const copy = Scratch.take(<isize>(STATE_MAX >> 3));
  memory.copy(copy, s, stateSize(hash_state.at(s).algorithm));
  finish(copy, out, n);
  Scratch.give(copy);
}

/** Brings a hash to its end and writes its result. */
function finish(s: usize, out: usize, n: usize): void {
  const state = hash_state.at(s);
  const block = blockOf(s);
  const size = <usize>state.block_size;
  const used = <usize>state.used;
  const algorithm: Hash = state.algorithm;
  memory.fill(block + used, 0, size - used);
  if (isBLAKE2(algorithm)) {
    const count = state.count + used;
    if (algorithm == Hash.blake2b) compressBLAKE2b(wordsOf(s), block, count, ~0, state.last_node ? ~0 : 0);
    else compressBLAKE2s(wordsOf(s), block, count, ~0, state.last_node ? ~0 : 0);
    memory.copy(out, wordsOf(s), state.digest_size);
  } else if (algorithm >= Hash.sha3_224) {
    const open = algorithm >= Hash.shake_128;
    store<u8>(block + used, open ? 0x1f : 0x06);
    store<u8>(block + size - 1, load<u8>(block + size - 1) | 0x80);
    squeeze(s, out, open ? n : <usize>state.digest_size);
  } else finishWithLength(s, out);
}

/** Writes `n` bytes of the lanes of SHA-3, permuted after each block. */
function squeeze(s: usize, out: usize, n: usize): void {
  const size = <usize>hash_state.at(s).block_size;
  absorb(wordsOf(s), blockOf(s), <u32>size);
  while (n > size) {
    memory.copy(out, wordsOf(s), size);
    permute(wordsOf(s));
    out += size;
    n -= size;
  }
  memory.copy(out, wordsOf(s), n);
}

/** The end of the hashes that add the length in bits: MD5, SHA-1, SHA-2. */
function finishWithLength(s: usize, out: usize): void {
  const state = hash_state.at(s);
  const block = blockOf(s);
  const size = <usize>state.block_size;
  const used = <usize>state.used;
  const little = state.algorithm == Hash.md5;
  const bits = (state.count + used) << 3;
  store<u8>(block + used, 0x80);
  if (used + 1 > size - (size >> 3)) {
    compress(s, block, 1);
    memory.fill(block, 0, size);
  }
  store<u64>(block + size - 8, little ? bits : bswap<u64>(bits));
  compress(s, block, 1);
  const words = wordsOf(s);
  const result = Scratch.take(DIGEST_MAX >> 3);
  if (size == 64)
    for (let i: usize = 0; i < 8; i++) setWord(result, i, little ? wordAt(words, i) : bswap<u32>(wordAt(words, i)));
  else for (let i: usize = 0; i < 8; i++) setLong(result, i, bswap<u64>(longAt(words, i)));
  memory.copy(out, result, state.digest_size);
  Scratch.give(result);
}
