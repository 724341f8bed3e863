// Programs with threads that are ended from outside, and whose parts are: no hang, and no process is left.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vitrine-"));
after(() => rmSync(folder, { recursive: true }));

interface End {
  status: number | null;
  signal: string | null;
  out: string;
  err: string;
}

/** Processes, of those that there are now, with a word among their arguments. */
function processesWith(word: string): string[] {
  return readdirSync("/proc").filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").includes(word);
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}

let runs = 0;

/**
 * Runs a program; once it has printed "ready" it gets a signal. `hook`: what each of Node's threads is to run first, with
 * `threads`, the module worker_threads, and `part`: "main", "kernel" or "thread".
 */
function run(code: string, { signal, hook }: { signal?: NodeJS.Signals; hook?: string }): Promise<End> {
  const word = `killed-${process.pid}-${runs++}`;
  const env: NodeJS.ProcessEnv = { ...process.env };
  // Lines are written whole.
  delete env.PYTHONUNBUFFERED;
  if (hook !== undefined) {
    const file = join(folder, `${word}.cjs`);
    writeFileSync(
      file,
      `const threads = require("node:worker_threads");
const part = threads.isMainThread ? "main" : "place" in threads.workerData ? "thread" : "kernel";
${hook}`,
    );
    env.NODE_OPTIONS = `--require ${file}`;
  }
  const source = `import os, signal, sys, threading, time\n${code}`;
  const child = spawn(process.execPath, [command, "-c", source, word], { env });
  return new Promise((resolve, reject) => {
    let out = "";
    let err = "";
    let told = false;
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`no end: ${out}${err}`));
    }, 90_000);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      if (signal === undefined || told || !out.includes("ready")) return;
      told = true;
      child.kill(signal);
    });
    child.on("close", (status, by) => {
      clearTimeout(timer);
      assert.deepEqual(processesWith(word), []);
      resolve({ status, signal: by, out, err });
    });
  });
}

const forever = `
n = 0
while True:
    threading.Thread(target=TARGET).start()
    n += 1
    if n == 20: print("ready", flush=True)`;

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  test(`a program that starts threads for ever, all of which sleep: ${signal}`, async () => {
    const end = await run(forever.replace("TARGET", "time.sleep, args=(1000,)"), { signal });
    assert.deepEqual(end, { status: null, signal, out: "ready\n", err: "" });
  });
}

test("a program that starts threads for ever, each of which ends: SIGINT", async () => {
  const { signal, out, err } = await run(forever.replace("TARGET", "int"), { signal: "SIGINT" });
  assert.deepEqual([signal, out], ["SIGINT", "ready\n"]);
  assert.match(err, /^Traceback \(most recent call last\):\n[^]*\nKeyboardInterrupt\n$/);
});

test("a program that starts threads for ever, and each of them others: SIGTERM", async () => {
  const code = `
def more():
    threading.Thread(target=more).start()
    threading.Thread(target=more).start()
more()
print("ready", flush=True)
time.sleep(1000)`;
  const end = await run(`threading.excepthook = lambda a: None\n${code}`, { signal: "SIGTERM" });
  assert.deepEqual(end, { status: null, signal: "SIGTERM", out: "ready\n", err: "" });
});

test("os._exit() in a thread, others of which wait, sleep, compute and read", async () => {
  const code = `
lock = threading.Lock(); lock.acquire()
def compute():
    while True: pass
r, w = os.pipe()
for target in lock.acquire, lambda: time.sleep(1000), compute, lambda: os.read(r, 1):
    threading.Thread(target=target).start()
threading.Thread(target=lambda: (time.sleep(0.3), os._exit(7))).start()
lock.acquire()`;
  assert.deepEqual(await run(code, {}), { status: 7, signal: null, out: "", err: "" });
});

test("a program exits with threads waiting for one another, until a timer ends that", async () => {
  const code = `
go = threading.Event()
threads = [threading.Thread(target=lambda: (go.wait(), print("went"))) for _ in range(5)]
for t in threads: t.start()
threading.Timer(0.3, go.set).start()
sys.exit(3)`;
  assert.deepEqual(await run(code, {}), { status: 3, signal: null, out: "went\n".repeat(5), err: "" });
});

const ending = `if (part === "kernel") {
  const { Worker } = threads;
  threads.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      setTimeout(() => END, 1500);
    }
  };
  require("node:module").syncBuiltinESMExports();
}`;
const works = {
  "at work, the main thread waiting for it": `
def compute():
    while True: pass
t = threading.Thread(target=compute); t.start(); t.join()`,
  "waiting, the main thread at work": `
threading.Thread(target=time.sleep, args=(1000,)).start()
while True: pass`,
  "that has ended, the main thread asleep": `
t = threading.Thread(target=int); t.start(); t.join(); time.sleep(1000)`,
};
for (const [what, code] of Object.entries(works)) {
  test(`the worker of a thread is terminated: ${what}`, async () => {
    const { signal, err } = await run(code, { hook: ending.replace("END", "this.terminate()") });
    assert.deepEqual([signal, err], ["SIGABRT", "Fatal Python error: vitrine: the worker of a thread has ended\n"]);
  });
}

test("the worker of a thread fails", async () => {
  const hook = `if (part === "thread") throw new Error("no room");`;
  const { signal, err } = await run("t = threading.Thread(target=int); t.start(); t.join()", { hook });
  assert.deepEqual([signal, err], ["SIGABRT", "Fatal Python error: vitrine: a thread has failed: no room\n"]);
});

test("the kernel fails, though the program handles the signal that ends it", async () => {
  const hook = `if (part === "kernel") setTimeout(() => { throw new Error("no room"); }, 1500);`;
  const code = `
signal.signal(signal.SIGABRT, lambda *_: print("handled"))
signal.signal(signal.SIGINT, lambda *_: None)
threading.Thread(target=int).start()
threading.Event().wait()`;
  const { signal, err } = await run(code, { hook });
  assert.deepEqual([signal, err], ["SIGABRT", "Fatal Python error: vitrine: the kernel has failed: no room\n"]);
});
