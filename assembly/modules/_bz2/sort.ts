// The rotations of a block in the order of their bytes, which is what bzip2 compresses by (the Burrows-Wheeler transform),
// by doubling: rotations that agree in h bytes are ordered by the places of what follows behind these (Larsson and Sadakane).
//
// The invariant: `ranks` has for each rotation where its group of equal ones begins in `places`, and the groups are ordered.

import { Scratch } from "../../thread/scratch";

/** Marks the first place of a group, until ranks are given. */
const FIRST: u32 = 0x80000000;

/** Below this many, places are sorted by inserting. */
const FEW: u32 = 12;

/** Ranges that wait to be sorted: the smaller part is always taken first. */
const STACK: isize = 64;

/** Element `i` of an array of words. */
function at(p: usize, i: u32): u32 {
  return load<u32>(p + ((<usize>i) << 2));
}

function put(p: usize, i: u32, v: u32): void {
  store<u32>(p + ((<usize>i) << 2), v);
}

function swap(p: usize, i: u32, j: u32): void {
  const v = at(p, i);
  put(p, i, at(p, j));
  put(p, j, v);
}

/** What rotation `r` is ordered by: the rank of the one that begins `h` bytes behind it. */
function keyOf(ranks: usize, r: u32, h: u32, n: u32): u32 {
  const i = r + h;
  return at(ranks, i >= n ? i - n : i);
}

/** Orders the places from `from` up to `to`, both included, by their keys. */
function sortRange(places: usize, ranks: usize, from: u32, to: u32, h: u32, n: u32): void {
  const stack = Scratch.take(STACK);
  let depth: u32 = 0;
  let low = from;
  let high = to;
  while (true) {
    if (high - low < FEW) {
      for (let i = low + 1; i <= high; i++) {
        const r = at(places, i);
        const key = keyOf(ranks, r, h, n);
        let j = i;
        while (j > low && keyOf(ranks, at(places, j - 1), h, n) > key) {
          put(places, j, at(places, j - 1));
          j--;
        }
        put(places, j, r);
      }
      if (depth == 0) break;
      depth -= 2;
      low = at(stack, depth);
      high = at(stack, depth + 1);
      continue;
    }
    // Three parts: smaller than the middle one of three, equal to it, greater.
    const a = keyOf(ranks, at(places, low), h, n);
    const b = keyOf(ranks, at(places, low + ((high - low) >> 1)), h, n);
    const c = keyOf(ranks, at(places, high), h, n);
    const pivot = a < b ? (b < c ? b : max(a, c)) : a < c ? a : max(b, c);
    let less = low;
    let more = high + 1;
    for (let i = low; i < more; ) {
      const key = keyOf(ranks, at(places, i), h, n);
      if (key < pivot) swap(places, less++, i++);
      else if (key > pivot) swap(places, i, --more);
      else i++;
    }
    const hasLess = less > low + 1;
    const hasMore = high > more;
    if (hasLess && hasMore) {
      const lessIsSmaller = less - low < high - more;
      put(stack, depth, lessIsSmaller ? more : low);
      put(stack, depth + 1, lessIsSmaller ? high : less - 1);
      depth += 2;
      if (lessIsSmaller) high = less - 1;
      else low = more;
    } else if (hasLess) high = less - 1;
    else if (hasMore) low = more;
    else {
      if (depth == 0) break;
      depth -= 2;
      low = at(stack, depth);
      high = at(stack, depth + 1);
    }
  }
  Scratch.give(stack);
}

/** Orders the rotations by their first byte, and ranks them. */
function orderByByte(block: usize, places: usize, ranks: usize, n: u32): void {
  const starts = Scratch.take(129);
  memory.fill(starts, 0, 129 * 8);
  for (let i: u32 = 0; i < n; i++) {
    const c = <u32>load<u8>(block + i) + 1;
    put(starts, c, at(starts, c) + 1);
  }
  for (let c: u32 = 1; c <= 256; c++) put(starts, c, at(starts, c) + at(starts, c - 1));
  for (let i: u32 = 0; i < n; i++) put(ranks, i, at(starts, load<u8>(block + i)));
  for (let i: u32 = 0; i < n; i++) {
    const c = <u32>load<u8>(block + i);
    const place = at(starts, c);
    put(starts, c, place + 1);
    put(places, place, i);
  }
  Scratch.give(starts);
}

/** Orders the rotations of the `n` bytes at `block`: `places` and `ranks` have room for as many words each. */
export function sortRotations(block: usize, places: usize, ranks: usize, n: u32): void {
  orderByByte(block, places, ranks, n);
  // Rotations that agree in all bytes are equal, and may stand in any order.
  let unsorted = true;
  for (let h: u32 = 1; unsorted && h < n; h <<= 1) {
    unsorted = false;
    for (let start: u32 = 0; start < n; ) {
      let end = start + 1;
      while (end < n && at(ranks, at(places, end)) == start) end++;
      if (end - start > 1) {
        unsorted = true;
        sortRange(places, ranks, start, end - 1, h, n);
        splitGroup(places, ranks, start, end, h, n);
      }
      start = end;
    }
  }
}

/** Ranks a group anew that is ordered by its keys. */
function splitGroup(places: usize, ranks: usize, start: u32, end: u32, h: u32, n: u32): void {
  let before = keyOf(ranks, at(places, start), h, n);
  for (let i = start + 1; i < end; i++) {
    const r = at(places, i);
    const key = keyOf(ranks, r, h, n);
    if (key != before) put(places, i, r | FIRST);
    before = key;
  }
  let rank = start;
  for (let i = start + 1; i < end; i++) {
    const r = at(places, i);
    if (r & FIRST) {
      rank = i;
      put(places, i, r & ~FIRST);
    }
    put(ranks, r & ~FIRST, rank);
  }
}
