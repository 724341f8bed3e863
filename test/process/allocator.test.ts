// The choice of the allocator.
import assert from "node:assert/strict";
import { test } from "node:test";
import { allocator } from "../../src/generated/constants.ts";
import { chooseAllocator } from "../../src/process/allocator.ts";
import { ConfigError } from "../../src/process/config.ts";

test("names are CPython's, numbers are the allocator's", () => {
  const { USE_LIBC: libc, DEBUG_HOOKS: debug } = allocator;
  const flags = (name: string) => chooseAllocator({ PYTHONMALLOC: name }).flags;
  assert.deepEqual(["", "default", "pymalloc", "debug", "pymalloc_debug", "malloc", "malloc_debug"].map(flags), [
    0,
    0,
    0,
    debug,
    debug,
    libc,
    libc | debug,
  ]);
});

test("the command line goes before the environment", () => {
  assert.equal(chooseAllocator({}).geometry, 0);
  assert.equal(chooseAllocator({ VITRINE_ARENA_GEOMETRY: "radix" }).geometry, 1);
  assert.equal(chooseAllocator({ VITRINE_ARENA_GEOMETRY: "radix" }, "classic").geometry, 0);
  assert.equal(chooseAllocator({ PYTHONMALLOCSTATS: "1" }).statistics, true);
});

test("what does not exist is refused", () => {
  assert.throws(() => chooseAllocator({ PYTHONMALLOC: "toString" }), {
    message: /^Fatal Python error: preconfig_init_allocator: PYTHONMALLOC: unknown allocator\n/,
  });
  assert.throws(() => chooseAllocator({}, "square"), ConfigError);
});
