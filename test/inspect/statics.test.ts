// Static memory of a module ends where its own headers say, whatever the kernel has joined to it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { staticMappings } from "../../src/inspect/roots/statics.ts";
import type { Mapping } from "../../src/inspect/source/capture.ts";
import { CHUNK, Memory } from "../../src/inspect/source/memory.ts";

const BASE = 0x7f0000000000;
const PATH = "/usr/lib/libpython3.12.so.1.0";
const mapping = (from: number, to: number, access: string, offset: number, path: string): Mapping => ({
  ...{ start: BASE + from, end: BASE + to, access, offset, path },
});
/** A module of 0x6000 bytes, the last 0x1800 without a file; behind it an arena, in the same mapping. */
const mappings = [
  mapping(0, 0x1000, "r--p", 0, PATH),
  mapping(0x1000, 0x3000, "r-xp", 0x1000, PATH),
  mapping(0x3000, 0x5000, "rw-p", 0x3000, PATH),
  mapping(0x5000, 0x45000, "rw-p", 0, ""),
];

function withHeaders(change: (view: DataView) => void = () => {}): Memory {
  const memory = new Memory();
  const words = new Uint32Array(CHUNK / 4);
  const view = new DataView(words.buffer);
  view.setUint32(0, 0x464c457f, true);
  view.setUint16(16, 3, true);
  view.setUint32(32, 64, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 2, true);
  // Address and size in memory of what is loaded.
  for (const [at, kind, address, size] of [
    [64, 1, 0, 0x3000],
    [120, 1, 0x3800, 0x2000],
  ] as const) {
    view.setUint32(at, kind, true);
    view.setUint32(at + 16, address, true);
    view.setUint32(at + 40, size, true);
  }
  change(view);
  memory.add(BASE, words);
  return memory;
}

const ranges = (memory: Memory) =>
  staticMappings(memory, mappings).map((m) => [m.start - BASE, m.end - BASE, m.path === "" ? "" : "module"]);

test("what follows a module is its own up to where its headers say", () => {
  assert.deepEqual(ranges(withHeaders()), [
    [0x3000, 0x5000, "module"],
    [0x5000, 0x6000, ""],
  ]);
});

test("where the headers cannot be read, or make no sense, all of it may be", () => {
  const whole = [
    [0x3000, 0x5000, "module"],
    [0x5000, 0x45000, ""],
  ];
  assert.deepEqual(ranges(new Memory()), whole);
  assert.deepEqual(ranges(withHeaders((view) => view.setUint16(56, 0xffff, true))), whole);
  assert.deepEqual(ranges(withHeaders((view) => view.setUint16(54, 1, true))), whole);
  // A module that ends before what follows begins.
  assert.deepEqual(ranges(withHeaders((view) => view.setUint32(160, 8, true))), [[0x3000, 0x5000, "module"]]);
});
