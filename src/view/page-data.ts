/** What the page embeds: the survey in few characters. */
import { POOL_HEADER, type Pool, type PoolState } from "../inspect/heap/arenas.ts";
import { type Block, nearlyEmpty, type Survey, type Total } from "../inspect/survey.ts";

export interface PagePool {
  address: number;
  state: PoolState;
  size: number;
  capacity: number;
  /**
   * Five numbers for each block in use: its place in the pool, the index of what it holds, its age (the index into
   * `ages`), the reference count (-1: immortal, 0: no object), the index of what is to be said of it.
   */
  blocks: number[];
}

export interface PageData {
  title: string;
  geometry: string;
  arenaSize: number;
  poolSize: number;
  /** What blocks hold: name, kind, how many, bytes. */
  holds: [string, string, number, number][];
  /** What the ages mean, the youngest first, and last what has none. */
  ages: string[];
  figures: [string, string][];
  /** Descriptions of objects, each once. */
  texts: string[];
  arenas: { index: number; address: number; used: number; share: number; pools: PagePool[] }[];
  /** Nearly empty arenas: the place in `arenas`, what holds them, and some of those objects, with who holds them. */
  low: { arena: number; holders: string; objects: [address: number, what: string, way: string][] }[];
  /** The largest blocks in libc's heap: address, bytes, index of what it holds, reference count, description. */
  large: [number, number, number, number, string][];
}

/** How many numbers a block has in `PagePool.blocks`. */
export const BLOCK_NUMBERS = 5;
const OBJECTS_SHOWN = 6;
const LOW_SHOWN = 50;
const LARGE_SHOWN = 500;
const bytes = (n: number) => `${Math.round(n / 1024).toLocaleString("en-US")} KiB`;

/** The survey as the page wants it. */
export function pageData(survey: Survey, program: readonly string[]): PageData {
  const index = new Map<string, Map<string, number>>();
  survey.totals.forEach(({ kind, name }, i) => {
    if (!index.has(kind)) index.set(kind, new Map());
    index.get(kind)!.set(name, i);
  });
  const holds = (block: Block) => index.get(block.kind)!.get(block.name)!;
  const age = ageOf(survey);
  const { heap } = survey;
  const places = new Map(heap.arenas.map((arena, i) => [arena, i]));
  const texts = new Map<string, number>();
  const textOf = (block: Block) => {
    const text = survey.describe(block.number);
    let i = texts.get(text);
    if (i === undefined) {
      i = texts.size;
      texts.set(text, i);
    }
    return i;
  };
  const numbersOf = (pool: Pool) => {
    const numbers: number[] = [];
    for (const block of survey.blocksIn(pool)) {
      const place = Math.floor((block.address - pool.address - POOL_HEADER) / pool.size);
      numbers.push(place, holds(block), age.of(block), block.object?.refcount ?? 0, textOf(block));
    }
    return numbers;
  };
  const low = nearlyEmpty(heap).slice(0, LOW_SHOWN);
  const shown = new Map(
    low.map((arena) => {
      const blocks = arena.pools.flatMap((pool) => survey.blocksIn(pool)).filter((b) => b.object);
      return [arena, blocks.slice(0, OBJECTS_SHOWN)];
    }),
  );
  const { ways } = survey;
  const arenas = heap.arenas.map((arena) => ({
    index: arena.index,
    address: arena.address,
    used: arena.usedBlocks,
    share: arena.usedBytes / arena.size,
    pools: arena.pools.map((pool) => ({
      address: pool.address,
      state: pool.state,
      size: pool.size,
      capacity: pool.capacity,
      blocks: numbersOf(pool),
    })),
  }));
  return {
    title: program.length ? program.join(" ") : "heap",
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
    texts: [...texts.keys()],
    arenas,
    low: low.map((arena) => ({
      arena: places.get(arena)!,
      holders: holderText(survey.holders(arena)),
      objects: shown
        .get(arena)!
        .map((b) => [b.object!.address, `${b.name} ${survey.describe(b.number)}`.trim(), ways.to(b.number) ?? ""]),
    })),
    large: [...survey.chunks]
      .sort((a, b) => b.footprint - a.footprint)
      .slice(0, LARGE_SHOWN)
      .map((b) => [b.address, b.footprint, holds(b), b.object?.refcount ?? 0, survey.describe(b.number)]),
  };
}

const KINDS_SHOWN = 8;

function holderText(totals: Total[]): string {
  const shown = totals.slice(0, KINDS_SHOWN).map((t) => `${t.count.toLocaleString("en-US")} × ${t.name}`);
  const more = totals.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? `, and ${more} more kinds` : ""}`;
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
    for (const arena of survey.heap.arenas)
      for (const pool of arena.pools) for (const b of survey.blocksIn(pool)) last = Math.max(last, b.serial ?? 0);
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
