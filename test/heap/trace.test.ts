// What tracemalloc is built on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadHeap } from "../../tools/heap/heap-module.ts";

const [MEMORY, PEAK, COUNT] = [0, 1, 2];
const FILE = 0x400;

function traced(limit: number) {
  const heap = loadHeap({ debug: true });
  heap.useFrames!();
  heap.at.frames = [[FILE, 1]];
  assert.equal(heap.traceStart!(limit), 1);
  return heap;
}

test("blocks of all domains are traced, with what was asked for", () => {
  const heap = loadHeap({ debug: true });
  heap.useFrames!();
  const before = heap.PyObject_Malloc!(50);
  heap.traceStart!(1);
  heap.PyObject_Free!(before);
  const blocks = [
    heap.PyObject_Malloc!(10),
    heap.PyMem_Malloc!(1000),
    heap.PyMem_RawMalloc!(5),
    heap.PyObject_Calloc!(7, 3),
  ];
  assert.equal(heap.traceFigure!(COUNT), 4, "a large block counts once");
  assert.equal(heap.traceFigure!(MEMORY), 1036);
  blocks[0] = heap.PyObject_Realloc!(blocks[0]!, 200);
  assert.equal(heap.traceFigure!(MEMORY), 1226);
  heap.PyObject_Free!(blocks[0]!);
  heap.PyMem_Free!(blocks[1]!);
  heap.PyMem_RawFree!(blocks[2]!);
  assert.deepEqual([heap.traceFigure!(MEMORY), heap.traceFigure!(PEAK), heap.traceFigure!(COUNT)], [21, 1226, 1]);
  heap.traceResetPeak!();
  assert.equal(heap.traceFigure!(PEAK), 21);
  assert.ok(heap.traceOverhead!() > 16 * 1024);
  heap.traceClear!();
  assert.deepEqual([heap.traceFigure!(MEMORY), heap.traceFigure!(PEAK), heap.traceFigure!(COUNT)], [0, 0, 0]);
  heap.traceStop!();
  heap.PyObject_Free!(blocks[3]!);
  assert.equal(heap.getallocatedblocks!(), 0);
  assert.equal(heap.checkAll!(), 0);
});

test("a traceback keeps as many frames as the limit says, and counts them all", () => {
  const heap = traced(2);
  heap.at.frames = [
    [FILE, 30],
    [FILE, 20],
    [FILE, 10],
  ];
  const p = heap.PyObject_Malloc!(10);
  const same = heap.PyObject_Malloc!(10);
  heap.at.frames = [
    [FILE, 31],
    [FILE, 20],
    [FILE, 10],
  ];
  const other = heap.PyObject_Malloc!(10);
  const of = (block: number) => heap.traceTraceback!(0, block);
  assert.equal(of(p), of(same));
  assert.notEqual(of(p), of(other));
  assert.deepEqual([heap.tracebackLength!(of(p)), heap.tracebackTotal!(of(p))], [2, 3]);
  assert.deepEqual(
    [0, 1].map((i) => heap.tracebackLine!(of(p), i)),
    [30, 20],
  );
  assert.equal(heap.tracebackFile!(of(p), 0), FILE);
  assert.equal(of(p + 8), 0);
});

test("nothing is recorded while nothing is traced", () => {
  const heap = loadHeap({ debug: true });
  assert.equal(heap.traceTrack!(0, 0x1230, 10), 0);
  heap.traceUntrack!(0, 0x1230);
  heap.traceNewReference!(0x1230);
  assert.equal(heap.traceTraceback!(0, 0x1230), 0);
  assert.equal(heap.traceOverhead!(), 0);
});

test("other domains are kept apart", () => {
  const heap = traced(1);
  assert.equal(heap.traceTrack!(5, 0x1234, 100), 1);
  assert.equal(heap.traceTrack!(6, 0x1234, 10), 1);
  assert.equal(heap.traceFigure!(MEMORY), 110);
  assert.equal(heap.traceTrack!(5, 0x1234, 50), 1);
  assert.equal(heap.traceFigure!(MEMORY), 60);
  heap.traceUntrack!(5, 0x1234);
  assert.deepEqual([heap.traceTraceback!(5, 0x1234), heap.traceTraceback!(6, 0x1234) !== 0], [0, true]);
});

test("the table stays right through growth and removal", () => {
  const heap = traced(1);
  const blocks = new Map<number, number>();
  let state = 12345;
  const random = (n: number) => (state = (Math.imul(state, 1103515245) + 12345) >>> 1) % n;
  for (let i = 0; i < 30_000; i++) {
    if (random(3) || blocks.size === 0) {
      heap.at.frames = [[FILE, random(3000)]];
      const n = random(600);
      blocks.set(heap.PyObject_Malloc!(n), heap.at.frames[0]![1]);
    } else {
      const p = [...blocks.keys()][random(Math.min(blocks.size, 50))]!;
      heap.PyObject_Free!(p);
      blocks.delete(p);
    }
  }
  assert.equal(heap.traceFigure!(COUNT), blocks.size);
  for (const [p, line] of blocks) assert.equal(heap.tracebackLine!(heap.traceTraceback!(0, p), 0), line);
  const snapshot = heap.traceSnapshot!();
  const words = new Uint32Array(heap.memory.buffer, snapshot, blocks.size * 4);
  assert.deepEqual(
    Array.from({ length: blocks.size }, (_, i) => words[i * 4]!).sort((a, b) => a - b),
    [...blocks.keys()].sort((a, b) => a - b),
  );
  heap.libc_free!(snapshot);
  assert.equal(heap.checkAll!(), 0);
});

test("where there is no memory for a trace, the request fails", () => {
  const heap = loadHeap({ limit: 2 << 20, debug: true });
  heap.useFrames!();
  heap.traceStart!(1);
  const blocks: number[] = [];
  for (let p: number; (p = heap.PyObject_Malloc!(16)); ) blocks.push(p);
  assert.equal(heap.traceFigure!(COUNT), blocks.length);
  for (const p of blocks) heap.PyObject_Free!(p);
  assert.equal(heap.traceFigure!(COUNT), 0);
  assert.equal(heap.getallocatedblocks!(), 0);
  assert.equal(heap.checkAll!(), 0);
});
