// What `import "vitrine"` gives: the bundle finds its runtime from wherever the importing program is, and has types.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

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

test("the package has types", () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "vitrine-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules/vitrine"));
    const program = join(folder, "program.ts");
    const source = `import { Interpreter, type Survey } from "vitrine";
      const python = new Interpreter({ memoryLimit: 1 << 26 });
      const survey: Survey = python.survey();
      export const count: number = survey.totals[0]!.count;
      // @ts-expect-error: a number
      export const left: string = python.dispose();`;
    writeFileSync(program, source);
    const flags = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--types", ""];
    execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), ...flags, program], {
      cwd: folder,
      encoding: "utf8",
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
