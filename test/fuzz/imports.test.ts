// A few cases of `npm run fuzz:imports`: allocations fail while modules are imported.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FAIL_FROM, FAIL_ONE, tryImport } from "../../tools/fuzz/imports.ts";

const every = (step: number, most: number) => Array.from({ length: Math.floor(most / step) }, (_, i) => 4 + i * step);

for (const [module, allocations] of Object.entries({
  json: every(1499, 22_000),
  dataclasses: [20_000],
  asyncio: [75_000],
})) {
  test(`import ${module} survives that allocations fail`, () => {
    for (const n of allocations)
      for (const mode of [FAIL_ONE, FAIL_FROM]) {
        const { wrong, failed } = tryImport({ module, n, mode });
        assert.equal(wrong, undefined, `allocation ${n}, mode ${mode}`);
        assert.ok(failed, `allocation ${n} is done without`);
      }
  });
}
