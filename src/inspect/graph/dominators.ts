/**
 * Dominators: the one object through which every way from the roots to an object leads; if that went, the object would
 * go. What an object *retains* is itself and all that it dominates.
 *
 * Semi-NCA (Georgiadis, Tarjan): depth first, semidominators with path compression from the last node to the first, then
 * each node's nearest common ancestor in the tree so far. That one is sought step by step as long as the steps are few;
 * what a long chain and something else both hold has it far above, where it is reached in strides (Myers' skew-binary
 * jumps). Numbers are those of the depth-first order; 0 is the root before all roots.
 */
import type { Blocks } from "../blocks.ts";
import type { Graph } from "./graph.ts";

/** Who refers to whom. */
type References = Pick<Graph, "count" | "first" | "targets" | "seeds"> & Partial<Pick<Graph, "weak">>;

export interface Dominators {
  /** How many nodes were reached, the root before all included. */
  count: number;
  /** The node with each depth-first number from 1 on. */
  node: Int32Array;
  /** The depth-first number of a node, 0 if it was not reached. */
  number: Int32Array;
  /** The number of what dominates a number; smaller than that itself. */
  dominator: Int32Array;
}

/** Computes what dominates each node that can be reached from the graph's seeds; `skip` marks what is left out. */
export function dominators(graph: References, skip?: Uint8Array): Dominators {
  const { first, targets, weak } = graph;
  const number = new Int32Array(graph.count);
  // What refers to nothing and is referred to once is dominated by what does so: it takes no part in what follows.
  const leaves = findLeaves(graph, skip);
  const { node, parent, count } = depthFirst(graph, number, leaves);
  // The references to each number, by counting.
  const start = new Uint32Array(count + 1);
  for (let v = 1; v < count; v++) {
    const n = node[v]!;
    for (let e = first[n]!, end = first[n + 1]!; e < end; e++) {
      const w = number[targets[e]!]!;
      if (w !== 0 && counts(weak, n, targets[e]!)) start[w]!++;
    }
  }
  for (const seed of graph.seeds) if (number[seed]) start[number[seed]!]!++;
  let sum = 0;
  for (let v = 0; v <= count; v++) {
    sum += start[v]!;
    start[v] = sum;
  }
  const from = new Int32Array(sum);
  for (const seed of graph.seeds) if (number[seed]) from[--start[number[seed]!]!] = 0;
  for (let v = 1; v < count; v++) {
    const n = node[v]!;
    for (let e = first[n]!, end = first[n + 1]!; e < end; e++) {
      const w = number[targets[e]!]!;
      if (w !== 0 && counts(weak, n, targets[e]!)) from[--start[w]!] = v;
    }
  }
  const dominator = parent.slice();
  const semi = new Int32Array(count);
  const label = new Int32Array(count);
  for (let v = 0; v < count; v++) semi[v] = label[v] = v;
  // `parent` becomes the forest's links, shortened on the way.
  const stack: number[] = [];
  for (let v = count - 1; v > 0; v--) {
    let least = v;
    for (let e = start[v]!, end = start[v + 1]!; e < end; e++) {
      const u = from[e]!;
      const s = u <= v ? u : semi[evaluate(u, v, parent, label, semi, stack)]!;
      if (s < least) least = s;
    }
    semi[v] = least;
  }
  climb(dominator, semi, label, parent);
  return withLeaves(graph, leaves, { count, node, number, dominator });
}

/** How many steps upwards there may be for each node, before ways are made to take several at a time. */
const STEPS = 8;

/**
 * Makes of each number's parent, which `dominator` has, its nearest ancestor that is no higher than its semidominator.
 * `jump` and `depth` are room for as many numbers.
 */
function climb(dominator: Int32Array, semi: Int32Array, jump: Int32Array, depth: Int32Array): void {
  const count = dominator.length;
  let steps = STEPS * count;
  let v = 1;
  for (; v < count && steps > 0; v++) {
    const s = semi[v]!;
    let d = dominator[v]!;
    for (; d > s; steps--) d = dominator[d]!;
    dominator[v] = d;
  }
  if (v === count) return;
  // A number's jump leads as far as those of its dominator and of that one's jump together, where these are as long.
  const land = (w: number) => {
    const d = dominator[w]!;
    const j = jump[d]!;
    depth[w] = depth[d]! + 1;
    jump[w] = depth[d]! - depth[j]! === depth[j]! - depth[jump[j]!]! ? jump[j]! : d;
  };
  jump[0] = depth[0] = 0;
  for (let w = 1; w < v; w++) land(w);
  for (; v < count; v++) {
    const s = semi[v]!;
    let d = dominator[v]!;
    while (d > s) d = jump[d]! >= s ? jump[d]! : dominator[d]!;
    dominator[v] = d;
    land(v);
  }
}

/** Whether a reference from `n` to `target` counts. */
const counts = (weak: Uint8Array | undefined, n: number, target: number) =>
  weak === undefined || weak[n] === 0 || weak[target] === 1;

const SKIPPED = 2;
const LEAF = 1;

/** Marks the leaves, and what is left out. */
function findLeaves({ count, first, targets, seeds, weak }: References, skip: Uint8Array | undefined): Uint8Array {
  const marks = new Uint8Array(count);
  const referred = new Uint8Array(count);
  for (let n = 0; n < count; n++) {
    if (skip?.[n]) {
      marks[n] = SKIPPED;
      continue;
    }
    for (let e = first[n]!, end = first[n + 1]!; e < end; e++) {
      const target = targets[e]!;
      if (referred[target]! < 2 && counts(weak, n, target)) referred[target]!++;
    }
  }
  for (const seed of seeds) referred[seed] = 2;
  for (let n = 0; n < count; n++) if (marks[n] === 0 && referred[n] === 1 && first[n] === first[n + 1]) marks[n] = LEAF;
  return marks;
}

/** Adds the leaves, with the numbers that follow. */
function withLeaves({ first, targets, weak }: References, leaves: Uint8Array, inner: Dominators): Dominators {
  const { number } = inner;
  let count = inner.count;
  for (let v = 1; v < inner.count; v++) {
    const n = inner.node[v]!;
    for (let e = first[n]!, end = first[n + 1]!; e < end; e++) {
      if (leaves[targets[e]!] === LEAF && counts(weak, n, targets[e]!)) count++;
    }
  }
  const node = new Int32Array(count);
  const dominator = new Int32Array(count);
  node.set(inner.node);
  dominator.set(inner.dominator);
  let next = inner.count;
  for (let v = 1; v < inner.count; v++) {
    const n = inner.node[v]!;
    for (let e = first[n]!, end = first[n + 1]!; e < end; e++) {
      const target = targets[e]!;
      if (leaves[target] !== LEAF || !counts(weak, n, target)) continue;
      number[target] = next;
      node[next] = target;
      dominator[next++] = v;
    }
  }
  return { count, node, number, dominator };
}

/**
 * The node with the least semidominator on the way from `u` up to, but not including, the tree that `limit` is still in:
 * numbers above `limit` are linked.
 */
function evaluate(
  u: number,
  limit: number,
  ancestor: Int32Array,
  label: Int32Array,
  semi: Int32Array,
  stack: number[],
) {
  // Up to the last linked one; then shorten downwards.
  let at = u;
  while (ancestor[at]! > limit) {
    stack.push(at);
    at = ancestor[at]!;
  }
  let above = at;
  while (stack.length > 0) {
    const v = stack.pop()!;
    if (semi[label[above]!]! < semi[label[v]!]!) label[v] = label[above]!;
    ancestor[v] = ancestor[at]!;
    above = v;
  }
  return label[u]!;
}

function depthFirst(
  { count, first, targets, seeds, weak }: References,
  number: Int32Array,
  skip: Uint8Array | undefined,
) {
  let reached = 1;
  let node = new Int32Array(1 << 16);
  let parent = new Int32Array(1 << 16);
  const visit = (n: number, from: number) => {
    if (reached === node.length) {
      const size = Math.min(count + 1, reached * 2);
      const [nodes, parents] = [new Int32Array(size), new Int32Array(size)];
      nodes.set(node);
      parents.set(parent);
      [node, parent] = [nodes, parents];
    }
    number[n] = reached;
    node[reached] = n;
    parent[reached] = from;
    return reached++;
  };
  // The way down: a node's number, and its next edge.
  let way = new Int32Array(1 << 10);
  let next = new Uint32Array(1 << 10);
  for (const seed of seeds) {
    if (number[seed] !== 0 || skip?.[seed]) continue;
    let depth = 0;
    way[0] = visit(seed, 0);
    next[0] = first[seed]!;
    while (depth >= 0) {
      const n = node[way[depth]!]!;
      const e = next[depth]!;
      if (e === first[n + 1]!) {
        depth--;
        continue;
      }
      next[depth] = e + 1;
      const target = targets[e]!;
      if (number[target] !== 0 || skip?.[target] || !counts(weak, n, target)) continue;
      const v = visit(target, way[depth]!);
      if (++depth === way.length) {
        const [ways, nexts] = [new Int32Array(depth * 2), new Uint32Array(depth * 2)];
        ways.set(way);
        nexts.set(next);
        [way, next] = [ways, nexts];
      }
      way[depth] = v;
      next[depth] = first[target]!;
    }
  }
  return { node: node.subarray(0, reached), parent: parent.subarray(0, reached), count: reached };
}

/** What each object retains, by depth-first number. */
export interface RetainedSums {
  /** In units of 16 bytes. */
  units: Uint32Array;
  objects: Int32Array;
  /** Of what a number dominates directly, that which retains most; 0 if there is none. */
  largest: Int32Array;
}

/** What blocks are multiples of. */
export const UNIT = 16;

/** Adds up what each object retains: itself, its parts, and what it dominates. */
export function retainedSums(blocks: Blocks, { count, number, dominator }: Dominators): RetainedSums {
  const units = new Uint32Array(count);
  const objects = new Int32Array(count);
  const largest = new Int32Array(count);
  for (let n = 0; n < blocks.count; n++) {
    const owner = blocks.ownerOf(n);
    const v = number[owner]!;
    if (v === 0) continue;
    units[v]! += blocks.room[n]! / UNIT;
    if (owner === n) objects[v]!++;
  }
  for (let v = count - 1; v > 0; v--) {
    const d = dominator[v]!;
    units[d]! += units[v]!;
    objects[d]! += objects[v]!;
    if (d !== 0 && (largest[d] === 0 || units[v]! > units[largest[d]!]!)) largest[d] = v;
  }
  return { units, objects, largest };
}
