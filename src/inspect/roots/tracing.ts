/**
 * The blocks in which a process keeps its traces (tracemalloc): tables, and a block for each traceback. Written by
 * assembly/memory (trace.ts and its neighbours) and assembly/objects/tracing.ts.
 */
import { roots } from "../../generated/memory.ts";
import type { Memory } from "../source/memory.ts";

// An address of a table for every 64 KiB of the address space, 0 where there is none.
const REGIONS = 1 << 15;
// No process has more bins, unless it is damaged.
const BINS_MAX = 1 << 24;

/** Address and name of each block; addresses may be 0. */
export function traceParts(memory: Memory): [number, string][] {
  const m = roots.memory;
  return [
    [memory.root(m.traces), "tracemalloc traces"],
    [memory.root(m.trace_regions), "tracemalloc regions"],
    ...traceTables(memory),
    [memory.root(m.tracebacks), "tracemalloc traceback table"],
    ...tracebacks(memory),
    [memory.root(m.traceback_frames), "tracemalloc frames"],
    [memory.root(roots.objects.trace_lines), "tracemalloc lines"],
    [memory.root(roots.objects.trace_files), "tracemalloc file names"],
    [memory.root(roots.objects.trace_memo), "tracemalloc frames"],
  ];
}

function traceTables(memory: Memory): [number, string][] {
  const regions = memory.root(roots.memory.trace_regions);
  if (regions === 0) return [];
  const tables = new Uint32Array(memory.bytes(regions, REGIONS * 4).buffer).filter((a) => a !== 0);
  return Array.from(tables, (a) => [a, "tracemalloc traces"]);
}

/** Every kept traceback: each begins with the address (u32) of the next in its bin. */
function tracebacks(memory: Memory): [number, string][] {
  const bins = memory.root(roots.memory.tracebacks);
  if (bins === 0) return [];
  const seen = new Set<number>();
  const count = Math.min(memory.root(roots.memory.traceback_bins), BINS_MAX);
  for (let i = 0; i < count; i++) {
    for (let at = memory.u32(bins + 4 * i); at !== 0 && !seen.has(at); at = memory.u32(at)) seen.add(at);
  }
  return [...seen].map((at) => [at, "tracemalloc traceback"]);
}
