/** What was found in a process, for programs: everything that the report says, and more of it, as one JSON value. */
import type { Held } from "../inspect/answer.ts";
import type { About, Findings } from "../inspect/findings.ts";
import { pymallocOf, sizeClasses } from "../inspect/heap/arenas.ts";
import type { Ledger } from "../inspect/heap/ledger.ts";
import type { Statistics } from "../inspect/look.ts";
import type { Total } from "../inspect/survey.ts";
import { sites } from "../inspect/traces.ts";

const total = ({ name, count, bytes }: Total) => ({ name, count, bytes });
const holder = ({ what, address }: Held) => ({ what, address });

const aboutJson = (about: About) => ({
  process: {
    pid: about.pid,
    version: about.version,
    threads: about.threads,
    interpreters: about.interpreters,
    program: about.program,
    stopped: about.stopped ?? null,
    notes: about.notes,
  },
});
const residentJson = ({ total, mapped, parts }: Ledger) => ({ total, mapped, parts });

/** The figures alone, as a value that JSON can write: the same names as in the whole. */
export const statisticsJson = ({ about, pymalloc, ledger }: Statistics) => ({
  ...aboutJson(about),
  resident: residentJson(ledger),
  pymalloc,
  trimmable: ledger.trimmable,
});

/** A value that JSON can write. */
export function findingsJson({ about, survey, ledger, answer, threads }: Findings) {
  const { heap, libc, machine } = survey;
  const { pinned, retained, garbage } = answer;
  return {
    ...aboutJson(about),
    resident: residentJson(ledger),
    pymalloc: pymallocOf(heap, sizeClasses(heap)),
    types: survey.totals.filter((t) => t.kind === "object").map(total),
    pinned: pinned.map((p) => ({
      holder: p.name,
      way: p.way,
      ...holder(p),
      arenas: p.arenas.length,
      bytes: p.bytes,
      objects: p.objects,
      used: p.used,
      kinds: p.kinds.map(total),
      single: p.single,
    })),
    retained: retained.map((r) => ({
      name: r.name,
      way: r.way,
      ...holder(r),
      bytes: r.bytes,
      objects: r.objects,
      arenas: r.arenas,
      returns: r.returns,
      kinds: r.kinds.map(total),
    })),
    garbage: garbage.map(total),
    trimmable: ledger.trimmable,
    // By line of the program, where tracemalloc was on; otherwise null.
    sites: survey.traces
      ? sites(survey.traces, survey.blocks).map(({ frames: [[file, line] = ["", 0]], bytes, count }) => ({
          file,
          line,
          bytes,
          count,
        }))
      : null,
    holds: survey.totals,
    generations: survey.generations,
    ...(threads === undefined ? {} : { threads }),
    libc: libc && {
      blocks: libc.chunks.length,
      mapped: libc.chunks.mapped,
      usedBytes: libc.usedBytes,
      freeChunks: libc.freeChunks,
      freeBytes: libc.freeBytes,
      topBytes: libc.topBytes,
    },
    machine: machine && {
      mapped: machine.mapped,
      mappedPeak: machine.mappedPeak,
      resident: machine.resident,
      residentPeak: machine.residentPeak,
      memoryLimit: machine.memoryLimit,
      pageFaults: machine.pageFaults,
      systemCalls: machine.systemCalls,
      mappings: machine.mappings,
    },
    arenas: heap.arenas.map((arena) => ({
      index: arena.index,
      address: arena.address,
      freePools: arena.freePools,
      usedBlocks: arena.usedBlocks,
      usedBytes: arena.usedBytes,
    })),
  };
}
