// The program that the pages of these tests run, whatever has bundled it.
import { awaitable, Interpreter, LimitError, load } from "vitrine";

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
