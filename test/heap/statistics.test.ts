// sys._debugmallocstats and sys.getallocatedblocks: the text of CPython 3.13.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadHeap } from "../../tools/heap/heap-module.ts";

test("the report, radix geometry", () => {
  const heap = loadHeap({ geometry: "radix", debug: true });
  const blocks = Array.from({ length: 1500 }, () => heap.PyObject_Malloc!(30));
  for (let i = 0; i < 100; i++) heap.PyObject_Malloc!(500);
  for (const p of blocks.slice(0, 200)) heap.PyObject_Free!(p);
  assert.equal(
    heap.text((sink) => heap.debugMallocStats!(sink)),
    `Small block threshold = 512, in 32 size classes.

class   size   num pools   blocks in use  avail blocks
-----   ----   ---------   -------------  ------------
    1     32           3            1300           230
   31    512           4             100            24

# arenas allocated total           =                    1
# arenas reclaimed                 =                    0
# arenas highwater mark            =                    1
# arenas allocated current         =                    1
1 arenas * 1048576 bytes/arena     =            1,048,576

# bytes in allocated blocks        =               92,800
# bytes in available blocks        =               19,648
57 unused pools * 16384 bytes      =              933,888
# bytes lost to pool headers       =                  336
# bytes lost to quantization       =                1,904
# bytes lost to arena alignment    =                    0
Total                              =            1,048,576

arena map counts
# arena map mid nodes              =                    1
# arena map bot nodes              =                    1

# bytes lost to arena map root     =              262,144
# bytes lost to arena map mid      =              262,144
# bytes lost to arena map bot      =              131,072
Total                              =              655,360
`,
  );
  assert.equal(heap.getallocatedblocks!(), 1400);
});

test("the report, classic geometry: the total is what the arenas take", () => {
  const heap = loadHeap({ debug: true });
  const blocks: number[] = [];
  for (let i = 0; i < 20_000; i++) blocks.push(heap.PyObject_Malloc!((i % 600) + 1));
  for (let i = 0; i < 20_000; i += 3) heap.PyObject_Free!(blocks[i]!);
  const report = heap.text((sink) => heap.debugMallocStats!(sink));
  const figure = (label: string) =>
    Number(new RegExp(`^${label} += +([\\d,]+)$`, "m").exec(report)![1]!.replaceAll(",", ""));
  assert.equal(figure("Total"), heap.arenasMapped!() * 256 * 1024);
  assert.equal(figure("# arenas allocated current"), heap.arenasMapped!());
  assert.doesNotMatch(report, /arena map/);
});

test("PYTHONMALLOCSTATS: a report before each arena", () => {
  const heap = loadHeap({ debug: true });
  heap.useErrorWrite!();
  heap.setDumpStatistics!(1);
  while (heap.arenasTaken!() < 3) heap.PyObject_Malloc!(512);
  const reports = heap.written.join("").split("Small block threshold");
  assert.equal(reports.length, 4);
  assert.match(reports[3]!, /# arenas allocated current {9}= {20}2\n/);
});
