// The choice of the allocator.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { AllocatorError, chooseAllocator, geometries } from "../../src/host/allocator.ts";

const source = (file: string) => readFileSync(new URL(`../../assembly/memory/${file}.ts`, import.meta.url), "utf8");
const constant = (file: string, name: string) =>
  Number(new RegExp(`const ${name}: u32 = (\\d+);`).exec(source(file))![1]);

test("names are CPython's, numbers are the allocator's", () => {
  const [libc, debug] = [constant("flags", "USE_LIBC"), constant("flags", "DEBUG_HOOKS")];
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
  for (const [i, name] of geometries.entries()) assert.equal(constant("geometry", `GEOMETRY_${name.toUpperCase()}`), i);
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
  assert.throws(() => chooseAllocator({}, "square"), AllocatorError);
});
