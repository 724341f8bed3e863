// How programs with threads end: whatever their threads do, no process is left, and the status is CPython's.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

interface Ending {
  code: string;
  status?: number;
  signal?: string;
  out?: string;
  err?: RegExp;
}

const endings: Record<string, Ending> = {
  "a thread that is at work at the end is waited for": {
    code: "threading.Thread(target=lambda: (time.sleep(0.2), print('thread'))).start(); print('main')",
    out: "main\nthread\n",
  },
  "daemonic threads at work, asleep, and waiting": {
    code: `
def work():
    n = 0
    while True: n += 1
lock = threading.Lock(); lock.acquire()
for target in work, lock.acquire, threading.Event().wait, lambda: time.sleep(1000):
    threading.Thread(target=target, daemon=True).start()
time.sleep(0.1)
print("end")`,
    out: "end\n",
  },
  "os._exit() in a thread while the main thread computes": {
    code: "threading.Thread(target=lambda: os._exit(7)).start()\nwhile True: pass",
    status: 7,
  },
  "os._exit() in a thread while the main thread waits": {
    code: "threading.Thread(target=lambda: os._exit(7)).start(); threading.Event().wait()",
    status: 7,
  },
  "sys.exit() in a thread ends that alone": {
    code: "t = threading.Thread(target=sys.exit, args=(3,)); t.start(); t.join(); print('end')",
    out: "end\n",
  },
  "the lock of the import system is its owner's, as often as that has taken it": {
    code: `
import _imp
seen = []
def other():
    try: _imp.release_lock()
    except RuntimeError as error: seen.append(str(error))
    _imp.acquire_lock()
    seen.append("other")
    _imp.release_lock()
_imp.acquire_lock(); _imp.acquire_lock()
t = threading.Thread(target=other); t.start()
time.sleep(0.1)
_imp.release_lock()
time.sleep(0.1)
seen.append("main")
_imp.release_lock()
t.join()
print(*seen, _imp.lock_held(), sep=", ")`,
    out: "not holding the import lock, main, other, False\n",
  },
  "a report of a fault tells which native modules there are that are none of the library's": {
    code: `
import faulthandler
sys.stdlib_module_names = frozenset(sys.stdlib_module_names) - {"sys", "faulthandler", "json"}
import json
faulthandler.enable()
faulthandler._sigsegv()`,
    signal: "SIGSEGV",
    err: /^Fatal Python error: Segmentation fault\n\n[^]*\n\nExtension modules: sys, faulthandler \(total: 2\)\n$/,
  },
  "where the native stack is used up the process says where it was": {
    code: "import faulthandler; faulthandler.enable(); faulthandler._stack_overflow()",
    status: 134,
    err: /\nFatal Python error: Segmentation fault\n\nCurrent thread [^\n]*\n {2}File "<string>", line \d+ in <module>\n/,
  },
  "an exception in a thread ends that alone": {
    code: "t = threading.Thread(target=lambda: 1 / 0, name='T'); t.start(); t.join(); print('end')",
    out: "end\n",
    err: /^Exception in thread T:\nTraceback [^]*ZeroDivisionError: division by zero\n$/,
  },
  "a signal without a handler while threads wait": {
    code: "threading.Thread(target=time.sleep, args=(1000,)).start(); os.kill(os.getpid(), signal.SIGTERM); time.sleep(1000)",
    signal: "SIGTERM",
  },
  "a signal that kills": {
    code: "threading.Thread(target=time.sleep, args=(1000,)).start(); os.kill(os.getpid(), signal.SIGKILL); time.sleep(1000)",
    signal: "SIGKILL",
  },
  "five hundred threads one after the other leave the heap as it was": {
    code: `
def run(n):
    for _ in range(n):
        t = threading.Thread(target=int)
        t.start()
        t.join()
run(20)
before = sys.getallocatedblocks()
run(500)
print(sys.getallocatedblocks() - before < 50)`,
    out: "True\n",
  },
  "forty threads at once leave the heap as it was": {
    code: `
def run():
    start = threading.Event()
    threads = [threading.Thread(target=start.wait) for _ in range(40)]
    for t in threads: t.start()
    assert threading.active_count() == 41
    start.set()
    for t in threads: t.join()
run()
before = sys.getallocatedblocks()
run()
print(sys.getallocatedblocks() - before < 50)`,
    out: "True\n",
  },
};

for (const [name, { code, status = 0, signal, out = "", err = /^$/ }] of Object.entries(endings)) {
  test(name, () => {
    const run = spawnSync(process.execPath, [command, "-c", `import os, signal, sys, threading, time\n${code}`], {
      encoding: "utf8",
      timeout: 60_000,
    });
    assert.equal(run.error, undefined);
    assert.match(run.stderr, err);
    assert.deepEqual([run.status, run.signal, run.stdout], [signal ? null : status, signal ?? null, out]);
  });
}

test("the log of the lock tells who had it, one thread at a time, and why it was given away", () => {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-gil-"));
  const file = join(folder, "gil.json");
  const code = `
import threading, time
lock = threading.Lock()
def work():
    end = time.monotonic() + 0.1
    while time.monotonic() < end: pass
    with lock: time.sleep(0.01)
threads = [threading.Thread(target=work) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()`;
  const run = spawnSync(process.execPath, [command, "--gil-log", file, "-c", code], { encoding: "utf8" });
  assert.deepEqual([run.status, run.stderr], [0, ""]);
  interface TraceEvent {
    name: string;
    ph: string;
    tid?: number;
    ts: number;
    dur: number;
    args?: Record<string, string>;
  }
  const events = JSON.parse(readFileSync(file, "utf8")) as TraceEvent[];
  rmSync(folder, { recursive: true });
  const names = events.filter((e) => e.name === "thread_name").map((e) => e.args!.name);
  assert.deepEqual(names.sort(), ["main thread", "thread 2", "thread 3", "thread 4"]);
  const holds = events.filter((e) => e.name === "holds the lock").sort((a, b) => a.ts - b.ts);
  for (let i = 1; i < holds.length; i++) {
    // Times are floats of microseconds.
    assert.ok(holds[i]!.ts >= holds[i - 1]!.ts + holds[i - 1]!.dur - 0.5, JSON.stringify(holds.slice(i - 1, i + 1)));
  }
  const reasons = new Set(holds.map((e) => e.args!["given away"]));
  for (const reason of [
    "another thread asked for it",
    "sleeps",
    "waits for a thread's end",
    "the thread ends",
    "the program ends",
  ])
    assert.ok(reasons.has(reason), `${reason}: ${[...reasons]}`);
  assert.ok(events.some((e) => e.name === "waits for the lock" && e.dur > 0));
});

test("a log of the lock that cannot be written is an error of the command", () => {
  const run = spawnSync(process.execPath, [command, "--gil-log", "/nowhere/gil.json", "-c", "pass"], {
    encoding: "utf8",
  });
  assert.equal(run.status, 2);
  assert.match(run.stderr, /^vitrine: cannot write the log: ENOENT.*\n$/);
});

test("programs that are started get pipes of the system", {
  skip: process.platform !== "linux" && "named pipes by /proc",
}, () => {
  const program = fileURLToPath(new URL("./programs_started.py", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "programs-"));
  try {
    const { stdout, stderr, status } = spawnSync(command, [program], {
      encoding: "utf8",
      timeout: 120000,
      env: { ...process.env, TMPDIR: folder },
    });
    const lines = [
      "b'by name'",
      "b'out\\n' b'err\\n'",
      "b'5'",
      "0",
      "b'100000'",
      "0",
      "150000",
      "-13",
      "b'WHISPER' b'' 0",
      "[Errno 32] Broken pipe",
      "True -9",
      "ABCDEFGHIJKL",
      "set()",
    ];
    assert.deepEqual([stderr, stdout.split("\n"), status], ["", [...lines, ""], 0]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("what is written to a pipe is written whole, whoever reads it when", {
  skip: process.platform === "win32" && "there is no shell",
}, () => {
  // Nothing holds back what a raw stream has not taken. Who waits for 0.3 s has the kernel started meanwhile.
  for (const wait of [0, 0.3]) {
    const program = `import sys, time; time.sleep(${wait}); sys.stdout.write("a" * 1000000)`;
    const { stdout, stderr } = spawnSync("/bin/sh", ["-c", `"${command}" -u -c '${program}' | (sleep 1; wc -c)`], {
      encoding: "utf8",
    });
    assert.deepEqual([stdout.trim(), stderr], ["1000000", ""]);
  }
});

test("standard input that is neither a terminal nor a pipe is read as a file, also beside the kernel", () => {
  for (const wait of [0, 0.4]) {
    const code = `import sys, threading, time; t = threading.Thread(target=time.sleep, args=(${wait},)); t.start(); t.join(); print(repr(sys.stdin.read()))`;
    const { stdout, stderr } = spawnSync(command, ["-c", code], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    assert.deepEqual([stdout, stderr], ["''\n", ""]);
  }
});
