// Programs that would break a machine that trusts what it is told: each in the debug runtime with debug hooks, against
// the output that CPython 3.13.0 gives. Afterwards the heap is whole, and nothing is left over.
//
// NAME.out is recorded by `PYTHONHASHSEED=0 python3.13 -W ignore NAME.py` (but those of chains.py and references.py,
// in which CPython crashes: the outputs say what is right); what goes to standard error is not compared.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { allocator } from "../../src/generated/constants.ts";
import { leftovers, startProcess } from "../process/support.ts";

const folder = new URL("programs/", import.meta.url);

for (const file of readdirSync(folder).filter((name) => name.endsWith(".py"))) {
  test(`${file} does what it does in CPython`, () => {
    const source = readFileSync(new URL(file, folder));
    const expected = readFileSync(new URL(file.replace(/\.py$/, ".out"), folder), "utf8");
    const output = { text: "", errors: "" };
    const hooks = { geometry: 0, flags: allocator.DEBUG_HOOKS, statistics: false };
    const process = startProcess("debug", output, { allocator: hooks });
    const status = process.runMain(source, file, true);
    assert.equal(output.text, expected, output.errors);
    assert.equal(status, 0, output.errors);
    const { runtime } = process;
    assert.equal(runtime.checkHeap() || runtime.checkMalloc() || runtime.checkPages(), 0, "the heap is damaged");
    runtime.finalize();
    const left = leftovers(process);
    assert.equal(left.blocks, 0, left.names.slice(0, 20).join(", "));
  });
}
