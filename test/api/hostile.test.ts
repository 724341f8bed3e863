// Some of the programs that want to harm who runs them (all of them: npm run fuzz:hostile).
import assert from "node:assert/strict";
import { test } from "node:test";
import { attempt, programs } from "./hostile.ts";

/** One in so many is run. */
const STEP = 15;
const TIME_LIMIT = 300;

test("hostile programs end in documented errors, and the interpreter goes on", () => {
  assert.ok(programs.length >= 300);
  for (let i = 7; i < programs.length; i += STEP) {
    const [name, source] = programs[i]!;
    const { ended, wrong } = attempt(source, TIME_LIMIT);
    assert.deepEqual(wrong, [], `${name} (${ended}): ${source.slice(0, 200)}`);
  }
});
