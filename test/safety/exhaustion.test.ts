// What must not fail does not allocate, or does without: exhaustion.py in the debug runtime with debug hooks, while all
// allocations fail from one on; and the end of a process in which none works any more.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { allocator } from "../../src/generated/constants.ts";
import { loadLibrary } from "../../src/process/load.ts";
import type { Process } from "../../src/process/process.ts";
import { leftovers, startProcess } from "../process/support.ts";

const FAIL_FROM = 1;
const { DEBUG_HOOKS } = allocator;

/** Runs a program whose readings of perf_counter() let allocations fail and work again, by turns. */
function run(program: string) {
  const output = { text: "", errors: "" };
  let round = -1;
  let armed = false;
  const process: Process = startProcess("debug", output, {
    allocator: { flags: DEBUG_HOOKS, geometry: 0, statistics: false },
    clock: {
      time: () => ++round,
      performance() {
        armed = !armed;
        // The reading itself makes a float.
        if (armed) process.runtime.setAllocationFailureMode(BigInt(2 + (round % 6)), FAIL_FROM);
        else process.runtime.setAllocationFailure(0n);
        return 0;
      },
    },
    library: loadLibrary(),
  });
  const status = process.runMain(new TextEncoder().encode(program), "exhaustion.py", true);
  return { process, status, text: output.text };
}

/** Takes the process down: nothing is damaged, nothing is left. */
function end(process: Process) {
  const { runtime } = process;
  assert.equal(runtime.checkHeap() || runtime.checkMalloc() || runtime.checkPages(), 0, "the heap is damaged");
  runtime.finalize();
  runtime.setAllocationFailure(0n);
  const left = leftovers(process);
  assert.equal(left.blocks, 0, left.names.slice(0, 20).join(", "));
}

test("what must not fail does not, while memory is gone", () => {
  const program = readFileSync(new URL("exhaustion.py", import.meta.url), "utf8");
  const { process, status, text } = run(program);
  assert.match(text, /^\d+ cases\n$/);
  assert.equal(status, 0);
  end(process);
});

const left = `
import _io, _weakref, _thread, gc, time
class A:
    def __del__(self): gone.append(1)
def g():
    try: yield
    finally: gone.append(2)
gone = []
class B(A): pass
a = [A() for i in range(9)]
a.append(a)
c = type("C", (B,), {"__slots__": ("x",)})()
c.x = c
i = g()
next(i)
r = _weakref.ref(c, print)
s = _io.BufferedReader(_io.BytesIO(b"x"))
l = _thread._local()
l.x = A()
`;

for (const [what, program] of Object.entries({
  "a program that has ended": left,
  "an exception that nobody catches": `${left}\nraise KeyError(a)\n`,
  exit: `${left}\nimport sys\nsys.exit(a)\n`,
})) {
  test(`finalization after ${what}, while memory is gone`, () => {
    const armed = program.replace(/\n(raise|sys\.exit|$)/, "\ntime.perf_counter()\n$1");
    const { process } = run(`${armed}\n`);
    end(process);
  });
}

const thread = `
import _thread, _weakref
class Held: pass
hold, refs, local = [], [], _thread._local()
def work():
    held = local.held = Held()
    refs.append(_weakref.ref(held))
    n = 1 << 20
    while n > 8:
        try: hold.append(bytearray(n))
        except MemoryError: n >>= 1
for i in range(3):
    _thread.start_joinable_thread(work).join()
    hold.clear()
    print([r() for r in refs], _thread._count())
`;

test("a thread ends while memory is gone", () => {
  const tool = fileURLToPath(new URL("../../tools/run/run.mjs", import.meta.url));
  const run = spawnSync(process.execPath, [tool, "--memory-limit", "40M", "-c", thread], { encoding: "utf8" });
  assert.equal(run.stdout, "[None] 0\n[None, None] 0\n[None, None, None] 0\n", run.stderr);
  assert.equal(run.status, 0, run.stderr);
});
