/**
 * The worker of an interpreter that was started with Interpreter.start(), or of one of its threads, in a browser.
 */
import { adopt, type BrowserWorkerData, browserHost } from "./browser.ts";
import { setHost } from "./host.ts";
import type { Request } from "./protocol.ts";
import { Served } from "./served.ts";
import { serveThread } from "./servedthread.ts";
import type { ThreadStart } from "./threads.ts";

/** What a worker's global object is used for here; the types that are at hand are those of a page. */
interface WorkerScope {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
}

setHost(browserHost);
const scope = globalThis as unknown as WorkerScope;
const post = (message: unknown) => scope.postMessage(message);
const served = new Served(post);
scope.addEventListener("message", ({ data }) => {
  const message = data as { host: BrowserWorkerData; thread?: ThreadStart } | Request;
  if (!("host" in message)) {
    served.handle(message);
    return;
  }
  adopt(message.host);
  if (message.thread) serveThread(post, message.thread);
});
