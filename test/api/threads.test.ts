// The threads of an interpreter in a worker: each runs in a worker of its own, over the same memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { InterpreterOptions, RemoteInterpreter, RemoteObject } from "../../src/index.ts";

// The package: from the sources, each thread's worker would load what reads them first.
const bundle = new URL("../../dist/index.mjs", import.meta.url).href;
const { Interpreter } = (await import(bundle)) as typeof import("../../src/index.ts");

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs `act` with an interpreter, which is stopped afterwards. */
async function having(options: InterpreterOptions, act: (python: RemoteInterpreter) => Promise<void>): Promise<void> {
  const python = await Interpreter.start(options);
  try {
    await act(python);
  } finally {
    python.stop();
  }
}

test("threads run, print, call functions of the host, and leave nothing", async () => {
  const seen: string[] = [];
  const objects: RemoteObject[] = [];
  const options: InterpreterOptions = {
    stdout: (text) => seen.push(text),
    functions: {
      slow: async (n: number) => {
        await later(20);
        return n * 2;
      },
      fail: () => {
        throw new RangeError("not so");
      },
      keep: (o: RemoteObject) => {
        objects.push(o);
        return o;
      },
      twice: () => (n: number) => 2 * n,
      large: () => "é".repeat(200_000),
    },
  };
  await having(options, async (python) => {
    await python.run(`
import threading
answers = {}
class Thing:
    size = 3
thing = Thing()
def work(n):
    print(f"thread {n}\\n", end="")
    answers[n] = slow(n)
threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("joined")
def more():
    try:
        fail()
    except ValueError as error:
        answers["raised"] = str(error)
    answers["same"] = keep(thing) is thing
    answers["function"] = twice()(21)
    answers["length"] = len(large())
thread = threading.Thread(target=more)
thread.start()
thread.join()
`);
    const text = seen.join("");
    assert.deepEqual(
      text.split("\n").slice(0, 8).sort(),
      Array.from({ length: 8 }, (_, n) => `thread ${n}`),
    );
    assert.ok(text.endsWith("\njoined\n"));
    const answers = (await python.get("answers")) as Map<unknown, unknown>;
    for (let n = 0; n < 8; n++) assert.equal(answers.get(n), 2 * n);
    assert.equal(answers.get("raised"), "not so");
    assert.deepEqual([answers.get("same"), answers.get("function"), answers.get("length")], [true, 42, 200_000]);
    // What a thread has given away is the interpreter's own.
    assert.equal(await objects[0]!.get("size"), 3);
    assert.equal(await python.evaluate("__import__('sys').getrefcount(thing)"), 3);
    objects[0]!.release();
    assert.equal(await python.evaluate("__import__('sys').getrefcount(thing)"), 2);
    assert.equal(await python.dispose(), 0);
  });
});

test("waiting: locks, queues, pools, sleep, a program without a clock", async () => {
  await having({}, async (python) => {
    // To sleep takes no time as long as nobody else could notice.
    const began = performance.now();
    await python.run("import time, threading, queue, concurrent.futures\ntime.sleep(3600)");
    assert.ok(((await python.evaluate("time.monotonic()")) as number) >= 3600);
    assert.ok(performance.now() - began < 60_000);
    await python.run("lock = threading.Lock()\nlock.acquire()");
    await assert.rejects(python.run("lock.acquire()"), /no other thread/);
    // With workers that have started already.
    await python.run(`
barrier = threading.Barrier(2)
threads = [threading.Thread(target=barrier.wait) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
order = []
def sleeper(seconds):
    time.sleep(seconds)
    order.append(seconds)
before = time.monotonic()
threads = [threading.Thread(target=sleeper, args=(s,)) for s in (0.5, 0.01)]
for thread in threads: thread.start()
for thread in threads: thread.join()
slept = time.monotonic() - before
threading.Timer(0.05, lock.release).start()
got = lock.acquire(timeout=30)
numbers, squares = queue.Queue(1), queue.Queue()
def square():
    while (n := numbers.get()) is not None: squares.put(n * n)
thread = threading.Thread(target=square)
thread.start()
for n in [*range(100), None]: numbers.put(n)
thread.join()
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    total = sum(pool.map(len, ["a"] * 100))
barrier = threading.Barrier(3)
passed = []
threads = [threading.Thread(target=lambda: passed.append(barrier.wait())) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
`);
    assert.deepEqual(await python.get("order"), [0.01, 0.5]);
    const slept = (await python.get("slept")) as number;
    assert.ok(slept >= 0.5 && slept < 60, `${slept}`);
    assert.equal(await python.get("got"), true);
    assert.equal(await python.evaluate("sum(squares.queue)"), 328_350);
    assert.equal(await python.get("total"), 100);
    assert.deepEqual(await python.evaluate("sorted(passed)"), [0, 1, 2]);
    assert.equal(await python.dispose(), 0);
  });
});

test("pipes and pairs of sockets between threads, and asyncio with threads", async () => {
  await having({}, async (python) => {
    await python.run(`
import asyncio, os, socket, threading
r, w = os.pipe()
got = bytearray()
def take():
    while data := os.read(r, 50_000): got.extend(data)
thread = threading.Thread(target=take)
thread.start()
sent = bytes(range(256)) * 4000
at = 0
while at < len(sent): at += os.write(w, sent[at:])
os.close(w)
thread.join()
os.close(r)
whole = got == sent
a, b = socket.socketpair()
def echo():
    while data := b.recv(1000): b.sendall(data.upper())
    b.close()
thread = threading.Thread(target=echo)
thread.start()
a.sendall(b"abc")
said = a.recv(10)
a.shutdown(socket.SHUT_WR)
rest = a.recv(10)
thread.join()
a.close()
async def main():
    return await asyncio.gather(*(asyncio.to_thread(pow, 2, n) for n in range(5)))
powers = asyncio.run(main())
`);
    assert.equal(await python.get("whole"), true);
    assert.deepEqual(await python.get("said"), new Uint8Array([65, 66, 67]));
    assert.deepEqual(await python.get("rest"), new Uint8Array());
    assert.deepEqual(await python.get("powers"), [1, 2, 4, 8, 16]);
    // Channels that are closed serve again.
    await python.run("for _ in range(1000):\n    r, w = os.pipe()\n    os.close(r)\n    os.close(w)");
    // Nobody is left who could end this wait.
    await assert.rejects(python.run("r, w = os.pipe()\nos.read(r, 1)"), { type: "OSError" });
  });
});

test("what threads print comes in order, counts towards one limit; they read one standard input", async () => {
  await having({ stdin: "a\nb\nc\n" }, async (python) => {
    await python.run(`
import sys, threading
lock, count = threading.Lock(), 0
def say():
    global count
    for _ in range(300):
        with lock:
            print(count)
            count += 1
threads = [threading.Thread(target=say) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
`);
    const numbers = Array.from({ length: 1200 }, (_, n) => `${n}\n`).join("");
    assert.equal(python.takeOutput(), numbers);
    await python.run("lines = []\nthread = threading.Thread(target=lambda: lines.append(input()))");
    await python.run("thread.start(); thread.join(); lines.append(input())");
    assert.deepEqual(await python.get("lines"), ["a", "b"]);
  });
  await having({ outputLimit: 1000 }, async (python) => {
    const program = `
import threading
threads = [threading.Thread(target=print, args=("x" * 300,)) for _ in range(8)]
threading.excepthook = lambda args: None
for thread in threads: thread.start()
for thread in threads: thread.join()`;
    await assert.rejects(python.run(program), { limit: "output" });
    assert.ok(python.takeOutput().length <= 1000);
    await python.run("print(1)");
  });
});

test("interrupted, limited and stopped while threads wait or run", async () => {
  await having({}, async (python) => {
    await python.run(`
import threading
forever = threading.Event()
def spin():
    global spun
    spun = 0
    while not forever.is_set(): spun += 1
waiting = threading.Thread(target=forever.wait, daemon=True)
spinning = threading.Thread(target=spin, daemon=True)
waiting.start()
spinning.start()`);
    setTimeout(() => python.interrupt(), 200);
    await assert.rejects(python.run("waiting.join()"), { type: "KeyboardInterrupt" });
    const began = performance.now();
    await assert.rejects(python.run("spinning.join()", { timeLimit: 200 }), { limit: "time" });
    // Whatever it catches, and although it sleeps again.
    const stubborn = "while True:\n    try:\n        waiting.join()\n    except BaseException:\n        pass";
    await assert.rejects(python.run(stubborn, { timeLimit: 200 }), { limit: "time" });
    assert.ok(performance.now() - began < 20_000);
    // Between calls they stand still.
    const spun = await python.evaluate("spun");
    await later(100);
    const more = ((await python.evaluate("spun")) as number) - (spun as number);
    await python.run("while spun < 100_000: pass");
    assert.ok(more < 100_000, `${more}`);
    await assert.rejects(python.snapshot(), /has threads/);
    await python.run("forever.set(); waiting.join(); spinning.join()");
    const copy = await Interpreter.start({ snapshot: await python.snapshot() });
    await copy.run("thread = threading.Thread(target=print, args=('again',))\nthread.start()\nthread.join()");
    assert.equal(copy.output, "again\n");
    assert.equal(await copy.dispose(), 0);
    assert.equal(await python.dispose(), 0);
  });
});

test("dispose() waits for threads that are no daemons, as long as a call may take", async () => {
  const python = await Interpreter.start({ timeLimit: 60_000 });
  await python.run("import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.2), print('end'))).start()");
  await python.dispose();
  assert.equal(python.output, "end\n");
  const stuck = await Interpreter.start({ timeLimit: 1000 });
  const wait = "import threading\nthreading.Thread(target=threading.Event().wait).start()";
  await stuck.run(wait, { timeLimit: 60_000 });
  const began = performance.now();
  await stuck.dispose().catch((error) => assert.equal(error.limit, "time"));
  assert.ok(performance.now() - began < 20_000);
});

test("too many, too deep, too much", async () => {
  await having({ memoryLimit: "64M", threads: 6 }, async (python) => {
    await python.run(`
import threading
forever, threads, said = threading.Event(), [], []
def deep(): return deep() + 1
def much():
    global kept
    kept = bytes(10**9)
def attempt(act):
    try:
        act()
    except Exception as error:
        said.append(type(error).__name__)
for act in (deep, much):
    thread = threading.Thread(target=attempt, args=(act,))
    thread.start()
    thread.join()
`);
    assert.deepEqual(await python.get("said"), ["RecursionError", "MemoryError"]);
    await python.run(`
def start():
    thread = threading.Thread(target=forever.wait)
    thread.start()
    threads.append(thread)
for _ in range(7): attempt(start)
forever.set()
for thread in threads: thread.join()
for _ in range(20):
    start()
    threads.pop().join()
`);
    assert.deepEqual(await python.evaluate("len(threads), said[2:]"), [6, ["RuntimeError"]]);
    assert.equal(await python.dispose(), 0);
  });
});

test("many interpreters are stopped in the middle of what their threads do", async () => {
  for (let round = 0; round < 5; round++) {
    const all = await Promise.all(Array.from({ length: 3 }, () => Interpreter.start()));
    const runs = all.map((python) =>
      python.run(`
import threading
def work():
    while True: sum([object() is None for _ in range(1000)])
for _ in range(2): threading.Thread(target=work).start()
threading.Event().wait()`),
    );
    await later(100 + 100 * round);
    for (const python of all) python.stop();
    for (const run of runs) await assert.rejects(run, /was stopped/);
  }
});

test("each interpreter of a pool has threads", async () => {
  const pool = await Interpreter.pool({ size: 2 });
  const program = `
import threading
found = []
thread = threading.Thread(target=lambda: found.append(sum(range(1000))))
thread.start()
thread.join()`;
  await Promise.all([pool.run(program), pool.run(program)]);
  assert.deepEqual(await Promise.all([pool.evaluate("found"), pool.evaluate("found")]), [[499500], [499500]]);
  assert.equal(await pool.dispose(), 0);
});

test("an interpreter in this thread has one", () => {
  assert.throws(() => new Interpreter({ threads: 1 }), /Interpreter\.start\(\) only/);
  for (const shared of [false, true]) {
    const python = new Interpreter({ shared });
    assert.throws(() => python.run("import threading\nthreading.Thread(target=print).start()"), {
      type: "RuntimeError",
      message: "can't start new thread",
    });
    assert.equal(python.dispose(), 0);
  }
});
