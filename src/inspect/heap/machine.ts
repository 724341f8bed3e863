/**
 * The simulated machine as its page table and counters show it: what is mapped, for what, and how much of it is
 * resident. Written by assembly/os (pages.ts, machine.ts).
 */
import { addresses, roots } from "../../generated/memory.ts";
import type { Mapping as PageMapping } from "../source/capture.ts";
import { DamageError, type Memory } from "../source/memory.ts";

export const PAGE_SIZE = 4096;

/** What a mapping is for, by the kind that its pages bear. */
export const mappingKinds = ["other", "heap", "arena", "block", "segment"] as const;

/** In the order in which assembly/os/machine.ts counts them. */
export const systemCalls = [
  "brk",
  "mmap",
  "munmap",
  "mremap",
  "read",
  "write",
  "openat",
  "close",
  "fstat",
  "lseek",
  "getdents64",
  "clock_gettime",
  "getrandom",
  "futex",
  "clone",
  "exit_group",
  "compile",
  "other",
] as const;

export interface Mapping {
  start: number;
  end: number;
  kind: (typeof mappingKinds)[number];
  /** Bytes. */
  resident: number;
}

export interface Machine {
  /** All in bytes. */
  mapped: number;
  mappedPeak: number;
  resident: number;
  residentPeak: number;
  /** 0: no limit. */
  memoryLimit: number;
  pageFaults: number;
  /** Only those that were made. */
  systemCalls: Record<string, number>;
  mappings: Mapping[];
  /** The same, each with a bit for every page that is resident. */
  pages: PageMapping[];
}

const ADDRESS_SPACE_END = 0x80000000;
const MAPPED = 1;
const RESIDENT = 2;
const FIRST = 8;

/** Reads the machine. */
export function readMachine(memory: Memory): Machine {
  const os = roots.os;
  const calls: Record<string, number> = {};
  systemCalls.forEach((name, i) => {
    const count = memory.u32(os.system_calls[0] + 4 * i);
    if (count) calls[name] = count;
  });
  const mappings = readMappings(memory);
  return {
    mapped: memory.root(os.mapped),
    mappedPeak: memory.root(os.mapped_peak),
    resident: memory.root(os.resident),
    residentPeak: memory.root(os.resident_peak),
    memoryLimit: memory.root(os.memory_limit),
    pageFaults: memory.root(os.page_faults),
    systemCalls: calls,
    mappings,
    pages: mappings.map((mapping) => pagesOf(memory, mapping)),
  };
}

function readMappings(memory: Memory): Mapping[] {
  const mappings: Mapping[] = [];
  const end = Math.max(memory.root(roots.os.mmap_end), memory.root(roots.os.brk));
  if (end > ADDRESS_SPACE_END) throw new DamageError(`no mapping can end at 0x${end.toString(16)}`);
  let open: Mapping | undefined;
  for (let page = addresses.MACHINE; page < end; page += PAGE_SIZE) {
    const flags = memory.u8(addresses.PAGE_TABLE + page / PAGE_SIZE);
    if (!(flags & MAPPED)) {
      open = undefined;
      continue;
    }
    const kind = mappingKinds[flags >> 4] ?? "other";
    if (!open || flags & FIRST || open.kind !== kind) {
      open = { start: page, end: page, kind, resident: 0 };
      mappings.push(open);
    }
    open.end = page + PAGE_SIZE;
    if (flags & RESIDENT) open.resident += PAGE_SIZE;
  }
  return mappings;
}

function pagesOf(memory: Memory, { start, end, kind }: Mapping): PageMapping {
  const present = new Uint8Array(Math.ceil((end - start) / PAGE_SIZE / 8));
  for (let page = 0; start + page * PAGE_SIZE < end; page++) {
    if (memory.u8(addresses.PAGE_TABLE + start / PAGE_SIZE + page) & RESIDENT) present[page >> 3]! |= 1 << (page & 7);
  }
  return { start, end, access: "rw-p", offset: 0, path: kind, present };
}
