// The log of the heap against the machine's own counters: what its events say was returned is all that was.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeapEvent } from "../../src/generated/constants.ts";
import { roots, structs } from "../../src/generated/memory.ts";
import { forEachEvent } from "../../src/kernel/heaplog.ts";
import { startProcess } from "./support.ts";

const E = structs.heapevent;

const SOURCE = `
import gc
class N: pass
kept = []
for k in range(12):
    for i in range(2000):
        a, b = N(), N()
        a.b, b.a = b, a
    kept.append([[i] for i in range(4000)])
    big = bytearray(300000 + k)
    if k % 4 == 3: del kept[:3]
gc.collect()
del kept, big
`;

test("the sum of what was returned is what the machine counts", () => {
  const output = { text: "", errors: "" };
  let sum = 0;
  const kinds = new Map<number, number>();
  const process = startProcess("debug", output, {
    heapLog: {
      clock: () => performance.now() / 1000,
      write(events) {
        forEachEvent(events, (event) => {
          sum += event.u64(E.returned);
          const kind = event.u32(E.kind);
          kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        });
      },
    },
  });
  process.runtime.startHeapLog();
  assert.equal(process.runMain(new TextEncoder().encode(SOURCE), "program.py", true), 0, output.errors);
  process.runtime.finalize();
  process.runtime.endHeapLog();
  const machine = Number(new DataView(process.memory.buffer).getBigUint64(roots.os.returned[0], true));
  assert.equal(sum, machine);
  for (const kind of [HeapEvent.ARENA_TAKEN, HeapEvent.ARENA_RETURNED, HeapEvent.COLLECTION]) {
    assert.ok(kinds.get(kind)! > 3);
  }
});
