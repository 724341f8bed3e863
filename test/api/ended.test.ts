// Interpreters in workers that are ended in the middle of their work, by us and by others: who waits is told, the process that
// had them gets their memory and threads back, and ends by itself.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { theHost } from "../../src/api/host.ts";
import { Interpreter, InterpreterError, type RemoteInterpreter } from "../../src/index.ts";

const script = `
import { readdirSync, readFileSync } from "node:fs";
import { Interpreter } from ${JSON.stringify(new URL("../../dist/index.mjs", import.meta.url).href)};

const threads = \`
import queue, threading, time, json
def spin():
    while True: pass
def hold():
    with open("/dev/null", "w") as file: time.sleep(1000)
for work in queue.Queue().get, spin, hold: threading.Thread(target=work, daemon=True).start()
\`;
const works = [
  "while True: pass",
  "held = []\\nwhile True: held.append(bytes(1000)); len(held) > 20000 and held.clear()",
  "import time; time.sleep(1000)",
  "never()",
  "while True: print('x' * 1000)",
  "n = (1 << 40_000_000) - 1; n * n",
  threads + "while True: pass",
  threads + "time.sleep(1000)",
  threads + "never()",
];
const state = () => {
  const status = readFileSync("/proc/self/status", "utf8");
  const number = (name) => Number(new RegExp(name + ":\\\\s+(\\\\d+)").exec(status)[1]);
  const files = readdirSync("/proc/self/fd").length;
  return { threads: number("Threads"), megabytes: number("VmRSS") / 1024, files };
};
const options = { clock: true, files: true, functions: { never: () => new Promise(() => {}) }, stdout: () => {} };
let failed = 0;
async function one(i) {
  const python = await Interpreter.start(options);
  const running = python.run(works[i % works.length]).catch(() => failed++);
  await new Promise((go) => setTimeout(go, 20 + (i % 7) * 10));
  // Whoever asks it to end orderly waits until it has been stopped.
  if (i % 3 === 0) void python.dispose().catch(() => {});
  python.stop();
  await running;
}
async function many(n) {
  for (let i = 0; i < n; i += 4) await Promise.all([0, 1, 2, 3].map((k) => one(i + k)));
  await new Promise((go) => setTimeout(go, 500));
  // Memory that is shared does not make an engine look for it.
  globalThis.gc();
  await new Promise((go) => setTimeout(go, 100));
  globalThis.gc();
  return state();
}
const first = await many(20);
const last = await many(100);
console.log(JSON.stringify({ failed, first, last }));
`;

test("a hundred interpreters are ended in the middle of their work, with threads and open files", () => {
  const run = spawnSync(process.execPath, ["--expose-gc", "--input-type=module", "-e", script], {
    encoding: "utf8",
    timeout: 400_000,
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
  });
  assert.deepEqual([run.error, run.stderr, run.status], [undefined, "", 0]);
  const { failed, first, last } = JSON.parse(run.stdout);
  assert.equal(failed, 120);
  assert.equal(last.threads, first.threads);
  assert.ok(last.files <= first.files, run.stdout);
  // A hundred that were kept would have several times as much.
  assert.ok(last.megabytes - first.megabytes < 200, run.stdout);
});

test("where somebody else terminates the worker, who waits is told", async () => {
  const host = theHost();
  const { startWorker } = host;
  const workers: { terminate(): void }[] = [];
  host.startWorker = () => {
    const worker = startWorker.call(host);
    workers.push(worker);
    return worker;
  };
  try {
    const pool = await Interpreter.pool({ size: 1 });
    const running = [pool.run("while True: pass"), pool.evaluate("1 + 1")];
    setTimeout(() => workers[0]!.terminate(), 100);
    await assert.rejects(running[0]!, { name: InterpreterError.name, message: /the worker has failed: it has ended/ });
    // Another has taken its place.
    assert.equal(await running[1], 2);
    assert.equal(workers.length, 2);
    // One that ends while nobody uses it.
    let kept: RemoteInterpreter | undefined;
    await pool.use(async (python) => {
      kept = python;
    });
    workers[1]!.terminate();
    while (!kept!.ended) await new Promise((go) => setTimeout(go, 10));
    assert.equal(await pool.evaluate("2 + 2"), 4);
    assert.equal(await pool.dispose(), 0);
  } finally {
    host.startWorker = startWorker;
  }
});

test("files that a program has left open are closed with its interpreter", async () => {
  const folder = mkdtempSync(join(tmpdir(), "left-open-"));
  const path = join(folder, "file");
  const leave = `import os\nfor _ in range(20): os.open(${JSON.stringify(path)}, os.O_CREAT)\nkept = open(${JSON.stringify(path)})`;
  const open = () => readdirSync("/proc/self/fd").filter((fd) => linkOf(fd) === path).length;
  const python = new Interpreter({ files: true });
  python.run(leave);
  assert.equal(open(), 21);
  assert.equal(python.dispose(), 0);
  assert.equal(open(), 0);
  for (const how of ["dispose", "stop"] as const) {
    const remote = await Interpreter.start({ files: true });
    await remote.run(leave);
    assert.equal(open(), 21);
    await remote[how]();
    // When the worker has ended.
    for (let i = 0; open() > 0 && i < 1000; i++) await new Promise((go) => setTimeout(go, 10));
    assert.equal(open(), 0);
  }
  rmSync(folder, { recursive: true });
});

function linkOf(fd: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}
