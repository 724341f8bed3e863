/**
 * A CPython process as it was read, surveyed: the same reader as for our own heap, with another layout and other roots.
 * Or only its figures, for which it is read as far as they need.
 */

import { type About, type Findings, findings } from "./findings.ts";
import { ClassSums, type Pymalloc, poolsOf, pymallocOf, readArenas } from "./heap/arenas.ts";
import { findMainArena, type GlibcHeap, readGlibc } from "./heap/glibc.ts";
import { type Ledger, processLedger, surveyed } from "./heap/ledger.ts";
import type { LibcHeap } from "./heap/malloc.ts";
import { type CPython, findCPython } from "./roots/cpython.ts";
import { type Capture, mappingOf, residentIn } from "./source/capture.ts";
import type { Memory } from "./source/memory.ts";
import { captureProcess, withProcess } from "./source/process.ts";
import { Survey } from "./survey.ts";

const PADDED_SAMPLES = 1000;
const FORBIDDEN = 0xfd;

/** A process that was read: what is in it, and the answers. */
export interface Looked extends Findings {
  capture: Capture;
  python: CPython;
  glibc: GlibcHeap;
}

/** What a process has, without what its blocks hold: a process of a gigabyte is read in less than a second. */
export interface Statistics {
  about: About;
  pymalloc: Pymalloc;
  ledger: Ledger;
}

/** Surveys a process that was read. Throws LookError where there is no Python in it that is known. */
export function lookAt(capture: Capture): Looked {
  const { memory, mappings } = capture;
  const { python, glibc } = read(capture);
  const libc: LibcHeap = {
    ...glibc,
    usedBytes: glibc.chunks.bytes,
    freeChunks: glibc.free.length,
    freeBytes: glibc.free.reduce((sum, f) => sum + f.to - f.from, 0),
    topBytes: glibc.tops.reduce((sum, t) => sum + t.to - t.from, 0),
  };
  const survey = new Survey({ memory, layout: python.layout, roots: python.roots, libc });
  // Names are given on the search for who holds what.
  void survey.graph;
  const resident = (from: number, to: number) => {
    const mapping = mappingOf(mappings, from);
    return mapping && to > from ? residentIn(mapping, from, Math.min(to, mapping.end)) : 0;
  };
  const ledger = processLedger(capture, python, survey.heap, glibc, surveyed(survey));
  const about = aboutOf(capture, python, glibc.mainArena);
  if (!survey.hasObjects)
    about.notes.push(
      "its objects lie in memory of an allocator that is not known here: nothing is said of what they hold",
    );
  return Object.assign(findings(survey, ledger, resident, about), {
    capture,
    python,
    glibc,
  });
}

/** The figures of the process with this id, which is stopped meanwhile. Throws LookError where it cannot be read. */
export function statistics(pid: number): Statistics {
  return withNotes(withProcess(pid, figures));
}

/** The figures of a process that is read as it is asked for. Throws LookError where there is no Python in it that is known. */
export function statisticsOf(capture: Capture): Statistics {
  return withNotes(figures(capture));
}

/** What could not be read is known only when all was read. */
function withNotes({ capture, python, heap, glibc, classes, ledger }: ReturnType<typeof figures>): Statistics {
  return { about: aboutOf(capture, python, glibc.mainArena), pymalloc: pymallocOf(heap, classes), ledger };
}

function figures(capture: Capture) {
  const { python, heap, glibc } = read(capture);
  const sums = new ClassSums();
  // No more than an arena's pools are there at a time.
  const ledger = processLedger(capture, python, heap, glibc, inUse, (arena) => {
    const pools = poolsOf(capture.memory, heap, arena);
    sums.add(pools);
    return pools;
  });
  return { capture, python, heap, glibc, classes: sums.classes, ledger };
}

/** What libc's blocks hold is not asked. */
const inUse = () => "in use";

/** The interpreter, its arenas and libc's heap. */
function read(capture: Capture) {
  const { memory, mappings } = capture;
  const python = findCPython(capture);
  const heap = readArenas(memory, python.roots.heap);
  const { arenas, arenaSize } = heap;
  // The end of the arena that an address is in, 0.
  const taken = (address: number) => {
    let [low, high] = [0, arenas.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (arenas[middle]!.address <= address) low = middle + 1;
      else high = middle;
    }
    const arena = arenas[low - 1];
    return arena && address < arena.address + arenaSize ? arena.address + arenaSize : 0;
  };
  const libcs = mappings.filter((m) => m.access.startsWith("rw") && /\/libc[.-][^/]*$/.test(m.path));
  const regions = (libcs.length > 0 ? libcs : python.statics).map((m) => ({ from: m.start, to: m.end }));
  let mainArena = findMainArena(memory, regions);
  if (mainArena === 0)
    mainArena = findMainArena(
      memory,
      python.statics.map((m) => ({ from: m.start, to: m.end })),
    );
  const glibc = readGlibc(memory, mappings, mainArena, taken);
  // Where there is no arena, what is in libc's blocks tells.
  if (heap.tables.length === 0) python.roots.heap.debugHooks = arePadded(memory, glibc);
  return { python, heap, glibc };
}

/** Whether most of libc's blocks have the debug hooks' padding: a size, a letter, bytes that nobody may write to. */
function arePadded(memory: Memory, { chunks }: GlibcHeap): boolean {
  let padded = 0;
  const count = Math.min(chunks.length, PADDED_SAMPLES);
  for (let i = 0; i < count; i++) {
    const at = chunks.address(Math.floor((i * chunks.length) / count));
    const isLetter = "omr".includes(String.fromCharCode(memory.u8(at + 8)));
    if (isLetter && memory.u8(at + 9) === FORBIDDEN && memory.u32(at + 12) === FORBIDDEN * 0x1010101) padded++;
  }
  return padded > count / 2;
}

function aboutOf(capture: Capture, python: CPython, mainArena: number): About {
  const notes = [...capture.notes];
  const { tables } = python.roots.heap;
  if (tables.length === 0) notes.push("no arenas of Python's own allocator: PYTHONMALLOC may be set");
  if (mainArena === 0) {
    notes.push(
      "the C library's allocator is not glibc's: its free memory is not told apart from what is in use, and objects of more than 512 bytes are not found",
    );
  }
  if (capture.resident === undefined)
    notes.push("a core does not tell what was resident: it is mapped bytes that are counted");
  return {
    kind: "cpython",
    version: python.version,
    pid: capture.pid,
    program: capture.program,
    interpreters: python.interpreters.length,
    threads: python.threads.length,
    stopped: capture.stopped,
    notes,
  };
}

/** Reads the process with this id, which is stopped meanwhile, and surveys it. Throws LookError where it cannot. */
export function look(pid: number, options: { stopIt?: boolean } = {}): Looked {
  return lookAt(captureProcess(pid, options));
}
