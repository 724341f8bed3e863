// Sockets of streams in the kernel beside the process: what waits to be sent stays what it was.
import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { StreamSocket } from "../../src/platform/outside/streams.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const turn = () => new Promise((go) => setTimeout(go, 5));

test("bytes that the system has not taken yet are kept, though nobody else has them", async () => {
  let other: Socket | undefined;
  const server = createServer((socket) => {
    socket.pause();
    other = socket;
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  const socket = new StreamSocket(2, 6);
  socket.changed = () => {};
  await assert.rejects(socket.connect(Buffer.from(`127.0.0.1\n${port}\n0\n0`)), { code: "EINPROGRESS" });
  while (other === undefined || (socket.ready() & 4) === 0) await turn();
  // Until the handle has as much as it takes, which then waits in it.
  let sent = 0;
  for (let refused = 0; refused < 20; ) {
    try {
      sent += socket.send(new Uint8Array(8192).fill(1 + (sent % 251)), 0);
    } catch (error) {
      assert.equal((error as { code: string }).code, "EAGAIN");
      refused++;
      await turn();
    }
  }
  collect();
  const others = Array.from({ length: 2000 }, () => new Uint8Array(8192).fill(255));
  let read = 0;
  let wrong = 0;
  let block = 0;
  other.on("data", (data) => {
    for (const byte of data) {
      if (read % 8192 === 0) block = 1 + (read % 251);
      if (byte !== block) wrong++;
      read++;
    }
  });
  other.resume();
  while (read < sent) await turn();
  assert.deepEqual([read, wrong, others.length], [sent, 0, 2000]);
  socket.release();
  other.destroy();
  server.close();
});
