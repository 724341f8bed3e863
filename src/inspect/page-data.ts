/** What the page embeds: the survey in few characters. */
import type { PoolState } from "./arenas.ts";
import { type Block, holders, nearlyEmpty, type Survey } from "./survey.ts";

/** Place in the pool, index of what it holds, age (0 to 2, or 3 where none is known), reference count, description. */
export type PageBlock = [number, number, number, number, string];

export interface PagePool {
  address: number;
  state: PoolState;
  size: number;
  capacity: number;
  blocks: PageBlock[];
}

export interface PageData {
  title: string;
  program: readonly string[];
  geometry: string;
  arenaSize: number;
  poolSize: number;
  /** What blocks hold: name, kind, how many, bytes. */
  holds: [string, string, number, number][];
  /** What the ages mean, the youngest first, and last what has none. */
  ages: string[];
  figures: [string, string][];
  arenas: { index: number; address: number; used: number; share: number; holders: string; pools: PagePool[] }[];
  /** The largest blocks in libc's heap: address, bytes, index of what it holds, reference count, description. */
  large: [number, number, number, number, string][];
}

const LARGE_SHOWN = 500;
const bytes = (n: number) => `${Math.round(n / 1024).toLocaleString("en-US")} KiB`;

/** The survey as the page wants it. */
export function pageData(survey: Survey, program: readonly string[]): PageData {
  const index = new Map(survey.totals.map((t, i) => [`${t.kind} ${t.name}`, i]));
  const holds = (block: Block) => index.get(`${block.kind} ${block.name}`)!;
  const age = ageOf(survey);
  const { heap } = survey;
  const low = new Map(nearlyEmpty(heap).map((arena) => [arena.index, holders(survey, arena)]));
  return {
    title: program.length ? program.join(" ") : "heap",
    program,
    geometry: heap.geometry,
    arenaSize: heap.arenaSize,
    poolSize: heap.poolSize,
    holds: survey.totals.map((t) => [t.name, t.kind, t.count, t.bytes]),
    ages: age.names,
    figures: [
      ...machineFigures(survey),
      ["arenas", `${heap.arenas.length} mapped, ${heap.arenasTaken} ever, at most ${heap.arenasHighwater}`],
      ["blocks", heap.arenas.reduce((sum, a) => sum + a.usedBlocks, 0).toLocaleString("en-US")],
      ...libcFigures(survey),
    ],
    arenas: heap.arenas.map((arena) => ({
      index: arena.index,
      address: arena.address,
      used: arena.usedBlocks,
      share: arena.usedBytes / arena.size,
      holders: (low.get(arena.index) ?? []).map((t) => `${t.count} × ${t.name}`).join(", "),
      pools: arena.pools.map((pool) => ({
        address: pool.address,
        state: pool.state,
        size: pool.size,
        capacity: pool.capacity,
        blocks: (survey.pools.get(pool.address) ?? []).map((b): PageBlock => {
          const place = Math.floor((b.address - pool.address - 48) / pool.size);
          return [place, holds(b), age.of(b), b.object?.refcount ?? 0, survey.describe(b)];
        }),
      })),
    })),
    large: [...survey.chunks]
      .sort((a, b) => b.footprint - a.footprint)
      .slice(0, LARGE_SHOWN)
      .map((b) => [b.address, b.footprint, holds(b), b.object?.refcount ?? 0, survey.describe(b)]),
  };
}

function machineFigures({ machine }: Survey): [string, string][] {
  if (!machine) return [];
  return [
    ["mapped", `${bytes(machine.mapped)}, at most ${bytes(machine.mappedPeak)}`],
    ["resident", `${bytes(machine.resident)}, at most ${bytes(machine.residentPeak)}`],
    ["page faults", machine.pageFaults.toLocaleString("en-US")],
  ];
}

function libcFigures({ libc }: Survey): [string, string][] {
  return libc
    ? [["libc's heap", `${libc.chunks.length.toLocaleString("en-US")} blocks, ${bytes(libc.usedBytes)}`]]
    : [];
}

/**
 * How old a block is: where the debug hooks number the requests, in thirds of the numbers; otherwise the collector's
 * generation, which only tells of what it tracks.
 */
function ageOf(survey: Survey): { names: string[]; of(block: Block): number } {
  if (survey.heap.serialNumbers) {
    let last = 1;
    for (const blocks of survey.pools.values()) for (const b of blocks) last = Math.max(last, b.serial ?? 0);
    return {
      names: ["made in the last third", "made in the second third", "made in the first third", "unknown"],
      of: (b) => (b.serial === undefined ? 3 : Math.min(2, Math.floor(((last - b.serial) / last) * 3))),
    };
  }
  return {
    names: ["generation 0", "generation 1", "generation 2", "not tracked by the collector"],
    of: (b) => b.generation ?? 3,
  };
}
