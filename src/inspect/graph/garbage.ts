/**
 * Garbage that a collection would free now: the collector's own test, done on a copy. Of each tracked object's reference
 * count, the references from tracked objects are taken away; what is left is held from outside, and so is all that it
 * leads to. The rest is held by itself only.
 *
 * Counts that come out below zero are a sign that more was taken for a reference than is one; such an object is not
 * called garbage, nor is what a module or a variable leads to.
 */
import type { Graph } from "./graph.ts";
import { UNREACHED } from "./graph.ts";

/** Whether the collector tracks what is in a block, its reference count, and whether instances hold their class. */
export interface Counts {
  isTracked(node: number): boolean;
  refcount(node: number): number;
  /** The node of the class of what is in a node, -1 where the collector is not told of it. */
  classOf(node: number): number;
}

/** Marks the garbage: 1 for each tracked object, and for what only garbage holds. Null where there is none. */
export function findGarbage(graph: Graph, counts: Counts): Uint8Array | null {
  const { count, first, targets, parent, blocks } = graph;
  const tracked = new Uint8Array(count);
  let candidates = 0;
  for (let n = 0; n < count; n++) {
    if (!counts.isTracked(n) || !blocks.isContainer(n)) continue;
    tracked[n] = 1;
    if (parent[n] === UNREACHED) candidates++;
  }
  if (candidates === 0) return null;
  const left = new Int32Array(count);
  for (let n = 0; n < count; n++) if (tracked[n] === 1) left[n] = Math.min(counts.refcount(n), 0x3fffffff);
  for (let n = 0; n < count; n++) {
    if (tracked[n] === 0) continue;
    for (let e = first[n]!, end = first[n + 1]!; e < end; e++) left[targets[e]!]!--;
    const owner = counts.classOf(n);
    if (owner >= 0) left[owner]!--;
  }
  // What is held from outside, and what that leads to, is alive.
  const alive = new Uint8Array(count);
  const queue = new Int32Array(count);
  let queued = 0;
  const mark = (n: number) => {
    if (alive[n] === 1) return;
    alive[n] = 1;
    queue[queued++] = n;
  };
  for (let n = 0; n < count; n++) {
    if (parent[n] !== UNREACHED || (tracked[n] === 1 && left[n] !== 0)) mark(n);
  }
  for (let at = 0; at < queued; at++) {
    const n = queue[at]!;
    for (let e = first[n]!, end = first[n + 1]!; e < end; e++) mark(targets[e]!);
    const owner = counts.classOf(n);
    if (owner >= 0) mark(owner);
  }
  const garbage = new Uint8Array(count);
  let found = 0;
  queued = 0;
  for (let n = 0; n < count; n++) {
    if (tracked[n] === 0 || alive[n] === 1) continue;
    garbage[n] = 1;
    found++;
    queue[queued++] = n;
  }
  // What the collector does not track goes with what held it.
  for (let at = 0; at < queued; at++) {
    const n = queue[at]!;
    for (let e = first[n]!, end = first[n + 1]!; e < end; e++) {
      const target = targets[e]!;
      if (tracked[target] === 1 || alive[target] === 1 || garbage[target] === 1) continue;
      garbage[target] = 1;
      queue[queued++] = target;
    }
  }
  return found > 0 ? garbage : null;
}
