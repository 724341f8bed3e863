// Random requests to all three domains, with every invariant walked now and then.
//
// Each slot of a table holds a block, its size and its domain. A block's first and last eight bytes are marked with its
// address and size when it is made and checked before it is resized or freed, so blocks that overlap are found as well.
// The workload alternates between growing and shrinking, so that pools and arenas fill, empty and go back.
//
//   slot ┌─────────┬──────┬────────┬───┐
//        │address 4│size 4│domain 4│0 4│
//        └─────────┴──────┴────────┴───┘

import { fuzz_slot, SIZEOF_fuzz_slot } from "../generated/layouts";
import { checkHeap } from "../memory/check";
import {
  PyMem_Calloc,
  PyMem_Free,
  PyMem_Malloc,
  PyMem_RawCalloc,
  PyMem_RawFree,
  PyMem_RawMalloc,
  PyMem_RawRealloc,
  PyMem_Realloc,
  PyObject_Calloc,
  PyObject_Free,
  PyObject_Malloc,
  PyObject_Realloc,
} from "../memory/pymem";
import { checkMalloc, checkPages } from "../os/check";
import { mmap } from "../os/machine";

const SLOT: usize = SIZEOF_fuzz_slot;
/** Added to the number of a broken invariant: of the private heap, libc's heap, the page table, a block's contents. */
const HEAP_FAULT: i32 = 1000;
const MALLOC_FAULT: i32 = 2000;
const PAGES_FAULT: i32 = 3000;
const CONTENTS_FAULT: i32 = 4000;

/** A table of `count` slots, all empty; 0 on failure. */
export function fuzzTable(count: i32): usize {
  return mmap(<usize>count * SLOT + 8);
}

// The state of the random numbers lies behind the table's last slot.
function random(state: usize): u32 {
  let x = load<u32>(state);
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  store<u32>(state, x);
  return x;
}

/** More than the machine can ever give. */
const IMPOSSIBLE: usize = 0x7f000000;

/** Sizes as programs have them: most are small, few are large, hardly any is huge, and one in 2000 is impossible. */
function pickSize(state: usize): usize {
  const r = random(state) % 1000;
  if (r === 999 && random(state) % 2 === 0) return IMPOSSIBLE + (random(state) & 0xffffff) * 128;
  if (r < 880) return (random(state) % 512) + 1;
  if (r < 890) return 0;
  if (r < 970) return 513 + (random(state) % 3000);
  if (r < 997) return random(state) % 60000;
  return random(state) % 400000;
}

function mark(p: usize, n: usize): void {
  if (n < 16) {
    memory.fill(p, <u8>(p >> 4), n);
    return;
  }
  store<u64>(p, ((<u64>n) << 32) | p);
  store<u64>(p + n - 8, ((<u64>p) << 32) | n);
}

function isMarked(at: usize, p: usize, n: usize): bool {
  if (n < 16) {
    for (let i: usize = 0; i < n; i++) if (load<u8>(at + i) !== <u8>(p >> 4)) return false;
    return true;
  }
  return load<u64>(at) === (((<u64>n) << 32) | p) && load<u64>(at + n - 8) === (((<u64>p) << 32) | n);
}

function isZero(p: usize, n: usize): bool {
  for (let i: usize = 0; i < n; i++) if (load<u8>(p + i) !== 0) return false;
  return true;
}

function allocate(domain: u32, n: usize): usize {
  if (domain === 0) return PyMem_RawMalloc(n);
  return domain === 1 ? PyMem_Malloc(n) : PyObject_Malloc(n);
}

function allocateZeroed(domain: u32, n: usize): usize {
  // As items of eight bytes where that is possible.
  const count = n % 8 === 0 ? n / 8 : n;
  const size: usize = n % 8 === 0 ? 8 : 1;
  if (domain === 0) return PyMem_RawCalloc(count, size);
  return domain === 1 ? PyMem_Calloc(size, count) : PyObject_Calloc(count, size);
}

/** Whether a request for `count` items of `n` bytes, too much together, fails as it must. */
function overflows(domain: u32, count: usize, n: usize): bool {
  if (domain === 0) return PyMem_RawCalloc(count, n) === 0;
  return domain === 1 ? PyMem_Calloc(count, n) === 0 : PyObject_Calloc(count, n) === 0;
}

function resize(domain: u32, p: usize, n: usize): usize {
  if (domain === 0) return PyMem_RawRealloc(p, n);
  return domain === 1 ? PyMem_Realloc(p, n) : PyObject_Realloc(p, n);
}

function release(domain: u32, p: usize): void {
  if (domain === 0) PyMem_RawFree(p);
  else if (domain === 1) PyMem_Free(p);
  else PyObject_Free(p);
}

/** Walks everything that can be walked. Returns 0, or what is broken. */
export function checkAll(): i32 {
  const heap = <i32>checkHeap();
  if (heap) return HEAP_FAULT + heap;
  const malloc = <i32>checkMalloc();
  if (malloc) return MALLOC_FAULT + malloc;
  const pages = <i32>checkPages();
  return pages ? PAGES_FAULT + pages : 0;
}

/** Frees the block of `slot`. False if its contents were damaged. */
function empty(slot: usize): bool {
  const s = fuzz_slot.at(slot);
  const p: usize = s.block;
  const n: usize = s.size;
  const whole = isMarked(p, p, n);
  release(s.domain, p);
  s.block = 0;
  return whole;
}

/** One random request for `slot`, or none. Returns how many were made, -1 if contents were damaged. */
function request(slot: usize, state: usize, shrinking: bool): i32 {
  const p: usize = fuzz_slot.at(slot).block;
  const r = random(state) % 100;
  if (p === 0) {
    if (shrinking && r < 85) return 0;
    const n = pickSize(state);
    const domain = random(state) % 8 === 0 ? 0 : 1 + (random(state) & 1);
    const zeroed = random(state) % 8 === 0;
    if (zeroed && random(state) % 64 === 0 && !overflows(domain, 0x10000 + (n & 0xffff), 0x10000)) return -1;
    const made = zeroed ? allocateZeroed(domain, n) : allocate(domain, n);
    if (made === 0) return 1;
    if (n >= IMPOSSIBLE) return -1;
    if (zeroed && !isZero(made, n)) return -1;
    keep(slot, made, n, domain);
    return 1;
  }
  if (r < 12) {
    const old: usize = fuzz_slot.at(slot).size;
    const domain = fuzz_slot.at(slot).domain;
    const n = pickSize(state);
    if (!isMarked(p, p, old)) return -1;
    const moved = resize(domain, p, n);
    if (moved === 0) return isMarked(p, p, old) ? 1 : -1;
    if (n >= IMPOSSIBLE) return -1;
    // The mark at the front says where the block was.
    if (old >= 16 && n >= 8 && load<u64>(moved) !== (((<u64>old) << 32) | p)) return -1;
    keep(slot, moved, n, domain);
    return 1;
  }
  if (!shrinking && r >= 30) return 0;
  return empty(slot) ? 1 : -1;
}

function keep(slot: usize, p: usize, n: usize, domain: u32): void {
  const s = fuzz_slot.at(slot);
  s.block = <u32>p;
  s.size = <u32>n;
  s.domain = domain;
  mark(p, n);
}

/**
 * Makes `count` random requests for the `slots` slots of `table`, growing and shrinking by turns of `turn` requests, and
 * walks every invariant after each `every` requests. Returns 0, or what is broken.
 */
export function fuzz(table: usize, slots: i32, seed: u32, count: i32, turn: i32, every: i32): i32 {
  const state = table + <usize>slots * SLOT;
  if (seed) store<u32>(state, seed);
  for (let i = 0; i < count; ) {
    const slot = table + (<usize>random(state) % slots) * SLOT;
    const made = request(slot, state, ((i / turn) & 1) !== 0);
    if (made < 0) return CONTENTS_FAULT + 1;
    i += made;
    if (made !== 0 && i % every === 0) {
      const broken = checkAll();
      if (broken) return broken;
    }
  }
  return checkAll();
}

/** Frees every block in `table`. Returns 0, or what is broken. */
export function fuzzEnd(table: usize, slots: i32): i32 {
  for (let i = 0; i < slots; i++) {
    const slot = table + <usize>i * SLOT;
    if (fuzz_slot.at(slot).block !== 0 && !empty(slot)) return CONTENTS_FAULT + 2;
  }
  return checkAll();
}
