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

for (const [error, body] of Object.entries({
  "ZeroDivisionError: division by zero": "return f(n - 1) if n else 1 / 0",
  // The names that a frame sees that has ended are gone through.
  "NameError: name 'valu' is not defined. Did you mean: 'value'\\?": "return valu",
})) {
  test(`an uncaught exception leaves nothing behind: ${error}`, () => {
    const output = { text: "", errors: "" };
    const process = startProcess("debug", output);
    const source = `def f(n, value=0):\n    ${body}\nf(5)\n`;
    assert.equal(process.runMain(new TextEncoder().encode(source), "program.py", true), 1);
    assert.match(output.errors, new RegExp(`${error}\n$`));
    process.runtime.finalize();
    assert.equal(leftovers(process).blocks, 0);
  });
}
