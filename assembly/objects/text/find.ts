// Searching: in str by characters, in bytes as characters of one byte (CPython 3.13's Objects/stringlib/fastsearch.h).
//
// Deliberate difference: CPython chooses between three algorithms; here short needles go by their first and last
// character with a skip over characters that the needle has not (Sunday), which is quadratic only in the worst case;
// needles and haystacks that are both long go by the two-way algorithm, which is linear always, from the end as from the start.

import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { Interrupts } from "../../thread/interrupts";
import { U } from "./access";
import { equalBytes } from "./compare";

const TWO_WAY_NEEDLE: isize = 100;
const TWO_WAY_HAYSTACK: isize = 2000;

/** Index of character `c` in characters start to end; -1 where it is not there. */
export function findCharacter(kind: u32, data: usize, start: isize, end: isize, c: u32): isize {
  if (kind == 1) {
    if (c > 255) return -1;
    const p = data + <usize>end;
    const ones: u64 = 0x0101010101010101;
    const pattern = ones * <u64>c;
    let q = data + <usize>start;
    // Eight at a time: a byte of the difference that is 0 is a hit.
    for (; q + 8 <= p; q += 8) {
      const x = load<u64>(q) ^ pattern;
      const hit = (x - ones) & ~x & 0x8080808080808080;
      if (hit != 0) return <isize>(q - data) + <isize>(ctz(hit) >> 3);
    }
    for (; q < p; q++) if (load<u8>(q) == <u8>c) return <isize>(q - data);
    return -1;
  }
  for (let i = start; i < end; i++) if (U.read(kind, data, i) == c) return i;
  return -1;
}

/** Whether the `m` characters at `needle` are those at index `i`. */
export function matchesAt(kind: u32, data: usize, i: isize, nkind: u32, needle: usize, m: isize): bool {
  if (kind == nkind) return equalBytes(data + <usize>i * kind, needle, <usize>m * kind);
  for (let j: isize = 0; j < m; j++) if (U.read(kind, data, i + j) != U.read(nkind, needle, j)) return false;
  return true;
}

/** Index of the needle in characters start to end, start <= end; -1 where it is not there. An empty one is at start. */
export function findText(kind: u32, data: usize, start: isize, end: isize, nkind: u32, needle: usize, m: isize): isize {
  if (m == 0) return start;
  const room = end - start - m;
  if (room < 0) return -1;
  if (nkind > kind) return -1;
  Interrupts.work(room);
  if (m == 1) return findCharacter(kind, data, start, end, U.read(nkind, needle, 0));
  if (isLong(end - start, m)) {
    const at = twoWay(kind, data, start, end, nkind, needle, m, false);
    if (at != NO_MEMORY) return at;
  }
  const first = U.read(nkind, needle, 0);
  const last = U.read(nkind, needle, m - 1);
  // A bit for each class of characters that the needle has: another class after the window skips over it whole.
  let bloom: u64 = 0;
  for (let j: isize = 0; j < m; j++) bloom |= (<u64>1) << (U.read(nkind, needle, j) & 63);
  let i = start;
  const stop = start + room;
  while (i <= stop) {
    if (U.read(kind, data, i + m - 1) == last) {
      if (U.read(kind, data, i) == first && matchesAt(kind, data, i, nkind, needle, m)) return i;
    }
    if (i < stop && (bloom & ((<u64>1) << (U.read(kind, data, i + m) & 63))) == 0) i += m + 1;
    else if (m == 2 || U.read(kind, data, i) == first) i++;
    else {
      i++;
      const next = findCharacter(kind, data, i, stop + 1, first);
      if (next < 0) return -1;
      i = next;
    }
  }
  return -1;
}

/** Last index of the needle in characters start to end; -1 where it is not there. An empty one is at the end. */
export function rfindText(
  kind: u32,
  data: usize,
  start: isize,
  end: isize,
  nkind: u32,
  needle: usize,
  m: isize,
): isize {
  if (m == 0) return end;
  if (nkind > kind) return -1;
  Interrupts.work(end - start - m);
  if (isLong(end - start, m)) {
    const at = twoWay(kind, data, start, end, nkind, needle, m, true);
    if (at != NO_MEMORY) return at;
  }
  const first = U.read(nkind, needle, 0);
  for (let i = end - m; i >= start; i--) {
    if (U.read(kind, data, i) == first && matchesAt(kind, data, i, nkind, needle, m)) return i;
  }
  return -1;
}

/** How often the needle is in characters start to end without overlapping, at most `limit` times. */
export function countText(
  kind: u32,
  data: usize,
  start: isize,
  end: isize,
  nkind: u32,
  needle: usize,
  m: isize,
  limit: isize,
): isize {
  if (end < start) return 0;
  if (m == 0) return end - start < limit ? end - start + 1 : limit;
  let count: isize = 0;
  while (count < limit) {
    const at = findText(kind, data, start, end, nkind, needle, m);
    if (at < 0) break;
    count++;
    start = at + m;
  }
  return count;
}

/** What the two-way search says where memory runs out, and the simple search must do. */
const NO_MEMORY: isize = -2;

/** Whether haystack and needle have so many characters that the two-way search is worth its preparation. */
function isLong(n: isize, m: isize): bool {
  return m >= TWO_WAY_NEEDLE && n >= TWO_WAY_HAYSTACK;
}

/** Characters in the order in which they are searched: those after `origin`, or with `step` -1 those before it. */
class Row {
  @inline static read(kind: u32, data: usize, origin: isize, step: isize, i: isize): u32 {
    return U.read(kind, data, origin + step * i);
  }
}

/** The greatest suffix of the needle under `<` (or `>` where inverted): its start, and its period in the slot `out`. */
function maximalSuffix(
  kind: u32,
  needle: usize,
  origin: isize,
  step: isize,
  m: isize,
  inverted: bool,
  out: usize,
): isize {
  let suffix: isize = 0;
  let candidate: isize = 1;
  let k: isize = 0;
  let period: isize = 1;
  while (candidate + k < m) {
    const a = Row.read(kind, needle, origin, step, candidate + k);
    const b = Row.read(kind, needle, origin, step, suffix + k);
    if (inverted ? b < a : a < b) {
      candidate += k + 1;
      k = 0;
      period = candidate - suffix;
    } else if (a == b) {
      if (k + 1 != period) k++;
      else {
        candidate += period;
        k = 0;
      }
    } else {
      suffix = candidate;
      candidate++;
      k = 0;
      period = 1;
    }
  }
  store<i32>(out, period);
  return suffix;
}

/**
 * Crochemore and Perrin's two-way search from the start to the end, or `backwards`, where both texts are read from their ends:
 * as findText() and rfindText(), or NO_MEMORY.
 */
function twoWay(
  kind: u32,
  data: usize,
  start: isize,
  end: isize,
  nkind: u32,
  needle: usize,
  m: isize,
  backwards: bool,
): isize {
  const table = PyMem_Malloc(256 * 4);
  if (table == 0) return NO_MEMORY;
  const step: isize = backwards ? -1 : 1;
  const origin = backwards ? end - 1 : start;
  const own = backwards ? m - 1 : 0;
  const n = end - start;
  const cutLess = maximalSuffix(nkind, needle, own, step, m, false, table);
  const periodLess = load<i32>(table);
  const cutMore = maximalSuffix(nkind, needle, own, step, m, true, table);
  const cut = max(cutLess, cutMore);
  let period = cutLess > cutMore ? periodLess : load<i32>(table);
  const periodic = cut + period <= m && samePrefix(nkind, needle, own, step, period, cut);
  if (!periodic) period = max(cut, m - cut) + 1;
  // How far the window may move for the character under its end.
  for (let c: usize = 0; c < 256; c++) store<i32>(table + (c << 2), m);
  for (let j: isize = 0; j < m; j++) {
    store<i32>(table + ((Row.read(nkind, needle, own, step, j) & 255) << 2), m - 1 - j);
  }
  let remembered: isize = 0;
  let i: isize = 0;
  let found: isize = -1;
  while (i + m <= n) {
    const shift = load<i32>(table + ((Row.read(kind, data, origin, step, i + m - 1) & 255) << 2));
    if (shift > 0) {
      // A remembered prefix must not be skipped back over.
      i += periodic && remembered > 0 ? max(shift, period) : shift;
      remembered = 0;
      continue;
    }
    let j = max(cut, remembered);
    while (j < m && Row.read(nkind, needle, own, step, j) == Row.read(kind, data, origin, step, i + j)) j++;
    if (j < m) {
      i += j - cut + 1;
      remembered = 0;
      continue;
    }
    j = cut - 1;
    while (j >= remembered && Row.read(nkind, needle, own, step, j) == Row.read(kind, data, origin, step, i + j)) j--;
    if (j < remembered) {
      found = backwards ? end - i - m : start + i;
      break;
    }
    i += period;
    remembered = periodic ? m - period : 0;
  }
  PyMem_Free(table);
  return found;
}

/** Whether the first `n` characters of the needle occur again `period` further. */
function samePrefix(kind: u32, needle: usize, origin: isize, step: isize, period: isize, n: isize): bool {
  for (let j: isize = 0; j < n; j++) {
    if (Row.read(kind, needle, origin, step, j) != Row.read(kind, needle, origin, step, j + period)) return false;
  }
  return true;
}
