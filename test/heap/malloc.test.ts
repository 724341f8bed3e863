// libc's malloc: chunks, bins, the top, segments, large blocks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Heap, loadHeap } from "../../tools/heap/heap-module.ts";

const KiB = 1024;
const MiB = 1 << 20;
const MACHINE = 0x400000;
const MMAP_BASE = 0x800000;
const [MAPPED, , , , , CHUNKS, CHUNK_BYTES, BLOCKS, BLOCK_BYTES, BRK] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

const usable = (heap: Heap, p: number) => heap.libc_malloc_usable_size!(p);

test("blocks are aligned to 16 and as large as glibc makes them", () => {
  const heap = loadHeap({ debug: true });
  for (const [n, size] of [
    [0, 24],
    [1, 24],
    [24, 24],
    [25, 40],
    [40, 40],
    [41, 56],
    [1000, 1000],
    [1001, 1016],
  ]) {
    const p = heap.libc_malloc!(n!);
    assert.equal(p % 16, 0);
    assert.equal(usable(heap, p), size);
  }
  assert.equal(heap.checkMalloc!(), 0);
});

test("free neighbours are joined and reused", () => {
  const heap = loadHeap({ debug: true });
  const [a, b, c, d] = [1, 2, 3, 4].map(() => heap.libc_malloc!(1000)) as [number, number, number, number];
  heap.libc_free!(a);
  heap.libc_free!(c);
  assert.equal(heap.checkMalloc!(), 0);
  heap.libc_free!(b);
  assert.equal(heap.checkMalloc!(), 0);
  assert.equal(heap.libc_malloc!(3000), a, "the three make one");
  heap.libc_free!(a);
  assert.equal(heap.libc_malloc!(100), a, "and what is over stays free");
  assert.equal(heap.libc_malloc!(100), a + 112);
  heap.libc_free!(d);
  assert.equal(heap.checkMalloc!(), 0);
});

test("the most lately freed chunk of a size serves next", () => {
  const heap = loadHeap({ debug: true });
  const blocks = Array.from({ length: 6 }, () => heap.libc_malloc!(600));
  heap.libc_free!(blocks[0]!);
  heap.libc_free!(blocks[2]!);
  heap.libc_free!(blocks[4]!);
  assert.deepEqual(
    [heap.libc_malloc!(600), heap.libc_malloc!(600), heap.libc_malloc!(600)],
    [blocks[4], blocks[2], blocks[0]],
  );
});

test("128 KiB and more are mappings, returned when freed", () => {
  const heap = loadHeap({ debug: true });
  const small = heap.libc_malloc!(128 * KiB - 32);
  assert.ok(small < MMAP_BASE);
  const large = heap.libc_malloc!(128 * KiB);
  assert.equal(large, MMAP_BASE + 16);
  assert.deepEqual([heap.machineFigure!(BLOCKS!), heap.machineFigure!(BLOCK_BYTES!)], [1, 128 * KiB + 4 * KiB]);
  assert.equal(heap.checkMalloc!(), 0);
  heap.libc_free!(large);
  assert.equal(heap.machineFigure!(BLOCKS!), 0);
  assert.equal(heap.checkPages!(), 0);
});

test("the heap gives back what is free at its end", () => {
  const heap = loadHeap({ debug: true });
  const blocks = Array.from({ length: 48 }, () => heap.libc_malloc!(64 * KiB));
  assert.ok(heap.machineFigure!(BRK!) - MACHINE > 3 * MiB);
  for (const p of blocks) heap.libc_free!(p);
  assert.ok(heap.machineFigure!(BRK!) - MACHINE <= 256 * KiB);
  assert.deepEqual([heap.machineFigure!(CHUNKS!), heap.machineFigure!(CHUNK_BYTES!)], [0, 0]);
  assert.equal(heap.checkMalloc!(), 0);
  assert.equal(heap.checkPages!(), 0);
});

test("realloc grows in place into free memory, shrinks in place, and keeps the contents when it moves", () => {
  const heap = loadHeap({ debug: true });
  const a = heap.libc_malloc!(1000);
  const b = heap.libc_malloc!(1000);
  const c = heap.libc_malloc!(1000);
  new Uint8Array(heap.memory.buffer, a, 1000).fill(5);
  heap.libc_free!(b);
  assert.equal(heap.libc_realloc!(a, 1800), a);
  assert.equal(heap.libc_realloc!(a, 200), a);
  assert.equal(heap.libc_malloc!(1500), a + 208);
  const moved = heap.libc_realloc!(a, 5000);
  assert.notEqual(moved, a);
  assert.ok(new Uint8Array(heap.memory.buffer, moved, 200).every((byte) => byte === 5));
  assert.equal(heap.libc_realloc!(moved, 100_000), moved, "the last block grows into the top");
  const mapped = heap.libc_realloc!(moved, MiB);
  assert.ok(mapped > MMAP_BASE);
  assert.equal(heap.libc_realloc!(mapped, 2 * MiB), mapped);
  assert.ok(new Uint8Array(heap.memory.buffer, mapped, 200).every((byte) => byte === 5));
  heap.libc_free!(c);
  assert.equal(heap.checkMalloc!(), 0);
});

test("a list that grows by eighths does not fragment the heap", () => {
  const heap = loadHeap({ debug: true });
  let [p, n] = [0, 600];
  for (; n < 100_000; n += n >> 3) {
    p = heap.libc_realloc!(p, n);
    heap.libc_malloc!(32);
  }
  heap.libc_free!(p);
  assert.equal(heap.checkMalloc!(), 0);
  assert.ok(heap.machineFigure!(BRK!) - MACHINE < 600 * KiB, `${heap.machineFigure!(BRK!) - MACHINE}`);
});

test("where the break meets the mappings the heap goes on in segments, and comes back", () => {
  const heap = loadHeap({ debug: true });
  const blocks: number[] = [];
  while (blocks.length < 600) blocks.push(heap.libc_malloc!(100 * KiB));
  assert.ok(blocks.every((p) => p !== 0));
  assert.ok(blocks.some((p) => p > MMAP_BASE) && blocks.some((p) => p < MMAP_BASE));
  assert.equal(heap.checkMalloc!(), 0);
  for (const p of blocks) heap.libc_free!(p);
  assert.equal(heap.checkMalloc!(), 0);
  assert.ok(heap.machineFigure!(MAPPED!) <= 2 * MiB, `${heap.machineFigure!(MAPPED!)} bytes are left`);
  const more = Array.from({ length: 50 }, () => heap.libc_malloc!(100 * KiB));
  assert.ok(
    more.some((p) => p < MMAP_BASE),
    "the break serves again",
  );
  for (const p of more) heap.libc_free!(p);
  assert.equal(heap.checkMalloc!(), 0);
  assert.equal(heap.checkPages!(), 0);
});

test("impossible requests fail", () => {
  const heap = loadHeap({ limit: 8 * MiB, debug: true });
  assert.equal(heap.libc_malloc!(0xffffffff), 0);
  assert.equal(heap.libc_calloc!(0x10000, 0x10000), 0);
  assert.equal(heap.libc_malloc!(9 * MiB), 0);
  const p = heap.libc_malloc!(MiB);
  assert.equal(heap.libc_realloc!(p, 9 * MiB), 0);
  assert.equal(usable(heap, p) >= MiB, true);
  assert.equal(heap.checkMalloc!(), 0);
});

test("calloc clears what was used before", () => {
  const heap = loadHeap({ debug: true });
  const p = heap.libc_malloc!(5000);
  new Uint8Array(heap.memory.buffer, p, 5000).fill(9);
  heap.libc_free!(p);
  assert.equal(heap.libc_calloc!(50, 100), p);
  assert.ok(new Uint8Array(heap.memory.buffer, p, 5000).every((byte) => byte === 0));
});
