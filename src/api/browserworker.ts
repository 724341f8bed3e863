/**
 * The worker of an interpreter that was started with Interpreter.start(), in a browser.
 */
import { adopt, type BrowserWorkerData, browserHost } from "./browser.ts";
import { setHost } from "./host.ts";
import type { Request } from "./protocol.ts";
import { Served } from "./served.ts";

/** What a worker's global object is used for here; the types that are at hand are those of a page. */
interface WorkerScope {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
}

setHost(browserHost);
const scope = globalThis as unknown as WorkerScope;
const served = new Served((message) => scope.postMessage(message));
scope.addEventListener("message", ({ data }) => {
  const message = data as { host: BrowserWorkerData } | Request;
  if ("host" in message) adopt(message.host);
  else served.handle(message);
});
