// A memory of which a few pieces are kept says the same as one that is there as a whole, whatever is read meanwhile.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mapping } from "../../src/inspect/source/capture.ts";
import { CHUNK, Memory } from "../../src/inspect/source/memory.ts";
import { PagedMemory, type PageReader } from "../../src/inspect/source/paged.ts";

const BASE = 0x7f0000000000;
const SIZE = 8 * CHUNK;

/** Every 512th word leads 5 MiB on, round and round. */
function memories(): Memory[] {
  const whole = new Memory();
  for (let base = BASE; base < BASE + SIZE; base += CHUNK) {
    const words = new Uint32Array(CHUNK / 4);
    for (let i = 0; i < words.length; i += 1024) {
      const target = BASE + ((base - BASE + 4 * i + 5 * CHUNK) % SIZE);
      words[i] = target % 2 ** 32;
      words[i + 1] = Math.floor(target / 2 ** 32);
    }
    whole.add(base, words);
  }
  const later = new Memory();
  for (let i = 0; i < whole.size; i++) later.addLater(whole.base(i), CHUNK, (words) => words.set(whole.words(i)));
  const mapping: Mapping = { start: BASE, end: BASE + SIZE, access: "rw-p", offset: 0, path: "" };
  const reader: PageReader = {
    mappings: [mapping],
    eachRun: (_mapping, start, end, run) => run(start, end, 0),
    read: (_from, _mapping, bytes, address) => bytes.set(whole.bytes(address, bytes.length)),
  };
  return [whole, later, new PagedMemory(reader, () => true)];
}

test("addresses are found alike, while those that are found are read", () => {
  const found = memories().map((memory) => {
    let sum = 0;
    const words: number[] = [];
    memory.eachAddress(BASE + 24, BASE + SIZE - 4096, (word, at) => {
      words.push(word - at);
      // As many other pieces as are kept: the one that is being read is forgotten.
      if (words.length % 7 === 0) for (let i = 0; i < 150; i++) sum += memory.u64(BASE + ((word + i * 40_960) % SIZE));
    });
    assert.ok(sum > 0);
    return words;
  });
  assert.equal(found[0]!.length, SIZE / 4096 - 2);
  assert.deepEqual(new Set(found[0]), new Set([5 * CHUNK, 5 * CHUNK - SIZE]));
  assert.deepEqual(found[1], found[0]);
  assert.deepEqual(found[2], found[0]);
});
