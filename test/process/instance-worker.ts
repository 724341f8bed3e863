// The worker of instances.test.ts: one more instance in the process whose memory it is given.
import { parentPort, workerData } from "node:worker_threads";
import { startProcess } from "./support.ts";

const output = { text: "", errors: "" };
const process = startProcess("vitrine", output, { memory: workerData.memory as WebAssembly.Memory });
process.runtime.release(
  process.runSource(new TextEncoder().encode(workerData.source as string), "second.py", "exec", true),
);
process.runtime.flushStreams();
parentPort?.postMessage(output.text + output.errors);
