// The page table of the simulated machine: one byte for every page of the 2 GiB address space.
//
// A *page* is 4 KiB of address space, the unit in which the machine maps, counts and takes back memory. Nothing in
// WebAssembly reports the first touch of a page, so residency follows one rule: a page is resident from the moment an
// allocator hands out a block that lies in it until the page is unmapped. That rule is deterministic, and it counts at
// least what a kernel would (a kernel leaves out pages of a large block that the program never writes).
//
// This file owns two invariants: `osRoots.mapped` and `osRoots.resident` are the sums over the table, in bytes; and a
// page that is mapped but not resident reads as zero.
//
//   bit  7   6 5 4    3     2     1        0
//       ├───┬──────┬─────┬─────┬────────┬──────┤
//       │ 0 │ kind │first│dirty│resident│mapped│     at PAGE_TABLE_ADDRESS + address / 4096
//       └───┴──────┴─────┴─────┴────────┴──────┘
//
// kind: what the page's mapping is for, MAPPING_.  first: the mapping begins with this page.
// dirty: the page has been resident since its bytes were last known to be zero. The bit outlives the mapping, so that
// only what was really used is cleared when an address range is mapped again.

import {
  ADDRESS_SPACE_END,
  PAGE_DIRTY,
  PAGE_FIRST,
  PAGE_KIND_SHIFT,
  PAGE_MAPPED,
  PAGE_RESIDENT,
  PAGE_SHIFT,
  PAGE_SIZE,
} from "../generated/constants";
import { osRoots, PAGE_TABLE_ADDRESS } from "../generated/runtime";

export const PAGE_MASK: usize = PAGE_SIZE - 1;

const EIGHT_MAPPED: u64 = 0x01010101 * (((<u64>1) << 32) + 1);

/** The page table's byte for the page of `address`. */
export function pageFlags(address: usize): u8 {
  return load<u8>(PAGE_TABLE_ADDRESS + (address >> PAGE_SHIFT));
}

/** What the mapping of `address` is for: MAPPING_*. */
export function mappingKind(address: usize): u8 {
  return pageFlags(address) >> PAGE_KIND_SHIFT;
}

/** The address behind the mapping that begins at `address`, at most `end`. */
export function mappingEnd(address: usize, end: usize): usize {
  const kind = mappingKind(address);
  let at = address + PAGE_SIZE;
  while (at < end) {
    const flags = pageFlags(at);
    if (!(flags & PAGE_MAPPED) || flags & PAGE_FIRST || flags >> PAGE_KIND_SHIFT !== kind) break;
    at += PAGE_SIZE;
  }
  return at;
}

/** `size` rounded up to whole pages, in bytes; 0 when that is more than the address space. */
export function pageRound(size: usize): usize {
  return size > ADDRESS_SPACE_END ? 0 : (size + PAGE_MASK) & ~PAGE_MASK;
}

/** The first address from `address` up to `end` (both page multiples) whose page is mapped, or `end`. */
export function nextMapped(address: usize, end: usize): usize {
  let entry = PAGE_TABLE_ADDRESS + (address >> PAGE_SHIFT);
  const last = PAGE_TABLE_ADDRESS + (end >> PAGE_SHIFT);
  while (entry < last) {
    if ((entry & 7) === 0 && entry + 8 <= last && (load<u64>(entry) & EIGHT_MAPPED) === 0) {
      entry += 8;
      continue;
    }
    if (load<u8>(entry) & PAGE_MAPPED) break;
    entry++;
  }
  return (entry - PAGE_TABLE_ADDRESS) << PAGE_SHIFT;
}

/** The first address from `address` up to `end` (both page multiples) whose page is not mapped, or `end`. */
export function nextUnmapped(address: usize, end: usize): usize {
  let entry = PAGE_TABLE_ADDRESS + (address >> PAGE_SHIFT);
  const last = PAGE_TABLE_ADDRESS + (end >> PAGE_SHIFT);
  while (entry < last) {
    if ((entry & 7) === 0 && entry + 8 <= last && (load<u64>(entry) & EIGHT_MAPPED) === EIGHT_MAPPED) {
      entry += 8;
      continue;
    }
    if (!(load<u8>(entry) & PAGE_MAPPED)) break;
    entry++;
  }
  return (entry - PAGE_TABLE_ADDRESS) << PAGE_SHIFT;
}

/**
 * Maps the pages of `size` bytes at `address` (page multiples, all unmapped until now), cleared to zero, for `kind`.
 * `first`: a mapping begins there; otherwise one is made longer.
 */
export function mapPages(address: usize, size: usize, kind: u8, first: bool): void {
  const flags = PAGE_MAPPED | (kind << PAGE_KIND_SHIFT);
  let entry = PAGE_TABLE_ADDRESS + (address >> PAGE_SHIFT);
  const last = entry + (size >> PAGE_SHIFT);
  for (let page = address; entry < last; entry++, page += PAGE_SIZE) {
    assert(!(load<u8>(entry) & PAGE_MAPPED), "page is mapped already");
    if (load<u8>(entry) & PAGE_DIRTY) memory.fill(page, 0, PAGE_SIZE);
    store<u8>(entry, first && page === address ? flags | PAGE_FIRST : flags);
  }
  osRoots.mapped += size;
  if (osRoots.mapped > osRoots.mapped_peak) osRoots.mapped_peak = osRoots.mapped;
}

/** Unmaps the pages of `size` bytes at `address` (page multiples, all mapped until now). */
export function unmapPages(address: usize, size: usize): void {
  let entry = PAGE_TABLE_ADDRESS + (address >> PAGE_SHIFT);
  const last = entry + (size >> PAGE_SHIFT);
  let resident: usize = 0;
  for (; entry < last; entry++) {
    const flags = load<u8>(entry);
    assert(flags & PAGE_MAPPED, "page is not mapped");
    if (flags & PAGE_RESIDENT) resident += PAGE_SIZE;
    store<u8>(entry, flags & PAGE_DIRTY);
  }
  osRoots.mapped -= size;
  osRoots.resident -= resident;
  osRoots.returned += size;
}

/** Makes every page that holds one of the `size` bytes at `address` resident: a page fault for each that was not. */
export function touch(address: usize, size: usize): void {
  if (size === 0) return;
  let entry = PAGE_TABLE_ADDRESS + (address >> PAGE_SHIFT);
  const last = PAGE_TABLE_ADDRESS + ((address + size - 1) >> PAGE_SHIFT);
  let faults: u32 = 0;
  for (; entry <= last; entry++) {
    const flags = load<u8>(entry);
    assert(flags & PAGE_MAPPED, "touched page is not mapped");
    if (flags & PAGE_RESIDENT) continue;
    store<u8>(entry, flags | PAGE_RESIDENT | PAGE_DIRTY);
    faults++;
  }
  osRoots.page_faults += faults;
  osRoots.resident += (<usize>faults) << PAGE_SHIFT;
  if (osRoots.resident > osRoots.resident_peak) osRoots.resident_peak = osRoots.resident;
}
