// Dominators of random graphs, against the plain definition: what cannot be reached without a node is dominated by it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dominators } from "../../src/inspect/graph/dominators.ts";
import { Random } from "../../tools/fuzz/random.ts";

const numbers = new Random(1);
/** A number below `n`. */
const random = (n: number) => numbers.below(n);

interface Plain {
  count: number;
  edges: number[][];
  seeds: number[];
}

function reachable({ count, edges, seeds }: Plain, without: number): boolean[] {
  const seen = new Array<boolean>(count).fill(false);
  const todo = seeds.filter((n) => n !== without);
  for (let n = todo.pop(); n !== undefined; n = todo.pop()) {
    if (seen[n]) continue;
    seen[n] = true;
    todo.push(...edges[n]!.filter((m) => m !== without && !seen[m]));
  }
  return seen;
}

/** Compares what is found in a graph with what the definition says. */
function check(plain: Plain, label: string): void {
  const { count, edges } = plain;
  const first = new Uint32Array(count + 1);
  edges.forEach((to, n) => {
    first[n + 1] = first[n]! + to.length;
  });
  const found = dominators({ ...plain, first, targets: Int32Array.from(edges.flat()) });
  const all = reachable(plain, -1);
  const dominates = edges.map((_, d) => reachable(plain, d).map((reached, n) => all[n]! && !reached && n !== d));
  for (let n = 0; n < count; n++) {
    const v = found.number[n]!;
    assert.equal(v > 0, all[n], `${label}: node ${n} is reached`);
    if (!all[n]) continue;
    const d = found.dominator[v]!;
    assert.ok(d < v, "numbers ascend from what dominates");
    const chain: number[] = [];
    for (let at = d; at !== 0; at = found.dominator[at]!) chain.push(found.node[at]!);
    const wanted = edges.map((_, m) => m).filter((m) => dominates[m]![n]);
    assert.deepEqual(
      [...chain].sort((a, b) => a - b),
      wanted,
      `${label}: node ${n}`,
    );
    // Each in the chain is dominated by the next.
    for (let i = 0; i + 1 < chain.length; i++) assert.ok(dominates[chain[i + 1]!]![chain[i]!]);
  }
}

test("the nearest of those without which a node cannot be reached", () => {
  for (let round = 0; round < 400; round++) {
    const count = 1 + random(25);
    const edges = Array.from({ length: count }, () => Array.from({ length: random(4) }, () => random(count)));
    check({ count, edges, seeds: Array.from({ length: 1 + random(3) }, () => random(count)) }, `round ${round}`);
  }
});

test("the same of long chains that share what they lead to: ancestors far above are found by jumps", () => {
  for (let round = 0; round < 12; round++) {
    const count = 250 + random(150);
    const links = Math.floor(count * 0.4);
    const edges = Array.from({ length: count }, (_, n) => {
      const to: number[] = [];
      if (n < 2 * links && n !== links - 1 && n + 1 < 2 * links) to.push(n + 1);
      if (n < 2 * links) to.push(2 * links + ((n % links) % (count - 2 * links)));
      if (random(count) === 0) to.push(random(count));
      return to;
    });
    check({ count, edges, seeds: [0, links + random(3)] }, `round ${round}`);
  }
});

test("a long chain, with something that all its links share", () => {
  const count = 200_001;
  const first = new Uint32Array(count + 1);
  const targets = new Int32Array(2 * (count - 1));
  // Each link leads to the next, and to the last node.
  for (let n = 0; n < count - 1; n++) {
    targets[2 * n] = Math.min(n + 1, count - 2);
    targets[2 * n + 1] = count - 1;
    first[n + 1] = 2 * n + 2;
  }
  first[count] = first[count - 1]!;
  const { number, node, dominator } = dominators({ count, first, targets, seeds: [0] });
  assert.equal(node[dominator[number[count - 1]!]!], 0);
  assert.equal(node[dominator[number[count - 2]!]!], count - 3);
});

test("two long chains of which each link leads to the same thing", { timeout: 60_000 }, () => {
  // 0 leads to the first links, link i of either chain to the next and to thing i.
  const links = 300_000;
  const count = 1 + 3 * links;
  const edges: number[] = [1, 1 + links];
  const first = new Uint32Array(count + 1);
  first[1] = 2;
  for (let n = 1; n <= 2 * links; n++) {
    const i = (n - 1) % links;
    if (i + 1 < links) edges.push(n + 1);
    edges.push(1 + 2 * links + i);
    first[n + 1] = edges.length;
  }
  first.fill(edges.length, 2 * links + 1);
  const begin = process.cpuUsage();
  const { number, node, dominator } = dominators({ count, first, targets: Int32Array.from(edges), seeds: [0] });
  assert.ok(process.cpuUsage(begin).user < 10e6, "it takes time that grows with the square");
  const above = (n: number) => node[dominator[number[n]!]!];
  for (let i = 0; i < links; i++) assert.equal(above(1 + 2 * links + i), 0);
  for (let n = 2; n <= 2 * links; n++) if (n !== 1 + links) assert.equal(above(n), n - 1);
});
