// Tracing in a whole process: what it does when memory runs out, and what it adds to the report of the debug hooks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { allocator } from "../../src/generated/constants.ts";
import { leftovers, startProcess } from "./support.ts";

const { DEBUG_HOOKS } = allocator;

const encode = (text: string) => new TextEncoder().encode(text);

test("where memory runs out while tracing, the program gets MemoryError and goes on", () => {
  const program = encode(`
import _tracemalloc
kept = []
def fill():
    text = "x"
    while True: kept.append([text + str(len(kept)), bytearray(500), 1.5 * len(kept)])
failed = 0
for _ in range(3):
    try: fill()
    except MemoryError:
        kept.clear()
        failed += 1
    try: _tracemalloc._get_traces()
    except MemoryError: pass
_tracemalloc.clear_traces()
print(failed, _tracemalloc.is_tracing(), len([[i] for i in range(1000)]))
`);
  for (let i = 0; i < 12; i++) {
    const output = { text: "", errors: "" };
    const process = startProcess("debug", output, { traceFrames: 2 });
    process.runtime.setMemoryLimit((6 << 20) + i * 50_000);
    assert.equal(process.runMain(program, "program.py", true), 0, output.errors);
    assert.equal(output.text, "3 True 1000\n");
    assert.deepEqual([process.runtime.checkHeap(), process.runtime.checkMalloc()], [0, 0]);
    process.runtime.finalize();
    const left = leftovers(process);
    assert.equal(left.blocks, 0, left.names.join(", "));
  }
});

test("a block that is resized where there is no memory for its trace is resized all the same", () => {
  const output = { text: "", errors: "" };
  const process = startProcess("debug", output, { traceFrames: 1 });
  // Room enough for the second program, in pools that the first one leaves.
  process.runMain(encode("b = bytearray(200_000)\njunk = [[i] for i in range(3000)]\ndel junk"), "program.py", true);
  process.runtime.setMemoryLimit(1);
  process.runMain(encode("del b[100_000:]\nprint(len(b))"), "program.py", true);
  process.runtime.setMemoryLimit(0);
  assert.equal(output.text, "100000\n", output.errors);
});

test("the debug hooks report where a damaged block was allocated", () => {
  const output = { text: "", errors: "" };
  const allocator = { geometry: 0, flags: DEBUG_HOOKS, statistics: false };
  const process = startProcess("debug", output, { traceFrames: 5, allocator });
  const program = `
def make(n):
    return bytearray(n)
def outer():
    return make(20)

damaged = outer()
print(id(damaged))
`;
  assert.equal(process.runMain(encode(program), "caf\u00e9.py", true), 0, output.errors);
  const bytes = Number(new DataView(process.memory.buffer).getBigUint64(Number(output.text) + 32, true));
  new Uint8Array(process.memory.buffer)[bytes + 21] = 7;
  assert.throws(() => process.runMain(encode("del damaged"), "program.py", true), WebAssembly.RuntimeError);
  assert.match(
    output.errors,
    /\nMemory block allocated at \(most recent call first\):\n {2}File "caf\\xe9.py", line 3\n {2}File "caf\\xe9.py", line 5\n {2}File "caf\\xe9.py", line 7\n\nFatal Python error: _PyMem_DebugRawFree: bad trailing pad byte\n/,
  );
});
