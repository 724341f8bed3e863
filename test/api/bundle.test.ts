// What `import "vitrine"` gives: the bundle finds its runtime from wherever the importing program is.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

test("the bundle runs in another folder", () => {
  const bundle = new URL("../../dist/index.mjs", import.meta.url).href;
  const folder = mkdtempSync(join(tmpdir(), "vitrine-"));
  try {
    const program = join(folder, "program.mjs");
    const source = `import { Interpreter, PythonError } from ${JSON.stringify(bundle)};
      const python = new Interpreter();
      python.run("x = [n * n for n in range(4)]");
      try { python.run("x[9]"); } catch (e) { console.log(e instanceof PythonError, e.type); }
      console.log(JSON.stringify(python.evaluate("x")), python.dispose());`;
    writeFileSync(program, source);
    const out = execFileSync(process.execPath, [program], { cwd: folder, encoding: "utf8" });
    assert.equal(out, "true IndexError\n[0,1,4,9] 0\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
