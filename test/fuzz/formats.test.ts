// What is read from outside, damaged at random: pickles, marshalled objects, structs, text of bytes, JSON, regular expressions,
// archives, compressed data, files of code.
import assert from "node:assert/strict";
import { test } from "node:test";
import { damageFormats } from "../../tools/fuzz/formats.ts";

test("damaged formats raise or are read", () => {
  const { found, read } = damageFormats(3000, 1);
  assert.deepEqual([...found.keys()], []);
  assert.ok(read > 300, `only ${read} could be read`);
});
