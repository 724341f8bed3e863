// The simulated machine: mappings, the break, residency, limits, counters.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadHeap } from "../../tools/heap/heap-module.ts";

const PAGE = 4096;
const MACHINE = 0x400000;
const MMAP_BASE = 0x800000;
const MiB = 1 << 20;
const [MAPPED, MAPPED_PEAK, RESIDENT, , FAULTS] = [0, 1, 2, 3, 4];
const [BRK_CALLS, MMAP_CALLS, MUNMAP_CALLS] = [0, 1, 2];

test("mappings lie at the lowest address where they fit, page by page", () => {
  const heap = loadHeap({ debug: true });
  const a = heap.mmap!(1);
  const b = heap.mmap!(3 * PAGE);
  const c = heap.mmap!(PAGE);
  assert.deepEqual([a, b, c], [MMAP_BASE, MMAP_BASE + PAGE, MMAP_BASE + 4 * PAGE]);
  heap.munmap!(b, 3 * PAGE);
  assert.equal(heap.mmap!(4 * PAGE), MMAP_BASE + 5 * PAGE);
  assert.equal(heap.mmap!(2 * PAGE), b);
  assert.equal(heap.mmap!(PAGE), b + 2 * PAGE);
  assert.equal(heap.mmapAligned!(256 * 1024, 256 * 1024) % (256 * 1024), 0);
  assert.equal(heap.checkPages!(), 0);
});

test("what is mapped again reads as zero", () => {
  const heap = loadHeap({ debug: true });
  const a = heap.mmap!(4 * PAGE);
  heap.touch!(a, 4 * PAGE);
  new Uint8Array(heap.memory.buffer, a, 4 * PAGE).fill(255);
  heap.munmap!(a, 4 * PAGE);
  assert.equal(heap.mmap!(4 * PAGE), a);
  assert.ok(new Uint8Array(heap.memory.buffer, a, 4 * PAGE).every((byte) => byte === 0));
  const old = heap.sbrk!(3 * PAGE);
  assert.equal(old, MACHINE);
  heap.touch!(old, 3 * PAGE);
  new Uint8Array(heap.memory.buffer, old, 3 * PAGE).fill(255);
  heap.sbrk!(-2 * PAGE);
  assert.equal(heap.sbrk!(2 * PAGE), MACHINE + PAGE);
  assert.ok(new Uint8Array(heap.memory.buffer, MACHINE + PAGE, 2 * PAGE).every((byte) => byte === 0));
  assert.equal(heap.checkPages!(), 0);
});

test("virtual and resident size, peaks, faults and system calls are counted", () => {
  const heap = loadHeap({ debug: true });
  const a = heap.mmap!(10 * PAGE);
  assert.equal(heap.machineFigure!(MAPPED!), 10 * PAGE);
  assert.equal(heap.machineFigure!(RESIDENT!), 0);
  heap.touch!(a + PAGE - 1, 2);
  heap.touch!(a, 10);
  assert.equal(heap.machineFigure!(RESIDENT!), 2 * PAGE);
  assert.equal(heap.machineFigure!(FAULTS!), 2);
  heap.munmap!(a, 10 * PAGE);
  assert.equal(heap.machineFigure!(MAPPED!), 0);
  assert.equal(heap.machineFigure!(RESIDENT!), 0);
  assert.equal(heap.machineFigure!(MAPPED_PEAK!), 10 * PAGE);
  heap.sbrk!(100);
  assert.deepEqual(
    [BRK_CALLS, MMAP_CALLS, MUNMAP_CALLS].map((call) => heap.systemCallCount!(call!)),
    [1, 1, 1],
  );
});

test("beyond the limit a mapping fails, the break stays, and afterwards all goes on", () => {
  const heap = loadHeap({ limit: 4 * MiB, debug: true });
  const a = heap.mmap!(3 * MiB);
  assert.equal(heap.mmap!(MiB + 1), 0);
  assert.equal(heap.sbrk!(2 * MiB) >>> 0, 0xffffffff);
  assert.equal(heap.sbrk!(0), MACHINE);
  assert.equal(heap.mmap!(MiB), a + 3 * MiB);
  assert.equal(heap.mmap!(1), 0);
  heap.munmap!(a, 3 * MiB);
  assert.equal(heap.mmap!(PAGE), a);
  heap.setMemoryLimit!(0);
  assert.notEqual(heap.mmap!(16 * MiB), 0);
  assert.equal(heap.checkPages!(), 0);
});

test("the address space ends at 2 GiB", () => {
  const heap = loadHeap({ debug: true });
  assert.equal(heap.mmap!(0x80000000), 0);
  assert.equal(heap.mmap!(0xfffff000), 0);
  assert.equal(heap.mmap!(0x80000000 - MMAP_BASE + PAGE), 0);
  assert.equal(heap.mmap!(PAGE), MMAP_BASE);
  assert.equal(heap.mmapAligned!(PAGE, 0x40000000) >>> 0, 0x40000000);
});

test("mremap grows in place where it can, moves where it cannot, and shrinks", () => {
  const heap = loadHeap({ debug: true });
  const a = heap.mmap!(2 * PAGE);
  heap.touch!(a, 2 * PAGE);
  new Uint8Array(heap.memory.buffer, a, 2 * PAGE).fill(7);
  assert.equal(heap.mremap!(a, 2 * PAGE, 3 * PAGE), a);
  const behind = heap.mmap!(PAGE);
  const moved = heap.mremap!(a, 3 * PAGE, 5 * PAGE);
  assert.equal(moved, behind + PAGE);
  const bytes = new Uint8Array(heap.memory.buffer, moved, 5 * PAGE);
  assert.ok(bytes.every((byte, i) => byte === (i < 2 * PAGE ? 7 : 0)));
  assert.equal(heap.mremap!(moved, 5 * PAGE, PAGE), moved);
  assert.equal(heap.machineFigure!(MAPPED!), 2 * PAGE);
  assert.equal(heap.mmap!(3 * PAGE), a);
  assert.equal(heap.checkPages!(), 0);
});

test("the machine can start over", () => {
  const heap = loadHeap();
  const a = heap.mmap!(PAGE);
  heap.touch!(a, PAGE);
  new Uint8Array(heap.memory.buffer, a, PAGE).fill(1);
  heap.machineInit!(0);
  assert.equal(heap.mmap!(PAGE), a, "every earlier address is void");
  assert.ok(new Uint8Array(heap.memory.buffer, a, PAGE).every((byte) => byte === 0));
});
