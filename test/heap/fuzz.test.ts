// Random requests in all domains: blocks keep their contents and every invariant holds. `npm run fuzz:heap` makes ten
// million of them in each geometry.
import assert from "node:assert/strict";
import { test } from "node:test";
import { allocator } from "../../src/generated/constants.ts";
import { loadHeap } from "../../tools/heap/heap-module.ts";

const { DEBUG_HOOKS, SERIAL_NUMBERS, USE_LIBC } = allocator;

const MiB = 1 << 20;

const cases = [
  { name: "classic", geometry: "classic", count: 300_000, slots: 20_000, turn: 50_000, every: 10_000 },
  { name: "radix", geometry: "radix", count: 300_000, slots: 20_000, turn: 50_000, every: 10_000 },
  { name: "beyond the break", geometry: "classic", count: 400_000, slots: 100_000, turn: 150_000, every: 50_000 },
  {
    name: "at a memory limit",
    geometry: "classic",
    limit: 12 * MiB,
    count: 300_000,
    slots: 20_000,
    turn: 50_000,
    every: 10_000,
  },
  {
    name: "debug hooks",
    geometry: "radix",
    flags: DEBUG_HOOKS,
    count: 100_000,
    slots: 8_000,
    turn: 20_000,
    every: 5_000,
  },
  {
    name: "serial numbers",
    geometry: "classic",
    flags: DEBUG_HOOKS | SERIAL_NUMBERS,
    count: 100_000,
    slots: 8_000,
    turn: 20_000,
    every: 5_000,
  },
  {
    name: "libc only",
    geometry: "classic",
    flags: USE_LIBC,
    count: 200_000,
    slots: 20_000,
    turn: 50_000,
    every: 10_000,
  },
  { name: "traced", geometry: "classic", traced: true, count: 200_000, slots: 10_000, turn: 50_000, every: 10_000 },
] as const;

for (const c of cases) {
  test(`${c.name}: ${c.count} requests`, () => {
    const heap = loadHeap({
      geometry: c.geometry,
      limit: "limit" in c ? c.limit : 0,
      flags: "flags" in c ? c.flags : 0,
      debug: true,
    });
    const table = heap.fuzzTable!(c.slots);
    if ("traced" in c) assert.equal(heap.traceStart!(1), 1);
    assert.equal(heap.fuzz!(table, c.slots, 20260101, c.count, c.turn, c.every), 0);
    if ("limit" in c) assert.ok(heap.machineFigure!(1) <= c.limit, "never more mapped than the limit");
    assert.equal(heap.fuzzEnd!(table, c.slots), 0);
    assert.equal(heap.getallocatedblocks!(), 0);
    assert.ok(heap.arenasMapped!() <= 1, "at most the one kept arena is left");
    if ("traced" in c) {
      assert.equal(heap.traceFigure!(2), 0, "no trace without a block");
      assert.equal(heap.traceFigure!(0), 0);
      heap.traceStop!();
    }
    // Only the arena table is left.
    assert.equal(heap.machineFigure!(5), heap.arenasTaken!() ? 1 : 0);
  });
}
