// No state outside the memory: two instances over one memory are one heap, and a copy of the bytes goes on by itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { machine } from "../../src/generated/constants.ts";
import { loadHeap } from "../../tools/heap/heap-module.ts";

for (const shared of [false, true]) {
  test(`two instances over one ${shared ? "shared " : ""}memory`, () => {
    const one = loadHeap({ shared, debug: true });
    const two = loadHeap({ shared, debug: true, over: one.memory });
    const [a, b] = [one.fuzzTable!(5000), two.fuzzTable!(5000)];
    for (let turn = 0; turn < 20; turn++) {
      assert.equal(one.fuzz!(a, 5000, turn ? 0 : 1, 5000, 2000, 2500), 0);
      assert.equal(two.fuzz!(b, 5000, turn ? 0 : 2, 5000, 2000, 2500), 0);
    }
    // What one allocated the other frees.
    assert.equal(two.fuzzEnd!(a, 5000), 0);
    assert.equal(one.fuzzEnd!(b, 5000), 0);
    assert.equal(one.getallocatedblocks!(), 0);
    assert.equal(two.arenasMapped!(), 1);
  });
}

test("a copy of the memory continues as the original does", () => {
  const original = loadHeap({ geometry: "radix", debug: true });
  const table = original.fuzzTable!(8000);
  assert.equal(original.fuzz!(table, 8000, 77, 60_000, 20_000, 10_000), 0);
  const memory = new WebAssembly.Memory({
    initial: original.memory.buffer.byteLength >> 16,
    maximum: machine.WASM_PAGES_MAX,
  });
  new Uint8Array(memory.buffer).set(new Uint8Array(original.memory.buffer));
  const copy = loadHeap({ debug: true, over: memory });
  const run = (heap: typeof copy) => {
    assert.equal(heap.fuzz!(table, 8000, 0, 60_000, 20_000, 10_000), 0);
    return Buffer.from(heap.memory.buffer);
  };
  const [first, second] = [run(original), run(copy)];
  assert.equal(Buffer.compare(first.subarray(0, second.length), second.subarray(0, first.length)), 0);
});
