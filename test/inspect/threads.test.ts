// What the reader says of threads: each one's state, its frames and memory, what it waits for, and what it keeps alive.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect } from "../../src/inspect/findings.ts";
import { openImageFile } from "../../src/inspect/source/image.ts";
import { findingsJson } from "../../src/view/json.ts";
import { report } from "../../src/view/report.ts";

const command = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vitrine-threads-"));
after(() => rmSync(folder, { recursive: true }));

/** What is found at the end of a program, whose threads go on. */
function found(code: string) {
  const [program, image] = [join(folder, "program.py"), join(folder, "heap.image")];
  writeFileSync(program, code);
  const run = spawnSync(process.execPath, [command, "--heap-image", image, program], { encoding: "utf8" });
  assert.deepEqual([run.stderr, run.status], ["", 0]);
  return inspect(openImageFile(image).memory, [program]);
}

test("the threads of a program, each with what it does", () => {
  const findings = found(`
import sys, threading, time
lock, other = threading.Lock(), threading.RLock()
lock.acquire()
other.acquire()
def work():
    n = 0
    while True: n += 1
class Server:
    def wait(self, n):
        if n: return self.wait(n - 1)
        lock.acquire()
def outer(): Server().wait(400)
def hold():
    held_by_a_thread = ["x" * 100_000 + str(i) for i in range(10)]
    other.acquire()
def sleep(): time.sleep(1000)
def wait_for(): threading.enumerate()[1].join()
for target in work, outer, hold, sleep, wait_for:
    threading.Thread(target=target, daemon=True).start()
names = {"work", "wait", "hold", "sleep", "join", "<module>"}
while {f.f_code.co_name for f in sys._current_frames().values()} != names: time.sleep(0.05)
time.sleep(0.5)
`);
  const { threads, lock } = findings.threads!;
  const told = threads.map(({ number, does, waitsFor, frames }) => [
    number,
    does,
    waitsFor?.type,
    frames[0]?.name,
    frames.length,
  ]);
  assert.deepEqual(told, [
    [1, "has the lock of the interpreter", undefined, undefined, 0],
    [2, "waits for the lock of the interpreter", undefined, "work", 4],
    [3, "waits for a lock", "_thread.lock", "Server.wait", 405],
    [4, "waits for a lock", "_thread.RLock", "hold", 4],
    [5, "sleeps", undefined, "sleep", 4],
    [6, "waits for a thread's end", "_thread._ThreadHandle", "Thread.join", 5],
  ]);
  assert.deepEqual([lock.held, lock.wanted], [true, 1]);
  assert.ok(lock.switches > 5, String(lock.switches));
  assert.deepEqual([...new Set(threads.map((t) => t.scratchBytes))], [48 * 1024 * 8]);
  // Hundreds of frames are more than the first chunk has room for.
  const sizes = threads.map((t) => t.frameBytes);
  assert.ok(sizes[2]! > sizes[3]! && sizes[3]! >= 16384, String(sizes));
  // What a thread's variables hold is held, by that variable.
  const held = findings.answer.retained.find((r) => r.name.includes("held_by_a_thread"));
  assert.ok(held && held.bytes > 1_000_000, JSON.stringify(findings.answer.retained.map((r) => r.name)));
  assert.equal(findings.about.threads, 6);
  assert.deepEqual((findingsJson(findings) as { threads?: unknown }).threads, findings.threads);
  const text = report(findings);
  assert.match(text, /\nThreads\n {2}The lock of the interpreter is held, 1 thread wants it; from one thread to\n/);
  assert.match(text, / {2}• thread 3 waits for a lock: the _thread.lock at 0x[0-9a-f]+;\s+405 frames in/);
  assert.match(text, /in hold \(program.py\) ← Thread.run \(threading.py\) ←/);
});

test("a program without threads has its own, which was never asked for the lock", () => {
  const { threads, lock } = found("x = 1").threads!;
  assert.deepEqual([threads.length, threads[0]!.number, lock], [1, 1, { held: true, wanted: 0, switches: 0 }]);
});
