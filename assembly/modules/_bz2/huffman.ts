// The lengths of Huffman's codes, none longer than a limit, in the way that libbzip2 has of telling equals apart.

import { Scratch } from "../../thread/scratch";

const ALPHABET: u32 = 258;
/** Nodes of a tree: leaves, what joins them, and one that there is not, before the first. */
const NODES: u32 = ALPHABET * 2;

function at(p: usize, i: u32): u32 {
  return load<u32>(p + ((<usize>i) << 2));
}

function put(p: usize, i: u32, v: u32): void {
  store<u32>(p + ((<usize>i) << 2), v);
}

/** The weight of two nodes together: their frequencies' sum, and in the last byte the depth of the tree below. */
function joined(a: u32, b: u32): u32 {
  return ((a & 0xffffff00) + (b & 0xffffff00)) | (1 + max(a & 0xff, b & 0xff));
}

/** Lets the last of the heap's nodes rise to its place. */
function rise(heap: usize, weights: usize, i: u32): void {
  const node = at(heap, i);
  for (; at(weights, node) < at(weights, at(heap, i >> 1)); i >>= 1) put(heap, i, at(heap, i >> 1));
  put(heap, i, node);
}

/** Takes the lightest node of a heap of `n`. */
function take(heap: usize, weights: usize, n: u32): u32 {
  const lightest = at(heap, 1);
  const node = at(heap, n);
  n--;
  let i: u32 = 1;
  for (let j: u32 = 2; j <= n; j = i << 1) {
    if (j < n && at(weights, at(heap, j + 1)) < at(weights, at(heap, j))) j++;
    if (at(weights, node) < at(weights, at(heap, j))) break;
    put(heap, i, at(heap, j));
    i = j;
  }
  put(heap, i, node);
  return lightest;
}

/** Writes the lengths, a byte each, of codes for `count` symbols that occur so often, a word each. */
export function makeCodeLengths(lengths: usize, frequencies: usize, count: u32, most: u32): void {
  const heap = Scratch.take(<isize>(NODES * 3) >> 1);
  const weights = heap + NODES * 4;
  const parents = weights + NODES * 4;
  for (let i: u32 = 0; i < count; i++) put(weights, i + 1, max<u32>(at(frequencies, i), 1) << 8);
  while (!tryLengths(lengths, count, most, heap, weights, parents)) {
    // Rarer symbols become less rare, and their codes shorter.
    for (let i: u32 = 1; i <= count; i++) put(weights, i, (1 + (at(weights, i) >> 9)) << 8);
  }
  Scratch.give(heap);
}

/** Makes the tree: whether no code is too long. */
function tryLengths(lengths: usize, count: u32, most: u32, heap: usize, weights: usize, parents: usize): bool {
  put(heap, 0, 0);
  put(weights, 0, 0);
  let nodes = count;
  for (let i: u32 = 1; i <= count; i++) {
    put(parents, i, 0);
    put(heap, i, i);
    rise(heap, weights, i);
  }
  for (let n = count; n > 1; n--) {
    const a = take(heap, weights, n);
    const b = take(heap, weights, n - 1);
    nodes++;
    put(parents, a, nodes);
    put(parents, b, nodes);
    put(parents, nodes, 0);
    put(weights, nodes, joined(at(weights, a), at(weights, b)));
    put(heap, n - 1, nodes);
    rise(heap, weights, n - 1);
  }
  let ok: bool = true;
  for (let i: u32 = 1; i <= count; i++) {
    let length: u32 = 0;
    for (let node = i; at(parents, node) != 0; node = at(parents, node)) length++;
    store<u8>(lengths + i - 1, length);
    if (length > most) ok = false;
  }
  return ok;
}
