// The traces of the allocators' blocks, found by address without searching: the address space is divided into regions of
// 64 KiB, and a region that holds a traced block has a table with a place for every 16 bytes of it. Neighbours in memory
// are neighbours in the table, so tracing touches little more memory than the program does, and nothing ever moves.
//
//   address ┌─────────┬──────────┬────────┐     directory ┌─────────┬───        table ┌────────┬─────────────┬───
//           │region 15│ place 12 │ zero 4 │ ─►            │ table 4 │ …   ─►          │ size 4 │ traceback 4 │ …
//           └─────────┴──────────┴────────┘               └─────────┴───              └────────┴─────────────┴───
//
// A place is free while its traceback is 0. Tables stay until all traces are forgotten: where there were blocks there
// will be blocks. All are libc blocks that no trace shows. CPython keeps a hash table here.

import { block_trace, SIZEOF_block_trace } from "../../generated/layouts";
import { memoryRoots } from "../../generated/runtime";
import { libc_calloc, libc_free } from "../../os/malloc";

const REGION_BITS: u32 = 16;
const REGIONS: u32 = 1 << 15;
const PLACES: u32 = 1 << 12;

/** One place of a table. */
export class blockTrace {
  @inline static size(place: usize): usize {
    return block_trace.at(place).size;
  }
  @inline static traceback(place: usize): usize {
    return block_trace.at(place).traceback;
  }
  @inline static set(place: usize, size: usize, traceback: usize): void {
    block_trace.at(place).size = <u32>size;
    block_trace.at(place).traceback = <u32>traceback;
  }
}

/** Makes the directory; false on failure. */
export function initBlockTraces(): bool {
  memoryRoots.trace_tables = 0;
  memoryRoots.trace_regions = libc_calloc(REGIONS, 4);
  return memoryRoots.trace_regions !== 0;
}

/** Frees every table, and with it the traces. */
export function clearBlockTraces(): void {
  const regions = memoryRoots.trace_regions;
  for (let i: u32 = 0; i < REGIONS; i++) {
    const entry = regions + ((<usize>i) << 2);
    const table: usize = load<u32>(entry);
    if (table === 0) continue;
    store<u32>(entry, 0);
    libc_free(table);
  }
  memoryRoots.trace_tables = 0;
}

/** Frees the directory, after clearBlockTraces. */
export function endBlockTraces(): void {
  libc_free(memoryRoots.trace_regions);
  memoryRoots.trace_regions = 0;
}

/** The bytes that directory and tables take. */
export function blockTraceMemory(): usize {
  return <usize>REGIONS * 4 + <usize>memoryRoots.trace_tables * PLACES * SIZEOF_block_trace;
}

/** The place for the block at `address`; 0 where its region has no table. */
export function blockTracePlace(address: usize): usize {
  const table: usize = load<u32>(memoryRoots.trace_regions + ((address >> REGION_BITS) << 2));
  return table === 0 ? 0 : table + ((address >> 4) & (PLACES - 1)) * SIZEOF_block_trace;
}

/** Makes the table for the region of the block at `address`, which has none. Returns the block's place, 0 on failure. */
export function makeBlockTracePlace(address: usize): usize {
  assert((address & 15) === 0);
  const table = libc_calloc(PLACES, SIZEOF_block_trace);
  if (table === 0) return 0;
  memoryRoots.trace_tables += 1;
  store<u32>(memoryRoots.trace_regions + ((address >> REGION_BITS) << 2), <u32>table);
  return blockTracePlace(address);
}

/** The address of the first traced block at or above `address`; 0 where there is none. */
export function nextTracedBlock(address: usize): usize {
  let place = <u32>(address >> 4) & (PLACES - 1);
  for (let region = <u32>(address >> REGION_BITS); region < REGIONS; region++) {
    const table: usize = load<u32>(memoryRoots.trace_regions + ((<usize>region) << 2));
    if (table !== 0) {
      for (; place < PLACES; place++) {
        if (blockTrace.traceback(table + <usize>place * SIZEOF_block_trace) === 0) continue;
        return ((<usize>region) << REGION_BITS) | ((<usize>place) << 4);
      }
    }
    place = 0;
  }
  return 0;
}
