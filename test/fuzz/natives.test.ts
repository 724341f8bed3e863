// A short run of tools/fuzz/natives.ts, with and without failing allocations: nothing may be found but what is known.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hunt, knownFindings } from "../../tools/fuzz/natives.ts";
import { runProgram } from "../../tools/fuzz/session.ts";

const known = knownFindings();

for (const oom of [false, true]) {
  test(`native things called with objects that do harm${oom ? " while memory runs out" : ""}`, async () => {
    const found = await hunt(3000, oom ? 21 : 1, 1, oom);
    const fresh = [...found.values()].filter(({ failure }) => !known.some(({ seen }) => seen === failure.what));
    assert.deepEqual(
      fresh.map(({ failure, at }) => `${failure.what} (case ${at})`),
      [],
    );
  });
}

for (const { name, seen, program } of known) {
  test(`${name} still fails as it says`, () => {
    assert.equal(runProgram(program)?.what, seen, "it no longer does: to be taken out, its program to become a test");
  });
}
