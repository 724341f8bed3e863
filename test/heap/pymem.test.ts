// The three domains: sizes, realloc's rules, failure on demand, PYTHONMALLOC.
import assert from "node:assert/strict";
import { test } from "node:test";
import { allocator } from "../../src/generated/constants.ts";
import { loadHeap } from "../../tools/heap/heap-module.ts";

const { USE_LIBC } = allocator;

const MMAP_BASE = 0x800000;
const MiB = 1 << 20;
const FAIL_FROM = 1;

test("a request for nothing gives a block of its own, from libc", () => {
  const heap = loadHeap({ debug: true });
  const blocks = new Set([
    heap.PyObject_Malloc!(0),
    heap.PyObject_Malloc!(0),
    heap.PyMem_Malloc!(0),
    heap.PyMem_RawMalloc!(0),
  ]);
  assert.equal(blocks.size, 4);
  assert.ok(!blocks.has(0));
  for (const p of blocks) assert.ok(p < MMAP_BASE);
});

test("up to 512 bytes come from an arena, more from libc", () => {
  for (const geometry of ["classic", "radix"] as const) {
    const heap = loadHeap({ geometry, debug: true });
    const inArena = (p: number) => p >= MMAP_BASE;
    for (let n = 1; n <= 600; n++) {
      assert.equal(inArena(heap.PyObject_Malloc!(n)), n <= 512);
      assert.equal(inArena(heap.PyMem_Malloc!(n)), n <= 512);
      assert.equal(inArena(heap.PyMem_RawMalloc!(n)), false);
    }
    assert.equal(heap.getallocatedblocks!(), 1200);
    assert.equal(heap.checkAll!(), 0);
  }
});

test("a block stays where it is while less than a quarter of it is wasted", () => {
  const heap = loadHeap({ debug: true });
  const p = heap.PyObject_Malloc!(160);
  assert.equal(heap.PyObject_Realloc!(p, 121), p);
  assert.equal(heap.PyObject_Realloc!(p, 160), p);
  const q = heap.PyObject_Realloc!(p, 120);
  assert.notEqual(q, p);
  assert.notEqual(heap.PyObject_Realloc!(q, 129), q);
});

test("a block of libc's stays libc's, also when it would fit a pool", () => {
  const heap = loadHeap({ debug: true });
  const p = heap.PyObject_Malloc!(600);
  assert.equal(heap.PyObject_Realloc!(p, 20), p);
  heap.PyObject_Free!(p);
  assert.equal(heap.getallocatedblocks!(), 0);
});

test("calloc clears, and refuses what does not fit", () => {
  const heap = loadHeap({ debug: true });
  for (const n of [48, 2000, 200_000]) {
    const p = heap.PyObject_Malloc!(n);
    new Uint8Array(heap.memory.buffer, p, n).fill(255);
    heap.PyObject_Free!(p);
    const q = heap.PyObject_Calloc!(n / 4, 4);
    assert.ok(new Uint8Array(heap.memory.buffer, q, n).every((byte) => byte === 0));
  }
  assert.equal(heap.PyMem_Calloc!(0x10000, 0x8000), 0);
  assert.equal(heap.PyMem_RawMalloc!(0x80000000), 0);
});

test("the n-th request fails, in any domain, and only that one", () => {
  const heap = loadHeap({ debug: true });
  const p = heap.PyObject_Malloc!(100);
  heap.setAllocationFailure!(3n);
  assert.notEqual(heap.PyMem_RawMalloc!(10), 0);
  assert.equal(heap.PyObject_Realloc!(p, 110), p, "a block that need not grow is no request");
  assert.equal(heap.allocationsToFailure!(), 2n);
  assert.notEqual(heap.PyMem_Calloc!(10, 10), 0);
  assert.equal(heap.PyObject_Realloc!(p, 200), 0);
  assert.notEqual(heap.PyObject_Realloc!(p, 200), 0);
  heap.setAllocationFailureMode!(2n, FAIL_FROM);
  assert.notEqual(heap.PyObject_Malloc!(10), 0);
  for (const n of [10, 1000, 1_000_000]) {
    assert.equal(heap.PyObject_Malloc!(n), 0);
    assert.equal(heap.PyMem_RawMalloc!(n), 0);
  }
  heap.setAllocationFailure!(0n);
  assert.notEqual(heap.PyObject_Malloc!(10), 0);
  assert.equal(heap.checkAll!(), 0);
});

test("at the memory limit requests fail, and after frees they succeed again", () => {
  const heap = loadHeap({ limit: 3 * MiB, debug: true });
  const blocks: number[] = [];
  for (let p: number; (p = heap.PyObject_Malloc!(500)); ) blocks.push(p);
  assert.ok(blocks.length > 5000);
  assert.equal(heap.checkAll!(), 0);
  for (const p of blocks) heap.PyObject_Free!(p);
  assert.equal(heap.getallocatedblocks!(), 0);
  assert.notEqual(heap.PyObject_Malloc!(MiB), 0);
  assert.equal(heap.checkAll!(), 0);
});

test("PYTHONMALLOC=malloc: no arena is ever mapped", () => {
  const heap = loadHeap({ flags: USE_LIBC, debug: true });
  const p = heap.PyObject_Realloc!(heap.PyObject_Malloc!(20), 400);
  assert.ok(p !== 0 && p < MMAP_BASE);
  heap.PyObject_Free!(p);
  assert.equal(heap.arenasTaken!(), 0);
  assert.equal(
    heap.text((sink) => heap.debugMallocStats!(sink)),
    "",
  );
});

test("the table of arenas grows by doubling", () => {
  const heap = loadHeap({ debug: true });
  const blocks: number[] = [];
  const objects = new Set<number>();
  while (heap.arenasTaken!() < 40) {
    blocks.push(heap.PyObject_Malloc!(512));
    objects.add(heap.arenaObjects!());
  }
  assert.deepEqual([...objects], [16, 32, 64]);
  assert.equal(heap.checkAll!(), 0);
  for (const p of blocks.reverse()) heap.PyObject_Free!(p);
  assert.equal(heap.arenasMapped!(), 1);
  assert.equal(heap.checkAll!(), 0);
});
