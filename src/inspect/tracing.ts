/**
 * The blocks in which a process keeps its traces (tracemalloc): tables, and a block for each traceback. Written by
 * assembly/memory (trace.ts and its neighbours) and assembly/objects/code/origins.ts.
 */
import { roots } from "../generated/memory.ts";
import type { Reader } from "./reader.ts";

// An address of a table for every 64 KiB of the address space, 0 where there is none.
const REGIONS = 1 << 15;
// No process has more bins, unless it is damaged.
const BINS_MAX = 1 << 24;

/** Address and name of each block; addresses may be 0. */
export function traceParts(reader: Reader): [number, string][] {
  const m = roots.memory;
  return [
    [reader.root(m.traces), "tracemalloc traces"],
    [reader.root(m.trace_regions), "tracemalloc regions"],
    ...traceTables(reader),
    [reader.root(m.tracebacks), "tracemalloc traceback table"],
    ...tracebacks(reader),
    [reader.root(m.traceback_frames), "tracemalloc frames"],
    [reader.root(roots.objects.trace_lines), "tracemalloc lines"],
    [reader.root(roots.objects.trace_files), "tracemalloc file names"],
    [reader.root(roots.objects.trace_memo), "tracemalloc frames"],
  ];
}

function traceTables(reader: Reader): [number, string][] {
  const regions = reader.root(roots.memory.trace_regions);
  if (regions === 0) return [];
  const bytes = reader.bytes(regions, REGIONS * 4);
  return [...new Uint32Array(bytes.buffer)].filter((a) => a !== 0).map((a) => [a, "tracemalloc traces"]);
}

/** Every kept traceback: each begins with the address (u32) of the next in its bin. */
function tracebacks(reader: Reader): [number, string][] {
  const bins = reader.root(roots.memory.tracebacks);
  if (bins === 0) return [];
  const seen = new Set<number>();
  const count = Math.min(reader.root(roots.memory.traceback_bins), BINS_MAX);
  for (let i = 0; i < count; i++) {
    for (let at = reader.u32(bins + 4 * i); at !== 0 && !seen.has(at); at = reader.u32(at)) seen.add(at);
  }
  return [...seen].map((at) => [at, "tracemalloc traceback"]);
}
