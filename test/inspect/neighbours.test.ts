// What is around an object: who refers to it and what it refers to are two sides of the same references.
import assert from "node:assert/strict";
import { test } from "node:test";
import { neighbours, surroundings } from "../../src/inspect/neighbours.ts";
import { memorySource } from "../../src/inspect/source/memory.ts";
import { survey } from "../../src/inspect/survey.ts";
import { Process } from "./process.ts";

/** A process with a long list, a list of lists, texts and numbers. */
function made() {
  const p = new Process();
  const ints = Array.from({ length: 200 }, (_, i) => p.int(1000 + i));
  const text = p.str("shared");
  const inner = p.list([text, ints[0]!, ints[0]!]);
  const outer = p.list([inner, p.list(ints), text]);
  return { found: survey(memorySource(p.memory)), ints, text, inner, outer };
}

test("references are told from both of their ends", () => {
  const { found, ints, text, inner, outer } = made();
  const all = Array.from({ length: found.blocks.count }, (_, n) => n);
  const around = new Map(neighbours(found, all).map((object) => [object.address, object]));
  const of = (address: number) => around.get(address)!;
  assert.deepEqual(
    of(inner).refs.map((r) => [r.step, r.address, r.what, r.value]),
    [
      ["[0]", text, "a str", '"shared"'],
      ["[1]", ints[0], "an int", "1000"],
    ],
  );
  // Twice in the same list: two references, one who refers.
  assert.equal(of(inner).refCount, 3);
  assert.deepEqual(
    of(ints[0]!).referrers.map((r) => [r.what, r.step]),
    [
      ["a list of 3", "[1]"],
      ["a list of 200", "[0]"],
    ],
  );
  assert.deepEqual([of(ints[0]!).referrerCount, of(ints[1]!).referrerCount], [3, 1]);
  const long = of(outer).refs[1]!;
  assert.deepEqual([of(long.address).refs.length, of(long.address).refCount], [50, 200]);
  assert.deepEqual(
    of(long.address).parts.map((part) => part[1]),
    ["list items"],
  );
  assert.equal(of(of(long.address).parts[0]![0]).owner!.address, long.address);
  for (const object of around.values()) {
    for (const { address } of object.refs) {
      const other = of(address);
      if (other.referrerCount <= other.referrers.length)
        assert.equal(other.referrers.filter((r) => r.address === object.address).length, 1, other.what);
    }
  }
});

test("what is near comes first, and no more than is asked for", () => {
  const { found, inner, ints, text } = made();
  const start = found.blocks.find(inner);
  const near = surroundings(found, [start], 3).map((n) => found.blocks.object(n));
  assert.deepEqual(
    near,
    [inner, text, ints[0]!].sort((a, b) => a - b),
  );
  assert.equal(surroundings(found, [], 1000).length, Math.min(1000, found.blocks.count));
});

test("what is around a long chain is found with few walks over all objects", () => {
  const p = new Process();
  let head = p.list([]);
  for (let i = 0; i < 500; i++) head = p.list([head]);
  const found = survey(memorySource(p.memory));
  let walks = 0;
  const { graph } = found;
  const ask = graph.referrersOf.bind(graph);
  graph.referrersOf = (...asked) => {
    walks++;
    return ask(...asked);
  };
  const around = surroundings(found, [found.blocks.find(head)], 400);
  assert.equal(around.length, 400);
  assert.ok(walks <= 20, `${walks} walks`);
});
