// The program that the pages of these tests run, whatever has bundled it.
import { awaitable, Interpreter, LimitError, load } from "vitrine";

/** A program of threads: what it prints no schedule changes. */
const threads = `
import concurrent.futures, queue, threading, time

def report(name, value):
    print(name, value)

thread = threading.Thread(target=report, args=("started", 1))
thread.start()
thread.join()
report("joined", not thread.is_alive())

numbers, squares = queue.Queue(), queue.Queue()
def square():
    while (n := numbers.get()) is not None:
        squares.put(n * n)
workers = [threading.Thread(target=square) for _ in range(3)]
for worker in workers:
    worker.start()
for n in range(10):
    numbers.put(n)
for _ in workers:
    numbers.put(None)
for worker in workers:
    worker.join()
report("queue", sorted(squares.queue))

with concurrent.futures.ThreadPoolExecutor(2) as pool:
    report("pool", list(pool.map(lambda n: n + 1, range(5))))
    try:
        pool.submit(lambda: 1 / 0).result()
    except ZeroDivisionError as error:
        report("raised", error)

lock = threading.Lock()
lock.acquire()
began = time.monotonic()
report("timeout", (lock.acquire(timeout=0.2), time.monotonic() - began >= 0.2))
threading.Timer(0.05, lock.release).start()
report("released", lock.acquire(timeout=20))

order = []
def sleeper(seconds):
    time.sleep(seconds)
    order.append(seconds)
sleepers = [threading.Thread(target=sleeper, args=(s,)) for s in (0.4, 0.02)]
for one in sleepers:
    one.start()
for one in sleepers:
    one.join()
report("slept", order)

def fail():
    raise ValueError("in a thread")
threading.excepthook = lambda args: report("excepthook", repr(args.exc_value))
failing = threading.Thread(target=fail)
failing.start()
failing.join()

import asyncio
report("asyncio", asyncio.run(asyncio.to_thread(len, "four")))
`;

/** What comes of threads where memory is shared. */
async function withThreads() {
  const functions = { double: async (n) => 2 * n, ask: (o) => o };
  const python = await Interpreter.start({ functions });
  await python.run(threads);
  const outcome = { printed: python.takeOutput().trimEnd().split("\n") };
  // A thread calls the page, and gives it an object, which comes back.
  await python.run(`
class Thing: pass
thing, answers = Thing(), []
thread = threading.Thread(target=lambda: answers.extend([double(21), ask(thing) is thing, callable(ask(double))]))
thread.start()
thread.join()`);
  outcome.answers = await python.evaluate("answers");
  // The main thread waits for one that never ends, and is told to stop.
  await python.run("forever = threading.Event()\nwaiting = threading.Thread(target=forever.wait, daemon=True)");
  const endless = python.run("waiting.start()\nwaiting.join()").catch((error) => error.type);
  setTimeout(() => python.interrupt(), 300);
  outcome.interrupted = await endless;
  const busy =
    "def spin():\n    while not forever.is_set(): pass\nspinning = threading.Thread(target=spin, daemon=True)";
  await python.run(busy);
  const limit = (error) => error instanceof LimitError && error.limit;
  outcome.limit = await python.run("spinning.start()\nspinning.join()", { timeLimit: 300 }).catch(limit);
  outcome.caught = await python
    .run("try:\n    spinning.join()\nexcept BaseException:\n    spinning.join()", { timeLimit: 300 })
    .catch(limit);
  outcome.alive = await python.evaluate("(waiting.is_alive(), spinning.is_alive(), 1 + 1)");
  // Threads that are no daemons are waited for, as at the end of a program.
  await python.run(
    "forever.set()\nlast = threading.Thread(target=lambda: (time.sleep(0.1), report('last', 0)))\nlast.start()",
  );
  python.takeOutput();
  await python.dispose();
  outcome.last = python.output;
  // What waits for ever is ended with its interpreter.
  const stuck = await Interpreter.start({ timeLimit: 1000 });
  const wait = "import threading\nthreading.Thread(target=threading.Event().wait).start()";
  await stuck.run(wait, { timeLimit: 60_000 });
  outcome.stuck = await stuck.dispose().then(() => "disposed", limit);
  return outcome;
}

/** Does what a page would, and puts what came of it in globalThis.outcome. */
export async function main(options) {
  const outcome = {};
  try {
    await load(options);
    const python = new Interpreter({
      memoryLimit: "64M",
      timeLimit: 5000,
      clock: true,
      entropy: true,
      functions: { add: (a, b) => a + b },
    });
    python.run("import json, re, zlib\nprint(json.dumps({'sum': add(1, 2)}), zlib.decompress(zlib.compress(b'abc')))");
    outcome.output = python.output;
    outcome.bytes = python.evaluate("len(__import__('os').urandom(8))");
    try {
      python.run("while True: pass", { timeLimit: 200 });
    } catch (error) {
      outcome.limit = error instanceof LimitError && error.limit;
    }
    const copy = Interpreter.restore(python.snapshot());
    outcome.restored = copy.evaluate("json.loads('[1]')");
    outcome.left = [copy.dispose(), python.dispose()];

    // What the program prints is on the page as it comes.
    const shown = document.body.appendChild(document.createElement("pre"));
    const seen = [];
    const times = [];
    const functions = crossOriginIsolated
      ? { later: async (n) => n + 1, look: () => shown.textContent, soon: awaitable(async (n) => n + 1) }
      : {};
    const remote = await Interpreter.start({
      clock: true,
      functions,
      stdout: (text) => {
        shown.textContent += text;
        seen.push(shown.textContent);
        times.push(performance.now());
      },
    });
    await remote.run("import time\nfor i in range(3):\n    print(i)\n    time.sleep(0.3)");
    outcome.seen = [...seen];
    outcome.spread = Math.round(times.at(-1) - times[0]);
    // While the program runs: what is on the page when it asks.
    if (crossOriginIsolated) {
      await remote.run("looks = []\nfor c in 'abc':\n    print(c, end='')\n    looks.append(look()[-1])");
      outcome.looks = await remote.get("looks");
    }
    if (crossOriginIsolated) outcome.later = [await remote.evaluate("later(41)"), await remote.evaluate("soon(42)")];
    const noThread =
      "import threading\ntry:\n    threading.Thread(target=print).start()\nexcept RuntimeError as e:\n    said = str(e)";
    if (crossOriginIsolated) outcome.threads = await withThreads();
    else {
      await remote.run(noThread);
      outcome.threads = await remote.get("said");
    }
    // The heap of that program, as a page of its own.
    await remote.run("class Marked: pass\nkept = [Marked() for _ in range(500)]");
    const heap = document.body.appendChild(document.createElement("iframe"));
    heap.style = "display: block; box-sizing: border-box; width: 100%; height: 70vh; border: 1px solid";
    const drawn = new Promise((resolve) => heap.addEventListener("load", resolve));
    heap.srcdoc = await remote.page();
    await drawn;
    // What is drawn, not what scripts hold.
    // biome-ignore lint/performance/useDomNodeTextContent: text that is not shown does not count.
    const text = heap.contentDocument.body.innerText;
    outcome.heap = [/Marked/.test(text), heap.contentDocument.getElementById("map").width > 0];
    // The page stays responsive while the program runs, and ends it.
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 10);
    const endless = remote.run("while True: pass").catch((error) => error.type ?? error.name);
    while (ticks < 20) await new Promise((resolve) => setTimeout(resolve, 10));
    remote.interrupt();
    outcome.ended = await endless;
    clearInterval(ticking);
    remote.stop();
    document.body.append(`Python says: ${outcome.output}`);
  } catch (error) {
    outcome.error = String(error?.stack ?? error);
  }
  globalThis.outcome = outcome;
}
