/**
 * An object and what is around it: what it belongs to, who refers to it, what it refers to, what it retains, and the last
 * step of the way to it from a root. The page shows these, each a link to the next.
 */
import { whatIs } from "./answer.ts";
import { RANK, type Where } from "./graph/ways.ts";
import { describe } from "./objects/describe.ts";
import { Family } from "./objects/types.ts";
import { Place } from "./objects/walk.ts";
import type { Survey } from "./survey.ts";

/** Another object, as it is spoken of: "a list of 70", what it says of itself. */
export interface Neighbour {
  address: number;
  /** Whether it lies in a block, and so has a page of its own: what modules hold in themselves does not. */
  isBlock: boolean;
  what: string;
  value: string;
}

/** A reference: `.tags`, `[17]`. */
export interface Reference extends Neighbour {
  step: string;
}

export interface Neighbours {
  /** Where the object begins, or the block that holds none. */
  address: number;
  /** What the block holds: an object, a part, what is kept, or nothing that can be told; and the type's or part's name. */
  kind: string;
  name: string;
  what: string;
  value: string;
  /** Bytes of the block; of the object with its parts; of all that it retains, and how many objects these are. */
  room: number;
  own: number;
  retained: number;
  objects: number;
  /** -1: immortal. */
  refcount: number;
  /** The collector's, -1 where it does not track it. */
  generation: number;
  garbage: boolean;
  /** Of a part: what it is part of. */
  owner?: Neighbour;
  /** A class made by a program or at run time. */
  type?: Neighbour;
  /** What would take it along, if it went. */
  dominator?: Neighbour;
  /** The last step of the way from a root, and the address of what is before it: -1 where the way begins with it. */
  step?: string;
  before?: number;
  /** What it refers to, at first; and of how many. */
  refs: Reference[];
  refCount: number;
  /** Who refers to it; and by how many references. */
  referrers: Reference[];
  referrerCount: number;
  /** Its parts: address, what, bytes. */
  parts: [address: number, name: string, bytes: number][];
  /** Where it was allocated, the innermost frame first. */
  allocated: string[];
}

const REFS_MAX = 50;
const WALKS_MAX = 20;
const REFERRERS_MAX = 20;
const PARTS_MAX = 20;
const CONTAINERS = new Set([Family.List, Family.Tuple, Family.Dict, Family.OrderedDict, Family.Set, Family.Deque]);

/** The nodes that the neighbours of `nodes` have: nearest first, `limit` at most, the nodes themselves first. */
export function surroundings(survey: Survey, nodes: Iterable<number>, limit: number): number[] {
  const { graph, blocks } = survey;
  const { first, targets, parent, count } = graph;
  const seen = new Uint8Array(count);
  const found: number[] = [];
  const add = (n: number) => {
    if (n < 0 || seen[n] === 1 || found.length >= limit) return;
    seen[n] = 1;
    found.push(n);
  };
  for (const n of nodes) {
    // The way to each is there in whole, and what it is part of.
    for (let at = n; at >= 0 && seen[at] === 0 && found.length < limit; at = parent[at]!) add(at);
    add(blocks.ownerOf(n));
  }
  let begin = 0;
  // Who refers to an object is found by a walk over all: in a long chain every link would take one.
  for (let walks = 0; begin < found.length && found.length < limit; walks++) {
    const end = found.length;
    for (; begin < end; begin++) {
      const n = found[begin]!;
      for (let e = first[n]!, last = Math.min(first[n + 1]!, first[n]! + REFS_MAX); e < last; e++) add(targets[e]!);
    }
    if (walks >= WALKS_MAX) continue;
    const { found: referrers } = graph.referrersOf(found.slice(0, end), REFERRERS_MAX);
    for (const its of referrers) for (const n of its) add(n);
  }
  if (found.length < limit) for (let n = 0; n < count; n++) add(n);
  return found.sort((a, b) => a - b);
}

/** What is around each of these blocks, in their order. */
export function neighbours(survey: Survey, nodes: readonly number[]): Neighbours[] {
  const { graph, ways, blocks } = survey;
  const { found, counts } = graph.referrersOf(nodes, REFERRERS_MAX);
  ways.prepare(nodes);
  // What each holder must tell of: who refers to whom is asked with one walk over each.
  const wanted = new Map<number, Map<number, { where: Where; rank: number } | undefined>>();
  const refs = new Map<number, { first: Map<number, Where>; count: number }>();
  nodes.forEach((n, i) => {
    refs.set(n, { first: new Map(), count: 0 });
    for (const holder of found[i]!) {
      let its = wanted.get(holder);
      if (!its) wanted.set(holder, (its = new Map()));
      its.set(n, undefined);
    }
  });
  const labels = new Map<number, Neighbour>();
  const label = (n: number) => {
    let known = labels.get(n);
    if (!known) labels.set(n, (known = neighbour(survey, n)));
    return known;
  };
  for (const holder of new Set([...refs.keys(), ...wanted.keys()])) {
    const its = wanted.get(holder);
    // A part's references are those of what it is part of.
    const own = isTold(survey, holder) ? refs.get(holder) : undefined;
    graph.eachReference(holder, (target, place, number, address) => {
      // Objects of C code lie in no block.
      if (own && (target < 0 ? survey.types.of(address) : blocks.ownerOf(target) !== holder)) {
        own.count++;
        const known = own.first.get(address);
        if (known ? RANK[place] < RANK[known.place] : own.first.size < REFS_MAX)
          own.first.set(address, { place, number });
      }
      if (!its?.has(target)) return;
      const best = its.get(target);
      if (!best || RANK[place] < best.rank) its.set(target, { where: { place, number }, rank: RANK[place] });
    });
  }
  return nodes.map((n, i): Neighbours => {
    const { first, count } = refs.get(n)!;
    const its = [...first].map(([address, where]): Reference => {
      const target = blocks.find(address);
      return { step: ways.stepOf(n, where), ...(target < 0 ? outside(survey, address) : label(target)) };
    });
    const referrers = found[i]!.map((holder) => {
      const best = wanted.get(holder)!.get(n);
      return { step: best ? ways.stepOf(holder, best.where) : "", ...label(holder) };
    });
    return {
      ...itself(survey, n, label),
      refs: its,
      refCount: count,
      referrers,
      referrerCount: counts[i]!,
      parts: partsOf(survey, n),
      allocated: (survey.traces?.tracebacks[survey.traces.of[n]!] ?? []).map(([file, line]) => `${file}:${line}`),
    };
  });
}

function neighbour(survey: Survey, n: number): Neighbour {
  const { blocks } = survey;
  return { address: blocks.object(n), isBlock: true, what: spokenOf(survey, n), value: saidBy(survey, n) };
}

/** Whether a block's references are its own: those of an object, or of memory without one. */
function isTold({ blocks }: Survey, n: number): boolean {
  const { kind } = blocks.whats[blocks.what[n]!]!;
  return kind !== "part" && kind !== "kept";
}

/** An object of C code. */
function outside({ memory, types }: Survey, address: number): Neighbour {
  const type = types.of(address)!;
  const what = `${/^[aeiouAEIOU]/.test(type.name) ? "an" : "a"} ${type.name}`;
  return { address, isBlock: false, what, value: describe(memory, types, address, type) };
}

/** A dict is spoken of as that of the object whose attributes are in it. */
function spokenOf(survey: Survey, n: number): string {
  const { blocks, graph, ways } = survey;
  const holder = graph.parent[n]!;
  const isDict = blocks.type(n)?.family === Family.Dict;
  // Containers hold it as an item; to find where would be to walk over all of them.
  const its = isDict && holder >= 0 ? blocks.type(holder)?.family : undefined;
  if (its === undefined || CONTAINERS.has(its) || ways.where(holder, n).place !== Place.Dict) return whatIs(survey, n);
  return `the dict of ${whatIs(survey, holder)} ${saidBy(survey, holder)}`.trimEnd();
}

/** What an object says of itself, but for its length, which is said already. */
const saidBy = (survey: Survey, n: number) => survey.describe(n).replace(/^\d+ items?$/, "");

function partsOf(survey: Survey, n: number): Neighbours["parts"] {
  const { blocks, walk } = survey;
  const type = blocks.type(n);
  const parts: Neighbours["parts"] = [];
  if (!type) return parts;
  walk.parts(blocks.object(n), type, (at) => {
    const part = at === 0 ? -1 : blocks.at(at);
    if (part < 0 || blocks.owner[part] !== n || parts.length >= PARTS_MAX) return;
    parts.push([at, blocks.whats[blocks.what[part]!]!.name, blocks.room[part]!]);
  });
  return parts;
}

function itself(survey: Survey, n: number, label: (n: number) => Neighbour) {
  const { blocks, dominators: tree, retained, ways } = survey;
  const { kind, name, type } = blocks.whats[blocks.what[n]!]!;
  const v = tree.number[n]!;
  const above = v === 0 ? 0 : tree.dominator[v]!;
  const last = ways.last(n);
  const owner = blocks.ownerOf(n);
  const its = type?.isHeap ? blocks.find(type.address) : -1;
  const age = survey.ages[n]!;
  return {
    ...label(n),
    kind,
    name,
    room: blocks.room[n]!,
    own: survey.sizeOf(n),
    retained: v === 0 ? 0 : retained.units[v]! * 16,
    objects: v === 0 ? 0 : retained.objects[v]!,
    refcount: kind === "object" ? survey.refcount(n) : 0,
    generation: age >= 1 && age <= 3 ? age - 1 : -1,
    garbage: survey.garbage?.[n] === 1,
    ...(owner === n ? {} : { owner: label(owner) }),
    ...(its < 0 ? {} : { type: label(its) }),
    ...(above === 0 ? {} : { dominator: label(tree.node[above]!) }),
    ...(last ? { step: last.step, before: last.before < 0 ? -1 : blocks.object(last.before) } : {}),
  };
}
