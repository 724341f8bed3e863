// libc's malloc, simulated: where blocks above 512 bytes live, and everything in the raw domain.
//
// Design. Memory is cut into *chunks*, each a multiple of 16 bytes with its size in front, as in glibc. Neighbouring
// free chunks are joined at once, so no two free chunks ever touch. Free chunks hang in doubly linked bins: one bin a
// size below 1024 bytes, above that eight bins for each power of two. A bit map says which bins hold anything. A
// request takes the best of the first few chunks in its own bin, else any chunk of the next bin that is not empty
// (there every chunk fits), and leaves what is over as a free chunk. When no bin helps, the *top*, the free chunk at
// the end of the heap, is cut; it grows by `brk`, with 128 KiB more than needed, and shrinks again when more than that
// lies free at the end. Requests of 128 KiB and more are mappings of their own and return to the machine when freed.
// Where the break meets the mappings, the heap goes on in *segments*, mappings of at least 1 MiB, each unmapped when
// its last block is freed; and it comes back to the break when there is room again.
//
//   chunk ─►┌───────────────────────────┬──────────────────────────┐
//           │ prev_size (8)             │ size (8)           │S│M│P│   prev_size: only while the previous chunk is free
//   block ─►├───────────────────────────┼──────────────────────────┤
//           │ in use: the program's bytes, up to and with the next chunk's prev_size
//           │ free:   fd (8)            │ bk (8)                   │
//           └───────────────────────────┴──────────────────────────┘
//   P: the previous chunk is in use.  M: this chunk is a mapping.  S: this chunk is the first of a segment, and its
//   prev_size is the address of the next older segment (the newest is at `osRoots.segments`).
//
// This file owns the invariants that chunks tile the heap from its start to the top's end, that P tells the truth, and
// that exactly the free chunks other than the top are in the bins. Mirrors what CPython sees of glibc 2.x. Deliberate
// differences: no thread caches and no deferred joining (`fastbins`), the mapping threshold stays at 128 KiB where
// glibc's grows, and a request at or above it never reuses a free chunk.

import { MAPPING_BLOCK, MAPPING_SEGMENT, PAGE_SIZE } from "../generated/constants";
import { malloc_chunk } from "../generated/layouts";
import { osRoots } from "../generated/runtime";
import { mmapFor, mremap, munmap, SBRK_FAILED, sbrk } from "./machine";
import { PAGE_MASK, touch } from "./pages";

export const PREV_INUSE: u32 = 1;
export const IS_MMAPPED: u32 = 2;
const SEGMENT: u32 = 4;
const SIZE_MASK: u32 = ~15;

export const HEADER: usize = 16;
const CHUNK_MIN: usize = 32;
// The top is never shorter: it can always become a free chunk and the two fence chunks that close a part of the heap.
const TOP_MIN: usize = 64;
// Two chunks of a header each, in use for ever: nothing is joined across them.
const FENCE: usize = 32;
const REQUEST_MAX: usize = 0x7fff0000;
const MMAP_THRESHOLD: usize = 128 * 1024;
const TOP_PAD: usize = 128 * 1024;
const TRIM_THRESHOLD: usize = 128 * 1024;
const SEGMENT_MIN: usize = 1 << 20;

const SMALL_LIMIT: usize = 1024;
const LARGE_BIN_FIRST: usize = 64;
export const BIN_COUNT: usize = 232;
// How many chunks of its own bin a large request looks at.
const BEST_FIT_TRIES: i32 = 16;

/** A chunk's header and links. Static methods only: they are certain to be inlined. */
export class chunk {
  @inline static head(c: usize): u32 {
    return <u32>malloc_chunk.at(c).head;
  }
  @inline static size(c: usize): usize {
    return malloc_chunk.at(c).head & SIZE_MASK;
  }
  @inline static setHead(c: usize, head: usize): void {
    malloc_chunk.at(c).head = head;
  }
  @inline static prevSize(c: usize): usize {
    return malloc_chunk.at(c).prev_size;
  }
  @inline static setPrevSize(c: usize, size: usize): void {
    malloc_chunk.at(c).prev_size = size;
  }
  @inline static fd(c: usize): usize {
    return malloc_chunk.at(c).fd;
  }
  @inline static setFd(c: usize, to: usize): void {
    malloc_chunk.at(c).fd = to;
  }
  @inline static bk(c: usize): usize {
    return malloc_chunk.at(c).bk;
  }
  @inline static setBk(c: usize, to: usize): void {
    malloc_chunk.at(c).bk = to;
  }
}

/** The chunk size that serves a request of `n` bytes: 8 bytes of header, a multiple of 16, at least CHUNK_MIN. */
function chunkSize(n: usize): usize {
  return max(CHUNK_MIN, (n + 8 + 15) & ~15);
}

export function binIndex(size: usize): usize {
  if (size < SMALL_LIMIT) return size >> 4;
  const log: usize = 31 - clz<u32>(<u32>size);
  return min(LARGE_BIN_FIRST + ((log - 10) << 3) + ((size >> (log - 3)) & 7), BIN_COUNT - 1);
}

export function binAddress(index: usize): usize {
  return osRoots.bins + (index << 3);
}

/** Puts the free chunk `c` of `size` bytes at the front of its bin. */
function link(c: usize, size: usize): void {
  const index = binIndex(size);
  const bin = binAddress(index);
  const first = <usize>load<u32>(bin);
  chunk.setFd(c, first);
  chunk.setBk(c, 0);
  if (first) {
    chunk.setBk(first, c);
  } else {
    const word = osRoots.bin_map + ((index >> 6) << 3);
    store<u64>(word, load<u64>(word) | ((<u64>1) << (index & 63)));
  }
  store<u64>(bin, c);
}

/** Takes the free chunk `c` of `size` bytes out of its bin. */
function unlink(c: usize, size: usize): void {
  const next = chunk.fd(c);
  const previous = chunk.bk(c);
  if (next) chunk.setBk(next, previous);
  if (previous) {
    chunk.setFd(previous, next);
    return;
  }
  const index = binIndex(size);
  store<u64>(binAddress(index), next);
  if (next === 0) {
    const word = osRoots.bin_map + ((index >> 6) << 3);
    store<u64>(word, load<u64>(word) & ~((<u64>1) << (index & 63)));
  }
}

/** The first bin from `index` on that is not empty, or BIN_COUNT. */
function nextBin(index: usize): usize {
  let word = index >> 6;
  let bits = load<u64>(osRoots.bin_map + (word << 3)) & (u64.MAX_VALUE << (index & 63));
  while (bits === 0) {
    if (++word === 4) return BIN_COUNT;
    bits = load<u64>(osRoots.bin_map + (word << 3));
  }
  return (word << 6) + <usize>ctz(bits);
}

/** A free chunk of at least `size` bytes, still in its bin, or 0. */
function findChunk(size: usize): usize {
  let index = binIndex(size);
  if (size < SMALL_LIMIT) {
    const exact = <usize>load<u32>(binAddress(index));
    if (exact) return exact;
  } else {
    let best: usize = 0;
    let bestSize = usize.MAX_VALUE;
    let tries = BEST_FIT_TRIES;
    for (let c = <usize>load<u32>(binAddress(index)); c !== 0 && tries !== 0; c = chunk.fd(c), tries--) {
      const have = chunk.size(c);
      if (have === size) return c;
      if (have > size && have < bestSize) {
        best = c;
        bestSize = have;
      }
    }
    if (best) return best;
  }
  if (++index >= BIN_COUNT) return 0;
  index = nextBin(index);
  return index >= BIN_COUNT ? 0 : <usize>load<u32>(binAddress(index));
}

/** Counts a chunk of `size` bytes as in use. */
function countUsed(size: usize): void {
  osRoots.chunks_used += 1;
  osRoots.chunk_bytes_used += size;
}

/** Counts a chunk of `size` bytes as no longer in use. */
function countFreed(size: usize): void {
  osRoots.chunks_used -= 1;
  osRoots.chunk_bytes_used -= size;
}

/** Makes everything up to `end`, inside the heap's last part, resident. */
function touchTop(end: usize): void {
  const touched = osRoots.top_touched;
  if (end <= touched) return;
  touch(touched, end - touched);
  osRoots.top_touched = (end + PAGE_MASK) & ~PAGE_MASK;
}

/** Cuts the first `size` bytes off the chunk `c` of `have` bytes, which is out of its bin and not yet marked in use. */
function take(c: usize, have: usize, size: usize): void {
  const flags = chunk.head(c) & (PREV_INUSE | SEGMENT);
  const over = have - size;
  if (over < CHUNK_MIN) {
    const next = c + have;
    chunk.setHead(next, chunk.head(next) | PREV_INUSE);
    return;
  }
  const rest = c + size;
  chunk.setHead(c, size | flags);
  chunk.setHead(rest, over | PREV_INUSE);
  chunk.setPrevSize(rest + over, over);
  link(rest, over);
}

/** Gives back every whole page of the top beyond TOP_PAD, where the top is the end of the `brk` heap. */
function trim(): void {
  const top = osRoots.top;
  const size = chunk.size(top);
  if (osRoots.top_segment) return;
  const keep = (top + TOP_MIN + TOP_PAD + PAGE_MASK) & ~PAGE_MASK;
  const end = top + size;
  if (end <= keep || sbrk(<isize>(keep - end)) === SBRK_FAILED) return;
  chunk.setHead(top, (keep - top) | PREV_INUSE);
  if (osRoots.top_touched > keep) osRoots.top_touched = keep;
}

/**
 * Ends the heap's current part and goes on in a fresh segment that can serve `size` bytes.
 */
function startSegment(size: usize): bool {
  const old = osRoots.top;
  const least = (size + 2 * TOP_MIN + PAGE_MASK) & ~PAGE_MASK;
  let length = max(SEGMENT_MIN, least);
  let segment = mmapFor(MAPPING_SEGMENT, length, PAGE_SIZE);
  if (segment === 0) {
    // Close to the limit, what there still is.
    length = least;
    segment = mmapFor(MAPPING_SEGMENT, length, PAGE_SIZE);
    if (segment === 0) return false;
  }
  if (old) closeTop(old);
  osRoots.top = segment;
  osRoots.top_segment = segment;
  osRoots.top_touched = segment;
  touchTop(segment + HEADER);
  chunk.setHead(segment, length | PREV_INUSE | SEGMENT);
  chunk.setPrevSize(segment, osRoots.segments);
  osRoots.segments = segment;
  return true;
}

/** Writes the two fence chunks that end a part of the heap at `end`, behind a free chunk of `size` bytes. */
function writeFence(end: usize, size: usize): void {
  chunk.setPrevSize(end - FENCE, size);
  chunk.setHead(end - FENCE, HEADER);
  chunk.setHead(end - HEADER, HEADER | PREV_INUSE);
}

/** Turns the top `old` into an ordinary free chunk followed by a fence; a segment that is all free goes back. */
function closeTop(old: usize): void {
  const have = chunk.size(old);
  const size = have - FENCE;
  assert(have >= TOP_MIN, "the top has room for the fence");
  touchTop(old + have);
  chunk.setHead(old, size | (chunk.head(old) & (PREV_INUSE | SEGMENT)));
  writeFence(old + have, size);
  if (!releaseSegment(old, size)) link(old, size);
}

/** Gives back what is free at the end of the `brk` heap, the chunk `c` of `size` bytes, while the top is elsewhere. */
function trimFenced(c: usize, size: usize): usize {
  const end = c + size + FENCE;
  const keep = (c + TOP_MIN + TOP_PAD + PAGE_MASK) & ~PAGE_MASK;
  if (end !== osRoots.brk || size <= TRIM_THRESHOLD + TOP_PAD || sbrk(<isize>(keep - end)) === SBRK_FAILED) return size;
  const kept = keep - FENCE - c;
  chunk.setHead(c, kept | (chunk.head(c) & PREV_INUSE));
  writeFence(keep, kept);
  return kept;
}

/** Leaves the segment that the top is in and goes on at the break, where there is room again for `size` bytes. */
function resumeBrk(size: usize): bool {
  const more = (size + TOP_MIN + TOP_PAD + PAGE_MASK) & ~PAGE_MASK;
  const at = sbrk(<isize>more);
  if (at === SBRK_FAILED) return false;
  closeTop(osRoots.top);
  let c = at - FENCE;
  if (!(chunk.head(c) & PREV_INUSE)) {
    const before = chunk.prevSize(c);
    c -= before;
    unlink(c, before);
  }
  osRoots.top = c;
  osRoots.top_segment = 0;
  osRoots.top_touched = at;
  chunk.setHead(c, (at + more - c) | PREV_INUSE);
  return true;
}

/** Enlarges the top so that `size` bytes can be cut off it; false when the machine gives nothing. */
function growTop(size: usize): bool {
  const top = osRoots.top;
  if (osRoots.top_segment === 0) {
    const have = top ? chunk.size(top) : 0;
    const end = top ? top + have : osRoots.brk;
    const missing = size + TOP_MIN - have;
    let more = ((end + missing + TOP_PAD + PAGE_MASK) & ~PAGE_MASK) - end;
    let at = sbrk(more);
    if (at === SBRK_FAILED) {
      more = ((end + missing + PAGE_MASK) & ~PAGE_MASK) - end;
      at = sbrk(more);
    }
    if (at !== SBRK_FAILED) {
      if (!top) {
        osRoots.top = at;
        osRoots.top_touched = at;
        touchTop(at + HEADER);
      }
      chunk.setHead(osRoots.top, (have + more) | PREV_INUSE);
      return true;
    }
  }
  return (osRoots.top_segment !== 0 && resumeBrk(size)) || startSegment(size);
}

/** Cuts a chunk of `size` bytes off the top; 0 when the machine gives no more memory. */
function takeFromTop(size: usize): usize {
  let top = osRoots.top;
  if (top === 0 || chunk.size(top) < size + TOP_MIN) {
    if (!growTop(size)) return 0;
    top = osRoots.top;
  }
  const have = chunk.size(top);
  const flags = chunk.head(top) & (PREV_INUSE | SEGMENT);
  const rest = top + size;
  touchTop(rest + HEADER);
  osRoots.top = rest;
  chunk.setHead(top, size | flags);
  chunk.setHead(rest, (have - size) | PREV_INUSE);
  return top;
}

/** A mapping of its own for a request of `n` bytes; 0 on failure. */
function mmapChunk(n: usize): usize {
  const total = (n + HEADER + PAGE_MASK) & ~PAGE_MASK;
  const c = mmapFor(MAPPING_BLOCK, total, PAGE_SIZE);
  if (c === 0) return 0;
  touch(c, n + HEADER);
  chunk.setPrevSize(c, 0);
  chunk.setHead(c, total | IS_MMAPPED);
  osRoots.mmapped_chunks += 1;
  osRoots.mmapped_bytes += total;
  return c + HEADER;
}

/** A block of at least `n` bytes (0 gives a block of its own too), aligned to 16, contents undefined; 0 on failure. */
export function libc_malloc(n: usize): usize {
  if (n > REQUEST_MAX) return 0;
  const size = chunkSize(n);
  if (size >= MMAP_THRESHOLD) return mmapChunk(n);
  let c = findChunk(size);
  if (c) {
    const have = chunk.size(c);
    unlink(c, have);
    take(c, have, size);
  } else {
    c = takeFromTop(size);
    if (c === 0) return 0;
  }
  countUsed(chunk.size(c));
  return c + HEADER;
}

/** A zeroed block of `count` times `n` bytes; 0 on failure or overflow. */
export function libc_calloc(count: usize, n: usize): usize {
  const total = <u64>count * n;
  if (total > REQUEST_MAX) return 0;
  const p = libc_malloc(<usize>total);
  // Fresh mappings are zero already.
  if (p !== 0 && !(chunk.head(p - HEADER) & IS_MMAPPED)) memory.fill(p, 0, <usize>total);
  return p;
}

/** Whether the chunk `c`, free and spanning `size` bytes, is a whole segment: if so it goes back to the machine. */
function releaseSegment(c: usize, size: usize): bool {
  if (!(chunk.head(c) & SEGMENT)) return false;
  const end = c + size;
  // A fence is the only chunk of 16 bytes.
  if (chunk.size(end) !== HEADER) return false;
  if (osRoots.segments === c) {
    osRoots.segments = chunk.prevSize(c);
  } else {
    let before = <usize>osRoots.segments;
    while (chunk.prevSize(before) !== c) before = chunk.prevSize(before);
    chunk.setPrevSize(before, chunk.prevSize(c));
  }
  munmap(c, size + FENCE);
  return true;
}

/** Joins the chunk `c` of `size` bytes, just freed, with its free neighbours, and puts it where it belongs. */
function release(c: usize, size: usize): void {
  const head = chunk.head(c);
  let flags = head & (PREV_INUSE | SEGMENT);
  if (!(head & PREV_INUSE)) {
    const before = chunk.prevSize(c);
    c -= before;
    unlink(c, before);
    size += before;
    flags = chunk.head(c) & (PREV_INUSE | SEGMENT);
  }
  const next = c + size;
  if (next === osRoots.top) {
    size += chunk.size(next);
    osRoots.top = c;
    chunk.setHead(c, size | flags);
    if (size > TRIM_THRESHOLD + TOP_PAD) trim();
    return;
  }
  const nextHead = chunk.head(next);
  const nextSize = <usize>(nextHead & SIZE_MASK);
  if (!(chunk.head(next + nextSize) & PREV_INUSE) && nextSize !== HEADER) {
    unlink(next, nextSize);
    size += nextSize;
  } else {
    chunk.setHead(next, nextHead & ~PREV_INUSE);
  }
  chunk.setHead(c, size | flags);
  if (releaseSegment(c, size)) return;
  if (osRoots.top_segment !== 0) size = trimFenced(c, size);
  chunk.setPrevSize(c + size, size);
  link(c, size);
}

/** Frees the block `p`, which this file gave out; 0 is ignored. */
export function libc_free(p: usize): void {
  if (p === 0) return;
  const c = p - HEADER;
  const head = chunk.head(c);
  if (head & IS_MMAPPED) {
    const total = <usize>(head & SIZE_MASK);
    osRoots.mmapped_chunks -= 1;
    osRoots.mmapped_bytes -= total;
    munmap(c, total);
    return;
  }
  const size = <usize>(head & SIZE_MASK);
  assert(chunk.head(c + size) & PREV_INUSE, "double free");
  countFreed(size);
  release(c, size);
}

/** Resizes a chunk that is a mapping; 0 on failure. */
function remapChunk(c: usize, n: usize): usize {
  const old = chunk.size(c);
  const total = (n + HEADER + PAGE_MASK) & ~PAGE_MASK;
  if (total === old) return c + HEADER;
  const moved = mremap(c, old, total);
  if (moved === 0) return 0;
  touch(moved, n + HEADER);
  chunk.setHead(moved, total | IS_MMAPPED);
  osRoots.mmapped_bytes += total - old;
  return moved + HEADER;
}

/** Shortens the chunk in use `c` of `have` bytes to `size`, and frees the rest where that makes a chunk. */
function shorten(c: usize, have: usize, size: usize): void {
  if (have - size < CHUNK_MIN) return;
  const rest = c + size;
  chunk.setHead(c, size | (chunk.head(c) & (PREV_INUSE | SEGMENT)));
  chunk.setHead(rest, (have - size) | PREV_INUSE);
  release(rest, have - size);
}

/** Lets the chunk in use `c` of `have` bytes take in free memory behind it, up to `size` bytes; false if too little. */
function extend(c: usize, have: usize, size: usize): bool {
  const next = c + have;
  const flags = chunk.head(c) & (PREV_INUSE | SEGMENT);
  const nextSize = chunk.size(next);
  if (next === osRoots.top) {
    const missing = size - have;
    if (nextSize < missing + TOP_MIN && (osRoots.top_segment !== 0 || !growTop(missing))) return false;
    if (osRoots.top !== next) return false;
    const rest = c + size;
    const over = chunk.size(next) - missing;
    touchTop(rest + HEADER);
    osRoots.top = rest;
    chunk.setHead(c, size | flags);
    chunk.setHead(rest, over | PREV_INUSE);
    return true;
  }
  if (nextSize === HEADER || chunk.head(next + nextSize) & PREV_INUSE || have + nextSize < size) return false;
  unlink(next, nextSize);
  chunk.setHead(c, (have + nextSize) | flags);
  take(c, have + nextSize, size);
  return true;
}

/**
 * Resizes the block `p` to at least `n` bytes, moved if need be, with its contents up to the shorter of the two sizes.
 * Returns the block, or 0 on failure, after which `p` stands. `p` 0 allocates. `n` 0 gives the smallest block.
 */
export function libc_realloc(p: usize, n: usize): usize {
  if (p === 0) return libc_malloc(n);
  if (n > REQUEST_MAX) return 0;
  const c = p - HEADER;
  if (chunk.head(c) & IS_MMAPPED) return remapChunk(c, n);
  const have = chunk.size(c);
  const size = chunkSize(n);
  if (size <= have) {
    shorten(c, have, size);
  } else {
    if (size >= MMAP_THRESHOLD || !extend(c, have, size)) {
      const moved = libc_malloc(n);
      if (moved === 0) return 0;
      memory.copy(moved, p, have - 8);
      libc_free(p);
      return moved;
    }
  }
  osRoots.chunk_bytes_used += chunk.size(c) - have;
  return p;
}

/** How many bytes of the block `p` the program may use: at least as many as it asked for. */
export function libc_malloc_usable_size(p: usize): usize {
  const head = chunk.head(p - HEADER);
  const size = <usize>(head & SIZE_MASK);
  return head & IS_MMAPPED ? size - HEADER : size - 8;
}
