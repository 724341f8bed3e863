// The reader finds every block and says what it holds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { allocator, systemCalls as counted, mapping } from "../../src/generated/constants.ts";
import { mappingKinds, systemCalls } from "../../src/inspect/heap/machine.ts";
import { memorySource } from "../../src/inspect/source/memory.ts";
import { type Block, nearlyEmpty, survey } from "../../src/inspect/survey.ts";
import { Process } from "./process.ts";

const { DEBUG_HOOKS, SERIAL_NUMBERS } = allocator;

const read = (process: Process) => survey(memorySource(process.memory));
const blocksOf = (s: ReturnType<typeof survey>): Block[] => [...s.inPools, ...s.chunks];
const total = (s: ReturnType<typeof survey>, name: string) => s.totals.find((t) => t.name === name)?.count ?? 0;

for (const flags of [0, DEBUG_HOOKS, DEBUG_HOOKS | SERIAL_NUMBERS]) {
  for (const geometry of ["classic", "radix"] as const) {
    test(`objects and their parts are named, ${geometry}, flags ${flags}`, () => {
      const p = new Process({ geometry, flags });
      const ints = Array.from({ length: 200 }, (_, i) => p.int(i * 1000 - 5000));
      const list = p.list(ints);
      const large = p.str("x".repeat(3000));
      const Sub = p.heapType("Sub", 40, 0);
      p.set(Sub, [256, "ptr"], 0x1111e0);
      const sub = p.list([list, large], Sub);
      const scratch = p.heap.PyMem_Malloc!(48);
      new Uint8Array(p.memory).fill(0, scratch, scratch + 48);
      const s = read(p);
      assert.equal(total(s, "int"), 200);
      assert.equal(total(s, "list"), 1);
      assert.equal(total(s, "Sub"), 1);
      assert.equal(total(s, "str"), 1);
      assert.equal(total(s, "type"), 1);
      assert.equal(total(s, "list items"), 2);
      assert.equal(total(s, "arena table"), 1);
      const blocks = blocksOf(s);
      assert.equal(blocks.length, 200 + 1 + 1 + 1 + 1 + 2 + 1 + 1);
      const at = (object: number) => blocks.find((b) => b.object?.address === object)!;
      assert.deepEqual([s.describe(at(ints[0]!).number), s.describe(at(ints[9]!).number)], ["-5000", "4000"]);
      assert.equal(s.describe(at(large).number), `"${"x".repeat(48)}…"`);
      assert.equal(s.describe(at(list).number), "200 items");
      assert.equal(s.describe(at(sub).number), "2 items");
      assert.equal(s.describe(at(Sub).number), "Sub");
      assert.deepEqual([at(list).generation, at(ints[0]!).generation], [0, undefined]);
      assert.deepEqual(s.generations, [3, 0, 0]);
      const unknown = blocks.filter((b) => b.kind === "unknown");
      assert.deepEqual(
        unknown.map((b) => [b.address, b.name]),
        [[scratch, flags ? "memory of the mem domain" : "not an object"]],
      );
      assert.equal(at(ints[199]!).serial, flags & SERIAL_NUMBERS ? 200 : undefined);
    });
  }
}

test("every block in use is counted once", () => {
  const p = new Process();
  const table = p.heap.fuzzTable!(5000);
  assert.equal(p.heap.fuzz!(table, 5000, 99, 60_000, 20_000, 20_000), 0);
  const s = read(p);
  const inPools = s.inPools.length;
  assert.equal(inPools + s.heap.rawBlocks!, p.heap.getallocatedblocks!());
  assert.equal(s.chunks.length, p.heap.machineFigure!(5) + p.heap.machineFigure!(7));
  assert.equal(new Set(blocksOf(s).map((b) => b.address)).size, blocksOf(s).length);
  assert.equal(
    s.machine!.mappings.reduce((sum, m) => sum + m.end - m.start, 0),
    s.machine!.mapped,
  );
  assert.equal(
    s.machine!.mappings.reduce((sum, m) => sum + m.resident, 0),
    s.machine!.resident,
  );
  assert.equal(s.machine!.mappings.filter((m) => m.kind === "arena").length, s.heap.arenas.length);
});

test("nearly empty arenas, and what holds them", () => {
  const p = new Process();
  const blocks = Array.from({ length: 30_000 }, (_, i) => p.int(i));
  for (let i = 0; i < blocks.length; i++) if (i % 5000) p.heap.PyObject_Free!(blocks[i]!);
  const s = read(p);
  const low = nearlyEmpty(s.heap);
  assert.ok(low.length >= 3);
  assert.equal(s.holders(low[0]!)[0]!.name, "int");
});

test("a damaged free list is an error, not a wrong answer", () => {
  const p = new Process();
  const a = p.int(1);
  p.int(2);
  p.heap.PyObject_Free!(a);
  p.set(a, [0, "ptr"], 0x12345678);
  assert.throws(() => read(p), /the free list of the pool at 0x[0-9a-f]+ leads to 0x12345678/);
});

test("a memory without a heap is refused", () => {
  assert.throws(() => survey(memorySource(new ArrayBuffer(1 << 23))), /no private heap/);
});

test("names agree with the table of constants", () => {
  assert.deepEqual(systemCalls, counted);
  assert.deepEqual(
    Object.keys(mapping),
    mappingKinds.map((kind) => `MAPPING_${kind.toUpperCase()}`),
  );
});
