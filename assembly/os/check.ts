// The machine and libc's heap, walked and verified: the page table against its sums, every chunk against its
// neighbours and the bins.
//
// Each check returns 0 where all holds; otherwise the number of the invariant that does not (`MachineFault`), with the
// place in `osRoots.check_address`. Tests call them at any time; nothing else does.

import { MAPPING_BLOCK, MAPPING_HEAP, PAGE_MAPPED, PAGE_RESIDENT, PAGE_SIZE } from "../generated/constants";
import { MACHINE_ADDRESS, osRoots } from "../generated/runtime";
import { MMAP_BASE } from "./machine";
import { BIN_COUNT, binAddress, binIndex, chunk, HEADER, IS_MMAPPED, PREV_INUSE } from "./malloc";
import { mappingEnd, mappingKind, nextMapped, PAGE_MASK, pageFlags } from "./pages";

/** The invariants, in the order in which they are checked. */
const enum MachineFault {
  none,
  /** `mapped` is not the sum over the page table. */
  mappedSum,
  /** `resident` is not the sum over the page table. */
  residentSum,
  /** A page is resident but not mapped. */
  residentUnmapped,
  /** Mapped pages between MACHINE_ADDRESS and MMAP_BASE are not exactly those below the break. */
  breakMisplaced,
  /** A chunk is shorter than 32 bytes, or longer than what is left. */
  chunkSize,
  /** A chunk says that its predecessor is free and it is not, or the other way round. */
  prevInuse,
  /** A free chunk's size is not repeated behind it. */
  prevSize,
  /** Two free chunks touch. */
  freeNeighbours,
  /** The sum of chunks in use differs from the counters. */
  chunkSum,
  /** A chunk hangs in a bin of another size, or is in use. */
  binMember,
  /** The links of a bin are not each other's inverse. */
  binLinks,
  /** The bit map disagrees with a bin. */
  binMap,
  /** The number of free chunks in bins differs from the number met in the heap. */
  binSum,
  /** A large block's mapping has no header for it. */
  mappedBlock,
  /** The sum of large blocks differs from the counters. */
  mappedBlockSum,
}

function fault(kind: MachineFault, at: usize): MachineFault {
  osRoots.check_address = at;
  return kind;
}

/** Checks the page table. */
export function checkPages(): MachineFault {
  let mapped: usize = 0;
  let resident: usize = 0;
  const heapEnd = (osRoots.brk + PAGE_MASK) & ~PAGE_MASK;
  for (let page = MACHINE_ADDRESS; page < osRoots.mmap_end; page += PAGE_SIZE) {
    const flags = pageFlags(page);
    if (flags & PAGE_MAPPED) mapped += PAGE_SIZE;
    if (flags & PAGE_RESIDENT) {
      resident += PAGE_SIZE;
      if (!(flags & PAGE_MAPPED)) return fault(MachineFault.residentUnmapped, page);
    }
    if (page < MMAP_BASE) {
      const belongs = page < heapEnd;
      const is = (flags & PAGE_MAPPED) !== 0 && mappingKind(page) === MAPPING_HEAP;
      if (belongs !== is) return fault(MachineFault.breakMisplaced, page);
    }
  }
  if (mapped !== osRoots.mapped) return fault(MachineFault.mappedSum, mapped);
  return resident === osRoots.resident ? MachineFault.none : fault(MachineFault.residentSum, resident);
}

// What the walk over the parts of the heap adds up, in the roots because nothing else survives between functions.
function addUsed(size: usize): void {
  osRoots.check_used += 1;
  osRoots.check_used_bytes += size;
}

/** Checks the chunks from `start` to the top or to the fence that ends the part. `end`: nothing lies behind it. */
function checkPart(start: usize, end: usize): MachineFault {
  let previousFree: usize = 0;
  let c = start;
  while (true) {
    const head = chunk.head(c);
    const size = chunk.size(c);
    if (((head & PREV_INUSE) === 0) !== (previousFree !== 0)) return fault(MachineFault.prevInuse, c);
    if (previousFree !== 0 && chunk.prevSize(c) !== previousFree) return fault(MachineFault.prevSize, c);
    if (c === osRoots.top) return c + size === end ? MachineFault.none : fault(MachineFault.chunkSize, c);
    if (size === HEADER) return c + 2 * HEADER === end ? MachineFault.none : fault(MachineFault.chunkSize, c);
    if (size < 2 * HEADER || size > end - c) return fault(MachineFault.chunkSize, c);
    const used = (chunk.head(c + size) & PREV_INUSE) !== 0;
    if (used) {
      addUsed(size);
      previousFree = 0;
    } else {
      if (previousFree) return fault(MachineFault.freeNeighbours, c);
      osRoots.check_free += 1;
      previousFree = size;
    }
    c += size;
  }
}

function checkBins(): MachineFault {
  let found: u32 = 0;
  for (let i: usize = 0; i < BIN_COUNT; i++) {
    const first: usize = load<u32>(binAddress(i));
    const bit = (load<u64>(osRoots.bin_map + ((i >> 6) << 3)) >> (i & 63)) & 1;
    if ((bit !== 0) !== (first !== 0)) return fault(MachineFault.binMap, i);
    let previous: usize = 0;
    for (let c = first; c !== 0; c = chunk.fd(c)) {
      const size = chunk.size(c);
      if (binIndex(size) !== i || chunk.head(c + size) & PREV_INUSE) return fault(MachineFault.binMember, c);
      if (chunk.bk(c) !== previous) return fault(MachineFault.binLinks, c);
      if (++found > osRoots.check_free) return fault(MachineFault.binSum, c);
      previous = c;
    }
  }
  return found === osRoots.check_free ? MachineFault.none : fault(MachineFault.binSum, found);
}

/** Checks that every mapping for a large block has a header that says so. */
function checkMappedBlocks(): MachineFault {
  let count: u32 = 0;
  let bytes: usize = 0;
  const last = osRoots.mmap_end;
  let at = nextMapped(MMAP_BASE, last);
  while (at < last) {
    const end = mappingEnd(at, last);
    if (mappingKind(at) === MAPPING_BLOCK) {
      if (!(chunk.head(at) & IS_MMAPPED) || chunk.size(at) !== end - at) return fault(MachineFault.mappedBlock, at);
      count++;
      bytes += end - at;
    }
    at = nextMapped(end, last);
  }
  const right = count === osRoots.mmapped_chunks && bytes === osRoots.mmapped_bytes;
  return right ? MachineFault.none : fault(MachineFault.mappedBlockSum, bytes);
}

/** Checks libc's heap: every chunk, every bin, every large block. */
export function checkMalloc(): MachineFault {
  osRoots.check_used = 0;
  osRoots.check_used_bytes = 0;
  osRoots.check_free = 0;
  if (osRoots.brk > MACHINE_ADDRESS) {
    const found = checkPart(MACHINE_ADDRESS, osRoots.brk);
    if (found !== MachineFault.none) return found;
  }
  for (let segment = osRoots.segments; segment !== 0; segment = chunk.prevSize(segment)) {
    const found = checkPart(segment, mappingEnd(segment, osRoots.mmap_end));
    if (found !== MachineFault.none) return found;
  }
  if (osRoots.check_used !== osRoots.chunks_used || osRoots.check_used_bytes !== osRoots.chunk_bytes_used) {
    return fault(MachineFault.chunkSum, osRoots.check_used_bytes);
  }
  const found = checkBins();
  return found !== MachineFault.none ? found : checkMappedBlocks();
}
