// The reader before a real CPython 3.13: its memory has the same structures, and it can say what is in them. Left out
// where there is none (or none with a shared library, or not on Linux).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { openImage } from "../../src/inspect/image.ts";
import { type Block, survey } from "../../src/inspect/survey.ts";
import { findOracle } from "../../tools/oracle/oracle.ts";

const dump = fileURLToPath(new URL("../../tools/oracle/dump_cpython.py", import.meta.url));
const python: string | null = process.platform === "linux" ? findOracle() : null;
const shared =
  python && execFileSync(python, ["-c", "import sysconfig; print(sysconfig.get_config_var('Py_ENABLE_SHARED'))"]);
const skip = String(shared).trim() === "1" ? false : "no CPython 3.13 with a shared library";

type Expected = [address: number, type: string, value: string | number | null];

for (const allocator of ["pymalloc", "pymalloc_debug"]) {
  test(`a CPython's objects, PYTHONMALLOC=${allocator}`, { skip }, () => {
    const folder = mkdtempSync(join(tmpdir(), "vitrine-cpython-"));
    try {
      const [image, expectations] = [join(folder, "image"), join(folder, "expectations.json")];
      execFileSync(python!, ["-I", dump, image, expectations], { env: { PYTHONMALLOC: allocator } });
      const { header, source } = openImage(readFileSync(image));
      const s = survey(source, header.roots);
      const blocks = [...s.pools.values()].flat();
      const byObject = new Map<number, Block>();
      for (const block of blocks) if (block.object) byObject.set(block.object.address, block);
      const inArena = (address: number) =>
        s.heap.arenas.some((arena) => address >= arena.address && address < arena.address + arena.size);
      let checked = 0;
      const expected: Expected[] = JSON.parse(readFileSync(expectations, "utf8"));
      for (const [address, type, value] of expected) {
        if (!inArena(address)) continue;
        const block = byObject.get(address);
        // What was made for the list of expectations itself may be gone.
        if (!block) assert.fail(`no ${type} found at 0x${address.toString(16)}`);
        assert.equal(block.name.split(".").at(-1), type);
        if (typeof value === "number") assert.match(s.describe(block), new RegExp(`^${value} items?$`));
        else if (value !== null && type === "int") assert.equal(s.describe(block), value);
        else if (value !== null && type === "str") assert.equal(s.describe(block), JSON.stringify(value));
        checked++;
      }
      assert.ok(checked > 5000, `${checked} objects were compared`);
      const unknown = blocks.filter((b) => b.kind === "unknown" && !/domain$/.test(b.name));
      assert.ok(unknown.length < blocks.length / 100, `${unknown.length} of ${blocks.length} blocks are unknown`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
