// The simulated machine: what a process asks of its kernel to get and give back memory.
//
// The machine's address space starts at MACHINE_ADDRESS (below lie the null page, static data, roots and immortal
// objects, as a program's text and data segments do) and ends at 2 GiB. The heap of libc (`brk`) grows upwards from its
// start; mappings lie above MMAP_BASE, each at the lowest address where it fits, so that the WebAssembly memory behind
// them stays as small as it can. A kernel places mappings from the top downwards; that is the one deliberate difference
// in placement. WebAssembly memory grows when an address beyond its end is mapped and never shrinks.
//
//   0x400000          brk ─►      0x800000            mmap_end          2 GiB
//   ├─ heap of libc ────┤ · · · · ├─ mappings ──┬─ ─ ─ ─┤ · · · · · · · · ┤
//   MACHINE_ADDRESS               MMAP_BASE     holes
//
// This file owns the invariant that every mapped page lies inside WebAssembly memory and that no more than
// `memory_limit` bytes are mapped (Linux: RLIMIT_AS). A failed call returns 0 or -1 and changes nothing.

import {
  ADDRESS_SPACE_END,
  MAPPING_HEAP,
  MAPPING_OTHER,
  PAGE_DIRTY,
  PAGE_SHIFT,
  PAGE_SIZE,
  WASM_PAGE_SHIFT,
  WASM_PAGE_SIZE,
} from "../generated/constants";
import { countSystemCall, SystemCall } from "../generated/host";
import { MACHINE_ADDRESS, osRoots, PAGE_TABLE_ADDRESS } from "../generated/runtime";
import { mapPages, mappingKind, nextMapped, nextUnmapped, PAGE_MASK, pageRound, touch, unmapPages } from "./pages";

/** Where mappings begin, and the highest value that the break can reach. */
export const MMAP_BASE: usize = 0x800000;

/** What `sbrk` returns when it fails. */
export const SBRK_FAILED: usize = usize.MAX_VALUE;

const WASM_PAGE_MASK: usize = WASM_PAGE_SIZE - 1;
// Growing by at least this many bytes, and by at least an eighth, keeps the number of times that the host sees a new
// buffer low.
const GROWTH_MIN: usize = 1 << 20;

/** How often `call` has been made. */
export function systemCallCount(call: SystemCall): u32 {
  return load<u32>(osRoots.system_calls + ((<usize>call) << 2));
}

/**
 * Starts the machine with nothing mapped. `limit`: the most bytes that may ever be mapped at once, 0 for no limit.
 * Called once, by the first instance; called again on the same memory it starts over, and every earlier address is void.
 */
export function machineInit(limit: usize): void {
  const last = PAGE_TABLE_ADDRESS + (osRoots.mmap_end >> PAGE_SHIFT);
  for (let entry = PAGE_TABLE_ADDRESS + (MACHINE_ADDRESS >> PAGE_SHIFT); entry < last; entry++) {
    store<u8>(entry, load<u8>(entry) & PAGE_DIRTY);
  }
  memory.fill(osRoots.START, 0, osRoots.SIZE);
  osRoots.brk = MACHINE_ADDRESS;
  osRoots.memory_limit = limit;
  osRoots.mmap_end = MMAP_BASE;
  osRoots.mmap_hint = MMAP_BASE;
}

/** Sets the most bytes that may be mapped at once, 0 for no limit. What is mapped already stays. */
export function setMemoryLimit(bytes: usize): void {
  osRoots.memory_limit = bytes;
}

/**
 * Keeps the last `bytes` below the limit for whoever handles the exhaustion of the rest: openSpare gives them, and they
 * are kept again as soon as a mapping does without.
 */
export function setMemorySpare(bytes: usize): void {
  osRoots.memory_spare = bytes;
}

/** Memory is exhausted, and that is being handled. */
export function openSpare(): void {
  osRoots.spare_open = 1;
}

/** Whether `size` more bytes may be mapped. */
function withinLimit(size: usize): bool {
  const limit = osRoots.memory_limit;
  if (limit === 0) return true;
  if (osRoots.mapped > limit || size > limit - osRoots.mapped) return false;
  if (limit - osRoots.mapped - size < osRoots.memory_spare) return osRoots.spare_open !== 0;
  osRoots.spare_open = 0;
  return true;
}

/** Grows WebAssembly memory so that it covers everything below `end`; false if it cannot. */
function coverUpTo(end: usize): bool {
  const have: usize = memory.size();
  const need = (end + WASM_PAGE_MASK) >> WASM_PAGE_SHIFT;
  if (need <= have) return true;
  const generous = max(need, have + max(GROWTH_MIN >> WASM_PAGE_SHIFT, have >> 3));
  if (memory.grow(<i32>(generous - have)) >= 0) return true;
  return memory.grow(<i32>(need - have)) >= 0;
}

/** The lowest free range of `size` bytes above MMAP_BASE at a multiple of `align`, or 0. All are page multiples. */
function findRange(size: usize, align: usize): usize {
  const end = osRoots.mmap_end;
  let start = nextUnmapped(osRoots.mmap_hint, end);
  osRoots.mmap_hint = start;
  while (true) {
    start = (start + align - 1) & ~(align - 1);
    if (start >= ADDRESS_SPACE_END || size > ADDRESS_SPACE_END - start) return 0;
    if (start >= end) return start;
    const stop = nextMapped(start, min(start + size, end));
    if (stop >= min(start + size, end)) return start;
    start = nextUnmapped(stop, end);
  }
}

/**
 * Maps `size` bytes (rounded up to pages) of zeroed memory for `kind` (MAPPING_*) at a multiple of `align`, a power of
 * two of at least a page. Returns the address, or 0 on failure.
 */
export function mmapFor(kind: u8, size: usize, align: usize): usize {
  countSystemCall(SystemCall.mmap);
  size = pageRound(size);
  if (size === 0 || !withinLimit(size)) return 0;
  const address = findRange(size, align);
  if (address === 0 || !coverUpTo(address + size)) return 0;
  place(kind, address, size);
  return address;
}

/** Maps a range that findRange found. */
function place(kind: u8, address: usize, size: usize): void {
  mapPages(address, size, kind, true);
  if (address + size > osRoots.mmap_end) osRoots.mmap_end = address + size;
}

/** Maps `size` bytes (rounded up to pages) of zeroed memory at a multiple of `align`. Returns the address, or 0. */
export function mmapAligned(size: usize, align: usize): usize {
  return mmapFor(MAPPING_OTHER, size, align);
}

/** Maps `size` bytes (rounded up to pages) of zeroed memory. Returns the address, or 0 on failure. */
export function mmap(size: usize): usize {
  return mmapFor(MAPPING_OTHER, size, PAGE_SIZE);
}

/** Gives back the pages of `size` bytes (rounded up) at `address`, a page multiple; all of them must be mapped. */
export function munmap(address: usize, size: usize): void {
  countSystemCall(SystemCall.munmap);
  size = pageRound(size);
  unmapPages(address, size);
  if (address < osRoots.mmap_hint) osRoots.mmap_hint = address;
}

/**
 * Resizes the mapping of `oldSize` bytes at `address` to `newSize` (both rounded up to pages), in place where the
 * addresses behind it are free, otherwise moved with its contents. Returns the address, or 0 on failure, after which
 * the old mapping stands. Unlike a kernel's page tables, ours cannot move a page: moving copies.
 */
export function mremap(address: usize, oldSize: usize, newSize: usize): usize {
  countSystemCall(SystemCall.mremap);
  oldSize = pageRound(oldSize);
  newSize = pageRound(newSize);
  if (newSize === 0) return 0;
  if (newSize <= oldSize) {
    if (newSize < oldSize) {
      unmapPages(address + newSize, oldSize - newSize);
      if (address + newSize < osRoots.mmap_hint) osRoots.mmap_hint = address + newSize;
    }
    return address;
  }
  const kind = mappingKind(address);
  const more = newSize - oldSize;
  if (!withinLimit(more)) return 0;
  const oldEnd = address + oldSize;
  if (more <= ADDRESS_SPACE_END - oldEnd && nextMapped(oldEnd, oldEnd + more) === oldEnd + more) {
    if (!coverUpTo(oldEnd + more)) return 0;
    mapPages(oldEnd, more, kind, false);
    if (oldEnd + more > osRoots.mmap_end) osRoots.mmap_end = oldEnd + more;
    return address;
  }
  const moved = findRange(newSize, PAGE_SIZE);
  if (moved === 0 || !coverUpTo(moved + newSize)) return 0;
  // The pages move one by one in a kernel, so that at no time both places count.
  const peak = osRoots.mapped_peak;
  place(kind, moved, newSize);
  memory.copy(moved, address, oldSize);
  unmapPages(address, oldSize);
  osRoots.mapped_peak = max(peak, osRoots.mapped);
  if (address < osRoots.mmap_hint) osRoots.mmap_hint = address;
  const faults = osRoots.page_faults;
  touch(moved, oldSize);
  osRoots.page_faults = faults;
  return moved;
}

/**
 * Moves the end of libc's heap to `address`. Returns the break as it is afterwards: unchanged where `address` is
 * outside the heap's range, or over the memory limit, or WebAssembly memory could not grow.
 */
export function brk(address: usize): usize {
  countSystemCall(SystemCall.brk);
  const old = osRoots.brk;
  if (address < MACHINE_ADDRESS || address > MMAP_BASE) return old;
  const oldEnd = (old + PAGE_MASK) & ~PAGE_MASK;
  const newEnd = (address + PAGE_MASK) & ~PAGE_MASK;
  if (newEnd > oldEnd) {
    if (!withinLimit(newEnd - oldEnd) || !coverUpTo(newEnd)) return old;
    mapPages(oldEnd, newEnd - oldEnd, MAPPING_HEAP, old === MACHINE_ADDRESS);
  } else if (newEnd < oldEnd) {
    unmapPages(newEnd, oldEnd - newEnd);
  }
  osRoots.brk = address;
  return address;
}

/** Moves the end of libc's heap by `increment` bytes. Returns where it was, or SBRK_FAILED. */
export function sbrk(increment: isize): usize {
  const old = osRoots.brk;
  if (increment === 0) return old;
  const wanted = old + increment;
  return brk(wanted) === wanted ? old : SBRK_FAILED;
}
