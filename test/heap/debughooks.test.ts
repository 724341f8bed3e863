// PYTHONMALLOC=debug: padding, fills, and the reports, word for word those of CPython 3.13.
import assert from "node:assert/strict";
import { test } from "node:test";
import { allocator } from "../../src/generated/constants.ts";
import { type Heap, loadHeap } from "../../tools/heap/heap-module.ts";

const { DEBUG_HOOKS, SERIAL_NUMBERS } = allocator;

const bytes = (heap: Heap, p: number, n: number) => Buffer.from(heap.memory.buffer, p, n).toString("hex");

/** What `f` writes to standard error before it ends the process. */
function report(heap: Heap, f: () => void): string {
  heap.useErrorWrite!();
  heap.written.length = 0;
  assert.throws(f, WebAssembly.RuntimeError);
  return heap.written.join("");
}

test("a block: size, domain, padding, clean data; dead when freed", () => {
  const heap = loadHeap({ flags: DEBUG_HOOKS });
  const p = heap.PyObject_Malloc!(20);
  assert.equal(bytes(heap, p - 16, 44), `0000000000000014${"6f"}${"fd".repeat(7)}${"cd".repeat(20)}${"fd".repeat(8)}`);
  assert.equal(heap.allocationSerial!(p), 0n);
  heap.PyObject_Free!(p);
  // The first eight bytes hold the free list.
  assert.equal(bytes(heap, p - 8, 36), "dd".repeat(36));
  const raw = heap.PyMem_RawCalloc!(2, 3);
  assert.equal(bytes(heap, raw - 8, 22), `72${"fd".repeat(7)}${"00".repeat(6)}${"fd".repeat(8)}`);
});

test("a large block of the object domain is padded by the raw domain as well", () => {
  const heap = loadHeap({ flags: DEBUG_HOOKS });
  const p = heap.PyObject_Malloc!(600);
  assert.equal(bytes(heap, p - 32, 9), "000000000000027072");
  assert.equal(bytes(heap, p - 16, 9), "00000000000002586f");
});

test("resizing keeps the contents and fills what is new", () => {
  const heap = loadHeap({ flags: DEBUG_HOOKS });
  for (const [n, m] of [
    [20, 21],
    [20, 300],
    [200, 600],
    [600, 700],
    [300, 100],
    [700, 20],
    [600, 300_000],
  ]) {
    const p = heap.PyObject_Malloc!(n!);
    for (let i = 0; i < n!; i++) new Uint8Array(heap.memory.buffer)[p + i] = i & 127;
    const q = heap.PyObject_Realloc!(p, m!);
    const expected = Array.from({ length: m! }, (_, i) => (i < n! ? i & 127 : 0xcd));
    assert.deepEqual([...new Uint8Array(heap.memory.buffer, q, m)], expected);
    heap.PyObject_Free!(q);
  }
  assert.equal(heap.getallocatedblocks!(), 0);
});

test("serial numbers count the requests", () => {
  const heap = loadHeap({ flags: DEBUG_HOOKS | SERIAL_NUMBERS });
  const [a, b] = [heap.PyObject_Malloc!(10), heap.PyMem_RawMalloc!(10)];
  assert.deepEqual([heap.allocationSerial!(a), heap.allocationSerial!(b)], [1n, 2n]);
  assert.equal(heap.allocationSerial!(heap.PyObject_Realloc!(a, 400)), 3n);
  heap.setAllocationFailure!(1n);
  assert.equal(heap.PyMem_RawRealloc!(b, 4000), 0);
  assert.equal(heap.allocationSerial!(b), 2n);
});

test("a run can be stopped at the request that made a block, where its stack can be seen", () => {
  const heap = loadHeap({ flags: DEBUG_HOOKS | SERIAL_NUMBERS, debug: true });
  heap.setSerialStop!(3n);
  heap.PyObject_Malloc!(10);
  heap.PyObject_Malloc!(10);
  assert.throws(
    () => heap.churn!(10, 1),
    (error: Error) => /PyObject_Malloc.*churn/s.test(error.stack!),
  );
});

test("a write behind the block", () => {
  const heap = loadHeap({ flags: DEBUG_HOOKS });
  const p = heap.PyObject_Malloc!(20);
  new Uint8Array(heap.memory.buffer)[p + 22] = 7;
  const expected = `Debug memory block at address p=0x${p.toString(16)}: API 'o'
    20 bytes originally requested
    The 7 pad bytes at p-7 are FORBIDDENBYTE, as expected.
    The 8 pad bytes at tail=0x${(p + 20).toString(16)} are not all FORBIDDENBYTE (0xfd):
        at tail+0: 0xfd
        at tail+1: 0xfd
        at tail+2: 0x07 *** OUCH
        at tail+3: 0xfd
        at tail+4: 0xfd
        at tail+5: 0xfd
        at tail+6: 0xfd
        at tail+7: 0xfd
    Data at p: cd cd cd cd cd cd cd cd ... cd cd cd cd cd cd cd cd

Enable tracemalloc to get the memory block allocation traceback

Fatal Python error: `;
  assert.equal(
    report(heap, () => heap.PyObject_Free!(p)),
    `${expected}_PyMem_DebugRawFree: bad trailing pad byte\n`,
  );
  assert.equal(
    report(heap, () => heap.PyObject_Realloc!(p, 50)),
    `${expected}_PyMem_DebugRawRealloc: bad trailing pad byte\n`,
  );
});

test("a write before the block", () => {
  const heap = loadHeap({ flags: DEBUG_HOOKS });
  const p = heap.PyMem_Malloc!(16);
  new Uint8Array(heap.memory.buffer)[p - 3] = 0x41;
  assert.equal(
    report(heap, () => heap.PyMem_Free!(p)),
    `Debug memory block at address p=0x${p.toString(16)}: API 'm'
    16 bytes originally requested
    The 7 pad bytes at p-7 are not all FORBIDDENBYTE (0xfd):
        at p-7: 0xfd
        at p-6: 0xfd
        at p-5: 0xfd
        at p-4: 0xfd
        at p-3: 0x41 *** OUCH
        at p-2: 0xfd
        at p-1: 0xfd
    Because memory is corrupted at the start, the count of bytes requested
       may be bogus, and checking the trailing pad bytes may segfault.
    The 8 pad bytes at tail=0x${(p + 16).toString(16)} are FORBIDDENBYTE, as expected.
    Data at p:${" cd".repeat(16)}

Enable tracemalloc to get the memory block allocation traceback

Fatal Python error: _PyMem_DebugRawFree: bad leading pad byte
`,
  );
});

test("a block freed through another domain, while tracing", () => {
  const heap = loadHeap({ flags: DEBUG_HOOKS });
  heap.useFrames!();
  heap.traceStart!(2);
  heap.at.frames = [
    [0, 12],
    [0, 3],
    [0, 1],
  ];
  const p = heap.PyMem_Malloc!(16);
  const text = report(heap, () => heap.PyMem_RawFree!(p));
  assert.match(
    text,
    /\nMemory block allocated at \(most recent call first\):\n {2}File "<unknown>", line 12\n {2}File "<unknown>", line 3\n\nFatal/,
  );
  assert.match(
    text,
    /Fatal Python error: _PyMem_DebugRawFree: bad ID: Allocated using API 'm', verified using API 'r'\n$/,
  );
});

test("a block freed twice", () => {
  const heap = loadHeap({ flags: DEBUG_HOOKS });
  const p = heap.PyObject_Malloc!(20);
  heap.PyObject_Free!(p);
  const text = report(heap, () => heap.PyObject_Free!(p));
  assert.match(
    text,
    / bytes originally requested\n {4}The 7 pad bytes at p-7 are not all FORBIDDENBYTE \(0xfd\):\n {8}at p-7: 0xdd \*\*\* OUCH\n/,
  );
  assert.match(
    text,
    /Fatal Python error: _PyMem_DebugRawFree: bad ID: Allocated using API '.', verified using API 'o'\n$/,
  );
});
