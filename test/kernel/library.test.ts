// The standard library as a part of the kernel.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadLibrary } from "../../src/process/load.ts";

const HEAD = 16;

test("what a .pyc file of the library has behind its head is known again, and nothing else", () => {
  const library = loadLibrary();
  const colorsys = library.read("__pycache__/colorsys.cpython-313.pyc")!;
  const code = Uint8Array.from(colorsys.subarray(HEAD));
  assert.equal(library.compiled(code), true);
  assert.equal(library.compiled(code.subarray(1)), false);
  assert.equal(library.compiled(Uint8Array.from([...code, 0])), false);
  const changed = code.slice();
  changed[changed.length >> 1]! ^= 1;
  assert.equal(library.compiled(changed), false);
  // A source is not code, and does not make what was read before forgotten.
  assert.ok(library.read("colorsys.py"));
  assert.equal(library.compiled(code), true);
  assert.ok(library.read("__pycache__/bisect.cpython-313.pyc"));
  assert.equal(library.compiled(code), false);
});
