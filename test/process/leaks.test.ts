// After a program ends and the process is taken down, nothing may be left: no block, no arena.
import assert from "node:assert/strict";
import { test } from "node:test";
import { programs } from "./programs.ts";
import { leftovers, startProcess } from "./support.ts";

for (const build of ["debug", "vitrine", "vitrine.shared"]) {
  for (const [name, source] of Object.entries(programs)) {
    test(`${name} leaves nothing behind (${build})`, () => {
      const output = { text: "", errors: "" };
      const process = startProcess(build.split(".")[0]!, output, { shared: build.endsWith(".shared") });
      assert.equal(process.runMain(new TextEncoder().encode(source), "program.py", true), 0, output.errors);
      process.runtime.finalize();
      assert.deepEqual(leftovers(process), { blocks: 0, arenas: 0, names: [] });
    });
  }
}

test("an uncaught exception leaves nothing behind", () => {
  const output = { text: "", errors: "" };
  const process = startProcess("debug", output);
  const source = "def f(n):\n    return f(n - 1) if n else 1 / 0\nf(5)\n";
  assert.equal(process.runMain(new TextEncoder().encode(source), "program.py", true), 1);
  assert.match(output.errors, /ZeroDivisionError: division by zero\n$/);
  process.runtime.finalize();
  assert.equal(leftovers(process).blocks, 0);
});
