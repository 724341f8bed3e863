// PYTHONMALLOC=debug in a whole process: damage is reported, then where the program was, as CPython 3.13 does it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { allocator } from "../../src/generated/constants.ts";
import { compileService } from "../../src/kernel/compile.ts";
import { Process } from "../../src/process/process.ts";
import { runtimeModule } from "./support.ts";

const { DEBUG_HOOKS } = allocator;

/** Runs `source`; each time it prints, `onPrint` is called. What went to standard error before the process ended. */
function errorsOf(source: string, onPrint: (process: Process) => void): string {
  const decoder = new TextDecoder();
  let errors = "";
  const process = new Process(runtimeModule("debug"), {
    allocator: { geometry: 0, flags: DEBUG_HOOKS, statistics: false },
    memoryLimit: 0,
    hashSeed: [0n, 0n],
    nativeDepth: 60,
    services: {
      streams: {
        output(fd, bytes) {
          if (fd === 1) onPrint(process);
          else errors += decoder.decode(bytes.slice());
          return bytes.length;
        },
        input: () => 0,
        isTerminal: () => false,
      },
      compile: compileService,
    },
  });
  assert.throws(() => process.runMain(new TextEncoder().encode(source), "dämage.py", true), WebAssembly.RuntimeError);
  // It is found while standard output is being written, which therefore cannot be flushed.
  return errors.replace(/Exception ignored on flushing sys\.stdout:\n[^]*/, "");
}

const program = `
def inner():
    print("now", flush=True)

class C:
    def method(self):
        inner()

C().method()
`;

const where = `Python runtime state: initialized

Current thread 0x0000000000106000 (most recent call first):
  File "d\\xe4mage.py", line 3 in inner
  File "d\\xe4mage.py", line 7 in method
  File "d\\xe4mage.py", line 9 in <module>
`;

test("an overrun: the block, the fault, the frames", () => {
  let address = 0;
  const errors = errorsOf(program, ({ runtime, memory }) => {
    if (address) return;
    address = runtime.PyMem_RawMalloc(5);
    new Uint8Array(memory.buffer)[address + 5] = 7;
    runtime.PyMem_RawFree(address);
  });
  const tail = (address + 5).toString(16);
  assert.equal(
    errors,
    `Debug memory block at address p=0x${address.toString(16)}: API 'r'
    5 bytes originally requested
    The 7 pad bytes at p-7 are FORBIDDENBYTE, as expected.
    The 8 pad bytes at tail=0x${tail} are not all FORBIDDENBYTE (0xfd):
        at tail+0: 0x07 *** OUCH
${[1, 2, 3, 4, 5, 6, 7].map((i) => `        at tail+${i}: 0xfd\n`).join("")}    Data at p: cd cd cd cd cd

Enable tracemalloc to get the memory block allocation traceback

Fatal Python error: _PyMem_DebugRawFree: bad trailing pad byte
${where}`,
  );
});

test("a block freed twice", () => {
  let done = false;
  const errors = errorsOf(program, ({ runtime }) => {
    if (done) return;
    done = true;
    const p = runtime.PyMem_RawMalloc(100);
    runtime.PyMem_RawFree(p);
    runtime.PyMem_RawFree(p);
  });
  assert.ok(errors.includes("Fatal Python error: _PyMem_DebugRawFree: bad ID: Allocated using API '"), errors);
  assert.ok(errors.endsWith(where), errors);
});

test("a hundred frames at most, and names of any characters", () => {
  let done = false;
  const source = `def ${"ö"}(n):\n    if n: ${"ö"}(n - 1)\n    else: print("x", flush=True)\n${"ö"}(150)\n`;
  const errors = errorsOf(source, ({ runtime, memory }) => {
    if (done) return;
    done = true;
    const p = runtime.PyMem_RawMalloc(1);
    new Uint8Array(memory.buffer)[p - 1] = 0;
    runtime.PyMem_RawFree(p);
  });
  const lines = errors.slice(errors.indexOf("Current thread")).trimEnd().split("\n").slice(1);
  assert.equal(lines.length, 100);
  assert.equal(lines[0], '  File "d\\xe4mage.py", line 3 in \\xf6');
  assert.equal(lines[99], '  File "d\\xe4mage.py", line 2 in \\xf6');
});
