// The recorded programs of threads (test/python/threads, made by tools/fuzz/threads.ts) in the debug runtime, which gives the
// lock of the interpreter away after every tenth instruction: they print what CPython prints, the heap is whole at the end,
// and nothing is left over.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = `${root}test/python/threads`;
const programs = readdirSync(folder).filter((name) => name.endsWith(".py"));
assert.ok(programs.length >= 16);

for (const program of programs) {
  test(`${program}, a hand-over at every tenth instruction`, () => {
    const run = spawnSync(process.execPath, [`${root}tools/run/run.mjs`, "--stress", "10", program], {
      cwd: folder,
      encoding: "utf8",
      timeout: 120_000,
      env: { ...process.env, PYTHONHASHSEED: "0" },
    });
    assert.equal(run.stdout, readFileSync(`${folder}/${program.replace(".py", ".out")}`, "utf8"));
    // A daemonic thread that is still at work keeps what it uses, in CPython too.
    const hasDaemon = readFileSync(`${folder}/${program}`, "utf8").includes("daemon=True");
    assert.equal(run.status, hasDaemon ? 3 : 0, run.stderr.slice(0, 2000));
  });
}

// The end of the process comes while another thread is within a collection, which it never goes on with.
const collecting = `
import gc, threading, time, weakref
class Cycle:
    def __init__(self): self.me = self
class Told(Cycle):
    def __del__(self): print("finalized")
inside = threading.Event()
def stay(_=None):
    inside.set()
    time.sleep(1000)
class Stays(Cycle):
    __del__ = stay
def work():
    made = MADE
    del made
    gc.collect()
threading.Thread(target=work, daemon=True).start()
inside.wait()
for _ in range(3): Told()
print(gc.collect())
`;
for (const [where, made] of Object.entries({
  "a finalizer": "[Cycle() for _ in range(10)] + [Stays(), Cycle()]",
  "the callback of a weak reference": "[Cycle() for _ in range(10)]\n    refs = [weakref.ref(c, stay) for c in made]",
  "the end of an object":
    "Cycle()\n    made.end = type('End', (), {'__del__': stay})()\n    made.end.__class__.__del__ = stay",
})) {
  test(`a daemonic thread is left within a collection, in ${where}`, () => {
    const args = ["-c", collecting.replace("MADE", made)];
    const run = spawnSync(process.execPath, [`${root}tools/run/run.mjs`, ...args], {
      encoding: "utf8",
      timeout: 120_000,
    });
    // The last collections find what it could not. What the thread's frames hold is left over.
    assert.deepEqual([run.stdout, run.status], ["0\nfinalized\nfinalized\nfinalized\n", 3], run.stderr.slice(0, 2000));
    assert.match(run.stderr, /^\d+ blocks are left over:\n/);
  });
}
