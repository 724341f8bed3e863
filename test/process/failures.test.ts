// Every allocation is made to fail in turn, the first, the second, … to the last of each program: MemoryError, or its
// absence where CPython swallows it; never a trap, never a leak.
import assert from "node:assert/strict";
import { test } from "node:test";
import { programs } from "./programs.ts";
import { leftovers, startProcess } from "./support.ts";

const runs = Object.entries(programs).map(([name, source]) => ({ name, source, traceFrames: 0 }));
runs.push({ name: "classes, traced,", source: programs.classes!, traceFrames: 3 });

for (const { name, source, traceFrames } of runs) {
  test(`${name} survives the failure of each allocation`, () => {
    const bytes = new TextEncoder().encode(source);
    let failures = 0;
    for (let n = 3n; ; n++) {
      const output = { text: "", errors: "" };
      const process = startProcess("debug", output, { traceFrames });
      process.runtime.setAllocationFailure(n);
      const status = process.runMain(bytes, "program.py", true);
      const remaining = process.runtime.allocationsToFailure();
      process.runtime.setAllocationFailure(0n);
      if (status !== 0) {
        failures++;
        // A note tells where an attribute was to be told its name.
        assert.match(
          output.errors,
          /MemoryError\n(Error calling __set_name__ on .*\n)?$/,
          `allocation ${n}: ${output.errors}`,
        );
      }
      process.runtime.finalize();
      const left = leftovers(process);
      assert.equal(left.blocks, 0, `allocation ${n} leaves ${left.names.join(", ")}`);
      if (remaining > 0n) break;
    }
    assert.ok(failures > 50, `only ${failures} allocations failed visibly`);
  });
}

const FAIL_FROM = 1;
const long = `
def f(x):
    ${"x = [x, 1]\n    ".repeat(120)}
    try: raise KeyError(x)
    except ValueError: pass
    finally: x = [x]
try: f(0)
except KeyError: print("caught")
`;

for (const [name, source] of Object.entries({ ...programs, long })) {
  test(`${name} survives memory that is gone from one allocation on`, () => {
    const bytes = new TextEncoder().encode(source);
    for (let n = 3n; ; n += 41n) {
      const output = { text: "", errors: "" };
      const process = startProcess("debug", output);
      process.runtime.setAllocationFailureMode(n, FAIL_FROM);
      process.runMain(bytes, "program.py", true);
      const remaining = process.runtime.allocationsToFailure();
      process.runtime.setAllocationFailure(0n);
      process.runtime.finalize();
      const left = leftovers(process);
      assert.equal(left.blocks, 0, `allocation ${n} leaves ${left.names.join(", ")}`);
      if (remaining > 0n) break;
    }
  });
}
