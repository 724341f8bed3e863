// No state of the process lives outside its memory: a second instance of the module, in another thread over the same
// shared memory, goes on where the first one stopped.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { leftovers, startProcess } from "./support.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** Runs source in an instance of its own in a worker; resolves with what it printed. */
function runInWorker(memory: WebAssembly.Memory, source: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // The loader of TypeScript is registered in the worker before its module is asked for.
    const entry = new URL("./instance-worker.ts", import.meta.url).href;
    const worker = new Worker(
      `import("tsx/esm/api").then((tsx) => tsx.tsImport(${JSON.stringify(entry)}, ${JSON.stringify(entry)}))`,
      {
        eval: true,
        workerData: { memory, source },
      },
    );
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

test("two instances over one memory run Python in turn", async () => {
  const output = { text: "", errors: "" };
  const first = startProcess("vitrine", output, { shared: true });
  const run = (source: string) => {
    const r = first.runSource(encode(source), "first.py", "exec", true);
    assert.notEqual(r, 0);
    first.runtime.release(r);
    first.runtime.flushStreams();
  };
  run(
    "class Counter:\n    def __init__(self): self.seen = []\n    def add(self, x): self.seen.append(x); return self\nc = Counter().add('first')\nident = id(c)",
  );
  const printed = await runInWorker(
    first.memory,
    "c.add('second')\ndef later(): return [s.upper() for s in c.seen]\nprint(c.seen, id(c) == ident)",
  );
  assert.equal(printed, "['first', 'second'] True\n");
  run("c.add('third')\nprint(later())");
  assert.equal(output.text, "['FIRST', 'SECOND', 'THIRD']\n");
  first.runtime.finalize();
  assert.equal(leftovers(first).blocks, 0);
});
