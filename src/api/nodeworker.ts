/**
 * The worker of an interpreter that was started with Interpreter.start(), in Node.
 */
import { parentPort } from "node:worker_threads";
import { setHost } from "./host.ts";
import { adopt, type NodeWorkerData, nodeHost } from "./node.ts";
import type { Request } from "./protocol.ts";
import { Served } from "./served.ts";

setHost(nodeHost);
const port = parentPort!;
const served = new Served((message) => port.postMessage(message));
port.on("message", (message: { host: NodeWorkerData } | Request) => {
  if ("host" in message) adopt(message.host);
  else served.handle(message);
});
