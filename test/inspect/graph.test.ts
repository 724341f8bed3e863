// Who refers to whom, of blocks that are made up.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Blocks } from "../../src/inspect/blocks.ts";
import { Graph } from "../../src/inspect/graph/graph.ts";
import type { Walk } from "../../src/inspect/objects/walk.ts";

/** A graph: for each block whether it is an object, and to which others its words lead. */
function graphOf(nodes: [isObject: boolean, ...targets: number[]][]): Graph {
  const at = (n: number) => (n + 1) * 16;
  const visitAll = (n: number, visit: (address: number) => void) => {
    for (const target of nodes[n]!.slice(1) as number[]) visit(at(target));
  };
  const blocks = {
    count: nodes.length,
    whats: [
      { kind: "object", type: {} },
      { kind: "unknown", type: undefined },
    ],
    what: Uint16Array.from(nodes, ([isObject]) => (isObject ? 0 : 1)),
    room: new Uint32Array(nodes.length),
    object: at,
    address: at,
    find: (address: number) => address / 16 - 1,
  };
  const walk = {
    refs: (address: number, _type: unknown, visit: (address: number) => void) => visitAll(address / 16 - 1, visit),
    memoryRefs: (address: number, _size: number, visit: (address: number) => void) => visitAll(address / 16 - 1, visit),
  };
  return new Graph(blocks as unknown as Blocks, walk as unknown as Walk);
}

const targetsOf = ({ first, targets }: Graph, n: number) => [...targets.subarray(first[n]!, first[n + 1]!)];

test("words of memory that an object's reference count does not know are forgotten", () => {
  // Node 1 is memory, which an extension has; it holds 3 and another memory, and has had 2 and 4 before.
  const graph = graphOf([[true, 1, 2], [false, 2, 3, 4, 5], [true], [true], [true], [false, 3]]);
  const refcounts = [1, 0, 1, 2, 1, 0];
  graph.forgetStale([{ weak: false, seeds: [{ node: 4, text: "a variable" }] }], (n, known) => refcounts[n]! <= known);
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((n) => targetsOf(graph, n)),
    [[1, 2], [3, 5], [], [], [], [3]],
  );
  graph.reach({ weak: false, seeds: [{ node: 0, text: "a root" }] });
  assert.deepEqual(graph.pathTo(3), [0, 1, 3]);
  assert.equal(graph.pathTo(4), undefined);
});
