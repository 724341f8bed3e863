/**
 * The worker of an interpreter that was started with Interpreter.start(), or of one of its threads, in Node.
 */
import { parentPort } from "node:worker_threads";
import { setHost } from "./host.ts";
import { adopt, type NodeWorkerData, nodeHost } from "./node.ts";
import type { Request } from "./protocol.ts";
import { Served } from "./served.ts";
import { serveThread } from "./servedthread.ts";
import type { ThreadStart } from "./threads.ts";

setHost(nodeHost);
const port = parentPort!;
const post = (message: unknown) => port.postMessage(message);
const served = new Served(post);
port.on("message", (message: { host: NodeWorkerData; thread?: ThreadStart } | Request) => {
  if (!("host" in message)) {
    served.handle(message);
    return;
  }
  adopt(message.host);
  if (message.thread) serveThread(post, message.thread);
});
