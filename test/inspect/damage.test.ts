// Images that were cut off, changed or written by something else: an error in words or a report, never an exception of
// JavaScript's, never a loop without end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "../../src/inspect/findings.ts";
import { ImageError, openImage } from "../../src/inspect/source/image.ts";
import { DamageError } from "../../src/inspect/source/memory.ts";
import { saveImage } from "../../src/inspect/source/saved.ts";
import { findingsJson } from "../../src/view/json.ts";
import { page } from "../../src/view/page.ts";
import { report } from "../../src/view/report.ts";
import { Random } from "../../tools/fuzz/random.ts";
import { Process } from "./process.ts";

const p = new Process();
const ints = Array.from({ length: 5000 }, (_, i) => p.int(i));
for (let i = 0; i < 20; i++) p.list(ints.slice(i * 100, i * 200));
p.str("x".repeat(3000));
const Sub = p.heapType("Sub", 40);
p.list([], Sub);
const image = saveImage(p.memory, ["damage.py"]);
const headerEnd = 16 + new DataView(image.buffer).getUint32(8, true);

const numbers = new Random(20260101);
/** A number below `n`. */
const random = (n: number) => numbers.below(n);

const values = [0, 1, 8, 0x7fffffff, 0xffffffff, 0x2000000];
const ways: Record<string, (image: Uint8Array, view: DataView) => Uint8Array> = {
  "cut off": (image) => image.subarray(0, random(image.length)),
  "bytes of the header": (image) => {
    for (let i = 0; i < 3; i++) image[random(headerEnd)] = random(256);
    return image;
  },
  "digits of the header": (image) => {
    for (let i = 16; i < headerEnd; i++)
      if (/\d/.test(String.fromCharCode(image[i]!)) && random(300) === 0) image[i] = 48 + random(10);
    return image;
  },
  "bytes of the memory": (image) => {
    for (let i = 0; i < 30; i++) image[headerEnd + random(image.length - headerEnd)] = random(256);
    return image;
  },
  "words of the memory": (image, view) => {
    for (let i = 0; i < 60; i++) {
      const at = headerEnd + 4 * random((image.length - headerEnd) / 4 - 1);
      view.setUint32(at, random(2) ? values[random(values.length)]! : random(2 ** 32), true);
    }
    return image;
  },
  "a run of bytes": (image) => image.fill(random(256), headerEnd + random(image.length - headerEnd)),
};

for (const [name, damage] of Object.entries(ways)) {
  test(`${name}: an error in words, or what can be read`, () => {
    for (let i = 0; i < 60; i++) {
      const copy = image.slice();
      const damaged = damage(copy, new DataView(copy.buffer));
      const start = process.cpuUsage();
      try {
        const { header, memory } = openImage(damaged);
        const found = inspect(memory, header.program);
        report(found);
        JSON.stringify(findingsJson(found));
        page(found);
      } catch (error) {
        assert.ok(error instanceof ImageError || error instanceof DamageError, `${(error as Error).stack}`);
      }
      // Of the processor: a busy machine takes longer.
      const { user, system } = process.cpuUsage(start);
      assert.ok(user + system < 5e6, `it takes ${(user + system) / 1e6} s`);
    }
  });
}

test("what is no image at all", () => {
  for (const bytes of [
    new Uint8Array(0),
    new Uint8Array(7),
    new TextEncoder().encode("VITRHEAP"),
    new Uint8Array(4096),
  ])
    assert.throws(() => openImage(bytes), ImageError);
  const other = image.slice();
  new DataView(other.buffer).setUint32(12, 9, true);
  assert.throws(() => openImage(other), /a heap image of format 9; this version reads format 2/);
  for (const text of ["null", "[]", "1", '{"fingerprint":1}', '{"fingerprint":"cpython"}', "{"]) {
    const json = new TextEncoder().encode(text);
    const made = new Uint8Array(16 + json.length);
    made.set(image.subarray(0, 16));
    made.set(json, 16);
    new DataView(made.buffer).setUint32(8, json.length, true);
    assert.throws(() => openImage(made), /^Error: its header is damaged$/);
  }
});
