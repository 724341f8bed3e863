/**
 * What the page embeds: the answer, the tree of what retains what as far as it matters, the arenas with a character for
 * each pool, and the blocks that keep arenas which are mostly free. All of it in few characters: a heap of 500 MiB makes
 * a page of a few.
 */
import type { Held } from "../inspect/answer.ts";
import { stepTo, whatIs } from "../inspect/answer.ts";
import { type Findings, titleOf } from "../inspect/findings.ts";
import type { Pool } from "../inspect/heap/arenas.ts";
import type { Total } from "../inspect/survey.ts";
import { siteKey, sites } from "../inspect/traces.ts";
import type { PageObjects } from "./page-objects.ts";
import { freeInArenas, keeps } from "./report.ts";
import { counted, number, ofKind, percent, size } from "./text.ts";

/** An object in the tree: its parent's place in the list (-1: a root), what leads to it, what it is. */
type TreeNode = [
  parent: number,
  step: string,
  what: string,
  address: number,
  own: number,
  retained: number,
  objects: number,
];

/**
 * A block in use: the arena's place in the list, address, bytes, index of what it holds, what it says, the way to it, the
 * place in the tree of the nearest that would take it along, -1, and the address of the object in it.
 */
type PageBlock = [
  arena: number,
  address: number,
  bytes: number,
  holds: number,
  text: string,
  way: string,
  holder: number,
  object: number,
];

export interface PageData {
  title: string;
  facts: string[];
  /** Sentences about what keeps arenas, each with the block that it is about (an address, 0). */
  pinned: [text: string, detail: string, address: number][];
  retained: [text: string, detail: string, address: number][];
  garbage: string;
  ledger: [name: string, bytes: number][];
  total: number;
  /** What blocks hold: name, kind, how many, bytes. */
  holds: [string, string, number, number][];
  tree: TreeNode[];
  /** Where blocks were allocated, if tracemalloc was on: file and line, how many, bytes. */
  sites: [string, number, number][];
  /** The places in the tree of what the interpreter itself holds: its static objects and tables. */
  own: number[];
  arenaSize: number;
  poolSize: number;
  /**
   * Arenas: index, address, bytes in use, blocks in use, and a character for each pool: "." never used, "-" free, 0 to 9
   * how full; and another for what most of its blocks hold, from "0" on an index into `colors`.
   */
  arenas: [index: number, address: number, used: number, blocks: number, fill: string, most: string][];
  /** Names of types that pools are coloured by. */
  colors: string[];
  blocks: PageBlock[];
  /** How many blocks of arenas that are mostly free are not in `blocks`. */
  blocksLeft: number;
  objects: PageObjects;
}

const TREE_MAX = 12_000;
const CHILDREN_MAX = 60;
const BLOCKS_MAX = 6000;
const BLOCKS_AN_ARENA = 40;
const COLORS_MAX = 70;
const TREE_SHARE = 20_000;
const SHARE = 0.5;
const SITES_MAX = 500;

/** What is found, as the page wants it; and the blocks that are shown in it. */
export function pageData(findings: Findings): { data: Omit<PageData, "objects">; shown: number[] } {
  const { about, survey, ledger, answer } = findings;
  const { heap } = survey;
  const totals = survey.totals;
  const places = new Map(totals.map((t, i) => [`${t.kind} ${t.name}`, i]));
  const colors = totals.slice(0, COLORS_MAX).map((t) => t.name);
  const kinds = (held: { kinds: Total[] }) => held.kinds.map(ofKind).join(", ");
  const { places: inTree, ...tree } = treeOf(findings);
  const low: [place: number, block: number][] = [];
  let blocksLeft = 0;
  const arenas = heap.arenas.map((arena, place): PageData["arenas"][number] => {
    const isLow = arena.usedBytes < arena.size * SHARE;
    let shown = 0;
    for (const pool of isLow ? arena.pools : []) {
      for (let n = pool.first; n < pool.first + pool.used; n++) {
        if (shown++ >= BLOCKS_AN_ARENA || low.length >= BLOCKS_MAX) blocksLeft++;
        else low.push([place, n]);
      }
    }
    const fill = arena.pools.map(fillOf).join("");
    const most = arena.pools.map((pool) => mostOf(findings, pool, places)).join("");
    return [arena.index, arena.address, arena.usedBytes, arena.usedBlocks, fill, most];
  });
  survey.ways.prepare(low.map(([, n]) => survey.blocks.ownerOf(n)));
  const blocks = low.map(([place, n]) => blockOf(findings, n, place, places, inTree));
  const entry = (held: Held, text: string, detail: string): [string, string, number] => [text, detail, held.address];
  const { node } = survey.dominators;
  // Those that retain most first: what is near them is there before what is near others.
  const inList = [...inTree.keys()].filter((v) => v > 0).map((v) => node[v]!);
  const held = [...answer.pinned, ...answer.retained].map((h) => h.block).filter((n) => n >= 0);
  const data: Omit<PageData, "objects"> = {
    title: titleOf(about),
    facts: factsOf(findings),
    pinned: answer.pinned.map((p) =>
      entry(
        p,
        `${p.name}${p.single ? `, ${p.what},` : ` (${p.what})`} keeps ${counted(p.arenas.length, "arena")}, ${size(p.bytes)}`,
        `${counted(p.objects, "block")} of ${size(p.used)} in use: ${kinds(p)}.${
          p.single ? ` If it went, ${size(p.bytes)} would be returned${keeps(p, survey)}.` : ""
        }`,
      ),
    ),
    retained: answer.retained
      .filter((r, i) => i < 3 || r.bytes >= ledger.total / 100)
      .map((r) =>
        entry(
          r,
          `${r.name}, ${r.what}, retains ${size(r.bytes)} (${percent(r.bytes, ledger.total)})`,
          `${counted(r.objects, "object")}: ${kinds(r)}.${r.returns > 0 ? ` If it went, ${size(r.returns)} would be returned.` : ""}`,
        ),
      ),
    garbage: answer.garbage.length
      ? `A gc.collect() would free ${size(answer.garbageBytes)}: ${kinds({ kinds: answer.garbage.slice(0, 6) })}.`
      : survey.hasObjects
        ? "A gc.collect() would free nothing now."
        : "",
    ledger: ledger.parts.map(({ name, bytes }) => [name, bytes]),
    total: ledger.total,
    holds: totals.map((t) => [t.name, t.kind, t.count, t.bytes]),
    sites: survey.traces
      ? sites(survey.traces, survey.blocks)
          .slice(0, SITES_MAX)
          .map((s) => [siteKey(s.frames), s.count, s.bytes])
      : [],
    ...tree,
    arenaSize: heap.arenaSize,
    poolSize: heap.poolSize,
    arenas,
    colors,
    blocks,
    blocksLeft,
  };
  return { data, shown: [...held, ...low.map(([, n]) => n), ...inList] };
}

function factsOf({ about, ledger, survey }: Findings): string[] {
  const { heap } = survey;
  const facts = [
    `${ledger.mapped ? "Mapped" : "Resident"}: ${number(ledger.total)} bytes (${size(ledger.total)}), all accounted for.`,
  ];
  if (about.kind === "cpython") {
    const stopped = about.stopped === undefined ? "" : `, stopped for ${about.stopped.toFixed(2)} s to be read`;
    facts.unshift(`Python ${about.version}, process ${about.pid}, ${counted(about.threads, "thread")}${stopped}.`);
  }
  const bytes = freeInArenas(ledger);
  if (heap.arenas.length > 0) {
    facts.push(
      `Python would use ${size(bytes)} of its ${counted(heap.arenas.length, "arena")} again (${percent(bytes, ledger.total)}), but does not give them back: an arena is returned when no block in it is in use.`,
    );
  }
  if (about.kind === "cpython" && !ledger.mapped && ledger.trimmable > 0)
    facts.push(`Of what is free in the C library's heap, its malloc_trim(0) would return ${size(ledger.trimmable)}.`);
  return [...facts, ...about.notes.map((note) => `Note: ${note}.`)];
}

const fillOf = ({ state, used, capacity }: Pool) =>
  state === "uncarved" ? "." : used === 0 ? "-" : String(Math.min(9, Math.floor((used / capacity) * 10)));

/** What most blocks of a pool hold, as a character; those that are read first tell. */
function mostOf({ survey: { blocks } }: Findings, pool: Pool, places: ReadonlyMap<string, number>): string {
  if (pool.used === 0) return " ";
  const votes = new Map<number, number>();
  for (let n = pool.first; n < pool.first + Math.min(pool.used, 64); n++) {
    votes.set(blocks.what[n]!, (votes.get(blocks.what[n]!) ?? 0) + 1);
  }
  const [best] = [...votes].sort((a, b) => b[1] - a[1])[0]!;
  const { kind, name } = blocks.whats[best]!;
  const place = places.get(`${kind} ${name}`) ?? COLORS_MAX;
  return String.fromCharCode(48 + Math.min(place, COLORS_MAX));
}

function blockOf(
  { survey }: Findings,
  n: number,
  arena: number,
  places: ReadonlyMap<string, number>,
  inTree: ReadonlyMap<number, number>,
): PageBlock {
  const { blocks, dominators } = survey;
  const { kind, name } = blocks.whats[blocks.what[n]!]!;
  const owner = blocks.ownerOf(n);
  const text = owner === n ? survey.describe(n) : `of ${whatIs(survey, owner)}`;
  let holder = dominators.number[owner]!;
  while (holder !== 0 && !inTree.has(holder)) holder = dominators.dominator[holder]!;
  return [
    arena,
    blocks.address(n),
    blocks.room[n]!,
    places.get(`${kind} ${name}`) ?? 0,
    text,
    survey.ways.to(owner) ?? "",
    inTree.get(holder)!,
    blocks.object(n),
  ];
}

/**
 * The tree of dominators: the objects that retain most, below each the largest of what it dominates; and where in the
 * list the numbers of the dominators are that have a place.
 */
function treeOf({ survey }: Findings): { tree: TreeNode[]; own: number[]; places: ReadonlyMap<number, number> } {
  const { blocks, dominators: tree, retained } = survey;
  const { units, objects } = retained;
  const least = Math.max(1, (units[0] ?? 0) / TREE_SHARE);
  // Numbers ascend from what dominates: one pass finds the children that are worth it.
  const children = new Map<number, number[]>();
  for (let v = 1; v < tree.count; v++) {
    if (units[v]! < least) continue;
    const its = children.get(tree.dominator[v]!);
    if (its) its.push(v);
    else children.set(tree.dominator[v]!, [v]);
  }
  const own: number[] = [];
  const places = new Map<number, number>([[0, -1]]);
  const queue = [0];
  for (let i = 0; i < queue.length && queue.length <= TREE_MAX; i++) {
    const above = queue[i]!;
    const its = (children.get(above) ?? []).sort((a, b) => units[b]! - units[a]!).slice(0, CHILDREN_MAX);
    for (const v of its) {
      if (queue.length > TREE_MAX) break;
      places.set(v, queue.length - 1);
      if (above === 0 && survey.graph.weak?.[tree.node[v]!]) own.push(queue.length - 1);
      queue.push(v);
    }
  }
  const listed = queue.slice(1);
  survey.ways.prepare(listed.map((v) => tree.node[v]!));
  const nodes = listed.map((v): TreeNode => {
    const n = tree.node[v]!;
    const above = places.get(tree.dominator[v]!)!;
    return [
      above,
      stepTo(survey, v),
      whatIs(survey, n),
      blocks.object(n),
      survey.sizeOf(n),
      units[v]! * 16,
      objects[v]!,
    ];
  });
  return { tree: nodes, own, places };
}
