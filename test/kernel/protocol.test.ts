// How threads wait for answers: what wakes a thread late, after the answer that it was meant for, is no answer.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { newChannel, Receiver } from "../../src/api/protocol.ts";
import { answer, ask, newReply } from "../../src/platform/outside/protocol.ts";

/** A worker that wakes who sleeps on the first word for a while, and only then writes an answer by `words`. */
async function lateWaker(buffer: SharedArrayBuffer, words: Record<number, number>): Promise<Worker> {
  const worker = new Worker(
    `const { parentPort, workerData: { buffer, words } } = require("node:worker_threads");
    const shared = new Int32Array(buffer);
    parentPort.on("message", () => {
      for (const end = Date.now() + 50; Date.now() < end; ) Atomics.notify(shared, 0);
      for (const [at, value] of Object.entries(words)) shared[at] = value;
      Atomics.store(shared, 0, 1);
      Atomics.notify(shared, 0);
    });
    parentPort.postMessage("ready");`,
    { eval: true, workerData: { buffer, words } },
  );
  worker.unref();
  await once(worker, "message");
  return worker;
}

test("a thread that asks the kernel takes the answer, not the one before", async () => {
  const reply = newReply();
  answer(reply, { before: true });
  // A number: its kind, and eight bytes, which are those of 2 ** -1022.
  const worker = await lateWaker(reply, { 1: 0, 4: 0, 5: 0x100000 });
  assert.equal(
    ask(reply, () => worker.postMessage("go")),
    2 ** -1022,
  );
});

test("an interpreter in a worker takes the answer of a function outside, not the one before", async () => {
  const channel = newChannel();
  const receiver = new Receiver(channel);
  // What an answer of one byte has left behind.
  new Int32Array(channel).set([1, 1, 1]);
  receiver.prepare();
  const worker = await lateWaker(channel, { 1: 3, 2: 1 });
  new Uint8Array(channel).fill(7, 16, 19);
  worker.postMessage("go");
  assert.deepEqual([...receiver.receive(() => {})], [7, 7, 7]);
});
